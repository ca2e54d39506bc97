//! Another installation's journal: pulled page by page, verified before it is believed.

use std::collections::BTreeSet;

use samband_domain::bonds::Peer;
use samband_domain::kernel::event::KeyRotated;
use samband_domain::{Command, Digest, Event, Head, JournalId, RecordRef, bonds, kernel};
use samband_journal::store::StoreError;
use samband_journal::{Record, SignedHead};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::check::Check;
use crate::engine::Engine;
use crate::load::{LoadError, heard_at_least};
use crate::prepare::read_own;
use crate::world::{Journal, for_readers};

/// What stands before the records of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHeader {
    /// The serving region's word on how far its journal reaches.
    pub stated: SignedHead,
    /// What stands at the place asked after, in the serving journal; none if nothing does.
    pub at: Option<RecordRef>,
    /// Its word on the last of these records, if that is not the journal's last one: no record
    /// is believed that no signature covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<SignedHead>,
    /// Its changes of key, each vouched for by the key before, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rotations: Vec<KeyRotated>,
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
        held: Box<Head>,
        /// What was shown.
        shown: Option<Digest>,
        /// What does not fit.
        detail: String,
    },
    /// Records are missing between those held and those shown; nothing is wrong with either.
    #[error("records of “{0}” are missing before those shown; they must be asked for again")]
    Gap(JournalId),
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

pub(crate) struct NewEpoch {
    pub(crate) genesis: RecordRef,
    pub(crate) continues: RecordRef,
    pub(crate) lost: u64,
}

impl Engine {
    /// The records of a journal written here after a place, for another installation and the
    /// regions at home there.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails, `None` if the journal is not written here or its key is
    /// not at hand.
    pub async fn page(
        &self,
        id: &JournalId,
        after: Option<(u32, u64)>,
        limit: u32,
        readers: &BTreeSet<JournalId>,
    ) -> Result<Option<Page>, StoreError> {
        let world = self.world();
        let Some(journal) = world.journal(id).filter(|journal| journal.is_local()) else {
            return Ok(None);
        };
        let Some(stated) = self.signed_head(journal) else {
            return Ok(None);
        };
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
        let last = records.last().map(Record::at);
        let end = last.filter(|last| journal.head().as_ref() != Some(last));
        let end = end.and_then(|end| self.sign_head(journal, end));
        let rotations = self.rotations(journal).await?;
        let may = |record| for_readers(record, |region| readers.contains(region));
        let records = records.into_iter().map(may).collect();
        Ok(Some(Page { header: PageHeader { stated, at, end, rotations }, records }))
    }

    async fn rotations(&self, journal: &Journal) -> Result<Vec<KeyRotated>, StoreError> {
        let facts = journal.shared().kernel.journal.as_ref();
        let keys = facts.map(|facts| &facts.keys[..]).unwrap_or_default();
        let mut rotations = Vec::new();
        for key in keys.iter().skip(1) {
            let at = &key.since;
            let record = self.store().record(&at.journal, at.epoch, at.seq).await?;
            let event = record.as_ref().and_then(read_own).map(|(event, _)| event);
            if let Some(Event::Kernel(kernel::Event::KeyRotated(rotated, _))) = event {
                rotations.push(rotated);
            }
        }
        Ok(rotations)
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
                    let (held, shown, detail) = (Head::clone(held), *shown, detail.clone());
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
        let (header, records) = (&page.header, page.records);
        let mut check = Check { engine: self, id, trust: &trust, header, journal: held, from };
        let records = check.new_ones(records).await?;
        let epoch = check.join(&records).await?;
        for record in &records {
            check.extend(record)?;
        }
        let stated = check.stated(!records.is_empty()).await?;
        let Check { mut journal, from, .. } = check;
        let before = journal.heard();
        heard_at_least(&mut journal, stated.signed_at);
        if journal.heard() != before {
            self.heard_now(id);
        }
        // A neighbour that shows more than it should must not make us keep it: a private part is
        // kept only if it is addressed to a region that is at home here.
        let own = |record| for_readers(record, |region| world.local(region).is_some());
        let records = records.into_iter().map(own).collect();
        Ok((Verified { journal, from, records }, stated.head, epoch))
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

/// What a genesis record says it continues.
pub(crate) fn continues(record: &Record) -> Option<kernel::model::Continues> {
    match read_own(record)?.0 {
        Event::Kernel(kernel::Event::JournalOpened(opened, _)) => opened.continues,
        _ => None,
    }
}
