//! Over any history: antibodies only grow, unknown never becomes none, replay equals live.

use std::collections::BTreeMap;

use proptest::prelude::*;
use samband_domain::blood::model::recipient::Significance;
use samband_domain::blood::model::{Antigen, Antigens, Group, Phenotype};
use samband_domain::patients::Command;
use samband_domain::patients::command::Turned;
use samband_domain::patients::model::{Capture, Sample, ScreenResult, Target};
use samband_domain::{Known, OwnState, PatientId};

use crate::common::Desk;
use crate::patients::clinic::*;

/// Two people and two reserve numbers.
const NUMBERS: [&str; 4] = [ANNA, BO, UNKNOWN, "SKR260002"];

#[derive(Clone, Debug)]
enum Step {
    Sample { who: usize, signed: bool, shared: bool },
    Group { who: usize, group: Group, emergency: bool },
    Screen { who: usize, result: ScreenResult },
    Antibody { who: usize, antigen: Antigen, significance: Known<Significance> },
    NotSeen { who: usize },
    Resolve { who: usize, group: Group },
    Turn { who: usize, turned: Turned },
    Link { reserve: usize, to: usize },
    Unlink { reserve: usize },
    Correct { who: usize },
    Pass { hours: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..NUMBERS.len();
    let group = prop_oneof![Just(A_POS), Just(O_NEG)];
    let antigen = prop_oneof![Just(Antigen::BigK), Just(Antigen::Jka), Just(Antigen::D)];
    let significance = prop_oneof![
        Just(Known::Unknown),
        Just(Known::Value(Significance::Significant)),
        Just(Known::Value(Significance::Insignificant)),
    ];
    let result = prop_oneof![
        3 => Just(ScreenResult::Negative),
        1 => Just(ScreenResult::Positive),
        1 => Just(ScreenResult::Indeterminate),
    ];
    let turned = prop_oneof![
        Just(Turned::Transplanted(Known::Unknown)),
        Just(Turned::Rejected),
        Just(Turned::Settled(A_POS)),
        Just(Turned::Settled(O_NEG)),
    ];
    prop_oneof![
        4 => (who.clone(), prop::bool::weighted(0.9), prop::bool::weighted(0.1))
            .prop_map(|(who, signed, shared)| Step::Sample { who, signed, shared }),
        4 => (who.clone(), group.clone(), prop::bool::weighted(0.2))
            .prop_map(|(who, group, emergency)| Step::Group { who, group, emergency }),
        3 => (who.clone(), result).prop_map(|(who, result)| Step::Screen { who, result }),
        2 => (who.clone(), antigen, significance)
            .prop_map(|(who, antigen, significance)| Step::Antibody { who, antigen, significance }),
        1 => who.clone().prop_map(|who| Step::NotSeen { who }),
        1 => (who.clone(), group).prop_map(|(who, group)| Step::Resolve { who, group }),
        1 => (who.clone(), turned).prop_map(|(who, turned)| Step::Turn { who, turned }),
        2 => (2..4_usize, 0..2_usize).prop_map(|(reserve, to)| Step::Link { reserve, to }),
        1 => (2..4_usize).prop_map(|reserve| Step::Unlink { reserve }),
        1 => who.prop_map(|who| Step::Correct { who }),
        3 => (0..60_i64).prop_map(|hours| Step::Pass { hours }),
    ]
}

struct Play {
    desk: Desk,
    people: Vec<PatientId>,
    tubes: u32,
}

impl Play {
    fn begin() -> Self {
        let mut desk = clinic(rules());
        let people = NUMBERS.iter().map(|number| admit(&mut desk, number)).collect();
        Self { desk, people, tubes: 0 }
    }

    /// The newest sample of somebody's own.
    fn newest(&self, who: usize) -> Option<Sample> {
        let patient = &self.desk.region.own.patients.patients[&self.people[who]];
        patient.samples.values().max_by_key(|one| (one.taken, one.number.clone())).cloned()
    }

