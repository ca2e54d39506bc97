//! Avtal: what regions have promised each other, and how to propose something new.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::agreements::view::{Agreement, Answer, Standing, agreements};
use samband_domain::agreements::{AgreementKind, AlarmTerms, Circle, Command};
use samband_domain::{Digest, JournalId, Time};
use samband_engine::{Receipt, World};
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::{May, Place, name_of, places, window};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Note, Row, Status, Table, live_region, page_header, section,
    status, tag,
};
use crate::text::Words;

const PROPOSE: &str = "propose";
/// Fields of the terms of an alarm.
const TRANSPORTS: &str = "transports";
const CAPACITY: &str = "capacity-circle";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    own: JournalId,
    places: Vec<Place>,
    agreements: Vec<Agreement>,
    may: May,
    done: Option<String>,
}

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/agreements", get(show).post(propose))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, asked.done)?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let view = look(&app, &visitor, None)?;
    let typed = Typed::new(pairs);
    let command = read(visitor.words, &view, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => Ok(done(&proposed(&receipt), PROPOSE)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &view, &draft)).into_response())
        }
    }
}

/// Where the new proposal is shown.
pub(super) fn proposed(receipt: &Receipt) -> String {
    let mut events = receipt.events.iter();
    let text = events.find_map(|event| match event {
        samband_domain::Event::Agreements(event) => event.proposes().map(|new| &new.text),
        _ => None,
    });
    text.map_or_else(
        || "/agreements".to_owned(),
        |text| format!("/agreements/{}", Digest::of(text.as_bytes())),
    )
}

fn kind_of(typed: &Typed) -> Option<AgreementKind> {
    typed.get("kind").parse().ok()
}

/// What an agreement on preparedness states for an alarm; none if nothing was typed.
fn alarm_terms(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
    kind: Option<AgreementKind>,
) -> Option<AlarmTerms> {
    let said = [TRANSPORTS, CAPACITY].into_iter().find(|name| !typed.get(name).is_empty())?;
    if kind != Some(AgreementKind::Preparedness) {
        reader.wrong(said, w.t("agreed-only-preparedness"));
        return None;
    }
    let usual = AlarmTerms::DEFAULT;
    let typed_in = !typed.get(TRANSPORTS).is_empty();
    let transports = typed_in.then(|| reader.count(TRANSPORTS)).flatten();
    let transports = transports.map(|n| u16::try_from(n).unwrap_or(u16::MAX));
    let capacity: Option<Circle> = reader.optional_value(CAPACITY);
    Some(AlarmTerms {
        transports: transports.unwrap_or(usual.transports),
        capacity: capacity.unwrap_or(usual.capacity),
        ..usual
    })
}

fn read(w: Words, view: &View, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let (title, kind) = (reader.text("title"), reader.value::<AgreementKind>("kind"));
    let with: Option<JournalId> = reader.value("with");
    let also = view.places.iter().map(|place| &place.id);
    let also = also.filter(|id| typed.get(&format!("also-{id}")) == "on").cloned();
    let own = [view.own.clone()].into_iter();
    let parties: BTreeSet<_> = own.chain(also).chain(with.clone()).collect();
    let clauses = reader.text("clauses");
    let clauses = clauses.lines().map(str::trim).filter(|line| !line.is_empty());
    let clauses = clauses.map(str::to_owned).collect();
    let window = reader.window("from", "until", typed.shown(view.now));
    let reference = reader.optional("reference");
    let read = with.and(kind).zip(window);
    let alarm = alarm_terms(w, &mut reader, typed, kind_of(typed));
    let parties: Vec<_> = parties.into_iter().collect();
    let command = read.map(|(kind, window)| match alarm {
        Some(alarm) => Command::ProposeAlarm { title, parties, clauses, window, reference, alarm },
        None => Command::Propose { title, kind, parties, clauses, window, reference, terms: None },
    });
    reader.done(command)
}

/// Every agreement that any journal held here knows of, newest draft first.
pub(super) fn all(world: &World, now: Time) -> Vec<Agreement> {
    let parties: Vec<_> = world
        .shared()
        .into_iter()
        .map(|(id, shared)| (id, &shared.kernel, &shared.agreements))
        .collect();
    agreements(&parties, now)
}

