//! Where every promised transport is, and the sum against what is agreed.

use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::readiness::model::UnitStage;
use samband_domain::readiness::{Command, Pledged};
use samband_domain::words::AlarmId;
use samband_engine::{Journal, World};
use serde::Deserialize;

use super::parts::{button, mark};
use super::{crumbs, helicopters};
use crate::app::readiness::transports::{Asked, find};
use crate::app::readiness::{TOPICS, Terms, mode_of, regions};
use crate::app::{App, Problem, Visitor};
use crate::components::{Status, live_region, page_header, section, tag, time_tag};
use crate::pages::frame::{answered, done_note, page, send};
use crate::pages::parts::{region_name, short};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const MOVE: &str = "move-transport";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Done {
    done: Option<String>,
}

type Which = (String, String);

pub(super) fn routes() -> Router<App> {
    Router::new().route("/readiness/transports/{issuer}/{alarm}", get(show).post(act))
}

/// Where this page is.
pub(super) fn path((issuer, alarm): &Which) -> String {
    format!("/readiness/transports/{issuer}/{alarm}")
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Query(done): Query<Done>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    whole(&app, &visitor, &which, (&Draft::fresh(app.engine.now()), done.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(which): Path<Which>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PledgeTransport, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != MOVE {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let asked = find(&world, &visitor.region, (&which.0, &which.1))?;
    let of = asked.issuer.id.clone();
    // The promise may stand under an alarm that this one updates, or that updates it.
    let named = AlarmId::new(typed.get("alarm")).ok().filter(|id| asked.chain.contains(id));
    let alarm = named.or_else(|| asked.under(&visitor.region).cloned());
    let alarm = alarm.unwrap_or_else(|| asked.id.clone());
    let read: Result<_, Errors> = {
        let mut reader = Reader::new(visitor.words, &typed);
        let both = reader.value::<u16>("unit").zip(reader.value::<UnitStage>("to"));
        reader.done(both)
    };
    let command = read.map(|(unit, to)| Command::Move { of, alarm, unit, to }.into());
    let again = whole(&app, &visitor, &which, (&Draft::fresh(app.engine.now()), None))?;
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    Ok(answered(sent, (&path(&which), MOVE), |draft| {
        whole(&app, &visitor, &which, (draft, None)).unwrap_or(again)
    }))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    which: &Which,
    (draft, done): (&Draft, Option<&str>),
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let asked = find(&world, &visitor.region, (&which.0, &which.1))?;
    let title = w.t("ready-transports");
    let mode = mode_of(&world, &visitor.region);
    let may = visitor.may(app, Action::PledgeTransport);
    let lead =
        format!("{} · {}", asked.issued.alarm.headline, region_name(&world, &asked.issuer.id));
    let pledge = may && asked.asks(&visitor.region) && !asked.answered(&visitor.region);
    let actions = html! {
        @if pledge {
            a.button.main href={ "/readiness/pledge/" (which.0) "/" (which.1) } {
                (w.t("ready-pledge"))
            }
        }
    };
    let list = lists(w, &world, visitor, (&asked, which), (draft, may, now));
    let body = html! {
        (mark(w, mode))
        (page_header(&title, Some(&lead), Some(&actions)))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("transports", TOPICS, &path(which), &list))
        (mark(w, mode))
    };
    Ok(page(app, visitor, &title, &crumbs(w), &body))
}

fn lists(
    w: Words,
    world: &World,
    visitor: &Visitor,
    (asked, which): (&Asked<'_>, &Which),
    (draft, may, now): (&Draft, bool, Time),
) -> Markup {
    let (all, terms) = (regions(world, &visitor.region), Terms::of(world, now));
    let other = asked.others.iter().filter(|(one, _)| one.id != visitor.region);
    let own = asked.others.iter().filter(|(one, _)| one.id == visitor.region);
    html! {
        (total(w, asked, &terms))
        @for (journal, held) in own.chain(other) {
            @let mine = may && journal.id == visitor.region;
            @let under = asked.under(&journal.id).unwrap_or(&asked.id);
            (region(w, (*journal, under), *held, (which, draft, mine, now)))
        }
        (section("helicopters", &w.t("ready-helicopters"), &helicopters::table(w, &all, now)))
    }
}

/// `12 av 15 utlovade`, and who has not answered.
fn total(w: Words, asked: &Asked<'_>, terms: &Terms) -> Markup {
    let (sum, agreed) = (&asked.sum, asked.agreed(terms));
    let with = [("n", sum.units.into()), ("of", agreed.into())];
    let silent = asked.others.iter().filter(|(_, held)| held.is_none());
    let silent: Vec<_> = silent.map(|(one, _)| short(&one.name()).to_owned()).collect();
    html! {
        div.panel.total {
            p.aloud-main { (w.t_args("ready-total", &with)) }
            p { (w.t_args("ready-total-open", &[("n", sum.open.into())])) }
            @if silent.is_empty() {
                p { (tag(Status::Known, &w.t("ready-all-answered"))) }
            } @else {
                @let text = w.t_args("ready-silent", &[("regions", silent.join(", ").into())]);
                p { (tag(Status::Attention, &text)) }
            }
            p.fine { (quota_why(w, asked, terms)) }
        }
    }
}

/// How many each region owes, and where that stands.
fn quota_why(w: Words, asked: &Asked<'_>, terms: &Terms) -> Markup {
    let first = asked.others.first().map(|(one, _)| terms.between(&one.id, &asked.issuer.id));
    let agreed = first.unwrap_or_else(|| terms.between(&asked.issuer.id, &asked.issuer.id));
    let n = [("n", agreed.terms.transports.into())];
    html! {
        @match &agreed.by {
            Some((digest, title)) => {
                (w.t_args("ready-quota-agreed", &n)) " "
                a href={ "/agreements/" (digest) } { (title) }
            }
            None => (w.t_args("ready-quota-why", &n)),
        }
    }
}

fn region(
    w: Words,
    (journal, under): (&Journal, &AlarmId),
    held: Option<&Pledged>,
    (which, draft, mine, now): (&Which, &Draft, bool, Time),
) -> Markup {
    let name = journal.name();
    let body = match held {
        None => html! { p { (tag(Status::Gap, &w.t("ready-no-answer"))) } },
        Some(held) => html! {
            p {
                (w.t_args("ready-promised", &[
                    ("n", held.units.len().into()), ("of", held.quota.into()),
                ])) " " (time_tag(w, held.said.0))
            }
            @if let Some(short) = &held.shortfall {
                p {
                    @let reason = w.dynamic("ready-of-reason-", short.reason.as_str());
                    (tag(Status::Attention, &reason))
                    @if short.text != reason { " " (short.text) }
                }
            }
            ul.plain.transports {
                @for (place, unit) in held.units.iter().enumerate() {
                    li { (one(w, unit, ((place, under), which, draft, mine, now))) }
                }
            }
        },
    };
    section(&format!("r-{}", journal.id), short(&name), &body)
}

type Unit = (samband_domain::readiness::model::Unit, UnitStage, Time);

/// One transport: what, where, since when, and the next steps as buttons.
fn one(
    w: Words,
    (unit, stage, since): &Unit,
    ((place, under), which, draft, mine, now): ((usize, &AlarmId), &Which, &Draft, bool, Time),
) -> Markup {
    let ready = unit.ready > now && *stage == UnitStage::Pledged;
    let next = UnitStage::ALL.iter().copied().filter(|to| stage.may_become(*to));
    html! {
        div.transport {
            p {
                strong { (unit.name) } " · " (w.dynamic("ready-of-transport-", unit.kind.as_str()))
            }
            p {
                (stage_tag(w, *stage)) " " (w.clock(since.0))
                @if *stage == UnitStage::Pledged {
                    " · "
                    @if ready {
                        (w.t_args("ready-ready-at", &[
                            ("clock", w.clock(unit.ready.0).into()),
                            ("left", w.remaining(now.0, unit.ready.0).into()),
                        ]))
                    } @else { (w.t("ready-ready-now")) }
                }
            }
            @if mine {
                div.acts {
                    @for to in next {
                        @let fields = [
                            ("alarm", under.to_string()),
                            ("unit", place.to_string()),
                            ("to", to.to_string()),
                        ];
                        (button(
                            (draft, now),
                            (&path(which), MOVE),
                            &fields,
                            &w.dynamic("ready-of-to-", to.as_str()),
                            to == UnitStage::Released,
                        ))
                    }
                }
            }
        }
    }
}

fn stage_tag(w: Words, stage: UnitStage) -> Markup {
    let status = match stage {
        UnitStage::Pledged => Status::OneSided,
        UnitStage::UnderWay => Status::Stale,
        UnitStage::Arrived => Status::Known,
        UnitStage::Occupied => Status::Binding,
        UnitStage::Returning => Status::OneSided,
        UnitStage::Released => Status::Ended,
    };
    tag(status, &w.dynamic("ready-of-stage-", stage.as_str()))
}
