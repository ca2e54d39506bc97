//! Questions between regions about one patient: what we asked, what we are asked, by the clock.
//! No answer is "unknown", never "no antibodies"; the telephone is the emergency way.

mod by_us;
mod of_us;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::patients::model::{History, Urgency};
use samband_domain::patients::view::{Family, Incoming, Outgoing, incoming, open, outgoing};
use samband_domain::patients::{self, Question};
use samband_domain::{JournalId, Known, PatientId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::one::View;
use crate::app::history::group_text;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::region_name;
use crate::pages::stock::site::phone;
use crate::text::Words;

const ANSWER: &str = "ask-answer";
const NO_RECORD: &str = "ask-no-record";
const DECLINE: &str = "ask-decline";
const TAKE_IN: &str = "ask-take-in";
const WITHDRAW: &str = "ask-withdraw";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/disclosures", get(show))
        .route("/disclosures/in/{region}/{ask}", get(of_us::show).post(of_us::act))
        .route("/disclosures/out/{ask}", get(by_us::show).post(by_us::act))
}

/// The other regions' shared parts.
fn others(world: &World) -> Vec<(&JournalId, &patients::Shared)> {
    world.journals.values().map(|one| (&one.id, &one.shared().patients)).collect()
}

/// How many questions of other regions wait for an answer here.
pub(crate) fn waiting(world: &World, region: &JournalId, now: Time) -> usize {
    let Some(own) = world.local(region) else { return 0 };
    let all = incoming(region, &own.shared.patients, &others(world), now);
    all.iter().filter(|one| open(one.question, one.reply)).count()
}

/// How many of our own questions should have been answered by now.
pub(crate) fn late(world: &World, region: &JournalId, now: Time) -> usize {
    let Some(own) = world.local(region) else { return 0 };
    let all = outgoing(&own.shared.patients, &own.own.patients, &others(world), now);
    all.iter().filter(|one| one.late).count()
}

/// Where a question stands by its clock.
fn clock(w: Words, question: &Question, replied: Option<bool>, now: Time) -> Markup {
    match replied {
        Some(true) => tag(Status::Ended, &w.t("ask-declined")),
        Some(false) => tag(Status::Known, &w.t("ask-answered")),
        None if question.withdrawn.is_some() => tag(Status::Ended, &w.t("ask-withdrawn")),
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
        open(one.question, one.reply) && (one.late || one.question.urgency == Urgency::Emergency)
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
