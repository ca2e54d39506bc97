//! A process that follows, in the same process: commands go over as bytes, without a network.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use samband_domain::Digest;
use samband_engine::{Announced, Courier, Delivery, Engine, Options, Undelivered};

use super::{House, Place};

/// Writers by the address they announced.
#[derive(Clone, Default)]
pub struct Couriers(Arc<Mutex<BTreeMap<String, Engine>>>);

impl Couriers {
    /// Has a writer say where it is.
    pub async fn announce(&self, engine: &Engine, address: &str) {
        self.keep(address, engine);
        engine.announce(&announced(address)).await.unwrap();
    }

    fn keep(&self, address: &str, engine: &Engine) {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.insert(address.into(), engine.clone());
    }

    /// The writer at an address is gone.
    pub fn lose(&self, address: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(address);
    }

    fn at(&self, address: &str) -> Option<Engine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(address).cloned()
    }
}

pub fn announced(address: &str) -> Announced {
    Announced {
        address: address.into(),
        certificate: Digest::of(b"certificate"),
        secret: format!("secret of {address}"),
    }
}

impl Courier for Couriers {
    fn deliver<'a>(&'a self, to: &'a Announced, message: Vec<u8>) -> Delivery<'a> {
        Box::pin(async move {
            let away = || Undelivered::Away(format!("{} does not answer", to.address));
            let engine = self.at(&to.address).ok_or_else(away)?;
            let answer = engine.take_forwarded(&message).await;
            answer.map_err(|error| Undelivered::Unsure(error.to_string()))
        })
    }
}

impl Place {
    /// Follows the writer of this place, with keys that are no affair of a follower.
    pub async fn follow(&self, couriers: &Couriers) -> Engine {
        let (store, clock) = (self.store().await, self.clock.clone());
        let options = Options { store, keys: self.folder.join("no-keys"), clock };
        Engine::follow(options, Arc::new(couriers.clone())).await.unwrap()
    }
}

impl House {
    /// A follower of this house, whose writer says it is at `first`.
    pub async fn follower(&self, couriers: &Couriers) -> Engine {
        couriers.announce(&self.engine, "first").await;
        self.place.follow(couriers).await
    }
}

/// Waits until a follower shows what the writer does.
pub async fn caught_up(follower: &Engine, writer: &Engine) {
    let heads = |engine: &Engine| {
        engine.world().journals.values().map(|j| j.chain.clone()).collect::<Vec<_>>()
    };
    for _ in 0..3_000 {
        if heads(follower) == heads(writer) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{:?} was followed to {:?}", heads(writer), heads(follower));
}

/// What an engine shows of every journal, in one digest: shared and own state, byte for byte.
pub fn picture(engine: &Engine) -> Vec<(String, Digest)> {
    let world = engine.world();
    let each = world.journals.values().map(|journal| {
        let own = journal.local().map(|region| &region.own);
        let text = format!("{:?}\n{own:?}\n{:?}", journal.shared(), journal.unknown_records);
        (format!("{} {:?}", journal.id, journal.chain), Digest::of(text.as_bytes()))
    });
    each.collect()
}
