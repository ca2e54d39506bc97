//! Tables from the command line.

use anyhow::{Result, anyhow, bail};
use samband_domain::JournalId;
use samband_domain::blood::view::picture::{Filter, picture};
use samband_domain::figures::view::periods;
use samband_domain::words::Day;
use samband_engine::Engine;
use samband_exchange::export::{Csv, Language, Table, to_csv, to_xlsx};
use samband_web::app::plans::settlement::{Asked, settlement};
use samband_web::tables;
use samband_web::text::Words;

use super::{Say, data};
use crate::cli::{FormatArg, TableArg};

pub(super) async fn export(
    engine: &Engine,
    (table, days, region): (TableArg, Option<(Day, Day)>, Option<JournalId>),
    format: FormatArg,
    say: &Say,
) -> Result<()> {
    let table = build(engine, table, days, region)?;
    let bytes = match format {
        FormatArg::Csv => to_csv(&table, Csv::FOR_PROGRAMS),
        FormatArg::Xlsx => to_xlsx(&table, Language::English, engine.now())?,
        FormatArg::Json => tables::to_json(&table).into_bytes(),
    };
    data(say, bytes).await
}

/// The region asked for, or the only one there is.
fn chosen(asked: Option<JournalId>, held: &[JournalId], whose: &str) -> Result<JournalId> {
    match (asked, held) {
        (Some(region), _) if held.contains(&region) => Ok(region),
        (None, [only]) => Ok(only.clone()),
        _ => {
            let names: Vec<_> = held.iter().map(ToString::to_string).collect();
            bail!("say {whose} with --region: one of {}", names.join(", "))
        }
    }
}

/// One region's use: sites are named by their own region's short names.
fn used(engine: &Engine, region: Option<JournalId>) -> Result<Table> {
    let (world, now) = (engine.world(), engine.now());
    let parts = samband_web::app::stock::parts(&world, now);
    let held: Vec<_> = parts.iter().map(|part| part.journal.clone()).collect();
    let region = chosen(region, &held, "whose use")?;
    let table = tables::used(Words::en(), &world, &region, now);
    if table.rows.is_empty() {
        bail!("no day of use is known of {region}: report one with `samband import use`");
    }
    Ok(table)
}

fn build(
    engine: &Engine,
    table: TableArg,
    days: Option<(Day, Day)>,
    region: Option<JournalId>,
) -> Result<Table> {
    let (world, now, words) = (engine.world(), engine.now(), Words::en());
    Ok(match table {
        TableArg::Use => used(engine, region)?,
        TableArg::Regions => {
            let shared = world.shared();
            let figures: Vec<_> = shared.iter().map(|(id, s)| (id.clone(), &s.figures)).collect();
            let period = periods(&figures).first().copied();
            let period = period.ok_or_else(|| anyhow!("no figures have been stated here yet"))?;
            tables::regions(words, &world, period)
        }
        TableArg::Figures => tables::figures(words, &world),
        TableArg::Sites => tables::sites(words, &world, now),
        TableArg::Actors => tables::actors(words, &world),
        TableArg::Peers => {
            let held: Vec<_> = world.locals().map(|journal| journal.id.clone()).collect();
            let region = chosen(region, &held, "whose peers")?;
            tables::peers(words, &world, &region, now)
        }
        TableArg::Shipments => samband_web::api::shipments(words, &world, now),
        TableArg::Mandates => tables::mandates(words, &world, now),
        TableArg::Agreements => tables::agreements(words, &world, now),
        TableArg::Stock => {
            let parts = samband_web::app::stock::parts(&world, now);
            let all = picture(&parts, &Filter::default(), now);
            tables::stock(words, &world, &all, false)
        }
        TableArg::RuleSets => tables::rule_sets(words, &world, now),
        TableArg::Rules => tables::rule_comparison(words, &world, now),
        TableArg::Settlement => settled(engine, days)?,
    })
}

/// Who pays whom; refused without an agreement that holds through the period.
fn settled(engine: &Engine, days: Option<(Day, Day)>) -> Result<Table> {
    let (world, now, words) = (engine.world(), engine.now(), Words::en());
    let days = days.map(|(from, to)| (from.to_string(), to.to_string()));
    let days = days.as_ref().map_or((None, None), |(from, to)| (Some(&**from), Some(&**to)));
    let asked = Asked::read(days, None, now);
    let asked = asked.map_err(|_| anyhow!("a period ends when or after it begins"))?;
    let found = settlement(&world, None, &asked, now);
    match &found.agreement {
        Ok(_) => Ok(tables::settlement(words, &world, &found)),
        Err(missing) => {
            let why = words.dynamic("refusal-", &missing.code().replace('.', "-"));
            Err(anyhow!("{} to {}: {why}", asked.from, asked.to))
        }
    }
}
