//! Reception beside eligibility: appointments, lists to call, reactions, records of one person.

use samband_domain::blood::model::{Antigen, Group, Phenotype};
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{
    Answer, AppointmentState, Earlier, Filter, Ground, Imputability, Outcome, Question,
    ReactionKind, SessionFacts, Severity, Terms, Types, Until,
};
use samband_domain::donors::{Command, view};
use samband_domain::words::{AppointmentId, CallUpId, Day, DeferralId, SessionId};
use samband_domain::{DonorId, Known, Time, Window};

use crate::common::Desk;
use crate::common::stock::site;
use crate::donors::desk::*;

const WHOLE: DonationKind = DonationKind::WholeBlood;
const PLASMA: DonationKind = DonationKind::Plasmapheresis;

fn desk() -> Desk {
    region("skane", true)
}

fn session(desk: &mut Desk, capacity: u16) -> SessionId {
    let before: Vec<_> = desk.region.shared.donors.sessions.keys().cloned().collect();
    desk.must("a-1", Command::OpenSession { facts: facts(desk, capacity) });
    let mut all = desk.region.shared.donors.sessions.keys();
    all.find(|id| !before.contains(id)).unwrap().clone()
}

fn facts(desk: &Desk, capacity: u16) -> SessionFacts {
    let until = Some(desk.now.plus_seconds(6 * 3_600));
    let window = Window::new(desk.now, until).unwrap();
    SessionFacts { site: site("one"), window, capacity, kinds: vec![WHOLE] }
}

fn book(desk: &Desk, donor: &DonorId, session: &SessionId, minutes: i64) -> Command {
    Command::Book {
        donor: donor.clone(),
        session: session.clone(),
        at: desk.now.plus_seconds(minutes * 60),
        kind: WHOLE,
    }
}

fn appointment(desk: &Desk, donor: &DonorId) -> AppointmentId {
    view::appointments_of(&desk.region.own.donors, donor)[0].0.clone()
}

#[test]
fn a_session_holds_as_many_as_it_has_room_for() {
    let mut desk = desk();
    let id = session(&mut desk, 2);
    let donors: Vec<_> =
        [MAN, 3, 5].into_iter().map(|serial| new_donor(&mut desk, "19900101", serial)).collect();
    desk.must("a-1", book(&desk, &donors[0], &id, 30));
    assert_eq!(desk.refused("a-1", book(&desk, &donors[0], &id, 90)), "donor.booked");
    desk.must("a-1", book(&desk, &donors[1], &id, 30));
    assert_eq!(desk.refused("a-1", book(&desk, &donors[2], &id, 60)), "donor.session_full");
    let cancel = |desk: &Desk, donor| Command::Settle {
        appointment: appointment(desk, donor),
        state: AppointmentState::Cancelled,
    };
    let called_off = cancel(&desk, &donors[0]);
    desk.must("a-1", called_off.clone());
    assert_eq!(desk.refused("a-1", called_off), "donor.appointment_settled");
    assert_eq!(view::taken(&desk.region.own.donors, &id), 1);
    desk.must("a-1", book(&desk, &donors[2], &id, 60));
    let moved = Command::Move {
        appointment: appointment(&desk, &donors[2]),
        session: id.clone(),
        at: desk.now.plus_seconds(7_200),
    };
    desk.must("a-1", moved.clone());
    assert_eq!(desk.refused("a-1", book(&desk, &donors[0], &id, 500)), "donor.outside_session");
    let mut plasma = book(&desk, &donors[0], &id, 30);
    if let Command::Book { kind, .. } = &mut plasma {
        *kind = PLASMA;
    }
    assert_eq!(desk.refused("a-1", plasma), "donor.kind_not_offered");
    desk.must("a-1", Command::CloseSession { session: id.clone(), reason: "strömlöst".into() });
    assert_eq!(desk.refused("a-1", moved), "donor.session_closed");
    assert_eq!(desk.refused("a-1", book(&desk, &donors[0], &id, 30)), "donor.session_closed");
    assert_eq!(
        desk.refused("a-1", Command::OpenSession { facts: facts(&desk, 0) }),
        "donor.session_form"
    );
}

#[test]
fn whoever_certainly_may_not_give_is_not_booked_and_who_comes_is_off_the_list() {
    let mut desk = desk();
    let id = session(&mut desk, 9);
    let may_not = donor(&mut desk, "19900101", MAN, gave(&["2026-06-01"]));
    assert_eq!(desk.refused("a-1", book(&desk, &may_not, &id, 30)), "donor.not_eligible");
    let unknown = donor(&mut desk, "19900101", 3, Known::Unknown);
    desk.must("a-1", book(&desk, &unknown, &id, 30));
    let comes = new_donor(&mut desk, "19900101", 5);
    desk.must("a-1", book(&desk, &comes, &id, 30));
    declare(&mut desk, &comes, fine());
    desk.must("a-1", admit(&comes));
    let appointment = &desk.region.own.donors.appointments[&appointment(&desk, &comes)];
    assert_eq!(appointment.state, AppointmentState::Attended);
}

