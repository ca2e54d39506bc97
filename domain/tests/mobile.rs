//! A bus away from home: it works with what it was lent, and what it did comes home as reports.

use crate::common::stock::*;
use crate::common::{Desk, id};
use samband_domain::blood::model::{Din, QuarantineReason, Status};
use samband_domain::donations::Command as Donations;
use samband_domain::donations::model::{DonationKind, Flag};
use samband_domain::donors::model::{DeferralReason, Identity, Terms, Until};
use samband_domain::donors::{self, Command as Donors};
use samband_domain::kernel::{RecordKeeper, SiteKind};
use samband_domain::mobile::model::Conflict;
use samband_domain::mobile::{self, Command as Mobile};
use samband_domain::{Command, DonorId, Event, Foreign, Known, Mode, Private, Region, due};

const NUMBERS: [&str; 3] = ["196408233234", "191212121212", "193910303183"];

fn terms() -> Terms {
    Terms { site: None, kinds: vec![DonationKind::WholeBlood], may_call: true }
}

fn person(n: usize) -> Identity {
    let number = NUMBERS[n].parse().unwrap();
    Identity { number, name: format!("Prov Provsson {n}"), phone: None, email: None }
}

fn register(desk: &mut Desk, n: usize) -> DonorId {
    let earlier = Known::Value(Vec::new());
    let command = Donors::Register { identity: person(n), terms: terms(), earlier };
    match desk.must("a-1", command) {
        Event::Donors(donors::Event::Registered(_, Private::Here(it))) => it.donor,
        other => panic!("{other:?}"),
    }
}

fn din(serial: u32) -> Din {
    unit(serial).din
}

/// A region with a bus site and two donors, and its bus.
fn home_and_bus() -> (Desk, Desk, Vec<DonorId>) {
    let mut home = region("skane", false);
    home.must("a-1", open_site("bus", RecordKeeper::Samband, SiteKind::MobileUnit));
    let numbers = Donations::AssignNumbers { site: site("bus"), from: din(1), to: din(50) };
    home.must("a-1", numbers);
    let donors = vec![register(&mut home, 0), register(&mut home, 1)];
    let mut bus = Desk::open("skane-bus");
    bus.must("a-1", open_site("here", RecordKeeper::Samband, SiteKind::MobileUnit));
    (home, bus, donors)
}

fn lend(home: &mut Desk, donors: &[DonorId], hours: i64) -> Foreign {
    let (unit, until) = (id("skane-bus"), home.now.plus_seconds(hours * 3_600));
    let donors = donors.to_vec();
    home.must("a-1", Mobile::Lend { unit, site: site("bus"), donors, until });
    as_foreign(home, &home.head())
}

fn take(bus: &mut Desk, loan: &Foreign) -> Result<Vec<Event>, &'static str> {
    let command: Command = Mobile::Take { loan: loan.at.clone(), site: site("here") }.into();
    bus.act_upon("a-1", command, Some(loan)).map_err(|refusal| refusal.kind.code)
}

fn collect(bus: &mut Desk, donor: Option<&DonorId>, serial: u32) {
    bus.must("a-1", collection(donor, serial, "here"));
}

fn collection(donor: Option<&DonorId>, serial: u32, place: &str) -> Donations {
    Donations::Collect {
        din: din(serial),
        donor: donor.cloned(),
        kind: DonationKind::WholeBlood,
        site: site(place),
        millilitres: Known::Value(450),
        minutes: Known::Value(9),
        abandoned: false,
        bags: Vec::new(),
        materials: Vec::new(),
    }
}

/// Everything that is due at home is done, as the engine would; what did not agree.
fn come_home(home: &mut Desk, bus: &Desk) -> Vec<Vec<Conflict>> {
    let mut found = Vec::new();
    loop {
        let states = [(&home.journal, &home.region.shared), (&bus.journal, &bus.region.shared)];
        let commands = due(&home.region, &home.journal, &[], &states, home.now);
        let adopt = commands.into_iter().find(|one| matches!(one, Command::Mobile(_)));
        let Some(command) = adopt else { return found };
        let foreign = as_foreign(bus, command.foreign().unwrap());
        let events = home.act_upon("engine", command, Some(&foreign)).unwrap();
        let Event::Mobile(mobile::Event::Adopted(adopted, _)) = &events[0] else { panic!() };
        found.push(adopted.conflicts.clone());
    }
}

fn flags(region: &Region, serial: u32) -> Vec<Flag> {
    region.shared.donations.donations[&din(serial)].flags.clone()
}

#[test]
fn what_was_given_on_the_bus_is_in_the_regions_record_with_the_donor() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    take(&mut bus, &loan).unwrap();
    assert_eq!(bus.region.own.donors.donors.len(), 2, "the bus knows those it was lent");
    let rules = |desk: &Desk| {
        desk.region.shared.rulesets.timeline.values().next_back().map(|set| set.digest)
    };
    assert_eq!(rules(&bus), rules(&home), "and the rules of home");
    collect(&mut bus, Some(&donors[0]), 7);
    assert!(bus.region.shared.blood.units.is_empty(), "the bag becomes a unit at home");
    assert_eq!(come_home(&mut home, &bus), [Vec::<Conflict>::new()]);
    let donation = &home.region.shared.donations.donations[&din(7)];
    assert_eq!((donation.site.as_str(), donation.unlabelled), ("bus", true));
    assert_eq!(home.region.own.donations.files[&din(7)].giver.donor.as_ref(), Some(&donors[0]));
    assert_eq!(come_home(&mut home, &bus), Vec::<Vec<Conflict>>::new(), "nothing comes twice");
    assert_eq!(home.replayed(), home.region);
    assert_eq!(bus.replayed(), bus.region);
}

