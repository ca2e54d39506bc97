//! From a ward's request to the end of every unit. Everything here stays in the own region.

use axum::Json;
use axum::extract::State;
use samband_domain::blood::model::{AgeKnown, Component, Requirement, Sex, UnitId};
use samband_domain::transfusion::command::{Back, Command, Crossmatched, Deciding, Handing};
use samband_domain::transfusion::model::{
    Capacity, Category, Estimate, ExceptionRule, Imputability, Kind, Match, Paper, PaperKind,
    Reaction, Request, Severity, Temperature, Urgency,
};
use samband_domain::words::Code;
use samband_domain::{Known, PatientId, RequestId, SiteId, Time};
use serde::Deserialize;
use utoipa::ToSchema;

use super::answer::{Done, submit};
use super::input::{Body, Key, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use super::unit_commands::units;
use crate::app::stock::{component, unit};
use crate::app::transfusion::{own, patient};
use crate::app::{App, Problem, Visitor};

/// A patient by identifier, personal number or sample number.
fn whom(app: &App, visitor: &Visitor, text: &str) -> Result<PatientId, Problem> {
    let world = app.engine.world();
    patient(own(app, visitor, &world)?, text).ok_or_else(|| Problem::not_found("patient"))
}

pub(super) fn request_id(text: &str) -> Result<RequestId, Problem> {
    RequestId::new(text).map_err(|_| Problem::not_found(text))
}

/// What a ward asks for.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewRequest {
    /// The patient: identifier, personal number or reserve number; null only in an emergency.
    pub patient: Option<String>,
    /// What can be seen of somebody whom nobody can name: `female` or `male`.
    pub looks_sex: Option<String>,
    /// The same: years, as it looks.
    pub looks_years: Option<u8>,
    /// Component, e.g. `red_cells`.
    pub component: String,
    /// How many units.
    pub units: u16,
    /// When they are needed.
    pub needed: String,
    /// `routine`, `urgent`, `emergency` or `massive` (packages by the region's rules).
    pub urgency: String,
    /// `transfusion` (default), `exchange` or `intrauterine`.
    pub kind: Option<String>,
    /// What is required of every unit beyond what is known of the patient, e.g. `irradiated`.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// At which blood centre.
    pub site: String,
    /// The ward.
    pub ward: String,
    /// Why.
    pub indication: String,
    /// In an emergency: the units handed out in the same step.
    #[serde(default)]
    pub issue: Vec<String>,
    /// In an emergency: who fetches them.
    pub fetched_by: Option<String>,
}

impl NewRequest {
    fn request(&self, app: &App, visitor: &Visitor) -> Result<Request, Problem> {
        let patient = self.patient.as_deref().map(|text| whom(app, visitor, text)).transpose()?;
        let sex = self.looks_sex.as_deref().map(one_of::<Sex>).transpose()?;
        let age = self.looks_years.map_or(AgeKnown::Unknown, AgeKnown::years);
        let kind = self.kind.as_deref().map_or(Ok(Kind::Transfusion), one_of::<Kind>)?;
        let requirements = self.requirements.iter().map(|one| one_of::<Requirement>(one));
        Ok(Request {
            patient,
            estimate: Estimate { sex: Known::from(sex), age },
            component: component(&self.component)?,
            units: self.units,
            needed: moment("needed", &self.needed)?,
            urgency: one_of::<Urgency>(&self.urgency)?,
            kind,
            requirements: requirements.collect::<Result<_, _>>()?,
            site: SiteId::new(&self.site)?,
            ward: self.ward.clone(),
            indication: self.indication.clone(),
        })
    }
}

/// Ask for blood; in an emergency, units may be handed out in the same step.
#[utoipa::path(
    post, path = "/requests", tag = "transfusion", request_body = NewRequest,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn request(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewRequest>,
) -> Result<Json<Done>, Problem> {
    let request = asked.request(&app, &visitor)?;
    let command = match (request.urgency, asked.issue.is_empty()) {
        (Urgency::Massive, true) => Command::StartPackages { request },
        (_, true) => Command::Request { request },
        (_, false) => Command::EmergencyIssue {
            request,
            units: units(&asked.issue)?,
            fetched_by: asked.fetched_by.unwrap_or_default(),
        },
    };
    submit(&app, &visitor, key, command).await
}

/// What is done with a request as a whole.
#[derive(Debug, Deserialize, ToSchema)]
pub struct RequestChange {
    /// The request.
    pub request: String,
    /// `cancel`, `stop_packages`, `settle` (what did not agree was dealt with) or `reconcile`
    /// (go through an emergency or paper, and say who it is).
    pub act: String,
    /// Why, or what was done; not for `reconcile`.
    pub reason: Option<String>,
    /// For `reconcile`: who it is.
    pub patient: Option<String>,
}

