//! What is allowed away from home.

use std::cell::Cell;

use super::command::Command;
use super::event::{Adopted, Event, Known, Lent, Reported, Taken};
use super::model::{Conflict, LentDonor, Loan, Report};
use super::state::Shared;
use crate::blood::event::{Note, Quarantined};
use crate::blood::model::{Din, QuarantineReason, Status};
use crate::donations::model::Flag;
use crate::kernel::{not_found, refusals};
use crate::rulesets::Scope;
use crate::words::{
    Context, DonorId, JournalId, Lot, NONE, Private, RecordRef, Refusal, SiteId, Time,
};
use crate::{Event as Any, Region, blood, donations, donors, rulesets};

refusals! {
    /// The loan's end has passed already.
    OVER = "mobile.over", "design §5: a loan has an end, so that nobody works by an old list";
    /// Nobody is lent.
    NOBODY = "mobile.nobody", "issue 4: a bus has a leased donor list";
    /// A donor is a record that was merged into another.
    MERGED = "mobile.merged", "issue 4: one person, one record";
    /// The record is not a loan to this journal, or it is not here yet.
    NO_LOAN = "mobile.no_loan", "issue 4: a bus works with what its region lent it";
    /// The record is not a report to this region, or it is not here yet.
    NO_REPORT = "mobile.no_report", "issue 4: what a bus did arrives as reports";
    /// Reports come home in their order.
    ORDER = "mobile.order", "design §5: a record is a chain; nothing is skipped";
    /// Modes do not mix.
    MODES = "mobile.across_modes", "design §5: a reference across modes is refused";
}

/// Most donors in one loan: a bus takes a day's or a week's list, not the register.
const DONORS_MAX: usize = 5_000;

/// Most reports of a bus that are taken in at one look.
const AT_A_TIME: usize = 200;

/// The events of a bus that its region needs to know.
const REPORTED: &[&str] = &[
    "donation.collected",
    "donor.registered",
    "donor.declared",
    "donor.admitted",
    "donor.deferred",
    "donor.reacted",
];

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Vec<Any>, Refusal> {
    match command {
        Command::Lend { unit, site, donors, until } => {
            lend(region, (unit, site), donors, *until, ctx)
        }
        Command::Take { loan, site } => take(region, loan, site, ctx),
        Command::Adopt { report } => adopt(region, report, ctx),
    }
}

fn lend(
    region: &Region,
    (unit, site): (&JournalId, &SiteId),
    donors: &[DonorId],
    until: Time,
    ctx: &Context<'_>,
) -> Result<Vec<Any>, Refusal> {
    if until <= ctx.now {
        return Err(OVER.because([("until", until.to_string())]));
    }
    if donors.is_empty() || donors.len() > DONORS_MAX {
        let facts = [("donors", donors.len().to_string()), ("most", DONORS_MAX.to_string())];
        return Err(NOBODY.because(facts));
    }
    if !region.shared.kernel.sites.contains_key(site) {
        return Err(not_found("site", site));
    }
    let in_force = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let held = region.shared.rulesets.held.get(&in_force.digest);
    let rules = held.map(|held| held.text.clone()).unwrap_or_default();
    let mut lent = Vec::new();
    for donor in donors {
        let record = region.own.donors.donors.get(donor);
        let mut record = record.ok_or_else(|| not_found("donor", donor))?.clone();
        if record.into.is_some() {
            return Err(MERGED.because([("donor", donor.to_string())]));
        }
        // The bus has no other way to know what was given, here and elsewhere.
        let (given, _) = donors::view::given(region, donor);
        let earlier = |given: &donors::view::Given| donors::model::Earlier {
            day: given.day,
            kind: given.kind,
        };
        let nobody_asked = record.earlier == crate::words::Known::Unknown;
        record.earlier = if given.is_empty() && nobody_asked {
            crate::words::Known::Unknown
        } else {
            crate::words::Known::Value(given.iter().map(earlier).collect())
        };
        lent.push(LentDonor { donor: donor.clone(), record });
    }
    let ranges = region.shared.donations.ranges.get(site);
    let ranges = ranges.into_iter().flatten().copied().collect();
    let count = u32::try_from(lent.len()).unwrap_or(u32::MAX);
    let shared = Lent {
        addressee: unit.clone(),
        site: site.clone(),
        until,
        donors: count,
        rule_set: in_force.digest,
    };
    let loan = Loan { rules, rules_from: in_force.from, ranges, donors: lent };
    Ok(vec![Event::Lent(shared, Private::Here(loan)).into()])
}

/// The other journal's record, if it is here, of this journal's mode, and for it.
fn referred<'a>(
    ctx: &Context<'a>,
    missing: &'static crate::RefusalKind,
    at: &RecordRef,
) -> Result<&'a Event, Refusal> {
    let refused = || missing.because([("journal", at.journal.to_string())]);
    let foreign = ctx.foreign.filter(|foreign| foreign.at == *at).ok_or_else(refused)?;
    if foreign.mode != ctx.mode {
        return Err(MODES.because([("journal", at.journal.to_string())]));
    }
    match &foreign.event {
        Any::Mobile(event) if event.addressee() == Some(ctx.region) => Ok(event),
        _ => Err(refused()),
    }
}

