//! A call-up file: TOML text to an [`Instance`]. `docs/planning/callup.md` describes it.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Group, Sex};
use samband_domain::words::Day;
use serde::Deserialize;

use super::expand;
use super::model::{Bus, Instance, Place, PlaceKind, Pooling, Region, Stratum, WEEKS_MAX, Weights};

/// Most strata of a plan.
const STRATA_MAX: usize = 200_000;

/// What is wrong with a call-up file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallupError {
    /// It is not TOML of the described form.
    #[error("not a call-up file: {0}")]
    Form(String),
    /// A value cannot be.
    #[error("{field}: {what}")]
    Value {
        /// Where it stands.
        field: String,
        /// What is wrong with it and what to do.
        what: String,
    },
}

pub(super) fn fault(field: impl Into<String>, what: impl Into<String>) -> CallupError {
    CallupError::Value { field: field.into(), what: what.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    plan: PlanPart,
    rules: RulesPart,
    weights: WeightsPart,
    #[serde(default)]
    response: Vec<expand::Response>,
    mix: Option<expand::Mix>,
    region: Vec<RegionPart>,
    #[serde(default)]
    place: Vec<PlacePart>,
    #[serde(default)]
    bus: Vec<BusPart>,
    #[serde(default)]
    stop: Vec<StopPart>,
    #[serde(default)]
    stratum: Vec<StratumPart>,
    demand: Vec<DemandPart>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanPart {
    title: String,
    first_week: Day,
    weeks: usize,
    pooling: Pooling,
    fairness_band: Option<f64>,
    capacity_factor: Option<Weekly>,
}

/// What the rules of intervals come to, in whole weeks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RulesPart {
    interval_days: BySex,
    donations_per_year: BySex,
    quiet_weeks: usize,
    keeps_weeks: usize,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BySex {
    female: f64,
    male: f64,
}

impl BySex {
    pub(super) const fn of(self, sex: Sex) -> f64 {
        match sex {
            Sex::Female => self.female,
            Sex::Male => self.male,
        }
    }
}

impl RulesPart {
    /// Weeks between two donations that keep the interval and, whatever the year began with, the
    /// number of donations in any year.
    pub(super) fn interval_weeks(&self, sex: Sex) -> usize {
        let days = self.interval_days.of(sex).max(365.0 / self.donations_per_year.of(sex));
        (days / 7.0).ceil() as usize
    }

    pub(super) const fn quiet_weeks(&self) -> usize {
        self.quiet_weeks
    }

    fn check(&self, weeks: usize) -> Result<(), CallupError> {
        for sex in [Sex::Female, Sex::Male] {
            let (days, year) = (self.interval_days.of(sex), self.donations_per_year.of(sex));
            if !(7.0..=365.0).contains(&days) {
                return Err(fault("rules.interval_days", "write 7 to 365 days"));
            }
            if !(1.0..=52.0).contains(&year) {
                return Err(fault("rules.donations_per_year", "write 1 to 52"));
            }
        }
        if self.quiet_weeks == 0 || self.quiet_weeks > 52 {
            return Err(fault("rules.quiet_weeks", "write 1 to 52 weeks"));
        }
        if self.keeps_weeks >= weeks {
            return Err(fault("rules.keeps_weeks", "a donation keeps less long than the plan"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightsPart {
    shortage: f64,
    #[serde(default)]
    shortage_by_group: BTreeMap<Group, f64>,
    substitution: f64,
    holding: f64,
    surplus: f64,
    invitation: f64,
    unevenness: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionPart {
    id: String,
    donors: u32,
    donations_per_year: Option<u32>,
}

/// A number for all weeks, or one for each.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Weekly {
    Same(f64),
    Each(Vec<f64>),
}

impl Weekly {
    fn read(&self, weeks: usize, field: &str) -> Result<Vec<f64>, CallupError> {
        let values = match self {
            Self::Same(value) => vec![*value; weeks],
            Self::Each(values) if values.len() == weeks => values.clone(),
            Self::Each(values) => {
                let what = format!("{} numbers for {weeks} weeks", values.len());
                return Err(fault(field, what));
            }
        };
        if values.iter().any(|value| !(0.0..=1e7).contains(value)) {
            return Err(fault(field, "write numbers from 0 to ten million"));
        }
        Ok(values)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacePart {
    id: String,
    region: String,
    capacity: Weekly,
    #[serde(default)]
    share: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BusPart {
    id: String,
    hours: Weekly,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StopPart {
    id: String,
    region: String,
    bus: String,
    capacity: Weekly,
    hours: f64,
    every_weeks: usize,
    #[serde(default)]
    share: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StratumPart {
    place: String,
    group: Group,
    sex: Sex,
    response: String,
    attendance: f64,
    deferral: f64,
    donors: u32,
    frees: Vec<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandPart {
    region: String,
    units: Weekly,
    groups: Option<BTreeMap<Group, f64>>,
}

/// Reads a call-up file.
///
/// # Errors
/// [`CallupError`] says which field, and what to do.
pub fn read(text: &str) -> Result<Instance, CallupError> {
    let document: Document =
        toml::from_str(text).map_err(|error| CallupError::Form(error.to_string()))?;
    let weeks = document.plan.weeks;
    if weeks == 0 || weeks > WEEKS_MAX {
        return Err(fault("plan.weeks", format!("write 1 to {WEEKS_MAX} weeks")));
    }
    if document.plan.fairness_band.is_some_and(|band| !(0.0..=1.0).contains(&band)) {
        return Err(fault("plan.fairness_band", "a ratio from 0 to 1"));
    }
    document.rules.check(weeks)?;
    let regions: Vec<Region> = document
        .region
        .iter()
        .map(|part| Region { id: part.id.clone(), donors: part.donors })
        .collect();
    once(regions.iter().map(|region| region.id.as_str()), "region.id")?;
    let buses = buses(&document, weeks)?;
    let (mut places, shares) = places(&document, weeks, &regions, &buses)?;
    if let Some(factor) = &document.plan.capacity_factor {
        let factor = factor.read(weeks, "plan.capacity_factor")?;
        for place in &mut places {
            place.capacity.iter_mut().zip(&factor).for_each(|(seats, factor)| *seats *= factor);
        }
    }
    let mut strata = strata(&document, weeks, &places)?;
    if let Some(mix) = &document.mix {
        let given: Vec<_> = document.region.iter().map(|part| part.donations_per_year).collect();
        let whole = expand::Whole {
            weeks,
            regions: &regions,
            given: &given,
            places: &places,
            shares: &shares,
            responses: &document.response,
            rules: &document.rules,
        };
        strata.extend(expand::strata(&whole, mix)?);
    }
    if strata.is_empty() || strata.len() > STRATA_MAX {
        return Err(fault(
            "stratum",
            format!("1 to {STRATA_MAX} strata, or a mix to make them of"),
        ));
    }
    enough(&regions, &places, &strata)?;
    Ok(Instance {
        title: document.plan.title.clone(),
        first: document.plan.first_week,
        weeks,
        pooling: document.plan.pooling,
        band: document.plan.fairness_band,
        keeps_weeks: document.rules.keeps_weeks,
        demand: demand(&document, weeks, &regions)?,
        weights: weights(&document.weights)?,
        regions,
        places,
        buses,
        strata,
    })
}

/// A region has no fewer donors than its strata.
fn enough(regions: &[Region], places: &[Place], strata: &[Stratum]) -> Result<(), CallupError> {
    for (at, region) in regions.iter().enumerate() {
        let ours = strata.iter().filter(|stratum| places[stratum.place].region == at);
        let donors: u64 = ours.map(|stratum| u64::from(stratum.donors)).sum();
        if donors > u64::from(region.donors) {
            let what = format!("{} donors, but its strata have {donors}", region.donors);
            return Err(fault(format!("region {}", region.id), what));
        }
    }
    Ok(())
}

fn once<'a>(ids: impl Iterator<Item = &'a str>, field: &str) -> Result<(), CallupError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if id.is_empty() || !seen.insert(id) {
            return Err(fault(field, format!("“{id}” is empty or stands there twice")));
        }
    }
    Ok(())
}

fn find(ids: &[&str], id: &str, field: &str) -> Result<usize, CallupError> {
    let known = || fault(field, format!("no “{id}” here; known: {}", ids.join(", ")));
    ids.iter().position(|known| *known == id).ok_or_else(known)
}

fn buses(document: &Document, weeks: usize) -> Result<Vec<Bus>, CallupError> {
    once(document.bus.iter().map(|bus| bus.id.as_str()), "bus.id")?;
    let read = |part: &BusPart| {
        let hours = part.hours.read(weeks, &format!("bus {}: hours", part.id))?;
        Ok(Bus { id: part.id.clone(), hours })
    };
    document.bus.iter().map(read).collect()
}

/// The places, and what share of their region's donors each has.
fn places(
    document: &Document,
    weeks: usize,
    regions: &[Region],
    buses: &[Bus],
) -> Result<(Vec<Place>, Vec<f64>), CallupError> {
    let region_ids: Vec<_> = regions.iter().map(|region| region.id.as_str()).collect();
    let bus_ids: Vec<_> = buses.iter().map(|bus| bus.id.as_str()).collect();
    let (mut places, mut shares) = (Vec::new(), Vec::new());
    for part in &document.place {
        let field = |name: &str| format!("place {}: {name}", part.id);
        places.push(Place {
            id: part.id.clone(),
            region: find(&region_ids, &part.region, &field("region"))?,
            capacity: part.capacity.read(weeks, &field("capacity"))?,
            kind: PlaceKind::Fixed,
        });
        shares.push(part.share);
    }
    for part in &document.stop {
        let field = |name: &str| format!("stop {}: {name}", part.id);
        if !(0.0..=168.0).contains(&part.hours) || part.every_weeks == 0 {
            return Err(fault(field("hours"), "0 to 168 hours, and every_weeks from 1"));
        }
        let kind = PlaceKind::Stop {
            bus: find(&bus_ids, &part.bus, &field("bus"))?,
            hours: part.hours,
            every_weeks: part.every_weeks,
        };
        places.push(Place {
            id: part.id.clone(),
            region: find(&region_ids, &part.region, &field("region"))?,
            capacity: part.capacity.read(weeks, &field("capacity"))?,
            kind,
        });
        shares.push(part.share);
    }
    once(places.iter().map(|place| place.id.as_str()), "place.id")?;
    if let Some(at) = shares.iter().position(|share| !(0.0..=1.0).contains(share)) {
        return Err(fault(format!("{}: share", places[at].id), "a share from 0 to 1"));
    }
    Ok((places, shares))
}

fn strata(
    document: &Document,
    weeks: usize,
    places: &[Place],
) -> Result<Vec<Stratum>, CallupError> {
    let ids: Vec<_> = places.iter().map(|place| place.id.as_str()).collect();
    let mut strata = Vec::new();
    for (at, part) in document.stratum.iter().enumerate() {
        let field = |name: &str| format!("stratum {}: {name}", at + 1);
        if part.frees.len() != weeks {
            return Err(fault(field("frees"), format!("write {weeks} numbers, one a week")));
        }
        let free: u64 = part.frees.iter().map(|count| u64::from(*count)).sum();
        if free > u64::from(part.donors) {
            return Err(fault(field("frees"), "more become free than there are donors"));
        }
        if !(part.attendance > 0.0 && part.attendance <= 1.0) {
            return Err(fault(field("attendance"), "a probability above 0"));
        }
        if !(0.0..1.0).contains(&part.deferral) {
            return Err(fault(field("deferral"), "a probability below 1"));
        }
        strata.push(Stratum {
            place: find(&ids, &part.place, &field("place"))?,
            group: part.group,
            sex: part.sex,
            response: part.response.clone(),
            attendance: part.attendance,
            deferral: part.deferral,
            interval_weeks: document.rules.interval_weeks(part.sex),
            quiet_weeks: document.rules.quiet_weeks,
            frees: part.frees.clone(),
            donors: part.donors,
        });
    }
    Ok(strata)
}

fn demand(
    document: &Document,
    weeks: usize,
    regions: &[Region],
) -> Result<Vec<Vec<[f64; 8]>>, CallupError> {
    let ids: Vec<_> = regions.iter().map(|region| region.id.as_str()).collect();
    let mut demand = vec![vec![[0.0; 8]; weeks]; regions.len()];
    for part in &document.demand {
        let field = format!("demand of {}", part.region);
        let region = find(&ids, &part.region, &field)?;
        let units = part.units.read(weeks, &field)?;
        let groups =
            part.groups.as_ref().or_else(|| document.mix.as_ref().map(expand::Mix::groups));
        let groups = groups.ok_or_else(|| fault(&field, "needs groups, or a mix that has them"))?;
        let shares = expand::shares(groups, &field)?;
        for (row, units) in demand[region].iter_mut().zip(units) {
            for (sum, share) in row.iter_mut().zip(shares) {
                *sum += units * share;
            }
        }
    }
    Ok(demand)
}

fn weights(part: &WeightsPart) -> Result<Weights, CallupError> {
    let mut shortage = [part.shortage; 8];
    for (group, weight) in &part.shortage_by_group {
        shortage[group.index()] = *weight;
    }
    let others = [part.substitution, part.holding, part.surplus, part.invitation, part.unevenness];
    if shortage.iter().chain(&others).any(|weight| !(0.0..=1e6).contains(weight)) {
        return Err(fault("weights", "write numbers from 0 to a million"));
    }
    if shortage.iter().all(|weight| *weight <= 0.0) {
        return Err(fault(
            "weights.shortage",
            "a plan for which no shortage counts invites nobody",
        ));
    }
    Ok(Weights {
        shortage,
        substitution: part.substitution,
        holding: part.holding,
        surplus: part.surplus,
        invitation: part.invitation,
        unevenness: part.unevenness,
    })
}
