//! What regions ask of and offer to each other, the timetable, and what becomes of a dispatch that
//! was called off or lost.

use serde::{Deserialize, Serialize};

use crate::blood::model::identity::UnitId;
use crate::blood::model::supply::{Goods, Leg, Side, Verdict};
use crate::blood::model::unit::QuarantineReason;
use crate::words::{Code, JournalId, RecordRef, SiteId, Time};

/// Units were asked for, or offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The place that asks or offers.
    pub site: SiteId,
    /// To which region.
    pub to_region: JournalId,
    /// To which of its sites; none leaves it to that region.
    pub to_site: Option<SiteId>,
    /// What.
    pub goods: Goods,
    /// Needed by, or offered until.
    pub by: Time,
}

/// What was said to somebody's call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The call.
    pub call: RecordRef,
    /// Which way it goes.
    pub side: Side,
    /// The place of this region that sends or gets the units.
    pub site: SiteId,
    /// The place that called.
    pub caller: SiteId,
    /// What was said.
    pub verdict: Verdict,
    /// How many units it stands for.
    pub units: u32,
    /// What was called for.
    pub goods: Goods,
    /// Needed by, or offered until.
    pub by: Time,
    /// Why not, or why not all; the caller reads it.
    pub reason: Option<String>,
}

/// A call was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallWithdrawn {
    /// The call.
    pub call: RecordRef,
    /// Why; the other side reads it.
    pub reason: String,
}

/// A line of the timetable came or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegStated {
    /// The line.
    pub leg: Leg,
}

/// A line of the timetable ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegEnded {
    /// Its short name.
    pub code: Code,
}

/// The sender called a dispatch off. Its units stay locked until the receiver has said that it
/// will not take them in any more; within one region they are free at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalledOff {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// To whom it went.
    pub to_region: JournalId,
    /// Units still on it.
    pub units: Vec<UnitId>,
    /// Whether it had left.
    pub left: bool,
    /// Why; the receiver reads it.
    pub reason: String,
    /// What is back on the shelf at once.
    pub back: Back,
}

/// Units that are the sender's again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    /// Free to use: they never left, and the rules let them be used.
    pub free: Vec<UnitId>,
    /// In quarantine, and why.
    pub held: Vec<(UnitId, QuarantineReason)>,
    /// Searched for and not found: missing.
    pub missing: Vec<UnitId>,
}

impl Back {
    /// Every unit of it.
    pub fn all(&self) -> impl Iterator<Item = &UnitId> {
        let held = self.held.iter().map(|(unit, _)| unit);
        self.free.iter().chain(held).chain(&self.missing)
    }
}

/// The receiver has seen that a dispatch was called off, and takes no more of it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallingOffNoted {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The sender's record that called it off.
    pub called_off: RecordRef,
    /// Units that did not arrive here and never will by this dispatch.
    pub units: Vec<UnitId>,
}

/// The sender has its units back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The receiver's record that says so.
    pub noted: RecordRef,
    /// The units, and in which standing.
    pub back: Back,
}

/// Units of a dispatch were searched for and not found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostStated {
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The units.
    pub units: Vec<UnitId>,
    /// Where was searched, and who was asked; the receiver reads it.
    pub search: String,
}
