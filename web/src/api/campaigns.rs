//! Campaigns for new donors, and what came of them.

use axum::Json;
use axum::extract::State;
use samband_access::Action;
use samband_domain::plans::Command;
use samband_domain::plans::model::{Campaign, Channel};
use samband_domain::words::Day;
use samband_domain::{Digest, Known};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Done, Place, submit};
use super::input::{Body, Key};
use super::problem::ProblemDocument;
use crate::app::plans::campaigns::{Shown, campaigns};
use crate::app::{App, Problem, Visitor};

/// A campaign and what came of it. Registrations of another region are rounded down to fives.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignSeen {
    /// The campaign's name towards this interface: its record's hash.
    pub id: String,
    /// Whose.
    pub region: String,
    /// What it was called.
    pub title: String,
    /// `social_media`, `press`, `outdoor`, `workplace`, `school`, `letter`, `meeting`, `other`.
    pub channel: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Kronor; null is unknown.
    pub cost_kr: Option<u64>,
    /// New registrations that it was to bring; null is unknown.
    pub goal: Option<u32>,
    /// Registrations in as many days before it; null is unknown.
    pub before: Option<u32>,
    /// While it ran; null is unknown.
    pub during: Option<u32>,
    /// In as many days after it; null is unknown.
    pub after: Option<u32>,
    /// More during than before; only of the own region, null is unknown.
    pub more: Option<i64>,
    /// Kronor for each registration more; null where there were not more, or something is unknown.
    pub kr_each: Option<u64>,
    /// Whether the figures are exact: those of the own region are.
    pub exact: bool,
    /// When that was counted; null if it never was.
    pub as_of: Option<String>,
    /// Who says what the campaign was.
    pub source: String,
    /// Its record.
    pub record: Place,
}

fn seen(one: &Shown<'_>) -> CampaignSeen {
    let campaign = &one.held.campaign;
    let found = one.found;
    CampaignSeen {
        id: one.id.to_string(),
        region: one.region.to_string(),
        title: campaign.title.clone(),
        channel: campaign.channel.to_string(),
        from: campaign.from.to_string(),
        to: campaign.to.to_string(),
        cost_kr: campaign.cost_kr.value(),
        goal: campaign.goal.value(),
        before: found.and_then(|found| found.before.value()),
        during: found.and_then(|found| found.during.value()),
        after: found.and_then(|found| found.after.value()),
        more: one.more(),
        kr_each: one.kr_each(),
        exact: one.is_own,
        as_of: one.as_of.value().map(|at| at.to_string()),
        source: campaign.source.clone(),
        record: Place::from(&one.held.at),
    }
}

/// Every region's campaigns for new donors, the newest first.
#[utoipa::path(
    get, path = "/plans/campaigns", tag = "plans",
    responses((status = 200, body = Vec<CampaignSeen>), (status = "default", body = ProblemDocument)),
)]
pub async fn see(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Json<Vec<CampaignSeen>>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    Ok(Json(campaigns(&world, &visitor.region, now).iter().map(seen).collect()))
}

/// A campaign in the own region.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignNew {
    /// What it was called.
    pub title: String,
    /// `social_media`, `press`, `outdoor`, `workplace`, `school`, `letter`, `meeting`, `other`.
    pub channel: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Whole kronor; left out is unknown.
    pub cost_kr: Option<u64>,
    /// New registrations that it was to bring; left out is unknown.
    pub goal: Option<u32>,
    /// Who says so.
    pub source: String,
    /// The campaign that this puts right, by its `id`.
    pub replaces: Option<String>,
}

/// Record a campaign in the own region, or put one right.
#[utoipa::path(
    post, path = "/plans/campaigns", tag = "plans", request_body = CampaignNew,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn record(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<CampaignNew>,
) -> Result<Json<Done>, Problem> {
    let channel: Channel = body.channel.parse().map_err(|_| Problem::malformed("channel"))?;
    let from: Day = body.from.parse().map_err(|_| Problem::malformed("from"))?;
    let to: Day = body.to.parse().map_err(|_| Problem::malformed("to"))?;
    let replaces = body.replaces.as_deref().map(digest).transpose()?;
    let campaign = Campaign {
        title: body.title,
        channel,
        from,
        to,
        cost_kr: Known::from(body.cost_kr),
        goal: Known::from(body.goal),
        source: body.source,
    };
    submit(&app, &visitor, key, Command::RecordCampaign { campaign, replaces }).await
}

/// Which campaign.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignNamed {
    /// By its `id`.
    pub campaign: String,
}

/// Count a campaign's registrations for other regions: rounded down to fives, small numbers
/// unknown.
#[utoipa::path(
    post, path = "/plans/campaigns/count", tag = "plans", request_body = CampaignNamed,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Done), (status = "default", body = ProblemDocument)),
)]
pub async fn count(
    State(app): State<App>,
    visitor: Visitor,
    key: Key,
    Body(body): Body<CampaignNamed>,
) -> Result<Json<Done>, Problem> {
    let campaign = digest(&body.campaign)?;
    submit(&app, &visitor, key, Command::CountCampaign { campaign }).await
}

fn digest(text: &str) -> Result<Digest, Problem> {
    text.parse().map_err(|_| Problem::malformed("campaign"))
}
