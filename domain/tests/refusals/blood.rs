//! What is refused about blood.

use crate::common::stock::*;
use crate::common::{Desk, hours, id};
use crate::refusals::asked::{Case, case};
use samband_domain::blood::Command as Blood;
use samband_domain::blood::command::{Correction, Row, Standing};
use samband_domain::blood::model::stock::{
    Demand, Duty, ExternalCount, ExternalStock, Line, Oldest, Way,
};
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::{
    Attribute, CodeTable, Component, DiscardReason, Group, Product, QuarantineReason, TestResult,
    UnitId,
};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{Known, Time};

/// A region with one unit at `one`, changed by the one thing a test is about.
fn with(change: impl FnOnce(&mut Row)) -> Desk {
    let mut desk = region("skane", false);
    let mut row = row(1);
    change(&mut row);
    desk.must("a-1", take_over("one", vec![row]));
    desk
}

fn held() -> Desk {
    with(|row| row.standing = Standing::Quarantined)
}

fn later(mut desk: Desk, hours: i64) -> Desk {
    desk.pass_hours(hours);
    desk
}

fn after(mut desk: Desk, who: &str, command: Blood) -> Desk {
    desk.must(who, command);
    desk
}

fn entering(change: impl FnOnce(&mut Row)) -> Blood {
    let mut row = row(2);
    change(&mut row);
    take_over("one", vec![row])
}

fn units() -> Vec<UnitId> {
    vec![unit(1)]
}

fn release() -> Blood {
    Blood::Release { units: units() }
}

fn reserve(units: Vec<UnitId>) -> Blood {
    Blood::Reserve { units, purpose: "operation".into() }
}

fn oldest(place: &str, count: u16, at_least: u16) -> Blood {
    let (site, component, group) = (site(place), Component::RedCells, Group::O_NEG);
    let oldest = Oldest { site, component, group, count, at_least };
    Blood::ReserveOldest { oldest, purpose: "operation".into() }
}

fn discard() -> Blood {
    Blood::Discard { units: units(), reason: DiscardReason::Damaged, note: None }
}

fn quarantine() -> Blood {
    Blood::Quarantine { units: units(), reason: QuarantineReason::Damage, note: None }
}

fn correct(correction: Correction) -> Blood {
    Blood::Correct { unit: unit(1), correction, reason: "fel etikett".into() }
}

fn count(found: Vec<UnitId>) -> Blood {
    Blood::Count { site: site("one"), component: None, found }
}

fn tests_of(results: &[(&str, TestResult)]) -> Blood {
    let results = results.iter().map(|(name, result)| (code(name), *result)).collect();
    Blood::RecordTests { unit: unit(1), results }
}

fn dispatch(change: impl FnOnce(&mut Way)) -> Blood {
    let mut way = way("one", "halland", "one");
    change(&mut way);
    Blood::Dispatch { way, units: units(), parcel: Parcel::default() }
}

fn report(change: impl FnOnce(&mut ExternalStock)) -> Blood {
    let row = |group| ExternalCount {
        component: Component::RedCells,
        group: Known::Value(group),
        available: Known::Value(3),
        reserved: Known::Unknown,
        quarantined: Known::Unknown,
        expiring: Known::Value(1),
    };
    let rows = vec![row(Group::O_NEG), row(Group::ALL[0])];
    let mut stock = ExternalStock { system: "ProSang".into(), as_of: at(-2), file: None, rows };
    change(&mut stock);
    Blood::ReportExternal { site: site("other"), stock }
}

fn demand(milli: u64) -> Blood {
    let line = Line { component: Component::RedCells, group: None };
    let (period, source) = ("2024".parse().unwrap(), "antagande".into());
    let demand = Demand { milli_per_day: Known::Value(milli), period, source };
    Blood::StateDemand { site: None, line, demand }
}

fn duty(phone: &str) -> Blood {
    let duty = Duty { function: code("blood-centre"), phone: phone.into(), hours: "dygnet".into() };
    Blood::StateDuty { site: site("one"), duty }
}

fn closed() -> Desk {
    let mut desk = with(|_| {});
    let close = Kernel::CloseSite { site: site("one"), at: at(1), reason: "flytt".into() };
    desk.must("a-1", close);
    later(desk, 2)
}

fn bad_table() -> Blood {
    let mut parts = table_parts("2");
    parts.products[0].product = Product::WholeBlood;
    Blood::LoadCodes { table: Box::new(CodeTable::try_from(parts).unwrap()) }
}

