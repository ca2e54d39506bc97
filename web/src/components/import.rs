//! Import: the steps, and what a file would do before it does it.

use maud::{Markup, Render, html};
use samband_exchange::wrong_rows;

use super::note::Note;
use super::table::{Cell, Column, Row, Table};
use crate::text::Words;

/// Where one is in a task of several steps.
#[derive(Debug, Clone)]
pub struct Steps<'a> {
    words: Words,
    labels: &'a [&'a str],
    current: usize,
}

impl<'a> Steps<'a> {
    /// The steps in order and the place of the current one, from 0.
    #[must_use]
    pub fn new(words: Words, labels: &'a [&'a str], current: usize) -> Self {
        Self { words, labels, current }
    }
}

impl Render for Steps<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        html! {
            ol.steps aria-label=(w.t("steps-label")) {
                @for (place, label) in self.labels.iter().enumerate() {
                    @let done = place < self.current;
                    li class=[done.then_some("done")]
                        aria-current=[(place == self.current).then_some("step")] {
                        span.sign aria-hidden="true" {
                            @if done { "✓" } @else { (place + 1) }
                        }
                        (label)
                        @if done { span.hidden { " (" (w.t("steps-done")) ")" } }
                    }
                }
            }
        }
    }
}

/// A row that cannot be taken in, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line in the file, as the person's editor counts it.
    pub line: u64,
    /// The column's name, where one column is to blame.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// The reason in words.
    pub reason: String,
}

/// What a file would bring: how many rows are good, which are not; all or nothing.
#[derive(Debug, Clone)]
pub struct ImportPreview<'a> {
    words: Words,
    file: &'a str,
    good: u64,
    bad: &'a [BadRow],
}

impl<'a> ImportPreview<'a> {
    /// The file's name, its good rows and its bad ones.
    #[must_use]
    pub fn new(words: Words, file: &'a str, good: u64, bad: &'a [BadRow]) -> Self {
        Self { words, file, good, bad }
    }

    fn bad_rows(&self) -> Table {
        let w = self.words;
        let rows = self.bad.iter().map(|bad| {
            let text = |value: &Option<String>| Cell::text(value.clone().unwrap_or("–".into()));
            Row::new(Cell::count(w, Some(bad.line)))
                .cell(text(&bad.column))
                .cell(text(&bad.value))
                .cell(bad.reason.clone())
        });
        Table::new(w.t("import-bad-rows"))
            .columns([
                Column::text(w.t("import-line")),
                Column::text(w.t("import-column")),
                Column::text(w.t("import-value")),
                Column::text(w.t("import-reason")),
            ])
            .rows(rows)
    }
}

impl Render for ImportPreview<'_> {
    fn render(&self) -> Markup {
        let w = self.words;
        let good = w.t_args("import-rows-good", &[("n", self.good.into())]);
        html! {
            div.preview {
                p { strong { (self.file) } ": " (good) }
                @if self.bad.is_empty() {
                    (Note::info(w, &w.t("import-ready")))
                } @else {
                    @let wrong = wrong_rows(self.bad.iter().map(|bad| bad.line));
                    @let refused = w.t_args("import-rows-refused", &[("n", wrong.into())]);
                    (Note::warning(w, &format!("{refused}. {}", w.t("import-nothing-taken"))))
                    div { (self.bad_rows()) }
                }
            }
        }
    }
}
