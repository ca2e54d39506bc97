//! Transports, helicopters and what is lent.

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::words::{Known, RecordRef, Time};

plain_enum! {
    /// What carries patients.
    TransportKind {
        /// Ambulance.
        Ambulance = "ambulance",
        /// Mobile intensive care.
        IntensiveCare = "intensive_care",
        /// Bus for the lying or sitting.
        Bus = "bus",
        /// Ambulance helicopter.
        Helicopter = "helicopter",
    }
}

plain_enum! {
    /// Where a promised transport is (preparedness.md §6.3).
    UnitStage {
        /// Promised.
        Pledged = "pledged",
        /// On its way.
        UnderWay = "under_way",
        /// There.
        Arrived = "arrived",
        /// With a patient.
        Occupied = "occupied",
        /// Going home.
        Returning = "returning",
        /// Released.
        Released = "released",
    }
}

impl UnitStage {
    /// Whether it may follow. A transport may be released from anywhere, and carries as often as
    /// it is needed.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use UnitStage::{Arrived, Occupied, Pledged, Released, Returning, UnderWay};
        match (self, next) {
            (Released, _) => false,
            (_, Released)
            | (Pledged, UnderWay)
            | (UnderWay, Arrived)
            | (Arrived, Occupied | Returning)
            | (Occupied, Arrived | Returning) => true,
            _ => false,
        }
    }
}

/// A promised transport.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// What it is called on the radio.
    pub name: String,
    /// What it is.
    pub kind: TransportKind,
    /// When it can leave.
    pub ready: Time,
}

plain_enum! {
    /// Why fewer are promised than were agreed.
    Reason {
        /// Staff.
        Staff = "staff",
        /// Vehicles.
        Vehicles = "vehicles",
        /// The region is struck itself.
        OwnIncident = "own_incident",
        /// Weather or roads.
        Weather = "weather",
        /// Something else.
        Other = "other",
    }
}

/// How many are missing is counted; why is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortfall {
    /// Why.
    pub reason: Reason,
    /// In words.
    pub text: String,
}

plain_enum! {
    /// Whether a helicopter can fly.
    Weather {
        /// It can.
        Flies = "flies",
        /// With limits.
        Limited = "limited",
        /// It cannot.
        Grounded = "grounded",
    }
}

/// A helicopter's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Helicopter {
    /// Its base.
    pub base: String,
    /// Whether a crew is on duty.
    pub on_duty: Known<bool>,
    /// Whether it can fly.
    pub weather: Known<Weather>,
    /// When that was so.
    pub valid: Time,
}

/// What is needed, offered or lent: material or people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Material {
    /// What, in words.
    pub what: String,
    /// How many.
    pub count: u32,
    /// By when it is needed, or from when it can be had.
    pub at: Time,
    /// The record that this one answers: the offer's need, the acceptance's offer.
    pub answers: Option<RecordRef>,
}
