//! The answer: five figures, the own region, curves, every number it rests on, how to repeat it.

use maud::{Markup, Render as _, html};
use samband_domain::Time;
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::five::{Beside, FIVE, Verdict, of_region, whole};
use samband_planning::simulate::marks::Mark;
use samband_planning::simulate::measures::{REGION, WHOLE};
use samband_planning::simulate::report::{Case, Figure, Report};

use super::super::super::parts::age_text;
use crate::app::Problem;
use crate::app::joint::board::{OF_REGION, difference_text, verdict_text, way_text};
use crate::app::joint::{Answer, Asked, exact};
use crate::charts::{Chart, Curve};
use crate::components::{
    Cell, Column, FigureWithTable, Note, Row, Status, Table, section, tag, time_tag,
};
use crate::text::{Format, Words};

/// What is drawn over the price.
const DRAWN: [&str; 4] = ["short", "outdated", "moved", "spread"];

pub(super) fn part(w: Words, asked: &Asked, found: &Answer, now: Time) -> Result<Markup, Problem> {
    let report = found.report()?;
    let alone = report.case("self").ok_or_else(Problem::broken)?;
    let other = report.case(asked.against).ok_or_else(Problem::broken)?;
    Ok(html! {
        @if found.quick { (Note::info(w, &w.t_args("joint-quick", &amount(report)))) }
        (section("five", &w.t("joint-five"), &five(w, alone, other)))
        (mine(w, asked, alone, other))
        (curves(w, report, alone))
        (section("rests", &w.t("joint-rests"), &rests(w, report)))
        (section("again", &w.t("joint-again"), &again(w, found, report, now)))
        (section("all", &w.t("joint-all"), &html! {
            details { summary { (w.t("joint-all-whole")) } (all(w, report)) }
            details { summary { (w.t("joint-all-regions")) } (regions(w, other)) }
        }))
        (section("marks", &w.t("joint-marks"), &html! {
            details { summary { (marks_text(w, report)) } (marks(w, report)) }
        }))
    })
}

fn amount(report: &Report) -> [(&'static str, crate::text::Arg<'static>); 2] {
    [("years", report.years.into()), ("replications", report.replications.into())]
}

/// What may be said of the five, in one sentence.
pub(super) fn in_short(w: Words, asked: &Asked, found: &Answer) -> Option<Markup> {
    let report = found.report().ok()?;
    let (alone, other) = (report.case("self")?, report.case(asked.against)?);
    let all = FIVE.iter().filter_map(|keys| whole(keys.first()?, alone, other));
    let verdicts: Vec<Verdict> = all.map(|beside| beside.verdict).collect();
    let count = |wanted: &[Verdict]| verdicts.iter().filter(|one| wanted.contains(one)).count();
    let with = [
        ("way", way_text(w, other).into()),
        ("better", count(&[Verdict::Better]).into()),
        ("worse", count(&[Verdict::Worse]).into()),
        ("unclear", count(&[Verdict::Unclear, Verdict::Same]).into()),
    ];
    Some(html! {
        p.said { (w.t_args("joint-in-short", &with)) " " a href="#five" { (w.t("joint-see")) } }
    })
}

fn said(w: Words, estimate: Estimate, digits: u8) -> String {
    format!("{} ± {}", w.float(estimate.mean, digits), w.float(estimate.half_width, digits))
}

fn verdict(w: Words, verdict: Verdict) -> Markup {
    let text = verdict_text(w, verdict);
    match verdict {
        Verdict::Better => tag(Status::Held, &text),
        Verdict::Worse => tag(Status::Attention, &text),
        Verdict::Unclear => tag(Status::Unknown, &text),
        Verdict::More | Verdict::Less | Verdict::Same => html! { (text) },
    }
}

fn beside_row(w: Words, name: String, beside: &Beside) -> Row {
    let digits = beside.measure.digits;
    Row::new(name)
        .cell(w.float(beside.alone.mean, digits))
        .cell(w.float(beside.other.mean, digits))
        .cell(difference_text(w, beside))
        .cell(Cell::markup(verdict(w, beside.verdict)))
}

