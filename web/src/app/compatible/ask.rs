//! Reading a question: every text is read as people write it, or named as wrong; none is guessed.

use samband_domain::Known;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Attribute, Candidate, Component, Group, Hpa, Phenotype,
    Recipient, Requirement, Sex, Significance,
};
use samband_domain::blood::rules::compatible::Urgency;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

/// A question as it is typed; what is left out or empty is not known, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// `red_cells`, `whole_blood`, `platelets`, `plasma`, `granulocytes` or `cryoprecipitate`.
    pub component: String,
    /// The recipient's group, e.g. `a_pos`, or `unknown`. A `+` must be sent as `%2B`.
    pub recipient: String,
    /// Only units of this group, or `unknown`; all eight otherwise.
    pub donor: String,
    /// `f` or `m`.
    pub sex: String,
    /// `30`, `30y` or `4m`; `unknown` for somebody who may be a newborn. Left out: past infancy.
    pub age: String,
    /// Antibodies ever found: `c Jka Lea:insignificant`; `unknown` if nobody looked. Left out: none.
    pub antibodies: String,
    /// The recipient's antigens that were tested: `c- K+`.
    pub phenotype: String,
    /// Antibodies of a newborn's mother, or `none`. Left out: unknown.
    pub mother: String,
    /// What a physician requires: `irradiated cmv_safe iga_deficient washed hla_matched`.
    pub requirements: String,
    /// Platelet antigens that the recipient has antibodies against: `1a 5b`.
    pub hpa: String,
    /// The unit's antigens that were tested: `c- K-`.
    pub unit_phenotype: String,
    /// What else is known of the unit: `low_titre`, `irradiated`, `leukoreduced`, `washed` …
    pub unit: String,
    /// `on` or `true`: a life is at stake.
    pub emergency: String,
    /// Whose rules; several by commas. All regions otherwise.
    pub region: String,
}

/// A text that answers nothing that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which field.
    pub field: &'static str,
    /// What stood there.
    pub value: String,
    /// What may stand there.
    pub known: String,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: “{}” is not one of {}", self.field, self.value, self.known)
    }
}

/// A question that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Component.
    pub component: Component,
    /// Recipient.
    pub recipient: Recipient,
    /// The unit, apart from its group.
    pub unit: Candidate,
    /// The groups that are asked about; a bag whose group nobody knows is a question of its own.
    pub donors: Vec<Known<Group>>,
    /// Whether it is an emergency.
    pub urgency: Urgency,
}

impl Asked {
    /// Reads the question.
    ///
    /// # Errors
    /// Every text that could not be read, by field.
    pub fn read(&self) -> Result<Question, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let component = self.component.replace('-', "_");
        let component = one("component", &component, Component::ALL, &mut wrong);
        let group = group("recipient", &self.recipient, &mut wrong);
        let donor = match self.donor.trim() {
            "" => None,
            text => Some(self::group("donor", text, &mut wrong)),
        };
        let mut recipient = Recipient::of_group(group);
        recipient.sex = sex(&self.sex, &mut wrong);
        recipient.age = age(&self.age, &mut wrong);
        if !self.antibodies.trim().is_empty() {
            recipient.antibodies = antibodies("antibodies", &self.antibodies, &mut wrong);
        }
        recipient.mother = match self.mother.trim() {
            "" => Known::Unknown,
            text => antibodies("mother", text, &mut wrong),
        };
        recipient.phenotype = phenotype("phenotype", &self.phenotype, &mut wrong);
        recipient.requirements =
            listed("requirements", &self.requirements, Requirement::ALL, &mut wrong);
        recipient.hpa =
            listed("hpa", &self.hpa.to_lowercase().replace("hpa-", ""), Hpa::ALL, &mut wrong);
        let unit = self.unit_facts(&mut wrong);
        let urgency = match self.emergency.trim() {
            "" | "false" | "off" | "0" => Urgency::Routine,
            "on" | "true" | "1" => Urgency::Emergency,
            other => {
                wrong.push(not_known("emergency", other, "true, false"));
                Urgency::Emergency
            }
        };
        let donors = donor.map_or_else(|| Group::ALL.map(Known::Value).to_vec(), |one| vec![one]);
        match component {
            Some(component) if wrong.is_empty() => {
                Ok(Question { component, recipient, unit, donors, urgency })
            }
            _ => Err(wrong),
        }
    }

    fn unit_facts(&self, wrong: &mut Vec<Wrong>) -> Candidate {
        let mut unit = Candidate::of_group(Known::Unknown);
        unit.phenotype = phenotype("unit_phenotype", &self.unit_phenotype, wrong);
        let words: Vec<_> = words(&self.unit).map(|word| word.replace('-', "_")).collect();
        unit.washed = words.iter().any(|word| word == "washed");
        let rest = words.into_iter().filter(|word| word != "washed").collect::<Vec<_>>().join(" ");
        unit.attributes = listed("unit", &rest, Attribute::ALL, wrong);
        unit
    }
}

