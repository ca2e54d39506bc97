//! Accounts and sessions: who is at the door, and who has come in.
//!
//! They are not part of the record (a password has no place in an append-only journal), but what
//! is done to them is: every act leaves an `account.noted` in the region's journal.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::Mutex;

use samband_access::code::Code;
use samband_access::password::{self, HashError};
use samband_access::throttle::Address;
use samband_access::{
    ACCOUNT_UNKNOWN, Account, Action, Denied, Door, NAME_TAKEN, NO_DEMONSTRATION, Outcome,
    PasswordHash, Principal, RandomError, Session, UserName,
};
use samband_domain::kernel::{Approval, Capacity, Command as Kernel, Identity, Profession, Role};
use samband_domain::{ActorId, Command, Digest, Known, Mode, Refusal, Region, Time, Window};
use samband_journal::Store;
use samband_journal::store::StoreError;
use thiserror::Error;

use crate::doors::{text_of, unknown};
use crate::engine::{Engine, lock};
use crate::request::{Failure, Request};

pub(crate) const ACCOUNT: &str = "account";
pub(crate) const SESSION: &str = "session";

/// Why nothing was done to an account.
#[derive(Debug, Error)]
pub enum AccountError {
    /// A rule refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The record did not take it.
    #[error(transparent)]
    Failed(#[from] Failure),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// A new account with the person behind it and the roles to begin with.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Name to sign in with.
    pub user: UserName,
    /// First password; to be changed at the first sign-in unless this is a demonstration.
    pub password: String,
    /// Who it is; none if the actor is registered already.
    pub person: Option<(Profession, String, Identity)>,
    /// The actor; none for a new one.
    pub actor: Option<ActorId>,
    /// Roles to grant.
    pub roles: Vec<Role>,
    /// Whether the password must be changed first.
    pub must_change: bool,
}

pub(crate) struct Doors {
    pub(crate) door: Door,
    pub(crate) accounts: Mutex<BTreeMap<String, Account>>,
    pub(crate) sessions: Mutex<HashMap<Digest, Session>>,
    /// When the shared shelf last failed to answer.
    pub(crate) away: Mutex<Option<std::time::Instant>>,
    /// Held while an account or a session changes, in memory and in the store.
    pub(crate) writing: tokio::sync::Mutex<()>,
}

impl Doors {
    /// Opens the door and brings back who is known and who is in.
    pub(crate) async fn open(store: &Store) -> Result<Self, AccountError> {
        let door = Door::new()?;
        let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
        let mut accounts = BTreeMap::new();
        for (key, text) in store.shelf_list(ACCOUNT).await? {
            accounts.insert(key, serde_json::from_str(&text).map_err(corrupt)?);
        }
        let mut sessions = HashMap::new();
        for (_, text) in store.shelf_list(SESSION).await? {
            let session: Session = serde_json::from_str(&text).map_err(corrupt)?;
            sessions.insert(session.key, session);
        }
        let (accounts, sessions) = (Mutex::new(accounts), Mutex::new(sessions));
        let (away, writing) = (Mutex::default(), tokio::sync::Mutex::default());
        Ok(Self { door, accounts, sessions, away, writing })
    }
}

impl Engine {
    /// The accounts of a region.
    ///
    /// # Errors
    /// [`Denied`] unless the person looks after accounts there.
    pub fn accounts(
        &self,
        principal: &Principal,
        region: &samband_domain::JournalId,
    ) -> Result<Vec<Account>, Denied> {
        self.permit(principal, Action::SeeAccounts, region)?;
        let accounts = lock(&self.inner.doors.accounts);
        Ok(accounts.values().filter(|account| account.region == *region).cloned().collect())
    }

    /// One account, for its holder and for the machine.
    #[must_use]
    pub fn account(&self, user: &UserName) -> Option<Account> {
        lock(&self.inner.doors.accounts).get(&user.to_string()).cloned()
    }

    /// Makes an account, the person behind it and the first roles: all, or nothing.
    ///
    /// # Errors
    /// [`AccountError`] says what is in the way.
    pub async fn create_account(
        &self,
        principal: &Principal,
        new: NewAccount,
    ) -> Result<Account, AccountError> {
        let region = new.user.region().clone();
        self.permit(principal, Action::CreateAccount, &region)?;
        if self.account(&new.user).is_some() {
            return Err(NAME_TAKEN.because([("user", new.user.to_string())]).into());
        }
        let name = new.person.as_ref().map_or("", |(_, _, identity)| identity.name.as_str());
        self.check_password(&new.user, name, &new.password)?;
        let hash = self.inner.doors.door.passwords().hash(new.password.clone()).await?;
        let actor = self.create_person(principal, &new).await?;
        let mut account = Account::new(new.user, actor, hash, self.now());
        account.must_change = new.must_change;
        let (key, text) = (account.user.to_string(), text_of(&account));
        if !self.inner.store.shelf_add(ACCOUNT, &key, &text).await? {
            return Err(NAME_TAKEN.because([("user", key)]).into());
        }
        lock(&self.inner.doors.accounts).insert(key, account.clone());
        self.note(principal, &account, "created").await;
        Ok(account)
    }

