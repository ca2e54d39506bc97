//! A question of another region: who it is about, what would be told, and the ways to answer.

use std::sync::Arc;

use axum::extract::{Form as Body, Path, State};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::model::{Asked as About, Decline, Urgency};
use samband_domain::patients::view::{Family, history};
use samband_domain::patients::{Command, Event, Question};
use samband_domain::rulesets::Scope;
use samband_domain::words::Code;
use samband_domain::{JournalId, PatientId, Region, Time};
use samband_engine::World;

use super::{ANSWER, DECLINE, NO_RECORD, clock, tells};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Definitions, Field, Note, Status, page_header, section, tag, time_tag};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::region_name;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

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

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((from, ask)): Path<(JournalId, Code)>,
) -> Result<Html<String>, Problem> {
    let sheet = look(&app, &visitor, &from, &ask).await?;
    Ok(incoming_page(&app, &visitor, &sheet, &Draft::fresh(sheet.now)))
}

pub(super) async fn act(
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
        @if sheet.question.withdrawn.is_some() && sheet.replied.is_none() {
            (Note::info(w, &w.t("ask-withdrawn-means")))
        }
        @if open_still(sheet) { (replying(app, visitor, sheet, draft)) }
    };
    page(app, visitor, &title, &[("/disclosures", w.t("asks-title"))], &body)
}

fn open_still(sheet: &Sheet) -> bool {
    sheet.replied.is_none() && sheet.question.withdrawn.is_none()
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
