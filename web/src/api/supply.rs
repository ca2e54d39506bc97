//! What regions ask of and offer to each other, the timetable, and the sender's last words about a
//! shipment.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::blood::command::Command;
use samband_domain::blood::model::supply::{Goods, Leg, Side, Verdict};
use samband_domain::blood::model::{Antigens, Attributes, Component};
use samband_domain::blood::rules::receiver_says_of;
use samband_domain::blood::view::supply::{Talk, reachable, talks};
use samband_domain::words::Code;
use samband_domain::{JournalId, SiteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key, Query, moment};
use super::problem::ProblemDocument;
use super::shipments::PlaceNamed;
use super::sites::{Whose, one_of};
use super::unit_commands::units;
use crate::app::stock::{group, parts, region};
use crate::app::{App, Problem, Visitor};

/// A dispatch to be called off.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CallOff {
    /// The dispatch.
    pub dispatch: PlaceNamed,
    /// Why; the receiver reads it.
    pub reason: String,
}

/// Call a dispatch off; its units are free when the receiver has noted it.
#[utoipa::path(
    post, path = "/shipments/call-off", tag = "shipments", request_body = CallOff,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn call_off(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<CallOff>,
) -> Result<Json<Done>, Problem> {
    let command = Command::CallOff { dispatch: asked.dispatch.at()?, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// Units that were searched for and not found.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Lost {
    /// The dispatch.
    pub dispatch: PlaceNamed,
    /// Units as `A999026000001.E0336V00`.
    pub units: Vec<String>,
    /// Where was searched, and who was asked; the receiver reads it.
    pub search: String,
}

/// Say that units of a dispatch are lost after a search: they count as missing and may still
/// arrive.
#[utoipa::path(
    post, path = "/shipments/lost", tag = "shipments", request_body = Lost,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn lost(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Lost>,
) -> Result<Json<Done>, Problem> {
    let (dispatch, units) = (asked.dispatch.at()?, units(&asked.units)?);
    submit(&app, &visitor, key, Command::StateLost { dispatch, units, search: asked.search }).await
}

/// Which units, to whom.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Checked {
    /// The receiving region.
    pub to_region: String,
    /// Units of the own region with a comma between.
    pub units: String,
}

/// What would wait in quarantine at the receiver, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplyHeld)]
pub struct Held {
    /// The unit.
    pub unit: String,
    /// The code of the refusal.
    pub code: String,
    /// Its facts.
    pub facts: std::collections::BTreeMap<String, String>,
}

/// What the receiver's published rules say of units before they are sent; empty if nothing stands
/// against them.
#[utoipa::path(
    get, path = "/shipments/check", tag = "shipments", params(Checked),
    responses((status = 200, body = Vec<Held>), (status = "default", body = ProblemDocument)),
)]
pub async fn check(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Checked>,
) -> Result<Json<Vec<Held>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let to = region(&world, &asked.to_region)?;
    let texts: Vec<_> = asked.units.split(',').map(|text| text.trim().to_owned()).collect();
    let units = units(&texts)?;
    let (Some(receiver), Some(own)) = (world.journal(&to), world.journal(&visitor.region)) else {
        return Ok(Json(Vec::new()));
    };
    let rules = (&to, &receiver.shared().rulesets);
    let held = receiver_says_of(rules, (&own.shared().blood, &units), now).into_iter();
    let held = held.map(|(unit, why)| Held {
        unit: unit.to_string(),
        code: why.kind.code.to_owned(),
        facts: why.facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    });
    Ok(Json(held.collect()))
}

/// What is asked for or offered.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct GoodsSaid {
    /// Component.
    pub component: String,
    /// Group; null will do with any.
    pub group: Option<String>,
    /// Antigens that the cells must be known to lack.
    #[serde(default)]
    pub negative: Vec<String>,
    /// What else must be true of every unit, e.g. `irradiated`.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// How many units.
    pub units: u32,
}

impl GoodsSaid {
    fn read(&self) -> Result<Goods, Problem> {
        let negative: Result<Antigens, Problem> =
            self.negative.iter().map(|one| one_of(one)).collect();
        let attributes: Result<Attributes, Problem> =
            self.attributes.iter().map(|one| one_of(one)).collect();
        Ok(Goods {
            component: one_of::<Component>(&self.component)?,
            group: self.group.as_deref().map(group).transpose()?,
            negative: negative?,
            attributes: attributes?,
            units: self.units,
        })
    }
}

