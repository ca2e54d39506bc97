//! Altered pages are named and refused, a second past stops everything until a person has looked
//! into it, and a restored neighbour is followed into its new epoch.

use std::sync::Arc;

use crate::common::pull::{held, key_of, page, pull, reach, shared};
use crate::common::{Base, House, figure, journal, on_both, person};
use samband_access::Principal;
use samband_domain::bonds::{Command as Bonds, Peer};
use samband_domain::kernel::{self, Role};
use samband_domain::words::{Digest, Sign as _};
use samband_domain::{Event, Known, Mode, RecordRef, Time};
use samband_engine::{Engine, IntakeError, Page, restore_into};
use samband_journal::{
    Author, Body, PrivatePart, Record, SignedHead, SigningKey, StatedHead, link_hash,
};

async fn two(base: &Base) -> (House, House) {
    let (skane, halland) = (base.house("skane").await, base.house("halland").await);
    skane.settle("skane").await;
    halland.settle("halland").await;
    halland.employ("halland", Role::Safety).await;
    halland.trust("halland", "skane", key_of(&skane.engine, "skane")).await;
    (skane, halland)
}

/// The forger's tools: skåne's own key, and a key of nobody's.
struct Forge {
    key: Arc<SigningKey>,
    other: SigningKey,
    now: Time,
}

impl Forge {
    fn of(house: &House) -> Self {
        let public = key_of(&house.engine, "skane");
        let key = house.engine.keyring().get(&journal("skane"), &public).unwrap();
        let now = house.engine.now();
        Self { key, other: SigningKey::from_seed(&[7; 32]), now }
    }

    fn state(&self, head: RecordRef, mode: Mode, key: &SigningKey) -> SignedHead {
        SignedHead::sign(&StatedHead { head, mode, signed_at: self.now }, key)
    }

    /// The page's end signed as if it were all in order.
    fn sign_end(&self, page: &mut Page) {
        let end = page.records.last().unwrap().at();
        page.header.stated = self.state(end, Mode::Demo, &self.key);
        page.header.end = None;
    }
}

/// Computes the hashes anew from a record on.
fn rechain(records: &mut [Record], from: usize, mut previous: Digest) {
    for record in &mut records[from..] {
        let place = (&record.journal, record.epoch, record.seq);
        record.hash = link_hash(place, record.recorded, &previous, &record.body.digest());
        previous = record.hash;
    }
}

fn edit(record: &mut Record, from: &str, to: &str) {
    let Body::Text(text) = &mut record.body else { panic!("a shared record") };
    assert!(text.contains(from), "{text}");
    *text = text.replacen(from, to, 1);
}

type Alter = (&'static str, &'static str, fn(&mut Page, &Forge));

