//! Two regions with two places each, red cells that last three weeks: small, and short of what the
//! first of them needs.

use samband_domain::blood::rules::compatible::Policies;
use samband_planning::simulate::draw::{Pick, Table};
use samband_planning::simulate::model::*;
use samband_planning::simulate::values::{Basis, Values};

/// The places: region, name, use a day.
pub const SITES: [(usize, &str, f64); 4] =
    [(0, "one", 5.0), (0, "two", 3.0), (1, "one", 4.0), (1, "two", 2.0)];
/// Units given on a weekday.
const GIVEN: [f64; 2] = [9.0, 12.0];
/// Days a unit lasts.
pub const LIFE: u32 = 21;
/// With this many days ahead or fewer, a unit goes back to the centre.
pub const SOON: u32 = 5;
/// Shares of the groups.
const MIX: [f64; 8] = [0.32, 0.06, 0.37, 0.07, 0.10, 0.02, 0.05, 0.01];
/// Transport has a price.
pub const POLICY: Policy = Policy { transfers: Transfers::Priced(300.0), callup: CallUp::Local };

/// The world.
pub fn world() -> World {
    let mut regions: Vec<Region> = (0..2).map(region).collect();
    let mut sites = Vec::new();
    let mut classes = [0.0; CLASSES];
    classes[..8].copy_from_slice(&MIX);
    for (n, (region, name, mean)) in SITES.into_iter().enumerate() {
        let mut target = PerLine::<u16>::default();
        for (group, share) in MIX.into_iter().enumerate() {
            regions[region].use_per_day[RED_CELLS][group] += mean * share;
            target[RED_CELLS][group] = (mean * share * 4.0).ceil() as u16;
        }
        let name = format!("{region} {name} {n}");
        let classes = std::array::from_fn(|_| Pick::new(&classes));
        sites.push(Site { name, region, university: false, target, classes });
    }
    for region in &mut regions {
        region.floor[RED_CELLS] = region.use_per_day[RED_CELLS].map(|mean| mean as u32);
    }
    let uses: Vec<_> = regions.iter().map(|one| one.use_per_day).collect();
    let basis = Basis { horizon_days: [4.0; 3], spread: 1.8, bucket_days: [1; 3] };
    let leg = Leg { days: 1, km: 100.0, weekdays: 0b111_1111, urgent: true };
    let product = Product {
        life: LIFE,
        bucket_days: 1,
        preparation_days: 1,
        soon: SOON,
        horizon_days: 4.0,
        shortage_cost: 20_000.0,
        outdate_cost: 1_500.0,
    };
    let fixed = |given: f64| Fixed {
        units: std::array::from_fn(|day| Table::counts(if day < 5 { given } else { 0.0 }, 1.0)),
        groups: Pick::new(&MIX),
        initial: 60,
    };
    let demand = |component: usize, mean: f64| {
        Table::counts(if component == RED_CELLS { mean } else { 0.0 }, 1.8)
    };
    World {
        values: Values::new(&uses, &basis),
        legs: vec![None, Some(leg), Some(leg), None],
        supply: Supply::Fixed(GIVEN.into_iter().map(fixed).collect()),
        demand: SITES
            .into_iter()
            .flat_map(|(_, _, mean)| (0..21).map(move |n| demand(n / 7, mean)))
            .collect(),
        demand_years: 1,
        events: Vec::new(),
        warmup_days: 0,
        price: 0.0,
        least_gain: 1.0,
        products: [product; 3],
        regions,
        sites,
    }
}

fn region(n: usize) -> Region {
    let policies = Policies::none();
    Region {
        id: n.to_string(),
        name: n.to_string(),
        first: n * 2,
        end: n * 2 + 2,
        hub: n * 2,
        use_per_day: PerLine::default(),
        floor: PerLine::default(),
        target: PerLine::default(),
        platelet_target: [[0; GROUPS]; WEEK],
        ladders: [std::array::from_fn(|class| Ladder::of(&policies, RED_CELLS, class)); 3],
    }
}
