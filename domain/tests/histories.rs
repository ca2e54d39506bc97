//! What holds after every step of every history: mandates, erasure, rule sets, replay, secrecy.

use std::collections::BTreeSet;

use crate::common::history::{histories, play};
use crate::common::{Desk, SECRET};
use proptest::prelude::*;
use samband_domain::kernel::{Approval, Capacity, Mandate, Shared, view};
use samband_domain::rulesets::{self, Review, Scope, Verdict};
use samband_domain::{Absence, Digest, Private, Time};

/// Moments at which anything can change, and those just before them.
fn moments(shared: &Shared) -> BTreeSet<Time> {
    let of_mandate = |mandate: &Mandate| {
        let decided = match &mandate.approval {
            Approval::Approved { decided, .. } | Approval::Rejected { decided, .. } => {
                Some(*decided)
            }
            _ => None,
        };
        [Some(mandate.window.from()), mandate.window.until(), decided]
    };
    let moments = shared.mandates.values().flat_map(of_mandate).flatten();
    moments.flat_map(|at| [Time(at.0 - 1), at, Time(at.0 + 1)]).collect()
}

fn assert_mandates_hold(shared: &Shared) {
    for at in moments(shared) {
        let in_force: Vec<_> =
            shared.mandates.values().filter(|held| shared.in_force(held, at)).collect();
        let mut holders = BTreeSet::new();
        for held in &in_force {
            if let (Capacity::Legal(role), None) = (&held.capacity, &held.deputy_for) {
                let first = holders.insert((role, &held.site));
                assert!(first, "two holders of {role} at {at}");
            }
            let agreed =
                matches!(&held.approval, Approval::NotRequired | Approval::Approved { .. });
            assert!(agreed, "in force without approval at {at}: {held:?}");
            if let Approval::Approved { decided, .. } = &held.approval {
                assert!(*decided <= at, "in force before it was approved: {held:?}");
            }
            assert_delegation_within(shared, held, at);
        }
        assert_gaps_are_told(shared, at);
    }
    for held in shared.mandates.values() {
        if let Some(first) = held.deputy_for.as_ref().map(|id| &shared.mandates[id]) {
            assert_eq!(first.capacity, held.capacity, "a deputy for another task");
            assert_ne!(first.holder, held.holder, "one's own deputy");
            assert_eq!(first.deputy_for, None, "a deputy's deputy");
        }
        if let Capacity::Legal(role) = held.capacity {
            let asked = held.approval != Approval::NotRequired;
            assert!(asked || !role.needs_approval(), "nobody asked the authority");
        }
    }
}

fn assert_delegation_within(shared: &Shared, held: &Mandate, at: Time) {
    let Some(from) = held.delegated_from.as_ref().map(|id| &shared.mandates[id]) else {
        let delegation = matches!(held.capacity, Capacity::Delegation { .. });
        assert!(!delegation, "a delegation from nobody");
        return;
    };
    assert!(from.in_force(at), "a delegation outlives its delegator's mandate at {at}");
    assert_ne!(from.holder, held.holder, "delegated to oneself");
    assert!(from.site.is_none() || from.site == held.site, "a delegation to another place");
    match (&from.capacity, &held.capacity) {
        (Capacity::Delegation { task }, Capacity::Delegation { task: handed_on }) => {
            assert_eq!(task, handed_on);
        }
        (_, Capacity::Delegation { .. }) => {}
        (own, given) => assert_eq!(own, given, "more was delegated than was held"),
    }
    assert!(held.review_at.is_some(), "a delegation without a date of review");
}

/// The page on legal roles says "held" exactly if somebody holds the role.
fn assert_gaps_are_told(shared: &Shared, at: Time) {
    for row in view::legal_roles(shared, at) {
        let holds = |deputy: bool| {
            shared.mandates.values().any(|held| {
                held.capacity == Capacity::Legal(row.role)
                    && held.deputy_for.is_some() == deputy
                    && shared.in_force(held, at)
            })
        };
        let wanted: &[&str] = match (holds(false), holds(true)) {
            (true, _) => &["held"],
            (false, true) => &["deputised"],
            (false, false) => &["awaits_approval", "gap"],
        };
        assert!(wanted.contains(&row.filling.kind()), "{row:?} at {at}");
    }
}

