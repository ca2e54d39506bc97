//! The demo regions' invented patients and what their laboratories found: groups on two occasions,
//! screens, antibodies, a newborn with mother, a reserve number. Assumed; nobody is called so, and
//! the numbers are of the series that is never given out.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use samband_domain::blood::model::{Antigen, Group, Phenotype, Requirement, Significance};
use samband_domain::kernel::Role;
use samband_domain::patients::command::Turned;
use samband_domain::patients::model::{
    Capture, Identity, Indication, Purpose, Sample, SampleNumber, ScreenResult, Target,
};
use samband_domain::patients::{Command as Patients, Event as PatientEvent};
use samband_domain::words::Day;
use samband_domain::{Event, JournalId, Known, PatientId, PersonNumber, Time};
use samband_engine::{Engine, Request};

use super::clock::Past;
use super::donors::number;
use super::{journal, person};
use crate::operate::fresh_key;

/// What is special about a patient.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Two occasions of one group, and a valid screen without antibodies.
    Ready,
    /// Two occasions, and antibodies that were found years ago.
    Antibodies(&'static [Antigen]),
    /// Two occasions of different groups: a physician decides.
    TwoGroups,
    /// The second result was typed and waits for a second person.
    Typed,
    /// Stem cells of another group were given; nothing is settled yet.
    Transplanted,
    /// Platelets must be matched by HLA.
    HlaMatched,
    /// Born yesterday; the mother by her name here.
    Newborn(&'static str),
    /// Nobody could name the person; an emergency group alone.
    Reserve,
    /// Registered, and nothing sampled here yet.
    Unsampled,
}

/// Name in this world, region, given name, day of birth, serial (odd for men), group by number.
type Line = (&'static str, &'static str, &'static str, &'static str, u16, usize, Case);

const ANTI_C_JKA: &[Antigen] = &[Antigen::SmallC, Antigen::Jka];

const PEOPLE: [Line; 24] = [
    ("astrid", "skane", "Astrid", "19510306", 982, 2, Case::Ready),
    ("bertil", "skane", "Bertil", "19460514", 981, 0, Case::Antibodies(ANTI_C_JKA)),
    ("cecilia", "skane", "Cecilia", "19530722", 984, 2, Case::Ready),
    ("david", "skane", "David", "19580109", 983, 0, Case::Ready),
    ("elsa", "skane", "Elsa", "19490918", 986, 4, Case::TwoGroups),
    ("fredrik", "skane", "Fredrik", "19611130", 985, 0, Case::Typed),
    ("gunvor", "skane", "Gunvor", "19440402", 988, 2, Case::Unsampled),
    ("hans", "skane", "Hans", "19670213", 987, 2, Case::Transplanted),
    ("ingrid", "skane", "Ingrid", "19550625", 982, 4, Case::Ready),
    ("okand", "skane", "", "", 0, 0, Case::Reserve),
    ("johan", "skane", "Johan", "19800811", 981, 0, Case::Unsampled),
    ("kerstin", "halland", "Kerstin", "19520419", 984, 2, Case::HlaMatched),
    ("lennart", "halland", "Lennart", "19780627", 983, 0, Case::Ready),
    ("marianne", "halland", "Marianne", "19470101", 986, 4, Case::Ready),
    ("bertil-h", "halland", "Bertil", "19460514", 981, 0, Case::Unsampled),
    ("nora", "halland", "Nora", "19590316", 988, 2, Case::Ready),
    ("olivia", "blekinge", "Olivia", "19920205", 982, 1, Case::Antibodies(&[Antigen::D])),
    ("flicka", "blekinge", "Flicka", "", 984, 0, Case::Newborn("olivia")),
    ("petter", "blekinge", "Petter", "19500712", 981, 2, Case::Ready),
    ("ragnhild", "blekinge", "Ragnhild", "19480823", 986, 0, Case::Ready),
    ("sixten", "blekinge", "Sixten", "19560930", 983, 2, Case::Ready),
    ("gunvor-k", "kronoberg", "Gunvor", "19440402", 988, 2, Case::Antibodies(&[Antigen::BigK])),
    ("tage", "kronoberg", "Tage", "19540107", 985, 2, Case::Ready),
    ("ulrika", "kronoberg", "Ulrika", "19571119", 984, 0, Case::Ready),
];

/// Each region's invented family name for patients.
fn family(region: &str) -> &'static str {
    match region {
        "blekinge" => "Provpatientén",
        "halland" => "Patientsson",
        "kronoberg" => "Patientberg",
        _ => "Patientelius",
    }
}

