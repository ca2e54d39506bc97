//! Material and people between regions, each chain from what was needed to what went back.

use samband_domain::readiness::Lot;
use samband_domain::{Digest, JournalId, RecordRef};
use samband_engine::{Journal, World};

use super::regions;
use crate::app::Problem;

/// What kind of event each step is, in their order.
pub const STEPS: [&str; 5] = [
    "readiness.needed",
    "readiness.offered",
    "readiness.accepted",
    "readiness.lent",
    "readiness.returned",
];

/// An offer and what followed.
#[derive(Clone, Debug)]
pub struct Offer<'w> {
    /// The offer.
    pub offered: (&'w Journal, &'w Lot),
    /// The need it answers, if it answers one.
    pub needed: Option<(&'w Journal, &'w Lot)>,
    /// The acceptance.
    pub accepted: Option<(&'w Journal, &'w Lot)>,
    /// The loan.
    pub lent: Option<(&'w Journal, &'w Lot)>,
    /// The return.
    pub returned: Option<(&'w Journal, &'w Lot)>,
}

impl<'w> Offer<'w> {
    /// How far it has come: the place in [`STEPS`].
    #[must_use]
    pub const fn reached(&self) -> usize {
        match (self.accepted, self.lent, self.returned) {
            (_, _, Some(_)) => 4,
            (_, Some(_), _) => 3,
            (Some(_), _, _) => 2,
            _ => 1,
        }
    }

    /// Each step that was taken, with who took it.
    #[must_use]
    pub fn steps(&self) -> Vec<(usize, &'w Journal, &'w Lot)> {
        let all = [self.needed, Some(self.offered), self.accepted, self.lent, self.returned];
        let taken = all.into_iter().enumerate();
        taken.filter_map(|(at, one)| one.map(|(journal, lot)| (at, journal, lot))).collect()
    }

    /// What a region can do about it now, with the record that it refers to.
    #[must_use]
    pub fn next(&self, region: &JournalId) -> Option<(&'static str, &'w RecordRef)> {
        let own = |one: Option<(&Journal, &Lot)>| one.is_some_and(|(of, _)| of.id == *region);
        let offered = own(Some(self.offered));
        match (self.accepted, self.lent, self.returned) {
            (None, ..) if !offered => {
                let asked = self.needed.is_none() || own(self.needed);
                asked.then_some(("accept", &self.offered.1.at))
            }
            (Some((_, lot)), None, _) if offered => Some(("lend", &lot.at)),
            (Some(_), Some((_, lot)), None) if own(self.accepted) => Some(("return", &lot.at)),
            _ => None,
        }
    }
}

/// What is needed, and what is offered.
#[derive(Clone, Debug, Default)]
pub struct Lots<'w> {
    /// Needs, the latest first, with the number of offers to each.
    pub needs: Vec<(&'w Journal, &'w Lot, usize)>,
    /// Offers, those that are not over first, then the latest.
    pub offers: Vec<Offer<'w>>,
}

/// All that is needed and offered among the regions of the reader's mode.
#[must_use]
pub fn all<'w>(world: &'w World, reader: &JournalId) -> Lots<'w> {
    let regions = regions(world, reader);
    let every: Vec<(&Journal, &Lot)> = regions
        .iter()
        .flat_map(|one| one.shared().readiness.lots.values().map(move |lot| (*one, lot)))
        .collect();
    let of = |kind: &str, to: &RecordRef| {
        let fits = |lot: &Lot| lot.kind == kind && lot.answers.as_ref() == Some(to);
        every.iter().copied().find(|(_, lot)| fits(lot))
    };
    let by_hash = |hash: &Digest| every.iter().copied().find(|(_, lot)| lot.at.hash == *hash);
    let kind = |wanted: &'static str| every.iter().copied().filter(move |(_, l)| l.kind == wanted);
    let mut offers: Vec<_> = kind(STEPS[1])
        .map(|offered| {
            let needed = offered.1.answers.as_ref().and_then(|at| by_hash(&at.hash));
            let accepted = of(STEPS[2], &offered.1.at);
            let lent = accepted.and_then(|(_, lot)| of(STEPS[3], &lot.at));
            let returned = lent.and_then(|(_, lot)| of(STEPS[4], &lot.at));
            Offer { offered, needed, accepted, lent, returned }
        })
        .collect();
    offers.sort_by_key(|one| (one.returned.is_some(), std::cmp::Reverse(one.offered.1.said)));
    let mut needs: Vec<_> = kind(STEPS[0])
        .map(|(of, lot)| {
            let answers = |one: &&Offer<'_>| one.offered.1.answers.as_ref() == Some(&lot.at);
            (of, lot, offers.iter().filter(answers).count())
        })
        .collect();
    needs.sort_by_key(|(_, lot, _)| std::cmp::Reverse(lot.said));
    Lots { needs, offers }
}

/// A record among these by its hash.
///
/// # Errors
/// A problem if it is none of them.
pub fn find(world: &World, reader: &JournalId, hash: &str) -> Result<RecordRef, Problem> {
    let unknown = || Problem::not_found(hash);
    let digest: Digest = hash.parse().map_err(|_| unknown())?;
    let found = regions(world, reader)
        .into_iter()
        .find_map(|one| one.shared().readiness.lots.get(&digest).map(|lot| lot.at.clone()));
    found.ok_or_else(unknown)
}
