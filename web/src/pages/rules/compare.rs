//! The regions' rules side by side: what is the same, what differs, what some region leaves open.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::rulesets::view::{Comparison, Likeness, Row as Compared, compare};
use samband_domain::rulesets::{Heading, Rule, Scope};
use samband_engine::World;
use serde::Deserialize;

use super::said::{legend, likeness_tag, source};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Form, Row, Table, live_region, page_header, section,
};
use crate::pages::frame::page;
use crate::pages::parts::{Place, name_of, places};
use crate::text::Words;

/// What is asked for; blank is everything, now.
#[derive(Clone, Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    heading: String,
    #[serde(default)]
    at: String,
}

impl Asked {
    fn wants(&self, row: &Compared<'_>) -> bool {
        let likeness = self.show.is_empty() || self.show == row.likeness.as_str();
        likeness && (self.heading.is_empty() || self.heading == row.heading().as_str())
    }

    fn address(&self) -> String {
        let Self { show, heading, at } = self;
        format!("/rule-sets/compare?show={show}&heading={heading}&at={at}")
    }

    /// As asked, with what is no choice of the form left out.
    fn sound(self) -> Self {
        let show = Likeness::ALL.iter().any(|one| one.as_str() == self.show);
        let heading = Heading::ALL.iter().any(|one| one.as_str() == self.heading);
        let date = self.at.parse::<jiff::civil::Date>().is_ok();
        let keep = |keep: bool, text: String| if keep { text } else { String::new() };
        Self {
            show: keep(show, self.show),
            heading: keep(heading, self.heading),
            at: keep(date, self.at),
        }
    }
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/rule-sets/compare", get(show))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let asked = asked.sound();
    let today = Words::sv().date(now.0);
    let at = match asked.at.as_str() {
        "" => now,
        text if text == today => now,
        text => text.parse().ok().and_then(Time::start_of).unwrap_or(now),
    };
    let places = places(&world, now);
    let w = visitor.words;
    let comparison = of(&world, &places, at);
    let crumbs = [("/rule-sets", w.t("rules-title"))];
    let body = body(w, &places, &comparison, &asked, (now, &today));
    Ok(page(&app, &visitor, &w.t("rules-compare-title"), &crumbs, &body))
}

/// The regions as pages order them, compared.
fn of<'a>(world: &'a World, places: &[Place], at: Time) -> Comparison<'a> {
    let regions: Vec<_> = places
        .iter()
        .filter_map(|place| {
            let journal = world.journal(&place.id)?;
            Some((place.id.clone(), &journal.shared().rulesets))
        })
        .collect();
    compare(&regions, Scope::Blood, at)
}

fn body(
    w: Words,
    places: &[Place],
    comparison: &Comparison<'_>,
    asked: &Asked,
    (now, today): (Time, &str),
) -> Markup {
    let count = |likeness| (likeness, comparison.count(likeness));
    let counts = [Likeness::Same, Likeness::Differs, Likeness::Missing].map(count);
    let args = counts.map(|(likeness, n)| (likeness.as_str(), n.into()));
    let rules = comparison.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.rule());
    html! {
        (page_header(&w.t("rules-compare-title"), Some(&w.t("rules-compare-lead")), None))
        p.standing { (w.t_args("rules-compare-count", &args)) }
        div.panel.filter { (filter(w, asked, today)) }
        (live_region("compared", "rule_set", &asked.address(), &html! {
            (regions(w, places, comparison, now))
            (tables(w, places, comparison, asked))
        }))
        (exports(w))
        (legend(w, rules))
    }
}

