//! Triage by the rules of mass casualties, and rationing: what speaks for it, what was decided, by
//! whom, until when it is looked at again.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::incidents::Taken;
use samband_domain::incidents::model::{Indicator, Measure, Scope};
use samband_domain::{Known, Time};
use samband_engine::World;

use super::forms;
use crate::app::incident::Found;
use crate::app::incident::indicators::{self, Shown};
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Row, Status, Table, status, tag, time_tag};
use crate::pages::parts::title_of;
use crate::pages::typed::Draft;
use crate::text::Words;

pub(super) fn section(
    app: &App,
    visitor: &Visitor,
    world: &World,
    found: &Found<'_>,
    draft: &Draft,
) -> Markup {
    let (w, now) = (visitor.words, app.engine.now());
    let ours = found.journal.id == visitor.region && visitor.may(app, Action::ResolveMeasure);
    let shown = indicators::all(world, found, now);
    html! {
        p { (w.t("inc-indicators-propose")) }
        (table(w, &shown, now))
        @for (place, taken) in found.held.taken.iter().enumerate() {
            (decision(w, found, (place, taken), now))
            @if ours && taken.ended.is_none() {
                (forms::of_measure(w, found, draft, (place, taken), visitor))
            }
        }
        @if found.held.taken.is_empty() { p { (w.t("inc-measures-none")) } }
    }
}

/// A value in thousandths as people read it.
fn milli(w: Words, value: i64) -> String {
    let decimals = u8::from(value % 1_000 != 0);
    w.decimal((i128::from(value), 1_000), decimals)
}

/// An indicator's value; where no more is looked at, it is said to be at least that.
fn value_of(w: Words, one: &Indicator) -> Option<String> {
    let value = milli(w, one.value.value()?);
    let more = indicators::at_least(one);
    Some(if more { w.t_args("inc-at-least", &[("n", value.into())]) } else { value })
}

fn verdict(w: Words, one: &Indicator) -> Markup {
    match one.passed {
        Known::Value(true) => tag(Status::Attention, &w.t("inc-speaks")),
        Known::Value(false) => tag(Status::Held, &w.t("inc-speaks-not")),
        Known::Unknown => status(w, Status::Unknown),
    }
}

fn table(w: Words, shown: &[Shown], now: Time) -> Markup {
    let row = |one: &Shown| {
        let what = &one.indicator;
        let from = if one.by_rule { w.t("inc-by-rule") } else { w.t("inc-proposal") };
        let threshold = if what.threshold == 0 && what.value == Known::Unknown {
            html! { span.unknown { (w.unknown()) } }
        } else {
            html! { (milli(w, what.threshold)) }
        };
        Row::new(w.dynamic("inc-of-indicator-", &what.name))
            .cell(w.dynamic("inc-of-measure-", one.measure.as_str()))
            .cell(value_of(w, what).map_or_else(|| Cell::unknown(w), Cell::text))
            .cell(html! { (threshold) br; span.fine { (from) } })
            .cell(verdict(w, what))
            .cell(html! {
                (w.dynamic("inc-of-basis-", &what.source))
                br;
                span.fine {
                    @match what.at {
                        Known::Value(at) => { (time_tag(w, at.0)) ", " (w.age(at.0, now.0)) }
                        Known::Unknown => (w.unknown()),
                    }
                }
            })
    };
    let table = Table::new(w.t("inc-indicators")).columns([
        Column::text(w.t("inc-indicator")),
        Column::text(w.t("inc-speaks-for")),
        Column::number(w.t("inc-value")),
        Column::number(w.t("inc-threshold")),
        Column::text(w.t("inc-verdict")),
        Column::text(w.t("inc-source-time")),
    ]);
    html! { (table.rows(shown.iter().map(row))) }
}

fn scope(w: Words, found: &Found<'_>, scope: &Scope) -> String {
    match scope {
        Scope::Scene => w.t("inc-scope-scene"),
        Scope::Region => w.t("inc-scope-region"),
        Scope::Site(id) => {
            let site = found.journal.shared().kernel.sites.get(id);
            site.map_or_else(|| id.to_string(), |site| site.name.clone())
        }
    }
}

fn state(w: Words, taken: &Taken, now: Time) -> Markup {
    let missing = usize::from(taken.deciders).saturating_sub(taken.signed.len());
    if taken.ended.is_some() {
        tag(Status::Ended, &w.t("inc-measure-ended"))
    } else if missing > 0 {
        tag(Status::OneSided, &w.t_args("inc-measure-waits", &[("n", missing.into())]))
    } else if taken.review.is_some_and(|review| review <= now) {
        tag(Status::Attention, &w.t("inc-measure-overdue"))
    } else {
        tag(Status::Binding, &w.t("inc-measure-holds"))
    }
}

fn decision(w: Words, found: &Found<'_>, (place, taken): (usize, &Taken), now: Time) -> Markup {
    let what = &taken.resolution;
    let shared = found.journal.shared();
    html! {
        div.panel #{ "measure-" (place) } {
            h3 {
                (w.dynamic("inc-of-measure-", what.measure.as_str()))
                @if what.measure == Measure::Rationing {
                    @if let Some(resource) = &what.resource { ": " (resource) }
                }
                " – " (scope(w, found, &what.scope))
            }
            p { (state(w, taken, now)) }
            p { (what.basis) }
            ul.plain {
                @for (actor, at) in &taken.signed {
                    li { (w.t("inc-signed")) " " (title_of(shared, actor)) ", " (time_tag(w, at.0)) }
                }
                @if let Some(since) = taken.since() { li { (w.t("inc-holds-since")) " " (time_tag(w, since.0)) } }
                @if let (Some(review), None) = (taken.review, taken.ended) {
                    li { (w.t("inc-review-at")) " " (time_tag(w, review.0)) }
                }
                @if let Some(ended) = taken.ended { li { (w.t("inc-ended-at")) " " (time_tag(w, ended.0)) } }
            }
            @if !what.indicators.is_empty() {
                details.fold {
                    summary { (w.t("inc-indicators-then")) }
                    ul.plain {
                        @for one in &what.indicators {
                            li {
                                (w.dynamic("inc-of-indicator-", &one.name)) ": "
                                @match value_of(w, one) {
                                    Some(value) => (value),
                                    None => span.unknown { (w.unknown()) },
                                }
                                " " (verdict(w, one))
                            }
                        }
                    }
                }
            }
        }
    }
}
