//! Questions between regions about one patient.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::patients::model::{Decline, Ground, Urgency};
use samband_domain::patients::view::{incoming, open, outgoing};
use samband_domain::patients::{self, Command, Question, Reply};
use samband_domain::words::Code;
use samband_domain::{JournalId, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key};
use super::patients::patient;
use super::problem::ProblemDocument;
use super::shipments::PlaceNamed;
use super::sites::one_of;
use crate::app::{App, Problem, Visitor};

/// A question, without whom it is about.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureQuestion {
    /// Its name.
    pub ask: String,
    /// Where it stands.
    pub record: Place,
    /// Who asks.
    pub from: String,
    /// Who is asked.
    pub to: String,
    /// On what ground.
    pub ground: String,
    /// `routine` or `emergency`.
    pub urgency: String,
    /// When it was asked.
    pub asked: String,
    /// When the answer should be there.
    pub due: String,
    /// Whether it should have been answered by now.
    pub late: bool,
    /// When whoever asked took it back; null if nobody has.
    pub withdrawn: Option<String>,
    /// `answered` or `declined`; null waits, and then everything there is unknown.
    pub reply: Option<String>,
    /// Where the reply stands.
    pub reply_record: Option<Place>,
}

/// Questions by the clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisclosureQuestions {
    /// What other regions ask us.
    pub of_us: Vec<DisclosureQuestion>,
    /// What we ask.
    pub by_us: Vec<DisclosureQuestion>,
}

fn question(
    (ask, from): (&Code, &JournalId),
    question: &Question,
    reply: Option<&Reply>,
    now: Time,
) -> DisclosureQuestion {
    let said = |reply: &Reply| if reply.declined { "declined" } else { "answered" };
    DisclosureQuestion {
        ask: ask.to_string(),
        record: Place::from(&question.at),
        from: from.to_string(),
        to: question.to.to_string(),
        ground: question.ground.to_string(),
        urgency: question.urgency.to_string(),
        asked: question.asked.to_string(),
        due: question.due.to_string(),
        late: open(question, reply) && question.due < now,
        withdrawn: question.withdrawn.map(|at| at.to_string()),
        reply: reply.map(|reply| said(reply).to_owned()),
        reply_record: reply.map(|reply| Place::from(&reply.at)),
    }
}

/// Questions about patients between regions, by their clock, without whom they are about.
#[utoipa::path(
    get, path = "/disclosures", tag = "disclosures",
    responses(
        (status = 200, body = DisclosureQuestions), (status = "default", body = ProblemDocument)
    ),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<DisclosureQuestions>, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let others: Vec<(&JournalId, &patients::Shared)> =
        world.journals.values().map(|one| (&one.id, &one.shared().patients)).collect();
    let shared = &region.shared.patients;
    let of_us = incoming(&visitor.region, shared, &others, now);
    let of_us = of_us.iter().map(|one| question((one.ask, one.from), one.question, one.reply, now));
    let by_us = outgoing(shared, &region.own.patients, &others, now);
    let by_us =
        by_us.iter().map(|one| question((one.ask, &visitor.region), one.question, one.reply, now));
    Ok(Json(DisclosureQuestions { of_us: of_us.collect(), by_us: by_us.collect() }))
}

/// A question to another region.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDisclosure {
    /// About whom.
    pub patient: String,
    /// Which region.
    pub to: String,
    /// `consent`, `shared_care` or `cannot_consent`.
    pub ground: String,
    /// `routine` or `emergency`.
    pub urgency: String,
    /// Why.
    pub reason: String,
    /// Where to call back.
    pub phone: String,
}

/// Ask another region about a patient.
#[utoipa::path(
    post, path = "/disclosures", tag = "disclosures", request_body = NewDisclosure,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDisclosure>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Ask {
        patient: patient(&asked.patient)?,
        to: JournalId::new(&asked.to)?,
        ground: one_of::<Ground>(&asked.ground)?,
        urgency: one_of::<Urgency>(&asked.urgency)?,
        reason: asked.reason,
        phone: asked.phone,
    };
    submit(&app, &visitor, key, command).await
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDisclosureAnswer {
    /// The question's record.
    pub ask: PlaceNamed,
    /// Who it is here; null if there is no record of the person.
    pub patient: Option<String>,
    /// Why the patient's block is broken; by a physician, in an emergency.
    pub break_block: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// Answer another region about a patient: what is known is told to it alone.
#[utoipa::path(
    post, path = "/disclosures/answers", tag = "disclosures", request_body = NewDisclosureAnswer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDisclosureAnswer>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Answer {
        ask: asked.ask.at()?,
        patient: asked.patient.as_deref().map(patient).transpose()?,
        break_block: asked.break_block,
        note: asked.note,
    };
    submit(&app, &visitor, key, command).await
}

/// That a question is not answered.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDisclosureDecline {
    /// The question's record.
    pub ask: PlaceNamed,
    /// `blocked`, `no_ground`, `not_identified` or `other`.
    pub reason: String,
    /// In words.
    pub note: Option<String>,
}

/// Decline to answer another region.
#[utoipa::path(
    post, path = "/disclosures/declines", tag = "disclosures", request_body = NewDisclosureDecline,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn decline(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDisclosureDecline>,
) -> Result<Json<Done>, Problem> {
    let (ask, reason) = (asked.ask.at()?, one_of::<Decline>(&asked.reason)?);
    submit(&app, &visitor, key, Command::Decline { ask, reason, note: asked.note }).await
}

/// A question to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DisclosureWithdrawn {
    /// The question's name.
    pub ask: String,
    /// Why; it stays in the region.
    pub reason: String,
}

/// Take an own question back that needs no answer any more; the other region sees that.
#[utoipa::path(
    post, path = "/disclosures/withdrawals", tag = "disclosures",
    request_body = DisclosureWithdrawn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<DisclosureWithdrawn>,
) -> Result<Json<Done>, Problem> {
    let ask = Code::new(&asked.ask)?;
    submit(&app, &visitor, key, Command::WithdrawAsk { ask, reason: asked.reason }).await
}

/// An answer to be taken in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DisclosureTaken {
    /// The answer's record.
    pub answer: PlaceNamed,
}

/// Take another region's answer into the patient's record.
#[utoipa::path(
    post, path = "/disclosures/taken-in", tag = "disclosures", request_body = DisclosureTaken,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn take_in(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<DisclosureTaken>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::TakeIn { answer: asked.answer.at()? }).await
}
