//! Tables: always with a caption and scoped headers, scrollable by keyboard when wide.

use maud::{Markup, Render, html};

use crate::text::{Format, Ratio, Whole, Words};

/// A column's head and how its cells stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    label: String,
    numeric: bool,
}

impl Column {
    /// A column of words.
    #[must_use]
    pub fn text(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: false }
    }

    /// A column of numbers, aligned to the right.
    #[must_use]
    pub fn number(label: impl Into<String>) -> Self {
        Self { label: label.into(), numeric: true }
    }
}

/// The contents of one cell.
#[derive(Debug, Clone)]
pub struct Cell {
    body: Markup,
    unknown: bool,
}

impl Cell {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text: String = text.into();
        Self::markup(html! { (text) })
    }

    /// Anything else: links, tags, times.
    #[must_use]
    pub fn markup(body: Markup) -> Self {
        Self { body, unknown: false }
    }

    /// A text that leads somewhere.
    #[must_use]
    pub fn link(href: &str, text: &str) -> Self {
        Self::markup(html! { a href=(href) { (text) } })
    }

    /// The word for unknown, marked as such.
    #[must_use]
    pub fn unknown(w: Words) -> Self {
        Self { body: html! { (w.unknown()) }, unknown: true }
    }

    /// A number that may be unknown.
    #[must_use]
    pub fn number(w: Words, value: Option<Ratio>, format: Format) -> Self {
        let unknown = value.is_none_or(|(_, denominator)| denominator == 0);
        Self { body: html! { (w.number(value, format)) }, unknown }
    }

    /// A whole number that may be unknown.
    #[must_use]
    pub fn count<N: Whole>(w: Words, value: Option<N>) -> Self {
        Self::number(w, value.map(|n| (n.whole(), 1)), Format::Integer)
    }

    /// Makes the contents a link, for instance to the figure's source.
    #[must_use]
    pub fn to(mut self, href: &str) -> Self {
        self.body = html! { a href=(href) { (self.body) } };
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<Markup> for Cell {
    fn from(body: Markup) -> Self {
        Self::markup(body)
    }
}

/// One row; its first cell is the row's header.
#[derive(Debug, Clone)]
pub struct Row {
    header: Cell,
    cells: Vec<Cell>,
}

impl Row {
    /// A row named by its header cell.
    #[must_use]
    pub fn new(header: impl Into<Cell>) -> Self {
        Self { header: header.into(), cells: Vec::new() }
    }

    /// Adds the next cell.
    #[must_use]
    pub fn cell(mut self, cell: impl Into<Cell>) -> Self {
        self.cells.push(cell.into());
        self
    }

    /// Adds several cells.
    #[must_use]
    pub fn cells<C: Into<Cell>>(mut self, cells: impl IntoIterator<Item = C>) -> Self {
        self.cells.extend(cells.into_iter().map(Into::into));
        self
    }
}

/// A table. On a phone it turns into cards by default, or scrolls ([`Table::scrolling`]).
#[derive(Debug, Clone)]
pub struct Table {
    caption: String,
    note: Option<String>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    sum: Option<Row>,
    exports: Vec<(String, String)>,
    scrolling: bool,
    hidden_caption: bool,
}

impl Table {
    /// A table that says what it shows.
    #[must_use]
    pub fn new(caption: impl Into<String>) -> Self {
        Self {
            caption: caption.into(),
            note: None,
            columns: Vec::new(),
            rows: Vec::new(),
            sum: None,
            exports: Vec::new(),
            scrolling: false,
            hidden_caption: false,
        }
    }

    /// The columns, the row headers' column first.
    #[must_use]
    pub fn columns(mut self, columns: impl IntoIterator<Item = Column>) -> Self {
        self.columns.extend(columns);
        self
    }

    /// Adds a row.
    #[must_use]
    pub fn row(mut self, row: Row) -> Self {
        self.rows.push(row);
        self
    }

    /// Adds several rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The row that sums the others up.
    #[must_use]
    pub fn sum(mut self, row: Row) -> Self {
        self.sum = Some(row);
        self
    }

    /// A line under the caption: source, reading aid.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// A link that exports the table: form (`CSV`, `XLSX`) and address.
    #[must_use]
    pub fn export(mut self, form: &str, href: impl Into<String>) -> Self {
        self.exports.push((form.to_owned(), href.into()));
        self
    }

    /// Links that export the list of the API that the table shows, headed as people read it.
    #[must_use]
    pub fn files(self, list: &str) -> Self {
        let mark = if list.contains('?') { '&' } else { '?' };
        let href = |form: &str| format!("/api/v1/{list}{mark}format={form}&headings=words");
        self.export("CSV", href("csv")).export("XLSX", href("xlsx"))
    }

    /// Keeps rows and columns on a phone and scrolls sideways inside its own region, for tables
    /// that are read across.
    #[must_use]
    pub fn scrolling(mut self) -> Self {
        self.scrolling = true;
        self
    }

    /// Keeps the caption for screen readers only, where a heading above says the same.
    #[must_use]
    pub fn caption_hidden(mut self) -> Self {
        self.hidden_caption = true;
        self
    }

    fn head(&self) -> Markup {
        html! {
            thead {
                tr {
                    @for column in &self.columns {
                        th scope="col" class=[column.numeric.then_some("num")] { (column.label) }
                    }
                }
            }
        }
    }

    fn line(&self, row: &Row) -> Markup {
        html! {
            tr {
                th scope="row" { (row.header.body) }
                @for (place, cell) in row.cells.iter().enumerate() {
                    @let column = self.columns.get(place + 1);
                    td class=[class_of(column, cell)]
                        data-label=[column.map(|column| &column.label)] {
                        // The wrapper keeps mixed contents together when the row is a card.
                        span { (cell.body) }
                    }
                }
            }
        }
    }
}

fn class_of(column: Option<&Column>, cell: &Cell) -> Option<&'static str> {
    match (column.is_some_and(|column| column.numeric), cell.unknown) {
        (true, true) => Some("num unknown"),
        (true, false) => Some("num"),
        (false, true) => Some("unknown"),
        (false, false) => None,
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let class = if self.scrolling { "table scrolls" } else { "table cards" };
        html! {
            div class=(class) role="region" aria-label=(self.caption) tabindex="0" {
                table {
                    caption class=[self.hidden_caption.then_some("hidden")] {
                        (self.caption)
                        @if let Some(note) = &self.note { span.note-line { (note) } }
                    }
                    (self.head())
                    tbody { @for row in &self.rows { (self.line(row)) } }
                    @if let Some(sum) = &self.sum { tfoot { (self.line(sum)) } }
                }
            }
            @if !self.exports.is_empty() {
                p.exports {
                    @for (form, href) in &self.exports {
                        a href=(href) download aria-label={ (form) ": " (self.caption) } {
                            span aria-hidden="true" { "↓ " } (form)
                        }
                    }
                }
            }
        }
    }
}
