//! The API for programs, under `/api/v1`: one file per resource, described by itself.

mod accounts;
mod actors;
mod agreements;
pub mod alarm_clocks;
mod alarm_gateway;
pub mod alarms;
mod answer;
mod bodies;
mod bus;
mod callups;
mod campaigns;
mod compatibility;
mod disclosures;
mod donations;
mod donor_calls;
mod donor_records;
mod donors;
mod export;
mod figures;
mod forecasts;
mod glass;
mod health;
mod incidents;
mod input;
mod joint;
mod journal;
mod lending;
mod lines;
mod loose;
mod mandates;
mod moves;
mod patient_results;
mod patients;
mod peers;
mod plans;
mod problem;
mod rare;
mod reactions;
mod readiness;
mod regions;
mod reports;
mod reservations;
mod rosters;
mod rule_sets;
mod running;
mod scans;
mod session;
mod settlements;
mod shipments;
mod sites;
mod situation_reports;
mod standards;
mod stock;
mod stock_files;
mod stock_reports;
mod supply;
mod trace;
mod transfusion;
mod unit_commands;
mod units;
mod withdrawals;

use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

pub use input::{At, Query, period};
pub use problem::{ProblemDocument, problem_document};
pub(crate) use session::refused;
pub use shipments::table as shipments;

/// Under which path the API lives.
pub const ROOT: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Samband",
        description = "One shared picture for autonomous health-care regions. A command \
                       sent with an Idempotency-Key can be repeated safely; errors are problem details \
                       (RFC 9457) with a stable code. Null is unknown, never zero.",
    ),
    modifiers(&Bearer),
    security(("token" = [])),
)]
struct Description;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        components.add_security_scheme("token", scheme);
    }
}

fn described() -> (Router<App>, utoipa::openapi::OpenApi, export::Lists) {
    let api = OpenApiRouter::new()
        .routes(routes!(session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(regions::list))
        .routes(routes!(regions::one))
        .routes(routes!(regions::picture))
        .routes(routes!(figures::list, figures::report))
        .routes(routes!(figures::one))
        .routes(routes!(figures::correct))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(figures::import))
                .layer(axum::extract::DefaultBodyLimit::max(crate::app::UPLOAD_MAX)),
        )
        .routes(routes!(sites::list, sites::open))
        .routes(routes!(sites::correct))
        .routes(routes!(sites::close))
        .routes(routes!(bodies::list, bodies::join))
        .routes(routes!(bodies::leave))
        .routes(routes!(mandates::list, mandates::grant))
        .routes(routes!(mandates::end))
        .routes(routes!(mandates::approve))
        .routes(routes!(actors::list, actors::register))
        .routes(routes!(actors::correct))
        .routes(routes!(actors::erase))
        .routes(routes!(actors::person))
        .routes(routes!(agreements::list, agreements::propose))
        .routes(routes!(agreements::one))
        .routes(routes!(agreements::sign))
        .routes(routes!(agreements::decline))
        .routes(routes!(agreements::withdraw))
        .routes(routes!(agreements::end))
        .routes(routes!(compatibility::ask))
        .routes(routes!(rule_sets::list, rule_sets::draft))
        .routes(routes!(rule_sets::side_by_side))
        .routes(routes!(rule_sets::one))
        .routes(routes!(rule_sets::review))
        .routes(routes!(rule_sets::adopt))
        .routes(routes!(rule_sets::withdraw))
        .routes(routes!(journal::page))
        .routes(routes!(journal::annotate))
        .routes(routes!(journal::verify))
        .routes(routes!(peers::list, peers::trust))
        .routes(routes!(peers::drop_one))
        .routes(routes!(peers::settle))
        .routes(routes!(accounts::list, accounts::create))
        .routes(routes!(accounts::one))
        .routes(routes!(accounts::disable))
        .routes(routes!(accounts::enable))
        .routes(routes!(accounts::reset))
        .routes(routes!(accounts::issue_codes))
        .routes(routes!(accounts::sessions, accounts::end_sessions))
        .routes(routes!(glass::list, glass::open))
        .routes(routes!(glass::review))
        .merge(blood())
        .merge(people_who_give())
        .merge(patients())
        .merge(requests())
        .merge(called_back())
        .merge(donated())
        .merge(ready())
        .merge(incidents())
        .merge(alarmed())
        .routes(routes!(rosters::list, rosters::set))
        .routes(routes!(rosters::reach, rosters::test))
        .routes(routes!(health::events));
    let api = OpenApiRouter::with_openapi(Description::openapi()).nest(ROOT, api);
    let (router, mut description) = api.split_for_parts();
    let lists = export::describe(&mut description);
    (router, description, lists)
}

