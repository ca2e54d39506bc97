//! From values to places, in whole numbers so that a drawing is the same everywhere.

use std::fmt;

use crate::text::{Format, Ratio, Words, round_half_up};

/// Parts of one in which the scale counts.
const MICRO: i128 = 1_000_000;

/// A place across the drawing, in hundredths of a per cent of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(pub i128);

impl Place {
    /// Whether a text beside this place should grow leftwards.
    pub(super) fn is_right_half(self) -> bool {
        self.0 > 5_000
    }

    /// The anchor that keeps a text inside the drawing.
    pub(super) fn anchor(self) -> &'static str {
        match self.0 {
            ..=500 => "start",
            9_500.. => "end",
            _ => "middle",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}%", self.0 / 100, self.0 % 100)
    }
}

/// A scale from 0 to a round number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scale {
    step: i128,
    top: i128,
}

impl Scale {
    /// The smallest round scale that holds the values, with at most five steps.
    pub(super) fn new(values: impl Iterator<Item = Ratio>) -> Self {
        let most = values.filter_map(micro).max().unwrap_or(MICRO).max(1);
        let step = round_step(most);
        Self { step, top: (most + step - 1) / step * step }
    }

    /// Where a value stands; none when it cannot be told. Below 0 is drawn at 0.
    pub(super) fn place(self, value: Ratio) -> Option<Place> {
        let share = micro(value)?.max(0).checked_mul(10_000)?;
        Some(Place(round_half_up(share, self.top)?.min(10_000)))
    }

    /// The places and texts of the axis.
    pub(super) fn ticks(self, w: Words, format: Format) -> Vec<(Place, String)> {
        let unit = if matches!(format, Format::Percent(_)) { MICRO / 100 } else { MICRO };
        let decimals = (0..6_u8)
            .find(|places| self.step % (unit / 10_i128.pow(u32::from(*places)).min(unit)) == 0)
            .unwrap_or(0);
        let short = match format {
            Format::Percent(_) => Format::Percent(decimals),
            _ => Format::Decimal(decimals),
        };
        (0..=self.top / self.step)
            .map(|n| {
                let place = Place(n * self.step * 10_000 / self.top);
                (place, w.number(Some((n * self.step, MICRO)), short))
            })
            .collect()
    }
}

fn micro((numerator, denominator): Ratio) -> Option<i128> {
    round_half_up(numerator.checked_mul(MICRO)?, denominator)
}

/// 1, 2 or 5 times a power of ten, so that five steps reach `most`.
fn round_step(most: i128) -> i128 {
    let mut power = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = factor * power;
            if step * 5 >= most {
                return step;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_on_a_round_number_and_names_its_steps_shortly() {
        let scale = Scale::new([(446, 10_000), (5, 100)].into_iter());
        let ticks = scale.ticks(Words::sv(), Format::Percent(2));
        let texts: Vec<_> = ticks.iter().map(|(_, text)| text.replace('\u{a0}', " ")).collect();
        assert_eq!(texts, ["0 %", "1 %", "2 %", "3 %", "4 %", "5 %"]);
        assert_eq!(ticks[5].0, Place(10_000));

        let per_donor = Scale::new([(220, 100)].into_iter());
        let ticks = per_donor.ticks(Words::sv(), Format::Decimal(2));
        let texts: Vec<_> = ticks.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["0,0", "0,5", "1,0", "1,5", "2,0", "2,5"]);

        let donors = Scale::new([(22_103, 1)].into_iter());
        let last = donors.ticks(Words::en(), Format::Integer).pop();
        assert_eq!(last, Some((Place(10_000), "25,000".to_owned())));
    }

    #[test]
    fn a_place_is_exact_and_unknown_has_none() {
        let scale = Scale::new([(5, 100)].into_iter());
        assert_eq!(scale.place((1, 40)), Some(Place(5_000)));
        assert_eq!(scale.place((0, 7)), Some(Place(0)));
        assert_eq!(scale.place((-3, 7)), Some(Place(0)));
        assert_eq!(scale.place((1, 0)), None);
        assert_eq!(Place(4_307).to_string(), "43.07%");
    }

    #[test]
    fn a_scale_of_nothing_still_draws() {
        assert_eq!(Scale::new(std::iter::empty()).ticks(Words::sv(), Format::Integer).len(), 6);
        assert_eq!(Scale::new([(0, 1)].into_iter()).place((0, 1)), Some(Place(0)));
    }
}
