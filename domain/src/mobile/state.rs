//! What was lent, what was reported, and how far reports came home: a fold over a journal's events.

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::Conflict;
use crate::words::{DonorId, JournalId, Meta, Private, RecordRef, SiteId, Time};

/// What a region lent a bus last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LentOut {
    /// The region's site for the bus.
    pub site: SiteId,
    /// Since when.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// How many donors.
    pub donors: u32,
    /// The record.
    pub at: RecordRef,
}

/// Home, as a bus knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The region's record of the loan.
    pub loan: RecordRef,
    /// The bus' own site.
    pub site: SiteId,
    /// Until when.
    pub until: Time,
}

/// What others may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// On a bus: home.
    pub home: Option<Home>,
    /// On a bus: its reports, oldest first, and whom they are for.
    pub reports: Vector<(JournalId, RecordRef)>,
    /// At home: what was lent to whom, the latest loan of each.
    pub lent: OrdMap<JournalId, LentOut>,
    /// At home: the last report taken in from each bus, by epoch and number.
    pub adopted: OrdMap<JournalId, (u32, u64)>,
    /// At home: reports with which something did not agree, oldest first.
    pub conflicts: Vector<(RecordRef, Vec<Conflict>)>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Donors whom a bus registered and who were known here already.
    pub same: OrdMap<DonorId, DonorId>,
}

/// Most conflicts kept at hand; older ones are in the record.
const CONFLICTS_MAX: usize = 500;

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::Lent(lent, _) => {
            let out = LentOut {
                site: lent.site.clone(),
                from: meta.happened,
                until: lent.until,
                donors: lent.donors,
                at: meta.at.clone(),
            };
            shared.lent.insert(lent.addressee.clone(), out);
        }
        Event::Taken(taken, _) => {
            let (loan, site, until) = (taken.loan.clone(), taken.site.clone(), taken.until);
            shared.home = Some(Home { loan, site, until });
        }
        Event::Reported(reported, _) => {
            shared.reports.push_back((reported.addressee.clone(), meta.at.clone()));
        }
        Event::Adopted(adopted, known) => {
            let at = &adopted.report;
            shared.adopted.insert(at.journal.clone(), (at.epoch, at.seq));
            if !adopted.conflicts.is_empty() {
                shared.conflicts.push_back((at.clone(), adopted.conflicts.clone()));
                while shared.conflicts.len() > CONFLICTS_MAX {
                    shared.conflicts.pop_front();
                }
            }
            if let (Some(own), Private::Here(known)) = (own, known)
                && let Some((theirs, ours)) = &known.same
            {
                own.same.insert(theirs.clone(), ours.clone());
            }
        }
    }
}
