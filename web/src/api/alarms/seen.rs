//! Alarms as programs read them.

use samband_domain::JournalId;
use samband_domain::alarms::How;
use samband_domain::alarms::model::Recipient;
use samband_domain::alarms::view::ClockOf;
use samband_engine::World;
use serde::Serialize;
use utoipa::ToSchema;

use super::said::{Injured, Where};
use crate::app::alarm::{
    Owes, Quorum, Seen, Standing, blood, known, mode_of, promised, quorum, running,
};

/// n of N.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct OutOf {
    /// Those who have answered.
    pub answered: usize,
    /// Those who were asked.
    pub of: usize,
}

impl From<Quorum> for OutOf {
    fn from(quorum: Quorum) -> Self {
        Self { answered: quorum.answered, of: quorum.of }
    }
}

/// Transports that are promised.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Promises {
    /// Regions that have said something.
    pub regions: usize,
    /// Regions that may.
    pub of: usize,
    /// Transports promised.
    pub units: usize,
    /// Of these, not released.
    pub open: usize,
}

/// An alarm.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlarmSeen {
    /// Whose.
    pub issuer: String,
    /// Its id; the first letters say whether it is real.
    pub id: String,
    /// `real`, `exercise` or `demo`; null where the issuer's record is not held here.
    pub mode: Option<String>,
    /// The incident; none for a test of reach.
    pub incident: Option<String>,
    /// What for.
    pub kind: String,
    /// One line.
    pub headline: String,
    /// What is known.
    pub text: String,
    /// Where; null is unknown.
    pub place: Option<Where>,
    /// Injured; null is unknown.
    pub injured: Option<Injured>,
    /// When it was issued, as far as is known here.
    pub issued: Option<String>,
    /// The alarm that it updates or takes back.
    pub replaces: Option<String>,
    /// The alarm that took its place or took it back.
    pub replaced: Option<String>,
    /// Regions that have answered: the others by their duty officers, the one that alarms by its
    /// own command, if that was alarmed.
    pub regions: OutOf,
    /// Blood centres that have answered in the same incident.
    pub blood: OutOf,
    /// Transports that are promised.
    pub promised: Promises,
    /// Recipients who have not answered.
    pub unanswered: usize,
}

impl AlarmSeen {
    /// An alarm as programs read it.
    pub(super) fn of(world: &World, seen: &Seen<'_>) -> Self {
        let alarm = seen.alarm;
        let (promises, regions) = promised(world, seen);
        let mode = world.journal(seen.issuer).map(|_| mode_of(world, seen.issuer));
        Self {
            issuer: seen.issuer.to_string(),
            id: alarm.id.to_string(),
            mode: mode.map(|mode| mode.as_str().to_owned()),
            incident: alarm.incident.as_ref().map(ToString::to_string),
            kind: alarm.kind.to_string(),
            headline: alarm.headline.clone(),
            text: alarm.text.clone(),
            place: alarm.place.as_ref().value().map(Where::of),
            injured: alarm.injured.value().map(Injured::of),
            issued: seen.said.map(|at| at.to_string()),
            replaces: alarm.replaces.as_ref().map(ToString::to_string),
            replaced: seen.replaced.map(ToString::to_string),
            regions: quorum(seen).into(),
            blood: blood(world, seen).into(),
            promised: Promises {
                regions: promises.regions,
                of: regions,
                units: promises.units,
                open: promises.open,
            },
            unanswered: seen.unanswered().len(),
        }
    }
}

/// What one recipient owes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Obligation {
    /// Who: `{"party": {"region": "skane"}, "role": "tib"}`.
    #[schema(value_type = Object)]
    pub to: Recipient,
    /// `created`, `tried`, `failed`, `received`, `read`, `answered`, `met`, `told`, `replaced`,
    /// `recalled` or `by_hand`.
    pub state: String,
    /// The channel it has come to.
    pub channel: Option<String>,
    /// Whose record says so.
    pub by: String,
    /// Since when.
    pub since: String,
    /// When it was answered.
    pub answered: Option<String>,
    /// By which way.
    pub answered_by: Option<String>,
    /// When it ended.
    pub closed: Option<String>,
    /// Why a person closed it.
    pub why: Option<String>,
    /// Steps of the ladder that were taken.
    pub steps: Vec<String>,
    /// How many attempts were made.
    pub attempts: usize,
    /// What rings next.
    pub next: Option<String>,
    /// When it rings.
    pub next_at: Option<String>,
}

impl Obligation {
    fn of(world: &World, one: &Owes<'_>) -> Self {
        let standing = one.standing();
        let closed = one.held.closed.as_ref().or_else(|| one.issuer?.closed.as_ref());
        let why = match &standing {
            Standing::Ended(How::ByHand(why)) => Some(why.clone()),
            _ => None,
        };
        let next = one.next(world).filter(|_| !one.closed());
        Self {
            to: one.key.to.clone(),
            state: standing.as_str().to_owned(),
            channel: standing.channel().map(|channel| channel.to_string()),
            by: one.by.to_string(),
            since: one.held.since.to_string(),
            answered: one.answer().map(|answer| answer.at.to_string()),
            answered_by: one.answer().map(|answer| answer.by.to_string()),
            closed: closed.map(|closed| closed.at.to_string()),
            why,
            steps: one.held.steps.iter().map(ToString::to_string).collect(),
            attempts: one.held.attempts.len(),
            next: next.as_ref().map(|clock| match clock.what {
                ClockOf::Step(step) => step.to_string(),
                ClockOf::Owed(owed) => owed.to_string(),
            }),
            next_at: next.map(|clock| clock.at.to_string()),
        }
    }
}

/// An alarm with what everybody owes.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneAlarm {
    /// The alarm.
    pub alarm: AlarmSeen,
    /// What its recipients owe, in the order of the alarm.
    pub obligations: Vec<Obligation>,
}

impl OneAlarm {
    /// An alarm as programs read it.
    pub(super) fn of(world: &World, seen: &Seen<'_>) -> Self {
        let obligations = seen.owes.iter().map(|one| Obligation::of(world, one)).collect();
        Self { alarm: AlarmSeen::of(world, seen), obligations }
    }
}

/// The alarms that concern a region, the latest first: all of them, or those that run.
#[must_use]
pub fn alarms_of(world: &World, region: &JournalId, only_running: bool) -> Vec<AlarmSeen> {
    let all = if only_running { running(world, region) } else { known(world, region) };
    all.iter().map(|one| AlarmSeen::of(world, one)).collect()
}

/// One of them, by its id.
#[must_use]
pub fn alarm_of(world: &World, region: &JournalId, id: &str) -> Option<OneAlarm> {
    let all = known(world, region);
    all.iter().find(|one| one.alarm.id.as_str() == id).map(|one| OneAlarm::of(world, one))
}