/// The bus holds what it was lent as its own: donors, numbers and the rules.
fn take(
    region: &Region,
    at: &RecordRef,
    site: &SiteId,
    ctx: &Context<'_>,
) -> Result<Vec<Any>, Refusal> {
    let Event::Lent(lent, Private::Here(loan)) = referred(ctx, &NO_LOAN, at)? else {
        return Err(NO_LOAN.because([("journal", at.journal.to_string())]));
    };
    if lent.until <= ctx.now {
        return Err(OVER.because([("until", lent.until.to_string())]));
    }
    if !region.shared.kernel.sites.contains_key(site) {
        return Err(not_found("site", site));
    }
    let taken = Taken { loan: at.clone(), site: site.clone(), until: lent.until };
    let mut events = vec![Event::Taken(taken, NONE).into()];
    if region.shared.rulesets.in_force(Scope::Blood, ctx.now).map(|held| held.digest)
        != Some(lent.rule_set)
    {
        let text = loan.rules.clone();
        let drafted = rulesets::event::Drafted { text: text.clone(), file: None };
        let adopted = rulesets::event::Adopted { text, from: ctx.now };
        events.push(rulesets::Event::Drafted(drafted, NONE).into());
        events.push(rulesets::Event::Adopted(adopted, NONE).into());
    }
    let held = region.shared.donations.ranges.get(site);
    for range in &loan.ranges {
        if !held.is_some_and(|held| held.iter().any(|one| one == range)) {
            let given = donations::event::NumbersAssigned { site: site.clone(), range: *range };
            events.push(donations::Event::NumbersAssigned(given, NONE).into());
        }
    }
    for lent in &loan.donors {
        events.push(donors::Event::lent(&lent.donor, &lent.record).into());
    }
    Ok(events)
}

/// What of a bus' new events is reported home, as events of their own in the same decision. At
/// home, and before a loan was taken, nothing is.
#[must_use]
pub fn reports(region: &Region, events: &[Any], happened: Time) -> Vec<Any> {
    let Some(home) = &region.shared.mobile.home else { return Vec::new() };
    let report = |event: &Any| {
        let encoded = event.encode().filter(|encoded| REPORTED.contains(&encoded.kind))?;
        let report = Report {
            kind: encoded.kind.to_owned(),
            version: encoded.version,
            shared: encoded.shared,
            private: encoded.private,
            happened,
        };
        let reported = Reported { addressee: home.loan.journal.clone() };
        Some(Event::Reported(reported, Private::Here(report)).into())
    };
    events.iter().filter_map(report).collect()
}

/// What the bus did is a report: it is never refused for what it says. What does not agree with
/// what is known at home is named, and its units are held.
fn adopt(region: &Region, at: &RecordRef, ctx: &Context<'_>) -> Result<Vec<Any>, Refusal> {
    let Event::Reported(_, Private::Here(report)) = referred(ctx, &NO_REPORT, at)? else {
        return Err(NO_REPORT.because([("journal", at.journal.to_string())]));
    };
    let last = region.shared.mobile.adopted.get(&at.journal).copied().unwrap_or_default();
    if (at.epoch, at.seq) <= last {
        return Err(ORDER.because([("record", format!("{}:{}", at.epoch, at.seq))]));
    }
    let lent = region.shared.mobile.lent.get(&at.journal);
    let mut conflicts = Vec::new();
    if lent.is_none_or(|lent| report.happened > lent.until) {
        conflicts.push(Conflict::NotLent);
    }
    let private = match &report.private {
        Some(text) => Lot::Text(text),
        None => Lot::None,
    };
    let read = Any::decode(&report.kind, report.version, report.shared.as_deref(), private);
    let mut same = None;
    let mut events = Vec::new();
    match read {
        Ok(Any::Donations(donations::Event::Collected(collected, Private::Here(giver)))) => {
            let site = lent.map(|lent| &lent.site);
            let bus = ctx_at(ctx, report.happened);
            events = collected_away(region, (collected, giver), site, &mut conflicts, &bus);
        }
        Ok(Any::Donors(event)) => {
            let site = lent.map(|lent| &lent.site);
            let known = donor_event(region, event, site, &mut conflicts);
            same = known.1;
            events.extend(known.0.map(Any::from));
        }
        _ => conflicts.push(Conflict::Unreadable),
    }
    let adopted = Adopted { report: at.clone(), conflicts };
    let adopted = Event::Adopted(adopted, Private::Here(Known { same })).into();
    Ok(std::iter::once(adopted).chain(events).collect())
}

