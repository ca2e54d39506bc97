//! Who pays whom for a period, and what that rests on.

mod homes;
mod tables;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_engine::World;
use serde::Deserialize;

use super::tabs;
use crate::app::plans::settlement::{Asked, Found, Missing, last_month, settlement, this_month};
use crate::app::stock::site_name;
use crate::app::{App, Problem, Visitor};
use crate::components::{Definitions, Field, Form, Note, page_header, section, time_tag};
use crate::pages::frame::{done_note, page};
use crate::pages::parts::{day, region_name, window};
use crate::pages::stock::component as component_text;
use crate::text::Words;

/// Where it lies.
const PATH: &str = "/plan/settlement";

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route("/plan/settlement/homes", get(homes::show).post(homes::act))
}

/// What an address says.
#[derive(Clone, Debug, Default, Deserialize)]
struct PeriodForm {
    from: Option<String>,
    to: Option<String>,
    agreement: Option<String>,
    done: Option<String>,
}

/// Öre as kronor.
pub(crate) fn kronor(w: Words, ore: i64) -> String {
    w.t_args("settlement-kr", &[("kr", w.decimal((i128::from(ore), 100), 2).into())])
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(form): Query<PeriodForm>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::SeeAgreements, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let days = (form.from.as_deref(), form.to.as_deref());
    let asked = Asked::read(days, form.agreement.as_deref(), now)?;
    let found = settlement(&world, Some(&visitor.region), &asked, now);
    Ok(whole(&app, &visitor, (&world, &found), form.done.as_deref()).into_response())
}

fn whole(
    app: &App,
    visitor: &Visitor,
    (world, found): (&World, &Found),
    done: Option<&str>,
) -> Html<String> {
    let w = visitor.words;
    let title = w.t("settlement-title");
    let body = html! {
        (page_header(&title, Some(&w.t("settlement-lead")), None))
        (tabs(w, PATH))
        (done_note(w, done))
        (choose(w, found))
        (standing(w, world, found))
        @if let Some(settled) = &found.settlement {
            (section("pays", &w.t("settlement-pays"), &tables::payments(w, world, settled)))
            (section("accounts", &w.t("settlement-accounts"), &tables::accounts(w, world, found, settled)))
            (section("entries", &w.t("settlement-entries"), &tables::entries(w, world, found, settled)))
        }
        (section("gaps", &w.t("settlement-gaps"), &tables::gaps(w, world, found)))
        (section("moves", &w.t("settlement-moves"), &tables::moves(w, world, found)))
        (section("homes", &w.t("settlement-homes"), &html! {
            (tables::homes(w, world, found))
            @if visitor.may(app, Action::StateHomes) {
                p { a.button href="/plan/settlement/homes" { (w.t("settlement-homes-do")) } }
            }
        }))
        @if found.agreement.is_ok() {
            (section("keys", &w.t("settlement-keys"), &tables::weights(w, world, found)))
        }
        p.fine { (w.t("settlement-made")) " " (time_tag(w, found.made.0)) }
    };
    page(app, visitor, &title, &[("/plan/transfers", w.t("plan-title"))], &body)
}

fn choose(w: Words, found: &Found) -> Markup {
    let asked = &found.asked;
    let months = [
        (last_month(found.made), "settlement-last-month"),
        (this_month(found.made), "settlement-this-month"),
    ];
    let mut form = Form::get(w, PATH, w.t("plan-show"))
        .field(Field::date("from", w.t("settlement-from")).value(asked.from.to_string()))
        .field(Field::date("to", w.t("settlement-to")).value(asked.to.to_string()));
    if let (Ok((cited, _)), false) = (&found.agreement, found.others.is_empty()) {
        let own = [(cited.digest.to_string(), cited.document.title.clone())];
        let others = found.others.iter().map(|(id, title)| (id.to_string(), title.clone()));
        let all: Vec<_> = own.into_iter().chain(others).collect();
        let field = Field::select("agreement", w.t("settlement-agreement"), all);
        form = form.field(field.value(cited.digest.to_string()));
    }
    html! {
        div.panel.inline-form { (form) }
        p.choose {
            @for ((from, to), key) in months {
                a.button.quiet href={ (PATH) "?from=" (from) "&to=" (to) } { (w.t(key)) }
            }
        }
    }
}

/// By which agreement, or which one is missing and what to do about it.
fn standing(w: Words, world: &World, found: &Found) -> Markup {
    html! {
        @if !found.over { (Note::info(w, &w.t("settlement-running"))) }
        @match &found.agreement {
            Err(missing) => (lacking(w, world, missing)),
            Ok((cited, terms)) => {
                @let href = format!("/agreements/{}", cited.digest);
                @let keys = w.t_args("settlement-keys-are", &[
                    ("population", i64::from(terms.keys.population).into()),
                    ("use", i64::from(terms.keys.r#use).into()),
                    ("equal", i64::from(terms.keys.equal).into()),
                ]);
                @let prices = terms.prices.iter().map(|price| {
                    let ore = i64::try_from(price.ore).unwrap_or(i64::MAX);
                    format!("{} {}", component_text(w, price.component), kronor(w, ore))
                });
                @let prices = prices.collect::<Vec<_>>().join(", ");
                div.panel { (Definitions::new()
                    .markup(w.t("settlement-agreement"),
                        html! { a href=(href) { (cited.document.title) } })
                    .markup(w.t("agreements-window"), window(w, &cited.document.window))
                    .markup(w.t("settlement-signed"), cited.bound_since
                        .map_or_else(|| html! { (w.unknown()) }, |at| day(w, at)))
                    .text(w.t("settlement-keys"), &keys)
                    .text(w.t("settlement-prices"), &prices)) }
            }
        }
    }
}

fn lacking(w: Words, world: &World, missing: &Missing) -> Markup {
    let link = |document: &samband_domain::Digest, title: &str| {
        html! { " " a href={ "/agreements/" (document) } { (title) } "." }
    };
    let said = match missing {
        Missing::None => html! {
            (w.t("settlement-lacks-none")) " "
            a href="/agreements/supply" { (w.t("supply-agreement-title")) } "."
        },
        Missing::Unsigned { document, title, silent } => {
            let names: Vec<_> = silent.iter().map(|id| region_name(world, id)).collect();
            let args = [("regions", names.join(", ").into())];
            html! { (w.t_args("settlement-lacks-signature", &args)) (link(document, title)) }
        }
        Missing::NotThrough { document, title, from, until } => {
            let last = until.map(|until| w.date(until.0 - 1));
            let args = [
                ("from", w.date(from.0).into()),
                ("until", last.unwrap_or_else(|| w.t("settlement-open-ended")).into()),
            ];
            html! { (w.t_args("settlement-lacks-days", &args)) (link(document, title)) }
        }
    };
    html! { (Note::warning(w, &said)) }
}

/// A place with its region.
fn place(
    world: &World,
    region: &samband_domain::JournalId,
    site: &samband_domain::SiteId,
) -> String {
    format!("{} ({})", site_name(world, region, site), region_name(world, region))
}
