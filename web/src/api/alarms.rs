//! Incidents and alarms: raise, issue, update, take back, follow, answer and close.

mod said;
mod seen;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::alarms::Command;
use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{By, Key as Obligation, Kind, Recipient, Says};
use samband_domain::incidents::model::{Assessment, CareMode};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{Command as Any, JournalId, Known, Mode, incidents};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

pub use said::{Injured, Report, Where};
pub use seen::{AlarmSeen, OneAlarm, alarm_of, alarms_of};

use super::answer::{Done, Place, given, submit};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::alarm as shared;
use crate::app::{App, Problem, Visitor};

/// What an alarm says beside the report; what is left out follows from the report.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmWords {
    /// One line.
    pub headline: Option<String>,
    /// What is known.
    pub text: Option<String>,
    /// Who is alarmed: `{"party": {"region": "skane"}, "role": "tib"}`; the usual recipients, if
    /// nobody is named.
    #[schema(value_type = Option<Vec<Object>>)]
    pub to: Option<Vec<Recipient>>,
}

/// Confirm, assess and alarm with one signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Raise {
    /// The incident; none if it begins with this.
    pub incident: Option<String>,
    /// What is known.
    pub report: Report,
    /// On what grounds it is confirmed.
    pub basis: String,
    /// The region's mode from now on: `staff`, `reinforced` or `catastrophe`; `staff` if nobody
    /// says.
    pub mode: Option<String>,
    /// `harm` and `imbalance`, each with `holds` (`yes`, `suspected` or `no`), `basis` and
    /// `source`.
    #[schema(value_type = Object)]
    pub assessment: Assessment,
    /// The alarm.
    pub alarm: Option<AlarmWords>,
    /// The mode of the own region's journal, written out: `real`, `exercise` or `demo`. Whoever
    /// means another one alarms nobody.
    pub confirm: Option<String>,
}

/// Nobody alarms in another mode than the one meant: a program writes it out as a person types a
/// word (preparedness.md §6.5 (9)).
fn confirmed(mode: Mode, said: Option<&str>) -> Result<(), Problem> {
    if said == Some(mode.as_str()) {
        return Ok(());
    }
    let problem = Problem::unprocessable("web.alarm_confirm").fact("mode", mode.as_str());
    Err(problem.fact("said", said.unwrap_or_default()))
}

/// What came into being.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alarmed {
    /// The first record; null if nothing had to be recorded.
    pub record: Option<Place>,
    /// How many records.
    pub records: u32,
    /// Whether this answers a repetition of a command carried out before.
    pub repeated: bool,
    /// The incident.
    pub incident: Option<String>,
    /// The alarm.
    pub alarm: Option<String>,
    /// How many are alarmed.
    pub recipients: usize,
}

async fn give(
    app: &App,
    visitor: &Visitor,
    key: Key,
    command: impl Into<Any>,
) -> Result<Json<Alarmed>, Problem> {
    let receipt = given(app, visitor, key, command).await?;
    let made = shared::made(std::slice::from_ref(&receipt));
    Ok(Json(Alarmed {
        record: receipt.first.as_ref().map(Place::from),
        records: receipt.count,
        repeated: receipt.repeated,
        incident: made.incident.map(|id| id.to_string()),
        alarm: made.alarm.map(|id| id.to_string()),
        recipients: made.recipients,
    }))
}

/// Those who are named; the usual recipients of an alarm of that kind, if nobody is.
fn to(app: &App, visitor: &Visitor, kind: Kind, said: Option<Vec<Recipient>>) -> Vec<Recipient> {
    said.unwrap_or_else(|| {
        let (world, now) = (app.engine.world(), app.engine.now());
        let all = shared::choices(&world, &visitor.region, kind, now).into_iter();
        all.filter(|one| one.preselected).map(|one| one.to).collect()
    })
}

