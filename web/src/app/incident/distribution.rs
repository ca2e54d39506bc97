//! Where casualties go: a proposal from what hospitals say they can take, which transports are
//! promised, and how far it is. By capacity and time; expected survivors are reckoned with only in
//! an exercise or a demo, or when a named medical role has approved a set of parameters.

use std::collections::BTreeMap;

use samband_domain::alarms::model::Kind;
use samband_domain::alarms::view::updates;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{
    Capacity, CareKind, Field, Horizon, TransportKind, Unit, UnitStage,
};
use samband_domain::readiness::view::pledge_of;
use samband_domain::rulesets::{Scope, key};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Known, Mode, SiteId, Time};
use samband_engine::{Journal, World};
use samband_planning::distribute::{Answer, DistributeError, PrimaryAnswer, RuleAnswer, read};
use samband_planning::progress::Progress;
use serde_json::{Value, json};

use super::Found;
use crate::app::readiness::{Fresh, regions};

/// Minutes to load and to unload, and the classes' targets and weights: examples, not advice.
const HANDLING: i64 = 10;
const CLASSES: [(&str, i64, i64); 3] = [("P1", 90, 4), ("P2", 180, 2), ("P3", 360, 1)];
/// Minutes that are planned.
const HORIZON: i64 = 480;

/// A hospital that has said what it can take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hospital {
    /// Whose.
    pub region: JournalId,
    /// Which.
    pub site: SiteId,
    /// Its name.
    pub name: String,
    /// When its report was so.
    pub valid: Time,
    /// Minutes from the scene by road; unknown leaves it out of the proposal.
    pub minutes: Known<u32>,
    /// Usable emergency places now.
    pub emergency: Known<u32>,
}

/// What the proposal rests on, and what it came to.
#[derive(Clone, Debug)]
pub struct Proposal<'w> {
    /// Of which incident.
    pub found: Found<'w>,
    /// Immediate, urgent and delayed who are to be carried.
    pub counts: [Known<u32>; 3],
    /// Hospitals, the nearest first.
    pub hospitals: Vec<Hospital>,
    /// Transports by region: how many, and the minute from which the first is ready.
    pub units: Vec<(JournalId, usize, i64)>,
    /// The set of parameters that is approved, if one is.
    pub approved: Option<String>,
    /// The proposal; none while something it needs is not known.
    pub plan: Option<Result<PrimaryAnswer, String>>,
    /// Both orders of classes with expected survivors, in an exercise or a demo only.
    pub orders: Option<RuleAnswer>,
}

/// What is asked: minutes from the scene by hospital, and how many to carry where the situation
/// report does not say.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Minutes by site.
    pub minutes: BTreeMap<String, u32>,
    /// P1, P2, P3.
    pub counts: [Option<u32>; 3],
}

/// Makes the proposal from what is known now.
#[must_use]
pub fn propose<'w>(world: &'w World, found: Found<'w>, asked: &Asked, now: Time) -> Proposal<'w> {
    let counts = counts(world, &found, asked);
    let hospitals = hospitals(world, &found, asked);
    let units = units(world, &found, now);
    let rules = found.journal.shared().rulesets.in_force(Scope::Blood, now);
    let approved = rules.and_then(|rules| rules.choice(key::DISTRIBUTION_SURVIVAL_PARAMETERS).ok());
    let approved = approved.filter(|code| *code != "none_approved").map(str::to_owned);
    let mut all = Proposal { found, counts, hospitals, units, approved, plan: None, orders: None };
    if let Some(instance) = all.instance(world) {
        all.plan = Some(solved(&instance));
    }
    if survivors_shown(all.found.mode(), all.approved.as_deref()) {
        all.orders = all.both_orders();
    }
    all
}

/// Whether expected survivors may be reckoned with: in the real world only by an approved set of
/// parameters.
#[must_use]
pub fn survivors_shown(mode: Mode, approved: Option<&str>) -> bool {
    mode != Mode::Real || approved.is_some()
}

fn solved(instance: &Value) -> Result<PrimaryAnswer, String> {
    let answer = solve(instance).map_err(|error| error.to_string())?;
    match answer {
        Some(Answer::Primary(answer)) => Ok(*answer),
        _ => Err(String::new()),
    }
}

/// The answer to an instance; none if it was stopped, which nobody does here.
pub(super) fn solve(instance: &Value) -> Result<Option<Answer>, DistributeError> {
    Ok(read(&instance.to_string())?.solve(&Progress::default()).ok())
}

