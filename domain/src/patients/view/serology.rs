//! What is known of a patient's blood now, in the form that selection and issue rest on.

use super::Family;
use super::group::{Counted, Era, age_in_days, count, era, said};
use crate::blood::model::group::Group;
use crate::blood::model::phenotype::{Antigen, Phenotype};
use crate::blood::model::recipient::{AgeKnown, Antibodies, HpaSet, Recipient};
use crate::patients::model::{
    Finding, Purpose, Sample, SampleNumber, Screen, ScreenResult, Target,
};
use crate::patients::state::Own;
use crate::rulesets::{InForce, Key, key};
use crate::words::{Day, Known, PatientId, Time};

/// The newest compatibility sample that is still valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentSample {
    /// Its number.
    pub sample: SampleNumber,
    /// When it was taken.
    pub taken: Time,
    /// Until when it may be relied on, by the region's rules.
    pub valid_until: Time,
    /// The group determined on it.
    pub group: Known<Group>,
    /// Whether that is the patient's group; false as long as either is unknown.
    pub group_agrees: bool,
}

/// The newest antibody screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenNow {
    /// When its sample was taken.
    pub taken: Time,
    /// Until when it may be relied on; unknown where the region states no rule.
    pub valid_until: Known<Time>,
    /// Whether antibodies were seen.
    pub positive: Known<bool>,
}

/// What the record says of a patient's blood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serology {
    /// Group, antibodies ever found, requirements, age: what compatibility asks for.
    pub recipient: Recipient,
    /// Separate occasions that determined this very group and count by the region's rules.
    pub occasions: u8,
    /// Whether there is nothing but an emergency group (ABO and D, no screen).
    pub provisional: bool,
    /// Whether two different groups were found and nobody decided which holds.
    pub conflict: bool,
    /// The newest compatibility sample, if it is still valid.
    pub current: Option<CurrentSample>,
    /// The newest screen.
    pub screen: Option<ScreenNow>,
    /// Whether every result used came by interface or was verified by a second person.
    pub captured: bool,
    /// Whether a transplant may have changed the group and nobody settled it.
    pub transplant_unsettled: bool,
    /// Whether the mother of a newborn has, or had, antibodies.
    pub maternal_antibodies: bool,
    /// Whether an antibody that matters was ever found, faded or not.
    pub ever_antibody: bool,
    /// Rules that were needed and that the region does not state: what rests on them does not
    /// count.
    pub unstated: Vec<Key>,
}

/// What is known of somebody's blood; none if nobody has this identifier. Whoever turned out to be
/// the same person is looked at together.
#[must_use]
pub fn serology(
    own: &Own,
    rules: Option<&InForce>,
    patient: &PatientId,
    now: Time,
) -> Option<Serology> {
    let family = Family::of(own, patient)?;
    let era = era(family.turns(), now, now);
    let said = said(&family, era);
    let mut counted = count(&family, said.group, era, rules);
    // Whether another region's group counts is this region's rule; not stated, it does not.
    let trusted = rules.and_then(|rules| rules.flag(key::REGROUP_OTHER_REGION).ok()) == Some(false);
    let told = told_by(&family, said.group, era);
    if trusted {
        counted.occasions = counted.occasions.saturating_add(told);
    } else if told > 0 && !stated(rules, key::REGROUP_OTHER_REGION) {
        counted.unstated.push(key::REGROUP_OTHER_REGION);
    }
    let group = said.group.filter(|_| said.own || trusted);
    let screen = screen_now(&family, rules);
    let current = current(&family, rules, era, group, now, &mut counted.unstated);
    let (antibodies, mother) = (antibodies(&family, rules, now), mother(&family, rules, now));
    let recipient = Recipient {
        group: Known::from(group),
        sex: family.person().identity.sex,
        age: age(family.person().identity.born, now),
        antibodies,
        phenotype: phenotype(&family),
        requirements: family
            .needs()
            .filter(|one| one.applies(now))
            .map(|one| one.requirement)
            .collect(),
        hpa: hpa(&family),
        mother,
    };
    Some(Serology {
        recipient,
        occasions: counted.occasions,
        provisional: said.provisional,
        conflict: said.conflict,
        captured: captured(&family, &counted, current.as_ref()),
        current,
        screen,
        transplant_unsettled: era == Era::Unsettled,
        maternal_antibodies: family.families_of_mothers().iter().any(ever_antibody),
        ever_antibody: ever_antibody(&family),
        unstated: counted.unstated,
    })
}

