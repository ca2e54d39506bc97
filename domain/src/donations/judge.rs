//! What the tests of a donation say together, and what it lacks to be used. One donation's results
//! are never judged alone: its donor's other donations say whether the group is right.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Entry, File, Giver, Weight};
use super::rules::refusals::{
    FLAGGED, GROUP_CONFLICT, GROUP_UNCONFIRMED, NOT_VERIFIED, UNLABELLED, WITHDRAWN,
};
use super::state::{Own, Shared};
use crate::blood::model::{Din, Group, Phenotype, Rhd, TestResult};
use crate::blood::rules::{TEST_MISSING, TEST_NOT_NEGATIVE, bars, required};
use crate::donors;
use crate::rulesets::{InForce, key};
use crate::words::{Code, DonorId, Known, Refusal, Time};

/// What is held about donations: what their rules rest on.
#[derive(Clone, Copy)]
pub struct Held<'a> {
    /// What other regions may hold.
    pub shared: &'a Shared,
    /// What stays in the region.
    pub own: &'a Own,
    /// The donors.
    pub donors: &'a donors::Own,
}

/// What the results of one donation say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The group that they agree on.
    pub group: Known<Group>,
    /// Whether two of them say different groups.
    pub differs: bool,
    /// How many determinations of the group there are.
    pub determinations: u32,
    /// Markers, each with the worst that was said of it.
    pub markers: BTreeMap<Code, TestResult>,
    /// Antigens.
    pub phenotype: Phenotype,
    /// The highest titre of anti-A and anti-B.
    pub titre: Known<u16>,
}

/// What a donor's donations say of the group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DonorGroup {
    /// The group that all of them agree on.
    pub group: Known<Group>,
    /// How many determinations there are.
    pub determinations: u32,
    /// Whether two of them differ, or one differs from what is registered.
    pub differs: bool,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            group: Known::Unknown,
            differs: false,
            determinations: 0,
            markers: BTreeMap::new(),
            phenotype: Phenotype::UNTESTED,
            titre: Known::Unknown,
        }
    }
}

/// Of two results of one test the worse is believed.
#[must_use]
pub const fn worse(a: TestResult, b: TestResult) -> TestResult {
    match (a, b) {
        (TestResult::Positive, _) | (_, TestResult::Positive) => TestResult::Positive,
        (TestResult::Negative, TestResult::Negative) => TestResult::Negative,
        _ => TestResult::Indeterminate,
    }
}

impl Said {
    /// What the entries that count say; with `waiting`, also those that wait for a second person.
    #[must_use]
    pub fn by(file: &File, waiting: bool) -> Self {
        let weighs = |entry: &&Entry| match entry.weight {
            Weight::Counts => true,
            Weight::Waiting => waiting,
            Weight::Rejected => false,
        };
        let mut said = Self::default();
        for entry in file.entries.iter().filter(weighs) {
            said.add(entry);
        }
        said
    }

    fn add(&mut self, entry: &Entry) {
        let results = &entry.results;
        if let Some(group) = results.group {
            self.determinations += 1;
            self.differs |= self.group.value().is_some_and(|held| held != group);
            self.group = Known::Value(group);
        }
        for (code, result) in &results.markers {
            let held = self.markers.entry(code.clone()).or_insert(*result);
            *held = worse(*held, *result);
        }
        self.phenotype = joined(self.phenotype, results.phenotype);
        if let Some(titre) = results.titre {
            self.titre = Known::Value(self.titre.value().map_or(titre, |held| held.max(titre)));
        }
    }
}

fn joined(a: Phenotype, b: Phenotype) -> Phenotype {
    let with = |all: Phenotype, found: bool| {
        let antigens = if found { b.present() } else { b.absent() };
        antigens.iter().fold(all, |all, one| all.with(one, found))
    };
    with(with(a, true), false)
}

