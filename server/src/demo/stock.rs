//! The demo regions' blood: opening balances, what Kronoberg's other system says, demand, numbers
//! to telephone, and what is on its way. Made by the commands that people give.

mod shelf;
pub mod table;

use anyhow::{Context as _, Result, anyhow};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use samband_access::Principal;
use samband_domain::blood::command::{Command as Blood, Row, Standing};
use samband_domain::blood::model::codes::CodeTable;
use samband_domain::blood::model::stock::{
    Arrival, Demand, Duty, ExternalCount, ExternalStock, Line, Way,
};
use samband_domain::blood::model::supply;
use samband_domain::blood::model::{Attribute, Component, Group, UnitId};
use samband_domain::kernel::Role;
use samband_domain::{JournalId, Known, RecordRef, SiteId, Time};
use samband_engine::{Engine, Request};
use samband_exchange::isbt128::read_codes;

use self::shelf::{Maker, by_mix, code, split};
use self::table::{EXPIRING, Numbers, O_POS, RESERVED_PERMILLE, used_by_group};
use super::{act, journal, person};
use crate::operate::fresh_key;

/// The invented code table.
pub const CODES: &[u8] = include_bytes!("codes.csv");

/// How many days red cells keep in the demo: Kronoberg's rule, assumed for the others.
const RED_CELLS_KEEP: i64 = 42;

/// The region whose record another system keeps, and how old its last word is, in hours.
const EXTERNAL: &str = "kronoberg";
const EXTERNAL_AGE_HOURS: i64 = 26;

/// Tells every region what the codes on labels mean.
///
/// # Errors
/// If the table is not in order or a command is refused.
pub async fn codes(engine: &Engine) -> Result<()> {
    let codes = read_codes(CODES, "codes.csv").map_err(|bad| anyhow!("the code table: {bad:?}"))?;
    for numbers in &table::ALL {
        load(engine, numbers.region, &codes).await?;
    }
    Ok(())
}

/// Tells one region what a table says.
///
/// # Errors
/// If the table is not in order or the command is refused.
pub async fn codes_of(engine: &Engine, region: &str, table: &[u8]) -> Result<()> {
    let codes = read_codes(table, "codes.csv").map_err(|bad| anyhow!("the code table: {bad:?}"))?;
    load(engine, region, &codes).await
}

async fn load(engine: &Engine, region: &str, codes: &CodeTable) -> Result<()> {
    let region = journal(region);
    let load = Blood::LoadCodes { table: Box::new(codes.clone()) };
    act(engine, person(&region, Role::Administrator), &region, load).await?;
    Ok(())
}

/// Fills one region's shelves, as they stand at a moment, and states what it uses.
///
/// # Errors
/// If a command is refused.
pub async fn fill_one(engine: &Engine, numbers: &Numbers, now: Time) -> Result<()> {
    taken_over(engine, numbers, now).await?;
    demand(engine, numbers).await
}

/// Fills the regions' shelves, as they stand at a moment.
///
/// # Errors
/// If a command is refused.
pub async fn fill(engine: &Engine, now: Time) -> Result<()> {
    for numbers in &table::ALL {
        if numbers.region == EXTERNAL {
            told(engine, numbers, now).await?;
        } else {
            taken_over(engine, numbers, now).await?;
        }
        demand(engine, numbers).await?;
    }
    for (region, site, function, phone, hours) in table::DUTY {
        let region = journal(region);
        let duty =
            Duty { function: function.parse()?, phone: (*phone).into(), hours: (*hours).into() };
        let command = Blood::StateDuty { site: SiteId::new(site)?, duty };
        act(engine, person(&region, Role::Coordinator), &region, command).await?;
    }
    Ok(())
}

/// Several commands of a region's biomedical scientist that happen together.
async fn together(engine: &Engine, region: &JournalId, commands: Vec<Blood>) -> Result<()> {
    let principal: Principal = person(region, Role::Scientist);
    let mut requests = Vec::new();
    for command in commands {
        requests.push(Request {
            principal: principal.clone(),
            region: region.clone(),
            key: fresh_key()?,
            happened: None,
            command: command.into(),
            asked: None,
        });
    }
    let outcome = engine.submit_all(requests).await;
    outcome.map_err(|(n, failure)| anyhow!("{region}: command {n}: {failure}"))?;
    Ok(())
}

