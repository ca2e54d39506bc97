//! The network simplex beside two others that share nothing with it: successive shortest paths,
//! written plainly here, and a linear programming solver.

use proptest::prelude::*;
use samband_planning::transfer::{Arc, Failure, Problem, Refused, Simplex, UNLIMITED};

/// The least price by successive shortest paths over a plain residual network; none if supplies
/// cannot all go somewhere. Least amounts are sent first, and what they lack is a supply.
fn plainly(problem: &Problem) -> Option<i128> {
    let nodes = problem.supply.len();
    let (source, sink) = (nodes, nodes + 1);
    // From, to, room, price; the reverse of an arc is its neighbour in number.
    let mut arcs: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut supply = problem.supply.clone();
    let mut price = 0;
    let mut add = |from, to, room, cost| {
        arcs.push((from, to, room, cost));
        arcs.push((to, from, 0, -cost));
    };
    for arc in &problem.arcs {
        let (tail, head) = (arc.tail as usize, arc.head as usize);
        // An arc that pays is filled at once; undoing it is then never a gain.
        let sent = if arc.cost < 0 { arc.upper } else { arc.lower };
        price += i128::from(sent) * i128::from(arc.cost);
        supply[tail] -= sent;
        supply[head] += sent;
        if arc.cost < 0 {
            add(head, tail, arc.upper - arc.lower, -arc.cost);
        } else {
            add(tail, head, arc.upper - arc.lower, arc.cost);
        }
    }
    let mut wanted = 0;
    for (node, supply) in supply.iter().enumerate() {
        if *supply > 0 {
            add(source, node, *supply, 0);
            wanted += supply;
        } else {
            add(node, sink, -supply, 0);
        }
    }
    while wanted > 0 {
        let mut far = vec![i64::MAX; nodes + 2];
        let mut by = vec![usize::MAX; nodes + 2];
        far[source] = 0;
        for _ in 0..nodes + 2 {
            for (at, (from, to, room, cost)) in arcs.iter().enumerate() {
                if *room > 0 && far[*from] < i64::MAX && far[*from] + cost < far[*to] {
                    (far[*to], by[*to]) = (far[*from] + cost, at);
                }
            }
        }
        if far[sink] == i64::MAX {
            return None;
        }
        let (mut room, mut at) = (wanted, sink);
        while at != source {
            room = room.min(arcs[by[at]].2);
            at = arcs[by[at]].0;
        }
        at = sink;
        while at != source {
            let arc = by[at];
            (arcs[arc].2, arcs[arc ^ 1].2) = (arcs[arc].2 - room, arcs[arc ^ 1].2 + room);
            at = arcs[arc].0;
        }
        price += i128::from(room) * i128::from(far[sink]);
        wanted -= room;
    }
    Some(price)
}

/// The least price by linear programming.
fn by_lp(problem: &Problem) -> Option<f64> {
    use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem as Lp, SolveOutcome};
    let mut lp = Lp::new(OptimizationDirection::Minimize);
    let mut balance: Vec<_> = problem.supply.iter().map(|_| LinearExpr::empty()).collect();
    for arc in &problem.arcs {
        let flow = lp.add_var(arc.cost as f64, (arc.lower as f64, arc.upper as f64));
        if arc.tail != arc.head {
            balance[arc.tail as usize].add(flow, 1.0);
            balance[arc.head as usize].add(flow, -1.0);
        }
    }
    for (row, supply) in balance.into_iter().zip(&problem.supply) {
        lp.add_constraint(row, ComparisonOp::Eq, *supply as f64);
    }
    match lp.solve() {
        Ok(SolveOutcome::Solution(solution)) => Some(solution.objective()),
        _ => None,
    }
}

/// What any optimum must show: bounds kept, nodes balanced, and no arc that could be bettered.
fn certified(problem: &Problem, simplex: &Simplex) {
    let mut rest = problem.supply.clone();
    let mut price = 0;
    for (at, arc) in problem.arcs.iter().enumerate() {
        let flow = simplex.flow(at);
        assert!((arc.lower..=arc.upper).contains(&flow), "arc {at} carries {flow}");
        rest[arc.tail as usize] -= flow;
        rest[arc.head as usize] += flow;
        price += i128::from(flow) * i128::from(arc.cost);
        let reduced = arc.cost + simplex.potential(arc.tail) - simplex.potential(arc.head);
        assert_eq!(reduced, simplex.reduced_cost(at));
        assert!(reduced >= 0 || flow == arc.upper, "arc {at} should carry more");
        assert!(reduced <= 0 || flow == arc.lower, "arc {at} should carry less");
    }
    assert!(rest.iter().all(|rest| *rest == 0), "nodes do not balance: {rest:?}");
    assert_eq!(price, simplex.objective());
}

