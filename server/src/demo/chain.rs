//! Blood from the donor's arm to the shelf, by the steps that people take: donors who give often,
//! their declarations, donations, components, test results and releases of the last days. Assumed.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, anyhow};
use samband_access::Principal;
use samband_domain::blood::Command as Blood;
use samband_domain::blood::model::{
    Din, Group, Material, MaterialKind, Process, ProductCode, TestResult, UnitId,
};
use samband_domain::donations::Command as Donations;
use samband_domain::donations::model::{Bag, Capture, DonationKind, Output, Results};
use samband_domain::donors::model::{DeferralReason, Earlier, Identity, Terms, Types, Until};
use samband_domain::donors::{Command as Donors, Event as DonorEvent};
use samband_domain::kernel::Role;
use samband_domain::words::Day;
use samband_domain::{DonorId, Event, JournalId, Known, SiteId};
use samband_engine::Engine;

use super::clock::Past;
use super::donors::{nothing_hinders, number};
use super::{act, journal, person};

/// What became of a donation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Made into components, tested and released.
    Released,
    /// The results were typed and wait for a second person.
    Typed,
    /// A marker was found.
    Reactive,
    /// Just given: it waits to be made into components.
    Fresh,
    /// Broken off.
    Abandoned,
    /// Given although the donor was deferred.
    Deferred,
    /// Platelets by apheresis, tested and released.
    Platelets,
    /// Platelets by apheresis that wait for their tests.
    PlateletsFresh,
}

/// Given name, day of birth, group by number, what became of the donation.
type Gift = (&'static str, &'static str, usize, Fate);

/// Donations of one place and time.
pub struct Round {
    region: &'static str,
    site: &'static str,
    facility: &'static str,
    /// Their donors' invented family name.
    family: &'static str,
    /// The first number.
    serial: u32,
    /// How many minutes before the present.
    ago: i64,
    gifts: &'static [Gift],
    /// Whether the buffy coats of what was released become pooled platelets.
    pooled: bool,
}

const DAY: i64 = 24 * 60;

/// Four days ago in Halmstad. The first of these donors rings some days later.
pub const HALMSTAD: Round = Round {
    region: "halland",
    site: "halmstad-bc",
    facility: "A9991",
    family: "Tapparsson",
    serial: 900_001,
    ago: 4 * DAY,
    gifts: &[
        ("Lo", "19700101", 0, Fate::Released),
        ("My", "19700202", 0, Fate::Released),
        ("Nils", "19700303", 0, Fate::Released),
        ("Olle", "19700404", 0, Fate::Released),
    ],
    pooled: true,
};

/// Three days ago in Karlskrona.
pub const KARLSKRONA: Round = Round {
    region: "blekinge",
    site: "karlskrona-bc",
    facility: "A9990",
    family: "Tapparén",
    serial: 900_001,
    ago: 3 * DAY,
    gifts: &[
        ("Per", "19710101", 2, Fate::Platelets),
        ("Quinn", "19710202", 0, Fate::PlateletsFresh),
    ],
    pooled: false,
};

/// Two days ago in Lund.
pub const LUND: Round = Round {
    region: "skane",
    site: "lund-bc",
    facility: "A9993",
    family: "Tapparelius",
    serial: 900_001,
    ago: 2 * DAY,
    gifts: &[
        ("Rut", "19720101", 2, Fate::Released),
        ("Sam", "19720202", 2, Fate::Released),
        ("Tor", "19720303", 2, Fate::Released),
        ("Ulla", "19720404", 2, Fate::Released),
        ("Vera", "19720505", 0, Fate::Typed),
        ("Wilma", "19720606", 0, Fate::Reactive),
        ("Xerxes", "19720707", 0, Fate::Deferred),
        ("Ylva", "19720808", 0, Fate::Abandoned),
    ],
    pooled: true,
};

