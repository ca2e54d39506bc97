//! Many clients, each of which waits for its answer before it asks again.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};

use super::crowd;
use crate::house::House;
use crate::stopwatch::{processor_each, processor_time};

/// A run of the engine.
pub(super) struct Run {
    /// From the first command to the last answer.
    pub(super) took: Duration,
    /// Half of the answers came sooner.
    pub(super) half: Duration,
    /// 99 of 100 came sooner.
    pub(super) most: Duration,
    /// Processor time of each command, clients included, in microseconds.
    pub(super) processor: f64,
    /// Transactions, by the engine's own count.
    pub(super) transactions: u64,
    /// Records, by the engine's own count.
    pub(super) records: u64,
}

/// Gives `count` commands with so many in flight.
pub(super) async fn run(house: &Arc<House>, in_flight: usize, count: u64) -> Result<Run> {
    let before = house.engine.health();
    let work = {
        let house = Arc::clone(house);
        move |n| {
            let house = Arc::clone(&house);
            async move { house.submit(n).await.map(|_| ()) }
        }
    };
    let processor = processor_time();
    let timing = crowd::run(in_flight, count, work).await?;
    let after = house.engine.health();
    let records = after.records - before.records;
    ensure!(records == count, "{count} commands led to {records} records");
    Ok(Run {
        took: timing.took,
        half: timing.half,
        most: timing.most,
        processor: processor_each(processor, count),
        transactions: after.transactions - before.transactions,
        records,
    })
}