fn o_neg() -> Line {
    Line { component: Component::RedCells, group: Some(Group::O_NEG) }
}

pub fn taking_over_cases() -> Vec<(&'static str, Case)> {
    let open = || region("skane", false);
    let result = |name: &str, result| Known::Value(vec![(code(name), result)]);
    let twice = |row: &mut Row| {
        let one = |result| (code("hbsag"), result);
        row.tests = Known::Value(vec![one(TestResult::Negative), one(TestResult::Positive)]);
    };
    let gone = || after(with(|_| {}), "a-1", discard());
    let titre = |row: &mut Row| {
        row.id = unit_of("B0011", 2);
        row.attributes = row.attributes.with(Attribute::HighTitre);
    };
    let unlisted = |row: &mut Row| row.id = unit_of("B0099", 2);
    let enter = |change: fn(&mut Row)| entering(change);
    vec![
        ("stock.record_elsewhere", case(open(), "a-1", take_over("other", vec![row(1)]))),
        ("form.not_found", case(open(), "a-1", take_over("three", vec![row(1)]))),
        ("stock.site_closed", case(closed(), "a-1", take_over("one", vec![row(2)]))),
        ("stock.how_many", case(open(), "a-1", take_over("one", vec![]))),
        ("stock.listed_twice", case(open(), "a-1", take_over("one", vec![row(1), row(1)]))),
        ("stock.unit_known", case(with(|_| {}), "a-1", take_over("two", vec![row(1)]))),
        ("stock.unit_known", case(gone(), "a-1", take_over("one", vec![row(1)]))),
        ("stock.no_code_table", case(no_codes(), "a-1", take_over("one", vec![row(1)]))),
        ("stock.product_code_unknown", case(open(), "a-1", entering(unlisted))),
        ("stock.expired", case(open(), "a-1", enter(|row| row.expiry = at(0)))),
        (
            "stock.expiry_beyond_shelf_life",
            case(open(), "a-1", enter(|row| row.expiry = at(44 * 24))),
        ),
        ("stock.group_unknown", case(open(), "a-1", enter(|row| row.group = Known::Unknown))),
        (
            "stock.reservation_lapsed",
            case(open(), "a-1", enter(|row| row.standing = Standing::Reserved { until: at(0) })),
        ),
        ("stock.attributes_contradict", case(open(), "a-1", entering(titre))),
        ("stock.test_listed_twice", case(open(), "a-1", entering(twice))),
        ("stock.test_not_negative", {
            let bad = result("hbsag", TestResult::Indeterminate);
            case(open(), "a-1", entering(|row| row.tests = bad))
        }),
        // Whatever it is called and whether or not the rules ask for it.
        ("stock.test_not_negative", {
            let Known::Value(mut bad) = tests(&["hbsag", "syphilis"]) else { unreachable!() };
            bad.push((code("hiv"), TestResult::Positive));
            case(open(), "a-1", entering(|row| row.tests = Known::Value(bad)))
        }),
        ("stock.test_not_negative", {
            let bad = result("any", TestResult::Positive);
            case(bare("skane"), "a-1", entering(|row| row.tests = bad))
        }),
    ]
}

fn no_codes() -> Desk {
    let mut desk = Desk::open("skane");
    desk.must("a-1", open_site("one", RecordKeeper::Samband, SiteKind::BloodCentre));
    desk
}

pub fn stating_cases() -> Vec<(&'static str, Case)> {
    let open = || region("skane", false);
    let told = || after(open(), "a-1", report(|_| {}));
    let expired = later(region("skane", false), 9_000);
    let same_row = |stock: &mut ExternalStock| stock.rows.push(stock.rows[0]);
    let more = |stock: &mut ExternalStock| stock.rows[0].expiring = Known::Value(4);
    let here = match report(|_| {}) {
        Blood::ReportExternal { stock, .. } => Blood::ReportExternal { site: site("one"), stock },
        _ => unreachable!(),
    };
    vec![
        ("stock.code_table_outdated", case(open(), "a-1", load("1"))),
        ("stock.code_table_outdated", case(expired, "a-1", load("2"))),
        ("stock.code_reassigned", case(open(), "a-1", bad_table())),
        ("stock.record_here", case(open(), "a-1", here)),
        ("stock.ahead_of_time", case(open(), "a-1", report(|stock| stock.as_of = at(1)))),
        ("stock.older_report", case(told(), "a-1", report(|stock| stock.as_of = at(-3)))),
        ("stock.external_rows", case(open(), "a-1", report(same_row))),
        ("stock.external_rows", case(open(), "a-1", report(more))),
        ("form.text_needed", case(open(), "a-1", report(|stock| stock.system = " ".into()))),
        ("stock.demand_range", case(open(), "a-1", demand(1_000_001))),
        ("stock.phone", case(open(), "a-1", duty("12"))),
        ("stock.phone", case(open(), "a-1", duty("ring Eva"))),
    ]
}

