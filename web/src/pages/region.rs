//! One region: its figures, places, roles, agreements and journal.

mod bodies;
mod sites;

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::response::{Html, Response};
use axum::routing::get;
use axum::{Form as Body, Router};
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::agreements::view::{Agreement, agreements};
use samband_domain::figures::view::{self as figures, Line};
use samband_domain::figures::{Figure, Measure};
use samband_domain::kernel::view::{Filling, LegalRoleRow, SiteRow, legal_roles, sites as tree};
use samband_domain::kernel::{JournalFacts, Membership};
use samband_domain::words::RecordRef;
use samband_domain::{JournalId, Mode, Period, SiteId, Time};
use samband_engine::{Journal, World};
use serde::Deserialize;

use super::agreements::standing_tag;
use super::frame::{answered, done_note, page, send};
use super::parts::{May, Place, age_text, is_region, name_of, places, ratio, record_link};
use super::roles::{filling_tag, nobody_since, share};
use super::typed::{Draft, Typed};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Column, Definitions, FigureCard, Provenance, Row, Status, Table, live_region, page_header,
    section, tag, time_tag,
};
use crate::text::{Format, Words};

/// What the page listens for.
const TOPICS: &str = "figures figure site mandate agreement body";

/// What the page shows.
#[derive(Clone, Debug)]
pub(super) struct View {
    now: Time,
    place: Place,
    places: Vec<Place>,
    facts: Option<JournalFacts>,
    head: Option<RecordRef>,
    bodies: Vec<Membership>,
    period: Option<Period>,
    line: Option<Line>,
    figures: BTreeMap<Measure, Figure>,
    sites: Vec<SiteRow>,
    legal: Vec<LegalRoleRow>,
    agreements: Vec<Agreement>,
    may: May,
    /// The site whose forms are shown.
    editing: Option<SiteId>,
    done: Option<String>,
}

/// Which site's forms are asked for, and what was just done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    site: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new().route("/regions/{region}", get(show).post(act))
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(region): Path<JournalId>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    let view = look(&app, &visitor, &region, &asked)?;
    Ok(whole(&app, &visitor, &view, &Draft::fresh(view.now)))
}

async fn act(
    State(app): State<App>,
    visitor: Visitor,
    Path(region): Path<JournalId>,
    Query(asked): Query<Asked>,
    Body(pairs): Body<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let view = look(&app, &visitor, &region, &asked)?;
    let typed = Typed::new(pairs);
    let (w, shown) = (visitor.words, typed.shown(view.now));
    let read = sites::read(w, shown, &typed).or_else(|| bodies::read(w, shown, &typed));
    let Some(command) = read else {
        return Err(Problem::malformed(typed.act()));
    };
    let act = typed.act().to_owned();
    let sent = send(&app, &visitor, &region, typed, command.map(Into::into)).await;
    let again = |draft: &Draft| whole(&app, &visitor, &view, draft);
    Ok(answered(sent, (&format!("/regions/{region}"), &act), again))
}

fn look(app: &App, visitor: &Visitor, region: &JournalId, asked: &Asked) -> Result<View, Problem> {
    let world = app.engine.world();
    let journal = world.journal(region).filter(|journal| is_region(journal.shared()));
    let journal = journal.ok_or_else(|| Problem::not_found(region.as_str()))?;
    visitor.permit(app, Action::SeeRegion, region)?;
    let mut view = gather(&world, journal, app.engine.now());
    if *region == visitor.region {
        let actions =
            [Action::OpenSite, Action::CorrectSite, Action::CloseSite, Action::ChangeBodies];
        view.may = May::of(&actions, |action| visitor.may(app, action));
    }
    view.editing = asked.site.as_deref().and_then(|id| SiteId::new(id).ok());
    view.done.clone_from(&asked.done);
    Ok(view)
}

fn gather(world: &World, journal: &Journal, now: Time) -> View {
    let shared = journal.shared();
    let all: Vec<_> = world
        .journals
        .values()
        .filter(|other| is_region(other.shared()))
        .map(|other| (other.id.clone(), &other.shared().figures))
        .collect();
    let own = [(journal.id.clone(), &shared.figures)];
    let period = figures::periods(&own).first().copied();
    // The gain of even use needs the other regions: the line comes from the whole picture.
    let line = period.and_then(|period| {
        let mut lines = figures::picture(&all, period).regions.into_iter();
        lines.find(|line| line.region == journal.id)
    });
    let parties: Vec<_> = world
        .shared()
        .into_iter()
        .map(|(id, shared)| (id, &shared.kernel, &shared.agreements))
        .collect();
    let agreements = agreements(&parties, now)
        .into_iter()
        .filter(|agreement| agreement.document.parties.contains(&journal.id));
    View {
        now,
        place: Place::of(journal, now),
        places: places(world, now),
        facts: shared.kernel.journal.clone(),
        head: journal.head(),
        bodies: shared.kernel.bodies.values().cloned().collect(),
        period,
        figures: line.iter().flat_map(|line| line.figures.iter().cloned()).collect(),
        line: line.map(|line| line.line),
        sites: tree(&shared.kernel, now),
        legal: legal_roles(&shared.kernel, now),
        agreements: agreements.collect(),
        may: May::default(),
        editing: None,
        done: None,
    }
}

fn whole(app: &App, visitor: &Visitor, view: &View, draft: &Draft) -> Html<String> {
    let w = visitor.words;
    let crumbs = [("/picture", w.t("picture-title"))];
    page(app, visitor, &view.place.name, &crumbs, &body(w, view, draft))
}

