//! One proposal: yes, yes with another number, or no.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::plans::Command;
use samband_domain::plans::model::{Arc, Proposal};
use samband_domain::words::Day;
use samband_domain::{Command as Any, Time};
use samband_engine::Request;
use serde::Deserialize;

use super::moves::{self, ACCEPT, BACK, PROPOSAL, REFUSE, carry, query, times, units, way};
use super::transfers::PlanForm;
use crate::app::plans::transfer::{self, Found, Move};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header, section};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::shared_area;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

pub(super) const REOPEN: &str = "reopen-arc";

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/plan/decide", get(show).post(act)).route("/plan/reopen", post(reopen))
}

#[derive(Clone, Debug, Deserialize)]
struct Which {
    #[serde(flatten)]
    form: PlanForm,
    from: String,
    to: String,
    group: String,
    leaves: String,
}

impl Which {
    fn is(&self, one: &Proposal) -> bool {
        let place = |place: &samband_domain::plans::model::Place| {
            format!("{}/{}", place.region, place.site)
        };
        place(&one.arc.from) == self.from
            && place(&one.arc.to) == self.to
            && one.arc.group.is_some_and(|group| group.as_str() == self.group)
            && one.leaves.0.to_string() == self.leaves
    }

    fn address(&self) -> Result<String, Problem> {
        let Self { form, from, to, group, leaves } = self;
        let asked = query(form.asked()?);
        Ok(format!("/plan/decide?{asked}&from={from}&to={to}&group={group}&leaves={leaves}"))
    }
}

/// The proposal as the plan states it now. A plan that has changed since proposes it no more.
fn found(app: &App, which: &Which) -> Result<(Found, Move), Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let changed = || Problem::unprocessable("web.plan_changed");
    let plan = transfer::plan(&world, which.form.asked()?, now).map_err(|_| changed())?;
    let one = plan.moves.iter().find(|one| which.is(&one.proposal)).cloned();
    Ok((plan, one.ok_or_else(changed)?))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(which): Query<Which>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let one = found(&app, &which)?;
    whole(&app, &visitor, &which, &one, &Draft::fresh(app.engine.now()))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    (plan, one): &(Found, Move),
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let (path, title) = (which.address()?, w.t("plan-decide-title"));
    let may = visitor.may(app, Action::DecideMoves);
    let arc = &one.proposal.arc;
    let ours = [&arc.from.region, &arc.to.region].contains(&&visitor.region);
    let sends = arc.from.region == visitor.region;
    let follows = match (one.by_telephone, sends) {
        (true, _) => "plan-then-telephone",
        (false, true) => "plan-then-offer",
        (false, false) => "plan-then-ask",
    };
    let body = html! {
        (page_header(&title, None, None))
        (draft.banner(w))
        div.panel {
            h2 { (units(w, &one.proposal)) ": " (way(&world, &one.proposal)) }
            p { (times(w, &one.proposal)) }
            @if let Some(all) = plan.together(arc.group) {
                h3 { (w.t("plan-all-of-group")) }
                (moves::together(w, &world, plan, all))
            }
            h3 { (w.t("plan-just-this")) }
            (moves::alone(w, &world, plan, one))
        }
        @if may && ours {
            (section("accept", &w.t("plan-accept"), &html! {
                p { (w.t(follows)) }
                (accept_form(w, draft, &path, &one.proposal))
            }))
            (section("refuse", &w.t("plan-refuse"), &html! {
                p { (w.t("plan-refuse-means")) }
                (refuse_form(w, draft, &path, (&one.proposal, app.engine.now())))
            }))
        } @else {
            p { (w.t("plan-not-yours")) }
        }
    };
    let back = format!("/plan/transfers?{}", query(which.form.asked()?));
    Ok(page(app, visitor, &title, &[(&back, w.t("plan-transfers"))], &body))
}

fn accept_form(w: Words, draft: &Draft, path: &str, one: &Proposal) -> Markup {
    let key = draft.key(ACCEPT);
    let units = Field::number("units", w.t("plan-how-many"));
    let note = Field::text("note", w.t("plan-note")).hint(w.t("plan-note-hint"));
    let (name, text) = carry(one);
    html! {
        (draft.form(w, path, ACCEPT, &key, w.t("plan-accept-do"))
            .hidden(name, text)
            .field(draft.field(ACCEPT, "units", units, &one.units.to_string()))
            .field(draft.field(ACCEPT, "note", note, "")))
    }
}

