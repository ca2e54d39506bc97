//! Questions between regions about one patient: what we asked, what we are asked, by the clock.
//! No answer is "unknown", never "no antibodies"; the telephone is the emergency way.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Form as Body, Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::model::{Answer, Asked as About, Decline, History, Outcome, Urgency};
use samband_domain::patients::view::{Family, Incoming, Outgoing, history, incoming, outgoing};
use samband_domain::patients::{self, Command, Event, Question};
use samband_domain::rulesets::Scope;
use samband_domain::words::Code;
use samband_domain::{JournalId, Known, PatientId, Region, Time};
use samband_engine::World;
use serde::Deserialize;

use super::one::View;
use crate::app::history::group_text;
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{
    Cell, Column, Definitions, Field, Note, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::region_name;
use crate::pages::stock::site::phone;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const ANSWER: &str = "ask-answer";
const NO_RECORD: &str = "ask-no-record";
const DECLINE: &str = "ask-decline";
const TAKE_IN: &str = "ask-take-in";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/disclosures", get(show))
        .route("/disclosures/in/{region}/{ask}", get(show_in).post(act_in))
        .route("/disclosures/out/{ask}", get(show_out).post(act_out))
}

/// The other regions' shared parts.
fn others(world: &World) -> Vec<(&JournalId, &patients::Shared)> {
    world.journals.values().map(|one| (&one.id, &one.shared().patients)).collect()
}

/// How many questions of other regions wait for an answer here.
pub(crate) fn waiting(world: &World, region: &JournalId, now: Time) -> usize {
    let Some(own) = world.local(region) else { return 0 };
    let all = incoming(region, &own.shared.patients, &others(world), now);
    all.iter().filter(|one| one.reply.is_none()).count()
}