fn counts(world: &World, found: &Found<'_>, asked: &Asked) -> [Known<u32>; 3] {
    let told = |field| {
        let told = found.field(world, field);
        told.map_or(Known::Unknown, |told| told.span.map(|(_, most)| most))
    };
    let fields = [Field::P1, Field::P2, Field::P3];
    [0, 1, 2].map(|n| asked.counts[n].map_or_else(|| told(fields[n]), Known::Value))
}

fn hospitals(world: &World, found: &Found<'_>, asked: &Asked) -> Vec<Hospital> {
    let of = |region: &'_ Journal| {
        let shared = region.shared();
        let one = |(site, held): (&SiteId, &Said<Capacity>)| {
            let named = shared.kernel.sites.get(site).map(|site| site.name.clone());
            Hospital {
                region: region.id.clone(),
                site: site.clone(),
                name: named.unwrap_or_else(|| site.to_string()),
                valid: held.what.valid,
                minutes: asked.minutes.get(site.as_str()).copied().into(),
                emergency: usable(&held.what, CareKind::Emergency, Horizon::Now),
            }
        };
        shared.readiness.capacity.iter().map(one).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = regions(world, &found.journal.id).into_iter().flat_map(of).collect();
    all.sort_by_key(|one| (one.minutes.value().unwrap_or(u32::MAX), one.name.clone()));
    all
}

pub(super) fn usable(held: &Capacity, kind: CareKind, horizon: Horizon) -> Known<u32> {
    let row = held.rows.iter().find(|row| (row.kind, row.horizon) == (kind, horizon));
    row.map_or(Known::Unknown, |row| row.plus.usable(held.led.as_ref()))
}

/// Promised transports that are not released, by region and the minute from which they are ready.
/// What the struck region has free of its own is ready at once.
pub(super) fn units(world: &World, found: &Found<'_>, now: Time) -> Vec<(JournalId, usize, i64)> {
    let mut all = Vec::new();
    let free = found.field(world, Field::AmbulancesFree);
    if let Some(Known::Value((least, _))) = free.map(|told| told.span)
        && least > 0
    {
        let least = usize::try_from(least).unwrap_or(0);
        all.push((found.journal.id.clone(), least, 0));
    }
    let mut by_minute: BTreeMap<(JournalId, i64), usize> = BTreeMap::new();
    for (region, unit) in pledged(world, found) {
        if unit.kind != TransportKind::Bus {
            let minute = (unit.ready.since(now) / 60_000_000).clamp(0, HORIZON);
            *by_minute.entry((region, minute)).or_insert(0) += 1;
        }
    }
    all.extend(by_minute.into_iter().map(|((region, minute), n)| (region, n, minute)));
    all
}

/// Every promised transport that is not released, and whose it is.
pub(super) fn pledged<'w>(world: &'w World, found: &Found<'w>) -> Vec<(JournalId, &'w Unit)> {
    let alarms = &found.journal.shared().alarms;
    let regional =
        |id: &&AlarmId| alarms.issued.get(*id).is_some_and(|one| one.alarm.kind == Kind::Regional);
    let asked = found.held.alarms.iter().filter(regional).map(|id| (id, updates(alarms, id)));
    // Each with its updates once: seen from the newest.
    let asked = asked.filter(|(id, updates)| updates.first() == Some(*id));
    let asked: Vec<_> = asked.map(|(_, updates)| updates).collect();
    let mut all = Vec::new();
    for region in regions(world, &found.journal.id) {
        let (shared, of) = (&region.shared().readiness, &found.journal.id);
        let held = asked.iter().filter_map(|updates| pledge_of(shared, of, updates));
        for (unit, stage, _) in held.flat_map(|(_, held)| held.units.iter()) {
            if *stage != UnitStage::Released {
                all.push((region.id.clone(), unit));
            }
        }
    }
    all
}

/// What a hospital's parts take of each class: theatres the immediate, emergency places the urgent,
/// wards the delayed. What is not known is written so.
const TAKES: [(&str, CareKind); 3] =
    [("P1", CareKind::Theatre), ("P2", CareKind::Emergency), ("P3", CareKind::Ward)];

