//! What a region's record says was used, laid out as days, and one series of it with its forecast.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::SiteKind;
use samband_domain::plans::{Report, view};
use samband_domain::words::Day;
use samband_domain::{JournalId, Known, SharedState, SiteId, Time};
use samband_planning::forecast::{Key, LEAST_KNOWN, NotShown, Shown, Table, known_days, shown};
use samband_planning::progress::Progress;
use tokio::sync::Semaphore;

use crate::app::Problem;

/// Weeks ahead that may be asked for.
pub const WEEKS: std::ops::RangeInclusive<usize> = 4..=8;
/// What the series of a region's sites together is called inside the planning room.
const TOGETHER: &str = "*";

/// One computation at a time, so that the writer keeps a core for itself.
static ONE: Semaphore = Semaphore::const_new(1);

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The region.
    pub region: JournalId,
    /// The site; none for the region's sites together.
    pub site: Option<SiteId>,
    /// Of what.
    pub component: Component,
    /// The group; none for all of them together.
    pub group: Option<Group>,
    /// Weeks ahead.
    pub weeks: usize,
}

/// A site that the region's sum does not hold, and how many of its days are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The site.
    pub site: SiteId,
    /// Known days.
    pub known: usize,
}

/// Where days come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A report.
    Reported(Report),
    /// A site's own record, from a day on.
    Own(SiteId, Day),
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The series, or how many days are missing.
    pub shown: Result<Shown, NotShown>,
    /// The sites that it is made of.
    pub sites: Vec<SiteId>,
    /// Sites of the region that nobody knows enough about.
    pub left_out: Vec<LeftOut>,
    /// Where the days come from, newest first.
    pub sources: Vec<Source>,
}

/// Every series that a region's record tells, through the day before today: today is not over.
/// None if nothing is known. A file of it ([`samband_planning::forecast::write`]) is what the
/// command line forecasts from.
#[must_use]
pub fn table(shared: &SharedState, today: Day) -> Option<Table> {
    let (plans, stock) = (&shared.plans, &shared.blood);
    let mut lines: BTreeSet<(SiteId, Line)> = plans.used.keys().cloned().collect();
    let mut first = plans.used.values().map(|series| series.first).min();
    for (site, there) in &stock.used {
        let components: BTreeSet<Component> =
            there.days.keys().map(|(_, line)| line.component).collect();
        for component in components {
            let of = |group| (site.clone(), Line { component, group: Some(group) });
            lines.extend(Group::ALL.into_iter().map(of));
            first = Some(first.map_or(there.since, |first| first.min(there.since)));
        }
    }
    let last = Day::new(today.date().saturating_sub(1.days()))?;
    let first = first.filter(|first| *first <= last)?;
    let mut series = BTreeMap::new();
    for (site, line) in lines {
        let units = view::used((plans, stock), &site, line, (first, last));
        let units: Vec<Option<u32>> = units.into_iter().map(Known::value).collect();
        if units.iter().any(Option::is_some) {
            let Line { component, group } = line;
            series.insert(Key { site: site.to_string(), component, group }, units);
        }
    }
    trimmed(first, series)
}

/// Cut to the first and the last day of which anybody says anything.
fn trimmed(first: Day, mut series: BTreeMap<Key, Vec<Option<u32>>>) -> Option<Table> {
    let from = series.values().filter_map(|units| units.iter().position(Option::is_some)).min()?;
    let to = series.values().filter_map(|units| units.iter().rposition(Option::is_some)).max()?;
    for units in series.values_mut() {
        *units = units[from..=to].to_vec();
    }
    let first = first.plus_days(u32::try_from(from).ok()?);
    Some(Table { first, days: to + 1 - from, series })
}

/// All groups of a site together: as stated, else the sum on days on which every group is known.
fn together(table: &Table, site: &str, component: Component) -> Vec<Option<u32>> {
    let of = |group: Option<Group>| {
        table.series.get(&Key { site: site.to_owned(), component, group }).map(Vec::as_slice)
    };
    let whole = of(None);
    let groups: Vec<&[Option<u32>]> =
        Group::ALL.into_iter().filter_map(|group| of(Some(group))).collect();
    let sum = |at: usize| {
        let parts = groups.iter().map(|units| units[at]).sum::<Option<u32>>();
        parts.filter(|_| !groups.is_empty())
    };
    (0..table.days).map(|at| whole.and_then(|units| units[at]).or_else(|| sum(at))).collect()
}

