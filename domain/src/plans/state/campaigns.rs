//! Campaigns for new donors, and what was last counted of each.

use serde::{Deserialize, Serialize};

use super::super::event::Event;
use super::super::model::{Campaign, CampaignCount};
use super::Shared;
use crate::words::{Day, Meta, RecordRef, Time};

/// Campaigns are kept so many days in the state after they ended; the record keeps them.
const KEPT_DAYS: u32 = 3_660;

/// What was counted of a campaign, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedCampaign {
    /// Its record.
    pub at: RecordRef,
    /// What was counted.
    pub count: CampaignCount,
    /// When it was recorded.
    pub said: Time,
}

/// A campaign as it was last recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCampaign {
    /// Its record.
    pub at: RecordRef,
    /// What was said of it.
    pub campaign: Campaign,
    /// When.
    pub said: Time,
    /// What was counted of it last.
    pub counted: Option<CountedCampaign>,
}

pub(super) fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    let said = meta.recorded;
    match event {
        Event::CampaignRecorded(it, _) => {
            // What was counted of the days before they were put right speaks of other days.
            let before = it.replaces.and_then(|id| shared.campaigns.remove(&id));
            let same = |held: &HeldCampaign| {
                (held.campaign.from, held.campaign.to) == (it.campaign.from, it.campaign.to)
            };
            let counted = before.filter(same).and_then(|held| held.counted);
            let today = Day::of(said);
            let over = |held: &HeldCampaign| held.campaign.to.plus_days(KEPT_DAYS) < today;
            let old = shared.campaigns.iter().filter(|(_, held)| over(held)).map(|(id, _)| *id);
            for id in old.collect::<Vec<_>>() {
                shared.campaigns.remove(&id);
            }
            let (at, campaign) = (meta.at.clone(), it.campaign.clone());
            shared.campaigns.insert(at.hash, HeldCampaign { at, campaign, said, counted });
        }
        Event::CampaignCounted(count, _) => {
            let Some(held) = shared.campaigns.get_mut(&count.campaign) else { return };
            let at = meta.at.clone();
            held.counted = Some(CountedCampaign { at, count: count.clone(), said });
        }
        _ => {}
    }
}
