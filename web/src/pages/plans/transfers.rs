//! Who could send what to whom in the days to come, and why. Nothing moves until somebody with a
//! mandate says yes.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Component;
use samband_domain::plans::model::{Proposal, Why};
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;
use samband_planning::transfer::{Outcome, Plan};
use serde::Deserialize;

use super::tabs;
use crate::app::plans::transfer::{self, Asked, BOX_PRICE, BOX_UNITS, COSTS, DAYS, Found, Row};
use crate::app::stock::{days_text, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Note, Row as Line, Table, page_header, section, time_tag,
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
        let component = match self.component.as_deref() {
            None | Some("") => Component::RedCells,
            Some(text) => crate::app::stock::component(text)?,
        };
        let number =
            |text: Option<&String>, otherwise: i64, range: std::ops::RangeInclusive<i64>, name| {
                let Some(text) = text.filter(|text| !text.trim().is_empty()) else {
                    return Ok(otherwise);
                };
                let read = text.trim().parse().ok().filter(|n| range.contains(n));
                read.ok_or_else(|| Problem::malformed(name))
            };
        let days = number(self.days.as_ref(), DAYS as i64, 3..=7, "days")?;
        let box_price = number(self.price.as_ref(), BOX_PRICE, 0..=100_000, "price")?;
        Ok(Asked { component, days: usize::try_from(days).unwrap_or(DAYS), box_price })
    }
}

/// The same as the end of an address.
pub(super) fn query(asked: Asked) -> String {
    format!("component={}&days={}&price={}", asked.component, asked.days, asked.box_price)
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
                (section("proposals", &w.t("plan-proposals"), &proposals(&visitor, &world, &found, asked)))
                (section("worth", &w.t("plan-worth"), &worth(w, plan)))
            }
        }
        (section("rests", &w.t("plan-rests"), &rests(w, &world, &found, now)))
        (section("said", &w.t("plan-said"), &super::decide::said(&app, &visitor, &world, now)))
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
                .field(Field::number("price", w.t("plan-price")).hint(w.t("plan-price-hint"))
                    .value(asked.box_price.to_string())))
        }
    }
}

fn proposals(visitor: &Visitor, world: &World, found: &Found, asked: Asked) -> Markup {
    let w = visitor.words;
    html! {
        @if found.proposals.is_empty() { p { (w.t("plan-nothing")) } }
        ol.proposals {
            @for one in &found.proposals {
                li {
                    (heading(w, world, one))
                    (why(w, one))
                    p { (decides(visitor, world, one, asked)) }
                }
            }
        }
    }
}

/// What goes from where to where, and when.
pub(super) fn heading(w: Words, world: &World, one: &Proposal) -> Markup {
    let arc = &one.arc;
    let group = arc.group.map_or_else(String::new, |group| group.to_string());
    let what = [("n", i64::from(one.units).into()), ("group", group.into())];
    let place = |place: &samband_domain::plans::model::Place| {
        let site = site_name(world, &place.region, &place.site);
        format!("{site} ({})", region_name(world, &place.region))
    };
    html! {
        h3 {
            (w.t_args("plan-units", &what)) ": "
            (place(&arc.from)) " → " (place(&arc.to))
        }
        p {
            (w.t("plan-leaves")) " " (time_tag(w, one.leaves.0)) ", "
            (w.t("plan-arrives")) " " (time_tag(w, one.arrives.0))
            @if let Some(leg) = &one.leg { " · " (w.t("plan-leg")) " " (leg) }
        }
    }
}

