//! Counting a shelf: one scan a line, and what did not agree.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::event::Counted;
use samband_domain::blood::model::{Component, UnitId};
use samband_domain::kernel::RecordKeeper;
use samband_domain::{SiteId, Time};
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::component;
use super::files::sites;
use crate::app::import::words_of;
use crate::app::stock::{site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Note, page_header, section, time_tag};
use crate::pages::frame::{Back, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const COUNT: &str = "count-stock";

/// Which site, and whether a count was just made.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    site: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/stock/count", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::CountStock, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    let site = asked.site.unwrap_or_default();
    Ok(whole(&app, &visitor, &draft, &site, asked.done.is_some()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CountStock, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != COUNT {
        return Err(Problem::malformed(typed.act()));
    }
    let site = typed.get("count-site").to_owned();
    let command = read(visitor.words, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let href = format!("/stock/count?site={site}&done={COUNT}#result");
            Ok(axum::response::Redirect::to(&href).into_response())
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, &site, false)).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let site: Option<SiteId> = reader.value("count-site");
    let component: Option<Component> = reader.optional_value("count-component");
    let found = counted(typed.get("count-found"));
    if !found.bad.is_empty() {
        let line = |bad: &samband_exchange::BadRow| {
            let reason = words_of(w, bad.code, &bad.args);
            let value = format!("{} – {reason}", bad.value);
            w.t_args("scan-bad-line", &[("line", bad.line.into()), ("reason", value.into())])
        };
        let all: Vec<_> = found.bad.iter().take(10).map(line).collect();
        reader.wrong("count-found", all.join(" "));
    }
    // An empty shelf is an honest count, but nobody sends it by mistake.
    if found.units.is_empty() && found.bad.is_empty() && typed.get("count-empty") != "on" {
        reader.wrong("count-empty", w.t("count-empty-needed"));
    }
    reader.done(site.map(|site| Command::Count { site, component, found: found.units }))
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, site: &str, done: bool) -> Html<String> {
    let w = visitor.words;
    let world = app.engine.world();
    let result = SiteId::new(site).ok().and_then(|site| {
        let journal = world.journal(&visitor.region)?;
        let held = journal.shared().blood.counts.get(&site)?.clone();
        Some((site_name(&world, &visitor.region, &site), held))
    });
    let choices = sites(app, visitor, RecordKeeper::Samband);
    let any = std::iter::once((String::new(), w.t("count-everything")));
    let components = Component::ALL.iter().map(|one| (one.to_string(), component(w, *one)));
    let key = draft.key(COUNT);
    let field = |name, field, start: &str| draft.field(COUNT, name, field, start);
    let form = draft
        .form(w, "/stock/count", COUNT, &key, w.t("count-do"))
        .field(field(
            "count-site",
            Field::select("count-site", w.t("stock-site"), choices).required(),
            site,
        ))
        .field(field(
            "count-component",
            Field::select("count-component", w.t("count-what"), any.chain(components)),
            "",
        ))
        .field(field(
            "count-found",
            Field::text_area("count-found", w.t("count-found"))
                .hint(w.t("stock-scan-hint"))
                .scanned(),
            "",
        ))
        .field(field("count-empty", Field::check_box("count-empty", w.t("count-empty")), ""));
    let title = w.t("count-title");
    let body = html! {
        (page_header(&title, Some(&w.t("count-lead")), None))
        (draft.banner(w))
        @if done { (Note::success(w, &w.t("done-count-stock"))) }
        @if let Some((name, held)) = &result {
            @if done || !draft.is(COUNT) {
                @let heading = w.t_args("count-result", &[("site", name.into())]);
                (section("result", &heading, &outcome(w, &held.value, held.recorded)))
            }
        }
        div.panel #count { (form) }
    };
    page(app, visitor, &title, &[("/stock", w.t("stock-title"))], &body)
}

/// What a count found, differences first.
fn outcome(w: Words, count: &Counted, at: Time) -> Markup {
    let lists = [
        ("count-missing", &count.missing),
        ("count-unknown", &count.unknown),
        ("count-moved", &count.moved),
        ("count-found-again", &count.found_again),
    ];
    let differs = lists.iter().any(|(_, units)| !units.is_empty());
    html! {
        p { (time_tag(w, at.0)) ": " (w.t_args("count-agreed", &[("n", count.agreed.into())])) }
        @if !differs { (Note::info(w, &w.t("count-all-agrees"))) }
        @for (key, units) in lists {
            @if !units.is_empty() {
                h3 { (w.t_args(key, &[("n", units.len().into())])) }
                p.fine { (w.t(&format!("{key}-means"))) }
                ul.units { @for unit in units { li { (link(unit)) } } }
            }
        }
    }
}

fn link(unit: &UnitId) -> Markup {
    let (number, check) = (unit.din.spaced(), unit.din.check_character());
    html! { a href=(unit_href(unit)) { (number) " " (check) " " (unit.product) } }
}
