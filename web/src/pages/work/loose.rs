//! Reports of wards that belong to no request, and what was done about each.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::model::UnitId;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::Discrepancy;
use serde::Deserialize;

use crate::app::stock::unit_href;
use crate::app::transfusion::{own, unit_text};
use crate::app::{App, Problem, Visitor};
use crate::components::{EmptyState, Field, Status, page_header, tag, time_tag};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Reader, Typed};
use crate::text::Words;

const SETTLE: &str = "loose-settle";

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/work/loose", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != SETTLE {
        return Err(Problem::malformed(typed.act()));
    }
    let mut reader = Reader::new(visitor.words, &typed);
    let unit: Option<UnitId> = reader.value("unit");
    let found: Option<i64> = reader.value("found");
    let reason = reader.text("reason");
    let both = unit.zip(found);
    let command =
        both.map(|(unit, found)| Command::SettleLoose { unit, found: Time(found), reason });
    let command = reader.done(command.map(Into::into));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/work/loose", SETTLE)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    said: Option<&str>,
) -> Result<Html<String>, Problem> {
    visitor.permit(app, Action::IssueBlood, &visitor.region)?;
    let (world, w) = (app.engine.world(), visitor.words);
    let loose = &own(app, visitor, &world)?.own.transfusion.loose;
    let title = w.t("loose-title");
    let body = html! {
        (page_header(&title, Some(&w.t("loose-lead")), None))
        (done_note(w, said))
        (draft.banner(w))
        @if loose.is_empty() {
            (EmptyState::new(&w.t("loose-none"), &w.t("loose-none-text")))
        }
        @for (n, (found, one)) in loose.iter().enumerate() { (report(w, draft, n, (*found, one))) }
    };
    Ok(page(app, visitor, &title, &[("/work", w.t("work-title"))], &body))
}

fn report(w: Words, draft: &Draft, n: usize, (found, one): (Time, &Discrepancy)) -> Markup {
    let key = format!("{}-{n}", draft.key(SETTLE));
    let reason = Field::text_area("reason", w.t("loose-reason")).hint(w.t("loose-reason-hint"));
    html! {
        div.panel {
            p {
                (tag(Status::Stopped, &w.dynamic("discrepancy-", one.kind.as_str()))) " "
                a href=(unit_href(&one.unit)) { (unit_text(&one.unit)) } " · "
                (time_tag(w, found.0))
            }
            (draft.form(w, "/work/loose", SETTLE, &key, w.t("loose-settle-do"))
                .hidden("unit", one.unit.to_string())
                .hidden("found", found.0.to_string())
                .field(draft.field(SETTLE, "reason", reason.required(), "")))
        }
    }
}
