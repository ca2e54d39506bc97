//! The answer of a comparison: what the command line prints as JSON and the page shows.

use serde::Serialize;

use super::estimate::Estimate;
use super::marks::{Mark, Row};
use super::measures::{Measure, Measures, REGION, WHOLE};
use super::model::{CallUp, Policy, Transfers, World};
use super::run::Amount;

/// A figure with its key.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Which measure.
    pub key: &'static str,
    /// Mean and confidence, for a year.
    #[serde(flatten)]
    pub estimate: Estimate,
    /// The paired difference to the first policy; none for that one itself.
    pub against_first: Option<Estimate>,
}

/// Figures of a region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OfRegion {
    /// Its short name.
    pub id: String,
    /// Its name.
    pub name: String,
    /// In the order of [`REGION`].
    pub figures: Vec<Figure>,
}

/// A policy's answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Case {
    /// `self`, `joint`, `priced` or `today`.
    pub name: String,
    /// Price of a unit over 100 km; none where nothing may leave a region.
    pub price: Option<f64>,
    /// `local`, `pooled` or `today`.
    pub callup: &'static str,
    /// In the order of [`WHOLE`].
    pub figures: Vec<Figure>,
    /// By region.
    pub regions: Vec<OfRegion>,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The scenario's title.
    pub scenario: String,
    /// What the scenario says of itself.
    pub about: String,
    /// The change laid over it.
    pub variant: Option<String>,
    /// Years counted.
    pub years: u32,
    /// Replications of each policy.
    pub replications: u32,
    /// What everything was drawn from.
    pub seed: u64,
    /// Events of one replication of the first policy, counted days only.
    pub events: u64,
    /// The policies, the first of them the one that the others are compared with.
    pub cases: Vec<Case>,
    /// One supply over the price of transport, each compared with the first policy.
    pub curve: Vec<Case>,
    /// Every number of the scenario with its mark.
    pub marks: Vec<Row>,
    /// The measures.
    pub measures: Vec<Measure>,
    /// The regions' measures.
    pub region_measures: Vec<Measure>,
}

/// A policy and its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// `self`, `joint`, `priced` or `today`.
    pub name: String,
    /// The policy.
    pub policy: Policy,
}

impl Named {
    /// A policy by its name.
    #[must_use]
    pub fn by_name(name: &str, world: &World) -> Option<Self> {
        let policy = match name {
            "self" => Policy::SELF,
            "joint" => Policy::JOINT,
            "priced" => Policy::priced(world.price),
            "today" => Policy { transfers: Transfers::Priced(world.price), callup: CallUp::Today },
            _ => return None,
        };
        Some(Self { name: name.to_owned(), policy })
    }

    /// The same with another way to call donors, where donors are called for all.
    #[must_use]
    pub fn calling(mut self, callup: CallUp) -> Self {
        if self.policy.callup == CallUp::Pooled {
            self.policy.callup = callup;
        }
        self
    }
}

/// A policy's answer beside the first one's.
#[must_use]
pub fn case(
    world: &World,
    named: &Named,
    results: &[Measures],
    first: Option<&[Measures]>,
) -> Case {
    let figure = |key: &'static str, of: &dyn Fn(&Measures) -> f64| Figure {
        key,
        estimate: Estimate::of(results.iter().map(of)),
        against_first: first
            .map(|first| Estimate::of(results.iter().zip(first).map(|(a, b)| of(a) - of(b)))),
    };
    let whole = WHOLE.iter().enumerate();
    let regions = world.regions.iter().enumerate().map(|(region, spec)| OfRegion {
        id: spec.id.clone(),
        name: spec.name.clone(),
        figures: REGION
            .iter()
            .enumerate()
            .map(|(n, measure)| figure(measure.key, &|one: &Measures| one.regions[region][n]))
            .collect(),
    });
    Case {
        name: named.name.clone(),
        price: match named.policy.transfers {
            Transfers::Closed => None,
            Transfers::Priced(price) => Some(price),
        },
        callup: match named.policy.callup {
            CallUp::Local => "local",
            CallUp::Pooled => "pooled",
            CallUp::Today => "today",
        },
        figures: whole
            .map(|(n, measure)| figure(measure.key, &|one: &Measures| one.whole[n]))
            .collect(),
        regions: regions.collect(),
    }
}

impl Report {
    /// The answer of a run over policies and, after them, prices.
    #[must_use]
    pub fn new(
        (scenario, about, variant): (&str, &str, Option<&str>),
        world: &World,
        (named, prices): (&[Named], &[Named]),
        results: &[Vec<Measures>],
        (amount, marks): (Amount, Vec<Row>),
    ) -> Self {
        let first = results.first().map(Vec::as_slice);
        let case =
            |n: usize, named: &Named| case(world, named, &results[n], first.filter(|_| n > 0));
        Self {
            scenario: scenario.to_owned(),
            about: about.to_owned(),
            variant: variant.map(str::to_owned),
            years: amount.years,
            replications: amount.replications,
            seed: amount.seed,
            events: first.and_then(<[_]>::first).map_or(0, |one| one.events),
            cases: named.iter().enumerate().map(|(n, named)| case(n, named)).collect(),
            curve: prices
                .iter()
                .enumerate()
                .map(|(n, price)| case(named.len() + n, price))
                .collect(),
            marks,
            measures: WHOLE.to_vec(),
            region_measures: REGION.to_vec(),
        }
    }
}

impl Case {
    /// A figure by its key.
    #[must_use]
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.key == key)
    }

    /// A region by its short name.
    #[must_use]
    pub fn region(&self, id: &str) -> Option<&OfRegion> {
        self.regions.iter().find(|region| region.id == id)
    }
}

impl OfRegion {
    /// A figure by its key.
    #[must_use]
    pub fn figure(&self, key: &str) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.key == key)
    }
}

impl Report {
    /// A policy's answer by its name.
    #[must_use]
    pub fn case(&self, name: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.name == name)
    }

    /// How many numbers of the scenario have a mark.
    #[must_use]
    pub fn marked(&self, mark: Mark) -> usize {
        self.marks.iter().filter(|row| row.mark == mark).count()
    }
}
