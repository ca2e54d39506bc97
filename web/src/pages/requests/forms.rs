//! What may be done with a request by whoever reads it: the next step open, the rest folded.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::command::{Crossmatched, Deciding, Handing};
use samband_domain::transfusion::model::{Capacity, ExceptionRule, Match};

use super::ask::scanned;
use super::href;
use super::one::View;
use crate::app::history::group_text;
use crate::app::stock::{local, site_name};
use crate::app::transfusion::{patient, unit_text, verdict_text};
use crate::components::{Field, section};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const RESERVE: &str = "request-reserve";
pub(super) const BEST: &str = "request-best";
const ISSUE: &str = "request-issue";
const CROSSMATCH: &str = "request-crossmatch";
const CONFIRM: &str = "request-confirm";
const DECIDE: &str = "request-decide";
const RECONCILE: &str = "request-reconcile";
const SETTLE: &str = "request-settle";
const STOP: &str = "request-stop";
const CANCEL: &str = "request-cancel";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, view: &View<'_>, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let request = view.id.clone();
    Some(match typed.act() {
        RESERVE => {
            // Which units were shown stands in the form: what is shown now may differ.
            let shown: Vec<_> =
                typed.get("shown-units").split(' ').filter_map(|one| one.parse().ok()).collect();
            let ticked = |unit: &UnitId| typed.get(&format!("take-{unit}")) == "on";
            let units: Vec<UnitId> = shown.into_iter().filter(ticked).collect();
            if units.is_empty() {
                reader.wrong("take", w.t("request-take-one"));
            }
            reader.done(Some(Command::Reserve { request, units }))
        }
        BEST => {
            let count = reader.count("best-count").and_then(|n| u16::try_from(n).ok());
            let all = typed.get("best-all") == "on";
            reader.done(count.map(|count| {
                let at_least = if all { count } else { 1 };
                Command::ReserveBest { request, component: None, count, at_least }
            }))
        }
        ISSUE => {
            let units = scanned(w, &mut reader, "scanned");
            let fetched_by = reader.text("fetched-by");
            let handing = Handing { request, units, fetched_by };
            reader.done(Some(Command::Issue { handing }))
        }
        CROSSMATCH => {
            let unit: Option<UnitId> = reader.value("crossmatch-unit");
            let result: Option<Match> = reader.value("crossmatch-result");
            let taken = local(typed.get("crossmatch-taken"), "12:00");
            if taken.is_none() {
                reader.wrong("crossmatch-taken", w.t("typed-unreadable"));
            }
            let read = unit.zip(result).zip(taken);
            let read = read.map(|((unit, result), taken)| Crossmatched { unit, taken, result });
            reader.done(read.map(|read| Command::Crossmatch { request, read }))
        }
        CONFIRM => {
            let unit: Option<UnitId> = reader.value("confirm-unit");
            reader.done(unit.map(|unit| Command::ConfirmCrossmatch { request, unit }))
        }
        DECIDE => decision(view, typed, reader),
        RECONCILE => {
            let text = typed.get("reconcile-patient");
            let found = patient(view.region, text);
            if found.is_none() && view.open.request.patient.is_none() {
                reader.wrong("reconcile-patient", w.t("request-patient-nobody"));
            }
            reader.done(Some(Command::Reconcile { request, patient: found }))
        }
        SETTLE => {
            let reason = reader.text("settle-reason");
            reader.done(Some(Command::SettleDiscrepancies { request, reason }))
        }
        STOP => {
            let reason = reader.text("stop-reason");
            reader.done(Some(Command::StopPackages { request, reason }))
        }
        CANCEL => {
            let reason = reader.text("cancel-reason");
            reader.done(Some(Command::Cancel { request, reason }))
        }
        _ => return None,
    })
}

fn decision(view: &View<'_>, typed: &Typed, mut reader: Reader<'_>) -> Result<Command, Errors> {
    let decision = deciding(typed, &mut reader, view.now);
    let request = view.id.clone();
    reader.done(decision.map(|decision| Command::Decide { request, decision }))
}

