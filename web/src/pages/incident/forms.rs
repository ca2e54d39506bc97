//! What can be done with an incident, each where its role sees it.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::incidents::Taken;
use samband_domain::incidents::model::{CareMode, Holds, Measure, Stage};

use super::care_mode;
use crate::app::incident::Found;
use crate::app::{App, Visitor};
use crate::components::{Field, section};
use crate::pages::parts::shared_area;
use crate::pages::typed::Draft;
use crate::text::Words;

pub(super) const NOTE: &str = "incident-note";
pub(super) const MODE: &str = "incident-mode";
pub(super) const SUSPECT: &str = "incident-suspect";
pub(super) const CONFIRM: &str = "incident-confirm";
pub(super) const ASSESS: &str = "incident-assess";
pub(super) const RESOLVE: &str = "incident-resolve";
pub(super) const SECOND: &str = "incident-second";
pub(super) const EXTEND: &str = "incident-extend";
pub(super) const LIFT: &str = "incident-lift";
pub(super) const STAND_DOWN: &str = "incident-stand-down";
pub(super) const CLOSE: &str = "incident-close";

/// Hours until a measure is looked at again.
const REVIEWS: [i64; 6] = [1, 2, 4, 8, 12, 24];

/// A form that is folded away until somebody wants it, or until it comes back.
fn folded(act: &str, label: &str, draft: &Draft, form: &Markup) -> Markup {
    html! {
        details.fold #(act) open[draft.is(act)] {
            summary { (label) }
            div.panel { (form) }
        }
    }
}

/// Every form that the reader may use; none in another region's incident.
pub(super) fn all(app: &App, visitor: &Visitor, found: &Found<'_>, draft: &Draft) -> Markup {
    let w = visitor.words;
    if found.journal.id != visitor.region {
        return html! { p.fine { (w.t("inc-others")) } };
    }
    let may = |action| visitor.may(app, action);
    let (stage, href) = (found.held.stage, found.href());
    let running = stage != Stage::Closed;
    html! {
        (section("do", &w.t("inc-do"), &html! {
            @if running && stage < Stage::Alarmed && may(Action::ConfirmIncident) {
                p { a.button.main href={ "/alarm/new?incident=" (found.id) } { (w.t("inc-raise")) } }
            }
            @if stage == Stage::Draft && may(Action::OpenIncident) { (suspect(w, &href, draft)) }
            @if stage < Stage::Confirmed && may(Action::ConfirmIncident) { (confirm(w, &href, draft)) }
            @if running && may(Action::AssessIncident) { (assess(w, &href, draft)) }
            @if running && may(Action::SetCareMode) { (mode(w, found, &href, draft)) }
            @if running && stage >= Stage::Confirmed && may(Action::ResolveMeasure) {
                (resolve(w, found, &href, draft))
            }
            @if may(Action::OpenIncident) { (note(w, &href, draft)) }
            @if may(Action::LeadIncident) { (ending(w, found, &href, draft)) }
        }))
    }
}

fn suspect(w: Words, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(SUSPECT);
    html! { (draft.form(w, href, SUSPECT, &key, w.t("inc-suspect-do"))) }
}

fn basis(w: Words) -> Field {
    shared_area(w, "basis", w.t("inc-basis"), "")
}

fn modes(w: Words) -> Field {
    Field::select(
        "mode",
        w.t("inc-mode"),
        CareMode::ALL.iter().map(|one| (one.as_str(), care_mode(w, *one))),
    )
}

fn confirm(w: Words, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(CONFIRM);
    folded(
        CONFIRM,
        &w.t("inc-confirm"),
        draft,
        &html! {
            (draft.form(w, href, CONFIRM, &key, w.t("inc-confirm-do"))
                .field(draft.field(CONFIRM, "basis", basis(w), ""))
                .field(draft.field(CONFIRM, "mode", modes(w), CareMode::Staff.as_str())))
        },
    )
}

fn assess(w: Words, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(ASSESS);
    let holds = |name: &'static str, label: String| {
        let options =
            Holds::ALL.iter().map(|one| (one.as_str(), w.dynamic("inc-of-holds-", one.as_str())));
        draft.field(ASSESS, name, Field::radios(name, label, options), "suspected")
    };
    folded(
        ASSESS,
        &w.t("inc-assess"),
        draft,
        &html! {
            (draft.form(w, href, ASSESS, &key, w.t("inc-assess-do"))
                .field(holds("harm", w.t("inc-harm")))
                .field(holds("imbalance", w.t("inc-imbalance")))
                .field(draft.field(ASSESS, "basis", basis(w), ""))
                .field(draft.field(ASSESS, "source", Field::text("source", w.t("inc-source")), "")))
        },
    )
}

fn sites(w: Words, found: &Found<'_>, first: [(&'static str, String); 1]) -> Vec<(String, String)> {
    let _ = w;
    let mut all: Vec<_> = first.map(|(value, label)| (value.to_owned(), label)).into();
    let sites = found.journal.shared().kernel.sites.values();
    let hospitals = sites.filter(|site| site.kind == samband_domain::kernel::SiteKind::Hospital);
    all.extend(hospitals.map(|site| (site.id.to_string(), site.name.clone())));
    all
}

