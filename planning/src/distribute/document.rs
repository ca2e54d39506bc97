//! A distribution file: JSON text to an [`Instance`]. `docs/planning/distribute.md` describes it.

use serde::Serialize;

use super::closed::{ClosedAnswer, ClosedForm};
use super::fields::{DistributeError, Node, Strict};
use super::primary::{FIELDS, Primary, PrimaryAnswer};
use super::rules::{RuleAnswer, RuleSimulation};
use super::secondary::{Secondary, SecondaryAnswer};
use crate::progress::Progress;
use crate::transfer::Failure;

/// What a file asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Instance {
    /// A: one hospital, in closed form.
    ClosedForm(ClosedForm),
    /// B: rules of the primary phase, simulated.
    RuleSimulation(RuleSimulation),
    /// The plan of the day for the primary phase.
    Primary(Primary),
    /// S: the secondary phase, exactly.
    Secondary(Secondary),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// A.
    ClosedForm(ClosedAnswer),
    /// B.
    RuleSimulation(RuleAnswer),
    /// The plan of the day.
    Primary(Box<PrimaryAnswer>),
    /// S.
    Secondary(SecondaryAnswer),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// Numbers too large to sum.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// Somebody stopped it.
    #[error(transparent)]
    Stopped(#[from] crate::progress::Stopped),
}

/// The fields of each kind.
const KINDS: [(&str, &[&str]); 4] = [
    ("closed_form", &["kind", "about", "ambulances", "one_way", "cycle", "immediate", "delayed"]),
    (
        "rule_simulation",
        &["kind", "about", "immediate", "delayed", "load", "unload", "units", "hospitals"],
    ),
    ("primary", &FIELDS),
    ("secondary", &["kind", "about", "from", "patients", "hospitals", "units_per_region"]),
];

/// Reads a distribution file.
///
/// # Errors
/// [`DistributeError`] with where it stands and what to do.
pub fn read(text: &str) -> Result<Instance, DistributeError> {
    let Strict(value) =
        serde_json::from_str(text).map_err(|error| DistributeError::Form(error.to_string()))?;
    let node = Node::root(&value);
    let kinds = KINDS.map(|(kind, _)| kind);
    let kind = match node.entries()?.into_iter().find(|(name, _)| *name == "kind") {
        Some((_, kind)) => kind.word(&kinds)?,
        None => {
            let what = format!("is missing; write one of {}", kinds.join(", "));
            return Err(super::fields::fault("kind", what));
        }
    };
    let fields = node.fields(KINDS[kind].1)?;
    fields.about()?;
    match kind {
        0 => ClosedForm::read(&fields).map(Instance::ClosedForm),
        1 => RuleSimulation::read(&fields).map(Instance::RuleSimulation),
        2 => Primary::read(&fields).map(Instance::Primary),
        _ => Secondary::read(&fields).map(Instance::Secondary),
    }
}

impl Instance {
    /// Answers what is asked.
    ///
    /// # Errors
    /// [`Unsolved`].
    pub fn solve(&self, progress: &Progress) -> Result<Answer, Unsolved> {
        Ok(match self {
            Self::ClosedForm(asked) => Answer::ClosedForm(asked.solve()),
            Self::RuleSimulation(asked) => Answer::RuleSimulation(asked.solve()),
            Self::Primary(asked) => Answer::Primary(Box::new(asked.solve(progress)?)),
            Self::Secondary(asked) => Answer::Secondary(asked.solve()?),
        })
    }
}
