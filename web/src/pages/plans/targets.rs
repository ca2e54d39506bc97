//! What should lie where: what is set, what lies there, and what is proposed.

mod proposals;
mod set;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Component, Group};
use samband_domain::plans::model::Light;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::{Journal, World};
use serde::Deserialize;

use super::forecast::{region_field, site_field, site_of};
use super::tabs;
use crate::app::plans::forecast::{beside, sites, table};
use crate::app::plans::targets::{self, LEAD_DAYS, Row, lead_days, rows};
use crate::app::stock::{days_text, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Row as Line, Status, Table, page_header, section, tag,
    time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::{age_text, record_link, region_name, title_of};
use crate::pages::stock::component as component_text;
use crate::text::Words;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/plan/targets", get(show)).merge(set::routes())
}

/// What is asked, as it stands in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct TargetsForm {
    region: Option<String>,
    site: Option<String>,
    component: Option<String>,
    lead: Option<String>,
    done: Option<String>,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Region.
    pub region: JournalId,
    /// Site; none for all of them, without proposals.
    pub site: Option<SiteId>,
    /// Component.
    pub component: Component,
    /// Days from an order until its units lie there.
    pub lead: usize,
}

impl TargetsForm {
    /// What the interface asks.
    pub(crate) fn of(
        region: Option<String>,
        site: String,
        component: Option<String>,
        lead: Option<String>,
    ) -> Self {
        Self { region, site: Some(site), component, lead, done: None }
    }

    /// What is asked; what cannot be read is a problem, not a guess.
    pub(crate) fn asked(&self, world: &World, own: &JournalId) -> Result<Asked, Problem> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let region = match given(&self.region) {
            None => own.clone(),
            Some(text) => crate::app::stock::region(world, &text)?,
        };
        let site = site_of(world, &region, given(&self.site).as_deref())?;
        let component = match given(&self.component) {
            None => Component::RedCells,
            Some(text) => crate::app::stock::component(&text)?,
        };
        let lead = match given(&self.lead) {
            None => lead_days(component),
            Some(text) => {
                let read = text.parse().ok().filter(|days| LEAD_DAYS.contains(days));
                read.ok_or_else(|| Problem::malformed("lead"))?
            }
        };
        Ok(Asked { region, site, component, lead })
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<TargetsForm>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let asked = form.asked(&world, &visitor.region)?;
    visitor.permit(&app, Action::SeeStock, &asked.region)?;
    let journal = world.journal(&asked.region);
    let journal = journal.ok_or_else(|| Problem::not_found(asked.region.as_str()))?;
    let shown = match &asked.site {
        Some(site) => one(&app, &visitor, journal, (&asked, site), now).await?,
        None => all(w, journal, &asked, now).await?,
    };
    let title = w.t("targets-title");
    let body = html! {
        (page_header(&w.t("targets-title"), Some(&w.t("targets-lead")), None))
        (tabs(w, "/plan/targets"))
        (done_note(w, form.done.as_deref()))
        (question(w, &world, &asked, now))
        (shown)
    };
    let crumbs = [("/plan/transfers", w.t("plan-title"))];
    Ok(page(&app, &visitor, &title, &crumbs, &body))
}

fn question(w: Words, world: &World, asked: &Asked, now: Time) -> Markup {
    let components = [Component::RedCells, Component::Platelets, Component::Plasma];
    let components = components.map(|one| (one.to_string(), component_text(w, one)));
    html! {
        div.panel.inline-form {
            (Form::get(w, "/plan/targets", w.t("plan-show"))
                .field(region_field(w, world, &asked.region))
                .field(site_field(w, world, (&asked.region, asked.site.as_ref()), now))
                .field(Field::select("component", w.t("stock-component"), components)
                    .value(asked.component.to_string()))
                .field(Field::number("lead", w.t("targets-lead-days"))
                    .hint(w.t_args("targets-lead-days-hint", &[
                        ("from", (*LEAD_DAYS.start()).into()), ("to", (*LEAD_DAYS.end()).into())]))
                    .value(asked.lead.to_string())))
        }
    }
}

/// One site: what is set and what lies there, and what is proposed.
async fn one(
    app: &App,
    visitor: &Visitor,
    journal: &Arc<Journal>,
    (asked, site): (&Asked, &SiteId),
    now: Time,
) -> Result<Markup, Problem> {
    let (of, place, component, lead) =
        (Arc::clone(journal), site.clone(), asked.component, asked.lead);
    let (rows, proposed) = beside(move || {
        let whole = table(of.shared(), Day::of(now));
        let rows = rows(&of, whole.as_ref(), (&place, component), now);
        (rows, targets::propose(&of, (&place, component), lead, now))
    })
    .await?;
    let w = visitor.words;
    let may = journal.id == visitor.region && visitor.may(app, Action::SetTargets);
    let world = app.engine.world();
    let name = site_name(&world, &asked.region, site);
    let heading = format!("{name}: {}", component_text(w, asked.component));
    Ok(html! {
        (section("set", &heading, &html! {
            (set_table(w, journal, (site, &rows), now, may))
            p.fine { (w.t("targets-days-note")) }
        }))
        (section("proposed", &w.t("targets-proposed"),
            &proposals::shown(w, (asked, site), &rows, &proposed, may)))
        @if !may {
            p.fine { (w.t_args("targets-who-sets", &[
                ("region", region_name(&world, &asked.region).into())])) }
        }
    })
}

