//! Tappningar: today's, a new one, and one with its units, its tests and the next step.

pub(super) mod new;
mod numbers;
mod one;
pub(super) mod said;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Din;
use samband_domain::donations::model::Donation;
use samband_domain::donations::view::{collected, held};
use samband_domain::rulesets::Scope;
use samband_domain::{Known, Region, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::units::boxed;
use crate::app::fragments::alone;
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Row, Status, Table, live_region, page_header, tag, time_tag,
};
use crate::text::Words;

/// What makes these pages stale.
pub(super) const TOPICS: &str = "donation stock rule_set";

/// For how many days back donations are listed.
const DAYS: i64 = 3;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/donations", get(show))
        .merge(new::routes())
        .merge(numbers::routes())
        .merge(one::routes())
}

/// The own region's whole state.
pub(super) fn own<'w>(world: &'w World, visitor: &Visitor) -> Result<&'w Region, Problem> {
    let region = world.local(&visitor.region);
    region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))
}

/// The page of a donation.
pub(super) fn href(din: &Din) -> String {
    format!("/donations/{din}")
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: axum::http::HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = own(&world, &visitor)?;
    let today = live_region("donations", TOPICS, "/donations", &list(w, &world, &visitor, now)?);
    if alone(&headers) {
        return Ok(Html(today.into_string()).into_response());
    }
    let collects = visitor.may(&app, Action::Collect);
    let actions = html! {
        @if collects { a.button.main href="/donations/new" { (w.t("donation-to-new")) } " " }
        @if visitor.may(&app, Action::PrepareComponents) {
            a.button href="/preparation" { (w.t("preparation-title")) } " "
        }
        a.button href="/test-results" { (w.t("results-title")) } " "
        a.button href="/release" { (w.t("release-title")) }
        @if visitor.may(&app, Action::AssignNumbers) {
            " " a.button href="/donations/numbers" { (w.t("numbers-title")) }
        }
    };
    let title = w.t("donations-title");
    let waiting = region.own.donations.waiting.len();
    let body = html! {
        (page_header(&title, Some(&w.t("donations-lead")), Some(&actions)))
        (done_note(w, asked.done.as_deref()))
        @if waiting > 0 {
            p { a href="/test-results" {
                (w.t_args("results-waiting-n", &[("n", waiting.into())]))
            } }
        }
        (today)
    };
    Ok(page(&app, &visitor, &title, &[], &body).into_response())
}

fn list(w: Words, world: &World, visitor: &Visitor, now: Time) -> Result<Markup, Problem> {
    let region = own(world, visitor)?;
    let all = collected(&region.shared.donations, now.plus_days(-DAYS), now.plus_days(1));
    if all.is_empty() {
        let (title, text) = (w.t("donations-empty"), w.t("donations-empty-text"));
        return Ok(html! { (EmptyState::new(&title, &text)) });
    }
    let row = |(din, donation): &(&Din, &Donation)| {
        let number = format!("{} {}", din.spaced(), din.check_character());
        Row::new(Cell::link(&href(din), &number))
            .cell(w.dynamic("donation-kind-", donation.kind.as_str()))
            .cell(site_name(world, &visitor.region, &donation.site))
            .cell(html! { (time_tag(w, donation.collected.0)) })
            .cell(millilitres(w, donation.millilitres))
            .cell(standing(w, region, din, donation, now))
    };
    let table = Table::new(w.t_args("donations-table", &[("days", DAYS.into())])).columns([
        Column::text(w.t("donation-number")),
        Column::text(w.t("donation-kind")),
        Column::text(w.t("donation-site")),
        Column::text(w.t("donation-collected")),
        Column::text(w.t("donation-volume")),
        Column::text(w.t("donation-standing")),
    ]);
    Ok(html! { (table.rows(all.iter().map(row))) })
}

/// A volume, or that nobody said.
pub(super) fn millilitres(w: Words, volume: Known<u16>) -> Markup {
    html! {
        @match volume {
            Known::Value(ml) => { (ml) " ml" }
            Known::Unknown => span.unknown { (w.unknown()) },
        }
    }
}

/// What a donation waits for, in a word.
fn standing(w: Words, region: &Region, din: &Din, donation: &Donation, now: Time) -> Markup {
    let rules = region.shared.rulesets.in_force(Scope::Blood, now);
    let lacks = rules.map(|rules| held(region).lacks(rules, din));
    html! {
        @for flag in &donation.flags {
            (tag(Status::Attention, &w.dynamic("donation-flag-", flag.as_str()))) " "
        }
        @match lacks {
            None => (tag(Status::Unknown, &w.t("release-no-rules"))),
            Some(lacks) if lacks.is_empty() => (tag(Status::Known, &w.t("donation-complete"))),
            Some(lacks) => {
                @let codes: std::collections::BTreeSet<_> =
                    lacks.iter().map(|lack| lack.kind.code).collect();
                @for code in codes.iter().filter(|code| **code != "donation.flagged") {
                    (tag(Status::Gap, &said::lack(w, code))) " "
                }
            }
        }
    }
}

/// The number as its label shows it, on top of its page.
pub(super) fn heading(w: Words, din: Din) -> Markup {
    html! { div.unit-head { p.din-line { (boxed(w, din)) } } }
}
