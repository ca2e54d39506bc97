//! The duty officer's first page: what runs, who has not answered, and the way to raise the alarm.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::alarms::model::{Alarm, DutyRole, Kind};
use samband_domain::incidents::model::Stage;
use samband_domain::incidents::view as incidents;
use samband_domain::{JournalId, Mode};
use samband_planning::casualty_blood::{HOURS, Lasts};
use serde::Deserialize;

use super::owes::{Look, missing};
use super::{alarm_href, drill, mark};
use crate::app::alarm::{
    Fault, Quorum, Seen, TOPICS, agreed, blood, duties, faults, handover, known, members, mode_of,
    promised, quorum, running, stopped, test_of_reach, updates,
};
use crate::app::fragments::alone;
use crate::app::incident::blood::{Line, hours_of_cover};
use crate::app::{App, Problem, Visitor, incident};
use crate::components::{
    Definitions, Note, Status, live_region, page_header, section, tag, time_tag,
};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::region_name;
use crate::text::Words;

/// Earlier alarms shown on the page.
const EARLIER_MAX: usize = 8;
/// So many who have not answered stand in sight.
const MISSING_MAX: usize = 3;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (world, w) = (app.engine.world(), visitor.words);
    let look = Look::of(&app, &visitor, &world);
    let may = |action: Action| visitor.may(&app, action);
    let may = (may(Action::ConfirmIncident), may(Action::OpenIncident));
    let duties = duties(&visitor.roles);
    // Whoever may do the same in a region sees the same.
    let key = format!("alarms|{}|{}|{may:?}|{duties:?}", visitor.region, w.lang().code());
    let fragment = app.fragments.get(&world, look.now, key, || {
        live_region("alarms", TOPICS, "/alarm", &parts(&look, &visitor.region, &duties, may))
    });
    if alone(&headers) {
        return Ok(fragment.into_response());
    }
    let body = html! {
        (mark(w, &world, &visitor.region))
        (page_header(&w.t("alarm-title"), Some(&w.t("alarm-lead")), None))
        (done_note(w, asked.done.as_deref()))
        (fragment.markup())
        (sound(w))
        (mark(w, &world, &visitor.region))
    };
    Ok(page(&app, &visitor, &w.t("alarm-title"), &[], &body).into_response())
}

fn parts(look: &Look<'_>, region: &JournalId, duties: &[DutyRole], may: (bool, bool)) -> Markup {
    let w = look.w;
    let all = running(look.world, region);
    html! {
        (now_running(look, (region, duties), &all))
        (begun(look, may.0 && !stopped(look.world, region)))
        (raise(look, region, may))
        (section("ready", &w.t("alarm-ready"), &ready(look, region)))
        (section("earlier", &w.t("alarm-earlier"), &earlier(look, region)))
    }
}

/// The switch for the sound; shown where scripts run.
pub(super) fn sound(w: Words) -> Markup {
    html! {
        p.sound {
            button.quiet type="button" data-sound hidden aria-pressed="false"
                data-on=(w.t("alarm-sound-on")) data-off=(w.t("alarm-sound-off")) {
                (w.t("alarm-sound-off"))
            }
        }
    }
}

type Home<'a> = (&'a JournalId, &'a [DutyRole]);

