//! Local accounts: a name, the actor behind it, a password and break-glass codes.

use std::fmt;
use std::str::FromStr;

use samband_domain::{ActorId, Digest, JournalId, Refusal, Time};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::code;
use crate::password::PasswordHash;
use crate::refusals::NAME_FORM;
use crate::throttle::Address;

/// How many addresses an account remembers from which somebody signed in.
pub const KNOWN_MAX: usize = 16;

/// Why a text is no name to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("“{0}” is not a name to sign in with: write role@region, e.g. coordinator@skane")]
pub struct NameError(pub String);

impl NameError {
    /// The refusal that explains it.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        NAME_FORM.because([("name", self.0.clone())])
    }
}

/// A name to sign in with: `coordinator@skane`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName {
    local: Box<str>,
    region: JournalId,
}

impl UserName {
    /// Longest part before the @.
    pub const LOCAL_MAX: usize = 64;

    /// Reads a name exactly as stored.
    ///
    /// # Errors
    /// [`NameError`] if it has another form.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let wrong = || NameError(text.chars().take(80).collect());
        let (local, region) = text.split_once('@').ok_or_else(wrong)?;
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
        let fits = (1..=Self::LOCAL_MAX).contains(&local.len())
            && local.bytes().all(|c| plain(c) || c == b'.' || c == b'-')
            && local.bytes().next().is_some_and(plain)
            && local.bytes().next_back().is_some_and(plain)
            && !local.contains("..");
        if !fits {
            return Err(wrong());
        }
        let region = JournalId::new(region).map_err(|_| wrong())?;
        let local = local.into();
        Ok(Self { local, region })
    }

    /// Reads a name as a person types it: with blanks around it and capital letters.
    ///
    /// # Errors
    /// [`NameError`] if it has another form.
    pub fn typed(text: &str) -> Result<Self, NameError> {
        Self::new(&text.trim().to_ascii_lowercase())
    }

    /// The part before the @.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The region in which the person acts.
    #[must_use]
    pub const fn region(&self) -> &JournalId {
        &self.region
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.region)
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl FromStr for UserName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::new(text)
    }
}

impl Serialize for UserName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).map_err(de::Error::custom)
    }
}

/// An address from which somebody signed in to the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownAddress {
    /// The address.
    pub address: Address,
    /// When last.
    pub last: Time,
}

/// Something that somebody else did to an account, kept so that its holder is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// What: as it stands in the journal, `password_reset`, `codes_issued`, ….
    pub act: String,
    /// Who; none for whoever looks after the machine.
    pub by: Option<ActorId>,
    /// When.
    pub at: Time,
}

/// How many of them are kept.
const TOUCHES_KEPT: usize = 20;

/// An account. The engine keeps it as JSON under its user name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The name.
    pub user: UserName,
    /// The region in whose journal the person is an actor; the one in the name.
    pub region: JournalId,
    /// The actor.
    pub actor: ActorId,
    /// The password, hashed.
    pub password: PasswordHash,
    /// When it was created.
    pub created: Time,
    /// When it was disabled, if it is.
    pub disabled: Option<Time>,
    /// Whether the password must be changed at the next sign-in.
    pub must_change: bool,
    /// Digests of the break-glass codes that are left.
    pub codes: Vec<Digest>,
    /// The language of the screen, if the person chose one: `sv` or `en`.
    pub language: Option<String>,
    /// Addresses from which somebody signed in, latest first.
    #[serde(default)]
    pub known: Vec<KnownAddress>,
    /// Sessions opened before this moment are over.
    #[serde(default)]
    pub sessions_from: Option<Time>,
    /// What others did to it, latest first. Nobody can take it away, so that whoever came in by
    /// a password they set themselves cannot hide it from the holder.
    #[serde(default)]
    pub touched: Vec<Touch>,
}

impl Account {
    /// A new account with a password that somebody else knows, so that it must be changed.
    #[must_use]
    pub fn new(user: UserName, actor: ActorId, password: PasswordHash, now: Time) -> Self {
        Self {
            region: user.region().clone(),
            user,
            actor,
            password,
            created: now,
            disabled: None,
            must_change: true,
            codes: Vec::new(),
            language: None,
            known: Vec::new(),
            sessions_from: None,
            touched: Vec::new(),
        }
    }

    /// Notes what somebody else did, for the holder to read.
    pub fn touch(&mut self, act: &str, by: Option<&ActorId>, now: Time) {
        self.touched.insert(0, Touch { act: act.into(), by: by.cloned(), at: now });
        self.touched.truncate(TOUCHES_KEPT);
    }

    /// Sets a password and ends every session. `must_change` if somebody else chose it.
    pub fn set_password(&mut self, password: PasswordHash, must_change: bool, now: Time) {
        self.password = password;
        self.must_change = must_change;
        self.end_sessions(now);
    }

    /// Ends every session opened before now.
    pub fn end_sessions(&mut self, now: Time) {
        self.sessions_from = Some(now);
    }

