//! Kallelser: lists of donors to call, made from a filter, and what came of each call.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::Group;
use samband_domain::donors::Command;
use samband_domain::donors::model::{CallUp, Donor, Filter, Outcome};
use samband_domain::donors::view;
use samband_domain::kernel::ReadOf;
use samband_domain::words::{CallUpId, Day};
use samband_domain::{DonorId, Known, Region, Time};
use serde::Deserialize;

use super::donors::{forms, local};
use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor, fresh_key, note_reads};
use crate::components::{
    Cell, Column, EmptyState, Field, KEY_FIELD, Row, Table, page_header, section, time_tag,
};
use crate::text::Words;

const MAKE: &str = "call-up-make";
const NOTE: &str = "call-up-note";
const CLOSE: &str = "call-up-close";

/// Why donors are read about here; a key of the catalogue.
const PURPOSE: &str = "call_up";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/call-ups", get(show).post(make))
        .route("/call-ups/silent", get(silent))
        .route("/call-ups/switch", get(switch))
        .route("/call-ups/{list}", get(one).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    all(&app, &visitor, &draft, asked.done.as_deref())
}

async fn make(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CallDonors, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != MAKE {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let world = app.engine.world();
            let lists = &local(&world, &visitor)?.own.donors.lists;
            let newest = lists.iter().max_by_key(|(_, list)| list.made);
            let path = newest.map_or("/call-ups".to_owned(), |(id, _)| format!("/call-ups/{id}"));
            Ok(done(&path, MAKE))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, all(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let name = reader.text("name");
    let (kind, on) = (reader.value("kind"), reader.value("on"));
    let group: Option<Group> = reader.optional_value("group");
    let site = reader.optional_value("site");
    let last_before = reader.optional_value("before");
    let most = reader.value("most");
    let filter = kind.zip(on).zip(most).map(|((kind, on), most)| Filter {
        kind,
        on,
        group,
        site,
        last_before,
        most,
    });
    reader.done(filter.map(|filter| Command::MakeList { name, filter }))
}

fn all(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    act: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let region = local(&world, visitor)?;
    let title = w.t("call-ups-title");
    let body = html! {
        (page_header(&title, Some(&w.t("call-ups-lead")), None))
        (done_note(w, act))
        (draft.banner(w))
        (lists(w, region))
        @if visitor.may(app, Action::CallDonors) {
            (section("make", &w.t("call-up-make"), &html! {
                div.panel #do { (form(w, app, visitor, draft)) }
            }))
        }
        (section("others", &w.t("call-ups-more"), &html! {
            ul {
                li { a href="/call-ups/switch" { (w.t("call-ups-switch-title")) } }
                li { a href="/call-ups/silent" { (w.t("call-ups-silent-title")) } }
                li { a href="/plan/call-ups" { (w.t("call-ups-plan")) } }
            }
        }))
    };
    let crumbs = [("/donors", w.t("donors-title"))];
    Ok(page(app, visitor, &title, &crumbs, &body))
}

/// Open lists first, with how far each has come.
fn lists(w: Words, region: &Region) -> Markup {
    let mut all: Vec<_> = region.own.donors.lists.iter().collect();
    all.sort_by_key(|(_, list)| (list.closed.is_some(), std::cmp::Reverse(list.made)));
    let row = |(id, list): &(&CallUpId, &CallUp)| {
        let (called, yes) = progress(list);
        Row::new(Cell::link(&format!("/call-ups/{id}"), &list.name))
            .cell(Cell::count(w, Some(list.donors.len())))
            .cell(Cell::count(w, Some(called)))
            .cell(Cell::count(w, Some(yes)))
            .cell(html! {
                @if list.closed.is_some() { (w.t("call-up-closed")) }
                @else { (w.t("call-up-open")) }
            })
    };
    let (title, text) = (w.t("call-ups-none"), w.t("call-ups-none-text"));
    let table = Table::new(w.t("call-ups-title")).caption_hidden().columns([
        Column::text(w.t("call-up-name")),
        Column::number(w.t("call-up-donors")),
        Column::number(w.t("call-up-called")),
        Column::number(w.t("call-up-yes")),
        Column::text(w.t("call-up-state")),
    ]);
    html! {
        @if all.is_empty() { (EmptyState::new(&title, &text)) }
        @else { (table.rows(all.iter().map(row))) }
    }
}

fn progress(list: &CallUp) -> (usize, usize) {
    let called = list.donors.values().flatten().count();
    let yes = list.donors.values().filter(|one| **one == Some(Outcome::Yes)).count();
    (called, yes)
}

fn form(w: Words, app: &App, visitor: &Visitor, draft: &Draft) -> Markup {
    let (world, now) = (app.engine.world(), app.engine.now());
    let key = draft.key(MAKE);
    let put = |name: &str, field, start: &str| draft.field(MAKE, name, field, start);
    let groups = Group::ALL.iter().map(|one| (one.as_str().to_owned(), one.to_string()));
    let any = |label: &str| std::iter::once((String::new(), w.t(label)));
    let groups = any("call-up-any-group").chain(groups);
    let sites = any("call-up-any-site").chain(forms::sites(&world, &visitor.region));
    let tomorrow = Day::of(now).plus_days(1).to_string();
    let form = draft
        .form(w, "/call-ups", MAKE, &key, w.t("call-up-make-do"))
        .field(put("name", Field::text("name", w.t("call-up-name")).required(), ""))
        .field(put("group", Field::select("group", w.t("donor-group"), groups), ""))
        .field(put(
            "kind",
            Field::select("kind", w.t("donor-kind"), forms::kinds(w)),
            "whole_blood",
        ))
        .field(put("on", Field::date("on", w.t("call-up-on")).required(), &tomorrow))
        .field(put("site", Field::select("site", w.t("donor-site"), sites), ""))
        .field(put(
            "before",
            Field::date("before", w.t("call-up-before")).hint(w.t("call-up-before-hint")),
            "",
        ))
        .field(put("most", Field::number("most", w.t("call-up-most")).required(), "50"));
    html! { (form) }
}

/// Most people on one page: whoever looks at more makes a list.
const SHOWN: usize = 200;

/// Donors of plasma who could give whole blood now.
async fn switch(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let found = view::can_switch(local(&world, &visitor)?, now, &visitor.region);
    found_people(&app, &visitor, "switch", found).await
}

/// Willing donors whom nobody calls.
async fn silent(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let found = view::nobody_calls(local(&world, &visitor)?, now, &visitor.region);
    let found = found.into_iter().map(|one| (one.donor, one.held)).collect();
    found_people(&app, &visitor, "silent", found).await
}

/// People who were looked for: that each of them was read about is recorded first.
async fn found_people(
    app: &App,
    visitor: &Visitor,
    which: &str,
    found: Vec<(&DonorId, &Donor)>,
) -> Result<Html<String>, Problem> {
    let w = visitor.words;
    let shown = found.iter().copied().take(SHOWN);
    note_reads(app, visitor, shown.clone().map(|(id, _)| ReadOf::Donor(id.clone())), PURPOSE)
        .await?;
    let text = |end: &str| w.dynamic("call-ups-", &format!("{which}{end}"));
    let title = text("-title");
    let body = html! {
        (page_header(&title, Some(&text("-lead")), None))
        @if found.is_empty() { p { (w.t("call-ups-nobody")) } }
        @else { (people(w, &title, shown)) }
        @if found.len() > SHOWN {
            p { (w.t_args("call-ups-first", &[
                ("shown", SHOWN.into()), ("n", found.len().into()),
            ])) }
        }
    };
    let crumbs = [("/donors", w.t("donors-title")), ("/call-ups", w.t("call-ups-title"))];
    Ok(page(app, visitor, &title, &crumbs, &body))
}

fn people<'a>(
    w: Words,
    caption: &str,
    all: impl Iterator<Item = (&'a DonorId, &'a Donor)>,
) -> Markup {
    let row = |(id, donor): (&DonorId, &Donor)| {
        Row::new(Cell::link(&format!("/donors/{id}"), &donor.identity.name))
            .cell(donor.identity.phone.clone().unwrap_or_else(|| "–".into()))
            .cell(group(w, donor.group))
    };
    let table = Table::new(caption).caption_hidden().columns([
        Column::text(w.t("donor-name")),
        Column::text(w.t("donor-phone")),
        Column::text(w.t("donor-group")),
    ]);
    html! { (table.rows(all.map(row))) }
}

fn group(w: Words, group: Known<Group>) -> String {
    super::donors::said::group(w, group)
}

async fn one(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<CallUpId>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    read_about(&app, &visitor, &id).await?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &id, &draft, asked.done.as_deref())
}

