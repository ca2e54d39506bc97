//! Curves over time or over a price, with bands for what is likely. Each line has its own dashes
//! and its own sign at the points, so that colour alone tells nothing.

use maud::{Markup, html};

use super::Chart;
use super::parts::{self, AXIS};
use super::scale::{Place, Scale};
use crate::text::Ratio;

/// One curve; a value that is not known leaves a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    label: String,
    values: Vec<Option<Ratio>>,
    band: Option<Vec<Option<(Ratio, Ratio)>>>,
    outer: Option<Vec<Option<(Ratio, Ratio)>>>,
}

/// Points that stand out of the others, each marked with a sign above and a line down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    /// Places of the points.
    pub at: Vec<usize>,
    /// What they are, for the legend.
    pub label: String,
}

impl Curve {
    /// A curve over all points of the chart.
    #[must_use]
    pub fn new(label: impl Into<String>, values: impl IntoIterator<Item = Option<Ratio>>) -> Self {
        Self { label: label.into(), values: values.into_iter().collect(), band: None, outer: None }
    }

    /// What lies around it with a stated probability: lowest and highest at each point.
    #[must_use]
    pub fn band(mut self, band: impl IntoIterator<Item = Option<(Ratio, Ratio)>>) -> Self {
        self.band = Some(band.into_iter().collect());
        self
    }

    /// A second, wider band behind the first.
    #[must_use]
    pub fn outer(mut self, band: impl IntoIterator<Item = Option<(Ratio, Ratio)>>) -> Self {
        self.outer = Some(band.into_iter().collect());
        self
    }

    fn bands(&self) -> impl Iterator<Item = (&'static str, &Vec<Option<(Ratio, Ratio)>>)> {
        let outer = self.outer.iter().map(|band| (" wide", band));
        outer.chain(self.band.iter().map(|band| ("", band)))
    }
}

/// Height of the drawing, in pixels.
const HIGH: u32 = 240;
/// Room above for the top value's text.
const HEAD: u32 = 18;
/// Width of the drawing inside, in its own units; it is stretched to the place it is given.
const WIDE: i128 = 10_000;
/// Points that get a sign of their own; more would run together.
const SIGNS_MAX: usize = 24;
/// Texts along the lower edge.
const LABELS_MAX: usize = 6;

impl Chart<'_> {
    /// Curves over points named in `points`, first to last from left to right.
    #[must_use]
    pub fn curves(&self, points: &[String], curves: &[Curve]) -> Markup {
        let values = curves.iter().flat_map(|curve| {
            let bands = curve.bands().flat_map(|(_, band)| band.iter().flatten());
            let around = bands.map(|(_, high)| *high).collect::<Vec<_>>();
            curve.values.iter().flatten().copied().chain(around)
        });
        let scale = self.scale(values);
        let entries = curves.iter().enumerate();
        let names = entries.map(|(n, curve)| (sign(n), curve.label.as_str()));
        let marked = self.marked.iter().map(|marked| (mark_sign(), marked.label.as_str()));
        let names = names.chain(marked);
        let body = html! {
            (self.grid(scale))
            (self.marks(points.len()))
            svg.plot y=(HEAD) width="100%" height=(HIGH) viewBox={ "0 0 " (WIDE) " " (HIGH) }
                preserveAspectRatio="none" {
                @for (n, curve) in curves.iter().enumerate() {
                    @for (wide, band) in curve.bands() {
                        @for piece in pieces(band) {
                            path class={ "band b" (n % 4) (wide) } d=(area(scale, points.len(), &piece)) {}
                        }
                    }
                }
                @for (n, curve) in curves.iter().enumerate() {
                    @for piece in pieces(&curve.values) {
                        path class={ "curve c" (n % 4) } d=(path(scale, points.len(), &piece)) {}
                    }
                }
            }
            @if points.len() <= SIGNS_MAX {
                @for (n, curve) in curves.iter().enumerate() { (self.signs(scale, points.len(), n, curve)) }
            }
            (labels(points))
        };
        let spoken: Vec<_> = curves.iter().map(|curve| self.read_out(points, curve)).collect();
        html! {
            (parts::legend(names))
            (self.frame(HEAD + HIGH + AXIS, &spoken, &body))
        }
    }

    /// Lines across at round values, with the value at the left above each.
    fn grid(&self, scale: Scale) -> Markup {
        let ticks = scale.ticks(self.words, self.format);
        html! {
            @for (place, text) in &ticks {
                @let y = HEAD + height(*place);
                line.axis x1="0" x2="100%" y1=(y) y2=(y) {}
                text.tick x="0" y=(y.saturating_sub(4)) { (text) }
            }
        }
    }

    /// Marked points, and where one part of the drawing ends and the next begins.
    fn marks(&self, points: usize) -> Markup {
        let marked = self.marked.iter().flat_map(|marked| &marked.at);
        html! {
            @for at in marked {
                @let x = across(*at, points);
                line.marked x1=(x) x2=(x) y1=(HEAD) y2=(HEAD + HIGH) {}
                svg.over x=(x) y=(HEAD + HIGH) { path.marked-sign d="M0 -7L5 0L0 7L-5 0Z" {} }
            }
            @if let Some((at, label)) = &self.divide {
                @let x = across(*at, points);
                line.divide x1=(x) x2=(x) y1=(HEAD) y2=(HEAD + HIGH) {}
                text.tick x=(x) y=(HEAD - 5) text-anchor=(x.anchor()) { (label) }
            }
        }
    }

    fn signs(&self, scale: Scale, points: usize, n: usize, curve: &Curve) -> Markup {
        let known = curve.values.iter().enumerate();
        let known = known.filter_map(|(at, value)| Some((at, scale.place((*value)?)?)));
        html! {
            @for (at, place) in known {
                svg.over x=(across(at, points)) y=(HEAD + height(place)) {
                    path class={ "point c" (n % 4) } d=(shape(n)) {}
                }
            }
        }
    }

    /// First, last and highest value of a curve; the table beside the drawing has all of them.
    fn read_out(&self, points: &[String], curve: &Curve) -> String {
        let of = |at: Option<usize>| {
            let at = at?;
            let value = self.text(curve.values.get(at).copied().flatten());
            Some(format!("{} {value}", points.get(at)?))
        };
        let known = |at: &usize| curve.values[*at].is_some();
        let first = (0..curve.values.len()).find(known);
        let last = (0..curve.values.len()).rev().find(known);
        let mut said: Vec<String> = of(first).into_iter().collect();
        said.extend(if last == first { None } else { of(last) });
        let said = if said.is_empty() { self.words.unknown() } else { said.join(" – ") };
        self.spoken(&curve.label, &said)
    }
}

