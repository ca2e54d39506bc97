//! The picture: what the regions' figures say together.
//!
//! Built from [`Shared`] alone, joined at reading. Ratios are exact; rounding is the reader's.

use std::cmp::Ordering;

use serde::Serialize;

use super::model::{Figure, Measure};
use super::state::Shared;
use crate::words::{JournalId, Known, Period};

/// The national goal: active donors as a share of those aged 18–64 (mission A45), in percent.
pub const GOAL_PERCENT: u64 = 5;

/// An exact fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Above the line.
    pub numerator: i128,
    /// Below the line; greater than zero.
    pub denominator: i128,
}

impl Ratio {
    /// A fraction; unknown if the denominator is zero.
    #[must_use]
    pub fn of(numerator: i128, denominator: i128) -> Known<Self> {
        if denominator > 0 { Known::Value(Self { numerator, denominator }) } else { Known::Unknown }
    }

    /// The nearest floating-point number, for interfaces that want one.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The nearest whole number; halves away from zero.
    #[must_use]
    pub fn rounded(&self) -> i128 {
        let (n, d) = (self.numerator, self.denominator);
        let half = if n < 0 { -d } else { d };
        n.saturating_mul(2).saturating_add(half) / d.saturating_mul(2)
    }

    // Another journal may state any number: arithmetic on it saturates and never stops the page.
    fn compare(&self, other: &Self) -> Ordering {
        let mine = self.numerator.saturating_mul(other.denominator);
        mine.cmp(&other.numerator.saturating_mul(self.denominator))
    }
}

/// What one region's figures of a period say; or all regions' together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Inhabitants.
    pub population: Known<u64>,
    /// Inhabitants aged 18–64.
    pub population_18_64: Known<u64>,
    /// Active donors.
    pub active_donors: Known<u64>,
    /// Whole-blood donations.
    pub whole_blood_donations: Known<u64>,
    /// Active donors per inhabitant.
    pub active_share: Known<Ratio>,
    /// Active donors per inhabitant aged 18–64.
    pub active_share_18_64: Known<Ratio>,
    /// Donations per active donor.
    pub donations_per_donor: Known<Ratio>,
    /// Donations per 1000 inhabitants.
    pub donations_per_1000: Known<Ratio>,
    /// Donors that the goal asks for.
    pub donors_at_goal: Known<Ratio>,
    /// Donors missing to the goal; negative beyond it.
    pub donors_to_goal: Known<Ratio>,
    /// Donations more if every donor gave as often as in the region where they give most.
    pub even_use_gain: Known<Ratio>,
}

/// What one region's university care takes of all that is used together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UniversityShare {
    /// Whose university care.
    pub region: JournalId,
    /// Of which component.
    pub measure: Measure,
    /// The share.
    pub share: Ratio,
}

/// The shares that university care takes, as far as any region states them for a period.
#[must_use]
pub fn university_shares(regions: &[(JournalId, &Shared)], period: Period) -> Vec<UniversityShare> {
    let shares = Measure::ALL.iter().filter(|measure| measure.is_permille());
    let stated = shares.flat_map(|measure| {
        regions.iter().filter_map(move |(region, shared)| {
            let value = shared.figures.get(&(*measure, period))?.value.value()?;
            let share = Ratio { numerator: i128::from(value), denominator: 1_000 };
            Some(UniversityShare { region: region.clone(), measure: *measure, share })
        })
    });
    stated.collect()
}

/// One region in the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegionLine {
    /// Whose.
    pub region: JournalId,
    /// What the figures say.
    pub line: Line,
    /// The figures in force with their provenance, by measure.
    pub figures: Vec<(Measure, Figure)>,
}

/// The picture of several regions for one period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// For when.
    pub period: Period,
    /// Each region.
    pub regions: Vec<RegionLine>,
    /// All together; unknown where any region's is.
    pub total: Line,
    /// The region whose donors give most often, and how often: what "even use" means.
    pub highest_use: Known<(JournalId, Ratio)>,
}

