//! Every refusal can happen, says its code and its facts, and no rule refuses without being here.

mod areas;
mod asked;
mod blood;
mod called;
mod donations;
mod kernel;
mod plans;
mod rules;

use std::collections::BTreeSet;

use crate::common::{Desk, Key, START, actor, hours};
use areas::{bond_and_agreement_cases, figure_cases};
use asked::*;
use blood::{
    clock_cases, handling_cases, picking_cases, sending_cases, stating_cases, taking_over_cases,
};
use called::{authority_cases, plasma_cases, withdrawal_cases};
use donations::{lacking_cases, preparing_cases, reporting_cases};
use kernel::{journal_cases, mandate_cases, person_cases};
use plans::planning_cases;
use rules::rule_set_cases;
use samband_domain::figures::Measure;
use samband_domain::kernel::{Command as Kernel, TEXT_MAX};
use samband_domain::words::Sign;
use samband_domain::{ActorId, Refusal, SiteId, refusals};

/// Refusals that need another region's records, provoked in `agreements.rs`, and those of whoever
/// asks a rule set, provoked in `rulesets.rs`; receipts of other regions' shipments are in
/// `blood/main.rs`.
const ELSEWHERE: [&str; 24] = [
    // Campaigns for new donors: `web/tests/door/campaigns.rs`.
    "plan.campaign_days",
    "plan.campaign_figure",
    "plan.campaign_ahead",
    // Weeks of a call-up plan need donors: `donors/callups.rs`.
    "plan.call_week",
    "plan.call_week_adopted",
    "plan.call_old",
    "plan.call_lines",
    "plan.call_nobody",
    "plan.call_begun",
    // What another region called back: `withdrawals/elsewhere.rs`.
    "withdrawal.elsewhere",
    "withdrawal.not_searched",
    // A report from the future is told by the engine's clock: `web/tests/door/donations.rs`. A bag
    // without a label stands for no unit, so that is only shown. What is called
    // back is in `donations/withdrawals.rs`.
    "donation.ahead_of_time",
    "donation.unlabelled",
    "donation.withdrawn",
    "withdrawal.across_modes",
    "rule.missing",
    "shipment.not_receiver",
    "shipment.not_sent",
    "shipment.nothing_said",
    "shipment.across_modes",
    "agreement.other_content",
    "agreement.not_party",
    "reference.across_modes",
    "agreement.not_drafter",
];

const TWO_REGIONS: [&str; 20] = [
    "shipment.packing",
    "shipment.leaves",
    "shipment.box_unknown",
    "shipment.box_missing",
    "shipment.called_off",
    "shipment.called_off_already",
    "shipment.not_late",
    "supply.call_unknown",
    "supply.goods",
    "supply.over",
    "supply.not_asked",
    "supply.answer",
    "supply.not_agreed",
    "supply.too_many",
    "supply.leg",
    "supply.leg_unknown",
    "rare.wanted",
    "rare.asked_already",
    "rare.question_unknown",
    "rare.question_over",
];

#[test]
fn every_refusal_can_happen_and_states_its_facts() {
    let mut missing: BTreeSet<_> = refusals().map(|kind| kind.code).collect();
    for code in ELSEWHERE {
        assert!(missing.remove(code), "{code} is no refusal");
    }
    // Those about donors are provoked in `donors/`, which looks that none is left out.
    for kind in samband_domain::donors::REFUSALS {
        assert!(missing.remove(kind.code), "{} is no refusal", kind.code);
    }
    // The same for patients, in `patients/`.
    for kind in samband_domain::patients::REFUSALS {
        assert!(missing.remove(kind.code), "{} is no refusal", kind.code);
    }
    // And for transfusions and for buses, in `transfusion/` and `mobile.rs`.
    for kind in samband_domain::transfusion::REFUSALS.iter().chain(samband_domain::mobile::REFUSALS)
    {
        assert!(missing.remove(kind.code), "{} is no refusal", kind.code);
    }
    // Those of incidents, alarms and readiness, in `alarms/`.
    let preparedness = [
        samband_domain::incidents::REFUSALS,
        samband_domain::alarms::REFUSALS,
        samband_domain::readiness::REFUSALS,
    ];
    for kind in preparedness.into_iter().flatten() {
        assert!(missing.remove(kind.code), "{} is no refusal", kind.code);
    }
    // Those of shipments and calls need two regions: `blood/supply.rs`; those of rare blood are in
    // `rare.rs`.
    for code in TWO_REGIONS {
        assert!(missing.remove(code), "{code} is no refusal");
    }
    let cases = [
        journal_cases(),
        person_cases(),
        mandate_cases(),
        figure_cases(),
        bond_and_agreement_cases(),
        rule_set_cases(),
        taking_over_cases(),
        stating_cases(),
        handling_cases(),
        picking_cases(),
        sending_cases(),
        clock_cases(),
        reporting_cases(),
        lacking_cases(),
        preparing_cases(),
        withdrawal_cases(),
        plasma_cases(),
        authority_cases(),
        planning_cases(),
    ];
    for (code, (mut desk, who, command)) in cases.into_iter().flatten() {
        let lines = desk.lines.len();
        let refusal: Refusal = match desk.act(who, command.clone()) {
            Err(refusal) => refusal,
            Ok(events) => panic!("{code}: {command:?} was allowed: {events:?}"),
        };
        assert_eq!(refusal.kind.code, code, "{command:?}: {refusal}");
        assert!(!refusal.facts.is_empty(), "{code} names no facts");
        assert_eq!(desk.lines.len(), lines);
        missing.remove(code);
    }
    assert_eq!(missing, BTreeSet::new(), "refusals that no test provokes");
}

