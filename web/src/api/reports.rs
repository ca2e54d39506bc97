//! Plasma for industry, what is told to the authority, and a year in figures.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::donations::command::{plasma, vigilance};
use samband_domain::donations::model::plasma::Document;
use samband_domain::donations::model::vigilance::{Category, Imputability, Notice, Yearly};
use samband_domain::donations::view::yearly::FIGURES;
use samband_domain::words::Code;
use samband_domain::{Digest, SiteId, donations};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Form, submit};
use super::input::{At, Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::sites::one_of;
use super::unit_commands::units;
use crate::app::stock::unit;
use crate::app::yearly::{count, table};
use crate::app::{App, Problem, Visitor};

/// Units of plasma for industry.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLot {
    /// Where.
    pub site: String,
    /// Units as `A999026000001.E2121V00`.
    pub units: Vec<String>,
}

/// Put released plasma together in a lot for industry; it leaves the stock.
#[utoipa::path(
    post, path = "/plasma-lots", tag = "plasma", request_body = NewLot,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn make_lot(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewLot>,
) -> Result<Json<Done>, Problem> {
    let (site, units) = (SiteId::new(&asked.site)?, units(&asked.units)?);
    let command = plasma::Command::MakeLot { site, units };
    submit(&app, &visitor, key, donations::Command::Plasma(command)).await
}

/// A document that goes with a consignment.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewDocument {
    /// What it is.
    pub title: String,
    /// Its SHA-256.
    pub sha256: String,
}

/// Lots that leave for a buyer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConsignment {
    /// The lots.
    pub lots: Vec<String>,
    /// To whom; it stays in the region.
    pub buyer: String,
    /// What goes with them; it stays in the region.
    pub documents: Vec<NewDocument>,
    /// When they left; now otherwise.
    pub sent: Option<String>,
}

/// Send lots of plasma to a buyer.
#[utoipa::path(
    post, path = "/plasma-consignments", tag = "plasma", request_body = NewConsignment,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn consign(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewConsignment>,
) -> Result<Json<Done>, Problem> {
    let lots = asked.lots.iter().map(|lot| Code::new(lot)).collect::<Result<_, _>>()?;
    let document = |one: &NewDocument| -> Result<Document, Problem> {
        let digest: Digest = one.sha256.parse().map_err(|_| Problem::malformed("sha256"))?;
        Ok(Document { title: one.title.clone(), digest })
    };
    let documents = asked.documents.iter().map(document).collect::<Result<_, _>>()?;
    let now = app.engine.now();
    let sent = asked.sent.as_deref().map_or(Ok(now), |text| moment("sent", text))?;
    let command = plasma::Command::Consign { lots, buyer: asked.buyer, documents, sent };
    submit(&app, &visitor, key, donations::Command::Plasma(command)).await
}

/// Units taken out of a lot.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewTakenOut {
    /// The units.
    pub units: Vec<String>,
    /// Why; it stays in the region.
    pub note: String,
}

