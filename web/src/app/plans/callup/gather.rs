//! Puts what is known into the planner's form.

use std::collections::BTreeMap;

use samband_domain::blood::model::Group;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::strata::{Followed, Pace};
use samband_domain::donors::{self, view};
use samband_domain::figures::Measure;
use samband_domain::plans;
use samband_domain::plans::model::Pooling;
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, Period, Refusal, SiteId, Time};
use samband_engine::World;
use samband_planning::callup::model::{self, Instance, Weights};

use super::need::needed;
use super::{
    ASSUMED_WEIGHT, ATTENDANCE, Asked, DEFERRAL, Gathered, KEEPS_WEEKS, LeftOut, RegionFacts,
    WEEKS, ours, theirs,
};
use crate::app::stock::parts;

/// What a region brings into the plan.
pub(super) struct Brought {
    /// Donors that it counts with.
    pub(super) donors: u32,
    /// When they were counted; none is now.
    pub(super) counted: Option<Time>,
    /// Kinds too small to be told.
    pub(super) hidden: u32,
}

/// Where the plan stands while it is put together.
pub(super) struct Table {
    pub(super) first: Day,
    pub(super) now: Time,
    pub(super) instance: Instance,
    pub(super) left_out: Vec<LeftOut>,
    pub(super) usual: Vec<SiteId>,
    pub(super) deferral: BTreeMap<donors::model::Sex, f64>,
}

/// The Monday after a day.
#[must_use]
pub(super) fn next_monday(today: Day) -> Day {
    let since = u32::try_from(today.date().weekday().to_monday_zero_offset()).unwrap_or(0);
    today.plus_days(7 - since)
}

impl Table {
    /// The week of the plan in which a day lies; none outside it.
    pub(super) fn week(&self, day: Day) -> Option<usize> {
        let days = day.days_since(self.first);
        usize::try_from(days.div_euclid(7)).ok().filter(|week| *week < WEEKS)
    }

    /// The week from whose Monday on somebody free from a day can be invited; none after the plan.
    pub(super) fn free_in(&self, from: Day) -> Option<usize> {
        let days = from.days_since(self.first).max(0);
        usize::try_from(days.div_euclid(7) + i64::from(days % 7 > 0))
            .ok()
            .filter(|week| *week < WEEKS)
    }
}

/// Gathers what is known.
///
/// # Errors
/// The refusal that says which rule of the own region is missing.
pub fn gather(
    world: &World,
    region: &JournalId,
    asked: Asked,
    now: Time,
) -> Result<Gathered, Box<Refusal>> {
    let today = Day::of(now);
    let learned = world.local(region).map(|own| plans::view::learned(own, today));
    let learned = learned.unwrap_or_default();
    let attendance = attendance(&learned);
    let deferral = deferral(&learned);
    let first = next_monday(today);
    let instance = empty(asked, first);
    let mut table = Table {
        first,
        now,
        instance,
        left_out: Vec::new(),
        usual: Vec::new(),
        deferral: deferral.clone(),
    };
    let mut regions = Vec::new();
    for part in parts(world, now) {
        let own = world.local(region).filter(|_| part.journal == region);
        let Some(journal) = world.journal(part.journal) else { continue };
        let shared = journal.shared();
        let rules = Pace::stated(&shared.rulesets, part.journal, now);
        let pace = match (rules, own) {
            (Ok(pace), _) => pace,
            (Err(refusal), Some(_)) => return Err(Box::new(refusal)),
            (Err(refusal), None) => {
                table.left_out.push(LeftOut::NoRule(part.journal.clone(), Box::new(refusal)));
                continue;
            }
        };
        let Some(need) = needed(journal, first, now) else {
            table.left_out.push(LeftOut::NeedUnknown(part.journal.clone()));
            continue;
        };
        let brought = match own {
            Some(own) => ours::bring(&mut table, own, region, (pace, &attendance))?,
            None => match theirs::bring(&mut table, part.journal, shared, pace) {
                Some(brought) => brought,
                None => continue,
            },
        };
        let active = active(shared);
        let need_permille = asked.need.unwrap_or_else(|| on_record(brought.donors, active));
        let demand = demand(&table, shared, &need.weeks, need_permille);
        table.instance.demand.push(demand);
        let id = part.journal.to_string();
        table.instance.regions.push(model::Region { id, donors: brought.donors });
        regions.push(RegionFacts {
            region: part.journal.clone(),
            donors: brought.donors,
            active,
            need_permille,
            need,
            counted: brought.counted,
            hidden: brought.hidden,
        });
    }
    let weeks = world.journal(region).map(|journal| journal.shared().plans.call_ups.clone());
    let adopted = weeks.into_iter().flat_map(|weeks| weeks.keys().copied().collect::<Vec<_>>());
    let adopted = adopted.filter(|week| table.week(*week).is_some()).collect();
    let Table { instance, left_out, usual, .. } = table;
    let (own, silent) = (region.clone(), silent(world, region, now));
    Ok(Gathered { instance, own, regions, left_out, attendance, deferral, usual, adopted, silent })
}

fn empty(asked: Asked, first: Day) -> Instance {
    let mut shortage = [100.0; 8];
    shortage[Group::O_NEG.index()] = 150.0;
    let weights = Weights {
        shortage,
        substitution: 2.0,
        holding: 0.2,
        surplus: 8.0,
        invitation: 1.0,
        unevenness: 5.0,
    };
    Instance {
        title: String::new(),
        first,
        weeks: WEEKS,
        pooling: match asked.pooling {
            Pooling::Local => model::Pooling::Local,
            Pooling::Pooled => model::Pooling::Pooled,
        },
        band: (asked.band > 0).then(|| f64::from(asked.band) / 1_000.0),
        keeps_weeks: KEEPS_WEEKS,
        regions: Vec::new(),
        places: Vec::new(),
        buses: Vec::new(),
        strata: Vec::new(),
        demand: Vec::new(),
        weights,
    }
}

