//! A question of our own: where it stands, and what the other region answered.

use axum::extract::{Form as Body, Path, State};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::model::{Answer, Outcome};
use samband_domain::patients::view::{open, outgoing};
use samband_domain::patients::{Command, Event};
use samband_domain::words::Code;
use samband_engine::World;

use super::{TAKE_IN, WITHDRAW, clock, others, phones, tells};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Definitions, Field, Note, Status, page_header, tag, time_tag};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::region_name;
use crate::pages::typed::{Draft, Reader, Typed};
use crate::text::Words;

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(ask): Path<Code>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    outgoing_page(&app, &visitor, &ask, &draft).await
}

pub(super) async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(ask): Path<Code>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePatients, &visitor.region)?;
    let typed = Typed::new(pairs);
    if ![TAKE_IN, WITHDRAW].contains(&typed.act()) {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let unknown = || Problem::not_found(ask.as_str());
    let region = world.local(&visitor.region).ok_or_else(unknown)?;
    let others = others(&world);
    let all = outgoing(&region.shared.patients, &region.own.patients, &others, app.engine.now());
    let one = all.into_iter().find(|one| *one.ask == ask).ok_or_else(unknown)?;
    let patient = one.own.map(|own| own.patient.clone()).ok_or_else(unknown)?;
    let back = typed.act() == WITHDRAW;
    let command = if back {
        let mut reader = Reader::new(visitor.words, &typed);
        let reason = reader.text("reason");
        reader.done(Some(Command::WithdrawAsk { ask: ask.clone(), reason }.into()))
    } else {
        let reply = one.reply.filter(|reply| !reply.declined).ok_or_else(unknown)?;
        Ok(Command::TakeIn { answer: reply.at.clone() }.into())
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) if back => Ok(done("/disclosures", WITHDRAW)),
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
        @if open(one.question, one.reply) && visitor.may(app, Action::AskDisclosure) {
            (withdrawing(w, ask, draft))
        }
        @if one.reply.is_none_or(|reply| reply.declined) && one.question.withdrawn.is_none() {
            div.panel.alarm {
                p { strong { (w.t("ask-unknown-until")) } }
                (phones(w, &world, &one.question.to, now))
            }
        }
    };
    Ok(page(app, visitor, &title, &[("/disclosures", w.t("asks-title"))], &body))
}

/// The way to take a question back that needs no answer any more.
fn withdrawing(w: Words, ask: &Code, draft: &Draft) -> Markup {
    let path = format!("/disclosures/out/{ask}");
    let key = draft.key(WITHDRAW);
    let reason = Field::text_area("reason", w.t("form-reason")).required();
    let form = draft.form(w, &path, WITHDRAW, &key, w.t("ask-withdraw-do"));
    html! {
        details open[draft.is(WITHDRAW)] {
            summary { (w.t("ask-withdraw")) }
            div.panel {
                p { (w.t("ask-withdraw-means")) }
                (form.field(draft.field(WITHDRAW, "reason", reason, "")))
            }
        }
    }
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
