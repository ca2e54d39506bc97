//! Regions against groups: how long each stock lasts, at a glance and without colour.

use maud::{Markup, html};
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::{Cell, RegionRow};
use samband_domain::{JournalId, Known, Time};

use super::figures::{below, below_tag, class, class_names, days_number, eta};
use super::{View, component};
use crate::components::{Status, tag};
use crate::text::Words;

/// One component's table.
pub(super) fn table(w: Words, view: &View<'_>, one: Component) -> Markup {
    let rows: Vec<&RegionRow> =
        view.picture.regions.iter().filter(|row| row.component == Some(one)).collect();
    let groups = groups(&rows);
    // Regions of which nobody has said anything are not left out: they are unknown.
    let unheard = |id: &JournalId| {
        view.picture.regions.iter().any(|row| row.component.is_none() && row.region == *id)
    };
    let caption = w.t_args("stock-heat-caption", &[("component", component(w, one).into())]);
    html! {
        div.table.scrolls.heat-table role="region" aria-label=(caption) tabindex="0" {
            table.heat {
                caption { span.stays { (caption) span.note-line { (w.t("stock-heat-note")) } } }
                thead { tr {
                    th scope="col" { (w.t("stock-region")) }
                    @for group in &groups { th scope="col" { (group_name(w, *group)) } }
                } }
                tbody {
                    @for place in &view.places {
                        @let of_place = |group: &Option<Group>| rows.iter()
                            .find(|row| row.region == place.id && row.group == *group);
                        @if rows.iter().any(|row| row.region == place.id) || unheard(&place.id) {
                            tr {
                                th scope="row" {
                                    a href=(format!("/stock?region={}", place.id)) { (place.short()) }
                                    @if let Some(mark) = place.age_mark(w, view.now) { " " (mark) }
                                }
                                @for group in &groups {
                                    @match of_place(group) {
                                        Some(row) => (cell(w, &row.cell, aim(view, row).as_deref(), view.now)),
                                        None if unheard(&place.id) => td class="heat-cell heat-u" {
                                            span.heat-days { (w.unknown()) }
                                        },
                                        None => td.heat-cell { "–" },
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// All groups together first, then each group that any row has.
fn groups(rows: &[&RegionRow]) -> Vec<Option<Group>> {
    let mut groups: Vec<_> = rows.iter().map(|row| row.group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

pub(super) fn group_name(w: Words, group: Option<Group>) -> String {
    group.map_or_else(|| w.t("stock-all-groups"), |group| group.to_string())
}

/// Where a line's targets are shown, if any site of the region has one.
fn aim(view: &View<'_>, row: &RegionRow) -> Option<String> {
    let (component, journal) = (row.component?, view.world.journal(&row.region)?);
    let same = |line: &Line| line.component == component && line.group == row.group;
    let set = journal.shared().plans.targets.keys().any(|(_, line)| same(line));
    set.then(|| format!("/plan/targets?region={}&component={component}", row.region))
}

/// Days, number of units, and what is worth seeing about them.
fn cell(w: Words, cell: &Cell, aim: Option<&str>, now: Time) -> Markup {
    let class = class(cell.days_milli);
    let name = class.map_or_else(|| "heat-u".to_owned(), |class| format!("heat-{class}"));
    let days = days_number(w, cell.days_milli);
    html! {
        td class={ "heat-cell " (name) } {
            span.heat-days {
                @match cell.days_milli {
                    Known::Value(_) => {
                        @let days = w.t_args("stock-days-short", &[("days", days.into())]);
                        @match aim {
                            Some(href) => a href=(href) title=(w.t("targets-table")) { (days) },
                            None => (days),
                        }
                    }
                    Known::Unknown => { (days) }
                }
            }
            span.heat-units {
                @match cell.available {
                    Known::Value(n) => (w.t_args("stock-units", &[("n", n.into())])),
                    Known::Unknown if cell.at_least > 0 => {
                        (w.t_args("stock-units-at-least", &[("n", cell.at_least.into())]))
                    }
                    Known::Unknown => (w.t("stock-units-unknown")),
                }
            }
            @if below(cell) { (below_tag(w, cell)) }
            @if let Known::Value(soon @ 1..) = cell.expiring {
                span.heat-more { (w.t_args("stock-expiring-short", &[("n", soon.into())])) }
            }
            @if cell.in_transit > 0 {
                span.heat-more {
                    (w.t_args("stock-in-transit-short", &[("n", cell.in_transit.into())]))
                    " " (eta(w, cell, now))
                }
            }
            @if cell.stale && cell.as_of == Known::Unknown {
                (tag(Status::Unknown, &w.t("stock-missing-part")))
            } @else if cell.stale { (tag(Status::Stale, &w.t("stock-old-part"))) }
        }
    }
}

/// What the shades mean.
pub(super) fn legend(w: Words) -> Markup {
    html! {
        ul.heat-legend aria-label=(w.t("map-legend")) {
            @for (place, name) in class_names(w).iter().enumerate() {
                li { span class={ "heat-swatch heat-" (place) } aria-hidden="true" {} (name) }
            }
            li { span.heat-swatch.heat-u aria-hidden="true" {} (w.unknown()) }
        }
    }
}
