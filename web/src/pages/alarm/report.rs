//! The first report, and an early word to the neighbours.

use axum::Form as Body;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use maud::html;
use samband_access::Action;
use samband_domain::alarms::command::Draft as Alarm;
use samband_domain::alarms::model::Kind;
use samband_domain::incidents::Command;
use samband_domain::incidents::model::Report;

use super::form::{read_report, report_fields, whole};
use super::list::{exercise_note, names};
use super::mark;
use super::owes::Look;
use crate::app::alarm::{choices, from_report, members, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::typed::{Draft, Reader, Typed};

/// Which form.
const OPEN: &str = "open-incident";
/// What is said when the neighbours were told, too.
const TOLD: &str = "open-incident-told";

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::OpenIncident, &visitor.region)?;
    Ok(shown(&app, &visitor, &Draft::fresh(app.engine.now())))
}

fn shown(app: &App, visitor: &Visitor, draft: &Draft) -> Html<String> {
    let (w, world) = (visitor.words, app.engine.world());
    let look = Look::of(app, visitor, &world);
    let members = members(&world, &visitor.region, look.now);
    let told = Field::check_box("tell", w.t("alarm-tell"))
        .hint(w.t_args("alarm-tell-hint", &[("names", names(&look, &members.regions).into())]));
    let body = html! {
        (report_fields(w, draft, OPEN, None))
        (draft.field(OPEN, "tell", told, "on"))
    };
    let buttons = html! {
        button type="submit" { (w.t("alarm-report-do")) }
        a.button.quiet href="/alarm" { (w.t("form-cancel")) }
    };
    let title = w.t("alarm-report");
    let body = html! {
        (mark(w, &world, &visitor.region))
        (page_header(&title, Some(&w.t("alarm-report-lead")), None))
        (exercise_note(&look, &visitor.region))
        (draft.banner(w))
        (whole(draft, ("/incidents/new", OPEN), look.now.0, &body, &buttons))
        (mark(w, &world, &visitor.region))
    };
    page(app, visitor, &title, &[("/alarm", w.t("nav-alarm"))], &body)
}

pub(super) async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::OpenIncident, &visitor.region)?;
    let (typed, w) = (Typed::new(pairs), visitor.words);
    if typed.act() != OPEN {
        return Err(Problem::malformed(typed.act()));
    }
    let mut reader = Reader::new(w, &typed);
    let read = read_report(w, &mut reader, &typed);
    let told = read.as_ref().filter(|_| typed.get("tell") == "on");
    let told = told.and_then(|report| early_word(&app, &visitor, report));
    let said = if told.is_some() { TOLD } else { OPEN };
    let command = super::form::done(reader, read).map(|report| {
        let (report, tell) = (Box::new(report), told.map(Box::new));
        Command::Open { report, suspected: true, tell }.into()
    });
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/alarm", said)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, shown(&app, &visitor, &draft)).into_response())
        }
    }
}

/// What the neighbours are told, if there are any: recorded with the report, or not at all.
fn early_word(app: &App, visitor: &Visitor, report: &Report) -> Option<Alarm> {
    let world = app.engine.world();
    let to = choices(&world, &visitor.region, Kind::PreAlert, app.engine.now());
    let to: Vec<_> = to.into_iter().map(|one| one.to).collect();
    let mode = mode_of(&world, &visitor.region);
    let usual = from_report(visitor.words, Kind::PreAlert, report, mode);
    (!to.is_empty()).then_some(Alarm { to, ..usual })
}
