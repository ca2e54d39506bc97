//! One site's shelves: what lies there, unit by unit.

mod forms;

#[cfg(test)]
pub(in super::super) use forms::FUNCTIONS;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::unit::Place as Held;
use samband_domain::blood::model::{Component, Group, Unit, UnitId};
use samband_domain::blood::view::picture::{Filter, Picture, SiteRow, Soon, expiring, picture};
use samband_domain::blood::view::units::{Wanted, at_site};
use samband_domain::kernel::{RecordKeeper, Site};
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::{Journal, World};
use serde::Deserialize;

use super::component;
use super::figures::{days_number, demand_folded, source};
use crate::app::fragments::alone;
use crate::app::history::{group_text, tests_text};
use crate::app::stock::{TOPICS, component as read_component, parts, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Note, Pagination, Row, Table, live_region, page_header,
    section, tag, time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{May, region_name};
use crate::pages::typed::{Draft, Typed};
use crate::pages::units::status_tag;
use crate::text::Words;

/// Units on one page.
const PAGE: usize = 25;

/// What may be done with the site's stock.
const ACTIONS: &[Action] = &[
    Action::StateDuty,
    Action::StateDemand,
    Action::CountStock,
    Action::TakeOverStock,
    Action::ReportExternalStock,
    Action::DispatchUnits,
];

/// Which units are wanted, and which page of them.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    component: Option<String>,
    group: Option<String>,
    status: Option<String>,
    expiring: Option<String>,
    page: Option<usize>,
    done: Option<String>,
}

/// What the page shows.
pub(super) struct View<'a> {
    now: Time,
    world: &'a World,
    journal: &'a Journal,
    site: &'a Site,
    picture: Picture,
    units: Vec<(UnitId, &'a Unit)>,
    wanted: Wanted,
    soon: Soon,
    /// From 0.
    page: usize,
    may: May,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/stock/{region}/{site}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Path((region, site)): Path<(JournalId, SiteId)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let world = app.engine.world();
    let view = look(&app, &visitor, &world, (&region, &site), &asked)?;
    if alone(&headers) {
        return Ok(Html(live(visitor.words, &view).into_string()).into_response());
    }
    let draft = Draft::fresh(view.now);
    Ok(whole(&app, &visitor, &view, &draft, asked.done.as_deref()).into_response())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((region, site)): Path<(JournalId, SiteId)>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let world = app.engine.world();
    let view = look(&app, &visitor, &world, (&region, &site), &asked)?;
    let typed = Typed::new(pairs);
    let Some(command) = forms::read(visitor.words, &site, &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    match send(&app, &visitor, &region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&format!("/stock/{region}/{site}"), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &view, &draft, None)).into_response())
        }
    }
}

fn look<'a>(
    app: &App,
    visitor: &Visitor,
    world: &'a World,
    (region, site): (&JournalId, &SiteId),
    asked: &Asked,
) -> Result<View<'a>, Problem> {
    visitor.permit(app, Action::SeeStock, &visitor.region)?;
    let journal = world.journal(region).ok_or_else(|| Problem::not_found(region.as_str()))?;
    let held = journal.shared().kernel.sites.get(site);
    let held = held.ok_or_else(|| Problem::not_found(site.as_str()))?;
    let now = app.engine.now();
    let parts = parts(world, now);
    let part = parts.iter().find(|part| part.journal == region);
    let part = part.ok_or_else(|| Problem::not_found(region.as_str()))?;
    let soon = expiring(part, now);
    let wanted = wanted(asked, soon, now)?;
    let filter =
        Filter { region: Some(region.clone()), site: Some(site.clone()), ..Filter::default() };
    let own = *region == visitor.region;
    Ok(View {
        now,
        world,
        journal,
        site: held,
        picture: picture(&parts, &filter, now),
        units: at_site(&journal.shared().blood, site, &wanted),
        wanted,
        soon,
        page: asked.page.unwrap_or(1).saturating_sub(1),
        may: May::of(ACTIONS, |action| own && visitor.may(app, action)),
    })
}

fn wanted(asked: &Asked, soon: Soon, now: Time) -> Result<Wanted, Problem> {
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let group = match given(&asked.group).as_deref() {
        None => None,
        Some("unknown") => Some(None),
        Some(text) => Some(Some(crate::app::stock::group(text)?)),
    };
    let status = given(&asked.status).filter(|status| status.parse::<Held>().is_ok());
    Ok(Wanted {
        component: given(&asked.component).map(|text| read_component(&text)).transpose()?,
        group,
        status,
        expiring_by: given(&asked.expiring).map(|_| now.plus_days(i64::from(soon.days))),
    })
}

