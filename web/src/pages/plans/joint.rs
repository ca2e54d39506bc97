//! Joint or alone? The question the regions ask above all, with its answer at once, a better one
//! for those who wait, and a page to print for those who decide.

mod answer;
mod job;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_planning::simulate::five::{FIVE, whole};

use super::tabs;
use crate::app::joint::board::{Board, board, difference_text, verdict_text};
use crate::app::joint::{
    AGAINST, Asked, FLOOR_MAX, Form as Sent, REPLICATIONS_MAX, REPLICATIONS_MIN, YEARS_MAX,
    document,
};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Form, live_region, page_header, section};
use crate::pages::frame::{done_note, page};
use crate::pages::typed::Typed;
use crate::text::Words;

const HERE: &str = "/plan/joint";
const RUN: &str = "run-joint";
const STOP: &str = "stop-joint";
/// Where the price's slider ends; more can be typed.
const PRICE_SLIDE: u32 = 5_000;

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(act)).route("/plan/joint/board.pdf", get(pdf))
}

/// What is asked, with the reader's own region where none is chosen and the scenario has it.
fn of(sent: &Sent, visitor: &Visitor) -> Result<Asked, Problem> {
    let mut asked = sent.asked()?;
    if asked.region.is_none() {
        let own = visitor.region.as_str();
        let known = document().scenario.region.iter().any(|one| one.id == own);
        asked.region = known.then(|| own.to_owned());
    }
    Ok(asked)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(sent): Query<Sent>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let asked = of(&sent, &visitor)?;
    let found = app.joint_answer(&asked).await;
    let w = visitor.words;
    let title = w.t("joint-title");
    let query = asked.query();
    let may = visitor.may(&app, Action::RunSimulation);
    let standing = app.joint_standing(&asked);
    let job = job::part(w, &asked, &standing, may, app.engine.now());
    let shown = match &found {
        Some(found) => answer::part(w, &asked, found, app.engine.now())?,
        None => html! { p { (w.t("joint-soon")) } span data-again="2" hidden {} },
    };
    let actions = html! {
        a.button href={ (HERE) "/board.pdf?" (query) } { (w.t("joint-pdf")) }
    };
    let body = html! {
        (page_header(&title, Some(&w.t("joint-lead")), Some(&actions)))
        (tabs(w, HERE))
        (done_note(w, sent.done.as_deref()))
        @if let Some(said) = found.as_ref().and_then(|one| answer::in_short(w, &asked, one)) {
            (said)
        }
        (section("question", &w.t("joint-question"), &question(w, &asked)))
        (live_region("answer", "joint", &format!("{HERE}?{query}"), &html! { (job) (shown) }))
    };
    Ok(page(&app, &visitor, &title, &[("/roles", w.t("nav-roles"))], &body))
}

fn question(w: Words, asked: &Asked) -> Markup {
    let variants = document().scenario.variant.iter().map(|one| one.id.as_str());
    let scenarios = std::iter::once("today")
        .chain(variants)
        .map(|id| (id, w.dynamic("joint-scenario-", id)))
        .collect::<Vec<_>>();
    let against = AGAINST.map(|one| (one, w.t(against_key(one))));
    let calls = [("pooled", w.t("joint-pooled")), ("local", w.t("joint-local"))];
    let regions = document().scenario.region.iter().map(|one| (one.id.as_str(), one.name.as_str()));
    let number = |n: u32| n.to_string();
    let bounds = |least: u32, most: u32| {
        w.t_args("joint-bounds", &[("least", least.into()), ("most", most.into())])
    };
    let form = Form::get(w, HERE, w.t("joint-ask"))
        .field(
            Field::slider("price", w.t("joint-price"), (0, PRICE_SLIDE, 50))
                .hint(w.t("joint-price-hint"))
                .value(number(asked.price)),
        )
        .field(
            Field::slider("floor", w.t("joint-floor"), (0, FLOOR_MAX, 1))
                .hint(w.t("joint-floor-hint"))
                .value(number(asked.floor)),
        )
        .field(
            Field::select("scenario", w.t("joint-scenario"), scenarios)
                .value(asked.scenario.as_deref().unwrap_or("today")),
        )
        .field(Field::select("against", w.t("joint-against"), against).value(asked.against))
        .field(Field::select("callup", w.t("joint-callup"), calls).value(asked.callup_text()))
        .field(
            Field::select("region", w.t("joint-region"), regions)
                .value(asked.region.as_deref().unwrap_or_default()),
        )
        .field(
            Field::number("years", w.t("joint-years"))
                .hint(bounds(1, YEARS_MAX))
                .value(number(asked.years)),
        )
        .field(
            Field::number("replications", w.t("joint-replications"))
                .hint(bounds(REPLICATIONS_MIN, REPLICATIONS_MAX))
                .value(number(asked.replications)),
        )
        .field(
            Field::number("seed", w.t("joint-seed"))
                .hint(w.t("joint-seed-hint"))
                .value(asked.seed.to_string()),
        );
    html! { div.panel.question { (form) } }
}

