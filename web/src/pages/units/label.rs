//! A unit's label, as a drawing and as a page to print.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Mode;
use samband_domain::blood::model::{Unit, UnitId};
use samband_domain::blood::view::units::of_donation;
use samband_engine::World;
use samband_exchange::isbt128::PrintFlag;
use samband_exchange::isbt128::group::{GroupMessage, RhKell};
use samband_exchange::isbt128::label::{Label, Words as LabelWords};

use super::View;
use crate::app::stock::{din, parts, product, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::text::Words;

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/units/{din}/{product}/label.svg", get(svg))
        .route("/units/{din}/{product}/label.pdf", get(pdf))
}

/// The ways to the label of a unit that is here and whose group is known.
pub(super) fn links(w: Words, view: &View<'_>) -> Markup {
    let known = view.unit.as_ref().is_some_and(|unit| unit.group.value().is_some());
    let path = unit_href(&view.id);
    html! {
        a.button href=(format!("/trace/{}/{}", view.id.din, view.id.product)) { (w.t("trace-do")) }
        @if known {
            a.button href=(format!("{path}/label.pdf")) { (w.t("unit-label-pdf")) }
            a.button href=(format!("{path}/label.svg")) { (w.t("unit-label-svg")) }
        }
    }
}

async fn svg(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let label = label(&app, &visitor, &number, &code)?;
    Ok(([(CONTENT_TYPE, "image/svg+xml")], label.svg()).into_response())
}

async fn pdf(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, code)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let label = label(&app, &visitor, &number, &code)?;
    let name = format!("inline; filename=\"{number}-{code}.pdf\"");
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, label.pdf()).into_response())
}

fn label(app: &App, visitor: &Visitor, number: &str, code: &str) -> Result<Label, Problem> {
    visitor.permit(app, Action::SeeStock, &visitor.region)?;
    let id = UnitId { din: din(number)?, product: product(code)? };
    let (world, now) = (app.engine.world(), app.engine.now());
    let parts = parts(&world, now);
    let found = of_donation(&parts, id.din).into_iter().find(|found| found.id == id);
    let no_unit = || {
        let problem = Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_unit");
        problem.fact("unit", id.to_string())
    };
    let found = found.ok_or_else(no_unit)?;
    let mode = app.mode(Some(found.region));
    let text = words(visitor.words, &world, (&id, found.unit), mode);
    let group = found.unit.group.value().ok_or_else(no_unit)?;
    let group =
        GroupMessage { rh_kell: RhKell::of(found.unit.phenotype), ..GroupMessage::of(group) };
    Label::new(id, PrintFlag::NONE, group, found.unit.expiry, text).map_err(|refused| {
        let detail = visitor.words.t(refused.code());
        Problem::unprocessable("scan.refused").fact("code", refused.code()).fact("detail", detail)
    })
}

fn words(w: Words, world: &World, (id, unit): (&UnitId, &Unit), mode: Mode) -> LabelWords {
    let tables = world.journals.values().filter_map(|one| one.shared().blood.codes.as_deref());
    let facility = tables.filter_map(|table| table.facility(id.din.facility())).next();
    LabelWords {
        facility: facility.unwrap_or_default().to_owned(),
        product: w.dynamic("product-", unit.product.as_str()),
        group: crate::app::history::group_text(w, unit.group),
        expiry: w.date_time(unit.expiry.0),
        headings: ["unit-din", "stock-group", "unit-product", "unit-expiry"].map(|key| w.t(key)),
        notice: match mode {
            Mode::Real => String::new(),
            _ => w.t("unit-label-not-real"),
        },
    }
}
