//! What can be asked about blood.

use serde::{Deserialize, Serialize};

use super::model::group::Group;
use super::model::identity::UnitId;
use super::model::phenotype::Phenotype;
use super::model::product::{Attributes, Component};
use super::model::stock::{Arrival, Demand, Duty, ExternalStock, Line, Oldest, Way};
use super::model::supply::{BoxArrival, Cited, Goods, Leg, Parcel, Side, Verdict};
use super::model::unit::{DiscardReason, QuarantineReason, TestResult};
use crate::words::{Code, Digest, JournalId, Known, RecordRef, SiteId, Time};

/// A unit as somebody lists it who takes a stock over: what is on its label and in the other
/// system. Product and attributes follow from the product code by the region's code table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Donation number and product code.
    pub id: UnitId,
    /// Group.
    pub group: Known<Group>,
    /// When it must no longer be used.
    pub expiry: Time,
    /// Whether it may be used.
    pub standing: Standing,
    /// Attributes beyond those of the product code.
    #[serde(default)]
    pub attributes: Attributes,
    /// Antigens it was typed for.
    #[serde(default)]
    pub phenotype: Phenotype,
    /// Tests by code; unknown if the other system does not say.
    pub tests: Known<Vec<(Code, TestResult)>>,
    /// The version of the rules it was tested under, as the other system names them.
    pub rules: Option<String>,
}

/// In what standing a unit is taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Free to use.
    Available,
    /// In quarantine.
    Quarantined,
    /// Set aside until a moment.
    Reserved {
        /// When it lapses.
        until: Time,
    },
}

/// What is put right about a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// Its group.
    Group(Known<Group>),
    /// Its expiry.
    Expiry(Time),
    /// The antigens it was typed for.
    Phenotype(Phenotype),
}

