//! Ordinary days and the refusals that stop what must not happen, one by one.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::command::Correction;
use samband_domain::blood::model::{
    Din, Group, MaterialKind, Process, Product, QuarantineReason, Status, TestResult, UnitId,
};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Capture, DonationKind, Flag, Output, Results};
use samband_domain::donations::view;
use samband_domain::rulesets::Scope;
use samband_domain::{Event, Known, Refusal};

use crate::common::Desk;
use crate::common::stock::{code, site};
use crate::donations::shop::{self, collect, din, donor, label, outputs, pdc};

const HAND: Capture = Capture::Hand;

fn interface() -> Capture {
    Capture::Interface { system: "analysator".into() }
}

fn unit(serial: u32, product: Product) -> UnitId {
    UnitId { din: din(serial), product: label(&pdc(product, false), "00") }
}

/// Results that lack nothing, of a group.
fn good(group: Group) -> Results {
    Results { group: Some(group), ..shop::results(9, None) }
}

fn told(desk: &mut Desk, din: Din, results: Results) -> Vec<Event> {
    desk.act("machine", Command::RecordResults { din, results, capture: interface() }).unwrap()
}

/// A donation of whole blood, cleared and separated; `serial` names it.
fn separated(desk: &mut Desk, serial: u32, who: u8) {
    let whole = DonationKind::WholeBlood;
    desk.must("a-1", collect(din(serial), Some(donor(who)), whole));
    for flag in desk.region.shared.donations.donations[&din(serial)].flags.clone() {
        let reason = "känd".into();
        desk.must("a-2", Command::ClearFlag { din: din(serial), flag, reason });
    }
    desk.must("a-1", prepare(Process::Separate, &[unit(serial, Product::WholeBlood)], None, 150));
}

fn prepare(process: Process, inputs: &[UnitId], din: Option<Din>, ml: u16) -> Command {
    let product = Product::ALL.iter().find(|one| {
        inputs[0].product.as_str().starts_with(&pdc(**one, false))
            || inputs[0].product.as_str().starts_with(&pdc(**one, true))
    });
    let becomes = process.outputs(*product.unwrap());
    let irradiated = inputs[0].product.as_str().starts_with("C1");
    let outputs = outputs(process, becomes, (inputs[0], din, irradiated), ml);
    Command::Prepare {
        site: site("one"),
        process,
        donation: None,
        inputs: inputs.to_vec(),
        outputs,
        materials: Vec::new(),
    }
}

fn release(id: UnitId) -> Blood {
    Blood::Release { units: vec![id] }
}

fn status(desk: &Desk, id: UnitId) -> Status {
    desk.region.shared.blood.units[&id].status
}

fn lacks(desk: &Desk, id: UnitId) -> Vec<&'static str> {
    let rules = desk.region.shared.rulesets.in_force(Scope::Blood, desk.now).unwrap();
    let lacks = samband_domain::blood::rules::lacks(&desk.region, rules, &id, (desk.now, None));
    lacks.iter().map(|lack: &Refusal| lack.kind.code).collect()
}

#[test]
fn a_new_donors_unit_is_released_when_all_is_there_and_the_refusal_names_every_gap() {
    let mut desk = shop::open();
    separated(&mut desk, 1, 0);
    let red = unit(1, Product::RedCells);
    let refused = desk.act("a-2", release(red)).unwrap_err();
    assert_eq!(refused.kind.code, "stock.test_missing");
    assert_eq!(refused.facts["test"], "hbsag, htlv, syphilis", "a new donor's tests among them");
    assert_eq!(refused.facts["also"], "donation.group_unconfirmed");
    // One determination is not two.
    told(&mut desk, din(1), good(Group::O_NEG));
    assert_eq!(lacks(&desk, red), ["donation.group_unconfirmed"]);
    told(&mut desk, din(1), Results { group: Some(Group::O_NEG), ..Results::default() });
    assert_eq!(lacks(&desk, red), [""; 0]);
    desk.must("a-2", release(red));
    assert_eq!(status(&desk, red), Status::Available);
    // The next time the donor is no new one: no htlv, and one determination suffices.
    desk.pass_hours(24 * 100);
    separated(&mut desk, 2, 0);
    let mut results = good(Group::O_NEG);
    results.markers.retain(|(test, _)| *test != code("htlv"));
    told(&mut desk, din(2), results);
    desk.must("a-2", release(unit(2, Product::RedCells)));
    // After more than five years it is one again.
    desk.pass_hours(24 * 365 * 5 + 24 * 5);
    separated(&mut desk, 3, 0);
    let mut results = good(Group::O_NEG);
    results.markers.retain(|(test, _)| *test != code("htlv"));
    told(&mut desk, din(3), results);
    assert_eq!(lacks(&desk, unit(3, Product::RedCells)), ["stock.test_missing"]);
}

