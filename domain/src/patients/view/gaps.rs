//! What stands between a patient and blood: what is missing, the most urgent first.

use super::{Family, Serology};
use crate::blood::model::recipient::AgeKnown;
use crate::rulesets::{InForce, Key, key};
use crate::words::{Known, Time};

/// Something that is missing or in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Two different groups.
    Conflict,
    /// A transplant may have changed the group.
    Transplant,
    /// No group is known.
    NoGroup,
    /// Only an emergency group.
    Provisional,
    /// Too few separate occasions.
    Occasions {
        /// How many there are.
        have: u8,
        /// How many the rules ask for.
        need: Option<u32>,
    },
    /// No valid compatibility sample.
    NoSample,
    /// The compatibility sample's group is not determined.
    SampleGroup,
    /// It says another group, or cannot be held against one.
    SampleDiffers,
    /// No screen.
    NoScreen,
    /// The screen no longer holds, or nobody says how long it does.
    ScreenOld,
    /// The screen says neither.
    ScreenUnclear,
    /// Antibodies were seen.
    ScreenPositive,
    /// A typed result waits for a second person.
    Unverified,
    /// An antibody that matters was found once.
    Antibody,
    /// The newborn's mother has antibodies.
    Mother,
    /// Nothing is known of the newborn's mother.
    MotherUnknown,
    /// The region does not state a rule.
    Unstated(Key),
}

impl Gap {
    /// The gap as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Transplant => "transplant",
            Self::NoGroup => "no_group",
            Self::Provisional => "provisional",
            Self::Occasions { .. } => "occasions",
            Self::NoSample => "no_sample",
            Self::SampleGroup => "sample_group",
            Self::SampleDiffers => "sample_differs",
            Self::NoScreen => "no_screen",
            Self::ScreenOld => "screen_old",
            Self::ScreenUnclear => "screen_unclear",
            Self::ScreenPositive => "screen_positive",
            Self::Unverified => "unverified",
            Self::Antibody => "antibody",
            Self::Mother => "mother",
            Self::MotherUnknown => "mother_unknown",
            Self::Unstated(_) => "unstated",
        }
    }

    /// Every gap as message key.
    pub const ALL: &'static [&'static str] = &[
        "conflict",
        "transplant",
        "no_group",
        "provisional",
        "occasions",
        "no_sample",
        "sample_group",
        "sample_differs",
        "no_screen",
        "screen_old",
        "screen_unclear",
        "screen_positive",
        "unverified",
        "antibody",
        "mother",
        "mother_unknown",
        "unstated",
    ];
}

/// What is missing, the most urgent first. Without any, nothing in the patient's record stands
/// against electronic issue; whether a unit fits is another question.
#[must_use]
pub fn gaps(family: &Family<'_>, of: &Serology, rules: Option<&InForce>, now: Time) -> Vec<Gap> {
    let mut all = Vec::new();
    let mut note = |is: bool, gap: Gap| {
        if is {
            all.push(gap);
        }
    };
    let known = of.recipient.group.value().is_some();
    note(of.conflict, Gap::Conflict);
    note(of.transplant_unsettled, Gap::Transplant);
    note(!known && !of.conflict && !of.transplant_unsettled, Gap::NoGroup);
    note(of.provisional, Gap::Provisional);
    let need = rules.and_then(|rules| rules.count(key::GROUP_SAMPLE_OCCASIONS).ok());
    let have = of.occasions;
    note(need.is_none_or(|need| u32::from(have) < need), Gap::Occasions { have, need });
    match &of.current {
        None => note(true, Gap::NoSample),
        Some(one) if one.group == Known::Unknown => note(true, Gap::SampleGroup),
        Some(one) => note(!one.group_agrees, Gap::SampleDiffers),
    }
    match of.screen {
        None => note(true, Gap::NoScreen),
        Some(one) if one.positive == Known::Value(true) => note(true, Gap::ScreenPositive),
        Some(one) if one.valid_until.value().is_none_or(|until| until <= now) => {
            note(true, Gap::ScreenOld);
        }
        Some(one) => note(one.positive == Known::Unknown, Gap::ScreenUnclear),
    }
    note(unverified(family), Gap::Unverified);
    note(of.ever_antibody, Gap::Antibody);
    note(of.maternal_antibodies, Gap::Mother);
    let infant = of.recipient.age.under_months(AgeKnown::INFANCY_MONTHS) == Known::Value(true);
    let mother = of.recipient.mother == Known::Unknown && !of.maternal_antibodies;
    note(infant && mother, Gap::MotherUnknown);
    all.extend(of.unstated.iter().map(|key| Gap::Unstated(*key)));
    all
}

fn unverified(family: &Family<'_>) -> bool {
    let groups = family.determinations();
    let mut groups = groups.filter(|one| one.set_aside.is_none());
    groups.any(|one| !one.capture.is_safe(one.verified.as_ref()))
        || family.screens().any(|one| !one.capture.is_safe(one.verified.as_ref()))
}
