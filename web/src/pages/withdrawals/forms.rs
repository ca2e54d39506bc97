//! Calling something back.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::model::MaterialKind;
use samband_domain::donations;
use samband_domain::donations::command::withdrawal::Command;
use samband_domain::donations::model::withdrawal::CallReason;
use serde::Deserialize;

use crate::app::withdrawals::{href, regions, target};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const CALL: &str = "call-back";

/// What can be called back.
const OF: [&str; 4] = ["donation", "unit", "donor", "lot"];

/// What somebody came from.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    of: Option<String>,
    what: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/withdrawals/new", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::CallBack, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    let of = asked.of.filter(|of| OF.contains(&of.as_str()));
    let start = (of.unwrap_or_else(|| OF[0].to_owned()), asked.what.unwrap_or_default());
    Ok(whole(&app, &visitor, &draft, (&start.0, &start.1)))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CallBack, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != CALL {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &app, &typed);
    let command = command.map(|command| donations::Command::Withdrawal(command).into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => {
            let to = receipt.first.map_or_else(|| "/withdrawals".to_owned(), |at| href(&at.hash));
            Ok(done(&to, CALL))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, (OF[0], ""))).into_response())
        }
    }
}

fn read(w: Words, app: &App, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let reason: Option<CallReason> = reader.value("back-reason");
    let text = reader.text("back-what");
    let note = reader.optional("back-note");
    let read = target(typed.get("back-of"), &text, typed.get("back-kind"));
    if let Err(bad) = &read
        && !text.is_empty()
    {
        let shown: String = bad.chars().take(60).collect();
        reader.wrong("back-what", w.t_args("withdrawal-bad-line", &[("line", shown.into())]));
    }
    let asked = regions(&app.engine.world());
    let command = reason.zip(read.ok());
    reader.done(command.map(|(reason, target)| Command::CallBack { target, reason, note, asked }))
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, start: (&str, &str)) -> Html<String> {
    let w = visitor.words;
    let key = draft.key(CALL);
    let field = |name, field, start: &str| draft.field(CALL, name, field, start);
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let of = OF.map(|of| (of.to_owned(), w.dynamic("withdrawal-of-", of)));
    let reasons = CallReason::ALL.iter();
    let reasons =
        reasons.map(|one| (one.as_str().to_owned(), w.dynamic("call-reason-", one.as_str())));
    let kinds = MaterialKind::ALL.iter();
    let kinds = kinds.map(|one| (one.as_str().to_owned(), w.dynamic("lot-kind-", one.as_str())));
    let form = draft
        .form(w, "/withdrawals/new", CALL, &key, w.t("withdrawal-do"))
        .danger()
        .cancel("/withdrawals", w.t("import-cancel"))
        .field(field("back-of", Field::radios("back-of", w.t("withdrawal-of"), of), start.0))
        .field(field(
            "back-what",
            Field::text_area("back-what", w.t("withdrawal-what"))
                .hint(w.t("withdrawal-what-hint"))
                .required()
                .scanned(),
            start.1,
        ))
        .field(field(
            "back-kind",
            Field::select("back-kind", w.t("withdrawal-lot-kind"), choose().chain(kinds))
                .hint(w.t("withdrawal-lot-kind-hint")),
            "",
        ))
        .field(field(
            "back-reason",
            Field::select("back-reason", w.t("withdrawal-reason"), choose().chain(reasons))
                .required(),
            "",
        ))
        .field(field(
            "back-note",
            Field::text_area("back-note", w.t("withdrawal-note")).hint(w.t("withdrawal-note-hint")),
            "",
        ));
    let title = w.t("withdrawal-new");
    let body = html! {
        (page_header(&title, Some(&w.t("withdrawal-new-lead")), None))
        (draft.banner(w))
        div.panel #call-back { (form) }
    };
    page(app, visitor, &title, &[("/withdrawals", w.t("withdrawals-title"))], &body)
}