/// A cut proves that nothing fits: recomputed from the problem alone.
fn refuted(problem: &Problem, nodes: &[u32], excess: i64) {
    let inside = |node: u32| nodes.contains(&node);
    let has: i64 = nodes.iter().map(|node| problem.supply[*node as usize]).sum();
    let leaves: i64 = problem
        .arcs
        .iter()
        .filter(|a| inside(a.tail) && !inside(a.head))
        .map(|arc| arc.upper)
        .sum();
    let enters: i64 = problem
        .arcs
        .iter()
        .filter(|a| !inside(a.tail) && inside(a.head))
        .map(|arc| arc.lower)
        .sum();
    assert!(excess > 0);
    assert_eq!(has + enters - leaves, excess);
}

fn solved(problem: &Problem, start: &[u32]) -> (Simplex, Result<(), Failure>) {
    let mut simplex = Simplex::new(problem, 0, start).unwrap();
    let answer = simplex.solve();
    match &answer {
        Ok(()) => certified(problem, &simplex),
        Err(Failure::Infeasible(cut)) => refuted(problem, &cut.nodes, cut.excess),
        Err(other) => panic!("{other}"),
    }
    (simplex, answer)
}

fn an_arc(nodes: u32) -> impl Strategy<Value = Arc> {
    (0..nodes, 0..nodes, 0i64..3, prop_oneof![0i64..1, 0i64..12], -3i64..20).prop_map(
        |(tail, head, lower, room, cost)| {
            let lower = if lower == 2 { 1 } else { 0 };
            Arc { tail, head, lower, upper: lower + room, cost }
        },
    )
}

