//! What can be asked about transfusions.

use serde::{Deserialize, Serialize};

use super::model::{
    Capacity, Category, ExceptionRule, Imputability, Match, Paper, Reaction, ReactionId, Request,
    Temperature,
};
use crate::blood::model::{Component, UnitId};
use crate::words::{Known, PatientId, RequestId, SiteId, Time};

/// A physician's decision against a rule, as it is put on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    /// Against which rule.
    pub rule: ExceptionRule,
    /// In which capacity.
    pub capacity: Capacity,
    /// The physician's name.
    pub physician: String,
    /// Why.
    pub reason: String,
    /// Until when it holds.
    pub until: Time,
}

/// A crossmatch as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossmatched {
    /// Which unit.
    pub unit: UnitId,
    /// When the patient's sample was taken.
    pub taken: Time,
    /// What it said.
    pub result: Match,
}

/// What a ward says of units that it gives back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Back {
    /// The units.
    pub units: Vec<UnitId>,
    /// Where they are now.
    pub site: SiteId,
    /// How many minutes outside storage without cooling.
    pub uncooled_minutes: Known<u32>,
    /// How many minutes in a cooled box.
    pub cooled_minutes: Known<u32>,
    /// What the temperature record shows.
    pub temperature: Temperature,
    /// Whether the bag is whole, sealed and looks as it should.
    pub intact: bool,
}

/// Units handed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handing {
    /// For which request.
    pub request: RequestId,
    /// The units.
    pub units: Vec<UnitId>,
    /// Who fetches them.
    pub fetched_by: String,
}

/// A command about transfusions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "do", deny_unknown_fields)]
pub enum Command {
    /// Ask for blood.
    Request {
        /// What is asked for.
        request: Request,
    },
    /// Take a request back; what was set aside for it becomes free.
    Cancel {
        /// Which.
        request: RequestId,
        /// Why.
        reason: String,
    },
    /// Set units aside for a request.
    Reserve {
        /// For which request.
        request: RequestId,
        /// The units.
        units: Vec<UnitId>,
    },
    /// Set the best units aside that lie where the request went: which, the record decides as it
    /// stands when the command is carried out.
    ReserveBest {
        /// For which request.
        request: RequestId,
        /// Which component of a massive transfusion's packages; none for the one asked for.
        #[serde(default)]
        component: Option<Component>,
        /// How many.
        count: u16,
        /// How many at least: if fewer fit, none is set aside.
        at_least: u16,
    },
    /// Report a crossmatch.
    Crossmatch {
        /// For which request.
        request: RequestId,
        /// What was read.
        read: Crossmatched,
    },
    /// Confirm a crossmatch as a second person.
    ConfirmCrossmatch {
        /// For which request.
        request: RequestId,
        /// Which unit.
        unit: UnitId,
    },
    /// Put a physician's decision against a rule on record.
    Decide {
        /// For which request.
        request: RequestId,
        /// What was decided.
        decision: Deciding,
    },
    /// Hand units out.
    Issue {
        /// What, to whom.
        handing: Handing,
    },
    /// Ask for blood in an emergency and hand it out in one step.
    EmergencyIssue {
        /// What is asked for.
        request: Request,
        /// The units.
        units: Vec<UnitId>,
        /// Who fetches them.
        fetched_by: String,
    },
    /// Begin a massive transfusion: packages until it is called off.
    StartPackages {
        /// What is asked for; how many follows from the rules.
        request: Request,
    },
    /// Call a massive transfusion off.
    StopPackages {
        /// Which.
        request: RequestId,
        /// Why.
        reason: String,
    },
    /// Say who somebody is for whom blood was handed out in an emergency, and go through it.
    Reconcile {
        /// Which request.
        request: RequestId,
        /// Who it is; none if the request named somebody.
        patient: Option<PatientId>,
    },
    /// Say what was done about what did not agree.
    SettleDiscrepancies {
        /// Which request.
        request: RequestId,
        /// What was done.
        reason: String,
    },
    /// Report a check beside the patient.
    CheckBedside {
        /// The unit that was scanned.
        unit: UnitId,
        /// The patient, if the wristband names one who is known here.
        patient: Option<PatientId>,
    },
    /// Report a transfusion.
    Transfuse {
        /// Which unit.
        unit: UnitId,
        /// To whom.
        patient: PatientId,
        /// When it began.
        began: Time,
        /// When it ended.
        ended: Known<Time>,
    },
    /// Report units that came back.
    Return {
        /// What the ward says.
        back: Back,
    },
    /// Report units that were neither given nor can be given.
    Waste {
        /// The units.
        units: Vec<UnitId>,
        /// Why.
        reason: String,
    },
    /// What the clock makes due: units of which nobody said what became of them.
    Presume {
        /// The request they were handed out for.
        request: RequestId,
        /// The units.
        units: Vec<UnitId>,
    },
    /// Say what was done about a report that belongs to no request.
    SettleLoose {
        /// The unit it was about.
        unit: UnitId,
        /// When it was found.
        found: Time,
        /// What was done.
        reason: String,
    },
    /// Report a reaction.
    React {
        /// What was seen.
        reaction: Reaction,
    },
    /// Judge a reaction.
    Assess {
        /// Which.
        reaction: ReactionId,
        /// Category.
        category: Category,
        /// Imputability.
        imputability: Imputability,
    },
    /// Enter a line of the reserve routine's paper list.
    EnterPaper {
        /// The line.
        paper: Paper,
        /// At which site it was handed out.
        site: SiteId,
        /// Which component it was.
        component: Component,
    },
}
