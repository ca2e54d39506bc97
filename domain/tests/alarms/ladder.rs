//! Every clock of preparedness.md §6.4, by a virtual one.

use samband_domain::Known;
use samband_domain::alarms::Command;
use samband_domain::alarms::How;
use samband_domain::alarms::command::Who;
use samband_domain::alarms::model::{
    By, Channel, DutyRole, Key, Kind, Outcome, Owed, Policy, Says, Step, Way,
};
use samband_domain::alarms::view::{self, ClockOf};

use crate::alarms::net::{Net, REGIONS, draft, of, turn};
use crate::common::{SECRET, id};

const HERE: usize = 6;
const THERE: usize = 4;

fn raised() -> (Net, Key, Key) {
    let mut net = Net::new();
    let to = vec![of("uppsala", DutyRole::Tib), of("vastmanland", DutyRole::BloodCentre)];
    let (_, alarm) = net.alarm(HERE, to);
    let far = Net::key(HERE, &alarm, of("uppsala", DutyRole::Tib));
    let near = Net::key(HERE, &alarm, of("vastmanland", DutyRole::BloodCentre));
    (net, near, far)
}

fn steps(net: &Net, n: usize, key: &Key) -> Vec<Step> {
    net.desks[n].region.shared.alarms.obligations[key].steps.iter().copied().collect()
}

fn channels(net: &Net, n: usize, key: &Key) -> Vec<(u16, Channel, u16)> {
    let due = net.outbox(n).into_iter().filter(|message| message.key == *key);
    due.map(|message| (message.person, message.way.channel, message.number)).collect()
}

#[test]
fn one_signature_confirms_assesses_and_alarms() {
    let (net, near, _) = raised();
    let kinds: Vec<_> = net.desks[HERE].lines.iter().map(|line| line.encoded.kind).collect();
    let at = kinds.iter().position(|kind| *kind == "incident.opened").unwrap();
    let expected = [
        "incident.opened",
        "incident.reached",
        "incident.reached",
        "incident.mode_set",
        "incident.assessed",
        "incident.reached",
        "alarm.issued",
        "alarm.woken",
        "incident.reached",
    ];
    assert_eq!(kinds[at..], expected);
    // The first message is due in the very moment, before any clock has moved.
    assert_eq!(channels(&net, HERE, &near), [(0, Channel::Email, 0)]);
}

#[test]
fn the_ladder_climbs_by_its_clock_until_a_person_answers() {
    let (mut net, near, _) = raised();
    net.send(HERE, Outcome::Sent);
    net.wait(45);
    assert!(channels(&net, HERE, &near).is_empty());
    net.wait(15);
    assert_eq!(channels(&net, HERE, &near), [(0, Channel::Sms, 0)], "the second way after 60 s");
    net.send(HERE, Outcome::Delivered);
    net.wait(105);
    assert_eq!(steps(&net, HERE, &near), [Step::First]);
    net.wait(15);
    assert_eq!(steps(&net, HERE, &near), [Step::First, Step::Deputy], "the deputy after 180 s");
    assert!(channels(&net, HERE, &near).contains(&(1, Channel::Email, 0)));
    net.wait(180);
    assert_eq!(steps(&net, HERE, &near).last(), Some(&Step::Switchboard));
    net.wait(240);
    assert_eq!(steps(&net, HERE, &near).last(), Some(&Step::ByHand), "by hand after 600 s");
    // Delivered and read are no answers.
    let token = net.desks[HERE].region.own.alarms.people[&near][1].as_ref().unwrap().token.clone();
    net.desks[HERE].must("machine", Command::Read { key: near.clone(), token });
    assert!(!net.outbox(HERE).is_empty());
    net.answer(HERE, &near, 1, Says::TakesOn).unwrap();
    let held = &net.desks[HERE].region.shared.alarms.obligations[&near];
    assert_eq!(held.answer.as_ref().and_then(|answer| answer.rank), Some(1));
    assert!(held.read.is_some() && held.closed.is_none(), "the stock is still owed");
    assert!(channels(&net, HERE, &near).is_empty(), "nobody is woken for what is taken on");
    net.desks[HERE].must("a-1", Command::Deliver { key: near.clone(), owed: Owed::Stock });
    let held = &net.desks[HERE].region.shared.alarms.obligations[&near];
    assert_eq!(held.closed.as_ref().map(|closed| &closed.how), Some(&How::Met));
}

