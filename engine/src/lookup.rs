//! What a decision needs of the far past, and of other journals: looked up before it is decided.

use samband_domain::{Command, Foreign, JournalId, Past, RecordRef, Subject, subjects_needed};
use samband_journal::Record;
use samband_journal::store::{StoreError, StoredCommand};

use crate::committer::GroupAnswer;
use crate::engine::Inner;
use crate::prepare::{Lookups, digest_of, read_own, repeated};
use crate::request::{Failure, Receipt, Request};
use crate::world::{World, read_event};

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
                lookups.foreign.extend(self.foreign(at, world).await?);
            }
            for subject in subjects_needed(&request.command) {
                self.past(&request.region, &subject, &request.command, &mut lookups).await?;
            }
        }
        Ok(lookups)
    }

    async fn foreign(&self, at: &RecordRef, world: &World) -> Result<Option<Foreign>, StoreError> {
        let Some(mode) = world.journal(&at.journal).and_then(|journal| journal.mode()) else {
            return Ok(None);
        };
        let record = self.store.record(&at.journal, at.epoch, at.seq).await?;
        let Some(record) = record.filter(|record| record.at() == *at) else {
            return Ok(None);
        };
        let record = record.for_others();
        let content = record.body.text().and_then(|t| samband_journal::Content::read(t).ok());
        let read = content.and_then(|content| read_event(&record, &content, false).ok());
        Ok(read.map(|(event, meta)| Foreign { mode, at: meta.at, event }))
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
