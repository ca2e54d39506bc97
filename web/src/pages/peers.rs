//! Grannar: which other journals the own region trusts, how far it has verified them, and what
//! it raised the alarm about.

mod forms;

use axum::extract::{Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::bonds::{Fork, Peer};
use samband_domain::words::{Head, PublicKey};
use samband_domain::{JournalId, Known, Mode, Time};
use samband_engine::World;
use serde::Deserialize;

use super::frame::{answered, done_note, page, send_all};
use super::parts::{May, Place, age_text, known_time, record_link, region_name};
use super::typed::{Draft, Typed};
use crate::app::card::{Card, Reached, disputed_by};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Cell, Column, Definitions, EmptyState, Note, Row, Status, Table, digest, live_region,
    page_header, section, status, tag, time_tag,
};
use crate::text::Words;

/// What somebody may do about neighbours.
const ACTIONS: &[Action] = &[Action::TrustPeer, Action::DropPeer, Action::SettleFork];

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    own: Vec<Own>,
    peers: Vec<Neighbour>,
    /// How others reach this installation; none if it serves no others.
    reached: Option<Reached>,
    /// What others need to trust it, once it has an address.
    card: Option<String>,
    may: May,
    /// The neighbour whose forms are shown.
    editing: Option<JournalId>,
    done: Option<String>,
}

/// A journal that is written here.
#[derive(Clone, Debug)]
pub(super) struct Own {
    id: JournalId,
    name: String,
    mode: Mode,
    key: PublicKey,
}

/// A journal that the own region trusts.
#[derive(Clone, Debug)]
pub(super) struct Neighbour {
    peer: Peer,
    /// How it stands here; none if nothing of it was pulled yet.
    place: Option<Place>,
    head: Option<Head>,
    noticed: Option<Head>,
    silent: Option<Known<Time>>,
    fork: Option<Fork>,
    lost: u64,
    /// Regions here that trust it by another key.
    disputed_by: Vec<String>,
    /// Where it is pulled from; only for those who look after it.
    url: Option<String>,
}

/// Whose forms are asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    peer: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/peers", get(show).post(act))
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
    let Some(commands) = forms::read(visitor.words, &typed, (&app.engine.world(), &visitor.region))
    else {
        return Err(Problem::malformed(typed.act()));
    };
    view.editing = view.editing.or_else(|| JournalId::new(typed.get("peer")).ok());
    let act = typed.act().to_owned();
    let commands = commands.map(|all| all.into_iter().map(Into::into).collect());
    let sent = send_all(&app, &visitor, &visitor.region, typed, commands).await;
    let again = |draft: &Draft| whole(&app, &visitor, &view, draft);
    Ok(answered(sent, ("/peers", &act), again))
}

fn look(app: &App, visitor: &Visitor, asked: &Asked) -> Result<View, Problem> {
    visitor.permit(app, Action::SeePeers, &visitor.region)?;
    let (world, now) = (app.engine.world(), app.engine.now());
    let may = May::of(ACTIONS, |action| visitor.may(app, action));
    let reached = app.site.reached.clone();
    Ok(View {
        now,
        own: own(&world),
        card: reached.as_ref().and_then(|reached| Some(Card::own(&world, reached)?.text())),
        reached,
        peers: neighbours(&world, &visitor.region, may.has(Action::TrustPeer), now),
        may,
        editing: asked.peer.as_deref().and_then(|id| JournalId::new(id).ok()),
        done: asked.done.clone(),
    })
}

fn own(world: &World) -> Vec<Own> {
    let locals = world.locals().filter_map(|journal| {
        let facts = journal.shared().kernel.journal.as_ref()?;
        Some(Own {
            id: journal.id.clone(),
            name: journal.name(),
            mode: facts.mode,
            key: facts.keys.last()?.public,
        })
    });
    locals.collect()
}

