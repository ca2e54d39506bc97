//! Antibodies, requirements, emergencies and newborns, rule by rule.

use super::*;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Attribute, Hpa, Phenotype, Requirement, Sex, Significance,
};
use samband_domain::blood::rules::compatible::{Policies, ladder};

fn who(text: &str) -> Recipient {
    Recipient::of_group(Known::from(text.parse().ok()))
}

fn unit(text: &str) -> Candidate {
    Candidate::of_group(Known::Value(group(text)))
}

fn red(rules: Option<&InForce>, recipient: &Recipient, unit: &Candidate) -> Verdict {
    judge(rules, Component::RedCells, recipient, unit, Urgency::Routine)
}

fn urgent(rules: Option<&InForce>, recipient: &Recipient, unit: &Candidate) -> Verdict {
    judge(rules, Component::RedCells, recipient, unit, Urgency::Emergency)
}

fn missing(verdict: &Verdict) -> Vec<&str> {
    verdict.missing().collect()
}

fn anti(antigen: Antigen) -> Known<Antibodies> {
    Known::Value(Antibodies::NONE.with(antigen, Known::Unknown))
}

#[test]
fn rhd_positive_cells_for_a_negative_recipient_are_a_physicians_decision_and_stay_no() {
    let (recipient, donor) = (who("A-"), unit("O+"));
    let verdict = red(None, &recipient, &donor);
    assert_eq!((says(&verdict), verdict.rule), ("n", "red_cells.rhd"));
    assert_eq!(verdict.conditions().count(), 0, "no rule: nobody may decide otherwise");
    let physician = rules(&[("d_pos_red_cells_to_d_neg", "physician")]);
    for urgency in [Urgency::Routine, Urgency::Emergency] {
        let verdict = judge(Some(&physician), Component::RedCells, &recipient, &donor, urgency);
        assert_eq!(says(&verdict), "n");
        let named: Vec<_> = verdict.conditions().map(|one| (one.check, one.rule)).collect();
        assert_eq!(named, [("physician", "d_pos_red_cells_to_d_neg")]);
    }
    let only = rules(&[("d_pos_red_cells_to_d_neg", "emergency_only")]);
    assert_eq!(red(Some(&only), &recipient, &donor).conditions().count(), 0);
    assert_eq!(urgent(Some(&only), &recipient, &donor).conditions().count(), 1);
}

#[test]
fn anti_d_overrides_every_rule_and_every_emergency() {
    let loose = rules(&[
        ("emergency.red_cells.unknown", "o_neg_or_o_pos_by_age"),
        ("emergency.red_cells.o_neg_female_age", "<=50"),
        ("emergency.red_cells.o_neg_male_age", "<=18"),
        ("d_pos_red_cells_to_d_neg", "physician"),
    ]);
    let mut man = who("unknown");
    man.sex = Known::Value(Sex::Male);
    man.age = AgeKnown::years(40);
    assert_eq!(says(&urgent(Some(&loose), &man, &unit("O+"))), "y");
    for significance in [Significance::Significant, Significance::Insignificant] {
        let history = Antibodies::NONE.with(Antigen::D, Known::Value(significance));
        for recipient in ["unknown", "O-", "O+"] {
            man.group = Known::from(recipient.parse().ok());
            man.antibodies = Known::Value(history);
            let verdict = urgent(Some(&loose), &man, &unit("O+"));
            assert_eq!((says(&verdict), verdict.rule), ("n", "antibodies.anti_d"));
            assert!(!verdict.conditions().any(|one| one.check == "physician"));
        }
    }
}

#[test]
fn a_significant_antibody_needs_units_tested_negative_for_life() {
    let mut recipient = who("A+");
    recipient.antibodies = anti(Antigen::SmallC);
    let untested = red(None, &recipient, &unit("A+"));
    assert_eq!(says(&untested), "?");
    assert_eq!(missing(&untested), ["unit.antigen.c"]);
    for (found, expected) in [(true, "n"), (false, "y")] {
        let mut donor = unit("A+");
        donor.phenotype = Phenotype::UNTESTED.with(Antigen::SmallC, found);
        let verdict = red(None, &recipient, &donor);
        assert_eq!(says(&verdict), expected);
        assert!(verdict.conditions().any(|one| one.check == "mg_test"));
        assert_eq!(says(&urgent(None, &recipient, &donor)), expected, "history overrides haste");
    }
    recipient.antibodies = Known::Unknown;
    assert_eq!(missing(&red(None, &recipient, &unit("A+"))), ["recipient.antibodies"]);
}

