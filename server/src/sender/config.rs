//! The channel file: which channels a mode has, and by what they are reached. Each mode has a file
//! and credentials of its own; an exercise names everybody whom it may reach.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use samband_domain::alarms::model::Channel;
use samband_domain::{Digest, Mode};
use samband_web::app::channels::SetUp;
use serde::Deserialize;

use crate::http::Target;

/// A channel file as it is written; an unknown word is refused by name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    mode: Mode,
    #[serde(default)]
    allow: Vec<String>,
    link: Option<String>,
    email: Option<Email>,
    webhook: Option<Webhook>,
    sms: Option<Gateway>,
    voice: Option<Gateway>,
}

/// Where a secret stands, in a file or in the environment: never in the channel file itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    env: Option<String>,
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte, usually port 465.
    Tls,
    /// TLS after a word in the clear, usually port 587; nothing is sent without it.
    Starttls,
    /// None: only to this machine.
    None,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Canary {
    to: String,
    #[serde(default = "sixty")]
    every_seconds: u32,
    #[serde(default = "sixty")]
    within_seconds: u32,
}

const fn sixty() -> u32 {
    60
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Email {
    server: String,
    port: Option<u16>,
    security: Security,
    ca: Option<PathBuf>,
    user: Option<String>,
    password: Option<Secret>,
    from: String,
    inbound: Option<Secret>,
    canary: Option<Canary>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    secret: Secret,
    inbound: Option<Secret>,
    canary: Option<Canary>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gateway {
    url: String,
    token: Secret,
    inbound: Option<Secret>,
    canary: Option<Canary>,
}

/// The channels of one mode, with their secrets read.
pub struct Channels {
    pub mode: Mode,
    /// Who may be reached; none means everybody.
    allow: Option<BTreeSet<String>>,
    /// The address that personal links begin with.
    pub link: Option<String>,
    pub email: Option<Smtp>,
    pub webhook: Option<Signing>,
    pub sms: Option<Adapter>,
    pub voice: Option<Adapter>,
    pub canaries: Vec<(Channel, Try)>,
    inbound: Vec<(Channel, String)>,
}

/// What tries a channel.
#[derive(Clone, Debug)]
pub struct Try {
    pub to: String,
    pub every: u32,
    pub within: u32,
}

/// A mail server.
pub struct Smtp {
    pub server: String,
    pub port: u16,
    pub security: Security,
    pub ca: Option<Vec<u8>>,
    pub login: Option<(String, String)>,
    pub from: String,
}

/// Other systems: what their calls are signed with.
pub struct Signing {
    pub secret: String,
}

/// A gateway of text messages or calls.
pub struct Adapter {
    pub target: Target,
    pub token: String,
}

impl Channels {
    /// Reads channel files, at most one for each mode.
    ///
    /// # Errors
    /// What is wrong with which file.
    pub fn read_all(paths: &[PathBuf]) -> Result<Vec<Self>> {
        let mut all: Vec<Self> = Vec::new();
        for path in paths {
            let one = Self::read(path).with_context(|| format!("in {}", path.display()))?;
            if let Some(other) = all.iter().find(|other| other.mode == one.mode) {
                bail!("{}: two channel files for mode {}", path.display(), other.mode.as_str());
            }
            let shared = all
                .iter()
                .flat_map(Self::secrets)
                .find(|theirs| one.secrets().any(|own| own == *theirs));
            if shared.is_some() {
                bail!("{}: each mode has credentials of its own, these are shared", path.display());
            }
            all.push(one);
        }
        Ok(all)
    }

    fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).context("cannot read")?;
        let file: File = toml::from_str(&text)?;
        let beside = path.parent().unwrap_or(Path::new("."));
        file.checked(beside)
    }

    /// That a mode's journals are reached by that mode's channels and by no others. `held` are the
    /// modes of the journals held here.
    ///
    /// # Errors
    /// Which file is out of place.
    pub fn check(all: &[Self], held: &BTreeSet<&'static str>) -> Result<()> {
        for one in all {
            if !held.is_empty() && !held.contains(one.mode.as_str()) {
                let held: Vec<_> = held.iter().copied().collect();
                bail!(
                    "the channel file is for mode {}, but every journal here is of mode {}: an \
                     exercise never reaches real recipients, and the real thing never an \
                     exercise's",
                    one.mode.as_str(),
                    held.join(", ")
                );
            }
        }
        Ok(())
    }

    fn secrets(&self) -> impl Iterator<Item = &str> {
        let password = self.email.iter().filter_map(|email| email.login.as_ref());
        let password = password.map(|(_, password)| password.as_str());
        let signing = self.webhook.iter().map(|webhook| webhook.secret.as_str());
        let tokens = [&self.sms, &self.voice].into_iter().flatten();
        let tokens = tokens.map(|adapter| adapter.token.as_str());
        let inbound = self.inbound.iter().map(|(_, secret)| secret.as_str());
        password.chain(signing).chain(tokens).chain(inbound)
    }

    /// Whether somebody may be reached. In an exercise whoever is not listed may not.
    pub fn may_reach(&self, address: &str) -> bool {
        let Some(allow) = &self.allow else { return true };
        let address = alike(address);
        let host = address.split_once('@').map(|(_, host)| format!("@{host}"));
        allow.contains(&address) || host.is_some_and(|host| allow.contains(&host))
    }

    /// For everybody in the process.
    pub fn set_up(&self) -> Vec<SetUp> {
        let own = [
            (Channel::Email, self.email.is_some()),
            (Channel::Webhook, self.webhook.is_some()),
            (Channel::Sms, self.sms.is_some()),
            (Channel::Voice, self.voice.is_some()),
        ];
        let own = own.into_iter().filter(|(_, there)| *there);
        let all = own.map(|(channel, _)| {
            let inbound = self.inbound.iter().find(|(of, _)| *of == channel);
            let canary = self.canaries.iter().find(|(of, _)| *of == channel);
            SetUp {
                mode: self.mode,
                channel,
                inbound: inbound.map(|(_, secret)| Digest::of(secret.as_bytes())),
                canary: canary.map(|(_, one)| (one.every, one.within)),
            }
        });
        all.collect()
    }
}