/// Whoever reads a list reads about each donor on it; that is recorded before it is shown.
async fn read_about(app: &App, visitor: &Visitor, id: &CallUpId) -> Result<(), Problem> {
    let world = app.engine.world();
    let list = local(&world, visitor)?.own.donors.lists.get(id);
    let donors = list.into_iter().flat_map(|list| list.donors.keys().cloned());
    note_reads(app, visitor, donors.map(ReadOf::Donor), PURPOSE).await
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<CallUpId>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CallDonors, &visitor.region)?;
    let typed = Typed::new(pairs);
    let mut reader = Reader::new(visitor.words, &typed);
    let act = typed.act().to_owned();
    let command = match act.as_str() {
        NOTE => {
            let both = reader.value("donor").zip(reader.value("outcome"));
            both.map(|(donor, outcome)| Command::Note { donor, list: Some(id.clone()), outcome })
        }
        CLOSE => Some(Command::CloseList { list: id.clone() }),
        _ => return Err(Problem::malformed(&act)),
    };
    let donor = typed.get("donor").to_owned();
    let command = reader.done(command.map(Into::into));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) if act == CLOSE => Ok(done("/call-ups", CLOSE)),
        Ok(_) => Ok(done(&format!("/call-ups/{id}"), &format!("{NOTE}#d-{donor}"))),
        Err(back) => {
            let Back { status, draft } = *back;
            read_about(&app, &visitor, &id).await?;
            Ok((status, whole(&app, &visitor, &id, &draft, None)?).into_response())
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    id: &CallUpId,
    draft: &Draft,
    act: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let region = local(&world, visitor)?;
    let list = region.own.donors.lists.get(id).ok_or_else(|| Problem::not_found(id.as_str()))?;
    let calls = visitor.may(app, Action::CallDonors) && list.closed.is_none();
    let (called, yes) = progress(list);
    let args = [
        ("called", called.into()),
        ("n", list.donors.len().into()),
        ("yes", yes.into()),
        ("kind", w.dynamic("donor-kind-", list.filter.kind.as_str()).into()),
        ("day", list.filter.on.to_string().into()),
    ];
    let key = draft.key(CLOSE);
    let path = format!("/call-ups/{id}");
    let close = draft.form(w, &path, CLOSE, &key, w.t("call-up-close-do"));
    // Whom nobody has reached comes first.
    let mut donors: Vec<_> = list.donors.iter().collect();
    donors.sort_by_key(|(_, outcome)| outcome.is_some_and(Outcome::reached));
    let now = app.engine.now();
    let row = |(donor, outcome): &(&DonorId, &Option<Outcome>)| {
        let held = region.own.donors.donors.get(*donor);
        let name = held.map_or_else(|| donor.to_string(), |held| held.identity.name.clone());
        let phone = held.and_then(|held| held.identity.phone.clone());
        let site = held.and_then(|held| held.terms.site.clone());
        let site = site.map(|site| site_name(&world, &visitor.region, &site));
        Row::new(Cell::markup(html! {
            a id={ "d-" (donor) } href={ "/donors/" (donor) } { (name) }
        }))
        .cell(html! {
            @match &phone {
                Some(phone) => a href={ "tel:" (phone.replace(' ', "")) } { (phone) },
                None => "–",
            }
        })
        .cell(site.unwrap_or_else(|| "–".into()))
        .cell(html! {
            @match outcome {
                Some(outcome) => {
                    (w.dynamic("outcome-", outcome.as_str())) " "
                    @if let Some(contact) = held.and_then(|held| held.contact.as_ref()) {
                        (time_tag(w, contact.at.0))
                    }
                }
                None => (w.t("call-up-not-called")),
            }
            @if calls { (buttons(w, &path, donor, now)) }
        })
    };
    let table = Table::new(list.name.clone()).caption_hidden().columns([
        Column::text(w.t("donor-name")),
        Column::text(w.t("donor-phone")),
        Column::text(w.t("donor-site")),
        Column::text(w.t("call-up-outcome")),
    ]);
    let body = html! {
        (page_header(&list.name, Some(&w.t_args("call-up-progress", &args)), None))
        (done_note(w, act))
        (draft.banner(w))
        (table.rows(donors.iter().map(row)))
        @if calls { (close) }
    };
    let crumbs = [("/donors", w.t("donors-title")), ("/call-ups", w.t("call-ups-title"))];
    Ok(page(app, visitor, &list.name, &crumbs, &body))
}

/// What came of a call, one press each.
fn buttons(w: Words, path: &str, donor: &DonorId, now: Time) -> Markup {
    html! {
        form.acts method="post" action=(path) {
            input type="hidden" name=(KEY_FIELD) value=(fresh_key());
            input type="hidden" name="act" value=(NOTE);
            input type="hidden" name="shown" value=(now.0);
            input type="hidden" name="donor" value=(donor);
            @for outcome in Outcome::ALL {
                button.quiet type="submit" name="outcome" value=(outcome) {
                    (w.dynamic("outcome-", outcome.as_str()))
                }
            }
        }
    }
}
