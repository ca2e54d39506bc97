//! Pages for people: one file per page.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use crate::app::App;

pub mod about;
pub mod accounts;
pub mod agreement;
pub mod agreements;
pub mod figure;
pub mod import;
pub mod journal;
pub mod peers;
pub mod person;
pub mod picture;
pub mod region;
pub mod roles;
pub mod sign_in;

mod frame;
#[cfg(test)]
mod key_test;
mod parts;
mod records;
mod typed;

/// Every page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/picture") }))
        .merge(about::routes())
        .merge(accounts::routes())
        .merge(agreement::routes())
        .merge(agreements::routes())
        .merge(figure::routes())
        .merge(import::routes())
        .merge(journal::routes())
        .merge(peers::routes())
        .merge(person::routes())
        .merge(picture::routes())
        .merge(region::routes())
        .merge(roles::routes())
        .merge(sign_in::routes())
}
