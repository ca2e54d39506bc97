//! Readiness as pages and the API read it: over all regions of the reader's own mode, never over
//! an exercise and the real world together.

pub mod capacity;
pub mod clock;
pub mod lots;
pub mod sheet;
pub mod situation;
pub mod standards;
pub mod terms;
pub mod transports;

use samband_domain::readiness;
use samband_domain::{JournalId, Mode, Time};
use samband_engine::{Journal, World};

pub use terms::Terms;

use super::Problem;
use crate::pages::is_region;

/// The topics that change what is seen of readiness.
pub const TOPICS: &str = "readiness incident alarm";

/// Up to here a figure is fresh, in minutes.
const FRESH: i64 = 60;
/// Up to here it is getting old.
const AGING: i64 = 6 * 60;

const MINUTE: i64 = 60_000_000;

/// How fresh a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fresh {
    /// Within the hour.
    Fresh,
    /// Hours old: ask before trusting it.
    Aging,
    /// Older than that.
    Old,
}

impl Fresh {
    /// How fresh what was so then is now.
    #[must_use]
    pub fn of(then: Time, now: Time) -> Self {
        match now.since(then) / MINUTE {
            ..FRESH => Self::Fresh,
            FRESH..AGING => Self::Aging,
            _ => Self::Old,
        }
    }

    /// As it stands in message keys and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Aging => "aging",
            Self::Old => "old",
        }
    }
}

/// The mode of a region's journal.
#[must_use]
pub fn mode_of(world: &World, region: &JournalId) -> Option<Mode> {
    world.journal(region).and_then(|one| one.mode())
}

/// All regions of the reader's mode, in the order of their names.
#[must_use]
pub fn regions<'w>(world: &'w World, reader: &JournalId) -> Vec<&'w Journal> {
    let mode = mode_of(world, reader);
    let all = world.journals.values().map(|one| &**one);
    let mut all: Vec<_> = all.filter(|one| is_region(one.shared()) && one.mode() == mode).collect();
    all.sort_by_key(|one| one.name());
    all
}

/// What these regions share of their readiness.
#[must_use]
pub fn shared<'w>(regions: &[&'w Journal]) -> Vec<(&'w JournalId, &'w readiness::Shared)> {
    regions.iter().map(|one| (&one.id, &one.shared().readiness)).collect()
}

/// A region of the reader's mode by its id.
///
/// # Errors
/// A problem if there is none.
pub fn region<'w>(world: &'w World, reader: &JournalId, id: &str) -> Result<&'w Journal, Problem> {
    let found = regions(world, reader).into_iter().find(|one| one.id.as_str() == id);
    found.ok_or_else(|| Problem::not_found(id))
}
