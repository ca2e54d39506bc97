//! Incidents as pages and the API read them: one incident with what comes next and whose move it
//! is, the blood it needs, where its casualties go, what was measured, and what is done afterwards.

pub mod after;
pub mod blood;
pub mod distribution;
pub mod duties;
pub mod indicators;
pub mod secondary;
pub mod timeline;

use samband_domain::alarms::model::{Between, Key, asks};
use samband_domain::alarms::{How, Obligation};
use samband_domain::incidents::model::Stage;
use samband_domain::incidents::{Incident, Shared};
use samband_domain::kernel::Role;
use samband_domain::readiness::model::{Fact, Field, Source, Stated};
use samband_domain::readiness::view;
use samband_domain::words::IncidentId;
use samband_domain::{JournalId, Known, Mode, Time};
use samband_engine::{Journal, World};

use super::readiness::{regions, shared};
use super::{App, Problem};

/// The topics that change what is seen of an incident.
pub const TOPICS: &str = "alarm incident readiness stock";

/// An incident and whose it is.
#[derive(Clone, Debug)]
pub struct Found<'w> {
    /// Whose.
    pub journal: &'w Journal,
    /// Its id.
    pub id: &'w IncidentId,
    /// How it stands.
    pub held: &'w Incident,
}

/// An incident by its address.
///
/// # Errors
/// A problem if there is none.
pub fn find<'w>(world: &'w World, issuer: &str, id: &str) -> Result<Found<'w>, Problem> {
    let missing = || Problem::not_found(id.chars().take(60).collect::<String>());
    let journal = JournalId::new(issuer).ok().and_then(|issuer| world.journals.get(&issuer));
    let journal = journal.ok_or_else(missing)?;
    let id = IncidentId::new(id).map_err(|_| missing())?;
    let held = journal.shared().incidents.incidents.get_key_value(&id);
    held.map(|(id, held)| Found { journal, id, held }).ok_or_else(missing)
}

/// Every incident of the reader's mode, open ones first, the latest first.
#[must_use]
pub fn all<'w>(world: &'w World, reader: &JournalId) -> Vec<Found<'w>> {
    let of = |journal: &'w Journal| {
        let held: &'w Shared = &journal.shared().incidents;
        held.incidents.iter().map(move |(id, held)| Found { journal, id, held })
    };
    let mut all: Vec<_> = regions(world, reader).into_iter().flat_map(of).collect();
    all.sort_by_key(|one| (one.held.stage == Stage::Closed, std::cmp::Reverse(one.opened())));
    all
}

/// What comes next, and who takes that step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// The step, as it stands in message keys.
    pub step: &'static str,
    /// Whose move it is; none where it follows from others' answers.
    pub role: Option<Role>,
}

impl<'w> Found<'w> {
    /// Its page.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/incidents/{}/{}", self.journal.id, self.id)
    }

    /// When it was written down.
    #[must_use]
    pub fn opened(&self) -> Time {
        self.held.reached.values().min().copied().unwrap_or(Time(0))
    }

    /// When it happened, or else when it was written down.
    #[must_use]
    pub fn began(&self) -> Time {
        self.held.report.happened.value().unwrap_or_else(|| self.opened())
    }

    /// In which mode its journal is.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.journal.mode().unwrap_or(Mode::Real)
    }

    /// What the latest of its alarms that says so says of the injured, and when it was issued.
    #[must_use]
    pub fn injured_by_alarm(&self) -> Option<(Between, Time)> {
        let issued = &self.journal.shared().alarms.issued;
        let mut alarms = self.held.alarms.iter().rev().filter_map(|id| issued.get(id));
        alarms.find_map(|one| Some((one.alarm.injured.value()?, one.said)))
    }

    /// What comes next.
    #[must_use]
    pub fn next(&self) -> Next {
        let (step, role) = match self.held.stage {
            Stage::Draft => ("suspect", Some(Role::Tib)),
            Stage::Suspected => ("confirm", Some(Role::Tib)),
            Stage::Confirmed => ("assess", Some(Role::Tib)),
            Stage::Assessed => ("alarm", Some(Role::Tib)),
            Stage::Alarmed => ("answers", None),
            Stage::Responding => ("stand_down", Some(Role::Commander)),
            Stage::NationalRequested => ("national", None),
            Stage::NationalConfirmed => ("stand_down", Some(Role::Commander)),
            Stage::StandDown => ("close", Some(Role::Commander)),
            Stage::Closed => ("learn", Some(Role::Commander)),
        };
        Next { step, role }
    }

    /// What is still owed by its alarms, with the alarm and who owes it. Whoever is only told owes
    /// nothing.
    #[must_use]
    pub fn open(&self) -> Vec<(&'w Key, &'w Obligation)> {
        let all = self.obligations().into_iter();
        all.filter(|(key, one)| one.closed.is_none() && asks(key.to.role, one.kind)).collect()
    }

    /// Every obligation of its alarms, as the issuer holds it.
    #[must_use]
    pub fn obligations(&self) -> Vec<(&'w Key, &'w Obligation)> {
        let all = self.journal.shared().alarms.obligations.iter();
        all.filter(|(key, _)| self.held.alarms.contains(&key.alarm)).collect()
    }

    /// An obligation as whoever has it records it, or else as the issuer does.
    #[must_use]
    pub fn theirs(&self, world: &'w World, key: &Key) -> Option<&'w Obligation> {
        use samband_domain::alarms::model::Party;
        let there = match &key.to.party {
            Party::Region(region) => world.journal(region),
            Party::Outside(_) => None,
        };
        let held = there.and_then(|journal| journal.shared().alarms.obligations.get(key));
        held.or_else(|| self.journal.shared().alarms.obligations.get(key))
    }

    /// What is stated of a field, by whom, and when it was so.
    #[must_use]
    pub fn field(&self, world: &'w World, field: Field) -> Option<Told> {
        let regions = regions(world, &self.journal.id);
        let shared = shared(&regions);
        let merged = view::field(&shared, &self.journal.id, self.id, field)?;
        let (region, said) = merged.holds;
        let span = match &said.what.stated {
            Stated::Value(Fact::Range(Between { least, most })) => Known::Value((*least, *most)),
            Stated::Value(Fact::Count(n)) => Known::Value((*n, *n)),
            _ => Known::Unknown,
        };
        let (region, source, valid) = (region.clone(), said.what.source, said.what.valid);
        Some(Told { span, region, source: Some(source), at: valid })
    }
}

/// A number as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// At least, at most.
    pub span: Known<(u32, u32)>,
    /// By which region.
    pub region: JournalId,
    /// By which function; none for the first report.
    pub source: Option<Source>,
    /// When it was so.
    pub at: Time,
}

/// Whether an obligation ended by being met.
#[must_use]
pub fn met(held: &Obligation) -> bool {
    matches!(held.closed.as_ref().map(|closed| &closed.how), Some(How::Met | How::Told))
}

/// The world and the moment in which somebody reads.
#[must_use]
pub fn now(app: &App) -> (std::sync::Arc<World>, Time) {
    (app.engine.world(), app.engine.now())
}
