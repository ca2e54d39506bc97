//! Joint supply: proposals to move units, what was used, and what should lie where.

pub(crate) mod callups;
mod campaigns;
mod decide;
pub(crate) mod forecast;
pub(super) mod joint;
pub(in crate::pages) mod moves;
mod said;
mod settlement;
pub(crate) mod targets;
pub(in crate::pages) mod transfers;
mod used;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use maud::{Markup, html};

use crate::app::App;
use crate::text::Words;

pub(crate) use settlement::kronor;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plan", get(|| async { Redirect::to("/plan/transfers") }))
        .merge(transfers::routes())
        .merge(decide::routes())
        .merge(used::routes())
        .merge(callups::routes())
        .merge(forecast::routes())
        .merge(targets::routes())
        .merge(campaigns::routes())
        .merge(settlement::routes())
        .merge(joint::routes())
}

/// The pages of joint supply, with the one that is shown marked.
const PAGES: &[(&str, &str)] = &[
    ("/plan/transfers", "plan-transfers"),
    ("/plan/use", "plan-use"),
    ("/plan/call-ups", "callup-title"),
    ("/plan/forecast", "forecast-title"),
    ("/plan/targets", "targets-title"),
    ("/plan/campaigns", "campaign-title"),
    ("/plan/settlement", "settlement-title"),
    ("/plan/joint", "joint-title"),
];

fn tabs(w: Words, here: &str) -> Markup {
    html! {
        nav.sites aria-label=(w.t("plan-title")) {
            @for (href, key) in PAGES {
                a href=(href) aria-current=[(*href == here).then_some("page")] { (w.t(key)) }
            }
        }
    }
}
