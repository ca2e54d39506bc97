//! Whom to invite, week by week, and the weeks that were adopted. A plan counts; who is called is
//! drawn when somebody with a mandate adopts a week.

mod adopted;
mod around;
mod weeks;

use std::time::Duration;

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::REFRESH;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donors::strata::Pace;
use samband_domain::plans::Command;
use samband_domain::plans::model::Pooling;
use samband_domain::words::Day;
use samband_domain::{Command as Any, Time};
use serde::Deserialize;

use super::tabs;
use crate::app::jobs::Standing;
use crate::app::plans::callup::{self, Asked, BAND, Found, Question};
use crate::app::{App, Problem, Visitor, fresh_key};
use crate::components::{EmptyState, Field, Form, Note, page_header, section};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

pub(super) const ADOPT: &str = "adopt-callup";
pub(super) const WITHDRAW: &str = "withdraw-callup";
pub(super) const TELL: &str = "tell-strata";
const STOP: &str = "stop-plan";

/// How long a page waits for a plan before it says that it is being made.
const PATIENCE: Duration = Duration::from_millis(2_500);

const PATH: &str = "/plan/call-ups";

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(act))
}

/// What is asked, as it stands in an address.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct PlanForm {
    pooling: Option<String>,
    band: Option<String>,
    need: Option<String>,
    done: Option<String>,
    /// Somebody stopped the computation: it does not begin again by itself.
    stopped: Option<String>,
}

impl PlanForm {
    /// The same from its parts.
    pub(crate) fn new(pooling: Option<String>, band: Option<String>, need: Option<String>) -> Self {
        Self { pooling, band, need, done: None, stopped: None }
    }

    /// What is asked; anything that cannot be read is a problem, not a guess.
    pub(crate) fn asked(&self) -> Result<Asked, Problem> {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let pooling = match said(&self.pooling) {
            None => Pooling::Local,
            Some(text) => text.parse().map_err(|_| Problem::malformed("pooling"))?,
        };
        let percent = |text: &Option<String>, least: f64, name: &'static str| {
            let Some(text) = said(text) else { return Ok::<_, Problem>(None) };
            let read = text.trim().replace(',', ".").parse::<f64>().ok();
            let read = read.filter(|percent| (least..=100.0).contains(percent));
            let read = read.ok_or_else(|| Problem::malformed(name))?;
            Ok(Some((read * 10.0).round() as u16))
        };
        let band = percent(&self.band, 0.0, "band")?.unwrap_or(BAND);
        let need = percent(&self.need, 0.1, "need")?;
        Ok(Asked { pooling, band, need })
    }
}

/// Per cent of thousandths, as an address and a field hold it.
fn percent(permille: u16) -> String {
    match permille % 10 {
        0 => (permille / 10).to_string(),
        rest => format!("{}.{rest}", permille / 10),
    }
}

fn query(asked: Asked) -> String {
    let need = asked.need.map(percent).unwrap_or_default();
    format!("pooling={}&band={}&need={need}", asked.pooling, percent(asked.band))
}