/// Nobody whose identity the law still asks for was erased just now.
fn assert_erasure_was_lawful(desk: &Desk) {
    let Some(erased) = desk.lines.last().and_then(|line| line.event.erases()) else {
        return;
    };
    let shared = &desk.region.shared.kernel;
    for held in shared.mandates.values().filter(|held| held.holder == *erased) {
        assert!(!shared.in_force(held, desk.now), "erased while in force: {held:?}");
        if matches!(held.capacity, Capacity::Legal(_)) {
            let ended = held.window.until().expect("a legal role that has ended");
            let thirty_years = Time(ended.0 + 30 * 365 * 86_400 * 1_000_000);
            assert!(thirty_years < desk.now, "erased within thirty years of a legal role");
        }
    }
    let gone = Private::Absent(Absence::Erased);
    assert_eq!(desk.region.own.kernel.persons.get(erased), Some(&gone));
}

/// Whatever applies was approved by somebody other than its drafter, adopted by somebody other
/// than its drafter, and what applied up to a moment stays so.
fn assert_rules_hold(before: &Before, desk: &Desk) {
    let shared = &desk.region.shared.rulesets;
    for ((scope, from), set) in &shared.timeline {
        let held = &shared.held[&set.digest];
        assert_eq!((set.from, set.set.scope), (*from, *scope));
        let approves = |review: &Review| review.verdict == Verdict::Approve;
        assert!(held.reviews.iter().any(approves), "adopted without approval");
        assert!(held.reviews.iter().all(|review| review.by != held.drafted_by));
        assert!(held.adoptions.iter().all(|adoption| adoption.by != held.drafted_by));
        let written = held.adoptions.iter().all(|adoption| adoption.recorded <= adoption.from);
        assert!(written, "adopted backwards");
    }
    for at in before.rulesets.timeline.keys().map(|(_, from)| *from) {
        if at < before.now {
            let digest =
                |shared: &rulesets::Shared| shared.in_force(Scope::Blood, at).map(|set| set.digest);
            assert_eq!(digest(shared), digest(&before.rulesets), "the past changed");
        }
    }
}

/// The rule sets before a step, and when that was.
struct Before {
    rulesets: rulesets::Shared,
    now: Time,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn mandates_erasures_and_rule_sets_keep_their_rules_in_every_history(steps in histories(80)) {
        let mut desk = Desk::open("blekinge");
        for step in &steps {
            let (before, lines) = (desk.region.clone(), desk.lines.len());
            let rules_before =
                Before { rulesets: before.shared.rulesets.clone(), now: desk.now };
            if play(&mut desk, step) {
                if desk.lines.len() > lines {
                    assert_erasure_was_lawful(&desk);
                }
                assert_mandates_hold(&desk.region.shared.kernel);
                assert_rules_hold(&rules_before, &desk);
            } else {
                prop_assert_eq!(&desk.region, &before, "a refusal leaves no trace");
                prop_assert_eq!(desk.lines.len(), lines);
            }
        }
    }

    #[test]
    fn replay_equals_live_and_outside_equals_the_shared_half(steps in histories(80)) {
        let mut desk = Desk::open("blekinge");
        for step in &steps {
            play(&mut desk, step);
        }
        prop_assert_eq!(&desk.replayed(), &desk.region);
        prop_assert_eq!(&desk.seen_from_outside(), &desk.region.shared);
    }

    #[test]
    fn nothing_private_stands_in_what_others_may_hold(steps in histories(80)) {
        let mut desk = Desk::open("blekinge");
        for step in &steps {
            play(&mut desk, step);
        }
        let private: String =
            desk.lines.iter().filter_map(|line| line.encoded.private.clone()).collect();
        prop_assert!(private.contains(SECRET), "the search finds what is there");
        let shared = format!("{} {:?}", desk.shared_bytes(), desk.region.shared);
        let certificate = Digest::of(SECRET.as_bytes()).to_string();
        prop_assert!(!shared.contains(SECRET) && !shared.contains(&certificate));
    }
}
