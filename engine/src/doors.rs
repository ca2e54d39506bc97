//! Accounts and sessions that several processes share: on a server's database, what stands there
//! is what holds. What is in memory serves where the database does not answer, and where it is a
//! file that this process has to itself.

use std::time::{Duration, Instant};

use samband_access::{Account, Session, UserName};
use samband_domain::Digest;
use samband_journal::store::StoreError;
use serde::de::DeserializeOwned;

use crate::accounts::{ACCOUNT, AccountError, SESSION};
use crate::engine::{Engine, lock};

/// How long a look at the shelf may take.
const LOOK_WITHIN: Duration = Duration::from_secs(1);

/// How long a shelf that did not answer is left alone.
const AWAY: Duration = Duration::from_secs(5);

/// How often a change is tried again because another process changed the same account.
const TRIES: usize = 8;

/// An account, and the text that it was read from if another process may change that.
pub(crate) struct Stored {
    pub(crate) account: Account,
    text: Option<String>,
}

impl Engine {
    /// An account as it stands now.
    pub(crate) async fn account_stored(
        &self,
        user: &UserName,
    ) -> Result<Option<Stored>, StoreError> {
        let key = user.to_string();
        if !self.store().is_shared() {
            return Ok(self.account(user).map(|account| Stored { account, text: None }));
        }
        let Some(text) = self.store().shelf_get(ACCOUNT, &key).await? else {
            lock(&self.inner.doors.accounts).remove(&key);
            return Ok(None);
        };
        let account: Account = read(&text)?;
        lock(&self.inner.doors.accounts).insert(key, account.clone());
        Ok(Some(Stored { account, text: Some(text) }))
    }

    /// The same for who only looks: without an answer, as it was last known.
    pub(crate) async fn account_now(&self, user: &UserName) -> Option<Account> {
        let Some(stored) = self.on_shelf(ACCOUNT, &user.to_string()).await else {
            return self.account(user);
        };
        let account = stored.and_then(|text| read::<Account>(&text).ok());
        let mut accounts = lock(&self.inner.doors.accounts);
        match &account {
            Some(account) => accounts.insert(user.to_string(), account.clone()),
            None => accounts.remove(&user.to_string()),
        };
        account
    }

    /// Keeps a changed account, if it still stands as it was read.
    pub(crate) async fn keep_stored(&self, stored: &Stored) -> Result<bool, StoreError> {
        let Some(was) = &stored.text else {
            return self.keep_account(&stored.account).await.map(|()| true);
        };
        let (key, text) = (stored.account.user.to_string(), text_of(&stored.account));
        let kept = self.store().shelf_swap(ACCOUNT, &key, was, &text).await?;
        if kept {
            lock(&self.inner.doors.accounts).insert(key, stored.account.clone());
        }
        Ok(kept)
    }

    /// Changes an account as it stands now: changes that come at once follow each other, and none
    /// undoes another.
    pub(crate) async fn change<T>(
        &self,
        user: &UserName,
        mut change: impl FnMut(&mut Account) -> T,
    ) -> Result<(Account, T), AccountError> {
        let _turn = self.inner.doors.writing.lock().await;
        for _ in 0..TRIES {
            let mut stored = self.account_stored(user).await?.ok_or_else(|| unknown(user))?;
            let outcome = change(&mut stored.account);
            if self.keep_stored(&stored).await? {
                return Ok((stored.account, outcome));
            }
        }
        Err(StoreError::Unavailable("the account is being changed elsewhere".into()).into())
    }

    /// A session as it stands now.
    pub(crate) async fn session_now(&self, key: &Digest) -> Option<Session> {
        let Some(stored) = self.on_shelf(SESSION, &key.to_string()).await else {
            return lock(&self.inner.doors.sessions).get(key).cloned();
        };
        let session = stored.and_then(|text| read::<Session>(&text).ok());
        let mut sessions = lock(&self.inner.doors.sessions);
        match &session {
            Some(session) => sessions.insert(*key, session.clone()),
            None => sessions.remove(key),
        };
        session
    }

    /// What stands on a shared shelf; none where memory must serve: the shelf is this process's
    /// own, or the database does not answer. Then it is not asked again for a while, so that who
    /// reads pages need not wait for it each time.
    async fn on_shelf(&self, kind: &str, key: &str) -> Option<Option<String>> {
        if !self.store().is_shared() {
            return None;
        }
        let away = &self.inner.doors.away;
        if lock(away).is_some_and(|since| since.elapsed() < AWAY) {
            return None;
        }
        match tokio::time::timeout(LOOK_WITHIN, self.store().shelf_get(kind, key)).await {
            Ok(Ok(found)) => {
                *lock(away) = None;
                Some(found)
            }
            Ok(Err(_)) | Err(_) => {
                *lock(away) = Some(Instant::now());
                None
            }
        }
    }

    /// Reads again who is known and who is in, for the lists of them: another process may have let
    /// somebody in.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer; then the lists stay as they were.
    pub async fn reread_doors(&self) -> Result<(), StoreError> {
        if !self.store().is_shared() {
            return Ok(());
        }
        let doors = &self.inner.doors;
        let _turn = doors.writing.lock().await;
        let mut accounts = std::collections::BTreeMap::new();
        for (key, text) in self.store().shelf_list(ACCOUNT).await? {
            accounts.insert(key, read(&text)?);
        }
        let mut sessions = std::collections::HashMap::new();
        for (_, text) in self.store().shelf_list(SESSION).await? {
            let session: Session = read(&text)?;
            sessions.insert(session.key, session);
        }
        *lock(&doors.accounts) = accounts;
        *lock(&doors.sessions) = sessions;
        Ok(())
    }
}

pub(crate) fn unknown(user: &UserName) -> samband_domain::Refusal {
    samband_access::ACCOUNT_UNKNOWN.because([("user", user.to_string())])
}

pub(crate) fn text_of(account: &Account) -> String {
    serde_json::to_string(account).expect("plain values")
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}