/// The same context, for something that happened earlier.
fn ctx_at<'a>(ctx: &Context<'a>, happened: Time) -> Context<'a> {
    Context {
        region: ctx.region,
        mode: ctx.mode,
        now: ctx.now,
        happened: happened.min(ctx.now),
        actor: ctx.actor,
        mandate: ctx.mandate,
        entropy: ctx.entropy,
        drawn: Cell::new(ctx.drawn.get()),
        signer: ctx.signer,
        foreign: ctx.foreign,
        history: ctx.history,
        others: ctx.others,
    }
}

/// A donation at the bus, judged by what home knows of the donor and of the number.
fn collected_away(
    region: &Region,
    (collected, giver): (donations::event::Collected, donations::model::Giver),
    site: Option<&SiteId>,
    conflicts: &mut Vec<Conflict>,
    ctx: &Context<'_>,
) -> Vec<Any> {
    let din = collected.din;
    let mut donation = collected.donation;
    if let Some(site) = site {
        donation.site = site.clone();
    }
    let donor = giver.donor.map(|donor| here(region, &donor));
    if donor.as_ref().is_none_or(|donor| !region.own.donors.donors.contains_key(donor)) {
        conflicts.push(Conflict::DonorUnknown);
    }
    let found = donations::adopted(region, (din, donation), donor.as_ref(), ctx);
    match found {
        Some(event) => vec![event],
        None => {
            conflicts.push(Conflict::NumberUsed);
            hold(region, &din)
        }
    }
}

/// Two bags with one number: neither moves until somebody has looked.
fn hold(region: &Region, din: &Din) -> Vec<Any> {
    let stock = &region.shared.blood;
    let free = |status: Status| matches!(status, Status::Available | Status::Reserved { .. });
    let units = stock.units_of(din).filter(|(_, unit)| free(unit.status));
    let units: Vec<_> = units.map(|(id, _)| *id).collect();
    let mut events = Vec::new();
    if !units.is_empty() {
        let held = Quarantined { units, reason: QuarantineReason::Discrepancy };
        events.push(blood::Event::Quarantined(held, Private::Here(Note { note: None })).into());
    }
    let flagged = donations::event::Flagged { din: *din, flag: Flag::NumberTwice };
    events.push(donations::Event::Flagged(flagged, NONE).into());
    events
}

fn here(region: &Region, donor: &DonorId) -> DonorId {
    region.own.mobile.same.get(donor).unwrap_or(donor).clone()
}

type Same = Option<(DonorId, DonorId)>;

/// An event about a donor as it stands in the home record: under the record that is known here.
fn donor_event(
    region: &Region,
    event: donors::Event,
    site: Option<&SiteId>,
    conflicts: &mut Vec<Conflict>,
) -> (Option<donors::Event>, Same) {
    use donors::Event as E;
    if let E::Registered(_, Private::Here(registered)) = &event
        && let Some(known) = region.own.donors.by_number.get(&registered.identity.number)
    {
        conflicts.push(Conflict::DonorKnown);
        return (None, Some((registered.donor.clone(), known.clone())));
    }
    let event = match event {
        E::Declared(none, Private::Here(mut it)) => {
            it.donor = here(region, &it.donor);
            it.site = site.cloned().unwrap_or(it.site);
            E::Declared(none, Private::Here(it))
        }
        E::Admitted(none, Private::Here(mut it)) => {
            it.donor = here(region, &it.donor);
            E::Admitted(none, Private::Here(it))
        }
        E::Deferred(none, Private::Here(mut it)) => {
            it.donor = here(region, &it.donor);
            E::Deferred(none, Private::Here(it))
        }
        E::Reacted(none, Private::Here(mut it)) => {
            it.donor = here(region, &it.donor);
            E::Reacted(none, Private::Here(it))
        }
        other => other,
    };
    let of = donor_of(&event).cloned();
    let is_new = matches!(event, E::Registered(..));
    if !is_new && of.is_none_or(|donor| !region.own.donors.donors.contains_key(&donor)) {
        conflicts.push(Conflict::DonorUnknown);
        return (None, None);
    }
    (Some(event), None)
}

fn donor_of(event: &donors::Event) -> Option<&DonorId> {
    use donors::Event as E;
    match event {
        E::Declared(_, Private::Here(it)) => Some(&it.donor),
        E::Admitted(_, Private::Here(it)) => Some(&it.donor),
        E::Deferred(_, Private::Here(it)) => Some(&it.donor),
        E::Reacted(_, Private::Here(it)) => Some(&it.donor),
        _ => None,
    }
}

/// Reports of buses to this region that are not in its record yet, in their order.
#[must_use]
pub fn due(own: &Shared, region: &JournalId, others: &[(&JournalId, &Shared)]) -> Vec<Command> {
    let mut all = Vec::new();
    for (unit, bus) in others.iter().filter(|(unit, _)| *unit != region) {
        let last = own.adopted.get(*unit).copied().unwrap_or_default();
        let open = bus.reports.iter().filter(|(to, _)| to == region).map(|(_, at)| at);
        let open = open.filter(|at| (at.epoch, at.seq) > last).take(AT_A_TIME);
        all.extend(open.map(|at| Command::Adopt { report: at.clone() }));
    }
    all
}