fn stated(rules: Option<&InForce>, key: Key) -> bool {
    rules.is_some_and(|rules| rules.set.value(key).is_some())
}

/// Regions that told of this very group; each is one occasion at most.
fn told_by(family: &Family<'_>, group: Option<Group>, era: Era) -> u8 {
    let counts = |newest: Known<Time>| match (era.since(), newest) {
        (Some(since), Known::Value(newest)) => newest >= since,
        _ => false,
    };
    let told = family.elsewhere().filter(|one| {
        one.set_aside.is_none()
            && Some(one.said.group) == group
            && one.said.occasions > 0
            && counts(one.said.newest)
    });
    let mut regions: Vec<_> = told.map(|one| &one.region).collect();
    regions.sort_unstable();
    regions.dedup();
    u8::try_from(regions.len()).unwrap_or(u8::MAX)
}

fn ever_antibody(family: &Family<'_>) -> bool {
    family.findings().into_iter().any(Finding::matters)
}

/// Completed months.
fn age(born: Known<Day>, now: Time) -> AgeKnown {
    let Known::Value(born) = born else { return AgeKnown::Unknown };
    let (born, now) = (born.date(), Day::of(now).date());
    let months = (i32::from(now.year()) - i32::from(born.year())) * 12 + i32::from(now.month())
        - i32::from(born.month())
        - i32::from(now.day() < born.day());
    u16::try_from(months).map_or(AgeKnown::Unknown, AgeKnown::Months)
}

/// Until when a sample may be relied on for a BAS test; none where the region does not say.
#[must_use]
pub fn bas_until(rules: Option<&InForce>, taken: Time) -> Option<Time> {
    let rules = rules?;
    let days = rules.days(key::BAS_VALIDITY_DAYS).ok()?;
    let counts = rules.flag(key::BAS_COUNTS_SAMPLING_DAY).ok()?;
    Some(Day::of(taken).plus_days(days + u32::from(!counts)).starts())
}

/// Whether a sample was young enough when it was tested.
fn young(rules: Option<&InForce>, sample: &Sample, at: Time) -> Option<bool> {
    let rules = rules?;
    let days = rules.days(key::BAS_SAMPLE_AGE_DAYS).ok()?;
    let counts = rules.flag(key::BAS_COUNTS_SAMPLING_DAY).ok()?;
    Some(age_in_days(sample, at) <= i64::from(days) - i64::from(counts))
}

/// Whether a sample speaks for this person as known now: signed, and not from before results were
/// joined or parted.
fn speaks(family: &Family<'_>, sample: &Sample) -> bool {
    sample.identity_signed && family.mixed().is_none_or(|mixed| sample.taken >= mixed)
}

fn current(
    family: &Family<'_>,
    rules: Option<&InForce>,
    era: Era,
    group: Option<Group>,
    now: Time,
    unstated: &mut Vec<Key>,
) -> Option<CurrentSample> {
    let newest = family.samples().into_iter().find(|sample| {
        sample.purpose == Purpose::Compatibility && sample.taken <= now && speaks(family, sample)
    })?;
    let needed = [key::BAS_VALIDITY_DAYS, key::BAS_COUNTS_SAMPLING_DAY, key::BAS_SAMPLE_AGE_DAYS];
    unstated.extend(needed.into_iter().filter(|key| !stated(rules, *key)));
    let valid_until = bas_until(rules, newest.taken).filter(|until| now < *until)?;
    let in_era = era.since().is_some_and(|since| newest.taken >= since);
    let found: Vec<_> = family
        .determinations()
        .filter(|one| one.sample == newest.number && one.set_aside.is_none())
        .filter(|one| young(rules, newest, one.determined) == Some(true))
        .filter_map(|one| one.group.value())
        .collect();
    let same = found.windows(2).all(|pair| pair[0] == pair[1]);
    let found = Known::from(found.first().copied().filter(|_| same));
    let group_agrees = in_era && group.is_some() && found.value() == group;
    Some(CurrentSample {
        sample: newest.number.clone(),
        taken: newest.taken,
        valid_until,
        group: found,
        group_agrees,
    })
}

