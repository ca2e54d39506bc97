//! One incident: how far it has come, whose move it is, modes, measures, and what was known when.

use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::incidents::model::Stage;
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;
use serde::Deserialize;

use super::{care_mode, course, crumbs, forms, framed, measures, next_text, page, span, stage_tag};
use crate::app::incident::{self, Found, TOPICS, find};
use crate::app::readiness::clock;
use crate::app::{App, Problem, Visitor};
use crate::components::{Definitions, Status, live_region, page_header, section, tag, time_tag};
use crate::pages::frame::done_note;
use crate::pages::parts::{age_text, known_time, region_name};
use crate::pages::typed::Draft;
use crate::text::Words;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    as_of: Option<String>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path((issuer, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    let note = done_note(visitor.words, asked.done.as_deref());
    whole(&app, &visitor, (&issuer, &id), &draft, (&note, asked.as_of.as_deref())).await
}

/// The page, with its forms as they come back.
pub(super) async fn whole(
    app: &App,
    visitor: &Visitor,
    (issuer, id): (&str, &str),
    draft: &Draft,
    (note, as_of): (&Markup, Option<&str>),
) -> Result<Html<String>, Problem> {
    let (w, (world, now)) = (visitor.words, incident::now(app));
    let found = find(&world, issuer, id)?;
    visitor.permit(app, Action::SeeAlarms, &found.journal.id)?;
    let at = as_of.map(str::trim).filter(|text| !text.is_empty());
    let then = at.map(|text| clock::latest(text, now).ok_or_else(|| Problem::malformed("as_of")));
    let then = then.transpose()?;
    let steps = incident::timeline::read(app, &world, &found, &visitor.region, then).await?;
    let title = &found.held.report.title;
    let live = html! {
        (standing(w, &world, &found, now))
        (section("measures", &w.t("inc-measures"),
            &measures::section(app, visitor, &world, &found, draft)))
    };
    let href = found.href();
    let body = html! {
        (page_header(title, Some(&next_text(w, &found)), Some(&ways(w, &found))))
        (note)
        (draft.banner(w))
        (live_region("incident", TOPICS, &href, &live))
        (forms::all(app, visitor, &found, draft))
        (section("course", &w.t("inc-course"), &course::section(w, &world, &found, &steps, (then, now))))
    };
    let body = framed(w, found.mode(), &body);
    Ok(page(app, visitor, title, &crumbs(w, None), &body))
}

/// Where one goes from here: big targets, the most urgent first.
fn ways(w: Words, found: &Found<'_>) -> Markup {
    let (issuer, id, href) = (&found.journal.id, found.id, found.href());
    html! {
        @if let Some(alarm) = found.held.alarms.last() {
            a.button.main href={ "/alarm/" (issuer) "/" (alarm) } { (w.t("inc-to-alarm")) } " "
        }
        a.button href={ "/situation-report/" (issuer) "/" (id) } { (w.t("inc-to-situation")) } " "
        a.button href={ (href) "/blood" } { (w.t("inc-to-blood")) } " "
        a.button href={ (href) "/distribution" } { (w.t("inc-to-distribution")) } " "
        a.button href={ (href) "/after" } { (w.t("inc-to-after")) }
    }
}

fn standing(w: Words, world: &World, found: &Found<'_>, now: Time) -> Markup {
    let held = found.held;
    let report = &held.report;
    let place = report.place.as_ref().map(|place| place.text.clone());
    let place = place.value();
    let facts = Definitions::new()
        .markup(w.t("inc-stage"), stage_tag(w, held.stage))
        .text(w.t("inc-region"), &region_name(world, &found.journal.id))
        .text(w.t("inc-said"), &report.text)
        .text(w.t("inc-source"), &report.source)
        .markup(
            w.t("inc-place"),
            html! {
                @match &place {
                    Some(place) => (place),
                    None => span.unknown { (w.unknown()) },
                }
            },
        )
        .markup(w.t("inc-happened"), known_time(w, report.happened))
        .markup(w.t("inc-injured"), injured(w, found));
    html! {
        (section("now", &w.t("inc-now"), &html! {
            (facts)
            (reached(w, found))
            (owed(w, world, found))
        }))
        (section("modes", &w.t("inc-modes"), &modes(w, world, &found.journal.id, now)))
    }
}

/// How many are hurt by the first report; where that did not say, by the latest alarm.
fn injured(w: Words, found: &Found<'_>) -> Markup {
    let first = found.held.report.injured;
    let later = if first == Known::Unknown { found.injured_by_alarm() } else { None };
    let known = later.map_or(first, |(between, _)| Known::Value(between));
    html! {
        (span(w, known.map(|between| (between.least, between.most))))
        @if let Some((_, at)) = later {
            " " span.fine { (w.t("inc-says-alarm")) ", " (time_tag(w, at.0)) }
        }
    }
}

/// When each stage was reached.
fn reached(w: Words, found: &Found<'_>) -> Markup {
    html! {
        ol.stages {
            @for (stage, at) in &found.held.reached {
                li {
                    @if *stage == found.held.stage { strong { (w.dynamic("inc-of-stage-", stage.as_str())) } }
                    @else { (w.dynamic("inc-of-stage-", stage.as_str())) }
                    " " span.fine { (time_tag(w, at.0)) }
                }
            }
        }
        @if let Some((assessment, at)) = &found.held.assessment {
            p.fine {
                (w.t_args("inc-assessed", &[
                    ("harm", w.dynamic("inc-of-holds-", assessment.harm.holds.as_str()).into()),
                    ("imbalance", w.dynamic("inc-of-holds-", assessment.imbalance.holds.as_str()).into()),
                ]))
                " " (time_tag(w, at.0))
            }
        }
    }
}

/// Who still owes something, each leading to its alarm.
fn owed(w: Words, world: &World, found: &Found<'_>) -> Markup {
    let open = found.open();
    if open.is_empty() || found.held.stage == Stage::Closed {
        return html! {};
    }
    html! {
        p #owed {
            (tag(Status::Attention, &w.t_args("inc-open-n", &[("n", open.len().into())])))
        }
        ul.plain {
            @for (key, held) in open {
                li {
                    a href={ "/alarm/" (key.issuer) "/" (key.alarm) } {
                        (party(w, world, key))
                    }
                    " " span.fine {
                        @if held.answer.is_some() { (w.t("inc-owes-more")) }
                        @else { (w.t("inc-owes-answer")) }
                    }
                }
            }
        }
    }
}

