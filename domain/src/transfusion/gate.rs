//! The gate that every unit passes on its way to a patient: ten rules (EI-1 to EI-10), and
//! compatibility's own verdict. Pure; it is asked when a unit is set aside, and again when it is
//! handed out.
//!
//! If all ten hold, the unit goes by electronic issue. What a crossmatch remedies, a compatible
//! one remedies; what two physicians may decide, they decide on record. ABO, the unit's own tests
//! and an antibody posted after the reservation give way to nothing.

mod checks;
mod verdict;

use super::model::{Crossmatch, Estimate, ExceptionRule, Match, Urgency};
use crate::blood::model::{
    Antibodies, Candidate, Component, Recipient, Requirements, Unit, UnitId,
};
use crate::blood::rules::compatible::{Finding, Policies, Verdict as Fit, judge_by};
use crate::kernel::model::plain_enum;
use crate::patients::view::Serology;
use crate::rulesets::{InForce, key};
use crate::words::{Day, Known, Time};

pub(super) use checks::cells_harm;
pub use checks::{Check, Ei, Held};
pub use verdict::{Block, Verdict};

plain_enum! {
    /// By which way a unit goes to a patient.
    Route {
        /// All ten rules hold: the computer is enough.
        Electronic = "electronic",
        /// A compatible crossmatch stands beside them.
        Crossmatched = "crossmatched",
        /// The component needs no compatibility test, and the patient is grouped.
        Grouped = "grouped",
        /// A life is at stake; what was not awaited follows.
        Emergency = "emergency",
        /// Two physicians decided.
        Excepted = "excepted",
        /// Entered from paper afterwards.
        Paper = "paper",
    }
}

/// Everything that the gate is told.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// What is known of the patient; none for somebody nobody can name.
    pub patient: Option<&'a Serology>,
    /// What can be seen of somebody who is not named.
    pub estimate: Estimate,
    /// What is required of every unit beyond what is known of the patient.
    pub requirements: Requirements,
    /// How soon.
    pub urgency: Urgency,
    /// Which unit.
    pub id: UnitId,
    /// The unit.
    pub unit: &'a Unit,
    /// Which donor test the rules ask for is missing or not negative; none if all are there.
    pub lacking: Option<&'a str>,
    /// Whether its donation is withdrawn.
    pub withdrawn: bool,
    /// Its crossmatch for this request.
    pub crossmatch: Option<&'a Crossmatch>,
    /// The antibodies known when it was set aside or crossmatched last; none if it never was.
    pub known_then: Option<Known<Antibodies>>,
    /// Whether something of this patient's waits to be gone through after an emergency or paper.
    pub unreconciled: bool,
    /// Rules that two physicians decided against.
    pub exceptions: &'a [ExceptionRule],
    /// The region's rules.
    pub rules: &'a InForce,
    /// Now.
    pub now: Time,
}

/// What compatibility is asked about, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) recipient: Recipient,
    /// Whether it was judged as for somebody of whom nothing is certain.
    pub(super) as_unknown: bool,
}

impl Case<'_> {
    /// Which component the unit is.
    #[must_use]
    pub const fn component(&self) -> Component {
        self.unit.component()
    }

    fn excepts(&self, rule: ExceptionRule) -> bool {
        self.exceptions.contains(&rule)
    }

    /// Whether compatibility is tested at all: the rules name the components that need no test.
    fn needs_test(&self) -> bool {
        let listed = self.rules.list(key::BAS_NOT_REQUIRED_FOR);
        !listed.is_ok_and(|all| all.iter().any(|one| one == self.component().as_str()))
    }

    /// Somebody so young that the rules ask for no test of their own.
    fn too_young_to_test(&self) -> bool {
        let Some(patient) = self.patient else { return false };
        let limit = self.rules.months(key::INFANT_NO_TEST_MONTHS).ok();
        limit.is_some_and(|months| patient.recipient.age.under_months(months) == Known::Value(true))
    }

    /// Whether tests are not awaited: by urgency, or because two physicians decided.
    fn awaits_nothing(&self) -> bool {
        self.urgency.is_emergency() || self.excepts(ExceptionRule::MissingTests)
    }

    /// Whom compatibility is asked about: whoever's group is not certain is judged as somebody of
    /// unknown group, and so gets what everybody can have.
    fn asked(&self, checks: &[Check]) -> Asked {
        let Some(patient) = self.patient else {
            let requirements = self.requirements;
            let recipient = Recipient { requirements, ..self.estimate.recipient() };
            return Asked { recipient, as_unknown: true };
        };
        let mut recipient = patient.recipient;
        for one in self.requirements.iter() {
            recipient.requirements = recipient.requirements.with(one);
        }
        let doubtful = [Ei::TwoGroups, Ei::Captured, Ei::Agrees];
        let as_unknown = patient.transplant_unsettled
            || checks.iter().any(|one| doubtful.contains(&one.rule) && one.held != Held::Holds);
        if as_unknown && self.awaits_nothing() && !self.too_young_to_test() {
            recipient.group = Known::Unknown;
        }
        Asked { recipient, as_unknown: recipient.group == Known::Unknown }
    }

    /// The crossmatch that counts: compatible, recent enough, and read by two where rules want
    /// two.
    fn crossmatched(&self) -> Result<(), &'static str> {
        let done = self.crossmatch.ok_or("none")?;
        if done.result == Match::Incompatible {
            return Err("incompatible");
        }
        let days = self.rules.days(key::MG_VALIDITY_DAYS).map_err(|_| "rule:mg.validity_days")?;
        // The sampling day is the first of them.
        let until = Day::of(done.taken).plus_days(days).starts();
        if self.now >= until {
            return Err("too_old");
        }
        let two = self.rules.flag(key::MG_SECOND_PERSON).map_err(|_| "rule:mg.second_person")?;
        if two && done.second.is_none() {
            return Err("second_person");
        }
        Ok(())
    }

    /// Judges compatibility.
    fn fit(&self, asked: &Asked) -> Fit {
        let urgency = if self.awaits_nothing() {
            Urgency::Emergency.compatible()
        } else {
            Urgency::Routine.compatible()
        };
        let policies = Policies::of(Some(self.rules));
        judge_by(
            &policies,
            self.component(),
            &asked.recipient,
            &Candidate::from(self.unit),
            urgency,
        )
    }
}

/// Which exception a finding of compatibility gives way to; none gives way to nothing.
fn gives_way(fit: &Fit, finding: &Finding) -> Option<ExceptionRule> {
    use crate::blood::rules::compatible::Outcome;
    Some(match finding.check {
        // Only where the region lets a physician decide at all.
        "red_cells.rhd" | "platelets.rhd" => {
            let may = fit.conditions().any(|one| one.check == "physician");
            return may.then_some(ExceptionRule::DPositive);
        }
        "antibodies.significant" | "infant.mother" => ExceptionRule::Antigen,
        "requirement" | "requirement.cmv" | "requirement.hpa" | "k_negative" => {
            ExceptionRule::Requirement
        }
        "recipient.antibodies"
        | "recipient.group"
        | "red_cells.unknown_group"
        | "plasma.unknown_group"
            if finding.outcome == Outcome::Missing =>
        {
            ExceptionRule::MissingTests
        }
        _ => return None,
    })
}

/// Asks the gate.
#[must_use]
pub fn gate(case: &Case<'_>) -> Verdict {
    let checks = checks::all(case);
    let asked = case.asked(&checks);
    let fit = case.fit(&asked);
    verdict::of(case, checks, &asked, fit)
}
