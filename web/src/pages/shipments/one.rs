//! One shipment on one page to print, and the receiver's word about each unit.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Digest;
use samband_domain::Known;
use samband_domain::Time;
use samband_domain::blood::Command;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::supply::{BoxArrival, BoxState};
use samband_domain::blood::view::moving::{Moving, moving};
use samband_engine::World;
use serde::Deserialize;

use super::forms::tenths;
use super::{arrived, ending, eta, load, marks, way};
use crate::app::history::group_text;
use crate::app::stock::{TOPICS, parts, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Field, Row, Table, live_region, page_header, section, time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::record_link;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::pages::units::boxed;
use crate::text::Words;

const RECEIVE: &str = "receive-shipment";

/// The field for what is scanned at the bench.
const SCANNED: &str = "receive-scanned";

/// The fields of each box as it came.
const BOX_STATES: [&str; 8] = [
    "box-state-1",
    "box-state-2",
    "box-state-3",
    "box-state-4",
    "box-state-5",
    "box-state-6",
    "box-state-7",
    "box-state-8",
];
const BOX_TENTHS: [&str; 8] = [
    "box-tenths-1",
    "box-tenths-2",
    "box-tenths-3",
    "box-tenths-4",
    "box-tenths-5",
    "box-tenths-6",
    "box-tenths-7",
    "box-tenths-8",
];

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/shipments/{dispatch}", get(show).post(act))
}

pub(super) fn find(
    app: &App,
    visitor: &Visitor,
    world: &World,
    dispatch: &str,
    now: Time,
) -> Result<Moving, Problem> {
    visitor.permit(app, Action::SeeStock, &visitor.region)?;
    let hash: Digest = dispatch.parse().map_err(|_| Problem::not_found(dispatch))?;
    let all = moving(&parts(world, now), now);
    let gone = || Problem::new(axum::http::StatusCode::NOT_FOUND, "web.no_shipment");
    all.into_iter().find(|one| one.dispatch.hash == hash).ok_or_else(gone)
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(dispatch): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let one = find(&app, &visitor, &world, &dispatch, now)?;
    let draft = Draft::fresh(now);
    Ok(whole(&app, &visitor, &world, (&one, asked.done.as_deref()), &draft, now))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(dispatch): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let one = find(&app, &visitor, &world, &dispatch, now)?;
    let typed = Typed::new(pairs);
    let act = [RECEIVE, ending::CALL_OFF, ending::LOST].into_iter().find(|a| *a == typed.act());
    let act = act.ok_or_else(|| Problem::malformed(typed.act()))?;
    let command = ending::read(visitor.words, &one, &typed);
    let command = command.unwrap_or_else(|| read(visitor.words, &one, &typed)).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/shipments", act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let page = whole(&app, &visitor, &world, (&one, None), &draft, now);
            Ok((status, page).into_response())
        }
    }
}

/// The field of a unit's outcome.
fn field_of(unit: &UnitId) -> String {
    format!("outcome-{unit}")
}

fn read(w: Words, one: &Moving, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let scanned = arrived::scanned(w, (&one.parcel, &one.open), typed.get(SCANNED));
    let scanned = scanned.unwrap_or_else(|why| {
        reader.wrong(SCANNED, why);
        None
    });
    let said = |unit: &UnitId| {
        let outcome: Arrival = typed.get(&field_of(unit)).parse().ok()?;
        // Where somebody scans, nothing has arrived that was not scanned.
        let absent = scanned.as_ref().is_some_and(|all| !all.contains(unit));
        (!(absent && outcome == Arrival::Accepted)).then_some((*unit, outcome))
    };
    let outcomes: Vec<_> = one.open.iter().filter_map(said).collect();
    if outcomes.is_empty() {
        reader.wrong("receive-note", w.t("shipment-nothing-said"));
    }
    let note = reader.optional("receive-note");
    let mut boxes = Vec::new();
    for packed in one.parcel.boxes.iter().take(BOX_TENTHS.len()) {
        let at = usize::from(packed.number - 1).min(BOX_TENTHS.len() - 1);
        let text = typed.get(BOX_TENTHS[at]);
        let read = tenths(text);
        if read.is_none() && !text.is_empty() {
            reader.wrong(BOX_TENTHS[at], w.t("typed-no-temperature"));
        }
        if let Ok(state) = typed.get(BOX_STATES[at]).parse::<BoxState>() {
            boxes.push(BoxArrival { number: packed.number, state, tenths: read.into() });
        }
    }
    let dispatch = one.dispatch.clone();
    reader.done(Some(Command::Receive { dispatch, site: None, outcomes, boxes, note }))
}

