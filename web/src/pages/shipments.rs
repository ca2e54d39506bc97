//! Sändningar: what is on its way, sending it, and saying what became of it.

mod arrived;
pub(in crate::pages) mod calls;
mod ending;
mod forms;
mod legs;
mod one;
mod print;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::view::moving::{Moving, moving};
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::parts::{places, region_name};
use super::stock::component;
use crate::app::fragments::alone;
use crate::app::stock::{TOPICS, parts, region, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Row, Status, Table, live_region, page_header, section,
    tag, time_tag,
};
use crate::text::Words;

pub(crate) use calls::{goods_text, lacking_text, read_lacking};

/// Whose shipments.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    region: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/shipments", get(show))
        .merge(forms::routes())
        .merge(calls::routes())
        .merge(legs::routes())
        .merge(one::routes())
        .merge(print::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let wanted = asked.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let wanted = wanted.map(|text| region(&world, text)).transpose()?;
    let src = match &wanted {
        Some(id) => format!("/shipments?region={id}"),
        None => "/shipments".to_owned(),
    };
    let key = format!("shipments|{}|{src}", w.lang().code());
    let fragment = app.fragments.get(&world, now, key, || {
        let mut all = moving(&parts(&world, now), now);
        all.retain(|one| concerns(one, wanted.as_ref()));
        let talks = calls::of(&world, wanted.as_ref(), now);
        let body = html! {
            (section("calls", &w.t("calls-title"), &calls::table(w, &world, &talks, now)))
            (section("under-way", &w.t("shipments-table"), &list(w, &world, &all, now)))
        };
        live_region("moving", TOPICS, &src, &body)
    });
    if alone(&headers) {
        return Ok(fragment.into_response());
    }
    let send = html! {
        @if visitor.may(&app, Action::DispatchUnits) {
            a.button.main href="/shipments/send" { (w.t("shipment-to-send")) } " "
        }
        @if visitor.may(&app, Action::CallForUnits) {
            a.button href="/shipments/ask" { (w.t("call-title")) } " "
        }
        a.button href="/rare" { (w.t("rare-title")) } " "
        a.button href="/shipments/timetable" { (w.t("legs-title")) }
    };
    let title = w.t("shipments-title");
    let body = html! {
        (page_header(&title, Some(&w.t("shipments-lead")), Some(&send)))
        (done_note(w, asked.done.as_deref()))
        (chooser(w, &world, wanted.as_ref(), now))
        (fragment.markup())
    };
    Ok(page(&app, &visitor, &title, &[], &body).into_response())
}

fn concerns(one: &Moving, wanted: Option<&JournalId>) -> bool {
    wanted.is_none_or(|id| one.from_region == *id || one.way.to_region == *id)
}

fn chooser(w: Words, world: &World, chosen: Option<&JournalId>, now: Time) -> Markup {
    let any = std::iter::once((String::new(), w.t("stock-all-regions")));
    let regions = places(world, now);
    let regions = regions.iter().map(|place| (place.id.to_string(), place.short().to_owned()));
    let field = Field::select("region", w.t("stock-region"), any.chain(regions))
        .value(chosen.map_or_else(String::new, ToString::to_string));
    let form = Form::get(w, "/shipments", w.t("stock-filter-show")).field(field);
    html! { div.choices { (form) } }
}

/// Where a shipment comes from and goes to: `Lund → Varberg (Halland)`.
pub(super) fn way(w: Words, world: &World, one: &Moving) -> String {
    let from = site_name(world, &one.from_region, &one.way.from);
    let to = site_name(world, &one.way.to_region, &one.way.to_site);
    if one.from_region == one.way.to_region {
        return w.t_args("shipment-way", &[("from", from.into()), ("to", to.into())]);
    }
    let from = format!("{from} ({})", region_name(world, &one.from_region));
    let to = format!("{to} ({})", region_name(world, &one.way.to_region));
    w.t_args("shipment-way", &[("from", from.into()), ("to", to.into())])
}

/// What is on board, by component and group.
pub(super) fn load(w: Words, one: &Moving) -> String {
    let line = |(of, group, units): &(_, Option<_>, u32)| {
        let group: &Option<samband_domain::blood::model::Group> = group;
        let group = group.map_or_else(|| w.t("stock-group-unknown"), |group| group.to_string());
        let units = w.t_args("stock-units", &[("n", (*units).into())]);
        format!("{units} {} {group}", component(w, *of).to_lowercase())
    };
    let lines: Vec<_> = one.lines.iter().map(line).collect();
    if lines.is_empty() {
        return w.t_args("stock-units", &[("n", one.open.len().into())]);
    }
    lines.join(", ")
}

/// What is not as it should be about a shipment.
pub(super) fn marks(w: Words, one: &Moving, now: Time) -> Markup {
    let late = one.way.eta.value().filter(|_| one.late);
    let arrived = one.sent.saturating_sub(u32::try_from(one.open.len()).unwrap_or(u32::MAX));
    html! {
        @if let Some(eta) = late {
            @let span = w.age(eta.0, now.0);
            (tag(Status::Attention, &w.t_args("shipment-late", &[("span", span.into())]))) " "
        }
        @if one.called_off.is_some() { (tag(Status::Ended, &w.t("shipment-called-off"))) " " }
        @if !one.lost.is_empty() {
            (tag(Status::Gap, &w.t_args("shipment-lost", &[("n", one.lost.len().into())]))) " "
        }
        @if !one.missing.is_empty() {
            (tag(Status::Gap, &w.t_args("shipment-missing", &[("n", one.missing.len().into())]))) " "
        }
        @if arrived > 0 {
            @let args = [("n", arrived.into()), ("all", one.sent.into())];
            (tag(Status::Attention, &w.t_args("shipment-partly", &args))) " "
        }
        @if one.one_sided { (tag(Status::OneSided, &w.t("shipment-one-sided"))) " " }
        @if !one.receiver_known { (tag(Status::Unknown, &w.t("shipment-receiver-unknown"))) }
    }
}

/// When it should be there, or that nobody said.
pub(super) fn eta(w: Words, one: &Moving, now: Time) -> Markup {
    html! {
        @match one.way.eta {
            Known::Value(eta) => {
                (time_tag(w, eta.0)) " " span.fine { (w.remaining(now.0, eta.0)) }
            }
            Known::Unknown => span.unknown { (w.unknown()) },
        }
    }
}

/// Shipments as a table, earliest expected first.
pub(super) fn list(w: Words, world: &World, all: &[Moving], now: Time) -> Markup {
    let row = |one: &Moving| {
        let href = format!("/shipments/{}", one.dispatch.hash);
        Row::new(Cell::link(&href, &way(w, world, one)))
            .cell(load(w, one))
            .cell(eta(w, one, now))
            .cell(html! { (time_tag(w, one.way.sent.0)) })
            .cell(one.way.carrier.clone().unwrap_or_else(|| "–".into()))
            .cell(marks(w, one, now))
    };
    let (title, text) = (w.t("shipments-empty"), w.t("shipments-empty-text"));
    let table = Table::new(w.t("shipments-table")).files("shipments").caption_hidden().columns([
        Column::text(w.t("shipment-from-to")),
        Column::text(w.t("shipment-load")),
        Column::text(w.t("shipment-eta")),
        Column::text(w.t("shipment-sent")),
        Column::text(w.t("shipment-carrier")),
        Column::text(w.t("shipment-state")),
    ]);
    html! {
        @if all.is_empty() { (EmptyState::new(&title, &text)) }
        @else { (table.rows(all.iter().map(row))) }
    }
}
