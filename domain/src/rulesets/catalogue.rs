//! Every rule that a rule set can hold: its name, the shape of its value, its heading.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::kernel::model::plain_enum;

pub mod codes;
mod keys;

use keys::ROWS;
pub use keys::key;

plain_enum! {
    /// What rules are about, in the order in which they are shown.
    Heading {
        /// Shelf lives.
        ShelfLife = "shelf_life",
        /// Storage temperatures.
        Storage = "storage",
        /// Irradiation, reservation, return.
        Handling = "handling",
        /// Who may get what.
        Compatibility = "compatibility",
        /// Emergency release and massive transfusion.
        Emergency = "emergency",
        /// Infants and exchange transfusion.
        Children = "children",
        /// Samples and tests of recipients.
        Testing = "testing",
        /// Who may donate.
        Donors = "donors",
        /// Tests of donations.
        DonorTests = "donor_tests",
        /// What is made where.
        Supply = "supply",
        /// Minimum stock and expiry.
        MinimumStock = "minimum_stock",
        /// By which clock an alarm's recipients are woken.
        AlarmClock = "alarm_clock",
        /// What blood a mass-casualty incident needs.
        CasualtyBlood = "casualty_blood",
        /// What speaks for triage by the rules of mass casualties, and who decides.
        MassCasualty = "mass_casualty",
    }
}

/// The shape of a rule's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Hours, calendar days or calendar months: the unit is part of the rule.
    Span,
    /// Calendar days.
    Days,
    /// Hours.
    Hours,
    /// Minutes.
    Minutes,
    /// Calendar months.
    Months,
    /// Completed years.
    Years,
    /// A number of what is named: one name.
    Count(&'static [&'static str]),
    /// An age limit with its inclusivity.
    Age,
    /// A temperature range.
    Temperature,
    /// Grams per litre.
    GramsPerLitre,
    /// Kilograms.
    Kilograms,
    /// Millilitres.
    Millilitres,
    /// Yes or no.
    Flag,
    /// One of the codes.
    Choice(&'static [&'static str]),
    /// Some of the codes.
    List(&'static [&'static str]),
}

impl Shape {
    /// The units that fit, as a file writes them; none if the value has no unit.
    #[must_use]
    pub fn units(self) -> &'static [&'static str] {
        match self {
            Self::Span => &["d", "h", "months"],
            Self::Days => &["d"],
            Self::Hours => &["h"],
            Self::Minutes => &["min"],
            Self::Months => &["months"],
            Self::Years | Self::Age => &["years"],
            Self::Count(unit) => unit,
            Self::Temperature => &["°C"],
            Self::GramsPerLitre => &["g/L"],
            Self::Kilograms => &["kg"],
            Self::Millilitres => &["mL"],
            Self::Flag | Self::Choice(_) | Self::List(_) => &[],
        }
    }

    /// How a value of this shape is written.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::Age => "<50 or <=50",
            Self::Temperature => "2..6 or ..-25",
            Self::Flag => "yes or no",
            Self::Choice(_) => "one of the choices",
            Self::List(_) => "some of the choices with a space between, or none",
            _ => "a whole number up to 1000000",
        }
    }

    /// The codes to choose from.
    #[must_use]
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::Choice(among) | Self::List(among) => among,
            _ => &[],
        }
    }

    /// The shape as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Span => "span",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Months => "months",
            Self::Years => "years",
            Self::Count(_) => "count",
            Self::Age => "age",
            Self::Temperature => "temperature",
            Self::GramsPerLitre => "grams_per_litre",
            Self::Kilograms => "kilograms",
            Self::Millilitres => "millilitres",
            Self::Flag => "flag",
            Self::Choice(_) => "choice",
            Self::List(_) => "list",
        }
    }
}

/// A row of the catalogue.
#[derive(Debug)]
pub(crate) struct Row {
    text: &'static str,
    shape: Shape,
    heading: Heading,
    doc: &'static str,
}

/// A rule's name: a place in the catalogue, written and stored as its text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u16);

impl Key {
    /// Every key, in the catalogue's order.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        (0..ROWS.len()).map(|n| Self(u16::try_from(n).unwrap_or(u16::MAX)))
    }

    /// The key with a text, e.g. `shelf_life.red_cells`.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::all().find(|key| key.text() == text)
    }

    const fn row(self) -> &'static Row {
        &ROWS[self.0 as usize]
    }

    /// The key as stored, in files and in addresses.
    #[must_use]
    pub const fn text(self) -> &'static str {
        self.row().text
    }

    /// The shape of its value.
    #[must_use]
    pub const fn shape(self) -> Shape {
        self.row().shape
    }

    /// What it is about.
    #[must_use]
    pub const fn heading(self) -> Heading {
        self.row().heading
    }

    /// What the rule governs, in one English sentence; the message catalogue has it in both
    /// languages.
    #[must_use]
    pub fn doc(self) -> &'static str {
        self.row().doc.trim()
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().take(80).collect();
        Self::find(text).ok_or_else(|| format!("“{shown}” is not a rule of the catalogue"))
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