/// The patients by their names in this world.
pub type People = BTreeMap<&'static str, PatientId>;

/// Registers the patients and records what was sampled and found.
///
/// # Errors
/// If a command is refused.
pub async fn register(engine: &Engine, past: &Past<'_>) -> Result<People> {
    let mut people = People::new();
    for region in super::REGIONS {
        let lines: Vec<_> = PEOPLE.iter().filter(|line| line.1 == region).collect();
        let mut asked = Vec::new();
        for line in &lines {
            let register = Patients::Register { identity: identity(line, past)? };
            asked.push((Role::Scientist, register));
        }
        let registered = together(engine, region, asked).await?;
        let ids = registered.into_iter().filter_map(|event| match event {
            Event::Patients(PatientEvent::Registered(_, one)) => {
                one.here().map(|one| one.patient.clone())
            }
            _ => None,
        });
        people.extend(lines.iter().map(|line| line.0).zip(ids));
        let mut asked = Vec::new();
        for (n, line) in lines.into_iter().enumerate() {
            let patient = people.get(line.0).context("a patient was not registered")?.clone();
            let file = File { patient, line, region, n, past };
            asked.extend(file.laboratory(&people)?);
        }
        together(engine, region, asked).await?;
    }
    Ok(people)
}

/// Several commands of a region that happen together, and what came of them.
async fn together(
    engine: &Engine,
    region: &str,
    asked: Vec<(Role, Patients)>,
) -> Result<Vec<Event>> {
    let region: JournalId = journal(region);
    let mut requests = Vec::new();
    for (role, command) in asked {
        requests.push(Request {
            principal: person(&region, role),
            region: region.clone(),
            key: fresh_key()?,
            happened: None,
            command: command.into(),
            asked: None,
        });
    }
    let outcome = engine.submit_all(requests).await;
    let receipts =
        outcome.map_err(|(n, failure)| anyhow::anyhow!("{region}: patients, {n}: {failure}"))?;
    Ok(receipts.into_iter().flat_map(|receipt| receipt.events).collect())
}

fn identity(line: &Line, past: &Past<'_>) -> Result<Identity> {
    let (_, region, first, born, serial, _, case) = *line;
    let unknown = |number: PersonNumber, name| Identity {
        number,
        name,
        born: Known::Unknown,
        sex: Known::Unknown,
    };
    if case == Case::Reserve {
        return Ok(unknown("RESERV26A01".parse()?, Known::Unknown));
    }
    let yesterday = Day::of(past.present.plus_days(-1)).to_string().replace('-', "");
    let born = if born.is_empty() { yesterday.as_str() } else { born };
    let name = format!("{first} {}", family(region));
    Ok(unknown(number(born, serial)?, Known::Value(name)))
}

/// One patient's results while they are written down.
struct File<'a> {
    patient: PatientId,
    line: &'a Line,
    region: &'static str,
    /// Which of the region's patients: numbers of samples follow from it.
    n: usize,
    past: &'a Past<'a>,
}

const SCIENTIST: Role = Role::Scientist;
const DAY: i64 = 24 * 60;

