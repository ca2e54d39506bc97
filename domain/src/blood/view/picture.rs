//! The stock picture: every region's stock joined at reading, with source, time and age. A unit on
//! its way is a place of its own and counts in no region's days.

use serde::Serialize;

use super::super::model::group::Group;
use super::super::model::product::Component;
use super::super::model::stock::{ExternalCount, ExternalStock, Line};
use super::super::model::unit::Place;
use super::super::shelf::Shelf;
use super::super::state::Shared;
use super::moving::{Moving, moving};
use super::usable::{
    holds_blood, is_own_centre, minimum, minimum_lines, on_shelf, own_centres, tells, told_sites,
    unsaid, usable,
};
use crate::bonds::SILENCE_SECONDS;
use crate::kernel::model::{RecordKeeper, Site};
use crate::rulesets::{Scope, key};
use crate::words::{JournalId, Known, Period, SiteId, Time};
use crate::{kernel, rulesets};

/// A unit whose date is at most so many days away counts as expiring where the rules say nothing:
/// the product's own choice, which the pages name as such.
pub const EXPIRING_DAYS: u32 = 7;

/// What another system told counts as stale after so many hours: the product's own choice, which
/// the pages name as such. A region's own record is stale when its journal has fallen silent.
pub const STALE_HOURS: i64 = 12;

/// Within how many days a unit counts as expiring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Soon {
    /// Days.
    pub days: u32,
    /// Whether the region's rules say so; otherwise it is [`EXPIRING_DAYS`].
    pub by_rule: bool,
}

/// One region as the picture sees it.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// Whose.
    pub journal: &'a JournalId,
    /// Its sites.
    pub kernel: &'a kernel::Shared,
    /// Its rules.
    pub rules: &'a rulesets::Shared,
    /// Its stock.
    pub stock: &'a Shared,
    /// As of when its state is known here.
    pub as_of: Known<Time>,
}

/// What is looked for; nothing means everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Region.
    pub region: Option<JournalId>,
    /// Site.
    pub site: Option<SiteId>,
    /// Component.
    pub component: Option<Component>,
    /// Group.
    pub group: Option<Group>,
}

/// Demand as it is shown beside the days that it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemandShown {
    /// Units in 24 hours, in thousandths.
    pub milli_per_day: Known<u64>,
    /// What it covers.
    pub period: Period,
    /// Where it comes from.
    pub source: String,
    /// When it was recorded.
    pub recorded: Time,
}

/// What is there of one thing in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// Free to use now.
    pub available: Known<u32>,
    /// How many of them somebody has counted: all where the number is known, at least so many
    /// where a part has not been told.
    pub at_least: u32,
    /// Set aside.
    pub reserved: Known<u32>,
    /// In quarantine.
    pub quarantined: Known<u32>,
    /// On its way here.
    pub in_transit: u32,
    /// When the next of it should be here.
    pub next_eta: Option<Time>,
    /// Of those available, how many expire soon.
    pub expiring: Known<u32>,
    /// Past their expiry, or not found at a count, and still in the record; other systems do not
    /// tell of them.
    pub unusable: Known<u32>,
    /// What is used in a day.
    pub demand: Option<DemandShown>,
    /// How long it lasts, in thousandths of a day; unknown without stock or demand.
    pub days_milli: Known<u64>,
    /// The region's own floor; none if no rule sets one.
    pub minimum: Option<u32>,
    /// Since when it is below it, as the region recorded.
    pub below_since: Option<Time>,
    /// As of when the oldest part of this is known; none if a part was never told.
    pub as_of: Known<Time>,
    /// Whether the region's own record is a part of it.
    pub own: bool,
    /// The other systems that told of it.
    pub systems: Vec<String>,
    /// Whether a part of it is too old or missing.
    pub stale: bool,
}