    async fn create_person(
        &self,
        principal: &Principal,
        new: &NewAccount,
    ) -> Result<ActorId, AccountError> {
        let region = new.user.region();
        let actor = match &new.actor {
            Some(actor) => actor.clone(),
            None => ActorId::new(&fresh("a")?).expect("fresh identifiers are well formed"),
        };
        let mut commands = Vec::new();
        if let Some((profession, title, identity)) = new.person.clone() {
            let id = Some(actor.clone());
            commands.push(Kernel::RegisterActor { id, profession, title, identity });
        }
        for role in &new.roles {
            commands.push(Kernel::GrantMandate {
                holder: actor.clone(),
                capacity: Capacity::Role(*role),
                site: None,
                window: Window::open(self.now()),
                deputy_for: None,
                delegated_from: None,
                review_at: None,
                share_permille: Known::Unknown,
                approval: Approval::NotRequired,
                basis: None,
            });
        }
        let requests: Result<Vec<_>, RandomError> = commands
            .into_iter()
            .map(|command| {
                let (principal, region) = (principal.clone(), region.clone());
                let (key, command) = (fresh("k")?, Command::Kernel(command));
                Ok(Request { principal, region, key, happened: None, command, asked: None })
            })
            .collect();
        self.submit_all(requests?).await.map_err(|(_, failure)| failure)?;
        let world = self.world();
        let known = world
            .local(region)
            .is_some_and(|r: &Region| r.shared.kernel.actors.contains_key(&actor));
        if known {
            Ok(actor)
        } else {
            Err(ACCOUNT_UNKNOWN.because([("user", new.user.to_string())]).into())
        }
    }

    /// Gives an account a new password: one's own, or somebody's who has lost it.
    ///
    /// # Errors
    /// [`AccountError`] says what is in the way.
    pub async fn set_password(
        &self,
        principal: &Principal,
        user: &UserName,
        password: &str,
    ) -> Result<(), AccountError> {
        let account = self.known(user).await?;
        let own = principal.actor() == Some(&account.actor);
        let action = if own { Action::ChangeOwnPassword } else { Action::ResetPassword };
        self.permit(principal, action, user.region())?;
        let name = self.name_of(&account);
        self.check_password(user, &name, password)?;
        let hash = self.inner.doors.door.passwords().hash(password.to_owned()).await?;
        let demo = self.mode_of(user) == Mode::Demo;
        let (must_change, now) = (!own && !demo, self.now());
        let act = if own { "password_changed" } else { "password_reset" };
        let change = |account: &mut Account| {
            account.set_password(hash.clone(), must_change, now);
            touched(account, principal, act, now);
        };
        let (account, ()) = self.change(user, change).await?;
        self.note(principal, &account, act).await;
        Ok(())
    }

    /// Whether a password is the account's: asked before the holder changes it.
    pub async fn password_fits(&self, user: &UserName, password: &str, address: IpAddr) -> bool {
        let account = self.account_now(user).await;
        let (typed, password) = (user.to_string(), password.to_owned());
        let from = Address::of(address);
        let door = &self.inner.doors.door;
        let outcome = door.by_password(&typed, account.as_ref(), password, from, self.now()).await;
        matches!(outcome, Outcome::SignedIn { .. })
    }

