//! Another installation's journal: pulled page by page, verified before it is believed.

use samband_domain::bonds::Peer;
use samband_domain::words::PublicKey;
use samband_domain::{
    Command, Digest, Event, Head, JournalId, Known, RecordRef, Time, bonds, kernel,
};
use samband_journal::store::StoreError;
use samband_journal::{Record, SignedHead};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::engine::Engine;
use crate::load::LoadError;
use crate::world::{Holding, Journal, read_event};

/// What stands before the records of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHeader {
    /// The serving region's word on how far its journal reaches.
    pub stated: SignedHead,
    /// What stands at the place asked after, in the serving journal; none if nothing does.
    pub at: Option<RecordRef>,
}

/// Records of one epoch after a place, as other regions may hold them.
#[derive(Clone, Debug)]
pub struct Page {
    /// What stands before them.
    pub header: PageHeader,
    /// The records, in order.
    pub records: Vec<Record>,
}

/// Why a page was not believed.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// No region here trusts the journal.
    #[error("no region here trusts journal “{0}”")]
    Untrusted(JournalId),
    /// The journal is written here.
    #[error("journal “{0}” is written here")]
    Ours(JournalId),
    /// Two pasts: pulling stops until a person has looked into it.
    #[error("journal “{journal}” shows another past than the one verified here: {detail}")]
    Forked {
        /// Whose journal.
        journal: JournalId,
        /// What was verified here.
        held: Head,
        /// What was shown.
        shown: Option<Digest>,
        /// What does not fit.
        detail: String,
    },
    /// A fork seen before is not settled.
    #[error("journal “{0}” showed two pasts; a person must settle it before more is pulled")]
    Halted(JournalId),
    /// The first page already does not fit the key that was trusted.
    #[error("journal “{journal}” does not fit what was trusted: {detail}")]
    Misfit {
        /// Whose journal.
        journal: JournalId,
        /// What does not fit.
        detail: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Held records could not be read again.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The committer did not take it.
    #[error("{0}")]
    Failed(String),
}

/// Records that fit, and the journal's state after them.
pub(crate) struct Verified {
    pub(crate) journal: Journal,
    pub(crate) from: Option<Head>,
    pub(crate) records: Vec<Record>,
}

/// What a page led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeReport {
    /// How many records were new.
    pub records: usize,
    /// The head held here afterwards.
    pub head: Option<Head>,
    /// Whether the signed head lies further ahead: ask for the next page.
    pub more: bool,
}

struct NewEpoch {
    genesis: RecordRef,
    continues: RecordRef,
    lost: u64,
}

impl Engine {
    /// The records of a journal written here after a place, for another installation.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails, `None` if the journal is not written here or its key is
    /// not at hand.
    pub async fn page(
        &self,
        id: &JournalId,
        after: Option<(u32, u64)>,
        limit: u32,
    ) -> Result<Option<Page>, StoreError> {
        let world = self.world();
        let Some(journal) = world.journal(id).filter(|journal| journal.is_local()) else {
            return Ok(None);
        };
        let Some(stated) = self.signed_head(journal) else { return Ok(None) };
        let (mut epoch, mut seq) = after.unwrap_or((1, 0));
        let at = match seq {
            0 => None,
            _ => self.store().record(id, epoch, seq).await?.map(|record| record.at()),
        };
        let mut end = journal.chain.seq;
        while epoch < journal.chain.epoch {
            end = self.continued_from(id, epoch + 1).await?.map_or(0, |from| from.seq);
            if seq < end {
                break;
            }
            (epoch, seq, end) = (epoch + 1, 0, journal.chain.seq);
        }
        let left = u32::try_from(end.saturating_sub(seq)).unwrap_or(u32::MAX);
        let records = match left.min(limit) {
            0 => Vec::new(),
            limit => self.store().read(id, epoch, seq, limit).await?,
        };
        let records = records.into_iter().map(Record::for_others).collect();
        Ok(Some(Page { header: PageHeader { stated, at }, records }))
    }

    async fn continued_from(
        &self,
        id: &JournalId,
        epoch: u32,
    ) -> Result<Option<RecordRef>, StoreError> {
        let genesis = self.store().record(id, epoch, 1).await?;
        Ok(genesis.as_ref().and_then(continues).map(|continues| continues.from))
    }

