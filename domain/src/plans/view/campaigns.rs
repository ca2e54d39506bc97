//! What came of a campaign, as the own region's record tells it.

use super::super::model::{Campaign, Registrations};
use crate::Region;
use crate::words::{Day, Known};

/// New registrations before, during and after a campaign. Guests, lent donors and records that were
/// merged into another are not new donors; days before the record began are unknown, not without.
#[must_use]
pub fn registrations(region: &Region, campaign: &Campaign, today: Day) -> Registrations {
    let days = campaign.days();
    let facts = region.shared.kernel.journal.as_ref();
    let began = facts.map(|facts| Day::of(facts.opened));
    // Both ends are counted; a day that has not come yet is not over.
    let count = |from: Day, to: Day| {
        if began.is_none_or(|began| from < began) {
            return Known::Unknown;
        }
        let donors = region.own.donors.donors.values();
        let new = donors.filter(|one| one.guest.is_none() && one.into.is_none());
        let within = new.filter(|one| (from..=to).contains(&Day::of(one.registered)));
        Known::Value(u32::try_from(within.count()).unwrap_or(u32::MAX))
    };
    let end = campaign.to.plus_days(days);
    let started = campaign.from <= today;
    Registrations {
        before: if started {
            count(campaign.from.minus_days(days), campaign.from.minus_days(1))
        } else {
            Known::Unknown
        },
        during: if started { count(campaign.from, campaign.to.min(today)) } else { Known::Unknown },
        after: if end < today { count(campaign.to.plus_days(1), end) } else { Known::Unknown },
    }
}
