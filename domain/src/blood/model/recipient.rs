//! What compatibility needs to know about who receives. Never who it is.

use serde::{Deserialize, Serialize};

use super::group::Group;
use super::phenotype::{Antigen, Antigens, Phenotype};
use super::product::{Attribute, Attributes, Product};
use super::unit::Unit;
use crate::Known;
use crate::kernel::model::plain_enum;

plain_enum! {
    /// Sex, as far as rules tell people apart by it: age limits for recipients, haemoglobin and
    /// intervals for donors.
    Sex {
        /// Female.
        Female = "female",
        /// Male.
        Male = "male",
    }
}

/// How old somebody is, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgeKnown {
    /// In completed months.
    Months(u16),
    /// A year or older; how old was not said.
    PastInfancy,
    /// Not known: it may be a newborn.
    Unknown,
}

impl AgeKnown {
    /// So many completed years.
    #[must_use]
    pub const fn years(years: u8) -> Self {
        Self::Months(years as u16 * 12)
    }

    /// Completed years, if they are known.
    #[must_use]
    pub fn in_years(self) -> Option<u8> {
        match self {
            Self::Months(months) => Some(u8::try_from(months / 12).unwrap_or(u8::MAX)),
            Self::PastInfancy | Self::Unknown => None,
        }
    }

    /// Whether this age is under so many months.
    #[must_use]
    pub const fn under_months(self, limit: u32) -> Known<bool> {
        match self {
            Self::Months(months) => Known::Value((months as u32) < limit),
            Self::PastInfancy if limit <= Self::INFANCY_MONTHS => Known::Value(false),
            Self::PastInfancy | Self::Unknown => Known::Unknown,
        }
    }

    /// No rule for newborns goes beyond the first year, by what the word means.
    pub const INFANCY_MONTHS: u32 = 12;
}

plain_enum! {
    /// Whether an antibody destroys transfused cells, as the laboratory that found it says.
    Significance {
        /// It does.
        Significant = "significant",
        /// It does not.
        Insignificant = "insignificant",
    }
}

/// Every antibody that was ever found in somebody, faded ones included. It only grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Antibodies {
    significant: Antigens,
    insignificant: Antigens,
}

impl Antibodies {
    /// None was ever found.
    pub const NONE: Self = Self { significant: Antigens::NONE, insignificant: Antigens::NONE };

    /// The history with one more. One that was ever called significant stays so, and so does one
    /// of which nobody said anything.
    #[must_use]
    pub const fn with(self, against: Antigen, significance: Known<Significance>) -> Self {
        match significance {
            Known::Value(Significance::Insignificant) => {
                Self { insignificant: self.insignificant.with(against), ..self }
            }
            Known::Value(Significance::Significant) | Known::Unknown => {
                Self { significant: self.significant.with(against), ..self }
            }
        }
    }

    /// Both histories together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            significant: self.significant.or(other.significant),
            insignificant: self.insignificant.or(other.insignificant),
        }
    }

    /// What units must be tested negative for, for life.
    #[must_use]
    pub const fn significant(self) -> Antigens {
        self.significant
    }

    /// What a crossmatch (MG-test) is enough for.
    #[must_use]
    pub const fn insignificant(self) -> Antigens {
        self.insignificant.without(self.significant)
    }

    /// Whether anti-D was ever found, whatever was said about it.
    #[must_use]
    pub const fn anti_d(self) -> bool {
        self.significant.has(Antigen::D) || self.insignificant.has(Antigen::D)
    }

    /// Whether none was ever found.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.significant.is_empty() && self.insignificant.is_empty()
    }
}

plain_enum! {
    /// What a physician requires of every unit for somebody.
    Requirement {
        /// At least 25 Gy.
        Irradiated = "irradiated",
        /// Safe as to CMV.
        CmvSafe = "cmv_safe",
        /// Without IgA.
        IgaDeficient = "iga_deficient",
        /// Washed.
        Washed = "washed",
        /// Matched by HLA; then irradiated as well.
        HlaMatched = "hla_matched",
    }
}

/// The requirements that apply to somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Requirements(u8);

impl Requirements {
    /// None.
    pub const NONE: Self = Self(0);

    /// With one more.
    #[must_use]
    pub const fn with(self, requirement: Requirement) -> Self {
        Self(self.0 | 1 << requirement as u8)
    }

