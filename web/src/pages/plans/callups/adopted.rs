//! Weeks that were adopted, what came of them, and taking one back.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::plans::view::{Follow, follow};
use samband_domain::words::Day;
use samband_engine::World;

use super::{PATH, WITHDRAW, percent, weeks::week_text};
use crate::app::plans::callup::Asked;
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Field, Row, Table};
use crate::pages::typed::Draft;

/// Adopted weeks with what came of them, the newest first.
pub(super) fn weeks(
    app: &App,
    visitor: &Visitor,
    world: &World,
    (asked, now): (Asked, Time),
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let Some(region) = world.local(&visitor.region) else { return html! {} };
    let mut held: Vec<Day> = region.own.plans.drawn.keys().copied().collect();
    held.reverse();
    if held.is_empty() {
        return html! { p { (w.t("callup-none-adopted")) } };
    }
    let lists = visitor.may(app, Action::SeeDonors);
    let rows = held.iter().filter_map(|week| Some((*week, follow(region, *week)?)));
    let rows = rows.map(|(week, follow)| {
        let Follow { planned, sum, .. } = follow;
        let numbers =
            [planned, sum.listed, sum.called, sum.yes, sum.booked, sum.came, sum.deferred];
        let own = region.own.plans.drawn.get(&week).map(|held| held.lists.clone());
        Row::new(week_text(w, week))
            .cells(numbers.into_iter().map(|n| Cell::count(w, Some(n))))
            .cell(html! {
                @for id in own.into_iter().flatten() {
                    @if let Some(list) = region.own.donors.lists.get(&id) {
                        @if lists { a href={ "/call-ups/" (id) } { (list.name) } }
                        @else { (list.name) }
                        " "
                    }
                }
            })
    });
    let rows: Vec<Row> = rows.collect();
    let table = Table::new(w.t("callup-adopted")).caption_hidden().columns([
        Column::text(w.t("callup-week-head")),
        Column::number(w.t("callup-planned")),
        Column::number(w.t("callup-listed")),
        Column::number(w.t("callup-called")),
        Column::number(w.t("callup-yes")),
        Column::number(w.t("callup-booked")),
        Column::number(w.t("callup-came")),
        Column::number(w.t("callup-deferred")),
        Column::text(w.t("callup-lists")),
    ]);
    let today = Day::of(now);
    let ahead: Vec<Day> = held.into_iter().filter(|week| *week > today).collect();
    html! {
        p { (w.t("callup-adopted-lead")) }
        (table.rows(rows))
        @if visitor.may(app, Action::AdoptCallUps) && !ahead.is_empty() {
            @let key = draft.key(WITHDRAW);
            @let choices = ahead.iter().map(|week| (week.to_string(), week_text(w, *week)));
            @let week = Field::select("week", w.t("callup-week-head"), choices);
            @let reason = Field::text("reason", w.t("callup-reason")).required();
            details {
                summary { (w.t("callup-withdraw")) }
                (draft.form(w, PATH, WITHDRAW, &key, w.t("callup-withdraw-do"))
                    .hidden("pooling", asked.pooling.to_string())
                    .hidden("band", percent(asked.band))
                    .hidden("need", asked.need.map(percent).unwrap_or_default())
                    .field(draft.field(WITHDRAW, "week", week, ""))
                    .field(draft.field(WITHDRAW, "reason", reason, "")))
            }
        }
    }
}
