//! One place, one component, an optimal policy: the simulator then gives the figures of the
//! Markov decision process (De Moor m = 3, L = 1, first in first out, waste 7: service 79.33 %,
//! waste 0.077 %, holding 0.935; 10 000 runs of 365 days after 100).

use samband_planning::progress::Progress;
use samband_planning::random::Seed;
use samband_planning::replenish::demand::Demand;
use samband_planning::replenish::document::Document;
use samband_planning::replenish::solve::solve;
use samband_planning::simulate::draw::{Pick, Table};
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::model::*;
use samband_planning::simulate::state::{At, State, Watch};
use samband_planning::simulate::values::Values;

const A: &str = include_str!("../../docs/planning/replenish-a.toml");

const LIFE: u32 = 3;

fn orders() -> Vec<u32> {
    let text: Vec<String> = A
        .lines()
        .map(|line| match line.split_once(" =") {
            Some(("life_days", _)) => format!("life_days = {LIFE}"),
            Some(("lead_days", _)) => "lead_days = 1".to_owned(),
            Some(("issuing", _)) => "issuing = \"fifo\"".to_owned(),
            Some(("wastage", _)) => "wastage = 7".to_owned(),
            _ => line.to_owned(),
        })
        .collect();
    let document = Document::read(&text.join("\n")).unwrap_or_else(|error| panic!("{error}"));
    let solution =
        solve(&document.model, &document.settings, &Progress::default()).expect("a solution");
    assert_eq!(solution.orders[0].iter().map(|order| u64::from(*order)).sum::<u64>(), 433);
    solution.orders[0].iter().map(|order| u32::from(*order)).collect()
}

fn world(orders: Vec<u32>) -> World {
    let demand = Demand::gamma(4.0, 0.5, 100).expect("a demand");
    let asked: Vec<f64> = (0..=100).map(|n| demand.exactly(n)).collect();
    let mut only = [0.0; CLASSES];
    only[0] = 1.0;
    let table =
        |component| if component == PLATELETS { Table::new(&asked) } else { Table::constant(0) };
    let product = Product {
        life: LIFE,
        bucket_days: 1,
        preparation_days: 1,
        soon: 0,
        horizon_days: 1.0,
        shortage_cost: 5.0,
        outdate_cost: 7.0,
    };
    let region = Region {
        id: "one".into(),
        name: "one".into(),
        first: 0,
        end: 1,
        hub: 0,
        use_per_day: PerLine::default(),
        floor: PerLine::default(),
        target: PerLine::default(),
        platelet_target: [[0; GROUPS]; WEEK],
        ladders: [[Ladder::made(&[0]); CLASSES]; 3],
    };
    let classes = std::array::from_fn(|_| Pick::new(&only));
    let (name, target) = ("one".to_owned(), PerLine::default());
    World {
        regions: vec![region],
        sites: vec![Site { name, region: 0, university: false, target, classes }],
        products: [product; 3],
        legs: vec![None],
        supply: Supply::Ordered(Ordered { component: PLATELETS, orders, base: 11 }),
        demand: (0..3).flat_map(|component| (0..WEEK).map(move |_| table(component))).collect(),
        demand_years: 1,
        values: Values::default(),
        events: Vec::new(),
        warmup_days: 100,
        price: 0.0,
        least_gain: 0.0,
    }
}

/// Units left each evening that do not expire in the night.
#[derive(Default)]
struct Evenings {
    left: u64,
    days: u64,
}

impl Watch for Evenings {
    fn ended(&mut self, day: u32, state: &State) {
        if day < 100 {
            return;
        }
        let shelf = state.shelf_of(At { site: 0, component: PLATELETS, group: 0 });
        self.left +=
            shelf.ages(day).filter(|(ahead, _)| *ahead > 0).map(|(_, n)| u64::from(n)).sum::<u64>();
        self.days += 1;
    }
}

#[test]
fn an_optimal_policy_gives_the_published_figures() {
    let world = world(orders());
    let mut figures = Vec::new();
    for replication in 0..10_000 {
        let mut state = State::new(&world, Seed(78), replication);
        let mut evenings = Evenings::default();
        for _ in 0..465 {
            state.step(&world, &Policy::SELF, &mut evenings);
        }
        let one = &state.tally.regions[0];
        let [asked, issued, outdated, made] =
            [one.asked, one.issued, one.outdated, one.made].map(|all| all[PLATELETS] as f64);
        figures.push([
            issued / asked * 100.0,
            outdated / made * 100.0,
            evenings.left as f64 / evenings.days as f64,
        ]);
    }
    let published = [79.33, 0.077, 0.935];
    // Half of the last printed digit belongs to what is published.
    let rounded = [0.005, 0.0005, 0.0005];
    for (n, what) in ["service", "waste", "holding"].into_iter().enumerate() {
        let estimate = Estimate::of(figures.iter().map(|one| one[n]));
        // Both are estimates of 10 000 runs.
        let apart = (estimate.mean - published[n]).abs();
        let allowed = estimate.half_width * std::f64::consts::SQRT_2 + rounded[n];
        println!("{what}: {estimate:?}, published {}", published[n]);
        assert!(apart < allowed, "{what}: {estimate:?}, published {}", published[n]);
    }
}
