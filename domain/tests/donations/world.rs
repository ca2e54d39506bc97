//! A blood centre whose staff does things at random: collects, tests, prepares and releases. It
//! keeps its own account of what was done, apart from the state.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::Event as Stock;
use samband_domain::blood::model::{
    Attribute, Din, Group, Material, MaterialKind, Process, QuarantineReason, Status, TestResult,
    UnitId,
};
use samband_domain::donations::Command;
use samband_domain::donations::model::{Capture, DonationKind, Results, Weight};
use samband_domain::{DonorId, Event, Known};

use crate::common::Desk;
use crate::common::stock::{code, site};
use crate::donations::shop;

/// What somebody does, with numbers that pick from what is there.
#[derive(Clone, Debug)]
pub enum Step {
    Collect { donor: u8, kind: u8, known: bool },
    Clear { at: usize },
    Enter { at: usize, what: u8, by: u8 },
    Verify { at: usize, by: u8, agrees: bool },
    Reject { at: usize },
    Prepare { process: Process, at: usize, more: usize, ml: u16 },
    Release { at: usize },
    Wait { hours: i64 },
}

pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let index = 0..1_000_usize;
    let one = prop_oneof![
        4 => (0..3_u8, 0..8_u8, prop::bool::weighted(0.9))
            .prop_map(|(donor, kind, known)| Step::Collect { donor, kind, known }),
        8 => index.clone().prop_map(|at| Step::Clear { at }),
        18 => (index.clone(), 0..60_u8, 0..4_u8)
            .prop_map(|(at, what, by)| Step::Enter { at, what, by }),
        8 => (index.clone(), 0..2_u8, prop::bool::weighted(0.9))
            .prop_map(|(at, by, agrees)| Step::Verify { at, by, agrees }),
        1 => index.clone().prop_map(|at| Step::Reject { at }),
        18 => (processes(), index.clone(), index.clone(), 20..300_u16)
            .prop_map(|(process, at, more, ml)| Step::Prepare { process, at, more, ml }),
        24 => index.prop_map(|at| Step::Release { at }),
        2 => (1..40_i64).prop_map(|hours| Step::Wait { hours }),
    ];
    prop::collection::vec(one, 1..most)
}

/// What a blood centre does daily is done most.
fn processes() -> impl Strategy<Value = Process> {
    prop_oneof![
        3 => Just(Process::Separate),
        3 => Just(Process::PoolPlatelets),
        6 => prop::sample::select(Process::ALL),
    ]
}

/// One entry of results as the staff remembers it.
#[derive(Clone, Debug)]
pub struct Told {
    pub number: u32,
    pub results: Results,
    pub weight: Weight,
    pub by: String,
}

pub struct World {
    pub desk: Desk,
    serial: u32,
    /// Donations in order, with their donor.
    pub donations: Vec<(Din, Option<DonorId>)>,
    pub told: BTreeMap<Din, Vec<Told>>,
    /// What each unit is made of, by the staff's own account.
    pub parts: BTreeMap<UnitId, BTreeSet<Din>>,
    pub used_up: BTreeSet<UnitId>,
    pub volumes: BTreeMap<UnitId, u16>,
    /// How often something was done, for the test that the histories reach what they are about.
    pub done: BTreeMap<String, u32>,
}

impl World {
    pub fn open() -> Self {
        Self {
            desk: shop::open(),
            serial: 0,
            donations: Vec::new(),
            told: BTreeMap::new(),
            parts: BTreeMap::new(),
            used_up: BTreeSet::new(),
            volumes: BTreeMap::new(),
            done: BTreeMap::new(),
        }
    }

    fn number(&mut self) -> Din {
        self.serial += 1;
        shop::din(self.serial)
    }

    fn act(&mut self, who: &str, command: impl Into<samband_domain::Command>) -> bool {
        let Ok(events) = self.desk.act(who, command) else { return false };
        for event in &events {
            self.note(event);
        }
        true
    }

