//! The patients of a region: a fold over its events. Nothing that was found is ever taken away.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::event::{AnswerTo, Event, ReserveLinked, ReserveUnlinked, TakenIn};
use super::model::{
    Block, Ended, Finding, Ground, Identity, Linked, Mother, Patient, SampleNumber, Urgency,
    Verified,
};
use crate::words::{Code, JournalId, Meta, PatientId, PersonNumber, Private, RecordRef, Time};

/// A question to another region, as everybody may hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Which region is asked.
    pub to: JournalId,
    /// On what ground.
    pub ground: Ground,
    /// How soon.
    pub urgency: Urgency,
    /// When it was asked.
    pub asked: Time,
    /// When the answer should be there.
    pub due: Time,
    /// Where it stands.
    pub at: RecordRef,
    /// When whoever asked took it back.
    #[serde(default)]
    pub withdrawn: Option<Time>,
}

/// That a question was answered or declined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Who asked.
    pub to: JournalId,
    /// Whether it was declined.
    pub declined: bool,
    /// When.
    pub recorded: Time,
    /// Where it stands.
    pub at: RecordRef,
}

/// What other regions may hold: that regions ask and answer, never about whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Questions of this region by name.
    pub questions: OrdMap<Code, Question>,
    /// This region's replies by the question's name.
    pub replies: OrdMap<Code, Reply>,
}

/// What a question of the own region is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnQuestion {
    /// About whom.
    pub patient: PatientId,
    /// Why it is needed.
    pub reason: String,
    /// When the answer was taken into the record.
    pub taken_in: Option<Time>,
}

/// What stays in the region.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Patients.
    pub patients: OrdMap<PatientId, Patient>,
    /// Patients by the number they are found by.
    pub by_number: OrdMap<PersonNumber, PatientId>,
    /// Whose a sample is.
    pub by_sample: OrdMap<SampleNumber, PatientId>,
    /// The own questions by name.
    pub questions: OrdMap<Code, OwnQuestion>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::Asked(asked, _) => {
            let question = Question {
                to: asked.to.clone(),
                ground: asked.ground,
                urgency: asked.urgency,
                asked: meta.recorded,
                due: asked.due,
                at: meta.at.clone(),
                withdrawn: None,
            };
            shared.questions.insert(asked.ask.clone(), question);
        }
        Event::Answered(answer, _) => reply(shared, answer, false, meta),
        Event::Declined(answer, _) => reply(shared, answer, true, meta),
        Event::AskWithdrawn(back, _) => {
            if let Some(question) = shared.questions.get_mut(&back.ask) {
                question.withdrawn = Some(meta.recorded);
            }
        }
        _ => {}
    }
    if let Some(own) = own {
        own.apply(event, meta);
    }
}

fn reply(shared: &mut Shared, answer: &AnswerTo, declined: bool, meta: &Meta) {
    let (to, recorded, at) = (answer.to.clone(), meta.recorded, meta.at.clone());
    shared.replies.insert(answer.ask.clone(), Reply { to, declined, recorded, at });
}

impl Own {
    fn apply(&mut self, event: &Event, meta: &Meta) {
        use Private::Here;
        match event {
            Event::Registered(_, Here(event)) => {
                self.identify(&event.patient, &event.identity);
                let patient = Patient::new(event.identity.clone(), meta.recorded);
                self.patients.insert(event.patient.clone(), patient);
            }
            Event::IdentityCorrected(_, Here(event)) => {
                self.identify(&event.patient, &event.identity);
                self.with(&event.patient, |patient| {
                    // Results under a number that was wrong may be another person's.
                    if patient.identity.number != event.identity.number {
                        patient.mixed = Some(meta.recorded);
                    }
                    patient.identity = event.identity.clone();
                });
            }
            Event::SampleTaken(_, Here(event)) => {
                let number = &event.sample.number;
                self.by_sample.insert(number.clone(), event.patient.clone());
                self.with(&event.patient, |patient| {
                    patient.samples.insert(number.clone(), event.sample.clone());
                });
            }
            Event::Determined(_, Here(event)) => self.with(&event.patient, |patient| {
                patient.determinations.push_back(event.determination.clone());
            }),
            Event::Screened(_, Here(event)) => self.with(&event.patient, |patient| {
                patient.screens.push_back(event.screen.clone());
            }),
            Event::ResultVerified(_, Here(event)) => {
                self.with(&event.patient, |patient| verify(patient, &event.result, meta));
            }
            Event::AntibodyFound(_, Here(event)) => self.with(&event.patient, |patient| {
                patient.findings.push_back(event.finding.clone());
            }),
            Event::AntibodyNotSeen(_, Here(event)) => self.with(&event.patient, |patient| {
                let mut found = patient.findings.iter_mut().chain(patient.carried.iter_mut());
                if let Some(finding) = found.find(|one| one.id == event.finding) {
                    finding.not_seen.push_back(event.at);
                }
            }),
            Event::TakenIn(_, Here(event)) => self.take_in(event, meta),
            Event::ReserveLinked(_, Here(event)) => self.link(event, meta),
            Event::ReserveUnlinked(_, Here(event)) => self.unlink(event, meta),
            Event::Asked(asked, Here(about)) => {
                let (patient, reason) = (about.patient.clone(), about.reason.clone());
                let question = OwnQuestion { patient, reason, taken_in: None };
                self.questions.insert(asked.ask.clone(), question);
            }
            _ => self.decided(event, meta),
        }
    }