    fn command(&mut self, step: &Step) -> Option<Command> {
        let (now, people) = (self.desk.now, &self.people);
        let capture = Capture::Interface { instrument: "påhittat".into() };
        Some(match step {
            Step::Sample { who, signed, shared: is_shared } => {
                self.tubes += 1;
                let plain = sample(self.tubes, now);
                let tube = if *is_shared { shared(self.tubes, now, None) } else { plain };
                let sample = Sample { identity_signed: *signed, ..tube };
                Command::TakeSample { patient: people[*who].clone(), sample }
            }
            Step::Group { who, group, emergency } => Command::Determine {
                patient: people[*who].clone(),
                sample: self.newest(*who)?.number,
                determined: now,
                group: Known::Value(*group),
                phenotype: Phenotype::UNTESTED,
                emergency: *emergency,
                capture,
            },
            Step::Screen { who, result } => Command::RecordScreen {
                patient: people[*who].clone(),
                sample: self.newest(*who)?.number,
                performed: now,
                result: *result,
                capture,
            },
            Step::Antibody { who, antigen, significance } => Command::FindAntibody {
                patient: people[*who].clone(),
                against: Target::RedCell(*antigen),
                significance: *significance,
                method: None,
                found: now,
                place: "Lund".into(),
            },
            Step::NotSeen { who } => {
                let patient = &self.desk.region.own.patients.patients[&people[*who]];
                let finding = patient.findings.iter().next()?.id.clone();
                Command::NotSeen { patient: people[*who].clone(), finding, at: now }
            }
            Step::Resolve { who, group } => Command::Resolve {
                patient: people[*who].clone(),
                group: *group,
                reason: "utrett".into(),
            },
            Step::Turn { who, turned } => Command::Turn {
                patient: people[*who].clone(),
                turned: *turned,
                valid_from: now,
                note: "Lund".into(),
            },
            Step::Link { reserve, to } => Command::Link {
                reserve: people[*reserve].clone(),
                to: people[*to].clone(),
                check: "pass".into(),
            },
            Step::Unlink { reserve } => {
                Command::Unlink { reserve: people[*reserve].clone(), reason: "fel".into() }
            }
            Step::Correct { who } => {
                let patient = people[*who].clone();
                let mut identity =
                    self.desk.region.own.patients.patients[&patient].identity.clone();
                identity.name = Known::Value(format!("Namn {}", self.tubes));
                Command::CorrectIdentity { patient, identity, reason: "bytt".into() }
            }
            Step::Pass { hours } => {
                self.desk.pass_hours(*hours);
                return None;
            }
        })
    }

    fn play(&mut self, step: &Step) {
        if let Some(command) = self.command(step) {
            // A refusal is an answer too; that it leaves no trace is the desk's own promise.
            let _ = self.desk.act("a-1", command);
        }
    }
}

/// What units must lack for somebody, as far as it is known.
fn known(desk: &Desk, who: &PatientId) -> (Antigens, bool) {
    let of = seen(desk, who);
    let antibodies = of.recipient.antibodies.value();
    (antibodies.map(|one| one.significant()).unwrap_or_default(), of.ever_antibody)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn antibodies_only_grow_and_nothing_is_lost(steps in prop::collection::vec(step(), 0..80)) {
        let mut play = Play::begin();
        let mut before: BTreeMap<PatientId, (Antigens, bool)> = BTreeMap::new();
        let mut results = 0;
        for step in &steps {
            play.play(step);
            for who in &play.people {
                let (now, ever) = known(&play.desk, who);
                if let Some((was, was_ever)) = before.insert(who.clone(), (now, ever)) {
                    prop_assert!(was.without(now).is_empty(), "{step:?} took {was:?} to {now:?}");
                    prop_assert!(ever || !was_ever, "{step:?} forgot an antibody");
                }
            }
            let patients = play.desk.region.own.patients.patients.values();
            let count: usize = patients
                .map(|one| one.determinations.len() + one.screens.len() + one.samples.len())
                .sum();
            prop_assert!(count >= results, "{step:?} removed a result");
            results = count;
        }
        let live = &play.desk.region;
        prop_assert_eq!(&play.desk.replayed(), live, "replay equals live");
        let bytes = postcard::to_stdvec(&live.own).unwrap();
        prop_assert_eq!(&postcard::from_bytes::<OwnState>(&bytes).unwrap(), &live.own);
        let shared = play.desk.shared_bytes();
        for word in ["Testsson", "Namn ", ANNA, UNKNOWN, "p-"] {
            prop_assert!(!shared.contains(word), "{word} left the region");
        }
    }

    #[test]
    fn what_is_known_was_found(steps in prop::collection::vec(step(), 0..60)) {
        let mut play = Play::begin();
        for step in &steps {
            play.play(step);
        }
        for who in &play.people {
            let of = seen(&play.desk, who);
            let own = &play.desk.region.own.patients;
            let family: Vec<_> = own.family(who).iter().map(|id| own.patients[id].clone()).collect();
            let rows = || family.iter().flat_map(|one| one.determinations.iter());
            if let Known::Value(group) = of.recipient.group {
                prop_assert!(rows().any(|one| one.group == Known::Value(group)));
                prop_assert!(!of.conflict && !of.transplant_unsettled);
            } else {
                prop_assert_eq!(of.occasions, 0, "nothing counts for an unknown group");
            }
            let tubes: std::collections::BTreeSet<_> = rows().map(|one| one.sample.clone()).collect();
            prop_assert!(usize::from(of.occasions) <= tubes.len(), "more occasions than tubes");
            if of.recipient.antibodies.value().is_some_and(|one| one.is_empty()) {
                let negative = family.iter().flat_map(|one| one.screens.iter());
                let mut negative = negative.filter(|one| one.result == ScreenResult::Negative);
                prop_assert!(negative.next().is_some(), "none, and nobody looked");
                let findings: usize = family.iter().map(|one| one.findings.len()).sum();
                prop_assert_eq!(findings, 0);
            }
            if let Some(current) = &of.current {
                prop_assert!(current.valid_until > play.desk.now && current.taken <= play.desk.now);
            }
        }
    }
}
