//! Where casualties go: what the proposal rests on, the proposal with its gap, and deviations.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::{Known, Mode, Time};
use samband_engine::World;
use samband_planning::distribute::{
    Amount, Choice, ClassOrder, Fleet, PrimaryAnswer, RuleAnswer, TripReport,
};

use super::{crumbs, framed, page};
use crate::app::incident::distribution::{Asked, Proposal, old, propose};
use crate::app::incident::{self, find};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Form, Note, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::pages::frame::done_note;
use crate::pages::parts::{region_name, shared_area};
use crate::pages::typed::Draft;
use crate::text::Words;

pub(super) const DEVIATE: &str = "incident-deviate";

/// Longest way from the scene, in minutes.
const FARTHEST: u32 = 2_880;

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    let note = done_note(visitor.words, asked.get("done").map(String::as_str));
    whole(&app, &visitor, (&issuer, &id), (&asked, &draft, &note))
}

pub(super) fn number(text: Option<&String>, name: &'static str) -> Result<Option<u32>, Problem> {
    let text = text.map(|text| text.trim()).filter(|text| !text.is_empty());
    let read = |text: &str| {
        let number = text.parse().ok().filter(|n| *n <= FARTHEST);
        number.ok_or_else(|| Problem::malformed(name))
    };
    text.map(read).transpose()
}

fn read(asked: &BTreeMap<String, String>) -> Result<Asked, Problem> {
    let mut all = Asked::default();
    for (place, class) in ["p1", "p2", "p3"].into_iter().enumerate() {
        all.counts[place] = number(asked.get(class), class)?;
    }
    for (name, text) in asked {
        if let Some(site) = name.strip_prefix("min-")
            && let Some(minutes) = number(Some(text), "minutes")?
        {
            all.minutes.insert(site.to_owned(), minutes);
        }
    }
    Ok(all)
}

pub(super) fn whole(
    app: &App,
    visitor: &Visitor,
    (issuer, id): (&str, &str),
    (asked, draft, note): (&BTreeMap<String, String>, &Draft, &Markup),
) -> Result<Html<String>, Problem> {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let found = find(&world, issuer, id)?;
    visitor.permit(app, Action::SeeAlarms, &found.journal.id)?;
    let all = propose(&world, found.clone(), &read(asked)?, now);
    let title = w.t("inc-dist-title");
    let href = format!("{}/distribution", found.href());
    let body = html! {
        (page_header(&title, Some(&w.t("inc-dist-lead")), None))
        (note)
        (draft.banner(w))
        (section("rests", &w.t("inc-dist-rests"), &question(w, &world, &all, now)))
        (section("proposal", &w.t("inc-dist-proposal"), &proposal(w, &world, &all)))
        @if let Some(orders) = &all.orders {
            (section("survivors", &w.t("inc-dist-orders"), &both(w, &all, orders)))
        } @else if found.mode() == Mode::Real {
            (Note::info(w, &w.t("inc-dist-no-survivors")))
        }
        @if found.journal.id == visitor.region && visitor.may(app, Action::OpenIncident) {
            (section("deviation", &w.t("inc-dist-deviation"), &deviation(w, &href, draft)))
        }
        p { a.button href={ (href) "/secondary" } { (w.t("inc-dist-to-move")) } }
    };
    let body = framed(w, found.mode(), &body);
    Ok(page(app, visitor, &title, &crumbs(w, Some(&found)), &body))
}

