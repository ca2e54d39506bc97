//! Sending units: boxes, courier, and what the receiver's rules will say of them before they go.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::Command;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::model::stock::Way;
use samband_domain::blood::model::supply::{Packed, Parcel};
use samband_domain::blood::rules::receiver_says_of;
use samband_domain::blood::view::supply::{Reach, reachable};
use samband_domain::kernel::RecordKeeper;
use samband_domain::words::Code;
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::World;
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::calls::{Promise, promise};
use crate::app::explain::key as refusal_key;
use crate::app::import::words_of;
use crate::app::stock::{local, parts, site_name, unit_href};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Form, Note, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::parts::{places, region_name};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::pages::units::boxed;
use crate::text::Words;

const SEND: &str = "send-units";

/// The fields of each box: units, temperature, logger. Two boxes stand there from the start; more
/// come with the address.
const BOXES: [[&str; 3]; 8] = [
    ["send-units", "send-temperature", "send-logger"],
    ["send-units-2", "send-temperature-2", "send-logger-2"],
    ["send-units-3", "send-temperature-3", "send-logger-3"],
    ["send-units-4", "send-temperature-4", "send-logger-4"],
    ["send-units-5", "send-temperature-5", "send-logger-5"],
    ["send-units-6", "send-temperature-6", "send-logger-6"],
    ["send-units-7", "send-temperature-7", "send-logger-7"],
    ["send-units-8", "send-temperature-8", "send-logger-8"],
];

/// From which site, for which call, in how many boxes.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    site: Option<String>,
    call: Option<String>,
    boxes: Option<usize>,
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
    let world = app.engine.world();
    let now = app.engine.now();
    let call = asked.call.as_deref().unwrap_or_default();
    let promise = promise(&world, &visitor.region, call, now);
    let start =
        Start { site: asked.site.unwrap_or_default(), boxes: asked.boxes.unwrap_or(1), promise };
    Ok(whole(&app, &visitor, &draft, &start, None))
}

/// With what the form starts.
#[derive(Default)]
struct Start {
    site: String,
    boxes: usize,
    promise: Option<Promise>,
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
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let promise = promise(&world, &visitor.region, typed.get("send-call"), now);
    let start = Start { promise, ..Start::default() };
    let command = read(&app, &visitor, &typed, start.promise.as_ref());
    if let Ok(command) = &command
        && let Some(warning) = warning(w, &world, &visitor.region, command, now)
        && typed.get("send-seen").is_empty()
    {
        let errors = Errors::from([("send-seen", w.t("send-seen-needed"))]);
        let draft = Draft::back(typed, errors, None, now);
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        let page = whole(&app, &visitor, &draft, &start, Some(&warning));
        return Ok((status, page).into_response());
    }
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(receipt) => match receipt.first {
            Some(at) => Ok(done(&format!("/shipments/{}", at.hash), SEND)),
            None => Ok(done("/shipments", SEND)),
        },
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, &start, None)).into_response())
        }
    }
}

fn read(
    app: &App,
    visitor: &Visitor,
    typed: &Typed,
    promise: Option<&Promise>,
) -> Result<Command, Errors> {
    let (w, now) = (visitor.words, app.engine.now());
    let mut reader = Reader::new(w, typed);
    let from: Option<SiteId> = reader.value("send-from");
    let to = reader.text("send-to");
    let to = to
        .split_once('/')
        .and_then(|(region, site)| Some((JournalId::new(region).ok()?, SiteId::new(site).ok()?)));
    if to.is_none() {
        reader.wrong("send-to", w.t("typed-unreadable"));
    }
    let leg: Option<Code> = reader.optional_value("send-leg");
    let world = app.engine.world();
    let legs = world.journal(&visitor.region).map(|one| &one.shared().blood.supply.legs);
    let leg = leg.and_then(|code| Some(&legs?.get(&code)?.value));
    let run = leg.and_then(|leg| leg.next(now));
    let mut moment = |name: &'static str| {
        let text = typed.get(name);
        let time = local(text, "23:59");
        if time.is_none() && !text.is_empty() {
            reader.wrong(name, w.t("typed-unreadable"));
        }
        time
    };
    let eta = moment("send-eta").or_else(|| run.map(|run| run.arrives));
    let leaves = moment("send-leaves").or_else(|| run.map(|run| run.leaves));
    let carrier = reader.optional("send-carrier").or_else(|| leg.map(|leg| leg.carrier.clone()));
    let boxes = boxes(w, &mut reader, typed);
    let units: Vec<UnitId> = boxes.iter().flat_map(|one| one.units.iter().copied()).collect();
    let consignment = reader.optional("send-consignment");
    let sent = typed.shown(now);
    let cites = promise.map(|promise| promise.cites.clone());
    let parcel = Parcel { consignment, boxes, leg: leg.map(|leg| leg.code.clone()), leaves, cites };
    let way = from.zip(to).map(|(from, (to_region, to_site))| Way {
        from,
        to_region,
        to_site,
        sent,
        eta: Known::from(eta),
        carrier,
    });
    reader.done(way.map(|way| Command::Dispatch { way, units, parcel }))
}