/// What a forger does, what it is called, and how.
const ALTERED: &[Alter] = &[
    ("content", "hash does not fit", |page, _| edit(&mut page.records[1], "1000", "9000")),
    ("content and hashes", "not those that its head covers", |page, _| {
        edit(&mut page.records[1], "1000", "9000");
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
    }),
    ("hash", "hash does not fit", |page, _| page.records[2].hash = Digest::of(b"x")),
    ("first hash", "another record at the same place", |page, _| {
        page.header.at.as_mut().unwrap().hash = Digest::of(b"x");
    }),
    ("time", "hash does not fit", |page, _| page.records[1].recorded.0 += 1),
    ("time backwards", "recorded before its predecessor", |page, forge| {
        page.records[1].recorded.0 -= 3_600_000_000;
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
        forge.sign_end(page);
    }),
    ("another journal's record", "another journal", |page, _| {
        page.records[1].journal = journal("blekinge");
    }),
    ("another epoch", "another journal or epoch", |page, _| page.records[1].epoch = 2),
    ("a withheld genesis", "genesis record is missing or misplaced", |page, forge| {
        edit(&mut page.records[1], "figures.reported", "journal.opened");
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
        forge.sign_end(page);
    }),
    ("unreadable content", "not a content document", |page, forge| {
        page.records[1].body = Body::Text("[]".into());
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
        forge.sign_end(page);
    }),
    ("content of another kind", "version", |page, forge| {
        edit(&mut page.records[1], "figures.reported", "site.opened");
        edit(&mut page.records[1], "\"version\":2", "\"version\":1");
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
        forge.sign_end(page);
    }),
    ("white space", "control characters", |page, forge| {
        edit(&mut page.records[1], "{", "{\n");
        let previous = page.records[0].hash;
        rechain(&mut page.records, 1, previous);
        forge.sign_end(page);
    }),
    ("a private part", "private part", |page, _| {
        let text = "{}".into();
        page.records[1].private = PrivatePart::Here { salt: [0; 32], text };
    }),
    ("signature", "not signed", |page, _| page.header.stated.signature.0[9] ^= 1),
    ("signed text", "not signed", |page, _| {
        let text = &mut page.header.stated.text;
        *text = text.replace("\"signed_at\":1", "\"signed_at\":2");
    }),
    ("another's key", "not signed", |page, forge| {
        let head = page.records.last().unwrap().at();
        page.header.stated = forge.state(head, Mode::Demo, &forge.other);
    }),
    ("mode", "another journal or mode", |page, forge| {
        let head = page.records.last().unwrap().at();
        page.header.stated = forge.state(head, Mode::Real, &forge.key);
    }),
    ("head of another journal", "another journal or mode", |page, forge| {
        let mut head = page.records.last().unwrap().at();
        head.journal = journal("blekinge");
        page.header.stated = forge.state(head, Mode::Demo, &forge.key);
    }),
    ("head with another hash", "not those that its head covers", |page, forge| {
        let mut head = page.records.last().unwrap().at();
        head.hash = Digest::of(b"x");
        page.header.stated = forge.state(head, Mode::Demo, &forge.key);
    }),
    ("records beyond the signed end", "not those that its head covers", |page, forge| {
        let head = page.records[1].at();
        page.header.stated = forge.state(head, Mode::Demo, &forge.key);
    }),
    ("an unvouched key", "does not vouch", |page, forge| {
        let rotated = kernel::event::KeyRotated {
            old: forge.key.public(),
            new: forge.other.public(),
            vouched: forge.other.sign(&forge.other.public().0),
        };
        put_in(page, &kernel::Event::KeyRotated(rotated, samband_domain::words::NONE).into());
        forge.sign_end(page);
    }),
    ("fewer records than before", "shorter than it was", |page, _| {
        page.records.clear();
        page.header.at = None;
    }),
    ("a head behind what was shown", "lies behind", |page, forge| {
        page.records.clear();
        let mut head = page.header.at.clone().unwrap();
        head.seq -= 1;
        page.header.stated = forge.state(head, Mode::Demo, &forge.key);
    }),
    ("another head at the same place", "its head is another record", |page, forge| {
        page.records.clear();
        let mut head = page.header.at.clone().unwrap();
        head.hash = Digest::of(b"x");
        page.header.stated = forge.state(head, Mode::Demo, &forge.key);
    }),
    ("an epoch that continues nothing", "continues nothing", |page, _| {
        page.records.drain(..1);
        page.records[0].epoch = 2;
        page.records[0].seq = 1;
    }),
];

/// Puts an event of the forger's in the place of the second record.
fn put_in(page: &mut Page, event: &Event) {
    let old = &page.records[1];
    let actor = crate::common::actor("machine");
    let author = Author { happened: old.recorded, actor: &actor, mandate: None, cause: &[] };
    let place = (&old.journal, old.epoch, old.seq);
    let encoded = event.encode().unwrap();
    let new = Record::next(place, &page.records[0].hash, old.recorded, encoded, author, [0; 32]);
    page.records[1] = new;
    let previous = page.records[1].hash;
    rechain(&mut page.records, 2, previous);
}

