//! Why a text is refused.

use samband_domain::blood::model::{Din, DinError, ProductCodeError};
use thiserror::Error;

/// A data structure, by its number in the standard.
pub type Number = u16;

/// Why a text is refused. Each reason has a stable code and says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refused {
    /// Nothing there.
    #[error("nothing was scanned or typed")]
    Empty,
    /// More than any symbol holds.
    #[error("the text is longer than a symbol can be")]
    Long,
    /// Other characters than a symbol has.
    #[error("the text holds a character that no ISBT 128 symbol has")]
    Characters,
    /// It does not begin as a data structure does.
    #[error(
        "no ISBT 128 data identifier: scan the symbol, or type the donation number with its check character"
    )]
    Unidentified,
    /// No data structure has this identifier.
    #[error("no data structure of ISBT 128 begins with “{identifier}”")]
    Unknown {
        /// What it begins with.
        identifier: String,
    },
    /// The data structure was withdrawn.
    #[error("data structure {structure:03} is retired and is not interpreted")]
    Retired {
        /// Which.
        structure: Number,
    },
    /// The data structure is not for blood, or not used here.
    #[error("data structure {structure:03} is not used for blood here")]
    Unused {
        /// Which.
        structure: Number,
    },
    /// A data structure that a country or facility defines for itself.
    #[error("“{identifier}” is defined by a country or facility for itself and is not interpreted")]
    Local {
        /// What it begins with.
        identifier: String,
    },
    /// Too short for its kind.
    #[error("data structure {structure:03} has {expected} characters of data, not {found}")]
    Length {
        /// Which.
        structure: Number,
        /// How many it has.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// A part of the data is invalid.
    #[error("data structure {structure:03}: “{found}” is no {}", field.words())]
    Field {
        /// Which structure.
        structure: Number,
        /// Which part of it.
        field: Field,
        /// What stands there; empty where it may be about a person.
        found: String,
    },
    /// The flag is a check character, and it does not fit the number.
    #[error("flag {found} does not fit {din}; its check value would be {expected}")]
    FlagCheck {
        /// The number.
        din: Din,
        /// The flag.
        found: u8,
        /// What it would be.
        expected: u8,
    },
    /// Division 99.
    #[error("division 99 points to a symbol that is not in use for blood")]
    Division,
    /// Rh antigens are stated in two places.
    #[error("the Rh antigens are stated both together and one by one")]
    RhTwice,
    /// Two structures were read together that do not belong together.
    #[error("data structures {first:03} and {second:03} are not to be read together")]
    Pair {
        /// The first.
        first: Number,
        /// The second.
        second: Number,
    },
    /// Something follows that belongs to nothing.
    #[error("something follows data structure {structure:03}: scan one symbol at a time")]
    Trailing {
        /// What it follows.
        structure: Number,
    },
    /// The message has more or fewer structures than it says.
    #[error("the message says it has {stated} data structures, but it has {found}")]
    Count {
        /// What it says.
        stated: usize,
        /// What there is; for too many, at least.
        found: usize,
    },
    /// The message follows a numbered sequence that is not known here.
    #[error("the message follows sequence {sequence:03}, which cannot be checked here")]
    Sequence {
        /// Which.
        sequence: u16,
    },
    /// A structure that may not stand in a message.
    #[error("data structure {structure:03} may not stand inside a compound message")]
    Inside {
        /// Which.
        structure: Number,
    },
    /// A structure stands twice where one is meant.
    #[error("data structure {structure:03} stands twice in the message")]
    Twice {
        /// Which.
        structure: Number,
    },
    /// Typed without a check character.
    #[error("a typed donation number needs the boxed check character that follows it")]
    CheckMissing,
    /// Typed with another check character.
    #[error("check character {given} does not fit {din}: at least one character is mistyped")]
    CheckWrong {
        /// What was typed.
        din: Din,
        /// The check character that was typed.
        given: char,
    },
    /// It looks like a person's number.
    #[error("this looks like a person's number, which does not belong here")]
    PersonalNumber,
    /// Read from a kind of symbol that ISBT 128 does not use.
    #[error("the scanner says “{found}”, which is neither Code 128 nor Data Matrix")]
    Symbology {
        /// The scanner's prefix.
        found: String,
    },
}

macro_rules! fields {
    ($($(#[$meta:meta])* $Name:ident $key:literal $words:literal;)*) => {
        /// A part of a data structure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$meta])* $Name,)* }

        impl Field {
            /// The message key of an invalid part.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$Name => concat!("isbt-error-", $key),)* }
            }

            /// What it would have been.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$Name => $words,)* }
            }
        }

        const FIELD_CODES: &[&str] = &[$(concat!("isbt-error-", $key)),*];
    };
}

fields! {
    /// Facility identification number.
    Facility "facility" "facility number";
    /// Year and serial number.
    Serial "serial" "year with serial number";
    /// Flag.
    Flag "flag" "flag in use";
    /// ABO and RhD.
    Group "group" "blood group code";
    /// A group code for tissue.
    Tissue "tissue" "group code for blood but for tissue";
    /// Rh and Kell.
    Rh "rh" "Rh and Kell code";
    /// What is reserved for later.
    Reserved "reserved" "value in use today";
    /// Product description code.
    Description "description" "product code for blood";
    /// Type of collection.
    Collection "collection" "type of collection";
    /// Division.
    Division "division-code" "division";
    /// Century.
    Century "century" "century digit";
    /// Day of the year.
    Day "day" "day of that year";
    /// Hour and minute.
    Clock "clock" "hour and minute";
    /// Month.
    Month "month" "month";
    /// Date.
    Date "date" "date";
    /// Digits.
    Digits "digits" "number";
    /// Letters and digits.
    Text "text" "text of letters and digits";
    /// Antigen.
    Antigen "antigen" "antigen in use";
    /// Result.
    Result "result" "test result";
    /// History of tests.
    History "history" "test history";
    /// HLA antigen.
    Hla "hla" "HLA antigen, the lower first";
    /// Titre.
    Titre "titre" "titre status";
    /// Infection markers.
    Marker "marker" "infection marker result";
    /// Container.
    Container "container" "container";
    /// Box of boxes.
    Boxes "boxes" "box number within the number of boxes";
    /// Special test.
    Test "test" "special testing code";
}

