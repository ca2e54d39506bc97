//! The first situation report, field by field (preparedness.md §6.6): counts, never a patient.

use serde::{Deserialize, Serialize};

use crate::alarms::model::Between;
use crate::kernel::model::plain_enum;
use crate::words::Time;

plain_enum! {
    /// Sections, in the order in which they are read.
    Section {
        /// What happened.
        Event = "event",
        /// Casualties.
        Casualties = "casualties",
        /// Modes and measures.
        Modes = "modes",
        /// How much can be treated.
        Rate = "rate",
        /// Transport.
        Transport = "transport",
        /// Blood.
        Blood = "blood",
        /// Where patients are.
        Flow = "flow",
        /// Functions: power, telephones, water.
        Functions = "functions",
        /// Assessment.
        Assessment = "assessment",
    }
}

/// The shape of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Words.
    Text,
    /// A number.
    Count,
    /// A number known as a range.
    Range,
    /// Yes or no.
    Flag,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $Name:ident = $text:literal, $Section:ident, $Shape:ident, $first:literal;)*) => {
        plain_enum! {
            /// A field of the report.
            Field { $($(#[$doc])* $Name = $text),* }
        }

        impl Field {
            /// Where it stands.
            #[must_use]
            pub const fn section(self) -> Section {
                match self { $(Self::$Name => Section::$Section),* }
            }

            /// The shape of its value.
            #[must_use]
            pub const fn shape(self) -> Shape {
                match self { $(Self::$Name => Shape::$Shape),* }
            }

            /// Whether the first version has it, if only to say that it is unknown.
            #[must_use]
            pub const fn first(self) -> bool {
                match self { $(Self::$Name => $first),* }
            }
        }
    };
}

fields! {
    /// Kind of event.
    Kind = "kind", Event, Text, true;
    /// Where.
    Place = "place", Event, Text, true;
    /// Hazards.
    Hazards = "hazards", Event, Text, true;
    /// Whether it goes on.
    Ongoing = "ongoing", Event, Flag, true;
    /// Ways in and out.
    Access = "access", Event, Text, true;
    /// Chemical, biological, radiological, nuclear or explosive.
    Cbrne = "cbrne", Event, Flag, true;
    /// Security at the scene.
    Security = "security", Event, Text, true;
    /// Casualties in all.
    Total = "total", Casualties, Range, true;
    /// Immediate.
    P1 = "p1", Casualties, Range, true;
    /// Urgent.
    P2 = "p2", Casualties, Range, true;
    /// Delayed.
    P3 = "p3", Casualties, Range, true;
    /// Dead.
    Dead = "dead", Casualties, Range, true;
    /// Children among them.
    Children = "children", Casualties, Range, true;
    /// With burns.
    Burned = "burned", Casualties, Range, true;
    /// Still trapped.
    Trapped = "trapped", Casualties, Range, true;
    /// Not injured.
    Uninjured = "uninjured", Casualties, Range, false;
    /// The region's mode.
    RegionMode = "region_mode", Modes, Text, true;
    /// Hospitals' modes.
    HospitalModes = "hospital_modes", Modes, Text, true;
    /// Triage by the rules of mass casualties.
    MassTriage = "mass_triage", Modes, Flag, true;
    /// Rationing of care.
    Rationing = "rationing", Modes, Flag, true;
    /// Seriously injured who can be received in an hour.
    PerHour = "per_hour", Rate, Count, true;
    /// Ambulances free.
    AmbulancesFree = "ambulances_free", Transport, Count, true;
    /// Ambulances engaged.
    AmbulancesEngaged = "ambulances_engaged", Transport, Count, true;
    /// Buses.
    Buses = "buses", Transport, Count, false;
    /// Helicopters on duty.
    Helicopters = "helicopters", Transport, Text, true;
    /// Massive transfusions running.
    MassiveTransfusions = "massive_transfusions", Blood, Count, true;
    /// What blood can be sent.
    BloodOutbound = "blood_outbound", Blood, Text, true;
    /// On their way to hospital.
    EnRoute = "en_route", Flow, Count, false;
    /// Arrived.
    Arrived = "arrived", Flow, Count, false;
    /// Admitted.
    Admitted = "admitted", Flow, Count, false;
    /// Moved on to other hospitals.
    Moved = "moved", Flow, Count, false;
    /// Who has to be moved on, and where to.
    ToMove = "to_move", Flow, Text, false;
    /// Power, telephones, water, oxygen.
    Works = "works", Functions, Text, false;
    /// Now.
    AssessedNow = "assessed_now", Assessment, Text, true;
    /// In two hours.
    Assessed2 = "assessed_2h", Assessment, Text, true;
    /// In twelve hours.
    Assessed12 = "assessed_12h", Assessment, Text, true;
    /// At worst.
    Worst = "worst", Assessment, Text, true;
    /// Decided.
    Decided = "decided", Assessment, Text, true;
    /// Decisions that others have to take.
    Awaited = "awaited", Assessment, Text, true;
}

/// A field's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Words.
    Text(String),
    /// A number.
    Count(u32),
    /// A range.
    Range(Between),
    /// Yes or no.
    Flag(bool),
}

impl Fact {
    /// Its shape.
    #[must_use]
    pub const fn shape(&self) -> Shape {
        match self {
            Self::Text(_) => Shape::Text,
            Self::Count(_) => Shape::Count,
            Self::Range(_) => Shape::Range,
            Self::Flag(_) => Shape::Flag,
        }
    }
}

/// What is said of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// This.
    Value(Fact),
    /// Nobody knows.
    Unknown,
    /// The question does not arise here.
    NotApplicable,
}

plain_enum! {
    /// How sure it is.
    Certainty {
        /// Confirmed.
        Confirmed = "confirmed",
        /// Estimated.
        Estimated = "estimated",
        /// Not confirmed.
        Unconfirmed = "unconfirmed",
    }
}

plain_enum! {
    /// Which function says so, the one with the greatest say first.
    Source {
        /// Regional command.
        RegionalCommand = "regional_command",
        /// The duty officer.
        Tib = "tib",
        /// A hospital's command.
        HospitalCommand = "hospital_command",
        /// The blood centre.
        BloodCentre = "blood_centre",
        /// Medical command at the scene.
        Scene = "scene",
        /// Somebody else.
        Other = "other",
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Of which field.
    pub field: Field,
    /// What.
    pub stated: Stated,
    /// How sure.
    pub certainty: Certainty,
    /// Which function.
    pub source: Source,
    /// When it was so.
    pub valid: Time,
}
