//! The eight blood groups.
//!
//! A group is what a laboratory stated. A group that nobody stated is [`Known::Unknown`] around
//! this type, never a ninth group: nothing can then be compatible with it by accident.
//!
//! [`Known::Unknown`]: crate::Known::Unknown

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::kernel::model::plain_enum;

plain_enum! {
    /// The ABO group.
    Abo {
        /// Neither A nor B.
        O = "o",
        /// A.
        A = "a",
        /// B.
        B = "b",
        /// A and B.
        Ab = "ab",
    }
}

plain_enum! {
    /// The RhD group.
    Rhd {
        /// The D antigen was found.
        Positive = "pos",
        /// The D antigen was not found.
        Negative = "neg",
    }
}

/// ABO and RhD together. Written as its code (`o_neg`) in records and addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group {
    /// ABO.
    pub abo: Abo,
    /// RhD.
    pub rhd: Rhd,
}

/// Why a text is not a blood group.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{0}” is not a blood group: write O+, O-, A+, A-, B+, B-, AB+ or AB-, or o_pos, o_neg …")]
pub struct GroupError(pub String);

impl Abo {
    /// Whether cells of this group carry A.
    #[must_use]
    pub const fn has_a(self) -> bool {
        matches!(self, Self::A | Self::Ab)
    }

    /// Whether cells of this group carry B.
    #[must_use]
    pub const fn has_b(self) -> bool {
        matches!(self, Self::B | Self::Ab)
    }
}

impl Group {
    /// All eight, in the order in which tables show them.
    pub const ALL: [Self; 8] = [
        Self::new(Abo::O, Rhd::Positive),
        Self::new(Abo::O, Rhd::Negative),
        Self::new(Abo::A, Rhd::Positive),
        Self::new(Abo::A, Rhd::Negative),
        Self::new(Abo::B, Rhd::Positive),
        Self::new(Abo::B, Rhd::Negative),
        Self::new(Abo::Ab, Rhd::Positive),
        Self::new(Abo::Ab, Rhd::Negative),
    ];

    /// O RhD neg.
    pub const O_NEG: Self = Self::new(Abo::O, Rhd::Negative);

    /// The group.
    #[must_use]
    pub const fn new(abo: Abo, rhd: Rhd) -> Self {
        Self { abo, rhd }
    }

    /// Its place in [`Group::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        self.abo as usize * 2 + self.rhd as usize
    }

    /// The code: `o_pos`, `ab_neg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match (self.abo, self.rhd) {
            (Abo::O, Rhd::Positive) => "o_pos",
            (Abo::O, Rhd::Negative) => "o_neg",
            (Abo::A, Rhd::Positive) => "a_pos",
            (Abo::A, Rhd::Negative) => "a_neg",
            (Abo::B, Rhd::Positive) => "b_pos",
            (Abo::B, Rhd::Negative) => "b_neg",
            (Abo::Ab, Rhd::Positive) => "ab_pos",
            (Abo::Ab, Rhd::Negative) => "ab_neg",
        }
    }

    /// The group in words, never with a bare minus: that is lost at small sizes.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match (self.abo, self.rhd) {
            (Abo::O, Rhd::Positive) => "O RhD pos",
            (Abo::O, Rhd::Negative) => "O RhD neg",
            (Abo::A, Rhd::Positive) => "A RhD pos",
            (Abo::A, Rhd::Negative) => "A RhD neg",
            (Abo::B, Rhd::Positive) => "B RhD pos",
            (Abo::B, Rhd::Negative) => "B RhD neg",
            (Abo::Ab, Rhd::Positive) => "AB RhD pos",
            (Abo::Ab, Rhd::Negative) => "AB RhD neg",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

impl FromStr for Group {
    type Err = GroupError;

    /// Reads every spelling in use: `O+`, `o-`, `AB RhD neg`, `a_pos`, `B Rh positiv`, and a zero
    /// for the letter O. A text without a sign is refused: half a group is not a group.
    fn from_str(text: &str) -> Result<Self, GroupError> {
        let bad = || GroupError(text.chars().take(40).collect());
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '_')
            .flat_map(char::to_uppercase)
            .collect();
        let (abo, rest) = [("AB", Abo::Ab), ("A", Abo::A), ("B", Abo::B), ("O", Abo::O)]
            .into_iter()
            .chain([("0", Abo::O)])
            .find_map(|(prefix, abo)| plain.strip_prefix(prefix).map(|rest| (abo, rest)))
            .ok_or_else(bad)?;
        let sign = ["RHD", "RH", "D"].iter().find_map(|name| rest.strip_prefix(name));
        match sign.unwrap_or(rest) {
            "+" | "POS" | "-POS" | "POSITIVE" | "POSITIV" => Ok(Self::new(abo, Rhd::Positive)),
            "-" | "\u{2212}" | "\u{2013}" | "NEG" | "-NEG" | "NEGATIVE" | "NEGATIV" => {
                Ok(Self::new(abo, Rhd::Negative))
            }
            _ => Err(bad()),
        }
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Group {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Code;
        impl de::Visitor<'_> for Code {
            type Value = Group;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a blood group code such as o_neg")
            }

            // Only the code: a record has one spelling.
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Group, E> {
                let found = Group::ALL.into_iter().find(|group| group.as_str() == text);
                found.ok_or_else(|| E::custom(GroupError(text.chars().take(40).collect())))
            }
        }
        deserializer.deserialize_str(Code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_and_places_agree_with_the_order() {
        for (i, group) in Group::ALL.into_iter().enumerate() {
            assert_eq!(group.index(), i);
            let code = serde_json::to_string(&group).unwrap();
            assert_eq!(code, format!("\"{}\"", group.as_str()));
            assert_eq!(serde_json::from_str::<Group>(&code).unwrap(), group);
            assert_eq!(group.text().parse(), Ok(group));
            assert_eq!(group.as_str().parse(), Ok(group));
        }
        assert!(Group::ALL.is_sorted());
    }

    #[test]
    fn every_spelling_in_use_is_read_and_half_a_group_is_not() {
        let o_neg = ["O-", "o-", "0-", "O−", "O–", "o_neg", "O RhD neg", "O Rh negativ", "O D-"];
        for text in o_neg.into_iter().chain(["o-neg", " 0 RhD− "]) {
            assert_eq!(text.parse(), Ok(Group::O_NEG), "{text}");
        }
        for (text, code) in [("AB+", "ab_pos"), ("ab rhd NEG", "ab_neg"), ("B Rh+", "b_pos")] {
            assert_eq!(text.parse::<Group>().map(Group::as_str), Ok(code), "{text}");
        }
        for text in ["", "O", "A ", "+", "AB", "C+", "O+-", "ABO+", "unknown", "A+B", "O--", "00+"]
        {
            assert!(text.parse::<Group>().is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Group>("\"O-\"").is_err());
    }
}