/// Every message key.
pub const CODES: &[&str] = &{
    const OTHERS: [&str; 22] = [
        "isbt-error-empty",
        "isbt-error-long",
        "isbt-error-characters",
        "isbt-error-unidentified",
        "isbt-error-unknown",
        "isbt-error-retired",
        "isbt-error-unused",
        "isbt-error-local",
        "isbt-error-length",
        "isbt-error-flag-check",
        "isbt-error-division",
        "isbt-error-rh-twice",
        "isbt-error-pair",
        "isbt-error-trailing",
        "isbt-error-count",
        "isbt-error-sequence",
        "isbt-error-inside",
        "isbt-error-twice",
        "isbt-error-check-missing",
        "isbt-error-check-wrong",
        "isbt-error-personal-number",
        "isbt-error-symbology",
    ];
    let mut all = [""; OTHERS.len() + FIELD_CODES.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < OTHERS.len() { OTHERS[at] } else { FIELD_CODES[at - OTHERS.len()] };
        at += 1;
    }
    all
};

impl Refused {
    /// A part of a structure that is invalid.
    pub(crate) fn field(structure: Number, field: Field, found: &str) -> Self {
        Self::Field { structure, field, found: found.chars().take(20).collect() }
    }

    /// A part of a structure about a person that is invalid: it is not repeated.
    pub(crate) const fn personal(structure: Number, field: Field) -> Self {
        Self::Field { structure, field, found: String::new() }
    }

    /// The message key.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "isbt-error-empty",
            Self::Long => "isbt-error-long",
            Self::Characters => "isbt-error-characters",
            Self::Unidentified => "isbt-error-unidentified",
            Self::Unknown { .. } => "isbt-error-unknown",
            Self::Retired { .. } => "isbt-error-retired",
            Self::Unused { .. } => "isbt-error-unused",
            Self::Local { .. } => "isbt-error-local",
            Self::Length { .. } => "isbt-error-length",
            Self::Field { field, .. } => field.code(),
            Self::FlagCheck { .. } => "isbt-error-flag-check",
            Self::Division => "isbt-error-division",
            Self::RhTwice => "isbt-error-rh-twice",
            Self::Pair { .. } => "isbt-error-pair",
            Self::Trailing { .. } => "isbt-error-trailing",
            Self::Count { .. } => "isbt-error-count",
            Self::Sequence { .. } => "isbt-error-sequence",
            Self::Inside { .. } => "isbt-error-inside",
            Self::Twice { .. } => "isbt-error-twice",
            Self::CheckMissing => "isbt-error-check-missing",
            Self::CheckWrong { .. } => "isbt-error-check-wrong",
            Self::PersonalNumber => "isbt-error-personal-number",
            Self::Symbology { .. } => "isbt-error-symbology",
        }
    }

    /// The message's arguments.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let number = |structure: &Number| ("structure", format!("{structure:03}"));
        match self {
            Self::Unknown { identifier } | Self::Local { identifier } => {
                vec![("identifier", identifier.clone())]
            }
            Self::Retired { structure }
            | Self::Unused { structure }
            | Self::Trailing { structure }
            | Self::Inside { structure }
            | Self::Twice { structure } => vec![number(structure)],
            Self::Length { structure, expected, found } => vec![
                number(structure),
                ("expected", expected.to_string()),
                ("found", found.to_string()),
            ],
            Self::Field { structure, found, .. } => {
                vec![number(structure), ("found", found.clone())]
            }
            Self::FlagCheck { din, found, expected } => vec![
                ("din", din.spaced()),
                ("found", found.to_string()),
                ("expected", expected.to_string()),
            ],
            Self::Pair { first, second } => {
                vec![("first", format!("{first:03}")), ("second", format!("{second:03}"))]
            }
            Self::Count { stated, found } => {
                vec![("stated", stated.to_string()), ("found", found.to_string())]
            }
            Self::Sequence { sequence } => vec![("sequence", format!("{sequence:03}"))],
            Self::CheckWrong { din, given } => {
                vec![("din", din.spaced()), ("given", given.to_string())]
            }
            Self::Symbology { found } => vec![("found", found.clone())],
            _ => Vec::new(),
        }
    }

    /// The reason of a donation number inside a structure.
    pub(crate) fn din(structure: Number, error: DinError) -> Self {
        match error {
            DinError::Length { found } => Self::Length { structure, expected: 13, found },
            DinError::Facility { found } => Self::field(structure, Field::Facility, &found),
            DinError::Digits { found } => Self::field(structure, Field::Serial, &found),
            DinError::CheckMissing => Self::CheckMissing,
            DinError::CheckWrong { din, given } => Self::CheckWrong { din, given },
        }
    }

    /// The reason of a product code.
    pub(crate) fn product(error: ProductCodeError) -> Self {
        match error {
            ProductCodeError::Length { found } => Self::Length { structure: 3, expected: 8, found },
            ProductCodeError::Description { found } => Self::field(3, Field::Description, &found),
            ProductCodeError::Collection { found } => {
                Self::field(3, Field::Collection, &found.to_string())
            }
            ProductCodeError::Division { found } => Self::field(3, Field::Division, &found),
            ProductCodeError::Elsewhere => Self::Division,
        }
    }
}
