//! Random histories: alarms, updates, recalls, answers, failing and lying channels, regions cut
//! off, and an end at which everything has to be in order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use samband_domain::alarms::Command;
use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{DutyRole, Key, Kind, Outcome, Recipient, Says, Step};
use samband_domain::alarms::{Closed, Shared};

use crate::alarms::net::{Net, REGIONS, draft, of};
use crate::common::{SECRET, id};

#[derive(Clone, Debug)]
enum Move {
    Wait(i64),
    Alarm { from: usize, to: Vec<(usize, bool)> },
    Again { from: usize, recall: bool },
    Send { at: usize, outcome: Outcome },
    Answer { at: usize, obligation: usize, person: usize, says: Says },
    Cut(usize),
    Join(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let region = 0..REGIONS.len();
    let outcome = prop_oneof![Just(Outcome::Sent), Just(Outcome::Delivered), Just(Outcome::Failed)];
    let says = prop_oneof![
        3 => Just(Says::TakesOn), 2 => Just(Says::Cannot), 1 => Just(Says::WrongRecipient)
    ];
    let to = prop::collection::vec((region.clone(), any::<bool>()), 1..6);
    let one = prop_oneof![
        4 => (1..200_i64).prop_map(Move::Wait),
        2 => (region.clone(), to).prop_map(|(from, to)| Move::Alarm { from, to }),
        1 => (region.clone(), any::<bool>()).prop_map(|(from, recall)| Move::Again { from, recall }),
        4 => (region.clone(), outcome).prop_map(|(at, outcome)| Move::Send { at, outcome }),
        4 => (region.clone(), 0..20_usize, 0..4_usize, says)
            .prop_map(|(at, obligation, person, says)| Move::Answer { at, obligation, person, says }),
        1 => region.clone().prop_map(Move::Cut),
        1 => region.prop_map(Move::Join),
    ];
    prop::collection::vec(one, 1..40)
}

fn recipients(to: &[(usize, bool)]) -> Vec<Recipient> {
    let role = |blood: &bool| if *blood { DutyRole::BloodCentre } else { DutyRole::Tib };
    to.iter().map(|(region, blood)| of(REGIONS[*region], role(blood))).collect()
}

/// What has happened so far that can never be undone.
#[derive(Default)]
struct Seen {
    closed: BTreeMap<(usize, Key), Closed>,
    keys: BTreeSet<(usize, Key)>,
    messages: BTreeSet<(usize, Key, u16, u16, String)>,
}

impl Seen {
    fn look(&mut self, net: &Net) {
        for (n, desk) in net.desks.iter().enumerate() {
            let alarms = &desk.region.shared.alarms;
            for (key, held) in &alarms.obligations {
                self.keys.insert((n, key.clone()));
                if let Some(closed) = &held.closed {
                    let before = self.closed.entry((n, key.clone())).or_insert(closed.clone());
                    assert_eq!(before, closed, "nothing leaves the end state");
                }
            }
            for (n, key) in self.keys.iter().filter(|(at, _)| *at == n) {
                assert!(alarms.obligations.contains_key(key), "lost in {}", REGIONS[*n]);
            }
            for message in net.outbox(n) {
                let held = &alarms.obligations[&message.key];
                assert!(!held.quiet(), "{:?} is woken for nothing", message.key);
                assert!(message.due <= desk.now);
            }
        }
    }

    fn send(&mut self, net: &mut Net, at: usize, outcome: Outcome) {
        for message in net.outbox(at) {
            let name = (at, message.key, message.person, message.number, message.way.address);
            assert!(self.messages.insert(name.clone()), "sent twice: {name:?}");
        }
        net.send(at, outcome);
    }
}

fn play(net: &mut Net, seen: &mut Seen, one: Move) {
    match one {
        Move::Wait(seconds) => net.wait(seconds),
        Move::Alarm { from, to } => drop(net.alarm(from, recipients(&to))),
        Move::Again { from, recall } => {
            let alarms = &net.desks[from].region.shared.alarms;
            let last = alarms
                .issued
                .values()
                .find(|one| one.replaced.is_none() && one.alarm.kind != Kind::Recall);
            let Some(last) = last.map(|one| one.alarm.clone()) else { return };
            let kind = if recall { Kind::Recall } else { Kind::Regional };
            let again = Draft {
                incident: last.incident.clone(),
                replaces: Some(last.id),
                ..draft(kind, last.to)
            };
            net.desks[from].must("a-1", Command::Issue { alarm: Box::new(again) });
        }
        Move::Send { at, outcome } => seen.send(net, at, outcome),
        Move::Answer { at, obligation, person, says } => {
            let people = &net.desks[at].region.own.alarms.people;
            let found =
                people.iter().cycle().take(people.len()).nth(obligation % people.len().max(1));
            let found = found.map(|(key, woken)| (key.clone(), woken.len()));
            if let Some((key, woken)) = found {
                // Refused only where the obligation has ended.
                let said = net.answer(at, &key, person % woken, says);
                let ended = net.desks[at].region.shared.alarms.obligations[&key].closed.is_some();
                assert!(said.is_ok() || ended);
            }
        }
        Move::Cut(n) => drop(net.cut.insert(n)),
        Move::Join(n) => drop(net.cut.remove(&n)),
    }
}

/// Every recipient of every alarm has exactly one obligation where it is woken for, and one in the
/// issuer's journal; what was answered there is known here.
fn settled(net: &Net) {
    for (n, desk) in net.desks.iter().enumerate() {
        for (alarm, issued) in &desk.region.shared.alarms.issued {
            for to in &issued.alarm.to {
                let key = Net::key(n, alarm, to.clone());
                let here = &desk.region.shared.alarms.obligations[&key];
                if Shared::wakes(&desk.journal, to) {
                    continue;
                }
                let samband_domain::alarms::model::Party::Region(region) = &to.party else {
                    unreachable!("no party outside in these histories");
                };
                let there = net.desks.iter().find(|desk| desk.journal == *region).unwrap();
                let there = &there.region.shared.alarms.obligations[&key];
                let closed = here.closed.is_some();
                assert!(there.answer.is_none() || here.answer.is_some() || closed, "{key:?}");
            }
        }
        for (key, held) in &desk.region.shared.alarms.obligations {
            let over = held.quiet() || held.steps.contains(&Step::ByHand);
            assert!(over, "{key:?} is forgotten in {}: {held:?}", desk.journal);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_obligation_is_lost_doubled_or_undone(moves in moves()) {
        let mut net = Net::new();
        let mut seen = Seen::default();
        for one in moves {
            play(&mut net, &mut seen, one);
            seen.look(&net);
        }
        // Everybody is joined again, and an hour goes by.
        net.cut.clear();
        for _ in 0..6 {
            net.wait(600);
            seen.look(&net);
        }
        settled(&net);
        for desk in &net.desks {
            prop_assert_eq!(&desk.replayed(), &desk.region, "replay is live");
            prop_assert_eq!(&desk.seen_from_outside(), &desk.region.shared);
            prop_assert!(!desk.shared_bytes().contains(SECRET));
        }
        prop_assert_eq!(id(REGIONS[0]), net.desks[0].journal.clone());
    }
}
