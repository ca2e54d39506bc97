//! Transfer plans: what they keep to, and that their reasons add up.

use proptest::prelude::*;
use samband_domain::blood::model::{Component, Group, Rhd};
use samband_planning::transfer::{
    Closed, Costs, Daily, Fits, GROUPS, Leg, Life, Means, Plan, Planner, Question, Reason, Shape,
    Simplex, Without,
};

const EXAMPLE: &str = include_str!("../../docs/planning/transfer.toml");

fn planned(text: &str) -> Plan {
    Planner::new(Question::read(text).unwrap()).unwrap().plan().unwrap()
}

/// The reasons of every proposal sum to what its absence costs, and none can be a gain.
fn adds_up(plan: &Plan) {
    assert!(plan.bound <= plan.cost && plan.cost <= plan.cost_alone, "{plan:?}");
    for proposal in &plan.proposals {
        let why = &proposal.why;
        let sum = |reasons: &[Reason]| reasons.iter().map(Reason::cost).sum::<i64>();
        assert_eq!(sum(&why.avoids) - sum(&why.price), why.saves);
        assert_eq!(why.next_best - plan.cost, why.saves);
        assert_eq!(proposal.units.iter().map(|ages| ages.units).sum::<i64>(), proposal.count);
        if plan.bound == plan.cost {
            assert!(why.saves >= 0, "{proposal:?}");
        }
        for ages in &proposal.units {
            let until = match ages.life {
                Life::Until(day) => day,
                Life::Soon | Life::Long => continue,
            };
            assert!(proposal.arrives <= until, "{proposal:?} is of no use");
        }
    }
    for of in &plan.groups {
        let sum = |reasons: &[Reason]| reasons.iter().map(Reason::cost).sum::<i64>();
        let Without { cost, saves, avoids, price } = &of.without;
        assert_eq!((sum(avoids) - sum(price), cost - plan.cost), (*saves, *saves));
        let same = plan.proposals.iter().filter(|one| one.group == of.group);
        let (units, least) =
            same.fold((0, 0), |(n, least), one| (n + one.count, one.why.saves.max(least)));
        assert_eq!(units, of.units);
        if plan.bound == plan.cost {
            assert!(*saves >= least, "all of a group are worth at least as much as one: {of:?}");
        }
    }
}

#[test]
fn the_example_says_who_sends_what_and_why() {
    let plan = planned(EXAMPLE);
    adds_up(&plan);
    assert_eq!(plan.bound, plan.cost, "proved best");
    let lines: Vec<_> = plan
        .proposals
        .iter()
        .map(|one| {
            let means = if one.means == Means::Telephone { " by telephone" } else { "" };
            format!("{} {} × {}{means}, saves {} öre", one.leg, one.count, one.group, one.why.saves)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&plan.proposals[0]).unwrap());
}

#[test]
fn what_is_refused_is_not_proposed_again_and_costs_what_was_said() {
    let mut planner = Planner::new(Question::read(EXAMPLE).unwrap()).unwrap();
    let mut plan = planner.plan().unwrap();
    let mut closings = 0;
    while let Some(first) = plan.proposals.first().cloned() {
        let closed = Closed {
            from: first.from.clone(),
            to: first.to.clone(),
            group: Some(first.group),
            leg: Some(first.leg.clone()),
            because: None,
        };
        let next = planner.close(closed).unwrap();
        adds_up(&next);
        assert_eq!(next.cost, first.why.next_best);
        let again = |one: &&samband_planning::transfer::Proposal| {
            (&one.leg, one.group) == (&first.leg, first.group)
        };
        assert_eq!(next.proposals.iter().find(again), None);
        // Going on from the last plan is as good as beginning anew, and says the same.
        let anew = Planner::new(planner.question().clone()).unwrap().plan().unwrap();
        assert_eq!(anew, next);
        (plan, closings) = (next, closings + 1);
    }
    assert!(closings > 3, "{closings}");
    assert_eq!(plan.cost, plan.cost_alone, "with everything refused, everybody is alone");
    assert_eq!(plan.outcome, plan.alone);
}

