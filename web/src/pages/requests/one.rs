//! One request: the patient's blood on top, then the one thing to do next.

use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::blood::model::{Component, Group, Status as Standing, UnitId};
use samband_domain::kernel::ReadOf;
use samband_domain::patients::view::Serology;
use samband_domain::transfusion::Event as Said;
use samband_domain::transfusion::gate::Verdict;
use samband_domain::transfusion::model::{ExceptionRule, Open};
use samband_domain::transfusion::view::{Candidate, candidates, gate_of, serology_of};
use samband_domain::words::Others;
use samband_domain::{Event, JournalId, Private, Region, RequestId, Time};
use samband_engine::{Receipt, World};
use serde::Deserialize;

use super::{forms, href, parts, what};
use crate::app::transfusion::{TOPICS, open, own, rules};
use crate::app::{App, Problem, Visitor, note_read};
use crate::components::{Note, live_region, page_header, section};
use crate::pages::frame::{Back, done, done_note, page, send};
use crate::pages::parts::{May, Place, age_text};
use crate::pages::typed::{Draft, Typed};
use crate::text::Words;

/// What may be done with a request.
const ACTIONS: &[Action] = &[
    Action::RequestBlood,
    Action::IssueBlood,
    Action::DecideException,
    Action::NoteTreatingDecision,
];

/// Why a patient is read about here; a key of the catalogue.
const PURPOSE: &str = "request";

/// How many candidates are shown.
const SHOWN: usize = 8;

/// What was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    done: Option<String>,
    /// A rule that somebody comes to decide about.
    decide: Option<String>,
}

/// A request as its page shows it.
pub(super) struct View<'a> {
    pub(super) now: Time,
    pub(super) world: &'a World,
    pub(super) journal: &'a JournalId,
    pub(super) region: &'a Region,
    pub(super) id: RequestId,
    pub(super) open: &'a Open,
    pub(super) known: Option<Serology>,
    pub(super) aside: Vec<(UnitId, Verdict)>,
    pub(super) candidates: Vec<Candidate>,
    /// Where nothing may be chosen: what the gate says of a unit of the patient's own group.
    pub(super) example: Option<Verdict>,
    pub(super) may: May,
    /// The rule that the reader came to decide about.
    pub(super) decide: Option<ExceptionRule>,
}

impl View<'_> {
    /// How many more are asked for.
    pub(super) fn left(&self) -> usize {
        let asked = usize::from(self.open.request.units);
        asked.saturating_sub(self.open.handed_out() + self.aside.len())
    }

    /// Whether a massive transfusion is running.
    pub(super) fn running(&self) -> bool {
        self.open.course.as_ref().is_some_and(|course| course.stopped.is_none())
    }
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/requests/{id}", get(show).post(act))
}

/// Records that the patient is read about, before anything is shown.
async fn read(app: &App, visitor: &Visitor, text: &str) -> Result<(), Problem> {
    let world = app.engine.world();
    let region = own(app, visitor, &world)?;
    let (_, open) = open(region, text)?;
    if let Some(patient) = &open.request.patient {
        note_read(app, visitor, ReadOf::Patient(patient.clone()), PURPOSE).await?;
    }
    Ok(())
}

fn look<'a>(
    app: &App,
    visitor: &'a Visitor,
    world: &'a World,
    text: &str,
) -> Result<View<'a>, Problem> {
    let now = app.engine.now();
    let region = own(app, visitor, world)?;
    let (id, open) = open(region, text)?;
    let patient = open.request.patient.as_ref();
    let known = patient.and_then(|patient| serology_of(region, patient, now));
    let rules = rules(region, now);
    let others = world.others();
    let here = (region, others.as_slice());
    let judged = |unit: UnitId| {
        let held = region.shared.blood.units.get(&unit)?;
        Some((unit, gate_of(here, rules?, (&id, open), (unit, held), now)))
    };
    let aside = parts::held(region, &id).into_iter().filter_map(judged).collect();
    let components: Vec<_> = match &open.course {
        Some(course) => [Component::RedCells, Component::Plasma, Component::Platelets]
            .into_iter()
            .filter(|one| course.of(*one) > 0)
            .collect(),
        None => vec![open.request.component],
    };
    let found = |component: &Component| {
        let n = open.course.as_ref().map_or(SHOWN, |course| course.of(*component).into());
        rules.map(|rules| candidates(here, rules, (&id, open), *component, now, n))
    };
    let candidates: Vec<_> = components.iter().filter_map(found).flatten().collect();
    let example = candidates.is_empty().then(|| example(here, &id, open, now)).flatten();
    let may = May::of(ACTIONS, |action| visitor.may(app, action));
    let journal = &visitor.region;
    Ok(View {
        now,
        world,
        journal,
        region,
        id,
        open,
        known,
        aside,
        candidates,
        example,
        may,
        decide: None,
    })
}