async fn every_alteration_is_named_refused_and_stops_the_pulling(base: Base) {
    let (skane, mut halland) = two(&base).await;
    let id = journal("skane");
    let take = async |house: &House, page: Page| house.engine.take_page(&id, page).await;
    let safety = person("halland", "safety");
    for (n, (what, named, alter)) in ALTERED.iter().enumerate() {
        pull(&skane.engine, &halland.engine, "skane", 100).await.unwrap();
        let before = shared(&halland.engine, "skane");
        let place = held(&halland.engine, &id);
        for k in 0..4 {
            skane.report("skane", 1950 + k, 1000).await.unwrap();
            skane.pass(1);
        }
        let good = page(&skane.engine, &id, place, 100).await;
        let mut bad = good.clone();
        alter(&mut bad, &Forge::of(&skane));
        let error = take(&halland, bad).await.unwrap_err();
        let IntakeError::Forked { detail, held: at, .. } = &error else {
            panic!("{what}: {error}")
        };
        assert!(detail.contains(named), "{what}: {detail}");
        assert_eq!(Some((at.epoch, at.seq)), place);
        assert_eq!(shared(&halland.engine, "skane"), before, "{what}");

        // Recorded in the journal of the region that trusted; nothing more is taken in.
        let forks = shared(&halland.engine, "halland").bonds.forks;
        assert_eq!(forks[&id].detail, *detail, "{what}");
        if n == 0 {
            halland.restart().await;
        }
        let outcome = take(&halland, good.clone()).await;
        assert!(matches!(outcome, Err(IntakeError::Halted(_))), "{what}");
        let settle = Bonds::SettleFork { journal: id.clone(), finding: "looked into".into() };
        halland.give(&safety, "halland", settle).await.unwrap();
        take(&halland, good).await.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
    }
    halland.engine.verify(&id).await.unwrap();
    halland.engine.verify(&journal("halland")).await.unwrap();
}

/// A hole in a page proves nothing; the records are asked for again.
async fn a_hole_in_a_page_is_no_fork(base: Base) {
    let (skane, halland) = two(&base).await;
    let id = journal("skane");
    let whole = page(&skane.engine, &id, None, 100).await;
    for missing in [0, 3] {
        let mut holed = whole.clone();
        holed.records.remove(missing);
        let outcome = halland.engine.take_page(&id, holed).await;
        assert!(matches!(outcome, Err(IntakeError::Gap(_))), "{outcome:?}");
    }
    assert!(!halland.engine.halted(&id) && held(&halland.engine, &id).is_none());
    halland.engine.take_page(&id, whole).await.unwrap();
}

/// Before anything was believed, a misfit is an error and no fork.
async fn the_first_page_must_fit_what_was_trusted(base: Base) {
    let (skane, _) = two(&base).await;
    let id = journal("skane");
    let good = page(&skane.engine, &id, None, 100).await;
    let forge = Forge::of(&skane);
    let house = base.house("kronoberg").await;
    let open = |region: &'static str| house.settle(region);
    open("kronoberg").await;
    house.trust("kronoberg", "skane", forge.other.public()).await;
    let outcome = house.engine.take_page(&id, good.clone()).await;
    assert!(matches!(outcome, Err(IntakeError::Misfit { .. })), "{outcome:?}");
    assert!(!house.engine.halted(&id));

    // Whoever invents a past and vouches for the trusted key with an invented one is found out.
    let invented = SigningKey::from_seed(&[9; 32]);
    let other = base.house("blekinge").await;
    other.settle("blekinge").await;
    other.trust("blekinge", "skane", key_of(&skane.engine, "skane")).await;
    let mut page = good.clone();
    edit(&mut page.records[0], &forge.key.public().to_string(), &invented.public().to_string());
    rechain(&mut page.records, 0, Digest::ZERO);
    page.header.rotations = vec![kernel::event::KeyRotated {
        old: invented.public(),
        new: forge.key.public(),
        vouched: invented.sign(&forge.key.public().0),
    }];
    let end = page.records.last().unwrap().at();
    page.header.stated = forge.state(end, Mode::Demo, &invented);
    let outcome = other.engine.take_page(&id, page).await;
    let Err(IntakeError::Misfit { detail, .. }) = &outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("not signed"), "{detail}");
    other.engine.take_page(&id, good).await.unwrap();
}

