//! Joint supply: what was used, what should lie where, and what people say to proposals.

use crate::common::stock::{at, code, region, site, take_over, unit};
use crate::common::{Desk, SECRET, id};
use proptest::prelude::*;
use samband_domain::blood;
use samband_domain::blood::model::Fate;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::supply::Side;
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::RecordKeeper;
use samband_domain::plans::model::{
    Arc, DayUse, Light, Outcome, Place, Proposal, Target, UseReport, Why,
};
use samband_domain::plans::{Command, Event, view};
use samband_domain::words::Day;
use samband_domain::{Absence, Digest, Event as Any, Known, Known::Value, Meta, Private, apply};

fn line(group: Group) -> Line {
    Line { component: Component::RedCells, group: Some(group) }
}

/// A day so many after 1 January 2025, the tests' today.
fn day(n: i64) -> Day {
    Day::of(at(24 * n + 12))
}

fn row(n: i64, units: Known<u32>) -> DayUse {
    DayUse { site: site("one"), day: day(n), line: line(Group::O_NEG), units }
}

fn report(from: i64, to: i64, rows: Vec<DayUse>) -> Command {
    let (from, to) = (day(from), day(to));
    let source = "ProSang, uttag".to_owned();
    Command::ReportUse { report: UseReport { from, to, source, file: None, rows } }
}

fn seen(desk: &Desk, from: i64, to: i64) -> Vec<Known<u32>> {
    let shared = &desk.region.shared;
    let days = (day(from), day(to));
    view::used((&shared.plans, &shared.blood), &site("one"), line(Group::O_NEG), days)
}

fn place(journal: &str, name: &str) -> Place {
    Place { region: id(journal), site: site(name) }
}

fn arc(from: (&str, &str), to: (&str, &str)) -> Arc {
    let (from, to) = (place(from.0, from.1), place(to.0, to.1));
    Arc { from, to, component: Component::RedCells, group: Some(Group::ALL[0]) }
}

fn proposal(arc: Arc) -> Proposal {
    Proposal {
        arc,
        units: 6,
        leg: Some(code("lund-varberg-fm")),
        leaves: at(6),
        arrives: at(9),
        why: vec![Why::WouldExpire { units: 6, on: day(3) }],
        saves_ore: 420_000,
        made: at(-2),
        basis: Digest::of(b"facts"),
    }
}

fn accept(proposal: Proposal, units: u32, note: Option<&str>) -> Command {
    let (proposal, note) = (Box::new(proposal), note.map(Into::into));
    Command::Accept { proposal, units, by_telephone: false, note }
}

#[test]
fn a_day_without_a_row_was_no_use_and_a_day_nobody_covers_is_unknown() {
    let mut desk = region("skane", false);
    desk.must("a-1", report(-5, -1, vec![row(-4, Value(2)), row(-2, Known::Unknown)]));
    let (zero, unknown) = (Value(0), Known::Unknown);
    assert_eq!(seen(&desk, -6, 0), [unknown, zero, Value(2), zero, unknown, zero, unknown]);
    desk.must("a-1", report(-7, -4, vec![row(-4, Value(3))]));
    assert_eq!(seen(&desk, -7, -3), [zero, zero, zero, Value(3), zero], "what is said later holds");
    assert_eq!(desk.region.shared.plans.reports.len(), 2, "and both sources stand");
}

#[test]
fn a_report_says_its_days_once_and_in_order() {
    let mut desk = region("skane", false);
    let one = || vec![row(-2, Value(1))];
    assert_eq!(desk.refused("a-1", report(-1, -3, one())), "plan.period");
    assert_eq!(desk.refused("a-1", report(-5, 1, one())), "plan.period", "tomorrow is no use");
    assert_eq!(desk.refused("a-1", report(-5, -3, one())), "plan.period", "outside the report");
    assert_eq!(desk.refused("a-1", report(-5, -1, Vec::new())), "plan.rows");
    let twice = vec![row(-2, Value(1)), row(-2, Value(1))];
    assert_eq!(desk.refused("a-1", report(-5, -1, twice)), "plan.rows");
}

