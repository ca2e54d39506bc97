//! A modest blood stock: ten days of use in every region, all of it assumed from inhabitants by
//! Södra's use, and the rules of Blekinge's file as everybody's.

use anyhow::{Context as _, Result};
use samband_engine::Engine;

use samband_domain::Time;

use super::super::stock;
use super::super::stock::table::{MIX, Numbers};
use super::super::{act, journal, person, rules};
use super::{POPULATION, REGIONS, duty};

/// Red cells used in a day, in thousandths, for a thousand inhabitants: 179 a day for 2 134 274
/// (demo.md).
const MILLI_PER_THOUSAND: u64 = 84;

/// How many days the stock lasts.
const DAYS: i64 = 10;

/// Facility numbers reserved for tests, and places of the stock, in the order of the regions.
const CENTRES: [(&str, &[(&str, u32)]); 7] = [
    ("A9990", &[("falun-bc", 100)]),
    ("A9991", &[("gavle-bc", 100)]),
    ("A9992", &[("uso-bc", 100)]),
    ("A9993", &[("malarsjukhuset-bc", 100)]),
    ("A9994", &[("akademiska-bc", 100)]),
    ("A9995", &[("karlstad-bc", 100)]),
    ("A9996", &[("vasteras-bc", 100)]),
];

fn numbers(at: usize) -> Numbers {
    let thousands = POPULATION[at] / 1_000;
    let milli = thousands * MILLI_PER_THOUSAND;
    let stock = u32::try_from(milli / 1_000).unwrap_or(0) * 10;
    let (facility, places) = CENTRES[at];
    Numbers {
        region: REGIONS[at],
        facility,
        red_cells_milli: milli,
        red_cells: MIX.map(|percent| stock * percent / 100),
        moved: [0; 8],
        requested: 0,
        stock_days: DAYS,
        quarantined: stock / 5,
        platelets_milli: milli / 8,
        platelets: (stock / 40).max(3),
        platelets_made: 0,
        places,
        crisis: &[],
    }
}

/// What no source found says of Blekinge, but a cover of group O needs: a key and its value,
/// assumed for the demonstration (the ages after LBCC).
const ASSUMED: [(&str, &str); 5] = [
    ("d_pos_red_cells_to_d_neg", "value = \"physician\""),
    ("preference.rhd_pos", "value = \"same_abo_first\""),
    ("emergency.red_cells.unknown", "value = \"o_neg_or_o_pos_by_age\""),
    ("emergency.red_cells.o_neg_female_age", "value = \"<=50\", unit = \"years\""),
    ("emergency.red_cells.o_neg_male_age", "value = \"<=18\", unit = \"years\""),
];

/// A line of the file, or what is assumed in its place.
fn assumed(line: &str) -> String {
    let key = line.split_once(" = ").map_or("", |(key, _)| key);
    let found = ASSUMED.iter().find(|(one, _)| *one == key);
    let source = "source = \"assumed (demo)\", note = \"antaget för demonstrationen\"";
    found.map_or_else(|| line.to_owned(), |(_, value)| format!("{key} = {{ {value}, {source} }}"))
}

/// Puts rules in force: Blekinge's file, as an assumption for everybody.
///
/// # Errors
/// If a command is refused.
pub async fn rules(engine: &Engine) -> Result<()> {
    let (_, text) = rules::FILES[0];
    let named = "title = \"Regler för blod, Region Blekinge\"";
    let text = text.replace(named, "title = \"Regler för blod, antagna efter Region Blekinges\"");
    let lines: Vec<_> = text.lines().map(assumed).collect();
    let text = lines.join("\n");
    for id in REGIONS {
        rules::adopt_one(engine, id, &text).await?;
    }
    Ok(())
}

/// Tells every region what the codes on labels mean: Södra's invented table, with the facilities
/// of these regions.
///
/// # Errors
/// If a command is refused.
pub async fn codes(engine: &Engine) -> Result<()> {
    let own = CENTRES.iter().zip(REGIONS).map(|((facility, _), region)| {
        format!("facility;{facility};;;Blodcentralen {region} (påhittad);;;")
    });
    let table = std::str::from_utf8(stock::CODES)?;
    // What is Södra's own is left out: its facilities, and what bears one.
    let (heading, rest) = table.split_once('\n').context("the code table has no lines")?;
    let kept = rest.lines().filter(|line| !line.contains("A999")).map(str::to_owned);
    let all: Vec<_> = std::iter::once(heading.to_owned()).chain(kept).chain(own).collect();
    let table = all.join("\n");
    for id in REGIONS {
        stock::codes_of(engine, id, table.as_bytes()).await?;
    }
    Ok(())
}

/// Fills the shelves.
///
/// # Errors
/// If a command is refused.
pub async fn fill(engine: &Engine, now: Time) -> Result<()> {
    for at in 0..REGIONS.len() {
        stock::fill_one(engine, &numbers(at), now).await?;
        telephone(engine, REGIONS[at], CENTRES[at].1[0].0).await?;
    }
    Ok(())
}

/// Whom to telephone at the blood centre.
async fn telephone(engine: &Engine, region: &str, site: &str) -> Result<()> {
    use samband_domain::alarms::model::DutyRole;
    use samband_domain::blood::command::Command as Blood;
    use samband_domain::blood::model::stock::Duty;
    use samband_domain::kernel::Role;
    let region = journal(region);
    let duty = Duty {
        function: "blood-centre".parse()?,
        phone: duty::desk(&region, DutyRole::BloodCentre),
        hours: "dygnet runt (antagande)".into(),
    };
    let command = Blood::StateDuty { site: site.parse()?, duty };
    act(engine, person(&region, Role::Coordinator), &region, command).await?;
    Ok(())
}
