//! An agreement about joint supply: prices, keys and what is laid out for all, as text that every
//! party signs and a settlement follows from.

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::agreements::terms::{
    Carriage, CostKey, CostKeys, MonthlyCost, SupplyTerms, UnitPrice, UnknownHome,
};
use samband_domain::agreements::{AgreementKind, Command};
use samband_domain::blood::model::Component;

use super::agreements::proposed;
use super::frame::{Back, done, page, send};
use super::parts::{Place, name_of, places, short};
use super::plans::kronor;
use super::stock::component as component_text;
use super::typed::{Draft, Errors, Reader, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{Column, Definitions, Field, Note, Row, Table, page_header};
use crate::text::Words;

const PATH: &str = "/agreements/supply";
const PROPOSE: &str = "propose";

/// What prices can be typed in for; each with its field.
const PRICED: [(Component, &str); 3] = [
    (Component::RedCells, "price-red_cells"),
    (Component::Platelets, "price-platelets"),
    (Component::Plasma, "price-plasma"),
];

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(propose))
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::ProposeAgreement, &visitor.region)?;
    Ok(whole(&app, &visitor, &Draft::fresh(app.engine.now())))
}

async fn propose(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::ProposeAgreement, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let typed = Typed::new(pairs);
    let command = read(visitor.words, (&visitor.region, &places(&world, now)), &typed, now);
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(receipt) => Ok(done(&proposed(&receipt), PROPOSE)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft)).into_response())
        }
    }
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft) -> Html<String> {
    let (w, now) = (visitor.words, app.engine.now());
    let title = w.t("supply-agreement-title");
    let places = places(&app.engine.world(), now);
    let body = html! {
        (page_header(&title, Some(&w.t("supply-agreement-lead")), None))
        (draft.banner(w))
        (Note::info(w, &w.t("agreements-propose-note")))
        div.panel { (form(w, draft, (&visitor.region, &places), now)) }
    };
    page(app, visitor, &title, &[("/agreements", w.t("agreements-title"))], &body)
}

fn form(
    w: Words,
    draft: &Draft,
    (own, places): (&JournalId, &[Place]),
    now: samband_domain::Time,
) -> Markup {
    let key = draft.key(PROPOSE);
    let field = |name: &str, field: Field, start: &str| draft.field(PROPOSE, name, field, start);
    let today = Words::sv().date(now.0);
    let mut form = draft.form(w, PATH, PROPOSE, &key, w.t("agreements-propose-do")).field(field(
        "title",
        Field::text("title", w.t("agreements-name")).required(),
        "",
    ));
    for place in places.iter().filter(|place| place.id != *own) {
        let name = format!("also-{}", place.id);
        let label = w.t_args("agreements-also", &[("region", place.short().into())]);
        form = form.field(field(&name, Field::check_box(&name, label), ""));
    }
    for (name, label) in [
        ("key-population", "supply-agreement-population"),
        ("key-use", "supply-agreement-use"),
        ("key-equal", "supply-agreement-equal"),
    ] {
        form = form.field(field(name, Field::number(name, w.t(label)).required(), ""));
    }
    for (component, name) in PRICED {
        let of = component_text(w, component).to_lowercase();
        let label = w.t_args("supply-agreement-price", &[("component", of.into())]);
        let price = Field::text(name, label).hint(w.t("supply-agreement-price-hint"));
        form = form.field(field(name, price, ""));
    }
    let carriage = Carriage::ALL.iter();
    let carriage = carriage
        .map(|one| (one.to_string(), w.dynamic("supply-agreement-carriage-", one.as_str())));
    let homes = UnknownHome::ALL.iter();
    let homes =
        homes.map(|one| (one.to_string(), w.dynamic("supply-agreement-home-", one.as_str())));
    let joint = Field::text_area("joint", w.t("supply-agreement-joint"));
    let clauses = Field::text_area("clauses", w.t("agreements-clauses"));
    let reference = Field::text("reference", w.t("agreements-reference"));
    let form = form
        .field(field(
            "box",
            Field::text("box", w.t("supply-agreement-box")).hint(w.t("supply-agreement-box-hint")),
            "",
        ))
        .field(field(
            "carriage",
            Field::select("carriage", w.t("supply-agreement-carriage"), carriage),
            "sender",
        ))
        .field(field("home", Field::select("home", w.t("supply-agreement-home"), homes), "treated"))
        .field(field("joint", joint.hint(w.t("supply-agreement-joint-hint")), ""))
        .field(field("clauses", clauses.hint(w.t("agreements-clauses-hint")).required(), ""))
        .field(field("from", Field::date("from", w.t("form-from")).required(), &today))
        .field(field("until", Field::date("until", w.t("form-last-day")), ""))
        .field(field("reference", reference.hint(w.t("agreements-reference-hint")), ""));
    html! { (form) }
}

/// Kronor with at most two decimals, as whole öre.
fn ore(text: &str) -> Option<u64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<2}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(part)
}

