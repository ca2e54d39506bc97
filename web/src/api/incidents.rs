//! Incidents: how they stand, their blood, what was measured; notes, modes, measures, duties.

mod blood;
mod distribution;
mod said;

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::alarms::model::{DutyRole, Key as Owing, Owed, Party, Recipient};
use samband_domain::incidents::Command;
use samband_domain::incidents::model::{CareMode, Duty, Measure, Resolution, Scope};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{JournalId, SiteId, alarms};

use super::answer::{Done, submit};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::incident::{self, after, duties, find, indicators};
use crate::app::{App, Problem, Visitor};

pub use blood::{CurveAsked, IncidentBlood};
pub use distribution::*;
pub use said::*;

fn time(text: &str, name: &'static str) -> Result<samband_domain::Time, Problem> {
    let stamp = text.parse::<jiff::Timestamp>().map_err(|_| Problem::malformed(name))?;
    Ok(samband_domain::Time(stamp.as_microsecond()))
}

/// Every incident that is known, open ones first.
#[utoipa::path(
    get, path = "/incidents", tag = "incidents",
    responses((status = 200, body = Vec<IncidentLine>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<IncidentLine>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let all = incident::all(&world, &visitor.region);
    Ok(Json(all.iter().map(IncidentLine::from).collect()))
}

/// An incident: stages, measures, indicators as they stand, and duties.
#[utoipa::path(
    get, path = "/incidents/{issuer}/{id}", tag = "incidents",
    params(("issuer" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = IncidentPage), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(String, String)>,
) -> Result<Json<IncidentPage>, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let shown = indicators::all(&world, &found, now);
    let duties = duties::of(&world, &found, now);
    Ok(Json(IncidentPage::of(&found, &shown, &duties)))
}

/// The blood of an incident: the need as a range, and hours of cover of every region.
#[utoipa::path(
    get, path = "/incidents/{issuer}/{id}/blood", tag = "incidents",
    params(("issuer" = String, Path), ("id" = String, Path), CurveAsked),
    responses((status = 200, body = IncidentBlood), (status = "default", body = ProblemDocument)),
)]
pub async fn blood(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(String, String)>,
    Query(asked): Query<CurveAsked>,
) -> Result<Json<IncidentBlood>, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let room = incident::blood::room(&world, &found, asked.asked()?, now);
    let switchers = incident::blood::switchers(&world, &visitor.region, now);
    Ok(Json(IncidentBlood::of(&room, switchers)))
}

/// What was measured, against the deadlines that held.
#[utoipa::path(
    get, path = "/incidents/{issuer}/{id}/after", tag = "incidents",
    params(("issuer" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Vec<IncidentTime>), (status = "default", body = ProblemDocument)),
)]
pub async fn after(
    State(app): State<App>,
    visitor: Visitor,
    At((issuer, id)): At<(String, String)>,
) -> Result<Json<Vec<IncidentTime>>, Problem> {
    let world = app.engine.world();
    let found = find(&world, &issuer, &id)?;
    visitor.permit(&app, Action::SeeAlarms, &found.journal.id)?;
    let report = after::report(&world, &found);
    let tables = report.tables();
    let rest = tables.iter().flat_map(|(_, rows)| rows.iter());
    Ok(Json(report.course.iter().chain(rest).map(IncidentTime::from).collect()))
}

/// Write down what became known.
#[utoipa::path(
    post, path = "/incidents/{id}/notes", tag = "incidents", request_body = NewIncidentNote,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn note(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(id): At<String>,
    Body(asked): Body<NewIncidentNote>,
) -> Result<Json<Done>, Problem> {
    let incident = IncidentId::new(&id)?;
    submit(&app, &visitor, key, Command::Note { incident, text: asked.text, source: asked.source })
        .await
}

/// Set the mode of the region or of a hospital.
#[utoipa::path(
    post, path = "/care-modes", tag = "incidents", request_body = NewCareMode,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn mode(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewCareMode>,
) -> Result<Json<Done>, Problem> {
    let site = asked.site.as_deref().map(SiteId::new).transpose()?;
    let mode = one_of::<CareMode>(&asked.mode)?;
    submit(&app, &visitor, key, Command::SetMode { site, mode, basis: asked.basis }).await
}

