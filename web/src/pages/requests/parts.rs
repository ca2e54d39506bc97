//! What stands on a request's page.

use maud::{Markup, html};
use samband_domain::blood::model::{Status as Standing, UnitId};
use samband_domain::patients::model::Patient;
use samband_domain::patients::view::Serology;
use samband_domain::transfusion::gate::{Held, Verdict};
use samband_domain::transfusion::model::{Bedside, Open};
use samband_domain::transfusion::view::{Candidate, Freshness};
use samband_domain::{Known, Region, Time};

use super::one::View;
use super::{needed, urgency_tag, what};
use crate::app::history::group_text;
use crate::app::stock::{site_name, unit_href};
use crate::app::transfusion::{block_text, unit_text, verdict_text};
use crate::components::{Cell, Column, Definitions, Note, Row, Status, Table, tag, time_tag};
use crate::pages::parts::as_written;
use crate::text::Words;

/// What somebody is called; a reserve number where nobody could say.
pub(crate) fn name(w: Words, patient: &Patient) -> String {
    match &patient.identity.name {
        Known::Value(name) => name.clone(),
        Known::Unknown => {
            w.t_args("patient-nameless", &[("number", patient.identity.number.to_string().into())])
        }
    }
}

/// What the laboratory knows of the patient, the group first and large.
pub(super) fn patient(w: Words, view: &View<'_>) -> Markup {
    let Some(id) = &view.open.request.patient else {
        return html! { div.panel {
            p { strong { (w.t("request-nobody")) } }
            p { (w.t("request-nobody-text")) }
        } };
    };
    let held = view.region.own.patients.patients.get(id);
    let Some((held, known)) = held.zip(view.known.as_ref()) else { return html! {} };
    let number = held.identity.number.to_string();
    html! {
        div.panel {
            p { a href={ "/patients/" (id) } { strong { (name(w, held)) } } " · " (number) }
            p.big-group { (group_text(w, known.recipient.group)) }
            (serology(w, known, view.now))
        }
    }
}

fn serology(w: Words, known: &Serology, now: Time) -> Markup {
    let mut all = Definitions::new();
    let antibodies = match known.recipient.antibodies {
        Known::Unknown => w.unknown(),
        Known::Value(found) if found.is_empty() && !known.ever_antibody => {
            w.t("request-no-antibody")
        }
        Known::Value(found) => {
            let names: Vec<_> = found
                .significant()
                .or(found.insignificant())
                .iter()
                .map(|one| format!("anti-{}", one.as_str()))
                .collect();
            if names.is_empty() { w.t("request-antibody-unnamed") } else { names.join(", ") }
        }
    };
    all = all.text(w.t("request-antibodies"), &antibodies);
    let screen = match &known.screen {
        None => w.t("request-no-screen"),
        Some(screen) => match screen.positive {
            Known::Value(true) => w.t("request-screen-positive"),
            Known::Value(false) => w.t("request-screen-negative"),
            Known::Unknown => w.unknown(),
        },
    };
    all = all.text(w.t("request-screen"), &screen);
    let sample = match known.current.as_ref().filter(|one| now < one.valid_until) {
        Some(one) => w.t_args(
            "request-sample-valid",
            &[
                ("sample", one.sample.to_string().into()),
                ("until", w.date_time(one.valid_until.0).into()),
            ],
        ),
        None => w.t("request-no-sample"),
    };
    all = all.text(w.t("request-sample"), &sample);
    all = all.text(w.t("request-occasions"), &w.int(known.occasions));
    let needs: Vec<_> = known
        .recipient
        .requirements
        .iter()
        .map(|one| w.dynamic("patient-need-", one.as_str()))
        .collect();
    if !needs.is_empty() {
        all = all.text(w.t("request-requirements"), &needs.join(", "));
    }
    html! {
        (all)
        @if !known.unstated.is_empty() {
            @let names: Vec<_> = known
                .unstated
                .iter()
                .map(|key| w.dynamic("rule-key-", &key.text().replace('.', "-")))
                .collect();
            (Note::warning(w, &w.t_args("request-unstated", &[("rules", names.join("; ").into())])))
        }
        @if known.conflict { (Note::warning(w, &w.t("request-conflict"))) }
        @if known.transplant_unsettled { (Note::warning(w, &w.t("request-transplant"))) }
        @if !known.captured { (Note::warning(w, &w.t("request-not-captured"))) }
    }
}

