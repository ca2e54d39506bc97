//! Asking for blood, and handing it out in one step when a life is at stake.

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::model::{AgeKnown, Component, Requirement, Sex};
use samband_domain::kernel::{RecordKeeper, SiteKind};
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Estimate, Kind, Request, Urgency};
use samband_domain::{Known, Region, SiteId, Time};
use samband_exchange::stock::counted;
use serde::Deserialize;

use super::href;
use super::two::{self, TWO};
use crate::app::import::words_of;
use crate::app::stock::local;
use crate::app::transfusion::{made, own, patient};
use crate::app::{App, Problem, Visitor, own_site};
use crate::components::{Field, Form, Note, page_header};
use crate::pages::frame::{Back, done, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const NEW: &str = "request-new";
const EMERGENCY: &str = "request-emergency";

/// For whom.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    patient: Option<String>,
    urgency: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/requests/new", get(show).post(act))
        .route("/requests/emergency", get(show_emergency).post(act_emergency))
}

/// The open blood centres whose record is kept here, as `id` and name.
pub(crate) fn sites(region: &Region, now: Time) -> Vec<(String, String)> {
    let kept = region.shared.kernel.sites.values().filter(|site| {
        site.record == RecordKeeper::Samband
            && site.kind == SiteKind::BloodCentre
            && site.window.contains(now)
    });
    let mut all: Vec<_> = kept.map(|site| (site.id.to_string(), site.name.clone())).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::RequestBlood, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, &asked)
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::RequestBlood, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != NEW {
        return Err(Problem::malformed(typed.act()));
    }
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = own(&app, &visitor, &world)?;
    let mut reader = Reader::new(visitor.words, &typed);
    let request = read(visitor.words, region, &typed, &mut reader, now);
    let command = request.map(|request| match request.urgency {
        Urgency::Massive => Command::StartPackages { request },
        _ => Command::Request { request },
    });
    let command = reader.done(command.map(Into::into));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => {
            let path = made(&receipt).map_or_else(|| "/requests".to_owned(), |id| href(&id));
            Ok(done(&path, NEW))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, &Asked::default())?).into_response())
        }
    }
}

/// The patient that a field names; none where it may be left out and is.
fn named(
    w: Words,
    region: &Region,
    typed: &Typed,
    reader: &mut Reader<'_>,
) -> Option<samband_domain::PatientId> {
    let text = typed.get("patient");
    let found = patient(region, text);
    if found.is_none() && !text.is_empty() {
        reader.wrong("patient", w.t("request-patient-nobody"));
    }
    found
}

fn read(
    w: Words,
    region: &Region,
    typed: &Typed,
    reader: &mut Reader<'_>,
    now: Time,
) -> Option<Request> {
    let patient = named(w, region, typed, reader);
    let component: Option<Component> = reader.value("component");
    let urgency: Option<Urgency> = reader.value("urgency");
    let kind: Option<Kind> = reader.value("kind");
    let site: Option<SiteId> = reader.value("site");
    let units = match urgency {
        // How much a package holds follows from the rules.
        Some(Urgency::Massive) => Some(1),
        _ => reader.count("units").and_then(|n| u16::try_from(n).ok()),
    };
    let needed = match (typed.get("needed"), urgency) {
        ("", Some(urgency)) if urgency.is_emergency() => Some(now),
        (text, _) => local(text, "12:00"),
    };
    if needed.is_none() {
        reader.wrong("needed", w.t("typed-unreadable"));
    }
    let requirements = Requirement::ALL.iter().copied();
    let requirements =
        requirements.filter(|one| typed.get(&format!("require-{one}")) == "on").collect();
    let (ward, indication) = (reader.text("ward"), reader.text("indication"));
    Some(Request {
        patient,
        estimate: estimate(typed),
        component: component?,
        units: units?,
        needed: needed?,
        urgency: urgency?,
        kind: kind?,
        requirements,
        site: site?,
        ward,
        indication,
    })
}

fn estimate(typed: &Typed) -> Estimate {
    let sex: Option<Sex> = typed.get("looks-sex").parse().ok();
    let age = match typed.get("looks-age") {
        "adult" => AgeKnown::PastInfancy,
        text => text.parse::<u8>().map_or(AgeKnown::Unknown, AgeKnown::years),
    };
    Estimate { sex: Known::from(sex), age }
}

fn choose(w: Words) -> impl Iterator<Item = (String, String)> {
    std::iter::once((String::new(), w.t("form-choose")))
}

