//! The five things of the coordinator's page.

use maud::{Markup, html};
use samband_domain::blood::model::{Component, Group, Recipient};
use samband_domain::blood::rules::compatible::{Policies, Urgency, ladder};
use samband_domain::blood::view::moving::Moving;
use samband_domain::blood::view::picture::{Part, RegionRow};
use samband_domain::blood::view::units::{Soon, expiring as soon};
use samband_domain::kernel::SiteKind;
use samband_domain::rulesets::Scope;
use samband_domain::{JournalId, Known};

use super::View;
use crate::app::stock::site_name;
use crate::components::{Cell, Column, EmptyState, Row, Status, Table, status, time_tag};
use crate::pages::parts::{age_text, name_of};
use crate::pages::shipments::{eta, load, marks, way};
use crate::pages::stock::figures::{
    available, below as is_below, below_tag, demand_folded, hours, source, told_age,
};
use crate::pages::stock::site::phone;
use crate::pages::stock::{component, component_or_all};
use crate::text::Words;

/// How far ahead expiries are shown, in days (demo.md).
const DAYS_AHEAD: i64 = 7;

/// Every stock below its minimum, the one that runs out first on top.
pub(super) fn below(w: Words, view: &View<'_>) -> Markup {
    let mut rows = short(view);
    // What nobody can tell comes last, the reader's own region first where all else is equal.
    rows.sort_by_key(|row| {
        let left = row.cell.days_milli.value().unwrap_or(u64::MAX);
        (left, row.region != *view.region)
    });
    let row = |row: &&RegionRow| {
        let cell = &row.cell;
        let mut href = format!("/stock?region={}", row.region);
        if let Some(one) = row.component {
            href = format!("{href}&component={one}");
        }
        let name = name_of(&view.places, &row.region);
        let group = group(w, row.group);
        let header = html! {
            span.role {
                a href=(href) { strong { (name) ", " (group) } }
                span.fine { (component_or_all(w, row.component)) }
            }
        };
        Row::new(Cell::markup(header))
            .cell(html! { strong.until { (until(w, row)) } })
            .cell(available(w, cell))
            .cell(below_tag(w, cell))
            .cell(match cell.below_since {
                Some(since) => Cell::markup(time_tag(w, since.0)),
                None => Cell::text("–"),
            })
            .cell(demand_folded(w, cell, view.now))
            .cell(source(w, cell, view.now))
    };
    let (title, text) = (w.t("situation-none-below"), w.t("situation-none-below-text"));
    let table = Table::new(w.t("situation-below")).files("stock").caption_hidden().columns([
        Column::text(w.t("situation-what")),
        Column::text(w.t("situation-lasts")),
        Column::number(w.t("stock-available")),
        Column::text(w.t("stock-minimum")),
        Column::text(w.t("stock-since")),
        Column::text(w.t("stock-demand")),
        Column::text(w.t("stock-source")),
    ]);
    html! {
        @if rows.is_empty() && !anything_known(view) { (nothing_known(w)) }
        @else if rows.is_empty() {
            (EmptyState::new(&title, &text).action("/stock", &w.t("situation-to-stock")))
        }
        @else { (table.rows(rows.iter().map(row))) }
        @if no_minimum(view) { p.fine { (w.t("situation-no-minimum")) } }
    }
}

/// Whether any site has ever said what it has.
fn anything_known(view: &View<'_>) -> bool {
    view.picture.sites.iter().any(|row| row.cell.as_of != Known::Unknown)
}

/// Where there is no stock that anybody knows of, nothing is fresh and nothing is enough.
fn nothing_known(w: Words) -> Markup {
    let (title, text) = (w.t("stock-empty"), w.t("stock-empty-text"));
    html! { (EmptyState::new(&title, &text).action("/stock", &w.t("situation-to-stock"))) }
}

fn short<'a>(view: &'a View<'_>) -> Vec<&'a RegionRow> {
    view.picture.regions.iter().filter(|row| is_below(&row.cell)).collect()
}

/// Whether a region has no minimum at all, so that nothing of it can be below one.
fn no_minimum(view: &View<'_>) -> bool {
    view.regions.iter().any(|part| {
        let of_region = |row: &&RegionRow| row.region == *part.journal;
        !view.picture.regions.iter().filter(of_region).any(|row| row.cell.minimum.is_some())
    })
}