fn whole(
    app: &App,
    visitor: &Visitor,
    world: &World,
    (one, done): (&Moving, Option<&str>),
    draft: &Draft,
    now: Time,
) -> Html<String> {
    let w = visitor.words;
    let title = way(w, world, one);
    let src = format!("/shipments/{}", one.dispatch.hash);
    let receiver = one.way.to_region == visitor.region && visitor.may(app, Action::ReceiveUnits);
    let sender = one.from_region == visitor.region && visitor.may(app, Action::EndShipment);
    let print = html! {
        @if receiver { a.button.main href="#receive" { (w.t("shipment-receive")) } " " }
        a.button href={ (src) "/print" } { (w.t("phone-print")) }
    };
    let body = html! {
        (page_header(&title, Some(&load(w, one)), Some(&print)))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("shipment", TOPICS, &src, &html! {
            div.panel { (facts(w, one, now)) }
            (section("units", &w.t("shipment-units"), &units(w, world, one)))
        }))
        @if receiver {
            (section("receive", &w.t("shipment-receive"), &receive(w, one, draft, &src)))
        }
        @if sender { (ending::forms(w, one, draft, &src, now)) }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}

fn facts(w: Words, one: &Moving, now: Time) -> Definitions {
    let mut facts = Definitions::new()
        .markup(w.t("shipment-state"), marks(w, one, now))
        .markup(w.t("shipment-eta"), eta(w, one, now))
        .markup(w.t("shipment-sent"), time_tag(w, one.way.sent.0))
        .text(w.t("shipment-carrier"), one.way.carrier.as_deref().unwrap_or("–"))
        .markup(w.t("shipment-record"), record_link(w, &one.dispatch));
    if let Some(leaves) = one.parcel.leaves {
        facts = facts.markup(w.t("send-leaves"), time_tag(w, leaves.0));
    }
    if let Some(number) = &one.parcel.consignment {
        facts = facts.text(w.t("send-consignment"), number);
    }
    if let Some(call) = &one.parcel.cites {
        let href = format!("/shipments/calls/{}", call.call.hash);
        facts = facts.markup(w.t("shipment-call"), html! { a href=(href) { (w.t("call-see")) } });
    }
    if let Some(off) = &one.called_off {
        let left = if off.left { "off-left" } else { "off-never-left" };
        facts = facts.text(w.t("shipment-called-off"), &format!("{}: {}", w.t(left), off.reason));
    }
    if let Some(search) = &one.searched {
        facts = facts.text(w.t("lost-searched"), &search.what);
    }
    if one.parcel.boxes.is_empty() { facts } else { facts.markup(w.t("boxes"), boxes(w, one)) }
}

/// Every box, with how warm it was when it was closed and when it was opened.
fn boxes(w: Words, one: &Moving) -> Markup {
    let celsius = |tenths: Known<i16>| match tenths {
        Known::Value(tenths) => format!("{} °C", w.decimal((i128::from(tenths), 10), 1)),
        Known::Unknown => w.unknown(),
    };
    let all = one.parcel.boxes.len();
    html! {
        ul {
            @for packed in &one.parcel.boxes {
                @let said = one.boxes.iter().find(|said| said.number == packed.number);
                li {
                    (w.t_args("phone-box", &[("n", packed.number.into()), ("all", all.into())]))
                    ": " (w.t_args("stock-units", &[("n", packed.units.len().into())]))
                    ", " (w.t("box-closed-at")) " " (celsius(packed.tenths))
                    @if let Some(logger) = &packed.logger { ", " (w.t("box-logger")) " " (logger) }
                    @if let Some(said) = said {
                        ". " (w.dynamic("box-state-", said.state.as_str()))
                        ", " (w.t("box-opened-at")) " " (celsius(said.tenths))
                    }
                }
            }
        }
    }
}

