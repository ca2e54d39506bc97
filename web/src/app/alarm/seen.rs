//! Alarms as one region sees them: its own, and those that others issued to it.

use std::collections::BTreeSet;

use samband_domain::alarms::event::Heard;
use samband_domain::alarms::model::{Alarm, DutyRole, Key, Kind, Party};
use samband_domain::alarms::view::{Clock, clocks, updates};
use samband_domain::alarms::{Answered, Obligation};
use samband_domain::incidents::model::Stage;
use samband_domain::readiness::view::{Promised, pledge_of};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Time};
use samband_engine::World;

use super::{Standing, is_region, mode_of, standing};
use crate::app::readiness::Terms;

/// One recipient's obligation, as those who know of it record it.
#[derive(Clone, Debug)]
pub struct Owes<'a> {
    /// Whose alarm, which, and who owes.
    pub key: Key,
    /// Whose record tells the most: whoever wakes, if that is known here.
    pub by: &'a JournalId,
    /// How it stands there.
    pub held: &'a Obligation,
    /// How it stands with the issuer.
    pub issuer: Option<&'a Obligation>,
}

impl Owes<'_> {
    /// The clock that rings next for whoever wakes; one that has rung and led to nothing yet is
    /// in the past.
    #[must_use]
    pub fn next(&self, world: &World) -> Option<Clock> {
        let journal = world.journal(self.by)?;
        let mut alike = world.others();
        alike.retain(|(id, _)| mode_of(world, id) == mode_of(world, self.by));
        let all = clocks(&journal.shared().alarms, self.by, &alike);
        all.into_iter().find(|clock| clock.key == self.key)
    }

    /// The answer that takes it on, wherever it is recorded.
    #[must_use]
    pub fn answer(&self) -> Option<&Answered> {
        self.held.answer.as_ref().or_else(|| self.issuer?.answer.as_ref())
    }

    /// Whether nobody has to do anything for it any more, or somebody has taken it on.
    #[must_use]
    pub fn quiet(&self) -> bool {
        self.answer().is_some() || self.closed()
    }

    /// Whether it ended for the issuer.
    #[must_use]
    pub fn closed(&self) -> bool {
        self.issuer.map_or(self.held.closed.is_some(), |held| held.closed.is_some())
    }

    /// How far it has come.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let there = standing(self.held);
        match self.issuer.map(standing) {
            // What the issuer ended is over, whatever the other region still waits for.
            Some(Standing::Ended(how)) if !matches!(there, Standing::Answered) => {
                Standing::Ended(how)
            }
            _ => there,
        }
    }
}

/// An alarm, and how it stands with everybody whom it addresses.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Whose alarm.
    pub issuer: &'a JournalId,
    /// The alarm.
    pub alarm: &'a Alarm,
    /// When it was issued; when it was heard, if the issuer's record is not held here.
    pub said: Option<Time>,
    /// The alarm that took its place or took it back.
    pub replaced: Option<&'a AlarmId>,
    /// What everybody owes.
    pub owes: Vec<Owes<'a>>,
}

impl Seen<'_> {
    /// Whether it concerns a region: as issuer or as recipient.
    #[must_use]
    pub fn concerns(&self, region: &JournalId) -> bool {
        concerns(self.issuer, self.alarm, region)
    }

    /// Those who have not answered, of what this region wakes or has issued.
    #[must_use]
    pub fn unanswered(&self) -> Vec<&Owes<'_>> {
        if !self.alarm.kind.asks() {
            return Vec::new();
        }
        self.owes.iter().filter(|one| !one.quiet()).collect()
    }

    /// The first of these roles of a region that owes an answer.
    #[must_use]
    pub fn waits_for(&self, region: &JournalId, roles: &[DutyRole]) -> Option<DutyRole> {
        let own = |one: &&Owes<'_>| one.key.to.party == Party::Region(region.clone());
        let asks = self.owes.iter().filter(|_| self.alarm.kind.asks()).filter(own);
        let mut open = asks.filter(|one| !one.quiet()).map(|one| one.key.to.role);
        open.find(|role| roles.contains(role))
    }
}

fn concerns(issuer: &JournalId, alarm: &Alarm, region: &JournalId) -> bool {
    issuer == region || alarm.to.iter().any(|to| to.party == Party::Region(region.clone()))
}

/// One alarm, wherever it is known from.
#[must_use]
pub fn alarm<'a>(world: &'a World, issuer: &JournalId, id: &AlarmId) -> Option<Seen<'a>> {
    let (key, journal) = match world.journals.get_key_value(issuer) {
        Some((key, journal)) => (Some(key), Some(journal)),
        None => (None, None),
    };
    let issued = journal.and_then(|journal| journal.shared().alarms.issued.get(id));
    if let (Some(key), Some(held)) = (key, issued) {
        let owes = owes(world, key, &held.alarm);
        return Some(Seen {
            issuer: key,
            alarm: &held.alarm,
            said: Some(held.said),
            replaced: held.replaced.as_ref(),
            owes,
        });
    }
    let heard = world.locals().find_map(|one| {
        one.shared().alarms.heard.get(&(issuer.clone(), id.clone())).map(|heard| (one, heard))
    });
    heard.map(|(at, heard)| from_heard(world, &at.id, heard))
}

