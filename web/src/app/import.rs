//! Figures from a file: one way for the page and the API.

use samband_domain::figures::model::Warning;
use samband_domain::figures::{Command, FigureRow, Source};
use samband_domain::kernel::OwnerKind;
use samband_domain::{JournalId, Known, Period};
use samband_engine::{Receipt, Request};
use samband_exchange::counties::with_all_of_sweden;
use samband_exchange::{Asked, KnownRegion, Preview, preview, wrong_rows};

use super::{App, Problem, Visitor};
use crate::text::{Arg, Words};

/// Most warnings of one source.
pub const WARNINGS_MAX: usize = 20;

/// What a person says beside a file, as typed; blank is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Source as one would cite it.
    pub title: String,
    /// When it was published.
    pub published: String,
    /// For when the figures are, where the file does not say so.
    pub period: String,
    /// Sheet of a workbook.
    pub sheet: String,
    /// What the source warns of, one warning per line.
    pub warnings: String,
}

impl Said {
    fn given(text: &str) -> Option<&str> {
        Some(text.trim()).filter(|text| !text.is_empty())
    }

    fn period_of(text: &str) -> Result<Option<Period>, Problem> {
        Self::given(text).map(crate::api::period).transpose()
    }

    /// The source that figures of a file are recorded with.
    fn source(&self, read: &Read) -> Result<Source, Problem> {
        let warnings = self.warnings.lines().filter_map(Self::given).take(WARNINGS_MAX);
        let warnings = warnings.map(|text| Warning {
            measure: None,
            code: "other".into(),
            text: text.to_owned(),
        });
        let file = read.preview.file.clone();
        Ok(Source {
            title: Self::given(&self.title).unwrap_or(&file.name).to_owned(),
            published: Known::from(Self::period_of(&self.published)?),
            warnings: warnings.collect(),
            file: Some(file),
        })
    }
}

/// A file as read for a person.
#[derive(Clone, Debug)]
pub struct Read {
    /// What it says.
    pub preview: Preview,
    /// The person's region.
    pub region: JournalId,
}

impl Read {
    /// The figures of the person's own region.
    #[must_use]
    pub fn own(&self) -> &[FigureRow] {
        self.preview.regions.get(&self.region).map_or(&[], Vec::as_slice)
    }

    /// How many of the own region's rows nothing is wrong with.
    #[must_use]
    pub fn good(&self) -> usize {
        let wrong = |line: u32| self.preview.bad.iter().any(|bad| bad.line == line);
        wrong_rows(self.own().iter().filter_map(|row| row.row).filter(|line| !wrong(*line)))
    }

    /// The other regions that the file has figures of.
    pub fn others(&self) -> impl Iterator<Item = &JournalId> {
        self.preview.regions.keys().filter(|region| **region != self.region)
    }

    /// How the file was read, in words: notes first, then what was left aside.
    #[must_use]
    pub fn notes(&self, words: Words) -> Vec<String> {
        let notes = self.preview.notes.iter().map(|note| words_of(words, note.code, &note.args));
        let ignored = self.preview.ignored.iter().map(|ignored| {
            let column = ignored.column.clone().unwrap_or_default();
            let args = [
                ("line", ignored.line.to_string()),
                ("column", column),
                ("value", ignored.value.clone()),
            ];
            words_of(words, ignored.code, &args)
        });
        notes.chain(ignored).collect()
    }
}

/// Reads a file; what is wrong inside a table stands in the preview.
///
/// # Errors
/// A problem if the file is no table, or what was said beside it is malformed.
pub fn read(
    app: &App,
    visitor: &Visitor,
    name: &str,
    bytes: &[u8],
    said: &Said,
) -> Result<Read, Problem> {
    let world = app.engine.world();
    let regions: Vec<_> = world
        .journals
        .values()
        .filter_map(|journal| {
            let owner = &journal.shared().kernel.journal.as_ref()?.owner;
            (owner.kind == OwnerKind::Region).then(|| KnownRegion {
                journal: journal.id.clone(),
                name: owner.name.clone(),
                county_code: owner.county_code.as_ref().map(ToString::to_string),
            })
        })
        .collect();
    let regions = with_all_of_sweden(regions);
    let period = Said::period_of(&said.period)?;
    Said::period_of(&said.published)?;
    let sheet = Said::given(&said.sheet);
    let asked = Asked { regions: &regions, period, sheet, now: app.engine.now() };
    let preview = preview(bytes, name, &asked).map_err(|error| {
        let detail = words_of(visitor.words, error.code(), &error.args());
        Problem::unprocessable("import.unreadable").fact("detail", detail)
    })?;
    Ok(Read { preview, region: visitor.region.clone() })
}

/// Takes the own region's figures over: all of them, or none.
///
/// # Errors
/// A problem if anything in the file is wrong, if it speaks of other regions and the person did not
/// say that those rows are to be left aside, or if a rule refuses.
pub async fn take(
    app: &App,
    visitor: &Visitor,
    read: &Read,
    said: &Said,
    own_only: bool,
    key: String,
) -> Result<Receipt, Problem> {
    if let Some(first) = read.preview.bad.first() {
        return Err(Problem::unprocessable("import.bad_rows")
            .fact("bad", wrong_rows(read.preview.bad.iter().map(|bad| bad.line)).to_string())
            .fact("line", first.line.to_string())
            .fact("reason", words_of(visitor.words, first.code, &first.args)));
    }
    let others: Vec<_> = read.others().map(JournalId::as_str).collect();
    if !others.is_empty() && !own_only {
        let problem = Problem::unprocessable("import.other_regions");
        return Err(problem.fact("regions", others.join(", ")));
    }
    if read.own().is_empty() {
        let problem = Problem::unprocessable("import.nothing_own");
        return Err(problem.fact("region", read.region.as_str()));
    }
    let source = said.source(read)?;
    let rows = read.own().to_vec();
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key,
        happened: None,
        command: Command::Report { source, rows }.into(),
        asked: None,
    };
    let receipts = app.engine.submit_all(vec![request]).await?;
    receipts.into_iter().next().ok_or_else(Problem::broken)
}

/// A message of the reading room in words.
#[must_use]
pub fn words_of(words: Words, code: &str, args: &[(&'static str, String)]) -> String {
    let args: Vec<(&str, Arg<'_>)> =
        args.iter().map(|(name, value)| (*name, Arg::from(value.as_str()))).collect();
    words.find(code, &args).unwrap_or_else(|| code.to_owned())
}
