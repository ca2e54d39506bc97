//! Beredskap: what the hospitals can do, what is promised and lent, and what is known.

mod helicopters;
mod material;
mod parts;
mod pledge;
mod report;
mod situation;
mod statements;
mod transports;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use maud::{Markup, html};
use samband_access::Action;
use samband_domain::agreements::Kept;
use samband_domain::incidents::model::Stage;
use samband_domain::readiness::model::{CareKind, Horizon};
use samband_domain::readiness::view::usable;
use samband_domain::{Known, Time, incidents};
use samband_engine::{Journal, World};
use serde::Deserialize;

use self::parts::{age, mark, number};
use super::frame::{done_note, page};
use super::parts::region_name;
use crate::app::readiness::capacity::{Hospital, PARTS, at_least, hospitals, reported, sum};
use crate::app::readiness::{TOPICS, Terms, mode_of, regions, transports as calls};
use crate::app::{App, Problem, Visitor};
use crate::components::{
    Column, Row, Status, Table, live_region, page_header, section, tag, time_tag,
};
use crate::text::Words;

/// Where this page is.
const HERE: &str = "/readiness";

/// For when, and what was just done.
#[derive(Debug, Default, Deserialize)]
struct Asked {
    at: Option<String>,
    done: Option<String>,
}

/// Routes.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show))
        .merge(report::routes())
        .merge(transports::routes())
        .merge(pledge::routes())
        .merge(helicopters::routes())
        .merge(material::routes())
        .merge(situation::routes())
        .merge(statements::routes())
}

