//! What holds for every recipient, unit and rule set.

use super::*;
use proptest::prelude::*;
use samband_domain::blood::model::{
    Abo, AgeKnown, Antibodies, Antigen, Attribute, Hpa, Phenotype, Requirement, Rhd, Sex,
    Significance,
};

fn known<T: Clone + std::fmt::Debug + 'static>(
    all: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Known<T>> {
    prop_oneof![3 => all.prop_map(Known::Value), 1 => Just(Known::Unknown)]
}

fn one_of<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop::sample::select(all)
}

/// Few antigens, so that units and antibodies meet.
const ANTIGENS: &[Antigen] = &[Antigen::D, Antigen::SmallC, Antigen::BigK, Antigen::Jka];

fn antibodies() -> impl Strategy<Value = Antibodies> {
    let one = (one_of(ANTIGENS), known(one_of(Significance::ALL)));
    prop::collection::vec(one, 0..3).prop_map(|found| {
        found.into_iter().fold(Antibodies::NONE, |all, (antigen, how)| all.with(antigen, how))
    })
}

fn phenotype() -> impl Strategy<Value = Phenotype> {
    prop::collection::vec((one_of(&ANTIGENS[1..]), any::<bool>()), 0..4).prop_map(|tested| {
        tested.into_iter().fold(Phenotype::UNTESTED, |all, (antigen, is)| all.with(antigen, is))
    })
}

fn age() -> impl Strategy<Value = AgeKnown> {
    prop_oneof![
        (0u16..24).prop_map(AgeKnown::Months),
        prop::sample::select(vec![17u8, 18, 19, 49, 50, 51]).prop_map(AgeKnown::years),
        Just(AgeKnown::PastInfancy),
        Just(AgeKnown::Unknown),
    ]
}

prop_compose! {
    fn recipients()(
        group in known(one_of(&Group::ALL)),
        sex in known(one_of(Sex::ALL)),
        age in age(),
        antibodies in known(antibodies()),
        phenotype in phenotype(),
        requirements in prop::collection::vec(one_of(Requirement::ALL), 0..2),
        hpa in prop::collection::vec(one_of(Hpa::ALL), 0..2),
        mother in known(antibodies()),
    ) -> Recipient {
        let requirements = requirements.into_iter().collect();
        let hpa = hpa.into_iter().collect();
        Recipient { group, sex, age, antibodies, phenotype, requirements, hpa, mother }
    }
}

prop_compose! {
    fn units()(
        group in known(one_of(&Group::ALL)),
        phenotype in phenotype(),
        attributes in prop::collection::vec(one_of(Attribute::ALL), 0..6),
        washed in any::<bool>(),
        hpa in prop::collection::vec(one_of(Hpa::ALL), 0..8),
    ) -> Candidate {
        let attributes = attributes.into_iter().collect();
        Candidate { group, phenotype, attributes, washed, hpa_absent: hpa.into_iter().collect() }
    }
}

const CHOICES: &[(&str, &[&str])] = &[
    ("platelets.abo", &["as_red_cells", "any_low_titre", "any"]),
    ("whole_blood.abo", &["identical", "identical_or_low_titre_o"]),
    ("whole_blood.titre_max", &["256"]),
    ("plasma.unknown_group", &["ab", "ab_or_a_low_titre"]),
    ("d_pos_red_cells_to_d_neg", &["physician", "emergency_only", "never"]),
    ("d_pos_platelets.female_age", &["<50", "<=50"]),
    ("d_pos_platelets.male_age", &["<=18"]),
    ("k_neg.female_age", &["<50", "<=50"]),
    ("cmv.leukoreduced_counts", &["yes", "no"]),
    ("emergency.red_cells.unknown", &["o_neg", "o_neg_or_o_pos_by_age"]),
    ("emergency.red_cells.o_neg_female_age", &["<50", "<=50"]),
    ("emergency.red_cells.o_neg_male_age", &["<=18"]),
    ("emergency.plasma", &["ab", "ab_or_a_low_titre"]),
    ("emergency.platelets", &["o", "as_red_cells", "any"]),
    ("infant.months", &["4", "6"]),
    ("infant.red_cells", &["o", "o_neg"]),
    ("infant.plasma", &["ab"]),
];

fn stated() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let each = CHOICES.iter().map(|(key, values)| {
        prop::option::weighted(0.75, prop::sample::select(*values))
            .prop_map(move |value| value.map(|value| (*key, value)))
    });
    each.collect::<Vec<_>>().prop_map(|all| all.into_iter().flatten().collect())
}