/// Take a request back, call packages off, reconcile, or settle what did not agree.
#[utoipa::path(
    post, path = "/requests/change", tag = "transfusion", request_body = RequestChange,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn change(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<RequestChange>,
) -> Result<Json<Done>, Problem> {
    let request = request_id(&asked.request)?;
    let reason = asked.reason.unwrap_or_default();
    let command = match asked.act.as_str() {
        "cancel" => Command::Cancel { request, reason },
        "stop_packages" => Command::StopPackages { request, reason },
        "settle" => Command::SettleDiscrepancies { request, reason },
        "reconcile" => {
            let patient = asked.patient.as_deref();
            let patient = patient.map(|text| whom(&app, &visitor, text)).transpose()?;
            Command::Reconcile { request, patient }
        }
        other => return Err(Problem::malformed(format!("act: {other}"))),
    };
    submit(&app, &visitor, key, command).await
}

/// A crossmatch.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCrossmatch {
    /// The request.
    pub request: String,
    /// The unit.
    pub unit: String,
    /// `compatible` or `incompatible`; null confirms what somebody else read.
    pub result: Option<String>,
    /// When the patient's sample was taken.
    pub taken: Option<String>,
}

/// Report a crossmatch (MG-test), or confirm one as a second person.
#[utoipa::path(
    post, path = "/crossmatches", tag = "transfusion", request_body = NewCrossmatch,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn crossmatch(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewCrossmatch>,
) -> Result<Json<Done>, Problem> {
    let (request, unit) = (request_id(&asked.request)?, unit(&asked.unit)?);
    let command = match asked.result.as_deref() {
        None => Command::ConfirmCrossmatch { request, unit },
        Some(result) => {
            let taken = moment("taken", asked.taken.as_deref().unwrap_or_default())?;
            let read = Crossmatched { unit, taken, result: one_of::<Match>(result)? };
            Command::Crossmatch { request, read }
        }
    };
    submit(&app, &visitor, key, command).await
}

/// A physician's decision against a rule.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDecision {
    /// The request.
    pub request: String,
    /// `d_positive`, `missing_tests`, `no_crossmatch`, `antigen` or `requirement`.
    pub rule: String,
    /// `transfusion` or `treating`.
    pub capacity: String,
    /// The physician's name.
    pub physician: String,
    /// Why.
    pub reason: String,
    /// Until when it holds: three days at most.
    pub until: String,
}

/// Put a physician's decision against a rule on record; two are needed, by two persons.
#[utoipa::path(
    post, path = "/exceptions", tag = "transfusion", request_body = NewDecision,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewDecision>,
) -> Result<Json<Done>, Problem> {
    let decision = Deciding {
        rule: one_of::<ExceptionRule>(&asked.rule)?,
        capacity: one_of::<Capacity>(&asked.capacity)?,
        physician: asked.physician,
        reason: asked.reason,
        until: moment("until", &asked.until)?,
    };
    let request = request_id(&asked.request)?;
    submit(&app, &visitor, key, Command::Decide { request, decision }).await
}

/// Units to be handed out.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewIssue {
    /// The request.
    pub request: String,
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
    /// Who fetches them.
    pub fetched_by: String,
}

/// Hand units out: the ten-rule gate is asked anew, whatever it said when they were set aside.
#[utoipa::path(
    post, path = "/issues", tag = "transfusion", request_body = NewIssue,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn issue(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewIssue>,
) -> Result<Json<Done>, Problem> {
    let handing = Handing {
        request: request_id(&asked.request)?,
        units: units(&asked.units)?,
        fetched_by: asked.fetched_by,
    };
    submit(&app, &visitor, key, Command::Issue { handing }).await
}

/// What became of units on a ward.
#[derive(Debug, Deserialize, ToSchema)]
pub struct WardReport {
    /// `checked` (beside the patient), `transfused`, `returned` or `wasted`.
    pub act: String,
    /// Units; one for `checked` and `transfused`.
    pub units: Vec<String>,
    /// The patient, for `checked` and `transfused`.
    pub patient: Option<String>,
    /// When a transfusion began; now otherwise.
    pub began: Option<String>,
    /// When it ended; null is not known.
    pub ended: Option<String>,
    /// Where returned units are.
    pub site: Option<String>,
    /// Minutes outside storage without cooling; null is not known.
    pub uncooled_minutes: Option<u32>,
    /// Minutes in a cooled box; null is not known.
    pub cooled_minutes: Option<u32>,
    /// Temperature record of returned units: `within`, `outside` or `no_record` (default).
    pub temperature: Option<String>,
    /// Whether returned bags are whole and look as they should.
    pub intact: Option<bool>,
    /// Why units were wasted.
    pub reason: Option<String>,
}

