//! What may be seen of donations.

pub mod withdrawal;
pub mod yearly;

use std::collections::BTreeMap;

use super::judge::Held;
use super::model::{Donation, Entry};
use super::state::{Own, Shared};
use crate::Region;
use crate::blood::model::{Din, QuarantineReason, Status, Unit, UnitId};
use crate::blood::rules::lacks;
use crate::rulesets::InForce;
use crate::words::{ActorId, Refusal, RefusalKind, SiteId, Time};

/// A donation from which something may still come.
#[must_use]
pub fn open<'a>(shared: &'a Shared, din: &Din) -> Option<&'a Donation> {
    shared.donations.get(din)
}

/// What is held about donations, of one region.
#[must_use]
pub const fn held(region: &Region) -> Held<'_> {
    Held {
        shared: &region.shared.donations,
        own: &region.own.donations,
        donors: &region.own.donors,
    }
}

/// Donations that were collected in a stretch of time, latest first.
#[must_use]
pub fn collected(shared: &Shared, from: Time, until: Time) -> Vec<(&Din, &Donation)> {
    let within = |(_, donation): &(&Din, &Donation)| {
        from <= donation.collected && donation.collected < until
    };
    let mut all: Vec<_> = shared.donations.iter().filter(within).collect();
    all.sort_by_key(|(din, donation)| (std::cmp::Reverse(donation.collected), **din));
    all
}

/// Results that wait for a second person, oldest first.
#[must_use]
pub fn waiting(own: &Own) -> Vec<(&Din, &Entry)> {
    let entry = |(din, number): &(Din, u32)| {
        let (din, file) = own.files.get_key_value(din)?;
        Some((din, file.entries.iter().find(|entry| entry.number == *number)?))
    };
    let mut all: Vec<_> = own.waiting.iter().filter_map(entry).collect();
    all.sort_by_key(|(din, entry)| (entry.at, **din, entry.number));
    all
}

/// A unit that waits in quarantine, and what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Which.
    pub id: &'a UnitId,
    /// What is known of it.
    pub unit: &'a Unit,
    /// What it lacks, most weighty first; nothing if it can be released.
    pub lacks: Vec<Refusal>,
}

/// Units in quarantine at a site, or at all of them, with what each lacks: the release queue.
/// What somebody else put aside for a reason of its own is not in it.
#[must_use]
pub fn to_release<'a>(
    region: &'a Region,
    rules: &InForce,
    site: Option<&SiteId>,
    (now, actor): (Time, Option<&ActorId>),
) -> Vec<Waiting<'a>> {
    let waits = |unit: &Unit| {
        let reasons = [
            QuarantineReason::NotReleased,
            QuarantineReason::Corrected,
            QuarantineReason::Test,
            QuarantineReason::Discrepancy,
            QuarantineReason::ReceiverRules,
        ];
        matches!(unit.status, Status::Quarantined(why) if reasons.contains(&why))
            && !unit.product.is_intermediate()
            && site.is_none_or(|site| unit.site == *site)
    };
    let units = region.shared.blood.units.iter().filter(|(_, unit)| waits(unit));
    let waiting = |(id, unit)| Waiting { id, unit, lacks: lacks(region, rules, id, (now, actor)) };
    units.map(waiting).collect()
}

/// Units by what they lack most, those that lack nothing first.
#[must_use]
pub fn grouped<'w, 'a>(
    waiting: &'w [Waiting<'a>],
) -> Vec<(Option<&'static RefusalKind>, Vec<&'w Waiting<'a>>)> {
    let mut groups: BTreeMap<Option<&str>, (Option<&'static RefusalKind>, Vec<_>)> =
        BTreeMap::new();
    for one in waiting {
        let kind = one.lacks.first().map(|lack| lack.kind);
        let group = groups.entry(kind.map(|kind| kind.code)).or_insert((kind, Vec::new()));
        group.1.push(one);
    }
    groups.into_values().collect()
}
