//! One screen and one signature: confirm, assess and alarm.

use axum::Form as Body;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::command::Draft as Alarm;
use samband_domain::alarms::model::Kind;
use samband_domain::incidents::Command;
use samband_domain::incidents::model::{CareMode, Report, Stage};
use samband_domain::words::IncidentId;
use samband_domain::{Command as Any, Mode};
use serde::Deserialize;

use super::form::{
    confirm_word, confirmed, finding_fields, mode_field, read_findings, read_recipients,
    read_report, recipient_fields, report_fields, whole,
};
use super::list::exercise_note;
use super::owes::Look;
use super::{alarm_href, mark, recipient};
use crate::app::alarm::{Choice, choices, framed, from_report, made, members, mode_of};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

/// Which form.
const RAISE: &str = "raise-alarm";

/// The incident that is alarmed for, if it has begun.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    incident: Option<String>,
}

/// What the form stands on.
struct Start {
    incident: Option<IncidentId>,
    report: Option<Report>,
    mode: Mode,
    choices: Vec<Choice>,
}

fn start(app: &App, visitor: &Visitor, incident: Option<&str>) -> Result<Start, Problem> {
    visitor.permit(app, Action::ConfirmIncident, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let incident = incident.filter(|id| !id.is_empty()).map(IncidentId::new).transpose()?;
    let held = incident.as_ref().map(|id| {
        let all = world.local(&visitor.region).map(|own| &own.shared.incidents.incidents);
        all.and_then(|all| all.get(id)).ok_or_else(|| Problem::not_found(id.as_str()))
    });
    let held = held.transpose()?;
    if held.is_some_and(|held| held.stage > Stage::Assessed) {
        return Err(Problem::unprocessable("web.alarm_raised"));
    }
    Ok(Start {
        incident,
        report: held.map(|held| held.report.clone()),
        mode: mode_of(&world, &visitor.region),
        choices: choices(&world, &visitor.region, Kind::Regional, now),
    })
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let start = start(&app, &visitor, asked.incident.as_deref())?;
    Ok(shown(&app, &visitor, &start, &Draft::fresh(app.engine.now())))
}

fn shown(app: &App, visitor: &Visitor, start: &Start, draft: &Draft) -> Html<String> {
    let (w, world) = (visitor.words, app.engine.world());
    let look = Look::of(app, visitor, &world);
    let drill = start.mode == Mode::Exercise;
    let title = if drill { w.t("alarm-new-drill") } else { w.t("alarm-new") };
    let body = html! {
        div class=(if drill { "raise-page drill" } else { "raise-page" }) {
            (mark(w, &world, &visitor.region))
            (page_header(&title, Some(&w.t("alarm-new-lead")), None))
            (exercise_note(&look, &visitor.region))
            (draft.banner(w))
            (form(&look, visitor, start, draft))
            (mark(w, &world, &visitor.region))
        }
    };
    page(app, visitor, &title, &[("/alarm", w.t("nav-alarm"))], &body)
}

fn form(look: &Look<'_>, visitor: &Visitor, start: &Start, draft: &Draft) -> Markup {
    let w = look.w;
    let members = members(look.world, &visitor.region, look.now);
    let follows = if members.bodies.is_empty() {
        w.t_args("alarm-to-trusted", &[("n", members.regions.len().into())])
    } else {
        w.t_args(
            "alarm-to-body",
            &[("n", members.regions.len().into()), ("body", members.bodies.join(", ").into())],
        )
    };
    let usual = start.choices.iter().filter(|one| one.preselected).count();
    let legend = w.t_args("alarm-new-to", &[("n", usual.into())]);
    let basis = Field::text_area("basis", w.t("alarm-new-basis")).required();
    let headline = Field::text("headline", w.t("alarm-new-headline"));
    let words = Field::text_area("words", w.t("alarm-new-words"));
    let body = html! {
        @if let Some(id) = &start.incident { input type="hidden" name="incident" value=(id); }
        h2 { (w.t("alarm-new-what")) }
        (report_fields(w, draft, RAISE, start.report.as_ref()))
        h2 { (w.t("alarm-new-assess")) }
        (finding_fields(w, draft, RAISE))
        (draft.field(RAISE, "basis", basis, &basis_usual(look, visitor, start)))
        (mode_field(w, draft, RAISE))
        h2 { (w.t("alarm-new-say")) }
        details.fold open[!draft.was("headline").is_empty() || !draft.was("words").is_empty()] {
            summary { (w.t("alarm-new-say-fold")) }
            (draft.field(RAISE, "headline", headline.hint(w.t("alarm-new-headline-hint")), ""))
            (draft.field(RAISE, "words", words.hint(w.t("alarm-new-words-hint")), ""))
        }
        (recipient_fields(draft, RAISE, (&legend, &follows), &start.choices,
            |to| recipient(w, look.world, to)))
        (confirm_field(w, draft, start.mode, usual))
    };
    let button = if start.mode == Mode::Exercise { "alarm-raise-drill" } else { "alarm-raise" };
    let buttons = html! {
        button.danger.raise type="submit" { (w.t(button)) }
        a.button.quiet href="/alarm" { (w.t("form-cancel")) }
    };
    whole(draft, ("/alarm/new", RAISE), look.now.0, &body, &buttons)
}

/// On what grounds it is confirmed; an exercise names its leader and window there.
fn basis_usual(look: &Look<'_>, visitor: &Visitor, start: &Start) -> String {
    let w = look.w;
    let usual = w.t("alarm-confirm-basis");
    let own = look.world.local(&visitor.region);
    let drill = own.and_then(|own| own.shared.alarms.exercise.as_ref());
    match (start.mode, drill, own) {
        (Mode::Exercise, Some(drill), Some(own)) => {
            let leader = own.own.alarms.leader.clone().unwrap_or_else(|| w.unknown());
            let until = drill.window.until().map_or_else(|| w.unknown(), |at| w.date_time(at.0));
            w.t_args(
                "alarm-drill-basis",
                &[
                    ("title", drill.title.as_str().into()),
                    ("leader", leader.into()),
                    ("from", w.date_time(drill.window.from().0).into()),
                    ("until", until.into()),
                ],
            )
        }
        _ => usual,
    }
}

fn confirm_field(w: Words, draft: &Draft, mode: Mode, usual: usize) -> Markup {
    let word = confirm_word(w, mode);
    let label = w.t_args("alarm-confirm-label", &[("word", word.as_str().into())]);
    let hint = w.t_args("alarm-confirm-hint", &[("n", usual.into())]);
    let field = Field::text("confirm", label).hint(hint).required().autocomplete("off");
    html! { div.confirm { (draft.field(RAISE, "confirm", field, "")) } }
}

pub(super) async fn raise(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::new(pairs);
    if typed.act() != RAISE {
        return Err(Problem::malformed(typed.act()));
    }
    let start = start(&app, &visitor, Some(typed.get("incident")));
    // Sent twice, the incident is alarmed for already: the key says what came of it.
    let start = match start {
        Err(problem) if problem.code == "web.alarm_raised" => Start {
            incident: Some(IncidentId::new(typed.get("incident"))?),
            report: None,
            mode: mode_of(&app.engine.world(), &visitor.region),
            choices: choices(
                &app.engine.world(),
                &visitor.region,
                Kind::Regional,
                app.engine.now(),
            ),
        },
        other => other?,
    };
    let command = read(visitor.words, &typed, &start);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => {
            let made = made(std::slice::from_ref(&receipt));
            let path = made
                .alarm
                .map_or_else(|| "/alarm".to_owned(), |id| alarm_href(&visitor.region, &id));
            Ok(done(&path, RAISE))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, shown(&app, &visitor, &start, &draft)).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed, start: &Start) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let report = read_report(w, &mut reader, typed);
    let assessment = read_findings(w, &mut reader, typed);
    let basis = reader.text("basis");
    let mode = reader.value::<CareMode>("mode");
    let to = read_recipients(typed, &start.choices);
    if !confirmed(w, typed, start.mode, to.len()) {
        reader.wrong("confirm", w.t("alarm-confirm-wrong"));
    }
    let read = (|| Some((report?, assessment?, mode?)))();
    let (report, assessment, mode) = super::form::done(reader, read)?;
    let usual = from_report(w, Kind::Regional, &report, start.mode);
    let or = |name: &str, usual: String| match typed.get(name) {
        "" => usual,
        said => framed(w, said, start.mode),
    };
    let alarm = Alarm {
        headline: or("headline", usual.headline.clone()),
        text: or("words", usual.text.clone()),
        to,
        ..usual
    };
    let (incident, report, alarm) = (start.incident.clone(), Box::new(report), Box::new(alarm));
    Ok(Command::Raise { incident, report, basis, mode, assessment, alarm }.into())
}