#[test]
fn a_failure_is_tried_again_soon_and_then_at_the_ordinary_pace() {
    let (mut net, near, _) = raised();
    for number in 0..4 {
        assert!(channels(&net, HERE, &near).contains(&(0, Channel::Email, number)));
        net.send(HERE, Outcome::Failed);
        assert!(!channels(&net, HERE, &near).iter().any(|one| one.1 == Channel::Email));
        net.wait(15);
    }
    // The fourth failure waits as long as a success would.
    assert!(
        !channels(&net, HERE, &near).iter().any(|(to, way, _)| (*to, *way) == (0, Channel::Email))
    );
    net.wait(i64::from(Policy::DEFAULT.again) - 15);
    assert!(channels(&net, HERE, &near).contains(&(0, Channel::Email, 4)));
}

fn ways(ways: Vec<Way>) -> (Net, Key) {
    let mut net = Net::new();
    let of = of(REGIONS[HERE], DutyRole::BloodCentre);
    let turns = vec![samband_domain::alarms::model::Turn { ways, ..turn("jour", 0) }];
    net.desks[HERE].must("a-1", Command::SetRoster { of: of.clone(), turns });
    let (_, alarm) = net.alarm(HERE, vec![of.clone()]);
    (net, Net::key(HERE, &alarm, of))
}

#[test]
fn a_way_that_fails_leaves_its_time_to_the_next() {
    let (mut net, near, _) = raised();
    net.send(HERE, Outcome::Failed);
    assert_eq!(channels(&net, HERE, &near), [(0, Channel::Sms, 0)], "at once, not after 60 s");
    net.send(HERE, Outcome::Sent);
    net.wait(15);
    assert_eq!(channels(&net, HERE, &near), [(0, Channel::Email, 1)]);
    // What the channel said stays in the region.
    let said = &net.desks[HERE].region.own.alarms.said;
    assert!(said.values().all(|text| text.contains(SECRET)) && said.len() == 2);
    assert!(!net.desks[HERE].shared_bytes().contains(SECRET));
}

#[test]
fn the_open_page_delays_no_way() {
    let all = vec![
        crate::alarms::net::way(Channel::Web, "sida"),
        crate::alarms::net::way(Channel::Sms, "+46701740699"),
    ];
    let (net, key) = ways(all);
    assert_eq!(channels(&net, HERE, &key), [(0, Channel::Sms, 0)]);
}

#[test]
fn two_addresses_of_one_kind_take_turns() {
    let numbers = ["+46701740699", "+46701740698"];
    let all = numbers.iter().map(|number| crate::alarms::net::way(Channel::Sms, number)).collect();
    let (mut net, key) = ways(all);
    let sent = |net: &mut Net| {
        let due = net.outbox(HERE);
        net.send(HERE, Outcome::Sent);
        let mine = due.into_iter().filter(|one| one.key == key);
        mine.map(|one| (one.number, one.way.address)).collect::<Vec<_>>()
    };
    assert_eq!(sent(&mut net), [(0, numbers[0].to_owned())]);
    net.wait(60);
    assert_eq!(sent(&mut net), [(1, numbers[1].to_owned())], "the second way, as ever");
    net.wait(120);
    assert_eq!(sent(&mut net), [(2, numbers[0].to_owned())]);
}

#[test]
fn a_reply_and_a_key_press_are_known_by_four_digits_and_a_link_is_not() {
    for by in [By::Keys, By::Reply, By::Link] {
        let (mut net, key, _) = raised();
        let pin = net.desks[HERE].region.own.alarms.people[&key][0].as_ref().unwrap().pin.clone();
        let who = Who::Token(pin);
        let answer = Command::Answer { key, who, by, says: Says::TakesOn, note: None };
        let done = net.desks[HERE].act("machine", answer);
        assert_eq!(done.is_ok(), by != By::Link, "{by}");
    }
}

#[test]
fn whoever_cannot_wakes_the_next_at_once() {
    for says in [Says::Cannot, Says::WrongRecipient] {
        let (mut net, near, _) = raised();
        net.answer(HERE, &near, 0, says).unwrap();
        assert_eq!(channels(&net, HERE, &near), [(1, Channel::Email, 0)], "{says}");
        // Twice said is once done.
        assert!(net.answer(HERE, &near, 0, says).unwrap().is_empty());
        net.answer(HERE, &near, 1, says).unwrap();
        assert!(steps(&net, HERE, &near).contains(&Step::ByHand), "nobody is left to wake");
    }
}

