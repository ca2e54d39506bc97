//! The worked example of the literature, to the unit; and what must hold of every estimate.

#![expect(clippy::float_cmp, reason = "figures are rounded to tenths, as they are shown")]

use super::*;

/// 60 casualties, of whom 15 are immediate, 15 urgent and 30 delayed.
fn sixty() -> Estimate {
    let casualties = Casualties {
        total: (60, 60),
        serious: Some((30, 30)),
        delayed: Some((30, 30)),
        massive: None,
    };
    estimate(casualties, Parameters::default())
}

fn ranged(low: f64, plan: f64, high: f64) -> Ranged {
    Ranged { low, plan, high }
}

#[test]
fn sixty_casualties_need_what_the_worked_example_says() {
    let found = sixty();
    assert_eq!(found.admitted, ranged(30.0, 30.0, 30.0));
    assert_eq!(found.red_cells, ranged(54.0, 90.0, 150.0));
    assert_eq!(found.plasma.plan, 30.0);
    assert_eq!(found.platelets.plan, 8.0);
    assert_eq!(found.group_o.plan, 45.0);
    assert_eq!((found.by_massive.low, found.by_massive.high), (99.0, 126.0));
    assert_eq!(found.orders, (198.0, 270.0));
    // Without classes, half of all are taken as admitted: the same thirty.
    let alone = Casualties { total: (60, 60), ..Casualties::default() };
    assert_eq!(estimate(alone, Parameters::default()).red_cells, found.red_cells);
}

#[test]
fn the_curves_are_those_of_the_worked_example() {
    let rows = [
        (Curve::Blast, [43.2, 65.7, 77.4, 83.4, 88.2, 89.5, 90.0, 90.0]),
        (Curve::Middle, [26.4, 45.0, 58.2, 67.5, 78.8, 84.4, 88.6, 90.0]),
        (Curve::MultiSite, [9.2, 17.5, 25.0, 31.9, 43.8, 53.6, 68.4, 90.0]),
    ];
    let found = sixty();
    for (curve, expected) in rows {
        let report = found.curves.iter().find(|one| one.curve == curve).unwrap();
        for (hour, units) in [1, 2, 3, 4, 6, 8, 12, 24].into_iter().zip(expected) {
            assert_eq!(report.hours[hour].red_cells.plan, units, "{curve:?} {hour}");
        }
    }
}

#[test]
fn massive_transfusions_that_were_seen_take_the_place_of_the_share() {
    let seen = |massive| {
        let casualties = Casualties { massive: Some(massive), ..sixty().casualties };
        estimate(casualties, Parameters::default())
    };
    assert_eq!(seen(4).by_massive, ranged(140.0, 140.0, 140.0));
    assert_eq!(seen(4).red_cells, ranged(54.0, 140.0, 150.0));
    assert_eq!(seen(0).red_cells, ranged(0.0, 90.0, 150.0), "none so far: the plan stands");
    assert_eq!(seen(9).red_cells.high, 315.0);
}

#[test]
fn a_range_of_casualties_widens_the_range_of_units() {
    let casualties = Casualties { total: (30, 60), ..Casualties::default() };
    let found = estimate(casualties, Parameters::default());
    assert_eq!(found.admitted, ranged(15.0, 22.5, 30.0));
    assert_eq!(found.red_cells, ranged(27.0, 68.0, 150.0));
    let nobody = estimate(Casualties::default(), Parameters::default());
    assert_eq!(nobody.red_cells, ranged(0.0, 0.0, 0.0));
}

#[test]
fn cover_is_the_first_hour_in_which_stock_and_arrivals_fall_short() {
    let found = sixty();
    let reckoned = (&found.parameters, Curve::Middle);
    let need = found.of(Blood::RedCells);
    let stock = |usable, arrivals: &[(u32, u32)]| Stock {
        usable,
        arrivals: arrivals
            .iter()
            .map(|(hour, units)| Arrival { hour: *hour, units: *units })
            .collect(),
        milli_per_day: 24_000,
    };
    // By the plan 45.0 are used within two hours and 58.2 within three, and one every hour.
    let fifty = cover(&stock(50, &[]), need, reckoned, 0.0);
    assert_eq!(fifty.plan, Lasts::Until(3));
    assert!(fifty.least < fifty.plan && fifty.plan < fifty.most);
    assert_eq!(fifty.plan.hours(), 2);
    let helped = cover(&stock(50, &[(3, 20)]), need, reckoned, 0.0);
    assert_eq!(helped.plan, Lasts::Until(4), "70 against 67.5 and four of every day");
    assert_eq!(cover(&stock(50, &[(4, 20)]), need, reckoned, 0.0).plan, Lasts::Until(3), "late");
    assert_eq!(cover(&stock(0, &[]), need, reckoned, 0.0).plan, Lasts::Until(1));
    assert_eq!(cover(&stock(114, &[]), need, reckoned, 0.0).plan, Lasts::Through);
    assert_eq!(cover(&stock(113, &[]), need, reckoned, 0.0).plan, Lasts::Until(24));
    // What was used before now is used no more.
    assert_eq!(cover(&stock(50, &[]), need, reckoned, 2.0).plan, Lasts::Until(8));
}

#[test]
fn every_parameter_has_its_source_and_a_rule_may_state_it() {
    use samband_domain::rulesets::{Document, InForce, Rule, RuleSet, Scope, Value, key};
    use samband_domain::{Digest, JournalId, Known, Time};
    for (parameter, said) in Parameters::default().iter() {
        assert!(!said.source.is_empty() && !said.by_rule, "{parameter:?}");
    }
    let rule = Rule {
        key: key::CASUALTY_BLOOD_PLAN_RED_CELLS,
        value: Known::Value(Value::Count(400)),
        source: "egen erfarenhet".into(),
        note: None,
    };
    let document = Document::of(Scope::Blood, "R".into(), "1".into(), &[rule]);
    let rules = InForce {
        region: JournalId::new("skane").unwrap(),
        digest: Digest::of(document.text().as_bytes()),
        from: Time(0),
        set: RuleSet::from(document).into(),
    };
    let own = Parameters::of(Some(&rules));
    let said = own.get(Parameter::PlanRedCells);
    assert_eq!((said.value, said.source.as_str(), said.by_rule), (400, "egen erfarenhet", true));
    assert_eq!(estimate(sixty().casualties, own).red_cells.plan, 120.0);
}
