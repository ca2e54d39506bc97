//! Who can receive what: against two tables that were written apart from the program, by its
//! properties, and as one snapshot that a reviewer reads.

mod facts;
mod properties;
mod select;
mod snapshot;
mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use samband_domain::blood::model::{Candidate, Component, Group, Recipient};
use samband_domain::blood::rules::compatible::{Urgency, Verdict, judge};
use samband_domain::rulesets::{InForce, Key, Rule, RuleSet, Scope};
use samband_domain::{Digest, JournalId, Known, Time};

/// A rule set in force that says this and nothing else.
fn rules(says: &[(&str, &str)]) -> InForce {
    let rule = |(name, text): &(&str, &str)| {
        let key: Key = name.parse().unwrap();
        let unit = key.shape().units().first().copied().unwrap_or("");
        let value = Known::Value(key.shape().read(text, unit).unwrap());
        (key, Rule { key, value, source: "TEST".into(), note: None })
    };
    let set = RuleSet {
        scope: Scope::Blood,
        title: "Test".into(),
        version: "1".into(),
        rules: says.iter().map(rule).collect(),
        unread: BTreeMap::new(),
    };
    InForce {
        region: JournalId::new("kronoberg").unwrap(),
        digest: Digest::of(b"test"),
        from: Time(0),
        set: Arc::new(set),
    }
}

fn group(text: &str) -> Group {
    text.parse().unwrap()
}

/// One textbook question: these groups, nothing else about either.
fn ask(rules: Option<&InForce>, component: Component, recipient: &str, donor: &str) -> Verdict {
    let recipient = Recipient::of_group(Known::from(recipient.parse().ok()));
    let unit = Candidate::of_group(Known::Value(group(donor)));
    judge(rules, component, &recipient, &unit, Urgency::Routine)
}

fn says(verdict: &Verdict) -> &'static str {
    match verdict.compatible {
        Known::Value(true) => "y",
        Known::Value(false) => "n",
        Known::Unknown => "?",
    }
}
