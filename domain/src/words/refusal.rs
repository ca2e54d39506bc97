//! Refusals that explain themselves: stable code, rule, source, facts.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// One way a command can be refused. Its texts stand in the message catalogue under
/// `refusal-<code>` (what happened and what to do) and `refusal-<code>-rule` (the rule).
#[derive(Debug, PartialEq, Eq)]
pub struct RefusalKind {
    /// Stable code, e.g. `agreement.not_party`; clients rely on it.
    pub code: &'static str,
    /// Where the rule comes from: a law, a regulation, a decision, or this product's design.
    pub source: &'static str,
}

impl RefusalKind {
    /// Refuses, with the facts that the rule was held against.
    pub fn because<const N: usize>(&'static self, facts: [(&'static str, String); N]) -> Refusal {
        Refusal { kind: self, facts: facts.into_iter().collect() }
    }
}

/// A refusal with the facts it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Which rule refused.
    pub kind: &'static RefusalKind,
    /// The facts used, by name.
    pub facts: BTreeMap<&'static str, String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused: {}", self.kind.code)?;
        for (name, value) in &self.facts {
            write!(f, "; {name}: {value}")?;
        }
        write!(f, " (source: {})", self.kind.source)
    }
}

impl std::error::Error for Refusal {}

impl Serialize for Refusal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Refusal", 3)?;
        out.serialize_field("code", self.kind.code)?;
        out.serialize_field("source", self.kind.source)?;
        out.serialize_field("facts", &self.facts)?;
        out.end()
    }
}