async fn modes_do_not_mix(base: Base) {
    let (skane, halland) = two(&base).await;
    let drop = Bonds::Drop { journal: journal("skane"), reason: "again".into() };
    let administrator = person("halland", "administrator");
    halland.give(&administrator, "halland", drop).await.unwrap();
    let key = key_of(&skane.engine, "skane");
    let peer = Peer { journal: journal("skane"), key, mode: Mode::Real };
    let trust = Bonds::Trust { peer, reach: reach() };
    halland.give(&administrator, "halland", trust).await.unwrap_err();
}

/// Backs skåne up, goes on, loses everything and restores.
async fn restored(base: &Base, skane: &House, backup: &str, name: &str) -> House {
    let new = base.house(name).await;
    new.engine.stop().await;
    let store = new.place.store().await;
    let folder = base.folder.path().join(backup);
    restore_into(&folder, &store, &new.place.keys()).await.unwrap();
    store.close().await;
    new.place.clock.set(skane.engine.now().plus_seconds(60));
    let engine = new.place.start().await.unwrap();
    let heads = engine.store().heads().await.unwrap();
    let heads: Vec<_> = heads.into_iter().map(|head| head.at).collect();
    engine.open_restored_epochs("disk lost", &heads).await.unwrap();
    House { engine, place: new.place }
}

async fn a_restored_neighbour_is_followed(base: Base) {
    let (skane, mut halland) = two(&base).await;
    let id = journal("skane");
    skane.report("skane", 2020, 1).await.unwrap();
    skane.engine.backup(&base.folder.path().join("backup")).await.unwrap();
    let at_backup = held(&skane.engine, &id).unwrap();
    for n in 0..5 {
        skane.report("skane", 2021, n).await.unwrap();
    }
    pull(&skane.engine, &halland.engine, "skane", 3).await.unwrap();
    halland.engine.snapshot(&id).await;
    let late = page(&skane.engine, &id, Some(at_backup), 3).await;

    let skane = restored(&base, &skane, "backup", "skane-2").await;
    skane.report("skane", 2022, 9).await.unwrap();
    halland.place.clock.set(skane.engine.now());
    pull(&skane.engine, &halland.engine, "skane", 1).await.unwrap();
    for restart in [false, true] {
        if restart {
            halland.restart().await;
        }
        assert_eq!(held(&halland.engine, &id), Some((2, 2)));
        assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
        assert_eq!(crate::common::donations(&halland.engine, "skane", 2021), None);
        let bonds = shared(&halland.engine, "halland").bonds;
        assert_eq!(bonds.lost.get(&id), Some(&5));
        assert!(bonds.forks.is_empty());
        halland.engine.verify(&id).await.unwrap();
    }
    // What was sent before the loss and comes only now changes nothing.
    halland.engine.take_page(&id, late).await.unwrap();
    assert_eq!(shared(&halland.engine, "skane"), shared(&skane.engine, "skane"));
    // Somebody who had nothing, and somebody who was further behind, see the same.
    for (name, first) in [("kronoberg", None), ("blekinge", Some(4))] {
        let new = base.house(name).await;
        new.settle(name).await;
        new.trust(name, "skane", key_of(&skane.engine, "skane")).await;
        if let Some(limit) = first {
            let first = page(&skane.engine, &id, None, limit).await;
            new.engine.take_page(&id, first).await.unwrap();
        }
        pull(&skane.engine, &new.engine, "skane", 3).await.unwrap();
        assert_eq!(shared(&new.engine, "skane"), shared(&skane.engine, "skane"));
        new.engine.verify(&id).await.unwrap();
    }
    // Restored once more, from a backup of the new epoch, without a loss.
    skane.engine.backup(&base.folder.path().join("backup-2")).await.unwrap();
    let again = restored(&base, &skane, "backup-2", "skane-3").await;
    pull(&again.engine, &halland.engine, "skane", 2).await.unwrap();
    assert_eq!(held(&halland.engine, &id), Some((3, 1)));
    assert_eq!(shared(&halland.engine, "skane"), shared(&again.engine, "skane"));
    assert_eq!(shared(&halland.engine, "halland").bonds.lost.get(&id), Some(&0));
}