/// Just now in Lund.
pub const LUND_TODAY: Round = Round {
    region: "skane",
    site: "lund-bc",
    facility: "A9993",
    family: "Tapparelius",
    serial: 900_021,
    ago: 34,
    gifts: &[
        ("Åke", "19730101", 0, Fate::Fresh),
        ("Ärla", "19730202", 2, Fate::Fresh),
        ("Östen", "19730303", 0, Fate::PlateletsFresh),
    ],
    pooled: false,
};

/// Just now in Halmstad.
pub const HALMSTAD_TODAY: Round = Round {
    region: "halland",
    site: "halmstad-bc",
    facility: "A9991",
    family: "Tapparsson",
    serial: 900_021,
    ago: 33,
    gifts: &[("Pia", "19700505", 2, Fate::Fresh)],
    pooled: false,
};

/// Just now in Karlskrona.
pub const KARLSKRONA_TODAY: Round = Round {
    region: "blekinge",
    site: "karlskrona-bc",
    facility: "A9990",
    family: "Tapparén",
    serial: 900_021,
    ago: 32,
    gifts: &[("Rolf", "19710303", 0, Fate::Fresh)],
    pooled: false,
};

/// Products of the demo's code table.
const RED_CELLS: &str = "B0001V00";
const BUFFY_COAT: &str = "B0050V00";
const POOLED: &str = "B0020V00";
const POOLED_REDUCED: &str = "B0021V00";
const APHERESIS: &str = "B0022V00";

/// Sites and the numbers that they may use; the bus has its own.
const NUMBERS: [(&str, &str, &str, u32, u32); 4] = [
    ("blekinge", "karlskrona-bc", "A9990", 900_001, 900_999),
    ("halland", "halmstad-bc", "A9991", 900_001, 900_999),
    ("skane", "lund-bc", "A9993", 900_001, 900_999),
    ("skane", "blodbuss-1", "A9993", 901_001, 901_999),
];

/// Gives the sites that collect their numbers, of this year and of the last: the first days of
/// January record what was given in December.
///
/// # Errors
/// If a command is refused.
pub async fn numbers(engine: &Engine, past: &Past<'_>) -> Result<()> {
    let year = Day::of(past.present).date().year().rem_euclid(100);
    for (region, site, facility, from, to) in NUMBERS {
        let region = journal(region);
        for year in [year - 1, year] {
            let din = |serial| Din::parse(&format!("{facility}{year:02}{serial:06}"));
            let site = SiteId::new(site)?;
            let command = Donations::AssignNumbers { site, from: din(from)?, to: din(to)? };
            act(engine, person(&region, Role::Scientist), &region, command).await?;
        }
    }
    Ok(())
}

/// A donation under way.
struct Given {
    din: Din,
    donor: DonorId,
    group: Group,
    fate: Fate,
    units: Vec<UnitId>,
}

/// Collects, prepares, tests and releases what was given in a round; the donors in its order.
///
/// # Errors
/// If a command is refused.
pub async fn run(engine: &Engine, past: &Past<'_>, round: &Round) -> Result<Vec<DonorId>> {
    past.go(round.ago);
    let bench = Bench { engine, region: journal(round.region), site: SiteId::new(round.site)? };
    let year = Day::of(engine.now()).date().year().rem_euclid(100);
    let din = |serial| Din::parse(&format!("{}{year:02}{serial:06}", round.facility));
    let mut given = Vec::new();
    for (serial, gift) in (round.serial..).zip(round.gifts) {
        let donor = bench.donor(gift, round.family).await?;
        let (group, fate) = (Group::ALL[gift.2], gift.3);
        given.push(Given { din: din(serial)?, donor, group, fate, units: Vec::new() });
    }
    for one in &mut given {
        bench.collect(one).await?;
    }
    // Each step some hours after the one before; what was given today waits.
    if round.ago > DAY {
        past.go(round.ago - 3 * 60);
        for one in &mut given {
            bench.prepare(one).await?;
        }
        past.go(round.ago - 9 * 60);
        for one in &given {
            bench.test(one).await?;
        }
        past.go(round.ago - 20 * 60);
        if round.pooled {
            let number = din(round.serial + 90)?;
            bench.pool(&mut given, number).await?;
        }
        bench.release(&given).await?;
    }
    Ok(given.into_iter().map(|one| one.donor).collect())
}