/// A command about blood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Put a code table in force.
    LoadCodes {
        /// The table.
        table: Box<super::model::codes::CodeTable>,
    },
    /// Take over a site's existing stock (opening balance): all of it, or nothing of it.
    TakeOver {
        /// The site; its record must be kept here.
        site: SiteId,
        /// The file, and its SHA-256; none for units typed in.
        file: Option<(String, Digest)>,
        /// The units.
        rows: Vec<Row>,
    },
    /// Report what another system counts at a site whose record it keeps.
    ReportExternal {
        /// The site.
        site: SiteId,
        /// What it says.
        stock: ExternalStock,
    },
    /// State what is used in a day.
    StateDemand {
        /// The site; none for the whole region.
        site: Option<SiteId>,
        /// For what.
        line: Line,
        /// How much, and from where.
        demand: Demand,
    },
    /// State whom to telephone at a site.
    StateDuty {
        /// The site.
        site: SiteId,
        /// Function, number and hours.
        duty: Duty,
    },
    /// Report a count: what lay on the shelf.
    Count {
        /// The site.
        site: SiteId,
        /// What was counted; none means everything.
        component: Option<Component>,
        /// The units found.
        found: Vec<UnitId>,
    },
    /// Put a unit's facts right; it waits in quarantine for a second person.
    Correct {
        /// The unit.
        unit: UnitId,
        /// What is right.
        correction: Correction,
        /// Why.
        reason: String,
    },
    /// Put units in quarantine.
    Quarantine {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: QuarantineReason,
        /// In words.
        note: Option<String>,
    },
    /// Release units from quarantine.
    Release {
        /// The units.
        units: Vec<UnitId>,
    },
    /// Record what a unit was tested for.
    RecordTests {
        /// The unit.
        unit: UnitId,
        /// Tests by code.
        results: Vec<(Code, TestResult)>,
    },
    /// Discard units.
    Discard {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: DiscardReason,
        /// In words.
        note: Option<String>,
    },
    /// Set units aside.
    Reserve {
        /// The units.
        units: Vec<UnitId>,
        /// For what or whom; it stays in the region.
        purpose: String,
    },
    /// Set the next units to expire aside, of a component and group at a site: which, the record
    /// decides as it stands when the command is carried out.
    ReserveOldest {
        /// Of what, and how many.
        oldest: Oldest,
        /// For what or whom; it stays in the region.
        purpose: String,
    },
    /// Give reserved units free again.
    Unreserve {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: String,
    },
    /// Send units to another site or region.
    Dispatch {
        /// Which way.
        way: Way,
        /// The units.
        units: Vec<UnitId>,
        /// How they are packed and go, as far as somebody says.
        #[serde(default)]
        parcel: Parcel,
    },
    /// Report what became of units that were sent here.
    Receive {
        /// Where they were dispatched.
        dispatch: RecordRef,
        /// At which site they are; none for the one they were sent to.
        #[serde(default)]
        site: Option<SiteId>,
        /// What became of each.
        outcomes: Vec<(UnitId, Arrival)>,
        /// How the boxes came.
        #[serde(default)]
        boxes: Vec<BoxArrival>,
        /// What is to be said about it.
        note: Option<String>,
    },
    /// Call a dispatch off.
    CallOff {
        /// The dispatch.
        dispatch: RecordRef,
        /// Why; the receiver reads it.
        reason: String,
    },
    /// What another region's record makes due: a dispatch to here was called off.
    NoteCallingOff {
        /// The sender's record.
        called_off: RecordRef,
    },
    /// What another region's record makes due: the receiver noted the calling off.
    TakeBack {
        /// The receiver's record.
        noted: RecordRef,
    },
    /// State that units of a dispatch were searched for and not found.
    StateLost {
        /// The dispatch.
        dispatch: RecordRef,
        /// The units.
        units: Vec<UnitId>,
        /// Where was searched, and who was asked; the receiver reads it.
        search: String,
    },
    /// Ask for units, or offer some.
    Call {
        /// Which of the two.
        side: Side,
        /// The place that asks or offers.
        site: SiteId,
        /// To which region.
        to_region: JournalId,
        /// To which of its sites; none leaves it to that region.
        #[serde(default)]
        to_site: Option<SiteId>,
        /// What.
        goods: Goods,
        /// Needed by, or offered until.
        by: Time,
        /// In words; it stays in the region.
        note: Option<String>,
    },
    /// Answer another region's call.
    Answer {
        /// The call.
        call: RecordRef,
        /// The own place that sends or gets the units.
        site: SiteId,
        /// What is said.
        verdict: Verdict,
        /// How many units it stands for.
        units: u32,
        /// Why not, or why not all; the caller reads it.
        reason: Option<String>,
    },
    /// Take a call back.
    WithdrawCall {
        /// The call.
        call: RecordRef,
        /// Why; the other side reads it.
        reason: String,
    },
    /// State a line of the couriers' timetable.
    StateLeg {
        /// The line.
        leg: Leg,
    },
    /// End a line of it.
    EndLeg {
        /// Its short name.
        code: Code,
    },
    /// Take note of a receipt in the receiver's journal.
    Settle {
        /// The receipt.
        receipt: RecordRef,
    },
    /// What the clock makes due: reservations that lapsed.
    Lapse {
        /// The units.
        units: Vec<UnitId>,
    },
    /// What the clock makes due: units past their expiry.
    Outdate {
        /// The units.
        units: Vec<UnitId>,
    },
    /// What the clock makes due: a stock fell below its minimum.
    NoteShortage {
        /// Of what.
        line: Line,
    },
    /// What the clock makes due: it is above again.
    NoteShortageEnd {
        /// Of what.
        line: Line,
    },
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Receive { dispatch, .. } => Some(dispatch),
            Self::Settle { receipt } => Some(receipt),
            Self::Dispatch { parcel, .. } => parcel.cites.as_ref().map(Cited::other_side),
            Self::Answer { call, .. } => Some(call),
            Self::NoteCallingOff { called_off } => Some(called_off),
            Self::TakeBack { noted } => Some(noted),
            _ => None,
        }
    }
}
