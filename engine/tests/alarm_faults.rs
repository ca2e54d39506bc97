//! Schedules of faults through the real engine by a virtual clock: three installations whose
//! processes stop, whose channels die, lie, drop and dawdle, whose database is slow, whose clocks
//! jump and whose regions are cut off. Whatever happened, every obligation ends in the one state
//! that follows from what people did, and each thing stands in the record once.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::pull::{key_of, pull, shared};
use crate::common::{Base, House, fresh_key, journal, person, request};
use proptest::prelude::*;
use samband_access::Principal;
use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{
    By, Channel, DutyRole, Key, Kind, Outcome, Party, Recipient, Says, Step, Turn, Way,
};
use samband_domain::alarms::view::{Message, outbox};
use samband_domain::alarms::{Command as Alarms, Event, How, Obligation};
use samband_domain::kernel::Role;
use samband_domain::words::AlarmId;
use samband_domain::{Event as Any, Known, Time, Window};
use samband_engine::{Failure, Receipt, Request};
use sqlx::Connection as _;

const REGIONS: [&str; 3] = ["skane", "halland", "kronoberg"];

/// What a channel does with what it is handed.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Sent,
    Dead,
    /// Says that it was delivered; nobody has it.
    Lies,
    /// The process is killed between sending and recording.
    Dropped,
    /// Says what became of it much later.
    Late,
}

#[derive(Clone, Debug)]
enum Move {
    Wait(i64),
    Alarm { from: usize, to: BTreeSet<usize> },
    Again { from: usize, recall: bool },
    Send { at: usize, fate: Fate },
    Answer { at: usize, obligation: usize, person: usize, says: Says },
    Stop(usize),
    Cut(usize),
    Join(usize),
    Jump { at: usize, seconds: i64 },
    Slow { at: usize, seconds: i64 },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let at = 0..REGIONS.len();
    let fate = prop_oneof![
        Just(Fate::Sent),
        Just(Fate::Dead),
        Just(Fate::Lies),
        Just(Fate::Dropped),
        Just(Fate::Late),
    ];
    let says = prop_oneof![
        3 => Just(Says::TakesOn), 2 => Just(Says::Cannot), 1 => Just(Says::WrongRecipient)
    ];
    let to = prop::collection::btree_set(0..REGIONS.len(), 1..=REGIONS.len());
    let one = prop_oneof![
        8 => (1..150_i64).prop_map(Move::Wait),
        4 => (at.clone(), to).prop_map(|(from, to)| Move::Alarm { from, to }),
        2 => (at.clone(), any::<bool>()).prop_map(|(from, recall)| Move::Again { from, recall }),
        8 => (at.clone(), fate).prop_map(|(at, fate)| Move::Send { at, fate }),
        8 => (at.clone(), 0..9_usize, 0..3_usize, says).prop_map(
            |(at, obligation, person, says)| Move::Answer { at, obligation, person, says }
        ),
        3 => at.clone().prop_map(Move::Stop),
        2 => at.clone().prop_map(Move::Cut),
        2 => at.clone().prop_map(Move::Join),
        2 => (at.clone(), -3_600..3_600_i64).prop_map(|(at, seconds)| Move::Jump { at, seconds }),
        1 => (at, 1..400_i64).prop_map(|(at, seconds)| Move::Slow { at, seconds }),
    ];
    prop::collection::vec(one, 12..36)
}

/// One message for ever: where, to whom, by what, the how manieth.
type Name = (usize, Key, u16, Channel, u16);

struct Net {
    houses: Vec<House>,
    cut: BTreeSet<usize>,
    /// The latest that any clock has shown.
    latest: Time,
    /// Every alarm: whose, which, to whom.
    issued: Vec<(usize, AlarmId, BTreeSet<usize>)>,
    /// What replaced an alarm, by how its obligations end.
    replaced: BTreeMap<AlarmId, How>,
    /// Obligations that somebody took on, and was told so.
    taken: BTreeSet<Key>,
    /// Messages of whose fate the record tells.
    recorded: BTreeSet<Name>,
    /// What a channel has yet to say.
    late: Vec<(usize, Alarms)>,
    _base: Base,
}

fn tib(n: usize) -> Recipient {
    Recipient { party: Party::Region(journal(REGIONS[n])), role: DutyRole::Tib }
}

