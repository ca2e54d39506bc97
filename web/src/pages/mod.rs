//! Pages for people: one file per page.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use crate::app::{App, MaybeVisitor};

pub mod about;
pub mod accounts;
pub mod agreement;
pub mod agreements;
pub mod compatibility;
pub mod figure;
pub mod import;
pub mod journal;
pub mod peers;
pub mod person;
pub mod picture;
pub mod region;
pub mod roles;
pub mod rules;
pub mod scan;
pub mod shipments;
pub mod sign_in;
pub mod situation;
pub mod stock;
pub mod units;

mod frame;
#[cfg(test)]
mod key_test;
mod parts;
pub(crate) mod records;
mod typed;
mod upload;

pub(crate) use parts::is_region;

/// Where somebody starts: by role, or at the door.
async fn home(MaybeVisitor(visitor): MaybeVisitor) -> Redirect {
    Redirect::to(visitor.map_or("/sign-in", |visitor| visitor.landing()))
}

/// Every page.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .merge(about::routes())
        .merge(accounts::routes())
        .merge(agreement::routes())
        .merge(agreements::routes())
        .merge(compatibility::routes())
        .merge(figure::routes())
        .merge(import::routes())
        .merge(journal::routes())
        .merge(peers::routes())
        .merge(person::routes())
        .merge(picture::routes())
        .merge(region::routes())
        .merge(roles::routes())
        .merge(rules::routes())
        .merge(scan::routes())
        .merge(shipments::routes())
        .merge(sign_in::routes())
        .merge(situation::routes())
        .merge(stock::routes())
        .merge(units::routes())
}
