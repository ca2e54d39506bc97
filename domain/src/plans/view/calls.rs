//! What came of adopted weeks, only in their own region.

use std::collections::BTreeMap;

use crate::Region;
use crate::donors::model::Response;
use crate::donors::strata::{Followed, Since};
use crate::words::Day;

/// An adopted week and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Follow {
    /// Invitations that were planned.
    pub planned: u32,
    /// What came of those who were drawn.
    pub sum: Followed,
    /// The same by how often they had come before.
    pub by_response: BTreeMap<Response, Followed>,
}

/// What came of an adopted week; none if none is known.
#[must_use]
pub fn follow(region: &Region, week: Day) -> Option<Follow> {
    let drawn = region.own.plans.drawn.get(&week)?;
    let (mut follow, since) = (Follow::default(), Since::of(region, drawn.made));
    for line in &drawn.lines {
        let one = since.followed(&line.donors, &drawn.lists);
        follow.planned = follow.planned.saturating_add(line.line.invite);
        follow.sum += one;
        *follow.by_response.entry(line.line.stratum.response).or_default() += one;
    }
    Some(follow)
}

/// What came of every adopted week that is over, by how often donors had come before.
#[must_use]
pub fn learned(region: &Region, today: Day) -> BTreeMap<Response, Followed> {
    let mut all = BTreeMap::<Response, Followed>::new();
    let over = region.own.plans.drawn.keys().filter(|week| today.days_since(**week) >= 7);
    for follow in over.filter_map(|week| follow(region, *week)) {
        for (response, one) in follow.by_response {
            *all.entry(response).or_default() += one;
        }
    }
    all
}