fn now_running(look: &Look<'_>, home: Home<'_>, all: &[Seen<'_>]) -> Markup {
    let w = look.w;
    if all.is_empty() {
        return section("alarm-now", &w.t("alarm-running"), &quiet(look, home.0));
    }
    let cards = html! {
        @for (place, seen) in all.iter().enumerate() { (card(look, home, seen, place == 0)) }
    };
    section("alarm-now", &w.t("alarm-running"), &cards)
}

/// A quiet day says so, and when everybody was last reached.
fn quiet(look: &Look<'_>, region: &JournalId) -> Markup {
    let w = look.w;
    let test = test_of_reach(look.world, region);
    html! {
        p.standing.calm {
            (w.t("alarm-quiet")) " "
            @match &test {
                Some(seen) => {
                    @let reached = seen.owes.iter().filter(|one| one.answer().is_some()).count();
                    (w.t("alarm-last-test")) " "
                    @if let Some(at) = seen.said { (time_tag(w, at.0)) ", " }
                    (w.t_args("alarm-reached", &[
                        ("n", reached.into()), ("of", seen.owes.len().into()),
                    ]))
                }
                None => (w.t("alarm-no-test")),
            }
            " " a href="/rosters/reach" { (w.t("roster-reach-title")) }
        }
    }
}

/// What an alarm is for; an update says that it is one.
pub(super) fn kind_tag(w: Words, alarm: &Alarm) -> Markup {
    let status = match alarm.kind {
        Kind::Regional | Kind::National | Kind::Blood | Kind::RealSituation => Status::Attention,
        Kind::PreAlert | Kind::Reach => Status::OneSided,
        Kind::Recall => Status::Ended,
    };
    html! {
        (tag(status, &w.dynamic("alarm-kind-", alarm.kind.as_str())))
        @if updates(alarm) { " " (tag(Status::Attention, &w.t("alarm-is-update"))) }
    }
}

fn card(look: &Look<'_>, (region, duties): Home<'_>, seen: &Seen<'_>, first: bool) -> Markup {
    let (w, path) = (look.w, alarm_href(seen.issuer, &seen.alarm.id));
    let class = if drill(look.world, region) { "panel running drill" } else { "panel running" };
    html! {
        article class=(class) {
            h3 { a href=(path) { (seen.alarm.headline) } }
            p {
                (kind_tag(w, seen.alarm)) " "
                (region_name(look.world, seen.issuer))
                @if let Some(at) = seen.said { " · " (time_tag(w, at.0)) }
            }
            (numbers(look, seen))
            @if seen.waits_for(region, duties).is_some() {
                p { a.button.main href={ (path) "#answer" } { (w.t("alarm-answer-now")) } }
            }
            @if seen.alarm.kind.asks() && seen.issuer == region {
                (folded(look, seen, &path, first))
            }
            p { a.button href=(path) { (w.t("alarm-follow")) } }
        }
    }
}

/// Those who have not answered; many of them do not push the way to raise the alarm out of sight.
fn folded(look: &Look<'_>, seen: &Seen<'_>, path: &str, first: bool) -> Markup {
    let (w, n) = (look.w, seen.unanswered().len());
    html! {
        @if n == 0 { (missing(look, seen, path)) }
        @else {
            details.fold open[first && n <= MISSING_MAX] {
                summary { (w.t_args("alarm-missing-n", &[("n", n.into())])) }
                (missing(look, seen, path))
            }
        }
    }
}

pub(super) fn out_of(w: Words, key: &str, quorum: Quorum) -> String {
    w.t_args(key, &[("n", quorum.answered.into()), ("of", quorum.of.into())])
}

/// n of N regions, promised of N×5, blood centres, hours of cover.
pub(super) fn numbers(look: &Look<'_>, seen: &Seen<'_>) -> Markup {
    let w = look.w;
    if !seen.alarm.kind.asks() {
        return html! { p { (w.t("alarm-banner-told")) } };
    }
    let asked = blood(look.world, seen);
    let mut list = Definitions::new().markup(
        w.t("alarm-regions"),
        html! {
            strong.big { (out_of(w, "alarm-n-of", quorum(seen))) }
            @if quorum(seen).own { " " span.fine { (w.t("alarm-regions-own")) } }
            @if updates(seen.alarm) { " " span.fine { (w.t("alarm-again")) } }
        },
    );
    if seen.alarm.kind == Kind::Regional {
        list = list.markup(w.t("alarm-promised"), promises(look, seen));
    }
    if matches!(seen.alarm.kind, Kind::Regional | Kind::Blood) {
        list = list
            .markup(
                w.t("alarm-blood"),
                html! {
                    @if asked.of == 0 { span.unknown { (w.t("alarm-blood-nobody")) } }
                    @else { strong.big { (out_of(w, "alarm-n-of", asked)) } }
                },
            )
            .markup(w.t("alarm-cover"), cover(look, seen));
    }
    html! { (list) }
}

fn promises(look: &Look<'_>, seen: &Seen<'_>) -> Markup {
    let (w, (sum, regions)) = (look.w, promised(look.world, seen));
    let of = agreed(look.world, seen, look.now).into();
    html! {
        strong.big { (w.t_args("alarm-promised-of", &[("n", sum.units.into()), ("of", of)])) }
        " " span.fine {
            (w.t_args("alarm-promised-said", &[
                ("n", sum.regions.into()), ("of", regions.into()),
            ]))
        }
    }
}

/// How long blood of group O lasts in the region that is struck, or why nobody can tell.
fn cover(look: &Look<'_>, seen: &Seen<'_>) -> Markup {
    let w = look.w;
    let unknown = html! {
        span.unknown { (w.unknown()) } " " span.fine { (w.t("alarm-cover-why")) }
    };
    let Some(id) = &seen.alarm.incident else { return unknown };
    let Ok(found) = incident::find(look.world, seen.issuer.as_str(), id.as_str()) else {
        return unknown;
    };
    let Some(struck) = hours_of_cover(look.world, &found, look.now) else { return unknown };
    let lines = [Line::ONegative, Line::OPositive];
    html! {
        @for held in lines.into_iter().filter_map(|line| struck.line(line)) {
            span.block {
                (w.dynamic("inc-of-line-", held.line.as_str())) ": "
                @match &held.cover {
                    Ok(cover) => strong { (hours(w, cover.plan)) },
                    Err(why) => {
                        @let why = why.iter().map(|one| w.dynamic("inc-of-why-", one.as_str()));
                        span.unknown { (w.unknown()) } " "
                        span.fine { "(" (why.collect::<Vec<_>>().join(", ")) ")" }
                    }
                }
            }
        }
        a href={ (found.href()) "/blood" } { (w.t("alarm-to-blood")) }
    }
}

fn hours(w: Words, lasts: Lasts) -> String {
    match lasts {
        Lasts::Through => w.t_args("inc-hours-through", &[("n", HOURS.into())]),
        Lasts::Until(_) => w.t_args("inc-hours-n", &[("n", lasts.hours().into())]),
    }
}

/// Incidents that have begun and nobody is alarmed for.
fn begun(look: &Look<'_>, may: bool) -> Markup {
    let w = look.w;
    let Some(own) = look.own else { return html! {} };
    let all = incidents::running(&own.shared.incidents);
    let all: Vec<_> = all.into_iter().filter(|(_, held)| held.stage < Stage::Alarmed).collect();
    if all.is_empty() {
        return html! {};
    }
    let list = html! {
        ul.missing {
            @for (id, held) in all {
                li {
                    p.who {
                        strong { (held.report.title) } " "
                        (tag(Status::OneSided, &w.dynamic("alarm-stage-", held.stage.as_str())))
                    }
                    p { (held.report.text) }
                    @if may {
                        a.button href={ "/alarm/new?incident=" (id) } { (w.t("alarm-raise-this")) }
                    }
                }
            }
        }
    };
    section("begun", &w.t("alarm-begun"), &list)
}

/// The one big button. An exercise is another journal, and looks like it.
fn raise(look: &Look<'_>, region: &JournalId, (confirm, open): (bool, bool)) -> Markup {
    let w = look.w;
    // Nobody raises an alarm in what the real thing has stopped.
    if stopped(look.world, region) {
        return html! {};
    }
    let drill = drill(look.world, region);
    let label = if drill { w.t("alarm-raise-drill") } else { w.t("alarm-raise") };
    let class = if drill { "button raise drill" } else { "button raise" };
    html! {
        section #raise.raising aria-label=(w.t("alarm-raise-label")) {
            @if confirm { a class=(class) href="/alarm/new" { (label) } }
            @else if open { p { (w.t("alarm-raise-tib")) } }
            @if open { p { a.button href="/incidents/new" { (w.t("alarm-report")) } } }
            @if !drill { p.fine { (w.t("alarm-drill-elsewhere")) } }
            @else { p.fine { (w.t("alarm-drill-here")) } }
        }
    }
}

