//! Every recipient and every donor, by component and by policy, as a reviewer reads it.

use super::*;
use samband_domain::blood::rules::compatible::{PlateletAbo, WholeBloodAbo};
use std::fmt::Write;

fn table(out: &mut String, title: &str, rules: Option<&InForce>, component: Component) {
    let _ = writeln!(out, "\n{title}");
    let heads = Group::ALL.map(|group| format!("{:>7}", group.as_str())).concat();
    let _ = writeln!(out, "recipient {heads}");
    let recipients = Group::ALL.map(Known::Value).into_iter().chain([Known::Unknown]);
    for recipient in recipients {
        let name = recipient.value().map_or("unknown", Group::as_str);
        let cells = Group::ALL.map(|donor| {
            let unit = Candidate::of_group(Known::Value(donor));
            let who = Recipient::of_group(recipient);
            let answer = |urgency| {
                let verdict = judge(rules, component, &who, &unit, urgency);
                let marked = verdict.conditions().any(|one| one.check == "physician");
                format!("{}{}", says(&verdict), if marked { "*" } else { "" })
            };
            let (routine, emergency) = (answer(Urgency::Routine), answer(Urgency::Emergency));
            let cell =
                if routine == emergency { routine } else { format!("{routine}/{emergency}") };
            format!("{cell:>7}")
        });
        let _ = writeln!(out, "{name:<9} {}", cells.concat());
    }
}

#[test]
fn every_recipient_and_donor_by_component_and_policy() {
    let mut out = String::from(
        "y yes, n no, ? not known; * a physician may decide otherwise; routine/emergency\n",
    );
    for component in [Component::RedCells, Component::WholeBlood, Component::Platelets] {
        table(&mut out, &format!("{component}, no rule set"), None, component);
    }
    table(&mut out, "plasma, no rule set", None, Component::Plasma);
    let kronoberg = rules(&[
        ("platelets.abo", "as_red_cells"),
        ("emergency.red_cells.unknown", "o_neg"),
        ("emergency.plasma", "ab"),
        ("emergency.platelets", "o"),
        ("d_pos_red_cells_to_d_neg", "physician"),
        ("d_pos_platelets.female_age", "<=50"),
        ("d_pos_platelets.male_age", "<=18"),
    ]);
    for component in Component::ALL {
        table(
            &mut out,
            &format!("{component}, rules as Kronoberg's"),
            Some(&kronoberg),
            *component,
        );
    }
    for policy in PlateletAbo::ALL {
        let set = rules(&[("platelets.abo", policy.as_str())]);
        let title = format!("platelets, {}", policy.as_str());
        table(&mut out, &title, Some(&set), Component::Platelets);
    }
    for policy in WholeBloodAbo::ALL {
        let set = rules(&[("whole_blood.abo", policy.as_str()), ("whole_blood.titre_max", "256")]);
        let title = format!("whole blood, {}, titre not known", policy.as_str());
        table(&mut out, &title, Some(&set), Component::WholeBlood);
    }
    for policy in ["ab", "ab_or_a_low_titre"] {
        let set = rules(&[("emergency.plasma", policy)]);
        table(&mut out, &format!("plasma, emergency {policy}"), Some(&set), Component::Plasma);
    }
    insta::assert_snapshot!(out);
}