#[test]
fn another_region_wakes_its_own_and_the_issuer_sees_the_answer() {
    let (mut net, _, far) = raised();
    assert!(net.outbox(THERE).is_empty());
    net.tick();
    assert_eq!(channels(&net, THERE, &far), [(0, Channel::Email, 0)]);
    assert!(channels(&net, HERE, &far).is_empty(), "the receiving region knows who it is");
    net.answer(THERE, &far, 0, Says::TakesOn).unwrap();
    net.tick();
    let held = &net.desks[HERE].region.shared.alarms.obligations[&far];
    assert_eq!(held.closed.as_ref().map(|closed| &closed.how), Some(&How::Met));
    assert_eq!(held.answer.as_ref().unwrap().record.journal, id("uppsala"));
    let there = &net.desks[THERE].region.shared.alarms.obligations[&far];
    assert!(there.closed.is_none(), "report and pledge are owed there");
    net.tick();
    let stage = net.desks[HERE].region.shared.incidents.incidents.values().next().unwrap().stage;
    assert_eq!(stage.as_str(), "responding");
    assert!(!net.desks[THERE].shared_bytes().contains(SECRET));
    assert!(!net.desks[HERE].shared_bytes().contains(SECRET));
}

#[test]
fn a_region_that_does_not_hear_is_reached_by_its_function_or_by_hand() {
    let (mut net, _, far) = raised();
    net.cut.insert(THERE);
    net.wait(60);
    assert_eq!(steps(&net, HERE, &far), [Step::First], "nobody listed: a person is told at once");
    net.wait(540);
    assert_eq!(steps(&net, HERE, &far).last(), Some(&Step::ByHand));
    // A person telephones, and writes down who answered.
    let who = Who::Told { name: format!("Kim {SECRET}") };
    let key = far.clone();
    let told = Command::Answer { key, who, by: By::Told, says: Says::TakesOn, note: None };
    net.desks[HERE].must("a-1", told);
    // Joined again, the region hears of it, and nothing is undone.
    net.cut.clear();
    net.wait(30);
    assert!(net.desks[THERE].region.shared.alarms.obligations.contains_key(&far));
    assert!(net.desks[HERE].region.shared.alarms.obligations[&far].closed.is_some());
    assert!(!net.desks[HERE].shared_bytes().contains(SECRET));
}

#[test]
fn a_function_that_is_listed_is_woken_by_the_issuer() {
    let mut net = Net::new();
    let to = of("uppsala", DutyRole::Tib);
    let roster = Command::SetRoster { of: to.clone(), turns: vec![turn("tib-funktion", 0)] };
    net.desks[HERE].must("a-1", roster);
    let (_, alarm) = net.alarm(HERE, vec![to.clone()]);
    let far = Net::key(HERE, &alarm, to);
    net.cut.insert(THERE);
    net.wait(60);
    assert_eq!(channels(&net, HERE, &far), [(0, Channel::Email, 0)]);
}

#[test]
fn a_recall_goes_to_the_same_and_has_to_be_answered() {
    let (mut net, near, far) = raised();
    net.tick();
    let before = net.desks[HERE].region.shared.alarms.issued[&near.alarm].alarm.clone();
    let recall = samband_domain::alarms::command::Draft {
        incident: before.incident.clone(),
        replaces: Some(near.alarm.clone()),
        headline: "Återkallat larm".into(),
        ..draft(Kind::Recall, Vec::new())
    };
    net.desks[HERE].must("a-1", Command::Issue { alarm: Box::new(recall.clone()) });
    net.tick();
    let recalled = |n: usize, key: &Key| {
        net.desks[n].region.shared.alarms.obligations[key]
            .closed
            .as_ref()
            .map(|one| one.how.clone())
    };
    assert_eq!(recalled(HERE, &near), Some(How::Recalled));
    assert_eq!(recalled(THERE, &far), Some(How::Recalled));
    let alarms = &net.desks[HERE].region.shared.alarms;
    let new = alarms.issued.values().find(|one| one.alarm.kind == Kind::Recall).unwrap();
    assert_eq!(new.alarm.to, before.to);
    let key = Net::key(HERE, &new.alarm.id, of("uppsala", DutyRole::Tib));
    assert_eq!(channels(&net, THERE, &key), [(0, Channel::Email, 0)]);
    // What was answered too late is told how it ended.
    let late = net.answer(THERE, &far, 0, Says::TakesOn).unwrap_err();
    assert_eq!(late.kind.code, "alarm.ended");
    assert_eq!(
        net.desks[HERE].refused("a-1", Command::Issue { alarm: Box::new(recall) }),
        "alarm.replaces"
    );
}

