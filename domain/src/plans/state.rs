//! What was used, what should lie where, and what was said to proposals.

mod calls;
mod campaigns;

use std::collections::BTreeSet;

use imbl::{OrdMap, Vector};
use serde::{Deserialize, Serialize};

use super::event::Event;
use super::model::{Arc, HomeReport, Outcome, Proposal, Target, UseReport};
use crate::blood::model::stock::Line;
use crate::words::{ActorId, Day, Digest, Known, Meta, Period, RecordRef, SiteId, Time};
pub use calls::{AdoptedCalls, Drawn, Own, TellingOfStrata};
pub use campaigns::{CountedCampaign, HeldCampaign};

/// Days of a series that are kept: four years, as the longest pattern needs two.
pub(super) const SERIES_DAYS: i64 = 1_461;

/// Reports whose source is kept.
const REPORTS: usize = 60;

/// Accepted proposals are kept so long in the state; the record keeps them.
const ACCEPTED_DAYS: i64 = 30;

/// Units used, day by day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The first day.
    pub first: Day,
    /// Units of that day and those that follow.
    pub units: Vector<Known<u32>>,
}

/// What a report covered, and where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Its record.
    pub at: RecordRef,
    /// The sites it speaks of.
    pub sites: Vec<SiteId>,
    /// The first day.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// Where it comes from.
    pub source: String,
    /// The file, and its digest.
    pub file: Option<(String, Digest)>,
    /// When it was recorded.
    pub said: Time,
}

/// A target, and the record that set it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its record.
    pub at: RecordRef,
    /// The target.
    pub target: Target,
    /// When it was set.
    pub said: Time,
    /// By whom; none in a state from before that was kept.
    #[serde(default)]
    pub by: Option<ActorId>,
}

/// A proposal that was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its record.
    pub at: RecordRef,
    /// As it was proposed.
    pub proposal: Proposal,
    /// Units accepted.
    pub units: u32,
    /// What followed.
    pub outcome: Outcome,
    /// When.
    pub said: Time,
}

/// Whose patients were given what in a month, as it was last said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homes {
    /// Its record.
    pub at: RecordRef,
    /// What was said.
    pub report: HomeReport,
    /// When.
    pub said: Time,
    /// When something was said of the month for the first time.
    pub first: Time,
}

/// An arc closed to plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Its record.
    pub at: RecordRef,
    /// Through which day.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// What other regions may hold: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// Units used, by site and line.
    pub used: OrdMap<(SiteId, Line), Series>,
    /// Where that comes from, newest last.
    pub reports: Vector<Report>,
    /// What should lie where.
    pub targets: OrdMap<(SiteId, Line), Held>,
    /// Proposals accepted lately, by their records' hashes.
    pub accepted: OrdMap<Digest, Accepted>,
    /// Arcs closed to plans.
    pub closed: OrdMap<Arc, Closed>,
    /// Weeks of a call-up plan that were adopted, by their Mondays.
    #[serde(default)]
    pub call_ups: OrdMap<Day, AdoptedCalls>,
    /// How many donors can be called, as it was told last.
    #[serde(default)]
    pub strata: Option<TellingOfStrata>,
    /// Whose patients were given what, by month.
    #[serde(default)]
    pub homes: OrdMap<Period, Homes>,
    /// Campaigns for new donors, by their records' hashes.
    #[serde(default)]
    pub campaigns: OrdMap<Digest, HeldCampaign>,
}

impl Series {
    /// The units of a day; unknown outside what was reported.
    #[must_use]
    pub fn on(&self, day: Day) -> Known<u32> {
        let at = usize::try_from(day.days_since(self.first)).ok();
        at.and_then(|at| self.units.get(at)).copied().unwrap_or(Known::Unknown)
    }

    /// The day after the last.
    #[must_use]
    pub fn end(&self) -> Day {
        self.first.plus_days(u32::try_from(self.units.len()).unwrap_or(u32::MAX))
    }

