//! Actors without names, and persons, whose reading is recorded.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::kernel::{Command, Identity, Profession};
use samband_domain::{ActorId, JournalId};
use samband_engine::Request;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Format, only, submit};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use super::regions::regions_of;
use super::sites::{Whose, one_of};
use crate::app::{App, Problem, Visitor, fresh_key};
use crate::tables;

/// Somebody who acts, without a name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Actor {
    /// Region.
    pub region: String,
    /// Identifier.
    pub id: String,
    /// Profession.
    pub profession: String,
    /// Title without a name.
    pub title: String,
    /// Since when known.
    pub since: String,
}

/// The actors of one or all regions, without names.
#[utoipa::path(
    get, path = "/actors", tag = "actors", params(Whose),
    responses((status = 200, body = Vec<Actor>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    let asked = whose.region(&app)?;
    visitor.permit(&app, Action::SeeRoles, asked.as_ref().unwrap_or(&visitor.region))?;
    if whose.form().format()? != Format::Json {
        visitor.permit(&app, Action::ExportTables, &visitor.region)?;
    }
    let (world, words) = (app.engine.world(), visitor.words);
    let table = || only(tables::actors(words, &world), asked.as_ref());
    if let Some(file) = whose.form().file("actors", words, app.engine.now(), table)? {
        return Ok(file);
    }
    let regions = regions_of(&world);
    let wanted =
        regions.iter().filter(|journal| asked.as_ref().is_none_or(|asked| *asked == journal.id));
    let all = wanted.flat_map(|journal| {
        journal.shared().kernel.actors.iter().map(|(id, actor)| Actor {
            region: journal.id.to_string(),
            id: id.to_string(),
            profession: actor.profession.to_string(),
            title: actor.title.clone(),
            since: actor.since.to_string(),
        })
    });
    Ok(Json(all.collect::<Vec<_>>()).into_response())
}

/// Somebody to make known. Name and ways to reach them stay in the region.
#[derive(Deserialize, ToSchema)]
pub struct NewActor {
    /// Identifier; one is made otherwise.
    pub id: Option<String>,
    /// `physician`, `biomedical_scientist`, `nurse`, `management`, `other` or `body`.
    pub profession: String,
    /// Title without a name; other regions see it.
    pub title: String,
    /// Name.
    pub name: String,
    /// HSA-id.
    pub hsa_id: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Make somebody known in the own region.
#[utoipa::path(
    post, path = "/actors", tag = "actors", request_body = NewActor,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn register(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewActor>,
) -> Result<Json<Done>, Problem> {
    let NewActor { id, profession, title, name, hsa_id, phone, email } = new;
    let command = Command::RegisterActor {
        id: id.map(|id| ActorId::new(&id)).transpose()?,
        profession: one_of::<Profession>(&profession)?,
        title,
        identity: Identity { name, hsa_id, phone, email },
    };
    submit(&app, &visitor, key, command).await
}

/// The right description of somebody. It replaces what is recorded as a whole.
#[derive(Deserialize, ToSchema)]
pub struct ActorCorrection {
    /// Title without a name; other regions see it.
    pub title: String,
    /// Name.
    pub name: String,
    /// HSA-id; none if left out.
    pub hsa_id: Option<String>,
    /// Telephone; none if left out.
    pub phone: Option<String>,
    /// E-mail; none if left out.
    pub email: Option<String>,
    /// Why.
    pub reason: String,
}

/// Correct what is recorded of somebody in the own region.
#[utoipa::path(
    post, path = "/actors/{id}/correct", tag = "actors", request_body = ActorCorrection,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(actor): At<ActorId>,
    Body(right): Body<ActorCorrection>,
) -> Result<Json<Done>, Problem> {
    let ActorCorrection { title, name, hsa_id, phone, email, reason } = right;
    let identity = Identity { name, hsa_id, phone, email };
    submit(&app, &visitor, key, Command::CorrectActor { actor, title, identity, reason }).await
}

/// On which ground an identity is erased.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Erasure {
    /// The ground.
    pub ground: String,
}

/// Erase who somebody of the own region is: name, HSA-id, telephone, e-mail, in every record, for
/// good. Refused while a mandate runs and as long as the law asks who it was.
#[utoipa::path(
    post, path = "/actors/{id}/erase", tag = "actors", request_body = Erasure,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn erase(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(actor): At<ActorId>,
    Body(Erasure { ground }): Body<Erasure>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::EraseActor { actor, ground }).await
}

/// Why somebody is read about.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Purpose {
    /// Why; it is recorded with the reading.
    pub purpose: Option<String>,
}

/// A person of the own region.
#[derive(Serialize, ToSchema)]
pub struct Person {
    /// Region.
    pub region: String,
    /// Identifier.
    pub id: String,
    /// Profession.
    pub profession: String,
    /// Title.
    pub title: String,
    /// Name; null once it is erased.
    pub name: Option<String>,
    /// HSA-id.
    pub hsa_id: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Who somebody is. That it was read, by whom and why, is recorded before the answer.
#[utoipa::path(
    get, path = "/people/{region}/{actor}", tag = "actors",
    params(("region" = String, Path), ("actor" = String, Path), Purpose),
    responses((status = 200, body = Person), (status = "default", body = ProblemDocument)),
)]
pub async fn person(
    State(app): State<App>,
    visitor: Visitor,
    At((region, actor)): At<(JournalId, ActorId)>,
    Query(asked): Query<Purpose>,
) -> Result<Json<Person>, Problem> {
    let own = visitor.region == region && visitor.actor == actor;
    let action = if own { Action::SeeOneself } else { Action::SeePerson };
    visitor.permit(&app, action, &region)?;
    let world = app.engine.world();
    let unknown = || Problem::not_found(actor.as_str());
    let kernel = &world.local(&region).ok_or_else(unknown)?.shared.kernel;
    let known = kernel.actors.get(&actor).ok_or_else(unknown)?.clone();
    if !own {
        let purpose = asked.purpose.unwrap_or_else(|| "api".into());
        let command = Command::NoteRead { person: actor.clone(), purpose };
        let request = Request {
            principal: visitor.principal.clone(),
            region: region.clone(),
            key: fresh_key(),
            happened: None,
            command: command.into(),
            asked: None,
        };
        app.engine.submit(request).await?;
    }
    let held = world.local(&region).and_then(|region| region.own.kernel.persons.get(&actor));
    let identity = held.and_then(|held| held.here());
    Ok(Json(Person {
        region: region.to_string(),
        id: actor.to_string(),
        profession: known.profession.to_string(),
        title: known.title,
        name: identity.map(|identity| identity.name.clone()),
        hsa_id: identity.and_then(|identity| identity.hsa_id.clone()),
        phone: identity.and_then(|identity| identity.phone.clone()),
        email: identity.and_then(|identity| identity.email.clone()),
    }))
}
