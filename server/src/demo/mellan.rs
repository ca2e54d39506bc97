//! Mellansverige: the seven regions that alarm each other (preparedness.md §1.2; demo.md), with
//! invented people. The same world is made as a demonstration and as an exercise; the exercise has
//! credentials of its own, and reaches nobody who is not on its list.
//!
//! Every line is marked with where it comes from: `beredskap` (preparedness.md §1.2), or
//! `antagande`.

mod able;
mod blood;
mod duty;
mod places;

use anyhow::Result;
use samband_domain::agreements::{AlarmTerms, Command as Agreements};
use samband_domain::figures::model::Warning;
use samband_domain::figures::{Command as Figures, FigureRow, Measure, Source};
use samband_domain::kernel::{Command as Kernel, Role};
use samband_domain::{Known, Mode, Window};
use samband_engine::Engine;

use super::clock::{DemoClock, Past};
use super::{act, by_machine, day, journal, people, person, proposal};
use crate::operate::{open_journal, region_owner};

/// The regions, in alphabetical order.
pub const REGIONS: [&str; 7] =
    ["dalarna", "gavleborg", "orebro", "sormland", "uppsala", "varmland", "vastmanland"];

/// How many minutes before the present the world begins.
const BEGINS: i64 = 3 * 24 * 60;

/// Inhabitants at the end of 2023, in the order of [`REGIONS`], in whole thousands.
const POPULATION: [u64; 7] = [287_000, 286_000, 308_000, 302_000, 405_000, 284_000, 281_000];

/// Builds the world, up to a little before the present: whoever began it shows the present. The
/// engine must be empty and go by the clock.
///
/// # Errors
/// If a command is refused.
pub async fn build(engine: &Engine, clock: &DemoClock, mode: Mode, password: &str) -> Result<()> {
    let past = Past::of(clock);
    past.go(BEGINS);
    let hash = engine.hash_password(password).await?;
    for id in REGIONS {
        let region = journal(id);
        open_journal(engine, &region, region_owner(&region, None, None)?, mode).await?;
        people::register(engine, &region, &hash).await?;
        let window = Window::open(day("2020-01-01"));
        let (body, name) = ("mellansverige".parse()?, "Sjukvårdsregion Mellansverige".into());
        by_machine(engine, &region, Kernel::JoinBody { body, name, window }).await?;
        places::open(engine, &region).await?;
    }
    inhabitants(engine).await?;
    agreement(engine).await?;
    blood::rules(engine).await?;
    blood::codes(engine).await?;
    past.go(12 * 60);
    blood::fill(engine, past.present).await?;
    for id in REGIONS {
        let region = journal(id);
        if mode == Mode::Exercise {
            duty::state_exercise(engine, &region, past.present).await?;
        }
        duty::keep(engine, &region).await?;
    }
    past.go(50);
    able::report(engine).await
}

/// Each region's inhabitants, as far as they are known here: to the nearest thousand.
async fn inhabitants(engine: &Engine) -> Result<()> {
    for (id, count) in REGIONS.iter().zip(POPULATION) {
        let region = journal(id);
        let row = FigureRow {
            measure: Measure::Population,
            period: "2023".parse()?,
            value: Known::Value(count),
            row: None,
            column: None,
        };
        let warning = Warning {
            measure: Some(Measure::Population),
            code: "approximate".into(),
            text: "Avrundat till närmaste tusental; kontrollera mot SCB före annat bruk.".into(),
        };
        let source = Source {
            title: "SCB, folkmängd 31 december 2023, avrundad".into(),
            published: Known::Unknown,
            file: None,
            warnings: vec![warning],
        };
        let command = Figures::Report { source, rows: vec![row] };
        act(engine, person(&region, Role::Coordinator), &region, command).await?;
    }
    Ok(())
}

/// Five secondary transports from every region (preparedness.md §1.1 S8), signed by all seven.
async fn agreement(engine: &Engine) -> Result<()> {
    let first = journal("uppsala");
    let command = Agreements::ProposeAlarm {
        title: "Överenskommelse om regionalt larm och sekundärtransporter".into(),
        parties: REGIONS.iter().map(|id| journal(id)).collect(),
        clauses: clauses(),
        window: Window::open(day("2025-01-01")),
        reference: Some("DEMO-SVM-LARM".into()),
        alarm: AlarmTerms::DEFAULT,
    };
    let receipt = act(engine, person(&first, Role::Director), &first, command).await?;
    let (document, proposal) = proposal(&receipt)?;
    for id in REGIONS.iter().filter(|id| **id != "uppsala") {
        let region = journal(id);
        let command = Agreements::Sign { document, proposal: proposal.clone() };
        act(engine, person(&region, Role::Director), &region, command).await?;
    }
    Ok(())
}

fn clauses() -> Vec<String> {
    let clauses = [
        "Vid en masskadehändelse i någon region ställer varje region minst fem resurser för \
         sekundärtransport till förfogande. Den som ställer färre anger skälet.",
        "Regionens tjänsteperson i beredskap kvitterar ett larm personligen. Ett leveranskvitto \
         från en kanal är ingen kvittens.",
        "Blodcentralen i varje region larmas och redovisar sitt lager.",
        "Överenskommelsen ersätter varken SOS Alarm, Rakel eller telefon.",
        "Larmet prövas varje vecka utan förvarning. Resultatet är öppet inom sjukvårdsregionen.",
    ];
    clauses.map(str::to_owned).to_vec()
}