fn not_known(field: &'static str, value: &str, known: impl Into<String>) -> Wrong {
    Wrong { field, value: value.chars().take(60).collect(), known: known.into() }
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', ';', '\n', '\t', '\r']).filter(|word| !word.is_empty())
}

fn one<T: Copy + std::str::FromStr + std::fmt::Display>(
    field: &'static str,
    text: &str,
    all: &[T],
    wrong: &mut Vec<Wrong>,
) -> Option<T> {
    let found = text.trim().parse().ok();
    if found.is_none() {
        let known: Vec<_> = all.iter().map(ToString::to_string).collect();
        wrong.push(not_known(field, text, known.join(", ")));
    }
    found
}

fn listed<T, C>(field: &'static str, text: &str, all: &[T], wrong: &mut Vec<Wrong>) -> C
where
    T: Copy + std::str::FromStr + std::fmt::Display,
    C: FromIterator<T>,
{
    let words: Vec<_> = words(text).map(|word| word.replace('-', "_")).collect();
    words.iter().filter_map(|word| one(field, word, all, wrong)).collect()
}

/// Whether a text says that nobody knows, in either language.
fn is_unknown(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "unknown" | "okänd" | "okänt" | "okända")
}

fn group(field: &'static str, text: &str, wrong: &mut Vec<Wrong>) -> Known<Group> {
    match text.trim() {
        text if is_unknown(text) => Known::Unknown,
        text => {
            let found = text.parse().ok();
            if found.is_none() {
                wrong.push(not_known(field, text, "O+, O-, A+, A-, B+, B-, AB+, AB-, unknown"));
            }
            found.into()
        }
    }
}

fn sex(text: &str, wrong: &mut Vec<Wrong>) -> Known<Sex> {
    match text.trim() {
        text if text.is_empty() || is_unknown(text) => Known::Unknown,
        "f" | "k" | "female" => Known::Value(Sex::Female),
        "m" | "male" => Known::Value(Sex::Male),
        other => {
            wrong.push(not_known("sex", other, "f, m, unknown"));
            Known::Unknown
        }
    }
}

/// A number alone is years.
fn age(text: &str, wrong: &mut Vec<Wrong>) -> AgeKnown {
    let text = text.trim();
    match text {
        "" => return AgeKnown::PastInfancy,
        text if is_unknown(text) => return AgeKnown::Unknown,
        _ => {}
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: Option<u16> = number.parse().ok().filter(|n| *n <= 2_400);
    match (number, unit.trim()) {
        (Some(years), "" | "y" | "years" | "å" | "år") if years <= 150 => {
            AgeKnown::Months(years * 12)
        }
        (Some(months), "m" | "months" | "mån" | "månader") => AgeKnown::Months(months),
        _ => {
            wrong.push(not_known("age", text, "30, 30y, 4m, unknown"));
            AgeKnown::Unknown
        }
    }
}

/// One antigen as people write it: `c`, `anti-c`, `Jk(a)`.
fn antigen(field: &'static str, text: &str, wrong: &mut Vec<Wrong>) -> Option<Antigen> {
    let bare = text.strip_prefix("anti-").or_else(|| text.strip_prefix("Anti-")).unwrap_or(text);
    let plain: String = bare.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    one(field, &plain, Antigen::ALL, wrong)
}

fn antibodies(field: &'static str, text: &str, wrong: &mut Vec<Wrong>) -> Known<Antibodies> {
    match text.trim().to_lowercase().as_str() {
        text if is_unknown(text) => return Known::Unknown,
        "none" | "inga" | "ingen" => return Known::Value(Antibodies::NONE),
        _ => {}
    }
    let mut all = Antibodies::NONE;
    for word in words(text) {
        let (name, how) = word.split_once(':').map_or((word, None), |(a, b)| (a, Some(b)));
        let how = how.and_then(|how| one(field, significance(how), Significance::ALL, wrong));
        if let Some(antigen) = antigen(field, name, wrong) {
            all = all.with(antigen, how.into());
        }
    }
    Known::Value(all)
}

/// How much an antibody matters, also as it is said in Swedish.
fn significance(text: &str) -> &str {
    match text {
        "betydelsefull" | "signifikant" => "significant",
        "obetydlig" | "insignifikant" => "insignificant",
        other => other,
    }
}

/// Antigens with a sign: `c- K+`.
fn phenotype(field: &'static str, text: &str, wrong: &mut Vec<Wrong>) -> Phenotype {
    let mut all = Phenotype::UNTESTED;
    for word in words(text) {
        let sign = word.chars().next_back();
        let name = word.trim_end_matches(['+', '-', '−']);
        let found = match sign {
            Some('+') => true,
            Some('-' | '−') => false,
            _ => {
                wrong.push(not_known(field, word, "c+, c-, K+, K- …"));
                continue;
            }
        };
        if let Some(antigen) = antigen(field, name, wrong) {
            all = all.with(antigen, found);
        }
    }
    all
}
