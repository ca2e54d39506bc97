//! The clocks of alarms and the heartbeat of whoever attends to them: for a watcher outside the
//! process, which compares them with its own time.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::alarms::model::Party;
use samband_domain::alarms::view::{Clock, ClockOf, scheduled};
use samband_domain::{JournalId, Region, clocks};
use samband_engine::{Engine, World};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::ProblemDocument;
use crate::app::{App, Problem, Visitor};

/// A clock that runs, or has rung without anything having followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunningClock {
    /// Whose alarm.
    pub issuer: String,
    /// Which.
    pub alarm: String,
    /// Whose role it wakes: a region's or somebody's outside.
    pub party: String,
    /// The role.
    pub role: String,
    /// `step`: the program takes the next step of the ladder; `owed`: a person owes something.
    pub kind: String,
    /// Which step, or what is owed.
    pub what: String,
    /// When it rings.
    pub at: String,
    /// The same in microseconds UTC.
    pub at_us: i64,
}

/// Messages whose time has come and of which no attempt is recorded yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unsent {
    /// How many.
    pub count: usize,
    /// Since when the first of them waits, in microseconds UTC.
    pub oldest_us: i64,
}

/// A region's clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RegionClocks {
    /// Which region.
    pub region: String,
    /// Its clocks, soonest first.
    pub clocks: Vec<RunningClock>,
    /// What waits to be sent; null if nothing does, or if it is not for the asker to know.
    pub unsent: Option<Unsent>,
    /// The journals that it trusts, and when each was last heard of.
    pub neighbours: Vec<HeardOf>,
}

/// A trusted journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeardOf {
    /// Which.
    pub journal: String,
    /// When its last word came, or since when it is waited for, by the server's clock, in
    /// microseconds UTC; null if this process does not listen for it.
    pub heard_us: Option<i64>,
    /// How many of this region's alarms it has yet to answer.
    pub owes: usize,
}

/// How alarms are attended to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlarmClocks {
    /// Now, by the server's clock.
    pub now: String,
    /// The same in microseconds UTC.
    pub now_us: i64,
    /// `ok`, `degraded` (records nothing at the moment) or `stopped`.
    pub status: String,
    /// Whether another process writes, and attends.
    pub follower: bool,
    /// When alarms were last attended to, in microseconds UTC; null if they never were.
    pub attended_us: Option<i64>,
    /// How far the machine's clock jumped back, in microseconds, the last time it did.
    pub went_back_us: Option<i64>,
    /// Every region that was asked about.
    pub regions: Vec<RegionClocks>,
}

/// The clocks of the regions at home here, as far as the asker may see them, and the heartbeat of
/// whoever attends to them.
#[utoipa::path(
    get, path = "/alarms/clocks", tag = "alarms",
    responses((status = 200, body = AlarmClocks), (status = "default", body = ProblemDocument)),
)]
pub async fn see(State(app): State<App>, visitor: Visitor) -> Result<Json<AlarmClocks>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let may = |region: &JournalId| visitor.permit(&app, Action::SeeAlarms, region).is_ok();
    let own = |region: &JournalId| *region == visitor.region;
    Ok(Json(gather(&app.engine, &may, &own)))
}

/// The same for whoever looks after the machine: everything.
#[must_use]
pub fn everything(engine: &Engine) -> AlarmClocks {
    gather(engine, &|_| true, &|_| true)
}

fn gather(
    engine: &Engine,
    may: &dyn Fn(&JournalId) -> bool,
    own: &dyn Fn(&JournalId) -> bool,
) -> AlarmClocks {
    let (health, attended) = (engine.health(), engine.attended());
    let (world, now) = (engine.world(), engine.now());
    let status = match (&health.trouble, health.stopped) {
        (_, true) => "stopped",
        (Some(_), _) => "degraded",
        (None, _) => "ok",
    };
    let locals = world.locals().filter_map(|journal| Some((&journal.id, journal.local()?)));
    let locals = locals.filter(|(id, _)| may(id));
    let regions = locals.map(|(id, region)| of_region(engine, &world, (id, region), own(id)));
    AlarmClocks {
        now: now.to_string(),
        now_us: now.0,
        status: status.into(),
        follower: engine.follows(),
        attended_us: attended.value().map(|at| at.0),
        went_back_us: health.clock_went_back,
        regions: regions.collect(),
    }
}

fn of_region(
    engine: &Engine,
    world: &World,
    (id, region): (&JournalId, &Region),
    own: bool,
) -> RegionClocks {
    let (alarms, now) = (&region.shared.alarms, engine.now());
    let mut due = scheduled(alarms, &region.own.alarms);
    due.retain(|message| own && message.due <= now);
    let unsent = due.iter().map(|message| message.due.0).min();
    let unsent = unsent.map(|oldest_us| Unsent { count: due.len(), oldest_us });
    let owes = |journal: &JournalId| {
        let theirs = Party::Region(journal.clone());
        let open = alarms.obligations.iter();
        open.filter(|(key, held)| key.to.party == theirs && !held.quiet()).count()
    };
    let heard_of = |journal: &JournalId| HeardOf {
        journal: journal.to_string(),
        heard_us: engine.last_heard(journal).map(|at| at.0),
        owes: owes(journal),
    };
    let neighbours = region.shared.bonds.peers.keys().filter(|peer| world.local(peer).is_none());
    RegionClocks {
        region: id.to_string(),
        clocks: clocks(region, id, &world.others()).iter().map(running).collect(),
        unsent,
        neighbours: neighbours.map(heard_of).collect(),
    }
}

fn running(clock: &Clock) -> RunningClock {
    let Clock { key, what, at } = clock;
    let (kind, what) = match what {
        ClockOf::Step(step) => ("step", step.to_string()),
        ClockOf::Owed(owed) => ("owed", owed.to_string()),
    };
    let party = match &key.to.party {
        Party::Region(region) => region.to_string(),
        Party::Outside(code) => code.to_string(),
    };
    RunningClock {
        issuer: key.issuer.to_string(),
        alarm: key.alarm.to_string(),
        party,
        role: key.to.role.to_string(),
        kind: kind.into(),
        what,
        at: at.to_string(),
        at_us: at.0,
    }
}