/// The page from its views.
pub(super) fn body(w: Words, view: &View, draft: &Draft) -> Markup {
    let src = format!("/regions/{}", view.place.id);
    html! {
        (page_header(&view.place.name, Some(&w.t("region-lead")), None))
        (done_note(w, view.done.as_deref()))
        (draft.banner(w))
        (live_region("region", TOPICS, &src, &html! {
            (section("figures", &w.t("region-figures"), &figure_cards(w, view)))
            (section("sites", &w.t("region-sites"), &sites::tree(w, view)))
            (section("legal", &w.t("region-legal"), &legal(w, view)))
            (section("bodies", &w.t("region-bodies"), &bodies::list(w, view)))
            (section("agreements", &w.t("region-agreements"), &agreement_list(w, view)))
            (section("journal", &w.t("region-journal"), &journal_facts(w, view)))
        }))
        (sites::forms(w, view, draft))
        (bodies::forms(w, view, draft))
    }
}

fn figure_cards(w: Words, view: &View) -> Markup {
    let Some((line, period)) = view.line.as_ref().zip(view.period) else {
        return html! { p { (w.t("region-no-figures")) } };
    };
    let text = period.to_string();
    let follow = w.t("picture-follow");
    let source = |measure| {
        let figure = view.figures.get(&measure);
        let title = figure.map_or("–", |figure| &figure.provenance.source.title);
        Provenance::new(w, title)
            .period(&text)
            .at(period.ended().0, view.now.0)
            .stale(view.place.stale(view.now))
    };
    let card = |measure: Measure, part: &str, value: Option<String>| {
        let name = if part.is_empty() { measure.as_str() } else { part };
        let hash = if part.is_empty() { String::new() } else { format!("#{part}") };
        let href = format!("/figures/{}/{measure}?period={period}{hash}", view.place.id);
        let label = w.dynamic("measure-", name);
        html! { (FigureCard::new(&label, value, source(measure)).follow(&href, &*follow)) }
    };
    let count = |known: samband_domain::Known<u64>| known.value().map(|n| w.int(n));
    let number = |known, format| ratio(known).map(|r| w.number(Some(r), format));
    let (donors, donations) = (Measure::ActiveDonors, Measure::WholeBloodDonations);
    html! {
        div.grid {
            (card(donors, "", count(line.active_donors)))
            (card(donors, "active_share_18_64",
                number(line.active_share_18_64, Format::Percent(2))))
            (card(donors, "donors_to_goal", number(line.donors_to_goal, Format::Integer)))
            (card(donations, "", count(line.whole_blood_donations)))
            (card(donations, "donations_per_donor",
                number(line.donations_per_donor, Format::Decimal(2))))
            (card(donations, "donations_per_1000",
                number(line.donations_per_1000, Format::Decimal(2))))
            (card(Measure::Population, "", count(line.population)))
            (card(Measure::Population1864, "", count(line.population_18_64)))
        }
    }
}

fn legal(w: Words, view: &View) -> Markup {
    let rows = view.legal.iter().map(|row| {
        let who = match &row.filling {
            Filling::Held(held) | Filling::Deputised(held) | Filling::AwaitsApproval(held) => {
                html! { (held.title) " " span.fine { (share(w, held.share_permille)) } }
            }
            Filling::Gap { since } => html! {
                (nobody_since(w, *since))
            },
        };
        let deputies: Vec<_> = row.deputies.iter().map(|held| held.title.clone()).collect();
        let deputies =
            if deputies.is_empty() { w.t("roles-no-deputy") } else { deputies.join(", ") };
        Row::new(w.dynamic("legal-", row.role.as_str()))
            .cell(filling_tag(w, &row.filling))
            .cell(who)
            .cell(deputies)
    });
    let table = Table::new(w.t("region-legal"))
        .caption_hidden()
        .columns([
            Column::text(w.t("roles-role")),
            Column::text(w.t("roles-state")),
            Column::text(w.t("roles-holder")),
            Column::text(w.t("roles-deputy")),
        ])
        .rows(rows);
    html! { (table) p { a href="/roles" { (w.t("region-all-roles")) } } }
}

fn agreement_list(w: Words, view: &View) -> Markup {
    html! {
        @if view.agreements.is_empty() { p { (w.t("region-no-agreements")) } }
        @else {
            ul.plain {
                @for agreement in &view.agreements {
                    li {
                        a href={ "/agreements/" (agreement.digest) } { (agreement.document.title) }
                        " " (standing_tag(w, agreement.standing)) " "
                        (parties(view, agreement))
                    }
                }
            }
        }
    }
}

fn parties(view: &View, agreement: &Agreement) -> String {
    let names = agreement.document.parties.iter().map(|id| name_of(&view.places, id));
    names.collect::<Vec<_>>().join(" – ")
}

fn journal_facts(w: Words, view: &View) -> Markup {
    let mut facts = Definitions::new();
    if let Some(journal) = &view.facts {
        let mode = match journal.mode {
            Mode::Real => tag(Status::Known, &w.t("region-mode-real")),
            other => tag(Status::Attention, &w.dynamic("mode-", other.as_str())),
        };
        facts = facts
            .markup(w.t("region-mode"), mode)
            .markup(w.t("region-opened"), time_tag(w, journal.opened.0));
    }
    facts = match &view.head {
        Some(head) => facts.markup(w.t("region-head"), record_link(w, head)),
        None => facts.text(w.t("region-head"), &w.unknown()),
    };
    let known = match view.place.age_mark(w, view.now) {
        Some(mark) => mark,
        None if view.place.local => tag(Status::Known, &w.t("region-written-here")),
        None => tag(Status::Known, &age_text(w, view.place.as_of, view.now)),
    };
    facts = facts.markup(w.t("region-as-of"), known);
    let href = format!("/journal?region={}", view.place.id);
    html! { div.panel { (facts) } p { a href=(href) { (w.t("region-to-journal")) } } }
}
