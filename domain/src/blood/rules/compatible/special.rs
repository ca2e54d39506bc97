//! What a physician requires of every unit. What is not known to be fulfilled is not fulfilled.

use super::verdict::{CMV, GRANULOCYTES_IRRADIATED, HLA_FOR_RECIPIENT, HPA, REQUIREMENT};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Attribute, Component, Requirement};
use crate::words::Known;

impl Case<'_> {
    pub(super) fn requirements(&mut self) {
        let granulocytes = self.component == Component::Granulocytes;
        if granulocytes {
            let finding = Finding::of(Outcome::Fits, &GRANULOCYTES_IRRADIATED);
            self.fulfilled(self.unit.attributes.has(Attribute::Irradiated), finding, "irradiated");
        }
        for requirement in self.recipient.requirements.iter() {
            let name = requirement.as_str();
            let finding = Finding::of(Outcome::Fits, &REQUIREMENT).with("requirement", name);
            match requirement {
                Requirement::Irradiated if granulocytes || !self.has_living_cells() => {}
                Requirement::Irradiated => {
                    let is = self.unit.attributes.has(Attribute::Irradiated);
                    self.fulfilled(is, finding, name);
                }
                Requirement::CmvSafe if self.has_living_cells() => self.cmv_safe(),
                Requirement::CmvSafe => {}
                Requirement::IgaDeficient => {
                    let is = self.unit.attributes.has(Attribute::IgaDeficient)
                        || (self.component == Component::RedCells && self.unit.washed);
                    self.fulfilled(is, finding, name);
                }
                Requirement::Washed if self.has_living_cells() => {
                    self.fulfilled(self.unit.washed, finding, name);
                }
                Requirement::Washed => {}
                Requirement::HlaMatched => self.hla_matched(finding),
            }
        }
        self.platelet_antigens();
    }

    /// Plasma that was frozen holds no cells that could take root or carry CMV.
    const fn has_living_cells(&self) -> bool {
        !matches!(self.component, Component::Plasma | Component::Cryoprecipitate)
    }

    fn fulfilled(&mut self, is: bool, finding: Finding, name: &str) {
        if is {
            self.fits(finding);
        } else {
            let missing = finding.with("missing", format!("unit.{name}"));
            self.missing(Finding { outcome: Outcome::Missing, ..missing });
        }
    }

    fn cmv_safe(&mut self) {
        let has = |attribute| self.unit.attributes.has(attribute);
        let rule = &self.policies.cmv_leukoreduced;
        if has(Attribute::CmvNegative) {
            self.fits(Finding::of(Outcome::Fits, &CMV));
        } else if has(Attribute::Leukoreduced) {
            match rule.value {
                Known::Value(true) => self.fits(Finding::by(Outcome::Fits, &CMV, rule)),
                Known::Value(false) => self.missing(Finding::no_fact(&CMV, "unit.cmv_negative")),
                Known::Unknown => self.missing(Finding::no_rule(&CMV, rule.key)),
            }
        } else {
            self.missing(Finding::no_fact(&CMV, "unit.cmv_negative"));
        }
    }

    fn hla_matched(&mut self, finding: Finding) {
        if !matches!(self.component, Component::Platelets | Component::Granulocytes) {
            return;
        }
        let is = self.unit.attributes.has(Attribute::HlaMatched);
        self.fulfilled(is, finding, "hla_matched");
        if is {
            self.condition(Finding::of(Outcome::Condition, &HLA_FOR_RECIPIENT));
        }
    }

    fn platelet_antigens(&mut self) {
        if self.component != Component::Platelets {
            return;
        }
        for antigen in self.recipient.hpa.iter() {
            let finding = Finding::of(Outcome::Fits, &HPA).with("antigen", antigen.as_str());
            let is = self.unit.hpa_absent.has(antigen);
            self.fulfilled(is, finding, &format!("hpa.{antigen}"));
        }
    }
}
