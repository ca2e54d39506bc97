//! One patient: what stands between this person and blood, first. That the page is read is
//! recorded before anything is shown.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::Own;
use samband_domain::patients::view::{Family, Serology, gaps, serology};
use samband_domain::rulesets::{InForce, Scope};
use samband_domain::{JournalId, PatientId, Subject, Time};
use samband_engine::World;
use serde::Deserialize;

use super::{forms, parts, read};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Note, page_header, section};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{May, title_of};
use crate::pages::readings::Readings;
use crate::pages::typed::{Draft, Typed};
use crate::text::Words;

/// What stands in the record as the purpose of looking at this page.
const PURPOSE: &str = "patient_page";

/// What the page shows.
#[derive(Clone)]
pub(super) struct View {
    pub(super) now: Time,
    pub(super) world: Arc<World>,
    pub(super) region: JournalId,
    pub(super) id: PatientId,
    pub(super) may: May,
    pub(super) step: Option<String>,
    pub(super) of: Option<String>,
    done: Option<String>,
    reads: Readings,
}

/// Which step is asked for, about what, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    step: Option<String>,
    of: Option<String>,
    done: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/patients/{patient}", get(show).post(act))
}

impl View {
    /// The patients of the region.
    pub(super) fn own(&self) -> Option<&Own> {
        self.world.local(&self.region).map(|region| &region.own.patients)
    }

    /// The rules in force.
    pub(super) fn rules(&self) -> Option<&InForce> {
        let region = self.world.local(&self.region)?;
        region.shared.rulesets.in_force(Scope::Blood, self.now)
    }

    /// The page of a step.
    pub(super) fn step_href(&self, step: &str, of: &str) -> String {
        match of {
            "" => format!("/patients/{}?step={step}#do", self.id),
            of => format!("/patients/{}?step={step}&of={of}#do", self.id),
        }
    }

    /// A person of the region by title.
    pub(super) fn title(&self, actor: &samband_domain::ActorId) -> String {
        let region = self.world.local(&self.region);
        region.map_or_else(|| actor.to_string(), |region| title_of(&region.shared, actor))
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<PatientId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let world = app.engine.world();
    let own = world.local(&visitor.region).map(|region| &region.own.patients);
    let own = own.ok_or_else(|| Problem::not_found(id.as_str()))?;
    // A reserve number that turned out to be somebody leads to that person.
    let person = own.person(&id);
    if person != id {
        return Ok(Redirect::to(&format!("/patients/{person}?done=patient-alias")).into_response());
    }
    let view = look(&app, &visitor, &id, asked).await?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now))?.into_response())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<PatientId>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let (typed, now, world) = (Typed::new(pairs), app.engine.now(), app.engine.world());
    let own = world.local(&visitor.region).map(|region| &region.own.patients);
    let own = own.ok_or_else(|| Problem::not_found(id.as_str()))?;
    let Some(command) = read::read(visitor.words, (&id, own), &typed, now) else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&format!("/patients/{id}"), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let view = look(&app, &visitor, &id, asked).await?;
            Ok((status, whole(&app, &visitor, &view, &draft)?).into_response())
        }
    }
}

async fn look(app: &App, visitor: &Visitor, id: &PatientId, asked: Asked) -> Result<View, Problem> {
    let known = app.engine.world();
    let known = known.local(&visitor.region);
    if !known.is_some_and(|region| region.own.patients.patients.contains_key(id)) {
        return Err(Problem::not_found(id.as_str()));
    }
    note_read(app, visitor, ReadOf::Patient(id.clone()), PURPOSE).await?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let actions: Vec<_> = forms::STEPS.iter().map(|(_, action)| *action).collect();
    let may = May::of(&actions, |action| visitor.may(app, action));
    let region = &visitor.region;
    let reads = Readings::of(app, visitor, (region, &Subject::patient(id)), false).await?;
    Ok(View {
        now,
        region: region.clone(),
        id: id.clone(),
        may,
        step: asked.step,
        of: asked.of,
        done: asked.done,
        reads,
        world,
    })
}

fn whole(
    app: &App,
    visitor: &Visitor,
    view: &View,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let w = visitor.words;
    let unknown = || Problem::not_found(view.id.as_str());
    let own = view.own().ok_or_else(unknown)?;
    let family = Family::of(own, &view.id).ok_or_else(unknown)?;
    let of = serology(own, view.rules(), &view.id, view.now).ok_or_else(unknown)?;
    let title = parts::name(w, family.person());
    let body = body(w, view, &family, &of, draft);
    Ok(page(app, visitor, &title, &[("/patients", w.t("patients-title"))], &body))
}

fn body(w: Words, view: &View, family: &Family<'_>, of: &Serology, draft: &Draft) -> Markup {
    let all = gaps(family, of, view.rules(), view.now);
    let form = forms::form(w, view, family, draft);
    html! {
        (page_header(
            &parts::name(w, family.person()),
            Some(&parts::who(w, family.person(), of)),
            form.is_none().then(|| parts::next(w, view, &all)).as_ref(),
        ))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        @if let Some(form) = &form { (form) }
        (section("now", &w.t("patient-now"), &parts::now(w, view, of, &all)))
        (section("antibodies", &w.t("patient-antibodies"), &parts::antibodies(w, view, family, of)))
        (section("needs", &w.t("patient-needs"), &parts::needs(w, view, family)))
        (super::reacted::reactions(w, view))
        (section("groups", &w.t("patient-groups"), &parts::groups(w, view, family)))
        (section("samples", &w.t("patient-samples"), &parts::samples(w, view, family)))
        (section("who", &w.t("patient-who"), &parts::person(w, view, family)))
        (section("asks", &w.t("patient-asks"), &super::disclosure::of_patient(w, view, family)))
        (section("reads", &w.t("person-reads"), &reads(w, view)))
    }
}

fn reads(w: Words, view: &View) -> Markup {
    html! {
        (Note::info(w, &w.t("patient-read-noted")))
        (view.reads.render(w))
    }
}
