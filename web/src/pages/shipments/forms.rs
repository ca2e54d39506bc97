//! Sending units.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::stock::Way;
use samband_domain::kernel::RecordKeeper;
use samband_domain::{JournalId, Known, SiteId};
use samband_engine::World;
use samband_exchange::stock::counted;
use serde::Deserialize;

use crate::app::import::words_of;
use crate::app::stock::local;
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::places;
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const SEND: &str = "send-units";

/// From which site.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    site: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/shipments/send", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::DispatchUnits, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    Ok(whole(&app, &visitor, &draft, asked.site.as_deref().unwrap_or_default()))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::DispatchUnits, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != SEND {
        return Err(Problem::malformed(typed.act()));
    }
    let command = read(visitor.words, &app, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/shipments", SEND)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, "")).into_response())
        }
    }
}

fn read(w: Words, app: &App, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let from: Option<SiteId> = reader.value("send-from");
    let to = reader.text("send-to");
    let to = to
        .split_once('/')
        .and_then(|(region, site)| Some((JournalId::new(region).ok()?, SiteId::new(site).ok()?)));
    if to.is_none() {
        reader.wrong("send-to", w.t("typed-unreadable"));
    }
    let text = typed.get("send-eta");
    let eta = local(text, "23:59");
    if eta.is_none() && !text.is_empty() {
        reader.wrong("send-eta", w.t("typed-unreadable"));
    }
    let carrier = reader.optional("send-carrier");
    let found = counted(&reader.text("send-units"));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong("send-units", w.t_args("scan-bad-line", &args));
    }
    let sent = typed.shown(app.engine.now());
    let way = from.zip(to).map(|(from, (to_region, to_site))| Way {
        from,
        to_region,
        to_site,
        sent,
        eta: Known::from(eta),
        carrier,
    });
    reader.done(way.map(|way| Command::Dispatch { way, units: found.units }))
}

/// The open sites of a region, as `id` and name.
fn sites(world: &World, region: &JournalId, own_record: bool) -> Vec<(String, String)> {
    let Some(journal) = world.journal(region) else { return Vec::new() };
    let fits = |record| !own_record || record == RecordKeeper::Samband;
    let sites = journal.shared().kernel.sites.values().filter(|site| fits(site.record));
    let mut all: Vec<_> = sites.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft, site: &str) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let own = sites(&world, &visitor.region, true);
    let mut to = Vec::new();
    for place in places(&world, now) {
        let all = sites(&world, &place.id, place.id == visitor.region);
        let short = place.short().to_owned();
        to.extend(
            all.into_iter()
                .map(|(id, name)| (format!("{}/{id}", place.id), format!("{short}: {name}"))),
        );
    }
    let key = draft.key(SEND);
    let field = |name, field, start: &str| draft.field(SEND, name, field, start);
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let form = draft
        .form(w, "/shipments/send", SEND, &key, w.t("shipment-send-do"))
        .cancel("/shipments", w.t("import-cancel"))
        .field(field(
            "send-from",
            Field::select("send-from", w.t("shipment-from"), choose().chain(own)).required(),
            site,
        ))
        .field(field(
            "send-to",
            Field::select("send-to", w.t("shipment-to"), choose().chain(to)).required(),
            "",
        ))
        .field(field(
            "send-eta",
            Field::text("send-eta", w.t("shipment-eta")).hint(w.t("shipment-eta-hint")),
            "",
        ))
        .field(field(
            "send-carrier",
            Field::text("send-carrier", w.t("shipment-carrier")).hint(w.t("shipment-carrier-hint")),
            "",
        ))
        .field(field(
            "send-units",
            Field::text_area("send-units", w.t("shipment-units"))
                .hint(w.t("stock-scan-hint"))
                .required(),
            "",
        ));
    let title = w.t("shipment-send");
    let body = html! {
        (page_header(&title, Some(&w.t("shipment-send-lead")), None))
        (draft.banner(w))
        div.panel #send { (form) }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}
