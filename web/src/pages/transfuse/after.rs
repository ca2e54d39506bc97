//! After the unit left the blood centre: returns, waste, reactions.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations::model::vigilance::Notice;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::command::Back as GivenBack;
use samband_domain::transfusion::model::{Category, Imputability, Reaction, Severity, Temperature};
use samband_domain::{Known, Region, SiteId, Time};
use samband_exchange::stock::counted;
use serde::Deserialize;

use crate::app::import::words_of;
use crate::app::stock::local;
use crate::app::transfusion::{own, patient};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, Form, page_header};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

/// The forms, by the last part of their address.
const RETURN: &str = "return";
const WASTE: &str = "waste";
const REACTION: &str = "reaction";

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/transfuse/{what}", get(show).post(act))
}

/// The way to the other forms.
pub(super) fn links(w: Words) -> Markup {
    html! {
        p.bedside-links {
            @for what in [RETURN, WASTE, REACTION] {
                a.button.quiet href={ "/transfuse/" (what) } { (w.dynamic("ward-", what)) } " "
            }
        }
    }
}

fn act_of(what: &str) -> Option<&'static str> {
    Some(match what {
        RETURN => "ward-return",
        WASTE => "ward-waste",
        REACTION => "ward-reaction",
        _ => return None,
    })
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(what): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::Transfuse, &visitor.region)?;
    let act = act_of(&what).ok_or_else(|| Problem::not_found(&what))?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, (&what, act), asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(what): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::Transfuse, &visitor.region)?;
    let act = act_of(&what).ok_or_else(|| Problem::not_found(&what))?;
    let typed = Typed::new(pairs);
    if typed.act() != act {
        return Err(Problem::malformed(typed.act()));
    }
    let (world, now) = (app.engine.world(), app.engine.now());
    let region = own(&app, &visitor, &world)?;
    let command = read(visitor.words, region, &what, &typed, now).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done(&format!("/transfuse/{what}"), act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let page = whole(&app, &visitor, &draft, (&what, act), None)?;
            Ok((status, page).into_response())
        }
    }
}

fn units(w: Words, reader: &mut Reader<'_>) -> Vec<samband_domain::blood::model::UnitId> {
    let found = counted(&reader.text("scanned"));
    if let Some(bad) = found.bad.first() {
        let reason = words_of(w, bad.code, &bad.args);
        let args = [("line", bad.line.into()), ("reason", reason.into())];
        reader.wrong("scanned", w.t_args("scan-bad-line", &args));
    }
    found.units
}

/// Minutes; left out is not known.
fn minutes(reader: &mut Reader<'_>, typed: &Typed, name: &'static str) -> Known<u32> {
    if typed.get(name).is_empty() {
        return Known::Unknown;
    }
    Known::from(reader.count(name).and_then(|n| u32::try_from(n).ok()))
}

fn read(
    w: Words,
    region: &Region,
    what: &str,
    typed: &Typed,
    now: Time,
) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let units = units(w, &mut reader);
    match what {
        RETURN => {
            let site: Option<SiteId> = reader.value("site");
            let uncooled_minutes = minutes(&mut reader, typed, "uncooled");
            let cooled_minutes = minutes(&mut reader, typed, "cooled");
            let temperature: Option<Temperature> = reader.value("temperature");
            let intact = typed.get("intact") == "on";
            let back = site.zip(temperature).map(|(site, temperature)| GivenBack {
                units,
                site,
                uncooled_minutes,
                cooled_minutes,
                temperature,
                intact,
            });
            reader.done(back.map(|back| Command::Return { back }))
        }
        WASTE => {
            let reason = reader.text("reason");
            reader.done(Some(Command::Waste { units, reason }))
        }
        _ => {
            let whom = patient(region, &reader.text("wristband"));
            if whom.is_none() {
                reader.wrong("wristband", w.t("bedside-nobody"));
            }
            let began = local(typed.get("began"), "12:00").filter(|began| *began <= now);
            if began.is_none() {
                reader.wrong("began", w.t("typed-unreadable"));
            }
            let category: Option<Category> = reader.value("category");
            let severity: Option<Severity> = reader.value("severity");
            let imputability: Option<Imputability> = reader.value("imputability");
            let signs = reader.text("signs");
            let read = whom.zip(began).zip(category.zip(severity)).zip(imputability);
            let reaction =
                read.map(|(((patient, began), (category, severity)), imputability)| Reaction {
                    patient,
                    units,
                    began,
                    category,
                    severity,
                    imputability,
                    signs,
                    assessed_by: None,
                });
            reader.done(reaction.map(|reaction| Command::React { reaction }))
        }
    }
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    (what, act): (&str, &'static str),
    said: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(app, visitor, &world)?;
    let (path, key) = (format!("/transfuse/{what}"), draft.key(act));
    let scan = Field::text_area("scanned", w.t("issue-units")).hint(w.t("stock-scan-hint"));
    let form = draft
        .form(w, &path, act, &key, w.dynamic("ward-do-", what))
        .cancel("/transfuse", w.t("import-cancel"))
        .field(draft.field(act, "scanned", scan.required().focused(), ""));
    let form = match what {
        RETURN => returned(w, draft, (act, form), region, now),
        WASTE => {
            let reason = Field::text("reason", w.t("unit-reason")).required();
            form.field(draft.field(act, "reason", reason, ""))
        }
        _ => reaction(w, draft, (act, form), now),
    };
    let title = w.dynamic("ward-", what);
    let body = html! {
        (page_header(&title, Some(&w.dynamic("ward-lead-", what)), None))
        (done_note(w, said))
        (draft.banner(w))
        div.panel #do { (form) }
    };
    Ok(page(app, visitor, &title, &[("/transfuse", w.t("bedside-title"))], &body))
}