#[test]
fn a_file_that_is_wrong_says_where_and_what_to_do() {
    let wrong = |from: &str, to: &str| {
        assert!(EXAMPLE.contains(from), "{from}");
        Question::read(&EXAMPLE.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let cases = [
        ("units = 6", "units = -6"),
        ("group = \"A-\"", "group = \"A\""),
        ("site = \"malmo\"", "site = \"molma\""),
        ("expires = \"2026-12-20\"", "expires = \"2026-11-20\""),
        ("units = [4, 4, 3, 3, 3]", "units = [4, 4, 3]"),
        ("days = 5", "days = 0"),
        ("below_minimum = 60_000", "below_minimum = 1_500_000"),
        ("departs = \"2026-11-23 10:00\"", "departs = \"2026-11-23 15:00\""),
        ("departs = \"2026-11-23 10:00\"", "departs = \"2026-11-22 10:00\""),
        ("departs = \"2026-11-23 10:00\"", "departs = \"Monday\""),
        ("id = \"malmo\"", "id = \"lund\""),
        ("to = \"lund\"", "to = \"vaxjo\""),
        ("day = \"2026-11-26\"", "day = \"2026-11-29\""),
        ("capacity = 30", "capacity = 30\ncolour = \"red\""),
    ];
    let lines: Vec<_> = cases.iter().map(|(from, to)| wrong(from, to)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn rhd_positive_never_serves_rhd_negative() {
    for component in Component::ALL {
        let fits = Fits::of(*component);
        for unit in Group::ALL {
            assert_eq!(fits.0[unit.index()][unit.index()], Some(0));
            for recipient in Group::ALL {
                let plasma = matches!(component, Component::Plasma | Component::Cryoprecipitate);
                let wrong = unit.rhd == Rhd::Positive && recipient.rhd == Rhd::Negative && !plasma;
                let fit = fits.0[unit.index()][recipient.index()];
                assert!(!(wrong && fit.is_some()), "{component} {unit} for {recipient}");
            }
        }
    }
    let red = Fits::of(Component::RedCells);
    assert_eq!(red.0.iter().flatten().flatten().count(), 27, "the textbook's table");
}

const COSTS: Costs =
    Costs { shortage: 9_000, expiry: 1_400, below_minimum: 300, substitution: 40, holding: 1 };

/// A small world: sites, days, legs, and numbers for every shelf.
fn a_world() -> impl Strategy<Value = (Shape, Vec<i64>, i64)> {
    let leg = (0u32..3, 0u32..3, 0u8..4, 0u8..3, 0i64..400, 0i64..9);
    let legs = prop::collection::vec(leg, 0..10);
    (1usize..5, legs, prop::collection::vec(0i64..7, 64), 0i64..5).prop_map(
        |(days, legs, numbers, minimum)| {
            let leg = |(from, to, departs, more, price, capacity): (u32, u32, u8, u8, i64, i64)| {
                Leg { from, to, departs, arrives: departs + more, price, capacity }
            };
            let legs = legs.into_iter().map(leg).filter(|leg| leg.from != leg.to).collect();
            let fits = Fits::of(Component::RedCells);
            let costs = COSTS;
            let shortage = vec![9_000, 12_000, 9_000];
            let shape = Shape { sites: 3, days, fits, legs, costs, shortage, stable: true };
            (shape, numbers, minimum)
        },
    )
}

fn fill(daily: &mut Daily, numbers: &[i64], minimum: i64) {
    let shape = daily.shape().clone();
    let figures = daily.figures();
    let mut numbers = numbers.iter().copied().cycle();
    let mut next = move || numbers.next().unwrap_or(0);
    for site in 0..shape.sites {
        // Three groups are enough to see substitution: O neg, A pos, A neg.
        for group in [1, 2, 3] {
            for day in 0..shape.days {
                figures.wants[shape.need(site, group, day)] = next();
                for class in day..shape.classes() {
                    let few = if day == 0 { next() } else { next() / 5 };
                    figures.has[shape.stock(site, group, class, day)] = few;
                }
            }
            figures.minimum[shape.shelf(site, group)] = minimum;
            figures.soon_use[shape.shelf(site, group)] = next();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_daily_plan_is_feasible_and_the_network_agrees(
        (shape, numbers, minimum) in a_world(),
        others in prop::collection::vec(0i64..7, 64),
    ) {
        let mut daily = Daily::new(shape.clone()).unwrap();
        fill(&mut daily, &others, 2);
        daily.plan().unwrap();
        // Warm, after other figures: as good as from nothing, and the same plan.
        fill(&mut daily, &numbers, minimum);
        let warm = daily.plan().unwrap().to_vec();
        let cost = daily.cost();
        let mut anew = Daily::new(shape.clone()).unwrap();
        fill(&mut anew, &numbers, minimum);
        prop_assert_eq!(anew.plan().unwrap(), &warm[..]);
        prop_assert_eq!(anew.cost(), cost);
        daily.forget().unwrap();
        prop_assert_eq!(daily.plan().unwrap(), &warm[..]);
        // No unit goes where it arrives expired, and no leg's arc is overfull.
        for shift in &warm {
            let leg = &shape.legs[shift.leg as usize];
            prop_assert!(shape.lives(shift.class.into(), leg.arrives.into()));
            prop_assert!(shift.units <= leg.capacity && usize::from(shift.group) < GROUPS);
        }
        // Units sent on the first day were there, or came by an earlier leg of that day.
        let (problem, _) = daily.problem().unwrap();
        let mut again = Simplex::new(&problem, 0, &[]).unwrap();
        again.solve().unwrap();
        let mut rest = problem.supply.clone();
        for (at, arc) in problem.arcs.iter().enumerate() {
            let flow = again.flow(at);
            prop_assert!((arc.lower..=arc.upper).contains(&flow));
            rest[arc.tail as usize] -= flow;
            rest[arc.head as usize] += flow;
        }
        prop_assert!(rest.iter().all(|rest| *rest == 0));
    }

    #[test]
    fn nobody_is_worse_off_below_the_minimum_by_taking_part(
        numbers in prop::collection::vec(0i64..9, 40),
        capacity in 0i64..20,
    ) {
        let text = a_file(&numbers, capacity);
        let plan = planned(&text);
        adds_up(&plan);
        prop_assert!(plan.outcome.below_minimum <= plan.alone.below_minimum);
        prop_assert!(plan.outcome.short <= plan.alone.short);
    }
}

/// Two sites with two groups each, one leg with little room.
fn a_file(numbers: &[i64], capacity: i64) -> String {
    use std::fmt::Write as _;
    let mut text = String::from(
        "component = \"red_cells\"\nfirst_day = \"2026-11-23\"\ndays = 3\n[price]\nshortage = 9000\n\
         expiry = 1400\nbelow_minimum = 300\nsubstitution = 40\nholding = 1\n\
         [[site]]\nid = \"a\"\nregion = \"skane\"\n[[site]]\nid = \"b\"\nregion = \"halland\"\n",
    );
    let mut numbers = numbers.iter().copied();
    let mut next = || numbers.next().unwrap_or(1);
    for site in ["a", "b"] {
        for group in ["O-", "A-"] {
            for expires in ["2026-11-24", "2026-11-27", "2026-12-20"] {
                let units = next();
                let _ = writeln!(
                    text,
                    "[[stock]]\nsite = \"{site}\"\ngroup = \"{group}\"\nunits = {units}\n\
                     expires = \"{expires}\""
                );
            }
            let (one, two, three) = (next(), next(), next());
            let _ = writeln!(
                text,
                "[[demand]]\nsite = \"{site}\"\ngroup = \"{group}\"\n\
                 units = [{one}, {two}, {three}]\n\
                 [[minimum]]\nsite = \"{site}\"\ngroup = \"{group}\"\nunits = {}",
                next()
            );
        }
    }
    for (id, from, to) in [("ab", "a", "b"), ("ba", "b", "a")] {
        let _ = writeln!(
            text,
            "[[leg]]\nid = \"{id}\"\nfrom = \"{from}\"\nto = \"{to}\"\n\
             departs = \"2026-11-23 08:00\"\narrives = \"2026-11-24 08:00\"\nunit_price = 90\n\
             capacity = {capacity}"
        );
    }
    text
}
