//! What may be seen of withdrawals: region by region, bag by bag, and what is still open.

use std::collections::BTreeSet;

use crate::blood::model::UnitId;
use crate::donations::model::withdrawal::{Called, FollowUp, Found, Heeded, Outcome};
use crate::words::{JournalId, Time};

/// One region's part in a withdrawal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The region.
    pub region: JournalId,
    /// Whether it has looked for every donation that is known to belong to it by now.
    pub answered: bool,
    /// Whether somebody told it by telephone.
    pub by_telephone: bool,
    /// Units it found.
    pub units: usize,
}

/// One unit as one region knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The unit.
    pub unit: UnitId,
    /// The region that says so.
    pub region: JournalId,
    /// What it found.
    pub found: Found,
    /// What was done about it.
    pub followed: Option<FollowUp>,
    /// Whether something is still to be done about it.
    pub open: bool,
}

/// A withdrawal, added up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// Region by region, the calling one first.
    pub parts: Vec<Part>,
    /// Unit by unit.
    pub units: Vec<Account>,
}

impl Accounts {
    /// The regions that have not said everything.
    pub fn silent(&self) -> impl Iterator<Item = &JournalId> {
        self.parts.iter().filter(|part| !part.answered).map(|part| &part.region)
    }

    /// The units about which something is still to be done.
    pub fn open(&self) -> impl Iterator<Item = &Account> {
        self.units.iter().filter(|account| account.open)
    }

    /// Whether every region has answered and nothing is to be done about any unit.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.silent().next().is_none() && self.open().next().is_none()
    }
}

/// What a region found, brought up to its own stock of this moment: nothing of a withdrawn donation
/// leaves the shelf but to be discarded, and the record of the search follows a little later.
#[must_use]
pub fn up_to_date(held: &Heeded, stock: &crate::blood::Shared) -> Heeded {
    let mut held = held.clone();
    let gone: Vec<UnitId> = held
        .fates
        .iter()
        .filter(|(id, found)| matches!(found, Found::Held { .. }) && !stock.units.contains_key(*id))
        .map(|(id, _)| *id)
        .collect();
    for id in gone {
        held.fates.insert(id, Found::Discarded);
    }
    held
}

/// Adds a withdrawal up from what the calling region has read and done.
#[must_use]
pub fn accounts(case: &Called, own: Option<&Heeded>) -> Accounts {
    let home = &case.at.journal;
    let mut units: Vec<Account> = Vec::new();
    let mut add = |region: &JournalId, (unit, found): (&UnitId, &Found), followed| {
        units.push(Account {
            unit: *unit,
            region: region.clone(),
            found: found.clone(),
            followed,
            open: false,
        });
    };
    for one in own.iter().flat_map(|held| &held.fates) {
        add(home, one, own.and_then(|held| held.followed.get(one.0).copied()));
    }
    for (region, answer) in &case.answers {
        for one in &answer.fates {
            add(region, one, answer.followed.get(one.0).copied());
        }
    }
    let known: BTreeSet<_> =
        units.iter().map(|account| (account.region.clone(), account.unit)).collect();
    for account in &mut units {
        account.open = is_open(account, &known);
    }
    units.sort_by(|a, b| (!a.open, a.unit, &a.region).cmp(&(!b.open, b.unit, &b.region)));
    let parts = parts(case, own, &units);
    Accounts { parts, units }
}

fn is_open(account: &Account, known: &BTreeSet<(JournalId, UnitId)>) -> bool {
    match &account.found {
        // Where it went to has to say what became of it.
        Found::SentOn { to } => {
            account.followed.is_none() && !known.contains(&(to.clone(), account.unit))
        }
        found if found.is_settled() => false,
        // What lies on a shelf is open until it is discarded, whatever was said of it.
        Found::Held { .. } | Found::InTransit => true,
        _ => account.followed.is_none(),
    }
}

fn parts(case: &Called, own: Option<&Heeded>, units: &[Account]) -> Vec<Part> {
    let home = &case.at.journal;
    let sent = units.iter().filter_map(|account| match &account.found {
        Found::SentOn { to } => Some(to),
        _ => None,
    });
    let others: BTreeSet<_> =
        case.asked.iter().chain(case.answers.keys()).chain(sent).filter(|id| *id != home).collect();
    let part = |region: &JournalId| {
        let answer = case.answers.get(region);
        let covered = answer.map(|answer| &answer.covered);
        let by_telephone = answer.is_some_and(|answer| answer.by_telephone);
        let complete = covered.is_some_and(|covered| case.dins.is_subset(covered.clone()));
        Part {
            region: region.clone(),
            // An answer that came before anything was found out to belong to it is not enough.
            answered: by_telephone || (answer.is_some_and(|one| !one.noted.is_empty()) && complete),
            by_telephone,
            units: units.iter().filter(|account| account.region == *region).count(),
        }
    };
    let mine = Part {
        region: home.clone(),
        answered: own.is_some_and(|held| case.dins.is_subset(held.covered.clone())),
        by_telephone: false,
        units: units.iter().filter(|account| account.region == *home).count(),
    };
    std::iter::once(mine).chain(others.into_iter().map(part)).collect()
}

/// A case in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The case.
    pub case: Called,
    /// How many regions are silent.
    pub silent: usize,
    /// About how many units something is to be done.
    pub open: usize,
    /// How many units were found in all.
    pub units: usize,
}

/// The cases of a region: those that need somebody first, then the newest.
#[must_use]
pub fn cases(calls: &crate::donations::Calls) -> Vec<Listed> {
    let one = |(hash, case): (&crate::words::Digest, &Called)| {
        let accounts = accounts(case, calls.heeded.get(hash));
        Listed {
            silent: accounts.silent().count(),
            open: accounts.open().count(),
            units: accounts.units.len(),
            case: case.clone(),
        }
    };
    let mut all: Vec<_> = calls.called.iter().map(one).collect();
    all.sort_by_key(|one| (one.case.closed.is_some(), std::cmp::Reverse(one.case.since)));
    all
}

/// What this region has to do about a withdrawal, its own or another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToDo {
    /// What was done so far.
    pub heeded: Heeded,
    /// Units that need somebody here.
    pub units: Vec<(UnitId, Found)>,
}

/// What is to be done in a region about withdrawals, oldest first.
#[must_use]
pub fn to_do(calls: &crate::donations::Calls) -> Vec<ToDo> {
    let one = |held: &Heeded| {
        let needs = |(unit, found): &(&UnitId, &Found)| match found {
            Found::Held { .. } => true,
            Found::InTransit | Found::SentOn { .. } => false,
            found => !found.is_settled() && !held.followed.contains_key(*unit),
        };
        let units = held.fates.iter().filter(needs);
        let units: Vec<_> = units.map(|(unit, found)| (*unit, found.clone())).collect();
        (!held.lifted && !units.is_empty()).then(|| ToDo { heeded: held.clone(), units })
    };
    let mut all: Vec<_> = calls.heeded.values().filter_map(one).collect();
    all.sort_by_key(|one| one.heeded.since);
    all
}

/// Whether a case is over and how.
#[must_use]
pub fn outcome(case: &Called) -> Option<(Outcome, Time)> {
    case.closed.as_ref().map(|end| (end.outcome, end.when))
}