    /// Whether it applies; what is matched by HLA is irradiated as well.
    #[must_use]
    pub const fn has(self, requirement: Requirement) -> bool {
        let stated = self.0 & 1 << requirement as u8 != 0;
        let hla = self.0 & 1 << Requirement::HlaMatched as u8 != 0;
        stated || (hla && matches!(requirement, Requirement::Irradiated))
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Requirement> {
        Requirement::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Requirement> for Requirements {
    fn from_iter<I: IntoIterator<Item = Requirement>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

plain_enum! {
    /// An antigen on platelets.
    Hpa {
        /// HPA-1a.
        Hpa1a = "1a",
        /// HPA-1b.
        Hpa1b = "1b",
        /// HPA-2a.
        Hpa2a = "2a",
        /// HPA-2b.
        Hpa2b = "2b",
        /// HPA-3a.
        Hpa3a = "3a",
        /// HPA-3b.
        Hpa3b = "3b",
        /// HPA-5a.
        Hpa5a = "5a",
        /// HPA-5b.
        Hpa5b = "5b",
        /// HPA-15a.
        Hpa15a = "15a",
        /// HPA-15b.
        Hpa15b = "15b",
    }
}

/// A set of platelet antigens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct HpaSet(u16);

impl HpaSet {
    /// None.
    pub const NONE: Self = Self(0);

    /// With one more.
    #[must_use]
    pub const fn with(self, antigen: Hpa) -> Self {
        Self(self.0 | 1 << antigen as u16)
    }

    /// Whether it is in the set.
    #[must_use]
    pub const fn has(self, antigen: Hpa) -> bool {
        self.0 & 1 << antigen as u16 != 0
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Hpa> {
        Hpa::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Hpa> for HpaSet {
    fn from_iter<I: IntoIterator<Item = Hpa>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Who receives, as facts. What nobody looked up is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Group.
    pub group: Known<Group>,
    /// Sex.
    pub sex: Known<Sex>,
    /// Age.
    pub age: AgeKnown,
    /// Antibodies ever found, by every region that was asked.
    pub antibodies: Known<Antibodies>,
    /// The recipient's own antigens.
    pub phenotype: Phenotype,
    /// What a physician requires.
    pub requirements: Requirements,
    /// Platelet antigens that the recipient has antibodies against.
    pub hpa: HpaSet,
    /// Antibodies of a newborn's mother.
    pub mother: Known<Antibodies>,
}

impl Recipient {
    /// Somebody of whom nothing is known.
    pub const UNKNOWN: Self = Self {
        group: Known::Unknown,
        sex: Known::Unknown,
        age: AgeKnown::Unknown,
        antibodies: Known::Unknown,
        phenotype: Phenotype::UNTESTED,
        requirements: Requirements::NONE,
        hpa: HpaSet::NONE,
        mother: Known::Unknown,
    };

    /// Whom the textbook's tables speak of: of this group, past infancy, without antibodies.
    #[must_use]
    pub const fn of_group(group: Known<Group>) -> Self {
        Self {
            group,
            age: AgeKnown::PastInfancy,
            antibodies: Known::Value(Antibodies::NONE),
            ..Self::UNKNOWN
        }
    }
}

/// A unit as compatibility looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Group.
    pub group: Known<Group>,
    /// Antigens it was typed for.
    pub phenotype: Phenotype,
    /// What else is known to be true of it.
    pub attributes: Attributes,
    /// Whether it was washed.
    pub washed: bool,
    /// Platelet antigens it was tested not to have.
    pub hpa_absent: HpaSet,
}

impl Candidate {
    /// A unit of which only the group is known.
    #[must_use]
    pub const fn of_group(group: Known<Group>) -> Self {
        Self {
            group,
            phenotype: Phenotype::UNTESTED,
            attributes: Attributes::NONE,
            washed: false,
            hpa_absent: HpaSet::NONE,
        }
    }

    /// A unit of this group of which everything good is known: what a group can be at its best.
    #[must_use]
    pub fn best_of(group: Group) -> Self {
        let absent = |all: Phenotype, antigen: &Antigen| all.with(*antigen, false);
        let good = Attribute::ALL.iter().filter(|one| **one != Attribute::HighTitre);
        Self {
            group: Known::Value(group),
            phenotype: Antigen::ALL.iter().fold(Phenotype::UNTESTED, absent),
            attributes: good.copied().collect(),
            washed: true,
            hpa_absent: Hpa::ALL.iter().copied().collect(),
        }
    }
}

impl From<&Unit> for Candidate {
    fn from(unit: &Unit) -> Self {
        let washed =
            matches!(unit.product, Product::RedCellsWashed | Product::RedCellsDeglycerolised);
        Self {
            group: unit.group,
            phenotype: unit.phenotype,
            attributes: unit.attributes,
            washed,
            // No label read so far carries them; a platelet antigen is then not known absent.
            hpa_absent: HpaSet::NONE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_only_grows_and_what_nobody_judged_counts_as_significant() {
        let first = Antibodies::NONE.with(Antigen::Jka, Known::Unknown);
        assert!(first.significant().has(Antigen::Jka));
        let later = first.with(Antigen::Jka, Known::Value(Significance::Insignificant));
        assert_eq!(later.significant(), first.significant());
        assert!(later.insignificant().is_empty());
        let d = Antibodies::NONE.with(Antigen::D, Known::Value(Significance::Insignificant));
        assert!(
            d.anti_d() && later.and(d).anti_d() && later.and(d).significant().has(Antigen::Jka)
        );
    }

    #[test]
    fn ages_say_no_more_than_is_known() {
        assert_eq!(AgeKnown::Months(5).under_months(6), Known::Value(true));
        assert_eq!(AgeKnown::Months(6).under_months(6), Known::Value(false));
        assert_eq!(AgeKnown::PastInfancy.under_months(6), Known::Value(false));
        assert_eq!(AgeKnown::PastInfancy.under_months(24), Known::Unknown);
        assert_eq!(AgeKnown::Unknown.under_months(6), Known::Unknown);
        assert_eq!(AgeKnown::Months(50 * 12 + 11).in_years(), Some(50));
        assert_eq!(AgeKnown::PastInfancy.in_years(), None);
    }

    #[test]
    fn what_is_matched_by_hla_is_irradiated() {
        let hla = Requirements::NONE.with(Requirement::HlaMatched);
        let all: Vec<_> = hla.iter().collect();
        assert_eq!(all, [Requirement::Irradiated, Requirement::HlaMatched]);
    }
}
