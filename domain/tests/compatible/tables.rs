//! The judge decides by what cells carry and plasma holds. Here it is held against tables that
//! were typed in: one from the facts' base tables by ABO, one by all eight groups.

use super::*;
use samband_domain::blood::model::{AgeKnown, Rhd, Sex};

/// Base tables: component, recipient's ABO, acceptable donors' ABO [KRON, BLEK, RJL, NU].
const BASE: &str = "\
rbc,O,O
rbc,A,A|O
rbc,B,B|O
rbc,AB,AB|A|B|O
plasma,O,O|A|B|AB
plasma,A,A|AB
plasma,B,B|AB
plasma,AB,AB
rbc,unknown,O
plasma,unknown,AB";

#[test]
fn the_base_tables_by_abo_hold() {
    let abos = ["O", "A", "B", "AB"];
    for line in BASE.lines() {
        let [component, recipient, donors]: [&str; 3] =
            line.split(',').collect::<Vec<_>>().try_into().unwrap();
        let donors: Vec<_> = donors.split('|').collect();
        let unknown = recipient == "unknown";
        let component = if component == "rbc" { Component::RedCells } else { Component::Plasma };
        let emergency = rules(&[("emergency.red_cells.unknown", "o_neg")]);
        for donor in abos {
            let expected = donors.contains(&donor);
            let urgency = if unknown { Urgency::Emergency } else { Urgency::Routine };
            let who = Known::from((!unknown).then(|| group(&format!("{recipient}+"))));
            let unit = Candidate::of_group(Known::Value(group(&format!("{donor}-"))));
            let recipient = Recipient::of_group(who);
            let verdict = judge(Some(&emergency), component, &recipient, &unit, urgency);
            assert_eq!(verdict.compatible, Known::Value(expected), "{line}: {donor}");
        }
    }
}

/// The policies of the table's second column. Men past 18 may have RhD-positive platelets, so
/// that a man of 30 shows ABO alone.
fn policy(name: &str) -> Option<InForce> {
    let men = ("d_pos_platelets.male_age", "<=18");
    let women = ("d_pos_platelets.female_age", "<=50");
    match name {
        "none" => None,
        "identical" => Some(rules(&[("whole_blood.abo", "identical")])),
        "low_titre_o" => Some(rules(&[
            ("whole_blood.abo", "identical_or_low_titre_o"),
            ("whole_blood.titre_max", "256"),
        ])),
        platelets => Some(rules(&[("platelets.abo", platelets), men, women])),
    }
}

