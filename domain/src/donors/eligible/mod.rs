//! May this donor give this on that day, under the region's rules? With every reason against it.
//!
//! A rule that the region has not stated, and a fact that nobody stated, make the answer unknown;
//! unknown is never yes. A physician's decision answers only where the rule asks for one.

mod body;
mod pace;
mod waits;

pub use pace::Given;
pub(super) use pace::given;

use std::collections::BTreeMap;

use super::model::{
    Answer, Dated, Donor, Effect, Eligibility, Ground, Question, Reason, Sex, Verdict, Visit,
};
use super::state::Own;
use crate::Region;
use crate::donations::model::DonationKind;
use crate::rulesets::{InForce, Key, Scope};
use crate::words::{Day, DonorId, JournalId, Known, Refusal, Time};

/// How far the question goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// May give today: the day's declaration and measurements are needed.
    Today,
    /// Nothing known speaks against calling the donor for that day.
    Call,
}

/// What a question rests on.
pub(super) struct Bench<'a> {
    rules: &'a InForce,
    /// The record that stands, and those merged into it.
    records: Vec<(&'a DonorId, &'a Donor)>,
    kind: DonationKind,
    on: Day,
    depth: Depth,
    given: Vec<pace::Given>,
    incomplete: bool,
    reasons: Vec<Reason>,
}