/// Joins the regions' figures of a period.
#[must_use]
pub fn picture(regions: &[(JournalId, &Shared)], period: Period) -> Picture {
    let counts: Vec<_> = regions.iter().map(|(_, shared)| counts(shared, period)).collect();
    let mut highest: Known<(JournalId, Ratio)> = Known::Unknown;
    for ((region, _), count) in regions.iter().zip(&counts) {
        if let Known::Value(use_) = count.use_per_donor() {
            let beaten = highest
                .as_ref()
                .value()
                // Among equals the first by name, whatever order the regions come in.
                .is_none_or(|(holder, top)| {
                    use_.compare(top).then_with(|| holder.cmp(region)) == Ordering::Greater
                });
            if beaten {
                highest = Known::Value((region.clone(), use_));
            }
        }
    }
    let top = highest.as_ref().map(|(_, ratio)| *ratio);
    let lines = regions.iter().zip(&counts).map(|((region, shared), count)| RegionLine {
        region: region.clone(),
        line: count.line(top),
        figures: Measure::ALL
            .iter()
            .filter_map(|m| shared.figures.get(&(*m, period)).map(|f| (*m, f.clone())))
            .collect(),
    });
    let total = counts.iter().copied().reduce(Counts::plus).unwrap_or(Counts::NONE).line(top);
    Picture { period, regions: lines.collect(), total, highest_use: highest }
}

/// The periods for which any region has a figure, newest first.
#[must_use]
pub fn periods(regions: &[(JournalId, &Shared)]) -> Vec<Period> {
    let mut periods: Vec<_> = regions
        .iter()
        .flat_map(|(_, shared)| shared.figures.keys().map(|(_, period)| *period))
        .collect();
    periods.sort_by_key(|period| std::cmp::Reverse((period.end(), *period)));
    periods.dedup();
    periods
}

#[derive(Clone, Copy)]
struct Counts {
    population: Known<u64>,
    population_18_64: Known<u64>,
    active: Known<u64>,
    donations: Known<u64>,
}

fn counts(shared: &Shared, period: Period) -> Counts {
    let get = |measure| {
        shared.figures.get(&(measure, period)).map_or(Known::Unknown, |figure| figure.value)
    };
    Counts {
        population: get(Measure::Population),
        population_18_64: get(Measure::Population1864),
        active: get(Measure::ActiveDonors),
        donations: get(Measure::WholeBloodDonations),
    }
}

impl Counts {
    const NONE: Self = Self {
        population: Known::Unknown,
        population_18_64: Known::Unknown,
        active: Known::Unknown,
        donations: Known::Unknown,
    };

    fn plus(self, other: Self) -> Self {
        let add = |a: Known<u64>, b: Known<u64>| a.with(b, u64::saturating_add);
        Self {
            population: add(self.population, other.population),
            population_18_64: add(self.population_18_64, other.population_18_64),
            active: add(self.active, other.active),
            donations: add(self.donations, other.donations),
        }
    }

    fn use_per_donor(&self) -> Known<Ratio> {
        ratio(self.donations, self.active, 1)
    }

    fn line(&self, top: Known<Ratio>) -> Line {
        let goal = self.population_18_64.map(|base| Ratio {
            numerator: i128::from(base) * i128::from(GOAL_PERCENT),
            denominator: 100,
        });
        let to_goal = goal.with(self.active, |goal, active| Ratio {
            numerator: goal.numerator - i128::from(active) * goal.denominator,
            denominator: goal.denominator,
        });
        let gain = match (top, self.active, self.donations) {
            (Known::Value(top), Known::Value(active), Known::Value(donations)) => {
                let even = i128::from(active).saturating_mul(top.numerator);
                let given = i128::from(donations).saturating_mul(top.denominator);
                Ratio::of(even.saturating_sub(given), top.denominator)
            }
            _ => Known::Unknown,
        };
        Line {
            population: self.population,
            population_18_64: self.population_18_64,
            active_donors: self.active,
            whole_blood_donations: self.donations,
            active_share: ratio(self.active, self.population, 1),
            active_share_18_64: ratio(self.active, self.population_18_64, 1),
            donations_per_donor: self.use_per_donor(),
            donations_per_1000: ratio(self.donations, self.population, 1_000),
            donors_at_goal: goal,
            donors_to_goal: to_goal,
            even_use_gain: gain,
        }
    }
}

fn ratio(above: Known<u64>, below: Known<u64>, per: i128) -> Known<Ratio> {
    match (above, below) {
        (Known::Value(above), Known::Value(below)) => {
            Ratio::of(i128::from(above) * per, i128::from(below))
        }
        _ => Known::Unknown,
    }
}
