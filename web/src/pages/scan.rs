//! A scan from any page goes where it belongs, or says why not.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::html;
use samband_access::Action;
use samband_domain::blood::view::moving::moving;
use samband_exchange::isbt128::Scanned;
use serde::Deserialize;

use super::frame::page;
use crate::app::scan::{Went, said, scan};
use crate::app::stock::parts;
use crate::app::{App, Problem, Visitor, explain, fact_label};
use crate::components::{Definitions, Note, page_header};
use crate::text::Words;

/// What was scanned, and on which page.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    on: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/scan", get(show))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let w = visitor.words;
    let title = w.t("scan-title");
    if asked.q.trim().is_empty() {
        let body = html! { (page_header(&title, Some(&w.t("scan-lead")), None)) (how(w)) };
        return Ok(page(&app, &visitor, &title, &[], &body).into_response());
    }
    if visitor.may(&app, Action::SeePatients) {
        // A wristband or a patient's tube: a person's number is no bag's, whoever it finds.
        let world = app.engine.world();
        let own = world.local(&visitor.region).map(|region| &region.own.patients);
        if let Some(found) = own.and_then(|own| super::patients::find(own, &asked.q)) {
            return Ok(Redirect::to(&format!("/patients/{found}")).into_response());
        }
    }
    match scan(w, &asked.q, asked.on.as_deref()) {
        Ok(went) => match consignment(&app, &went).or(went.href) {
            Some(href) => Ok(Redirect::to(&href).into_response()),
            None => {
                let kind = w.dynamic("scan-kind-", went.scan.what.kind());
                let text = w.t_args("scan-nowhere", &[("kind", kind.into())]);
                let mut all = Definitions::new();
                for part in said(&went.scan) {
                    let field = |name: &str| {
                        part.get(name).and_then(|text| text.as_str()).unwrap_or_default().to_owned()
                    };
                    all = all.text(w.dynamic("scan-kind-", &field("name")), &field("text"));
                }
                let body = html! {
                    (page_header(&title, None, None))
                    (Note::info(w, &text))
                    div.panel { (all) }
                    (how(w))
                };
                Ok(page(&app, &visitor, &title, &[], &body).into_response())
            }
        },
        Err(problem) => {
            // The reason is the text itself; it need not stand twice.
            let mut explained = explain(&problem, w);
            let detail = fact_label(w, "detail");
            explained.facts.retain(|(label, _)| *label != detail);
            let body = html! { (page_header(&title, None, None)) (explained) (how(w)) };
            let page = page(&app, &visitor, &title, &[], &body);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The shipment whose box was scanned, if one of them is on its way.
fn consignment(app: &App, went: &Went) -> Option<String> {
    let Scanned::Consignment(label) = &went.scan.what else { return None };
    let (world, now) = (app.engine.world(), app.engine.now());
    let reference = label.reference();
    let all = moving(&parts(&world, now), now);
    let mut fits = all.iter().filter(|one| one.parcel.consignment.as_ref() == Some(&reference));
    fits.next().map(|one| format!("/shipments/{}#receive", one.dispatch.hash))
}

/// How scanning works here.
fn how(w: Words) -> maud::Markup {
    html! {
        ul {
            li { (w.t("scan-how-both")) }
            li { (w.t("scan-how-typed")) }
            li { (w.t("scan-how-key")) }
        }
    }
}
