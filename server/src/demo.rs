//! The demo world: four regions with invented people and the report's real figures, made by the
//! same commands that users give.
//!
//! Every line is marked with where it comes from: `rapport` (mission rows A…), `antagande`, or
//! general knowledge.

mod alarms;
mod callups;
mod cases;
mod chain;
mod clock;
mod donors;
mod mellan;
mod patients;
mod people;
mod places;
mod readiness;
mod rules;
mod settled;
mod stock;
mod supply;
mod used;
mod wards;

use anyhow::{Context as _, Result, anyhow};
use samband_access::{Principal, UserName};
use samband_domain::agreements::{AgreementKind, Command as Agreements};
use samband_domain::figures::model::Warning;
use samband_domain::figures::{Command as Figures, FigureRow, Measure, Source};
use samband_domain::kernel::{Command as Kernel, Role};
use samband_domain::{
    ActorId, Command, Digest, Event, JournalId, Known, Mode, Period, RecordRef, Time, Window,
};
use samband_engine::{Engine, Receipt, Request};
use samband_exchange::figures::{Asked, KnownRegion, preview};

pub use self::clock::DemoClock;
use self::clock::Past;
use crate::operate::{fresh_key, open_journal, region_owner};

/// The password of every demo account.
pub const PASSWORD: &str = "samband-demo";

/// A made-up world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum World {
    /// The four regions of Södra: blood.
    #[default]
    Sodra,
    /// The seven regions of Mellansverige: the alarm.
    Mellansverige,
}

/// Builds a world of seven regions that alarm each other, as a demonstration or an exercise.
///
/// # Errors
/// If a command is refused.
pub async fn build_mellan(
    engine: &Engine,
    clock: &DemoClock,
    mode: Mode,
    password: &str,
) -> Result<()> {
    mellan::build(engine, clock, mode, password).await
}

/// The regions, in alphabetical order.
pub const REGIONS: [&str; 4] = ["blekinge", "halland", "kronoberg", "skane"];

/// The report's two tables.
const FIGURES: &str = include_str!("demo/sodra-2024.csv");

/// How many minutes before the present the world begins: five days, so that its first donations
/// are older than what came of them.
const BEGINS: i64 = 5 * 24 * 60;

/// Builds the world, from its past to the present. The engine must be empty and go by the clock.
///
/// # Errors
/// If a command is refused: the demo world keeps the same rules as everybody.
pub async fn build(engine: &Engine, clock: &DemoClock) -> Result<()> {
    let past = Past::of(clock);
    past.go(BEGINS);
    let hash = engine.hash_password(PASSWORD).await?;
    for id in REGIONS {
        let region = journal(id);
        open_journal(engine, &region, region_owner(&region, None, None)?, Mode::Demo).await?;
        people::register(engine, &region, &hash).await?;
        places::open(engine, &region).await?;
        people::appoint(engine, &region).await?;
    }
    figures(engine).await?;
    agreements(engine).await?;
    settled::agreement(engine).await?;
    rules::adopt(engine).await?;
    stock::codes(engine).await?;
    last_days(engine, &past).await?;
    past.arrive();
    donors::register(engine).await?;
    supply::state(engine).await?;
    callups::plan(engine).await?;
    used::report(engine).await?;
    readiness::state(engine, &REGIONS.map(journal)).await?;
    settled::homes(engine).await
}

