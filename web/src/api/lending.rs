//! Helicopters, and material and people lent between regions.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{Helicopter, Material, Weather};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key, moment_or_now};
use super::problem::ProblemDocument;
use super::readiness::known;
use super::sites::one_of;
use crate::app::readiness::lots;
use crate::app::readiness::regions;
use crate::app::{App, Problem, Visitor};

/// A helicopter's state.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = HelicopterState)]
pub struct HelicopterLine {
    /// Region; told, never sent.
    #[serde(default)]
    pub region: Option<String>,
    /// Its base.
    pub base: String,
    /// Whether a crew is on duty; null is unknown.
    pub on_duty: Option<bool>,
    /// `flies`, `limited` or `grounded`; null is unknown.
    pub weather: Option<String>,
    /// When that was so; now if left out.
    #[serde(default)]
    pub valid: Option<String>,
}

/// The helicopters of all regions of the same mode.
#[utoipa::path(
    get, path = "/helicopters", tag = "readiness",
    responses(
        (status = 200, body = Vec<HelicopterLine>),
        (status = "default", body = ProblemDocument),
    ),
)]
pub async fn helicopters(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<HelicopterLine>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let all = regions(&world, &visitor.region).into_iter().flat_map(|journal| {
        journal.shared().readiness.helicopters.values().map(|said| HelicopterLine {
            region: Some(journal.id.to_string()),
            base: said.what.base.clone(),
            on_duty: said.what.on_duty.value(),
            weather: said.what.weather.value().map(|weather| weather.to_string()),
            valid: Some(said.what.valid.to_string()),
        })
    });
    Ok(Json(all.collect()))
}

/// Report a helicopter's state.
#[utoipa::path(
    post, path = "/helicopters", tag = "readiness", request_body = HelicopterLine,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn helicopter(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<HelicopterLine>,
) -> Result<Json<Done>, Problem> {
    let weather = asked.weather.as_deref().map(one_of::<Weather>).transpose()?;
    let helicopter = Helicopter {
        base: asked.base,
        on_duty: known(asked.on_duty),
        weather: known(weather),
        valid: moment_or_now(&app, "valid", asked.valid.as_deref())?,
    };
    submit(&app, &visitor, key, Command::ReportHelicopter { helicopter }).await
}

/// A step that a region took with material or people.
#[derive(Debug, Serialize, ToSchema)]
pub struct LotLine {
    /// Its record; the hash names it.
    pub record: Place,
    /// `needed`, `offered`, `accepted`, `lent` or `returned`.
    pub step: String,
    /// What.
    pub what: String,
    /// How many.
    pub count: u32,
    /// By when it is needed, or from when it can be had.
    pub at: String,
    /// Hash of the other region's record that it answers.
    pub answers: Option<String>,
    /// When.
    pub said: String,
}

/// What is needed, offered, accepted, lent and returned among the regions.
#[utoipa::path(
    get, path = "/material", tag = "readiness",
    responses((status = 200, body = Vec<LotLine>), (status = "default", body = ProblemDocument)),
)]
pub async fn material(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<LotLine>>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let world = app.engine.world();
    let all = regions(&world, &visitor.region);
    let mut all: Vec<_> = all.iter().flat_map(|one| one.shared().readiness.lots.values()).collect();
    all.sort_by_key(|lot| std::cmp::Reverse(lot.said));
    let line = |lot: &samband_domain::readiness::Lot| LotLine {
        record: Place::from(&lot.at),
        step: lot.kind.trim_start_matches("readiness.").to_owned(),
        what: lot.material.what.clone(),
        count: lot.material.count,
        at: lot.material.at.to_string(),
        answers: lot.answers.as_ref().map(|at| at.hash.to_string()),
        said: lot.said.to_string(),
    };
    Ok(Json(all.into_iter().map(line).collect()))
}

/// A step: `need` and `offer` say what, the others name the record that they answer.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewLending {
    /// `need`, `offer`, `accept`, `lend` or `return`.
    #[serde(rename = "do")]
    pub act: String,
    /// What, for a need or an offer.
    pub what: Option<String>,
    /// How many, for a need or an offer.
    pub count: Option<u32>,
    /// By when it is needed, or from when it can be had; now if left out.
    pub at: Option<String>,
    /// Hash of the other region's record.
    pub answers: Option<String>,
    /// In which state it went back.
    pub note: Option<String>,
}

/// Take the own region's next step with material or people.
#[utoipa::path(
    post, path = "/material", tag = "readiness", request_body = NewLending,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn lend(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(asked): Body<NewLending>,
) -> Result<Json<Done>, Problem> {
    let world = app.engine.world();
    let named = |hash: &String| lots::find(&world, &visitor.region, hash);
    let record = asked.answers.as_ref().map(named).transpose()?;
    let at = moment_or_now(&app, "at", asked.at.as_deref())?;
    let material = || -> Result<Material, Problem> {
        let (Some(what), Some(count)) = (asked.what.clone(), asked.count) else {
            return Err(Problem::malformed("what, count"));
        };
        Ok(Material { what, count, at, answers: record.clone() })
    };
    let answered = || record.clone().ok_or_else(|| Problem::malformed("answers"));
    let command = match asked.act.as_str() {
        "need" => Command::Need { material: material()? },
        "offer" => Command::Offer { material: material()? },
        "accept" => Command::Accept { offer: answered()? },
        "lend" => Command::Lend { acceptance: answered()? },
        "return" => {
            let note = asked.note.clone().ok_or_else(|| Problem::malformed("note"))?;
            Command::Return { loan: answered()?, note }
        }
        other => return Err(Problem::malformed(format!("do: {other}"))),
    };
    drop(world);
    submit(&app, &visitor, key, command).await
}
