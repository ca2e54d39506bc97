//! What was sampled and found in a patient, and what physicians decide about it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use samband_domain::blood::model::recipient::{Hpa, Requirement, Significance};
use samband_domain::blood::model::{Antigen, Group};
use samband_domain::patients::Command;
use samband_domain::patients::command::{Again, Turned};
use samband_domain::patients::model::{
    Capture, Indication, Purpose, Sample, SampleNumber, ScreenResult, SharedOccasion, Target,
};
use samband_domain::words::Code;
use samband_domain::{Known, PatientId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{At, Body, Key, moment, moment_or_now};
use super::problem::ProblemDocument;
use super::sites::one_of;
use super::stock_reports::phenotype;
use crate::app::stock::group;
use crate::app::{App, Problem, Visitor};

fn sample_number(text: &str) -> Result<SampleNumber, Problem> {
    text.parse::<SampleNumber>().map_err(|error| Problem::malformed(error.to_string()))
}

/// A group, or `unknown` for an unclear reaction.
fn known_group(text: &str) -> Result<Known<Group>, Problem> {
    if text == "unknown" { Ok(Known::Unknown) } else { group(text).map(Known::Value) }
}

/// How a result came: by the named instrument, or typed in.
fn capture(instrument: Option<String>) -> Capture {
    instrument.map_or(Capture::Typed, |instrument| Capture::Interface { instrument })
}

/// A sample that was taken.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSample {
    /// The tube's number.
    pub number: String,
    /// `group` or `compatibility`.
    pub purpose: String,
    /// When; now otherwise.
    pub taken: Option<String>,
    /// Where.
    pub place: String,
    /// Who took it.
    pub taken_by: String,
    /// Whether the identity check was signed.
    pub identity_signed: bool,
    /// Why it was taken on the same occasion as another, in an emergency.
    pub shared_occasion_reason: Option<String>,
    /// The physician who approved that.
    pub shared_occasion_physician: Option<String>,
}

/// Report a sample.
#[utoipa::path(
    post, path = "/patients/{patient}/samples", tag = "patients", request_body = NewSample,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn sample(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewSample>,
) -> Result<Json<Done>, Problem> {
    let physician = asked.shared_occasion_physician;
    let shared = asked.shared_occasion_reason;
    let sample = Sample {
        number: sample_number(&asked.number)?,
        purpose: one_of::<Purpose>(&asked.purpose)?,
        taken: moment_or_now(&app, "taken", asked.taken.as_deref())?,
        place: asked.place,
        taken_by: asked.taken_by,
        identity_signed: asked.identity_signed,
        shared_occasion: shared.map(|reason| SharedOccasion { reason, physician }),
    };
    submit(&app, &visitor, key, Command::TakeSample { patient, sample }).await
}

/// A group that was determined.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDetermination {
    /// On which sample.
    pub sample: String,
    /// When; now otherwise.
    pub determined: Option<String>,
    /// The group, e.g. `a_pos`; `unknown` for an unclear reaction.
    pub group: String,
    /// Further antigens with whether they were found.
    #[serde(default)]
    pub antigens: BTreeMap<String, bool>,
    /// Whether it is an emergency determination of ABO and D.
    #[serde(default)]
    pub emergency: bool,
    /// The instrument that sent it; typed in otherwise, for a second person to verify.
    pub instrument: Option<String>,
}

/// Report a group.
#[utoipa::path(
    post, path = "/patients/{patient}/groups", tag = "patients", request_body = NewDetermination,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn determine(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewDetermination>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Determine {
        patient,
        sample: sample_number(&asked.sample)?,
        determined: moment_or_now(&app, "determined", asked.determined.as_deref())?,
        group: known_group(&asked.group)?,
        phenotype: phenotype(&asked.antigens)?,
        emergency: asked.emergency,
        capture: capture(asked.instrument),
    };
    submit(&app, &visitor, key, command).await
}

/// An antibody screen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewScreen {
    /// On which sample.
    pub sample: String,
    /// When; now otherwise.
    pub performed: Option<String>,
    /// `negative`, `positive` or `indeterminate`.
    pub result: String,
    /// The instrument that sent it; typed in otherwise, for a second person to verify.
    pub instrument: Option<String>,
}

/// Report an antibody screen.
#[utoipa::path(
    post, path = "/patients/{patient}/screens", tag = "patients", request_body = NewScreen,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn screen(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewScreen>,
) -> Result<Json<Done>, Problem> {
    let command = Command::RecordScreen {
        patient,
        sample: sample_number(&asked.sample)?,
        performed: moment_or_now(&app, "performed", asked.performed.as_deref())?,
        result: one_of::<ScreenResult>(&asked.result)?,
        capture: capture(asked.instrument),
    };
    submit(&app, &visitor, key, command).await
}

/// What a second person reads off again: a group or a screen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SecondReading {
    /// The result's name.
    pub result: String,
    /// The group that is read.
    pub group: Option<String>,
    /// The screen that is read.
    pub screen: Option<String>,
}

/// Verify a typed result, as a second person.
#[utoipa::path(
    post, path = "/patients/{patient}/verifications", tag = "patients", request_body = SecondReading,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn verify(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<SecondReading>,
) -> Result<Json<Done>, Problem> {
    let again = match (asked.group.as_deref(), asked.screen.as_deref()) {
        (Some(read), None) => Again::Group(known_group(read)?),
        (None, Some(read)) => Again::Screen(one_of::<ScreenResult>(read)?),
        _ => return Err(Problem::malformed("one of group, screen")),
    };
    let result = Code::new(&asked.result)?;
    submit(&app, &visitor, key, Command::Verify { patient, result, again }).await
}

