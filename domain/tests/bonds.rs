//! What regions notice of each other: silence, forks, new epochs; without endless echo.

use crate::common::{Desk, Key, START, id};
use proptest::prelude::*;
use samband_domain::bonds::{self, Command, Peer, Reach, SILENCE_SECONDS, Watch, worth_noticing};
use samband_domain::{Digest, Event, Head, JournalId, Mode, RecordRef, Time, due};

fn trust(journal: &str, url: &str, mode: Mode) -> Command {
    let peer = Peer { journal: id(journal), key: Key::new(3).public(), mode };
    let reach = Reach { url: url.into(), certificate: Digest::of(b"certificate") };
    Command::Trust { peer, reach }
}

fn trusting(own: &str, others: &[&str]) -> Desk {
    let mut desk = Desk::open(own);
    for other in others {
        desk.must("a-1", trust(other, "https://samband.example:8443", Mode::Demo));
    }
    desk
}

fn head(journal: &str, seq: u64) -> Head {
    RecordRef { journal: id(journal), epoch: 1, seq, hash: Digest::of(&seq.to_be_bytes()) }
}

fn watch(journal: &str, heard: Time) -> Watch {
    Watch { journal: id(journal), heard }
}

/// Lets the clock do what is due; how many commands that were.
fn tick(desk: &mut Desk, watches: &[Watch]) -> usize {
    let commands = due(&desk.region, &desk.journal, watches, &[], desk.now);
    for command in &commands {
        desk.act("machine", command.clone()).unwrap_or_else(|refusal| panic!("{refusal}"));
    }
    commands.len()
}

#[test]
fn silence_is_raised_once_and_taken_back_once() {
    let mut desk = trusting("skane", &["halland", "kronoberg"]);
    let watches = [watch("halland", START), watch("kronoberg", START), watch("skane", START)];
    desk.now = START.plus_seconds(SILENCE_SECONDS);
    assert_eq!(tick(&mut desk, &watches), 0, "not yet");
    desk.now = Time(desk.now.0 + 1);
    assert_eq!(tick(&mut desk, &watches), 2, "both, and not the region itself");
    assert_eq!(tick(&mut desk, &watches), 0, "once");
    let heard = [watch("halland", desk.now), watches[1].clone()];
    assert_eq!(tick(&mut desk, &heard), 1);
    assert_eq!(tick(&mut desk, &heard), 0);
    let silent: Vec<_> = desk.region.shared.bonds.silent.keys().cloned().collect();
    assert_eq!(silent, [id("kronoberg")]);
    desk.must("a-1", Command::Drop { journal: id("kronoberg"), reason: "lämnat".into() });
    assert_eq!(tick(&mut desk, &heard), 0, "nobody listens for those who left");
    assert!(desk.region.shared.bonds.silent.is_empty());
}

proptest! {
    #[test]
    fn what_is_due_is_never_due_twice(
        heard in prop::collection::vec((0..3_usize, 0..900_i64), 0..6),
        passes in prop::collection::vec(0..900_i64, 1..6),
    ) {
        let names = ["halland", "kronoberg", "atlantis"];
        let mut desk = trusting("skane", &names[..2]);
        for seconds in passes {
            desk.now = desk.now.plus_seconds(seconds);
            let mut watches: Vec<Watch> = Vec::new();
            for (who, at) in &heard {
                if watches.iter().all(|watch| watch.journal != id(names[*who])) {
                    watches.push(watch(names[*who], START.plus_seconds(*at)));
                }
            }
            tick(&mut desk, &watches);
            let lines = desk.lines.len();
            prop_assert_eq!(tick(&mut desk, &watches), 0);
            prop_assert_eq!(desk.lines.len(), lines);
            for watch in &watches {
                let trusted = desk.region.shared.bonds.peers.contains_key(&watch.journal);
                let quiet = desk.now.since(watch.heard) > SILENCE_SECONDS * 1_000_000;
                let raised = desk.region.shared.bonds.silent.contains_key(&watch.journal);
                prop_assert_eq!(raised, trusted && quiet);
            }
        }
    }
}

