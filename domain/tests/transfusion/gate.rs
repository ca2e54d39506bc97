//! The gate: each of the ten rules refuses when only that one fails; what remedies, remedies; and
//! nothing at all lets ABO-incompatible red cells through.

use samband_domain::blood::model::{Antibodies, Antigen, Group, Requirements, Rhd, Unit};
use samband_domain::patients::view::Serology;
use samband_domain::rulesets::{InForce, Value, key};
use samband_domain::transfusion::gate::{Block, Case, Ei, Held, Route, Verdict, gate};
use samband_domain::transfusion::model::{Crossmatch, Estimate, ExceptionRule, Match, Urgency};
use samband_domain::{Known, Time};

use crate::common::actor;
use crate::common::stock::{at, unit};
use crate::transfusion::people::{NOW, Sort, all_rules, eligible, in_force, patients, red_cells};

/// Everything that a case can vary.
struct Asked {
    patient: Option<Serology>,
    unit: Unit,
    urgency: Urgency,
    lacking: Option<&'static str>,
    withdrawn: bool,
    crossmatch: Option<Crossmatch>,
    known_then: Option<Known<Antibodies>>,
    unreconciled: bool,
    exceptions: Vec<ExceptionRule>,
    rules: InForce,
}

impl Asked {
    fn of(patient: Option<Serology>, group: Group) -> Self {
        Self {
            patient,
            unit: red_cells(group),
            urgency: Urgency::Routine,
            lacking: None,
            withdrawn: false,
            crossmatch: None,
            known_then: None,
            unreconciled: false,
            exceptions: Vec::new(),
            rules: in_force(&all_rules()),
        }
    }

    fn say(&self) -> Verdict {
        gate(&Case {
            patient: self.patient.as_ref(),
            estimate: Estimate::NONE,
            requirements: Requirements::NONE,
            urgency: self.urgency,
            id: unit(1),
            unit: &self.unit,
            lacking: self.lacking,
            withdrawn: self.withdrawn,
            crossmatch: self.crossmatch.as_ref(),
            known_then: self.known_then,
            unreconciled: self.unreconciled,
            exceptions: &self.exceptions,
            rules: &self.rules,
            now: NOW,
        })
    }

    fn patient(&mut self) -> &mut Serology {
        self.patient.as_mut().unwrap()
    }
}

fn crossmatch(result: Match, taken: Time) -> Crossmatch {
    Crossmatch {
        result,
        taken,
        at: taken,
        by: actor("a-1"),
        second: None,
        antibodies: Known::Value(Antibodies::NONE),
    }
}

fn group(text: &str) -> Group {
    text.parse().unwrap()
}

fn group_of(patient: Option<&Serology>) -> Group {
    patient.and_then(|one| one.recipient.group.value()).unwrap_or(Group::O_NEG)
}

#[test]
fn the_hundred_patients_go_the_ways_they_were_made_for() {
    let all = patients();
    assert_eq!(all.len(), 100);
    for (sort, patient) in all {
        let own = group_of(patient.as_ref());
        let mut asked = Asked::of(patient, own);
        match sort {
            Sort::Eligible => assert_eq!(asked.say().route, Some(Route::Electronic)),
            Sort::History | Sort::Antibody => {
                let said = asked.say();
                assert_eq!(said.route, None, "{:?}", said.blocks);
                assert!(
                    said.may_be_set_aside(),
                    "a crossmatch is still to come: {:?}",
                    said.blocks
                );
                asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
                assert_eq!(asked.say().route, Some(Route::Crossmatched));
                asked.crossmatch = Some(crossmatch(Match::Incompatible, at(-3)));
                assert_eq!(asked.say().blocks, [Block::Crossmatch("incompatible")]);
                asked.crossmatch = Some(crossmatch(Match::Compatible, at(-24 * 3)));
                assert_eq!(asked.say().blocks, [Block::Crossmatch("too_old")]);
                // What was not typed is not known to lack the antigen.
                asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
                asked.unit.phenotype = Default::default();
                assert!(!asked.say().may_be_set_aside());
            }
            Sort::OneGroup => {
                let said = asked.say();
                assert!(
                    matches!(&said.blocks[0], Block::Rule(check) if check.rule == Ei::TwoGroups)
                );
                asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
                assert_eq!(asked.say().route, None, "no crossmatch stands in for a group");
            }
            Sort::Emergency => {
                assert_eq!(asked.say().route, None, "not without an emergency");
                asked.urgency = Urgency::Emergency;
                asked.unit = red_cells(Group::O_NEG);
                assert_eq!(asked.say().route, Some(Route::Emergency), "{:?}", asked.say().blocks);
                asked.unit = red_cells(group("a_neg"));
                assert_eq!(asked.say().route, None, "one emergency group is not relied on");
            }
        }
    }
}

/// Makes one rule fail in a case in which all ten hold.
fn spoil(asked: &mut Asked, rule: Ei) {
    match rule {
        Ei::TwoGroups => asked.patient().occasions = 1,
        Ei::Donor => asked.lacking = Some("hbsag"),
        Ei::Screen => asked.patient().screen = None,
        Ei::NoAntibody => {
            // Of no known specificity: nothing else can notice it.
            asked.patient().ever_antibody = true;
        }
        Ei::Captured => asked.patient().captured = false,
        Ei::Agrees => asked.patient().conflict = true,
        Ei::Abo => asked.unit.group = Known::Value(group("ab_neg")),
        Ei::SinceReserved => {
            asked.known_then = Some(Known::Value(Antibodies::NONE));
            let found = Antibodies::NONE.with(
                Antigen::Fya,
                Known::Value(samband_domain::blood::model::Significance::Insignificant),
            );
            asked.patient().recipient.antibodies = Known::Value(found);
        }
        Ei::NewbornOrTransplant => asked.patient().transplant_unsettled = true,
        Ei::Reconciled => asked.unreconciled = true,
    }
}

