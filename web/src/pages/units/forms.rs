//! What may be done with a unit by whoever reads its page.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Known;
use samband_domain::blood::Command;
use samband_domain::blood::command::Correction;
use samband_domain::blood::model::unit::Status as Standing;
use samband_domain::blood::model::{DiscardReason, Group, QuarantineReason, TestResult, UnitId};
use samband_domain::rulesets::catalogue::codes::TESTS;
use samband_domain::words::Code;
use samband_exchange::stock::antigens;

use super::View;
use crate::app::history::antigens_text;
use crate::app::stock::{local, unit_href};
use crate::components::{Field, section};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const QUARANTINE: &str = "quarantine-unit";
const RELEASE: &str = "release-unit";
const RESERVE: &str = "reserve-unit";
const UNRESERVE: &str = "unreserve-unit";
const RECORD: &str = "record-tests";
const CORRECT: &str = "correct-unit";
const DISCARD: &str = "discard-unit";

/// What can be put right.
const GROUP: &str = "group";
const EXPIRY: &str = "expiry";
const ANTIGENS: &str = "antigens";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, unit: UnitId, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let units = vec![unit];
    Some(match typed.act() {
        QUARANTINE => {
            let reason: Option<QuarantineReason> = reader.value("quarantine-reason");
            let note = reader.optional("quarantine-note");
            reader.done(reason.map(|reason| Command::Quarantine { units, reason, note }))
        }
        DISCARD => {
            let reason: Option<DiscardReason> = reader.value("discard-reason");
            let note = reader.optional("discard-note");
            if typed.get("discard-sure") != "on" {
                reader.wrong("discard-sure", w.t("typed-needed"));
            }
            reader.done(reason.map(|reason| Command::Discard { units, reason, note }))
        }
        RELEASE => reader.done(Some(Command::Release { units })),
        RESERVE => {
            let purpose = reader.text("reserve-purpose");
            reader.done(Some(Command::Reserve { units, purpose }))
        }
        UNRESERVE => {
            let reason = reader.text("unreserve-reason");
            reader.done(Some(Command::Unreserve { units, reason }))
        }
        RECORD => tests(w, unit, typed, reader),
        CORRECT => correction(w, unit, typed, reader),
        _ => return None,
    })
}

fn tests(w: Words, unit: UnitId, typed: &Typed, mut reader: Reader<'_>) -> Result<Command, Errors> {
    let one = |code: &&str| {
        let said = typed.get(&format!("test-{code}"));
        let result: TestResult = said.parse().ok()?;
        Some((Code::new(code).ok()?, result))
    };
    let results: Vec<_> = TESTS.iter().filter_map(one).collect();
    if results.is_empty() {
        reader.wrong("test-hiv-ag-ab", w.t("unit-no-test-said"));
    }
    reader.done(Some(Command::RecordTests { unit, results }))
}

fn correction(
    w: Words,
    unit: UnitId,
    typed: &Typed,
    mut reader: Reader<'_>,
) -> Result<Command, Errors> {
    let reason = reader.text("right-reason");
    let correction = match typed.get("right-what") {
        GROUP if typed.get("right-group").is_empty() => Some(Correction::Group(Known::Unknown)),
        GROUP => {
            let group: Option<Group> = reader.value("right-group");
            group.map(|group| Correction::Group(Known::Value(group)))
        }
        EXPIRY => {
            let expiry = local(typed.get("right-expiry"), "23:59");
            if expiry.is_none() {
                reader.wrong("right-expiry", w.t("typed-unreadable"));
            }
            expiry.map(Correction::Expiry)
        }
        ANTIGENS => {
            let phenotype = antigens(typed.get("right-antigens"));
            if phenotype.is_none() {
                reader.wrong("right-antigens", w.t("unit-antigens-unreadable"));
            }
            phenotype.map(Correction::Phenotype)
        }
        _ => {
            reader.wrong("right-what", w.t("typed-needed"));
            None
        }
    };
    reader.done(correction.map(|correction| Command::Correct { unit, correction, reason }))
}

/// The forms that the reader may use on the unit as it is now.
pub(super) fn forms(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let Some(unit) = &view.unit else { return html! {} };
    let may = |action| view.may.has(action);
    let here = !matches!(unit.status, Standing::InTransit);
    let held = matches!(unit.status, Standing::Quarantined(_));
    let shown = [
        (RELEASE, held && may(Action::ReleaseUnits), release(w, view, draft)),
        (
            RESERVE,
            unit.status == Standing::Available && may(Action::ReserveUnits),
            reserve(w, view, draft),
        ),
        (
            UNRESERVE,
            matches!(unit.status, Standing::Reserved { .. }) && may(Action::ReserveUnits),
            unreserve(w, view, draft),
        ),
        (RECORD, may(Action::RecordTests), record(w, view, draft)),
        (QUARANTINE, here && !held && may(Action::QuarantineUnits), quarantine(w, view, draft)),
        (CORRECT, here && may(Action::CorrectUnit), correct(w, view, draft)),
        (DISCARD, here && may(Action::DiscardUnits), discard(w, view, draft)),
    ];
    if !shown.iter().any(|(_, fits, _)| *fits) {
        return html! {};
    }
    section(
        "do",
        &w.t("unit-do"),
        &html! {
            @for (act, fits, form) in &shown {
                @if *fits {
                    details.fold #(*act) open[draft.is(act)] {
                        summary { (w.dynamic("unit-act-", act)) }
                        div.panel { (form) }
                    }
                }
            }
        },
    )
}

