//! Donations, those from which something may still come and those that are finished: a fold over a
//! region's events.

use std::sync::Arc;

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

mod common;
mod plasma;
mod vigilance;
mod withdrawal;

pub use plasma::{Plasma, Sales};
pub use vigilance::Vigilance;
pub use withdrawal::{Calls, OwnCalls};

use super::event::{Collected, Event, ResultsEntered};
use super::model::vigilance::ToTell;
use super::model::{Donation, Entry, File, Giver, Past, Range, Weight, Withdrawn};
use crate::blood::model::Din;
use crate::words::{ActorId, Code, DonorId, Meta, Private, SiteId};

/// How many of a donor's donations are kept at hand: a year of plasma, many years of blood.
pub const PAST_MAX: usize = 24;

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Donations.
    #[serde(deserialize_with = "common::donations")]
    pub donations: OrdMap<Din, Donation>,
    /// Those that were called back: nothing of them moves towards a patient.
    pub withdrawn: OrdMap<Din, Withdrawn>,
    /// Numbers that sites were given.
    pub ranges: OrdMap<SiteId, Vector<Range>>,
    /// Withdrawals, called here and heeded here.
    pub calls: Calls,
    /// Plasma for industry.
    pub plasma: Plasma,
    /// What was told to the authority.
    pub vigilance: Vigilance,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Who gave, and what tests said.
    #[serde(deserialize_with = "common::files")]
    pub files: OrdMap<Din, File>,
    /// A donor's latest donations, oldest first.
    pub by_donor: OrdMap<DonorId, Vec<Past>>,
    /// Results that wait for a second person, by donation and entry.
    pub waiting: OrdSet<(Din, u32)>,
    /// What withdrawals are about, and whom their units went to.
    pub calls: OwnCalls,
    /// To whom plasma was sold.
    pub sales: Sales,
    /// What the authority is to be told of.
    pub to_tell: OrdMap<Code, ToTell>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    apply_shared(shared, event);
    let mut own = own;
    if let Some(own) = own.as_deref_mut() {
        apply_own(own, event, meta);
    }
    if let Some(own) = own.as_deref_mut() {
        vigilance::apply_own(&mut own.to_tell, event);
    }
    let (calls, sales) = own.map(|own| (&mut own.calls, &mut own.sales)).unzip();
    withdrawal::apply(&mut shared.withdrawn, &mut shared.calls, calls, event, meta);
    plasma::apply(&mut shared.plasma, sales, event, meta);
    vigilance::apply(&mut shared.vigilance, event, meta);
}

fn apply_shared(shared: &mut Shared, event: &Event) {
    match event {
        Event::Collected(collected, _) => {
            let donation = collected.donation.clone();
            let donation = common::donation(&shared.donations, &collected.din, donation);
            shared.donations.insert(collected.din, donation);
        }
        Event::NumbersAssigned(given, _) => {
            shared.ranges.entry(given.site.clone()).or_default().push_back(given.range);
        }
        Event::Flagged(flagged, _) => {
            let donation = shared.donations.get_mut(&flagged.din);
            if let Some(donation) = donation.filter(|held| !held.flags.contains(&flagged.flag)) {
                donation.flags.push(flagged.flag);
            }
        }
        Event::FlagCleared(cleared, _) => {
            if let Some(donation) = shared.donations.get_mut(&cleared.din) {
                donation.flags.retain(|flag| *flag != cleared.flag);
            }
        }
        Event::BagTaken(taken, _) => {
            if let Some(donation) = shared.donations.get_mut(&taken.din) {
                donation.unlabelled = false;
            }
        }
        _ => {}
    }
}

fn apply_own(own: &mut Own, event: &Event, meta: &Meta) {
    match event {
        Event::Collected(collected, Private::Here(giver)) => own.collect(collected, giver),
        Event::ResultsEntered(_, Private::Here(said)) => own.enter(said, meta),
        Event::ResultsVerified(_, Private::Here(said)) => {
            let weight = if said.agrees { Weight::Counts } else { Weight::Rejected };
            own.weigh((&said.din, said.entry), weight, &meta.actor);
        }
        Event::ResultsRejected(_, Private::Here(said)) => {
            own.weigh((&said.din, said.entry), Weight::Rejected, &meta.actor);
        }
        _ => {}
    }
}

impl Own {
    fn collect(&mut self, collected: &Collected, giver: &Giver) {
        let mut giver = giver.clone();
        let known = giver.donor.as_ref().and_then(|donor| self.by_donor.get_key_value(donor));
        giver.donor = known.map(|(donor, _)| donor.clone()).or(giver.donor);
        let donor = giver.donor.clone();
        self.files.insert(collected.din, File { giver, entries: Vec::new() });
        let Some(donor) = donor else { return };
        let Donation { kind, collected: when, abandoned, .. } = collected.donation;
        let past = Past { din: collected.din, kind, collected: when, abandoned };
        let all = self.by_donor.entry(donor).or_default();
        // A bus reports late: what was given when decides the place, not when it was told.
        let place = all.iter().rposition(|held| held.collected <= when).map_or(0, |at| at + 1);
        all.insert(place, past);
        if all.len() > PAST_MAX {
            all.remove(0);
        }
    }

    fn enter(&mut self, said: &ResultsEntered, meta: &Meta) {
        let weight = if said.counts { Weight::Counts } else { Weight::Waiting };
        let entry = Entry {
            number: said.entry,
            results: Arc::new(said.results.clone()),
            capture: Arc::new(said.capture.clone()),
            by: meta.actor.clone(),
            at: meta.happened,
            weight,
            second: None,
        };
        let entry = common::entry(&self.files, &said.din, entry);
        let Some(file) = self.files.get_mut(&said.din) else { return };
        // Room for the usual one or two, not for those that never come.
        file.entries.reserve_exact(1);
        file.entries.push(entry);
        if !said.counts {
            self.waiting.insert((said.din, said.entry));
        }
    }

    fn weigh(&mut self, (din, number): (&Din, u32), weight: Weight, by: &ActorId) {
        let Some(file) = self.files.get_mut(din) else { return };
        if let Some(entry) = file.entries.iter_mut().find(|entry| entry.number == number) {
            entry.weight = weight;
            entry.second = Some(by.clone());
            self.waiting.remove(&(*din, number));
        }
    }
}
