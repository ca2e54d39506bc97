//! Why a series is forecast by the model it is: how good forecasts made at earlier days were.

use maud::{Markup, html};
use samband_planning::forecast::{BACK_DAYS, Model, Score, Shown};

use crate::components::{Cell, Column, Note, Row, Table};
use crate::text::{Ratio, Words};

/// Beside the same weekday a week earlier, over earlier days and over the last four weeks.
pub(super) fn why(w: Words, shown: &Shown) -> Markup {
    let tested = &shown.tested;
    html! {
        @if tested.chosen.days == 0 {
            (Note::info(w, &w.t("forecast-untested")))
        } @else {
            p {
                (w.t_args("forecast-how", &[
                    ("origins", shown.origins.into()), ("days", shown.ahead.len().into())]))
            }
            (scores(w, shown))
            (models(w, shown))
        }
    }
}

fn decimal(value: f64, decimals: u8) -> Option<Ratio> {
    let scale = 10_f64.powi(i32::from(decimals) + 1);
    let whole = (value * scale).round();
    // Scores are small; what is not a number is unknown.
    whole.is_finite().then_some((whole as i128, scale as i128))
}

fn number(w: Words, score: Option<&Score>, of: impl Fn(&Score) -> f64) -> Cell {
    let score = score.filter(|score| score.days > 0);
    let value = score.and_then(|score| decimal(of(score), 2));
    Cell::number(w, value, crate::text::Format::Decimal(2))
}

fn share(w: Words, score: Option<&Score>, of: impl Fn(&Score) -> (f64, f64)) -> Cell {
    let percent =
        |value: f64| decimal(value, 3).map_or_else(|| w.unknown(), |part| w.percent(part, 0));
    match score.filter(|score| score.days > 0) {
        None => Cell::unknown(w),
        Some(score) => {
            let (inside, meant) = of(score);
            let args = [("inside", percent(inside).into()), ("meant", percent(meant).into())];
            Cell::text(w.t_args("forecast-inside", &args))
        }
    }
}

fn scores(w: Words, shown: &Shown) -> Table {
    let back = shown.back.as_ref();
    let all = [
        Some(&shown.tested.chosen),
        Some(&shown.tested.seasonal_naive),
        back.map(|back| &back.score),
        back.map(|back| &back.seasonal_naive),
    ];
    let numbers = |key: &str, of: &dyn Fn(&Score) -> f64| {
        Row::new(w.t(key)).cells(all.map(|score| number(w, score, of)))
    };
    let shares = |key: &str, of: &dyn Fn(&Score) -> (f64, f64)| {
        Row::new(w.t(key)).cells(all.map(|score| share(w, score, of)))
    };
    Table::new(w.t("forecast-scores"))
        .note(w.t("forecast-scores-note"))
        .columns([
            Column::text(w.t("plan-measure")),
            Column::number(w.t("forecast-chosen")),
            Column::number(w.t("forecast-model-seasonal_naive")),
            Column::number(w.t_args("forecast-chosen-lately", &[("n", (BACK_DAYS / 7).into())])),
            Column::number(w.t_args("forecast-naive-lately", &[("n", (BACK_DAYS / 7).into())])),
        ])
        .rows([
            numbers("forecast-crps", &|score| score.crps),
            numbers("forecast-pinball", &|score| score.pinball.iter().sum::<f64>() / 5.0),
            shares("forecast-inside-50", &|score| (score.inside_50, score.meant_50)),
            shares("forecast-inside-90", &|score| (score.inside_90, score.meant_90)),
            Row::new(w.t("forecast-judged"))
                .cells(all.map(|score| Cell::count(w, score.map(|score| score.days)))),
        ])
}

fn models(w: Words, shown: &Shown) -> Table {
    let row = |model: Model| {
        let crps = shown.tested.crps_by_model.get(&model).copied();
        let value = crps.and_then(|crps| decimal(crps, 2));
        let name = w.dynamic("forecast-model-", model.as_str());
        let mark =
            if model == shown.tested.model { w.t("forecast-is-used") } else { String::new() };
        Row::new(name).cell(Cell::number(w, value, crate::text::Format::Decimal(2))).cell(mark)
    };
    Table::new(w.t("forecast-models"))
        .columns([
            Column::text(w.t("forecast-model")),
            Column::number(w.t("forecast-crps")),
            Column::text(w.t("forecast-choice")),
        ])
        .rows(Model::ALL.into_iter().map(row))
}
