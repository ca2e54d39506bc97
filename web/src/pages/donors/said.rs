//! Eligibility in words: the verdict, and each reason with its facts, its rule and its source.

use maud::{Markup, html};
use samband_domain::Known;
use samband_domain::blood::model::Group;
use samband_domain::donors::model::{Effect, Eligibility, Reason, Verdict};
use samband_domain::words::Day;

use crate::components::{Column, Row, Status, Table, tag};
use crate::text::Words;

/// The verdict as a tag: `Får ge`, `Inte före 2026-07-15`.
pub(crate) fn verdict_tag(w: Words, answer: &Eligibility) -> Markup {
    let status = match answer.verdict {
        Verdict::Eligible => Status::Held,
        Verdict::NeedsPhysician => Status::Attention,
        Verdict::Unknown => Status::Unknown,
        Verdict::Deferred { .. } | Verdict::Permanent => Status::Gap,
    };
    tag(status, &verdict(w, answer.verdict))
}

/// The verdict in words.
fn verdict(w: Words, verdict: Verdict) -> String {
    match verdict {
        Verdict::Deferred { until: Known::Value(until) } => {
            let day = Day::of(until).to_string();
            w.t_args("verdict-deferred-until", &[("day", day.into())])
        }
        _ => w.dynamic("verdict-", verdict.as_str()),
    }
}

/// What a reason rests on: `2026-01-15, karens 6 månader`.
fn detail(w: Words, reason: &Reason) -> String {
    let fact = |name: &str| reason.facts.get(name).cloned().unwrap_or_default();
    let has = |name: &str| reason.facts.contains_key(name);
    if let Some(missing) = reason.facts.get("missing") {
        if missing == "answers" {
            let all = fact("questions");
            let names: Vec<_> =
                all.split(' ').map(|question| w.dynamic("question-", question)).collect();
            return w.t_args("reason-missing-answers", &[("questions", names.join(", ").into())]);
        }
        return w.dynamic("reason-missing-", missing);
    }
    if has("measured") {
        let args = [("measured", fact("measured").into()), ("least", fact("least").into())];
        return w.t_args("reason-measured", &args);
    }
    if has("last") {
        let kind = w.dynamic("donor-kind-", &fact("kind"));
        let args = [
            ("last", fact("last").into()),
            ("kind", kind.into()),
            ("rule", span(w, &fact("rule")).into()),
        ];
        return w.t_args("reason-interval", &args);
    }
    if has("day") && has("rule") {
        let args = [("day", fact("day").into()), ("rule", span(w, &fact("rule")).into())];
        return w.t_args("reason-wait", &args);
    }
    if has("given") {
        let args = [("given", fact("given").into()), ("most", fact("most").into())];
        return w.t_args("reason-per-year", &args);
    }
    if has("age") {
        let limit = if has("least") { fact("least") } else { fact("limit") };
        return w.t_args("reason-age", &[("age", fact("age").into()), ("limit", limit.into())]);
    }
    if has("needs") {
        return w.dynamic("reason-needs-", &fact("needs"));
    }
    if has("infection") {
        return w.dynamic("question-", &fact("infection"));
    }
    if has("reason") {
        let args = [
            ("reason", w.dynamic("deferral-", &fact("reason")).into()),
            ("since", fact("since").into()),
        ];
        return w.t_args("reason-deferral", &args);
    }
    if has("why") {
        return w.dynamic("reason-pass-", &fact("why"));
    }
    if has("kind") && has("day") {
        return format!("{} {}", w.dynamic("reaction-", &fact("kind")), fact("day"));
    }
    if has("kind") {
        return w.dynamic("donor-kind-", &fact("kind"));
    }
    if has("one") {
        return format!("{} / {}", fact("one"), fact("other"));
    }
    String::new()
}

/// `6 months` in words.
fn span(w: Words, rule: &str) -> String {
    let (number, unit) = rule.split_once(' ').unwrap_or((rule, "d"));
    let n: u32 = number.parse().unwrap_or_default();
    match unit {
        "months" => w.t_args("span-months", &[("n", n.into())]),
        "weeks" => w.t_args("span-weeks", &[("n", n.into())]),
        _ => w.t_args("span-days", &[("n", n.into())]),
    }
}

/// Every reason, the most binding first.
pub(super) fn reasons(w: Words, answer: &Eligibility) -> Markup {
    let weight = |reason: &Reason| match reason.effect {
        Effect::Permanent => 0,
        Effect::Deferred { .. } => 1,
        Effect::Unknown => 2,
        Effect::NeedsPhysician => 3,
    };
    let mut all: Vec<_> = answer.reasons.iter().collect();
    all.sort_by_key(|reason| weight(reason));
    let rows = all.into_iter().map(|reason| {
        let key = reason.key.map(|key| key.text()).unwrap_or_default();
        Row::new(w.dynamic("ground-", reason.ground.as_str()))
            .cell(detail(w, reason))
            .cell(effect(w, reason.effect))
            .cell(html! {
                (w.source(&reason.source))
                @if !key.is_empty() { " " span.fine { (key) } }
            })
    });
    let table = Table::new(w.t("donor-reasons")).columns([
        Column::text(w.t("donor-reason")),
        Column::text(w.t("donor-reason-fact")),
        Column::text(w.t("donor-reason-effect")),
        Column::text(w.t("donor-reason-rule")),
    ]);
    html! { (table.rows(rows)) }
}

fn effect(w: Words, effect: Effect) -> String {
    match effect {
        Effect::Deferred { until: Known::Value(until) } => {
            let day = Day::of(until).to_string();
            w.t_args("verdict-deferred-until", &[("day", day.into())])
        }
        Effect::Deferred { until: Known::Unknown } => w.t("verdict-deferred"),
        Effect::Permanent => w.t("verdict-permanent"),
        Effect::Unknown => w.t("verdict-unknown"),
        Effect::NeedsPhysician => w.t("verdict-needs_physician"),
    }
}

/// A group, or that nobody determined it.
pub(crate) fn group(w: Words, group: Known<Group>) -> String {
    group.value().map_or_else(|| w.unknown(), |group| group.to_string())
}