#[test]
fn each_rule_refuses_when_only_that_one_fails() {
    for rule in Ei::ALL {
        let mut asked = Asked::of(Some(eligible(Group::O_NEG)), Group::O_NEG);
        assert!(asked.say().electronic());
        spoil(&mut asked, *rule);
        let said = asked.say();
        let failed: Vec<_> =
            said.checks.iter().filter(|one| one.held == Held::Fails).map(|one| one.rule).collect();
        assert_eq!(failed, [*rule], "{rule}");
        assert_eq!(said.route, None, "{rule} let the unit go");
    }
}

#[test]
fn what_a_unit_must_be_gives_way_to_nothing() {
    let spoilers: [fn(&mut Asked); 5] = [
        |asked| asked.lacking = Some("hbsag"),
        |asked| asked.withdrawn = true,
        |asked| asked.unit.expiry = NOW,
        |asked| asked.unit.group = Known::Unknown,
        |asked| spoil(asked, Ei::SinceReserved),
    ];
    for spoiler in spoilers {
        for urgency in Urgency::ALL {
            let mut asked = Asked::of(Some(eligible(Group::O_NEG)), Group::O_NEG);
            asked.urgency = *urgency;
            asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
            asked.exceptions = ExceptionRule::ALL.to_vec();
            spoiler(&mut asked);
            assert_eq!(asked.say().route, None);
        }
    }
}

#[test]
fn no_urgency_and_no_exception_lets_incompatible_red_cells_through() {
    let mut tried = 0;
    for patient in Group::ALL {
        for donor in Group::ALL {
            let harms = (donor.abo.has_a() && !patient.abo.has_a())
                || (donor.abo.has_b() && !patient.abo.has_b());
            for urgency in Urgency::ALL {
                let mut asked = Asked::of(Some(eligible(patient)), donor);
                asked.urgency = *urgency;
                asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
                asked.exceptions = ExceptionRule::ALL.to_vec();
                let route = asked.say().route;
                if harms {
                    assert_eq!(route, None, "{donor} to {patient}, {urgency}");
                    tried += 1;
                } else if donor == patient || donor == Group::O_NEG {
                    assert!(route.is_some(), "{donor} to {patient}, {urgency}: {:?}", asked.say());
                }
            }
        }
    }
    assert_eq!(tried, 4 * (64 - 36), "of 64 pairs 36 do not harm by ABO");
}

#[test]
fn d_positive_to_d_negative_needs_two_physicians_and_no_anti_d() {
    let mut asked = Asked::of(Some(eligible(Group::O_NEG)), group("o_pos"));
    asked.urgency = Urgency::Emergency;
    assert_eq!(asked.say().route, None);
    asked.exceptions = vec![ExceptionRule::DPositive];
    assert_eq!(asked.say().route, Some(Route::Excepted));
    assert_eq!(asked.say().excepted, [ExceptionRule::DPositive]);
    // Where the region lets no physician decide, none does.
    let mut rules = all_rules();
    for rule in rules.iter_mut().filter(|rule| rule.key == key::D_POS_RED_CELLS_TO_D_NEG) {
        rule.value = Known::Value(Value::Choice("never".into()));
    }
    let by = std::mem::replace(&mut asked.rules, in_force(&rules));
    assert_eq!(asked.say().route, None);
    asked.rules = by;
    let found = Antibodies::NONE.with(Antigen::D, Known::Unknown);
    asked.patient().recipient.antibodies = Known::Value(found);
    asked.patient().ever_antibody = true;
    asked.exceptions = ExceptionRule::ALL.to_vec();
    assert_eq!(asked.say().route, None, "anti-D, ever: nothing RhD-positive");
}

#[test]
fn a_missing_rule_refuses_and_a_second_person_reads_where_rules_want_two() {
    let mut asked = Asked::of(Some(eligible(group("a_pos"))), group("a_pos"));
    let without =
        |gone| -> Vec<_> { all_rules().into_iter().filter(|rule| rule.key != gone).collect() };
    asked.rules = in_force(&without(key::GROUP_SAMPLE_OCCASIONS));
    assert_eq!(asked.say().held(Ei::TwoGroups), Held::Fails);
    asked.patient().ever_antibody = true;
    asked.crossmatch = Some(crossmatch(Match::Compatible, at(-3)));
    asked.rules = in_force(&without(key::MG_VALIDITY_DAYS));
    assert_eq!(asked.say().blocks, [Block::Crossmatch("rule:mg.validity_days")]);
    let mut rules = all_rules();
    for rule in rules.iter_mut().filter(|rule| rule.key == key::MG_SECOND_PERSON) {
        rule.value = Known::Value(Value::Flag(true));
    }
    asked.rules = in_force(&rules);
    assert_eq!(asked.say().blocks, [Block::Crossmatch("second_person")]);
    asked.crossmatch.as_mut().unwrap().second = Some(actor("a-2"));
    assert_eq!(asked.say().route, Some(Route::Crossmatched));
}

#[test]
fn an_unknown_person_gets_what_everybody_can_have_and_nothing_else() {
    for group in Group::ALL {
        let mut asked = Asked::of(None, group);
        assert_eq!(asked.say().route, None, "{group} without an emergency");
        asked.urgency = Urgency::Massive;
        let route = asked.say().route;
        let o_neg = group.rhd == Rhd::Negative && group == Group::O_NEG;
        assert_eq!(route.is_some(), o_neg, "{group}: {:?}", asked.say().blocks);
    }
}