/// Whether the last records of a journal call for a notice in another.
fn calls(desk: &Desk, since: usize) -> bool {
    desk.lines[since..].iter().any(|line| worth_noticing(line.encoded.kind))
}

#[test]
fn two_regions_that_notice_each_other_fall_quiet() {
    let mut desks = [trusting("skane", &["halland"]), trusting("halland", &["skane"])];
    let mut read = [0, 0];
    let mut notices = 0;
    for round in 0..20 {
        let (mine, other) = (round % 2, (round + 1) % 2);
        let since = std::mem::replace(&mut read[other], desks[other].lines.len());
        if calls(&desks[other], since) {
            let head = desks[other].head();
            desks[mine].must("machine", Command::Notice { head });
            notices += 1;
        }
    }
    assert_eq!(notices, 2, "one each for what they had written, none for the notices");
    for (desk, other) in [(0, 1), (1, 0)] {
        let noticed = &desks[desk].region.shared.bonds.noticed;
        let head = &noticed[&desks[other].journal];
        assert!(desks[other].lines.iter().any(|line| line.meta.at == *head));
    }
}

#[test]
fn only_records_about_other_journals_are_not_worth_a_notice() {
    for (kind, _) in bonds::Event::KINDS {
        assert!(!worth_noticing(kind), "{kind}");
    }
    let areas = [
        samband_domain::kernel::Event::KINDS,
        samband_domain::figures::Event::KINDS,
        samband_domain::agreements::Event::KINDS,
    ];
    for (kind, _) in areas.into_iter().flatten() {
        assert!(worth_noticing(kind), "{kind}");
    }
    assert!(worth_noticing("unit.issued"), "a later version's kinds are");
}

#[test]
fn the_same_head_is_noticed_once() {
    let mut desk = trusting("skane", &["halland"]);
    desk.must("machine", Command::Notice { head: head("halland", 4) });
    let again = desk.act("machine", Command::Notice { head: head("halland", 4) }).unwrap();
    assert_eq!(again, []);
    desk.must("machine", Command::Notice { head: head("halland", 5) });
    assert_eq!(desk.region.shared.bonds.noticed[&id("halland")].seq, 5);
    let stranger = desk.refused("machine", Command::Notice { head: head("dalarna", 1) });
    assert_eq!(stranger, "form.not_found");
}

fn fork(journal: &str) -> Command {
    let detail = "posten 3 har en annan hash".into();
    Command::ReportFork { held: head(journal, 3), shown: Some(Digest::of(b"other")), detail }
}

fn forks(desk: &Desk) -> Vec<JournalId> {
    desk.region.shared.bonds.forks.keys().cloned().collect()
}

#[test]
fn a_fork_stays_until_a_person_settles_it() {
    let mut desk = trusting("skane", &["halland"]);
    desk.pass_hours(1);
    desk.must("machine", fork("halland"));
    let raised = desk.region.shared.bonds.forks[&id("halland")].clone();
    assert_eq!((raised.since, raised.held), (desk.now, head("halland", 3)));
    desk.pass_hours(1);
    assert_eq!(desk.act("machine", fork("halland")).unwrap(), [], "raised once");
    desk.must("machine", Command::Notice { head: head("halland", 9) });
    let (genesis, continues) = (RecordRef { epoch: 2, ..head("halland", 1) }, head("halland", 2));
    desk.must("machine", Command::NoticeEpoch { genesis, continues, lost: 1 });
    desk.must("machine", Command::NoteSilence { journal: id("halland"), heard: None.into() });
    desk.must("machine", Command::NoteHeard { journal: id("halland") });
    desk.must("a-1", Command::Drop { journal: id("halland"), reason: "under utredning".into() });
    desk.must("a-1", trust("halland", "https://samband.example", Mode::Demo));
    assert_eq!(forks(&desk), [id("halland")], "none of these settles it");
    assert_eq!(desk.region.shared.bonds.lost[&id("halland")], 1);
    let settle = || Command::SettleFork { journal: id("halland"), finding: "återställd".into() };
    let event = desk.must("a-2", settle());
    assert!(matches!(event, Event::Bonds(bonds::Event::ForkSettled(..))));
    assert!(forks(&desk).is_empty());
    assert_eq!(desk.refused("a-2", settle()), "peer.no_fork");
    desk.must("machine", fork("halland"));
    assert_eq!(forks(&desk), [id("halland")], "and a new one is raised anew");
}

