//! One or two dots per row on a common scale, for rates that are compared with each other.

use maud::{Markup, html};

use super::Chart;
use super::parts::{self, AXIS};
use super::scale::{Place, Scale};
use crate::text::Ratio;

/// One row: a value, and maybe another to compare it with (earlier, or elsewhere).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    label: String,
    value: Option<Ratio>,
    before: Option<Option<Ratio>>,
}

impl Pair {
    /// A row with one dot; no value is unknown.
    #[must_use]
    pub fn new(label: impl Into<String>, value: Option<Ratio>) -> Self {
        Self { label: label.into(), value, before: None }
    }

    /// Adds where it came from or what it is compared with; no value is unknown.
    #[must_use]
    pub fn before(mut self, value: Option<Ratio>) -> Self {
        self.before = Some(value);
        self
    }
}

const LINE: u32 = 52;

impl Chart<'_> {
    /// A dot for each value. `names` are the words for value and comparison in the legend;
    /// rows without comparison need only the first, and then no legend is drawn.
    #[must_use]
    pub fn dots(&self, names: &[&str], rows: &[Pair]) -> Markup {
        let values = rows.iter().flat_map(|row| [row.value, row.before.flatten()]);
        let scale = self.scale(values.flatten());
        let (head, top) = self.target_name(scale);
        let (places, end) = parts::placed(rows, top, |_| LINE);
        let body = html! {
            (head)
            @for (y, row) in places { (self.dot_row(scale, y, row)) }
            (self.axis(scale, end))
        };
        let spoken: Vec<_> =
            rows.iter().map(|row| self.spoken(&row.label, &self.pair_text(row))).collect();
        html! {
            @if names.len() > 1 { (dot_legend(names)) }
            (self.frame(end + AXIS, &spoken, &body))
        }
    }

    fn pair_text(&self, row: &Pair) -> String {
        let value = self.text(row.value);
        match row.before {
            Some(before) => format!("{} → {value}", self.text(before)),
            None => value,
        }
    }

    fn dot_row(&self, scale: Scale, y: u32, row: &Pair) -> Markup {
        let middle = y + 32;
        let place = row.value.and_then(|value| scale.place(value));
        let before = row.before.flatten().and_then(|value| scale.place(value));
        html! {
            (parts::row_text(y, &row.label, &self.pair_text(row), place.is_none()))
            (parts::track(middle - 3, 6))
            (self.target_line(scale, middle - 11, 22))
            @match (place, before) {
                (Some(place), Some(before)) => (joined(before, place, middle)),
                (Some(place), None) if row.before.is_none() => (stem(place, middle)),
                (Some(_), None) => {},
                _ => (parts::unknown_mark(self.id, middle - 7, 14)),
            }
            @if let Some(before) = before { (diamond(before, middle)) }
            @if let Some(place) = place { circle.dot cx=(place) cy=(middle) r="7" {} }
        }
    }
}

fn stem(to: Place, y: u32) -> Markup {
    html! { line.stem x1="0" x2=(to) y1=(y) y2=(y) {} }
}

fn joined(from: Place, to: Place, y: u32) -> Markup {
    html! { line.joined x1=(from) x2=(to) y1=(y) y2=(y) {} }
}

fn diamond(place: Place, y: u32) -> Markup {
    html! { svg.over x=(place) y=(y) { path.diamond d="M-7 0L0 -7L7 0L0 7z" {} } }
}

fn dot_legend(names: &[&str]) -> Markup {
    let dot = html! { circle.dot cx="10" cy="9" r="7" {} };
    let diamond = html! { path.diamond d="M3 9L10 2L17 9L10 16z" {} };
    let signs = [dot, diamond].into_iter().zip(names).map(|(sign, name)| (sign, *name));
    parts::legend(signs)
}
