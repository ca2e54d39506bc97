//! Infants: O red cells, AB plasma, nothing that the mother's antibodies hit.

use super::policy::InfantRedCells;
use super::verdict::{INFANT, MOTHER};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Abo, AgeKnown, Component, Group, Rhd};
use crate::words::Known;

impl Case<'_> {
    /// Whether the recipient is an infant by the region's limit. Where there is none, everybody
    /// past the first year is not.
    pub(super) fn is_infant(&self) -> Known<bool> {
        match self.policies.infant_months.value {
            Known::Value(months) => self.recipient.age.under_months(months),
            Known::Unknown => match self.recipient.age.under_months(AgeKnown::INFANCY_MONTHS) {
                Known::Value(false) => Known::Value(false),
                Known::Value(true) | Known::Unknown => Known::Unknown,
            },
        }
    }

    pub(super) fn newborn(&mut self) {
        let infant = self.is_infant();
        let Known::Value(unit) = self.unit.group else { return };
        let cells = self.has_red_cells();
        let plasma = matches!(
            self.component,
            Component::Plasma | Component::WholeBlood | Component::Cryoprecipitate
        );
        if infant == Known::Value(false) || !(cells || plasma) {
            return;
        }
        let limit = &self.policies.infant_months;
        if limit.value == Known::Unknown {
            self.missing(Finding::no_rule(&INFANT, limit.key));
        }
        let before = self.findings.len();
        if cells {
            self.infant_cells(unit);
            self.mothers_antibodies();
        }
        if plasma {
            self.infant_plasma(unit);
        }
        if infant == Known::Unknown {
            self.only_if_infant(before);
        }
    }

    fn infant_cells(&mut self, unit: Group) {
        let rule = &self.policies.infant_red_cells;
        let fits = match rule.value {
            Known::Value(InfantRedCells::O) => unit.abo == Abo::O,
            Known::Value(InfantRedCells::ONeg) => unit == Group::new(Abo::O, Rhd::Negative),
            Known::Unknown => {
                self.missing(Finding::no_rule(&INFANT, rule.key));
                return;
            }
        };
        let outcome = if fits { Outcome::Fits } else { Outcome::Breaks };
        let finding = self.groups(Finding::by(outcome, &INFANT, rule));
        self.findings.push(finding);
    }

    fn infant_plasma(&mut self, unit: Group) {
        let rule = &self.policies.infant_plasma;
        if rule.value == Known::Unknown {
            self.missing(Finding::no_rule(&INFANT, rule.key));
            return;
        }
        let outcome = if unit.abo == Abo::Ab { Outcome::Fits } else { Outcome::Breaks };
        let finding = self.groups(Finding::by(outcome, &INFANT, rule));
        self.findings.push(finding);
    }

    fn mothers_antibodies(&mut self) {
        match self.recipient.mother {
            Known::Value(antibodies) => self.lacks(antibodies.significant(), &MOTHER),
            // Life first: the mother's sample follows.
            Known::Unknown if self.emergency() => {
                self.condition(Finding::of(Outcome::Condition, &MOTHER));
            }
            Known::Unknown => self.missing(Finding::no_fact(&MOTHER, "mother.antibodies")),
        }
    }

    /// What was found as if the recipient were an infant, when nobody knows: what would not fit
    /// an infant waits for the age.
    fn only_if_infant(&mut self, before: usize) {
        let found = self.findings.split_off(before);
        let fits = |one: &Finding| matches!(one.outcome, Outcome::Fits | Outcome::Condition);
        let limit = self.policies.infant_months.value != Known::Unknown;
        if limit && !found.iter().all(fits) {
            self.missing(Finding::no_fact(&INFANT, "recipient.age"));
        }
    }
}
