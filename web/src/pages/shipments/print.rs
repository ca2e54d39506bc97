//! One page to read aloud over the telephone: what is asked, whom to call, units and boxes, large
//! and in black and white.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::view::moving::Moving;
use samband_domain::blood::view::supply::numbers;
use samband_domain::{JournalId, SiteId, Time};
use samband_engine::World;

use super::calls::{goods_text, of, standing};
use super::{load, one, way};
use crate::app::history::group_text;
use crate::app::stock::{parts, site_name};
use crate::app::{App, Problem, Visitor};
use crate::pages::frame::page;
use crate::pages::parts::region_name;
use crate::pages::units::boxed;
use crate::text::Words;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/shipments/{dispatch}/print", get(shipment))
        .route("/shipments/calls/{call}/print", get(call))
}

async fn shipment(
    State(app): State<App>,
    visitor: Visitor,
    Path(dispatch): Path<String>,
) -> Result<Html<String>, Problem> {
    let (world, now) = (app.engine.world(), app.engine.now());
    let one = one::find(&app, &visitor, &world, &dispatch, now)?;
    let w = visitor.words;
    let title = way(w, &world, &one);
    let sides =
        [(&one.from_region, Some(&one.way.from)), (&one.way.to_region, Some(&one.way.to_site))];
    let body = html! {
        div.aloud {
            h1 { (w.t("phone-shipment")) }
            p.aloud-main { (title) }
            p.aloud-main { (load(w, &one)) }
            (lines(w, &[
                ("shipment-sent", w.date_time(one.way.sent.0)),
                ("shipment-eta", eta(w, &one)),
                ("shipment-carrier", one.way.carrier.clone().unwrap_or_else(|| "–".into())),
                ("send-consignment", consignment(w, &one)),
            ]))
            (phones(w, &world, &sides, now))
            (units(w, &world, &one))
            (said(w))
        }
    };
    let crumbs = [("/shipments", w.t("shipments-title"))];
    Ok(page(&app, &visitor, &w.t("phone-shipment"), &crumbs, &body))
}

async fn call(
    State(app): State<App>,
    visitor: Visitor,
    Path(call): Path<String>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeStock, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let all = of(&world, None, now);
    let talk = super::calls::find(&all, &call)?;
    let sides = [
        (talk.from_region, Some(&talk.call.site)),
        (&talk.call.to_region, talk.call.to_site.as_ref()),
    ];
    let body = html! {
        div.aloud {
            h1 { (w.t("phone-call")) }
            p.aloud-main { (goods_text(w, &talk.call.goods)) }
            p.aloud-main { (super::calls::way(w, &world, talk)) }
            p { (standing(w, talk)) }
            (lines(w, &[("call-by", w.date_time(talk.call.by.0))]))
            (phones(w, &world, &sides, now))
            (said(w))
        }
    };
    let crumbs = [("/shipments", w.t("shipments-title"))];
    Ok(page(&app, &visitor, &w.t("phone-call"), &crumbs, &body))
}

fn eta(w: Words, one: &Moving) -> String {
    one.way.eta.value().map_or_else(|| w.unknown(), |eta| w.date_time(eta.0))
}

/// The consignment's number, in groups as they are read.
fn consignment(w: Words, one: &Moving) -> String {
    let number = one.parcel.consignment.as_deref();
    number.map_or_else(
        || w.t("phone-no-number"),
        |text| match (text.get(..5), text.get(5..7), text.get(7..)) {
            (Some(facility), Some(year), Some(serial)) => format!("{facility} {year} {serial}"),
            _ => text.to_owned(),
        },
    )
}

fn lines(w: Words, facts: &[(&str, String)]) -> Markup {
    html! {
        dl.aloud-facts {
            @for (key, text) in facts { div { dt { (w.t(key)) } dd { (text) } } }
        }
    }
}

fn phones(w: Words, world: &World, sides: &[(&JournalId, Option<&SiteId>)], now: Time) -> Markup {
    let all = parts(world, now);
    let of = |region: &JournalId, place: Option<&SiteId>| {
        let part = all.iter().find(|part| part.journal == region);
        part.map(|part| numbers(part, place)).unwrap_or_default()
    };
    html! {
        h2 { (w.t("call-phone")) }
        @for (region, place) in sides {
            @let found = of(region, *place);
            @if found.is_empty() {
                p { (region_name(world, region)) ": " (w.t("phone-none")) }
            }
            @for (site, duty) in found.iter().take(2) {
                p.aloud-phone {
                    strong { (duty.phone) } " "
                    (region_name(world, region)) ", " (site_name(world, region, site)) ", "
                    (w.dynamic("duty-of-", duty.function.as_str())) ", " (duty.hours)
                }
            }
        }
    }
}

/// Every unit, box by box, with its check character and a square to tick.
fn units(w: Words, world: &World, one: &Moving) -> Markup {
    let boxes = one.parcel.boxes.len();
    let loose = one.open.iter().filter(|unit| one.parcel.box_of(unit).is_none());
    let loose: Vec<_> = loose.copied().collect();
    html! {
        h2 { (w.t("shipment-units")) }
        @for packed in &one.parcel.boxes {
            @let open: Vec<_> =
                packed.units.iter().copied().filter(|unit| one.open.contains(unit)).collect();
            @if open.is_empty() { p { (w.t_args("phone-box-there", &[("n", packed.number.into())])) } }
            @else {
            h3 { (w.t_args("phone-box", &[("n", packed.number.into()), ("all", boxes.into())])) }
            (list(w, world, one, &open))
            }
        }
        @if !loose.is_empty() { (list(w, world, one, &loose)) }
    }
}

fn list(w: Words, world: &World, one: &Moving, units: &[UnitId]) -> Markup {
    let sender = world.journal(&one.from_region);
    html! {
        ol.aloud-units {
            @for id in units {
                @let unit = sender.and_then(|one| one.shared().blood.units.get(id));
                li {
                    (boxed(w, id.din)) " " span.product-code { (id.product) }
                    @if let Some(unit) = unit {
                        " " strong { (group_text(w, unit.group)) } " "
                        (w.date_time(unit.expiry.0))
                    }
                    span.aloud-tick aria-hidden="true" { " ☐" }
                }
            }
        }
    }
}

/// Who said what, to be filled in by hand.
fn said(w: Words) -> Markup {
    html! {
        p.aloud-said { (w.t("phone-said")) }
    }
}