/// Raise the alarm: confirm a major incident, assess it as one of mass casualties, and alarm.
#[utoipa::path(
    post, path = "/alarms/raise", tag = "alarms", request_body = Raise,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Alarmed), (status = "default", body = ProblemDocument)),
)]
pub async fn raise(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Raise>,
) -> Result<Json<Alarmed>, Problem> {
    let mode = shared::mode_of(&app.engine.world(), &visitor.region);
    visitor.permit(&app, Action::ConfirmIncident, &visitor.region)?;
    confirmed(mode, body.confirm.as_deref())?;
    let report = body.report.read()?;
    let says = body.alarm.unwrap_or_default();
    let usual = shared::from_report(visitor.words, Kind::Regional, &report, mode);
    let draft = Draft {
        headline: says.headline.unwrap_or(usual.headline),
        text: says.text.unwrap_or(usual.text),
        to: to(&app, &visitor, Kind::Regional, says.to),
        ..usual
    };
    let care = body.mode.as_deref().unwrap_or("staff").parse::<CareMode>();
    let command = incidents::Command::Raise {
        incident: body.incident.as_deref().map(IncidentId::new).transpose()?,
        report: Box::new(report),
        basis: body.basis,
        mode: care.map_err(|_| Problem::malformed("mode"))?,
        assessment: body.assessment,
        alarm: Box::new(draft),
    };
    give(&app, &visitor, key, command).await
}

/// An alarm in an incident: a first one of its kind, an update, or a recall.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// The incident; none for a test of reach, and for what replaces another alarm.
    pub incident: Option<String>,
    /// `pre_alert`, `regional`, `blood`, `national`, `recall` or `reach`.
    pub kind: String,
    /// One line; for a recall it may be left out.
    pub headline: Option<String>,
    /// What is known; why, for a recall.
    pub text: Option<String>,
    /// Where; as in what it replaces, if left out.
    pub place: Option<Where>,
    /// Injured; as in what it replaces, if left out.
    pub injured: Option<Injured>,
    /// Who is alarmed; the usual recipients, or those of what it replaces, if nobody is named.
    #[schema(value_type = Option<Vec<Object>>)]
    pub to: Option<Vec<Recipient>>,
    /// The own alarm that this one updates or takes back.
    pub replaces: Option<String>,
}

fn issued(app: &App, visitor: &Visitor, body: Issue) -> Result<Draft, Problem> {
    let kind: Kind = body.kind.parse().map_err(|_| Problem::malformed("kind"))?;
    let world = app.engine.world();
    let (w, mode) = (visitor.words, shared::mode_of(&world, &visitor.region));
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let replaces = body.replaces.as_deref().map(AlarmId::new).transpose()?;
    let before = replaces.as_ref().and_then(|id| journal.shared().alarms.issued.get(id));
    let incident = body.incident.as_deref().map(IncidentId::new).transpose()?;
    let missing = |what: &'static str| Problem::malformed(what);
    let usual = match (kind, before) {
        (Kind::Recall, Some(held)) => shared::recall(w, &held.alarm, body.text.as_deref(), mode),
        (_, Some(held)) => shared::again(&held.alarm, kind),
        (_, None) => Draft {
            incident,
            kind,
            headline: body.headline.clone().ok_or_else(|| missing("headline"))?,
            text: body.text.clone().ok_or_else(|| missing("text"))?,
            place: Known::Unknown,
            injured: Known::Unknown,
            to: to(app, visitor, kind, None),
            replaces,
        },
    };
    let recall = kind == Kind::Recall;
    let place = body.place.map(Where::read).transpose()?;
    Ok(Draft {
        headline: body.headline.unwrap_or(usual.headline),
        text: body.text.filter(|_| !recall).unwrap_or(usual.text),
        place: place.map_or(usual.place, Known::Value),
        injured: body.injured.map_or(usual.injured, |injured| Known::Value(injured.read())),
        to: body.to.unwrap_or(usual.to),
        incident: usual.incident,
        kind,
        replaces: usual.replaces,
    })
}

/// Issue an alarm, update one, or take one back.
#[utoipa::path(
    post, path = "/alarms", tag = "alarms", request_body = Issue,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Alarmed), (status = "default", body = ProblemDocument)),
)]
pub async fn issue(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Issue>,
) -> Result<Json<Alarmed>, Problem> {
    let alarm = Box::new(issued(&app, &visitor, body)?);
    give(&app, &visitor, key, Command::Issue { alarm }).await
}

/// Which alarms.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// `true`: only those that still ask something of somebody.
    #[serde(default)]
    pub running: bool,
}