/// An alarm whose issuer's record is not held here.
fn from_heard<'a>(world: &'a World, at: &JournalId, heard: &'a Heard) -> Seen<'a> {
    let (issuer, alarm) = (&heard.record.journal, &*heard.alarm);
    let owes = owes(world, issuer, alarm);
    let since = owes.iter().find(|one| one.by == at).map(|one| one.held.since);
    let later = world.locals().flat_map(|one| one.shared().alarms.heard.values());
    let mut later = later.filter(|one| {
        one.record.journal == *issuer && one.alarm.replaces.as_ref() == Some(&alarm.id)
    });
    Seen { issuer, alarm, said: since, replaced: later.next().map(|one| &one.alarm.id), owes }
}

fn owes<'a>(world: &'a World, issuer: &JournalId, alarm: &Alarm) -> Vec<Owes<'a>> {
    let held_by = |who: &JournalId, key: &Key| {
        let (id, journal) = world.journals.get_key_value(who)?;
        journal.shared().alarms.obligations.get(key).map(|held| (id, held))
    };
    let of = |to: &samband_domain::alarms::model::Recipient| {
        let key = Key { issuer: issuer.clone(), alarm: alarm.id.clone(), to: to.clone() };
        let with_issuer = held_by(issuer, &key);
        let waker = match &to.party {
            Party::Region(region) if region != issuer => held_by(region, &key),
            _ => None,
        };
        let (by, held) = waker.or(with_issuer)?;
        Some(Owes { key, by, held, issuer: with_issuer.map(|(_, held)| held) })
    };
    alarm.to.iter().filter_map(of).collect()
}

/// Every alarm that is known to a region, the latest first.
#[must_use]
pub fn known<'a>(world: &'a World, region: &JournalId) -> Vec<Seen<'a>> {
    let mode = mode_of(world, region);
    let mut all: Vec<(Time, &JournalId, &AlarmId)> = Vec::new();
    for (id, journal) in world.journals.iter().filter(|(_, one)| is_region(one, mode)) {
        let issued = journal.shared().alarms.issued.iter();
        let issued = issued.filter(|(_, held)| concerns(id, &held.alarm, region));
        all.extend(issued.map(|(alarm, held)| (held.said, id, alarm)));
    }
    let here = world.journal(region).map(|journal| &journal.shared().alarms);
    for ((issuer, id), _) in here.into_iter().flat_map(|alarms| &alarms.heard) {
        if !all.iter().any(|(_, known, alarm)| *known == issuer && *alarm == id) {
            all.push((Time(i64::MIN), issuer, id));
        }
    }
    let mut seen: Vec<_> =
        all.into_iter().filter_map(|(_, issuer, id)| alarm(world, issuer, id)).collect();
    seen.sort_by_key(|one| std::cmp::Reverse((one.said, one.alarm.id.clone())));
    seen
}

/// The alarms of a region that run: whatever still asks something of somebody.
#[must_use]
pub fn running<'a>(world: &'a World, region: &JournalId) -> Vec<Seen<'a>> {
    let stopped = stopped(world, region);
    let mut all = known(world, region);
    all.retain(|one| (!stopped || one.alarm.kind == Kind::RealSituation) && runs(world, one));
    all
}

/// Whether the real thing has stopped the exercise that a region holds.
#[must_use]
pub fn stopped(world: &World, region: &JournalId) -> bool {
    world.journal(region).is_some_and(|journal| journal.shared().alarms.stopped.is_some())
}

fn runs(world: &World, one: &Seen<'_>) -> bool {
    let open = one.owes.iter().any(|owes| !owes.closed());
    if one.replaced.is_some() {
        return false;
    }
    let incidents = world.journal(one.issuer).map(|journal| &journal.shared().incidents);
    let incident = one.alarm.incident.as_ref().and_then(|id| incidents?.incidents.get(id));
    let stage = incident.map(|held| held.stage);
    match one.alarm.kind {
        Kind::Recall | Kind::Reach | Kind::RealSituation => open,
        Kind::PreAlert => stage.is_some_and(|stage| stage < Stage::Alarmed),
        Kind::Regional | Kind::Blood | Kind::National => {
            open || stage.is_some_and(|stage| stage < Stage::StandDown)
        }
    }
}

/// The last test that everybody is reached.
#[must_use]
pub fn test_of_reach<'a>(world: &'a World, region: &JournalId) -> Option<Seen<'a>> {
    known(world, region)
        .into_iter()
        .find(|one| one.alarm.kind == Kind::Reach && one.issuer == region)
}

