//! Clocks as people write them: `14:05`, `kl 14.05`, `1405`, or with the day before them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time as Clock};
use samband_domain::Time;

const ZONE: &str = "Europe/Stockholm";

/// Hours and minutes.
fn clock(text: &str) -> Option<Clock> {
    let text = text.trim().trim_start_matches("kl").trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let rest = text.chars().any(|c| !c.is_ascii_digit() && !matches!(c, ':' | '.'));
    let (hours, minutes) = match (rest, digits.len()) {
        (false, 3 | 4) => digits.split_at(digits.len() - 2),
        _ => return None,
    };
    Clock::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

fn at(date: Date, clock: Clock) -> Option<Time> {
    let zoned = DateTime::from_parts(date, clock).in_tz(ZONE).ok()?;
    Some(Time(zoned.timestamp().as_microsecond()))
}

fn whole(text: &str) -> Option<Time> {
    if let Ok(stamp) = text.trim().parse::<Timestamp>() {
        return Some(Time(stamp.as_microsecond()));
    }
    let (day, rest) = text.trim().split_once([' ', 'T'])?;
    at(day.parse().ok()?, clock(rest)?)
}

/// The last time that it was so late; a text with a day means that day.
#[must_use]
pub fn latest(text: &str, now: Time) -> Option<Time> {
    whole(text).or_else(|| {
        let (today, clock) = (now.date(), clock(text)?);
        let then = at(today, clock)?;
        if then <= now { Some(then) } else { at(today.yesterday().ok()?, clock) }
    })
}

/// The next time that it will be so late; a text with a day means that day.
#[must_use]
pub fn next(text: &str, now: Time) -> Option<Time> {
    whole(text).or_else(|| {
        let (today, clock) = (now.date(), clock(text)?);
        let then = at(today, clock)?;
        if then >= now { Some(then) } else { at(today.tomorrow().ok()?, clock) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-06-01 14:00 in Sweden.
    const NOW: Time = Time(1_780_315_200_000_000);

    #[test]
    fn a_clock_is_the_last_or_the_next_one_and_a_day_is_that_day() {
        let minutes = |time: Option<Time>| time.map(|time| time.since(NOW) / 60_000_000);
        assert_eq!(minutes(latest("13:55", NOW)), Some(-5));
        assert_eq!(minutes(latest("kl 14.05", NOW)), Some(5 - 24 * 60));
        assert_eq!(minutes(next("1405", NOW)), Some(5));
        assert_eq!(minutes(next("13:55", NOW)), Some(24 * 60 - 5));
        assert_eq!(minutes(latest("2026-06-02 14:00", NOW)), Some(24 * 60));
        for bad in ["", "25:00", "12:61", "strax", "1", "12345"] {
            assert_eq!(latest(bad, NOW), None, "{bad}");
        }
    }
}
