//! What is told and asked of incidents.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::incident::Found;
use crate::app::incident::after::Measured;
use crate::app::incident::duties::Row;
use crate::app::incident::indicators::Shown;

/// An incident in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentLine {
    /// The region whose it is.
    pub region: String,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// How far it has come.
    pub stage: String,
    /// What comes next.
    pub next: String,
    /// Whose move it is; null where it follows from others' answers.
    pub next_role: Option<String>,
    /// When it was written down.
    pub opened: String,
    /// Recipients of its alarms who have not answered in full.
    pub open: usize,
}

impl From<&Found<'_>> for IncidentLine {
    fn from(found: &Found<'_>) -> Self {
        let next = found.next();
        Self {
            region: found.journal.id.to_string(),
            id: found.id.to_string(),
            title: found.held.report.title.clone(),
            stage: found.held.stage.as_str().to_owned(),
            next: next.step.to_owned(),
            next_role: next.role.map(|role| role.as_str().to_owned()),
            opened: found.opened().to_string(),
            open: found.open().len(),
        }
    }
}

/// When a stage was reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentStage {
    /// Which.
    pub stage: String,
    /// When.
    pub at: String,
}

/// An indicator as it stands, in thousandths of its unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentIndicator {
    /// Which.
    pub name: String,
    /// What it speaks for: `triage` or `rationing`.
    pub measure: String,
    /// Its value; null is unknown.
    pub value: Option<i64>,
    /// Its threshold; null where nobody can tell it.
    pub threshold: Option<i64>,
    /// Whether it speaks for the measure; null is unknown.
    pub passed: Option<bool>,
    /// When it was so; null is unknown.
    pub at: Option<String>,
    /// Whether the region's rules state the threshold.
    pub by_rule: bool,
}

/// A decision on a measure.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentMeasure {
    /// `triage` or `rationing`.
    pub measure: String,
    /// What is rationed; null for triage.
    pub resource: Option<String>,
    /// On what grounds.
    pub basis: String,
    /// How many have to sign it.
    pub deciders: u8,
    /// How many have.
    pub signed: usize,
    /// Since when it holds; null while it does not.
    pub since: Option<String>,
    /// When it is looked at again; null once it ended.
    pub review: Option<String>,
    /// When it ended; null while it has not.
    pub ended: Option<String>,
}

/// What a region does afterwards.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentDuty {
    /// What.
    pub what: String,
    /// Whose.
    pub region: String,
    /// By when.
    pub due: String,
    /// What was lacking; null where nobody has said.
    pub gap: Option<String>,
    /// What it costs in whole kronor; null is unknown.
    pub cost: Option<u64>,
    /// The function in that region that answers for it; null where nobody is named.
    pub owner: Option<String>,
    /// `open`, `late`, `done` or `dropped`.
    pub state: String,
    /// What its region last said; null if nothing.
    pub proof: Option<String>,
}

/// An incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentPage {
    /// How it stands.
    #[serde(flatten)]
    pub line: IncidentLine,
    /// When each stage was reached.
    pub reached: Vec<IncidentStage>,
    /// Its alarms.
    pub alarms: Vec<String>,
    /// What speaks for a measure.
    pub indicators: Vec<IncidentIndicator>,
    /// What was decided.
    pub measures: Vec<IncidentMeasure>,
    /// What regions do afterwards.
    pub duties: Vec<IncidentDuty>,
}

impl IncidentPage {
    /// An incident with its indicators and duties.
    #[must_use]
    pub fn of(found: &Found<'_>, shown: &[Shown], duties: &[Row<'_>]) -> Self {
        let reached = found.held.reached.iter().map(|(stage, at)| IncidentStage {
            stage: stage.as_str().to_owned(),
            at: at.to_string(),
        });
        let measures = found.held.taken.iter().map(|taken| IncidentMeasure {
            measure: taken.resolution.measure.as_str().to_owned(),
            resource: taken.resolution.resource.clone(),
            basis: taken.resolution.basis.clone(),
            deciders: taken.deciders,
            signed: taken.signed.len(),
            since: taken.since().map(|at| at.to_string()),
            review: taken.review.map(|at| at.to_string()),
            ended: taken.ended.map(|at| at.to_string()),
        });
        Self {
            line: IncidentLine::from(found),
            reached: reached.collect(),
            alarms: found.held.alarms.iter().map(ToString::to_string).collect(),
            indicators: shown.iter().map(IncidentIndicator::from).collect(),
            measures: measures.collect(),
            duties: duties.iter().map(IncidentDuty::from).collect(),
        }
    }
}