/// Report that units were taken out of a lot and destroyed.
#[utoipa::path(
    post, path = "/plasma-lots/{lot}/take-out", tag = "plasma", request_body = NewTakenOut,
    params(
        ("lot" = String, Path, description = "The lot"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn take_out(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(lot): At<String>,
    Body(asked): Body<NewTakenOut>,
) -> Result<Json<Done>, Problem> {
    let (lot, units) = (Code::new(&lot)?, units(&asked.units)?);
    let command = plasma::Command::TakeOut { lot, units, note: asked.note };
    submit(&app, &visitor, key, donations::Command::Plasma(command)).await
}

/// A serious reaction or event.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewNotice {
    /// `reaction`, `event` or `donor_reaction`.
    pub notice: String,
    /// A category of Directive 2005/61/EC, e.g. `trali` or `storage`.
    pub category: String,
    /// When it happened.
    pub occurred: String,
    /// The unit, if one is concerned.
    pub unit: Option<String>,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Put on record that the authority was notified: the first step.
#[utoipa::path(
    post, path = "/vigilance", tag = "reports", request_body = NewNotice,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn notify(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewNotice>,
) -> Result<Json<Done>, Problem> {
    let command = vigilance::Command::Notify {
        notice: one_of::<Notice>(&asked.notice)?,
        category: one_of::<Category>(&asked.category)?,
        occurred: moment("occurred", &asked.occurred)?,
        unit: asked.unit.as_deref().map(unit).transpose()?,
        note: asked.note,
    };
    submit(&app, &visitor, key, donations::Command::Vigilance(command)).await
}

/// A case that a judgement opened.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewStep {
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Put on record that the authority was notified of a case that a judgement opened: a serious
/// reaction that likely came of the blood, or of the donation.
#[utoipa::path(
    post, path = "/vigilance/{case}/notify", tag = "reports", request_body = NewStep,
    params(
        ("case" = String, Path, description = "The case"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn notify_opened(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(case): At<String>,
    Body(asked): Body<NewStep>,
) -> Result<Json<Done>, Problem> {
    let command = vigilance::Command::NotifyOpened { case: Code::new(&case)?, note: asked.note };
    submit(&app, &visitor, key, donations::Command::Vigilance(command)).await
}

/// What came of it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewConfirmation {
    /// `na`, `0`, `1`, `2` or `3`.
    pub imputability: String,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Put on record that the authority was told what came of it: the second step.
#[utoipa::path(
    post, path = "/vigilance/{case}/confirm", tag = "reports", request_body = NewConfirmation,
    params(
        ("case" = String, Path, description = "The case"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(case): At<String>,
    Body(asked): Body<NewConfirmation>,
) -> Result<Json<Done>, Problem> {
    let imputability = one_of::<Imputability>(&asked.imputability)?;
    let case = Code::new(&case)?;
    let command = vigilance::Command::Confirm { case, imputability, note: asked.note };
    submit(&app, &visitor, key, donations::Command::Vigilance(command)).await
}

/// A yearly report as it was handed in.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReport {
    /// `activity`, `reactions` or `events`.
    pub report: String,
    /// SHA-256 of the file that was handed in.
    pub sha256: String,
    /// The authority's number for it.
    pub reference: Option<String>,
}

/// Put on record that a yearly report was handed in.
#[utoipa::path(
    post, path = "/reports/{year}", tag = "reports", request_body = NewReport,
    params(
        ("year" = u16, Path, description = "The year reported on"),
        ("Idempotency-Key" = Option<String>, Header),
    ),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn file(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(year): At<u16>,
    Body(asked): Body<NewReport>,
) -> Result<Json<Done>, Problem> {
    let digest: Digest = asked.sha256.parse().map_err(|_| Problem::malformed("sha256"))?;
    let report = one_of::<Yearly>(&asked.report)?;
    let command = vigilance::Command::File { report, year, digest, reference: asked.reference };
    submit(&app, &visitor, key, donations::Command::Vigilance(command)).await
}

/// One figure of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearFigure {
    /// Its key.
    pub figure: String,
    /// In which yearly report it stands.
    pub report: String,
    /// What the record says; null is unknown.
    pub value: Option<u64>,
    /// What is counted, in the language asked for.
    pub definition: String,
    /// Where the definition is from.
    pub source: String,
}

/// A year in figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct YearFigures {
    /// The region.
    pub region: String,
    /// The year.
    pub year: u16,
    /// From when on the record counts.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Whether that is the whole year.
    pub whole: bool,
    /// The figures.
    pub figures: Vec<YearFigure>,
}

/// A year in figures, with definitions and sources; as JSON, CSV or XLSX.
#[utoipa::path(
    get, path = "/reports/{year}/statistics", tag = "reports",
    params(("year" = u16, Path, description = "The year"), Form),
    responses((status = 200, body = YearFigures), (status = "default", body = ProblemDocument)),
)]
pub async fn statistics(
    State(app): State<App>,
    visitor: Visitor,
    At(of): At<u16>,
    Query(form): Query<Form>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::TellAuthority, &visitor.region)?;
    let (world, w, now) = (app.engine.world(), visitor.words, app.engine.now());
    let year = count(&app, &world, &visitor.region, of).await?;
    let stem = format!("statistics-{}-{of}", visitor.region);
    if let Some(file) = form.file(&stem, w, now, || table(w, &visitor.region, &year))? {
        return Ok(file);
    }
    let figures = FIGURES.iter().map(|figure| YearFigure {
        figure: figure.key.to_owned(),
        report: figure.report.as_str().to_owned(),
        value: year.value(figure),
        definition: w.dynamic("yearly-definition-", &figure.key.replace('.', "-")),
        source: figure.source.to_owned(),
    });
    Ok(Json(YearFigures {
        region: visitor.region.to_string(),
        year: of,
        from: year.from.to_string(),
        until: year.until.to_string(),
        whole: year.whole,
        figures: figures.collect(),
    })
    .into_response())
}
