//! A region with people in it, put together by hand.
#![allow(dead_code, reason = "each test file uses its own part")]

use samband_domain::kernel::{
    Approval, Capacity, GlassBreak, JournalFacts, Mandate, Owner, OwnerKind, Person, Profession,
};
use samband_domain::words::PublicKey;
use samband_domain::{
    ActorId, Digest, JournalId, Known, MandateId, Mode, RecordRef, Region, SiteId, Time, Window,
};

pub const NOW: Time = Time(1_000_000);

pub fn journal(text: &str) -> JournalId {
    JournalId::new(text).unwrap()
}

pub fn actor(text: &str) -> ActorId {
    ActorId::new(text).unwrap()
}

pub fn mandate_id(text: &str) -> MandateId {
    MandateId::new(text).unwrap()
}

pub fn region(id: &str) -> Region {
    let mut region = Region::default();
    region.shared.kernel.journal = Some(JournalFacts {
        owner: Owner { kind: OwnerKind::Region, name: id.into(), county_code: None },
        mode: Mode::Real,
        epochs: vec![RecordRef { journal: journal(id), epoch: 1, seq: 1, hash: Digest::ZERO }],
        keys: Vec::new(),
        opened: Time(0),
    });
    for id in ["eva", "nils"] {
        let person =
            Person { profession: Profession::Management, title: "testare".into(), since: Time(0) };
        region.shared.kernel.actors.insert(actor(id), person);
    }
    region
}

pub fn mandate(id: &str, holder: &str, capacity: Capacity) -> Mandate {
    Mandate {
        id: mandate_id(id),
        holder: actor(holder),
        capacity,
        site: None,
        window: Window::new(Time(0), Some(Time(2_000_000))).unwrap(),
        issuer: actor("nils"),
        deputy_for: None,
        delegated_from: None,
        review_at: None,
        share_permille: Known::Unknown,
        approval: Approval::NotRequired,
        basis: None,
        ended: None,
    }
}

pub fn give(region: &mut Region, mandate: Mandate) {
    let mandates = &mut region.shared.kernel.mandates;
    mandates.insert(mandate.id.clone(), mandate);
}

pub fn at_site(mut mandate: Mandate) -> Mandate {
    mandate.site = Some(SiteId::new("lund").unwrap());
    mandate
}

pub fn break_glass(region: &mut Region, id: &str, who: &str, from: i64, until: i64) {
    region.own.kernel.glass.push_back(GlassBreak {
        mandate: mandate_id(id),
        actor: actor(who),
        window: Window::new(Time(from), Some(Time(until))).unwrap(),
        reason: "natt, ingen annan nås".into(),
        review: None,
    });
}

pub fn key() -> PublicKey {
    PublicKey([7; 32])
}