/// Why, in the order of weight, with what the next best plan would cost more.
pub(super) fn why(w: Words, one: &Proposal) -> Markup {
    let said = |why: &Why| match why {
        Why::WouldMiss { units, on } => w.t_args(
            "plan-why-miss",
            &[("n", i64::from(*units).into()), ("day", on.to_string().into())],
        ),
        Why::WouldExpire { units, on } => w.t_args(
            "plan-why-expire",
            &[("n", i64::from(*units).into()), ("day", on.to_string().into())],
        ),
        Why::BelowMinimum { missing, on } => w.t_args(
            "plan-why-minimum",
            &[("n", i64::from(*missing).into()), ("day", on.to_string().into())],
        ),
        Why::SendersMinimum { on } => {
            w.t_args("plan-why-sender", &[("day", on.to_string().into())])
        }
        Why::CourierFull => w.t("plan-why-full"),
    };
    html! {
        ul.why {
            @for one in one.why.iter().take(6) { li { (said(one)) } }
            @if one.why.len() > 6 {
                li { (w.t_args("plan-why-more", &[("n", (one.why.len() - 6).into())])) }
            }
            li { (w.t_args("plan-why-saves", &[("kr", kronor(w, one.saves_ore).into())])) }
        }
    }
}

/// Whole kronor, as the weights are no finer.
fn kronor(w: Words, ore: i64) -> String {
    w.int((ore + if ore < 0 { -50 } else { 50 }) / 100)
}

fn decides(visitor: &Visitor, world: &World, one: &Proposal, asked: Asked) -> Markup {
    let w = visitor.words;
    let ends = [&one.arc.from.region, &one.arc.to.region];
    let names =
        [("from", region_name(world, ends[0]).into()), ("to", region_name(world, ends[1]).into())];
    html! {
        @if ends.contains(&&visitor.region) {
            a.button href={ "/plan/decide?" (query(asked)) "&" (key(one)) } { (w.t("plan-decide")) }
        } @else {
            span.fine { (w.t_args("plan-decided-by", &names)) }
        }
    }
}

/// What tells a proposal from the plan's others.
pub(super) fn key(one: &Proposal) -> String {
    let group = one.arc.group.map_or("", |group| group.as_str());
    let (from, to) = (&one.arc.from.site, &one.arc.to.site);
    format!("from={from}&to={to}&group={group}&leaves={}", one.leaves.0)
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
    let names = |region: &JournalId| region_name(world, region);
    let row = |row: &Row| {
        let place = site_name(world, &row.place.region, &row.place.site);
        let days = match row.milli {
            0 => Known::Unknown,
            milli => Known::Value(u64::try_from(row.units).unwrap_or(0) * 1_000_000 / milli),
        };
        let need = match row.need {
            transfer::Need::Used => w.t("plan-need-used"),
            transfer::Need::Stated => w.t("plan-need-stated"),
            transfer::Need::Shared => w.t("plan-need-shared"),
        };
        Line::new(Cell::markup(html! {
            (place) " " span.fine { (names(&row.place.region)) }
            @if row.external { " " span.fine { (w.t("plan-external")) } }
        }))
        .cell(w.int(row.units))
        .cell(w.decimal((i128::from(row.milli), 1_000), 1))
        .cell(days_text(w, days))
        .cell(need)
        .cell(age_text(w, row.as_of, now))
    };
    let table = Table::new(w.t("plan-rests")).caption_hidden().columns([
        Column::text(w.t("stock-site")),
        Column::number(w.t("plan-there")),
        Column::number(w.t("plan-a-day")),
        Column::number(w.t("plan-days-of")),
        Column::text(w.t("plan-need")),
        Column::text(w.t("plan-age")),
    ]);
    let left: Vec<_> =
        found.unknown.iter().map(|place| site_name(world, &place.region, &place.site)).collect();
    html! {
        (table.rows(found.rows.iter().map(row)))
        @if !left.is_empty() {
            (Note::warning(w, &w.t_args("plan-unknown", &[("sites", left.join(", ").into())])))
        }
        p.fine {
            (w.t_args("plan-departures", &[("n", found.departures.into())])) " "
            (w.t_args("plan-assumed", &[("n", BOX_UNITS.into())]))
        }
    }
}
