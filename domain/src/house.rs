//! The areas together: one command type, one event type, one state, and the two functions that
//! every region's record goes through.

mod due;

pub use due::{clocks, due, due_at_once};
use serde::{Deserialize, Serialize};

use crate::words::{
    ActorId, Context, DecodeError, Encoded, JournalId, Lot, Meta, RecordRef, Refusal, RefusalKind,
    Subject,
};
use crate::{
    agreements, alarms, blood, bonds, donations, donors, figures, incidents, kernel, mobile,
    patients, plans, rare, readiness, rulesets, transfusion,
};

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
    /// About donors.
    Donors(donors::Command),
    /// About donations.
    Donations(donations::Command),
    /// About patients.
    Patients(patients::Command),
    /// About transfusions.
    Transfusion(transfusion::Command),
    /// About rare blood.
    Rare(rare::Command),
    /// About work away from home.
    Mobile(mobile::Command),
    /// About joint supply.
    Plans(plans::Command),
    /// About major incidents.
    Incidents(incidents::Command),
    /// About alarms.
    Alarms(alarms::Command),
    /// About readiness.
    Readiness(readiness::Command),
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
    /// Of donors.
    Donors(donors::Event),
    /// Of donations.
    Donations(donations::Event),
    /// Of patients.
    Patients(patients::Event),
    /// Of transfusions.
    Transfusion(transfusion::Event),
    /// Of rare blood.
    Rare(rare::Event),
    /// Of work away from home.
    Mobile(mobile::Event),
    /// Of joint supply.
    Plans(plans::Event),
    /// Of major incidents.
    Incidents(incidents::Event),
    /// Of alarms.
    Alarms(alarms::Event),
    /// Of readiness.
    Readiness(readiness::Event),
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
    )*
        /// Every kind of event that this program writes, with its version, by area. An area that
        /// is missing here does not compile: its events could not be lifted.
        pub const KINDS: &[&[(&str, u16)]] = &[$($module::Event::KINDS),*];
    };
}
from_areas!(
    Kernel kernel, Figures figures, Agreements agreements, Bonds bonds, Rulesets rulesets,
    Blood blood, Donors donors, Donations donations, Patients patients, Transfusion transfusion,
    Rare rare, Mobile mobile, Plans plans,
    Incidents incidents, Alarms alarms, Readiness readiness
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
            Self::Donors(event) => event.encode(),
            Self::Donations(event) => event.encode(),
            Self::Patients(event) => event.encode(),
            Self::Transfusion(event) => event.encode(),
            Self::Rare(event) => event.encode(),
            Self::Mobile(event) => event.encode(),
            Self::Plans(event) => event.encode(),
            Self::Incidents(event) => event.encode(),
            Self::Alarms(event) => event.encode(),
            Self::Readiness(event) => event.encode(),
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
        areas!(
            blood,
            transfusion,
            donations,
            patients,
            donors,
            figures,
            kernel,
            agreements,
            bonds,
            rulesets,
            rare,
            mobile,
            plans,
            incidents,
            alarms,
            readiness
        );
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
            Self::Donors(event) => event.subjects(),
            Self::Donations(event) => event.subjects(),
            Self::Patients(event) => event.subjects(),
            Self::Transfusion(event) => event.subjects(),
            Self::Rare(event) => event.subjects(),
            Self::Mobile(event) => event.subjects(),
            Self::Plans(event) => event.subjects(),
            Self::Incidents(event) => event.subjects(),
            Self::Alarms(event) => event.subjects(),
            Self::Readiness(event) => event.subjects(),
            Self::Bonds(_) | Self::Unknown { .. } => Vec::new(),
        }
    }

    /// The one other region that may read the event's private part, if there is one.
    #[must_use]
    pub fn addressee(&self) -> Option<&JournalId> {
        match self {
            Self::Patients(event) => event.addressee(),
            Self::Mobile(event) => event.addressee(),
            _ => None,
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
            Self::Alarms(event) => event.people().contains(actor),
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
    /// Donors.
    pub donors: donors::Shared,
    /// Donations.
    pub donations: donations::Shared,
    /// Patients.
    pub patients: patients::Shared,
    /// Transfusions.
    pub transfusion: transfusion::Shared,
    /// Rare blood.
    pub rare: rare::Shared,
    /// Work away from home.
    pub mobile: mobile::Shared,
    /// Joint supply.
    pub plans: plans::Shared,
    /// Major incidents.
    #[serde(default)]
    pub incidents: incidents::Shared,
    /// Alarms.
    #[serde(default)]
    pub alarms: alarms::Shared,
    /// Readiness.
    #[serde(default)]
    pub readiness: readiness::Shared,
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
    /// Donors.
    pub donors: donors::Own,
    /// Donations.
    pub donations: donations::Own,
    /// Patients.
    pub patients: patients::Own,
    /// Transfusions.
    pub transfusion: transfusion::Own,
    /// Work away from home.
    pub mobile: mobile::Own,
    /// Joint supply.
    #[serde(default)]
    pub plans: plans::Own,
    /// Alarms.
    #[serde(default)]
    pub alarms: alarms::Own,
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
    let mut events = decide_in_area(region, command, ctx)?;
    donations::elsewhere::guard(region, command, &events, ctx)?;
    // What a bus records it reports home, in the same decision.
    events.extend(mobile::reports(region, &events, ctx.happened));
    Ok(events)
}

fn decide_in_area(
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
            if let kernel::Command::EraseActor { actor, .. } = command {
                alarms::may_forget(region, actor)?;
            }
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
        Command::Blood(command) => blood::decide(&blood::House::of(region), command, ctx).map(lift),
        // What happens to people also happens to units: these areas' commands lead to events of
        // several.
        Command::Donors(command) => donors::decide(region, command, ctx),
        Command::Donations(command) => donations::decide(region, command, ctx),
        Command::Patients(command) => patients::decide(region, command, ctx),
        Command::Transfusion(command) => transfusion::decide(region, command, ctx),
        Command::Rare(command) => rare::decide(region, command, ctx),
        Command::Mobile(command) => mobile::decide(region, command, ctx),
        Command::Plans(command) => plans::decide(region, command, ctx),
        Command::Incidents(command) => incidents::decide(region, command, ctx),
        Command::Alarms(command) => alarms::decide(region, command, ctx),
        Command::Readiness(command) => readiness::decide(region, command, ctx),
    }
}

