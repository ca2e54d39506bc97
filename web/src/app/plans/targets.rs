//! What should lie at a site: what is set, what lies there, and what the planning room proposes
//! from the forecast and the region's own rule of how long blood keeps.

use std::collections::BTreeMap;

use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::rules::compatible::Policies;
use samband_domain::blood::view::picture::{Filter, SiteRow, picture};
use samband_domain::plans::Held;
use samband_domain::plans::model::{Light, Target};
use samband_domain::rulesets::{Key as Rule, Scope, Span};
use samband_domain::words::Day;
use samband_domain::{Digest, JournalId, Known, Refusal, SharedState, SiteId, Time};
use samband_engine::Journal;
use samband_planning::forecast::calendar::weekday;
use samband_planning::forecast::spread::Spread;
use samband_planning::forecast::{Key, LEAST_KNOWN, NotShown, Table, known_days, spreads};
use samband_planning::progress::Progress;
use samband_planning::replenish::demand::Demand;
use samband_planning::replenish::model::{Cost, Issuing};
use samband_planning::targets::cells::{self, CellCost, ladders};
use samband_planning::targets::{Bands, Risk, Trial, perishable};

use super::forecast::{self, Asked as Series};
use super::transfer::COSTS;

/// Days ahead that a proposal reckons with.
const HORIZON: usize = 28;
/// Days that a unit has lain when it comes: testing and making. An assumption.
pub const AGE_DAYS: usize = 2;
/// Days from an order until its units lie there, that may be asked for.
pub const LEAD_DAYS: std::ops::RangeInclusive<usize> = 1..=14;
/// How levels are tried out: half a year, thirty times.
const TRIAL: Trial = Trial { replications: 30, days: 182, warm_up_days: 56, seed: 1 };
/// Weeks of known days that units are told as days by.
const RECENT_DAYS: usize = 56;

/// Days from an order until its units lie there, if nobody says: a week from the call of a donor
/// to red cells on the shelf, two days for platelets. An assumption.
#[must_use]
pub fn lead_days(component: Component) -> usize {
    if component == Component::RedCells { 7 } else { 2 }
}

/// One line of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of what.
    pub line: Line,
    /// Units there that can be used now.
    pub units: Known<u32>,
    /// As of when.
    pub as_of: Known<Time>,
    /// Used a day lately, in thousandths: what units are told as days by.
    pub milli: Known<u64>,
    /// What is set.
    pub held: Option<Held>,
    /// How the units stand to it.
    pub light: Option<Known<Light>>,
}

impl Row {
    /// Units as days of use, in thousandths of a day.
    #[must_use]
    pub fn days(&self, units: u32) -> Known<u64> {
        match self.milli {
            Known::Value(milli @ 1..) => Known::Value(u64::from(units) * 1_000_000 / milli),
            _ => Known::Unknown,
        }
    }
}

/// The lines of a site: all groups together, then each group. `whole` is what the region's record
/// says was used.
#[must_use]
pub fn rows(
    journal: &Journal,
    whole: Option<&Table>,
    (site, component): (&SiteId, Component),
    now: Time,
) -> Vec<Row> {
    let shared = journal.shared();
    let part = crate::app::stock::part(journal, now);
    let filter = Filter {
        region: Some(journal.id.clone()),
        site: Some(site.clone()),
        component: Some(component),
        group: None,
    };
    let there = picture(&[part], &filter, now).sites;
    let kept_here = shared.kernel.sites.get(site).is_some_and(|held| {
        held.record == samband_domain::kernel::RecordKeeper::Samband
            && shared.blood.has_begun_at(site)
    });
    let groups = std::iter::once(None).chain(Group::ALL.into_iter().map(Some));
    let row = |group| {
        let line = Line { component, group };
        let (units, as_of) = there_now(&there, group, (kept_here, part.as_of));
        let held = shared.plans.targets.get(&(site.clone(), line)).cloned();
        let light = held.as_ref().map(|held| held.target.light(units));
        let asked = series(&journal.id, site, line);
        let milli = whole.map_or(Known::Unknown, |whole| recent(shared, whole, &asked, now));
        Row { line, units, as_of, milli, held, light }
    };
    groups.map(row).collect()
}

fn series(region: &JournalId, site: &SiteId, line: Line) -> Series {
    let Line { component, group } = line;
    let (region, site) = (region.clone(), Some(site.clone()));
    Series { region, site, component, group, weeks: HORIZON / 7 }
}

