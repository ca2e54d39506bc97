//! Moves between hospitals: what the proposal rests on, who goes where, and deviations.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::readiness::model::CareKind;
use samband_domain::{JournalId, Time};
use samband_engine::World;
use samband_planning::distribute::{Moved, SecondaryAnswer};

use super::distribution::{deviation, number};
use super::{crumbs, framed, page};
use crate::app::incident::distribution::old;
use crate::app::incident::secondary::{Asked, CARE, Hospital, Proposal, Way, propose};
use crate::app::incident::{self, find};
use crate::app::readiness::regions;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Form, Note, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::pages::frame::done_note;
use crate::pages::parts::region_name;
use crate::pages::typed::Draft;
use crate::text::Words;

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

/// What the form asks, as its fields are named.
fn read(asked: &BTreeMap<String, String>) -> Result<Asked, Problem> {
    let mut all = Asked {
        from: asked.get("from").cloned().filter(|from| !from.is_empty()),
        ..Asked::default()
    };
    for kind in CARE {
        if let Some(count) = number(asked.get(kind.as_str()), kind.as_str())? {
            all.counts.insert(kind, count);
        }
    }
    for (name, text) in asked {
        if let Some(region) = name.strip_prefix("home-")
            && let Some(count) = number(Some(text), "home")?
        {
            all.home.insert(region.to_owned(), count);
        }
        if let Some(place) = name.strip_prefix("min-")
            && let Some(minutes) = number(Some(text), "minutes")?
        {
            all.minutes.insert(place.to_owned(), minutes);
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
    let asked = read(asked)?;
    let all = propose(&world, found.clone(), &asked, now);
    let title = w.t("inc-move-title");
    let href = format!("{}/distribution", found.href());
    let way = html! { a.button href=(href) { (w.t("inc-move-primary")) } };
    let body = html! {
        (page_header(&title, Some(&w.t("inc-move-lead")), Some(&way)))
        (note)
        (draft.banner(w))
        (section("rests", &w.t("inc-dist-rests"), &question(w, &world, &all, &asked, now)))
        (section("proposal", &w.t("inc-dist-proposal"), &proposal(w, &world, &all)))
        (Note::info(w, &w.t("inc-move-no-survivors")))
        @if found.journal.id == visitor.region && visitor.may(app, Action::OpenIncident) {
            (section("deviation", &w.t("inc-dist-deviation"),
                &deviation(w, &format!("{href}/secondary"), draft)))
        }
    };
    let body = framed(w, found.mode(), &body);
    let mut way = crumbs(w, Some(&found));
    way.push((href, w.t("inc-dist-title")));
    Ok(page(app, visitor, &title, &way, &body))
}

fn care(w: Words, kind: CareKind) -> String {
    w.dynamic("ready-of-care-", kind.as_str())
}

fn question(w: Words, world: &World, all: &Proposal<'_>, asked: &Asked, now: Time) -> Markup {
    html! {
        div.panel.question { (form(w, world, all, asked)) p.fine { (w.t("inc-move-typed")) } }
        @if all.hospitals.is_empty() { p { (w.t("inc-dist-no-hospital")) } } @else {
            (hospitals(w, world, all, now))
        }
        (transports(w, world, all))
    }
}

fn form(w: Words, world: &World, all: &Proposal<'_>, asked: &Asked) -> Markup {
    let href = format!("{}/distribution/secondary", all.found.href());
    let every = all.from.iter().chain(&all.hospitals);
    let mut places: Vec<_> = every
        .map(|one| {
            let name = format!("{}, {}", one.name, region_name(world, &one.region));
            (one.address(), name)
        })
        .collect();
    places.sort_by(|a, b| a.1.cmp(&b.1));
    places.insert(0, (String::new(), w.t("form-choose")));
    let from = all.from.as_ref().map(Hospital::address).unwrap_or_default();
    let mut form = Form::get(w, &href, w.t("inc-move-plan"))
        .field(Field::select("from", w.t("inc-move-from"), places).value(from));
    let text = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    for kind in CARE {
        let count = text(asked.counts.get(&kind).copied());
        form = form.field(Field::number(kind.as_str(), care(w, kind)).value(count));
    }
    for region in regions(world, &all.found.journal.id) {
        let name = region_name(world, &region.id);
        let label = w.t_args("inc-move-home", &[("region", name.into())]);
        let count = text(asked.home.get(region.id.as_str()).copied());
        form = form.field(Field::number(&format!("home-{}", region.id), label).value(count));
    }
    for one in &all.hospitals {
        let label = w.t_args("inc-move-minutes", &[("hospital", (&one.name).into())]);
        let minutes = text(one.way.minutes());
        form = form.field(Field::number(&format!("min-{}", one.address()), label).value(minutes));
    }
    html! { (form) }
}

fn hospitals(w: Words, world: &World, all: &Proposal<'_>, now: Time) -> Markup {
    let row = |one: &Hospital| {
        Row::new(one.name.clone())
            .cell(region_name(world, &one.region))
            .cells(one.places.map(|places| Cell::count(w, places.value())))
            .cell(way(w, &one.way))
            .cell(html! {
                (time_tag(w, one.valid.0)) ", " (w.age(one.valid.0, now.0))
                @if old(one.valid, now) { " " (tag(Status::Stale, &w.t("status-stale"))) }
            })
    };
    let mut columns = vec![Column::text(w.t("inc-dist-hospital")), Column::text(w.t("inc-region"))];
    columns.extend(CARE.map(|kind| Column::number(care(w, kind))));
    columns.push(Column::text(w.t("inc-dist-way")));
    columns.push(Column::text(w.t("inc-dist-said")));
    let table = Table::new(w.t("inc-move-places")).columns(columns);
    html! { (table.rows(all.hospitals.iter().map(row))) }
}

fn way(w: Words, way: &Way) -> Markup {
    html! {
        @match way {
            Way::Typed(minutes) => {
                (w.t_args("inc-dist-min", &[("n", (*minutes).into())]))
                br; span.fine { (w.t("inc-move-way-typed")) }
            }
            Way::Timetable { minutes, code } => {
                (w.t_args("inc-dist-min", &[("n", (*minutes).into())]))
                br; span.fine { (w.t_args("inc-move-way-tour", &[("code", code.into())])) }
            }
            Way::Unknown => span.unknown { (w.unknown()) },
        }
    }
}

fn transports(w: Words, world: &World, all: &Proposal<'_>) -> Markup {
    if all.units.is_empty() {
        return html! { p { (w.t("inc-dist-lacks-units")) } };
    }
    let row = |one: &crate::app::incident::secondary::Fetching| {
        Row::new(region_name(world, &one.region))
            .cell(w.int(one.units))
            .cell(w.int(one.intensive))
            .cell(w.t_args("inc-dist-min", &[("n", one.ready.into())]))
    };
    let table = Table::new(w.t("inc-move-units")).columns([
        Column::text(w.t("inc-region")),
        Column::number(w.t("inc-move-units-n")),
        Column::number(w.t("inc-move-units-intensive")),
        Column::number(w.t("inc-move-units-ready")),
    ]);
    html! { (table.rows(all.units.iter().map(row))) }
}

fn proposal(w: Words, world: &World, all: &Proposal<'_>) -> Markup {
    match &all.plan {
        None => html! {
            (Note::warning(w, &w.t("inc-dist-lacks")))
            ul {
                @if all.from.is_none() { li { (w.t("inc-move-lacks-from")) } }
                @if all.patients() == 0 { li { (w.t("inc-move-lacks-patients")) } }
                @if all.units.is_empty() { li { (w.t("inc-dist-lacks-units")) } }
                @if all.within_reach() == 0 { li { (w.t("inc-move-lacks-ways")) } }
            }
        },
        Some(Err(why)) => {
            html! { (Note::warning(w, &html! { (w.t("inc-dist-unsolved")) " " (why) })) }
        }
        Some(Ok(plan)) => html! {
            p { (w.t("inc-move-human")) }
            (moves(w, world, all, plan))
            (stays(w, world, plan))
            (fetched(w, world, plan))
            (warnings(w, all, plan))
        },
    }
}

/// A class of the plan: a need, or the way home to a region.
fn class(w: Words, world: &World, class: &str) -> String {
    match class.strip_prefix("home ").map(JournalId::new) {
        Some(Ok(region)) => {
            w.t_args("inc-move-goes-home", &[("region", region_name(world, &region).into())])
        }
        _ => w.dynamic("ready-of-care-", class),
    }
}

fn name(all: &Proposal<'_>, address: &str) -> String {
    let found = all.hospitals.iter().find(|one| one.address() == address);
    found.map_or_else(|| address.to_owned(), |one| one.name.clone())
}

fn moves(w: Words, world: &World, all: &Proposal<'_>, plan: &SecondaryAnswer) -> Markup {
    let row = |one: &Moved| {
        let region = JournalId::new(&one.region).ok();
        let region = region.map_or_else(|| one.region.clone(), |id| region_name(world, &id));
        Row::new(class(w, world, &one.class))
            .cell(name(all, &one.hospital))
            .cell(region)
            .cell(w.int(one.patients))
            .cell(w.t_args("inc-dist-min", &[("n", one.minutes.into())]))
            .cell(html! {
                @if one.fewest == one.most { "–" } @else {
                    span.nowrap { (w.int(one.fewest)) "–" (w.int(one.most)) }
                }
            })
    };
    let table = Table::new(w.t("inc-move-moves")).columns([
        Column::text(w.t("inc-move-need")),
        Column::text(w.t("inc-dist-hospital")),
        Column::text(w.t("inc-move-fetches")),
        Column::number(w.t("inc-move-patients")),
        Column::number(w.t("inc-move-each")),
        Column::text(w.t("inc-move-equal")),
    ]);
    html! {
        (table.rows(plan.moved.iter().map(row)))
        p {
            (w.t_args("inc-move-total", &[("n", plan.total_minutes.into())])) " "
            @if plan.unique { (w.t("inc-move-unique")) } @else { (w.t("inc-move-ties")) }
        }
    }
}

/// Whom the proposal finds no place or no transport for.
fn stays(w: Words, world: &World, plan: &SecondaryAnswer) -> Markup {
    html! {
        @for one in plan.classes.iter().filter(|one| one.unplaced > 0) {
            @let args = [("n", one.unplaced.into()), ("need", class(w, world, &one.class).into())];
            p { (tag(Status::Attention, &w.t_args("inc-move-stays", &args))) }
        }
    }
}

fn fetched(w: Words, world: &World, plan: &SecondaryAnswer) -> Markup {
    let row = |one: &samband_planning::distribute::RegionUnits| {
        let region = JournalId::new(&one.region).ok();
        let region = region.map_or_else(|| one.region.clone(), |id| region_name(world, &id));
        Row::new(region).cell(w.int(one.units)).cell(w.int(one.most))
    };
    let table = Table::new(w.t("inc-move-used")).columns([
        Column::text(w.t("inc-region")),
        Column::number(w.t("inc-move-used-n")),
        Column::number(w.t("inc-move-units-n")),
    ]);
    html! { details.fold { summary { (w.t("inc-move-used")) } (table.rows(plan.regions.iter().map(row))) } }
}

/// What the proposal does not know.
fn warnings(w: Words, all: &Proposal<'_>, plan: &SecondaryAnswer) -> Markup {
    let to = all.moved_to_intensive_care();
    let intensive: usize = all.units.iter().map(|one| one.intensive).sum();
    let left: Vec<_> = plan
        .left_out
        .iter()
        .map(|text| match text.split_once(": ") {
            Some((hospital, class)) => {
                format!("{}: {}", name(all, hospital), w.dynamic("ready-of-care-", class))
            }
            None => text.clone(),
        })
        .collect();
    let far: Vec<_> = all.hospitals.iter().filter(|one| one.way == Way::Unknown).collect();
    html! {
        @if usize::try_from(to).is_ok_and(|to| to > intensive) {
            @let args = [("n", to.into()), ("units", intensive.into())];
            (Note::warning(w, &w.t_args("inc-move-intensive", &args)))
        }
        @if !left.is_empty() {
            p.fine { (w.t("inc-move-left")) " " (left.join("; ")) "." }
        }
        @if !far.is_empty() {
            p.fine {
                (w.t("inc-move-far")) " "
                (far.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")) "."
            }
        }
    }
}
