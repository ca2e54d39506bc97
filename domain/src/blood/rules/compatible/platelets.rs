//! Platelets: the regions differ, so the ABO rule is theirs.

use super::cells::cells_harmed;
use super::plasma::plasma_harms;
use super::policy::{EmergencyPlatelets, PlateletAbo};
use super::verdict::{ANTIBODY_HISTORY, GROUP_FIRST, PLATELETS_ABO};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Abo, Attribute, Group, Rhd};
use crate::words::Known;

impl Case<'_> {
    pub(super) fn platelets(&mut self) {
        let Some(unit) = self.unit_group() else { return };
        match self.recipient.group {
            Known::Value(recipient) => self.platelets_abo(recipient, unit),
            Known::Unknown => self.platelets_unknown(unit),
        }
        if unit.rhd == Rhd::Positive && !self.recipient_is(Rhd::Positive) && !self.breaks_anti_d() {
            self.platelets_d_positive();
        }
    }

    /// Platelets carry no D, the few red cells among them do.
    fn platelets_d_positive(&mut self) {
        if self.recipient.antibodies == Known::Unknown && !self.emergency() {
            self.missing(Finding::no_fact(&ANTIBODY_HISTORY, "recipient.antibodies"));
        }
        let policies = self.policies;
        self.d_positive_by_age((&policies.d_pos_platelets_female, &policies.d_pos_platelets_male));
    }

    fn platelets_abo(&mut self, recipient: Group, unit: Group) {
        let policies = self.policies;
        let rule = &policies.platelets_abo;
        let Known::Value(policy) = rule.value else {
            // Where every policy allows it, the answer does not wait for the region's choice.
            let allowed =
                |policy| self.platelets_under(policy, recipient.abo, unit.abo) == Outcome::Fits;
            if PlateletAbo::ALL.iter().all(|policy| allowed(*policy)) {
                let finding = self.groups(Finding::of(Outcome::Fits, &PLATELETS_ABO));
                self.fits(finding);
            } else {
                self.missing(Finding::no_rule(&PLATELETS_ABO, rule.key));
            }
            return;
        };
        let outcome = self.platelets_under(policy, recipient.abo, unit.abo);
        let finding = Finding::by(outcome, &PLATELETS_ABO, rule).with("policy", policy.as_str());
        let finding = self.groups(finding);
        match outcome {
            Outcome::Missing => self.missing(finding.with("missing", "unit.titre")),
            _ => self.findings.push(finding),
        }
    }

    fn platelets_under(&self, policy: PlateletAbo, recipient: Abo, unit: Abo) -> Outcome {
        let has = |attribute| self.unit.attributes.has(attribute);
        match policy {
            PlateletAbo::AsRedCells if cells_harmed(recipient, unit) => Outcome::Breaks,
            PlateletAbo::AsRedCells | PlateletAbo::Any => Outcome::Fits,
            PlateletAbo::AnyLowTitre if !plasma_harms(recipient, unit) => Outcome::Fits,
            PlateletAbo::AnyLowTitre if has(Attribute::HighTitre) => Outcome::Breaks,
            PlateletAbo::AnyLowTitre
                if has(Attribute::LowTitre) || has(Attribute::AdditiveSolution) =>
            {
                Outcome::Fits
            }
            PlateletAbo::AnyLowTitre => Outcome::Missing,
        }
    }

    fn platelets_unknown(&mut self, unit: Group) {
        if !self.emergency() {
            self.missing(Finding::no_fact(&GROUP_FIRST, "recipient.group"));
            return;
        }
        let rule = &self.policies.emergency_platelets;
        let Known::Value(policy) = rule.value else {
            self.missing(Finding::no_rule(&PLATELETS_ABO, rule.key));
            return;
        };
        let allowed = match policy {
            EmergencyPlatelets::O | EmergencyPlatelets::AsRedCells => unit.abo == Abo::O,
            EmergencyPlatelets::Any => true,
        };
        let outcome = if allowed { Outcome::Fits } else { Outcome::Breaks };
        let finding = Finding::by(outcome, &PLATELETS_ABO, rule).with("policy", policy.as_str());
        let finding = self.groups(finding);
        self.findings.push(finding);
    }
}
