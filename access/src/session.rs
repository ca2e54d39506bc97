//! Sessions: who is signed in, since when, and until when.

use samband_domain::{ActorId, Digest, JournalId, Time};
use serde::{Deserialize, Serialize};

use crate::account::{Account, UserName};
use crate::policy::Principal;
use crate::secret::{RandomError, Token};

/// How long a session lives without being used: a duty shift, in seconds.
pub const IDLE_SECONDS: i64 = 12 * 3600;

/// How long a session lives at most, in seconds.
pub const ABSOLUTE_SECONDS: i64 = 24 * 3600;

/// How much later a use must be to be worth keeping, in seconds.
const TOUCH_SECONDS: i64 = 60;

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// With the password.
    Password,
    /// With a break-glass code.
    Code,
}

/// How the token travels. One kind never stands in for the other: a cookie is sent by the browser
/// unasked, so requests that carry one need the check in [`crate::csrf`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// In a cookie of the browser.
    Cookie,
    /// In the `Authorization` header.
    Bearer,
}

/// A session. The engine keeps it as JSON under its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Digest of the token.
    pub key: Digest,
    /// The account.
    pub user: UserName,
    /// The person's region.
    pub region: JournalId,
    /// The person.
    pub actor: ActorId,
    /// How the token travels.
    pub carrier: Carrier,
    /// How the person signed in.
    pub via: Via,
    /// When.
    pub created: Time,
    /// When last used, to the minute.
    pub seen: Time,
    /// From where, as shown in the list of sessions.
    pub address: String,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionEnd {
    /// Not used for a whole shift.
    Idle,
    /// It has lasted as long as any session may.
    Expired,
    /// The account is gone, or is somebody else's now.
    NoAccount,
    /// The account is disabled.
    Disabled,
    /// Ended by the person or an administrator, or by a new password.
    Ended,
    /// The token came in another way than it was given out.
    WrongCarrier,
}

impl Session {
    /// Opens a session for an account whose holder was just let in. The token goes to the holder;
    /// only the session is kept.
    ///
    /// # Errors
    /// [`RandomError`] without randomness.
    pub fn open(
        account: &Account,
        carrier: Carrier,
        via: Via,
        address: &str,
        now: Time,
    ) -> Result<(Token, Self), RandomError> {
        let token = Token::draw()?;
        let session = Self {
            key: token.digest(),
            user: account.user.clone(),
            region: account.region.clone(),
            actor: account.actor.clone(),
            carrier,
            via,
            created: now,
            seen: now,
            address: address.chars().take(100).collect(),
        };
        Ok((token, session))
    }

    /// When it ends if it is not used.
    #[must_use]
    pub fn expires_idle(&self) -> Time {
        self.seen.plus_seconds(IDLE_SECONDS)
    }

    /// When it ends in any case.
    #[must_use]
    pub fn expires_absolute(&self) -> Time {
        self.created.plus_seconds(ABSOLUTE_SECONDS)
    }

    /// Whether its time is up, whatever the account says: such a session can be swept away.
    #[must_use]
    pub fn is_over(&self, now: Time) -> bool {
        now >= self.expires_absolute() || now >= self.expires_idle()
    }

    /// Whether it still holds: for the account it was opened for, in its time, on its way.
    ///
    /// # Errors
    /// [`SessionEnd`], which says why not.
    pub fn check(
        &self,
        account: Option<&Account>,
        carrier: Carrier,
        now: Time,
    ) -> Result<(), SessionEnd> {
        let same = |account: &&Account| account.user == self.user && account.actor == self.actor;
        let account = account.filter(same).ok_or(SessionEnd::NoAccount)?;
        if carrier != self.carrier {
            Err(SessionEnd::WrongCarrier)
        } else if account.disabled.is_some() {
            Err(SessionEnd::Disabled)
        } else if account.sessions_from.is_some_and(|from| self.created < from) {
            Err(SessionEnd::Ended)
        } else if now >= self.expires_absolute() {
            Err(SessionEnd::Expired)
        } else if now >= self.expires_idle() {
            Err(SessionEnd::Idle)
        } else {
            Ok(())
        }
    }

