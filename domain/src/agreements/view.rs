//! Agreements across regions: joined at reading from what each party's own journal says.

use std::collections::BTreeMap;

use serde::Serialize;

use super::model::{Document, Statement};
use super::state::{Held, Outcome, Shared};
use crate::kernel;
use crate::words::{Digest, JournalId, RecordRef, Time};

/// What one party has said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Answer {
    /// Signed, and the signature is the region's.
    Signed {
        /// Who, by which mandate, when.
        statement: Statement,
        /// Where.
        at: RecordRef,
    },
    /// Something that looks like a signature and is not the region's.
    BadSignature {
        /// Where.
        at: RecordRef,
    },
    /// Declined.
    Declined {
        /// Why.
        reason: String,
        /// Where.
        at: RecordRef,
    },
    /// Nothing yet in that region's journal, as far as it is known here.
    Silent,
    /// That region's journal is not known here.
    Unknown,
}

impl Answer {
    /// The state as message key.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Signed { .. } => "signed",
            Self::BadSignature { .. } => "bad_signature",
            Self::Declined { .. } => "declined",
            Self::Silent => "silent",
            Self::Unknown => "unknown",
        }
    }
}

/// Where an agreement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Some party has not signed.
    OneSided,
    /// Every party has signed; its window has not begun.
    Agreed,
    /// Every party has signed and the window is open.
    Binding,
    /// A party declined.
    Declined,
    /// The drafter took it back before every party had signed.
    Withdrawn,
    /// Ended by a party or by its window.
    Ended,
}

impl Standing {
    /// The standing as message key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneSided => "one_sided",
            Self::Agreed => "agreed",
            Self::Binding => "binding",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Ended => "ended",
        }
    }
}

/// An agreement as all its parties' journals tell it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// SHA-256 of its text.
    pub digest: Digest,
    /// What it says.
    pub document: Document,
    /// Its exact text.
    pub text: String,
    /// Where it was proposed.
    pub proposal: RecordRef,
    /// What each party has said, in the document's order.
    pub answers: Vec<(JournalId, Answer)>,
    /// Where it stands.
    pub standing: Standing,
    /// Since when every party has signed.
    pub bound_since: Option<Time>,
    /// Why and from when it ended, was declined or withdrawn.
    pub end: Option<(JournalId, Option<Time>, String)>,
}

/// A region's part in the join.
pub type Party<'a> = (JournalId, &'a kernel::Shared, &'a Shared);

/// All agreements that any of the given journals holds, newest draft first.
#[must_use]
pub fn agreements(regions: &[Party<'_>], now: Time) -> Vec<Agreement> {
    let mut found: BTreeMap<Digest, &Held> = BTreeMap::new();
    for (_, _, shared) in regions {
        for (digest, held) in &shared.held {
            found.entry(*digest).or_insert(held);
        }
    }
    let mut all: Vec<_> =
        found.into_iter().map(|(digest, held)| join(digest, held, regions, now)).collect();
    all.sort_by_key(|agreement| {
        (std::cmp::Reverse(agreement.document.drafted_at), agreement.digest)
    });
    all
}

fn join(digest: Digest, held: &Held, regions: &[Party<'_>], now: Time) -> Agreement {
    let document = held.document.clone();
    let answers: Vec<_> = document
        .parties
        .iter()
        .map(|party| (party.clone(), answer(digest, party, regions)))
        .collect();
    let signed: Vec<_> = answers
        .iter()
        .filter_map(|(_, answer)| match answer {
            Answer::Signed { statement, .. } => Some(statement.signed_at),
            _ => None,
        })
        .collect();
    let bound_since =
        if signed.len() == answers.len() { signed.iter().max().copied() } else { None };
    let end = end(digest, regions, &document, bound_since.is_some());
    let standing = standing(&document, bound_since, end.as_ref(), now);
    Agreement {
        digest,
        document,
        text: held.text.clone(),
        proposal: held.proposal.clone(),
        answers,
        standing: standing.0,
        bound_since,
        end: standing.1,
    }
}

fn answer(digest: Digest, party: &JournalId, regions: &[Party<'_>]) -> Answer {
    let Some((_, kernel, shared)) = regions.iter().find(|(journal, ..)| journal == party) else {
        return Answer::Unknown;
    };
    let Some(held) = shared.held.get(&digest) else {
        return Answer::Silent;
    };
    let at = held.at.clone();
    if let Outcome::Declined(reason) = &held.outcome {
        return Answer::Declined { reason: reason.clone(), at };
    }
    let statement = held.signed.as_ref().and_then(|signed| {
        let key = kernel.journal.as_ref()?.key(&signed.key)?;
        let statement = signed.verified(key)?;
        (statement.document == digest && statement.region == *party).then_some(statement)
    });
    match statement {
        Some(statement) => Answer::Signed { statement, at },
        None => Answer::BadSignature { at },
    }
}

type End = (JournalId, Option<Time>, String);

fn end(
    digest: Digest,
    regions: &[Party<'_>],
    document: &Document,
    bound: bool,
) -> Option<(End, Standing)> {
    let outcomes = regions.iter().filter(|(journal, ..)| document.parties.contains(journal));
    let mut ends: Vec<_> = outcomes
        .filter_map(|(journal, _, shared)| match &shared.held.get(&digest)?.outcome {
            Outcome::Signed => None,
            // Once every party has signed, nobody takes a proposal back; it can only be ended.
            Outcome::Withdrawn(_) if bound => None,
            Outcome::Declined(why) => {
                Some(((journal.clone(), None, why.clone()), Standing::Declined))
            }
            Outcome::Withdrawn(why) => {
                Some(((journal.clone(), None, why.clone()), Standing::Withdrawn))
            }
            Outcome::Ended(at, why) => {
                Some(((journal.clone(), Some(*at), why.clone()), Standing::Ended))
            }
        })
        .collect();
    // The earliest end wins; declining and withdrawing have no date and come before any.
    ends.sort_by_key(|((journal, at, _), _)| (*at, journal.clone()));
    ends.into_iter().next()
}

fn standing(
    document: &Document,
    bound: Option<Time>,
    end: Option<&(End, Standing)>,
    now: Time,
) -> (Standing, Option<End>) {
    let shown = end.map(|(end, _)| end.clone());
    match (end, bound) {
        (Some((_, Standing::Declined)), _) => (Standing::Declined, shown),
        (Some((_, Standing::Withdrawn)), _) => (Standing::Withdrawn, shown),
        (Some(((_, Some(at), _), Standing::Ended)), _) if *at <= now => (Standing::Ended, shown),
        _ if document.window.until().is_some_and(|until| until <= now) => (Standing::Ended, shown),
        (_, None) => (Standing::OneSided, shown),
        (_, Some(_)) if document.window.from() > now => (Standing::Agreed, shown),
        (_, Some(_)) => (Standing::Binding, shown),
    }
}