/// An antibody that was found: against an antigen of red cells or platelets, or in words.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAntibody {
    /// An antigen of red cells, e.g. `K` or `Jka`.
    pub red_cell: Option<String>,
    /// An antigen of platelets, e.g. `1a`.
    pub platelet: Option<String>,
    /// Anything else, in words.
    pub other: Option<String>,
    /// `significant` or `insignificant`; null was not judged and counts as significant.
    pub significance: Option<String>,
    /// How it was found.
    pub method: Option<String>,
    /// When.
    pub found: String,
    /// Which laboratory.
    pub place: String,
}

/// Report an antibody. It is never taken away.
#[utoipa::path(
    post, path = "/patients/{patient}/antibodies", tag = "patients", request_body = NewAntibody,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn antibody(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewAntibody>,
) -> Result<Json<Done>, Problem> {
    let named = (asked.red_cell.as_deref(), asked.platelet.as_deref(), asked.other);
    let against = match named {
        (Some(antigen), None, None) => Target::RedCell(one_of::<Antigen>(antigen)?),
        (None, Some(hpa), None) => Target::Platelet(one_of::<Hpa>(hpa)?),
        (None, None, Some(words)) => Target::Other(words),
        _ => return Err(Problem::malformed("one of red_cell, platelet, other")),
    };
    let significance = asked.significance.as_deref().map(one_of::<Significance>).transpose()?;
    let command = Command::FindAntibody {
        patient,
        against,
        significance: Known::from(significance),
        method: asked.method,
        found: moment("found", &asked.found)?,
        place: asked.place,
    };
    submit(&app, &visitor, key, command).await
}

/// That a known antibody was not seen.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NotSeenNow {
    /// The antibody's name.
    pub antibody: String,
    /// When; now otherwise.
    pub at: Option<String>,
}

/// Report that a known antibody was looked for and not seen. It stays.
#[utoipa::path(
    post, path = "/patients/{patient}/antibodies/not-seen", tag = "patients", request_body = NotSeenNow,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn not_seen(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NotSeenNow>,
) -> Result<Json<Done>, Problem> {
    let finding = Code::new(&asked.antibody)?;
    let at = moment_or_now(&app, "at", asked.at.as_deref())?;
    submit(&app, &visitor, key, Command::NotSeen { patient, finding, at }).await
}

/// Which of two groups holds.
#[derive(Debug, Deserialize, ToSchema)]
pub struct GroupDecision {
    /// The group that holds.
    pub group: String,
    /// Why.
    pub reason: String,
}

/// Decide which of two different groups holds. Nothing is removed.
#[utoipa::path(
    post, path = "/patients/{patient}/resolutions", tag = "patients", request_body = GroupDecision,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn resolve(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<GroupDecision>,
) -> Result<Json<Done>, Problem> {
    let group = group(&asked.group)?;
    submit(&app, &visitor, key, Command::Resolve { patient, group, reason: asked.reason }).await
}

/// What is required of every unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRequirement {
    /// `irradiated`, `cmv_safe`, `iga_deficient`, `washed` or `hla_matched`.
    pub requirement: String,
    /// Why, by code.
    pub indication: String,
    /// In words.
    pub note: Option<String>,
    /// From when.
    pub from: String,
    /// Until when; by the region's rule otherwise.
    pub until: Option<String>,
}

/// Require something of every unit.
#[utoipa::path(
    post, path = "/patients/{patient}/requirements", tag = "patients", request_body = NewRequirement,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn require(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewRequirement>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Require {
        patient,
        requirement: one_of::<Requirement>(&asked.requirement)?,
        indication: one_of::<Indication>(&asked.indication)?,
        note: asked.note,
        from: moment("from", &asked.from)?,
        until: asked.until.as_deref().map(|text| moment("until", text)).transpose()?,
    };
    submit(&app, &visitor, key, command).await
}

/// The end of a requirement.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequirementEnd {
    /// The requirement's name.
    pub need: String,
    /// From when; now otherwise.
    pub at: Option<String>,
    /// Why.
    pub reason: String,
}

/// End a requirement.
#[utoipa::path(
    post, path = "/patients/{patient}/requirements/end", tag = "patients", request_body = RequirementEnd,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end_requirement(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<RequirementEnd>,
) -> Result<Json<Done>, Problem> {
    let need = Code::new(&asked.need)?;
    let at = moment_or_now(&app, "at", asked.at.as_deref())?;
    let command = Command::EndRequirement { patient, need, at, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// What happened to somebody's group.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTurn {
    /// `transplanted`, `rejected` or `settled`.
    pub turned: String,
    /// The donor's group, or the settled one; `unknown` where nobody knows the donor's.
    pub group: Option<String>,
    /// From when it holds.
    pub valid_from: String,
    /// Where and by whom.
    pub note: String,
}

/// Report a transplant or its rejection, or settle the group after it.
#[utoipa::path(
    post, path = "/patients/{patient}/group-turns", tag = "patients", request_body = NewTurn,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn turn(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<NewTurn>,
) -> Result<Json<Done>, Problem> {
    let turned = match (asked.turned.as_str(), asked.group.as_deref()) {
        ("transplanted", Some(donor)) => Turned::Transplanted(known_group(donor)?),
        ("rejected", None) => Turned::Rejected,
        ("settled", Some(text)) => Turned::Settled(group(text)?),
        _ => return Err(Problem::malformed("turned, group")),
    };
    let valid_from = moment("valid_from", &asked.valid_from)?;
    let command = Command::Turn { patient, turned, valid_from, note: asked.note };
    submit(&app, &visitor, key, command).await
}