#[test]
fn what_is_long_over_leaves_the_state() {
    let mut desk = desk();
    let id = session(&mut desk, 2);
    let donor = new_donor(&mut desk, "19900101", MAN);
    desk.must("a-1", book(&desk, &donor, &id, 30));
    desk.now = desk.now.plus_days(70);
    session(&mut desk, 2);
    assert!(!desk.region.shared.donors.sessions.contains_key(&id));
    assert!(desk.region.own.donors.appointments.is_empty());
    assert_eq!(desk.replayed(), desk.region);
}

fn filter() -> Filter {
    Filter {
        kind: WHOLE,
        on: day("2026-06-16"),
        group: None,
        site: None,
        last_before: None,
        most: 9,
    }
}

fn list(filter: Filter) -> Command {
    Command::MakeList { name: "O RhD neg".into(), filter }
}

fn on_list(desk: &Desk) -> Vec<DonorId> {
    let open = desk.region.own.donors.lists.values().filter(|list| list.closed.is_none());
    open.flat_map(|list| list.donors.keys().cloned()).collect()
}

fn close_all(desk: &mut Desk) {
    let open: Vec<CallUpId> = desk.region.own.donors.lists.keys().cloned().collect();
    for list in open {
        let _ = desk.act("a-1", Command::CloseList { list });
    }
}

#[test]
fn a_list_holds_who_fits_and_waited_longest_and_nobody_is_called_twice() {
    let mut desk = desk();
    let long = donor(&mut desk, "19900101", MAN, gave(&["2024-01-01"]));
    let shorter = donor(&mut desk, "19900101", 3, gave(&["2025-12-01"]));
    let deferred = new_donor(&mut desk, "19900101", 5);
    let reason = samband_domain::donors::model::DeferralReason::Illness;
    let until = Until::Further;
    desk.must("a-1", Command::Defer { donor: deferred, reason, until, note: None });
    let silent = new_donor(&mut desk, "19900101", 7);
    let quiet = Terms { may_call: false, ..terms(&[WHOLE]) };
    desk.must("a-1", Command::Agree { donor: silent, terms: quiet });
    let found = view::candidates(&desk.region, &filter(), (desk.now, 30), &desk.journal);
    let ids: Vec<_> = found.iter().map(|one| one.donor.clone()).collect();
    assert_eq!(ids, [long.clone(), shorter.clone()], "who waited longest first");
    let before = Filter { last_before: Some(day("2025-01-01")), ..filter() };
    desk.must("a-1", list(before));
    assert_eq!(on_list(&desk), std::slice::from_ref(&long));
    // Whoever is on an open list is not put on another.
    desk.must("a-1", list(filter()));
    assert_eq!(on_list(&desk).iter().filter(|id| **id == long).count(), 1);
    assert_eq!(desk.refused("a-1", list(filter())), "donor.nobody_to_call");
    close_all(&mut desk);
    // Nor whoever was spoken to, until the quiet days are over.
    let note =
        |donor: &DonorId, outcome| Command::Note { donor: donor.clone(), list: None, outcome };
    desk.must("a-1", note(&long, Outcome::No));
    desk.must("a-1", note(&shorter, Outcome::NoAnswer));
    desk.must("a-1", list(filter()));
    assert_eq!(on_list(&desk), std::slice::from_ref(&shorter));
    close_all(&mut desk);
    desk.now = desk.now.plus_days(31);
    let later = Filter { on: Day::of(desk.now), ..filter() };
    desk.must("a-1", list(later));
    assert_eq!(on_list(&desk).len(), 2);
    close_all(&mut desk);
    desk.must("a-1", note(&long, Outcome::WrongNumber));
    desk.now = desk.now.plus_days(300);
    let much_later = Filter { on: Day::of(desk.now), ..filter() };
    desk.must("a-1", list(much_later));
    assert_eq!(on_list(&desk), [shorter]);
    let too_many = Filter { most: 501, on: Day::of(desk.now), ..filter() };
    assert_eq!(desk.refused("a-1", list(too_many)), "donor.list_size");
}

