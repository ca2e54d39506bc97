//! `samband blood`: who can receive what, by the textbook, by an installation's rule sets, or by
//! those that come with the program.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use clap::error::ErrorKind;
use clap::{Args, Subcommand};
use samband_domain::rulesets::{Document, InForce, RuleSet, Scope};
use samband_domain::{Digest, JournalId, Time};
use samband_engine::Engine;
use samband_web::app::compatible::{Answer, Asked, Question, RuleSetUsed};
use samband_web::text::Words;
use serde::{Deserialize, Serialize};

use crate::control;
use crate::operate::{Operation, Say, data};
use crate::place::Place;

/// `blood`
#[derive(Debug, Subcommand)]
pub enum BloodCommand {
    /// Say whether a unit of a group may be chosen for a recipient, and why.
    Compatible(Box<Compatible>),
    /// Say what blood a mass-casualty incident is expected to use, always as a range.
    Need(crate::planning::need::Need),
}

/// `blood compatible`
#[derive(Debug, Args)]
pub struct Compatible {
    /// red-cells, whole-blood, platelets, plasma, granulocytes or cryoprecipitate.
    #[arg(long)]
    component: String,
    /// The recipient's group: A+, O-, "AB RhD neg", a_pos … or unknown.
    #[arg(long)]
    recipient: String,
    /// The unit's group, or unknown.
    #[arg(long)]
    donor: String,
    /// By this region's rule set; without it, by what holds in every region.
    #[arg(long)]
    region: Option<JournalId>,
    /// A life is at stake.
    #[arg(long)]
    emergency: bool,
    /// The recipient's sex: f or m.
    #[arg(long, default_value = "")]
    sex: String,
    /// The recipient's age: 30y, 4m or unknown; without it, somebody past infancy is meant.
    #[arg(long, default_value = "")]
    age: String,
    /// Antibody ever found: c, Jka, Lea:insignificant; several by commas; unknown if nobody looked.
    #[arg(long = "antibody", value_delimiter = ',')]
    antibodies: Vec<String>,
    /// The recipient's antigens that were tested: c-,K+
    #[arg(long = "antigen", value_delimiter = ',')]
    antigens: Vec<String>,
    /// Antibodies of a newborn's mother, or none.
    #[arg(long = "mother-antibody", value_delimiter = ',')]
    mother: Vec<String>,
    /// What a physician requires: irradiated, cmv-safe, iga-deficient, washed, hla-matched.
    #[arg(long = "requirement", value_delimiter = ',')]
    requirements: Vec<String>,
    /// Platelet antigen that the recipient has antibodies against: 1a, 5b …
    #[arg(long, value_delimiter = ',')]
    hpa: Vec<String>,
    /// The unit's antigens that were tested: c-,K-
    #[arg(long = "unit-antigen", value_delimiter = ',')]
    unit_antigens: Vec<String>,
    /// What else is known of the unit: low-titre, irradiated, leukoreduced, washed …
    #[arg(long = "unit", value_delimiter = ',')]
    unit: Vec<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Installation whose rule sets apply; without it, those that come with the program.
    #[arg(long, env = "SAMBAND_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
}

/// The question, and by whose rules, as it is carried to a running server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BloodQuestion {
    asked: Asked,
    region: JournalId,
    json: bool,
}

/// Where the rules came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum RulesFrom {
    /// No region was named: only what holds in every region.
    Everywhere,
    /// In force in an installation.
    Installation,
    /// The program's own, adopted by nobody.
    BuiltIn,
}

/// What is printed with `--json`.
#[derive(Debug, Serialize)]
struct Said<'a> {
    component: &'a str,
    recipient: &'a str,
    emergency: bool,
    #[serde(flatten)]
    answer: &'a Answer,
    rules_from: RulesFrom,
    rule_set: Option<RuleSetUsed>,
}

/// Answers. A question that cannot be read ends the program with 2; any answer is a good end.
///
/// # Errors
/// If the installation or its rule set cannot be read.
pub async fn run(command: BloodCommand) -> Result<()> {
    match command {
        BloodCommand::Compatible(options) => compatible(*options).await,
        BloodCommand::Need(asked) => crate::planning::need::run(&asked),
    }
}

async fn compatible(options: Compatible) -> Result<()> {
    let asked = asked(&options);
    let question = match (asked.read(), asked.donor.trim().is_empty()) {
        (Ok(question), false) => question,
        (read, _) => {
            let wrong = read.err().unwrap_or_default();
            let mut lines: Vec<_> = wrong.iter().map(ToString::to_string).collect();
            if lines.is_empty() {
                lines.push("donor: name the unit's group".into());
            }
            misused(&lines.join("\n"))
        }
    };
    let (region, json) = (options.region, options.json);
    let bytes = match (region, options.data) {
        (None, _) => answer(&question, None, RulesFrom::Everywhere, json)?,
        (Some(region), Some(data)) => {
            let operation = Operation::BloodCompatible(BloodQuestion { asked, region, json });
            let place = Place::open_for(&data, &operation)?;
            return control::run(&place, operation, None).await;
        }
        (Some(region), None) => {
            let Some(set) = built_in(&region)? else {
                misused(&format!(
                    "region: no rule set of {region} comes with the program; name the \
                     installation that has it with --data DIR"
                ))
            };
            answer(&question, Some(&set), RulesFrom::BuiltIn, json)?
        }
    };
    print(&bytes)
}

