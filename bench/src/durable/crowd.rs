//! So many at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Result;
use tokio::task::JoinSet;

use super::Timing;
use crate::stopwatch::percentiles;

/// Does something for every number below `count`, `in_flight` of them at a time.
pub(crate) async fn run<F, W>(in_flight: usize, count: u64, work: F) -> Result<Timing>
where
    F: Fn(u64) -> W + Clone + Send + 'static,
    W: Future<Output = Result<()>> + Send + 'static,
{
    let next = Arc::new(AtomicU64::new(0));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..in_flight {
        let (next, work) = (Arc::clone(&next), work.clone());
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= count {
                    return Ok::<_, anyhow::Error>(times);
                }
                let asked = Instant::now();
                work(n).await?;
                times.push(asked.elapsed());
            }
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let took = started.elapsed();
    let (half, most) = percentiles(times);
    Ok(Timing { took, half, most })
}
