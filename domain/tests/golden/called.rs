//! Withdrawals, plasma for industry and notices to the authority: one event of every kind.

use samband_domain::blood::model::{Din, MaterialKind, UnitId};
use samband_domain::donations::Event;
use samband_domain::donations::event::{plasma, vigilance, withdrawal};
use samband_domain::donations::model::plasma::{Document, Sold};
use samband_domain::donations::model::vigilance::{Category, Imputability, Notice, ToTell, Yearly};
use samband_domain::donations::model::withdrawal::{
    CallReason, FollowUp, Found, Gap, Grounds, LotNamed, Outcome, Target,
};
use samband_domain::words::{Code, NONE, Nothing};
use samband_domain::{Digest, DonorId, JournalId, Private, RecordRef, RequestId, SiteId, Time};

fn din(serial: u32) -> Din {
    Din::parse(&format!("A999326{serial:06}")).unwrap()
}

fn unit(serial: u32) -> UnitId {
    UnitId::parse(&format!("A999326{serial:06}.E0336V00")).unwrap()
}

fn code(text: &str) -> Code {
    Code::new(text).unwrap()
}

fn at(journal: &str, seq: u64) -> RecordRef {
    let journal = JournalId::new(journal).unwrap();
    RecordRef { journal, epoch: 1, seq, hash: Digest::of(b"a record") }
}

fn said(text: &str) -> Private<withdrawal::Said> {
    Private::Here(withdrawal::Said { note: Some(text.into()) })
}

pub fn events() -> Vec<Event> {
    let mut all = withdrawals();
    all.extend(others());
    all
}

fn withdrawals() -> Vec<Event> {
    let withdrawal = at("skane", 40);
    let lot = LotNamed { kind: MaterialKind::Bag, lot: "L-7".into() };
    let called = withdrawal::Withdrawn {
        case: code("case-1"),
        reason: CallReason::Marker,
        dins: vec![din(1), din(2)],
        lot: Some(lot),
        since: Time(5),
        gaps: vec![(Some(din(1)), Gap::TakenOver), (None, Gap::NoDonation)],
        asked: vec![JournalId::new("halland").unwrap()],
        rule_set: Some(Digest::of(b"rules")),
    };
    let donor = DonorId::new("d-1").unwrap();
    let note = Some("Ny smitta vid senaste tappningen".into());
    let grounds = Grounds { target: Target::Donor(donor.clone()), donors: vec![donor], note };
    let held = Found::Held { site: SiteId::new("lund-bc").unwrap() };
    let fates = vec![(unit(1), held), (unit(2), Found::Transfused)];
    let heeded = withdrawal::Heeded {
        withdrawal: withdrawal.clone(),
        reason: CallReason::Marker,
        dins: vec![din(1)],
        fates: fates.clone(),
        to_read: Vec::new(),
    };
    let requests = vec![(unit(2), RequestId::new("r-1").unwrap())];
    let handed = withdrawal::HandedOut { requests };
    let followed = withdrawal::Followed {
        withdrawal: withdrawal.clone(),
        unit: unit(2),
        done: FollowUp::RecipientFollowed,
    };
    let answered = withdrawal::Answered {
        withdrawal: withdrawal.clone(),
        from: JournalId::new("halland").unwrap(),
        answer: Some(at("halland", 9)),
        dins: vec![din(1)],
        fates,
        followed: vec![(unit(2), FollowUp::RecipientFollowed)],
    };
    let concluded = |outcome| withdrawal::Concluded {
        withdrawal: withdrawal.clone(),
        outcome,
        rule_set: Digest::of(b"rules"),
    };
    let lifted = withdrawal::LiftNoted { withdrawal: withdrawal.clone(), lifted: at("skane", 60) };
    vec![
        Event::Withdrawn(called, Private::Here(grounds)),
        Event::Heeded(heeded, Private::Here(handed)),
        Event::Followed(followed, said("Patientens läkare är underrättad")),
        Event::Answered(answered, said("Läst")),
        Event::Assessed(concluded(Outcome::Stands), said("Bekräftat positiv")),
        Event::Closed(concluded(Outcome::Lifted), said("Falskt positiv")),
        Event::LiftNoted(lifted, NONE),
    ]
}

fn others() -> Vec<Event> {
    let (lot, site) = (code("lot-1"), SiteId::new("lund-bc").unwrap());
    let made = plasma::PlasmaLot { lot: lot.clone(), site, units: vec![unit(3), unit(4)] };
    let out = plasma::PlasmaTakenOut { lot: lot.clone(), units: vec![unit(3)] };
    let consigned =
        plasma::PlasmaConsigned { consignment: code("c-1"), lots: vec![lot], sent: Time(70) };
    let documents =
        vec![Document { title: "Följesedel".into(), digest: Digest::of(b"a document") }];
    let sold = Sold { buyer: "Påhittad plasmaköpare AB".into(), documents };
    let notified = vigilance::Notified {
        case: code("v-1"),
        notice: Notice::Reaction,
        category: Category::Anaphylaxis,
        occurred: Time(80),
        unit: Some(unit(2)),
    };
    let confirmed = vigilance::Confirmed { case: code("v-1"), imputability: Imputability::Likely };
    let filed = vigilance::ReportFiled {
        report: Yearly::ALL[0],
        year: 2025,
        digest: Digest::of(b"a report"),
        reference: Some("3.4.1-1/2026".into()),
    };
    let opened = vigilance::Opened {
        case: code("x-1"),
        what: ToTell {
            notice: Notice::Reaction,
            category: Category::Trali,
            occurred: Time(75),
            unit: Some(unit(2)),
        },
    };
    let dismissed = vigilance::Dismissed { case: code("x-1") };
    vec![
        Event::Opened(Nothing, Private::Here(opened)),
        Event::Dismissed(Nothing, Private::Here(dismissed)),
        Event::PlasmaLot(made, NONE),
        Event::PlasmaTakenOut(out, said("Återkallad")),
        Event::PlasmaConsigned(consigned, Private::Here(sold)),
        Event::Notified(notified, said("Klåda och blodtrycksfall")),
        Event::Confirmed(confirmed, said("Återhämtad")),
        Event::ReportFiled(filed, NONE),
    ]
}
