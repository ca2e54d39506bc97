//! What hospitals can receive, as it is told to others: places by kind, each limited by staff,
//! premises, equipment and command (PLUS: personal, lokaler, utrustning, styrning).
//!
//! Plain input for the exports [`have`](crate::have) and
//! [`measure_report`](crate::measure_report). Unknown is never nought, and a sum with an unknown
//! term is unknown.

use std::collections::BTreeMap;

use samband_domain::Known;

use crate::cap::{AbsoluteUri, Many, Moment, Point, Text, Token};

/// What an export is for. An exercise stays one wherever it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Act on it.
    Actual,
    /// For the participants of this exercise only.
    Exercise(Token),
    /// A test of the systems; to be disregarded.
    Test,
}

/// The capacity of some hospitals at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapacityReport {
    /// How the sender names this report.
    pub identifier: Token,
    /// Who sends it, as an identifier.
    pub sender: Token,
    /// Who sends it, in words.
    pub sender_name: Text,
    /// When it was put together.
    pub sent: Moment,
    /// What it is for.
    pub purpose: Purpose,
    /// Who may see it, in the words of the agreement.
    pub confidentiality: Text,
    /// Who gives identifiers to hospitals and senders: the HSA catalogue, for instance.
    pub authority: AbsoluteUri,
    /// The hospitals.
    pub hospitals: Many<Hospital>,
}

/// How a hospital works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operations {
    /// As usual.
    Normal,
    /// With limits.
    Compromised,
    /// Being evacuated.
    Evacuating,
    /// Closed.
    Closed,
}

/// A hospital's capacity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hospital {
    /// Its identifier.
    pub identifier: Token,
    /// Its name.
    pub name: Text,
    /// Where it is.
    pub place: Option<Point>,
    /// When this was so.
    pub as_of: Moment,
    /// How it works.
    pub operations: Known<Operations>,
    /// Whether `places` names every kind of place that the hospital has. Totals over kinds are
    /// unknown if it does not.
    pub every_kind: bool,
    /// Places by kind.
    pub places: BTreeMap<Kind, Places>,
    /// Ventilators.
    pub ventilators: Ventilators,
}

/// A kind of place for patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Emergency department (akutmottagning).
    Emergency,
    /// Intensive care for adults.
    AdultIcu,
    /// Intensive care for children.
    PaediatricIcu,
    /// Intensive care for the newborn.
    NeonatalIcu,
    /// Ward, medical or surgical.
    Ward,
    /// Ward for children.
    Paediatric,
    /// Psychiatric ward.
    Psychiatric,
    /// Burns.
    Burn,
    /// Isolation with negative pressure.
    NegativePressure,
    /// Other isolation.
    Isolation,
    /// Operating rooms, equipped and staffed.
    Operating,
}

/// When something is usable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Horizon {
    /// Now.
    Now,
    /// Within two hours.
    TwoHours,
    /// Within six hours.
    SixHours,
    /// Within 24 hours.
    Day,
}

/// Free places that each of the four parts allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plus {
    /// Personal.
    pub staff: Known<u32>,
    /// Lokaler.
    pub premises: Known<u32>,
    /// Utrustning.
    pub equipment: Known<u32>,
    /// Styrning.
    pub command: Known<u32>,
}

impl Plus {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        staff: Known::Unknown,
        premises: Known::Unknown,
        equipment: Known::Unknown,
        command: Known::Unknown,
    };

    /// Usable places: the least of the four. Nought as soon as one of them is nought, whatever the
    /// others are; otherwise unknown if one of them is.
    #[must_use]
    pub fn usable(&self) -> Known<u32> {
        let parts = [self.staff, self.premises, self.equipment, self.command];
        if parts.contains(&Known::Value(0)) {
            return Known::Value(0);
        }
        parts.into_iter().reduce(|least, part| least.with(part, u32::min)).unwrap_or(Known::Unknown)
    }
}

/// The places of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// How many there are in all on an ordinary day.
    pub baseline: Known<u32>,
    /// How many have a patient.
    pub occupied: Known<u32>,
    /// Free and usable now.
    pub now: Plus,
    /// Free and usable within two hours.
    pub two_hours: Plus,
    /// Free and usable within six hours.
    pub six_hours: Plus,
    /// Free and usable within 24 hours.
    pub day: Plus,
}

impl Places {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        baseline: Known::Unknown,
        occupied: Known::Unknown,
        now: Plus::UNKNOWN,
        two_hours: Plus::UNKNOWN,
        six_hours: Plus::UNKNOWN,
        day: Plus::UNKNOWN,
    };

    /// Free and usable at a horizon.
    #[must_use]
    pub fn usable(&self, horizon: Horizon) -> Known<u32> {
        match horizon {
            Horizon::Now => self.now.usable(),
            Horizon::TwoHours => self.two_hours.usable(),
            Horizon::SixHours => self.six_hours.usable(),
            Horizon::Day => self.day.usable(),
        }
    }

    /// How many more than now can be used within 24 hours.
    #[must_use]
    pub fn additional_in_a_day(&self) -> Known<u32> {
        self.usable(Horizon::Day).with(self.usable(Horizon::Now), u32::saturating_sub)
    }

    /// Staffed places: with a patient, or free and usable now.
    #[must_use]
    pub fn staffed(&self) -> Known<u32> {
        self.occupied.with(self.usable(Horizon::Now), u32::saturating_add)
    }
}

/// Ventilators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ventilators {
    /// In all.
    pub total: Known<u32>,
    /// In use.
    pub in_use: Known<u32>,
    /// Free and usable.
    pub available: Known<u32>,
}

impl Ventilators {
    /// Nothing is known.
    pub const UNKNOWN: Self =
        Self { total: Known::Unknown, in_use: Known::Unknown, available: Known::Unknown };
}

impl Hospital {
    /// A sum over kinds. Unknown if a term is, or if kinds may be missing.
    #[must_use]
    pub fn sum(&self, kinds: &[Kind], value: impl Fn(&Places) -> Known<u32>) -> Known<u32> {
        if !self.every_kind && kinds.iter().any(|kind| !self.places.contains_key(kind)) {
            return Known::Unknown;
        }
        let terms = kinds.iter().filter_map(|kind| self.places.get(kind)).map(value);
        terms.fold(Known::Value(0), |sum, term| sum.with(term, u32::saturating_add))
    }
}
