//! Beside the patient: scan the wristband, scan the unit, read one large answer. Then the
//! transfusion, a return, waste or a reaction.

mod after;

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::donations::elsewhere::Elsewhere;
use samband_domain::kernel::ReadOf;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Bedside, BedsideReason};
use samband_domain::transfusion::view::bedside;
use samband_domain::{Known, PatientId, Region};
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Reader, Typed};
use crate::app::import::words_of;
use crate::app::transfusion::{own, patient, unit_text};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Field, page_header};
use crate::text::Words;

const PATIENT: &str = "bedside-patient";
const CHECK: &str = "bedside-check";
const GIVEN: &str = "bedside-given";

/// Why a patient is read about here; a key of the catalogue.
const PURPOSE: &str = "bedside";

/// Who lies here, which unit was scanned, and what was just done.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    patient: Option<String>,
    unit: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/transfuse", get(show).post(act)).merge(after::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::Transfuse, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, &asked).await
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::Transfuse, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = own(&app, &visitor, &world)?;
    let typed = Typed::new(pairs);
    let asked = Asked {
        patient: Some(typed.get("patient-id").to_owned()).filter(|text| !text.is_empty()),
        unit: Some(typed.get("unit-id").to_owned()).filter(|text| !text.is_empty()),
        done: None,
    };
    let whom = asked.patient.as_deref().and_then(|text| patient(region, text));
    match typed.act() {
        PATIENT => {
            let mut reader = Reader::new(w, &typed);
            let text = reader.text("wristband");
            let found = patient(region, &text);
            if found.is_none() && !text.is_empty() {
                reader.wrong("wristband", w.t("bedside-nobody"));
            }
            match reader.done(found) {
                Ok(found) => Ok(done(&format!("/transfuse?patient={found}"), PATIENT)),
                Err(errors) => {
                    let draft = Draft::back(typed, errors, None, now);
                    let page = whole(&app, &visitor, &draft, &asked).await?;
                    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
                }
            }
        }
        CHECK => {
            let mut reader = Reader::new(w, &typed);
            let unit = one_unit(w, &mut reader, "bag");
            let checked = unit.map(|unit| Command::CheckBedside { unit, patient: whom.clone() });
            let to = address(whom.as_ref(), unit.as_ref());
            let command = reader.done(checked.map(Into::into));
            answer(&app, &visitor, typed, command, (&to, CHECK, &asked)).await
        }
        GIVEN => {
            let reader = Reader::new(w, &typed);
            let unit = asked.unit.as_deref().and_then(|text| text.parse().ok());
            let began = typed.shown(now);
            let given = unit.zip(whom.clone()).map(|(unit, patient)| Command::Transfuse {
                unit,
                patient,
                began,
                ended: Known::Unknown,
            });
            let to = address(whom.as_ref(), None);
            let command = reader.done(given.map(Into::into));
            answer(&app, &visitor, typed, command, (&to, GIVEN, &asked)).await
        }
        other => Err(Problem::malformed(other)),
    }
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    typed: Typed,
    command: Result<samband_domain::Command, super::typed::Errors>,
    (to, act, asked): (&str, &str, &Asked),
) -> Result<Response, Problem> {
    match send(app, visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(to, act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(app, visitor, &draft, asked).await?).into_response())
        }
    }
}

fn address(patient: Option<&PatientId>, unit: Option<&UnitId>) -> String {
    match (patient, unit) {
        (Some(patient), Some(unit)) => format!("/transfuse?patient={patient}&unit={unit}"),
        (Some(patient), None) => format!("/transfuse?patient={patient}"),
        (None, _) => "/transfuse".into(),
    }
}

