//! Patients of the own region: who they are, whose, and what is known of their blood.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::model::recipient::{Antibodies, Sex};
use samband_domain::kernel::ReadOf;
use samband_domain::patients::Command;
use samband_domain::patients::model::Identity;
use samband_domain::patients::view::{Family, Serology, gaps, serology};
use samband_domain::rulesets::Scope;
use samband_domain::words::{Day, PersonNumber};
use samband_domain::{Known, PatientId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{At, Body, Key, Query};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::{App, Problem, Visitor, note_read};

/// Who somebody is.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PatientIdentity {
    /// Personal or coordination number of twelve digits, or the region's reserve number.
    pub number: String,
    /// Name; null only with a reserve number.
    pub name: Option<String>,
    /// Date of birth; read from the number where it says one.
    pub born: Option<String>,
    /// `female` or `male`; read from the number where it says it.
    pub sex: Option<String>,
}

impl PatientIdentity {
    fn read(&self) -> Result<Identity, Problem> {
        let born = self.born.as_deref().map(str::parse::<Day>).transpose();
        Ok(Identity {
            number: number(&self.number)?,
            name: Known::from(self.name.clone()),
            born: Known::from(born.map_err(|error| Problem::malformed(error.to_string()))?),
            sex: Known::from(self.sex.as_deref().map(one_of::<Sex>).transpose()?),
        })
    }
}

/// A person's number.
pub(super) fn number(text: &str) -> Result<PersonNumber, Problem> {
    text.parse::<PersonNumber>().map_err(|error| Problem::malformed(error.to_string()))
}

/// Another patient.
pub(super) fn patient(text: &str) -> Result<PatientId, Problem> {
    Ok(PatientId::new(text)?)
}

/// Register somebody who may receive blood.
#[utoipa::path(
    post, path = "/patients", tag = "patients", request_body = PatientIdentity,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn register(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<PatientIdentity>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Register { identity: asked.read()? }).await
}

/// Whom one looks for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Looking {
    /// A person's number, or a sample's.
    pub number: String,
}

/// Whom a number leads to.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundPatient {
    /// The identifier.
    pub patient: String,
}

/// Find a patient by number or sample. Nobody is listed.
#[utoipa::path(
    get, path = "/patients", tag = "patients", params(Looking),
    responses((status = 200, body = FoundPatient), (status = "default", body = ProblemDocument)),
)]
pub async fn find(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Looking>,
) -> Result<Json<FoundPatient>, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let world = app.engine.world();
    let own = world.local(&visitor.region).map(|region| &region.own.patients);
    let found = own.and_then(|own| crate::pages::patients::find(own, &asked.number));
    let patient = found.ok_or_else(|| Problem::not_found(asked.number.as_str()))?.to_string();
    Ok(Json(FoundPatient { patient }))
}

/// An antibody that was found once.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundAntibody {
    /// Its name, for later reports about it.
    pub id: String,
    /// Against what.
    pub against: String,
    /// `significant`, `insignificant`; null was not judged and counts as significant.
    pub significance: Option<String>,
    /// When.
    pub found: String,
    /// Where.
    pub place: String,
    /// The region that told of it.
    pub told_by: Option<String>,
}

/// What is known of somebody's blood; null is unknown.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatientBlood {
    /// The identifier.
    pub patient: String,
    /// Personal, coordination or reserve number.
    pub number: String,
    /// Name.
    pub name: Option<String>,
    /// Group.
    pub group: Option<String>,
    /// Separate occasions that determined it.
    pub occasions: u8,
    /// Whether there is only an emergency group.
    pub provisional: bool,
    /// Whether two different groups stand against each other.
    pub conflict: bool,
    /// Whether a transplant may have changed it.
    pub transplant_unsettled: bool,
    /// Antigens of red cells that units must lack for life; null is unknown, never none.
    pub antigen_negative_for: Option<Vec<String>>,
    /// Every antibody ever found.
    pub antibodies: Vec<FoundAntibody>,
    /// What physicians require now.
    pub requirements: Vec<String>,
    /// The newest valid compatibility sample.
    pub sample: Option<String>,
    /// Until when it holds.
    pub sample_valid_until: Option<String>,
    /// Whether the newest screen saw antibodies.
    pub screen_positive: Option<bool>,
    /// What stands between the patient and electronic issue, the most urgent first.
    pub missing: Vec<String>,
}

