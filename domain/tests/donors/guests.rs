//! A donor of one region gives in another: both regions' rules must allow it, and neither learns
//! from the record who it is.

use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{Answer, Question};
use samband_domain::donors::{Command, view};
use samband_domain::words::Day;
use samband_domain::{Digest, DonorId, Foreign, Known, RecordRef, due};

use crate::common::stock::{as_foreign, site};
use crate::common::{Desk, SECRET};
use crate::donors::desk::*;

const WHOLE: DonationKind = DonationKind::WholeBlood;

/// The home region with a donor, and a pass that holds a fortnight.
fn home() -> (Desk, DonorId, Digest, RecordRef, String) {
    let mut desk = region("halland", false);
    let id = new_donor(&mut desk, "19900101", MAN);
    let until = day(TODAY).plus_days(14);
    desk.must("a-1", Command::IssuePass { donor: id.clone(), kinds: vec![WHOLE], until });
    let (pass, issued) = desk.region.shared.donors.passes.iter().next().unwrap();
    let code = desk.region.own.donors.holders[pass].code.clone();
    let (pass, at) = (*pass, issued.at.clone());
    (desk, id, pass, at, code)
}

fn arrive(pass: &RecordRef, code: &str) -> Command {
    Command::RegisterGuest {
        pass: pass.clone(),
        code: code.to_owned(),
        identity: identity(number("19900101", MAN)),
        site: Some(site("two")),
        earlier: Known::Value(Vec::new()),
    }
}

fn guest(desk: &Desk) -> DonorId {
    desk.region.own.donors.guests.values().next().unwrap().clone()
}

#[test]
fn a_guest_is_let_through_by_both_regions_and_the_home_region_sees_that() {
    let (there, _, _, at, code) = home();
    let mut here = region("skane", true);
    let foreign = as_foreign(&there, &at);
    here.act_upon("a-1", arrive(&at, &code), Some(&foreign)).unwrap();
    let id = guest(&here);
    declare(&mut here, &id, fine());
    assert_eq!(said(&asked(&here, &id, WHOLE)), "eligible");
    // The pass is for whole blood.
    let plasma = DonationKind::Plateletpheresis;
    assert_eq!(said(&asked(&here, &id, plasma)), "deferred ?: pass kind");
    // The guest region's own rules hold besides.
    declare(&mut here, &id, but(Question::Tattoo, Answer::On(day("2026-06-01"))));
    assert_eq!(here.refused("a-1", admit(&id)), "donor.not_eligible");
    here.now = morning("2026-06-16");
    let retract = Command::Retract {
        donor: id.clone(),
        question: Question::Tattoo,
        reason: "förväxlad".into(),
    };
    here.must("a-2", retract);
    declare(&mut here, &id, fine());
    here.must("a-1", admit(&id));
    let presented = &here.seen_from_outside().donors.presented;
    assert_eq!(presented.front().map(|one| (&one.pass, one.kind)), Some((&at, WHOLE)));
    for desk in [&here, &there] {
        let told = format!("{} {:?}", desk.shared_bytes(), desk.region.shared);
        assert!(!told.contains(SECRET) && !told.contains(&code));
        let own = desk.region.own.donors.donors.keys();
        for donor in own.map(DonorId::as_str) {
            assert!(!told.contains(donor), "not even the region's own name for the donor");
        }
    }
    // The day after the last, nobody is let through.
    here.now = morning("2026-06-30");
    declare(&mut here, &id, fine());
    assert!(said(&asked(&here, &id, WHOLE)).contains("pass"));
}

#[test]
fn a_pass_is_issued_only_to_whom_the_home_region_would_let_through() {
    let (mut desk, id, ..) = home();
    declare(&mut desk, &id, but(Question::Tattoo, Answer::On(day("2026-01-15"))));
    let until = day(TODAY).plus_days(14);
    let issue = Command::IssuePass { donor: id.clone(), kinds: vec![WHOLE], until };
    assert_eq!(desk.refused("a-1", issue), "donor.not_eligible", "six months at home");
    let far = Command::IssuePass {
        donor: id.clone(),
        kinds: vec![WHOLE],
        until: day(TODAY).plus_days(32),
    };
    assert_eq!(desk.refused("a-1", far), "donor.too_long");
    let none = Command::IssuePass { donor: id, kinds: Vec::new(), until };
    assert_eq!(desk.refused("a-1", none), "donor.kinds_needed");
}

