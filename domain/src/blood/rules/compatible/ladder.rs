//! The order in which groups are looked for, with the reason for each place.

use serde::Serialize;

use super::policy::{Policies, RhdPosOrder};
use super::{Urgency, Verdict, judge_by};
use crate::blood::model::{Abo, Candidate, Component, Group, Recipient, Rhd};
use crate::kernel::model::plain_enum;
use crate::words::Known;

plain_enum! {
    /// Why a group has its place.
    Place {
        /// The recipient's own group.
        Identical = "identical",
        /// The recipient's own ABO; RhD-negative units are spared for those who need them.
        SameAbo = "same_abo",
        /// Compatible, and the next in the order.
        Compatible = "compatible",
        /// O RhD neg is spared for those who can have nothing else.
        SparesONeg = "spares_o_neg",
        /// For an unknown group.
        Universal = "universal",
    }
}

/// A group's place in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The donors' group.
    pub group: Group,
    /// From 1; groups with the same place are looked for together.
    pub place: u8,
    /// Why it is here.
    pub reason: Place,
    /// The rule that orders: the region's, or the default ladder.
    pub rule: &'static str,
    /// Where the rule comes from.
    pub source: String,
}

/// The source of the default order.
pub const DEFAULT_SOURCE: &str = "AU-COMP";

/// The groups in which a unit can be compatible at its best, in the order of preference. A unit
/// of such a group must still be judged by what is known of it.
#[must_use]
pub fn ladder(
    policies: &Policies,
    component: Component,
    recipient: &Recipient,
    urgency: Urgency,
) -> Vec<Step> {
    let fits = |group: &Group| at_best(policies, component, recipient, *group, urgency);
    let mut ranked: Vec<_> = Group::ALL
        .into_iter()
        .filter(|group| fits(group).is_candidate())
        .map(|group| (rank(policies, component, recipient.group, group), group))
        .collect();
    ranked.sort_unstable();
    let mut places: Vec<_> = ranked.iter().map(|(rank, _)| *rank).collect();
    places.dedup();
    let order = &policies.rhd_pos_order;
    let (rule, source) = match order.value {
        Known::Value(_) if orders_by_rhd(component, recipient.group) => {
            (order.key.text(), order.source.clone())
        }
        _ => ("preference.default", DEFAULT_SOURCE.to_owned()),
    };
    let step = |(rank, group)| Step {
        group,
        place: 1 + u8::try_from(places.partition_point(|one| *one < rank)).unwrap_or(u8::MAX),
        reason: reason(component, recipient.group, group),
        rule,
        source: source.clone(),
    };
    ranked.into_iter().map(step).collect()
}

/// The verdict on a unit of the group of which everything good is known.
#[must_use]
pub(crate) fn at_best(
    policies: &Policies,
    component: Component,
    recipient: &Recipient,
    group: Group,
    urgency: Urgency,
) -> Verdict {
    judge_by(policies, component, recipient, &Candidate::best_of(group), urgency)
}

fn orders_by_rhd(component: Component, recipient: Known<Group>) -> bool {
    let positive = matches!(recipient, Known::Value(group) if group.rhd == Rhd::Positive);
    positive && !is_plasma(component)
}

const fn is_plasma(component: Component) -> bool {
    matches!(component, Component::Plasma | Component::Cryoprecipitate)
}

/// Two numbers to sort by: the smaller, the earlier.
fn rank(
    policies: &Policies,
    component: Component,
    recipient: Known<Group>,
    unit: Group,
) -> (u8, u8) {
    let abo = tier(component, recipient.map(|group| group.abo), unit.abo);
    // Plasma carries no D to spare. An unknown recipient who may have O RhD pos gets it first.
    if is_plasma(component) {
        return (abo, 0);
    }
    let wanted = recipient.value().map_or(Rhd::Positive, |group| group.rhd);
    let rhd = u8::from(unit.rhd != wanted);
    let first = Known::Value(RhdPosOrder::RhdPosFirst);
    if policies.rhd_pos_order.value == first && orders_by_rhd(component, recipient) {
        return (rhd, abo);
    }
    (abo, rhd)
}

/// The default ladder: how far from the recipient's ABO, by component (blood.md §2.1, AU-COMP).
fn tier(component: Component, recipient: Known<Abo>, unit: Abo) -> u8 {
    use Abo::{A, Ab, B, O};
    let order: &[&[Abo]] = match (component, recipient) {
        (Component::Plasma | Component::Cryoprecipitate, Known::Unknown) => &[&[Ab], &[A]],
        (Component::Plasma | Component::Cryoprecipitate, Known::Value(group)) => match group {
            O => &[&[O], &[A], &[B], &[Ab]],
            A => &[&[A], &[Ab], &[B]],
            B => &[&[B], &[Ab], &[A]],
            Ab => &[&[Ab], &[A], &[B]],
        },
        (Component::Platelets, Known::Unknown) => &[&[A, O]],
        (Component::Platelets, Known::Value(group)) => match group {
            O => &[&[O], &[A], &[B], &[Ab]],
            A => &[&[A], &[B, O], &[Ab]],
            B => &[&[B], &[A, O], &[Ab]],
            Ab => &[&[Ab], &[A, B], &[O]],
        },
        (_, Known::Unknown) => &[&[O]],
        (_, Known::Value(group)) => match group {
            O => &[&[O]],
            A => &[&[A], &[O]],
            B => &[&[B], &[O]],
            Ab => &[&[Ab], &[A, B], &[O]],
        },
    };
    let place = order.iter().position(|tier| tier.contains(&unit)).unwrap_or(order.len());
    u8::try_from(place).unwrap_or(u8::MAX)
}

fn reason(component: Component, recipient: Known<Group>, unit: Group) -> Place {
    let Known::Value(recipient) = recipient else { return Place::Universal };
    let same_abo = recipient.abo == unit.abo;
    if recipient == unit || (same_abo && is_plasma(component)) {
        Place::Identical
    } else if unit == Group::O_NEG && component != Component::Platelets && !is_plasma(component) {
        Place::SparesONeg
    } else if same_abo {
        Place::SameAbo
    } else {
        Place::Compatible
    }
}
