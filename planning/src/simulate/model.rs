//! The simulated world: what does not change during a run, worked out once and read by all
//! replications.

use samband_domain::blood::model::{AgeKnown, Antibodies, Component, Group, Recipient, Sex};
use samband_domain::blood::rules::compatible::{Policies, Urgency, ladder};
use samband_domain::words::Known;

use super::draw::{Pick, Table};
use super::values::Values;

/// Components that are simulated, in this order.
pub const COMPONENTS: [Component; 3] =
    [Component::RedCells, Component::Platelets, Component::Plasma];
/// Place of red cells in [`COMPONENTS`].
pub const RED_CELLS: usize = 0;
/// Place of platelets in [`COMPONENTS`].
pub const PLATELETS: usize = 1;
/// Place of plasma in [`COMPONENTS`].
pub const PLASMA: usize = 2;
/// Groups, in the order of [`Group::ALL`].
pub const GROUPS: usize = 8;
/// Who may ask: the eight groups, and those whose group nobody knows yet.
pub const CLASSES: usize = GROUPS + 1;
/// Those whose group nobody knows yet.
pub const UNKNOWN: usize = GROUPS;
/// Days of a week; Monday is day 0 of every run.
pub const WEEK: usize = 7;

/// A number for each component and group.
pub type PerLine<T> = [[T; GROUPS]; 3];

/// What is fixed during a run.
#[derive(Clone, Debug)]
pub struct World {
    /// Regions; their sites stand together in [`World::sites`].
    pub regions: Vec<Region>,
    /// Places with a stock.
    pub sites: Vec<Site>,
    /// Facts of the components.
    pub products: [Product; 3],
    /// Roads between the regions' centres, `from × regions + to`.
    pub legs: Vec<Option<Leg>>,
    /// Where units come from.
    pub supply: Supply,
    /// How many are asked for, `(year × sites + site) × 21 + component × 7 + weekday`.
    pub demand: Vec<Table>,
    /// Years for which demand has tables of its own; later years use the last.
    pub demand_years: usize,
    /// What a unit more or less is worth to a region.
    pub values: Values,
    /// What happens besides, in order of its name.
    pub events: Vec<Event>,
    /// Days before anything is counted.
    pub warmup_days: u32,
    /// Price of a unit over 100 km in the money of the scenario, where a policy says "priced".
    pub price: f64,
    /// The gain, in the money of the scenario, below which nobody moves a unit even for nothing.
    pub least_gain: f64,
}

/// A region that owns its stock.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The first of its sites.
    pub first: usize,
    /// One beyond its last site.
    pub end: usize,
    /// Its blood centre: an index into [`World::sites`].
    pub hub: usize,
    /// Mean daily use of each line.
    pub use_per_day: PerLine<f64>,
    /// Below this the region gives nothing away.
    pub floor: PerLine<u32>,
    /// What it wants to hold.
    pub target: PerLine<u32>,
    /// What platelets to hold on each weekday until the next ones are ready.
    pub platelet_target: [[u32; GROUPS]; WEEK],
    /// Groups that each class may get, best first, by the blood area's rules.
    pub ladders: [[Ladder; CLASSES]; 3],
}

/// Groups in the order in which they are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ladder {
    groups: [u8; GROUPS],
    len: u8,
}

impl Ladder {
    /// The groups' places.
    #[inline]
    #[must_use]
    pub fn steps(&self) -> &[u8] {
        &self.groups[..usize::from(self.len)]
    }

    /// The order of the blood area for a grown recipient without antibodies, by a region's rules.
    #[must_use]
    pub fn of(policies: &Policies, component: usize, class: usize) -> Self {
        let group = Group::ALL.get(class).copied();
        let mut recipient = Recipient::of_group(group.map_or(Known::Unknown, Known::Value));
        recipient.sex = Known::Value(Sex::Male);
        recipient.age = AgeKnown::years(60);
        recipient.antibodies = Known::Value(Antibodies::NONE);
        let urgency = if group.is_some() { Urgency::Routine } else { Urgency::Emergency };
        let mut out = Self::default();
        for step in ladder(policies, COMPONENTS[component], &recipient, urgency) {
            out.groups[usize::from(out.len)] = step.group.index() as u8;
            out.len += 1;
        }
        out
    }

    /// An order made by hand.
    #[must_use]
    pub fn made(groups: &[u8]) -> Self {
        let mut out = Self::default();
        for &group in groups.iter().take(GROUPS) {
            out.groups[usize::from(out.len)] = group;
            out.len += 1;
        }
        out
    }
}

/// A place with a stock.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Whose it is.
    pub region: usize,
    /// Whether its use counts as the university hospital's.
    pub university: bool,
    /// What it is filled up to.
    pub target: PerLine<u16>,
    /// Which classes ask there, by component.
    pub classes: [Pick<CLASSES>; 3],
}

/// Facts of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Product {
    /// Buckets in which a fresh unit may be used, the first day of its life among them.
    pub life: u32,
    /// Days in a bucket.
    pub bucket_days: u32,
    /// Days from donation to the shelf.
    pub preparation_days: u32,
    /// With this many buckets ahead or fewer, a unit goes back to the region's centre.
    pub soon: u32,
    /// Days that a stock must last until new units come.
    pub horizon_days: f64,
    /// What a unit that could not be given costs.
    pub shortage_cost: f64,
    /// What a unit that expires costs.
    pub outdate_cost: f64,
}