/// What happened in the last days, in the order of time.
async fn last_days(engine: &Engine, past: &Past<'_>) -> Result<()> {
    chain::numbers(engine, past).await?;
    let halmstad = chain::run(engine, past, &chain::HALMSTAD).await?;
    chain::run(engine, past, &chain::KARLSKRONA).await?;
    chain::run(engine, past, &chain::LUND).await?;
    past.go(20 * 60);
    alarms::rosters(engine).await?;
    alarms::tested(engine, past).await?;
    past.go(12 * 60);
    stock::fill(engine, past.present).await?;
    past.go(8 * 60);
    let people = patients::register(engine, past).await?;
    wards::run(engine, past, &people).await?;
    for round in [chain::LUND_TODAY, chain::HALMSTAD_TODAY, chain::KARLSKRONA_TODAY] {
        chain::run(engine, past, &round).await?;
    }
    past.go(25);
    stock::shipments(engine, past.present).await?;
    past.go(15);
    let rings = halmstad.first().ok_or_else(|| anyhow!("nobody gave in Halmstad"))?;
    cases::called_back(engine, rings).await?;
    cases::asked(engine, &people).await?;
    cases::notified(engine, past).await?;
    cases::drafted(engine).await
}

/// The accounts as they are printed at the start.
pub fn accounts_table(world: World, password: &str) -> String {
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let (regions, example) = match world {
        World::Sodra => (
            REGIONS.join(", "),
            "coordinator@skane, scientist@halland, tib@blekinge, director@kronoberg",
        ),
        World::Mellansverige => (
            mellan::REGIONS.join(", "),
            "tib@vastmanland, commander@vastmanland, tib@uppsala, scientist@orebro",
        ),
    };
    let roles = roles.join(", ");
    let kind = if password == PASSWORD { "Demo" } else { "Exercise" };
    format!(
        "{kind} accounts: ROLE@REGION, password {password}\n  ROLE    {roles}\n  REGION  {regions}\n  \
         e.g.    {example}\n"
    )
}

fn journal(id: &str) -> JournalId {
    JournalId::new(id).expect("a demo region's name is an identifier")
}

/// A person who acts in a role: the actor is called as the role.
fn person(region: &JournalId, role: Role) -> Principal {
    Principal::Person { actor: actor(role.as_str()), region: region.clone() }
}

fn actor(name: &str) -> ActorId {
    ActorId::new(name).expect("a demo actor's name is an identifier")
}

fn user(region: &JournalId, role: Role) -> UserName {
    UserName::new(&format!("{role}@{region}")).expect("a demo account's name is well formed")
}

/// One command in somebody's name.
async fn act(
    engine: &Engine,
    principal: Principal,
    region: &JournalId,
    command: impl Into<Command>,
) -> Result<Receipt> {
    let (key, command) = (fresh_key()?, command.into());
    let shown = format!("{command:?}");
    let request =
        Request { principal, region: region.clone(), key, happened: None, command, asked: None };
    let outcome = engine.submit(request).await;
    outcome.with_context(|| format!("{region}: {}", shown.chars().take(120).collect::<String>()))
}

/// A Swedish date's first moment.
fn day(text: &str) -> Time {
    let date = text.parse().expect("a demo date is well formed");
    Time::start_of(date).expect("a demo date is in the calendar")
}

/// Each region's coordinator imports the own row of the report's table.
async fn figures(engine: &Engine) -> Result<()> {
    let world = engine.world();
    let known: Vec<_> = world
        .locals()
        .map(|journal| KnownRegion {
            journal: journal.id.clone(),
            name: journal.name(),
            county_code: None,
        })
        .collect();
    let period = "2024".parse().ok();
    let asked = Asked { regions: &known, period, sheet: None, now: engine.now() };
    let found = preview(FIGURES.as_bytes(), "sodra-2024.csv", &asked)?;
    if let Some(bad) = found.bad.first() {
        return Err(anyhow!("the demo's figures: line {}: {}", bad.line, bad.code));
    }
    let source = Source {
        title: "Projektrapport Transfusionsmedicin i Södra sjukvårdsregionen, version 1.0".into(),
        published: "2025-10-17".parse().map_or(Known::Unknown, Known::Value),
        file: Some(found.file),
        warnings: warnings(),
    };
    for (region, rows) in found.regions {
        let command = Figures::Report { source: source.clone(), rows };
        act(engine, person(&region, Role::Coordinator), &region, command).await?;
    }
    university_care(engine, source).await
}

