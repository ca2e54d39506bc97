//! The blood of an incident: the need as a range, hours of cover, who can send what, what was
//! ordered and used, who can be called, and what blood centres have answered.

mod cover;
mod reach;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_planning::casualty_blood::{Blood, Curve, Estimate, Parameters, Ranged};
use serde::Deserialize;

use super::{crumbs, framed, page, span, told};
use crate::app::incident::blood::{Asked, Room, room};
use crate::app::incident::{self, Found, TOPICS, find};
use crate::app::{App, Problem, Visitor};
use crate::charts::{Chart, Curve as Drawn};
use crate::components::{
    Cell, Column, Field, FigureWithTable, Form, Note, Row, Table, live_region, page_header, section,
};
use crate::pages::frame::done_note;
use crate::pages::typed::Draft;
use crate::text::{Format, Ratio, Words};

pub(super) use reach::STOCK;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Question {
    done: Option<String>,
    curve: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Query(asked): Query<Question>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    let note = done_note(visitor.words, asked.done.as_deref());
    whole(&app, &visitor, (&issuer, &id), (asked.curve.as_deref(), &draft, &note))
}

/// The page, with its forms as they come back.
pub(super) fn whole(
    app: &App,
    visitor: &Visitor,
    (issuer, id): (&str, &str),
    (curve, draft, note): (Option<&str>, &Draft, &Markup),
) -> Result<Html<String>, Problem> {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let found = find(&world, issuer, id)?;
    visitor.permit(app, Action::SeeAlarms, &found.journal.id)?;
    let curve = match curve.filter(|text| !text.is_empty()) {
        None => Curve::default(),
        Some(text) => Curve::find(text).ok_or_else(|| Problem::malformed("curve"))?,
    };
    let all = room(&world, &found, Asked { curve }, now);
    let title = w.t("inc-blood-title");
    let href = format!("{}/blood?curve={}", found.href(), curve.as_str());
    let parts = html! {
        (cover::struck(w, &world, &all, now))
        (need(w, &world, &all))
        (section("centres", &w.t("inc-centres"), &reach::centres(app, visitor, &world, &found, draft)))
        (section("regions", &w.t("inc-cover-regions"), &cover::regions(w, &world, &all)))
        (section("send", &w.t("inc-send"), &reach::send(w, &world, &found, &all, now)))
        (section("orders", &w.t("inc-orders"), &reach::orders(w, &world, &found, &all, now)))
        (section("donors", &w.t("inc-donors"), &reach::donors(app, visitor, &world, &found, now)))
        @if let Some(estimate) = &all.estimate {
            (section("rests", &w.t("inc-rests"), &rests(w, &estimate.parameters)))
        }
    };
    let body = html! {
        (page_header(&title, Some(&w.t("inc-blood-lead")), None))
        (note)
        (draft.banner(w))
        (question(w, &found, curve))
        (live_region("incident-blood", TOPICS, &href, &parts))
    };
    let body = framed(w, found.mode(), &body);
    Ok(page(app, visitor, &title, &crumbs(w, Some(&found)), &body))
}

fn question(w: Words, found: &Found<'_>, curve: Curve) -> Markup {
    let href = format!("{}/blood", found.href());
    let curves = Curve::ALL.map(|one| (one.as_str(), w.dynamic("inc-of-curve-", one.as_str())));
    html! {
        div.inline-form {
            (Form::get(w, &href, w.t("inc-curve-show"))
                .field(Field::select("curve", w.t("inc-curve"), curves).value(curve.as_str())))
        }
    }
}

/// Tenths of a unit as an exact ratio.
fn tenths(units: f64) -> Ratio {
    ((units * 10.0).round() as i128, 10)
}

fn whole_units(w: Words, units: f64) -> String {
    w.int(units.round() as i64)
}

/// `90 (54–150)`.
pub(super) fn ranged(w: Words, of: Ranged) -> Markup {
    let of = of.whole();
    html! {
        strong { (whole_units(w, of.plan)) } " "
        span.nowrap { "(" (whole_units(w, of.low)) "–" (whole_units(w, of.high)) ")" }
    }
}

