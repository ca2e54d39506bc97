//! Departures with little room, beside an integer programme that knows of the room.

use std::fmt::Write as _;

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, SolveOutcome};

use crate::transfer::model::Question;
use crate::transfer::planner::Planner;
use crate::transfer::tally::Tally;

/// Two senders and a receiver, three groups, two departures on which they all share little room.
fn question(mut seed: u64) -> Question {
    let mut next = |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let mut text = String::from(
        "component = \"red_cells\"\nfirst_day = \"2026-11-23\"\ndays = 2\n[price]\nshortage = 9000\n\
         expiry = 1400\nbelow_minimum = 300\nsubstitution = 40\nholding = 1\n",
    );
    for site in ["a", "b", "c"] {
        let _ = writeln!(text, "[[site]]\nid = \"{site}\"\nregion = \"skane\"");
    }
    for site in ["a", "b", "c"] {
        for group in ["O-", "A-", "A+"] {
            for expires in ["2026-11-24", "2026-12-20"] {
                let units = if site == "c" { next(3) } else { next(8) };
                let _ = writeln!(
                    text,
                    "[[stock]]\nsite = \"{site}\"\ngroup = \"{group}\"\nunits = {units}\n\
                     expires = \"{expires}\""
                );
            }
            let wants = if site == "c" { [next(9), next(9)] } else { [next(3), next(3)] };
            let _ = writeln!(
                text,
                "[[demand]]\nsite = \"{site}\"\ngroup = \"{group}\"\nunits = {wants:?}\n\
                 [[minimum]]\nsite = \"{site}\"\ngroup = \"{group}\"\nunits = {}",
                next(3)
            );
        }
    }
    for (id, from, day) in [("one", "a", 23), ("two", "b", 24), ("three", "b", 23)] {
        let _ = writeln!(
            text,
            "[[leg]]\nid = \"{id}\"\nfrom = \"{from}\"\nto = \"c\"\n\
             departs = \"2026-11-{day} 08:00\"\narrives = \"2026-11-{day} 09:00\"\n\
             unit_price = {}\ncapacity = {}",
            next(200),
            next(9)
        );
    }
    Question::read(&text).expect("as described")
}

/// The least price in the network's money, departures' room and all.
fn by_integers(planner: &Planner) -> f64 {
    let mut lp = Problem::new(OptimizationDirection::Minimize);
    let problem = planner.grid.with(&planner.figures).expect("small");
    let mut balance: Vec<_> = problem.supply.iter().map(|_| LinearExpr::empty()).collect();
    let mut flows = Vec::new();
    for (at, arc) in problem.arcs.iter().enumerate() {
        // Minimum stocks are held in the planner's bounds; all else is as the network has it.
        let (lower, _) = planner.simplex.bounds(at);
        let money = (arc.cost >> planner.grid.shift) as f64;
        let flow = lp.add_integer_var(money, (lower as i32, arc.upper.min(1000) as i32));
        balance[arc.tail as usize].add(flow, 1.0);
        balance[arc.head as usize].add(flow, -1.0);
        flows.push(flow);
    }
    for (row, supply) in balance.into_iter().zip(&problem.supply) {
        lp.add_constraint(row, ComparisonOp::Eq, *supply as f64);
    }
    for (leg, arcs) in planner.grid.shape.legs.iter().zip(&planner.grid.sends) {
        let mut load = LinearExpr::empty();
        for arc in arcs {
            load.add(flows[*arc as usize], 1.0);
        }
        lp.add_constraint(load, ComparisonOp::Le, leg.capacity as f64);
    }
    match lp.solve() {
        Ok(SolveOutcome::Solution(solution)) => solution.objective(),
        _ => panic!("no solution"),
    }
}

#[test]
fn full_departures_are_filled_as_well_as_an_integer_programme_fills_them() {
    let (mut full, mut proved, mut best) = (0, 0, 0);
    for seed in 0..30 {
        let mut planner = Planner::new(question(seed)).expect("small");
        let exact = by_integers(&planner);
        let bound = planner.fit().expect("something is always possible");
        let grid = &planner.grid;
        for (leg, arcs) in grid.shape.legs.iter().zip(&grid.sends) {
            let load: i64 = arcs.iter().map(|arc| planner.simplex.flow(*arc as usize)).sum();
            assert!(load <= leg.capacity, "seed {seed}: {load} on {}", leg.capacity);
        }
        let tally = Tally::of(grid, &planner.simplex, &planner.figures);
        let constant = tally.cost() - grid.money(planner.simplex.objective());
        let (bound, cost) = (grid.money(bound) + constant, tally.cost());
        let exact = exact.round() as i64 + constant;
        assert!(bound <= exact && exact <= cost, "seed {seed}: {bound} {exact} {cost}");
        if planner.worth.iter().any(|worth| *worth > 0) {
            full += 1;
            proved += usize::from(bound == cost);
            best += usize::from(exact == cost);
        }
    }
    // Made to be hard: three departures, nearly all full.
    assert!(full >= 20, "{full} of 30 had a full departure");
    assert_eq!((proved, best), (full, full), "proved and best, of those full");
}
