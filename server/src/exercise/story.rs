//! The exercise of seven regions as it goes by itself (demo.md): 60 casualties, six of seven
//! acknowledged, one of them by a deputy, one duty officer who cannot, 27 of 30 transports. Every
//! step is a command that a person gives, by the same way; only when it is given is written here.

use anyhow::{Context as _, Result, anyhow, bail};
use samband_access::Principal;
use samband_domain::alarms::Command as Alarms;
use samband_domain::alarms::command::{Draft, Who};
use samband_domain::alarms::model::{
    Between, By, DutyRole, Key, Kind, Owed, Party, Place, Recipient, Says,
};
use samband_domain::incidents::Command as Incidents;
use samband_domain::incidents::model::{Assessment, CareMode, Finding, Holds, Report};
use samband_domain::kernel::Role;
use samband_domain::readiness::Command as Readiness;
use samband_domain::readiness::model::{
    Certainty, Fact, Field, Reason, Shortfall, Source, Stated, Statement, TransportKind, Unit,
    UnitStage,
};
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{Command, Event, JournalId, Known, Mode, Time};
use samband_engine::{Engine, Request};

use crate::operate::fresh_key;

/// The region in which it happens.
const STRUCK: &str = "vastmanland";

/// How many seconds the story takes.
pub const LASTS: i64 = 25 * 60;

/// The clock's work is done so often while a story goes through the past.
const TICK: i64 = 15;

/// By which clock a story goes.
pub trait Pace {
    /// Waits until so many seconds after the alarm.
    fn until(&self, engine: &Engine, seconds: i64) -> impl Future<Output = Result<()>> + Send;
}

/// As fast as it happens.
pub struct Live(pub tokio::time::Instant);

impl Pace for Live {
    async fn until(&self, _: &Engine, seconds: i64) -> Result<()> {
        let seconds = u64::try_from(seconds).unwrap_or(0);
        tokio::time::sleep_until(self.0 + std::time::Duration::from_secs(seconds)).await;
        Ok(())
    }
}

/// Through the past, with the clock's work done on the way: what takes 25 minutes took them.
pub struct Back<'a> {
    /// The world's clock.
    pub clock: &'a crate::demo::DemoClock,
    /// When the alarm is issued.
    pub from: Time,
}

impl Pace for Back<'_> {
    async fn until(&self, engine: &Engine, seconds: i64) -> Result<()> {
        let to = self.from.plus_seconds(seconds);
        loop {
            let next = engine.now().plus_seconds(TICK).min(to);
            self.clock.show(next);
            engine.tick().await;
            if next >= to {
                return Ok(());
            }
        }
    }
}

/// Who answers, after how many seconds, and how.
enum Answers {
    /// The duty officer, signed in.
    Takes,
    /// The duty officer cannot; whoever is next takes it so many seconds later.
    CannotThen(i64),
    /// The deputy, by the personal link.
    Deputy,
}

/// One region's part: who, when it answers, how, when it promises, and how many transports.
struct Part {
    region: &'static str,
    answers: (i64, Answers),
    pledges: (i64, u16),
}

const PARTS: [Part; 6] = [
    Part { region: "uppsala", answers: (42, Answers::Takes), pledges: (420, 5) },
    Part { region: "orebro", answers: (55, Answers::Takes), pledges: (360, 5) },
    Part { region: "sormland", answers: (70, Answers::Takes), pledges: (480, 5) },
    Part { region: "dalarna", answers: (85, Answers::CannotThen(60)), pledges: (600, 5) },
    Part { region: "varmland", answers: (130, Answers::Takes), pledges: (700, 2) },
    // The deputy is woken after three minutes and answers at four.
    Part { region: "gavleborg", answers: (240, Answers::Deputy), pledges: (780, 5) },
];

