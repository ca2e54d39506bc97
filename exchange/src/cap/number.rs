//! Decimal numbers without floats: whole thousand-millionths.

use std::fmt;

use thiserror::Error;

/// A decimal number with at most nine places after the point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(i64);

const ONE: i64 = 1_000_000_000;

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotNumber {
    /// Another form, an exponent for instance.
    #[error("it is not a decimal number")]
    Form,
    /// Larger than anything that is measured here.
    #[error("the number is too large")]
    Large,
}

impl Decimal {
    /// A number of thousand-millionths.
    #[must_use]
    pub const fn nano(value: i64) -> Self {
        Self(value)
    }

    /// A number of millionths: 56 850 000 is 56.85. `None` beyond nine thousand million.
    #[must_use]
    pub const fn micro(value: i64) -> Option<Self> {
        match value.checked_mul(1000) {
            Some(nano) => Some(Self(nano)),
            None => None,
        }
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i32) -> Self {
        Self(value as i64 * ONE)
    }

    /// As thousand-millionths.
    #[must_use]
    pub const fn as_nano(self) -> i64 {
        self.0
    }

    /// Reads a decimal number. Places after the ninth are cut off.
    ///
    /// # Errors
    /// If it is none, or too large.
    pub fn read(text: &str) -> Result<Self, NotNumber> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let only_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !only_digits(whole) || !only_digits(part) || whole.len() + part.len() == 0 {
            return Err(NotNumber::Form);
        }
        let part: String = part.chars().chain("000000000".chars()).take(9).collect();
        let whole = if whole.is_empty() { "0" } else { whole };
        let whole: i64 = whole.parse().map_err(|_| NotNumber::Large)?;
        let part: i64 = part.parse().map_err(|_| NotNumber::Form)?;
        let sum = whole.checked_mul(ONE).and_then(|whole| whole.checked_add(part));
        let sum = sum.ok_or(NotNumber::Large)?;
        Ok(Self(if negative { -sum } else { sum }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let part = format!("{:09}", size % one);
        let part = part.trim_end_matches('0');
        let point = if part.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{part}", size / one)
    }
}
