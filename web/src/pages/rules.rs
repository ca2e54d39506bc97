//! Regler: which rules each region has in force, and what waits for review or adoption.

mod compare;
mod draft;
mod said;
mod set;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::rulesets::view::Standing;
use samband_domain::{Digest, JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::parts::{May, Place, name_of, places};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Note, Row, Table, live_region, page_header, section, time_tag,
};
use crate::text::Words;

use said::standing_tag;

/// A rule set as the list shows it.
#[derive(Clone, Debug)]
struct Line {
    region: JournalId,
    digest: Digest,
    title: String,
    version: String,
    standing: Standing,
    drafted: Time,
    since: Option<Time>,
    rules: usize,
    unknown: usize,
}

/// What the page shows.
#[derive(Clone, Debug)]
struct View {
    own: JournalId,
    places: Vec<Place>,
    lines: Vec<Line>,
    may: May,
    done: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/rule-sets", get(show))
        .merge(compare::routes())
        .merge(draft::routes())
        .merge(set::routes())
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let view = View {
        own: visitor.region.clone(),
        places: places(&world, now),
        lines: lines(&world, now),
        may: May::of(&[Action::DraftRuleSet], |action| visitor.may(&app, action)),
        done: asked.done,
    };
    let w = visitor.words;
    Ok(page(&app, &visitor, &w.t("rules-title"), &[], &body(w, &view)))
}

/// Every rule set of every region, what concerns most first.
fn lines(world: &World, now: Time) -> Vec<Line> {
    let mut lines = Vec::new();
    for (region, shared) in world.shared() {
        let shared = &shared.rulesets;
        for (digest, held) in &shared.held {
            let mut from = shared.timeline.values().filter(|set| set.digest == *digest);
            let keys = samband_domain::rulesets::Key::all();
            let rules = keys.len();
            let known = keys.filter(|key| held.set.value(*key).is_some()).count();
            lines.push(Line {
                region: region.clone(),
                digest: *digest,
                title: held.set.title.clone(),
                version: held.set.version.clone(),
                standing: shared.standing(*digest, held, now),
                drafted: held.drafted,
                since: from.next_back().map(|set| set.from),
                rules,
                unknown: rules - known,
            });
        }
    }
    lines.sort_by_key(|line| {
        (line.standing, line.region.clone(), std::cmp::Reverse(line.drafted), line.digest)
    });
    lines
}

fn body(w: Words, view: &View) -> Markup {
    let actions = html! {
        a.button.main href="/rule-sets/compare" { (w.t("rules-compare")) }
        @if view.may.has(Action::DraftRuleSet) {
            " " a.button href="/rule-sets/draft" { (w.t("rules-draft")) }
        }
    };
    html! {
        (page_header(&w.t("rules-title"), Some(&w.t("rules-lead")), Some(&actions)))
        (done_note(w, view.done.as_deref()))
        (live_region("rules", "rule_set", "/rule-sets", &html! {
            (waiting(w, view))
            (section("regions", &w.t("rules-by-region"), &by_region(w, view)))
            (section("all", &w.t("rules-all"), &all(w, view)))
        }))
    }
}

fn waiting(w: Words, view: &View) -> Markup {
    let waits = |line: &&Line| line.region == view.own && line.standing.waits();
    let n = view.lines.iter().filter(waits).count();
    html! {
        @if n > 0 { (Note::warning(w, &w.t_args("rules-waits-here", &[("n", n.into())]))) }
    }
}

fn href(line: &Line) -> String {
    format!("/rule-sets/{}?region={}", line.digest, line.region)
}

fn by_region(w: Words, view: &View) -> Markup {
    let row = |place: &Place| {
        let of = |standing: fn(Standing) -> bool| {
            view.lines.iter().filter(move |line| line.region == place.id && standing(line.standing))
        };
        let linked = |lines: Vec<&Line>, none: &str| {
            html! {
                @if lines.is_empty() { span.unknown { (none) } }
                @for (n, line) in lines.iter().enumerate() {
                    @if n > 0 { br; }
                    a href=(href(line)) { (line.version) }
                }
            }
        };
        let now: Vec<_> = of(|standing| standing == Standing::InForce).collect();
        let next: Vec<_> = of(|standing| standing == Standing::Scheduled).collect();
        let wait: Vec<_> = of(Standing::waits).collect();
        let first = now.first().copied();
        let since = first.and_then(|line| line.since);
        Row::new(Cell::text(place.short()))
            .cell(linked(now, &w.t("rules-none-in-force")))
            .cell(since.map_or_else(|| html! { "–" }, |since| time_tag(w, since.0)))
            .cell(first.map_or_else(|| "–".to_owned(), |line| unknowns(w, line)))
            .cell(html! {
                @if next.is_empty() { (w.t("rules-nothing")) }
                @for (n, line) in next.iter().enumerate() {
                    @if n > 0 { br; }
                    a href=(href(line)) { (line.version) }
                    @if let Some(since) = line.since { ", " (time_tag(w, since.0)) }
                }
            })
            .cell(if wait.is_empty() {
                html! { (w.t("rules-nothing")) }
            } else {
                linked(wait, "")
            })
    };
    let table = Table::new(w.t("rules-by-region"))
        .caption_hidden()
        .columns([
            Column::text(w.t("rules-region")),
            Column::text(w.t("rules-in-force")),
            Column::text(w.t("rules-since")),
            Column::text(w.t("rules-unknown-count")),
            Column::text(w.t("rules-next")),
            Column::text(w.t("rules-waiting")),
        ])
        .rows(view.places.iter().map(row));
    html! { (table) }
}

fn unknowns(w: Words, line: &Line) -> String {
    w.t_args("rules-unknown-of", &[("n", line.unknown.into()), ("all", line.rules.into())])
}

fn all(w: Words, view: &View) -> Markup {
    if view.lines.is_empty() {
        let (title, text) = (w.t("rules-none"), w.t("rules-none-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let row = |line: &Line| {
        Row::new(Cell::link(&href(line), &line.title))
            .cell(line.version.clone())
            .cell(name_of(&view.places, &line.region))
            .cell(standing_tag(w, line.standing))
            .cell(line.since.map_or_else(|| html! { "–" }, |since| time_tag(w, since.0)))
            .cell(time_tag(w, line.drafted.0))
            .cell(unknowns(w, line))
    };
    let table = Table::new(w.t("rules-all"))
        .caption_hidden()
        .columns([
            Column::text(w.t("rules-name")),
            Column::text(w.t("rules-version")),
            Column::text(w.t("rules-region")),
            Column::text(w.t("rules-standing")),
            Column::text(w.t("rules-since")),
            Column::text(w.t("rules-drafted")),
            Column::text(w.t("rules-unknown-count")),
        ])
        .rows(view.lines.iter().map(row))
        .export("CSV", "/api/v1/rule-sets?format=csv&headings=words")
        .export("XLSX", "/api/v1/rule-sets?format=xlsx&headings=words");
    html! { (table) }
}
