//! Plasma: what the donor's plasma holds against what the recipient's cells carry.

use super::cells::Within;
use super::policy::{Ruled, UnknownPlasma};
use super::verdict::{PLASMA_ABO, PLASMA_UNKNOWN, PLATELETS_RHD};
use super::{Case, Finding, Outcome};
use crate::blood::model::{Abo, Attribute, Group, Rhd};
use crate::rulesets::Age;
use crate::words::Known;

/// Whether donor plasma has anti-A or anti-B against what the recipient's cells carry.
pub(super) const fn plasma_harms(recipient: Abo, donor: Abo) -> bool {
    (recipient.has_a() && !donor.has_a()) || (recipient.has_b() && !donor.has_b())
}

impl Case<'_> {
    pub(super) fn plasma(&mut self) {
        let Some(unit) = self.unit_group() else { return };
        match self.recipient.group {
            Known::Value(recipient) => {
                let finding = self.groups(Finding::of(Outcome::Fits, &PLASMA_ABO));
                if plasma_harms(recipient.abo, unit.abo) {
                    self.breaks(finding);
                } else {
                    self.fits(finding);
                }
            }
            Known::Unknown => self.plasma_unknown(unit),
        }
        // The tables of plasma know no RhD. Where a region has an age limit, it applies, except to
        // an emergency's AB plasma for an unknown group.
        let policies = self.policies;
        let limits = (&policies.d_pos_platelets_female, &policies.d_pos_platelets_male);
        let stated = [limits.0, limits.1].iter().any(|limit| limit.value != Known::Unknown);
        let released = self.emergency() && self.recipient.group == Known::Unknown;
        let asked = stated && !released && !self.recipient_is(Rhd::Positive);
        if asked && unit.rhd == Rhd::Positive {
            self.d_positive_by_age(limits);
        }
    }

    /// AB for an unknown group. In an emergency also A of a low titre, where the region says so:
    /// with time at hand, whoever turns out to be B would have been harmed for nothing.
    fn plasma_unknown(&mut self, unit: Group) {
        let finding = self.groups(Finding::of(Outcome::Fits, &PLASMA_UNKNOWN));
        if unit.abo == Abo::Ab {
            self.fits(finding);
            return;
        }
        let policies = self.policies;
        let asked = [&policies.emergency_plasma, &policies.plasma_unknown];
        let wider = Known::Value(UnknownPlasma::AbOrALowTitre);
        let rule = asked.into_iter().find(|rule| rule.value == wider);
        match rule {
            Some(rule) if unit.abo == Abo::A && self.emergency() => {
                let finding = Finding::by(Outcome::Fits, &PLASMA_UNKNOWN, rule);
                self.low_titre(finding);
            }
            _ => self.breaks(finding),
        }
    }

    /// What fits if the unit's titre is low.
    pub(super) fn low_titre(&mut self, finding: Finding) {
        let finding = self.groups(finding);
        if self.unit.attributes.has(Attribute::HighTitre) {
            self.breaks(finding.with("titre", "high"));
        } else if self.unit.attributes.has(Attribute::LowTitre) {
            self.fits(finding.with("titre", "low"));
        } else {
            let missing = Finding { outcome: Outcome::Missing, ..finding };
            self.missing(missing.with("missing", "unit.titre"));
        }
    }

    /// RhD-positive platelets or plasma for somebody RhD-negative, or of unknown group.
    pub(super) fn d_positive_by_age(&mut self, limits: (&Ruled<Age>, &Ruled<Age>)) {
        match self.within(limits) {
            Within::Yes(by) => {
                let finding = self.groups(Finding::by(Outcome::Breaks, &PLATELETS_RHD, by));
                self.breaks(finding);
                self.physician(by);
            }
            Within::No => {}
            Within::Unknown(finding) => self.missing(finding),
        }
    }
}
