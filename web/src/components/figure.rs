//! Figures: a number never stands without where it comes from and how old it is.

use maud::{Markup, Render, html};

use super::tag::{Status, tag, time_tag};
use crate::text::Words;

/// Where a figure comes from: source, period, age.
#[derive(Debug, Clone)]
pub struct Provenance<'a> {
    words: Words,
    source: &'a str,
    href: Option<&'a str>,
    period: Option<&'a str>,
    at: Option<(i64, i64)>,
    stale: bool,
}

impl<'a> Provenance<'a> {
    /// Names the source: a report, a system, a region's own statement.
    #[must_use]
    pub fn new(words: Words, source: &'a str) -> Self {
        Self { words, source, href: None, period: None, at: None, stale: false }
    }

    /// Where the source can be followed.
    #[must_use]
    pub fn href(mut self, href: &'a str) -> Self {
        self.href = Some(href);
        self
    }

    /// The period that the figure is about, such as `2024`.
    #[must_use]
    pub fn period(mut self, period: &'a str) -> Self {
        self.period = Some(period);
        self
    }

    /// When it was true (microseconds UTC) and what time it is now, which gives the age.
    #[must_use]
    pub fn at(mut self, then: i64, now: i64) -> Self {
        self.at = Some((then, now));
        self
    }

    /// Marks it as too old to trust without asking.
    #[must_use]
    pub fn stale(mut self, stale: bool) -> Self {
        self.stale = stale;
        self
    }

    fn age(&self) -> Markup {
        let w = self.words;
        let Some((then, now)) = self.at else {
            return html! { span { (w.t("provenance-age-unknown")) } };
        };
        let text = w.t_args("provenance-age", &[("age", w.age(then, now).into())]);
        html! {
            span {
                @if self.stale { (tag(Status::Stale, &text)) } @else { (text) }
                span.exact { " (" (time_tag(w, then)) ")" }
            }
        }
    }
}

impl Render for Provenance<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        let period = self.period.map_or_else(|| w.t("provenance-period-unknown"), str::to_owned);
        html! {
            p.provenance {
                span {
                    (w.t("provenance-source")) " "
                    @match self.href {
                        Some(href) => a href=(href) { (self.source) },
                        None => (self.source),
                    }
                }
                span { (period) }
                (self.age())
            }
        }
    }
}

/// One number that matters, with its provenance.
#[derive(Debug, Clone)]
pub struct FigureCard<'a> {
    label: &'a str,
    value: String,
    unknown: bool,
    unit: Option<&'a str>,
    href: Option<(&'a str, String)>,
    detail: Option<Markup>,
    status: Option<Markup>,
    provenance: Provenance<'a>,
}

impl<'a> FigureCard<'a> {
    /// `value` is the text of the number in the page's language; none is unknown.
    #[must_use]
    pub fn new(label: &'a str, value: Option<String>, provenance: Provenance<'a>) -> Self {
        let unknown = value.is_none();
        let value = value.unwrap_or_else(|| provenance.words.unknown());
        Self {
            label,
            value,
            unknown,
            unit: None,
            href: None,
            detail: None,
            status: None,
            provenance,
        }
    }

    /// What is counted, in small letters after the number.
    #[must_use]
    pub fn unit(mut self, unit: &'a str) -> Self {
        self.unit = Some(unit);
        self
    }

    /// Lets the number be followed to its source; `name` tells screen readers where to.
    #[must_use]
    pub fn follow(mut self, href: &'a str, name: impl Into<String>) -> Self {
        self.href = Some((href, name.into()));
        self
    }

    /// A line that puts the number in relation: goal, gap, comparison.
    #[must_use]
    pub fn detail(mut self, detail: Markup) -> Self {
        self.detail = Some(detail);
        self
    }

    /// A status tag in the card's corner.
    #[must_use]
    pub fn status(mut self, status: Markup) -> Self {
        self.status = Some(status);
        self
    }
}

impl Render for FigureCard<'_> {
    fn render(&self) -> Markup {
        let number = html! {
            span class={ "value" @if self.unknown { " unknown" } } { (self.value) }
            @if let Some(unit) = self.unit { " " span.unit { (unit) } }
        };
        html! {
            article.figure aria-label=(self.label) {
                div.figure-head {
                    p.figure-label { (self.label) }
                    @if let Some(status) = &self.status { (status) }
                }
                p.number {
                    @match &self.href {
                        Some((href, name)) => a href=(href) {
                            (number) span.hidden { ", " (name) }
                        },
                        None => (number),
                    }
                }
                @if let Some(detail) = &self.detail { p.detail { (detail) } }
                (self.provenance)
            }
        }
    }
}

/// Names and what they stand for, side by side on a desk, stacked on a phone.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    pairs: Vec<(String, Markup)>,
}

impl Definitions {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a name and its text.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: &str) -> Self {
        self.markup(name, html! { (text) })
    }

    /// Adds a name and anything else.
    #[must_use]
    pub fn markup(mut self, name: impl Into<String>, body: Markup) -> Self {
        self.pairs.push((name.into(), body));
        self
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl Render for Definitions {
    fn render(&self) -> Markup {
        html! {
            dl.definitions {
                @for (name, body) in &self.pairs {
                    div { dt { (name) } dd { (body) } }
                }
            }
        }
    }
}

/// A drawing with the table of the same numbers beside it.
#[derive(Debug, Clone)]
pub struct FigureWithTable<'a> {
    words: Words,
    id: &'a str,
    heading: &'a str,
    drawing: &'a Markup,
    table: Markup,
    folded: bool,
    provenance: Option<Provenance<'a>>,
    notes: Vec<Markup>,
}

impl<'a> FigureWithTable<'a> {
    /// `drawing` is a chart or map, `table` the same numbers as text.
    #[must_use]
    pub fn new(
        words: Words,
        id: &'a str,
        heading: &'a str,
        drawing: &'a Markup,
        table: &impl Render,
    ) -> Self {
        let table = table.render();
        Self { words, id, heading, drawing, table, folded: false, provenance: None, notes: vec![] }
    }

    /// Folds the table away on the screen; it is printed all the same.
    #[must_use]
    pub fn folded(mut self) -> Self {
        self.folded = true;
        self
    }

    /// Where the numbers come from.
    #[must_use]
    pub fn provenance(mut self, provenance: Provenance<'a>) -> Self {
        self.provenance = Some(provenance);
        self
    }

    /// A warning or reading aid under the drawing.
    #[must_use]
    pub fn note(mut self, note: &impl Render) -> Self {
        self.notes.push(note.render());
        self
    }
}

impl Render for FigureWithTable<'_> {
    fn render(&self) -> Markup {
        let class = if self.folded { "drawing folded" } else { "drawing" };
        html! {
            section class=(class) id=(self.id) aria-labelledby={ (self.id) "-h" } {
                h2 id={ (self.id) "-h" } { (self.heading) }
                div.drawing-parts {
                    figure.plate { (self.drawing) }
                    @if self.folded {
                        details { summary { (self.words.t("drawing-table")) } (self.table) }
                    } @else {
                        div.beside { (self.table) }
                    }
                }
                @for note in &self.notes { (note) }
                @if let Some(provenance) = &self.provenance { (provenance) }
            }
        }
    }
}