/// Free units of a line as the stock picture has them. A place whose record is kept here has none
/// of what it does not list; what another system has not told is unknown.
fn there_now(
    rows: &[SiteRow],
    group: Option<Group>,
    (kept_here, as_of): (bool, Known<Time>),
) -> (Known<u32>, Known<Time>) {
    let nothing = if kept_here { Known::Value(0) } else { Known::Unknown };
    let told: Vec<&SiteRow> = rows.iter().filter(|row| row.component.is_some()).collect();
    let of_group: Vec<_> =
        told.iter().filter(|row| group.is_none() || row.group == group).collect();
    if of_group.is_empty() {
        return (nothing, as_of);
    }
    let units = of_group.iter().map(|row| row.cell.available.value()).sum::<Option<u32>>();
    (units.map_or(Known::Unknown, Known::Value), of_group[0].cell.as_of)
}

/// The mean of the known days lately; unknown of few.
fn recent(shared: &SharedState, whole: &Table, asked: &Series, now: Time) -> Known<u64> {
    let (table, key, ..) = forecast::laid_out(shared, whole, asked, now);
    let units = table.series.get(&key).map_or(&[][..], Vec::as_slice);
    let lately = units.iter().rev().take(RECENT_DAYS).flatten();
    let days: Vec<u64> = lately.copied().map(u64::from).collect();
    if days.len() < LEAST_KNOWN {
        return Known::Unknown;
    }
    Known::Value(days.iter().sum::<u64>() * 1_000 / days.len() as u64)
}

/// What is proposed for a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// Of what.
    pub line: Line,
    /// Units.
    pub bands: Bands,
    /// Share of units asked for that are issued, per cent.
    pub service_percent: f64,
    /// Units that expire of those that come, per cent.
    pub wastage_percent: f64,
    /// Share that is given of another group, per cent; none where groups are reckoned together.
    pub substituted_percent: Option<f64>,
}

impl Proposed {
    /// As a target, in the words of a basis.
    #[must_use]
    pub fn target(&self, basis: String) -> Target {
        let units = |units: usize| u32::try_from(units).unwrap_or(u32::MAX);
        Target {
            fill_to: units(self.bands.level),
            green_from: units(self.bands.amber_below),
            amber_from: units(self.bands.red_below),
            basis,
        }
    }
}

/// Proposals for a site, with what they rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposals {
    /// By line.
    pub lines: Vec<Proposed>,
    /// Groups of which too little is known: nothing is proposed for them.
    pub unknown: Vec<Group>,
    /// The rule that says how long it keeps.
    pub rule: Rule,
    /// Days that it keeps by that rule.
    pub keeps_days: usize,
    /// The rule set.
    pub rule_set: Digest,
    /// Days from an order until its units lie there.
    pub lead_days: usize,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq)]
pub enum Nothing {
    /// A rule is missing; it is named.
    Rule(Refusal),
    /// Too few days of use are known.
    TooFew {
        /// Most days known of any line.
        known: usize,
        /// Days needed.
        needed: usize,
    },
    /// No model for this component.
    Component,
    /// What is used goes beyond what can be reckoned with.
    TooMuch,
}

/// Proposes targets for a site.
///
/// # Errors
/// [`Nothing`] says why there is no proposal.
pub fn propose(
    journal: &Journal,
    (site, component): (&SiteId, Component),
    lead_days: usize,
    now: Time,
) -> Result<Proposals, Nothing> {
    let shared = journal.shared();
    let rule = match component {
        Component::RedCells => samband_domain::rulesets::key::SHELF_LIFE_RED_CELLS,
        Component::Platelets => samband_domain::rulesets::key::SHELF_LIFE_PLATELETS_POOLED,
        _ => return Err(Nothing::Component),
    };
    let (keeps_days, rule_set) = keeps(journal, rule, now).map_err(Nothing::Rule)?;
    let whole = forecast::table(shared, Day::of(now));
    let whole = whole.ok_or(Nothing::TooFew { known: 0, needed: LEAST_KNOWN })?;
    let ahead = |group| {
        let asked = series(&journal.id, site, Line { component, group });
        let (table, key, ..) = forecast::laid_out(shared, &whole, &asked, now);
        let known = known_days(&table, &key);
        days_ahead(&table, &key).map_err(|_| known)
    };
    let life = keeps_days.saturating_sub(AGE_DAYS).max(1);
    let (lines, unknown) = if component == Component::RedCells {
        of_groups(&ahead, life, lead_days)?
    } else {
        (vec![of_all(&ahead, component, life, lead_days)?], Vec::new())
    };
    Ok(Proposals { lines, unknown, rule, keeps_days, rule_set, lead_days })
}

/// Whole days that a product keeps by the region's own rule.
fn keeps(journal: &Journal, rule: Rule, now: Time) -> Result<(usize, Digest), Refusal> {
    let set = journal.shared().rulesets.required(Scope::Blood, now, &journal.id)?;
    let days = match set.span(rule)? {
        Span::Hours(hours) => hours / 24,
        Span::Days(days) => days,
        Span::Months(months) => months * 30,
    };
    Ok((usize::try_from(days).unwrap_or(usize::MAX), set.digest))
}

