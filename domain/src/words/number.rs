//! The number by which a person is known: personnummer, samordningsnummer, or a reserve number.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Why a text is no person's number, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PersonNumberError {
    /// The century is never guessed.
    #[error("write the number with the century, twelve digits: ÅÅÅÅMMDD-NNNN")]
    Century,
    /// Neither twelve digits nor a reserve number.
    #[error(
        "a number has twelve digits; a reserve number has 6–20 capital letters and digits, with at least one letter"
    )]
    Form,
    /// Not a day of the calendar.
    #[error("the first eight digits are not a date")]
    Date,
    /// A digit is wrong.
    #[error("the last digit does not agree with the others; look at the number again")]
    Check,
}

/// A person's number. Two people may share one by mistake, and one person may have several: it
/// finds somebody, it is not who somebody is.
///
/// Source: SKV 704 for the check digit; blood.md §8.4 for reserve numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PersonNumber {
    /// Personnummer, twelve digits.
    Personal(String),
    /// Samordningsnummer, twelve digits, the day with sixty added.
    Coordination(String),
    /// A region's own number for somebody whose identity is not established.
    Reserve(String),
}

impl PersonNumber {
    /// The number as text, without a hyphen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Personal(text) | Self::Coordination(text) | Self::Reserve(text) => text,
        }
    }

    /// The kind as message key.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Personal(_) => "personal",
            Self::Coordination(_) => "coordination",
            Self::Reserve(_) => "reserve",
        }
    }

    /// Whether it says who somebody is.
    #[must_use]
    pub const fn identifies(&self) -> bool {
        !matches!(self, Self::Reserve(_))
    }

    /// The date of birth; a reserve number says none.
    #[must_use]
    pub fn born(&self) -> Option<Date> {
        match self {
            Self::Personal(text) => day(text, 0),
            Self::Coordination(text) => day(text, 60),
            Self::Reserve(_) => None,
        }
    }

    /// Whether the registered sex is female; a reserve number says none.
    #[must_use]
    pub fn is_female(&self) -> Option<bool> {
        let text = self.identifies().then(|| self.as_str().as_bytes())?;
        Some(text.get(10)?.is_multiple_of(2))
    }
}

/// The date in the first eight digits, with something added to the day.
fn day(text: &str, added: i8) -> Option<Date> {
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |value: i16| i8::try_from(value).ok();
    let (month, day) = (small(part(4, 6)?)?, small(part(6, 8)?)? - added);
    let year = part(0, 4)?;
    Date::new(year, month, day).ok().filter(|born| *born >= date(1850, 1, 1))
}

/// Luhn over the nine digits after the century, held against the tenth.
fn agrees(digits: &[u8]) -> bool {
    let weigh = |(at, digit): (usize, &u8)| {
        let value = u32::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
        value / 10 + value % 10
    };
    digits[2..].iter().enumerate().map(weigh).sum::<u32>().is_multiple_of(10)
}

impl FromStr for PersonNumber {
    type Err = PersonNumberError;

    fn from_str(text: &str) -> Result<Self, PersonNumberError> {
        use PersonNumberError as E;
        let text = text.trim();
        let plain: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
        let is_digits = plain.bytes().all(|byte| byte.is_ascii_digit());
        if is_digits && plain.len() == 12 {
            let (personal, coordination) = (day(&plain, 0), day(&plain, 60));
            if personal.is_none() && coordination.is_none() {
                return Err(E::Date);
            }
            if !agrees(plain.as_bytes()) {
                return Err(E::Check);
            }
            return Ok(match personal {
                Some(_) => Self::Personal(plain),
                None => Self::Coordination(plain),
            });
        }
        let short = text.replace(['-', '+', ' '], "");
        if short.len() == 10 && short.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(E::Century);
        }
        let fits = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        let has_letter = plain.bytes().any(|byte| byte.is_ascii_uppercase());
        if (6..=20).contains(&plain.len()) && has_letter && plain.bytes().all(fits) {
            return Ok(Self::Reserve(plain));
        }
        Err(E::Form)
    }
}

impl fmt::Display for PersonNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Personal(text) | Self::Coordination(text) => {
                write!(f, "{}-{}", &text[..8], &text[8..])
            }
            Self::Reserve(text) => f.write_str(text),
        }
    }
}

impl Serialize for PersonNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PersonNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text::parse(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_are_read() {
        for good in ["196408233234", "19640823-3234", "191212121212", "193910303183"] {
            assert!(matches!(good.parse(), Ok(PersonNumber::Personal(_))), "{good}");
        }
        let other: PersonNumber = "196109732393".parse().unwrap();
        assert_eq!(other.kind(), "coordination");
        assert_eq!(other.born(), Some(date(1961, 9, 13)));
        assert_eq!("196408233235".parse::<PersonNumber>(), Err(PersonNumberError::Check));
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        use PersonNumberError as E;
        for (bad, why) in [
            ("640823-3234", E::Century),
            ("640823+3234", E::Century),
            ("196413233234", E::Date),
            ("196402303234", E::Date),
            ("", E::Form),
            ("12345", E::Form),
            ("r99-abc", E::Form),
        ] {
            assert_eq!(bad.parse::<PersonNumber>(), Err(why), "{bad}");
        }
        let reserve: PersonNumber = "SKR 26-0001".parse().unwrap();
        assert_eq!((reserve.as_str(), reserve.born()), ("SKR260001", None));
        assert_eq!(reserve.is_female(), None);
    }

    #[test]
    fn one_wrong_digit_never_passes() {
        let good = b"196408233234";
        for at in 8..12 {
            for digit in b'0'..=b'9' {
                let mut text = *good;
                text[at] = digit;
                let text = std::str::from_utf8(&text).unwrap();
                assert_eq!(text.parse::<PersonNumber>().is_ok(), digit == good[at], "{text}");
            }
        }
    }

    #[test]
    fn it_reads_back_what_it_wrote() {
        for text in ["196408233234", "196109732393", "SKR260001"] {
            let number: PersonNumber = text.parse().unwrap();
            assert_eq!(number.to_string().parse(), Ok(number.clone()));
            let json = serde_json::to_string(&number).unwrap();
            assert_eq!(serde_json::from_str::<PersonNumber>(&json).unwrap(), number);
        }
        assert_eq!("191212121212".parse::<PersonNumber>().unwrap().is_female(), Some(false));
    }
}