#[test]
fn results_typed_by_hand_count_only_after_a_second_person_and_stop_at_once() {
    let mut desk = shop::open();
    separated(&mut desk, 1, 0);
    let red = unit(1, Product::RedCells);
    for _ in 0..2 {
        let results = good(Group::O_NEG);
        desk.must("a-1", Command::RecordResults { din: din(1), results, capture: HAND });
    }
    assert!(desk.region.shared.blood.units[&red].tested.is_none(), "nothing counts yet");
    assert_eq!(view::waiting(&desk.region.own.donations).len(), 2);
    let verify = |entry| Command::VerifyResults { din: din(1), entry, agrees: true, note: None };
    assert_eq!(desk.refused("a-1", verify(1)), "donation.same_person");
    desk.must("a-2", verify(1));
    assert_eq!(desk.refused("a-2", verify(1)), "donation.entry_settled");
    desk.must("a-2", verify(2));
    desk.must("a-2", release(red));
    // A reactive result stops the unit before anybody has verified it.
    let markers = vec![(code("hbsag"), TestResult::Positive)];
    let results = Results { markers, ..Results::default() };
    desk.must("a-1", Command::RecordResults { din: din(1), results, capture: HAND });
    assert_eq!(status(&desk, red), Status::Quarantined(QuarantineReason::Test));
    assert_eq!(lacks(&desk, red), ["donation.results_not_verified"]);
    // It was mistyped: the second person says so, and the unit can be released again.
    let wrong = Command::VerifyResults { din: din(1), entry: 3, agrees: false, note: None };
    desk.must("a-2", wrong);
    desk.must("a-2", release(red));
}

#[test]
fn a_group_that_differs_from_the_donors_history_stops_every_unit_of_the_donor() {
    let mut desk = shop::open();
    for serial in [1, 2] {
        separated(&mut desk, serial, 0);
        desk.pass_hours(24);
    }
    for serial in [1, 1, 2] {
        told(&mut desk, din(serial), good(Group::O_NEG));
    }
    let (first, second) = (unit(1, Product::RedCells), unit(2, Product::RedCells));
    desk.must("a-2", Blood::Release { units: vec![first, second] });
    told(&mut desk, din(2), good(Group::ALL[2]));
    for id in [first, second] {
        assert_eq!(status(&desk, id), Status::Quarantined(QuarantineReason::Discrepancy));
        assert_eq!(lacks(&desk, id), ["donation.group_conflict"]);
    }
    // The sample was mixed up: taken back, the first donation is free again.
    let (entry, reason) = (2, "förväxlat prov".into());
    desk.must("a-2", Command::RejectResults { din: din(2), entry, reason });
    desk.must("a-2", Blood::Release { units: vec![first, second] });
}

#[test]
fn taking_results_back_leaves_a_gap_and_nothing_stays_free_over_it() {
    let mut desk = shop::open();
    separated(&mut desk, 1, 0);
    told(&mut desk, din(1), good(Group::O_NEG));
    told(&mut desk, din(1), Results { group: Some(Group::O_NEG), ..Results::default() });
    let red = unit(1, Product::RedCells);
    desk.must("a-2", release(red));
    let (entry, reason) = (1, "fel prov".into());
    desk.must("a-2", Command::RejectResults { din: din(1), entry, reason });
    assert_eq!(status(&desk, red), Status::Quarantined(QuarantineReason::Discrepancy));
    assert_eq!(desk.region.shared.blood.units[&red].tested, None);
}

#[test]
fn one_bad_donation_stops_the_pool_that_it_went_into() {
    let mut desk = shop::open();
    let coats: Vec<_> = (1..=4).map(|serial| unit(serial, Product::BuffyCoat)).collect();
    for serial in 1..=4 {
        separated(&mut desk, serial, u8::try_from(serial - 1).unwrap());
        for _ in 0..2 {
            told(&mut desk, din(serial), good(Group::O_NEG));
        }
    }
    assert_eq!(desk.refused("a-2", release(coats[0])), "stock.intermediate");
    desk.must("a-1", prepare(Process::PoolPlatelets, &coats, Some(din(100)), 300));
    let pool = unit(100, Product::PlateletsPooled);
    let stock = &desk.region.shared.blood;
    assert_eq!(stock.donations_in(&pool).len(), 4);
    assert_eq!(stock.units[&pool].group, Known::Value(Group::O_NEG));
    assert!(coats.iter().all(|coat| stock.is_gone(coat)));
    desk.must("a-2", release(pool));
    // Its parts are portions of the same donations.
    desk.must("a-1", prepare(Process::Split, &[pool], None, 140));
    let half =
        UnitId { din: din(100), product: label(&pdc(Product::PlateletsPooled, false), "A0") };
    assert_eq!(status(&desk, half), Status::Available, "what is divided stays released");
    let markers = vec![(code("syphilis"), TestResult::Positive)];
    told(&mut desk, din(3), Results { markers, ..Results::default() });
    assert_eq!(status(&desk, half), Status::Quarantined(QuarantineReason::Test));
    let other = unit(1, Product::RedCells);
    assert_eq!(status(&desk, other), Status::Quarantined(QuarantineReason::NotReleased));
}

