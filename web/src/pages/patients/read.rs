//! What was typed into the forms of a patient's page, as the command it asks for.

use std::str::FromStr;

use samband_domain::blood::model::recipient::{Requirement, Sex, Significance};
use samband_domain::blood::model::{Antigen, Group, Phenotype};
use samband_domain::patients::command::{Again, Turned};
use samband_domain::patients::model::{
    Capture, Identity, Sample, SampleNumber, ScreenResult, SharedOccasion, Target,
};
use samband_domain::patients::{Command, Own};
use samband_domain::words::{Day, PersonNumber};
use samband_domain::{Known, PatientId, Time};

use crate::app::stock::local;
use crate::pages::typed::{Errors, Reader, Typed};
use crate::text::Words;

/// What stands for "not known" in a choice.
pub(super) const UNKNOWN: &str = "unknown";

/// The command that a form asks for; none if it is no form of a patient's page.
pub(super) fn read(
    w: Words,
    (patient, own): (&PatientId, &Own),
    typed: &Typed,
    now: Time,
) -> Option<Result<Command, Errors>> {
    let step = typed.act().strip_prefix("patient-")?;
    let (reader, patient) = (Reader::new(w, typed), patient.clone());
    let mut of = Of { w, typed, reader, patient, own, now };
    let command = match step {
        "correct" => of.correct(),
        "sample" => of.sample(),
        "group" => of.group(),
        "screen" => of.screen(),
        "verify" => of.verify(),
        "antibody" => of.antibody(),
        "not-seen" => of.not_seen(),
        "resolve" => of.resolve(),
        "require" => of.require(),
        "end-need" => of.end_need(),
        "turn" => of.turn(),
        "mother" => of.mother(),
        "link" | "unlink" | "block" | "lift" => of.about(step),
        "ask" => of.ask(),
        _ => return None,
    };
    Some(of.reader.done(command))
}

struct Of<'a> {
    w: Words,
    typed: &'a Typed,
    reader: Reader<'a>,
    patient: PatientId,
    own: &'a Own,
    now: Time,
}

/// Who somebody is, as typed.
pub(super) fn identity(w: Words, reader: &mut Reader<'_>, typed: &Typed) -> Option<Identity> {
    let number = number(w, reader, typed, "number");
    let name = Known::from(reader.optional("name"));
    let born = Known::from(reader.optional_value::<Day>("born"));
    let sex = Known::from(reader.optional_value::<Sex>("sex"));
    number.map(|number| Identity { number, name, born, sex })
}

/// A person's number, with what is wrong with it.
pub(super) fn number(
    w: Words,
    reader: &mut Reader<'_>,
    typed: &Typed,
    name: &'static str,
) -> Option<PersonNumber> {
    let text = typed.get(name);
    if text.is_empty() {
        reader.wrong(name, w.t("typed-needed"));
        return None;
    }
    match PersonNumber::from_str(&text.to_uppercase()) {
        Ok(number) => Some(number),
        Err(error) => {
            reader.wrong(name, w.t(number_error(error)));
            None
        }
    }
}

/// What is wrong with a person's number, as message key.
pub(super) const fn number_error(error: samband_domain::words::PersonNumberError) -> &'static str {
    use samband_domain::words::PersonNumberError as E;
    match error {
        E::Century => "patient-number-century",
        E::Form => "patient-number-form",
        E::Date => "patient-number-date",
        E::Check => "patient-number-check",
    }
}

/// Antigens with a sign: `c- K+`.
fn antigens(text: &str) -> Option<Phenotype> {
    let mut all = Phenotype::UNTESTED;
    for word in text.split([' ', ',', ';']).filter(|word| !word.is_empty()) {
        let name = word.trim_end_matches(['+', '-', '−']);
        let found = word.ends_with('+');
        if name.len() == word.len() {
            return None;
        }
        all = all.with(antigen(name)?, found);
    }
    Some(all)
}

/// One antigen as people write it: `c`, `anti-c`, `Jk(a)`.
fn antigen(text: &str) -> Option<Antigen> {
    let bare = text.trim();
    let bare = bare.strip_prefix("anti-").or_else(|| bare.strip_prefix("Anti-")).unwrap_or(bare);
    let plain: String = bare.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    plain.parse().ok()
}