fn units(w: Words, world: &World, one: &Moving) -> Markup {
    let sender = world.journal(&one.from_region);
    let row = |id: &UnitId| {
        let unit = sender.and_then(|sender| sender.shared().blood.units.get(id));
        let number = html! { a href=(unit_href(id)) { (boxed(w, id.din)) } };
        let row = Row::new(Cell::markup(number)).cell(id.product.to_string());
        let row = match unit {
            Some(unit) => row
                .cell(w.dynamic("product-", unit.product.as_str()))
                .cell(group_text(w, unit.group))
                .cell(time_tag(w, unit.expiry.0)),
            None => row.cell(Cell::unknown(w)).cell(Cell::unknown(w)).cell(Cell::unknown(w)),
        };
        let state =
            if one.missing.contains(id) { "shipment-unit-missing" } else { "shipment-unit-open" };
        // On paper, whoever unpacks ticks each bag off.
        row.cell(w.t(state)).cell(html! { span.tick aria-hidden="true" { "☐" } })
    };
    let table = Table::new(w.t("shipment-units"))
        .caption_hidden()
        .columns([
            Column::text(w.t("unit-din")),
            Column::text(w.t("unit-product-code")),
            Column::text(w.t("unit-product")),
            Column::text(w.t("stock-group")),
            Column::text(w.t("unit-expiry")),
            Column::text(w.t("shipment-state")),
            Column::text(w.t("shipment-tick")),
        ])
        .rows(one.open.iter().map(row));
    html! { (table) }
}

fn receive(w: Words, one: &Moving, draft: &Draft, path: &str) -> Markup {
    let key = draft.key(RECEIVE);
    let scanned =
        Field::text_area(SCANNED, w.t("receive-scan")).hint(w.t("receive-scan-hint")).scanned();
    let mut form = draft
        .form(w, path, RECEIVE, &key, w.t("shipment-receive-do"))
        .field(draft.field(RECEIVE, SCANNED, scanned, ""));
    for packed in one.parcel.boxes.iter().take(BOX_TENTHS.len()) {
        // A box of which nothing is open has been spoken about.
        if !packed.units.iter().any(|unit| one.open.contains(unit)) {
            continue;
        }
        let at = usize::from(packed.number - 1).min(BOX_TENTHS.len() - 1);
        let number = [("n", packed.number.into())];
        let states = BoxState::ALL.iter();
        let states = states.map(|one| (one.to_string(), w.dynamic("box-state-", one.as_str())));
        let states = std::iter::once((String::new(), w.t("shipment-not-said"))).chain(states);
        let state = Field::select(BOX_STATES[at], w.t_args("box-came", &number), states);
        let celsius = Field::text(BOX_TENTHS[at], w.t_args("box-came-at", &number));
        let celsius = celsius.hint(w.t("send-box-temperature-hint"));
        form = form
            .field(draft.field(RECEIVE, BOX_STATES[at], state, BoxState::Intact.as_str()))
            .field(draft.field(RECEIVE, BOX_TENTHS[at], celsius, ""));
    }
    for unit in &one.open {
        let name = field_of(unit);
        let outcomes = Arrival::ALL.iter();
        let outcomes = outcomes
            .filter(|one_of| !(one.missing.contains(unit) && **one_of == Arrival::Missing))
            .map(|one| (one.to_string(), w.dynamic("arrival-", one.as_str())));
        let label =
            format!("{} {} {}", unit.din.spaced(), unit.din.check_character(), unit.product);
        let options = std::iter::once((String::new(), w.t("shipment-not-said"))).chain(outcomes);
        let field = Field::select(&name, label, options);
        let start = if one.missing.contains(unit) { "" } else { Arrival::Accepted.as_str() };
        form = form.field(draft.field(RECEIVE, &name, field, start));
    }
    let note = Field::text_area("receive-note", w.t("shipment-note")).hint(w.t("form-shared-hint"));
    form = form.field(draft.field(RECEIVE, "receive-note", note, ""));
    html! { div.panel { p { (w.t("shipment-receive-means")) } (form) } }
}