#[test]
fn nobody_but_the_bus_and_the_home_region_reads_who_it_is() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    assert_eq!(loan.event.addressee(), Some(&id("skane-bus")));
    take(&mut bus, &loan).unwrap();
    collect(&mut bus, Some(&donors[0]), 7);
    for bytes in [home.shared_bytes(), bus.shared_bytes()] {
        assert!(NUMBERS.iter().all(|number| !bytes.contains(number)));
        assert!(!bytes.contains("Provsson") && !bytes.contains(donors[0].as_str()));
    }
    let mut other = region("halland", false);
    assert_eq!(take(&mut other, &loan), Err("mobile.no_loan"), "it is not for Halland");
    let withheld = Foreign { at: loan.at.clone(), ..home.last_seen_from_outside() };
    let mut second = Desk::open("skane-bus");
    second.must("a-1", open_site("here", RecordKeeper::Samband, SiteKind::MobileUnit));
    assert_eq!(take(&mut second, &withheld), Err("mobile.no_loan"), "without the private part");
}

#[test]
fn a_donor_deferred_at_home_meanwhile_is_held() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    take(&mut bus, &loan).unwrap();
    let (reason, until) = (DeferralReason::ALL[0], Until::Permanent);
    home.must("a-1", Donors::Defer { donor: donors[0].clone(), reason, until, note: None });
    collect(&mut bus, Some(&donors[0]), 7);
    come_home(&mut home, &bus);
    assert!(flags(&home.region, 7).contains(&Flag::DonorDeferred));
}

#[test]
fn one_number_twice_holds_both() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    take(&mut bus, &loan).unwrap();
    home.must("a-1", take_over("one", vec![row(7)]));
    assert_eq!(home.region.shared.blood.units[&unit(7)].status, Status::Available);
    collect(&mut bus, Some(&donors[0]), 7);
    assert_eq!(come_home(&mut home, &bus), [[Conflict::NumberUsed]]);
    let held = Status::Quarantined(QuarantineReason::Discrepancy);
    assert_eq!(home.region.shared.blood.units[&unit(7)].status, held);
    home.must("a-1", collection(Some(&donors[1]), 8, "bus"));
    collect(&mut bus, None, 8);
    assert_eq!(come_home(&mut home, &bus), [[Conflict::DonorUnknown, Conflict::NumberUsed]]);
    assert!(flags(&home.region, 8).contains(&Flag::NumberTwice));
}

#[test]
fn numbers_and_donors_that_were_not_lent_are_named() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors[..1], 12);
    take(&mut bus, &loan).unwrap();
    let new = register(&mut bus, 2);
    let known = register(&mut bus, 1);
    assert_ne!(known, donors[1], "the bus cannot know that home knows them");
    collect(&mut bus, Some(&new), 60);
    collect(&mut bus, Some(&known), 9);
    let found = come_home(&mut home, &bus);
    assert_eq!(found, [vec![], vec![Conflict::DonorKnown], vec![], vec![]]);
    assert!(home.region.own.donors.donors.contains_key(&new), "a new donor is new at home too");
    assert!(flags(&home.region, 60).contains(&Flag::OutsideRange));
    let giver = &home.region.own.donations.files[&din(9)].giver;
    assert_eq!(giver.donor.as_ref(), Some(&donors[1]), "under the record that home has");
}

#[test]
fn a_loan_ends() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 2);
    bus.pass_hours(3);
    assert_eq!(take(&mut bus, &loan), Err("mobile.over"));
    let loan = lend(&mut home, &donors, 4);
    take(&mut bus, &loan).unwrap();
    bus.pass_hours(5);
    home.pass_hours(9);
    collect(&mut bus, Some(&donors[0]), 7);
    assert_eq!(come_home(&mut home, &bus), [[Conflict::NotLent]]);
    let (unit, site, until) = (id("skane-bus"), site("bus"), home.now);
    let none = Mobile::Lend { unit, site, donors: donors.clone(), until };
    assert_eq!(home.refused("a-1", none), "mobile.over");
}

#[test]
fn modes_do_not_mix() {
    let (mut home, _, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    let mut bus = Desk::open_in("skane-bus", Mode::Exercise);
    bus.must("a-1", open_site("here", RecordKeeper::Samband, SiteKind::MobileUnit));
    assert_eq!(take(&mut bus, &loan), Err("mobile.across_modes"));
}

#[test]
fn reports_come_home_in_their_order() {
    let (mut home, mut bus, donors) = home_and_bus();
    let loan = lend(&mut home, &donors, 12);
    take(&mut bus, &loan).unwrap();
    collect(&mut bus, Some(&donors[0]), 7);
    let first = as_foreign(&bus, &bus.head());
    come_home(&mut home, &bus);
    let again: Command = Mobile::Adopt { report: first.at.clone() }.into();
    let refused = home.act_upon("engine", again, Some(&first)).unwrap_err();
    assert_eq!(refused.kind.code, "mobile.order");
    let waiting = mobile::view::waiting;
    let shared = |desk: &Desk| desk.region.shared.mobile.clone();
    assert_eq!(waiting(&shared(&home), &home.journal, &shared(&bus), &bus.journal), 0);
    collect(&mut bus, Some(&donors[1]), 8);
    assert_eq!(waiting(&shared(&home), &home.journal, &shared(&bus), &bus.journal), 1);
}
