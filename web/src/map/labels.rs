//! Where names stand on the map, and which part of the country is shown.

use std::fmt;

use super::outline::{self, Bounds, County};

/// A length in hundredths of a per cent of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(i64);

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}%", self.0.abs() / 100, self.0.abs() % 100)
    }
}

/// The place of a county's texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) x: Share,
    pub(super) y: Share,
    pub(super) anchor: &'static str,
    /// Where the line from the text ends, when the text stands outside the county.
    pub(super) leader: Option<(Share, Share)>,
}

/// Counties too narrow for their text: how far outside it stands, in map units.
const OUTSIDE: &[(&str, i32, i32)] = &[("10", 230, 480), ("13", -470, 620)];

/// Free space around the shown counties, in map units.
const MARGIN: i32 = 90;
/// How much room a text outside needs around its place.
const TEXT: (i32, i32) = (410, 170);

fn outside(code: &str) -> Option<(i32, i32)> {
    OUTSIDE.iter().find(|(known, ..)| *known == code).map(|(_, dx, dy)| (*dx, *dy))
}

fn text_at(county: &County) -> (i32, i32) {
    let (dx, dy) = outside(county.code).unwrap_or_default();
    (county.label.0 + dx, county.label.1 + dy)
}

/// The part of the country that holds the counties and their texts.
pub(super) fn view(codes: &[&str]) -> Option<Bounds> {
    let counties = codes.iter().filter_map(|code| outline::find(code));
    let all = counties
        .map(|county| {
            let (x, y) = text_at(county);
            let text =
                Bounds { west: x - TEXT.0, north: y - TEXT.1, east: x + TEXT.0, south: y + TEXT.1 };
            county.bounds.with(text)
        })
        .reduce(Bounds::with)?;
    Some(Bounds {
        west: all.west - MARGIN,
        north: all.north - MARGIN,
        east: all.east + MARGIN,
        south: all.south + MARGIN,
    })
}

/// The place of a county's texts within the view.
pub(super) fn place(view: Bounds, county: &County) -> Label {
    let share = |(x, y): (i32, i32)| {
        let part = |n: i32, from: i32, to: i32| {
            Share(i64::from(n - from) * 10_000 / i64::from(to - from).max(1))
        };
        (part(x, view.west, view.east), part(y, view.north, view.south))
    };
    let (x, y) = share(text_at(county));
    let leader = outside(county.code).map(|_| share(county.label));
    Label { x, y, anchor: "middle", leader }
}
