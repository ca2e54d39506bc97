//! The live part of the stock page.

use maud::{Markup, html};
use samband_domain::Known;
use samband_domain::blood::model::Component;
use samband_domain::blood::view::picture::{
    Cell as Line, Part, RegionRow, STALE_HOURS, SiteRow, expiring,
};

use super::figures::{available, below, below_tag, days_number, demand, eta, source, told_age};
use super::{View, component, component_or_all, heat, map};
use crate::app::stock::{parts, site_name};
use crate::components::{Cell, Column, EmptyState, Note, Row, Table, section, time_tag};
use crate::pages::parts::name_of;
use crate::pages::shipments;
use crate::text::Words;

/// The page from its view.
pub(super) fn body(w: Words, view: &View<'_>) -> Markup {
    let components = components(view);
    let (title, text) = (w.t("stock-empty"), w.t("stock-empty-text"));
    html! {
        (stale(w, view))
        @if components.is_empty() {
            (EmptyState::new(&title, &text))
            @if !view.picture.sites.is_empty() {
                (section("sites", &w.t("stock-sites"), &sites(w, view)))
            }
        }
        @else {
            (section("heat", &w.t("stock-heat"), &html! {
                (heat::legend(w))
                @for one in &components { (heat::table(w, view, *one)) }
            }))
            @if let Some(first) = components.first() {
                (map::map(w, view, *first, view.filter.group))
            }
            @if view.filter.region.is_some() {
                (section("sites", &w.t("stock-sites"), &sites(w, view)))
            }
            (section("moving", &w.t("stock-moving"), &html! {
                (shipments::list(w, view.world, &view.picture.moving, view.now))
            }))
            (section("figures", &w.t("stock-figures"), &html! {
                @for one in &components { (figures(w, view, *one)) }
                (Note::info(w, &w.t("stock-days-means")))
                (limits(w, view))
            }))
        }
    }
}

fn components(view: &View<'_>) -> Vec<Component> {
    let mut all: Vec<_> = view.picture.regions.iter().filter_map(|row| row.component).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// How soon is soon and how old is old: by each region's rules, or by the product's own choice.
fn limits(w: Words, view: &View<'_>) -> Markup {
    let parts = parts(view.world, view.now);
    let wanted =
        |part: &&Part<'_>| view.filter.region.as_ref().is_none_or(|region| region == part.journal);
    let of_region = |part: &Part<'_>| {
        let soon = expiring(part, view.now);
        let key = if soon.by_rule { "stock-soon-by-rule" } else { "stock-soon-by-samband" };
        let name = name_of(&view.places, part.journal);
        w.t_args(key, &[("region", name.into()), ("n", soon.days.into())])
    };
    let told: Vec<_> = parts.iter().filter(wanted).map(of_region).collect();
    let soon = w.t_args("stock-soon-means", &[("regions", told.join("; ").into())]);
    let old = w.t_args("stock-old-means", &[("n", STALE_HOURS.into())]);
    html! { p.fine { (soon) } p.fine { (old) } }
}

/// Regions and sites whose figures are too old to trust: `Kronoberg, 26 h gammalt`.
fn stale(w: Words, view: &View<'_>) -> Markup {
    let mut old: Vec<String> = view
        .places
        .iter()
        .filter(|place| place.stale(view.now))
        .filter(|place| view.filter.region.as_ref().is_none_or(|id| *id == place.id))
        .map(|place| {
            let age = crate::pages::parts::age_text(w, place.as_of, view.now);
            format!("{}, {age}", place.short())
        })
        .collect();
    for row in view.picture.sites.iter().filter(|row| row.cell.stale) {
        let name = site_name(view.world, &row.region, &row.site);
        let age = told_age(w, &row.cell, view.now);
        let text = format!("{} ({name}), {age}", name_of(&view.places, &row.region));
        if !old.contains(&text) {
            old.push(text);
        }
    }
    html! {
        @if !old.is_empty() {
            (Note::warning(w, &w.t_args("stock-stale", &[("places", old.join("; ").into())])))
        }
    }
}

