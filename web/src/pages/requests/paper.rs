//! The reserve routine's paper list, entered afterwards: one line at a time, each held against the
//! record.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::html;
use samband_access::Action;
use samband_domain::blood::model::Component;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Paper, PaperKind};
use samband_domain::{Known, Region, SiteId};
use serde::Deserialize;

use super::ask::{scanned, sites};
use crate::app::stock::local;
use crate::app::transfusion::{own, patient};
use crate::app::{App, Problem, Visitor};
use crate::components::{Field, page_header};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::typed::{Draft, Errors, Reader, Typed};
use crate::text::Words;

const ENTER: &str = "paper-enter";

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/requests/paper", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, asked.done.as_deref())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::IssueBlood, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != ENTER {
        return Err(Problem::malformed(typed.act()));
    }
    let world = app.engine.world();
    let region = own(&app, &visitor, &world)?;
    let command = read(visitor.words, region, &typed).map(Into::into);
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/requests/paper", ENTER)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None)?).into_response())
        }
    }
}

fn read(w: Words, region: &Region, typed: &Typed) -> Result<Command, Errors> {
    let mut reader = Reader::new(w, typed);
    let number = reader.text("paper-number");
    let kind: Option<PaperKind> = reader.value("paper-kind");
    let units = scanned(w, &mut reader, "paper-unit");
    if units.len() != 1 {
        reader.wrong("paper-unit", w.t("paper-one-unit"));
    }
    let text = typed.get("patient");
    let whom = patient(region, text);
    if whom.is_none() && !text.is_empty() {
        reader.wrong("patient", w.t("request-patient-nobody"));
    }
    let at = local(typed.get("paper-at"), "12:00");
    if at.is_none() {
        reader.wrong("paper-at", w.t("typed-unreadable"));
    }
    let (ward, signed) = (reader.text("ward"), reader.text("paper-signed"));
    let site: Option<SiteId> = reader.value("site");
    let paper = kind.zip(at).zip(units.first().copied()).map(|((kind, at), unit)| Paper {
        number,
        kind,
        unit,
        patient: whom,
        at,
        ward,
        signed,
        note: Known::Unknown,
    });
    let command = paper.zip(site).map(|(paper, site)| Command::EnterPaper {
        paper,
        site,
        component: Component::RedCells,
    });
    reader.done(command)
}

fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    said: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let region = own(app, visitor, &world)?;
    let key = draft.key(ENTER);
    let put = |name: &str, field, start: &str| draft.field(ENTER, name, field, start);
    let kinds =
        PaperKind::ALL.iter().map(|one| (one.to_string(), w.dynamic("paper-", one.as_str())));
    let sites = sites(region, now);
    let one_site = if sites.len() == 1 { sites[0].0.clone() } else { String::new() };
    let sites = std::iter::once((String::new(), w.t("form-choose"))).chain(sites);
    let form = draft
        .form(w, "/requests/paper", ENTER, &key, w.t("paper-do"))
        .cancel("/requests", w.t("import-cancel"))
        .field(put("paper-number", Field::text("paper-number", w.t("paper-number")).required(), ""))
        .field(put(
            "paper-kind",
            Field::radios("paper-kind", w.t("paper-kind"), kinds).required(),
            PaperKind::Issued.as_str(),
        ))
        .field(put(
            "paper-unit",
            Field::text_area("paper-unit", w.t("request-unit"))
                .hint(w.t("stock-scan-hint"))
                .required(),
            "",
        ))
        .field(put(
            "patient",
            Field::text("patient", w.t("request-patient")).hint(w.t("paper-patient-hint")),
            "",
        ))
        .field(put(
            "paper-at",
            Field::text("paper-at", w.t("paper-at")).hint(w.t("request-needed-hint")).required(),
            "",
        ))
        .field(put("ward", Field::text("ward", w.t("request-ward")).required(), ""))
        .field(put("paper-signed", Field::text("paper-signed", w.t("paper-signed")).required(), ""))
        .field(put(
            "site",
            Field::select("site", w.t("request-site"), sites).required(),
            &one_site,
        ));
    let title = w.t("paper-title");
    let body = html! {
        (page_header(&title, Some(&w.t("paper-lead")), None))
        (done_note(w, said))
        (draft.banner(w))
        div.panel #do { (form) }
    };
    Ok(page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body))
}
