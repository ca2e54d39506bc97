//! What is allowed about figures.

use super::command::Command;
use super::event::{Event, FigureCorrected, FiguresReported};
use super::model::{FigureRow, Measure, Source};
use super::state::Shared;
use crate::kernel::{refusals, text};
use crate::words::{Context, Known, NONE, Refusal};

refusals! {
    /// A report without figures.
    EMPTY = "figures.empty", "design §6: figures in, all or nothing";
    /// One measure and period twice in one report.
    TWICE = "figures.twice", "design §5: one statement per figure and record";
    /// A period that has not ended.
    NOT_ENDED = "figures.period_not_ended",
        "mission A22, A44: yearly figures are stated after the period";
    /// A part is larger than its whole.
    PART_EXCEEDS_WHOLE = "figures.part_exceeds_whole",
        "blood.md §6.1: those aged 18–64 are part of all inhabitants";
    /// The figure is larger than any region could have.
    TOO_LARGE = "figures.too_large", "SCB: Sweden has fewer than 11 million inhabitants";
    /// A correction that changes nothing.
    SAME = "figures.same_value", "design §2: a correction says what was wrong";
    /// There is no figure to correct.
    NO_FIGURE = "figures.no_figure", "design §2: a correction supersedes an entry";
}

/// Most figures in one report.
pub const ROWS_MAX: usize = 1_000;

/// Larger than any count in Sweden; catches slipped digits and columns.
const VALUE_MAX: u64 = 20_000_000;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    shared: &Shared,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Report { source, rows } => {
            check_rows(rows, ctx)?;
            check_population(shared, rows)?;
            let source = Source { title: text("source", &source.title)?, ..source.clone() };
            let report = FiguresReported { source, rows: rows.clone() };
            Ok(vec![Event::FiguresReported(report, NONE)])
        }
        Command::Correct { measure, period, value, reason } => {
            let key = (*measure, *period);
            let facts = [("measure", measure.to_string()), ("period", period.to_string())];
            let figure =
                shared.figures.get(&key).ok_or_else(|| NO_FIGURE.because(facts.clone()))?;
            if figure.value == *value {
                return Err(SAME.because(facts));
            }
            let row = FigureRow {
                measure: *measure,
                period: *period,
                value: *value,
                row: None,
                column: None,
            };
            check_rows(std::slice::from_ref(&row), ctx)?;
            check_population(shared, std::slice::from_ref(&row))?;
            let corrected = FigureCorrected {
                measure: *measure,
                period: *period,
                value: *value,
                supersedes: figure.provenance.at.clone(),
                reason: text("reason", reason)?,
            };
            Ok(vec![Event::FigureCorrected(corrected, NONE)])
        }
    }
}

fn check_rows(rows: &[FigureRow], ctx: &Context<'_>) -> Result<(), Refusal> {
    if rows.is_empty() || rows.len() > ROWS_MAX {
        let facts = [("rows", rows.len().to_string()), ("max", ROWS_MAX.to_string())];
        return Err(EMPTY.because(facts));
    }
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        let facts = [("measure", row.measure.to_string()), ("period", row.period.to_string())];
        if !seen.insert((row.measure, row.period)) {
            return Err(TWICE.because(facts));
        }
        if row.period.ended() > ctx.now {
            return Err(NOT_ENDED.because(facts));
        }
        if let Known::Value(value) = row.value
            && value > if row.measure.is_permille() { 1_000 } else { VALUE_MAX }
        {
            let facts = [("measure", row.measure.to_string()), ("value", value.to_string())];
            return Err(TOO_LARGE.because(facts));
        }
    }
    Ok(())
}

/// Those aged 18–64 cannot outnumber all inhabitants, whichever of the two is new.
fn check_population(shared: &Shared, rows: &[FigureRow]) -> Result<(), Refusal> {
    for row in rows {
        let said = |measure: Measure| -> Known<u64> {
            let new = rows.iter().find(|r| r.measure == measure && r.period == row.period);
            let held = || shared.figures.get(&(measure, row.period)).map(|figure| figure.value);
            new.map(|row| row.value).or_else(held).unwrap_or(Known::Unknown)
        };
        let (whole, part) = (said(Measure::Population), said(Measure::Population1864));
        if let (Known::Value(whole), Known::Value(part)) = (whole, part)
            && part > whole
        {
            let facts = [
                ("period", row.period.to_string()),
                ("population", whole.to_string()),
                ("population_18_64", part.to_string()),
            ];
            return Err(PART_EXCEEDS_WHOLE.because(facts));
        }
    }
    Ok(())
}