/// A region whose site was given to another system after it was filled.
fn elsewhere() -> Desk {
    let mut desk = with(|_| {});
    desk.must(
        "a-1",
        Kernel::CorrectSite {
            site: site("one"),
            name: "one".into(),
            record: RecordKeeper::External,
            note: None,
            reason: "nytt system".into(),
        },
    );
    desk
}

pub fn picking_cases() -> Vec<(&'static str, Case)> {
    let open = || with(|_| {});
    vec![
        ("stock.pick_count", case(open(), "a-1", oldest("one", 0, 0))),
        ("stock.pick_count", case(open(), "a-1", oldest("one", 1, 2))),
        ("stock.none_free", case(held(), "a-1", oldest("one", 1, 1))),
        ("stock.none_free", case(open(), "a-1", oldest("two", 1, 1))),
        ("stock.too_few", case(open(), "a-1", oldest("one", 2, 2))),
        ("stock.record_elsewhere", case(elsewhere(), "a-1", oldest("one", 1, 1))),
    ]
}

pub fn handling_cases() -> Vec<(&'static str, Case)> {
    let open = || with(|_| {});
    let missing = || after(open(), "a-1", count(vec![]));
    let moving = || after(open(), "a-1", dispatch(|_| {}));
    let corrected = || after(open(), "a-1", correct(Correction::Group(Known::Unknown)));
    let by_two = || {
        let group = Correction::Group(Known::Value(Group::ALL[0]));
        after(corrected(), "a-2", correct(group))
    };
    let untested = || {
        with(|row| {
            row.standing = Standing::Quarantined;
            row.tests = tests(&["hbsag"]);
        })
    };
    let positive = || after(open(), "a-1", tests_of(&[("hbsag", TestResult::Positive)]));
    let no_group = with(|row| {
        row.standing = Standing::Quarantined;
        row.group = Known::Unknown;
    });
    let bare_held = || {
        let mut desk = bare("skane");
        desk.must("a-1", take_over("one", vec![Row { standing: Standing::Quarantined, ..row(1) }]));
        desk
    };
    vec![
        ("stock.unit_unknown", case(open(), "a-1", reserve(vec![unit(9)]))),
        ("stock.how_many", case(open(), "a-1", reserve(vec![]))),
        ("stock.listed_twice", case(open(), "a-1", count(vec![unit(1), unit(1)]))),
        ("stock.record_elsewhere", case(elsewhere(), "a-1", count(vec![]))),
        ("stock.record_elsewhere", case(elsewhere(), "a-1", reserve(units()))),
        ("stock.status", case(held(), "a-1", reserve(units()))),
        ("stock.status", case(open(), "a-1", release())),
        ("stock.status", case(missing(), "a-1", quarantine())),
        ("stock.status", case(missing(), "a-1", correct(Correction::Expiry(at(9))))),
        ("stock.status", case(moving(), "a-1", quarantine())),
        ("stock.status", case(moving(), "a-1", discard())),
        ("stock.status", case(moving(), "a-1", correct(Correction::Expiry(at(9))))),
        ("stock.nothing_changes", {
            case(open(), "a-1", correct(Correction::Group(Known::Value(Group::O_NEG))))
        }),
        ("stock.nothing_changes", {
            case(open(), "a-1", tests_of(&[("hbsag", TestResult::Negative)]))
        }),
        ("stock.test_listed_twice", {
            let two = [("hbsag", TestResult::Negative), ("hbsag", TestResult::Positive)];
            case(open(), "a-1", tests_of(&two))
        }),
        ("stock.expiry_beyond_shelf_life", {
            case(open(), "a-1", correct(Correction::Expiry(at(44 * 24))))
        }),
        ("stock.group_unknown", case(no_group, "a-1", release())),
        ("stock.group_unknown", case(corrected(), "a-2", release())),
        ("stock.second_person", case(by_two(), "a-1", release())),
        ("stock.second_person", case(by_two(), "a-2", release())),
        ("stock.second_person", {
            let negative = tests_of(&[("hbsag", TestResult::Negative)]);
            case(after(positive(), "a-2", negative), "a-2", release())
        }),
        ("stock.test_missing", case(untested(), "a-1", release())),
        ("stock.test_not_negative", case(positive(), "a-2", release())),
        ("stock.test_not_negative", {
            let positive = after(held(), "a-1", tests_of(&[("htlv", TestResult::Positive)]));
            case(positive, "a-2", release())
        }),
        ("stock.expired", case(later(held(), 24 * 30), "a-1", release())),
        ("stock.expired", case(later(open(), 24 * 30), "a-1", reserve(units()))),
        ("rule.no_set_in_force", case(bare_held(), "a-1", release())),
    ]
}

