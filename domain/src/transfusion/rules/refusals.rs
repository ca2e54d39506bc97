//! The ways a command about transfusions can be refused.

use super::super::gate::{Block, Check, Ei};
use crate::blood::model::UnitId;
use crate::kernel::refusals;
use crate::words::{Refusal, RefusalKind};

refusals! {
    /// A request for nothing, or for more than any request could be.
    HOW_MANY = "request.how_many", "SOSFS 2009:29: a request says how many units";
    /// Nobody is named, and it is no emergency.
    PATIENT_NEEDED = "request.patient_needed", "SOSFS 2009:29: a request names the patient";
    /// The rules ask for the mother's facts.
    MOTHER_NEEDED = "request.mother_needed",
        "the region's rule set: the mother's identity, group and antibodies come with the order";
    /// More units than were asked for.
    MORE = "request.more_than_asked", "SOSFS 2009:29: what is handed out was asked for";
    /// Another component than was asked for.
    COMPONENT = "request.component", "SOSFS 2009:29: what is handed out was asked for";
    /// Something is to be picked that was not asked for.
    NOT_ASKED = "request.not_asked", "SOSFS 2009:29: what is handed out was asked for";
    /// Packages are not running.
    NO_PACKAGES = "request.no_packages", "the region's rule set: packages until called off";
    /// EI-1.
    EI_1 = "issue.ei_1", "EI-1 (EIA, LEARN; SOSFS 2009:29): two groups, one on the current sample";
    /// EI-2.
    EI_2 = "issue.ei_2", "EI-2 (EIA): donor group confirmed; SOSFS 2009:28: tested, not expired";
    /// EI-3.
    EI_3 = "issue.ei_3", "EI-3 (EIA, JUDD, LEARN): a valid antibody screen is negative";
    /// EI-4.
    EI_4 = "issue.ei_4", "EI-4 (JUDD, LEARN): no antibody that matters, now or ever";
    /// EI-5.
    EI_5 = "issue.ei_5", "EI-5 (LEARN): results by interface, or verified by a second person";
    /// EI-6.
    EI_6 = "issue.ei_6", "EI-6 (EIA): two groups of one person block until resolved";
    /// EI-7.
    EI_7 = "issue.ei_7", "EI-7 (EIA): ABO-incompatible red cells are never handed out";
    /// EI-8.
    EI_8 = "issue.ei_8", "EI-8 (LIS-U URS-BB-149): an antibody was posted after the reservation";
    /// EI-9.
    EI_9 = "issue.ei_9", "EI-9 (DSKI 13.610/15.800): newborns' mothers, and transplants";
    /// EI-10.
    EI_10 = "issue.ei_10", "EI-10 (LEARN, EIV): emergencies and paper are gone through first";
    /// A crossmatch is due.
    CROSSMATCH = "issue.crossmatch",
        "LIO, VHB-K: antibodies mean a crossmatch; the region's rule set: how long it holds";
    /// Compatibility says no, or does not know.
    NOT_COMPATIBLE = "issue.not_compatible", "the region's rule set: who can receive what";
    /// A crossmatch of a unit that is not set aside for the request.
    NOT_ASIDE = "crossmatch.not_set_aside", "NU: crossmatched units are set aside";
    /// No crossmatch to confirm, or one's own.
    CONFIRM = "crossmatch.confirm", "SOSFS 2009:29: a second person reads for themselves";
    /// A decision that ends before it begins, or holds too long.
    DECISION_UNTIL = "exception.until", "design: an exception is for this patient and request";
    /// The same person put the other physician's decision on record.
    DECISION_TWO = "exception.two_persons", "SOSFS 2009:29: two physicians, two records";
    /// The unit is not with a ward.
    NOT_WITH_WARD = "return.not_issued", "design §2: a unit is where its record says";
    /// A time that has not come, or an end before its beginning.
    WHEN = "transfusion.when", "design §2: a report speaks of what was";
    /// Nothing waits to be gone through.
    NOTHING_WAITS = "reconcile.nothing_waits", "blood.md §2.4 EI-10: later reconciliation";
    /// The patient's group is not determined yet.
    NO_GROUP = "reconcile.no_group", "blood.md §2.3: the sample is tested afterwards";
    /// The request names somebody else.
    OTHER_PATIENT = "reconcile.other_patient", "SOSFS 2009:29: a request names the patient";
    /// The paper's number was entered before.
    PAPER_TWICE = "paper.entered_before", "EIV: every line of paper is entered once";
    /// Units that were not handed out to this patient.
    REACTION_UNITS = "reaction.how_many", "Directive 2005/61/EC annex II: a reaction names its units";
}

const fn of_rule(rule: Ei) -> &'static RefusalKind {
    match rule {
        Ei::TwoGroups => &EI_1,
        Ei::Donor => &EI_2,
        Ei::Screen => &EI_3,
        Ei::NoAntibody => &EI_4,
        Ei::Captured => &EI_5,
        Ei::Agrees => &EI_6,
        Ei::Abo => &EI_7,
        Ei::SinceReserved => &EI_8,
        Ei::NewbornOrTransplant => &EI_9,
        Ei::Reconciled => &EI_10,
    }
}

/// The refusal for what keeps a unit back.
pub(super) fn kept_back(unit: &UnitId, block: &Block) -> Refusal {
    let named = ("unit", unit.to_string());
    match block {
        Block::Rule(Check { rule, facts, .. }) => {
            let facts = facts.iter().cloned().chain([named]).collect();
            Refusal { kind: of_rule(*rule), facts }
        }
        Block::Crossmatch(why) => CROSSMATCH.because([named, ("why", (*why).to_owned())]),
        Block::Fit(finding) => {
            let missing = finding.fact("missing").or_else(|| finding.fact("antigen"));
            NOT_COMPATIBLE.because([
                named,
                ("check", finding.check.to_owned()),
                ("rule", finding.rule.to_owned()),
                ("source", finding.source.clone()),
                ("missing", missing.unwrap_or("-").to_owned()),
            ])
        }
    }
}