    /// Closes an account, and ends its sessions; or opens it again.
    ///
    /// # Errors
    /// [`AccountError`] says what is in the way.
    pub async fn enable_account(
        &self,
        principal: &Principal,
        user: &UserName,
        enabled: bool,
    ) -> Result<(), AccountError> {
        self.known(user).await?;
        let action = if enabled { Action::EnableAccount } else { Action::DisableAccount };
        self.permit(principal, action, user.region())?;
        let now = self.now();
        let act = if enabled { "enabled" } else { "disabled" };
        let change = |account: &mut Account| {
            if enabled {
                account.enable()
            } else {
                account.disable(now)
            }
            touched(account, principal, act, now);
        };
        let (account, ()) = self.change(user, change).await?;
        self.note(principal, &account, act).await;
        Ok(())
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// [`AccountError`] says what is in the way.
    pub async fn end_sessions(
        &self,
        principal: &Principal,
        user: &UserName,
    ) -> Result<(), AccountError> {
        let account = self.known(user).await?;
        let own = principal.actor() == Some(&account.actor);
        let action = if own { Action::EndOwnSessions } else { Action::EndSessions };
        self.permit(principal, action, user.region())?;
        let now = self.now();
        let change = |account: &mut Account| {
            account.end_sessions(now);
            touched(account, principal, "sessions_ended", now);
        };
        let (account, ()) = self.change(user, change).await?;
        self.note(principal, &account, "sessions_ended").await;
        Ok(())
    }

    /// Draws new break-glass codes; they are shown this once.
    ///
    /// # Errors
    /// [`AccountError`] says what is in the way.
    pub async fn issue_codes(
        &self,
        principal: &Principal,
        user: &UserName,
    ) -> Result<Vec<Code>, AccountError> {
        let account = self.known(user).await?;
        let own = principal.actor() == Some(&account.actor);
        let action = if own { Action::IssueOwnCodes } else { Action::IssueCodes };
        self.permit(principal, action, user.region())?;
        let codes = Code::draw_set()?;
        let now = self.now();
        let change = |account: &mut Account| {
            account.set_codes(&codes);
            touched(account, principal, "codes_issued", now);
        };
        let (account, ()) = self.change(user, change).await?;
        self.note(principal, &account, "codes_issued").await;
        Ok(codes)
    }

    /// Remembers the language a person chose.
    ///
    /// # Errors
    /// [`AccountError`] if the account is unknown or the store fails.
    pub async fn set_language(&self, user: &UserName, language: &str) -> Result<(), AccountError> {
        let change = |account: &mut Account| account.language = Some(language.into());
        self.change(user, change).await.map(|_| ())
    }

    /// Accounts whose hash is given, for worlds made from a seed in which everybody has the same
    /// password: hashing it once per person would only make the start slow.
    ///
    /// # Errors
    /// [`AccountError`]; refused in a real journal: its accounts begin with a person.
    pub async fn seed_account(
        &self,
        user: UserName,
        actor: ActorId,
        hash: PasswordHash,
    ) -> Result<(), AccountError> {
        if self.mode_of(&user) == Mode::Real {
            return Err(NO_DEMONSTRATION.because([("user", user.to_string())]).into());
        }
        let mut account = Account::new(user, actor, hash, self.now());
        account.must_change = false;
        self.keep_account(&account).await?;
        Ok(())
    }

    /// Hashes a password, in turn with those that are verified.
    ///
    /// # Errors
    /// [`HashError`] without memory or randomness.
    pub async fn hash_password(&self, password: &str) -> Result<PasswordHash, HashError> {
        self.inner.doors.door.passwords().hash(password.to_owned()).await
    }

    /// How many failures the throttle remembers, for the metrics.
    #[must_use]
    pub fn throttled_entries(&self) -> usize {
        self.inner.doors.door.entries()
    }

    async fn known(&self, user: &UserName) -> Result<Account, AccountError> {
        let stored = self.account_stored(user).await?;
        Ok(stored.ok_or_else(|| unknown(user))?.account)
    }

    fn mode_of(&self, user: &UserName) -> Mode {
        let world = self.world();
        world.journal(user.region()).and_then(|journal| journal.mode()).unwrap_or(Mode::Real)
    }

    fn name_of(&self, account: &Account) -> String {
        let world = self.world();
        let region = world.local(&account.region);
        let person = region.and_then(|region| region.own.kernel.persons.get(&account.actor));
        person.and_then(|p| p.here()).map_or_else(String::new, |identity| identity.name.clone())
    }

    fn check_password(&self, user: &UserName, name: &str, password: &str) -> Result<(), Refusal> {
        let words: Vec<&str> =
            user.local().split(['.', '-']).chain(name.split_whitespace()).collect();
        password::check(password, &words, self.mode_of(user))
    }

    pub(crate) async fn keep_account(&self, account: &Account) -> Result<(), StoreError> {
        let (key, text) = (account.user.to_string(), text_of(account));
        self.inner.store.shelf_put(ACCOUNT, &key, &text).await?;
        lock(&self.inner.doors.accounts).insert(key, account.clone());
        Ok(())
    }

    /// Leaves word in the journal, in the name of whoever did it; that it could not be left is an
    /// error for the operator, but no reason to undo what was done.
    pub(crate) async fn note(&self, principal: &Principal, account: &Account, act: &str) {
        let person = account.actor.clone();
        let command = Command::Kernel(Kernel::NoteAccount { person, act: act.into() });
        let region = account.region.clone();
        let outcome = match fresh("n") {
            Err(error) => Err(Failure::Unavailable(error.to_string())),
            Ok(key) => {
                let (principal, command) = (principal.clone(), command.clone());
                let request =
                    Request { principal, region, key, happened: None, command, asked: None };
                self.submit(request).await
            }
        };
        // Whoever may do it may say so. If that ever fails, word is left without the name.
        let outcome = match outcome {
            Err(Failure::Denied(_)) => self.report_to(&account.region, command).await,
            outcome => outcome,
        };
        if let Err(failure) = outcome {
            tracing::error!(%failure, act, "what was done to an account was not recorded");
        }
    }
}

/// Tells an account's holder what somebody else did to it.
fn touched(account: &mut Account, by: &Principal, act: &str, now: Time) {
    if by.actor() != Some(&account.actor) {
        account.touch(act, by.actor(), now);
    }
}

fn fresh(prefix: &str) -> Result<String, RandomError> {
    let bytes = samband_access::secret::random::<16>()?;
    Ok(format!("{prefix}-{}", &Digest::of(&bytes).to_string()[..24]))
}
