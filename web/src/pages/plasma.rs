//! Plasma till industrin: lots, what lies in them, and what left with which documents.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Component, Status as Standing, UnitId};
use samband_domain::donations;
use samband_domain::donations::command::plasma::Command;
use samband_domain::donations::model::plasma::{Document, Lot};
use samband_domain::kernel::RecordKeeper;
use samband_domain::words::Code;
use samband_domain::{Digest, Region, SiteId};
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::import::words_of;
use crate::app::withdrawals::TOPICS;
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Column, EmptyState, Field, Note, Row, Status, Table, live_region, page_header, section, tag,
    time_tag,
};
use crate::text::Words;

const MAKE: &str = "make-lot";
const CONSIGN: &str = "consign-lots";
const TAKE: &str = "take-out";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/plasma", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ShipPlasma, &visitor.region)?;
    let typed = Typed::new(pairs);
    let act = typed.act().to_owned();
    let command = read(visitor.words, &app, &typed)?;
    let command = command.map(|command| donations::Command::Plasma(command).into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/plasma", &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn units(w: Words, reader: &mut Reader<'_>, name: &'static str) -> Vec<UnitId> {
    let found = counted(&reader.text(name));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong(name, w.t_args("scan-bad-line", &args));
    }
    found.units
}

fn read(w: Words, app: &App, typed: &Typed) -> Result<Result<Command, Errors>, Problem> {
    let mut reader = Reader::new(w, typed);
    Ok(match typed.act() {
        MAKE => {
            let site: Option<SiteId> = reader.value("lot-site");
            let units = units(w, &mut reader, "lot-units");
            reader.done(site.map(|site| Command::MakeLot { site, units }))
        }
        TAKE => {
            let lot: Option<Code> = reader.value("take-lot");
            let units = units(w, &mut reader, "take-units");
            let note = reader.text("take-note");
            reader.done(lot.map(|lot| Command::TakeOut { lot, units, note }))
        }
        CONSIGN => {
            let text = reader.text("consign-lots");
            let lots: Result<Vec<_>, _> = text
                .split([',', ' ', '\n'])
                .map(str::trim)
                .filter(|one| !one.is_empty())
                .map(Code::new)
                .collect();
            if lots.is_err() {
                reader.wrong("consign-lots", w.t("typed-unreadable"));
            }
            let buyer = reader.text("consign-buyer");
            let documents = documents(w, &mut reader);
            let sent = typed.shown(app.engine.now());
            reader.done(lots.ok().map(|lots| Command::Consign { lots, buyer, documents, sent }))
        }
        other => return Err(Problem::malformed(other)),
    })
}

/// One document a line: its name, and its SHA-256 if it is kept as a file.
fn documents(w: Words, reader: &mut Reader<'_>) -> Vec<Document> {
    let text = reader.text("consign-documents");
    let mut all = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (title, digest) = match line.rsplit_once(' ') {
            Some((title, last)) if last.len() == 64 => (title, last.parse::<Digest>().ok()),
            _ => (line, Some(Digest::of(line.as_bytes()))),
        };
        match digest {
            Some(digest) => all.push(Document { title: title.to_owned(), digest }),
            None => reader.wrong("consign-documents", w.t("typed-unreadable")),
        }
    }
    all
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    done: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world) = (visitor.words, app.engine.world());
    let region = world.local(&visitor.region);
    let region = region.ok_or_else(|| Problem::not_found(visitor.region.as_str()))?;
    let title = w.t("plasma-title");
    let body = html! {
        (page_header(&title, Some(&w.t("plasma-lead")), None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("plasma", TOPICS, "/plasma", &html! {
            (section("lots", &w.t("plasma-lots"), &lots(w, region)))
            (section("consignments", &w.t("plasma-consignments"),
                &consignments(w, region, visitor.may(app, Action::ShipPlasma))))
        }))
        @if visitor.may(app, Action::ShipPlasma) { (forms(w, region, draft)) }
    };
    Ok(page(app, visitor, &title, &[], &body))
}

