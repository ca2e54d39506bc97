//! What withdrawals, plasma for industry and reports refuse.

use samband_domain::blood::model::{Din, UnitId};
use samband_domain::donations::Command;
use samband_domain::donations::command::withdrawal::Command as Back;
use samband_domain::donations::command::{plasma, vigilance};
use samband_domain::donations::model::plasma::Document;
use samband_domain::donations::model::vigilance::{Category, Imputability, Notice, Yearly};
use samband_domain::donations::model::withdrawal::{CallReason, FollowUp, Outcome, Target};
use samband_domain::rulesets::{Rule, Value, key};
use samband_domain::words::{Code, RecordRef};
use samband_domain::{Digest, Event, Known};

use crate::common::stock::*;
use crate::common::{Desk, START, id};
use crate::refusals::asked::{Case, case};

fn back(command: Back) -> Command {
    Command::Withdrawal(command)
}

fn unit_one() -> UnitId {
    unit(1)
}

/// A region whose rules want two persons, with one unit of donation 1.
fn open() -> Desk {
    let mut desk = bare("skane");
    let mut rules = rules(false);
    rules.push(Rule {
        key: key::WITHDRAWAL_TWO_PERSONS,
        value: Known::Value(Value::Flag(true)),
        source: "prov".into(),
        note: None,
    });
    adopt(&mut desk, rules);
    desk.must("a-1", take_over("one", vec![row(1)]));
    desk
}

/// The same with something called back that has no unit here; where its record stands.
fn called(dins: Vec<Din>) -> (Desk, RecordRef) {
    let mut desk = open();
    let reason = CallReason::Marker;
    let (target, note) = (Target::Donations(dins), None);
    desk.must("a-1", back(Back::CallBack { target, reason, note, asked: vec![id("skane")] }));
    let of = |line: &&crate::common::Line| {
        matches!(line.event, Event::Donations(samband_domain::donations::Event::Withdrawn(..)))
    };
    let at = desk.lines.iter().find(of).expect("recorded").meta.at.clone();
    (desk, at)
}

/// What was called back, looked for here too.
fn heeded(dins: Vec<Din>) -> (Desk, RecordRef) {
    let (mut desk, at) = called(dins.clone());
    let foreign = as_foreign(&desk, &at);
    let heed = back(Back::Heed { withdrawal: at.clone(), dins, lot: None });
    desk.act_upon("engine", heed, Some(&foreign)).expect("heeded");
    (desk, at)
}

fn end(withdrawal: RecordRef) -> Command {
    back(Back::Conclude { withdrawal, outcome: Outcome::Stands, note: "utrett".into() })
}

pub fn withdrawal_cases() -> Vec<(&'static str, Case)> {
    let none = unit(77).din;
    let (desk, at) = called(vec![unit_one().din]);
    let open_case = case(desk, "a-1", end(at));
    let (mut assessed, at) = heeded(vec![none]);
    assessed.must("a-1", end(at.clone()));
    let alone = case(assessed, "a-1", end(at));
    let (mut closed, at) = heeded(vec![none]);
    closed.must("a-1", end(at.clone()));
    closed.must("a-2", end(at.clone()));
    let twice = case(closed, "a-2", end(at));
    let (desk, at) = heeded(vec![unit_one().din]);
    let follow =
        Back::Follow { withdrawal: at, unit: unit_one(), done: FollowUp::NotGiven, note: None };
    let on_the_shelf = case(desk, "a-1", back(follow));
    let (desk, withdrawal) = called(vec![none]);
    let tell = Back::Tell { withdrawal, from: id("skane"), fates: Vec::new(), note: "x".into() };
    let own = case(desk, "a-1", back(tell));
    let nothing = Back::CallBack {
        target: Target::Donations(Vec::new()),
        reason: CallReason::Other,
        note: None,
        asked: Vec::new(),
    };
    let unknown = open().genesis_ref();
    vec![
        ("withdrawal.unknown", case(open(), "a-1", end(unknown))),
        ("withdrawal.open", open_case),
        ("withdrawal.second_person", alone),
        ("withdrawal.closed", twice),
        ("withdrawal.no_such_unit", on_the_shelf),
        ("withdrawal.own_word", own),
        ("withdrawal.nothing_named", case(open(), "a-1", back(nothing))),
    ]
}

pub fn plasma_cases() -> Vec<(&'static str, Case)> {
    let ship = Command::Plasma;
    let make = |units| ship(plasma::Command::MakeLot { site: site("one"), units });
    let with_lot = || {
        let mut desk = open();
        plasma_on_the_shelf(&mut desk);
        desk.must("a-1", make(vec![plasma_unit(1), plasma_unit(2)]));
        let lot = desk.region.shared.donations.plasma.lots.keys().next().unwrap().clone();
        (desk, lot)
    };
    let consign = |lots: Vec<Code>, documents: Vec<Document>, sent| {
        ship(plasma::Command::Consign { lots, buyer: "Köparen".into(), documents, sent })
    };
    let papers = || vec![Document { title: "Följesedel".into(), digest: Digest::ZERO }];
    let (no_paper, lot) = with_lot();
    let no_paper = case(no_paper, "a-1", consign(vec![lot], Vec::new(), START));
    let (ahead, lot) = with_lot();
    let ahead = case(ahead, "a-1", consign(vec![lot], papers(), at(9_000)));
    let (mut gone, lot) = with_lot();
    let now = gone.now;
    gone.must("a-1", consign(vec![lot.clone()], papers(), now));
    let gone = case(gone, "a-1", consign(vec![lot], papers(), START));
    let (desk, lot) = with_lot();
    let stranger = plasma::Command::TakeOut { lot, units: vec![unit(9)], note: "x".into() };
    let stranger = case(desk, "a-1", ship(stranger));
    let (mut stopped, lot) = with_lot();
    let target = Target::Donations(vec![plasma_unit(1).din]);
    let (reason, note, asked) = (CallReason::Marker, None, Vec::new());
    stopped.must("a-1", back(Back::CallBack { target, reason, note, asked }));
    let stopped = case(stopped, "a-1", consign(vec![lot], papers(), START));
    vec![
        ("plasma.not_for_industry", case(open(), "a-1", make(vec![unit(1)]))),
        ("plasma.not_in_lot", stranger),
        ("plasma.withdrawn", stopped),
        ("plasma.lot_closed", gone),
        ("plasma.no_document", no_paper),
        ("plasma.ahead_of_time", ahead),
    ]
}

pub fn authority_cases() -> Vec<(&'static str, Case)> {
    let tell = Command::Vigilance;
    let notify = |category, occurred| {
        let (notice, unit, note) = (Notice::Event, None, None);
        tell(vigilance::Command::Notify { notice, category, occurred, unit, note })
    };
    let confirm = |case: Code| {
        let imputability = Imputability::NotAssessable;
        tell(vigilance::Command::Confirm { case, imputability, note: None })
    };
    let mut told = open();
    told.must("a-1", notify(Category::Storage, START));
    let name = told.region.shared.donations.vigilance.cases.keys().next().unwrap().clone();
    told.must("a-1", confirm(name.clone()));
    let this_year = vigilance::Command::File {
        report: Yearly::Activity,
        year: 2025,
        digest: Digest::ZERO,
        reference: None,
    };
    vec![
        ("vigilance.category", case(open(), "a-1", notify(Category::Trali, START))),
        ("vigilance.ahead_of_time", case(open(), "a-1", notify(Category::Storage, at(9_000)))),
        ("vigilance.confirmed_before", case(told, "a-1", confirm(name))),
        ("report.year_not_over", case(open(), "a-1", tell(this_year))),
    ]
}
