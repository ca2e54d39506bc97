//! Promising transports: one of three buttons, or how many of what and when, or why not.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{Reason, Shortfall, TransportKind, Unit};
use serde::Deserialize;

use super::parts::{button, hidden, mark};
use super::{crumbs, transports};
use crate::app::readiness::transports::{Asked, find, units};
use crate::app::readiness::{Terms, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{EmptyState, Field, Note, page_header, section};
use crate::pages::frame::{answered, page, send};
use crate::pages::parts::region_name;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const PLEDGE: &str = "pledge-transports";

/// Minutes of the buttons.
const MINUTES: [u16; 3] = [10, 20, 40];

/// Most of one kind.
const MOST: u64 = 50;

/// The number fields, in the order of the kinds.
const COUNTS: [&str; 4] =
    ["count-ambulance", "count-intensive_care", "count-bus", "count-helicopter"];

pub(super) fn routes() -> Router<App> {
    Router::new().route("/readiness/pledge/{issuer}/{alarm}", get(show).post(act))
}

type Which = (String, String);

/// Where this page is.
fn path((issuer, alarm): &Which) -> String {
    format!("/readiness/pledge/{issuer}/{alarm}")
}

/// The alarm that holds now in place of one that is updated.
fn newest(asked: &Asked<'_>) -> Which {
    (asked.issuer.id.to_string(), asked.newest().to_string())
}

/// How the reader came here.
#[derive(Debug, Default, Deserialize)]
struct Came {
    /// From an alarm that this one updates.
    updated: Option<String>,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Query(came): Query<Came>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PledgeTransport, &visitor.region)?;
    let world = app.engine.world();
    let asked = find(&world, &visitor.region, (&which.0, &which.1))?;
    if asked.newest() != &asked.id {
        let to = format!("{}?updated=1", path(&newest(&asked)));
        return Ok(Redirect::to(&to).into_response());
    }
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &which, (&draft, came.updated.is_some()))?.into_response())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PledgeTransport, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != PLEDGE {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let asked = find(&world, &visitor.region, (&which.0, &which.1))?;
    // A form of an alarm that was updated meanwhile promises by the update.
    let (of, alarm) = (asked.issuer.id.clone(), asked.newest().clone());
    let (which, updated) = (newest(&asked), alarm != asked.id);
    let quota = quota(&app, &visitor, &asked);
    let read = read(visitor.words, &typed, typed.shown(app.engine.now()), quota);
    let command = read.map(|(units, shortfall)| Command::Pledge { of, alarm, units, shortfall });
    let command = command.map(Into::into);
    let to = transports::path(&which);
    let again = whole(&app, &visitor, &which, (&Draft::fresh(app.engine.now()), updated))?;
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    Ok(answered(sent, (&to, PLEDGE), |draft| {
        whole(&app, &visitor, &which, (draft, updated)).unwrap_or(again)
    }))
}

/// How many the own region has agreed to promise whoever alarms.
fn quota(app: &App, visitor: &Visitor, asked: &Asked<'_>) -> u16 {
    let terms = Terms::of(&app.engine.world(), app.engine.now());
    terms.quota(&visitor.region, &asked.issuer.id, None)
}

type Read = Result<(Vec<Unit>, Option<Shortfall>), Errors>;

