//! When donors are received, their appointments, and lists of donors to call. Whoever reads a list
//! of people reads about each of them, and that is recorded person by person.

use axum::Json;
use axum::extract::{Path, State};
use samband_access::Action;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command;
use samband_domain::donors::model::{AppointmentState, CallUp, Filter, Outcome, SessionFacts};
use samband_domain::donors::view;
use samband_domain::kernel::ReadOf;
use samband_domain::words::{AppointmentId, CallUpId, SessionId};
use samband_domain::{DonorId, Region};
use samband_engine::World;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::donor_records::Because;
use super::donors::{day, group, site};
use super::input::{Body, Key, moment, window_from_now};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::{App, Problem, Visitor, note_reads};

/// What stands in the record as the purpose of reading a list.
const PURPOSE: &str = "call_up";

fn local<'w>(app: &App, visitor: &Visitor, world: &'w World) -> Result<&'w Region, Problem> {
    visitor.permit(app, Action::SeeDonors, &visitor.region)?;
    world.local(&visitor.region).ok_or_else(|| Problem::not_found(visitor.region.as_str()))
}

fn kinds(all: &[String]) -> Result<Vec<DonationKind>, Problem> {
    all.iter().map(|kind| one_of::<DonationKind>(kind)).collect()
}

/// A time in which donors are received.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionSaid {
    /// The session.
    pub id: String,
    /// Where.
    pub site: String,
    /// From when.
    pub from: String,
    /// Until when; null is open.
    pub until: Option<String>,
    /// How many donors can be received.
    pub capacity: u16,
    /// How many places are taken.
    pub taken: usize,
    /// What can be given.
    pub kinds: Vec<String>,
}

/// Sessions of the own region that are to come.
#[utoipa::path(
    get, path = "/donor-sessions", tag = "donors",
    responses((status = 200, body = [SessionSaid]), (status = "default", body = ProblemDocument)),
)]
pub async fn sessions(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<SessionSaid>>, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = local(&app, &visitor, &world)?;
    let one = |(id, session): (&SessionId, &samband_domain::donors::model::Session)| SessionSaid {
        id: id.to_string(),
        site: session.facts.site.to_string(),
        from: session.facts.window.from().to_string(),
        until: session.facts.window.until().map(|until| until.to_string()),
        capacity: session.facts.capacity,
        taken: view::taken(&region.own.donors, id),
        kinds: session.facts.kinds.iter().map(ToString::to_string).collect(),
    };
    let all = view::sessions_to_come(&region.shared.donors, now);
    Ok(Json(all.into_iter().map(one).collect()))
}

/// A time in which donors are to be received.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSession {
    /// Where.
    pub site: String,
    /// From when, RFC 3339.
    pub from: String,
    /// Until when.
    pub until: String,
    /// How many donors can be received.
    pub capacity: u16,
    /// What can be given.
    pub kinds: Vec<String>,
}

/// Open a time in which donors are received.
#[utoipa::path(
    post, path = "/donor-sessions", tag = "donors", request_body = NewSession,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewSession>,
) -> Result<Json<Done>, Problem> {
    let facts = SessionFacts {
        site: site(&asked.site)?,
        window: window_from_now(&app, Some(&asked.from), Some(&asked.until))?,
        capacity: asked.capacity,
        kinds: kinds(&asked.kinds)?,
    };
    submit(&app, &visitor, key, Command::OpenSession { facts }).await
}