/// What happens, by the second.
enum Step {
    Answer(usize),
    Next(usize),
    Pledge(usize),
    Report(&'static str),
    Leave(usize),
    Blood,
    Stock,
}

fn steps() -> Vec<(i64, Step)> {
    let mut all = Vec::new();
    for (n, part) in PARTS.iter().enumerate() {
        all.push((part.answers.0, Step::Answer(n)));
        if let Answers::CannotThen(later) = part.answers.1 {
            all.push((part.answers.0 + later, Step::Next(n)));
        }
        all.push((part.pledges.0, Step::Pledge(n)));
    }
    all.push((95, Step::Blood));
    all.push((400, Step::Stock));
    all.push((540, Step::Report(STRUCK)));
    all.push((900, Step::Report("orebro")));
    all.push((1_020, Step::Report("uppsala")));
    all.push((1_200, Step::Leave(1)));
    all.push((1_320, Step::Report("sormland")));
    all.sort_by_key(|(at, _)| *at);
    all
}

/// Plays it. Refused where a journal is not an exercise's.
///
/// # Errors
/// If something is no exercise, or a command is refused.
pub async fn play(engine: &Engine, pace: &impl Pace, tell: impl Fn(String)) -> Result<()> {
    let world = engine.world();
    if let Some(other) = world.locals().find(|one| one.mode() != Some(Mode::Exercise)) {
        bail!("{} is no exercise's journal: nothing was done", other.id);
    }
    drop(world);
    let alarm = raise(engine).await?;
    tell(format!("0:00  {STRUCK}: alarm {} to seven roles and the blood centre", alarm.alarm));
    for (at, step) in steps() {
        pace.until(engine, at).await?;
        let said = alarm.step(engine, &step).await?;
        tell(format!("{}:{:02}  {said}", at / 60, at % 60));
    }
    pace.until(engine, LASTS).await
}

/// The alarm that was issued.
struct Issued {
    alarm: AlarmId,
    incident: IncidentId,
}

fn journal(id: &str) -> JournalId {
    JournalId::new(id).expect("a region's name is an identifier")
}

fn person(region: &str, role: Role) -> Result<Principal> {
    Ok(Principal::Person { actor: role.as_str().parse()?, region: journal(region) })
}

async fn act(
    engine: &Engine,
    principal: Principal,
    region: &str,
    command: impl Into<Command>,
) -> Result<Vec<Event>> {
    let (key, command) = (fresh_key()?, command.into());
    let region = journal(region);
    let request =
        Request { principal, region: region.clone(), key, happened: None, command, asked: None };
    let receipt = engine.submit(request).await.with_context(|| format!("in {region}"))?;
    Ok(receipt.events)
}

fn tib(region: &str) -> Recipient {
    Recipient { party: Party::Region(journal(region)), role: DutyRole::Tib }
}

fn finding(basis: &str) -> Finding {
    Finding {
        holds: Holds::Suspected,
        basis: basis.into(),
        source: "Ambulans 3310, vindruterapport".into(),
    }
}

/// One signature: confirmed, assessed, alarmed.
async fn raise(engine: &Engine) -> Result<Issued> {
    let place = Place {
        text: "E18 vid Arboga, mot Köping".into(),
        point: Known::Value((59_394_000, 15_838_000)),
    };
    let injured = Known::Value(Between { least: 45, most: 70 });
    let own = |role| Recipient { party: Party::Region(journal(STRUCK)), role };
    let mut to: Vec<_> = PARTS.iter().map(|part| tib(part.region)).collect();
    to.extend([own(DutyRole::RegionalCommand), own(DutyRole::BloodCentre)]);
    let draft = Draft {
        incident: None,
        kind: Kind::Regional,
        headline: "Två bussar har kolliderat på E18 vid Arboga, omkring 60 skadade".into(),
        text: "Omkring 60 skadade: 15 P1, 15 P2, 30 P3 enligt första sorteringen. Behov av \
               sekundärtransporter, intensivvård och blod."
            .into(),
        place: Known::Value(place.clone()),
        injured,
        to,
        replaces: None,
    };
    let report = Report {
        title: "Buss mot buss, E18 vid Arboga".into(),
        text: "Två bussar i frontalkrock, flera fastklämda. Brandrök från den ena.".into(),
        source: "SOS Alarm".into(),
        place: Known::Value(place),
        happened: Known::Value(engine.now().plus_seconds(-12 * 60)),
        injured,
    };
    let command = Incidents::Raise {
        incident: None,
        report: Box::new(report),
        basis: "Fler svårt skadade än regionens akutmottagningar tar emot på en timme".into(),
        mode: CareMode::Reinforced,
        assessment: Assessment {
            harm: finding("15 P1 och 15 P2 enligt första sorteringen"),
            imbalance: finding("Västerås och Köping tar emot 8 P1/P2 den första timmen"),
        },
        alarm: Box::new(draft),
    };
    let events = act(engine, person(STRUCK, Role::Tib)?, STRUCK, command).await?;
    let issued = events.into_iter().find_map(|event| match event {
        Event::Alarms(samband_domain::alarms::Event::Issued(alarm, _)) => Some(alarm),
        _ => None,
    });
    let alarm = issued.ok_or_else(|| anyhow!("no alarm was issued"))?;
    let incident = alarm.incident.ok_or_else(|| anyhow!("the alarm belongs to no incident"))?;
    Ok(Issued { alarm: alarm.id, incident })
}

impl Issued {
    async fn step(&self, engine: &Engine, step: &Step) -> Result<String> {
        match step {
            Step::Answer(n) => self.answer(engine, &PARTS[*n]).await,
            Step::Next(n) => self.by_link(engine, PARTS[*n].region, 1).await,
            Step::Pledge(n) => self.pledge(engine, &PARTS[*n]).await,
            Step::Report(region) => self.report(engine, region).await,
            Step::Leave(n) => self.leave(engine, PARTS[*n].region).await,
            Step::Blood | Step::Stock => self.blood(engine, matches!(step, Step::Stock)).await,
        }
    }

