//! The biomedical scientist's landing page, "Att göra": what waits at the own site, the most urgent
//! first, with the scan field in focus.

mod loose;
mod reactions;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::view::moving::moving;
use samband_domain::transfusion::view::{LAPSING_HOURS, Lists, UNRETURNED_HOURS, Waiting, lists};
use samband_domain::{Known, Region, SiteId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::page;
use super::patients::disclosure;
use super::requests::{href, needed, sites, urgency_tag, what};
use crate::app::fragments::alone;
use crate::app::stock::{parts, site_name, unit_href};
use crate::app::transfusion::{TOPICS, own, unit_text};
use crate::app::{App, EVERY, Problem, Visitor, own_site, remember};
use crate::components::{
    Cell, Column, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// Which site.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    site: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/work", get(show)).merge(reactions::routes()).merge(loose::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = own(&app, &visitor, &world)?;
    let choice_of = (asked.site.as_deref(), &headers);
    let site = own_site(region, &visitor, choice_of, now);
    let src = format!("/work?site={}", site.as_ref().map_or(EVERY, |site| site.as_str()));
    let body = html! {
        (page_header(&w.t("work-title"), Some(&w.t("work-lead")), Some(&actions(w))))
        (choice(w, region, site.as_ref(), now))
        (live_region("work", TOPICS, &src,
            &all(w, &Desk { world: &world, visitor: &visitor, region, site: site.as_ref(), now })))
    };
    let mut answer = page(&app, &visitor, &w.t("work-title"), &[], &body).into_response();
    // A part that is fetched again by itself is nobody's choice.
    let line = if alone(&headers) { None } else { remember(&app, region, choice_of, now) };
    if let Some(line) = line {
        answer.headers_mut().append(SET_COOKIE, line);
    }
    Ok(answer)
}

/// What the lists are made of.
struct Desk<'a> {
    world: &'a World,
    visitor: &'a Visitor,
    region: &'a Region,
    site: Option<&'a SiteId>,
    now: Time,
}

fn actions(w: Words) -> Markup {
    html! {
        a.button.main href="/requests/emergency" { (w.t("requests-emergency")) }
        a.button href="/requests" { (w.t("requests-title")) }
    }
}

/// The own site is chosen once and remembered on this computer.
fn choice(w: Words, region: &Region, site: Option<&SiteId>, now: Time) -> Markup {
    let all = sites(region, now);
    html! {
        @if all.len() > 1 {
            nav.sites aria-label=(w.t("work-site")) {
                a href={ "/work?site=" (EVERY) } aria-current=[site.is_none().then_some("page")] {
                    (w.t("work-all-sites"))
                }
                @for (id, name) in &all {
                    " " a href={ "/work?site=" (id) }
                        aria-current=[site.is_some_and(|one| one.as_str() == id).then_some("page")] {
                        (name)
                    }
                }
            }
        }
    }
}

fn all(w: Words, desk: &Desk<'_>) -> Markup {
    let lists = lists(desk.region, desk.site, desk.now);
    html! {
        (section("running", &w.t("work-running"), &running(w, desk, &lists)))
        (section("stops", &w.t("work-stops"), &stops(w, desk, &lists)))
        (section("orders", &w.t("work-orders"), &orders(w, desk, &lists.orders, "work-no-orders")))
        (section("release", &w.t("work-release"), &release(w, &lists)))
        (section("arrivals", &w.t("work-arrivals"), &arrivals(w, desk)))
        (section("lapsing", &w.t("work-lapsing"), &lapsing(w, &lists)))
        (section("wards", &w.t("work-wards"), &wards(w, &lists)))
    }
}

fn nothing(w: Words, key: &str) -> Markup {
    html! { p.calm { (w.t(key)) } }
}

fn running(w: Words, desk: &Desk<'_>, lists: &Lists<'_>) -> Markup {
    orders(w, desk, &lists.running, "work-no-running")
}

/// Requests, each with the next thing to do.
fn orders(w: Words, desk: &Desk<'_>, all: &[Waiting<'_>], none: &str) -> Markup {
    if all.is_empty() {
        return nothing(w, none);
    }
    let rows = all.iter().map(|one| {
        let open = one.open;
        let when = match one.next_package {
            Some(Known::Value(at)) => html! {
                (w.t("work-next-package")) " " (time_tag(w, at.0))
                @if at < desk.now { " " (tag(Status::Attention, &w.t("request-late"))) }
            },
            Some(Known::Unknown) => html! { (w.t("request-next-asked")) },
            None => needed(w, open, desk.now),
        };
        let left = usize::from(open.request.units).saturating_sub(open.handed_out());
        let step = match (one.aside, left) {
            (0, _) => "work-step-choose",
            (aside, left) if aside >= left => "work-step-issue",
            _ => "work-step-more",
        };
        Row::new(Cell::link(&href(one.id), &what(w, open)))
            .cell(urgency_tag(w, open.request.urgency))
            .cell(when)
            .cell(open.request.ward.clone())
            .cell(html! { a.button href=(href(one.id)) { (w.t(step)) } })
    });
    let table = Table::new(w.t("work-orders")).caption_hidden().columns([
        Column::text(w.t("request-what")),
        Column::text(w.t("request-urgency")),
        Column::text(w.t("request-needed")),
        Column::text(w.t("request-ward")),
        Column::text(w.t("work-step")),
    ]);
    html! { (table.rows(rows)) }
}

