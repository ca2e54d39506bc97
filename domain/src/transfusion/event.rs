//! What can have happened to requests. For whom stays in the region.

use serde::{Deserialize, Serialize};

use super::command::{Back, Deciding};
use super::gate::Route;
use super::model::{
    Bag, Bedside, BedsideReason, Category, Course, Crossmatch, Discrepancy, Ended, ExceptionRule,
    Freshness, Imputability, Paper, Reaction, ReactionId, Request,
};
use crate::blood::model::{Antibodies, UnitId};
use crate::blood::rules::compatible::Place;
use crate::words::{
    DecodeError, Digest, Known, Nothing, PatientId, Private, RequestId, SiteId, Subject, Time,
    events,
};

/// A ward asked for blood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// The request.
    pub id: RequestId,
    /// What is asked for.
    pub request: Request,
    /// A massive transfusion's packages.
    pub course: Option<Course>,
}

/// A request was taken back, packages were called off, or discrepancies were dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The request.
    pub id: RequestId,
    /// For whom, so that the patient's page finds it.
    pub patient: Option<PatientId>,
    /// Why, or what was done.
    pub reason: String,
}

/// Units were set aside for a request, with what was known then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocated {
    /// The request.
    pub id: RequestId,
    /// For whom.
    pub patient: Option<PatientId>,
    /// The units.
    pub units: Vec<UnitId>,
    /// The antibodies known then.
    pub antibodies: Known<Antibodies>,
    /// The rule set that they were held against.
    pub rule_set: Digest,
    /// What was asked for and why each unit, where the record picked them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picked: Option<Picked>,
}

/// How units were picked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picked {
    /// How many were asked for.
    pub asked: u16,
    /// How many at least.
    pub at_least: u16,
    /// At which site they were looked for.
    pub site: SiteId,
    /// Why each has its place, best first.
    pub why: Vec<Why>,
}

/// Why a unit has its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The unit.
    pub unit: UnitId,
    /// Its group's place in the order, from 1.
    pub place: u8,
    /// Why its group has that place.
    pub reason: Place,
    /// The rule that orders the groups.
    pub rule: String,
    /// Where that rule comes from.
    pub source: String,
    /// How old it is, where the recipient needs a fresh one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freshness: Option<Freshness>,
    /// When it expires: within its place the next to expire came first, or the last where fresh
    /// ones are needed.
    pub expiry: Time,
}

/// A crossmatch was read, or confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crossmatched {
    /// The request.
    pub id: RequestId,
    /// For whom.
    pub patient: Option<PatientId>,
    /// The unit.
    pub unit: UnitId,
    /// What was read, by whom.
    pub crossmatch: Crossmatch,
}

/// A physician decided against a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The request.
    pub id: RequestId,
    /// For whom.
    pub patient: Option<PatientId>,
    /// What was decided.
    pub decision: Deciding,
}

/// How one unit passed the gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passed {
    /// The unit.
    pub unit: UnitId,
    /// What it is.
    pub bag: Bag,
    /// By which way.
    pub route: Route,
    /// The physicians' decisions that it rests on.
    pub excepted: Vec<ExceptionRule>,
    /// What was not awaited, by rule.
    pub not_awaited: Vec<String>,
}

/// Units were handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenOut {
    /// The request.
    pub id: RequestId,
    /// For whom.
    pub patient: Option<PatientId>,
    /// To which ward.
    pub ward: String,
    /// Who fetched them.
    pub fetched_by: String,
    /// The units, and how each passed.
    pub units: Vec<Passed>,
    /// The antibodies known then.
    pub antibodies: Known<Antibodies>,
    /// Whether it must be gone through afterwards.
    pub to_reconcile: bool,
    /// The rule set that they were held against.
    pub rule_set: Digest,
}

/// What was handed out in an emergency, or on paper, was gone through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// The request.
    pub id: RequestId,
    /// Who it is.
    pub patient: PatientId,
    /// What did not agree.
    pub found: Vec<Discrepancy>,
    /// The rule set that it was held against.
    pub rule_set: Option<Digest>,
}

/// A unit was looked at beside a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// The request it was handed out for, if it was.
    pub id: Option<RequestId>,
    /// The patient beside whom it was scanned.
    pub patient: Option<PatientId>,
    /// The unit.
    pub unit: UnitId,
    /// What the check said.
    pub said: Bedside,
    /// Why it must not be given.
    pub reasons: Vec<BedsideReason>,
}

/// Units came to their end on a ward.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CameToEnd {
    /// The request they were handed out for, if they were.
    pub id: Option<RequestId>,
    /// The patient.
    pub patient: Option<PatientId>,
    /// The units.
    pub units: Vec<UnitId>,
    /// How.
    pub ended: Ended,
    /// When a transfusion began.
    pub began: Option<Time>,
    /// What the ward said of units that it gave back.
    pub back: Option<Back>,
    /// Why they were wasted.
    pub reason: Option<String>,
    /// What did not agree.
    pub found: Vec<Discrepancy>,
}

/// Nobody said what became of units that were handed out: they count as given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presumed {
    /// The request they were handed out for.
    pub id: RequestId,
    /// For whom.
    pub patient: Option<PatientId>,
    /// The units.
    pub units: Vec<UnitId>,
}

/// A report that belongs to no request was looked into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LooseSettled {
    /// The unit it was about.
    pub unit: UnitId,
    /// When it was found.
    pub found: Time,
    /// What was done.
    pub reason: String,
}

/// A reaction was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reacted {
    /// Its name.
    pub id: ReactionId,
    /// What was seen.
    pub reaction: Reaction,
}