    /// What people decided about a patient.
    fn decided(&mut self, event: &Event, meta: &Meta) {
        use Private::Here;
        let ended = |at, reason: &str| {
            Some(Ended { at, reason: reason.to_owned(), by: meta.actor.clone() })
        };
        match event {
            Event::ConflictResolved(_, Here(event)) => {
                for id in self.family(&event.patient) {
                    self.with(&id, |patient| {
                        for one in patient.determinations.iter_mut() {
                            if event.set_aside.contains(&one.id) {
                                one.set_aside = Some(event.decision.clone());
                            }
                        }
                        for one in patient.elsewhere.iter_mut() {
                            if event.set_aside.contains(&one.id) {
                                one.set_aside = Some(event.decision.clone());
                            }
                        }
                    });
                }
            }
            Event::Required(_, Here(event)) => {
                self.with(&event.patient, |patient| patient.needs.push_back(event.need.clone()));
            }
            Event::RequirementEnded(_, Here(event)) => self.with(&event.patient, |patient| {
                if let Some(need) = patient.needs.iter_mut().find(|one| one.id == event.need) {
                    need.ended = ended(event.at, &event.reason);
                }
            }),
            Event::GroupTurned(_, Here(event)) => {
                self.with(&event.patient, |patient| patient.turns.push_back(event.turn.clone()));
            }
            Event::MotherStated(_, Here(event)) => self.with(&event.patient, |patient| {
                let reason = event.reason.as_deref().unwrap_or_default();
                let standing = patient.mothers.iter_mut().filter(|one| one.corrected.is_none());
                standing.for_each(|one| one.corrected = ended(meta.recorded, reason));
                let mother = event.mother.clone();
                let stated = meta.recorded;
                patient.mothers.push_back(Mother { patient: mother, stated, corrected: None });
            }),
            Event::Blocked(_, Here(event)) => self.with(&event.patient, |patient| {
                let (from, note) = (meta.recorded, event.note.clone());
                patient.blocks.push_back(Block { from, note, lifted: None });
            }),
            Event::BlockLifted(_, Here(event)) => self.with(&event.patient, |patient| {
                let reason = event.note.as_deref().unwrap_or_default();
                let open = patient.blocks.iter_mut().filter(|one| one.lifted.is_none());
                open.for_each(|one| one.lifted = ended(meta.recorded, reason));
            }),
            _ => {}
        }
    }

    fn with(&mut self, id: &PatientId, change: impl FnOnce(&mut Patient)) {
        if let Some(patient) = self.patients.get_mut(id) {
            change(patient);
        }
    }

    /// The person's number leads here, and no longer the one that was wrong.
    fn identify(&mut self, id: &PatientId, identity: &Identity) {
        let before = self.patients.get(id).map(|patient| patient.identity.number.clone());
        if let Some(before) = before {
            self.by_number.remove(&before);
        }
        self.by_number.insert(identity.number.clone(), id.clone());
    }

    /// Somebody and everybody who turned out to be the same person; the person itself first.
    #[must_use]
    pub fn family(&self, id: &PatientId) -> Vec<PatientId> {
        let root = self.person(id);
        let aliases = self.patients.get(&root).into_iter().flat_map(|one| one.aliases.clone());
        std::iter::once(root.clone()).chain(aliases).collect()
    }

    /// Who somebody turned out to be.
    #[must_use]
    pub fn person(&self, id: &PatientId) -> PatientId {
        let linked = self.patients.get(id).and_then(|patient| patient.linked.as_ref());
        linked.map_or_else(|| id.clone(), |linked| linked.to.clone())
    }

    /// Every antibody recorded of somebody, carried ones included.
    fn every_finding(&self, id: &PatientId) -> Vec<Finding> {
        let patient = self.patients.get(id).into_iter();
        patient.flat_map(|one| one.findings.iter().chain(one.carried.iter()).cloned()).collect()
    }

    fn link(&mut self, event: &ReserveLinked, meta: &Meta) {
        let by = meta.actor.clone();
        let linked =
            Linked { to: event.to.clone(), at: meta.recorded, check: event.check.clone(), by };
        self.with(&event.reserve, |patient| {
            patient.linked = Some(linked);
            patient.mixed = Some(meta.recorded);
        });
        self.with(&event.to, |patient| {
            patient.aliases.insert(event.reserve.clone());
            patient.mixed = Some(meta.recorded);
        });
    }

    /// Antibodies of both stay with both: for an antibody too many somebody gets another unit, for
    /// one too few somebody may die.
    fn unlink(&mut self, event: &ReserveUnlinked, meta: &Meta) {
        let family = self.family(&event.from);
        let all: Vec<Finding> = family.iter().flat_map(|id| self.every_finding(id)).collect();
        for id in [&event.reserve, &event.from] {
            self.with(id, |patient| {
                patient.mixed = Some(meta.recorded);
                for finding in &all {
                    let known = |one: &Finding| one.id == finding.id;
                    if !patient.findings.iter().any(known) && !patient.carried.iter().any(known) {
                        patient.carried.push_back(finding.clone());
                    }
                }
            });
        }
        self.with(&event.reserve, |patient| patient.linked = None);
        self.with(&event.from, |patient| {
            patient.aliases.remove(&event.reserve);
        });
    }

    fn take_in(&mut self, event: &TakenIn, meta: &Meta) {
        if let Some(question) = self.questions.get_mut(&event.ask) {
            question.taken_in = Some(meta.recorded);
        }
        self.with(&event.patient, |patient| {
            patient.elsewhere.extend(event.group.clone());
            patient.findings.extend(event.findings.iter().cloned());
        });
    }
}

fn verify(patient: &mut Patient, result: &Code, meta: &Meta) {
    let verified = || Some(Verified { by: meta.actor.clone(), at: meta.recorded });
    if let Some(one) = patient.determinations.iter_mut().find(|one| one.id == *result) {
        one.verified = verified();
    } else if let Some(one) = patient.screens.iter_mut().find(|one| one.id == *result) {
        one.verified = verified();
    }
}
