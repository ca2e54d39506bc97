//! One withdrawal: what is open, region by region, unit by unit, and what to do about it.

mod forms;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::donations;
use samband_domain::donations::command::withdrawal::Command;
use samband_domain::donations::model::withdrawal::{FollowUp, Found, Outcome, Target};
use samband_domain::donations::view::withdrawal::{Account, Accounts, Part};
use samband_domain::{JournalId, Time};
use samband_engine::World;
use serde::Deserialize;

use crate::app::stock::site_name;
use crate::app::withdrawals::{Case, TOPICS, find, href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, Note, Row, Status, Table, live_region, page_header, section, tag,
    time_tag,
};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{record_link, region_name};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const FOLLOW: &str = "follow-withdrawal";
const TELL: &str = "tell-withdrawal";
const CLOSE: &str = "close-withdrawal";
const DISCARD: &str = "discard-withdrawn";

/// Regions that hear each other answer within seconds; before this nobody is told to telephone.
const ANSWERS_WITHIN_SECONDS: i64 = 120;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/withdrawals/{hash}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let world = app.engine.world();
    let case = find(&world, &visitor.region, &hash)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, (&world, &case), &draft, asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(hash): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let world = app.engine.world();
    let case = find(&world, &visitor.region, &hash)?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let command = if act == DISCARD {
        read_discard(visitor.words, &typed)
    } else {
        let command = read(visitor.words, &case, &typed)?;
        command.map(|command| donations::Command::Withdrawal(command).into())
    };
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&href(&case.called.at.hash), &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, (&world, &case), &draft, None)).into_response())
        }
    }
}

fn read(w: Words, case: &Case, typed: &Typed) -> Result<Result<Command, Errors>, Problem> {
    let mut reader = Reader::new(w, typed);
    let withdrawal = case.called.at.clone();
    Ok(match typed.act() {
        FOLLOW => {
            let unit: Option<UnitId> = unit_of(&mut reader, "follow-unit");
            let done: Option<FollowUp> = reader.value("follow-done");
            let note = reader.optional("follow-note");
            let both = unit.zip(done);
            reader.done(both.map(|(unit, done)| Command::Follow { withdrawal, unit, done, note }))
        }
        TELL => {
            let from: Option<JournalId> = reader.value("tell-from");
            let note = reader.text("tell-note");
            // What was told unit by unit is followed up unit by unit; here stands that they
            // answered, by whom and when.
            let fates = Vec::new();
            reader.done(from.map(|from| Command::Tell { withdrawal, from, fates, note }))
        }
        CLOSE => {
            let outcome: Option<Outcome> = reader.value("close-outcome");
            let note = reader.text("close-note");
            reader.done(outcome.map(|outcome| Command::Conclude { withdrawal, outcome, note }))
        }
        other => return Err(Problem::malformed(other)),
    })
}

fn read_discard(w: Words, typed: &Typed) -> Result<samband_domain::Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let found = samband_exchange::stock::counted(&reader.text("discard-units"));
    if let Some(bad) = found.bad.first() {
        let reason = crate::app::import::words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong("discard-units", w.t_args("scan-bad-line", &args));
    }
    let (units, reason) = (found.units, samband_domain::blood::model::DiscardReason::Recall);
    let command = samband_domain::blood::Command::Discard { units, reason, note: None };
    reader.done(Some(command.into()))
}

fn unit_of(reader: &mut Reader<'_>, name: &'static str) -> Option<UnitId> {
    let text = reader.text(name);
    crate::app::stock::unit(&text).ok()
}

