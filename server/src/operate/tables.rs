//! Tables from the command line.

use anyhow::{Result, anyhow};
use samband_domain::blood::view::picture::{Filter, picture};
use samband_domain::figures::view::periods;
use samband_engine::Engine;
use samband_exchange::export::{Csv, Language, Table, to_csv, to_xlsx};
use samband_web::tables;
use samband_web::text::Words;

use super::{Say, data};
use crate::cli::{FormatArg, TableArg};

pub(super) async fn export(
    engine: &Engine,
    table: TableArg,
    format: FormatArg,
    say: &Say,
) -> Result<()> {
    let table = build(engine, table)?;
    let bytes = match format {
        FormatArg::Csv => to_csv(&table, Csv::FOR_PROGRAMS),
        FormatArg::Xlsx => to_xlsx(&table, Language::English, engine.now())?,
        FormatArg::Json => tables::to_json(&table).into_bytes(),
    };
    data(say, bytes).await
}

fn build(engine: &Engine, table: TableArg) -> Result<Table> {
    let (world, now, words) = (engine.world(), engine.now(), Words::en());
    Ok(match table {
        TableArg::Regions => {
            let shared = world.shared();
            let figures: Vec<_> = shared.iter().map(|(id, s)| (id.clone(), &s.figures)).collect();
            let period = periods(&figures).first().copied();
            let period = period.ok_or_else(|| anyhow!("no figures have been stated here yet"))?;
            tables::regions(words, &world, period)
        }
        TableArg::Figures => tables::figures(words, &world),
        TableArg::Sites => tables::sites(words, &world, now),
        TableArg::Mandates => tables::mandates(words, &world, now),
        TableArg::Agreements => tables::agreements(words, &world, now),
        TableArg::Stock => {
            let parts = samband_web::app::stock::parts(&world, now);
            let all = picture(&parts, &Filter::default(), now);
            tables::stock(words, &world, &all, false)
        }
        TableArg::RuleSets => tables::rule_sets(words, &world, now),
        TableArg::Rules => tables::rule_comparison(words, &world, now),
    })
}
