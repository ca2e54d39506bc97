//! Every deadline that a region can set, by its name: each is walked by a virtual clock to the last
//! second before it and to its own, at the default and at other values. One that is added without
//! a row here fails.

use std::collections::BTreeSet;

use samband_domain::alarms::Command;
use samband_domain::alarms::model::{
    Channel, DutyRole, Key, Kind, Outcome, Owed, Policy, Says, Step,
};
use samband_domain::alarms::view::{self, ClockOf};
use samband_domain::bonds::{SILENCE_SECONDS, Watch};
use samband_domain::rulesets::{self, Document, Rule, Scope, Value, Verdict};
use samband_domain::{Command as Any, Digest, Known, due};

use crate::alarms::net::{Net, REGIONS, draft, of};
use crate::common::{Desk, id};

const HERE: usize = 6;

/// Whether what the deadline is for has come about.
type Rang = fn(&Net, &Key) -> bool;

/// A deadline: the key of its rule, the seconds that hold where nothing is stated, what the channel
/// says of the first message, and what happens when it is over.
type Row = (&'static str, u32, Outcome, Rang);

/// Every field of the policy has its row: a new one does not compile until it has.
fn rows() -> Vec<Row> {
    let Policy { next_way, deputy, switchboard, by_hand, again, retry, stock, pledge, report } =
        Policy::DEFAULT;
    let sent = Outcome::Sent;
    vec![
        ("alarm.next_way_seconds", next_way, sent, |net, key| due_by(net, key, Channel::Sms, 0)),
        ("alarm.deputy_seconds", deputy, sent, |net, key| took(net, key, Step::Deputy)),
        ("alarm.switchboard_seconds", switchboard, sent, |n, key| took(n, key, Step::Switchboard)),
        ("alarm.by_hand_seconds", by_hand, sent, |net, key| took(net, key, Step::ByHand)),
        ("alarm.again_seconds", again, sent, |net, key| due_by(net, key, Channel::Email, 1)),
        ("alarm.retry_seconds", retry, Outcome::Failed, |net, key| {
            due_by(net, key, Channel::Email, 1)
        }),
        ("alarm.stock_seconds", stock, sent, |net, key| rang(net, key, Owed::Stock)),
        ("alarm.pledge_seconds", pledge, sent, |net, key| rang(net, key, Owed::Pledge)),
        ("alarm.report_seconds", report, sent, |net, key| rang(net, key, Owed::Report)),
    ]
}

fn due_by(net: &Net, key: &Key, channel: Channel, number: u16) -> bool {
    net.outbox(HERE).iter().any(|message| {
        (&message.key, message.person, message.way.channel, message.number)
            == (key, 0, channel, number)
    })
}

fn took(net: &Net, key: &Key, step: Step) -> bool {
    net.desks[HERE].region.shared.alarms.obligations[key].steps.contains(&step)
}

/// Whether the watcher outside sees that something is overdue.
fn rang(net: &Net, key: &Key, owed: Owed) -> bool {
    let desk = &net.desks[HERE];
    let clocks = view::clocks(&desk.region.shared.alarms, &desk.journal, &[]);
    let clock = clocks.iter().find(|one| one.key == *key && one.what == ClockOf::Owed(owed));
    clock.is_some_and(|clock| clock.at <= desk.now)
}

/// A region states one deadline of its own; all others stay as they are.
fn stated(desk: &mut Desk, name: &str, seconds: u32) {
    let key = rulesets::Key::find(name).unwrap();
    let value = Known::Value(Value::Count(seconds));
    let rules = vec![Rule { key, value, source: "lokal rutin".into(), note: None }];
    let (scope, title, version) = (Scope::Blood, "Klockor".to_owned(), name.to_owned());
    let text = Document::of(scope, title.clone(), version.clone(), &rules).text();
    let rule_set = Digest::of(text.as_bytes());
    desk.must("a-1", rulesets::Command::Draft { scope, title, version, rules, file: None });
    let (verdict, comment) = (Verdict::Approve, None);
    desk.must("a-2", rulesets::Command::Review { rule_set, verdict, comment });
    desk.must("a-2", rulesets::Command::Adopt { rule_set, from: None });
}

/// The alarm is issued, its first message meets its fate, and the clock is walked.
fn walk((name, usual, outcome, rang): Row, own: Option<u32>) {
    let mut net = Net::new();
    if let Some(seconds) = own {
        stated(&mut net.desks[HERE], name, seconds);
    }
    let role = match name {
        "alarm.pledge_seconds" | "alarm.report_seconds" => DutyRole::Tib,
        _ => DutyRole::BloodCentre,
    };
    let to = of(REGIONS[HERE], role);
    let (_, alarm) = net.alarm(HERE, vec![to.clone()]);
    let key = Net::key(HERE, &alarm, to);
    let seconds = i64::from(own.unwrap_or(usual));
    net.send(HERE, outcome);
    net.wait(seconds - 1);
    assert!(!rang(&net, &key), "{name}: before {seconds} s");
    net.wait(1);
    assert!(rang(&net, &key), "{name}: not at {seconds} s");
}

#[test]
fn every_deadline_that_a_region_can_set_rings_in_its_second_and_none_is_left_out() {
    let configured: BTreeSet<_> = rulesets::Key::all()
        .map(rulesets::Key::text)
        .filter(|name| name.starts_with("alarm."))
        .collect();
    let walked: BTreeSet<_> = rows().iter().map(|row| row.0).collect();
    assert_eq!(configured, walked, "a deadline that nobody walks");
    for row in rows() {
        walk(row, None);
        // Shorter and longer, and no multiple of anything else.
        for own in [row.1 / 2 + 7, row.1 * 2 + 1] {
            walk(row, Some(own));
        }
    }
}

/// Which clocks a watcher is shown, and none that it is not.
#[test]
fn every_clock_that_a_watcher_is_shown_is_walked() {
    let steps: BTreeSet<_> = Step::ALL.iter().map(|step| format!("{step}")).collect();
    let expected = ["by_hand", "deputy", "first", "switchboard"];
    assert_eq!(steps, expected.map(str::to_owned).into());
    let owed: BTreeSet<_> = Owed::ALL.iter().map(|owed| format!("{owed}")).collect();
    assert_eq!(owed, ["pledge", "report", "stock"].map(str::to_owned).into());
    for (step, name) in [
        (Step::Deputy, "alarm.deputy_seconds"),
        (Step::Switchboard, "alarm.switchboard_seconds"),
        (Step::ByHand, "alarm.by_hand_seconds"),
    ] {
        let usual = rows().iter().find(|row| row.0 == name).map(|row| row.1);
        assert_eq!(usual, Some(Policy::DEFAULT.after(step)), "{name}");
    }
    assert_eq!(Policy::DEFAULT.after(Step::First), 0, "at once");
}

/// What runs keeps its clock: new rules are for the next alarm.
#[test]
fn a_clock_that_runs_is_changed_by_no_rule() {
    let mut net = Net::new();
    let to = of(REGIONS[HERE], DutyRole::BloodCentre);
    let (_, alarm) = net.alarm(HERE, vec![to.clone()]);
    let key = Net::key(HERE, &alarm, to.clone());
    stated(&mut net.desks[HERE], "alarm.deputy_seconds", 20);
    net.wait(179);
    assert!(!took(&net, &key, Step::Deputy));
    net.wait(1);
    assert!(took(&net, &key, Step::Deputy));
    let (_, next) = net.alarm(HERE, vec![to.clone()]);
    net.wait(20);
    assert!(took(&net, &Net::key(HERE, &next, to), Step::Deputy));
}

/// A recall is durable, and its first message due, in the second in which it is signed.
#[test]
fn a_recall_waits_for_no_clock() {
    let mut net = Net::new();
    let (incident, alarm) = net.alarm(HERE, vec![of(REGIONS[HERE], DutyRole::Tib)]);
    net.wait(45);
    let recall = samband_domain::alarms::command::Draft {
        incident: Some(incident),
        replaces: Some(alarm),
        ..draft(Kind::Recall, Vec::new())
    };
    net.desks[HERE].must("a-1", Command::Issue { alarm: Box::new(recall) });
    let messages = net.outbox(HERE);
    let now = net.desks[HERE].now;
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert_eq!((messages[0].due, messages[0].way.channel), (now, Channel::Email));
    let held = &net.desks[HERE].region.shared.alarms.obligations[&messages[0].key];
    assert_eq!(held.kind, Kind::Recall);
}

/// "Kan ej" and "fel mottagare" wait for no clock either; where nobody comes next, a person
/// telephones in the same second.
#[test]
fn whoever_cannot_leaves_no_second_to_wait() {
    for says in [Says::Cannot, Says::WrongRecipient] {
        let mut net = Net::new();
        let to = of(REGIONS[HERE], DutyRole::BloodCentre);
        let (_, alarm) = net.alarm(HERE, vec![to.clone()]);
        let key = Net::key(HERE, &alarm, to);
        net.answer(HERE, &key, 0, says).unwrap();
        assert!(took(&net, &key, Step::Deputy) && !took(&net, &key, Step::ByHand));
        net.answer(HERE, &key, 1, says).unwrap();
        assert!(took(&net, &key, Step::ByHand), "nobody is left: {says}");
    }
}

/// Whoever has to telephone is told once, however many say afterwards that they cannot.
#[test]
fn the_last_step_is_taken_once() {
    let mut net = Net::new();
    let to = of(REGIONS[HERE], DutyRole::BloodCentre);
    let (_, alarm) = net.alarm(HERE, vec![to.clone()]);
    let key = Net::key(HERE, &alarm, to);
    net.wait(600);
    assert!(took(&net, &key, Step::ByHand));
    net.answer(HERE, &key, 0, Says::Cannot).unwrap();
    net.answer(HERE, &key, 1, Says::WrongRecipient).unwrap();
    net.wait(60);
    let stepped = net.desks[HERE].lines.iter().filter(|line| {
        let said = line.encoded.shared.as_deref().unwrap_or_default();
        line.encoded.kind == "alarm.stepped" && said.contains("by_hand")
    });
    assert_eq!(stepped.count(), 1);
}

/// Not a region's to set: a trusted journal that is not heard of.
#[test]
fn a_silent_neighbour_is_named_in_its_second() {
    let mut desk = Desk::open("skane");
    let other = Desk::open("halland");
    let at = other.now;
    let peer = samband_domain::bonds::Peer {
        journal: id("halland"),
        key: other.key.public(),
        mode: other.mode,
    };
    let reach = samband_domain::bonds::Reach {
        url: "https://halland.example".into(),
        certificate: Digest::of(b"certificate"),
    };
    desk.must("a-1", samband_domain::bonds::Command::Trust { peer, reach });
    let watch = [Watch { journal: id("halland"), heard: at }];
    let names = |seconds: i64| {
        let now = at.plus_seconds(seconds);
        let all = due(&desk.region, &desk.journal, &watch, &[], now);
        all.iter().any(|command| matches!(command, Any::Bonds(_)))
    };
    assert!(!names(SILENCE_SECONDS));
    assert!(names(SILENCE_SECONDS + 1));
}

/// What the manual says is what holds.
#[test]
fn the_manual_names_every_deadline_with_its_seconds() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/preparedness.md");
    let manual = std::fs::read_to_string(path).unwrap();
    for (name, usual, ..) in rows() {
        let row = manual.lines().find(|line| line.contains(&format!("`{name}`")));
        let row = row.unwrap_or_else(|| panic!("{name} is not in the manual"));
        let seconds = row.trim_start_matches('|').split('|').next().unwrap().replace(' ', "");
        assert_eq!(seconds.parse(), Ok(usual), "{name}: {row}");
    }
}
