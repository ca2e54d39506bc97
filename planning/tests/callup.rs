//! Call-up plans: rules kept on any instance, small instances against a solver of linear programs,
//! and the shipped example.

#![allow(clippy::needless_range_loop)]

use microlp::{ComparisonOp, OptimizationDirection, Problem};
use proptest::prelude::*;
use samband_domain::blood::model::{Group, Sex};
use samband_planning::callup::matching::serves;
use samband_planning::callup::model::{
    Bus, Instance, Place, PlaceKind, Pooling, Region, Stratum, Weights,
};
use samband_planning::callup::{Broken, best_use, check, read, report, solve};
use samband_planning::progress::Progress;

const SODRA: &str = include_str!("../../docs/planning/callup-sodra.toml");

fn weights() -> Weights {
    Weights {
        shortage: [100.0; 8],
        substitution: 2.0,
        holding: 0.2,
        surplus: 8.0,
        invitation: 1.0,
        unevenness: 1.0,
    }
}

/// Two regions, three places of which one is a bus's stop, and strata as drawn.
fn instance(
    weeks: usize,
    strata: Vec<(usize, usize, f64, u32, u32)>,
    seats: f64,
    want: f64,
    pooling: Pooling,
) -> Instance {
    let place = |id: &str, region, kind| Place {
        id: id.into(),
        region,
        capacity: vec![seats; weeks],
        kind,
    };
    let stop = PlaceKind::Stop { bus: 0, hours: 6.0, every_weeks: 3 };
    let donors = |of: [usize; 2]| -> u32 {
        let ours = strata.iter().filter(|(place, ..)| of.contains(place));
        ours.map(|(.., now, later)| now + later).sum::<u32>() + 20
    };
    let region = |id: &str, of| Region { id: id.into(), donors: donors(of) };
    let mut demand = vec![vec![[0.0; 8]; weeks]; 2];
    for week in demand.iter_mut().flatten() {
        *week = [0.32, 0.08, 0.36, 0.07, 0.1, 0.02, 0.04, 0.01].map(|share| share * want);
    }
    let stratum = |(place, group, attendance, now, later): (usize, usize, f64, u32, u32)| {
        let mut frees = vec![0; weeks];
        frees[0] = now;
        frees[weeks / 2] += later;
        Stratum {
            place,
            group: Group::ALL[group],
            sex: if group % 2 == 0 { Sex::Male } else { Sex::Female },
            response: "drawn".into(),
            attendance,
            deferral: 0.06,
            interval_weeks: 9 + group,
            quiet_weeks: 2,
            frees,
            donors: now + later,
        }
    };
    Instance {
        title: "drawn".into(),
        first: "2026-11-30".parse().unwrap(),
        weeks,
        pooling,
        band: Some(0.7),
        keeps_weeks: 3.min(weeks - 1),
        regions: vec![region("blekinge", [0, 0]), region("skane", [1, 2])],
        places: vec![
            place("karlskrona", 0, PlaceKind::Fixed),
            place("lund", 1, PlaceKind::Fixed),
            place("hoor", 1, stop),
        ],
        buses: vec![Bus { id: "bus".into(), hours: vec![8.0; weeks] }],
        strata: strata.into_iter().map(stratum).collect(),
        demand,
        weights: weights(),
    }
}

/// The relaxed plan's cost, by another solver: no whole plan costs less.
fn relaxed(instance: &Instance) -> f64 {
    let mut lp = Problem::new(OptimizationDirection::Minimize);
    let (weeks, weights) = (instance.weeks, &instance.weights);
    let free = (0.0, f64::INFINITY);
    let mut given = vec![vec![vec![Vec::new(); 8]; weeks]; instance.pools()];
    let mut total = vec![Vec::new(); instance.regions.len()];
    let mut coming = vec![vec![Vec::new(); weeks]; instance.places.len()];
    for facts in &instance.strata {
        let invited: Vec<_> = (0..weeks).map(|_| lp.add_var(weights.invitation, free)).collect();
        let region = instance.region_of(facts);
        let mut freed = 0.0;
        for week in 0..weeks {
            let one = invited[week];
            given[instance.pool(region)][week][facts.group.index()].push((one, facts.success()));
            total[region].push((one, facts.success()));
            coming[facts.place][week].push((one, facts.attendance));
            freed += f64::from(facts.frees[week]);
            let terms: Vec<_> = (0..=week)
                .map(|before| {
                    let back = |wait, who| if before + wait <= week { who } else { 0.0 };
                    let back = back(facts.interval_weeks, facts.attendance)
                        + back(facts.quiet_weeks, 1.0 - facts.attendance);
                    (invited[before], 1.0 - back)
                })
                .collect();
            lp.add_constraint(terms, ComparisonOp::Le, freed);
        }
    }
    for pool in 0..instance.pools() {
        let mut out = vec![vec![Vec::new(); 8]; weeks];
        for week in 0..weeks {
            for (group, ways) in serves().iter().enumerate() {
                let mut met = vec![(lp.add_var(weights.shortage[group], free), 1.0)];
                for way in ways {
                    for kept in 0..=instance.keeps_weeks.min(week) {
                        let price = weights.substitution * f64::from(way.steps);
                        let flow = lp.add_var(price + weights.holding * kept as f64, free);
                        met.push((flow, 1.0));
                        out[week - kept][way.donor].push((flow, -1.0));
                    }
                }
                lp.add_constraint(met, ComparisonOp::Eq, instance.wanted(pool, week)[group]);
            }
        }
        for week in 0..weeks {
            for group in 0..8 {
                let mut terms = given[pool][week][group].clone();
                terms.extend(out[week][group].clone());
                terms.push((lp.add_var(weights.surplus, free), -1.0));
                lp.add_constraint(terms, ComparisonOp::Eq, 0.0);
            }
        }
    }
    rooms(&mut lp, instance, &coming);
    if instance.shares_fairly() {
        let donors: f64 = instance.regions.iter().map(|region| f64::from(region.donors)).sum();
        let most = lp.add_var(weights.unevenness * donors, free);
        let least = lp.add_var(-weights.unevenness * donors, (0.0, 20.0));
        for (terms, region) in total.iter().zip(&instance.regions) {
            for (end, op) in [(most, ComparisonOp::Le), (least, ComparisonOp::Ge)] {
                let mut terms = terms.clone();
                terms.push((end, -f64::from(region.donors)));
                lp.add_constraint(terms, op, 0.0);
            }
        }
        let band = instance.band.unwrap_or(0.0);
        lp.add_constraint([(least, 1.0), (most, -band)], ComparisonOp::Ge, 0.0);
    }
    lp.solve().unwrap().into_solution().unwrap().objective()
}