/// The record that stands for a donor.
pub(super) fn root<'a>(own: &'a Own, donor: &'a DonorId) -> &'a DonorId {
    let mut at = donor;
    // Merging refuses circles; a journal written by another program may hold one.
    for _ in 0..64 {
        match own.donors.get(at).and_then(|held| held.into.as_ref()) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// A record and all that were merged into it.
pub(super) fn records<'a>(own: &'a Own, donor: &'a DonorId) -> Vec<(&'a DonorId, &'a Donor)> {
    let mut all: Vec<(&DonorId, &Donor)> = own.donors.get_key_value(donor).into_iter().collect();
    let mut at = 0;
    while at < all.len() && all.len() < 64 {
        let merged = all[at].1.merged.iter().filter_map(|id| own.donors.get_key_value(id));
        let new: Vec<_> = merged.filter(|(id, _)| all.iter().all(|(had, _)| had != id)).collect();
        all.extend(new);
        at += 1;
    }
    all
}

pub(super) fn eligibility(
    region: &Region,
    (donor, kind): (&DonorId, DonationKind),
    on: Time,
    journal: &JournalId,
    depth: Depth,
) -> Eligibility {
    let own = &region.own.donors;
    let standing = root(own, donor);
    let records = records(own, standing);
    let Some(rules) = region.shared.rulesets.in_force(Scope::Blood, on) else {
        let facts = [("missing", "rule".to_owned()), ("region", journal.to_string())];
        let reason = reason(Ground::RuleSet, Effect::Unknown, &facts);
        return Eligibility { verdict: Verdict::Unknown, reasons: vec![reason], rule_set: None };
    };
    let (given, incomplete) = pace::given(region, &records);
    let on = Day::of(on);
    let mut bench =
        Bench { rules, records, kind, on, depth, given, incomplete, reasons: Vec::new() };
    if bench.records.is_empty() {
        let facts = [("missing", "donor".to_owned()), ("donor", donor.to_string())];
        bench.reasons.push(reason(Ground::Identity, Effect::Unknown, &facts));
    } else {
        bench.look();
    }
    let reasons = bench.reasons;
    Eligibility { verdict: Verdict::of(&reasons), reasons, rule_set: Some(rules.digest) }
}

/// What is asked of a donor of a sex under a rule set: a question is asked unless the set states,
/// instead of its rule, the one that took its place.
pub(super) fn questions(rules: &InForce, sex: Known<Sex>) -> Vec<Question> {
    use crate::rulesets::key as k;
    let states = |key: Key| rules.set.value(key).is_some();
    let asked = |question: &Question| match question {
        Question::Pregnant | Question::Delivery | Question::Abortion => {
            sex != Known::Value(Sex::Male)
        }
        Question::MenWithMen => {
            let separate = rules.flag(k::DONOR_MSM_SEPARATE_RULE);
            sex != Known::Value(Sex::Female) && !matches!(separate, Ok(false))
        }
        Question::NewPartner => {
            states(k::DONOR_NEW_PARTNER_MONTHS) || !states(k::DONOR_SEXUAL_RISK_MONTHS)
        }
        Question::SexualRisk => {
            states(k::DONOR_SEXUAL_RISK_MONTHS) || !states(k::DONOR_NEW_PARTNER_MONTHS)
        }
        _ => true,
    };
    Question::ALL.iter().copied().filter(asked).collect()
}

pub(super) fn reason(ground: Ground, effect: Effect, facts: &[(&str, String)]) -> Reason {
    let facts: BTreeMap<_, _> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Reason { ground, key: None, source: String::new(), facts, effect }
}

impl<'a> Bench<'a> {
    fn look(&mut self) {
        self.stands();
        self.identity();
        self.age();
        self.measured();
        self.waits();
        self.pace();
        self.hindrances();
        self.declared();
    }

    /// The record that stands.
    fn donor(&self) -> &'a Donor {
        self.records[0].1
    }

    /// The visit of the day, if there is one.
    fn visit(&self) -> Option<&'a Visit> {
        let visits = self.records.iter().filter_map(|(_, donor)| donor.visit.as_ref());
        visits.filter(|visit| Day::of(visit.at) == self.on).max_by_key(|visit| visit.at)
    }

    /// What was answered on the day.
    fn answer(&self, question: Question) -> Option<Answer> {
        self.visit().and_then(|visit| visit.declaration.answers.get(&question).copied())
    }

    /// The latest day of something over all records; unknown wins, since it may be later.
    fn dated(&self, question: Question) -> Option<Dated> {
        let all = self.records.iter().filter_map(|(_, donor)| donor.dates.get(&question));
        all.copied().max_by_key(|dated| (dated.day == Known::Unknown, dated.day))
    }

    fn sex(&self) -> Known<Sex> {
        self.donor().identity.sex()
    }

    /// Puts a reason with its rule.
    fn against(&mut self, ground: Ground, key: Key, effect: Effect, facts: &[(&str, String)]) {
        if effect == Effect::NeedsPhysician && self.decided(ground) {
            return;
        }
        let mut one = reason(ground, effect, facts);
        one.source = self.rules.cited(key).source;
        one.key = Some(key);
        self.reasons.push(one);
    }

    /// Puts a reason of the product's own, with its source.
    fn apart(
        &mut self,
        (ground, source): (Ground, &str),
        effect: Effect,
        facts: &[(&str, String)],
    ) {
        if effect == Effect::NeedsPhysician && self.decided(ground) {
            return;
        }
        self.reasons.push(Reason { source: source.to_owned(), ..reason(ground, effect, facts) });
    }

    /// Whether a physician decided on this, and the decision holds on the day.
    fn decided(&self, ground: Ground) -> bool {
        let all = self.records.iter().flat_map(|(_, donor)| &donor.assessments);
        let mut held = all.filter(|one| one.ground == ground);
        held.any(|one| Day::of(one.at) <= self.on && self.on <= one.until)
    }

    /// A rule's value, or the reason that it is missing.
    fn rule<T>(&mut self, ground: Ground, key: Key, value: Result<T, Refusal>) -> Option<T> {
        if value.is_err() {
            self.lacks(ground, key, "rule");
        }
        value.ok()
    }

    /// A rule or a fact is missing.
    fn lacks(&mut self, ground: Ground, key: Key, missing: &str) {
        self.against(ground, key, Effect::Unknown, &[("missing", missing.to_owned())]);
    }
}

pub(super) fn until(day: Day) -> Effect {
    Effect::Deferred { until: Known::Value(day.starts()) }
}

pub(super) const OPEN: Effect = Effect::Deferred { until: Known::Unknown };