fn whole(
    app: &App,
    visitor: &Visitor,
    (world, case): (&World, &Case),
    draft: &Draft,
    done: Option<&str>,
) -> Html<String> {
    let (w, now) = (visitor.words, app.engine.now());
    let sums = case.accounts();
    let reason = w.dynamic("call-reason-", case.called.reason.as_str());
    let title = w.t_args("withdrawal-title", &[("reason", reason.into())]);
    let src = href(&case.called.at.hash);
    let body = html! {
        (page_header(&title, None, None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("case", TOPICS, &src, &html! {
            (next_step(w, world, case, &sums, now))
            (facts(app, visitor, world, case, now))
            (section("regions", &w.t("withdrawal-regions"), &regions(w, world, case, &sums, now)))
            (section("units", &w.t("withdrawal-unit-list"), &units(w, world, &sums)))
            (recipients(app, visitor, world, case))
        }))
        (live_region("case-forms", TOPICS, &src,
            &forms::all(app, visitor, (world, case), &sums, draft)))
    };
    page(app, visitor, &title, &[("/withdrawals", w.t("withdrawals-title"))], &body)
}

/// The one thing to do next, with the clock.
fn next_step(w: Words, world: &World, case: &Case, sums: &Accounts, now: Time) -> Markup {
    let age = w.age(case.called.since.0, now.0);
    if let Some(end) = &case.called.closed {
        let outcome = w.dynamic("withdrawal-outcome-", end.outcome.as_str());
        let args = [("outcome", outcome.into()), ("when", w.date_time(end.when.0).into())];
        let text = w.t_args("withdrawal-is-closed", &args);
        return html! { (Note::info(w, &text)) };
    }
    let silent: Vec<_> = sums.silent().map(|id| region_name(world, id)).collect();
    let open = sums.open().count();
    let fresh = now.since(case.called.since) < ANSWERS_WITHIN_SECONDS * 1_000_000;
    let text = if !silent.is_empty() && fresh {
        w.t_args("withdrawal-next-asked", &[("regions", silent.join(", ").into())])
    } else if !silent.is_empty() {
        let args = [("regions", silent.join(", ").into()), ("age", age.into())];
        w.t_args("withdrawal-next-silent", &args)
    } else if open > 0 {
        w.t_args("withdrawal-next-open", &[("n", open.into()), ("age", age.into())])
    } else if let Some(before) = &case.called.assessed {
        let outcome = w.dynamic("withdrawal-outcome-", before.outcome.as_str());
        w.t_args("withdrawal-next-second", &[("outcome", outcome.into())])
    } else {
        w.t("withdrawal-next-end")
    };
    html! { (Note::warning(w, &text)) }
}

fn facts(app: &App, visitor: &Visitor, world: &World, case: &Case, now: Time) -> Markup {
    let (w, called) = (visitor.words, &case.called);
    let dins = html! {
        @for (n, din) in called.dins.iter().take(50).enumerate() {
            @if n > 0 { ", " }
            a href={ "/units/" (din) } { span.nowrap { (din.spaced()) } }
        }
        @if called.dins.len() > 50 { " … (" (w.int(called.dins.len())) ")" }
        @if called.dins.is_empty() { (w.t("withdrawal-no-donation")) }
    };
    let mut facts = Definitions::new()
        .text(w.t("withdrawal-case"), called.case.as_str())
        .text(w.t("withdrawal-by"), &region_name(world, &case.owner))
        .markup(
            w.t("withdrawal-since"),
            html! {
                (time_tag(w, called.since.0)) " " span.fine { (w.age(called.since.0, now.0)) }
            },
        )
        .markup(w.t("withdrawal-donations"), dins);
    if let Some(lot) = &called.lot {
        let kind = w.dynamic("lot-kind-", lot.kind.as_str());
        facts = facts.text(w.t("withdrawal-lot"), &format!("{kind} {}", lot.lot));
    }
    let local = world.local(&case.owner).filter(|_| case.owner == visitor.region);
    let grounds = local.and_then(|own| own.own.donations.calls.grounds.get(&called.at.hash));
    if let Some(grounds) = grounds.filter(|_| visitor.may(app, Action::CallBack)) {
        let donors = html! {
            @for donor in &grounds.donors {
                a href={ "/donors/" (donor) } { (donor) } " "
            }
        };
        if visitor.may(app, Action::SeeDonors) && !grounds.donors.is_empty() {
            facts = facts.markup(w.t("withdrawal-donors"), donors);
        }
        let of = match &grounds.target {
            Target::Donor(_) => "donor",
            Target::Donations(_) => "donation",
            Target::Unit(_) => "unit",
            Target::Lot(_) => "lot",
        };
        facts = facts.text(w.t("withdrawal-of"), &w.dynamic("withdrawal-of-", of));
        if let Some(note) = &grounds.note {
            facts = facts.text(w.t("withdrawal-note"), note);
        }
    }
    facts = facts.markup(w.t("shipment-record"), record_link(w, &called.at));
    html! {
        @for gap in gaps(w, case) { (Note::warning(w, &gap)) }
        (facts)
    }
}

/// What of the past is not known, each once.
fn gaps(w: Words, case: &Case) -> Vec<String> {
    let mut all: Vec<_> = case.called.gaps.iter().map(|(_, gap)| *gap).collect();
    all.sort_unstable();
    all.dedup();
    let text = |gap: samband_domain::donations::model::withdrawal::Gap| {
        let of = |(din, one): &(Option<samband_domain::blood::model::Din>, _)| {
            (*one == gap).then_some(*din).flatten()
        };
        let dins: Vec<_> =
            case.called.gaps.iter().filter_map(of).take(5).map(|din| din.to_string()).collect();
        let text = w.dynamic("withdrawal-gap-", gap.as_str());
        if dins.is_empty() { text } else { format!("{text} ({})", dins.join(", ")) }
    };
    all.into_iter().map(text).collect()
}

fn regions(w: Words, world: &World, case: &Case, sums: &Accounts, now: Time) -> Markup {
    let row = |part: &Part| {
        let since = case.called.since;
        let state = if part.by_telephone {
            tag(Status::OneSided, &w.t("withdrawal-by-telephone"))
        } else if part.answered {
            tag(Status::Binding, &w.t("withdrawal-answered"))
        } else if now.since(since) < ANSWERS_WITHIN_SECONDS * 1_000_000 {
            tag(Status::Unknown, &w.t("withdrawal-asked"))
        } else {
            let age = w.age(since.0, now.0);
            tag(Status::Gap, &w.t_args("withdrawal-silent-since", &[("age", age.into())]))
        };
        let found = match (part.answered, part.units) {
            (false, 0) => html! { span.unknown { (w.unknown()) } },
            (_, units) => html! { (w.int(units)) },
        };
        Row::new(region_name(world, &part.region)).cell(state).cell(found)
    };
    let table = Table::new(w.t("withdrawal-regions"))
        .caption_hidden()
        .columns([
            Column::text(w.t("stock-region")),
            Column::text(w.t("withdrawal-state")),
            Column::number(w.t("withdrawal-units")),
        ])
        .rows(sums.parts.iter().map(row));
    html! { (table) }
}

/// What a region found of a unit, in words.
pub(super) fn found_text(w: Words, world: &World, region: &JournalId, found: &Found) -> String {
    let text = w.dynamic("withdrawal-found-", found.as_str());
    match found {
        Found::Held { site } | Found::HandedOver { site } => {
            format!("{text}, {}", site_name(world, region, site))
        }
        Found::SentOn { to } => format!("{text} {}", region_name(world, to)),
        Found::Industry { lot } => format!("{text} {lot}"),
        _ => text,
    }
}

fn units(w: Words, world: &World, sums: &Accounts) -> Markup {
    if sums.units.is_empty() {
        return html! { p { (w.t("withdrawal-no-units")) } };
    }
    let row = |one: &Account| {
        let followed = one.followed.map(|done| w.dynamic("follow-up-", done.as_str()));
        let unit = &one.unit;
        let trace = format!("/trace/{}/{}", unit.din, unit.product);
        Row::new(Cell::link(&trace, &unit.to_string()))
            .cell(region_name(world, &one.region))
            .cell(found_text(w, world, &one.region, &one.found))
            .cell(followed.unwrap_or_else(|| "–".to_owned()))
            .cell(match one.open {
                true => tag(Status::Attention, &w.t("withdrawal-open")),
                false => tag(Status::Known, &w.t("withdrawal-accounted")),
            })
    };
    let table = Table::new(w.t("withdrawal-unit-list"))
        .caption_hidden()
        .columns([
            Column::text(w.t("trace-unit")),
            Column::text(w.t("stock-region")),
            Column::text(w.t("withdrawal-found")),
            Column::text(w.t("withdrawal-followed")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(sums.units.iter().map(row));
    html! { (table) }
}

/// Whom the units went to, for those who look after them in this region.
fn recipients(app: &App, visitor: &Visitor, world: &World, case: &Case) -> Markup {
    let w = visitor.words;
    let own = world.local(&visitor.region);
    let calls = own.map(|region| &region.own.donations.calls);
    let held = calls.and_then(|calls| calls.requests.get(&case.called.at.hash));
    let Some(held) = held.filter(|held| !held.is_empty()) else { return html! {} };
    if !visitor.may(app, Action::SeePatients) {
        return html! {};
    }
    let row = |(unit, request): (&UnitId, &samband_domain::RequestId)| {
        let href = format!("/requests/{request}");
        Row::new(unit.to_string()).cell(Cell::link(&href, request.as_str()))
    };
    let table = Table::new(w.t("withdrawal-recipients"))
        .caption_hidden()
        .columns([Column::text(w.t("trace-unit")), Column::text(w.t("withdrawal-request"))])
        .rows(held.iter().map(row));
    section(
        "recipients",
        &w.t("withdrawal-recipients"),
        &html! {
            p { (w.t("withdrawal-recipients-lead")) }
            (table)
        },
    )
}
