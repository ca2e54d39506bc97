//! A new donation: scan the bag, the donor and what was used. What is wrong with it is told after
//! it is recorded; it has happened.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::model::{Material, MaterialKind, Process, ProductCode};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Bag, DonationKind};
use samband_domain::kernel::RecordKeeper;
use samband_domain::words::PersonNumber;
use samband_domain::{DonorId, Known, Region, SiteId, Time, donors};
use serde::Deserialize;

use super::said::number;
use super::{href, own};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const COLLECT: &str = "collect";

/// Who gives, and where.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    donor: Option<String>,
    kind: Option<String>,
    site: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/donations/new", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::Collect, &visitor.region)?;
    whole(&app, &visitor, &Draft::fresh(app.engine.now()), &asked)
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::Collect, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != COLLECT {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let command = read(visitor.words, own(&world, &visitor)?, &typed);
    let din = match &command {
        Ok(Command::Collect { din, .. }) => Some(*din),
        _ => None,
    };
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&din.map_or_else(|| "/donations".into(), |din| href(&din)), COLLECT)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, &Asked::default())?).into_response())
        }
    }
}

fn read(w: Words, region: &Region, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let text = reader.text("din");
    let din = match number(w, &text) {
        Ok(din) => Some(din),
        Err(why) => {
            reader.wrong("din", why);
            None
        }
    };
    let donor = donor(w, region, &mut reader, typed);
    let kind: Option<DonationKind> = reader.value("kind");
    let site: Option<SiteId> = reader.value("site");
    let millilitres: Option<u16> = reader.optional_value("ml");
    let minutes: Option<u16> = reader.optional_value("minutes");
    let product: Option<ProductCode> = reader.optional_value("product");
    let bag = |product| Bag { product, millilitres: reader_ml(typed) };
    let bags: Vec<_> = product.map(bag).into_iter().collect();
    let materials = material(&mut reader, typed);
    let found = din.zip(kind).zip(site);
    reader.done(found.map(|((din, kind), site)| Command::Collect {
        din,
        donor,
        kind,
        site,
        millilitres: millilitres.into(),
        minutes: minutes.into(),
        abandoned: typed.get("abandoned") == "on",
        bags,
        materials,
    }))
}

/// The donor: by the identifier that the donor's page gives, or by the number on the identity card.
fn donor(w: Words, region: &Region, reader: &mut Reader<'_>, typed: &Typed) -> Option<DonorId> {
    let text = typed.get("donor");
    if text.is_empty() {
        if typed.get("nobody") != "on" {
            reader.wrong("donor", w.t("donation-donor-needed"));
        }
        return None;
    }
    if let Ok(number) = text.parse::<PersonNumber>() {
        let found = donors::view::find(&region.own.donors, &number).map(|(id, _)| id.clone());
        if found.is_none() {
            reader.wrong("donor", w.t("donation-donor-not-registered"));
        }
        return found;
    }
    reader.optional_value("donor")
}

/// The bag holds what keeps the blood from clotting besides: its own volume is another figure.
fn reader_ml(typed: &Typed) -> Known<u16> {
    Known::from(typed.get("bag-ml").parse().ok())
}

/// Bag set and lot, if either was given.
fn material(reader: &mut Reader<'_>, typed: &Typed) -> Vec<Material> {
    if typed.get("catalogue").is_empty() && typed.get("lot").is_empty() {
        return Vec::new();
    }
    let (catalogue, lot) = (reader.text("catalogue"), reader.text("lot"));
    vec![Material { kind: MaterialKind::Bag, catalogue, lot, millilitres: None }]
}

/// Product codes that a donation's own bag can have, by the region's table.
fn bags(region: &Region, now: Time) -> Vec<(String, String)> {
    let Some(codes) = region.shared.blood.codes.as_deref() else { return Vec::new() };
    let fits = |product| {
        DonationKind::ALL
            .iter()
            .any(|kind| Process::Label.outputs_of_donation(*kind).contains(&product))
    };
    let plain = |row: &&samband_domain::blood::model::ProductRow| {
        fits(row.product)
            && row.facility.is_none()
            && row.valid.is_none_or(|valid| valid.contains(now))
            && !super::super::preparation::says_more(row)
    };
    let rows = codes.products().filter(plain);
    rows.map(|row| (format!("{}V00", row.code), format!("{} ({})", row.text, row.code))).collect()
}

/// The open sites of the region whose record is kept here.
pub(in crate::pages) fn sites(region: &Region, now: Time) -> Vec<(String, String)> {
    let sites = region.shared.kernel.sites.values();
    let sites =
        sites.filter(|site| site.record == RecordKeeper::Samband && site.window.contains(now));
    let mut all: Vec<_> = sites.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    asked: &Asked,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(&world, visitor)?;
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let kinds = DonationKind::ALL.iter();
    let kinds = kinds.map(|one| (one.to_string(), w.dynamic("donation-kind-", one.as_str())));
    let none = || std::iter::once((String::new(), w.t("form-choose")));
    let later = std::iter::once((String::new(), w.t("donation-label-later")));
    let key = draft.key(COLLECT);
    let field = |name, field, start: &str| draft.field(COLLECT, name, field, start);
    let kind = asked.kind.clone().unwrap_or_else(|| DonationKind::WholeBlood.to_string());
    let donor = Field::text("donor", w.t("donation-donor")).hint(w.t("donation-donor-hint"));
    let din = Field::text("din", w.t("donation-number"));
    let din = din.hint(w.t("donation-number-hint")).scanned();
    let ml = Field::number("ml", w.t("donation-volume")).hint(w.t("donation-volume-hint"));
    let bag_ml = Field::number("bag-ml", w.t("donation-bag-volume"));
    let open = sites(region, now);
    // Where there is only one place, nobody has to choose.
    let only = open.first().filter(|_| open.len() == 1).map(|(id, _)| id.clone());
    let site = asked.site.clone().or(only);
    let sites = none().chain(open);
    let bags = later.chain(bags(region, now));
    let form = draft
        .form(w, "/donations/new", COLLECT, &key, w.t("donation-collect-do"))
        .cancel("/donations", w.t("import-cancel"))
        .field(field("din", din.required(), ""))
        .field(field("donor", donor, &given(&asked.donor)))
        .field(field("nobody", Field::check_box("nobody", w.t("donation-donor-nobody")), ""))
        .field(field("kind", Field::radios("kind", w.t("donation-kind"), kinds).required(), &kind))
        .field(field(
            "site",
            Field::select("site", w.t("donation-site"), sites).required(),
            &given(&site),
        ))
        .field(field(
            "product",
            Field::select("product", w.t("donation-bag"), bags).hint(w.t("donation-bag-hint")),
            "",
        ))
        .field(field("ml", ml, ""))
        .field(field("bag-ml", bag_ml, ""))
        .field(field("minutes", Field::number("minutes", w.t("donation-minutes")), ""))
        .field(field(
            "catalogue",
            Field::text("catalogue", w.t("material-catalogue")).hint(w.t("material-hint")),
            "",
        ))
        .field(field("lot", Field::text("lot", w.t("material-lot")), ""))
        .field(field("abandoned", Field::check_box("abandoned", w.t("donation-abandoned")), ""));
    let title = w.t("donation-new");
    let body = html! {
        (page_header(&title, Some(&w.t("donation-new-lead")), None))
        (draft.banner(w))
        div.panel #collect { (form) }
    };
    Ok(page(app, visitor, &title, &[("/donations", w.t("donations-title"))], &body))
}
