//! From a laid plan to what is told.

use super::explain::Explainer;
use super::model::Primary;
use super::report::{
    Amount, CasualtyReport, HospitalReport, LevelReport, Measure, PrimaryAnswer, Received,
    RuleLevel, RuleReport, Taken, TripReport,
};
use super::search::{Found, search};
use super::table::{Level, Table};
use super::yard::{Laid, Trip};
use crate::distribute::survival::{ClassOrder, rounded};
use crate::progress::{Progress, Stopped};

pub(super) const fn measure(level: Level) -> Measure {
    match level {
        Level::Survivors => Measure::ExpectedSurvivors,
        Level::Target => Measure::WithinTarget,
        Level::Placed => Measure::Placed,
        Level::Special => Measure::AtSpecialPlace,
        Level::Minutes => Measure::WeightedMinutes,
    }
}

fn amount(level: Level, value: i64) -> Amount {
    match level {
        Level::Survivors => Amount::Expected(rounded(value as f64 / 1e6)),
        Level::Minutes => Amount::Whole(-value),
        _ => Amount::Whole(value),
    }
}

impl Primary {
    /// A good plan, what no plan can exceed, and why it is so.
    ///
    /// # Errors
    /// [`Stopped`] if somebody asked for it.
    pub fn solve(&self, progress: &Progress) -> Result<PrimaryAnswer, Stopped> {
        let table = Table::of(self);
        let names: Vec<&str> = self.hospitals.iter().map(|place| place.id.as_str()).collect();
        let found = search(&table, &names, self.classes.len(), progress)?;
        Ok(self.tell(&table, found))
    }

    fn tell(&self, table: &Table, found: Found) -> PrimaryAnswer {
        let mut laid = found.best;
        laid.trips.sort_by_key(|trip| (trip.leaves, trip.car));
        let levels = table.levels.iter().zip(&laid.value).zip(&found.bounds);
        let levels: Vec<LevelReport> =
            levels.map(|((level, value), bound)| level_report(*level, *value, *bound)).collect();
        let rule = |(swapped, choice, laid): (bool, _, Laid)| RuleReport {
            order: if swapped { ClassOrder::DelayedFirst } else { ClassOrder::ImmediateFirst },
            choice,
            levels: table
                .levels
                .iter()
                .zip(&laid.value)
                .map(|(level, value)| RuleLevel {
                    measure: measure(*level),
                    value: amount(*level, *value),
                })
                .collect(),
        };
        let left_out = self.hospitals.iter().filter(|place| place.pools.is_empty());
        PrimaryAnswer {
            objective: self.objective,
            parameters: self.parameters.clone(),
            proven: laid.value[..] == found.bounds[..],
            levels,
            casualties: self.casualties(table, &laid),
            hospitals: self.received(table, &laid),
            trips: self.trips(table, &laid),
            rules: found.rules.into_iter().map(rule).collect(),
            unknown: self.unknown.clone(),
            left_out: left_out.map(|place| place.id.clone()).collect(),
        }
    }

    fn casualties(&self, table: &Table, laid: &Laid) -> Vec<CasualtyReport> {
        let mut reports: Vec<CasualtyReport> = self
            .groups
            .iter()
            .map(|group| CasualtyReport {
                class: self.classes[group.class].name.clone(),
                special: group.special.clone(),
                count: group.count,
                within_target: 0,
                placed: 0,
                unplaced: group.count,
                last_start: None,
            })
            .collect();
        for trip in &laid.trips {
            for rider in &trip.riders {
                let group = table.spots[trip.spot].choices[rider.choice].group;
                let report = &mut reports[group];
                report.placed += 1;
                report.unplaced -= 1;
                report.within_target += i64::from(self.in_time(group, rider.start));
                report.last_start = report.last_start.max(Some(rider.start));
            }
        }
        reports
    }

    fn in_time(&self, group: usize, start: usize) -> bool {
        start as i64 <= self.classes[self.groups[group].class].target
    }

    fn received(&self, table: &Table, laid: &Laid) -> Vec<HospitalReport> {
        let mut reports = Vec::new();
        for (spot, place) in self.hospitals.iter().enumerate() {
            let trips: Vec<&Trip> = laid.trips.iter().filter(|trip| trip.spot == spot).collect();
            let riders = || trips.iter().flat_map(|trip| &trip.riders);
            let Some(first) = trips.iter().map(|trip| trip.arrives).min() else { continue };
            let mut receives = Vec::new();
            for (at, group) in self.groups.iter().enumerate() {
                let of_group = |choice: usize| table.spots[spot].choices[choice].group == at;
                let count = riders().filter(|rider| of_group(rider.choice)).count() as i64;
                if count > 0 {
                    let class = self.classes[group.class].name.clone();
                    receives.push(Received { class, special: group.special.clone(), count });
                }
            }
            reports.push(HospitalReport {
                id: place.id.clone(),
                region: place.region.clone(),
                receives,
                first_arrival: first,
                last_start: riders().map(|rider| rider.start).max().unwrap_or(first),
            });
        }
        reports
    }

    fn trips(&self, table: &Table, laid: &Laid) -> Vec<TripReport> {
        let mut explainer = Explainer::new(self, table, laid);
        let mut firsts: Vec<usize> = Vec::new();
        for (car, one) in table.cars.iter().enumerate() {
            if firsts.len() <= one.row {
                firsts.resize(one.row + 1, car);
            }
        }
        let report = |(at, trip): (usize, &Trip)| {
            let car = table.cars[trip.car];
            let unit = &self.units[car.row];
            TripReport {
                unit: unit.id.clone(),
                number: trip.car - firsts[car.row] + 1,
                region: unit.region.clone(),
                way: unit.way,
                hospital: self.hospitals[trip.spot].id.clone(),
                leaves: trip.leaves,
                arrives: trip.arrives,
                back: trip.leaves + table.cycle(table.minutes(car.lane, trip.spot).unwrap_or(0)),
                takes: self.taken(table, trip),
                why: explainer.why(at),
            }
        };
        laid.trips.iter().enumerate().map(report).collect()
    }

    fn taken(&self, table: &Table, trip: &Trip) -> Vec<Taken> {
        let mut taken: Vec<Taken> = Vec::new();
        for rider in &trip.riders {
            let choice = &table.spots[trip.spot].choices[rider.choice];
            let group = &self.groups[choice.group];
            let one = Taken {
                class: self.classes[group.class].name.clone(),
                special: group.special.clone(),
                special_place: group.special.is_some().then_some(choice.fits),
                count: 1,
                start: rider.start,
                within_target: self.in_time(choice.group, rider.start),
            };
            match taken.iter_mut().find(|known| Taken { count: 1, ..(*known).clone() } == one) {
                Some(known) => known.count += 1,
                None => taken.push(one),
            }
        }
        taken
    }
}

fn level_report(level: Level, value: i64, bound: i64) -> LevelReport {
    let gap = bound - value;
    let of = if level == Level::Minutes { value } else { bound };
    let percent = if gap == 0 { 0.0 } else { gap as f64 * 100.0 / of.abs().max(1) as f64 };
    LevelReport {
        measure: measure(level),
        value: amount(level, value),
        bound: amount(level, bound),
        gap: match level {
            Level::Survivors => Amount::Expected(rounded(gap as f64 / 1e6)),
            _ => Amount::Whole(gap),
        },
        gap_percent: rounded(percent),
    }
}
