//! What a move does on the whole: a shortage that only changes place is no gain.

use samband_domain::SiteId;
use samband_domain::plans::model::Why;
use samband_domain::words::Day;
use samband_planning::transfer::{Binding, Proposal, Reason};
use serde::Serialize;

/// What would be different without something, all regions together. Positive is worse without it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Net {
    /// Öre that the best plan without it costs more, by the weights.
    pub saves_ore: i64,
    /// Units more that are wanted and not there.
    pub short: i64,
    /// Where and when the first of those are wanted.
    pub short_first: Option<(SiteId, Day)>,
    /// A shortage that is as large without it, and lies elsewhere or on another day.
    pub shifted: Option<Shifted>,
    /// Units more that expire unused, or are expected to soon after the horizon.
    pub expired: i64,
    /// On which day the first of those expire; none: after the horizon.
    pub expired_first: Option<Day>,
    /// Units more missing from minimum stocks, summed over the days.
    pub below: i64,
    /// On which day the first of those are missing.
    pub below_first: Option<Day>,
    /// Steps more down to another compatible group, summed over the units.
    pub steps: i64,
    /// Öre of transport that it costs; negative: without it, transport costs more.
    pub transport_ore: i64,
}

/// Units that are missing in one place with something, and in another without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shifted {
    /// How many.
    pub units: i64,
    /// Where the first of them are missing without it.
    pub without: (SiteId, Day),
    /// Where the first of them are missing with it.
    pub with: (SiteId, Day),
}

impl Net {
    /// Sums what is worse without something and what is better.
    pub(super) fn of(saves_ore: i64, avoids: &[Reason], price: &[Reason]) -> Self {
        let mut net = Self { saves_ore, ..Self::default() };
        for (reasons, sign) in [(avoids, 1), (price, -1)] {
            for reason in reasons {
                match reason {
                    Reason::Shortage { units, .. } => net.short += sign * units,
                    Reason::ExpiresUnused { units, .. } => net.expired += sign * units,
                    Reason::BelowMinimum { units, .. } => net.below += sign * units,
                    Reason::Substitution { places, .. } => net.steps += sign * places,
                    Reason::Transport { cost, .. } => net.transport_ore -= sign * cost,
                    Reason::Holding { .. } => {}
                }
            }
        }
        let (without, with) = (shortage(avoids), shortage(price));
        net.short_first = first(avoids).filter(|_| net.short > 0);
        if net.short == 0 && without > 0 {
            let ends = first(avoids).zip(first(price));
            net.shifted =
                ends.map(|(a, b)| Shifted { units: without.min(with), without: a, with: b });
        }
        let days = |of: fn(&Reason) -> Option<Day>| avoids.iter().filter_map(of).min();
        net.expired_first = days(|reason| match reason {
            Reason::ExpiresUnused { day, .. } => *day,
            _ => None,
        });
        net.below_first = days(|reason| match reason {
            Reason::BelowMinimum { day, .. } => Some(*day),
            _ => None,
        });
        net
    }

    /// Whether anything but money would be worse without it.
    #[must_use]
    pub const fn for_patients(&self) -> bool {
        self.short > 0 || self.below > 0 || self.expired > 0 || self.steps > 0
    }

    /// What cannot wait, first: missing units by day, then stocks below their minimum, then what
    /// expires, then what only costs less.
    #[must_use]
    pub fn urgency(&self) -> (u8, Option<Day>) {
        match self {
            Self { short: 1.., short_first, .. } => (0, short_first.as_ref().map(|(_, day)| *day)),
            Self { below: 1.., below_first, .. } => (1, *below_first),
            Self { expired: 1.., expired_first, .. } => (2, *expired_first),
            _ => (3, None),
        }
    }
}

fn shortage(reasons: &[Reason]) -> i64 {
    let units = reasons.iter().map(|reason| match reason {
        Reason::Shortage { units, .. } => *units,
        _ => 0,
    });
    units.sum()
}

fn first(reasons: &[Reason]) -> Option<(SiteId, Day)> {
    let all = reasons.iter().filter_map(|reason| match reason {
        Reason::Shortage { site, day, .. } => Some((site.clone(), *day)),
        _ => None,
    });
    all.min_by_key(|(_, day)| *day)
}

/// The reasons as they are recorded with a yes: on the whole, not place by place.
pub(super) fn recorded(net: &Net, one: &Proposal) -> Vec<Why> {
    let units = |units: i64| u32::try_from(units).ok().filter(|units| *units > 0);
    let mut all = Vec::new();
    if let (Some(units), Some((_, on))) = (units(net.short), &net.short_first) {
        all.push(Why::WouldMiss { units, on: *on });
    }
    if let (Some(missing), Some(on)) = (units(net.below), net.below_first) {
        all.push(Why::BelowMinimum { missing, on });
    }
    if let (Some(units), Some(on)) = (units(net.expired), net.expired_first) {
        all.push(Why::WouldExpire { units, on });
    }
    all.extend(one.why.binding.iter().map(|binding| match binding {
        Binding::LegFull { .. } => Why::CourierFull,
        Binding::SenderMinimum { day, .. } => Why::SendersMinimum { on: *day },
    }));
    all
}

#[cfg(test)]
mod tests {
    use samband_domain::blood::model::Group;

    use super::*;

    fn missing(site: &str, day: &str, units: i64) -> Reason {
        let (site, day) = (SiteId::new(site).unwrap(), day.parse().unwrap());
        Reason::Shortage { site, group: Group::O_NEG, day, units, cost: units * 1_500_000 }
    }

    #[test]
    fn a_shortage_that_only_changes_place_is_no_gain() {
        let avoids = [missing("lund", "2026-11-23", 3)];
        let price =
            [missing("malmo", "2026-11-24", 3), Reason::Transport { units: 3, cost: 5_250 }];
        let net = Net::of(200, &avoids, &price);
        assert_eq!((net.short, net.short_first.clone()), (0, None));
        assert_eq!(net.transport_ore, 5_250);
        let shifted = net.shifted.clone().expect("it is said where it goes");
        assert_eq!((shifted.units, shifted.with.0.as_str()), (3, "malmo"));
        assert_eq!(net.urgency().0, 3);
    }

    #[test]
    fn what_is_missing_on_the_whole_comes_with_its_first_day() {
        let avoids = [missing("ystad", "2026-11-25", 2), missing("lund", "2026-11-23", 3)];
        let net = Net::of(7_000_000, &avoids, &[missing("malmo", "2026-11-24", 1)]);
        assert_eq!((net.short, net.shifted.clone()), (4, None));
        assert_eq!(net.short_first.as_ref().map(|(site, _)| site.as_str()), Some("lund"));
        assert_eq!(net.urgency(), (0, "2026-11-23".parse().ok()));
    }
}
