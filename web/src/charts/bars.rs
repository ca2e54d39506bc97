//! Horizontal bars against a goal.

use maud::{Markup, html};

use super::Chart;
use super::parts::{self, AXIS};
use super::scale::Scale;
use crate::text::Ratio;

/// One row of a bar chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    label: String,
    value: Option<Ratio>,
    note: Option<String>,
    total: bool,
}

impl Bar {
    /// A row; no value is unknown.
    #[must_use]
    pub fn new(label: impl Into<String>, value: Option<Ratio>) -> Self {
        Self { label: label.into(), value, note: None, total: false }
    }

    /// A short line under the bar, such as what is missing to the goal.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The row is of all others together: another pattern, set apart.
    #[must_use]
    pub fn total(mut self) -> Self {
        self.total = true;
        self
    }
}

const BAR: u32 = 18;

impl Chart<'_> {
    /// A bar for each row.
    #[must_use]
    pub fn bars(&self, rows: &[Bar]) -> Markup {
        let scale = self.scale(rows.iter().filter_map(|row| row.value));
        let (head, top) = self.target_name(scale);
        let (places, end) = parts::placed(rows, top, row_height);
        let body = html! {
            (head)
            @for (y, row) in places { (self.bar_row(scale, y, row)) }
            (self.axis(scale, end))
        };
        let spoken: Vec<_> =
            rows.iter().map(|row| self.spoken(&row.label, &self.text(row.value))).collect();
        self.frame(end + AXIS, &spoken, &body)
    }

    fn bar_row(&self, scale: Scale, y: u32, row: &Bar) -> Markup {
        let place = row.value.and_then(|value| scale.place(value));
        let top = if row.total { y + 8 } else { y };
        html! {
            @if row.total { line.rule x1="0" x2="100%" y1=(y) y2=(y) {} }
            (parts::row_text(top, &row.label, &self.text(row.value), place.is_none()))
            (parts::track(top + 22, BAR))
            @match place {
                Some(place) => (parts::bar(self.id, usize::from(row.total), top + 22, BAR, place)),
                None => (parts::unknown_mark(self.id, top + 22, BAR)),
            }
            (self.target_line(scale, top + 19, BAR + 6))
            @if let Some(note) = &row.note {
                text.note x="0" y=(top + BAR + 37) { (note) }
            }
        }
    }
}

fn row_height(row: &Bar) -> u32 {
    54 + if row.note.is_some() { 16 } else { 0 } + if row.total { 8 } else { 0 }
}