fn read(
    w: Words,
    (own, places): (&JournalId, &[Place]),
    typed: &Typed,
    now: samband_domain::Time,
) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let title = reader.text("title");
    let also = places.iter().map(|place| &place.id);
    let also = also.filter(|id| typed.get(&format!("also-{id}")) == "on").cloned();
    let parties: Vec<_> = also.chain([own.clone()]).collect();
    let percent = |reader: &mut Reader<'_>, name| {
        reader.count(name).and_then(|n| u8::try_from(n).ok().filter(|n| *n <= 100))
    };
    let population = percent(&mut reader, "key-population");
    let of_use = percent(&mut reader, "key-use");
    let equal = percent(&mut reader, "key-equal");
    let money = |reader: &mut Reader<'_>, name: &'static str| {
        let text = typed.get(name);
        let read = ore(text);
        if read.is_none() && !text.is_empty() {
            reader.wrong(name, w.t("supply-agreement-not-money"));
        }
        read
    };
    let mut prices = Vec::new();
    for (component, name) in PRICED {
        let read = money(&mut reader, name);
        prices.extend(read.map(|ore| UnitPrice { component, ore }));
    }
    let box_ore = money(&mut reader, "box");
    let (carriage, unknown_home) = (reader.value("carriage"), reader.value("home"));
    let mut joint = Vec::new();
    for (n, line) in typed.get("joint").lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        match cost(w, places, line) {
            Some(cost) => joint.push(cost),
            None => {
                let args = [("line", (n as i64 + 1).into())];
                reader.wrong("joint", w.t_args("supply-agreement-bad-joint", &args));
            }
        }
    }
    let clauses = reader.text("clauses");
    let clauses = clauses.lines().map(str::trim).filter(|line| !line.is_empty());
    let clauses = clauses.map(str::to_owned).collect();
    let window = reader.window("from", "until", typed.shown(now));
    let reference = reader.optional("reference");
    let keys = population.zip(of_use.zip(equal));
    let read = keys.zip(carriage.zip(unknown_home)).zip(window);
    let command =
        read.map(|(((population, (of_use, equal)), (carriage, unknown_home)), window)| {
            let keys = CostKeys { population, r#use: of_use, equal };
            let legs = Vec::new();
            let terms = SupplyTerms { keys, prices, box_ore, legs, carriage, unknown_home, joint };
            let (kind, terms) = (AgreementKind::Supply, Some(Box::new(terms)));
            Command::Propose { title, kind, parties, clauses, window, reference, terms }
        });
    reader.done(command)
}

/// What for; who pays; kronor a month; and another key, if there is one.
fn cost(w: Words, places: &[Place], line: &str) -> Option<MonthlyCost> {
    let mut parts = line.split(';').map(str::trim);
    let (what, region, kronor) = (parts.next()?, parts.next()?, parts.next()?);
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let payer = places.iter().find(|place| {
        same(region, place.id.as_str())
            || same(region, &place.name)
            || same(region, short(&place.name))
    })?;
    let key = match parts.next().filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(CostKey::ALL.iter().copied().find(|key| {
            same(text, key.as_str()) || same(text, &w.dynamic("settlement-key-", key.as_str()))
        })?),
    };
    let what = Some(what.to_owned()).filter(|what| !what.is_empty())?;
    Some(MonthlyCost { what, paid_by: payer.id.clone(), ore: ore(kronor)?, key })
}

/// An agreement's prices and keys, as whoever signs reads them.
pub(super) fn terms(w: Words, places: &[Place], terms: &SupplyTerms) -> Markup {
    let kr = |ore: u64| kronor(w, i64::try_from(ore).unwrap_or(i64::MAX));
    let keys = [
        ("population", i64::from(terms.keys.population).into()),
        ("use", i64::from(terms.keys.r#use).into()),
        ("equal", i64::from(terms.keys.equal).into()),
    ];
    let mut facts =
        Definitions::new().text(w.t("settlement-keys"), &w.t_args("settlement-keys-are", &keys));
    for price in &terms.prices {
        facts = facts.text(component_text(w, price.component), &kr(price.ore));
    }
    let a_box = terms.box_ore.map_or_else(|| w.t("supply-agreement-no-box"), kr);
    facts = facts
        .text(w.t("supply-agreement-box"), &a_box)
        .text(
            w.t("supply-agreement-carriage"),
            &w.dynamic("supply-agreement-carriage-", terms.carriage.as_str()),
        )
        .text(
            w.t("supply-agreement-home"),
            &w.dynamic("supply-agreement-home-", terms.unknown_home.as_str()),
        );
    let leg = |leg: &samband_domain::agreements::terms::LegPrice| {
        Row::new(leg.leg.to_string()).cell(name_of(places, &leg.region)).cell(kr(leg.ore))
    };
    let joint = |cost: &MonthlyCost| {
        let key = cost.key.map_or_else(
            || w.t("settlement-key-mix"),
            |key| w.dynamic("settlement-key-", key.as_str()),
        );
        Row::new(cost.what.clone())
            .cell(name_of(places, &cost.paid_by))
            .cell(kr(cost.ore))
            .cell(key)
    };
    html! {
        h3 { (w.t("supply-agreement-terms")) }
        (facts)
        @if !terms.legs.is_empty() {
            (Table::new(w.t("supply-agreement-legs"))
                .columns([
                    Column::text(w.t("settlement-leg")),
                    Column::text(w.t("stock-region")),
                    Column::number(w.t("supply-agreement-box")),
                ])
                .rows(terms.legs.iter().map(leg)))
        }
        @if !terms.joint.is_empty() {
            (Table::new(w.t("supply-agreement-joint"))
                .columns([
                    Column::text(w.t("settlement-what")),
                    Column::text(w.t("supply-agreement-payer")),
                    Column::number(w.t("supply-agreement-a-month")),
                    Column::text(w.t("settlement-key")),
                ])
                .rows(terms.joint.iter().map(joint)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ore;

    #[test]
    fn kronor_are_read_as_whole_ore_or_not_at_all() {
        let read = ["1 400", "1400,5", "0.05", "12,345", "", "-1", "1e3", "99999999999999999999"];
        let read = read.map(ore);
        assert_eq!(read[..3], [Some(140_000), Some(140_050), Some(5)]);
        assert_eq!(read[3..], [None; 5]);
    }
}
