//! Förenlighet: who can receive what, by each region's rules, with every reason.

#[cfg(test)]
mod body_test;
mod form;
mod said;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::rulesets::Scope;

use super::frame::page;
use super::parts::short;
use crate::app::compatible::{Answer, Asked, Question, RuleSetUsed, Wrong, columns};
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, Note, Row, Status, Table, page_header, section, tag};
use crate::text::Words;
use form::Typed;

/// The answers by one region's rules.
#[derive(Clone, Debug)]
pub(super) struct Region {
    id: String,
    name: String,
    rule_set: Option<RuleSetUsed>,
    answers: Vec<Answer>,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    typed: Typed,
    wrong: Vec<Wrong>,
    question: Option<Question>,
    /// Every region that can be chosen: id and name.
    choices: Vec<(String, String)>,
    regions: Vec<Region>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/compatibility", get(show))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(typed): Query<Typed>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeRuleSets, &visitor.region)?;
    let view = look(&app, typed)?;
    let title = visitor.words.t("compatibility-title");
    Ok(page(&app, &visitor, &title, &[], &body(visitor.words, &view)))
}

fn look(app: &App, typed: Typed) -> Result<View, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let choice = |journal: &&samband_engine::Journal| {
        (journal.id.to_string(), short(&journal.name()).to_owned())
    };
    let choices = columns(&world, "").unwrap_or_default().iter().map(choice).collect();
    let asked: Asked = typed.asked();
    let (question, wrong) = match (typed.is_blank(), asked.read()) {
        (true, _) => (None, Vec::new()),
        (false, Ok(question)) => (Some(question), Vec::new()),
        (false, Err(wrong)) => (None, wrong),
    };
    let chosen = columns(&world, &asked.region).map_err(Problem::not_found)?;
    let regions = question.iter().flat_map(|question| {
        chosen.iter().map(|journal| {
            let set = journal.shared().rulesets.in_force(Scope::Blood, now);
            Region {
                id: journal.id.to_string(),
                name: short(&journal.name()).to_owned(),
                rule_set: set.map(RuleSetUsed::of),
                answers: question.answers(set),
            }
        })
    });
    let regions = regions.collect();
    Ok(View { typed, wrong, question, choices, regions })
}

/// The page from its view.
pub(super) fn body(w: Words, view: &View) -> Markup {
    html! {
        (page_header(&w.t("compatibility-title"), Some(&w.t("compatibility-lead")), None))
        (form::form(w, &view.typed, &view.wrong, &view.choices))
        @if let Some(question) = &view.question {
            (section("answer", &heading(w, question), &html! {
                @if question.is_emergency() {
                    (Note::warning(w, &w.t("compatibility-emergency-note")))
                }
                @if view.regions.len() > 1 { (side_by_side(w, &view.regions)) }
            }))
            @for region in &view.regions { (of_region(w, region)) }
            (Note::info(w, &w.t("compatibility-not-an-issue")))
        }
    }
}

/// What was asked, in one line.
fn heading(w: Words, question: &Question) -> String {
    let component = w.dynamic("compat-component-", question.component.as_str());
    let recipient = question.recipient.group.value();
    let recipient = recipient.map_or_else(|| w.t("compatibility-unknown"), |one| one.to_string());
    w.t_args(
        "compatibility-answer",
        &[("component", component.into()), ("recipient", recipient.into())],
    )
}

/// All regions in one table, and where they differ.
fn side_by_side(w: Words, regions: &[Region]) -> Markup {
    let count = regions.first().map_or(0, |region| region.answers.len());
    let mut columns = vec![Column::text(w.t("compatibility-donor"))];
    columns.extend(regions.iter().map(|region| Column::text(region.name.clone())));
    columns.push(Column::text(w.t("compatibility-regions")));
    let rows = (0..count).map(|place| {
        let answers: Vec<_> = regions.iter().map(|region| &region.answers[place]).collect();
        let same = answers.windows(2).all(|pair| pair[0].compatible == pair[1].compatible);
        let verdict = if same && answers[0].compatible.is_none() {
            tag(Status::Unknown, &w.dynamic("compat-says-", "unknown"))
        } else if same {
            tag(Status::Known, &w.t("compatibility-same"))
        } else {
            tag(Status::Attention, &w.t("compatibility-differs"))
        };
        Row::new(group_text(w, &answers[0].donor))
            .cells(answers.iter().map(|answer| Cell::markup(mark(w, answer))))
            .cell(verdict)
    });
    let table = Table::new(w.t("compatibility-side-by-side")).columns(columns).rows(rows);
    html! { (table.scrolling()) }
}

/// One region's answers with their reasons.
fn of_region(w: Words, region: &Region) -> Markup {
    let columns = [
        Column::text(w.t("compatibility-donor")),
        Column::text(w.t("compatibility-verdict")),
        Column::text(w.t("compatibility-place")),
        Column::text(w.t("compatibility-why")),
        Column::text(w.t("compatibility-rule")),
    ];
    let mut ordered: Vec<_> = region.answers.iter().collect();
    // Stable: what has no place keeps the usual order of groups, after everything that has one.
    ordered.sort_by_key(|answer| answer.place.unwrap_or(u8::MAX));
    let rows = ordered.into_iter().map(|answer| {
        Row::new(group_text(w, &answer.donor))
            .cell(mark(w, answer))
            .cell(said::place(w, answer))
            .cell(said::why(w, answer))
            .cell(said::rule(w, answer))
    });
    let caption = w.t_args("compatibility-caption", &[("region", region.name.as_str().into())]);
    let table = Table::new(caption).columns(columns).rows(rows).caption_hidden();
    section(
        &format!("r-{}", region.id),
        &region.name,
        &html! {
            (rule_set(w, region.rule_set.as_ref()))
            (table)
        },
    )
}

/// By which rule set, or that there is none.
fn rule_set(w: Words, set: Option<&RuleSetUsed>) -> Markup {
    let Some(set) = set else {
        return html! { (Note::warning(w, &w.t("compatibility-no-rule-set"))) };
    };
    let named = w.t_args(
        "compatibility-rule-set",
        &[("title", set.title.as_str().into()), ("version", set.version.as_str().into())],
    );
    let digest: String = set.digest.chars().take(12).collect();
    html! {
        p { a href={ "/rule-sets/" (set.digest) } { (named) } " " code.digest.nowrap { (digest) } }
    }
}

/// Yes, no or not known: sign, word and colour.
fn mark(w: Words, answer: &Answer) -> Markup {
    let (status, key) = match answer.compatible {
        Some(true) => (Status::Known, "yes"),
        Some(false) => (Status::Stopped, "no"),
        None => (Status::Unknown, "unknown"),
    };
    tag(status, &w.dynamic("compat-says-", key))
}

/// A group by its code in words.
fn group_text(w: Words, code: &str) -> String {
    if code == "unknown" {
        return w.t("compatibility-unknown");
    }
    let found = Group::ALL.into_iter().find(|group| group.as_str() == code);
    found.map_or_else(|| code.to_owned(), |group| group.to_string())
}
