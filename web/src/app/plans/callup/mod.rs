//! Whom to invite in the weeks to come, from what the regions' records say.
//!
//! The own region's donors are counted by stratum from its own record. Of other regions the plan
//! knows what they told: counts, rounded, without small ones. What nobody has said is left out by
//! name; what the plan had to assume stands beside it.

mod gather;
mod need;
mod ours;
mod theirs;

use std::collections::BTreeMap;

use samband_domain::donors::model::{Gap, Response, Sex, Stratum};
use samband_domain::plans::model::{CallBasis, CallLine, CallWeek, Pooling};
use samband_domain::words::Day;
use samband_domain::{Digest, JournalId, Refusal, SiteId, Time};
use samband_engine::World;
use samband_planning::callup::report::{Line, Report, report};
use samband_planning::progress::{Progress, Stopped};

pub use gather::gather;
pub use need::{Need, Needed, REFILL, Refill, SURE};

use super::super::jobs::Jobs;

/// Weeks that a plan looks ahead.
pub const WEEKS: usize = 16;
/// Fairness band if nobody says, in thousandths. An assumption.
pub const BAND: u16 = 800;
/// How many of those who are invited come, by how often they came before: assumed, and weighed as
/// [`ASSUMED_WEIGHT`] invitations beside what adopted weeks have shown.
pub const ATTENDANCE: [(Response, f64); 4] = [
    (Response::Often, 0.75),
    (Response::Sometimes, 0.55),
    (Response::Seldom, 0.30),
    (Response::New, 0.35),
];
/// How many of those who come are deferred at the door (haemoglobin, health, travel): assumed.
pub const DEFERRAL: [(Sex, f64); 2] = [(Sex::Female, 0.09), (Sex::Male, 0.05)];
/// Invitations that an assumed share counts as.
pub const ASSUMED_WEIGHT: f64 = 20.0;
/// Weeks in which a donation still serves: a red cell unit keeps six, less handling. Assumed.
pub const KEEPS_WEEKS: usize = 4;
/// Hours of a bus' crew in a week, hours that a stop takes, and weeks between two visits. Assumed.
pub const BUS: (f64, f64, usize) = (35.0, 7.0, 4);

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose need a donation may meet.
    pub pooling: Pooling,
    /// The smallest ratio of donations per donor between two regions, in thousandths; 0 is none.
    pub band: u16,
    /// The part of each region's need to be met, in thousandths; none: in proportion to how many
    /// of its active donors are on record.
    pub need: Option<u16>,
}

/// A question whose answer is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The region that asks.
    pub region: JournalId,
    /// What.
    pub asked: Asked,
    /// The hour: what people do changes the answer.
    hour: i64,
    /// What was adopted and told so far.
    adopted: Digest,
}

/// Plans, made one after the other.
pub type Plans = Jobs<Question, Found>;

impl Question {
    /// What is asked now.
    #[must_use]
    pub fn of(world: &World, region: &JournalId, asked: Asked, now: Time) -> Self {
        let mut facts = String::new();
        for journal in world.journals.values() {
            let plans = &journal.shared().plans;
            for held in plans.call_ups.values() {
                facts.push_str(&held.at.hash.to_string());
            }
            if let Some(told) = &plans.strata {
                facts.push_str(&told.at.hash.to_string());
            }
        }
        let hour = now.0.div_euclid(3_600 * 1_000_000);
        Self { region: region.clone(), asked, hour, adopted: Digest::of(facts.as_bytes()) }
    }
}

/// A region of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionFacts {
    /// Which.
    pub region: JournalId,
    /// Donors that the plan counts with.
    pub donors: u32,
    /// Active donors by its own figure, if it stated one.
    pub active: Option<u64>,
    /// The part of its need that the plan is to meet, in thousandths.
    pub need_permille: u16,
    /// Its whole need, and where that comes from.
    pub need: Needed,
    /// When its donors were counted; none for the own region: now.
    pub counted: Option<Time>,
    /// Kinds of donors whose number was too small to be told.
    pub hidden: u32,
}

