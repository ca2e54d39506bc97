//! Uploaded files between preview and confirmation.
//!
//! What a person confirms is what they saw: the very bytes, named by their digest and kept for
//! that person alone. Memory is bounded; the oldest goes first, and everything after a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use samband_domain::{Digest, Time};

/// Most bytes kept at a time over all persons.
pub const STAGED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// How long a file waits for its confirmation, in seconds.
pub const STAGED_SECONDS: i64 = 30 * 60;

/// A file that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedFile {
    /// Its name, as the browser gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

#[derive(Debug)]
struct Held {
    file: StagedFile,
    since: Time,
}

/// All files that wait. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Staged(Arc<Mutex<HashMap<(String, Digest), Held>>>);

impl Staged {
    /// Keeps a file for a person; the answer names it.
    #[must_use]
    pub fn put(&self, owner: &str, file: StagedFile, now: Time) -> Digest {
        let digest = Digest::of(&file.bytes);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, one| now.since(one.since) < STAGED_SECONDS * 1_000_000);
        held.insert((owner.to_owned(), digest), Held { file, since: now });
        while held.values().map(|one| one.file.bytes.len()).sum::<usize>() > STAGED_BYTES_MAX {
            let oldest = held.iter().min_by_key(|(_, one)| one.since).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { break };
            held.remove(&oldest);
        }
        digest
    }

    /// A person's file, if it still waits.
    #[must_use]
    pub fn get(&self, owner: &str, digest: &Digest, now: Time) -> Option<StagedFile> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = held.get(&(owner.to_owned(), *digest))?;
        let waits = now.since(one.since) < STAGED_SECONDS * 1_000_000;
        waits.then(|| one.file.clone())
    }

    /// A person's file is no longer needed.
    pub fn drop_one(&self, owner: &str, digest: &Digest) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(&(owner.to_owned(), *digest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(fill: u8, len: usize) -> StagedFile {
        StagedFile { name: "a.csv".into(), bytes: vec![fill; len].into() }
    }

    #[test]
    fn a_file_is_its_owners_and_waits_only_so_long() {
        let staged = Staged::default();
        let digest = staged.put("a@skane", file(1, 10), Time(0));
        let later = |seconds| Time(0).plus_seconds(seconds);
        assert_eq!(staged.get("a@skane", &digest, later(1)), Some(file(1, 10)));
        assert_eq!(staged.get("b@skane", &digest, later(1)), None);
        assert_eq!(staged.get("a@skane", &digest, later(STAGED_SECONDS)), None);
        staged.drop_one("a@skane", &digest);
        assert_eq!(staged.get("a@skane", &digest, later(1)), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let staged = Staged::default();
        let big = STAGED_BYTES_MAX / 2;
        let first = staged.put("a", file(1, big), Time(1));
        let second = staged.put("b", file(2, big), Time(2));
        let third = staged.put("c", file(3, 10), Time(3));
        assert!(staged.get("a", &first, Time(4)).is_none());
        assert!(staged.get("b", &second, Time(4)).is_some());
        assert!(staged.get("c", &third, Time(4)).is_some());
    }
}