    fn note(&mut self, event: &Event) {
        let kind = event.encode().unwrap().kind.to_owned();
        *self.done.entry(kind).or_default() += 1;
        let Event::Blood(Stock::Produced(made, _)) = event else { return };
        *self.done.entry(made.from.process().to_string()).or_default() += 1;
        let from = made.consumed.iter().flat_map(|id| self.parts[id].clone());
        let mut parts: BTreeSet<Din> = from.collect();
        if made.consumed.is_empty() {
            parts.extend(made.from.donations());
        }
        let sum = |ids: &[UnitId]| ids.iter().map(|id| self.volumes.get(id)).collect::<Vec<_>>();
        let before = sum(&made.consumed);
        if !made.consumed.is_empty() && before.iter().all(Option::is_some) {
            let before: u32 = before.iter().flatten().map(|ml| u32::from(**ml)).sum();
            let added = made.materials.iter().filter_map(|one| one.millilitres);
            let added: u32 = added.map(u32::from).sum();
            let out = made.millilitres.iter().filter_map(|ml| ml.value()).map(u32::from);
            assert!(out.sum::<u32>() <= before + added, "more came out than went in");
        }
        for (entry, ml) in made.load.units.iter().zip(&made.millilitres) {
            self.parts.insert(entry.id, parts.clone());
            if let Known::Value(ml) = ml {
                self.volumes.insert(entry.id, *ml);
            }
            assert!(!made.consumed.contains(&entry.id), "a unit is made of itself");
        }
        self.used_up.extend(made.consumed.iter().copied());
    }

    pub fn play(&mut self, step: &Step) -> bool {
        match step {
            Step::Collect { donor, kind, known } => self.collect(*donor, *kind, *known),
            Step::Clear { at } => self.clear(*at),
            Step::Enter { at, what, by } => self.enter(*at, *what, *by),
            Step::Verify { at, by, agrees } => self.verify(*at, *by, *agrees),
            Step::Reject { at } => self.reject(*at),
            Step::Prepare { process, at, more, ml } => self.prepare(*process, *at, *more, *ml),
            Step::Release { at } => self.release(*at),
            Step::Wait { hours } => {
                self.desk.pass_hours(*hours);
                true
            }
        }
    }

    fn collect(&mut self, donor: u8, kind: u8, known: bool) -> bool {
        let kind = match kind {
            0 => DonationKind::Plasmapheresis,
            1 => DonationKind::Plateletpheresis,
            _ => DonationKind::WholeBlood,
        };
        let din = self.number();
        let donor = known.then(|| shop::donor(donor));
        let done = self.act("a-1", shop::collect(din, donor.clone(), kind));
        if done {
            self.donations.push((din, donor));
        }
        done
    }

    fn some_donation(&self, at: usize) -> Option<Din> {
        // The latest donations are those that still want something.
        let from = self.donations.len().saturating_sub(5);
        let open = &self.donations[from..];
        (!open.is_empty()).then(|| open[at % open.len()].0)
    }

    fn clear(&mut self, at: usize) -> bool {
        let Some(din) = self.some_donation(at) else { return false };
        let flags = self.desk.region.shared.donations.donations[&din].flags.clone();
        let Some(flag) = flags.first() else { return false };
        self.act("a-2", Command::ClearFlag { din, flag: *flag, reason: "sett".into() })
    }

    fn enter(&mut self, at: usize, what: u8, by: u8) -> bool {
        let Some(din) = self.some_donation(at) else { return false };
        let donor = self.donations.iter().find(|(one, _)| *one == din).unwrap().1.clone();
        let results = shop::results(what, donor.as_ref());
        let (who, capture) = match by {
            0 => ("a-1", Capture::Hand),
            1 => ("a-2", Capture::Hand),
            _ => ("machine", Capture::Interface { system: "analysator".into() }),
        };
        let counts = matches!(capture, Capture::Interface { .. });
        let command = Command::RecordResults { din, results: results.clone(), capture };
        if !self.act(who, command) {
            return false;
        }
        let told = self.told.entry(din).or_default();
        let number = u32::try_from(told.len()).unwrap() + 1;
        let weight = if counts { Weight::Counts } else { Weight::Waiting };
        told.push(Told { number, results, weight, by: who.into() });
        true
    }

    fn entry(&mut self, at: usize, weight: Weight) -> Option<(Din, u32, String)> {
        let all = self.told.iter().flat_map(|(din, told)| {
            let fits = told.iter().filter(move |one| one.weight == weight);
            fits.map(|one| (*din, one.number, one.by.clone()))
        });
        let all: Vec<_> = all.collect();
        (!all.is_empty()).then(|| all[at % all.len()].clone())
    }

    fn weigh(&mut self, din: Din, number: u32, weight: Weight) {
        let told = self.told.get_mut(&din).unwrap();
        told.iter_mut().find(|one| one.number == number).unwrap().weight = weight;
    }

