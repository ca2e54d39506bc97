//! Donors whom a call-up plan does not tell apart.

use serde::{Deserialize, Serialize};

use super::Sex;
use crate::blood::model::Group;
use crate::kernel::model::plain_enum;
use crate::words::SiteId;

plain_enum! {
    /// How often a donor came in the last two years.
    Response {
        /// Three times or more.
        Often = "often",
        /// Once or twice.
        Sometimes = "sometimes",
        /// Not in two years, but before.
        Seldom = "seldom",
        /// Never yet.
        New = "new",
    }
}

/// Donors whom a call-up plan does not tell apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stratum {
    /// Where they usually give.
    pub site: SiteId,
    /// Their group.
    pub group: Group,
    /// Their sex.
    pub sex: Sex,
    /// How often they came.
    pub response: Response,
}

plain_enum! {
    /// Why a donor belongs to no stratum.
    Gap {
        /// Does not want to be called, or cannot be reached.
        NoCall = "no_call",
        /// Not approved for whole blood.
        Kind = "kind",
        /// Where they usually give is not known.
        Site = "site",
        /// Their group is not known.
        Group = "group",
        /// Their sex is not known.
        Sex = "sex",
        /// Something is in the way, and nobody knows until when.
        Hindered = "hindered",
    }
}
