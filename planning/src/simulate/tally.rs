//! What is counted during a run.

/// Counts of one region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegionTally {
    /// Units that patients asked for, by component.
    pub asked: [u64; 3],
    /// Units that nobody could give.
    pub short: [u64; 3],
    /// Units given, from wherever.
    pub issued: [u64; 3],
    /// Units given in another group than the recipient's own.
    pub substituted: [u64; 3],
    /// Units that expired.
    pub outdated: [u64; 3],
    /// Units that came new onto the shelf.
    pub made: [u64; 3],
    /// Units that left for another region.
    pub sent: [u64; 3],
    /// Units that came from another region.
    pub received: [u64; 3],
    /// Units on the region's shelves, summed over the days.
    pub held: [u64; 3],
    /// Thousandths of the scenario's money for what came from other regions.
    pub transport_millis: u64,
    /// Calls to donors.
    pub calls: u64,
    /// Visits that ended with a deferral.
    pub deferred: u64,
    /// Donations, also those that could not be used.
    pub donations: u64,
    /// Donors with a donation in the last twelve months, summed over the years.
    pub active: u64,
    /// Donors on the register a whole year who were not called once, summed over the years.
    pub uncalled: u64,
    /// Donors who gave once, twice … in a year, summed over the years; none is place 0.
    pub gave: [u64; 8],
}

/// Counts of a whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// Days counted.
    pub days: u64,
    /// By region.
    pub regions: Vec<RegionTally>,
    /// Asked at the university hospital.
    pub university_asked: [u64; 3],
    /// Not given at the university hospital.
    pub university_short: [u64; 3],
    /// Units moved between places of one region.
    pub moved_within: u64,
    /// Units moved between regions by plan.
    pub planned: u64,
    /// Units fetched between regions while a patient waited.
    pub urgent: u64,
    /// Trips between regions.
    pub trips: u64,
    /// Tenths of kilometres of those trips.
    pub tenths_km: u64,
    /// Thousandths of the scenario's money spent on them.
    pub transport_millis: u64,
    /// Units lost with a place.
    pub lost: u64,
    /// Plasma beyond what hospitals want.
    pub sold: u64,
}

impl Tally {
    /// Nothing yet.
    #[must_use]
    pub fn new(regions: usize) -> Self {
        Self { regions: vec![RegionTally::default(); regions], ..Self::default() }
    }

    /// What happened, as a number of events: calls, donations, units made, asked for, given,
    /// moved and expired. The same in every program that simulates this model.
    #[must_use]
    pub fn events(&self) -> u64 {
        let region = |one: &RegionTally| {
            let counts = [one.asked, one.issued, one.outdated, one.made, one.sent];
            one.calls + one.donations + counts.iter().flatten().sum::<u64>()
        };
        self.regions.iter().map(region).sum::<u64>() + self.moved_within
    }

    /// A count summed over the regions.
    #[must_use]
    pub fn all(&self, of: impl Fn(&RegionTally) -> u64) -> u64 {
        self.regions.iter().map(of).sum()
    }
}
