//! Donors of the own region: registered, asked, let through, deferred, and whether they may give.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{
    Answer, Checks, Declaration, DeferralReason, Earlier, Identity, Outcome, Question, Terms,
    Until, Verdict,
};
use samband_domain::donors::{Command, view};
use samband_domain::kernel::ReadOf;
use samband_domain::words::{Day, PersonNumber};
use samband_domain::{DonorId, Known, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use crate::app::{App, Problem, Visitor, note_read};

/// What stands in the record as the purpose of a program's reading.
const PURPOSE: &str = "donor_page";

pub(super) fn day(text: &str) -> Result<Day, Problem> {
    text.parse().map_err(|_| Problem::malformed(format!("day: {text}")))
}

pub(super) fn number(text: &str) -> Result<PersonNumber, Problem> {
    text.parse().map_err(|error| Problem::malformed(format!("number: {error}")))
}

pub(super) fn site(text: &str) -> Result<SiteId, Problem> {
    SiteId::new(text).map_err(|_| Problem::malformed(format!("site: {text}")))
}

pub(super) fn donor(text: &str) -> Result<DonorId, Problem> {
    DonorId::new(text).map_err(|_| Problem::malformed(format!("donor: {text}")))
}

pub(super) fn group(text: &str) -> Result<Group, Problem> {
    text.parse().map_err(|_| Problem::malformed(format!("group: {text}")))
}

/// An earlier donation.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Gift {
    /// The day, as `2026-05-31`.
    pub day: String,
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
}

/// Earlier donations; unknown if nobody said.
pub(super) fn gifts(told: Option<&[Gift]>) -> Result<Known<Vec<Earlier>>, Problem> {
    let gift = |gift: &Gift| Ok(Earlier { day: day(&gift.day)?, kind: one_of(&gift.kind)? });
    let told = told.map(|all| all.iter().map(gift).collect::<Result<_, Problem>>());
    Ok(Known::from(told.transpose()?))
}

/// Somebody who wants to give.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDonor {
    /// Personal number of twelve digits, coordination number or reserve number.
    pub number: String,
    /// Given name and surname.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where they usually give.
    pub site: Option<String>,
    /// What they are approved to give.
    pub kinds: Vec<String>,
    /// Whether they want to be called.
    pub may_call: bool,
    /// What they gave before; an empty list for never, null if nobody knows.
    pub earlier: Option<Vec<Gift>>,
}

/// Register a donor.
#[utoipa::path(
    post, path = "/donors", tag = "donors", request_body = NewDonor,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn register(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDonor>,
) -> Result<Json<Done>, Problem> {
    let number = number(&asked.number)?;
    let identity = Identity {
        number: number.clone(),
        name: asked.name,
        phone: asked.phone,
        email: asked.email,
    };
    let kinds = asked.kinds.iter().map(|kind| one_of(kind)).collect::<Result<_, _>>()?;
    let site = asked.site.as_deref().map(site).transpose()?;
    let terms = Terms { site, kinds, may_call: asked.may_call };
    let earlier = gifts(asked.earlier.as_deref())?;
    let command = Command::Register { identity, terms, earlier };
    let Json(done) = submit(&app, &visitor, key, command).await?;
    // The record's shared part names nobody; the register knows who has the number.
    let world = app.engine.world();
    let own = world.local(&visitor.region).map(|region| &region.own.donors);
    let id = own.and_then(|own| own.by_number.get(&number)).map(ToString::to_string);
    Ok(Json(Done { id, ..done }))
}

/// Who is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// The person's number.
    pub number: String,
}

/// A donor that was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// The donor; a merged record is found by the one that stands.
    pub id: String,
    /// The group; null is unknown.
    pub group: Option<String>,
}

/// Find a donor by number. That it was looked for is recorded.
#[utoipa::path(
    get, path = "/donors", tag = "donors", params(Wanted),
    responses((status = 200, body = Found), (status = "default", body = ProblemDocument)),
)]
pub async fn find(
    State(app): State<App>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Found>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let number = number(&wanted.number)?;
    let world = app.engine.world();
    let own = world.local(&visitor.region).map(|region| &region.own.donors);
    let found = own.and_then(|own| view::find(own, &number));
    let (id, donor) = found.ok_or_else(|| Problem::not_found("donor"))?;
    note_read(&app, &visitor, ReadOf::Donor(id.clone()), PURPOSE).await?;
    let group = donor.group.value().map(|group| group.as_str().to_owned());
    Ok(Json(Found { id: id.to_string(), group }))
}

