//! From what was received to accounts, by the agreement's terms.

use samband_domain::JournalId;
use samband_domain::Known;
use samband_domain::agreements::SupplyTerms;
use samband_domain::agreements::terms::{Carriage, CostKey};
use samband_domain::agreements::view::Agreement;
use samband_domain::words::Day;
use samband_planning::settlement as plan;
use samband_planning::settlement::{JointCost, Key, Keys, Price, Region, Transfer};

use super::{Fact, Found, Gap, Line, last_of};

/// Most inhabitants or units of a region that are counted: another journal may state any number.
const COUNT_MAX: u64 = 1 << 30;

/// Settles what was found.
pub(super) fn settle(found: &mut Found, agreement: &Agreement, terms: &SupplyTerms) {
    let parties = &agreement.document.parties;
    let keys = Keys {
        population: terms.keys.population.into(),
        r#use: terms.keys.r#use.into(),
        equal: terms.keys.equal.into(),
    };
    let mut asked = plan::Agreement {
        title: agreement.document.title.clone(),
        from: found.asked.from,
        to: found.asked.to,
        keys,
        invited: 0,
        donated: 0,
        prices: terms.prices.iter().map(price).collect(),
        regions: Vec::new(),
        transfers: Vec::new(),
        invitations: Vec::new(),
        joint: Vec::new(),
    };
    let mut books = Books { parties, terms, lines: Vec::new(), gaps: Vec::new() };
    books.heard(found);
    books.received(found, &mut asked);
    books.homes(found, &mut asked);
    books.joint(found, &mut asked);
    let Books { lines, gaps, .. } = books;
    found.settlement = Some(plan::settle(&asked));
    (found.lines, found.gaps) = (lines, gaps);
}

fn price(agreed: &samband_domain::agreements::terms::UnitPrice) -> Price {
    Price { component: agreed.component, unit: whole(agreed.ore) }
}

fn whole(ore: u64) -> i64 {
    i64::try_from(ore).unwrap_or(i64::MAX)
}

struct Books<'a> {
    parties: &'a [JournalId],
    terms: &'a SupplyTerms,
    lines: Vec<Line>,
    gaps: Vec<Gap>,
}

