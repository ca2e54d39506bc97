//! Rule sets as files: TOML, or a table of `key,value,unit,source,note`. A preview lists everything
//! that is wrong, by line and reason; whoever drafts from it takes all or nothing.

mod csv_form;
mod read;
mod toml_form;
mod write;

use std::borrow::Cow;

use samband_domain::Digest;
use samband_domain::figures::model::FileRef;
use samband_domain::rulesets::{Rule, Scope};
use serde::Serialize;

use crate::figures::{BadRow, Note};
use crate::fold::shown;
use crate::sheet::{self, SheetError};

pub use write::{Words, comparison, file_stem, to_csv, to_toml};

/// What a file says, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The file.
    pub file: FileRef,
    /// What it governs.
    pub scope: Scope,
    /// Title, if the file says it.
    pub title: Option<String>,
    /// Version, if the file says it.
    pub version: Option<String>,
    /// The rules with nothing wrong, in the file's order.
    pub rules: Vec<Rule>,
    /// Everything wrong, in the file's order. Anything here means that nothing may be drafted.
    pub bad: Vec<BadRow>,
    /// What a person should know about how the file was read.
    pub notes: Vec<Note>,
}

impl Preview {
    /// Whether it may be drafted: there is something in it and nothing wrong with it.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.bad.is_empty() && !self.rules.is_empty()
    }
}

macro_rules! codes {
    ($($(#[$meta:meta])* $NAME:ident = $code:literal;)*) => {
        $($(#[$meta])* pub const $NAME: &str = $code;)*
        /// Every message key of [`BadRow::code`] for rules.
        pub const BAD_CODES: &[&str] = &[$($NAME),*];
    };
}

codes! {
    /// No row names the columns; argument `known`.
    NO_HEADING = "rules-bad-no-heading";
    /// The row has not as many cells as the heading; arguments `cells` and `expected`.
    CELLS = "rules-bad-cells";
    /// A column that is none of the form's; argument `known`.
    COLUMN = "rules-bad-column";
    /// A column stands twice.
    COLUMN_TWICE = "rules-bad-column-twice";
    /// Not TOML; argument `reason`, in the words of the reader.
    SYNTAX = "rules-bad-syntax";
    /// A field that a rule does not have; argument `known`.
    FIELD = "rules-bad-field";
    /// No rule of this name; argument `near`, the name that looks most like it, or
    /// `none`.
    KEY = "rules-bad-key";
    /// The rule stands in the file twice; argument `first`, the earlier line.
    TWICE = "rules-bad-twice";
    /// Not a value of the rule's shape; argument `shape`.
    VALUE = "rules-bad-value";
    /// Not one of the rule's choices; argument `choices`.
    CHOICE = "rules-bad-choice";
    /// Another unit; argument `units`.
    UNIT = "rules-bad-unit";
    /// A unit where the rule has none.
    NO_UNIT = "rules-bad-no-unit";
    /// A value without a source.
    NO_SOURCE = "rules-bad-no-source";
    /// A text too long, or with characters that nobody can read; argument `max`.
    TEXT = "rules-bad-text";
    /// Not a scope; argument `known`.
    SCOPE = "rules-bad-scope";
    /// No rules at all.
    EMPTY = "rules-bad-empty";
}

/// What has been found so far.
#[derive(Default)]
struct Findings {
    scope: Option<Scope>,
    title: Option<String>,
    version: Option<String>,
    rules: Vec<(u32, Rule)>,
    bad: Vec<BadRow>,
    notes: Vec<Note>,
}

impl Findings {
    fn bad(
        &mut self,
        (line, column): (u32, Option<&str>),
        code: &'static str,
        value: &str,
        args: impl Into<Vec<(&'static str, String)>>,
    ) {
        self.bad.push(BadRow {
            line,
            column: column.map(shown),
            code,
            value: shown(value),
            args: args.into(),
        });
    }
}

/// Reads the rules of a file. What the bytes say counts, not what the name ends with.
///
/// # Errors
/// [`SheetError`] if the file is neither TOML nor a table; what is wrong inside stands in the
/// preview.
pub fn preview(bytes: &[u8], name: &str) -> Result<Preview, SheetError> {
    if bytes.len() > sheet::BYTES_MAX {
        return Err(SheetError::Bytes { bytes: bytes.len() });
    }
    let mut findings = Findings::default();
    match toml_text(bytes) {
        Some(text) => toml_form::read(&text, &mut findings),
        None => csv_form::read(&sheet::read(bytes, name, None)?, &mut findings),
    }
    let Findings { scope, title, version, rules, mut bad, notes } = findings;
    if rules.is_empty() && bad.is_empty() {
        let (column, value) = (None, String::new());
        bad.push(BadRow { line: 1, column, code: EMPTY, value, args: Vec::new() });
    }
    bad.sort_by_key(|bad| bad.line);
    Ok(Preview {
        file: FileRef { name: name.to_owned(), sha256: Digest::of(bytes) },
        scope: scope.unwrap_or(Scope::Blood),
        title,
        version,
        rules: sound(rules, &bad),
        bad,
        notes,
    })
}

/// The rules with nothing wrong in their lines.
fn sound(rules: Vec<(u32, Rule)>, bad: &[BadRow]) -> Vec<Rule> {
    let wrong = |line: u32| bad.iter().any(|bad| bad.line == line);
    rules.into_iter().filter(|(line, _)| !wrong(*line)).map(|(_, rule)| rule).collect()
}

/// The text, if its first line that says anything looks like TOML: a table's heading or a name
/// with an equals sign before anything that separates columns.
fn toml_text(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let first = first?;
    let name = first.split_once('=').map(|(name, _)| name);
    let named = name.is_some_and(|name| !name.is_empty() && !name.contains([',', ';', '\t']));
    // `sep=;` is how a spreadsheet program says what separates its columns.
    (first.starts_with('[') || named && !first.starts_with("sep=")).then(|| text.into())
}
