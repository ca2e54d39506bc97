//! Frisläppning: what waits in quarantine, by what it lacks, and releasing what lacks nothing.

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::blood::Command;
use samband_domain::blood::model::{Din, UnitId};
use samband_domain::donations::view::{Waiting, grouped, to_release};
use samband_domain::rulesets::Scope;
use samband_engine::World;
use serde::Deserialize;

use super::donations::said::{lack, lack_whole};
use super::donations::{TOPICS, href, own};
use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Typed};
use crate::app::stock::{site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, EmptyState, Note, Row, Table, live_region, page_header, section, time_tag,
};
use crate::text::Words;

const RELEASE: &str = "release-units";

/// Most units of one group that are written out.
const SHOWN: usize = 200;

/// How many of them stand in the open; the rest is one press away.
const FIRST: usize = 12;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/release", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    whole(&app, &visitor, &Draft::fresh(app.engine.now()), asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeDonors, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != RELEASE {
        return Err(Problem::malformed(typed.act()));
    }
    let units: Result<Vec<UnitId>, _> =
        typed.get("units").split_whitespace().map(UnitId::parse).collect();
    let units = units.map_err(|_| Problem::malformed("units"))?;
    let command = Ok(Command::Release { units }.into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/release", RELEASE)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    done: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let title = w.t("release-title");
    let body = html! {
        (page_header(&title, Some(&w.t("release-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("release", TOPICS, "/release", &groups(app, visitor, &world, draft, now)?))
    };
    Ok(page(app, visitor, &title, &[("/donations", w.t("donations-title"))], &body))
}

fn groups(
    app: &App,
    visitor: &Visitor,
    world: &World,
    draft: &Draft,
    now: Time,
) -> Result<Markup, Problem> {
    let (w, region) = (visitor.words, own(world, visitor)?);
    let Some(rules) = region.shared.rulesets.in_force(Scope::Blood, now) else {
        return Ok(html! { (Note::warning(w, &w.t("release-no-rules"))) });
    };
    let actor = &visitor.actor;
    let waiting = to_release(region, rules, None, (now, Some(actor)));
    if waiting.is_empty() {
        let (title, text) = (w.t("release-empty"), w.t("release-empty-text"));
        return Ok(html! { (EmptyState::new(&title, &text)) });
    }
    let releases = visitor.may(app, Action::ReleaseUnits);
    let groups = grouped(&waiting);
    Ok(html! {
        @for (kind, units) in &groups {
            @let count = [("n", units.len().into())];
            @match kind {
                None => {
                    (section("ready", &w.t_args("release-ready", &count), &html! {
                        @if releases { (form(w, draft, units)) }
                        (table(w, visitor, world, units))
                    }))
                }
                Some(kind) => {
                    @let head = format!("{} ({})", capital(&lack(w, kind.code)), units.len());
                    (section(&kind.code.replace('.', "-"), &head, &table(w, visitor, world, units)))
                }
            }
        }
    })
}

/// A heading begins with a capital.
fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

/// One press releases all that lack nothing: each of them is checked again.
fn form(w: Words, draft: &Draft, units: &[&Waiting<'_>]) -> Markup {
    let key = draft.key(RELEASE);
    let ids: Vec<_> = units.iter().take(SHOWN).map(|one| one.id.to_string()).collect();
    let submit = w.t_args("release-do", &[("n", ids.len().into())]);
    html! {
        (draft.form(w, "/release", RELEASE, &key, submit).hidden("units", ids.join(" ")))
    }
}

fn table(w: Words, visitor: &Visitor, world: &World, units: &[&Waiting<'_>]) -> Markup {
    let local = world.local(&visitor.region);
    let donations = |id: &UnitId| -> Vec<Din> {
        let Some(region) = local else { return Vec::new() };
        let held = &region.shared.donations.donations;
        let parts = region.shared.blood.donations_in(id);
        parts.into_iter().filter(|din| held.contains_key(din)).collect()
    };
    let lacking = units.iter().any(|one| !one.lacks.is_empty());
    let row = |one: &&Waiting<'_>| {
        let number = format!("{} {}", one.id.din.spaced(), one.id.product);
        let row = Row::new(Cell::link(&unit_href(one.id), &number))
            .cell(w.dynamic("product-", one.unit.product.as_str()))
            .cell(site_name(world, &visitor.region, &one.unit.site))
            .cell(html! { (time_tag(w, one.unit.expiry.0)) })
            .cell(html! {
                @for din in donations(one.id) {
                    a href=(href(&din)) { (din.spaced()) " " (din.check_character()) } br;
                }
            });
        if !lacking {
            return row;
        }
        row.cell(html! { @for lack in &one.lacks { (lack_whole(w, lack)) br; } })
    };
    let columns = [
        Column::text(w.t("unit-one")),
        Column::text(w.t("unit-product")),
        Column::text(w.t("unit-where")),
        Column::text(w.t("unit-expiry")),
        Column::text(w.t("donation-one")),
    ];
    let columns = columns.into_iter().chain(lacking.then(|| Column::text(w.t("release-lacks"))));
    let columns: Vec<_> = columns.collect();
    let table = || Table::new(w.t("release-title")).caption_hidden().columns(columns.clone());
    let shown = &units[..units.len().min(SHOWN)];
    let (first, rest) = shown.split_at(shown.len().min(FIRST));
    html! {
        (table().rows(first.iter().map(row)))
        @if !rest.is_empty() {
            details.fold {
                summary { (w.t_args("release-more", &[("n", rest.len().into())])) }
                (table().rows(rest.iter().map(row)))
            }
        }
        @if units.len() > SHOWN {
            p.fine { (w.t_args("release-more", &[("n", (units.len() - SHOWN).into())])) }
        }
    }
}
