//! What was used against what had been forecast, what is forecast for the weeks ahead, and why.

mod tested;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Component, Group};
use samband_domain::words::Day;
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::World;
use samband_planning::forecast::calendar::{name, weekday};
use samband_planning::forecast::{BACK_DAYS, LEAST_KNOWN, Limits, NotShown, Shown};
use serde::Deserialize;

use super::tabs;
use crate::app::plans::forecast::{Asked, Found, Source, WEEKS, beside, found, sites};
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::charts::{Chart, Curve, Marked};
use crate::components::{
    Cell, Column, Definitions, EmptyState, Field, FigureWithTable, Form, Note, Row, Table,
    page_header, section, time_tag,
};
use crate::pages::frame::page;
use crate::pages::parts::{record_link, region_name};
use crate::pages::stock::component as component_text;
use crate::text::{Ratio, Words};

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/plan/forecast", get(show))
}

/// What is asked, as it stands in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct ForecastForm {
    pub(crate) region: Option<String>,
    pub(crate) site: Option<String>,
    pub(crate) component: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) weeks: Option<String>,
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

impl ForecastForm {
    /// What is asked; what cannot be read is a problem, not a guess. A site of another region is
    /// what a form says whose region was just changed: then all sites are meant.
    pub(crate) fn asked(&self, world: &World, own: &JournalId) -> Result<Asked, Problem> {
        let region = match given(self.region.as_ref()) {
            None => own.clone(),
            Some(text) => crate::app::stock::region(world, text)?,
        };
        let site = site_of(world, &region, given(self.site.as_ref()))?;
        let component = given(self.component.as_ref()).map(crate::app::stock::component);
        let group = given(self.group.as_ref()).map(crate::app::stock::group).transpose()?;
        let weeks = match given(self.weeks.as_ref()) {
            None => *WEEKS.start(),
            Some(text) => {
                let read = text.parse().ok().filter(|weeks| WEEKS.contains(weeks));
                read.ok_or_else(|| Problem::malformed("weeks"))?
            }
        };
        let component = component.transpose()?.unwrap_or(Component::RedCells);
        Ok(Asked { region, site, component, group, weeks })
    }
}

/// A site of a region; none if none is named, or one of another region.
pub(crate) fn site_of(
    world: &World,
    region: &JournalId,
    text: Option<&str>,
) -> Result<Option<SiteId>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let id = SiteId::new(text)?;
    let held = |journal: &&samband_engine::Journal| journal.shared().kernel.sites.contains_key(&id);
    let here = world.journal(region).map(AsRef::as_ref).filter(held);
    let elsewhere = || world.journals.values().map(AsRef::as_ref).any(|journal| held(&journal));
    match here {
        Some(_) => Ok(Some(id)),
        None if elsewhere() => Ok(None),
        None => Err(Problem::not_found(text)),
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<ForecastForm>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let asked = form.asked(&world, &visitor.region)?;
    visitor.permit(&app, Action::SeeStock, &asked.region)?;
    let journal = world.journal(&asked.region);
    let journal = journal.ok_or_else(|| Problem::not_found(asked.region.as_str()))?;
    let (of, question) = (std::sync::Arc::clone(journal), asked.clone());
    let found = beside(move || found(of.shared(), &question, now)).await?;
    let title = w.t("forecast-title");
    let body = html! {
        (page_header(&w.t("forecast-title"), Some(&w.t("forecast-lead")), None))
        (tabs(w, "/plan/forecast"))
        (question_form(w, &world, &asked, now))
        @match &found.shown {
            Ok(shown) => {
                (section("forecast", &heading(w, &world, &asked), &figure(w, shown, &found, now)))
                (section("why", &w.t("forecast-why"), &tested::why(w, shown)))
            }
            Err(why) => (nothing(w, &asked, *why)),
        }
        (section("rests", &w.t("forecast-rests"), &rests(w, &world, &asked, &found)))
    };
    let crumbs = [("/plan/transfers", w.t("plan-title"))];
    Ok(page(&app, &visitor, &title, &crumbs, &body))
}

fn question_form(w: Words, world: &World, asked: &Asked, now: Time) -> Markup {
    let components = [Component::RedCells, Component::Platelets, Component::Plasma];
    let components = components.map(|one| (one.to_string(), component_text(w, one)));
    let groups = std::iter::once((String::new(), w.t("plan-all")))
        .chain(Group::ALL.into_iter().map(|group| (group.as_str().to_owned(), group.to_string())));
    let weeks = WEEKS.map(|n| (n.to_string(), w.t_args("forecast-weeks", &[("n", n.into())])));
    html! {
        div.panel.inline-form {
            (Form::get(w, "/plan/forecast", w.t("plan-show"))
                .field(region_field(w, world, &asked.region))
                .field(site_field(w, world, (&asked.region, asked.site.as_ref()), now))
                .field(Field::select("component", w.t("stock-component"), components)
                    .value(asked.component.to_string()))
                .field(Field::select("group", w.t("stock-group"), groups.collect::<Vec<_>>())
                    .value(asked.group.map_or("", Group::as_str)))
                .field(Field::select("weeks", w.t("plan-horizon"), weeks.collect::<Vec<_>>())
                    .value(asked.weeks.to_string())))
        }
    }
}

