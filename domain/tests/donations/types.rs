//! What a donation was typed for is the donor's, and a rare search finds the donor by it.

use proptest::prelude::*;
use samband_domain::blood::model::{Antigen, Hpa, Phenotype};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Capture, DonationKind, Results, Weight};
use samband_domain::donors::command::Command as Donors;
use samband_domain::donors::model::{Identity, Terms};
use samband_domain::donors::typed::Wanted;
use samband_domain::words::Code;
use samband_domain::{DonorId, Known};

use crate::common::Desk;
use crate::donations::shop::{self, collect, din};

fn registered(desk: &mut Desk) -> DonorId {
    let number = "196408233234".parse().expect("a number");
    let identity = Identity { number, name: "Prov Ek".into(), phone: None, email: None };
    let terms = Terms { site: None, kinds: vec![DonationKind::WholeBlood], may_call: true };
    desk.must("a-1", Donors::Register { identity, terms, earlier: Known::Value(Vec::new()) });
    desk.region.own.donors.donors.keys().next().expect("registered").clone()
}

/// A region with one donor who gave twice.
fn open() -> (Desk, DonorId) {
    let mut desk = shop::open();
    let donor = registered(&mut desk);
    for serial in [1, 2] {
        desk.must("a-1", collect(din(serial), Some(donor.clone()), DonationKind::WholeBlood));
    }
    (desk, donor)
}

fn hla(text: &str) -> Results {
    Results { hla: vec![Code::new(text).expect("a code")], ..Results::default() }
}

fn told(desk: &mut Desk, serial: u32, results: Results) -> u32 {
    let capture = Capture::Interface { system: "analysator".into() };
    desk.must("machine", Command::RecordResults { din: din(serial), results, capture });
    desk.region.own.donations.files[&din(serial)].entries.last().expect("entered").number
}

fn finds(desk: &Desk, wanted: &Wanted) -> usize {
    desk.region.own.donors.typed.find(wanted, 5).0
}

fn of_hla(text: &str) -> Wanted {
    Wanted { hla: vec![text.into()], ..Wanted::default() }
}

#[test]
fn a_donor_is_found_by_what_a_donation_was_typed_for() {
    let (mut desk, _) = open();
    let a2 = of_hla("A*02");
    assert_eq!(finds(&desk, &a2), 0);
    told(&mut desk, 1, hla("a-02-01"));
    assert_eq!((finds(&desk, &a2), finds(&desk, &of_hla("A*02:01"))), (1, 1));
    let found = vec![(Hpa::Hpa1a, false), (Hpa::Hpa1b, true), (Hpa::Hpa5a, true)];
    let phenotype = Phenotype::UNTESTED.with(Antigen::BigK, false);
    told(&mut desk, 2, Results { hpa: found, phenotype, ..Results::default() });
    let lacks = |one| Wanted { lacks_hpa: vec![one], ..Wanted::default() };
    assert_eq!(finds(&desk, &lacks(Hpa::Hpa1a)), 1);
    assert_eq!(finds(&desk, &lacks(Hpa::Hpa5b)), 0, "found once, and the partner not looked for");
    let k_neg = Wanted { lacks: std::iter::once(Antigen::BigK).collect(), ..Wanted::default() };
    assert_eq!(finds(&desk, &k_neg), 1);
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn what_waits_for_a_second_person_is_nobodys_type_yet() {
    let (mut desk, donor) = open();
    let (results, capture) = (hla("b7"), Capture::Hand);
    desk.must("a-1", Command::RecordResults { din: din(1), results, capture });
    assert_eq!(finds(&desk, &of_hla("B7")), 0);
    let (entry, agrees, note) = (1, true, None);
    desk.must("a-2", Command::VerifyResults { din: din(1), entry, agrees, note });
    assert_eq!(finds(&desk, &of_hla("B7")), 1);
    assert_eq!(desk.region.own.donors.donors[&donor].types.hla, ["B7"]);
}

#[test]
fn results_taken_back_take_the_type_back_unless_another_donation_says_it() {
    let (mut desk, _) = open();
    let first = told(&mut desk, 1, hla("a-02-01"));
    let second = told(&mut desk, 2, hla("a-02-01"));
    let reject = |serial, entry| Command::RejectResults {
        din: din(serial),
        entry,
        reason: "Prov förväxlade".into(),
    };
    desk.must("a-1", reject(1, first));
    assert_eq!(finds(&desk, &of_hla("A2")), 1, "the other donation says it");
    desk.must("a-1", reject(2, second));
    assert_eq!(finds(&desk, &of_hla("A2")), 0);
    assert_eq!(desk.replayed(), desk.region);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The donor's types are what the entries that count say, in whatever order they were entered
    /// and taken back.
    #[test]
    fn types_are_what_the_counting_entries_say(
        steps in prop::collection::vec((1..3_u32, 0..3_usize, any::<bool>()), 1..14)
    ) {
        const TYPES: [&str; 3] = ["a-02-01", "b-7", "a-24"];
        let (mut desk, donor) = open();
        for (serial, which, back) in steps {
            if back {
                let file = &desk.region.own.donations.files[&din(serial)];
                let counts = file.entries.iter().find(|one| one.weight == Weight::Counts);
                let Some(entry) = counts.map(|one| one.number) else { continue };
                let reject = Command::RejectResults { din: din(serial), entry, reason: "x".into() };
                desk.must("a-1", reject);
            } else {
                told(&mut desk, serial, hla(TYPES[which]));
            }
        }
        let files = [1, 2].map(|serial| desk.region.own.donations.files[&din(serial)].clone());
        let counting = files.iter().flat_map(|file| &file.entries);
        let counting = counting.filter(|one| one.weight == Weight::Counts);
        let mut said: Vec<_> = counting.flat_map(|one| &one.results.hla).collect();
        said.sort_unstable();
        said.dedup();
        prop_assert_eq!(desk.region.own.donors.donors[&donor].types.hla.len(), said.len());
        prop_assert_eq!(desk.replayed(), desk.region);
    }
}
