//! Antigens beyond ABO, and what is known about them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Known;
use crate::kernel::model::plain_enum;

plain_enum! {
    /// An antigen on red cells. Capital and small letters are different antigens.
    ///
    /// New ones go last: sets in memory and in snapshots know them by their places.
    Antigen {
        /// D. A unit's D is in its group; it stands here for antibodies against it.
        D = "D",
        /// C.
        BigC = "C",
        /// c.
        SmallC = "c",
        /// E.
        BigE = "E",
        /// e.
        SmallE = "e",
        /// Cw.
        Cw = "Cw",
        /// VS (V).
        Vs = "VS",
        /// K.
        BigK = "K",
        /// k.
        SmallK = "k",
        /// Kp(a).
        Kpa = "Kpa",
        /// Kp(b).
        Kpb = "Kpb",
        /// Js(a).
        Jsa = "Jsa",
        /// Js(b).
        Jsb = "Jsb",
        /// Fy(a).
        Fya = "Fya",
        /// Fy(b).
        Fyb = "Fyb",
        /// Jk(a).
        Jka = "Jka",
        /// Jk(b).
        Jkb = "Jkb",
        /// M.
        M = "M",
        /// N.
        N = "N",
        /// S.
        BigS = "S",
        /// s.
        SmallS = "s",
        /// U.
        U = "U",
        /// Mi(a), also written Mur.
        Mia = "Mia",
        /// P1.
        P1 = "P1",
        /// Lu(a).
        Lua = "Lua",
        /// Lu(b).
        Lub = "Lub",
        /// Le(a).
        Lea = "Lea",
        /// Le(b).
        Leb = "Leb",
        /// Do(a).
        Doa = "Doa",
        /// Do(b).
        Dob = "Dob",
        /// In(a).
        Ina = "Ina",
        /// Co(a).
        Coa = "Coa",
        /// Co(b).
        Cob = "Cob",
        /// Di(a).
        Dia = "Dia",
        /// Di(b).
        Dib = "Dib",
        /// Wr(a).
        Wra = "Wra",
        /// Yt(a).
        Yta = "Yta",
        /// Yt(b).
        Ytb = "Ytb",
        /// Vel.
        Vel = "Vel",
        /// H, which is absent from Bombay cells alone.
        H = "H",
        /// A1.
        A1 = "A1",
    }
}

/// A set of antigens.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Antigens(u64);

impl Antigens {
    /// No antigen.
    pub const NONE: Self = Self(0);

    /// One antigen.
    #[must_use]
    pub const fn of(antigen: Antigen) -> Self {
        Self(1 << antigen as u8)
    }

    /// The set with one more.
    #[must_use]
    pub const fn with(self, antigen: Antigen) -> Self {
        Self(self.0 | Self::of(antigen).0)
    }

    /// Whether the antigen is in the set.
    #[must_use]
    pub const fn has(self, antigen: Antigen) -> bool {
        self.0 & Self::of(antigen).0 != 0
    }

    /// What is in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in one of the sets.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in the set, in the order of [`Antigen::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Antigen> {
        Antigen::ALL.iter().copied().filter(move |antigen| self.has(*antigen))
    }
}

impl FromIterator<Antigen> for Antigens {
    fn from_iter<I: IntoIterator<Item = Antigen>>(antigens: I) -> Self {
        antigens.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Serialize for Antigens {
    /// By name, so that a record can be read without this program.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.iter().collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Antigens {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Antigen>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl fmt::Debug for Antigens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Antigen::as_str)).finish()
    }
}

/// What was tested and found about antigens. What was not tested is unknown, never negative.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Phenotype {
    /// Tested and found.
    present: Antigens,
    /// Tested and not found.
    absent: Antigens,
}

impl Phenotype {
    /// Nothing was tested.
    pub const UNTESTED: Self = Self { present: Antigens::NONE, absent: Antigens::NONE };

    /// The phenotype with one more result. A result against an earlier one makes the antigen
    /// count as present: of two contradicting results the dangerous one is believed.
    #[must_use]
    pub const fn with(self, antigen: Antigen, found: bool) -> Self {
        let one = Antigens::of(antigen);
        if found {
            Self { present: Antigens(self.present.0 | one.0), absent: self.absent.without(one) }
        } else {
            Self {
                present: self.present,
                absent: Antigens(self.absent.0 | one.0 & !self.present.0),
            }
        }
    }

    /// Whether the cells carry the antigen.
    #[must_use]
    pub const fn get(self, antigen: Antigen) -> Known<bool> {
        match (self.present.has(antigen), self.absent.has(antigen)) {
            (true, _) => Known::Value(true),
            (false, true) => Known::Value(false),
            (false, false) => Known::Unknown,
        }
    }

    /// The results that are not among others.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self {
            present: self.present.without(other.present),
            absent: self.absent.without(other.absent),
        }
    }

    /// Whether nothing was tested.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.present.is_empty() && self.absent.is_empty()
    }

    /// What was tested and found.
    #[must_use]
    pub const fn present(self) -> Antigens {
        self.present
    }

    /// What was tested and not found.
    #[must_use]
    pub const fn absent(self) -> Antigens {
        self.absent.without(self.present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untested_is_unknown_and_a_contradiction_counts_as_present() {
        let mut phenotype = Phenotype::UNTESTED;
        assert_eq!(phenotype.get(Antigen::BigK), Known::Unknown);
        phenotype = phenotype.with(Antigen::BigK, false).with(Antigen::SmallC, true);
        assert_eq!(phenotype.get(Antigen::BigK), Known::Value(false));
        assert_eq!(phenotype.get(Antigen::SmallK), Known::Unknown, "K and k are two antigens");
        for (first, second) in [(true, false), (false, true)] {
            let both = Phenotype::UNTESTED.with(Antigen::Jka, first).with(Antigen::Jka, second);
            assert_eq!(both.get(Antigen::Jka), Known::Value(true));
            assert!(both.absent().is_empty());
        }
        assert_eq!(size_of::<Phenotype>(), 16);
        let text = serde_json::to_string(&phenotype).unwrap();
        assert_eq!(text, r#"{"present":["c"],"absent":["K"]}"#);
        assert_eq!(serde_json::from_str::<Phenotype>(&text).unwrap(), phenotype);
    }

    #[test]
    fn every_antigen_has_a_bit_and_a_name_of_its_own() {
        assert!(Antigen::ALL.len() <= 64);
        let all: Antigens = Antigen::ALL.iter().copied().collect();
        assert_eq!(all.iter().count(), Antigen::ALL.len());
        for antigen in Antigen::ALL {
            assert_eq!(antigen.as_str().parse(), Ok(*antigen));
        }
        assert!("k".parse::<Antigen>().unwrap() != "K".parse().unwrap());
    }
}
