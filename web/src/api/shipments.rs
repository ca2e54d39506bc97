//! Shipments: what is on its way, sending it, and saying what became of it.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::command::Command;
use samband_domain::blood::model::stock::{Arrival, Way};
use samband_domain::blood::view::moving::{Moving, moving};
use samband_domain::words::RecordRef;
use samband_domain::{Digest, JournalId, Known, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::sites::{Whose, one_of};
use super::unit_commands::units;
use crate::app::stock::{parts, region, unit};
use crate::app::{App, Problem, Visitor};

/// Units of one component and group on their way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Carried {
    /// Component.
    pub component: String,
    /// Group; null is unknown.
    pub group: Option<String>,
    /// How many.
    pub units: u32,
}

/// A shipment that has not wholly arrived.
#[derive(Debug, Serialize, ToSchema)]
pub struct OnItsWay {
    /// The dispatch, by which the receiver names it.
    pub dispatch: Place,
    /// From which region.
    pub from_region: String,
    /// From which site.
    pub from_site: String,
    /// To which region.
    pub to_region: String,
    /// To which site.
    pub to_site: String,
    /// When it left.
    pub sent: String,
    /// When it should be there; null is unknown.
    pub eta: Option<String>,
    /// By what.
    pub carrier: Option<String>,
    /// How many units were sent.
    pub units_sent: u32,
    /// Units that nobody has said to have arrived.
    pub open: Vec<String>,
    /// Those of them that were not in the box.
    pub missing: Vec<String>,
    /// Open units by component and group.
    pub lines: Vec<Carried>,
    /// Whether it should have been there by now.
    pub late: bool,
    /// Whether only the sender has spoken of it.
    pub one_sided: bool,
}

impl From<Moving> for OnItsWay {
    fn from(one: Moving) -> Self {
        let names = |units: &[samband_domain::blood::model::UnitId]| {
            units.iter().map(ToString::to_string).collect()
        };
        let line =
            |(component, group, units): &(_, Option<samband_domain::blood::model::Group>, _)| {
                let component: &samband_domain::blood::model::Component = component;
                let group = group.map(|group| group.as_str().to_owned());
                Carried { component: component.to_string(), group, units: *units }
            };
        Self {
            dispatch: Place::from(&one.dispatch),
            from_region: one.from_region.to_string(),
            from_site: one.way.from.to_string(),
            to_region: one.way.to_region.to_string(),
            to_site: one.way.to_site.to_string(),
            sent: one.way.sent.to_string(),
            eta: one.way.eta.value().map(|eta| eta.to_string()),
            carrier: one.way.carrier.clone(),
            units_sent: one.sent,
            open: names(&one.open),
            missing: names(&one.missing),
            lines: one.lines.iter().map(line).collect(),
            late: one.late,
            one_sided: one.one_sided,
        }
    }
}

/// What is on its way, earliest expected first.
#[utoipa::path(
    get, path = "/shipments", tag = "shipments", params(Whose),
    responses((status = 200, body = Vec<OnItsWay>), (status = "default", body = ProblemDocument)),
)]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<OnItsWay>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = whose.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let asked = asked.map(|text| region(&world, text)).transpose()?;
    let concerns = |one: &Moving| {
        asked.as_ref().is_none_or(|id| one.from_region == *id || one.way.to_region == *id)
    };
    let all = moving(&parts(&world, now), now).into_iter().filter(concerns);
    Ok(Json(all.map(OnItsWay::from).collect()))
}

/// Units to be sent.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewShipment {
    /// From which of the own sites.
    pub from_site: String,
    /// To which region; the own one otherwise.
    pub to_region: Option<String>,
    /// To which of its sites.
    pub to_site: String,
    /// When it left; now otherwise.
    pub sent: Option<String>,
    /// When it should be there; null is unknown.
    pub eta: Option<String>,
    /// By what.
    pub carrier: Option<String>,
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
}

/// Send units: they are locked until the receiver has said what became of them.
#[utoipa::path(
    post, path = "/shipments", tag = "shipments", request_body = NewShipment,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn send(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewShipment>,
) -> Result<Json<Done>, Problem> {
    let now = app.engine.now();
    let to_region = asked.to_region.as_deref().map(|text| region(&app.engine.world(), text));
    let way = Way {
        from: SiteId::new(&asked.from_site)?,
        to_region: to_region.transpose()?.unwrap_or_else(|| visitor.region.clone()),
        to_site: SiteId::new(&asked.to_site)?,
        sent: asked.sent.as_deref().map_or(Ok(now), |text| moment("sent", text))?,
        eta: Known::from(asked.eta.as_deref().map(|text| moment("eta", text)).transpose()?),
        carrier: asked.carrier,
    };
    let units = units(&asked.units)?;
    submit(&app, &visitor, key, Command::Dispatch { way, units }).await
}

/// A record by its place.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PlaceNamed {
    /// Whose journal.
    pub journal: String,
    /// Epoch.
    pub epoch: u32,
    /// Sequence number.
    pub seq: u64,
    /// Hash.
    pub hash: String,
}

impl PlaceNamed {
    fn at(&self) -> Result<RecordRef, Problem> {
        let hash: Digest = self.hash.parse().map_err(|_| Problem::malformed("hash"))?;
        let journal = JournalId::new(&self.journal)?;
        Ok(RecordRef { journal, epoch: self.epoch, seq: self.seq, hash })
    }
}

/// What became of a unit.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Outcome {
    /// The unit.
    pub unit: String,
    /// `accepted`, `quarantined` or `missing`.
    pub outcome: String,
}

/// What arrived.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewReceipt {
    /// The dispatch.
    pub dispatch: PlaceNamed,
    /// At which site they are; the one they were sent to otherwise.
    pub site: Option<String>,
    /// What became of each unit; the rest may follow later.
    pub outcomes: Vec<Outcome>,
    /// What is to be said about it; shared with other regions.
    pub note: Option<String>,
}

/// Say what became of units that were sent here.
#[utoipa::path(
    post, path = "/shipments/receive", tag = "shipments", request_body = NewReceipt,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn receive(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewReceipt>,
) -> Result<Json<Done>, Problem> {
    let one = |said: &Outcome| Ok((unit(&said.unit)?, one_of::<Arrival>(&said.outcome)?));
    let outcomes: Result<Vec<_>, Problem> = asked.outcomes.iter().map(one).collect();
    let command = Command::Receive {
        dispatch: asked.dispatch.at()?,
        site: asked.site.as_deref().map(SiteId::new).transpose()?,
        outcomes: outcomes?,
        note: asked.note,
    };
    submit(&app, &visitor, key, command).await
}
