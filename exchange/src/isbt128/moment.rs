//! Data structures 004 to 009: when a product expires, was collected, was made.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use samband_domain::Time;

use super::refused::{Field, Number, Refused};

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Occasion {
    /// It expires.
    Expiry,
    /// It was collected.
    Collection,
    /// It was made.
    Production,
}

/// A day, or a minute of it. Seconds cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// A day.
    Day(Date),
    /// A minute.
    Minute(DateTime),
}

/// A moment on a label, in the local time of whoever wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// What happens.
    pub occasion: Occasion,
    /// When.
    pub at: At,
}

impl Stamp {
    /// The expiry of a unit as its label says it, in Swedish time; the seconds fall away, so that
    /// a label never promises more than the record.
    #[must_use]
    pub fn expiry(time: Time) -> Option<Self> {
        Self::of(Occasion::Expiry, time)
    }

    /// A minute in Swedish time; none for years that no label can bear.
    #[must_use]
    pub fn of(occasion: Occasion, time: Time) -> Option<Self> {
        let instant = Timestamp::from_microsecond(time.0).ok()?;
        let local = instant.to_zoned(stockholm()).datetime();
        let minute = local.date().at(local.hour(), local.minute(), 0, 0);
        (1900..=2099).contains(&minute.year()).then_some(Self { occasion, at: At::Minute(minute) })
    }

    /// The moment, read as Swedish time. A day without a time means its last minute for what
    /// expires, and its beginning otherwise.
    #[must_use]
    pub fn time(&self) -> Option<Time> {
        let local = match (self.at, self.occasion) {
            (At::Minute(minute), _) => minute,
            (At::Day(day), Occasion::Expiry) => day.at(23, 59, 0, 0),
            (At::Day(day), _) => day.at(0, 0, 0, 0),
        };
        let zoned = local.to_zoned(stockholm()).ok()?;
        Some(Time(zoned.timestamp().as_microsecond()))
    }

    /// The structure that says it.
    #[must_use]
    pub const fn number(&self) -> Number {
        let first = match self.occasion {
            Occasion::Expiry => 4,
            Occasion::Collection => 6,
            Occasion::Production => 8,
        };
        match self.at {
            At::Day(_) => first,
            At::Minute(_) => first + 1,
        }
    }

    pub(super) fn parse(number: Number, data: &str) -> Result<Self, Refused> {
        let occasion = match number {
            4 | 5 => Occasion::Expiry,
            6 | 7 => Occasion::Collection,
            _ => Occasion::Production,
        };
        if !data.bytes().all(|c| c.is_ascii_digit()) {
            return Err(Refused::field(number, Field::Digits, data));
        }
        let day = day(number, &data[..6])?;
        if data.len() == 6 {
            return Ok(Self { occasion, at: At::Day(day) });
        }
        let clock = &data[6..];
        let bad = || Refused::field(number, Field::Clock, clock);
        let (hour, minute) = (two(&clock[..2]), two(&clock[2..]));
        if hour > 23 || minute > 59 {
            return Err(bad());
        }
        Ok(Self { occasion, at: At::Minute(day.at(hour, minute, 0, 0)) })
    }

    pub(super) fn encode(&self) -> String {
        let date = |date: Date| {
            let century = if date.year() < 2000 { 9 } else { 0 };
            format!("{century}{:02}{:03}", date.year() % 100, date.day_of_year())
        };
        match self.at {
            At::Day(day) => date(day),
            At::Minute(minute) => {
                format!("{}{:02}{:02}", date(minute.date()), minute.hour(), minute.minute())
            }
        }
    }
}

/// A century digit, two digits of a year and the day of that year. The digit is the year's last
/// but two: 0 for 20xx, 9 for 19xx. No other century can be meant by a label of today.
fn day(number: Number, data: &str) -> Result<Date, Refused> {
    let century = match &data[..1] {
        "0" => 2000,
        "9" => 1900,
        other => return Err(Refused::field(number, Field::Century, other)),
    };
    let bad = || Refused::field(number, Field::Day, &data[3..]);
    let year = century + i16::from(two(&data[1..3]));
    let day: i16 = data[3..].parse().map_err(|_| bad())?;
    if day == 0 {
        return Err(bad());
    }
    let first = Date::new(year, 1, 1).map_err(|_| bad())?;
    let date = first.checked_add((day - 1).days()).map_err(|_| bad())?;
    if date.year() == year { Ok(date) } else { Err(bad()) }
}

/// The number that two digits stand for.
fn two(digits: &str) -> i8 {
    digits.parse().unwrap_or(i8::MAX)
}

/// Swedish civil time; the zone's rules are compiled in.
fn stockholm() -> TimeZone {
    TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC)
}
