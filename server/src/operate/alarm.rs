//! Rosters, tests of reach and what is printed for the folder, from the command line.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use samband_domain::JournalId;
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::model::Recipient;
use samband_engine::Engine;
use samband_web::app::rosters::list::{read, write};
use samband_web::app::rosters::paper::all;
use samband_web::app::rosters::reach::{Reach, draft, reaches};
use samband_web::app::rosters::sheet::About;
use samband_web::app::rosters::{ROLES, of_region, party_text, recipient};
use samband_web::text::Words;
use serde::{Deserialize, Serialize};

use super::{Say, alarms, command, line};

/// What is asked about rosters.
#[derive(Debug, Serialize, Deserialize)]
pub enum AlarmAsked {
    /// List alarms.
    List {
        /// Of which region.
        region: JournalId,
        /// Only those that run.
        running: bool,
        /// As JSON.
        json: bool,
    },
    /// Show one alarm.
    Show {
        /// Who looks.
        region: JournalId,
        /// Which.
        alarm: String,
        /// As JSON.
        json: bool,
    },
    /// List a region's rosters.
    Roster {
        /// Whose.
        region: JournalId,
    },
    /// Set one roster from lines of text.
    SetRoster {
        /// Whose.
        region: JournalId,
        /// Of which party; the region itself, another one, or `outside:NAME`.
        party: String,
        /// Of which role.
        role: String,
        /// Lines.
        lines: String,
        /// Only show.
        dry_run: bool,
    },
    /// Show the latest test of reach.
    Reached {
        /// Whose.
        region: JournalId,
    },
    /// Test who is reached now.
    Reach {
        /// Whose.
        region: JournalId,
    },
    /// Write the contact list and the action cards.
    Cards {
        /// Only this region.
        region: Option<JournalId>,
        /// Where; absolute.
        directory: PathBuf,
    },
}

pub(super) async fn carry_out(engine: &Engine, asked: AlarmAsked, say: &Say) -> Result<()> {
    match asked {
        AlarmAsked::List { region, running, json } => {
            alarms::list(engine, &region, running, json, say).await
        }
        AlarmAsked::Show { region, alarm, json } => {
            alarms::show(engine, &region, &alarm, json, say).await
        }
        AlarmAsked::Roster { region } => rosters(engine, &region, say).await,
        AlarmAsked::SetRoster { region, party, role, lines, dry_run } => {
            let of = recipient(&party, &role)
                .ok_or_else(|| anyhow!("“{party}” and “{role}” name no role"))?;
            set(engine, (&region, of), &lines, dry_run, say).await
        }
        AlarmAsked::Reached { region } => reached(engine, &region, say).await,
        AlarmAsked::Reach { region } => {
            let to = of_region(&region, &ROLES[..4]);
            let alarm = Box::new(draft(Words::sv(), to));
            command(engine, &region, Alarms::Issue { alarm }).await?;
            line(say, "the test is sent; ask again with --result".into()).await
        }
        AlarmAsked::Cards { region, directory } => {
            let written = print(engine, region.as_ref(), &directory)?;
            line(say, format!("{written} file(s) in {}", directory.display())).await
        }
    }
}

async fn rosters(engine: &Engine, region: &JournalId, say: &Say) -> Result<()> {
    let world = engine.world();
    let own = world.local(region).with_context(|| format!("{region} is not written here"))?;
    for (of, turns) in &own.own.alarms.rosters {
        line(say, format!("# {} {}", party_text(&of.party), of.role)).await?;
        let text = write(turns);
        for one in text.lines() {
            line(say, one.to_owned()).await?;
        }
    }
    Ok(())
}

async fn set(
    engine: &Engine,
    (region, of): (&JournalId, Recipient),
    lines: &str,
    dry_run: bool,
    say: &Say,
) -> Result<()> {
    let turns = read(lines, engine.now())
        .map_err(|bad| anyhow!("line {}: {} “{}”", bad.line, bad.part, bad.value))?;
    if turns.is_empty() {
        bail!("the file has no rows");
    }
    line(say, format!("{} {}: {} turn(s)", party_text(&of.party), of.role, turns.len())).await?;
    if dry_run {
        return line(say, "nothing was set: this was a dry run".into()).await;
    }
    command(engine, region, Alarms::SetRoster { of, turns }).await?;
    Ok(())
}

async fn reached(engine: &Engine, region: &JournalId, say: &Say) -> Result<()> {
    let world = engine.world();
    let journal = world.journal(region).with_context(|| format!("no journal “{region}”"))?;
    let last = reaches(&journal.shared().alarms, region).into_iter().next();
    let Some(last) = last else {
        return line(say, format!("{region}: no test of reach was made")).await;
    };
    let Reach { alarm, at, rows } = &last;
    let (n, of) = (last.reached(), last.asked());
    line(say, format!("{region}: {n} of {of} reached, {at} ({alarm})")).await?;
    for row in rows {
        let after = row.after.map_or_else(
            || "no answer".to_owned(),
            |micros| format!("after {} s", micros / 1_000_000),
        );
        line(say, format!("  {} {}: {after}", party_text(&row.to.party), row.to.role)).await?;
    }
    Ok(())
}

/// Writes what is printed every day for the regions written here, and says how many files.
///
/// Each file takes its place at once: whoever prints meanwhile gets yesterday's or today's, whole.
///
/// # Errors
/// If a file cannot be written.
pub fn print(engine: &Engine, only: Option<&JournalId>, directory: &Path) -> Result<usize> {
    use std::os::unix::fs::DirBuilderExt as _;
    // Names and numbers of people: for the directory's owner alone.
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .with_context(|| format!("cannot make {}", directory.display()))?;
    let (world, now) = (engine.world(), engine.now());
    let mut written = 0;
    for journal in world.locals() {
        let rosters = &journal.shared().alarms.rosters;
        let wanted = only.map_or(!rosters.is_empty(), |only| *only == journal.id);
        if !wanted {
            continue;
        }
        let about = About { words: Words::sv(), world: &world, region: &journal.id, now };
        for print in all(&about) {
            let path = directory.join(&print.name);
            let fresh = directory.join(format!(".{}.new", print.name));
            let said = || format!("cannot write {}", path.display());
            std::fs::write(&fresh, &print.pdf).with_context(said)?;
            std::fs::rename(&fresh, &path).with_context(said)?;
            written += 1;
        }
    }
    if let (0, Some(only)) = (written, only) {
        bail!("{only} is not written here");
    }
    Ok(written)
}
