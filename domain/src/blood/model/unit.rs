//! A unit (blodenhet): one identified bag, where it is, and what may be done with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::group::Group;
use super::identity::UnitId;
use super::phenotype::Phenotype;
use super::product::{Attributes, Component, Product};
use crate::kernel::model::plain_enum;
use crate::words::{Code, Digest, Known, SiteId, Time};

plain_enum! {
    /// What a test said.
    TestResult {
        /// Negative, or as it must be.
        Negative = "negative",
        /// Positive.
        Positive = "positive",
        /// Neither; never released on.
        Indeterminate = "indeterminate",
    }
}

/// What was tested, and under which rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tested {
    /// Tests by the code that the rules have for them (`hiv-ag-ab`, `hbsag`, `nat`…), in
    /// alphabetical order, each once.
    pub results: Vec<(Code, TestResult)>,
    /// The rule set that named the tests, as far as it is known; `rules` may name it in words.
    pub rule_set: Option<Digest>,
    /// The version of the rules as another system names them.
    pub rules: Option<String>,
}

impl Tested {
    /// What a test said; unknown if it is not there.
    #[must_use]
    pub fn result(&self, test: &Code) -> Known<TestResult> {
        self.results.iter().find(|(code, _)| code == test).map(|(_, result)| *result).into()
    }
}

plain_enum! {
    /// Why a unit is in quarantine.
    QuarantineReason {
        /// Not released yet.
        NotReleased = "not_released",
        /// Its facts were corrected and wait for a second person.
        Corrected = "corrected",
        /// A test was not negative.
        Test = "test",
        /// Something about it does not agree.
        Discrepancy = "discrepancy",
        /// Its temperature is in doubt.
        Temperature = "temperature",
        /// The bag or its label is damaged.
        Damage = "damage",
        /// A recall or look-back concerns it.
        Recall = "recall",
        /// It came without what this region's rules ask for.
        ReceiverRules = "receiver_rules",
        /// Something else, said in words.
        Other = "other",
    }
}

plain_enum! {
    /// Why a unit was discarded (kassation).
    DiscardReason {
        /// Past its expiry.
        Outdated = "outdated",
        /// Damaged bag.
        Damaged = "damaged",
        /// A test was positive or could not be made.
        Test = "test",
        /// Stored or carried too warm or too cold.
        Temperature = "temperature",
        /// Clotted, haemolysed or otherwise not as it should look.
        Appearance = "appearance",
        /// Volume or content outside what is allowed.
        Specification = "specification",
        /// Recalled.
        Recall = "recall",
        /// Returned from a ward and not to be used again.
        Returned = "returned",
        /// Something else, said in words.
        Other = "other",
    }
}

plain_enum! {
    /// Where a status puts a unit when units are counted; in the order in which they are shown.
    Place {
        /// Free to use.
        Available = "available",
        /// Set aside.
        Reserved = "reserved",
        /// In quarantine.
        Quarantined = "quarantined",
        /// On its way.
        InTransit = "in_transit",
        /// Past its expiry and still on the shelf.
        Outdated = "outdated",
        /// Not found at a count.
        Missing = "missing",
        /// In a ward's hand.
        Issued = "issued",
    }
}

plain_enum! {
    /// How a unit that was issued came to its end.
    Fate {
        /// Given to the recipient.
        Transfused = "transfused",
        /// Not given, and not to be used any more.
        Wasted = "wasted",
        /// Nobody said; by the rules it counts as given.
        PresumedTransfused = "presumed_transfused",
        /// Gone to industry in a lot of plasma.
        Industry = "industry",
    }
}

/// What may be done with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be selected.
    Available,
    /// To be left alone until released.
    Quarantined(QuarantineReason),
    /// Set aside until a moment; for whom stays in the region.
    Reserved {
        /// When it lapses.
        until: Time,
    },
    /// On its way: locked for the sender until the receiver has said what became of it.
    InTransit,
    /// Past its expiry and still on the shelf.
    Outdated,
    /// Sent, searched for and not found: still locked, since it may arrive after all.
    Lost,
    /// Not found at a count.
    Missing,
    /// In a ward's hand, for somebody whose name stays in the region: counted in nobody's days
    /// and never selected.
    Issued,
}

impl Status {
    /// The status as message key and in filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.place().as_str()
    }

    /// Whether an expiry date changes it. What is on its way or lost is looked at when somebody
    /// has it in hand again: dispatch locks it until the receiver's word.
    #[must_use]
    pub const fn outdates(self) -> bool {
        matches!(self, Self::Available | Self::Quarantined(_) | Self::Reserved { .. })
    }

    /// Whether it is locked by a dispatch: only the receiver's word ends that.
    #[must_use]
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::InTransit | Self::Lost)
    }

    /// Where it is counted.
    #[must_use]
    pub const fn place(self) -> Place {
        match self {
            Self::Available => Place::Available,
            Self::Reserved { .. } => Place::Reserved,
            Self::Quarantined(_) => Place::Quarantined,
            Self::InTransit => Place::InTransit,
            Self::Outdated => Place::Outdated,
            Self::Lost | Self::Missing => Place::Missing,
            Self::Issued => Place::Issued,
        }
    }
}

/// A unit's facts as an event carries them: what is on the label, and which tests it had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Donation number and product code.
    pub id: UnitId,
    /// Group; a unit of unknown group is never selected.
    pub group: Known<Group>,
    /// Product, by the code table in force.
    pub product: Product,
    /// What else is true of it.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// Antigens it was typed for.
    #[serde(default, skip_serializing_if = "untyped")]
    pub phenotype: Phenotype,
    /// When it must no longer be used.
    pub expiry: Time,
    /// Which of the event's test profiles is its own; none means that nothing is known.
    pub tested: Option<u16>,
}

fn untyped(phenotype: &Phenotype) -> bool {
    *phenotype == Phenotype::default()
}

/// A live unit in a region's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Where it is, or was last.
    pub site: SiteId,
    /// When it must no longer be used.
    pub expiry: Time,
    /// Since when it has its status.
    pub since: Time,
    /// What was tested; none means that nothing is known.
    pub tested: Option<Arc<Tested>>,
    /// Antigens it was typed for.
    pub phenotype: Phenotype,
    /// The last record about it in its region's journal.
    pub seq: u64,
    /// The epoch of that record.
    pub epoch: u32,
    /// What else is true of it.
    pub attributes: Attributes,
    /// Group.
    pub group: Known<Group>,
    /// Product.
    pub product: Product,
    /// What may be done with it.
    pub status: Status,
}

impl Unit {
    /// What compatibility takes it for.
    #[must_use]
    pub const fn component(&self) -> Component {
        self.product.component()
    }
}
