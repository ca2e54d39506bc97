//! Moments, windows and reporting periods.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A moment: microseconds since 1970-01-01 00:00 UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// This moment plus a number of seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This moment plus a number of 24-hour days.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days.saturating_mul(86_400))
    }

    /// Microseconds from an earlier moment to this one; negative if it lies ahead.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Midnight in Sweden at the start of a date; `None` for dates outside the calendar.
    #[must_use]
    pub fn start_of(date: Date) -> Option<Self> {
        let zoned = date.to_zoned(stockholm()).ok()?;
        Some(Self(zoned.timestamp().as_microsecond()))
    }

    /// The date in Sweden on which the moment falls.
    #[must_use]
    pub fn date(self) -> Date {
        let timestamp = jiff::Timestamp::from_microsecond(self.0).unwrap_or_default();
        timestamp.to_zoned(stockholm()).date()
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

/// Swedish civil time; the zone's rules are compiled in, so every machine agrees.
fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)
}

/// Why two moments are not a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a window must end after it starts")]
pub struct WindowError;

/// From a moment up to, not including, another; open-ended without an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Window {
    /// First moment inside.
    from: Time,
    /// First moment outside; none means until further notice.
    until: Option<Time>,
}

impl Window {
    /// A window; an end, if given, must lie after the start.
    ///
    /// # Errors
    /// [`WindowError`] if it ends before it starts.
    pub fn new(from: Time, until: Option<Time>) -> Result<Self, WindowError> {
        if until.is_some_and(|until| until <= from) {
            return Err(WindowError);
        }
        Ok(Self { from, until })
    }

    /// A window without an end.
    #[must_use]
    pub const fn open(from: Time) -> Self {
        Self { from, until: None }
    }

    /// First moment inside.
    #[must_use]
    pub const fn from(&self) -> Time {
        self.from
    }

    /// First moment outside.
    #[must_use]
    pub const fn until(&self) -> Option<Time> {
        self.until
    }

    /// Whether the moment lies inside.
    #[must_use]
    pub fn contains(&self, at: Time) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }

    /// Whether another window lies wholly inside this one.
    #[must_use]
    pub fn covers(&self, inner: &Self) -> bool {
        let ends_in_time = match (self.until, inner.until) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(mine), Some(its)) => its <= mine,
        };
        self.from <= inner.from && ends_in_time
    }

    /// Whether the two share a moment.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from < until)
            && other.until.is_none_or(|until| self.from < until)
    }

    /// The same window ending at a moment, if that shortens it; a moment at or before the start
    /// leaves one microsecond, so that what was never in force is still a window.
    #[must_use]
    pub fn ended_at(&self, at: Time) -> Self {
        let at = at.max(Time(self.from.0.saturating_add(1)));
        Self { from: self.from, until: Some(self.until.map_or(at, |until| until.min(at))) }
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Raw {
            from: Time,
            until: Option<Time>,
        }
        let raw = Raw::deserialize(deserializer)?;
        Self::new(raw.from, raw.until).map_err(de::Error::custom)
    }
}

/// Why a text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not a period: write a year (2024), a month (2024-06) or a date (2024-06-30)")]
pub struct PeriodError(pub String);

/// What a figure covers: a calendar year, month or day in Sweden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// A calendar month.
    Month(i16, i8),
    /// A date.
    Day(Date),
}

impl Period {
    /// The first date after the period, from which its age is counted.
    #[must_use]
    pub fn end(&self) -> Date {
        let after = match *self {
            Self::Year(year) => Date::new(year.saturating_add(1), 1, 1),
            Self::Month(year, 12) => Date::new(year.saturating_add(1), 1, 1),
            Self::Month(year, month) => Date::new(year, month + 1, 1),
            Self::Day(date) => date.tomorrow(),
        };
        after.unwrap_or(Date::MAX)
    }

    /// The moment the period ended.
    #[must_use]
    pub fn ended(&self) -> Time {
        Time::start_of(self.end()).unwrap_or(Time(i64::MAX))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) if date.year() < 0 => write!(f, "{date}"),
            Self::Day(date) => {
                write!(f, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
            }
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.chars().take(40).collect());
        let year = |digits| number(digits).filter(|year| (1900..=2999).contains(year));
        let small = |digits| number(digits).and_then(|n| i8::try_from(n).ok());
        let (digits, places) = (text.as_bytes(), text.len());
        let period = match *digits {
            [a, b, c, d] => year(&[a, b, c, d]).map(Self::Year),
            [.., b'-', c, d] if places == 7 => year(&digits[..4])
                .zip(small(&[c, d]))
                .filter(|(_, month)| (1..=12).contains(month))
                .map(|(year, month)| Self::Month(year, month)),
            [.., b'-', c, d, b'-', e, f] if places == 10 => year(&digits[..4])
                .zip(small(&[c, d]).zip(small(&[e, f])))
                .and_then(|(year, (month, day))| Date::new(year, month, day).ok())
                .map(Self::Day),
            _ => None,
        };
        period.ok_or_else(wrong)
    }
}

/// A number of plain digits.
fn number(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0_i16, |sum, digit| {
        let digit = digit.is_ascii_digit().then(|| i16::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(digit)
    })
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::text::parse(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_written_and_nothing_else_is_a_period() {
        for text in ["2024", "2024-06", "2024-12", "2024-02-29"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["", "24", "2024-13", "2024-00", "2023-02-29", "2024-6", "2024-06-30-1", "år"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_ends_at_swedish_midnight() {
        let ended = "2024".parse::<Period>().unwrap().ended();
        assert_eq!(ended.to_string(), "2024-12-31T23:00:00Z");
    }

    #[test]
    fn a_window_contains_its_start_and_not_its_end() {
        let window = Window::new(Time(10), Some(Time(20))).unwrap();
        assert!(window.contains(Time(10)) && window.contains(Time(19)));
        assert!(!window.contains(Time(20)) && !window.contains(Time(9)));
        assert!(Window::new(Time(10), Some(Time(10))).is_err());
        assert!(Window::open(Time(5)).covers(&window) && !window.covers(&Window::open(Time(12))));
    }
}
