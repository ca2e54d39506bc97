//! The map of regions by days of supply, with the table of the same numbers.

use maud::{Markup, Render};
use samband_domain::Known;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::RegionRow;

use super::figures::{available, class, class_names, days_number, source};
use super::{View, component};
use crate::components::{Cell, Column, FigureWithTable, Row, Table};
use crate::map::{Area, Choropleth};
use crate::pages::parts::age_text;
use crate::text::Words;

/// The map of one component and group; of all groups together where no group was asked for.
pub(super) fn map(w: Words, view: &View<'_>, one: Component, group: Option<Group>) -> Markup {
    let rows: Vec<&RegionRow> = view
        .picture
        .regions
        .iter()
        .filter(|row| {
            let of_line = row.component == Some(one) && row.group == group;
            // Of whom nobody has said anything is on the map too, as unknown.
            of_line || row.component.is_none()
        })
        .collect();
    let names = class_names(w);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let place = |row: &RegionRow| view.places.iter().find(|place| place.id == row.region);
    let hrefs: Vec<_> = rows.iter().map(|row| format!("/stock?region={}", row.region)).collect();
    let areas: Vec<Area<'_>> = rows
        .iter()
        .zip(&hrefs)
        .filter_map(|(row, href)| {
            let place = place(row)?;
            let days = row.cell.days_milli;
            let area = Area::new(place.county.as_deref()?, place.short(), class(days)).href(href);
            Some(match days {
                Known::Value(_) => {
                    let days = days_number(w, days);
                    let area = area.line(w.t_args("stock-days", &[("days", days.into())]));
                    // An old figure looks like any other unless it says its age.
                    if row.cell.stale {
                        area.line(age_text(w, row.cell.as_of, view.now))
                    } else {
                        area
                    }
                }
                Known::Unknown => area,
            })
        })
        .collect();
    let group_name = group.map_or_else(|| w.t("stock-every-group"), |group| group.to_string());
    let what = format!("{}, {group_name}", component(w, one));
    let title = w.t_args("stock-map", &[("what", what.into())]);
    let text = w.t("stock-map-text");
    let drawing = Choropleth::new(w, "stock-map", &title, &text, &names).draw(&areas);
    let table = table(w, view, &rows, &title);
    FigureWithTable::new(w, "stock-map-part", &title, &drawing, &table).folded().render()
}

fn table(w: Words, view: &View<'_>, rows: &[&RegionRow], title: &str) -> Table {
    let row = |row: &&RegionRow| {
        let place = view.places.iter().find(|place| place.id == row.region);
        let name = place.map_or_else(|| row.region.to_string(), |p| p.short().to_owned());
        Row::new(name)
            .cell(match row.cell.days_milli {
                Known::Value(_) => Cell::text(days_number(w, row.cell.days_milli)),
                Known::Unknown => Cell::unknown(w),
            })
            .cell(available(w, &row.cell))
            .cell(source(w, &row.cell, view.now))
    };
    Table::new(title)
        .columns([
            Column::text(w.t("stock-region")),
            Column::number(w.t("stock-days-of-supply")),
            Column::number(w.t("stock-available")),
            Column::text(w.t("stock-source")),
        ])
        .rows(rows.iter().map(row))
}