#[test]
fn trust_is_given_once_within_one_mode_and_to_an_address_that_can_be_reached() {
    let mut desk = trusting("skane", &["halland"]);
    let good = "https://samband.example:8443";
    for (command, code) in [
        (trust("skane", good, Mode::Demo), "peer.itself"),
        (trust("halland", good, Mode::Demo), "peer.trusted_already"),
        (trust("kronoberg", good, Mode::Real), "peer.across_modes"),
    ] {
        assert_eq!(desk.refused("a-1", command), code);
    }
    for url in [
        "",
        "samband.example",
        "http://samband.example",
        "https://",
        "https://:443",
        "https://a b",
        "https://a/path",
        "https://user@a",
        "https://a:0",
        "https://a:70000",
        "https://a:8443x",
        "https://a?q",
        "HTTPS://a",
    ] {
        let refused = desk.refused("a-1", trust("kronoberg", url, Mode::Demo));
        assert_eq!(refused, "peer.bad_address", "{url}");
    }
    for (peer, url) in [
        ("kronoberg", "https://10.0.0.7:9443"),
        ("blekinge", "https://samband.blekinge.example"),
        ("kalmar", "https://[2001:db8::1]:8443"),
    ] {
        desk.must("a-1", trust(peer, url, Mode::Demo));
    }
    let outside = desk.seen_from_outside();
    assert_eq!(outside.bonds.peers.len(), 4, "whom a region trusts is no secret");
    assert!(!desk.shared_bytes().contains("https://"), "where it reaches them is");
}

#[test]
fn a_trusted_journal_moves_but_never_changes_its_key_on_the_way() {
    let mut desk = trusting("skane", &["halland"]);
    let moved = "https://new.example:8443";
    let event = desk.must("a-1", trust("halland", moved, Mode::Demo));
    assert!(matches!(event, Event::Bonds(bonds::Event::Moved(..))), "{event:?}");
    let reach = |desk: &Desk| desk.region.own.bonds.reach[&id("halland")].here().cloned().unwrap();
    assert_eq!(reach(&desk).url, moved);
    assert_eq!(desk.refused("a-1", trust("halland", moved, Mode::Demo)), "peer.trusted_already");

    let Command::Trust { peer, reach: mut renewed } = trust("halland", moved, Mode::Demo) else {
        unreachable!("it trusts");
    };
    renewed.certificate = Digest::of(b"renewed");
    let stranger = Peer { key: Key::new(4).public(), ..peer.clone() };
    let swapped = Command::Trust { peer: stranger.clone(), reach: renewed.clone() };
    assert_eq!(desk.refused("a-1", swapped.clone()), "peer.key_differs");
    assert_eq!(reach(&desk).url, moved, "nothing of it was taken over");
    desk.must("a-1", Command::Trust { peer, reach: renewed.clone() });
    assert_eq!(reach(&desk), renewed);

    desk.must("a-1", Command::Drop { journal: id("halland"), reason: "ny nyckel".into() });
    desk.must("a-1", swapped);
    assert_eq!(desk.region.shared.bonds.peers[&id("halland")], stranger);
    assert!(!desk.shared_bytes().contains("new.example"), "where it is reached stays here");
}
