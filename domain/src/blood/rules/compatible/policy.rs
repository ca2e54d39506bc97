//! The region's rules as compatibility asks for them, read once from the rule set in force.

use crate::blood::model::Attribute;
use crate::rulesets::{Age, InForce, Key, Value, key};
use crate::words::{Digest, JournalId, Known};

/// One rule: what it says, or that nobody said it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled<T> {
    /// Which rule.
    pub key: Key,
    /// What it says.
    pub value: Known<T>,
    /// Where the region has it from; blank if it is unknown.
    pub source: String,
}

impl<T> Ruled<T> {
    /// A rule that says something.
    #[must_use]
    pub fn says(key: Key, value: T, source: &str) -> Self {
        Self { key, value: Known::Value(value), source: source.to_owned() }
    }

    /// A rule that nobody stated.
    #[must_use]
    pub const fn unknown(key: Key) -> Self {
        Self { key, value: Known::Unknown, source: String::new() }
    }
}

macro_rules! coded {
    ($($(#[$meta:meta])* $Name:ident { $($(#[$vmeta:meta])* $Variant:ident = $code:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $Name { $($(#[$vmeta])* $Variant),* }

        impl $Name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),*];

            /// The choice as rule sets write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $code),* }
            }

            fn read(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == code)
            }
        }
    )*};
}

coded! {
    /// Which ABO groups of platelets a recipient may get.
    PlateletAbo {
        /// As red cells.
        AsRedCells = "as_red_cells",
        /// Any, unless its plasma harms: little of it, or of a low titre.
        AnyLowTitre = "any_low_titre",
        /// Any.
        Any = "any",
    }
    /// Which ABO groups of whole blood a recipient may get.
    WholeBloodAbo {
        /// The recipient's own.
        Identical = "identical",
        /// The recipient's own, or O of a low titre.
        IdenticalOrLowTitreO = "identical_or_low_titre_o",
    }
    /// Plasma for an unknown group.
    UnknownPlasma {
        /// AB.
        Ab = "ab",
        /// AB, or A with a low titre of anti-B.
        AbOrALowTitre = "ab_or_a_low_titre",
    }
    /// Who decides on RhD-positive red cells for RhD-negative recipients.
    DPosRedCells {
        /// A physician.
        Physician = "physician",
        /// A physician, in an emergency only.
        EmergencyOnly = "emergency_only",
        /// Nobody.
        Never = "never",
    }
    /// Emergency red cells for an unknown group.
    EmergencyRedCells {
        /// O RhD neg.
        ONeg = "o_neg",
        /// O RhD neg within the age limits, beyond them O RhD pos as well.
        ONegOrOPosByAge = "o_neg_or_o_pos_by_age",
    }
    /// Emergency platelets for an unknown group.
    EmergencyPlatelets {
        /// O.
        O = "o",
        /// As red cells, which is O for an unknown group.
        AsRedCells = "as_red_cells",
        /// Any.
        Any = "any",
    }
    /// Red cells for infants.
    InfantRedCells {
        /// O.
        O = "o",
        /// O RhD neg.
        ONeg = "o_neg",
    }
    /// Plasma for infants.
    InfantPlasma {
        /// AB.
        Ab = "ab",
    }
    /// What follows a recipient's own group.
    RhdPosOrder {
        /// The other units of the same ABO group.
        SameAboFirst = "same_abo_first",
        /// The other RhD-positive units.
        RhdPosFirst = "rhd_pos_first",
    }
}

