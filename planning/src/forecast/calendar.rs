//! The Swedish calendar as a blood service lives by it: public holidays by law (lag 1989:253),
//! eves and squeeze days by practice.

use samband_domain::words::Day;

/// What kind of day it is, beside its weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Like any other of its weekday.
    Ordinary,
    /// A public holiday, or an eve that the holidays act puts beside one (Midsummer, Christmas and
    /// New Year's Eve).
    Holiday,
    /// Half a day by practice: the eve of Epiphany, Maundy Thursday, Easter Eve, Walpurgis Night,
    /// All Saints' Eve. Friday after Ascension is a squeeze day.
    Eve,
    /// A single working day between days off.
    Squeeze,
}

/// Easter Sunday as day of March (32 is 1 April), by the anonymous Gregorian computus.
#[must_use]
pub const fn easter(year: i32) -> i32 {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let n = (h + l - 7 * m + 90) / 25;
    let p = (h + l - 7 * m + 33 * n + 19) % 32;
    if n == 3 { p } else { 31 + p }
}

/// The weekday, 0 for Monday.
#[must_use]
pub fn weekday(day: Day) -> usize {
    usize::from(day.date().weekday().to_monday_zero_offset().unsigned_abs())
}

fn parts(day: Day) -> (i32, i32, i32) {
    let date = day.date();
    (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))
}

/// Days after Easter Sunday of the same year.
fn after_easter(day: Day) -> i32 {
    let (year, month, date) = parts(day);
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = i32::from(day.date().in_leap_year());
    let of_year = |month: i32, date: i32| {
        let at = usize::try_from(month - 1).unwrap_or(0);
        before[at] + date + if month > 2 { leap } else { 0 }
    };
    of_year(month, date) - of_year(3, 0) - easter(year)
}

/// Whether it is a public holiday by law, Sundays apart.
#[must_use]
pub fn is_public_holiday(day: Day) -> bool {
    let (_, month, date) = parts(day);
    let saturday = weekday(day) == 5;
    matches!((month, date), (1, 1 | 6) | (5, 1) | (6, 6) | (12, 25 | 26))
        || matches!(after_easter(day), -2 | 0 | 1 | 39 | 49)
        || (saturday && month == 6 && (20..=26).contains(&date))
        || (saturday && ((month == 10 && date == 31) || (month == 11 && date <= 6)))
}

/// What a holiday, an eve or a squeeze day is called; none for other days and plain Sundays.
#[must_use]
pub fn name(day: Day) -> Option<&'static str> {
    let (_, month, date) = parts(day);
    let fixed = match (month, date) {
        (1, 1) => "new_year",
        (1, 5) => "epiphany_eve",
        (1, 6) => "epiphany",
        (4, 30) => "walpurgis",
        (5, 1) => "may_day",
        (6, 6) => "national_day",
        (12, 24) => "christmas_eve",
        (12, 25) => "christmas",
        (12, 26) => "boxing_day",
        (12, 31) => "new_years_eve",
        _ => "",
    };
    if !fixed.is_empty() {
        return Some(fixed);
    }
    let moving = match after_easter(day) {
        -3 => "maundy_thursday",
        -2 => "good_friday",
        -1 => "easter_eve",
        0 => "easter",
        1 => "easter_monday",
        39 => "ascension",
        49 => "whit_sunday",
        _ => "",
    };
    if !moving.is_empty() {
        return Some(moving);
    }
    match (kind(day), month) {
        (Kind::Holiday, 6) if weekday(day) == 4 => Some("midsummer_eve"),
        (Kind::Holiday, 6) => Some("midsummer"),
        (Kind::Holiday, _) => Some("all_saints"),
        (Kind::Eve, _) => Some("all_saints_eve"),
        (Kind::Squeeze, _) => Some("squeeze"),
        (Kind::Ordinary, _) => None,
    }
}

fn is_great_eve(day: Day) -> bool {
    let (_, month, date) = parts(day);
    matches!((month, date), (12, 24 | 31))
        || (weekday(day) == 4 && month == 6 && (19..=25).contains(&date))
}

fn is_off(day: Day) -> bool {
    weekday(day) >= 5 || is_public_holiday(day) || is_great_eve(day)
}

/// What kind of day it is.
#[must_use]
pub fn kind(day: Day) -> Kind {
    if is_public_holiday(day) || is_great_eve(day) {
        return Kind::Holiday;
    }
    let (_, month, date) = parts(day);
    let friday = weekday(day) == 4;
    let all_saints = friday && ((month == 10 && date >= 30) || (month == 11 && date <= 5));
    if matches!((month, date), (1, 5) | (4, 30))
        || matches!(after_easter(day), -3 | -1)
        || all_saints
    {
        return Kind::Eve;
    }
    let before = day.date().yesterday().ok().and_then(Day::new);
    let between = before.is_some_and(is_off) && is_off(day.plus_days(1));
    if weekday(day) < 5 && between { Kind::Squeeze } else { Kind::Ordinary }
}