fn group(w: Words, group: Option<Group>) -> String {
    group.map_or_else(|| w.t("stock-every-group"), |group| group.to_string())
}

/// In how many hours it runs out.
fn until(w: Words, row: &RegionRow) -> String {
    match hours(row.cell.days_milli) {
        None => w.t("situation-until-unknown"),
        Some(0) => w.t("situation-out-now"),
        Some(hours) if hours < 72 => w.t_args("situation-hours", &[("n", hours.into())]),
        Some(hours) => w.t_args("situation-days", &[("n", (hours / 24).into())]),
    }
}

/// What is late, lacks units or was only spoken of by one side first; then the rest.
pub(super) fn moving(w: Words, view: &View<'_>) -> Markup {
    let mut all: Vec<&Moving> = view.picture.moving.iter().collect();
    all.sort_by_key(|one| (!one.late, one.missing.is_empty(), !one.one_sided));
    let row = |one: &&Moving| {
        let href = format!("/shipments/{}", one.dispatch.hash);
        Row::new(Cell::link(&href, &way(w, view.world, one)))
            .cell(load(w, one))
            .cell(eta(w, one, view.now))
            .cell(marks(w, one, view.now))
    };
    let table = Table::new(w.t("situation-moving")).files("shipments").caption_hidden().columns([
        Column::text(w.t("shipment-from-to")),
        Column::text(w.t("shipment-load")),
        Column::text(w.t("shipment-eta")),
        Column::text(w.t("shipment-state")),
    ]);
    html! {
        @if all.is_empty() { p { (w.t("shipments-empty")) } }
        @else { (table.rows(all.iter().map(row))) }
    }
}

