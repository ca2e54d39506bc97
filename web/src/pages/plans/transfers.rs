//! Who could send what to whom in the days to come, and why. Nothing moves until somebody with a
//! mandate says yes.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Component, Group};
use samband_domain::{Known, Time};
use samband_engine::World;
use samband_planning::transfer::{Outcome, Plan};
use serde::Deserialize;

use super::moves::{self, address, kronor, place_name, times, units, way};
use super::{said, tabs};
use crate::app::plans::transfer::{
    self, Asked, BOX_UNITS, COSTS, Found, Left, Move, Row, Together,
};
use crate::app::stock::days_text;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Note, Row as Line, Status, Table, page_header, section,
    status,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::{age_text, region_name};
use crate::pages::stock::component as component_text;
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/plan/transfers", get(show))
}

/// What is asked, as it stands in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct PlanForm {
    component: Option<String>,
    days: Option<String>,
    price: Option<String>,
    done: Option<String>,
}

impl PlanForm {
    /// What is asked; anything that cannot be read is a problem, not a guess.
    pub(super) fn asked(&self) -> Result<Asked, Problem> {
        let Self { component, days, price, .. } = self;
        transfer::asked(component.as_deref(), days.as_deref(), price.as_deref())
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<PlanForm>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let asked = form.asked()?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let found = transfer::plan(&world, asked, now).map_err(|error| {
        Problem::unprocessable("web.plan_impossible").fact("detail", error.to_string())
    })?;
    let title = w.t("plan-transfers");
    let body = html! {
        (page_header(&w.t("plan-title"), Some(&w.t("plan-transfers-lead")), None))
        (tabs(w, "/plan/transfers"))
        (done_note(w, form.done.as_deref()))
        (question(w, asked))
        @match &found.plan {
            None => (EmptyState::new(&w.t("plan-none"), &w.t("plan-none-text"))),
            Some(plan) => {
                (section("proposals", &w.t("plan-proposals"), &proposals(&app, &visitor, &world, &found)))
                (section("worth", &w.t("plan-worth"), &worth(w, plan)))
            }
        }
        (section("rests", &w.t("plan-rests"), &rests(w, &world, &found, now)))
        (section("left", &w.t("plan-left"), &left(w, &world, &found.left)))
        (section("said", &w.t("plan-said"), &said::said(&app, &visitor, &world, now)))
    };
    Ok(page(&app, &visitor, &title, &[("/situation", w.t("nav-situation"))], &body))
}

fn question(w: Words, asked: Asked) -> Markup {
    let components = [Component::RedCells, Component::Platelets, Component::Plasma];
    let choices = components.map(|one| (one.to_string(), component_text(w, one)));
    let days = (3..=7).map(|n| (n.to_string(), w.t_args("plan-days", &[("n", n.into())])));
    html! {
        div.panel.inline-form {
            (Form::get(w, "/plan/transfers", w.t("plan-compute"))
                .field(Field::select("component", w.t("stock-component"), choices)
                    .value(asked.component.to_string()))
                .field(Field::select("days", w.t("plan-horizon"), days).value(asked.days.to_string()))
                .field(Field::number("price", w.t("plan-price")).value(asked.box_price.to_string())))
            p.fine { (w.t("plan-price-hint")) }
        }
    }
}

/// Group by group, the most urgent first: one bag is like another of its group, and what their
/// moves do is done together.
fn proposals(app: &App, visitor: &Visitor, world: &World, found: &Found) -> Markup {
    let w = visitor.words;
    let of =
        |group: Group| found.moves.iter().filter(move |one| one.proposal.arc.group == Some(group));
    html! {
        @if found.moves.is_empty() { p { (w.t("plan-nothing")) } }
        @for one in &found.groups {
            div.panel.moves {
                h3 { (group_title(w, one)) }
                (moves::together(w, world, found, one))
                ol.proposals {
                    @for one in of(one.group) { (proposal(app, visitor, world, (found, one))) }
                }
            }
        }
    }
}

fn group_title(w: Words, one: &Together) -> String {
    let args = [("n", one.units.into()), ("group", one.group.to_string().into())];
    w.t_args("plan-units", &args)
}

fn proposal(app: &App, visitor: &Visitor, world: &World, (found, one): (&Found, &Move)) -> Markup {
    let w = visitor.words;
    let ends = [&one.proposal.arc.from.region, &one.proposal.arc.to.region];
    let names =
        [("from", region_name(world, ends[0]).into()), ("to", region_name(world, ends[1]).into())];
    html! {
        li {
            h4 { (units(w, &one.proposal)) ": " (way(world, &one.proposal)) }
            p { (times(w, &one.proposal)) }
            (moves::alone(w, world, found, one))
            @if !ends.contains(&&visitor.region) {
                p.fine { (w.t_args("plan-decided-by", &names)) }
            } @else if visitor.may(app, Action::DecideMoves) {
                p { a.button href=(address(found.asked, &one.proposal)) { (w.t("plan-decide")) } }
            } @else {
                p.fine { (w.t("plan-not-yours")) }
            }
        }
    }
}

fn worth(w: Words, plan: &Plan) -> Markup {
    type Of = fn(&Outcome) -> i64;
    let rows: [(&str, Of); 6] = [
        ("plan-short", |o| o.short),
        ("plan-expired", |o| o.expired),
        ("plan-expiring", |o| o.expiring_soon),
        ("plan-below", |o| o.below_minimum),
        ("plan-substituted", |o| o.substituted),
        ("plan-sent", |o| o.sent),
    ];
    let row = |(key, of): (&str, Of)| {
        Line::new(w.t(key)).cell(w.int(of(&plan.alone))).cell(w.int(of(&plan.outcome)))
    };
    let table = Table::new(w.t("plan-worth"))
        .caption_hidden()
        .columns([
            Column::text(w.t("plan-measure")),
            Column::number(w.t("plan-alone")),
            Column::number(w.t("plan-with")),
        ])
        .rows(rows.into_iter().map(row))
        .rows([Line::new(w.t("plan-transport")).cell("0").cell(kronor(w, plan.outcome.transport))]);
    let exact = plan.bound == plan.cost;
    html! {
        (table)
        p.fine {
            (w.t_args("plan-costs", &[
                ("shortage", kronor(w, COSTS.shortage).into()),
                ("expiry", kronor(w, COSTS.expiry).into()),
                ("minimum", kronor(w, COSTS.below_minimum).into()),
                ("substitution", kronor(w, COSTS.substitution).into()),
            ]))
            " "
            @if exact { (w.t("plan-exact")) } @else {
                (w.t_args("plan-bound", &[("kr", kronor(w, plan.cost - plan.bound).into())]))
            }
        }
    }
}

fn rests(w: Words, world: &World, found: &Found, now: Time) -> Markup {
    let row = |row: &Row| {
        let days = match row.milli() {
            0 => Known::Unknown,
            milli => Known::Value(u64::try_from(row.units()).unwrap_or(0) * 1_000_000 / milli),
        };
        let needs: Vec<_> =
            row.needs().into_iter().map(|need| w.dynamic("plan-need-", need.as_str())).collect();
        let groups = [("n", row.groups.len().into()), ("of", Group::ALL.len().into())];
        Line::new(Cell::markup(html! {
            (place_name(world, &row.place))
            @if row.groups.len() < Group::ALL.len() {
                br; span.fine { (w.t_args("plan-groups-of", &groups)) }
            }
        }))
        .cell(w.int(row.units()))
        .cell(w.decimal((i128::from(row.milli()), 1_000), 1))
        .cell(days_text(w, days))
        .cell(needs.join(", "))
        .cell(Cell::markup(known(w, row, now)))
    };
    let table = Table::new(w.t("plan-rests")).caption_hidden().columns([
        Column::text(w.t("stock-site")),
        Column::number(w.t("plan-there")),
        Column::number(w.t("plan-a-day")),
        Column::number(w.t("plan-days-of")),
        Column::text(w.t("plan-need")),
        Column::text(w.t("plan-age")),
    ]);
    let beside = [
        ("plan-coming", found.beside.coming),
        ("plan-agreed", found.beside.agreed),
        ("plan-late", found.beside.late),
    ];
    html! {
        @if found.rows.is_empty() { p { (w.t("plan-no-place")) } } @else {
            (table.rows(found.rows.iter().map(row)))
        }
        ul.plain.beside {
            li { (w.t_args("plan-departures", &[("n", found.departures.into())])) }
            @for (key, n) in beside.into_iter().filter(|(_, n)| *n > 0) {
                li { (w.t_args(key, &[("n", i64::from(n).into())])) }
            }
        }
        p.fine { (w.t_args("plan-assumed", &[("n", BOX_UNITS.into())])) }
    }
}

/// From whom the stock is known, and how old that is.
fn known(w: Words, row: &Row, now: Time) -> Markup {
    let age = age_text(w, row.as_of, now);
    html! {
        @if let Some(system) = &row.system {
            (w.t_args("plan-by-system", &[("system", system.into())])) " "
        }
        @if let Known::Value(as_of) = row.as_of {
            (crate::components::time_tag(w, as_of.0)) " "
        }
        @if row.stale { (status(w, Status::Stale)) " " }
        span.fine { (age) }
    }
}

/// What no plan is made for, by place and reason.
pub(in crate::pages) fn left(w: Words, world: &World, left: &[Left]) -> Markup {
    let line = |one: &Left| {
        let groups = if one.groups.len() == Group::ALL.len() {
            w.t("plan-all")
        } else {
            one.groups.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        let why = w.dynamic("plan-unknown-", one.unknown.as_str());
        Line::new(place_name(world, &one.place)).cell(groups).cell(why)
    };
    let table = Table::new(w.t("plan-left")).caption_hidden().columns([
        Column::text(w.t("stock-site")),
        Column::text(w.t("stock-group")),
        Column::text(w.t("plan-left-why")),
    ]);
    html! {
        @if left.is_empty() { p { (w.t("plan-none-left")) } } @else {
            (Note::warning(w, &w.t("plan-left-means")))
            (table.rows(left.iter().map(line)))
        }
    }
}
