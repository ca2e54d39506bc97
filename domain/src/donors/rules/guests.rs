//! Giving in another region: both regions' rules must allow it.

use super::super::command::Command;
use super::super::eligible::{self, Depth};
use super::super::event::{Event, GuestRegistered, PassEnded, PassGiven, PassIssued, PassRevoked};
use super::refusals::{
    KINDS_NEEDED, NOT_GUEST, PASS_CODE, PASS_ENDED, PASS_MODES, PASS_REVOKED, PASS_UNKNOWN,
    PASS_USED,
};
use super::{ahead, not_eligible, people, private, standing};
use crate::Region;
use crate::kernel::{not_found, text};
use crate::rulesets::{Scope, key};
use crate::words::{Context, Day, Digest, Foreign, Private, RecordRef, Refusal};

/// A pass holds at most so many days: what the home region knows grows old.
const PASS_DAYS: i64 = 31;

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let own = &region.own.donors;
    match command {
        Command::RegisterGuest { pass, code, identity, site, earlier } => {
            let issued = presented(region, (pass, code), ctx)?;
            if let Some(site) = site
                && !region.shared.kernel.sites.contains_key(site)
            {
                return Err(not_found("site", site));
            }
            Ok(private(
                Event::GuestRegistered,
                GuestRegistered {
                    donor: people::fresh(ctx),
                    identity: Some(people::clean(own, None, identity)?),
                    site: site.clone(),
                    earlier: people::past(earlier, ctx)?,
                    home: pass.journal.clone(),
                    pass: pass.clone(),
                    kinds: issued.kinds,
                    until: issued.until,
                    rule_set: issued.rule_set,
                    nat: issued.nat,
                },
            ))
        }
        Command::RenewGuest { donor, pass, code } => {
            let held = standing(own, donor)?;
            let home = held.guest.as_ref().map(|guest| &guest.home);
            if home != Some(&pass.journal) {
                return Err(NOT_GUEST.because([("donor", donor.to_string())]));
            }
            let issued = presented(region, (pass, code), ctx)?;
            Ok(private(
                Event::GuestRegistered,
                GuestRegistered {
                    donor: donor.clone(),
                    identity: None,
                    site: None,
                    earlier: crate::words::Known::Unknown,
                    home: pass.journal.clone(),
                    pass: pass.clone(),
                    kinds: issued.kinds,
                    until: issued.until,
                    rule_set: issued.rule_set,
                    nat: issued.nat,
                },
            ))
        }
        Command::IssuePass { .. } => issue(region, command, ctx),
        Command::RevokePass { pass, reason } => {
            let unknown = || not_found("pass", pass.short());
            let held = region.shared.donors.passes.get(pass).ok_or_else(unknown)?;
            if held.revoked.is_some() {
                return Err(PASS_REVOKED.because([("pass", pass.short())]));
            }
            let holder = own.holders.get(pass).ok_or_else(unknown)?;
            let (donor, reason) = (holder.donor.clone(), text("reason", reason)?);
            let ended = Private::Here(PassEnded { donor, reason });
            Ok(Event::PassRevoked(PassRevoked { pass: *pass }, ended))
        }
        _ => unreachable!("routed by decide"),
    }
}

/// The home region's word: nothing that is known speaks against any of the kinds.
fn issue(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::IssuePass { donor, kinds, until } = command else {
        unreachable!("routed by decide");
    };
    let own = &region.own.donors;
    let held = standing(own, donor)?;
    if held.guest.is_some() {
        return Err(NOT_GUEST.because([("donor", donor.to_string())]));
    }
    ahead(*until, PASS_DAYS, ctx)?;
    let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let mut kinds = kinds.clone();
    kinds.sort_unstable();
    kinds.dedup();
    if kinds.is_empty() {
        return Err(KINDS_NEEDED.because([("kinds", "0".to_owned())]));
    }
    for kind in &kinds {
        let asked = (donor, *kind);
        let answer = eligible::eligibility(region, asked, ctx.now, ctx.region, Depth::Call);
        if !answer.eligible() {
            return Err(not_eligible(&answer));
        }
    }
    let code = ctx.fresh("gp");
    let issued = PassIssued {
        pass: digest(&code),
        kinds,
        until: *until,
        rule_set: rules.digest,
        nat: rules.flag(key::NAT_IN_USE).ok().into(),
    };
    Ok(Event::PassIssued(issued, Private::Here(PassGiven { donor: donor.clone(), code })))
}

/// What another region may know of a code.
#[must_use]
pub(in crate::donors) fn digest(code: &str) -> Digest {
    Digest::of_parts(&[b"samband-guest-pass", code.as_bytes()])
}

/// The other region's pass, if the code is its code and it holds today.
fn presented(
    region: &Region,
    (pass, code): (&RecordRef, &str),
    ctx: &Context<'_>,
) -> Result<PassIssued, Refusal> {
    let unknown = || PASS_UNKNOWN.because([("journal", pass.journal.to_string())]);
    let Foreign { mode, at, event } = ctx.foreign.ok_or_else(unknown)?;
    if at != pass || pass.journal == *ctx.region {
        return Err(unknown());
    }
    if *mode != ctx.mode {
        let facts = [("own", ctx.mode.as_str().into()), ("other", mode.as_str().into())];
        return Err(PASS_MODES.because(facts));
    }
    let crate::Event::Donors(Event::PassIssued(issued, _)) = event else {
        return Err(unknown());
    };
    if digest(code.trim()) != issued.pass {
        return Err(PASS_CODE.because([("journal", pass.journal.to_string())]));
    }
    if issued.until < Day::of(ctx.now) {
        return Err(PASS_ENDED.because([("day", issued.until.to_string())]));
    }
    if region.own.donors.guests.contains_key(pass) {
        return Err(PASS_USED.because([("journal", pass.journal.to_string())]));
    }
    Ok(issued.clone())
}