/// Every rule that compatibility asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies {
    /// Whose rule set, and which; none if there is none in force.
    pub rule_set: Option<(JournalId, Digest)>,
    /// Platelets, ABO.
    pub platelets_abo: Ruled<PlateletAbo>,
    /// Whole blood, ABO.
    pub whole_blood_abo: Ruled<WholeBloodAbo>,
    /// Up to where a titre is low.
    pub titre_max: Ruled<u32>,
    /// Plasma for an unknown group.
    pub plasma_unknown: Ruled<UnknownPlasma>,
    /// RhD-positive red cells for RhD-negative recipients.
    pub d_pos_red_cells: Ruled<DPosRedCells>,
    /// Women and girls who get RhD-positive platelets and plasma only after a physician.
    pub d_pos_platelets_female: Ruled<Age>,
    /// Men and boys who do.
    pub d_pos_platelets_male: Ruled<Age>,
    /// Women and girls who get K-negative red cells.
    pub k_neg_female: Ruled<Age>,
    /// Whether leukoreduced is CMV-safe.
    pub cmv_leukoreduced: Ruled<bool>,
    /// Emergency red cells for an unknown group.
    pub emergency_red_cells: Ruled<EmergencyRedCells>,
    /// Women and girls who get O RhD neg.
    pub emergency_o_neg_female: Ruled<Age>,
    /// Men and boys who do.
    pub emergency_o_neg_male: Ruled<Age>,
    /// Emergency plasma for an unknown group.
    pub emergency_plasma: Ruled<UnknownPlasma>,
    /// Emergency platelets for an unknown group.
    pub emergency_platelets: Ruled<EmergencyPlatelets>,
    /// What emergency red cells should be if possible.
    pub emergency_prefer: Ruled<Vec<String>>,
    /// Below how many months an infant is meant.
    pub infant_months: Ruled<u32>,
    /// Red cells for infants.
    pub infant_red_cells: Ruled<InfantRedCells>,
    /// Plasma for infants.
    pub infant_plasma: Ruled<InfantPlasma>,
    /// How many days a BAS-test holds.
    pub bas_days: Ruled<u32>,
    /// How many days a crossmatch holds.
    pub mg_days: Ruled<u32>,
    /// What follows an RhD-positive recipient's own group.
    pub rhd_pos_order: Ruled<RhdPosOrder>,
}

impl Policies {
    /// The rules of a rule set in force; without one, every rule is unknown.
    #[must_use]
    pub fn of(rules: Option<&InForce>) -> Self {
        let read = Reader(rules);
        Self {
            rule_set: rules.map(|set| (set.region.clone(), set.digest)),
            platelets_abo: read.choice(key::PLATELETS_ABO, PlateletAbo::read),
            whole_blood_abo: read.choice(key::WHOLE_BLOOD_ABO, WholeBloodAbo::read),
            titre_max: read.number(key::WHOLE_BLOOD_TITRE_MAX),
            plasma_unknown: read.choice(key::PLASMA_UNKNOWN_GROUP, UnknownPlasma::read),
            d_pos_red_cells: read.choice(key::D_POS_RED_CELLS_TO_D_NEG, DPosRedCells::read),
            d_pos_platelets_female: read.age(key::D_POS_PLATELETS_FEMALE_AGE),
            d_pos_platelets_male: read.age(key::D_POS_PLATELETS_MALE_AGE),
            k_neg_female: read.age(key::K_NEG_FEMALE_AGE),
            cmv_leukoreduced: read.flag(key::CMV_LEUKOREDUCED_COUNTS),
            emergency_red_cells: read
                .choice(key::EMERGENCY_RED_CELLS_UNKNOWN, EmergencyRedCells::read),
            emergency_o_neg_female: read.age(key::EMERGENCY_RED_CELLS_O_NEG_FEMALE_AGE),
            emergency_o_neg_male: read.age(key::EMERGENCY_RED_CELLS_O_NEG_MALE_AGE),
            emergency_plasma: read.choice(key::EMERGENCY_PLASMA, UnknownPlasma::read),
            emergency_platelets: read.choice(key::EMERGENCY_PLATELETS, EmergencyPlatelets::read),
            emergency_prefer: read.list(key::EMERGENCY_RED_CELLS_PREFER),
            infant_months: read.number(key::INFANT_MONTHS),
            infant_red_cells: read.choice(key::INFANT_RED_CELLS, InfantRedCells::read),
            infant_plasma: read.choice(key::INFANT_PLASMA, InfantPlasma::read),
            bas_days: read.number(key::BAS_VALIDITY_DAYS),
            mg_days: read.number(key::MG_VALIDITY_DAYS),
            rhd_pos_order: read.choice(key::PREFERENCE_RHD_POS, RhdPosOrder::read),
        }
    }

