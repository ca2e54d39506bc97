//! What the demo's sites used in the months before today, day by day, through the command by which
//! every installation reports it. Invented: drawn from the demo's seed.
//!
//! Levels and groups are those of the stock's table, shared out over sites as the stock is;
//! weekdays are those of the English service's network and the spread that of the hospital in the
//! literature's platelet model. Kungsbacka has reported nothing and Karlshamn three weeks, so that
//! it can be seen how little known looks.

use anyhow::Result;
use jiff::ToSpan as _;
use samband_domain::blood::model::stock::Line;
use samband_domain::blood::model::{Component, Group};
use samband_domain::kernel::Role;
use samband_domain::plans::Command;
use samband_domain::plans::model::{DayUse, UseReport};
use samband_domain::words::Day;
use samband_domain::{Digest, Known, SiteId};
use samband_engine::Engine;
use samband_planning::forecast::synthetic::{drawn, of_day};
use samband_planning::random::Seed;

use super::stock::table::{self, MIX, Numbers, used_by_group};
use super::{act, journal, person};

/// Days that are reported.
const DAYS: u32 = 30 * 7;
/// What all of it follows from: the demo's seed.
const SEED: &str = "sodra-2026";
/// Where it comes from, as every page shows it.
const SOURCE: &str = "Demo: antagen förbrukning, dragen ur fröet sodra-2026. Nivå: antagna \
    enheter per dygn; veckodagar: NHSBT:s nät; spridning: Mirjalili 2022";

/// Sites that have reported fewer days, or none.
const SHORT: [(&str, u32); 2] = [("kungsbacka", 0), ("karlshamn-bc", 20)];

/// Every region's coordinator reports its sites' days through yesterday.
///
/// # Errors
/// If a command is refused.
pub async fn report(engine: &Engine) -> Result<()> {
    let yesterday = Day::of(engine.now()).date().saturating_sub(1.days());
    for numbers in &table::ALL {
        let region = journal(numbers.region);
        for days in spans(numbers) {
            let report = reported(numbers, yesterday, days)?;
            let command = Command::ReportUse { report };
            act(engine, person(&region, Role::Coordinator), &region, command).await?;
        }
    }
    Ok(())
}

fn days_of(site: &str) -> u32 {
    SHORT.iter().find(|(short, _)| *short == site).map_or(DAYS, |(_, days)| *days)
}

/// The lengths that a region's sites report, each once.
fn spans(numbers: &Numbers) -> Vec<u32> {
    let mut spans: Vec<_> = numbers.places.iter().map(|(site, _)| days_of(site)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans.retain(|days| *days > 0);
    spans
}

fn reported(numbers: &Numbers, last: jiff::civil::Date, days: u32) -> Result<UseReport> {
    let day = |date: jiff::civil::Date| date.to_string().parse::<Day>();
    let from = day(last.saturating_sub(i64::from(days - 1).days()))?;
    let mut rows = Vec::new();
    let sites = numbers.places.iter().filter(|(site, _)| days_of(site) == days);
    for (site, percent) in sites {
        let site = SiteId::new(site)?;
        for (line, milli) in lines(numbers) {
            let daily = milli as f64 / 1_000.0 * f64::from(*percent) / 100.0;
            of_line(&site, line, daily, (from, days), &mut rows);
        }
    }
    Ok(UseReport { from, to: day(last)?, source: SOURCE.into(), file: None, rows })
}

/// What a region uses by line, in thousandths a day. Kronoberg's other system tells of platelets
/// without groups.
fn lines(numbers: &Numbers) -> Vec<(Line, u64)> {
    let of = |component, group| Line { component, group };
    let groups = Group::ALL.into_iter().zip(used_by_group(numbers));
    let mut all: Vec<_> =
        groups.map(|(group, milli)| (of(Component::RedCells, Some(group)), milli)).collect();
    if numbers.region == "kronoberg" {
        all.push((of(Component::Platelets, None), numbers.platelets_milli));
        return all;
    }
    let mix: u64 = MIX.iter().copied().map(u64::from).sum();
    all.extend(Group::ALL.into_iter().zip(MIX).map(|(group, part)| {
        (of(Component::Platelets, Some(group)), numbers.platelets_milli * u64::from(part) / mix)
    }));
    all
}

/// The days of one line. A covered day without a row was without use, so zeros need none; the last
/// day has one all the same, or a line that was never used would not be named at all.
fn of_line(
    site: &SiteId,
    line: Line,
    daily: f64,
    (from, days): (Day, u32),
    rows: &mut Vec<DayUse>,
) {
    let digest = Digest::of(SEED.as_bytes()).0;
    let seed = digest.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
    let group = line.group.map_or("all", Group::as_str);
    let name = format!("demo use {site} {} {group}", line.component);
    let mut stream = Seed(seed).stream(&name, 0);
    for n in 0..days {
        let day = from.plus_days(n);
        let units = drawn(&mut stream, day, daily * of_day(day));
        if units > 0 || n + 1 == days {
            rows.push(DayUse { site: site.clone(), day, line, units: Known::Value(units) });
        }
    }
}