pub fn sending_cases() -> Vec<(&'static str, Case)> {
    let open = || with(|_| {});
    let to = |region: &str, place: &str| {
        let (region, place) = (id(region), site(place));
        dispatch(move |way| (way.to_region, way.to_site) = (region, place))
    };
    let receive = |desk: &Desk| Blood::Receive {
        dispatch: desk.head(),
        site: None,
        outcomes: vec![(unit(1), samband_domain::blood::model::stock::Arrival::Accepted)],
        boxes: Vec::new(),
        note: None,
    };
    let stranger = receive(&open());
    let settle = Blood::Settle { receipt: open().head() };
    vec![
        ("shipment.way", case(open(), "a-1", to("skane", "one"))),
        ("shipment.way", { case(open(), "a-1", dispatch(|way| way.eta = Known::Value(at(-2)))) }),
        ("stock.ahead_of_time", case(open(), "a-1", dispatch(|way| way.sent = at(1)))),
        ("form.not_found", case(open(), "a-1", to("skane", "three"))),
        ("stock.record_elsewhere", {
            case(open(), "a-1", dispatch(|way| way.from = site("other")))
        }),
        ("shipment.other_site", case(open(), "a-1", dispatch(|way| way.from = site("two")))),
        ("stock.status", case(held(), "a-1", dispatch(|_| {}))),
        ("stock.expired", case(later(open(), 24 * 30), "a-1", dispatch(|_| {}))),
        ("shipment.dispatch_unknown", case(open(), "a-1", stranger)),
        ("shipment.dispatch_unknown", case(open(), "a-1", settle)),
    ]
}

pub fn clock_cases() -> Vec<(&'static str, Case)> {
    let open = || with(|_| {});
    let reserved = || after(open(), "a-1", reserve(units()));
    let moving = || later(after(open(), "a-1", dispatch(|_| {})), 24 * 31);
    let missing = || later(after(open(), "a-1", count(vec![])), 24 * 31);
    // Only once the other system has told of it is it certain that there is too little.
    let none_there = || {
        report(|stock| {
            (stock.rows[0].available, stock.rows[0].expiring) = (Known::Value(0), Known::Unknown);
        })
    };
    let told = || after(after(open(), "a-1", empty("two")), "a-1", none_there());
    let short = || after(told(), "engine", Blood::NoteShortage { line: o_neg() });
    let outdate = || Blood::Outdate { units: units() };
    let none = |_: Time| Blood::Lapse { units: vec![] };
    let a_pos = Line { group: Some(Group::ALL[2]), ..o_neg() };
    vec![
        ("stock.not_due", case(reserved(), "engine", Blood::Lapse { units: units() })),
        ("stock.not_due", case(open(), "engine", Blood::Lapse { units: units() })),
        ("stock.how_many", case(open(), "engine", none(at(0)))),
        ("stock.not_due", case(open(), "engine", outdate())),
        ("stock.not_due", case(moving(), "engine", outdate())),
        ("stock.not_due", case(missing(), "engine", outdate())),
        ("stock.not_due", case(short(), "engine", Blood::NoteShortage { line: o_neg() })),
        ("stock.not_due", case(open(), "engine", Blood::NoteShortage { line: o_neg() })),
        ("stock.not_due", case(open(), "engine", Blood::NoteShortage { line: a_pos })),
        ("stock.not_due", case(open(), "engine", Blood::NoteShortageEnd { line: o_neg() })),
        ("stock.not_due", case(short(), "engine", Blood::NoteShortageEnd { line: o_neg() })),
        ("stock.site_closed", {
            let window = hours(1, 2);
            let mut desk = region("skane", false);
            let open = open_site("late", RecordKeeper::Samband, SiteKind::Depot);
            let Kernel::OpenSite { id, name, kind, parent, record, note, .. } = open else {
                unreachable!()
            };
            desk.must("a-1", Kernel::OpenSite { id, name, kind, parent, record, window, note });
            case(desk, "a-1", take_over("late", vec![row(1)]))
        }),
    ]
}