/// Call a session off.
#[utoipa::path(
    post, path = "/donor-sessions/{id}/close", tag = "donors", request_body = Because,
    params(
        ("id" = String, Path, description = "The session"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn close(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<Because>,
) -> Result<Json<Done>, Problem> {
    let session = SessionId::new(&id)?;
    submit(&app, &visitor, key, Command::CloseSession { session, reason: asked.reason }).await
}

/// Where an appointment is moved to.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTime {
    /// The session.
    pub session: String,
    /// When, RFC 3339.
    pub at: String,
}

/// Move an appointment.
#[utoipa::path(
    post, path = "/appointments/{id}/move", tag = "donors", request_body = NewTime,
    params(
        ("id" = String, Path, description = "The appointment"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn move_to(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewTime>,
) -> Result<Json<Done>, Problem> {
    let (appointment, session) = (AppointmentId::new(&id)?, SessionId::new(&asked.session)?);
    let at = moment("at", &asked.at)?;
    submit(&app, &visitor, key, Command::Move { appointment, session, at }).await
}

/// What became of an appointment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewState {
    /// `attended`, `no_show` or `cancelled`.
    pub state: String,
}

/// Say what became of an appointment.
#[utoipa::path(
    post, path = "/appointments/{id}/outcome", tag = "donors", request_body = NewState,
    params(
        ("id" = String, Path, description = "The appointment"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn settle(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewState>,
) -> Result<Json<Done>, Problem> {
    let (appointment, state) =
        (AppointmentId::new(&id)?, one_of::<AppointmentState>(&asked.state)?);
    submit(&app, &visitor, key, Command::Settle { appointment, state }).await
}

/// A list of donors to call; it names nobody.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListSaid {
    /// The list.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What is needed.
    pub kind: String,
    /// On which day.
    pub on: String,
    /// When it was made.
    pub made: String,
    /// How many donors.
    pub donors: usize,
    /// How many were called.
    pub called: usize,
    /// Whether it is closed.
    pub closed: bool,
}

fn said(id: &CallUpId, list: &CallUp) -> ListSaid {
    ListSaid {
        id: id.to_string(),
        name: list.name.clone(),
        kind: list.filter.kind.to_string(),
        on: list.filter.on.to_string(),
        made: list.made.to_string(),
        donors: list.donors.len(),
        called: list.donors.values().flatten().count(),
        closed: list.closed.is_some(),
    }
}

/// Lists of donors to call, the newest first.
#[utoipa::path(
    get, path = "/call-ups", tag = "donors",
    responses((status = 200, body = [ListSaid]), (status = "default", body = ProblemDocument)),
)]
pub async fn lists(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<ListSaid>>, Problem> {
    let world = app.engine.world();
    let region = local(&app, &visitor, &world)?;
    let mut all: Vec<_> = region.own.donors.lists.iter().collect();
    all.sort_by_key(|(_, list)| std::cmp::Reverse(list.made));
    Ok(Json(all.into_iter().map(|(id, list)| said(id, list)).collect()))
}

/// Whom to put on a list.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewList {
    /// What it is for.
    pub name: String,
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
    /// On which day they should be able to give, as `2026-05-31`.
    pub on: String,
    /// Of which group, e.g. `o_neg`; any if null.
    pub group: Option<String>,
    /// Who usually give here; anywhere if null.
    pub site: Option<String>,
    /// Whose last donation lies before this day.
    pub last_before: Option<String>,
    /// At most so many.
    pub most: u16,
}

/// Make a list of donors to call.
#[utoipa::path(
    post, path = "/call-ups", tag = "donors", request_body = NewList,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn make(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewList>,
) -> Result<Json<Done>, Problem> {
    let filter = Filter {
        kind: one_of(&asked.kind)?,
        on: day(&asked.on)?,
        group: asked.group.as_deref().map(group).transpose()?,
        site: asked.site.as_deref().map(site).transpose()?,
        last_before: asked.last_before.as_deref().map(day).transpose()?,
        most: asked.most,
    };
    submit(&app, &visitor, key, Command::MakeList { name: asked.name, filter }).await
}

/// Somebody on a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Called {
    /// The donor.
    pub donor: String,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// What came of calling; null is not called.
    pub outcome: Option<String>,
}

/// A list with those who are on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListRead {
    /// The list.
    #[serde(flatten)]
    pub list: ListSaid,
    /// Who is on it, those whom nobody has reached first.
    pub people: Vec<Called>,
}

fn called(region: &Region, donor: &DonorId, outcome: Option<Outcome>) -> Called {
    let held = region.own.donors.donors.get(donor);
    Called {
        donor: donor.to_string(),
        name: held.map_or_else(|| donor.to_string(), |held| held.identity.name.clone()),
        phone: held.and_then(|held| held.identity.phone.clone()),
        outcome: outcome.map(|outcome| outcome.to_string()),
    }
}

fn found<'r>(region: &'r Region, id: &str) -> Result<(CallUpId, &'r CallUp), Problem> {
    let id = CallUpId::new(id).map_err(|_| Problem::not_found(id))?;
    let list = region.own.donors.lists.get(&id).ok_or_else(|| Problem::not_found(id.as_str()))?;
    Ok((id, list))
}

/// A list with those who are on it. That each of them was read about is recorded first.
#[utoipa::path(
    get, path = "/call-ups/{id}", tag = "donors",
    params(("id" = String, Path, description = "The list")),
    responses((status = 200, body = ListRead), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<ListRead>, Problem> {
    let known = app.engine.world();
    let (id, list) = found(local(&app, &visitor, &known)?, &id)?;
    note_reads(&app, &visitor, list.donors.keys().cloned().map(ReadOf::Donor), PURPOSE).await?;
    let mut donors: Vec<_> = list.donors.iter().collect();
    donors.sort_by_key(|(_, outcome)| outcome.is_some_and(Outcome::reached));
    let region = local(&app, &visitor, &known)?;
    let people = donors.into_iter().map(|(donor, outcome)| called(region, donor, *outcome));
    Ok(Json(ListRead { list: said(&id, list), people: people.collect() }))
}

/// The next on a list whom nobody has called; null if everybody was. The reading is recorded.
#[utoipa::path(
    get, path = "/call-ups/{id}/next", tag = "donors",
    params(("id" = String, Path, description = "The list")),
    responses((status = 200, body = Option<Called>), (status = "default", body = ProblemDocument)),
)]
pub async fn next(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Option<Called>>, Problem> {
    let world = app.engine.world();
    let region = local(&app, &visitor, &world)?;
    let (_, list) = found(region, &id)?;
    let next = list.donors.iter().find(|(_, outcome)| outcome.is_none());
    let Some((donor, _)) = next else { return Ok(Json(None)) };
    note_reads(&app, &visitor, [ReadOf::Donor(donor.clone())], PURPOSE).await?;
    Ok(Json(Some(called(region, donor, None))))
}

/// Close a list.
#[utoipa::path(
    post, path = "/call-ups/{id}/close", tag = "donors",
    params(
        ("id" = String, Path, description = "The list"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
) -> Result<Json<Done>, Problem> {
    let list = CallUpId::new(&id)?;
    submit(&app, &visitor, key, Command::CloseList { list }).await
}
