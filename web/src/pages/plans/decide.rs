//! One proposal: yes, yes with another number, or no. And what was said lately.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::plans::Command;
use samband_domain::plans::model::{Arc, Proposal};
use samband_domain::words::Day;
use samband_domain::{Command as Any, JournalId, SiteId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::transfers::{PlanForm, heading, query, why};
use crate::app::plans::transfer;
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, Field, Row, Table, page_header, section, time_tag};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::{region_name, shared_area};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const ACCEPT: &str = "accept-move";
const REFUSE: &str = "refuse-move";
const REOPEN: &str = "reopen-arc";

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/plan/decide", get(show).post(act))
        .route("/plan/reopen", axum::routing::post(reopen))
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

/// The proposal as the plan states it now. A plan that has changed since proposes it no more.
fn found(app: &App, which: &Which) -> Result<(Proposal, bool), Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let plan = transfer::plan(&world, which.form.asked()?, now);
    let plan = plan.map_err(|_| Problem::unprocessable("web.plan_changed"))?;
    let same = |one: &&Proposal| {
        one.arc.from.site.as_str() == which.from
            && one.arc.to.site.as_str() == which.to
            && one.arc.group.is_some_and(|group| group.as_str() == which.group)
            && one.leaves.0.to_string() == which.leaves
    };
    let one = plan.proposals.iter().find(same).cloned();
    let one = one.ok_or_else(|| Problem::unprocessable("web.plan_changed"))?;
    let sender = |row: &&transfer::Row| row.place == one.arc.from;
    let by_telephone = plan.rows.iter().find(sender).is_some_and(|row| row.external);
    Ok((one, by_telephone))
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

