//! Who can receive what, as pages, the API and the command line ask it: texts in, answers out.
//! Nobody is named in a question; it is answered and forgotten.

mod ask;

use std::collections::BTreeMap;

use samband_domain::Known;
use samband_domain::blood::model::{Candidate, Group};
use samband_domain::blood::rules::compatible::{
    Finding, Outcome, Policies, Step, Urgency, Verdict, judge_by, ladder,
};
use samband_domain::kernel::OwnerKind;
use samband_domain::rulesets::InForce;
use samband_engine::{Journal, World};
use serde::Serialize;
use utoipa::ToSchema;

pub use ask::{Asked, Question, Wrong};

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// `fits`, `breaks`, `missing`, `condition` or `advice`.
    #[schema(value_type = String)]
    pub outcome: Outcome,
    /// The check's stable code.
    pub check: String,
    /// The rule that decided: a rule set's key, or the check itself.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// The facts it was held against.
    pub facts: BTreeMap<String, String>,
}

impl From<&Finding> for Reason {
    fn from(finding: &Finding) -> Self {
        let facts = finding.facts.iter();
        Self {
            outcome: finding.outcome,
            check: finding.check.to_owned(),
            rule: finding.rule.to_owned(),
            source: finding.source.clone(),
            facts: facts.map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        }
    }
}

/// The answer for units of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answer {
    /// The units' group; `unknown` where nobody knows it.
    pub donor: String,
    /// Whether such a unit may be chosen; null is not known, and then it may not.
    pub compatible: Option<bool>,
    /// The rule that decided.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// What a yes depends on, or who may decide otherwise.
    pub conditions: Vec<String>,
    /// The facts and rules that are missing; rules as `rule:platelets.abo`.
    pub missing: Vec<String>,
    /// The place in the order of preference, from 1; groups can share one.
    pub place: Option<u8>,
    /// Why it has this place.
    pub place_reason: Option<String>,
    /// The rule that orders.
    pub place_rule: Option<String>,
    /// Where that rule comes from.
    pub place_source: Option<String>,
    /// Everything that was found.
    pub reasons: Vec<Reason>,
}

/// The rule set that a question was answered by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RuleSetUsed {
    /// Whose.
    pub region: String,
    /// SHA-256 of its text.
    pub digest: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Since when it is in force; null for one that no region has adopted.
    pub from: Option<String>,
}

impl RuleSetUsed {
    /// A rule set in force.
    #[must_use]
    pub fn of(set: &InForce) -> Self {
        Self {
            region: set.region.to_string(),
            digest: set.digest.to_string(),
            title: set.set.title.clone(),
            version: set.set.version.clone(),
            from: Some(set.from.to_string()),
        }
    }
}

/// The regions whose rules are asked for, in the order of their names.
///
/// # Errors
/// The first name that no region here has.
pub fn columns<'w>(world: &'w World, named: &str) -> Result<Vec<&'w Journal>, String> {
    let mut all: Vec<&Journal> = world.journals.values().map(AsRef::as_ref).collect();
    all.retain(|journal| {
        let facts = journal.shared().kernel.journal.as_ref();
        facts.is_some_and(|facts| facts.owner.kind == OwnerKind::Region)
    });
    all.sort_by_cached_key(|journal| journal.name());
    let named: Vec<_> = ask::words(named).collect();
    if named.is_empty() {
        return Ok(all);
    }
    let find = |name: &&str| {
        let found = all.iter().find(|journal| journal.id.as_str() == *name);
        found.copied().ok_or_else(|| (*name).to_owned())
    };
    named.iter().map(find).collect()
}

impl Question {
    /// Whether a life is at stake.
    #[must_use]
    pub fn is_emergency(&self) -> bool {
        self.urgency == Urgency::Emergency
    }

    /// The answer for every group asked about, by one rule set or by none.
    #[must_use]
    pub fn answers(&self, rules: Option<&InForce>) -> Vec<Answer> {
        let policies = Policies::of(rules);
        let steps = ladder(&policies, self.component, &self.recipient, self.urgency);
        let answer = |donor: &Known<Group>| {
            let unit = Candidate { group: *donor, ..self.unit };
            let verdict = judge_by(&policies, self.component, &self.recipient, &unit, self.urgency);
            let step = steps.iter().find(|step| Known::Value(step.group) == *donor);
            Answer::of(*donor, &verdict, step)
        };
        self.donors.iter().map(answer).collect()
    }
}