/// Units of a lot that are called back.
fn stopped<'a>(region: &'a Region, lot: &'a Lot) -> impl Iterator<Item = &'a UnitId> {
    let withdrawn = &region.shared.donations.withdrawn;
    lot.inside().filter(|unit| withdrawn.contains_key(&unit.din))
}

fn lots(w: Words, region: &Region) -> Markup {
    let plasma = &region.shared.donations.plasma;
    if plasma.lots.is_empty() {
        return html! { (EmptyState::new(&w.t("plasma-no-lots"), &w.t("plasma-no-lots-text"))) };
    }
    let mut all: Vec<_> = plasma.lots.iter().collect();
    all.sort_by_key(|(_, lot)| (lot.consignment.is_some(), std::cmp::Reverse(lot.made)));
    let row = |(name, lot): &(&Code, &Lot)| {
        let bad: Vec<_> = stopped(region, lot).map(ToString::to_string).collect();
        let state = html! {
            @match &lot.consignment {
                Some(consignment) => {
                    (tag(Status::Ended, &w.t_args("plasma-left", &[("in", consignment.as_str().into())])))
                }
                None => (tag(Status::Held, &w.t("plasma-here"))),
            }
            @if !bad.is_empty() {
                " " (tag(Status::Stopped,
                    &w.t_args("plasma-stopped", &[("units", bad.join(", ").into())])))
            }
        };
        let site = region.shared.kernel.sites.get(&lot.site);
        let site = site.map_or_else(|| lot.site.to_string(), |site| site.name.clone());
        Row::new(html! { span id=(name) { (name) } })
            .cell(site)
            .cell(time_tag(w, lot.made.0))
            .cell(w.int(lot.inside().count()))
            .cell(state)
    };
    let table = Table::new(w.t("plasma-lots"))
        .caption_hidden()
        .columns([
            Column::text(w.t("plasma-lot")),
            Column::text(w.t("plasma-site")),
            Column::text(w.t("plasma-made")),
            Column::number(w.t("withdrawal-units")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(all.iter().map(row));
    html! { (table) }
}

fn consignments(w: Words, region: &Region, may: bool) -> Markup {
    let plasma = &region.shared.donations.plasma;
    if plasma.consignments.is_empty() {
        return html! { p { (w.t("plasma-no-consignments")) } };
    }
    let mut all: Vec<_> = plasma.consignments.iter().collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.sent));
    let rows = all.into_iter().map(|(name, one)| {
        let sold = region.own.donations.sales.get(name).filter(|_| may);
        let inside = one.lots.iter().filter_map(|lot| plasma.lots.get(lot));
        let units: usize = inside.clone().map(|lot| lot.inside().count()).sum();
        let bad = inside.flat_map(|lot| stopped(region, lot)).count();
        let lots = one.lots.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Row::new(name.as_str())
            .cell(time_tag(w, one.sent.0))
            .cell(lots)
            .cell(w.int(units))
            .cell(match sold {
                Some(sold) => html! {
                    (sold.buyer) ". "
                    @for document in &sold.documents {
                        span.nowrap { (document.title) " " code.digest { (document.digest.short()) } }
                        " "
                    }
                },
                None => html! { (w.t("plasma-buyer-hidden")) },
            })
            .cell(match bad {
                0 => html! { "–" },
                bad => html! {
                    a href="/withdrawals" {
                        (tag(Status::Attention, &w.t_args("plasma-tell-buyer", &[("n", bad.into())])))
                    }
                },
            })
    });
    let table = Table::new(w.t("plasma-consignments"))
        .caption_hidden()
        .columns([
            Column::text(w.t("plasma-consignment")),
            Column::text(w.t("shipment-sent")),
            Column::text(w.t("plasma-lots")),
            Column::number(w.t("withdrawal-units")),
            Column::text(w.t("plasma-buyer")),
            Column::text(w.t("withdrawal-state")),
        ])
        .rows(rows);
    html! { (table) }
}

/// A pair of value and label for each way to choose, an empty one first.
fn choices(w: Words, all: Vec<(String, String)>) -> impl Iterator<Item = (String, String)> {
    std::iter::once((String::new(), w.t("form-choose"))).chain(all)
}

fn scans(w: Words, draft: &Draft, act: &str, name: &'static str) -> Field {
    let field = Field::text_area(name, w.t("shipment-units")).hint(w.t("stock-scan-hint"));
    draft.field(act, name, field.required().scanned(), "")
}

fn forms(w: Words, region: &Region, draft: &Draft) -> Markup {
    let plasma = &region.shared.donations.plasma;
    let lots = plasma.lots.iter().filter(|(_, lot)| lot.consignment.is_none());
    let here: Vec<_> = lots.map(|(name, _)| (name.to_string(), name.to_string())).collect();
    html! {
        (make(w, region, draft))
        @if !here.is_empty() {
            (consign(w, draft, &here))
            (take(w, draft, here))
        }
    }
}

fn make(w: Words, region: &Region, draft: &Draft) -> Markup {
    let sites = region.shared.kernel.sites.values();
    let sites = sites.filter(|site| site.record == RecordKeeper::Samband);
    let sites = sites.map(|site| (site.id.to_string(), site.name.clone())).collect();
    let fits = |unit: &&samband_domain::blood::model::Unit| {
        unit.component() == Component::Plasma && unit.status == Standing::Available
    };
    let free = region.shared.blood.units.values().filter(fits).count();
    let key = draft.key(MAKE);
    let site = Field::select("lot-site", w.t("plasma-site"), choices(w, sites)).required();
    let form = draft
        .form(w, "/plasma", MAKE, &key, w.t("plasma-make-do"))
        .field(draft.field(MAKE, "lot-site", site, ""))
        .field(scans(w, draft, MAKE, "lot-units"));
    let free = w.t_args("plasma-free", &[("n", free.into())]);
    section(
        "make-lot",
        &w.t("plasma-make"),
        &html! {
            (Note::info(w, &free))
            div.panel { (form) }
        },
    )
}

fn consign(w: Words, draft: &Draft, here: &[(String, String)]) -> Markup {
    let key = draft.key(CONSIGN);
    let ready = here.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let field =
        |name, field: Field, start: &str| draft.field(CONSIGN, name, field.required(), start);
    let lots = Field::text("consign-lots", w.t("plasma-lots")).hint(w.t("plasma-lots-hint"));
    let documents = Field::text_area("consign-documents", w.t("plasma-documents"));
    let documents = documents.hint(w.t("plasma-documents-hint"));
    let form = draft
        .form(w, "/plasma", CONSIGN, &key, w.t("plasma-consign-do"))
        .field(field("consign-lots", lots, &ready))
        .field(field("consign-buyer", Field::text("consign-buyer", w.t("plasma-buyer")), ""))
        .field(field("consign-documents", documents, ""));
    section("consign-lots", &w.t("plasma-consign"), &html! { div.panel { (form) } })
}

fn take(w: Words, draft: &Draft, here: Vec<(String, String)>) -> Markup {
    let key = draft.key(TAKE);
    let lot = Field::select("take-lot", w.t("plasma-lot"), choices(w, here)).required();
    let note = Field::text("take-note", w.t("withdrawal-grounds")).required();
    let form = draft
        .form(w, "/plasma", TAKE, &key, w.t("plasma-take-do"))
        .danger()
        .field(draft.field(TAKE, "take-lot", lot, ""))
        .field(scans(w, draft, TAKE, "take-units"))
        .field(draft.field(TAKE, "take-note", note, ""));
    section("take-out", &w.t("plasma-take"), &html! { div.panel { (form) } })
}