fn mode(w: Words, found: &Found<'_>, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(MODE);
    let sites = sites(w, found, [("", w.t("inc-scope-region"))]);
    folded(
        MODE,
        &w.t("inc-set-mode"),
        draft,
        &html! {
            (draft.form(w, href, MODE, &key, w.t("inc-set-mode-do"))
                .field(draft.field(MODE, "site", Field::select("site", w.t("inc-mode-of"), sites), ""))
                .field(draft.field(MODE, "mode", modes(w), CareMode::Staff.as_str()))
                .field(draft.field(MODE, "basis", basis(w), "")))
        },
    )
}

fn reviews(w: Words) -> Field {
    let hours = REVIEWS.map(|n| (n.to_string(), w.t_args("inc-in-hours", &[("n", n.into())])));
    Field::select("review", w.t("inc-review"), hours)
}

fn resolve(w: Words, found: &Found<'_>, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(RESOLVE);
    let measures =
        Measure::ALL.iter().map(|one| (one.as_str(), w.dynamic("inc-of-measure-", one.as_str())));
    let mut places = sites(w, found, [("scene", w.t("inc-scope-scene"))]);
    places.insert(1, ("region".into(), w.t("inc-scope-region")));
    let resource = Field::text("resource", w.t("inc-resource")).hint(w.t("inc-resource-hint"));
    folded(
        RESOLVE,
        &w.t("inc-resolve"),
        draft,
        &html! {
            p { (w.t("inc-resolve-means")) }
            (draft.form(w, href, RESOLVE, &key, w.t("inc-resolve-do"))
                .field(draft.field(RESOLVE, "measure",
                    Field::radios("measure", w.t("inc-measure"), measures), "triage"))
                .field(draft.field(RESOLVE, "scope",
                    Field::select("scope", w.t("inc-scope"), places), "region"))
                .field(draft.field(RESOLVE, "resource", resource, ""))
                .field(draft.field(RESOLVE, "basis", basis(w), ""))
                .field(draft.field(RESOLVE, "review", reviews(w), "2")))
        },
    )
}

/// What can be done about a decision: sign it, let it go on, end it.
pub(super) fn of_measure(
    w: Words,
    found: &Found<'_>,
    draft: &Draft,
    (place, taken): (usize, &Taken),
    visitor: &Visitor,
) -> Markup {
    let (href, number) = (found.href(), place.to_string());
    let mine = |act: &str| draft.is(act) && draft.was("resolution") == number;
    let key = |act: &str| format!("{}-{place}", draft.key(act));
    let signed = taken.signed.iter().any(|(actor, _)| *actor == visitor.actor);
    let keys = [key(SECOND), key(EXTEND), key(LIFT)];
    html! {
        @if taken.since().is_none() && !signed {
            (draft.form(w, &href, SECOND, &keys[0], w.t("inc-second-do")).hidden("resolution", number.clone()))
        }
        details.fold open[mine(EXTEND) || mine(LIFT)] {
            summary { (w.t("inc-extend-lift")) }
            @if taken.holds() {
                div.panel {
                    (draft.form(w, &href, EXTEND, &keys[1], w.t("inc-extend-do"))
                        .hidden("resolution", number.clone())
                        .field(reviews(w).value("2"))
                        .field(Field::text("basis", w.t("inc-extend-basis"))))
                }
            }
            div.panel {
                (draft.form(w, &href, LIFT, &keys[2], w.t("inc-lift-do"))
                    .hidden("resolution", number)
                    .field(Field::text("basis", w.t("inc-lift-basis"))))
            }
        }
    }
}

fn note(w: Words, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(NOTE);
    folded(
        NOTE,
        &w.t("inc-note"),
        draft,
        &html! {
            (draft.form(w, href, NOTE, &key, w.t("inc-note-do"))
                .field(draft.field(NOTE, "text", shared_area(w, "text", w.t("inc-note-text"), ""), ""))
                .field(draft.field(NOTE, "source", Field::text("source", w.t("inc-source")), "")))
        },
    )
}

fn ending(w: Words, found: &Found<'_>, href: &str, draft: &Draft) -> Markup {
    let (stage, open) = (found.held.stage, found.open().len());
    let keys = [draft.key(STAND_DOWN), draft.key(CLOSE)];
    let closable = matches!(stage, Stage::StandDown | Stage::Suspected | Stage::Draft);
    html! {
        @if stage >= Stage::Confirmed && stage < Stage::StandDown {
            (folded(STAND_DOWN, &w.t("inc-stand-down"), draft, &html! {
                p { (w.t("inc-stand-down-means")) }
                (draft.form(w, href, STAND_DOWN, &keys[0], w.t("inc-stand-down-do"))
                    .field(draft.field(STAND_DOWN, "basis", basis(w), "")))
            }))
        }
        @if closable {
            (folded(CLOSE, &w.t("inc-close"), draft, &html! {
                @if open > 0 {
                    p {
                        (w.t_args("inc-close-open", &[("n", open.into())])) " "
                        a href="#owed" { (w.t("inc-close-see")) }
                    }
                }
                (draft.form(w, href, CLOSE, &keys[1], w.t("inc-close-do"))
                    .field(draft.field(CLOSE, "text",
                        shared_area(w, "text", w.t("inc-close-text"), ""), "")))
            }))
        }
    }
}