#[test]
fn a_pass_taken_back_at_home_lets_nobody_through_any_more() {
    let (mut there, _, pass, at, code) = home();
    let mut here = region("skane", true);
    here.act_upon("a-1", arrive(&at, &code), Some(&as_foreign(&there, &at))).unwrap();
    let others = |there: &Desk| there.seen_from_outside();
    let shared = others(&there);
    let journal = there.journal.clone();
    let quiet = due(&here.region, &here.journal, &[], &[(&journal, &shared)], here.now);
    assert!(quiet.iter().all(|one| !matches!(one, samband_domain::Command::Donors(_))));
    let revoke = Command::RevokePass { pass, reason: "smitta funnen".into() };
    there.must("a-1", revoke.clone());
    assert_eq!(there.refused("a-1", revoke), "donor.pass_revoked");
    let shared = others(&there);
    let due = || due(&here.region, &here.journal, &[], &[(&journal, &shared)], here.now);
    let commands: Vec<_> =
        due().into_iter().filter(|one| matches!(one, samband_domain::Command::Donors(_))).collect();
    assert_eq!(commands.len(), 1);
    here.must("a-1", commands[0].clone());
    assert_eq!(here.refused("a-1", commands[0].clone()), "form.not_found", "once");
    let id = guest(&here);
    declare(&mut here, &id, fine());
    assert_eq!(said(&asked(&here, &id, WHOLE)), "deferred ?: pass");
}

#[test]
fn what_is_no_pass_opens_no_door() {
    let (there, _, _, at, code) = home();
    let mut here = region("skane", true);
    let foreign = as_foreign(&there, &at);
    let refused = |here: &mut Desk, command: Command, foreign: Option<&Foreign>| {
        here.act_upon("a-1", command, foreign).unwrap_err().kind.code
    };
    assert_eq!(refused(&mut here, arrive(&at, &code), None), "donor.pass_unknown");
    assert_eq!(refused(&mut here, arrive(&at, "gp-fel"), Some(&foreign)), "donor.pass_code");
    let real = Foreign { mode: samband_domain::Mode::Real, ..foreign.clone() };
    assert_eq!(refused(&mut here, arrive(&at, &code), Some(&real)), "donor.pass_modes");
    let genesis = as_foreign(&there, &there.lines[0].meta.at);
    let command = arrive(&genesis.at, &code);
    assert_eq!(refused(&mut here, command, Some(&genesis)), "donor.pass_unknown");
    here.act_upon("a-1", arrive(&at, &code), Some(&foreign)).unwrap();
    let mut other = arrive(&at, &code);
    if let Command::RegisterGuest { identity, .. } = &mut other {
        identity.number = number("19910101", MAN);
    }
    assert_eq!(refused(&mut here, other, Some(&foreign)), "donor.pass_used");
    let mut late = region("skane", true);
    late.now = morning("2026-07-01");
    assert_eq!(refused(&mut late, arrive(&at, &code), Some(&foreign)), "donor.pass_ended");
    let mut own = there;
    assert_eq!(refused(&mut own, arrive(&at, &code), Some(&foreign)), "donor.pass_unknown");
}

#[test]
fn a_guest_comes_back_with_a_new_pass() {
    let (mut there, id, _, at, code) = home();
    let mut here = region("skane", true);
    here.act_upon("a-1", arrive(&at, &code), Some(&as_foreign(&there, &at))).unwrap();
    let guest = guest(&here);
    there.now = morning("2026-07-20");
    here.now = there.now;
    let until = Day::of(there.now).plus_days(7);
    there.must("a-1", Command::IssuePass { donor: id, kinds: vec![WHOLE], until });
    let held = there.region.shared.donors.passes.iter().find(|(_, one)| one.until == until);
    let (pass, issued) = held.unwrap();
    let code = there.region.own.donors.holders[pass].code.clone();
    let found = view::pass_with(&there.region.shared.donors, &code).unwrap();
    assert_eq!(found.0, *pass);
    let foreign = as_foreign(&there, &issued.at);
    let renew = Command::RenewGuest { donor: guest.clone(), pass: issued.at.clone(), code };
    here.act_upon("a-1", renew.clone(), Some(&foreign)).unwrap();
    declare(&mut here, &guest, fine());
    here.must("a-1", admit(&guest));
    let local = new_donor(&mut here, "19700101", MAN);
    let Command::RenewGuest { pass, code, .. } = renew else { unreachable!() };
    let stranger = Command::RenewGuest { donor: local, pass, code };
    let refusal = here.act_upon("a-1", stranger, Some(&foreign)).unwrap_err();
    assert_eq!(refusal.kind.code, "donor.not_guest");
}
