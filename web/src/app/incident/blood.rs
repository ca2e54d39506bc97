//! The blood of an incident: what is expected to be used, how many hours each region's stock
//! covers, who can send what and when it arrives, and what was ordered and used.

mod gather;
mod send;

use samband_domain::blood::model::{Abo, Component, Group, Rhd};
use samband_domain::blood::view::picture::DemandShown;
use samband_domain::readiness::model::Field;
use samband_domain::rulesets::{InForce, Scope, key};
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;
use samband_planning::casualty_blood::{
    Arrival, Casualties, Cover, Curve, Estimate, Parameters, estimate,
};
use serde::Serialize;

pub use self::send::{Donors, Orders, Run, Sender, donors, orders, senders, switchers};
use super::{Found, Told};

/// O RhD positive.
pub(super) const O_POS: Group = Group::new(Abo::O, Rhd::Positive);

/// What is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// By which curve it comes.
    pub curve: Curve,
}

/// What is covered or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// Red cells of all groups.
    RedCells,
    /// Red cells, O RhD negative.
    ONegative,
    /// Red cells, O RhD positive.
    OPositive,
    /// Both together, where the region's rules let one stand in for the other.
    OTogether,
    /// Plasma.
    Plasma,
    /// Platelets.
    Platelets,
}

impl Line {
    /// Every line, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::RedCells,
        Self::ONegative,
        Self::OPositive,
        Self::OTogether,
        Self::Plasma,
        Self::Platelets,
    ];

    /// The line in message keys and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RedCells => "red_cells",
            Self::ONegative => "o_negative",
            Self::OPositive => "o_positive",
            Self::OTogether => "o_together",
            Self::Plasma => "plasma",
            Self::Platelets => "platelets",
        }
    }

    /// What of the stock it is made of.
    #[must_use]
    pub fn of(self) -> Vec<(Component, Option<Group>)> {
        let o = |group| (Component::RedCells, Some(group));
        match self {
            Self::RedCells => vec![(Component::RedCells, None)],
            Self::ONegative => vec![o(Group::O_NEG)],
            Self::OPositive => vec![o(O_POS)],
            Self::OTogether => vec![o(Group::O_NEG), o(O_POS)],
            Self::Plasma => vec![(Component::Plasma, None)],
            Self::Platelets => vec![(Component::Platelets, None)],
        }
    }
}

/// Why nobody can tell how long something lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// What lies there is not known.
    Stock,
    /// What is used on an ordinary day is not known.
    Demand,
    /// How many are hurt is not known.
    Casualties,
    /// The region's rules do not say who gets O RhD positive in an emergency.
    Rule,
    /// The region's rules do not let one stand in for the other.
    NotAllowed,
}

impl Why {
    /// The reason in message keys and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Demand => "demand",
            Self::Casualties => "casualties",
            Self::Rule => "rule",
            Self::NotAllowed => "not_allowed",
        }
    }
}

/// One line of one region.
#[derive(Clone, Debug)]
pub struct LineCover {
    /// Of what.
    pub line: Line,
    /// Units that can be used now.
    pub usable: Known<u32>,
    /// As of when the oldest part of that is known.
    pub as_of: Known<Time>,
    /// Whether the region's own record is a part of it.
    pub own: bool,
    /// The other systems that told of it.
    pub systems: Vec<String>,
    /// Whether a part of it is too old or missing.
    pub stale: bool,
    /// Ordinary use in a day, in thousandths of a unit.
    pub ordinary: Known<u64>,
    /// Where that comes from.
    pub demand: Option<DemandShown>,
    /// Units that arrive within the day.
    pub arrivals: Vec<Arrival>,
    /// Units that should have arrived by now: nobody knows when they will, so they do not count.
    pub late: u32,
    /// How long it lasts, or why nobody can tell.
    pub cover: Result<Cover, Vec<Why>>,
}

/// One region.
#[derive(Clone, Debug)]
pub struct RegionCover {
    /// Which.
    pub region: JournalId,
    /// Whether its hospitals bear the incident's need; others' cover is of their ordinary use.
    pub struck: bool,
    /// What its rules say of O RhD positive to somebody whose group is not known.
    pub emergency: Known<String>,
    /// What its rules say of RhD-positive red cells to somebody who is RhD negative.
    pub substitution: Known<String>,
    /// Line by line.
    pub lines: Vec<LineCover>,
}

