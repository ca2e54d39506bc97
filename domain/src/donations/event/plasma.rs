//! What can have happened to plasma for industry.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::words::{Code, SiteId, Time};

/// Units of plasma were put together for industry; they left the stock by the same command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlasmaLot {
    /// The lot.
    pub lot: Code,
    /// Where.
    pub site: SiteId,
    /// The units.
    pub units: Vec<UnitId>,
}

/// Units were taken out of a lot and destroyed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlasmaTakenOut {
    /// The lot.
    pub lot: Code,
    /// The units.
    pub units: Vec<UnitId>,
}

/// Lots left for a buyer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlasmaConsigned {
    /// The consignment.
    pub consignment: Code,
    /// Its lots.
    pub lots: Vec<Code>,
    /// When it left.
    pub sent: Time,
}