impl From<&Goods> for GoodsSaid {
    fn from(goods: &Goods) -> Self {
        Self {
            component: goods.component.to_string(),
            group: goods.group.map(|group| group.as_str().to_owned()),
            negative: goods.negative.iter().map(|one| one.to_string()).collect(),
            attributes: goods.attributes.iter().map(|one| one.to_string()).collect(),
            units: goods.units,
        }
    }
}

/// A call with what was said to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallShown {
    /// Its record.
    pub call: Place,
    /// `ask` or `offer`.
    pub side: String,
    /// Who called.
    pub from_region: String,
    /// Which of its places.
    pub from_site: String,
    /// Whom.
    pub to_region: String,
    /// Which of its places; null leaves it to that region.
    pub to_site: Option<String>,
    /// What.
    pub goods: GoodsSaid,
    /// Needed by, or offered until.
    pub by: String,
    /// `waiting`, `unanswered`, `promised`, `sent`, `declined` or `withdrawn`.
    pub standing: String,
    /// The answer's record; null while there is none.
    pub answer: Option<Place>,
    /// `accept`, `partly` or `decline`.
    pub verdict: Option<String>,
    /// How many units were promised.
    pub promised: u32,
    /// How many of them were sent.
    pub sent: u32,
    /// Why not, or why not all.
    pub reason: Option<String>,
}

impl From<&Talk<'_>> for CallShown {
    fn from(talk: &Talk<'_>) -> Self {
        let call = talk.call;
        Self {
            call: Place::from(&call.at),
            side: call.side.to_string(),
            from_region: talk.from_region.to_string(),
            from_site: call.site.to_string(),
            to_region: call.to_region.to_string(),
            to_site: call.to_site.as_ref().map(ToString::to_string),
            goods: GoodsSaid::from(&call.goods),
            by: call.by.to_string(),
            standing: talk.standing.as_str().to_owned(),
            answer: talk.answer.map(|answer| Place::from(&answer.at)),
            verdict: talk.answer.map(|answer| answer.verdict.to_string()),
            promised: talk.answer.map_or(0, |answer| answer.units),
            sent: talk.sent,
            reason: talk.answer.and_then(|answer| answer.reason.clone()),
        }
    }
}

/// What regions ask of and offer to each other.
#[utoipa::path(
    get, path = "/calls", tag = "calls", params(Whose),
    responses((status = 200, body = Vec<CallShown>), (status = "default", body = ProblemDocument)),
)]
pub async fn calls(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<CallShown>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = whose.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let asked = asked.map(|text| region(&world, text)).transpose()?;
    let concerns = |talk: &&Talk<'_>| {
        asked.as_ref().is_none_or(|id| talk.from_region == id || talk.call.to_region == *id)
    };
    let all = talks(&parts(&world, now), now);
    Ok(Json(all.iter().filter(concerns).map(CallShown::from).collect()))
}

/// A call.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewCall {
    /// `ask` or `offer`.
    pub side: String,
    /// The own place that asks or offers.
    pub site: String,
    /// To which region.
    pub to_region: String,
    /// To which of its sites.
    pub to_site: Option<String>,
    /// What.
    pub goods: GoodsSaid,
    /// Needed by, or offered until.
    pub by: String,
    /// In words; it stays in the region.
    pub note: Option<String>,
}

/// Ask another region for units, or offer it some.
#[utoipa::path(
    post, path = "/calls", tag = "calls", request_body = NewCall,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn call(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewCall>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Call {
        side: one_of::<Side>(&asked.side)?,
        site: SiteId::new(&asked.site)?,
        to_region: region(&app.engine.world(), &asked.to_region)?,
        to_site: asked.to_site.as_deref().map(SiteId::new).transpose()?,
        goods: asked.goods.read()?,
        by: moment("by", &asked.by)?,
        note: asked.note,
    };
    submit(&app, &visitor, key, command).await
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewAnswer {
    /// The call.
    pub call: PlaceNamed,
    /// The own place that sends or gets the units.
    pub site: String,
    /// `accept`, `partly` or `decline`.
    pub verdict: String,
    /// How many units it stands for: all, some, or 0.
    pub units: u32,
    /// Why not, or why not all; the caller reads it.
    pub reason: Option<String>,
}

/// Answer another region's call.
#[utoipa::path(
    post, path = "/calls/answer", tag = "calls", request_body = NewAnswer,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn answer(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewAnswer>,
) -> Result<Json<Done>, Problem> {
    let command = Command::Answer {
        call: asked.call.at()?,
        site: SiteId::new(&asked.site)?,
        verdict: one_of::<Verdict>(&asked.verdict)?,
        units: asked.units,
        reason: asked.reason,
    };
    submit(&app, &visitor, key, command).await
}

/// A call to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Withdrawal {
    /// The call.
    pub call: PlaceNamed,
    /// Why; the other side reads it.
    pub reason: String,
}