fn ready(look: &Look<'_>, region: &JournalId) -> Markup {
    let w = look.w;
    let Some(own) = look.own else { return html! { p { (w.unknown()) } } };
    let found = faults(&own.shared.alarms, region, look.now);
    let next = handover(own, region, DutyRole::Tib, look.now);
    let together = members(look.world, region, look.now);
    html! {
        @if found.is_empty() { p.calm { (w.t("alarm-no-faults")) } }
        @else {
            ul.stops {
                @for fault in &found { li { (fault_text(w, fault)) } }
            }
        }
        (Definitions::new()
            .markup(w.t("alarm-handover"), html! {
                @match &next {
                    Some(next) => {
                        (time_tag(w, next.at.0)) ": "
                        @match next.who {
                            Some(turn) => (turn.name),
                            None => (tag(Status::Gap, &w.t("alarm-handover-nobody"))),
                        }
                    }
                    None => span.unknown { (w.t("alarm-handover-unknown")) },
                }
            })
            .markup(w.t("alarm-members"), html! {
                (w.t_args("alarm-members-n", &[("n", together.regions.len().into())])) ": "
                (names(look, &together.regions))
                @if !together.bodies.is_empty() { " (" (together.bodies.join(", ")) ")" }
            }))
        p { a href="/rosters" { (w.t("alarm-to-rosters")) } }
    }
}

