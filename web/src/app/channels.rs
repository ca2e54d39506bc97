//! The channels that wake people, as everybody in the process knows them: who may report on one,
//! what a message is called, and whether what was sent to try a channel came back.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use samband_domain::alarms::model::{Channel, Key, Party, Recipient};
use samband_domain::words::{AlarmId, Code};
use samband_domain::{Digest, JournalId, Mode, Time};

/// One message for ever: a gateway that has seen it need not send it twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Which journal wakes.
    pub journal: JournalId,
    /// For which obligation.
    pub key: Key,
    /// Whom of those who were woken, from 0.
    pub person: u16,
    /// By which channel.
    pub channel: Channel,
    /// The how manieth, from 0.
    pub number: u16,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { journal, key: Key { issuer, alarm, to }, person, channel, number } = self;
        let (kind, party) = match &to.party {
            Party::Region(region) => ("region", region.as_str()),
            Party::Outside(code) => ("outside", code.as_str()),
        };
        let role = to.role;
        write!(f, "{journal}/{issuer}/{alarm}/{kind}/{party}/{role}/{person}/{channel}/{number}")
    }
}

impl std::str::FromStr for Name {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || text.chars().take(200).collect::<String>();
        let parts: Vec<_> = text.split('/').collect();
        let [journal, issuer, alarm, kind, party, role, person, channel, number] = parts[..] else {
            return Err(wrong());
        };
        let id = |text: &str| JournalId::new(text).map_err(|_| wrong());
        let party = match kind {
            "region" => Party::Region(id(party)?),
            "outside" => Party::Outside(Code::new(party).map_err(|_| wrong())?),
            _ => return Err(wrong()),
        };
        let role = role.parse().map_err(|_| wrong())?;
        let alarm = AlarmId::new(alarm).map_err(|_| wrong())?;
        let key = Key { issuer: id(issuer)?, alarm, to: Recipient { party, role } };
        Ok(Self {
            journal: id(journal)?,
            key,
            person: person.parse().map_err(|_| wrong())?,
            channel: channel.parse().map_err(|_| wrong())?,
            number: number.parse().map_err(|_| wrong())?,
        })
    }
}

/// A channel that is set up.
#[derive(Clone, Debug)]
pub struct SetUp {
    /// For which mode.
    pub mode: Mode,
    /// Which.
    pub channel: Channel,
    /// Digest of what its gateway shows when it reports; none where nothing reports.
    pub inbound: Option<Digest>,
    /// Every how many seconds it is tried, and within how many that must come back.
    pub canary: Option<(u32, u32)>,
}

/// How a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Path {
    /// What was sent to try it came back.
    Works,
    /// It did not come back in time, or could not be sent.
    Lost,
    /// It is tried, and nothing can be said yet.
    Unknown,
    /// It is never tried.
    Untried,
}

impl Path {
    /// As the API says it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Lost => "lost",
            Self::Unknown => "unknown",
            Self::Untried => "untried",
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Tried {
    /// Sent and not back: the oldest since the last one that came back.
    waiting: BTreeMap<Time, String>,
    last_ok: Option<Time>,
    /// When what tries it could not even be sent.
    broken: Option<Time>,
    failed: Option<(Time, String)>,
}

/// How a channel is, for a reader.
#[derive(Clone, Debug)]
pub struct State {
    /// The channel.
    pub set_up: SetUp,
    /// How it is.
    pub path: Path,
    /// When something last came back.
    pub last_ok: Option<Time>,
    /// When a message last failed, and what the channel said.
    pub failed: Option<(Time, String)>,
}

/// Canaries kept that have not come back.
const WAITING_MAX: usize = 20;

/// Every channel of this process.
#[derive(Debug, Default)]
pub struct Board {
    channels: Vec<SetUp>,
    tried: Mutex<BTreeMap<(&'static str, Channel), Tried>>,
}

impl Board {
    /// These channels are set up.
    #[must_use]
    pub fn new(channels: Vec<SetUp>) -> Self {
        Self { channels, tried: Mutex::default() }
    }

    /// Whose secret it is. Digests are compared, so that the time it takes tells nothing.
    #[must_use]
    pub fn who(&self, shown: &str) -> Option<(Mode, Channel)> {
        let shown = Digest::of(shown.as_bytes());
        let found = self.channels.iter().find(|one| one.inbound == Some(shown));
        found.map(|one| (one.mode, one.channel))
    }

    fn tried<T>(&self, at: (Mode, Channel), with: impl FnOnce(&mut Tried) -> T) -> T {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        with(tried.entry((at.0.as_str(), at.1)).or_default())
    }

    /// Something was sent to try a channel.
    pub fn sent(&self, at: (Mode, Channel), code: &str, now: Time) {
        self.tried(at, |tried| {
            tried.waiting.insert(now, code.to_owned());
            while tried.waiting.len() > WAITING_MAX {
                // The oldest says since when nothing came back.
                let second = tried.waiting.keys().nth(1).copied();
                second.map(|time| tried.waiting.remove(&time));
            }
        });
    }

