//! Side-by-side measurements: the engine beside what it stands on, in one run, on one disk.
//!
//! Every measurement first checks that both sides hold the same, and fails if they do not; a
//! figure without that check is never printed. `RESULTS.md` holds the last full run.

pub mod alarm;
pub mod callup;
pub mod distribute;
pub mod durable;
mod history;
mod house;
pub mod kept;
pub mod machine;
pub mod network;
pub mod page;
pub mod python;
pub mod rare;
pub mod replay;
pub mod replenish;
pub mod report;
pub mod reserve;
pub mod scratch;
pub mod select;
pub mod start;
pub mod stock;
mod stopwatch;
pub mod trace;
// The group is a place in two tables.
#[allow(clippy::needless_range_loop)]
pub mod transfer;

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Just enough to see that results are equal; for tests.
    Tiny,
    /// Seconds each.
    Quick,
    /// What stands in `RESULTS.md`.
    Full,
}

impl Amount {
    /// One of three numbers.
    #[must_use]
    pub const fn of<T: Copy>(self, tiny: T, quick: T, full: T) -> T {
        match self {
            Self::Tiny => tiny,
            Self::Quick => quick,
            Self::Full => full,
        }
    }
}
