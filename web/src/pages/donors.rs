//! Donors of the own region: found by number, name or donation, and registered.

pub(crate) mod forms;
mod one;
mod parts;
mod read;
pub(crate) mod said;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, Render, html};
use samband_access::Action;
use samband_domain::blood::model::Din;
use samband_domain::donors::{Command, view};
use samband_domain::words::{Day, PersonNumber};
use samband_domain::{DonorId, Known, Region, Time};
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{Cell, Column, Field, Form, Note, Row, Table, page_header, section};
use crate::text::Words;

pub(crate) use said::verdict_tag;

const REGISTER: &str = "donor-register";
const GUEST: &str = "donor-guest";

/// Donors shown of a search by name.
const FOUND_MAX: usize = 20;

/// Whom one looks for, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    q: Option<String>,
    number: Option<String>,
    guest: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/donors", get(show))
        .route("/donors/new", get(new).post(register))
        .merge(one::routes())
}

/// The donor that a number or a donation leads to.
pub(crate) fn find(region: &Region, text: &str) -> Option<DonorId> {
    let own = &region.own.donors;
    let capital = text.trim().to_uppercase();
    let by_number = capital.parse::<PersonNumber>().ok();
    let by_number = by_number.and_then(|number| view::find(own, &number)).map(|found| found.0);
    let by_din = || {
        let din: Din = crate::app::stock::din(&capital).ok()?;
        region.own.donations.files.get(&din)?.giver.donor.as_ref()
    };
    by_number.or_else(by_din).map(|id| view::standing(own, id).clone())
}

/// The own region.
pub(crate) fn local<'a>(
    world: &'a samband_engine::World,
    visitor: &Visitor,
) -> Result<&'a Region, Problem> {
    world.local(&visitor.region).ok_or_else(|| Problem::not_found(visitor.region.as_str()))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, w) = (app.engine.world(), visitor.words);
    let region = local(&world, &visitor)?;
    let q = asked.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    if let Some(found) = q.and_then(|q| find(region, q)) {
        return Ok(Redirect::to(&format!("/donors/{found}")).into_response());
    }
    let named = q.map(|q| view::search(&region.own.donors, q, FOUND_MAX)).unwrap_or_default();
    let registers = visitor.may(&app, Action::KeepDonors);
    let field = Field::text("q", w.t("donors-find")).hint(w.t("donors-find-hint"));
    let form = Form::get(w, "/donors", w.t("donors-find-do"))
        .field(field.value(q.unwrap_or_default()).required());
    let new = html! {
        @if registers { a.button.main href="/donors/new" { (w.t("donors-to-new")) } }
    };
    let title = w.t("donors-title");
    let body = html! {
        (page_header(&title, Some(&w.t("donors-lead")), Some(&new)))
        (done_note(w, asked.done.as_deref()))
        @if let Some(q) = q {
            @if named.is_empty() { (nobody(w, q, registers)) } @else { (found(w, &named)) }
        }
        div.panel { (form) }
        (section("ready", &w.t("donors-ready"), &ready(w, region)))
    };
    let status =
        if q.is_some() && named.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    Ok((status, page(&app, &visitor, &title, &[], &body)).into_response())
}

/// That nobody was found, and the way on.
fn nobody(w: Words, q: &str, registers: bool) -> Markup {
    let digits = q.chars().any(|c| c.is_ascii_digit());
    let wrong = match q.to_uppercase().parse::<PersonNumber>() {
        Err(error) if digits => Some(w.t(read::number_error(error))),
        _ => None,
    };
    let text = html! {
        (w.t_args("donors-nobody", &[("q", q.into())])) " "
        @match &wrong {
            Some(wrong) => { (wrong) }
            None if registers && digits => {
                a href={ "/donors/new?number=" (q) } { (w.t("donors-register-this")) }
            }
            None => {}
        }
    };
    html! { (Note::warning(w, &text)) }
}

/// Donors with the name that was looked for, told apart by their birth.
fn found(w: Words, named: &[(&DonorId, &samband_domain::donors::model::Donor)]) -> Markup {
    let rows = named.iter().map(|(id, donor)| {
        let born = donor.identity.born().value().map_or_else(|| w.unknown(), |day| day.to_string());
        Row::new(Cell::link(&format!("/donors/{id}"), &donor.identity.name))
            .cell(born)
            .cell(said::group(w, donor.group))
    });
    let table = Table::new(w.t("donors-found")).columns([
        Column::text(w.t("donor-name")),
        Column::text(w.t("donor-born")),
        Column::text(w.t("donor-group")),
    ]);
    table.rows(rows).render()
}

/// The ways on: whom to call, who could switch, whom nobody calls, who comes today.
fn ready(w: Words, region: &Region) -> Markup {
    let all = region.own.donors.donors.values().filter(|donor| donor.into.is_none()).count();
    html! {
        ul {
            li { (w.t_args("donors-count", &[("n", all.into())])) }
            li { a href="/call-ups/switch" { (w.t("call-ups-switch")) } }
            li { a href="/call-ups/silent" { (w.t("call-ups-silent")) } }
            li { a href="/appointments" { (w.t("donors-to-appointments")) } }
        }
    }
}

