//! Ansvar: who holds which role in every region, where nobody does, and where one person is all
//! there is.

mod forms;
mod risks;

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::kernel::view::{Filling, Holding, LegalRoleRow, legal_roles, standing};
use samband_domain::kernel::{Approval, Capacity, LegalRole, Mandate, Site};
use samband_domain::{ActorId, Known, MandateId, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{Back, done, done_note, page, send};
use super::parts::{May, Place, known_time, places, share_text, window};
use super::typed::{Draft, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Note, Row, Status, Table, live_region, page_header, section, status, tag,
    time_tag,
};
use crate::text::Words;
pub(super) use forms::Kind;

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
        let title = self
            .titles
            .get(actor)
            .cloned()
            .unwrap_or_else(|| actor.to_string());
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
        let title = self
            .titles
            .get(actor)
            .cloned()
            .unwrap_or_else(|| actor.to_string());
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
    let Some(command) = forms::read(visitor.words, typed.shown(view.now), &typed) else {
        return Err(Problem::malformed(typed.act()));
    };
    view.giving = view.giving.or_else(|| Kind::of(typed.get("kind")));
    view.editing = view
        .editing
        .or_else(|| MandateId::new(typed.get("mandate")).ok());
    let act = typed.act().to_owned();
    match send(
        &app,
        &visitor,
        &visitor.region,
        typed,
        command.map(Into::into),
    )
    .await
    {
        Ok(_) => Ok(done("/roles", &act)),
        Err(back) => {
            let Back { status, draft } = *back;
            Ok((status, whole(&app, &visitor, &view, &draft)).into_response())
        }
    }
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    page(
        app,
        visitor,
        &w.t("roles-title"),
        &[],
        &body(w, view, draft),
    )
}