    fn key(&self, region: &str) -> Key {
        Key { issuer: journal(STRUCK), alarm: self.alarm.clone(), to: tib(region) }
    }

    async fn answer(&self, engine: &Engine, part: &Part) -> Result<String> {
        let (region, says) = (part.region, &part.answers.1);
        if matches!(says, Answers::Deputy) {
            return self.by_link(engine, region, 1).await;
        }
        let (says, said) = match says {
            Answers::CannotThen(_) => (Says::Cannot, "cannot; the next person is woken"),
            _ => (Says::TakesOn, "acknowledged"),
        };
        let (key, by) = (self.key(region), By::Page);
        let command = Alarms::Answer { key, who: Who::Oneself, by, says, note: None };
        act(engine, person(region, Role::Tib)?, region, command).await?;
        Ok(format!("{region}: the duty officer {said}"))
    }

    /// The own blood centre takes it on, and then says what it has.
    async fn blood(&self, engine: &Engine, stock: bool) -> Result<String> {
        let to = Recipient { party: Party::Region(journal(STRUCK)), role: DutyRole::BloodCentre };
        let key = Key { issuer: journal(STRUCK), alarm: self.alarm.clone(), to };
        let (command, said) = if stock {
            (Alarms::Deliver { key, owed: Owed::Stock }, "stock is reported")
        } else {
            let (who, by, says) = (Who::Oneself, By::Page, Says::TakesOn);
            (Alarms::Answer { key, who, by, says, note: None }, "acknowledged")
        };
        act(engine, person(STRUCK, Role::Scientist)?, STRUCK, command).await?;
        Ok(format!("{STRUCK}: the blood centre {said}"))
    }

    /// Somebody who was woken opens the personal link.
    async fn by_link(&self, engine: &Engine, region: &str, which: usize) -> Result<String> {
        let world = engine.world();
        let key = self.key(region);
        let people = world.local(&journal(region)).and_then(|one| one.own.alarms.people.get(&key));
        let woken = people.and_then(|people| people.get(which)).and_then(Option::as_ref);
        let token = woken.map(|person| person.token.clone());
        let token = token.ok_or_else(|| anyhow!("{region}: person {which} was not woken"))?;
        let who = Who::Token(token);
        let command = Alarms::Answer { key, who, by: By::Link, says: Says::TakesOn, note: None };
        act(engine, Principal::Nobody, region, command).await?;
        Ok(format!("{region}: the deputy acknowledged by the personal link"))
    }

