//! Who can receive what.
//!
//! Pure: a rule set's policies, a recipient, a unit, and whether it is an emergency. The answer is
//! yes, no or not known; a missing fact or rule makes it not known, and what is not known is never
//! a candidate. ABO-incompatible red cells and RhD-positive cells against anti-D are refused before
//! any region's rule is asked, in every mode.

mod antibodies;
mod cells;
mod ladder;
mod newborn;
mod plasma;
mod platelets;
mod policy;
mod special;
mod verdict;
mod whole;

use serde::{Deserialize, Serialize};

pub use ladder::{Place, Step, ladder};
pub use policy::{
    DPosRedCells, EmergencyPlatelets, EmergencyRedCells, InfantPlasma, InfantRedCells, PlateletAbo,
    Policies, RhdPosOrder, Ruled, UnknownPlasma, WholeBloodAbo,
};
pub use verdict::{CHECKS, Check, Finding, Outcome, Verdict};

use crate::blood::model::{Candidate, Component, Group, Recipient, Rhd};
use crate::rulesets::InForce;
use crate::words::Known;
use verdict::{
    BAS_TEST, CRYOPRECIPITATE, EMERGENCY, EMERGENCY_PREFER, GRANULOCYTES, PHYSICIAN, TWO_SAMPLES,
};

/// Whether there is time for what is always done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// There is.
    #[default]
    Routine,
    /// A life is at stake.
    Emergency,
}

/// Judges one unit for one recipient by a region's rule set, or without any.
#[must_use]
pub fn judge(
    rules: Option<&InForce>,
    component: Component,
    recipient: &Recipient,
    unit: &Candidate,
    urgency: Urgency,
) -> Verdict {
    judge_by(&Policies::of(rules), component, recipient, unit, urgency)
}

/// Judges one unit for one recipient by policies that were read already.
#[must_use]
pub fn judge_by(
    policies: &Policies,
    component: Component,
    recipient: &Recipient,
    unit: &Candidate,
    urgency: Urgency,
) -> Verdict {
    let mut case = Case { policies, component, recipient, unit, urgency, findings: Vec::new() };
    match component {
        Component::RedCells => case.red_cells(),
        Component::Granulocytes => {
            case.red_cells();
            case.advise(Finding::of(Outcome::Advice, &GRANULOCYTES));
        }
        Component::WholeBlood => case.whole_blood(),
        Component::Platelets => case.platelets(),
        Component::Plasma => case.plasma(),
        Component::Cryoprecipitate => {
            case.plasma();
            case.advise(Finding::of(Outcome::Advice, &CRYOPRECIPITATE));
        }
    }
    case.newborn();
    case.antibodies();
    case.k_negative();
    case.requirements();
    case.general_conditions();
    case.no_physician_beyond_rhd();
    Verdict::of(case.findings)
}

/// One judgement on its way.
struct Case<'a> {
    policies: &'a Policies,
    component: Component,
    recipient: &'a Recipient,
    unit: &'a Candidate,
    urgency: Urgency,
    findings: Vec<Finding>,
}

impl Case<'_> {
    fn fits(&mut self, finding: Finding) {
        self.findings.push(Finding { outcome: Outcome::Fits, ..finding });
    }

    fn breaks(&mut self, finding: Finding) {
        self.findings.push(Finding { outcome: Outcome::Breaks, ..finding });
    }

    fn missing(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn advise(&mut self, finding: Finding) {
        self.findings.push(Finding { outcome: Outcome::Advice, ..finding });
    }

    fn condition(&mut self, finding: Finding) {
        self.missing(Finding { outcome: Outcome::Condition, ..finding });
    }

    fn emergency(&self) -> bool {
        self.urgency == Urgency::Emergency
    }

    /// Whether red cells come with this component in an amount that matters.
    const fn has_red_cells(&self) -> bool {
        matches!(
            self.component,
            Component::RedCells | Component::WholeBlood | Component::Granulocytes
        )
    }

    /// The unit's group; if nobody stated it, that is noted.
    fn unit_group(&mut self) -> Option<Group> {
        let group = self.unit.group.value();
        if group.is_none() {
            self.missing(Finding::no_fact(&verdict::UNIT_GROUP, "unit.group"));
        }
        group
    }

    fn recipient_is(&self, rhd: Rhd) -> bool {
        matches!(self.recipient.group, Known::Value(group) if group.rhd == rhd)
    }

    /// Facts that every ABO and RhD finding names.
    fn groups(&self, finding: Finding) -> Finding {
        let text = |group: Known<Group>| group.value().map_or("unknown", Group::as_str);
        let recipient = text(self.recipient.group);
        finding.with("recipient", recipient).with("donor", text(self.unit.group))
    }

    /// What is always to be done, unless the answer is no already.
    fn general_conditions(&mut self) {
        if self.findings.iter().any(|one| one.outcome == Outcome::Breaks) {
            return;
        }
        if self.emergency() {
            self.condition(Finding::of(Outcome::Condition, &EMERGENCY));
            self.emergency_preferences();
            return;
        }
        if self.has_red_cells() {
            let days = &self.policies.bas_days;
            let finding = match days.value {
                Known::Value(n) => {
                    Finding::by(Outcome::Condition, &BAS_TEST, days).with("days", n.to_string())
                }
                Known::Unknown => Finding::of(Outcome::Condition, &BAS_TEST),
            };
            self.condition(finding);
        }
        if self.recipient.group != Known::Unknown {
            self.condition(Finding::of(Outcome::Condition, &TWO_SAMPLES));
        }
    }

    /// What the region's emergency units should be if possible, and this one is not known to be.
    fn emergency_preferences(&mut self) {
        let rule = &self.policies.emergency_prefer;
        let Known::Value(codes) = &rule.value else { return };
        if !self.has_red_cells() || self.recipient.group != Known::Unknown {
            return;
        }
        let lacking: Vec<_> = codes.iter().filter(|code| !self.is_preferred(code)).collect();
        for code in lacking {
            let finding = Finding::by(Outcome::Advice, &EMERGENCY_PREFER, rule);
            self.findings.push(finding.with("prefer", code.as_str()));
        }
    }

    fn is_preferred(&self, code: &str) -> bool {
        use crate::blood::model::Antigen;
        let negative = |antigen| self.unit.phenotype.get(antigen) == Known::Value(false);
        match code {
            "big_c_neg" => negative(Antigen::BigC),
            "big_e_neg" => negative(Antigen::BigE),
            "k_neg" => negative(Antigen::BigK),
            "d_neg" => self.unit.group.map(|group| group.rhd) == Known::Value(Rhd::Negative),
            _ => policy::preferred_attribute(code)
                .is_some_and(|attribute| self.unit.attributes.has(attribute)),
        }
    }

    /// A physician may decide about RhD alone: where anything else breaks, none is named.
    fn no_physician_beyond_rhd(&mut self) {
        let rhd = [verdict::RED_CELLS_RHD.code, verdict::PLATELETS_RHD.code];
        let other = |one: &Finding| one.outcome == Outcome::Breaks && !rhd.contains(&one.check);
        if self.findings.iter().any(other) {
            self.findings.retain(|one| one.check != PHYSICIAN.code);
        }
    }

    /// A physician may decide otherwise; the answer stays no until one has.
    fn physician<T>(&mut self, rule: &Ruled<T>) {
        self.condition(Finding::by(Outcome::Condition, &PHYSICIAN, rule));
    }
}
