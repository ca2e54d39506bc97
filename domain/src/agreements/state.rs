//! The documents a region has answered: a fold over its own events.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::event::{Declined, Event, Proposed, Signed};
use super::model::{Document, SignedStatement};
use crate::words::{Digest, Meta, RecordRef, Time};

/// What became of a document in this region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Signed.
    Signed,
    /// Declined, and why.
    Declined(String),
    /// Taken back by this region, its drafter, and why.
    Withdrawn(String),
    /// Ended by this region from a moment, and why.
    Ended(Time, String),
}

/// A document in one region's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// What it says.
    pub document: Document,
    /// Its exact text.
    pub text: String,
    /// Where it was proposed.
    pub proposal: RecordRef,
    /// Where this region answered.
    pub at: RecordRef,
    /// When.
    pub recorded: Time,
    /// This region's signature; none if it declined.
    pub signed: Option<SignedStatement>,
    /// What became of it here.
    pub outcome: Outcome,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Documents by digest.
    pub held: OrdMap<Digest, Held>,
}

/// What stays in the region: nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {}

/// Folds one event in. A text that is no document leaves the state alone; it can only come from
/// a journal that was not written by this program.
pub fn apply(shared: &mut Shared, event: &Event, meta: &Meta) {
    match event {
        Event::Proposed(Proposed { text, signed }, _)
        | Event::TermsProposed(Proposed { text, signed }, _) => {
            let signed = Some(signed.clone());
            hold(shared, text, &meta.at, signed, Outcome::Signed, meta);
        }
        Event::Signed(Signed { text, proposal, signed }, _)
        | Event::TermsSigned(Signed { text, proposal, signed }, _) => {
            let signed = Some(signed.clone());
            hold(shared, text, proposal, signed, Outcome::Signed, meta);
        }
        Event::Declined(Declined { text, proposal, reason }, _) => {
            let outcome = Outcome::Declined(reason.clone());
            hold(shared, text, proposal, None, outcome, meta);
        }
        Event::Withdrawn(withdrawn, _) => {
            let outcome = Outcome::Withdrawn(withdrawn.reason.clone());
            become_(shared, withdrawn.document, outcome);
        }
        Event::Ended(ended, _) => {
            let outcome = Outcome::Ended(ended.at, ended.reason.clone());
            become_(shared, ended.document, outcome);
        }
    }
}

fn hold(
    shared: &mut Shared,
    text: &str,
    proposal: &RecordRef,
    signed: Option<SignedStatement>,
    outcome: Outcome,
    meta: &Meta,
) {
    let Ok(document) = serde_json::from_str::<Document>(text) else {
        return;
    };
    let held = Held {
        document,
        text: text.to_owned(),
        proposal: proposal.clone(),
        at: meta.at.clone(),
        recorded: meta.recorded,
        signed,
        outcome,
    };
    shared.held.insert(Digest::of(text.as_bytes()), held);
}

fn become_(shared: &mut Shared, document: Digest, outcome: Outcome) {
    if let Some(held) = shared.held.get_mut(&document) {
        held.outcome = outcome;
    }
}