fn neighbours(world: &World, region: &JournalId, with_url: bool, now: Time) -> Vec<Neighbour> {
    let Some(state) = world.local(region) else {
        return Vec::new();
    };
    let bonds = &state.shared.bonds;
    let all = bonds.peers.values().map(|peer| {
        let id = &peer.journal;
        let journal = world.journal(id);
        let reach = state.own.bonds.reach.get(id).filter(|_| with_url);
        Neighbour {
            place: journal.map(|journal| Place::of(journal, now)),
            head: journal.and_then(|journal| journal.head()),
            noticed: bonds.noticed.get(id).cloned(),
            silent: bonds.silent.get(id).copied(),
            fork: bonds.forks.get(id).cloned(),
            lost: bonds.lost.get(id).copied().unwrap_or_default(),
            disputed_by: disputed_by(world, region, peer)
                .iter()
                .map(|other| region_name(world, other))
                .collect(),
            url: reach.and_then(|reach| reach.here()).map(|reach| reach.url.clone()),
            peer: peer.clone(),
        }
    });
    all.collect()
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    page(app, visitor, &w.t("peers-title"), &[], &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    html! {
        (page_header(&w.t("peers-title"), Some(&w.t("peers-lead")), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("peers", "peer", "/peers", &html! {
            (forks(w, view))
            (disputes(w, view))
            (section("trusted", &w.t("peers-trusted"), &list(w, view)))
        }))
        (forms::about_one(w, view, draft))
        (section("card", &w.t("peers-card"), &card(w, view)))
        @if view.may.has(Action::TrustPeer) {
            (section("trust", &w.t("peers-trust"), &forms::trust(w, draft)))
        }
    }
}

impl Neighbour {
    /// The name to show; the journal's id before anything was pulled.
    fn name(&self) -> String {
        let place = self.place.as_ref();
        place.map_or_else(|| self.peer.journal.to_string(), |place| place.short().to_owned())
    }
}

/// Two pasts of one journal: nothing more is pulled from it until somebody has looked into it.
fn forks(w: Words, view: &View) -> Markup {
    html! {
        @for neighbour in &view.peers {
            @if let Some(fork) = &neighbour.fork {
                div.refusal role="alert" {
                    p.refusal-head {
                        span.sign aria-hidden="true" { "✕" }
                        strong { (w.t_args("peers-fork", &[("region", neighbour.name().into())])) }
                    }
                    p { (w.t("peers-fork-means")) }
                    (fork_facts(w, fork))
                    @if view.may.has(Action::SettleFork) {
                        p.choose {
                            a.button href={ "/peers?peer=" (fork.journal) "#about" } {
                                (w.t("peers-fork-settle"))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Regions of one installation that trust one journal by different keys.
fn disputes(w: Words, view: &View) -> Markup {
    html! {
        @for one in view.peers.iter().filter(|one| !one.disputed_by.is_empty()) {
            @let args = [
                ("journal", one.name().into()),
                ("regions", one.disputed_by.join(", ").into()),
                ("key", one.peer.key.id().into()),
            ];
            (Note::warning(w, &w.t_args("peers-disputed", &args)))
        }
    }
}

fn fork_facts(w: Words, fork: &Fork) -> Definitions {
    let shown = match &fork.shown {
        Some(shown) => digest(&shown.to_string()),
        None => html! { (w.unknown()) },
    };
    Definitions::new()
        .markup(w.t("peers-fork-held"), record_link(w, &fork.held))
        .markup(w.t("peers-fork-shown"), shown)
        .markup(w.t("peers-fork-detail"), detail(w, &fork.detail))
        .markup(w.t("peers-fork-since"), time_tag(w, fork.since.0))
}

/// What did not fit, in words where the engine's finding has some, and as it stands recorded.
fn detail(w: Words, detail: &str) -> Markup {
    let known = [
        ("it has another record at the same place", "peers-found-other-record"),
        ("its head is another record", "peers-found-other-record"),
        ("it is shorter than it was", "peers-found-shorter"),
        ("its head lies behind what it showed", "peers-found-shorter"),
        ("the new epoch continues", "peers-found-epoch"),
        ("hash does not fit", "peers-found-hash"),
        ("its head is not signed", "peers-found-unsigned"),
        ("its records are not those", "peers-found-unsigned"),
        ("does not vouch for", "peers-found-key"),
    ];
    let found = known.into_iter().find(|(text, _)| detail.contains(text));
    html! {
        @if let Some((_, key)) = found { (w.t(key)) br; span.fine lang="en" { (detail) } }
        @else { span lang="en" { (detail) } }
    }
}

fn state(w: Words, view: &View, one: &Neighbour) -> Markup {
    let as_of = one.place.as_ref().map_or(Known::Unknown, |place| place.as_of);
    html! {
        @if one.fork.is_some() {
            (tag(Status::Stopped, &w.t("peers-forked"))) " " (w.t("peers-forked-means"))
        } @else if as_of.value().is_none() {
            (tag(Status::Unknown, &w.t("peers-never"))) " " (w.t("peers-never-means"))
        } @else if one.silent.is_some() {
            (tag(Status::Attention, &w.t("peers-silent"))) " " (age_text(w, as_of, view.now))
        } @else {
            @match &one.place {
                None => (status(w, Status::Unknown)),
                Some(place) => @match place.age_mark(w, view.now) {
                    Some(mark) => (mark),
                    None => (tag(Status::Known, &w.t("peers-fresh"))),
                }
            }
        }
    }
}

fn list(w: Words, view: &View) -> Markup {
    if view.peers.is_empty() {
        let (title, text) = (w.t("peers-none"), w.t("peers-none-text"));
        return html! { (EmptyState::new(&title, &text)) };
    }
    let may = view.may.any(&[Action::DropPeer, Action::SettleFork]);
    let rows = view.peers.iter().map(|one| {
        let as_of = one.place.as_ref().map_or(Known::Unknown, |place| place.as_of);
        let record = |head: &Option<Head>| match head {
            Some(head) => Cell::markup(record_link(w, head)),
            None => Cell::unknown(w),
        };
        let header = match &one.place {
            Some(place) => Cell::link(&format!("/regions/{}", place.id), place.short()),
            None => Cell::text(one.peer.journal.to_string()),
        };
        let row = Row::new(header)
            .cell(state(w, view, one))
            .cell(known_time(w, as_of))
            .cell(record(&one.head))
            .cell(record(&one.noticed))
            .cell(html! {
                (digest(&one.peer.key.id()))
                @if !one.disputed_by.is_empty() {
                    " " (tag(Status::Attention, &w.t("peers-disputed-short")))
                }
                @if one.lost > 0 { " " (tag(Status::Attention,
                    &w.t_args("peers-lost", &[("n", one.lost.into())]))) }
            });
        if may {
            let url = one.url.as_deref();
            row.cell(html! {
                @if let Some(url) = url { span.fine { (url) } " " }
                a href={ "/peers?peer=" (one.peer.journal) "#about" }
                    aria-label=(w.t_args("peers-change-one", &[("region", one.name().into())])) {
                    (w.t("site-change"))
                }
            })
        } else {
            row
        }
    });
    let mut columns = vec![
        Column::text(w.t("peers-journal")),
        Column::text(w.t("peers-state")),
        Column::text(w.t("peers-as-of")),
        Column::text(w.t("peers-head")),
        Column::text(w.t("peers-noticed")),
        Column::text(w.t("peers-key")),
    ];
    if may {
        columns.push(Column::text(w.t("site-change")));
    }
    let table = Table::new(w.t("peers-trusted")).caption_hidden().columns(columns).rows(rows);
    let table = table.files("peers");
    html! { (table) }
}

/// What others need to trust this installation.
fn card(w: Words, view: &View) -> Markup {
    let rows = view.own.iter().map(|own| {
        Row::new(own.name.clone())
            .cell(html! { code { (own.id) } })
            .cell(w.dynamic("mode-", own.mode.as_str()))
            .cell(digest(&own.key.id()))
            .cell(digest(&own.key.to_string()))
    });
    let table = Table::new(w.t("peers-card"))
        .caption_hidden()
        .columns([
            Column::text(w.t("picture-region")),
            Column::text(w.t("peers-journal")),
            Column::text(w.t("region-mode")),
            Column::text(w.t("peers-key-id")),
            Column::text(w.t("peers-public-key")),
        ])
        .rows(rows);
    html! {
        (Note::info(w, &w.t("peers-card-note")))
        @if let Some(reached) = &view.reached { (reached_at(w, reached)) }
        (table)
        @if let Some(card) = &view.card {
            details.fold {
                summary { (w.t("peers-card-whole")) }
                pre.exact-text tabindex="0" { (card) }
            }
        }
    }
}

/// What is read out by telephone: where this installation is, and how its certificate is known.
fn reached_at(w: Words, reached: &Reached) -> Markup {
    let address = match &reached.url {
        Some(url) => html! { code { (url) } },
        None => html! { (tag(Status::Attention, &w.t("peers-no-address"))) },
    };
    let facts = Definitions::new()
        .markup(w.t("peers-address"), address)
        .markup(w.t("peers-certificate"), digest(&reached.certificate.to_string()));
    html! { div.panel { (facts) } }
}
