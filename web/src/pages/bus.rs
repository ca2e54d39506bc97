//! Blodbussen: what a region lends its bus, and how far the bus' work has come home; on the bus,
//! taking the loan.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donors::model::AppointmentState;
use samband_domain::kernel::{OwnerKind, SiteKind};
use samband_domain::mobile::Command;
use samband_domain::mobile::view::waiting;
use samband_domain::words::{CallUpId, SessionId};
use samband_domain::{DonorId, JournalId, RecordRef, Region, SiteId};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::region_name;
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::stock::{local, site_name};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Field, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::text::Words;

const LEND: &str = "lend-bus";
const TAKE: &str = "take-loan";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/bus", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &draft, asked.done.as_deref()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, typed) = (app.engine.world(), Typed::new(pairs));
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let act = match typed.act() {
        LEND => LEND,
        TAKE => TAKE,
        other => return Err(Problem::malformed(other)),
    };
    let command = match act {
        LEND => lend(visitor.words, region, &typed),
        _ => take(visitor.words, &world, &visitor.region, &typed),
    };
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done("/bus", act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)).into_response())
        }
    }
}

/// Whom a list or a session holds: `list:…` or `session:…`.
fn donors(region: &Region, chosen: &str) -> Option<Vec<DonorId>> {
    let own = &region.own.donors;
    let (kind, id) = chosen.split_once(':')?;
    match kind {
        "list" => {
            let list = own.lists.get(&CallUpId::new(id).ok()?)?;
            Some(list.donors.keys().cloned().collect())
        }
        "session" => {
            let session = SessionId::new(id).ok()?;
            let booked = own
                .appointments
                .values()
                .filter(|one| one.session == session && one.state == AppointmentState::Booked);
            let mut all: Vec<_> = booked.map(|one| one.donor.clone()).collect();
            all.sort();
            all.dedup();
            Some(all)
        }
        _ => None,
    }
}

fn lend(w: Words, region: &Region, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let unit: Option<JournalId> = reader.value("bus-unit");
    let site: Option<SiteId> = reader.value("bus-site");
    let donors = donors(region, &reader.text("bus-donors"));
    if donors.is_none() {
        reader.wrong("bus-donors", w.t("typed-unreadable"));
    }
    let until = local(typed.get("bus-until"), "23:59");
    if until.is_none() {
        reader.wrong("bus-until", w.t("typed-unreadable"));
    }
    let read = unit.zip(site).zip(donors.zip(until));
    reader.done(read.map(|((unit, site), (donors, until))| Command::Lend {
        unit,
        site,
        donors,
        until,
    }))
}

fn take(w: Words, world: &World, own: &JournalId, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let from: Option<JournalId> = reader.value("loan-from");
    let site: Option<SiteId> = reader.value("loan-site");
    let loan = from.and_then(|from| offered(world, own).into_iter().find(|(id, _)| *id == from));
    if loan.is_none() {
        reader.wrong("loan-from", w.t("typed-unreadable"));
    }
    reader.done(loan.zip(site).map(|((_, loan), site)| Command::Take { loan, site }))
}

/// Loans to this journal that it has not taken, by who lends.
fn offered(world: &World, own: &JournalId) -> Vec<(JournalId, RecordRef)> {
    let taken = world.local(own).and_then(|region| region.shared.mobile.home.clone());
    let taken = taken.map(|home| home.loan);
    let lent = |id: &JournalId| {
        let lent = world.journal(id)?.shared().mobile.lent.get(own)?;
        (Some(&lent.at) != taken.as_ref()).then(|| (id.clone(), lent.at.clone()))
    };
    world.journals.keys().filter_map(lent).collect()
}

fn kind_of(world: &World, id: &JournalId) -> Option<OwnerKind> {
    let facts = world.journal(id)?.shared().kernel.journal.as_ref()?;
    Some(facts.owner.kind)
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, said: Option<&str>) -> Html<String> {
    let (w, world) = (visitor.words, app.engine.world());
    let on_bus = kind_of(&world, &visitor.region) == Some(OwnerKind::MobileUnit);
    let inner = match world.local(&visitor.region) {
        Some(region) if on_bus => on_the_bus(app, visitor, region, draft),
        Some(region) => at_home(app, visitor, region, draft),
        None => html! {},
    };
    let (title, lead) = match on_bus {
        true => (w.t("bus-title-away"), w.t("bus-lead-away")),
        false => (w.t("bus-title"), w.t("bus-lead")),
    };
    let body = html! {
        (page_header(&title, Some(&lead), None))
        (done_note(w, said))
        (inner)
    };
    page(app, visitor, &title, &[], &body)
}

fn sites(region: &Region) -> Vec<(String, String)> {
    let mobile = |kind: SiteKind| kind == SiteKind::MobileUnit;
    let sites = region.shared.kernel.sites.values().filter(|site| mobile(site.kind));
    sites.map(|site| (site.id.to_string(), site.name.clone())).collect()
}

