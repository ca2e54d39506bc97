//! What interrupts a day in the demo: a donor who rings, questions between regions about one
//! patient, what the authority waits for, rule sets that wait for a physician. Assumed.

use anyhow::{Context as _, Result, anyhow};
use samband_domain::donations::Command as Donations;
use samband_domain::donations::command::{vigilance, withdrawal};
use samband_domain::donations::model::vigilance::{Category, Notice};
use samband_domain::donations::model::withdrawal::{CallReason, Target};
use samband_domain::kernel::Role;
use samband_domain::patients::Command as Patients;
use samband_domain::patients::model::{Ground, Urgency};
use samband_domain::rulesets::Command as Rules;
use samband_domain::{DonorId, RecordRef};
use samband_engine::Engine;
use samband_exchange::rulesets::preview;

use super::clock::Past;
use super::patients::People;
use super::{act, journal, person, rules};

/// A donor of Halmstad rings and tells of a fever after the donation. The red cells are in Malmö by
/// then, the buffy coat in a pool: both are stopped, and Malmö's region answers by itself.
///
/// # Errors
/// If a command is refused.
pub async fn called_back(engine: &Engine, donor: &DonorId) -> Result<()> {
    let halland = journal("halland");
    let call = withdrawal::Command::CallBack {
        target: Target::Donor(donor.clone()),
        reason: CallReason::Information,
        note: Some("Givaren ringde: 39 graders feber dagen efter tappningen".into()),
        asked: super::REGIONS.iter().filter(|id| **id != "halland").map(|id| journal(id)).collect(),
    };
    let by = person(&halland, Role::Phlebotomist);
    act(engine, by, &halland, Donations::Withdrawal(call)).await?;
    // Every region looks, and Halland takes note of what they found.
    engine.tick().await;
    engine.tick().await;
    Ok(())
}

/// Halland asks Skåne about a guest and is answered; Skåne asks Kronoberg and waits.
///
/// # Errors
/// If a command is refused.
pub async fn asked(engine: &Engine, people: &People) -> Result<()> {
    let question = |patient: &str, to: &str, urgency, reason: &str| -> Result<Patients> {
        Ok(Patients::Ask {
            patient: people.get(patient).cloned().context("a patient of the demo")?,
            to: journal(to),
            ground: Ground::Consent,
            urgency,
            reason: reason.into(),
            phone: "070-174 06 00".into(),
        })
    };
    let (halland, skane) = (journal("halland"), journal("skane"));
    let reason = "Planerad operation; patienten berättar om antikroppar";
    let ask = question("bertil-h", "skane", Urgency::Routine, reason)?;
    let receipt = act(engine, person(&halland, Role::Scientist), &halland, ask).await?;
    let asked: RecordRef = receipt.first.context("the question left no record")?;
    let answer = Patients::Answer {
        ask: asked,
        patient: people.get("bertil").cloned(),
        break_block: None,
        note: Some("Ring referenslaboratoriet i Lund före transfusion".into()),
    };
    act(engine, person(&skane, Role::Scientist), &skane, answer).await?;
    let reason = "Akut blödning; har fått blod i Växjö för några år sedan";
    let ask = question("gunvor", "kronoberg", Urgency::Emergency, reason)?;
    act(engine, person(&skane, Role::Scientist), &skane, ask).await?;
    Ok(())
}

/// A serious event that was notified and not yet confirmed, in two regions.
///
/// # Errors
/// If a command is refused.
pub async fn notified(engine: &Engine, past: &Past<'_>) -> Result<()> {
    for (id, category, note) in [
        (
            "skane",
            Category::Storage,
            "Kylskåp i Ystad höll 9 °C under en natt; tolv påsar kasserade",
        ),
        (
            "halland",
            Category::Testing,
            "Två rör förväxlade vid gruppering; upptäckt före frisläppning",
        ),
    ] {
        let region = journal(id);
        let notify = vigilance::Command::Notify {
            notice: Notice::Event,
            category,
            occurred: past.minutes(6 * 24 * 60),
            unit: None,
            note: Some(note.into()),
        };
        let by = person(&region, Role::Physician);
        act(engine, by, &region, Donations::Vigilance(notify)).await?;
    }
    Ok(())
}

/// A draft of each region's next rule set: what Jönköping states for irradiated red cells.
///
/// # Errors
/// If the draft has a bad row or the command is refused.
pub async fn drafted(engine: &Engine) -> Result<()> {
    for (id, text) in rules::FILES {
        let region = journal(id);
        let lines = text.lines().map(|line| match line {
            _ if line.starts_with("version = ") => "version = \"2026-12-utkast\"".to_owned(),
            _ if line.starts_with("shelf_life.irradiated_cap_days") => {
                "shelf_life.irradiated_cap_days = { value = 14, unit = \"d\", source = \"RJL\" }"
                    .to_owned()
            }
            _ => line.to_owned(),
        });
        let text = lines.collect::<Vec<_>>().join("\n");
        let found = preview(text.as_bytes(), &format!("{id}-utkast.toml"))?;
        if let Some(bad) = found.bad.first() {
            return Err(anyhow!("the draft of {id}: line {}: {}", bad.line, bad.code));
        }
        let draft = Rules::Draft {
            scope: found.scope,
            title: found.title.context("a title")?,
            version: found.version.context("a version")?,
            rules: found.rules,
            file: Some(found.file),
        };
        act(engine, person(&region, Role::Scientist), &region, draft).await?;
    }
    Ok(())
}