fn reach(kind: Kind, to: Vec<Recipient>, replaces: Option<AlarmId>) -> Alarms {
    let draft = Draft {
        incident: None,
        kind,
        headline: "Prov".into(),
        text: "Svara att du nås".into(),
        place: Known::Unknown,
        injured: Known::Unknown,
        to,
        replaces,
    };
    Alarms::Issue { alarm: Box::new(draft) }
}

async fn staffed(base: &Base, n: usize) -> House {
    let region = REGIONS[n];
    let house = base.house(region).await;
    house.settle(region).await;
    house.employ(region, Role::Tib).await;
    let turns = ["jour", "reserv"].iter().zip(0..).map(|(name, rank)| Turn {
        actor: None,
        name: (*name).into(),
        rank,
        window: Window::open(house.engine.now().plus_days(-1)),
        ways: vec![
            Way { channel: Channel::Email, address: format!("{name}@exempel.test") },
            Way { channel: Channel::Sms, address: format!("+4670174069{rank}") },
        ],
    });
    let roster = Alarms::SetRoster { of: tib(n), turns: turns.collect() };
    house.give(&person(region, "tib"), region, roster).await.unwrap();
    // A clock that jumps back does not come to a time before anybody had a mandate.
    house.pass(2 * 86_400);
    house
}

impl Net {
    async fn new() -> Self {
        let base = Base::sqlite();
        let mut houses = Vec::new();
        for n in 0..REGIONS.len() {
            houses.push(staffed(&base, n).await);
        }
        for (here, region) in REGIONS.iter().enumerate() {
            for (there, other) in REGIONS.iter().enumerate().filter(|(there, _)| *there != here) {
                let key = key_of(&houses[there].engine, other);
                houses[here].trust(region, other, key).await;
            }
        }
        let latest = houses[0].engine.now();
        let mut net = Self {
            houses,
            cut: BTreeSet::new(),
            latest,
            issued: Vec::new(),
            replaced: BTreeMap::new(),
            taken: BTreeSet::new(),
            recorded: BTreeSet::new(),
            late: Vec::new(),
            _base: base,
        };
        net.round().await;
        net
    }

    /// Everybody who can hears everybody who can be heard; what is due happens.
    async fn round(&mut self) {
        for from in (0..REGIONS.len()).filter(|n| !self.cut.contains(n)) {
            for to in (0..REGIONS.len()).filter(|n| *n != from && !self.cut.contains(n)) {
                let (from_engine, to_engine) = (&self.houses[from].engine, &self.houses[to].engine);
                pull(from_engine, to_engine, REGIONS[from], 100).await.unwrap();
            }
        }
        for house in &self.houses {
            house.engine.do_at_once().await.unwrap();
            self.latest = self.latest.max(house.engine.now());
        }
    }

    async fn wait(&mut self, seconds: i64) {
        let mut left = seconds;
        while left > 0 {
            let step = left.min(30);
            self.houses.iter().for_each(|house| house.pass(step));
            self.round().await;
            left -= step;
        }
    }

