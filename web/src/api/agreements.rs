//! Agreements across regions: proposed, signed by each party, binding when all have signed.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::agreements::view::{self, Answer as Given};
use samband_domain::agreements::{AgreementKind, AlarmTerms, Command, SupplyTerms};
use samband_domain::{Digest, JournalId, RecordRef};
use samband_engine::World;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Form, Place, submit};
use super::input::{At, Body, Key, Query, window_from_now};
use super::problem::ProblemDocument;
use super::sites::{Ending, end_of, one_of};
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// What a party's own journal says.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyAnswer {
    /// The party.
    pub region: String,
    /// `signed`, `bad_signature`, `declined`, `silent` or `unknown`.
    pub answer: String,
    /// Who signed, as stated to the other parties.
    pub name: Option<String>,
    /// As what.
    pub title: Option<String>,
    /// When.
    pub at: Option<String>,
    /// Why it was declined.
    pub reason: Option<String>,
    /// The record.
    pub record: Option<Place>,
}

impl PartyAnswer {
    fn of(region: &JournalId, answer: &Given) -> Self {
        let empty = Self {
            region: region.to_string(),
            answer: answer.kind().into(),
            name: None,
            title: None,
            at: None,
            reason: None,
            record: None,
        };
        match answer {
            Given::Signed { statement, at } => Self {
                name: Some(statement.name.clone()),
                title: Some(statement.title.clone()),
                at: Some(statement.signed_at.to_string()),
                record: Some(Place::from(at)),
                ..empty
            },
            Given::BadSignature { at } => Self { record: Some(Place::from(at)), ..empty },
            Given::Declined { reason, at } => {
                Self { reason: Some(reason.clone()), record: Some(Place::from(at)), ..empty }
            }
            Given::Silent | Given::Unknown => empty,
        }
    }
}

/// An agreement as all parties' journals say together.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agreement {
    /// SHA-256 of the text: its name.
    pub hash: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: String,
    /// Parties.
    pub parties: Vec<String>,
    /// Clauses.
    pub clauses: Vec<String>,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Reference.
    pub reference: Option<String>,
    /// Who drafted it.
    pub drafted_by: String,
    /// When.
    pub drafted_at: String,
    /// `one_sided`, `agreed`, `binding`, `declined`, `withdrawn` or `ended`.
    pub standing: String,
    /// Since when all have signed.
    pub bound_since: Option<String>,
    /// What each party's own journal says.
    pub answers: Vec<PartyAnswer>,
    /// Which party ended it.
    pub ended_by: Option<String>,
    /// With effect from when.
    pub ended_at: Option<String>,
    /// Why.
    pub ended_because: Option<String>,
    /// Prices and keys of a joint supply, if it states them.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<SupplyTerms>,
    /// What the parties of an alarm agree on, if it states that: `transports`, and who sees the
    /// `stock`, the `capacity` and the `contacts`.
    #[schema(value_type = Option<Object>)]
    pub alarm: Option<AlarmTerms>,
    /// The exact text that was signed.
    pub text: String,
    /// The proposal's record.
    pub proposal: Place,
}

impl From<&view::Agreement> for Agreement {
    fn from(held: &view::Agreement) -> Self {
        let document = &held.document;
        let end = held.end.as_ref();
        Self {
            hash: held.digest.to_string(),
            title: document.title.clone(),
            kind: document.kind.to_string(),
            parties: document.parties.iter().map(ToString::to_string).collect(),
            clauses: document.clauses.clone(),
            from: document.window.from().to_string(),
            until: document.window.until().map(|until| until.to_string()),
            reference: document.reference.clone(),
            drafted_by: document.drafted_by.to_string(),
            drafted_at: document.drafted_at.to_string(),
            standing: held.standing.as_str().into(),
            bound_since: held.bound_since.map(|since| since.to_string()),
            answers: held.answers.iter().map(|(id, one)| PartyAnswer::of(id, one)).collect(),
            ended_by: end.map(|(region, ..)| region.to_string()),
            ended_at: end.and_then(|(_, at, _)| at.map(|at| at.to_string())),
            ended_because: end.map(|(.., why)| why.clone()),
            terms: document.terms.as_deref().cloned(),
            alarm: document.alarm,
            text: held.text.clone(),
            proposal: Place::from(&held.proposal),
        }
    }
}

fn all(app: &App, world: &World) -> Vec<view::Agreement> {
    let shared = world.shared();
    let parties: Vec<view::Party<'_>> = shared
        .iter()
        .map(|(id, shared)| (id.clone(), &shared.kernel, &shared.agreements))
        .collect();
    view::agreements(&parties, app.engine.now())
}

fn find(app: &App, hash: Digest) -> Result<view::Agreement, Problem> {
    let all = all(app, &app.engine.world());
    let found = all.into_iter().find(|one| one.digest == hash);
    found.ok_or_else(|| Problem::not_found(hash.to_string()))
}