impl Held<'_> {
    /// What a donation's results say together.
    #[must_use]
    pub fn said(&self, din: &Din, waiting: bool) -> Said {
        self.own.files.get(din).map(|file| Said::by(file, waiting)).unwrap_or_default()
    }

    fn giver(&self, din: &Din) -> Option<&Giver> {
        self.own.files.get(din).map(|file| &file.giver)
    }

    /// The donor's donations that are at hand, this one among them.
    #[must_use]
    pub fn of_same_donor(&self, din: &Din) -> BTreeSet<Din> {
        let Some(donor) = self.giver(din).and_then(|giver| giver.donor.as_ref()) else {
            return BTreeSet::from([*din]);
        };
        let records = donors::view::records(self.donors, donor);
        let ids = records.into_iter().map(|(id, _)| id).chain([donor]);
        let past = ids.filter_map(|id| self.own.by_donor.get(id)).flatten();
        past.map(|past| past.din).chain([*din]).collect()
    }

    /// What is known of a donor's group from all donations and from registration.
    #[must_use]
    pub fn donor_group(&self, din: &Din, waiting: bool) -> DonorGroup {
        let all = self.of_same_donor(din);
        let said = all.iter().map(|din| self.said(din, waiting));
        let donor = self.giver(din).and_then(|giver| giver.donor.as_ref());
        self.together(donor, said)
    }

    fn together(&self, donor: Option<&DonorId>, all: impl Iterator<Item = Said>) -> DonorGroup {
        let none = DonorGroup { group: Known::Unknown, determinations: 0, differs: false };
        let mut held = all.fold(none, |mut held, said| {
            held.determinations += said.determinations;
            let pair = held.group.value().zip(said.group.value());
            held.differs |= said.differs || pair.is_some_and(|(a, b)| a != b);
            held.group = said.group.value().map_or(held.group, Known::Value);
            held
        });
        let records = donor.map(|donor| donors::view::records(self.donors, donor));
        for (_, record) in records.into_iter().flatten() {
            let pair = held.group.value().zip(record.group.value());
            held.differs |= pair.is_some_and(|(found, registered)| found != registered);
        }
        held
    }

    /// The group of a donation, if it is confirmed: determined on this very donation, as in all
    /// others of the donor, and often enough.
    ///
    /// # Errors
    /// A [`Refusal`] that says what is missing or does not agree.
    pub fn confirmed_group(&self, rules: &InForce, din: &Din) -> Result<Group, Refusal> {
        let donor = self.donor_group(din, false);
        if donor.differs {
            return Err(GROUP_CONFLICT.because([("donation", din.to_string())]));
        }
        let needed = rules.count(key::TESTS_GROUP_DETERMINATIONS)?;
        let facts = || {
            let digest = ("rule_set", rules.digest.short());
            let counts = [("there", donor.determinations), ("needed", needed)];
            let [there, needed] = counts.map(|(name, n)| (name, n.to_string()));
            [("donation", din.to_string()), there, needed, digest]
        };
        match self.said(din, false).group {
            Known::Value(group) if donor.determinations >= needed => Ok(group),
            _ => Err(GROUP_UNCONFIRMED.because(facts())),
        }
    }

    /// The group of what is made of some donations: none while one is not confirmed, or if they are
    /// of different ABO groups.
    #[must_use]
    pub fn group_of<'d>(
        &self,
        rules: &InForce,
        dins: impl IntoIterator<Item = &'d Din>,
    ) -> Option<Group> {
        let groups = dins.into_iter().map(|din| self.confirmed_group(rules, din).ok());
        pooled_group(&groups.collect::<Option<Vec<_>>>()?)
    }

    /// Whether the rules take the donor for a new one: never here before, or too long ago.
    ///
    /// # Errors
    /// A [`Refusal`] if the rules do not say after how many years.
    pub fn is_new_donor(&self, rules: &InForce, din: &Din) -> Result<bool, Refusal> {
        let previous = self.giver(din).and_then(|giver| giver.previous);
        let collected = self.shared.donations.get(din).map(|donation| donation.collected);
        let Some((previous, collected)) = previous.zip(collected) else { return Ok(true) };
        let years = rules.years(key::TESTS_NEW_DONOR_AGAIN_YEARS)?;
        Ok(is_long_ago(previous, collected, years))
    }

    /// The tests that the rules ask for of a donation.
    ///
    /// # Errors
    /// A [`Refusal`] if a rule is missing.
    pub fn required(&self, rules: &InForce, din: &Din) -> Result<BTreeSet<Code>, Refusal> {
        let mut all = required(rules)?;
        if self.is_new_donor(rules, din)? {
            let more = rules.list(key::TESTS_NEW_DONOR)?.iter();
            all.extend(more.map(|test| Code::new(test).expect("the catalogue names codes")));
        }
        Ok(all)
    }

    /// Everything that a donation lacks to be used, each with its rule; nothing for a donation
    /// that was not made here.
    #[must_use]
    pub fn lacks(&self, rules: &InForce, din: &Din) -> Vec<Refusal> {
        let donation = ("donation", din.to_string());
        let mut lacks = Vec::new();
        if let Some(back) = self.shared.withdrawn.get(din) {
            let reason = ("reason", back.reason.to_string());
            lacks.push(WITHDRAWN.because([donation.clone(), reason]));
        }
        let Some(held) = self.shared.donations.get(din) else { return lacks };
        for flag in &held.flags {
            lacks.push(FLAGGED.because([donation.clone(), ("flag", flag.to_string())]));
        }
        if held.unlabelled {
            lacks.push(UNLABELLED.because([donation.clone()]));
        }
        lacks.extend(self.test_lacks(rules, din));
        let entries = self.own.files.get(din).map(|file| file.entries.as_slice());
        let waits = |entry: &&Entry| entry.weight == Weight::Waiting;
        if let Some(entry) = entries.unwrap_or_default().iter().find(waits) {
            let number = ("entry", entry.number.to_string());
            lacks.push(NOT_VERIFIED.because([donation, number]));
        }
        lacks.extend(self.confirmed_group(rules, din).err());
        lacks
    }

    fn test_lacks(&self, rules: &InForce, din: &Din) -> Vec<Refusal> {
        let required = match self.required(rules, din) {
            Ok(required) => required,
            Err(refusal) => return vec![refusal],
        };
        let said = self.said(din, false);
        let named = |tests: Vec<&Code>| {
            let tests: Vec<_> = tests.into_iter().map(Code::as_str).collect();
            let digest = ("rule_set", rules.digest.short());
            [("donation", din.to_string()), ("test", tests.join(", ")), digest]
        };
        let missing = required.iter().filter(|test| !said.markers.contains_key(*test)).collect();
        let is_bad = |(test, result): &(&Code, &TestResult)| bars(test, **result);
        let bad = said.markers.iter().filter(is_bad).map(|(test, _)| test).collect();
        let lacks = [(&TEST_NOT_NEGATIVE, bad), (&TEST_MISSING, missing)];
        let lacks = lacks.into_iter().filter(|(_, tests): &(_, Vec<&Code>)| !tests.is_empty());
        lacks.map(|(kind, tests)| kind.because(named(tests))).collect()
    }

    /// Why nothing of a donation may stay free to use: a test that was not negative, or a group
    /// that does not agree, also by results that still wait for a second person.
    #[must_use]
    pub fn stops(&self, din: &Din) -> Option<Stop> {
        if self.donor_group(din, true).differs {
            return Some(Stop::Group);
        }
        let said = self.said(din, true);
        said.markers.iter().any(|(test, result)| bars(test, *result)).then_some(Stop::Test)
    }

    /// The first donation among several that was called back.
    ///
    /// # Errors
    /// A [`Refusal`] that names it.
    pub fn none_withdrawn<'d>(
        &self,
        dins: impl IntoIterator<Item = &'d Din>,
    ) -> Result<(), Refusal> {
        for din in dins {
            if let Some(back) = self.shared.withdrawn.get(din) {
                let facts = [("donation", din.to_string()), ("reason", back.reason.to_string())];
                return Err(WITHDRAWN.because(facts));
            }
        }
        Ok(())
    }
}

/// Why nothing of a donation may stay free to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// A test was not negative.
    Test,
    /// Two determinations of the group differ.
    Group,
}

/// The group of several parts together: of one ABO group, and RhD positive if one of them is.
pub(super) fn pooled_group(groups: &[Group]) -> Option<Group> {
    let first = groups.first()?;
    let positive = groups.iter().any(|group| group.rhd == Rhd::Positive);
    let rhd = if positive { Rhd::Positive } else { Rhd::Negative };
    groups.iter().all(|group| group.abo == first.abo).then_some(Group::new(first.abo, rhd))
}

/// Whether so many calendar years lie between two moments.
fn is_long_ago(earlier: Time, later: Time, years: u32) -> bool {
    let span = jiff::Span::new().try_years(years);
    let after = span.and_then(|span| earlier.date().checked_add(span));
    after.is_ok_and(|after| after <= later.date())
}
