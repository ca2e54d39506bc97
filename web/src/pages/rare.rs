//! Sällsynt blod: units of all regions that fit, own typed donors, the other regions' donors as a
//! number, and how probable a fit is.

mod donors;
mod search;

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::rare::Command;
use samband_domain::rare::view;
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;

use super::frame::{Back, done_note, page, send};
use super::parts::{age_text, region_name};
use super::shipments::lacking_text;
use super::stock::component;
use super::typed::{Draft, Typed};
use super::units::{boxed, status_tag};
use crate::app::history::group_text;
use crate::app::rare::{Asked, Search, parts};
use crate::app::stock::{site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, EmptyState, Row, Table, page_header, section, time_tag};
use crate::text::Words;

const ASK: &str = "ask-rare";

/// Units of one region that are shown at once; the rest is folded.
const SHOWN: usize = 6;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/rare", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &asked, &draft))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::AskRare, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != ASK {
        return Err(Problem::malformed(typed.act()));
    }
    let wanted = asked.search(visitor.words)?.wanted;
    let note = Some(typed.get("rare-note").to_owned()).filter(|text| !text.is_empty());
    let command = Ok(Command::Ask { wanted, note }.into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(super::frame::done(&format!("/rare{}", asked.query()), ASK)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &asked, &draft)).into_response())
        }
    }
}

fn whole(app: &App, visitor: &Visitor, asked: &Asked, draft: &Draft) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let title = w.t("rare-title");
    let search = if asked.is_empty() { None } else { Some(asked.search(w)) };
    let wrong = search.as_ref().and_then(|search| search.as_ref().err());
    let wrong = wrong.map(|problem| visitor.explain(app, problem.clone()));
    let found = search.and_then(Result::ok).filter(|one| one.wanted.says_something());
    let body = html! {
        (page_header(&title, Some(&w.t("rare-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (draft.banner(w))
        @if let Some(wrong) = &wrong { (wrong) }
        (section("search", &w.t("rare-search"), &search::form(w, asked)))
        @if let Some(search) = &found {
            (results(app, visitor, &world, search, (asked, draft), now))
        }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}

fn results(
    app: &App,
    visitor: &Visitor,
    world: &World,
    search: &Search,
    (asked, draft): (&Asked, &Draft),
    now: Time,
) -> Markup {
    let w = visitor.words;
    html! {
        p.says { (said(w, search)) }
        (section("units", &w.t("rare-units"), &units(w, world, visitor, search, now)))
        (section("donors", &w.t("rare-donors"), &donors::own(app, visitor, world, search, now)))
        (section("others", &w.t("rare-others"), &donors::others(app, visitor, world, search, (asked, draft), now)))
        (section("probability", &w.t("rare-probability"), &probability(w, search)))
    }
}

/// What was searched for, as one reads it aloud.
fn said(w: Words, search: &Search) -> String {
    let mut all = Vec::new();
    all.extend(search.component.map(|one| component(w, one)));
    if let Some(group) = search.recipient {
        let groups = search.wanted.groups.iter().map(ToString::to_string).collect::<Vec<_>>();
        let args = [("group", group.to_string().into()), ("groups", groups.join(", ").into())];
        all.push(w.t_args("rare-for-group", &args));
    }
    if !search.wanted.lacks.is_empty() {
        all.push(lacking_text(w, search.wanted.lacks));
    }
    if !search.wanted.hla.is_empty() {
        all.push(format!("HLA {}", search.wanted.hla.join(", ")));
    }
    if !search.wanted.lacks_hpa.is_empty() {
        let names: Vec<_> = search.wanted.lacks_hpa.iter().map(|one| one.as_str()).collect();
        all.push(w.t_args("rare-without-hpa", &[("antigens", names.join(", ").into())]));
    }
    all.join("; ")
}

fn units(w: Words, world: &World, visitor: &Visitor, search: &Search, now: Time) -> Markup {
    let parts = parts(world, now);
    let mut found = view::units(&parts, (search.component, &search.wanted), now);
    // What lies nearest first.
    found.sort_by_key(|one| one.region != visitor.region);
    let ask = search.ask_href();
    html! {
        @for one in &found {
            h3 {
                (region_name(world, &one.region)) " "
                span.fine { (age_text(w, one.as_of, now)) }
            }
            @if one.units.is_empty() {
                p { (w.t("rare-none-known")) }
            } @else {
                p {
                    (w.t_args("rare-count", &[("n", one.count.into()), ("free", one.free.into())]))
                    @if one.region != visitor.region {
                        " " a href={ (ask) "&region=" (one.region) } { (w.t("rare-ask-units")) }
                    }
                }
                @let (first, rest) = one.units.split_at(one.units.len().min(SHOWN));
                (table(w, world, &one.region, first))
                @if !rest.is_empty() {
                    details.fold {
                        summary { (w.t_args("rare-more", &[("n", rest.len().into())])) }
                        (table(w, world, &one.region, rest))
                    }
                }
            }
            @if !one.untold.is_empty() {
                @let names: Vec<_> =
                    one.untold.iter().map(|site| site_name(world, &one.region, site)).collect();
                p.fine { (w.t_args("rare-untold", &[("sites", names.join(", ").into())])) }
            }
        }
    }
}

fn table(w: Words, world: &World, region: &JournalId, units: &[view::Unit]) -> Markup {
    let row = |unit: &view::Unit| {
        let number = html! { a href=(unit_href(&unit.id)) { (boxed(w, unit.id.din)) } };
        Row::new(Cell::markup(number))
            .cell(w.dynamic("product-", unit.product.as_str()))
            .cell(group_text(w, unit.group))
            .cell(site_name(world, region, &unit.site))
            .cell(time_tag(w, unit.expiry.0))
            .cell(status_tag(w, unit.status))
    };
    let table = Table::new(w.t("rare-units")).caption_hidden().columns([
        Column::text(w.t("unit-din")),
        Column::text(w.t("unit-product")),
        Column::text(w.t("stock-group")),
        Column::text(w.t("stock-site")),
        Column::text(w.t("unit-expiry")),
        Column::text(w.t("unit-status")),
    ]);
    html! { (table.rows(units.iter().map(row))) }
}

fn probability(w: Words, search: &Search) -> Markup {
    let chance = view::probability(&search.wanted);
    let percent = |n: u64, of: i128, decimals| w.percent((i128::from(n), of), decimals);
    html! {
        p {
            strong {
                @match chance.per_milliard {
                    Known::Value(n) => (w.t_args("rare-chance", &[
                        ("share", percent(n, 1_000_000_000, 2).into()),
                        ("one-in", w.int(one_in(n)).into()),
                    ])),
                    Known::Unknown => (w.t("rare-chance-unknown")),
                }
            }
        }
        ul {
            li {
                (w.t("rare-groups-share")) ": " (percent(u64::from(chance.groups), 1_000_000, 0))
                " " span.source { (view::SHARES_SOURCE) }
            }
            @for one in &chance.lacking {
                li {
                    (one.antigen) "−: "
                    @match one.per_million {
                        Known::Value(share) => {
                            (percent(u64::from(share), 1_000_000, 2)) " "
                            span.source { (one.source) }
                        }
                        Known::Unknown => (w.unknown()),
                    }
                }
            }
        }
        p.fine { (w.t("rare-chance-means")) }
    }
}

/// One in how many, to the nearest.
fn one_in(per_milliard: u64) -> u64 {
    1_000_000_000_u64.checked_div(per_milliard).unwrap_or_default()
}

/// An empty part, said in one line.
fn nothing(title: &str, text: &str) -> Markup {
    html! { (EmptyState::new(title, text)) }
}
