//! Sessions: who has come in, by which way, and for how long.

use std::net::IpAddr;

use samband_access::code::Code;
use samband_access::throttle::Address;
use samband_access::{
    Account, Action, Carrier, Denied, Outcome, Principal, RandomError, SIGN_IN_BUSY,
    SIGN_IN_REFUSED, Session, SessionEnd, Token, UserName, Via,
};
use samband_domain::{Digest, Refusal, Time};
use samband_journal::store::StoreError;
use thiserror::Error;

use crate::accounts::SESSION;
use crate::engine::{Engine, lock};

/// Why nobody was let in. Says no more than the person at the door may know.
#[derive(Debug, Error)]
pub enum SignInError {
    /// Name and password do not open an account, or too many tried.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// Somebody who has come in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// Whether the password must be changed first.
    pub must_change: bool,
    /// The language the person chose, if any.
    pub language: Option<String>,
}

impl SignedIn {
    /// Who asks.
    #[must_use]
    pub fn principal(&self) -> Principal {
        self.session.principal()
    }
}

/// Most sessions at a time; the oldest go first.
const SESSIONS_MAX: usize = 20_000;

impl Engine {
    /// Lets somebody in by password or break-glass code.
    ///
    /// # Errors
    /// [`SignInError`]: the same for a wrong name, a wrong password and a closed account.
    pub async fn sign_in(
        &self,
        user: &str,
        secret: &str,
        address: IpAddr,
        carrier: Carrier,
    ) -> Result<(Token, SignedIn), SignInError> {
        let now = self.now();
        let from = Address::of(address);
        let doors = &self.inner.doors;
        let before = match UserName::typed(user) {
            Ok(name) => self.account_now(&name).await,
            Err(_) => None,
        };
        let mut by_password = None;
        if before.as_ref().is_none_or(|account| !holds_code(account, secret)) {
            let password = secret.to_owned();
            let outcome = doors.door.by_password(user, before.as_ref(), password, from, now).await;
            by_password = Some(outcome);
        }
        let turn = doors.writing.lock().await;
        let mut stored = match &before {
            Some(before) => self.account_stored(&before.user).await?,
            None => None,
        };
        let account = stored.as_mut().map(|stored| &mut stored.account);
        let outcome =
            by_password.unwrap_or_else(|| doors.door.by_code(user, account, secret, from, now));
        tracing::info!(outcome = outcome.as_str(), "sign-in");
        let (Outcome::SignedIn { via, must_change }, Some(mut stored)) = (outcome, stored) else {
            return Err(told(&outcome, now));
        };
        let account = &mut stored.account;
        // While the password was being looked at the account may have been closed or changed.
        let same = before.is_some_and(|before| before.password == account.password);
        if account.disabled.is_some() || !same {
            return Err(told(&outcome, now));
        }
        account.remember(from, now);
        if !self.keep_stored(&stored).await? {
            // Another process let somebody in at the same moment. Trying again looks at everything
            // again: a code opens only once.
            return Err(SIGN_IN_BUSY.because([]).into());
        }
        let account = stored.account;
        let (token, session) = Session::open(&account, carrier, via, &address.to_string(), now)?;
        self.keep_session(session.clone()).await?;
        drop(turn);
        if via == Via::Code {
            self.note(&session.principal(), &account, "code_used").await;
        }
        let language = account.language.clone();
        Ok((token, SignedIn { session, must_change, language }))
    }

    /// Whose session a token is, if it still holds. A use prolongs it.
    pub async fn session(&self, token: &str, carrier: Carrier) -> Option<SignedIn> {
        let key = Token::parse(token)?.digest();
        let now = self.now();
        let mut session = self.session_now(&key).await?;
        let account = self.account_now(&session.user).await;
        if let Err(end) = session.check(account.as_ref(), carrier, now) {
            if end != SessionEnd::WrongCarrier {
                self.drop_session(&key).await;
            }
            return None;
        }
        if session.touch(now) {
            let _turn = self.inner.doors.writing.lock().await;
            // Whoever signed out meanwhile stays out.
            let still = self.session_now(&key).await.is_some();
            if still && self.keep_session(session.clone()).await.is_err() {
                tracing::warn!("a session's use was not kept");
            }
        }
        let account = account?;
        let (must_change, language) = (account.must_change, account.language);
        Some(SignedIn { session, must_change, language })
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) {
        if let Some(token) = Token::parse(token) {
            let _turn = self.inner.doors.writing.lock().await;
            self.drop_session(&token.digest()).await;
        }
    }

    /// The sessions of a region's accounts that still run.
    ///
    /// # Errors
    /// [`Denied`] unless the person looks after accounts there.
    pub fn sessions(
        &self,
        principal: &Principal,
        region: &samband_domain::JournalId,
    ) -> Result<Vec<Session>, Denied> {
        self.permit(principal, Action::SeeSessions, region)?;
        let now = self.now();
        let sessions: Vec<_> = {
            let sessions = lock(&self.inner.doors.sessions);
            sessions.values().filter(|session| session.region == *region).cloned().collect()
        };
        let runs = |session: &Session| {
            let account = self.account(&session.user);
            session.check(account.as_ref(), session.carrier, now).is_ok()
        };
        Ok(sessions.into_iter().filter(runs).collect())
    }

    pub(crate) async fn end_all_sessions(&self) -> Result<(), StoreError> {
        let keys: Vec<_> = lock(&self.inner.doors.sessions).drain().map(|(key, _)| key).collect();
        for key in keys {
            self.inner.store.shelf_remove(SESSION, &key.to_string()).await?;
        }
        Ok(())
    }

    /// Sweeps away sessions whose time is up.
    pub(crate) async fn sweep_sessions(&self) {
        let now = self.now();
        let over: Vec<_> = {
            let sessions = lock(&self.inner.doors.sessions);
            let over = sessions.values().filter(|session| session.is_over(now));
            over.map(|session| session.key).collect()
        };
        for key in over {
            // Another process may have prolonged it.
            if self.session_now(&key).await.is_some_and(|session| session.is_over(now)) {
                self.drop_session(&key).await;
            }
        }
    }

    async fn keep_session(&self, session: Session) -> Result<(), StoreError> {
        let text = serde_json::to_string(&session).expect("plain values");
        self.inner.store.shelf_put(SESSION, &session.key.to_string(), &text).await?;
        let oldest = {
            let mut sessions = lock(&self.inner.doors.sessions);
            sessions.insert(session.key, session);
            let full = sessions.len() > SESSIONS_MAX;
            let oldest = || sessions.values().min_by_key(|session| session.seen);
            full.then(oldest).flatten().map(|session| session.key)
        };
        if let Some(oldest) = oldest {
            self.drop_session(&oldest).await;
        }
        Ok(())
    }

    async fn drop_session(&self, key: &Digest) {
        lock(&self.inner.doors.sessions).remove(key);
        if let Err(error) = self.inner.store.shelf_remove(SESSION, &key.to_string()).await {
            tracing::warn!(%error, "an ended session was not removed");
        }
    }
}

/// Whether a secret is one of the account's break-glass codes. A password may look like one.
fn holds_code(account: &Account, secret: &str) -> bool {
    let digest = Code::typed(secret).map(|code| code.digest(&account.user));
    digest.is_some_and(|digest| account.codes.contains(&digest))
}

fn told(outcome: &Outcome, now: Time) -> SignInError {
    outcome.refusal(now).unwrap_or_else(|| SIGN_IN_REFUSED.because([])).into()
}
