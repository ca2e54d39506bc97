//! Where the gate keeps a unit back in an emergency and two physicians may decide: the request and
//! the first decision in one step. The other physician's is put on record by another person, on the
//! page where both stand; only then is the unit handed out. Nobody passes the gate by a button.

use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Capacity, ExceptionRule, Request};
use samband_domain::{RequestId, Time};

use super::forms::deciding;
use super::href;
use crate::app::transfusion::made;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, KEY_FIELD};
use crate::pages::frame::{Back, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

pub(super) const TWO: &str = "request-two";
/// The request was made, and the decision refused.
const ONLY: &str = "request-two-only";

/// What was typed for the hand-out and goes on into the request.
const CARRIED: [&str; 7] =
    ["scanned", "ward", "fetched-by", "site", "patient", "looks-sex", "looks-age"];

/// In which capacities this person may put a decision on record.
fn capacities(w: Words, app: &App, visitor: &Visitor) -> Vec<(String, String)> {
    let may = |capacity: &&Capacity| {
        let action = match capacity {
            Capacity::Transfusion => Action::DecideException,
            Capacity::Treating => Action::NoteTreatingDecision,
        };
        visitor.may(app, action)
    };
    let all = Capacity::ALL.iter().filter(may);
    all.map(|one| (one.to_string(), w.dynamic("capacity-", one.as_str()))).collect()
}

/// Room for two physicians, with what was typed carried over.
pub(super) fn room(app: &App, visitor: &Visitor, draft: &Draft) -> Markup {
    let (w, key) = (visitor.words, draft.key(TWO));
    let capacities = capacities(w, app, visitor);
    let Some((first, _)) = capacities.first().cloned() else { return html! {} };
    let rules = ExceptionRule::ALL.iter();
    let rules = rules.map(|one| (one.to_string(), w.dynamic("exception-", one.as_str())));
    let put = |name: &str, field: Field, start: &str| draft.field(TWO, name, field, start);
    let mut form = draft.form(w, "/requests/emergency", TWO, &key, w.t("request-emergency-two-do"));
    for name in CARRIED {
        form = form.hidden(name, draft.was(name));
    }
    let form = form
        .field(put(
            "decide-rule",
            Field::select("decide-rule", w.t("exception-rule"), rules).required(),
            "",
        ))
        .field(put(
            "decide-capacity",
            Field::radios("decide-capacity", w.t("exception-capacity"), capacities).required(),
            &first,
        ))
        .field(put(
            "decide-physician",
            Field::text("decide-physician", w.t("exception-physician")).required(),
            "",
        ))
        .field(put(
            "decide-reason",
            Field::text("decide-reason", w.t("unit-reason")).required(),
            "",
        ))
        .field(put(
            "decide-hours",
            Field::number("decide-hours", w.t("exception-hours")).required(),
            "12",
        ));
    html! {
        div.panel #two {
            h2 { (w.t("request-emergency-two-heading")) }
            p { (w.t("request-emergency-two")) }
            ol {
                li { strong { (w.t("request-emergency-first")) } (form) }
                li {
                    strong { (w.t("request-emergency-second")) }
                    p { (w.t("request-emergency-second-means")) }
                }
            }
        }
    }
}

/// Makes the request and puts the first decision on record; what is wrong comes back as a draft.
pub(super) async fn act(
    app: &App,
    visitor: &Visitor,
    pairs: Vec<(String, String)>,
    request: Result<Request, Errors>,
    now: Time,
) -> Result<Result<Response, Box<Back>>, Problem> {
    let typed = Typed::new(pairs.clone());
    let mut reader = Reader::new(visitor.words, &typed);
    let decision = deciding(&typed, &mut reader, now);
    let decision = match (request, reader.done(decision)) {
        (Ok(request), Ok(decision)) => Ok((request, decision)),
        (Err(errors), _) | (_, Err(errors)) => Err(errors),
    };
    let (request, decision) = match decision {
        Ok((request, decision)) => (Ok(Command::Request { request }.into()), Some(decision)),
        Err(errors) => (Err(errors), None),
    };
    let receipt = match send(app, visitor, &visitor.region, typed, request).await {
        Ok(receipt) => receipt,
        Err(back) => return Ok(Err(back)),
    };
    let (Some(request), Some(decision)) = (made(&receipt), decision) else {
        return Ok(Ok(Redirect::to("/requests").into_response()));
    };
    let typed = second_key(pairs);
    let command = Command::Decide { request: request.clone(), decision };
    let sent = send(app, visitor, &visitor.region, typed, Ok(command.into())).await;
    // The request stands; a decision that was refused is put right on its page.
    let done = if sent.is_ok() { TWO } else { ONLY };
    Ok(Ok(Redirect::to(&place(&request, done)).into_response()))
}

fn place(request: &RequestId, done: &str) -> String {
    format!("{}?done={done}#exceptions", href(request))
}

/// The same fields under a key that follows from theirs: repeated, both commands are the same.
fn second_key(pairs: Vec<(String, String)>) -> Typed {
    let key = |(name, value): (String, String)| match name.as_str() {
        KEY_FIELD => (name, format!("{value}-2")),
        _ => (name, value),
    };
    Typed::new(pairs.into_iter().map(key).collect())
}