/// What is chosen beside each region for itself, without its price.
fn against_key(one: &str) -> &'static str {
    if one == "joint" { "joint-way-free" } else { "joint-way-priced" }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::RunSimulation, &visitor.region)?;
    let typed = Typed::new(pairs);
    let asked = Asked::of_query(typed.get("asked"))?;
    match typed.act() {
        RUN => {
            let full = |_| Problem::new(StatusCode::SERVICE_UNAVAILABLE, "web.line_full");
            app.joint_ask(&asked).map_err(full)?;
        }
        STOP => app.joint_stop(&asked),
        other => return Err(Problem::malformed(other)),
    }
    Ok(Redirect::to(&format!("{HERE}?{}#answer", asked.query())).into_response())
}

async fn pdf(
    State(app): State<App>,
    visitor: Visitor,
    Query(sent): Query<Sent>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeePicture, &visitor.region)?;
    let asked = of(&sent, &visitor)?;
    let late = || Problem::new(StatusCode::SERVICE_UNAVAILABLE, "web.line_full");
    let found = app.joint_answer(&asked).await.ok_or_else(late)?;
    let made = board(&Board {
        words: visitor.words,
        report: found.report()?,
        command: &found.question.command("sodra"),
        variant: asked.scenario.as_deref(),
        against: asked.against,
        region: asked.region.as_deref(),
        made: app.engine.now(),
    });
    let name = "inline; filename=\"samband-joint.pdf\"";
    let headers = [(CONTENT_TYPE, "application/pdf"), (CONTENT_DISPOSITION, name)];
    Ok((headers, made.ok_or_else(Problem::broken)?).into_response())
}

/// The director's card: the usual question's answer if it is there, and the ways to it.
pub(in crate::pages) fn card(app: &App, visitor: &Visitor) -> Markup {
    let w = visitor.words;
    let asked = Asked { region: Some(visitor.region.to_string()), ..Asked::default() };
    let found = app.joint_usual();
    let report = found.as_ref().and_then(|found| found.report().ok());
    let cases = report.and_then(|report| Some((report.case("self")?, report.case(asked.against)?)));
    let known = document().scenario.region.iter().any(|one| Some(&one.id) == asked.region.as_ref());
    let query = if known { asked.query() } else { Asked::default().query() };
    let body = html! {
        p { (w.t("joint-lead")) }
        @if let Some((alone, other)) = cases {
            ul.says {
                @for key in FIVE.iter().filter_map(|keys| keys.first()) {
                    @if let Some(beside) = whole(key, alone, other) {
                        li {
                            strong { (w.dynamic("joint-five-", key)) } ": "
                            (verdict_text(w, beside.verdict)) " ("
                            (difference_text(w, &beside)) ")"
                        }
                    }
                }
                @if known {
                    @let mine = answer::of_own(&asked, "cost", alone, other);
                    @if let Some((name, beside)) = mine {
                        li {
                            strong { (w.t_args("joint-mine", &[("region", name.into())])) } ": "
                            (w.t("joint-for-cost")) " " (difference_text(w, &beside))
                        }
                    }
                }
            }
            @if let Some(report) = report { p.fine { (answer::marks_text(w, report)) } }
        }
        p.actions {
            a.button href={ (HERE) "?" (query) } { (w.t("joint-open")) } " "
            a.button.quiet href={ (HERE) "/board.pdf?" (query) } { (w.t("joint-pdf")) }
        }
    };
    section("joint", &w.t("joint-title"), &body)
}
