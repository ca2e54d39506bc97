//! What is looked for, and in how many words another region answers.

use serde::{Deserialize, Serialize};

use crate::blood::model::{Antigens, Group, Hpa};
use crate::donors;
use crate::kernel::model::plain_enum;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Groups that will do; none means any.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Red-cell antigens that must be known to be absent.
    #[serde(default)]
    pub lacks: Antigens,
    /// HLA types that the donor must have.
    #[serde(default)]
    pub hla: Vec<String>,
    /// Platelet antigens that must be known to be absent.
    #[serde(default)]
    pub lacks_hpa: Vec<Hpa>,
}

impl Wanted {
    /// Whether anything beyond a group is looked for.
    #[must_use]
    pub fn says_something(&self) -> bool {
        !(self.lacks.is_empty() && self.hla.is_empty() && self.lacks_hpa.is_empty())
    }

    /// The same as a question to the index of typed donors.
    #[must_use]
    pub fn of_donors(&self) -> donors::typed::Wanted {
        donors::typed::Wanted {
            groups: self.groups.clone(),
            lacks: self.lacks,
            hla: self.hla.clone(),
            lacks_hpa: self.lacks_hpa.clone(),
        }
    }
}

plain_enum! {
    /// How many donors fit, as another region may know it: a small number could name somebody.
    Band {
        /// The region has typed donors, and none of them fits.
        Zero = "0",
        /// One to four.
        Few = "1-4",
        /// Five to nine.
        Several = "5-9",
        /// Ten to nineteen.
        Tens = "10-19",
        /// Twenty to forty-nine.
        Dozens = "20-49",
        /// Fifty or more.
        Many = "50+",
        /// The region has no typed donors in this record: nobody knows.
        Unknown = "unknown",
    }
}

impl Band {
    /// The band of a count among typed donors.
    #[must_use]
    pub const fn of(fitting: usize, typed: usize) -> Self {
        match (typed, fitting) {
            (0, _) => Self::Unknown,
            (_, 0) => Self::Zero,
            (_, 1..=4) => Self::Few,
            (_, 5..=9) => Self::Several,
            (_, 10..=19) => Self::Tens,
            (_, 20..=49) => Self::Dozens,
            _ => Self::Many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_five_are_not_told_apart_and_nobody_typed_is_not_none() {
        assert_eq!(Band::of(1, 9), Band::of(4, 9));
        assert_ne!(Band::of(4, 9), Band::of(5, 9));
        assert_eq!(Band::of(0, 9), Band::Zero);
        assert_eq!(Band::of(0, 0), Band::Unknown);
        assert_eq!(Band::of(50, 60), Band::Many);
    }
}
