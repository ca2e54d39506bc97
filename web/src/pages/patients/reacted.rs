//! What transfusions have led to in a patient: whoever chooses the next unit should know.

use maud::{Markup, html};
use samband_domain::transfusion::model::Reaction;
use samband_domain::transfusion::view::same_person;

use super::one::View;
use crate::app::stock::unit_href;
use crate::app::transfusion::unit_text;
use crate::components::{Cell, Column, Row, Status, Table, section, tag, time_tag};
use crate::text::Words;

/// The patient's reactions, the latest first; nothing if none was reported.
pub(super) fn reactions(w: Words, view: &View) -> Markup {
    let Some(region) = view.world.local(&view.region) else { return html! {} };
    let all = region.own.transfusion.reactions.values();
    let mut all: Vec<_> = all.filter(|one| same_person(region, &one.patient, &view.id)).collect();
    if all.is_empty() {
        return html! {};
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.began));
    let table = Table::new(w.t("reactions-title"))
        .caption_hidden()
        .columns([
            Column::text(w.t("reaction-began")),
            Column::text(w.t("reaction-category")),
            Column::text(w.t("reaction-severity")),
            Column::text(w.t("vigilance-imputability")),
            Column::text(w.t("request-unit")),
        ])
        .rows(all.into_iter().map(|one| row(w, one)));
    section("reactions", &w.t("reactions-title"), &html! { (table) })
}

fn row(w: Words, one: &Reaction) -> Row {
    let sure = w.dynamic("imputability-", one.imputability.as_str());
    let sure = match &one.assessed_by {
        Some(_) => html! { (sure) },
        None => tag(Status::Attention, &w.t("reaction-not-judged")),
    };
    let units = html! {
        @for unit in &one.units { a href=(unit_href(unit)) { (unit_text(unit)) } " " }
    };
    Row::new(Cell::markup(time_tag(w, one.began.0)))
        .cell(w.dynamic("reacted-", one.category.as_str()))
        .cell(w.dynamic("reacted-severity-", one.severity.as_str()))
        .cell(sure)
        .cell(units)
}
