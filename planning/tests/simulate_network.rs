//! The English network of fourteen stock-holding units: siloed against networked (the data and the
//! published result stand in `data/nhsbt/README.md`). The model is not theirs – no phenotypes, no
//! alloimmunisation – so what must come out is the direction: almost nothing expires in either,
//! far more moves when transport is free, most of them gone when it has a price.

use samband_planning::random::Seed;
use samband_planning::simulate::draw::{Pick, Table};
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::model::*;
use samband_planning::simulate::state::{Nobody, State};
use samband_planning::simulate::tally::Tally;
use samband_planning::simulate::values::{Basis, Values};

const UNITS: &str = include_str!("data/nhsbt/units.csv");
const COURIER: &str = include_str!("data/nhsbt/courier_cost.csv");
const WEEKDAYS: &str = include_str!("data/nhsbt/weekday.csv");
const SICKLE: &str = include_str!("data/nhsbt/sickle_cell_units_per_appointment.csv");

/// Groups in the file's order, as places of the model's.
const GROUPS_OF_FILE: [usize; 8] = [1, 0, 5, 4, 3, 2, 7, 6];

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text} is not a number"))
}

/// How units are shared between the fourteen.
#[derive(Clone, Copy, PartialEq)]
enum Sharing {
    /// Each serves its own patients; stocks are levelled on Thursdays and arrive four days later.
    Siloed,
    /// Every day, everywhere.
    Network,
}

fn world(sharing: Sharing) -> World {
    let factors: Vec<f64> = rows(WEEKDAYS).iter().map(|row| number(row[1])).collect();
    let per_appointment: f64 = rows(SICKLE).iter().map(|row| number(row[0]) * number(row[1])).sum();
    let units = rows(UNITS);
    let mut regions = Vec::new();
    let mut sites = Vec::new();
    let mut supply = Vec::new();
    let mut demand = Vec::new();
    for (n, unit) in units.iter().enumerate() {
        let mut mix = [0.0; 8];
        for (column, group) in GROUPS_OF_FILE.into_iter().enumerate() {
            mix[group] = number(unit[4 + column]);
        }
        let sickle = number(unit[12]) / factors[0] * per_appointment;
        let asked: f64 = mix.iter().sum();
        let use_of = |group: usize| mix[group] / asked * (asked + sickle);
        let mut use_per_day = PerLine::default();
        use_per_day[RED_CELLS] = std::array::from_fn(use_of);
        let classes: [f64; CLASSES] = std::array::from_fn(|n| mix.get(n).copied().unwrap_or(0.0));
        for component in 0..3 {
            for factor in &factors {
                let mean = if component == RED_CELLS { (asked + sickle) * factor } else { 0.0 };
                demand.push(Table::counts(mean, 1.0));
            }
        }
        let given = number(unit[1]);
        supply.push(Fixed {
            units: std::array::from_fn(|day| Table::counts(if day < 5 { given } else { 0.0 }, 1.0)),
            groups: Pick::new(&mix),
            initial: number(unit[2]) as u32,
        });
        regions.push(region(unit[0], n, use_per_day));
        let classes = std::array::from_fn(|_| Pick::new(&classes));
        let (name, target) = (unit[0].to_owned(), PerLine::default());
        sites.push(Site { name, region: n, university: false, target, classes });
    }
    let uses: Vec<PerLine<f64>> = regions.iter().map(|one| one.use_per_day).collect();
    let basis = Basis { horizon_days: [8.0; 3], spread: 1.0, bucket_days: [1; 3] };
    World {
        values: Values::new(&uses, &basis),
        legs: legs(&regions, sharing),
        supply: Supply::Fixed(supply),
        demand_years: 1,
        events: Vec::new(),
        warmup_days: 84,
        price: 1.0,
        least_gain: 1e-3,
        products: [product(); 3],
        regions,
        sites,
        demand,
    }
}

fn product() -> Product {
    Product {
        life: 23,
        bucket_days: 1,
        preparation_days: 1,
        soon: 0,
        horizon_days: 8.0,
        shortage_cost: 1_000.0,
        outdate_cost: 100.0,
    }
}