impl Of<'_> {
    /// A moment in Swedish time; now if nothing was typed.
    fn moment(&mut self, name: &'static str) -> Time {
        let text = self.typed.get(name);
        if text.is_empty() {
            return self.typed.shown(self.now);
        }
        local(text, "12:00").unwrap_or_else(|| {
            self.reader.wrong(name, self.w.t("patient-moment"));
            self.now
        })
    }

    fn known_group(&mut self, name: &'static str) -> Option<Known<Group>> {
        if self.typed.get(name) == UNKNOWN {
            return Some(Known::Unknown);
        }
        self.reader.value(name).map(Known::Value)
    }

    fn capture(&mut self) -> Capture {
        match self.reader.optional("instrument") {
            Some(instrument) => Capture::Interface { instrument },
            None => Capture::Typed,
        }
    }

    fn correct(&mut self) -> Option<Command> {
        let identity = identity(self.w, &mut self.reader, self.typed);
        let reason = self.reader.text("reason");
        let patient = self.patient.clone();
        identity.map(|identity| Command::CorrectIdentity { patient, identity, reason })
    }

    fn sample(&mut self) -> Option<Command> {
        let number: Option<SampleNumber> = self.reader.value("sample");
        let purpose = self.reader.value("purpose");
        let taken = self.moment("at");
        let (place, taken_by) = (self.reader.text("place"), self.reader.text("taken-by"));
        let signed = self.reader.text("signed");
        let shared = self.reader.optional("shared-reason");
        let physician = self.reader.optional("shared-physician");
        let shared_occasion = shared.map(|reason| SharedOccasion { reason, physician });
        let sample = number.zip(purpose).map(|(number, purpose)| Sample {
            number,
            purpose,
            taken,
            place,
            taken_by,
            identity_signed: signed == "yes",
            shared_occasion,
        });
        sample.map(|sample| Command::TakeSample { patient: self.patient.clone(), sample })
    }

    fn group(&mut self) -> Option<Command> {
        let sample = self.reader.value("sample");
        let (determined, group) = (self.moment("at"), self.known_group("group"));
        let phenotype = antigens(self.typed.get("antigens"));
        if phenotype.is_none() {
            self.reader.wrong("antigens", self.w.t("patient-antigens-wrong"));
        }
        let emergency = self.typed.get("extent") == "emergency";
        let capture = self.capture();
        let patient = self.patient.clone();
        sample.zip(group).zip(phenotype).map(|((sample, group), phenotype)| Command::Determine {
            patient,
            sample,
            determined,
            group,
            phenotype,
            emergency,
            capture,
        })
    }

    fn screen(&mut self) -> Option<Command> {
        let sample = self.reader.value("sample");
        let result: Option<ScreenResult> = self.reader.value("result");
        let (performed, capture) = (self.moment("at"), self.capture());
        let patient = self.patient.clone();
        sample.zip(result).map(|(sample, result)| Command::RecordScreen {
            patient,
            sample,
            performed,
            result,
            capture,
        })
    }

    fn verify(&mut self) -> Option<Command> {
        let result = self.reader.value("result-id");
        let again = if self.typed.get("again-screen").is_empty() {
            self.known_group("again-group").map(Again::Group)
        } else {
            self.reader.value("again-screen").map(Again::Screen)
        };
        let patient = self.patient.clone();
        result.zip(again).map(|(result, again)| Command::Verify { patient, result, again })
    }

    fn antibody(&mut self) -> Option<Command> {
        let text = self.reader.text("against");
        let against = match text.strip_prefix("HPA-").and_then(|hpa| hpa.parse().ok()) {
            Some(hpa) => Target::Platelet(hpa),
            None => antigen(&text).map_or_else(|| Target::Other(text.clone()), Target::RedCell),
        };
        let said = self.typed.get("significance");
        let significance = Known::from(said.parse::<Significance>().ok());
        let (found, place) = (self.moment("at"), self.reader.text("place"));
        let method = self.reader.optional("method");
        let patient = self.patient.clone();
        Some(Command::FindAntibody { patient, against, significance, method, found, place })
    }

    fn not_seen(&mut self) -> Option<Command> {
        let (finding, at) = (self.reader.value("finding"), self.moment("at"));
        let patient = self.patient.clone();
        finding.map(|finding| Command::NotSeen { patient, finding, at })
    }

    fn resolve(&mut self) -> Option<Command> {
        let (group, reason) = (self.reader.value("group"), self.reader.text("reason"));
        let patient = self.patient.clone();
        group.map(|group| Command::Resolve { patient, group, reason })
    }

    fn require(&mut self) -> Option<Command> {
        let requirement: Option<Requirement> = self.reader.value("requirement");
        let indication = self.reader.value("indication");
        let from = self.reader.day("from");
        let until = self.reader.last_day("until");
        let note = self.reader.optional("note");
        let patient = self.patient.clone();
        requirement.zip(indication).zip(from).map(|((requirement, indication), from)| {
            Command::Require { patient, requirement, indication, note, from, until }
        })
    }

    fn end_need(&mut self) -> Option<Command> {
        let (need, reason) = (self.reader.value("need"), self.reader.text("reason"));
        let (patient, at) = (self.patient.clone(), self.typed.shown(self.now));
        need.map(|need| Command::EndRequirement { patient, need, at, reason })
    }

    fn turn(&mut self) -> Option<Command> {
        let turned = match self.typed.get("turned") {
            "transplanted" => self.known_group("group").map(Turned::Transplanted),
            "settled" => self.reader.value("group").map(Turned::Settled),
            "rejected" => Some(Turned::Rejected),
            _ => {
                self.reader.wrong("turned", self.w.t("typed-needed"));
                None
            }
        };
        let (valid_from, note) = (self.moment("at"), self.reader.text("note"));
        let patient = self.patient.clone();
        turned.map(|turned| Command::Turn { patient, turned, valid_from, note })
    }

    /// Another patient by the number that finds people.
    fn other(&mut self, name: &'static str) -> Option<PatientId> {
        let number = number(self.w, &mut self.reader, self.typed, name)?;
        let found = self.own.by_number.get(&number).cloned();
        if found.is_none() {
            self.reader.wrong(name, self.w.t("patient-nobody-yet"));
        }
        found
    }

    fn mother(&mut self) -> Option<Command> {
        let mother = self.other("mother-number");
        let reason = self.reader.optional("reason");
        let patient = self.patient.clone();
        mother.map(|mother| Command::StateMother { patient, mother, reason })
    }

    fn about(&mut self, step: &str) -> Option<Command> {
        let patient = self.patient.clone();
        let member: Option<PatientId> = self.reader.optional_value("member");
        Some(match step {
            "link" => {
                let to = self.other("to-number");
                let check = self.reader.text("check");
                Command::Link { reserve: patient, to: to?, check }
            }
            "unlink" => Command::Unlink { reserve: member?, reason: self.reader.text("reason") },
            "block" => Command::Block { patient, note: self.reader.optional("note") },
            _ => {
                let patient = member.unwrap_or(patient);
                Command::LiftBlock { patient, reason: self.reader.text("reason") }
            }
        })
    }

    fn ask(&mut self) -> Option<Command> {
        let to = self.reader.value("to");
        let ground = self.reader.value("ground");
        let urgency = self.reader.value("urgency");
        let (reason, phone) = (self.reader.text("reason"), self.reader.text("phone"));
        let patient = self.patient.clone();
        to.zip(ground).zip(urgency).map(|((to, ground), urgency)| Command::Ask {
            patient,
            to,
            ground,
            urgency,
            reason,
            phone,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn antigens_are_read_with_their_signs_and_nothing_is_guessed() {
        let read = antigens("c- K+ Jk(a)+").unwrap();
        assert_eq!(read.get(Antigen::SmallC), Known::Value(false));
        assert_eq!(read.get(Antigen::BigK), Known::Value(true));
        assert_eq!(read.get(Antigen::Jka), Known::Value(true));
        assert_eq!(antigens(""), Some(Phenotype::UNTESTED));
        assert_eq!(antigens("K"), None);
        assert_eq!(antigens("Zz+"), None);
        assert_eq!(antigen("anti-Fy(a)"), Some(Antigen::Fya));
    }
}
