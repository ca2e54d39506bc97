//! Donors enough for a call-up plan on a small scale, the bus' stops, sessions in the weeks to
//! come, and a week that Skåne adopted and works off. All of it is assumed; nobody is called so.

use anyhow::{Context as _, Result, anyhow};
use samband_domain::blood::model::Group;
use samband_domain::donations::model::DonationKind;
use samband_domain::donors::Command as Donors;
use samband_domain::donors::model::{Earlier, Identity, Outcome, SessionFacts, Terms, Types};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, Role, SiteKind};
use samband_domain::plans::Command as Plans;
use samband_domain::plans::model::Pooling;
use samband_domain::words::Day;
use samband_domain::{Command, DonorId, JournalId, Known, SiteId, Time, Window};
use samband_engine::{Engine, Request};
use samband_planning::progress::Progress;
use samband_web::app::plans::callup::{self, Asked};

use super::donors::number;
use super::{act, day, journal, person};
use crate::operate::fresh_key;

/// Where donors give: site, donors, and how many a session receives.
type Place = (&'static str, usize, u16);

/// Each region's invented family name and places.
const REGIONS: [(&str, &str, &[Place]); 4] = [
    ("blekinge", "Provgivare", &[("karlskrona-bc", 55, 20), ("karlshamn-bc", 35, 12)]),
    ("halland", "Givarsson", &[("halmstad-bc", 60, 20), ("varberg-bc", 45, 16)]),
    ("kronoberg", "Givarberg", &[("vaxjo-bc", 55, 20), ("ljungby-bc", 35, 12)]),
    (
        "skane",
        "Givarelius",
        &[
            ("lund-bc", 70, 16),
            ("malmo-bc", 60, 14),
            ("helsingborg-bc", 40, 10),
            ("stopp-horby", 16, 12),
            ("stopp-osby", 14, 12),
            ("stopp-sjobo", 14, 12),
        ],
    ),
];

/// Where Skåne's bus stops.
const STOPS: [(&str, &str); 3] = [
    ("stopp-horby", "Blodbussen, Hörby torg"),
    ("stopp-osby", "Blodbussen, Osby station"),
    ("stopp-sjobo", "Blodbussen, Sjöbo torg"),
];

/// Donors in a hundred, by group.
const MIX: [(Group, usize); 8] = [
    (Group::ALL[0], 32),
    (Group::ALL[1], 8),
    (Group::ALL[2], 36),
    (Group::ALL[3], 7),
    (Group::ALL[4], 9),
    (Group::ALL[5], 2),
    (Group::ALL[6], 4),
    (Group::ALL[7], 2),
];

const NAMES: [&str; 12] = [
    "Alva", "Bertil", "Cecilia", "David", "Ebba", "Fredrik", "Greta", "Hugo", "Inga", "Johan",
    "Klara", "Lennart",
];

/// Registers donors, opens stops and sessions, tells the regions of each other's donors and adopts
/// a week.
///
/// # Errors
/// If a command is refused.
pub async fn plan(engine: &Engine) -> Result<()> {
    for (id, name) in STOPS {
        let command = Kernel::OpenSite {
            id: Some(SiteId::new(id)?),
            name: name.into(),
            kind: SiteKind::MobileUnit,
            parent: Some(SiteId::new("blodbuss-1")?),
            record: RecordKeeper::Samband,
            window: Window::open(day("2020-01-01")),
            note: Some("antagande".into()),
        };
        let skane = journal("skane");
        act(engine, person(&skane, Role::Administrator), &skane, command).await?;
    }
    for (region, family, places) in REGIONS {
        let region = journal(region);
        donors(engine, &region, family, places).await?;
        sessions(engine, &region, places).await?;
        act(engine, person(&region, Role::Coordinator), &region, Plans::TellStrata).await?;
    }
    adopt(engine, &journal("skane")).await
}

/// Several commands of one person, together.
async fn all(
    engine: &Engine,
    region: &JournalId,
    role: Role,
    commands: impl IntoIterator<Item = Donors>,
) -> Result<()> {
    let mut requests = Vec::new();
    for command in commands {
        requests.push(Request {
            principal: person(region, role),
            region: region.clone(),
            key: fresh_key()?,
            happened: None,
            command: Command::from(command),
            asked: None,
        });
    }
    let outcome = engine.submit_all(requests).await;
    outcome.map_err(|(n, failure)| anyhow!("{region}: command {n}: {failure}"))?;
    Ok(())
}

async fn donors(engine: &Engine, region: &JournalId, family: &str, places: &[Place]) -> Result<()> {
    let now = engine.now();
    let sites = places.iter().flat_map(|(site, count, _)| std::iter::repeat_n(*site, *count));
    let mut numbers = Vec::new();
    let mut register = Vec::new();
    for (n, site) in sites.enumerate() {
        let born = format!("{}{:02}{:02}", 1970 + n % 35, 1 + n * 5 % 12, 1 + n * 3 % 28);
        let number = number(&born, 980 + u16::try_from(n % 20)?)?;
        numbers.push(number.clone());
        let identity = Identity {
            number,
            name: format!("{} {family} {}", NAMES[n * 7 % NAMES.len()], n + 1),
            phone: Some(format!("070-174 06 {:02}", 10 + n % 85)),
            email: None,
        };
        let kinds = vec![DonationKind::WholeBlood];
        let terms = Terms { site: Some(SiteId::new(site)?), kinds, may_call: n % 17 != 0 };
        let earlier = Known::Value(earlier(now, n));
        register.push(Donors::Register { identity, terms, earlier });
    }
    all(engine, region, Role::Phlebotomist, register).await?;
    let world = engine.world();
    let own = world.local(region).context("the region is here")?;
    let held = |n: usize| own.own.donors.by_number.get(&numbers[n]).cloned();
    let types = (0..numbers.len()).filter(|n| n % 29 != 11).filter_map(|n| {
        let (donor, group) = (held(n)?, Known::Value(group(n)));
        Some(Donors::Type { donor, group, types: Types::default() })
    });
    all(engine, region, Role::Scientist, types).await
}

fn group(n: usize) -> Group {
    let mut place = n * 37 % 100;
    for (group, part) in MIX {
        if place < part {
            return group;
        }
        place -= part;
    }
    Group::ALL[0]
}

/// What a donor gave before: some often, some lately, some long ago, some never.
fn earlier(now: Time, n: usize) -> Vec<Earlier> {
    let last = i64::try_from(n * 41 % 300).unwrap_or(0) + 10;
    let days: Vec<i64> = match n % 10 {
        0..=3 => (0..4).map(|back| last + 110 * back).collect(),
        4..=7 => vec![last + 60, last + 400],
        8 => vec![last + 760],
        _ => Vec::new(),
    };
    let kind = DonationKind::WholeBlood;
    days.into_iter().map(|days| Earlier { day: Day::of(now.plus_days(-days)), kind }).collect()
}

/// Tuesdays of the next two weeks.
async fn sessions(engine: &Engine, region: &JournalId, places: &[Place]) -> Result<()> {
    let today = Day::of(engine.now());
    let to_monday = 7 - u32::try_from(today.date().weekday().to_monday_zero_offset())?;
    let mut open = Vec::new();
    for (site, _, capacity) in places {
        for tuesday in [to_monday + 1, to_monday + 8] {
            let from = today.plus_days(tuesday).starts().plus_seconds(9 * 3_600);
            let until = Some(from.plus_seconds(8 * 3_600));
            let facts = SessionFacts {
                site: SiteId::new(site)?,
                window: Window::new(from, until).context("a session ends after it starts")?,
                capacity: *capacity,
                kinds: DonationKind::ALL.to_vec(),
            };
            open.push(Donors::OpenSession { facts });
        }
    }
    all(engine, region, Role::Phlebotomist, open).await
}

/// The coordinator adopts the plan's first week; the first donors of its lists have been called.
async fn adopt(engine: &Engine, region: &JournalId) -> Result<()> {
    let (world, now) = (engine.world(), engine.now());
    let asked = Asked { pooling: Pooling::Local, band: callup::BAND, need: None };
    let from = callup::gather(&world, region, asked, now)
        .map_err(|refusal| anyhow!("{region}: {}", refusal.kind.code))?;
    let found = callup::plan(from, asked, now, &Progress::default())?;
    let weeks: Vec<_> = found.weeks.into_iter().take(1).collect();
    let note = Some("Vecka ett enligt planen".to_owned());
    let adopt = Plans::AdoptCallUps { weeks, rests: found.rests, note };
    act(engine, person(region, Role::Coordinator), region, adopt).await?;
    let world = engine.world();
    let own = world.local(region).context("the region is here")?;
    let held = own.own.plans.drawn.values().next().context("a week was adopted")?;
    let list = held.lists.first().cloned().context("a week has a list")?;
    let donors: Vec<DonorId> = own
        .own
        .donors
        .lists
        .get(&list)
        .into_iter()
        .flat_map(|one| one.donors.keys().cloned())
        .collect();
    let outcomes = [Outcome::Yes, Outcome::NoAnswer, Outcome::No];
    let notes = donors.into_iter().zip(outcomes).map(|(donor, outcome)| Donors::Note {
        donor,
        list: Some(list.clone()),
        outcome,
    });
    all(engine, region, Role::Phlebotomist, notes).await
}
