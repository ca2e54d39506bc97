//! Cards of installations, and trust in the journals on them.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use samband_domain::bonds::{Command as Bonds, Peer, Reach};
use samband_domain::words::PublicKey;
use samband_domain::{Digest, JournalId, Known, Mode};
use samband_engine::{Engine, Holding, Journal};
use serde::{Deserialize, Serialize};

use super::{Say, Surroundings, command, data, line};

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
    /// Name.
    pub name: String,
    /// Real, exercise or demo.
    pub mode: Mode,
    /// Its signing key.
    pub key: PublicKey,
}

/// Name of the card's form.
pub const CARD_FORMAT: &str = "samband-card/1";

/// This installation's card.
///
/// # Errors
/// If it has no address for others.
pub fn own_card(engine: &Engine, around: &Surroundings) -> Result<Card> {
    let settings = &around.place.settings;
    let listen = || settings.peer_listen.as_ref().map(|address| format!("https://{address}"));
    let url = settings.peer_url.clone().or_else(listen).ok_or_else(|| {
        anyhow!("set peer_listen (and peer_url) in samband.toml so that others can reach this")
    })?;
    let world = engine.world();
    let journals = world.locals().filter_map(|journal| {
        let facts = journal.shared().kernel.journal.as_ref()?;
        Some(CardJournal {
            id: journal.id.clone(),
            name: facts.owner.name.clone(),
            mode: facts.mode,
            key: facts.keys.last()?.public,
        })
    });
    Ok(Card {
        format: CARD_FORMAT.into(),
        url,
        certificate: around.identity.fingerprint(),
        journals: journals.collect(),
    })
}

pub(super) async fn card(engine: &Engine, around: &Surroundings, say: &Say) -> Result<()> {
    let card = own_card(engine, around)?;
    data(say, format!("{}\n", serde_json::to_string_pretty(&card)?)).await
}

pub(super) async fn add(
    engine: &Engine,
    card: &Card,
    region: Option<JournalId>,
    say: &Say,
) -> Result<()> {
    if card.format != CARD_FORMAT {
        bail!("a card of the form {} is not known here; this knows {CARD_FORMAT}", card.format);
    }
    let world = engine.world();
    let regions: Vec<_> = match region {
        Some(region) => vec![region],
        None => world.locals().map(|journal| journal.id.clone()).collect(),
    };
    if regions.is_empty() {
        bail!("no region is open here; begin with `samband user add`");
    }
    for region in regions {
        for journal in &card.journals {
            let peer = Peer { journal: journal.id.clone(), key: journal.key, mode: journal.mode };
            let reach = Reach { url: card.url.clone(), certificate: card.certificate };
            command(engine, &region, Bonds::Trust { peer, reach }).await?;
            let (id, key) = (&journal.id, journal.key.id());
            line(say, format!("{region} trusts {id}: key {key}, at {}", card.url)).await?;
        }
    }
    Ok(())
}

pub(super) async fn drop_peer(
    engine: &Engine,
    journal: &JournalId,
    reason: &str,
    say: &Say,
) -> Result<()> {
    let world = engine.world();
    let mut dropped = 0;
    for region in world.locals().filter(|j| j.shared().bonds.peers.contains_key(journal)) {
        let (journal, reason) = (journal.clone(), reason.to_owned());
        command(engine, &region.id, Bonds::Drop { journal, reason }).await?;
        dropped += 1;
    }
    if dropped == 0 {
        bail!("no region here trusts “{journal}”");
    }
    line(say, format!("“{journal}” is no longer trusted")).await
}

pub(super) async fn list(engine: &Engine, say: &Say) -> Result<()> {
    let world = engine.world();
    for region in world.locals() {
        let bonds = &region.shared().bonds;
        for (id, peer) in &bonds.peers {
            let copy = world.journal(id);
            let heard = match copy.map(|copy| &copy.holding) {
                Some(Holding::Copy { heard: Known::Value(heard), .. }) => heard.to_string(),
                _ => "never".into(),
            };
            let reach = copy.map_or_else(
                || "-".into(),
                |copy| format!("{}:{}", copy.chain.epoch, copy.chain.seq),
            );
            let state = if bonds.forks.contains_key(id) {
                "FORKED"
            } else if bonds.silent.contains_key(id) {
                "silent"
            } else {
                "trusted"
            };
            let (region, key) = (&region.id, current_key(copy, peer).id());
            let row = format!("{region}\t{id}\t{state}\t{reach}\theard {heard}\tkey {key}\n");
            data(say, row).await?;
        }
    }
    Ok(())
}

/// The key in use: as the verified journal says, and before that the one trusted.
fn current_key(copy: Option<&Arc<Journal>>, peer: &Peer) -> PublicKey {
    let facts = copy.and_then(|copy| copy.shared().kernel.journal.as_ref());
    facts.and_then(|facts| facts.keys.last()).map_or(peer.key, |held| held.public)
}