/// What is asked, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
    /// On which day; today if it is left out.
    pub on: Option<String>,
}

/// One reason against it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Against {
    /// What it is about.
    pub ground: String,
    /// The rule's key; null where no rule of the catalogue speaks.
    pub rule: Option<String>,
    /// Where the rule comes from.
    pub source: String,
    /// The facts used; `missing` names a rule or fact that is unknown.
    pub facts: BTreeMap<String, String>,
}

/// Whether a donor may give.
#[derive(Debug, Serialize, ToSchema)]
pub struct Eligible {
    /// `eligible`, `needs_physician`, `unknown`, `deferred` or `permanent`.
    pub verdict: String,
    /// From when, if deferred; null is unknown.
    pub until: Option<String>,
    /// Every reason against it.
    pub reasons: Vec<Against>,
    /// The rule set it rests on.
    pub rule_set: Option<String>,
}

/// Whether a donor may give, with every reason: for today with the day's declaration, for a day
/// to come as far as is known. The reading is recorded.
#[utoipa::path(
    get, path = "/donors/{id}/eligibility", tag = "donors",
    params(("id" = String, Path, description = "The donor"), Asked),
    responses((status = 200, body = Eligible), (status = "default", body = ProblemDocument)),
)]
pub async fn eligibility(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Eligible>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (id, kind) = (donor(&id)?, one_of::<DonationKind>(&asked.kind)?);
    let on = asked.on.as_deref().map(day).transpose()?;
    let known = app.engine.world();
    let local = known.local(&visitor.region);
    if !local.is_some_and(|region| region.own.donors.donors.contains_key(&id)) {
        return Err(Problem::not_found(id.as_str()));
    }
    note_read(&app, &visitor, ReadOf::Donor(id.clone()), PURPOSE).await?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region).ok_or_else(|| Problem::not_found(id.as_str()))?;
    let answer = match on.filter(|on| *on != Day::of(now)) {
        None => view::eligibility(region, &id, kind, now, &visitor.region),
        Some(on) => view::prospect(region, &id, kind, on.starts(), &visitor.region),
    };
    let until = match answer.verdict {
        Verdict::Deferred { until } => until.value().map(|until| Day::of(until).to_string()),
        _ => None,
    };
    let reasons = answer.reasons.into_iter().map(|reason| Against {
        ground: reason.ground.to_string(),
        rule: reason.key.map(|key| key.to_string()),
        source: reason.source,
        facts: reason.facts,
    });
    Ok(Json(Eligible {
        verdict: answer.verdict.as_str().to_owned(),
        until,
        reasons: reasons.collect(),
        rule_set: answer.rule_set.map(|set| set.to_string()),
    }))
}

/// An answer of a health declaration.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewDonorAnswer)]
pub struct NewAnswer {
    /// Yes or no.
    pub yes: bool,
    /// If yes: the latest day.
    pub day: Option<String>,
    /// How many weeks a pregnancy had lasted.
    pub weeks: Option<u8>,
}

/// What a donor declared and what was measured.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDeclaration {
    /// Where.
    pub site: String,
    /// Answers by question: `valid_id`, `understands_swedish`, `well`, `pregnant`, `delivery`,
    /// `abortion`, `tattoo`, `new_partner`, `sexual_risk`, `men_with_men`, `travel`, `malaria`,
    /// `zika`, `hiv`, `htlv`, `hbv`, `hcv`. What is left out was not answered.
    pub answers: BTreeMap<String, NewAnswer>,
    /// Weight in kilograms; null was not measured.
    pub weight: Option<u16>,
    /// Haemoglobin in grams per litre.
    pub hb: Option<u16>,
    /// Whether the sample was taken after the donation.
    #[serde(default)]
    pub hb_after: bool,
    /// Platelets, 10^9/L.
    pub platelets: Option<u16>,
    /// Total protein in grams per litre.
    pub protein: Option<u16>,
}

