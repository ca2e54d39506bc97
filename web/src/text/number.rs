//! Numbers as people in the two languages write them, rounded exactly.

use super::{Lang, Words};

/// An exact number: numerator and denominator. A denominator of 0 is an unknown number.
pub type Ratio = (i128, i128);

/// Any whole number; unlike `Into<i128>` it takes lengths too.
pub trait Whole {
    /// The number itself.
    fn whole(self) -> i128;
}

macro_rules! whole {
    ($($kind:ty),*) => {$(
        impl Whole for $kind {
            fn whole(self) -> i128 {
                i128::from(self)
            }
        }
    )*};
}
whole!(u8, u16, u32, u64, i32, i64, i128);

impl Whole for usize {
    fn whole(self) -> i128 {
        i128::try_from(self).unwrap_or(i128::MAX)
    }
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A whole number, grouped.
    Integer,
    /// With so many decimals.
    Decimal(u8),
    /// As a percentage with so many decimals; the number itself is the fraction.
    Percent(u8),
}

/// The no-break space that groups thousands and holds a unit to its number.
const NBSP: char = '\u{a0}';
/// The minus sign; a hyphen is lost at small sizes and may break a line.
const MINUS: char = '\u{2212}';

impl Words {
    /// A whole number with the language's grouping: `35 449`, `35,449`.
    #[must_use]
    pub fn int(self, number: impl Whole) -> String {
        integer(self.lang, number.whole())
    }

    /// A whole number, or the word for unknown.
    #[must_use]
    pub fn int_or_unknown<N: Whole>(self, number: Option<N>) -> String {
        number.map_or_else(|| self.unknown(), |n| self.int(n))
    }

    /// A ratio with so many decimals, rounded half up: `1,94`.
    #[must_use]
    pub fn decimal(self, ratio: Ratio, decimals: u8) -> String {
        self.number(Some(ratio), Format::Decimal(decimals))
    }

    /// A fraction as a percentage, rounded half up: `2,87 %`, `2.87%`.
    #[must_use]
    pub fn percent(self, fraction: Ratio, decimals: u8) -> String {
        self.number(Some(fraction), Format::Percent(decimals))
    }

    /// Any number in any form; none, or a denominator of 0, is the word for unknown.
    #[must_use]
    pub fn number(self, ratio: Option<Ratio>, format: Format) -> String {
        let Some((numerator, denominator)) = ratio else {
            return self.unknown();
        };
        let (decimals, factor) = match format {
            Format::Integer => (0, 1),
            Format::Decimal(decimals) => (decimals, 1),
            Format::Percent(decimals) => (decimals, 100),
        };
        let Some(scaled) = numerator
            .checked_mul(factor)
            .and_then(|n| n.checked_mul(10_i128.checked_pow(u32::from(decimals))?))
            .and_then(|n| round_half_up(n, denominator))
        else {
            return self.unknown();
        };
        let text = fixed(self.lang, scaled, decimals);
        match (format, self.lang) {
            (Format::Percent(_), Lang::Sv) => format!("{text}{NBSP}%"),
            (Format::Percent(_), Lang::En) => format!("{text}%"),
            _ => text,
        }
    }
}

/// Halves go away from zero, as a person rounds; `None` for a denominator of 0.
pub(crate) fn round_half_up(numerator: i128, denominator: i128) -> Option<i128> {
    let negative = (numerator < 0) != (denominator < 0);
    let (n, d) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let rest = n.checked_rem(d)?;
    let rounded = i128::try_from(n / d + u128::from(rest >= d - rest)).ok()?;
    Some(if negative { -rounded } else { rounded })
}

/// A whole number with grouping.
pub(super) fn integer(lang: Lang, number: i128) -> String {
    fixed(lang, number, 0)
}

/// `scaled` / 10^`decimals` with grouping and the language's decimal mark.
fn fixed(lang: Lang, scaled: i128, decimals: u8) -> String {
    let places = usize::from(decimals);
    let digits = format!("{:0width$}", scaled.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let (group, mark) = match lang {
        Lang::Sv => (NBSP, ','),
        Lang::En => (',', '.'),
    };
    let mut text = String::with_capacity(digits.len() + 8);
    if scaled < 0 {
        text.push(MINUS);
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if places > 0 {
        text.push(mark);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SV: Words = Words::sv();
    const EN: Words = Words::en();

    #[test]
    fn whole_numbers_are_grouped_per_language() {
        assert_eq!(SV.int(2_134_274), "2\u{a0}134\u{a0}274");
        assert_eq!(EN.int(2_134_274), "2,134,274");
        assert_eq!((SV.int(999), SV.int(0)), ("999".into(), "0".into()));
        assert_eq!(SV.int(-19_905), "\u{2212}19\u{a0}905");
    }

    #[test]
    fn shares_of_the_report_come_out_as_printed() {
        let report = |n, d| SV.percent((n, d), 2);
        assert_eq!(report(35_449, 2_134_274), "1,66\u{a0}%");
        assert_eq!(report(35_449, 1_236_858), "2,87\u{a0}%");
        assert_eq!(SV.decimal((68_827, 35_449), 2), "1,94");
        assert_eq!(EN.percent((35_449, 1_236_858), 2), "2.87%");
    }

    #[test]
    fn halves_round_away_from_zero_and_nothing_else_does() {
        assert_eq!(round_half_up(5, 10), Some(1));
        assert_eq!(round_half_up(-5, 10), Some(-1));
        assert_eq!(round_half_up(499, 1000), Some(0));
        assert_eq!(round_half_up(3, 2), Some(2));
        assert_eq!(SV.decimal((1, 200), 2), "0,01");
        assert_eq!(SV.decimal((1, 201), 2), "0,00");
    }

    #[test]
    fn unknown_is_a_word_and_never_zero() {
        assert_eq!(SV.number(None, Format::Integer), "okänt");
        assert_eq!(EN.percent((1, 0), 1), "unknown");
        assert_eq!(SV.int_or_unknown(None::<u64>), "okänt");
        assert_eq!(SV.int_or_unknown(Some(0_u64)), "0");
        assert_eq!(SV.decimal((i128::MAX, 1), 2), "okänt");
    }
}