fn look(app: &App, visitor: &Visitor, done: Option<String>) -> Result<View, Problem> {
    visitor.permit(app, Action::SeeAgreements, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    Ok(View {
        now,
        own: visitor.region.clone(),
        places: places(&world, now),
        agreements: all(&world, now),
        may: May::of(&[Action::ProposeAgreement], |action| visitor.may(app, action)),
        done,
    })
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    page(app, visitor, &w.t("agreements-title"), &[], &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let propose = html! { a.button.main href="#propose" { (w.t("agreements-propose")) } };
    let may = view.may.has(Action::ProposeAgreement);
    let actions = may.then_some(&propose);
    html! {
        (page_header(&w.t("agreements-title"), Some(&w.t("agreements-lead")), actions))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("agreements", "agreement", "/agreements", &html! {
            (waiting(w, view))
            (list(w, view))
        }))
        @if may {
            p { a.button.quiet href="/agreements/supply" { (w.t("supply-agreement-title")) } }
        }
        @if may { (section("propose", &w.t("agreements-propose"), &form(w, view, draft))) }
    }
}

/// Whether an agreement waits for a region's answer.
pub(super) fn waits_for(agreement: &Agreement, region: &JournalId) -> bool {
    agreement.standing == Standing::OneSided
        && agreement
            .answers
            .iter()
            .any(|(party, answer)| party == region && matches!(answer, Answer::Silent))
}

fn waiting(w: Words, view: &View) -> Markup {
    let waiting = view.agreements.iter().filter(|one| waits_for(one, &view.own)).count();
    html! {
        @if waiting > 0 {
            (Note::warning(w, &w.t_args("agreements-waiting", &[("n", waiting.into())])))
        }
    }
}

/// Where an agreement stands, in a word.
pub(super) fn standing_tag(w: Words, standing: Standing) -> Markup {
    let word = w.dynamic("standing-", standing.as_str());
    match standing {
        Standing::OneSided => status(w, Status::OneSided),
        Standing::Binding => status(w, Status::Binding),
        Standing::Agreed => tag(Status::Known, &word),
        Standing::Declined => tag(Status::Stopped, &word),
        Standing::Withdrawn | Standing::Ended => tag(Status::Ended, &word),
    }
}

fn list(w: Words, view: &View) -> Markup {
    if view.agreements.is_empty() {
        let (title, text) = (w.t("agreements-none"), w.t("agreements-none-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let rows = view.agreements.iter().map(|agreement| {
        let document = &agreement.document;
        let href = format!("/agreements/{}", agreement.digest);
        let signed = agreement.answers.iter();
        let signed = signed.filter(|(_, answer)| matches!(answer, Answer::Signed { .. })).count();
        let names = document.parties.iter().map(|id| name_of(&view.places, id));
        let count = w.t_args(
            "agreements-signed",
            &[("n", signed.into()), ("all", agreement.answers.len().into())],
        );
        Row::new(Cell::link(&href, &document.title))
            .cell(standing_tag(w, agreement.standing))
            .cell(w.dynamic("agreement-kind-", document.kind.as_str()))
            .cell(names.collect::<Vec<_>>().join(", "))
            .cell(count)
            .cell(window(w, &document.window))
            .cell(w.date(document.drafted_at.0))
    });
    let table = Table::new(w.t("agreements-list"))
        .columns([
            Column::text(w.t("agreements-name")),
            Column::text(w.t("agreements-standing")),
            Column::text(w.t("agreements-kind")),
            Column::text(w.t("agreements-parties")),
            Column::text(w.t("agreements-signatures")),
            Column::text(w.t("agreements-window")),
            Column::text(w.t("agreements-drafted")),
        ])
        .rows(rows)
        .files("agreements");
    html! { (table) }
}

fn form(w: Words, view: &View, draft: &Draft) -> Markup {
    let key = draft.key(PROPOSE);
    let field = |name, field: Field, start: &str| draft.field(PROPOSE, name, field, start);
    let kinds = AgreementKind::ALL.iter();
    let kinds = kinds.map(|one| (one.to_string(), w.dynamic("agreement-kind-", one.as_str())));
    let others = || view.places.iter().filter(|place| place.id != view.own);
    let choose = [(String::new(), w.t("form-choose"))].into_iter();
    let with = choose.chain(others().map(|place| (place.id.to_string(), place.name.clone())));
    let today = Words::sv().date(view.now.0);
    let title = Field::text("title", w.t("agreements-name")).required();
    let kind = Field::select("kind", w.t("agreements-kind"), kinds);
    let clauses = Field::text_area("clauses", w.t("agreements-clauses"));
    let clauses = clauses.hint(w.t("agreements-clauses-hint")).required();
    let mut form = draft
        .form(w, "/agreements", PROPOSE, &key, w.t("agreements-propose-do"))
        .field(field("title", title, ""))
        .field(field("kind", kind, "consultancy"))
        .field(field("with", Field::select("with", w.t("agreements-with"), with).required(), ""));
    if others().count() > 1 {
        for place in others() {
            let name = format!("also-{}", place.id);
            let label = w.t_args("agreements-also", &[("region", place.short().into())]);
            form = form.field(draft.field(PROPOSE, &name, Field::check_box(&name, label), ""));
        }
    }
    let reference = Field::text("reference", w.t("agreements-reference"));
    let transports = Field::number(TRANSPORTS, w.t("agreed-transports"));
    let circles = Circle::ALL.iter();
    let circles = circles.map(|one| (one.to_string(), w.dynamic("agreed-circle-", one.as_str())));
    let unsaid = std::iter::once((String::new(), w.t("agreed-unsaid")));
    let capacity = Field::select(CAPACITY, w.t("agreed-who-capacity"), unsaid.chain(circles));
    let form = form
        .field(field("clauses", clauses, ""))
        .field(field(TRANSPORTS, transports.hint(w.t("agreed-transports-hint")), ""))
        .field(field(CAPACITY, capacity, ""))
        .field(field("from", Field::date("from", w.t("form-from")).required(), &today))
        .field(field("until", Field::date("until", w.t("form-last-day")), ""))
        .field(field("reference", reference.hint(w.t("agreements-reference-hint")), ""));
    html! {
        (Note::info(w, &w.t("agreements-propose-note")))
        div.panel { (form) }
    }
}
