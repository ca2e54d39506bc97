//! What can be asked about donations.

use serde::{Deserialize, Serialize};

use super::model::{Bag, Capture, DonationKind, Flag, Output, Results};
use crate::blood::model::{Din, Material, Process, UnitId};
use crate::words::{DonorId, Known, RecordRef, SiteId, Subject};

pub mod plasma;
pub mod vigilance;
pub mod withdrawal;

/// A command about donations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Report a donation.
    Collect {
        /// Its number.
        din: Din,
        /// Who gave; none if nobody knows.
        donor: Option<DonorId>,
        /// What was collected.
        kind: DonationKind,
        /// Where.
        site: SiteId,
        /// How much, in millilitres.
        millilitres: Known<u16>,
        /// How long it took.
        minutes: Known<u16>,
        /// Whether it was broken off.
        abandoned: bool,
        /// The bags with their labels; without one the donation waits for its label.
        bags: Vec<Bag>,
        /// Bag set, lot and what else was used.
        materials: Vec<Material>,
    },
    /// Give a site numbers to use.
    AssignNumbers {
        /// The site.
        site: SiteId,
        /// The first number.
        from: Din,
        /// The last.
        to: Din,
    },
    /// Say that what a donation was held for was looked into, and its units may be used.
    ClearFlag {
        /// The donation.
        din: Din,
        /// What it was held for.
        flag: Flag,
        /// Why that is settled.
        reason: String,
    },
    /// Make units from a donation's bag or from other units.
    Prepare {
        /// Where.
        site: SiteId,
        /// What is done.
        process: Process,
        /// The donation whose bag is taken, where no unit stands for it.
        donation: Option<Din>,
        /// The units that are used up.
        inputs: Vec<UnitId>,
        /// The units that come of it.
        outputs: Vec<Output>,
        /// What is used besides.
        materials: Vec<Material>,
    },
    /// Report what tests said of a donation.
    RecordResults {
        /// The donation.
        din: Din,
        /// What they said.
        results: Results,
        /// How they came in.
        capture: Capture,
    },
    /// Say, as a second person, whether results were entered rightly.
    VerifyResults {
        /// The donation.
        din: Din,
        /// Which of its entries.
        entry: u32,
        /// Whether they are right.
        agrees: bool,
        /// What is to be said about it.
        note: Option<String>,
    },
    /// Take results back that count and were wrong.
    RejectResults {
        /// The donation.
        din: Din,
        /// Which of its entries.
        entry: u32,
        /// Why.
        reason: String,
    },
    /// About a withdrawal.
    Withdrawal(withdrawal::Command),
    /// About plasma for industry.
    Plasma(plasma::Command),
    /// About what is told to the authority.
    Vigilance(vigilance::Command),
}

impl Command {
    /// The other journal's record that the command refers to.
    #[must_use]
    pub const fn foreign(&self) -> Option<&RecordRef> {
        match self {
            Self::Withdrawal(command) => command.foreign(),
            _ => None,
        }
    }

    /// What of the far past it needs.
    #[must_use]
    pub fn needs(&self) -> Vec<Subject> {
        match self {
            Self::Withdrawal(command) => command.needs(),
            _ => Vec::new(),
        }
    }
}
