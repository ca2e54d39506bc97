//! The map of counties, coloured by class.
//!
//! The shapes scale with the page while texts keep their size, which takes two drawings in one:
//! an empty one with a view box that gives the place its proportions, and the real one over it,
//! where texts stand at per cents. Every class has its own pattern; every county its value as
//! text; a county without a value is hatched and says so.

mod labels;
pub mod outline;

#[cfg(test)]
mod snapshot_test;

use maud::{Markup, html};

use crate::text::Words;
use outline::{Bounds, County};

/// The number of classes that have a pattern of their own.
pub const CLASSES: usize = 5;

/// What is shown of one county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area<'a> {
    code: &'a str,
    name: &'a str,
    class: Option<usize>,
    lines: Vec<String>,
    href: Option<&'a str>,
}

impl<'a> Area<'a> {
    /// A county (SCB code) under the region's name, in a class from 0 (least); no class is
    /// unknown.
    #[must_use]
    pub fn new(code: &'a str, name: &'a str, class: Option<usize>) -> Self {
        Self { code, name, class, lines: Vec::new(), href: None }
    }

    /// Adds a line of text under the name: the value.
    #[must_use]
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.lines.push(text.into());
        self
    }

    /// Where the county leads.
    #[must_use]
    pub fn href(mut self, href: &'a str) -> Self {
        self.href = Some(href);
        self
    }
}

/// A map of some counties, the others around them in pale.
#[derive(Debug, Clone)]
pub struct Choropleth<'a> {
    words: Words,
    id: &'a str,
    title: &'a str,
    description: &'a str,
    classes: &'a [&'a str],
}

