//! Whoever is erased is gone from rosters, from who was woken, and from who answered.

use samband_domain::alarms::Command;
use samband_domain::alarms::command::Who;
use samband_domain::alarms::model::{By, DutyRole, Key, Says, Turn};
use samband_domain::kernel::Command as Kernel;
use samband_domain::words::Subject;

use crate::alarms::net::{Net, REGIONS, of, turn};
use crate::common::{Desk, SECRET, actor};

fn erase(who: &str) -> Kernel {
    Kernel::EraseActor { actor: actor(who), ground: "begäran".into() }
}

fn roster(desk: &mut Desk, holder: Option<&str>) {
    let turns = vec![Turn { actor: holder.map(actor), ..turn("jour", 0) }];
    let of = of(REGIONS[0], DutyRole::BloodCentre);
    desk.must("a-1", Command::SetRoster { of, turns });
}

fn named(desk: &Desk, key: &Key) -> (usize, usize) {
    let own = &desk.region.own.alarms;
    let woken = own.people[key].iter().flatten().count();
    let answered = own.answers.get(key).into_iter().flatten();
    (woken, answered.filter(|told| told.who.is_some()).count())
}

#[test]
fn nobody_is_forgotten_on_duty_and_everything_afterwards() {
    let mut net = Net::new();
    let to = vec![of(REGIONS[0], DutyRole::BloodCentre), of(REGIONS[1], DutyRole::Tib)];
    roster(&mut net.desks[0], Some("a-2"));
    let (_, alarm) = net.alarm(0, to.clone());
    let key = Net::key(0, &alarm, to[0].clone());
    let desk = &mut net.desks[0];
    assert_eq!(desk.refused("a-1", erase("a-2")), "alarm.on_duty", "stands on a roster");
    roster(desk, None);
    assert_eq!(desk.refused("a-1", erase("a-2")), "alarm.on_duty", "was woken, and it runs");
    let answer = |says| Command::Answer {
        key: key.clone(),
        who: Who::Oneself,
        by: By::Page,
        says,
        note: Some(format!("hos {SECRET}")),
    };
    desk.must("a-2", answer(Says::Cannot));
    let told = &desk.region.own.alarms.answers[&key][0];
    assert_eq!(told.who.as_ref().unwrap().actor, Some(actor("a-2")));
    desk.must("a-1", Command::Close { key: key.clone(), why: "övergiven".into() });
    assert_eq!(named(desk, &key), (1, 1));
    let person = Subject::person(&actor("a-2"));
    let about = desk.lines.iter().filter(|line| line.event.subjects().contains(&person));
    // Who it is, the roster, the waking, the answer: an erasure finds each of them.
    assert_eq!(about.filter(|line| line.event.holds_identity_of(&actor("a-2"))).count(), 4);
    desk.must("a-1", erase("a-2"));
    assert_eq!(named(desk, &key), (0, 0), "that somebody was woken and answered stands");
    let held = &desk.region.shared.alarms.obligations[&key];
    assert_eq!(held.woken[0].gone.map(|(says, _)| says), Some(Says::Cannot));
    assert_eq!(desk.replayed(), desk.region, "the record without the names tells the same");
}