impl RegionCover {
    /// A line.
    #[must_use]
    pub fn line(&self, line: Line) -> Option<&LineCover> {
        self.lines.iter().find(|one| one.line == line)
    }
}

/// A figure that the estimate rests on.
#[derive(Clone, Debug)]
pub struct Input {
    /// Which, as it stands in message keys.
    pub what: &'static str,
    /// What was told, and by whom; none if nobody has said a word.
    pub told: Option<Told>,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Room {
    /// What the estimate rests on.
    pub inputs: Vec<Input>,
    /// What is expected to be used; none while nobody has said how many are hurt.
    pub estimate: Option<Estimate>,
    /// By which curve it comes.
    pub curve: Curve,
    /// Hours since it happened.
    pub elapsed: f64,
    /// Region by region, the struck one first.
    pub regions: Vec<RegionCover>,
}

/// Hours of cover of the struck region, for whoever shows them beside other things.
#[must_use]
pub fn hours_of_cover(world: &World, found: &Found<'_>, now: Time) -> Option<RegionCover> {
    room(world, found, Asked::default(), now).regions.into_iter().find(|one| one.struck)
}

/// Works all of it out.
#[must_use]
pub fn room(world: &World, found: &Found<'_>, asked: Asked, now: Time) -> Room {
    let rules = found.journal.shared().rulesets.in_force(Scope::Blood, now);
    let inputs = inputs(world, found);
    let casualties = casualties(&inputs);
    let estimate = casualties.map(|casualties| estimate(casualties, Parameters::of(rules)));
    let elapsed = now.since(found.began()).max(0) as f64 / 3_600e6;
    let need = gather::Need { estimate: estimate.as_ref(), curve: asked.curve, elapsed };
    let regions = gather::regions(world, found, &need, now);
    Room { inputs, estimate, curve: asked.curve, elapsed, regions }
}

fn inputs(world: &World, found: &Found<'_>) -> Vec<Input> {
    let field = |what, field| Input { what, told: found.field(world, field) };
    let mut total = field("total", Field::Total);
    if total.told.as_ref().is_none_or(|told| told.span == Known::Unknown) {
        total.told = Some(first_report(found));
    }
    vec![
        total,
        field("p1", Field::P1),
        field("p2", Field::P2),
        field("p3", Field::P3),
        field("massive", Field::MassiveTransfusions),
    ]
}

/// What the latest alarm says of the injured, or else the first report.
fn first_report(found: &Found<'_>) -> Told {
    let (injured, at) = match found.injured_by_alarm() {
        Some((injured, at)) => (Known::Value(injured), at),
        None => (found.held.report.injured, found.opened()),
    };
    let span = injured.map(|injured| (injured.least, injured.most));
    Told { span, region: found.journal.id.clone(), source: None, at }
}

fn casualties(inputs: &[Input]) -> Option<Casualties> {
    let span = |what: &str| {
        let input = inputs.iter().find(|one| one.what == what)?;
        input.told.as_ref()?.span.value()
    };
    let together =
        |a: (u32, u32), b: (u32, u32)| (a.0.saturating_add(b.0), a.1.saturating_add(b.1));
    let serious = span("p1").zip(span("p2")).map(|(p1, p2)| together(p1, p2));
    let delayed = span("p3");
    let counted = serious.zip(delayed).map(|(a, b)| together(a, b));
    let total = span("total").or(counted).or(serious)?;
    Some(Casualties { total, serious, delayed, massive: span("massive").map(|(_, most)| most) })
}

/// A rule as its code.
fn chosen(rules: Option<&InForce>, key: samband_domain::rulesets::Key) -> Known<String> {
    rules.and_then(|rules| rules.choice(key).ok().map(str::to_owned)).into()
}

/// What a region's rules say of O RhD positive in an emergency, and of RhD positive to negative.
fn substitution(rules: Option<&InForce>) -> (Known<String>, Known<String>) {
    (chosen(rules, key::EMERGENCY_RED_CELLS_UNKNOWN), chosen(rules, key::D_POS_RED_CELLS_TO_D_NEG))
}
