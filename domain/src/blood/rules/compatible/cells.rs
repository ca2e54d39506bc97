//! Red cells: what the donor's cells carry against what the recipient's plasma holds.

use super::policy::{DPosRedCells, EmergencyRedCells, Ruled};
use super::verdict::{
    ANTI_D, GROUP_FIRST, RED_CELLS_ABO, RED_CELLS_RHD, RED_CELLS_UNKNOWN, SEX_AND_AGE,
};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Abo, AgeKnown, Antigen, Group, Rhd, Sex};
use crate::rulesets::Age;
use crate::words::Known;

/// Whether donor cells carry A or B that the recipient lacks, and so has antibodies against.
pub(super) const fn cells_harmed(recipient: Abo, donor: Abo) -> bool {
    (donor.has_a() && !recipient.has_a()) || (donor.has_b() && !recipient.has_b())
}

impl Case<'_> {
    pub(super) fn red_cells(&mut self) {
        let Some(unit) = self.unit_group() else {
            // The recipient's group is asked for all the same: both are missing then.
            if self.recipient.group == Known::Unknown {
                self.missing(Finding::no_fact(&GROUP_FIRST, "recipient.group"));
            }
            return;
        };
        match self.recipient.group {
            Known::Value(recipient) => self.red_cells_abo(recipient, unit),
            Known::Unknown => self.red_cells_unknown(unit),
        }
        self.red_cells_rhd(unit);
    }

    /// The one rule that nothing loosens.
    fn red_cells_abo(&mut self, recipient: Group, unit: Group) {
        let finding = self.groups(Finding::of(Outcome::Fits, &RED_CELLS_ABO));
        if cells_harmed(recipient.abo, unit.abo) {
            self.breaks(finding);
        } else {
            self.fits(finding);
        }
    }

    /// An unknown group gets O or nothing; and O only by the region's emergency rule, or by its
    /// rule for infants.
    pub(super) fn red_cells_unknown(&mut self, unit: Group) {
        let finding = self.groups(Finding::of(Outcome::Fits, &RED_CELLS_UNKNOWN));
        if unit.abo != Abo::O {
            self.breaks(finding);
            return;
        }
        let infants = &self.policies.infant_red_cells;
        if self.is_infant() == Known::Value(true) && infants.value != Known::Unknown {
            let finding = Finding::by(Outcome::Fits, &RED_CELLS_UNKNOWN, infants);
            self.fits(self.groups(finding));
            return;
        }
        if !self.emergency() {
            self.missing(Finding::no_fact(&GROUP_FIRST, "recipient.group"));
            return;
        }
        let rule = &self.policies.emergency_red_cells;
        match rule.value {
            Known::Value(_) => {
                let finding = Finding::by(Outcome::Fits, &RED_CELLS_UNKNOWN, rule);
                self.fits(self.groups(finding));
            }
            Known::Unknown => self.missing(Finding::no_rule(&RED_CELLS_UNKNOWN, rule.key)),
        }
    }

    pub(super) fn red_cells_rhd(&mut self, unit: Group) {
        // A laboratory that found D in a unit labelled negative is believed.
        let found = self.unit.phenotype.get(Antigen::D) == Known::Value(true);
        if unit.rhd == Rhd::Negative && !found {
            return;
        }
        if self.breaks_anti_d() || self.recipient_is(Rhd::Positive) {
            return;
        }
        if self.recipient_is(Rhd::Negative) {
            let finding = self.groups(Finding::of(Outcome::Breaks, &RED_CELLS_RHD));
            self.breaks(finding);
            let rule = &self.policies.d_pos_red_cells;
            let may = match rule.value {
                Known::Value(DPosRedCells::Physician) => true,
                Known::Value(DPosRedCells::EmergencyOnly) => self.emergency(),
                Known::Value(DPosRedCells::Never) | Known::Unknown => false,
            };
            if may {
                self.physician(rule);
            }
        } else if self.emergency() {
            self.emergency_d_positive();
        } else {
            self.missing(Finding::no_fact(&GROUP_FIRST, "recipient.group"));
        }
    }

    /// Anti-D, ever: nothing RhD-positive. Overrides every rule and every emergency.
    pub(super) fn breaks_anti_d(&mut self) -> bool {
        let own = matches!(self.recipient.antibodies, Known::Value(found) if found.anti_d());
        // A mother's anti-D is in her newborn; age unknown is taken for a newborn's.
        let newborn = self.is_infant() != Known::Value(false);
        let mother = matches!(self.recipient.mother, Known::Value(found) if found.anti_d());
        let breaks = own || (newborn && mother);
        if breaks {
            let finding = self.groups(Finding::of(Outcome::Breaks, &ANTI_D));
            self.breaks(finding);
        }
        breaks
    }

    /// O RhD pos for an unknown group, by the region's rule.
    fn emergency_d_positive(&mut self) {
        let policies = self.policies;
        let rule = &policies.emergency_red_cells;
        match rule.value {
            Known::Value(EmergencyRedCells::ONeg) => {
                let finding = Finding::by(Outcome::Breaks, &RED_CELLS_RHD, rule);
                self.breaks(self.groups(finding));
            }
            Known::Value(EmergencyRedCells::ONegOrOPosByAge) => {
                let limits = (&policies.emergency_o_neg_female, &policies.emergency_o_neg_male);
                match self.within(limits) {
                    Within::Yes(by) => {
                        let finding = Finding::by(Outcome::Breaks, &RED_CELLS_RHD, by);
                        self.breaks(self.groups(finding));
                    }
                    Within::No => {}
                    Within::Unknown(finding) => self.missing(finding),
                }
            }
            Known::Unknown => self.missing(Finding::no_rule(&RED_CELLS_RHD, rule.key)),
        }
    }

    /// Whether the recipient is within the age limit of their sex. Without the sex, both limits
    /// are tried: if they agree, the sex does not matter.
    pub(super) fn within<'r>(
        &self,
        (female, male): (&'r Ruled<Age>, &'r Ruled<Age>),
    ) -> Within<'r> {
        match self.recipient.sex {
            Known::Value(Sex::Female) => self.within_one(female),
            Known::Value(Sex::Male) => self.within_one(male),
            Known::Unknown => match (self.within_one(female), self.within_one(male)) {
                (Within::Yes(by), Within::Yes(_)) => Within::Yes(by),
                (Within::No, Within::No) => Within::No,
                (Within::Unknown(finding), _) | (_, Within::Unknown(finding)) => {
                    Within::Unknown(finding)
                }
                _ => Within::Unknown(Finding::no_fact(&SEX_AND_AGE, "recipient.sex")),
            },
        }
    }

    fn within_one<'r>(&self, limit: &'r Ruled<Age>) -> Within<'r> {
        let Known::Value(age) = limit.value else {
            return Within::Unknown(Finding::no_rule(&SEX_AND_AGE, limit.key));
        };
        match (self.recipient.age, self.recipient.age.in_years()) {
            (_, Some(years)) if age.holds(years) => Within::Yes(limit),
            (_, Some(_)) => Within::No,
            (AgeKnown::Months(_) | AgeKnown::PastInfancy | AgeKnown::Unknown, None) => {
                Within::Unknown(Finding::no_fact(&SEX_AND_AGE, "recipient.age"))
            }
        }
    }
}

/// Whether somebody is within an age limit.
pub(super) enum Within<'r> {
    /// Within, by this rule.
    Yes(&'r Ruled<Age>),
    /// Beyond.
    No,
    /// The finding says which fact or rule is missing.
    Unknown(Finding),
}