fn whole(
    app: &App,
    visitor: &Visitor,
    view: &View<'_>,
    draft: &Draft,
    done: Option<&str>,
) -> Html<String> {
    let w = visitor.words;
    let region = region_name(view.world, &view.journal.id);
    let crumbs = [
        ("/stock", w.t("stock-title")),
        (&*format!("/stock?region={}", view.journal.id), region.clone()),
    ]
    .map(|(href, label)| (href.to_owned(), label));
    let crumbs: Vec<_> = crumbs.iter().map(|(href, label)| (&**href, label.clone())).collect();
    let body = html! {
        (page_header(&view.site.name, Some(&lead(w, view, &region)), Some(&actions(w, view))))
        (done_note(w, done))
        (draft.banner(w))
        (filters(w, view))
        (live(w, view))
        (forms::forms(w, view, draft))
    };
    page(app, visitor, &view.site.name, &crumbs, &body)
}

fn lead(w: Words, view: &View<'_>, region: &str) -> String {
    let kind = w.dynamic("site-kind-", view.site.kind.as_str());
    let record = w.dynamic("stock-record-", view.site.record.as_str());
    format!("{kind}, {region}. {record}")
}

fn actions(w: Words, view: &View<'_>) -> Markup {
    let site = &view.site.id;
    let own = view.site.record == RecordKeeper::Samband;
    let all = [
        (Action::CountStock, own, "/stock/count", "stock-to-count"),
        (Action::TakeOverStock, own, "/stock/take-over", "stock-to-take-over"),
        (Action::ReportExternalStock, !own, "/stock/external", "stock-to-external"),
        (Action::DispatchUnits, own, "/shipments/send", "stock-to-send"),
    ];
    html! {
        @for (action, fits, href, key) in all {
            @if fits && view.may.has(action) {
                a.button href=(format!("{href}?site={site}")) { (w.t(key)) }
            }
        }
    }
}

fn live(w: Words, view: &View<'_>) -> Markup {
    live_region(
        "shelves",
        TOPICS,
        &address(view, view.page),
        &html! {
            (section("shelves", &w.t("stock-shelves"), &shelves(w, view)))
            (section("duty", &w.t("stock-duty"), &duty(w, view)))
            @if view.site.record == RecordKeeper::Samband {
                (section("units", &w.t("stock-units-heading"), &units(w, view)))
            } @else {
                (Note::info(w, &w.t("stock-external-means")))
            }
        },
    )
}

/// The page's address with its filter.
fn address(view: &View<'_>, page: usize) -> String {
    let wanted = &view.wanted;
    let group = |group: Option<Group>| group.map_or("unknown", Group::as_str);
    let pairs = [
        ("component", wanted.component.map(|one| one.to_string())),
        ("group", wanted.group.map(|one| group(one).to_owned())),
        ("status", wanted.status.clone()),
        ("expiring", wanted.expiring_by.map(|_| "on".to_owned())),
        ("page", (page > 0).then(|| (page + 1).to_string())),
    ];
    let given: Vec<_> =
        pairs.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
    let path = format!("/stock/{}/{}", view.journal.id, view.site.id);
    if given.is_empty() { path } else { format!("{path}?{}", given.join("&")) }
}

/// Where a line's target is shown, if one is set.
fn aim(view: &View<'_>, row: &SiteRow) -> Option<String> {
    let line = Line { component: row.component?, group: row.group };
    let set = view.journal.shared().plans.targets.contains_key(&(row.site.clone(), line));
    let (region, site, component) = (&row.region, &row.site, line.component);
    set.then(|| format!("/plan/targets?region={region}&site={site}&component={component}"))
}

fn shelves(w: Words, view: &View<'_>) -> Markup {
    let row = |row: &SiteRow| {
        let what = super::body::what(w, row);
        let cell = &row.cell;
        let header = row.component.map_or_else(
            || Cell::text(what.clone()),
            |one| {
                let code = row.group.map_or("unknown", Group::as_str);
                let site = format!("/stock/{}/{}", row.region, row.site);
                Cell::link(&format!("{site}?component={one}&group={code}#units"), &what)
            },
        );
        Row::new(header)
            .cell(Cell::count(w, cell.available.value()))
            .cell(Cell::count(w, cell.reserved.value()))
            .cell(Cell::count(w, cell.quarantined.value()))
            .cell(Cell::count(w, cell.expiring.value()))
            .cell(Cell::count(w, cell.unusable.value()))
            .cell(match cell.days_milli.value() {
                Some(_) => {
                    let days = Cell::text(days_number(w, cell.days_milli));
                    aim(view, row).map_or(days.clone(), |href| days.to(&href))
                }
                None => Cell::unknown(w),
            })
            .cell(demand_folded(w, cell, view.now))
            .cell(source(w, cell, view.now))
    };
    let rows: Vec<_> = view.picture.sites.iter().map(row).collect();
    let (title, text) = (w.t("stock-site-empty"), w.t("stock-site-empty-text"));
    let table = Table::new(w.t("stock-shelves"))
        .caption_hidden()
        .columns([
            Column::text(w.t("stock-what")),
            Column::number(w.t("stock-available")),
            Column::number(w.t("stock-reserved")),
            Column::number(w.t("stock-quarantined")),
            Column::number(w.t("stock-expiring")),
            Column::number(w.t("stock-unusable")),
            Column::number(w.t("stock-days-of-supply")),
            Column::text(w.t("stock-demand")),
            Column::text(w.t("stock-source")),
        ])
        .scrolling();
    html! {
        @if rows.is_empty() { (EmptyState::new(&title, &text)) } @else { (table.rows(rows)) }
    }
}