/// The newest screen of the newest screened sample: seen once, antibodies were seen.
fn newest_screens<'a>(family: &Family<'a>) -> Option<(&'a Sample, Vec<&'a Screen>)> {
    let of = |screen: &'a Screen| Some((family.sample(&screen.sample)?, screen));
    let all: Vec<_> =
        family.screens().filter_map(of).filter(|(sample, _)| speaks(family, sample)).collect();
    let newest =
        all.iter().map(|(sample, _)| *sample).max_by_key(|one| (one.taken, &one.number))?;
    let mut screens: Vec<_> = all
        .iter()
        .filter(|(sample, _)| sample.number == newest.number)
        .map(|(_, screen)| *screen)
        .collect();
    screens.sort_by_key(|screen| screen.performed);
    Some((newest, screens))
}

fn screen_now(family: &Family<'_>, rules: Option<&InForce>) -> Option<ScreenNow> {
    let (sample, screens) = newest_screens(family)?;
    let seen = screens.iter().any(|screen| screen.result == ScreenResult::Positive);
    let last = screens.last()?;
    let young = young(rules, sample, last.performed);
    let positive = match last.result {
        _ if seen => Known::Value(true),
        // A screen of a sample that was too old, or that no rule judges, says nothing good.
        ScreenResult::Negative if young == Some(true) => Known::Value(false),
        _ => Known::Unknown,
    };
    let valid_until = Known::from(bas_until(rules, sample.taken));
    Some(ScreenNow { taken: sample.taken, valid_until, positive })
}

/// Every antibody ever found. None was ever found only as long as a valid screen says so; whoever
/// was not looked at may have any, and so may somebody with an antibody that nobody named.
fn antibodies(family: &Family<'_>, rules: Option<&InForce>, now: Time) -> Known<Antibodies> {
    let found = family.antibodies();
    let unnamed =
        |finding: &&Finding| matches!(finding.against, Target::Other(_)) && finding.matters();
    let unnamed = family.findings().iter().any(unnamed);
    let clear = screen_now(family, rules).is_some_and(|screen| {
        screen.positive == Known::Value(false)
            && screen.valid_until.value().is_some_and(|until| now < until)
    });
    if !found.is_empty() || (clear && !unnamed) { Known::Value(found) } else { Known::Unknown }
}

fn mother(family: &Family<'_>, rules: Option<&InForce>, now: Time) -> Known<Antibodies> {
    let mothers = family.families_of_mothers();
    let each: Vec<_> = mothers.iter().map(|one| antibodies(one, rules, now)).collect();
    let found = each.iter().filter_map(|one| one.value()).fold(Antibodies::NONE, Antibodies::and);
    let clear = !each.is_empty() && each.iter().all(|one| one.value().is_some());
    if clear || !found.is_empty() { Known::Value(found) } else { Known::Unknown }
}

fn hpa(family: &Family<'_>) -> HpaSet {
    let one = |finding: &&Finding| match finding.against {
        Target::Platelet(hpa) => Some(hpa),
        _ => None,
    };
    family.findings().iter().filter_map(one).collect()
}

/// The patient's own antigens: of two results that contradict each other neither is believed.
fn phenotype(family: &Family<'_>) -> Phenotype {
    let typed: Vec<_> = family
        .evidence()
        .into_iter()
        .filter(|one| one.found.set_aside.is_none() && one.sample.identity_signed)
        .map(|one| one.found.phenotype)
        .collect();
    let said = |antigen: Antigen| {
        let mut all = typed.iter().filter_map(|one| one.get(antigen).value());
        let first = all.next()?;
        all.all(|other| other == first).then_some((antigen, first))
    };
    let known = Antigen::ALL.iter().filter_map(|antigen| said(*antigen));
    known.fold(Phenotype::UNTESTED, |all, (antigen, found)| all.with(antigen, found))
}

/// Whether every result used came by interface or was verified; nothing used is not safe.
fn captured(family: &Family<'_>, counted: &Counted<'_>, current: Option<&CurrentSample>) -> bool {
    let counts = counted.each.iter().filter(|(_, why)| why.is_none());
    let mut groups: Vec<_> = counts.map(|(one, _)| one.found).collect();
    let of_current = |number: &SampleNumber| current.is_some_and(|one| one.sample == *number);
    groups.extend(family.determinations().filter(|one| of_current(&one.sample)));
    let groups_safe = groups.iter().all(|one| one.capture.is_safe(one.verified.as_ref()));
    let screens = newest_screens(family).map(|(_, screens)| screens).unwrap_or_default();
    let screens_safe = screens.iter().all(|one| one.capture.is_safe(one.verified.as_ref()));
    !groups.is_empty() && groups_safe && screens_safe
}
