//! What a call-up plan is made of: donors in strata, places to give at, buses, demand, weights.

use samband_domain::blood::model::{Group, Sex};
use samband_domain::words::Day;
use serde::Serialize;

/// Longest plan, in weeks.
pub const WEEKS_MAX: usize = 53;

/// Whose demand a donation may meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// A region's donors give for that region alone, and no band binds the regions.
    Local,
    /// All donors give for all, within the fairness band.
    Pooled,
}

/// A region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// Its id.
    pub id: String,
    /// Active donors, also those whom no stratum can call: what donations per donor count by.
    /// Never fewer than the strata have.
    pub donors: u32,
}

/// What kind of place donors come to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A building with sessions of its own.
    Fixed,
    /// A stop of a bus.
    Stop {
        /// Which bus: its place in [`Instance::buses`].
        bus: usize,
        /// Hours that a visit takes of the crew's week: the way there and back, and the session.
        hours: f64,
        /// At most one visit in so many weeks.
        every_weeks: usize,
    },
}

/// Where donors give.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// The region that runs it: its place in [`Instance::regions`].
    pub region: usize,
    /// Donors who can be received, by week; for a stop, if the bus comes.
    pub capacity: Vec<f64>,
    /// What kind.
    pub kind: PlaceKind,
}

/// A bus and its crew.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bus {
    /// Its id.
    pub id: String,
    /// Hours that its crew has, by week.
    pub hours: Vec<f64>,
}

/// Donors whom the plan does not tell apart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stratum {
    /// The place where they give.
    pub place: usize,
    /// Their group.
    pub group: Group,
    /// Their sex.
    pub sex: Sex,
    /// What their response class is called.
    pub response: String,
    /// Probability that one who is invited comes.
    pub attendance: f64,
    /// Probability that one who comes is deferred at the door (haemoglobin, health, travel).
    pub deferral: f64,
    /// Weeks from coming until they may be invited again: never less than what the rules of
    /// interval and of donations in a year allow. Whoever is deferred waits as long.
    pub interval_weeks: usize,
    /// Weeks until one who was invited and did not come may be invited again.
    pub quiet_weeks: usize,
    /// Donors who become free to be invited, by week; those free from the start stand in week 0.
    pub frees: Vec<u32>,
    /// Donors of the stratum, with those whose interval ends after the plan does.
    pub donors: u32,
}

impl Stratum {
    /// Probability that an invitation leads to a donation.
    #[must_use]
    pub fn success(&self) -> f64 {
        self.attendance * (1.0 - self.deferral)
    }
}

/// What the plan weighs, all in one unit of cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Weights {
    /// A unit of demand that is not met, by group.
    pub shortage: [f64; 8],
    /// A unit given to another group, for each place down the order of preference.
    pub substitution: f64,
    /// A unit kept for a week.
    pub holding: f64,
    /// A unit that is collected and serves nobody in time.
    pub surplus: f64,
    /// An invitation.
    pub invitation: f64,
    /// One donation more between the most and the least used region: per donor of all regions.
    pub unevenness: f64,
}

/// Everything that a plan is made from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// What it is called.
    pub title: String,
    /// Monday of the first week.
    pub first: Day,
    /// Weeks.
    pub weeks: usize,
    /// Whose demand a donation may meet.
    pub pooling: Pooling,
    /// Smallest ratio of donations per donor between the least and the most used region.
    pub band: Option<f64>,
    /// Weeks after its own in which a donation still serves.
    pub keeps_weeks: usize,
    /// Regions.
    pub regions: Vec<Region>,
    /// Places.
    pub places: Vec<Place>,
    /// Buses.
    pub buses: Vec<Bus>,
    /// Strata.
    pub strata: Vec<Stratum>,
    /// Units wanted: by region, week and group.
    pub demand: Vec<Vec<[f64; 8]>>,
    /// What the plan weighs.
    pub weights: Weights,
}

impl Instance {
    /// Number of pools: one, or one for each region.
    #[must_use]
    pub fn pools(&self) -> usize {
        match self.pooling {
            Pooling::Local => self.regions.len(),
            Pooling::Pooled => 1,
        }
    }

    /// The pool that a region's donations go to.
    #[must_use]
    pub fn pool(&self, region: usize) -> usize {
        match self.pooling {
            Pooling::Local => region,
            Pooling::Pooled => 0,
        }
    }

    /// The region of a stratum.
    #[must_use]
    pub fn region_of(&self, stratum: &Stratum) -> usize {
        self.places[stratum.place].region
    }

    /// Demand of a pool in a week.
    #[must_use]
    pub fn wanted(&self, pool: usize, week: usize) -> [f64; 8] {
        let mut sum = [0.0; 8];
        for (region, weeks) in self.demand.iter().enumerate() {
            if self.pool(region) == pool {
                for (sum, units) in sum.iter_mut().zip(weeks[week]) {
                    *sum += units;
                }
            }
        }
        sum
    }

    /// Whether regions are held together by how much they ask of their donors.
    #[must_use]
    pub fn shares_fairly(&self) -> bool {
        self.pooling == Pooling::Pooled
            && self.regions.len() > 1
            && (self.band.is_some() || self.weights.unevenness > 0.0)
    }

    /// The same donors and demand under the other rule.
    #[must_use]
    pub fn with_pooling(&self, pooling: Pooling) -> Self {
        Self { pooling, ..self.clone() }
    }
}

/// A plan: whom to invite when, and where the buses stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Invitations by stratum and week.
    pub invitations: Vec<Vec<u32>>,
    /// Whether a place is open, by place and week; a building always is.
    pub open: Vec<Vec<bool>>,
}
