//! How often codes may be tried without being signed in. The personal link is too long to guess
//! and is never held up; a code of four digits is short, so that whoever guesses waits.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use samband_access::Throttle;
use samband_access::throttle::{Address, Attempt, Wait, Way};
use samband_domain::{Digest, Time};

/// Tries of codes, remembered for a quarter of an hour.
#[derive(Clone)]
pub struct Codes(Arc<Mutex<Throttle>>);

impl Default for Codes {
    fn default() -> Self {
        // Without randomness the counters are shared as they fall; nobody is let in by that.
        let seed = samband_access::secret::random::<16>().unwrap_or_default();
        Self(Arc::new(Mutex::new(Throttle::new(seed))))
    }
}

impl Codes {
    /// Whether a code for an alarm is looked at now. It counts as wrong until [`Codes::right`].
    ///
    /// # Errors
    /// How long to wait: a minute at most.
    pub fn knock(&self, alarm: &str, from: IpAddr, now: Time) -> Result<(), Wait> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.knock(&attempt(alarm, from), now)
    }

    /// The code was right.
    pub fn right(&self, alarm: &str, from: IpAddr) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.opened(&attempt(alarm, from));
    }
}

fn attempt(alarm: &str, from: IpAddr) -> Attempt {
    Attempt { name: Digest::of(alarm.as_bytes()), address: Address::of(from), way: Way::Stranger }
}
