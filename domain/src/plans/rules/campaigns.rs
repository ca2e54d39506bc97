//! Campaigns for new donors, and what came of them.

use super::super::event::Event;
use super::super::model::{Campaign, CampaignCount, Registrations, told};
use super::super::view::registrations;
use crate::Region;
use crate::kernel::{not_found, refusals, text};
use crate::words::{Context, Day, Digest, Known, NONE, Refusal};

refusals! {
    /// Days out of order, too many of them, or too far from today.
    CAMPAIGN_DAYS = "plan.campaign_days", "mission A49: registrations are counted while it ran";
    /// A cost or a goal that cannot be.
    CAMPAIGN_FIGURE = "plan.campaign_figure", "mission A49: campaign and new registrations";
    /// It has not begun.
    CAMPAIGN_AHEAD = "plan.campaign_ahead", "design §2: a report tells what has happened";
}

/// Most days of a campaign.
const DAYS_MAX: i64 = 366;
/// How far from today a campaign is recorded: five years back, one ahead.
const BACK_DAYS: i64 = 1_830;
/// Most kronor.
const KR_MAX: u64 = 1_000_000_000;
/// Most registrations that anybody can aim at.
const GOAL_MAX: u32 = 1_000_000;

pub(super) fn record(
    region: &Region,
    (campaign, replaces): (&Campaign, Option<&Digest>),
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let today = Day::of(ctx.now);
    let (from, to) = (campaign.from, campaign.to);
    let runs = to.days_since(from);
    let near = from.days_since(today) <= DAYS_MAX && today.days_since(from) <= BACK_DAYS;
    if !(0..DAYS_MAX).contains(&runs) || !near {
        let most = DAYS_MAX.to_string();
        let facts = [("from", from.to_string()), ("to", to.to_string()), ("most", most)];
        return Err(CAMPAIGN_DAYS.because(facts));
    }
    let wrong = |field: &str, value: String| {
        Err(CAMPAIGN_FIGURE.because([("field", field.into()), ("value", value)]))
    };
    match (campaign.cost_kr, campaign.goal) {
        (Known::Value(cost), _) if cost > KR_MAX => return wrong("cost", cost.to_string()),
        (_, Known::Value(goal)) if goal == 0 || goal > GOAL_MAX => {
            return wrong("goal", goal.to_string());
        }
        _ => {}
    }
    if let Some(before) = replaces {
        held(region, before)?;
    }
    let campaign = Campaign {
        title: text("title", &campaign.title)?,
        source: text("source", &campaign.source)?,
        ..campaign.clone()
    };
    let recorded = super::super::event::CampaignSaid { campaign, replaces: replaces.copied() };
    Ok(Event::CampaignRecorded(recorded, NONE))
}

/// Counts what the own region's record holds now, for other regions to read.
pub(super) fn count(region: &Region, id: &Digest, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let campaign = held(region, id)?;
    let on = Day::of(ctx.now);
    if campaign.from > on {
        return Err(CAMPAIGN_AHEAD.because([("from", campaign.from.to_string())]));
    }
    let exact = registrations(region, campaign, on);
    let rounded = |n: Known<u32>| n.value().map_or(Known::Unknown, told);
    let registrations = Registrations {
        before: rounded(exact.before),
        during: rounded(exact.during),
        after: rounded(exact.after),
    };
    Ok(Event::CampaignCounted(CampaignCount { campaign: *id, on, registrations }, NONE))
}

fn held<'a>(region: &'a Region, id: &Digest) -> Result<&'a Campaign, Refusal> {
    let held = region.shared.plans.campaigns.get(id);
    held.map(|held| &held.campaign).ok_or_else(|| not_found("campaign", id.to_string()))
}