/// Why something is not in the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// A region has told nothing of its donors.
    Untold(JournalId),
    /// Nobody knows what a region needs.
    NeedUnknown(JournalId),
    /// A region has no rule in force on how often donors give or are called.
    NoRule(JournalId, Box<Refusal>),
    /// A place never had a session: so many donors usually give there.
    NoSession(JournalId, SiteId, u32),
    /// A region has no session at all.
    NoSessions(JournalId),
    /// Donors of the own region who belong to no stratum.
    Donors(Gap, u32),
}

/// What is known, ready to be planned with.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The question as the planner takes it.
    pub instance: samband_planning::callup::model::Instance,
    /// The own region.
    pub own: JournalId,
    /// The regions in it.
    pub regions: Vec<RegionFacts>,
    /// What is not in it.
    pub left_out: Vec<LeftOut>,
    /// How many come of those invited, as reckoned: assumed and, in part, seen.
    pub attendance: BTreeMap<Response, (f64, u32)>,
    /// How many are deferred at the door, by sex.
    pub deferral: BTreeMap<Sex, f64>,
    /// Places whose capacity in weeks without a session is that of an ordinary week.
    pub usual: Vec<SiteId>,
    /// Weeks adopted already, in which the plan invites nobody more.
    pub adopted: Vec<Day>,
    /// The own region's willing donors whom nobody calls, by group.
    pub silent: [u32; 8],
}

/// A plan, with what it was made from.
#[derive(Clone, Debug)]
pub struct Found {
    /// The plan; none if the own region has nobody to invite or nobody knows what it needs.
    pub report: Option<Report>,
    /// What it was made from.
    pub from: Gathered,
    /// The own region's weeks, as they can be adopted.
    pub weeks: Vec<CallWeek>,
    /// What they rest on.
    pub rests: CallBasis,
}

/// Makes the plan.
///
/// # Errors
/// [`Stopped`] if somebody asked for it.
pub fn plan(
    from: Gathered,
    asked: Asked,
    now: Time,
    progress: &Progress,
) -> Result<Found, Stopped> {
    let basis = Digest::of(format!("{:?}", from.instance).as_bytes());
    let ours = from.regions.iter().any(|one| one.region == from.own && one.donors > 0);
    let report = if ours { Some(report(&from.instance, progress)?) } else { None };
    let near = report.as_ref().map_or(0.0, |report| report.plan.share_of_optimum_at_least);
    let near = (near * 1_000.0).floor().clamp(0.0, 1_000.0);
    let rests = CallBasis {
        pooling: asked.pooling,
        band_permille: (asked.pooling == Pooling::Pooled && asked.band > 0).then_some(asked.band),
        near_permille: near as u16,
        made: now,
        basis,
    };
    let weeks = report.as_ref().map(|report| weeks(&from, report)).unwrap_or_default();
    Ok(Found { report, from, weeks, rests })
}

/// The name of one of the own region's places in a plan.
fn place_id(region: &JournalId, site: &SiteId) -> String {
    format!("{region}/{site}")
}

/// The site of a place, if it is one of a region's.
#[must_use]
pub fn site_of(region: &JournalId, place: &str) -> Option<SiteId> {
    let (of, site) = place.split_once('/')?;
    (of == region.as_str()).then(|| SiteId::new(site).ok()).flatten()
}

fn weeks(from: &Gathered, report: &Report) -> Vec<CallWeek> {
    let mut weeks: BTreeMap<Day, Vec<CallLine>> = BTreeMap::new();
    for line in report.lists.iter().filter(|line| line.region == from.own.as_str()) {
        if let Some(one) = call_line(from, line) {
            weeks.entry(line.week).or_default().push(one);
        }
    }
    weeks.into_iter().map(|(week, lines)| CallWeek { week, lines }).collect()
}

fn call_line(from: &Gathered, line: &Line) -> Option<CallLine> {
    let site = site_of(&from.own, &line.place)?;
    let response = line.response.parse().ok()?;
    let stratum = Stratum { site, group: line.group, sex: line.sex, response };
    let give = 1.0 - from.deferral.get(&line.sex).copied().unwrap_or(0.0);
    let expected_milli = (line.expected * give * 1_000.0).round() as u32;
    Some(CallLine { stratum, invite: line.invite, expected_milli })
}