/// What is promised: as the button says, or as typed.
fn read(w: Words, typed: &Typed, now: Time, quota: u16) -> Read {
    let mut reader = Reader::new(w, typed);
    let name = |kind: TransportKind| w.dynamic("ready-of-transport-", kind.as_str());
    let ready = |minutes: u16| now.plus_seconds(i64::from(minutes) * 60);
    if let Some(minutes) = reader.optional_value::<u16>("preset") {
        let all = [(TransportKind::Ambulance, quota)];
        return reader.done(Some((units(&all, ready(minutes.min(1_440)), name), None)));
    }
    let mut counts = Vec::new();
    for (field, kind) in COUNTS.into_iter().zip(TransportKind::ALL) {
        let count = if typed.get(field).is_empty() { Some(0) } else { reader.count(field) };
        if count.is_some_and(|count| count > MOST) {
            reader.wrong(field, w.t("ready-too-many"));
        }
        let count = count.and_then(|count| u16::try_from(count.min(MOST)).ok());
        counts.push((*kind, count.unwrap_or(0)));
    }
    let minutes = reader.value::<u16>("minutes").map(|minutes| minutes.min(1_440));
    let all = units(&counts, ready(minutes.unwrap_or(0)), name);
    let short = all.len() < usize::from(quota);
    let reason: Option<Reason> = reader.optional_value("reason");
    let shortfall = match (short, reason) {
        (true, Some(reason)) => {
            let said = reader.optional("why");
            let text = said.unwrap_or_else(|| w.dynamic("ready-of-reason-", reason.as_str()));
            Some(Shortfall { reason, text })
        }
        (true, None) => {
            reader.wrong("reason", w.t_args("ready-why-fewer", &[("n", quota.into())]));
            None
        }
        (false, _) => None,
    };
    reader.done(Some((all, shortfall)))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    (draft, updated): (&Draft, bool),
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let asked = find(&world, &visitor.region, (&which.0, &which.1))?;
    let title = w.t("ready-pledge");
    let path = path(which);
    let lead = w.t_args(
        "ready-pledge-lead",
        &[
            ("headline", asked.issued.alarm.headline.clone().into()),
            ("region", region_name(&world, &asked.issuer.id).into()),
        ],
    );
    let (mode, quota) = (mode_of(&world, &visitor.region), quota(app, visitor, &asked));
    let body = html! {
        (mark(w, mode))
        (page_header(&title, Some(&lead), None))
        (draft.banner(w))
        @if updated { (Note::warning(w, &note(w, which))) }
        @if closed(&asked, visitor) {
            (EmptyState::new(&w.t("ready-pledged-already"), &w.t("ready-pledged-already-text"))
                .action(&transports::path(which), &w.t("ready-transports")))
        } @else {
            (presets(w, (draft, now), &path, quota))
            (section("do", &w.t("ready-pledge-other"), &form(w, (draft, now), &path, quota)))
        }
        (mark(w, mode))
    };
    Ok(page(app, visitor, &title, &crumbs(w), &body))
}

/// Whether the region has answered already.
fn closed(asked: &Asked<'_>, visitor: &Visitor) -> bool {
    asked.answered(&visitor.region)
}

/// That the alarm was updated, and where the update is.
fn note(w: Words, (issuer, alarm): &Which) -> Markup {
    html! {
        (w.t("ready-updated")) " "
        a href={ "/alarm/" (issuer) "/" (alarm) } { (w.t("ready-updated-see")) }
    }
}

fn presets(w: Words, form: (&Draft, Time), path: &str, quota: u16) -> Markup {
    html! {
        div.presets {
            @for minutes in MINUTES {
                @let label = w.t_args(
                    "ready-preset",
                    &[("n", quota.into()), ("minutes", minutes.into())],
                );
                (button(form, (path, PLEDGE), &[("preset", minutes.to_string())], &label, false))
            }
        }
    }
}

fn form(w: Words, (draft, now): (&Draft, Time), path: &str, quota: u16) -> Markup {
    let choose = || std::iter::once((String::new(), w.t("ready-enough")));
    let reasons = Reason::ALL.iter();
    let reasons =
        reasons.map(|one| (one.as_str().to_owned(), w.dynamic("ready-of-reason-", one.as_str())));
    let start = |name: &str| if name == COUNTS[0] { quota.to_string() } else { String::new() };
    html! {
        form.form.ready-form method="post" action=(path) novalidate {
            (hidden(draft, PLEDGE, "", now))
            div.plus-line.four {
                @for (name, kind) in COUNTS.into_iter().zip(TransportKind::ALL) {
                    @let label = w.dynamic("ready-of-transports-", kind.as_str());
                    (draft.field(PLEDGE, name, Field::number(name, label), &start(name)))
                }
            }
            (draft.field(PLEDGE, "minutes",
                Field::number("minutes", w.t("ready-minutes"))
                    .hint(w.t("ready-minutes-hint")), "20"))
            (draft.field(PLEDGE, "reason",
                Field::select("reason", w.t_args("ready-shortfall", &[("n", quota.into())]),
                    choose().chain(reasons)), ""))
            (draft.field(PLEDGE, "why", Field::text("why", w.t("ready-why")), ""))
            div.submit { button type="submit" { (w.t("ready-pledge-do")) } }
        }
    }
}
