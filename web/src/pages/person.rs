//! A person of the own region. That the page is read is recorded before anything is shown.

mod forms;

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::{Command, Identity, Mandate, Person};
use samband_domain::{Absence, ActorId, JournalId, Private, Subject, Time};
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::{May, Place, share_text, window};
use super::readings::Readings;
use super::roles::{approval, capacity};
use super::typed::{Draft, Typed};
use crate::app::{App, Problem, Visitor, noted};
use crate::components::{
    Column, Definitions, Note, Row, Status, Table, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// What stands in the record as the purpose of looking at this page.
const PURPOSE: &str = "person_page";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    place: Place,
    actor: ActorId,
    person: Person,
    identity: Private<Identity>,
    mandates: Vec<Mandate>,
    reads: Readings,
    may: May,
    oneself: bool,
    step: Option<String>,
    done: Option<String>,
}

/// Which step is asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    step: Option<String>,
    done: Option<String>,
}

type Address = (JournalId, ActorId);

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/people/{region}/{actor}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(address): Path<Address>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &address, &asked).await?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(address): Path<Address>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::new(pairs);
    let Some((act, command)) = forms::read(visitor.words, &address.1, &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    match send(&app, &visitor, &address.0, typed, command.map(Into::into)).await {
        Ok(_) => Ok(done(&format!("/people/{}/{}", address.0, address.1), act)),
        Err(back) => {
            let Back { status, draft } = *back;
            let view = look(&app, &visitor, &address, &asked).await?;
            Ok((status, whole(&app, &visitor, &view, &draft)).into_response())
        }
    }
}

async fn look(
    app: &App,
    visitor: &Visitor,
    (region, actor): &Address,
    asked: &Asked,
) -> Result<View, Problem> {
    let unknown = || Problem::not_found(actor.as_str());
    let oneself = *region == visitor.region && *actor == visitor.actor;
    let action = if oneself { Action::SeeOneself } else { Action::SeePerson };
    visitor.permit(app, action, region)?;
    let known = app.engine.world();
    let known = known.local(region).is_some_and(|r| r.shared.kernel.actors.contains_key(actor));
    if !known {
        return Err(unknown());
    }
    if !oneself {
        let command = Command::NoteRead { person: actor.clone(), purpose: PURPOSE.to_owned() };
        noted(app, visitor, command).await?;
    }
    let (world, now) = (app.engine.world(), app.engine.now());
    let journal = world.journal(region).ok_or_else(unknown)?;
    let state = journal.local().ok_or_else(unknown)?;
    let kernel = &state.shared.kernel;
    let actions = [Action::SeeReads, Action::CorrectActor, Action::EraseActor];
    let may = May::of(&actions, |action| visitor.may(app, action));
    let reads = Readings::of(app, visitor, (region, &Subject::person(actor)), oneself).await?;
    let mut mandates: Vec<_> =
        kernel.mandates.values().filter(|m| m.holder == *actor).cloned().collect();
    mandates.sort_by_key(|mandate| std::cmp::Reverse(mandate.window.from()));
    let erased = Private::Absent(Absence::Erased);
    Ok(View {
        now,
        place: Place::of(journal, now),
        person: kernel.actors.get(actor).cloned().ok_or_else(unknown)?,
        identity: state.own.kernel.persons.get(actor).cloned().unwrap_or(erased),
        actor: actor.clone(),
        mandates,
        reads,
        may,
        oneself,
        step: asked.step.clone(),
        done: asked.done.clone(),
    })
}

impl View {
    /// Whether a step's form was asked for.
    fn asked(&self, step: &str) -> bool {
        self.step.as_deref() == Some(step)
    }
}

fn title(view: &View) -> &str {
    view.identity.here().map_or(view.person.title.as_str(), |identity| &identity.name)
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let crumbs = [("/roles", w.t("roles-title"))];
    page(app, visitor, title(view), &crumbs, &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let lead = format!("{} · {}", view.person.title, view.place.name);
    let noted = if view.oneself { w.t("person-own-page") } else { w.t("person-read-noted") };
    html! {
        (page_header(title(view), Some(&lead), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (Note::info(w, &noted))
        (section("identity", &w.t("person-identity"), &identity(w, view)))
        (section("mandates", &w.t("person-mandates"), &mandates(w, view)))
        (section("reads", &w.t("person-reads"), &view.reads.render(w)))
        @if let Some(identity) = view.identity.here() {
            @if view.may.has(Action::CorrectActor) {
                (section("correct", &w.t("person-correct"),
                    &forms::correction(w, view, identity, draft)))
            }
            @if view.may.has(Action::EraseActor) {
                (section("erase", &w.t("person-erase"), &forms::erasure(w, view, draft)))
            }
        }
    }
}

fn identity(w: Words, view: &View) -> Markup {
    let facts = Definitions::new()
        .text(w.t("person-title"), &view.person.title)
        .text(
            w.t("person-profession"),
            &w.dynamic("kind-profession-", view.person.profession.as_str()),
        )
        .markup(w.t("person-since"), time_tag(w, view.person.since.0));
    let dash = |text: &Option<String>| text.clone().unwrap_or_else(|| w.unknown());
    let facts = match &view.identity {
        Private::Absent(_) => {
            facts.markup(w.t("person-name"), tag(Status::Ended, &w.t("person-erased")))
        }
        Private::Here(identity) => facts
            .text(w.t("person-name"), &identity.name)
            .text(w.t("person-hsa"), &dash(&identity.hsa_id))
            .markup(
                w.t("person-phone"),
                match &identity.phone {
                    Some(phone) => {
                        let digits: String =
                            phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                        html! { a href={ "tel:" (digits) } { (phone) } }
                    }
                    None => html! { (w.unknown()) },
                },
            )
            .text(w.t("person-email"), &dash(&identity.email)),
    };
    html! { div.panel { (facts) } }
}

fn mandates(w: Words, view: &View) -> Markup {
    let rows = view.mandates.iter().map(|mandate| {
        let state = if mandate.in_force(view.now) {
            tag(Status::Held, &w.t("person-in-force"))
        } else if mandate.window.until().is_some_and(|until| until <= view.now) {
            tag(Status::Ended, &w.t("person-ended"))
        } else {
            tag(Status::OneSided, &w.t("person-not-in-force"))
        };
        Row::new(capacity(w, &mandate.capacity))
            .cell(w.dynamic("capacity-", mandate.capacity.kind()))
            .cell(state)
            .cell(window(w, &mandate.window))
            .cell(share_text(w, mandate.share_permille))
            .cell(approval(w, &mandate.approval))
            .cell(mandate.ended.clone().or_else(|| mandate.basis.clone()).unwrap_or("–".into()))
    });
    let table = Table::new(w.t("person-mandates"))
        .caption_hidden()
        .columns([
            Column::text(w.t("roles-what")),
            Column::text(w.t("roles-kind")),
            Column::text(w.t("roles-state")),
            Column::text(w.t("roles-window")),
            Column::text(w.t("roles-fte")),
            Column::text(w.t("roles-approval")),
            Column::text(w.t("roles-basis")),
        ])
        .rows(rows);
    html! {
        @if view.mandates.is_empty() { p { (w.t("person-no-mandates")) } } @else { (table) }
    }
}
