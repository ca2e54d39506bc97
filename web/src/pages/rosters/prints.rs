//! What hangs on the wall and lies in the folder: the contact list and the action cards.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::html;
use samband_access::Action;
use samband_domain::alarms::model::DutyRole;

use super::HERE;
use crate::app::rosters::cards::{CARDS, card, reached, steps, to_call};
use crate::app::rosters::paper::contacts;
use crate::app::rosters::recipient_text;
use crate::app::rosters::sheet::About;
use crate::app::{App, Problem, Visitor};
use crate::components::{page_header, section};
use crate::pages::frame::page;

/// Routes.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rosters/contacts.pdf", get(list))
        .route("/rosters/cards", get(cards))
        .route("/rosters/cards/{role}", get(one))
}

fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let name = format!("inline; filename=\"{name}.pdf\"");
    let headers = [(CONTENT_TYPE, "application/pdf".to_owned()), (CONTENT_DISPOSITION, name)];
    (headers, bytes).into_response()
}

async fn list(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    // Names and numbers of people: for those at work in the region.
    visitor.permit(&app, Action::AnswerAlarm, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let about = About { words: visitor.words, world: &world, region: &visitor.region, now };
    Ok(pdf(&visitor.words.t("roster-file-contacts"), contacts(&about)))
}

async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(role): Path<String>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::AnswerAlarm, &visitor.region)?;
    let name = role.strip_suffix(".pdf").unwrap_or(&role);
    let asked = name.parse::<DutyRole>().ok().filter(|role| CARDS.contains(role));
    let asked = asked.ok_or_else(|| Problem::not_found(role.as_str()))?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let about = About { words: visitor.words, world: &world, region: &visitor.region, now };
    let stem = format!("{}-{asked}", visitor.words.t("roster-file-card"));
    Ok(pdf(&stem, card(&about, asked).pdf()))
}

/// The cards as a page that is read on a screen and prints as well.
async fn cards(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::AnswerAlarm, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let about = About { words: w, world: &world, region: &visitor.region, now };
    let title = w.t("roster-cards-title");
    let times =
        [("made", w.date_time(now.0).into()), ("until", w.date_time(about.holds_until().0).into())];
    let body = html! {
        (page_header(&title, Some(&w.t("roster-cards-lead")), None))
        p { strong { (w.t_args("roster-print-times", &times)) } " " (w.t("roster-print-seen")) }
        @for role in CARDS {
            @let name = w.dynamic("duty-role-", role.as_str());
            (section(role.as_str(), &name, &html! {
                p.actions {
                    @let label = w.t("roster-card-pdf");
                    a.button href={ "/rosters/cards/" (role) ".pdf" }
                        aria-label={ (label) ": " (name) } { (label) }
                }
                ol.card-steps { @for step in steps(w, role) { li { (step) } } }
                h3 { (w.t("roster-card-call")) }
                dl.definitions {
                    @for of in to_call(&about, role) {
                        div {
                            dt { (recipient_text(w, &world, &of)) }
                            dd {
                                @let all = reached(&about, &of);
                                @if all.is_empty() { (w.t("roster-contacts-nobody")) }
                                @for line in &all { p { (line) } }
                            }
                        }
                    }
                }
            }))
        }
    };
    Ok(page(&app, &visitor, &title, &[(HERE, w.t("roster-title"))], &body))
}