#[test]
fn an_insignificant_antibody_needs_a_crossmatch_and_no_typing() {
    let mut recipient = who("A+");
    let weak = Antibodies::NONE.with(Antigen::Lea, Known::Value(Significance::Insignificant));
    recipient.antibodies = Known::Value(weak);
    let verdict = red(None, &recipient, &unit("A+"));
    assert_eq!(says(&verdict), "y");
    assert!(verdict.conditions().any(|one| one.check == "mg_test"));
}

#[test]
fn bombay_receives_only_bombay() {
    let mut recipient = who("O-");
    recipient.antibodies = anti(Antigen::H);
    for donor in Group::ALL {
        let candidate = Candidate::of_group(Known::Value(donor));
        assert!(!red(None, &recipient, &candidate).is_candidate(), "{donor}");
    }
    let mut bombay = unit("O-");
    bombay.phenotype = Phenotype::UNTESTED.with(Antigen::H, false);
    assert_eq!(says(&red(None, &recipient, &bombay)), "y");
}

#[test]
fn k_negative_cells_for_girls_and_women_by_the_regions_limit() {
    let set = rules(&[("k_neg.female_age", "<50")]);
    let mut recipient = who("A+");
    recipient.sex = Known::Value(Sex::Female);
    let k = |found| {
        let mut donor = unit("A+");
        donor.phenotype = Phenotype::UNTESTED.with(Antigen::BigK, found);
        donor
    };
    for (years, untested, positive) in [(49, "?", "n"), (50, "y", "y")] {
        recipient.age = AgeKnown::years(years);
        assert_eq!(says(&red(Some(&set), &recipient, &unit("A+"))), untested, "{years}");
        assert_eq!(says(&red(Some(&set), &recipient, &k(true))), positive, "{years}");
        assert_eq!(says(&red(Some(&set), &recipient, &k(false))), "y", "{years}");
    }
    recipient.age = AgeKnown::PastInfancy;
    assert_eq!(missing(&red(Some(&set), &recipient, &unit("A+"))), ["recipient.age"]);
    recipient.age = AgeKnown::years(30);
    recipient.phenotype = Phenotype::UNTESTED.with(Antigen::BigK, true);
    assert_eq!(says(&red(Some(&set), &recipient, &k(true))), "y", "she is K-positive herself");
    recipient.phenotype = Phenotype::UNTESTED;
    recipient.sex = Known::Unknown;
    assert_eq!(missing(&red(Some(&set), &recipient, &unit("A+"))), ["recipient.sex"]);
    recipient.sex = Known::Value(Sex::Male);
    assert_eq!(says(&red(Some(&set), &recipient, &k(true))), "y");
}

#[test]
fn an_unknown_group_gets_red_cells_by_the_emergency_rule_alone() {
    let nobody = who("unknown");
    let o_neg = unit("O-");
    assert_eq!(missing(&red(None, &nobody, &o_neg)), ["recipient.group"]);
    let refused = urgent(None, &nobody, &o_neg);
    assert_eq!(missing(&refused), ["rule:emergency.red_cells.unknown"]);
    let set = rules(&[("emergency.red_cells.unknown", "o_neg")]);
    assert_eq!(says(&red(Some(&set), &nobody, &o_neg)), "?", "there is time to determine it");
    let verdict = urgent(Some(&set), &nobody, &o_neg);
    assert_eq!((says(&verdict), verdict.rule), ("y", "emergency.red_cells.unknown"));
    assert_eq!(says(&urgent(Some(&set), &nobody, &unit("O+"))), "n");
    for donor in ["A-", "B-", "AB-", "AB+"] {
        assert_eq!(says(&urgent(Some(&set), &nobody, &unit(donor))), "n", "{donor}");
    }
}