#[test]
fn whoever_is_told_early_owes_nothing() {
    let mut net = Net::new();
    let to = vec![of(REGIONS[HERE], DutyRole::Tib)];
    let early = draft(Kind::PreAlert, to);
    let before = net.desks[HERE].lines.len();
    let open = |suspected| samband_domain::incidents::Command::Open {
        report: Box::new(crate::alarms::net::report()),
        suspected,
        tell: Some(Box::new(early.clone())),
    };
    assert_eq!(net.desks[HERE].refused("a-1", open(false)), "alarm.incident");
    assert_eq!(net.desks[HERE].lines.len(), before, "a draft and its early word: neither");
    net.desks[HERE].must("a-1", open(true));
    let alarms = &net.desks[HERE].region.shared.alarms.issued;
    let of_it = alarms.values().map(|one| (one.alarm.kind, one.alarm.incident.clone()));
    let incident = net.desks[HERE].region.shared.incidents.incidents.keys().next().cloned();
    assert_eq!(of_it.collect::<Vec<_>>(), [(Kind::PreAlert, incident)], "one signature, both");
    assert_eq!(net.outbox(HERE).len(), 2, "both ways at once: there is no second try");
    net.send(HERE, Outcome::Sent);
    let held = net.desks[HERE].region.shared.alarms.obligations.values().next().unwrap();
    assert_eq!(held.closed.as_ref().map(|closed| &closed.how), Some(&How::Told));
}

#[test]
fn every_clock_that_runs_is_seen_from_outside() {
    let (mut net, near, _) = raised();
    let clocks = |net: &Net| {
        let desk = &net.desks[HERE];
        let all = view::clocks(&desk.region.shared.alarms, &desk.journal, &[]);
        let mine = all.into_iter().filter(|clock| clock.key == near);
        mine.map(|clock| clock.what).collect::<Vec<_>>()
    };
    use ClockOf::{Owed as What, Step as By};
    let expected = [By(Step::Deputy), By(Step::Switchboard), By(Step::ByHand), What(Owed::Stock)];
    assert_eq!(clocks(&net), expected);
    net.answer(HERE, &near, 0, Says::TakesOn).unwrap();
    assert_eq!(clocks(&net), [What(Owed::Stock)]);
}

#[test]
fn what_leads_nowhere_is_refused_by_name() {
    let mut net = Net::new();
    let desk = &mut net.desks[HERE];
    let of = of(REGIONS[HERE], DutyRole::Tib);
    let bad = [
        Vec::new(),
        vec![Way { channel: Channel::Email, address: "ingen".into() }],
        vec![Way { channel: Channel::Sms, address: "0x".into() }],
        vec![Way { channel: Channel::Webhook, address: "http://exempel.test".into() }],
        vec![Way { channel: Channel::Voice, address: String::new() }],
    ];
    for ways in bad {
        let turns = vec![samband_domain::alarms::model::Turn { ways, ..turn("jour", 0) }];
        assert_eq!(desk.refused("a-1", Command::SetRoster { of: of.clone(), turns }), "alarm.way");
    }
    let turns = vec![turn("jour", 0); 61];
    assert_eq!(desk.refused("a-1", Command::SetRoster { of, turns }), "alarm.turns");
    let nobody = Command::Issue { alarm: Box::new(draft(Kind::Reach, Vec::new())) };
    assert_eq!(desk.refused("a-1", nobody), "alarm.nobody");
    let mut range = draft(Kind::Reach, vec![crate::alarms::net::of(REGIONS[HERE], DutyRole::Tib)]);
    range.injured = Known::Value(samband_domain::alarms::model::Between { least: 3, most: 2 });
    assert_eq!(desk.refused("a-1", Command::Issue { alarm: Box::new(range) }), "alarm.range");
    let regional =
        draft(Kind::Regional, vec![crate::alarms::net::of(REGIONS[HERE], DutyRole::Tib)]);
    let regional = Command::Issue { alarm: Box::new(regional) };
    assert_eq!(desk.refused("a-1", regional), "alarm.incident");
}
