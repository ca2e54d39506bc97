//! The ten best compatible units out of a million, beside SQLite in memory with a fitting index;
//! and what a live unit costs in memory.

mod peer;
mod shelf;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use samband_domain::blood::Shared;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Candidate, Component, Group, Recipient, Requirement, Sex,
    Status, UnitId,
};
use samband_domain::blood::rules::compatible::{Policies, Urgency, judge_by, ladder};
use samband_domain::blood::view::select::{Wanted, best};
use samband_domain::{Known, Time};

use crate::Amount;
use crate::report::Section;
use crate::stopwatch::{grouped, percentiles};
use peer::Peer;

const ABOUT: &str = "\
A region's live stock in memory at twenty sites, groups by the donors' mix, a third typed for \
seven antigens. Asked: the ten best red-cell units for a recipient of one of the eight groups, by \
the region's ladder, earliest expiry first, each judged by itself with its reasons written down. \
Beside it SQLite in memory with the same units, one prepared statement for each place of the \
ladder over an index on (component, group, expiry, unit) that holds everything asked for; it \
gives numbers alone, no verdicts. Before, all three are held against each other for every \
recipient: the engine's, SQLite's, and a plain look at every unit.";

/// How many units are wanted.
const WANTED: usize = 10;

/// Who is asked for.
const CASES: [(&str, &[Antigen], bool); 4] = [
    ("no antibodies", &[], false),
    ("anti-K", &[Antigen::BigK], false),
    ("irradiated", &[], true),
    ("anti-c and anti-Jk(a)", &[Antigen::SmallC, Antigen::Jka], false),
];

/// Measures.
///
/// # Errors
/// If the three do not find the same units.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Selection", ABOUT);
    let count = amount.of(2_000, 100_000, 1_000_000);
    let (stock, bytes) = stocked(count)?;
    let now = shelf::NOW;
    ensure!(stock.units.len() == count as usize, "{} units", stock.units.len());
    let peer = Peer::new(&stock)?;
    section.prose(format!(
        "{} live units: state and shelves take {} bytes each (resident memory before and after; \
         aim at most 512).",
        grouped(f64::from(count)),
        grouped(bytes)
    ));
    section.figure("bytes_per_unit", bytes);
    section.figure("units", f64::from(count));
    section.table(&["recipients", "p50", "p99", "SQLite p50", "p99", "ratio of p50", "of p99"]);
    let policies = Policies::of(Some(&shelf::rules()?));
    for (name, against, irradiated) in CASES {
        let recipients: Vec<_> =
            Group::ALL.iter().map(|group| recipient(*group, against, irradiated)).collect();
        for recipient in &recipients {
            check(&stock, &policies, &peer, recipient, now)?;
        }
        let rounds = amount.of(2, 500, 5_000);
        let (ours, theirs) = measure(&stock, &policies, &peer, &recipients, rounds)?;
        let micro = |time: Duration| time.as_secs_f64() * 1e6;
        let shown = |time: Duration| format!("{:.1} µs", micro(time));
        section.row([
            name.to_owned(),
            shown(ours.0),
            shown(ours.1),
            shown(theirs.0),
            shown(theirs.1),
            format!("{:.2}", micro(theirs.0) / micro(ours.0)),
            format!("{:.2}", micro(theirs.1) / micro(ours.1)),
        ]);
        section.figure(format!("{name} p99_us"), micro(ours.1));
        section.figure(format!("{name} sqlite_p99_us"), micro(theirs.1));
    }
    Ok(section)
}

/// The stock, and what one unit of it costs in bytes.
fn stocked(count: u32) -> Result<(Shared, f64)> {
    let before = resident()?;
    let stock = shelf::fill(count)?;
    let after = resident()?;
    Ok((stock, (after.saturating_sub(before)) as f64 / f64::from(count)))
}

/// Bytes of this process that are in memory now.
pub(crate) fn resident() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
    let kilobytes: u64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kilobytes * 1024)
}

