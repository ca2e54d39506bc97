//! What can have happened away from home. What is lent and what is reported is for one reader.

use serde::{Deserialize, Serialize};

use super::model::{Conflict, Loan, Report};
use crate::words::{
    DecodeError, Digest, DonorId, JournalId, Nothing, Private, RecordRef, SiteId, Subject, Time,
    events,
};

/// A bus was lent donors and numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    /// The bus' journal, which may read what is lent.
    pub addressee: JournalId,
    /// The region's site for it.
    pub site: SiteId,
    /// Until when.
    pub until: Time,
    /// How many donors.
    pub donors: u32,
    /// The rules lent.
    pub rule_set: Digest,
}

/// The bus took the loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The region's record of the loan.
    pub loan: RecordRef,
    /// The bus' own site.
    pub site: SiteId,
    /// Until when.
    pub until: Time,
}

/// The bus reports home what it recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The home region, which may read the report.
    pub addressee: JournalId,
}

/// A report was taken into the region's record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The bus' record.
    pub report: RecordRef,
    /// What did not agree.
    pub conflicts: Vec<Conflict>,
}

/// Which record of a donor at home a bus' donor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The bus' donor and the home region's.
    pub same: Option<(DonorId, DonorId)>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of work away from home.
    upcast upcast;
    /// Lent.
    "mobile.lent" v 1 Lent(Lent, Loan);
    /// Taken by the bus.
    "mobile.taken" v 1 Taken(Taken, Nothing);
    /// Reported by the bus.
    "mobile.reported" v 1 Reported(Reported, Report);
    /// Taken into the region's record.
    "mobile.adopted" v 1 Adopted(Adopted, Known);
}

impl Event {
    /// The one other journal that may read the private part.
    #[must_use]
    pub const fn addressee(&self) -> Option<&JournalId> {
        match self {
            Self::Lent(lent, _) => Some(&lent.addressee),
            Self::Reported(reported, _) => Some(&reported.addressee),
            Self::Taken(..) | Self::Adopted(..) => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Lent(lent, loan) => {
                let mut all = vec![Subject::site(&lent.site)];
                if let Private::Here(loan) = loan {
                    all.extend(loan.donors.iter().map(|lent| Subject::donor(&lent.donor)));
                }
                all
            }
            Self::Taken(taken, _) => vec![Subject::site(&taken.site)],
            Self::Reported(..) | Self::Adopted(..) => Vec::new(),
        }
    }
}
