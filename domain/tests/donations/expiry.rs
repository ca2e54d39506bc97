//! Until when each product may be used, by the values of blood.md §3: a table that a person can
//! check with a calendar.

use samband_domain::blood::model::{Process, Product};
use samband_domain::donations::rules::expiry::{Basis, expiry};
use samband_domain::rulesets::{InForce, Scope};
use samband_domain::{Known, Time};

use crate::common::START;
use crate::donations::shop;

/// The last minute of the day so many days after New Year's Day 2025 in Sweden, when the donor
/// gave at noon.
fn last_minute(days: i64) -> Time {
    let midnight = START.plus_days(days + 1);
    midnight.plus_seconds(summer(days) - 60)
}

/// Sweden's clocks are an hour ahead from 30 March to 26 October 2025, so midnight comes earlier.
fn summer(days: i64) -> i64 {
    if (89..299).contains(&(days % 365)) { -3_600 } else { 0 }
}

fn in_force() -> (crate::common::Desk, Time) {
    (shop::open(), START.plus_seconds(12 * 3_600))
}

fn rules(desk: &crate::common::Desk) -> &InForce {
    desk.region.shared.rulesets.in_force(Scope::Blood, desk.now).unwrap()
}

#[test]
fn every_preparation_has_the_expiry_of_its_rule() {
    let (desk, collected) = in_force();
    let rules = rules(&desk);
    // Collected on day 0 at noon, made on day 2 at noon; the parent keeps until day 21, 42 or 5.
    let made = collected.plus_days(2);
    let parent = |days: i64| Some(last_minute(days));
    let hours = |hours: i64| made.plus_seconds(hours * 3_600);
    let (l, s) = (Process::Label, Process::Separate);
    let table: &[(Process, Product, Option<Time>, Time)] = &[
        (l, Product::WholeBlood, None, last_minute(21)),
        (l, Product::WholeBloodCpda1, None, last_minute(35)),
        (l, Product::PlateletsApheresis, None, last_minute(5)),
        (l, Product::PlasmaLiquid, None, last_minute(14)),
        // A component's life is its own, not the whole blood's.
        (s, Product::RedCells, parent(21), last_minute(42)),
        (s, Product::PlasmaLiquid, parent(21), last_minute(14)),
        (s, Product::BuffyCoat, parent(21), last_minute(5)),
        (Process::PoolPlatelets, Product::PlateletsPooled, parent(5), last_minute(5)),
        (Process::Pool, Product::PlateletsPooled, parent(4), last_minute(4)),
        (Process::Split, Product::RedCells, parent(42), last_minute(42)),
        (Process::Paediatric, Product::RedCellsPaediatric, parent(42), last_minute(14)),
        // 14 days after irradiation, and never longer than before.
        (Process::Irradiate, Product::RedCells, parent(42), last_minute(16)),
        (Process::Irradiate, Product::RedCells, parent(10), last_minute(10)),
        (Process::Irradiate, Product::WholeBlood, parent(21), last_minute(16)),
        (Process::Irradiate, Product::PlateletsPooled, parent(5), last_minute(5)),
        (Process::Wash, Product::RedCellsWashed, parent(42), hours(24)),
        (Process::Thaw, Product::RedCellsDeglycerolised, parent(300), last_minute(9)),
        (Process::Thaw, Product::PlasmaThawed, parent(300), last_minute(16)),
        (Process::Thaw, Product::PlasmaThawed, parent(10), last_minute(10)),
        (Process::Thaw, Product::PlateletsThawed, parent(300), hours(6)),
        (Process::Cool, Product::PlateletsCold, parent(5), last_minute(14)),
        (Process::LowTitre, Product::WholeBlood, parent(21), last_minute(21)),
    ];
    for (process, product, parent, until) in table {
        let basis = Basis { collected: Known::Value(collected), made, parent: *parent };
        let found = expiry(rules, *process, *product, basis);
        assert_eq!(found, Ok(*until), "{process} {product}");
    }
}

#[test]
fn frozen_components_keep_by_the_calendar_from_when_they_were_frozen() {
    let (desk, collected) = in_force();
    let made = collected.plus_days(2);
    let parent = Some(last_minute(5));
    let basis = Basis { collected: Known::Value(collected), made, parent };
    let until = |product| {
        let until = expiry(rules(&desk), Process::Freeze, product, basis).unwrap();
        until.to_string()
    };
    // Frozen on 3 January 2025.
    assert_eq!(until(Product::PlateletsFrozen), "2027-01-03T22:59:00Z");
    assert_eq!(until(Product::PlasmaFrozen), "2028-01-03T22:59:00Z");
    assert_eq!(until(Product::RedCellsFrozen), "2055-01-03T22:59:00Z");
}

#[test]
fn a_rule_that_nobody_stated_refuses() {
    let mut rules = shop::rules();
    rules.retain(|rule| !rule.key.to_string().starts_with("shelf_life."));
    let desk = shop::open_with(rules);
    let rules = desk.region.shared.rulesets.in_force(Scope::Blood, desk.now).unwrap();
    let basis =
        Basis { collected: Known::Value(START), made: START, parent: Some(START.plus_days(20)) };
    for product in Product::ALL {
        for process in [Process::Label, Process::Separate, Process::Freeze, Process::Thaw] {
            let refused = expiry(rules, process, *product, basis).unwrap_err();
            assert_eq!(refused.kind.code, "rule.missing", "{process} {product}");
            assert!(refused.facts["key"].starts_with("shelf_life."));
        }
    }
    let irradiated = expiry(rules, Process::Irradiate, Product::RedCells, basis).unwrap_err();
    assert_eq!(irradiated.facts["key"], "shelf_life.irradiated_cap_days");
}

#[test]
fn what_counts_from_a_collection_that_nobody_knows_is_refused() {
    let (desk, collected) = in_force();
    let basis = Basis { collected: Known::Unknown, made: collected, parent: None };
    for product in [Product::RedCells, Product::WholeBlood, Product::PlateletsApheresis] {
        let refused = expiry(rules(&desk), Process::Label, product, basis).unwrap_err();
        assert_eq!(refused.kind.code, "preparation.collection_unknown");
    }
}
