//! Plasma that goes to industry: lots of units, and consignments of lots.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::words::{Code, Digest, RecordRef, SiteId, Time};

/// Units of plasma that go to industry together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Where it was put together.
    pub site: SiteId,
    /// The units, those taken out too.
    pub units: Vec<UnitId>,
    /// Units taken out again, to be destroyed.
    pub out: Vec<UnitId>,
    /// When it was put together.
    pub made: Time,
    /// The consignment it left in.
    pub consignment: Option<Code>,
}

impl Lot {
    /// The units that are still in it.
    pub fn inside(&self) -> impl Iterator<Item = &UnitId> {
        self.units.iter().filter(|unit| !self.out.contains(unit))
    }
}

/// Lots that left for a buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consignment {
    /// Its lots.
    pub lots: Vec<Code>,
    /// When it left.
    pub sent: Time,
    /// Its record.
    pub at: RecordRef,
}

/// A document that goes with a consignment; the document itself is kept where the region keeps
/// documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is, e.g. a delivery note or a list of tests.
    pub title: String,
    /// Its SHA-256.
    pub digest: Digest,
}

/// To whom a consignment went, and with what. It stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sold {
    /// The buyer.
    pub buyer: String,
    /// The documents.
    pub documents: Vec<Document>,
}