/// Pixels below the top of the plot.
fn height(place: Place) -> u32 {
    let share = i128::from(HIGH) * (10_000 - place.0) / 10_000;
    u32::try_from(share).unwrap_or(0)
}

fn across(at: usize, points: usize) -> Place {
    let last = points.saturating_sub(1).max(1);
    Place(i128::try_from(at * 10_000 / last).unwrap_or(0))
}

/// Runs of known values with the place of each among the points.
fn pieces<T: Copy>(values: &[Option<T>]) -> Vec<Vec<(usize, T)>> {
    let mut all: Vec<Vec<(usize, T)>> = Vec::new();
    let mut open = false;
    for (at, value) in values.iter().enumerate() {
        match value {
            Some(value) if open => all.last_mut().expect("a run is open").push((at, *value)),
            Some(value) => all.push(vec![(at, *value)]),
            None => {}
        }
        open = value.is_some();
    }
    all
}

fn corner(scale: Scale, points: usize, at: usize, value: Ratio) -> String {
    let y = scale.place(value).map_or(HIGH, height);
    format!("{} {y}", across(at, points).0)
}

fn path(scale: Scale, points: usize, run: &[(usize, Ratio)]) -> String {
    let corners: Vec<_> =
        run.iter().map(|(at, value)| corner(scale, points, *at, *value)).collect();
    // A single known point is a short stroke, or nobody would see it.
    let stub = if corners.len() == 1 { "h40" } else { "" };
    format!("M{}{stub}", corners.join("L"))
}

fn area(scale: Scale, points: usize, run: &[(usize, (Ratio, Ratio))]) -> String {
    let low = run.iter().map(|(at, (low, _))| corner(scale, points, *at, *low));
    let high = run.iter().rev().map(|(at, (_, high))| corner(scale, points, *at, *high));
    let corners: Vec<_> = low.chain(high).collect();
    format!("M{}Z", corners.join("L"))
}

/// Round, diamond, square, triangle.
fn shape(n: usize) -> &'static str {
    match n % 4 {
        0 => "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
        1 => "M0 -5L5 0L0 5L-5 0Z",
        2 => "M-4 -4H4V4H-4Z",
        _ => "M0 -5L5 4H-5Z",
    }
}

fn mark_sign() -> Markup {
    html! { svg.over x="10" y="9" { path.marked-sign d="M0 -7L5 0L0 7L-5 0Z" {} } }
}

fn sign(n: usize) -> Markup {
    html! {
        path class={ "curve c" (n % 4) } d="M0 9H20" {}
        svg.over x="10" y="9" { path class={ "point c" (n % 4) } d=(shape(n)) {} }
    }
}

/// Names of some points along the lower edge; first and last are always there.
fn labels(points: &[String]) -> Markup {
    let last = points.len().saturating_sub(1);
    let step = last.div_ceil(LABELS_MAX - 1).max(1);
    let shown = (0..points.len()).filter(|at| at % step == 0 && last - at >= step || *at == last);
    html! {
        @for at in shown {
            @let place = across(at, points.len());
            text.tick x=(place) y=(HEAD + HIGH + 19) text-anchor=(place.anchor()) { (points[at]) }
        }
    }
}