/// Everything that is stopped until somebody has looked at it.
fn stops(w: Words, desk: &Desk<'_>, lists: &Lists<'_>) -> Markup {
    let (region, now) = (&desk.visitor.region, desk.now);
    let asked = disclosure::waiting(desk.world, region, now);
    let late = disclosure::late(desk.world, region, now);
    let calm = asked + late == 0
        && lists.discrepancies.is_empty()
        && lists.unreconciled.is_empty()
        && lists.stop_on_ward.is_empty()
        && lists.held.is_empty()
        && lists.half_decided.is_empty()
        && lists.reactions.is_empty();
    if calm {
        return nothing(w, "work-no-stops");
    }
    html! {
        ul.stops {
            @for one in &lists.stop_on_ward {
                li {
                    (tag(Status::Stopped, &w.t("work-ring"))) " "
                    a href=(href(one.request)) { (one.ward) } ": " (unit_text(&one.unit))
                }
            }
            @for (request, found) in &lists.discrepancies {
                li {
                    (tag(Status::Stopped, &w.dynamic("discrepancy-", found.kind.as_str()))) " "
                    @match request {
                        Some(id) => a href=(href(id)) { (unit_text(&found.unit)) },
                        None => a href="/work/loose" { (unit_text(&found.unit)) },
                    }
                }
            }
            @for (id, open) in &lists.unreconciled {
                li {
                    (tag(Status::Attention, &w.t("work-reconcile"))) " "
                    a href=(href(id)) { (what(w, open)) ", " (open.request.ward) }
                }
            }
            @for (id, one) in &lists.half_decided {
                li {
                    (tag(Status::OneSided, &w.t("exception-half"))) " "
                    a href=(href(id)) { (w.dynamic("exception-", one.rule.as_str())) }
                }
            }
            @for (id, one) in &lists.reactions {
                li {
                    (tag(Status::Attention, &w.t("work-reaction"))) " "
                    a href={ "/reactions#" (id) } { (w.dynamic("reacted-", one.category.as_str())) }
                    " · " (time_tag(w, one.began.0))
                }
            }
            @for (n, key) in [(asked, "work-asked"), (late, "work-answers-late")] {
                @if n > 0 {
                    li {
                        (tag(Status::Attention, &w.t("nav-disclosures"))) " "
                        a href="/disclosures" { (w.t_args(key, &[("n", n.into())])) }
                    }
                }
            }
            @for (reason, count) in &lists.held {
                li {
                    (tag(Status::Attention, &w.dynamic("quarantine-", reason.as_str()))) " "
                    a href=(held_at(desk)) {
                        (w.t_args("work-held", &[("n", i64::try_from(*count).unwrap_or(0).into())]))
                    }
                }
            }
        }
    }
}

/// Where the units in quarantine are listed: at the chosen site, else by the region's sites.
fn held_at(desk: &Desk<'_>) -> String {
    let region = &desk.visitor.region;
    match desk.site {
        Some(site) => format!("/stock/{region}/{site}?status=quarantined#units"),
        None => format!("/stock?region={region}#sites"),
    }
}

fn release(w: Words, lists: &Lists<'_>) -> Markup {
    if lists.to_release == 0 {
        return nothing(w, "work-no-release");
    }
    let count = i64::try_from(lists.to_release).unwrap_or(0);
    html! { p { a href="/release" { (w.t_args("work-to-release", &[("n", count.into())])) } } }
}

/// What is on its way here, the earliest first.
fn arrivals(w: Words, desk: &Desk<'_>) -> Markup {
    let parts = parts(desk.world, desk.now);
    let here: Vec<_> = moving(&parts, desk.now)
        .into_iter()
        .filter(|one| one.way.to_region == desk.visitor.region)
        .filter(|one| desk.site.is_none_or(|site| *site == one.way.to_site))
        .collect();
    if here.is_empty() {
        return nothing(w, "work-no-arrivals");
    }
    html! {
        ul {
            @for one in &here {
                li {
                    @if one.late { (tag(Status::Attention, &w.t("request-late"))) " " }
                    a href="/shipments" {
                        (site_name(desk.world, &one.from_region, &one.way.from)) " → "
                        (site_name(desk.world, &desk.visitor.region, &one.way.to_site))
                    }
                    ", " (w.t_args("work-units", &[("n", i64::try_from(one.open.len()).unwrap_or(0).into())]))
                    " · " (super::parts::known_time(w, one.eta()))
                }
            }
        }
    }
}

fn lapsing(w: Words, lists: &Lists<'_>) -> Markup {
    let hours = [("hours", LAPSING_HOURS.into())];
    if lists.lapsing.is_empty() {
        return html! { p.calm { (w.t_args("work-no-lapsing", &hours)) } };
    }
    html! {
        ul {
            @for (at, unit, request) in &lists.lapsing {
                li {
                    (time_tag(w, at.0)) " "
                    @match request {
                        Some(id) => a href=(href(id)) { (unit_text(unit)) },
                        None => a href=(unit_href(unit)) { (unit_text(unit)) },
                    }
                }
            }
        }
    }
}

fn wards(w: Words, lists: &Lists<'_>) -> Markup {
    let hours = [("hours", UNRETURNED_HOURS.into())];
    if lists.unreturned.is_empty() {
        return html! { p.calm { (w.t_args("work-no-wards", &hours)) } };
    }
    html! {
        ul {
            @for one in &lists.unreturned {
                li {
                    (time_tag(w, one.given.at.0)) " " (one.ward) " "
                    a href=(href(one.request)) { (unit_text(&one.unit)) }
                }
            }
        }
    }
}
