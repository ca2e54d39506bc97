//! Withdrawals over two regions: what is called back is stopped everywhere, whatever happened to
//! it in between, and every unit of it is accounted for.

mod elsewhere;
mod histories;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

use crate::common::stock::*;
use crate::common::{Desk, SECRET, id};
use proptest::prelude::*;
use samband_domain::blood::model::stock::Arrival;
use samband_domain::blood::model::{Din, DiscardReason, MaterialKind, Status, UnitId};
use samband_domain::blood::{Command as Blood, Event as Stock};
use samband_domain::donations::command::withdrawal::Command as Back;
use samband_domain::donations::event::Event as Said;
use samband_domain::donations::model::withdrawal::{
    CallReason, FollowUp, Found, Gap, LotNamed, Outcome, Target,
};
use samband_domain::donations::view::withdrawal::{Accounts, accounts};
use samband_domain::donations::{self};
use samband_domain::words::RecordRef;
use samband_domain::{Command, Event, Foreign, JournalId, due};

const NAMES: [&str; 2] = ["halland", "skane"];

struct Network {
    desks: [Desk; 2],
}

impl Network {
    fn open() -> Self {
        Self { desks: NAMES.map(two_persons) }
    }

    fn foreign(&self, command: &Command) -> Option<Foreign> {
        let at = command.foreign()?;
        let desk = self.desks.iter().find(|desk| desk.journal == at.journal)?;
        Some(as_foreign(desk, at))
    }

    fn act(
        &mut self,
        region: usize,
        who: &str,
        command: impl Into<Command>,
    ) -> Result<Vec<Event>, &'static str> {
        let command = command.into();
        let foreign = self.foreign(&command);
        let desk = &mut self.desks[region];
        desk.act_upon(who, command, foreign.as_ref()).map_err(|refusal| refusal.kind.code)
    }

    /// Does what is due in a region, once; how many commands there were.
    fn tick(&mut self, region: usize) -> usize {
        let desk = &self.desks[region];
        let states: Vec<_> =
            self.desks.iter().map(|desk| (&desk.journal, &desk.region.shared)).collect();
        let commands = due(&desk.region, &desk.journal, &[], &states, desk.now);
        let count = commands.len();
        for command in commands {
            let before = self.desks[region].lines.len();
            let done = self.act(region, "engine", command.clone());
            assert!(done.is_ok(), "due is allowed: {command:?} {done:?}");
            assert!(self.desks[region].lines.len() > before, "due does something: {command:?}");
        }
        count
    }

    /// Lets every region hear everything.
    fn settle(&mut self) {
        for _ in 0..40 {
            if self.tick(0) + self.tick(1) == 0 {
                return;
            }
        }
        panic!("what is due never ends");
    }

    fn call_back(&mut self, region: usize, target: Target, reason: CallReason) -> RecordRef {
        let note = Some(format!("ring {SECRET}"));
        let asked = NAMES.map(id).to_vec();
        let command = call(Back::CallBack { target, reason, note, asked });
        self.act(region, "a-1", command).expect("a withdrawal is never refused");
        let lines = self.desks[region].lines.iter().rev();
        let of = |line: &&crate::common::Line| {
            matches!(line.event, Event::Donations(Said::Withdrawn(..)))
        };
        lines.clone().find(of).expect("recorded").meta.at.clone()
    }

    fn accounts(&self, at: &RecordRef) -> Accounts {
        let desk = self.desks.iter().find(|desk| desk.journal == at.journal).unwrap();
        let calls = &desk.region.shared.donations.calls;
        accounts(&calls.called[&at.hash], calls.heeded.get(&at.hash))
    }
}

fn call(command: Back) -> Command {
    donations::Command::Withdrawal(command).into()
}

fn two_persons(name: &str) -> Desk {
    let mut desk = bare(name);
    let mut rules = rules(false);
    rules.push(flag(true));
    adopt(&mut desk, rules);
    desk
}

fn flag(two: bool) -> samband_domain::rulesets::Rule {
    samband_domain::rulesets::Rule {
        key: samband_domain::rulesets::key::WITHDRAWAL_TWO_PERSONS,
        value: samband_domain::Known::Value(samband_domain::rulesets::Value::Flag(two)),
        source: "prov".into(),
        note: None,
    }
}

fn din(serial: u32) -> Din {
    unit(serial).din
}

fn send(network: &mut Network, from: usize, to: usize, units: Vec<UnitId>) -> RecordRef {
    let mut way = way("one", NAMES[to], "one");
    way.sent = network.desks[from].now;
    way.eta = samband_domain::Known::Unknown;
    let command = Blood::Dispatch { way, units, parcel: Default::default() };
    network.act(from, "a-1", command).expect("sent");
    network.desks[from].head()
}

fn receive(dispatch: RecordRef, units: &[UnitId]) -> Blood {
    Blood::Receive {
        dispatch,
        site: None,
        outcomes: units.iter().map(|unit| (*unit, Arrival::Accepted)).collect(),
        boxes: Vec::new(),
        note: None,
    }
}

fn found(network: &Network, at: &RecordRef, unit: &UnitId) -> Vec<(String, Found)> {
    let all = network.accounts(at).units;
    let of = all.into_iter().filter(|account| account.unit == *unit);
    of.map(|account| (account.region.to_string(), account.found)).collect()
}

fn pool_of(desk: &mut Desk, donations: [u32; 2], serial: u32) -> UnitId {
    use samband_domain::blood::command::Standing;
    use samband_domain::blood::event::Produced;
    use samband_domain::blood::model::stock::Load;
    use samband_domain::blood::model::{Entry, Process, Source};
    let pool = unit_of(PLATELETS, serial);
    let entry = Entry {
        id: pool,
        group: samband_domain::Known::Value(samband_domain::blood::model::Group::O_NEG),
        product: samband_domain::blood::model::Product::PlateletsPooled,
        attributes: Default::default(),
        phenotype: Default::default(),
        expiry: at(24 * 5),
        tested: None,
    };
    let made = Produced {
        site: site("one"),
        from: Source::Units {
            process: Process::PoolPlatelets,
            donations: donations.map(din).to_vec(),
        },
        consumed: Vec::new(),
        load: Load { tested: Vec::new(), units: vec![entry] },
        standings: vec![Standing::Available],
        millilitres: vec![samband_domain::Known::Unknown],
        rule_set: samband_domain::Digest::ZERO,
        materials: Vec::new(),
    };
    desk.record(
        &crate::common::actor("a-1"),
        &Stock::Produced(made, crate::common::NOTHING).into(),
    );
    pool
}