#[test]
fn unknown_stock_has_no_colour() {
    let target =
        Target { fill_to: 40, green_from: 20, amber_from: 8, basis: "planen 1 jan".into() };
    for (units, light) in
        [(40, Light::Green), (20, Light::Green), (19, Light::Amber), (7, Light::Red)]
    {
        assert_eq!(target.light(Value(units)), Value(light));
    }
    assert_eq!(target.light(Known::Unknown), Known::Unknown);
    let mut desk = region("skane", false);
    let set = |target| Command::SetTarget { site: site("one"), line: line(Group::O_NEG), target };
    assert_eq!(
        desk.refused("a-1", set(Some(Target { amber_from: 21, ..target.clone() }))),
        "plan.target"
    );
    desk.must("a-1", set(Some(target)));
    assert_eq!(desk.region.shared.plans.targets.len(), 1);
    desk.must("a-1", set(None));
    assert!(desk.region.shared.plans.targets.is_empty());
}

#[test]
fn who_sends_offers_and_who_receives_asks_in_the_same_decision() {
    let way = || arc(("skane", "one"), ("halland", "one"));
    for (journal, side, outcome) in
        [("skane", Side::Offer, Outcome::Offered), ("halland", Side::Ask, Outcome::Asked)]
    {
        let mut desk = region(journal, false);
        let events = desk.act("a-1", accept(proposal(way()), 6, None)).unwrap();
        let [Any::Plans(Event::Accepted(said, _)), Any::Blood(call)] = &events[..] else {
            panic!("{events:?}")
        };
        assert_eq!(said.outcome, outcome);
        assert!(matches!(
            (call, side),
            (blood::Event::Offered(..), Side::Offer) | (blood::Event::Asked(..), Side::Ask)
        ));
        let call = desk.region.shared.blood.supply.calls.values().next().expect("it stands");
        assert_eq!((call.side, call.goods.units, call.goods.group), (side, 6, Some(Group::ALL[0])));
        let again = accept(proposal(way()), 6, None);
        assert_eq!(desk.refused("a-1", again), "plan.accepted_already");
    }
    let mut third = region("blekinge", false);
    assert_eq!(third.refused("a-1", accept(proposal(way()), 6, None)), "plan.not_ours");
}

#[test]
fn a_change_says_why_and_what_it_says_stays_at_home() {
    let mut desk = region("skane", false);
    let way = arc(("skane", "one"), ("halland", "one"));
    assert_eq!(
        desk.refused("a-1", accept(proposal(way.clone()), 4, None)),
        "plan.change_unexplained"
    );
    assert_eq!(desk.refused("a-1", accept(proposal(way.clone()), 0, Some("x"))), "plan.units");
    desk.must("a-1", accept(proposal(way), 4, Some(SECRET)));
    assert!(!desk.shared_bytes().contains(SECRET));
    let held = desk.region.shared.plans.accepted.values().next().unwrap();
    assert_eq!((held.units, held.proposal.units), (4, 6), "what was proposed stands beside it");
}

#[test]
fn what_another_system_keeps_is_telephoned_about_and_never_offered() {
    let mut desk = region("skane", false);
    let held = &desk.region.shared.kernel.sites[&site("other")];
    assert_ne!(held.record, RecordKeeper::Samband);
    let events =
        desk.act("a-1", accept(proposal(arc(("skane", "other"), ("halland", "one"))), 6, None));
    let events = events.unwrap();
    assert!(matches!(&events[..], [Any::Plans(Event::Accepted(said, _))]
        if said.outcome == Outcome::Telephone));
}

