//! From request to records: authorise, decide, chain. No I/O; what the store knows comes in.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use samband_access::{Principal, authorise_command};
use samband_domain::words::{Sign, Signature};
use samband_domain::{
    ActorId, Command, Context, Digest, Event, Foreign, JournalId, MandateId, Meta, Mode, Past,
    RecordRef, Region, Time, decide, kernel,
};
use samband_journal::store::{Batch, HeadMove, StoredCommand};
use samband_journal::{Author, Record, Salt};

use crate::keyring::Keyring;
use crate::request::{Failure, KEY_MAX, Receipt, Request, Slot};
use crate::world::{Journal, World, read_event};

/// What the far past says to one command; loaded before it is decided.
#[derive(Default)]
pub(crate) struct Lookups {
    pub(crate) foreign: Vec<Foreign>,
    pub(crate) history: Vec<Past>,
    /// The person's records whose private part an erasure takes.
    pub(crate) identity_records: Vec<RecordRef>,
}

/// Commands decided on top of each other, waiting for one transaction.
pub(crate) struct Prepared {
    pub(crate) batch: Batch,
    /// Keys in this batch, so that a repetition within it is seen before the database sees it.
    pub(crate) keys: HashMap<Slot, (Digest, Receipt)>,
}

/// What every decision needs beside the state.
pub(crate) struct Surroundings<'a> {
    pub(crate) now: Time,
    pub(crate) keyring: &'a Keyring,
    pub(crate) entropy: [u8; 32],
}

/// A stand-in for journals before genesis, whose key is in the command itself.
struct NoKey;

impl Sign for NoKey {
    fn sign(&self, _: &[u8]) -> Signature {
        Signature([0; 64])
    }

    fn key_id(&self) -> String {
        String::new()
    }
}

/// Who acts, by what, and when.
struct Acting {
    actor: ActorId,
    mandate: Option<MandateId>,
    happened: Time,
    recorded: Time,
}

/// Lets the domain decide on the journal's present state.
fn ask_domain(
    journal: &Journal,
    others: &[Arc<Journal>],
    request: &Request,
    (around, lookups): (&Surroundings<'_>, &Lookups),
    acting: &Acting,
) -> Result<Vec<Event>, Failure> {
    let others: Vec<_> = others.iter().map(|other| (&other.id, other.shared())).collect();
    let region = journal.local().ok_or_else(|| absent(&request.region))?;
    let signer = signer(region, &request.region, around.keyring)?;
    let ctx = Context {
        region: &request.region,
        mode: journal.mode().unwrap_or(Mode::Real),
        now: around.now,
        happened: acting.happened,
        actor: &acting.actor,
        mandate: acting.mandate.as_ref(),
        entropy: around.entropy,
        drawn: Cell::new(0),
        signer: &*signer,
        foreign: lookups.foreign(&request.command),
        history: &lookups.history,
        others: &others,
    };
    Ok(decide(region, &request.command, &ctx)?)
}

impl Prepared {
    pub(crate) fn new() -> Self {
        Self { batch: Batch::default(), keys: HashMap::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batch.records.is_empty() && self.batch.commands.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.batch.records.len().max(self.batch.commands.len())
    }

    /// Decides one command on the working state and adds its records to the batch.
    pub(crate) fn decide(
        &mut self,
        world: &mut World,
        request: &Request,
        asker: ActorId,
        around: &Surroundings<'_>,
        lookups: &Lookups,
    ) -> Result<Receipt, Failure> {
        check_key(&request.key)?;
        let actor = request.actor();
        let slot = Slot::of(&asker, &request.key);
        let digest = digest_of(request);
        if let Some((held, receipt)) = self.keys.get(&slot) {
            return repeated(held, receipt, &digest);
        }
        let mandate = permit(world, request, around.now)?;
        let before = world.journal(&request.region).and_then(|journal| journal.head());
        // What the other journals say now, whether this region has read it or not. Its own is left
        // out: held twice, it would be copied before it is written to.
        let others = world.journals.values().filter(|journal| journal.id != request.region);
        let others: Vec<_> = others.map(Arc::clone).collect();
        let journal = open(world, request)?;
        let happened = request.happened.unwrap_or(around.now);
        let recorded = around.now.max(journal.chain.recorded);
        let acting = Acting { actor, mandate, happened, recorded };
        let events = ask_domain(journal, &others, request, (around, lookups), &acting)?;
        drop(others);
        let cause: Vec<_> = request.command.foreign().cloned().into_iter().collect();
        let mut first = None;
        for (n, event) in events.iter().enumerate() {
            let salt = Digest::of_parts(&[&around.entropy, b"salt", &n.to_be_bytes()]).0;
            let at = self.record(journal, event, &acting, &cause, salt, lookups);
            first.get_or_insert(at);
        }
        let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
        if let Some(to) = journal.head().filter(|_| count > 0) {
            move_head(&mut self.batch, before, to, recorded, true);
        }
        if count > 0 {
            let (key, at) = (request.key.clone(), first.clone());
            let stored = StoredCommand { actor: asker, key, digest, first: at, count };
            self.batch.commands.push(stored);
            let events = Vec::new();
            let remembered = Receipt { first: first.clone(), count, repeated: false, events };
            self.keys.insert(slot, (digest, remembered));
        }
        Ok(Receipt { first, count, repeated: false, events })
    }

    /// Makes the next record of a journal from an event, and folds the event in.
    fn record(
        &mut self,
        journal: &mut Journal,
        event: &Event,
        acting: &Acting,
        cause: &[RecordRef],
        salt: Salt,
        lookups: &Lookups,
    ) -> RecordRef {
        let Acting { actor, mandate, happened, recorded } = acting;
        let (happened, recorded) = (*happened, *recorded);
        let encoded = event.encode().expect("decide gives events of this program");
        let place = (&journal.id, journal.chain.epoch, journal.chain.seq + 1);
        let author = Author { happened, actor, mandate: mandate.as_ref(), cause };
        let record = Record::next(place, &journal.chain.hash, recorded, encoded, author, salt);
        let at = record.at();
        let (actor, mandate) = (actor.clone(), mandate.clone());
        let meta = Meta { at: at.clone(), happened, recorded, actor, mandate };
        journal.chain.advance(&record);
        journal.apply(event, &meta);
        let subjects = event.subjects().into_iter().map(|subject| (subject, at.clone()));
        self.batch.subjects.extend(subjects);
        if let Some(erased) = event.erases() {
            self.erase(erased, &record.journal, lookups);
        }
        self.batch.records.push(record);
        at
    }

    /// Takes the private part of every record that says who somebody is: those that were looked
    /// up, and those of this very batch.
    fn erase(&mut self, actor: &ActorId, journal: &JournalId, lookups: &Lookups) {
        let stored = lookups.identity_records.iter().cloned();
        let new = self.batch.records.iter().filter(|record| {
            record.journal == *journal
                && read_own(record).is_some_and(|(event, _)| event.holds_identity_of(actor))
        });
        let all: Vec<_> = stored.chain(new.map(Record::at)).collect();
        let places = all.into_iter().map(|at| (at.journal, at.epoch, at.seq));
        self.batch.erasures.extend(places);
    }
}

impl Lookups {
    fn foreign(&self, command: &Command) -> Option<&Foreign> {
        let at = command.foreign()?;
        self.foreign.iter().find(|foreign| foreign.at == *at)
    }
}

/// What one of this installation's records says.
pub(crate) fn read_own(record: &Record) -> Option<(Event, Meta)> {
    let content = samband_journal::Content::read(record.body.text()?).ok()?;
    read_event(record, &content, true).ok()
}

/// Records that a head moves; two moves of one journal within a batch become one.
pub(crate) fn move_head(
    batch: &mut Batch,
    from: Option<RecordRef>,
    to: RecordRef,
    recorded: Time,
    local: bool,
) {
    let journal = to.journal.clone();
    match batch.heads.iter_mut().find(|head| head.journal == journal) {
        Some(head) => {
            head.to = to;
            head.recorded = recorded;
        }
        None => batch.heads.push(HeadMove { journal, from, to, recorded, local }),
    }
}

pub(crate) fn repeated(
    held: &Digest,
    receipt: &Receipt,
    digest: &Digest,
) -> Result<Receipt, Failure> {
    if held == digest {
        Ok(Receipt { repeated: true, ..receipt.clone() })
    } else {
        Err(Failure::KeyConflict)
    }
}

/// What was asked, in one digest: the same key with another body is a conflict.
pub(crate) fn digest_of(request: &Request) -> Digest {
    if let Some(asked) = request.asked {
        return asked;
    }
    let asked = (&request.region, &request.command, request.happened);
    let text = serde_json::to_vec(&asked).expect("commands consist of text and integers");
    Digest::of(&text)
}

fn check_key(key: &str) -> Result<(), Failure> {
    let fits = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|c| c.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Failure::BadKey) }
}