impl Proposal<'_> {
    /// Hospitals whose distance is known.
    #[must_use]
    pub fn within_reach(&self) -> usize {
        self.hospitals.iter().filter(|one| one.minutes != Known::Unknown).count()
    }

    /// The instance as `samband distribute` takes it; none while casualties, transports or
    /// distances are missing.
    #[must_use]
    pub fn instance(&self, world: &World) -> Option<Value> {
        let casualties: Vec<_> = CLASSES
            .iter()
            .zip(self.counts)
            .filter_map(|((class, ..), count)| {
                let count = count.value().filter(|count| *count > 0)?;
                Some(json!({ "class": class, "count": count }))
            })
            .collect();
        let units: Vec<_> = self
            .units
            .iter()
            .map(|(region, count, ready)| {
                let id = format!("{region} +{ready}");
                json!({ "id": id, "region": region.as_str(), "ready": ready, "count": count })
            })
            .collect();
        let hospitals: Vec<_> =
            self.hospitals.iter().filter_map(|one| Self::place(world, one)).collect();
        if casualties.is_empty() || units.is_empty() || hospitals.is_empty() {
            return None;
        }
        let classes = CLASSES.map(|(class, target, weight)| {
            json!({ "class": class, "target": target, "weight": weight, "in_rate": class != "P3" })
        });
        Some(json!({
            "kind": "primary", "objective": "capacity_and_time", "load": HANDLING,
            "unload": HANDLING, "horizon": HORIZON, "unknown_capacity": "leave_out",
            "classes": classes, "casualties": casualties, "units": units, "hospitals": hospitals,
        }))
    }

    fn place(world: &World, one: &Hospital) -> Option<Value> {
        let minutes = one.minutes.value()?;
        let held = world.journal(&one.region)?.shared().readiness.capacity.get(&one.site)?;
        let at = |kind, horizon| match usable(&held.what, kind, horizon) {
            Known::Value(n) => json!(n),
            Known::Unknown => json!("unknown"),
        };
        let places = TAKES.map(|(class, kind)| {
            json!({
                "class": class, "now": at(kind, Horizon::Now), "h2": at(kind, Horizon::In2),
                "h6": at(kind, Horizon::In6), "h24": at(kind, Horizon::In24),
            })
        });
        let mut place = json!({
            "id": one.site.as_str(), "region": one.region.as_str(),
            "minutes": { "road": minutes }, "places": places,
        });
        // Two and a half hours of an emergency place for one seriously injured (Bayram 2011).
        if let Known::Value(places) = one.emergency {
            place["per_hour"] = json!(places * 2 / 5);
        }
        Some(place)
    }

    /// Plain rules in both orders of classes, by public parameters.
    fn both_orders(&self) -> Option<RuleAnswer> {
        let (immediate, delayed) = (self.counts[0].value()?, self.counts[1].value()?);
        let survival = |beta0: f64, beta1: f64, beta2: f64| json!({ "beta0": beta0, "beta1": beta1, "beta2": beta2 });
        let units: Vec<_> = self
            .units
            .iter()
            .map(|(region, count, ready)| {
                let pledged = *region != self.found.journal.id;
                json!({ "name": format!("{region} +{ready}"), "ready": ready, "count": count,
                    "pledged": pledged })
            })
            .collect();
        let hospitals: Vec<_> = self
            .hospitals
            .iter()
            .filter_map(|one| {
                let (minutes, places) = (one.minutes.value()?, one.emergency.value()?);
                let rate = places * 2 / 5;
                (rate > 0 && minutes > 0).then(
                    || json!({ "id": one.site.as_str(), "minutes": minutes, "per_hour": rate }),
                )
            })
            .collect();
        if units.is_empty() || hospitals.is_empty() || immediate + delayed == 0 {
            return None;
        }
        let instance = json!({
            "kind": "rule_simulation", "load": HANDLING, "unload": HANDLING,
            "immediate": { "count": immediate, "survival": survival(0.351, 35.838, 1.9886) },
            "delayed": { "count": delayed, "survival": survival(0.9124, 213.5976, 2.3445) },
            "units": units, "hospitals": hospitals,
        });
        match solve(&instance) {
            Ok(Some(Answer::RuleSimulation(answer))) => Some(answer),
            _ => None,
        }
    }
}

/// Whether a hospital's figure is older than an hour.
#[must_use]
pub fn old(valid: Time, now: Time) -> bool {
    Fresh::of(valid, now) != Fresh::Fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_survivors_in_the_real_world_until_a_named_role_has_approved_the_parameters() {
        assert!(!survivors_shown(Mode::Real, None));
        assert!(survivors_shown(Mode::Real, Some("mills_penetrating")));
        assert!(survivors_shown(Mode::Exercise, None) && survivors_shown(Mode::Demo, None));
    }
}
