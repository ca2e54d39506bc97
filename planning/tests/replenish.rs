//! Exact replenishment against what was published, and against closed forms.

use proptest::prelude::*;
use samband_planning::progress::Progress;
use samband_planning::replenish::demand::Demand;
use samband_planning::replenish::document::{Document, Unreadable};
use samband_planning::replenish::heuristic::{base_stock, orders, waste_conscious};
use samband_planning::replenish::model::{Arrival, Cost, Issuing, Model, Single, Weekly};
use samband_planning::replenish::rollout::{Estimate, Performance, Runs, simulate};
use samband_planning::replenish::solve::{Rule, Settings, Solution, solve};

const A: &str = include_str!("../../docs/planning/replenish-a.toml");
const B1: &str = include_str!("../../docs/planning/replenish-b1.toml");
const B2: &str = include_str!("../../docs/planning/replenish-b2.toml");
const C: &str = include_str!("../../docs/planning/replenish-c.toml");

fn read(text: &str) -> Document {
    Document::read(text).unwrap_or_else(|error| panic!("{error}"))
}

fn solved(document: &Document) -> Solution {
    solve(&document.model, &document.settings, &Progress::default()).expect("a solution")
}

fn sum(orders: &[u16]) -> u64 {
    orders.iter().map(|order| u64::from(*order)).sum()
}