fn looks(w: Words, draft: &Draft, act: &str) -> [Field; 2] {
    let sexes =
        Sex::ALL.iter().map(|one| (one.to_string(), w.dynamic("patient-sex-", one.as_str())));
    let sexes = std::iter::once((String::new(), w.unknown())).chain(sexes);
    let sex =
        Field::select("looks-sex", w.t("request-looks-sex"), sexes).hint(w.t("request-looks-hint"));
    let age = Field::number("looks-age", w.t("request-looks-age")).hint(w.t("request-age-hint"));
    [draft.field(act, "looks-sex", sex, ""), draft.field(act, "looks-age", age, "")]
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    asked: &Asked,
) -> Result<Html<String>, Problem> {
    let patient = asked.patient.as_deref().unwrap_or_default();
    let urgency = asked.urgency.as_deref().and_then(|text| text.parse().ok());
    let urgency = urgency.unwrap_or(Urgency::Routine);
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(app, visitor, &world)?;
    // A link names the patient by an identifier; the form shows the number, as the wristband does.
    let start = samband_domain::PatientId::new(patient).ok();
    let start = start.and_then(|id| region.own.patients.patients.get(&id));
    let start = start.map_or_else(|| patient.to_owned(), |one| one.identity.number.to_string());
    let key = draft.key(NEW);
    let put = |name: &str, field, start: &str| draft.field(NEW, name, field, start);
    let components =
        [Component::RedCells, Component::Platelets, Component::Plasma, Component::WholeBlood];
    let components =
        components.map(|one| (one.to_string(), w.dynamic("compat-component-", one.as_str())));
    let urgencies =
        Urgency::ALL.iter().map(|one| (one.to_string(), w.dynamic("urgency-", one.as_str())));
    let kinds =
        Kind::ALL.iter().map(|one| (one.to_string(), w.dynamic("request-kind-", one.as_str())));
    let sites = sites(region, now);
    let one_site = if sites.len() == 1 { sites[0].0.clone() } else { String::new() };
    let soon = w.date_time(now.plus_seconds(7_200).0).replace(" kl ", " ");
    let form = draft
        .form(w, "/requests/new", NEW, &key, w.t("request-new-do"))
        .cancel("/requests", w.t("import-cancel"))
        .field(put(
            "patient",
            Field::text("patient", w.t("request-patient")).hint(w.t("request-patient-hint")),
            &start,
        ))
        .field(put(
            "urgency",
            Field::radios("urgency", w.t("request-urgency"), urgencies).required(),
            urgency.as_str(),
        ))
        .field(put(
            "component",
            Field::select("component", w.t("stock-component"), components).required(),
            Component::RedCells.as_str(),
        ))
        .field(put("units", Field::number("units", w.t("request-units")).required(), ""))
        .field(put(
            "needed",
            Field::text("needed", w.t("request-needed")).hint(w.t("request-needed-hint")),
            &soon,
        ))
        .field(put("ward", Field::text("ward", w.t("request-ward")).required(), ""))
        .field(put(
            "indication",
            Field::text("indication", w.t("request-indication")).required(),
            "",
        ))
        .field(put(
            "site",
            Field::select("site", w.t("request-site"), choose(w).chain(sites)).required(),
            &one_site,
        ))
        .field(put(
            "kind",
            Field::select("kind", w.t("request-kind"), kinds).required(),
            Kind::Transfusion.as_str(),
        ));
    let form = required(w, draft, form);
    let title = w.t("request-new");
    let body = html! {
        (page_header(&title, Some(&w.t("request-new-lead")), None))
        (draft.banner(w))
        div.panel #do { (form) }
    };
    Ok(page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body))
}

/// What the ward requires beyond what is known of the patient, and what can be seen of somebody
/// whom nobody can name.
fn required<'f>(w: Words, draft: &Draft, form: Form<'f>) -> Form<'f> {
    let needs = Requirement::ALL.iter().map(|one| {
        let name = format!("require-{one}");
        let field = Field::check_box(&name, w.dynamic("patient-need-", one.as_str()));
        draft.field(NEW, &name, field, "")
    });
    needs.chain(looks(w, draft, NEW)).fold(form, Form::field)
}

async fn show_emergency(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    emergency(&app, &visitor, &headers, &draft)
}

