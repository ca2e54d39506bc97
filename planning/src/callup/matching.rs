//! Which groups may serve which, and at what place in the order of preference.

use samband_domain::blood::model::{AgeKnown, Antibodies, Component, Group, Recipient, Sex};
use samband_domain::blood::rules::compatible::{Policies, Urgency, ladder};
use samband_domain::words::Known;

/// One way to meet a group's demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serves {
    /// The donors' group, by its place in [`Group::ALL`].
    pub donor: usize,
    /// Steps down the order of preference; 0 for the first.
    pub steps: u8,
}

/// For each recipients' group the donors' groups that may serve it with red cells, best first, by
/// the blood area's own rules with no region's exception: D-positive never to D-negative.
#[must_use]
pub fn serves() -> [Vec<Serves>; 8] {
    let policies = Policies::of(None);
    Group::ALL.map(|group| {
        let mut recipient = Recipient::of_group(Known::Value(group));
        recipient.sex = Known::Value(Sex::Male);
        recipient.age = AgeKnown::years(60);
        recipient.antibodies = Known::Value(Antibodies::NONE);
        ladder(&policies, Component::RedCells, &recipient, Urgency::Routine)
            .into_iter()
            .map(|step| Serves { donor: step.group.index(), steps: step.place - 1 })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::serves;
    use samband_domain::blood::model::{Group, Rhd};

    #[test]
    fn twenty_seven_pairs_and_never_positive_to_negative() {
        let all = serves();
        assert_eq!(all.iter().map(Vec::len).sum::<usize>(), 27);
        for (group, ways) in Group::ALL.into_iter().zip(&all) {
            assert_eq!((ways[0].donor, ways[0].steps), (group.index(), 0));
            for way in ways {
                let donor = Group::ALL[way.donor];
                assert!(group.rhd == Rhd::Positive || donor.rhd == Rhd::Negative);
            }
        }
    }
}