/// The alarms that concern the own region, the latest first.
#[utoipa::path(
    get, path = "/alarms", tag = "alarms", params(Which),
    responses((status = 200, body = Vec<AlarmSeen>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Json<Vec<AlarmSeen>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    Ok(Json(alarms_of(&app.engine.world(), &visitor.region, which.running)))
}

/// One alarm, with what everybody owes and how far that has come.
#[utoipa::path(
    get, path = "/alarms/{issuer}/{id}", tag = "alarms",
    params(("issuer" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = OneAlarm), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(JournalId, AlarmId)>,
) -> Result<Json<OneAlarm>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &issuer)?;
    let world = app.engine.world();
    let seen = found(&world, &visitor, (&issuer, &id))?;
    Ok(Json(OneAlarm::of(&world, &seen)))
}

fn found<'a>(
    world: &'a samband_engine::World,
    visitor: &Visitor,
    (issuer, id): (&JournalId, &AlarmId),
) -> Result<shared::Seen<'a>, Problem> {
    let seen = shared::alarm(world, issuer, id);
    let mode = |region| shared::mode_of(world, region);
    // Nothing crosses from an exercise into earnest, or back.
    let same = |_: &shared::Seen<'a>| {
        world.journal(issuer).is_none_or(|_| mode(issuer) == mode(&visitor.region))
    };
    seen.filter(same).ok_or_else(|| Problem::not_found(id.as_str()))
}

/// A person's answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAlarmAnswer)]
pub struct NewAnswer {
    /// Who owes it: `{"party": {"region": "skane"}, "role": "tib"}`.
    #[schema(value_type = Object)]
    pub to: Recipient,
    /// `takes_on`, `cannot` or `wrong_recipient`.
    pub says: String,
    /// Who said so on the telephone; whoever is signed in, if left out.
    pub told: Option<String>,
    /// More; it stays in the region.
    pub note: Option<String>,
}

/// Answer for a role, or write down what somebody answered by telephone.
#[utoipa::path(
    post, path = "/alarms/{issuer}/{id}/answers", tag = "alarms", request_body = NewAnswer,
    params(
        ("issuer" = String, Path), ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, alarm)): At<(JournalId, AlarmId)>,
    key: Key,
    Body(body): Body<NewAnswer>,
) -> Result<Json<Done>, Problem> {
    let says: Says = body.says.parse().map_err(|_| Problem::malformed("says"))?;
    let (who, by) = match body.told {
        Some(name) => (Who::Told { name }, By::Told),
        None => (Who::Oneself, By::Page),
    };
    let to = Obligation { issuer, alarm, to: body.to };
    submit(&app, &visitor, key, Command::Answer { key: to, who, by, says, note: body.note }).await
}

/// An obligation that nobody will meet.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Who owes it.
    #[schema(value_type = Object)]
    pub to: Recipient,
    /// Why it is closed.
    pub why: String,
}

/// Close by hand what nobody will meet.
#[utoipa::path(
    post, path = "/alarms/{issuer}/{id}/close", tag = "alarms", request_body = Closing,
    params(
        ("issuer" = String, Path), ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn close(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, alarm)): At<(JournalId, AlarmId)>,
    key: Key,
    Body(body): Body<Closing>,
) -> Result<Json<Done>, Problem> {
    let to = Obligation { issuer, alarm, to: body.to };
    submit(&app, &visitor, key, Command::Close { key: to, why: body.why }).await
}

/// A first report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// What is known.
    pub report: Report,
    /// `true`: only a draft; nothing leaves the region but the record.
    #[serde(default)]
    pub draft: bool,
    /// `true`: the neighbours are told early. Nobody has to answer.
    #[serde(default)]
    pub pre_alert: bool,
}

/// Write down a first report, and tell the neighbours early if asked to.
#[utoipa::path(
    post, path = "/incidents", tag = "alarms", request_body = Open,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Alarmed), (status = "default", body = ProblemDocument)),
)]
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Open>,
) -> Result<Json<Alarmed>, Problem> {
    if body.draft && body.pre_alert {
        return Err(Problem::malformed("pre_alert"));
    }
    let report = body.report.read()?;
    let mode = shared::mode_of(&app.engine.world(), &visitor.region);
    let usual = shared::from_report(visitor.words, Kind::PreAlert, &report, mode);
    let told = to(&app, &visitor, Kind::PreAlert, None);
    let tell = (body.pre_alert && !told.is_empty()).then(|| Box::new(Draft { to: told, ..usual }));
    let (report, suspected) = (Box::new(report), !body.draft);
    let command = incidents::Command::Open { report, suspected, tell };
    give(&app, &visitor, key, command).await
}
