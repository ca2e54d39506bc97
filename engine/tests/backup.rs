//! Backup while everything goes on, and restoring it as a new epoch that says so.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::pull::shared;
use crate::common::{Base, House, actor, figure, journal, on_both, person, request};
use samband_access::{Carrier, Principal, UserName};
use samband_domain::Known;
use samband_engine::{BackupError, BackupManifest, NewAccount, RestoreError, restore_into};
use samband_journal::SignedHead;
use samband_journal::store::StoredHead;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

async fn restore(house: &House, backup: &Path) -> Result<BackupManifest, RestoreError> {
    let store = house.place.store().await;
    let outcome = restore_into(backup, &store, &house.place.keys()).await;
    store.close().await;
    outcome
}

/// A house that was never lived in, closed.
async fn vacant(base: &Base, name: &str) -> House {
    let house = base.house(name).await;
    house.engine.stop().await;
    house
}

async fn a_backup_made_while_others_write_is_restored_whole(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.settle("halland").await;
    let account = NewAccount {
        user: UserName::new("coordinator@skane").unwrap(),
        password: "samband-demo".into(),
        person: None,
        actor: Some(actor("coordinator")),
        roles: Vec::new(),
        must_change: false,
    };
    house.engine.create_account(&Principal::Machine, account).await.unwrap();
    let sign_in = |house: &House| {
        let engine = house.engine.clone();
        async move {
            let carrier = Carrier::Bearer;
            engine.sign_in("coordinator@skane", "samband-demo", ADDRESS, carrier).await.unwrap().0
        }
    };
    let token = sign_in(&house).await;
    for n in 0..30 {
        house.report("skane", 1990 + n % 30, 1).await.unwrap();
    }
    let stop = Arc::new(AtomicBool::new(false));
    let writer = write_until(&house, &stop);
    let folder = base.folder.path().join("backup");
    let manifest = house.engine.backup(&folder).await.unwrap();
    stop.store(true, Ordering::SeqCst);
    assert!(writer.await.unwrap() > 0);
    assert_eq!(manifest.heads.len(), 2);
    let again = house.engine.backup(&folder).await;
    assert!(matches!(again, Err(BackupError::Exists(_))));
    let leftover = std::fs::read_dir(base.folder.path()).unwrap();
    let names: Vec<_> = leftover.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| !name.contains("partial")), "{names:?}");

    let mut new = vacant(&base, "two").await;
    assert_eq!(restore(&new, &folder).await.unwrap(), manifest);
    new.place.clock.set(house.engine.now().plus_seconds(60));
    new.engine = new.place.start().await.unwrap();
    let heads = new.engine.store().heads().await.unwrap();
    let at: Vec<_> = heads.iter().map(|head| head.at.clone()).collect();
    new.engine.open_restored_epochs("the disk was lost", &at).await.unwrap();
    // Going on with a restore that was interrupted opens no second epoch.
    new.engine.open_restored_epochs("the disk was lost", &at).await.unwrap();
    assert!(new.engine.session(token.reveal(), Carrier::Bearer).await.is_none());
    let fresh = sign_in(&new).await;
    for restart in [false, true] {
        if restart {
            new.restart().await;
        }
        the_past_goes_on(&house, &new, &heads, &manifest.heads).await;
        assert!(new.engine.session(fresh.reveal(), Carrier::Bearer).await.is_some());
        assert!(new.engine.session(token.reveal(), Carrier::Bearer).await.is_none());
    }
    // Old keys still count: what was done before the backup is not done twice.
    let who = person("skane", "coordinator");
    let asked = request(&who, "skane", "w-skane-0", figure(1950, 0));
    let seen = new.engine.store().command(&asked.asker(), "w-skane-0").await.unwrap();
    let receipt = new.engine.submit(asked).await.unwrap();
    assert_eq!(receipt.repeated, seen.is_some());
    new.report("skane", 2023, 77).await.unwrap();
    let figure = crate::common::donations(&new.engine, "skane", 2023).map(|(value, _)| value);
    assert_eq!(figure, Some(Known::Value(77)));
    assert_ne!(shared(&new.engine, "skane"), shared(&house.engine, "skane"));
}