fn blood(family: &Family<'_>, of: &Serology, missing: Vec<String>, id: &PatientId) -> PatientBlood {
    let is = &family.person().identity;
    let antibodies = family.findings().into_iter().map(|one| FoundAntibody {
        id: one.id.to_string(),
        against: one.against.to_string(),
        significance: one.significance.value().map(|said| said.to_string()),
        found: one.found.to_string(),
        place: one.place.clone(),
        told_by: one.told_by.as_ref().map(ToString::to_string),
    });
    let negative = |known: Antibodies| {
        known.significant().iter().map(|antigen| antigen.as_str().to_owned()).collect()
    };
    PatientBlood {
        patient: id.to_string(),
        number: is.number.to_string(),
        name: is.name.as_ref().value().map(|name| (*name).clone()),
        group: of.recipient.group.value().map(|group| group.as_str().to_owned()),
        occasions: of.occasions,
        provisional: of.provisional,
        conflict: of.conflict,
        transplant_unsettled: of.transplant_unsettled,
        antigen_negative_for: of.recipient.antibodies.value().map(negative),
        antibodies: antibodies.collect(),
        requirements: of.recipient.requirements.iter().map(|one| one.to_string()).collect(),
        sample: of.current.as_ref().map(|one| one.sample.to_string()),
        sample_valid_until: of.current.as_ref().map(|one| one.valid_until.to_string()),
        screen_positive: of.screen.and_then(|one| one.positive.value()),
        missing,
    }
}

/// What is known of a patient's blood. That it is read is recorded before the answer.
#[utoipa::path(
    get, path = "/patients/{patient}", tag = "patients", params(("patient" = String, Path)),
    responses((status = 200, body = PatientBlood), (status = "default", body = ProblemDocument)),
)]
pub async fn one(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
) -> Result<Json<PatientBlood>, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let unknown = || Problem::not_found(patient.as_str());
    let known = app.engine.world();
    let known = known.local(&visitor.region).ok_or_else(unknown)?;
    if !known.own.patients.patients.contains_key(&patient) {
        return Err(unknown());
    }
    note_read(&app, &visitor, ReadOf::Patient(patient.clone()), "api").await?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region).ok_or_else(unknown)?;
    let (own, rules) = (&region.own.patients, region.shared.rulesets.in_force(Scope::Blood, now));
    let family = Family::of(own, &patient).ok_or_else(unknown)?;
    let of = serology(own, rules, &patient, now).ok_or_else(unknown)?;
    let missing = gaps(&family, &of, rules, now);
    let missing = missing.into_iter().map(|gap| gap.as_str().to_owned()).collect();
    Ok(Json(blood(&family, &of, missing, &own.person(&patient))))
}

/// Who somebody is, put right.
#[derive(Debug, Deserialize, ToSchema)]
pub struct IdentityCorrection {
    /// What is right.
    pub identity: PatientIdentity,
    /// Why.
    pub reason: String,
}

/// Put right who somebody is.
#[utoipa::path(
    post, path = "/patients/{patient}/correct", tag = "patients", request_body = IdentityCorrection,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<IdentityCorrection>,
) -> Result<Json<Done>, Problem> {
    let identity = asked.identity.read()?;
    let command = Command::CorrectIdentity { patient, identity, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// A newborn's mother.
#[derive(Debug, Deserialize, ToSchema)]
pub struct StatedMother {
    /// The mother, a patient here.
    pub mother: String,
    /// Why another was stated before.
    pub reason: Option<String>,
}

/// State a newborn's mother: her antibodies count.
#[utoipa::path(
    post, path = "/patients/{patient}/mother", tag = "patients", request_body = StatedMother,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn mother(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<StatedMother>,
) -> Result<Json<Done>, Problem> {
    let mother = self::patient(&asked.mother)?;
    submit(&app, &visitor, key, Command::StateMother { patient, mother, reason: asked.reason })
        .await
}

/// Who a reserve number turned out to be.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReserveLink {
    /// The person, a patient here with a personal or coordination number.
    pub to: String,
    /// How identity was checked.
    pub check: String,
}

/// Say who a reserve number turned out to be.
#[utoipa::path(
    post, path = "/patients/{patient}/link", tag = "patients", request_body = ReserveLink,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn link(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<ReserveLink>,
) -> Result<Json<Done>, Problem> {
    let to = self::patient(&asked.to)?;
    submit(&app, &visitor, key, Command::Link { reserve: patient, to, check: asked.check }).await
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PatientReason {
    /// In words.
    pub reason: String,
}

/// Take a reserve number's link back; antibodies stay with both.
#[utoipa::path(
    post, path = "/patients/{patient}/unlink", tag = "patients", request_body = PatientReason,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn unlink(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<PatientReason>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Unlink { reserve: patient, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// Record that the patient forbids telling other care providers.
#[utoipa::path(
    post, path = "/patients/{patient}/block", tag = "patients", request_body = PatientReason,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn block(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<PatientReason>,
) -> Result<Json<Done>, Problem> {
    let note = Some(asked.reason).filter(|note| !note.trim().is_empty());
    submit(&app, &visitor, key, Command::Block { patient, note }).await
}

/// Record that the patient lifts the block.
#[utoipa::path(
    post, path = "/patients/{patient}/block/lift", tag = "patients", request_body = PatientReason,
    params(("patient" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn lift(
    State(app): State<App>,
    visitor: Visitor,
    At(patient): At<PatientId>,
    key: Key,
    Body(asked): Body<PatientReason>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::LiftBlock { patient, reason: asked.reason }).await
}
