//! What a joint supply costs, as the parties agree on it: whole öre and whole percent, so that a
//! settlement follows from the signed text alone.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::rules::TERMS;
use crate::blood::model::Component;
use crate::kernel::model::plain_enum;
use crate::words::{Code, JournalId, Refusal};

/// Most öre for one unit or box: ten thousand kronor.
const UNIT_MAX: u64 = 1_000_000;
/// Most öre a month for one joint cost: a thousand million kronor.
const COST_MAX: u64 = 100_000_000_000;
/// Most lines of one kind.
const LINES_MAX: usize = 200;
/// Most letters of what a joint cost is for.
const WHAT_MAX: usize = 200;

plain_enum! {
    /// One way of sharing a cost.
    CostKey {
        /// By inhabitants.
        Population = "population",
        /// By units given to each region's own patients.
        Use = "use",
        /// The same for everyone.
        Equal = "equal",
    }
}

plain_enum! {
    /// Who pays the carrier.
    Carriage {
        /// Who sends: the receiver pays it back.
        Sender = "sender",
        /// Who receives: nothing is owed.
        Receiver = "receiver",
    }
}

plain_enum! {
    /// Whose a unit is in the key of use, when nobody has said where the patient lives.
    UnknownHome {
        /// The region's that gave the care.
        Treated = "treated",
        /// Nobody's.
        LeftOut = "left_out",
    }
}

/// How joint costs are shared, in percent that sum to a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostKeys {
    /// By inhabitants.
    pub population: u8,
    /// By units given to each region's own patients.
    pub r#use: u8,
    /// The same for everyone.
    pub equal: u8,
}

/// What one unit is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPrice {
    /// Of what.
    pub component: Component,
    /// Öre.
    pub ore: u64,
}

/// What a box costs on one leg of the timetable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegPrice {
    /// Whose timetable.
    pub region: JournalId,
    /// The leg.
    pub leg: Code,
    /// Öre for a box.
    pub ore: u64,
}

/// What one party lays out for all, every month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthlyCost {
    /// What for.
    pub what: String,
    /// Who pays it first.
    pub paid_by: JournalId,
    /// Öre a month.
    pub ore: u64,
    /// Another key than the mix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<CostKey>,
}

/// Prices and keys of a joint supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplyTerms {
    /// How joint costs are shared.
    pub keys: CostKeys,
    /// What units are worth; what is not there is not settled.
    pub prices: Vec<UnitPrice>,
    /// Öre for a box that no leg's price is agreed for; none: carriage is not settled.
    pub box_ore: Option<u64>,
    /// Prices of legs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legs: Vec<LegPrice>,
    /// Who pays the carrier.
    pub carriage: Carriage,
    /// Whose a unit is in the key of use when the patient's home is unknown.
    pub unknown_home: UnknownHome,
    /// What is laid out for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<MonthlyCost>,
}

impl SupplyTerms {
    /// Öre for a unit; none where no price is agreed.
    #[must_use]
    pub fn price(&self, component: Component) -> Option<u64> {
        self.prices.iter().find(|price| price.component == component).map(|price| price.ore)
    }

    /// Öre for a box that a region sends by a leg; none where carriage is not settled.
    #[must_use]
    pub fn box_price(&self, from: &JournalId, leg: Option<&Code>) -> Option<u64> {
        let of_leg = |price: &&LegPrice| price.region == *from && Some(&price.leg) == leg;
        self.legs.iter().find(of_leg).map(|price| price.ore).or(self.box_ore)
    }

    /// The terms as they can be signed.
    ///
    /// # Errors
    /// A [`Refusal`] that names the first line that cannot be.
    pub(super) fn checked(&self, parties: &[JournalId]) -> Result<Self, Refusal> {
        let wrong =
            |what: &str, value: String| TERMS.because([("field", what.into()), ("value", value)]);
        let CostKeys { population, r#use, equal } = self.keys;
        let sum = [population, r#use, equal].map(u32::from).iter().sum::<u32>();
        if sum != 100 {
            return Err(wrong("keys", sum.to_string()));
        }
        let small = |what: &str, ore: u64, most: u64| {
            if ore <= most { Ok(()) } else { Err(wrong(what, ore.to_string())) }
        };
        let mut terms = self.clone();
        terms.prices.sort_by_key(|price| price.component);
        if terms.prices.is_empty() {
            return Err(wrong("prices", String::new()));
        }
        if let Some(two) = terms.prices.windows(2).find(|two| two[0].component == two[1].component)
        {
            return Err(wrong("prices", two[0].component.to_string()));
        }
        terms.prices.iter().try_for_each(|price| small("prices", price.ore, UNIT_MAX))?;
        small("box_ore", self.box_ore.unwrap_or(0), UNIT_MAX)?;
        let mut legs = BTreeSet::new();
        for leg in &self.legs {
            small("legs", leg.ore, UNIT_MAX)?;
            if !parties.contains(&leg.region) || !legs.insert((&leg.region, &leg.leg)) {
                return Err(wrong("legs", format!("{}/{}", leg.region, leg.leg)));
            }
        }
        if self.legs.len() > LINES_MAX || self.joint.len() > LINES_MAX {
            return Err(wrong("joint", self.joint.len().max(self.legs.len()).to_string()));
        }
        for cost in &mut terms.joint {
            small("joint", cost.ore, COST_MAX)?;
            cost.what = cost.what.trim().to_owned();
            let named = !cost.what.is_empty() && cost.what.chars().count() <= WHAT_MAX;
            if !named || !parties.contains(&cost.paid_by) {
                return Err(wrong("joint", format!("{} ({})", cost.what, cost.paid_by)));
            }
        }
        Ok(terms)
    }
}