impl Answer {
    fn of(donor: Known<Group>, verdict: &Verdict, step: Option<&Step>) -> Self {
        // What is not a candidate has no place, whatever its group could be at its best.
        let step = step.filter(|_| verdict.is_candidate());
        Self {
            donor: donor.value().map_or("unknown", |group| group.as_str()).to_owned(),
            compatible: verdict.compatible.value(),
            rule: verdict.rule.to_owned(),
            source: verdict.source.clone(),
            conditions: verdict.conditions().map(|one| one.check.to_owned()).collect(),
            missing: verdict.missing().map(str::to_owned).collect(),
            place: step.map(|step| step.place),
            place_reason: step.map(|step| step.reason.as_str().to_owned()),
            place_rule: step.map(|step| step.rule.to_owned()),
            place_source: step.map(|step| step.source.clone()),
            reasons: verdict.findings.iter().map(Reason::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use samband_domain::blood::model::{AgeKnown, Antibodies, Antigen, Attribute};

    fn asked(change: impl FnOnce(&mut Asked)) -> Asked {
        let mut asked =
            Asked { component: "red-cells".into(), recipient: "A+".into(), ..Asked::default() };
        change(&mut asked);
        asked
    }

    #[test]
    fn a_question_is_read_as_people_write_it() {
        let question = asked(|one| {
            one.antibodies = "anti-c, Jk(a) Lea:insignificant".into();
            one.age = "4 mån".into();
            one.sex = "k".into();
            one.hpa = "HPA-1a 15b".into();
            one.unit = "low-titre washed".into();
            one.unit_phenotype = "c- K−".into();
            one.donor = "0-".into();
        });
        let question = question.read().unwrap();
        let found = question.recipient.antibodies.value().unwrap();
        let names: Vec<_> = found.significant().iter().map(|one| one.to_string()).collect();
        assert_eq!(names, ["c", "Jka"]);
        assert!(found.insignificant().has(Antigen::Lea));
        assert_eq!(question.recipient.age, AgeKnown::Months(4));
        assert_eq!(question.recipient.hpa.iter().count(), 2);
        assert!(question.unit.washed && question.unit.attributes.has(Attribute::LowTitre));
        assert_eq!(question.unit.phenotype.get(Antigen::BigK), Known::Value(false));
        assert_eq!(question.donors, [Known::Value(Group::O_NEG)]);
    }

    #[test]
    fn everything_wrong_is_named_at_once_and_nothing_is_guessed() {
        let wrong = asked(|one| {
            one.recipient = "A".into();
            one.age = "old".into();
            one.sex = "x".into();
            one.antibodies = "anti-Q".into();
            one.unit_phenotype = "K".into();
            one.component = "blood".into();
        });
        let fields: Vec<_> = wrong.read().unwrap_err().iter().map(|one| one.field).collect();
        assert_eq!(
            fields,
            ["component", "recipient", "sex", "age", "antibodies", "unit_phenotype"]
        );
    }

    #[test]
    fn a_unit_of_unknown_group_is_a_question_of_its_own_and_never_a_candidate() {
        for component in ["red-cells", "whole-blood", "platelets", "plasma", "granulocytes"] {
            for donor in ["unknown", "okänd", "Okänt"] {
                for emergency in ["", "on"] {
                    let question = asked(|one| {
                        (one.component, one.donor) = (component.into(), donor.into());
                        one.emergency = emergency.into();
                    });
                    let answers = question.read().unwrap().answers(None);
                    let [only] = &answers[..] else { panic!("{component}: {answers:?}") };
                    assert_eq!((&*only.donor, only.compatible), ("unknown", None), "{component}");
                    assert!(only.missing.iter().any(|fact| fact == "unit.group"), "{only:?}");
                    assert_eq!(only.place, None);
                }
            }
        }
    }

    #[test]
    fn swedish_words_are_read_where_the_swedish_page_asks_for_them() {
        let question = asked(|one| {
            one.antibodies = "Lea:obetydlig".into();
            one.mother = "inga".into();
            one.age = "okänd".into();
            one.sex = "okänt".into();
        });
        let recipient = question.read().unwrap().recipient;
        assert!(recipient.antibodies.value().unwrap().insignificant().has(Antigen::Lea));
        assert_eq!(recipient.mother, Known::Value(Antibodies::NONE));
        assert_eq!(recipient.age, AgeKnown::Unknown);
        let unknown = asked(|one| one.antibodies = "okända".into()).read().unwrap();
        assert_eq!(unknown.recipient.antibodies, Known::Unknown);
    }

    #[test]
    fn an_answer_without_rules_says_which_rule_is_missing() {
        let platelets = asked(|one| {
            one.component = "platelets".into();
            one.donor = "O-".into();
        });
        let answers = platelets.read().unwrap().answers(None);
        assert_eq!(answers[0].compatible, None);
        assert_eq!(answers[0].missing, ["rule:platelets.abo"]);
        assert_eq!(answers[0].place, None);
        let cells = asked(|_| {}).read().unwrap().answers(None);
        let yes: Vec<_> = cells.iter().filter(|one| one.compatible == Some(true)).collect();
        assert_eq!(yes.len(), 4);
        assert!(yes.iter().all(|one| one.place.is_some() && !one.conditions.is_empty()));
    }
}