fn attendance(
    learned: &BTreeMap<donors::model::Response, Followed>,
) -> BTreeMap<donors::model::Response, (f64, u32)> {
    let seen = |response| learned.get(response).copied().unwrap_or_default();
    let mixed = ATTENDANCE.iter().map(|(response, assumed)| {
        let seen = seen(response);
        let came = assumed * ASSUMED_WEIGHT + f64::from(seen.came);
        (*response, (came / (ASSUMED_WEIGHT + f64::from(seen.listed)), seen.listed))
    });
    mixed.collect()
}

fn deferral(
    learned: &BTreeMap<donors::model::Response, Followed>,
) -> BTreeMap<donors::model::Sex, f64> {
    let came: u32 = learned.values().map(|one| one.came).sum();
    let deferred: u32 = learned.values().map(|one| one.deferred).sum();
    let mixed = DEFERRAL.iter().map(|(sex, assumed)| {
        let part = assumed * ASSUMED_WEIGHT + f64::from(deferred);
        (*sex, part / (ASSUMED_WEIGHT + f64::from(came)))
    });
    mixed.collect()
}

/// The own region's willing donors whom nobody calls, by group.
fn silent(world: &World, region: &JournalId, now: Time) -> [u32; 8] {
    let mut counts = [0; 8];
    let own = world.local(region);
    for one in own.into_iter().flat_map(|own| view::nobody_calls(own, now, region)) {
        if let Known::Value(group) = one.held.group {
            counts[group.index()] += 1;
        }
    }
    counts
}

/// Active donors by the region's newest figure.
fn active(shared: &samband_domain::SharedState) -> Option<u64> {
    let all = shared.figures.figures.iter();
    let all = all.filter(|((measure, _), _)| *measure == Measure::ActiveDonors);
    let newest: Option<(&Period, u64)> = all
        .filter_map(|((_, period), figure)| Some((period, figure.value.value()?)))
        .max_by(|a, b| a.0.cmp(b.0));
    newest.map(|(_, donors)| donors)
}

/// How much of a region's need the donors on record can be asked to meet, in thousandths.
fn on_record(donors: u32, active: Option<u64>) -> u16 {
    let Some(active) = active.filter(|active| *active > 0) else { return 1_000 };
    let part = (u64::from(donors) * 1_000).div_ceil(active).clamp(1, 1_000);
    u16::try_from(part).unwrap_or(1_000)
}

/// The need week by week, less what adopted weeks are expected to bring.
fn demand(
    table: &Table,
    shared: &samband_domain::SharedState,
    weeks: &[[f64; 8]],
    permille: u16,
) -> Vec<[f64; 8]> {
    let part = f64::from(permille) / 1_000.0;
    let mut all: Vec<_> = weeks.iter().map(|week| week.map(|units| units * part)).collect();
    for held in shared.plans.call_ups.values() {
        let Some(week) = table.week(held.week.week) else { continue };
        for one in &held.week.groups {
            let brings = f64::from(one.expected_milli.value().unwrap_or(0)) / 1_000.0;
            let units = &mut all[week][one.group.index()];
            *units = (*units - brings).max(0.0);
        }
    }
    all
}

/// Places by week.
type Mondays = BTreeMap<Day, f64>;

/// Donors whom a region's sessions can receive, by site: week by week of the plan, and in an
/// ordinary week that has sessions. `own` knows which places are taken.
pub(super) fn seats(
    table: &Table,
    shared: &donors::Shared,
    own: Option<&donors::Own>,
) -> BTreeMap<SiteId, (Vec<Option<f64>>, f64)> {
    let mut all: BTreeMap<SiteId, (Vec<Option<f64>>, Mondays)> = BTreeMap::new();
    for (id, session) in &shared.sessions {
        let facts = &session.facts;
        if session.closed.is_some() || !facts.kinds.contains(&DonationKind::WholeBlood) {
            continue;
        }
        let day = Day::of(facts.window.from());
        let (weeks, ordinary) =
            all.entry(facts.site.clone()).or_insert_with(|| (vec![None; WEEKS], BTreeMap::new()));
        *ordinary.entry(next_monday(day)).or_default() += f64::from(facts.capacity);
        if let Some(week) = table.week(day) {
            let taken = own.map_or(0, |own| view::taken(own, id));
            let free = usize::from(facts.capacity).saturating_sub(taken);
            *weeks[week].get_or_insert(0.0) += free as f64;
        }
    }
    let usual = |(site, (weeks, ordinary)): (SiteId, (_, Mondays))| {
        let mean = ordinary.values().sum::<f64>() / ordinary.len().max(1) as f64;
        (site, (weeks, mean))
    };
    all.into_iter().map(usual).collect()
}

/// Whole weeks between two invitations that lead to donations of a sex, by the rules.
pub(super) fn interval_weeks(pace: Pace, sex: donors::model::Sex) -> usize {
    let by_year = 365_u32.div_ceil(pace.per_year.max(1));
    usize::try_from(pace.interval(sex).max(by_year).div_ceil(7)).unwrap_or(WEEKS).max(1)
}

/// Whole weeks until somebody who did not come is asked again, by the rules.
pub(super) fn quiet_weeks(pace: Pace) -> usize {
    usize::try_from(pace.quiet.div_ceil(7)).unwrap_or(WEEKS).max(1)
}
