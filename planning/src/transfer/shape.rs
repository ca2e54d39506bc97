//! A transfer question in plain numbers: sites, days, groups, ages, legs and prices.
//!
//! Sites are 0, 1, 2 …; days 0, 1, 2 … of the horizon; groups stand in the order of
//! [`Group::ALL`]. A unit's class says how long it can be used: class `c` below the horizon's
//! length means until the end of day `c`; the class after those ([`Shape::soon`]) means that it
//! expires soon after the horizon; the last ([`Shape::later`]) that it outlives that too. A
//! minimum stock is met by units of the last class alone: what is about to expire is no reserve.

use samband_domain::blood::model::{Component, Group, Recipient, Rhd};
use samband_domain::blood::rules::compatible::{Policies, Urgency, ladder};
use samband_domain::words::Known;

/// Blood groups.
pub const GROUPS: usize = Group::ALL.len();

/// Longest horizon in days.
pub const MOST_DAYS: usize = 14;

/// Prices, in öre for one unit. Each is an agreed weight, not a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Costs {
    /// A wanted unit that is not there on its day.
    pub shortage: i64,
    /// A unit that nobody used before it expired.
    pub expiry: i64,
    /// A unit missing from a site's minimum at the end of a day.
    pub below_minimum: i64,
    /// A unit given in another group than the recipient's, for each place down the ladder.
    pub substitution: i64,
    /// A unit kept over a night.
    pub holding: i64,
}

/// One departure: what a van, bus or train carries from one site to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Sending site.
    pub from: u32,
    /// Receiving site.
    pub to: u32,
    /// Day on which it leaves; units used that day are no longer there.
    pub departs: u8,
    /// Day on which it arrives; units can be used that day.
    pub arrives: u8,
    /// Öre for each unit.
    pub price: i64,
    /// Most units of the component.
    pub capacity: i64,
}

/// Which unit's group serves which recipient's, and how far down the ladder it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fits(pub [[Option<u8>; GROUPS]; GROUPS]);

/// What does not change from day to day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many sites.
    pub sites: usize,
    /// Length of the horizon, 1 to [`MOST_DAYS`].
    pub days: usize,
    /// Who may be given what.
    pub fits: Fits,
    /// Timetable.
    pub legs: Vec<Leg>,
    /// Prices.
    pub costs: Costs,
    /// Shortage price of each site; empty: [`Costs::shortage`] everywhere.
    pub shortage: Vec<i64>,
    /// Whether equal plans are told apart in the same way whatever the search came from. It
    /// costs a little time.
    pub stable: bool,
}

/// What is there and what is wanted, in whole units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Units that come into reach, by [`Shape::stock`]: on day 0 the stock, later what arrives
    /// from production or is on its way already.
    pub has: Vec<i64>,
    /// Units wanted, by [`Shape::need`].
    pub wants: Vec<i64>,
    /// Minimum at the end of every day, by [`Shape::shelf`].
    pub minimum: Vec<i64>,
    /// Units that will be used in the window after the horizon in which class
    /// [`Shape::soon`] expires, by [`Shape::shelf`].
    pub soon_use: Vec<i64>,
}

impl Fits {
    /// The blood area's own ladder for a component, without any region's exceptions. RhD-positive
    /// cells for RhD-negative recipients are never planned, even where a physician could choose
    /// them.
    #[must_use]
    pub fn of(component: Component) -> Self {
        Self::by(&Policies::none(), component)
    }

    /// The same by a region's rules.
    #[must_use]
    pub fn by(policies: &Policies, component: Component) -> Self {
        let cells = !matches!(component, Component::Plasma | Component::Cryoprecipitate);
        let mut fits = [[None; GROUPS]; GROUPS];
        for recipient in Group::ALL {
            let whom = Recipient::of_group(Known::Value(recipient));
            for step in ladder(policies, component, &whom, Urgency::Routine) {
                let never =
                    cells && step.group.rhd == Rhd::Positive && recipient.rhd == Rhd::Negative;
                if !never {
                    fits[step.group.index()][recipient.index()] = Some(step.place - 1);
                }
            }
            // A unit of the same group serves wherever nobody stated a rule.
            fits[recipient.index()][recipient.index()] = Some(0);
        }
        Self(fits)
    }
}

impl Shape {
    /// The class that expires soon after the horizon.
    #[must_use]
    pub const fn soon(&self) -> usize {
        self.days
    }

    /// The class that outlives the horizon and some time more.
    #[must_use]
    pub const fn later(&self) -> usize {
        self.days + 1
    }

    /// How many classes.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.days + 2
    }

    /// Place of a site and group.
    #[must_use]
    pub const fn shelf(&self, site: usize, group: usize) -> usize {
        site * GROUPS + group
    }

    /// Place of units of a class at a site on a day.
    #[must_use]
    pub const fn stock(&self, site: usize, group: usize, class: usize, day: usize) -> usize {
        (self.shelf(site, group) * self.classes() + class) * self.days + day
    }

    /// Place of a site's and group's demand on a day.
    #[must_use]
    pub const fn need(&self, site: usize, group: usize, day: usize) -> usize {
        self.shelf(site, group) * self.days + day
    }

    /// Whether units of a class can still be used on a day.
    #[must_use]
    pub const fn lives(&self, class: usize, day: usize) -> bool {
        class >= day
    }

    /// Nothing there, nothing wanted.
    #[must_use]
    pub fn nothing(&self) -> Figures {
        let shelves = self.sites * GROUPS;
        Figures {
            has: vec![0; shelves * self.classes() * self.days],
            wants: vec![0; shelves * self.days],
            minimum: vec![0; shelves],
            soon_use: vec![0; shelves],
        }
    }

    /// What a shortage costs at a site.
    #[must_use]
    pub fn shortage_at(&self, site: usize) -> i64 {
        self.shortage.get(site).copied().unwrap_or(self.costs.shortage)
    }
}
