//! A region's desk: decides, records and replays commands as the engine does, without an engine.
#![allow(dead_code)]

pub mod history;
pub mod stock;

use std::cell::Cell;

use ed25519_dalek::{Signer, SigningKey};
use samband_domain::kernel::{self, Identity, Owner, OwnerKind, Profession};
use samband_domain::words::{Lot, NONE, PublicKey, Sign, Signature};
use samband_domain::{
    Absence, ActorId, Command, Context, Digest, Encoded, Event, Foreign, Head, JournalId,
    MandateId, Meta, Mode, Past, Private, RecordRef, Refusal, Region, SharedState, Time, Window,
    apply, decide, subjects_needed,
};

/// New Year 2025, Swedish time.
pub const START: Time = Time(1_735_686_000_000_000);

/// Stands in every text that must never leave its region.
pub const SECRET: &str = "hemlig-7f3a";

pub fn id(text: &str) -> JournalId {
    JournalId::new(text).unwrap()
}

pub fn actor(text: &str) -> ActorId {
    ActorId::new(text).unwrap()
}

pub fn mandate(text: &str) -> MandateId {
    MandateId::new(text).unwrap()
}

/// A window in hours after [`START`].
pub fn hours(from: i64, until: impl Into<Option<i64>>) -> Window {
    let at = |hour: i64| START.plus_seconds(hour * 3_600);
    Window::new(at(from), until.into().map(at)).unwrap()
}

pub fn identity(name: &str) -> Identity {
    Identity {
        name: format!("{name} {SECRET}"),
        hsa_id: Some(format!("SE-{SECRET}")),
        phone: Some(format!("070 {SECRET}")),
        email: None,
    }
}

pub fn register(name: &str) -> Command {
    let command = kernel::Command::RegisterActor {
        id: Some(actor(name)),
        profession: Profession::Physician,
        title: "Överläkare".into(),
        identity: identity(name),
    };
    command.into()
}

/// A key that signs, made from one byte.
pub struct Key(SigningKey);

impl Key {
    pub fn new(seed: u8) -> Self {
        Self(SigningKey::from_bytes(&[seed; 32]))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }
}

impl Sign for Key {
    fn sign(&self, bytes: &[u8]) -> Signature {
        Signature(self.0.sign(bytes).to_bytes())
    }

    fn key_id(&self) -> String {
        self.public().id()
    }
}

/// One record: what the engine would keep of it.
#[derive(Clone, Debug)]
pub struct Line {
    pub meta: Meta,
    pub encoded: Encoded,
    pub event: Event,
}

/// A region with its journal in memory.
pub struct Desk {
    pub journal: JournalId,
    pub mode: Mode,
    pub key: Key,
    pub region: Region,
    pub lines: Vec<Line>,
    pub now: Time,
    /// Other regions' journals as this one holds them.
    pub others: Vec<(JournalId, SharedState)>,
    commands: u8,
}

impl Desk {
    /// A region without a journal yet.
    pub fn closed(journal: &str, mode: Mode) -> Self {
        let seed = journal.bytes().fold(7_u8, u8::wrapping_add);
        Self {
            journal: id(journal),
            mode,
            key: Key::new(seed),
            region: Region::default(),
            lines: Vec::new(),
            now: START,
            others: Vec::new(),
            commands: 0,
        }
    }

    /// A region with a journal and the actors `machine`, `a-1` and `a-2`.
    pub fn open(journal: &str) -> Self {
        Self::open_in(journal, Mode::Demo)
    }

    pub fn open_in(journal: &str, mode: Mode) -> Self {
        let mut desk = Self::closed(journal, mode);
        desk.must("machine", desk.genesis());
        for name in ["a-1", "a-2"] {
            desk.must("machine", register(name));
        }
        desk
    }

    pub fn genesis(&self) -> Command {
        let owner = Owner {
            kind: OwnerKind::Region,
            name: format!("Region {}", self.journal),
            county_code: None,
        };
        let (mode, key) = (self.mode, self.key.public());
        kernel::Command::OpenJournal { owner, mode, key, continues: None }.into()
    }

    /// Decides and, if allowed, records.
    pub fn act(&mut self, who: &str, command: impl Into<Command>) -> Result<Vec<Event>, Refusal> {
        self.act_upon(who, command, None)
    }

    /// The same with the other journal's record that the command refers to.
    pub fn act_upon(
        &mut self,
        who: &str,
        command: impl Into<Command>,
        foreign: Option<&Foreign>,
    ) -> Result<Vec<Event>, Refusal> {
        let (who, command) = (actor(who), command.into());
        self.commands = self.commands.wrapping_add(1);
        let events = self.decide(&who, &command, foreign)?;
        for event in &events {
            self.record(&who, event);
        }
        Ok(events)
    }

    /// Records what a test needs to be allowed.
    pub fn must(&mut self, who: &str, command: impl Into<Command>) -> Event {
        let events = self.act(who, command).unwrap_or_else(|refusal| panic!("{refusal}"));
        events.into_iter().next().expect("an event")
    }

