//! Findings in words.

use maud::{Markup, html};
use samband_domain::blood::rules::compatible::Outcome;

use crate::app::compatible::{Answer, Reason};
use crate::app::transfusion::missing_text;
use crate::text::Words;

/// The place in the order of preference, with its reason.
pub(super) fn place(w: Words, answer: &Answer) -> Markup {
    let Some(place) = answer.place else { return html! { "–" } };
    let reason = answer.place_reason.as_deref().unwrap_or_default();
    let source = answer.place_source.as_deref().unwrap_or_default();
    html! {
        strong { (w.t_args("compatibility-place-n", &[("n", i64::from(place).into())])) }
        " " (w.dynamic("compat-place-", reason))
        " " small { "(" (source) ")" }
    }
}

/// Everything that was found, the decisive first.
pub(super) fn why(w: Words, answer: &Answer) -> Markup {
    let order = |reason: &&Reason| match reason.outcome {
        Outcome::Breaks => 0,
        Outcome::Missing => 1,
        Outcome::Fits => 2,
        Outcome::Condition => 3,
        Outcome::Advice => 4,
    };
    let mut reasons: Vec<_> = answer.reasons.iter().collect();
    reasons.sort_by_key(order);
    html! {
        ul.plain {
            @for reason in reasons { li { (line(w, reason)) } }
        }
    }
}

fn line(w: Words, reason: &Reason) -> Markup {
    let outcome = w.dynamic("compat-outcome-", outcome_key(reason.outcome));
    let text = w.dynamic("compat-check-", &reason.check.replace('.', "-"));
    let missing = reason.facts.get("missing").map(|fact| missing_text(w, fact));
    let facts = reason.facts.iter().filter_map(|(name, value)| {
        let label = w.find(&format!("compat-fact-{name}"), &[])?;
        let value = w.dynamic(&format!("compat-{name}-"), value);
        (!value.is_empty()).then(|| format!("{label}: {value}"))
    });
    let facts: Vec<_> = facts.collect();
    html! {
        strong { (outcome) } " " (text)
        @if let Some(missing) = missing { " " (missing) }
        @if !facts.is_empty() { " (" (facts.join("; ")) ")" }
        " " small { code { (reason.rule) } ", " (w.source(&reason.source)) }
    }
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fits => "fits",
        Outcome::Breaks => "breaks",
        Outcome::Missing => "missing",
        Outcome::Condition => "condition",
        Outcome::Advice => "advice",
    }
}

/// The deciding rule and where it comes from.
pub(super) fn rule(w: Words, answer: &Answer) -> Markup {
    html! { code { (answer.rule) } br; small { (w.source(&answer.source)) } }
}
