//! Samples, and what was found in them.

use std::fmt;
use std::str::FromStr;

use imbl::Vector;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::blood::model::group::Group;
use crate::blood::model::phenotype::{Antigen, Phenotype};
use crate::blood::model::recipient::{Hpa, Significance};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Code, JournalId, Known, Time};

/// Why a text is no sample number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("“{0}” is no sample number: 4–20 capital letters, digits and hyphens")]
pub struct SampleNumberError(pub String);

/// The number on a tube. One number, one tube, for ever.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SampleNumber(String);

impl SampleNumber {
    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SampleNumber {
    type Err = SampleNumberError;

    /// Small letters are read as capital ones, as scanners and people differ in that.
    fn from_str(text: &str) -> Result<Self, SampleNumberError> {
        let number = text.trim().to_ascii_uppercase();
        let fits = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'-';
        let ends = |c: Option<u8>| c.is_some_and(|c| c != b'-');
        let bytes = number.as_bytes();
        let edges = ends(bytes.first().copied()) && ends(bytes.last().copied());
        if (4..=20).contains(&bytes.len()) && edges && bytes.iter().all(|c| fits(*c)) {
            Ok(Self(number))
        } else {
            Err(SampleNumberError(text.chars().take(40).collect()))
        }
    }
}

impl TryFrom<String> for SampleNumber {
    type Error = SampleNumberError;

    fn try_from(text: String) -> Result<Self, SampleNumberError> {
        text.parse()
    }
}

impl From<SampleNumber> for String {
    fn from(number: SampleNumber) -> Self {
        number.0
    }
}

impl fmt::Display for SampleNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

plain_enum! {
    /// What a sample is for.
    Purpose {
        /// Grouping (blodgruppering).
        Group = "group",
        /// Compatibility (BAS or MG test).
        Compatibility = "compatibility",
    }
}

/// That two samples were taken on one occasion all the same, as only an emergency allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedOccasion {
    /// Why nobody could wait.
    pub reason: String,
    /// The physician who approved it.
    pub physician: Option<String>,
}

/// A tube of blood and how it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// Its number.
    pub number: SampleNumber,
    /// What it is for.
    pub purpose: Purpose,
    /// When it was taken.
    pub taken: Time,
    /// Where: ward or site.
    pub place: String,
    /// Who took it, as signed.
    pub taken_by: String,
    /// Whether whoever took it signed that the identity was checked.
    pub identity_signed: bool,
    /// That it was taken together with another, in an emergency.
    pub shared_occasion: Option<SharedOccasion>,
}

/// How a result came into the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// From an instrument, untouched.
    Interface {
        /// Which.
        instrument: String,
    },
    /// Typed in; a second person verifies it.
    Typed,
}

/// A second person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who.
    pub by: ActorId,
    /// When.
    pub at: Time,
}

/// A group as determined on one sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Determination {
    /// Its name.
    pub id: Code,
    /// On which sample.
    pub sample: SampleNumber,
    /// When.
    pub determined: Time,
    /// The group; unknown for a mixed or unclear reaction.
    pub group: Known<Group>,
    /// Further antigens that were typed.
    pub phenotype: Phenotype,
    /// ABO and D only, in an emergency: it holds until a full one is there.
    pub emergency: bool,
    /// How it came here.
    pub capture: Capture,
    /// Who recorded it.
    pub by: ActorId,
    /// A second person's word.
    pub verified: Option<Verified>,
    /// The decision by which it does not count.
    pub set_aside: Option<Code>,
}

impl Capture {
    /// Whether nobody could have mistyped it, or a second person looked.
    #[must_use]
    pub const fn is_safe(&self, verified: Option<&Verified>) -> bool {
        matches!(self, Self::Interface { .. }) || verified.is_some()
    }
}

plain_enum! {
    /// What an antibody screen says.
    ScreenResult {
        /// No antibody was seen.
        Negative = "negative",
        /// Antibodies were seen.
        Positive = "positive",
        /// Neither.
        Indeterminate = "indeterminate",
    }
}

/// An antibody screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// Its name.
    pub id: Code,
    /// On which sample.
    pub sample: SampleNumber,
    /// When.
    pub performed: Time,
    /// What it says.
    pub result: ScreenResult,
    /// How it came here.
    pub capture: Capture,
    /// Who recorded it.
    pub by: ActorId,
    /// A second person's word.
    pub verified: Option<Verified>,
}

/// What an antibody is against.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An antigen on red cells.
    RedCell(Antigen),
    /// An antigen on platelets.
    Platelet(Hpa),
    /// Something else, or not identified: an autoantibody, HLA, "unknown specificity".
    Other(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RedCell(antigen) => write!(f, "anti-{}", antigen.as_str()),
            Self::Platelet(hpa) => write!(f, "anti-HPA-{}", hpa.as_str()),
            Self::Other(text) => f.write_str(text),
        }
    }
}

/// An antibody that was found once. It is never taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Its name.
    pub id: Code,
    /// Against what.
    pub against: Target,
    /// Whether it matters; what nobody judged counts as mattering.
    pub significance: Known<Significance>,
    /// How it was found.
    pub method: Option<String>,
    /// When.
    pub found: Time,
    /// Where: the laboratory.
    pub place: String,
    /// The region that told of it; none if it was found here.
    pub told_by: Option<JournalId>,
    /// When it was looked for again and not seen. It faded; it did not go away.
    pub not_seen: Vector<Time>,
}

impl Finding {
    /// Whether it matters for every unit, for life.
    #[must_use]
    pub fn matters(&self) -> bool {
        self.significance != Known::Value(Significance::Insignificant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_number_is_read_as_scanners_send_it() {
        for (text, read) in [(" ls12345 ", "LS12345"), ("2026-000123", "2026-000123")] {
            assert_eq!(text.parse::<SampleNumber>().unwrap().as_str(), read);
        }
        for bad in ["", "abc", "-abcd", "abcd-", "ab cd", "åbcd", &"A".repeat(21)] {
            assert!(bad.parse::<SampleNumber>().is_err(), "{bad}");
        }
    }
}