fn question(w: Words, world: &World, all: &Proposal<'_>, now: Time) -> Markup {
    let href = format!("{}/distribution", all.found.href());
    let text = |known: Known<u32>| known.value().map(|n| n.to_string()).unwrap_or_default();
    let mut form = Form::get(w, &href, w.t("inc-dist-plan"));
    for (place, class) in ["p1", "p2", "p3"].into_iter().enumerate() {
        let label = w.dynamic("inc-of-input-", class);
        form = form.field(Field::number(class, label).value(text(all.counts[place])));
    }
    for one in &all.hospitals {
        let label = w.t_args("inc-dist-minutes", &[("hospital", (&one.name).into())]);
        let field = Field::number(&format!("min-{}", one.site), label);
        form = form.field(field.value(text(one.minutes)));
    }
    let row = |one: &crate::app::incident::distribution::Hospital| {
        Row::new(one.name.clone())
            .cell(region_name(world, &one.region))
            .cell(Cell::count(w, one.emergency.value()))
            .cell(Cell::count(w, one.minutes.value()))
            .cell(html! {
                (time_tag(w, one.valid.0)) ", " (w.age(one.valid.0, now.0))
                @if old(one.valid, now) { " " (tag(Status::Stale, &w.t("status-stale"))) }
            })
    };
    let table = Table::new(w.t("inc-dist-hospitals")).columns([
        Column::text(w.t("inc-dist-hospital")),
        Column::text(w.t("inc-region")),
        Column::number(w.t("inc-dist-emergency")),
        Column::number(w.t("inc-dist-way")),
        Column::text(w.t("inc-dist-said")),
    ]);
    let units: usize = all.units.iter().map(|(_, n, _)| n).sum();
    html! {
        div.panel.question { (form) p.fine { (w.t("inc-dist-typed")) } }
        @if all.hospitals.is_empty() { p { (w.t("inc-dist-no-hospital")) } } @else {
            (table.rows(all.hospitals.iter().map(row)))
        }
        p { (w.t_args("inc-dist-units", &[("n", units.into())])) }
    }
}

fn amount(w: Words, of: Amount) -> String {
    match of {
        Amount::Whole(n) => w.int(n),
        Amount::Expected(n) => w.decimal(((n * 10.0).round() as i128, 10), 1),
    }
}

fn proposal(w: Words, world: &World, all: &Proposal<'_>) -> Markup {
    match &all.plan {
        None => html! {
            (Note::warning(w, &w.t("inc-dist-lacks")))
            ul {
                @if all.counts.iter().all(|n| *n == Known::Unknown) { li { (w.t("inc-dist-lacks-counts")) } }
                @if all.units.is_empty() { li { (w.t("inc-dist-lacks-units")) } }
                @if all.within_reach() == 0 { li { (w.t("inc-dist-lacks-ways")) } }
            }
        },
        Some(Err(why)) => {
            html! { (Note::warning(w, &html! { (w.t("inc-dist-unsolved")) " " (why) })) }
        }
        Some(Ok(plan)) => html! {
            p { (w.t("inc-dist-human")) }
            (receives(w, all, plan))
            (levels(w, plan))
            (trips(w, world, all, plan))
        },
    }
}

fn name<'a>(all: &'a Proposal<'_>, id: &'a str) -> &'a str {
    let found = all.hospitals.iter().find(|one| one.site.as_str() == id);
    found.map_or(id, |one| one.name.as_str())
}

fn receives(w: Words, all: &Proposal<'_>, plan: &PrimaryAnswer) -> Markup {
    let row = |one: &samband_planning::distribute::HospitalReport| {
        let of = |class: &str| {
            let mine = one.receives.iter().filter(|got| got.class == class);
            mine.map(|got| got.count).sum::<i64>()
        };
        Row::new(name(all, &one.id).to_owned())
            .cell(w.int(of("P1")))
            .cell(w.int(of("P2")))
            .cell(w.int(of("P3")))
            .cell(w.t_args("inc-dist-min", &[("n", one.first_arrival.into())]))
    };
    let table = Table::new(w.t("inc-dist-receives")).columns([
        Column::text(w.t("inc-dist-hospital")),
        Column::number("P1"),
        Column::number("P2"),
        Column::number("P3"),
        Column::number(w.t("inc-dist-first")),
    ]);
    let unplaced: i64 = plan.casualties.iter().map(|one| one.unplaced).sum();
    html! {
        (table.rows(plan.hospitals.iter().map(row)))
        @if unplaced > 0 {
            p { (tag(Status::Attention, &w.t_args("inc-dist-unplaced", &[("n", unplaced.into())]))) }
        }
        @for one in &plan.left_out { p.fine { (w.t_args("inc-dist-left", &[("hospital", name(all, one).into())])) } }
    }
}

