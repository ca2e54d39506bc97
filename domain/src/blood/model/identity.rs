//! What a unit is called: the donation, the product made from it, and the two together. The words
//! and their limits are those of ISBT 128; the flag on a label is no part of any of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// Why a text is no donation identification number.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DinError {
    /// Too short or too long.
    #[error("a donation number has 13 characters, 14 with its check character; here are {found}")]
    Length {
        /// How many there were.
        found: usize,
    },
    /// The facility part is none.
    #[error("“{found}” is no facility: a letter but O or 1–9, two letters or digits, two digits")]
    Facility {
        /// What stands there.
        found: String,
    },
    /// Year or serial number is no number.
    #[error("“{found}” are not the two digits of a year and the six of a serial number")]
    Digits {
        /// What stands there.
        found: String,
    },
    /// Typed without its check character.
    #[error("a typed donation number needs the boxed check character that follows it")]
    CheckMissing,
    /// Typed with another check character than its own.
    #[error("check character {given} does not fit {din}: at least one character is mistyped")]
    CheckWrong {
        /// What was typed.
        din: Din,
        /// The check character that was typed.
        given: char,
    },
}

/// Why a text is no product code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProductCodeError {
    /// Too short or too long.
    #[error("a product code has 8 characters, not {found}")]
    Length {
        /// How many there were.
        found: usize,
    },
    /// The product description code is none.
    #[error("“{found}” is no product description code: a letter in use, then four characters")]
    Description {
        /// What stands there.
        found: String,
    },
    /// The character for the type of collection is none.
    #[error("“{found}” is no type of collection")]
    Collection {
        /// What stands there.
        found: char,
    },
    /// The division is none.
    #[error("“{found}” is no division: 00, or a capital letter with 0 or a small letter")]
    Division {
        /// What stands there.
        found: String,
    },
    /// 99: another symbol on the label says which division it is, and blood has none such.
    #[error("division 99 points to a symbol that is not in use for blood")]
    Elsewhere,
}

/// Why a text names no unit.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UnitIdError {
    /// No full stop between the two.
    #[error("a unit is named by donation number, full stop and product code")]
    Shape,
    /// The donation number is none.
    #[error(transparent)]
    Din(#[from] DinError),
    /// The product code is none.
    #[error(transparent)]
    Product(#[from] ProductCodeError),
}

/// The ISO/IEC 7064 MOD 37-2 check character of a text of capital letters and digits; `None` for
/// an empty text and for any other character, which the check is not defined over.
#[must_use]
pub fn mod37_2(text: &str) -> Option<char> {
    const VALUES: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";
    let sum = text.bytes().try_fold(0_u32, |sum, byte| {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return None,
        };
        Some((sum + u32::from(value)) * 2 % 37)
    })?;
    let index = (38 - sum) % 37;
    (!text.is_empty()).then(|| char::from(VALUES[index as usize]))
}

/// A donation identification number: facility, nominal year and serial number, 13 characters.
/// Unique for a hundred years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Din([u8; 13]);

impl Din {
    /// Parses the 13 characters as a barcode or a record holds them.
    ///
    /// # Errors
    /// [`DinError`] naming the part that does not fit.
    pub fn parse(text: &str) -> Result<Self, DinError> {
        let Ok(bytes) = <[u8; 13]>::try_from(text.as_bytes()) else {
            // Thirteen characters that are more bytes are of the right length, and none of ours.
            let found = text.chars().count();
            let facility = || DinError::Facility { found: text.chars().take(5).collect() };
            return Err(if found == 13 { facility() } else { DinError::Length { found } });
        };
        if !text.is_ascii() {
            return Err(DinError::Facility { found: text.chars().take(5).collect() });
        }
        let part = |range: std::ops::Range<usize>| text[range].to_owned();
        if !is_facility(&bytes[..5]) {
            return Err(DinError::Facility { found: part(0..5) });
        }
        if !bytes[5..].iter().all(u8::is_ascii_digit) {
            return Err(DinError::Digits { found: part(5..13) });
        }
        Ok(Self(bytes))
    }

