//! Sites: hospitals, blood centres, depots, laboratories.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use samband_access::Action;
use samband_domain::kernel::{Command, RecordKeeper, SiteKind, view};
use samband_domain::{JournalId, SiteId, Time};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, Form, only, submit};
use super::input::{At, Body, Key, Query, moment_or_now, window_from_now};
use super::problem::ProblemDocument;
use super::regions::regions_of;
use crate::app::{App, Problem, Visitor};
use crate::tables;

/// A site that exists now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Site {
    /// Region.
    pub region: String,
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// The site it belongs to.
    pub parent: Option<String>,
    /// Which record rules there: `samband` or `external`.
    pub record: String,
    /// Since when.
    pub from: String,
    /// Until when.
    pub until: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

/// Whose, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whose {
    /// Region; all otherwise.
    pub region: Option<String>,
    /// `json` (default), `csv` or `xlsx`.
    pub format: Option<String>,
    /// Headings of a file: `keys` (default) or `words`.
    pub headings: Option<String>,
}

impl Whose {
    pub(super) fn form(&self) -> Form {
        Form { format: self.format.clone(), headings: self.headings.clone() }
    }

    /// The region asked for, which must be known here.
    pub(super) fn region(&self, app: &App) -> Result<Option<JournalId>, Problem> {
        let Some(name) = &self.region else {
            return Ok(None);
        };
        let id = JournalId::new(name)?;
        let known = app.engine.world().journal(&id).is_some();
        if known { Ok(Some(id)) } else { Err(Problem::not_found(name)) }
    }
}

/// The sites of one or all regions.
#[utoipa::path(
    get, path = "/sites", tag = "sites", params(Whose),
    responses((status = 200, body = Vec<Site>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Response, Problem> {
    let asked = whose.region(&app)?;
    visitor.permit(&app, Action::SeeRegion, asked.as_ref().unwrap_or(&visitor.region))?;
    let world = app.engine.world();
    let regions = regions_of(&world);
    let wanted = |id: &JournalId| asked.as_ref().is_none_or(|asked| asked == id);
    let all: Vec<Site> = regions
        .iter()
        .filter(|journal| wanted(&journal.id))
        .flat_map(|journal| {
            let rows = view::sites(&journal.shared().kernel, app.engine.now());
            rows.into_iter().map(|row| Site {
                region: journal.id.to_string(),
                id: row.site.id.to_string(),
                name: row.site.name,
                kind: row.site.kind.to_string(),
                parent: row.site.parent.map(|parent| parent.to_string()),
                record: row.site.record.to_string(),
                from: row.site.window.from().to_string(),
                until: row.site.window.until().map(|until| until.to_string()),
                note: row.site.note,
            })
        })
        .collect();
    let (words, now) = (visitor.words, app.engine.now());
    let table = || only(tables::sites(words, &world, now), asked.as_ref());
    let file = whose.form().file("sites", words, now, table)?;
    Ok(file.unwrap_or_else(|| Json(&all).into_response()))
}

/// A site to open.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewSite {
    /// Identifier; one is made otherwise.
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// `hospital`, `blood_centre`, `depot`, `mobile_unit`, `laboratory` or `radiology`.
    pub kind: String,
    /// The site it belongs to.
    pub parent: Option<String>,
    /// Which record rules there: `samband` or `external`.
    pub record: String,
    /// Since when; now otherwise.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
    /// Remark.
    pub note: Option<String>,
}

pub(super) fn one_of<T: std::str::FromStr<Err = String>>(text: &str) -> Result<T, Problem> {
    text.parse().map_err(Problem::malformed)
}

/// Open a site in the own region.
#[utoipa::path(
    post, path = "/sites", tag = "sites", request_body = NewSite,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(new): Body<NewSite>,
) -> Result<Json<Done>, Problem> {
    let id = |text: Option<String>| text.map(|text| SiteId::new(&text)).transpose();
    let command = Command::OpenSite {
        id: id(new.id)?,
        name: new.name,
        kind: one_of::<SiteKind>(&new.kind)?,
        parent: id(new.parent)?,
        record: one_of::<RecordKeeper>(&new.record)?,
        window: window_from_now(&app, new.from.as_deref(), new.until.as_deref())?,
        note: new.note,
    };
    submit(&app, &visitor, key, command).await
}

/// A site's right description.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SiteCorrection {
    /// Name.
    pub name: String,
    /// Which record rules there.
    pub record: String,
    /// Remark.
    pub note: Option<String>,
    /// Why.
    pub reason: String,
}

/// Correct a site's description.
#[utoipa::path(
    post, path = "/sites/{id}/correct", tag = "sites", request_body = SiteCorrection,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn correct(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(site): At<SiteId>,
    Body(right): Body<SiteCorrection>,
) -> Result<Json<Done>, Problem> {
    let command = Command::CorrectSite {
        site,
        name: right.name,
        record: one_of::<RecordKeeper>(&right.record)?,
        note: right.note,
        reason: right.reason,
    };
    submit(&app, &visitor, key, command).await
}

/// An end, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Ending {
    /// When; now otherwise.
    pub at: Option<String>,
    /// Why.
    pub reason: String,
}

/// Ends something of the own region: when and why as said.
pub(super) async fn end_of<C: Into<samband_domain::Command>>(
    app: &App,
    visitor: &Visitor,
    key: Key,
    Ending { at, reason }: Ending,
    command: impl FnOnce(Time, String) -> C,
) -> Result<Json<Done>, Problem> {
    let at = moment_or_now(app, "at", at.as_deref())?;
    submit(app, visitor, key, command(at, reason)).await
}

/// Close a site.
#[utoipa::path(
    post, path = "/sites/{id}/close", tag = "sites", request_body = Ending,
    params(("id" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn close(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    At(site): At<SiteId>,
    Body(end): Body<Ending>,
) -> Result<Json<Done>, Problem> {
    let close = |at, reason| Command::CloseSite { site, at, reason };
    end_of(&app, &visitor, key, end, close).await
}