/// Folds one event into a region's state. Without `own` the journal is another region's.
pub fn apply(shared: &mut SharedState, own: Option<&mut OwnState>, event: &Event, meta: &Meta) {
    let gone = event.erases();
    match event {
        Event::Kernel(event) => {
            let kept = own.map(|own| {
                if let Some(gone) = gone {
                    alarms::forget(&mut own.alarms, gone);
                }
                &mut own.kernel
            });
            kernel::apply(&mut shared.kernel, kept, event, meta);
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
        Event::Donors(event) => {
            donors::apply(&mut shared.donors, own.map(|own| &mut own.donors), event, meta);
        }
        Event::Donations(event) => {
            donations::apply(&mut shared.donations, own.map(|own| &mut own.donations), event, meta);
        }
        Event::Patients(event) => {
            patients::apply(&mut shared.patients, own.map(|own| &mut own.patients), event, meta);
        }
        Event::Transfusion(event) => {
            let own = own.map(|own| &mut own.transfusion);
            transfusion::apply(&mut shared.transfusion, own, event, meta);
        }
        Event::Rare(event) => rare::apply(&mut shared.rare, event, meta),
        Event::Plans(event) => {
            plans::apply(&mut shared.plans, own.map(|own| &mut own.plans), event, meta);
        }
        Event::Readiness(event) => readiness::apply(&mut shared.readiness, event, meta),
        Event::Incidents(event) => incidents::apply(&mut shared.incidents, event, meta),
        Event::Alarms(event) => {
            alarms::apply(&mut shared.alarms, own.map(|own| &mut own.alarms), event, meta);
        }
        Event::Mobile(event) => {
            mobile::apply(&mut shared.mobile, own.map(|own| &mut own.mobile), event, meta);
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

/// Which of the journal's far past a command needs in its context.
#[must_use]
pub fn subjects_needed(command: &Command) -> Vec<Subject> {
    match command {
        Command::Kernel(command) => kernel::needs(command),
        Command::Donations(command) => command.needs(),
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
            Self::Donations(command) => command.foreign(),
            Self::Donors(command) => command.foreign(),
            Self::Patients(command) => command.foreign(),
            Self::Rare(command) => command.foreign(),
            Self::Mobile(command) => command.foreign(),
            Self::Incidents(command) => command.foreign(),
            Self::Alarms(command) => command.foreign(),
            Self::Readiness(command) => command.foreign(),
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
        donors::REFUSALS,
        donations::REFUSALS,
        donations::rules::withdraw::REFUSALS,
        donations::elsewhere::REFUSALS,
        donations::rules::plasma::REFUSALS,
        donations::rules::vigilance::REFUSALS,
        patients::REFUSALS,
        transfusion::REFUSALS,
        rare::REFUSALS,
        mobile::REFUSALS,
        plans::REFUSALS,
        plans::CALL_REFUSALS,
        plans::CAMPAIGN_REFUSALS,
        incidents::REFUSALS,
        alarms::REFUSALS,
        readiness::REFUSALS,
    ]
    .into_iter()
    .flatten()
    .copied()
}
