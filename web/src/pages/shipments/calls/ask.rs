//! Asking another region, or another place, for units, and offering some.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::supply::{Goods, Side};
use samband_domain::blood::model::{Attribute, Attributes, Component, Group};
use samband_domain::{JournalId, SiteId};
use serde::Deserialize;

use super::super::forms::{everywhere, sites};
use super::read_lacking;
use crate::app::stock::local;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::places;
use crate::pages::stock::component;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const CALL: &str = "call-units";

/// What the form starts with, e.g. from a search.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    side: Option<String>,
    region: Option<String>,
    component: Option<String>,
    group: Option<String>,
    negative: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/shipments/ask", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::CallForUnits, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &draft, &asked))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::CallForUnits, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != CALL {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => match receipt.first {
            Some(at) => Ok(done(&format!("/shipments/calls/{}", at.hash), CALL)),
            None => Ok(done("/shipments", CALL)),
        },
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, &Asked::default())).into_response())
        }
    }
}

fn read(w: Words, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let side: Option<Side> = reader.value("call-side");
    let site: Option<SiteId> = reader.value("call-site");
    let to = reader.text("call-to");
    let (region, to_site) = to.split_once('/').unwrap_or((to.as_str(), ""));
    let to_region = JournalId::new(region).ok();
    if to_region.is_none() {
        reader.wrong("call-to", w.t("typed-unreadable"));
    }
    let to_site = SiteId::new(to_site).ok();
    let component: Option<Component> = reader.value("call-component");
    let group: Option<Group> = reader.optional_value("call-group");
    let units = reader.count("call-count").and_then(|n| u32::try_from(n).ok());
    let negative = read_lacking(typed.get("call-negative")).unwrap_or_else(|word| {
        let args = [("antigen", word.into())];
        reader.wrong("call-negative", w.t_args("call-no-antigen", &args));
        samband_domain::blood::model::Antigens::NONE
    });
    let irradiated = !typed.get("call-irradiated").is_empty();
    let by = local(&reader.text("call-by"), "23:59");
    if by.is_none() {
        reader.wrong("call-by", w.t("typed-unreadable"));
    }
    let attributes =
        if irradiated { Attributes::NONE.with(Attribute::Irradiated) } else { Attributes::NONE };
    let note = reader.optional("call-note");
    let command = (|| {
        let goods = Goods { component: component?, group, negative, attributes, units: units? };
        let (side, site, to_region, by) = (side?, site?, to_region?, by?);
        Some(Command::Call { side, site, to_region, to_site, goods, by, note })
    })();
    reader.done(command)
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, asked: &Asked) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let own = sites(&world, &visitor.region, false, now);
    let regions = places(&world, now);
    let others = regions.iter().filter(|place| place.id != visitor.region);
    let others = others.map(|place| (place.id.to_string(), place.short().to_owned()));
    let to = others.chain(everywhere(&world, &visitor.region, now));
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let components = Component::ALL.iter().map(|one| (one.to_string(), component(w, *one)));
    let groups = std::iter::once((String::new(), w.t("call-any-group")))
        .chain(Group::ALL.into_iter().map(|one| (one.as_str().to_owned(), one.to_string())));
    let sides = [("ask", w.t("call-side-ask")), ("offer", w.t("call-side-offer"))];
    let key = draft.key(CALL);
    let field = |name, field, start: Option<&str>| {
        draft.field(CALL, name, field, start.unwrap_or_default())
    };
    let first = own.first().map(|(id, _)| id.clone());
    let form = draft
        .form(w, "/shipments/ask", CALL, &key, w.t("call-do"))
        .cancel("/shipments", w.t("import-cancel"))
        .field(field(
            "call-side",
            Field::radios("call-side", w.t("call-side"), sides),
            asked.side.as_deref().or(Some("ask")),
        ))
        .field(field(
            "call-site",
            Field::select("call-site", w.t("call-site"), choose().chain(own)).required(),
            first.as_deref(),
        ))
        .field(field(
            "call-to",
            Field::select("call-to", w.t("call-to"), choose().chain(to)).required(),
            asked.region.as_deref(),
        ))
        .field(field(
            "call-component",
            Field::select("call-component", w.t("stock-component"), components).required(),
            asked.component.as_deref().or(Some("red_cells")),
        ))
        .field(field(
            "call-group",
            Field::select("call-group", w.t("stock-group"), groups),
            asked.group.as_deref(),
        ))
        .field(field("call-count", Field::number("call-count", w.t("call-count")).required(), None))
        .field(field(
            "call-negative",
            Field::text("call-negative", w.t("call-negative")).hint(w.t("call-negative-hint")),
            asked.negative.as_deref(),
        ))
        .field(field(
            "call-irradiated",
            Field::check_box("call-irradiated", w.t("call-irradiated")),
            None,
        ))
        .field(field(
            "call-by",
            Field::text("call-by", w.t("call-by")).hint(w.t("call-by-hint")).required(),
            None,
        ))
        .field(field(
            "call-note",
            Field::text_area("call-note", w.t("call-note")).hint(w.t("call-note-hint")),
            None,
        ));
    let title = w.t("call-title");
    let body = html! {
        (page_header(&title, Some(&w.t("call-lead")), None))
        (draft.banner(w))
        div.panel #ask { (form) }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}
