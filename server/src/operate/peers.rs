//! Cards of installations, and trust in the journals on them.

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use samband_access::Principal;
use samband_domain::bonds::{Command as Bonds, Peer};
use samband_domain::words::PublicKey;
use samband_domain::{JournalId, Known};
use samband_engine::{Engine, Holding, Journal, Request, World};
use samband_web::app::card::{CARD_FORMAT, Card};

use super::{Say, Surroundings, command, data, fresh_key, line};

pub(super) async fn card(engine: &Engine, around: &Surroundings, say: &Say) -> Result<()> {
    let card = Card::own(&engine.world(), &around.reached()).ok_or_else(|| {
        anyhow!("set peer_listen (and peer_url) in samband.toml so that others can reach this")
    })?;
    data(say, format!("{}\n", card.text())).await
}

pub(super) async fn add(
    engine: &Engine,
    card: &Card,
    region: Option<JournalId>,
    say: &Say,
) -> Result<()> {
    if !card.is_known() {
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
    // A region that has nothing new to say does not stand in the way of one that has.
    let (mut requests, mut said) = (Vec::new(), Vec::new());
    for region in &regions {
        for ask in card.asks(&world, region) {
            said.push(in_words(&world, region, &ask));
            requests.push(Request {
                principal: Principal::Machine,
                region: region.clone(),
                key: fresh_key()?,
                happened: None,
                command: ask.into(),
                asked: None,
            });
        }
    }
    engine.submit_all(requests).await.map_err(|(_, failure)| failure)?;
    for words in said {
        line(say, words).await?;
    }
    Ok(())
}

fn in_words(world: &World, region: &JournalId, ask: &Bonds) -> String {
    let Bonds::Trust { peer, reach } = ask else {
        return String::new();
    };
    let (id, key, url) = (&peer.journal, peer.key.id(), &reach.url);
    let known = world.local(region).is_some_and(|state| state.shared.bonds.peers.contains_key(id));
    if known {
        let certificate = reach.certificate;
        format!("{region} reaches {id} at {url} from now on, certificate {certificate}")
    } else {
        format!("{region} trusts {id}: key {key}, at {url}")
    }
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
