//! Times in which donors are received, appointments, and lists of donors to call.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::blood::model::Group;
use crate::donations::model::DonationKind;
use crate::kernel::model::plain_enum;
use crate::words::{CallUpId, Day, Digest, DonorId, SessionId, SiteId, Time, Window};

/// What a session offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionFacts {
    /// Where.
    pub site: SiteId,
    /// From when until when.
    pub window: Window,
    /// How many donors can be received.
    pub capacity: u16,
    /// What can be given.
    pub kinds: Vec<DonationKind>,
}

/// A time in which donors are received at a place. Says nothing of who comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// What it offers.
    pub facts: SessionFacts,
    /// Whether it was called off, and when.
    pub closed: Option<Time>,
}

plain_enum! {
    /// What became of an appointment.
    AppointmentState {
        /// To come.
        Booked = "booked",
        /// The donor came.
        Attended = "attended",
        /// The donor did not come.
        NoShow = "no_show",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// A donor's appointment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Whose.
    pub donor: DonorId,
    /// In which session.
    pub session: SessionId,
    /// At what time.
    pub at: Time,
    /// What they come to give.
    pub kind: DonationKind,
    /// What became of it.
    pub state: AppointmentState,
}

plain_enum! {
    /// What came of calling a donor.
    Outcome {
        /// Reached, and comes.
        Yes = "yes",
        /// Reached, and does not come.
        No = "no",
        /// No answer.
        NoAnswer = "no_answer",
        /// The number belongs to somebody else.
        WrongNumber = "wrong_number",
        /// Reached, and asks to be called another time.
        NotNow = "not_now",
    }
}

impl Outcome {
    /// Whether the donor was spoken to.
    #[must_use]
    pub const fn reached(self) -> bool {
        matches!(self, Self::Yes | Self::No | Self::NotNow)
    }
}

/// The latest contact with a donor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// When.
    pub at: Time,
    /// What came of it.
    pub outcome: Outcome,
    /// For which list.
    pub list: Option<CallUpId>,
}

/// Whom to put on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// What is needed.
    pub kind: DonationKind,
    /// On which day they should be able to give it.
    pub on: Day,
    /// Of which group; any if none.
    pub group: Option<Group>,
    /// Who usually give here; anywhere if none.
    pub site: Option<SiteId>,
    /// Whose last donation lies before this day; never mind if none.
    pub last_before: Option<Day>,
    /// At most so many.
    pub most: u16,
}

/// A list of donors to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallUp {
    /// What it is for.
    pub name: String,
    /// Whom it was made of.
    pub filter: Filter,
    /// When it was made.
    pub made: Time,
    /// By which rules.
    pub rule_set: Digest,
    /// The donors, and what came of calling them.
    pub donors: OrdMap<DonorId, Option<Outcome>>,
    /// When it was closed.
    pub closed: Option<Time>,
}