    /// No rule set at all: what is left holds in every region.
    #[must_use]
    pub fn none() -> Self {
        Self::of(None)
    }
}

struct Reader<'a>(Option<&'a InForce>);

impl Reader<'_> {
    fn ruled<T>(&self, key: Key, read: impl Fn(&Value) -> Option<T>) -> Ruled<T> {
        let rule = self.0.and_then(|set| set.set.rules.get(&key));
        let value = rule.and_then(|rule| rule.value.as_ref().value()).and_then(read);
        let source = match (&value, rule) {
            (Some(_), Some(rule)) => rule.source.clone(),
            _ => String::new(),
        };
        Ruled { key, value: value.into(), source }
    }

    fn choice<T>(&self, key: Key, read: impl Fn(&str) -> Option<T>) -> Ruled<T> {
        self.ruled(key, |value| match value {
            Value::Choice(code) => read(code),
            _ => None,
        })
    }

    fn age(&self, key: Key) -> Ruled<Age> {
        self.ruled(key, |value| match value {
            Value::Age(age) => Some(*age),
            _ => None,
        })
    }

    fn flag(&self, key: Key) -> Ruled<bool> {
        self.ruled(key, |value| match value {
            Value::Flag(yes) => Some(*yes),
            _ => None,
        })
    }

    fn number(&self, key: Key) -> Ruled<u32> {
        self.ruled(key, |value| match value {
            Value::Days(n) | Value::Months(n) | Value::Count(n) => Some(*n),
            _ => None,
        })
    }

    fn list(&self, key: Key) -> Ruled<Vec<String>> {
        self.ruled(key, |value| match value {
            Value::List(codes) => Some(codes.clone()),
            _ => None,
        })
    }
}

/// The codes of [`Policies::emergency_prefer`] that are attributes.
pub(super) fn preferred_attribute(code: &str) -> Option<Attribute> {
    code.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulesets::catalogue::codes;

    #[test]
    fn every_choice_of_the_catalogue_is_understood() {
        fn same<T: Copy>(all: &[T], text: fn(T) -> &'static str, catalogue: &[&str]) {
            let ours: Vec<_> = all.iter().map(|one| text(*one)).collect();
            assert_eq!(ours, catalogue);
        }
        same(PlateletAbo::ALL, PlateletAbo::as_str, codes::PLATELETS_ABO);
        same(WholeBloodAbo::ALL, WholeBloodAbo::as_str, codes::WHOLE_BLOOD_ABO);
        same(UnknownPlasma::ALL, UnknownPlasma::as_str, codes::PLASMA_UNKNOWN);
        same(UnknownPlasma::ALL, UnknownPlasma::as_str, codes::EMERGENCY_PLASMA);
        same(DPosRedCells::ALL, DPosRedCells::as_str, codes::D_POS_RED_CELLS);
        same(EmergencyRedCells::ALL, EmergencyRedCells::as_str, codes::EMERGENCY_RED_CELLS);
        same(EmergencyPlatelets::ALL, EmergencyPlatelets::as_str, codes::EMERGENCY_PLATELETS);
        same(InfantRedCells::ALL, InfantRedCells::as_str, codes::INFANT_RED_CELLS);
        same(InfantPlasma::ALL, InfantPlasma::as_str, codes::INFANT_PLASMA);
        same(RhdPosOrder::ALL, RhdPosOrder::as_str, codes::PREFERENCE_RHD_POS);
    }
}
