//! Antibodies: what was ever found counts for life.

use super::cells::Within;
use super::verdict::{
    ANTIBODY, ANTIBODY_HISTORY, ANTIBODY_INSIGNIFICANT, Check, EMERGENCY_UNSCREENED, K_NEGATIVE,
    MG_TEST, RH_MATCHED,
};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Antibodies, Antigen, Antigens, Component, Sex};
use crate::words::Known;

/// Antigens of the Rh system.
const RH: [Antigen; 6] =
    [Antigen::D, Antigen::BigC, Antigen::SmallC, Antigen::BigE, Antigen::SmallE, Antigen::Cw];

impl Case<'_> {
    pub(super) fn antibodies(&mut self) {
        if !self.has_red_cells() {
            return;
        }
        let found = match self.recipient.antibodies {
            Known::Value(found) => found,
            Known::Unknown if self.emergency() => {
                self.condition(Finding::of(Outcome::Condition, &EMERGENCY_UNSCREENED));
                return;
            }
            Known::Unknown => {
                self.missing(Finding::no_fact(&ANTIBODY_HISTORY, "recipient.antibodies"));
                return;
            }
        };
        self.lacks(found.significant(), &ANTIBODY);
        for antigen in found.insignificant().iter().filter(|one| *one != Antigen::D) {
            let finding = Finding::of(Outcome::Advice, &ANTIBODY_INSIGNIFICANT);
            self.findings.push(finding.with("antigen", antigen.as_str()));
        }
        if !found.is_empty() {
            self.crossmatch();
            self.rh_matched(found);
        }
    }

    /// The unit must be tested, and tested negative, for every one of these. D was judged by the
    /// group.
    pub(super) fn lacks(&mut self, antigens: Antigens, check: &'static Check) {
        for antigen in antigens.iter().filter(|one| *one != Antigen::D) {
            let finding = Finding::of(Outcome::Fits, check).with("antigen", antigen.as_str());
            match self.unit.phenotype.get(antigen) {
                Known::Value(false) => self.fits(finding),
                Known::Value(true) => self.breaks(finding),
                Known::Unknown => {
                    let missing = finding.with("missing", format!("unit.antigen.{antigen}"));
                    self.missing(Finding { outcome: Outcome::Missing, ..missing });
                }
            }
        }
    }

    fn crossmatch(&mut self) {
        let days = &self.policies.mg_days;
        let finding = match days.value {
            Known::Value(n) => {
                Finding::by(Outcome::Condition, &MG_TEST, days).with("days", n.to_string())
            }
            Known::Unknown => Finding::of(Outcome::Condition, &MG_TEST),
        };
        self.condition(finding);
    }

    /// Better are units without the Rh antigens that the recipient lacks too.
    fn rh_matched(&mut self, found: Antibodies) {
        let all = found.significant().or(found.insignificant());
        if !RH.iter().any(|antigen| all.has(*antigen)) {
            return;
        }
        let lacks = |antigen: &Antigen| {
            self.recipient.phenotype.get(*antigen) == Known::Value(false)
                && self.unit.phenotype.get(*antigen) != Known::Value(false)
        };
        let differ: Vec<_> = RH[1..].iter().copied().filter(lacks).collect();
        if self.recipient.phenotype.is_empty() || !differ.is_empty() {
            let names: Vec<_> = differ.iter().map(|antigen| antigen.as_str()).collect();
            let finding = Finding::of(Outcome::Advice, &RH_MATCHED);
            self.advise(finding.with("differ", names.join(" ")));
        }
    }

    /// Girls and women within the region's limit get K-negative red cells, except whoever is
    /// K-positive. In an emergency it is a wish.
    pub(super) fn k_negative(&mut self) {
        let cells = matches!(self.component, Component::RedCells | Component::WholeBlood);
        let negative = self.unit.phenotype.get(Antigen::BigK) == Known::Value(false);
        let own = self.recipient.phenotype.get(Antigen::BigK) == Known::Value(true);
        if !cells || negative || own || self.recipient.sex == Known::Value(Sex::Male) {
            return;
        }
        let rule = &self.policies.k_neg_female;
        if rule.value == Known::Unknown {
            // Not a rule everywhere: where nobody stated it, it is said and not held against it.
            self.advise(Finding::of(Outcome::Advice, &K_NEGATIVE));
            return;
        }
        let within = self.within((rule, rule));
        if matches!(within, Within::No) {
            return;
        }
        if self.emergency() {
            self.advise(Finding::by(Outcome::Advice, &K_NEGATIVE, rule));
            return;
        }
        let finding = Finding::by(Outcome::Breaks, &K_NEGATIVE, rule).with("antigen", "K");
        let present = self.unit.phenotype.get(Antigen::BigK) == Known::Value(true);
        let sex = self.recipient.sex != Known::Unknown;
        match within {
            Within::Yes(_) if present && sex => self.breaks(finding),
            Within::Yes(_) if sex => {
                let missing = finding.with("missing", "unit.antigen.K");
                self.missing(Finding { outcome: Outcome::Missing, ..missing });
            }
            Within::Yes(_) => self.missing(Finding::no_fact(&K_NEGATIVE, "recipient.sex")),
            Within::Unknown(finding) => self.missing(finding),
            Within::No => {}
        }
    }
}