#[test]
fn a_donation_happened_whatever_is_wrong_with_it() {
    let mut desk = shop::open();
    let range = Command::AssignNumbers { site: site("one"), from: din(1), to: din(50) };
    desk.must("a-1", range);
    let whole = DonationKind::WholeBlood;
    let mut command = collect(din(99), None, whole);
    if let Command::Collect { millilitres, abandoned, .. } = &mut command {
        (*millilitres, *abandoned) = (Known::Value(510), true);
    }
    desk.must("a-1", command);
    let donation = &desk.region.shared.donations.donations[&din(99)];
    let flags = [Flag::DonorUnknown, Flag::OutsideRange, Flag::TooMuch, Flag::Abandoned];
    assert_eq!(donation.flags, flags);
    let bag = unit(99, Product::WholeBlood);
    assert_eq!(status(&desk, bag), Status::Quarantined(QuarantineReason::NotReleased));
    assert_eq!(lacks(&desk, bag).iter().filter(|code| **code == "donation.flagged").count(), 4);
    assert_eq!(desk.refused("a-1", collect(din(99), None, whole)), "donation.number_used");
}

#[test]
fn a_bag_whose_label_means_nothing_here_waits_and_is_worked_up_from_the_donation() {
    let mut rules = shop::rules();
    let whole = samband_domain::rulesets::key::SHELF_LIFE_WHOLE_BLOOD;
    rules.retain(|rule| rule.key != whole);
    let mut desk = shop::open_with(rules);
    desk.must("a-1", collect(din(1), Some(donor(0)), DonationKind::WholeBlood));
    assert!(desk.region.shared.donations.donations[&din(1)].unlabelled);
    assert!(desk.region.shared.blood.units.is_empty());
    let output = |product, ml| Output {
        product: label(&pdc(product, false), "00"),
        din: None,
        millilitres: Known::Value(ml),
    };
    let from_bag = |process, outputs| Command::Prepare {
        site: site("one"),
        process,
        donation: Some(din(1)),
        inputs: Vec::new(),
        outputs,
        materials: vec![shop::material(MaterialKind::Bag)],
    };
    let again = from_bag(Process::Label, vec![output(Product::WholeBlood, 500)]);
    assert_eq!(desk.refused("a-1", again), "rule.missing");
    let parts = vec![output(Product::RedCells, 280), output(Product::PlasmaFrozen, 250)];
    desk.must("a-1", from_bag(Process::Separate, parts.clone()));
    assert!(!desk.region.shared.donations.donations[&din(1)].unlabelled);
    assert_eq!(desk.region.shared.blood.units.len(), 2);
    assert_eq!(desk.refused("a-1", from_bag(Process::Separate, parts)), "preparation.inputs");
}