#[test]
fn the_written_table_of_all_groups_holds() {
    let table = include_str!("../data/compatible.csv");
    let mut lines = table.lines();
    let donors: Vec<_> = lines.next().unwrap().split(',').skip(3).collect();
    let mut cells = 0;
    for line in lines {
        let row: Vec<_> = line.split(',').collect();
        let component: Component = row[0].parse().unwrap();
        let rules = policy(row[1]);
        let mut recipient = Recipient::of_group(Known::from(row[2].parse().ok()));
        recipient.sex = Known::Value(Sex::Male);
        recipient.age = AgeKnown::years(30);
        for (donor, expected) in donors.iter().zip(&row[3..]) {
            let unit = Candidate::of_group(Known::Value(group(donor)));
            let verdict = judge(rules.as_ref(), component, &recipient, &unit, Urgency::Routine);
            assert_eq!(says(&verdict), *expected, "{line}: {donor}: {verdict:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, 61 * 8);
}

#[test]
fn the_known_counts_of_the_red_cell_table_hold() {
    let compatible = |recipient: Group, donor: Group| {
        let verdict = ask(None, Component::RedCells, recipient.as_str(), donor.as_str());
        verdict.compatible == Known::Value(true)
    };
    let donors = |recipient| Group::ALL.into_iter().filter(|d| compatible(recipient, *d)).count();
    let expected =
        [("A+", 4), ("A-", 2), ("B+", 4), ("B-", 2), ("AB+", 8), ("AB-", 4), ("O+", 2), ("O-", 1)];
    for (recipient, count) in expected {
        assert_eq!(donors(group(recipient)), count, "{recipient}");
    }
    assert_eq!(Group::ALL.into_iter().map(donors).sum::<usize>(), 27, "of 64");
    let universal: Vec<_> = Group::ALL
        .into_iter()
        .filter(|donor| Group::ALL.into_iter().all(|recipient| compatible(recipient, *donor)))
        .collect();
    assert_eq!(universal, [Group::O_NEG], "the one universal donor of red cells");
}

#[test]
fn o_plasma_suits_only_o() {
    for rhd in ["+", "-"] {
        let harmed = Group::ALL.into_iter().filter(|recipient| {
            let donor = format!("O{rhd}");
            let verdict = ask(None, Component::Plasma, recipient.as_str(), &donor);
            verdict.compatible == Known::Value(false)
        });
        assert_eq!(harmed.count(), 6, "of 8");
    }
}

#[test]
fn the_order_of_preference_is_the_written_ladder() {
    use samband_domain::blood::rules::compatible::{Policies, ladder};
    // The Australian ladder by ABO [AU-COMP], for the recipients and policies that allow it all.
    let table = [
        (Component::RedCells, "O+", "O"),
        (Component::RedCells, "A+", "A O"),
        (Component::RedCells, "B+", "B O"),
        (Component::RedCells, "AB+", "AB A=B O"),
        (Component::Platelets, "O+", "O A B AB"),
        (Component::Platelets, "A+", "A B=O AB"),
        (Component::Platelets, "B+", "B A=O AB"),
        (Component::Platelets, "AB+", "AB A=B O"),
        (Component::Plasma, "O+", "O A B AB"),
        (Component::Plasma, "A+", "A AB"),
        (Component::Plasma, "B+", "B AB"),
        (Component::Plasma, "AB+", "AB"),
        (Component::Plasma, "unknown", "AB"),
    ];
    let any = rules(&[("platelets.abo", "any")]);
    let policies = Policies::of(Some(&any));
    for (component, recipient, expected) in table {
        let recipient = Recipient::of_group(Known::from(recipient.parse().ok()));
        let steps = ladder(&policies, component, &recipient, Urgency::Routine);
        let rank = |tier: &str| {
            let named = |group: &Group| {
                tier.split('=').any(|abo| group.abo == super::group(&format!("{abo}+")).abo)
            };
            let places = steps.iter().filter(|step| named(&step.group)).map(|step| step.place);
            (places.clone().min().unwrap(), places.max().unwrap())
        };
        let tiers: Vec<_> = expected.split(' ').map(rank).collect();
        assert!(tiers.windows(2).all(|pair| pair[0].1 < pair[1].0), "{component} {tiers:?}");
        let abos = expected.split([' ', '=']).count();
        let groups =
            steps.iter().map(|step| step.group.abo).collect::<std::collections::BTreeSet<_>>();
        assert_eq!(groups.len(), abos, "{component} {expected}: {steps:?}");
    }
}

#[test]
fn rhd_negative_units_are_spared_and_the_region_may_order_otherwise() {
    use samband_domain::blood::rules::compatible::{Place, Policies, ladder};
    let order = |policies: &Policies, recipient: &str| {
        let recipient = Recipient::of_group(Known::Value(group(recipient)));
        let steps = ladder(policies, Component::RedCells, &recipient, Urgency::Routine);
        let text = |step: &samband_domain::blood::rules::compatible::Step| {
            format!("{} {}", step.place, step.group.as_str())
        };
        assert_eq!(steps[0].reason, Place::Identical);
        steps.iter().map(text).collect::<Vec<_>>().join(", ")
    };
    let none = Policies::none();
    assert_eq!(order(&none, "A+"), "1 a_pos, 2 a_neg, 3 o_pos, 4 o_neg");
    assert_eq!(order(&none, "A-"), "1 a_neg, 2 o_neg");
    assert_eq!(order(&none, "O+"), "1 o_pos, 2 o_neg");
    assert_eq!(
        order(&none, "AB+"),
        "1 ab_pos, 2 ab_neg, 3 a_pos, 3 b_pos, 4 a_neg, 4 b_neg, 5 o_pos, 6 o_neg"
    );
    let set = rules(&[("preference.rhd_pos", "rhd_pos_first")]);
    let region = Policies::of(Some(&set));
    assert_eq!(order(&region, "A+"), "1 a_pos, 2 o_pos, 3 a_neg, 4 o_neg");
    assert_eq!(order(&region, "A-"), "1 a_neg, 2 o_neg");
    assert!(Group::ALL.iter().all(|group| group.rhd == Rhd::Negative || !order(&none, "O-").contains(group.as_str())));
}
