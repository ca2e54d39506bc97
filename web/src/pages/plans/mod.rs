//! Joint supply: proposals to move units, what was used, and what should lie where.

mod decide;
mod transfers;
mod used;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use maud::{Markup, html};

use crate::app::App;
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plan", get(|| async { Redirect::to("/plan/transfers") }))
        .merge(transfers::routes())
        .merge(decide::routes())
        .merge(used::routes())
}

/// The pages of joint supply, with the one that is shown marked.
const PAGES: &[(&str, &str)] = &[("/plan/transfers", "plan-transfers"), ("/plan/use", "plan-use")];

fn tabs(w: Words, here: &str) -> Markup {
    html! {
        nav.sites aria-label=(w.t("plan-title")) {
            @for (href, key) in PAGES {
                a href=(href) aria-current=[(*href == here).then_some("page")] { (w.t(key)) }
            }
        }
    }
}