#[test]
fn preparation_refuses_what_does_not_fit() {
    let mut desk = shop::open();
    for serial in [1, 2] {
        separated(&mut desk, serial, 0);
    }
    let (red, coat) = (unit(1, Product::RedCells), unit(1, Product::BuffyCoat));
    let other = unit(2, Product::BuffyCoat);
    let mut refused = |command: Command| desk.refused("a-1", command);
    let pool = |units: &[UnitId], din| prepare(Process::PoolPlatelets, units, din, 300);
    assert_eq!(refused(pool(&[coat], Some(din(100)))), "preparation.inputs", "one is no pool");
    assert_eq!(refused(pool(&[coat, other], None)), "preparation.number");
    assert_eq!(refused(pool(&[coat, red], Some(din(100)))), "preparation.inputs");
    assert_eq!(
        refused(prepare(Process::Irradiate, &[red], Some(din(100)), 9)),
        "preparation.number"
    );
    assert_eq!(refused(prepare(Process::Split, &[red], None, 76)), "preparation.volume");
    let with = |process, code: String, tail| Command::Prepare {
        site: site("one"),
        process,
        donation: None,
        inputs: vec![red],
        outputs: vec![Output {
            product: label(&code, tail),
            din: None,
            millilitres: Known::Unknown,
        }],
        materials: Vec::new(),
    };
    let plain = pdc(Product::RedCells, false);
    let rays = pdc(Product::RedCells, true);
    assert_eq!(refused(with(Process::Irradiate, plain.clone(), "A0")), "preparation.division");
    let washed = pdc(Product::RedCellsWashed, false);
    assert_eq!(refused(with(Process::Irradiate, washed, "00")), "preparation.outputs");
    assert_eq!(refused(with(Process::Irradiate, plain, "00")), "stock.unit_known");
    assert_eq!(refused(with(Process::Wash, rays.clone(), "00")), "preparation.outputs");
    assert_eq!(
        refused(with(Process::Irradiate, "C9999".into(), "00")),
        "stock.product_code_unknown"
    );
    desk.must("a-1", with(Process::Irradiate, rays, "00"));
    let rayed = UnitId { product: label(&pdc(Product::RedCells, true), "00"), ..red };
    // A washed unit that does not say that it was irradiated.
    let mut wash = prepare(Process::Wash, &[rayed], None, 100);
    let says_not = label(&pdc(Product::RedCellsWashed, false), "00");
    if let Command::Prepare { outputs, .. } = &mut wash {
        outputs[0].product = says_not;
    }
    assert_eq!(desk.refused("a-1", wash), "preparation.label");
    let again = prepare(Process::Irradiate, &[rayed], None, 100);
    assert_ne!(desk.refused("a-1", again), "", "nothing is irradiated twice");
}

#[test]
fn whole_blood_is_labelled_low_titre_only_by_a_titre_within_the_rule() {
    let mut desk = shop::open();
    desk.must("a-1", collect(din(1), Some(donor(0)), DonationKind::WholeBlood));
    let bag = unit(1, Product::WholeBlood);
    let low = || prepare(Process::LowTitre, &[bag], None, 500);
    assert_eq!(desk.refused("a-1", low()), "preparation.titre_missing");
    told(&mut desk, din(1), Results { titre: Some(256), ..Results::default() });
    assert_eq!(desk.refused("a-1", low()), "preparation.titre_above");
    let (entry, reason) = (1, "fel".into());
    desk.must("a-2", Command::RejectResults { din: din(1), entry, reason });
    told(&mut desk, din(1), Results { titre: Some(128), ..Results::default() });
    desk.must("a-1", low());
}

#[test]
fn pools_are_of_one_abo_group() {
    let mut desk = shop::open();
    for (serial, group) in [(1, Group::O_NEG), (2, Group::ALL[2])] {
        separated(&mut desk, serial, u8::try_from(serial).unwrap());
        for _ in 0..2 {
            told(&mut desk, din(serial), good(group));
        }
    }
    let coats = [unit(1, Product::BuffyCoat), unit(2, Product::BuffyCoat)];
    let pool = prepare(Process::PoolPlatelets, &coats, Some(din(100)), 300);
    assert_eq!(desk.refused("a-1", pool), "preparation.mixed_groups");
}

#[test]
fn nothing_gets_past_the_tests_by_another_door() {
    let mut desk = shop::open();
    separated(&mut desk, 1, 0);
    for _ in 0..2 {
        told(&mut desk, din(1), good(Group::O_NEG));
    }
    let red = unit(1, Product::RedCells);
    // A group put right by hand against what the tests say.
    let correction = Correction::Group(Known::Value(Group::ALL[2]));
    desk.must("a-1", Blood::Correct { unit: red, correction, reason: "etikett".into() });
    assert_eq!(desk.refused("a-2", release(red)), "donation.group_conflict");
    let correction = Correction::Group(Known::Value(Group::O_NEG));
    desk.must("a-1", Blood::Correct { unit: red, correction, reason: "fel".into() });
    assert_eq!(desk.refused("a-1", release(red)), "stock.second_person");
    desk.must("a-2", release(red));
    // A unit of a donation made here that is said to come from another system.
    let mut row = crate::common::stock::row(1);
    row.id = UnitId { din: din(1), product: label(&pdc(Product::PlasmaLiquid, false), "00") };
    row.expiry = desk.now.plus_days(3);
    let taken = crate::common::stock::take_over("one", vec![row]);
    assert_eq!(desk.refused("a-1", taken), "stock.unit_known");
    // Tests recorded on the unit alone are not the donation's.
    separated(&mut desk, 2, 1);
    let other = unit(2, Product::RedCells);
    let results = shop::results(9, None).markers;
    desk.must("a-1", Blood::RecordTests { unit: other, results });
    assert_eq!(desk.refused("a-2", release(other)), "stock.test_missing");
}