/// How a plan stands; asks for it if nobody did, and waits a little.
pub(crate) async fn standing(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    patience: Duration,
) -> Result<(Question, Standing<Found>), Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    Pace::of(region, &visitor.region, now)?;
    let question = Question::of(&world, &visitor.region, asked, now);
    if matches!(app.call_ups.standing(&question), Standing::Unasked) {
        let (engine, id) = (app.engine.clone(), visitor.region.clone());
        let work = move |progress: &samband_planning::progress::Progress| match callup::gather(
            &world, &id, asked, now,
        ) {
            Ok(from) => callup::plan(from, asked, now, progress).map(Ok),
            Err(refusal) => Ok(Err(refusal.kind.code.to_owned())),
        };
        let asked = app.call_ups.ask(question.clone(), move || engine.now(), work);
        asked.map_err(|_| Problem::unprocessable("web.plans_waiting"))?;
    }
    let until = tokio::time::Instant::now() + patience;
    loop {
        let standing = app.call_ups.standing(&question);
        let open = matches!(standing, Standing::Waiting { .. } | Standing::Running { .. });
        if !open || tokio::time::Instant::now() >= until {
            return Ok((question, standing));
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<PlanForm>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let asked = form.asked()?;
    let draft = Draft::fresh(app.engine.now());
    let act = form.done.as_deref();
    whole(&app, &visitor, (asked, form.stopped.is_none()), &draft, act).await
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    (asked, compute): (Asked, bool),
    draft: &Draft,
    act: Option<&str>,
) -> Result<Response, Problem> {
    let w = visitor.words;
    let (mut open, mut refused, mut silent) = (false, None, None);
    let stands = match compute {
        true => standing(app, visitor, asked, PATIENCE).await.map(|(_, standing)| standing),
        false => Ok(Standing::Unasked),
    };
    let plan = match stands {
        Err(problem) => {
            refused = Some(visitor.explain(app, problem));
            html! {}
        }
        Ok(Standing::Done { answer, at }) => match answer.as_ref() {
            Ok(found) => {
                silent = Some(found.from.silent);
                planned(app, visitor, found, (asked, at), draft)
            }
            Err(code) => html! { (Note::warning(w, &w.t_args("callup-failed", &[
                ("code", code.as_str().into()),
            ]))) },
        },
        Ok(Standing::Unasked) => {
            html! { (EmptyState::new(&w.t("callup-stopped"), &w.t("callup-stopped-text"))) }
        }
        Ok(Standing::Waiting { ahead }) => {
            open = true;
            waiting(w, asked, &w.t_args("callup-ahead", &[("n", ahead.into())]), None)
        }
        Ok(Standing::Running { so_far, .. }) => {
            open = true;
            waiting(w, asked, &w.t("callup-running"), Some(so_far))
        }
    };
    let (world, now) = (app.engine.world(), app.engine.now());
    let title = w.t("callup-title");
    let weeks = adopted::weeks(app, visitor, &world, (asked, now), draft);
    let silent = around::silent(app, visitor, (&world, now), silent);
    let body = html! {
        (page_header(&w.t("callup-title"), Some(&w.t("callup-lead")), None))
        (tabs(w, PATH))
        (done_note(w, act))
        (draft.banner(w))
        (question(w, asked))
        @if let Some(refused) = &refused { (refused) }
        (plan)
        (section("adopted", &w.t("callup-adopted"), &weeks))
        (section("silent", &w.t("callup-silent"), &silent))
    };
    let page = page(app, visitor, &title, &[("/situation", w.t("nav-situation"))], &body);
    if open {
        // Whoever waits sees the next state without pressing anything.
        return Ok(([(REFRESH, "3")], page).into_response());
    }
    Ok(page.into_response())
}

fn question(w: Words, asked: Asked) -> Markup {
    let rules = Pooling::ALL
        .iter()
        .map(|one| (one.to_string(), w.dynamic("callup-pooling-", one.as_str())));
    let need = asked.need.map(percent).unwrap_or_default();
    html! {
        div.panel.inline-form {
            (Form::get(w, PATH, w.t("plan-compute"))
                .field(Field::select("pooling", w.t("callup-pooling"), rules)
                    .value(asked.pooling.to_string()))
                .field(Field::text("band", w.t("callup-band")).hint(w.t("callup-band-hint"))
                    .value(percent(asked.band)))
                .field(Field::text("need", w.t("callup-need")).hint(w.t("callup-need-hint"))
                    .value(need)))
        }
    }
}

fn waiting(w: Words, asked: Asked, text: &str, so_far: Option<(u64, u64)>) -> Markup {
    let key = fresh_key();
    html! {
        section.panel #waiting aria-live="polite" {
            p { (text) }
            @if let Some((done, whole)) = so_far.filter(|(_, whole)| *whole > 0) {
                progress max=(whole) value=(done.min(whole)) aria-label=(w.t("callup-running")) {}
            }
            p { a.button href={ (PATH) "?" (query(asked)) } { (w.t("callup-look")) } }
            (Form::post(w, PATH, &key, w.t("callup-stop")).hidden("act", STOP)
                .hidden("pooling", asked.pooling.to_string()).hidden("band", percent(asked.band))
                .hidden("need", asked.need.map(percent).unwrap_or_default()))
        }
    }
}

