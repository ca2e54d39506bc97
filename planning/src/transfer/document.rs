//! A transfer file: TOML text to a [`Question`]. `docs/planning/transfer.md` describes it.

use samband_domain::blood::model::{Component, Group};
use samband_domain::words::{Day, JournalId, SiteId};
use serde::Deserialize;

use super::model::{Batch, Closed, Moment, NamedLeg, Question, Site};
use super::shape::{Costs, MOST_DAYS};

/// Most of anything in a file: öre, units, days.
const MOST: i64 = 1_000_000_000;

/// What is wrong with a transfer file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// It is not TOML of the described form.
    #[error("not a transfer file: {0}")]
    Form(String),
    /// A value cannot be.
    #[error("{place}: {what}")]
    Value {
        /// Where it stands: table, row and field.
        place: String,
        /// What is wrong with it and what to do.
        what: String,
    },
}

fn fault(place: impl Into<String>, what: impl Into<String>) -> TransferError {
    TransferError::Value { place: place.into(), what: what.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    component: Component,
    first_day: Day,
    days: usize,
    #[serde(default = "a_week")]
    soon_days: i64,
    price: PricePart,
    site: Vec<SitePart>,
    #[serde(default)]
    stock: Vec<StockPart>,
    #[serde(default)]
    incoming: Vec<StockPart>,
    #[serde(default)]
    demand: Vec<DemandPart>,
    #[serde(default)]
    minimum: Vec<MinimumPart>,
    #[serde(default)]
    leg: Vec<LegPart>,
    #[serde(default)]
    closed: Vec<ClosedPart>,
}

const fn a_week() -> i64 {
    7
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PricePart {
    shortage: i64,
    expiry: i64,
    below_minimum: i64,
    substitution: i64,
    holding: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SitePart {
    id: SiteId,
    region: JournalId,
    #[serde(default)]
    external: bool,
    shortage: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockPart {
    site: SiteId,
    group: String,
    units: i64,
    expires: Day,
    day: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DemandPart {
    site: SiteId,
    group: String,
    units: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MinimumPart {
    site: SiteId,
    group: String,
    units: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LegPart {
    id: String,
    from: SiteId,
    to: SiteId,
    departs: String,
    arrives: String,
    #[serde(default)]
    unit_price: i64,
    #[serde(default)]
    box_price: i64,
    #[serde(default = "one")]
    box_units: i64,
    capacity: i64,
}

const fn one() -> i64 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosedPart {
    from: SiteId,
    to: SiteId,
    group: Option<String>,
    leg: Option<String>,
    because: Option<String>,
}

impl Question {
    /// Reads a transfer file.
    ///
    /// # Errors
    /// [`TransferError`] with where it stands and what to do.
    pub fn read(text: &str) -> Result<Self, TransferError> {
        let document: Document =
            toml::from_str(text).map_err(|error| TransferError::Form(error.to_string()))?;
        document.question()
    }

    /// Place of a site.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<usize> {
        self.sites.iter().position(|site| site.id == *id)
    }

    /// What is wrong with a closing: a site or departure that is not there.
    ///
    /// # Errors
    /// [`TransferError`] naming it.
    pub fn check_closed(&self, closed: &Closed, place: &str) -> Result<(), TransferError> {
        for id in [&closed.from, &closed.to] {
            if self.site(id).is_none() {
                return Err(fault(place, format!("there is no site “{id}”")));
            }
        }
        match &closed.leg {
            Some(leg) if !self.legs.iter().any(|one| one.id == *leg) => {
                Err(fault(place, format!("there is no leg “{leg}”")))
            }
            _ => Ok(()),
        }
    }
}

impl Document {
    fn question(self) -> Result<Question, TransferError> {
        if !(1..=MOST_DAYS).contains(&self.days) {
            return Err(fault("days", format!("write 1 to {MOST_DAYS}")));
        }
        amount("soon_days", self.soon_days)?;
        let mut question = Question {
            component: self.component,
            first: self.first_day,
            days: self.days,
            soon_days: self.soon_days,
            costs: self.price.costs()?,
            sites: Vec::new(),
            batches: Vec::new(),
            demand: Vec::new(),
            minimum: Vec::new(),
            legs: Vec::new(),
            closed: Vec::new(),
        };
        sites(&mut question, self.site)?;
        for (name, parts) in [("stock", self.stock), ("incoming", self.incoming)] {
            for (at, part) in parts.into_iter().enumerate() {
                let batch = part.batch(&question, &row(name, at), name == "stock")?;
                question.batches.push(batch);
            }
        }
        for (at, part) in self.demand.into_iter().enumerate() {
            let place = row("demand", at);
            let (site, group) = shelf(&question, &place, &part.site, &part.group)?;
            if part.units.len() != question.days {
                let what = format!("{} numbers for {} days", part.units.len(), question.days);
                return Err(fault(place, what));
            }
            part.units.iter().try_for_each(|units| amount(&place, *units))?;
            question.demand.push((site, group, part.units));
        }
        for (at, part) in self.minimum.into_iter().enumerate() {
            let place = row("minimum", at);
            let (site, group) = shelf(&question, &place, &part.site, &part.group)?;
            amount(&place, part.units)?;
            if question.minimum.iter().any(|one| (one.0, one.1) == (site, group)) {
                return Err(fault(place, "this site and group are there twice"));
            }
            question.minimum.push((site, group, part.units));
        }
        for (at, part) in self.leg.into_iter().enumerate() {
            let leg = part.leg(&question, &row("leg", at))?;
            question.legs.push(leg);
        }
        for (at, part) in self.closed.into_iter().enumerate() {
            let place = row("closed", at);
            let group = part.group.map(|group| group_of(&place, &group)).transpose()?;
            let ClosedPart { from, to, leg, because, .. } = part;
            let closed = Closed { from, to, group, leg, because };
            question.check_closed(&closed, &place)?;
            question.closed.push(closed);
        }
        Ok(question)
    }
}

fn sites(question: &mut Question, parts: Vec<SitePart>) -> Result<(), TransferError> {
    for (at, part) in parts.into_iter().enumerate() {
        let place = row("site", at);
        if question.site(&part.id).is_some() {
            return Err(fault(place, format!("“{}” is there twice", part.id)));
        }
        amount(&place, part.shortage.unwrap_or(0))?;
        let SitePart { id, region, external, shortage } = part;
        question.sites.push(Site { id, region, external, shortage });
    }
    Ok(())
}

impl PricePart {
    fn costs(self) -> Result<Costs, TransferError> {
        let Self { shortage, expiry, below_minimum, substitution, holding } = self;
        let all = [shortage, expiry, below_minimum, substitution, holding];
        all.iter().try_for_each(|price| amount("price", *price))?;
        if below_minimum >= shortage {
            let what = "below_minimum must be less than shortage: patients come before stock";
            return Err(fault("price", what));
        }
        Ok(Costs { shortage, expiry, below_minimum, substitution, holding })
    }
}

impl StockPart {
    fn batch(&self, asked: &Question, place: &str, now: bool) -> Result<Batch, TransferError> {
        let (site, group) = shelf(asked, place, &self.site, &self.group)?;
        amount(place, self.units)?;
        let day = match (self.day, now) {
            (None, true) => asked.first,
            (Some(day), false) => day,
            (Some(_), true) => return Err(fault(place, "day: stock is there now; leave it out")),
            (None, false) => return Err(fault(place, "day: write when it comes")),
        };
        let within = (0..asked.days as i64).contains(&day.days_since(asked.first));
        if !within {
            return Err(fault(place, format!("day: {day} is outside the horizon")));
        }
        if self.expires < day {
            let what = format!("expires: {} is over before {day}; leave it out", self.expires);
            return Err(fault(place, what));
        }
        Ok(Batch { site, group, units: self.units, expires: self.expires, day })
    }
}

impl LegPart {
    fn leg(self, asked: &Question, place: &str) -> Result<NamedLeg, TransferError> {
        let site = |id: &SiteId| {
            asked.site(id).ok_or_else(|| fault(place, format!("there is no site “{id}”")))
        };
        let (from, to) = (site(&self.from)?, site(&self.to)?);
        if from == to {
            return Err(fault(place, "to: must be another site than from"));
        }
        let (departs, arrives) = (moment(place, &self.departs)?, moment(place, &self.arrives)?);
        if departs >= arrives {
            return Err(fault(place, "arrives: must be after departs"));
        }
        if !(0..asked.days as i64).contains(&departs.day.days_since(asked.first)) {
            return Err(fault(place, "departs: is outside the horizon"));
        }
        if asked.legs.iter().any(|leg| leg.id == self.id) {
            return Err(fault(place, format!("id: “{}” is there twice", self.id)));
        }
        for value in [self.unit_price, self.box_price, self.capacity, self.box_units - 1] {
            amount(place, value)?;
        }
        let Self { id, unit_price, box_price, box_units, capacity, .. } = self;
        Ok(NamedLeg { id, from, to, departs, arrives, unit_price, box_price, box_units, capacity })
    }
}

fn row(table: &str, at: usize) -> String {
    format!("{table}, row {}", at + 1)
}

fn amount(place: &str, value: i64) -> Result<(), TransferError> {
    let fits = (0..=MOST).contains(&value);
    if fits { Ok(()) } else { Err(fault(place, format!("{value}: write 0 to {MOST}"))) }
}

fn group_of(place: &str, text: &str) -> Result<Group, TransferError> {
    text.parse().map_err(|error| fault(place, format!("group: {error}")))
}

fn shelf(
    asked: &Question,
    place: &str,
    site: &SiteId,
    group: &str,
) -> Result<(usize, Group), TransferError> {
    let at = asked.site(site).ok_or_else(|| fault(place, format!("there is no site “{site}”")))?;
    Ok((at, group_of(place, group)?))
}

/// `2026-11-23 09:30`.
fn moment(place: &str, text: &str) -> Result<Moment, TransferError> {
    let read = || {
        let (day, clock) = text.split_once([' ', 'T'])?;
        let (hour, minute) = clock.split_once(':')?;
        let number = |text: &str, most: u8| {
            let fits = text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number <= most);
            fits.then_some(())
        };
        number(hour, 23)?;
        number(minute, 59)?;
        Some(Moment { day: day.parse().ok()?, clock: clock.to_owned() })
    };
    read().ok_or_else(|| {
        fault(place, format!("“{text}” is not a day and time: write 2026-11-23 09:30"))
    })
}