/// Decide on triage by the rules of mass casualties, or on rationing. The indicators as they stand
/// are recorded with it.
#[utoipa::path(
    post, path = "/incidents/{id}/measures", tag = "incidents", request_body = NewMeasure,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn resolve(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(id): At<String>,
    Body(asked): Body<NewMeasure>,
) -> Result<Json<Done>, Problem> {
    let (world, now) = incident::now(&app);
    let measure = one_of::<Measure>(&asked.measure)?;
    let scope = match asked.scope.as_str() {
        "scene" => Scope::Scene,
        "region" => Scope::Region,
        site => Scope::Site(SiteId::new(site)?),
    };
    let found = find(&world, visitor.region.as_str(), &id)?;
    let shown = indicators::all(&world, &found, now).into_iter();
    let resolution = Resolution {
        measure,
        scope,
        resource: asked.resource,
        basis: asked.basis,
        indicators: shown.filter(|one| one.measure == measure).map(|one| one.indicator).collect(),
        review: time(&asked.review, "review")?,
    };
    let incident = found.id.clone();
    submit(&app, &visitor, key, Command::Resolve { incident, resolution: Box::new(resolution) })
        .await
}

/// Sign a decision, let it go on, or lift it.
#[utoipa::path(
    post, path = "/incidents/{id}/measures/{place}", tag = "incidents",
    request_body = ChangedMeasure,
    params(
        ("id" = String, Path), ("place" = u16, Path, description = "Place among the decisions"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((id, resolution)): At<(String, u16)>,
    Body(asked): Body<ChangedMeasure>,
) -> Result<Json<Done>, Problem> {
    let incident = IncidentId::new(&id)?;
    let basis = asked.basis.unwrap_or_default();
    let command = match (asked.change.as_str(), asked.review) {
        ("second", None) => Command::Second { incident, resolution },
        ("extend", Some(review)) => {
            Command::Extend { incident, resolution, review: time(&review, "review")?, basis }
        }
        ("lift", None) => Command::Lift { incident, resolution, basis },
        _ => return Err(Problem::malformed("change")),
    };
    submit(&app, &visitor, key, command).await
}

/// Stand down, or end it.
#[utoipa::path(
    post, path = "/incidents/{id}/end", tag = "incidents", request_body = NewIncidentEnd,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(id): At<String>,
    Body(asked): Body<NewIncidentEnd>,
) -> Result<Json<Done>, Problem> {
    let incident = IncidentId::new(&id)?;
    let command = match asked.step.as_str() {
        "stand_down" => Command::StandDown { incident, basis: asked.text },
        "close" => Command::Close { incident, text: asked.text },
        _ => return Err(Problem::malformed("step")),
    };
    submit(&app, &visitor, key, command).await
}

/// Give a region a duty.
#[utoipa::path(
    post, path = "/incidents/{id}/duties", tag = "incidents", request_body = NewDuty,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn assign(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(id): At<String>,
    Body(asked): Body<NewDuty>,
) -> Result<Json<Done>, Problem> {
    let incident = IncidentId::new(&id)?;
    let region = JournalId::new(&asked.region)?;
    let due = time(&asked.due, "due")?;
    let NewDuty { what, gap, cost, owner, .. } = asked;
    let duty = Duty { what, region, due, gap, cost, owner };
    submit(&app, &visitor, key, Command::AssignDuty { incident, duty }).await
}

/// Say how far a duty of the own region has come.
#[utoipa::path(
    post, path = "/incidents/{issuer}/{id}/duties/{place}", tag = "incidents",
    request_body = NewDutyReport,
    params(
        ("issuer" = String, Path), ("id" = String, Path), ("place" = u16, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((issuer, id, place)): At<(String, String, u16)>,
    Body(asked): Body<NewDutyReport>,
) -> Result<Json<Done>, Problem> {
    let (world, now) = incident::now(&app);
    let found = find(&world, &issuer, &id)?;
    let rows = duties::of(&world, &found, now);
    let row = rows.iter().find(|row| row.place == place);
    let duty = row.ok_or_else(|| Problem::not_found(place.to_string()))?.assigned.at.clone();
    let command = Command::ReportDuty { duty, done: asked.done, proof: asked.proof };
    submit(&app, &visitor, key, command).await
}

/// Say that the own region's stock is told, as an alarm asks.
#[utoipa::path(
    post, path = "/incidents/{issuer}/{id}/blood/stock", tag = "incidents",
    request_body = NewStockWord,
    params(
        ("issuer" = String, Path), ("id" = String, Path),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn stock(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At((issuer, id)): At<(String, String)>,
    Body(asked): Body<NewStockWord>,
) -> Result<Json<Done>, Problem> {
    let world = app.engine.world();
    let found = find(&world, &issuer, &id)?;
    let party = Party::Region(visitor.region.clone());
    let to = Recipient { party, role: DutyRole::BloodCentre };
    let alarm = AlarmId::new(&asked.alarm)?;
    let owing = Owing { issuer: found.journal.id.clone(), alarm, to };
    submit(&app, &visitor, key, alarms::Command::Deliver { key: owing, owed: Owed::Stock }).await
}