/// A region's shelves while they are filled.
struct Shelves {
    maker: Maker,
    rows: Vec<(&'static str, Row)>,
}

/// Whole stocks are taken over together, so that nobody sees half of one.
async fn taken_over(engine: &Engine, numbers: &Numbers, now: Time) -> Result<()> {
    let days = (today(now)?, today(engine.now())?);
    let maker = Maker::new(numbers.region, numbers.facility, days);
    let mut shelves = Shelves { maker, rows: Vec::new() };
    shelves.red_cells(numbers)?;
    shelves.not_available(numbers, now)?;
    shelves.platelets(numbers)?;
    shelves.beside(numbers)?;
    let mut places: Vec<_> = shelves.rows.iter().map(|(place, _)| *place).collect();
    places.sort_unstable();
    places.dedup();
    let mut commands = Vec::new();
    for place in places {
        let here = shelves.rows.iter().filter(|(at, _)| *at == place);
        let rows = here.map(|(_, row)| row.clone()).collect();
        commands.push(Blood::TakeOver { site: SiteId::new(place)?, file: None, rows });
    }
    together(engine, &journal(numbers.region), commands).await
}

impl Shelves {
    /// Free to use: each group split over the places by their share.
    fn red_cells(&mut self, numbers: &Numbers) -> Result<()> {
        for (n, group) in Group::ALL.into_iter().enumerate() {
            let crisis = numbers.crisis.iter().filter(|(_, of, _)| *of == n);
            let mut left = numbers.red_cells[n].saturating_add_signed(numbers.moved[n]);
            for (place, _, count) in crisis {
                left -= count;
                self.red_cells_at(place, (group, numbers.stock_days), *count)?;
            }
            let weights: Vec<_> = numbers.places.iter().map(|(_, share)| *share).collect();
            for ((place, _), count) in numbers.places.iter().zip(split(left, &weights)) {
                self.red_cells_at(place, (group, numbers.stock_days), count)?;
            }
        }
        if numbers.region == "blekinge" {
            self.make_expire();
        }
        Ok(())
    }

    fn red_cells_at(
        &mut self,
        place: &'static str,
        (group, days): (Group, i64),
        count: u32,
    ) -> Result<()> {
        for _ in 0..count {
            // Two days of testing, then as long on the shelf as the stock lasts.
            let drawn = self.maker.drawn(2..=days + 1)?;
            let row = self.maker.unit(code::RED_CELLS, group, drawn, RED_CELLS_KEEP)?;
            self.rows.push((place, row));
        }
        Ok(())
    }

    /// Makes as many O RhD pos as the demo says old: nine dates within the next ten days.
    fn make_expire(&mut self) {
        let o_pos = Known::Value(Group::ALL[O_POS]);
        let old = self.rows.iter_mut().filter(|(_, row)| row.group == o_pos);
        for (n, (_, row)) in old.take(EXPIRING as usize).enumerate() {
            let left = 1 + i64::try_from(n % 9).unwrap_or(0);
            row.expiry = row.expiry.plus_days(left - self.maker.days_left(row.expiry));
        }
    }

    /// Set aside for somebody, and in quarantine until tested and released.
    fn not_available(&mut self, numbers: &Numbers, now: Time) -> Result<()> {
        let stock: u32 = numbers.red_cells.iter().sum();
        let main = numbers.places[0].0;
        let reserved = (stock * RESERVED_PERMILLE).div_ceil(1_000) - numbers.requested;
        for (group, count) in Group::ALL.into_iter().zip(by_mix(reserved)) {
            let first = self.rows.len();
            self.red_cells_at(main, (group, numbers.stock_days), count)?;
            for (n, (_, row)) in self.rows.iter_mut().skip(first).enumerate() {
                let hours = 6 + 14 * i64::try_from(n % 4).unwrap_or(0);
                row.standing = Standing::Reserved { until: now.plus_seconds(hours * 3_600) };
            }
        }
        for (group, count) in Group::ALL.into_iter().zip(by_mix(numbers.quarantined)) {
            for n in 0..count {
                let drawn = self.maker.drawn(0..=1)?;
                let mut row = self.maker.unit(code::RED_CELLS, group, drawn, RED_CELLS_KEEP)?;
                row.standing = Standing::Quarantined;
                // Every second waits for its results yet.
                row.tests = if n % 2 == 0 { row.tests } else { Known::Unknown };
                self.rows.push((main, row));
            }
        }
        Ok(())
    }

