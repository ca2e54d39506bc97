//! How far a bus' reports have come home.

use super::state::Shared;
use crate::words::JournalId;

/// How many of a bus' reports are not in the region's record yet.
#[must_use]
pub fn waiting(home: &Shared, region: &JournalId, bus: &Shared, unit: &JournalId) -> usize {
    let last = home.adopted.get(unit).copied().unwrap_or_default();
    let open = bus.reports.iter().filter(|(to, at)| to == region && (at.epoch, at.seq) > last);
    open.count()
}
