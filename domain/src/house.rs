//! The areas together: one command type, one event type, one state, and the two functions that
//! every region's record goes through.

use serde::{Deserialize, Serialize};

use crate::words::{
    ActorId, Context, DecodeError, Encoded, JournalId, Lot, Meta, RecordRef, Refusal, RefusalKind,
    Subject, Time,
};
use crate::{agreements, blood, bonds, figures, kernel, rulesets};

/// A command to one region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// To the kernel.
    Kernel(kernel::Command),
    /// About figures.
    Figures(figures::Command),
    /// About agreements.
    Agreements(agreements::Command),
    /// About bonds with other journals.
    Bonds(bonds::Command),
    /// About rule sets.
    Rulesets(rulesets::Command),
    /// About blood.
    Blood(blood::Command),
}

/// An event of one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Of the kernel.
    Kernel(kernel::Event),
    /// Of figures.
    Figures(figures::Event),
    /// Of agreements.
    Agreements(agreements::Event),
    /// Of bonds.
    Bonds(bonds::Event),
    /// Of rule sets.
    Rulesets(rulesets::Event),
    /// Of blood.
    Blood(blood::Event),
    /// Written by a later version of this program: kept byte for byte, without effect here.
    Unknown {
        /// Kind.
        kind: String,
        /// Version.
        version: u16,
    },
}

macro_rules! from_areas {
    ($($Area:ident $module:ident),*) => {$(
        impl From<$module::Event> for Event {
            fn from(event: $module::Event) -> Self { Self::$Area(event) }
        }
        impl From<$module::Command> for Command {
            fn from(command: $module::Command) -> Self { Self::$Area(command) }
        }
    )*};
}
from_areas!(
    Kernel kernel, Figures figures, Agreements agreements, Bonds bonds, Rulesets rulesets, Blood blood
);

impl Event {
    /// The event in the form in which it is recorded; none for one this program did not write.
    #[must_use]
    pub fn encode(&self) -> Option<Encoded> {
        Some(match self {
            Self::Kernel(event) => event.encode(),
            Self::Figures(event) => event.encode(),
            Self::Agreements(event) => event.encode(),
            Self::Bonds(event) => event.encode(),
            Self::Rulesets(event) => event.encode(),
            Self::Blood(event) => event.encode(),
            Self::Unknown { .. } => return None,
        })
    }

    /// Reads an event of any area and any version up to the current one.
    ///
    /// # Errors
    /// [`DecodeError`] if the text does not fit its kind.
    pub fn decode(
        kind: &str,
        version: u16,
        shared: Option<&str>,
        private: Lot<'_>,
    ) -> Result<Self, DecodeError> {
        macro_rules! areas {
            ($($module:ident),*) => {$(
                if let Some(event) = $module::Event::decode(kind, version, shared, private) {
                    return event.map(Self::from);
                }
            )*};
        }
        areas!(blood, figures, kernel, agreements, bonds, rulesets);
        Ok(Self::Unknown { kind: kind.into(), version })
    }

    /// What the event is about, for the subject index.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Kernel(event) => event.subjects(),
            Self::Figures(event) => event.subjects(),
            Self::Agreements(event) => event.subjects(),
            Self::Rulesets(event) => event.subjects(),
            Self::Blood(event) => event.subjects(),
            Self::Bonds(_) | Self::Unknown { .. } => Vec::new(),
        }
    }

    /// Whose identity this event orders erased.
    #[must_use]
    pub fn erases(&self) -> Option<&ActorId> {
        match self {
            Self::Kernel(kernel::Event::ActorErased(erased, _)) => Some(&erased.actor),
            _ => None,
        }
    }

    /// Whether this event's private part is somebody's identity, which an erasure takes.
    #[must_use]
    pub fn holds_identity_of(&self, actor: &ActorId) -> bool {
        match self {
            Self::Kernel(kernel::Event::ActorRegistered(event, _)) => event.actor == *actor,
            Self::Kernel(kernel::Event::ActorCorrected(event, _)) => event.actor == *actor,
            _ => false,
        }
    }
}

/// What other regions may hold of a region: a view across regions is built from this alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedState {
    /// Kernel.
    pub kernel: kernel::Shared,
    /// Figures.
    pub figures: figures::Shared,
    /// Agreements.
    pub agreements: agreements::Shared,
    /// Bonds.
    pub bonds: bonds::Shared,
    /// Rule sets.
    pub rulesets: rulesets::Shared,
    /// Blood.
    pub blood: blood::Shared,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnState {
    /// Kernel.
    pub kernel: kernel::Own,
    /// Bonds.
    pub bonds: bonds::Own,
    /// Blood.
    pub blood: blood::Own,
}

