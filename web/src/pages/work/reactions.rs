//! Reactions: those that nobody has judged, judging them, and what was judged before.

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::Region;
use samband_domain::donations::model::vigilance::Notice;
use samband_domain::kernel::ReadOf;
use samband_domain::patients::model::Patient;
use samband_domain::transfusion::Command;
use samband_domain::transfusion::model::{Category, Imputability, Reaction, ReactionId};
use serde::Deserialize;

use crate::app::stock::unit_href;
use crate::app::transfusion::{own, unit_text};
use crate::app::{App, Problem, Visitor, note_reads};
use crate::components::{Definitions, EmptyState, Field, page_header, section, time_tag};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{as_written, title_of};
use crate::pages::requests::patient_name;
use crate::pages::typed::{Draft, Reader, Typed};
use crate::text::Words;

const ASSESS: &str = "reaction-assess";

/// Why a patient is read about here; a key of the catalogue.
const PURPOSE: &str = "reaction";

/// So many of those that were judged are shown, the latest first; the record has them all.
const JUDGED: usize = 50;

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
    let region = own(app, visitor, &known)?;
    let all = region.own.transfusion.reactions.iter();
    let (unjudged, mut judged): (Vec<_>, Vec<_>) =
        all.partition(|(_, one)| one.assessed_by.is_none());
    judged.sort_by_key(|(_, one)| std::cmp::Reverse(one.began));
    judged.truncate(JUDGED);
    let about = unjudged.iter().chain(&judged).map(|(_, one)| ReadOf::Patient(one.patient.clone()));
    note_reads(app, visitor, about.collect::<Vec<_>>(), PURPOSE).await?;
    let may = visitor.may(app, Action::AssessReaction);
    let shown = Shown { w, draft, region, may };
    let title = w.t("reactions-title");
    let body = html! {
        (page_header(&title, Some(&w.t("reactions-lead")), None))
        (done_note(w, said))
        (draft.banner(w))
        @if unjudged.is_empty() {
            (EmptyState::new(&w.t("reactions-none"), &w.t("reactions-none-text")))
        }
        @for one in unjudged { (shown.reaction(one)) }
        @if !judged.is_empty() {
            (section("judged", &w.t("reactions-judged"), &html! {
                p { (w.t("reactions-judged-lead")) }
                @for one in judged {
                    details {
                        summary { (shown.summary(one.1)) }
                        (shown.reaction(one))
                    }
                }
            }))
        }
    };
    Ok(page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body))
}

/// What every reaction on the page is shown with.
struct Shown<'a> {
    w: Words,
    draft: &'a Draft,
    region: &'a Region,
    may: bool,
}

impl Shown<'_> {
    fn patient(&self, one: &Reaction) -> String {
        let held: Option<&Patient> = self.region.own.patients.patients.get(&one.patient);
        let named =
            |held: &Patient| format!("{} · {}", patient_name(self.w, held), held.identity.number);
        held.map_or_else(|| one.patient.to_string(), named)
    }

    fn summary(&self, one: &Reaction) -> Markup {
        let w = self.w;
        html! {
            (time_tag(w, one.began.0)) " · " (w.dynamic("reacted-", one.category.as_str())) " · "
            (w.t("vigilance-imputability")) ": "
            strong { (w.dynamic("imputability-", one.imputability.as_str())) }
        }
    }

    fn reaction(&self, (id, one): (&ReactionId, &Reaction)) -> Markup {
        let (w, judged) = (self.w, one.assessed_by.as_ref());
        let mut all = Definitions::new()
            .markup(w.t("reaction-began"), time_tag(w, one.began.0))
            .text(w.t("reaction-severity"), &w.dynamic("reacted-severity-", one.severity.as_str()))
            .text(w.t("reaction-category"), &w.dynamic("reacted-", one.category.as_str()))
            .markup(w.t("reaction-signs"), as_written(w, &one.signs))
            .text(
                w.t("vigilance-imputability"),
                &w.dynamic("imputability-", one.imputability.as_str()),
            );
        if let Some(by) = judged {
            all = all.text(w.t("reaction-judged-by"), &title_of(&self.region.shared, by));
        }
        for unit in &one.units {
            let link = html! { a href=(unit_href(unit)) { (unit_text(unit)) } };
            all = all.markup(w.t("request-unit"), link);
        }
        let href = format!("/patients/{}", one.patient);
        let patient = html! { a href=(href) { (self.patient(one)) } };
        all = all.markup(w.t("request-patient"), patient);
        html! {
            div.panel #(id) {
                (all)
                @if self.may { (self.form(id, one)) }
            }
        }
    }

    /// How sure it is that the blood was the cause is said by whoever judges; nothing is chosen
    /// before.
    fn form(&self, id: &ReactionId, one: &Reaction) -> Markup {
        let (w, draft) = (self.w, self.draft);
        let key = format!("{}-{id}", draft.key(ASSESS));
        let categories = Category::of(Notice::Reaction);
        let categories =
            categories.map(|one| (one.to_string(), w.dynamic("reacted-", one.as_str())));
        let degrees = Imputability::ALL.iter();
        let degrees =
            degrees.map(|one| (one.to_string(), w.dynamic("imputability-", one.as_str())));
        let degrees = std::iter::once((String::new(), w.t("form-choose"))).chain(degrees);
        let again = one.assessed_by.is_some();
        let send = if again { "reaction-assess-again" } else { "reaction-assess-do" };
        html! {
            (draft.form(w, "/reactions", ASSESS, &key, w.t(send))
                .hidden("reaction", id.as_str())
                .field(Field::select("category", w.t("reaction-category"), categories)
                    .value(one.category.as_str()))
                .field(Field::select("imputability", w.t("vigilance-imputability"), degrees)
                    .hint(w.t("reaction-imputability-hint"))
                    .required()
                    .value("")))
        }
    }
}
