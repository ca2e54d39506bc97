//! A hospital's report, made to be sent from a telephone within a minute.

use axum::extract::{Path, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{Capacity, CareKind, Horizon, Led};
use samband_domain::{Known, SiteId, Time};

use super::parts::{age, button, hidden};
use super::{HERE, crumbs, kind_text, when};
use crate::app::readiness::capacity::{Hospital, PARTS, SLOTS, Slot, hospitals, rows};
use crate::app::readiness::clock::latest;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header, time_tag};
use crate::pages::frame::{answered, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const REPORT: &str = "report-capacity";
const SAME: &str = "same-capacity";

/// Kinds that stand open in the form; the others are folded.
const FIRST: usize = 4;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/readiness/report/{site}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(site): Path<String>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::ReportCapacity, &visitor.region)?;
    whole(&app, &visitor, &site, &Draft::fresh(app.engine.now()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(site): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ReportCapacity, &visitor.region)?;
    let typed = Typed::new(pairs);
    let command = read(&app, &visitor, &site, &typed)?;
    let command = command.map(|capacity| Command::ReportCapacity { capacity }.into());
    let again = whole(&app, &visitor, &site, &Draft::fresh(app.engine.now()))?;
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    Ok(answered(sent, (HERE, REPORT), |draft| whole(&app, &visitor, &site, draft).unwrap_or(again)))
}

/// The hospital that the address names.
fn known<'a>(all: &'a [Hospital<'a>], site: &str) -> Result<&'a Hospital<'a>, Problem> {
    all.iter().find(|one| one.site.as_str() == site).ok_or_else(|| Problem::not_found(site))
}

fn read(
    app: &App,
    visitor: &Visitor,
    site: &str,
    typed: &Typed,
) -> Result<Result<Capacity, Errors>, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(&visitor.region).ok_or_else(|| Problem::not_found(site))?;
    let all = hospitals(journal, now);
    let hospital = known(&all, site)?;
    let valid = typed.shown(now);
    match typed.act() {
        SAME => {
            let said = hospital.said.ok_or_else(|| Problem::malformed(SAME))?;
            Ok(Ok(Capacity { valid, source: source(visitor), ..said.what.clone() }))
        }
        REPORT => Ok(typed_in(visitor.words, hospital.site, typed, valid)),
        other => Err(Problem::malformed(other)),
    }
}

/// The function that says so: the role of whoever is signed in.
fn source(visitor: &Visitor) -> String {
    Words::sv().dynamic("role-", visitor.roles.first().map_or("signed_in", |role| role.as_str()))
}

fn typed_in(w: Words, site: &SiteId, typed: &Typed, valid: Time) -> Result<Capacity, Errors> {
    let mut reader = Reader::new(w, typed);
    let mut values = Vec::with_capacity(SLOTS.len());
    for slot in SLOTS.iter() {
        // Blank is unknown, never nought.
        let blank = typed.get(&slot.name).is_empty();
        let count = if blank { None } else { reader.count(&slot.name) };
        if count.is_some_and(|count| count > 9_999) {
            reader.wrong(&slot.name, w.t("ready-too-many"));
        }
        values.push(count.and_then(|n| n.try_into().ok()).map_or(Known::Unknown, Known::Value));
    }
    let rows = rows(&values);
    if rows.is_empty() {
        reader.wrong(&SLOTS[0].name, w.t("ready-nothing-typed"));
    }
    let since = match typed.get("led-since") {
        "" => Known::Unknown,
        text => {
            let since = latest(text, valid).filter(|since| *since <= valid);
            if since.is_none() {
                reader.wrong("led-since", w.t("ready-bad-clock"));
            }
            since.map_or(Known::Unknown, Known::Value)
        }
    };
    let led = match (typed.get("led"), typed.get("led-by")) {
        ("nobody", _) => Known::Value(Led { by: None, since }),
        (_, "") => Known::Unknown,
        (_, by) => Known::Value(Led { by: Some(by.to_owned()), since }),
    };
    let source = reader.text("source");
    reader.done(Some(Capacity { site: site.clone(), valid, source, led, rows }))
}

