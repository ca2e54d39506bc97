//! One page of A4 for those who decide: five figures, the trend, what is assumed, what is asked.

use samband_domain::Time;
use samband_exchange::paper::{BLACK, Face, Ink, Sheet, WIDE};
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::five::{Beside, FIVE, Verdict, of_region, whole};
use samband_planning::simulate::marks::Mark;
use samband_planning::simulate::report::{Case, Report};

use super::plotted::{Plotted, plot};
use crate::text::{Arg, Words};

/// Left and right margin.
const MARGIN: f32 = 18.0;
/// Width between the margins.
const INSIDE: f32 = WIDE - 2.0 * MARGIN;
/// For what stands beside.
const GREY: Ink = [0.32, 0.36, 0.38];
/// Lines of tables.
const LINE: Ink = [0.72, 0.76, 0.78];
/// What is asked for stands on it.
const TINT: Ink = [0.92, 0.95, 0.96];
/// Headings.
const PINE: Ink = [0.06, 0.33, 0.39];

const BODY: Face = Face::plain(9.0);
const STRONG: Face = Face::bold(9.0);
const FINE: Face = Face::plain(7.5);
const HEADING: Face = Face::bold(11.0);

/// Where the columns of numbers end, and where the words after them begin.
const COLUMNS: [f32; 4] = [89.0, 112.0, 145.0, 150.0];

/// What the costs of a region are made of, and what else changes there.
pub const OF_REGION: [&str; 5] = ["cost", "transport_cost", "outdated_cost", "short", "per_donor"];

/// What the page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Board<'a> {
    /// The language.
    pub words: Words,
    /// The answer.
    pub report: &'a Report,
    /// The command that gives the same figures.
    pub command: &'a str,
    /// The variant's short name; none is today.
    pub variant: Option<&'a str>,
    /// What is shown beside each region for itself.
    pub against: &'a str,
    /// Whose costs are shown.
    pub region: Option<&'a str>,
    /// When the page is made.
    pub made: Time,
}

/// The page as PDF; none if the answer does not hold what is to be shown beside each other.
#[must_use]
pub fn board(board: &Board<'_>) -> Option<Vec<u8>> {
    let (alone, other) = (board.report.case("self")?, board.report.case(board.against)?);
    let w = board.words;
    let mut sheet = Sheet::new(w.t("joint-title"), w.lang().code());
    let mut y = head(&mut sheet, board, other);
    y = decision(&mut sheet, board, other, y);
    y = five(&mut sheet, w, (alone, other), y);
    y = region(&mut sheet, board, (alone, other), y);
    y = trend(&mut sheet, w, board.report, y);
    y = rests(&mut sheet, board, y);
    foot(&mut sheet, board, y);
    Some(sheet.pdf())
}

/// A way to work together, in words.
#[must_use]
pub fn way_text(w: Words, case: &Case) -> String {
    let price = case.price.map_or_else(String::new, |price| w.float(price, 0));
    let key = format!("simulate-way-{}", case.name);
    w.find(&key, &[("price", price.into())]).unwrap_or_else(|| case.name.clone())
}

/// A scenario's change in words; none is today.
#[must_use]
pub fn scenario_text(w: Words, variant: Option<&str>, title: Option<&str>) -> String {
    let id = variant.unwrap_or("today");
    let known = w.find(&format!("joint-scenario-{id}"), &[]);
    known.or_else(|| title.map(str::to_owned)).unwrap_or_else(|| id.to_owned())
}

/// A difference with its sign and half the width of its interval.
#[must_use]
pub fn difference_text(w: Words, beside: &Beside) -> String {
    let Estimate { mean, half_width } = beside.difference;
    let digits = beside.measure.digits;
    let sign = if mean > 0.0 { "+" } else { "" };
    format!("{sign}{} ± {}", w.float(mean, digits), w.float(half_width, digits))
}

/// What may be said of a difference.
#[must_use]
pub fn verdict_text(w: Words, verdict: Verdict) -> String {
    w.dynamic("joint-verdict-", verdict.as_str())
}

fn heading(sheet: &mut Sheet, y: f32, text: &str) -> f32 {
    sheet.text((MARGIN, y), HEADING, PINE, text);
    y + 5.2
}

fn rule(sheet: &mut Sheet, y: f32) {
    sheet.line(&[(MARGIN, y), (WIDE - MARGIN, y)], 0.2, LINE);
}

fn head(sheet: &mut Sheet, board: &Board<'_>, other: &Case) -> f32 {
    let (w, report) = (board.words, board.report);
    sheet.text((MARGIN, 21.0), Face::bold(18.0), BLACK, w.t("joint-title"));
    sheet.text_end((WIDE - MARGIN, 21.0), FINE, GREY, &w.date(board.made.0));
    let scenario = scenario_text(w, board.variant, report.variant.as_deref());
    let with = [("scenario", scenario.into()), ("way", way_text(w, other).into())];
    let y = sheet.paragraph(
        (MARGIN, 27.0),
        INSIDE,
        (BODY, GREY),
        &w.t_args("joint-board-about", &with),
    );
    rule(sheet, y - 1.6);
    y + 4.0
}