/// The way to the pages below this one.
fn crumbs(w: Words) -> [(&'static str, String); 1] {
    [(HERE, w.t("ready-title"))]
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, Problem> {
    visitor.permit(&app, Action::SeeAlarms, &visitor.region)?;
    let (w, world, now) = (visitor.words, app.engine.world(), app.engine.now());
    let at = asked.at.as_deref().and_then(|at| at.parse().ok()).unwrap_or(Horizon::Now);
    let title = w.t("ready-title");
    let actions = html! {
        a.button href="/readiness/material" { (w.t("ready-material")) }
        a.button href="/readiness/helicopters" { (w.t("ready-helicopters")) }
    };
    let src = format!("{HERE}?at={at}");
    let mode = mode_of(&world, &visitor.region);
    let body = html! {
        (page_header(&title, Some(&w.t("ready-lead")), Some(&actions)))
        (done_note(w, asked.done.as_deref()))
        (mark(w, mode))
        (live_region("running-now", TOPICS, &src, &running(w, &world, &visitor)))
        @if visitor.may(&app, Action::ReportCapacity) {
            (section("own", &w.t("ready-own"), &own(w, &world, &visitor, now)))
        }
        (live_region("readiness", TOPICS, &src, &whole(&app, &visitor, &world, at)))
        (mark(w, mode))
    };
    Ok(page(&app, &visitor, &title, &[], &body))
}

/// The own hospitals, each a large button to its form.
fn own(w: Words, world: &World, visitor: &Visitor, now: Time) -> Markup {
    let journal = world.journal(&visitor.region);
    let all = journal.map(|journal| hospitals(journal, now)).unwrap_or_default();
    html! {
        @if all.is_empty() { p { (w.t("ready-no-hospitals")) } }
        ul.tiles {
            @for one in &all {
                li {
                    a.tile href={ "/readiness/report/" (one.site) } {
                        strong { (one.name) }
                        @match one.said {
                            Some(said) => span { (age(w, said.what.valid, now)) },
                            None => span { (tag(Status::Unknown, &w.t("ready-not-reported"))) },
                        }
                    }
                }
            }
        }
    }
}

fn whole(app: &App, visitor: &Visitor, world: &World, at: Horizon) -> Markup {
    let (w, now) = (visitor.words, app.engine.now());
    let terms = Terms::of(world, now);
    let (all, kept): (Vec<_>, Vec<_>) = regions(world, &visitor.region)
        .into_iter()
        .partition(|one| terms.shows(Kept::Capacity, &one.id, visitor));
    let told = reported(&all, now);
    let counts = [
        ("n", told.regions.into()),
        ("of", told.of_regions.into()),
        ("hospitals", told.hospitals.into()),
        ("of_hospitals", told.of_hospitals.into()),
    ];
    let title = w.t_args("ready-usable-at", &[("when", when(w, at).into())]);
    html! {
        p.standing {
            (w.t_args("ready-capacity-reported", &counts)) " "
            @if let Some(oldest) = told.oldest { (w.t("ready-oldest")) " " (age(w, oldest, now)) }
        }
        nav.choose aria-label=(w.t("ready-when")) {
            @for one in Horizon::ALL.iter().copied() {
                a.button.quiet href={ (HERE) "?at=" (one) }
                    aria-current=[(one == at).then_some("true")] { (when(w, one)) }
            }
        }
        (section("regions", &title, &by_region(w, &all, at, now)))
        (section("hospitals", &w.t("ready-by-hospital"), &by_hospital(w, &all, at, now)))
        (section("helicopters", &w.t("ready-helicopters"), &helicopters::table(w, &all, now)))
        (withheld(w, &kept))
        p.fine { (terms.mark(w, Kept::Capacity, &visitor.region, &visitor.region)) }
    }
}

/// Regions that show their capacity to whoever leads alone: said, never silently left out.
fn withheld(w: Words, kept: &[&Journal]) -> Markup {
    let names: Vec<_> =
        kept.iter().map(|one| super::parts::short(&one.name()).to_owned()).collect();
    html! {
        @if !names.is_empty() {
            p { (tag(Status::Unknown, &w.t("agreed-withheld"))) " " (names.join(", ")) }
        }
    }
}

/// `nu`, `om 2 h`.
fn when(w: Words, at: Horizon) -> String {
    w.dynamic("ready-of-horizon-", at.as_str())
}

fn kind_text(w: Words, kind: CareKind) -> String {
    w.dynamic("ready-of-care-", kind.as_str())
}

/// What a person on duty opens this page for: alarms that ask for something.
fn running(w: Words, world: &World, visitor: &Visitor) -> Markup {
    let alarms = calls::running(world, &visitor.region);
    let open: Vec<_> = regions(world, &visitor.region)
        .into_iter()
        .flat_map(|journal| {
            let own = journal.id == visitor.region;
            let all = incidents::view::running(&journal.shared().incidents).into_iter();
            // Another region's draft is its own business.
            let all = all.filter(move |(_, held)| own || held.stage != Stage::Draft);
            all.map(move |(id, held)| (journal, id, held))
        })
        .collect();
    if alarms.is_empty() && open.is_empty() {
        return html! {};
    }
    let body = html! {
        ul.tiles {
            @for (journal, issued) in &alarms {
                @let path = format!("{}/{}", journal.id, issued.alarm.id);
                @let key = (journal.id.clone(), issued.alarm.id.clone());
                @let own = world.journal(&visitor.region).map(|one| one.shared());
                @let promised = own.is_some_and(|own| own.readiness.pledged.contains_key(&key));
                @let asked = journal.id != visitor.region && !promised;
                li {
                    a.tile href={
                        "/readiness/" (if asked { "pledge" } else { "transports" }) "/" (path)
                    } {
                        strong { (issued.alarm.headline) }
                        span {
                            (region_name(world, &journal.id)) " · "
                            @if asked { (tag(Status::Attention, &w.t("ready-pledge-now"))) }
                            @else { (w.t("ready-transports")) }
                        }
                    }
                }
            }
            @for (journal, id, held) in &open {
                li {
                    a.tile href={ "/situation-report/" (journal.id) "/" (id) } {
                        strong { (held.report.title) }
                        span { (region_name(world, &journal.id)) " · " (w.t("ready-situation")) }
                    }
                }
            }
        }
    };
    section("running", &w.t("ready-running"), &body)
}

/// Each region's usable places; what is unknown is never summed away.
fn by_region(w: Words, all: &[&Journal], at: Horizon, now: Time) -> Markup {
    let row = |journal: &&Journal| {
        let hospitals = hospitals(journal, now);
        let told = hospitals.iter().filter(|one| one.said.is_some()).count();
        let (_, oldest) = usable(&journal.shared().readiness, CareKind::Emergency, at);
        let count = [("n", told.into()), ("of", hospitals.len().into())];
        let name = journal.name();
        Row::new(super::parts::short(&name))
            .cells(CareKind::ALL.iter().map(|kind| summed(w, journal, *kind, at, now)))
            .cell(w.t_args("ready-n-of", &count))
            .cell(match oldest {
                Some(oldest) => age(w, oldest, now),
                None => tag(Status::Unknown, &w.t("ready-not-reported")),
            })
    };
    let kinds = CareKind::ALL.iter().map(|kind| Column::number(kind_text(w, *kind)));
    let table = Table::new(w.t_args("ready-usable-at", &[("when", when(w, at).into())]))
        .caption_hidden()
        .note(w.t("ready-usable-note"))
        .columns(
            std::iter::once(Column::text(w.t("ready-region")))
                .chain(kinds)
                .chain([Column::text(w.t("ready-hospitals-told")), Column::text(w.t("ready-age"))]),
        )
        .rows(all.iter().map(row));
    html! { (table) }
}

/// A sum that is unknown still says what is known at least.
fn summed(w: Words, journal: &Journal, kind: CareKind, at: Horizon, now: Time) -> Markup {
    match (sum(journal, kind, at, now), at_least(journal, kind, at, now)) {
        (Known::Value(sum), _) => html! { (w.int(sum)) },
        (Known::Unknown, 0) => html! { span.unknown { (w.unknown()) } },
        (Known::Unknown, least) => html! {
            span.unknown { (w.t_args("ready-at-least", &[("n", least.into())])) }
        },
    }
}

fn by_hospital(w: Words, all: &[&Journal], at: Horizon, now: Time) -> Markup {
    html! {
        @for journal in all {
            @let name = journal.name();
            @for one in hospitals(journal, now) {
                details.panel.fold-panel {
                    summary {
                        strong { (one.name) } " · " (super::parts::short(&name)) " "
                        @match one.said {
                            Some(said) => (age(w, said.what.valid, now)),
                            None => (tag(Status::Unknown, &w.t("ready-not-reported"))),
                        }
                    }
                    (hospital(w, &one, at))
                }
            }
        }
    }
}

/// A hospital's lines: usable, and by which part it is held down.
fn hospital(w: Words, one: &Hospital<'_>, at: Horizon) -> Markup {
    let Some(said) = one.said else { return html! { p { (w.t("ready-not-reported-text")) } } };
    let row = |kind: CareKind| {
        let plus = one.plus(kind, at);
        let held = one.limits(kind, at);
        let held: Vec<_> = held.iter().map(|part| w.dynamic("ready-of-part-", part)).collect();
        Row::new(kind_text(w, kind))
            .cell(html! { strong { (number(w, one.usable(kind, at))) } })
            .cells(PARTS.map(|part| number(w, part.of(&plus))))
            .cell(held.join(", "))
    };
    let led = match &said.what.led {
        Known::Unknown => html! { span.unknown { (w.unknown()) } },
        Known::Value(led) => html! {
            @match &led.by {
                Some(by) => (by),
                None => (tag(Status::Gap, &w.t("ready-nobody-leads"))),
            }
            @if let Known::Value(since) = led.since {
                " " (w.t_args("ready-led-since", &[("time", w.date_time(since.0).into())]))
            }
        },
    };
    let caption = w.t_args(
        "ready-hospital-at",
        &[("hospital", one.name.into()), ("when", when(w, at).into())],
    );
    let parts = PARTS.map(|part| Column::number(w.dynamic("ready-of-part-", part.as_str())));
    let kinds = CareKind::ALL.iter().copied().filter(|kind| one.says(*kind));
    let table = Table::new(caption)
        .columns([Column::text(w.t("ready-care")), Column::number(w.t("ready-usable"))])
        .columns(parts)
        .columns([Column::text(w.t("ready-limited"))])
        .rows(kinds.map(row));
    html! {
        (table)
        p { strong { (w.dynamic("ready-of-part-", "command")) ":" } " " (led) }
        p.provenance {
            (w.t("provenance-source")) " " (said.what.source) " · " (time_tag(w, said.what.valid.0))
        }
    }
}
