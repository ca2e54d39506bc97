//! What is refused about donations, and what a unit can lack.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::{Group, Process, Product, TestResult, UnitId};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Capture, DonationKind, Flag, Output, Results};
use samband_domain::rulesets::{Value, key};
use samband_domain::{Known, SiteId};

use crate::common::Desk;
use crate::common::stock::{code, site};
use crate::donations::shop::{self, collect, din, donor, label, outputs, pdc};
use crate::refusals::asked::*;

fn unit(serial: u32, product: Product) -> UnitId {
    UnitId { din: din(serial), product: label(&pdc(product, false), "00") }
}

/// A donation of whole blood with its flags settled.
fn whole(desk: &mut Desk, serial: u32) {
    desk.must("a-1", collect(din(serial), Some(donor(0)), DonationKind::WholeBlood));
    for flag in desk.region.shared.donations.donations[&din(serial)].flags.clone() {
        let reason = "sett".into();
        desk.must("a-2", Command::ClearFlag { din: din(serial), flag, reason });
    }
}

fn separated(desk: &mut Desk, serial: u32) {
    whole(desk, serial);
    desk.must("a-1", prepare(Process::Separate, &[(serial, Product::WholeBlood)], None, 150));
}

fn two() -> Desk {
    let mut desk = shop::open();
    separated(&mut desk, 1);
    separated(&mut desk, 2);
    desk
}

fn told(desk: &mut Desk, serial: u32, results: Results) {
    let capture = Capture::Interface { system: "analysator".into() };
    desk.must("machine", Command::RecordResults { din: din(serial), results, capture });
}

fn good(group: Group) -> Results {
    Results { group: Some(group), ..shop::results(9, None) }
}

fn prepare(process: Process, of: &[(u32, Product)], pool: Option<u32>, ml: u16) -> Command {
    let inputs: Vec<_> = of.iter().map(|(serial, product)| unit(*serial, *product)).collect();
    let pool = pool.map(din);
    let outputs = outputs(process, process.outputs(of[0].1), (inputs[0], pool, false), ml);
    Command::Prepare {
        site: site("one"),
        process,
        donation: None,
        inputs,
        outputs,
        materials: Vec::new(),
    }
}

/// A red-cell unit made into something with a label of its own choosing.
fn labelled(process: Process, code: &str, tail: &str) -> Command {
    let mut command = prepare(process, &[(1, Product::RedCells)], None, 100);
    if let Command::Prepare { outputs, .. } = &mut command {
        let product = label(code, tail);
        *outputs = vec![Output { product, din: None, millilitres: Known::Unknown }];
    }
    command
}

pub fn reporting_cases() -> Vec<(&'static str, Case)> {
    let open = shop::open;
    let one = || {
        let mut desk = open();
        whole(&mut desk, 1);
        desk
    };
    let numbers = |place: &str, from, to| {
        let site = SiteId::new(place).unwrap();
        Command::AssignNumbers { site, from: din(from), to: din(to) }
    };
    let given = || {
        let mut desk = open();
        desk.must("a-1", numbers("one", 1, 50));
        desk
    };
    let clear = |flag| Command::ClearFlag { din: din(1), flag, reason: "x".into() };
    let enter = |results| Command::RecordResults { din: din(1), results, capture: Capture::Hand };
    let entered = || {
        let mut desk = one();
        desk.must("a-1", enter(good(Group::O_NEG)));
        desk
    };
    let verify = || Command::VerifyResults { din: din(1), entry: 1, agrees: true, note: None };
    let reject = Command::RejectResults { din: din(1), entry: 1, reason: "x".into() };
    let twice = vec![(code("nat"), TestResult::Negative), (code("nat"), TestResult::Positive)];
    let kind = DonationKind::WholeBlood;
    vec![
        ("donation.number_used", case(one(), "a-1", collect(din(1), None, kind))),
        ("donation.number_range", case(open(), "a-1", numbers("one", 9, 1))),
        ("donation.number_range_taken", case(given(), "a-1", numbers("two", 50, 90))),
        ("donation.not_flagged", case(one(), "a-2", clear(Flag::TooMuch))),
        ("donation.nothing_said", case(one(), "a-1", enter(Results::default()))),
        ("donation.test_listed_twice", {
            case(one(), "a-1", enter(Results { markers: twice, ..Results::default() }))
        }),
        ("donation.same_person", case(entered(), "a-1", verify())),
        ("donation.entry_settled", case(entered(), "a-2", reject)),
    ]
}

