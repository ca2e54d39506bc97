//! Framställning: scan in, choose what is made, and print the labels.

mod form;
mod irradiate;

use axum::Form as Body;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Attribute, Din, Process, ProductRow, Unit, UnitId};
use samband_domain::donations::model::Donation;
use samband_domain::{Region, Time};
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::donations::own;
use super::donations::said::number;
use super::frame::{Back, done_note, page, send};
use super::typed::{Draft, Typed};
use super::units::status_tag;
use crate::app::import::words_of;
use crate::app::stock::{unit, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Field, Form, Note, Row, Table, page_header, section, time_tag,
};
use crate::text::Words;

/// The form's act.
const PREPARE: &str = "prepare";

/// What was scanned, what is to be done, and what was made.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    units: String,
    process: Option<String>,
    made: Option<String>,
    done: Option<String>,
}

/// What lies on the bench.
pub(super) struct Bench<'a> {
    /// Units that go in.
    pub inputs: Vec<(UnitId, &'a Unit)>,
    /// The donation whose bag goes in.
    pub donation: Option<(Din, &'a Donation)>,
    /// What was not understood or not found, in words.
    pub bad: Vec<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/preparation", get(show).post(act)).merge(irradiate::routes())
}

/// Whether a label says what only a process makes true: such a code stands for no plain product.
pub(super) fn says_more(row: &ProductRow) -> bool {
    [Attribute::Irradiated, Attribute::LowTitre, Attribute::PathogenReduced]
        .into_iter()
        .any(|attribute| row.attributes.has(attribute))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::PrepareComponents, &visitor.region)?;
    whole(&app, &visitor, &Draft::fresh(app.engine.now()), &asked)
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PrepareComponents, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let typed = Typed::new(pairs);
    let process: Option<Process> = typed.get("process").parse().ok();
    let (PREPARE, Some(process)) = (typed.act(), process) else {
        return Err(Problem::malformed(typed.act()));
    };
    let units = typed.get("units").to_owned();
    let region = own(&world, &visitor)?;
    let bench = read(w, region, &units);
    let command = form::read(w, region, &bench, process, &typed, now);
    let made: Vec<_> = command.as_ref().map(|(_, made)| made.clone()).unwrap_or_default();
    let command = command.map(|(command, _)| command.into());
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => {
            let made: Vec<_> = made.iter().map(ToString::to_string).collect();
            let to = format!("/preparation?made={}&done={PREPARE}", made.join("+"));
            Ok(axum::response::Redirect::to(&to).into_response())
        }
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = Asked { units, process: Some(process.to_string()), ..Asked::default() };
            Ok((status, whole(&app, &visitor, &draft, &asked)?).into_response())
        }
    }
}

/// What was scanned: units, or the number of a donation whose bag has no label yet.
fn read<'a>(w: Words, region: &'a Region, text: &str) -> Bench<'a> {
    let mut bench = Bench { inputs: Vec::new(), donation: None, bad: Vec::new() };
    let unlabelled = |din: &Din| {
        region.shared.donations.donations.get(din).filter(|donation| donation.unlabelled)
    };
    if let Ok(din) = number(w, text)
        && let Some(donation) = unlabelled(&din)
    {
        bench.donation = Some((din, donation));
        return bench;
    }
    let found = counted(text);
    for bad in &found.bad {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        bench.bad.push(w.t_args("scan-bad-line", &args));
    }
    for id in found.units {
        match region.shared.blood.units.get(&id) {
            Some(unit) => bench.inputs.push((id, unit)),
            None => {
                let name = format!("{} {}", id.din.spaced(), id.product);
                bench.bad.push(w.t_args("preparation-not-here", &[("unit", name.into())]));
            }
        }
    }
    bench
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    asked: &Asked,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(&world, visitor)?;
    let bench = read(w, region, &asked.units);
    let process: Option<Process> = asked.process.as_deref().and_then(|text| text.parse().ok());
    let empty = bench.inputs.is_empty() && bench.donation.is_none();
    let title = w.t("preparation-title");
    let body = html! {
        (page_header(&title, Some(&w.t("preparation-lead")), Some(&html! {
            a.button href="/preparation/irradiate" { (w.t("irradiate-title")) }
        })))
        (done_note(w, asked.done.as_deref()))
        @if let Some(made) = &asked.made { (labels(w, made)?) }
        (draft.banner(w))
        @for bad in &bench.bad { (Note::warning(w, bad)) }
        (section("scan", &w.t("preparation-in"), &scanned(w, &bench, asked)))
        @if !empty {
            (section("choose", &w.t("preparation-what"), &choose(w, &bench, process, &asked.units)))
        }
        @if let Some(process) = process.filter(|_| !empty) {
            (section("prepare", &w.dynamic("process-", process.as_str()), &html! {
                p { (w.dynamic("process-means-", process.as_str())) }
                div.panel { (form::form(w, region, &bench, process, (draft, &asked.units), now)) }
            }))
        }
    };
    Ok(page(app, visitor, &title, &[("/donations", w.t("donations-title"))], &body))
}