/// What was asked for.
pub(super) fn asked(w: Words, view: &View<'_>) -> Markup {
    let open = view.open;
    let request = &open.request;
    let mut all = Definitions::new()
        .markup(w.t("request-urgency"), urgency_tag(w, request.urgency))
        .markup(w.t("request-needed"), needed(w, open, view.now))
        .text(w.t("request-ward"), &request.ward)
        .markup(w.t("request-indication"), as_written(w, &request.indication))
        .text(w.t("request-site"), &site_name(view.world, view.journal, &request.site));
    if request.kind != samband_domain::transfusion::model::Kind::Transfusion {
        all = all.text(w.t("request-kind"), &w.dynamic("request-kind-", request.kind.as_str()));
    }
    if !request.requirements.is_empty() {
        let names: Vec<_> = request
            .requirements
            .iter()
            .map(|one| w.dynamic("patient-need-", one.as_str()))
            .collect();
        all = all.text(w.t("request-required"), &names.join(", "));
    }
    if let Some(course) = &open.course {
        all = all.text(w.t("request-package"), &package(w, open));
        all = all.text(w.t("request-packages-out"), &w.int(course.packages));
        all = match course.next() {
            None => all.text(w.t("request-next"), &w.t("request-stopped")),
            Some(Known::Unknown) => all.text(w.t("request-next"), &w.t("request-next-asked")),
            Some(Known::Value(at)) => all.markup(w.t("request-next"), time_tag(w, at.0)),
        };
        let told: Vec<_> = course
            .told
            .iter()
            .map(|one| format!("{}: {}", w.dynamic("duty-of-", one.function.as_str()), one.phone))
            .collect();
        if !told.is_empty() {
            all = all.text(w.t("request-told"), &told.join(", "));
        }
    }
    html! { (all) }
}

fn package(w: Words, open: &Open) -> String {
    let Some(course) = &open.course else { return what(w, open) };
    w.t_args(
        "request-package-of",
        &[
            ("red", i64::from(course.red_cells).into()),
            ("plasma", i64::from(course.plasma).into()),
            ("platelets", i64::from(course.platelets).into()),
        ],
    )
}

/// The ten rules for a unit, folded: what holds, what does not, and by which facts.
pub(super) fn gate(w: Words, verdict: &Verdict) -> Markup {
    html! {
        details.fold {
            summary { (w.t("gate-show")) }
            ul.gate {
                @for check in &verdict.checks {
                    li {
                        (tag(held_status(check.held), &w.dynamic("gate-held-", check.held.as_str())))
                        " " (crate::app::transfusion::rule_text(w, check))
                        span.hint { " "
                            @for (name, value) in &check.facts { (name) ": " (value) ". " }
                            (w.source(check.rule.source()))
                        }
                    }
                }
                @for block in &verdict.blocks {
                    li { (tag(Status::Stopped, &w.t("gate-keeps-back"))) " " (block_text(w, block)) }
                }
            }
        }
    }
}

const fn held_status(held: Held) -> Status {
    match held {
        Held::Holds => Status::Known,
        Held::Fails => Status::Stopped,
        Held::NotAsked => Status::Ended,
    }
}

/// Candidates as a table: why each has its place, and what the gate says.
pub(super) fn candidates(w: Words, view: &View<'_>, all: &[Candidate]) -> Markup {
    let fresh = all.iter().any(|one| one.freshness.is_some());
    let rows = all.iter().map(|one| {
        let unit = view.region.shared.blood.units.get(&one.choice.id);
        let group = unit.map_or(Known::Unknown, |unit| unit.group);
        let mark = match (one.gate.route.is_some(), one.gate.may_be_set_aside()) {
            (true, _) => Status::Known,
            (false, true) => Status::Attention,
            (false, false) => Status::Stopped,
        };
        let why = html! {
            (w.dynamic("compat-place-", one.reason().as_str()))
            @if let Some(freshness) = one.freshness { " · " (fresh_text(w, freshness)) }
            @if !one.here { " · " (site_name(view.world, view.journal, &one.choice.site)) }
        };
        Row::new(Cell::link(&unit_href(&one.choice.id), &unit_text(&one.choice.id)))
            .cell(group_text(w, group))
            .cell(html! { (time_tag(w, one.choice.expiry.0)) })
            .cell(why)
            .cell(html! { (tag(mark, &verdict_text(w, &one.gate))) (gate(w, &one.gate)) })
    });
    let table = Table::new(w.t("request-candidates"))
        .caption_hidden()
        .columns([
            Column::text(w.t("request-unit")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("unit-expiry")),
            Column::text(w.t("request-why")),
            Column::text(w.t("request-gate")),
        ])
        .rows(rows);
    html! {
        (table)
        @if fresh { p.hint { (w.t("request-fresh-hint")) } }
    }
}

fn fresh_text(w: Words, freshness: Freshness) -> String {
    w.t(match freshness {
        Freshness::Fresh => "request-fresh",
        Freshness::NotKnown => "request-fresh-unknown",
        Freshness::Old => "request-fresh-old",
    })
}

/// That nothing may be chosen, and what is missing for it.
pub(super) fn none(w: Words, view: &View<'_>) -> Markup {
    html! {
        p { (w.t("request-no-candidate")) }
        @if let Some(verdict) = &view.example {
            ul.gate {
                @for block in &verdict.blocks {
                    li { (tag(Status::Stopped, &w.t("gate-keeps-back"))) " " (block_text(w, block)) }
                }
            }
        } @else {
            p { (w.t("request-none-in-stock")) }
        }
    }
}