/// The answers as order: a no is a no, not known is more than that, yes is most.
fn standing(verdict: &Verdict) -> u8 {
    match verdict.compatible {
        Known::Value(false) => 0,
        Known::Unknown => 1,
        Known::Value(true) => 2,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn another_antibody_or_requirement_never_makes_more_compatible(
        recipient in recipients(), unit in units(), stated in stated(),
        component in one_of(Component::ALL), emergency in any::<bool>(),
        antigen in one_of(ANTIGENS), how in known(one_of(Significance::ALL)),
        requirement in one_of(Requirement::ALL), hpa in one_of(Hpa::ALL),
    ) {
        let urgency = if emergency { Urgency::Emergency } else { Urgency::Routine };
        let set = rules(&stated);
        let before = judge(Some(&set), component, &recipient, &unit, urgency);
        let more = |history: Known<Antibodies>| history.map(|all| all.with(antigen, how));
        let changed = [
            Recipient { antibodies: more(recipient.antibodies), ..recipient },
            Recipient { mother: more(recipient.mother), ..recipient },
            Recipient { requirements: recipient.requirements.with(requirement), ..recipient },
            Recipient { hpa: recipient.hpa.with(hpa), ..recipient },
        ];
        for changed in changed {
            let after = judge(Some(&set), component, &changed, &unit, urgency);
            prop_assert!(standing(&after) <= standing(&before), "{before:?}\n{after:?}");
        }
    }

    #[test]
    fn forgetting_a_fact_never_turns_no_into_yes(
        recipient in recipients(), unit in units(), stated in stated(),
        component in one_of(Component::ALL), forget in 0usize..8,
        phenotype in phenotype(),
    ) {
        let set = rules(&stated);
        let judged = |recipient: &Recipient, unit: &Candidate| {
            judge(Some(&set), component, recipient, unit, Urgency::Routine)
        };
        let before = judged(&recipient, &unit);
        let (mut who, mut what) = (recipient, unit);
        match forget {
            0 => who.group = Known::Unknown,
            1 => who.sex = Known::Unknown,
            2 => who.age = AgeKnown::Unknown,
            3 => who.antibodies = Known::Unknown,
            4 => who.mother = Known::Unknown,
            5 => what.group = Known::Unknown,
            6 => what.phenotype = Phenotype::UNTESTED,
            _ => what.attributes = what.attributes.iter()
                .filter(|one| *one == Attribute::HighTitre).collect(),
        }
        let after = judged(&who, &what);
        prop_assert!(
            !(standing(&before) == 0 && standing(&after) == 2),
            "forgot {forget}: {before:?}\n{after:?}"
        );
        // What was not tested is unknown: testing decides, and decides only what was open.
        let untested = Candidate { phenotype: Phenotype::UNTESTED, ..unit };
        let tested = Candidate { phenotype, ..unit };
        if judged(&recipient, &untested).compatible == Known::Value(false) {
            prop_assert!(!judged(&recipient, &tested).is_candidate());
        }
    }

    #[test]
    fn no_rule_and_no_emergency_permits_abo_incompatible_cells_or_d_against_anti_d(
        recipient in recipients(), unit in units(), stated in stated(),
        emergency in any::<bool>(),
        component in one_of(&[Component::RedCells, Component::WholeBlood, Component::Granulocytes]),
    ) {
        let urgency = if emergency { Urgency::Emergency } else { Urgency::Routine };
        let verdict = judge(Some(&rules(&stated)), component, &recipient, &unit, urgency);
        let donor = unit.group.value();
        // By letters: what the donor's group names, the recipient's must name too.
        let letters = |abo: Abo| abo.as_str().replace('o', "");
        let harmed = match (recipient.group.value(), donor) {
            (Some(recipient), Some(donor)) => letters(donor.abo)
                .chars().any(|letter| !letters(recipient.abo).contains(letter)),
            (None, Some(donor)) => donor.abo != Abo::O,
            (_, None) => false,
        };
        let anti_d = recipient.antibodies.value().is_some_and(Antibodies::anti_d);
        let positive = donor.is_some_and(|group| group.rhd == Rhd::Positive);
        if harmed || (anti_d && positive) {
            prop_assert_eq!(verdict.compatible, Known::Value(false));
        }
        let physician = verdict.conditions().any(|one| one.check == "physician");
        prop_assert!(!(physician && (harmed || anti_d)), "nobody decides against these");
        let negative = recipient.group.value().is_some_and(|group| group.rhd == Rhd::Negative);
        prop_assert!(!(negative && positive && verdict.is_candidate()));
    }

    #[test]
    fn a_missing_rule_never_permits_what_some_value_of_it_forbids(
        recipient in recipients(), unit in units(), stated in stated(),
        component in one_of(Component::ALL), emergency in any::<bool>(),
        dropped in 0..CHOICES.len(),
    ) {
        let urgency = if emergency { Urgency::Emergency } else { Urgency::Routine };
        let (key, values) = CHOICES[dropped];
        // Advice where a region says nothing, by decision: K-negative units, and RhD of plasma.
        let advice = key == "k_neg.female_age"
            || (key.starts_with("d_pos_platelets") && component != Component::Platelets);
        prop_assume!(!advice);
        let without: Vec<_> = stated.iter().copied().filter(|(name, _)| *name != key).collect();
        let unstated = judge(Some(&rules(&without)), component, &recipient, &unit, urgency);
        if unstated.is_candidate() {
            for value in values {
                let mut with = without.clone();
                with.push((key, *value));
                let after = judge(Some(&rules(&with)), component, &recipient, &unit, urgency);
                // A limit for infants that is stated may concern who nobody called an infant.
                prop_assert!(after.is_candidate(), "{key} = {value}: {after:?}");
            }
        }
    }

    #[test]
    fn every_answer_says_why(
        recipient in recipients(), unit in units(), stated in stated(),
        component in one_of(Component::ALL), emergency in any::<bool>(),
    ) {
        let urgency = if emergency { Urgency::Emergency } else { Urgency::Routine };
        let verdict = judge(Some(&rules(&stated)), component, &recipient, &unit, urgency);
        prop_assert!(!verdict.rule.is_empty() && !verdict.source.is_empty(), "{verdict:?}");
        prop_assert_eq!(verdict.compatible == Known::Unknown, verdict.missing().count() > 0
            && verdict.compatible != Known::Value(false));
    }
}