fn need(w: Words, world: &samband_engine::World, all: &Room) -> Markup {
    let inputs = html! {
        dl.definitions {
            @for input in &all.inputs {
                div {
                    dt { (w.dynamic("inc-of-input-", input.what)) }
                    dd {
                        @match &input.told {
                            Some(said) => { (span(w, said.span)) br; span.fine { (told(w, world, said)) } }
                            None => span.unknown { (w.unknown()) },
                        }
                    }
                }
            }
        }
    };
    let Some(estimate) = &all.estimate else {
        return section(
            "need",
            &w.t("inc-need"),
            &html! {
                (inputs)
                (Note::warning(w, &w.t("inc-need-unknown")))
            },
        );
    };
    html! {
        (section("need", &w.t("inc-need"), &html! { (inputs) (totals(w, estimate)) }))
        (drawing(w, all, estimate))
    }
}

fn totals(w: Words, estimate: &Estimate) -> Markup {
    let row = |key: &str, of: Ranged| {
        let of = of.whole();
        Row::new(w.t(key))
            .cell(whole_units(w, of.low))
            .cell(html! { strong { (whole_units(w, of.plan)) } })
            .cell(whole_units(w, of.high))
    };
    let orders = Ranged {
        low: estimate.orders.0,
        plan: estimate.orders.0.midpoint(estimate.orders.1),
        high: estimate.orders.1,
    };
    let table = Table::new(w.t("inc-need-day"))
        .columns([
            Column::text(w.t("inc-component")),
            Column::number(w.t("inc-low")),
            Column::number(w.t("inc-plan")),
            Column::number(w.t("inc-high")),
        ])
        .rows([
            row("inc-red-cells", estimate.red_cells),
            row("inc-group-o", estimate.group_o),
            row("inc-plasma", estimate.plasma),
            row("inc-platelets", estimate.platelets),
            row("inc-orders-expected", orders),
            row("inc-by-admitted", estimate.by_admitted),
            row("inc-by-massive", estimate.by_massive),
        ]);
    html! { (table) p.fine { (w.t("inc-ceiling")) } }
}

/// The curve of the red cells with its range, and the same hour by hour.
fn drawing(w: Words, all: &Room, estimate: &Estimate) -> Markup {
    let hours: Vec<u32> = (0..=24).collect();
    let at = |hour: &u32| estimate.until(Blood::RedCells, all.curve, *hour);
    let points: Vec<_> =
        hours.iter().map(|hour| w.t_args("inc-hour", &[("n", (*hour).into())])).collect();
    let curve =
        Drawn::new(w.t("inc-red-cells"), hours.iter().map(|hour| Some(tenths(at(hour).plan))))
            .band(hours.iter().map(|hour| Some((tenths(at(hour).low), tenths(at(hour).high)))));
    let heading = w.t("inc-curve-heading");
    let about = w.t("inc-curve-about");
    let drawing = Chart::new(w, "blood-curve", &heading, &about)
        .format(Format::Integer)
        .curves(&points, &[curve]);
    let row = |hour: &u32| {
        let of = |blood| estimate.until(blood, all.curve, *hour);
        Row::new(w.t_args("inc-hour", &[("n", (*hour).into())]))
            .cell(Cell::markup(ranged(w, of(Blood::RedCells))))
            .cell(Cell::markup(ranged(w, of(Blood::Plasma))))
            .cell(Cell::markup(ranged(w, of(Blood::Platelets))))
    };
    let table = Table::new(heading.clone())
        .columns([
            Column::text(w.t("inc-hours-since")),
            Column::number(w.t("inc-red-cells")),
            Column::number(w.t("inc-plasma")),
            Column::number(w.t("inc-platelets")),
        ])
        .rows([1, 2, 3, 4, 6, 8, 12, 18, 24].iter().map(row));
    html! { (FigureWithTable::new(w, "curve", &heading, &drawing, &table)) }
}

/// Every number that is reckoned with, and where it comes from.
fn rests(w: Words, parameters: &Parameters) -> Markup {
    let row = |(parameter, said): (
        samband_planning::casualty_blood::Parameter,
        &samband_planning::casualty_blood::Said,
    )| {
        let value = samband_domain::rulesets::Value::Count(said.value);
        Row::new(w.rule_name(parameter.key()))
            .cell(w.value_of(parameter.key(), &value))
            .cell(said.source.clone())
            .cell(if said.by_rule { w.t("inc-by-rule") } else { w.t("inc-proposal") })
    };
    let table = Table::new(w.t("inc-rests")).caption_hidden().columns([
        Column::text(w.t("inc-parameter")),
        Column::text(w.t("inc-value")),
        Column::text(w.t("inc-source")),
        Column::text(w.t("inc-whose")),
    ]);
    html! {
        details.fold {
            summary { (w.t("inc-rests-show")) }
            (table.rows(parameters.iter().map(row)))
        }
    }
}
