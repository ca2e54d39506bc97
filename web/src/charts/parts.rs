//! What all charts are drawn from: patterns, row texts, axis, legend, the mark for unknown.

use maud::{Markup, html};

use super::scale::{Place, Scale};
use super::Chart;

/// The number of patterns; a chart with more series than that begins again.
pub(super) const SERIES: usize = 4;

/// The patterns of a chart. Their names hold the chart's id because a page has many charts.
pub(super) fn patterns(id: &str) -> Markup {
    let shapes = ["", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6", "M2 2h2v2h-2z M6 6h2v2h-2z", "M0 4h8M4 0v8"];
    html! {
        defs {
            @for (place, shape) in shapes.iter().enumerate() {
                pattern id={ (id) "-p" (place) } width="8" height="8" patternUnits="userSpaceOnUse" {
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
        rect.unknown-mark x="1" y=(y) width="72" height=(height) rx="2" fill={ "url(#" (id) "-pu)" } {}
    }
}

/// The sign of a series in a legend.
fn swatch(id: &str, series: usize, y: u32) -> Markup {
    html! { rect.bar x="1" y=(y + 3) width="18" height="14" rx="2" fill=(fill(id, series)) {} }
}

/// One line per series; returns the drawing and the height that it took.
pub(super) fn legend(id: &str, names: &[&str]) -> (Markup, u32) {
    let mut y = 0;
    let drawing = html! {
        @for (series, name) in names.iter().enumerate() {
            (swatch(id, series, y))
            text.legend x="28" y=(y + 15) { (name) }
            @let _ = { y += 24; };
        }
    };
    (drawing, y + 8)
}

impl Chart<'_> {
    /// The name of the goal or mark, above the rows; with the height that it took.
    pub(super) fn target_name(&self, scale: Scale, y: u32) -> (Markup, u32) {
        let Some((label, place)) = self
            .target
            .as_ref()
            .and_then(|(label, value)| Some((label, scale.place(*value)?)))
        else {
            return (html! {}, 0);
        };
        let anchor = if place.is_right_half() { "end" } else { "start" };
        let drawing = html! {
            text.goal-name x=(place) y=(y + 13) text-anchor=(anchor) { (label) }
            svg.over x=(place) y=(y + 18) { path.goal-sign d="M-5 0H5L0 7z" {} }
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
        html! {
            line.axis x1="0" x2="100%" y1=(y) y2=(y) {}
            @for (place, text) in scale.ticks(self.words, self.format) {
                line.axis x1=(place) x2=(place) y1=(y) y2=(y + 5) {}
                text.tick x=(place) y=(y + 19) text-anchor=(place.anchor()) { (text) }
            }
        }
    }
}

/// The height of [`Chart::axis`].
pub(super) const AXIS: u32 = 26;
