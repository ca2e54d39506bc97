//! The question in numbers: what a casualty is worth where and when, and what limits it.

use super::model::{Objective, Primary, STEPS, Way};
use super::prices::afters;

/// How many measures rank one after the other.
pub(super) const LEVELS: usize = 4;
/// What something is worth, level by level: the first that differs decides, as arrays compare.
pub(super) type Value = [i64; LEVELS];

/// What is counted, in order of rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// Millionths of a survivor.
    Survivors,
    /// Casualties within their target.
    Target,
    /// Casualties at a place.
    Placed,
    /// Special needs at a place for them.
    Special,
    /// Less weighted minutes.
    Minutes,
}

/// One casualty of a group to one pool.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    pub(super) group: usize,
    pub(super) pool: usize,
    /// Whether the place is for the group's special need (or it has none).
    pub(super) fits: bool,
    /// Whether it counts in `per_hour`.
    pub(super) rated: bool,
    /// Where its worth stands.
    pub(super) row: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub(super) minutes: [Option<usize>; 2],
    pub(super) choices: Vec<Choice>,
    pub(super) per_hour: Option<i64>,
    /// Places of its limits in [`Table::caps`].
    pub(super) caps: Vec<usize>,
}

/// Units that may do the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) way: Way,
    pub(super) seats: i64,
    pub(super) carries: Vec<bool>,
}

/// One unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Car {
    pub(super) row: usize,
    pub(super) lane: usize,
    pub(super) ready: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) horizon: usize,
    pub(super) hours: usize,
    pub(super) load: usize,
    pub(super) unload: usize,
    /// Class, count, minute from which they can leave.
    pub(super) groups: Vec<(usize, i64, usize)>,
    pub(super) spots: Vec<Spot>,
    pub(super) pools: Vec<[i64; 4]>,
    pub(super) caps: Vec<i64>,
    pub(super) lanes: Vec<Lane>,
    pub(super) cars: Vec<Car>,
    pub(super) levels: [Level; LEVELS],
    /// By level, row (group and whether the place fits) and minute.
    pub(super) worth: Vec<Vec<i64>>,
    /// By level: what later levels add for whoever lays a plan, by row and minute.
    pub(super) after: Vec<Vec<i64>>,
    /// By level: the most that later levels add for anybody from a minute on.
    pub(super) most_after: Vec<Vec<i64>>,
    /// By lane: hospitals that can be reached, and in how many minutes.
    pub(super) ways: Vec<Vec<(usize, usize)>>,
    /// By row and minute: no start from then on is worth more.
    pub(super) top: Vec<Value>,
}

/// The step of capacity at a minute.
pub(super) const fn step(minute: usize) -> usize {
    let minute = minute as i64;
    if minute < STEPS[1] {
        0
    } else if minute < STEPS[2] {
        1
    } else if minute < STEPS[3] {
        2
    } else {
        3
    }
}

impl Table {
    pub(super) fn of(asked: &Primary) -> Self {
        let mut table = Self {
            horizon: asked.horizon as usize,
            hours: (asked.horizon as usize).div_ceil(60),
            load: asked.load as usize,
            unload: asked.unload as usize,
            groups: Vec::new(),
            spots: Vec::new(),
            pools: Vec::new(),
            caps: Vec::new(),
            lanes: Vec::new(),
            cars: Vec::new(),
            levels: match asked.objective {
                Objective::CapacityAndTime => {
                    [Level::Target, Level::Placed, Level::Special, Level::Minutes]
                }
                Objective::Survivors => {
                    [Level::Survivors, Level::Placed, Level::Special, Level::Minutes]
                }
            },
            worth: Vec::new(),
            after: Vec::new(),
            most_after: Vec::new(),
            ways: Vec::new(),
            top: Vec::new(),
        };
        for group in &asked.groups {
            table.groups.push((group.class, group.count, group.from as usize));
        }
        table.spots(asked);
        table.cars(asked);
        table.worths(asked);
        table.after = (0..LEVELS).map(|level| afters(&table, level)).collect();
        table.ends();
        let ways = |lane| {
            let spots = 0..table.spots.len();
            spots.filter_map(|spot| Some((spot, table.minutes(lane, spot)?))).collect()
        };
        table.ways = (0..table.lanes.len()).map(ways).collect();
        table
    }

