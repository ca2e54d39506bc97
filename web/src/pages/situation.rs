//! Läget: the coordinator's first page, what is most urgent first.

mod moves;
mod parts;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::html;
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::Time;
use samband_domain::blood::view::picture::{Filter, Part, Picture, picture};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::parts::{Place, places};
use crate::app::fragments::alone;
use crate::app::stock::{TOPICS, parts as parts_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{live_region, page_header, section};
use crate::text::Words;

/// What the page shows.
pub(super) struct View<'a> {
    now: Time,
    world: &'a World,
    /// The reader's region stands first where all else is equal.
    region: &'a JournalId,
    regions: Vec<Part<'a>>,
    places: Vec<Place>,
    picture: Picture,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/situation", get(show))
}

#[derive(Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    // Readers of one region who may answer proposals see the same, and so do the others.
    let may = visitor.may(&app, Action::DecideMoves);
    let key = format!("situation|{}|{}|{may}", visitor.region, w.lang().code());
    let fragment = app.fragments.get(&world, now, key, || {
        let regions = parts_of(&world, now);
        let picture = picture(&regions, &Filter::default(), now);
        let places = places(&world, now);
        let region = &visitor.region;
        let view = View { now, world: &world, region, regions, places, picture };
        live_region("situation", &format!("{TOPICS} plan"), "/situation", &body(w, &view, may))
    });
    if alone(&headers) {
        return Ok(fragment.into_response());
    }
    let title = w.t("situation-title");
    let body = html! {
        (page_header(&title, Some(&w.t("situation-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (fragment.markup())
    };
    Ok(page(&app, &visitor, &title, &[], &body).into_response())
}

fn body(w: Words, view: &View<'_>, may: bool) -> maud::Markup {
    html! {
        (section("below", &w.t("situation-below"), &parts::below(w, view)))
        (section("moves", &w.t("situation-moves"), &moves::moves(w, view, may)))
        (section("moving", &w.t("situation-moving"), &parts::moving(w, view)))
        (section("expiring", &w.t("situation-expiring"), &parts::expiring(w, view)))
        (section("stale", &w.t("situation-stale"), &parts::stale(w, view)))
        (section("phone", &w.t("situation-phone"), &parts::phones(w, view)))
    }
}
