//! Why a trip goes where it goes: what is nearer and full, what binds, what the next best costs.

use super::model::{Primary, STEPS};
use super::polish::Routes;
use super::report::{Because, Binding, Nearer, NextBest, Why, Worse};
use super::table::{Table, Value, step};
use super::tell::measure;
use super::yard::{Full, Laid, Trip};

/// Most nearer hospitals that are named.
const NAMED: usize = 3;

pub(super) struct Explainer<'a> {
    asked: &'a Primary,
    table: &'a Table,
    routes: Routes<'a>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(asked: &'a Primary, table: &'a Table, laid: &Laid) -> Self {
        Self { asked, table, routes: Routes::new(table, laid) }
    }

    pub(super) fn why(&mut self, at: usize) -> Why {
        let trip = self.routes.trip(at).clone();
        let binding = self.binding(&trip);
        self.routes.yard.leave(&trip);
        let nearer = self.nearer(&trip);
        let mut best: Option<(Value, usize, usize)> = None;
        for other in self.routes.others(at) {
            let change = self.routes.instead(at, &other).change;
            let start = other.riders.iter().map(|rider| rider.start).min().unwrap_or(0);
            if best.as_ref().is_none_or(|(known, _, _)| change > *known) {
                best = Some((change, other.spot, start));
            }
        }
        self.routes.yard.board(&trip);
        let next_best = best.map(|(change, spot, start)| NextBest {
            hospital: self.asked.hospitals[spot].id.clone(),
            start,
            worse: self.worse(&change),
        });
        Why { nearer, binding, next_best }
    }

    fn worse(&self, change: &[i64]) -> Vec<Worse> {
        let levels = self.table.levels.iter().zip(change).filter(|(_, change)| **change != 0);
        levels.map(|(level, change)| Worse { measure: measure(*level), by: -change }).collect()
    }

    /// Hospitals that are nearer, and why not there. The trip's own places are free meanwhile.
    fn nearer(&self, trip: &Trip) -> Vec<Nearer> {
        let table = self.table;
        let lane = table.cars[trip.car].lane;
        let here = table.minutes(lane, trip.spot).unwrap_or(0);
        let mut near: Vec<(usize, usize)> = (0..table.spots.len())
            .filter_map(|spot| table.minutes(lane, spot).map(|minutes| (minutes, spot)))
            .filter(|(minutes, _)| *minutes < here)
            .collect();
        near.sort_unstable();
        let first = trip
            .riders
            .first()
            .map(|rider| (table.spots[trip.spot].choices[rider.choice].group, rider.start));
        let Some((group, begins)) = first else { return Vec::new() };
        near.truncate(NAMED);
        near.into_iter()
            .map(|(minutes, spot)| {
                let arrives = trip.leaves + table.load + minutes;
                let (because, start) = self.because(spot, group, arrives, begins);
                let hospital = self.asked.hospitals[spot].id.clone();
                Nearer { hospital, minutes, because, start }
            })
            .collect()
    }

    fn because(
        &self,
        spot: usize,
        group: usize,
        arrives: usize,
        begins: usize,
    ) -> (Because, Option<usize>) {
        let choices = self.table.spots[spot].choices.iter();
        let starts = choices
            .filter(|choice| choice.group == group)
            .map(|choice| self.routes.yard.start(spot, choice, arrives));
        match starts.min_by_key(|start| match start {
            Ok(start) => (0, *start),
            Err(full) => (1, *full as usize),
        }) {
            None => (Because::NoKnownPlaces, None),
            Some(Ok(start)) if start > begins => (Because::BeginsLater, Some(start)),
            Some(Ok(start)) => (Because::CostsElsewhere, Some(start)),
            Some(Err(Full::Cap)) => (Because::LimitReached, None),
            Some(Err(Full::Places)) => (Because::PlacesTaken, None),
            Some(Err(Full::Hour)) => (Because::HoursFull, None),
        }
    }

    /// What the plan has used up where a trip goes.
    fn binding(&self, trip: &Trip) -> Vec<Binding> {
        let table = self.table;
        let spot = &table.spots[trip.spot];
        let mut binding = Vec::new();
        for rider in &trip.riders {
            let choice = &spot.choices[rider.choice];
            for at in step(rider.start)..4 {
                if self.routes.yard.places_left(choice.pool, at) <= 0 {
                    let pool = self.pool(trip.spot, choice.pool);
                    let class = self.asked.label(pool.class, pool.special.as_deref());
                    let (from, places) = (STEPS[at], pool.steps[at]);
                    binding.push(Binding::Places { class, from, places });
                    break;
                }
            }
            let hour = rider.start / 60;
            if choice.rated && self.routes.yard.hour_left(trip.spot, hour) <= 0 {
                let most = spot.per_hour.unwrap_or(0);
                binding.push(Binding::Hour { from: hour * 60, most });
            }
        }
        for cap in &spot.caps {
            if self.routes.yard.cap_left(*cap) <= 0 {
                binding.push(Binding::Limit { most: table.caps[*cap] });
            }
        }
        let mut seen = Vec::new();
        binding.retain(|one| {
            !seen.contains(one) && {
                seen.push(one.clone());
                true
            }
        });
        binding
    }

    fn pool(&self, spot: usize, pool: usize) -> &super::model::Pool {
        let before: usize = self.asked.hospitals[..spot].iter().map(|one| one.pools.len()).sum();
        &self.asked.hospitals[spot].pools[pool - before]
    }
}
