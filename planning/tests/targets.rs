//! Target stocks for use: levels, colours, and what substitution saves.

use proptest::prelude::*;
use samband_domain::blood::model::{Group, Rhd};
use samband_domain::blood::rules::compatible::Policies;
use samband_planning::progress::Progress;
use samband_planning::replenish::demand::Demand;
use samband_planning::replenish::model::{Cost, Issuing};
use samband_planning::targets::cells::{self, CellCost, ladders};
use samband_planning::targets::perishable::{self, Target};
use samband_planning::targets::{Bands, Colour, Risk, Trial};

fn poisson(mean: f64) -> Demand {
    Demand::poisson(mean).expect("a mean")
}

fn platelets(demand: Vec<Demand>, life_days: usize) -> Target {
    let cost = Cost { order: 3.0, shortage: 5.0, wastage: 7.0, holding: 1.0, ..Cost::default() };
    let asked = perishable::Asked {
        demand,
        life_days,
        lead_days: 1,
        issuing: Issuing::Fifo,
        cost,
        risk: Risk::default(),
    };
    perishable::target(&asked, &Trial::default(), &Progress::default()).expect("a target")
}

#[test]
fn the_level_is_the_published_base_stock_and_near_the_optimum() {
    let demand = Demand::gamma(4.0, 0.5, 100).expect("a mean");
    let target = platelets(vec![demand], 2);
    assert_eq!(target.bands.level, 7);
    let least = target.least_daily_cost.expect("few states");
    let found = target.daily_cost;
    assert!(found.mean + found.half_width >= least, "{found:?} {least}");
    assert!(
        found.mean <= 1.03 * least,
        "base stocks lose at most 2.49 per cent: {found:?} {least}"
    );
}

#[test]
fn weekdays_are_reckoned_by_the_worst() {
    let week: Vec<_> = [9.0, 9.0, 9.0, 9.0, 9.0, 2.0, 2.0].map(poisson).into();
    let even = Bands::new(40, &[poisson(7.0)], 1, Risk::default());
    let uneven = Bands::new(40, &week, 1, Risk::default());
    assert!((even.mean_daily - uneven.mean_daily).abs() < 1e-9);
    assert!(uneven.red_below > even.red_below && uneven.amber_below > even.amber_below);
    assert_eq!(uneven.red_below, poisson(9.0).quantile(0.9));
    assert_eq!(uneven.amber_below, poisson(18.0).quantile(0.99));
    assert_eq!(uneven.colour(uneven.red_below - 1), Colour::Red);
    assert_eq!(uneven.colour(uneven.red_below), Colour::Amber);
    assert_eq!(uneven.colour(uneven.amber_below), Colour::Green);
    assert!((even.days(14).expect("used") - 2.0).abs() < 1e-9);
}

fn red_cells(substitution: bool) -> Vec<cells::GroupTarget> {
    // The population's mix at ten units a day.
    let mean = [3.2, 0.6, 3.7, 0.7, 1.0, 0.2, 0.5, 0.1];
    let own = Group::ALL.map(|group| vec![group]);
    let asked = cells::Asked {
        demand: mean.map(|mean| vec![poisson(mean)]),
        ladders: if substitution { ladders(&Policies::none()) } else { own },
        life_days: 42,
        lead_days: 2,
        cost: CellCost { shortage: 200.0, substitution: 2.0, wastage: 20.0, holding: 1.0 },
        risk: Risk::default(),
    };
    let trial = Trial { replications: 20, ..Trial::default() };
    cells::targets(&asked, &trial, &Progress::default()).expect("targets")
}

#[test]
fn substitution_saves_stock_and_shortage() {
    let (alone, together) = (red_cells(false), red_cells(true));
    let units = |all: &[cells::GroupTarget]| all.iter().map(|one| one.bands.level).sum::<usize>();
    assert!(units(&together) < units(&alone), "{} {}", units(&together), units(&alone));
    let of = |all: &[cells::GroupTarget], group: &str| {
        let group: Group = group.parse().expect("a group");
        all.iter().find(|one| one.group == group).cloned().expect("all groups")
    };
    let (rare, universal) = (of(&together, "AB+"), of(&together, "O-"));
    assert!(rare.bands.level < of(&alone, "AB+").bands.level);
    assert!(rare.substituted_percent.mean > 0.0);
    assert!(universal.substituted_percent.mean == 0.0, "nothing stands in for O-");
    assert!(universal.bands.level >= of(&alone, "O-").bands.level);
    for one in &together {
        assert!(one.service_percent.mean > 98.0, "{one:?}");
        assert!(one.bands.red_below <= one.bands.amber_below);
        assert!(one.bands.amber_below <= one.bands.level);
    }
}

#[test]
fn d_positive_never_stands_in_for_d_negative() {
    for (group, ladder) in Group::ALL.into_iter().zip(ladders(&Policies::none())) {
        assert_eq!(ladder.first(), Some(&group), "one's own group first");
        let none = ladder.iter().all(|donor| donor.rhd == Rhd::Negative);
        assert!(group.rhd == Rhd::Positive || none, "{group:?}: {ladder:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// More expensive shortage never means a lower level.
    #[test]
    fn dearer_shortage_means_no_less_stock(mean in 1.0_f64..6.0, life in 2_usize..5) {
        let level = |shortage: f64| {
            let cost = Cost { shortage, wastage: 5.0, holding: 1.0, ..Cost::default() };
            let asked = perishable::Asked {
                demand: vec![poisson(mean)],
                life_days: life,
                lead_days: 1,
                issuing: Issuing::Fifo,
                cost,
                risk: Risk::default(),
            };
            let trial = Trial { replications: 10, ..Trial::default() };
            let found = perishable::target(&asked, &trial, &Progress::default()).expect("a target");
            found.bands.level
        };
        prop_assert!(level(3.0) <= level(12.0));
        prop_assert!(level(12.0) <= level(60.0));
    }
}
