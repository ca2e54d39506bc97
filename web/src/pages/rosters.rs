//! Jourlistor: who is on duty in every role, by which ways, and what is missing while there is
//! time to put it right.

mod edit;
mod prints;
mod reach;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::{Cover, Recipient, Turn};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::answer::telephone;
use super::frame::{done_note, page};
use super::parts::region_name;
use crate::app::rosters::warn::{Warning, What, handover, warnings};
use crate::app::rosters::{
    FALLBACK, ROLES, TOPICS, last_reach, of_region, on_duty, other_regions, outside, party_text,
    rank_text, recipient_text, turns,
};
use crate::app::{App, Problem, Visitor};
use crate::components::{Status, live_region, page_header, section, tag, time_tag};
use crate::text::Words;

/// Where the page is.
const HERE: &str = "/rosters";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show))
        .merge(edit::routes())
        .merge(prints::routes())
        .merge(reach::routes())
}

/// Who reads, and what they may.
#[derive(Clone, Copy)]
struct Reader<'a> {
    w: Words,
    world: &'a World,
    region: &'a JournalId,
    now: Time,
    /// Whether names and numbers are shown: to those at work in the region.
    names: bool,
    /// Whether they may set rosters.
    keeps: bool,
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (w, world) = (visitor.words, app.engine.world());
    let reader = Reader {
        w,
        world: &world,
        region: &visitor.region,
        now: app.engine.now(),
        names: visitor.may(&app, Action::AnswerAlarm),
        keeps: visitor.may(&app, Action::KeepRosters),
    };
    let actions = html! {
        a.button href="/rosters/reach" { (w.t("roster-reach-title")) }
        @if reader.names {
            a.button href="/rosters/contacts.pdf" { (w.t("roster-contacts-pdf")) }
            a.button href="/rosters/cards" { (w.t("roster-cards-title")) }
        }
    };
    let title = w.t("roster-title");
    let body = html! {
        (page_header(&title, Some(&w.t("roster-lead")), Some(&actions)))
        (done_note(w, asked.done.as_deref()))
        (live_region("rosters", TOPICS, HERE, &parts(reader)))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

fn parts(reader: Reader<'_>) -> Markup {
    let (w, world, region) = (reader.w, reader.world, reader.region);
    let own = of_region(region, &ROLES);
    html! {
        (section("warnings", &w.t("roster-warnings"), &warned(reader)))
        (section("own", &w.t_args("roster-own", &[("region", region_name(world, region).into())]),
            &duties(reader, &own)))
        (section("outside", &w.t("roster-outside"), &html! {
            p { (w.t("roster-outside-lead")) }
            (duties(reader, &outside()))
        }))
        (section("others", &w.t("roster-others-title"), &others(reader)))
        p.provenance { (w.t("roster-seen")) }
    }
}

/// What is wrong today, the worst first, each with the way to put it right.
fn warned(reader: Reader<'_>) -> Markup {
    let w = reader.w;
    let all = warnings(reader.world, reader.region, reader.now);
    let shared = reader.world.journal(reader.region).map(|one| one.shared());
    let last = shared.and_then(|shared| last_reach(&shared.alarms, reader.region));
    let old = last.is_none_or(|last| last.is_old(reader.now));
    html! {
        @if all.is_empty() && !old { p { (w.t("roster-warnings-none")) } }
        @else {
            ul.warnings {
                @for one in &all { (warning(reader, one)) }
                @if old {
                    li {
                        (tag(Status::Attention, &w.t("roster-warn-reach"))) " "
                        a href="/rosters/reach" { (w.t("roster-reach-do")) }
                    }
                }
            }
        }
    }
}

fn warning(reader: Reader<'_>, one: &Warning) -> Markup {
    let w = reader.w;
    let (status, text) = what_text(w, reader, &one.what);
    html! {
        li {
            (tag(status, &text)) " "
            strong { (recipient_text(w, reader.world, &one.of)) }
            @if reader.keeps {
                " " a href=(edit::href(&one.of)) { (w.t("roster-put-right")) }
            }
        }
    }
}

fn what_text(w: Words, reader: Reader<'_>, what: &What) -> (Status, String) {
    let at = |time: &Time| w.date_time(time.0);
    match what {
        What::Nobody => (Status::Gap, w.t("roster-warn-nobody")),
        What::Gap { from, until } => {
            let from_text = if *from <= reader.now { w.t("roster-warn-now") } else { at(from) };
            let args = [
                ("from", from_text.into()),
                ("until", until.as_ref().map_or_else(|| w.t("roster-warn-on"), at).into()),
            ];
            (Status::Gap, w.t_args("roster-warn-gap", &args))
        }
        What::OneChannel { rank } => {
            let args = [("rank", rank_text(w, *rank).into())];
            (Status::Attention, w.t_args("roster-warn-one-channel", &args))
        }
        What::NotIndependent { rank } => {
            let args = [("rank", rank_text(w, *rank).into())];
            (Status::Attention, w.t_args("roster-warn-not-independent", &args))
        }
        What::NoDeputy => (Status::Attention, w.t("roster-warn-no-deputy")),
        What::NoFallback => (Status::Attention, w.t("roster-warn-no-fallback")),
    }
}

fn duties(reader: Reader<'_>, all: &[Recipient]) -> Markup {
    html! { div.duties { @for of in all { (duty(reader, of)) } } }
}

/// One role: who has it now, how they are reached, and when somebody else takes over.
fn duty(reader: Reader<'_>, of: &Recipient) -> Markup {
    let (w, now) = (reader.w, reader.now);
    let shared = reader.world.journal(reader.region).map(|one| one.shared());
    let roster = shared.and_then(|shared| shared.alarms.rosters.get(of));
    let held = turns(reader.world, reader.region, of);
    let here = on_duty(held, now);
    html! {
        article.panel.duty {
            h3 { (recipient_text(w, reader.world, of)) }
            @match roster {
                None => p { (tag(Status::Gap, &w.t("roster-none"))) },
                Some(roster) if !reader.names => (cover(reader, &roster.cover)),
                Some(_) if here.is_empty() => p { (tag(Status::Gap, &w.t("roster-nobody-now"))) },
                Some(_) => ul.people { @for turn in here { (person(w, turn)) } },
            }
            @if let Some(roster) = roster {
                @if let Some(next) = handover(&roster.cover, now) {
                    p { (w.t("roster-handover")) " " (time_tag(w, next.0)) }
                }
                p.provenance {
                    (w.t_args("roster-set-at", &[("at", w.date_time(roster.said.0).into()),
                        ("age", w.age(roster.said.0, now.0).into())]))
                }
            }
            @if reader.keeps {
                @let label = w.t("roster-set");
                @let name = format!("{label}: {}", recipient_text(w, reader.world, of));
                p { a.button.quiet href=(edit::href(of)) aria-label=(name) { (label) } }
            }
        }
    }
}

fn person(w: Words, turn: &Turn) -> Markup {
    html! {
        li {
            strong { (turn.name) } " · " (rank_text(w, turn.rank)) " · "
            @match turn.window.until() {
                Some(until) => {
                    (w.t_args("roster-until", &[("at", w.date_time(until.0).into())]))
                }
                None => (w.t("roster-until-further")),
            }
            div.ways {
                @for way in &turn.ways { (telephone(w, way)) }
            }
        }
    }
}

/// What may be known of people whose names stay at home.
fn cover(reader: Reader<'_>, cover: &[Cover]) -> Markup {
    let w = reader.w;
    let here = cover.iter().filter(|one| one.window.contains(reader.now));
    let rows: Vec<_> = here
        .map(|one| {
            let kinds: Vec<_> = one
                .channels
                .iter()
                .map(|channel| w.dynamic("roster-channel-", channel.as_str()))
                .collect();
            html! {
                li {
                    (rank_text(w, one.rank)) ": " (kinds.join(", ")) " "
                    @if !one.two_ways { (tag(Status::Attention, &w.t("roster-not-independent"))) }
                }
            }
        })
        .collect();
    html! {
        @if rows.is_empty() { p { (tag(Status::Gap, &w.t("roster-nobody-now"))) } }
        @else { ul { @for row in &rows { (row) } } }
    }
}

/// Other regions: that somebody is there, as they share it, and the own telephone list for the day
/// on which their installation is not heard.
fn others(reader: Reader<'_>) -> Markup {
    let (w, world) = (reader.w, reader.world);
    html! {
        p { (w.t("roster-others-lead")) }
        @for id in other_regions(world, reader.region) {
            @let shared = world.journal(&id).map(|one| one.shared());
            details.panel {
                summary { h3.inline { (region_name(world, &id)) } " " (regions_tag(reader, &id)) }
                h4 { (w.t("roster-others-cover")) }
                dl.definitions {
                    @for of in of_region(&id, &ROLES) {
                        div {
                            dt { (w.dynamic("duty-role-", of.role.as_str())) }
                            dd {
                                @match shared.and_then(|one| one.alarms.rosters.get(&of)) {
                                    Some(roster) => (cover(reader, &roster.cover)),
                                    None => (w.unknown()),
                                }
                            }
                        }
                    }
                }
                h4 { (w.t("roster-others-fallback")) }
                (duties(reader, &of_region(&id, &FALLBACK)))
            }
        }
    }
}

/// In one word, whether another region's duty officer is there as far as that region says.
fn regions_tag(reader: Reader<'_>, id: &JournalId) -> Markup {
    let w = reader.w;
    let tib = of_region(id, &ROLES[..1]);
    let shared = reader.world.journal(id).map(|one| one.shared());
    let rosters = shared.map(|shared| &shared.alarms.rosters);
    let roster = rosters.zip(tib.first()).and_then(|(all, of)| all.get(of));
    match roster {
        None => tag(Status::Unknown, &w.t("roster-others-unknown")),
        Some(roster) => {
            let there = roster.cover.iter().any(|one| one.window.contains(reader.now));
            if there {
                tag(Status::Held, &w.t("roster-others-there"))
            } else {
                tag(Status::Gap, &w.t("roster-others-nobody"))
            }
        }
    }
}

/// A recipient's address part: `party=skane&role=tib`.
fn query(of: &Recipient) -> String {
    format!("party={}&role={}", crate::app::percent(&party_text(&of.party)), of.role)
}