/// The table that one question is answered from, with its key, the sites it is made of, and those
/// left out.
#[must_use]
pub fn laid_out(
    shared: &SharedState,
    whole: &Table,
    asked: &Asked,
    now: Time,
) -> (Table, Key, Vec<SiteId>, Vec<LeftOut>) {
    let (component, group) = (asked.component, asked.group);
    let only = |key: &Key, units: Vec<Option<u32>>| Table {
        first: whole.first,
        days: whole.days,
        series: BTreeMap::from([(key.clone(), units)]),
    };
    if let Some(site) = &asked.site {
        let key = Key { site: site.to_string(), component, group };
        let table = match group {
            Some(_) => whole.clone(),
            None => only(&key, together(whole, site.as_str(), component)),
        };
        return (table, key, vec![site.clone()], Vec::new());
    }
    let key = Key { site: TOGETHER.into(), component, group };
    let known = |site: &SiteId| together(whole, site.as_str(), component).iter().flatten().count();
    let (mut sites, mut left_out) = (Vec::new(), Vec::new());
    for site in places(shared, whole, component, now) {
        match known(&site) {
            enough if enough >= LEAST_KNOWN => sites.push(site),
            known => left_out.push(LeftOut { site, known }),
        }
    }
    let table = match group {
        None => only(&key, added(whole, &sites, |site| together(whole, site, component))),
        Some(_) => {
            let of = |group: Group| {
                let one = |site: &str| {
                    let key = Key { site: site.to_owned(), component, group: Some(group) };
                    whole.series.get(&key).cloned().unwrap_or_else(|| vec![None; whole.days])
                };
                let key = Key { site: TOGETHER.into(), component, group: Some(group) };
                (key, added(whole, &sites, one))
            };
            let series = Group::ALL.into_iter().map(of).collect();
            Table { first: whole.first, days: whole.days, series }
        }
    };
    (table, key, sites, left_out)
}

/// Day by day over sites; a day that one of them does not know is unknown.
fn added(
    whole: &Table,
    sites: &[SiteId],
    of: impl Fn(&str) -> Vec<Option<u32>>,
) -> Vec<Option<u32>> {
    let mut sum = vec![Some(0).filter(|_| !sites.is_empty()); whole.days];
    for site in sites {
        for (sum, units) in sum.iter_mut().zip(of(site.as_str())) {
            *sum = sum.zip(units).map(|(sum, units): (u32, u32)| sum + units);
        }
    }
    sum
}

/// The places of a region that a sum should hold: its blood centres, and every other site of which
/// something is known.
fn places(shared: &SharedState, whole: &Table, component: Component, now: Time) -> Vec<SiteId> {
    let told = |site: &SiteId| {
        let of = |key: &Key| key.component == component && key.site == site.as_str();
        whole.series.keys().any(of)
    };
    let sites = shared.kernel.sites.values();
    let sites = sites.filter(|site| {
        let centre = site.kind == SiteKind::BloodCentre && site.window.contains(now);
        centre || told(&site.id)
    });
    sites.map(|site| site.id.clone()).collect()
}

/// The sites that can be asked about: those that use blood or say so.
#[must_use]
pub fn sites(shared: &SharedState, now: Time) -> Vec<SiteId> {
    let told = |site: &SiteId| shared.plans.used.keys().any(|(of, _)| of == site);
    let all = shared.kernel.sites.values();
    let all = all.filter(|site| {
        let centre = site.kind == SiteKind::BloodCentre && site.window.contains(now);
        centre || told(&site.id) || shared.blood.used.contains_key(&site.id)
    });
    all.map(|site| site.id.clone()).collect()
}

/// The answer to one question: one series alone, so that it takes a moment and not a queue.
#[must_use]
pub fn found(shared: &SharedState, asked: &Asked, now: Time) -> Found {
    let few = |known| Err(NotShown::TooFew { known, needed: LEAST_KNOWN });
    let mut found =
        Found { shown: few(0), sites: Vec::new(), left_out: Vec::new(), sources: Vec::new() };
    let Some(whole) = table(shared, Day::of(now)) else { return found };
    let (table, key, sites, left_out) = laid_out(shared, &whole, asked, now);
    found.shown = match known_days(&table, &key) {
        known if known < LEAST_KNOWN => few(known),
        _ => shown(&table, &key, asked.weeks * 7, &Progress::default()),
    };
    found.sources = sources(shared, &sites, Day::of(now));
    (found.sites, found.left_out) = (sites, left_out);
    found
}

/// Where the days of sites come from.
pub(super) fn sources(shared: &SharedState, sites: &[SiteId], today: Day) -> Vec<Source> {
    let reports = shared.plans.reports.iter().rev();
    let told = reports.filter(|one| one.sites.iter().any(|site| sites.contains(site)));
    let own = sites.iter().filter_map(|site| {
        let there = shared.blood.used.get(site);
        let there = there.filter(|there| !there.days.is_empty() && there.since < today)?;
        Some(Source::Own(site.clone(), there.since))
    });
    told.cloned().map(Source::Reported).take(8).chain(own).collect()
}

/// Runs a computation beside the others, one at a time.
///
/// # Errors
/// A problem if it broke.
pub async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let _turn = ONE.acquire().await.map_err(|_| Problem::broken())?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::broken())
}
