//! An installation's card: what others need to trust its journals, and what a card asks for here.

use samband_domain::bonds::{Command, Peer, Reach};
use samband_domain::words::PublicKey;
use samband_domain::{Digest, JournalId, Mode};
use samband_engine::World;
use serde::{Deserialize, Serialize};

/// Name of the card's form.
pub const CARD_FORMAT: &str = "samband-card/1";

/// Most journals on one card.
const JOURNALS_MAX: usize = 32;

/// How other installations reach this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// The address; none if none was set and nobody can pull from here.
    pub url: Option<String>,
    /// SHA-256 of the certificate that this installation shows.
    pub certificate: Digest,
}

/// What others need to trust an installation's journals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name of the card's form.
    pub format: String,
    /// Address where it is pulled from.
    pub url: String,
    /// SHA-256 of its certificate.
    pub certificate: Digest,
    /// Its journals.
    pub journals: Vec<CardJournal>,
}

/// A journal on a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardJournal {
    /// Id.
    pub id: JournalId,
    /// Name, for people who compare cards; the journal itself says it again.
    pub name: String,
    /// Real, exercise or demo.
    pub mode: Mode,
    /// Its signing key.
    pub key: PublicKey,
}

impl Card {
    /// The card of this installation; none if it has no address for others.
    #[must_use]
    pub fn own(world: &World, reached: &Reached) -> Option<Self> {
        let url = reached.url.clone()?;
        let journals = world.locals().filter_map(|journal| {
            let facts = journal.shared().kernel.journal.as_ref()?;
            Some(CardJournal {
                id: journal.id.clone(),
                name: facts.owner.name.clone(),
                mode: facts.mode,
                key: facts.keys.last()?.public,
            })
        });
        let (format, journals) = (CARD_FORMAT.to_owned(), journals.collect());
        Some(Self { format, url, certificate: reached.certificate, journals })
    }

    /// Whether the card is of the form known here, and of a size that somebody can compare.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.format == CARD_FORMAT && (1..=JOURNALS_MAX).contains(&self.journals.len())
    }

    /// The card as it is handed over.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).expect("plain values")
    }

    /// What a region has to say to trust this card's journals, or to reach them as the card says
    /// now. Journals that are trusted just so are left out, unless all are: then the rules say so.
    #[must_use]
    pub fn asks(&self, world: &World, region: &JournalId) -> Vec<Command> {
        let reach = Reach { url: self.url.clone(), certificate: self.certificate };
        let all: Vec<_> = self
            .journals
            .iter()
            .map(|journal| {
                let key = trusted_key(world, region, &journal.id, journal.key);
                Peer { journal: journal.id.clone(), key, mode: journal.mode }
            })
            .collect();
        let said = |peer: &&Peer| {
            world.local(region).is_some_and(|state| {
                let held = state.own.bonds.reach.get(&peer.journal);
                state.shared.bonds.peers.get(&peer.journal) == Some(*peer)
                    && held.and_then(|held| held.here()) == Some(&reach)
            })
        };
        let new: Vec<_> = all.iter().filter(|peer| !said(peer)).cloned().collect();
        let ask = if new.is_empty() { all } else { new };
        ask.into_iter().map(|peer| Command::Trust { peer, reach: reach.clone() }).collect()
    }
}

/// The key by which a region trusts a journal, where a card shows the one that this key vouched
/// for since: the verified copy says so, and nobody else is believed.
#[must_use]
pub fn trusted_key(
    world: &World,
    region: &JournalId,
    journal: &JournalId,
    shown: PublicKey,
) -> PublicKey {
    let trusted = || Some(world.local(region)?.shared.bonds.peers.get(journal)?.key);
    let current = || {
        let copy = world.journal(journal).filter(|copy| !copy.is_local())?;
        Some(copy.shared().kernel.journal.as_ref()?.keys.last()?.public)
    };
    match (trusted(), current()) {
        (Some(trusted), Some(current)) if current == shown => trusted,
        _ => shown,
    }
}

/// The other regions of this installation that trust the same journal by a key of another origin.
/// It is pulled once for all of them, and so believed by one of the keys only: somebody is wrong.
#[must_use]
pub fn disputed_by(world: &World, region: &JournalId, peer: &Peer) -> Vec<JournalId> {
    let copy = world.journal(&peer.journal).filter(|copy| !copy.is_local());
    let facts = copy.and_then(|copy| copy.shared().kernel.journal.as_ref());
    // Keys that the verified copy vouched for one after the other are of one origin.
    let vouched = |key: PublicKey| {
        facts.is_some_and(|facts| facts.keys.iter().any(|held| held.public == key))
    };
    let differs =
        |other: &Peer| other.key != peer.key && !(vouched(other.key) && vouched(peer.key));
    let others = world.locals().filter(|other| other.id != *region);
    let disputes =
        others.filter(|other| other.shared().bonds.peers.get(&peer.journal).is_some_and(differs));
    disputes.map(|other| other.id.clone()).collect()
}