fn duty(w: Words, view: &View<'_>) -> Markup {
    let lines = view.journal.shared().blood.duty.get(&view.site.id);
    html! {
        @match lines {
            None => p { (w.t("stock-no-duty")) },
            Some(lines) => ul.plain { @for line in lines { li { (phone(w, line, view.now)) } } },
        }
    }
}

/// A function's number that a telephone can call at a touch.
pub(in super::super) fn phone(
    w: Words,
    line: &samband_domain::blood::Stated<samband_domain::blood::model::stock::Duty>,
    now: Time,
) -> Markup {
    let duty = &line.value;
    let number: String = duty.phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let age = w.t_args("provenance-age", &[("age", w.age(line.recorded.0, now.0).into())]);
    html! {
        (w.dynamic("duty-of-", duty.function.as_str())) ": "
        a href={ "tel:" (number) } { (duty.phone) }
        ", " (duty.hours) " " span.fine { "(" (age) ")" }
    }
}

fn filters(w: Words, view: &View<'_>) -> Markup {
    if view.site.record != RecordKeeper::Samband {
        return html! {};
    }
    let any = |key| std::iter::once((String::new(), w.t(key)));
    let components = Component::ALL.iter().map(|one| (one.to_string(), component(w, *one)));
    let groups = Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let unknown = std::iter::once(("unknown".to_owned(), w.t("stock-group-unknown")));
    let statuses = Held::ALL.iter();
    let statuses = statuses.map(|one| (one.to_string(), w.dynamic("unit-status-", one.as_str())));
    let wanted = &view.wanted;
    let group = wanted.group.map(|group| group.map_or("unknown", Group::as_str));
    let path = format!("/stock/{}/{}", view.journal.id, view.site.id);
    let days = [("n", view.soon.days.into())];
    let form = Form::get(w, &path, w.t("stock-filter-show"))
        .field(
            Field::select(
                "component",
                w.t("stock-component"),
                any("stock-all-components").chain(components),
            )
            .value(wanted.component.map_or_else(String::new, |one| one.to_string())),
        )
        .field(
            Field::select(
                "group",
                w.t("stock-group"),
                any("stock-all-groups").chain(groups).chain(unknown),
            )
            .value(group.unwrap_or_default()),
        )
        .field(
            Field::select("status", w.t("unit-status"), any("stock-all-statuses").chain(statuses))
                .value(wanted.status.clone().unwrap_or_default()),
        )
        .field(
            Field::check_box("expiring", w.t_args("stock-only-expiring", &days))
                .value(if wanted.expiring_by.is_some() { "on" } else { "" }),
        );
    html! { div.choices { (form) } }
}

fn units(w: Words, view: &View<'_>) -> Markup {
    let all = view.units.len();
    let pages = all.div_ceil(PAGE).max(1);
    let at = view.page.min(pages - 1);
    let shown = view.units.iter().skip(at * PAGE).take(PAGE);
    let row = |(id, unit): &(UnitId, &Unit)| {
        let din = html! {
            a href=(unit_href(id)) { (id.din.spaced()) " " (id.din.check_character()) }
        };
        let tests = unit.tested.as_deref().map(|tested| tests_text(w, tested));
        Row::new(Cell::markup(din))
            .cell(w.dynamic("product-", unit.product.as_str()))
            .cell(group_text(w, unit.group))
            .cell(html! {
                (time_tag(w, unit.expiry.0)) " "
                @if unit.expiry <= view.now {
                    (tag(crate::components::Status::Stopped, &w.t("unit-expired")))
                } @else {
                    span.fine { (w.remaining(view.now.0, unit.expiry.0)) }
                }
            })
            .cell(status_tag(w, unit.status))
            .cell(tests.map_or_else(|| Cell::unknown(w), Cell::text))
    };
    let first = at * PAGE + 1;
    let last = (first + PAGE - 1).min(all);
    let shown_text = w.t_args(
        "stock-units-shown",
        &[("first", first.into()), ("last", last.into()), ("all", all.into())],
    );
    let (before, after) = (address(view, at.saturating_sub(1)), address(view, at + 1));
    let table = Table::new(w.t("stock-units-heading"))
        .caption_hidden()
        .columns([
            Column::text(w.t("unit-din")),
            Column::text(w.t("unit-product")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("unit-expiry")),
            Column::text(w.t("unit-status")),
            Column::text(w.t("unit-tests")),
        ])
        .rows(shown.map(row))
        .files(&format!("units?region={}&site={}", view.journal.id, view.site.id));
    html! {
        @if all == 0 { p { (w.t("stock-no-units")) } } @else {
            (table)
            (Pagination::new(w, shown_text)
                .previous((at > 0).then_some(&*before))
                .next((at + 1 < pages).then_some(&*after)))
        }
    }
}