/// Up to 50 and under 50 are two rules, and past 50 a third.
#[test]
fn age_limits_keep_their_inclusivity() {
    let by = |limit: &str| {
        rules(&[
            ("emergency.red_cells.unknown", "o_neg_or_o_pos_by_age"),
            ("emergency.red_cells.o_neg_female_age", limit),
            ("emergency.red_cells.o_neg_male_age", "<=18"),
        ])
    };
    let mut woman = who("unknown");
    woman.sex = Known::Value(Sex::Female);
    for (limit, years, expected) in
        [("<=50", 50, "n"), ("<=50", 51, "y"), ("<50", 49, "n"), ("<50", 50, "y")]
    {
        woman.age = AgeKnown::years(years);
        let verdict = urgent(Some(&by(limit)), &woman, &unit("O+"));
        assert_eq!(says(&verdict), expected, "{limit} at {years}");
        assert_eq!(says(&urgent(Some(&by(limit)), &woman, &unit("O-"))), "y");
    }
    let set = by("<=50");
    woman.age = AgeKnown::Unknown;
    assert_eq!(says(&urgent(Some(&set), &woman, &unit("O+"))), "?");
    let mut anyone = who("unknown");
    for (years, expected) in [(10, "n"), (30, "?"), (60, "y")] {
        anyone.age = AgeKnown::years(years);
        let verdict = urgent(Some(&set), &anyone, &unit("O+"));
        assert_eq!(says(&verdict), expected, "{years}, of unknown sex");
    }
    let half = rules(&[("emergency.red_cells.unknown", "o_neg_or_o_pos_by_age")]);
    let verdict = urgent(Some(&half), &anyone, &unit("O+"));
    assert_eq!(missing(&verdict), ["rule:emergency.red_cells.o_neg_female_age"]);
}

#[test]
fn rhd_positive_platelets_and_plasma_follow_the_age_limits() {
    let set = rules(&[
        ("platelets.abo", "as_red_cells"),
        ("d_pos_platelets.female_age", "<=50"),
        ("d_pos_platelets.male_age", "<=18"),
    ]);
    let mut recipient = who("A-");
    recipient.sex = Known::Value(Sex::Female);
    for component in [Component::Platelets, Component::Plasma] {
        for (years, expected) in [(50, "n"), (51, "y")] {
            recipient.age = AgeKnown::years(years);
            let verdict = judge(Some(&set), component, &recipient, &unit("A+"), Urgency::Routine);
            assert_eq!(says(&verdict), expected, "{component} at {years}");
            let physician = verdict.conditions().any(|one| one.check == "physician");
            assert_eq!(physician, expected == "n");
        }
        recipient.age = AgeKnown::PastInfancy;
        let verdict = judge(Some(&set), component, &recipient, &unit("A+"), Urgency::Routine);
        assert_eq!(missing(&verdict), ["recipient.age"]);
    }
}

#[test]
fn titres_decide_where_the_policy_looks_at_them() {
    let low = rules(&[("platelets.abo", "any_low_titre")]);
    let ask = |set: &InForce, component, attribute: Option<Attribute>| {
        let mut donor = unit("O-");
        donor.attributes = attribute.into_iter().collect();
        says(&judge(Some(set), component, &who("A-"), &donor, Urgency::Routine))
    };
    let cases = [
        (None, "?"),
        (Some(Attribute::LowTitre), "y"),
        (Some(Attribute::AdditiveSolution), "y"),
        (Some(Attribute::HighTitre), "n"),
    ];
    for (attribute, expected) in cases {
        assert_eq!(ask(&low, Component::Platelets, attribute), expected, "{attribute:?}");
    }
    let whole = [("whole_blood.abo", "identical_or_low_titre_o"), ("whole_blood.titre_max", "256")];
    let set = rules(&whole);
    for (attribute, expected) in
        [(None, "?"), (Some(Attribute::LowTitre), "y"), (Some(Attribute::HighTitre), "n")]
    {
        assert_eq!(ask(&set, Component::WholeBlood, attribute), expected, "{attribute:?}");
    }
    let unsaid = rules(&whole[..1]);
    assert_eq!(ask(&unsaid, Component::WholeBlood, Some(Attribute::LowTitre)), "?", "low is what?");
}

