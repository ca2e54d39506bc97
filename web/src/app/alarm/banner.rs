//! What every page says on top while an alarm concerns the region.

use maud::{Markup, html};
use samband_domain::alarms::model::{DutyRole, Kind};
use samband_domain::kernel::view::county_code;
use samband_domain::{JournalId, Mode};
use samband_engine::World;

use super::{Seen, TOPICS, is_region, mode_of, running, updates};
use crate::components::live_region;
use crate::pages::region_short;
use crate::text::Words;

/// Where the banner is fetched again.
pub const BANNER: &str = "/alarm/banner";

/// An alarm that runs, and in which mode.
struct One<'a> {
    mode: Mode,
    /// The reader's own role that has not answered.
    waits: Option<DutyRole>,
    seen: Seen<'a>,
}

/// The banner as a part that is kept fresh; empty while nothing runs.
#[must_use]
pub fn banner(w: Words, world: &World, region: &JournalId, duties: &[DutyRole]) -> Markup {
    let mut all = Vec::new();
    for home in homes(world, region) {
        let mode = mode_of(world, &home);
        for seen in running(world, &home) {
            all.push(One { mode, waits: seen.waits_for(&home, duties), seen });
        }
    }
    // What is real always comes first; then whatever waits for an answer here.
    all.sort_by_key(|one| {
        let kind = matches!(one.seen.alarm.kind, Kind::Reach | Kind::PreAlert);
        (rank(one.mode), one.waits.is_none(), kind, std::cmp::Reverse(one.seen.said))
    });
    live_region("alarm-banner", TOPICS, BANNER, &merged(w, world, &all))
}

const fn rank(mode: Mode) -> u8 {
    match mode {
        Mode::Real => 0,
        Mode::Demo => 1,
        Mode::Exercise => 2,
    }
}

/// The region's journals of every mode that are written here: a drill is a journal of its own.
fn homes(world: &World, region: &JournalId) -> Vec<JournalId> {
    let county = |id: &JournalId| {
        let facts = world.journal(id)?.shared().kernel.journal.as_ref()?;
        county_code(facts).map(|code| code.as_str().to_owned())
    };
    let own = county(region);
    let same = world.locals().filter(|one| one.id == *region || county(&one.id) == own);
    let modes = [Mode::Real, Mode::Demo, Mode::Exercise];
    same.filter(|one| {
        one.id == *region || (own.is_some() && modes.iter().any(|mode| is_region(one, *mode)))
    })
    .map(|one| one.id.clone())
    .collect()
}

fn merged(w: Words, world: &World, all: &[One<'_>]) -> Markup {
    let [first, rest @ ..] = all else { return html! {} };
    let real = first.mode == Mode::Real;
    let drills = rest.iter().filter(|one| one.mode == Mode::Exercise).count();
    let more = if real { rest.len() - drills } else { rest.len() };
    let class = match first.mode {
        Mode::Real => "alarm-line real",
        Mode::Demo => "alarm-line demo",
        Mode::Exercise => "alarm-line drill",
    };
    let word = match (first.mode, first.seen.alarm.kind) {
        (Mode::Exercise, _) => w.t("layout-exercise-word"),
        (_, Kind::Recall) => w.t("alarm-banner-recall"),
        (_, Kind::Reach) => w.t("alarm-banner-reach"),
        (_, Kind::PreAlert) => w.t("alarm-banner-pre"),
        (_, Kind::Blood) => w.t("alarm-banner-blood"),
        _ if updates(first.seen.alarm) => w.t("alarm-banner-update"),
        _ => w.t("alarm-banner-word"),
    };
    let (issuer, id) = (first.seen.issuer, &first.seen.alarm.id);
    let ring = first.waits.map(|_| format!("{issuer}/{id}"));
    let waits = first.waits.map(|role| w.dynamic("duty-role-", role.as_str()));
    html! {
        div class=(class) role="region" aria-label=(w.t("alarm-banner-label")) data-ring=[ring] {
            p {
                strong { (word) } " "
                a href=(href(issuer, &id.to_string())) { (first.seen.alarm.headline) }
                " · " (region_short(world, issuer))
                @if let Some(at) = first.seen.said { " · " time { (w.clock(at.0)) } }
            }
            p {
                @if let Some(role) = waits {
                    strong.waits role="status" {
                        (w.t_args("alarm-banner-answer", &[("role", role.into())]))
                    } " "
                } @else { (left(w, &first.seen)) " " }
                @if more > 0 {
                    a href="/alarm" { (w.t_args("alarm-banner-more", &[("n", more.into())])) } " "
                }
                @if real && drills > 0 { strong { (w.t("alarm-banner-drill-rests")) } " " }
                @if first.mode == Mode::Exercise { strong { (w.t("layout-exercise-word")) } }
            }
        }
    }
}

fn left(w: Words, seen: &Seen<'_>) -> String {
    let (open, of) = (seen.unanswered().len(), seen.owes.len());
    if !seen.alarm.kind.asks() {
        return w.t("alarm-banner-told");
    }
    match open {
        0 => w.t_args("alarm-banner-all", &[("of", of.into())]),
        _ => w.t_args("alarm-banner-left", &[("n", open.into()), ("of", of.into())]),
    }
}

/// The page of an alarm.
#[must_use]
pub fn href(issuer: &JournalId, id: &str) -> String {
    format!("/alarm/{issuer}/{id}")
}