/// Report what became of units on a ward. A report is never refused for what it says: what does
/// not agree waits on the worklist.
#[utoipa::path(
    post, path = "/transfusions", tag = "transfusion", request_body = WardReport,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn report(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<WardReport>,
) -> Result<Json<Done>, Problem> {
    let units = units(&asked.units)?;
    let one = || units.first().copied().ok_or_else(|| Problem::malformed("units"));
    let patient = asked.patient.as_deref();
    let command = match asked.act.as_str() {
        "checked" => {
            let world = app.engine.world();
            let region = own(&app, &visitor, &world)?;
            let found = patient.and_then(|text| self::patient(region, text));
            Command::CheckBedside { unit: one()?, patient: found }
        }
        "transfused" => Command::Transfuse {
            unit: one()?,
            patient: whom(&app, &visitor, patient.unwrap_or_default())?,
            began: asked
                .began
                .as_deref()
                .map_or_else(|| Ok(app.engine.now()), |text| moment("began", text))?,
            ended: known_moment("ended", asked.ended.as_deref())?,
        },
        "returned" => Command::Return { back: back(&asked, units)? },
        "wasted" => Command::Waste { units, reason: asked.reason.unwrap_or_default() },
        other => return Err(Problem::malformed(format!("act: {other}"))),
    };
    submit(&app, &visitor, key, command).await
}

fn known_moment(field: &'static str, text: Option<&str>) -> Result<Known<Time>, Problem> {
    Ok(Known::from(text.map(|text| moment(field, text)).transpose()?))
}

fn back(asked: &WardReport, units: Vec<UnitId>) -> Result<Back, Problem> {
    let temperature = asked.temperature.as_deref();
    Ok(Back {
        units,
        site: SiteId::new(asked.site.as_deref().unwrap_or_default())?,
        uncooled_minutes: Known::from(asked.uncooled_minutes),
        cooled_minutes: Known::from(asked.cooled_minutes),
        temperature: temperature.map_or(Ok(Temperature::NoRecord), one_of::<Temperature>)?,
        intact: asked.intact.unwrap_or(false),
    })
}

/// A transfusion reaction, or its assessment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReaction {
    /// A reaction that was reported before, to be assessed; null reports a new one.
    pub reaction: Option<String>,
    /// The patient.
    pub patient: Option<String>,
    /// The units.
    #[serde(default)]
    pub units: Vec<String>,
    /// When it began.
    pub began: Option<String>,
    /// Category of Directive 2005/61/EC annex II, e.g. `haemolysis_abo`, `trali`, `other`.
    pub category: String,
    /// `mild`, `serious`, `life_threatening` or `death`; demanded of a report.
    pub severity: Option<String>,
    /// `na` (cannot be assessed), `0` (excluded or unlikely), `1` (possible), `2` (likely) or `3`
    /// (certain): Directive 2005/61/EC annex II.
    pub imputability: String,
    /// What was seen and done.
    pub signs: Option<String>,
}

/// Report a transfusion reaction, which quarantines what else came of the donations; or assess one.
#[utoipa::path(
    post, path = "/reactions", tag = "transfusion", request_body = NewReaction,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn react(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewReaction>,
) -> Result<Json<Done>, Problem> {
    let category = one_of::<Category>(&asked.category)?;
    let imputability = one_of::<Imputability>(&asked.imputability)?;
    let command = match asked.reaction.as_deref() {
        Some(text) => {
            let reaction = Code::new(text).map_err(|_| Problem::not_found(text))?;
            Command::Assess { reaction, category, imputability }
        }
        None => Command::React {
            reaction: Reaction {
                patient: whom(&app, &visitor, asked.patient.as_deref().unwrap_or_default())?,
                units: units(&asked.units)?,
                began: moment("began", asked.began.as_deref().unwrap_or_default())?,
                category,
                severity: one_of::<Severity>(asked.severity.as_deref().unwrap_or_default())?,
                imputability,
                signs: asked.signs.unwrap_or_default(),
                assessed_by: None,
            },
        },
    };
    submit(&app, &visitor, key, command).await
}

/// A line of the reserve routine's paper list.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewPaper {
    /// The paper's own number.
    pub number: String,
    /// `issued` or `transfused`.
    pub kind: String,
    /// The unit.
    pub unit: String,
    /// The patient, if the paper names one.
    pub patient: Option<String>,
    /// When.
    pub at: String,
    /// The ward.
    pub ward: String,
    /// Who signed the line.
    pub signed: String,
    /// At which site it was handed out.
    pub site: String,
}

/// Enter a line of the reserve routine's paper list; it is held against the record.
#[utoipa::path(
    post, path = "/downtime-entries", tag = "transfusion", request_body = NewPaper,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn paper(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewPaper>,
) -> Result<Json<Done>, Problem> {
    let patient = asked.patient.as_deref().map(|text| whom(&app, &visitor, text)).transpose()?;
    let paper = Paper {
        number: asked.number,
        kind: one_of::<PaperKind>(&asked.kind)?,
        unit: unit(&asked.unit)?,
        patient,
        at: moment("at", &asked.at)?,
        ward: asked.ward,
        signed: asked.signed,
        note: Known::Unknown,
    };
    let site = SiteId::new(&asked.site)?;
    let component = Component::RedCells;
    submit(&app, &visitor, key, Command::EnterPaper { paper, site, component }).await
}