    /// Gives a command until it is certain; its key makes it happen once.
    async fn insist(&self, at: usize, request: &Request) -> Result<Receipt, Failure> {
        loop {
            match self.houses[at].engine.submit(request.clone()).await {
                Err(Failure::Unavailable(_) | Failure::Busy) => {}
                certain => return certain,
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }

    fn noted(&mut self, from: usize, receipt: &Receipt) {
        let issued = receipt.events.iter().find_map(|event| match event {
            Any::Alarms(Event::Issued(alarm, _)) => Some(alarm.clone()),
            _ => None,
        });
        let alarm = issued.expect("an alarm");
        let to = (0..REGIONS.len()).filter(|n| alarm.to.contains(&tib(*n))).collect();
        if let Some(before) = alarm.replaces {
            let how = if alarm.kind == Kind::Recall { How::Recalled } else { How::Replaced };
            self.replaced.insert(before, how);
        }
        self.issued.push((from, alarm.id, to));
    }

    async fn issue(&mut self, from: usize, command: Alarms) {
        let by = person(REGIONS[from], "tib");
        let request = request(&by, REGIONS[from], &fresh_key(), command);
        let receipt = self.insist(from, &request).await.unwrap();
        self.noted(from, &receipt);
    }

    /// An earlier alarm of that region is updated or taken back, if there is one.
    async fn again(&mut self, from: usize, recall: bool) {
        let last = self.houses[from].engine.world();
        let last = &last.local(&journal(REGIONS[from])).unwrap().shared.alarms.issued;
        let open =
            last.values().find(|one| one.replaced.is_none() && one.alarm.kind != Kind::Recall);
        let Some(before) = open.map(|one| one.alarm.clone()) else { return };
        let kind = if recall { Kind::Recall } else { Kind::Reach };
        self.issue(from, reach(kind, before.to, Some(before.id))).await;
    }

    /// The sender's work at one place: every message that is due meets this fate.
    async fn send(&mut self, at: usize, fate: Fate) {
        let due: Vec<Message> = {
            let (engine, id) = (&self.houses[at].engine, journal(REGIONS[at]));
            let world = engine.world();
            let region = world.local(&id).unwrap();
            outbox(&region.shared.alarms, &region.own.alarms, engine.now())
        };
        let waiting: BTreeSet<_> = self.late.iter().map(|(at, said)| named(*at, said)).collect();
        for message in due {
            let outcome = match fate {
                Fate::Sent | Fate::Late | Fate::Dropped => Outcome::Sent,
                Fate::Dead => Outcome::Failed,
                Fate::Lies => Outcome::Delivered,
            };
            let said = Alarms::Attempted {
                key: message.key.clone(),
                person: message.person,
                channel: message.way.channel,
                number: message.number,
                outcome,
                detail: None,
            };
            let name = named(at, &said);
            assert!(!self.recorded.contains(&name), "sent again though recorded: {name:?}");
            // What is on its way is not sent beside itself.
            if waiting.contains(&name) {
                continue;
            }
            match fate {
                // Nothing of it is known: it is sent again, under the same name.
                Fate::Dropped => {}
                Fate::Late => self.late.push((at, said)),
                _ => self.says(at, said).await,
            }
        }
        if matches!(fate, Fate::Dropped) {
            self.houses[at].restart().await;
            // With the process goes what it knew to be on its way.
            self.late.retain(|(other, _)| *other != at);
        }
    }

    async fn says(&mut self, at: usize, said: Alarms) {
        self.recorded.insert(named(at, &said));
        let request = request(&Principal::Engine, REGIONS[at], &fresh_key(), said);
        self.insist(at, &request).await.unwrap();
    }

    /// What dawdled is told at last.
    async fn catch_up(&mut self) {
        for (at, said) in std::mem::take(&mut self.late) {
            self.says(at, said).await;
        }
    }

    fn held(&self, at: usize, key: &Key) -> Option<Obligation> {
        shared(&self.houses[at].engine, REGIONS[at]).alarms.obligations.get(key).cloned()
    }

    async fn answer(&mut self, at: usize, nth: usize, nobody: usize, says: Says) {
        let found = {
            let world = self.houses[at].engine.world();
            let people = &world.local(&journal(REGIONS[at])).unwrap().own.alarms.people;
            let found = people.iter().nth(nth % people.len().max(1));
            found.and_then(|(key, woken)| {
                let person = woken.get(nobody % woken.len())?.as_ref()?;
                Some((key.clone(), person.token.clone()))
            })
        };
        let Some((key, token)) = found else { return };
        let quiet = self.held(at, &key).unwrap().quiet();
        let (asked, who) = (key.clone(), Who::Token(token));
        let command = Alarms::Answer { key: asked, who, by: By::Link, says, note: None };
        let request = request(&Principal::Nobody, REGIONS[at], &fresh_key(), command);
        match self.insist(at, &request).await {
            Ok(_) if says == Says::TakesOn && !quiet => drop(self.taken.insert(key)),
            Ok(_) => {}
            Err(failure) => {
                assert_eq!(failure.code(), "alarm.ended");
                assert!(self.held(at, &key).unwrap().closed.is_some());
            }
        }
    }

    /// Another program holds the database for longer than anybody waits, and the clock goes on.
    async fn slow(&mut self, at: usize, seconds: i64) {
        let address = format!("sqlite://{}", self.houses[at].place.file().display());
        let mut other = sqlx::SqliteConnection::connect(&address).await.unwrap();
        let hold = "PRAGMA busy_timeout = 60000; BEGIN IMMEDIATE";
        sqlx::raw_sql(hold).execute(&mut other).await.unwrap();
        let command = reach(Kind::Reach, vec![tib(at), tib((at + 1) % REGIONS.len())], None);
        let by = person(REGIONS[at], "tib");
        let asked = request(&by, REGIONS[at], &fresh_key(), command);
        let told = self.houses[at].engine.submit(asked.clone()).await;
        assert!(matches!(told, Err(Failure::Unavailable(_))), "{told:?}");
        self.houses.iter().for_each(|house| house.pass(seconds));
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
        // Whoever was told that it is uncertain says the same once more.
        let receipt = self.insist(at, &asked).await.unwrap();
        self.noted(at, &receipt);
        self.round().await;
    }

    async fn play(&mut self, one: Move) {
        match one {
            Move::Wait(seconds) => {
                self.wait(seconds).await;
                self.catch_up().await;
            }
            Move::Alarm { from, to } => {
                let to = to.into_iter().map(tib).collect();
                self.issue(from, reach(Kind::Reach, to, None)).await;
            }
            Move::Again { from, recall } => self.again(from, recall).await,
            Move::Send { at, fate } => self.send(at, fate).await,
            Move::Answer { at, obligation, person, says } => {
                self.answer(at, obligation, person, says).await;
            }
            Move::Stop(at) => {
                self.houses[at].restart().await;
                self.late.retain(|(other, _)| *other != at);
            }
            Move::Cut(at) => drop(self.cut.insert(at)),
            Move::Join(at) => drop(self.cut.remove(&at)),
            Move::Jump { at, seconds } => {
                self.houses[at].pass(seconds);
                self.round().await;
            }
            Move::Slow { at, seconds } => self.slow(at, seconds).await,
        }
    }

    /// Every fault is over, the clocks agree, and a quarter of an hour goes by.
    async fn settle(&mut self) {
        self.catch_up().await;
        self.cut.clear();
        for house in &self.houses {
            house.place.clock.set(self.latest);
        }
        self.round().await;
        self.wait(900).await;
        // An answer takes one way to be heard, and its note another.
        self.round().await;
        self.round().await;
    }
}

fn named(at: usize, said: &Alarms) -> Name {
    let Alarms::Attempted { key, person, channel, number, .. } = said else {
        unreachable!("an attempt");
    };
    (at, key.clone(), *person, *channel, *number)
}

/// The states in which an obligation may rest.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Met,
    Replaced,
    Recalled,
    /// Nobody answered: a person has to telephone, and the page says so.
    ByHand,
}

fn state_of(held: &Obligation) -> State {
    match held.closed.as_ref().map(|closed| &closed.how) {
        Some(How::Met) => State::Met,
        Some(How::Replaced) => State::Replaced,
        Some(How::Recalled) => State::Recalled,
        None if held.answer.is_none() && held.steps.contains(&Step::ByHand) => State::ByHand,
        _ => panic!("in no state in which it may rest: {held:?}"),
    }
}

impl Net {
    /// The state of an obligation as it follows from what people did.
    fn expected(&self, alarm: &AlarmId, key: &Key) -> State {
        match self.replaced.get(alarm) {
            _ if self.taken.contains(key) => State::Met,
            Some(How::Recalled) => State::Recalled,
            Some(_) => State::Replaced,
            None => State::ByHand,
        }
    }

