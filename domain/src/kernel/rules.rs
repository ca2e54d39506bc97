//! What the kernel allows.

mod legal;
mod mandates;
mod people;
mod places;

use super::command::Command;
use super::event::{Event, JournalOpened, KeyRotated, PersonRead, RecordAnnotated};
use super::model::Owner;
use super::state::{Own, Shared};
use crate::words::{Context, JournalId, NONE, Nothing, Private, Refusal, Subject, Time};

macro_rules! refusals {
    ($($(#[$meta:meta])* $NAME:ident = $code:literal, $source:literal;)*) => {
        $($(#[$meta])* pub static $NAME: crate::words::RefusalKind =
            crate::words::RefusalKind { code: $code, source: $source };)*

        /// Every refusal of this area.
        pub static REFUSALS: &[&crate::words::RefusalKind] = &[$(&$NAME),*];
    };
}
pub(crate) use refusals;

/// Name of the record's format, written into every genesis record.
pub const FORMAT: &str = "samband-record/1";

refusals! {
    /// The journal is open already.
    ALREADY_OPEN = "journal.already_open", "design §5: one genesis per epoch";
    /// A journal's mode is fixed at its first genesis.
    MODE_FIXED = "journal.mode_fixed", "design §5: a genesis record states the mode";
    /// Nothing can be recorded before genesis.
    NOT_OPEN = "journal.not_open", "design §5: a genesis record states owner, mode and key";
    /// Something that must be said is missing or too long.
    TEXT_NEEDED = "form.text_needed", "design §2: nothing is edited; a correction says why";
    /// Nothing with this id is known.
    NOT_FOUND = "form.not_found", "design §5: a reference names something recorded";
    /// The id is taken.
    ID_TAKEN = "form.id_taken", "design §5: one identifier, one thing";
    /// The thing has ended already.
    ALREADY_ENDED = "form.already_ended", "design §5: nothing leaves an end state";
    /// A parent's window does not cover the site's.
    SITE_OUTSIDE_PARENT = "site.outside_parent",
        "national catalogue: a place belongs to its parent for its whole validity";
    /// The site has open sites under it.
    SITE_HAS_CHILDREN = "site.has_open_children",
        "national catalogue: a place belongs to its parent for its whole validity";
    /// The person's identity was erased.
    PERSON_ERASED = "person.erased", "Regulation (EU) 2016/679 article 17";
    /// Traceability demands the identity.
    TRACEABILITY = "erasure.traceability",
        "Directive 2005/61/EC article 4; lag 2006:496: traceability for 30 years";
    /// Erasing requires that no mandate is in force or still to come.
    ERASURE_IN_FORCE = "erasure.mandate_in_force",
        "Regulation (EU) 2016/679 article 17(3)(b): a legal duty while the mandate lasts";
    /// Two holders of one legal role at one time.
    LEGAL_ROLE_TAKEN = "mandate.legal_role_taken",
        "HSLF-FS 2021:54; SOSFS 2009:28: one holder per region and moment";
    /// The role needs the authority's approval.
    APPROVAL_NEEDED = "mandate.approval_needed",
        "lag 2006:496 8 §: a change needs the authority's written approval beforehand";
    /// The mandate waits for no authority.
    APPROVAL_NOT_PENDING = "mandate.approval_not_pending", "lag 2006:496 8 §";
    /// A delegation must come from a mandate of the delegator that is in force and covers it.
    DELEGATION_BEYOND = "mandate.delegation_beyond",
        "collaboration.md I10: a delegation never exceeds the delegator's scope";
    /// A delegation needs a date of review.
    DELEGATION_REVIEW = "mandate.delegation_review",
        "collaboration.md I10: a delegation has a review date";
    /// A deputy stands in for a mandate of the same kind held by somebody else.
    DEPUTY_MISFIT = "mandate.deputy_misfit", "SOSFS 2009:28: a deputy for the same task";
    /// Shares are between nothing and full time.
    SHARE_RANGE = "mandate.share_range", "mission A26: share of full time";
    /// Nobody reviews the own emergency access.
    GLASS_OWN_REVIEW = "glass.own_review", "design §7: a logged break-glass";
    /// The emergency access was reviewed already.
    GLASS_REVIEWED = "glass.already_reviewed", "design §7: a logged break-glass";
    /// Emergency access lasts at most a working shift.
    GLASS_TOO_LONG = "glass.too_long", "design §7: a logged break-glass";
    /// The key does not vouch for its successor.
    KEY_UNVOUCHED = "journal.key_unvouched", "design §5: rotation stands in the journal";
}

/// Longest text a person may write into one field, in characters.
pub const TEXT_MAX: usize = 2_000;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    shared: &Shared,
    own: &Own,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if shared.journal.is_none() && !matches!(command, Command::OpenJournal { .. }) {
        return Err(NOT_OPEN.because([("region", ctx.region.to_string())]));
    }
    match command {
        Command::OpenJournal { .. } | Command::RotateKey { .. } | Command::Annotate { .. } => {
            decide_journal(shared, command, ctx)
        }
        Command::JoinBody { .. }
        | Command::LeaveBody { .. }
        | Command::OpenSite { .. }
        | Command::CorrectSite { .. }
        | Command::CloseSite { .. } => places::decide(shared, command, ctx),
        Command::GrantMandate { .. }
        | Command::EndMandate { .. }
        | Command::RecordApproval { .. } => mandates::decide(shared, own, command, ctx),
        Command::RegisterActor { .. }
        | Command::CorrectActor { .. }
        | Command::EraseActor { .. }
        | Command::BreakGlass { .. }
        | Command::ReviewGlass { .. }
        | Command::NoteAccount { .. }
        | Command::NoteRead { .. }
        | Command::NoteReadOf { .. }
        | Command::NoteReadOfList { .. } => people::decide(shared, own, command, ctx),
    }
}

fn decide_journal(
    shared: &Shared,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::OpenJournal { owner, mode, key, continues } => {
            let continuing = shared.journal.is_some();
            if continuing != continues.is_some() {
                return Err(ALREADY_OPEN.because([("region", ctx.region.to_string())]));
            }
            if let Some(held) = shared.journal.as_ref().filter(|held| held.mode != *mode) {
                let modes = [("own", held.mode.as_str()), ("other", mode.as_str())];
                return Err(MODE_FIXED.because(modes.map(|(name, mode)| (name, mode.into()))));
            }
            let owner = Owner { name: text("owner", &owner.name)?, ..owner.clone() };
            let opened = JournalOpened {
                format: FORMAT.into(),
                owner,
                mode: *mode,
                key: *key,
                continues: continues.clone(),
            };
            Event::JournalOpened(opened, NONE)
        }
        Command::RotateKey { new, vouched } => {
            let keys = shared.journal.as_ref().map(|journal| &journal.keys);
            let Some(old) = keys.and_then(|keys| keys.last()) else {
                return Err(NOT_OPEN.because([("region", ctx.region.to_string())]));
            };
            let vouches = old.public.verifies(&new.0, vouched);
            if old.public == *new || ctx.signer.key_id() != old.public.id() || !vouches {
                return Err(KEY_UNVOUCHED.because([("key", old.public.id())]));
            }
            let rotated = KeyRotated { old: old.public, new: *new, vouched: *vouched };
            Event::KeyRotated(rotated, NONE)
        }
        Command::Annotate { record, text: words } => {
            let text = text("text", words)?;
            Event::RecordAnnotated(RecordAnnotated { record: record.clone(), text }, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

/// Which of the journal's far past a command needs in its context.
#[must_use]
pub fn needs(command: &Command) -> Vec<Subject> {
    match command {
        Command::EraseActor { actor, .. } => vec![Subject::person(actor)],
        _ => Vec::new(),
    }
}

/// What the clock alone makes due: nothing in the kernel, since windows are read, not closed.
#[must_use]
pub fn due(_shared: &Shared, _journal: &JournalId, _now: Time) -> Vec<Command> {
    Vec::new()
}

/// A text a person wrote: trimmed, not empty, not endless, no control characters.
///
/// # Errors
/// The refusal `form.text_needed`, naming the field.
pub fn text(field: &'static str, value: &str) -> Result<String, Refusal> {
    let value = value.trim();
    let readable = value.chars().all(|c| !c.is_control() || c == '\n');
    if value.is_empty() || value.chars().count() > TEXT_MAX || !readable {
        let length = value.chars().count().to_string();
        return Err(TEXT_NEEDED.because([("field", field.into()), ("length", length)]));
    }
    Ok(value.to_owned())
}

/// An optional text: blank is none.
pub(crate) fn optional_text(
    field: &'static str,
    value: Option<&String>,
) -> Result<Option<String>, Refusal> {
    match value {
        Some(value) if !value.trim().is_empty() => text(field, value).map(Some),
        _ => Ok(None),
    }
}

// By value, so that callers hand over what they have just made.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Refusal {
    NOT_FOUND.because([("what", what.into()), ("id", id.to_string())])
}

pub(crate) fn person_read(person: &crate::words::ActorId, purpose: String) -> Event {
    let read = PersonRead { person: person.clone(), purpose };
    Event::PersonRead(Nothing, Private::Here(read))
}

/// The rule behind [`TRACEABILITY`], in days: thirty years with their leap days.
pub const TRACEABILITY_DAYS: i64 = 30 * 365 + 8;
