//! Moments as CAP writes them: to the second, with the distance from UTC, never with `Z`.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use samband_domain::Time;
use thiserror::Error;

/// How far local time is from UTC. The standard writes UTC itself as `-00:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Zone {
    /// `-00:00`
    Utc,
    /// Minutes ahead of UTC, at most 840. Nought is a local time that agrees with UTC.
    Ahead(i16),
    /// Minutes behind UTC, 1 to 840.
    Behind(i16),
}

/// The largest distance from UTC that XML Schema allows, in minutes.
const FARTHEST: i16 = 14 * 60;
const BEHIND: i16 = -FARTHEST;

/// A moment of the years 1 to 9999, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    local: DateTime,
    zone: Zone,
}

/// Why a text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotMoment {
    /// Ends with `Z` or another letter.
    #[error("the zone is a letter; CAP writes UTC as -00:00, Swedish time as +01:00 or +02:00")]
    Letter,
    /// No zone.
    #[error("there is no distance from UTC")]
    NoZone,
    /// Parts of a second.
    #[error("there are parts of a second")]
    Fraction,
    /// Another form.
    #[error("it is not written YYYY-MM-DDThh:mm:ss±hh:mm")]
    Form,
    /// No such day or time of day.
    #[error("there is no such day or time of day")]
    NoSuch,
}

impl Moment {
    /// A moment in Swedish time. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn swedish(time: Time) -> Option<Self> {
        let zone = TimeZone::get("Europe/Stockholm").ok()?;
        let zoned = jiff::Timestamp::from_second(time.0.div_euclid(1_000_000)).ok()?.to_zoned(zone);
        // In 1879 and before, Swedish time was not a whole number of minutes from UTC.
        let minutes = i16::try_from(zoned.offset().seconds().div_euclid(60)).ok()?;
        Self::at(time, minutes)
    }

    /// A moment in UTC. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn utc(time: Time) -> Option<Self> {
        Some(Self { zone: Zone::Utc, ..Self::at(time, 0)? })
    }

    /// A moment in the local time that is so many minutes ahead of UTC (negative: behind).
    /// `None` outside the years 1 to 9999 or farther than 14 hours from UTC.
    #[must_use]
    pub fn at(time: Time, minutes: i16) -> Option<Self> {
        let zone = match minutes {
            0..=FARTHEST => Zone::Ahead(minutes),
            BEHIND..0 => Zone::Behind(-minutes),
            _ => return None,
        };
        let seconds = time.0.div_euclid(1_000_000).checked_add(i64::from(minutes) * 60)?;
        let span = jiff::SignedDuration::from_secs(seconds);
        let local = epoch().checked_add(span).ok()?;
        (1..=9999).contains(&local.year()).then_some(Self { local, zone })
    }

    /// Reads a moment.
    ///
    /// # Errors
    /// Says in what way it is none.
    pub fn read(text: &str) -> Result<Self, NotMoment> {
        let (local, zone) = text.split_at_checked(19).ok_or(NotMoment::Form)?;
        let local = read_local(local)?;
        if zone.is_empty() {
            return Err(NotMoment::NoZone);
        }
        if zone.starts_with('.') {
            return Err(NotMoment::Fraction);
        }
        if zone.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Err(NotMoment::Letter);
        }
        Ok(Self { local, zone: read_zone(zone)? })
    }

    /// Seconds since 1970-01-01 00:00 UTC.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        let minutes = match self.zone {
            Zone::Utc => 0,
            Zone::Ahead(minutes) => i64::from(minutes),
            Zone::Behind(minutes) => -i64::from(minutes),
        };
        self.local.duration_since(epoch()).as_secs() - minutes * 60
    }

    /// Whether it is written `+00:00`: right for a local time, wrong for UTC.
    #[must_use]
    pub fn is_plus_nought(&self) -> bool {
        self.zone == Zone::Ahead(0)
    }
}

const fn epoch() -> DateTime {
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
}

/// The digits between two places, if there are only digits.
fn digits<T: std::str::FromStr>(text: &str, from: usize, to: usize) -> Option<T> {
    let part = text.get(from..to)?;
    if part.bytes().all(|b| b.is_ascii_digit()) { part.parse().ok() } else { None }
}

fn read_local(text: &str) -> Result<DateTime, NotMoment> {
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if !marks.iter().all(|(at, mark)| text.as_bytes().get(*at) == Some(mark)) {
        return Err(NotMoment::Form);
    }
    let part = |from, to| digits::<i8>(text, from, to).ok_or(NotMoment::Form);
    let year = digits::<i16>(text, 0, 4).ok_or(NotMoment::Form)?;
    let (month, day) = (part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    if year == 0 || second > 59 {
        return Err(NotMoment::NoSuch);
    }
    DateTime::new(year, month, day, hour, minute, second, 0).map_err(|_| NotMoment::NoSuch)
}

fn read_zone(text: &str) -> Result<Zone, NotMoment> {
    if text.len() != 6 || text.as_bytes().get(3) != Some(&b':') {
        return Err(NotMoment::Form);
    }
    let hours = digits::<i16>(text, 1, 3).ok_or(NotMoment::Form)?;
    let minutes = digits::<i16>(text, 4, 6).ok_or(NotMoment::Form)?;
    let sum = hours * 60 + minutes;
    if minutes > 59 || sum > FARTHEST {
        return Err(NotMoment::NoSuch);
    }
    match (text.as_bytes().first(), sum) {
        (Some(b'-'), 0) => Ok(Zone::Utc),
        (Some(b'-'), _) => Ok(Zone::Behind(sum)),
        (Some(b'+'), _) => Ok(Zone::Ahead(sum)),
        _ => Err(NotMoment::Form),
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, minutes) = match self.zone {
            Zone::Utc => ('-', 0),
            Zone::Ahead(minutes) => ('+', minutes),
            Zone::Behind(minutes) => ('-', minutes),
        };
        let local = self.local.strftime("%Y-%m-%dT%H:%M:%S");
        write!(f, "{local}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}