/// One unit as it was scanned.
pub(super) fn one_unit(w: Words, reader: &mut Reader<'_>, name: &'static str) -> Option<UnitId> {
    let found = counted(&reader.text(name));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong(name, w.t_args("scan-bad-line", &args));
    }
    if found.units.len() > 1 {
        reader.wrong(name, w.t("paper-one-unit"));
    }
    found.units.first().copied()
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    asked: &Asked,
) -> Result<Html<String>, Problem> {
    let w = visitor.words;
    let known = app.engine.world();
    let region = own(app, visitor, &known)?;
    let whom = asked.patient.as_deref().and_then(|text| patient(region, text));
    if let Some(whom) = &whom {
        note_read(app, visitor, ReadOf::Patient(whom.clone()), PURPOSE).await?;
    }
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = own(app, visitor, &world)?;
    let unit: Option<UnitId> = asked.unit.as_deref().and_then(|text| text.parse().ok());
    let said = whom.as_ref().zip(unit).map(|(whom, unit)| {
        let others = world.others();
        let elsewhere = Elsewhere::of(&region.shared, &others);
        let (said, why) = bedside(region, &elsewhere, &unit, Some(whom), now);
        (whom, unit, said, why)
    });
    let title = w.t("bedside-title");
    let body = html! {
        (page_header(&title, Some(&w.t("bedside-lead")), Some(&html! {
            @if visitor.may(app, Action::RequestBlood) {
                a.button href="/requests/new" { (w.t("requests-new")) }
            }
        })))
        (done_note(w, asked.done.as_deref().filter(|act| *act != CHECK && *act != PATIENT)))
        (draft.banner(w))
        @match (&whom, &said) {
            (None, _) => { (first(w, draft)) }
            (Some(whom), None) => {
                (who(w, region, whom))
                (second(w, draft, whom, "bedside-step-2", true))
            }
            (Some(_), Some((whom, unit, said, why))) => {
                (band(w, *said, why, unit))
                (who(w, region, whom))
                (after_check(w, draft, (whom, unit), *said))
            }
        }
        (after::links(w))
    };
    Ok(page(app, visitor, &title, &[], &body))
}

fn first(w: Words, draft: &Draft) -> Markup {
    let key = draft.key(PATIENT);
    let field = Field::text("wristband", w.t("bedside-wristband"))
        .hint(w.t("bedside-wristband-hint"))
        .required()
        .focused();
    html! {
        div.panel.bedside-step {
            p.step { (w.t("bedside-step-1")) }
            (draft.form(w, "/transfuse", PATIENT, &key, w.t("bedside-next"))
                .field(draft.field(PATIENT, "wristband", field, "")))
        }
    }
}

/// The bag for this patient: the second scan, or after an answer the next bag's.
fn second(w: Words, draft: &Draft, whom: &PatientId, step: &str, is_next: bool) -> Markup {
    let key = draft.key(CHECK);
    let field = Field::text_area("bag", w.t("bedside-bag")).hint(w.t("bedside-bag-hint"));
    let field = field.required().one_unit();
    let field = if is_next { field.focused() } else { field };
    html! {
        div.panel.bedside-step {
            p.step { (w.t(step)) }
            (draft.form(w, "/transfuse", CHECK, &key, w.t("bedside-check"))
                .hidden("patient-id", whom.as_str())
                .field(draft.field(CHECK, "bag", field, "")))
        }
    }
}

/// Who lies here: read it aloud.
fn who(w: Words, region: &Region, whom: &PatientId) -> Markup {
    let Some(held) = region.own.patients.patients.get(whom) else { return html! {} };
    html! {
        p.bedside-who {
            strong { (super::requests::patient_name(w, held)) } " · "
            (held.identity.number.to_string())
            " · " a href="/transfuse" { (w.t("bedside-other-patient")) }
        }
    }
}

/// The answer: one word that is read across a room, with a sign and the reasons.
fn band(w: Words, said: Bedside, why: &[BedsideReason], unit: &UnitId) -> Markup {
    let (class, sign) = match said {
        Bedside::Agrees => ("bedside yes", "✓"),
        Bedside::Unlinked => ("bedside two", "!"),
        Bedside::Differs => ("bedside no", "✕"),
    };
    html! {
        div class=(class) role="alert" {
            p.bedside-word {
                span aria-hidden="true" { (sign) } " " (w.dynamic("bedside-word-", said.as_str()))
            }
            p { (w.dynamic("bedside-means-", said.as_str())) }
            @if !why.is_empty() {
                ul { @for one in why { li { (w.dynamic("bedside-why-", one.as_str())) } } }
            }
            p.bedside-unit { (unit_text(unit)) }
        }
    }
}

fn after_check(
    w: Words,
    draft: &Draft,
    (whom, unit): (&PatientId, &UnitId),
    said: Bedside,
) -> Markup {
    let given = draft.key(GIVEN);
    html! {
        @if said != Bedside::Differs {
            div.panel {
                (draft.form(w, "/transfuse", GIVEN, &given, w.t("bedside-given-do"))
                    .hidden("patient-id", whom.as_str())
                    .hidden("unit-id", unit.to_string()))
            }
        }
        // Whatever the answer, the next scan is another bag for whoever lies here; after a stop
        // nothing else can be next.
        (second(w, draft, whom, "bedside-next-unit", said == Bedside::Differs))
    }
}
