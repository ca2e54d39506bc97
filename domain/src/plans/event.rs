//! What can have happened in joint supply. All of it is shared but the notes.

use serde::{Deserialize, Serialize};

use super::model::{Arc, HomeReport, Outcome, Proposal, Target, UseReport};
use super::model::{
    CallBasis, Campaign, CampaignCount, DrawnLine, GroupCalls, Lists, ToldDonors, ToldSilent,
};
use crate::blood::model::stock::Line;
use crate::words::{Day, DecodeError, Digest, Nothing, Private, SiteId, Subject, events};

/// A target was set, or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetSet {
    /// The site.
    pub site: SiteId,
    /// Of what.
    pub line: Line,
    /// The target; none if none is set any more.
    pub target: Option<Target>,
}

/// A proposal was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedMove {
    /// As it was proposed.
    pub proposal: Proposal,
    /// How many units were accepted.
    pub units: u32,
    /// What followed.
    pub outcome: Outcome,
}

/// What was said about it; it may speak of a patient and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// In words.
    pub note: Option<String>,
}

/// A region closed an arc to plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The arc.
    pub arc: Arc,
    /// Through which day.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// A region opened it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// The arc.
    pub arc: Arc,
}

/// A week of a call-up plan was adopted, as other regions may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdoptedWeek {
    /// Its Monday.
    pub week: Day,
    /// What the plan rests on.
    pub rests: CallBasis,
    /// By group; small numbers are unknown.
    pub groups: Vec<GroupCalls>,
}

/// Who was drawn for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnWeek {
    /// By stratum.
    pub lines: Vec<DrawnLine>,
    /// The lists they were put on.
    pub lists: Lists,
    /// By which rules.
    pub rule_set: Digest,
    /// In words.
    pub note: Option<String>,
}

/// A week was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallUpWithdrawn {
    /// Its Monday.
    pub week: Day,
}

/// Why it was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawnWhy {
    /// In words.
    pub reason: String,
}

/// How many donors can be called, as other regions may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrataTold {
    /// On which day.
    pub on: Day,
    /// Fewer than this are told as unknown.
    pub fewest: u32,
    /// By group, sex and how often they came; kinds without anybody are left out.
    pub rows: Vec<ToldDonors>,
    /// Willing donors whom nobody has called for half a year, by group.
    pub silent: Vec<ToldSilent>,
}

/// A campaign for new donors was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignSaid {
    /// The campaign.
    pub campaign: Campaign,
    /// The one it replaces, by its record's hash.
    pub replaces: Option<Digest>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of joint supply.
    upcast upcast;
    /// Use was reported.
    "plan.use_reported" v 1 UseReported(UseReport, Nothing);
    /// A target was set.
    "plan.target_set" v 1 TargetSet(TargetSet, Nothing);
    /// A proposal was accepted.
    "plan.accepted" v 1 Accepted(AcceptedMove, Said);
    /// An arc was closed.
    "plan.refused" v 1 Refused(Refused, Nothing);
    /// An arc was opened again.
    "plan.reopened" v 1 Reopened(Reopened, Nothing);
    /// A week of a call-up plan was adopted.
    "plan.callup_adopted" v 1 CallUpAdopted(AdoptedWeek, DrawnWeek);
    /// It was taken back.
    "plan.callup_withdrawn" v 1 CallUpWithdrawn(CallUpWithdrawn, WithdrawnWhy);
    /// Donors were counted for other regions.
    "plan.strata_told" v 1 StrataTold(StrataTold, Nothing);
    /// In which regions patients live.
    "plan.homes_stated" v 1 HomesStated(HomeReport, Nothing);
    /// A campaign for new donors.
    "plan.campaign_recorded" v 1 CampaignRecorded(CampaignSaid, Nothing);
    /// What came of it.
    "plan.campaign_counted" v 1 CampaignCounted(CampaignCount, Nothing);
}

impl Event {
    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::UseReported(report, _) => report.sites().into_iter().map(Subject::site).collect(),
            Self::TargetSet(set, _) => vec![Subject::site(&set.site)],
            Self::CallUpAdopted(_, Private::Here(drawn)) => {
                let donors = drawn.lines.iter().flat_map(|line| &line.donors);
                donors.map(Subject::donor).collect()
            }
            Self::CallUpAdopted(..) | Self::CallUpWithdrawn(..) | Self::StrataTold(..) => {
                Vec::new()
            }
            Self::CampaignRecorded(..) | Self::CampaignCounted(..) => Vec::new(),
            Self::Accepted(..) | Self::Refused(..) | Self::Reopened(..) | Self::HomesStated(..) => {
                Vec::new()
            }
        }
    }
}
