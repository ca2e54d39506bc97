//! What time, and what other journals say, makes due in a region: every area's own answer, and in
//! which order.

use super::{Command, Region, SharedState};
use crate::words::{JournalId, Time};
use crate::{
    alarms, blood, bonds, donations, donors, incidents, kernel, mobile, rare, transfusion,
};

/// What the clock, and what other journals say, makes due in a region. Pure and safe to repeat.
///
/// `others` are the shared states of every journal known here.
#[must_use]
pub fn due(
    region: &Region,
    journal: &JournalId,
    watches: &[bonds::Watch],
    others: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    let shared = &region.shared;
    let kernel = kernel::due(&shared.kernel, journal, now).into_iter().map(Into::into);
    let bonds = bonds::due(&shared.bonds, journal, watches, now).into_iter().map(Into::into);
    let alike = alike(shared, others);
    let neighbours: Vec<_> = alike.iter().map(|(id, state)| (*id, &state.blood)).collect();
    let own = (&shared.blood, &shared.kernel, &shared.rulesets);
    let blood = blood::due(journal, own, &neighbours, now).into_iter().map(Into::into);
    let calls = donations::due(region, journal, &alike).into_iter().map(Into::into);
    let passes: Vec<_> = alike.iter().map(|(id, state)| (*id, &state.donors)).collect();
    let passes = donors::due(&region.own.donors, &passes).into_iter().map(Into::into);
    let rare = rare::due(&shared.rare, journal, &alike, now).into_iter().map(Into::into);
    let buses: Vec<_> = alike.iter().map(|(id, state)| (*id, &state.mobile)).collect();
    let mobile = mobile::due(&shared.mobile, journal, &buses).into_iter().map(Into::into);
    let unsaid = transfusion::due(region, now).into_iter().map(Into::into);
    let all = kernel.chain(bonds).chain(blood).chain(calls).chain(passes).chain(unsaid);
    // Whoever has to be woken comes before all else.
    let urgent = of_alarms(shared, journal, &alike, now);
    urgent.into_iter().chain(all).chain(rare).chain(mobile).collect()
}

/// Of what is due, what cannot wait for the next round: alarms to hear, answers to note, steps to
/// take.
#[must_use]
pub fn due_at_once(
    region: &Region,
    journal: &JournalId,
    others: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    let alike = alike(&region.shared, others);
    of_alarms(&region.shared, journal, &alike, now)
}

/// Every clock of a region's alarms that runs or has rung without anything having followed.
#[must_use]
pub fn clocks(
    region: &Region,
    journal: &JournalId,
    others: &[(&JournalId, &SharedState)],
) -> Vec<alarms::view::Clock> {
    alarms::view::clocks(&region.shared.alarms, journal, &alike(&region.shared, others))
}

fn of_alarms(
    shared: &SharedState,
    journal: &JournalId,
    alike: &[(&JournalId, &SharedState)],
    now: Time,
) -> Vec<Command> {
    let alarms = alarms::due(&shared.alarms, journal, alike, now).into_iter().map(Into::into);
    let answered = incidents::due(&shared.incidents, &shared.alarms, now);
    alarms.chain(answered.into_iter().map(Into::into)).collect()
}

/// Real, exercise and demo do not mix: what another mode says makes nothing due.
fn alike<'a>(
    shared: &SharedState,
    others: &[(&'a JournalId, &'a SharedState)],
) -> Vec<(&'a JournalId, &'a SharedState)> {
    let mode = |state: &SharedState| state.kernel.journal.as_ref().map(|facts| facts.mode);
    others.iter().filter(|(_, state)| mode(state) == mode(shared)).copied().collect()
}