#[test]
fn contacts_stand_on_their_list() {
    let mut desk = desk();
    let one = new_donor(&mut desk, "19900101", MAN);
    let other = {
        desk.must("a-1", list(filter()));
        new_donor(&mut desk, "19900101", 3)
    };
    let id = desk.region.own.donors.lists.keys().next().unwrap().clone();
    let note = |donor: &DonorId| Command::Note {
        donor: donor.clone(),
        list: Some(id.clone()),
        outcome: Outcome::Yes,
    };
    desk.must("a-1", note(&one));
    assert_eq!(desk.refused("a-1", note(&other)), "form.not_found");
    assert_eq!(desk.region.own.donors.lists[&id].donors[&one], Some(Outcome::Yes));
    desk.must("a-1", Command::CloseList { list: id.clone() });
    assert_eq!(desk.refused("a-1", Command::CloseList { list: id }), "form.not_found");
}

#[test]
fn who_could_switch_to_whole_blood_and_whom_nobody_calls() {
    let mut desk = desk();
    let plasma = new_donor(&mut desk, "19900101", MAN);
    desk.must("a-1", Command::Agree { donor: plasma.clone(), terms: terms(&[PLASMA]) });
    let tattooed = new_donor(&mut desk, "19900101", 3);
    desk.must("a-1", Command::Agree { donor: tattooed.clone(), terms: terms(&[PLASMA]) });
    declare(&mut desk, &tattooed, but(Question::Tattoo, Answer::On(day("2026-06-01"))));
    let now = desk.now;
    let ids = |desk: &Desk| -> Vec<DonorId> {
        let found = view::can_switch(&desk.region, now, &desk.journal);
        found.into_iter().map(|(id, _)| id.clone()).collect()
    };
    assert_eq!(ids(&desk), [plasma]);
    let willing = donor(&mut desk, "19900101", 5, gave(&["2025-01-01"]));
    desk.now = desk.now.plus_days(200);
    let quiet = |desk: &Desk| view::nobody_calls(&desk.region, desk.now, &desk.journal).len();
    assert_eq!(quiet(&desk), 1);
    let note = Command::Note { donor: willing, list: None, outcome: Outcome::Yes };
    desk.must("a-1", note);
    assert_eq!(quiet(&desk), 0);
}

fn react(donor: &DonorId, severity: Severity) -> Command {
    Command::React {
        donor: donor.clone(),
        din: None,
        kind: ReactionKind::Vasovagal,
        severity,
        imputability: Known::Value(Imputability::Certain),
        note: None,
    }
}

#[test]
fn a_serious_reaction_waits_for_a_physician_and_the_next_one_again() {
    let mut desk = desk();
    let id = new_donor(&mut desk, "19900101", MAN);
    declare(&mut desk, &id, fine());
    desk.must("a-1", react(&id, Severity::Moderate));
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "eligible");
    desk.must("a-1", react(&id, Severity::Serious));
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "needs_physician: reaction");
    desk.now = Time(desk.now.0 + 1);
    let assess = |ground, days| Command::Assess {
        donor: id.clone(),
        ground,
        until: day(TODAY).plus_days(days),
        reason: "bedömd".into(),
    };
    desk.must("a-2", assess(Ground::Reaction, 90));
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "eligible");
    desk.now = Time(desk.now.0 + 1);
    desk.must("a-1", react(&id, Severity::Serious));
    assert_eq!(said(&asked(&desk, &id, WHOLE)), "needs_physician: reaction");
    for ground in [Ground::Tattoo, Ground::Haemoglobin, Ground::Interval, Ground::Deferral] {
        assert_eq!(desk.refused("a-2", assess(ground, 9)), "donor.not_for_physician");
    }
    assert_eq!(desk.refused("a-2", assess(Ground::Reaction, 400)), "donor.too_long");
}

#[test]
fn records_of_one_person_count_together_and_stay_readable() {
    let mut desk = desk();
    let one = donor(&mut desk, "19900101", MAN, gave(&["2026-06-01"]));
    let other = new_donor(&mut desk, "19900102", MAN);
    let merge = |keep: &DonorId, merge: &DonorId| Command::Merge {
        keep: keep.clone(),
        merge: merge.clone(),
        reason: "samma id-handling".into(),
    };
    let group = |donor: &DonorId, group| Command::Type {
        donor: donor.clone(),
        group: Known::Value(group),
        types: Types::default(),
    };
    assert_eq!(desk.refused("a-1", merge(&one, &one)), "donor.merge_itself");
    desk.must("a-1", group(&one, Group::O_NEG));
    desk.must("a-1", merge(&other, &one));
    declare(&mut desk, &other, fine());
    assert_eq!(said(&asked(&desk, &other, WHOLE)), "deferred 2026-08-01: interval");
    assert_eq!(said(&asked(&desk, &one, WHOLE)), "deferred 2026-08-01: interval", "the same one");
    assert_eq!(desk.refused("a-1", merge(&one, &other)), "donor.merged");
    let site = site("one");
    let declaration = fine();
    let late = Command::Declare { donor: one.clone(), site, declaration };
    assert_eq!(desk.refused("a-1", late), "donor.merged");
    let own = &desk.region.own.donors;
    let number = number("19900101", MAN);
    assert_eq!(view::find(own, &number).map(|found| found.0), Some(&other), "by the old number");
    assert_eq!(view::records(own, &other).len(), 2, "both stay readable");
    let undo = Command::Unmerge { donor: one.clone(), reason: "två personer".into() };
    desk.must("a-1", undo.clone());
    assert_eq!(desk.refused("a-1", undo), "donor.not_merged");
    assert_eq!(said(&asked(&desk, &other, WHOLE)), "eligible");
    desk.must("a-1", group(&other, Group::ALL[0]));
    assert_ne!(Group::ALL[0], Group::O_NEG);
    assert_eq!(desk.refused("a-1", merge(&one, &other)), "donor.merge_groups");
}

