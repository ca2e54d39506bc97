//! The settlement's tables: who pays, each account, each entry, and what they rest on.

use maud::{Markup, html};
use samband_domain::words::Day;
use samband_domain::{Known, Time};
use samband_engine::World;
use samband_planning::settlement::{Account, Entry, Settlement};

use super::{kronor, place};
use crate::app::plans::settlement::{Found, Line};
use crate::components::{Cell, Column, EmptyState, Row, Status, Table, tag, time_tag};
use crate::pages::parts::{age_text, record_link, region_name};
use crate::pages::stock::component as component_text;
use crate::tables::settlement::{gap_text, what};
use crate::text::Words;

/// Payments that bring every account to zero.
pub(super) fn payments(w: Words, world: &World, settled: &Settlement) -> Markup {
    html! {
        @if settled.payments.is_empty() { p { (w.t("settlement-nothing-owed")) } }
        ul.payments {
            @for one in &settled.payments {
                li {
                    (w.t_args("settlement-payment", &[
                        ("from", region_name(world, &one.from).into()),
                        ("to", region_name(world, &one.to).into()),
                        ("kr", kronor(w, one.amount).into()),
                    ]))
                }
            }
        }
        p.fine { (w.t("settlement-payments-note")) }
    }
}

fn date(w: Words, day: Day) -> String {
    w.date(day.starts().0)
}

/// Every region's account; they sum to zero.
pub(super) fn accounts(w: Words, world: &World, found: &Found, settled: &Settlement) -> Markup {
    let amounts = |one: &Account| {
        [
            one.units_given - one.units_taken,
            one.transport,
            one.joint_paid - one.joint_share,
            one.carried_by_care_price,
            one.balance,
        ]
    };
    let line = |name: String, amounts: [i64; 5]| {
        amounts.into_iter().fold(Row::new(name), |row, ore| row.cell(kronor(w, ore)))
    };
    let rows =
        settled.accounts.iter().map(|one| line(region_name(world, &one.region), amounts(one)));
    let sum = settled.accounts.iter().map(amounts).fold([0; 5], |mut sum, row| {
        sum.iter_mut().zip(row).for_each(|(sum, one)| *sum += one);
        sum
    });
    let export = |form: &str| {
        let asked = &found.asked;
        let cited = found
            .agreement
            .as_ref()
            .map_or_else(|_| String::new(), |(cited, _)| format!("&agreement={}", cited.digest));
        let (from, to) = (asked.from, asked.to);
        format!("/api/v1/plans/settlement?format={form}&headings=words&from={from}&to={to}{cited}")
    };
    html! {
        (Table::new(w.t("settlement-accounts"))
            .caption_hidden()
            .columns([
                Column::text(w.t("stock-region")),
                Column::number(w.t("settlement-units")),
                Column::number(w.t("settlement-carriage")),
                Column::number(w.t("settlement-joint")),
                Column::number(w.t("settlement-care-price")),
                Column::number(w.t("settlement-balance")),
            ])
            .rows(rows)
            .sum(line(w.t("settlement-sum"), sum))
            .note(w.t("settlement-accounts-note"))
            .export("CSV", export("csv"))
            .export("XLSX", export("xlsx")))
    }
}

/// Everything that is owed, by day.
pub(super) fn entries(w: Words, world: &World, found: &Found, settled: &Settlement) -> Markup {
    if settled.entries.is_empty() {
        return html! { p { (w.t("settlement-no-entries")) } };
    }
    let row = |one: &Entry| {
        Row::new(date(w, one.day))
            .cell(region_name(world, &one.creditor))
            .cell(region_name(world, &one.debtor))
            .cell(what(w, world, found, one))
            .cell(kronor(w, one.amount))
            .cell(source(w, found, one))
    };
    html! {
        (Table::new(w.t("settlement-entries"))
            .caption_hidden()
            .columns([
                Column::text(w.t("settlement-day")),
                Column::text(w.t("settlement-creditor")),
                Column::text(w.t("settlement-debtor")),
                Column::text(w.t("settlement-what")),
                Column::number(w.t("settlement-amount")),
                Column::text(w.t("settlement-source")),
            ])
            .rows(settled.entries.iter().map(row)))
    }
}

fn source(w: Words, found: &Found, entry: &Entry) -> Markup {
    match found.line(&entry.about) {
        Some(Line::Units { moved, .. } | Line::Carriage { moved, .. }) => {
            let one = &found.moves[*moved];
            html! { (record_link(w, &one.receipt)) (late(w, found, one.recorded)) }
        }
        Some(Line::Home { home, .. }) => {
            let one = &found.homes[*home];
            html! { (record_link(w, &one.at)) (changed(w, one.changed, one.said)) }
        }
        Some(Line::Joint { .. }) => html! { (w.t("settlement-by-agreement")) },
        None => html! { "–" },
    }
}

fn late(w: Words, found: &Found, recorded: Time) -> Markup {
    html! {
        @if found.late(recorded) {
            " " (tag(Status::Gap, &w.t("settlement-late"))) " " (time_tag(w, recorded.0))
        }
    }
}

fn changed(w: Words, changed: bool, said: Time) -> Markup {
    html! {
        @if changed {
            " " (tag(Status::Gap, &w.t("settlement-corrected"))) " " (time_tag(w, said.0))
        }
    }
}