fn refuse_form(w: Words, draft: &Draft, path: &str, (one, now): (&Proposal, Time)) -> Markup {
    let key = draft.key(REFUSE);
    let day = Day::of(now).plus_days(1).to_string();
    let until = Field::date("until", w.t("plan-until"));
    let groups = Field::check_box("all", w.t("plan-all-groups"));
    let reason = shared_area(w, "reason", w.t("plan-reason"), &w.t("plan-reason-hint"));
    let (name, text) = carry(one);
    html! {
        (draft.form(w, path, REFUSE, &key, w.t("plan-refuse-do"))
            .hidden(name, text)
            .field(draft.field(REFUSE, "until", until, &day))
            .field(draft.field(REFUSE, "all", groups, ""))
            .field(draft.field(REFUSE, "reason", reason, "")))
    }
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(which): Query<Which>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::DecideMoves, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = match typed.act() {
        ACCEPT => ACCEPT,
        REFUSE => REFUSE,
        other => return Err(Problem::malformed(other)),
    };
    let shown: Proposal = serde_json::from_str(typed.get(PROPOSAL))
        .ok()
        .filter(|shown| which.is(shown))
        .ok_or_else(|| Problem::malformed(PROPOSAL))?;
    let now_found = found(&app, &which);
    if !stands(&app, &visitor, &shown, now_found.as_ref().ok()) {
        return Err(Problem::unprocessable("web.plan_changed"));
    }
    let command = match act {
        ACCEPT => accepted(&app, visitor.words, &typed, &shown),
        _ => refused(visitor.words, &typed, &shown.arc),
    };
    let back = match typed.get(BACK) {
        "situation" => "/situation".to_owned(),
        _ => format!("/plan/transfers?{}", query(which.form.asked()?)),
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&back, act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &which, &now_found?, &draft)?).into_response())
        }
    }
}

/// Whether the proposal that was answered is the plan's, or was answered by the own region
/// already: then the record says what came of it.
fn stands(app: &App, visitor: &Visitor, shown: &Proposal, now: Option<&(Found, Move)>) -> bool {
    if let Some((_, one)) = now {
        return one.proposal.units == shown.units;
    }
    let world = app.engine.world();
    let Some(journal) = world.journal(&visitor.region) else { return false };
    let plans = &journal.shared().plans;
    let same = |one: &Proposal| one.arc == shown.arc && one.leaves == shown.leaves;
    plans.accepted.values().any(|held| same(&held.proposal))
        || plans.closed.keys().any(|arc| arc.covers(&shown.arc))
}

fn accepted(app: &App, w: Words, typed: &Typed, one: &Proposal) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let units = reader.count("units");
    let units = units.and_then(|n| {
        let whole = u32::try_from(n).ok();
        if whole.is_none() {
            reader.wrong("units", w.t("typed-no-number"));
        }
        whole
    });
    let note = reader.optional("note");
    let units = reader.done(units)?;
    let by_telephone = transfer::by_telephone(&app.engine.world(), &one.arc.from);
    let proposal = Box::new(one.clone());
    Ok(Command::Accept { proposal, units, by_telephone, note }.into())
}

fn refused(w: Words, typed: &Typed, arc: &Arc) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let until = reader.value::<Day>("until");
    let reason = reader.text("reason");
    let until = reader.done(until)?;
    let group = if typed.get("all").is_empty() { arc.group } else { None };
    Ok(Command::Refuse { arc: Arc { group, ..arc.clone() }, until, reason }.into())
}

async fn reopen(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::DecideMoves, &visitor.region)?;
    let typed = Typed::new(pairs);
    let arc = serde_json::from_str(typed.get("arc")).map_err(|_| Problem::malformed("arc"))?;
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: typed.key().to_owned(),
        happened: None,
        command: Command::Reopen { arc }.into(),
        asked: None,
    };
    app.engine.submit(request).await?;
    Ok(done("/plan/transfers", REOPEN))
}
