//! Reactions: those that nobody has judged, and judging them.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::donations::model::vigilance::Notice;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::model::Patient;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Category, Imputability, Reaction, ReactionId};
use serde::Deserialize;

use crate::app::stock::unit_href;
use crate::app::transfusion::{own, unit_text};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Definitions, EmptyState, Field, page_header, time_tag};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::requests::patient_name;
use crate::pages::typed::{Draft, Reader, Typed};
use crate::text::Words;

const ASSESS: &str = "reaction-assess";

/// Why a patient is read about here; a key of the catalogue.
const PURPOSE: &str = "reaction";

#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/reactions", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let draft = Draft::fresh(app.engine.now());
    whole(&app, &visitor, &draft, asked.done.as_deref()).await
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    visitor.permit(&app, Action::AssessReaction, &visitor.region)?;
    let typed = Typed::new(pairs);
    if typed.act() != ASSESS {
        return Err(Problem::malformed(typed.act()));
    }
    let mut reader = Reader::new(visitor.words, &typed);
    let reaction: Option<ReactionId> = reader.value("reaction");
    let category: Option<Category> = reader.value("category");
    let imputability: Option<Imputability> = reader.value("imputability");
    let command = reaction.zip(category).zip(imputability);
    let command = command.map(|((reaction, category), imputability)| Command::Assess {
        reaction,
        category,
        imputability,
    });
    let command = reader.done(command.map(Into::into));
    match send(&app, &visitor, &visitor.region, typed, command).await {
        Ok(_) => Ok(done("/reactions", ASSESS)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &draft, None).await?).into_response())
        }
    }
}

async fn whole(
    app: &App,
    visitor: &Visitor,
    draft: &Draft,
    said: Option<&str>,
) -> Result<Html<String>, Problem> {
    let (known, w) = (app.engine.world(), visitor.words);
    let unjudged: Vec<_> = {
        let all = own(app, visitor, &known)?.own.transfusion.reactions.iter();
        all.filter(|(_, one)| one.assessed_by.is_none()).collect()
    };
    for (_, one) in &unjudged {
        note_read(app, visitor, ReadOf::Patient(one.patient.clone()), PURPOSE).await?;
    }
    let may = visitor.may(app, Action::AssessReaction);
    let people = &own(app, visitor, &known)?.own.patients.patients;
    let title = w.t("reactions-title");
    let body = html! {
        (page_header(&title, Some(&w.t("reactions-lead")), None))
        (done_note(w, said))
        (draft.banner(w))
        @if unjudged.is_empty() {
            (EmptyState::new(&w.t("reactions-none"), &w.t("reactions-none-text")))
        }
        @for (id, one) in &unjudged { (reaction(w, draft, (id, one), people.get(&one.patient), may)) }
    };
    Ok(page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body))
}

fn reaction(
    w: Words,
    draft: &Draft,
    (id, one): (&ReactionId, &Reaction),
    whom: Option<&Patient>,
    may: bool,
) -> Markup {
    let mut all = Definitions::new()
        .markup(w.t("reaction-began"), time_tag(w, one.began.0))
        .text(w.t("reaction-severity"), &w.dynamic("reacted-severity-", one.severity.as_str()))
        .text(w.t("reaction-category"), &w.dynamic("reacted-", one.category.as_str()))
        .text(w.t("reaction-signs"), &one.signs);
    for unit in &one.units {
        let link = html! { a href=(unit_href(unit)) { (unit_text(unit)) } };
        all = all.markup(w.t("request-unit"), link);
    }
    let patient = format!("/patients/{}", one.patient);
    let name = whom.map_or_else(
        || one.patient.to_string(),
        |held| format!("{} · {}", patient_name(w, held), held.identity.number),
    );
    all = all.markup(w.t("request-patient"), html! { a href=(patient) { (name) } });
    let key = format!("{}-{id}", draft.key(ASSESS));
    let categories = Category::of(Notice::Reaction);
    let categories = categories.map(|one| (one.to_string(), w.dynamic("reacted-", one.as_str())));
    let degrees = Imputability::ALL.iter();
    let degrees = degrees.map(|one| (one.to_string(), w.dynamic("imputability-", one.as_str())));
    html! {
        div.panel #(id) {
            (all)
            @if may {
                (draft.form(w, "/reactions", ASSESS, &key, w.t("reaction-assess-do"))
                    .hidden("reaction", id.as_str())
                    .field(Field::select("category", w.t("reaction-category"), categories)
                        .value(one.category.as_str()))
                    .field(Field::select("imputability", w.t("reaction-imputability"), degrees)
                        .value(one.imputability.as_str())))
            }
        }
    }
}
