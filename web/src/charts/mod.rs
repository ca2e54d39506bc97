//! Charts, drawn as SVG by the server.
//!
//! A chart has no view box: widths are per cent of the place it is given and texts are in
//! pixels, so the same drawing is readable on a phone, on a desk and on paper. Values are exact
//! ratios; an unknown one is a hatched mark with the word, never a bar of length 0. Every series
//! has its own pattern, and every value stands as text. The data table goes beside it
//! ([`crate::components::FigureWithTable`]).

mod bars;
mod dots;
mod grouped;
mod lines;
mod parts;
mod scale;
mod stacked;

#[cfg(test)]
mod snapshot_test;

pub use bars::Bar;
pub use dots::Pair;
pub use grouped::Group;
pub use lines::{Curve, Marked};

use maud::{Markup, html};

use crate::text::{Format, Ratio, Words};
use scale::Scale;

/// What every kind of chart is told; the last call draws it.
#[derive(Debug, Clone)]
pub struct Chart<'a> {
    words: Words,
    id: &'a str,
    title: &'a str,
    description: &'a str,
    format: Format,
    target: Option<(String, Ratio)>,
    ceiling: Option<Ratio>,
    marked: Option<Marked>,
    divide: Option<(usize, String)>,
}

impl<'a> Chart<'a> {
    /// `id` is unique on the page; `title` and `description` are what a screen reader says
    /// before the values.
    #[must_use]
    pub fn new(words: Words, id: &'a str, title: &'a str, description: &'a str) -> Self {
        let (target, ceiling, marked, divide) = (None, None, None, None);
        let format = Format::Integer;
        Self { words, id, title, description, format, target, ceiling, marked, divide }
    }

    /// How values are written.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The goal: its value is marked on every row and named above.
    #[must_use]
    pub fn goal(mut self, value: Ratio) -> Self {
        let text = self.words.number(Some(value), brief(value, self.format));
        self.target = Some((self.words.t_args("chart-goal", &[("value", text.into())]), value));
        self
    }

    /// Another value to compare with, under a name of its own.
    #[must_use]
    pub fn mark(mut self, label: impl Into<String>, value: Ratio) -> Self {
        self.target = Some((label.into(), value));
        self
    }

    /// Lets the scale reach at least so far, so that two charts can be compared.
    #[must_use]
    pub fn ceiling(mut self, value: Ratio) -> Self {
        self.ceiling = Some(value);
        self
    }

    /// Points of a drawing of curves that stand out of the others, named in its legend.
    #[must_use]
    pub fn marked(mut self, marked: Marked) -> Self {
        self.marked = Some(marked).filter(|marked| !marked.at.is_empty());
        self
    }

    /// A line across a drawing of curves at a point, named above: what follows is another matter.
    #[must_use]
    pub fn divide(mut self, at: usize, label: impl Into<String>) -> Self {
        self.divide = Some((at, label.into()));
        self
    }

    fn text(&self, value: Option<Ratio>) -> String {
        self.words.number(value, self.format)
    }

    /// The scale that holds all values, the mark and the ceiling.
    fn scale(&self, values: impl Iterator<Item = Ratio>) -> Scale {
        let target = self.target.iter().map(|(_, value)| *value);
        Scale::new(values.chain(target).chain(self.ceiling))
    }

    /// The drawing around `body`, which is `height` pixels high. `values` is read to those who
    /// cannot see it.
    fn frame(&self, height: u32, values: &[String], body: &Markup) -> Markup {
        let id = self.id;
        html! {
            svg.chart id=(id) xmlns="http://www.w3.org/2000/svg" width="100%" height=(height)
                role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
                title id={ (id) "-t" } { (self.title) }
                desc id={ (id) "-d" } { (self.description) " " (values.join("; ")) "." }
                (parts::patterns(id))
                (body)
            }
        }
    }

    /// One row for the reader: `Halland: 3,09 %`.
    fn spoken(&self, label: &str, value: &str) -> String {
        self.words.t_args("chart-of", &[("label", label.into()), ("value", value.into())])
    }
}

/// A goal is a round number: `5 %`, not `5,00 %`.
fn brief((numerator, denominator): Ratio, format: Format) -> Format {
    let whole = |factor: i128| {
        let scaled = numerator.checked_mul(factor);
        scaled.and_then(|n| n.checked_rem(denominator)) == Some(0)
    };
    match format {
        Format::Percent(_) if whole(100) => Format::Percent(0),
        Format::Decimal(_) if whole(1) => Format::Integer,
        other => other,
    }
}
