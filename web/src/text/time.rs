//! Dates, times and ages as seen in Sweden. Instants come in as microseconds UTC.

use std::sync::OnceLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};

use super::{Lang, Words};

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The zone of every clock on the screen. The data base is built in, so it is always there.
fn stockholm() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC))
}

fn zoned(micros: i64) -> Option<Zoned> {
    let instant = Timestamp::from_microsecond(micros).ok()?;
    Some(instant.to_zoned(stockholm().clone()))
}

impl Words {
    /// The day of an instant: `2025-10-17`, `17 Oct 2025`.
    #[must_use]
    pub fn date(self, micros: i64) -> String {
        zoned(micros).map_or_else(|| self.unknown(), |z| self.day(z.date()))
    }

    /// The clock of an instant: `14:05`.
    #[must_use]
    pub fn clock(self, micros: i64) -> String {
        zoned(micros)
            .map_or_else(|| self.unknown(), |z| format!("{:02}:{:02}", z.hour(), z.minute()))
    }

    /// Day and clock: `2025-10-17 kl 14:05`, `17 Oct 2025, 14:05`.
    #[must_use]
    pub fn date_time(self, micros: i64) -> String {
        if zoned(micros).is_none() {
            return self.unknown();
        }
        let (date, clock) = (self.date(micros), self.clock(micros));
        self.t_args("time-date-clock", &[("date", date.into()), ("clock", clock.into())])
    }

    /// A day written as `2025-10-17`, in the language's form; anything else is shown as it is.
    #[must_use]
    pub fn iso_date(self, text: &str) -> String {
        text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| self.day(date))
    }

    /// How old something is: `12 min`, `26 h`, `3 d`, `10 mån`, `1 år 10 mån`.
    ///
    /// An instant that lies ahead of `now` is named as such: two clocks disagree, and a made-up
    /// age would hide it.
    #[must_use]
    pub fn age(self, then: i64, now: i64) -> String {
        if then > now.saturating_add(MINUTE) {
            return self.t_args("age-ahead", &[("span", self.span(now, then).into())]);
        }
        self.span(then, now)
    }

    /// How long is left until `deadline`, or by how much it has passed.
    #[must_use]
    pub fn remaining(self, now: i64, deadline: i64) -> String {
        if deadline < now {
            self.t_args("time-overdue", &[("span", self.span(deadline, now).into())])
        } else {
            self.t_args("time-left", &[("span", self.span(now, deadline).into())])
        }
    }

    fn day(self, date: Date) -> String {
        match self.lang {
            Lang::Sv => date.to_string(),
            Lang::En => {
                let month = usize::try_from(date.month() - 1).unwrap_or_default();
                format!("{} {} {}", date.day(), MONTHS_EN[month], date.year())
            }
        }
    }

    fn span(self, from: i64, to: i64) -> String {
        let length = to.saturating_sub(from).max(0);
        let count = |unit: i64| length / unit;
        match length {
            0..MINUTE => self.t("age-under-minute"),
            MINUTE..HOUR => self.t_args("age-minutes", &[("n", count(MINUTE).into())]),
            HOUR..172_800_000_000 => self.t_args("age-hours", &[("n", count(HOUR).into())]),
            _ => match months_between(from, to) {
                Some(months) if months >= 12 => self.years(months),
                Some(months) if months >= 2 => self.t_args("age-months", &[("n", months.into())]),
                _ => self.t_args("age-days", &[("n", count(DAY).into())]),
            },
        }
    }

    fn years(self, months: i64) -> String {
        let years = self.t_args("age-years", &[("n", (months / 12).into())]);
        match months % 12 {
            0 => years,
            rest => format!("{years} {}", self.t_args("age-months", &[("n", rest.into())])),
        }
    }
}

/// Whole calendar months, so that an age agrees with the calendar on the wall.
fn months_between(from: i64, to: i64) -> Option<i64> {
    let (from, to) = (zoned(from)?, zoned(to)?);
    let span = from.until((Unit::Month, &to)).ok()?;
    Some(i64::from(span.get_months()))
}

/// The machine-readable instant for `<time datetime>`.
#[must_use]
pub fn machine_time(micros: i64) -> Option<String> {
    Timestamp::from_microsecond(micros).ok().map(|instant| instant.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SV: Words = Words::sv();
    const EN: Words = Words::en();
    const THEN: i64 = 1_760_702_700_000_000; // 2025-10-17T12:05:00Z

    #[test]
    fn clocks_are_those_of_stockholm_in_summer_and_winter() {
        assert_eq!(SV.date_time(THEN), "2025-10-17 kl 14:05");
        assert_eq!(EN.date_time(THEN), "17 Oct 2025, 14:05");
        assert_eq!(SV.clock(THEN + 30 * DAY), "13:05");
        // One minute before midnight in London is already the next day here.
        assert_eq!(SV.date(1_767_225_540_000_000), "2026-01-01");
    }

    #[test]
    fn an_age_uses_the_unit_a_person_would() {
        let age = |length| SV.age(THEN, THEN + length);
        assert_eq!(age(59 * SECOND), "under 1 min");
        assert_eq!(age(12 * MINUTE), "12 min");
        assert_eq!(age(26 * HOUR), "26 h");
        assert_eq!(age(3 * DAY), "3 d");
        assert_eq!(age(59 * DAY), "59 d");
        assert_eq!(age(310 * DAY), "10 mån");
        assert_eq!(age(675 * DAY), "1 år 10 mån");
        assert_eq!(age(366 * DAY), "1 år");
        assert_eq!(EN.age(THEN, THEN + 675 * DAY), "1 yr 10 mo");
    }

    #[test]
    fn a_clock_that_is_ahead_is_named_and_small_skew_is_not() {
        assert_eq!(SV.age(THEN + 30 * SECOND, THEN), "under 1 min");
        assert_eq!(SV.age(THEN + 2 * HOUR, THEN), "2 h före den här klockan");
        assert_eq!(SV.remaining(THEN, THEN + 2 * HOUR), "2 h kvar");
        assert_eq!(EN.remaining(THEN + 3 * DAY, THEN), "3 d overdue");
    }

    #[test]
    fn days_from_text_and_impossible_instants() {
        assert_eq!(EN.iso_date("2025-10-17"), "17 Oct 2025");
        assert_eq!(EN.iso_date("2025 Q3"), "2025 Q3");
        assert_eq!(SV.date_time(i64::MAX), "okänt");
        assert_eq!(machine_time(THEN).as_deref(), Some("2025-10-17T12:05:00Z"));
    }
}
