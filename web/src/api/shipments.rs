//! Shipments: what is on its way, sending it, and saying what became of it.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::command::Command;
use samband_domain::blood::model::stock::{Arrival, Way};
use samband_domain::blood::model::supply::{BoxArrival, BoxState, Cited, Packed, Parcel};
use samband_domain::blood::view::moving::{Moving, moving};
use samband_domain::words::{Code, RecordRef};
use samband_domain::{Digest, JournalId, Known, SiteId, Time};
use samband_engine::World;
use samband_exchange::Table;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::sites::{Whose, one_of};
use super::unit_commands::units;
use crate::app::stock::{parts, region, unit};
use crate::app::{App, Problem, Visitor};
use crate::text::Words;

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
    /// Those of the open units that were searched for and not found.
    pub lost: Vec<String>,
    /// Why the sender called it off; null if it did not.
    pub called_off: Option<String>,
    /// How many boxes it has; 0 where nobody said.
    pub boxes: usize,
    /// The consignment's number.
    pub consignment: Option<String>,
    /// When it leaves, where that was ahead.
    pub leaves: Option<String>,
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
            lost: names(&one.lost),
            called_off: one.called_off.as_ref().map(|off| off.reason.clone()),
            boxes: one.parcel.boxes.len(),
            consignment: one.parcel.consignment.clone(),
            leaves: one.parcel.leaves.map(|leaves| leaves.to_string()),
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

/// What is on its way as a table.
#[must_use]
pub fn table(words: Words, world: &World, now: Time) -> Table {
    let all: Vec<_> = moving(&parts(world, now), now).into_iter().map(OnItsWay::from).collect();
    let json = serde_json::to_vec(&all).unwrap_or_default();
    let none = || Table { name: "shipments".into(), columns: Vec::new(), rows: Vec::new() };
    super::export::table("shipments", words, &json, "").unwrap_or_else(none)
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
    /// Units as `A999026000001.E0336V00`; those of the boxes, if boxes are named.
    #[serde(default)]
    pub units: Vec<String>,
    /// The boxes, numbered from 1.
    #[serde(default)]
    pub boxes: Vec<NewBox>,
    /// The consignment's number as the boxes carry it: facility, year, five digits.
    pub consignment: Option<String>,
    /// The timetable's leg.
    pub leg: Option<String>,
    /// When it leaves, if that is ahead: until then it never left when it is called off.
    pub leaves: Option<String>,
    /// The ask that it answers, or the own offer.
    pub call: Option<PlaceNamed>,
    /// The other region's record that accepted the own offer.
    pub answer: Option<PlaceNamed>,
}

/// A box.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewBox {
    /// Its units.
    pub units: Vec<String>,
    /// How warm it was when it was closed, in tenths of a degree Celsius; null is unknown.
    pub temperature_tenths: Option<i16>,
    /// The number of its temperature logger.
    pub logger: Option<String>,
}

impl NewShipment {
    fn parcel(&self) -> Result<Parcel, Problem> {
        let mut boxes = Vec::new();
        for (number, one) in (1_u8..=99).zip(&self.boxes) {
            boxes.push(Packed {
                number,
                units: units(&one.units)?,
                tenths: one.temperature_tenths.into(),
                logger: one.logger.clone(),
            });
        }
        let leg = self.leg.as_deref().map(Code::new).transpose()?;
        let leaves = self.leaves.as_deref().map(|text| moment("leaves", text)).transpose()?;
        let answer = self.answer.as_ref().map(PlaceNamed::at).transpose()?;
        let call = self.call.as_ref().map(PlaceNamed::at).transpose()?;
        let cites = call.map(|call| Cited { call, answer });
        Ok(Parcel { consignment: self.consignment.clone(), boxes, leg, leaves, cites })
    }
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
    let parcel = asked.parcel()?;
    let to_region = asked.to_region.as_deref().map(|text| region(&app.engine.world(), text));
    let way = Way {
        from: SiteId::new(&asked.from_site)?,
        to_region: to_region.transpose()?.unwrap_or_else(|| visitor.region.clone()),
        to_site: SiteId::new(&asked.to_site)?,
        sent: asked.sent.as_deref().map_or(Ok(now), |text| moment("sent", text))?,
        eta: Known::from(asked.eta.as_deref().map(|text| moment("eta", text)).transpose()?),
        carrier: asked.carrier,
    };
    let mut units = units(&asked.units)?;
    if units.is_empty() {
        units = parcel.boxes.iter().flat_map(|one| one.units.iter().copied()).collect();
    }
    submit(&app, &visitor, key, Command::Dispatch { way, units, parcel }).await
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
    pub(super) fn at(&self) -> Result<RecordRef, Problem> {
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

/// How a box came.
#[derive(Debug, Deserialize, ToSchema)]
pub struct BoxSaid {
    /// Its number among the boxes.
    pub number: u8,
    /// `intact`, `damaged` or `missing`.
    pub state: String,
    /// How warm it was when it was opened, in tenths of a degree Celsius; null is unknown.
    pub temperature_tenths: Option<i16>,
}

impl BoxSaid {
    fn arrival(&self) -> Result<BoxArrival, Problem> {
        let state = one_of::<BoxState>(&self.state)?;
        Ok(BoxArrival { number: self.number, state, tenths: self.temperature_tenths.into() })
    }
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
    /// How the boxes came.
    #[serde(default)]
    pub boxes: Vec<BoxSaid>,
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
    let boxes: Result<Vec<_>, Problem> = asked.boxes.iter().map(BoxSaid::arrival).collect();
    let command = Command::Receive {
        dispatch: asked.dispatch.at()?,
        site: asked.site.as_deref().map(SiteId::new).transpose()?,
        outcomes: outcomes?,
        boxes: boxes?,
        note: asked.note,
    };
    submit(&app, &visitor, key, command).await
}

/// The same by the name that other systems rely on.
#[utoipa::path(
    post, path = "/receipts", tag = "shipments", request_body = NewReceipt,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn receipts(
    app: State<App>,
    visitor: Visitor,
    key: Key,
    asked: Body<NewReceipt>,
) -> Result<Json<Done>, Problem> {
    receive(app, visitor, key, asked).await
}