/// What was made, with its labels.
fn labels(w: Words, made: &str) -> Result<Markup, Problem> {
    let units: Result<Vec<UnitId>, Problem> = made.split_whitespace().map(unit).collect();
    let units = units?;
    Ok(html! {
        (section("labels", &w.t("preparation-labels"), &html! {
            ul {
                @for id in &units {
                    @let name = format!("{} {}", id.din.spaced(), id.product);
                    li {
                        a href=(unit_href(id)) { (name) } " – "
                        a href={ (unit_href(id)) "/label.pdf" } { (w.t("preparation-print")) }
                    }
                }
            }
        }))
    })
}

fn scanned(w: Words, bench: &Bench<'_>, asked: &Asked) -> Markup {
    let row = |(id, unit): &(UnitId, &Unit)| {
        let name = format!("{} {}", id.din.spaced(), id.product);
        let group = unit.group.value().map_or_else(|| w.unknown(), |group| group.to_string());
        Row::new(Cell::link(&unit_href(id), &name))
            .cell(w.dynamic("product-", unit.product.as_str()))
            .cell(group)
            .cell(html! { (status_tag(w, unit.status)) })
            .cell(html! { (time_tag(w, unit.expiry.0)) })
    };
    let table = Table::new(w.t("preparation-in")).caption_hidden().columns([
        Column::text(w.t("unit-one")),
        Column::text(w.t("unit-product")),
        Column::text(w.t("stock-group")),
        Column::text(w.t("unit-status")),
        Column::text(w.t("unit-expiry")),
    ]);
    let field = Field::text_area("units", w.t("preparation-scan"))
        .hint(w.t("preparation-scan-hint"))
        .scanned()
        .value(&asked.units);
    let form = Form::get(w, "/preparation", w.t("preparation-scan-do")).field(field);
    html! {
        @if let Some((din, donation)) = &bench.donation {
            p.strong { (din.spaced()) " " (din.check_character()) " – "
                (w.dynamic("donation-kind-", donation.kind.as_str())) ", "
                (w.t("donation-no-label")) }
        }
        @if !bench.inputs.is_empty() { (table.rows(bench.inputs.iter().map(row))) }
        details.fold open[bench.inputs.is_empty() && bench.donation.is_none()] {
            summary { (w.t("preparation-scan-more")) }
            div.panel { (form) }
        }
    }
}

/// What can be done with what lies there.
fn choose(w: Words, bench: &Bench<'_>, chosen: Option<Process>, units: &str) -> Markup {
    let possible: Vec<_> =
        Process::ALL.iter().filter(|one| !possible(bench, **one).is_empty()).collect();
    let scanned = units.split_whitespace().collect::<Vec<_>>().join("%0A");
    let scanned = scanned.replace('=', "%3D").replace('<', "%3C").replace('&', "%26");
    html! {
        @if possible.is_empty() { (Note::warning(w, &w.t("preparation-nothing"))) }
        p.buttons {
            @for process in possible {
                @let href = format!("/preparation?process={process}&units={scanned}#prepare");
                @let current = chosen == Some(*process);
                a.button.main[current] href=(href) aria-current=[current.then_some("true")] {
                    (w.dynamic("process-", process.as_str()))
                }
                " "
            }
        }
    }
}

/// What can come of it; nothing if it does not fit what lies there.
pub(super) fn possible(
    bench: &Bench<'_>,
    process: Process,
) -> &'static [samband_domain::blood::model::Product] {
    if let Some((_, donation)) = bench.donation {
        return process.outputs_of_donation(donation.kind);
    }
    let mut products: Vec<_> = bench.inputs.iter().map(|(_, unit)| unit.product).collect();
    products.dedup();
    let many = if process.pools() { bench.inputs.len() >= 2 } else { bench.inputs.len() == 1 };
    match products[..] {
        [product] if many => process.outputs(product),
        _ => &[],
    }
}

/// Now, for those who read a window.
pub(super) fn is_valid(row: &ProductRow, now: Time) -> bool {
    row.valid.is_none_or(|valid| valid.contains(now))
}
