//! What regions that alarm each other agree on beside words: how many transports each sends, and
//! who in the other regions may see what.

use serde::{Deserialize, Serialize};

use super::model::Document;
use super::rules::ALARM_TERMS;
use super::view::{Agreement, Party, Standing, agreements};
use crate::kernel::model::plain_enum;
use crate::words::{Digest, JournalId, Refusal, Time};

/// Most transports that a region promises by agreement.
const TRANSPORTS_MAX: u16 = 50;

plain_enum! {
    /// Who sees something of a region, the widest circle first. The own region always does.
    Circle {
        /// Everybody at work in the regions of the agreement.
        Collaboration = "collaboration",
        /// Whoever leads or finds blood there: duty officer, command, director, blood centre.
        Command = "command",
        /// Nobody outside the region.
        Region = "region",
    }
}

plain_enum! {
    /// What an agreement says who sees.
    Kept {
        /// Stock of blood.
        Stock = "stock",
        /// What hospitals can receive.
        Capacity = "capacity",
        /// Names, telephone numbers and addresses.
        Contacts = "contacts",
    }
}

/// What the parties of an alarm agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlarmTerms {
    /// Secondary transports that each region promises by an alarm.
    pub transports: u16,
    /// Who sees the stock.
    pub stock: Circle,
    /// Who sees the capacity.
    pub capacity: Circle,
    /// Who sees names and numbers.
    pub contacts: Circle,
}

impl AlarmTerms {
    /// What holds where nothing is agreed: five transports (preparedness.md S8), counts for
    /// everybody at work, names for nobody outside.
    pub const DEFAULT: Self = Self {
        transports: 5,
        stock: Circle::Collaboration,
        capacity: Circle::Collaboration,
        contacts: Circle::Region,
    };

    /// Who sees something.
    #[must_use]
    pub const fn circle(&self, of: Kept) -> Circle {
        match of {
            Kept::Stock => self.stock,
            Kept::Capacity => self.capacity,
            Kept::Contacts => self.contacts,
        }
    }

    /// The terms as they can be signed: nothing is promised that this program does not hold. Names
    /// never leave a region's own record, and the stock is what the shared picture consists of.
    pub(super) fn checked(self) -> Result<Self, Refusal> {
        let wrong = |what: &str, value: String| {
            ALARM_TERMS.because([("field", what.into()), ("value", value)])
        };
        if self.transports > TRANSPORTS_MAX {
            return Err(wrong("transports", self.transports.to_string()));
        }
        if self.stock != Circle::Collaboration {
            return Err(wrong("stock", self.stock.to_string()));
        }
        if self.contacts != Circle::Region {
            return Err(wrong("contacts", self.contacts.to_string()));
        }
        Ok(self)
    }
}

/// What is agreed between two regions, and in which document; none if nothing is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The terms.
    pub terms: AlarmTerms,
    /// The document they stand in; none where the default holds.
    pub by: Option<(Digest, String)>,
}

/// The binding agreements that state terms of an alarm, the one drafted last first.
#[must_use]
pub fn binding(regions: &[Party<'_>], now: Time) -> Vec<Agreement> {
    let states = |document: &Document| document.alarm.is_some();
    let mut documents = regions.iter().flat_map(|(_, _, shared)| shared.held.values());
    // Signatures are looked at only where there is something to hold them against.
    if !documents.any(|held| states(&held.document)) {
        return Vec::new();
    }
    let mut all = agreements(regions, now);
    all.retain(|one| one.standing == Standing::Binding && states(&one.document));
    all
}

/// What holds between two regions: the terms of the agreement that was drafted last, of those that
/// name both; else what holds where nothing is agreed.
#[must_use]
pub fn among(binding: &[Agreement], pair: (&JournalId, &JournalId)) -> Agreed {
    let names = |document: &Document| {
        document.parties.contains(pair.0) && document.parties.contains(pair.1)
    };
    let found = binding.iter().find(|one| names(&one.document));
    let stated = found.and_then(|one| Some((one, one.document.alarm?)));
    stated.map_or(Agreed { terms: AlarmTerms::DEFAULT, by: None }, |(one, terms)| Agreed {
        terms,
        by: Some((one.digest, one.document.title.clone())),
    })
}

/// The same, from the regions' own records.
#[must_use]
pub fn between(regions: &[Party<'_>], pair: (&JournalId, &JournalId), now: Time) -> Agreed {
    among(&binding(regions, now), pair)
}