/// A region's whole state, in its own installation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// What others may hold.
    pub shared: SharedState,
    /// What stays.
    pub own: OwnState,
}

/// Decides a command: the events it leads to, or the refusal.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let Region { shared, own } = region;
    fn lift<E: Into<Event>>(events: Vec<E>) -> Vec<Event> {
        events.into_iter().map(Into::into).collect()
    }
    match command {
        Command::Kernel(command) => {
            kernel::decide(&shared.kernel, &own.kernel, command, ctx).map(lift)
        }
        // Every other area needs a journal that somebody owns.
        _ if shared.kernel.journal.is_none() => {
            Err(kernel::NOT_OPEN.because([("region", ctx.region.to_string())]))
        }
        Command::Figures(command) => figures::decide(&shared.figures, command, ctx).map(lift),
        Command::Agreements(command) => {
            let kernel = (&shared.kernel, &own.kernel);
            agreements::decide(&shared.agreements, kernel, command, ctx).map(lift)
        }
        Command::Bonds(command) => bonds::decide(&shared.bonds, &own.bonds, command, ctx).map(lift),
        Command::Rulesets(command) => rulesets::decide(&shared.rulesets, command, ctx).map(lift),
        Command::Blood(command) => {
            let house = blood::House {
                shared: &shared.blood,
                own: &own.blood,
                kernel: &shared.kernel,
                rules: &shared.rulesets,
            };
            blood::decide(&house, command, ctx).map(lift)
        }
    }
}

/// Folds one event into a region's state. Without `own` the journal is another region's.
pub fn apply(shared: &mut SharedState, own: Option<&mut OwnState>, event: &Event, meta: &Meta) {
    match event {
        Event::Kernel(event) => {
            kernel::apply(&mut shared.kernel, own.map(|own| &mut own.kernel), event, meta);
        }
        Event::Figures(event) => figures::apply(&mut shared.figures, event, meta),
        Event::Agreements(event) => agreements::apply(&mut shared.agreements, event, meta),
        Event::Bonds(event) => {
            bonds::apply(&mut shared.bonds, own.map(|own| &mut own.bonds), event, meta);
        }
        Event::Rulesets(event) => rulesets::apply(&mut shared.rulesets, event, meta),
        Event::Blood(event) => {
            blood::apply(&mut shared.blood, own.map(|own| &mut own.blood), event, meta);
        }
        Event::Unknown { .. } => {}
    }
}

impl Region {
    /// Folds one event into the own state.
    pub fn apply(&mut self, event: &Event, meta: &Meta) {
        apply(&mut self.shared, Some(&mut self.own), event, meta);
    }
}

/// What the clock, and what other journals say, makes due in a region. Pure and safe to repeat.
///
/// `others` are the shared states of every journal known here.
#[must_use]
pub fn due(
    region: &Region,
    journal: &JournalId,
    watches: &[bonds::Watch],
    others: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    let shared = &region.shared;
    let kernel = kernel::due(&shared.kernel, journal, now).into_iter().map(Into::into);
    let bonds = bonds::due(&shared.bonds, journal, watches, now).into_iter().map(Into::into);
    let neighbours: Vec<_> = others.iter().map(|(id, state)| (*id, &state.blood)).collect();
    let own = (&shared.blood, &shared.kernel, &shared.rulesets);
    let blood = blood::due(own, &neighbours, now).into_iter().map(Into::into);
    kernel.chain(bonds).chain(blood).collect()
}

/// Which of the journal's far past a command needs in its context.
#[must_use]
pub fn subjects_needed(command: &Command) -> Vec<Subject> {
    match command {
        Command::Kernel(command) => kernel::needs(command),
        _ => Vec::new(),
    }
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Agreements(command) => command.foreign(),
            Self::Blood(command) => command.foreign(),
            _ => None,
        }
    }
}

/// Every refusal of every area, for the message catalogue and the manual.
pub fn refusals() -> impl Iterator<Item = &'static RefusalKind> {
    [
        kernel::REFUSALS,
        figures::REFUSALS,
        agreements::REFUSALS,
        bonds::REFUSALS,
        rulesets::REFUSALS,
        blood::REFUSALS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