    async fn pledge(&self, engine: &Engine, part: &Part) -> Result<String> {
        let (region, count) = (part.region, part.pledges.1);
        let ready = |n: u16| engine.now().plus_seconds(i64::from(20 + 5 * n) * 60);
        let units = (1..=count).map(|n| Unit {
            name: format!("{} {n}", place(region)),
            kind: TransportKind::ALL[usize::from(n) % TransportKind::ALL.len().min(2)],
            ready: ready(n),
        });
        let shortfall = (count < 5).then(|| Shortfall {
            reason: Reason::Staff,
            text: "Tre bilar bundna vid sjukhusförflyttning, personal kallas in".into(),
        });
        let command = Readiness::Pledge {
            of: journal(STRUCK),
            alarm: self.alarm.clone(),
            units: units.collect(),
            shortfall,
        };
        act(engine, person(region, Role::Tib)?, region, command).await?;
        let short = if count < 5 { ", and says why" } else { "" };
        Ok(format!("{region}: {count} of 5 transports promised{short}"))
    }

    async fn leave(&self, engine: &Engine, region: &str) -> Result<String> {
        let (of, alarm, unit) = (journal(STRUCK), self.alarm.clone(), 0);
        let command = Readiness::Move { of, alarm, unit, to: UnitStage::UnderWay };
        act(engine, person(region, Role::Tib)?, region, command).await?;
        Ok(format!("{region}: the first transport has left"))
    }

    async fn report(&self, engine: &Engine, region: &str) -> Result<String> {
        let (at, own) = (engine.now(), region == STRUCK);
        let stated = if own { struck() } else { helping(region) };
        let statements = stated.into_iter().map(|(field, stated, certainty)| Statement {
            field,
            stated,
            valid: at,
            source: Source::Tib,
            certainty,
        });
        let command = Readiness::ReportSituation {
            of: journal(STRUCK),
            incident: self.incident.clone(),
            alarm: Some(self.alarm.clone()),
            statements: statements.collect(),
            next: Known::Value(at.plus_seconds(40 * 60)),
        };
        act(engine, person(region, Role::Tib)?, region, command).await?;
        Ok(format!("{region}: situation reported"))
    }
}

/// A region's name as people write it.
fn place(region: &str) -> &str {
    match region {
        "dalarna" => "Dalarna",
        "gavleborg" => "Gävleborg",
        "orebro" => "Örebro",
        "sormland" => "Sörmland",
        "uppsala" => "Uppsala",
        "varmland" => "Värmland",
        "vastmanland" => "Västmanland",
        other => other,
    }
}

type Said = (Field, Stated, Certainty);

fn text(field: Field, words: &str) -> Said {
    (field, Stated::Value(Fact::Text(words.into())), Certainty::Confirmed)
}

fn range(field: Field, least: u32, most: u32) -> Said {
    (field, Stated::Value(Fact::Range(Between { least, most })), Certainty::Estimated)
}

/// What the struck region knows after nine minutes; the rest is said to be unknown.
fn struck() -> Vec<Said> {
    let mut all = vec![
        text(Field::Kind, "Frontalkrock mellan två bussar"),
        text(Field::Place, "E18 vid Arboga, mot Köping"),
        text(Field::Hazards, "Rök från den ena bussen, dieselläckage"),
        (Field::Ongoing, Stated::Value(Fact::Flag(true)), Certainty::Confirmed),
        text(Field::Access, "Från öster via trafikplats Sätra; västerifrån stängt"),
        (Field::Cbrne, Stated::Value(Fact::Flag(false)), Certainty::Unconfirmed),
        range(Field::Total, 55, 65),
        range(Field::P1, 15, 15),
        range(Field::P2, 15, 15),
        range(Field::P3, 30, 30),
        range(Field::Trapped, 3, 6),
        (Field::PerHour, Stated::Value(Fact::Count(8)), Certainty::Estimated),
        text(Field::RegionMode, "Förstärkningsläge"),
        text(Field::AssessedNow, "Regionens egna resurser räcker inte för P1 och P2"),
    ];
    let unknown = [Field::Dead, Field::Children, Field::Burned, Field::Security];
    all.extend(unknown.map(|field| (field, Stated::Unknown, Certainty::Unconfirmed)));
    all
}

fn helping(region: &str) -> Vec<Said> {
    let count = if region == "uppsala" { 6 } else { 3 };
    vec![
        (Field::PerHour, Stated::Value(Fact::Count(count)), Certainty::Estimated),
        (Field::AmbulancesFree, Stated::Value(Fact::Count(4)), Certainty::Confirmed),
        text(Field::BloodOutbound, "Kan sända 20 erytrocytenheter inom en timme"),
        text(Field::RegionMode, "Stabsläge"),
    ]
}
