//! Who donors are, and which records are of one person.

use super::super::command::Command;
use super::super::eligible;
use super::super::event::{
    Agreed, Corrected, EarlierTold, Event, Merged, Registered, Typed, Unmerged,
};
use super::super::model::{Earlier, Identity, Terms, Types};
use super::super::state::Own;
use super::refusals::{
    DAY_AHEAD, KINDS_NEEDED, MERGE_GROUPS, MERGE_ITSELF, NOT_MERGED, REGISTERED, TYPE_FORM,
};
use super::{private, registered, standing};
use crate::Region;
use crate::kernel::{not_found, optional_text, text};
use crate::words::{Context, Day, DonorId, Known, Refusal};

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let own = &region.own.donors;
    Ok(match command {
        Command::Register { identity, terms, earlier } => {
            let identity = clean(own, None, identity)?;
            let terms = agreed(region, terms)?;
            let earlier = past(earlier, ctx)?;
            let donor = fresh(ctx);
            private(Event::Registered, Registered { donor, identity, terms, earlier })
        }
        Command::Correct { donor, identity, reason } => {
            registered(own, donor)?;
            let (identity, reason) = (clean(own, Some(donor), identity)?, text("reason", reason)?);
            private(Event::Corrected, Corrected { donor: donor.clone(), identity, reason })
        }
        Command::Agree { donor, terms } => {
            standing(own, donor)?;
            let terms = agreed(region, terms)?;
            private(Event::Agreed, Agreed { donor: donor.clone(), terms })
        }
        Command::TellEarlier { donor, earlier } => {
            standing(own, donor)?;
            let Known::Value(earlier) = past(&Known::Value(earlier.clone()), ctx)? else {
                unreachable!("a known past stays known");
            };
            private(Event::EarlierTold, EarlierTold { donor: donor.clone(), earlier })
        }
        Command::Type { donor, group, types } => {
            standing(own, donor)?;
            let types = written(types)?;
            private(Event::Typed, Typed { donor: donor.clone(), group: *group, types })
        }
        Command::Merge { keep, merge, reason } => merge_records(own, (keep, merge), reason)?,
        Command::Unmerge { donor, reason } => {
            let Some(keep) = registered(own, donor)?.into.clone() else {
                return Err(NOT_MERGED.because([("donor", donor.to_string())]));
            };
            let reason = text("reason", reason)?;
            private(Event::Unmerged, Unmerged { keep, donor: donor.clone(), reason })
        }
        _ => unreachable!("routed by decide"),
    })
}

pub(super) fn fresh(ctx: &Context<'_>) -> DonorId {
    ctx.named::<DonorId>("d")
}

/// The identity as it is recorded, if the number is nobody else's.
pub(super) fn clean(
    own: &Own,
    donor: Option<&DonorId>,
    identity: &Identity,
) -> Result<Identity, Refusal> {
    if let Some(holder) = own.by_number.get(&identity.number).filter(|id| Some(*id) != donor) {
        return Err(REGISTERED.because([("donor", holder.to_string())]));
    }
    Ok(Identity {
        number: identity.number.clone(),
        name: text("name", &identity.name)?,
        phone: optional_text("phone", identity.phone.as_ref())?,
        email: optional_text("email", identity.email.as_ref())?,
    })
}

fn agreed(region: &Region, terms: &Terms) -> Result<Terms, Refusal> {
    if let Some(site) = &terms.site
        && !region.shared.kernel.sites.contains_key(site)
    {
        return Err(not_found("site", site));
    }
    if terms.kinds.is_empty() {
        return Err(KINDS_NEEDED.because([("kinds", "0".to_owned())]));
    }
    let mut kinds = terms.kinds.clone();
    kinds.sort_unstable();
    kinds.dedup();
    Ok(Terms { site: terms.site.clone(), kinds, may_call: terms.may_call })
}

/// What was given before: nothing of it lies ahead.
pub(super) fn past(
    earlier: &Known<Vec<Earlier>>,
    ctx: &Context<'_>,
) -> Result<Known<Vec<Earlier>>, Refusal> {
    let Known::Value(earlier) = earlier else { return Ok(Known::Unknown) };
    let today = Day::of(ctx.now);
    if let Some(one) = earlier.iter().find(|one| one.day > today) {
        return Err(DAY_AHEAD.because([("day", one.day.to_string())]));
    }
    let mut all = earlier.clone();
    all.sort_unstable();
    all.dedup();
    Ok(Known::Value(all))
}

fn written(types: &Types) -> Result<Types, Refusal> {
    let list = |texts: &[String]| {
        let mut all = Vec::new();
        for text in texts {
            let text = text.trim();
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"*:/-w".contains(&byte);
            if text.is_empty() || text.len() > 24 || !text.bytes().all(fits) {
                let shown: String = text.chars().take(40).collect();
                return Err(TYPE_FORM.because([("type", shown)]));
            }
            all.push(text.to_owned());
        }
        Ok(all)
    };
    Ok(Types { phenotype: types.phenotype, hla: list(&types.hla)?, hpa: list(&types.hpa)? })
}

/// Nothing is moved: one record comes to be part of the other, so that taking it back restores
/// both exactly.
fn merge_records(
    own: &Own,
    (keep, merge): (&DonorId, &DonorId),
    reason: &str,
) -> Result<Event, Refusal> {
    standing(own, keep)?;
    standing(own, merge)?;
    if keep == merge {
        return Err(MERGE_ITSELF.because([("donor", keep.to_string())]));
    }
    let groups = |donor| {
        let records = eligible::records(own, donor);

        records.iter().find_map(|(_, held)| held.group.value())
    };
    if let (Some(one), Some(other)) = (groups(keep), groups(merge))
        && one != other
    {
        let facts = [("one", one.to_string()), ("other", other.to_string())];
        return Err(MERGE_GROUPS.because(facts));
    }
    let reason = text("reason", reason)?;
    let merged = Merged { keep: keep.clone(), merged: merge.clone(), reason };
    Ok(private(Event::Merged, merged))
}