fn region(id: &str, n: usize, use_per_day: PerLine<f64>) -> Region {
    let ladder = |class: usize| {
        // Extended matching aside: own group, then what the red-cell rules allow.
        let policies = samband_domain::blood::rules::compatible::Policies::none();
        Ladder::of(&policies, RED_CELLS, class)
    };
    Region {
        id: id.to_owned(),
        name: id.to_owned(),
        first: n,
        end: n + 1,
        hub: n,
        floor: std::array::from_fn(|line| use_per_day[line].map(|mean| mean as u32)),
        use_per_day,
        target: PerLine::default(),
        platelet_target: [[0; GROUPS]; WEEK],
        ladders: [std::array::from_fn(ladder); 3],
    }
}

fn legs(regions: &[Region], sharing: Sharing) -> Vec<Option<Leg>> {
    let mut out = vec![None; regions.len() * regions.len()];
    let find = |id: &str| regions.iter().position(|one| one.id == id).expect("a known unit");
    for row in rows(COURIER) {
        let (from, to) = (find(row[0]), find(row[1]));
        // What a courier costs stands for the road's length: a price is then a part of it.
        let (days, weekdays) = match sharing {
            Sharing::Siloed => (4, 0b000_1000),
            Sharing::Network => (1, 0b111_1111),
        };
        let urgent = sharing == Sharing::Network;
        out[from * regions.len() + to] = Some(Leg { days, km: number(row[2]), weekdays, urgent });
    }
    out
}

fn counted(world: &World, price: f64, replication: u64) -> Tally {
    let policy = Policy { transfers: Transfers::Priced(price), callup: CallUp::Local };
    let mut state = State::new(world, Seed(11), replication);
    for _ in 0..84 + 42 {
        state.step(world, &policy, &mut Nobody);
    }
    state.tally
}

#[test]
fn siloed_and_networked_differ_as_published() {
    let (apart, network) = (world(Sharing::Siloed), world(Sharing::Network));
    let of = |world: &World, price| -> Vec<Tally> {
        (0..5).map(|replication| counted(world, price, replication)).collect()
    };
    let (siloed, free, priced) = (of(&apart, 20.0), of(&network, 0.0), of(&network, 200.0));
    let mean = |all: &[Tally], what: &dyn Fn(&Tally) -> u64| {
        Estimate::of(all.iter().map(|one| what(one) as f64))
    };
    let moves = |one: &Tally| one.planned + one.urgent;
    let expired = |one: &Tally| one.all(|region| region.outdated[RED_CELLS]);
    let short = |one: &Tally| one.all(|region| region.short[RED_CELLS]);
    let asked = mean(&free, &|one| one.all(|region| region.asked[RED_CELLS])).mean;
    // 3 179 a day and 461 for sickle-cell appointments, six whole weeks.
    assert!((asked / (42.0 * 3_639.0) - 1.0).abs() < 0.02, "{asked}");
    for (name, all) in [("siloed", &siloed), ("free", &free), ("priced", &priced)] {
        let (moves, expired) = (mean(all, &moves), mean(all, &expired));
        println!("{name}: moves {moves:?} expired {expired:?} short {:?}", mean(all, &short));
        assert!(expired.mean < asked * 1e-4, "{name}: almost nothing expires: {expired:?}");
        assert!(mean(all, &short).mean < asked * 1e-3, "{name}: hardly anything is short");
    }
    let [siloed, free, priced] = [siloed, free, priced].map(|all| mean(&all, &moves));
    assert!(free.mean > 3.0 * siloed.mean, "free {free:?}, siloed {siloed:?}");
    assert!(priced.mean < free.mean / 2.0, "priced {priced:?}, free {free:?}");
    // The curve over the price falls all the way.
    let mut before = f64::MAX;
    for price in [0.0, 20.0, 60.0, 200.0, 400.0] {
        let now = mean(&of(&network, price), &moves);
        println!("price {price}: {now:?}");
        assert!(now.mean <= before, "{price}: {now:?} after {before}");
        before = now.mean;
    }
}