/// Patients, what was found in them, and what regions ask each other about one.
fn patients() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(patients::find, patients::register))
        .routes(routes!(patients::one))
        .routes(routes!(patients::correct))
        .routes(routes!(patients::mother))
        .routes(routes!(patients::link))
        .routes(routes!(patients::unlink))
        .routes(routes!(patients::block))
        .routes(routes!(patients::lift))
        .routes(routes!(patient_results::sample))
        .routes(routes!(patient_results::determine))
        .routes(routes!(patient_results::screen))
        .routes(routes!(patient_results::verify))
        .routes(routes!(patient_results::antibody))
        .routes(routes!(patient_results::not_seen))
        .routes(routes!(patient_results::resolve))
        .routes(routes!(patient_results::require))
        .routes(routes!(patient_results::end_requirement))
        .routes(routes!(patient_results::turn))
        .routes(routes!(disclosures::list, disclosures::ask))
        .routes(routes!(disclosures::answer))
        .routes(routes!(disclosures::decline))
        .routes(routes!(disclosures::withdraw))
        .routes(routes!(disclosures::take_in))
}

/// Donors.
fn people_who_give() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(donors::find, donors::register))
        .routes(routes!(donors::eligibility))
        .routes(routes!(donors::declare))
        .routes(routes!(donors::admit))
        .routes(routes!(donors::defer))
        .routes(routes!(donors::book))
        .routes(routes!(donors::contact))
        .routes(routes!(donor_records::merge))
        .routes(routes!(donor_records::unmerge))
        .routes(routes!(donor_records::lift))
        .routes(routes!(donor_records::assess))
        .routes(routes!(donor_records::retract))
        .routes(routes!(donor_records::types))
        .routes(routes!(donor_records::react))
        .routes(routes!(donor_records::pass))
        .routes(routes!(donor_records::revoke))
        .routes(routes!(donor_records::guest))
        .routes(routes!(donor_calls::sessions, donor_calls::open))
        .routes(routes!(donor_calls::close))
        .routes(routes!(donor_calls::move_to))
        .routes(routes!(donor_calls::settle))
        .routes(routes!(donor_calls::lists, donor_calls::make))
        .routes(routes!(donor_calls::list))
        .routes(routes!(donor_calls::next))
        .routes(routes!(donor_calls::end))
}

/// The stock, its units and their shipments.
fn blood() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(stock::list))
        .routes(routes!(stock_reports::demand))
        .routes(routes!(stock_reports::duties, stock_reports::duty))
        .routes(routes!(units::at_site))
        .routes(routes!(units::list))
        .routes(routes!(units::one))
        .routes(routes!(unit_commands::quarantine))
        .routes(routes!(unit_commands::release))
        .routes(routes!(unit_commands::tests))
        .routes(routes!(unit_commands::correct))
        .routes(routes!(unit_commands::discard))
        .routes(routes!(reservations::for_purpose))
        .routes(routes!(unit_commands::unreserve))
        .routes(routes!(shipments::list, shipments::send))
        .routes(routes!(shipments::receive))
        .routes(routes!(shipments::receipts))
        .routes(routes!(bus::lend))
        .routes(routes!(bus::take))
        .routes(routes!(supply::call_off))
        .routes(routes!(supply::lost))
        .routes(routes!(supply::check))
        .routes(routes!(supply::calls, supply::call))
        .routes(routes!(supply::answer))
        .routes(routes!(supply::withdraw))
        .routes(routes!(supply::legs, supply::state_leg))
        .routes(routes!(supply::end_leg))
        .routes(routes!(joint::see, joint::ask))
        .routes(routes!(joint::stop))
        .routes(routes!(plans::used))
        .routes(routes!(plans::set_target, forecasts::targets))
        .routes(routes!(forecasts::forecast))
        .routes(routes!(moves::transfers))
        .routes(routes!(plans::accept))
        .routes(routes!(plans::refuse))
        .routes(routes!(plans::reopen))
        .routes(routes!(callups::call_ups))
        .routes(routes!(callups::adopt))
        .routes(routes!(callups::withdraw))
        .routes(routes!(callups::tell))
        .routes(routes!(campaigns::see, campaigns::record))
        .routes(routes!(campaigns::count))
        .routes(routes!(settlements::settled))
        .routes(routes!(settlements::state_homes))
        .routes(routes!(rare::search))
        .routes(routes!(rare::ask))
        .routes(routes!(scans::read))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(stock_reports::take_over))
                .routes(routes!(stock_reports::external))
                .routes(routes!(stock_reports::count))
                .routes(routes!(stock_files::take_over))
                .routes(routes!(stock_files::external))
                .routes(routes!(stock_files::codes))
                .routes(routes!(plans::import))
                .layer(axum::extract::DefaultBodyLimit::max(crate::app::UPLOAD_MAX)),
        )
}

