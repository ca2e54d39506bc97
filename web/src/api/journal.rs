//! The record itself: its shared part, page by page, and its verification.
//!
//! Names of persons stand in private parts and are read through `/people`, where the reading is
//! recorded; here every reader sees what other regions may hold.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::kernel::Command;
use samband_engine::Request;
use samband_journal::{Content, Record};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Place, done};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use crate::app::{App, Problem, Visitor};

/// Most records on a page.
const PAGE_MAX: u32 = 500;

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Before {
    /// Records before this place: `epoch:seq`; the newest otherwise.
    pub before: Option<String>,
    /// How many, at most 500; 100 otherwise.
    pub limit: Option<u32>,
}

/// A record as other regions may hold it.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordShown {
    /// Where it stands.
    pub at: Place,
    /// When it was recorded.
    pub recorded: String,
    /// When it happened.
    pub happened: Option<String>,
    /// Kind of event; null if this program cannot read it.
    pub kind: Option<String>,
    /// Version of the kind's form.
    pub version: Option<u16>,
    /// Who acted.
    pub actor: Option<String>,
    /// By which mandate.
    pub mandate: Option<String>,
    /// Records it answers.
    pub cause: Vec<Place>,
    /// SHA-256 of salt and private part, if there is one.
    pub private: Option<String>,
    /// The shared part.
    #[schema(value_type = Object)]
    pub shared: Value,
}

/// A page of records, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordPage {
    /// Whose journal.
    pub journal: String,
    /// Its last record.
    pub head: Option<Place>,
    /// The records.
    pub records: Vec<RecordShown>,
    /// What to ask for as `before` to get the next page; null at the beginning of the journal.
    pub next: Option<String>,
}

fn shown(record: &Record) -> RecordShown {
    let content = record.body.text().and_then(|text| Content::read(text).ok());
    let content = content.as_ref();
    let shared = content.and_then(|content| content.shared_text());
    let causes = content.map(|content| content.cause.iter().map(Place::from).collect());
    RecordShown {
        at: Place::from(&record.at()),
        recorded: record.recorded.to_string(),
        happened: content.map(|content| content.happened.to_string()),
        kind: content.map(|content| content.kind.to_string()),
        version: content.map(|content| content.version),
        actor: content.map(|content| content.actor.to_string()),
        mandate: content.and_then(|content| content.mandate.as_ref()).map(ToString::to_string),
        cause: causes.unwrap_or_default(),
        private: content.and_then(|content| content.private).map(|digest| digest.to_string()),
        shared: shared.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default(),
    }
}

fn place(text: &str) -> Option<(u32, u64)> {
    let (epoch, seq) = text.split_once(':')?;
    Some((epoch.parse().ok()?, seq.parse().ok()?))
}

/// Records of a journal, newest first.
#[utoipa::path(
    get, path = "/journal/{region}", tag = "journal", params(("region" = String, Path), Before),
    responses((status = 200, body = RecordPage), (status = "default", body = ProblemDocument)),
)]
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    At(region): At<JournalId>,
    Query(asked): Query<Before>,
) -> Result<Json<RecordPage>, Problem> {
    visitor.permit(&app, Action::SeeJournal, &region)?;
    let world = app.engine.world();
    let held = world.journal(&region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let wrong = || Problem::malformed("before");
    let before = asked.before.as_deref().map(|text| place(text).ok_or_else(wrong)).transpose()?;
    let limit = asked.limit.unwrap_or(100).clamp(1, PAGE_MAX);
    // One more than shown says whether there is more, whichever epoch it stands in.
    let mut records = app.engine.store().recent(&region, before, limit + 1).await?;
    let more = records.len() > limit as usize;
    records.truncate(limit as usize);
    let next = records.last().filter(|_| more).map(|last| format!("{}:{}", last.epoch, last.seq));
    let records = records.into_iter().map(Record::for_others);
    Ok(Json(RecordPage {
        journal: region.to_string(),
        head: held.head().as_ref().map(Place::from),
        records: records.map(|record| shown(&record)).collect(),
        next,
    }))
}

/// What is wrong with a record of the own region's journal, and what is right.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Annotation {
    /// Epoch of the record.
    pub epoch: u32,
    /// Its sequence number.
    pub seq: u64,
    /// What is wrong and what is right. Other regions see it.
    pub text: String,
}

/// Note what is wrong with an earlier record. The record itself stays as it is.
#[utoipa::path(
    post, path = "/journal/{region}/annotations", tag = "journal", request_body = Annotation,
    params(("region" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn annotate(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(region): At<JournalId>,
    Body(Annotation { epoch, seq, text }): Body<Annotation>,
) -> Result<Json<Done>, Problem> {
    // Asked before the record is looked for, so that nobody learns what exists by asking.
    visitor.permit(&app, Action::Annotate, &region)?;
    let place = || Problem::not_found(format!("{region} {epoch}:{seq}"));
    let record = app.engine.store().record(&region, epoch, seq).await?.ok_or_else(place)?;
    let request = Request {
        principal: visitor.principal.clone(),
        region,
        key: key.text,
        happened: None,
        command: Command::Annotate { record: record.at(), text }.into(),
        asked: key.asked,
    };
    let receipt = app.engine.submit(request).await?;
    done(&app, receipt).await.map(Json)
}

/// What was verified.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VerifiedJournal)]
pub struct Verified {
    /// Whose journal.
    pub journal: String,
    /// How many records.
    pub records: u64,
    /// The last one.
    pub head: Place,
    /// Records of kinds or versions that this program does not know.
    pub unknown_records: u64,
}

/// Verify every record of a journal and that replaying them gives the state in use. A broken one is
/// named in the problem, with status 409.
#[utoipa::path(
    post, path = "/journal/{region}/verify", tag = "journal", params(("region" = String, Path)),
    responses((status = 200, body = Verified), (status = "default", body = ProblemDocument)),
)]
pub async fn verify(
    State(app): State<App>,
    visitor: Visitor,
    At(region): At<JournalId>,
) -> Result<Json<Verified>, Problem> {
    visitor.permit(&app, Action::VerifyJournal, &region)?;
    let report = app.engine.verify(&region).await?;
    Ok(Json(Verified {
        journal: report.journal.to_string(),
        records: report.records,
        head: Place::from(&report.head),
        unknown_records: report.unknown_records,
    }))
}
