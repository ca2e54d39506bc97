//! What a region says about its stock beyond the single units: demand, what another system
//! reports, shipments, shortages, and whom to telephone.

use serde::{Deserialize, Serialize};

use super::group::Group;
use super::identity::UnitId;
use super::product::Component;
use super::supply::{BoxArrival, CalledOff, Parcel};
use super::unit::{Entry, Tested};
use crate::kernel::model::plain_enum;
use crate::words::{Code, Digest, JournalId, Known, Period, RecordRef, SiteId, Time};

/// What is used in a day, for days of supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Units in 24 hours, in thousandths.
    pub milli_per_day: Known<u64>,
    /// What the figure covers.
    pub period: Period,
    /// Where it comes from, as a person would cite it.
    pub source: String,
}

/// What demand is stated for: a component, and one group of it or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Line {
    /// Component.
    pub component: Component,
    /// Group; none means all groups together.
    pub group: Option<Group>,
}

/// One row of what another system counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalCount {
    /// Component.
    pub component: Component,
    /// Group; the row of unknown group holds the units whose group the other system does not say,
    /// beside those of known group and never among them.
    pub group: Known<Group>,
    /// Free to use.
    pub available: Known<u32>,
    /// Set aside.
    pub reserved: Known<u32>,
    /// In quarantine.
    pub quarantined: Known<u32>,
    /// Of those available, how many expire within seven days of the report.
    pub expiring: Known<u32>,
}

/// The stock of a site whose record is another system's, as that system said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalStock {
    /// The system as people call it, e.g. `ProSang`.
    pub system: String,
    /// As of when, by that system.
    pub as_of: Time,
    /// The file it came in, and its SHA-256; none if it came through the interface.
    pub file: Option<(String, Digest)>,
    /// What it counts; a component and group that is not there is unknown, not zero.
    pub rows: Vec<ExternalCount>,
}

/// The way a shipment goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// From which site of the sender.
    pub from: SiteId,
    /// To which region.
    pub to_region: JournalId,
    /// To which of its sites.
    pub to_site: SiteId,
    /// When it left.
    pub sent: Time,
    /// When it should be there.
    pub eta: Known<Time>,
    /// By what: a courier, a timetable's leg, a patrol car.
    pub carrier: Option<String>,
}

plain_enum! {
    /// What became of a unit that was sent.
    Arrival {
        /// There, and as it should be.
        Accepted = "accepted",
        /// There, to be looked into.
        Quarantined = "quarantined",
        /// Not in the box; it stays on its way until somebody finds it.
        Missing = "missing",
    }
}

/// What was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// Where it was dispatched: the receiver names it by this.
    pub at: RecordRef,
    /// Its way.
    pub way: Way,
    /// Units still on their way.
    pub units: Vec<UnitId>,
    /// How many were sent.
    pub sent: u32,
    /// Those of `units` that a receipt said were not in the box.
    pub missing: Vec<UnitId>,
    /// Receipts that the sender has seen, by hash.
    pub settled: Vec<Digest>,
    /// How it is packed and goes.
    pub parcel: Parcel,
    /// Called off by the sender; what of it did not arrive waits for the receiver's word.
    pub called_off: Option<CalledOff>,
    /// What was done to find what did not arrive.
    pub searched: Option<Search>,
}

/// What was done to find something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// When it was recorded.
    pub at: Time,
    /// Where was searched, and who was asked.
    pub what: String,
}

/// What a receiver said about a dispatch, by its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The receipts of it, oldest first.
    pub at: Vec<RecordRef>,
    /// When the first of it was received.
    pub received: Time,
    /// What became of each unit that was spoken about.
    pub outcomes: Vec<(UnitId, Arrival)>,
    /// How its boxes came.
    pub boxes: Vec<BoxArrival>,
    /// The record by which this region noted that the dispatch was called off: it takes no more
    /// of it in.
    pub noted: Option<RecordRef>,
    /// What of another region's dispatch was taken in, receipt by receipt.
    #[serde(default)]
    pub taken: Vec<Taken>,
}

/// Units of another region's dispatch that were there when it was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The receipt.
    pub at: RecordRef,
    /// When it was received.
    pub happened: Time,
    /// When that was recorded.
    pub recorded: Time,
    /// Where.
    pub site: SiteId,
    /// The units; unknown of what where another system keeps the site's record.
    pub units: Vec<(UnitId, Known<Component>)>,
}

/// What went to another region: kept when all of it has arrived, for whoever settles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consigned {
    /// The dispatch.
    pub at: RecordRef,
    /// Its way.
    pub way: Way,
    /// By which leg of the own timetable.
    pub leg: Option<Code>,
    /// In how many boxes; unknown where nobody said how it was packed.
    pub boxes: Known<u32>,
    /// Of what each unit is.
    pub units: Vec<(UnitId, Component)>,
}

/// Units with the tests they share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Test profiles that entries refer to by place.
    pub tested: Vec<Tested>,
    /// The units.
    pub units: Vec<Entry>,
}

/// A stock below its minimum, since when it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    /// Since when.
    pub since: Time,
    /// The minimum it fell below.
    pub minimum: u32,
    /// What was left when it was noticed.
    pub usable: u32,
    /// The rule set that has the minimum.
    pub rule_set: Digest,
}

/// Who is to be telephoned at a place, and until when that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The function, e.g. `blood_centre`.
    pub function: Code,
    /// The function's telephone number, never a person's own.
    pub phone: String,
    /// The hours, in words.
    pub hours: String,
}

/// An ask for the next units to expire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oldest {
    /// At which site.
    pub site: SiteId,
    /// Which component.
    pub component: Component,
    /// Of exactly which group.
    pub group: Group,
    /// How many.
    pub count: u16,
    /// How many at least: if there are fewer, none is set aside.
    pub at_least: u16,
}
