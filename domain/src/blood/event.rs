//! What can have happened to blood. Events carry results: what the label says, by which rule set.

use serde::{Deserialize, Serialize};

use super::command::Standing;
use super::model::codes::CodeTable;
use super::model::group::Group;
use super::model::identity::UnitId;
use super::model::phenotype::Phenotype;
use super::model::product::Component;
use super::model::stock::{Arrival, Demand, Duty, ExternalStock, Line, Load, Shortage, Way};
use super::model::unit::{DiscardReason, QuarantineReason, Tested};
use crate::words::{DecodeError, Digest, Known, Nothing, RecordRef, SiteId, Subject, Time, events};

/// A site's existing stock was taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// The site.
    pub site: SiteId,
    /// The file, and its SHA-256.
    pub file: Option<(String, Digest)>,
    /// The units.
    pub load: Load,
    /// In which standing each of them is, in the load's order.
    pub standings: Vec<Standing>,
}

/// Another system's count of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalReported {
    /// The site.
    pub site: SiteId,
    /// What it says.
    pub stock: ExternalStock,
}

/// What is used in a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemandStated {
    /// The site; none for the whole region.
    pub site: Option<SiteId>,
    /// For what.
    pub line: Line,
    /// How much, and from where.
    pub demand: Demand,
}

/// Whom to telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyStated {
    /// The site.
    pub site: SiteId,
    /// Function, number and hours.
    pub duty: Duty,
}

/// A count, with what did not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The site.
    pub site: SiteId,
    /// What was counted; none means everything.
    pub component: Option<Component>,
    /// How many were found where they should be.
    pub agreed: u32,
    /// Expected and not found.
    pub missing: Vec<UnitId>,
    /// Missing before, and found now.
    pub found_again: Vec<UnitId>,
    /// Found here, and thought to be at another site of the region.
    pub moved: Vec<UnitId>,
    /// Found, and not in the record at all: to be looked into, never invented.
    pub unknown: Vec<UnitId>,
}

/// A unit's facts were put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrected {
    /// The unit.
    pub unit: UnitId,
    /// What is right, where it changed.
    pub group: Option<Known<Group>>,
    /// The expiry, where it changed.
    pub expiry: Option<Time>,
    /// The antigens, where they changed.
    pub phenotype: Option<Phenotype>,
}

/// Units were put in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The units.
    pub units: Vec<UnitId>,
    /// Why.
    pub reason: QuarantineReason,
}

/// What was said beside a reason; it may speak of a patient or donor and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// In words.
    pub note: Option<String>,
}

/// Units were released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The units.
    pub units: Vec<UnitId>,
    /// The rule set whose tests were asked for.
    pub rule_set: Digest,
}

/// What a unit was tested for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestsRecorded {
    /// The unit.
    pub unit: UnitId,
    /// All that is known of its tests now.
    pub tested: Tested,
}

/// Units were discarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discarded {
    /// The units.
    pub units: Vec<UnitId>,
    /// Why.
    pub reason: DiscardReason,
}

/// Units were set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reserved {
    /// The units.
    pub units: Vec<UnitId>,
    /// When it lapses.
    pub until: Time,
    /// The rule set that says how long it holds.
    pub rule_set: Digest,
}

/// For what or whom units were set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// In words.
    pub purpose: String,
}

/// Units became free again, lapsed or outdated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// The units.
    pub units: Vec<UnitId>,
}

/// Why a reservation was given up, or a unit's facts were put right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// In words; it may speak of a patient and stays in the region.
    pub reason: String,
}

/// Units left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatched {
    /// Which way.
    pub way: Way,
    /// With all that the receiver must know of them.
    pub load: Load,
}

/// What the receiver says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Where they were dispatched.
    pub dispatch: RecordRef,
    /// At which site.
    pub site: SiteId,
    /// What became of each.
    pub outcomes: Vec<(UnitId, Arrival)>,
    /// The units that this region's record holds from now on: those that arrived, none of them at
    /// a site whose record is another system's.
    pub load: Load,
    /// Those of them that were accepted and yet wait in quarantine, with the rule of this region
    /// that they do not meet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<(UnitId, String)>,
    /// What is to be said about it.
    pub note: Option<String>,
}

/// The sender has seen a receipt: those units are the receiver's now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The receipt.
    pub receipt: RecordRef,
    /// Units that arrived.
    pub arrived: Vec<UnitId>,
    /// Units that were not in the box.
    pub missing: Vec<UnitId>,
}