    /// Notes a use; true if it is worth keeping. Uses within a minute are one.
    pub fn touch(&mut self, now: Time) -> bool {
        let worth = now >= self.seen.plus_seconds(TOUCH_SECONDS);
        if worth {
            self.seen = now;
        }
        worth
    }

    /// Who asks with this session.
    #[must_use]
    pub fn principal(&self) -> Principal {
        Principal::Person { actor: self.actor.clone(), region: self.region.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::PasswordHash;

    const HOUR: i64 = 3600;

    fn at(hours: i64) -> Time {
        Time(0).plus_seconds(hours * HOUR)
    }

    fn account() -> Account {
        let user = UserName::new("tib@blekinge").unwrap();
        let hash = PasswordHash::from_stored(String::new());
        Account::new(user, ActorId::new("a-1").unwrap(), hash, at(0))
    }

    fn session(account: &Account) -> Session {
        let opened = Session::open(account, Carrier::Cookie, Via::Password, "192.0.2.1", at(0));
        opened.unwrap().1
    }

    #[test]
    fn a_session_slides_for_a_shift_and_ends_after_a_day() {
        let account = account();
        let mut session = session(&account);
        let check = |session: &Session, now| session.check(Some(&account), Carrier::Cookie, now);
        let just_before = Time(at(12).0 - 1);
        assert_eq!(check(&session, just_before), Ok(()));
        assert_eq!(check(&session, at(12)), Err(SessionEnd::Idle));
        assert!(session.touch(at(11)));
        assert_eq!(check(&session, at(22)), Ok(()));
        assert_eq!(check(&session, at(23)), Err(SessionEnd::Idle));
        assert!(session.touch(at(22)));
        assert!(!session.is_over(Time(at(24).0 - 1)) && session.is_over(at(24)));
        assert_eq!(check(&session, at(24)), Err(SessionEnd::Expired));
    }

    #[test]
    fn uses_within_a_minute_are_not_written_down() {
        let mut session = session(&account());
        assert!(!session.touch(Time(59_999_999)));
        assert_eq!(session.seen, at(0));
        assert!(session.touch(Time(60_000_000)));
        assert!(!session.touch(at(-5)), "a clock set back does not shorten a session");
        assert_eq!(session.seen, Time(60_000_000));
    }

    #[test]
    fn a_session_ends_with_its_account_its_password_and_on_the_wrong_way() {
        let mut account = account();
        let session = session(&account);
        let now = at(1);
        let check = |account: Option<&Account>, carrier| session.check(account, carrier, now);
        assert_eq!(check(None, Carrier::Cookie), Err(SessionEnd::NoAccount));
        assert_eq!(check(Some(&account), Carrier::Bearer), Err(SessionEnd::WrongCarrier));
        let mut stranger = account.clone();
        stranger.actor = ActorId::new("a-2").unwrap();
        assert_eq!(check(Some(&stranger), Carrier::Cookie), Err(SessionEnd::NoAccount));
        let mut renamed = account.clone();
        renamed.user = UserName::new("tib2@blekinge").unwrap();
        assert_eq!(check(Some(&renamed), Carrier::Cookie), Err(SessionEnd::NoAccount));
        account.set_password(PasswordHash::from_stored("new".into()), false, at(1));
        assert_eq!(check(Some(&account), Carrier::Cookie), Err(SessionEnd::Ended));
        let opened = Session::open(&account, Carrier::Cookie, Via::Code, "", at(1)).unwrap().1;
        assert_eq!(opened.check(Some(&account), Carrier::Cookie, at(1)), Ok(()));
        account.disable(at(2));
        assert_eq!(opened.check(Some(&account), Carrier::Cookie, at(2)), Err(SessionEnd::Disabled));
    }

    #[test]
    fn the_token_is_not_in_what_is_kept() {
        let account = account();
        let opened = Session::open(&account, Carrier::Bearer, Via::Password, "x", at(0));
        let (token, session) = opened.unwrap();
        let text = serde_json::to_string(&session).unwrap();
        assert!(!text.contains(token.reveal()));
        assert_eq!(session.key, Token::parse(token.reveal()).unwrap().digest());
        assert_eq!(serde_json::from_str::<Session>(&text).unwrap(), session);
    }
}