/// A grown man of a group, with antibodies and requirements.
fn recipient(group: Group, against: &[Antigen], irradiated: bool) -> Recipient {
    let none = Antibodies::NONE;
    let with = |all: Antibodies, antigen: &Antigen| all.with(*antigen, Known::Unknown);
    let mut recipient = Recipient::of_group(Known::Value(group));
    recipient.sex = Known::Value(Sex::Male);
    recipient.age = AgeKnown::years(60);
    recipient.antibodies = Known::Value(against.iter().fold(none, with));
    if irradiated {
        recipient.requirements = recipient.requirements.with(Requirement::Irradiated);
    }
    recipient
}

fn wanted(recipient: &Recipient) -> Wanted<'_> {
    Wanted { component: Component::RedCells, recipient, urgency: Urgency::Routine, sites: &[] }
}

fn ours(stock: &Shared, policies: &Policies, recipient: &Recipient, now: Time) -> Vec<UnitId> {
    let found = best(stock, policies, now, &wanted(recipient), WANTED);
    found.into_iter().map(|choice| choice.id).collect()
}

/// The same by looking at every unit.
fn plainly(stock: &Shared, policies: &Policies, recipient: &Recipient, now: Time) -> Vec<UnitId> {
    let Wanted { component, urgency, .. } = wanted(recipient);
    let steps = ladder(policies, component, recipient, urgency);
    let mut found = Vec::new();
    for (id, unit) in &stock.units {
        let place = steps.iter().find(|step| unit.group == Known::Value(step.group));
        let Some(place) = place.map(|step| step.place) else { continue };
        let free = unit.status == Status::Available && unit.expiry > now;
        if !free || unit.component() != component {
            continue;
        }
        let verdict = judge_by(policies, component, recipient, &Candidate::from(unit), urgency);
        if verdict.is_candidate() {
            found.push((place, unit.expiry, *id));
        }
    }
    found.sort_unstable();
    found.into_iter().take(WANTED).map(|(.., id)| id).collect()
}

fn check(
    stock: &Shared,
    policies: &Policies,
    peer: &Peer,
    recipient: &Recipient,
    now: Time,
) -> Result<()> {
    let found = ours(stock, policies, recipient, now);
    ensure!(
        found == plainly(stock, policies, recipient, now),
        "{:?}: not the best",
        recipient.group
    );
    let theirs = peer.best(&asked(policies, recipient), now, WANTED)?;
    let texts: Vec<_> = found.iter().map(ToString::to_string).collect();
    ensure!(texts == theirs, "{:?}: SQLite finds {theirs:?}, not {texts:?}", recipient.group);
    ensure!(!found.is_empty(), "{:?}: nothing found", recipient.group);
    Ok(())
}

/// What SQLite is asked: the places of the ladder, and what must be absent or there.
fn asked(policies: &Policies, recipient: &Recipient) -> peer::Asked {
    let Wanted { component, urgency, .. } = wanted(recipient);
    let steps = ladder(policies, component, recipient, urgency);
    let places: Vec<Vec<Group>> = steps
        .chunk_by(|a, b| a.place == b.place)
        .map(|place| place.iter().map(|step| step.group).collect())
        .collect();
    let antibodies = recipient.antibodies.value().unwrap_or(Antibodies::NONE);
    peer::Asked {
        component,
        places,
        absent: shelf::bits(antibodies.significant()),
        irradiated: recipient.requirements.has(Requirement::Irradiated),
    }
}

type Half = (Duration, Duration);

/// Both sides in turn.
fn measure(
    stock: &Shared,
    policies: &Policies,
    peer: &Peer,
    recipients: &[Recipient],
    rounds: usize,
) -> Result<(Half, Half)> {
    let (mut here, mut there) = (Vec::new(), Vec::new());
    let now = shelf::NOW;
    for _ in 0..rounds {
        for recipient in recipients {
            let started = Instant::now();
            let found = best(stock, policies, now, &wanted(recipient), WANTED);
            here.push(started.elapsed());
            ensure!(!found.is_empty(), "nothing found");
            let asked = asked(policies, recipient);
            let started = Instant::now();
            let found = peer.best(&asked, now, WANTED)?;
            there.push(started.elapsed());
            ensure!(!found.is_empty(), "nothing found");
        }
    }
    Ok((percentiles(here), percentiles(there)))
}