/// Which region.
pub(super) fn region_field(w: Words, world: &World, region: &JournalId) -> Field {
    let parts = crate::app::stock::parts(world, Time(0)).into_iter();
    let regions: Vec<_> =
        parts.map(|part| (part.journal.to_string(), region_name(world, part.journal))).collect();
    Field::select("region", w.t("stock-region"), regions).value(region.to_string())
}

/// Which site of it, or all of them.
pub(super) fn site_field(
    w: Words,
    world: &World,
    (region, site): (&JournalId, Option<&SiteId>),
    now: Time,
) -> Field {
    let of = world.journal(region).map(|journal| sites(journal.shared(), now));
    let named = |id: &SiteId| (id.to_string(), site_name(world, region, id));
    let all = std::iter::once((String::new(), w.t("forecast-all-sites")));
    let choices: Vec<_> = all.chain(of.iter().flatten().map(named)).collect();
    Field::select("site", w.t("stock-site"), choices).value(site.map_or("", SiteId::as_str))
}

/// `O RhD neg, erytrocyter, Blodcentralen Lund`.
fn heading(w: Words, world: &World, asked: &Asked) -> String {
    let place = match &asked.site {
        Some(site) => site_name(world, &asked.region, site),
        None => region_name(world, &asked.region),
    };
    let group = asked.group.map_or_else(|| w.t("plan-all"), |group| group.to_string());
    format!("{place}: {}, {group}", component_text(w, asked.component))
}

/// What is said in place of a drawing: how much is known, how much is needed, what to do.
fn nothing(w: Words, asked: &Asked, why: NotShown) -> Markup {
    let (known, needed) = match why {
        NotShown::TooFew { known, needed } => (known, needed),
        NotShown::Stopped(_) => (0, LEAST_KNOWN),
    };
    let args = [("known", known.into()), ("needed", needed.into())];
    let title = w.t("forecast-unknown");
    let mut text = w.t_args("forecast-too-few", &args);
    if asked.group.is_some() {
        text = format!("{text} {}", w.t("forecast-try-all"));
    }
    let report = w.t("plan-use-report");
    html! { (EmptyState::new(&title, &text).action("/plan/use/import", &report)) }
}

fn figure(w: Words, shown: &Shown, found: &Found, now: Time) -> Markup {
    let drawing = drawing(w, shown);
    let table = table(w, shown);
    let title = w.t("forecast-figure");
    let twin = FigureWithTable::new(w, "forecast-figure", &title, &drawing, &table).folded();
    let lag = Day::of(now).days_since(shown.last_day) - 1;
    html! {
        @if lag > 0 {
            (Note::warning(w, &w.t_args("forecast-lags", &[
                ("n", lag.into()), ("day", shown.last_day.to_string().into())])))
        }
        @if !found.left_out.is_empty() { (Note::warning(w, &w.t("forecast-part"))) }
        (twin)
        (holidays(w, shown))
    }
}

fn units(n: u32) -> Ratio {
    (i128::from(n), 1)
}

/// Days from the first shown to the last.
fn days(shown: &Shown) -> Vec<Day> {
    let came = shown.came.iter().map(|came| came.date);
    came.chain(shown.ahead.iter().map(|ahead| ahead.date)).collect()
}

fn drawing(w: Words, shown: &Shown) -> Markup {
    let days = days(shown);
    let points: Vec<String> =
        days.iter().map(|day| format!("{}/{}", day.date().day(), day.date().month())).collect();
    let before = shown.came.len();
    let actual = shown.came.iter().map(|came| came.units.map(units));
    let actual = actual.chain(shown.ahead.iter().map(|_| None));
    let backwards: Vec<Option<&Limits>> = shown
        .came
        .iter()
        .map(|came| came.forecast.as_ref())
        .chain(shown.ahead.iter().map(|_| None))
        .collect();
    let forwards: Vec<Option<&Limits>> =
        shown.came.iter().map(|_| None).chain(shown.ahead.iter().map(Some)).collect();
    let first = shown.came.first().map_or(shown.last_day, |came| came.date);
    let label = w.t_args("forecast-as-made", &[("day", w.iso_date(&first.to_string()).into())]);
    let mut curves = vec![Curve::new(w.t("forecast-used"), actual)];
    if shown.back.is_some() {
        curves.push(banded(label, &backwards));
    }
    curves.push(banded(w.t("forecast-ahead"), &forwards));
    let special = days.iter().enumerate().filter(|(_, day)| name(**day).is_some());
    let marked = Marked { at: special.map(|(at, _)| at).collect(), label: w.t("forecast-special") };
    let (title, text) = (w.t("forecast-figure"), w.t("forecast-figure-text"));
    let chart = Chart::new(w, "forecast-chart", &title, &text)
        .marked(marked)
        .divide(before, w.t("forecast-from-here"));
    chart.curves(&points, &curves)
}

