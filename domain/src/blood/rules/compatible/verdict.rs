//! What a judgement says, and why.

use serde::Serialize;

use super::policy::Ruled;
use crate::rulesets::Key;
use crate::words::Known;

/// A check that every region makes alike. Its texts stand in the message catalogue under
/// `check-<code>`.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Stable code.
    pub code: &'static str,
    /// Where it comes from; the keys are explained in `docs/compatibility.md`.
    pub source: &'static str,
}

macro_rules! checks {
    ($($(#[$meta:meta])* $NAME:ident = $code:literal, $source:literal;)*) => {
        $($(#[$meta])* pub static $NAME: Check = Check { code: $code, source: $source };)*

        /// Every check.
        pub static CHECKS: &[&Check] = &[$(&$NAME),*];
    };
}

checks! {
    /// Donor cells carry no A or B that the recipient's plasma has antibodies against.
    RED_CELLS_ABO = "red_cells.abo", "KRON, BLEK, RJL, NU";
    /// An unknown group gets red cells of group O, if any.
    RED_CELLS_UNKNOWN = "red_cells.unknown_group", "KRON, LBCC, DSKI";
    /// RhD-negative recipients get RhD-negative red cells.
    RED_CELLS_RHD = "red_cells.rhd", "KRON";
    /// Whoever ever had anti-D gets nothing RhD-positive, in no emergency either.
    ANTI_D = "antibodies.anti_d", "LBCC, DSKI";
    /// Donor plasma has no anti-A or anti-B against the recipient's cells.
    PLASMA_ABO = "plasma.abo", "KRON, BLEK, RJL, NU";
    /// An unknown group gets plasma of group AB.
    PLASMA_UNKNOWN = "plasma.unknown_group", "KRON, BLEK, RJL, NU";
    /// RhD-negative recipients within the age limits get RhD-positive platelets and plasma only
    /// after a physician.
    PLATELETS_RHD = "platelets.rhd", "KRON, RJL";
    /// Platelets that every known policy allows.
    PLATELETS_ABO = "platelets.abo", "KRON, BLEK, NU, RJL, DSKI";
    /// Granulocytes hold red cells and follow their rules.
    GRANULOCYTES = "granulocytes.as_red_cells", "from general knowledge, unverified";
    /// Granulocytes are irradiated always.
    GRANULOCYTES_IRRADIATED = "granulocytes.irradiated", "studylibsv 427330";
    /// Cryoprecipitate follows the rules of plasma.
    CRYOPRECIPITATE = "cryoprecipitate.as_plasma", "from general knowledge, unverified";
    /// In whole blood both cells and plasma must fit.
    WHOLE_BLOOD_ABO = "whole_blood.abo", "TV, DSKI";
    /// A significant antibody, ever: units tested negative, for life.
    ANTIBODY = "antibodies.significant", "LEARN, JUDD";
    /// An insignificant antibody: a crossmatch is enough.
    ANTIBODY_INSIGNIFICANT = "antibodies.insignificant", "LEARN";
    /// Antibodies mean a crossmatch (MG-test).
    MG_TEST = "mg_test", "LIO, VHB-K";
    /// Red cells after a valid BAS-test.
    BAS_TEST = "bas_test", "SOS29, LIO, VHB";
    /// A group is known when two samples from two occasions say so.
    TWO_SAMPLES = "two_samples", "VHB, VHB-K, NU, SOS29";
    /// Nothing is chosen for a recipient whose group is not determined, outside emergencies.
    GROUP_FIRST = "recipient.group", "NU-BEST, VHB-K, SOS29";
    /// A unit of unknown group is no candidate.
    UNIT_GROUP = "unit.group", "EIA";
    /// Antibodies are looked for in every region's history first.
    ANTIBODY_HISTORY = "recipient.antibodies", "LEARN, JUDD, PMC8971016";
    /// A physician decides and documents.
    PHYSICIAN = "physician", "KRON";
    /// An emergency release is documented.
    EMERGENCY = "emergency.documented", "SOS29, KRON-B";
    /// In an emergency antibodies may not have been looked for.
    EMERGENCY_UNSCREENED = "emergency.unscreened", "NU-BEST";
    /// What emergency units should be if possible.
    EMERGENCY_PREFER = "emergency.prefer", "KRON";
    /// Whoever has an antibody of the Rh system does best with units alike in Rh.
    RH_MATCHED = "advice.rh_matched", "LEARN";
    /// K-negative red cells for girls and women.
    K_NEGATIVE = "k_negative", "DSKI, LEARN";
    /// An age limit needs sex and age.
    SEX_AND_AGE = "recipient.sex_and_age", "LBCC, RJL, DSKI, KRON";
    /// Infants get O red cells and AB plasma.
    INFANT = "infant", "RJL, BLEK";
    /// A newborn's units lack what the mother's antibodies hit.
    MOTHER = "infant.mother", "BLEK, HALL, KRON";
    /// What a physician requires of every unit.
    REQUIREMENT = "requirement", "TSE-IND, DAL";
    /// A match by HLA is for one recipient.
    HLA_FOR_RECIPIENT = "requirement.hla_recipient", "HALL, TSE-IND";
    /// CMV-safe: from a donor without CMV antibodies, or leukoreduced where the region says so.
    CMV = "requirement.cmv", "KRON-K, KARO, DAL";
    /// Platelets lack the platelet antigens that the recipient has antibodies against.
    HPA = "requirement.hpa", "from general knowledge, unverified";
}

/// What a finding does to the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It fits.
    Fits,
    /// It does not fit.
    Breaks,
    /// A fact or a rule is missing.
    Missing,
    /// It fits if this is done.
    Condition,
    /// Better, not needed.
    Advice,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it does.
    pub outcome: Outcome,
    /// The check's code; its text stands in the message catalogue.
    pub check: &'static str,
    /// The rule that decided: the rule set's key, or the check itself.
    pub rule: &'static str,
    /// Where the rule comes from.
    pub source: String,
    /// The facts it was held against; `missing` names the fact or rule that is not there.
    pub facts: Vec<(&'static str, String)>,
}

impl Finding {
    /// A finding by a check that holds everywhere.
    #[must_use]
    pub fn of(outcome: Outcome, check: &'static Check) -> Self {
        let source = check.source.to_owned();
        Self { outcome, check: check.code, rule: check.code, source, facts: Vec::new() }
    }

    /// A finding by a region's rule.
    #[must_use]
    pub fn by<T>(outcome: Outcome, check: &'static Check, rule: &Ruled<T>) -> Self {
        let source = rule.source.clone();
        Self { outcome, check: check.code, rule: rule.key.text(), source, facts: Vec::new() }
    }

    /// A rule that the region does not state.
    #[must_use]
    pub fn no_rule(check: &'static Check, key: Key) -> Self {
        let rule = key.text();
        let facts = vec![("missing", format!("rule:{rule}"))];
        let source = check.source.to_owned();
        Self { outcome: Outcome::Missing, check: check.code, rule, source, facts }
    }

    /// A fact that nobody stated.
    #[must_use]
    pub fn no_fact(check: &'static Check, fact: &str) -> Self {
        Self::of(Outcome::Missing, check).with("missing", fact)
    }

    /// The finding with a fact.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.facts.push((name, value.into()));
        self
    }

    /// A fact by name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.facts.iter().find(|(held, _)| *held == name).map(|(_, value)| value.as_str())
    }
}

/// The answer: yes, no, or not known, with everything it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the unit may be chosen for the recipient. Unknown is never a candidate.
    pub compatible: Known<bool>,
    /// The rule that decided.
    pub rule: &'static str,
    /// Where that rule comes from.
    pub source: String,
    /// Every finding, in the order in which they were made.
    pub findings: Vec<Finding>,
}

impl Verdict {
    pub(super) fn of(findings: Vec<Finding>) -> Self {
        let first = |outcome| findings.iter().find(|one| one.outcome == outcome);
        let (compatible, decisive) = match (first(Outcome::Breaks), first(Outcome::Missing)) {
            (Some(breaks), _) => (Known::Value(false), Some(breaks)),
            (None, Some(missing)) => (Known::Unknown, Some(missing)),
            // Nothing that fits is nothing to rely on.
            (None, None) => match first(Outcome::Fits) {
                Some(fits) => (Known::Value(true), Some(fits)),
                None => (Known::Unknown, None),
            },
        };
        let rule = decisive.map_or("", |one| one.rule);
        let source = decisive.map_or(String::new(), |one| one.source.clone());
        Self { compatible, rule, source, findings }
    }

    /// Whether the unit may be chosen.
    #[must_use]
    pub fn is_candidate(&self) -> bool {
        self.compatible == Known::Value(true)
    }

    /// What the answer depends on being done.
    pub fn conditions(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|one| one.outcome == Outcome::Condition)
    }

    /// The facts and rules that are missing: `unit.group`, `rule:platelets.abo`.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        let missing = self.findings.iter().filter(|one| one.outcome == Outcome::Missing);
        missing.filter_map(|one| one.fact("missing"))
    }
}
