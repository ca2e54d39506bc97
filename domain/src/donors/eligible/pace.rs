//! How often: intervals by kind and sex, and whole-blood donations in a year.

use super::super::model::{Donor, Ground, Sex};
use super::{Bench, OPEN, until};
use crate::Region;
use crate::donations::model::DonationKind;
use crate::rulesets::{Key, key as k};
use crate::words::{Day, DonorId, Known};

/// A donation, recorded here or told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// When.
    pub day: Day,
    /// What.
    pub kind: DonationKind,
}

/// Every donation of these records, the latest first, and whether there may be more than that:
/// only so many of a donor are kept at hand.
pub(in crate::donors) fn given(
    region: &Region,
    records: &[(&DonorId, &Donor)],
) -> (Vec<Given>, bool) {
    let mut all = Vec::new();
    let mut incomplete = false;
    for (id, donor) in records {
        if let Some(past) = region.own.donations.by_donor.get(*id) {
            incomplete |= past.len() >= crate::donations::PAST_MAX;
            all.extend(
                past.iter().map(|one| Given { day: Day::of(one.collected), kind: one.kind }),
            );
        }
        if let Known::Value(told) = &donor.earlier {
            all.extend(told.iter().map(|one| Given { day: one.day, kind: one.kind }));
        }
    }
    all.sort_unstable_by(|a, b| b.cmp(a));
    (all, incomplete)
}

impl Bench<'_> {
    /// Whether the donor has given before; none if nobody knows.
    pub(super) fn has_given(&self) -> Option<bool> {
        if self.given.iter().any(|one| one.day < self.on) {
            return Some(true);
        }
        let told = self.records.iter().all(|(_, donor)| donor.earlier != Known::Unknown);
        told.then_some(false)
    }

    pub(super) fn pace(&mut self) {
        if self.has_given().is_none() {
            let (key, _) = self.interval_key(self.kind);
            self.lacks(Ground::Interval, key, "earlier");
        }
        for kind in DonationKind::ALL {
            let last = self.given.iter().find(|one| one.kind == *kind && one.day <= self.on);
            if let Some(last) = last.copied() {
                self.interval(last);
            }
        }
        if self.kind == DonationKind::WholeBlood {
            self.per_year();
        }
    }

    /// The interval that lies between two donations: between two of a kind that kind's; between
    /// whole blood and an apheresis, or two kinds of apheresis, that of the apheresis to come or,
    /// before whole blood, of the one that was.
    fn interval(&mut self, last: Given) {
        let apheresis = self.kind != DonationKind::WholeBlood;
        let (key, known) = self.interval_key(if apheresis { self.kind } else { last.kind });
        if !known {
            return self.lacks(Ground::Interval, key, "sex");
        }
        let facts = [("last", last.day.to_string()), ("kind", last.kind.to_string())];
        let Ok(days) = self.rules.days(key) else {
            let facts = [&facts[..], &[("missing", "rule".to_owned())]].concat();
            let effect = super::super::model::Effect::Unknown;
            return self.against(Ground::Interval, key, effect, &facts);
        };
        let from = last.day.plus_days(days);
        if from > self.on {
            let facts = [&facts[..], &[("rule", format!("{days} d"))]].concat();
            self.against(Ground::Interval, key, until(from), &facts);
        }
    }

    fn interval_key(&self, kind: DonationKind) -> (Key, bool) {
        match (kind, self.sex()) {
            (DonationKind::Plasmapheresis, _) => (k::DONOR_PLASMA_INTERVAL_DAYS, true),
            (DonationKind::Plateletpheresis, _) => (k::DONOR_PLATELETS_INTERVAL_DAYS, true),
            (DonationKind::WholeBlood, Known::Value(Sex::Male)) => {
                (k::DONOR_WHOLE_BLOOD_INTERVAL_MALE_DAYS, true)
            }
            (DonationKind::WholeBlood, Known::Value(Sex::Female)) => {
                (k::DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS, true)
            }
            (DonationKind::WholeBlood, Known::Unknown) => {
                (k::DONOR_WHOLE_BLOOD_INTERVAL_FEMALE_DAYS, false)
            }
        }
    }

    /// At most so many within any twelve months.
    fn per_year(&mut self) {
        let (ground, key) = (Ground::PerYear, k::DONOR_WHOLE_BLOOD_PER_YEAR);
        let Some(most) = self.rule(ground, key, self.rules.count(key)) else { return };
        let recent = |day: Day| day <= self.on && day.plus_months(12) > self.on;
        let whole = |one: &&Given| one.kind == DonationKind::WholeBlood && recent(one.day);
        let in_year = self.given.iter().filter(whole);
        let in_year: Vec<Given> = in_year.copied().collect();
        let place = usize::try_from(most).unwrap_or(usize::MAX);
        if in_year.len() >= place {
            let facts = [("given", in_year.len().to_string()), ("most", most.to_string())];
            // The latest first: when the one at this place is a year old, there is room again.
            let frees = place.checked_sub(1).and_then(|at| in_year.get(at));
            let effect = frees.map_or(OPEN, |one| until(one.day.plus_months(12)));
            return self.against(ground, key, effect, &facts);
        }
        // Only so many donations are at hand; if they do not reach back a year, nobody counts.
        let reach = self.given.iter().map(|one| one.day).min();
        if self.incomplete && reach.is_some_and(recent) {
            self.lacks(ground, key, "donations");
        }
    }
}
