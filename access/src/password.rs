//! Passwords: what is accepted, and how they are hashed and verified.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use samband_domain::{Mode, Refusal};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Semaphore;

use crate::refusals::{PASSWORD_COMMON, PASSWORD_LONG, PASSWORD_NAME, PASSWORD_SHORT};
use crate::secret::{RandomError, random};

/// Shortest password, in characters.
pub const MIN: usize = 12;

/// Longest password, in characters.
pub const MAX: usize = 256;

/// How many attempts may wait for one lane before the next is told to come back.
const WAITING: usize = 64;

/// First guesses that are long enough to pass otherwise, without digits at the end and in lower
/// case; the demo's password is public.
const COMMON: &[&str] = &[
    "samband-demo",
    "sambanddemo",
    "samband",
    "password",
    "passwordpassword",
    "lösenord",
    "losenord",
    "lösenordlösenord",
    "qwertyuiop",
    "qwertyuiopå",
    "qwertyuiopåasdfghjkl",
    "administrator",
    "sommaren",
    "blodcentralen",
    "blodomloppet",
];

/// Whether a password is accepted. `names` are the words that say who the person is: the parts of
/// the user name and of the person's name. In a demonstration every password is.
///
/// # Errors
/// The refusal that says what is wrong; it never repeats the password.
pub fn check(password: &str, names: &[&str], mode: Mode) -> Result<(), Refusal> {
    if mode == Mode::Demo {
        return Ok(());
    }
    let length = password.chars().count();
    if length < MIN {
        let facts = [("length", length.to_string()), ("min", MIN.to_string())];
        return Err(PASSWORD_SHORT.because(facts));
    }
    if length > MAX {
        let facts = [("length", length.to_string()), ("max", MAX.to_string())];
        return Err(PASSWORD_LONG.because(facts));
    }
    let lower = password.to_lowercase();
    let stem = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '!');
    let mut distinct: Vec<_> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() < 5 || stem.is_empty() || COMMON.contains(&stem) {
        return Err(PASSWORD_COMMON.because([]));
    }
    check_names(&lower, names)
}

/// Words that say who the person is count for nothing: what is left must be long enough.
fn check_names(lower: &str, names: &[&str]) -> Result<(), Refusal> {
    let mut left = lower.to_owned();
    let mut words: Vec<String> = names
        .iter()
        .flat_map(|name| name.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_lowercase)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        left = left.replace(word.as_str(), "");
    }
    let left = left.chars().count();
    if left != lower.chars().count() && left < MIN {
        let facts = [("left", left.to_string()), ("min", MIN.to_string())];
        return Err(PASSWORD_NAME.because(facts));
    }
    Ok(())
}

/// A hashed password, with its salt and parameters (PHC string).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// As it was stored. A text that is no hash opens nothing.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// For the shelf.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Why a password could not be hashed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HashError {
    /// No randomness for the salt.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Argon2 failed, e.g. for want of memory.
    #[error("the password could not be hashed: {0}")]
    Argon(String),
    /// Too many wait already.
    #[error(transparent)]
    Busy(#[from] Busy),
}

/// Too many attempts wait already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too many attempts at the same time")]
pub struct Busy;

/// Which of the two lanes an attempt takes. Strangers can fill theirs and never the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// From an address that has signed in to the account before, or by somebody signed in.
    Known,
    /// From anywhere else.
    Stranger,
}

/// Hashes and verifies: Argon2id with 19 MiB, two passes, one thread, off the async threads and
/// one at a time in each of two lanes, so that memory and processors stay bounded.
#[derive(Clone)]
pub struct Passwords {
    known: Turns,
    stranger: Turns,
    dummy: PasswordHash,
}

#[derive(Clone)]
struct Turns {
    seats: Arc<Semaphore>,
    turn: Arc<Semaphore>,
}

impl Turns {
    fn new() -> Self {
        Self { seats: Arc::new(Semaphore::new(WAITING)), turn: Arc::new(Semaphore::new(1)) }
    }

