//! How a page is put into its frame, and how a form's command is sent and answered.

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, Render, html};
use samband_domain::{Command, JournalId};
use samband_engine::{Receipt, Request};

use super::typed::{Draft, Errors, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{Crumb, Note};
use crate::text::Words;

/// A whole page that stays fresh where it has live parts. `crumbs` is the way here.
pub(crate) fn page(
    app: &App,
    visitor: &Visitor,
    title: &str,
    crumbs: &[(&str, String)],
    body: &Markup,
) -> Html<String> {
    let mut way: Vec<Crumb<'_>> =
        crumbs.iter().map(|(href, label)| Crumb::link(href, label)).collect();
    if !way.is_empty() {
        way.push(Crumb::here(title));
    }
    Html(visitor.page(app, title, &way, true, body).into_string())
}

/// A form that was not carried out: the status, and the form as it comes back.
pub(crate) struct Back {
    /// The status of the answer.
    pub status: StatusCode,
    /// The form with what is wrong.
    pub draft: Draft,
}

/// Gives a form's command to a region in the visitor's name.
///
/// # Errors
/// The form as it comes back: with its errors, or with the refusal that explains itself.
pub(crate) async fn send(
    app: &App,
    visitor: &Visitor,
    region: &JournalId,
    typed: Typed,
    command: Result<Command, Errors>,
) -> Result<Receipt, Box<Back>> {
    let commands = command.map(|command| vec![command]);
    let receipts = send_all(app, visitor, region, typed, commands).await?;
    Ok(receipts.into_iter().next().unwrap_or(Receipt {
        first: None,
        count: 0,
        repeated: false,
        events: Vec::new(),
    }))
}

/// Gives a form's commands, which happen together or not at all.
///
/// # Errors
/// As [`send`].
pub(crate) async fn send_all(
    app: &App,
    visitor: &Visitor,
    region: &JournalId,
    typed: Typed,
    commands: Result<Vec<Command>, Errors>,
) -> Result<Vec<Receipt>, Box<Back>> {
    let now = app.engine.now();
    let commands = match commands {
        Ok(commands) => commands,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Box::new(Back { status, draft: Draft::back(typed, errors, None, now) }));
        }
    };
    let one = commands.len() == 1;
    let requests = commands.into_iter().enumerate().map(|(place, command)| Request {
        principal: visitor.principal.clone(),
        region: region.clone(),
        key: if one { typed.key().to_owned() } else { format!("{}-{place}", typed.key()) },
        happened: None,
        command,
        asked: None,
    });
    app.engine.submit_all(requests.collect()).await.map_err(|(_, failure)| {
        let problem = Problem::from(failure);
        let status = problem.status;
        let refusal = visitor.explain(app, problem).render();
        let draft = if status == StatusCode::SERVICE_UNAVAILABLE {
            Draft::again(typed, refusal, now)
        } else {
            Draft::back(typed, Errors::new(), Some(refusal), now)
        };
        Box::new(Back { status, draft })
    })
}

/// After a form was carried out: to the page that shows what it led to, which says so.
pub(crate) fn done(path: &str, act: &str) -> Response {
    let mark = if path.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{path}{mark}done={act}")).into_response()
}

/// The answer to a form: on to the page that shows what it led to, or the form as it comes back.
pub(crate) fn answered<T>(
    sent: Result<T, Box<Back>>,
    (path, act): (&str, &str),
    again: impl FnOnce(&Draft) -> Html<String>,
) -> Response {
    match sent {
        Ok(_) => done(path, act),
        Err(back) => (back.status, again(&back.draft)).into_response(),
    }
}

/// What was just done, if the address says so and the catalogue has words for it.
pub(crate) fn done_note(w: Words, act: Option<&str>) -> Markup {
    let plain = act.filter(|act| act.bytes().all(|c| c.is_ascii_lowercase() || c == b'-'));
    let text = plain.and_then(|act| w.find(&format!("done-{act}"), &[]));
    html! { @if let Some(text) = text { (Note::success(w, &text)) } }
}