    fn set(&mut self, day: Day, units: Known<u32>) {
        while day < self.first {
            self.units.push_front(Known::Unknown);
            self.first =
                Day::new(self.first.date().yesterday().unwrap_or(self.first.date())).unwrap_or(day);
        }
        let at = usize::try_from(day.days_since(self.first)).unwrap_or(0);
        while self.units.len() <= at {
            self.units.push_back(Known::Unknown);
        }
        self.units.set(at, units);
    }

    fn trim(&mut self) {
        while self.units.len() > usize::try_from(SERIES_DAYS).unwrap_or(usize::MAX) {
            self.units.pop_front();
            self.first = self.first.plus_days(1);
        }
    }
}

/// Folds one event in.
pub fn apply(shared: &mut Shared, own: Option<&mut Own>, event: &Event, meta: &Meta) {
    let said = meta.recorded;
    match event {
        Event::CallUpAdopted(..) | Event::CallUpWithdrawn(..) | Event::StrataTold(..) => {
            calls::apply(shared, own, event, meta);
        }
        Event::CampaignRecorded(..) | Event::CampaignCounted(..) => {
            campaigns::apply(shared, event, meta);
        }
        Event::UseReported(report, _) => reported(shared, report, meta),
        Event::TargetSet(set, _) => {
            let key = (set.site.clone(), set.line);
            match &set.target {
                Some(target) => {
                    let (at, by) = (meta.at.clone(), Some(meta.actor.clone()));
                    let held = Held { at, target: target.clone(), said, by };
                    shared.targets.insert(key, held);
                }
                None => drop(shared.targets.remove(&key)),
            }
        }
        Event::Accepted(accepted, _) => {
            let old = |one: &Accepted| one.said.plus_days(ACCEPTED_DAYS) < said;
            let over = shared.accepted.iter().filter(|(_, one)| old(one)).map(|(id, _)| *id);
            for id in over.collect::<Vec<_>>() {
                shared.accepted.remove(&id);
            }
            let kept = Accepted {
                at: meta.at.clone(),
                proposal: accepted.proposal.clone(),
                units: accepted.units,
                outcome: accepted.outcome,
                said,
            };
            shared.accepted.insert(meta.at.hash, kept);
        }
        Event::Refused(refused, _) => {
            let today = Day::of(said);
            let over = shared.closed.iter().filter(|(_, one)| one.until < today);
            for arc in over.map(|(arc, _)| arc.clone()).collect::<Vec<_>>() {
                shared.closed.remove(&arc);
            }
            let (at, reason) = (meta.at.clone(), refused.reason.clone());
            shared.closed.insert(refused.arc.clone(), Closed { at, until: refused.until, reason });
        }
        Event::Reopened(open, _) => drop(shared.closed.remove(&open.arc)),
        Event::HomesStated(report, _) => {
            let first = shared.homes.get(&report.month).map_or(said, |held| held.first);
            let held = Homes { at: meta.at.clone(), report: report.clone(), said, first };
            shared.homes.insert(report.month, held);
        }
    }
}

fn reported(shared: &mut Shared, report: &UseReport, meta: &Meta) {
    let named: BTreeSet<_> = report.rows.iter().map(|row| (row.site.clone(), row.line)).collect();
    let days = u32::try_from(report.to.days_since(report.from)).unwrap_or(0);
    for key in &named {
        let new = || Series { first: report.from, units: Vector::new() };
        let series = shared.used.entry(key.clone()).or_insert_with(new);
        (0..=days).for_each(|n| series.set(report.from.plus_days(n), Known::Value(0)));
    }
    for row in &report.rows {
        if let Some(series) = shared.used.get_mut(&(row.site.clone(), row.line)) {
            series.set(row.day, row.units);
        }
    }
    for key in &named {
        if let Some(series) = shared.used.get_mut(key) {
            series.trim();
        }
    }
    shared.reports.push_back(Report {
        at: meta.at.clone(),
        sites: report.sites().into_iter().cloned().collect(),
        from: report.from,
        to: report.to,
        source: report.source.clone(),
        file: report.file.clone(),
        said: meta.recorded,
    });
    while shared.reports.len() > REPORTS {
        shared.reports.pop_front();
    }
}