fn rooms(lp: &mut Problem, instance: &Instance, coming: &[Vec<Vec<(microlp::Variable, f64)>>]) {
    let mut hours = vec![Vec::new(); instance.weeks];
    for (place, facts) in instance.places.iter().enumerate() {
        let mut visits = Vec::new();
        for week in 0..instance.weeks {
            let mut terms = coming[place][week].clone();
            let PlaceKind::Stop { hours: takes, every_weeks, .. } = facts.kind else {
                lp.add_constraint(terms, ComparisonOp::Le, facts.capacity[week]);
                continue;
            };
            let visit = lp.add_var(0.0, (0.0, 1.0));
            visits.push(visit);
            hours[week].push((visit, takes));
            terms.push((visit, -facts.capacity[week]));
            lp.add_constraint(terms, ComparisonOp::Le, 0.0);
            let since = (week + 1).saturating_sub(every_weeks);
            let near = visits[since..].iter().map(|visit| (*visit, 1.0));
            lp.add_constraint(near, ComparisonOp::Le, 1.0);
        }
    }
    for (week, terms) in hours.into_iter().enumerate() {
        lp.add_constraint(terms, ComparisonOp::Le, instance.buses[0].hours[week]);
    }
}

fn drawn() -> impl Strategy<Value = Instance> {
    let stratum = (0..3_usize, 0..8_usize, 0.2..1.0_f64, 0..60_u32, 0..40_u32);
    let pooling = prop_oneof![Just(Pooling::Local), Just(Pooling::Pooled)];
    (4..9_usize, prop::collection::vec(stratum, 4..24), 3.0..40.0_f64, 2.0..40.0_f64, pooling)
        .prop_map(|(weeks, strata, seats, want, pooling)| {
            instance(weeks, strata, seats, want, pooling)
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_plan_keeps_every_rule_and_no_bound_lies(instance in drawn()) {
        let solved = solve(&instance, &Progress::default()).unwrap();
        let judged = check(&instance, &solved.plan);
        prop_assert!(judged.is_ok(), "{judged:?}");
        prop_assert_eq!(&judged.unwrap(), &solved.outcome);
        let least = relaxed(&instance);
        let slack = 1e-4 * solved.idle + 0.1;
        prop_assert!(solved.bound <= least + slack, "bound {} of {least}", solved.bound);
        prop_assert!(solved.outcome.cost >= least - slack);
        prop_assert_eq!(solve(&instance, &Progress::default()).unwrap(), solved);
    }

    #[test]
    fn the_use_of_a_supply_is_the_linear_programs(
        supply in prop::collection::vec(prop::array::uniform8(0.0..20.0_f64), 4),
        want in 2.0..60.0_f64,
    ) {
        let mut instance = instance(4, Vec::new(), 5.0, want, Pooling::Local);
        let found = best_use(&instance, 0, &supply);
        // The same supply as strata that are all invited for nothing and always come.
        instance.weights.invitation = 0.0;
        instance.places[0].capacity.fill(1e6);
        let used: f64 = supply.iter().flatten().sum();
        let wanted: f64 = (0..4).flat_map(|week| instance.wanted(0, week)).sum();
        let short: f64 = found.short.iter().flatten().sum();
        let surplus: f64 = found.surplus.iter().flatten().sum();
        prop_assert!((used - surplus - (wanted - short)).abs() < 0.1, "mass is kept");
        prop_assert!((found.cost - by_program(&instance, &supply)).abs() < 2.0);
    }
}

/// The least cost of using a supply, by another solver.
fn by_program(instance: &Instance, supply: &[[f64; 8]]) -> f64 {
    let mut lp = Problem::new(OptimizationDirection::Minimize);
    let (weights, free) = (&instance.weights, (0.0, f64::INFINITY));
    let mut out = vec![vec![Vec::new(); 8]; instance.weeks];
    for week in 0..instance.weeks {
        for (group, ways) in serves().iter().enumerate() {
            let mut met = vec![(lp.add_var(weights.shortage[group], free), 1.0)];
            for way in ways {
                for kept in 0..=instance.keeps_weeks.min(week) {
                    let price = weights.substitution * f64::from(way.steps);
                    let flow = lp.add_var(price + weights.holding * kept as f64, free);
                    met.push((flow, 1.0));
                    out[week - kept][way.donor].push((flow, 1.0));
                }
            }
            lp.add_constraint(met, ComparisonOp::Eq, instance.wanted(0, week)[group]);
        }
    }
    for (week, groups) in out.into_iter().enumerate() {
        for (group, mut terms) in groups.into_iter().enumerate() {
            terms.push((lp.add_var(weights.surplus, free), 1.0));
            lp.add_constraint(terms, ComparisonOp::Eq, supply[week][group]);
        }
    }
    lp.solve().unwrap().into_solution().unwrap().objective()
}

#[test]
fn the_example_counts_the_reports_donors_and_its_plan_is_near_the_best() {
    let instance = read(SODRA).unwrap();
    let donors: u32 = instance.strata.iter().map(|stratum| stratum.donors).sum();
    assert_eq!(donors, 35_449);
    let report = report(&instance, &Progress::default()).unwrap();
    assert!(report.plan.share_of_optimum_at_least > 0.98, "{:?}", report.plan);
    assert_eq!(report.plan.pooling, Pooling::Pooled);
    assert_eq!(report.other.pooling, Pooling::Local);
    let short =
        |summary: &samband_planning::callup::report::Summary| summary.short.iter().sum::<f64>();
    assert!(short(&report.plan) < short(&report.other), "together no more is short than alone");
    assert!(report.plan.regions.iter().all(|region| region.willing_not_called > 0.0));
    let per_donor = report.plan.regions.iter().map(|region| region.per_donor);
    let (least, most) = per_donor.fold((f64::MAX, 0.0_f64), |(a, b), c| (a.min(c), b.max(c)));
    assert!(least >= 0.8 * most);
    assert!(report.expected.iter().all(|row| row.quantiles.is_sorted()));
    let listed: u64 = report.lists.iter().map(|line| u64::from(line.invite)).sum();
    assert_eq!(listed, report.plan.invitations);
    assert!(!report.visits.is_empty());
}

#[test]
fn a_plan_that_breaks_a_rule_is_told_which() {
    let instance = instance(6, vec![(0, 0, 0.5, 10, 0)], 4.0, 20.0, Pooling::Local);
    let mut plan = solve(&instance, &Progress::default()).unwrap().plan;
    plan.invitations[0] = vec![8, 0, 0, 0, 0, 0];
    assert!(check(&instance, &plan).is_ok());
    plan.invitations[0] = vec![9, 0, 0, 0, 0, 0];
    assert!(matches!(check(&instance, &plan), Err(Broken::Capacity { place: 0, week: 0, .. })));
    // Eight were asked; the four who did not come may be asked again after two weeks, not one.
    plan.invitations[0] = vec![8, 3, 0, 0, 0, 0];
    assert!(matches!(check(&instance, &plan), Err(Broken::Interval { week: 1, .. })));
    plan.invitations[0] = vec![8, 0, 6, 0, 0, 0];
    assert!(check(&instance, &plan).is_ok());
    plan.invitations[0] = vec![8, 0, 6, 1, 0, 0];
    assert!(matches!(check(&instance, &plan), Err(Broken::Interval { week: 3, .. })));
    plan.invitations[0] = vec![0; 6];
    plan.open[2] = vec![true, false, true, false, false, false];
    assert!(matches!(check(&instance, &plan), Err(Broken::Again { place: 2, week: 2 })));
}

#[test]
fn whoever_plans_for_more_than_there_is_hears_what_is_wrong() {
    for (from, to, says) in [
        ("weeks = 16", "weeks = 0", "plan.weeks"),
        ("weeks = 16", "weeks = 15", "capacity_factor"),
        ("share = 0.62", "share = 0.63", "region blekinge"),
        ("bus = \"bus-halland\"", "bus = \"bus-x\"", "no “bus-x” here"),
        ("attendance = 0.75", "attendance = 0.0", "response often"),
        ("title =", "titel =", "titel"),
        ("ab_neg = 0.01\n", "ab_neg = 0.02\n", "sum to 1"),
    ] {
        assert!(SODRA.contains(from), "{from}");
        let error = read(&SODRA.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
}