/// Take a call back.
#[utoipa::path(
    post, path = "/calls/withdraw", tag = "calls", request_body = Withdrawal,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn withdraw(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<Withdrawal>,
) -> Result<Json<Done>, Problem> {
    let command = Command::WithdrawCall { call: asked.call.at()?, reason: asked.reason };
    submit(&app, &visitor, key, command).await
}

/// A line of the timetable.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LegSaid {
    /// Its short name in the region.
    pub code: String,
    /// Whose; not read when a line is stated.
    #[serde(default)]
    pub region: String,
    /// From which own site.
    pub from_site: String,
    /// To which region.
    pub to_region: String,
    /// To which of its sites.
    pub to_site: String,
    /// On which days, Monday is 1.
    pub days: Vec<u8>,
    /// When it leaves, in minutes after midnight, Swedish time.
    pub departs: u16,
    /// So many minutes before, the boxes must stand ready.
    pub cutoff: u16,
    /// How many minutes it is under way.
    pub under_way: u16,
    /// Who drives.
    pub carrier: String,
    /// Until when boxes are taken to its next run; not read.
    pub next_cutoff: Option<String>,
    /// When its next run leaves; not read.
    pub next_leaves: Option<String>,
    /// When that should be there; not read.
    pub next_arrives: Option<String>,
}

/// The couriers that can still be reached, the first to arrive first.
#[utoipa::path(
    get, path = "/legs", tag = "calls", params(Whose),
    responses((status = 200, body = Vec<LegSaid>), (status = "default", body = ProblemDocument)),
)]
pub async fn legs(
    State(app): State<App>,
    visitor: Visitor,
    Query(whose): Query<Whose>,
) -> Result<Json<Vec<LegSaid>>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = whose.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let asked = asked.map(|text| region(&world, text)).transpose()?;
    let all = parts(&world, now);
    let runs = reachable(&all, now);
    let runs = runs
        .iter()
        .filter(|run| asked.as_ref().is_none_or(|id| run.region == id || run.leg.to_region == *id));
    let shown = runs.map(|reach| LegSaid {
        code: reach.leg.code.to_string(),
        region: reach.region.to_string(),
        from_site: reach.leg.from.to_string(),
        to_region: reach.leg.to_region.to_string(),
        to_site: reach.leg.to_site.to_string(),
        days: reach.leg.days.clone(),
        departs: reach.leg.departs,
        cutoff: reach.leg.cutoff,
        under_way: reach.leg.under_way,
        carrier: reach.leg.carrier.clone(),
        next_cutoff: Some(reach.run.cutoff.to_string()),
        next_leaves: Some(reach.run.leaves.to_string()),
        next_arrives: Some(reach.run.arrives.to_string()),
    });
    Ok(Json(shown.collect()))
}

/// State a line of the own timetable.
#[utoipa::path(
    post, path = "/legs", tag = "calls", request_body = LegSaid,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn state_leg(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<LegSaid>,
) -> Result<Json<Done>, Problem> {
    let leg = Leg {
        code: Code::new(&asked.code)?,
        from: SiteId::new(&asked.from_site)?,
        to_region: JournalId::new(&asked.to_region)?,
        to_site: SiteId::new(&asked.to_site)?,
        days: asked.days,
        departs: asked.departs,
        cutoff: asked.cutoff,
        under_way: asked.under_way,
        carrier: asked.carrier,
    };
    submit(&app, &visitor, key, Command::StateLeg { leg }).await
}

/// A line to be ended.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LegNamed {
    /// Its short name.
    pub code: String,
}

/// End a line of the own timetable.
#[utoipa::path(
    post, path = "/legs/end", tag = "calls", request_body = LegNamed,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn end_leg(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<LegNamed>,
) -> Result<Json<Done>, Problem> {
    submit(&app, &visitor, key, Command::EndLeg { code: Code::new(&asked.code)? }).await
}