/// Where a question stands by its clock.
fn clock(w: Words, question: &Question, replied: Option<bool>, now: Time) -> Markup {
    match replied {
        Some(true) => tag(Status::Ended, &w.t("ask-declined")),
        Some(false) => tag(Status::Known, &w.t("ask-answered")),
        None if question.due < now => {
            let span = w.age(question.due.0, now.0);
            tag(Status::Stopped, &w.t_args("ask-late", &[("span", span.into())]))
        }
        None => html! {
            (tag(Status::Attention, &w.t("ask-waits"))) " " span.fine { (w.remaining(now.0, question.due.0)) }
        },
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let others = others(&world);
    let shared = &region.shared.patients;
    let of_us = incoming(&visitor.region, shared, &others, now);
    let by_us = outgoing(shared, &region.own.patients, &others, now);
    let title = w.t("asks-title");
    let body = html! {
        (page_header(&title, Some(&w.t("asks-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (section("of-us", &w.t("asks-of-us"), &list_in(w, &world, &of_us, now)))
        (section("by-us", &w.t("asks-by-us"), &list_out(w, &world, &by_us, now)))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

fn columns(w: Words, region: &str) -> [Column; 5] {
    [
        Column::text(w.t(region)),
        Column::text(w.t("ask-state")),
        Column::text(w.t("ask-urgency")),
        Column::text(w.t("ask-ground")),
        Column::text(w.t("ask-due")),
    ]
}

fn row(w: Words, link: Cell, question: &Question, replied: Option<bool>, now: Time) -> Row {
    Row::new(link)
        .cell(clock(w, question, replied, now))
        .cell(w.dynamic("ask-urgency-", question.urgency.as_str()))
        .cell(w.dynamic("ask-ground-", question.ground.as_str()))
        .cell(html! { (time_tag(w, question.due.0)) })
}

fn list_in(w: Words, world: &World, all: &[Incoming<'_>], now: Time) -> Markup {
    let one = |one: &Incoming<'_>| {
        let href = format!("/disclosures/in/{}/{}", one.from, one.ask);
        let link = Cell::link(&href, &region_name(world, one.from));
        row(w, link, one.question, one.reply.map(|reply| reply.declined), now)
    };
    let table = Table::new(w.t("asks-of-us")).caption_hidden().columns(columns(w, "ask-from"));
    html! {
        @if all.is_empty() { p { (w.t("asks-none")) } } @else { (table.rows(all.iter().map(one))) }
    }
}

fn list_out(w: Words, world: &World, all: &[Outgoing<'_>], now: Time) -> Markup {
    let one = |one: &Outgoing<'_>| {
        let href = format!("/disclosures/out/{}", one.ask);
        let link = Cell::link(&href, &region_name(world, &one.question.to));
        row(w, link, one.question, one.reply.map(|reply| reply.declined), now)
    };
    let table = Table::new(w.t("asks-by-us")).caption_hidden().columns(columns(w, "ask-to"));
    html! {
        @if all.is_empty() { p { (w.t("asks-none")) } } @else { (table.rows(all.iter().map(one))) }
    }
}

/// Whom to telephone in a region, now.
fn phones(w: Words, world: &World, region: &JournalId, now: Time) -> Markup {
    let journal = world.journal(region);
    let duty = journal.map(|journal| &journal.shared().blood.duty);
    let lines: Vec<_> = duty.into_iter().flat_map(|duty| duty.values().flatten()).collect();
    html! {
        @if lines.is_empty() { p { (w.t("ask-no-phone")) } }
        @else { ul.plain { @for line in lines { li { (phone(w, line, now)) } } } }
    }
}

/// The questions about one patient, on the patient's page.
pub(super) fn of_patient(w: Words, view: &View, family: &Family<'_>) -> Markup {
    let Some(region) = view.world.local(&view.region) else { return html! {} };
    let (shared, own) = (&region.shared.patients, &region.own.patients);
    let others = others(&view.world);
    let mut all = outgoing(shared, own, &others, view.now);
    let member = |id: &PatientId| family.members.iter().any(|(one, _)| one == id);
    all.retain(|one| one.own.is_some_and(|own| member(&own.patient)));
    let urgent = |one: &&Outgoing<'_>| {
        one.reply.is_none() && (one.late || one.question.urgency == Urgency::Emergency)
    };
    let other = view.world.journals.keys().filter(|id| **id != view.region);
    let asks = view.may.has(Action::AskDisclosure) && family.person().identity.number.identifies();
    html! {
        (list_out(w, &view.world, &all, view.now))
        @for one in all.iter().filter(urgent) {
            div.panel.alarm {
                @let region = region_name(&view.world, &one.question.to);
                h3 { (w.t_args("ask-call", &[("region", region.into())])) }
                (phones(w, &view.world, &one.question.to, view.now))
                p { (w.t("ask-unknown-until")) }
            }
        }
        p.choose {
            @if asks { a.button.quiet href=(view.step_href("ask", "")) { (w.t("patient-step-ask")) } }
        }
        details {
            summary { (w.t("ask-phones")) }
            @for id in other { h4 { (region_name(&view.world, id)) } (phones(w, &view.world, id, view.now)) }
        }
    }
}

/// A question as the asked region may read it.
struct Sheet {
    world: Arc<World>,
    now: Time,
    from: JournalId,
    ask: Code,
    question: Question,
    replied: Option<bool>,
    about: Option<About>,
}

async fn look(
    app: &App,
    visitor: &Visitor,
    from: &JournalId,
    ask: &Code,
) -> Result<Sheet, Problem> {
    visitor.permit(app, Action::SeePatients, &visitor.region)?;
    let unknown = || Problem::not_found(ask.as_str());
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(from).ok_or_else(unknown)?;
    let question = journal.shared().patients.questions.get(ask).cloned();
    let question = question.filter(|one| one.to == visitor.region).ok_or_else(unknown)?;
    let region = world.local(&visitor.region).ok_or_else(unknown)?;
    let reply = region.shared.patients.replies.get(ask).filter(|one| one.to == *from);
    let replied = reply.map(|reply| reply.declined);
    let read = app.engine.read_as(&visitor.region, &question.at).await?;
    let about = read.and_then(|(event, _)| match event {
        samband_domain::Event::Patients(Event::Asked(_, about)) => about.here().cloned(),
        _ => None,
    });
    if let Some(about) = &about {
        // Whom another region asks about is read here; that is recorded before it is shown.
        note_read(app, visitor, ReadOf::Patient(about.patient.clone()), "disclosure").await?;
    }
    let (from, ask) = (from.clone(), ask.clone());
    Ok(Sheet { world: app.engine.world(), now, from, ask, question, replied, about })
}

async fn show_in(
    State(app): State<App>,
    visitor: Visitor,
    Path((from, ask)): Path<(JournalId, Code)>,
) -> Result<Html<String>, Problem> {
    let sheet = look(&app, &visitor, &from, &ask).await?;
    Ok(incoming_page(&app, &visitor, &sheet, &Draft::fresh(sheet.now)))
}

async fn act_in(
    State(app): State<App>,
    visitor: Visitor,
    Path((from, ask)): Path<(JournalId, Code)>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sheet = look(&app, &visitor, &from, &ask).await?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let Some(command) = read_in(visitor.words, &sheet, &typed) else {
        return Err(Problem::malformed(act));
    };
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done("/disclosures", &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, incoming_page(&app, &visitor, &sheet, &draft)).into_response())
        }
    }
}

fn read_in(w: Words, sheet: &Sheet, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    let (ask, note) = (sheet.question.at.clone(), reader.optional("note"));
    Some(match typed.act() {
        ANSWER => {
            let patient: Option<PatientId> = reader.value("patient");
            let break_block = reader.optional("break-block");
            reader.done(patient.map(|patient| Command::Answer {
                ask,
                patient: Some(patient),
                break_block,
                note,
            }))
        }
        NO_RECORD => {
            reader.done(Some(Command::Answer { ask, patient: None, break_block: None, note }))
        }
        DECLINE => {
            let reason: Option<Decline> = reader.value("reason");
            reader.done(reason.map(|reason| Command::Decline { ask, reason, note }))
        }
        _ => return None,
    })
}

fn incoming_page(app: &App, visitor: &Visitor, sheet: &Sheet, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let from = region_name(&sheet.world, &sheet.from);
    let title = w.t_args("ask-of-us-title", &[("region", from.into())]);
    let body = html! {
        (page_header(&title, Some(&w.t("ask-of-us-lead")), None))
        (draft.banner(w))
        div.panel { (question(w, sheet)) }
        @if sheet.replied.is_none() { (replying(app, visitor, sheet, draft)) }
    };
    page(app, visitor, &title, &[("/disclosures", w.t("asks-title"))], &body)
}

fn question(w: Words, sheet: &Sheet) -> Definitions {
    let all = Definitions::new()
        .markup(w.t("ask-state"), clock(w, &sheet.question, sheet.replied, sheet.now))
        .markup(w.t("ask-due"), time_tag(w, sheet.question.due.0))
        .text(w.t("ask-urgency"), &w.dynamic("ask-urgency-", sheet.question.urgency.as_str()))
        .text(w.t("ask-ground"), &w.dynamic("ask-ground-", sheet.question.ground.as_str()));
    match &sheet.about {
        None => all.markup(w.t("ask-about"), tag(Status::Unknown, &w.t("ask-unread"))),
        Some(about) => {
            let identity = &about.identity;
            let name = identity.name.as_ref().value().map_or_else(|| w.unknown(), |n| (*n).clone());
            all.text(w.t("ask-about"), &format!("{name}, {}", identity.number))
                .text(w.t("ask-reason"), &about.reason)
                .text(w.t("ask-phone"), &about.phone)
        }
    }
}

/// What would be told, and the ways to answer.
fn replying(app: &App, visitor: &Visitor, sheet: &Sheet, draft: &Draft) -> Markup {
    let (w, world) = (visitor.words, &sheet.world);
    let (Some(about), Some(region)) = (&sheet.about, world.local(&visitor.region)) else {
        return html! {};
    };
    if !visitor.may(app, Action::AnswerDisclosure) {
        return html! { (Note::info(w, &w.t("ask-who-answers"))) };
    }
    let own = &region.own.patients;
    let found = own.by_number.get(&about.identity.number);
    let path = format!("/disclosures/in/{}/{}", sheet.from, sheet.ask);
    let answer = match found {
        Some(patient) => telling(app, visitor, sheet, (region, patient), draft),
        None => {
            let key = draft.key(NO_RECORD);
            let form = draft.form(w, &path, NO_RECORD, &key, w.t("ask-no-record-do"));
            html! { div.panel { p { (w.t("ask-no-record-means")) } (form) } }
        }
    };
    let reasons = Decline::ALL.iter();
    let reasons = reasons.map(|one| (one.to_string(), w.dynamic("ask-decline-", one.as_str())));
    let choose = std::iter::once((String::new(), w.t("form-choose")));
    let reason = Field::select("reason", w.t("ask-decline-why"), choose.chain(reasons)).required();
    let key = draft.key(DECLINE);
    let decline = draft
        .form(w, &path, DECLINE, &key, w.t("ask-decline-do"))
        .field(draft.field(DECLINE, "reason", reason, ""))
        .field(draft.field(DECLINE, "note", Field::text_area("note", w.t("patient-note")), ""));
    html! {
        (section("do", &w.t("ask-answer"), &answer))
        (section("decline", &w.t("ask-decline"), &html! { div.panel { (decline) } }))
    }
}

fn telling(
    app: &App,
    visitor: &Visitor,
    sheet: &Sheet,
    (region, patient): (&Region, &PatientId),
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let (own, now) = (&region.own.patients, sheet.now);
    let blocked = Family::of(own, patient).is_some_and(|family| family.blocked(now));
    let breaks =
        visitor.may(app, Action::BreakBlock) && sheet.question.urgency == Urgency::Emergency;
    let path = format!("/disclosures/in/{}/{}", sheet.from, sheet.ask);
    let key = draft.key(ANSWER);
    let form = draft.form(w, &path, ANSWER, &key, w.t("ask-answer-do"));
    let form = form.hidden("patient", patient.to_string());
    let form = if blocked {
        let field = Field::text_area("break-block", w.t("ask-break-block")).required();
        let field = field.hint(w.t("ask-break-block-hint"));
        form.danger().field(draft.field(ANSWER, "break-block", field, ""))
    } else {
        form
    };
    let note = Field::text_area("note", w.t("patient-note"));
    let form = form.field(draft.field(ANSWER, "note", note, ""));
    // A blocked history is not even prepared for whoever may not tell it.
    let told = history(own, region.shared.rulesets.in_force(Scope::Blood, now), patient, now);
    html! {
        div.panel {
            @if blocked { p { (tag(Status::Stopped, &w.t("patient-blocked"))) } }
            @if blocked && !breaks {
                p { (w.t("ask-blocked-means")) }
            } @else {
                p { (w.t("ask-answer-means")) }
                @if let Some(told) = &told { (tells(w, &sheet.world, told)) }
                (form)
            }
        }
    }
}

/// What a region tells of somebody's blood.
fn tells(w: Words, world: &World, told: &History) -> Markup {
    let group = match &told.group {
        Known::Value(said) => w.t_args(
            "ask-group-told",
            &[("group", said.group.to_string().into()), ("n", i64::from(said.occasions).into())],
        ),
        Known::Unknown => group_text(w, Known::Unknown),
    };
    let screen = match told.screen {
        Known::Value((taken, said)) => {
            format!("{} ({})", w.dynamic("patient-screen-", said.as_str()), w.date_time(taken.0))
        }
        Known::Unknown => w.unknown(),
    };
    let facts =
        Definitions::new().text(w.t("patient-group"), &group).text(w.t("patient-screen"), &screen);
    html! {
        @if told.antibodies.is_empty() {
            p { (w.t("ask-no-antibodies-there")) }
        } @else {
            div.panel.alarm {
                p.names { @for one in &told.antibodies { span { (one.against) } " " } }
                ul {
                    @for one in &told.antibodies {
                        li {
                            (one.against) ", " (w.date(one.found.0)) ", " (one.place)
                            @if let Some(region) = &one.told_by { " (" (region_name(world, region)) ")" }
                        }
                    }
                }
            }
        }
        @if told.conflict { p { (tag(Status::Stopped, &w.t("patient-conflict"))) } }
        @if told.transplant { p { (tag(Status::Attention, &w.t("ask-transplant"))) } }
        (facts)
    }
}

async fn show_out(
    State(app): State<App>,
    visitor: Visitor,
    Path(ask): Path<Code>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    outgoing_page(&app, &visitor, &ask, &draft).await
}

async fn act_out(
    State(app): State<App>,
    visitor: Visitor,
    Path(ask): Path<Code>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != TAKE_IN {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let unknown = || Problem::not_found(ask.as_str());
    let region = world.local(&visitor.region).ok_or_else(unknown)?;
    let others = others(&world);
    let all = outgoing(&region.shared.patients, &region.own.patients, &others, app.engine.now());
    let one = all.into_iter().find(|one| *one.ask == ask).ok_or_else(unknown)?;
    let reply = one.reply.filter(|reply| !reply.declined).ok_or_else(unknown)?;
    let patient = one.own.map(|own| own.patient.clone()).ok_or_else(unknown)?;
    let command = Command::TakeIn { answer: reply.at.clone() };
    match send(&app, &visitor, &visitor.region, typed, Ok(command.into())).await {
        Ok(_) => Ok(done(&format!("/patients/{patient}"), TAKE_IN)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, outgoing_page(&app, &visitor, &ask, &draft).await?).into_response())
        }
    }
}

async fn outgoing_page(
    app: &App,
    visitor: &Visitor,
    ask: &Code,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    visitor.permit(app, Action::SeePatients, &visitor.region)?;
    let unknown = || Problem::not_found(ask.as_str());
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let region = world.local(&visitor.region).ok_or_else(unknown)?;
    let others = others(&world);
    let all = outgoing(&region.shared.patients, &region.own.patients, &others, now);
    let one = all.iter().find(|one| one.ask == ask).ok_or_else(unknown)?;
    let own = one.own.ok_or_else(unknown)?;
    note_read(app, visitor, ReadOf::Patient(own.patient.clone()), "disclosure").await?;
    let read = match one.reply {
        Some(reply) => {
            app.engine.read_as(&visitor.region, &reply.at).await?.map(|(event, _)| event)
        }
        None => None,
    };
    let to = region_name(&world, &one.question.to);
    let title = w.t_args("ask-by-us-title", &[("region", to.into())]);
    let replied = one.reply.map(|reply| reply.declined);
    let facts = Definitions::new()
        .markup(w.t("ask-state"), clock(w, one.question, replied, now))
        .markup(w.t("ask-due"), time_tag(w, one.question.due.0))
        .text(w.t("ask-ground"), &w.dynamic("ask-ground-", one.question.ground.as_str()))
        .text(w.t("ask-reason"), &own.reason)
        .markup(
            w.t("ask-patient"),
            html! { a href={ "/patients/" (own.patient) } { (w.t("ask-patient-page")) } },
        );
    let body = html! {
        (page_header(&title, None, None))
        (draft.banner(w))
        div.panel { (facts) }
        @match read {
            Some(samband_domain::Event::Patients(Event::Answered(_, answer))) => {
                @match answer.here() {
                    Some(answer) => (answered(app, visitor, &world, (ask, answer), own.taken_in, draft)),
                    None => (Note::warning(w, &w.t("ask-unread"))),
                }
            }
            Some(samband_domain::Event::Patients(Event::Declined(_, why))) => {
                @if let Some(why) = why.here() {
                    div.panel { p { (w.dynamic("ask-decline-", why.reason.as_str())) } @if let Some(note) = &why.note { p { (note) } } }
                }
            }
            _ => {}
        }
        @if one.reply.is_none_or(|reply| reply.declined) {
            div.panel.alarm {
                p { strong { (w.t("ask-unknown-until")) } }
                (phones(w, &world, &one.question.to, now))
            }
        }
    };
    Ok(page(app, visitor, &title, &[("/disclosures", w.t("asks-title"))], &body))
}

fn answered(
    app: &App,
    visitor: &Visitor,
    world: &World,
    (ask, answer): (&Code, &Answer),
    taken_in: Option<Time>,
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let path = format!("/disclosures/out/{ask}");
    let key = draft.key(TAKE_IN);
    html! {
        div.panel {
            @match &answer.outcome {
                Outcome::History(told) => (tells(w, world, told)),
                Outcome::NoRecord => p { strong { (w.t("ask-no-record-there")) } },
            }
            @if answer.block_broken.is_some() { p { (tag(Status::Attention, &w.t("ask-block-was-broken"))) } }
            @if let Some(note) = &answer.note { p { (note) } }
            @match taken_in {
                Some(at) => p { (tag(Status::Known, &w.t("ask-taken-in"))) " " (time_tag(w, at.0)) },
                None if visitor.may(app, Action::AskDisclosure) => {
                    p { (w.t("ask-take-in-means")) }
                    div #do { (draft.form(w, &path, TAKE_IN, &key, w.t("ask-take-in-do"))) }
                }
                None => {}
            }
        }
    }
}
