//! The figures in force: a fold over reports and corrections.

use std::sync::Arc;

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::event::{Event, FigureCorrected, FiguresReported};
use super::model::{Figure, Measure, Provenance};
use crate::words::{Meta, Period};

/// What other regions may hold: all of it, since figures of donors and donations are counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The figure in force for each measure and period.
    pub figures: OrdMap<(Measure, Period), Figure>,
}

/// What stays in the region: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {}

/// Folds one event in.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::FiguresReported(report, _) => apply_report(shared, report, meta),
        Event::FigureCorrected(correction, _) => apply_correction(shared, correction, meta),
    }
}

fn apply_report(shared: &mut Shared, report: &FiguresReported, meta: &Meta) {
    let mut source = None;
    for row in &report.rows {
        let key = (row.measure, row.period);
        let held = shared.figures.get_mut(&key);
        // One source is kept once, whether it is this report's or that of the figure replaced.
        let source = source.get_or_insert_with(|| match &held {
            Some(figure) if *figure.provenance.source == report.source => {
                Arc::clone(&figure.provenance.source)
            }
            _ => Arc::new(report.source.clone()),
        });
        let provenance = Provenance {
            source: Arc::clone(source),
            row: row.row,
            column: row.column.clone(),
            recorded: meta.recorded,
            by: meta.actor.clone(),
            at: meta.at.clone(),
            correction: None,
        };
        match held {
            Some(figure) => {
                let replaced = figure.replaced + 1;
                *figure = Figure { value: row.value, provenance, replaced };
            }
            None => {
                shared.figures.insert(key, Figure { value: row.value, provenance, replaced: 0 });
            }
        }
    }
}

fn apply_correction(shared: &mut Shared, correction: &FigureCorrected, meta: &Meta) {
    if let Some(figure) = shared.figures.get_mut(&(correction.measure, correction.period)) {
        figure.value = correction.value;
        figure.replaced += 1;
        figure.provenance.recorded = meta.recorded;
        figure.provenance.by = meta.actor.clone();
        figure.provenance.at = meta.at.clone();
        figure.provenance.correction = Some(correction.reason.clone());
    }
}