fn at_home(app: &App, visitor: &Visitor, region: &Region, draft: &Draft) -> Markup {
    let (w, world) = (visitor.words, app.engine.world());
    let is_bus = |id: &&JournalId| kind_of(&world, id) == Some(OwnerKind::MobileUnit);
    let units: Vec<_> = world.journals.keys().filter(is_bus).cloned().collect();
    if units.is_empty() {
        return html! { (EmptyState::new(&w.t("bus-none"), &w.t("bus-none-text"))) };
    }
    let home = &region.shared.mobile;
    let mut table = Table::new(w.t("bus-units")).columns([
        Column::text(w.t("bus-unit")),
        Column::text(w.t("bus-lent")),
        Column::text(w.t("bus-until")),
        Column::text(w.t("bus-home")),
    ]);
    for id in &units {
        let lent = home.lent.get(id);
        let open = world
            .journal(id)
            .map_or(0, |bus| waiting(home, &visitor.region, &bus.shared().mobile, id));
        let conflicts = home.conflicts.iter().filter(|(at, _)| at.journal == *id).count();
        let come = html! {
            @if open > 0 {
                (tag(Status::Attention, &w.t_args("bus-waiting", &[("n", open.into())]))) " "
            } @else { (w.t("bus-all-home")) " " }
            @if conflicts > 0 {
                (tag(Status::Gap, &w.t_args("bus-conflicts", &[("n", conflicts.into())])))
            }
        };
        let (what, until) = match lent {
            Some(lent) => (
                w.t_args("bus-lent-donors", &[("n", lent.donors.into())]),
                time_tag(w, lent.until.0),
            ),
            None => (w.t("bus-nothing-lent"), html! { "–" }),
        };
        let row = Row::new(region_name(&world, id)).cell(what);
        table = table.row(row.cell(Cell::markup(until)).cell(Cell::markup(come)));
    }
    let conflicts = section("conflicts", &w.t("bus-not-agreed"), &disagreements(w, region));
    html! {
        (table)
        @if !home.conflicts.is_empty() { (conflicts) }
        @if visitor.may(app, Action::LendBus) {
            (section("lend", &w.t("bus-lend"), &lend_form(visitor, &world, region, &units, draft)))
        }
    }
}

/// What did not agree when it came home, the latest first.
fn disagreements(w: Words, region: &Region) -> Markup {
    html! {
        ul.plain {
            @for (at, what) in region.shared.mobile.conflicts.iter().rev().take(20) {
                li {
                    (at.journal) " " (at.epoch) ":" (at.seq) ": "
                    @for one in what { (w.dynamic("bus-conflict-", one.as_str())) " " }
                }
            }
        }
    }
}

fn lend_form(
    visitor: &Visitor,
    world: &World,
    region: &Region,
    units: &[JournalId],
    draft: &Draft,
) -> Markup {
    let w = visitor.words;
    let own = &region.own.donors;
    let units = units.iter().map(|id| (id.to_string(), region_name(world, id)));
    let lists = own.lists.iter().filter(|(_, list)| list.closed.is_none()).map(|(id, list)| {
        let args = [("name", (&list.name).into()), ("n", list.donors.len().into())];
        (format!("list:{id}"), w.t_args("bus-from-list", &args))
    });
    let sessions = region.shared.donors.sessions.iter();
    let sessions = sessions.filter(|(_, one)| one.closed.is_none()).map(|(id, one)| {
        let site = site_name(world, &visitor.region, &one.facts.site);
        let day = w.date(one.facts.window.from().0);
        let args = [("site", site.into()), ("day", day.into())];
        (format!("session:{id}"), w.t_args("bus-from-session", &args))
    });
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let key = draft.key(LEND);
    let field = |name, field: Field| draft.field(LEND, name, field.required(), "");
    let form = draft
        .form(w, "/bus", LEND, &key, w.t("bus-lend-do"))
        .field(field("bus-unit", Field::select("bus-unit", w.t("bus-unit"), choose().chain(units))))
        .field(field(
            "bus-site",
            Field::select("bus-site", w.t("bus-site"), choose().chain(sites(region)))
                .hint(w.t("bus-site-hint")),
        ))
        .field(field(
            "bus-donors",
            Field::select("bus-donors", w.t("bus-donors"), choose().chain(lists).chain(sessions))
                .hint(w.t("bus-donors-hint")),
        ))
        .field(field(
            "bus-until",
            Field::text("bus-until", w.t("bus-until")).hint(w.t("shipment-eta-hint")),
        ));
    html! { (draft.banner(w)) (form) }
}

fn on_the_bus(app: &App, visitor: &Visitor, region: &Region, draft: &Draft) -> Markup {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let mobile = &region.shared.mobile;
    let open = mobile.home.as_ref().map(|home| {
        let id = &home.loan.journal;
        let there = world.journal(id).map(|journal| journal.shared().mobile.clone());
        waiting(&there.unwrap_or_default(), id, mobile, &visitor.region)
    });
    let offers = offered(&world, &visitor.region);
    let from = offers.iter().map(|(id, _)| (id.to_string(), region_name(&world, id)));
    let key = draft.key(TAKE);
    let form = draft
        .form(w, "/bus", TAKE, &key, w.t("bus-take-do"))
        .field(draft.field(
            TAKE,
            "loan-from",
            Field::select("loan-from", w.t("bus-from"), from).required(),
            "",
        ))
        .field(draft.field(
            TAKE,
            "loan-site",
            Field::select("loan-site", w.t("bus-own-site"), sites(region)).required(),
            "",
        ));
    html! {
        @if !offers.is_empty() && visitor.may(app, Action::TakeLoan) {
            @let form = html! { (draft.banner(w)) (form) };
            (section("take", &w.t("bus-take"), &form))
        }
        @match &mobile.home {
            Some(home) => p {
                (w.t("bus-loan-until")) " " (time_tag(w, home.until.0)) " "
                @if home.until <= now { (tag(Status::Gap, &w.t("bus-loan-over"))) }
            },
            None if offers.is_empty() => {
                (EmptyState::new(&w.t("bus-no-loan"), &w.t("bus-no-loan-text")))
            }
            None => {}
        }
        @match open {
            Some(0) => p { (w.t("bus-all-home")) },
            Some(open) => p {
                (tag(Status::Attention, &w.t_args("bus-waiting", &[("n", open.into())])))
            },
            None => {}
        }
        p { a.button href="/donors" { (w.t("bus-to-donors")) } " "
            a.button href="/donations/new" { (w.t("bus-to-collect")) } }
    }
}
