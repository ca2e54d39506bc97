//! Units set aside: those that somebody named, or the best, which the record picks itself.

use axum::Json;
use axum::extract::State;
use samband_domain::blood::model::stock::Oldest;
use samband_domain::transfusion::Command as Transfusion;
use samband_domain::transfusion::event::{Allocated, Picked};
use samband_domain::{Command, SiteId, blood};
use samband_engine::Request;
use samband_journal::{Content, PrivatePart, Record};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, done};
use super::input::{Body, Key};
use super::problem::ProblemDocument;
use super::transfusion::request_id;
use super::unit_commands::units;
use crate::app::stock::{component, group};
use crate::app::{App, Problem, Visitor};

/// Units for a request: either `units` or `count`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReservation {
    /// The request.
    pub request: String,
    /// Units as `A999026000001.E0336V00`.
    #[serde(default)]
    pub units: Vec<String>,
    /// Instead of units: so many of the best that lie where the request went, in the order of the
    /// region's selection. They are picked as the stock stands when the command is carried out, so
    /// that no two reservations get one unit.
    pub count: Option<u16>,
    /// With `count`: if fewer fit, none is set aside. 1 (default) takes as many as there are.
    pub at_least: Option<u16>,
    /// With `count`: which component of a massive transfusion's packages, e.g. `plasma`.
    pub component: Option<String>,
}

/// Units for a purpose: either `units`, or `site`, `component`, `group` and `count`.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Reservation {
    /// Units as `A999026000001.E0336V00`.
    #[serde(default)]
    pub units: Vec<String>,
    /// Instead of units: at which site the next to expire are picked, as the stock stands when the
    /// command is carried out.
    pub site: Option<String>,
    /// Of which component, e.g. `red_cells`.
    pub component: Option<String>,
    /// Of exactly which group, e.g. `o_neg`.
    pub group: Option<String>,
    /// How many.
    pub count: Option<u16>,
    /// If fewer are free, none is set aside. 1 (default) takes as many as there are.
    pub at_least: Option<u16>,
    /// For what or whom; it stays in the region.
    pub purpose: String,
}

/// Units that were set aside.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reserved {
    /// What the command led to.
    #[serde(flatten)]
    pub done: Done,
    /// The units, best first.
    pub units: Vec<String>,
    /// Why each was picked; empty where they were named, and where all are the next to expire.
    pub why: Vec<Why>,
}

/// Why a unit was picked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WhyReserved)]
pub struct Why {
    /// The unit.
    pub unit: String,
    /// Its group's place in the order, from 1; within it, the next to expire came first.
    pub place: u8,
    /// `identical`, `same_abo`, `compatible`, `spares_o_neg` or `universal`.
    pub reason: String,
    /// The rule that orders the groups.
    pub rule: String,
    /// Where that rule comes from.
    pub source: String,
    /// Where the freshest came first: `fresh`, `not_known` or `old`.
    pub freshness: Option<String>,
}

/// Set units aside for a request: those named, or so many of the best. The gate is asked; what a
/// crossmatch can still remedy is allowed.
#[utoipa::path(
    post, path = "/reservations", tag = "transfusion", request_body = NewReservation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Reserved), (status = "default", body = ProblemDocument)),
)]
pub async fn for_request(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewReservation>,
) -> Result<Json<Reserved>, Problem> {
    let request = request_id(&asked.request)?;
    let command = match (asked.units.is_empty(), asked.count) {
        (false, None) => Transfusion::Reserve { request, units: units(&asked.units)? },
        (true, Some(count)) => {
            let component = asked.component.as_deref().map(component).transpose()?;
            let at_least = asked.at_least.unwrap_or(1);
            Transfusion::ReserveBest { request, component, count, at_least }
        }
        _ => return Err(Problem::malformed("either units or count")),
    };
    set_aside(&app, &visitor, key, command.into()).await
}

/// Set units aside until the rules' lapse: those named, or so many of the next to expire.
#[utoipa::path(
    post, path = "/units/reserve", tag = "units", request_body = Reservation,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Reserved), (status = "default", body = ProblemDocument)),
)]
pub async fn for_purpose(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Reservation>,
) -> Result<Json<Reserved>, Problem> {
    let purpose = asked.purpose;
    let needed = |name: &str, text: Option<String>| text.ok_or_else(|| Problem::malformed(name));
    let command = match (asked.units.is_empty(), asked.count) {
        (false, None) => blood::Command::Reserve { units: units(&asked.units)?, purpose },
        (true, Some(count)) => {
            let oldest = Oldest {
                site: SiteId::new(&needed("site", asked.site)?)?,
                component: component(&needed("component", asked.component)?)?,
                group: group(&needed("group", asked.group)?)?,
                count,
                at_least: asked.at_least.unwrap_or(1),
            };
            blood::Command::ReserveOldest { oldest, purpose }
        }
        _ => return Err(Problem::malformed("either units or count")),
    };
    set_aside(&app, &visitor, key, command.into()).await
}

/// Gives the command, and reads from the record which units it got: a repetition says the same.
async fn set_aside(
    app: &App,
    visitor: &Visitor,
    key: Key,
    command: Command,
) -> Result<Json<Reserved>, Problem> {
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: key.text,
        happened: None,
        command,
        asked: key.asked,
    };
    let receipt = app.engine.submit(request).await?;
    let (first, count) = (receipt.first.clone(), receipt.count);
    let done = done(app, receipt).await?;
    let mut reserved = Reserved { done, units: Vec::new(), why: Vec::new() };
    let Some(first) = first else { return Ok(Json(reserved)) };
    for seq in first.seq..first.seq + u64::from(count) {
        let record = app.engine.store().record(&first.journal, first.epoch, seq).await?;
        if let Some(record) = record {
            reserved.read(&record);
        }
    }
    Ok(Json(reserved))
}

impl Reserved {
    /// The stock's record names the units; the request's says why.
    fn read(&mut self, record: &Record) {
        #[derive(Deserialize)]
        struct Units {
            units: Vec<String>,
        }
        let shared = record.body.text().and_then(|text| Content::read(text).ok());
        let shared = shared.as_ref().and_then(|content| content.shared_text());
        if let Some(said) = shared.and_then(|text| serde_json::from_str::<Units>(text).ok()) {
            self.units = said.units;
        }
        let PrivatePart::Here { text, .. } = &record.private else { return };
        let said = serde_json::from_str::<Allocated>(text).ok();
        if let Some(Picked { why, .. }) = said.and_then(|said| said.picked) {
            self.why = why.into_iter().map(Why::from).collect();
        }
    }
}

impl From<samband_domain::transfusion::event::Why> for Why {
    fn from(why: samband_domain::transfusion::event::Why) -> Self {
        Self {
            unit: why.unit.to_string(),
            place: why.place,
            reason: why.reason.to_string(),
            rule: why.rule,
            source: why.source,
            freshness: why.freshness.map(|one| one.to_string()),
        }
    }
}
