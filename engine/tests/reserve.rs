//! Many ask one engine for the best units at once: no unit goes to two of them, nobody is refused
//! while there is enough, and what is left is what expires last.

use std::collections::BTreeMap;

use crate::common::{Base, blood, house_with_blood, journal, on_both, person};
use samband_domain::blood::Event as Stock;
use samband_domain::blood::command::{Command as Blood, Row, Standing};
use samband_domain::blood::model::stock::Oldest;
use samband_domain::blood::model::{Attributes, Component, Group, Phenotype, Status, UnitId};
use samband_domain::{Event, Known, Time};
use samband_engine::Failure;

const REGION: &str = "skane";
const UNITS: u32 = 60;

fn unit(serial: u32) -> UnitId {
    UnitId::parse(&format!("A999020{serial:06}.E0001V00")).unwrap()
}

/// The later the number, the earlier the expiry.
fn row(serial: u32, now: Time) -> Row {
    Row {
        id: unit(serial),
        group: Known::Value(Group::O_NEG),
        expiry: now.plus_seconds(3_600 * 24 + i64::from(UNITS - serial)),
        standing: Standing::Available,
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        tests: Known::Unknown,
        rules: None,
    }
}

fn ask(count: u16, at_least: u16) -> Blood {
    let (site, component, group) =
        (crate::common::site(blood::SHELF), Component::RedCells, Group::O_NEG);
    let oldest = Oldest { site, component, group, count, at_least };
    Blood::ReserveOldest { oldest, purpose: "Operation".into() }
}

async fn no_unit_goes_to_two(base: Base) {
    let house = house_with_blood(&base, REGION).await;
    let now = house.engine.now();
    let rows: Vec<_> = (0..UNITS).map(|serial| row(serial, now)).collect();
    let take_over = Blood::TakeOver { site: crate::common::site(blood::SHELF), file: None, rows };
    let scientist = person(REGION, "scientist");
    house.give(&scientist, REGION, take_over).await.unwrap();
    // Together they ask for more than there is, each for one to four, some for all or nothing.
    let asks = (0..48_u16).map(|n| (1 + n % 4, if n % 3 == 0 { 1 + n % 4 } else { 1 }));
    let tasks: Vec<_> = asks
        .map(|(count, at_least)| {
            let request = crate::common::request(
                &scientist,
                REGION,
                &crate::common::fresh_key(),
                ask(count, at_least),
            );
            let engine = house.engine.clone();
            let answer = tokio::spawn(async move { engine.submit(request).await });
            (count, at_least, answer)
        })
        .collect();
    let (mut got, mut refused) = (BTreeMap::new(), 0);
    for (count, at_least, answer) in tasks {
        match answer.await.unwrap() {
            Ok(receipt) => {
                let [Event::Blood(Stock::Reserved(said, _))] = receipt.events.as_slice() else {
                    panic!("{:?}", receipt.events);
                };
                let found = u16::try_from(said.units.len()).unwrap();
                assert!((at_least..=count).contains(&found), "{found} of {count}");
                for unit in &said.units {
                    assert_eq!(got.insert(*unit, receipt.first.clone()), None, "{unit} twice");
                }
            }
            Err(Failure::Refused(refusal)) => {
                assert!(["stock.none_free", "stock.too_few"].contains(&refusal.kind.code));
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!(refused > 0, "more was asked for than there is");
    let world = house.engine.world();
    let stock = &world.local(&journal(REGION)).unwrap().shared.blood;
    let held = |unit: &UnitId| matches!(stock.units[unit].status, Status::Reserved { .. });
    let left: Vec<_> = (0..UNITS).map(unit).filter(|unit| !held(unit)).collect();
    assert_eq!(got.len() + left.len(), UNITS as usize);
    assert!(got.keys().all(held));
    // What is left expires last: the next to expire went first, whoever asked.
    assert_eq!(left, (0..).map(unit).take(left.len()).collect::<Vec<_>>());
    // Too few are left for whoever was refused.
    assert!(left.len() < 4, "{} are left", left.len());
    house.engine.verify(&journal(REGION)).await.unwrap();
}

on_both! {
    no_unit_goes_to_two;
}
