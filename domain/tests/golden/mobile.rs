//! Events of work away from home, and those that it leads to: one of every kind.

use std::str::FromStr as _;

use samband_domain::blood::model::Din;
use samband_domain::donations::event::Flagged;
use samband_domain::donations::model::{DonationKind, Flag, Range};
use samband_domain::donors::event::LentHere;
use samband_domain::donors::model::{Donor, Identity, Terms};
use samband_domain::mobile::event as said;
use samband_domain::mobile::model::{Conflict, LentDonor, Loan, Report};
use samband_domain::words::{NONE, Nothing};
use samband_domain::{
    Digest, DonorId, Event, JournalId, Known, PersonNumber, Private, RecordRef, SiteId, Time,
    donations, donors, mobile,
};

fn at(journal: &str) -> RecordRef {
    let journal = JournalId::new(journal).unwrap();
    RecordRef { journal, epoch: 1, seq: 7, hash: Digest::of(b"a record") }
}

fn record() -> Donor {
    let identity = Identity {
        number: PersonNumber::from_str("196408233234").unwrap(),
        name: "Provgivare Två".into(),
        phone: None,
        email: None,
    };
    let terms = Terms { site: None, kinds: vec![DonationKind::WholeBlood], may_call: true };
    Donor::registered(identity, terms, Known::Unknown, Time(9))
}

pub fn events() -> Vec<Event> {
    let din = |serial: u32| Din::parse(&format!("A999326{serial:06}")).unwrap();
    let (donor, site) = (DonorId::new("d-1").unwrap(), SiteId::new("bus").unwrap());
    let bus = JournalId::new("skane-bus").unwrap();
    let lent = said::Lent {
        addressee: bus,
        site: site.clone(),
        until: Time(99),
        donors: 1,
        rule_set: Digest::of(b"rules"),
    };
    let loan = Loan {
        rules: "scope = \"blood\"".into(),
        rules_from: Time(1),
        ranges: vec![Range { from: din(1), to: din(50) }],
        donors: vec![LentDonor { donor: donor.clone(), record: record() }],
    };
    let taken = said::Taken { loan: at("skane"), site, until: Time(99) };
    let reported = said::Reported { addressee: JournalId::new("skane").unwrap() };
    let report = Report {
        kind: "donation.collected".into(),
        version: 1,
        shared: Some("{}".into()),
        private: Some("{}".into()),
        happened: Time(50),
    };
    let conflicts = vec![Conflict::NumberUsed, Conflict::DonorKnown];
    let adopted = said::Adopted { report: at("skane-bus"), conflicts };
    let known = said::Known { same: Some((DonorId::new("d-9").unwrap(), donor.clone())) };
    let flagged = Flagged { din: din(7), flag: Flag::NumberTwice };
    let here = LentHere { donor, record: Box::new(record()) };
    vec![
        mobile::Event::Lent(lent, Private::Here(loan)).into(),
        mobile::Event::Taken(taken, NONE).into(),
        mobile::Event::Reported(reported, Private::Here(report)).into(),
        mobile::Event::Adopted(adopted, Private::Here(known)).into(),
        donations::Event::Flagged(flagged, NONE).into(),
        donors::Event::Lent(Nothing, Private::Here(here)).into(),
    ]
}
