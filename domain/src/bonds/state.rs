//! What a region knows of other journals: a fold over its own events.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{Fork, Peer, Reach};
use crate::words::{Head, JournalId, Known, Meta, Private, Time};

/// What other regions may hold: whom it trusts and what it has verified, so that each is a
/// witness to the others' past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Trusted journals.
    pub peers: OrdMap<JournalId, Peer>,
    /// How far each was verified, as last recorded.
    pub noticed: OrdMap<JournalId, Head>,
    /// Forks that nobody has settled.
    pub forks: OrdMap<JournalId, Fork>,
    /// Journals that fell silent, and when they were last heard.
    pub silent: OrdMap<JournalId, Known<Time>>,
    /// Epochs that took records away: how many, for the last such epoch of each journal.
    pub lost: OrdMap<JournalId, u64>,
}

/// What stays in the region: where the others are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    /// Addresses and certificates.
    pub reach: OrdMap<JournalId, Private<Reach>>,
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    match event {
        Event::Trusted(peer, reach) => {
            shared.peers.insert(peer.journal.clone(), peer.clone());
            if let Some(own) = own {
                own.reach.insert(peer.journal.clone(), reach.clone());
            }
        }
        Event::Moved(moved, reach) => {
            if let Some(own) = own {
                own.reach.insert(moved.journal.clone(), reach.clone());
            }
        }
        Event::Dropped(dropped, _) => {
            shared.peers.remove(&dropped.journal);
            shared.silent.remove(&dropped.journal);
            if let Some(own) = own {
                own.reach.remove(&dropped.journal);
            }
        }
        Event::Noticed(noticed, _) => {
            shared.noticed.insert(noticed.head.journal.clone(), noticed.head.clone());
        }
        Event::EpochNoticed(epoch, _) => {
            shared.lost.insert(epoch.genesis.journal.clone(), epoch.lost);
        }
        Event::ForkSeen(fork, _) => {
            let journal = fork.held.journal.clone();
            let raised = Fork {
                journal: journal.clone(),
                held: fork.held.clone(),
                shown: fork.shown,
                detail: fork.detail.clone(),
                since: meta.recorded,
            };
            shared.forks.insert(journal, raised);
        }
        Event::ForkSettled(settled, _) => {
            shared.forks.remove(&settled.journal);
        }
        Event::FellSilent(silent, _) => {
            shared.silent.insert(silent.journal.clone(), silent.heard);
        }
        Event::HeardAgain(heard, _) => {
            shared.silent.remove(&heard.journal);
        }
    }
}