fn levels(w: Words, plan: &PrimaryAnswer) -> Markup {
    let row = |one: &samband_planning::distribute::LevelReport| {
        let measure = serde_json::to_value(one.measure).ok();
        let measure =
            measure.as_ref().and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        Row::new(w.dynamic("inc-of-level-", &measure))
            .cell(amount(w, one.value))
            .cell(amount(w, one.bound))
            .cell(amount(w, one.gap))
    };
    let table = Table::new(w.t("inc-dist-gap")).columns([
        Column::text(w.t("inc-dist-measure")),
        Column::number(w.t("inc-dist-reaches")),
        Column::number(w.t("inc-dist-bound")),
        Column::number(w.t("inc-dist-off")),
    ]);
    html! {
        (table.rows(plan.levels.iter().map(row)))
        p.fine { @if plan.proven { (w.t("inc-dist-proven")) } @else { (w.t("inc-dist-unproven")) } }
    }
}

fn trips(w: Words, world: &World, all: &Proposal<'_>, plan: &PrimaryAnswer) -> Markup {
    let row = |one: &TripReport| {
        let takes: Vec<_> =
            one.takes.iter().map(|taken| format!("{} {}", taken.count, taken.class)).collect();
        let region = samband_domain::JournalId::new(&one.region).ok();
        let region = region.map_or_else(|| one.region.clone(), |id| region_name(world, &id));
        Row::new(w.t_args("inc-dist-min", &[("n", one.leaves.into())]))
            .cell(format!("{region} {}", one.number))
            .cell(takes.join(", "))
            .cell(name(all, &one.hospital).to_owned())
            .cell(w.t_args("inc-dist-min", &[("n", one.arrives.into())]))
    };
    let table = Table::new(w.t("inc-dist-trips")).columns([
        Column::text(w.t("inc-dist-leaves")),
        Column::text(w.t("inc-dist-unit")),
        Column::text(w.t("inc-dist-takes")),
        Column::text(w.t("inc-dist-hospital")),
        Column::text(w.t("inc-dist-arrives")),
    ]);
    html! {
        details.fold {
            summary { (w.t("inc-dist-trips")) }
            (table.rows(plan.trips.iter().map(row)))
        }
    }
}

/// Both orders of classes, so that the cost of either is seen. Never in the real world without an
/// approved set of parameters.
fn both(w: Words, all: &Proposal<'_>, orders: &RuleAnswer) -> Markup {
    let row = |order: ClassOrder| {
        let key = match order {
            ClassOrder::ImmediateFirst => "immediate_first",
            ClassOrder::DelayedFirst => "delayed_first",
        };
        let one = orders.rules.iter().find(|rule| {
            rule.order == order && rule.fleet == Fleet::All && rule.choice == Choice::Earliest
        });
        let cell = |n: Option<f64>| match n {
            Some(n) => Cell::text(w.decimal(((n * 10.0).round() as i128, 10), 1)),
            None => Cell::unknown(w),
        };
        Row::new(w.dynamic("inc-of-order-", key))
            .cell(cell(one.map(|one| one.expected_survivors)))
            .cell(Cell::count(w, one.map(|one| one.last_start)))
    };
    // Both orders play out all immediate and urgent, and nobody else.
    let of = all.counts[0].with(all.counts[1], u32::saturating_add).value();
    let of = of.map_or_else(|| w.unknown(), |n| w.int(n));
    let table = Table::new(w.t("inc-dist-orders")).caption_hidden().columns([
        Column::text(w.t("inc-dist-order")),
        Column::number(w.t_args("inc-dist-survivors", &[("n", of.into())])),
        Column::number(w.t("inc-dist-last")),
    ]);
    html! {
        p {
            @match &all.approved {
                Some(code) => (w.t_args("inc-dist-approved", &[("set", w.dynamic("rule-code-", code).into())])),
                None => (w.t("inc-dist-exercise-only")),
            }
        }
        (table.rows(ClassOrder::BOTH.map(row)))
    }
}

pub(super) fn deviation(w: Words, href: &str, draft: &Draft) -> Markup {
    let key = draft.key(DEVIATE);
    html! {
        p { (w.t("inc-dist-deviation-means")) }
        (draft.form(w, href, DEVIATE, &key, w.t("inc-dist-deviation-do"))
            .field(draft.field(DEVIATE, "text", shared_area(w, "text", w.t("inc-dist-deviation-what"), ""), ""))
            .field(draft.field(DEVIATE, "why", Field::text("why", w.t("inc-dist-deviation-why")), ""))
            .field(draft.field(DEVIATE, "source", Field::text("source", w.t("inc-dist-deviation-who")), "")))
    }
}