/// A region's sites, each with a way to its shelves.
fn sites(w: Words, view: &View<'_>) -> Markup {
    let row = |row: &SiteRow| {
        let href = format!("/stock/{}/{}", row.region, row.site);
        let name = site_name(view.world, &row.region, &row.site);
        let what = what(w, row);
        let header = html! { a href=(href) { (name) } span.fine { (what) } };
        numbers(w, view, Row::new(Cell::markup(html! { span.role { (header) } })), &row.cell)
    };
    let rows: Vec<_> = view.picture.sites.iter().map(row).collect();
    let table = Table::new(w.t("stock-sites")).caption_hidden().columns(columns(w, "stock-site"));
    let table = table.files("stock?by=site");
    html! {
        @if rows.is_empty() { p { (w.t("stock-no-sites")) } } @else { (table.rows(rows)) }
    }
}

/// What a site's line is about.
pub(super) fn what(w: Words, row: &SiteRow) -> String {
    let what = component_or_all(w, row.component);
    match (row.component, row.group) {
        (None, _) => what,
        (_, Some(group)) => format!("{what}, {group}"),
        (_, None) => format!("{what}, {}", w.t("stock-group-unknown")),
    }
}

/// Every figure of a component with source, time and age.
fn figures(w: Words, view: &View<'_>, one: Component) -> Markup {
    let row = |row: &&RegionRow| {
        let place = name_of(&view.places, &row.region);
        let header = html! {
            span.role { span { (place) } span.fine { (heat::group_name(w, row.group)) } }
        };
        numbers(w, view, Row::new(Cell::markup(header)), &row.cell)
    };
    let rows: Vec<_> =
        view.picture.regions.iter().filter(|row| row.component == Some(one)).collect();
    let mut query = format!("component={one}");
    if let Some(region) = &view.filter.region {
        query = format!("{query}&region={region}");
    }
    let table = Table::new(component(w, one))
        .columns(columns(w, "stock-region"))
        .rows(rows.iter().map(row))
        .export("CSV", format!("/api/v1/stock?format=csv&{query}"))
        .export("XLSX", format!("/api/v1/stock?format=xlsx&{query}"));
    html! { details.fold { summary { (component(w, one)) } (table) } }
}

fn columns(w: Words, first: &str) -> Vec<Column> {
    vec![
        Column::text(w.t(first)),
        Column::number(w.t("stock-days-of-supply")),
        Column::number(w.t("stock-available")),
        Column::number(w.t("stock-reserved")),
        Column::number(w.t("stock-quarantined")),
        Column::number(w.t("stock-expiring")),
        Column::text(w.t("stock-in-transit")),
        Column::text(w.t("stock-minimum")),
        Column::text(w.t("stock-demand")),
        Column::text(w.t("stock-source")),
    ]
}

fn numbers(w: Words, view: &View<'_>, row: Row, cell: &Line) -> Row {
    let minimum = html! {
        span.role {
            @match cell.minimum {
                Some(least) => span { (w.int(least)) },
                None => span { "–" },
            }
            @if below(cell) {
                (below_tag(w, cell))
                @if let Some(since) = cell.below_since {
                    span.fine { (w.t("stock-since")) " " (time_tag(w, since.0)) }
                }
            }
        }
    };
    let coming = html! {
        @if cell.in_transit == 0 { "–" } @else {
            (w.int(cell.in_transit))
            " " (eta(w, cell, view.now))
        }
    };
    row.cell(match cell.days_milli {
        Known::Value(_) => Cell::text(days_number(w, cell.days_milli)),
        Known::Unknown => Cell::unknown(w),
    })
    .cell(available(w, cell))
    .cell(Cell::count(w, cell.reserved.value()))
    .cell(Cell::count(w, cell.quarantined.value()))
    .cell(Cell::count(w, cell.expiring.value()))
    .cell(coming)
    .cell(minimum)
    .cell(demand(w, cell, view.now))
    .cell(source(w, cell, view.now))
}