/// A line of a region: one component and group, or all groups together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegionRow {
    /// Region.
    pub region: JournalId,
    /// Component; none where nobody has said what there is.
    pub component: Option<Component>,
    /// Group; none for all groups together.
    pub group: Option<Group>,
    /// What is there.
    pub cell: Cell,
}

/// A line of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SiteRow {
    /// Region.
    pub region: JournalId,
    /// Site.
    pub site: SiteId,
    /// Which record rules there.
    pub record: RecordKeeper,
    /// Component; none where nobody has said what there is.
    pub component: Option<Component>,
    /// Group; none for units of unknown group.
    pub group: Option<Group>,
    /// What is there.
    pub cell: Cell,
}

/// The whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// By region, component and group; the line of all groups comes first.
    pub regions: Vec<RegionRow>,
    /// By site.
    pub sites: Vec<SiteRow>,
    /// What is on its way, earliest first.
    pub moving: Vec<Moving>,
}

/// The picture of the given regions.
#[must_use]
pub fn picture(parts: &[Part<'_>], filter: &Filter, now: Time) -> Picture {
    let moving = moving(parts, now);
    let mut all = Picture::default();
    let wanted = |part: &&Part<'_>| filter.region.as_ref().is_none_or(|one| one == part.journal);
    for part in parts.iter().filter(wanted) {
        let sites = site_rows(part, filter, &moving, now);
        if filter.site.is_none() {
            all.regions.extend(region_rows(part, filter, &sites, &moving, now));
        }
        let shown = |row: &SiteRow| filter.group.is_none() || row.group == filter.group;
        all.sites.extend(sites.into_iter().filter(shown));
    }
    all.moving = moving.into_iter().filter(|one| concerns(one, filter)).collect();
    all
}

fn concerns(one: &Moving, filter: &Filter) -> bool {
    let region = |wanted: &JournalId| one.from_region == *wanted || one.way.to_region == *wanted;
    let site = |wanted: &SiteId| one.way.from == *wanted || one.way.to_site == *wanted;
    let line = |(component, group, _): &(Component, Option<Group>, u32)| {
        filter.component.is_none_or(|wanted| wanted == *component)
            && filter.group.is_none_or(|wanted| Some(wanted) == *group)
    };
    filter.region.as_ref().is_none_or(region)
        && filter.site.as_ref().is_none_or(site)
        && (one.lines.is_empty() || one.lines.iter().any(line))
}

/// All lines of a region's sites, unfiltered by group, since a region's line needs all of them.
fn site_rows(part: &Part<'_>, filter: &Filter, moving: &[Moving], now: Time) -> Vec<SiteRow> {
    let mut rows = Vec::new();
    // What lies in a closed place has not gone away.
    let holds = |site: &SiteId| part.stock.shelves.sites.contains_key(site);
    let sites = part.kernel.sites.values();
    let sites = sites.filter(|site| site.window.contains(now) || holds(&site.id));
    for site in sites.filter(|site| filter.site.as_ref().is_none_or(|one| *one == site.id)) {
        let cells = match site.record {
            RecordKeeper::Samband => {
                let mut cells = own_cells(part, &site.id, moving, now);
                if is_own_centre(site, now) && !part.stock.has_begun_at(&site.id) {
                    cells.push(never_told(filter));
                }
                cells
            }
            RecordKeeper::External
                if site.window.contains(now) && holds_blood(site, part.stock) =>
            {
                told_cells(part, &site.id, filter, now)
            }
            RecordKeeper::External => Vec::new(),
        };
        let wanted = |component| filter.component.is_none() || filter.component == component;
        rows.extend(cells.into_iter().filter(|(component, ..)| wanted(*component)).map(
            |(component, group, cell)| SiteRow {
                region: part.journal.clone(),
                site: site.id.clone(),
                record: site.record,
                component,
                group,
                cell,
            },
        ));
    }
    rows
}

type Placed = (Option<Component>, Option<Group>, Cell);

/// The lines of a site whose record is kept in the region's journal.
fn own_cells(part: &Part<'_>, site: &SiteId, moving: &[Moving], now: Time) -> Vec<Placed> {
    let empty = Shelf::default();
    let shelf = part.stock.shelves.sites.get(site).unwrap_or(&empty);
    let mut keys: Vec<_> = shelf.tally.keys().copied().collect();
    let coming =
        moving.iter().filter(|one| one.way.to_region == *part.journal && one.way.to_site == *site);
    let coming: Vec<_> = coming.collect();
    keys.extend(coming.iter().flat_map(|one| one.lines.iter().map(|(c, g, _)| (*c, *g))));
    keys.sort_unstable();
    keys.dedup();
    let soon = now.plus_days(i64::from(expiring(part, now).days));
    let cell = |(component, group): (Component, Option<Group>)| {
        let mut cell = blank(part.as_of);
        (cell.own, cell.stale) = (true, silent(part, now));
        let tally = shelf.tally.get(&(component, group)).copied().unwrap_or_default();
        let expired = group.map_or(0, |group| shelf.expired(component, group, now));
        let available = group.map_or(0, |group| on_shelf(shelf, component, group, now));
        (cell.available, cell.at_least) = (Known::Value(available), available);
        cell.reserved = Known::Value(tally.at(Place::Reserved));
        cell.quarantined = Known::Value(tally.at(Place::Quarantined));
        let unusable = expired + tally.at(Place::Outdated) + tally.at(Place::Missing);
        cell.unusable = Known::Value(unusable);
        cell.expiring = Known::Value(
            group.map_or(0, |group| shelf.expired(component, group, soon).saturating_sub(expired)),
        );
        for one in &coming {
            let count: u32 = one
                .lines
                .iter()
                .filter(|(c, g, _)| (*c, *g) == (component, group))
                .map(|(.., count)| count)
                .sum();
            cell.expect(count, one.eta());
        }
        cell.lasts_for(part, site, component, group);
        (Some(component), group, cell)
    };
    keys.into_iter().map(cell).collect()
}

/// Nobody has told anything: unknown, of what is asked about or else of everything.
fn never_told(filter: &Filter) -> Placed {
    let mut cell = blank(Known::Unknown);
    cell.stale = true;
    (filter.component, None, cell)
}

/// The lines of a site that another system counts.
fn told_cells(part: &Part<'_>, site: &SiteId, filter: &Filter, now: Time) -> Vec<Placed> {
    let Some(told) = part.stock.external.get(site) else {
        return vec![never_told(filter)];
    };
    let cell = |row: &ExternalCount| {
        let mut cell = blank(Known::Value(told.value.as_of));
        cell.available = row.available;
        cell.at_least = row.available.value().unwrap_or_default();
        cell.reserved = row.reserved;
        cell.quarantined = row.quarantined;
        cell.expiring = row.expiring;
        cell.systems = vec![told.value.system.clone()];
        cell.stale = stale(&told.value, now);
        let group = row.group.value();
        cell.lasts_for(part, site, row.component, group);
        (Some(row.component), group, cell)
    };
    told.value.rows.iter().map(cell).collect()
}

fn region_rows(
    part: &Part<'_>,
    filter: &Filter,
    sites: &[SiteRow],
    moving: &[Moving],
    now: Time,
) -> Vec<RegionRow> {
    let rules = part.rules.in_force(Scope::Blood, now);
    // A line that a minimum, a demand or a shortage speaks of is there even when nothing is left.
    let floors = minimum_lines().filter(|line| rules.is_some_and(|r| minimum(r, *line).is_some()));
    let mut components: Vec<_> = sites.iter().filter_map(|row| row.component).collect();
    components.extend(part.stock.demand.keys().map(|(_, line)| line.component));
    components.extend(part.stock.shortages.keys().map(|line| line.component));
    components.extend(floors.map(|line| line.component));
    components.retain(|component| filter.component.is_none_or(|one| one == *component));
    components.sort_unstable();
    components.dedup();
    let mut rows = Vec::new();
    for component in components {
        let groups = std::iter::once(None).chain(Group::ALL.iter().copied().map(Some));
        for group in groups.filter(|group| filter.group.is_none() || *group == filter.group) {
            let line = Line { component, group };
            let cell = region_cell(part, line, sites, moving, now);
            let component = Some(component);
            rows.push(RegionRow { region: part.journal.clone(), component, group, cell });
        }
    }
    if rows.is_empty() && untold(part, now) {
        let (region, component, group) = (part.journal.clone(), filter.component, filter.group);
        let mut cell = blank(Known::Unknown);
        cell.stale = true;
        rows.push(RegionRow { region, component, group, cell });
    }
    rows
}

fn region_cell(
    part: &Part<'_>,
    line: Line,
    sites: &[SiteRow],
    moving: &[Moving],
    now: Time,
) -> Cell {
    let mut cell = blank(part.as_of);
    cell.stale = silent(part, now);
    let zero = Known::Value(0);
    (cell.available, cell.reserved, cell.quarantined, cell.expiring) = (zero, zero, zero, zero);
    cell.unusable = zero;
    let of_line = sites.iter().filter(|row| {
        row.component == Some(line.component) && (line.group.is_none() || row.group == line.group)
    });
    for row in of_line {
        cell.add(&row.cell);
    }
    // None on an own shelf is the own record's word, though no line of a site says so.
    cell.own |= own_speaks(part, now);
    if unsaid(part.stock, part.kernel, now) {
        cell.add(&blank(Known::Unknown));
    }
    // A place that does not tell of this line leaves it unknown.
    for site in told_sites(part.stock, part.kernel, now) {
        let stock = part.stock.external.get(&site.id).map(|stated| &stated.value);
        if !tells(stock, line) {
            let mut untold = blank(stock.map(|stock| stock.as_of).into());
            untold.stale = stock.is_none_or(|stock| stale(stock, now));
            untold.systems = stock.iter().map(|stock| stock.system.clone()).collect();
            cell.add(&untold);
        }
    }
    // Decisions rest on this number too: it is counted once, and shown as it was counted.
    let counted = usable(part.stock, part.kernel, line, now);
    (cell.available, cell.at_least) = (counted.value(), counted.known);
    (cell.in_transit, cell.next_eta) = (0, None);
    for one in moving.iter().filter(|one| one.way.to_region == *part.journal) {
        let of_line = one.lines.iter().filter(|(component, group, _)| {
            *component == line.component && (line.group.is_none() || *group == line.group)
        });
        cell.expect(of_line.map(|(.., count)| count).sum(), one.eta());
    }
    cell.lasts(demand(part, None, line));
    let rules = part.rules.in_force(Scope::Blood, now);
    cell.minimum = rules.and_then(|rules| minimum(rules, line));
    cell.below_since = part.stock.shortages.get(&line).map(|short| short.since);
    cell
}

/// Within how many days a region's units count as expiring.
#[must_use]
pub fn expiring(part: &Part<'_>, now: Time) -> Soon {
    let rules = part.rules.in_force(Scope::Blood, now);
    let days = rules.and_then(|rules| rules.days(key::EXPIRING_DAYS).ok());
    Soon { days: days.unwrap_or(EXPIRING_DAYS), by_rule: days.is_some() }
}

/// Whether a region holds blood and nobody has said a word about any of it.
fn untold(part: &Part<'_>, now: Time) -> bool {
    let told = |site: &Site| part.stock.external.contains_key(&site.id);
    let mut elsewhere = told_sites(part.stock, part.kernel, now).peekable();
    let holds = own_centres(part.kernel, now).next().is_some() || elsewhere.peek().is_some();
    holds && !part.stock.has_begun() && !elsewhere.any(told)
}

/// Whether the region's own record has spoken of the blood that it keeps.
fn own_speaks(part: &Part<'_>, now: Time) -> bool {
    own_centres(part.kernel, now).any(|site| part.stock.has_begun_at(&site.id))
}

fn demand(part: &Part<'_>, site: Option<&SiteId>, line: Line) -> Option<DemandShown> {
    let stated = part.stock.demand(site, line)?;
    Some(DemandShown {
        milli_per_day: stated.value.milli_per_day,
        period: stated.value.period,
        source: stated.value.source.clone(),
        recorded: stated.recorded,
    })
}

fn stale(told: &ExternalStock, now: Time) -> bool {
    now.since(told.as_of) > STALE_HOURS * 3_600 * 1_000_000
}

/// Whether a region's journal has not been heard for so long that it counts as silent.
fn silent(part: &Part<'_>, now: Time) -> bool {
    let quiet = |as_of: Time| now.since(as_of) > SILENCE_SECONDS * 1_000_000;
    part.as_of.value().is_none_or(quiet)
}

/// A place of which nothing is known.
const fn blank(as_of: Known<Time>) -> Cell {
    Cell {
        available: Known::Unknown,
        at_least: 0,
        reserved: Known::Unknown,
        quarantined: Known::Unknown,
        in_transit: 0,
        next_eta: None,
        expiring: Known::Unknown,
        unusable: Known::Unknown,
        demand: None,
        days_milli: Known::Unknown,
        minimum: None,
        below_since: None,
        as_of,
        own: false,
        systems: Vec::new(),
        stale: false,
    }
}

impl Cell {
    /// Whether the region's own record is among those who say so.
    #[must_use]
    pub fn by_own_record(&self) -> bool {
        self.own || (self.systems.is_empty() && self.as_of != Known::Unknown)
    }

    /// Who says so, for machines: `samband` and the other systems, everyone whose word is in it;
    /// `unknown` if nobody has.
    #[must_use]
    pub fn source(&self) -> String {
        let own = self.by_own_record().then_some("samband");
        let all: Vec<&str> =
            own.into_iter().chain(self.systems.iter().map(String::as_str)).collect();
        if all.is_empty() { "unknown".into() } else { all.join(", ") }
    }

    /// How long a site's line lasts; units of unknown group are no line that anybody uses of.
    fn lasts_for(
        &mut self,
        part: &Part<'_>,
        site: &SiteId,
        component: Component,
        group: Option<Group>,
    ) {
        if group.is_some() {
            self.lasts(demand(part, Some(site), Line { component, group }));
        }
    }

    fn add(&mut self, other: &Self) {
        let sum = |a: Known<u32>, b: Known<u32>| a.with(b, u32::saturating_add);
        self.available = sum(self.available, other.available);
        self.reserved = sum(self.reserved, other.reserved);
        self.quarantined = sum(self.quarantined, other.quarantined);
        self.expiring = sum(self.expiring, other.expiring);
        self.unusable = sum(self.unusable, other.unusable);
        self.as_of = self.as_of.with(other.as_of, Ord::min);
        self.stale |= other.stale;
        self.own |= other.own;
        for system in &other.systems {
            if !self.systems.contains(system) {
                self.systems.push(system.clone());
            }
        }
    }

    fn expect(&mut self, count: u32, eta: Known<Time>) {
        if count > 0 {
            self.in_transit = self.in_transit.saturating_add(count);
            let sooner = |held: Time| eta.value().map_or(held, |eta| held.min(eta));
            self.next_eta = self.next_eta.map(sooner).or_else(|| eta.value());
        }
    }

    /// How long it lasts at a demand; nothing used lasts for a time nobody can name.
    fn lasts(&mut self, demand: Option<DemandShown>) {
        let milli = demand.as_ref().map_or(Known::Unknown, |demand| demand.milli_per_day);
        self.days_milli = match (self.available, milli) {
            (Known::Value(units), Known::Value(milli)) if milli > 0 => {
                Known::Value(u64::from(units) * 1_000_000 / milli)
            }
            _ => Known::Unknown,
        };
        self.demand = demand;
    }
}
