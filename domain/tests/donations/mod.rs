//! From the donor's arm to a unit that may be given: over random histories nothing leaves
//! quarantine untested, everything traces to its donations, and nothing keeps longer than ruled.

mod examples;
mod expiry;
pub mod shop;
mod types;
mod world;

use std::collections::BTreeSet;

use proptest::prelude::*;
use samband_domain::blood::model::{Component, Din, Product, Status};
use samband_domain::{Known, SharedState};
use world::{Step, World, passes, steps};

/// What must hold at any time.
fn assert_holds(world: &World) {
    let stock = &world.desk.region.shared.blood;
    for (id, unit) in &stock.units {
        let parts = &world.parts[id];
        let traced: BTreeSet<Din> = stock.donations_in(id).into_iter().collect();
        assert_eq!(&traced, parts, "{id} does not trace to what it was made of");
        for din in parts {
            assert!(world.desk.region.shared.donations.donations.contains_key(din));
            assert!(stock.units_with(din).contains(id), "{din} does not lead to {id}");
        }
        assert!(!world.used_up.contains(id), "{id} was used up and is there");
        if matches!(unit.status, Status::Available | Status::Reserved { .. }) {
            assert!(parts.iter().all(|din| passes(world, din)), "{id} left quarantine untested");
            assert_ne!(unit.group, Known::Unknown);
            assert_ne!(unit.product, Product::BuffyCoat);
        }
        assert_expiry(world, id, unit);
    }
    assert!(world.used_up.iter().all(|id| stock.is_gone(id)));
}

/// By plain days: never longer than the product may keep at all, from the latest moment from which
/// its life can count.
fn assert_expiry(
    world: &World,
    id: &samband_domain::blood::model::UnitId,
    unit: &samband_domain::blood::model::Unit,
) {
    let donations = &world.desk.region.shared.donations.donations;
    let oldest = world.parts[id].iter().map(|din| donations[din].collected).min().unwrap();
    let from_collection = |days: i64| oldest.plus_days(days + 1);
    let from_making = |days: i64| unit.since.max(oldest).plus_days(days + 1);
    let most = match unit.product {
        Product::RedCells => from_collection(42),
        Product::RedCellsPaediatric => from_collection(14),
        Product::WholeBlood => from_collection(21),
        Product::PlateletsPooled | Product::PlateletsApheresis | Product::BuffyCoat => {
            from_collection(5)
        }
        Product::PlateletsCold => from_collection(14),
        Product::PlasmaLiquid => from_collection(14),
        Product::RedCellsWashed => from_making(1),
        Product::PlasmaThawed => from_making(14),
        Product::PlateletsThawed => from_making(1),
        Product::RedCellsDeglycerolised => from_making(7),
        _ => from_making(31 * 360),
    };
    assert!(unit.expiry <= most, "{id} ({}) keeps too long", unit.product);
}

fn played(steps: &[Step]) -> World {
    let mut world = World::open();
    for step in steps {
        world.play(step);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nothing_leaves_quarantine_untested(steps in steps(140)) {
        let mut world = World::open();
        for step in &steps {
            let before = world.desk.region.clone();
            let records = world.desk.lines.len();
            if !world.play(step) && !matches!(step, Step::Wait { .. }) {
                prop_assert_eq!(&world.desk.region, &before, "a refusal leaves no trace");
                prop_assert_eq!(world.desk.lines.len(), records);
            }
            assert_holds(&world);
        }
    }

    #[test]
    fn replay_and_snapshot_give_the_live_state(steps in steps(90)) {
        let world = played(&steps);
        prop_assert_eq!(&world.desk.replayed(), &world.desk.region);
        let shared = &world.desk.region.shared;
        prop_assert_eq!(&world.desk.seen_from_outside(), shared);
        let bytes = postcard::to_stdvec(shared).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<SharedState>(&bytes).unwrap(), shared);
        let own = postcard::to_stdvec(&world.desk.region.own).unwrap();
        let own: samband_domain::OwnState = postcard::from_bytes(&own).unwrap();
        prop_assert_eq!(&own, &world.desk.region.own);
    }

    #[test]
    fn who_gave_and_what_was_found_stays_in_the_region(steps in steps(90)) {
        let world = played(&steps);
        let bytes = world.desk.shared_bytes();
        let outside = format!("{bytes} {:?}", world.desk.region.shared);
        for n in 0..4 {
            let donor = format!("\"{}\"", shop::donor(n));
            prop_assert!(!outside.contains(&donor));
        }
        prop_assert!(!bytes.contains("analysator"), "how results came in is not told");
    }
}

#[test]
fn the_histories_reach_what_they_are_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut done = std::collections::BTreeMap::<String, u32>::new();
    let (mut free, mut stopped, mut pooled) = (0, 0, 0);
    for _ in 0..160 {
        let steps = steps(160).new_tree(&mut runner).unwrap().current();
        let world = played(&steps);
        for (kind, count) in &world.done {
            *done.entry(kind.clone()).or_default() += count;
        }
        for (id, unit) in &world.desk.region.shared.blood.units {
            let several = world.parts[id].len() > 1;
            free += usize::from(unit.status == Status::Available);
            stopped += usize::from(world::is_stop(unit.status));
            pooled += usize::from(
                several
                    && unit.status == Status::Available
                    && unit.component() == Component::Platelets,
            );
        }
    }
    println!("{done:#?} free {free} stopped {stopped} pooled {pooled}");
    let wanted = [
        "donation.collected",
        "donation.flag_cleared",
        "donation.results_entered",
        "donation.results_verified",
        "donation.results_rejected",
        "stock.produced",
        "stock.tested",
        "stock.released",
        "stock.quarantined",
        "separate",
        "pool_platelets",
        "split",
        "paediatric",
        "irradiate",
        "wash",
        "freeze",
        "thaw",
        "cool",
        "low_titre",
    ];
    for kind in wanted {
        assert!(done.contains_key(kind), "{kind} never happened");
    }
    assert!(free > 20 && stopped > 20, "{free} free, {stopped} stopped");
    assert!(pooled > 0, "no pool was ever released");
}
