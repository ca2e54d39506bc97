//! How often somebody may try to sign in. Pure: the clock comes in.
//!
//! What it must never do is lock a duty officer out. So nothing here blocks an account as such:
//! - From an address that has signed in to the account before, only failures of this account from
//!   this address count, and only for a minute. What others do elsewhere has no effect.
//! - From any other address, failures of the pair and of the address count, for a minute at most.
//!   An account under attack has its strangers wait from their first failure on instead of their
//!   fifth; even then a stranger's first attempt is looked at at once.
//! - Break-glass codes count by address alone; they cannot be guessed.
//!
//! Memory is bounded. When it is full the failure longest ago is forgotten: a flood can make the
//! throttle milder, never stricter.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

use samband_domain::{Digest, Time};
use serde::{Deserialize, Serialize};

/// Where an attempt comes from: an IPv4 address or an IPv6 network of 64 bits, since whoever has
/// one address there has all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(IpAddr);

impl Address {
    /// The address as it counts here.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => IpAddr::V4(v4),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        })
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            IpAddr::V4(v4) => write!(f, "{v4}"),
            IpAddr::V6(v6) => write!(f, "{v6}/64"),
        }
    }
}

/// By which way somebody tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By password, from an address that has signed in to the account before.
    Known,
    /// By password, from anywhere else.
    Stranger,
    /// By break-glass code.
    Code,
}

/// An attempt that asks to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Digest of the name as typed; an account of that name need not exist.
    pub name: Digest,
    /// From where.
    pub address: Address,
    /// By which way.
    pub way: Way,
}

/// Told to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When the next attempt is looked at.
    pub until: Time,
}

impl Wait {
    /// How many whole seconds that is, at least one.
    #[must_use]
    pub fn seconds(&self, now: Time) -> u64 {
        let micros = u64::try_from(self.until.since(now)).unwrap_or(0);
        micros.div_ceil(1_000_000).max(1)
    }
}

/// Failures of one account from one address before the first wait.
pub const PAIR_FREE: u32 = 5;
/// Failures of one address over all accounts before the first wait: a hospital may share one.
pub const ADDRESS_FREE: u32 = 20;
/// Failures of one account from strangers before each of them waits from the first failure on.
pub const ACCOUNT_HOT: u32 = 50;
/// Longest wait, in seconds.
pub const WAIT_MAX_SECONDS: i64 = 60;
/// Failures this long ago, in seconds, are forgotten.
pub const FORGET_SECONDS: i64 = 15 * 60;
/// Most entries of each of the four tables.
pub const ENTRIES_MAX: usize = 8_192;
/// Accounts share this many counters, by digest.
const ACCOUNT_COUNTERS: usize = 4_096;

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Time,
    until: Time,
}

impl Failures {
    const NONE: Self = Self { count: 0, last: Time(i64::MIN), until: Time(i64::MIN) };

    fn is_forgotten(&self, now: Time) -> bool {
        // A clock set back must not keep anybody waiting for the difference.
        let ahead = self.last > now.plus_seconds(WAIT_MAX_SECONDS);
        ahead || now >= self.last.plus_seconds(FORGET_SECONDS)
    }

    fn add(&mut self, now: Time, free: u32) {
        if self.is_forgotten(now) {
            *self = Self::NONE;
        }
        self.count = self.count.saturating_add(1);
        self.last = now;
        if let Some(beyond) = self.count.checked_sub(free.max(1)) {
            let seconds = 1_i64 << beyond.min(16);
            self.until = now.plus_seconds(seconds.min(WAIT_MAX_SECONDS));
        }
    }
}

#[derive(Debug)]
struct Table<K>(HashMap<K, Failures>);