pub(super) fn party(w: Words, world: &World, key: &samband_domain::alarms::model::Key) -> String {
    use samband_domain::alarms::model::Party;
    let role = w.dynamic("duty-role-", key.to.role.as_str());
    match &key.to.party {
        Party::Region(region) => format!("{role}, {}", region_name(world, region)),
        // The role's name says whose it is.
        Party::Outside(_) => role,
    }
}

/// The region's mode and its hospitals', with when each was set.
fn modes(w: Words, world: &World, region: &JournalId, now: Time) -> Markup {
    let Some(journal) = world.journal(region) else { return html! {} };
    let shared = journal.shared();
    let named = |site: &Option<samband_domain::SiteId>| match site {
        None => region_name(world, region),
        Some(id) => {
            shared.kernel.sites.get(id).map_or_else(|| id.to_string(), |site| site.name.clone())
        }
    };
    html! {
        @if shared.incidents.modes.is_empty() {
            p.unknown { (w.t("inc-mode-unsaid")) }
        } @else {
            dl.definitions {
                @for (site, (mode, at)) in &shared.incidents.modes {
                    div {
                        dt { (named(site)) }
                        dd {
                            (care_mode(w, *mode)) " "
                            span.fine { (age_text(w, Known::Value(*at), now)) }
                        }
                    }
                }
            }
        }
    }
}
