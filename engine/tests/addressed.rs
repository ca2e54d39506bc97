//! A private part that is for one other region reaches it, verified, and nobody else.

use std::collections::BTreeSet;

use crate::common::pull::{key_of, page, page_for, pull, to_bytes};
use crate::common::{Base, House, journal, on_both, person, site};
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command as Donors;
use samband_domain::donors::model::{Identity, Terms};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, Role, SiteKind};
use samband_domain::mobile::{self, Command as Mobile};
use samband_domain::rulesets::command::Verdict;
use samband_domain::rulesets::{Command as Rules, Document, Rule, Scope, Value, key};
use samband_domain::{Digest, DonorId, Event, Known, Private, RecordRef, Time, Window};
use samband_engine::IntakeError;

const NUMBER: &str = "196408233234";
const BUS: &str = "skane-bus";

fn open_bus() -> Kernel {
    Kernel::OpenSite {
        id: Some(site("bus")),
        name: "Blodbussen".into(),
        kind: SiteKind::MobileUnit,
        parent: None,
        record: RecordKeeper::Samband,
        window: Window::open(Time(0)),
        note: None,
    }
}

async fn adopt_rules(house: &House, region: &str) {
    let rules = vec![Rule {
        key: key::NAT_IN_USE,
        value: Known::Value(Value::Flag(false)),
        source: "prov".into(),
        note: None,
    }];
    let (scope, title, version) = (Scope::Blood, "Regler".to_owned(), "1".to_owned());
    let text = Document::of(scope, title.clone(), version.clone(), &rules).text();
    let rule_set = Digest::of(text.as_bytes());
    let draft = Rules::Draft { scope, title, version, rules, file: None };
    house.give(&person(region, "coordinator"), region, draft).await.unwrap();
    let review = Rules::Review { rule_set, verdict: Verdict::Approve, comment: None };
    house.give(&person(region, "scientist"), region, review).await.unwrap();
    let adopt = Rules::Adopt { rule_set, from: None };
    house.give(&person(region, "director"), region, adopt).await.unwrap();
}

async fn donor(house: &House, region: &str) -> DonorId {
    let number = NUMBER.parse().unwrap();
    let identity = Identity { number, name: "Xsecret Donor".into(), phone: None, email: None };
    let terms = Terms { site: None, kinds: vec![DonationKind::WholeBlood], may_call: false };
    let command = Donors::Register { identity, terms, earlier: Known::Unknown };
    house.give(&person(region, "phlebotomist"), region, command).await.unwrap();
    let world = house.engine.world();
    world.local(&journal(region)).unwrap().own.donors.donors.keys().next().unwrap().clone()
}

/// Skåne with a loan to its bus; the bus and Halland, who trust Skåne.
async fn lent(base: &Base) -> (House, House, House, RecordRef) {
    let (skane, bus, halland) =
        (base.house("skane").await, base.house("bus").await, base.house("halland").await);
    for (house, region) in [(&skane, "skane"), (&bus, BUS), (&halland, "halland")] {
        house.settle(region).await;
        house.employ(region, Role::Phlebotomist).await;
        house.employ(region, Role::Scientist).await;
        house.give(&person(region, "administrator"), region, open_bus()).await.unwrap();
    }
    adopt_rules(&skane, "skane").await;
    let donors = vec![donor(&skane, "skane").await];
    let until = skane.engine.now().plus_seconds(3_600);
    let lend = Mobile::Lend { unit: journal(BUS), site: site("bus"), donors, until };
    let receipt = skane.give(&person("skane", "phlebotomist"), "skane", lend).await.unwrap();
    for (house, region) in [(&bus, BUS), (&halland, "halland")] {
        house.trust(region, "skane", key_of(&skane.engine, "skane")).await;
        pull(&skane.engine, &house.engine, "skane", 50).await.unwrap();
    }
    (skane, bus, halland, receipt.first.unwrap())
}

async fn it_reaches_the_one_it_is_for_and_nobody_else(base: Base) {
    let (skane, mut bus, halland, at) = lent(&base).await;
    let everything = page(&skane.engine, &journal("skane"), None, 500).await;
    assert!(!to_bytes(&everything).contains(NUMBER), "nobody in particular reads no number");
    let read = |house: &House, region: &str| {
        let (engine, reader, at) = (house.engine.clone(), journal(region), at.clone());
        async move { engine.read_as(&reader, &at).await.unwrap().unwrap().0 }
    };
    let is_whole =
        |event: &Event| matches!(event, Event::Mobile(mobile::Event::Lent(_, Private::Here(_))));
    assert!(is_whole(&read(&bus, BUS).await));
    assert!(!is_whole(&read(&bus, "blekinge").await), "another region of that installation");
    assert!(!is_whole(&read(&halland, "halland").await));
    assert!(is_whole(&read(&skane, "skane").await));
    // It is a copy like any other: it survives a start, and the chain still verifies.
    bus.restart().await;
    assert!(is_whole(&read(&bus, BUS).await));
    bus.engine.verify(&journal("skane")).await.unwrap();
    let take = || Mobile::Take { loan: at.clone(), site: site("bus") };
    let halland = halland.give(&person("halland", "phlebotomist"), "halland", take()).await;
    assert!(format!("{:?}", halland.unwrap_err()).contains("mobile.no_loan"));
    bus.give(&person(BUS, "phlebotomist"), BUS, take()).await.unwrap();
    let world = bus.engine.world();
    assert_eq!(world.local(&journal(BUS)).unwrap().own.donors.donors.len(), 1);
}

async fn a_changed_private_part_is_not_believed(base: Base) {
    let (skane, bus, _, _) = lent(&base).await;
    // The administrator's word on the same donor, for the bus: the next page is altered on its way.
    let donors: Vec<_> = {
        let world = skane.engine.world();
        world.local(&journal("skane")).unwrap().own.donors.donors.keys().cloned().collect()
    };
    let until = skane.engine.now().plus_seconds(7_200);
    let lend = Mobile::Lend { unit: journal(BUS), site: site("bus"), donors, until };
    skane.give(&person("skane", "phlebotomist"), "skane", lend).await.unwrap();
    let after = crate::common::pull::held(&bus.engine, &journal("skane"));
    let readers = BTreeSet::from([journal(BUS)]);
    let honest = page_for(&skane.engine, &journal("skane"), after, 50, &readers).await;
    let altered = to_bytes(&honest).replace("Xsecret Donor", "Ysecret Donor");
    let altered = crate::common::pull::from_bytes(&altered);
    let refused = bus.engine.take_page(&journal("skane"), altered).await.unwrap_err();
    assert!(matches!(refused, IntakeError::Forked { .. }), "{refused}");
}

on_both! {
    it_reaches_the_one_it_is_for_and_nobody_else;
    a_changed_private_part_is_not_believed;
}
