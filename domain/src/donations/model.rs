//! What a donation is, who gave it, and what its tests said.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::blood::model::{Din, Group, Hpa, Material, Phenotype, ProductCode, TestResult};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Code, DonorId, Known, RecordRef, SiteId, Time};

pub mod plasma;
pub mod vigilance;
pub mod withdrawal;

plain_enum! {
    /// What is collected.
    DonationKind {
        /// Whole blood.
        WholeBlood = "whole_blood",
        /// Plasma by apheresis.
        Plasmapheresis = "plasmapheresis",
        /// Platelets by apheresis.
        Plateletpheresis = "plateletpheresis",
    }
}

plain_enum! {
    /// Why a donation's units are held until somebody has looked into it.
    Flag {
        /// The donor is not registered here, or nobody knows who gave.
        DonorUnknown = "donor_unknown",
        /// The donor should not have given, or not without a physician.
        DonorDeferred = "donor_deferred",
        /// Whether the donor might give could not be told: a rule or a fact is missing.
        EligibilityUnknown = "eligibility_unknown",
        /// The number is not of those that the site was given.
        OutsideRange = "outside_range",
        /// More was taken than the rules allow.
        TooMuch = "too_much",
        /// Another donation came in with the same number.
        NumberTwice = "number_twice",
        /// The donation was broken off.
        Abandoned = "abandoned",
    }
}

/// A donation from which something may still come. Other regions may hold it: it says what was
/// collected, never from whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Donation {
    /// What was collected.
    pub kind: DonationKind,
    /// Where.
    pub site: SiteId,
    /// When the collection ended.
    pub collected: Time,
    /// How much, in millilitres.
    pub millilitres: Known<u16>,
    /// How long it took.
    pub minutes: Known<u16>,
    /// Whether it was broken off.
    pub abandoned: bool,
    /// Bags, sets and solutions.
    pub materials: Arc<[Material]>,
    /// Why its units are held.
    pub flags: Vec<Flag>,
    /// Whether its bag has no label yet, so that no unit stands for it.
    pub unlabelled: bool,
}

/// Who gave. It never leaves the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Giver {
    /// The donor; none if nobody knows.
    pub donor: Option<DonorId>,
    /// When the donor gave before, as far as this region knows.
    pub previous: Option<Time>,
}

/// A donor's earlier donation, as eligibility needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its number.
    pub din: Din,
    /// What was collected.
    pub kind: DonationKind,
    /// When.
    pub collected: Time,
    /// Whether it was broken off.
    pub abandoned: bool,
}

/// A bag as it was filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bag {
    /// The product code on its label.
    pub product: ProductCode,
    /// How much is in it, in millilitres.
    pub millilitres: Known<u16>,
}

/// A unit to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The product code on its label.
    pub product: ProductCode,
    /// Its own number, for what is made of several donations; of the donation otherwise.
    #[serde(default)]
    pub din: Option<Din>,
    /// How much it holds, in millilitres.
    pub millilitres: Known<u16>,
}

/// What one run of tests said of a donation. What is not there was not tested.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// ABO and RhD together.
    #[serde(default)]
    pub group: Option<Group>,
    /// Infection markers by code.
    #[serde(default)]
    pub markers: Vec<(Code, TestResult)>,
    /// Antigens on red cells.
    #[serde(default)]
    pub phenotype: Phenotype,
    /// HLA types, as codes.
    #[serde(default)]
    pub hla: Vec<Code>,
    /// Antigens on platelets, and whether they were found.
    #[serde(default)]
    pub hpa: Vec<(Hpa, bool)>,
    /// The titre of anti-A and anti-B, as 1 in so many.
    #[serde(default)]
    pub titre: Option<u16>,
}

impl Results {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.group.is_none()
            && self.markers.is_empty()
            && self.phenotype.is_empty()
            && self.hla.is_empty()
            && self.hpa.is_empty()
            && self.titre.is_none()
    }
}

/// How results came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capture {
    /// By an interface, from an analyser or a laboratory system.
    Interface {
        /// Which.
        system: String,
    },
    /// By hand.
    Hand,
}

plain_enum! {
    /// Whether results count.
    Weight {
        /// They wait for a second person.
        Waiting = "waiting",
        /// They count.
        Counts = "counts",
        /// They were taken back; they stay in the record and count no more.
        Rejected = "rejected",
    }
}

/// Results as they were entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Which entry of the donation, from 1.
    pub number: u32,
    /// What they say.
    pub results: Arc<Results>,
    /// How they came in.
    pub capture: Arc<Capture>,
    /// Who entered them.
    pub by: ActorId,
    /// When.
    pub at: Time,
    /// Whether they count.
    pub weight: Weight,
    /// Who said last whether they count.
    pub second: Option<ActorId>,
}

/// All that the region itself keeps about a donation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Who gave.
    pub giver: Giver,
    /// Results, oldest first.
    pub entries: Vec<Entry>,
}

/// Numbers that a site was given, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The first.
    pub from: Din,
    /// The last.
    pub to: Din,
}

impl Range {
    /// Whether a number is among them.
    #[must_use]
    pub fn has(&self, din: &Din) -> bool {
        self.from <= *din && *din <= self.to
    }
}

/// A donation that is called back: nothing of it moves towards a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The code of the reason.
    pub reason: Code,
    /// Since when.
    pub since: Time,
    /// The record that says so.
    pub by: RecordRef,
}
