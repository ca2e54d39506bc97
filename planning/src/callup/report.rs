//! The answer: lists to work off, what they are expected to bring, what holds the plan back, and
//! who is called by nobody.

use samband_domain::blood::model::{Group, Sex};
use samband_domain::words::Day;
use serde::Serialize;

use super::model::{Instance, PlaceKind, Pooling};
use super::solve::{Solved, solve};
use super::tail::quantiles;
use crate::progress::{Progress, Stopped};

/// Most lines of what holds a plan back.
const BINDING_MAX: usize = 40;

/// A plan in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Whose demand a donation may meet.
    pub pooling: Pooling,
    /// The weighed sum.
    pub cost: f64,
    /// No plan costs less.
    pub bound: f64,
    /// What the plan saves beside inviting nobody, as a part of the most that can be saved.
    pub share_of_optimum_at_least: f64,
    /// Units wanted.
    pub demand: f64,
    /// Units of demand not met, by group.
    pub short: [f64; 8],
    /// Donations that serve nobody in time.
    pub surplus: f64,
    /// Units given to another group.
    pub substituted: f64,
    /// Invitations.
    pub invitations: u64,
    /// Donations expected.
    pub donations: f64,
    /// By region.
    pub regions: Vec<RegionSummary>,
}

/// A region in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionSummary {
    /// Its id.
    pub region: String,
    /// Active donors.
    pub donors: u32,
    /// Invitations.
    pub invitations: u64,
    /// Donations expected.
    pub donations: f64,
    /// Donations expected per donor.
    pub per_donor: f64,
    /// Donors who are free at some time of the plan and whom nobody calls: willing, and unused.
    pub willing_not_called: f64,
    /// The same by group.
    pub willing_not_called_by_group: [f64; 8],
}

/// A line of a list: so many of a stratum to be invited for a week.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Region.
    pub region: String,
    /// Place.
    pub place: String,
    /// Monday of the week.
    pub week: Day,
    /// Group.
    pub group: Group,
    /// Sex.
    pub sex: Sex,
    /// Response class.
    pub response: String,
    /// To be invited.
    pub invite: u32,
    /// Expected to come.
    pub expected: f64,
}

/// What a week is expected to bring of a group in a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expected {
    /// Region.
    pub region: String,
    /// Monday of the week.
    pub week: Day,
    /// Group.
    pub group: Group,
    /// Mean.
    pub mean: f64,
    /// 5, 25, 50, 75 and 95 percent.
    pub quantiles: [u32; 5],
}

/// A visit of a bus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Visit {
    /// The bus.
    pub bus: String,
    /// The stop.
    pub stop: String,
    /// Monday of the week.
    pub week: Day,
    /// Donors expected to come.
    pub expected: f64,
    /// Donors who can be received.
    pub capacity: f64,
}

/// Something that holds the plan back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// What it is: `capacity`, `donors` or `fairness`.
    pub what: &'static str,
    /// Where: a place, a region and group, or the regions at both ends of the band.
    pub at: String,
    /// Monday of the week; none if it is the whole plan.
    pub week: Option<Day>,
    /// What one more would save, in the weights' unit.
    pub saves: f64,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Title.
    pub title: String,
    /// The plan.
    pub plan: Summary,
    /// The same donors and demand under the other rule: each region for itself, or all for all.
    pub other: Summary,
    /// The lists to work off.
    pub lists: Vec<Line>,
    /// What they are expected to bring.
    pub expected: Vec<Expected>,
    /// The buses' timetable.
    pub visits: Vec<Visit>,
    /// What holds the plan back, the worst first.
    pub binding: Vec<Binding>,
}

/// Makes the plan, and the other one to hold it against.
///
/// # Errors
/// [`Stopped`] if the run was asked to.
pub fn report(instance: &Instance, progress: &Progress) -> Result<Report, Stopped> {
    let other = match instance.pooling {
        Pooling::Local => instance.with_pooling(Pooling::Pooled),
        Pooling::Pooled => instance.with_pooling(Pooling::Local),
    };
    let solved = solve(instance, progress)?;
    let beside = solve(&other, progress)?;
    Ok(Report {
        title: instance.title.clone(),
        plan: summary(instance, &solved),
        other: summary(&other, &beside),
        lists: lists(instance, &solved),
        expected: expected(instance, &solved),
        visits: timetable(instance, &solved),
        binding: binding(instance, &solved),
    })
}

fn monday(instance: &Instance, week: usize) -> Day {
    instance.first.plus_days(u32::try_from(week * 7).unwrap_or(u32::MAX))
}

/// Donors of a stratum who become free and are never invited, if whoever was not called yet is
/// called first.
fn not_called(frees: &[u32], invited: &[u32]) -> f64 {
    let mut fresh = 0.0;
    for (frees, invited) in frees.iter().zip(invited) {
        fresh += f64::from(*frees);
        fresh -= fresh.min(f64::from(*invited));
    }
    fresh
}