fn planned(
    app: &App,
    visitor: &Visitor,
    found: &Found,
    (asked, at): (Asked, Time),
    draft: &Draft,
) -> Markup {
    let (w, world) = (visitor.words, app.engine.world());
    let Some(report) = &found.report else {
        return html! {
            (EmptyState::new(&w.t("callup-none"), &w.t("callup-none-text")))
            (section("rests", &w.t("plan-rests"), &around::rests(w, &world, found)))
        };
    };
    html! {
        (weeks::bound(w, found, at, app.engine.now()))
        (section("weeks", &w.t("callup-weeks"), &weeks::table(w, &world, found)))
        @if visitor.may(app, Action::AdoptCallUps) {
            (section("adopt", &w.t("callup-adopt"), &weeks::adopt(w, found, asked, draft)))
        }
        (weeks::against_need(w, found))
        (section("lines", &w.t("callup-lines"), &weeks::lines(w, &world, found)))
        @if !found.from.instance.buses.is_empty() {
            (section("bus", &w.t("callup-bus"), &around::visits(w, &world, found, report)))
        }
        (section("binding", &w.t("callup-binding"), &around::binding(w, &world, found, report)))
        (section("regions", &w.t("callup-regions"), &around::regions(w, &world, found, report)))
        (section("rests", &w.t("plan-rests"), &around::rests(w, &world, found)))
    }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let typed = Typed::new(pairs);
    let text = |name: &str| Some(typed.get(name).to_owned());
    let asked = PlanForm::new(text("pooling"), text("band"), text("need")).asked()?;
    let here = format!("{PATH}?{}", query(asked));
    if typed.act() == STOP {
        let now = app.engine.now();
        let question = Question::of(&app.engine.world(), &visitor.region, asked, now);
        app.call_ups.stop(&question);
        let path = format!("{here}&stopped=1");
        return Ok(axum::response::Redirect::to(&path).into_response());
    }
    visitor.permit(&app, Action::AdoptCallUps, &visitor.region)?;
    let act = match typed.act() {
        ADOPT => ADOPT,
        WITHDRAW => WITHDRAW,
        TELL => TELL,
        other => return Err(Problem::malformed(other)),
    };
    let command: Result<Any, Errors> = match act {
        ADOPT => adopting(&app, &visitor, asked, &typed).await?,
        WITHDRAW => {
            let mut reader = Reader::new(visitor.words, &typed);
            let week: Option<Day> = reader.value("week");
            let reason = reader.text("reason");
            reader.done(week.map(|week| Command::WithdrawCallUp { week, reason }.into()))
        }
        _ => Ok(Command::TellStrata.into()),
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&here, act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, (asked, true), &draft, None).await?).into_response())
        }
    }
}

/// The command that adopts the first weeks of the plan that was shown; a plan that has changed
/// since is shown again first.
async fn adopting(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
    typed: &Typed,
) -> Result<Result<Any, Errors>, Problem> {
    let mut reader = Reader::new(visitor.words, typed);
    let weeks = reader.count("weeks").and_then(|n| usize::try_from(n).ok());
    let note = Some(typed.get("note").to_owned()).filter(|text| !text.trim().is_empty());
    let weeks = match reader.done(weeks) {
        Ok(weeks) => weeks,
        Err(errors) => return Ok(Err(errors)),
    };
    let changed = || Problem::unprocessable("web.callup_changed");
    let (_, standing) = standing(app, visitor, asked, PATIENCE).await?;
    let Standing::Done { answer, .. } = standing else { return Err(changed()) };
    let found = answer.as_ref().as_ref().map_err(|_| changed())?;
    if found.rests.basis.to_string() != typed.get("basis") {
        return Err(changed());
    }
    let weeks = found.weeks.iter().take(weeks).cloned().collect();
    Ok(Ok(Command::AdoptCallUps { weeks, rests: found.rests.clone(), note }.into()))
}