impl File<'_> {
    fn laboratory(&self, people: &People) -> Result<Vec<(Role, Patients)>> {
        let group = Group::ALL[self.line.5];
        let mut all = Vec::new();
        // A month ago, and this night.
        let (first, now) = (self.past.minutes(30 * DAY), self.past.minutes(14 * 60));
        match self.line.6 {
            Case::Unsampled => return Ok(all),
            Case::Reserve => {
                let (sample, taken) = (self.sample(1)?, self.past.minutes(10 * 60));
                all.push(self.taken(&sample, taken, Purpose::Compatibility));
                all.push(self.determined(&sample, taken, (group, true), Self::instrument()));
                return Ok(all);
            }
            Case::Newborn(mother) => {
                let mother = people.get(mother).context("the mother comes first")?.clone();
                let patient = self.patient.clone();
                let state = Patients::StateMother { patient, mother, reason: None };
                all.push((SCIENTIST, state));
                let sample = self.sample(1)?;
                all.push(self.taken(&sample, now, Purpose::Group));
                all.push(self.determined(&sample, now, (group, false), Self::instrument()));
                return Ok(all);
            }
            _ => {}
        }
        let (one, two) = (self.sample(1)?, self.sample(2)?);
        all.push(self.taken(&one, first, Purpose::Group));
        all.push(self.determined(&one, first, (group, false), Self::instrument()));
        all.push(self.taken(&two, now, Purpose::Compatibility));
        let other = if self.line.6 == Case::TwoGroups { Group::ALL[0] } else { group };
        let capture = if self.line.6 == Case::Typed { Capture::Typed } else { Self::instrument() };
        all.push(self.determined(&two, now, (other, false), capture));
        let positive = matches!(self.line.6, Case::Antibodies(_));
        all.push(self.screened(two, now, positive));
        all.extend(self.special());
        Ok(all)
    }

    fn instrument() -> Capture {
        Capture::Interface { instrument: "Gruppering 2 (demo)".into() }
    }

    fn sample(&self, which: usize) -> Result<SampleNumber> {
        let letters = self.region[..2].to_uppercase();
        Ok(format!("{letters}26-{:04}", 100 + self.n * 10 + which).parse()?)
    }

    fn taken(&self, number: &SampleNumber, taken: Time, purpose: Purpose) -> (Role, Patients) {
        let sample = Sample {
            number: number.clone(),
            purpose,
            taken,
            place: "Provtagningen".into(),
            taken_by: "J. Påhittsson".into(),
            identity_signed: true,
            shared_occasion: None,
        };
        (SCIENTIST, Patients::TakeSample { patient: self.patient.clone(), sample })
    }

    fn determined(
        &self,
        sample: &SampleNumber,
        taken: Time,
        (group, emergency): (Group, bool),
        capture: Capture,
    ) -> (Role, Patients) {
        let command = Patients::Determine {
            patient: self.patient.clone(),
            sample: sample.clone(),
            determined: taken.plus_seconds(3_600),
            group: Known::Value(group),
            phenotype: Phenotype::UNTESTED,
            emergency,
            capture,
        };
        (SCIENTIST, command)
    }

    fn screened(&self, sample: SampleNumber, taken: Time, positive: bool) -> (Role, Patients) {
        let result = if positive { ScreenResult::Positive } else { ScreenResult::Negative };
        let command = Patients::RecordScreen {
            patient: self.patient.clone(),
            sample,
            performed: taken.plus_seconds(3_600),
            result,
            capture: Self::instrument(),
        };
        (SCIENTIST, command)
    }

    /// Antibodies of years ago, a transplant, what a physician requires.
    fn special(&self) -> Vec<(Role, Patients)> {
        let require = |requirement, indication| {
            let command = Patients::Require {
                patient: self.patient.clone(),
                requirement,
                indication,
                note: None,
                from: self.past.minutes(20 * DAY),
                until: None,
            };
            (Role::Physician, command)
        };
        match self.line.6 {
            Case::Antibodies(found) => {
                let years = (0_i64..).map(|n| self.past.minutes((2_500 - 700 * n) * DAY));
                let all = found.iter().zip(years);
                all.map(|(against, found)| (SCIENTIST, self.found(*against, found))).collect()
            }
            Case::Transplanted => {
                let turned = Patients::Turn {
                    patient: self.patient.clone(),
                    turned: Turned::Transplanted(Known::Value(Group::ALL[0])),
                    valid_from: self.past.minutes(20 * DAY),
                    note: "Stamcellstransplantation, Lund".into(),
                };
                let irradiated = require(Requirement::Irradiated, Indication::AllogeneicHsct);
                vec![(Role::Physician, turned), irradiated]
            }
            Case::HlaMatched => {
                vec![require(Requirement::HlaMatched, Indication::HlaMatchedPlatelets)]
            }
            _ => Vec::new(),
        }
    }

    fn found(&self, against: Antigen, found: Time) -> Patients {
        Patients::FindAntibody {
            patient: self.patient.clone(),
            against: Target::RedCell(against),
            significance: Known::Value(Significance::Significant),
            method: Some("panel, kolonnteknik".into()),
            found,
            place: "Referenslaboratoriet Lund".into(),
        }
    }
}
