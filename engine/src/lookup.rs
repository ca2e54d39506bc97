//! What a decision needs of the far past, and of other journals: looked up before it is decided.

use samband_domain::{
    Command, Event, Foreign, JournalId, Meta, Past, RecordRef, Subject, subjects_needed,
};
use samband_journal::store::{StoreError, StoredCommand};
use samband_journal::{Content, Record};

use crate::committer::GroupAnswer;
use crate::engine::{Engine, Inner};
use crate::intake::continues;
use crate::prepare::{Lookups, digest_of, read_own, repeated};
use crate::request::{Failure, Receipt, Request};
use crate::world::{World, for_readers, read_event};

/// Records about one subject that are read at a time.
const CHUNK: u32 = 1_024;

impl Inner {
    /// What the record says about commands carried out before; none if it knows none of them.
    pub(crate) async fn remembered(
        &self,
        requests: &[Request],
    ) -> Result<Option<GroupAnswer>, StoreError> {
        let mut receipts = Vec::new();
        let mut new = None;
        for (n, request) in requests.iter().enumerate() {
            let stored = self.store.command(&request.asker(), &request.key).await?;
            let Some(StoredCommand { digest, first, count, .. }) = stored else {
                new.get_or_insert(n);
                continue;
            };
            let held = Receipt { first, count, repeated: true, events: Vec::new() };
            match repeated(&digest, &held, &digest_of(request)) {
                Ok(receipt) => receipts.push(receipt),
                Err(failure) => return Ok(Some(Err((n, failure)))),
            }
        }
        Ok(match new {
            _ if receipts.is_empty() => None,
            None => Some(Ok(receipts)),
            // A group is one transaction, so a part of it under the same keys is another group.
            Some(n) => Some(Err((n, Failure::KeyConflict))),
        })
    }

    /// The answer to refused commands: the refusal, unless they were carried out before.
    pub(crate) async fn refused(
        &self,
        refusal: (usize, Failure),
        requests: &[Request],
    ) -> GroupAnswer {
        match self.remembered(requests).await {
            Ok(None) => Err(refusal),
            Ok(Some(outcome)) => outcome,
            Err(error) => Err((0, Failure::Unavailable(error.to_string()))),
        }
    }

    /// What the far past says to these commands.
    pub(crate) async fn look_up(
        &self,
        requests: &[Request],
        world: &World,
    ) -> Result<Lookups, StoreError> {
        let mut lookups = Lookups::default();
        for request in requests {
            if let Some(at) = request.command.foreign() {
                // A proposal that its drafter lost binds nobody: answering it is answering what is
                // not there. A bag that lies here is here, whoever lost the record of its dispatch.
                let answers = matches!(request.command, Command::Agreements(_));
                if !(answers && self.is_lost(at, world).await?) {
                    lookups.foreign.extend(self.foreign(at, &request.region, world).await?);
                }
            }
            for subject in subjects_needed(&request.command) {
                self.past(&request.region, &subject, &request.command, &mut lookups).await?;
            }
        }
        Ok(lookups)
    }

    async fn foreign(
        &self,
        at: &RecordRef,
        reader: &JournalId,
        world: &World,
    ) -> Result<Option<Foreign>, StoreError> {
        let Some(mode) = world.journal(&at.journal).and_then(|journal| journal.mode()) else {
            return Ok(None);
        };
        let record = self.store.record(&at.journal, at.epoch, at.seq).await?;
        let Some(record) = record.filter(|record| record.at() == *at) else {
            return Ok(None);
        };
        let record = for_readers(record, |region| region == reader);
        let content = record.body.text().and_then(|text| Content::read(text).ok());
        let read = content.and_then(|content| read_event(&record, &content, false).ok());
        Ok(read.map(|(event, meta)| Foreign { mode, at: meta.at, event }))
    }

    /// Whether a record is part of its journal's past no more: a later epoch goes on from before
    /// it.
    async fn is_lost(&self, at: &RecordRef, world: &World) -> Result<bool, StoreError> {
        let journal = world.journal(&at.journal);
        let facts = journal.and_then(|journal| journal.shared().kernel.journal.as_ref());
        let next = facts.and_then(|facts| facts.epochs.iter().find(|one| one.epoch > at.epoch));
        let Some(next) = next else { return Ok(false) };
        let genesis = self.store.record(&next.journal, next.epoch, next.seq).await?;
        let from = genesis.as_ref().and_then(continues).map(|continues| continues.from);
        Ok(from.is_none_or(|from| (from.epoch, from.seq) < (at.epoch, at.seq)))
    }

    async fn past(
        &self,
        region: &JournalId,
        subject: &Subject,
        command: &Command,
        lookups: &mut Lookups,
    ) -> Result<(), StoreError> {
        let erased = match command {
            Command::Kernel(samband_domain::kernel::Command::EraseActor { actor, .. }) => {
                Some(actor)
            }
            _ => None,
        };
        // To the very first: what was recorded about somebody at the beginning counts most.
        let mut before = None;
        loop {
            let chunk = self.store.about(region, subject, before, CHUNK).await?;
            for (event, meta) in chunk.iter().filter_map(read_own) {
                if erased.is_some_and(|actor| event.holds_identity_of(actor)) {
                    lookups.identity_records.push(meta.at.clone());
                }
                lookups.history.push(Past { meta, event });
            }
            let last = chunk.last().filter(|_| chunk.len() == CHUNK as usize);
            let Some(Record { epoch, seq, .. }) = last else {
                return Ok(());
            };
            before = Some((*epoch, *seq));
        }
    }
}

impl Engine {
    /// A record as one region may read it: its own whole, another's whole if it is addressed to
    /// it, and what it shares otherwise. `None` if it is not here or was written by a later
    /// program.
    ///
    /// # Errors
    /// [`StoreError`] if the store fails.
    pub async fn read_as(
        &self,
        reader: &JournalId,
        at: &RecordRef,
    ) -> Result<Option<(Event, Meta)>, StoreError> {
        let record = self.store().record(&at.journal, at.epoch, at.seq).await?;
        let Some(record) = record.filter(|record| record.at() == *at) else {
            return Ok(None);
        };
        let own = at.journal == *reader;
        let record = if own { record } else { for_readers(record, |region| region == reader) };
        let content = record.body.text().and_then(|text| Content::read(text).ok());
        Ok(content.and_then(|content| read_event(&record, &content, own).ok()))
    }
}