    /// Disables the account and ends every session.
    pub fn disable(&mut self, now: Time) {
        self.disabled = Some(self.disabled.unwrap_or(now));
        self.end_sessions(now);
    }

    /// Enables the account again. Addresses known before are strange again.
    pub fn enable(&mut self) {
        self.disabled = None;
        self.known.clear();
    }

    /// Replaces the break-glass codes; the earlier ones are void.
    pub fn set_codes(&mut self, codes: &[code::Code]) {
        self.codes = codes.iter().map(|code| code.digest(&self.user)).collect();
    }

    /// Uses up a break-glass code as typed; false if it is none of this account's that are left.
    pub fn take_code(&mut self, typed: &str) -> bool {
        let digest = code::Code::typed(typed).map(|code| code.digest(&self.user));
        let place = digest.and_then(|digest| self.codes.iter().position(|left| *left == digest));
        place.is_some_and(|place| {
            self.codes.remove(place);
            true
        })
    }

    /// Whether somebody signed in to this account from an address before.
    #[must_use]
    pub fn knows(&self, address: &Address) -> bool {
        self.known.iter().any(|known| known.address == *address)
    }

    /// Remembers an address after a sign-in; the one longest unused is forgotten for it.
    pub fn remember(&mut self, address: Address, now: Time) {
        self.known.retain(|known| known.address != address);
        let last = now;
        self.known.insert(0, KnownAddress { address, last });
        self.known.truncate(KNOWN_MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        let user = UserName::new("tib@blekinge").unwrap();
        let hash = PasswordHash::from_stored("$argon2id$x".into());
        Account::new(user, ActorId::new("a-1").unwrap(), hash, Time(1))
    }

    fn address(last: u8) -> Address {
        Address::of([192, 0, 2, last].into())
    }

    #[test]
    fn names_are_read_as_typed_and_kept_in_one_spelling() {
        let name = UserName::typed("  Coordinator@Skane ").unwrap();
        assert_eq!(name.to_string(), "coordinator@skane");
        assert_eq!((name.local(), name.region().as_str()), ("coordinator", "skane"));
        assert!(UserName::new("Coordinator@skane").is_err());
        for good in ["a@b", "tib.2@skane", "x-1@region-vast"] {
            assert_eq!(UserName::new(good).unwrap().to_string(), good);
        }
        let long = format!("{}@skane", "a".repeat(65));
        for bad in [
            "",
            "@",
            "a@",
            "@skane",
            "a",
            "a@b@c",
            "a b@skane",
            ".a@skane",
            "a.@skane",
            "a..b@skane",
            "-a@skane",
            "å@skane",
            "a/b@skane",
            "a@Sk",
            &long,
        ] {
            assert!(UserName::new(bad).is_err(), "{bad}");
        }
        assert_eq!(UserName::new("").unwrap_err().refusal().kind.code, "account.name_form");
    }

    #[test]
    fn an_account_keeps_its_form_on_the_shelf() {
        let mut account = account();
        account.remember(address(7), Time(5));
        account.set_codes(&code::Code::draw_set().unwrap());
        let text = serde_json::to_string(&account).unwrap();
        assert_eq!(serde_json::from_str::<Account>(&text).unwrap(), account);
        assert!(text.contains("\"user\":\"tib@blekinge\""));
    }

    #[test]
    fn a_code_opens_once_and_only_its_own_account() {
        let mut one = account();
        let codes = code::Code::draw_set().unwrap();
        one.set_codes(&codes);
        let mut other = one.clone();
        other.user = UserName::new("tib@halland").unwrap();
        let typed = codes[3].to_string();
        assert!(!other.take_code(&typed), "digests are bound to the name");
        assert!(!one.take_code("") && !one.take_code("00000-00000-00000-00000-000000"));
        assert!(one.take_code(&typed));
        assert!(!one.take_code(&typed));
        assert_eq!(one.codes.len(), codes.len() - 1);
        one.set_codes(&[]);
        assert!(!one.take_code(&codes[0].to_string()));
    }

    #[test]
    fn addresses_are_remembered_up_to_a_bound_and_the_oldest_goes_first() {
        let mut account = account();
        for n in 0..40 {
            account.remember(address(n), Time(i64::from(n)));
            account.remember(address(0), Time(100 + i64::from(n)));
        }
        assert_eq!(account.known.len(), KNOWN_MAX);
        assert!(account.knows(&address(0)) && account.knows(&address(39)));
        assert!(!account.knows(&address(1)));
    }

    #[test]
    fn disabling_keeps_the_first_moment_and_enabling_forgets_addresses() {
        let mut account = account();
        account.remember(address(1), Time(2));
        account.disable(Time(10));
        account.disable(Time(20));
        assert_eq!(account.disabled, Some(Time(10)));
        assert_eq!(account.sessions_from, Some(Time(20)));
        account.enable();
        assert!(account.disabled.is_none() && !account.knows(&address(1)));
    }
}
