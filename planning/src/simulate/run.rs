//! Many replications of several policies, on as many threads as wanted: the same to the last bit
//! for any number, since a replication is drawn by its number and results are summed in order.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::day::{days_of, replicate};
use super::measures::Measures;
use super::model::{Policy, World};
use super::state::Nobody;
use crate::progress::{Progress, Stopped};
use crate::random::Seed;

/// How much is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Years that are counted, after the warm-up.
    pub years: u32,
    /// Replications of each policy.
    pub replications: u32,
    /// What everything is drawn from.
    pub seed: u64,
    /// Threads; no result depends on it.
    pub threads: usize,
}

/// Runs every policy with the same patients and recruits: results by policy, then replication.
///
/// # Errors
/// [`Stopped`] if somebody asked for it.
pub fn run(
    world: &World,
    policies: &[Policy],
    amount: Amount,
    progress: &Progress,
) -> Result<Vec<Vec<Measures>>, Stopped> {
    let each = amount.replications as usize;
    let whole = policies.len() * each;
    progress.expect(whole as u64);
    let results: Vec<OnceLock<Measures>> = (0..whole).map(|_| OnceLock::new()).collect();
    let next = AtomicUsize::new(0);
    let days = days_of(world, amount.years);
    let work = || -> Result<(), Stopped> {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(result) = results.get(at) else { return Ok(()) };
            let policy = &policies[at / each];
            let number = (at % each) as u64;
            let seed = Seed(amount.seed);
            let tally = replicate(world, policy, seed, number, days, &mut Nobody);
            let _ = result.set(Measures::of(world, &tally));
            progress.step()?;
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..amount.threads.max(1)).map(|_| scope.spawn(work)).collect();
        let own = work();
        let others = workers.into_iter().map(|worker| worker.join().unwrap_or(Err(Stopped)));
        others.fold(own, Result::and)
    })?;
    let mut all = results.into_iter().filter_map(OnceLock::into_inner);
    Ok(policies.iter().map(|_| all.by_ref().take(each).collect()).collect())
}
