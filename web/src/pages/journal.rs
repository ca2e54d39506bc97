//! The journal: what happened, newest first, and whether the chain holds.

mod annotate;
mod export;
mod said;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form as Body, Router};
use maud::{Markup, Render, html};
use samband_access::Action;
use samband_domain::kernel::JournalFacts;
use samband_domain::words::RecordRef;
use samband_domain::{JournalId, Time};
use samband_engine::{Journal, VerifyReport};
use samband_journal::SignedHead;
use serde::Deserialize;

use super::frame::{done_note, page};
use super::parts::{May, Place, record_href};
use super::records::Entry;
use super::typed::{Draft, Typed};
use crate::app::{App, Explained, Problem, Visitor, explain};
use crate::components::{
    Cell, Column, Definitions, EmptyState, Field, Form, Note, Pagination, Row, Status, Table,
    digest, live_region, page_header, section, status, tag, time_tag,
};
use crate::text::Words;

/// Records on one page.
const PAGE: u32 = 50;

/// What somebody may do with the journal shown.
const ACTIONS: &[Action] = &[
    Action::SeeJournal,
    Action::VerifyJournal,
    Action::ExportJournal,
    Action::SeeReads,
    Action::SeeGlass,
    Action::SeePerson,
    Action::Annotate,
];

/// What the page shows.
#[derive(Debug)]
pub(super) struct View {
    now: Time,
    place: Place,
    /// Whether the reader belongs to the region.
    own: bool,
    /// Every journal held here: id and name.
    journals: Vec<(JournalId, String)>,
    facts: Option<JournalFacts>,
    head: Option<RecordRef>,
    signed: Option<SignedHead>,
    may: May,
    /// Why the records are not shown.
    denied: Option<Explained>,
    lines: Vec<said::Line>,
    before: Option<(u32, u64)>,
    outcome: Option<Outcome>,
    /// The record that is to be annotated.
    annotating: Option<RecordRef>,
    done: Option<String>,
}

/// What a verification found.
#[derive(Debug)]
enum Outcome {
    Whole(VerifyReport),
    Broken(Box<Explained>),
}

/// Whose journal, and from where.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    region: Option<String>,
    before: Option<String>,
    annotate: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/journal", get(show))
        .route("/journal/verify", post(verify))
        .route("/journal/annotate", post(annotate::post))
        .route("/journal/export", get(export::ndjson))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &asked).await?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn verify(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::new(pairs);
    let region = JournalId::new(typed.get("region"))?;
    visitor.permit(&app, Action::VerifyJournal, &region)?;
    let found = app.engine.verify(&region).await.map_err(Problem::from);
    let asked = Asked { region: Some(region.to_string()), ..Asked::default() };
    let mut view = look(&app, &visitor, &asked).await?;
    let status = match &found {
        Ok(_) => StatusCode::OK,
        Err(problem) => problem.status,
    };
    view.outcome = Some(match found {
        Ok(report) => Outcome::Whole(report),
        Err(problem) => Outcome::Broken(Box::new(explain(&problem, visitor.words))),
    });
    Ok((status, whole(&app, &visitor, &view, &Draft::fresh(view.now))).into_response())
}

/// Which journal is asked for: the own one if none is named.
fn asked_for(visitor: &Visitor, region: Option<&str>) -> Result<JournalId, Problem> {
    match region {
        Some(region) => Ok(JournalId::new(region)?),
        None => Ok(visitor.region.clone()),
    }
}

