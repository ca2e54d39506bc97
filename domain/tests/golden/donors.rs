//! Events of donors, one of every kind.

use samband_domain::blood::model::{Antigen, Group, Phenotype};
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Event;
use samband_domain::donors::event as said;
use samband_domain::donors::model::{
    Answer, AppointmentState, Checks, Declaration, DeferralReason, Earlier, Filter, Ground,
    Identity, Imputability, Outcome, Presented, Question, ReactionKind, SessionFacts, Severity,
    Terms, Types, Until,
};
use samband_domain::words::{
    AppointmentId, CallUpId, Day, DeferralId, Nothing, ReactionId, SessionId,
};
use samband_domain::{Digest, DonorId, JournalId, Known, Private, RecordRef, SiteId, Time, Window};

const WHOLE: DonationKind = DonationKind::WholeBlood;

fn donor(n: u8) -> DonorId {
    DonorId::new(&format!("d-{n}")).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn site() -> SiteId {
    SiteId::new("s-lund").unwrap()
}

fn identity() -> Identity {
    Identity {
        number: "196408233234".parse().unwrap(),
        name: "Provgivare Ett".into(),
        phone: Some("070-174 06 05".into()),
        email: None,
    }
}

fn terms() -> Terms {
    Terms { site: Some(site()), kinds: vec![WHOLE], may_call: true }
}

fn digest() -> Digest {
    Digest::of(b"a rule set")
}

fn pass() -> RecordRef {
    let journal = JournalId::new("halland").unwrap();
    RecordRef { journal, epoch: 1, seq: 12, hash: Digest::of(b"a pass") }
}

fn here<P>(variant: fn(Nothing, Private<P>) -> Event, part: P) -> Event {
    variant(Nothing, Private::Here(part))
}

fn people() -> Vec<Event> {
    let earlier = Known::Value(vec![Earlier { day: day("2025-12-01"), kind: WHOLE }]);
    let guest = said::GuestRegistered {
        donor: donor(3),
        identity: Some(identity()),
        site: None,
        earlier: Known::Unknown,
        home: pass().journal,
        pass: pass(),
        kinds: vec![WHOLE],
        until: day("2026-12-01"),
        rule_set: digest(),
        nat: Known::Value(false),
    };
    let types = Types {
        phenotype: Phenotype::UNTESTED.with(Antigen::BigK, false).with(Antigen::Fya, true),
        hla: vec!["A*02:01".into()],
        hpa: vec!["1a/1b".into()],
    };
    let reason = || "samma id-handling".to_owned();
    let group = Known::Value(Group::O_NEG);
    vec![
        here(
            Event::Registered,
            said::Registered { donor: donor(1), identity: identity(), terms: terms(), earlier },
        ),
        here(Event::GuestRegistered, guest),
        here(
            Event::Corrected,
            said::Corrected { donor: donor(1), identity: identity(), reason: reason() },
        ),
        here(Event::Agreed, said::Agreed { donor: donor(1), terms: terms() }),
        here(
            Event::EarlierTold,
            said::EarlierTold {
                donor: donor(1),
                earlier: vec![Earlier {
                    day: day("2024-02-29"),
                    kind: DonationKind::Plasmapheresis,
                }],
            },
        ),
        here(Event::Typed, said::Typed { donor: donor(1), group, types: types.clone() }),
        here(Event::TypesRetracted, said::TypesRetracted { donor: donor(1), types }),
        here(Event::Merged, said::Merged { keep: donor(1), merged: donor(2), reason: reason() }),
        here(Event::Unmerged, said::Unmerged { keep: donor(1), donor: donor(2), reason: reason() }),
    ]
}

fn visits() -> Vec<Event> {
    let answers = [
        (Question::Well, Answer::Yes),
        (Question::Tattoo, Answer::On(day("2026-06-22"))),
        (Question::Abortion, Answer::Ended { day: day("2026-01-02"), weeks: 9 }),
        (Question::Hiv, Answer::No),
    ];
    let checks = Checks { weight: Known::Value(70), hb: Known::Value(141), ..Checks::default() };
    let declaration = Declaration { answers: answers.into(), checks };
    let deferral = || DeferralId::new("def-1").unwrap();
    vec![
        here(Event::Declared, said::Declared { donor: donor(1), site: site(), declaration }),
        here(Event::Admitted, said::Admitted { donor: donor(1), kind: WHOLE, rule_set: digest() }),
        here(
            Event::Deferred,
            said::Deferred {
                donor: donor(1),
                deferral: deferral(),
                reason: DeferralReason::LowHb,
                until: Until::Day(day("2027-01-01")),
                note: Some("Hb 118".into()),
            },
        ),
        here(
            Event::DeferralLifted,
            said::DeferralLifted { donor: donor(1), deferral: deferral(), reason: "Hb 140".into() },
        ),
        here(
            Event::Assessed,
            said::Assessed {
                donor: donor(1),
                ground: Ground::AnnualPermission,
                until: day("2027-11-01"),
                reason: "frisk".into(),
                rule_set: digest(),
            },
        ),
        here(
            Event::Retracted,
            said::Retracted {
                donor: donor(1),
                question: Question::Tattoo,
                reason: "förväxlad".into(),
            },
        ),
        here(
            Event::Reacted,
            said::Reacted {
                donor: donor(1),
                reaction: ReactionId::new("rx-1").unwrap(),
                din: None,
                kind: ReactionKind::Vasovagal,
                severity: Severity::Serious,
                imputability: Known::Value(Imputability::Certain),
                note: None,
            },
        ),
    ]
}

fn calls() -> Vec<Event> {
    let at = Time(1_790_000_000_000_000);
    let session = || SessionId::new("se-1").unwrap();
    let appointment = || AppointmentId::new("ap-1").unwrap();
    let list = || CallUpId::new("cl-1").unwrap();
    let window = Window::new(at, Some(at.plus_seconds(3_600))).unwrap();
    let facts = SessionFacts { site: site(), window, capacity: 20, kinds: vec![WHOLE] };
    let nothing = || Private::Here(Nothing);
    let closed = said::SessionClosed { session: session(), reason: "strömlöst".into() };
    let filter = Filter {
        kind: WHOLE,
        on: day("2026-12-01"),
        group: Some(Group::O_NEG),
        site: None,
        last_before: Some(day("2026-06-01")),
        most: 20,
    };
    vec![
        Event::SessionOpened(said::SessionOpened { session: session(), facts }, nothing()),
        Event::SessionClosed(closed, nothing()),
        here(
            Event::Booked,
            said::Booked {
                appointment: appointment(),
                donor: donor(1),
                session: session(),
                at,
                kind: WHOLE,
            },
        ),
        here(
            Event::Settled,
            said::Settled {
                appointment: appointment(),
                donor: donor(1),
                state: AppointmentState::NoShow,
            },
        ),
        here(
            Event::ListMade,
            said::ListMade {
                list: list(),
                name: "O RhD neg".into(),
                filter,
                donors: vec![donor(1), donor(2)],
                rule_set: digest(),
            },
        ),
        here(
            Event::Noted,
            said::Noted { donor: donor(1), list: Some(list()), outcome: Outcome::NotNow },
        ),
        here(Event::ListClosed, said::ListClosed { list: list() }),
    ]
}

fn passes() -> Vec<Event> {
    let id = Digest::of(b"a code");
    let issued = said::PassIssued {
        pass: id,
        kinds: vec![WHOLE],
        until: day("2026-12-01"),
        rule_set: digest(),
        nat: Known::Value(true),
    };
    let given = said::PassGiven { donor: donor(1), code: "gp-0123456789abcdef".into() };
    let ended = said::PassEnded { donor: donor(1), reason: "smitta funnen".into() };
    let presented = Presented { pass: pass(), kind: WHOLE, at: Time(1_790_000_000_000_000) };
    let noted = said::RevocationNoted { donor: donor(3), pass: pass() };
    vec![
        Event::PassIssued(issued, Private::Here(given)),
        Event::PassRevoked(said::PassRevoked { pass: id }, Private::Here(ended)),
        Event::PassPresented(presented, Private::Here(said::Whom { donor: donor(3) })),
        here(Event::RevocationNoted, noted),
    ]
}

/// At least one event of every kind.
pub fn events() -> Vec<Event> {
    [people(), visits(), calls(), passes()].concat()
}
