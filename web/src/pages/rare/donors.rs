//! Typed donors who fit: the own region's by name, the others' as a number.

use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Time;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::view::prospect;
use samband_domain::rare::model::Band;
use samband_domain::rare::view;
use samband_engine::World;

use super::{ASK, nothing};
use crate::app::rare::{Asked, Search, parts};
use crate::app::stock::site_name;
use crate::app::{App, Visitor};
use crate::components::{Cell, Column, Field, Row, Table, time_tag};
use crate::pages::parts::region_name;
use crate::pages::typed::Draft;
use crate::text::Words;

/// Most donors on the page.
const MOST: usize = 30;

/// The own region's donors: who they are is for those who may see donors; all others see a band.
pub(super) fn own(
    app: &App,
    visitor: &Visitor,
    world: &World,
    search: &Search,
    now: Time,
) -> Markup {
    let w = visitor.words;
    let Some(region) = world.local(&visitor.region) else {
        return html! { p { (w.unknown()) } };
    };
    let typed = &region.own.donors.typed;
    let (count, found) = typed.find(&search.wanted.of_donors(), MOST);
    if typed.is_empty() {
        return nothing(&w.t("rare-none-typed"), &w.t("rare-none-typed-text"));
    }
    let told = [("n", count.into()), ("typed", typed.len().into())];
    if !visitor.may(app, Action::SeeDonors) {
        let band = Band::of(count, typed.len());
        return html! {
            p { (w.t_args("rare-own-band", &[("band", band_text(w, band).into())])) }
        };
    }
    // Cells of platelets are given by apheresis; everything else begins with whole blood.
    let kind = match search.component {
        Some(samband_domain::blood::model::Component::Platelets) => DonationKind::Plateletpheresis,
        _ => DonationKind::WholeBlood,
    };
    let row = |id: &&samband_domain::DonorId| {
        let donor = region.own.donors.donors.get(*id);
        let may = prospect(region, id, kind, now, &visitor.region);
        let href = format!("/donors/{}/{id}", visitor.region);
        let name = donor.map_or_else(|| id.to_string(), |donor| donor.identity.name.clone());
        let group = donor.and_then(|donor| donor.group.value());
        let group = group.map_or_else(|| w.unknown(), |group| group.to_string());
        Row::new(Cell::link(&href, &name))
            .cell(group)
            .cell(w.dynamic("rare-may-", may.verdict.as_str()))
    };
    let table = Table::new(w.t("rare-donors")).caption_hidden().columns([
        Column::text(w.t("rare-donor")),
        Column::text(w.t("stock-group")),
        Column::text(w.t("rare-may")),
    ]);
    html! {
        p { (w.t_args("rare-own-count", &told)) }
        @if count > 0 { (table.rows(found.iter().map(row))) }
        @if count > MOST { p.fine { (w.t_args("rare-first", &[("n", MOST.into())])) } }
    }
}

fn band_text(w: Words, band: Band) -> String {
    match band {
        Band::Unknown => w.unknown(),
        Band::Few => w.t("rare-band-few"),
        band => band.as_str().replace('-', "–"),
    }
}

/// The other regions: what they answered, or the way to ask them.
pub(super) fn others(
    app: &App,
    visitor: &Visitor,
    world: &World,
    search: &Search,
    (asked, draft): (&Asked, &Draft),
    now: Time,
) -> Markup {
    let w = visitor.words;
    let parts = parts(world, now);
    let Some((ask, replies)) = view::replies(&visitor.region, &parts, &search.wanted) else {
        let path = format!("/rare{}", asked.query());
        let key = draft.key(ASK);
        let note = Field::text("rare-note", w.t("rare-note")).hint(w.t("call-note-hint"));
        let form = draft.form(w, &path, ASK, &key, w.t("rare-ask-do")).field(draft.field(
            ASK,
            "rare-note",
            note,
            "",
        ));
        return html! {
            p { (w.t("rare-not-asked")) }
            @if visitor.may(app, Action::AskRare) { div.panel #ask { (form) } }
        };
    };
    let row = |reply: &view::Reply<'_>| {
        let row = Row::new(region_name(world, reply.region));
        let Some(answer) = reply.answer else {
            return row.cell(w.t("rare-no-answer")).cell("–").cell("–");
        };
        let phones = html! {
            @if answer.phones.is_empty() { (w.t("phone-none")) }
            @for (site, duty) in &answer.phones {
                div {
                    span.until { (duty.phone) } " "
                    (site_name(world, reply.region, site)) ", " (duty.hours)
                }
            }
        };
        row.cell(band_text(w, answer.band)).cell(phones).cell(time_tag(w, answer.said.0))
    };
    let table = Table::new(w.t("rare-others")).caption_hidden().columns([
        Column::text(w.t("stock-region")),
        Column::text(w.t("rare-band")),
        Column::text(w.t("call-phone")),
        Column::text(w.t("call-answered")),
    ]);
    html! {
        p { (w.t("rare-asked-at")) " " (time_tag(w, ask.said.0)) }
        (table.rows(replies.iter().map(row)))
        p.fine { (w.t("rare-others-means")) }
    }
}
