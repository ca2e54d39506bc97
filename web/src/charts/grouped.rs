//! Several values for each row, one bar each.

use maud::{Markup, html};

use super::Chart;
use super::parts::{self, AXIS};
use super::scale::Scale;
use crate::text::Ratio;

/// One row with a value per series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub(super) label: String,
    pub(super) values: Vec<Option<Ratio>>,
}

impl Group {
    /// The values stand in the order of the series; none is unknown.
    #[must_use]
    pub fn new(label: impl Into<String>, values: impl IntoIterator<Item = Option<Ratio>>) -> Self {
        Self { label: label.into(), values: values.into_iter().collect() }
    }
}

const BAR: u32 = 14;
const LINE: u32 = 42;
const HEADING: u32 = 28;
const GAP: u32 = 10;

/// The series' names with the place of each line.
fn names_at<'n>(top: u32, series: &[&'n str]) -> impl Iterator<Item = (u32, &'n str)> {
    let places = (0..).map(move |n| top + n * LINE);
    places.zip(series.iter().copied())
}

impl Chart<'_> {
    /// Small multiples: each row has a heading and a named bar per series, all on one scale.
    #[must_use]
    pub fn grouped(&self, series: &[&str], rows: &[Group]) -> Markup {
        let scale = self.scale(rows.iter().flat_map(|row| row.values.iter().copied().flatten()));
        let (head, top) = self.target_name(scale);
        let lines: u32 = series.iter().map(|_| LINE).sum();
        let (places, end) = parts::placed(rows, top, |_| HEADING + lines + GAP);
        let body = html! {
            (head)
            @for (y, row) in places {
                text.heading x="0" y=(y + 16) { (row.label) }
                line.rule x1="0" x2="100%" y1=(y + 23) y2=(y + 23) {}
                @for (series, (line, name)) in names_at(y + HEADING, series).enumerate() {
                    @let value = row.values.get(series).copied().flatten();
                    (self.group_line(scale, line, series, name, value))
                }
            }
            (self.axis(scale, end))
        };
        self.frame(end + AXIS, &self.spoken_groups(series, rows), &body)
    }

    fn group_line(
        &self,
        scale: Scale,
        y: u32,
        series: usize,
        name: &str,
        value: Option<Ratio>,
    ) -> Markup {
        let place = value.and_then(|value| scale.place(value));
        html! {
            (parts::row_text(y, name, &self.text(value), place.is_none()))
            (parts::track(y + 21, BAR))
            @match place {
                Some(place) => (parts::bar(self.id, series, y + 21, BAR, place)),
                None => (parts::unknown_mark(self.id, y + 21, BAR)),
            }
            (self.target_line(scale, y + 18, BAR + 6))
        }
    }

    /// `Halland: män 2,1 %, kvinnor okänt`.
    pub(super) fn spoken_groups(&self, series: &[&str], rows: &[Group]) -> Vec<String> {
        rows.iter()
            .map(|row| {
                let values: Vec<_> = series
                    .iter()
                    .enumerate()
                    .map(|(place, name)| {
                        let value = row.values.get(place).copied().flatten();
                        format!("{name} {}", self.text(value))
                    })
                    .collect();
                self.spoken(&row.label, &values.join(", "))
            })
            .collect()
    }
}
