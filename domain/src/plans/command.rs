//! What can be asked about joint supply.

use serde::{Deserialize, Serialize};

use super::model::{Arc, HomeReport, Proposal, Target, UseReport};
use super::model::{CallBasis, CallWeek, Campaign};
use crate::blood::model::stock::Line;
use crate::words::{Day, Digest, SiteId};

/// A command about joint supply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Report what sites used, day by day; what was said of the same days and lines is replaced.
    ReportUse {
        /// The report.
        report: UseReport,
    },
    /// State in which regions the patients live who were given units in a month; what was said of
    /// the month before is replaced.
    StateHomes {
        /// The report.
        report: HomeReport,
    },
    /// Set what should lie at a site, or say that nothing is set any more.
    SetTarget {
        /// The site.
        site: SiteId,
        /// Of what.
        line: Line,
        /// The target.
        target: Option<Target>,
    },
    /// Accept a proposal of the transfer plan for the own region, as sender or as receiver.
    Accept {
        /// The proposal.
        proposal: Box<Proposal>,
        /// How many units; another number than proposed is a change and says why.
        units: u32,
        /// Whether the sender's record is another system's, so that somebody telephones.
        #[serde(default)]
        by_telephone: bool,
        /// Why another number, or what else is to be said; it stays in the region.
        note: Option<String>,
    },
    /// Refuse what a plan proposes: nothing more is proposed along the arc until then.
    Refuse {
        /// The arc.
        arc: Arc,
        /// Through which day.
        until: Day,
        /// Why; other regions read it.
        reason: String,
    },
    /// Let plans propose along an arc again.
    Reopen {
        /// The arc.
        arc: Arc,
    },
    /// Adopt weeks of a call-up plan: donors are drawn and put on lists by the same decision.
    AdoptCallUps {
        /// The weeks, each with whom to invite.
        weeks: Vec<CallWeek>,
        /// What the plan rests on.
        rests: CallBasis,
        /// What else is to be said; it stays in the region.
        note: Option<String>,
    },
    /// Take back a week that was adopted and has not begun.
    WithdrawCallUp {
        /// Its Monday.
        week: Day,
        /// Why; it stays in the region.
        reason: String,
    },
    /// Record a campaign for new donors, or put one right that is recorded.
    RecordCampaign {
        /// The campaign.
        campaign: Campaign,
        /// The one it replaces, by its record's hash.
        #[serde(default)]
        replaces: Option<Digest>,
    },
    /// Count the registrations around a campaign for other regions, rounded and without small
    /// numbers.
    CountCampaign {
        /// Which, by its record's hash.
        campaign: Digest,
    },
    /// Tell other regions how many donors can be called, rounded and without small numbers.
    TellStrata,
}