/// What expires within a week, and which region below its minimum could use it.
pub(super) fn expiring(w: Words, view: &View<'_>) -> Markup {
    let by = view.now.plus_days(DAYS_AHEAD);
    let mut lines: Vec<(&Part<'_>, Soon)> = view
        .regions
        .iter()
        .flat_map(|part| soon(part.stock, view.now, by).into_iter().map(move |one| (part, one)))
        .collect();
    lines.sort_by_key(|(_, one)| one.first);
    // Where somebody lacks it, it stands first.
    lines.sort_by_key(|(part, one)| takers(view, part.journal, one).is_empty());
    let row = |(part, one): &(&Part<'_>, Soon)| {
        let name = name_of(&view.places, part.journal);
        let header = html! {
            span.role {
                strong { (name) ", " (one.group) }
                span.fine { (component(w, one.component)) }
            }
        };
        let takers = takers(view, part.journal, one);
        Row::new(Cell::markup(header))
            .cell(Cell::count(w, Some(one.count)))
            .cell(html! {
                (time_tag(w, one.first.0)) " "
                span.fine { (w.remaining(view.now.0, one.first.0)) }
            })
            .cell(html! {
                @if takers.is_empty() { (w.t("situation-no-taker")) }
                @else { ul.plain { @for (region, need, same) in &takers { li {
                    (taker(w, &name_of(&view.places, region), *need, *same))
                } } } }
            })
    };
    let table =
        Table::new(w.t("situation-expiring")).files("stock?by=site").caption_hidden().columns([
            Column::text(w.t("situation-what")),
            Column::number(w.t("situation-how-many")),
            Column::text(w.t("situation-first")),
            Column::text(w.t("situation-who-could")),
        ]);
    html! {
        @if lines.is_empty() { p { (w.t("situation-none-expiring")) } }
        @else { (table.rows(lines.iter().map(row))) }
        p.fine { (w.t("situation-expiring-means")) }
    }
}

/// Who could use it, in words.
fn taker(w: Words, region: &str, need: Option<Group>, same: bool) -> String {
    let Some(group) = need else {
        return w.t_args("situation-taker-any", &[("region", region.into())]);
    };
    let key = if same { "situation-taker-same" } else { "situation-taker" };
    w.t_args(key, &[("region", region.into()), ("group", group.to_string().into())])
}

/// The regions below their minimum whose patients could get it: with the group they lack, and
/// whether it is the very group.
fn takers(view: &View<'_>, from: &JournalId, one: &Soon) -> Vec<(JournalId, Option<Group>, bool)> {
    let mut takers = Vec::new();
    for row in short(view) {
        if row.region == *from || row.component != Some(one.component) {
            continue;
        }
        let Some(need) = row.group else {
            // A minimum of all groups together: every group fills it up.
            takers.push((row.region.clone(), None, false));
            continue;
        };
        let part = view.regions.iter().find(|part| *part.journal == row.region);
        let rules = part.and_then(|part| part.rules.in_force(Scope::Blood, view.now));
        if fits(rules, one.component, need, one.group) {
            takers.push((row.region.clone(), Some(need), need == one.group));
        }
    }
    takers.sort_by_key(|(region, need, same)| (!*same, region.clone(), *need));
    takers
}

/// Whether patients of a group may get units of another, by the receiving region's rules.
fn fits(
    rules: Option<&samband_domain::rulesets::InForce>,
    component: Component,
    patient: Group,
    unit: Group,
) -> bool {
    let policies = Policies::of(rules);
    let patient = Recipient::of_group(Known::Value(patient));
    let steps = ladder(&policies, component, &patient, Urgency::Routine);
    steps.iter().any(|step| step.group == unit)
}

/// Figures that are too old or that nobody told.
pub(super) fn stale(w: Words, view: &View<'_>) -> Markup {
    let regions = view.places.iter().filter(|place| place.stale(view.now)).map(|place| {
        let text = format!("{}, {}", place.short(), age_text(w, place.as_of, view.now));
        (Status::Stale, text, format!("/regions/{}", place.id))
    });
    let mut sites: Vec<(Status, String, String)> = Vec::new();
    for row in view.picture.sites.iter().filter(|row| row.cell.stale) {
        let site = site_name(view.world, &row.region, &row.site);
        let region = name_of(&view.places, &row.region);
        let age = told_age(w, &row.cell, view.now);
        let told = row.cell.as_of.value().is_some();
        let status = if told { Status::Stale } else { Status::Unknown };
        let href = format!("/stock/{}/{}", row.region, row.site);
        let line = (status, format!("{region} ({site}), {age}"), href);
        if !sites.contains(&line) {
            sites.push(line);
        }
    }
    let unknown: Vec<_> = view
        .picture
        .regions
        .iter()
        .filter(|row| row.group.is_none() && row.cell.days_milli == Known::Unknown)
        .map(|row| {
            let region = name_of(&view.places, &row.region);
            let what = component_or_all(w, row.component);
            let key = match (row.cell.available, &row.cell.demand) {
                _ if row.component.is_none() => "situation-unknown-region",
                (Known::Unknown, _) => "situation-unknown-stock",
                (Known::Value(_), None) => "situation-unknown-demand",
                _ => "situation-unknown-days",
            };
            let args = [("region", region.into()), ("component", what.into())];
            (w.t_args(key, &args), format!("/stock?region={}", row.region))
        })
        .collect();
    let old: Vec<_> = regions.chain(sites).collect();
    html! {
        @if view.picture.sites.is_empty() { p { (w.t("stock-empty")) } }
        @else if old.is_empty() && unknown.is_empty() { p { (w.t("situation-all-fresh")) } }
        ul.plain {
            @for (kind, text, href) in &old { li { (status(w, *kind)) " " a href=(href) { (text) } } }
            @for (text, href) in &unknown {
                li { (status(w, Status::Unknown)) " " a href=(href) { (text) } }
            }
        }
    }
}

/// Whom to telephone at each blood centre; a centre without a number says so.
pub(super) fn phones(w: Words, view: &View<'_>) -> Markup {
    let of_region = |part: &Part<'_>| {
        let mut centres: Vec<_> = part
            .kernel
            .sites
            .values()
            .filter(|site| site.window.contains(view.now))
            .filter(|site| {
                site.kind == SiteKind::BloodCentre || part.stock.duty.contains_key(&site.id)
            })
            .collect();
        centres.sort_by(|a, b| a.name.cmp(&b.name));
        centres
            .into_iter()
            .map(|site| (site.clone(), part.stock.duty.get(&site.id).cloned()))
            .collect::<Vec<_>>()
    };
    html! {
        div.grid.phones {
            @for part in &view.regions {
                div.panel {
                    h3 { (name_of(&view.places, part.journal)) }
                    ul.plain {
                        @for (site, lines) in of_region(part) {
                            li {
                                strong { (site.name) }
                                @match lines {
                                    Some(lines) => {
                                        @for line in &lines { br; (phone(w, line, view.now)) }
                                    }
                                    None => { br; span.unknown { (w.t("situation-no-number")) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
