//! Spårning: a unit's life as a picture and as a list, both ways.

mod drawing;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_engine::World;
use serde::Deserialize;

use super::frame::page;
use super::parts::{record_link, region_name};
use super::units::boxed;
use crate::app::stock::{din, product, unit, unit_href};
use crate::app::trace::{Graph, Node, of_unit};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Form, Note, Status, page_header, section, tag, time_tag};
use crate::text::Words;

/// Which unit.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    unit: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/trace", get(ask)).route("/trace/{din}/{product}", get(show))
}

async fn ask(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let w = visitor.words;
    let text = asked.unit.as_deref().map(str::trim).unwrap_or_default();
    if !text.is_empty() {
        let scanned = samband_exchange::isbt128::classify(text).ok();
        let named = scanned.and_then(|scan| scan.what.unit()).or_else(|| unit(text).ok());
        if let Some(id) = named {
            return Ok(Redirect::to(&href(&id)).into_response());
        }
        if let Ok(number) = din(text) {
            return Ok(Redirect::to(&format!("/units/{number}")).into_response());
        }
    }
    let title = w.t("trace-title");
    let bad = (!text.is_empty()).then(|| w.t("trace-not-read"));
    let field = Field::text("unit", w.t("trace-unit")).hint(w.t("trace-hint"));
    let field = field.scanned().value(text);
    let form = Form::get(w, "/trace", w.t("trace-do")).field(field.error(bad).required());
    let body = html! {
        (page_header(&title, Some(&w.t("trace-lead")), None))
        div.panel { (form) }
    };
    Ok(page(&app, &visitor, &title, &[], &body).into_response())
}

/// Where a unit's trace is.
pub(super) fn href(id: &UnitId) -> String {
    format!("/trace/{}/{}", id.din, id.product)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, code)): Path<(String, String)>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let id = UnitId { din: din(&number)?, product: product(&code)? };
    let (w, world) = (visitor.words, app.engine.world());
    let graph = of_unit(&app, &world, &visitor, id).await?;
    let title = w.t_args("trace-of", &[("unit", id.to_string().into())]);
    let links = html! {
        a.button href=(unit_href(&id)) { (w.t("trace-to-unit")) }
        @if visitor.may(&app, Action::CallBack) {
            a.button href={ "/withdrawals/new?of=unit&what=" (id) } { (w.t("withdrawal-new")) }
        }
    };
    let stopped = graph.nodes.iter().any(|node| node.stopped && node.asked);
    let regions: std::collections::BTreeSet<_> =
        graph.nodes.iter().map(|node| region_name(&world, &node.region)).collect();
    let regions = regions.into_iter().collect::<Vec<_>>().join(", ");
    let args = [("records", graph.records.into()), ("regions", regions.into())];
    let body = html! {
        (page_header(&w.t("trace-title"), Some(&w.t_args("trace-read", &args)), Some(&links)))
        p.din-line { (boxed(w, id.din)) " " code { (id.product) } }
        @if stopped { (Note::warning(w, &w.t("trace-stopped"))) }
        @if graph.cut { (Note::warning(w, &w.t("trace-cut"))) }
        (section("picture", &w.t("trace-picture"), &drawing::drawing(w, &graph)))
        (section("list", &w.t("trace-list"), &list(w, &world, &graph)))
    };
    Ok(page(&app, &visitor, &title, &[("/trace", w.t("trace-title"))], &body))
}

/// The same as a list: what came of what, readable without the picture.
fn list(w: Words, world: &World, graph: &Graph) -> Markup {
    let columns = graph.columns();
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    order.sort_by_key(|n| (columns[*n], graph.nodes[*n].when, *n));
    let name = |n: usize| {
        let node = &graph.nodes[n];
        html! { a href={ "#t-" (n) } { (node.title) } }
    };
    let one = |n: usize| {
        let node: &Node = &graph.nodes[n];
        let after: Vec<_> = graph.edges.iter().filter(|(from, _)| *from == n).collect();
        let before: Vec<_> = graph.edges.iter().filter(|(_, to)| *to == n).collect();
        html! {
            li #{ "t-" (n) } {
                strong { (w.dynamic("trace-kind-", node.kind.as_str())) ": " }
                @match &node.href {
                    Some(href) => a href=(href) { (node.title) },
                    None => (node.title),
                }
                @if !node.detail.is_empty() { ", " (node.detail) }
                ". "
                @if let Some(when) = node.when { (time_tag(w, when.0)) ", " }
                (region_name(world, &node.region)) ". "
                @if node.asked { (tag(Status::Held, &w.t("trace-asked"))) " " }
                @if node.stopped { (tag(Status::Stopped, &w.t("trace-called-back"))) " " }
                @if let Some(at) = &node.at { span.fine { (record_link(w, at)) " " } }
                @if !before.is_empty() {
                    span.fine {
                        (w.t("trace-from")) " "
                        @for (k, (from, _)) in before.iter().enumerate() {
                            @if k > 0 { ", " } (name(*from))
                        }
                        " "
                    }
                }
                @if !after.is_empty() {
                    span.fine {
                        (w.t("trace-into")) " "
                        @for (k, (_, to)) in after.iter().enumerate() {
                            @if k > 0 { ", " } (name(*to))
                        }
                    }
                }
            }
        }
    };
    html! { ol.trace-list { @for n in order { (one(n)) } } }
}