fn beside_table(w: Words, caption: String, alone: &Case, other: &Case) -> Table {
    Table::new(caption).caption_hidden().columns([
        Column::text(w.t("simulate-per-year")),
        Column::number(way_text(w, alone)),
        Column::number(way_text(w, other)),
        Column::number(w.t("joint-difference")),
        Column::text(w.t("joint-says")),
    ])
}

fn five(w: Words, alone: &Case, other: &Case) -> Markup {
    let keys = FIVE.iter().flat_map(|keys| keys.iter());
    let rows = keys.filter_map(|key| {
        let beside = whole(key, alone, other)?;
        Some(beside_row(w, w.dynamic("joint-five-", key), &beside))
    });
    html! {
        (beside_table(w, w.t("joint-five"), alone, other).rows(rows))
        p.fine { (w.t("joint-interval")) }
    }
}

/// A measure of the chosen region, with the region's name.
pub(super) fn of_own(
    asked: &Asked,
    key: &str,
    alone: &Case,
    other: &Case,
) -> Option<(String, Beside)> {
    let region = other.region(asked.region.as_deref()?)?;
    Some((region.name.clone(), of_region(key, &region.id, alone, other)?))
}

fn mine(w: Words, asked: &Asked, alone: &Case, other: &Case) -> Markup {
    let Some((name, _)) = of_own(asked, "cost", alone, other) else { return html! {} };
    let title = w.t_args("joint-mine", &[("region", name.into())]);
    let rows = OF_REGION.iter().filter_map(|key| {
        let (_, beside) = of_own(asked, key, alone, other)?;
        Some(beside_row(w, w.dynamic("joint-for-", key), &beside))
    });
    section(
        "mine",
        &title,
        &html! {
            (beside_table(w, title.clone(), alone, other).rows(rows))
            p.fine { (w.t("joint-mine-means")) }
        },
    )
}

fn curves(w: Words, report: &Report, alone: &Case) -> Markup {
    let points: Vec<String> = report
        .curve
        .iter()
        .filter_map(|case| case.price)
        .map(|price| w.t_args("joint-kr", &[("price", w.float(price, 0).into())]))
        .collect();
    section(
        "curves",
        &w.t("simulate-curves"),
        &html! {
            p { (w.t("joint-curves-text")) }
            div.curves {
                @for measure in WHOLE.iter().filter(|one| DRAWN.contains(&one.key)) {
                    (curve(w, (report, alone), &points, (measure.key, measure.digits)))
                }
            }
        },
    )
}

fn curve(
    w: Words,
    (report, alone): (&Report, &Case),
    points: &[String],
    (key, digits): (&str, u8),
) -> Markup {
    let estimate = |case: &Case| case.figure(key).map(|one| one.estimate);
    let values: Vec<_> = report.curve.iter().map(estimate).collect();
    let level = estimate(alone);
    // Intervals are drawn finer than numbers are written.
    let number = |value: f64| exact(value.max(0.0), digits.max(3));
    let around = |one: Option<Estimate>| {
        let Estimate { mean, half_width } = one?;
        Some((number(mean - half_width)?, number(mean + half_width)?))
    };
    let mean = |one: &Option<Estimate>| number(one.as_ref()?.mean);
    let joint = Curve::new(w.t("joint-together"), values.iter().map(mean))
        .band(values.iter().map(|one| around(*one)));
    let flat = Curve::new(w.t("joint-alone"), values.iter().map(|_| mean(&level)))
        .band(values.iter().map(|_| around(level)));
    let title = w.dynamic("joint-five-", key);
    let id = format!("curve-{key}");
    let format = if digits == 0 { Format::Integer } else { Format::Decimal(digits) };
    let drawing = Chart::new(w, &id, &title, &w.t("simulate-axis"))
        .format(format)
        .curves(points, &[joint, flat]);
    let cell = |one: Option<Estimate>| one.map_or_else(|| w.unknown(), |one| said(w, one, digits));
    let rows = points
        .iter()
        .zip(&values)
        .map(|(price, one)| Row::new(price.clone()).cell(cell(*one)).cell(cell(level)));
    let table = Table::new(title.clone())
        .columns([
            Column::text(w.t("simulate-price")),
            Column::number(w.t("joint-together")),
            Column::number(w.t("joint-alone")),
        ])
        .rows(rows);
    FigureWithTable::new(w, &format!("{id}-part"), &title, &drawing, &table).folded().render()
}

