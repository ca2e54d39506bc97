//! Seven regions, each with its own journal and copies of the others', that may be cut off.

use std::collections::BTreeSet;

use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{
    Between, By, Channel, DutyRole, Key, Kind, Outcome, Party, Recipient, Says, Turn, Way,
};
use samband_domain::alarms::view::{self, Message};
use samband_domain::alarms::{Command, Event};
use samband_domain::incidents::Command as Incidents;
use samband_domain::incidents::model::{Assessment, CareMode, Finding, Holds, Report};
use samband_domain::words::{AlarmId, IncidentId, RecordRef};
use samband_domain::{Event as Any, Foreign, JournalId, Known, Mode, SharedState, Window, due};

use crate::common::{Desk, SECRET, START, actor, id};

pub const REGIONS: [&str; 7] =
    ["dalarna", "gavleborg", "orebro", "sormland", "uppsala", "varmland", "vastmanland"];

pub struct Net {
    pub desks: Vec<Desk>,
    /// Regions that neither hear nor are heard.
    pub cut: BTreeSet<usize>,
    /// What each region holds of each other.
    held: Vec<Vec<SharedState>>,
}

pub fn way(channel: Channel, address: &str) -> Way {
    Way { channel, address: address.into() }
}

/// A turn without end: e-mail at first, then a text message.
pub fn turn(name: &str, rank: u8) -> Turn {
    Turn {
        actor: None,
        name: format!("{name} {SECRET}"),
        rank,
        window: Window::open(START),
        ways: vec![
            way(Channel::Email, &format!("{name}-{SECRET}@exempel.test")),
            way(Channel::Sms, "+46701740699"),
        ],
    }
}

pub fn of(region: &str, role: DutyRole) -> Recipient {
    Recipient { party: Party::Region(id(region)), role }
}

pub fn finding(holds: Holds) -> Finding {
    Finding { holds, basis: "vindruterapport".into(), source: "ambulans".into() }
}

pub fn assessment() -> Assessment {
    Assessment { harm: finding(Holds::Suspected), imbalance: finding(Holds::Suspected) }
}

pub fn report() -> Report {
    Report {
        title: "Bussolycka Arboga".into(),
        text: "Två bussar, många skadade".into(),
        source: "SOS Alarm".into(),
        place: Known::Unknown,
        happened: Known::Unknown,
        injured: Known::Value(Between { least: 30, most: 60 }),
    }
}

pub fn draft(kind: Kind, to: Vec<Recipient>) -> Draft {
    Draft {
        incident: None,
        kind,
        headline: "Bussolycka Arboga".into(),
        text: "30–60 skadade".into(),
        place: Known::Unknown,
        injured: Known::Unknown,
        to,
        replaces: None,
    }
}

pub fn raise(to: Vec<Recipient>) -> Incidents {
    Incidents::Raise {
        incident: None,
        report: Box::new(report()),
        basis: "fler svårt skadade än resurser".into(),
        mode: CareMode::Staff,
        assessment: assessment(),
        alarm: Box::new(draft(Kind::Regional, to)),
    }
}

impl Net {
    /// Seven regions with a duty officer, a deputy and a blood centre each.
    pub fn new() -> Self {
        Self::in_mode(Mode::Real)
    }

    /// The same in another mode; an exercise is stated for two hours.
    pub fn in_mode(mode: Mode) -> Self {
        let desks = REGIONS.iter().map(|name| desk(name, mode)).collect();
        let held = vec![vec![SharedState::default(); REGIONS.len()]; REGIONS.len()];
        let mut net = Self { desks, cut: BTreeSet::new(), held };
        net.pull();
        net
    }

    /// Everybody reads everybody's journal, but for those who are cut off.
    pub fn pull(&mut self) {
        let now: Vec<_> = self.desks.iter().map(Desk::seen_from_outside).collect();
        for reader in 0..self.desks.len() {
            for (other, seen) in now.iter().enumerate() {
                if !self.cut.contains(&reader) && !self.cut.contains(&other) {
                    self.held[reader][other] = seen.clone();
                }
            }
        }
    }