fn filter(w: Words, asked: &Asked, today: &str) -> Form<'static> {
    let all = [(String::new(), w.t("rules-compare-everything"))].into_iter();
    let kinds = [Likeness::Differs, Likeness::Missing, Likeness::Same].map(|one| {
        let name = one.as_str();
        (name.to_owned(), w.dynamic("rules-compare-only-", name))
    });
    let every = [(String::new(), w.t("rules-compare-all-headings"))].into_iter();
    let headings = Heading::ALL.iter().map(|one| (one.as_str().to_owned(), w.rule_heading(*one)));
    let at = if asked.at.is_empty() { today } else { &asked.at };
    Form::get(w, "/rule-sets/compare", w.t("rules-compare-show"))
        .field(
            Field::select("show", w.t("rules-compare-filter"), all.chain(kinds)).value(&asked.show),
        )
        .field(
            Field::select("heading", w.t("rules-compare-heading"), every.chain(headings))
                .value(&asked.heading),
        )
        .field(Field::date("at", w.t("rules-compare-at")).value(at))
}

/// Which set is compared of each region.
fn regions(w: Words, places: &[Place], comparison: &Comparison<'_>, now: Time) -> Markup {
    html! {
        ul.compared {
            @for (region, set) in &comparison.regions {
                li {
                    strong { (name_of(places, region)) } ": "
                    @match set {
                        Some(set) => {
                            a href={ "/rule-sets/" (set.digest) "?region=" (region) } {
                                (set.set.version)
                            }
                            ", " (w.t("rules-compare-since")) " " (w.date(set.from.0))
                        }
                        None => span.unknown { (w.t("rules-none-in-force")) }
                    }
                    @let place = places.iter().find(|place| place.id == *region);
                    @if let Some(mark) = place.and_then(|place| place.age_mark(w, now)) {
                        " " (mark)
                    }
                }
            }
        }
    }
}

fn tables(w: Words, places: &[Place], comparison: &Comparison<'_>, asked: &Asked) -> Markup {
    let wanted: Vec<_> = comparison.rows.iter().filter(|row| asked.wants(row)).collect();
    if wanted.is_empty() {
        return html! { (EmptyState::new(&w.t("rules-compare-empty"), "")) };
    }
    html! {
        @for heading in Heading::ALL {
            @let rows: Vec<_> = wanted.iter().filter(|row| row.heading() == *heading).collect();
            @if !rows.is_empty() {
                @let title = w.rule_heading(*heading);
                @let regions = comparison.regions.iter().map(|(id, _)| name_of(places, id));
                @let table = Table::new(title.clone())
                    .caption_hidden()
                    .columns([
                        Column::text(w.t("rules-rule")),
                        Column::text(w.t("rules-compare-likeness")),
                    ])
                    .columns(regions.map(Column::text))
                    .rows(rows.iter().map(|row| line(w, row)));
                (section(heading.as_str(), &title, &html! { (table) }))
            }
        }
    }
}

fn line(w: Words, row: &Compared<'_>) -> Row {
    let name = html! { (w.rule_name(row.key)) " " code.rule-key { (row.key) } };
    let cells = row.cells.iter().map(|cell| match cell.rule() {
        Some(rule) => Cell::markup(said(w, rule)),
        None => Cell::markup(html! {
            span.unknown { (w.dynamic("rule-cell-", cell.kind())) }
        }),
    });
    Row::new(name).cell(likeness_tag(w, row.likeness)).cells(cells)
}

/// A region's value with its source.
fn said(w: Words, rule: &Rule) -> Markup {
    let known = rule.value.as_ref().value().is_some();
    html! {
        span class=[(!known).then_some("unknown")] { (w.rule_value(rule)) }
        @if known { " " small.cited { (source(w, &rule.source)) } }
    }
}

fn exports(w: Words) -> Markup {
    let title = w.t("rules-compare-title");
    html! {
        p.exports {
            @for (form, name) in [("CSV", "csv"), ("XLSX", "xlsx")] {
                a href={ "/api/v1/rule-sets/compare?format=" (name) "&headings=words" } download
                    aria-label={ (form) ": " (title) } {
                    span aria-hidden="true" { "↓ " } (form)
                }
            }
        }
    }
}