pub(super) fn names(look: &Look<'_>, regions: &[JournalId]) -> String {
    let names: Vec<_> = regions.iter().map(|id| region_name(look.world, id)).collect();
    if names.is_empty() { look.w.unknown() } else { names.join(", ") }
}

fn fault_text(w: Words, fault: &Fault) -> Markup {
    match fault {
        Fault::Nobody(role) => html! {
            (tag(Status::Gap, &w.t("alarm-fault-nobody"))) " "
            (w.dynamic("duty-role-", role.as_str()))
        },
        Fault::OneWay(role) => html! {
            (tag(Status::Attention, &w.t("alarm-fault-one-way"))) " "
            (w.dynamic("duty-role-", role.as_str()))
        },
        Fault::Channel(channel, at) => html! {
            (tag(Status::Stopped, &w.t("alarm-fault-channel"))) " "
            (w.dynamic("channel-", channel.as_str())) ", " (time_tag(w, at.0))
        },
    }
}

fn earlier(look: &Look<'_>, region: &JournalId) -> Markup {
    let w = look.w;
    let all = known(look.world, region);
    html! {
        @if all.is_empty() { p.calm { (w.t("alarm-no-earlier")) } }
        @else {
            ul.plain {
                @for seen in all.iter().take(EARLIER_MAX) {
                    li {
                        @if let Some(at) = seen.said { (time_tag(w, at.0)) " " }
                        (kind_tag(w, seen.alarm)) " "
                        a href=(alarm_href(seen.issuer, &seen.alarm.id)) { (seen.alarm.headline) }
                        " · " (region_name(look.world, seen.issuer))
                        @if seen.replaced.is_some() { " · " (w.t("alarm-was-replaced")) }
                    }
                }
            }
            @if all.len() > EARLIER_MAX {
                @let rest = all.len() - EARLIER_MAX;
                p.fine { (w.t_args("alarm-earlier-more", &[("n", rest.into())])) }
            }
        }
    }
}

/// What stands above a form of an exercise, and what it says of its leader and window.
pub(super) fn exercise_note(look: &Look<'_>, region: &JournalId) -> Markup {
    let w = look.w;
    if mode_of(look.world, region) != Mode::Exercise {
        return html! {};
    }
    let Some(own) = look.own else { return html! {} };
    let alarms = &own.shared.alarms;
    let note = match &alarms.exercise {
        Some(drill) => html! {
            (w.t_args("alarm-drill-is", &[
                ("title", drill.title.as_str().into()),
                ("leader", own.own.alarms.leader.clone().unwrap_or_else(|| w.unknown()).into()),
            ])) " "
            (time_tag(w, drill.window.from().0)) "–"
            @match drill.window.until() {
                Some(until) => (time_tag(w, until.0)),
                None => (w.unknown()),
            }
        },
        None => html! { (w.t("alarm-drill-unset")) },
    };
    html! { (Note::warning(w, &note)) }
}