/// A stock fell below its minimum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortageNoted {
    /// Of what.
    pub line: Line,
    /// Since when, how low, by which minimum.
    pub shortage: Shortage,
}

/// It is above again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortageEnded {
    /// Of what.
    pub line: Line,
    /// Since when it was below.
    pub since: Time,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of blood. All of them stand under the topic `stock`, which pages follow.
    upcast upcast;
    /// A code table came into force.
    "stock.codes_loaded" v 1 CodesLoaded(CodeTable, Nothing);
    /// A site's stock was taken over.
    "stock.taken_over" v 1 TakenOver(TakenOver, Nothing);
    /// Another system's count.
    "stock.external_reported" v 1 ExternalReported(ExternalReported, Nothing);
    /// What is used in a day.
    "stock.demand_stated" v 1 DemandStated(DemandStated, Nothing);
    /// Whom to telephone.
    "stock.duty_stated" v 1 DutyStated(DutyStated, Nothing);
    /// A count.
    "stock.counted" v 1 Counted(Counted, Nothing);
    /// A unit's facts were put right.
    "stock.corrected" v 1 Corrected(Corrected, Because);
    /// Put in quarantine.
    "stock.quarantined" v 1 Quarantined(Quarantined, Note);
    /// Released.
    "stock.released" v 1 Released(Released, Nothing);
    /// Tested.
    "stock.tests_recorded" v 1 TestsRecorded(TestsRecorded, Nothing);
    /// Discarded.
    "stock.discarded" v 1 Discarded(Discarded, Note);
    /// Set aside.
    "stock.reserved" v 1 Reserved(Reserved, Purpose);
    /// Given free.
    "stock.unreserved" v 1 Unreserved(Units, Because);
    /// Reservations that lapsed.
    "stock.lapsed" v 1 Lapsed(Units, Nothing);
    /// Past their expiry.
    "stock.outdated" v 1 Outdated(Units, Nothing);
    /// Sent.
    "stock.dispatched" v 1 Dispatched(Dispatched, Nothing);
    /// Received.
    "stock.received" v 1 Received(Received, Nothing);
    /// A receipt was seen by the sender.
    "stock.settled" v 1 Settled(Settled, Nothing);
    /// Below the minimum.
    "stock.shortage_noted" v 1 ShortageNoted(ShortageNoted, Nothing);
    /// Above it again.
    "stock.shortage_ended" v 1 ShortageEnded(ShortageEnded, Nothing);
}

impl Event {
    /// The units that the event speaks of.
    #[must_use]
    pub fn units(&self) -> Vec<UnitId> {
        let of = |load: &Load| load.units.iter().map(|entry| entry.id).collect();
        match self {
            Self::TakenOver(event, _) => of(&event.load),
            Self::Dispatched(event, _) => of(&event.load),
            Self::Received(event, _) => event.outcomes.iter().map(|(unit, _)| *unit).collect(),
            Self::Counted(event, _) => {
                let lists = [&event.missing, &event.found_again, &event.moved, &event.unknown];
                lists.into_iter().flatten().copied().collect()
            }
            Self::Corrected(event, _) => vec![event.unit],
            Self::TestsRecorded(event, _) => vec![event.unit],
            Self::Quarantined(event, _) => event.units.clone(),
            Self::Released(event, _) => event.units.clone(),
            Self::Discarded(event, _) => event.units.clone(),
            Self::Reserved(event, _) => event.units.clone(),
            Self::Unreserved(event, _) => event.units.clone(),
            Self::Lapsed(event, _) | Self::Outdated(event, _) => event.units.clone(),
            Self::Settled(event, _) => {
                event.arrived.iter().chain(&event.missing).copied().collect()
            }
            Self::CodesLoaded(..)
            | Self::ExternalReported(..)
            | Self::DemandStated(..)
            | Self::DutyStated(..)
            | Self::ShortageNoted(..)
            | Self::ShortageEnded(..) => Vec::new(),
        }
    }

    /// What the event is about: the donations whose units it speaks of, each once, or the site.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let mut donations: Vec<_> = self.units().iter().map(|unit| unit.din).collect();
        donations.sort_unstable();
        donations.dedup();
        let mut all: Vec<_> = donations.iter().map(Subject::donation).collect();
        match self {
            Self::ExternalReported(event, _) => all.push(Subject::site(&event.site)),
            Self::DutyStated(event, _) => all.push(Subject::site(&event.site)),
            Self::Counted(event, _) => all.push(Subject::site(&event.site)),
            _ => {}
        }
        all
    }
}