    /// What tries a channel could not be sent.
    pub fn broke(&self, at: (Mode, Channel), why: &str, now: Time) {
        self.tried(at, |tried| tried.broken = Some(now));
        self.failed(at, why, now);
    }

    /// A message could not be sent. That may be its recipient's fault, and says nothing of the
    /// channel.
    pub fn failed(&self, at: (Mode, Channel), why: &str, now: Time) {
        self.tried(at, |tried| tried.failed = Some((now, why.to_owned())));
    }

    /// Something that was sent to try a channel is back; whether it was.
    pub fn came_back(&self, at: (Mode, Channel), code: &str, now: Time) -> bool {
        self.tried(at, |tried| {
            let sent = tried.waiting.iter().find(|(_, waiting)| *waiting == code);
            let Some(sent) = sent.map(|(time, _)| *time) else { return false };
            // What was sent before it is answered, too: the path works.
            tried.waiting.retain(|time, _| *time > sent);
            tried.last_ok = Some(now);
            true
        })
    }

    /// Every channel that is set up for a mode.
    #[must_use]
    pub fn states(&self, mode: Mode, now: Time) -> Vec<State> {
        let own = self.channels.iter().filter(|one| one.mode == mode);
        let all = own.map(|one| {
            let tried = self.tried((one.mode, one.channel), |tried| tried.clone());
            let path = path(one, &tried, now);
            let Tried { last_ok, failed, .. } = tried;
            State { set_up: one.clone(), path, last_ok, failed }
        });
        all.collect()
    }
}

fn path(one: &SetUp, tried: &Tried, now: Time) -> Path {
    let Some((_, within)) = one.canary else { return Path::Untried };
    let over = |sent: &Time| now >= sent.plus_seconds(i64::from(within));
    let late = tried.waiting.keys().next().is_some_and(over);
    let broken = tried.broken.is_some_and(|at| tried.last_ok.is_none_or(|ok| ok < at));
    match tried.last_ok {
        _ if late || broken => Path::Lost,
        Some(_) => Path::Works,
        None => Path::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: (Mode, Channel) = (Mode::Real, Channel::Sms);

    fn board() -> Board {
        let inbound = Some(Digest::of(b"shown by the gateway"));
        let one = SetUp { mode: AT.0, channel: AT.1, inbound, canary: Some((60, 60)) };
        Board::new(vec![one])
    }

    fn path(board: &Board, now: i64) -> Path {
        board.states(Mode::Real, Time(now * 1_000_000))[0].path
    }

    #[test]
    fn a_lost_path_is_seen_within_three_minutes_and_found_again() {
        let board = board();
        let at = |seconds: i64| Time(seconds * 1_000_000);
        assert_eq!(path(&board, 0), Path::Unknown, "never tried is not “works”");
        board.sent(AT, "a", at(0));
        assert_eq!(path(&board, 30), Path::Unknown);
        assert!(board.came_back(AT, "a", at(31)));
        assert!(!board.came_back(AT, "a", at(32)), "once");
        assert_eq!(path(&board, 59), Path::Works);
        // Lost a moment after: the next is sent after 60 s and missed after 60 more.
        board.sent(AT, "b", at(60));
        assert_eq!(path(&board, 119), Path::Works);
        assert_eq!(path(&board, 120), Path::Lost);
        board.sent(AT, "c", at(120));
        assert_eq!(path(&board, 179), Path::Lost, "a new attempt hides nothing");
        assert!(board.came_back(AT, "c", at(180)));
        assert_eq!(path(&board, 181), Path::Works);
        board.failed(AT, "mailbox full", at(182));
        assert_eq!(path(&board, 183), Path::Works, "one recipient is not the channel");
        board.broke(AT, "no route", at(184));
        assert_eq!(path(&board, 185), Path::Lost);
    }

    #[test]
    fn a_channel_is_known_by_its_own_secret_alone() {
        let board = board();
        assert_eq!(board.who("shown by the gateway"), Some(AT));
        assert_eq!(board.who(""), None);
        assert_eq!(board.who("shown by the gateway "), None);
    }

    #[test]
    fn a_name_reads_back_and_nothing_else_is_one() {
        for party in ["region/uppsala", "outside/socialstyrelsen"] {
            let text = format!("skane/skane/larm-1/{party}/tib/2/voice/17");
            let name: Name = text.parse().unwrap();
            assert_eq!((name.person, name.channel, name.number), (2, Channel::Voice, 17));
            assert_eq!(name.to_string(), text);
        }
        for wrong in ["", "a/b", "skane/skane/larm-1/land/x/tib/2/voice/17"] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong}");
        }
    }
}
