//! A unit's facts and its history.

use maud::{Markup, html};
use samband_domain::Known;
use samband_domain::Time;
use samband_domain::blood::model::unit::Status as Standing;
use samband_domain::blood::model::{Attributes, Phenotype, Tested, UnitId};
use samband_domain::words::RecordRef;
use samband_engine::World;

use super::{View, boxed, status_tag};
use crate::app::history::{Step, antigens_text, group_text, tests_text};
use crate::app::stock::site_name;
use crate::components::{Definitions, Note, Status, tag, time_tag};
use crate::pages::parts::{age_text, record_link, region_name};
use crate::text::Words;

/// What is known of the unit.
pub(super) fn facts(w: Words, view: &View<'_>) -> Markup {
    let Some(group) = view.unit.as_ref().map(|unit| unit.group).or(past_group(view)) else {
        return html! {};
    };
    html! {
        div.unit-head {
            p.din-line { (boxed(w, view.id.din)) span.product-code { (view.id.product) } }
            p.unit-group { (group_text(w, group)) }
        }
        div.panel { (definitions(w, view)) }
        @if let Some(past) = &view.past {
            @if view.unit.is_none() {
                @let text = past.last.text(w, view.world, &view.id);
                (Note::info(w, &w.t_args("unit-gone", &[("text", text.into())])))
            }
        }
    }
}

fn past_group(view: &View<'_>) -> Option<Known<samband_domain::blood::model::Group>> {
    view.past.as_ref().map(|past| past.entry.group)
}

fn definitions(w: Words, view: &View<'_>) -> Definitions {
    let mut all = Definitions::new();
    let region = region_name(view.world, &view.region);
    let journal = view.world.journal(&view.region);
    let as_of = journal.map_or(Known::Unknown, |journal| journal.as_of(view.now));
    let (product, expiry, attributes, phenotype, tested) = match (&view.unit, &view.past) {
        (Some(unit), _) => {
            let site = site_name(view.world, &view.region, &unit.site);
            all = all
                .markup(w.t("unit-status"), html! {
                    (status_tag(w, unit.status)) " "
                    span.fine { (w.t("stock-since")) " " (time_tag(w, unit.since.0)) }
                    @if let Standing::Reserved { until } = unit.status {
                        " " (w.t("unit-reserved-until")) " " (time_tag(w, until.0))
                    }
                })
                .markup(w.t("unit-where"), html! {
                    a href=(format!("/stock/{}/{}", view.region, unit.site)) { (site) } ", " (region)
                });
            let tested = unit.tested.as_deref();
            (unit.product, unit.expiry, unit.attributes, unit.phenotype, tested)
        }
        (None, Some(past)) => {
            let gone = tag(Status::Ended, &w.t("unit-status-gone"));
            all = all.markup(w.t("unit-status"), gone).text(w.t("unit-where"), &region);
            let entry = &past.entry;
            let tested = past.tested.as_ref();
            (entry.product, entry.expiry, entry.attributes, entry.phenotype, tested)
        }
        (None, None) => return all,
    };
    all.text(w.t("unit-product"), &w.dynamic("product-", product.as_str()))
        .markup(
            w.t("unit-expiry"),
            html! {
                (time_tag(w, expiry.0)) " "
                @if expiry <= view.now { (tag(Status::Stopped, &w.t("unit-expired"))) }
                @else { span.fine { (w.remaining(view.now.0, expiry.0)) } }
            },
        )
        .markup(w.t("unit-antigens"), antigens(w, phenotype))
        .text(w.t("unit-attributes"), &attributes_text(w, attributes))
        .markup(w.t("unit-tests"), tests(w, tested))
        .text(w.t("unit-known"), &age_text(w, as_of, view.now))
}

fn attributes_text(w: Words, attributes: Attributes) -> String {
    let names: Vec<_> =
        attributes.iter().map(|one| w.dynamic("attribute-", one.as_str())).collect();
    if names.is_empty() { w.t("unit-no-attributes") } else { names.join(", ") }
}

/// Antigens with their results in words; what was not tested is unknown.
fn antigens(w: Words, phenotype: Phenotype) -> Markup {
    let all = antigens_text(phenotype);
    html! {
        @if all.is_empty() { span.unknown { (w.unknown()) } }
        @else { (all) " " span.fine { (w.t("unit-antigens-rest")) } }
    }
}

fn tests(w: Words, tested: Option<&Tested>) -> Markup {
    let Some(tested) = tested else {
        return html! { span.unknown { (w.unknown()) } };
    };
    html! {
        span.role {
            span {
                @if tested.results.is_empty() { (w.unknown()) } @else { (tests_text(w, tested)) }
            }
            span.fine {
                @match (&tested.rule_set, &tested.rules) {
                    (Some(digest), _) => {
                        (w.t("unit-tested-under")) " "
                        a href={ "/rule-sets/" (digest) } { (digest.short()) }
                    }
                    (None, Some(rules)) => { (w.t("unit-tested-under")) " " (rules) }
                    (None, None) => { (w.t("unit-tested-unknown")) }
                }
            }
        }
    }
}

/// Everything that happened, newest first.
pub(super) fn history(
    w: Words,
    world: &World,
    steps: &[Step],
    unit: Option<&UnitId>,
    now: Time,
) -> Markup {
    let what = |step: &Step| match unit {
        Some(unit) => step.text(w, world, unit),
        None => {
            let lines = step.units.iter().map(|one| {
                let code = &one.product;
                format!("{code}: {}", step.text(w, world, one))
            });
            lines.collect::<Vec<_>>().join("; ")
        }
    };
    html! {
        @if steps.is_empty() { p { (w.t("unit-no-history")) } }
        ol.timeline {
            @for step in steps.iter().rev() {
                li {
                    p.when { (time_tag(w, step.recorded.0)) " " span.fine { (age(w, step, now)) } }
                    p.what { (what(step)) }
                    p.fine { (by(w, step)) " · " (region_name(world, &step.at.journal)) " · "
                        (record(w, &step.at)) }
                }
            }
        }
    }
}

fn age(w: Words, step: &Step, now: Time) -> String {
    w.t_args("unit-ago", &[("age", w.age(step.recorded.0, now.0).into())])
}

fn by(w: Words, step: &Step) -> String {
    w.find(&format!("role-{}", step.actor), &[]).unwrap_or_else(|| step.actor.clone())
}

fn record(w: Words, at: &RecordRef) -> Markup {
    record_link(w, at)
}
