//! The shortest way through the house: open, register, report, stop, start, find it all again.

use crate::common::{Base, donations, fresh_key, journal, on_both, person};
use samband_domain::Known;

async fn a_region_is_there_after_a_restart(base: Base) {
    let mut house = base.house("one").await;
    assert!(fresh_key() != fresh_key());
    house.settle("skane").await;
    let receipt = house.report("skane", 2024, 41_000).await.unwrap();
    assert_eq!((receipt.count, receipt.repeated), (1, false));
    assert_eq!(donations(&house.engine, "skane", 2024), Some((Known::Value(41_000), 0)));
    let before = house.engine.world().local(&journal("skane")).cloned().unwrap();
    let head = house.engine.world().journal(&journal("skane")).unwrap().head();
    assert_eq!(head.as_ref().map(|head| head.seq), Some(8));

    house.restart().await;
    let world = house.engine.world();
    assert_eq!(world.local(&journal("skane")), Some(&before));
    assert_eq!(world.journal(&journal("skane")).unwrap().head(), head);
    let report = house.engine.verify(&journal("skane")).await.unwrap();
    assert_eq!((report.records, Some(report.head)), (8, head));
    house.report("skane", 2023, 40_000).await.unwrap();
    assert!(house.report("halland", 2023, 1).await.is_err());
    let stranger = person("skane", "nobody-known");
    assert!(house.give(&stranger, "skane", crate::common::figure(2022, 1)).await.is_err());
    house.engine.stop().await;
}

on_both! {
    a_region_is_there_after_a_restart;
}
