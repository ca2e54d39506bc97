//! A donor's record put right, judged and typed; passes to give in another region.

use axum::Json;
use axum::extract::{Path, State};
use samband_domain::blood::model::{Antigen, Din, Phenotype};
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command;
use samband_domain::donors::model::{
    Ground, Identity, Imputability, Question, ReactionKind, Severity, Types,
};
use samband_domain::words::DeferralId;
use samband_domain::{Digest, Known};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::donors::{Gift, day, donor, gifts, group, number, site};
use super::input::{Body, Key};
use super::problem::ProblemDocument;
use super::shipments::PlaceNamed;
use super::sites::one_of;
use crate::app::{App, Problem, Visitor};

/// Which record becomes part of which, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewMerge {
    /// The record that becomes part of this one.
    pub merge: String,
    /// How it was established that it is one person.
    pub reason: String,
}

/// Join two records of one person; both stay readable.
#[utoipa::path(
    post, path = "/donors/{id}/merge", tag = "donors", request_body = NewMerge,
    params(
        ("id" = String, Path, description = "The donor whose record stands"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn merge(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewMerge>,
) -> Result<Json<Done>, Problem> {
    let (keep, merge) = (donor(&id)?, donor(&asked.merge)?);
    submit(&app, &visitor, key, Command::Merge { keep, merge, reason: asked.reason }).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Because {
    /// In words.
    pub reason: String,
}

/// Take a merge back: both records are as they were.
#[utoipa::path(
    post, path = "/donors/{id}/unmerge", tag = "donors", request_body = Because,
    params(
        ("id" = String, Path, description = "The donor whose record becomes its own again"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn unmerge(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<Because>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Unmerge { donor: donor(&id)?, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// End a deferral before its time; a physician's decision.
#[utoipa::path(
    post, path = "/donors/{id}/deferrals/{deferral}/lift", tag = "donors", request_body = Because,
    params(
        ("id" = String, Path, description = "The donor"),
        ("deferral" = String, Path, description = "The deferral"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn lift(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, deferral)): Path<(String, String)>,
    key: Key,
    Body(asked): Body<Because>,
) -> Result<Json<Done>, Problem> {
    let deferral = DeferralId::new(&deferral)?;
    let command = Command::Lift { donor: donor(&id)?, deferral, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// A physician's decision that something does not hinder.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAssessment {
    /// What, as the reasons of the eligibility name it, e.g. `first_age` or `tattoo`.
    pub ground: String,
    /// Up to and including which day, as `2026-05-31`.
    pub until: String,
    /// Why.
    pub reason: String,
}

/// Decide as a physician that something in the declaration or the record does not hinder.
#[utoipa::path(
    post, path = "/donors/{id}/assessments", tag = "donors", request_body = NewAssessment,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn assess(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewAssessment>,
) -> Result<Json<Done>, Problem> {
    let (ground, until) = (one_of::<Ground>(&asked.ground)?, day(&asked.until)?);
    let command = Command::Assess { donor: donor(&id)?, ground, until, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// An answer that was wrong.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Retraction {
    /// To which question of the declaration.
    pub question: String,
    /// How it is known.
    pub reason: String,
}

/// Take back an answer of a declaration that was wrong; a physician's decision.
#[utoipa::path(
    post, path = "/donors/{id}/retractions", tag = "donors", request_body = Retraction,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn retract(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<Retraction>,
) -> Result<Json<Done>, Problem> {
    let question = one_of::<Question>(&asked.question)?;
    let command = Command::Retract { donor: donor(&id)?, question, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// What the laboratory found.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTypes {
    /// The group, e.g. `a_pos`; null leaves what is known.
    pub group: Option<String>,
    /// Red-cell antigens that were found, e.g. `K`.
    #[serde(default)]
    pub present: Vec<String>,
    /// Red-cell antigens that were looked for and not found.
    #[serde(default)]
    pub absent: Vec<String>,
    /// HLA types as the laboratory writes them, e.g. `A*02:01`.
    #[serde(default)]
    pub hla: Vec<String>,
    /// HPA types, e.g. `1a/1b`.
    #[serde(default)]
    pub hpa: Vec<String>,
}

/// Report a donor's types; they are added to those that are known.
#[utoipa::path(
    post, path = "/donors/{id}/types", tag = "donors", request_body = NewTypes,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn types(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewTypes>,
) -> Result<Json<Done>, Problem> {
    let group = Known::from(asked.group.as_deref().map(group).transpose()?);
    let mut phenotype = Phenotype::UNTESTED;
    for (all, found) in [(&asked.present, true), (&asked.absent, false)] {
        for name in all {
            phenotype = phenotype.with(one_of::<Antigen>(name)?, found);
        }
    }
    let types = Types { phenotype, hla: asked.hla, hpa: asked.hpa };
    submit(&app, &visitor, key, Command::Type { donor: donor(&id)?, group, types }).await
}

/// What happened to a donor at or after a donation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDonorReaction {
    /// At which donation.
    pub donation: Option<String>,
    /// `vasovagal`, `haematoma`, `arterial_puncture`, `nerve`, `citrate`, `allergic`, `iron` or
    /// `other`.
    pub kind: String,
    /// `mild`, `moderate`, `serious` or `fatal`.
    pub severity: String,
    /// `na`, `0`, `1`, `2` or `3`; null is unknown.
    pub imputability: Option<String>,
    /// In words.
    pub note: Option<String>,
}

/// Report a donor's reaction; a serious one that likely came of the donation opens a case for the
/// authority.
#[utoipa::path(
    post, path = "/donors/{id}/reactions", tag = "donors", request_body = NewDonorReaction,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn react(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewDonorReaction>,
) -> Result<Json<Done>, Problem> {
    let sure = asked.imputability.as_deref().map(one_of::<Imputability>).transpose()?;
    let din = asked.donation.as_deref().map(Din::parse).transpose();
    let command = Command::React {
        donor: donor(&id)?,
        din: din.map_err(|_| Problem::malformed("donation"))?,
        kind: one_of::<ReactionKind>(&asked.kind)?,
        severity: one_of::<Severity>(&asked.severity)?,
        imputability: Known::from(sure),
        note: asked.note,
    };
    submit(&app, &visitor, key, command).await
}

/// A pass to give in another region.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPass {
    /// What may be given.
    pub kinds: Vec<String>,
    /// Up to and including which day, as `2026-05-31`.
    pub until: String,
}

/// Give a donor a pass to give in another region. The answer's `id` is the code for the donor.
#[utoipa::path(
    post, path = "/donors/{id}/passes", tag = "donors", request_body = NewPass,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn pass(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewPass>,
) -> Result<Json<Done>, Problem> {
    let kinds = asked.kinds.iter().map(|kind| one_of::<DonationKind>(kind));
    let kinds = kinds.collect::<Result<_, _>>()?;
    let (donor, until) = (donor(&id)?, day(&asked.until)?);
    submit(&app, &visitor, key, Command::IssuePass { donor, kinds, until }).await
}

/// Take a pass back.
#[utoipa::path(
    post, path = "/donor-passes/{pass}/revoke", tag = "donors", request_body = Because,
    params(
        ("pass" = String, Path, description = "The pass, by its digest"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Path(pass): Path<String>,
    key: Key,
    Body(asked): Body<Because>,
) -> Result<Json<Done>, Problem> {
    let pass = pass.parse::<Digest>().map_err(|_| Problem::not_found(&pass))?;
    submit(&app, &visitor, key, Command::RevokePass { pass, reason: asked.reason }).await
}

/// A guest with a pass of the home region.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewGuest {
    /// The home region's record of the pass.
    pub pass: PlaceNamed,
    /// The code on the donor's paper.
    pub code: String,
    /// Personal number, coordination number or reserve number; null lets a guest registered before
    /// give with a new pass.
    pub number: Option<String>,
    /// The guest registered before.
    pub donor: Option<String>,
    /// Given name and surname.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where they give.
    pub site: Option<String>,
    /// What they gave before; an empty list for never, null if nobody knows.
    pub earlier: Option<Vec<Gift>>,
}

/// Register a guest by the home region's pass, or take a new pass of one registered before.
#[utoipa::path(
    post, path = "/donor-guests", tag = "donors", request_body = NewGuest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn guest(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewGuest>,
) -> Result<Json<Done>, Problem> {
    let pass = asked.pass.at()?;
    let code = asked.code;
    let command = match (asked.number.as_deref(), asked.donor.as_deref()) {
        (None, Some(text)) => Command::RenewGuest { donor: donor(text)?, pass, code },
        (Some(text), None) => Command::RegisterGuest {
            pass,
            code,
            identity: Identity {
                number: number(text)?,
                name: asked.name.unwrap_or_default(),
                phone: asked.phone,
                email: asked.email,
            },
            site: asked.site.as_deref().map(site).transpose()?,
            earlier: gifts(asked.earlier.as_deref())?,
        },
        _ => return Err(Problem::malformed("number or donor")),
    };
    submit(&app, &visitor, key, command).await
}
