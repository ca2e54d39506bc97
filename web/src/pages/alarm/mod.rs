//! Larm: raise it, follow it, answer it, take it back.

mod acts;
mod clock;
mod form;
mod list;
mod new;
mod one;
mod owes;
mod report;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::{Between, Party, Place, Recipient};
use samband_domain::{JournalId, Known, Mode};
use samband_engine::World;

use super::parts::region_name;
use crate::app::alarm::{banner, duties, href, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/alarm", get(list::show))
        .route("/alarm/banner", get(fresh))
        .route("/alarm/new", get(new::show).post(new::raise))
        .route("/alarm/{issuer}/{id}", get(one::show).post(acts::act))
        .route("/incidents/new", get(report::show).post(report::open))
}

/// The banner alone, for pages that keep it fresh.
async fn fresh(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let duties = duties(&visitor.roles);
    let key = format!("alarm-banner|{}|{}|{duties:?}", visitor.region, w.lang().code());
    let draw = || banner(w, &world, &visitor.region, &duties);
    let fragment = app.fragments.get(&world, now, key, draw);
    Ok(fragment.into_response())
}

/// `TiB, Halland`; somebody outside is named by the role alone.
fn recipient(w: Words, world: &World, to: &Recipient) -> String {
    let role = w.dynamic("duty-role-", to.role.as_str());
    match &to.party {
        Party::Region(region) => format!("{role}, {}", region_name(world, region)),
        Party::Outside(_) => role,
    }
}

/// A recipient as it stands in a form's field names.
fn field_name(to: &Recipient) -> String {
    match &to.party {
        Party::Region(region) => format!("to-region-{region}-{}", to.role),
        Party::Outside(code) => format!("to-outside-{code}-{}", to.role),
    }
}

/// `12–30`, `30`; unknown is named.
fn injured(w: Words, known: Known<Between>) -> Markup {
    match known {
        Known::Value(Between { least, most }) if least == most => html! { (w.int(least)) },
        Known::Value(Between { least, most }) => {
            html! { span.nowrap { (w.int(least)) "–" (w.int(most)) } }
        }
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    }
}

/// A place in words, with its point where that is known.
fn place(w: Words, known: Known<&Place>) -> Markup {
    match known {
        Known::Value(place) => html! {
            (place.text)
            @if let Known::Value((north, east)) = place.point {
                " " span.nowrap { "(" (degrees(north)) ", " (degrees(east)) ")" }
            }
        },
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
    }
}

/// Millionths of a degree as people write degrees.
fn degrees(micro: i32) -> String {
    let (sign, size) = (if micro < 0 { "−" } else { "" }, micro.unsigned_abs());
    format!("{sign}{}.{:05}", size / 1_000_000, size % 1_000_000 / 10)
}

/// The own region's journal as an alarm needs it: its mode decides how it looks.
fn drill(world: &World, region: &JournalId) -> bool {
    mode_of(world, region) == Mode::Exercise
}

/// The word that an exercise begins and ends with.
fn mark(w: Words, world: &World, region: &JournalId) -> Markup {
    html! {
        @if drill(world, region) { p.drill-mark { strong { (w.t("layout-exercise-word")) } } }
    }
}

/// The alarm's page.
fn alarm_href(issuer: &JournalId, id: &samband_domain::words::AlarmId) -> String {
    href(issuer, id.as_str())
}