async fn look(app: &App, visitor: &Visitor, asked: &Asked) -> Result<View, Problem> {
    let id = asked_for(visitor, asked.region.as_deref())?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(&id).ok_or_else(|| Problem::not_found(id.as_str()))?;
    // That there is a journal, how far it reaches and by which keys is for everybody.
    visitor.permit(app, Action::SeeRegion, &id)?;
    let own = id == visitor.region && journal.is_local();
    let may = May::of(ACTIONS, |action| {
        let only_own = [Action::SeeReads, Action::SeeGlass, Action::SeePerson, Action::Annotate];
        let here = own || !only_own.contains(&action);
        here && visitor.permit(app, action, &id).is_ok()
    });
    let before = asked.before.as_deref().and_then(read_place);
    let denied = visitor.permit(app, Action::SeeJournal, &id).err();
    let lines = if denied.is_none() {
        lines(app, visitor.words, journal, own, &may, before).await?
    } else {
        Vec::new()
    };
    let annotating = match asked.annotate.as_deref().and_then(read_place) {
        Some((epoch, seq)) if may.has(Action::Annotate) => {
            app.engine.store().record(&id, epoch, seq).await?
        }
        _ => None,
    };
    let mut journals: Vec<_> =
        world.journals.values().map(|one| (one.id.clone(), one.name())).collect();
    journals.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(View {
        now,
        place: Place::of(journal, now),
        own,
        journals,
        facts: journal.shared().kernel.journal.clone(),
        head: journal.head(),
        signed: if journal.is_local() { app.engine.signed_head(journal) } else { None },
        may,
        denied: denied.map(|problem| explain(&problem, visitor.words)),
        lines,
        before,
        outcome: None,
        annotating: annotating.map(|record| record.at()),
        done: asked.done.clone(),
    })
}

async fn lines(
    app: &App,
    w: Words,
    journal: &Journal,
    own: bool,
    may: &May,
    before: Option<(u32, u64)>,
) -> Result<Vec<said::Line>, Problem> {
    let records = app.engine.store().recent(&journal.id, before, PAGE).await?;
    let read = records.into_iter().map(|record| Entry::of(record, own));
    Ok(read.map(|entry| said::line(w, entry, journal.shared(), may)).collect())
}