#[test]
fn requirements_must_be_known_to_be_fulfilled() {
    let set = rules(&[("cmv.leukoreduced_counts", "yes"), ("platelets.abo", "any")]);
    let cases: [(Component, Requirement, &[Attribute]); 5] = [
        (Component::RedCells, Requirement::Irradiated, &[Attribute::Irradiated]),
        (Component::RedCells, Requirement::CmvSafe, &[Attribute::CmvNegative]),
        (Component::RedCells, Requirement::CmvSafe, &[Attribute::Leukoreduced]),
        (Component::Plasma, Requirement::IgaDeficient, &[Attribute::IgaDeficient]),
        (
            Component::Platelets,
            Requirement::HlaMatched,
            &[Attribute::HlaMatched, Attribute::Irradiated],
        ),
    ];
    for (component, requirement, attributes) in cases {
        let mut recipient = who("A+");
        recipient.requirements = recipient.requirements.with(requirement);
        let ask = |set: Option<&InForce>, attributes: &[Attribute]| {
            let mut donor = unit("A+");
            donor.attributes = attributes.iter().copied().collect();
            says(&judge(set, component, &recipient, &donor, Urgency::Routine))
        };
        assert_eq!(ask(Some(&set), &[]), "?", "{requirement}");
        assert_eq!(ask(Some(&set), attributes), "y", "{requirement}");
        for lacking in attributes {
            let rest: Vec<_> = attributes.iter().copied().filter(|one| one != lacking).collect();
            assert_eq!(ask(Some(&set), &rest), "?", "{requirement} without {lacking}");
        }
    }
    let mut recipient = who("A+");
    recipient.requirements = recipient.requirements.with(Requirement::CmvSafe);
    let mut donor = unit("A+");
    donor.attributes = donor.attributes.with(Attribute::Leukoreduced);
    assert_eq!(missing(&red(None, &recipient, &donor)), ["rule:cmv.leukoreduced_counts"]);
    recipient.requirements = [Requirement::Washed].into_iter().collect();
    assert_eq!(says(&red(None, &recipient, &donor)), "?");
    donor.washed = true;
    assert_eq!(says(&red(None, &recipient, &donor)), "y");
}

#[test]
fn granulocytes_are_irradiated_and_platelets_lack_the_hpa() {
    let mut donor = unit("A+");
    let ask = |component, recipient: &Recipient, donor: &Candidate| {
        judge(None, component, recipient, donor, Urgency::Emergency)
    };
    assert_eq!(missing(&ask(Component::Granulocytes, &who("A+"), &donor)), ["unit.irradiated"]);
    donor.attributes = donor.attributes.with(Attribute::Irradiated);
    assert_eq!(says(&ask(Component::Granulocytes, &who("A+"), &donor)), "y");
    assert_eq!(says(&ask(Component::Granulocytes, &who("B+"), &donor)), "n");
    let mut recipient = who("A+");
    recipient.hpa = recipient.hpa.with(Hpa::Hpa1a);
    assert_eq!(missing(&ask(Component::Platelets, &recipient, &donor)), ["unit.hpa.1a"]);
    donor.hpa_absent = donor.hpa_absent.with(Hpa::Hpa1a);
    assert_eq!(says(&ask(Component::Platelets, &recipient, &donor)), "y");
}

fn infants(months: &str, cells: &str) -> InForce {
    rules(&[("infant.months", months), ("infant.red_cells", cells), ("infant.plasma", "ab")])
}