prop_compose! {
    fn a_problem()(nodes in 2u32..9)(
        arcs in prop::collection::vec(an_arc(nodes), 1..40),
        moved in prop::collection::vec((0..nodes, 0..nodes, 0i64..6), 0..6),
        nodes in Just(nodes),
    ) -> Problem {
        let mut supply = vec![0; nodes as usize];
        for (from, to, amount) in moved {
            supply[from as usize] += amount;
            supply[to as usize] -= amount;
        }
        Problem { supply, arcs }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn it_agrees_with_shortest_paths_and_with_linear_programming(problem in a_problem()) {
        let (simplex, answer) = solved(&problem, &[]);
        match (answer, plainly(&problem)) {
            (Ok(()), Some(price)) => {
                prop_assert_eq!(simplex.objective(), price);
                let lp = by_lp(&problem).expect("feasible");
                prop_assert!((lp - price as f64).abs() < 1e-6, "{} beside {}", lp, price);
            }
            (Err(_), None) => {}
            (answer, price) => prop_assert!(false, "{:?} beside {:?}", answer, price),
        }
    }

    #[test]
    fn any_first_tree_leads_to_the_same_price(
        problem in a_problem(),
        start in prop::collection::vec(0u32..45, 9),
    ) {
        let (plain, answer) = solved(&problem, &[]);
        let (other, again) = solved(&problem, &start);
        prop_assert_eq!(answer.is_ok(), again.is_ok());
        if answer.is_ok() {
            prop_assert_eq!(plain.objective(), other.objective());
        }
    }

    #[test]
    fn going_on_after_changes_is_as_good_as_beginning_anew(
        problem in a_problem(),
        changes in prop::collection::vec((0usize..4, 0usize..64, 0usize..64, -3i64..20), 1..20),
    ) {
        let mut problem = problem;
        let (mut warm, _) = solved(&problem, &[]);
        for (kind, at, other, value) in changes {
            let arc = at % problem.arcs.len();
            match kind {
                0 => {
                    problem.arcs[arc].cost = value;
                    warm.set_cost(arc, value).unwrap();
                }
                1 => {
                    let lower = value.rem_euclid(2);
                    let upper = lower + value.abs();
                    (problem.arcs[arc].lower, problem.arcs[arc].upper) = (lower, upper);
                    warm.set_bounds(arc, lower, upper).unwrap();
                }
                2 => {
                    (problem.arcs[arc].lower, problem.arcs[arc].upper) = (0, 0);
                    warm.close(arc).unwrap();
                }
                _ => {
                    let nodes = problem.supply.len();
                    for (node, more) in [(at % nodes, value), (other % nodes, -value)] {
                        problem.supply[node] += more;
                        warm.add_supply(node as u32, more).unwrap();
                    }
                }
            }
            let answer = warm.solve();
            let (cold, anew) = solved(&problem, &[]);
            prop_assert_eq!(answer.is_ok(), anew.is_ok());
            match answer {
                Ok(()) => {
                    certified(&problem, &warm);
                    prop_assert_eq!(cold.objective(), warm.objective());
                }
                Err(Failure::Infeasible(cut)) => refuted(&problem, &cut.nodes, cut.excess),
                Err(other) => prop_assert!(false, "{}", other),
            }
        }
    }
}

#[test]
fn nothing_to_move_costs_nothing() {
    let mut problem = Problem::default();
    for _ in 0..4 {
        problem.node(0);
    }
    for (tail, head) in [(0, 1), (1, 2), (2, 3), (3, 0)] {
        problem.arc(tail, head, UNLIMITED, 7);
    }
    let (simplex, answer) = solved(&problem, &[]);
    assert_eq!((answer, simplex.objective()), (Ok(()), 0));
    assert_eq!(Simplex::new(&Problem::default(), 0, &[]).unwrap().solve(), Ok(()));
}

#[test]
fn a_circle_that_pays_for_ever_is_told() {
    let mut problem = Problem::default();
    problem.node(0);
    problem.node(0);
    problem.arc(0, 1, UNLIMITED, -2);
    problem.arc(1, 0, UNLIMITED, 1);
    let answer = Simplex::new(&problem, 0, &[]).unwrap().solve();
    assert!(matches!(answer, Err(Failure::Unbounded(_))), "{answer:?}");
}

#[test]
fn what_cannot_be_summed_is_refused_at_the_door() {
    let refusal = |problem: &Problem| Simplex::new(problem, 0, &[]).err();
    let with = |supply: i64, upper: i64, cost: i64| {
        let mut problem = Problem::default();
        problem.node(supply);
        problem.node(-supply);
        problem.arc(0, 1, upper, cost);
        problem
    };
    let most = (1 << 59) - 1;
    assert_eq!(refusal(&with(1, UNLIMITED, most)), None);
    assert_eq!(refusal(&with(1, UNLIMITED, -most)), None);
    for price in [most + 1, i64::MAX, i64::MIN] {
        let refused = refusal(&with(1, 1, price));
        assert!(matches!(refused, Some(Refused::Price(_))), "{refused:?}");
        let mut simplex = Simplex::new(&with(1, 1, 1), 0, &[]).unwrap();
        assert!(matches!(simplex.set_cost(0, price), Err(Refused::Price(_))));
    }
    assert_eq!(refusal(&with(UNLIMITED + 1, 1, 1)), Some(Refused::Quantity(UNLIMITED + 1)));
    assert_eq!(refusal(&with(1, i64::MAX, 1)), Some(Refused::Quantity(i64::MAX)));
    assert_eq!(refusal(&with(1, -1, 1)), Some(Refused::Bounds(0, 0, -1)));
    let mut stray = with(1, 1, 1);
    stray.arcs[0].head = 2;
    assert_eq!(refusal(&stray), Some(Refused::NoSuchNode(0)));
    let mut lame = with(3, UNLIMITED, 1);
    lame.supply[1] = -2;
    let answer = Simplex::new(&lame, 0, &[]).unwrap().solve();
    assert_eq!(answer, Err(Failure::Refused(Refused::Unbalanced(1))));
    // The largest prices and amounts that are let in are carried without loss.
    let (simplex, answer) = solved(&with(UNLIMITED / 4, UNLIMITED, most), &[]);
    assert_eq!(answer, Ok(()));
    assert_eq!(simplex.objective(), i128::from(UNLIMITED / 4) * i128::from(most));
}