/// A road from one region's centre to another's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leg {
    /// Days until what is sent can be used; at least one.
    pub days: u32,
    /// Length.
    pub km: f64,
    /// On which weekdays something goes: bit 0 is Monday.
    pub weekdays: u8,
    /// Whether a unit can be had the same day when a patient waits.
    pub urgent: bool,
}

/// Where units come from.
#[derive(Clone, Debug)]
pub enum Supply {
    /// From donors who are called and return or do not, by region.
    Donors(Vec<Donors>),
    /// So many units of red cells each weekday, by region.
    Fixed(Vec<Fixed>),
    /// One place orders one component by a table over its stock, and gets it the next morning.
    Ordered(Ordered),
}

/// A region's donors.
#[derive(Clone, Debug)]
pub struct Donors {
    /// How many are on the register at the start.
    pub registered: u32,
    /// Their groups.
    pub groups: Pick<GROUPS>,
    /// Their groups' shares.
    pub mix: [f64; GROUPS],
    /// Share of women.
    pub women: f64,
    /// Days from a donation until the next may be given: men, women.
    pub interval_days: [u32; 2],
    /// Days until somebody who did not come is asked again.
    pub again_days: u32,
    /// Days until somebody who was deferred is asked again.
    pub deferral_days: u32,
    /// What comes of a call: no visit, deferred, donation that cannot be used, donation; and the
    /// same four with the donor leaving the register.
    pub outcome: Pick<8>,
    /// Usable donations expected of a call.
    pub yield_of_call: f64,
    /// New donors a week.
    pub recruits: Table,
    /// Share of the year's donations in the report, for today's division of calls.
    pub share_today: f64,
    /// Calls a week that fill its sessions and buses.
    pub capacity: u32,
    /// The part of them that is for buses, which can work elsewhere.
    pub bus_capacity: u32,
    /// On which weekdays donors come.
    pub weekdays: Pick<WEEK>,
    /// Share of a week's gap between target and stock that a week's call closes.
    pub correction: f64,
}

/// A supply that asks nobody.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// Units each weekday.
    pub units: [Table; WEEK],
    /// Their groups.
    pub groups: Pick<GROUPS>,
    /// What there is at the start, spread evenly over the ages.
    pub initial: u32,
}

/// Orders by a table.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// Which component.
    pub component: usize,
    /// How much to order: the stock read as a number with the freshest units first.
    pub orders: Vec<u32>,
    /// The base of that number: one more than the most of a bucket.
    pub base: u32,
}

/// Something that happens besides.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Many casualties on one day of each year at one place.
    Casualties {
        /// Day of the year, from 0.
        day: u32,
        /// Where.
        site: usize,
        /// Red cells, platelets, plasma.
        units: [u32; 3],
        /// Share for patients whose group nobody knows yet, of the red cells.
        unknown: f64,
    },
    /// A place is lost for some days of each year; what lies there cannot be used, its patients go
    /// to another place, and its work as a centre too.
    LostSite {
        /// First day of the year.
        day: u32,
        /// How many days.
        days: u32,
        /// Which.
        site: usize,
        /// Which place of the same region takes its patients.
        instead: usize,
    },
    /// No road between two regions for some days of each year.
    ClosedRoad {
        /// First day of the year.
        day: u32,
        /// How many days.
        days: u32,
        /// The two regions.
        between: [usize; 2],
    },
}

/// Who may send what to whom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Transfers {
    /// Nothing leaves a region.
    Closed,
    /// At a price for each unit and 100 km; 0 is free.
    Priced(f64),
}

/// Who calls whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallUp {
    /// Each region calls its own donors for its own use.
    Local,
    /// All donors are called for the use of all, as often everywhere.
    Pooled,
    /// All donors are called for the use of all, divided between the regions as in the report.
    Today,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Policy {
    /// Who may send what to whom.
    pub transfers: Transfers,
    /// Who calls whom.
    pub callup: CallUp,
}

impl Policy {
    /// Each region for itself.
    pub const SELF: Self = Self { transfers: Transfers::Closed, callup: CallUp::Local };
    /// One supply, transport for nothing.
    pub const JOINT: Self = Self { transfers: Transfers::Priced(0.0), callup: CallUp::Pooled };

    /// One supply, transport at a price.
    #[must_use]
    pub const fn priced(price: f64) -> Self {
        Self { transfers: Transfers::Priced(price), callup: CallUp::Pooled }
    }
}

impl World {
    /// The road between two regions' centres.
    #[inline]
    #[must_use]
    pub fn leg(&self, from: usize, to: usize) -> Option<&Leg> {
        self.legs[from * self.regions.len() + to].as_ref()
    }

    /// The table of what a place is asked for on a day.
    #[inline]
    #[must_use]
    pub fn demand_of(&self, day: u32, site: usize, component: usize) -> &Table {
        let year = (day.saturating_sub(self.warmup_days) / 365) as usize;
        let year = year.min(self.demand_years - 1);
        let weekday = day as usize % WEEK;
        &self.demand[(year * self.sites.len() + site) * 21 + component * WEEK + weekday]
    }
}