/// The report's prose (mission A23): about 37 % of the red cells and 58 % of the platelets used in
/// the sjukvårdsregion go to Skåne's university care. Typed in, since no table holds them.
async fn university_care(engine: &Engine, report: Source) -> Result<()> {
    let region = journal("skane");
    let period: Period = "2024".parse()?;
    let row = |measure, permille| FigureRow {
        measure,
        period,
        value: Known::Value(permille),
        row: None,
        column: None,
    };
    let warning = Warning {
        measure: None,
        code: "approximate".into(),
        text: "Rapporten anger andelarna som cirkavärden i löpande text.".into(),
    };
    let command = Figures::Report {
        source: Source { file: None, warnings: vec![warning], ..report },
        rows: vec![row(Measure::UniversityRedCells, 370), row(Measure::UniversityPlatelets, 580)],
    };
    act(engine, person(&region, Role::Coordinator), &region, command).await?;
    Ok(())
}

/// What the report itself says about reading its table (mission A44, A45, A47, A51).
fn warnings() -> Vec<Warning> {
    let warning =
        |measure, code: &str, text: &str| Warning { measure, code: code.into(), text: text.into() };
    vec![
        warning(
            Some(Measure::ActiveDonors),
            "donors-65",
            "Andelen givare som är 65 år eller äldre skiljer sig mellan regionerna, så problemet \
             med återväxt syns inte i tabellen.",
        ),
        warning(
            Some(Measure::ActiveDonors),
            "goal-denominator",
            "Det nationella målet på 5 % avser invånare 18–64 år, men täljaren är alla aktiva \
             givare oavsett ålder.",
        ),
        warning(
            Some(Measure::WholeBloodDonations),
            "use-table-not-prose",
            "Rapportens text lyfter Skåne, men enligt tabellen är det Kronoberg som tar flest \
             tappningar per givare.",
        ),
    ]
}

/// Halland and Blekinge have consultancy agreements with Skåne (mission A29). Halland's is signed
/// by both; Blekinge's waits for Skåne, so that somebody can sign it.
async fn agreements(engine: &Engine) -> Result<()> {
    let skane = journal("skane");
    for (id, both) in [("halland", true), ("blekinge", false)] {
        let region = journal(id);
        let command = Agreements::Propose {
            title: "Konsultavtal transfusionsmedicin".into(),
            kind: AgreementKind::Consultancy,
            parties: vec![region.clone(), skane.clone()],
            clauses: clauses(),
            window: Window::open(day("2025-01-01")),
            reference: Some(format!("DEMO-{}", id.to_uppercase())),
            terms: None,
        };
        let receipt = act(engine, person(&region, Role::Director), &region, command).await?;
        if both {
            let (document, proposal) = proposal(&receipt)?;
            let command = Agreements::Sign { document, proposal };
            act(engine, person(&skane, Role::Director), &skane, command).await?;
        }
    }
    Ok(())
}

fn clauses() -> Vec<String> {
    let clauses = [
        "Skåne ställer specialist i transfusionsmedicin till förfogande för konsultation dygnet \
         runt.",
        "Den andra regionen avropar vid planerad pensionering och oplanerad frånvaro.",
        "Omfattning och ersättning fastställs årligen mellan parterna.",
        "Det medicinska ansvaret ligger kvar i den region där patienten vårdas.",
    ];
    clauses.map(str::to_owned).to_vec()
}

fn proposal(receipt: &Receipt) -> Result<(Digest, RecordRef)> {
    let document = receipt.events.iter().find_map(|event| match event {
        Event::Agreements(event) if event.proposes().is_some() => Some(event.document()),
        _ => None,
    });
    document.zip(receipt.first.clone()).ok_or_else(|| anyhow!("the proposal left no record"))
}

/// The machine's commands while the world is being made.
async fn by_machine(engine: &Engine, region: &JournalId, command: Kernel) -> Result<Receipt> {
    act(engine, Principal::Machine, region, command).await
}
