//! A plan as it is laid: what is taken already, and when the next can begin.

use super::table::{Choice, LEVELS, Table, Value, step};

/// One casualty on a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rider {
    /// Place of the choice among those of the hospital.
    pub(super) choice: usize,
    /// Minute at which treatment begins.
    pub(super) start: usize,
}

/// A trip of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trip {
    pub(super) car: usize,
    pub(super) spot: usize,
    pub(super) leaves: usize,
    pub(super) arrives: usize,
    pub(super) riders: Vec<Rider>,
}

/// A plan and what it is worth, level by level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    pub(super) value: Value,
    pub(super) trips: Vec<Trip>,
}

/// What is still free.
#[derive(Clone, Debug)]
pub(super) struct Yard<'a> {
    pub(super) table: &'a Table,
    /// Casualties still at the scene.
    pub(super) left: Vec<i64>,
    pools: Vec<[i64; 4]>,
    hours: Vec<i64>,
    caps: Vec<i64>,
}

/// Why somebody cannot be taken earlier, or at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Full {
    /// The hospital's or region's limit in all.
    Cap,
    /// No places of the class.
    Places,
    /// The hour is full.
    Hour,
}

impl<'a> Yard<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        let hours = table
            .spots
            .iter()
            .flat_map(|spot| std::iter::repeat_n(spot.per_hour.unwrap_or(i64::MAX), table.hours));
        Self {
            table,
            left: table.groups.iter().map(|group| group.1).collect(),
            pools: table.pools.clone(),
            hours: hours.collect(),
            caps: table.caps.clone(),
        }
    }

    /// What is free beside these trips.
    pub(super) fn with(table: &'a Table, trips: &[Trip]) -> Self {
        let mut yard = Self::new(table);
        trips.iter().for_each(|trip| yard.board(trip));
        yard
    }

    /// The first minute at or after an arrival at which treatment can begin.
    pub(super) fn start(
        &self,
        spot: usize,
        choice: &Choice,
        arrives: usize,
    ) -> Result<usize, Full> {
        let table = self.table;
        let caps = &table.spots[spot].caps;
        if caps.iter().any(|cap| self.caps[*cap] <= 0) {
            return Err(Full::Cap);
        }
        let pool = &self.pools[choice.pool];
        // Whoever begins in a step is there in every later one.
        let Some(full) = (0..4).rev().find(|step| pool[*step] <= 0).map_or(Some(0), |at| {
            if at == 3 { None } else { Some(super::model::STEPS[at + 1] as usize) }
        }) else {
            return Err(Full::Places);
        };
        let mut start = arrives.max(full);
        while start < table.horizon {
            if !choice.rated || self.hours[spot * table.hours + start / 60] > 0 {
                return Ok(start);
            }
            start = (start / 60 + 1) * 60;
        }
        Err(if full >= table.horizon { Full::Places } else { Full::Hour })
    }

    /// Takes a place.
    pub(super) fn take(&mut self, spot: usize, choice: &Choice, start: usize) {
        self.book(spot, choice, start, 1);
    }

    /// Gives a place back.
    pub(super) fn give_back(&mut self, spot: usize, choice: &Choice, start: usize) {
        self.book(spot, choice, start, -1);
    }

    /// Everybody on a trip takes their place.
    pub(super) fn board(&mut self, trip: &Trip) {
        for rider in &trip.riders {
            self.take(trip.spot, &self.table.spots[trip.spot].choices[rider.choice], rider.start);
        }
    }

    /// Everybody on a trip gives their place back.
    pub(super) fn leave(&mut self, trip: &Trip) {
        for rider in &trip.riders {
            let choice = &self.table.spots[trip.spot].choices[rider.choice];
            self.give_back(trip.spot, choice, rider.start);
        }
    }

    /// Places for all of these at a hospital, each the earliest start, places for a special need
    /// first; none if one of them finds no place. Nothing is taken.
    pub(super) fn seat(
        &mut self,
        spot: usize,
        groups: impl Iterator<Item = usize>,
        arrives: usize,
    ) -> Option<Vec<Rider>> {
        let choices = &self.table.spots[spot].choices;
        let mut riders: Vec<Rider> = Vec::new();
        let mut all = true;
        for group in groups {
            let open = choices.iter().enumerate().filter(|(_, choice)| choice.group == group);
            let starts = open.filter_map(|(at, choice)| {
                let start = self.start(spot, choice, arrives).ok()?;
                Some((!choice.fits, Rider { choice: at, start }))
            });
            let Some((_, rider)) = starts.min_by_key(|(other, rider)| (*other, rider.start)) else {
                all = false;
                break;
            };
            self.take(spot, &choices[rider.choice], rider.start);
            riders.push(rider);
        }
        for rider in &riders {
            self.give_back(spot, &choices[rider.choice], rider.start);
        }
        all.then_some(riders)
    }

    /// Places left in a pool from a step on.
    pub(super) fn places_left(&self, pool: usize, step: usize) -> i64 {
        self.pools[pool][step]
    }

    /// Starts left in an hour of a hospital.
    pub(super) fn hour_left(&self, spot: usize, hour: usize) -> i64 {
        self.hours[spot * self.table.hours + hour]
    }

    /// What is left of a limit.
    pub(super) fn cap_left(&self, cap: usize) -> i64 {
        self.caps[cap]
    }

    fn book(&mut self, spot: usize, choice: &Choice, start: usize, by: i64) {
        self.left[choice.group] -= by;
        for at in step(start)..4 {
            self.pools[choice.pool][at] -= by;
        }
        if choice.rated {
            self.hours[spot * self.table.hours + start / 60] -= by;
        }
        for cap in &self.table.spots[spot].caps {
            self.caps[*cap] -= by;
        }
    }
}

impl Laid {
    /// Adds up what trips are worth.
    pub(super) fn of(table: &Table, trips: Vec<Trip>) -> Self {
        let mut value = [0; LEVELS];
        for trip in &trips {
            add(&mut value, table.value(trip.spot, &trip.riders));
        }
        Self { value, trips }
    }
}

/// Adds level by level.
pub(super) fn add(value: &mut Value, more: Value) {
    for (value, more) in value.iter_mut().zip(more) {
        *value += more;
    }
}

/// Takes away level by level.
pub(super) fn less(value: &mut Value, other: Value) {
    for (value, other) in value.iter_mut().zip(other) {
        *value -= other;
    }
}

impl Table {
    /// What riders at a hospital are worth, level by level.
    pub(super) fn value(&self, spot: usize, riders: &[Rider]) -> Value {
        let mut value = [0; LEVELS];
        for rider in riders {
            let at = self.spots[spot].choices[rider.choice].row * self.horizon + rider.start;
            for (value, worth) in value.iter_mut().zip(&self.worth) {
                *value += worth[at];
            }
        }
        value
    }

    /// Nobody of a group who arrives at a hospital then is worth more; none if no place there is
    /// for them.
    pub(super) fn top(&self, spot: usize, group: usize, arrives: usize) -> Option<Value> {
        if arrives >= self.horizon {
            return None;
        }
        let choices = self.spots[spot].choices.iter().filter(|choice| choice.group == group);
        choices.map(|choice| self.top[choice.row * self.horizon + arrives]).reduce(|mut a, b| {
            for (a, b) in a.iter_mut().zip(b) {
                *a = (*a).max(b);
            }
            a
        })
    }
}
