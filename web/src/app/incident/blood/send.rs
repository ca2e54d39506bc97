//! Who can send what and when it arrives, what was ordered and used, and which donors can be
//! called. A public appeal is never made by this program.

use samband_domain::blood::model::stock::Line as StockLine;
use samband_domain::blood::model::supply::Side;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::Part;
use samband_domain::blood::view::supply::{numbers, reachable, talks};
use samband_domain::blood::view::usable::minimum;
use samband_domain::donors::view::can_switch;
use samband_domain::rulesets::Scope;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;

use super::{Line, Room};
use crate::app::incident::Found;
use crate::app::stock::parts;

/// The first run of the timetable that can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name.
    pub code: String,
    /// Who drives.
    pub carrier: String,
    /// When it leaves.
    pub leaves: Time,
    /// When it should be there.
    pub arrives: Time,
}

/// A region that could send.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Which.
    pub region: JournalId,
    /// Units beyond its own use in a day and its minimum; unknown where any of it is.
    pub spare: Vec<(Line, Known<u32>)>,
    /// The first run that can be reached; none if no timetable goes there.
    pub run: Option<Run>,
    /// Whom to telephone: function and number.
    pub phones: Vec<(String, String)>,
}

fn alike<'w>(world: &'w World, found: &Found<'_>, now: Time) -> Vec<Part<'w>> {
    let mode = found.journal.mode();
    let mut parts = parts(world, now);
    parts.retain(|part| world.journal(part.journal).and_then(|one| one.mode()) == mode);
    parts
}

/// Every other region, the first to be there first.
#[must_use]
pub fn senders(world: &World, found: &Found<'_>, room: &Room, now: Time) -> Vec<Sender> {
    let parts = alike(world, found, now);
    let runs = reachable(&parts, now);
    let of = |part: &Part<'_>| {
        let held = room.regions.iter().find(|one| one.region == *part.journal)?;
        let spare = held.lines.iter().filter(|line| line.line != Line::OTogether);
        let spare = spare.map(|line| {
            let keeps =
                line.ordinary.map(|milli| milli.div_ceil(1_000).max(floor(part, line.line, now)));
            let left = line.usable.with(keeps, |units, keeps| {
                u32::try_from(u64::from(units).saturating_sub(keeps)).unwrap_or(0)
            });
            (line.line, left)
        });
        let mut there = runs
            .iter()
            .filter(|run| run.region == part.journal && run.leg.to_region == found.journal.id);
        let run = there.next().map(|run| Run {
            code: run.leg.code.to_string(),
            carrier: run.leg.carrier.clone(),
            leaves: run.run.leaves,
            arrives: run.run.arrives,
        });
        let phones = numbers(part, None).into_iter();
        let phones = phones.map(|(_, duty)| (duty.function.to_string(), duty.phone.clone()));
        Some(Sender {
            region: part.journal.clone(),
            spare: spare.collect(),
            run,
            phones: phones.collect(),
        })
    };
    let others = parts.iter().filter(|part| *part.journal != found.journal.id);
    let mut all: Vec<_> = others.filter_map(of).collect();
    all.sort_by_key(|one| one.run.as_ref().map_or(Time(i64::MAX), |run| run.arrives));
    all
}

/// What a region's rules keep of a line; nothing where they set no minimum.
fn floor(part: &Part<'_>, line: Line, now: Time) -> u64 {
    let Some(rules) = part.rules.in_force(Scope::Blood, now) else { return 0 };
    let of = |component, group| minimum(rules, StockLine { component, group }).map_or(0, u64::from);
    line.of()
        .into_iter()
        .map(|(component, group)| match (component, group) {
            // Red cells of all groups have a minimum in each group only.
            (Component::RedCells, None) => {
                Group::ALL.iter().map(|group| of(component, Some(*group))).sum()
            }
            _ => of(component, group),
        })
        .sum()
}

/// Red cells ordered since the incident began, against what was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Orders {
    /// Asked of other regions.
    pub asked: u32,
    /// Promised by them.
    pub promised: u32,
    /// Sent by them.
    pub sent: u32,
    /// Used on the days since, as the record of the region's own places says; unknown where another
    /// system keeps it.
    pub used: Known<u32>,
    /// Since which day.
    pub since: Day,
}

/// What was ordered and used.
#[must_use]
pub fn orders(world: &World, found: &Found<'_>, now: Time) -> Orders {
    let parts = alike(world, found, now);
    let since = found.began();
    let (used, day) = (Known::Unknown, Day::of(since));
    let mut all = Orders { asked: 0, promised: 0, sent: 0, used, since: day };
    for talk in talks(&parts, now) {
        let mine = *talk.from_region == found.journal.id && talk.call.side == Side::Ask;
        let red = talk.call.goods.component == Component::RedCells;
        if mine && red && talk.call.said >= since && talk.call.withdrawn.is_none() {
            all.asked = all.asked.saturating_add(talk.call.goods.units);
            all.promised += talk.answer.map_or(0, |answer| answer.units);
            all.sent = all.sent.saturating_add(talk.sent);
        }
    }
    let line = StockLine { component: Component::RedCells, group: None };
    let days = days(day, Day::of(now));
    let used = &found.journal.shared().blood.used;
    if !used.is_empty() {
        let on = |day: &Day| used.values().map(|there| there.on(*day, line)).sum::<u32>();
        all.used = Known::Value(days.iter().map(on).sum());
    }
    all
}

/// The days from one to another, at most a month of them.
fn days(from: Day, to: Day) -> Vec<Day> {
    (0..31).map(|n| from.plus_days(n)).take_while(|day| *day <= to).collect()
}

/// Donors who can be called, as a region told of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Donors {
    /// Which region.
    pub region: JournalId,
    /// Group O RhD negative who may be invited at once: at least so many.
    pub o_negative: u32,
    /// Group O RhD positive.
    pub o_positive: u32,
    /// All groups.
    pub all: u32,
    /// Kinds of donors too few to be told: they come on top.
    pub hidden: u32,
    /// When it was told; none if the region has told nothing.
    pub told: Option<Time>,
}

/// Donors of plasma in a region who could give whole blood now, counted in its own register;
/// unknown where that is kept elsewhere, for no region tells it.
#[must_use]
pub fn switchers(world: &World, region: &JournalId, now: Time) -> Known<usize> {
    let local = world.local(region);
    local.map(|local| can_switch(local, now, region).len()).into()
}

/// Donors region by region.
#[must_use]
pub fn donors(world: &World, found: &Found<'_>, now: Time) -> Vec<Donors> {
    let of = |part: &Part<'_>| {
        let region = part.journal.clone();
        let strata = world.journal(&region).and_then(|one| one.shared().plans.strata.clone());
        let mut all =
            Donors { region, o_negative: 0, o_positive: 0, all: 0, hidden: 0, told: None };
        let Some(telling) = strata else { return all };
        all.told = Some(telling.said);
        for row in &telling.told.rows {
            match row.free {
                Known::Unknown => all.hidden += 1,
                Known::Value(free) => {
                    all.all += free;
                    if row.group == Group::O_NEG {
                        all.o_negative += free;
                    } else if row.group == super::O_POS {
                        all.o_positive += free;
                    }
                }
            }
        }
        all
    };
    alike(world, found, now).iter().map(of).collect()
}