/// n of N.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quorum {
    /// Those who have answered.
    pub answered: usize,
    /// Those who were asked.
    pub of: usize,
    /// Whether the region that alarms is one of them.
    pub own: bool,
}

fn count<'a>(owes: impl Iterator<Item = &'a Owes<'a>>) -> Quorum {
    owes.fold(Quorum::default(), |sum, one| Quorum {
        answered: sum.answered + usize::from(one.answer().is_some()),
        of: sum.of + 1,
        ..sum
    })
}

/// How many regions have answered (preparedness.md §6.4): the others by their duty officers, or if
/// none was alarmed, by whichever of their roles were; the one that alarms by its own command, if
/// that was alarmed.
#[must_use]
pub fn quorum(seen: &Seen<'_>) -> Quorum {
    let command = |one: &&Owes<'_>| {
        one.key.to.role == DutyRole::RegionalCommand && of_region(one) == Some(seen.issuer)
    };
    let others = asked(seen);
    let struck: Vec<_> = seen.owes.iter().filter(command).filter(|_| !others.is_empty()).collect();
    let own = !struck.is_empty();
    Quorum { own, ..count(others.into_iter().chain(struck)) }
}

fn of_region<'a>(one: &'a Owes<'_>) -> Option<&'a JournalId> {
    match &one.key.to.party {
        Party::Region(region) => Some(region),
        Party::Outside(_) => None,
    }
}

/// Those who answer for the other regions.
fn asked<'s, 'a>(seen: &'s Seen<'a>) -> Vec<&'s Owes<'a>> {
    let other = |one: &&Owes<'_>| of_region(one).is_some_and(|region| region != seen.issuer);
    let all: Vec<_> = seen.owes.iter().filter(other).collect();
    let officer = |one: &&Owes<'_>| one.key.to.role == DutyRole::Tib;
    let officers: Vec<_> = all.iter().copied().filter(officer).collect();
    if officers.is_empty() { all } else { officers }
}

/// The other regions that an alarm asks.
fn regions<'s>(seen: &'s Seen<'_>) -> BTreeSet<&'s JournalId> {
    asked(seen).into_iter().filter_map(|one| of_region(one)).collect()
}

/// How many blood centres have answered, of those that were alarmed in the same incident.
#[must_use]
pub fn blood(world: &World, seen: &Seen<'_>) -> Quorum {
    let mut asked = BTreeSet::new();
    let mut answered = BTreeSet::new();
    for one in of_incident(world, seen) {
        for owes in one.owes.iter().filter(|owes| owes.key.to.role == DutyRole::BloodCentre) {
            asked.insert(owes.key.to.party.clone());
            if owes.answer().is_some() {
                answered.insert(owes.key.to.party.clone());
            }
        }
    }
    Quorum { answered: answered.len(), of: asked.len(), own: false }
}

/// Every alarm of the same incident; the alarm alone, if it has none.
fn of_incident<'a>(world: &'a World, seen: &Seen<'a>) -> Vec<Seen<'a>> {
    let alone = || vec![seen.clone()];
    let Some(id) = &seen.alarm.incident else { return alone() };
    let Some(journal) = world.journal(seen.issuer) else { return alone() };
    let issued = &journal.shared().alarms.issued;
    let same = issued.values().filter(|held| held.alarm.incident.as_ref() == Some(id));
    same.filter_map(|held| alarm(world, seen.issuer, &held.alarm.id)).collect()
}

/// What is promised by an alarm and its updates, and how many regions may promise.
#[must_use]
pub fn promised(world: &World, seen: &Seen<'_>) -> (Promised, usize) {
    let ids = world.journal(seen.issuer).map(|one| updates(&one.shared().alarms, &seen.alarm.id));
    let ids = ids.unwrap_or_default();
    let all = world.others();
    let held = all.iter().filter_map(|(_, state)| pledge_of(&state.readiness, seen.issuer, &ids));
    let sum = samband_domain::readiness::view::promised(held.map(|(_, pledged)| pledged));
    (sum, regions(seen).len())
}

/// How many transports are agreed in all by an alarm: of a region that has promised, what it
/// answered to; of the others, what they have agreed on with the one that alarms.
#[must_use]
pub fn agreed(world: &World, seen: &Seen<'_>, now: Time) -> usize {
    let ids = world.journal(seen.issuer).map(|one| updates(&one.shared().alarms, &seen.alarm.id));
    let (ids, terms) = (ids.unwrap_or_default(), Terms::of(world, now));
    let quota = |region: &JournalId| {
        let state = world.journal(region).map(|one| &one.shared().readiness);
        let held = state.and_then(|state| pledge_of(state, seen.issuer, &ids));
        usize::from(terms.quota(region, seen.issuer, held.map(|(_, pledged)| pledged)))
    };
    regions(seen).into_iter().map(quota).sum()
}