impl From<&Shown> for IncidentIndicator {
    fn from(one: &Shown) -> Self {
        let what = &one.indicator;
        let unknown = what.threshold == 0 && what.value.value().is_none();
        Self {
            name: what.name.clone(),
            measure: one.measure.as_str().to_owned(),
            value: what.value.value(),
            threshold: (!unknown).then_some(what.threshold),
            passed: what.passed.value(),
            at: what.at.value().map(|at| at.to_string()),
            by_rule: one.by_rule,
        }
    }
}

impl From<&Row<'_>> for IncidentDuty {
    fn from(row: &Row<'_>) -> Self {
        Self {
            what: row.assigned.duty.what.clone(),
            region: row.assigned.duty.region.to_string(),
            due: row.assigned.duty.due.to_string(),
            gap: row.assigned.duty.gap.clone(),
            cost: row.assigned.duty.cost,
            owner: row.assigned.duty.owner.clone(),
            state: row.state.as_str().to_owned(),
            proof: row.said.map(|said| said.what.proof.clone()),
        }
    }
}

/// A measured time.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentTime {
    /// What.
    pub what: String,
    /// Whose; null for the incident's own course.
    pub region: Option<String>,
    /// Seconds; null is unknown or has not happened.
    pub seconds: Option<i64>,
    /// Seconds that were given; null without a clock.
    pub within: Option<u32>,
    /// Whether it was in time; null without a clock, or while it has not happened.
    pub in_time: Option<bool>,
}

impl From<&Measured> for IncidentTime {
    fn from(one: &Measured) -> Self {
        Self {
            what: one.what.to_owned(),
            region: one.region.as_ref().map(ToString::to_string),
            seconds: one.seconds.value(),
            within: one.within,
            in_time: one.in_time(),
        }
    }
}

/// What became known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIncidentNote {
    /// What.
    pub text: String,
    /// From whom.
    pub source: String,
}

/// A mode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCareMode {
    /// Of which hospital; left out for the region.
    pub site: Option<String>,
    /// `normal`, `staff`, `reinforced` or `catastrophe`.
    pub mode: String,
    /// On what grounds.
    pub basis: String,
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeasure {
    /// `triage` or `rationing`.
    pub measure: String,
    /// `scene`, `region`, or a site.
    pub scope: String,
    /// What is rationed.
    pub resource: Option<String>,
    /// On what grounds.
    pub basis: String,
    /// When it is looked at again.
    pub review: String,
}

/// What becomes of a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedMeasure {
    /// `second`, `extend` or `lift`.
    pub change: String,
    /// On what grounds; a signature needs none.
    pub basis: Option<String>,
    /// When it is looked at again, if it goes on.
    pub review: Option<String>,
}

/// How it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIncidentEnd {
    /// `stand_down` or `close`.
    pub step: String,
    /// On what grounds, or what is said of it at the end.
    pub text: String,
}

/// A duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewIncidentDuty)]
pub struct NewDuty {
    /// What.
    pub what: String,
    /// Whose.
    pub region: String,
    /// By when.
    pub due: String,
    /// What was lacking.
    pub gap: Option<String>,
    /// What it costs in whole kronor; left out where nobody knows.
    pub cost: Option<u64>,
    /// The function in that region that answers for it.
    pub owner: Option<String>,
}

/// How far a duty has come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDutyReport {
    /// Whether it is done.
    pub done: bool,
    /// What shows it.
    pub proof: String,
}

/// By which alarm the stock is owed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStockWord {
    /// The alarm.
    pub alarm: String,
}
