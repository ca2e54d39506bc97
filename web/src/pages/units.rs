//! Units: what is on the label, what was tested, everything that happened, and what may be done.

mod facts;
mod forms;
mod label;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::unit::Status as Standing;
use samband_domain::blood::model::{Din, Unit, UnitId};
use samband_domain::blood::view::units::of_donation;
use samband_domain::{JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::{May, region_name};
use super::typed::{Draft, Typed};
use crate::app::history::{self, Past, Step, group_text, past};
use crate::app::stock::{TOPICS, din, parts, product, site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// What may be done with a unit.
const ACTIONS: &[Action] = &[
    Action::QuarantineUnits,
    Action::ReleaseUnits,
    Action::RecordTests,
    Action::CorrectUnit,
    Action::DiscardUnits,
    Action::ReserveUnits,
];

/// Which forms are open, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// A donation as its pages show it.
struct Donation {
    now: Time,
    din: Din,
    live: Vec<(JournalId, UnitId, Unit)>,
    past: Vec<Past>,
    steps: Vec<Step>,
}

/// One unit of it.
pub(super) struct View<'a> {
    now: Time,
    world: &'a World,
    id: UnitId,
    region: JournalId,
    unit: Option<Unit>,
    past: Option<Past>,
    steps: Vec<Step>,
    may: May,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/units/{din}", get(list))
        .route("/units/{din}/{product}", get(show).post(act))
        .merge(label::routes())
}

async fn gather(
    app: &App,
    world: &World,
    visitor: &Visitor,
    number: &str,
) -> Result<Donation, Problem> {
    visitor.permit(app, Action::SeeStock, &visitor.region)?;
    let number = din(number)?;
    let now = app.engine.now();
    let steps = history::of_donation(app, world, visitor, number).await?;
    let parts = parts(world, now);
    let live: Vec<_> = of_donation(&parts, number)
        .into_iter()
        .map(|found| (found.region.clone(), found.id, found.unit.clone()))
        .collect();
    let ids: Vec<_> = live.iter().map(|(_, id, _)| *id).collect();
    let past = past(&steps, &ids);
    if live.is_empty() && past.is_empty() && steps.is_empty() {
        let name = format!("{} {}", number.spaced(), number.check_character());
        let problem = Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_unit");
        return Err(problem.fact("unit", name));
    }
    Ok(Donation { now, din: number, live, past, steps })
}

/// The number as a label shows it, its check character in a box.
pub(super) fn boxed(w: Words, din: Din) -> Markup {
    let spaced = din.spaced();
    html! {
        span.din { (spaced) " " span.hidden { (w.t("unit-check-character")) " " }
            span.check-box { (din.check_character()) } }
    }
}

/// A unit's status as a tag with its own sign and word.
pub(super) fn status_tag(w: Words, status: Standing) -> Markup {
    let kind = match status {
        Standing::Available => Status::Known,
        Standing::Reserved { .. } => Status::Held,
        Standing::Quarantined(_) => Status::Attention,
        Standing::InTransit | Standing::Issued => Status::OneSided,
        Standing::Outdated => Status::Stopped,
        Standing::Missing | Standing::Lost => Status::Gap,
    };
    let mut text = w.dynamic("unit-status-", status.as_str());
    if let Standing::Quarantined(reason) = status {
        text = format!("{text}: {}", w.dynamic("quarantine-", reason.as_str()));
    }
    tag(kind, &text)
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, Problem> {
    let world = app.engine.world();
    // A donation of the own region has a page of its own, also while no unit stands for it.
    let number_read = din(&number)?;
    let recorded = world
        .local(&visitor.region)
        .is_some_and(|region| region.shared.donations.donations.contains_key(&number_read));
    let recorded = recorded && visitor.may(&app, Action::SeeDonors);
    let all = match gather(&app, &world, &visitor, &number).await {
        Err(problem) if recorded && problem.status == axum::http::StatusCode::NOT_FOUND => {
            return Ok(Redirect::to(&format!("/donations/{number_read}")).into_response());
        }
        other => other?,
    };
    let w = visitor.words;
    let name = format!("{} {}", all.din.spaced(), all.din.check_character());
    let title = w.t_args("unit-donation-title", &[("din", name.into())]);
    let src = format!("/units/{}", all.din);
    let body = html! {
        (page_header(&w.t("unit-donation"), Some(&w.t("unit-donation-lead")), None))
        p.din-line { (boxed(w, all.din)) }
        @if recorded {
            p { a href={ "/donations/" (all.din) } { (w.t("donation-page")) } }
        }
        (live_region("donation", TOPICS, &src, &donation(w, &world, &all)))
    };
    let crumbs = [("/stock", w.t("stock-title"))];
    Ok(page(&app, &visitor, &title, &crumbs, &body).into_response())
}

fn donation(w: Words, world: &World, all: &Donation) -> Markup {
    let live = all.live.iter().map(|(region, id, unit)| {
        Row::new(Cell::link(&unit_href(id), id.product.as_str()))
            .cell(w.dynamic("product-", unit.product.as_str()))
            .cell(group_text(w, unit.group))
            .cell(time_tag(w, unit.expiry.0))
            .cell(status_tag(w, unit.status))
            .cell(format!(
                "{}, {}",
                site_name(world, region, &unit.site),
                region_name(world, region)
            ))
    });
    let gone = all.past.iter().map(|past| {
        let entry = &past.entry;
        Row::new(Cell::link(&unit_href(&entry.id), entry.id.product.as_str()))
            .cell(w.dynamic("product-", entry.product.as_str()))
            .cell(group_text(w, entry.group))
            .cell(time_tag(w, entry.expiry.0))
            .cell(tag(Status::Ended, &w.t("unit-status-gone")))
            .cell(region_name(world, &past.region))
    });
    let table = Table::new(w.t("unit-of-donation"))
        .columns([
            Column::text(w.t("unit-product-code")),
            Column::text(w.t("unit-product")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("unit-expiry")),
            Column::text(w.t("unit-status")),
            Column::text(w.t("unit-where")),
        ])
        .rows(live.chain(gone));
    html! {
        (table)
        (section("history", &w.t("unit-history"), &facts::history(w, world, &all.steps, None, all.now)))
    }
}

fn one<'a>(
    app: &App,
    visitor: &Visitor,
    donation: Donation,
    id: UnitId,
    world: &'a World,
) -> Result<View<'a>, Problem> {
    let Donation { now, live, past, steps, .. } = donation;
    let of_unit = live.into_iter().filter(|(_, unit, _)| *unit == id);
    // A unit on its way stands in the sender's journal until the receiver's word is seen there.
    let held = of_unit.min_by_key(|(_, _, unit)| unit.status == Standing::InTransit);
    let past = past.into_iter().find(|past| past.entry.id == id);
    let region = held.as_ref().map(|(region, ..)| region).or(past.as_ref().map(|p| &p.region));
    let Some(region) = region.cloned() else {
        let problem = Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_unit");
        return Err(problem.fact("unit", id.to_string()));
    };
    let own = region == visitor.region;
    let unit = held.map(|(_, _, unit)| unit);
    let may = May::of(ACTIONS, |action| own && unit.is_some() && visitor.may(app, action));
    let steps = steps.into_iter().filter(|step| step.units.contains(&id)).collect();
    Ok(View { now, world, id, region, unit, past, steps, may })
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, code)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let world = app.engine.world();
    let id = UnitId { din: din(&number)?, product: product(&code)? };
    let donation = gather(&app, &world, &visitor, &number).await?;
    let view = one(&app, &visitor, donation, id, &world)?;
    let draft = Draft::fresh(view.now);
    Ok(whole(&app, &visitor, &view, &draft, asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path((number, code)): Path<(String, String)>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let world = app.engine.world();
    let id = UnitId { din: din(&number)?, product: product(&code)? };
    let donation = gather(&app, &world, &visitor, &number).await?;
    let view = one(&app, &visitor, donation, id, &world)?;
    let typed = Typed::new(pairs);
    let Some(command) = forms::read(visitor.words, id, &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    match send(&app, &visitor, &view.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&unit_href(&id), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &view, &draft, None)).into_response())
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    view: &View<'_>,
    draft: &Draft,
    done: Option<&str>,
) -> Html<String> {
    let w = visitor.words;
    let number = format!("{} {}", view.id.din.spaced(), view.id.din.check_character());
    let title = w.t_args(
        "unit-title",
        &[("din", number.clone().into()), ("product", view.id.product.to_string().into())],
    );
    let donation = format!("/units/{}", view.id.din);
    let crumbs = [("/stock", w.t("stock-title")), (&*donation, number)];
    let src = unit_href(&view.id);
    let body = html! {
        (page_header(&w.t("unit-one"), None, Some(&label::links(w, view))))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("unit", TOPICS, &src, &html! {
            (facts::facts(w, view))
            (section("history", &w.t("unit-history"),
                &facts::history(w, view.world, &view.steps, Some(&view.id), view.now)))
        }))
        (forms::forms(w, view, draft))
    };
    page(app, visitor, &title, &crumbs, &body)
}
