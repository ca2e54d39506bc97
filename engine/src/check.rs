//! Holding a page of another journal against what is held of it: the same past, a new epoch, or
//! two pasts.

use samband_domain::bonds::Peer;
use samband_domain::words::PublicKey;
use samband_domain::{Digest, Event, Head, JournalId, kernel};
use samband_journal::{Broken, BrokenKind, Record, SignedHead, StatedHead};

use crate::engine::Engine;
use crate::intake::{IntakeError, NewEpoch, PageHeader, continues};
use crate::world::{Journal, read_event};

/// Longest description of what does not fit, in characters.
const DETAIL_MAX: usize = 500;

pub(crate) struct Check<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) id: &'a JournalId,
    pub(crate) trust: &'a Peer,
    pub(crate) header: &'a PageHeader,
    /// What is held, moved on by every record that fits.
    pub(crate) journal: Journal,
    /// Its head before.
    pub(crate) from: Option<Head>,
}

impl Check<'_> {
    /// The page's records that follow on what is held. Those held already are left out: a page
    /// may come late or twice.
    pub(crate) async fn new_ones(
        &self,
        mut records: Vec<Record>,
    ) -> Result<Vec<Record>, IntakeError> {
        let place = |head: &Head| (head.epoch, head.seq);
        let from = self.from.as_ref().map_or((1, 0), place);
        if let Some(at) = self.header.at.as_ref().filter(|at| place(at) <= from) {
            self.same_as_held(at).await?;
        }
        let held = records.iter().take_while(|record| (record.epoch, record.seq) <= from).count();
        for record in records.drain(..held) {
            self.same_as_held(&record.at()).await?;
        }
        let next = records.first().map(|record| (record.epoch, record.seq));
        match (next, &self.header.at) {
            (None, None) if held == 0 && self.from.is_some() => {
                Err(self.fork(None, "it is shorter than it was and began no new epoch"))
            }
            (Some(next), _) if next != (from.0, from.1 + 1) && next != (from.0 + 1, 1) => {
                Err(IntakeError::Gap(self.id.clone()))
            }
            _ => Ok(records),
        }
    }

    /// That the record at a place within what is held is the one that was verified.
    async fn same_as_held(&self, at: &Head) -> Result<(), IntakeError> {
        let held = self.engine.store().record(self.id, at.epoch, at.seq).await?;
        match held {
            Some(held) if held.hash != at.hash => {
                Err(self.fork(Some(at.hash), "it has another record at the same place"))
            }
            _ => Ok(()),
        }
    }

    /// If the records begin a new epoch: goes back to where that continues.
    pub(crate) async fn join(
        &mut self,
        records: &[Record],
    ) -> Result<Option<NewEpoch>, IntakeError> {
        let Some(from) = self.from.clone() else {
            return Ok(None);
        };
        let Some(genesis) = records.first().filter(|record| record.epoch > from.epoch) else {
            return Ok(None);
        };
        let continues = continues(genesis)
            .ok_or_else(|| self.fork(Some(genesis.hash), "the new epoch continues nothing"))?;
        let root = continues.from;
        if root.epoch == from.epoch && root.seq > from.seq {
            return Err(IntakeError::Gap(self.id.clone()));
        }
        let ours = self.engine.store().record(self.id, root.epoch, root.seq).await?;
        if root.epoch != from.epoch || ours.map(|record| record.at()) != Some(root.clone()) {
            return Err(self.fork(Some(root.hash), "the new epoch continues another past"));
        }
        let lost = from.seq - root.seq;
        if lost > 0 {
            let until = (root.epoch, root.seq);
            let heard = self.journal.heard();
            self.journal = self.engine.replay_copy(self.id, until, heard).await?;
        }
        self.journal.chain = self.journal.chain.next_epoch();
        Ok(Some(NewEpoch { genesis: genesis.at(), continues: root, lost }))
    }

    /// Verifies the next record and folds it in.
    pub(crate) fn extend(&mut self, record: &Record) -> Result<(), IntakeError> {
        // The database could not give such a text back as it is, and no canonical form has it.
        if record.body.text().is_some_and(|text| text.bytes().any(|byte| byte < b' ')) {
            return Err(self.fork(Some(record.hash), "a record holds control characters"));
        }
        let mut chain = self.journal.chain.clone();
        let content = match chain.extend(record) {
            Ok(content) => content,
            Err(Broken { kind: BrokenKind::Gap { .. }, .. }) => {
                return Err(IntakeError::Gap(self.id.clone()));
            }
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

    /// A journal's keys and the trusted one are one line: each key vouches for the next.
    fn check_key(&self, event: &Event) -> Result<(), IntakeError> {
        let held = self.journal.shared().kernel.journal.as_ref();
        let current = held.and_then(|facts| facts.keys.last()).map(|held| held.public);
        match event {
            Event::Kernel(kernel::Event::JournalOpened(opened, _)) => {
                let fits = match current {
                    Some(current) => opened.key == current,
                    // Trust may have been given to a later key.
                    None => self.followed(vec![opened.key]).contains(&self.trust.key),
                };
                if !fits {
                    return Err(self.misfit(format!("its key is {}", opened.key.id())));
                }
                if opened.mode != self.trust.mode {
                    return Err(self.misfit(format!("its mode is {}", opened.mode.as_str())));
                }
            }
            Event::Kernel(kernel::Event::KeyRotated(rotated, _)) => {
                let vouched = rotated.old.verifies(&rotated.new.0, &rotated.vouched);
                if Some(rotated.old) != current || !vouched {
                    return Err(self.misfit("the old key does not vouch for the new".into()));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Keys and those that they vouch for, one after the other.
    fn followed(&self, mut keys: Vec<PublicKey>) -> Vec<PublicKey> {
        for rotated in &self.header.rotations {
            let vouched = || rotated.old.verifies(&rotated.new.0, &rotated.vouched);
            if keys.contains(&rotated.old) && !keys.contains(&rotated.new) && vouched() {
                keys.push(rotated.new);
            }
        }
        keys
    }

    /// What a signed head says, if it is signed by the trusted key or one that follows from it.
    fn signed(&self, head: &SignedHead) -> Result<StatedHead, IntakeError> {
        let facts = self.journal.shared().kernel.journal.as_ref();
        let held = facts.map(|facts| &facts.keys[..]).unwrap_or_default().iter();
        let mut keys: Vec<_> =
            held.map(|held| held.public).skip_while(|key| *key != self.trust.key).collect();
        if keys.is_empty() {
            keys.push(self.trust.key);
        }
        let stated = self.followed(keys).iter().rev().find_map(|key| head.verified(key));
        let Some(stated) = stated else {
            return Err(self.misfit("its head is not signed by a key it holds".into()));
        };
        if stated.head.journal != *self.id || stated.mode != self.trust.mode {
            return Err(self.misfit("its head speaks of another journal or mode".into()));
        }
        Ok(stated)
    }

    /// The signed head, held against where the records end.
    pub(crate) async fn stated(&self, moved: bool) -> Result<StatedHead, IntakeError> {
        let stated = self.signed(&self.header.stated)?;
        let ours = self.journal.head();
        if moved && ours.as_ref() != Some(&stated.head) {
            let end = self.header.end.as_ref();
            let end = end.map(|end| self.signed(end)).transpose()?;
            if end.map(|end| end.head) != ours {
                let shown = Some(stated.head.hash);
                return Err(self.fork(shown, "its records are not those that its head covers"));
            }
        }
        let place = |head: &Head| (head.epoch, head.seq);
        let Some(ours) = ours.filter(|ours| place(&stated.head) <= place(ours)) else {
            return Ok(stated);
        };
        let newer = self.journal.heard().value().is_none_or(|heard| stated.signed_at > heard);
        if place(&stated.head) < place(&ours) && newer {
            let shown = Some(stated.head.hash);
            return Err(self.fork(shown, "its head lies behind what it showed"));
        }
        if place(&stated.head) == place(&ours) && stated.head != ours {
            return Err(self.fork(Some(stated.head.hash), "its head is another record"));
        }
        // Otherwise an earlier word came late.
        self.same_as_held(&stated.head).await?;
        Ok(stated)
    }

    fn fork(&self, shown: Option<Digest>, detail: &str) -> IntakeError {
        let detail = detail.replace(|c: char| c.is_control(), " ");
        let (journal, detail) = (self.id.clone(), detail.chars().take(DETAIL_MAX).collect());
        match self.from.clone() {
            Some(held) => IntakeError::Forked { journal, held: Box::new(held), shown, detail },
            None => IntakeError::Misfit { journal, detail },
        }
    }

    // By value, as `map_err` hands it over.
    #[allow(clippy::needless_pass_by_value)]
    fn misfit(&self, detail: String) -> IntakeError {
        self.fork(None, &detail)
    }
}
