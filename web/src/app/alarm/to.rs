//! Whom an alarm goes to by itself.

use samband_domain::alarms::model::{DutyRole, Kind, Party, Recipient};
use samband_domain::words::Code;
use samband_domain::{JournalId, Mode, Time};
use samband_engine::{Journal, World};

use super::{is_region, mode_of};

/// The national authority.
const AUTHORITY: &str = "socialstyrelsen";
/// The blood centres' national coordination.
const NATIONAL_BLOOD: &str = "sweba";

/// The other regions that "n of N" counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// Names of the bodies whose members they are; empty if no body says, and they are all regions
    /// that are trusted.
    pub bodies: Vec<String>,
    /// The regions, in the order of their ids.
    pub regions: Vec<JournalId>,
}

/// The regions that a region works together with: members of its collaboration bodies, of the same
/// mode; without a body, every region that it trusts or that is written beside it.
#[must_use]
pub fn members(world: &World, own: &JournalId, now: Time) -> Members {
    let mode = mode_of(world, own);
    let Some(journal) = world.journal(own) else { return Members::default() };
    let bodies = journal.shared().kernel.bodies.values();
    let bodies: Vec<_> = bodies.filter(|held| held.window.contains(now)).collect();
    let others = || world.journals.values().filter(|one| one.id != *own && is_region(one, mode));
    let together = |one: &Journal| {
        let theirs = &one.shared().kernel.bodies;
        let same = |body: &Code| theirs.get(body).is_some_and(|held| held.window.contains(now));
        bodies.iter().any(|held| same(&held.body))
    };
    let mut regions: Vec<_> =
        others().filter(|one| together(one)).map(|one| one.id.clone()).collect();
    let mut names: Vec<_> = bodies.iter().map(|held| held.name.clone()).collect();
    if regions.is_empty() {
        names.clear();
        let peers = &journal.shared().bonds.peers;
        let trusted = peers.values().filter(|peer| peer.mode == mode);
        regions.extend(trusted.map(|peer| peer.journal.clone()));
        regions.extend(others().filter(|one| one.is_local()).map(|one| one.id.clone()));
    }
    regions.sort();
    regions.dedup();
    Members { bodies: names, regions }
}

/// A recipient that may be alarmed, and whether it is by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Who.
    pub to: Recipient,
    /// Whether it is ticked from the start.
    pub preselected: bool,
}

/// Whom an alarm of a kind goes to: the most urgent first. An exercise never reaches anybody
/// outside who is not on its own list.
#[must_use]
pub fn choices(world: &World, own: &JournalId, kind: Kind, now: Time) -> Vec<Choice> {
    let region = |id: &JournalId, role| Recipient { party: Party::Region(id.clone()), role };
    let members = members(world, own, now).regions;
    let all = |role: DutyRole| members.iter().map(move |id| region(id, role));
    let home = |role: DutyRole| std::iter::once(region(own, role));
    let authority = || outside(world, own, AUTHORITY, DutyRole::NationalTib);
    let blood = || outside(world, own, NATIONAL_BLOOD, DutyRole::NationalBlood);
    let mut to: Vec<(Recipient, bool)> = Vec::new();
    let mut add = |some: Vec<Recipient>, ticked: bool| {
        to.extend(some.into_iter().map(|one| (one, ticked)));
    };
    match kind {
        Kind::PreAlert => add(all(DutyRole::Tib).collect(), true),
        Kind::Blood => {
            add(home(DutyRole::BloodCentre).chain(all(DutyRole::BloodCentre)).collect(), true);
            add(blood(), true);
        }
        Kind::National => {
            add(authority(), true);
            add(blood(), true);
        }
        Kind::Regional | Kind::Recall | Kind::Reach | Kind::RealSituation => {
            add(all(DutyRole::Tib).collect(), true);
            let own_roles =
                [DutyRole::BloodCentre, DutyRole::RegionalCommand, DutyRole::Switchboard];
            add(own_roles.into_iter().flat_map(home).collect(), true);
            add(authority(), true);
            add(blood(), true);
            add(all(DutyRole::BloodCentre).collect(), false);
        }
    }
    to.into_iter().map(|(to, preselected)| Choice { to, preselected }).collect()
}

fn outside(world: &World, own: &JournalId, name: &str, role: DutyRole) -> Vec<Recipient> {
    let Ok(code) = Code::new(name) else { return Vec::new() };
    let to = Recipient { party: Party::Outside(code), role };
    let listed =
        world.journal(own).is_some_and(|journal| journal.shared().alarms.rosters.contains_key(&to));
    if mode_of(world, own) == Mode::Exercise && !listed {
        return Vec::new();
    }
    vec![to]
}
