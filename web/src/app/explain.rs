//! A problem in words: what happened and what to do, by which rule, from which source, on which
//! facts.

use maud::{Markup, Render};

use super::Problem;
use super::detail::detail;
use crate::components::Refusal;
use crate::text::{Arg, Words};

/// A problem in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The language.
    pub words: Words,
    /// The stable code.
    pub code: &'static str,
    /// What happened and what to do.
    pub text: String,
    /// The rule, if one refused.
    pub rule: Option<String>,
    /// Where the rule comes from.
    pub source: Option<&'static str>,
    /// The facts used, each with its label and in words where it has some.
    pub facts: Vec<(String, String)>,
}

/// The catalogue's key of a code: dots become dashes.
pub(crate) fn key(code: &str) -> String {
    format!("refusal-{}", code.replace('.', "-"))
}

/// Explains a problem.
#[must_use]
pub fn explain(problem: &Problem, words: Words) -> Explained {
    let in_words: Vec<(&str, String)> =
        problem.facts.iter().map(|(name, value)| (*name, fact_value(words, name, value))).collect();
    let mut args: Vec<(&str, Arg<'_>)> =
        in_words.iter().map(|(name, value)| (*name, Arg::from(value.as_str()))).collect();
    // Emergency access is recommended only where it would help.
    let helps = problem.facts.get("who_may").is_some_and(|who| who.split(", ").any(emergency));
    args.push(("emergency", if helps { "yes" } else { "no" }.into()));
    let key = key(problem.code);
    let text = words.find(&key, &args).unwrap_or_else(|| problem.code.to_owned());
    let rule = words.find(&format!("{key}-rule"), &args);
    let facts =
        in_words.iter().map(|(name, value)| (fact_label(words, name), value.clone())).collect();
    Explained { words, code: problem.code, text, rule, source: problem.source, facts }
}

fn emergency(standing: &str) -> bool {
    standing == samband_access::Standing::Emergency.as_str()
}

/// What a fact is called on the screen.
#[must_use]
pub fn fact_label(words: Words, name: &str) -> String {
    words.find(&format!("refusal-fact-{name}"), &[]).unwrap_or_else(|| name.replace('_', " "))
}

/// A fact's value in words, where it is a code of ours.
fn fact_value(words: Words, name: &str, value: &str) -> String {
    if let Ok(moment) = value.parse::<jiff::Timestamp>() {
        return words.date_time(moment.as_microsecond());
    }
    if name == "detail" {
        return detail(words, value);
    }
    let prefix = match name {
        "who_may" | "held" => "role-",
        "action" => "action-",
        "relation" => "relation-",
        "because" => "reason-",
        "measure" => "measure-",
        "filter" => "stock-",
        "field" => "refusal-field-",
        "what" => "refusal-what-",
        "why" => "refusal-why-",
        "own" | "other" => "mode-",
        "role" => "legal-",
        "state" => "approval-",
        "status" => "unit-status-",
        _ => return value.to_owned(),
    };
    if value.is_empty() {
        return words.t("refusal-fact-nobody");
    }
    // Whoever holds a role is signed in; only whoever holds none is told that they are.
    let holds_one = name == "held" && value != "signed_in";
    let each = value.split(", ").filter(|one| !(holds_one && *one == "signed_in"));
    let each: Vec<_> = each.map(|one| words.dynamic(prefix, one)).collect();
    each.join(", ")
}

impl Render for Explained {
    fn render(&self) -> Markup {
        let mut refusal = Refusal::new(self.words, self.code, &self.text);
        if let Some(rule) = &self.rule {
            refusal = refusal.rule(rule);
        }
        if let Some(source) = self.source {
            refusal = refusal.source(self.words.refusal_source(source));
        }
        for (name, value) in &self.facts {
            refusal = refusal.fact(name, value);
        }
        refusal.render()
    }
}
