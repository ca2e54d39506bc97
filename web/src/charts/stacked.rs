//! Parts that add up: what is, and what something would add.

use maud::{Markup, html};

use super::Chart;
use super::grouped::Group;
use super::parts::{self, AXIS};
use super::scale::{Place, Scale};
use crate::text::Ratio;

const BAR: u32 = 22;
const LINE: u32 = 60;

impl Chart<'_> {
    /// A bar of parts for each row. With a part unknown, the sum is unknown too.
    #[must_use]
    pub fn stacked(&self, series: &[&str], rows: &[Group]) -> Markup {
        let scale = self.scale(rows.iter().filter_map(|row| reach(&row.values)));
        let (head, top) = self.target_name(scale);
        let (places, end) = parts::placed(rows, top, |_| LINE);
        let body = html! {
            (head)
            @for (y, row) in places { (self.stack_row(scale, y, row)) }
            (self.axis(scale, end))
        };
        let signs = series.iter().enumerate();
        html! {
            (parts::legend(signs.map(|(place, name)| (parts::swatch(self.id, place), *name))))
            (self.frame(end + AXIS, &self.spoken_groups(series, rows), &body))
        }
    }

    fn stack_row(&self, scale: Scale, y: u32, row: &Group) -> Markup {
        let unknown = row.values.iter().any(Option::is_none);
        html! {
            (parts::row_text(y, &row.label, &self.stack_text(row), unknown))
            (parts::track(y + 22, BAR))
            @for (series, from, to) in segments(scale, &row.values) {
                rect.bar x=(from) y=(y + 22) width=(Place(to.0 - from.0)) height=(BAR)
                    fill=(parts::fill(self.id, series)) {}
            }
            @if unknown {
                // The unknown part follows the known ones; its length means nothing.
                @let end = segments(scale, &row.values).last().map_or(Place(0), |last| last.2);
                svg.over x=(end) y=(y + 22) { (parts::unknown_mark(self.id, 0, BAR)) }
            }
            (self.target_line(scale, y + 19, BAR + 6))
        }
    }

    /// `6 348 + 1 440`, in the order of the legend.
    fn stack_text(&self, row: &Group) -> String {
        let parts: Vec<_> = row.values.iter().map(|value| self.text(*value)).collect();
        parts.join(" + ")
    }
}

/// The known parts with their places; what follows an unknown part cannot be placed.
fn segments(scale: Scale, values: &[Option<Ratio>]) -> Vec<(usize, Place, Place)> {
    let mut sum = (0, 1);
    let mut from = Place(0);
    let mut found = Vec::new();
    for (series, value) in values.iter().enumerate() {
        let Some(next) = value.and_then(|value| add(sum, value)) else {
            break;
        };
        let Some(to) = scale.place(next) else { break };
        found.push((series, from, to));
        (sum, from) = (next, to);
    }
    found
}

fn known_sum(values: &[Option<Ratio>]) -> Option<Ratio> {
    values.iter().flatten().try_fold((0, 1), |sum, value| add(sum, *value))
}

/// How far a row reaches: an unknown part takes a third of the width, so that its mark has room.
fn reach(values: &[Option<Ratio>]) -> Option<Ratio> {
    let (numerator, denominator) = known_sum(values)?;
    if values.iter().all(Option::is_some) {
        return Some((numerator, denominator));
    }
    Some((numerator.checked_mul(3)?, denominator.checked_mul(2)?))
}

fn add((a, b): Ratio, (c, d): Ratio) -> Option<Ratio> {
    if b == d {
        return Some((a.checked_add(c)?, b));
    }
    let numerator = a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?;
    Some((numerator, b.checked_mul(d)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_up_to_the_first_unknown() {
        let scale = Scale::new([(10, 1)].into_iter());
        let found = segments(scale, &[Some((4, 1)), Some((1, 2)), None, Some((1, 1))]);
        assert_eq!(found, [(0, Place(0), Place(4_000)), (1, Place(4_000), Place(4_500))]);
        assert_eq!(segments(scale, &[None]), []);
        assert_eq!(known_sum(&[Some((1, 2)), Some((1, 3))]), Some((5, 6)));
    }
}