/// Donations, what is made of them, and what their tests said.
fn donated() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(donations::collect))
        .routes(routes!(donations::one))
        .routes(routes!(donations::numbers))
        .routes(routes!(donations::clear))
        .routes(routes!(donations::prepare))
        .routes(routes!(donations::report))
        .routes(routes!(donations::verify))
        .routes(routes!(donations::reject))
        .routes(routes!(donations::queue, donations::release))
}

/// Incidents: how they stand, their blood, what was measured, and what is done afterwards.
fn incidents() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(incidents::list))
        .routes(routes!(incidents::one))
        .routes(routes!(incidents::blood))
        .routes(routes!(incidents::stock))
        .routes(routes!(incidents::after))
        .routes(routes!(incidents::distribution))
        .routes(routes!(incidents::secondary))
        .routes(routes!(incidents::note))
        .routes(routes!(incidents::mode))
        .routes(routes!(incidents::resolve))
        .routes(routes!(incidents::change))
        .routes(routes!(incidents::end))
        .routes(routes!(incidents::assign))
        .routes(routes!(incidents::report))
}

/// What regions can do, promise, lend and know, in their own words and in those of standards.
fn ready() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(readiness::capacity, readiness::report))
        .routes(routes!(readiness::pledges, readiness::pledge))
        .routes(routes!(readiness::go))
        .routes(routes!(lending::helicopters, lending::helicopter))
        .routes(routes!(lending::material, lending::lend))
        .routes(routes!(situation_reports::one, situation_reports::report))
        .routes(routes!(standards::alarm))
        .routes(routes!(standards::take))
        .routes(routes!(standards::have))
        .routes(routes!(standards::measured))
}

/// Withdrawals, traces, plasma for industry and reports.
fn called_back() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(trace::one))
        .routes(routes!(withdrawals::list, withdrawals::call_back))
        .routes(routes!(withdrawals::one))
        .routes(routes!(withdrawals::follow))
        .routes(routes!(withdrawals::tell))
        .routes(routes!(withdrawals::conclude))
        .routes(routes!(reports::make_lot))
        .routes(routes!(reports::take_out))
        .routes(routes!(reports::consign))
        .routes(routes!(reports::notify))
        .routes(routes!(reports::notify_opened))
        .routes(routes!(reports::confirm))
        .routes(routes!(reports::file))
        .routes(routes!(reports::statistics))
}

/// Incidents and alarms.
fn alarmed() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(running::see))
        .routes(routes!(alarms::raise))
        .routes(routes!(alarms::list, alarms::issue))
        .routes(routes!(alarm_clocks::see))
        .routes(routes!(alarms::one))
        .routes(routes!(alarms::answer))
        .routes(routes!(alarms::close))
        .routes(routes!(alarms::open))
        .routes(routes!(alarm_gateway::channels))
        .routes(routes!(alarm_gateway::receipt))
        .routes(routes!(alarm_gateway::answer))
        .routes(routes!(alarm_gateway::came_back))
}

/// From a request to the end of every unit.
fn requests() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(transfusion::request))
        .routes(routes!(transfusion::change))
        .routes(routes!(reservations::for_request))
        .routes(routes!(transfusion::crossmatch))
        .routes(routes!(transfusion::decide))
        .routes(routes!(transfusion::issue))
        .routes(routes!(transfusion::report))
        .routes(routes!(transfusion::react))
        .routes(routes!(reactions::all))
        .routes(routes!(loose::list))
        .routes(routes!(loose::settle))
        .routes(routes!(transfusion::paper))
}

/// The description of the API.
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    described().1
}

/// Every resource.
pub fn routes(app: &App) -> Router<App> {
    let (router, description, lists) = described();
    router
        .layer(from_fn(input::digest_what_is_sent))
        .layer(from_fn_with_state((app.clone(), Arc::new(lists)), export::in_form))
        .route("/api/v1/openapi.json", get(|| async { Json(description) }))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(health::metrics))
}