    fn spots(&mut self, asked: &Primary) {
        let mut regions = Vec::new();
        for (region, most) in &asked.region_caps {
            regions.push((region, self.caps.len()));
            self.caps.push(*most);
        }
        for place in &asked.hospitals {
            let mut choices = Vec::new();
            for pool in &place.pools {
                let at = self.pools.len();
                self.pools.push(pool.steps);
                for (group, one) in asked.groups.iter().enumerate() {
                    let special = pool.special.is_none() || pool.special == one.special;
                    if one.class == pool.class && special {
                        let fits = one.special == pool.special;
                        let rated = asked.classes[one.class].in_rate && place.per_hour.is_some();
                        let row = 2 * group + usize::from(fits);
                        choices.push(Choice { group, pool: at, fits, rated, row });
                    }
                }
            }
            let mut caps: Vec<usize> = regions
                .iter()
                .filter(|(region, _)| **region == place.region)
                .map(|(_, at)| *at)
                .collect();
            if let Some(most) = place.most {
                caps.push(self.caps.len());
                self.caps.push(most);
            }
            let minutes = place.minutes.map(|minutes| minutes.map(|minutes| minutes as usize));
            self.spots.push(Spot { minutes, choices, per_hour: place.per_hour, caps });
        }
    }

    fn cars(&mut self, asked: &Primary) {
        for (row, unit) in asked.units.iter().enumerate() {
            let carries = unit.carries.clone();
            let lane = Lane { way: unit.way, seats: unit.seats, carries };
            let at = self.lanes.iter().position(|one| *one == lane).unwrap_or_else(|| {
                self.lanes.push(lane);
                self.lanes.len() - 1
            });
            let car = Car { row, lane: at, ready: unit.ready as usize };
            self.cars.extend(std::iter::repeat_n(car, unit.count));
        }
    }

    fn worths(&mut self, asked: &Primary) {
        for level in &self.levels {
            let mut worth = Vec::with_capacity(2 * asked.groups.len() * self.horizon);
            for group in &asked.groups {
                let class = &asked.classes[group.class];
                for fits in [false, true] {
                    worth.extend((0..asked.horizon).map(|minute| {
                        match level {
                            Level::Survivors => class
                                .survival
                                .map_or(0, |survival| (survival.at(minute) * 1e6).round() as i64),
                            Level::Target => i64::from(minute <= class.target) * class.counts,
                            Level::Placed => 1,
                            Level::Special => i64::from(fits && group.special.is_some()),
                            Level::Minutes => -minute * class.weight,
                        }
                    }));
                }
            }
            self.worth.push(worth);
        }
    }

    /// What nothing from a minute on exceeds; plans that cannot be better are seen by it at once.
    fn ends(&mut self) {
        let (rows, horizon) = (2 * self.groups.len(), self.horizon);
        self.top = vec![[i64::MIN; LEVELS]; rows * horizon];
        self.most_after = vec![vec![i64::MIN; horizon]; LEVELS];
        for minute in (0..horizon).rev() {
            for row in 0..rows {
                let at = row * horizon + minute;
                for level in 0..LEVELS {
                    let later =
                        if minute + 1 < horizon { self.top[at + 1][level] } else { i64::MIN };
                    self.top[at][level] = self.worth[level][at].max(later);
                    let after = self.after[level][at];
                    let most = self.most_after[level].get(minute + 1).copied().unwrap_or(after);
                    let here = &mut self.most_after[level][minute];
                    *here = (*here).max(after).max(most);
                }
            }
        }
    }

    pub(super) fn worth(&self, level: usize, row: usize, minute: usize) -> i64 {
        self.worth[level][row * self.horizon + minute]
    }

    /// Minutes to a hospital in a lane.
    pub(super) fn minutes(&self, lane: usize, spot: usize) -> Option<usize> {
        self.spots[spot].minutes[self.lanes[lane].way as usize]
    }

    /// Minutes until a unit is back.
    pub(super) const fn cycle(&self, minutes: usize) -> usize {
        self.load + self.unload + 2 * minutes
    }

    /// The most that one of a group can be worth on a level.
    pub(super) fn best(&self, level: usize, group: usize) -> i64 {
        let choices = self.spots.iter().flat_map(|spot| &spot.choices);
        let rows = choices.filter(|choice| choice.group == group).map(|choice| choice.row);
        rows.map(|row| self.worth(level, row, 0)).max().unwrap_or(0).max(0)
    }

    /// No plan is worth more on a level.
    pub(super) fn most(&self, level: usize) -> i64 {
        let groups = self.groups.iter().enumerate();
        groups.map(|(at, group)| group.1 * self.best(level, at)).sum()
    }
}