/// What really was received from another region.
pub(super) fn moves(w: Words, world: &World, found: &Found) -> Markup {
    if found.moves.is_empty() {
        let (title, text) = (w.t("settlement-no-moves"), w.t("settlement-no-moves-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let rows = found.moves.iter().map(|one| {
        let units = one.units.iter().map(|(component, n)| {
            let of = component.value().map_or_else(|| w.unknown(), |one| component_text(w, one));
            format!("{n} {}", of.to_lowercase())
        });
        let from = match &one.from_site {
            Known::Value(site) => place(world, &one.from, site),
            Known::Unknown => region_name(world, &one.from),
        };
        Row::new(Cell::markup(time_tag(w, one.received.0)))
            .cell(from)
            .cell(place(world, &one.to, &one.to_site))
            .cell(units.collect::<Vec<_>>().join(", "))
            .cell(Cell::count(w, one.boxes.value().filter(|_| one.first)))
            .cell(one.leg.as_ref().map_or_else(|| "–".to_owned(), ToString::to_string))
            .cell(html! { (record_link(w, &one.receipt)) (late(w, found, one.recorded)) })
    });
    html! {
        (Table::new(w.t("settlement-moves"))
            .caption_hidden()
            .columns([
                Column::text(w.t("settlement-received")),
                Column::text(w.t("settlement-from-place")),
                Column::text(w.t("settlement-to-place")),
                Column::text(w.t("settlement-units")),
                Column::number(w.t("settlement-boxes")),
                Column::text(w.t("settlement-leg")),
                Column::text(w.t("settlement-receipt")),
            ])
            .rows(rows)
            .note(w.t("settlement-moves-note")))
    }
}

/// Whose patients were given what.
pub(super) fn homes(w: Words, world: &World, found: &Found) -> Markup {
    let rows = found.homes.iter().map(|one| {
        let home = match &one.home {
            Some(home) => Cell::text(region_name(world, home)),
            None => Cell::unknown(w),
        };
        let borne = match (one.in_care_price, &one.home) {
            (true, _) => w.t("settlement-borne-by-care"),
            (false, Some(_)) => w.t("settlement-borne-by-home"),
            (false, None) => w.t("settlement-borne-by-nobody"),
        };
        Row::new(region_name(world, &one.region))
            .cell(one.month.to_string())
            .cell(home)
            .cell(component_text(w, one.component))
            .cell(Cell::count(w, Some(one.units)))
            .cell(borne)
            .cell(html! {
                (one.source) " " (record_link(w, &one.at)) " "
                (age_text(w, Known::Value(one.said), found.made))
                (changed(w, one.changed, one.said))
            })
    });
    html! {
        p { (w.t("settlement-homes-lead")) }
        @if found.homes.is_empty() { p { (w.t("settlement-no-homes")) } } @else {
            (Table::new(w.t("settlement-homes"))
                .caption_hidden()
                .columns([
                    Column::text(w.t("settlement-treated-in")),
                    Column::text(w.t("settlement-month")),
                    Column::text(w.t("settlement-home")),
                    Column::text(w.t("stock-component")),
                    Column::number(w.t("settlement-units")),
                    Column::text(w.t("settlement-borne")),
                    Column::text(w.t("settlement-source")),
                ])
                .rows(rows))
        }
    }
}

/// What the keys count.
pub(super) fn weights(w: Words, world: &World, found: &Found) -> Markup {
    let days = found.asked.to.days_since(found.asked.from) + 1;
    let rows = found.weights.iter().map(|one| {
        let people = one.population.as_ref();
        let source = people.map_or_else(
            || w.unknown(),
            |(_, period, source, said)| {
                format!("{source}, {period}, {}", age_text(w, Known::Value(*said), found.made))
            },
        );
        let known = [("n", i64::from(one.days_known).into()), ("of", days.into())];
        Row::new(region_name(world, &one.region))
            .cell(Cell::count(w, people.map(|(value, ..)| *value)))
            .cell(source)
            .cell(Cell::count(w, one.treated.value()))
            .cell(w.t_args("settlement-days-known", &known))
            .cell(Cell::count(w, one.used.value()))
            .cell(age_text(w, one.as_of, found.made))
    });
    html! {
        p { (w.t("settlement-keys-lead")) }
        (Table::new(w.t("settlement-keys"))
            .caption_hidden()
            .columns([
                Column::text(w.t("stock-region")),
                Column::number(w.t("settlement-people")),
                Column::text(w.t("settlement-people-source")),
                Column::number(w.t("settlement-treated")),
                Column::text(w.t("settlement-known")),
                Column::number(w.t("settlement-used")),
                Column::text(w.t("plan-age")),
            ])
            .rows(rows))
    }
}

/// What is not in the settlement, each by name.
pub(super) fn gaps(w: Words, world: &World, found: &Found) -> Markup {
    if found.settlement.is_none() {
        return html! { p { (w.t("settlement-gaps-all")) } };
    }
    html! {
        @if found.gaps.is_empty() { p { (w.t("settlement-no-gaps")) } } @else {
            ul { @for gap in &found.gaps { li { (gap_text(w, world, gap)) } } }
        }
    }
}
