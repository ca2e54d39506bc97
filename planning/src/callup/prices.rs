//! Where each price stands: what a coupling between strata costs at the margin.

use super::model::{Instance, PlaceKind};

/// Places of the prices in one vector.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    weeks: usize,
    places: usize,
    stops: usize,
    fair: usize,
    pub(super) regions: usize,
    /// How many there are.
    pub(super) len: usize,
}

impl Layout {
    pub(super) fn of(instance: &Instance) -> Self {
        let weeks = instance.weeks;
        let places = instance.pools() * 8 * weeks;
        let stops = places + instance.places.len() * weeks;
        let fair = stops + (instance.places.len() + instance.buses.len()) * weeks;
        let regions = instance.regions.len();
        Self { weeks, places, stops, fair, regions, len: fair + 2 * regions + 1 }
    }

    /// A donation of a group, in week 0 of a pool; the other weeks follow.
    pub(super) const fn unit(&self, pool: usize, group: usize) -> usize {
        (pool * 8 + group) * self.weeks
    }

    /// A donor received at a place, in week 0.
    pub(super) const fn place(&self, place: usize) -> usize {
        self.places + place * self.weeks
    }

    /// A visit to a stop while the last one is too near, in week 0.
    pub(super) const fn near(&self, place: usize) -> usize {
        self.stops + place * self.weeks
    }

    /// An hour of a bus's crew, in week 0; `places` is the number of places.
    pub(super) const fn hour(&self, places: usize, bus: usize) -> usize {
        self.stops + (places + bus) * self.weeks
    }

    /// A donation of a region above what the most used one gives.
    pub(super) const fn above(&self, region: usize) -> usize {
        self.fair + region
    }

    /// A donation of a region below what the least used one gives.
    pub(super) const fn below(&self, region: usize) -> usize {
        self.fair + self.regions + region
    }

    /// The band between the two.
    pub(super) const fn band(&self) -> usize {
        self.fair + 2 * self.regions
    }

    /// The least each price may be, and how far one step moves it: the inverse of how much its
    /// coupling carries, so that one unit of length suits all.
    pub(super) fn scales(&self, instance: &Instance) -> (Vec<f64>, Vec<f64>) {
        let mut least = vec![0.0; self.len];
        let mut step = vec![0.0; self.len];
        for pool in 0..instance.pools() {
            for week in 0..self.weeks {
                let wanted = instance.wanted(pool, week);
                for (group, wanted) in wanted.iter().enumerate() {
                    least[self.unit(pool, group) + week] = -instance.weights.surplus;
                    step[self.unit(pool, group) + week] = 1.0 / (1.0 + wanted);
                }
            }
        }
        for (at, place) in instance.places.iter().enumerate() {
            for week in 0..self.weeks {
                step[self.place(at) + week] = 1.0 / (1.0 + place.capacity[week]);
                if let PlaceKind::Stop { every_weeks, .. } = place.kind
                    && every_weeks > 1
                {
                    step[self.near(at) + week] = 1.0 + place.capacity[week];
                }
            }
        }
        for (bus, crew) in instance.buses.iter().enumerate() {
            for week in 0..self.weeks {
                step[self.hour(instance.places.len(), bus) + week] = 4.0 / (1.0 + crew.hours[week]);
            }
        }
        if instance.shares_fairly() {
            for (at, region) in instance.regions.iter().enumerate() {
                let donors = f64::from(region.donors.max(1));
                step[self.above(at)] = 1.0 / donors;
                step[self.below(at)] = 1.0 / donors;
            }
            if instance.band.is_some() {
                step[self.band()] = instance.regions.iter().map(|r| f64::from(r.donors)).sum();
            }
        }
        (least, step)
    }
}
