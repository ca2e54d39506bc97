//! What many donations have in common is held once. A finished donation stays in the state for as
//! long as a number is not used again, so that what it costs in memory counts thirty years over.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use imbl::OrdMap;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::blood::model::Din;
use crate::donations::model::{Donation, Entry, File};
use crate::words::DonorId;

/// How many donations before one are looked at: numbers that stand side by side were given out
/// together, and among so many groups most are there.
const BEFORE: usize = 16;

/// The donation with the site's name and the materials of one before it that says the same.
pub(super) fn donation(
    held: &OrdMap<Din, Donation>,
    din: &Din,
    mut donation: Donation,
) -> Donation {
    let (mut site, mut materials) = (false, false);
    for (_, one) in held.range(..*din).rev().take(BEFORE) {
        if !site && one.site == donation.site {
            donation.site = one.site.clone();
            site = true;
        }
        if !materials && one.materials == donation.materials {
            donation.materials = Arc::clone(&one.materials);
            materials = true;
        }
        if site && materials {
            break;
        }
    }
    donation
}

/// The entry with what one before it says in the same words: markers that are all negative, the
/// analyser's name, who it was.
pub(super) fn entry(held: &OrdMap<Din, File>, din: &Din, mut entry: Entry) -> Entry {
    let (mut results, mut capture, mut by) = (false, false, false);
    let before = held.range(..=*din).rev().take(BEFORE);
    for one in before.flat_map(|(_, file)| &file.entries) {
        if !results && one.results == entry.results {
            entry.results = Arc::clone(&one.results);
            results = true;
        }
        if !capture && one.capture == entry.capture {
            entry.capture = Arc::clone(&one.capture);
            capture = true;
        }
        if !by && one.by == entry.by {
            entry.by = one.by.clone();
            by = true;
        }
        if results && capture && by {
            break;
        }
    }
    entry
}

/// Donations as they were written down, holding in common again what they held so before.
pub(super) fn donations<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<OrdMap<Din, Donation>, D::Error> {
    from.deserialize_map(OneByOne { share: donation, of: PhantomData })
}

/// The same of what the region keeps about them.
pub(super) fn files<'de, D: Deserializer<'de>>(from: D) -> Result<OrdMap<Din, File>, D::Error> {
    let mut donors = BTreeSet::<DonorId>::new();
    let share = |held: &OrdMap<Din, File>, din: &Din, mut file: File| {
        if let Some(donor) = &mut file.giver.donor {
            match donors.get(donor) {
                Some(known) => *donor = known.clone(),
                None => drop(donors.insert(donor.clone())),
            }
        }
        file.entries = file.entries.into_iter().map(|one| entry(held, din, one)).collect();
        file
    };
    from.deserialize_map(OneByOne { share, of: PhantomData })
}

/// Reads a map entry by entry, so that what is alike never stands in memory many times over.
struct OneByOne<V, S> {
    share: S,
    of: PhantomData<V>,
}

impl<'de, V, S> Visitor<'de> for OneByOne<V, S>
where
    V: Deserialize<'de> + Clone,
    S: FnMut(&OrdMap<Din, V>, &Din, V) -> V,
{
    type Value = OrdMap<Din, V>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a map by donation number")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut all = OrdMap::new();
        while let Some((din, one)) = map.next_entry::<Din, V>()? {
            let one = (self.share)(&all, &din, one);
            all.insert(din, one);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Own, Shared};
    use super::*;
    use crate::blood::model::{Group, Material, MaterialKind};
    use crate::donations::model::{Capture, DonationKind, Giver, Results, Weight};
    use crate::words::{Known, SiteId, Time};

    fn din(serial: u32) -> Din {
        Din::parse(&format!("A999026{serial:06}")).expect("a number")
    }

    fn given(lot: &str) -> Donation {
        let bag = Material {
            kind: MaterialKind::Bag,
            catalogue: "BAG1".into(),
            lot: lot.into(),
            millilitres: None,
        };
        Donation {
            kind: DonationKind::WholeBlood,
            site: SiteId::new("one").expect("a site"),
            collected: Time(1),
            millilitres: Known::Value(450),
            minutes: Known::Unknown,
            abandoned: false,
            materials: [bag].into(),
            flags: Vec::new(),
            unlabelled: false,
        }
    }

    fn said(group: Group) -> Entry {
        Entry {
            number: 1,
            results: Arc::new(Results { group: Some(group), ..Results::default() }),
            capture: Arc::new(Capture::Interface { system: "analyser".into() }),
            by: "a-1".parse().expect("an actor"),
            at: Time(2),
            weight: Weight::Counts,
            second: None,
        }
    }

    fn is_common(shared: &Shared, own: &Own) {
        let [one, two, other] = [1, 2, 3].map(|n| &shared.donations[&din(n)].materials);
        assert!(Arc::ptr_eq(one, two) && !Arc::ptr_eq(one, other), "another lot is another");
        let [one, two, other] = [1, 2, 3].map(|n| &own.files[&din(n)].entries[0]);
        assert!(Arc::ptr_eq(&one.results, &other.results), "the group between them differs");
        assert!(!Arc::ptr_eq(&one.results, &two.results));
        assert!(Arc::ptr_eq(&one.capture, &two.capture));
        let donor = |n| own.files[&din(n)].giver.donor.as_ref().expect("a donor").as_str().as_ptr();
        assert_eq!(donor(1), donor(3), "one donor, one name");
    }

    #[test]
    fn what_donations_say_alike_is_held_once_also_after_it_was_written_down() {
        let (mut shared, mut own) = (Shared::default(), Own::default());
        let lots = ["lot-1", "lot-1", "lot-2"];
        let groups = [Group::O_NEG, Group::ALL[0], Group::O_NEG];
        let held = BTreeSet::from(["d-1".parse::<DonorId>().expect("a donor")]);
        for (n, (lot, group)) in (1..).zip(lots.into_iter().zip(groups)) {
            let one = donation(&shared.donations, &din(n), given(lot));
            shared.donations.insert(din(n), one);
            let first = entry(&own.files, &din(n), said(group));
            let giver = Giver { donor: held.first().cloned(), previous: None };
            own.files.insert(din(n), File { giver, entries: vec![first] });
        }
        is_common(&shared, &own);
        let read: Shared = serde_json::from_str(&serde_json::to_string(&shared).expect("text"))
            .expect("the same again");
        let kept: Own = serde_json::from_str(&serde_json::to_string(&own).expect("text"))
            .expect("the same again");
        assert_eq!((&read, &kept), (&shared, &own));
        is_common(&read, &kept);
    }
}