fn print(bytes: &[u8]) -> Result<()> {
    use std::io::Write as _;
    Ok(std::io::stdout().write_all(bytes)?)
}

fn misused(text: &str) -> ! {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{text}\n")).exit()
}

fn asked(options: &Compatible) -> Asked {
    let joined = |words: &[String]| words.join(" ");
    Asked {
        component: options.component.clone(),
        recipient: options.recipient.clone(),
        donor: options.donor.clone(),
        sex: options.sex.clone(),
        age: options.age.clone(),
        antibodies: joined(&options.antibodies),
        phenotype: joined(&options.antigens),
        mother: joined(&options.mother),
        requirements: joined(&options.requirements),
        hpa: joined(&options.hpa),
        unit_phenotype: joined(&options.unit_antigens),
        unit: joined(&options.unit),
        emergency: if options.emergency { "true".into() } else { String::new() },
        region: String::new(),
    }
}

/// The same question to an installation, by the rule set in force there now.
///
/// # Errors
/// If the region is not held there.
pub async fn operate(engine: &Engine, question: BloodQuestion, say: &Say) -> Result<()> {
    let BloodQuestion { asked, region, json } = question;
    let question = asked.read().map_err(|wrong| {
        let lines: Vec<_> = wrong.iter().map(ToString::to_string).collect();
        anyhow!("{}", lines.join("; "))
    })?;
    let world = engine.world();
    let journal = world.journal(&region);
    let journal = journal.ok_or_else(|| anyhow!("no region {region} is held here"))?;
    let set = journal.shared().rulesets.in_force(Scope::Blood, engine.now());
    data(say, answer(&question, set, RulesFrom::Installation, json)?).await
}

/// The rule sets that come with the program: what is publicly known of four regions.
const BUILT_IN: [(&str, &str); 4] = [
    ("blekinge", include_str!("demo/rules/blekinge.toml")),
    ("halland", include_str!("demo/rules/halland.toml")),
    ("kronoberg", include_str!("demo/rules/kronoberg.toml")),
    ("skane", include_str!("demo/rules/skane.toml")),
];

fn built_in(region: &JournalId) -> Result<Option<InForce>> {
    let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == region.as_str()) else {
        return Ok(None);
    };
    let preview = samband_exchange::rulesets::preview(text.as_bytes(), name)?;
    let title = preview.title.unwrap_or_default();
    let version = preview.version.unwrap_or_default();
    let text = Document::of(preview.scope, title, version, &preview.rules).text();
    let set = RuleSet::read(&text).ok_or_else(|| anyhow!("{name}: not a rule set"))?;
    let digest = Digest::of(text.as_bytes());
    Ok(Some(InForce { region: region.clone(), digest, from: Time(0), set: Arc::new(set) }))
}

fn answer(
    question: &Question,
    set: Option<&InForce>,
    rules_from: RulesFrom,
    json: bool,
) -> Result<Vec<u8>> {
    let answers = question.answers(set);
    let answer = answers.first().ok_or_else(|| anyhow!("no unit's group was named"))?;
    let mut rule_set = set.map(RuleSetUsed::of);
    if let (RulesFrom::BuiltIn, Some(used)) = (rules_from, &mut rule_set) {
        used.from = None;
    }
    let recipient = question.recipient.group.value();
    let said = Said {
        component: question.component.as_str(),
        recipient: recipient.map_or("unknown", |group| group.as_str()),
        emergency: question.is_emergency(),
        answer,
        rules_from,
        rule_set,
    };
    let mut text =
        if json { serde_json::to_string_pretty(&said)? } else { in_words(question, &said) };
    text.push('\n');
    Ok(text.into_bytes())
}

fn in_words(question: &Question, said: &Said<'_>) -> String {
    let (w, answer) = (Words::en(), said.answer);
    let verdict = match answer.compatible {
        Some(true) => "compatible",
        Some(false) => "not compatible",
        None => "not known",
    };
    let component = w.dynamic("compat-component-", said.component).to_lowercase();
    let recipient = question.recipient.group.value();
    let recipient = recipient.map_or_else(|| "an unknown group".into(), |one| one.to_string());
    let donor = question.donors.first().and_then(|donor| donor.value());
    let donor = donor.map_or_else(|| "an unknown group".into(), |one| one.to_string());
    let mut lines = vec![
        format!("{verdict}: {component} of {donor} for {recipient}"),
        format!("  rule: {} (source: {})", answer.rule, answer.source),
    ];
    lines.extend(answer.missing.iter().map(|one| format!("  missing: {one}")));
    for condition in &answer.conditions {
        let text = w.dynamic("compat-check-", &condition.replace('.', "-"));
        lines.push(format!("  condition: {condition}: {text}"));
    }
    lines.push(match (&said.rule_set, said.rules_from) {
        (Some(set), RulesFrom::BuiltIn) => format!(
            "  rules: {}, version {}, as it comes with the program: adopted by no region",
            set.title, set.version
        ),
        (Some(set), _) => {
            format!("  rules: {}, version {}, {}", set.title, set.version, set.digest)
        }
        (None, RulesFrom::Installation) => {
            "  rules: the region has no rule set in force; only what holds everywhere".into()
        }
        (None, _) => "  rules: only what holds in every region".into(),
    });
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_set_that_comes_with_the_program_is_one() {
        for (name, _) in BUILT_IN {
            let set = built_in(&JournalId::new(name).unwrap()).unwrap().unwrap();
            assert!(set.set.unread.is_empty() && !set.set.title.is_empty(), "{name}");
        }
    }
}
