//! Ansvar: who holds which role in every region, where nobody does, and where one person is all
//! there is.

mod forms;
mod read;
mod risks;
mod tables;

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::view::{Filling, Holding, LegalRoleRow, legal_roles, standing};
use samband_domain::kernel::{Approval, LegalRole, Mandate, Role, Site};
use samband_domain::{ActorId, MandateId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{answered, done_note, page, send};
use super::incident::duties_card;
use super::parts::{May, Place, places};
use super::plans::joint;
use super::typed::{Draft, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{live_region, page_header, section};
use crate::text::Words;
use read::Kind;
pub(super) use tables::{approval, capacity, filling_tag, nobody_since, share};

/// What the page listens for.
const TOPICS: &str = "mandate actor";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    regions: Vec<Region>,
    own: Option<Own>,
    done: Option<String>,
    /// Which kind of mandate is being given.
    giving: Option<Kind>,
    /// Whose forms are shown.
    editing: Option<MandateId>,
}

/// A region as all may see it: titles, no names.
#[derive(Clone, Debug)]
pub(super) struct Region {
    place: Place,
    legal: Vec<LegalRoleRow>,
    standing: Vec<(Mandate, Holding)>,
}

/// The own region as the person who looks may see it.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    region: String,
    /// Names of actors, if the person may see them; erased ones have none.
    names: BTreeMap<ActorId, String>,
    titles: BTreeMap<ActorId, String>,
    /// Mandates that are in force, await approval or will begin.
    mandates: Vec<Mandate>,
    sites: Vec<Site>,
    may: May,
}

impl Own {
    /// A holder by name where that may be seen, by title for everybody else.
    fn who(&self, actor: &ActorId) -> Markup {
        let title = self.titles.get(actor).cloned().unwrap_or_else(|| actor.to_string());
        let href = format!("/people/{}/{actor}", self.region);
        html! {
            @if self.may.has(Action::SeePerson) {
                @match self.names.get(actor) {
                    Some(name) => { a href=(href) { (name) } ", " (title) },
                    None => a href=(href) { (title) },
                }
            } @else { (title) }
        }
    }

    /// A holder in one line of plain text, for choices.
    fn label(&self, actor: &ActorId) -> String {
        let title = self.titles.get(actor).cloned().unwrap_or_else(|| actor.to_string());
        match self.names.get(actor) {
            Some(name) => format!("{name}, {title}"),
            None => title,
        }
    }
}

/// Which forms are asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    give: Option<String>,
    mandate: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/roles", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &asked)?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut view = look(&app, &visitor, &asked)?;
    let typed = Typed::new(pairs);
    let Some(command) = read::command(visitor.words, typed.shown(view.now), &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    view.giving = view.giving.or_else(|| Kind::of(typed.get("kind")));
    view.editing = view.editing.or_else(|| MandateId::new(typed.get("mandate")).ok());
    let act = typed.act().to_owned();
    let sent = send(&app, &visitor, &visitor.region, typed, command.map(Into::into)).await;
    let again = |draft: &Draft| whole(&app, &visitor, &view, draft);
    Ok(answered(sent, ("/roles", &act), again))
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    // The director answers for what the regions carry together.
    let director = visitor.roles.contains(&Role::Director);
    let duties = director && visitor.permit(app, Action::SeeAlarms, &visitor.region).is_ok();
    let all = html! {
        (body(w, view, draft))
        @if duties { (duties_card(app, visitor)) }
        @if director { (joint::card(app, visitor)) }
    };
    page(app, visitor, &w.t("roles-title"), &[], &all)
}

fn look(app: &App, visitor: &Visitor, asked: &Asked) -> Result<View, Problem> {
    visitor.permit(app, Action::SeeRoles, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let mut view = gather(&world, now);
    view.own = own(app, visitor, &world, now);
    view.done.clone_from(&asked.done);
    view.giving = asked.give.as_deref().and_then(Kind::of);
    view.editing = asked.mandate.as_deref().and_then(|id| MandateId::new(id).ok());
    Ok(view)
}

fn gather(world: &World, now: Time) -> View {
    let regions = places(world, now).into_iter().filter_map(|place| {
        let shared = world.journal(&place.id)?.shared();
        let standing = standing(&shared.kernel, now);
        Some(Region {
            place,
            legal: legal_roles(&shared.kernel, now),
            standing: standing.into_iter().map(|(m, held)| (m.clone(), held)).collect(),
        })
    });
    View { now, regions: regions.collect(), own: None, done: None, giving: None, editing: None }
}

fn own(app: &App, visitor: &Visitor, world: &World, now: Time) -> Option<Own> {
    let region = world.local(&visitor.region)?;
    let may = May::of(forms::ACTIONS, |action| visitor.may(app, action));
    let kernel = &region.shared.kernel;
    let persons = region.own.kernel.persons.iter().filter(|_| may.has(Action::SeePerson));
    let names = persons
        .filter_map(|(actor, identity)| Some((actor.clone(), identity.here()?.name.clone())));
    let alive = |held: &&Mandate| held.window.until().is_none_or(|until| until > now);
    let rejected = |held: &&Mandate| matches!(held.approval, Approval::Rejected { .. });
    let mut mandates: Vec<_> =
        kernel.mandates.values().filter(alive).filter(|m| !rejected(m)).cloned().collect();
    mandates.sort_by(|a, b| (&a.capacity, &a.holder).cmp(&(&b.capacity, &b.holder)));
    Some(Own {
        region: visitor.region.to_string(),
        names: names.collect(),
        titles: kernel.actors.iter().map(|(id, p)| (id.clone(), p.title.clone())).collect(),
        mandates,
        sites: kernel.sites.values().filter(|s| s.window.contains(now)).cloned().collect(),
        may,
    })
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    html! {
        (page_header(&w.t("roles-title"), Some(&w.t("roles-lead")), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("roles", TOPICS, "/roles", &html! {
            (summary(w, view))
            (section("matrix", &w.t("roles-matrix"), &tables::matrix(w, view)))
            (section("risks", &w.t("roles-risks"), &risks::list(w, view)))
            (section("others", &w.t("roles-others"), &tables::others(w, view)))
            @if let Some(own) = &view.own {
                (section("own", &w.t("roles-own"), &tables::mandates(w, view, own)))
            }
        }))
        @if let Some(own) = &view.own { (forms::all(w, view, own, draft)) }
    }
}

/// How many roles have nobody, in one sentence.
fn summary(w: Words, view: &View) -> Markup {
    let all = view.regions.len() * LegalRole::ALL.len();
    let rows = || view.regions.iter().flat_map(|region| &region.legal);
    let gaps = rows().filter(|row| matches!(row.filling, Filling::Gap { .. })).count();
    let waits = rows().filter(|row| matches!(row.filling, Filling::AwaitsApproval(_))).count();
    let alone = rows().filter(|row| row.deputies.is_empty()).count();
    html! {
        ul.says {
            li { strong {
                (w.t_args("roles-says-gaps", &[("n", gaps.into()), ("all", all.into())]))
            } }
            @if waits > 0 { li { (w.t_args("roles-says-waits", &[("n", waits.into())])) } }
            li { (w.t_args("roles-says-alone", &[("n", alone.into())])) }
        }
    }
}