    fn verify(&mut self, at: usize, by: u8, agrees: bool) -> bool {
        let Some((din, entry, entered)) = self.entry(at, Weight::Waiting) else { return false };
        let who = ["a-1", "a-2"][usize::from(by)];
        let done = self.act(who, Command::VerifyResults { din, entry, agrees, note: None });
        assert_eq!(done, who != entered, "two persons, not one twice");
        if done {
            let weight = if agrees { Weight::Counts } else { Weight::Rejected };
            self.weigh(din, entry, weight);
        }
        done
    }

    fn reject(&mut self, at: usize) -> bool {
        let Some((din, entry, _)) = self.entry(at, Weight::Counts) else { return false };
        let done = self.act("a-2", Command::RejectResults { din, entry, reason: "fel".into() });
        if done {
            self.weigh(din, entry, Weight::Rejected);
        }
        done
    }

    fn prepare(&mut self, process: Process, at: usize, more: usize, ml: u16) -> bool {
        let units = &self.desk.region.shared.blood.units;
        let fits: Vec<_> =
            units.iter().filter(|(_, unit)| !process.outputs(unit.product).is_empty()).collect();
        if fits.is_empty() {
            return false;
        }
        let (id, unit) = fits[at % fits.len()];
        let (id, product, group) = (*id, unit.product, unit.group);
        let mut inputs = vec![id];
        if process.pools() {
            let others = fits.iter().filter(|(other, unit)| {
                **other != id && unit.product == product && unit.group == group
            });
            inputs.extend(others.take(1 + more % 3).map(|(id, _)| **id));
        }
        let irradiated = unit.attributes.has(Attribute::Irradiated);
        let din = process.pools().then(|| self.number());
        let becomes = process.outputs(product).to_vec();
        let outputs = shop::outputs(process, &becomes, (id, din, irradiated), ml);
        let materials = vec![Material {
            kind: MaterialKind::Additive,
            catalogue: "SAGM-1".into(),
            lot: "L1".into(),
            millilitres: Some(100),
        }];
        let place = site("one");
        let command =
            Command::Prepare { site: place, process, donation: None, inputs, outputs, materials };
        self.act("a-1", command)
    }

    fn release(&mut self, at: usize) -> bool {
        let units = self.desk.region.shared.blood.units.iter();
        let held = units.filter(|(_, unit)| matches!(unit.status, Status::Quarantined(_)));
        let held: Vec<UnitId> = held.map(|(id, _)| *id).collect();
        if held.is_empty() {
            return false;
        }
        self.act("a-2", Blood::Release { units: vec![held[at % held.len()]] })
    }
}

/// Reasons for which the staff, not the rules, put units aside do not occur here.
pub fn is_stop(status: Status) -> bool {
    matches!(status, Status::Quarantined(QuarantineReason::Test | QuarantineReason::Discrepancy))
}

/// What the staff's own account says of a unit's donation: tested, negative, and of which group.
pub fn passes(world: &World, din: &Din) -> bool {
    let Some(told) = world.told.get(din) else { return false };
    let counts: Vec<_> = told.iter().filter(|one| one.weight == Weight::Counts).collect();
    let markers: Vec<_> = counts.iter().flat_map(|one| &one.results.markers).collect();
    let negative = |name: &str| {
        let mut all = markers.iter().filter(|(test, _)| *test == code(name)).peekable();
        all.peek().is_some() && all.all(|(_, result)| *result == TestResult::Negative)
    };
    let donor = world.donations.iter().find(|(one, _)| one == din).and_then(|(_, who)| who.clone());
    let mine =
        |(one, who): &&(Din, Option<DonorId>)| one == din || donor.is_some() && *who == donor;
    let place = world.donations.iter().position(|(one, _)| one == din).unwrap();
    let first = donor.is_none() || !world.donations[..place].iter().any(|(_, who)| *who == donor);
    let own = counts.iter().filter_map(|one| one.results.group).next();
    let groups: Vec<Group> = world
        .donations
        .iter()
        .filter(mine)
        .filter_map(|(one, _)| world.told.get(one))
        .flatten()
        .filter(|one| one.weight == Weight::Counts)
        .filter_map(|one| one.results.group)
        .collect();
    let same = groups.windows(2).all(|pair| pair[0] == pair[1]);
    ["hbsag", "syphilis"].iter().all(|name| negative(name))
        && (!first || negative("htlv"))
        // What was made and was not asked for counts as well.
        && markers.iter().all(|(_, result)| *result == TestResult::Negative)
        && own.is_some()
        && same
        && groups.len() >= 2
}