fn summary(instance: &Instance, solved: &Solved) -> Summary {
    let outcome = &solved.outcome;
    let mut regions: Vec<RegionSummary> = instance
        .regions
        .iter()
        .zip(&outcome.given)
        .zip(&outcome.per_donor)
        .map(|((region, given), per_donor)| RegionSummary {
            region: region.id.clone(),
            donors: region.donors,
            invitations: 0,
            donations: given.iter().flatten().sum(),
            per_donor: *per_donor,
            willing_not_called: 0.0,
            willing_not_called_by_group: [0.0; 8],
        })
        .collect();
    for (facts, invited) in instance.strata.iter().zip(&solved.plan.invitations) {
        let region = &mut regions[instance.region_of(facts)];
        region.invitations += invited.iter().map(|count| u64::from(*count)).sum::<u64>();
        let unused = not_called(&facts.frees, invited);
        region.willing_not_called += unused;
        region.willing_not_called_by_group[facts.group.index()] += unused;
    }
    let mut short = [0.0; 8];
    for row in outcome.uses.iter().flat_map(|used| &used.short) {
        short.iter_mut().zip(row).for_each(|(sum, units)| *sum += units);
    }
    Summary {
        pooling: instance.pooling,
        cost: outcome.cost,
        bound: solved.bound,
        share_of_optimum_at_least: solved.share(),
        demand: instance.demand.iter().flatten().flatten().sum(),
        short,
        surplus: outcome.uses.iter().flat_map(|used| used.surplus.iter().flatten()).sum(),
        substituted: outcome.uses.iter().map(|used| used.substituted).sum(),
        invitations: outcome.invitations,
        donations: regions.iter().map(|region| region.donations).sum(),
        regions,
    }
}

fn lists(instance: &Instance, solved: &Solved) -> Vec<Line> {
    let mut lines = Vec::new();
    for week in 0..instance.weeks {
        for (facts, invited) in instance.strata.iter().zip(&solved.plan.invitations) {
            if invited[week] > 0 {
                lines.push(Line {
                    region: instance.regions[instance.region_of(facts)].id.clone(),
                    place: instance.places[facts.place].id.clone(),
                    week: monday(instance, week),
                    group: facts.group,
                    sex: facts.sex,
                    response: facts.response.clone(),
                    invite: invited[week],
                    expected: f64::from(invited[week]) * facts.attendance,
                });
            }
        }
    }
    lines
}

fn expected(instance: &Instance, solved: &Solved) -> Vec<Expected> {
    let mut rows = Vec::new();
    for (region, facts) in instance.regions.iter().enumerate() {
        for week in 0..instance.weeks {
            for group in Group::ALL {
                let ours = instance.strata.iter().zip(&solved.plan.invitations);
                let parts: Vec<(u32, f64)> = ours
                    .filter(|(s, _)| s.group == group && instance.region_of(s) == region)
                    .map(|(stratum, invited)| (invited[week], stratum.success()))
                    .filter(|(count, _)| *count > 0)
                    .collect();
                rows.push(Expected {
                    region: facts.id.clone(),
                    week: monday(instance, week),
                    group,
                    mean: solved.outcome.given[region][week][group.index()],
                    quantiles: quantiles(&parts),
                });
            }
        }
    }
    rows
}

fn timetable(instance: &Instance, solved: &Solved) -> Vec<Visit> {
    let mut visits = Vec::new();
    for week in 0..instance.weeks {
        for (place, facts) in instance.places.iter().enumerate() {
            let PlaceKind::Stop { bus, .. } = facts.kind else { continue };
            if solved.plan.open[place][week] {
                visits.push(Visit {
                    bus: instance.buses[bus].id.clone(),
                    stop: facts.id.clone(),
                    week: monday(instance, week),
                    expected: solved.outcome.coming[place][week],
                    capacity: facts.capacity[week],
                });
            }
        }
    }
    visits
}

fn binding(instance: &Instance, solved: &Solved) -> Vec<Binding> {
    let mut found = Vec::new();
    let invitation = instance.weights.invitation;
    for (place, facts) in instance.places.iter().enumerate() {
        for week in 0..instance.weeks {
            let full = solved.outcome.coming[place][week] + 1.0 > facts.capacity[week];
            let saves = solved.seats[place][week];
            if full && solved.plan.open[place][week] && saves > invitation {
                let week = Some(monday(instance, week));
                found.push(Binding { what: "capacity", at: facts.id.clone(), week, saves });
            }
        }
    }
    for pool in 0..instance.pools() {
        for group in Group::ALL {
            let worth = |week: &[f64; 8]| week[group.index()];
            let mean = solved.units[pool].iter().map(worth).sum::<f64>() / instance.weeks as f64;
            let short = &solved.outcome.uses[pool].short;
            let lacks: f64 = short.iter().map(|row| row[group.index()]).sum();
            if lacks > 0.5 {
                let who = match instance.pooling {
                    Pooling::Pooled => "all regions",
                    Pooling::Local => instance.regions[pool].id.as_str(),
                };
                let at = format!("{who}, {}", group.text());
                found.push(Binding { what: "donors", at, week: None, saves: mean });
            }
        }
    }
    if let Some(band) = instance.band.filter(|_| instance.shares_fairly()) {
        let per_donor = &solved.outcome.per_donor;
        let order = |a: &usize, b: &usize| per_donor[*a].total_cmp(&per_donor[*b]);
        let least = (0..per_donor.len()).min_by(order).unwrap_or(0);
        let most = (0..per_donor.len()).max_by(order).unwrap_or(0);
        if per_donor[least] <= band * per_donor[most] * 1.01 {
            let id = |region: usize| &instance.regions[region].id;
            let at = format!("{} beside {}", id(least), id(most));
            found.push(Binding { what: "fairness", at, week: None, saves: 0.0 });
        }
    }
    found.sort_by(|a, b| {
        b.saves.total_cmp(&a.saves).then(a.at.cmp(&b.at)).then(a.week.cmp(&b.week))
    });
    found.truncate(BINDING_MAX);
    found
}