fn decision(sheet: &mut Sheet, board: &Board<'_>, other: &Case, y: f32) -> f32 {
    let w = board.words;
    let text = w.t_args("joint-board-ask", &[("way", way_text(w, other).into())]);
    let lines = samband_exchange::paper::wrapped(&text, BODY, INSIDE - 8.0).len();
    let high = 9.5 + BODY.line() * lines as f32;
    sheet.rect((MARGIN, y - 4.0), (INSIDE, high), TINT);
    sheet.text((MARGIN + 4.0, y + 1.0), HEADING, PINE, w.t("joint-board-decision"));
    sheet.paragraph((MARGIN + 4.0, y + 6.0), INSIDE - 8.0, (BODY, BLACK), &text);
    y + high + 3.0
}

/// The heads of a table of measures.
fn columns(sheet: &mut Sheet, w: Words, y: f32) -> f32 {
    let heads = ["joint-alone", "joint-together", "joint-difference"];
    for (key, end) in heads.into_iter().zip(COLUMNS) {
        sheet.text_end((MARGIN + end, y), FINE, GREY, &w.t(key));
    }
    sheet.text((MARGIN + COLUMNS[3], y), FINE, GREY, w.t("joint-says"));
    rule(sheet, y + 1.3);
    y + 5.2
}

fn row(sheet: &mut Sheet, w: Words, name: &str, beside: &Beside, y: f32) -> f32 {
    let digits = beside.measure.digits;
    let numbers = [
        w.float(beside.alone.mean, digits),
        w.float(beside.other.mean, digits),
        difference_text(w, beside),
    ];
    let below = sheet.paragraph((MARGIN, y), 72.0, (STRONG, BLACK), name);
    for (text, end) in numbers.iter().zip(COLUMNS) {
        sheet.text_end((MARGIN + end, y), BODY, BLACK, text);
    }
    let verdict = verdict_text(w, beside.verdict);
    let left = INSIDE - COLUMNS[3];
    let beside_below = sheet.paragraph((MARGIN + COLUMNS[3], y), left, (FINE, BLACK), &verdict);
    let y = below.max(beside_below) - BODY.line();
    rule(sheet, y + 1.4);
    y + 5.2
}

fn five(sheet: &mut Sheet, w: Words, (alone, other): (&Case, &Case), y: f32) -> f32 {
    let y = heading(sheet, y, &w.t("joint-five"));
    let mut y = columns(sheet, w, y);
    for key in FIVE.iter().flat_map(|keys| keys.iter()) {
        if let Some(beside) = whole(key, alone, other) {
            y = row(sheet, w, &w.dynamic("joint-five-", key), &beside, y);
        }
    }
    y + 3.5
}

fn region(sheet: &mut Sheet, board: &Board<'_>, (alone, other): (&Case, &Case), y: f32) -> f32 {
    let w = board.words;
    let Some(found) = board.region.and_then(|id| other.region(id)) else { return y };
    let name = [("region", Arg::from(&found.name))];
    let y = heading(sheet, y, &w.t_args("joint-mine", &name));
    let mut y = columns(sheet, w, y);
    for key in OF_REGION {
        if let Some(beside) = of_region(key, &found.id, alone, other) {
            y = row(sheet, w, &w.dynamic("joint-for-", key), &beside, y);
        }
    }
    y + 3.5
}

/// Curves over the price of transport, side by side.
fn trend(sheet: &mut Sheet, w: Words, report: &Report, y: f32) -> f32 {
    let y = heading(sheet, y, &w.t("joint-board-trend"));
    let wide = (INSIDE - 10.0) / 2.0;
    for (n, key) in ["short", "moved"].into_iter().enumerate() {
        let at = (MARGIN + n as f32 * (wide + 10.0), y - 1.0);
        let curve = report.curve.iter();
        let points = curve.filter_map(|case| Some((case.price?, case.figure(key)?.estimate)));
        let level = report.case("self").and_then(|case| case.figure(key)).map(|one| one.estimate);
        let title = w.dynamic("joint-five-", key);
        plot(sheet, w, (at, (wide, 38.0)), &Plotted { title, points: points.collect(), level });
    }
    sheet.paragraph((MARGIN, y + 41.0), INSIDE, (FINE, GREY), &w.t("joint-board-trend-text")) + 3.5
}

fn rests(sheet: &mut Sheet, board: &Board<'_>, y: f32) -> f32 {
    let (w, report) = (board.words, board.report);
    let y = heading(sheet, y, &w.t("joint-board-rests"));
    let number = |n: usize| Arg::from(n.to_string());
    let with = [
        ("all", number(report.marks.len())),
        ("report", number(report.marked(Mark::Report))),
        ("literature", number(report.marked(Mark::Literature))),
        ("assumed", number(report.marked(Mark::Assumed))),
    ];
    let text = w.t_args("joint-board-marks", &with);
    let y = sheet.paragraph((MARGIN, y), INSIDE, (BODY, BLACK), &text);
    sheet.paragraph((MARGIN, y + 0.8), INSIDE, (BODY, BLACK), &w.t("joint-not")) + 1.5
}

fn foot(sheet: &mut Sheet, board: &Board<'_>, y: f32) {
    let (w, report) = (board.words, board.report);
    rule(sheet, y);
    let with = [
        ("years", Arg::from(report.years.to_string())),
        ("replications", report.replications.to_string().into()),
        ("seed", report.seed.to_string().into()),
        ("time", w.date_time(board.made.0).into()),
        ("scenario", (&report.scenario).into()),
    ];
    let text = w.t_args("joint-board-source", &with);
    let y = sheet.paragraph((MARGIN, y + 4.0), INSIDE, (FINE, GREY), &text);
    let again = w.t_args("joint-board-again", &[("command", board.command.into())]);
    sheet.paragraph((MARGIN, y), INSIDE, (FINE, GREY), &again);
}