/// How many numbers are whose.
pub(super) fn marks_text(w: Words, report: &Report) -> String {
    let with = [
        ("all", report.marks.len().into()),
        ("report", report.marked(Mark::Report).into()),
        ("literature", report.marked(Mark::Literature).into()),
        ("assumed", report.marked(Mark::Assumed).into()),
    ];
    w.t_args("joint-marked", &with)
}

fn rests(w: Words, report: &Report) -> Markup {
    html! {
        p {
            a href="#marks" { (marks_text(w, report)) }
        }
        (Note::warning(w, &w.t("joint-not")))
        p { (w.t("simulate-simplified")) }
    }
}

fn again(w: Words, found: &Answer, report: &Report, now: Time) -> Markup {
    let seed = report.seed.to_string();
    html! {
        p { (w.t_args("joint-again-text", &[("seed", seed.into())])) }
        pre.command { code { (found.question.command("sodra")) } }
        p.fine {
            (w.t("joint-source")) " " span lang="sv" { (report.scenario) } ". "
            (w.t("joint-computed")) " " (time_tag(w, found.at.0)) " ("
            (age_text(w, samband_domain::Known::Value(found.at), now)) ")."
        }
    }
}

fn figure_cell(w: Words, figure: &Figure, digits: u8) -> Cell {
    Cell::markup(html! {
        (said(w, figure.estimate, digits))
        @if let Some(one) = figure.against_first {
            br; span.fine { @if one.mean > 0.0 { "+" } (said(w, one, digits)) }
        }
    })
}

fn all(w: Words, report: &Report) -> Markup {
    let head = std::iter::once(Column::text(w.t("simulate-per-year")))
        .chain(report.cases.iter().map(|case| Column::number(way_text(w, case))));
    let rows = WHOLE.iter().enumerate().map(|(n, measure)| {
        let cells =
            report.cases.iter().map(|case| figure_cell(w, &case.figures[n], measure.digits));
        Row::new(w.dynamic("simulate-", measure.key)).cells(cells)
    });
    let first = report.cases.first().map(|case| way_text(w, case)).unwrap_or_default();
    html! {
        (Table::new(w.t("joint-all-whole")).caption_hidden().columns(head).rows(rows)
            .note(w.t_args("simulate-under", &[("first", first.into())])).scrolling())
    }
}

fn regions(w: Words, case: &Case) -> Markup {
    let head = std::iter::once(Column::text(w.t("simulate-per-year")))
        .chain(case.regions.iter().map(|region| Column::number(region.name.clone())));
    let rows = REGION.iter().enumerate().map(|(n, measure)| {
        let cells = case.regions.iter().map(|one| figure_cell(w, &one.figures[n], measure.digits));
        Row::new(w.dynamic("simulate-", measure.key)).cells(cells)
    });
    html! {
        (Table::new(way_text(w, case)).columns(head).rows(rows).scrolling())
    }
}

fn marks(w: Words, report: &Report) -> Markup {
    let rows = report.marks.iter().map(|row| {
        let mark = w.dynamic("simulate-mark-", row.mark.as_str());
        let mark = match row.mark {
            Mark::Assumed => tag(Status::OneSided, &mark),
            Mark::Report | Mark::Literature => html! { (mark) },
        };
        let source = html! {
            @if row.chosen { (w.t("simulate-chosen")) } @else {
                span lang="sv" {
                    (row.source) @if let Some(note) = &row.note { ". " (note) }
                }
            }
        };
        Row::new(Cell::markup(html! { code { (row.place) } }))
            .cell(row.value.clone())
            .cell(Cell::markup(mark))
            .cell(Cell::markup(source))
    });
    html! {
        (Table::new(w.t("joint-marks")).caption_hidden().columns([
            Column::text(w.t("simulate-number")),
            Column::text(w.t("simulate-value")),
            Column::text(w.t("simulate-basis")),
            Column::text(w.t("simulate-source")),
        ]).rows(rows).scrolling())
    }
}
