//! What may be seen of patients: only in their own region.

mod disclosure;
mod gaps;
mod group;
mod serology;

pub use disclosure::{Incoming, Outgoing, history, incoming, open, outgoing};
pub use gaps::{Gap, gaps};
pub use group::{Counted, Era, Evidence, OCCASION_APART, Said, Uncounted, count, era, said};
pub use serology::{CurrentSample, ScreenNow, Serology, bas_until, serology};

use super::model::{
    Determination, ElsewhereGroup, Finding, Mother, Need, Patient, Sample, SampleNumber, Screen,
    Turn,
};
use super::state::Own;
use crate::blood::model::recipient::Antibodies;
use crate::patients::model::Target;
use crate::words::{PatientId, PersonNumber, Time};

/// The patient with a number.
#[must_use]
pub fn find<'a>(own: &'a Own, number: &PersonNumber) -> Option<(&'a PatientId, &'a Patient)> {
    let id = own.by_number.get(number)?;
    own.patients.get_key_value(id)
}

/// One person in the record: the person, and every reserve number that turned out to be the same.
#[derive(Clone, Debug)]
pub struct Family<'a> {
    own: &'a Own,
    /// The person first.
    pub members: Vec<(PatientId, &'a Patient)>,
}

impl<'a> Family<'a> {
    /// Everybody who is the same person; none if nobody has this identifier.
    #[must_use]
    pub fn of(own: &'a Own, id: &PatientId) -> Option<Self> {
        own.patients.get(id)?;
        let found = |id: PatientId| own.patients.get(&id).map(|patient| (id, patient));
        Some(Self { own, members: own.family(id).into_iter().filter_map(found).collect() })
    }

    fn each(&self) -> impl Iterator<Item = &'a Patient> + '_ {
        self.members.iter().map(|(_, patient)| *patient)
    }

    /// The person itself.
    #[must_use]
    pub fn person(&self) -> &'a Patient {
        // A family has its person: `of` found somebody, and links lead to somebody registered.
        self.members[0].1
    }

    /// When results last came to this person or left.
    #[must_use]
    pub fn mixed(&self) -> Option<Time> {
        self.each().filter_map(|patient| patient.mixed).max()
    }

    /// A sample by its number.
    #[must_use]
    pub fn sample(&self, number: &SampleNumber) -> Option<&'a Sample> {
        self.each().find_map(|patient| patient.samples.get(number))
    }

    /// Samples, newest first.
    #[must_use]
    pub fn samples(&self) -> Vec<&'a Sample> {
        let mut all: Vec<_> = self.each().flat_map(|patient| patient.samples.values()).collect();
        all.sort_by_key(|sample| std::cmp::Reverse(sample.taken));
        all
    }

    /// Groups as determined.
    pub fn determinations(&self) -> impl Iterator<Item = &'a Determination> + '_ {
        self.each().flat_map(|patient| patient.determinations.iter())
    }

    /// Groups with the samples they were determined on.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence<'a>> {
        let with = |found: &'a Determination| {
            Some(Evidence { found, sample: self.sample(&found.sample)? })
        };
        self.determinations().filter_map(with).collect()
    }

    /// Groups that other regions told of.
    pub fn elsewhere(&self) -> impl Iterator<Item = &'a ElsewhereGroup> + '_ {
        self.each().flat_map(|patient| patient.elsewhere.iter())
    }

    /// Screens.
    pub fn screens(&self) -> impl Iterator<Item = &'a Screen> + '_ {
        self.each().flat_map(|patient| patient.screens.iter())
    }

    /// Every antibody ever found, carried ones included, newest first.
    #[must_use]
    pub fn findings(&self) -> Vec<&'a Finding> {
        let mut all: Vec<&Finding> = Vec::new();
        let found = self.each().flat_map(|one| one.findings.iter().chain(one.carried.iter()));
        for finding in found {
            if !all.iter().any(|one| one.id == finding.id) {
                all.push(finding);
            }
        }
        all.sort_by_key(|finding| std::cmp::Reverse(finding.found));
        all
    }

    /// The antibodies that compatibility knows of.
    #[must_use]
    pub fn antibodies(&self) -> Antibodies {
        let add = |all: Antibodies, finding: &&Finding| match finding.against {
            Target::RedCell(antigen) => all.with(antigen, finding.significance),
            Target::Platelet(_) | Target::Other(_) => all,
        };
        self.findings().iter().fold(Antibodies::NONE, add)
    }

    /// What physicians require.
    pub fn needs(&self) -> impl Iterator<Item = &'a Need> + '_ {
        self.each().flat_map(|patient| patient.needs.iter())
    }

    /// What may have changed the group.
    pub fn turns(&self) -> impl Iterator<Item = &'a Turn> + '_ {
        self.each().flat_map(|patient| patient.turns.iter())
    }

    /// Mothers as stated, those put right included.
    pub fn mothers(&self) -> impl Iterator<Item = &'a Mother> + '_ {
        self.each().flat_map(|patient| patient.mothers.iter())
    }

    /// The families of every mother ever stated: an antibody too many costs another unit, one too
    /// few may cost a life.
    #[must_use]
    pub fn families_of_mothers(&self) -> Vec<Self> {
        self.mothers().filter_map(|mother| Self::of(self.own, &mother.patient)).collect()
    }

    /// Whether the person, under any number, forbids telling other care providers.
    #[must_use]
    pub fn blocked(&self, at: Time) -> bool {
        self.each().any(|patient| patient.blocked(at))
    }
}