#[test]
fn codes_are_distinct_and_name_their_source() {
    let codes: Vec<_> = refusals().map(|kind| kind.code).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
    for kind in refusals() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        assert!(kind.code.chars().all(plain) && kind.code.contains('.'), "{}", kind.code);
        assert!(!kind.source.is_empty());
    }
}

#[test]
fn what_is_just_inside_the_rules_is_allowed() {
    let mut desk = with_sites();
    desk.must("a-1", close("sus", 50));
    desk.must("a-1", glass(720));
    desk.must("a-1", Grant { share: Some(1_000), ..Grant::default() });
    let text = "å".repeat(TEXT_MAX);
    desk.must("a-1", Kernel::NoteRead { person: actor("a-2"), purpose: text });
    use Measure::{Population, Population1864};
    desk.must("a-1", rows(&[(Population, 2024, 20_000_000), (Population1864, 2024, 20_000_000)]));
    let window = hours(100, 120);
    desk.must("a-1", Grant { capacity: quality(), ..Grant::default() });
    desk.must("a-1", Grant { capacity: quality(), window, ..Grant::default() });
    assert_eq!(desk.region.shared.kernel.mandates.len(), 3);
}

#[test]
fn an_identity_may_go_when_thirty_years_have_passed() {
    let mut desk = with(Grant { capacity: quality(), window: hours(0, 1), ..Grant::default() });
    desk.must("a-2", propose(&["skane", "halland"], &["ett"], hours(0, None)));
    desk.pass_hours((30 * 365 + 8) * 24 + 1);
    desk.must("a-1", erase("a-2"));
    let gone: &ActorId = &actor("a-2");
    assert!(crate::common::is_gone(&desk.region.own.kernel.persons[gone]));
    assert_eq!(desk.replayed(), desk.region);
}

#[test]
fn a_new_key_signs_only_if_the_old_one_vouches_for_it() {
    let mut desk = Desk::open("skane");
    let new = Key::new(77);
    let public = new.public();
    let vouched = desk.key.sign(&public.0);
    for command in [
        Kernel::RotateKey { new: public, vouched: new.sign(&public.0) },
        Kernel::RotateKey { new: Key::new(78).public(), vouched },
        Kernel::RotateKey { new: desk.key.public(), vouched: desk.key.sign(&desk.key.public().0) },
    ] {
        assert_eq!(desk.refused("machine", command), "journal.key_unvouched");
    }
    desk.must("machine", Kernel::RotateKey { new: public, vouched });
    let keys = desk.region.shared.kernel.journal.as_ref().unwrap().keys.clone();
    assert_eq!(keys.iter().map(|key| key.public).collect::<Vec<_>>(), [desk.key.public(), public]);
}

#[test]
fn a_delegation_ends_with_the_mandate_it_comes_from() {
    let mut desk = with(Grant { holder: "a-1", ..Grant::default() });
    let first = held(&desk);
    let delegation =
        Grant { capacity: task(), delegated_from: Some(first.clone()), ..Grant::default() };
    desk.must("a-1", delegation);
    let kernel = |desk: &Desk| desk.region.shared.kernel.clone();
    let in_force = |desk: &Desk, hour: i64| {
        let shared = kernel(desk);
        let at = START.plus_seconds(hour * 3_600);
        let delegated = shared.mandates.values().find(|held| held.delegated_from.is_some());
        shared.in_force(delegated.unwrap(), at)
    };
    assert!(in_force(&desk, 20));
    desk.must("a-1", end(first, 10));
    assert!(in_force(&desk, 9) && !in_force(&desk, 10) && !in_force(&desk, 20));
}

#[test]
fn a_legal_role_has_one_holder_at_each_place() {
    let mut desk = with_sites();
    let at = |place: Option<&str>| Grant {
        capacity: quality(),
        site: place.map(site),
        ..Grant::default()
    };
    for place in [None, Some("sus"), Some("lund")] {
        desk.must("a-1", at(place));
        assert_eq!(desk.refused("a-1", at(place)), "mandate.legal_role_taken");
    }
    assert_eq!(desk.refused("a-1", at(Some("malmo"))), "form.not_found");
}

#[test]
fn a_delegation_stays_at_the_place_it_was_given_for() {
    let mut desk = with_sites();
    let (sus, lund) = (Some(site("sus")), Some(site("lund")));
    desk.must("a-1", Grant { holder: "a-1", site: sus.clone(), ..Grant::default() });
    let from = held(&desk);
    let delegation = |site: &Option<SiteId>| Grant {
        capacity: task(),
        site: site.clone(),
        delegated_from: Some(from.clone()),
        ..Grant::default()
    };
    for elsewhere in [&lund, &None] {
        assert_eq!(desk.refused("a-1", delegation(elsewhere)), "mandate.delegation_beyond");
    }
    desk.must("a-1", delegation(&sus));
}
