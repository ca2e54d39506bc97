//! Who the donor is and what was measured: identity, age, weight, haemoglobin; and what is not
//! about a waiting time: infections, deferrals, reactions, a guest's pass.

use super::super::model::{Answer, Asked, Checks, Effect, Ground, Question, Sex, Until};
use super::{Bench, Depth, OPEN, questions, until};
use crate::donations::model::DonationKind;
use crate::rulesets::key as k;
use crate::words::{Day, Known, PersonNumber};

const IDENTITY: &str = "issue 4: groups of one person agree";
const GUEST: &str = "blood.md §5.3: both regions' rules hold for a guest";
const DECLARED: &str = "blood.md §5.2: each visit begins with a declaration";
const KIND: &str = "mission A50: a donor gives what they are approved for";
const DEFERRED: &str = "SOSFS 2009:28: a deferral holds until it ends or a physician lifts it";
const REACTION: &str = "blood.md §5.6: a serious reaction is looked into";

impl Bench<'_> {
    /// Records that were merged must not contradict each other.
    pub(super) fn stands(&mut self) {
        let groups = self.records.iter().filter_map(|(_, donor)| donor.group.value());
        let mut groups: Vec<_> = groups.collect();
        groups.sort_unstable();
        groups.dedup();
        if let [one, other, ..] = groups[..] {
            let facts = [("one", one.to_string()), ("other", other.to_string())];
            self.apart((Ground::Groups, IDENTITY), OPEN, &facts);
        }
    }

    pub(super) fn identity(&mut self) {
        let rules = self.rules;
        let key = k::DONOR_IDENTITY;
        let Some(needed) = self.rule(Ground::Identity, key, rules.list(key)) else { return };
        let needs = |what: &str| needed.iter().any(|code| code == what);
        let number = &self.donor().identity.number;
        if needs("personal_number") && !matches!(number, PersonNumber::Personal(_)) {
            let facts = [("needs", "personal_number".to_owned()), ("has", number.kind().into())];
            self.against(Ground::Identity, key, OPEN, &facts);
        }
        for (code, question) in
            [("valid_id", Question::ValidId), ("understands_swedish", Question::UnderstandsSwedish)]
        {
            if self.depth == Depth::Today
                && needs(code)
                && self.answer(question) == Some(Answer::No)
            {
                self.against(Ground::Identity, key, OPEN, &[("needs", code.to_owned())]);
            }
        }
    }

    pub(super) fn age(&mut self) {
        let rules = self.rules;
        let born = self.donor().identity.born();
        let Some(born) = born.value() else {
            return self.lacks(Ground::Age, k::DONOR_AGE_MINIMUM, "born");
        };
        let Some(age) = born.age_on(self.on) else {
            return self.lacks(Ground::Age, k::DONOR_AGE_MINIMUM, "born");
        };
        let least = rules.years(k::DONOR_AGE_MINIMUM);
        if let Some(least) = self.rule(Ground::Age, k::DONOR_AGE_MINIMUM, least)
            && u32::from(age) < least
        {
            let facts = [("age", age.to_string()), ("least", least.to_string())];
            let from = until(born.plus_months(least.saturating_mul(12)));
            self.against(Ground::Age, k::DONOR_AGE_MINIMUM, from, &facts);
        }
        let facts = [("age", age.to_string())];
        let key = k::DONOR_AGE_FIRST_WITHOUT_PHYSICIAN;
        let first_limit = self.rule(Ground::FirstAge, key, rules.age(key));
        if let Some(limit) = first_limit.filter(|limit| !limit.holds(age)) {
            let limit = [facts[0].clone(), ("limit", limit.years.to_string())];
            match self.has_given() {
                Some(false) => {
                    self.against(Ground::FirstAge, key, Effect::NeedsPhysician, &limit);
                }
                Some(true) => self.returning(&limit),
                None => self.lacks(Ground::FirstAge, key, "earlier"),
            }
        }
        let key = k::DONOR_AGE_WITHOUT_ANNUAL_PERMISSION;
        let yearly = self.rule(Ground::AnnualPermission, key, rules.age(key));
        if let Some(limit) = yearly.filter(|limit| !limit.holds(age)) {
            let facts = [facts[0].clone(), ("limit", limit.years.to_string())];
            self.against(Ground::AnnualPermission, key, Effect::NeedsPhysician, &facts);
        }
    }

    fn returning(&mut self, facts: &[(&str, String)]) {
        let key = k::DONOR_AGE_RETURNING_NEEDS_PHYSICIAN;
        let flag = self.rules.flag(key);
        if self.rule(Ground::ReturningAge, key, flag) == Some(true) {
            self.against(Ground::ReturningAge, key, Effect::NeedsPhysician, facts);
        }
    }

    /// Weight, haemoglobin, platelets and protein of the day.
    pub(super) fn measured(&mut self) {
        let Some(visit) = self.visit().filter(|_| self.depth == Depth::Today) else { return };
        let (rules, checks) = (self.rules, visit.declaration.checks);
        let weight = rules.kilograms(k::DONOR_WEIGHT_MINIMUM);
        if let Some(least) = self.rule(Ground::Weight, k::DONOR_WEIGHT_MINIMUM, weight) {
            self.at_least((Ground::Weight, k::DONOR_WEIGHT_MINIMUM), checks.weight, least);
        }
        self.haemoglobin(checks);
        if self.kind == DonationKind::Plateletpheresis {
            let key = k::DONOR_PLATELETS_MINIMUM;
            if let Some(least) = self.rule(Ground::Platelets, key, rules.count(key)) {
                self.at_least((Ground::Platelets, key), checks.platelets, least);
            }
        }
        if self.kind == DonationKind::Plasmapheresis {
            let key = k::DONOR_PROTEIN_MINIMUM;
            if let Some(least) = self.rule(Ground::Protein, key, rules.grams_per_litre(key)) {
                self.at_least((Ground::Protein, key), checks.protein, least);
            }
        }
    }

    fn haemoglobin(&mut self, checks: Checks) {
        let ground = Ground::Haemoglobin;
        let key = match self.sex() {
            Known::Value(Sex::Female) => k::DONOR_HB_FEMALE,
            Known::Value(Sex::Male) => k::DONOR_HB_MALE,
            Known::Unknown => return self.lacks(ground, k::DONOR_HB_MALE, "sex"),
        };
        let Some(least) = self.rule(ground, key, self.rules.grams_per_litre(key)) else { return };
        let lower = if checks.hb_after {
            let key = k::DONOR_HB_LOWER_AFTER_DONATION;
            match self.rule(ground, key, self.rules.grams_per_litre(key)) {
                Some(lower) => lower,
                None => return,
            }
        } else {
            0
        };
        self.at_least((ground, key), checks.hb, least.saturating_sub(lower));
    }

    fn at_least(
        &mut self,
        (ground, key): (Ground, crate::rulesets::Key),
        measured: Known<u16>,
        least: u32,
    ) {
        match measured {
            Known::Unknown => self.lacks(ground, key, "measurement"),
            Known::Value(value) if u32::from(value) < least => {
                let facts = [("measured", value.to_string()), ("least", least.to_string())];
                self.against(ground, key, OPEN, &facts);
            }
            Known::Value(_) => {}
        }
    }

    /// Infections, illness, deferrals, reactions, a guest's pass, approval for the kind.
    pub(super) fn hindrances(&mut self) {
        self.infections();
        let deferrals: Vec<_> = self
            .records
            .iter()
            .flat_map(|(_, donor)| donor.deferrals.values())
            .filter(|one| one.stands(self.on))
            .map(|one| (one.reason, one.until, one.since))
            .collect();
        for (why, ends, since) in deferrals {
            let effect = match ends {
                Until::Day(day) => until(day),
                Until::Further => OPEN,
                Until::Permanent => Effect::Permanent,
            };
            let facts = [("reason", why.to_string()), ("since", Day::of(since).to_string())];
            self.apart((Ground::Deferral, DEFERRED), effect, &facts);
        }
        self.reacted();
        self.passed();
        if !self.donor().terms.kinds.contains(&self.kind) {
            let facts = [("kind", self.kind.to_string())];
            self.apart((Ground::Kind, KIND), OPEN, &facts);
        }
    }

    fn infections(&mut self) {
        let (rules, key) = (self.rules, k::DONOR_PERMANENT_EXCLUSION);
        let Some(excluded) = self.rule(Ground::Infection, key, rules.list(key)) else { return };
        for question in Question::ALL.iter().filter(|q| q.asked() == Asked::Ever) {
            let code = question.as_str();
            if !self.records.iter().any(|(_, donor)| donor.ever.contains(question)) {
                continue;
            }
            let facts = [("infection", code.to_owned())];
            // What is not on the region's list is no rule's; a physician says what it means.
            let listed = excluded.iter().any(|one| one == code);
            let effect = if listed { Effect::Permanent } else { Effect::NeedsPhysician };
            self.against(Ground::Infection, key, effect, &facts);
        }
    }

    /// A serious reaction hinders until a physician has looked at it afterwards.
    fn reacted(&mut self) {
        let all = self.records.iter().flat_map(|(_, donor)| donor.reactions.values());
        let Some(last) = all.filter(|one| one.serious()).max_by_key(|one| one.at) else { return };
        let (at, kind) = (last.at, last.kind);
        let looked = self.records.iter().flat_map(|(_, donor)| &donor.assessments);
        let mut looked = looked.filter(|one| one.ground == Ground::Reaction);
        if looked.any(|one| one.at >= at && self.on <= one.until) {
            return;
        }
        let facts = [("kind", kind.to_string()), ("day", Day::of(at).to_string())];
        // Not through `apart`: an assessment from before this reaction says nothing of it.
        let mut one = super::reason(Ground::Reaction, Effect::NeedsPhysician, &facts);
        one.source = REACTION.to_owned();
        self.reasons.push(one);
    }

    fn passed(&mut self) {
        let Some(guest) = &self.donor().guest else { return };
        let home = ("home", guest.home.to_string());
        if guest.revoked.is_some() {
            let facts = [home, ("why", "revoked".to_owned())];
            self.apart((Ground::Pass, GUEST), OPEN, &facts);
        } else if guest.until < self.on {
            let facts = [home, ("why", "ended".to_owned()), ("day", guest.until.to_string())];
            self.apart((Ground::Pass, GUEST), OPEN, &facts);
        } else if !guest.kinds.contains(&self.kind) {
            let facts = [home, ("why", "kind".to_owned())];
            self.apart((Ground::Pass, GUEST), OPEN, &facts);
        }
    }

    /// The day's declaration: there, complete, and its yes-or-no answers.
    pub(super) fn declared(&mut self) {
        if self.depth == Depth::Call {
            return;
        }
        if self.visit().is_none() {
            let facts = [("missing", "declaration".to_owned())];
            return self.apart((Ground::Declaration, DECLARED), Effect::Unknown, &facts);
        }
        let open = questions(self.rules, self.sex());
        let open = open.into_iter().filter(|question| self.answer(*question).is_none());
        let open: Vec<_> = open.map(Question::as_str).collect();
        if !open.is_empty() {
            let facts = [("missing", "answers".to_owned()), ("questions", open.join(" "))];
            self.apart((Ground::Declaration, DECLARED), Effect::Unknown, &facts);
        }
        if self.answer(Question::Well) == Some(Answer::No) {
            self.apart((Ground::Unwell, DECLARED), OPEN, &[]);
        }
        if matches!(self.answer(Question::Pregnant), Some(answer) if answer != Answer::No) {
            self.against(Ground::Pregnancy, k::DONOR_PREGNANCY_MONTHS_AFTER, OPEN, &[]);
        }
    }
}
