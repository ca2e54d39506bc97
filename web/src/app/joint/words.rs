//! The catalogue, lent to the reports of the planning room.

use samband_planning::simulate::words::Words as Lent;

use crate::text::{Arg, Format, Ratio, Words};

/// A number of a report as an exact one with so many decimals; none if it is none.
pub(crate) fn exact(value: f64, digits: u8) -> Option<Ratio> {
    let scale = 10_i128.pow(u32::from(digits));
    let scaled = (value * scale as f64).round();
    (scaled.is_finite() && scaled.abs() < 1e30).then_some((scaled as i128, scale))
}

impl Words {
    /// A number of a report.
    #[must_use]
    pub fn float(self, value: f64, digits: u8) -> String {
        let format = if digits == 0 { Format::Integer } else { Format::Decimal(digits) };
        Words::number(self, exact(value, digits), format)
    }
}

impl Lent for Words {
    fn lang(&self) -> &str {
        Words::lang(*self).code()
    }

    fn say(&self, key: &str, with: &[(&str, String)]) -> String {
        let args: Vec<(&str, Arg<'_>)> =
            with.iter().map(|(name, value)| (*name, value.into())).collect();
        self.find(key, &args).unwrap_or_else(|| key.to_owned())
    }

    fn number(&self, value: f64, digits: u8) -> String {
        self.float(value, digits)
    }
}

#[cfg(test)]
mod tests {
    use samband_planning::simulate::page::keys;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let sv = Words::sv();
        assert_eq!(sv.float(-1_234_567.85, 1), "\u{2212}1\u{a0}234\u{a0}567,9");
        assert_eq!(sv.float(-0.001, 1), "0,0");
        assert_eq!(Words::en().float(1_000.0, 0), "1,000");
        assert_eq!(sv.float(f64::NAN, 1), sv.unknown());
    }

    #[test]
    fn every_word_of_a_report_stands_in_both_catalogues() {
        for words in [Words::sv(), Words::en()] {
            let absent: Vec<_> =
                keys().into_iter().filter(|key| words.find(key, &[]).is_none()).collect();
            assert_eq!(absent, Vec::<String>::new());
        }
    }
}