    /// What is due happens everywhere, once.
    pub fn tick(&mut self) {
        self.pull();
        for n in 0..self.desks.len() {
            let commands = {
                let desk = &self.desks[n];
                let ids: Vec<JournalId> = REGIONS.iter().map(|name| id(name)).collect();
                let others: Vec<_> =
                    ids.iter().zip(&self.held[n]).filter(|(id, _)| **id != desk.journal).collect();
                due(&desk.region, &desk.journal, &[], &others, desk.now)
            };
            for command in commands {
                let foreign = command.foreign().map(|at| self.record(at));
                let done = self.desks[n].act_upon("machine", command.clone(), foreign.as_ref());
                done.unwrap_or_else(|refusal| panic!("{command:?}: {refusal}"));
            }
        }
    }

    /// Time passes second by second where it matters: a tick every fifteen.
    pub fn wait(&mut self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(15);
            self.desks.iter_mut().for_each(|desk| desk.now = desk.now.plus_seconds(step));
            self.tick();
            left -= step;
        }
    }

    fn record(&self, at: &RecordRef) -> Foreign {
        let desk = self.desks.iter().find(|desk| desk.journal == at.journal).unwrap();
        let line = desk.lines.iter().find(|line| line.meta.at == *at).unwrap();
        let samband_domain::Encoded { kind, version, shared, private } = &line.encoded;
        let lot = match private {
            None => samband_domain::words::Lot::None,
            Some(_) => samband_domain::words::Lot::Absent(samband_domain::Absence::Withheld),
        };
        let event = Any::decode(kind, *version, shared.as_deref(), lot).unwrap();
        Foreign { mode: desk.mode, at: at.clone(), event }
    }

    /// Raises an incident in a region and returns it with its alarm.
    pub fn alarm(&mut self, region: usize, to: Vec<Recipient>) -> (IncidentId, AlarmId) {
        let events = self.desks[region].act("a-1", raise(to)).unwrap();
        let alarm = events.iter().find_map(|event| match event {
            Any::Alarms(Event::Issued(alarm, _)) => Some(alarm.clone()),
            _ => None,
        });
        let alarm = alarm.expect("an alarm");
        (alarm.incident.expect("an incident"), alarm.id)
    }

    pub fn key(issuer: usize, alarm: &AlarmId, to: Recipient) -> Key {
        Key { issuer: id(REGIONS[issuer]), alarm: alarm.clone(), to }
    }

    pub fn outbox(&self, n: usize) -> Vec<Message> {
        let desk = &self.desks[n];
        view::outbox(&desk.region.shared.alarms, &desk.region.own.alarms, desk.now)
    }

    /// The sender's work: every due message meets this fate.
    pub fn send(&mut self, n: usize, outcome: Outcome) -> usize {
        let due = self.outbox(n);
        for Message { key, person, way, number, .. } in &due {
            let (key, person, channel, number) = (key.clone(), *person, way.channel, *number);
            let detail = Some(format!("till {} {SECRET}", way.address));
            let command = Command::Attempted { key, person, channel, number, outcome, detail };
            self.desks[n].act("machine", command).unwrap();
        }
        due.len()
    }

    /// Somebody who was woken answers by the personal link.
    pub fn answer(
        &mut self,
        n: usize,
        key: &Key,
        person: usize,
        says: Says,
    ) -> Result<Vec<Any>, samband_domain::Refusal> {
        let people = &self.desks[n].region.own.alarms.people[key];
        let token = people[person].as_ref().unwrap().token.clone();
        let (key, who) = (key.clone(), Who::Token(token));
        let command = Command::Answer { key, who, by: By::Link, says, note: None };
        self.desks[n].act("machine", command)
    }
}

/// An exercise of so many hours that reaches everybody of [`turn`].
pub fn exercise(hours: i64) -> Command {
    let people = ["jour", "bakjour"];
    let mail = people.map(|name| format!("{name}-{SECRET}@exempel.test"));
    Command::SetExercise {
        title: "Övning buss".into(),
        leader: format!("Övningsledare {SECRET}"),
        until: START.plus_seconds(hours * 3_600),
        allowed: mail.into_iter().chain(["+46701740699".into()]).collect(),
    }
}

fn desk(name: &str, mode: Mode) -> Desk {
    let mut desk = Desk::open_in(name, mode);
    if mode == Mode::Exercise {
        desk.must("a-1", exercise(2));
    }
    for role in [DutyRole::Tib, DutyRole::BloodCentre] {
        let turns = vec![turn("jour", 0), turn("bakjour", 1)];
        desk.must("a-1", Command::SetRoster { of: of(name, role), turns });
    }
    assert!(desk.region.shared.kernel.actors.contains_key(&actor("a-1")));
    desk
}
