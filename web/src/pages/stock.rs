//! Lager: what every region has, how long it lasts, and from when that is known.

mod body;
pub mod count;
pub mod external;
pub(super) mod figures;
mod files;
pub mod handle;
mod heat;
mod map;
pub mod site;
pub mod take_over;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::view::picture::{Filter, Picture, picture};
use samband_engine::World;
use serde::Deserialize;

use super::frame::page;
use super::parts::{Place, places};
use crate::app::fragments::alone;
use crate::app::stock::{Asked as Filters, TOPICS, parts};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Form, live_region, page_header};
use crate::text::Words;

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    region: Option<String>,
    component: Option<String>,
    group: Option<String>,
    done: Option<String>,
}

/// What the page shows.
pub(super) struct View<'a> {
    pub(super) now: Time,
    pub(super) world: &'a World,
    pub(super) places: Vec<Place>,
    pub(super) filter: Filter,
    pub(super) picture: Picture,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/stock", get(show))
        .merge(count::routes())
        .merge(external::routes())
        .merge(handle::routes())
        .merge(site::routes())
        .merge(take_over::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let filters = Filters {
        region: asked.region.as_deref(),
        site: None,
        component: asked.component.as_deref(),
        group: asked.group.as_deref(),
    };
    let filter = filters.filter(&world)?;
    let address = address(&filter);
    // Everybody who may see the stock sees the same of it.
    let key = format!("stock|{}|{address}", w.lang().code());
    let fragment = app.fragments.get(&world, now, key, || {
        let picture = picture(&parts(&world, now), &filter, now);
        let places = places(&world, now);
        let view = View { now, world: &world, places, filter: filter.clone(), picture };
        live_region("stock", TOPICS, &address, &body::body(w, &view))
    });
    if alone(&headers) {
        return Ok(fragment.into_response());
    }
    let body = html! {
        (page_header(&w.t("stock-title"), Some(&w.t("stock-lead")), Some(&actions(&app, &visitor))))
        (chooser(w, &places(&world, now), &filter))
        (fragment.markup())
    };
    Ok(page(&app, &visitor, &w.t("stock-title"), &[], &body).into_response())
}

/// The page's address for a filter, with its values as they are stored.
fn address(filter: &Filter) -> String {
    let pairs = [
        ("region", filter.region.as_ref().map(ToString::to_string)),
        ("component", filter.component.map(|one| one.to_string())),
        ("group", filter.group.map(|one| one.as_str().to_owned())),
    ];
    let given: Vec<_> =
        pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
    if given.is_empty() { "/stock".into() } else { format!("/stock?{}", given.join("&")) }
}

/// What the reader may do with the own stock.
fn actions(app: &App, visitor: &Visitor) -> Markup {
    let w = visitor.words;
    let all = [
        (Action::CountStock, "/stock/count", "stock-to-count"),
        (Action::QuarantineUnits, "/stock/handle", "stock-to-handle"),
        (Action::TakeOverStock, "/stock/take-over", "stock-to-take-over"),
        (Action::ReportExternalStock, "/stock/external", "stock-to-external"),
    ];
    html! {
        @for (action, href, key) in all {
            @if visitor.may(app, action) { a.button href=(href) { (w.t(key)) } }
        }
    }
}

fn chooser(w: Words, places: &[Place], filter: &Filter) -> Markup {
    use samband_domain::blood::model::{Component, Group};
    let any = |key| std::iter::once((String::new(), w.t(key)));
    let regions = places.iter().map(|place| (place.id.to_string(), place.short().to_owned()));
    let components = Component::ALL.iter();
    let components = components.map(|one| (one.to_string(), component(w, *one)));
    let groups = Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let value = |text: Option<String>| text.unwrap_or_default();
    let form = Form::get(w, "/stock", w.t("stock-filter-show"))
        .field(
            Field::select("region", w.t("stock-region"), any("stock-all-regions").chain(regions))
                .value(value(filter.region.as_ref().map(ToString::to_string))),
        )
        .field(
            Field::select(
                "component",
                w.t("stock-component"),
                any("stock-all-components").chain(components),
            )
            .value(value(filter.component.map(|one| one.to_string()))),
        )
        .field(
            Field::select("group", w.t("stock-group"), any("stock-all-groups").chain(groups))
                .value(value(filter.group.map(|one| one.as_str().to_owned()))),
        );
    html! { div.choices { (form) } }
}

/// What a line is about, in words; where nobody said what there is, all of it.
pub(super) fn component_or_all(
    w: Words,
    one: Option<samband_domain::blood::model::Component>,
) -> String {
    one.map_or_else(|| w.t("stock-everything"), |one| component(w, one))
}

/// A component in words.
pub(super) fn component(w: Words, one: samband_domain::blood::model::Component) -> String {
    w.dynamic("compat-component-", one.as_str())
}
