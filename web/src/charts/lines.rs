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
}

impl Curve {
    /// A curve over all points of the chart.
    #[must_use]
    pub fn new(label: impl Into<String>, values: impl IntoIterator<Item = Option<Ratio>>) -> Self {
        Self { label: label.into(), values: values.into_iter().collect(), band: None }
    }

    /// What lies around it with a stated probability: lowest and highest at each point.
    #[must_use]
    pub fn band(mut self, band: impl IntoIterator<Item = Option<(Ratio, Ratio)>>) -> Self {
        self.band = Some(band.into_iter().collect());
        self
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
            let around = curve.band.iter().flatten().flatten().map(|(_, high)| *high);
            curve.values.iter().flatten().copied().chain(around)
        });
        let scale = self.scale(values);
        let entries = curves.iter().enumerate();
        let names = entries.map(|(n, curve)| (sign(n), curve.label.as_str()));
        let body = html! {
            (self.grid(scale))
            svg.plot y=(HEAD) width="100%" height=(HIGH) viewBox={ "0 0 " (WIDE) " " (HIGH) }
                preserveAspectRatio="none" {
                @for (n, curve) in curves.iter().enumerate() {
                    @if let Some(band) = &curve.band {
                        @for piece in pieces(band) { path class={ "band b" (n % 4) } d=(area(scale, points.len(), &piece)) {} }
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
