//! What regions do afterwards, over all regions of the reader's mode (C19).

use samband_domain::incidents::Assigned;
use samband_domain::incidents::DutySaid;
use samband_domain::{JournalId, Time};
use samband_engine::World;

use super::{Found, all};

/// How a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its time has passed.
    Late,
    /// It is to be done.
    Open,
    /// It is done.
    Done,
    /// It was dropped.
    Dropped,
}

impl State {
    /// The name in message keys and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// A duty with what its region last said of it.
#[derive(Clone, Debug)]
pub struct Row<'w> {
    /// After which incident.
    pub of: Found<'w>,
    /// Its place there.
    pub place: u16,
    /// What, whose, by when.
    pub assigned: &'w Assigned,
    /// What its region last said; none if nothing.
    pub said: Option<&'w DutySaid>,
    /// How it stands.
    pub state: State,
}

/// The duties that follow from one incident, in order.
#[must_use]
pub fn of<'w>(world: &'w World, found: &Found<'w>, now: Time) -> Vec<Row<'w>> {
    let row = |(place, assigned): (usize, &'w Assigned)| {
        let theirs = world.journals.get(&assigned.duty.region);
        let said = theirs.and_then(|one| one.shared().incidents.duties.get(&assigned.at.hash));
        let state = if assigned.dropped.is_some() {
            State::Dropped
        } else if said.is_some_and(|said| said.what.done) {
            State::Done
        } else if assigned.duty.due < now {
            State::Late
        } else {
            State::Open
        };
        let place = u16::try_from(place).unwrap_or(u16::MAX);
        Row { of: found.clone(), place, assigned, said, state }
    };
    found.held.duties.iter().enumerate().map(row).collect()
}

/// Every duty of every incident, those that are late first; of one region, if one is named.
#[must_use]
pub fn everywhere<'w>(
    world: &'w World,
    reader: &JournalId,
    region: Option<&JournalId>,
    now: Time,
) -> Vec<Row<'w>> {
    let found = all(world, reader);
    let mut rows: Vec<_> = found.iter().flat_map(|found| of(world, found, now)).collect();
    rows.retain(|row| region.is_none_or(|region| row.assigned.duty.region == *region));
    rows.sort_by_key(|row| (row.state, row.assigned.duty.due));
    rows
}
