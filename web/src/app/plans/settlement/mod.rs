//! Who pays whom for a period, from what the regions' records say and a signed agreement.
//!
//! Only what really was received is settled, at the prices that every party has signed. Whatever
//! nobody has said or agreed on is a gap with a name, never a guess.

mod basis;
mod books;
mod cited;

use std::collections::BTreeSet;

use samband_domain::agreements::SupplyTerms;
use samband_domain::agreements::view::Agreement;
use samband_domain::blood::model::Component;
use samband_domain::blood::view::moved::{Moved, moved};
use samband_domain::words::{Day, Period, RecordRef};
use samband_domain::{Digest, JournalId, Known, Time};
use samband_engine::World;
use samband_planning::settlement::Settlement;

pub use cited::Missing;

use crate::app::Problem;
use crate::app::stock::parts;

/// Most days of a period: two years.
const DAYS_MAX: i64 = 731;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// By which agreement; the newest that fits, if nobody says.
    pub agreement: Option<Digest>,
}

impl Asked {
    /// What an address or a command line says: without days, the last month that is over.
    ///
    /// # Errors
    /// A problem that names what cannot be read.
    pub fn read(
        (from, to): (Option<&str>, Option<&str>),
        agreement: Option<&str>,
        now: Time,
    ) -> Result<Self, Problem> {
        let said =
            |text: Option<&str>| text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let day = |text: Option<&str>, field: &'static str| {
            let read = |text: String| text.parse::<Day>().map_err(|_| Problem::malformed(field));
            said(text).map(read).transpose()
        };
        let (first, last) = last_month(now);
        let (from, to) = match (day(from, "from")?, day(to, "to")?) {
            (None, None) => (first, last),
            (Some(from), Some(to)) => (from, to),
            (Some(_), None) => return Err(Problem::malformed("to")),
            (None, Some(_)) => return Err(Problem::malformed("from")),
        };
        if !(0..DAYS_MAX).contains(&to.days_since(from)) {
            return Err(Problem::malformed("to"));
        }
        let digest = |text: String| text.parse().map_err(|_| Problem::malformed("agreement"));
        Ok(Self { from, to, agreement: said(agreement).map(digest).transpose()? })
    }

    /// The moments between which something falls into the period.
    #[must_use]
    pub fn moments(&self) -> (Time, Time) {
        (self.from.starts(), self.to.plus_days(1).starts())
    }

    /// The months that lie wholly within the period.
    #[must_use]
    pub fn months(&self) -> Vec<Period> {
        let mut months = Vec::new();
        let mut first = self.from;
        while first <= self.to {
            let date = first.date();
            let month = Period::Month(date.year(), date.month());
            if date.day() == 1 && last_of(month).is_some_and(|last| last <= self.to) {
                months.push(month);
            }
            match Day::new(month.end()) {
                Some(next) if next > first => first = next,
                _ => break,
            }
        }
        months
    }
}

/// The last day of a month.
fn last_of(month: Period) -> Option<Day> {
    Day::new(month.end().yesterday().ok()?)
}

/// The last month that is over: its first and its last day.
#[must_use]
pub fn last_month(now: Time) -> (Day, Day) {
    let today = now.date();
    let this = jiff::civil::Date::new(today.year(), today.month(), 1).unwrap_or(today);
    let last = this.yesterday().unwrap_or(this);
    let first = jiff::civil::Date::new(last.year(), last.month(), 1).unwrap_or(last);
    (Day::new(first).unwrap_or(Day::of(now)), Day::new(last).unwrap_or(Day::of(now)))
}

/// The month that is running, through today.
#[must_use]
pub fn this_month(now: Time) -> (Day, Day) {
    let today = now.date();
    let first = jiff::civil::Date::new(today.year(), today.month(), 1).unwrap_or(today);
    (Day::new(first).unwrap_or(Day::of(now)), Day::of(now))
}

/// What an entry of the settlement is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Units that were received.
    Units {
        /// Which move, by place.
        moved: usize,
        /// Of what.
        component: Component,
        /// How many.
        units: u32,
        /// Öre for one.
        ore: u64,
    },
    /// The carriage of a consignment.
    Carriage {
        /// Which move, by place.
        moved: usize,
        /// Boxes.
        boxes: u32,
        /// Öre for one.
        ore: u64,
    },
    /// Units given to another region's patients.
    Home {
        /// Which row, by place.
        home: usize,
        /// Öre for one.
        ore: u64,
    },
    /// What was laid out for all.
    Joint {
        /// What for.
        what: String,
        /// In which month.
        month: Period,
    },
}

