//! Irradiating what fits in the canister at once: scan all of it, one step, one label each. All of
//! it is recorded or nothing.

use axum::Form as Body;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use maud::html;
use samband_access::Action;
use samband_domain::blood::model::{Attribute, Material, Process, ProductCode, Unit, UnitId};
use samband_domain::donations::Command;
use samband_domain::donations::model::Output;
use samband_domain::{Known, Region, Time};

use super::{PREPARE, form, is_valid, read};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::donations::own;
use crate::pages::frame::{Back, page, send_all};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const IRRADIATE: &str = "irradiate-units";
const PATH: &str = "/preparation/irradiate";

/// Most units of one step.
const MOST: usize = 40;

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(act))
}

async fn show(State(app): State<App>, visitor: Visitor) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::PrepareComponents, &visitor.region)?;
    Ok(whole(&app, &visitor, &Draft::fresh(app.engine.now())))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::PrepareComponents, &visitor.region)?;
    let (world, now, w) = (app.engine.world(), app.engine.now(), visitor.words);
    let typed = Typed::new(pairs);
    if typed.act() != IRRADIATE {
        return Err(Problem::malformed(typed.act()));
    }
    let commands = commands(w, own(&world, &visitor)?, &typed, now);
    let made: Vec<_> = commands.as_ref().map(|(_, made)| made.clone()).unwrap_or_default();
    let commands = commands.map(|(commands, _)| commands.into_iter().map(Into::into).collect());
    match send_all(&app, &visitor, &visitor.region, typed, commands).await {
        Ok(_) => {
            let made: Vec<_> = made.iter().map(ToString::to_string).collect();
            let to = format!("/preparation?made={}&done={PREPARE}", made.join("+"));
            Ok(Redirect::to(&to).into_response())
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft)).into_response())
        }
    }
}

/// One command for each unit, and the units that come of them.
fn commands(
    w: Words,
    region: &Region,
    typed: &Typed,
    now: Time,
) -> Result<(Vec<Command>, Vec<UnitId>), Errors> {
    let mut reader = Reader::new(w, typed);
    let bench = read(w, region, &reader.text("irradiate"));
    let materials = form::materials(&mut reader, typed);
    let mut wrong = bench.bad;
    if bench.donation.is_some() || bench.inputs.len() > MOST {
        wrong.push(w.t_args("irradiate-most", &[("n", MOST.into())]));
    }
    let (mut commands, mut made) = (Vec::new(), Vec::new());
    for (id, unit) in bench.inputs {
        match labelled(region, id, unit, now) {
            Some(product) => {
                commands.push(command(id, unit, product, &materials));
                made.push(UnitId { din: id.din, product });
            }
            None => {
                let name = format!("{} {}", id.din.spaced(), id.product);
                wrong.push(w.t_args("irradiate-no-label", &[("unit", name.into())]));
            }
        }
    }
    if !wrong.is_empty() {
        reader.wrong("irradiate", wrong.join(" "));
    }
    let any = !commands.is_empty();
    reader.done(any.then_some((commands, made)))
}

fn command(id: UnitId, unit: &Unit, product: ProductCode, materials: &[Material]) -> Command {
    Command::Prepare {
        site: unit.site.clone(),
        process: Process::Irradiate,
        donation: None,
        inputs: vec![id],
        outputs: vec![Output { product, din: None, millilitres: Known::Unknown }],
        materials: materials.to_vec(),
    }
}

/// The label of the same product, irradiated; none if the code table has none or several.
fn labelled(region: &Region, id: UnitId, unit: &Unit, now: Time) -> Option<ProductCode> {
    let becomes = unit.attributes.with(Attribute::Irradiated);
    let product = *Process::Irradiate.outputs(unit.product).first()?;
    if unit.attributes.has(Attribute::Irradiated) {
        return None;
    }
    let mut rows = region.shared.blood.codes.as_deref()?.products().filter(|row| {
        row.product == product
            && row.facility.is_none()
            && row.attributes == becomes
            && is_valid(row, now)
    });
    let row = rows.next().filter(|_| rows.next().is_none())?;
    // How it was collected and which part it is stay as they are.
    let tail: String = id.product.to_string().chars().skip(5).collect();
    ProductCode::parse(&format!("{}{tail}", row.code)).ok()
}

fn whole(app: &App, visitor: &Visitor, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let key = draft.key(IRRADIATE);
    let units = Field::text_area("irradiate", w.t("preparation-scan"))
        .hint(w.t("stock-scan-hint"))
        .required()
        .focused();
    let mut form = draft
        .form(w, PATH, IRRADIATE, &key, w.t("irradiate-do"))
        .cancel("/preparation", w.t("import-cancel"))
        .field(draft.field(IRRADIATE, "irradiate", units, ""));
    for (name, one, start) in form::material_fields(w) {
        form = form.field(draft.field(IRRADIATE, name, one, start));
    }
    let title = w.t("irradiate-title");
    let body = html! {
        (page_header(&title, Some(&w.t("irradiate-lead")), None))
        (draft.banner(w))
        div.panel #irradiate { (form) }
    };
    let way = [("/donations", w.t("donations-title")), ("/preparation", w.t("preparation-title"))];
    page(app, visitor, &title, &way, &body)
}
