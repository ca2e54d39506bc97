//! What joint supply refuses.

use samband_domain::agreements::Command as Agreements;
use samband_domain::agreements::terms::{Carriage, CostKeys, SupplyTerms, UnknownHome};
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::plans::Command;
use samband_domain::plans::model::{
    Arc, DayUse, HomeReport, HomeUnits, Place, Proposal, Target, UseReport,
};
use samband_domain::words::Day;
use samband_domain::{Digest, Known};

use crate::common::stock::{at, region, site};
use crate::common::{Desk, hours, id};
use crate::refusals::asked::{Case, propose};

fn line() -> Line {
    Line { component: Component::RedCells, group: Some(Group::O_NEG) }
}

fn day(n: i64) -> Day {
    Day::of(at(24 * n + 12))
}

fn report(from: i64, to: i64, days: &[i64]) -> Command {
    let row =
        |n: &i64| DayUse { site: site("one"), day: day(*n), line: line(), units: Known::Value(1) };
    let rows = days.iter().map(row).collect();
    let (from, to, source) = (day(from), day(to), "uttag".to_owned());
    Command::ReportUse { report: UseReport { from, to, source, file: None, rows } }
}

fn arc(from: &str) -> Arc {
    let place = |journal: &str| Place { region: id(journal), site: site("one") };
    let group = Some(Group::O_NEG);
    Arc { from: place(from), to: place("halland"), component: Component::RedCells, group }
}

fn accept(from: &str, leaves: i64, units: u32) -> Command {
    let proposal = Proposal {
        arc: arc(from),
        units: 6,
        leg: None,
        leaves: at(leaves),
        arrives: at(leaves + 3),
        why: Vec::new(),
        saves_ore: 1,
        made: at(0),
        basis: Digest::of(b"facts"),
    };
    Command::Accept { proposal: Box::new(proposal), units, by_telephone: false, note: None }
}

fn refuse() -> Command {
    Command::Refuse { arc: arc("skane"), until: day(2), reason: "trauma väntas".into() }
}

/// Keys that do not sum to a hundred.
fn terms() -> Agreements {
    let Agreements::Propose { title, kind, parties, clauses, window, reference, .. } =
        propose(&["skane", "halland"], &["Priser."], hours(0, None))
    else {
        unreachable!("a proposal")
    };
    let terms = SupplyTerms {
        keys: CostKeys { population: 50, r#use: 0, equal: 49 },
        prices: Vec::new(),
        box_ore: None,
        legs: Vec::new(),
        carriage: Carriage::Receiver,
        unknown_home: UnknownHome::LeftOut,
        joint: Vec::new(),
    };
    let terms = Some(Box::new(terms));
    Agreements::Propose { title, kind, parties, clauses, window, reference, terms }
}

fn homes(month: &str, home: &str) -> Command {
    let component = Component::RedCells;
    let row = HomeUnits { component, home: Some(id(home)), in_care_price: false, units: 1 };
    let month = month.parse().unwrap();
    Command::StateHomes { report: HomeReport { month, source: "ekonomi".into(), rows: vec![row] } }
}

pub fn planning_cases() -> Vec<(&'static str, Case)> {
    let case = |desk: Desk, command: Command| -> Case { (desk, "a-1", command.into()) };
    let open = || region("skane", false);
    let after = |command: Command| {
        let mut desk = open();
        desk.must("a-1", command);
        desk
    };
    let ladder = Target { fill_to: 9, green_from: 5, amber_from: 7, basis: "plan".into() };
    let target = Command::SetTarget { site: site("one"), line: line(), target: Some(ladder) };
    vec![
        ("plan.period", case(open(), report(-1, -3, &[-2]))),
        ("plan.period", case(open(), report(-5, -3, &[-2]))),
        ("plan.rows", case(open(), report(-3, -1, &[]))),
        ("plan.rows", case(open(), report(-3, -1, &[-2, -2]))),
        ("plan.target", case(open(), target)),
        ("agreement.terms", (open(), "a-1", terms().into())),
        ("plan.homes", case(open(), homes("2026-01", "skane"))),
        ("plan.homes", case(open(), homes("2999-01", "halland"))),
        ("plan.not_ours", case(open(), accept("blekinge", 6, 6))),
        ("plan.too_late", case(open(), accept("skane", -1, 6))),
        ("plan.accepted_already", case(after(accept("skane", 6, 6)), accept("skane", 6, 6))),
        ("plan.closed", case(after(refuse()), accept("skane", 6, 6))),
        ("plan.units", case(open(), accept("skane", 6, 0))),
        ("plan.change_unexplained", case(open(), accept("skane", 6, 4))),
    ]
}