#[test]
fn types_grow_and_are_written_as_laboratories_write_them() {
    let mut desk = desk();
    let id = new_donor(&mut desk, "19900101", MAN);
    let typed = |hla: &str, antigen, found| Command::Type {
        donor: id.clone(),
        group: Known::Unknown,
        types: Types {
            phenotype: Phenotype::UNTESTED.with(antigen, found),
            hla: vec![hla.into()],
            hpa: Vec::new(),
        },
    };
    desk.must("a-1", typed("A*02:01", Antigen::Fya, false));
    desk.must("a-1", typed("B*07", Antigen::Jka, false));
    desk.must("a-1", typed("B*07", Antigen::Fya, true));
    let types = &desk.region.own.donors.donors[&id].types;
    assert_eq!(types.hla, ["A*02:01", "B*07"]);
    assert_eq!(types.phenotype.get(Antigen::Fya), Known::Value(true), "the dangerous one");
    assert_eq!(desk.refused("a-1", typed("A 2 ä", Antigen::Fya, true)), "donor.type_form");
}

#[test]
fn what_is_badly_said_is_refused() {
    let mut desk = desk();
    let id = new_donor(&mut desk, "19900101", MAN);
    let (identity, terms) = (identity(number("19900101", MAN)), terms(&[WHOLE]));
    let earlier = Known::Value(vec![Earlier { day: day("2026-06-16"), kind: WHOLE }]);
    let again = Command::Register { identity, terms: terms.clone(), earlier };
    assert_eq!(desk.refused("a-1", again), "donor.registered");
    let earlier = vec![Earlier { day: day("2026-06-16"), kind: WHOLE }];
    let ahead = Command::TellEarlier { donor: id.clone(), earlier };
    assert_eq!(desk.refused("a-1", ahead), "donor.day_ahead");
    let nothing = Terms { kinds: Vec::new(), ..terms };
    assert_eq!(
        desk.refused("a-1", Command::Agree { donor: id.clone(), terms: nothing }),
        "donor.kinds_needed"
    );
    let declare =
        |declaration| Command::Declare { donor: id.clone(), site: site("one"), declaration };
    let tomorrow = but(Question::Tattoo, Answer::On(day("2026-06-16")));
    assert_eq!(desk.refused("a-1", declare(tomorrow)), "donor.day_ahead");
    let weeks = but(Question::Tattoo, Answer::Ended { day: day(TODAY), weeks: 9 });
    assert_eq!(desk.refused("a-1", declare(weeks)), "donor.answer_form");
    let since = but(Question::Hiv, Answer::On(day(TODAY)));
    assert_eq!(desk.refused("a-1", declare(since)), "donor.answer_form");
    let reason = samband_domain::donors::model::DeferralReason::Other;
    let until = Until::Day(day(TODAY));
    let over = Command::Defer { donor: id.clone(), reason, until, note: None };
    assert_eq!(desk.refused("a-1", over), "donor.day_past");
    let until = Until::Day(day("2026-06-16"));
    desk.must("a-1", Command::Defer { donor: id.clone(), reason, until, note: None });
    let deferral: DeferralId =
        desk.region.own.donors.donors[&id].deferrals.keys().next().unwrap().clone();
    let lift = Command::Lift { donor: id.clone(), deferral, reason: "klar".into() };
    desk.must("a-2", lift.clone());
    assert_eq!(desk.refused("a-2", lift), "donor.deferral_ended");
    let nobody = Command::Admit { donor: DonorId::new("d-0").unwrap(), kind: WHOLE };
    assert_eq!(desk.refused("a-1", nobody), "form.not_found");
}