#[test]
fn a_no_closes_the_way_until_its_day_or_until_it_is_taken_back() {
    let mut desk = region("skane", false);
    let way = arc(("skane", "one"), ("halland", "one"));
    let all = Arc { group: None, ..way.clone() };
    let refuse = |until: i64| Command::Refuse {
        arc: all.clone(),
        until: day(until),
        reason: "helgen väntar trauma".into(),
    };
    assert_eq!(desk.refused("a-1", refuse(-1)), "plan.period");
    assert_eq!(desk.refused("a-1", refuse(40)), "plan.period", "a no is said again in time");
    desk.must("a-1", refuse(2));
    assert_eq!(desk.refused("a-1", accept(proposal(way.clone()), 6, None)), "plan.closed");
    let (skane, halland) = (id("skane"), region("halland", false));
    let parts =
        [(&skane, &desk.region.shared.plans), (&halland.journal, &halland.region.shared.plans)];
    let found = view::closed(&parts, &way, day(2)).map(|(by, _)| by.clone());
    assert_eq!(found, Some(id("skane")), "every region's plan keeps off it");
    assert!(view::closed(&parts, &way, day(3)).is_none());
    desk.must("a-1", Command::Reopen { arc: all });
    desk.must("a-1", accept(proposal(way), 6, None));
}

#[test]
fn a_plan_of_the_day_before_is_made_again_first() {
    let mut desk = region("skane", false);
    let way = || arc(("skane", "one"), ("halland", "one"));
    let old = Proposal { made: at(-25), ..proposal(way()) };
    assert_eq!(desk.refused("a-1", accept(old, 6, None)), "plan.too_late");
    let gone = Proposal { leaves: at(-1), ..proposal(way()) };
    assert_eq!(desk.refused("a-1", accept(gone, 6, None)), "plan.too_late");
}

proptest! {
    /// Whatever is reported in whatever order, each day is what was said of it last.
    #[test]
    fn a_series_is_what_was_said_last_of_each_day(
        reports in prop::collection::vec((-60_i64..-1, 0_i64..20, prop::collection::vec((0_i64..20, 0_u32..9), 1..6)), 1..8)
    ) {
        let mut desk = region("skane", false);
        let mut expected = vec![Known::Unknown; 61];
        for (from, length, rows) in reports {
            let to = (from + length).min(-1);
            let mut listed: Vec<DayUse> = Vec::new();
            for (offset, units) in rows {
                let n = (from + offset).min(to);
                if listed.iter().all(|one| one.day != day(n)) {
                    listed.push(row(n, Value(units)));
                }
            }
            for n in from..=to {
                expected[usize::try_from(n + 60).unwrap()] = Value(0);
            }
            for one in &listed {
                let at = usize::try_from(one.day.days_since(day(-60))).unwrap();
                expected[at] = one.units;
            }
            desk.must("a-1", report(from, to, listed));
        }
        prop_assert_eq!(seen(&desk, -60, 0), expected);
    }
}

#[test]
fn what_is_transfused_here_is_used_here_and_what_is_wasted_is_not() {
    let mut desk = region("skane", false);
    let rows = vec![crate::common::stock::row(1), crate::common::stock::row(2)];
    desk.must("a-1", take_over("one", rows));
    assert_eq!(seen(&desk, 0, 1), [Known::Unknown, Value(0)], "the record began, nothing was used");
    let group = desk.region.shared.blood.units[&unit(1)].group;
    let meta = Meta { happened: at(30), ..desk.lines.last().unwrap().meta.clone() };
    for (serial, fate) in [(1, Fate::Transfused), (2, Fate::Wasted)] {
        let used = blood::event::Used { units: vec![unit(serial)], fate };
        let event = Any::Blood(blood::Event::Used(used, Private::Absent(Absence::Withheld)));
        apply(&mut desk.region.shared, None, &event, &meta);
    }
    let Value(group) = group else { panic!("the group is known") };
    let shared = &desk.region.shared;
    let of = |group| {
        let line = Line { component: Component::RedCells, group };
        view::used((&shared.plans, &shared.blood), &site("one"), line, (day(1), day(1)))
    };
    assert_eq!((of(Some(group)), of(None)), (vec![Value(1)], vec![Value(1)]));
}
