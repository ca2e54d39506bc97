//! Helicopters: whether a crew is on duty and whether it can fly, with the age of the answer.

use axum::extract::State;
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::readiness::Command;
use samband_domain::readiness::model::{Helicopter, Weather};
use samband_domain::{Known, Time};
use samband_engine::Journal;

use super::crumbs;
use super::parts::{age, hidden, mark};
use crate::app::readiness::{mode_of, regions};
use crate::app::{App, Problem, Visitor};
use crate::components::{Column, Field, Row, Status, Table, page_header, section, tag};
use crate::pages::frame::{answered, page, send};
use crate::pages::parts::short;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const REPORT: &str = "report-helicopter";
const HERE: &str = "/readiness/helicopters";

pub(super) fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(act))
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    Ok(whole(&app, &visitor, &Draft::fresh(app.engine.now())))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PledgeTransport, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != REPORT {
        return Err(Problem::malformed(typed.act()));
    }
    let helicopter = read(visitor.words, &typed, typed.shown(app.engine.now()));
    let command = helicopter.map(|helicopter| Command::ReportHelicopter { helicopter }.into());
    let sent = send(&app, &visitor, &visitor.region, typed, command).await;
    Ok(answered(sent, (HERE, REPORT), |draft| whole(&app, &visitor, draft)))
}

fn read(w: Words, typed: &Typed, valid: Time) -> Result<Helicopter, Errors> {
    let mut reader = Reader::new(w, typed);
    let base = reader.text("base");
    let on_duty = match typed.get("on-duty") {
        "yes" => Known::Value(true),
        "no" => Known::Value(false),
        _ => Known::Unknown,
    };
    let weather = typed.get("weather").parse().map_or(Known::Unknown, Known::Value);
    reader.done(Some(Helicopter { base, on_duty, weather, valid }))
}

/// The helicopters of all regions.
pub(super) fn table(w: Words, all: &[&Journal], now: Time) -> Markup {
    let each = all.iter().flat_map(|journal| {
        journal.shared().readiness.helicopters.values().map(move |said| (*journal, said))
    });
    let rows: Vec<_> = each
        .map(|(journal, said)| {
            let one = &said.what;
            Row::new(one.base.clone())
                .cell(short(&journal.name()))
                .cell(duty(w, one.on_duty))
                .cell(flies(w, one.weather))
                .cell(age(w, one.valid, now))
        })
        .collect();
    if rows.is_empty() {
        return html! { p { (w.t("ready-no-helicopters")) } };
    }
    let table = Table::new(w.t("ready-helicopters"))
        .caption_hidden()
        .columns([
            Column::text(w.t("ready-base")),
            Column::text(w.t("ready-region")),
            Column::text(w.t("ready-duty")),
            Column::text(w.t("ready-weather")),
            Column::text(w.t("ready-age")),
        ])
        .rows(rows);
    html! { (table) }
}

fn duty(w: Words, on_duty: Known<bool>) -> Markup {
    match on_duty {
        Known::Value(true) => tag(Status::Held, &w.t("ready-on-duty")),
        Known::Value(false) => tag(Status::Ended, &w.t("ready-off-duty")),
        Known::Unknown => tag(Status::Unknown, &w.unknown()),
    }
}

fn flies(w: Words, weather: Known<Weather>) -> Markup {
    let Known::Value(weather) = weather else { return tag(Status::Unknown, &w.unknown()) };
    let status = match weather {
        Weather::Flies => Status::Known,
        Weather::Limited => Status::Stale,
        Weather::Grounded => Status::Stopped,
    };
    tag(status, &w.dynamic("ready-of-weather-", weather.as_str()))
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let all = regions(&world, &visitor.region);
    let title = w.t("ready-helicopters");
    let own = world.journal(&visitor.region).map(|journal| &journal.shared().readiness.helicopters);
    let mode = mode_of(&world, &visitor.region);
    let body = html! {
        (page_header(&title, Some(&w.t("ready-helicopters-lead")), None))
        (draft.banner(w))
        (mark(w, mode))
        (section("all", &w.t("ready-all-regions"), &table(w, &all, now)))
        @if visitor.may(app, Action::PledgeTransport) {
            @for said in own.into_iter().flatten().map(|(_, said)| said) {
                (section(&format!("b-{}", said.at.seq), &said.what.base,
                    &form(w, (draft, now), Some(&said.what))))
            }
            (section("do", &w.t("ready-new-base"), &form(w, (draft, now), None)))
        }
        (mark(w, mode))
    };
    page(app, visitor, &title, &crumbs(w), &body)
}

fn form(w: Words, (draft, now): (&Draft, Time), held: Option<&Helicopter>) -> Markup {
    let unknown = || (String::new(), w.unknown());
    let weather = Weather::ALL
        .iter()
        .map(|one| (one.as_str().to_owned(), w.dynamic("ready-of-weather-", one.as_str())));
    let duty = [("yes", "ready-on-duty"), ("no", "ready-off-duty")];
    let duty = duty.map(|(value, key)| (value.to_owned(), w.t(key)));
    let was = held.and_then(|held| held.on_duty.value());
    let was = was.map_or("", |on| if on { "yes" } else { "no" });
    let sky = held.and_then(|held| held.weather.value()).map_or("", Weather::as_str);
    let base = held.map_or("", |held| held.base.as_str());
    let nth = held.map_or_else(String::new, |held| {
        samband_domain::Digest::of(held.base.as_bytes()).to_string()[..8].to_owned()
    });
    // Each form has fields of its own: what came back belongs to the one that was sent.
    let mine = draft.was("base") == base;
    let field = |name: &str, field: Field, start: &str| {
        if mine { draft.field(REPORT, name, field, start) } else { field.value(start) }
    };
    html! {
        form.form method="post" action=(HERE) novalidate {
            (hidden(draft, REPORT, &nth, now))
            @if held.is_some() {
                input type="hidden" name="base" value=(base);
            } @else {
                (field("base", Field::text("base", w.t("ready-base")), base))
            }
            @let duty = std::iter::once(unknown()).chain(duty);
            (selects(&nth, ("on-duty", &w.t("ready-duty")), duty, was))
            @let weather = std::iter::once(unknown()).chain(weather);
            (selects(&nth, ("weather", &w.t("ready-weather")), weather, sky))
            div.submit { button type="submit" { (w.t("ready-helicopter-send")) } }
        }
    }
}

/// A choice whose id is its form's own, since several forms of the page have it.
fn selects(
    nth: &str,
    (name, label): (&str, &str),
    options: impl Iterator<Item = (String, String)>,
    chosen: &str,
) -> Markup {
    let id = format!("f-{name}-{nth}");
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for (value, text) in options {
                    option value=(value) selected[value == chosen] { (text) }
                }
            }
        }
    }
}
