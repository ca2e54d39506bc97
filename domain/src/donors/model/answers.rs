//! The health declaration: what is asked, what was answered, and what was measured.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::donations::model::DonationKind;
use crate::kernel::model::plain_enum;
use crate::words::{Day, Digest, Known, SiteId, Time};

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Yes is needed, each time.
    MustBeYes,
    /// Yes hinders, for as long as it is so.
    MustBeNo,
    /// Yes stays for good.
    Ever,
    /// Donors wait for a time after it: yes with the day.
    Since,
}

plain_enum! {
    /// What is asked at a visit. New ones go last: snapshots know them by their places.
    Question {
        /// Shows a valid proof of identity.
        ValidId = "valid_id",
        /// Understands Swedish.
        UnderstandsSwedish = "understands_swedish",
        /// Feels well, no infection going on.
        Well = "well",
        /// Is pregnant.
        Pregnant = "pregnant",
        /// Gave birth.
        Delivery = "delivery",
        /// A pregnancy ended otherwise.
        Abortion = "abortion",
        /// Tattoo, piercing or cosmetic treatment.
        Tattoo = "tattoo",
        /// A new sexual partner.
        NewPartner = "new_partner",
        /// Sexual risk.
        SexualRisk = "sexual_risk",
        /// A man's sex with men.
        MenWithMen = "men_with_men",
        /// Back from travel outside the areas that need no waiting.
        Travel = "travel",
        /// Back from a malaria area.
        Malaria = "malaria",
        /// Back from a Zika area.
        Zika = "zika",
        /// HIV infection, ever.
        Hiv = "hiv",
        /// HTLV infection, ever.
        Htlv = "htlv",
        /// Hepatitis B, ever.
        Hbv = "hbv",
        /// Hepatitis C, ever.
        Hcv = "hcv",
    }
}

impl Question {
    /// How it is answered.
    #[must_use]
    pub const fn asked(self) -> Asked {
        match self {
            Self::ValidId | Self::UnderstandsSwedish | Self::Well => Asked::MustBeYes,
            Self::Pregnant => Asked::MustBeNo,
            Self::Hiv | Self::Htlv | Self::Hbv | Self::Hcv => Asked::Ever,
            _ => Asked::Since,
        }
    }
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// No.
    No,
    /// Yes; when, if it matters, nobody could say.
    Yes,
    /// Yes, latest on this day.
    On(Day),
    /// A pregnancy of so many weeks that ended on this day.
    Ended {
        /// When.
        day: Day,
        /// How long it had lasted.
        weeks: u8,
    },
}

/// The latest day of something after which donors wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dated {
    /// When; unknown if nobody could say.
    pub day: Known<Day>,
    /// How long a pregnancy had lasted, in weeks.
    pub weeks: Option<u8>,
    /// On which day it was stated.
    pub stated: Day,
}

/// What was measured at the visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Weight in kilograms.
    pub weight: Known<u16>,
    /// Haemoglobin in grams per litre.
    pub hb: Known<u16>,
    /// Whether the haemoglobin sample was taken after the donation.
    pub hb_after: bool,
    /// Platelets, 10^9/L.
    pub platelets: Known<u16>,
    /// Total protein in grams per litre.
    pub protein: Known<u16>,
}

impl Default for Checks {
    /// Nothing measured yet.
    fn default() -> Self {
        Self {
            weight: Known::Unknown,
            hb: Known::Unknown,
            hb_after: false,
            platelets: Known::Unknown,
            protein: Known::Unknown,
        }
    }
}

/// What a donor declared at a visit and what was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declaration {
    /// Answers by question. What is not here was not answered.
    pub answers: BTreeMap<Question, Answer>,
    /// Measurements.
    pub checks: Checks,
}

/// The latest visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When the declaration was made.
    pub at: Time,
    /// Where.
    pub site: SiteId,
    /// What was declared and measured.
    pub declaration: Declaration,
    /// What the donor was let through to give, and by which rules.
    pub admitted: Option<(DonationKind, Time, Digest)>,
}