async fn act_emergency(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let typed = Typed::new(pairs.clone());
    if ![EMERGENCY, TWO].contains(&typed.act()) {
        return Err(Problem::malformed(typed.act()));
    }
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = own(&app, &visitor, &world)?;
    if typed.act() == TWO {
        let request = read_emergency(visitor.words, region, &typed, typed.shown(now));
        let request = request.map(|command| match command {
            Command::EmergencyIssue { request, .. } => request,
            _ => unreachable!("an emergency is read as one"),
        });
        return Ok(match two::act(&app, &visitor, pairs, request, now).await? {
            Ok(there) => there,
            Err(back) => {
                let Back { status, draft } = *back;
                (status, emergency(&app, &visitor, &headers, &draft)?).into_response()
            }
        });
    }
    let command = read_emergency(visitor.words, region, &typed, now).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(receipt) => {
            let path = made(&receipt).map_or_else(|| "/requests".to_owned(), |id| href(&id));
            Ok(done(&path, EMERGENCY))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, emergency(&app, &visitor, &headers, &draft)?).into_response())
        }
    }
}

/// Units as they were scanned, one a line.
pub(super) fn scanned(
    w: Words,
    reader: &mut Reader<'_>,
    name: &'static str,
) -> Vec<samband_domain::blood::model::UnitId> {
    let found = counted(&reader.text(name));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong(name, w.t_args("scan-bad-line", &args));
    }
    found.units
}

fn read_emergency(w: Words, region: &Region, typed: &Typed, now: Time) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let units = scanned(w, &mut reader, "scanned");
    let patient = named(w, region, typed, &mut reader);
    let site: Option<SiteId> = reader.value("site");
    let (ward, fetched_by) = (reader.text("ward"), reader.text("fetched-by"));
    let first = units.first().and_then(|unit| region.shared.blood.units.get(unit));
    let component =
        first.map_or(Component::RedCells, samband_domain::blood::model::Unit::component);
    let request = site.map(|site| Request {
        patient,
        estimate: estimate(typed),
        component,
        units: u16::try_from(units.len()).unwrap_or(u16::MAX),
        needed: now,
        urgency: Urgency::Emergency,
        kind: Kind::Transfusion,
        requirements: Vec::new(),
        site,
        ward,
        indication: w.t("request-emergency-indication"),
    });
    reader.done(request.map(|request| Command::EmergencyIssue { request, units, fetched_by }))
}

fn emergency(
    app: &App,
    visitor: &Visitor,
    headers: &HeaderMap,
    draft: &Draft,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(app, visitor, &world)?;
    let key = draft.key(EMERGENCY);
    let put = |name: &str, field, start: &str| draft.field(EMERGENCY, name, field, start);
    let sites = sites(region, now);
    let own = own_site(region, visitor, (None, headers), now).map(|site| site.to_string());
    let own = own.filter(|own| sites.iter().any(|(id, _)| id == own));
    let only = || if sites.len() == 1 { sites[0].0.clone() } else { String::new() };
    let one_site = own.unwrap_or_else(only);
    let mut form = draft
        .form(w, "/requests/emergency", EMERGENCY, &key, w.t("request-emergency-do"))
        .danger()
        .cancel("/requests", w.t("import-cancel"))
        .field(put(
            "scanned",
            Field::text_area("scanned", w.t("issue-units"))
                .hint(w.t("stock-scan-hint"))
                .required()
                .focused(),
            "",
        ))
        .field(put("ward", Field::text("ward", w.t("request-ward")).required(), ""))
        .field(put("fetched-by", Field::text("fetched-by", w.t("issue-fetched-by")).required(), ""))
        .field(put(
            "site",
            Field::select("site", w.t("request-site"), choose(w).chain(sites)).required(),
            &one_site,
        ))
        .field(put(
            "patient",
            Field::text("patient", w.t("request-patient")).hint(w.t("request-patient-emergency")),
            "",
        ));
    for field in looks(w, draft, EMERGENCY) {
        form = form.field(field);
    }
    let title = w.t("request-emergency");
    let body = html! {
        (page_header(&title, Some(&w.t("request-emergency-lead")), None))
        (Note::warning(w, &w.t("request-emergency-note")))
        (draft.banner(w))
        @if (draft.is(EMERGENCY) || draft.is(TWO)) && visitor.may(app, Action::RequestBlood) {
            // What the gate keeps back may have a documented way: two physicians, two records.
            (two::room(app, visitor, draft))
        }
        div.panel #do { (form) }
    };
    Ok(page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body))
}