    /// Platelets lie at the first place and are mostly of groups O and A.
    fn platelets(&mut self, numbers: &Numbers) -> Result<()> {
        let product = match numbers.region {
            "halland" => code::PLATELETS_REDUCED,
            _ => code::PLATELETS,
        };
        let weights = [40, 10, 40, 10, 0, 0, 0, 0];
        let taken_over = numbers.platelets - numbers.platelets_made;
        for (group, count) in Group::ALL.into_iter().zip(split(taken_over, &weights)) {
            for _ in 0..count {
                let drawn = self.maker.drawn(1..=3)?;
                let row = self.maker.unit(product, group, drawn, 5)?;
                self.rows.push((numbers.places[0].0, row));
            }
        }
        Ok(())
    }

    /// What is there beside the table: what will be sent, and Blekinge's whole blood.
    fn beside(&mut self, numbers: &Numbers) -> Result<()> {
        if numbers.region == "blekinge" {
            for _ in 0..4 {
                let drawn = self.maker.drawn(2..=6)?;
                let row = self.maker.unit(code::WHOLE_BLOOD, Group::ALL[O_POS], drawn, 21)?;
                self.rows.push(("karlshamn-bc", row));
            }
        }
        for parcel in PARCELS.iter().filter(|parcel| parcel.from.0 == numbers.region) {
            for (group, count) in parcel.groups {
                for _ in 0..count - parcel.made.min(*count) * u32::from(*group == O_POS) {
                    let row = match parcel.product {
                        Sent::RedCells => {
                            let drawn = self.maker.drawn(3..=6)?;
                            let group = Group::ALL[*group];
                            self.maker.unit(code::RED_CELLS, group, drawn, RED_CELLS_KEEP)?
                        }
                        Sent::Matched => {
                            let drawn = self.maker.drawn(1..=1)?;
                            self.maker.unit(code::PLATELETS_HLA, Group::ALL[*group], drawn, 5)?
                        }
                    };
                    self.rows.push((parcel.from.1, row));
                }
            }
        }
        Ok(())
    }
}

/// What Kronoberg's system said: counts alone, 26 hours ago.
async fn told(engine: &Engine, numbers: &Numbers, now: Time) -> Result<()> {
    let region = journal(numbers.region);
    let stock: u32 = numbers.red_cells.iter().sum();
    let reserved = by_mix((stock * RESERVED_PERMILLE).div_ceil(1_000));
    let quarantined = by_mix(numbers.quarantined);
    let shares: Vec<_> = numbers.places.iter().map(|(_, share)| *share).collect();
    for (place, (site, _)) in numbers.places.iter().enumerate() {
        let here = |number: u32| Known::Value(split(number, &shares)[place]);
        let mut rows: Vec<_> = Group::ALL
            .into_iter()
            .enumerate()
            .map(|(n, group)| ExternalCount {
                component: Component::RedCells,
                group: Known::Value(group),
                available: here(numbers.red_cells[n]),
                reserved: here(reserved[n]),
                quarantined: here(quarantined[n]),
                expiring: Known::Unknown,
            })
            .collect();
        rows.push(ExternalCount {
            component: Component::Platelets,
            group: Known::Unknown,
            available: Known::Value(if place == 0 { numbers.platelets } else { 0 }),
            reserved: Known::Unknown,
            quarantined: Known::Unknown,
            expiring: Known::Unknown,
        });
        let as_of = now.plus_seconds(-EXTERNAL_AGE_HOURS * 3_600);
        let stock = ExternalStock { system: "ProSang".into(), as_of, file: None, rows };
        let command = Blood::ReportExternal { site: SiteId::new(site)?, stock };
        act(engine, person(&region, Role::Scientist), &region, command).await?;
    }
    Ok(())
}

/// What is used in a day: in all, and by group by the donors' mix, with more of O RhD neg.
async fn demand(engine: &Engine, numbers: &Numbers) -> Result<()> {
    let region = journal(numbers.region);
    let red = Component::RedCells;
    let mut lines = vec![
        (red, None, numbers.red_cells_milli, RED_CELLS_SOURCE),
        (Component::Platelets, None, numbers.platelets_milli, PLATELETS_SOURCE),
    ];
    for (group, milli) in Group::ALL.into_iter().zip(used_by_group(numbers)) {
        lines.push((red, Some(group), milli, GROUP_SOURCE));
    }
    for (component, group, milli, source) in lines {
        let demand = Demand {
            milli_per_day: Known::Value(milli),
            period: "2024".parse()?,
            source: source.into(),
        };
        let line = Line { component, group };
        let command = Blood::StateDemand { site: None, line, demand };
        act(engine, person(&region, Role::Coordinator), &region, command).await?;
    }
    Ok(())
}

const RED_CELLS_SOURCE: &str = "Antagande: 95 % av rapportens tappningar 2024 blir användbara \
    erytrocyter, och Skånes universitetssjukvård använder 37 % av dem (rapporten)";
const PLATELETS_SOURCE: &str = "Antagande efter litteraturen: en trombocytenhet på åtta \
    erytrocytenheter, 58 % till Skånes universitetssjukvård (rapporten)";
const GROUP_SOURCE: &str = "Antagande: givarnas gruppfördelning (Kronoberg), med 10 % O RhD neg \
    eftersom akuta transfusioner börjar med den";

/// What a parcel holds.
enum Sent {
    /// Red cells.
    RedCells,
    /// Irradiated platelets matched by HLA.
    Matched,
}

/// Something on its way.
struct Parcel {
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
    product: Sent,
    /// How many of its O RhD pos the chain from donor to shelf made.
    made: u32,
    /// Group by number, units.
    groups: &'static [(usize, u32)],
    /// Minutes ago that it left, and minutes from now that it should be there.
    minutes: (i64, i64),
    carrier: &'static str,
    /// How many of its units were not in the box, if it has arrived.
    missing: Option<usize>,
}

/// What is on its way (assumed): one late, one that came with a bag missing, one as planned, and
/// two platelets that only Lund can make.
const PARCELS: [Parcel; 4] = [
    Parcel {
        from: ("blekinge", "karlskrona-bc"),
        to: ("skane", "lund-bc"),
        product: Sent::RedCells,
        made: 0,
        groups: &[(0, 8), (2, 8)],
        minutes: (200, -40),
        carrier: "Blodtransport, linje Karlskrona–Lund",
        missing: None,
    },
    Parcel {
        from: ("halland", "halmstad-bc"),
        to: ("skane", "malmo-bc"),
        product: Sent::RedCells,
        made: 4,
        groups: &[(0, 5), (2, 5), (4, 2)],
        minutes: (240, -90),
        carrier: "Blodtransport, linje Halmstad–Malmö",
        missing: Some(1),
    },
    Parcel {
        from: ("skane", "lund-bc"),
        to: ("skane", "kristianstad-bc"),
        product: Sent::RedCells,
        made: 0,
        groups: &[(0, 4), (2, 6)],
        minutes: (30, 45),
        carrier: "Morgonturen Lund–Kristianstad",
        missing: None,
    },
    Parcel {
        from: ("skane", "lund-bc"),
        to: ("halland", "varberg-bc"),
        product: Sent::Matched,
        made: 0,
        groups: &[(2, 2)],
        minutes: (60, 120),
        carrier: "Taxi, agiterad låda",
        missing: None,
    },
];

/// Sends what is on its way at a moment.
///
/// # Errors
/// If a command is refused.
pub async fn shipments(engine: &Engine, now: Time) -> Result<()> {
    for parcel in &PARCELS {
        let (dispatch, units) = dispatched(engine, parcel, now).await?;
        if let Some(missing) = parcel.missing {
            received(engine, parcel, (dispatch, &units), missing).await?;
        }
    }
    Ok(())
}

async fn dispatched(
    engine: &Engine,
    parcel: &Parcel,
    now: Time,
) -> Result<(RecordRef, Vec<UnitId>)> {
    let region = journal(parcel.from.0);
    let from = SiteId::new(parcel.from.1)?;
    let units = to_send(engine, &region, &from, parcel)?;
    let (left, due) = parcel.minutes;
    let way = Way {
        from,
        to_region: journal(parcel.to.0),
        to_site: SiteId::new(parcel.to.1)?,
        sent: now.plus_seconds(-left * 60),
        eta: Known::Value(now.plus_seconds(due * 60)),
        carrier: Some(parcel.carrier.into()),
    };
    let command = Blood::Dispatch { way, units: units.clone(), parcel: packed(&units) };
    let receipt = act(engine, person(&region, Role::Scientist), &region, command).await?;
    let first = receipt.first.context("the dispatch left no record")?;
    Ok((first, units))
}

/// Two boxes, the second with a logger.
fn packed(units: &[UnitId]) -> supply::Parcel {
    let half = units.len().div_ceil(2);
    let boxes = units.chunks(half.max(1)).zip(1_u8..).map(|(units, number)| supply::Packed {
        number,
        units: units.to_vec(),
        tenths: Known::Value(38),
        logger: (number == 2).then(|| "TL-0142".to_owned()),
    });
    supply::Parcel { boxes: boxes.collect(), ..supply::Parcel::default() }
}

/// The last units of the place in number order: they were taken over to be sent.
fn to_send(
    engine: &Engine,
    region: &JournalId,
    from: &SiteId,
    parcel: &Parcel,
) -> Result<Vec<UnitId>> {
    let world = engine.world();
    let stock = &world.local(region).context("a demo region is local")?.shared.blood;
    let component = match parcel.product {
        Sent::RedCells => Component::RedCells,
        Sent::Matched => Component::Platelets,
    };
    let shelf = stock.shelves.sites.get(from).context("the sender has a shelf")?;
    let mut units = Vec::new();
    for (group, count) in parcel.groups {
        let matched = |id: &UnitId| {
            stock.units.get(id).is_some_and(|unit| unit.attributes.has(Attribute::HlaMatched))
        };
        let slots = shelf.from(component, Group::ALL[*group], Time(0)).map(|slot| slot.id);
        let is_it = |id: &UnitId| matched(id) == matches!(parcel.product, Sent::Matched);
        let mut slots: Vec<_> = slots.filter(is_it).collect();
        slots.sort_unstable_by_key(|id| std::cmp::Reverse(id.din.serial()));
        units.extend(slots.into_iter().take(*count as usize));
    }
    Ok(units)
}

async fn received(
    engine: &Engine,
    parcel: &Parcel,
    (dispatch, units): (RecordRef, &[UnitId]),
    missing: usize,
) -> Result<()> {
    let region = journal(parcel.to.0);
    let there = units.len() - missing;
    let outcome = |(n, unit): (usize, &UnitId)| {
        (*unit, if n < there { Arrival::Accepted } else { Arrival::Missing })
    };
    let command = Blood::Receive {
        dispatch,
        site: None,
        outcomes: units.iter().enumerate().map(outcome).collect(),
        boxes: Vec::new(),
        note: Some("Lådan var försluten. En påse saknas enligt packsedeln.".into()),
    };
    act(engine, person(&region, Role::Scientist), &region, command).await?;
    Ok(())
}

/// The calendar day in Sweden.
fn today(now: Time) -> Result<Date> {
    let zone = TimeZone::get("Europe/Stockholm")?;
    Ok(jiff::Timestamp::from_microsecond(now.0)?.to_zoned(zone).date())
}
