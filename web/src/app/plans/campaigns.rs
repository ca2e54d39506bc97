//! Campaigns for new donors in every region, each with what is known of its outcome.

use samband_domain::plans::HeldCampaign;
use samband_domain::plans::model::Registrations;
use samband_domain::plans::view::registrations;
use samband_domain::words::Day;
use samband_domain::{Digest, JournalId, Known, Time};
use samband_engine::World;

use crate::app::stock::parts;

/// A campaign and its outcome.
#[derive(Clone, Debug)]
pub struct Shown<'w> {
    /// Whose.
    pub region: &'w JournalId,
    /// By which it is named: its record's hash.
    pub id: Digest,
    /// As it was recorded.
    pub held: &'w HeldCampaign,
    /// Registrations: exact in the reader's own region, elsewhere as that region has told them;
    /// none if it has not.
    pub found: Option<Registrations>,
    /// As of when.
    pub as_of: Known<Time>,
    /// Whether it is the reader's own region, whose figures are exact.
    pub is_own: bool,
}

impl Shown<'_> {
    /// How many more than in as many days before. Rounded figures are not subtracted.
    #[must_use]
    pub fn more(&self) -> Option<i64> {
        let found = self.found.filter(|_| self.is_own)?;
        let (before, during) = (found.before.value()?, found.during.value()?);
        Some(i64::from(during) - i64::from(before))
    }

    /// What each registration more has cost, in whole kronor; none where there were not more.
    #[must_use]
    pub fn kr_each(&self) -> Option<u64> {
        let more = u64::try_from(self.more()?).ok().filter(|more| *more > 0)?;
        let cost = self.held.campaign.cost_kr.value()?;
        Some((cost + more / 2) / more)
    }
}

/// Every region's campaigns, the newest first.
#[must_use]
pub fn campaigns<'w>(world: &'w World, reader: &JournalId, now: Time) -> Vec<Shown<'w>> {
    let today = Day::of(now);
    let mut all = Vec::new();
    for part in parts(world, now) {
        let Some(journal) = world.journal(part.journal) else { continue };
        let own = world.local(part.journal).filter(|_| part.journal == reader);
        for (id, held) in &journal.shared().plans.campaigns {
            let told = held.counted.as_ref();
            let (found, as_of) = match own {
                Some(region) => {
                    (Some(registrations(region, &held.campaign, today)), Known::Value(now))
                }
                None => (
                    told.map(|told| told.count.registrations),
                    told.map_or(Known::Unknown, |told| Known::Value(told.said)),
                ),
            };
            let (region, is_own) = (part.journal, own.is_some());
            all.push(Shown { region, id: *id, held, found, as_of, is_own });
        }
    }
    all.sort_by_key(|one| std::cmp::Reverse((one.held.campaign.from, one.held.said)));
    all
}