/// A physician's decision as it was typed.
pub(super) fn deciding(
    typed: &Typed,
    reader: &mut Reader<'_>,
    now: samband_domain::Time,
) -> Option<Deciding> {
    let rule: Option<ExceptionRule> = reader.value("decide-rule");
    let capacity: Option<Capacity> = reader.value("decide-capacity");
    let hours = reader.count("decide-hours").and_then(|hours| i64::try_from(hours).ok());
    let (physician, reason) = (reader.text("decide-physician"), reader.text("decide-reason"));
    let until = hours.map(|hours| typed.shown(now).plus_seconds(hours.min(1_000) * 3_600));
    rule.zip(capacity).zip(until).map(|((rule, capacity), until)| Deciding {
        rule,
        capacity,
        physician,
        reason,
        until,
    })
}

/// Which form is the next step; none if there is nothing to do for this reader.
fn next_act(view: &View<'_>) -> Option<&'static str> {
    if !view.may.has(Action::IssueBlood) {
        return None;
    }
    let ready = view.aside.iter().any(|(_, verdict)| verdict.route.is_some());
    Some(if !view.open.discrepancies.is_empty() {
        SETTLE
    } else if ready || view.running() {
        ISSUE
    } else if !view.aside.is_empty() {
        CROSSMATCH
    } else if view.left() > 0 {
        RESERVE
    } else if view.open.unreconciled.is_some() {
        RECONCILE
    } else {
        return None;
    })
}

/// The one thing to do next, in the open.
pub(super) fn next(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (title, form) = match next_act(view) {
        Some(SETTLE) => (w.t("request-next-settle"), settle(w, view, draft)),
        Some(ISSUE) => (w.t("request-next-issue"), issue(w, view, draft)),
        Some(CROSSMATCH) => (w.t("request-next-crossmatch"), crossmatch(w, view, draft)),
        Some(RESERVE) => (w.t("request-next-choose"), reserve(w, view, draft)),
        Some(RECONCILE) => (w.t("request-next-reconcile"), reconcile(w, view, draft)),
        _ => return html! {},
    };
    section("next", &title, &html! { div.panel { (form) } })
}

/// Everything else that may be done, folded.
pub(super) fn others(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (open, issues) = (view.open, view.may.has(Action::IssueBlood));
    let decides = view.may.any(&[Action::DecideException, Action::NoteTreatingDecision]);
    let shown = [
        (
            RESERVE,
            issues && view.left() > 0 && !view.candidates.is_empty(),
            reserve(w, view, draft),
        ),
        (ISSUE, issues && (view.left() > 0 || !view.aside.is_empty()), issue(w, view, draft)),
        (CROSSMATCH, issues && !crossmatchable(view).is_empty(), crossmatch(w, view, draft)),
        (CONFIRM, issues && !confirmable(view).is_empty(), confirm(w, view, draft)),
        (DECIDE, decides, decide(w, view, draft)),
        (RECONCILE, issues && open.unreconciled.is_some(), reconcile(w, view, draft)),
        (STOP, view.may.has(Action::RequestBlood) && view.running(), stop(w, view, draft)),
        (CANCEL, view.may.has(Action::RequestBlood) && !view.running(), cancel(w, view, draft)),
    ];
    section(
        "do",
        &w.t("request-do"),
        &html! {
            @for (act, fits, form) in &shown {
                // The next step stands above; nothing stands twice on a page.
                @if *fits && next_act(view) != Some(*act) {
                    details.fold open[draft.is(act) || *act == DECIDE && view.decide.is_some()] {
                        summary { (w.dynamic("request-act-", act)) }
                        div.panel { (form) }
                    }
                }
            }
        },
    )
}

/// Boxes beside the candidates that may be set aside; as many as are asked for are ticked.
fn reserve(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(RESERVE));
    let fit: Vec<_> = view.candidates.iter().filter(|one| one.gate.may_be_set_aside()).collect();
    if fit.is_empty() {
        return super::parts::none(w, view);
    }
    let names: Vec<_> = fit.iter().map(|one| one.choice.id.to_string()).collect();
    let mut form = draft
        .form(w, &path, RESERVE, &key, w.t("request-reserve-do"))
        .hidden("shown-units", names.join(" "));
    for (place, one) in fit.iter().enumerate() {
        let name = format!("take-{}", one.choice.id);
        let unit = view.region.shared.blood.units.get(&one.choice.id);
        let group = unit.map_or_else(|| w.unknown(), |unit| group_text(w, unit.group));
        let label = format!(
            "{} · {group} · {} · {}",
            unit_text(&one.choice.id),
            w.date(one.choice.expiry.0),
            verdict_text(w, &one.gate)
        );
        let ticked = if place < view.left() { "on" } else { "" };
        form = form.field(draft.field(RESERVE, &name, Field::check_box(&name, label), ticked));
    }
    html! {
        @if view.open.course.is_none() && fit.iter().any(|one| one.here) {
            (best(w, view, draft))
            h3 { (w.t("request-reserve-chosen")) }
        }
        p { (w.t("request-reserve-means")) }
        (form)
    }
}

