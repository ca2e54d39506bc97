//! How much is too much.

use std::time::Duration;

use clap::Args;

/// From when something is wrong, in seconds.
#[derive(Clone, Copy, Debug, Args)]
pub struct Limits {
    /// A clock rang so long ago without anything having followed.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub grace: u32,
    /// The server's time and the watcher's differ by so much.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub skew: u32,
    /// The server has not answered for so long.
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub silence: u32,
    /// A trusted journal was not heard of for so long.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub neighbour: u32,
    /// The same, for one that has yet to answer an alarm.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub owing_neighbour: u32,
}

impl Limits {
    /// How long one answer may take.
    pub fn answer(&self) -> Duration {
        Duration::from_secs(u64::from(self.silence.clamp(1, 10)))
    }

    /// Silence in microseconds.
    pub fn silence_us(&self) -> i64 {
        micros(self.silence)
    }
}

/// Seconds in microseconds.
pub fn micros(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000_000
}
