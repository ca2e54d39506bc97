//! The answer to "may this donor give this on that day?", with every reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::rulesets::Key;
use crate::words::{Digest, Known, Time};

plain_enum! {
    /// What a reason is about; message key `ground-<code>`.
    Ground {
        /// No rule set is in force.
        RuleSet = "rule_set",
        /// Personal number, proof of identity, language.
        Identity = "identity",
        /// Too young.
        Age = "age",
        /// A first donation late in life.
        FirstAge = "first_age",
        /// A returning donor late in life.
        ReturningAge = "returning_age",
        /// The yearly permission of older donors.
        AnnualPermission = "annual_permission",
        /// Weight.
        Weight = "weight",
        /// Haemoglobin.
        Haemoglobin = "haemoglobin",
        /// Platelet count.
        Platelets = "platelets",
        /// Total protein.
        Protein = "protein",
        /// Too soon after the last donation.
        Interval = "interval",
        /// Too many donations in a year.
        PerYear = "per_year",
        /// Pregnant.
        Pregnancy = "pregnancy",
        /// After delivery.
        Delivery = "delivery",
        /// After a pregnancy that ended otherwise.
        Abortion = "abortion",
        /// After tattoo, piercing or cosmetic treatment.
        Tattoo = "tattoo",
        /// After a new partner.
        NewPartner = "new_partner",
        /// After sexual risk.
        SexualRisk = "sexual_risk",
        /// The rule of its own for men who have sex with men.
        MenWithMen = "men_with_men",
        /// After travel.
        Travel = "travel",
        /// After a malaria area.
        Malaria = "malaria",
        /// After a Zika area.
        Zika = "zika",
        /// An infection that excludes.
        Infection = "infection",
        /// Does not feel well.
        Unwell = "unwell",
        /// A deferral.
        Deferral = "deferral",
        /// A serious reaction at an earlier donation.
        Reaction = "reaction",
        /// A guest's pass.
        Pass = "pass",
        /// Not approved for this kind.
        Kind = "kind",
        /// The declaration of the day is missing or incomplete.
        Declaration = "declaration",
        /// The record was merged into another.
        Merged = "merged",
        /// Two records that were merged name different groups.
        Groups = "groups",
    }
}

/// What a reason leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// A physician decides, and the decision is recorded.
    NeedsPhysician,
    /// A rule or a fact is missing.
    Unknown,
    /// Not before a moment.
    Deferred {
        /// From when; unknown if nobody can say yet.
        until: Known<Time>,
    },
    /// Never.
    Permanent,
}

/// One reason against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is about.
    pub ground: Ground,
    /// Which rule; none where no rule of the catalogue speaks.
    pub key: Option<Key>,
    /// Where the rule comes from.
    pub source: String,
    /// The facts used, by name. `missing` names the rule or the fact that is unknown.
    pub facts: BTreeMap<String, String>,
    /// What it leads to.
    pub effect: Effect,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// May give.
    Eligible,
    /// A physician decides first.
    NeedsPhysician,
    /// A rule or a fact is missing: not eligible.
    Unknown,
    /// Not before a moment.
    Deferred {
        /// From when.
        until: Known<Time>,
    },
    /// Never.
    Permanent,
}

impl Verdict {
    /// The verdict as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::NeedsPhysician => "needs_physician",
            Self::Unknown => "unknown",
            Self::Deferred { .. } => "deferred",
            Self::Permanent => "permanent",
        }
    }

    /// The worst that the reasons lead to: for good before until a day, until a day before
    /// unknown, unknown before a physician's decision.
    #[must_use]
    pub fn of(reasons: &[Reason]) -> Self {
        reasons.iter().fold(Self::Eligible, |so_far, reason| so_far.with(reason.effect))
    }

    fn with(self, effect: Effect) -> Self {
        match (self, effect) {
            (Self::Permanent, _) | (_, Effect::Permanent) => Self::Permanent,
            (Self::Deferred { until: a }, Effect::Deferred { until: b }) => {
                Self::Deferred { until: a.with(b, Ord::max) }
            }
            (Self::Deferred { until }, _) | (_, Effect::Deferred { until }) => {
                Self::Deferred { until }
            }
            (Self::Unknown, _) | (_, Effect::Unknown) => Self::Unknown,
            (_, Effect::NeedsPhysician) => Self::NeedsPhysician,
        }
    }
}

/// Whether somebody may give something on a day, with every reason against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    /// The answer.
    pub verdict: Verdict,
    /// Every reason against it; none if the donor may give.
    pub reasons: Vec<Reason>,
    /// The rule set that it rests on; none if the region has none in force.
    pub rule_set: Option<Digest>,
}

impl Eligibility {
    /// Whether the donor may give.
    #[must_use]
    pub fn eligible(&self) -> bool {
        self.verdict == Verdict::Eligible
    }
}