impl<K: Eq + Hash + Copy> Table<K> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn until(&self, key: &K, now: Time) -> Option<Time> {
        let failures = self.0.get(key).filter(|failures| !failures.is_forgotten(now))?;
        // The longest wait is counted from now: a clock set back adds nothing to it.
        let until = failures.until.min(now.plus_seconds(WAIT_MAX_SECONDS));
        (until > now).then_some(until)
    }

    fn add(&mut self, key: K, now: Time, free: u32) {
        if self.0.len() >= ENTRIES_MAX && !self.0.contains_key(&key) {
            self.make_room(now);
        }
        self.0.entry(key).or_insert(Failures::NONE).add(now, free);
    }

    /// Forgets what is due, and if that is not enough the eighth that failed longest ago, so that
    /// a flood does not pay for every entry with a walk through all.
    fn make_room(&mut self, now: Time) {
        self.0.retain(|_, failures| !failures.is_forgotten(now));
        let mut spare = (self.0.len() + ENTRIES_MAX / 8).saturating_sub(ENTRIES_MAX);
        let mut lasts: Vec<_> = self.0.values().map(|failures| failures.last).collect();
        if spare == 0 || lasts.is_empty() {
            return;
        }
        let (_, cut, _) = lasts.select_nth_unstable(spare - 1);
        let cut = *cut;
        self.0.retain(|_, failures| {
            let goes = failures.last <= cut && spare > 0;
            spare -= usize::from(goes);
            !goes
        });
    }

    fn take_back(&mut self, key: &K) {
        if let Some(failures) = self.0.get_mut(key) {
            failures.count = failures.count.saturating_sub(1);
            failures.until = Time(i64::MIN);
        }
    }
}

/// Counts failures and says who waits.
#[derive(Debug)]
pub struct Throttle {
    known: Table<(Digest, Address)>,
    pairs: Table<(Digest, Address)>,
    addresses: Table<Address>,
    codes: Table<Address>,
    accounts: Vec<Failures>,
    seed: [u8; 16],
}

impl Throttle {
    /// An empty throttle. The seed keeps it secret which accounts share a counter.
    #[must_use]
    pub fn new(seed: [u8; 16]) -> Self {
        Self {
            known: Table::new(),
            pairs: Table::new(),
            addresses: Table::new(),
            codes: Table::new(),
            accounts: vec![Failures::NONE; ACCOUNT_COUNTERS],
            seed,
        }
    }

    /// Whether an attempt is looked at now. If so it counts as a failure until [`Self::opened`] or
    /// [`Self::take_back`] says otherwise, so that many at once gain nothing.
    ///
    /// # Errors
    /// [`Wait`] says until when; asking meanwhile does not prolong it.
    pub fn knock(&mut self, attempt: &Attempt, now: Time) -> Result<(), Wait> {
        let pair = (attempt.name, attempt.address);
        let until = match attempt.way {
            Way::Known => self.known.until(&pair, now),
            Way::Code => self.codes.until(&attempt.address, now),
            Way::Stranger => {
                let address = self.addresses.until(&attempt.address, now);
                self.pairs.until(&pair, now).max(address)
            }
        };
        if let Some(until) = until {
            return Err(Wait { until });
        }
        match attempt.way {
            Way::Known => self.known.add(pair, now, PAIR_FREE),
            Way::Code => self.codes.add(attempt.address, now, ADDRESS_FREE),
            Way::Stranger => {
                let counter = self.counter(&attempt.name);
                self.accounts[counter].add(now, u32::MAX);
                let hot = self.accounts[counter].count > ACCOUNT_HOT;
                self.pairs.add(pair, now, if hot { 1 } else { PAIR_FREE });
                self.addresses.add(attempt.address, now, ADDRESS_FREE);
            }
        }
        Ok(())
    }

    /// The attempt was right: the account's failures from this address are forgotten. Those of the
    /// address as a whole are not, or an own account would buy any number of guesses at others.
    pub fn opened(&mut self, attempt: &Attempt) {
        self.take_back(attempt);
        let pair = (attempt.name, attempt.address);
        self.known.0.remove(&pair);
        self.pairs.0.remove(&pair);
    }

    /// The attempt was not looked at after all.
    pub fn take_back(&mut self, attempt: &Attempt) {
        let pair = (attempt.name, attempt.address);
        match attempt.way {
            Way::Known => self.known.take_back(&pair),
            Way::Code => self.codes.take_back(&attempt.address),
            Way::Stranger => {
                self.pairs.take_back(&pair);
                self.addresses.take_back(&attempt.address);
                let counter = self.counter(&attempt.name);
                let account = &mut self.accounts[counter];
                account.count = account.count.saturating_sub(1);
            }
        }
    }

    /// How many entries it holds, for the metrics.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.known.0.len() + self.pairs.0.len() + self.addresses.0.len() + self.codes.0.len()
    }

    fn counter(&self, name: &Digest) -> usize {
        let mixed = Digest::of_parts(&[&self.seed, &name.0]);
        usize::from(u16::from_be_bytes([mixed.0[0], mixed.0[1]])) % ACCOUNT_COUNTERS
    }
}
