//! Campaigns for new donors: what was done, where, when and at what cost, and what came of it.

use serde::{Deserialize, Serialize};

use crate::kernel::model::plain_enum;
use crate::words::{Day, Digest, Known};

plain_enum! {
    /// By what people were reached.
    Channel {
        /// Social media and other advertising on the web.
        SocialMedia = "social_media",
        /// Newspapers, radio, television.
        Press = "press",
        /// Posters, public transport, screens in town.
        Outdoor = "outdoor",
        /// Workplaces.
        Workplace = "workplace",
        /// Schools and universities.
        School = "school",
        /// Letters and messages to people's homes.
        Letter = "letter",
        /// Something that people came to.
        Meeting = "meeting",
        /// Something else; the title says what.
        Other = "other",
    }
}

/// A campaign for new donors in the own region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// What it was called.
    pub title: String,
    /// By what people were reached.
    pub channel: Channel,
    /// The first day.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// What it cost the region, in whole kronor.
    pub cost_kr: Known<u64>,
    /// How many new registrations it was to bring.
    pub goal: Known<u32>,
    /// Who says so.
    pub source: String,
}

impl Campaign {
    /// How many days it ran.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::try_from(self.to.days_since(self.from)).map_or(1, |days| days.saturating_add(1))
    }
}

/// New registrations around a campaign. They are counted by day, not by what made people come:
/// what else happened in those days is among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrations {
    /// In as many days just before it; unknown where the record does not reach back so far.
    pub before: Known<u32>,
    /// While it ran, through today if it still does.
    pub during: Known<u32>,
    /// In as many days just after it; unknown until they are over.
    pub after: Known<u32>,
}

/// What a region tells others of a campaign's outcome: rounded, small numbers as unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignCount {
    /// Which campaign, by its record's hash.
    pub campaign: Digest,
    /// On which day it was counted.
    pub on: Day,
    /// What was counted.
    pub registrations: Registrations,
}