fn days_ahead(table: &Table, key: &Key) -> Result<Vec<(Day, Spread)>, NotShown> {
    let (_, ahead) = spreads(table, key, HORIZON, &Progress::default())?;
    let day = |(at, spread)| (table.day(table.days + at), spread);
    Ok(ahead.into_iter().enumerate().map(day).collect())
}

fn demand(of: &[Spread]) -> Result<Demand, Nothing> {
    // The far tail only costs time; what is left out is less than a millionth.
    let mut chance = Spread::mixed(of);
    let mut tail = 0.0;
    while chance.len() > 1 && tail + chance[chance.len() - 1] < 1e-7 {
        tail += chance.pop().unwrap_or(0.0);
    }
    Demand::table(&chance).map_err(|_| Nothing::TooMuch)
}

/// The days ahead by weekday, Monday first, each a mix of those that fall on it.
fn by_weekday(days: &[(Day, Spread)]) -> Result<Vec<Demand>, Nothing> {
    let of = |slot: usize| {
        let same = days.iter().filter(|(day, _)| weekday(*day) == slot);
        demand(&same.map(|(_, spread)| spread.clone()).collect::<Vec<_>>())
    };
    (0..7).map(of).collect()
}

type Ahead<'a> = dyn Fn(Option<Group>) -> Result<Vec<(Day, Spread)>, usize> + 'a;

/// Red cells: base stocks of the eight groups, fitted together, as groups stand in for one another.
fn of_groups(
    ahead: &Ahead<'_>,
    life_days: usize,
    lead_days: usize,
) -> Result<(Vec<Proposed>, Vec<Group>), Nothing> {
    let mut known: BTreeMap<Group, Vec<Demand>> = BTreeMap::new();
    let (mut unknown, mut most) = (Vec::new(), 0);
    for group in Group::ALL {
        match ahead(Some(group)) {
            Ok(days) => {
                known.insert(group, by_weekday(&days)?);
            }
            Err(days) => {
                unknown.push(group);
                most = most.max(days);
            }
        }
    }
    if known.is_empty() {
        return Err(Nothing::TooFew { known: most, needed: LEAST_KNOWN });
    }
    let none = vec![demand(&[])?];
    let kronor = |ore: i64| ore as f64 / 100.0;
    let asked = cells::Asked {
        demand: Group::ALL.map(|group| known.get(&group).unwrap_or(&none).clone()),
        ladders: ladders(&Policies::none()),
        life_days,
        lead_days,
        cost: CellCost {
            shortage: kronor(COSTS.shortage),
            substitution: kronor(COSTS.substitution),
            wastage: kronor(COSTS.expiry),
            holding: kronor(COSTS.holding),
        },
        risk: Risk::default(),
    };
    let found = cells::targets(&asked, &TRIAL, &Progress::default());
    let found = found.map_err(|_| Nothing::TooMuch)?;
    let lines =
        found.into_iter().filter(|one| known.contains_key(&one.group)).map(|one| Proposed {
            line: Line { component: Component::RedCells, group: Some(one.group) },
            bands: one.bands,
            service_percent: one.service_percent.mean,
            wastage_percent: one.wastage_percent.mean,
            substituted_percent: Some(one.substituted_percent.mean),
        });
    Ok((lines.collect(), unknown))
}

/// Platelets: one level for all groups, by weekday, with the life that the rule gives.
fn of_all(
    ahead: &Ahead<'_>,
    component: Component,
    life_days: usize,
    lead_days: usize,
) -> Result<Proposed, Nothing> {
    let days = ahead(None).map_err(|known| Nothing::TooFew { known, needed: LEAST_KNOWN })?;
    let kronor = |ore: i64| ore as f64 / 100.0;
    let asked = perishable::Asked {
        demand: by_weekday(&days)?,
        life_days,
        lead_days,
        issuing: Issuing::Fifo,
        cost: Cost {
            shortage: kronor(COSTS.shortage),
            wastage: kronor(COSTS.expiry),
            holding: kronor(COSTS.holding),
            ..Cost::default()
        },
        risk: Risk::default(),
    };
    let found = perishable::target(&asked, &TRIAL, &Progress::default());
    let found = found.map_err(|_| Nothing::TooMuch)?;
    Ok(Proposed {
        line: Line { component, group: None },
        bands: found.bands,
        service_percent: found.service_percent.mean,
        wastage_percent: found.wastage_percent.mean,
        substituted_percent: None,
    })
}
