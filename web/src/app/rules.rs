//! Rule sets from a file or a text: one way for the pages, the API and nobody else.

use samband_domain::rulesets::{Command, RuleSet};
use samband_domain::{Digest, JournalId, SharedState};
use samband_engine::World;
use samband_exchange::rulesets::{Preview, preview};

use super::import::words_of;
use super::{App, Problem, Visitor};

/// What a person says beside the text; blank is what the text says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
}

fn given(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Reads a text of rules; what is wrong inside it stands in the preview.
///
/// # Errors
/// A problem if the bytes are no text of rules at all.
pub fn read(visitor: &Visitor, name: &str, bytes: &[u8]) -> Result<Preview, Problem> {
    preview(bytes, name).map_err(|error| {
        let detail = words_of(visitor.words, error.code(), &error.args());
        Problem::unprocessable("rules.unreadable").fact("detail", detail)
    })
}

/// The command that drafts what was read: all of it.
///
/// # Errors
/// A problem if anything in it is wrong, or if nobody says what it is called.
pub fn draft(visitor: &Visitor, read: Preview, named: &Named) -> Result<Command, Problem> {
    if let Some(first) = read.bad.first() {
        return Err(Problem::unprocessable("rules.bad_rows")
            .fact("bad", read.bad.len().to_string())
            .fact("line", first.line.to_string())
            .fact("reason", words_of(visitor.words, first.code, &first.args)));
    }
    let named_as = |typed: &str, said: Option<String>, field: &'static str| {
        let missing = || Problem::unprocessable("rules.no_title").fact("field", field);
        given(typed).or(said).ok_or_else(missing)
    };
    Ok(Command::Draft {
        scope: read.scope,
        title: named_as(&named.title, read.title, "title")?,
        version: named_as(&named.version, read.version, "version")?,
        rules: read.rules,
        // What was pasted has no name: only a file is cited.
        file: Some(read.file).filter(|file| !file.name.is_empty()),
    })
}

/// A rule set by its digest, and whose it is: the visitor's region first, or the one asked for.
#[must_use]
pub fn find<'a>(
    world: &'a World,
    digest: &Digest,
    own: &JournalId,
    asked: Option<&str>,
) -> Option<(JournalId, &'a SharedState)> {
    let mut holding: Vec<_> = world.shared();
    holding.retain(|(_, shared)| shared.rulesets.held.contains_key(digest));
    holding.sort_by_key(|(id, _)| (asked != Some(id.as_str()), id != own));
    holding.into_iter().next()
}

/// The text to start a draft from: the rules in force in the visitor's region.
#[must_use]
pub fn in_force(app: &App, region: &JournalId) -> Option<RuleSet> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let shared = &world.journal(region)?.shared().rulesets;
    let set = shared.in_force(samband_domain::rulesets::Scope::Blood, now)?;
    Some(RuleSet::clone(&set.set))
}
