//! How units come into being: from a donation, or from other units that are used up by it.

use serde::{Deserialize, Serialize};

use super::identity::Din;
use crate::kernel::model::plain_enum;
use crate::words::Subject;

plain_enum! {
    /// What is done to units, or to a donation's bag.
    Process {
        /// A donation's own bag gets its label.
        Label = "label",
        /// Whole blood into red cells, plasma and buffy coat.
        Separate = "separate",
        /// Buffy coats of several donations into one unit of platelets.
        PoolPlatelets = "pool_platelets",
        /// Several units of one product into one.
        Pool = "pool",
        /// One unit into parts of the same product.
        Split = "split",
        /// Red cells into small units for children.
        Paediatric = "paediatric",
        /// Irradiating.
        Irradiate = "irradiate",
        /// Washing red cells.
        Wash = "wash",
        /// Freezing.
        Freeze = "freeze",
        /// Thawing.
        Thaw = "thaw",
        /// Platelets moved to cold storage.
        Cool = "cool",
        /// Whole blood labelled as having a low titre of anti-A and anti-B.
        LowTitre = "low_titre",
    }
}

plain_enum! {
    /// What was used besides blood.
    MaterialKind {
        /// A bag, or a set of bags.
        Bag = "bag",
        /// A set for apheresis.
        ApheresisSet = "apheresis_set",
        /// An additive solution.
        Additive = "additive",
        /// A filter.
        Filter = "filter",
        /// Glycerol, DMSO or what else protects in the cold.
        Cryoprotectant = "cryoprotectant",
        /// A solution to wash with.
        WashSolution = "wash_solution",
        /// What inactivates pathogens.
        PathogenReduction = "pathogen_reduction",
        /// A sterile connection.
        Connection = "connection",
        /// Something else.
        Other = "other",
    }
}

/// What was used, by catalogue number and lot: a recall of a lot finds what it went into.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// What it is.
    pub kind: MaterialKind,
    /// The maker's number for it (ISBT 128 data structure 017 or 021).
    pub catalogue: String,
    /// The lot (018 or 022).
    pub lot: String,
    /// How much it adds, in millilitres, where it adds to the volume.
    #[serde(default)]
    pub millilitres: Option<u16>,
}

impl Material {
    /// Records about its lot.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::lot(self.kind.as_str(), &self.lot)
    }
}

/// Where units came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A donation's own bag.
    Donation {
        /// The donation.
        din: Din,
        /// What was done with the bag.
        process: Process,
    },
    /// Other units, which are used up by it.
    Units {
        /// What was done.
        process: Process,
        /// Every donation that is in it, in order.
        donations: Vec<Din>,
    },
}

impl Source {
    /// What was done.
    #[must_use]
    pub const fn process(&self) -> Process {
        match self {
            Self::Donation { process, .. } | Self::Units { process, .. } => *process,
        }
    }

    /// Every donation that is in it.
    #[must_use]
    pub fn donations(&self) -> Vec<Din> {
        match self {
            Self::Donation { din, .. } => vec![*din],
            Self::Units { donations, .. } => donations.clone(),
        }
    }
}