/// Somebody who goes on writing in two regions until told to stop; gives how often.
fn write_until(house: &House, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<u64> {
    let (engine, stop) = (house.engine.clone(), Arc::clone(stop));
    tokio::spawn(async move {
        let mut n = 0;
        while !stop.load(Ordering::SeqCst) {
            for region in ["skane", "halland"] {
                let who = person(region, "coordinator");
                let key = format!("w-{region}-{n}");
                let year = 1950 + i16::try_from(n % 70).unwrap();
                let asked = request(&who, region, &key, figure(year, n));
                engine.submit(asked).await.unwrap();
            }
            n += 1;
        }
        n
    })
}

/// Every journal stands in its second epoch, on the past that the backup held.
async fn the_past_goes_on(
    house: &House,
    new: &House,
    heads: &[StoredHead],
    manifest: &[SignedHead],
) {
    for head in heads {
        let id = &head.at.journal;
        let world = new.engine.world();
        let journal = world.journal(id).unwrap();
        assert_eq!(journal.head().unwrap().epoch, 2);
        let facts = journal.shared().kernel.journal.clone().unwrap();
        assert_eq!(facts.epochs.len(), 2);
        new.engine.verify(id).await.unwrap();
        // Up to there it is the same past.
        let old = house.engine.store().record(id, 1, head.at.seq).await.unwrap().unwrap();
        assert_eq!(old.at(), head.at);
        for stated in manifest {
            let key = &facts.keys[0].public;
            let Some(stated) = stated.verified(key) else { continue };
            assert!(stated.head.seq <= head.at.seq);
        }
    }
}

/// Every way to spoil a backup is found before anything is put in place, or when it is opened.
async fn a_spoilt_backup_is_refused(base: Base) {
    let house = base.house("one").await;
    house.settle("skane").await;
    house.report("skane", 2020, 4711).await.unwrap();
    let good = base.folder.path().join("good");
    house.engine.backup(&good).await.unwrap();
    let copy = |name: &str| {
        let to = base.folder.path().join(name);
        std::fs::create_dir_all(to.join("keys")).unwrap();
        for file in ["samband.db", "manifest.json"] {
            std::fs::copy(good.join(file), to.join(file)).unwrap();
        }
        for key in std::fs::read_dir(good.join("keys")).unwrap() {
            let key = key.unwrap();
            std::fs::copy(key.path(), to.join("keys").join(key.file_name())).unwrap();
        }
        to
    };
    let new = vacant(&base, "two").await;

    let flipped = copy("flipped");
    let database = flipped.join("samband.db");
    let mut bytes = std::fs::read(&database).unwrap();
    let at = bytes.windows(4).position(|four| four == b"4711").unwrap();
    bytes[at] = b'5';
    std::fs::write(&database, &bytes).unwrap();
    let outcome = restore(&new, &flipped).await;
    assert!(matches!(outcome, Err(RestoreError::Altered)), "{outcome:?}");

    let without = copy("without");
    std::fs::remove_file(without.join("manifest.json")).unwrap();
    let outcome = restore(&new, &without).await;
    assert!(matches!(outcome, Err(RestoreError::NoBackup(..))), "{outcome:?}");

    let foreign = copy("foreign");
    let text = std::fs::read_to_string(foreign.join("manifest.json")).unwrap();
    let text = text.replace("samband-backup/1", "samband-backup/9");
    std::fs::write(foreign.join("manifest.json"), text).unwrap();
    let outcome = restore(&new, &foreign).await;
    assert!(matches!(outcome, Err(RestoreError::NoBackup(..))), "{outcome:?}");
    assert!(new.place.store().await.heads().await.unwrap().is_empty());
    assert!(!std::fs::read_dir(new.place.keys()).unwrap().any(|_| true), "no key was put there");

    // Whoever also writes the manifest anew is found out by the chain.
    let digest = samband_domain::Digest::of(&bytes).to_string();
    let mut manifest: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(flipped.join("manifest.json")).unwrap())
            .unwrap();
    manifest["database_sha256"] = digest.into();
    std::fs::write(flipped.join("manifest.json"), manifest.to_string()).unwrap();
    restore(&new, &flipped).await.unwrap();
    let error = new.place.start().await.map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("skane") && error.contains("record 8"), "{error}");

    // A house with people in it is not overwritten.
    let other = base.house("three").await;
    other.settle("halland").await;
    other.engine.stop().await;
    restore(&other, &good).await.unwrap_err();
    let engine = other.place.start().await.unwrap();
    assert!(engine.world().local(&journal("halland")).is_some());
    engine.verify(&journal("halland")).await.unwrap();
    engine.stop().await;

    // Without its key a journal can be read, not written.
    let keyless = copy("keyless");
    std::fs::remove_dir_all(keyless.join("keys")).unwrap();
    std::fs::create_dir(keyless.join("keys")).unwrap();
    let house = vacant(&base, "four").await;
    restore(&house, &keyless).await.unwrap();
    let engine = house.place.start().await.unwrap();
    engine.verify(&journal("skane")).await.unwrap();
    let heads = engine.store().heads().await.unwrap();
    let heads: Vec<_> = heads.into_iter().map(|head| head.at).collect();
    let outcome = engine.open_restored_epochs("test", &heads).await;
    assert!(matches!(outcome, Err(RestoreError::Epoch(..))), "{outcome:?}");
}

/// A genesis record stands at the beginning of an epoch and nowhere else.
async fn an_epoch_begins_at_the_head_or_not_at_all(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let id = journal("skane");
    let head = house.engine.world().journal(&id).unwrap().head().unwrap();
    house.report("skane", 2020, 1).await.unwrap();
    let facts = shared(&house.engine, "skane").kernel.journal.unwrap();
    let open = |from: samband_domain::RecordRef| samband_domain::kernel::Command::OpenJournal {
        owner: facts.owner.clone(),
        mode: facts.mode,
        key: facts.keys[0].public,
        continues: Some(samband_domain::kernel::model::Continues {
            from,
            reason: "test".into(),
            known_further: None,
        }),
    };
    house.give(&Principal::Machine, "skane", open(head)).await.unwrap_err();
    house
        .give(&person("skane", "administrator"), "skane", open_at(&house, &open))
        .await
        .unwrap_err();
    let receipt = house.give(&Principal::Machine, "skane", open_at(&house, &open)).await.unwrap();
    assert_eq!(receipt.first.map(|at| (at.epoch, at.seq)), Some((2, 1)));
    house.report("skane", 2021, 1).await.unwrap();
    house.engine.verify(&id).await.unwrap();
    house.restart().await;
    house.engine.verify(&id).await.unwrap();
}

fn open_at<T>(house: &House, open: &impl Fn(samband_domain::RecordRef) -> T) -> T {
    open(house.engine.world().journal(&journal("skane")).unwrap().head().unwrap())
}

on_both! {
    a_backup_made_while_others_write_is_restored_whole;
    a_spoilt_backup_is_refused;
    an_epoch_begins_at_the_head_or_not_at_all;
}
