//! Whoever may not, does not, and nothing of it is recorded.

use std::collections::BTreeSet;

use crate::common::{Base, figure, journal, mandate_of, on_both, person, register};
use samband_access::Principal;
use samband_domain::kernel::{Command as Kernel, Role};
use samband_engine::Failure;

async fn nobody_writes_without_a_mandate(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    house.give(&Principal::Machine, "skane", register("idle", "Xsecret idle")).await.unwrap();
    let heads = |house: &crate::common::House| house.engine.store().clone();
    let before = heads(&house).heads().await.unwrap();
    let peer = Principal::Peer { journals: BTreeSet::from([journal("halland")]) };
    let askers = [
        ("another region's coordinator", person("halland", "coordinator")),
        ("nobody", Principal::Nobody),
        ("somebody without a role", person("skane", "idle")),
        ("somebody unknown", person("skane", "ghost")),
        ("the wrong role", person("skane", "director")),
        ("another installation", peer),
        ("the engine itself", Principal::Engine),
        ("somebody of a region that is not here", person("kronoberg", "coordinator")),
    ];
    for (who, asker) in askers {
        let outcome = house.give(&asker, "skane", figure(2024, 1)).await;
        assert!(matches!(outcome, Err(Failure::Denied(_))), "{who}: {outcome:?}");
    }
    let outcome = house.give(&Principal::Machine, "kronoberg", figure(2024, 1)).await;
    assert!(matches!(outcome, Err(Failure::NoJournal(_))));
    assert_eq!(house.engine.store().heads().await.unwrap(), before);
    house.report("skane", 2024, 1).await.unwrap();
}

async fn an_ended_mandate_gives_no_right_from_that_moment_on(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.report("skane", 2024, 1).await.unwrap();
    let mandate = mandate_of(&house.engine, "skane", "coordinator");
    let at = house.engine.now().plus_seconds(60);
    let end = Kernel::EndMandate { mandate, at, reason: "new duties".into() };
    house.give(&person("skane", "administrator"), "skane", end).await.unwrap();
    house.pass(59);
    house.report("skane", 2023, 1).await.unwrap();
    house.pass(1);
    assert!(matches!(house.report("skane", 2022, 1).await, Err(Failure::Denied(_))));
}

async fn nobody_gives_oneself_a_role(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    let now = house.engine.now();
    let administrator = person("skane", "administrator");
    let own = crate::common::grant("administrator", Role::Director, now);
    let outcome = house.give(&administrator, "skane", own).await;
    assert!(matches!(outcome, Err(Failure::Denied(_))), "{outcome:?}");
    let other = crate::common::grant("director", Role::Tib, now);
    house.give(&administrator, "skane", other).await.unwrap();
}

on_both! {
    nobody_writes_without_a_mandate;
    an_ended_mandate_gives_no_right_from_that_moment_on;
    nobody_gives_oneself_a_role;
}
