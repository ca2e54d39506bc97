//! What a replication says, as figures for a year.

use serde::Serialize;

use super::model::{PLASMA, PLATELETS, RED_CELLS, World};
use super::tally::{RegionTally, Tally};

/// A figure that is reported. Its words stand in the program's catalogue under the key
/// `simulate-KEY`, those of a region under the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Stable key.
    pub key: &'static str,
    /// Digits after the point.
    pub digits: u8,
    /// Whether less of it is better; of the others nobody says so.
    pub less_is_better: bool,
}

const fn measure(key: &'static str, digits: u8) -> Measure {
    Measure { key, digits, less_is_better: false }
}

const fn loss(key: &'static str, digits: u8) -> Measure {
    Measure { key, digits, less_is_better: true }
}

/// Figures of all regions together, for a year.
pub const WHOLE: [Measure; 23] = [
    loss("short", 1),
    loss("red_short", 1),
    loss("platelets_short", 1),
    loss("plasma_short", 1),
    loss("university_short", 1),
    loss("university_red_short", 1),
    loss("university_platelets_short", 1),
    loss("outdated", 0),
    loss("red_outdated", 1),
    loss("platelets_outdated", 1),
    loss("plasma_outdated", 1),
    measure("moved", 0),
    measure("urgent", 1),
    measure("moved_share", 2),
    measure("trips", 0),
    measure("km", 0),
    loss("transport_cost", 0),
    measure("moved_within", 0),
    measure("substituted", 0),
    measure("donations", 0),
    measure("per_donor", 3),
    loss("spread", 3),
    loss("little_used", 0),
];

/// Figures of one region, for a year. What is moved is paid by whoever receives it.
pub const REGION: [Measure; 15] = [
    loss("cost", 0),
    loss("transport_cost", 0),
    loss("outdated_cost", 0),
    loss("short", 1),
    loss("red_short", 1),
    loss("platelets_short", 1),
    loss("outdated", 0),
    loss("red_outdated", 1),
    loss("platelets_outdated", 1),
    measure("donations", 0),
    measure("active", 0),
    measure("per_donor", 3),
    measure("calls", 0),
    measure("net_sent", 0),
    measure("red_days", 2),
];

/// What one replication says.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// In the order of [`WHOLE`].
    pub whole: [f64; WHOLE.len()],
    /// In the order of [`REGION`].
    pub regions: Vec<[f64; REGION.len()]>,
    /// Events of the counted days.
    pub events: u64,
}

fn per_donor(one: &RegionTally) -> f64 {
    one.donations as f64 / (one.active as f64).max(1.0)
}

impl Measures {
    /// The figures of a tally.
    #[must_use]
    pub fn of(world: &World, tally: &Tally) -> Self {
        let years = (tally.days as f64 / 365.0).max(1e-9);
        let a_year = |count: u64| count as f64 / years;
        let sum = |of: fn(&RegionTally) -> u64| a_year(tally.all(of));
        let issued = tally.all(|one| one.issued[RED_CELLS]).max(1) as f64;
        let received = tally.all(|one| one.received[RED_CELLS]) as f64;
        let used: Vec<f64> = tally.regions.iter().map(per_donor).collect();
        let most = used.iter().copied().fold(f64::MIN, f64::max);
        let least = used.iter().copied().fold(f64::MAX, f64::min);
        let donors = tally.all(|one| one.active).max(1) as f64;
        let whole = [
            sum(|one| one.short.iter().sum()),
            sum(|one| one.short[RED_CELLS]),
            sum(|one| one.short[PLATELETS]),
            sum(|one| one.short[PLASMA]),
            a_year(tally.university_short.iter().sum()),
            a_year(tally.university_short[RED_CELLS]),
            a_year(tally.university_short[PLATELETS]),
            sum(|one| one.outdated.iter().sum()),
            sum(|one| one.outdated[RED_CELLS]),
            sum(|one| one.outdated[PLATELETS]),
            sum(|one| one.outdated[PLASMA]),
            a_year(tally.planned + tally.urgent),
            a_year(tally.urgent),
            received / issued * 100.0,
            a_year(tally.trips),
            a_year(tally.tenths_km) / 10.0,
            a_year(tally.transport_millis) / 1_000.0,
            a_year(tally.moved_within),
            sum(|one| one.substituted.iter().sum()),
            sum(|one| one.donations),
            tally.all(|one| one.donations) as f64 / donors,
            most - least,
            sum(|one| one.gave[0] + one.gave[1]),
        ];
        let regions = tally.regions.iter().zip(&world.regions).map(|(one, spec)| {
            let days = tally.days.max(1) as f64;
            let used: f64 = spec.use_per_day[RED_CELLS].iter().sum();
            let transport = a_year(one.transport_millis) / 1_000.0;
            let worth = |n: usize| a_year(one.outdated[n]) * world.products[n].outdate_cost;
            let outdated: f64 = (0..one.outdated.len()).map(worth).sum();
            [
                transport + outdated,
                transport,
                outdated,
                a_year(one.short.iter().sum()),
                a_year(one.short[RED_CELLS]),
                a_year(one.short[PLATELETS]),
                a_year(one.outdated.iter().sum()),
                a_year(one.outdated[RED_CELLS]),
                a_year(one.outdated[PLATELETS]),
                a_year(one.donations),
                a_year(one.active),
                per_donor(one),
                a_year(one.calls),
                a_year(one.sent[RED_CELLS]) - a_year(one.received[RED_CELLS]),
                one.held[RED_CELLS] as f64 / days / used.max(1e-9),
            ]
        });
        Self { whole, regions: regions.collect(), events: tally.events() }
    }
}
