//! What the other areas refuse.

use crate::refusals::asked::*;

use crate::common::{Desk, hours, id};
use samband_domain::agreements::{AlarmTerms, Command as Agreements};
use samband_domain::bonds::Command as Bonds;
use samband_domain::figures::Measure;
use samband_domain::{Digest, Mode};

pub fn figure_cases() -> Vec<(&'static str, Case)> {
    use Measure::{Population, Population1864};
    let open = || Desk::open("skane");
    let stated = || {
        let mut desk = open();
        desk.must("a-1", rows(&[(Population, 2024, 100), (Population1864, 2024, 60)]));
        desk
    };
    let many: Vec<_> = (0..1_001).map(|year| (Population, 1_000 + year, 1)).collect();
    let row = (Population, 2024, 1);
    vec![
        ("figures.empty", case(open(), "a-1", rows(&[]))),
        ("figures.empty", case(open(), "a-1", rows(&many))),
        ("figures.twice", case(open(), "a-1", rows(&[row, row]))),
        ("figures.period_not_ended", case(open(), "a-1", rows(&[(Population, 2025, 1)]))),
        (
            "figures.part_exceeds_whole",
            case(open(), "a-1", rows(&[(Population, 2024, 1), (Population1864, 2024, 2)])),
        ),
        ("figures.part_exceeds_whole", {
            case(stated(), "a-1", rows(&[(Population1864, 2024, 101)]))
        }),
        ("figures.part_exceeds_whole", case(stated(), "a-1", correct(59))),
        ("figures.too_large", case(open(), "a-1", rows(&[(Population, 2024, 20_000_001)]))),
        ("figures.same_value", case(stated(), "a-1", correct(100))),
        ("figures.no_figure", case(open(), "a-1", correct(1))),
    ]
}

pub fn bond_and_agreement_cases() -> Vec<(&'static str, Case)> {
    let open = || Desk::open("skane");
    let good = "https://samband.example";
    let trusting = || {
        let mut desk = open();
        desk.must("a-1", trust("halland", good, Mode::Demo));
        desk
    };
    let settle = Bonds::SettleFork { journal: id("halland"), finding: "inget".into() };
    let both = &["skane", "halland"];
    let proposal = open().genesis_ref();
    let unknown = Agreements::Sign { document: Digest::ZERO, proposal };
    let signed = || {
        let mut desk = open();
        desk.must("a-1", propose(both, &["ett"], hours(0, None)));
        desk
    };
    vec![
        ("peer.itself", case(open(), "a-1", trust("skane", good, Mode::Demo))),
        ("peer.trusted_already", case(trusting(), "a-1", trust("halland", good, Mode::Demo))),
        ("peer.key_differs", case(trusting(), "a-1", trust_key("halland", 8))),
        ("peer.across_modes", case(open(), "a-1", trust("halland", good, Mode::Real))),
        ("peer.bad_address", case(open(), "a-1", trust("halland", "ftp://x", Mode::Demo))),
        ("peer.no_fork", case(trusting(), "a-1", settle)),
        ("agreement.parties", case(open(), "a-1", propose(&["skane"], &["ett"], hours(0, 1)))),
        ("agreement.clauses", case(open(), "a-1", propose(both, &[], hours(0, 1)))),
        ("agreement.window_past", case(open(), "a-1", propose(both, &["ett"], hours(-2, -1)))),
        ("agreement.proposal_unknown", case(open(), "a-1", unknown)),
        ("agreement.answered", case(signed(), "a-1", propose(both, &["ett"], hours(0, None)))),
        ("agreement.alarm_terms", {
            let (title, clauses) = ("Larm".to_owned(), vec!["ett".to_owned()]);
            let (window, reference) = (hours(0, None), None);
            let parties = both.iter().map(|name| id(name)).collect();
            let alarm = AlarmTerms { transports: u16::MAX, ..AlarmTerms::DEFAULT };
            let command =
                Agreements::ProposeAlarm { title, parties, clauses, window, reference, alarm };
            case(open(), "a-1", command)
        }),
        ("agreement.signer_unnamed", {
            case(open(), "machine", propose(both, &["ett"], hours(0, 1)))
        }),
    ]
}