fn banded(label: String, of: &[Option<&Limits>]) -> Curve {
    let at = |n: usize| of.iter().map(move |day| day.map(|day| units(day.limits[n])));
    let between = |low: usize, high: usize| {
        of.iter().map(move |day| day.map(|day| (units(day.limits[low]), units(day.limits[high]))))
    };
    Curve::new(label, at(2)).outer(between(0, 4)).band(between(1, 3))
}

fn table(w: Words, shown: &Shown) -> Table {
    let row = |date: Day, came: Option<Option<u32>>, forecast: Option<&Limits>| {
        let range = |low: usize, high: usize| {
            forecast.map_or_else(
                || Cell::unknown(w),
                |day| Cell::text(format!("{}–{}", day.limits[low], day.limits[high])),
            )
        };
        let actual = match came {
            None => Cell::text("–"),
            Some(units) => Cell::count(w, units),
        };
        let day = html! {
            (w.iso_date(&date.to_string())) " " (weekday_name(w, date))
            @if let Some(name) = name(date) { " · " (w.dynamic("holiday-", name)) }
        };
        Row::new(Cell::markup(day))
            .cell(actual)
            .cell(Cell::count(w, forecast.map(|day| day.limits[2])))
            .cell(range(1, 3))
            .cell(range(0, 4))
    };
    let came =
        shown.came.iter().map(|came| row(came.date, Some(came.units), came.forecast.as_ref()));
    let ahead = shown.ahead.iter().map(|day| row(day.date, None, Some(day)));
    Table::new(w.t("forecast-table"))
        .note(w.t("forecast-table-note"))
        .columns([
            Column::text(w.t("forecast-day")),
            Column::number(w.t("forecast-used")),
            Column::number(w.t("forecast-middle")),
            Column::number(w.t("forecast-80")),
            Column::number(w.t("forecast-95")),
        ])
        .rows(came.chain(ahead))
}

fn weekday_name(w: Words, day: Day) -> String {
    const NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    w.dynamic("forecast-weekday-", NAMES[weekday(day)])
}

/// Days out of the ordinary by name: the drawing has room for their signs only.
fn holidays(w: Words, shown: &Shown) -> Markup {
    let named: Vec<String> = days(shown)
        .into_iter()
        .filter_map(|day| {
            let name = w.dynamic("holiday-", name(day)?);
            Some(format!("{} {} {name}", weekday_name(w, day), w.iso_date(&day.to_string())))
        })
        .collect();
    html! {
        p.fine {
            @if named.is_empty() { (w.t("forecast-no-special")) }
            @else { (w.t_args("forecast-specials", &[("days", named.join(", ").into())])) }
        }
    }
}

/// What it rests on: days known, sites, sources with their age.
fn rests(w: Words, world: &World, asked: &Asked, found: &Found) -> Markup {
    let name = |site: &SiteId| site_name(world, &asked.region, site);
    let mut about = Definitions::new();
    if let Ok(shown) = &found.shown {
        let model = w.dynamic("forecast-model-", shown.tested.model.as_str());
        about = about
            .text(w.t("forecast-model"), &model)
            .text(w.t("plan-use-known"), &w.int(shown.known_days));
        if let Some(last) = shown.last_known {
            about = about.text(w.t("forecast-last"), &w.iso_date(&last.to_string()));
        }
    }
    if !found.sites.is_empty() {
        let sites: Vec<_> = found.sites.iter().map(name).collect();
        about = about.text(w.t("forecast-sites"), &sites.join(", "));
    }
    let left: Vec<String> = found
        .left_out
        .iter()
        .map(|one| {
            let args = [("site", name(&one.site).into()), ("known", one.known.into())];
            w.t_args("forecast-left-out", &args)
        })
        .collect();
    if !left.is_empty() {
        about = about.text(w.t("forecast-missing"), &left.join(", "));
    }
    html! {
        (about)
        h3 { (w.t("plan-use-sources")) }
        @if found.sources.is_empty() { p { (w.t("forecast-no-source")) } }
        ul { @for source in &found.sources { li { (source_line(w, world, asked, source)) } } }
        p.fine {
            (w.t_args("forecast-limits", &[("back", BACK_DAYS.into()), ("least", LEAST_KNOWN.into())]))
            " " a href="/plan/use" { (w.t("forecast-to-use")) }
        }
    }
}

fn source_line(w: Words, world: &World, asked: &Asked, source: &Source) -> Markup {
    html! {
        @match source {
            Source::Reported(one) => {
                (one.source) ", " (one.from) "–" (one.to)
                @if let Some((name, _)) = &one.file { " (" (name) ")" }
                ", " (w.t("forecast-recorded")) " " (time_tag(w, one.said.0)) ". "
                (record_link(w, &one.at))
            }
            Source::Own(site, since) => {
                (site_name(world, &asked.region, site)) ": "
                (w.t_args("plan-use-own", &[("day", since.to_string().into())]))
            }
        }
    }
}