pub fn lacking_cases() -> Vec<(&'static str, Case)> {
    let release = || Blood::Release { units: vec![unit(1, Product::RedCells)] };
    let flagged = || {
        let mut desk = shop::open();
        desk.must("a-1", collect(din(1), None, DonationKind::WholeBlood));
        desk
    };
    let tested = |results: &[Results]| {
        let mut desk = two();
        results.iter().for_each(|one| told(&mut desk, 1, one.clone()));
        desk
    };
    let once = good(Group::O_NEG);
    let other = Results { group: Some(Group::ALL[2]), ..Results::default() };
    let complete = [once.clone(), once.clone()];
    let unverified = || {
        let mut desk = tested(&complete);
        let (din, capture) = (din(1), Capture::Hand);
        desk.must("a-1", Command::RecordResults { din, results: good(Group::O_NEG), capture });
        desk
    };
    let bag = Blood::Release { units: vec![unit(1, Product::WholeBlood)] };
    let coat = Blood::Release { units: vec![unit(1, Product::BuffyCoat)] };
    vec![
        ("donation.flagged", case(flagged(), "a-2", bag)),
        ("donation.group_unconfirmed", case(tested(std::slice::from_ref(&once)), "a-2", release())),
        ("donation.group_conflict", case(tested(&[once, other]), "a-2", release())),
        ("donation.results_not_verified", case(unverified(), "a-2", release())),
        ("stock.intermediate", case(tested(&complete), "a-2", coat)),
    ]
}

pub fn preparing_cases() -> Vec<(&'static str, Case)> {
    let coats = [(1, Product::BuffyCoat), (2, Product::BuffyCoat)];
    let red = [(1, Product::RedCells)];
    let pool = |number| prepare(Process::PoolPlatelets, &coats, number, 300);
    let mut elsewhere = prepare(Process::Irradiate, &red, None, 100);
    if let Command::Prepare { site: place, .. } = &mut elsewhere {
        *place = site("two");
    }
    let grouped = || {
        let mut desk = shop::open();
        for (serial, group) in [(1, Group::O_NEG), (2, Group::ALL[2])] {
            let kind = DonationKind::WholeBlood;
            desk.must("a-1", collect(din(serial), None, kind));
            let bag = [(serial, Product::WholeBlood)];
            desk.must("a-1", prepare(Process::Separate, &bag, None, 150));
            (0..2).for_each(|_| told(&mut desk, serial, good(group)));
        }
        desk
    };
    let titre = |titre: Option<u16>| {
        let mut desk = shop::open();
        whole(&mut desk, 1);
        if titre.is_some() {
            told(&mut desk, 1, Results { titre, ..Results::default() });
        }
        desk
    };
    let low = || prepare(Process::LowTitre, &[(1, Product::WholeBlood)], None, 500);
    let unused = || {
        let mut rules = shop::rules();
        rules.retain(|rule| rule.key != key::PLATELETS_FROZEN_IN_USE);
        let no = Value::Choice("no".into());
        let (value, source) = (Known::Value(no), "prov".into());
        let key = key::PLATELETS_FROZEN_IN_USE;
        rules.push(samband_domain::rulesets::Rule { key, value, source, note: None });
        let mut desk = shop::open_with(rules);
        desk.must("a-1", collect(din(1), None, DonationKind::Plateletpheresis));
        desk
    };
    let frozen = prepare(Process::Freeze, &[(1, Product::PlateletsApheresis)], None, 200);
    // A unit taken over says nothing about when its blood was collected.
    let unknown = || {
        let mut desk = shop::open();
        let mut row = crate::common::stock::row(900);
        row.id = UnitId { din: din(900), product: label(&pdc(Product::RedCells, false), "00") };
        desk.must("a-1", crate::common::stock::take_over("one", vec![row]));
        desk
    };
    let small = prepare(Process::Paediatric, &[(900, Product::RedCells)], None, 50);
    let rays = pdc(Product::RedCells, true);
    let plain = pdc(Product::RedCellsWashed, true);
    vec![
        ("preparation.inputs", {
            let one = prepare(Process::PoolPlatelets, &coats[..1], Some(100), 300);
            case(two(), "a-1", one)
        }),
        ("preparation.outputs", case(two(), "a-1", labelled(Process::Wash, &rays, "00"))),
        ("preparation.label", case(two(), "a-1", labelled(Process::Wash, &plain, "00"))),
        ("preparation.other_site", case(two(), "a-1", elsewhere)),
        ("preparation.volume", case(two(), "a-1", prepare(Process::Split, &red, None, 76))),
        ("preparation.collection_unknown", case(unknown(), "a-1", small)),
        ("preparation.division", case(two(), "a-1", labelled(Process::Irradiate, &rays, "A0"))),
        ("preparation.number", case(two(), "a-1", pool(None))),
        ("preparation.mixed_groups", case(grouped(), "a-1", pool(Some(100)))),
        ("preparation.titre_missing", case(titre(None), "a-1", low())),
        ("preparation.titre_above", case(titre(Some(256)), "a-1", low())),
        ("preparation.not_in_use", case(unused(), "a-1", frozen)),
    ]
}