/// The one authorisation, against the state that the decision will see.
fn permit(world: &World, request: &Request, now: Time) -> Result<Option<MandateId>, Failure> {
    static NOBODY: LazyLock<Region> = LazyLock::new(Region::default);
    let home = match &request.principal {
        Principal::Person { region, .. } => world.local(region).unwrap_or(&NOBODY),
        _ => &NOBODY,
    };
    let (principal, command) = (&request.principal, &request.command);
    let grant = authorise_command(home, principal, command, &request.region, now)?;
    Ok(grant.mandate)
}

fn already_open(id: &JournalId) -> Failure {
    let kind = kernel::REFUSALS.iter().find(|kind| kind.code == "journal.already_open");
    kind.map_or_else(|| absent(id), |kind| kind.because([("region", id.to_string())]).into())
}

fn absent(id: &JournalId) -> Failure {
    Failure::NoJournal(id.clone())
}

/// The journal a command is for. Genesis makes one; a new epoch steps the chain.
fn open<'w>(world: &'w mut World, request: &Request) -> Result<&'w mut Journal, Failure> {
    let id = &request.region;
    if let Command::Kernel(kernel::Command::OpenJournal { continues, .. }) = &request.command {
        if !world.journals.contains_key(id) && continues.is_none() {
            let journal = Journal::empty(id.clone(), true);
            world.journals.insert(id.clone(), Arc::new(journal));
        }
        let journal = world.journal_mut(id).ok_or_else(|| absent(id))?;
        if let Some(continues) = continues {
            // A genesis record anywhere but at an epoch's beginning would break the journal.
            if journal.head().as_ref() != Some(&continues.from) {
                return Err(already_open(id));
            }
            journal.chain = journal.chain.next_epoch();
        }
        return Ok(journal);
    }
    world.journal_mut(id).filter(|journal| journal.is_local()).ok_or_else(|| absent(id))
}

fn signer(region: &Region, id: &JournalId, keyring: &Keyring) -> Result<Arc<dyn Sign>, Failure> {
    let keys = region.shared.kernel.journal.as_ref().map(|facts| &facts.keys);
    match keys.and_then(|keys| keys.last()) {
        None => Ok(Arc::new(NoKey)),
        Some(held) => match keyring.get(id, &held.public) {
            Some(key) => Ok(key),
            None => Err(Failure::NoKey(id.clone())),
        },
    }
}