/// One button for the best: which they are is decided when it is pressed.
fn best(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(BEST));
    let site = site_name(view.world, view.journal, &view.open.request.site);
    let count = Field::number("best-count", w.t("request-best-count")).required();
    let all = Field::check_box("best-all", w.t("request-best-all"));
    html! {
        p { (w.t_args("request-best-means", &[("site", site.into())])) }
        (draft.form(w, &path, BEST, &key, w.t("request-best-do"))
            .field(draft.field(BEST, "best-count", count, &view.left().to_string()))
            .field(draft.field(BEST, "best-all", all, "")))
    }
}

fn issue(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(ISSUE));
    let units = Field::text_area("scanned", w.t("issue-units"))
        .hint(w.t("issue-units-hint"))
        .required()
        .focused();
    let by = Field::text("fetched-by", w.t("issue-fetched-by"))
        .hint(w.t("issue-fetched-by-hint"))
        .required();
    html! {
        p { (w.t("issue-means")) }
        (draft.form(w, &path, ISSUE, &key, w.t("issue-do"))
            .field(draft.field(ISSUE, "scanned", units, ""))
            .field(draft.field(ISSUE, "fetched-by", by, "")))
    }
}

fn crossmatchable(view: &View<'_>) -> Vec<UnitId> {
    let aside = view.aside.iter().map(|(unit, _)| *unit);
    aside.chain(view.open.issued.keys().copied()).collect()
}

fn confirmable(view: &View<'_>) -> Vec<UnitId> {
    let waits = view.open.crossmatches.iter().filter(|(_, read)| read.second.is_none());
    waits.map(|(unit, _)| *unit).collect()
}

fn choices(units: Vec<UnitId>) -> Vec<(String, String)> {
    units.into_iter().map(|unit| (unit.to_string(), unit_text(&unit))).collect()
}

fn crossmatch(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(CROSSMATCH));
    let units = choices(crossmatchable(view));
    let first = units.first().map(|(unit, _)| unit.clone()).unwrap_or_default();
    let results = Match::ALL.iter();
    let results = results.map(|one| (one.to_string(), w.dynamic("crossmatch-", one.as_str())));
    let taken = view.known.as_ref().and_then(|known| known.current.as_ref());
    let taken = taken.map(|one| w.date_time(one.taken.0).replace(" kl ", " "));
    let put = |name, field, start: &str| draft.field(CROSSMATCH, name, field, start);
    html! {
        p { (w.t("crossmatch-means")) }
        (draft.form(w, &path, CROSSMATCH, &key, w.t("crossmatch-do"))
            .field(put("crossmatch-unit",
                Field::select("crossmatch-unit", w.t("request-unit"), units).required(), &first))
            .field(put("crossmatch-result",
                Field::radios("crossmatch-result", w.t("crossmatch-result"), results).required(), ""))
            .field(put("crossmatch-taken",
                Field::text("crossmatch-taken", w.t("crossmatch-taken"))
                    .hint(w.t("request-needed-hint")).required(),
                &taken.unwrap_or_default())))
    }
}

