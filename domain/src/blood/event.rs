//! What can have happened to blood. Events carry results: what the label says, by which rule set.

pub mod supply;

use serde::{Deserialize, Serialize};

use super::command::Standing;
use super::model::codes::CodeTable;
use super::model::group::Group;
use super::model::identity::UnitId;
use super::model::phenotype::Phenotype;
use super::model::produce::{Material, Source};
use super::model::product::Component;
use super::model::stock::{
    Arrival, Demand, Duty, ExternalStock, Line, Load, Oldest, Shortage, Way,
};
use super::model::supply::{BoxArrival, Parcel};
use super::model::unit::{DiscardReason, Fate, QuarantineReason, Tested};
use crate::words::{
    DecodeError, Digest, Known, Nothing, RecordRef, RequestId, SiteId, Subject, Time, events,
};

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

/// Units came into being, in quarantine unless what was done to a released unit lets its release
/// stand; what they were made of is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produced {
    /// Where.
    pub site: SiteId,
    /// From what.
    pub from: Source,
    /// Units that were used up.
    pub consumed: Vec<UnitId>,
    /// The new units.
    pub load: Load,
    /// In which standing each of them is, in the load's order.
    pub standings: Vec<Standing>,
    /// How much each of them holds, in millilitres, in the load's order.
    pub millilitres: Vec<Known<u16>>,
    /// The rule set that gave the expiries.
    pub rule_set: Digest,
    /// What was used besides.
    pub materials: Vec<Material>,
}

/// What the tests of a donation say of every unit of it that this region's record holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tests {
    /// The units.
    pub units: Vec<UnitId>,
    /// All that is known of their tests now; none while nothing counts yet.
    pub tested: Option<Tested>,
    /// Their group, once it is confirmed; as before where it is unknown.
    pub group: Known<Group>,
    /// Antigens they are typed for.
    pub phenotype: Phenotype,
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
    /// The request they are set aside for, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestId>,
    /// What was asked for, where the record picked the units: the next to expire of all that were
    /// free, in this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Oldest>,
}

/// Units were handed to a ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The units.
    pub units: Vec<UnitId>,
    /// The rule set they were held against.
    pub rule_set: Digest,
}

/// For which request units were handed out; whom it is for stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct For {
    /// The request.
    pub request: RequestId,
}

/// Units came back from a ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Where they are now.
    pub site: SiteId,
    /// The units.
    pub units: Vec<UnitId>,
    /// Why they wait in quarantine; none if they may be used again.
    pub held: Option<QuarantineReason>,
    /// The rule set that says so.
    pub rule_set: Option<Digest>,
}

/// Units came to their end in a ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// The units.
    pub units: Vec<UnitId>,
    /// How.
    pub fate: Fate,
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
    /// How they are packed and go, as far as somebody said.
    #[serde(default, skip_serializing_if = "Parcel::is_plain")]
    pub parcel: Parcel,
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
    /// How the boxes came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boxes: Vec<BoxArrival>,
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
    /// Units came into being.
    "stock.produced" v 1 Produced(Produced, Nothing);
    /// Tests of a donation reached its units.
    "stock.tested" v 1 DonationTested(Tests, Nothing);
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
    /// Handed to a ward.
    "stock.issued" v 1 Issued(Issued, For);
    /// Back from a ward.
    "stock.returned" v 1 Returned(Returned, Nothing);
    /// Given, or wasted.
    "stock.used" v 1 Used(Used, Nothing);
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
    /// Units were asked for.
    "stock.asked" v 1 Asked(supply::Called, Note);
    /// Units were offered.
    "stock.offered" v 1 Offered(supply::Called, Note);
    /// What was said to a call.
    "stock.answered" v 1 Answered(supply::Answered, Nothing);
    /// A call was taken back.
    "stock.call_withdrawn" v 1 CallWithdrawn(supply::CallWithdrawn, Nothing);
    /// A line of the timetable.
    "stock.leg_stated" v 1 LegStated(supply::LegStated, Nothing);
    /// A line of the timetable ended.
    "stock.leg_ended" v 1 LegEnded(supply::LegEnded, Nothing);
    /// A dispatch was called off.
    "stock.called_off" v 1 CalledOff(supply::CalledOff, Nothing);
    /// The receiver has seen it.
    "stock.calling_off_noted" v 1 CallingOffNoted(supply::CallingOffNoted, Nothing);
    /// The sender has its units back.
    "stock.taken_back" v 1 TakenBack(supply::TakenBack, Nothing);
    /// Searched for and not found.
    "stock.lost_stated" v 1 LostStated(supply::LostStated, Nothing);
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
            Self::Produced(event, _) => {
                of(&event.load).into_iter().chain(event.consumed.iter().copied()).collect()
            }
            Self::DonationTested(event, _) => event.units.clone(),
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
            Self::Issued(event, _) => event.units.clone(),
            Self::Returned(event, _) => event.units.clone(),
            Self::Used(event, _) => event.units.clone(),
            Self::Unreserved(event, _) => event.units.clone(),
            Self::Lapsed(event, _) | Self::Outdated(event, _) => event.units.clone(),
            Self::Settled(event, _) => {
                event.arrived.iter().chain(&event.missing).copied().collect()
            }
            Self::CalledOff(event, _) => event.units.clone(),
            Self::CallingOffNoted(event, _) => event.units.clone(),
            Self::TakenBack(event, _) => event.back.all().copied().collect(),
            Self::LostStated(event, _) => event.units.clone(),
            Self::Asked(..)
            | Self::Offered(..)
            | Self::Answered(..)
            | Self::CallWithdrawn(..)
            | Self::LegStated(..)
            | Self::LegEnded(..)
            | Self::CodesLoaded(..)
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
        if let Self::Produced(event, _) = self {
            donations.extend(event.from.donations());
        }
        donations.sort_unstable();
        donations.dedup();
        let mut all: Vec<_> = donations.iter().map(Subject::donation).collect();
        match self {
            Self::ExternalReported(event, _) => all.push(Subject::site(&event.site)),
            Self::DutyStated(event, _) => all.push(Subject::site(&event.site)),
            Self::Counted(event, _) => all.push(Subject::site(&event.site)),
            // A recall of a lot finds what it went into.
            Self::Produced(event, _) => {
                all.extend(event.materials.iter().map(Material::subject));
            }
            _ => {}
        }
        all
    }
}