/// Telephone numbers without what only eases reading; the rest in lower case.
fn alike(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let telephone = !address.contains(['@', '/']);
    let eases = |c: &char| telephone && " -".contains(*c);
    address.chars().filter(|c| !eases(c)).collect()
}

impl File {
    fn checked(self, beside: &Path) -> Result<Channels> {
        let Self { mode, allow, link, email, webhook, sms, voice } = self;
        let allow = match mode {
            Mode::Real if allow.is_empty() => None,
            Mode::Real => bail!("allow: a list of recipients belongs to an exercise or a demo"),
            _ if allow.is_empty() => {
                bail!("allow: {} names everybody whom it may reach", mode.as_str())
            }
            _ => Some(allow.iter().map(|address| alike(address)).collect()),
        };
        if let Some(link) = &link {
            Target::read(link).context("link")?;
        }
        let link = link.map(|link| link.trim_end_matches('/').to_owned());
        let mut made = Channels {
            mode,
            allow,
            link,
            email: None,
            webhook: None,
            sms: None,
            voice: None,
            canaries: Vec::new(),
            inbound: Vec::new(),
        };
        if let Some(mut email) = email {
            let (inbound, canary) = (email.inbound.take(), email.canary.take());
            made.add((Channel::Email, "email"), inbound, canary, beside)?;
            made.email = Some(email.checked(beside).context("email")?);
        }
        if let Some(webhook) = webhook {
            let Webhook { secret, inbound, canary } = webhook;
            made.add((Channel::Webhook, "webhook"), inbound, canary, beside)?;
            made.webhook = Some(Signing { secret: secret.read(beside).context("webhook.secret")? });
        }
        let gateways = [(Channel::Sms, "sms", sms), (Channel::Voice, "voice", voice)];
        for (channel, name, gateway) in gateways {
            let Some(Gateway { url, token, inbound, canary }) = gateway else { continue };
            made.add((channel, name), inbound, canary, beside)?;
            let target = Target::read(&url).with_context(|| format!("{name}.url"))?;
            let token = token.read(beside).with_context(|| format!("{name}.token"))?;
            let adapter = Some(Adapter { target, token });
            match channel {
                Channel::Sms => made.sms = adapter,
                _ => made.voice = adapter,
            }
        }
        Ok(made)
    }
}

impl Channels {
    /// What reports on a channel, and what tries it.
    fn add(
        &mut self,
        (channel, name): (Channel, &str),
        inbound: Option<Secret>,
        canary: Option<Canary>,
        beside: &Path,
    ) -> Result<()> {
        if let Some(inbound) = inbound {
            let inbound = inbound.read(beside).with_context(|| format!("{name}.inbound"))?;
            if self.inbound.iter().any(|(_, other)| *other == inbound) {
                bail!("{name}.inbound: every channel is known by a secret of its own");
            }
            self.inbound.push((channel, inbound));
        } else if canary.is_some() {
            bail!("{name}.canary: without {name}.inbound nothing can say that it came back");
        }
        let Some(Canary { to, every_seconds: every, within_seconds: within }) = canary else {
            return Ok(());
        };
        if every == 0 || within == 0 {
            bail!("{name}.canary: every_seconds and within_seconds are at least 1");
        }
        if !self.may_reach(&to) {
            bail!("{name}.canary.to: {to} is not among allow");
        }
        self.canaries.push((channel, Try { to, every, within }));
        Ok(())
    }
}