/// One of the examples with other numbers: each pair is a line's beginning and its new value.
fn with(text: &str, changes: &[(&str, &str)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (name, value) in changes {
        let found = lines.iter_mut().find(|line| line.starts_with(&format!("{name} =")));
        *found.unwrap_or_else(|| panic!("no line {name}")) = format!("{name} = {value}");
    }
    lines.join("\n")
}

fn family_a(life: usize, lead: usize, issuing: &str, wastage: u32) -> Document {
    let [life, lead, wastage] = [life, lead, wastage as usize].map(|number| number.to_string());
    let issuing = format!("{issuing:?}");
    read(&with(
        A,
        &[("life_days", &life), ("lead_days", &lead), ("issuing", &issuing), ("wastage", &wastage)],
    ))
}

/// Value of an empty system and sum of the policy, for lead times 1 and 2, each as LIFO and FIFO
/// at wastage 7, then 10.
type Optima = [(f64, u64); 8];

const OPTIMA: [(usize, Optima); 2] = [
    (
        2,
        [
            (-1603.597427, 132),
            (-1510.470056, 147),
            (-1621.562938, 132),
            (-1516.621776, 146),
            (-1615.069554, 1452),
            (-1528.489242, 1723),
            (-1632.855410, 1452),
            (-1535.787753, 1505),
        ],
    ),
    (
        3,
        [
            (-1542.698061, 506),
            (-1479.058898, 433),
            (-1550.786310, 418),
            (-1479.751608, 427),
            (-1576.912034, 10_285),
            (-1504.697999, 5821),
            (-1589.694278, 9196),
            (-1505.703591, 5781),
        ],
    ),
];

#[test]
fn family_a_has_its_exact_optima() {
    let mut cases = Vec::new();
    for (life, optima) in OPTIMA {
        cases.extend(optima.into_iter().enumerate().map(|(place, all)| (life, place, all)));
    }
    let four =
        [(-1512.855277, 1419), (-1477.212624, 1014), (-1518.345694, 1276), (-1477.230423, 1014)];
    cases.extend(four.into_iter().enumerate().map(|(place, all)| (4, place, all)));
    for (life, place, (value, orders)) in cases {
        let issuing = if place % 2 == 0 { "lifo" } else { "fifo" };
        let wastage = if place % 4 < 2 { 7 } else { 10 };
        let document = family_a(life, 1 + place / 4, issuing, wastage);
        let solution = solved(&document);
        let name = format!("m{life} exp{}", place + 1);
        assert!((solution.values[0] - value).abs() < 2e-6, "{name}: {}", solution.values[0]);
        assert_eq!(sum(&solution.orders[0]), orders, "{name}");
        let (below, above) = solution.bounds.expect("certified");
        assert!(below >= 0.0 && above >= 0.0 && below + above < 1e-6, "{name}: {below} {above}");
    }
}

#[test]
fn the_published_rule_stops_where_the_peers_stop() {
    let text = with(A, &[("life_days", "2"), ("lead_days", "1"), ("issuing", "\"lifo\"")]);
    let text = with(&text, &[("rule", "\"published\""), ("tolerance", "0.0001")]);
    let solution = solved(&read(&text));
    assert_eq!(solution.iterations, 1194);
    assert!((solution.values[0] + 1_603.587_599_234).abs() < 1e-6, "{}", solution.values[0]);
    let mean = solution.values.iter().sum::<f64>() / solution.values.len() as f64;
    assert!((mean + 1_615.335_943_068).abs() < 1e-6, "{mean}");
    let (below, above) = solution.bounds.expect("bounds");
    assert!(-below <= -0.0098 && above < 0.0, "it stops above the optimum: {below} {above}");
}

/// De Moor and others 2022, figure 3: orders by units with one day left (down, 8 … 0) and with two.
const FIGURE_3: [(&str, [[u16; 9]; 9], u64); 2] = [
    ("lifo", [[0; 9], [0; 9], [0; 9], [0; 9], [1; 9], [2; 9], [3; 9], [3; 9], [3; 9]], 108),
    (
        "fifo",
        [
            [1, 0, 0, 0, 0, 0, 0, 0, 0],
            [1, 1, 0, 0, 0, 0, 0, 0, 0],
            [2, 1, 1, 0, 0, 0, 0, 0, 0],
            [2, 2, 1, 1, 0, 0, 0, 0, 0],
            [3, 2, 2, 1, 1, 1, 1, 0, 0],
            [3, 3, 2, 2, 1, 1, 1, 1, 1],
            [4, 3, 3, 3, 2, 2, 2, 2, 2],
            [4, 4, 3, 3, 3, 3, 3, 3, 3],
            [4, 4, 4, 4, 4, 4, 4, 4, 4],
        ],
        127,
    ),
];

#[test]
fn family_a_orders_as_its_authors_drew_it() {
    for (issuing, grid, total) in FIGURE_3 {
        let solution = solved(&family_a(2, 1, issuing, 7));
        for (row, orders) in grid.iter().enumerate() {
            for (oldest, order) in orders.iter().enumerate() {
                let state = (8 - row) * 11 + oldest;
                assert_eq!(solution.orders[0][state], *order, "{issuing} {row} {oldest}");
            }
        }
        let drawn: u64 = grid.as_flattened().iter().map(|order| u64::from(*order)).sum();
        assert_eq!(drawn, total);
    }
}

#[test]
fn family_b1_has_its_gain_and_its_policy() {
    let cases = [
        (2, 10, 2.2152, 531, 28.1856),
        (3, 15, 2.3985, 6128, 27.8016),
        (4, 20, 2.4667, 52_051, 33.3322),
    ];
    for (life, most, gain, orders, empty) in cases {
        let (life, most) = (life.to_string(), most.to_string());
        let solution = solved(&read(&with(B1, &[("life_days", &life), ("most_order", &most)])));
        let found = solution.gain.expect("undiscounted");
        assert!((found - gain).abs() < 1e-4, "{found}");
        assert!((solution.values[0] - empty).abs() < 1e-4, "{}", solution.values[0]);
        assert_eq!(sum(&solution.orders[0]), orders);
        let (below, above) = solution.bounds.expect("bounds");
        assert!(below + above < 1e-4);
    }
}

fn family_b2(mean: [u32; 2], most: [u32; 2]) -> Document {
    let (head, b) = B2.split_once("[b]").expect("two products");
    let (head, a) = head.split_once("[a]").expect("two products");
    let product = |text: &str, side: usize| {
        let text = text.replace("most_order = 10", &format!("most_order = {}", most[side]));
        text.replace("mean = 5.0", &format!("mean = {}.0", mean[side]))
    };
    read(&format!("{head}[a]{}[b]{}", product(a, 0), product(b, 1)))
}

#[test]
fn family_b2_has_its_gain_and_its_policies() {
    let solution = solved(&read(B2));
    assert!((solution.gain.expect("undiscounted") - 4.503).abs() < 5e-4);
    assert!((solution.values[0] - 52.944_424).abs() < 1e-5, "{}", solution.values[0]);
    assert_eq!((sum(&solution.orders[0]), sum(&solution.orders[1])), (69_755, 52_813));
    let other = solved(&family_b2([7, 3], [14, 6]));
    assert!((other.gain.expect("undiscounted") - 4.523).abs() < 5e-4, "{:?}", other.gain);
}

fn family_c(changes: &[(&str, &str)]) -> Document {
    read(&with(C, changes))
}

#[test]
fn family_c_stops_by_its_own_rule() {
    let text = with(C, &[("slope", "[0, 0]")]) + "\n[solve]\nrule = \"published\"";
    let document = read(&text);
    let solution = solved(&document);
    assert_eq!(solution.iterations, 15);
    assert!((solution.values[0] + 220.362_452_533).abs() < 1e-8, "{}", solution.values[0]);
    assert_eq!(sum(&solution.orders[0]), 1363);
    let certified = solved(&family_c(&[("slope", "[0, 0]")]));
    assert_eq!(certified.orders, solution.orders);
    assert!(certified.values[0] < solution.values[0], "costs of all days, not of fifteen");
    let (below, above) = certified.bounds.expect("certified");
    assert!(below + above < 1e-6);
}

/// Mirjalili 2022, figure 6.1: orders on a Monday by units with two days left (down) and one.
const LEFT: [[u16; 11]; 11] = [
    [14, 13, 12, 11, 11, 11, 11, 10, 0, 0, 0],
    [13, 12, 11, 10, 10, 10, 10, 0, 0, 0, 0],
    [12, 11, 10, 10, 9, 9, 0, 0, 0, 0, 0],
    [11, 10, 9, 8, 8, 0, 0, 0, 0, 0, 0],
    [10, 9, 8, 7, 0, 0, 0, 0, 0, 0, 0],
    [9, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0],
    [8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [0; 11],
    [0; 11],
    [0; 11],
];
const MIDDLE: [[u16; 11]; 11] = [
    [12, 11, 10, 9, 8, 7, 7, 6, 5, 4, 3],
    [11, 10, 9, 8, 7, 6, 6, 5, 4, 3, 2],
    [10, 9, 8, 7, 6, 5, 5, 4, 3, 2, 0],
    [9, 8, 7, 6, 5, 5, 4, 3, 1, 0, 0],
    [8, 7, 6, 5, 4, 4, 3, 0, 0, 0, 0],
    [7, 6, 5, 4, 3, 2, 0, 0, 0, 0, 0],
    [6, 5, 4, 3, 2, 0, 0, 0, 0, 0, 0],
    [5, 5, 3, 1, 0, 0, 0, 0, 0, 0, 0],
    [4, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
];
const RIGHT: [[u16; 11]; 11] = [
    [12, 11, 10, 9, 8, 8, 7, 6, 5, 4, 3],
    [11, 10, 9, 8, 7, 7, 6, 5, 4, 3, 2],
    [10, 9, 8, 7, 6, 6, 5, 4, 3, 2, 1],
    [9, 8, 7, 6, 5, 5, 4, 3, 2, 1, 0],
    [8, 7, 6, 5, 5, 4, 3, 2, 1, 0, 0],
    [7, 6, 5, 4, 4, 3, 2, 1, 0, 0, 0],
    [6, 5, 4, 4, 3, 2, 1, 0, 0, 0, 0],
    [5, 4, 4, 3, 2, 1, 0, 0, 0, 0, 0],
    [4, 3, 3, 2, 1, 0, 0, 0, 0, 0, 0],
    [3, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0],
    [3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0],
];

/// The demand that the published figures rest on, not rounded.
const UNROUNDED: [(&str, &str); 2] = [
    ("successes", "[3.497361, 10.985837, 7.183407, 11.064622, 5.930222, 5.473242, 2.193797]"),
    ("mean", "[5.660569, 6.922555, 6.504332, 6.165049, 5.816060, 3.326408, 3.426814]"),
];

#[test]
fn family_c_orders_as_its_author_drew_it() {
    let text = with(C, &UNROUNDED);
    let free = with(&text, &[("fixed_order", "0")]);
    let fresh = free.replace("constant = [1.0, 0.5]\nslope = [0.4, 0.8]", "shares = [0, 0, 1]\n#");
    for (text, grid) in [(text, LEFT), (free, MIDDLE), (fresh, RIGHT)] {
        let solution = solved(&read(&text));
        for (two, orders) in grid.iter().enumerate() {
            for (one, order) in orders.iter().enumerate() {
                assert_eq!(solution.orders[0][two * 21 + one], *order, "{two} {one}");
            }
        }
    }
}

#[test]
fn family_c_with_orders_up_to_a_level_has_its_exact_values() {
    let text = with(C, &UNROUNDED).replace("# order_up_to = 20 ", "order_up_to = 20 ");
    for (slope, value) in [("[-0.4, -0.8]", 682.496_493), ("[0, 0]", 410.638_889)] {
        let solution = solved(&read(&with(&text, &[("slope", slope)])));
        assert!((solution.values[0] + value).abs() < 2e-6, "{slope}: {}", solution.values[0]);
    }
}

fn near(name: &str, found: Estimate, published: f64, digits: i32) {
    // Both are means over ten thousand runs; the published one is rounded.
    let apart = 2.0 * found.half_width * 2_f64.sqrt() + 0.5 * 10_f64.powi(-digits);
    assert!((found.mean - published).abs() <= apart, "{name}: {found:?}, published {published}");
}

fn performed(document: &Document) -> Performance {
    simulate(&document.model, &solved(document), &document.runs, &Progress::default())
        .expect("runs")
}

#[test]
fn simulated_figures_of_family_a_are_the_published_ones() {
    let cases = [
        (2, "lifo", [-15.9268, -1552.83, 61.00, 2.446, 0.188]),
        (2, "fifo", [-14.9508, -1456.89, 72.67, 0.742, 0.547]),
        (3, "lifo", [-15.2869, -1489.65, 69.50, 1.284, 0.486]),
        (3, "fifo", [-14.6136, -1424.07, 79.33, 0.077, 0.935]),
        (4, "fifo", [-14.5941, -1422.19, 79.32, 0.002, 0.938]),
    ];
    for (life, issuing, [reward, discounted, service, wastage, holding]) in cases {
        let name = format!("m{life} {issuing}");
        let all = performed(&family_a(life, 1, issuing, 7));
        near(&name, all.daily_reward, reward, 4);
        near(&name, all.discounted_return, discounted, 2);
        near(&name, all.products[0].service_percent, service, 2);
        near(&name, all.products[0].wastage_percent, wastage, 3);
        near(&name, all.products[0].holding_units, holding, 3);
    }
}

#[test]
fn simulated_figures_of_family_b_are_the_published_ones() {
    let cases = [
        (2, 10, [2.2161, 94.37, 5.74, 2.52]),
        (3, 15, [2.3994, 98.26, 2.30, 4.84]),
        (4, 20, [2.4674, 99.40, 0.73, 6.69]),
    ];
    for (life, most, [reward, service, wastage, holding]) in cases {
        let name = format!("b1 m{life}");
        let (life, most) = (life.to_string(), most.to_string());
        let all = performed(&read(&with(B1, &[("life_days", &life), ("most_order", &most)])));
        near(&name, all.daily_reward, reward, 4);
        near(&name, all.products[0].service_percent, service, 2);
        near(&name, all.products[0].wastage_percent, wastage, 2);
        near(&name, all.products[0].holding_units, holding, 2);
    }
    let all = performed(&read(B2));
    let [a, b] = all.products.as_slice() else { panic!("two products") };
    near("b2", all.daily_reward, 4.5033, 4);
    near("b2 a", a.service_percent, 95.55, 2);
    near("b2 b", b.service_percent, 91.90, 2);
    near("b2 b", b.service_with_substitution_percent.expect("of B"), 94.92, 2);
    near("b2 a", a.wastage_percent, 6.01, 2);
    near("b2 b", b.wastage_percent, 4.18, 2);
    near("b2 a", a.holding_units, 2.71, 2);
    near("b2 b", b.holding_units, 2.06, 2);
}

#[test]
fn family_c_simulated_costs_what_its_values_say() {
    let document = family_c(&[]);
    let solution = solved(&document);
    // From an empty Monday, without warm-up, the discounted return is the value.
    let runs = Runs { replications: 4000, days: 400, warm_up_days: 0, seed: 5 };
    let all = simulate(&document.model, &solution, &runs, &Progress::default()).expect("runs");
    let Estimate { mean, half_width } = all.discounted_return;
    assert!((mean - solution.values[0]).abs() < 2.0 * half_width, "{mean} {half_width}");
}

/// Mean daily reward of a rule in runs that share their random numbers.
fn rewarded(document: &Document, rules: &[&dyn Fn(usize, usize) -> usize]) -> f64 {
    let found = orders(&document.model, rules);
    let digits = document.model.digits();
    let policy = Solution {
        values: Vec::new(),
        orders: found,
        digits,
        gain: None,
        bounds: None,
        iterations: 0,
    };
    let runs = Runs { replications: 1000, ..document.runs };
    let all = simulate(&document.model, &policy, &runs, &Progress::default()).expect("runs");
    all.daily_reward.mean
}

fn best_of(levels: std::ops::RangeInclusive<usize>, reward: impl Fn(usize) -> f64) -> usize {
    levels.max_by(|one, other| reward(*one).total_cmp(&reward(*other))).expect("some level")
}

#[test]
fn the_best_base_stocks_are_the_published_ones() {
    for (issuing, level) in [("lifo", 5), ("fifo", 7)] {
        let document = family_a(2, 1, issuing, 7);
        let reward = |level| rewarded(&document, &[&|units, _| base_stock(level, units)]);
        assert_eq!(best_of(3..=9, reward), level, "{issuing}");
    }
    for (life, most, levels) in [(2, 10, 13..=13), (3, 15, 15..=15), (4, 20, 16..=17)] {
        let (life, most) = (life.to_string(), most.to_string());
        let document = read(&with(B1, &[("life_days", &life), ("most_order", &most)]));
        let rule = |level| move |units, oldest| waste_conscious(level, units, oldest, 5);
        let best = best_of(11..=19, |level| rewarded(&document, &[&rule(level)]));
        assert!(levels.contains(&best), "life {life}: {best}");
    }
    let document = read(B2);
    let rule = |level| move |units, oldest| waste_conscious(level, units, oldest, 5);
    let a = best_of(11..=15, |level| rewarded(&document, &[&rule(level), &rule(12)]));
    let b = best_of(10..=14, |level| rewarded(&document, &[&rule(13), &rule(level)]));
    assert_eq!((a, b), (13, 12));
}

fn single(life: usize, issuing: Issuing, demand: Demand, cost: Cost, most_order: usize) -> Single {
    Single { life, lead: 1, most_order, issuing, demand, cost, discount: 0.95 }
}

fn optimum(single: Single) -> Solution {
    let model = Model::A(single);
    let settings = Settings { tolerance: 1e-9, ..Settings::of(&model, Rule::Certified) };
    solve(&model, &settings, &Progress::default()).expect("a solution")
}

fn some_demand() -> impl Strategy<Value = Demand> {
    prop::collection::vec(0.01_f64..1.0, 2..7).prop_map(|weights| {
        let sum: f64 = weights.iter().sum();
        let pmf: Vec<f64> = weights.iter().map(|weight| weight / sum).collect();
        Demand::table(&pmf).expect("probabilities")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A life of one day is the newsvendor: the order that is there tomorrow covers demand with
    /// probability (shortage − order/γ) / (shortage + wastage).
    #[test]
    fn a_life_of_one_day_is_the_newsvendor(
        demand in some_demand(),
        order in 0.0_f64..2.0,
        shortage in 3.0_f64..20.0,
        wastage in 0.1_f64..9.0,
    ) {
        let cost = Cost { order, shortage, wastage, ..Cost::default() };
        let critical = (shortage - order / 0.95) / (shortage + wastage);
        // Where two orders cost the same, either is right.
        prop_assume!((0..7).all(|n| (demand.at_most(n) - critical).abs() > 1e-6));
        let best = optimum(single(1, Issuing::Fifo, demand.clone(), cost, 8));
        let expected = demand.quantile(critical) as u16;
        prop_assert!(best.orders[0].iter().all(|order| *order == expected), "{:?}", best.orders);
    }

    /// Oldest first never costs more than newest first.
    #[test]
    fn oldest_first_is_never_worse(
        demand in some_demand(),
        life in 1_usize..4,
        shortage in 1.0_f64..20.0,
        wastage in 0.0_f64..9.0,
        holding in 0.0_f64..0.5,
    ) {
        let wastage = wastage + holding;
        let cost = Cost { order: 0.5, shortage, wastage, holding, ..Cost::default() };
        let fifo = optimum(single(life, Issuing::Fifo, demand.clone(), cost, 5));
        let lifo = optimum(single(life, Issuing::Lifo, demand, cost, 5));
        prop_assert!(fifo.values[0] >= lifo.values[0] - 1e-9);
    }
}

/// If an order is there at once and nothing lives long enough to expire, the best policy is a base
/// stock at the fractile (shortage − order) / (shortage + holding − γ · order).
#[test]
fn a_long_life_is_a_base_stock() {
    // At least one unit is asked for every day: three units are gone after three days.
    let demand = Demand::table(&[0.0, 0.5, 0.3, 0.2]).expect("probabilities");
    let mut levels = Vec::new();
    for (shortage, holding) in [(1.5, 4.0), (5.0, 3.0), (30.0, 0.5)] {
        let cost = Cost { order: 1.0, shortage, holding, wastage: 9.0, ..Cost::default() };
        let fractile = (shortage - 1.0) / (shortage + holding - 0.95);
        let level = demand.quantile(fractile);
        let model = Model::C(Box::new(Weekly {
            life: 4,
            most_order: 5,
            demand: std::array::from_fn(|_| demand.clone()),
            arrival: Arrival::Shares(vec![0.0, 0.0, 0.0, 1.0]),
            order_up_to: None,
            cost,
            discount: 0.95,
        }));
        let settings = Settings::of(&model, Rule::Certified);
        let best = solve(&model, &settings, &Progress::default()).expect("a solution");
        for weekday in 0..7 {
            for units in 0..=5 {
                let state = weekday * 216 + units * 36;
                let order = usize::from(best.orders[0][state]);
                assert_eq!(order, level.saturating_sub(units), "{shortage} {holding} {units}");
            }
        }
        levels.push(level);
    }
    assert_eq!(levels, [1, 2, 3]);
}

#[test]
fn wrong_documents_say_what_to_do() {
    let message = |text: &str| match Document::read(text) {
        Ok(_) => panic!("read: {text}"),
        Err(error) => error.to_string(),
    };
    assert!(message(&A.replace("life_days = 3", "life_day = 3")).contains("line"));
    assert!(message(&A.replace("holding = 1", "hoarding = 1")).contains("hoarding"));
    assert!(message(&A.replace("\"a\"", "\"z\"")).contains("write \"a\""));
    assert!(message(&A.replace("discount = 0.99", "discount = 1.0")).starts_with("discount:"));
    assert!(message(&A.replace("life_days = 3", "life_days = 29")).contains("states"));
    assert!(message(&A.replace("mean = 4.0", "mean = -4.0")).starts_with("demand:"));
    assert!(message(&C.replace("[1.0, 0.5]", "[1.0]")).starts_with("arrival.constant:"));
    assert!(matches!(Document::read("life_days = 2"), Err(Unreadable::Toml(_))));
}

#[test]
fn a_run_that_is_stopped_gives_nothing() {
    let progress = Progress::default();
    progress.stop();
    let document = read(C);
    assert!(solve(&document.model, &document.settings, &progress).is_err());
    let solution = solved(&document);
    assert!(simulate(&document.model, &solution, &document.runs, &progress).is_err());
}
