//! A curve over the price of transport, drawn on paper.

use samband_exchange::paper::{BLACK, Face, Ink, Sheet};
use samband_planning::simulate::estimate::Estimate;

use crate::text::Words;

const SMALL: Face = Face::plain(6.5);
const GREY: Ink = [0.32, 0.36, 0.38];
const GRID: Ink = [0.87, 0.89, 0.9];
const CURVE: Ink = [0.06, 0.33, 0.39];
const BAND: Ink = [0.82, 0.9, 0.92];
const LEVEL: Ink = [0.54, 0.29, 0.0];

/// What is drawn.
#[derive(Clone, Debug)]
pub(super) struct Plotted {
    /// What the values are.
    pub title: String,
    /// Price and value.
    pub points: Vec<(f64, Estimate)>,
    /// Each region for itself.
    pub level: Option<Estimate>,
}

/// Draws it into a rectangle: its upper left corner, its size.
pub(super) fn plot(
    sheet: &mut Sheet,
    w: Words,
    ((left, top), (wide, high)): ((f32, f32), (f32, f32)),
    what: &Plotted,
) {
    sheet.text((left, top + 2.5), Face::bold(8.0), BLACK, &what.title);
    let upper = |one: &Estimate| one.mean + one.half_width;
    let lower = |one: &Estimate| (one.mean - one.half_width).max(0.0);
    let all = what.points.iter().map(|(_, one)| one).chain(&what.level);
    let ceiling = round_up(all.map(upper).fold(0.0, f64::max));
    let farthest = what.points.iter().map(|(price, _)| *price).fold(1.0, f64::max);
    // Room for the numbers at the left, the title above and the prices below.
    let (x0, y0) = (left + 11.0, top + 6.0);
    let (across, down) = (wide - 12.0, high - 14.0);
    // Prices are far apart: the axis is a root, which keeps 0 and spreads the small ones.
    let x = |price: f64| x0 + (price / farthest).sqrt() as f32 * across;
    let y = |value: f64| y0 + (1.0 - value / ceiling) as f32 * down;
    for step in 0..=4 {
        let value = ceiling * f64::from(step) / 4.0;
        sheet.line(&[(x0, y(value)), (x0 + across, y(value))], 0.15, GRID);
        let digits = if ceiling < 10.0 { 1 } else { 0 };
        sheet.text_end((x0 - 1.2, y(value) + 0.8), SMALL, GREY, &w.float(value, digits));
    }
    let above = what.points.iter().map(|(price, one)| (x(*price), y(upper(one))));
    let below = what.points.iter().rev().map(|(price, one)| (x(*price), y(lower(one))));
    let band: Vec<_> = above.chain(below).collect();
    sheet.area(&band, BAND);
    if let Some(level) = &what.level {
        let at = y(level.mean);
        sheet.dashed(&[(x0, at), (x0 + across, at)], 0.4, LEVEL, (1.6, 1.0));
        sheet.text_end((x0 + across, at - 0.9), SMALL, LEVEL, &w.t("joint-alone"));
    }
    let line: Vec<_> = what.points.iter().map(|(price, one)| (x(*price), y(one.mean))).collect();
    sheet.line(&line, 0.5, CURVE);
    let mut last = f32::MIN;
    for ((price, _), (at, value)) in what.points.iter().zip(&line) {
        sheet.rect((at - 0.55, value - 0.55), (1.1, 1.1), CURVE);
        let text = w.float(*price, 0);
        let room = SMALL.width(&text);
        if at - room / 2.0 > last + 1.0 {
            sheet.text((at - room / 2.0, y0 + down + 3.2), SMALL, GREY, text);
            last = at + room / 2.0;
        }
    }
    sheet.text_end((x0 + across, y0 + down + 6.4), SMALL, GREY, &w.t("simulate-axis"));
}

/// The next 1, 2, 2.5, 4, 5 or 8 of a power of ten.
fn round_up(most: f64) -> f64 {
    if most <= 0.0 || !most.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(most.log10().floor());
    let steps = [1.0, 2.0, 2.5, 4.0, 5.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|top| *top >= most).unwrap_or(10.0 * power)
}
