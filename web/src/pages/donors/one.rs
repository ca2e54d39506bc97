//! One donor: may they give today, and why not, first. That the page is read is recorded before
//! anything is shown.

use std::sync::Arc;

use axum::Form as Body;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::model::{Donor, Eligibility};
use samband_domain::donors::{Own, view};
use samband_domain::kernel::ReadOf;
use samband_domain::rulesets::InForce;
use samband_domain::words::Day;
use samband_domain::{DonorId, JournalId, Region, Subject, Time};
use samband_engine::World;
use serde::Deserialize;

use super::{forms, local, parts, read};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Note, page_header, section};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{May, title_of};
use crate::pages::readings::Readings;
use crate::pages::typed::{Draft, Typed};
use crate::text::Words;

/// What stands in the record as the purpose of looking at this page.
const PURPOSE: &str = "donor_page";

/// What the page shows.
#[derive(Clone)]
pub(super) struct View {
    pub(super) now: Time,
    pub(super) world: Arc<World>,
    pub(super) region: JournalId,
    pub(super) id: DonorId,
    pub(super) may: May,
    pub(super) step: Option<String>,
    pub(super) of: Option<String>,
    /// What the question is about.
    pub(super) kind: DonationKind,
    done: Option<String>,
    reads: Readings,
}

/// Which step is asked for, about what, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    step: Option<String>,
    of: Option<String>,
    kind: Option<String>,
    done: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/donors/{donor}", get(show).post(act))
}

impl View {
    /// The own region.
    pub(super) fn own_region(&self) -> Option<&Region> {
        self.world.local(&self.region)
    }

    /// The donors of the region.
    pub(super) fn own(&self) -> Option<&Own> {
        self.own_region().map(|region| &region.own.donors)
    }

    /// The rules in force.
    pub(super) fn rules(&self) -> Option<&InForce> {
        self.own_region().and_then(|region| view::rules_on(region, self.now))
    }

    /// The page of a step.
    pub(super) fn step_href(&self, step: &str, of: &str) -> String {
        let kind = self.kind;
        match of {
            "" => format!("/donors/{}?step={step}&kind={kind}#do", self.id),
            of => format!("/donors/{}?step={step}&kind={kind}&of={of}#do", self.id),
        }
    }

    /// A person of the region by title.
    pub(super) fn title(&self, actor: &samband_domain::ActorId) -> String {
        self.own_region()
            .map_or_else(|| actor.to_string(), |region| title_of(&region.shared, actor))
    }

    /// Whether the donor declared today.
    pub(super) fn declared(&self, donor: &Donor) -> bool {
        donor.visit.as_ref().is_some_and(|visit| Day::of(visit.at) == Day::of(self.now))
    }

    /// What may be given today: with the day's declaration, or before it as far as is known.
    pub(super) fn answer(&self, donor: &Donor) -> Option<Eligibility> {
        let region = self.own_region()?;
        let ask = if self.declared(donor) { view::eligibility } else { view::prospect };
        Some(ask(region, &self.id, self.kind, self.now, &self.region))
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<DonorId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let world = app.engine.world();
    let own = &local(&world, &visitor)?.own.donors;
    // A record that was merged leads to the one that stands.
    let stands = view::standing(own, &id);
    if *stands != id {
        return Ok(Redirect::to(&format!("/donors/{stands}?done=donor-alias")).into_response());
    }
    let view = look(&app, &visitor, &id, asked).await?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now))?.into_response())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<DonorId>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let typed = Typed::new(pairs);
    let Some(command) = read::read(visitor.words, &id, &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    let kind = typed.get("kind").to_owned();
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => {
            let kind = kind.parse::<DonationKind>().map(|kind| format!("?kind={kind}"));
            Ok(done(&format!("/donors/{id}{}", kind.unwrap_or_default()), &act))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            let view = look(&app, &visitor, &id, asked).await?;
            Ok((status, whole(&app, &visitor, &view, &draft)?).into_response())
        }
    }
}

async fn look(app: &App, visitor: &Visitor, id: &DonorId, asked: Asked) -> Result<View, Problem> {
    let known = app.engine.world();
    let donors = &local(&known, visitor)?.own.donors.donors;
    let donor = donors.get(id).ok_or_else(|| Problem::not_found(id.as_str()))?;
    let usual = donor.terms.kinds.first().copied().unwrap_or(DonationKind::WholeBlood);
    let kind = asked.kind.as_deref().and_then(|kind| kind.parse().ok()).unwrap_or(usual);
    note_read(app, visitor, ReadOf::Donor(id.clone()), PURPOSE).await?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let actions: Vec<_> = forms::STEPS.iter().map(|(_, action)| *action).collect();
    let may = May::of(&actions, |action| visitor.may(app, action));
    let region = &visitor.region;
    let reads = Readings::of(app, visitor, (region, &Subject::donor(id)), false).await?;
    Ok(View {
        now,
        region: region.clone(),
        id: id.clone(),
        may,
        step: asked.step,
        of: asked.of,
        kind,
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
    let donor = view.own().and_then(|own| own.donors.get(&view.id)).ok_or_else(unknown)?;
    let body = body(w, view, donor, draft);
    let crumbs = [("/donors", w.t("donors-title"))];
    Ok(page(app, visitor, &donor.identity.name, &crumbs, &body))
}

fn body(w: Words, view: &View, donor: &Donor, draft: &Draft) -> Markup {
    let form = forms::form(w, view, donor, draft);
    html! {
        (page_header(&donor.identity.name, Some(&parts::who(w, view, donor)), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (section("now", &w.t("donor-now"), &parts::now(w, view, donor)))
        @if let Some(form) = &form { (form) }
        (section("waits", &w.t("donor-waits"), &parts::waits(w, view, donor)))
        (section("gifts", &w.t("donor-gifts"), &parts::gifts(w, view)))
        (section("coming", &w.t("donor-coming"), &parts::coming(w, view)))
        (section("reactions", &w.t("donor-reactions"), &parts::reactions(w, view, donor)))
        (section("who", &w.t("donor-who"), &parts::person(w, view, donor)))
        (section("records", &w.t("donor-records"), &parts::same(w, view, donor)))
        (section("passes", &w.t("donor-passes"), &parts::passes(w, view, donor)))
        (section("reads", &w.t("person-reads"), &reads(w, view)))
    }
}

fn reads(w: Words, view: &View) -> Markup {
    html! {
        (Note::info(w, &w.t("donor-read-noted")))
        (view.reads.render(w))
    }
}