/// A free unit of the patient's own group, or of the group that everybody can have, and what keeps
/// it back: so that an empty list says what is missing.
fn example(here: (&Region, Others<'_>), id: &RequestId, open: &Open, now: Time) -> Option<Verdict> {
    let (region, _) = here;
    let rules = rules(region, now)?;
    let known = open.request.patient.as_ref().and_then(|one| serology_of(region, one, now));
    let group = known.and_then(|known| known.recipient.group.value()).unwrap_or(Group::O_NEG);
    let mut units = region.shared.blood.units.iter().filter(|(_, unit)| {
        unit.status == Standing::Available
            && unit.component() == open.request.component
            && unit.group.value() == Some(group)
            && unit.expiry > now.max(open.request.needed)
    });
    let (unit_id, unit) = units.next()?;
    Some(gate_of(here, rules, (id, open), (*unit_id, unit), now))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    // A request that was filled has left the state; whoever filled it is told so.
    let world = app.engine.world();
    if asked.done.is_some() && open(own(&app, &visitor, &world)?, &id).is_err() {
        let act = asked.done.as_deref().unwrap_or_default();
        return Ok(done("/requests", act));
    }
    read(&app, &visitor, &id).await?;
    let world = app.engine.world();
    let decide = asked.decide.as_deref().and_then(|text| text.parse().ok());
    let view = View { decide, ..look(&app, &visitor, &world, &id)? };
    let draft = Draft::fresh(view.now);
    Ok(whole(&app, &visitor, &view, &draft, asked.done.as_deref()).into_response())
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let world = app.engine.world();
    let view = look(&app, &visitor, &world, &id)?;
    let typed = Typed::new(pairs);
    let Some(command) = forms::read(visitor.words, &view, &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    match send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await {
        Ok(receipt) => {
            let act = if fewer(&receipt) { "request-best-fewer" } else { &act };
            Ok(done(&href(&view.id), act))
        }
        Err(back) => {
            let Back { status, draft } = *back;
            read(&app, &visitor, &id).await?;
            let world = app.engine.world();
            let view = look(&app, &visitor, &world, &id)?;
            Ok((status, whole(&app, &visitor, &view, &draft, None)).into_response())
        }
    }
}

/// Whether fewer of the best were there than were asked for.
fn fewer(receipt: &Receipt) -> bool {
    receipt.events.iter().any(|event| match event {
        Event::Transfusion(Said::Allocated(_, Private::Here(said))) => {
            let asked = said.picked.as_ref().map(|how| usize::from(how.asked));
            asked.is_some_and(|asked| said.units.len() < asked)
        }
        _ => false,
    })
}

fn whole(
    app: &App,
    visitor: &Visitor,
    view: &View<'_>,
    draft: &Draft,
    done: Option<&str>,
) -> Html<String> {
    let w = visitor.words;
    let title = what(w, view.open);
    let lead = w.t_args("request-lead", &[("ward", view.open.request.ward.clone().into())]);
    let src = href(&view.id);
    let body = html! {
        (page_header(&title, Some(&lead), None))
        (done_note(w, done))
        (draft.banner(w))
        (live_region("request-facts", TOPICS, &src, &facts(w, view)))
        (forms::next(w, view, draft))
        (live_region("request-units", TOPICS, &src, &units(w, view)))
        (forms::others(w, view, draft))
    };
    page(app, visitor, &title, &[("/requests", w.t("requests-title"))], &body)
}

fn facts(w: Words, view: &View<'_>) -> Markup {
    html! {
        @if view.open.unreconciled.is_some() {
            (Note::warning(w, &w.t("request-to-reconcile")))
        }
        @if !view.open.discrepancies.is_empty() {
            (section("discrepancies", &w.t("request-discrepancies"),
                &parts::discrepancies(w, view.open)))
        }
        div.two { (parts::patient(w, view)) div.panel { (parts::asked(w, view)) } }
    }
}

/// Of whom nothing was heard for so long that a call-back there may not be known here: said with
/// its age, and no reason to keep a unit back.
fn old_news(w: Words, view: &View<'_>) -> Markup {
    let held = view.world.journals.values();
    let old: Vec<_> = held
        .filter(|journal| view.region.shared.bonds.peers.contains_key(&journal.id))
        .map(|journal| Place::of(journal, view.now))
        .filter(|place| place.stale(view.now))
        .map(|place| format!("{} ({})", place.short(), age_text(w, place.as_of, view.now)))
        .collect();
    let note = w.t_args("request-old-news", &[("regions", old.join(", ").into())]);
    html! { @if !old.is_empty() { (Note::warning(w, &note)) } }
}

fn units(w: Words, view: &View<'_>) -> Markup {
    let open = view.open;
    html! {
        (old_news(w, view))
        @if !view.aside.is_empty() {
            (section("aside", &w.t("request-aside"), &parts::aside(w, view)))
        }
        @if view.left() > 0 || view.running() {
            (section("candidates", &w.t("request-candidates"), &html! {
                @if view.candidates.is_empty() { (parts::none(w, view)) }
                @else { (parts::candidates(w, view, &view.candidates)) }
            }))
        }
        @if !(open.issued.is_empty() && open.ended.is_empty()) {
            (section("out", &w.t("request-out"), &parts::out(w, view)))
        }
        @if !open.exceptions.is_empty() {
            (section("exceptions", &w.t("request-exceptions"),
                &parts::exceptions(w, open, view.now)))
        }
    }
}
