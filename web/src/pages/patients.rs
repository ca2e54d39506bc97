//! Patients of the own region: found by number or sample, registered, and what waits for somebody.
//!
//! No page lists people: one finds whom one looks for, and what waits is named by its sample.

pub(super) mod disclosure;
mod forms;
mod one;
mod parts;
mod reacted;
mod read;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::patients::model::SampleNumber;
use samband_domain::patients::view::{Family, era, said};
use samband_domain::patients::{self, Command};
use samband_domain::words::PersonNumber;
use samband_domain::{PatientId, Time};
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Form, Note, Row, Table, page_header, section, time_tag,
};
use crate::text::Words;

const REGISTER: &str = "patient-register";

/// Whom one looks for, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    q: Option<String>,
    number: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/patients", get(show))
        .route("/patients/new", get(new).post(register))
        .merge(one::routes())
        .merge(disclosure::routes())
}

/// Every step of a patient's page.
#[cfg(test)]
pub(crate) fn steps() -> impl Iterator<Item = &'static str> {
    forms::STEPS.iter().map(|(step, _)| *step)
}

/// Who a number or a sample leads to.
pub(crate) fn find(own: &patients::Own, text: &str) -> Option<PatientId> {
    let capital = text.trim().to_uppercase();
    let by_number = capital.parse::<PersonNumber>().ok();
    let by_number = by_number.and_then(|number| own.by_number.get(&number));
    let by_sample = || own.by_sample.get(&capital.parse::<SampleNumber>().ok()?);
    by_number.or_else(by_sample).cloned()
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let own = &region.own.patients;
    let q = asked.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    if let Some(found) = q.and_then(|q| find(own, q)) {
        return Ok(Redirect::to(&format!("/patients/{found}")).into_response());
    }
    let title = w.t("patients-title");
    let registers = visitor.may(&app, Action::AdmitPatients);
    let field = Field::text("q", w.t("patients-find")).hint(w.t("patients-find-hint"));
    let form = Form::get(w, "/patients", w.t("patients-find-do"))
        .field(field.value(q.unwrap_or_default()).required());
    let new = html! {
        @if registers { a.button.main href="/patients/new" { (w.t("patients-to-new")) } }
    };
    let body = html! {
        (page_header(&title, Some(&w.t("patients-lead")), Some(&new)))
        (done_note(w, asked.done.as_deref()))
        @let waiting = disclosure::waiting(&world, &visitor.region, now);
        @if waiting > 0 {
            (Note::warning(w, &html! {
                a href="/disclosures" { (w.t_args("patients-asked", &[("n", waiting.into())])) }
            }))
        }
        @if let Some(q) = q { (nobody(w, q, registers)) }
        div.panel { (form) }
        (section("work", &w.t("patients-work"), &work(w, own, now)))
    };
    let status = if q.is_some() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok((status, page(&app, &visitor, &title, &[], &body)).into_response())
}

/// That nobody was found, and the way on.
fn nobody(w: Words, q: &str, registers: bool) -> Markup {
    let wrong = match q.to_uppercase().parse::<PersonNumber>() {
        Ok(_) => None,
        Err(error) => Some(w.t(read::number_error(error))),
    };
    let text = html! {
        (w.t_args("patients-nobody", &[("q", q.into())])) " "
        @match &wrong {
            Some(wrong) => { (wrong) }
            None if registers => {
                a href={ "/patients/new?number=" (q) } { (w.t("patients-register-this")) }
            }
            None => {}
        }
    };
    html! { (Note::warning(w, &text)) }
}

/// What waits for somebody: two groups, typed results nobody verified. Named by sample, not by
/// person.
fn work(w: Words, own: &patients::Own, now: Time) -> Markup {
    let mut rows = Vec::new();
    for (id, patient) in &own.patients {
        if patient.linked.is_some() {
            continue;
        }
        let Some(family) = Family::of(own, id) else { continue };
        let href = |step: &str, of: &str| format!("/patients/{id}?step={step}&of={of}#do");
        if said(&family, era(family.turns(), now, now)).conflict {
            let newest = family.samples().first().map(|one| (one.number.to_string(), one.taken));
            let (sample, taken) = newest.unwrap_or((id.to_string(), patient.since));
            let text = w.t("patients-work-conflict");
            rows.push((0, taken, href("resolve", ""), text, sample));
        }
        let typed = family
            .determinations()
            .filter(|one| one.set_aside.is_none() && !one.capture.is_safe(one.verified.as_ref()));
        let text = w.t("patients-work-group");
        rows.extend(typed.map(|one| {
            let at = one.determined;
            (1, at, href("verify", one.id.as_str()), text.clone(), one.sample.to_string())
        }));
        let screens = family.screens().filter(|one| !one.capture.is_safe(one.verified.as_ref()));
        let text = w.t("patients-work-screen");
        rows.extend(screens.map(|one| {
            let at = one.performed;
            (1, at, href("verify", one.id.as_str()), text.clone(), one.sample.to_string())
        }));
    }
    rows.sort();
    let table = Table::new(w.t("patients-work")).caption_hidden().columns([
        Column::text(w.t("patients-work-what")),
        Column::text(w.t("patient-sample")),
        Column::text(w.t("patients-work-since")),
    ]);
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(_, at, href, text, sample)| {
            Row::new(Cell::link(&href, &text)).cell(sample).cell(html! { (time_tag(w, at.0)) })
        })
        .collect();
    html! {
        @if rows.is_empty() { p { (w.t("patients-work-none")) } } @else { (table.rows(rows)) }
    }
}

async fn new(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::AdmitPatients, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(registration(&app, &visitor, &draft, asked.number.as_deref().unwrap_or_default()))
}

fn registration(app: &App, visitor: &Visitor, draft: &Draft, number: &str) -> Html<String> {
    let w = visitor.words;
    let key = draft.key(REGISTER);
    let form = draft
        .form(w, "/patients/new", REGISTER, &key, w.t("patient-register-do"))
        .cancel("/patients", w.t("import-cancel"));
    let put = |name: &str, field, start: &str| draft.field(REGISTER, name, field, start);
    let form = forms::identity_fields(w, form, put, None, number);
    let title = w.t("patient-register");
    let body = html! {
        (page_header(&title, Some(&w.t("patient-register-lead")), None))
        (draft.banner(w))
        div.panel #do { (form) }
    };
    page(app, visitor, &title, &[("/patients", w.t("patients-title"))], &body)
}

async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::AdmitPatients, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != REGISTER {
        return Err(Problem::malformed(typed.act()));
    }
    let mut reader = Reader::new(visitor.words, &typed);
    let identity = read::identity(visitor.words, &mut reader, &typed);
    let number = identity.as_ref().map(|identity| identity.number.clone());
    let command = reader.done(identity.map(|identity| Command::Register { identity }.into()));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let world = app.engine.world();
            let own = world.local(&visitor.region).map(|region| &region.own.patients);
            let found = number.and_then(|number| own?.by_number.get(&number).cloned());
            let path = found.map_or_else(|| "/patients".into(), |id| format!("/patients/{id}"));
            Ok(done(&path, REGISTER))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, registration(&app, &visitor, &draft, "")).into_response())
        }
    }
}