/// Units set aside: until when, what a crossmatch said, and what the gate says now.
pub(super) fn aside(w: Words, view: &View<'_>) -> Markup {
    let rows = view.aside.iter().filter_map(|(id, verdict)| {
        let unit = view.region.shared.blood.units.get(id)?;
        let Standing::Reserved { until } = unit.status else { return None };
        let mark = if verdict.route.is_some() { Status::Known } else { Status::Attention };
        Some(
            Row::new(Cell::link(&unit_href(id), &unit_text(id)))
                .cell(group_text(w, unit.group))
                .cell(html! { (time_tag(w, until.0)) })
                .cell(crossmatch(w, view.open, id))
                .cell(html! { (tag(mark, &verdict_text(w, verdict))) (gate(w, verdict)) }),
        )
    });
    let table = Table::new(w.t("request-aside"))
        .caption_hidden()
        .columns([
            Column::text(w.t("request-unit")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("request-lapses")),
            Column::text(w.t("request-crossmatch")),
            Column::text(w.t("request-gate")),
        ])
        .rows(rows);
    html! { (table) }
}

fn crossmatch(w: Words, open: &Open, id: &UnitId) -> String {
    match open.crossmatches.get(id) {
        None => w.t("crossmatch-none"),
        Some(read) => {
            let said = w.dynamic("crossmatch-", read.result.as_str());
            if read.second.is_some() {
                format!("{said} · {}", w.t("crossmatch-two"))
            } else {
                said
            }
        }
    }
}

/// Units with the ward, and those that came to their end.
pub(super) fn out(w: Words, view: &View<'_>) -> Markup {
    let open = view.open;
    let with_ward = open.issued.iter().map(|(id, given)| {
        let checked = match &given.checked {
            None => w.t("bedside-not-yet"),
            Some((_, said)) => w.dynamic("bedside-", said.as_str()),
        };
        let bad = matches!(&given.checked, Some((_, Bedside::Differs)));
        let mark = if bad { Status::Stopped } else { Status::OneSided };
        Row::new(Cell::link(&unit_href(id), &unit_text(id)))
            .cell(html! { (time_tag(w, given.at.0)) })
            .cell(given.fetched_by.clone())
            .cell(w.dynamic("route-", given.route.as_str()))
            .cell(tag(mark, &checked))
    });
    let ended = open.ended.iter().map(|(id, ended)| {
        Row::new(Cell::link(&unit_href(id), &unit_text(id)))
            .cell(html! { (time_tag(w, ended.at().0)) })
            .cell("–")
            .cell("–")
            .cell(tag(Status::Ended, &w.dynamic("ended-", ended.as_str())))
    });
    let table = Table::new(w.t("request-out"))
        .caption_hidden()
        .columns([
            Column::text(w.t("request-unit")),
            Column::text(w.t("request-when")),
            Column::text(w.t("issue-fetched-by")),
            Column::text(w.t("request-route")),
            Column::text(w.t("request-state")),
        ])
        .rows(with_ward.chain(ended));
    html! { (table) }
}

/// Exceptions: who has decided, and whether it holds.
pub(super) fn exceptions(w: Words, open: &Open, now: Time) -> Markup {
    let said = |one: &Option<samband_domain::transfusion::model::Decision>| match one {
        None => html! { span.unknown { (w.t("exception-waits")) } },
        Some(one) => {
            html! { (one.physician) ": " (as_written(w, &one.reason)) " (" (time_tag(w, one.until.0)) ")" }
        }
    };
    let rows = open.exceptions.iter().map(|one| {
        let mark = if one.holds(now) { Status::Binding } else { Status::OneSided };
        let text = if one.holds(now) { "exception-holds" } else { "exception-half" };
        Row::new(w.dynamic("exception-", one.rule.as_str()))
            .cell(said(&one.transfusion))
            .cell(said(&one.treating))
            .cell(tag(mark, &w.t(text)))
    });
    let table = Table::new(w.t("request-exceptions"))
        .caption_hidden()
        .columns([
            Column::text(w.t("exception-rule")),
            Column::text(w.t("capacity-transfusion")),
            Column::text(w.t("capacity-treating")),
            Column::text(w.t("request-state")),
        ])
        .rows(rows);
    html! { (table) }
}

/// What did not agree, one line each.
pub(super) fn discrepancies(w: Words, open: &Open) -> Markup {
    html! {
        ul {
            @for found in &open.discrepancies {
                li {
                    (tag(Status::Stopped, &w.dynamic("discrepancy-", found.kind.as_str()))) " "
                    a href=(unit_href(&found.unit)) { (unit_text(&found.unit)) }
                    " · " (found.rule)
                }
            }
        }
    }
}

/// The units that the stock holds for the request.
pub(super) fn held(region: &Region, id: &samband_domain::RequestId) -> Vec<UnitId> {
    let all = region.own.blood.by_request.get(id).into_iter().flatten();
    let aside = all.filter(|unit| {
        let status = region.shared.blood.units.get(*unit).map(|unit| unit.status);
        matches!(status, Some(Standing::Reserved { .. }))
    });
    aside.copied().collect()
}
