//! What can be asked about plasma for industry.

use serde::{Deserialize, Serialize};

use crate::blood::model::UnitId;
use crate::donations::model::plasma::Document;
use crate::words::{Code, SiteId, Time};

/// A command about plasma for industry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "step", deny_unknown_fields)]
pub enum Command {
    /// Put units of plasma together in a lot.
    MakeLot {
        /// Where.
        site: SiteId,
        /// The units.
        units: Vec<UnitId>,
    },
    /// Report that units were taken out of a lot and destroyed.
    TakeOut {
        /// The lot.
        lot: Code,
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        note: String,
    },
    /// Send lots to a buyer.
    Consign {
        /// The lots.
        lots: Vec<Code>,
        /// To whom.
        buyer: String,
        /// What goes with them.
        documents: Vec<Document>,
        /// When they left.
        sent: Time,
    },
}