impl Books<'_> {
    fn gap(&mut self, code: &'static str, facts: Vec<(&'static str, Fact)>) {
        let gap = Gap { code, facts };
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// The name by which an entry refers to its line.
    fn line(&mut self, line: Line) -> String {
        self.lines.push(line);
        (self.lines.len() - 1).to_string()
    }

    /// A party whose record ends before the period may have more to say.
    fn heard(&mut self, found: &Found) {
        let (_, after) = found.asked.moments();
        for party in &found.weights {
            let region = Fact::Region(party.region.clone());
            match party.as_of {
                Known::Unknown => self.gap("not_known", vec![("region", region)]),
                Known::Value(at) if at < after.min(found.made.plus_seconds(-3_600)) => {
                    self.gap("not_heard", vec![("region", region), ("at", Fact::Time(at))]);
                }
                Known::Value(_) => {}
            }
        }
    }

    fn received(&mut self, found: &Found, asked: &mut plan::Agreement) {
        for (n, one) in found.moves.iter().enumerate() {
            let way = || {
                vec![("from", Fact::Region(one.from.clone())), ("to", Fact::Region(one.to.clone()))]
            };
            let count: u32 = one.units.values().sum();
            if !self.parties.contains(&one.from) || !self.parties.contains(&one.to) {
                let units = ("n", Fact::Count(count.into()));
                self.gap("outside", way().into_iter().chain([units]).collect());
                continue;
            }
            let transfer = |id: String| Transfer {
                id,
                day: Day::of(one.received),
                from: one.from.clone(),
                to: one.to.clone(),
                home: None,
                component: samband_domain::blood::model::Component::RedCells,
                units: 0,
                transport: 0,
                carried_by: one.from.clone(),
                in_care_price: false,
            };
            for (component, units) in &one.units {
                let n_units = ("n", Fact::Count((*units).into()));
                let Known::Value(component) = *component else {
                    self.gap("of_what", way().into_iter().chain([n_units]).collect());
                    continue;
                };
                let Some(ore) = self.terms.price(component) else {
                    let of = ("component", Fact::Component(component));
                    self.gap("no_price", way().into_iter().chain([of, n_units]).collect());
                    continue;
                };
                let units = *units;
                let id = self.line(Line::Units { moved: n, component, units, ore });
                let row = Transfer { component, units: units.into(), ..transfer(id) };
                asked.transfers.push(row);
            }
            if one.first && self.terms.carriage == Carriage::Sender {
                self.carriage(n, found, |id, ore| {
                    asked.transfers.push(Transfer { transport: ore, ..transfer(id) });
                });
            }
        }
    }

    /// What the sender paid the carrier for a consignment, counted at its first receipt.
    fn carriage(&mut self, n: usize, found: &Found, mut enter: impl FnMut(String, i64)) {
        let one = &found.moves[n];
        let Some(ore) = self.terms.box_price(&one.from, one.leg.as_ref()) else {
            return self.gap("no_carriage", Vec::new());
        };
        let Known::Value(boxes) = one.boxes else {
            let way = [&one.from, &one.to].map(|id| Fact::Region(id.clone()));
            let [from, to] = way;
            return self.gap("boxes", vec![("from", from), ("to", to)]);
        };
        let id = self.line(Line::Carriage { moved: n, boxes, ore });
        enter(id, whole(ore).saturating_mul(boxes.into()));
    }

    /// Whoever gave the care has paid for the unit; the patient's home region pays it back, unless
    /// the price of the care holds the blood already.
    fn homes(&mut self, found: &Found, asked: &mut plan::Agreement) {
        for party in self.parties {
            for month in found.months_over() {
                let region = ("region", Fact::Region(party.clone()));
                if !found.said_of(party, month) {
                    self.gap("homes_unsaid", vec![region, ("month", Fact::Month(month))]);
                }
            }
        }
        for (n, row) in found.homes.iter().enumerate() {
            if !self.parties.contains(&row.region) {
                continue;
            }
            let facts = |home: Option<&JournalId>| {
                let mut facts = vec![
                    ("region", Fact::Region(row.region.clone())),
                    ("component", Fact::Component(row.component)),
                    ("n", Fact::Count(row.units.into())),
                    ("month", Fact::Month(row.month)),
                ];
                facts.extend(home.map(|home| ("home", Fact::Region(home.clone()))));
                facts
            };
            let Some(home) = &row.home else {
                self.gap("home_unknown", facts(None));
                continue;
            };
            if !self.parties.contains(home) {
                self.gap("home_outside", facts(Some(home)));
                continue;
            }
            let Some(ore) = self.terms.price(row.component) else {
                self.gap("home_no_price", facts(Some(home)));
                continue;
            };
            let id = self.line(Line::Home { home: n, ore });
            asked.transfers.push(Transfer {
                id,
                day: last_of(row.month).unwrap_or(found.asked.to),
                from: row.region.clone(),
                to: row.region.clone(),
                home: Some(home.clone()),
                component: row.component,
                units: row.units.into(),
                transport: 0,
                carried_by: row.region.clone(),
                in_care_price: row.in_care_price,
            });
        }
    }

    /// What is laid out for all, at the end of each month of the period.
    fn joint(&mut self, found: &Found, asked: &mut plan::Agreement) {
        let ends: Vec<_> = found
            .months_over()
            .into_iter()
            .filter_map(|month| Some((month, last_of(month)?)))
            .collect();
        let small = |n: &u64| *n <= COUNT_MAX;
        let known = |what: &dyn Fn(&super::Weights) -> Option<u64>| {
            found.weights.iter().all(|one| what(one).filter(small).is_some())
                && found.weights.iter().any(|one| what(one).is_some_and(|n| n > 0))
        };
        let population = |one: &super::Weights| one.population.as_ref().map(|(value, ..)| *value);
        let used = |one: &super::Weights| one.used.value();
        asked.regions = found
            .weights
            .iter()
            .map(|one| Region {
                id: one.region.clone(),
                population: population(one).filter(small).unwrap_or(0),
                used: used(one).filter(small).unwrap_or(0),
            })
            .collect();
        let (people_known, use_known) = (known(&population), known(&used));
        for cost in &self.terms.joint {
            let (by_people, by_use) = match cost.key {
                None => (self.terms.keys.population > 0, self.terms.keys.r#use > 0),
                Some(key) => (key == CostKey::Population, key == CostKey::Use),
            };
            let what = ("what", Fact::Text(cost.what.clone()));
            if by_people && !people_known && !ends.is_empty() {
                self.gap("joint_people", vec![what]);
                continue;
            }
            if by_use && !use_known && !ends.is_empty() {
                self.gap("joint_use", vec![what]);
                continue;
            }
            for (month, day) in &ends {
                let line = Line::Joint { what: cost.what.clone(), month: *month };
                let id = self.line(line);
                let key = cost.key.map(|key| match key {
                    CostKey::Population => Key::Population,
                    CostKey::Use => Key::Use,
                    CostKey::Equal => Key::Equal,
                });
                let (paid_by, amount) = (cost.paid_by.clone(), whole(cost.ore));
                asked.joint.push(JointCost { what: id, day: *day, paid_by, amount, key });
            }
        }
    }
}

impl Found {
    /// The whole months of the period that are over.
    fn months_over(&self) -> Vec<samband_domain::words::Period> {
        let mut months = self.asked.months();
        months.retain(|month| month.ended() <= self.made);
        months
    }

    /// Whether a region has said whose patients it treated in a month, if only that none were
    /// from elsewhere.
    fn said_of(&self, region: &JournalId, month: samband_domain::words::Period) -> bool {
        self.said.contains(&(region.clone(), month))
    }
}