fn whole(app: &App, visitor: &Visitor, site: &str, draft: &Draft) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let journal = world.journal(&visitor.region).ok_or_else(|| Problem::not_found(site))?;
    let all = hospitals(journal, now);
    let hospital = known(&all, site)?;
    let title = w.t_args("ready-report-title", &[("hospital", hospital.name.into())]);
    let path = format!("/readiness/report/{site}");
    let body = html! {
        (page_header(&title, Some(&w.t("ready-report-lead")), None))
        (draft.banner(w))
        @if let Some(said) = hospital.said {
            div.panel.same {
                p {
                    (w.t("ready-last")) " " (time_tag(w, said.what.valid.0)) " "
                    (age(w, said.what.valid, now))
                }
                (button((draft, now), (&path, SAME), &[], &w.t("ready-same"), false))
            }
        } @else {
            p { (w.t("ready-first-report")) }
        }
        form.form.ready-form #do method="post" action=(path) novalidate {
            (hidden(draft, REPORT, "", now))
            (grid(w, hospital, draft))
            (command(w, hospital, draft))
            (draft.field(REPORT, "source", Field::text("source", w.t("ready-source"))
                .hint(w.t("ready-source-hint")), &source(visitor)))
            div.submit.sticky { button type="submit" { (w.t("ready-send")) } }
        }
    };
    Ok(page(app, visitor, &title, &crumbs(w), &body))
}

fn grid(w: Words, hospital: &Hospital<'_>, draft: &Draft) -> Markup {
    let (first, rest) = CareKind::ALL.split_at(FIRST);
    html! {
        p.hint { (w.t("ready-grid-hint")) }
        @for kind in first { (kind_set(w, hospital, draft, *kind)) }
        details.fold {
            summary { (w.t("ready-more-kinds")) }
            @for kind in rest { (kind_set(w, hospital, draft, *kind)) }
        }
    }
}

fn kind_set(w: Words, hospital: &Hospital<'_>, draft: &Draft, kind: CareKind) -> Markup {
    let later = [Horizon::In2, Horizon::In6, Horizon::In24];
    html! {
        fieldset.plus {
            legend { (kind_text(w, kind)) }
            (line(w, hospital, draft, (kind, Horizon::Now)))
            details.fold {
                summary { (w.t_args("ready-later", &[("kind", kind_text(w, kind).into())])) }
                @for horizon in later {
                    p.plus-when { (when(w, horizon)) }
                    (line(w, hospital, draft, (kind, horizon)))
                }
            }
        }
    }
}

fn line(w: Words, hospital: &Hospital<'_>, draft: &Draft, at: (CareKind, Horizon)) -> Markup {
    let plus = hospital.plus(at.0, at.1);
    let slots: Vec<&Slot> = SLOTS.iter().filter(|slot| (slot.kind, slot.horizon) == at).collect();
    html! {
        div.plus-line {
            @for (slot, part) in slots.into_iter().zip(PARTS) {
                @let held = part.of(&plus).value().map(|n| n.to_string()).unwrap_or_default();
                (draft.field(
                    REPORT,
                    &slot.name,
                    Field::number(&slot.name, w.dynamic("ready-of-part-", part.as_str())),
                    &held,
                ))
            }
        }
    }
}

/// Styrning: who leads, since when.
fn command(w: Words, hospital: &Hospital<'_>, draft: &Draft) -> Markup {
    let led = hospital.said.and_then(|said| said.what.led.as_ref().value());
    let by = led.and_then(|led| led.by.clone()).unwrap_or_default();
    let since = led.and_then(|led| led.since.value());
    let nobody = if led.is_some_and(|led| led.by.is_none()) { "nobody" } else { "somebody" };
    let options = ["somebody", "nobody"];
    let options = options.map(|one| (one.to_owned(), w.dynamic("ready-of-led-", one)));
    // A clock alone means the last time that it was so late: what lies further back has its day.
    let since =
        since.map_or_else(String::new, |since| format!("{} {}", since.date(), w.clock(since.0)));
    html! {
        fieldset.plus {
            legend { (w.dynamic("ready-of-part-", "command")) }
            (draft.field(REPORT, "led-by", Field::text("led-by", w.t("ready-led-by"))
                .hint(w.t("ready-led-hint")), &by))
            (draft.field(REPORT, "led-since", Field::text("led-since", w.t("ready-led-when"))
                .hint(w.t("ready-clock-hint")), &since))
            (draft.field(REPORT, "led", Field::radios("led", w.t("ready-led"), options), nobody))
        }
    }
}
