//! A date of the Swedish calendar: what a person states who was tattooed "on 3 May".

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use super::Time;

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not a date: write year, month and day (2024-06-30)")]
pub struct DayError(pub String);

/// A date in Sweden, from 1850 to 2999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// A date of the calendar; none outside the years that a record can speak of.
    #[must_use]
    pub fn new(day: Date) -> Option<Self> {
        (date(1850, 1, 1)..date(3000, 1, 1)).contains(&day).then_some(Self(day))
    }

    /// The date on which a moment falls in Sweden.
    #[must_use]
    pub fn of(at: Time) -> Self {
        Self(at.date())
    }

    /// The date of the calendar.
    #[must_use]
    pub const fn date(self) -> Date {
        self.0
    }

    /// Midnight at its start.
    #[must_use]
    pub fn starts(self) -> Time {
        Time::start_of(self.0).unwrap_or(Time(i64::MAX))
    }

    /// So many calendar days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self(self.0.saturating_add(i64::from(days).days()))
    }

    /// So many calendar days earlier.
    #[must_use]
    pub fn minus_days(self, days: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(days).days()))
    }

    /// So many calendar months later: from 31 August six months lead to the last of February.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        Self(self.0.saturating_add(i64::from(months.min(12_000)).months()))
    }

    /// So many calendar months earlier.
    #[must_use]
    pub fn minus_months(self, months: u32) -> Self {
        Self(self.0.saturating_sub(i64::from(months.min(12_000)).months()))
    }

    /// Days from an earlier date to this one; negative if it lies ahead.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0).get_days().into()
    }

    /// Completed years on a date of somebody born on this one; none before birth. Somebody born
    /// on 29 February completes a year on 1 March of a common year.
    #[must_use]
    pub fn age_on(self, on: Self) -> Option<u8> {
        let years = i32::from(on.0.year()) - i32::from(self.0.year());
        let passed = (on.0.month(), on.0.day()) >= (self.0.month(), self.0.day());
        u8::try_from(years - i32::from(!passed)).ok()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let plain = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let day = if plain { text.parse::<Date>().ok().and_then(Self::new) } else { None };
        day.ok_or_else(|| DayError(text.chars().take(40).collect()))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text::parse(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn dates_are_read_as_written() {
        assert_eq!(day("2024-02-29").to_string(), "2024-02-29");
        for bad in ["", "2023-02-29", "2024-2-9", "20240229", "2024-02-29T10", "1700-01-01"] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }

    #[test]
    fn months_end_where_the_calendar_ends() {
        assert_eq!(day("2025-08-31").plus_months(6), day("2026-02-28"));
        assert_eq!(day("2026-03-31").minus_months(1), day("2026-02-28"));
        assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
        assert_eq!(Day::of(day("2026-07-01").starts()), day("2026-07-01"));
    }

    #[test]
    fn ages_turn_on_the_birthday() {
        let born = day("1966-11-22");
        assert_eq!(born.age_on(day("2026-11-21")), Some(59));
        assert_eq!(born.age_on(day("2026-11-22")), Some(60));
        assert_eq!(born.age_on(day("1960-01-01")), None);
        assert_eq!(day("2004-02-29").age_on(day("2022-02-28")), Some(17));
        assert_eq!(day("2004-02-29").age_on(day("2022-03-01")), Some(18));
    }
}