    async fn judge(&self) {
        for (from, alarm, to) in &self.issued {
            for at in to {
                let (issuer, alarm) = (journal(REGIONS[*from]), alarm.clone());
                let key = Key { issuer, alarm: alarm.clone(), to: tib(*at) };
                let there = self.held(*at, &key).expect("it is owed where somebody is woken");
                let expected = self.expected(&alarm, &key);
                assert_eq!(state_of(&there), expected, "{key:?} in {}: {there:?}", REGIONS[*at]);
                let here = state_of(&self.held(*from, &key).expect("owed to its issuer"));
                // Who answered while the recall was on its way answered an alarm that was over.
                let crossed = here == State::Recalled || here == State::Replaced;
                let fits = here == expected || (expected == State::Met && crossed);
                assert!(fits, "{key:?} is {here:?} at its issuer, and {expected:?} there");
            }
        }
        for n in 0..REGIONS.len() {
            self.each_once(n).await;
        }
    }

    /// The record holds each thing once, and only what follows from the alarms.
    async fn each_once(&self, n: usize) {
        let (engine, id) = (&self.houses[n].engine, journal(REGIONS[n]));
        engine.verify(&id).await.unwrap();
        let records = engine.store().read(&id, 1, 0, 10_000).await.unwrap();
        let mut seen = BTreeMap::<String, usize>::new();
        for record in &records {
            let content: serde_json::Value =
                serde_json::from_str(record.body.text().unwrap()).unwrap();
            let (kind, said) = (content["kind"].as_str().unwrap(), &content["shared"]);
            let name = match kind {
                "alarm.issued" => format!("issued {}", said["id"]),
                "alarm.heard" => format!("heard {}", said["alarm"]["id"]),
                "alarm.woken" => format!("woken {} {} {}", said["key"], said["step"], said["rank"]),
                "alarm.stepped" => format!("stepped {} {}", said["key"], said["step"]),
                "alarm.answered" if said["says"] == "takes_on" => format!("taken {}", said["key"]),
                "alarm.noted" => format!("noted {}", said["answer"]["key"]),
                "alarm.attempted" => format!("attempted {said}"),
                _ => continue,
            };
            *seen.entry(name).or_default() += 1;
        }
        let doubled: Vec<_> = seen.iter().filter(|(_, count)| **count != 1).collect();
        assert!(doubled.is_empty(), "twice in {}: {doubled:?}", REGIONS[n]);
        let issued = self.issued.iter().filter(|(from, ..)| *from == n).count();
        let heard = self.issued.iter().filter(|(from, _, to)| *from != n && to.contains(&n));
        let count = |kind: &str| seen.keys().filter(|name| name.starts_with(kind)).count();
        assert_eq!((count("issued "), count("heard ")), (issued, heard.count()), "{}", REGIONS[n]);
        let mine = |key: &&Key| key.to == tib(n);
        assert_eq!(count("taken "), self.taken.iter().filter(mine).count(), "{}", REGIONS[n]);
    }
}

async fn through(moves: Vec<Move>) {
    let mut net = Net::new().await;
    for one in moves {
        net.play(one).await;
    }
    net.settle().await;
    net.judge().await;
    // Rested: nothing more follows, and a start from the database comes to the same.
    for (house, region) in net.houses.iter_mut().zip(REGIONS) {
        let before = shared(&house.engine, region);
        house.engine.do_at_once().await.unwrap();
        house.restart().await;
        house.engine.do_at_once().await.unwrap();
        assert_eq!(shared(&house.engine, region), before, "{region}");
    }
}

/// Every kind of fault within one alarm, whatever chance brings in the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_of_fault_leaves_every_obligation_in_its_one_right_state() {
    let answer = |at, obligation, person, says| Move::Answer { at, obligation, person, says };
    through(vec![
        Move::Alarm { from: 0, to: [0, 1, 2].into() },
        Move::Send { at: 0, fate: Fate::Dead },
        Move::Cut(1),
        Move::Wait(20),
        Move::Send { at: 0, fate: Fate::Dropped },
        Move::Send { at: 2, fate: Fate::Late },
        Move::Stop(2),
        answer(2, 0, 0, Says::Cannot),
        Move::Slow { at: 2, seconds: 200 },
        Move::Send { at: 2, fate: Fate::Lies },
        answer(2, 0, 1, Says::TakesOn),
        Move::Jump { at: 0, seconds: 3_000 },
        Move::Again { from: 0, recall: false },
        Move::Jump { at: 0, seconds: -3_400 },
        Move::Alarm { from: 1, to: [1, 0].into() },
        answer(1, 0, 0, Says::TakesOn),
        Move::Join(1),
        Move::Wait(61),
        answer(1, 0, 0, Says::TakesOn),
        Move::Again { from: 0, recall: true },
        answer(0, 1, 0, Says::WrongRecipient),
        Move::Wait(30),
    ])
    .await;
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20, ..ProptestConfig::with_cases(5) })]

    #[test]
    fn a_random_schedule_of_faults_loses_nothing_and_doubles_nothing(moves in moves()) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(through(moves));
    }
}