fn returned<'f>(
    w: Words,
    draft: &Draft,
    (act, form): (&'static str, Form<'f>),
    region: &Region,
    now: Time,
) -> Form<'f> {
    let sites = crate::pages::requests::sites(region, now);
    let one_site = if sites.len() == 1 { sites[0].0.clone() } else { String::new() };
    let sites = std::iter::once((String::new(), w.t("form-choose"))).chain(sites);
    let records = Temperature::ALL.iter();
    let records = records.map(|one| (one.to_string(), w.dynamic("temperature-", one.as_str())));
    let put = |name, field, start: &str| draft.field(act, name, field, start);
    form.field(put(
        "uncooled",
        Field::number("uncooled", w.t("return-uncooled")).hint(w.t("return-unknown-hint")),
        "",
    ))
    .field(put(
        "cooled",
        Field::number("cooled", w.t("return-cooled")).hint(w.t("return-cooled-hint")),
        "",
    ))
    .field(put(
        "temperature",
        Field::radios("temperature", w.t("return-temperature"), records).required(),
        Temperature::NoRecord.as_str(),
    ))
    .field(put("intact", Field::check_box("intact", w.t("return-intact")), ""))
    .field(put(
        "site",
        Field::select("site", w.t("return-site"), sites).required(),
        &one_site,
    ))
}

fn reaction<'f>(
    w: Words,
    draft: &Draft,
    (act, form): (&'static str, Form<'f>),
    now: Time,
) -> Form<'f> {
    let put = |name, field, start: &str| draft.field(act, name, field, start);
    // How grave it is and what it looks like are said by whoever saw it; nothing is chosen before.
    let categories = Category::of(Notice::Reaction);
    let categories = categories.map(|one| (one.to_string(), w.dynamic("reacted-", one.as_str())));
    let categories = std::iter::once((String::new(), w.t("form-choose"))).chain(categories);
    let severities = Severity::ALL.iter();
    let severities =
        severities.map(|one| (one.to_string(), w.dynamic("reacted-severity-", one.as_str())));
    let degrees = Imputability::ALL.iter();
    let degrees = degrees.map(|one| (one.to_string(), w.dynamic("imputability-", one.as_str())));
    let began = w.date_time(now.0).replace(" kl ", " ");
    form.field(put("wristband", Field::text("wristband", w.t("bedside-wristband")).required(), ""))
        .field(put(
            "began",
            Field::text("began", w.t("reaction-began")).hint(w.t("request-needed-hint")).required(),
            &began,
        ))
        .field(put("signs", Field::text_area("signs", w.t("reaction-signs")).required(), ""))
        .field(put(
            "severity",
            Field::radios("severity", w.t("reaction-severity"), severities).required(),
            "",
        ))
        .field(put(
            "category",
            Field::select("category", w.t("reaction-category"), categories)
                .hint(w.t("reaction-category-hint"))
                .required(),
            "",
        ))
        .field(put(
            "imputability",
            Field::select("imputability", w.t("vigilance-imputability"), degrees).required(),
            Imputability::NotAssessable.as_str(),
        ))
}