/// A reaction was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Which.
    pub id: ReactionId,
    /// Whose.
    pub patient: PatientId,
    /// Category.
    pub category: Category,
    /// Imputability.
    pub imputability: Imputability,
}

/// A line of paper was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperEntered {
    /// The request that it became.
    pub id: RequestId,
    /// What was asked for, as far as the paper says.
    pub request: Request,
    /// The line.
    pub paper: Paper,
    /// What the unit is; none if it is not known here.
    pub bag: Option<Bag>,
    /// What did not agree when it was held against the record.
    pub found: Vec<Discrepancy>,
    /// The rule set that it was held against.
    pub rule_set: Option<Digest>,
}

fn upcast(kind: &str, version: u16, _shared: Option<&str>) -> Result<Option<String>, DecodeError> {
    Err(DecodeError::new(kind, version, "no earlier version of this kind exists"))
}

events! {
    /// Events of transfusions. None of them has a part that leaves the region.
    upcast upcast;
    /// Asked for.
    "transfusion.requested" v 1 Requested(Nothing, Requested);
    /// Taken back.
    "transfusion.cancelled" v 1 Cancelled(Nothing, Closed);
    /// Set aside.
    "transfusion.allocated" v 1 Allocated(Nothing, Allocated);
    /// Crossmatched.
    "transfusion.crossmatched" v 1 Crossmatched(Nothing, Crossmatched);
    /// Decided against a rule.
    "transfusion.exception_decided" v 1 Decided(Nothing, Decided);
    /// Handed out.
    "transfusion.issued" v 1 Issued(Nothing, GivenOut);
    /// Packages were called off.
    "transfusion.packages_stopped" v 1 PackagesStopped(Nothing, Closed);
    /// Gone through afterwards.
    "transfusion.reconciled" v 1 Reconciled(Nothing, Reconciled);
    /// Dealt with.
    "transfusion.discrepancies_settled" v 1 Settled(Nothing, Closed);
    /// Looked at beside a patient.
    "transfusion.bedside_checked" v 1 Checked(Nothing, Checked);
    /// Transfused, back or wasted.
    "transfusion.ended" v 1 Ended(Nothing, CameToEnd);
    /// Counted as given.
    "transfusion.presumed" v 1 Presumed(Nothing, Presumed);
    /// A loose report looked into.
    "transfusion.loose_settled" v 1 LooseSettled(Nothing, LooseSettled);
    /// A reaction.
    "transfusion.reaction_reported" v 1 Reacted(Nothing, Reacted);
    /// Judged.
    "transfusion.reaction_assessed" v 1 Assessed(Nothing, Assessed);
    /// Entered from paper.
    "transfusion.paper_entered" v 1 PaperEntered(Nothing, PaperEntered);
}

/// What an event is about: its request, its patient, its donations.
struct About<'a> {
    request: Option<&'a RequestId>,
    patient: Option<&'a PatientId>,
    units: Vec<UnitId>,
}

fn here<T>(part: &Private<T>) -> Option<&T> {
    part.here()
}

impl Event {
    fn about(&self) -> Option<About<'_>> {
        let about = |request, patient, units| Some(About { request, patient, units });
        match self {
            Self::Requested(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.request.patient.as_ref(), Vec::new())
            }
            Self::Cancelled(_, part) | Self::PackagesStopped(_, part) | Self::Settled(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.patient.as_ref(), Vec::new())
            }
            Self::Allocated(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.patient.as_ref(), one.units.clone())
            }
            Self::Crossmatched(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.patient.as_ref(), vec![one.unit])
            }
            Self::Decided(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.patient.as_ref(), Vec::new())
            }
            Self::Issued(_, part) => {
                let one = here(part)?;
                let units = one.units.iter().map(|passed| passed.unit).collect();
                about(Some(&one.id), one.patient.as_ref(), units)
            }
            _ => self.about_after(),
        }
    }

    /// What comes after units were handed out.
    fn about_after(&self) -> Option<About<'_>> {
        let about = |request, patient, units| Some(About { request, patient, units });
        match self {
            Self::Reconciled(_, part) => {
                let one = here(part)?;
                let units = one.found.iter().map(|found| found.unit).collect();
                about(Some(&one.id), Some(&one.patient), units)
            }
            Self::Checked(_, part) => {
                let one = here(part)?;
                about(one.id.as_ref(), one.patient.as_ref(), vec![one.unit])
            }
            Self::Ended(_, part) => {
                let one = here(part)?;
                about(one.id.as_ref(), one.patient.as_ref(), one.units.clone())
            }
            Self::Presumed(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.patient.as_ref(), one.units.clone())
            }
            Self::LooseSettled(_, part) => about(None, None, vec![here(part)?.unit]),
            Self::Reacted(_, part) => {
                let one = here(part)?;
                about(None, Some(&one.reaction.patient), one.reaction.units.clone())
            }
            Self::Assessed(_, part) => about(None, Some(&here(part)?.patient), Vec::new()),
            Self::PaperEntered(_, part) => {
                let one = here(part)?;
                about(Some(&one.id), one.paper.patient.as_ref(), vec![one.paper.unit])
            }
            _ => None,
        }
    }

    /// What the event is about.
    #[must_use]
    pub fn subjects(&self) -> Vec<Subject> {
        let Some(about) = self.about() else { return Vec::new() };
        let mut donations: Vec<_> = about.units.iter().map(|unit| unit.din).collect();
        donations.sort_unstable();
        donations.dedup();
        let request = about.request.map(Subject::request);
        let patient = about.patient.map(Subject::patient);
        request.into_iter().chain(patient).chain(donations.iter().map(Subject::donation)).collect()
    }
}
