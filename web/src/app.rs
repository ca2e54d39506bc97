//! The application: what every page and every resource of the API stands on.
//!
//! A request passes the `gate` first: it finds out language and session, refuses requests that a
//! foreign page made a browser send, and on the way out turns every [`Problem`] into a page or a
//! problem document and adds the headers that every answer carries. Handlers take a [`Visitor`]
//! and ask the engine.

pub(crate) mod accounts;
mod address;
pub mod alarm;
mod as_of;
pub mod card;
pub mod channels;
pub mod compatible;
mod detail;
pub(crate) mod explain;
pub mod fragments;
mod frame;
mod gate;
pub mod history;
pub mod import;
pub mod incident;
mod input;
pub mod jobs;
pub mod joint;
mod named;
mod own_site;
pub mod plans;
mod problem;
pub mod rare;
pub mod readiness;
mod reading;
pub mod rosters;
pub mod rules;
pub mod scan;
mod staged;
pub mod stock;
pub mod stock_files;
pub mod trace;
pub mod transfusion;
mod visitor;
pub mod withdrawals;
pub mod yearly;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::{Router, middleware};
use samband_domain::{Mode, Time};
use samband_engine::Engine;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::live::Live;
pub use address::Client;
pub use explain::{Explained, explain, fact_label};
pub(crate) use gate::{
    bearer_token, cookie_token, known_roles as roles_of, language_cookie, percent, session_cookie,
};
pub use input::{KeyedForm, fresh_key};
pub use named::named;
pub use own_site::{EVERY, own_site, remember};
pub use problem::{PageError, Problem};
pub use reading::{note_read, note_reads, noted};
pub use staged::{STAGED_BYTES_MAX, STAGED_SECONDS, Staged, StagedFile};
pub use visitor::{COOKIE, COOKIE_SECURE, MaybeVisitor, Tongue, Visitor};

/// Longest body of an ordinary request, in bytes.
pub const BODY_MAX: usize = 256 * 1024;

/// Longest file that can be uploaded, in bytes, with the form around it.
pub const UPLOAD_MAX: usize = 5 * 1024 * 1024;

/// How long a request may take until its answer begins.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// How the site is reached.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Whether people reach it by https only: the cookie is bound to it, and browsers are told.
    pub secure: bool,
    /// The address under which people reach it, where a proxy in front sends another `Host`.
    pub public: Option<String>,
    /// The proxies whose word about the client's address counts.
    pub proxies: Vec<IpAddr>,
    /// How other installations reach this one; none where nothing serves them.
    pub reached: Option<card::Reached>,
    /// The channels that wake people.
    pub channels: Arc<channels::Board>,
}

/// Everything a handler may use. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The engine.
    pub engine: Engine,
    /// Whether this is the demo world: its accounts are shown at the door.
    pub demo: bool,
    /// How the site is reached.
    pub site: Arc<Site>,
    /// News for everybody who listens.
    pub live: Live,
    /// Parts of pages that many readers see alike.
    pub fragments: fragments::Fragments,
    /// Uploaded files between preview and confirmation.
    pub staged: Staged,
    /// Joint or alone: what is computed and kept.
    pub joint: joint::Joint,
    /// Call-up plans, made one after the other.
    pub call_ups: plans::callup::Plans,
    /// Tries of codes by whoever is not signed in.
    pub codes: rosters::Codes,
    /// When this process started.
    pub started: Time,
}

impl App {
    /// Stands the application on an engine and starts telling its news. Needs a running tokio.
    #[must_use]
    pub fn new(engine: Engine, demo: bool, site: Site) -> Self {
        let live = Live::start(&engine);
        let started = engine.now();
        let (site, staged) = (Arc::new(site), Staged::default());
        let fragments = fragments::Fragments::default();
        let joint = joint::Joint::default();
        let call_ups = plans::callup::Plans::default();
        let codes = rosters::Codes::default();
        Self { engine, demo, site, live, fragments, staged, joint, call_ups, codes, started }
    }

    /// The mode of the world shown to a region: of its journal, or of the demo.
    #[must_use]
    pub fn mode(&self, region: Option<&samband_domain::JournalId>) -> Mode {
        let world = self.engine.world();
        let own = region.and_then(|id| world.journal(id)).and_then(|journal| journal.mode());
        let any = || world.locals().find_map(|journal| journal.mode());
        own.or_else(any).unwrap_or(if self.demo { Mode::Demo } else { Mode::Real })
    }
}

/// Everything under one address: pages, API, assets.
pub fn router(app: App) -> Router {
    let catch = CatchPanicLayer::custom(problem::from_panic);
    let late = StatusCode::SERVICE_UNAVAILABLE;
    Router::new()
        .merge(crate::pages::routes())
        .merge(crate::api::routes(&app))
        .fallback(problem::no_such_page)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(catch)
        .layer(TimeoutLayer::with_status_code(late, ANSWER_WITHIN))
        .layer(middleware::from_fn_with_state(app.clone(), gate::gate))
        .route(crate::assets::ROUTE, axum::routing::get(crate::assets::serve))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(app.clone(), gate::outermost))
        .with_state(app)
}
