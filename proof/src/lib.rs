//! Whole-system evidence: what is said of Samband, shown on the program itself, from outside.
//!
//! The tests start real processes on real data directories and speak to them as people, programs
//! and other installations do. Here is what they share.

mod client;
mod database;
mod dice;
mod gateway;
mod golden;
mod installation;
mod mailbox;
mod postgres;
mod record;
mod server;

pub use client::{Answer, Client, figures, site};
pub use database::{Sqlite, change};
pub use dice::{Dice, seed};
pub use gateway::{Call, Fate, Gateway};
pub use golden::{
    GOLDEN_REGIONS, golden_folder, golden_key, golden_key_changed, journal, projection,
    write_golden_keys,
};
pub use installation::{Installation, PASSWORD, Ran, free_address, program, run};
pub use mailbox::Mailbox;
pub use postgres::{Cluster, Database};
pub use record::{Line, read_export};
pub use server::Server;

use std::time::{Duration, Instant};

/// Whether the long programme is asked for.
#[must_use]
pub fn is_long() -> bool {
    std::env::var_os("SAMBAND_LONG").is_some()
}

/// `usual` times, or five times as often in the long programme.
#[must_use]
pub fn times(usual: usize) -> usize {
    if is_long() { usual * 5 } else { usual }
}

/// Longest wait for something that comes by itself. It ends a test that would hang; no test
/// passes or fails by how fast something was.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until a question has an answer.
///
/// # Panics
/// If it has none after [`PATIENCE`].
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