    /// The code of a refusal that a test expects.
    pub fn refused(&mut self, who: &str, command: impl Into<Command>) -> &'static str {
        match self.act(who, command) {
            Err(refusal) => refusal.kind.code,
            Ok(events) => panic!("allowed: {events:?}"),
        }
    }

    fn decide(
        &self,
        who: &ActorId,
        command: &Command,
        foreign: Option<&Foreign>,
    ) -> Result<Vec<Event>, Refusal> {
        let needed = subjects_needed(command);
        let lines = self
            .lines
            .iter()
            .filter(|line| line.event.subjects().iter().any(|subject| needed.contains(subject)));
        let history: Vec<_> =
            lines.map(|line| Past { meta: line.meta.clone(), event: line.event.clone() }).collect();
        let by = mandate("m-1");
        let others: Vec<_> = self.others.iter().map(|(id, state)| (id, state)).collect();
        let ctx = Context {
            region: &self.journal,
            mode: self.mode,
            now: self.now,
            happened: self.now,
            actor: who,
            mandate: Some(&by),
            entropy: self.entropy(),
            drawn: Cell::new(0),
            signer: &self.key,
            foreign,
            history: &history,
            others: &others,
        };
        let decided = decide(&self.region, command, &ctx);
        ctx.drawn.set(0);
        let again = decide(&self.region, command, &ctx);
        assert_eq!(decided, again, "a decision depends on nothing but its context");
        decided
    }

    fn entropy(&self) -> [u8; 32] {
        let mut entropy = [self.commands; 32];
        let seq = u32::try_from(self.lines.len()).unwrap();
        entropy[..4].copy_from_slice(&seq.to_be_bytes());
        entropy
    }

    /// Appends an event and folds it in, decided or not: a stranger's journal may hold anything.
    pub fn record(&mut self, who: &ActorId, event: &Event) {
        let encoded = event.encode().expect("an event of this program");
        let seq = self.lines.len() as u64 + 1;
        let text = format!("{} {seq} {encoded:?}", self.journal);
        let meta = Meta {
            at: RecordRef {
                journal: self.journal.clone(),
                epoch: 1,
                seq,
                hash: Digest::of(text.as_bytes()),
            },
            happened: self.now,
            recorded: self.now,
            actor: who.clone(),
            mandate: None,
        };
        self.region.apply(event, &meta);
        self.lines.push(Line { meta, encoded, event: event.clone() });
    }

    /// The first record.
    pub fn genesis_ref(&self) -> RecordRef {
        self.lines[0].meta.at.clone()
    }

    pub fn head(&self) -> Head {
        self.lines.last().unwrap().meta.at.clone()
    }

    pub fn pass_hours(&mut self, hours: i64) {
        self.now = self.now.plus_seconds(hours * 3_600);
    }

    /// What another region gets of the last record.
    pub fn last_seen_from_outside(&self) -> Foreign {
        let line = self.lines.last().unwrap();
        Foreign { mode: self.mode, at: line.meta.at.clone(), event: outside(line) }
    }

    /// The state as another region arrives at it from the shared parts.
    pub fn seen_from_outside(&self) -> SharedState {
        let mut shared = SharedState::default();
        for line in &self.lines {
            apply(&mut shared, None, &outside(line), &line.meta);
        }
        shared
    }

    /// The state from the records alone; the identities of the erased are gone from theirs.
    pub fn replayed(&self) -> Region {
        let erased: Vec<_> = self.lines.iter().filter_map(|line| line.event.erases()).collect();
        let mut region = Region::default();
        for line in &self.lines {
            let gone = erased.iter().any(|actor| line.event.holds_identity_of(actor));
            let lot = match &line.encoded.private {
                None => Lot::None,
                Some(_) if gone => Lot::Absent(Absence::Erased),
                Some(text) => Lot::Text(text),
            };
            region.apply(&decoded(line, lot), &line.meta);
        }
        region
    }

    /// Everything that leaves the region.
    pub fn shared_bytes(&self) -> String {
        self.lines.iter().filter_map(|line| line.encoded.shared.clone()).collect()
    }
}

fn outside(line: &Line) -> Event {
    let lot = match line.encoded.private {
        None => Lot::None,
        Some(_) => Lot::Absent(Absence::Withheld),
    };
    decoded(line, lot)
}

fn decoded(line: &Line, lot: Lot<'_>) -> Event {
    let Encoded { kind, version, shared, .. } = &line.encoded;
    Event::decode(kind, *version, shared.as_deref(), lot).unwrap()
}

/// Nothing private in the place where an erased or withheld part stood.
pub fn is_gone<T>(part: &Private<T>) -> bool {
    part.here().is_none()
}

/// The end of most event literals.
pub const NOTHING: Private<samband_domain::words::Nothing> = NONE;
