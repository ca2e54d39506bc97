//! Whether an alarm would reach anybody now: gaps in the rosters, channels that fail, and who comes
//! on duty next.

use std::collections::BTreeMap;

use samband_domain::alarms::Shared;
use samband_domain::alarms::model::{Channel, DutyRole, Outcome, Party, Recipient, Turn};
use samband_domain::{JournalId, Region, Time};

/// A channel's attempts are looked at so far back.
const LATELY_HOURS: i64 = 24;

/// The roles that somebody must hold at every hour, whom an alarm wakes.
const ROLES: [DutyRole; 4] =
    [DutyRole::Tib, DutyRole::BloodCentre, DutyRole::RegionalCommand, DutyRole::Switchboard];

/// Why an alarm might not reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody is on duty in a role now: an alarm would have to be telephoned.
    Nobody(DutyRole),
    /// Somebody on duty has no two ways that are independent.
    OneWay(DutyRole),
    /// The last attempt by a channel failed, and when.
    Channel(Channel, Time),
}

/// Everything that stands in the way of the next alarm in the own region, as far as is known.
#[must_use]
pub fn faults(shared: &Shared, region: &JournalId, now: Time) -> Vec<Fault> {
    let mut all = Vec::new();
    for role in ROLES {
        let of = Recipient { party: Party::Region(region.clone()), role };
        let cover = shared.rosters.get(&of).map_or(&[][..], |roster| &roster.cover);
        let here: Vec<_> = cover.iter().filter(|one| one.window.contains(now)).collect();
        if here.is_empty() {
            all.push(Fault::Nobody(role));
        } else if here.iter().any(|one| !one.two_ways) {
            all.push(Fault::OneWay(role));
        }
    }
    all.extend(channels(shared, now));
    all
}

fn channels(shared: &Shared, now: Time) -> Vec<Fault> {
    let since = now.plus_seconds(-LATELY_HOURS * 3_600);
    let mut last: BTreeMap<Channel, (Time, Outcome)> = BTreeMap::new();
    let attempts = shared.obligations.values().flat_map(|held| &held.attempts);
    for one in attempts.filter(|one| one.at >= since) {
        let held = last.entry(one.channel).or_insert((one.at, one.outcome));
        if held.0 <= one.at {
            *held = (one.at, one.outcome);
        }
    }
    let failed = last.into_iter().filter(|(_, (_, outcome))| *outcome == Outcome::Failed);
    failed.map(|(channel, (at, _))| Fault::Channel(channel, at)).collect()
}

/// Who takes over next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover<'a> {
    /// When.
    pub at: Time,
    /// Who comes; none if nobody does, and there is a gap.
    pub who: Option<&'a Turn>,
}

/// The next change of whoever holds a role of the own region.
#[must_use]
pub fn handover<'a>(
    region: &'a Region,
    id: &JournalId,
    role: DutyRole,
    now: Time,
) -> Option<Handover<'a>> {
    let of = Recipient { party: Party::Region(id.clone()), role };
    let turns = region.own.alarms.rosters.get(&of)?;
    let first: Vec<_> = turns.iter().filter(|turn| turn.rank == 0).collect();
    let ends = first.iter().filter(|turn| turn.window.contains(now));
    let ends = ends.filter_map(|turn| turn.window.until());
    let begins = first.iter().map(|turn| turn.window.from()).filter(|from| *from > now);
    let at = ends.chain(begins).min()?;
    let who = first.into_iter().find(|turn| turn.window.contains(at));
    Some(Handover { at, who })
}