/// Report a donor's declaration and measurements.
#[utoipa::path(
    post, path = "/donors/{id}/declarations", tag = "donors", request_body = NewDeclaration,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn declare(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewDeclaration>,
) -> Result<Json<Done>, Problem> {
    let mut answers = BTreeMap::new();
    for (question, answer) in &asked.answers {
        let day = answer.day.as_deref().map(day).transpose()?;
        let said = match (answer.yes, day, answer.weeks) {
            (false, ..) => Answer::No,
            (true, Some(day), Some(weeks)) => Answer::Ended { day, weeks },
            (true, Some(day), None) => Answer::On(day),
            (true, None, _) => Answer::Yes,
        };
        answers.insert(one_of::<Question>(question)?, said);
    }
    let checks = Checks {
        weight: asked.weight.into(),
        hb: asked.hb.into(),
        hb_after: asked.hb_after,
        platelets: asked.platelets.into(),
        protein: asked.protein.into(),
    };
    let declaration = Declaration { answers, checks };
    let (donor, site) = (donor(&id)?, site(&asked.site)?);
    submit(&app, &visitor, key, Command::Declare { donor, site, declaration }).await
}

/// What a donor is to give.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAdmission {
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
}

/// Ask to let a donor through. Refused with every reason unless the rules allow it today.
#[utoipa::path(
    post, path = "/donors/{id}/admissions", tag = "donors", request_body = NewAdmission,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn admit(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewAdmission>,
) -> Result<Json<Done>, Problem> {
    let (donor, kind) = (donor(&id)?, one_of(&asked.kind)?);
    submit(&app, &visitor, key, Command::Admit { donor, kind }).await
}

/// A deferral.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDeferral {
    /// `low_hb`, `marker`, `illness`, `medicine`, `risk`, `pregnancy`, `reaction`, `own_wish` or
    /// `other`.
    pub reason: String,
    /// A day as `2026-05-31`, `further` or `permanent`.
    pub until: String,
    /// In words.
    pub note: Option<String>,
}

/// Defer a donor.
#[utoipa::path(
    post, path = "/donors/{id}/deferrals", tag = "donors", request_body = NewDeferral,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn defer(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewDeferral>,
) -> Result<Json<Done>, Problem> {
    let until = match asked.until.as_str() {
        "further" => Until::Further,
        "permanent" => Until::Permanent,
        text => Until::Day(day(text)?),
    };
    let (donor, reason) = (donor(&id)?, one_of::<DeferralReason>(&asked.reason)?);
    submit(&app, &visitor, key, Command::Defer { donor, reason, until, note: asked.note }).await
}

/// An appointment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAppointment {
    /// The session.
    pub session: String,
    /// When, RFC 3339.
    pub at: String,
    /// `whole_blood`, `plasmapheresis` or `plateletpheresis`.
    pub kind: String,
}

/// Book an appointment.
#[utoipa::path(
    post, path = "/donors/{id}/appointments", tag = "donors", request_body = NewAppointment,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn book(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewAppointment>,
) -> Result<Json<Done>, Problem> {
    let session = asked.session.parse();
    let session = session.map_err(|_| Problem::malformed(format!("session: {}", asked.session)))?;
    let (donor, kind) = (donor(&id)?, one_of(&asked.kind)?);
    let at = moment("at", &asked.at)?;
    submit(&app, &visitor, key, Command::Book { donor, session, at, kind }).await
}

/// What came of calling a donor.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewContact {
    /// `yes`, `no`, `no_answer`, `wrong_number` or `not_now`.
    pub outcome: String,
    /// The list, if it was for one.
    pub list: Option<String>,
}

/// Report what came of calling a donor.
#[utoipa::path(
    post, path = "/donors/{id}/contacts", tag = "donors", request_body = NewContact,
    params(
        ("id" = String, Path, description = "The donor"),
        ("Idempotency-Key" = Option<String>, Header)
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn contact(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    key: Key,
    Body(asked): Body<NewContact>,
) -> Result<Json<Done>, Problem> {
    let list = asked.list.as_deref().map(str::parse).transpose();
    let list = list.map_err(|_| Problem::malformed("list"))?;
    let (donor, outcome) = (donor(&id)?, one_of::<Outcome>(&asked.outcome)?);
    submit(&app, &visitor, key, Command::Note { donor, list, outcome }).await
}