    async fn take<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Busy> {
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        let seat = seat.map_err(|_| Busy)?;
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        let turn = turn.map_err(|_| Busy)?;
        // The permits move along: whoever hangs up does not free the turn before the work ends.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((turn, seat));
            result
        });
        done.await.map_err(|_| Busy)
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("parameters within Argon2's range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password on this thread: for the command line and for building a demo world.
///
/// # Errors
/// [`HashError`] without randomness or memory.
pub fn hash_now(password: &str) -> Result<PasswordHash, HashError> {
    let salt = random::<16>()?;
    let hash: Result<phc::PasswordHash, _> =
        argon2().hash_password_with_salt(password.as_bytes(), &salt);
    let hash = hash.map_err(|error| HashError::Argon(error.to_string()))?;
    Ok(PasswordHash(hash.to_string()))
}

/// Verifies a password on this thread.
#[must_use]
pub fn verify_now(hash: &PasswordHash, password: &str) -> bool {
    let parsed = phc::PasswordHash::new(&hash.0);
    parsed.is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

impl Passwords {
    /// Prepares the two lanes and a hash that no password opens.
    ///
    /// # Errors
    /// [`HashError`] without randomness or memory.
    pub fn new() -> Result<Self, HashError> {
        let nobody_knows = crate::secret::base32(&random::<32>()?, 52);
        Ok(Self { known: Turns::new(), stranger: Turns::new(), dummy: hash_now(&nobody_knows)? })
    }

    fn lane(&self, lane: Lane) -> &Turns {
        match lane {
            Lane::Known => &self.known,
            Lane::Stranger => &self.stranger,
        }
    }

    /// Hashes a password for somebody who may set one.
    ///
    /// # Errors
    /// [`HashError`] without randomness or memory, or if too many wait.
    pub async fn hash(&self, password: String) -> Result<PasswordHash, HashError> {
        self.known.take(move || hash_now(&password)).await?
    }

    /// Verifies a password. Without an account the same work is done for the same answer, so that
    /// time does not tell which accounts exist.
    ///
    /// # Errors
    /// [`Busy`] if too many wait in the lane.
    pub async fn verify(
        &self,
        lane: Lane,
        hash: Option<&PasswordHash>,
        password: String,
    ) -> Result<bool, Busy> {
        let real = hash.is_some() && password.chars().count() <= MAX;
        let hash = hash.filter(|_| real).unwrap_or(&self.dummy).clone();
        let work = move || verify_now(&hash, &password) && real;
        self.lane(lane).take(work).await
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(password: &str) -> Option<&'static str> {
        let names = ["coordinator", "skane", "Åsa Bergkvist-Lind"];
        check(password, &names, Mode::Real).err().map(|refusal| refusal.kind.code)
    }

    #[test]
    fn a_password_is_refused_with_the_reason() {
        for (password, expected) in [
            ("elva tecken", Some("account.password_short")),
            ("åäöåäöåäöåä", Some("account.password_short")),
            ("tolv tecken!", None),
            ("aaaaaaaaaaaaaaaa", Some("account.password_common")),
            ("123123123123123", Some("account.password_common")),
            ("1234567890123", Some("account.password_common")),
            ("Samband-demo2024!", Some("account.password_common")),
            ("Lösenord12345", Some("account.password_common")),
            ("coordinator@skane", Some("account.password_name")),
            ("COORDINATOR-skane-1", Some("account.password_name")),
            ("bergkvist-åsa-77", Some("account.password_name")),
            ("coordinator vill ha kaffe", None),
            ("rätt häst batteri häftklammer", None),
        ] {
            assert_eq!(code(password), expected, "{password}");
        }
        assert_eq!(code(&"ab cd ef gh ".repeat(22)), Some("account.password_long"));
        assert_eq!(code(&"ab cd ef".repeat(32)), None);
    }

    #[test]
    fn a_refusal_never_repeats_the_password() {
        for password in ["kort häst", "coordinator@skane", "Lösenord12345"] {
            let refusal = check(password, &["coordinator", "skane"], Mode::Exercise).unwrap_err();
            assert!(!refusal.to_string().contains(password));
        }
    }

    #[test]
    fn only_a_demonstration_takes_any_password() {
        assert!(check("x", &[], Mode::Demo).is_ok());
        assert!(check("x", &[], Mode::Exercise).is_err());
        assert!(check("samband-demo", &[], Mode::Real).is_err());
    }

    #[test]
    fn a_hash_opens_for_its_password_alone_and_says_how_it_was_made() {
        let (one, two) = (hash_now("rätt häst").unwrap(), hash_now("rätt häst").unwrap());
        assert_ne!(one, two, "salted");
        assert!(one.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify_now(&one, "rätt häst") && !verify_now(&one, "fel häst"));
        for text in ["", "rätt häst", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ"] {
            assert!(!verify_now(&PasswordHash::from_stored(text.into()), "rätt häst"));
        }
        assert!(!format!("{one:?}").contains("argon2id"));
    }

    #[tokio::test]
    async fn nothing_opens_without_an_account() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("rätt häst".into()).await.unwrap();
        let ask = |hash, text: &str| passwords.verify(Lane::Stranger, hash, text.to_owned());
        assert_eq!(ask(Some(&hash), "rätt häst").await, Ok(true));
        assert_eq!(ask(Some(&hash), "fel häst").await, Ok(false));
        assert_eq!(ask(None, "rätt häst").await, Ok(false));
        assert_eq!(ask(Some(&hash), &"x".repeat(MAX + 1)).await, Ok(false));
    }

    #[tokio::test]
    async fn strangers_cannot_fill_the_lane_of_the_known() {
        let passwords = Passwords::new().unwrap();
        let hash = hash_now("rätt häst").unwrap();
        let seats = u32::try_from(WAITING).unwrap();
        let all = passwords.stranger.seats.clone().acquire_many_owned(seats).await;
        let _occupied = (all.unwrap(), passwords.stranger.turn.clone().acquire_owned().await);
        let stranger = passwords.verify(Lane::Stranger, Some(&hash), "rätt häst".into());
        assert_eq!(stranger.await, Err(Busy));
        let known = passwords.verify(Lane::Known, Some(&hash), "rätt häst".into());
        assert_eq!(known.await, Ok(true));
    }
}