async fn new(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::KeepDonors, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(registration(&app, &visitor, &draft, &asked))
}

fn registration(app: &App, visitor: &Visitor, draft: &Draft, asked: &Asked) -> Html<String> {
    let (w, world) = (visitor.words, app.engine.world());
    let guest = draft.is(GUEST) || asked.guest.is_some();
    let act = if guest { GUEST } else { REGISTER };
    let key = draft.key(act);
    let number = asked.number.as_deref().unwrap_or_default();
    let mut form = draft
        .form(
            w,
            "/donors/new",
            act,
            &key,
            w.t(if guest { "donor-guest-do" } else { "donor-register-do" }),
        )
        .cancel("/donors", w.t("import-cancel"));
    let put = |name: &str, field, start: &str| draft.field(act, name, field, start);
    if guest {
        let field =
            Field::text("pass-code", w.t("donor-pass-code")).hint(w.t("donor-pass-code-hint"));
        form = form.field(put("pass-code", field.required(), ""));
    }
    form = forms::identity_fields(w, form, put, None, number);
    let sites = forms::sites(&world, &visitor.region);
    let field = Field::select("site", w.t("donor-site"), forms::choose(w, sites));
    form = form.field(put("site", field, ""));
    if !guest {
        for kind in forms::KINDS {
            let start = if kind.0 == "whole_blood" { "on" } else { "" };
            let field = Field::check_box(kind.1, w.dynamic("donor-kind-", kind.0));
            form = form.field(put(kind.1, field, start));
        }
        let field = Field::check_box("may-call", w.t("donor-may-call"));
        form = form.field(put("may-call", field, "on"));
    }
    form = forms::earlier_fields(w, form, put);
    let title = w.t(if guest { "donor-guest" } else { "donor-register" });
    let lead = w.t(if guest { "donor-guest-lead" } else { "donor-register-lead" });
    let other = html! {
        @if guest { a.button href="/donors/new" { (w.t("donor-register")) } }
        @else { a.button href="/donors/new?guest=yes" { (w.t("donor-guest")) } }
    };
    let body = html! {
        (page_header(&title, Some(&lead), Some(&other)))
        (draft.banner(w))
        div.panel #do { (form) }
    };
    page(app, visitor, &title, &[("/donors", w.t("donors-title"))], &body)
}

async fn register(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::KeepDonors, &visitor.region)?;
    let (w, typed) = (visitor.words, Typed::new(pairs));
    let act = typed.act().to_owned();
    let mut reader = Reader::new(w, &typed);
    let identity = read::identity(w, &mut reader, &typed);
    let number = identity.as_ref().map(|identity| identity.number.clone());
    let earlier = read::earlier(w, &mut reader, &typed);
    let site = reader.optional_value("site");
    let command =
        match act.as_str() {
            REGISTER => {
                let terms = read::terms(w, &mut reader, &typed, site);
                identity.zip(terms).zip(earlier).map(|((identity, terms), earlier)| {
                    Command::Register { identity, terms, earlier }
                })
            }
            GUEST => {
                let code = reader.text("pass-code").to_lowercase();
                let world = app.engine.world();
                let pass = pass_with(&world, &visitor, &code);
                if pass.is_none() && !code.is_empty() {
                    reader.wrong("pass-code", w.t("donor-pass-not-found"));
                }
                identity.zip(pass).zip(earlier).map(|((identity, pass), earlier)| {
                    Command::RegisterGuest { pass, code, identity, site, earlier }
                })
            }
            _ => return Err(Problem::malformed(&act)),
        };
    let command = reader.done(command.map(Into::into));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let world = app.engine.world();
            let own = world.local(&visitor.region).map(|region| &region.own.donors);
            let found = number.and_then(|number| own?.by_number.get(&number).cloned());
            let path = found.map_or_else(|| "/donors".into(), |id| format!("/donors/{id}"));
            Ok(done(&path, &act))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, registration(&app, &visitor, &draft, &Asked::default())).into_response())
        }
    }
}

/// The record of another region's pass with a code.
pub(crate) fn pass_with(
    world: &samband_engine::World,
    visitor: &Visitor,
    code: &str,
) -> Option<samband_domain::RecordRef> {
    let others = world.shared().into_iter().filter(|(id, _)| *id != visitor.region);
    let mut passes = others.filter_map(|(_, shared)| view::pass_with(&shared.donors, code));
    passes.next().map(|(_, pass)| pass.at.clone())
}

/// How old somebody is today.
pub(crate) fn age(donor: &samband_domain::donors::model::Donor, now: Time) -> Known<u8> {
    view::age(donor, Day::of(now).date())
}
