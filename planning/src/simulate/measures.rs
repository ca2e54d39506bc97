//! What a replication says, as figures for a year.

use serde::Serialize;

use super::model::{PLASMA, PLATELETS, RED_CELLS, World};
use super::tally::{RegionTally, Tally};

/// A figure that is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Stable key.
    pub key: &'static str,
    /// In Swedish.
    pub sv: &'static str,
    /// In English.
    pub en: &'static str,
    /// Digits after the point.
    pub digits: u8,
}

const fn measure(key: &'static str, sv: &'static str, en: &'static str, digits: u8) -> Measure {
    Measure { key, sv, en, digits }
}

/// Figures of all regions together, for a year.
pub const WHOLE: [Measure; 20] = [
    measure("red_short", "Röda blodkroppar som saknades", "Red cells short", 1),
    measure("platelets_short", "Trombocyter som saknades", "Platelets short", 1),
    measure("plasma_short", "Plasma som saknades", "Plasma short", 1),
    measure(
        "university_red_short",
        "Universitetssjukvården: röda blodkroppar som saknades",
        "University hospital: red cells short",
        1,
    ),
    measure(
        "university_platelets_short",
        "Universitetssjukvården: trombocyter som saknades",
        "University hospital: platelets short",
        1,
    ),
    measure("red_outdated", "Röda blodkroppar utgångna", "Red cells outdated", 1),
    measure("platelets_outdated", "Trombocyter utgångna", "Platelets outdated", 1),
    measure("plasma_outdated", "Plasma utgången", "Plasma outdated", 1),
    measure("moved", "Enheter mellan regioner", "Units between regions", 0),
    measure("urgent", "– därav medan en patient väntar", "– of these while a patient waits", 1),
    measure(
        "moved_share",
        "Röda blodkroppar från annan region, %",
        "Red cells from another region, %",
        2,
    ),
    measure("trips", "Transporter mellan regioner", "Trips between regions", 0),
    measure("km", "Kilometer", "Kilometres", 0),
    measure("transport_cost", "Transport, kr", "Transport, SEK", 0),
    measure("moved_within", "Enheter inom regioner", "Units within regions", 0),
    measure("substituted", "Gavs i annan grupp", "Given in another group", 0),
    measure("donations", "Tappningar", "Donations", 0),
    measure("per_donor", "Tappningar per aktiv givare", "Donations per active donor", 3),
    measure(
        "spread",
        "Spridning mellan regioner (högsta − lägsta)",
        "Spread between regions (highest − lowest)",
        3,
    ),
    measure(
        "little_used",
        "Givare som gav högst en gång på ett år",
        "Donors who gave once or less in a year",
        0,
    ),
];

/// Figures of one region, for a year.
pub const REGION: [Measure; 10] = [
    measure("donations", "Tappningar", "Donations", 0),
    measure("active", "Aktiva givare", "Active donors", 0),
    measure("per_donor", "Tappningar per aktiv givare", "Donations per active donor", 3),
    measure("calls", "Kallelser", "Calls", 0),
    measure("red_short", "Röda blodkroppar som saknades", "Red cells short", 1),
    measure("platelets_short", "Trombocyter som saknades", "Platelets short", 1),
    measure("red_outdated", "Röda blodkroppar utgångna", "Red cells outdated", 1),
    measure("platelets_outdated", "Trombocyter utgångna", "Platelets outdated", 1),
    measure("net_sent", "Röda blodkroppar netto ut", "Red cells net sent", 0),
    measure("red_days", "Röda blodkroppar, dagar i lager", "Red cells, days in stock", 2),
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
            sum(|one| one.short[RED_CELLS]),
            sum(|one| one.short[PLATELETS]),
            sum(|one| one.short[PLASMA]),
            a_year(tally.university_short[RED_CELLS]),
            a_year(tally.university_short[PLATELETS]),
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
            [
                a_year(one.donations),
                a_year(one.active),
                per_donor(one),
                a_year(one.calls),
                a_year(one.short[RED_CELLS]),
                a_year(one.short[PLATELETS]),
                a_year(one.outdated[RED_CELLS]),
                a_year(one.outdated[PLATELETS]),
                a_year(one.sent[RED_CELLS]) - a_year(one.received[RED_CELLS]),
                one.held[RED_CELLS] as f64 / days / used.max(1e-9),
            ]
        });
        Self { whole, regions: regions.collect(), events: tally.events() }
    }
}