    /// Parses what a person typed: small letters and the spaces of the label are taken, the check
    /// character is demanded, since it is there to catch mistyping.
    ///
    /// # Errors
    /// [`DinError`], also when the check character is missing or another than the number's.
    pub fn parse_typed(text: &str) -> Result<Self, DinError> {
        let typed: String =
            text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        let count = typed.chars().count();
        let Some((at, given)) = typed.char_indices().nth(13) else {
            return Err(match Self::parse(&typed) {
                Ok(_) => DinError::CheckMissing,
                Err(wrong) => wrong,
            });
        };
        if count > 14 {
            return Err(DinError::Length { found: count });
        }
        let din = Self::parse(&typed[..at])?;
        if din.check_character() == given {
            Ok(din)
        } else {
            Err(DinError::CheckWrong { din, given })
        }
    }

    /// The 13 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The character printed in a box after the number.
    #[must_use]
    pub fn check_character(&self) -> char {
        mod37_2(self.as_str()).unwrap_or('*')
    }

    /// Who assigned the number.
    #[must_use]
    pub fn facility(&self) -> Facility {
        let [a, b, c, d, e, ..] = self.0;
        Facility([a, b, c, d, e])
    }

    /// Last two digits of the nominal year of collection.
    #[must_use]
    pub fn year(&self) -> u8 {
        number(&self.0[5..7]) as u8
    }

    /// Serial number within facility and year.
    #[must_use]
    pub fn serial(&self) -> u32 {
        number(&self.0[7..])
    }

    /// The number as a label shows it: `A9990 26 000001`, without the check character.
    #[must_use]
    pub fn spaced(&self) -> String {
        let text = self.as_str();
        format!("{} {} {}", &text[..5], &text[5..7], &text[7..])
    }
}

/// A facility identification number: five characters that begin a donation number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Facility([u8; 5]);

impl Facility {
    /// Parses the five characters.
    ///
    /// # Errors
    /// [`DinError::Facility`].
    pub fn parse(text: &str) -> Result<Self, DinError> {
        match <[u8; 5]>::try_from(text.as_bytes()) {
            Ok(bytes) if is_facility(&bytes) => Ok(Self(bytes)),
            _ => Err(DinError::Facility { found: text.chars().take(16).collect() }),
        }
    }

    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A–N, P–Z or 1–9, then two capital letters or digits and two digits. The letter O stands nowhere,
/// and 0 never at the beginning, since they would be taken for each other.
fn is_facility(bytes: &[u8]) -> bool {
    let letter = |c: u8| matches!(c, b'A'..=b'N' | b'P'..=b'Z');
    bytes[0] != b'0'
        && bytes[..3].iter().all(|c| letter(*c) || c.is_ascii_digit())
        && bytes[3..].iter().all(u8::is_ascii_digit)
}

/// The number that a few ASCII digits stand for.
fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit.wrapping_sub(b'0')))
}

/// Which part of a donation a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Division {
    /// Not divided.
    Whole,
    /// A first split, `A` to `Z`.
    Split(char),
    /// A part of a split.
    Part(char, char),
}

/// A product code: what was made (five characters), how it was collected (one) and which part of
/// the donation it is (two).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProductCode([u8; 8]);

impl ProductCode {
    /// Before every code: a bound of ranges, never a code.
    pub(crate) const FIRST: Self = Self([0; 8]);

    /// After every code.
    pub(crate) const LAST: Self = Self([0xff; 8]);

    /// Parses the eight characters of a blood product.
    ///
    /// # Errors
    /// [`ProductCodeError`] naming the part that does not fit. Codes of cells, tissue and other
    /// products that are not blood are refused: their last characters mean something else.
    pub fn parse(text: &str) -> Result<Self, ProductCodeError> {
        let Ok(bytes) = <[u8; 8]>::try_from(text.as_bytes()) else {
            return Err(ProductCodeError::Length { found: text.chars().count() });
        };
        if !is_description(&bytes[..5]) {
            return Err(ProductCodeError::Description { found: text.chars().take(5).collect() });
        }
        if !bytes[5].is_ascii_alphanumeric() {
            let found = text.chars().nth(5).unwrap_or_default();
            return Err(ProductCodeError::Collection { found });
        }
        if bytes[6..] == *b"99" {
            return Err(ProductCodeError::Elsewhere);
        }
        if division([bytes[6], bytes[7]]).is_none() {
            return Err(ProductCodeError::Division { found: text.chars().skip(6).collect() });
        }
        Ok(Self(bytes))
    }

    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The product description code.
    #[must_use]
    pub fn pdc(&self) -> Pdc {
        let [a, b, c, d, e, ..] = self.0;
        Pdc([a, b, c, d, e])
    }

