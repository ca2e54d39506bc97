//! A settlement file: TOML text to an [`Agreement`]. `docs/planning/settlement.md` describes it.

use samband_domain::blood::model::Component;
use samband_domain::words::{Day, JournalId};
use serde::Deserialize;

use super::model::{Agreement, For, Invitation, JointCost, Key, Keys, Price, Region, Transfer};
use super::share::{MOST_AMOUNT, MOST_REGIONS, MOST_WEIGHT};

/// Most units or donors in a row, and most öre for one of them: together they stay a sum.
const MOST: i64 = 1_000_000;

/// Most rows of a table: their sum stays far from the largest number.
const MOST_ROWS: usize = 1_000_000;

/// What is wrong with a settlement file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettlementError {
    /// It is not TOML of the described form.
    #[error("not a settlement file: {0}")]
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

fn fault(place: impl Into<String>, what: impl Into<String>) -> SettlementError {
    SettlementError::Value { place: place.into(), what: what.into() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    from: Day,
    to: Day,
    keys: Keys,
    #[serde(default)]
    invitation_price: InvitationPrice,
    region: Vec<RegionPart>,
    #[serde(default)]
    price: Vec<PricePart>,
    #[serde(default)]
    transfer: Vec<TransferPart>,
    #[serde(default)]
    invitation: Vec<InvitationPart>,
    #[serde(default)]
    joint_cost: Vec<JointPart>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationPrice {
    #[serde(default)]
    invited: i64,
    #[serde(default)]
    donated: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionPart {
    id: JournalId,
    population: u64,
    #[serde(default)]
    used: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PricePart {
    component: Component,
    unit: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TransferPart {
    id: String,
    day: Day,
    from: JournalId,
    to: JournalId,
    home: Option<JournalId>,
    component: Component,
    units: i64,
    #[serde(default)]
    transport: i64,
    carried_by: Option<JournalId>,
    #[serde(default)]
    in_care_price: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationPart {
    day: Day,
    by: JournalId,
    #[serde(rename = "for")]
    on_behalf: String,
    invited: i64,
    #[serde(default)]
    donated: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JointPart {
    what: String,
    day: Day,
    paid_by: JournalId,
    amount: i64,
    key: Option<Key>,
}

impl Agreement {
    /// Reads a settlement file.
    ///
    /// # Errors
    /// [`SettlementError`] with where it stands and what to do.
    pub fn read(text: &str) -> Result<Self, SettlementError> {
        let document: Document =
            toml::from_str(text).map_err(|error| SettlementError::Form(error.to_string()))?;
        document.agreement()
    }

    fn party(&self, place: &str, id: &JournalId) -> Result<(), SettlementError> {
        if self.regions.iter().any(|region| region.id == *id) {
            Ok(())
        } else {
            Err(fault(place, format!("“{id}” is no party: add it under [[region]]")))
        }
    }

    fn within(&self, place: &str, day: Day) -> Result<(), SettlementError> {
        if (self.from..=self.to).contains(&day) {
            Ok(())
        } else {
            Err(fault(place, format!("day: {day} is outside {} to {}", self.from, self.to)))
        }
    }

    /// A key that counts must have something to count.
    fn countable(&self, place: &str, keys: Keys) -> Result<(), SettlementError> {
        let none = |count: fn(&Region) -> u64| self.regions.iter().all(|one| count(one) == 0);
        if keys.population > 0 && none(|region| region.population) {
            return Err(fault(place, "population: no region has any"));
        }
        if keys.r#use > 0 && none(|region| region.used) {
            return Err(fault(place, "use: no region has used anything"));
        }
        Ok(())
    }
}

impl Document {
    fn agreement(self) -> Result<Agreement, SettlementError> {
        if self.to < self.from {
            return Err(fault("to", "must not lie before from"));
        }
        let sum = [self.keys.population, self.keys.r#use, self.keys.equal].map(u64::from);
        if sum.iter().sum::<u64>() != 100 {
            return Err(fault("keys", "population, use and equal must sum to 100"));
        }
        let rows = [self.transfer.len(), self.invitation.len(), self.joint_cost.len()];
        if rows.iter().any(|rows| *rows > MOST_ROWS) {
            return Err(fault("file", format!("at most {MOST_ROWS} rows of a table")));
        }
        small("invitation_price, invited", self.invitation_price.invited)?;
        small("invitation_price, donated", self.invitation_price.donated)?;
        let mut agreement = Agreement {
            title: self.title,
            from: self.from,
            to: self.to,
            keys: self.keys,
            invited: self.invitation_price.invited,
            donated: self.invitation_price.donated,
            prices: Vec::new(),
            regions: Vec::new(),
            transfers: Vec::new(),
            invitations: Vec::new(),
            joint: Vec::new(),
        };
        regions(&mut agreement, self.region)?;
        agreement.countable("keys", agreement.keys)?;
        for (at, part) in self.price.into_iter().enumerate() {
            let place = row("price", at);
            small(&place, part.unit)?;
            if agreement.prices.iter().any(|price| price.component == part.component) {
                return Err(fault(place, format!("{} is there twice", part.component)));
            }
            agreement.prices.push(Price { component: part.component, unit: part.unit });
        }
        for (at, part) in self.transfer.into_iter().enumerate() {
            let transfer = part.transfer(&agreement, &row("transfer", at))?;
            agreement.transfers.push(transfer);
        }
        for (at, part) in self.invitation.into_iter().enumerate() {
            let invitation = part.invitation(&agreement, &row("invitation", at))?;
            agreement.invitations.push(invitation);
        }
        for (at, part) in self.joint_cost.into_iter().enumerate() {
            let cost = part.cost(&agreement, &row("joint_cost", at))?;
            agreement.joint.push(cost);
        }
        Ok(agreement)
    }
}

fn regions(agreement: &mut Agreement, parts: Vec<RegionPart>) -> Result<(), SettlementError> {
    if parts.is_empty() || parts.len() > MOST_REGIONS {
        return Err(fault("region", format!("write 1 to {MOST_REGIONS}")));
    }
    for (at, part) in parts.into_iter().enumerate() {
        let place = row("region", at);
        if part.population > MOST_WEIGHT || part.used > MOST_WEIGHT {
            return Err(fault(place, format!("at most {MOST_WEIGHT} people or units")));
        }
        if agreement.regions.iter().any(|region| region.id == part.id) {
            return Err(fault(place, format!("“{}” is there twice", part.id)));
        }
        let RegionPart { id, population, used } = part;
        agreement.regions.push(Region { id, population, used });
    }
    Ok(())
}

impl TransferPart {
    fn transfer(self, under: &Agreement, place: &str) -> Result<Transfer, SettlementError> {
        under.within(place, self.day)?;
        let home = self.home.iter().chain(&self.carried_by);
        for region in [&self.from, &self.to].into_iter().chain(home) {
            under.party(place, region)?;
        }
        if self.from == self.to {
            return Err(fault(place, "to: must be another region than from"));
        }
        if !under.prices.iter().any(|price| price.component == self.component) {
            let what = format!("{}: has no price: add it under [[price]]", self.component);
            return Err(fault(place, what));
        }
        if self.in_care_price && self.home.is_none() {
            return Err(fault(place, "in_care_price: write the patient's home as well"));
        }
        small(place, self.units)?;
        small(place, self.transport / MOST)?;
        small(place, self.transport.min(0))?;
        let carried_by = self.carried_by.unwrap_or_else(|| self.from.clone());
        let Self { id, day, from, to, home, component, units, transport, .. } = self;
        let in_care_price = self.in_care_price;
        Ok(Transfer {
            id,
            day,
            from,
            to,
            home,
            component,
            units,
            transport,
            carried_by,
            in_care_price,
        })
    }
}

impl InvitationPart {
    fn invitation(self, under: &Agreement, place: &str) -> Result<Invitation, SettlementError> {
        under.within(place, self.day)?;
        under.party(place, &self.by)?;
        let on_behalf = if self.on_behalf == "joint" {
            For::Joint
        } else {
            let region = JournalId::new(&self.on_behalf)
                .map_err(|error| fault(place, format!("for: {error}, or “joint”")))?;
            under.party(place, &region)?;
            For::Region(region)
        };
        small(place, self.invited)?;
        small(place, self.donated)?;
        if self.donated > self.invited {
            return Err(fault(place, "donated: more gave than were invited"));
        }
        let Self { day, by, invited, donated, .. } = self;
        Ok(Invitation { day, by, on_behalf, invited, donated })
    }
}

impl JointPart {
    fn cost(self, under: &Agreement, place: &str) -> Result<JointCost, SettlementError> {
        under.within(place, self.day)?;
        under.party(place, &self.paid_by)?;
        if self.amount.unsigned_abs() > MOST_AMOUNT.unsigned_abs() {
            return Err(fault(place, format!("amount: at most {MOST_AMOUNT} öre")));
        }
        let only = |key| u32::from(self.key == Some(key));
        let keys = Keys {
            population: only(Key::Population),
            r#use: only(Key::Use),
            equal: only(Key::Equal),
        };
        under.countable(place, keys)?;
        let Self { what, day, paid_by, amount, key } = self;
        Ok(JointCost { what, day, paid_by, amount, key })
    }
}

fn row(table: &str, at: usize) -> String {
    format!("{table}, row {}", at + 1)
}

fn small(place: &str, value: i64) -> Result<(), SettlementError> {
    let fits = (0..=MOST).contains(&value);
    if fits { Ok(()) } else { Err(fault(place, format!("{value}: write 0 to {MOST}"))) }
}
