//! The collaboration bodies that a region belongs to, and the forms by which it joins and leaves.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::kernel::Command;

use super::super::parts::window;
use super::super::typed::{Draft, Errors, Reader, Typed};
use super::View;
use crate::components::{Column, Field, Row, Status, Table, section, tag};
use crate::text::Words;

const JOIN: &str = "join-body";
const LEAVE: &str = "leave-body";

/// The command that a form asks for; none if it is no form of these.
pub(super) fn read(w: Words, now: Time, typed: &Typed) -> Option<Result<Command, Errors>> {
    let mut reader = Reader::new(w, typed);
    Some(match typed.act() {
        JOIN => {
            let (body, name) = (reader.value("body"), reader.text("body-name"));
            let window = reader.window("body-from", "body-until", now);
            let command = body.zip(window);
            reader.done(command.map(|(body, window)| Command::JoinBody { body, name, window }))
        }
        LEAVE => {
            let body = reader.value("left-body");
            let at = reader.last_day("left-last").unwrap_or(now);
            reader.done(body.map(|body| Command::LeaveBody { body, at }))
        }
        _ => return None,
    })
}

/// The bodies as a table.
pub(super) fn list(w: Words, view: &View) -> Markup {
    let rows = view.bodies.iter().map(|body| {
        let state = if body.window.contains(view.now) {
            tag(Status::Held, &w.t("body-member"))
        } else if body.window.until().is_some_and(|until| until <= view.now) {
            tag(Status::Ended, &w.t("body-left"))
        } else {
            tag(Status::OneSided, &w.t("body-later"))
        };
        Row::new(body.name.clone())
            .cell(html! { code { (body.body) } })
            .cell(state)
            .cell(window(w, &body.window))
    });
    let table = Table::new(w.t("region-bodies"))
        .caption_hidden()
        .columns([
            Column::text(w.t("body-name")),
            Column::text(w.t("body-code")),
            Column::text(w.t("roles-state")),
            Column::text(w.t("site-window")),
        ])
        .rows(rows);
    html! {
        @if view.bodies.is_empty() { p { (w.t("region-no-bodies")) } } @else { (table) }
    }
}

/// The forms that the person who looks may use.
pub(super) fn forms(w: Words, view: &View, draft: &Draft) -> Markup {
    if !view.may.has(Action::ChangeBodies) {
        return html! {};
    }
    let held: Vec<_> = view
        .bodies
        .iter()
        .filter(|body| body.window.until().is_none_or(|until| until > view.now))
        .map(|body| (body.body.to_string(), body.name.clone()))
        .collect();
    let panels = html! {
        div.two {
            (join(w, view, draft))
            @if !held.is_empty() { (leave(w, view, held, draft)) }
        }
    };
    section("change-bodies", &w.t("body-change"), &panels)
}

fn join(w: Words, view: &View, draft: &Draft) -> Markup {
    let (action, key) = (format!("/regions/{}", view.place.id), draft.key(JOIN));
    let field = |name, field: Field, start: &str| draft.field(JOIN, name, field, start);
    let code = Field::text("body", w.t("body-code")).hint(w.t("body-code-hint")).required();
    let name = Field::text("body-name", w.t("body-name")).hint(w.t("body-name-hint")).required();
    let today = Words::sv().date(view.now.0);
    let form = draft
        .form(w, &action, JOIN, &key, w.t("body-join-do"))
        .field(field("body", code, ""))
        .field(field("body-name", name, ""))
        .field(field("body-from", Field::date("body-from", w.t("form-from")).required(), &today))
        .field(field("body-until", Field::date("body-until", w.t("form-last-day")), ""));
    html! { div.panel { h3 { (w.t("body-join")) } (form) } }
}

fn leave(w: Words, view: &View, held: Vec<(String, String)>, draft: &Draft) -> Markup {
    let (action, key) = (format!("/regions/{}", view.place.id), draft.key(LEAVE));
    let field = |name, field: Field, start: &str| draft.field(LEAVE, name, field, start);
    let first = held.first().map(|(code, _)| code.clone()).unwrap_or_default();
    let last = Field::date("left-last", w.t("form-last-day")).hint(w.t("form-last-day-now"));
    let form = draft
        .form(w, &action, LEAVE, &key, w.t("body-leave-do"))
        .danger()
        .field(field("left-body", Field::select("left-body", w.t("body-name"), held), &first))
        .field(field("left-last", last, ""));
    html! { div.panel { h3 { (w.t("body-leave")) } (form) } }
}
