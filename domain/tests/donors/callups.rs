//! Weeks of a call-up plan: who is drawn, what others may know of it, and what can be taken back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use samband_domain::blood::model::Group;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command as Donors;
use samband_domain::donors::model::{DeferralReason, Gap, Outcome, Response, Sex, Stratum, Until};
use samband_domain::donors::strata;
use samband_domain::donors::view;
use samband_domain::plans::model::{CallBasis, CallLine, CallWeek, Pooling};
use samband_domain::plans::view::{follow, learned};
use samband_domain::plans::{Command, Event as Plan};
use samband_domain::words::Day;
use samband_domain::{Digest, DonorId, Event, Known, Private};

use crate::common::stock::{bare, site};
use crate::common::{Desk, SECRET};
use crate::donors::desk::{MAN, WOMAN, day, donor, gave, new_donor, region, terms};

const FIRST: &str = "2026-06-22";
const SECOND: &str = "2026-06-29";

fn typed(desk: &mut Desk, donor: &DonorId, group: Group) {
    let types = samband_domain::donors::model::Types::default();
    let (donor, group) = (donor.clone(), Known::Value(group));
    desk.must("a-1", Donors::Type { donor, group, types });
}

/// A man of O RhD neg who gave last on a day.
fn giver(desk: &mut Desk, serial: u16, last: &[&str]) -> DonorId {
    let donor = donor(desk, "19900101", serial, gave(last));
    typed(desk, &donor, Group::O_NEG);
    donor
}

fn stratum(response: Response) -> Stratum {
    Stratum { site: site("one"), group: Group::O_NEG, sex: Sex::Male, response }
}

fn line(response: Response, invite: u32) -> CallLine {
    CallLine { stratum: stratum(response), invite, expected_milli: invite * 500 }
}

fn week(monday: &str, lines: Vec<CallLine>) -> CallWeek {
    CallWeek { week: day(monday), lines }
}

fn adopt(desk: &Desk, weeks: Vec<CallWeek>) -> Command {
    let rests = CallBasis {
        pooling: Pooling::Local,
        band_permille: None,
        near_permille: 960,
        made: desk.now,
        basis: Digest::of(b"facts"),
    };
    Command::AdoptCallUps { weeks, rests, note: None }
}

fn withdraw(monday: &str) -> Command {
    Command::WithdrawCallUp { week: day(monday), reason: "helg".into() }
}

fn drawn(desk: &Desk, monday: &str) -> Vec<DonorId> {
    let held = desk.region.own.plans.drawn.get(&day(monday));
    held.into_iter().flat_map(|held| &held.lines).flat_map(|line| line.donors.clone()).collect()
}

#[test]
fn an_adopted_week_holds_who_waited_longest_and_nobody_who_may_not_be_called() {
    let mut desk = region("skane", false);
    let first = giver(&mut desk, 1, &["2025-02-01"]);
    let second = giver(&mut desk, 3, &["2025-08-01"]);
    let third = giver(&mut desk, 5, &["2025-11-01"]);
    let deferred = giver(&mut desk, 7, &["2025-01-01"]);
    let (reason, until) = (DeferralReason::Illness, Until::Further);
    desk.must("a-1", Donors::Defer { donor: deferred, reason, until, note: None });
    let spoken = giver(&mut desk, 9, &["2025-01-01"]);
    let outcome = Outcome::NotNow;
    desk.must("a-1", Donors::Note { donor: spoken, list: None, outcome });
    giver(&mut desk, 11, &["2026-06-01"]);
    let woman = donor(&mut desk, "19900101", WOMAN, gave(&["2025-01-01"]));
    typed(&mut desk, &woman, Group::O_NEG);

    let weeks = vec![
        week(FIRST, vec![line(Response::Sometimes, 2)]),
        week(SECOND, vec![line(Response::Sometimes, 9)]),
    ];
    let events = desk.act("a-1", adopt(&desk, weeks)).unwrap();
    let kinds: Vec<_> = events.iter().filter_map(Event::encode).map(|one| one.kind).collect();
    let both = ["plan.callup_adopted", "donor.list_made"];
    assert_eq!(kinds, [both, both].concat(), "one decision, with its lists");
    assert_eq!(drawn(&desk, FIRST), [first.clone(), second], "who waited longest first");
    assert_eq!(drawn(&desk, SECOND), [third], "and nobody twice");
    let list = desk.region.own.plans.drawn[&day(FIRST)].lists[0].clone();
    assert!(desk.region.own.donors.lists[&list].donors.contains_key(&first));
    assert_eq!(desk.replayed(), desk.region);

    let note = Donors::Note { donor: first, list: Some(list), outcome: Outcome::Yes };
    desk.must("a-1", note);
    let followed = follow(&desk.region, day(FIRST)).unwrap();
    assert_eq!((followed.planned, followed.sum.listed), (2, 2));
    assert_eq!((followed.sum.called, followed.sum.yes, followed.sum.came), (1, 1, 0));
    assert_eq!(desk.refused("a-1", withdraw(FIRST)), "plan.call_begun");
    assert!(
        learned(&desk.region, day(FIRST)).is_empty(),
        "a week that is not over teaches nothing"
    );
    assert_eq!(learned(&desk.region, day("2026-07-06"))[&Response::Sometimes].listed, 3);
}