    /// Verifies a page of a trusted journal and takes it in.
    ///
    /// # Errors
    /// [`IntakeError`]; a fork is recorded in the journal of every region that trusts it.
    pub async fn take_page(&self, id: &JournalId, page: Page) -> Result<IntakeReport, IntakeError> {
        match self.verify_page(id, page).await {
            Ok((verified, stated, epoch)) => self.commit_page(verified, &stated, epoch).await,
            Err(error) => {
                if let IntakeError::Forked { held, shown, detail, .. } = &error {
                    let (held, shown, detail) = (held.clone(), *shown, detail.clone());
                    self.report(id, bonds::Command::ReportFork { held, shown, detail }).await?;
                }
                Err(error)
            }
        }
    }

    async fn verify_page(
        &self,
        id: &JournalId,
        page: Page,
    ) -> Result<(Verified, Head, Option<NewEpoch>), IntakeError> {
        let world = self.world();
        if world.journal(id).is_some_and(|journal| journal.is_local()) {
            return Err(IntakeError::Ours(id.clone()));
        }
        let trust = self.trust(id).ok_or_else(|| IntakeError::Untrusted(id.clone()))?;
        if self.halted(id) {
            return Err(IntakeError::Halted(id.clone()));
        }
        let empty = || Journal::empty(id.clone(), false);
        let held = world.journal(id).map_or_else(empty, |journal| Journal::clone(journal));
        let from = held.head();
        let mut check = Check { id, trust: &trust, journal: held, from: from.clone() };
        let epoch = check.join(self, &page).await?;
        for record in &page.records {
            check.extend(record)?;
        }
        let stated = check.stated(&page)?;
        if let Holding::Copy { heard, .. } = &mut check.journal.holding {
            *heard = Known::Value(stated.1);
        }
        let verified = Verified { journal: check.journal, from, records: page.records };
        Ok((verified, stated.0, epoch))
    }

    async fn commit_page(
        &self,
        verified: Verified,
        stated: &Head,
        epoch: Option<NewEpoch>,
    ) -> Result<IntakeReport, IntakeError> {
        let id = verified.journal.id.clone();
        let head = verified.journal.head();
        let records = verified.records.len();
        let noticed = verified.records.iter().any(|record| {
            let text = record.body.text().unwrap_or_default();
            samband_journal::Content::read(text)
                .is_ok_and(|content| bonds::worth_noticing(&content.kind))
        });
        self.submit_intake(verified)
            .await
            .map_err(|failure| IntakeError::Failed(failure.to_string()))?;
        if let Some(NewEpoch { genesis, continues, lost }) = epoch {
            self.report(&id, bonds::Command::NoticeEpoch { genesis, continues, lost }).await?;
        }
        if let Some(head) = head.clone().filter(|_| noticed) {
            self.report(&id, bonds::Command::Notice { head }).await?;
        }
        let more = head.as_ref() != Some(stated);
        Ok(IntakeReport { records, head, more })
    }

    /// Reports something about a journal to every region here that trusts it.
    async fn report(&self, about: &JournalId, command: bonds::Command) -> Result<(), IntakeError> {
        let world = self.world();
        for region in world.locals().filter(|j| j.shared().bonds.peers.contains_key(about)) {
            let outcome = self.report_to(&region.id, Command::Bonds(command.clone())).await;
            outcome.map_err(|failure| IntakeError::Failed(failure.to_string()))?;
        }
        Ok(())
    }

    /// The trust that some region here has given a journal.
    #[must_use]
    pub fn trust(&self, id: &JournalId) -> Option<Peer> {
        let world = self.world();
        world.locals().find_map(|region| region.shared().bonds.peers.get(id).cloned())
    }

    /// Whether a fork of the journal waits for a person.
    #[must_use]
    pub fn halted(&self, id: &JournalId) -> bool {
        self.world().locals().any(|region| region.shared().bonds.forks.contains_key(id))
    }
}

struct Check<'a> {
    id: &'a JournalId,
    trust: &'a Peer,
    journal: Journal,
    from: Option<Head>,
}

