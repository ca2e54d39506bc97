//! The door: throttle, password or code, and decision in the one right order.

use std::sync::{Mutex, PoisonError};

use samband_domain::{Digest, Time};

use crate::account::{Account, UserName};
use crate::code::Code;
use crate::password::{HashError, Lane, Passwords};
use crate::secret::random;
use crate::signin::{Checked, Outcome, decide};
use crate::throttle::{Address, Attempt, Throttle, Way};

/// Everybody who signs in comes through here.
#[derive(Debug)]
pub struct Door {
    throttle: Mutex<Throttle>,
    passwords: Passwords,
}

impl Door {
    /// Opens for business.
    ///
    /// # Errors
    /// [`HashError`] without randomness or memory.
    pub fn new() -> Result<Self, HashError> {
        Ok(Self { throttle: Mutex::new(Throttle::new(random()?)), passwords: Passwords::new()? })
    }

    /// For hashing new passwords, in turn with those that are verified.
    #[must_use]
    pub const fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// How many failures the throttle remembers, for the metrics.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.with(|throttle| throttle.entries())
    }

    /// Tries a password. `account` is the one of the typed name, if there is any. Whoever is let in
    /// is to be remembered with [`Account::remember`].
    pub async fn by_password(
        &self,
        typed: &str,
        account: Option<&Account>,
        password: String,
        address: Address,
        now: Time,
    ) -> Outcome {
        let known = account.is_some_and(|account| account.knows(&address));
        let (way, lane) =
            if known { (Way::Known, Lane::Known) } else { (Way::Stranger, Lane::Stranger) };
        let attempt = attempt(typed, address, way);
        if let Err(wait) = self.with(|throttle| throttle.knock(&attempt, now)) {
            return decide(account, Checked::Wait(wait));
        }
        let hash = account.map(|account| &account.password);
        let checked = match self.passwords.verify(lane, hash, password).await {
            Ok(right) => Checked::Password(right),
            Err(_) => Checked::Busy,
        };
        let outcome = decide(account, checked);
        self.settle(&attempt, &outcome);
        outcome
    }

    /// Tries a break-glass code. A right one is taken from the account, which must be kept before
    /// the session is opened, or the code would open twice.
    pub fn by_code(
        &self,
        typed: &str,
        account: Option<&mut Account>,
        code: &str,
        address: Address,
        now: Time,
    ) -> Outcome {
        let attempt = attempt(typed, address, Way::Code);
        if let Err(wait) = self.with(|throttle| throttle.knock(&attempt, now)) {
            return decide(account.as_deref(), Checked::Wait(wait));
        }
        let outcome = match account {
            // A disabled account keeps its codes.
            Some(account) if account.disabled.is_some() => {
                let right = account.clone().take_code(code);
                decide(Some(account), Checked::Code(right))
            }
            Some(account) => {
                let right = account.take_code(code);
                decide(Some(account), Checked::Code(right))
            }
            None => {
                // The same work as for an account, so that time tells nothing.
                let nobody = UserName::new("nobody@nowhere").expect("a well-formed name");
                let _ = Code::typed(code).map(|code| code.digest(&nobody));
                decide(None, Checked::Code(false))
            }
        };
        self.settle(&attempt, &outcome);
        outcome
    }

    fn settle(&self, attempt: &Attempt, outcome: &Outcome) {
        match outcome {
            Outcome::SignedIn { .. } => self.with(|throttle| throttle.opened(attempt)),
            Outcome::Busy => self.with(|throttle| throttle.take_back(attempt)),
            Outcome::Refused(_) | Outcome::Wait(_) => {}
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Throttle) -> T) -> T {
        // Counts stay usable whatever panicked while holding them.
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut throttle)
    }
}

fn attempt(typed: &str, address: Address, way: Way) -> Attempt {
    let name = Digest::of(typed.trim().to_ascii_lowercase().as_bytes());
    Attempt { name, address, way }
}
