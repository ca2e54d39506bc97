//! What a neighbour lost when it was restored: it is kept, and nobody binds themselves to it.

use crate::common::pull::{key_of, pull, shared};
use crate::common::{Base, Database, House, journal, on_both, person};
use samband_domain::agreements::{AgreementKind, Command as Agreements};
use samband_domain::{Digest, RecordRef, Window};
use samband_engine::Failure;

async fn propose(house: &House, title: &str) -> (Digest, RecordRef) {
    let propose = Agreements::Propose {
        title: title.into(),
        kind: AgreementKind::Consultancy,
        parties: vec![journal("kronoberg"), journal("skane")],
        clauses: vec!["One physician, one day a week".into()],
        window: Window::open(house.engine.now()),
        reference: None,
        terms: None,
    };
    let director = person("kronoberg", "director");
    let proposal = house.give(&director, "kronoberg", propose).await.unwrap().first.unwrap();
    let held = shared(&house.engine, "kronoberg").agreements.held;
    let (document, _) = held.iter().find(|(_, held)| held.at == proposal).unwrap();
    (*document, proposal)
}

async fn sign(house: &House, (document, proposal): &(Digest, RecordRef)) -> Result<(), Failure> {
    let sign = Agreements::Sign { document: *document, proposal: proposal.clone() };
    house.give(&person("skane", "director"), "skane", sign).await.map(|_| ())
}

/// The region's machine is lost, and a backup goes on in a new epoch.
async fn restore(house: &mut House, backup: &std::path::Path, to: std::path::PathBuf) {
    let key = key_of(&house.engine, "kronoberg");
    house.engine.stop().await;
    house.place.folder = to;
    std::fs::create_dir_all(&house.place.folder).unwrap();
    house.place.database = Database::Sqlite;
    let store = house.place.store().await;
    let manifest = samband_engine::restore_into(backup, &store, &house.place.keys()).await.unwrap();
    store.close().await;
    house.engine = house.place.start().await.unwrap();
    let heads: Vec<_> =
        manifest.heads.iter().map(|head| head.verified(&key).unwrap().head).collect();
    house.engine.open_restored_epochs("disk failed", &heads).await.unwrap();
}

async fn a_proposal_that_its_drafter_lost_is_not_signed(base: Base) {
    let (mut north, south) = (base.house("north").await, base.house("south").await);
    north.settle("kronoberg").await;
    south.settle("skane").await;
    south.trust("skane", "kronoberg", key_of(&north.engine, "kronoberg")).await;
    let kept = propose(&north, "Kept").await;
    let backup = base.folder.path().join("backup");
    north.engine.backup(&backup).await.unwrap();
    let lost = propose(&north, "Lost").await;
    pull(&north.engine, &south.engine, "kronoberg", 3).await.unwrap();
    restore(&mut north, &backup, base.folder.path().join("again")).await;
    let new = propose(&north, "New").await;
    pull(&north.engine, &south.engine, "kronoberg", 3).await.unwrap();
    assert_eq!(kept.1.epoch, lost.1.epoch);
    assert_eq!(new.1.epoch, kept.1.epoch + 1);

    let refused = sign(&south, &lost).await.unwrap_err();
    let Failure::Refused(refusal) = &refused else { panic!("{refused}") };
    assert_eq!(refusal.kind.code, "agreement.proposal_unknown");
    // What stood before the loss, and what came after it, is answered as ever.
    sign(&south, &kept).await.unwrap();
    sign(&south, &new).await.unwrap();
    // The record itself is kept: somebody saw it.
    let at = &lost.1;
    let record = south.engine.store().record(&at.journal, at.epoch, at.seq).await.unwrap();
    assert_eq!(record.unwrap().at(), *at);
}

on_both! {
    a_proposal_that_its_drafter_lost_is_not_signed;
}