/// The boxes that hold something, numbered as they stand.
fn boxes(w: Words, reader: &mut Reader<'_>, typed: &Typed) -> Vec<Packed> {
    let mut boxes = Vec::new();
    for (n, [units, temperature, logger]) in BOXES.into_iter().enumerate() {
        let text = if n == 0 { reader.text(units) } else { typed.get(units).to_owned() };
        let found = counted(&text);
        if let Some(bad) = found.bad.first() {
            let reason = words_of(w, bad.code, &bad.args);
            let args = [("line", bad.line.into()), ("reason", reason.into())];
            reader.wrong(units, w.t_args("scan-bad-line", &args));
        }
        let tenths = tenths(typed.get(temperature));
        if tenths.is_none() && !typed.get(temperature).is_empty() {
            reader.wrong(temperature, w.t("typed-no-temperature"));
        }
        if found.units.is_empty() {
            continue;
        }
        let number = u8::try_from(boxes.len() + 1).unwrap_or(u8::MAX);
        let logger = reader.optional(logger);
        boxes.push(Packed { number, units: found.units, tenths: tenths.into(), logger });
    }
    boxes
}

/// A temperature as people write it, `4,2` or `-30`, in tenths of a degree.
pub(super) fn tenths(text: &str) -> Option<i16> {
    let text = text.trim().trim_end_matches("°C").trim().replace('−', "-");
    let (sign, plain) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
    let (whole, part) = plain.split_once([',', '.']).unwrap_or((plain, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() != 1 || whole.len() > 3 {
        return None;
    }
    Some(sign * (whole.parse::<i16>().ok()? * 10 + part.parse::<i16>().ok()?))
}

/// What the receiver's published rules will say of the units; none if nothing stands against them.
fn warning(
    w: Words,
    world: &World,
    own: &JournalId,
    command: &Command,
    now: Time,
) -> Option<Markup> {
    let Command::Dispatch { way, units, .. } = command else { return None };
    let receiver = world.journal(&way.to_region).filter(|_| way.to_region != *own)?;
    let stock = &world.journal(own)?.shared().blood;
    let rules = (&way.to_region, &receiver.shared().rulesets);
    let held = receiver_says_of(rules, (stock, units), now);
    if held.is_empty() {
        return None;
    }
    let args = [("n", held.len().into()), ("region", region_name(world, &way.to_region).into())];
    let reason = |why: &samband_domain::Refusal| {
        let args: Vec<_> =
            why.facts.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        w.find(&refusal_key(why.kind.code), &args).unwrap_or_else(|| why.kind.code.to_owned())
    };
    Some(html! {
        p { strong { (w.t_args("send-held", &args)) } }
        ul {
            @for (unit, why) in held.iter().take(20) {
                li { a href=(unit_href(unit)) { (boxed(w, unit.din)) } " " (reason(why)) }
            }
        }
        p { (w.t("send-held-means")) }
    })
}

/// The open sites of a region, as `id` and name.
pub(super) fn sites(
    world: &World,
    region: &JournalId,
    own_record: bool,
    now: Time,
) -> Vec<(String, String)> {
    let Some(journal) = world.journal(region) else { return Vec::new() };
    let fits = |record| !own_record || record == RecordKeeper::Samband;
    let sites = journal.shared().kernel.sites.values();
    let sites = sites.filter(|site| fits(site.record) && site.window.contains(now));
    let mut all: Vec<_> = sites.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// Every site of every region, the own region's of the own record alone.
pub(super) fn everywhere(world: &World, own: &JournalId, now: Time) -> Vec<(String, String)> {
    let mut to = Vec::new();
    for place in places(world, now) {
        let short = place.short().to_owned();
        let all = sites(world, &place.id, place.id == *own, now);
        let named = |(id, name)| (format!("{}/{id}", place.id), format!("{short}: {name}"));
        to.extend(all.into_iter().map(named));
    }
    to
}

/// A run as one chooses it: where, when at the latest, when there.
pub(super) fn run_text(w: Words, world: &World, reach: &Reach<'_>, now: Time) -> String {
    let Reach { region, leg, run } = reach;
    let args = [
        ("from", site_name(world, region, &leg.from).into()),
        ("to", site_name(world, &leg.to_region, &leg.to_site).into()),
        ("cutoff", w.date_time(run.cutoff.0).into()),
        ("left", w.remaining(now.0, run.cutoff.0).into()),
        ("leaves", w.clock(run.leaves.0).into()),
        ("arrives", w.date_time(run.arrives.0).into()),
        ("carrier", leg.carrier.as_str().into()),
    ];
    w.t_args("leg-run", &args)
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    start: &Start,
    warning: Option<&Markup>,
) -> Html<String> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let own = sites(&world, &visitor.region, true, now);
    let to = everywhere(&world, &visitor.region, now);
    let all = parts(&world, now);
    let runs: Vec<_> =
        reachable(&all, now).into_iter().filter(|run| *run.region == visitor.region).collect();
    let runs = runs.iter().map(|run| (run.leg.code.to_string(), run_text(w, &world, run, now)));
    let no_run = std::iter::once((String::new(), w.t("leg-none")));
    let key = draft.key(SEND);
    let field = |name, field, start: &str| draft.field(SEND, name, field, start);
    let choose = || std::iter::once((String::new(), w.t("form-choose")));
    let promise = start.promise.as_ref();
    let site = promise.map_or(start.site.as_str(), |promise| promise.from.as_str());
    let target = promise.map(|promise| format!("{}/{}", promise.to.0, promise.to.1));
    let mut form = draft
        .form(w, "/shipments/send", SEND, &key, w.t("shipment-send-do"))
        .cancel("/shipments", w.t("import-cancel"))
        .hidden("send-call", promise.map_or_else(String::new, |one| one.hash()))
        .field(field(
            "send-from",
            Field::select("send-from", w.t("shipment-from"), choose().chain(own)).required(),
            site,
        ))
        .field(field(
            "send-to",
            Field::select("send-to", w.t("shipment-to"), choose().chain(to)).required(),
            target.as_deref().unwrap_or_default(),
        ))
        .field(field(
            "send-leg",
            Field::select("send-leg", w.t("send-leg"), no_run.chain(runs))
                .hint(w.t("send-leg-hint")),
            "",
        ));
    let count = (0..BOXES.len()).rev().find(|n| !draft.was(BOXES[*n][0]).is_empty());
    let count = start.boxes.max(count.map_or(1, |n| n + 1)).clamp(1, BOXES.len());
    let prefilled = promise.map(Promise::units_text).unwrap_or_default();
    for (n, names) in BOXES.iter().take(count).enumerate() {
        let given = if n == 0 { prefilled.as_str() } else { "" };
        for (name, one) in names.iter().zip(box_fields(w, names, n + 1)) {
            let given = if *name == names[0] { given } else { "" };
            form = form.field(field(name, one, given));
        }
    }
    form = last_fields(w, form, draft);
    if warning.is_some() {
        let seen = Field::check_box("send-seen", w.t("send-seen"));
        form = form.field(field("send-seen", seen, ""));
    }
    let title = w.t("shipment-send");
    let more = format!("/shipments/send?boxes={}", count + 1);
    let body = html! {
        (page_header(&title, Some(&w.t("shipment-send-lead")), None))
        @if let Some(promise) = promise { (promise.told(w, &world)) }
        @if let Some(warning) = warning { div #held { (Note::warning(w, warning)) } }
        @else { (draft.banner(w)) }
        @if count < BOXES.len() && !draft.is(SEND) && promise.is_none() {
            p { a href=(more) { (w.t("send-more-boxes")) } }
        }
        div.panel #send { (form) }
    };
    page(app, visitor, &title, &[("/shipments", w.t("shipments-title"))], &body)
}

/// What is asked for after the boxes.
fn last_fields<'a>(w: Words, form: Form<'a>, draft: &Draft) -> Form<'a> {
    let field = |name, field| draft.field(SEND, name, field, "");
    form.field(field(
        "send-consignment",
        Field::text("send-consignment", w.t("send-consignment")).hint(w.t("send-consignment-hint")),
    ))
    .field(field(
        "send-leaves",
        Field::text("send-leaves", w.t("send-leaves")).hint(w.t("send-leaves-hint")),
    ))
    .field(field(
        "send-eta",
        Field::text("send-eta", w.t("shipment-eta")).hint(w.t("shipment-eta-hint")),
    ))
    .field(field(
        "send-carrier",
        Field::text("send-carrier", w.t("shipment-carrier")).hint(w.t("shipment-carrier-hint")),
    ))
}

fn box_fields(w: Words, [units, temperature, logger]: &[&str; 3], n: usize) -> [Field; 3] {
    let number = [("n", n.into())];
    let area = Field::text_area(units, w.t_args("send-box-units", &number));
    let area = area.hint(w.t("stock-scan-hint"));
    [
        if n == 1 { area.required().scanned() } else { area },
        Field::text(temperature, w.t_args("send-box-temperature", &number))
            .hint(w.t("send-box-temperature-hint")),
        Field::text(logger, w.t_args("send-box-logger", &number)),
    ]
}

#[cfg(test)]
mod tests {
    use super::tenths;

    #[test]
    fn temperatures_are_read_as_people_write_them() {
        assert_eq!(tenths("4,2"), Some(42));
        assert_eq!(tenths("-30"), Some(-300));
        assert_eq!(tenths("−0.5 °C"), Some(-5));
        for text in ["", "varmt", "4,25", "4,", "1000", "+4"] {
            assert_eq!(tenths(text), None, "{text}");
        }
    }
}