fn material(kind: MaterialKind) -> Material {
    Material { kind, catalogue: "DEMO-4".into(), lot: "L2026-11".into(), millilitres: None }
}

/// Where the work is done.
struct Bench<'a> {
    engine: &'a Engine,
    region: JournalId,
    site: SiteId,
}

impl Bench<'_> {
    async fn donors(&self, role: Role, command: Donors) -> Result<Vec<Event>> {
        let by = person(&self.region, role);
        Ok(act(self.engine, by, &self.region, command).await?.events)
    }

    async fn scientist(&self, command: Donations) -> Result<Vec<Event>> {
        let by = person(&self.region, Role::Scientist);
        Ok(act(self.engine, by, &self.region, command).await?.events)
    }

    /// Somebody who gives often, registered, typed and declared.
    async fn donor(&self, (first, born, group, fate): &Gift, family: &str) -> Result<DonorId> {
        let kind = match fate {
            Fate::Platelets | Fate::PlateletsFresh => DonationKind::Plateletpheresis,
            _ => DonationKind::WholeBlood,
        };
        let identity = Identity {
            number: number(born, 981)?,
            name: format!("{first} {family}"),
            phone: Some("070-174 06 99".into()),
            email: None,
        };
        let terms = Terms { site: Some(self.site.clone()), kinds: vec![kind], may_call: true };
        let day = Day::of(self.engine.now().plus_days(-200));
        let earlier = Known::Value(vec![Earlier { day, kind }]);
        let register = Donors::Register { identity, terms, earlier };
        let events = self.donors(Role::Phlebotomist, register).await?;
        let donor = events.into_iter().find_map(|event| match event {
            Event::Donors(DonorEvent::Registered(_, one)) => {
                one.here().map(|one| one.donor.clone())
            }
            _ => None,
        });
        let donor = donor.context("a donor was not registered")?;
        let group = Known::Value(Group::ALL[*group]);
        let typing = Donors::Type { donor: donor.clone(), group, types: Types::default() };
        self.donors(Role::Scientist, typing).await?;
        let (site, declaration) = (self.site.clone(), nothing_hinders());
        let declare = Donors::Declare { donor: donor.clone(), site, declaration };
        self.donors(Role::Phlebotomist, declare).await?;
        let hinder = match fate {
            Fate::Deferred => Donors::Defer {
                donor: donor.clone(),
                reason: DeferralReason::LowHb,
                until: Until::Day(Day::of(self.engine.now()).plus_months(3)),
                note: Some("Hb lågt vid förra besöket".into()),
            },
            _ => Donors::Admit { donor: donor.clone(), kind },
        };
        self.donors(Role::Phlebotomist, hinder).await?;
        Ok(donor)
    }

    async fn collect(&self, one: &mut Given) -> Result<()> {
        let platelets = matches!(one.fate, Fate::Platelets | Fate::PlateletsFresh);
        let product = ProductCode::parse(APHERESIS)?;
        let bag = Bag { product, millilitres: Known::Value(300) };
        let (kind, part, volume, bags) = if platelets {
            (DonationKind::Plateletpheresis, MaterialKind::ApheresisSet, 300, vec![bag])
        } else {
            (DonationKind::WholeBlood, MaterialKind::Bag, 450, Vec::new())
        };
        let abandoned = one.fate == Fate::Abandoned;
        let command = Donations::Collect {
            din: one.din,
            donor: Some(one.donor.clone()),
            kind,
            site: self.site.clone(),
            millilitres: Known::Value(if abandoned { 120 } else { volume }),
            minutes: Known::Value(if platelets { 55 } else { 8 }),
            abandoned,
            bags,
            materials: vec![material(part)],
        };
        let by = person(&self.region, Role::Phlebotomist);
        act(self.engine, by, &self.region, command).await?;
        if platelets {
            one.units.push(UnitId { din: one.din, product });
        }
        Ok(())
    }

    /// Whole blood becomes red cells and a buffy coat.
    async fn prepare(&self, one: &mut Given) -> Result<()> {
        if !one.units.is_empty() || one.fate == Fate::Abandoned {
            return Ok(());
        }
        let output = |product: &str, millilitres| {
            let product = ProductCode::parse(product)?;
            anyhow::Ok(Output { product, din: None, millilitres: Known::Value(millilitres) })
        };
        let outputs = vec![output(RED_CELLS, 270)?, output(BUFFY_COAT, 55)?];
        one.units = outputs.iter().map(|it| UnitId { din: one.din, product: it.product }).collect();
        let command = Donations::Prepare {
            site: self.site.clone(),
            process: Process::Separate,
            donation: Some(one.din),
            inputs: Vec::new(),
            outputs,
            materials: Vec::new(),
        };
        self.scientist(command).await.map(drop)
    }

    /// Infection markers and the group from the analysers, and the group once more; or what a
    /// scientist typed.
    async fn test(&self, one: &Given) -> Result<()> {
        if matches!(one.fate, Fate::Abandoned | Fate::PlateletsFresh) {
            return Ok(());
        }
        let mut codes = vec!["hiv-ag-ab", "hbsag", "anti-hcv", "syphilis"];
        if self.region.as_str() == "skane" {
            codes.push("nat");
        }
        let marker = |code: &str| {
            let found = one.fate == Fate::Reactive && code == "hbsag";
            let said = if found { TestResult::Positive } else { TestResult::Negative };
            anyhow::Ok((code.parse()?, said))
        };
        let markers: Result<BTreeMap<_, _>> = codes.into_iter().map(marker).collect();
        let group = Some(one.group);
        let all = Results { group, markers: markers?.into_iter().collect(), ..Results::default() };
        if one.fate == Fate::Typed {
            let command =
                Donations::RecordResults { din: one.din, results: all, capture: Capture::Hand };
            return self.scientist(command).await.map(drop);
        }
        for results in [all, Results { group, ..Results::default() }] {
            let capture = Capture::Interface { system: "Blodanalys (demo)".into() };
            let command = Donations::RecordResults { din: one.din, results, capture };
            act(self.engine, Principal::Machine, &self.region, command).await?;
        }
        Ok(())
    }

    /// The buffy coats of what can be released become one unit of platelets.
    async fn pool(&self, given: &mut [Given], number: Din) -> Result<()> {
        let coat = ProductCode::parse(BUFFY_COAT)?;
        let mut inputs = Vec::new();
        for one in given.iter_mut().filter(|one| one.fate == Fate::Released) {
            one.units.retain(|unit| unit.product != coat);
            inputs.push(UnitId { din: one.din, product: coat });
        }
        // Halland reduces pathogens in its pools; the label says so, and the material stands for it.
        let (product, materials) = match self.region.as_str() {
            "halland" => (POOLED_REDUCED, vec![material(MaterialKind::PathogenReduction)]),
            _ => (POOLED, Vec::new()),
        };
        let product = ProductCode::parse(product)?;
        let output = Output { product, din: Some(number), millilitres: Known::Unknown };
        let command = Donations::Prepare {
            site: self.site.clone(),
            process: Process::PoolPlatelets,
            donation: None,
            inputs,
            outputs: vec![output],
            materials,
        };
        self.scientist(command).await?;
        let first = given.iter_mut().find(|one| one.fate == Fate::Released);
        let first = first.ok_or_else(|| anyhow!("nothing to pool"))?;
        first.units.push(UnitId { din: number, product });
        Ok(())
    }

    async fn release(&self, given: &[Given]) -> Result<()> {
        let ready = |one: &&Given| matches!(one.fate, Fate::Released | Fate::Platelets);
        let coat = ProductCode::parse(BUFFY_COAT)?;
        let units = given.iter().filter(ready).flat_map(|one| one.units.clone());
        let units: Vec<_> = units.filter(|unit| unit.product != coat).collect();
        let by = person(&self.region, Role::Scientist);
        act(self.engine, by, &self.region, Blood::Release { units }).await?;
        Ok(())
    }
}