fn address(which: &Which) -> Result<String, Problem> {
    let Which { form, from, to, group, leaves } = which;
    let asked = query(form.asked()?);
    Ok(format!("/plan/decide?{asked}&from={from}&to={to}&group={group}&leaves={leaves}"))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    (one, by_telephone): &(Proposal, bool),
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let (path, title) = (address(which)?, w.t("plan-decide-title"));
    let may = visitor.may(app, Action::DecideMoves);
    let ours = [&one.arc.from.region, &one.arc.to.region].contains(&&visitor.region);
    let sends = one.arc.from.region == visitor.region;
    let follows = match (*by_telephone, sends) {
        (true, _) => "plan-then-telephone",
        (false, true) => "plan-then-offer",
        (false, false) => "plan-then-ask",
    };
    let body = html! {
        (page_header(&title, None, None))
        (draft.banner(w))
        div.panel { (heading(w, &world, one)) (why(w, one)) }
        @if may && ours {
            (section("accept", &w.t("plan-accept"), &html! {
                p { (w.t(follows)) }
                (accept_form(w, draft, &path, one))
            }))
            (section("refuse", &w.t("plan-refuse"), &html! {
                p { (w.t("plan-refuse-means")) }
                (refuse_form(w, draft, &path, app.engine.now()))
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
    html! {
        (draft.form(w, path, ACCEPT, &key, w.t("plan-accept-do"))
            .field(draft.field(ACCEPT, "units", units, &one.units.to_string()))
            .field(draft.field(ACCEPT, "note", note, "")))
    }
}

fn refuse_form(w: Words, draft: &Draft, path: &str, now: Time) -> Markup {
    let key = draft.key(REFUSE);
    let day = Day::of(now).plus_days(1).to_string();
    let until = Field::date("until", w.t("plan-until"));
    let groups = Field::check_box("all", w.t("plan-all-groups"));
    let reason = shared_area(w, "reason", w.t("plan-reason"), &w.t("plan-reason-hint"));
    html! {
        (draft.form(w, path, REFUSE, &key, w.t("plan-refuse-do"))
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
    let one = found(&app, &which)?;
    let act = match typed.act() {
        ACCEPT => ACCEPT,
        REFUSE => REFUSE,
        other => return Err(Problem::malformed(other)),
    };
    let command = match act {
        ACCEPT => accepted(visitor.words, &typed, &one),
        _ => refused(visitor.words, &typed, &one.0.arc),
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&format!("/plan/transfers?{}", query(which.form.asked()?)), act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &which, &one, &draft)?).into_response())
        }
    }
}

fn accepted(
    w: Words,
    typed: &Typed,
    (one, by_telephone): &(Proposal, bool),
) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let units = reader.count("units").and_then(|n| u32::try_from(n).ok());
    let note = Some(typed.get("note").to_owned()).filter(|text| !text.is_empty());
    let units = reader.done(units)?;
    let (proposal, by_telephone) = (Box::new(one.clone()), *by_telephone);
    Ok(Command::Accept { proposal, units, by_telephone, note }.into())
}

fn refused(w: Words, typed: &Typed, arc: &Arc) -> Result<Any, Errors> {
    let mut reader = Reader::new(w, typed);
    let until = reader.text("until").parse::<Day>().ok();
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
    let command = Ok(Command::Reopen { arc }.into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/plan/transfers", REOPEN)),
        Err(_) => Err(Problem::unprocessable("web.plan_changed")),
    }
}

/// What every region said to proposals lately, and which ways are closed.
pub(super) fn said(app: &App, visitor: &Visitor, world: &World, now: Time) -> Markup {
    let (w, today) = (visitor.words, Day::of(now));
    let regions: Vec<_> = world.journals.values().collect();
    let place = |region: &JournalId, site: &SiteId| {
        format!("{} ({})", site_name(world, region, site), region_name(world, region))
    };
    let way = |arc: &Arc| {
        let group = arc.group.map_or_else(|| w.t("plan-all"), |group| group.to_string());
        let (from, to) = (&arc.from, &arc.to);
        format!("{group}: {} → {}", place(&from.region, &from.site), place(&to.region, &to.site))
    };
    let mut accepted: Vec<_> = regions
        .iter()
        .flat_map(|one| one.shared().plans.accepted.values().map(move |held| (&one.id, held)))
        .collect();
    accepted.sort_by_key(|(_, held)| std::cmp::Reverse(held.said));
    let rows = accepted.iter().take(12).map(|(by, held)| {
        let units = w.t_args(
            "plan-of",
            &[("n", i64::from(held.units).into()), ("of", i64::from(held.proposal.units).into())],
        );
        Row::new(Cell::markup(time_tag(w, held.said.0)))
            .cell(region_name(world, by))
            .cell(way(&held.proposal.arc))
            .cell(units)
            .cell(w.dynamic("plan-outcome-", held.outcome.as_str()))
    });
    let table = Table::new(w.t("plan-said")).caption_hidden().columns([
        Column::text(w.t("plan-when")),
        Column::text(w.t("stock-region")),
        Column::text(w.t("plan-what")),
        Column::text(w.t("plan-how-many")),
        Column::text(w.t("plan-followed")),
    ]);
    let closed: Vec<_> = regions
        .iter()
        .flat_map(|one| {
            one.shared().plans.closed.iter().map(move |(arc, held)| (&one.id, arc, held))
        })
        .filter(|(_, _, held)| held.until >= today)
        .collect();
    html! {
        @if accepted.is_empty() { p { (w.t("plan-none-said")) } } @else { (table.rows(rows)) }
        @if !closed.is_empty() {
            h3 { (w.t("plan-closed")) }
            ul {
                @for (by, arc, held) in &closed {
                    li {
                        (way(arc)) " – " (region_name(world, by)) ": " (held.reason) " "
                        (w.t_args("plan-through", &[("day", held.until.to_string().into())]))
                        @if **by == visitor.region && visitor.may(app, Action::DecideMoves) {
                            @let key = crate::app::fresh_key();
                            @let arc = serde_json::to_string(arc).unwrap_or_default();
                            (crate::components::Form::post(w, "/plan/reopen", &key, w.t("plan-reopen"))
                                .hidden("act", REOPEN).hidden("arc", arc))
                        }
                    }
                }
            }
        }
    }
}
