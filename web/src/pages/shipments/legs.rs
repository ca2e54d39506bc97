//! The couriers' timetable: what can still be reached, and a region's own lines.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::supply::Leg;
use samband_domain::blood::view::supply::{Reach, reachable};
use samband_domain::words::Code;
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::forms::{everywhere, sites};
use crate::app::stock::{TOPICS, parts, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Row, Table, live_region, page_header, section, time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::region_name;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const STATE: &str = "state-leg";
const END: &str = "end-leg";

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/shipments/timetable", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &draft, asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::StateLegs, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = match typed.act() {
        STATE => STATE,
        END => END,
        other => return Err(Problem::malformed(other)),
    };
    let command = read(visitor.words, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/shipments/timetable", act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    if typed.act() == END {
        let code: Option<Code> = reader.value("leg-ended");
        return reader.done(code.map(|code| Command::EndLeg { code }));
    }
    let from: Option<SiteId> = reader.value("leg-from");
    let to = reader.text("leg-to");
    let to = to
        .split_once('/')
        .and_then(|(region, site)| Some((JournalId::new(region).ok()?, SiteId::new(site).ok()?)));
    if to.is_none() {
        reader.wrong("leg-to", w.t("typed-unreadable"));
    }
    let days = days(&reader.text("leg-days"));
    if days.is_none() {
        reader.wrong("leg-days", w.t("leg-days-wrong"));
    }
    let departs = clock(&reader.text("leg-departs"));
    if departs.is_none() {
        reader.wrong("leg-departs", w.t("leg-clock-wrong"));
    }
    let mut minutes = |name| reader.count(name).and_then(|n| u16::try_from(n).ok());
    let (cutoff, under_way) = (minutes("leg-cutoff"), minutes("leg-under-way"));
    let carrier = reader.text("leg-carrier");
    let command = (|| {
        let (from, (to_region, to_site)) = (from?, to?);
        let departs = departs?;
        // The same line stated again is the same line.
        let code = format!("{from}-{to_site}-{:02}{:02}", departs / 60, departs % 60);
        let leg = Leg {
            code: Code::new(&code).ok()?,
            from,
            to_region,
            to_site,
            days: days?,
            departs,
            cutoff: cutoff?,
            under_way: under_way?,
            carrier,
        };
        Some(Command::StateLeg { leg })
    })();
    reader.done(command)
}

/// Days as people write them: `1-5`, `1,3,5`, `alla`.
fn days(text: &str) -> Option<Vec<u8>> {
    if matches!(text.trim(), "alla" | "all" | "dagligen" | "daily") {
        return Some((1..=7).collect());
    }
    let mut all = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        let (first, last): (u8, u8) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
        if !(1..=7).contains(&first) || !(first..=7).contains(&last) {
            return None;
        }
        all.extend(first..=last);
    }
    (!all.is_empty()).then_some(all)
}

fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once([':', '.'])?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, done: Option<&str>) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let all = parts(&world, now);
    let runs = reachable(&all, now);
    let title = w.t("legs-title");
    let body = html! {
        (page_header(&title, Some(&w.t("legs-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("legs", TOPICS, "/shipments/timetable", &table(w, &world, &runs, now)))
        @if visitor.may(app, Action::StateLegs) {
            (section("state-leg", &w.t("leg-state"), &state(app, visitor, draft)))
            (section("end-leg", &w.t("leg-end"), &end(app, visitor, draft)))
        }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}

fn table(w: Words, world: &World, runs: &[Reach<'_>], now: Time) -> Markup {
    let row = |reach: &Reach<'_>| {
        let Reach { region, leg, run } = reach;
        let from = site_name(world, region, &leg.from);
        let to = site_name(world, &leg.to_region, &leg.to_site);
        let from = format!("{from} ({})", region_name(world, region));
        let to = format!("{to} ({})", region_name(world, &leg.to_region));
        let way = w.t_args("shipment-way", &[("from", from.into()), ("to", to.into())]);
        Row::new(Cell::text(way))
            .cell(html! {
                strong { (w.remaining(now.0, run.cutoff.0)) } " " (time_tag(w, run.cutoff.0))
            })
            .cell(html! { (time_tag(w, run.leaves.0)) })
            .cell(html! { (time_tag(w, run.arrives.0)) })
            .cell(leg.carrier.clone())
    };
    let table = Table::new(w.t("legs-next")).files("legs").caption_hidden().columns([
        Column::text(w.t("shipment-from-to")),
        Column::text(w.t("leg-cutoff-by")),
        Column::text(w.t("leg-leaves")),
        Column::text(w.t("leg-arrives")),
        Column::text(w.t("shipment-carrier")),
    ]);
    html! {
        @if runs.is_empty() { p { (w.t("legs-none")) } }
        @else { (table.rows(runs.iter().map(row))) }
    }
}

fn state(app: &App, visitor: &Visitor, draft: &Draft) -> Markup {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let key = draft.key(STATE);
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let own = choose().chain(sites(&world, &visitor.region, false, now));
    let to = choose().chain(everywhere(&world, &visitor.region, now));
    let field = |name, field: Field, start: &str| draft.field(STATE, name, field.required(), start);
    let hinted =
        |name: &str, label: &str, hint: &str| Field::text(name, w.t(label)).hint(w.t(hint));
    let form = draft
        .form(w, "/shipments/timetable", STATE, &key, w.t("leg-do"))
        .field(field("leg-from", Field::select("leg-from", w.t("shipment-from"), own), ""))
        .field(field("leg-to", Field::select("leg-to", w.t("shipment-to"), to), ""))
        .field(field("leg-days", hinted("leg-days", "leg-days", "leg-days-hint"), "1-5"))
        .field(field("leg-departs", hinted("leg-departs", "leg-departs", "leg-clock-hint"), ""))
        .field(field("leg-cutoff", Field::number("leg-cutoff", w.t("leg-cutoff")), "30"))
        .field(field("leg-under-way", Field::number("leg-under-way", w.t("leg-under-way")), ""))
        .field(field("leg-carrier", Field::text("leg-carrier", w.t("shipment-carrier")), ""));
    html! { div.panel { (form) } }
}

fn end(app: &App, visitor: &Visitor, draft: &Draft) -> Markup {
    let (w, world) = (visitor.words, app.engine.world());
    let key = draft.key(END);
    let legs = world.journal(&visitor.region).map(|one| &one.shared().blood.supply.legs);
    let named = |(code, held): (&Code, &samband_domain::blood::Stated<Leg>)| {
        let leg = &held.value;
        let from = site_name(&world, &visitor.region, &leg.from);
        let to = site_name(&world, &leg.to_region, &leg.to_site);
        let clock = format!("{:02}:{:02}", leg.departs / 60, leg.departs % 60);
        (code.to_string(), format!("{from} → {to} {clock}"))
    };
    let own: Vec<_> = legs.into_iter().flatten().map(named).collect();
    let none = own.is_empty();
    let options = std::iter::once((String::new(), w.t("form-choose"))).chain(own);
    let field = Field::select("leg-ended", w.t("leg-which"), options).required();
    let form = draft
        .form(w, "/shipments/timetable", END, &key, w.t("leg-end-do"))
        .danger()
        .field(draft.field(END, "leg-ended", field, ""));
    html! { @if none { p { (w.t("legs-none-own")) } } @else { div.panel { (form) } } }
}

#[cfg(test)]
mod tests {
    use super::{clock, days};

    #[test]
    fn days_and_clocks_are_read_as_people_write_them() {
        assert_eq!(days("1-5"), Some(vec![1, 2, 3, 4, 5]));
        assert_eq!(days("1, 3,7"), Some(vec![1, 3, 7]));
        assert_eq!(days("alla"), Some((1..=7).collect()));
        for text in ["", "0", "5-1", "8", "mån"] {
            assert_eq!(days(text), None, "{text}");
        }
        assert_eq!(clock("9:15"), Some(555));
        assert_eq!(clock("24:00"), None);
        assert_eq!(clock("0915"), None);
    }
}
