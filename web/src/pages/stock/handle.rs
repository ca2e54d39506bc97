//! Many units at once: scan them, say what is done with them. All of them, or none.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::{DiscardReason, QuarantineReason};
use samband_exchange::stock::counted;

use crate::app::import::words_of;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const HANDLE: &str = "handle-units";

/// What can be done with many units, and who may.
const DEEDS: [(&str, Action); 4] = [
    ("release-unit", Action::ReleaseUnits),
    ("quarantine-unit", Action::QuarantineUnits),
    ("reserve-unit", Action::ReserveUnits),
    ("discard-unit", Action::DiscardUnits),
];

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/stock/handle", get(show).post(act))
}

/// Those of the deeds that the reader may do.
fn deeds(app: &App, visitor: &Visitor) -> Result<Vec<&'static str>, Problem> {
    let may: Vec<_> = DEEDS
        .iter()
        .filter(|(_, action)| visitor.may(app, *action))
        .map(|(deed, _)| *deed)
        .collect();
    if may.is_empty() {
        visitor.permit(app, Action::QuarantineUnits, &visitor.region)?;
    }
    Ok(may)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    axum::extract::Query(asked): axum::extract::Query<super::Asked>,
) -> Result<Html<String>, Problem> {
    let may = deeds(&app, &visitor)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &may, &draft, asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let may = deeds(&app, &visitor)?;
    let typed = Typed::new(pairs);
    if typed.act() != HANDLE {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/stock/handle", HANDLE)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &may, &draft, None)).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let found = counted(&reader.text("handle-found"));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong("handle-found", w.t_args("scan-bad-line", &args));
    }
    let units = found.units;
    let note = reader.optional("handle-text");
    let command = match typed.get("handle-what") {
        "release-unit" => Some(Command::Release { units }),
        "reserve-unit" => {
            let purpose = reader.text("handle-text");
            Some(Command::Reserve { units, purpose })
        }
        "quarantine-unit" => {
            let reason: Option<QuarantineReason> = reader.value("handle-quarantine");
            reason.map(|reason| Command::Quarantine { units, reason, note })
        }
        "discard-unit" => {
            let reason: Option<DiscardReason> = reader.value("handle-discard");
            if typed.get("handle-sure") != "on" {
                reader.wrong("handle-sure", w.t("typed-needed"));
            }
            reason.map(|reason| Command::Discard { units, reason, note })
        }
        _ => {
            reader.wrong("handle-what", w.t("typed-needed"));
            None
        }
    };
    reader.done(command)
}

fn whole(
    app: &App,
    visitor: &Visitor,
    may: &[&str],
    draft: &Draft,
    done: Option<&str>,
) -> Html<String> {
    let w = visitor.words;
    let key = draft.key(HANDLE);
    let deeds = may.iter().map(|deed| (*deed, w.dynamic("unit-act-", deed)));
    let quarantines = QuarantineReason::ALL.iter();
    let quarantines =
        quarantines.map(|one| (one.to_string(), w.dynamic("quarantine-", one.as_str())));
    let discards = DiscardReason::ALL.iter();
    let discards = discards.map(|one| (one.to_string(), w.dynamic("discard-", one.as_str())));
    let field = |name, field, start: &str| draft.field(HANDLE, name, field, start);
    let mut form = draft
        .form(w, "/stock/handle", HANDLE, &key, w.t("handle-do"))
        .field(field(
            "handle-found",
            Field::text_area("handle-found", w.t("count-found"))
                .hint(w.t("stock-scan-hint"))
                .required()
                .scanned(),
            "",
        ))
        .field(field("handle-what", Field::radios("handle-what", w.t("handle-what"), deeds), ""));
    if may.contains(&"quarantine-unit") {
        let reasons = Field::select("handle-quarantine", w.t("handle-quarantine"), quarantines);
        form = form.field(field("handle-quarantine", reasons, "discrepancy"));
    }
    if may.contains(&"discard-unit") {
        let reasons = Field::select("handle-discard", w.t("handle-discard"), discards);
        let sure = Field::check_box("handle-sure", w.t("handle-sure"));
        form = form.field(field("handle-discard", reasons, "outdated"));
        form = form.field(field("handle-sure", sure, ""));
    }
    let text = Field::text("handle-text", w.t("handle-text")).hint(w.t("unit-note-hint"));
    form = form.field(field("handle-text", text, ""));
    let title = w.t("handle-title");
    let body = html! {
        (page_header(&title, Some(&w.t("handle-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        div.panel #handle { (form) }
    };
    page(app, visitor, &title, &[("/stock", w.t("stock-title"))], &body)
}