#[test]
fn infants_get_o_cells_and_ab_plasma_by_the_regions_limit() {
    // Jönköping under 6 months O; Blekinge under 4 months O RhD neg.
    for (set, limit, o_pos) in [(infants("6", "o"), 6, "y"), (infants("4", "o_neg"), 4, "n")] {
        let mut child = who("A+");
        child.mother = Known::Value(Antibodies::NONE);
        child.age = AgeKnown::Months(limit - 1);
        let plasma = |child: &Recipient, donor: &str| {
            let verdict =
                judge(Some(&set), Component::Plasma, child, &unit(donor), Urgency::Routine);
            says(&verdict)
        };
        assert_eq!(says(&red(Some(&set), &child, &unit("A+"))), "n");
        assert_eq!(says(&red(Some(&set), &child, &unit("O-"))), "y");
        assert_eq!(says(&red(Some(&set), &child, &unit("O+"))), o_pos);
        assert_eq!((plasma(&child, "A+"), plasma(&child, "AB+")), ("n", "y"));
        child.group = Known::Unknown;
        assert_eq!(says(&red(Some(&set), &child, &unit("O-"))), "y", "whatever its group");
        child.group = Known::Value(group("A+"));
        child.age = AgeKnown::Months(limit);
        assert_eq!(says(&red(Some(&set), &child, &unit("A+"))), "y");
        assert_eq!(plasma(&child, "A+"), "y");
        child.age = AgeKnown::Unknown;
        assert_eq!(missing(&red(Some(&set), &child, &unit("A+"))), ["recipient.age"]);
        assert_eq!(says(&red(Some(&set), &child, &unit("O-"))), "y", "fits at any age");
    }
    let mut child = who("A+");
    child.age = AgeKnown::Months(5);
    child.mother = Known::Value(Antibodies::NONE);
    let verdict = red(None, &child, &unit("O-"));
    assert_eq!(missing(&verdict), ["rule:infant.months"]);
}

#[test]
fn a_newborns_units_lack_what_the_mothers_antibodies_hit() {
    let set = infants("4", "o");
    let mut child = who("A+");
    child.age = AgeKnown::Months(0);
    assert_eq!(missing(&red(Some(&set), &child, &unit("O-"))), ["mother.antibodies"]);
    let released = urgent(Some(&set), &child, &unit("O-"));
    assert_eq!(says(&released), "y");
    assert!(released.conditions().any(|one| one.check == "infant.mother"));
    child.mother = anti(Antigen::SmallC);
    assert_eq!(missing(&red(Some(&set), &child, &unit("O-"))), ["unit.antigen.c"]);
    child.mother = anti(Antigen::D);
    assert_eq!(says(&urgent(Some(&set), &child, &unit("O+"))), "n");
    assert_eq!(says(&red(Some(&set), &child, &unit("O-"))), "y");
    child.age = AgeKnown::years(3);
    assert_eq!(says(&red(Some(&set), &child, &unit("A+"))), "y", "they have faded by then");
}

#[test]
fn nothing_is_compatible_with_a_unit_or_a_recipient_of_whom_nothing_is_known() {
    let everything = rules(&[
        ("platelets.abo", "any"),
        ("emergency.platelets", "any"),
        ("emergency.plasma", "ab_or_a_low_titre"),
        ("emergency.red_cells.unknown", "o_neg"),
    ]);
    for component in Component::ALL {
        for urgency in [Urgency::Routine, Urgency::Emergency] {
            let nameless = Candidate::of_group(Known::Unknown);
            for recipient in [Recipient::UNKNOWN, who("AB+"), who("O+")] {
                let verdict = judge(Some(&everything), *component, &recipient, &nameless, urgency);
                assert!(verdict.missing().any(|fact| fact == "unit.group"), "{component}");
                assert!(!verdict.is_candidate());
            }
        }
    }
    let policies = Policies::of(Some(&everything));
    assert!(
        ladder(&policies, Component::RedCells, &Recipient::UNKNOWN, Urgency::Routine).is_empty()
    );
}

#[test]
fn a_yes_names_what_is_still_to_be_done() {
    let set = rules(&[("bas.validity_days", "5")]);
    let verdict = red(Some(&set), &who("A+"), &unit("O-"));
    let named: Vec<_> = verdict.conditions().map(|one| (one.check, one.rule)).collect();
    assert_eq!(named, [("bas_test", "bas.validity_days"), ("two_samples", "two_samples")]);
    assert_eq!((verdict.rule, verdict.source.as_str()), ("red_cells.abo", "KRON, BLEK, RJL, NU"));
}
