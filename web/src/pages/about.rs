//! What this is, what it is not, and which version runs.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use crate::app::{App, MaybeVisitor, Tongue};
use crate::components::{Definitions, Note, page_header, section};

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/about", get(show))
}

async fn show(
    State(app): State<App>,
    tongue: Tongue,
    MaybeVisitor(visitor): MaybeVisitor,
) -> Markup {
    let w = tongue.words;
    let title = w.t("about-title");
    let mode = app.mode(visitor.as_ref().map(|visitor| &visitor.region));
    let program = Definitions::new()
        .text(w.t("about-version"), crate::VERSION)
        .text(w.t("about-licence"), "EUPL-1.2")
        .text(w.t("about-backend"), app.engine.health().backend)
        .text(w.t("about-mode"), &w.dynamic("mode-", mode.as_str()));
    let body = html! {
        (page_header(&title, Some(&w.t("about-lead")), None))
        (Note::warning(w, &w.t("about-complement")))
        (section("claims", &w.t("about-claims"), &html! {
            p { (w.t("about-not-ce")) }
            p { (w.t("about-gmp")) }
            p { (w.t("about-clinical")) }
        }))
        (section("record", &w.t("about-record"), &html! {
            p { (w.t("about-record-own")) }
            p { (w.t("about-record-unknown")) }
            p { (w.t("about-record-reads")) }
        }))
        (section("data", &w.t("about-data"), &html! {
            p { (w.t("about-isbt")) }
            p { (w.t("about-synthetic")) }
            p { (w.t("about-map")) }
        }))
        (section("program", &w.t("about-program"), &html! {
            (program)
            p { a href="/api/v1/openapi.json" { (w.t("about-api")) } }
        }))
    };
    match visitor {
        Some(visitor) => visitor.page(&app, &title, &[], false, &body),
        None => app.open_page(&tongue, &title, &body),
    }
}