/// Units that a region gave to patients of another region, or of nobody knows which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Who gave the care and says so.
    pub region: JournalId,
    /// In which month.
    pub month: Period,
    /// Of what.
    pub component: Component,
    /// Where the patients live; none is unknown.
    pub home: Option<JournalId>,
    /// Whether the price of the care holds the blood.
    pub in_care_price: bool,
    /// How many.
    pub units: u32,
    /// Where that comes from.
    pub source: String,
    /// The record.
    pub at: RecordRef,
    /// When it was said.
    pub said: Time,
    /// Whether something else was said before.
    pub changed: bool,
}

/// What the keys count of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Whose.
    pub region: JournalId,
    /// Inhabitants, with the period and source of the figure.
    pub population: Option<(u64, Period, String, Time)>,
    /// Units given in the region's care in the period.
    pub treated: Known<u64>,
    /// So many days of it are known for every place.
    pub days_known: u32,
    /// Units given to the region's own patients, wherever they were treated.
    pub used: Known<u64>,
    /// As of when the region's record is known here.
    pub as_of: Known<Time>,
}

/// Part of the text of a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A region.
    Region(JournalId),
    /// A component.
    Component(Component),
    /// A number.
    Count(u64),
    /// A month.
    Month(Period),
    /// A text as it stands.
    Text(String),
    /// A moment.
    Time(Time),
}

/// Something that is not in the settlement, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Stable code.
    pub code: &'static str,
    /// What it is about, by name.
    pub facts: Vec<(&'static str, Fact)>,
}

/// A period as far as it can be settled.
#[derive(Clone, Debug)]
pub struct Found {
    /// What was asked.
    pub asked: Asked,
    /// When it was worked out.
    pub made: Time,
    /// Whether the period is over.
    pub over: bool,
    /// What was received.
    pub moves: Vec<Moved>,
    /// What regions said of their patients' homes.
    pub homes: Vec<Home>,
    /// Which regions have said anything of which months.
    said: BTreeSet<(JournalId, Period)>,
    /// The agreement, and its terms; or which one is missing.
    pub agreement: Result<(Box<Agreement>, SupplyTerms), Missing>,
    /// Other agreements that would fit.
    pub others: Vec<(Digest, String)>,
    /// What the keys count.
    pub weights: Vec<Weights>,
    /// The accounts; none without an agreement.
    pub settlement: Option<Settlement>,
    /// What the settlement's entries are for: an entry names its line by place.
    pub lines: Vec<Line>,
    /// What is not in it.
    pub gaps: Vec<Gap>,
}

impl Found {
    /// What an entry is for.
    #[must_use]
    pub fn line(&self, about: &str) -> Option<&Line> {
        self.lines.get(about.parse::<usize>().ok()?)
    }

    /// Whether something was recorded when the period was over.
    #[must_use]
    pub fn late(&self, recorded: Time) -> bool {
        self.over && recorded >= self.asked.moments().1
    }
}

/// Settles a period for a region, or for whoever looks at all of them.
#[must_use]
pub fn settlement(world: &World, own: Option<&JournalId>, asked: &Asked, now: Time) -> Found {
    let regions = parts(world, now);
    let (from, until) = asked.moments();
    let moves = moved(&regions, (from, until));
    let homes = basis::homes(world, &regions, asked);
    let (agreement, others) = cited::choose(world, own, asked, now);
    let mut found = Found {
        asked: asked.clone(),
        made: now,
        over: until <= now,
        moves,
        homes,
        said: basis::said(world, &regions, asked),
        agreement,
        others,
        weights: Vec::new(),
        settlement: None,
        lines: Vec::new(),
        gaps: Vec::new(),
    };
    if let Ok((agreement, terms)) = found.agreement.clone() {
        let parties = &agreement.document.parties;
        found.weights = basis::weights(world, parties, &terms, asked, now);
        books::settle(&mut found, &agreement, &terms);
    }
    found
}