/// `1.42`: epoch and sequence number.
fn read_place(text: &str) -> Option<(u32, u64)> {
    let (epoch, seq) = text.split_once('.')?;
    Some((epoch.parse().ok()?, seq.parse().ok()?))
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    page(app, visitor, &w.t("journal-title"), &[], &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let lead = w.t_args("journal-lead", &[("region", (&view.place.name).into())]);
    html! {
        (page_header(&w.t("journal-title"), Some(&lead), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (chooser(w, view))
        (outcome(w, view))
        (annotate::form(w, view, draft))
        (section("proof", &w.t("journal-proof"), &proof(w, view, draft)))
        (section("records", &w.t("journal-records"), &records(w, view)))
    }
}

fn chooser(w: Words, view: &View) -> Markup {
    let choices = view.journals.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let field =
        Field::select("region", w.t("journal-whose"), choices).value(view.place.id.as_str());
    html! {
        @if view.journals.len() > 1 {
            div.choices { (Form::get(w, "/journal", w.t("journal-show")).field(field)) }
        }
    }
}

fn outcome(w: Words, view: &View) -> Markup {
    html! {
        @match &view.outcome {
            None => {},
            Some(Outcome::Whole(report)) => {
                @let args = [
                    ("n", report.records.into()),
                    ("seq", report.head.seq.into()),
                    ("epoch", report.head.epoch.to_string().into()),
                ];
                (Note::success(w, &w.t_args("journal-whole", &args)))
                @if report.unknown_records > 0 {
                    (Note::warning(w, &w.t_args("journal-unknown-records",
                        &[("n", report.unknown_records.into())])))
                }
            }
            Some(Outcome::Broken(problem)) => (problem.render()),
        }
    }
}

fn proof(w: Words, view: &View, draft: &Draft) -> Markup {
    let mut facts = Definitions::new();
    facts = match &view.head {
        Some(head) => facts.markup(
            w.t("region-head"),
            html! {
                a href=(record_href(head)) {
                    (w.t_args("record-number", &[
                        ("epoch", head.epoch.to_string().into()),
                        ("seq", w.int(head.seq).into()),
                    ]))
                }
                " " (digest(&head.hash.to_string()))
            },
        ),
        None => facts.text(w.t("region-head"), &w.unknown()),
    };
    if let Some(signed) = &view.signed {
        facts = facts
            .markup(w.t("journal-signed-by"), digest(&signed.key))
            .markup(w.t("journal-signature"), digest(&signed.signature.to_string()));
    }
    facts = match view.place.age_mark(w, view.now) {
        Some(mark) => facts.markup(w.t("region-as-of"), mark),
        None if view.place.local => {
            facts.markup(w.t("region-as-of"), tag(Status::Known, &w.t("region-written-here")))
        }
        None => facts.markup(w.t("region-as-of"), status(w, Status::Known)),
    };
    if let Some(journal) = &view.facts {
        for epoch in &journal.epochs {
            let name = w.t_args("journal-epoch", &[("n", epoch.epoch.to_string().into())]);
            facts = facts.markup(name, digest(&epoch.hash.to_string()));
        }
        for key in &journal.keys {
            facts = facts.markup(w.t("journal-key"), html! {
                (digest(&key.public.id())) " "
                span.fine { (w.t_args("journal-key-since",
                    &[("seq", key.since.seq.into()), ("epoch", key.since.epoch.to_string().into())])) }
            });
        }
    }
    html! { div.panel { (facts) (tools(w, view, draft)) } }
}

/// Verify, and take it out.
fn tools(w: Words, view: &View, draft: &Draft) -> Markup {
    let key = draft.key("verify");
    let form = draft
        .form(w, "/journal/verify", "verify", &key, w.t("journal-verify"))
        .hidden("region", view.place.id.as_str());
    let export = format!("/journal/export?region={}", view.place.id);
    html! {
        @if view.may.has(Action::VerifyJournal) { p { (w.t("journal-verify-means")) } (form) }
        @if view.may.has(Action::ExportJournal) {
            p.exports { a href=(export) download { span aria-hidden="true" { "↓ " } "NDJSON" } }
            p.fine { (w.t("journal-export-note")) }
        }
    }
}

fn records(w: Words, view: &View) -> Markup {
    if let Some(denied) = &view.denied {
        // Whoever may not read the list may still have come from a record they know.
        let known = view.before.filter(|(_, seq)| *seq > 1 && view.may.has(Action::Annotate));
        return html! {
            (denied.render())
            @if let Some((epoch, seq)) = known {
                p { (annotate::link(w, &view.place.id, (epoch, seq - 1))) }
            }
        };
    }
    let region = &view.place.id;
    let src = match view.before {
        Some((epoch, seq)) => format!("/journal?region={region}&before={epoch}.{seq}"),
        None => format!("/journal?region={region}"),
    };
    let note = if view.own { w.t("journal-own-note") } else { w.t("journal-shared-note") };
    // What is older does not change: only the newest page is kept fresh.
    let topics = if view.before.is_some() { "none" } else { "*" };
    html! {
        p { (note) }
        (live_region("list", topics, &src, &html! { (list(w, view)) (pages(w, view)) }))
    }
}

fn list(w: Words, view: &View) -> Markup {
    if view.lines.is_empty() {
        let (title, text) = (w.t("journal-empty"), w.t("journal-empty-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let may = view.may.has(Action::Annotate);
    let rows = view.lines.iter().map(|line| {
        let at = &line.at;
        let number = html! {
            span id={ "r-" (at.epoch) "-" (at.seq) } { (at.epoch) ":" (w.int(at.seq)) }
        };
        let row = Row::new(Cell::markup(number))
            .cell(time_tag(w, line.recorded.0))
            .cell(line.kind_words(w))
            .cell(line.about_words(w))
            .cell(line.actor.clone().unwrap_or_else(|| w.unknown()))
            .cell(html! { code.digest.nowrap title=(at.hash) { (at.hash.short()) } });
        if !may {
            return row;
        }
        row.cell(annotate::link(w, &at.journal, (at.epoch, at.seq)))
    });
    let mut columns = vec![
        Column::text(w.t("journal-number")),
        Column::text(w.t("journal-when")),
        Column::text(w.t("journal-what")),
        Column::text(w.t("journal-about")),
        Column::text(w.t("journal-who")),
        Column::text(w.t("journal-hash")),
    ];
    if may {
        columns.push(Column::text(w.t("annotate-column")));
    }
    let table = Table::new(w.t("journal-records")).caption_hidden().columns(columns).rows(rows);
    html! { (table) }
}

fn pages(w: Words, view: &View) -> Markup {
    let (Some(first), Some(last)) = (view.lines.first(), view.lines.last()) else {
        return html! {};
    };
    let region = &view.place.id;
    let newest = format!("/journal?region={region}");
    let older = format!("/journal?region={region}&before={}.{}", last.at.epoch, last.at.seq);
    let more = last.at.seq > 1 || last.at.epoch > 1;
    let shown =
        w.t_args("journal-shown", &[("first", first.at.seq.into()), ("last", last.at.seq.into())]);
    html! {
        (Pagination::new(w, shown)
            .previous(view.before.is_some().then_some(newest.as_str()))
            .next(more.then_some(older.as_str())))
    }
}