#[test]
fn nothing_of_a_person_and_no_small_number_leaves_the_region() {
    let mut desk = region("skane", false);
    for n in 0..9 {
        giver(&mut desk, 2 * n + 1, &["2025-02-01"]);
    }
    let lines = vec![line(Response::Sometimes, 3)];
    desk.must("a-1", adopt(&desk, vec![week(FIRST, lines)]));
    desk.must("a-1", adopt(&desk, vec![week(SECOND, vec![line(Response::Sometimes, 6)])]));
    let outside = desk.seen_from_outside();
    let told = |monday: &str| {
        let groups = &outside.plans.call_ups[&day(monday)].week.groups;
        groups.iter().find(|one| one.group == Group::O_NEG).unwrap().invited
    };
    assert_eq!((told(FIRST), told(SECOND)), (Known::Unknown, Known::Value(6)));
    assert!(!desk.shared_bytes().contains(SECRET));
    assert!(!desk.shared_bytes().contains("cl-"), "not even which lists there are");

    giver(&mut desk, 101, &["2026-06-10"]);
    desk.must("a-1", Command::TellStrata);
    let outside = desk.seen_from_outside();
    let told = &outside.plans.strata.as_ref().unwrap().told;
    let [row] = told.rows.as_slice() else { panic!("one kind of donors, but {:?}", told.rows) };
    assert_eq!((row.donors, row.free), (Known::Value(10), Known::Value(0)), "all are on lists");
    assert_eq!(told.silent.iter().map(|one| one.donors).max(), Some(Known::Value(0)));
}

#[test]
fn four_donors_are_not_told_as_a_number() {
    let mut desk = region("skane", false);
    for n in 0..4 {
        giver(&mut desk, 2 * n + 1, &["2025-02-01"]);
    }
    desk.must("a-1", Command::TellStrata);
    let told = desk.region.shared.plans.strata.clone().unwrap().told;
    assert_eq!((told.rows[0].donors, told.rows[0].free), (Known::Unknown, Known::Unknown));
    let o_neg = told.silent.iter().find(|one| one.group == Group::O_NEG).unwrap();
    assert_eq!(o_neg.donors, Known::Unknown, "one to four are not told, and are not none");
}

#[test]
fn a_census_says_from_when_on_and_what_is_missing() {
    let mut desk = region("skane", false);
    giver(&mut desk, 1, &["2026-06-01"]);
    giver(&mut desk, 3, &["2025-06-01"]);
    new_donor(&mut desk, "19900101", 5);
    let quiet = new_donor(&mut desk, "19900101", 7);
    let terms = samband_domain::donors::model::Terms {
        may_call: false,
        ..terms(&[DonationKind::WholeBlood])
    };
    desk.must("a-1", Donors::Agree { donor: quiet, terms });
    let census = strata::census(&desk.region, &desk.journal, (desk.now, day(FIRST))).unwrap();
    let days = &census.free[&stratum(Response::Sometimes)];
    assert_eq!(days, &[day("2026-08-01"), day(FIRST)], "61 days after the last, or at once");
    let gaps: Vec<_> = census.gaps.into_iter().collect();
    assert_eq!(gaps, [(Gap::NoCall, 1), (Gap::Group, 1)]);
}

#[test]
fn what_cannot_be_adopted_is_refused_with_its_rule() {
    let mut desk = region("skane", false);
    giver(&mut desk, MAN, &["2025-02-01"]);
    let one = |monday| week(monday, vec![line(Response::Sometimes, 2)]);
    for monday in ["2026-06-23", "2026-06-15", "2026-06-08", "2026-10-12"] {
        assert_eq!(desk.refused("a-1", adopt(&desk, vec![one(monday)])), "plan.call_week");
    }
    let twice = week(FIRST, vec![line(Response::Often, 2), line(Response::Often, 2)]);
    assert_eq!(desk.refused("a-1", adopt(&desk, vec![twice])), "plan.call_lines");
    assert_eq!(desk.refused("a-1", adopt(&desk, Vec::new())), "plan.call_lines");
    let nobody = week(FIRST, vec![line(Response::Often, 2)]);
    assert_eq!(desk.refused("a-1", adopt(&desk, vec![nobody])), "plan.call_nobody");
    let old = adopt(&desk, vec![one(FIRST)]);
    desk.pass_hours(25);
    assert_eq!(desk.refused("a-1", old), "plan.call_old");
    desk.must("a-1", adopt(&desk, vec![one(FIRST)]));
    assert_eq!(desk.refused("a-1", adopt(&desk, vec![one(FIRST)])), "plan.call_week_adopted");
    assert_eq!(desk.refused("a-1", withdraw(SECOND)), "form.not_found");
    desk.must("a-1", withdraw(FIRST));
    assert!(desk.region.own.donors.lists.values().all(|list| list.closed.is_some()));
    desk.must("a-1", adopt(&desk, vec![one(FIRST)]));
    desk.now = day("2026-06-23").starts();
    assert_eq!(desk.refused("a-1", withdraw(FIRST)), "plan.call_begun");
    let mut lawless = bare("halland");
    let asked = adopt(&lawless, vec![one("2025-01-13")]);
    assert_eq!(lawless.refused("a-1", asked), "rule.no_set_in_force");
}