/// All agreements, newest first.
#[utoipa::path(
    get, path = "/agreements", tag = "agreements", params(Form),
    responses((status = 200, body = Vec<Agreement>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAgreements, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let all: Vec<Agreement> = all(&app, &world).iter().map(Agreement::from).collect();
    let words = visitor.words;
    let table = || tables::agreements(words, &world, now);
    let file = form.file("agreements", words, now, table)?;
    Ok(file.unwrap_or_else(|| Json(&all).into_response()))
}

/// One agreement.
#[utoipa::path(
    get, path = "/agreements/{hash}", tag = "agreements", params(("hash" = String, Path)),
    responses((status = 200, body = Agreement), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(hash): At<Digest>,
) -> Result<Json<Agreement>, Problem> {
    visitor.permit(&app, Action::SeeAgreements, &visitor.region)?;
    find(&app, hash).map(|found| Json(Agreement::from(&found)))
}

/// A text to agree on.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Proposal {
    /// Title.
    pub title: String,
    /// `consultancy`, `declaration_of_intent`, `supply`, `service`, `preparedness` or `other`.
    pub kind: String,
    /// Journals of all parties, the own one included.
    pub parties: Vec<String>,
    /// Clauses.
    pub clauses: Vec<String>,
    /// Since when; now otherwise.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// Reference.
    pub reference: Option<String>,
    /// Prices and keys of a joint supply, in whole öre and percent: `keys`, `prices`, `box_ore`,
    /// `legs`, `carriage`, `unknown_home`, `joint`.
    #[schema(value_type = Option<Object>)]
    pub terms: Option<SupplyTerms>,
    /// Terms of an alarm, in an agreement on preparedness: `transports` that each region sends, and
    /// who sees the `stock`, the `capacity` and the `contacts` (`collaboration`, `command` or
    /// `region`).
    #[schema(value_type = Option<Object>)]
    pub alarm: Option<AlarmTerms>,
}

/// Propose an agreement and sign it for the own region.
#[utoipa::path(
    post, path = "/agreements", tag = "agreements", request_body = Proposal,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<Proposal>,
) -> Result<Json<Done>, Problem> {
    let parties: Result<Vec<_>, _> = new.parties.iter().map(|id| JournalId::new(id)).collect();
    let (kind, parties) = (one_of::<AgreementKind>(&new.kind)?, parties?);
    let Proposal { title, clauses, reference, .. } = new;
    let window = window_from_now(&app, new.from.as_deref(), new.until.as_deref())?;
    let command = match new.alarm {
        Some(alarm) if kind == AgreementKind::Preparedness && new.terms.is_none() => {
            Command::ProposeAlarm { title, parties, clauses, window, reference, alarm }
        }
        Some(_) => return Err(Problem::malformed("alarm")),
        None => {
            let terms = new.terms.map(Box::new);
            Command::Propose { title, kind, parties, clauses, window, reference, terms }
        }
    };
    submit(&app, &visitor, key, command).await
}

fn proposal(app: &App, hash: Digest) -> Result<RecordRef, Problem> {
    find(app, hash).map(|found| found.proposal)
}

/// Sign for the own region what another region proposed.
#[utoipa::path(
    post, path = "/agreements/{hash}/sign", tag = "agreements",
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn sign(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(hash): At<Digest>,
) -> Result<Json<Done>, Problem> {
    visitor.permit(&app, Action::SignAgreement, &visitor.region)?;
    let proposal = proposal(&app, hash)?;
    submit(&app, &visitor, key, Command::Sign { document: hash, proposal }).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Why {
    /// Why.
    pub reason: String,
}

/// Decline for the own region what another region proposed.
#[utoipa::path(
    post, path = "/agreements/{hash}/decline", tag = "agreements", request_body = Why,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn decline(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(document): At<Digest>,
    Body(Why { reason }): Body<Why>,
) -> Result<Json<Done>, Problem> {
    visitor.permit(&app, Action::DeclineAgreement, &visitor.region)?;
    let proposal = proposal(&app, document)?;
    submit(&app, &visitor, key, Command::Decline { document, proposal, reason }).await
}

/// Take the own region's proposal back.
#[utoipa::path(
    post, path = "/agreements/{hash}/withdraw", tag = "agreements", request_body = Why,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(document): At<Digest>,
    Body(Why { reason }): Body<Why>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Withdraw { document, reason }).await
}

/// End an agreement for the own region.
#[utoipa::path(
    post, path = "/agreements/{hash}/end", tag = "agreements", request_body = Ending,
    params(("hash" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(document): At<Digest>,
    Body(ending): Body<Ending>,
) -> Result<Json<Done>, Problem> {
    let end_it = |at, reason| Command::End { document, at, reason };
    end_of(&app, &visitor, key, ending, end_it).await
}
