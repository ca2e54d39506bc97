//! Saying what is wrong with an earlier record. The record itself stays as it is.

use axum::Form as Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::JournalId;
use samband_domain::kernel::Command;

use super::super::frame::{Back, done, send};
use super::super::parts::{record_link, shared_area};
use super::super::typed::{Draft, Reader, Typed};
use super::{Asked, View, look, read_place, whole};
use crate::app::{App, Problem, Visitor};
use crate::components::section;
use crate::text::Words;

/// What the form is called.
pub(super) const ACT: &str = "annotate";

/// Answers `POST /journal/annotate`.
pub(super) async fn post(
    State(app): State<App>,
    visitor: Visitor,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::new(pairs);
    let region = JournalId::new(typed.get("region"))?;
    // Asked before the record is looked for, so that nobody learns what exists by asking.
    visitor.permit(&app, Action::Annotate, &region)?;
    let named = typed.get("record").to_owned();
    let missing = || Problem::not_found(format!("{region} {named}"));
    let (epoch, seq) = read_place(&named).ok_or_else(missing)?;
    let record = app.engine.store().record(&region, epoch, seq).await?.ok_or_else(missing)?;
    let mut reader = Reader::new(visitor.words, &typed);
    let text = reader.text("annotation");
    let command = reader.done(Some(Command::Annotate { record: record.at(), text }.into()));
    match send(&app, &visitor, &region, typed, command).await {
        Ok(_) => Ok(done(&format!("/journal?region={region}"), ACT)),
        Err(back) => {
            let Back { status, draft } = *back;
            let asked = Asked {
                region: Some(region.to_string()),
                annotate: Some(named),
                ..Asked::default()
            };
            let view = look(&app, &visitor, &asked).await?;
            Ok((status, whole(&app, &visitor, &view, &draft)).into_response())
        }
    }
}

/// The way to the form about a record.
pub(super) fn link(w: Words, region: &JournalId, (epoch, seq): (u32, u64)) -> Markup {
    let href = format!("/journal?region={region}&annotate={epoch}.{seq}#{ACT}");
    let label = w.t_args("annotate-one", &[("record", format!("{epoch}:{seq}").into())]);
    html! { a href=(href) { (label) } }
}

/// The form about the record that was chosen.
pub(super) fn form(w: Words, view: &View, draft: &Draft) -> Markup {
    let Some(at) = view.annotating.as_ref().filter(|_| view.may.has(Action::Annotate)) else {
        return html! {};
    };
    let key = draft.key(ACT);
    let text = shared_area(w, "annotation", w.t("annotate-text"), &w.t("annotate-hint"));
    let form = draft
        .form(w, "/journal/annotate", ACT, &key, w.t("annotate-do"))
        .hidden("region", at.journal.as_str())
        .hidden("record", format!("{}.{}", at.epoch, at.seq))
        .field(draft.field(ACT, "annotation", text.required(), ""));
    let body = html! {
        p { (record_link(w, at)) }
        p { (w.t("annotate-means")) }
        div.panel { (form) }
    };
    section(ACT, &w.t("annotate-title"), &body)
}