/// Restoring the same backup twice makes two epochs of one number: two pasts.
async fn two_restored_epochs_of_one_number_are_a_fork(base: Base) {
    let (skane, halland) = two(&base).await;
    let id = journal("skane");
    skane.engine.backup(&base.folder.path().join("backup")).await.unwrap();
    pull(&skane.engine, &halland.engine, "skane", 50).await.unwrap();
    let first = restored(&base, &skane, "backup", "skane-2").await;
    first.report("skane", 2020, 1).await.unwrap();
    pull(&first.engine, &halland.engine, "skane", 50).await.unwrap();
    first.pass(60);
    let second = restored(&base, &first, "backup", "skane-3").await;
    for n in 0..3 {
        second.report("skane", 2021, n).await.unwrap();
    }
    let outcome = pull(&second.engine, &halland.engine, "skane", 50).await;
    assert!(matches!(outcome, Err(IntakeError::Forked { .. })), "{outcome:?}");
    assert!(halland.engine.halted(&id));
    assert_eq!(shared(&halland.engine, "skane"), shared(&first.engine, "skane"));
}

/// A database that was put back without saying so shows a shorter past.
async fn a_past_put_back_in_silence_is_a_fork(base: Base) {
    let (skane, halland) = two(&base).await;
    let id = journal("skane");
    skane.engine.backup(&base.folder.path().join("backup")).await.unwrap();
    skane.report("skane", 2020, 1).await.unwrap();
    pull(&skane.engine, &halland.engine, "skane", 50).await.unwrap();
    let new = base.house("skane-2").await;
    new.engine.stop().await;
    let store = new.place.store().await;
    let folder = base.folder.path().join("backup");
    restore_into(&folder, &store, &new.place.keys()).await.unwrap();
    store.close().await;
    let engine: Engine = new.place.start().await.unwrap();
    let outcome = pull(&engine, &halland.engine, "skane", 50).await;
    let Err(IntakeError::Forked { detail, .. }) = outcome else { panic!("{outcome:?}") };
    assert!(detail.contains("shorter"), "{detail}");
    assert!(halland.engine.halted(&id));
}

/// Who is cut off goes on working, and what it saw of the other ages.
async fn a_neighbour_that_is_away_stays_as_it_was_last_seen(base: Base) {
    let (skane, halland) = two(&base).await;
    let id = journal("skane");
    skane.report("skane", 2020, 1).await.unwrap();
    pull(&skane.engine, &halland.engine, "skane", 50).await.unwrap();
    let heard = skane.engine.now();
    halland.pass(120);
    halland.report("halland", 2020, 2).await.unwrap();
    let world = halland.engine.world();
    let copy = world.journal(&id).unwrap();
    assert_eq!(copy.as_of(halland.engine.now()), Known::Value(heard));
    halland.give(&Principal::Machine, "skane", figure(2021, 1)).await.unwrap_err();
}

on_both! {
    every_alteration_is_named_refused_and_stops_the_pulling;
    a_hole_in_a_page_is_no_fork;
    the_first_page_must_fit_what_was_trusted;
    modes_do_not_mix;
    a_restored_neighbour_is_followed;
    two_restored_epochs_of_one_number_are_a_fork;
    a_past_put_back_in_silence_is_a_fork;
    a_neighbour_that_is_away_stays_as_it_was_last_seen;
}