impl Check<'_> {
    /// Holds the page's beginning against the end of what is held: same past, or a new epoch.
    async fn join(
        &mut self,
        engine: &Engine,
        page: &Page,
    ) -> Result<Option<NewEpoch>, IntakeError> {
        let Some(from) = self.from.clone() else { return Ok(None) };
        if let Some(at) = page.header.at.as_ref().filter(|at| **at != from) {
            return Err(self.fork(Some(at.hash), "it has another record at the same place"));
        }
        let first = page.records.first();
        let next_epoch = first.filter(|record| record.epoch > from.epoch && record.seq == 1);
        let Some(genesis) = next_epoch else {
            return match page.header.at {
                Some(_) => Ok(None),
                None => Err(self.fork(None, "it is shorter than it was and began no new epoch")),
            };
        };
        let continues = continues(genesis)
            .ok_or_else(|| self.fork(Some(genesis.hash), "the new epoch continues nothing"))?;
        let root = continues.from;
        let ours = engine.store().record(self.id, root.epoch, root.seq).await?;
        if ours.map(|record| record.at()) != Some(root.clone()) {
            return Err(self.fork(Some(root.hash), "the new epoch continues another past"));
        }
        let lost = if root.epoch == from.epoch { from.seq - root.seq } else { 0 };
        if lost > 0 {
            let until = (root.epoch, root.seq);
            let heard = Known::Unknown;
            self.journal = engine.replay_copy(self.id, until, heard).await?;
        }
        self.journal.chain = self.journal.chain.next_epoch();
        Ok(Some(NewEpoch { genesis: genesis.at(), continues: root, lost }))
    }

    fn extend(&mut self, record: &Record) -> Result<(), IntakeError> {
        let mut chain = self.journal.chain.clone();
        let content = match chain.extend(record) {
            Ok(content) => content,
            Err(broken) => return Err(self.fork(Some(record.hash), &broken.to_string())),
        };
        if let Some(content) = &content {
            let (event, _) = read_event(record, content, false)
                .map_err(|error| self.misfit(error.to_string()))?;
            self.check_key(&event)?;
        }
        self.journal.chain = chain;
        let applied = self.journal.apply_record(record, content.as_ref());
        applied.map_err(|error| self.misfit(error.to_string()))
    }

    /// A journal's keys follow from the trusted one: genesis carries it, each key vouches for the
    /// next.
    fn check_key(&self, event: &Event) -> Result<(), IntakeError> {
        let current = self.key();
        match event {
            Event::Kernel(kernel::Event::JournalOpened(opened, _)) => {
                if opened.key != current {
                    return Err(self.misfit(format!("its key is {}", opened.key.id())));
                }
                if opened.mode != self.trust.mode {
                    return Err(self.misfit(format!("its mode is {}", opened.mode.as_str())));
                }
            }
            Event::Kernel(kernel::Event::KeyRotated(rotated, _)) => {
                let vouched = current.verifies(&rotated.new.0, &rotated.vouched);
                if rotated.old != current || !vouched {
                    return Err(self.misfit("the old key does not vouch for the new".into()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn key(&self) -> PublicKey {
        let facts = self.journal.shared().kernel.journal.as_ref();
        let held = facts.and_then(|facts| facts.keys.last());
        held.map_or(self.trust.key, |held| held.public)
    }

    /// The signed head, held against where the records end. Gives the head and when it was signed.
    fn stated(&self, page: &Page) -> Result<(Head, Time), IntakeError> {
        let facts = self.journal.shared().kernel.journal.as_ref();
        let keys = facts.map(|facts| &facts.keys[..]).unwrap_or_default();
        let by_any = |key: &PublicKey| page.header.stated.verified(key);
        let stated = keys.iter().rev().find_map(|held| by_any(&held.public));
        let stated = stated.or_else(|| by_any(&self.trust.key));
        // With more pages to come the head may be signed by a key that a later record introduces.
        let Some(stated) = stated else {
            return Err(self.misfit("its head is not signed by a key it holds".into()));
        };
        if stated.head.journal != *self.id || stated.mode != self.trust.mode {
            return Err(self.misfit("its head speaks of another journal or mode".into()));
        }
        let chain = &self.journal.chain;
        let ours = (chain.epoch, chain.seq);
        let theirs = (stated.head.epoch, stated.head.seq);
        if theirs < ours {
            return Err(self.fork(Some(stated.head.hash), "its head lies behind what it showed"));
        }
        if theirs == ours && stated.head.hash != chain.hash {
            return Err(self.fork(Some(stated.head.hash), "its head is another record"));
        }
        Ok((stated.head, stated.signed_at))
    }

    fn fork(&self, shown: Option<Digest>, detail: &str) -> IntakeError {
        let (journal, detail) = (self.id.clone(), detail.to_owned());
        match self.from.clone() {
            Some(held) => IntakeError::Forked { journal, held, shown, detail },
            None => IntakeError::Misfit { journal, detail },
        }
    }

    fn misfit(&self, detail: String) -> IntakeError {
        self.fork(None, &detail)
    }
}

/// What a genesis record says it continues.
pub(crate) fn continues(record: &Record) -> Option<kernel::model::Continues> {
    let content = samband_journal::Content::read(record.body.text()?).ok()?;
    match read_event(record, &content, false).ok()?.0 {
        Event::Kernel(kernel::Event::JournalOpened(opened, _)) => opened.continues,
        _ => None,
    }
}