/// What somebody does in a random history.
#[derive(Clone, Debug)]
enum Step {
    Adopt(usize, u32),
    Withdraw(usize),
    Call(u8),
    Defer(u8),
    Close,
    Wait(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0_usize..4, 1_u32..6).prop_map(|(week, most)| Step::Adopt(week, most)),
        2 => (0_usize..4).prop_map(Step::Withdraw),
        2 => any::<u8>().prop_map(Step::Call),
        1 => any::<u8>().prop_map(Step::Defer),
        1 => Just(Step::Close),
        1 => (1_u8..5).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..14)
}

const MONDAYS: [&str; 4] = [FIRST, SECOND, "2026-07-06", "2026-07-13"];

/// Who might be called for a day, asked of the desk as it stands.
fn callable(desk: &Desk, on: Day) -> BTreeSet<DonorId> {
    let filter = samband_domain::donors::model::Filter {
        kind: DonationKind::WholeBlood,
        on,
        group: None,
        site: None,
        last_before: None,
        most: 500,
    };
    let found = view::candidates(&desk.region, &filter, (desk.now, 30), &desk.journal);
    found.into_iter().map(|one| one.donor.clone()).collect()
}

fn take(desk: &mut Desk, everybody: &[DonorId], step: &Step) {
    let one = |n: u8| everybody[usize::from(n) % everybody.len()].clone();
    match step {
        Step::Adopt(n, most) => {
            let lines = vec![line(Response::Sometimes, *most), line(Response::Seldom, *most)];
            let may = callable(desk, day(MONDAYS[*n]));
            let asked = adopt(desk, vec![week(MONDAYS[*n], lines)]);
            let Ok(events) = desk.act("a-1", asked) else { return };
            let Event::Plans(Plan::CallUpAdopted(_, Private::Here(own))) = &events[0] else {
                panic!("the week comes first")
            };
            let mut seen = BTreeSet::new();
            for line in &own.lines {
                assert!(line.donors.len() <= line.line.invite as usize, "never more than planned");
                for donor in &line.donors {
                    assert!(may.contains(donor), "nobody who may not be called");
                    assert!(seen.insert(donor.clone()), "nobody twice");
                }
            }
        }
        Step::Withdraw(n) => drop(desk.act("a-1", withdraw(MONDAYS[*n]))),
        Step::Call(n) => {
            let donor = one(*n);
            let lists = &desk.region.own.donors.lists;
            let list = lists.iter().find(|(_, list)| list.donors.contains_key(&donor));
            let list = list.map(|(id, _)| id.clone());
            drop(desk.act("a-1", Donors::Note { donor, list, outcome: Outcome::No }));
        }
        Step::Defer(n) => {
            let (donor, until) = (one(*n), Until::Day(day("2026-07-10")));
            let reason = DeferralReason::LowHb;
            drop(desk.act("a-1", Donors::Defer { donor, reason, until, note: None }));
        }
        Step::Close => {
            let lists = &desk.region.own.donors.lists;
            let open = lists.iter().find(|(_, list)| list.closed.is_none());
            if let Some(list) = open.map(|(id, _)| id.clone()) {
                drop(desk.act("a-1", Donors::CloseList { list }));
            }
        }
        Step::Wait(days) => desk.pass_hours(24 * i64::from(*days)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn in_any_order_lists_and_weeks_agree_and_nobody_waits_on_two(steps in steps()) {
        let mut desk = region("skane", false);
        let everybody: Vec<DonorId> = (0..8)
            .map(|n| {
                let last = ["2025-02-01", "2023-02-01"][usize::from(n % 2)];
                giver(&mut desk, 2 * n + 1, &[last])
            })
            .collect();
        for step in &steps {
            take(&mut desk, &everybody, step);
            let (shared, own) = (&desk.region.shared.plans, &desk.region.own.plans);
            let weeks = |days: Vec<&Day>| days.into_iter().copied().collect::<BTreeSet<_>>();
            let (told, held) = (shared.call_ups.keys(), own.drawn.keys());
            prop_assert_eq!(weeks(told.collect()), weeks(held.collect()));
            let lists = &desk.region.own.donors.lists;
            for held in own.drawn.values() {
                let listed: BTreeSet<_> = held
                    .lists
                    .iter()
                    .flat_map(|id| lists[id].donors.keys().cloned())
                    .collect();
                let drawn: BTreeSet<_> =
                    held.lines.iter().flat_map(|line| line.donors.iter().cloned()).collect();
                prop_assert_eq!(listed, drawn);
            }
            let open = lists.values().filter(|list| list.closed.is_none());
            let mut seen = BTreeSet::new();
            for donor in open.flat_map(|list| list.donors.keys()) {
                prop_assert!(seen.insert(donor.clone()), "on two open lists");
            }
        }
        prop_assert_eq!(desk.replayed(), desk.region.clone());
    }
}
