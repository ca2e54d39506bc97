//! Whole blood: cells and plasma must both fit.

use super::cells::cells_harmed;
use super::policy::WholeBloodAbo;
use super::verdict::{GROUP_FIRST, RED_CELLS_ABO, WHOLE_BLOOD_ABO};
use super::{Case, Finding, Outcome};
use crate::blood::model::Abo;
use crate::words::Known;

impl Case<'_> {
    pub(super) fn whole_blood(&mut self) {
        let Some(unit) = self.unit_group() else {
            if self.recipient.group == Known::Unknown {
                self.missing(Finding::no_fact(&GROUP_FIRST, "recipient.group"));
            }
            return;
        };
        match self.recipient.group {
            Known::Value(recipient) if cells_harmed(recipient.abo, unit.abo) => {
                let finding = self.groups(Finding::of(Outcome::Breaks, &RED_CELLS_ABO));
                self.breaks(finding);
            }
            Known::Value(recipient) if recipient.abo == unit.abo => {
                let finding = self.groups(Finding::of(Outcome::Fits, &WHOLE_BLOOD_ABO));
                self.fits(finding);
            }
            Known::Value(_) if unit.abo == Abo::O => self.low_titre_o(),
            Known::Value(_) => {
                let finding = self.groups(Finding::of(Outcome::Breaks, &WHOLE_BLOOD_ABO));
                self.breaks(finding);
            }
            // As red cells, and of a low titre: the recipient may be A or B.
            Known::Unknown => {
                self.red_cells_unknown(unit);
                if unit.abo == Abo::O {
                    self.low_titre_o();
                }
            }
        }
        self.red_cells_rhd(unit);
    }

    /// Group O for somebody who is not O: where the region allows it, says what a low titre is,
    /// and the unit is known to have one.
    fn low_titre_o(&mut self) {
        let policies = self.policies;
        let rule = &policies.whole_blood_abo;
        match rule.value {
            Known::Unknown => self.missing(Finding::no_rule(&WHOLE_BLOOD_ABO, rule.key)),
            Known::Value(WholeBloodAbo::Identical) => {
                let finding = Finding::by(Outcome::Breaks, &WHOLE_BLOOD_ABO, rule);
                self.breaks(self.groups(finding));
            }
            Known::Value(WholeBloodAbo::IdenticalOrLowTitreO) => {
                let limit = &policies.titre_max;
                match limit.value {
                    Known::Unknown => {
                        self.missing(Finding::no_rule(&WHOLE_BLOOD_ABO, limit.key));
                    }
                    Known::Value(most) => {
                        let finding = Finding::by(Outcome::Fits, &WHOLE_BLOOD_ABO, rule);
                        self.low_titre(finding.with("titre_max", most.to_string()));
                    }
                }
            }
        }
    }
}