fn confirm(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(CONFIRM));
    let field = Field::select("confirm-unit", w.t("request-unit"), choices(confirmable(view)));
    html! {
        p { (w.t("crossmatch-confirm-means")) }
        (draft.form(w, &path, CONFIRM, &key, w.t("crossmatch-confirm-do"))
            .field(draft.field(CONFIRM, "confirm-unit", field.required(), "")))
    }
}

fn decide(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(DECIDE));
    let rules = ExceptionRule::ALL.iter();
    let rules = rules.map(|one| (one.to_string(), w.dynamic("exception-", one.as_str())));
    let may = |capacity: &&Capacity| {
        view.may.has(match capacity {
            Capacity::Transfusion => Action::DecideException,
            Capacity::Treating => Action::NoteTreatingDecision,
        })
    };
    let capacities: Vec<_> = Capacity::ALL
        .iter()
        .filter(may)
        .map(|one| (one.to_string(), w.dynamic("capacity-", one.as_str())))
        .collect();
    // Where one physician has decided, it is the other's turn.
    let waits = view.open.exceptions.iter().find(|one| Some(one.rule) == view.decide);
    let waits = waits.map(|one| match one.transfusion {
        None => Capacity::Transfusion.to_string(),
        Some(_) => Capacity::Treating.to_string(),
    });
    let turn = waits.filter(|turn| capacities.iter().any(|(one, _)| one == turn));
    let first = turn.or_else(|| capacities.first().map(|(one, _)| one.clone())).unwrap_or_default();
    let rule = view.decide.map(|rule| rule.to_string()).unwrap_or_default();
    let put = |name, field, start: &str| draft.field(DECIDE, name, field, start);
    html! {
        p { (w.t("exception-means")) }
        (draft.form(w, &path, DECIDE, &key, w.t("exception-do"))
            .field(put("decide-rule",
                Field::select("decide-rule", w.t("exception-rule"), rules).required(), &rule))
            .field(put("decide-capacity",
                Field::radios("decide-capacity", w.t("exception-capacity"), capacities).required(),
                &first))
            .field(put("decide-physician",
                Field::text("decide-physician", w.t("exception-physician")).required(), ""))
            .field(put("decide-reason",
                Field::text("decide-reason", w.t("unit-reason")).required(), ""))
            .field(put("decide-hours",
                Field::number("decide-hours", w.t("exception-hours")).required(), "12")))
    }
}

fn reconcile(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (href(&view.id), draft.key(RECONCILE));
    let mut form = draft.form(w, &path, RECONCILE, &key, w.t("reconcile-do"));
    if view.open.request.patient.is_none() {
        let field = Field::text("reconcile-patient", w.t("request-patient"))
            .hint(w.t("reconcile-patient-hint"))
            .required();
        form = form.field(draft.field(RECONCILE, "reconcile-patient", field, ""));
    }
    html! { p { (w.t("reconcile-means")) } (form) }
}

/// A form with a reason and nothing else.
fn reasoned(
    w: Words,
    (view, draft): (&View<'_>, &Draft),
    (act, name): (&'static str, &'static str),
    (means, submit): (&str, &str),
) -> Markup {
    let (path, key) = (href(&view.id), draft.key(act));
    let field = Field::text(name, w.t("unit-reason")).required();
    html! {
        p { (w.t(means)) }
        (draft.form(w, &path, act, &key, w.t(submit)).field(draft.field(act, name, field, "")))
    }
}

fn settle(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    reasoned(w, (view, draft), (SETTLE, "settle-reason"), ("settle-means", "settle-do"))
}

fn stop(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    reasoned(w, (view, draft), (STOP, "stop-reason"), ("stop-means", "stop-do"))
}

fn cancel(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    reasoned(w, (view, draft), (CANCEL, "cancel-reason"), ("cancel-means", "cancel-do"))
}