impl<'a> Choropleth<'a> {
    /// `id` is unique on the page; `classes` are the names of the classes in the legend, from
    /// the least upwards, at most [`CLASSES`].
    #[must_use]
    pub fn new(
        words: Words,
        id: &'a str,
        title: &'a str,
        description: &'a str,
        classes: &'a [&'a str],
    ) -> Self {
        Self { words, id, title, description, classes }
    }

    /// Draws the areas; codes that are no county are left out of the drawing.
    #[must_use]
    pub fn draw(&self, areas: &[Area<'_>]) -> Markup {
        let shown: Vec<(&Area<'_>, &County)> =
            areas.iter().filter_map(|area| Some((area, outline::find(area.code)?))).collect();
        let codes: Vec<&str> = shown.iter().map(|(_, county)| county.code).collect();
        let Some(view) = labels::view(&codes) else {
            return html! {};
        };
        let (id, box_text) = (self.id, view_box(view));
        html! {
            div.map {
                svg.map-size viewBox=(box_text) aria-hidden="true" focusable="false" {}
                svg.map-drawing id=(id) xmlns="http://www.w3.org/2000/svg"
                    width="100%" height="100%" role="group" aria-labelledby={ (id) "-t " (id) "-d" } {
                    title id={ (id) "-t" } { (self.title) }
                    desc id={ (id) "-d" } { (self.description) }
                    defs { (patterns(id, (view.east - view.west) / 52)) }
                    svg viewBox=(box_text) width="100%" height="100%" aria-hidden="true" {
                        @for county in around(view, &codes) { path.land d=(county.path) {} }
                    }
                    @for (area, county) in &shown { (self.area(view, area, county)) }
                    @for (area, county) in &shown { (self.texts(view, area, county)) }
                }
                (self.legend(areas))
            }
        }
    }

    /// The shape with its link; texts come later so that no neighbour covers them.
    fn area(&self, view: Bounds, area: &Area<'_>, county: &County) -> Markup {
        let shape = html! {
            svg viewBox=(view_box(view)) width="100%" height="100%" {
                path.county d=(county.path) fill={ "url(#" (self.id) (class_name(area.class)) ")" }
                    fill-rule="evenodd" {}
            }
        };
        let name = self.spoken(area);
        html! {
            @match area.href {
                Some(href) => a href=(href) aria-label=(name) { (shape) },
                None => g role="img" aria-label=(name) { (shape) },
            }
        }
    }

    fn texts(&self, view: Bounds, area: &Area<'_>, county: &County) -> Markup {
        let label = labels::place(view, county);
        let value = area.class.is_none().then(|| self.words.unknown());
        let lines = value.iter().filter(|_| area.lines.is_empty()).chain(&area.lines);
        html! {
            g.map-text aria-hidden="true" {
                @if let Some((x, y)) = label.leader {
                    line.leader x1=(label.x) y1=(label.y) x2=(x) y2=(y) {}
                }
                svg.over x=(label.x) y=(label.y) {
                    text.map-name y="-3" text-anchor=(label.anchor) { (area.name) }
                    @for (place, line) in lines.enumerate() {
                        text.map-value y=(15 + 17 * place) text-anchor=(label.anchor) { (line) }
                    }
                }
            }
        }
    }

    /// `Halland: 3,09 %` – or that it is unknown.
    fn spoken(&self, area: &Area<'_>) -> String {
        let mut value = area.lines.join(", ");
        if value.is_empty() {
            value = area.class.map_or_else(
                || self.words.unknown(),
                |class| self.classes.get(class).map_or(String::new(), |name| (*name).to_owned()),
            );
        }
        self.words.t_args("chart-of", &[("label", area.name.into()), ("value", value.into())])
    }

    fn legend(&self, areas: &[Area<'_>]) -> Markup {
        let entry = |class: Option<usize>, name: &str| {
            let id = format!("{}-l", self.id);
            html! {
                li {
                    svg.swatch width="32" height="22" aria-hidden="true" focusable="false" {
                        defs { (pattern(&id, class, 11)) }
                        rect x="1" y="1" width="30" height="20"
                            fill={ "url(#" (id) (class_name(class)) ")" } {}
                    }
                    (name)
                }
            }
        };
        html! {
            ul.map-legend aria-label=(self.words.t("map-legend")) {
                @for (class, name) in self.classes.iter().enumerate() { (entry(Some(class), name)) }
                @if areas.iter().any(|area| area.class.is_none()) {
                    (entry(None, &self.words.unknown()))
                }
            }
        }
    }
}

fn around(view: Bounds, codes: &[&str]) -> impl Iterator<Item = &'static County> {
    outline::counties()
        .iter()
        .filter(move |county| county.bounds.meets(view) && !codes.contains(&county.code))
}

fn view_box(view: Bounds) -> String {
    format!("{} {} {} {}", view.west, view.north, view.east - view.west, view.south - view.north)
}

/// The ending of a pattern's id.
fn class_name(class: Option<usize>) -> String {
    class.map_or_else(|| "-ku".to_owned(), |class| format!("-k{}", class % CLASSES))
}

fn patterns(id: &str, size: i32) -> Markup {
    html! {
        @for class in 0..CLASSES { (pattern(id, Some(class), size)) }
        (pattern(id, None, size))
    }
}

/// A pattern drawn on a tile of 10 × 10 and scaled to `size` units: denser and darker upwards.
fn pattern(id: &str, class: Option<usize>, size: i32) -> Markup {
    let (ground, ink, shape) = match class.map(|class| class % CLASSES) {
        None => ("su", "inku", "M-2 -2L12 12M-2 8L2 12M8 -2L12 2"),
        Some(0) => ("k0", "kink", ""),
        Some(1) => ("k1", "kink", "M4 4h2v2h-2z"),
        Some(2) => ("k2", "kink", "M-2 12L12 -2M-2 2L2 -2M8 12L12 8"),
        Some(3) => ("k3", "kink", "M-1 11L11 -1M-1 6L6 -1M4 11L11 4M-1 1L1 -1M9 11L11 9"),
        Some(_) => ("k4", "kink", "M0 5h10M5 0v10"),
    };
    html! {
        pattern id={ (id) (class_name(class)) } width=(size) height=(size) viewBox="0 0 10 10"
            patternUnits="userSpaceOnUse" {
            rect class=(ground) width="10" height="10" {}
            @if !shape.is_empty() { path class=(ink) d=(shape) {} }
        }
    }
}
