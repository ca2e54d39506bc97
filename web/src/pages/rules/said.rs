//! What the pages about rules say in the same way: values, sources, standings.

use std::collections::BTreeSet;

use maud::{Markup, html};
use samband_domain::rulesets::Rule;
use samband_domain::rulesets::sources::{ASSUMED, SOURCES, cited, find};
use samband_domain::rulesets::view::{Likeness, Standing};

use crate::components::{Cell, Column, Row, Status, Table, section, tag};
use crate::text::Words;

/// Where a rule set stands, in a word.
pub(crate) fn standing_tag(w: Words, standing: Standing) -> Markup {
    let status = match standing {
        Standing::InForce => Status::Binding,
        Standing::Scheduled => Status::Known,
        Standing::Reviewed | Standing::Drafted => Status::OneSided,
        Standing::Objected => Status::Attention,
        Standing::Superseded => Status::Ended,
        Standing::Withdrawn => Status::Stopped,
    };
    tag(status, &w.dynamic("rule-standing-", standing.as_str()))
}

/// How regions compare on a rule, in a word.
pub(crate) fn likeness_tag(w: Words, likeness: Likeness) -> Markup {
    let status = match likeness {
        Likeness::Same => Status::Known,
        Likeness::Differs => Status::Attention,
        Likeness::Missing => Status::Unknown,
    };
    tag(status, &w.dynamic("rule-likeness-", likeness.as_str()))
}

/// What a rule says, or the word for unknown.
pub(crate) fn value(w: Words, rule: &Rule) -> Cell {
    match rule.value.as_ref().value() {
        Some(_) => Cell::text(w.rule_value(rule)),
        None => Cell::unknown(w),
    }
}

/// The keys of a rule's sources; each leads to its title further down.
pub(crate) fn source(w: Words, source: &str) -> Markup {
    let keys: Vec<_> = cited(source).collect();
    html! {
        @if keys.is_empty() { "–" }
        @for (n, key) in keys.iter().enumerate() {
            @if n > 0 { ", " }
            @if *key == ASSUMED {
                a.nowrap href="#source-assumed" title=(w.t("rules-source-assumed")) {
                    (w.source(key))
                }
            } @else if let Some(found) = find(key) {
                a.nowrap href={ "#source-" (found.key) } title=(found.title) { (found.key) }
            } @else {
                (key)
            }
        }
    }
}

/// The sources that some rules cite, with their full titles: the legend that keys lead to.
pub(crate) fn legend<'a>(w: Words, rules: impl Iterator<Item = &'a Rule>) -> Markup {
    let used: BTreeSet<&str> = rules.flat_map(|rule| cited(&rule.source)).collect();
    let named = |id: &str, key: &str| html! { span id={ "source-" (id) } { (key) } };
    let known = SOURCES.iter().filter(|source| used.contains(source.key)).map(|source| {
        let title = match source.address {
            Some(address) => Cell::link(address, source.title),
            None => Cell::text(source.title),
        };
        Row::new(named(source.key, source.key)).cell(title)
    });
    let assumed = used
        .contains(ASSUMED)
        .then(|| Row::new(named("assumed", &w.source(ASSUMED))).cell(w.t("rules-source-assumed")));
    let others = used.iter().filter(|key| **key != ASSUMED && find(key).is_none());
    let others = others.map(|key| Row::new(Cell::text(*key)).cell(w.t("rules-source-other")));
    let table = Table::new(w.t("rules-sources-text"))
        .columns([Column::text(w.t("rules-source-key")), Column::text(w.t("rules-source-title"))])
        .rows(known.chain(assumed).chain(others));
    section("sources", &w.t("rules-sources"), &html! { (table) })
}
