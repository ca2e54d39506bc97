//! What may be seen of joint supply.

mod calls;
mod campaigns;

pub use calls::{Follow, follow, learned};
pub use campaigns::registrations;

use super::model::Arc;
use super::state::{Closed, Series, Shared};
use crate::blood;
use crate::blood::model::stock::Line;
use crate::words::{Day, JournalId, Known, SiteId};

/// What a site used on each day from `from` through `to`: as its own record tells it where that is
/// kept here, otherwise as it was reported. A day nobody speaks of is unknown.
#[must_use]
pub fn used(
    (plans, stock): (&Shared, &blood::Shared),
    site: &SiteId,
    line: Line,
    (from, to): (Day, Day),
) -> Vec<Known<u32>> {
    let reported = plans.used.get(&(site.clone(), line));
    let own = stock.used.get(site);
    let days = u32::try_from(to.days_since(from)).map_or(0, |days| days + 1);
    let on = |day: Day| {
        let said = reported.map_or(Known::Unknown, |series: &Series| series.on(day));
        match (said, own) {
            (Known::Unknown, Some(own)) if day >= own.since => Known::Value(own.on(day, line)),
            _ => said,
        }
    };
    (0..days).map(|n| on(from.plus_days(n))).collect()
}

/// Who keeps plans from an arc, if anybody does: any region's word counts that sends or receives.
#[must_use]
pub fn closed<'a>(
    parts: &[(&'a JournalId, &'a Shared)],
    arc: &Arc,
    today: Day,
) -> Option<(&'a JournalId, &'a Closed)> {
    let ends = |id: &JournalId| [&arc.from.region, &arc.to.region].contains(&id);
    let theirs = parts.iter().filter(|(id, _)| ends(id));
    let mut words = theirs.flat_map(|(id, shared)| {
        let all = shared.closed.iter();
        all.filter(|(shut, one)| shut.covers(arc) && one.until >= today)
            .map(move |(_, one)| (*id, one))
    });
    words.next()
}