/// All sites of a region: all groups together, and every line with a target.
async fn all(
    w: Words,
    journal: &Arc<Journal>,
    asked: &Asked,
    now: Time,
) -> Result<Markup, Problem> {
    let (of, component) = (Arc::clone(journal), asked.component);
    let found = beside(move || {
        let whole = table(of.shared(), Day::of(now));
        let places = sites(of.shared(), now).into_iter();
        places
            .map(|site| {
                let mut rows = rows(&of, whole.as_ref(), (&site, component), now);
                rows.retain(|row| row.line.group.is_none() || row.held.is_some());
                (site, rows)
            })
            .collect::<Vec<_>>()
    })
    .await?;
    let name = |site: &SiteId| {
        let held = journal.shared().kernel.sites.get(site);
        held.map_or_else(|| site.to_string(), |held| held.name.clone())
    };
    let lines = found.iter().flat_map(|(site, rows)| {
        rows.iter().map(move |row| {
            let href = format!(
                "/plan/targets?region={}&site={site}&component={}",
                journal.id, asked.component
            );
            let place = html! {
                a href=(href) { (name(site)) } " " span.fine { (group_text(w, row.line.group)) }
            };
            cells(w, journal, Cell::markup(place), row, now)
        })
    });
    let title = w.t_args(
        "targets-of",
        &[("region", journal.name().into()), ("component", component_text(w, component).into())],
    );
    Ok(html! {
        @if found.is_empty() {
            (EmptyState::new(&w.t("targets-no-site"), &w.t("targets-no-site-text")))
        } @else {
            (section("set", &title, &html! {
                (headed(w, w.t("stock-site")).rows(lines.collect::<Vec<_>>()))
                p.fine { (w.t("targets-days-note")) " " (w.t("targets-choose-site")) }
            }))
        }
    })
}

pub(super) fn group_text(w: Words, group: Option<Group>) -> String {
    group.map_or_else(|| w.t("plan-all"), |group| group.to_string())
}

fn headed(w: Words, first: String) -> Table {
    Table::new(w.t("targets-table")).columns([
        Column::text(first),
        Column::text(w.t("targets-there")),
        Column::text(w.t("targets-light")),
        Column::text(w.t("targets-fill")),
        Column::text(w.t("targets-green")),
        Column::text(w.t("targets-amber")),
        Column::text(w.t("targets-set-by")),
    ])
}

fn set_table(
    w: Words,
    journal: &Journal,
    (site, rows): (&SiteId, &[Row]),
    now: Time,
    may: bool,
) -> Table {
    let line = |row: &Row| {
        let name = group_text(w, row.line.group);
        let head =
            if may { Cell::link(&set::href(site, row, None), &name) } else { Cell::text(name) };
        cells(w, journal, head, row, now)
    };
    headed(w, w.t("stock-group")).rows(rows.iter().map(line))
}

fn cells(w: Words, journal: &Journal, head: Cell, row: &Row, now: Time) -> Line {
    let there = match row.units {
        Known::Unknown => Cell::unknown(w),
        Known::Value(units) => Cell::markup(html! {
            (units_days(w, row, units)) " " span.fine { (age_text(w, row.as_of, now)) }
        }),
    };
    let line = Line::new(head).cell(there);
    let Some(held) = &row.held else {
        let none = w.t("targets-none");
        return line.cell(none).cells(["–", "–", "–", "–"]);
    };
    let target = &held.target;
    let who = held.by.as_ref().map(|by| title_of(journal.shared(), by));
    line.cell(Cell::markup(light(w, row.light)))
        .cell(units_days(w, row, target.fill_to))
        .cell(units_days(w, row, target.green_from))
        .cell(units_days(w, row, target.amber_from))
        .cell(Cell::markup(html! {
            @if let Some(who) = who { (who) ", " }
            (time_tag(w, held.said.0)) ". " (target.basis) " " (record_link(w, &held.at))
        }))
}

/// `24 (3,1 dygn)`; the units alone where nobody knows what is used.
pub(super) fn units_days(w: Words, row: &Row, units: u32) -> String {
    match row.days(units) {
        Known::Unknown => w.int(units),
        days @ Known::Value(_) => format!("{} ({})", w.int(units), days_text(w, days)),
    }
}

/// Sign and word; colour alone says nothing.
fn light(w: Words, light: Option<Known<Light>>) -> Markup {
    match light {
        None => html! { (w.t("targets-none")) },
        Some(Known::Unknown) => tag(Status::Unknown, &w.unknown()),
        Some(Known::Value(light)) => {
            let status = match light {
                Light::Green => Status::Known,
                Light::Amber => Status::Attention,
                Light::Red => Status::Stopped,
            };
            tag(status, &w.dynamic("targets-light-", light.as_str()))
        }
    }
}