fn look(app: &App, visitor: &Visitor, asked: &Asked) -> Result<View, Problem> {
    visitor.permit(app, Action::SeeRoles, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let mut view = gather(&world, now);
    view.own = own(app, visitor, &world, now);
    view.done.clone_from(&asked.done);
    view.giving = asked.give.as_deref().and_then(Kind::of);
    view.editing = asked
        .mandate
        .as_deref()
        .and_then(|id| MandateId::new(id).ok());
    Ok(view)
}

fn gather(world: &World, now: Time) -> View {
    let regions = places(world, now).into_iter().filter_map(|place| {
        let shared = world.journal(&place.id)?.shared();
        let standing = standing(&shared.kernel, now);
        Some(Region {
            place,
            legal: legal_roles(&shared.kernel, now),
            standing: standing
                .into_iter()
                .map(|(m, held)| (m.clone(), held))
                .collect(),
        })
    });
    View {
        now,
        regions: regions.collect(),
        own: None,
        done: None,
        giving: None,
        editing: None,
    }
}

fn own(app: &App, visitor: &Visitor, world: &World, now: Time) -> Option<Own> {
    let region = world.local(&visitor.region)?;
    let may = May::of(forms::ACTIONS, |action| visitor.may(app, action));
    let kernel = &region.shared.kernel;
    let persons = region
        .own
        .kernel
        .persons
        .iter()
        .filter(|_| may.has(Action::SeePerson));
    let names = persons
        .filter_map(|(actor, identity)| Some((actor.clone(), identity.here()?.name.clone())));
    let alive = |held: &&Mandate| held.window.until().is_none_or(|until| until > now);
    let rejected = |held: &&Mandate| matches!(held.approval, Approval::Rejected { .. });
    let mut mandates: Vec<_> = kernel
        .mandates
        .values()
        .filter(alive)
        .filter(|m| !rejected(m))
        .cloned()
        .collect();
    mandates.sort_by(|a, b| (&a.capacity, &a.holder).cmp(&(&b.capacity, &b.holder)));
    Some(Own {
        region: visitor.region.to_string(),
        names: names.collect(),
        titles: kernel
            .actors
            .iter()
            .map(|(id, p)| (id.clone(), p.title.clone()))
            .collect(),
        mandates,
        sites: kernel
            .sites
            .values()
            .filter(|s| s.window.contains(now))
            .cloned()
            .collect(),
        may,
    })
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    html! {
        (page_header(&w.t("roles-title"), Some(&w.t("roles-lead")), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner())
        (live_region("roles", TOPICS, "/roles", &html! {
            (summary(w, view))
            (section("matrix", &w.t("roles-matrix"), &matrix(w, view)))
            (section("risks", &w.t("roles-risks"), &risks::list(w, view)))
            (section("others", &w.t("roles-others"), &others(w, view)))
            @if let Some(own) = &view.own {
                (section("own", &w.t("roles-own"), &mandates(w, view, own)))
            }
        }))
        @if let Some(own) = &view.own { (forms::all(w, view, own, draft)) }
    }
}

/// How many roles have nobody, in one sentence.
fn summary(w: Words, view: &View) -> Markup {
    let all = view.regions.len() * LegalRole::ALL.len();
    let rows = || view.regions.iter().flat_map(|region| &region.legal);
    let gaps = rows()
        .filter(|row| matches!(row.filling, Filling::Gap { .. }))
        .count();
    let waits = rows()
        .filter(|row| matches!(row.filling, Filling::AwaitsApproval(_)))
        .count();
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

/// A filling's state in a word.
pub(super) fn filling_tag(w: Words, filling: &Filling) -> Markup {
    match filling {
        Filling::Held(_) => status(w, Status::Held),
        Filling::Deputised(_) => tag(Status::Attention, &w.t("roles-deputised")),
        Filling::AwaitsApproval(_) => tag(Status::OneSided, &w.t("roles-awaits")),
        Filling::Gap { .. } => status(w, Status::Gap),
    }
}

fn matrix(w: Words, view: &View) -> Markup {
    let columns = [Column::text(w.t("picture-region"))].into_iter().chain(
        LegalRole::ALL
            .iter()
            .map(|role| Column::text(w.dynamic("legal-", role.as_str()))),
    );
    let rows = view.regions.iter().map(|region| {
        let place = &region.place;
        let header = html! {
            a href={ "/regions/" (place.id) "#legal" } { (place.short()) }
            @if let Some(mark) = place.age_mark(w, view.now) { " " (mark) }
        };
        let own = view
            .own
            .as_ref()
            .filter(|own| own.region == place.id.as_str());
        Row::new(Cell::markup(header)).cells(
            region
                .legal
                .iter()
                .map(|row| Cell::markup(filled(w, row, own))),
        )
    });
    let table = Table::new(w.t("roles-matrix"))
        .caption_hidden()
        .columns(columns)
        .rows(rows)
        .export("CSV", "/api/v1/mandates?format=csv")
        .export("XLSX", "/api/v1/mandates?format=xlsx");
    html! {
        (Note::info(w, &w.t("roles-law")).source(w.t("roles-law-source")))
        (table)
    }
}

/// One role of one region: state, holder, share, deputy.
fn filled(w: Words, row: &LegalRoleRow, own: Option<&Own>) -> Markup {
    let who = |held: &Holding| match own {
        Some(own) => own.who(&held.holder),
        None => html! { (held.title) },
    };
    html! {
        div.role {
            (filling_tag(w, &row.filling))
            @match &row.filling {
                Filling::Held(held) | Filling::Deputised(held) | Filling::AwaitsApproval(held) => {
                    span { (who(held)) }
                    span.fine {
                        (w.t_args("roles-share",
                            &[("share", share_text(w, held.share_permille).into())]))
                        @if let Some(basis) = &held.basis { " · " (basis) }
                    }
                }
                Filling::Gap { since } => {
                    span.fine { (w.t("roles-gap-since")) " " (known_time(w, *since)) }
                }
            }
            @if row.deputies.is_empty() {
                span.fine { (w.t("roles-no-deputy")) }
            } @else {
                span.fine {
                    (w.t("roles-deputy")) ": "
                    @for (place, held) in row.deputies.iter().enumerate() {
                        @if place > 0 { "; " }
                        (who(held))
                    }
                }
            }
        }
    }
}

/// What a capacity is, in words.
pub(super) fn capacity(w: Words, capacity: &Capacity) -> String {
    match capacity {
        Capacity::Role(role) => w.dynamic("role-", role.as_str()),
        Capacity::Legal(role) => w.dynamic("legal-", role.as_str()),
        Capacity::Competence { name, .. } => name.clone(),
        Capacity::Delegation { task } | Capacity::Assignment { task } => task.clone(),
        Capacity::Access(access) => w.dynamic("access-", access.as_str()),
    }
}

/// Competences, delegations and assignments in force, region by region, by title.
fn others(w: Words, view: &View) -> Markup {
    let rows = view.regions.iter().flat_map(|region| {
        let held = region.standing.iter();
        held.filter(|(mandate, _)| !matches!(mandate.capacity, Capacity::Access(_)))
            .map(move |(mandate, holding)| {
                let review = match mandate.review_at {
                    Some(at) if at <= view.now => tag(
                        Status::Attention,
                        &w.t_args("roles-review-late", &[("date", w.date(at.0).into())]),
                    ),
                    Some(at) => html! { (w.date(at.0)) },
                    None => html! { "–" },
                };
                Row::new(region.place.short())
                    .cell(w.dynamic("capacity-", mandate.capacity.kind()))
                    .cell(capacity(w, &mandate.capacity))
                    .cell(holding.title.clone())
                    .cell(share_text(w, holding.share_permille))
                    .cell(review)
            })
    });
    let rows: Vec<_> = rows.collect();
    let empty = rows.is_empty();
    let table = Table::new(w.t("roles-others"))
        .caption_hidden()
        .columns([
            Column::text(w.t("picture-region")),
            Column::text(w.t("roles-kind")),
            Column::text(w.t("roles-what")),
            Column::text(w.t("roles-holder")),
            Column::text(w.t("roles-fte")),
            Column::text(w.t("roles-review")),
        ])
        .rows(rows);
    html! { @if empty { p { (w.t("roles-no-others")) } } @else { (table) } }
}

/// Where the authority's say stands.
pub(super) fn approval(w: Words, approval: &Approval) -> Markup {
    match approval {
        Approval::NotRequired => html! { (w.t("approval-not_required")) },
        Approval::Pending { authority, asked } => html! {
            (tag(Status::OneSided, &w.t("approval-pending"))) " " (authority)
            @if let Known::Value(asked) = asked { ", " (time_tag(w, asked.0)) }
        },
        Approval::Approved {
            authority,
            reference,
            decided,
        } => html! {
            (tag(Status::Known, &w.t("approval-approved"))) " "
            (authority) ", " (reference) ", " (w.date(decided.0))
        },
        Approval::Rejected {
            authority,
            reference,
            decided,
        } => html! {
            (tag(Status::Stopped, &w.t("approval-rejected"))) " "
            (authority) ", " (reference) ", " (w.date(decided.0))
        },
    }
}

/// Every mandate of the own region that has not ended.
fn mandates(w: Words, view: &View, own: &Own) -> Markup {
    let may = own.may.any(forms::CHANGES);
    let rows = own.mandates.iter().map(|mandate| {
        let row = Row::new(capacity(w, &mandate.capacity))
            .cell(w.dynamic("capacity-", mandate.capacity.kind()))
            .cell(own.who(&mandate.holder))
            .cell(html! {
                @if !mandate.window.contains(view.now) {
                    (tag(Status::Unknown, &w.t("roles-not-begun"))) " "
                }
                (window(w, &mandate.window))
                @if mandate.deputy_for.is_some() { " · " (w.t("roles-as-deputy")) }
            })
            .cell(approval(w, &mandate.approval))
            .cell(mandate.basis.clone().unwrap_or_else(|| "–".to_owned()));
        if may && forms::may_change(&own.may, mandate) {
            let href = format!("/roles?mandate={}#change-mandate", mandate.id);
            let label = w.t_args(
                "roles-change-one",
                &[
                    ("what", capacity(w, &mandate.capacity).into()),
                    ("who", own.label(&mandate.holder).into()),
                ],
            );
            row.cell(html! { a href=(href) aria-label=(label) { (w.t("site-change")) } })
        } else if may {
            row.cell("–")
        } else {
            row
        }
    });
    let mut columns = vec![
        Column::text(w.t("roles-what")),
        Column::text(w.t("roles-kind")),
        Column::text(w.t("roles-holder")),
        Column::text(w.t("roles-window")),
        Column::text(w.t("roles-approval")),
        Column::text(w.t("roles-basis")),
    ];
    if may {
        columns.push(Column::text(w.t("site-change")));
    }
    let table = Table::new(w.t("roles-own"))
        .caption_hidden()
        .columns(columns)
        .rows(rows);
    html! {
        @if own.may.has(Action::SeePerson) { p { (w.t("roles-reading-recorded")) } }
        (table)
    }
}