impl Email {
    fn checked(self, beside: &Path) -> Result<Smtp> {
        let Self { server, port, security, ca, user, password, from, .. } = self;
        if security == Security::None && !["127.0.0.1", "::1", "localhost"].contains(&&*server) {
            bail!("security = \"none\": only to this machine, not to {server}");
        }
        let usual = match security {
            Security::Tls => 465,
            Security::Starttls => 587,
            Security::None => 25,
        };
        let ca = ca.map(|path| {
            let path = beside.join(path);
            std::fs::read(&path).with_context(|| format!("ca: cannot read {}", path.display()))
        });
        let login = match (user, password) {
            (Some(user), Some(password)) => {
                Some((user, password.read(beside).context("password")?))
            }
            (None, None) => None,
            _ => bail!("user and password belong together"),
        };
        if from.parse::<lettre::message::Mailbox>().is_err() {
            bail!("from: “{from}” is no address");
        }
        Ok(Smtp { server, port: port.unwrap_or(usual), security, ca: ca.transpose()?, login, from })
    }
}

impl Secret {
    fn read(&self, beside: &Path) -> Result<String> {
        let text = match (&self.env, &self.file) {
            (Some(env), None) => {
                std::env::var(env).with_context(|| format!("the environment has no {env}"))?
            }
            (None, Some(file)) => {
                use std::os::unix::fs::PermissionsExt as _;
                let path = beside.join(file);
                let read = std::fs::read_to_string(&path);
                let text = read.with_context(|| format!("cannot read {}", path.display()))?;
                if std::fs::metadata(&path)?.permissions().mode() & 0o007 != 0 {
                    bail!("everybody may read {0}: `chmod o-rwx {0}`", path.display());
                }
                text
            }
            _ => bail!(
                "a secret stands in a file ({{ file = … }}) or the environment ({{ env = … }})"
            ),
        };
        let text = text.trim().to_owned();
        // Shorter ones are guessed.
        if text.len() < 16 { bail!("a secret has at least 16 characters") } else { Ok(text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Channels> {
        toml::from_str::<File>(text)?.checked(Path::new("."))
    }

    fn refused(text: &str) -> String {
        match read(text) {
            Ok(_) => panic!("taken: {text}"),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn an_exercise_names_everybody_whom_it_may_reach() {
        assert!(refused("mode = \"exercise\"").contains("allow"));
        assert!(refused("mode = \"demo\"").contains("allow"));
        assert!(refused("mode = \"real\"\nallow = [\"a@exempel.test\"]").contains("exercise"));
        let allow = "allow = [\"+46 70-174 06 99\", \"@ovning.exempel.test\"]";
        let one = read(&format!("mode = \"exercise\"\n{allow}")).unwrap();
        for reached in ["+46701740699", "+46 701740699", "Kim@Ovning.exempel.test"] {
            assert!(one.may_reach(reached), "{reached}");
        }
        for other in ["+46701740698", "kim@exempel.test", "", "x@sub.ovning.exempel.test"] {
            assert!(!one.may_reach(other), "{other}");
        }
        assert!(read("mode = \"real\"").unwrap().may_reach("+46701740698"));
    }

    #[test]
    fn a_file_for_another_mode_is_refused() {
        let real = read("mode = \"real\"").unwrap();
        assert!(Channels::check(&[real], &BTreeSet::from(["exercise"])).is_err());
        let exercise = read("mode = \"exercise\"\nallow = [\"@x.test\"]").unwrap();
        assert!(Channels::check(&[exercise], &BTreeSet::from(["real"])).is_err());
        let real = read("mode = \"real\"").unwrap();
        let both = BTreeSet::from(["exercise", "real"]);
        assert!(Channels::check(&[real], &both).is_ok());
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        assert!(refused("mode = \"real\"\nsmss = 1").contains("smss"));
        assert!(refused("mode = \"drill\"").contains("drill"));
        let plain = "mode = \"real\"\n[sms]\nurl = \"https://x.test/\"\ntoken = \"in the file\"";
        assert!(!refused(plain).is_empty());
        let gateway = |url: &str, token: &str| {
            format!("mode = \"real\"\n[sms]\nurl = \"{url}\"\ntoken = {{ env = \"{token}\" }}")
        };
        assert!(
            refused(&gateway("https://x.test/", "SAMBAND_NO_SUCH")).contains("SAMBAND_NO_SUCH")
        );
        assert!(refused(&gateway("http://x.test/", "PATH")).contains("https"));
        let email = "mode = \"real\"\n[email]\nserver = \"mail.test\"\n\
                     security = \"none\"\nfrom = \"a@b.test\"";
        assert!(refused(email).contains("only to this machine"));
    }
}