fn path(view: &View<'_>) -> String {
    unit_href(&view.id)
}

fn release(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(RELEASE));
    html! {
        p { (w.t("unit-release-means")) }
        (draft.form(w, &path, RELEASE, &key, w.t("unit-release-do")))
    }
}

fn reserve(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(RESERVE));
    let purpose = Field::text("reserve-purpose", w.t("unit-reserve-purpose"))
        .hint(w.t("unit-reserve-hint"))
        .required();
    html! {
        (draft.form(w, &path, RESERVE, &key, w.t("unit-reserve-do"))
            .field(draft.field(RESERVE, "reserve-purpose", purpose, "")))
    }
}

fn unreserve(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(UNRESERVE));
    let reason = Field::text("unreserve-reason", w.t("unit-reason")).required();
    html! {
        (draft.form(w, &path, UNRESERVE, &key, w.t("unit-unreserve-do"))
            .field(draft.field(UNRESERVE, "unreserve-reason", reason, "")))
    }
}

fn record(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(RECORD));
    let mut form = draft.form(w, &path, RECORD, &key, w.t("unit-tests-do"));
    for code in TESTS {
        let name = format!("test-{code}");
        let results = TestResult::ALL.iter();
        let results = results.map(|one| (one.to_string(), w.dynamic("test-result-", one.as_str())));
        let options = std::iter::once((String::new(), w.t("unit-test-not-said"))).chain(results);
        let field = Field::select(&name, w.dynamic("test-", code), options);
        form = form.field(draft.field(RECORD, &name, field, ""));
    }
    html! { p { (w.t("unit-tests-means")) } (form) }
}

fn quarantine(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(QUARANTINE));
    let reasons = QuarantineReason::ALL.iter();
    let reasons = reasons.map(|one| (one.to_string(), w.dynamic("quarantine-", one.as_str())));
    let reason = Field::select("quarantine-reason", w.t("unit-reason"), reasons).required();
    let note = Field::text("quarantine-note", w.t("unit-note")).hint(w.t("unit-note-hint"));
    html! {
        (draft.form(w, &path, QUARANTINE, &key, w.t("unit-quarantine-do"))
            .field(draft.field(QUARANTINE, "quarantine-reason", reason, "discrepancy"))
            .field(draft.field(QUARANTINE, "quarantine-note", note, "")))
    }
}

fn correct(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(CORRECT));
    let groups = Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let groups = std::iter::once((String::new(), w.unknown())).chain(groups);
    let what = [
        (GROUP, w.t("unit-right-group")),
        (EXPIRY, w.t("unit-right-expiry")),
        (ANTIGENS, w.t("unit-right-antigens")),
    ];
    let unit = view.unit.as_ref();
    let group = unit.and_then(|unit| unit.group.value()).map_or("", Group::as_str);
    let typed_for = unit.map(|unit| antigens_text(unit.phenotype)).unwrap_or_default();
    let field = |name, field, start: &str| draft.field(CORRECT, name, field, start);
    html! {
        p { (w.t("unit-correct-means")) }
        (draft.form(w, &path, CORRECT, &key, w.t("unit-correct-do"))
            .field(field("right-what", Field::radios("right-what", w.t("unit-right-what"), what), GROUP))
            .field(field("right-group", Field::select("right-group", w.t("stock-group"), groups), group))
            .field(field("right-expiry",
                Field::text("right-expiry", w.t("unit-expiry")).hint(w.t("unit-expiry-hint")), ""))
            .field(field("right-antigens",
                Field::text("right-antigens", w.t("unit-antigens")).hint(w.t("unit-right-antigens-hint")),
                &typed_for))
            .field(field("right-reason",
                Field::text("right-reason", w.t("unit-reason")).hint(w.t("unit-note-hint")).required(), "")))
    }
}

fn discard(w: Words, view: &View<'_>, draft: &Draft) -> Markup {
    let (path, key) = (path(view), draft.key(DISCARD));
    let reasons = DiscardReason::ALL.iter();
    let reasons = reasons.map(|one| (one.to_string(), w.dynamic("discard-", one.as_str())));
    let reason = Field::select("discard-reason", w.t("unit-reason"), reasons).required();
    let note = Field::text("discard-note", w.t("unit-note")).hint(w.t("unit-note-hint"));
    let sure = Field::check_box("discard-sure", w.t("unit-discard-sure")).required();
    html! {
        (draft.form(w, &path, DISCARD, &key, w.t("unit-discard-do")).danger()
            .field(draft.field(DISCARD, "discard-reason", reason, "damaged"))
            .field(draft.field(DISCARD, "discard-note", note, ""))
            .field(draft.field(DISCARD, "discard-sure", sure, "")))
    }
}
