//! Strata made of shares, where a file states a mix and not every stratum: whole donors, and each
//! region's number exactly.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Group, Sex};
use serde::Deserialize;

use super::document::{BySex, CallupError, RulesPart, fault};
use super::model::{Place, Region, Stratum};

/// A response class.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    name: String,
    share: f64,
    attendance: f64,
}

/// What donors are like, the same everywhere.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mix {
    groups: BTreeMap<Group, f64>,
    female: f64,
    deferral: BySex,
}

impl Mix {
    pub(super) const fn groups(&self) -> &BTreeMap<Group, f64> {
        &self.groups
    }
}

/// What strata are made from.
pub(super) struct Whole<'a> {
    pub(super) weeks: usize,
    pub(super) regions: &'a [Region],
    pub(super) given: &'a [Option<u32>],
    pub(super) places: &'a [Place],
    pub(super) shares: &'a [f64],
    pub(super) responses: &'a [Response],
    pub(super) rules: &'a RulesPart,
}

/// Shares of the eight groups, which must be all of it.
pub(super) fn shares(groups: &BTreeMap<Group, f64>, field: &str) -> Result<[f64; 8], CallupError> {
    let mut shares = [0.0; 8];
    for (group, share) in groups {
        shares[group.index()] = *share;
    }
    let sum: f64 = shares.iter().sum();
    if shares.iter().any(|share| !(0.0..=1.0).contains(share)) || (sum - 1.0).abs() > 1e-6 {
        return Err(fault(format!("{field}: groups"), format!("shares that sum to 1, not {sum}")));
    }
    Ok(shares)
}

/// Whole numbers from a running sum of fractions: what is left over goes to the next.
#[derive(Default)]
struct Carry {
    sum: f64,
    done: u32,
}

impl Carry {
    fn next(&mut self, more: f64) -> u32 {
        self.sum += more;
        let whole = (self.sum + 1e-6).floor() as u32;
        let now = whole - self.done;
        self.done = whole;
        now
    }
}

/// Makes the strata of every place.
pub(super) fn strata(whole: &Whole<'_>, mix: &Mix) -> Result<Vec<Stratum>, CallupError> {
    let groups = shares(&mix.groups, "mix")?;
    let responses: f64 = whole.responses.iter().map(|response| response.share).sum();
    if (responses - 1.0).abs() > 1e-6 {
        return Err(fault("response.share", format!("shares that sum to 1, not {responses}")));
    }
    if !(0.0..=1.0).contains(&mix.female) {
        return Err(fault("mix.female", "a share from 0 to 1"));
    }
    for response in whole.responses {
        if !(response.attendance > 0.0 && response.attendance <= 1.0) {
            let field = format!("response {}: attendance", response.name);
            return Err(fault(field, "a probability above 0"));
        }
    }
    let deferrals = [mix.deferral.of(Sex::Female), mix.deferral.of(Sex::Male)];
    if deferrals.iter().any(|deferral| !(0.0..1.0).contains(deferral)) {
        return Err(fault("mix.deferral", "probabilities below 1"));
    }
    let mut strata = Vec::new();
    for (at, region) in whole.regions.iter().enumerate() {
        let places = || (0..whole.places.len()).filter(|p| whole.places[*p].region == at);
        let sum: f64 = places().map(|place| whole.shares[place]).sum();
        if (sum - 1.0).abs() > 1e-6 {
            let what = format!("its places' shares of donors sum to {sum}, not 1");
            return Err(fault(format!("region {}", region.id), what));
        }
        let year = f64::from(whole.given[at].unwrap_or(0)) / f64::from(region.donors.max(1));
        let mut count = Carry::default();
        let mut carry = Carry::default();
        for place in places() {
            for group in Group::ALL {
                for (sex, part) in [(Sex::Female, mix.female), (Sex::Male, 1.0 - mix.female)] {
                    for response in whole.responses {
                        let share = whole.shares[place] * groups[group.index()] * part;
                        let donors = count.next(f64::from(region.donors) * share * response.share);
                        let interval_weeks = whole.rules.interval_weeks(sex);
                        strata.push(Stratum {
                            place,
                            group,
                            sex,
                            response: response.name.clone(),
                            attendance: response.attendance,
                            deferral: mix.deferral.of(sex),
                            interval_weeks,
                            quiet_weeks: whole.rules.quiet_weeks(),
                            frees: frees(donors, year, interval_weeks, whole.weeks, &mut carry),
                            donors,
                        });
                    }
                }
            }
        }
    }
    strata.retain(|stratum| stratum.donors > 0);
    Ok(strata)
}

/// When donors become free who gave `year` times a year each, spread evenly over the weeks: those
/// of the last interval one week after the other, everybody else at once.
fn frees(donors: u32, year: f64, interval: usize, weeks: usize, carry: &mut Carry) -> Vec<u32> {
    let weekly = f64::from(donors) * (year / 52.0).min(1.0 / interval as f64);
    let mut left = donors;
    let mut later = Vec::new();
    for _ in 1..interval {
        let now = carry.next(weekly).min(left);
        left -= now;
        later.push(now);
    }
    let mut frees = vec![left];
    frees.extend(later);
    frees.resize(weeks.max(interval), 0);
    frees.truncate(weeks);
    frees
}
