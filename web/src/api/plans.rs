//! Joint supply: what was used, what should lie where, and what is said to proposals.

use axum::Json;
use axum::extract::{Request, State};
use samband_access::Action;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::plans::model::{Arc, Proposal, Target};
use samband_domain::plans::{Command, view};
use samband_domain::{JournalId, Known, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Done, submit};
use super::input::{Body, Key, Query};
use super::problem::ProblemDocument;
use super::stock_files::{Incoming, StockImported};
use crate::app::plans::{day, read_used};
use crate::app::{App, Problem, Visitor};

/// What is said beside a file of use.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UseFile {
    /// Name of the file.
    pub file: Option<String>,
    /// Where it comes from, where the file does not say so.
    pub source: Option<String>,
    /// The first day it covers; the first with a row, if nobody says.
    pub from: Option<String>,
    /// The last day it covers; the last with a row, if nobody says.
    pub to: Option<String>,
    /// `true`: only show what the file would bring.
    #[serde(default)]
    pub dry_run: bool,
}

/// Report what sites used, day by day, from a CSV or XLSX file with the columns `date`, `site`,
/// `component`, `group` and `units`. All or nothing.
#[utoipa::path(
    post, path = "/plans/use/import", tag = "plans",
    params(UseFile, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content(
        (Vec<u8> = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Vec<u8> = "multipart/form-data"),
    )),
    responses((status = 200, body = StockImported), (status = "default", body = ProblemDocument)),
)]
pub async fn import(
    State(app): State<App>,
    visitor: Visitor,
    Key { text: key, .. }: Key,
    Query(beside): Query<UseFile>,
    request: Request,
) -> Result<Json<StockImported>, Problem> {
    let who = (&app, &visitor, Action::ReportUse);
    let sent = Incoming::of(who, (beside.file.as_ref(), beside.dry_run), request).await?;
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let days = (day("from", &said(&beside.from))?, day("to", &said(&beside.to))?);
    let world = app.engine.world();
    let journal = world.journal(&visitor.region).ok_or_else(Problem::broken)?;
    let look = read_used(visitor.words, journal.shared(), sent.file())?;
    let command = look.command(beside.source.as_deref(), days);
    sent.finish(key, (look.read.rows.len(), &look.bad, look.notes), command).await
}

/// Which series.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// The region; the own one, if nobody says.
    pub region: Option<String>,
    /// The site.
    pub site: String,
    /// `red_cells`, `platelets`, `plasma` …
    pub component: String,
    /// The group, `o_neg` or `O-`; none for all of them together.
    pub group: Option<String>,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
}

/// What a site used on one day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayUsed {
    /// The day.
    pub day: String,
    /// Units; null is unknown.
    pub units: Option<u32>,
}

/// A series.
#[derive(Debug, Serialize, ToSchema)]
pub struct Used {
    /// Each day from first to last.
    pub days: Vec<DayUsed>,
    /// Where reported days come from, newest first.
    pub sources: Vec<String>,
}

/// See what a site used, day by day.
#[utoipa::path(
    get, path = "/plans/use", tag = "plans", params(Asked),
    responses((status = 200, body = Used), (status = "default", body = ProblemDocument)),
)]
pub async fn used(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Json<Used>, Problem> {
    let region = match &asked.region {
        Some(region) => JournalId::new(region)?,
        None => visitor.region.clone(),
    };
    visitor.permit(&app, Action::SeeStock, &region)?;
    let world = app.engine.world();
    let journal = world.journal(&region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let shared = journal.shared();
    let site = SiteId::new(&asked.site)?;
    let from = day("from", &asked.from)?.ok_or_else(|| Problem::malformed("from"))?;
    let to = day("to", &asked.to)?.ok_or_else(|| Problem::malformed("to"))?;
    if to.days_since(from) < 0 || to.days_since(from) > samband_domain::plans::DAYS_MAX {
        return Err(Problem::malformed("to"));
    }
    let component = asked.component.parse::<Component>();
    let component = component.map_err(|_| Problem::malformed("component"))?;
    let group = asked.group.as_ref().map(|text| text.parse::<Group>()).transpose();
    let line = Line { component, group: group.map_err(|_| Problem::malformed("group"))? };
    let found = view::used((&shared.plans, &shared.blood), &site, line, (from, to));
    let days = (0_u32..).zip(found).map(|(n, units)| DayUsed {
        day: from.plus_days(n).to_string(),
        units: match units {
            Known::Value(units) => Some(units),
            Known::Unknown => None,
        },
    });
    let about = shared.plans.reports.iter().rev().filter(|one| one.sites.contains(&site));
    let sources = about.map(|one| format!("{} ({}–{})", one.source, one.from, one.to)).collect();
    Ok(Json(Used { days: days.collect(), sources }))
}

/// What should lie at a site.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTarget {
    /// The site.
    pub site: String,
    /// Of what.
    #[schema(value_type = Object)]
    pub line: Line,
    /// `fill_to`, `green_from`, `amber_from` in units, and `basis` in words; null takes it away.
    #[schema(value_type = Object)]
    pub target: Option<Target>,
}

/// Set what should lie at a site of the own region.
#[utoipa::path(
    post, path = "/plans/targets", tag = "plans", request_body = SetTarget,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn set_target(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<SetTarget>,
) -> Result<Json<Done>, Problem> {
    let site = SiteId::new(&body.site)?;
    let command = Command::SetTarget { site, line: body.line, target: body.target };
    submit(&app, &visitor, key, command).await
}

/// A yes to a proposal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// The proposal as the plan states it.
    #[schema(value_type = Object)]
    pub proposal: Box<Proposal>,
    /// How many units; another number than proposed says why in `note`.
    pub units: u32,
    /// Whether somebody telephones instead, as another system keeps the sender's record.
    #[serde(default)]
    pub by_telephone: bool,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Accept a proposal for the own region, as sender or as receiver.
#[utoipa::path(
    post, path = "/plans/accept", tag = "plans", request_body = Accept,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Accept>,
) -> Result<Json<Done>, Problem> {
    let Accept { proposal, units, by_telephone, note } = body;
    submit(&app, &visitor, key, Command::Accept { proposal, units, by_telephone, note }).await
}

/// A no to an arc.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refuse {
    /// From where to where, and what.
    #[schema(value_type = Object)]
    pub arc: Arc,
    /// Through which day, at most 31 days ahead.
    pub until: String,
    /// Why; other regions read it.
    pub reason: String,
}

/// Refuse what plans propose along an arc: nothing more is proposed there until then.
#[utoipa::path(
    post, path = "/plans/refuse", tag = "plans", request_body = Refuse,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn refuse(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Refuse>,
) -> Result<Json<Done>, Problem> {
    let until = body.until.parse().map_err(|_| Problem::malformed("until"))?;
    let command = Command::Refuse { arc: body.arc, until, reason: body.reason };
    submit(&app, &visitor, key, command).await
}

/// An arc that plans may use again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// The arc as it was refused.
    #[schema(value_type = Object)]
    pub arc: Arc,
}

/// Let plans propose along an arc again.
#[utoipa::path(
    post, path = "/plans/reopen", tag = "plans", request_body = Reopen,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn reopen(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<Reopen>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::Reopen { arc: body.arc }).await
}
