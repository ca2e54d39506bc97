//! Withdrawals as pages and the API read them: whose they are, and what is called back.

use samband_domain::blood::model::{Din, MaterialKind};
use samband_domain::donations::model::withdrawal::{Called, Heeded, LotNamed, Target};
use samband_domain::donations::view::withdrawal::{Accounts, accounts, up_to_date};
use samband_domain::{Digest, DonorId, JournalId};
use samband_engine::World;
use samband_exchange::isbt128::classify;

use super::{Problem, stock};

/// The topics that change what is seen of withdrawals.
pub const TOPICS: &str = "donation withdrawal stock plasma";

/// A case with whatever is known of it here.
#[derive(Clone, Debug)]
pub struct Case {
    /// The region that called it back.
    pub owner: JournalId,
    /// What it said and read.
    pub called: Called,
    /// What it found itself.
    pub own: Option<Heeded>,
    /// What the reader's region did about it.
    pub here: Option<Heeded>,
}

impl Case {
    /// Region by region, unit by unit.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        accounts(&self.called, self.own.as_ref())
    }
}

/// A withdrawal by its record's hash, in whichever journal it stands.
///
/// # Errors
/// A problem if nobody here knows it.
pub fn find(world: &World, reader: &JournalId, hash: &str) -> Result<Case, Problem> {
    let unknown = || Problem::not_found(hash);
    let digest: Digest = hash.parse().map_err(|_| unknown())?;
    let found_by = |id: &JournalId| {
        let shared = world.journal(id)?.shared();
        let held = shared.donations.calls.heeded.get(&digest)?;
        Some(up_to_date(held, &shared.blood))
    };
    let mut owners = world.journals.values().filter_map(|journal| {
        let called = journal.shared().donations.calls.called.get(&digest)?;
        Some((journal.id.clone(), called.clone()))
    });
    let (owner, called) = owners.next().ok_or_else(unknown)?;
    let (own, here) = (found_by(&owner), found_by(reader));
    Ok(Case { owner, called, own, here })
}

/// Every region that is held here: whoever calls something back asks all of them.
#[must_use]
pub fn regions(world: &World) -> Vec<JournalId> {
    let all = world.journals.values();
    all.filter(|one| crate::pages::is_region(one.shared())).map(|one| one.id.clone()).collect()
}

/// Donations named one a line, as scanned or typed; a unit names its donation.
///
/// # Errors
/// The line that is not understood.
pub fn dins(text: &str) -> Result<Vec<Din>, String> {
    let mut all = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let read = classify(line).ok();
        let scanned = read
            .as_ref()
            .and_then(|scan| scan.what.din().or_else(|| scan.what.unit().map(|unit| unit.din)));
        let plain = || stock::din(line).ok().or_else(|| stock::unit(line).ok().map(|u| u.din));
        match scanned.or_else(plain) {
            Some(din) if all.contains(&din) => {}
            Some(din) => all.push(din),
            None => return Err(line.to_owned()),
        }
    }
    Ok(all)
}

/// What is called back, by the kind and the text that somebody gave.
///
/// # Errors
/// What is not understood.
pub fn target(of: &str, text: &str, kind: &str) -> Result<Target, String> {
    let text = text.trim();
    match of {
        "donation" => dins(text).map(Target::Donations),
        "unit" => {
            let scanned = classify(text).ok().and_then(|scan| scan.what.unit());
            let unit = scanned.or_else(|| stock::unit(text).ok());
            unit.map(Target::Unit).ok_or_else(|| text.to_owned())
        }
        "donor" => DonorId::new(text).map(Target::Donor).map_err(|_| text.to_owned()),
        "lot" => {
            let kind: MaterialKind = kind.parse().map_err(|_| kind.to_owned())?;
            Ok(Target::Lot(LotNamed { kind, lot: text.to_owned() }))
        }
        other => Err(other.to_owned()),
    }
}

/// Where a withdrawal's page is.
#[must_use]
pub fn href(hash: &Digest) -> String {
    format!("/withdrawals/{hash}")
}