    /// How it was collected: `V` for a volunteer, `0` for not stated.
    #[must_use]
    pub fn collection(&self) -> char {
        char::from(self.0[5])
    }

    /// Which part of the donation it is.
    #[must_use]
    pub fn division(&self) -> Division {
        division([self.0[6], self.0[7]]).unwrap_or(Division::Whole)
    }

    /// The same product with another division.
    ///
    /// # Errors
    /// [`ProductCodeError::Division`] if the letters cannot be written.
    pub fn divided(&self, division: Division) -> Result<Self, ProductCodeError> {
        let tail = match division {
            Division::Whole => "00".to_owned(),
            Division::Split(first) => format!("{first}0"),
            Division::Part(first, second) => format!("{first}{second}"),
        };
        Self::parse(&format!("{}{tail}", &self.as_str()[..6]))
            .map_err(|_| ProductCodeError::Division { found: tail })
    }

    /// Whether a country assigned the code, so that only its own table may interpret it.
    #[must_use]
    pub const fn is_national(&self) -> bool {
        matches!(self.0[0], b'A'..=b'C')
    }

    /// Whether a facility assigned the code, so that only its own table may interpret it.
    #[must_use]
    pub const fn is_local(&self) -> bool {
        self.0[0] == b'D'
    }
}

/// A product description code: what a product is, in five characters that a licensed table
/// explains.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pdc([u8; 5]);

impl Pdc {
    /// Parses the five characters.
    ///
    /// # Errors
    /// [`ProductCodeError::Description`].
    pub fn parse(text: &str) -> Result<Self, ProductCodeError> {
        match <[u8; 5]>::try_from(text.as_bytes()) {
            Ok(bytes) if is_description(&bytes) => Ok(Self(bytes)),
            _ => Err(ProductCodeError::Description { found: text.chars().take(16).collect() }),
        }
    }

    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Who assigned the code.
    #[must_use]
    pub const fn boundary(&self) -> Boundary {
        match self.0[0] {
            b'A'..=b'C' => Boundary::National,
            b'D' => Boundary::Local,
            _ => Boundary::International,
        }
    }
}

/// Within what a product description code means what its table says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    /// Everywhere.
    International,
    /// The country that assigned it.
    National,
    /// The facility that assigned it.
    Local,
}

/// E and F for blood, A to C for a country's own codes, D for a facility's own.
fn is_description(bytes: &[u8]) -> bool {
    matches!(bytes[0], b'A'..=b'F')
        && bytes[1..].iter().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// What two characters say about the division.
const fn division(bytes: [u8; 2]) -> Option<Division> {
    match bytes {
        [b'0', b'0'] => Some(Division::Whole),
        [first @ b'A'..=b'Z', b'0'] => Some(Division::Split(first as char)),
        [first @ b'A'..=b'Z', second @ b'a'..=b'z'] => {
            Some(Division::Part(first as char, second as char))
        }
        _ => None,
    }
}

/// A unit: the least that traces it. Text form `A999026000001.E0336V00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId {
    /// Of which donation.
    pub din: Din,
    /// Which product of it.
    pub product: ProductCode,
}

impl UnitId {
    /// Before every unit: a bound of ranges, never a unit.
    pub(crate) const MIN: Self = Self { din: Din([0; 13]), product: ProductCode([0; 8]) };

    /// After every unit.
    pub(crate) const MAX: Self = Self { din: Din([0xff; 13]), product: ProductCode([0xff; 8]) };

    /// Parses the text form.
    ///
    /// # Errors
    /// [`UnitIdError`].
    pub fn parse(text: &str) -> Result<Self, UnitIdError> {
        let (din, product) = text.split_once('.').ok_or(UnitIdError::Shape)?;
        Ok(Self { din: Din::parse(din)?, product: ProductCode::parse(product)? })
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.din, self.product)
    }
}

macro_rules! displays {
    ($($Name:ident),*) => {$(
        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}
displays!(Din, Facility, ProductCode, Pdc);

macro_rules! texts {
    ($($Name:ident $Error:ident),*) => {$(
        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "\"{self}\"")
            }
        }

        impl FromStr for $Name {
            type Err = $Error;

            fn from_str(text: &str) -> Result<Self, $Error> {
                Self::parse(text)
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(de::Error::custom)
            }
        }
    )*};
}
texts!(
    Din DinError, Facility DinError, ProductCode ProductCodeError, Pdc ProductCodeError,
    UnitId UnitIdError
);
