//! What all charts are drawn from: patterns, row texts, axis, legend, the mark for unknown.

use maud::{Markup, html};

use super::Chart;
use super::scale::{Place, Scale};

/// The number of patterns; a chart with more series than that begins again.
pub(super) const SERIES: usize = 4;

/// The patterns of a chart. Their names hold the chart's id because a page has many charts.
pub(super) fn patterns(id: &str) -> Markup {
    let shapes =
        ["", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6", "M2 2h2v2h-2z M6 6h2v2h-2z", "M0 4h8M4 0v8"];
    html! {
        defs {
            @for (place, shape) in shapes.iter().enumerate() {
                pattern id={ (id) "-p" (place) } width="8" height="8"
                    patternUnits="userSpaceOnUse" {
                    rect class={ "s" (place) } width="8" height="8" {}
                    @if !shape.is_empty() { path class={ "ink" (place) } d=(shape) {} }
                }
            }
            pattern id={ (id) "-pu" } width="7" height="7" patternUnits="userSpaceOnUse" {
                rect.su width="7" height="7" {}
                path.inku d="M-2 -2L9 9M-2 5L2 9M5 -2L9 2" {}
            }
        }
    }
}

/// The rows with the place of each under the other, and where the last ends.
pub(super) fn placed<R>(rows: &[R], top: u32, height: impl Fn(&R) -> u32) -> (Vec<(u32, &R)>, u32) {
    let mut end = top;
    let places = rows.iter().map(|row| {
        let y = end;
        end += height(row);
        (y, row)
    });
    (places.collect(), end)
}

/// The fill of a series.
pub(super) fn fill(id: &str, series: usize) -> String {
    format!("url(#{id}-p{})", series % SERIES)
}

/// The text line of a row: its name to the left, its value to the right.
pub(super) fn row_text(y: u32, label: &str, value: &str, unknown: bool) -> Markup {
    html! {
        text.label x="0" y=(y + 15) { (label) }
        text class=(if unknown { "value unknown" } else { "value" }) x="100%" y=(y + 15)
            text-anchor="end" { (value) }
    }
}

/// The ground that shows how far the scale reaches.
pub(super) fn track(y: u32, height: u32) -> Markup {
    html! { rect.track x="0" y=(y) width="100%" height=(height) rx="2" {} }
}

/// A bar from 0; a known 0 still shows an edge.
pub(super) fn bar(id: &str, series: usize, y: u32, height: u32, to: Place) -> Markup {
    html! {
        @if to == Place(0) {
            rect.zero x="0" y=(y) width="2" height=(height) {}
        } @else {
            rect.bar x="0" y=(y) width=(to) height=(height) rx="2" fill=(fill(id, series)) {}
        }
    }
}

/// The mark for unknown: hatched, dashed, and of a length that means nothing.
pub(super) fn unknown_mark(id: &str, y: u32, height: u32) -> Markup {
    html! {
        rect.unknown-mark x="1" y=(y) width="72" height=(height) rx="2"
            fill={ "url(#" (id) "-pu)" } {}
    }
}

/// The sign of a series in a legend.
pub(super) fn swatch(id: &str, series: usize) -> Markup {
    html! { rect.bar x="1" y="2" width="18" height="14" rx="2" fill=(fill(id, series)) {} }
}

/// Signs and names above the drawing. They are page text, so that long names can wrap.
pub(super) fn legend<'n>(entries: impl Iterator<Item = (Markup, &'n str)>) -> Markup {
    html! {
        ul.chart-legend {
            @for (sign, name) in entries {
                li {
                    svg.chart width="20" height="18" aria-hidden="true" focusable="false" { (sign) }
                    span { (name) }
                }
            }
        }
    }
}

impl Chart<'_> {
    /// The name of the goal or mark, above the rows; with the height that it took.
    pub(super) fn target_name(&self, scale: Scale) -> (Markup, u32) {
        let Some((label, place)) =
            self.target.as_ref().and_then(|(label, value)| Some((label, scale.place(*value)?)))
        else {
            return (html! {}, 0);
        };
        let anchor = if place.is_right_half() { "end" } else { "start" };
        let drawing = html! {
            text.goal-name x=(place) y="13" text-anchor=(anchor) { (label) }
            svg.over x=(place) y="18" { path.goal-sign d="M-5 0H5L0 7z" {} }
        };
        (drawing, 28)
    }

    /// The goal on one row: a line across the bar that leaves the texts alone.
    pub(super) fn target_line(&self, scale: Scale, y: u32, height: u32) -> Markup {
        let place = self.target.as_ref().and_then(|(_, value)| scale.place(*value));
        html! {
            @if let Some(place) = place {
                line.goal x1=(place) x2=(place) y1=(y) y2=(y + height) {}
            }
        }
    }

    /// The axis under the rows; it takes 26 pixels.
    pub(super) fn axis(&self, scale: Scale, y: u32) -> Markup {
        let ticks = scale.ticks(self.words, self.format);
        // Of long texts, every second gives way where the drawing is narrow; first and last stay.
        let class = |n: usize, text: &str| {
            let spare = n > 0 && (ticks.len() - n).is_multiple_of(2) && text.chars().count() > 4;
            if spare { "tick spare" } else { "tick" }
        };
        html! {
            line.axis x1="0" x2="100%" y1=(y) y2=(y) {}
            @for (n, (place, text)) in ticks.iter().enumerate() {
                line.axis x1=(place) x2=(place) y1=(y) y2=(y + 5) {}
                text class=(class(n, text)) x=(place) y=(y + 19) text-anchor=(place.anchor()) {
                    (text)
                }
            }
        }
    }
}

/// The height of [`Chart::axis`].
pub(super) const AXIS: u32 = 26;
