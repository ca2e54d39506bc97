//! Curves as SVG: lines with their confidence, readable without colour, sharp in print.

use std::fmt::Write as _;

use super::estimate::Estimate;
use super::words::Words;

/// Width and height of a plot, in its own units.
const SIZE: (f64, f64) = (340.0, 190.0);
/// Left, right, top and bottom margins.
const MARGIN: (f64, f64, f64, f64) = (52.0, 20.0, 10.0, 34.0);

/// A curve over the price, and the level it is held against.
pub struct Plot<'a> {
    /// What the axis below says.
    pub below: &'a str,
    /// Price and value.
    pub points: Vec<(f64, Estimate)>,
    /// The level of each region for itself.
    pub level: Option<Estimate>,
}

impl Plot<'_> {
    /// The plot as SVG with a text for those who do not see it.
    #[must_use]
    pub fn svg(&self, words: &dyn Words, title: &str) -> String {
        let levels = self.level.iter();
        let all = self.points.iter().map(|(_, estimate)| estimate).chain(levels);
        let most = all.map(|one| one.mean + one.half_width).fold(0.0_f64, f64::max);
        let top = nice(most);
        let far = self.points.iter().map(|(price, _)| *price).fold(1.0_f64, f64::max);
        let (left, right, above, under) = MARGIN;
        let (width, height) = SIZE;
        // Prices are far apart: the axis is a root, which keeps 0 and spreads the small ones.
        let x = |price: f64| left + (price / far).sqrt() * (width - left - right);
        let y = |value: f64| above + (1.0 - value / top) * (height - above - under);
        let mut out =
            format!("<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{title}\">");
        for step in 0..=4 {
            let value = top * f64::from(step) / 4.0;
            let (at, end) = (y(value), width - right);
            let _ = write!(
                out,
                "<line class=\"grid\" x1=\"{left}\" x2=\"{end}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                left - 5.0,
                at + 3.5,
                words.number(value, if top < 10.0 { 2 } else { 0 })
            );
        }
        self.ticks(words, &mut out, &x, height - under);
        if let Some(level) = self.level {
            let least = (level.mean - level.half_width).max(0.0);
            let (low, high) = (y(level.mean + level.half_width), y(least));
            let (wide, end, at) = (width - left - right, width - right, y(level.mean));
            let tall = (high - low).max(0.0);
            let _ = write!(
                out,
                "<rect class=\"band\" x=\"{left}\" y=\"{low:.1}\" width=\"{wide:.1}\" \
                 height=\"{tall:.1}\"/><line class=\"level\" x1=\"{left}\" x2=\"{end:.1}\" \
                 y1=\"{at:.1}\" y2=\"{at:.1}\"/>"
            );
        }
        let point = |(price, one): &(f64, Estimate)| format!("{:.1},{:.1}", x(*price), y(one.mean));
        let line: Vec<String> = self.points.iter().map(point).collect();
        let _ = write!(out, "<polyline class=\"line\" points=\"{}\"/>", line.join(" "));
        for (price, one) in &self.points {
            let _ = write!(
                out,
                "<line class=\"whisker\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1:.1}\" y2=\"{2:.1}\"/>\
                 <circle cx=\"{0:.1}\" cy=\"{3:.1}\" r=\"2.6\"/>",
                x(*price),
                y(one.mean + one.half_width),
                y((one.mean - one.half_width).max(0.0)),
                y(one.mean)
            );
        }
        out.push_str("</svg>");
        out
    }

    fn ticks(&self, words: &dyn Words, out: &mut String, x: &dyn Fn(f64) -> f64, under: f64) {
        let mut last = f64::MIN;
        for (price, _) in &self.points {
            let at = x(*price);
            if at - last < 26.0 {
                continue;
            }
            last = at;
            let _ = write!(
                out,
                "<text class=\"tick\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                under + 12.0,
                words.number(*price, 0)
            );
        }
        let _ = write!(
            out,
            "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            SIZE.0 - MARGIN.1,
            under + 26.0,
            self.below
        );
    }
}

/// The next 1, 2, 2.5 or 5 of a power of ten.
fn nice(most: f64) -> f64 {
    if most <= 0.0 || !most.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(most.log10().floor());
    let steps = [1.0, 2.0, 2.5, 4.0, 5.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|top| *top >= most).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::words::Keys;

    #[test]
    fn an_axis_ends_at_a_round_number_above_everything() {
        for (most, top) in [(0.0, 1.0), (0.9, 1.0), (11.0, 20.0), (213.0, 250.0), (499.0, 500.0)] {
            assert!((nice(most) - top).abs() < 1e-9, "{most}: {}", nice(most));
        }
    }

    #[test]
    fn a_plot_shows_every_point() {
        let of = |mean| Estimate { mean, half_width: 1.0 };
        let points = vec![(0.0, of(5.0)), (10.0, of(4.0)), (100.0, of(9.0))];
        let svg = Plot { below: "kr", points, level: Some(of(7.0)) };
        let svg = svg.svg(&Keys, "Brist");
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("class=\"level\"") && !svg.contains("NaN"), "{svg}");
    }
}
