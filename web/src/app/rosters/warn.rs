//! What is wrong with who is on duty, while there is time to put it right: a role that nobody can
//! reach is a warning today, not a surprise tonight.

use std::collections::BTreeSet;

use samband_domain::alarms::model::{Channel, Cover, DutyRole, Party, Recipient};
use samband_domain::{JournalId, Time};
use samband_engine::World;

use super::{FALLBACK, ROLES, of_region, other_regions, outside};

/// How far ahead gaps are looked for, in days.
pub const AHEAD_DAYS: i64 = 7;

/// What is wrong, the worst first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Nobody is on duty now.
    Nobody,
    /// Nobody will be on duty for a time within the next days.
    Gap {
        /// From when.
        from: Time,
        /// Until when; none if nobody comes afterwards as far as is looked.
        until: Option<Time>,
    },
    /// Somebody is reached by one kind of channel alone.
    OneChannel {
        /// Of which rank.
        rank: u8,
    },
    /// Somebody's ways share their address: what stops one stops the other.
    NotIndependent {
        /// Of which rank.
        rank: u8,
    },
    /// Nobody comes after whoever is on duty.
    NoDeputy,
    /// Another region's role has no telephone here for the day its installation is not heard.
    NoFallback,
}

/// A warning about a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Which role.
    pub of: Recipient,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with one role's cover.
#[must_use]
pub fn of_cover(cover: &[Cover], now: Time) -> Vec<What> {
    let here: Vec<_> = cover.iter().filter(|one| one.window.contains(now)).collect();
    let mut found: BTreeSet<What> = gaps(cover, now).into_iter().collect();
    if here.is_empty() {
        found.retain(|what| !matches!(what, What::Gap { from, .. } if *from == now));
        found.insert(What::Nobody);
    } else if here.iter().all(|one| Some(one.rank) == here.first().map(|first| first.rank)) {
        found.insert(What::NoDeputy);
    }
    for one in here {
        let kinds: BTreeSet<&Channel> = one.channels.iter().collect();
        if kinds.len() < 2 {
            found.insert(What::OneChannel { rank: one.rank });
        } else if !one.two_ways {
            found.insert(What::NotIndependent { rank: one.rank });
        }
    }
    found.into_iter().collect()
}

/// Times within the next days in which nobody is on duty.
fn gaps(cover: &[Cover], now: Time) -> Vec<What> {
    let end = now.plus_days(AHEAD_DAYS);
    let mut windows: Vec<_> = cover.iter().map(|one| one.window).collect();
    windows.sort();
    let (mut until, mut found) = (now, Vec::new());
    for window in windows {
        if until >= end {
            break;
        }
        if window.from() > until {
            let next = Some(window.from()).filter(|next| *next < end);
            found.push(What::Gap { from: until, until: next });
        }
        until = until.max(window.until().unwrap_or(end));
        if window.from() >= end {
            return found;
        }
    }
    if until < end {
        found.push(What::Gap { from: until, until: None });
    }
    found
}

/// When the next holder takes over: the first moment at which whoever is first in turn changes.
#[must_use]
pub fn handover(cover: &[Cover], now: Time) -> Option<Time> {
    let first = |at: Time| {
        let here = cover.iter().enumerate().filter(|(_, one)| one.window.contains(at));
        here.min_by_key(|(_, one)| one.rank).map(|(place, _)| place)
    };
    let mut moments: Vec<_> = cover
        .iter()
        .flat_map(|one| [Some(one.window.from()), one.window.until()])
        .flatten()
        .filter(|at| *at > now)
        .collect();
    moments.sort();
    moments.into_iter().find(|at| first(*at) != first(now))
}

/// Everything that is wrong with what a region rests on, the worst first.
#[must_use]
pub fn warnings(world: &World, region: &JournalId, now: Time) -> Vec<Warning> {
    let Some(journal) = world.journal(region) else { return Vec::new() };
    let rosters = &journal.shared().alarms.rosters;
    let own = of_region(region, &ROLES).into_iter().chain(outside());
    let mut all: Vec<Warning> = own
        .flat_map(|of| {
            let cover = rosters.get(&of).map_or(&[][..], |roster| &roster.cover);
            let desk = matches!(of.party, Party::Outside(_)) || of.role == DutyRole::Switchboard;
            let found = of_cover(cover, now).into_iter();
            // A desk that is always manned is one function: it needs ways, not deputies.
            let found = found.filter(move |what| !desk || *what != What::NoDeputy);
            found.map(|what| Warning { of: of.clone(), what }).collect::<Vec<_>>()
        })
        .collect();
    let others = other_regions(world, region);
    let others = others.iter().flat_map(|id| of_region(id, &FALLBACK[..1]));
    all.extend(others.filter_map(|of| {
        let cover = rosters.get(&of).map_or(&[][..], |roster| &roster.cover);
        let reached = cover.iter().any(|one| one.window.contains(now));
        (!reached).then_some(Warning { of, what: What::NoFallback })
    }));
    all.sort_by(|a, b| (&a.what, &a.of).cmp(&(&b.what, &b.of)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use samband_domain::Window;

    fn cover(rank: u8, from: i64, until: Option<i64>, channels: &[Channel], two: bool) -> Cover {
        let at = |hours: i64| Time(0).plus_seconds(hours * 3_600);
        let window = Window::new(at(from), until.map(at)).expect("a window");
        Cover { rank, window, channels: channels.to_vec(), two_ways: two }
    }

    const BOTH: [Channel; 2] = [Channel::Sms, Channel::Email];

    #[test]
    fn a_role_with_holder_deputy_and_two_ways_each_has_nothing_to_warn_of() {
        let all = [cover(0, 0, None, &BOTH, true), cover(1, 0, None, &BOTH, true)];
        assert_eq!(of_cover(&all, Time(0)), []);
        assert_eq!(handover(&all, Time(0)), None);
    }

    #[test]
    fn whatever_is_missing_is_named() {
        assert_eq!(of_cover(&[], Time(0))[0], What::Nobody);
        let one = [cover(0, 0, None, &[Channel::Sms], false)];
        let found = of_cover(&one, Time(0));
        assert_eq!(found, [What::OneChannel { rank: 0 }, What::NoDeputy]);
        let same = [
            cover(0, 0, None, &[Channel::Sms, Channel::Voice], false),
            cover(1, 0, None, &BOTH, true),
        ];
        assert_eq!(of_cover(&same, Time(0)), [What::NotIndependent { rank: 0 }]);
    }

    #[test]
    fn a_gap_within_the_week_is_seen_with_its_ends_and_none_after_it() {
        let at = |hours: i64| Time(0).plus_seconds(hours * 3_600);
        let all = [
            cover(0, -5, Some(20), &BOTH, true),
            cover(1, -5, Some(20), &BOTH, true),
            cover(0, 24, Some(40), &BOTH, true),
        ];
        let found = of_cover(&all, Time(0));
        assert_eq!(
            found,
            [
                What::Gap { from: at(20), until: Some(at(24)) },
                What::Gap { from: at(40), until: None }
            ]
        );
        let far = [cover(0, -5, Some(24 * 8), &BOTH, true), cover(1, -5, None, &BOTH, true)];
        assert_eq!(of_cover(&far, Time(0)), []);
        assert_eq!(handover(&far, Time(0)), Some(at(24 * 8)));
    }

    #[test]
    fn nobody_now_is_one_warning_and_not_a_gap_beside_it() {
        let all = [cover(0, 2, None, &BOTH, true), cover(1, 2, None, &BOTH, true)];
        assert_eq!(of_cover(&all, Time(0)), [What::Nobody]);
    }
}
