//! Pages for people: one file per page.

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

use crate::app::{App, MaybeVisitor};

pub mod about;
pub mod accounts;
pub mod agreement;
pub mod agreements;
pub mod alarm;
pub mod answer;
pub mod appointments;
pub mod bus;
pub mod call_ups;
pub mod compatibility;
pub mod deviations;
pub mod donations;
pub mod donors;
pub mod exercise;
pub mod figure;
pub mod import;
pub mod incident;
pub mod journal;
pub mod patients;
pub mod peers;
pub mod person;
pub mod picture;
pub mod plans;
pub mod plasma;
pub mod preparation;
pub mod rare;
pub mod readiness;
pub mod region;
pub mod release;
pub mod reports;
pub mod requests;
pub mod results;
pub mod roles;
pub mod rosters;
pub mod rules;
pub mod scan;
pub mod shipments;
pub mod sign_in;
pub mod situation;
pub mod stock;
pub mod supply_agreement;
pub mod trace;
pub mod transfuse;
pub mod units;
pub mod withdrawals;
pub mod work;

mod frame;
#[cfg(test)]
mod key_test;
mod parts;
mod readings;
pub(crate) mod records;
mod typed;
mod upload;

pub(crate) use parts::{is_region, region_name as region_short};
pub(crate) use shipments::{goods_text, lacking_text, read_lacking};

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
        .merge(alarm::routes())
        .merge(answer::routes())
        .merge(supply_agreement::routes())
        .merge(bus::routes())
        .merge(appointments::routes())
        .merge(call_ups::routes())
        .merge(compatibility::routes())
        .merge(donors::routes())
        .merge(donations::routes())
        .merge(exercise::routes())
        .merge(figure::routes())
        .merge(import::routes())
        .merge(incident::routes())
        .merge(journal::routes())
        .merge(patients::routes())
        .merge(peers::routes())
        .merge(person::routes())
        .merge(picture::routes())
        .merge(plans::routes())
        .merge(preparation::routes())
        .merge(rare::routes())
        .merge(readiness::routes())
        .merge(region::routes())
        .merge(release::routes())
        .merge(requests::routes())
        .merge(results::routes())
        .merge(roles::routes())
        .merge(rosters::routes())
        .merge(rules::routes())
        .merge(scan::routes())
        .merge(shipments::routes())
        .merge(sign_in::routes())
        .merge(situation::routes())
        .merge(stock::routes())
        .merge(deviations::routes())
        .merge(plasma::routes())
        .merge(reports::routes())
        .merge(trace::routes())
        .merge(transfuse::routes())
        .merge(units::routes())
        .merge(withdrawals::routes())
        .merge(work::routes())
}
