//! What can have happened to donations. Who gave, and what tests said of it, stays in the region;
//! what the stock needs to know of it is told by the stock's own events.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::model::plasma::Sold;
use super::model::withdrawal::Grounds;
use super::model::{Capture, Donation, Flag, Giver, Range, Results};
use crate::blood::model::{Din, Material, UnitId};
use crate::words::{DecodeError, Nothing, Private, SiteId, Subject, events};

pub mod plasma;
pub mod vigilance;
pub mod withdrawal;

use plasma::{PlasmaConsigned, PlasmaLot, PlasmaTakenOut};
use vigilance::{Confirmed, Dismissed, Notified, Opened, ReportFiled};
use withdrawal::{Answered, Concluded, Followed, HandedOut, Heeded, LiftNoted, Said, Withdrawn};

/// A donation was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collected {
    /// Its number.
    pub din: Din,
    /// What was collected, where and when.
    pub donation: Donation,
}

/// A site was given numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumbersAssigned {
    /// The site.
    pub site: SiteId,
    /// Which.
    pub range: Range,
}

/// What a donation was held for is settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagCleared {
    /// The donation.
    pub din: Din,
    /// What it was held for.
    pub flag: Flag,
}

/// Something came to light for which a donation is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flagged {
    /// The donation.
    pub din: Din,
    /// What.
    pub flag: Flag,
}

/// Why; it may speak of the donor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// In words.
    pub reason: String,
}

/// A donation's bag was labelled or worked up: units stand for it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BagTaken {
    /// The donation.
    pub din: Din,
}

/// Results were entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsEntered {
    /// The donation.
    pub din: Din,
    /// Which entry of the donation, from 1.
    pub entry: u32,
    /// What they say.
    pub results: Results,
    /// How they came in.
    pub capture: Capture,
    /// Whether they count without a second person.
    pub counts: bool,
}

/// A second person said whether results are right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsVerified {
    /// The donation.
    pub din: Din,
    /// Which entry.
    pub entry: u32,
    /// Whether they are right.
    pub agrees: bool,
    /// What was said about it.
    pub note: Option<String>,
}

/// Results were taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultsRejected {
    /// The donation.
    pub din: Din,
    /// Which entry.
    pub entry: u32,
    /// Why.
    pub reason: String,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of donations.
    upcast upcast;
    /// Made.
    "donation.collected" v 1 Collected(Collected, Giver);
    /// Numbers were given.
    "donation.numbers_assigned" v 1 NumbersAssigned(NumbersAssigned, Nothing);
    /// Something came to light.
    "donation.flagged" v 1 Flagged(Flagged, Nothing);
    /// A flag was settled.
    "donation.flag_cleared" v 1 FlagCleared(FlagCleared, Because);
    /// Its bag was labelled or worked up.
    "donation.bag_taken" v 1 BagTaken(BagTaken, Nothing);
    /// Results came in.
    "donation.results_entered" v 1 ResultsEntered(Nothing, ResultsEntered);
    /// A second person looked.
    "donation.results_verified" v 1 ResultsVerified(Nothing, ResultsVerified);
    /// Results were taken back.
    "donation.results_rejected" v 1 ResultsRejected(Nothing, ResultsRejected);
    /// Called back.
    "donation.withdrawn" v 1 Withdrawn(Withdrawn, Grounds);
    /// Looked for and stopped.
    "withdrawal.heeded" v 1 Heeded(Heeded, HandedOut);
    /// Something was done about a unit that had left the shelf.
    "withdrawal.followed" v 1 Followed(Followed, Said);
    /// Another region's answer was read.
    "withdrawal.answered" v 1 Answered(Answered, Said);
    /// Somebody said what it comes to.
    "withdrawal.assessed" v 1 Assessed(Concluded, Said);
    /// The case is closed.
    "withdrawal.closed" v 1 Closed(Concluded, Said);
    /// Another region lifted its withdrawal.
    "withdrawal.lift_noted" v 1 LiftNoted(LiftNoted, Nothing);
    /// Plasma was put together for industry.
    "donation.plasma_lot" v 1 PlasmaLot(PlasmaLot, Nothing);
    /// Units were taken out of a lot.
    "plasma.taken_out" v 1 PlasmaTakenOut(PlasmaTakenOut, Said);
    /// Lots left for a buyer.
    "plasma.consigned" v 1 PlasmaConsigned(PlasmaConsigned, Sold);
    /// The authority is to be told.
    "vigilance.opened" v 1 Opened(Nothing, Opened);
    /// It is not, after all.
    "vigilance.dismissed" v 1 Dismissed(Nothing, Dismissed);
    /// The authority was notified.
    "vigilance.notified" v 1 Notified(Notified, Said);
    /// The authority was told what came of it.
    "vigilance.confirmed" v 1 Confirmed(Confirmed, Said);
    /// A yearly report was handed in.
    "report.filed" v 1 ReportFiled(ReportFiled, Nothing);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let about = |din: &Din| vec![Subject::donation(din)];
        match self {
            Self::Collected(event, giver) => {
                let mut all = about(&event.din);
                all.extend(event.donation.materials.iter().map(Material::subject));
                if let Private::Here(Giver { donor: Some(donor), .. }) = giver {
                    all.push(Subject::donor(donor));
                }
                all
            }
            Self::NumbersAssigned(event, _) => vec![Subject::site(&event.site)],
            Self::Flagged(event, _) => about(&event.din),
            Self::FlagCleared(event, _) => about(&event.din),
            Self::BagTaken(event, _) => about(&event.din),
            Self::ResultsEntered(_, Private::Here(event)) => about(&event.din),
            Self::ResultsVerified(_, Private::Here(event)) => about(&event.din),
            Self::ResultsRejected(_, Private::Here(event)) => about(&event.din),
            Self::ResultsEntered(_, Private::Absent(_))
            | Self::ResultsVerified(_, Private::Absent(_))
            | Self::ResultsRejected(_, Private::Absent(_)) => Vec::new(),
            _ => self.called_subjects(),
        }
    }
    /// What an event of a withdrawal, of plasma for industry or of a report is about.
    fn called_subjects(&self) -> Vec<Subject> {
        let units = |units: &[UnitId]| {
            let dins: BTreeSet<_> = units.iter().map(|unit| unit.din).collect();
            dins.iter().map(Subject::donation).collect()
        };
        match self {
            Self::Withdrawn(event, grounds) => {
                let mut all = withdrawal::of_dins(&event.dins);
                let grounds = grounds.here().into_iter().flat_map(|grounds| &grounds.donors);
                all.extend(grounds.map(Subject::donor));
                let lot = event.lot.as_ref();
                all.extend(lot.map(|named| Subject::lot(named.kind.as_str(), &named.lot)));
                all
            }
            Self::Heeded(event, _) => withdrawal::of_dins(&event.dins),
            Self::Followed(event, _) => withdrawal::of_dins(&[event.unit.din]),
            Self::PlasmaLot(event, _) => units(&event.units),
            Self::PlasmaTakenOut(event, _) => units(&event.units),
            Self::Opened(_, Private::Here(event)) => {
                event.what.unit.iter().map(|unit| Subject::donation(&unit.din)).collect()
            }
            Self::Notified(event, _) => {
                event.unit.iter().map(|unit| Subject::donation(&unit.din)).collect()
            }
            _ => Vec::new(),
        }
    }
}
