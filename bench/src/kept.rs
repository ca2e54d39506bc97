//! What a finished donation leaves in memory, and what a region of thirty years then holds.

use anyhow::{Context as _, Result, ensure};
use samband_domain::blood::model::{Din, Group, Material, MaterialKind, Phenotype, TestResult};
use samband_domain::donations::event::{Collected, Event, ResultsEntered};
use samband_domain::donations::model::{Capture, Donation, DonationKind, Giver, Results};
use samband_domain::donations::{Own, Shared, apply};
use samband_domain::words::{Code, Lot, Nothing, Private};
use samband_domain::{Digest, Event as Any, Known, Meta, RecordRef, SiteId, Time};

use crate::Amount;
use crate::report::Section;
use crate::select::resident;
use crate::stopwatch::grouped;

const ABOUT: &str = "\
A region's donations as they stay in the live state after their units are gone: what was \
collected, with three materials of a lot that lasts a week; who gave, each donor twenty times; one \
entry of seven markers, group and phenotype, and a second determination of the group. Each event \
is written as its record is and read back before it is folded in, as when a journal is replayed, \
so that nothing is shared but what the state shares. Resident memory before and after. Other \
regions hold the first of the figures, the own region the second; the third is a plain list of the \
same events, to show what sharing saves. True only of a process that has done nothing before.";

/// A region's donations in a year, and for how long a trace must reach back.
const YEARLY: f64 = 60_000.0;
const YEARS: f64 = 30.0;

/// Measures.
///
/// # Errors
/// If an event cannot be read back, or not every donation is held.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Finished donations", ABOUT);
    let count = amount.of(1_000, 100_000, 500_000);
    section.table(&["held", "donations", "bytes each", "60 000 a year for 30 years"]);
    let row = |section: &mut Section, name: &str, bytes: f64| {
        let region = bytes * YEARLY * YEARS / 1e9;
        section.row([
            name.to_owned(),
            grouped(f64::from(count)),
            grouped(bytes),
            format!("{region:.2} GB"),
        ]);
        section.figure(format!("{name} bytes"), bytes);
    };
    let before = resident()?;
    let mut shared = Shared::default();
    for n in 0..count {
        apply(&mut shared, None, &again(collected(n)?)?, &meta(u64::from(n) + 1)?);
    }
    let held = resident()?;
    ensure!(shared.donations.len() == count as usize, "{} donations", shared.donations.len());
    let each = |from: u64, to: u64| to.saturating_sub(from) as f64 / f64::from(count);
    row(&mut section, "what others may hold", each(before, held));
    let before = resident()?;
    let (mut shared_too, mut own) = (Shared::default(), Own::default());
    for n in 0..count {
        for event in [collected(n)?, tested(n, 1)?, tested(n, 2)?] {
            apply(&mut shared_too, Some(&mut own), &again(event)?, &meta(u64::from(n) + 1)?);
        }
    }
    let held = resident()?;
    ensure!(own.files.len() == count as usize, "{} files", own.files.len());
    // The first is still held, so that nothing it gave back is used again.
    ensure!(shared == shared_too, "the same donations");
    row(&mut section, "the own region", each(before, held));
    let before = resident()?;
    let mut plain = Vec::with_capacity(count as usize);
    for n in 0..count {
        plain.push([again(collected(n)?)?, again(tested(n, 1)?)?, again(tested(n, 2)?)?]);
    }
    let held = resident()?;
    row(&mut section, "the events alone, nothing shared", each(before, held));
    drop(plain);
    Ok(section)
}

/// As it comes back from its record.
fn again(event: Event) -> Result<Event> {
    let event: Any = event.into();
    let encoded = event.encode().context("a known kind")?;
    let lot = encoded.private.as_deref().map_or(Lot::None, Lot::Text);
    match Any::decode(encoded.kind, encoded.version, encoded.shared.as_deref(), lot)? {
        Any::Donations(event) => Ok(event),
        other => anyhow::bail!("{other:?}"),
    }
}

fn din(n: u32) -> Result<Din> {
    Ok(Din::parse(&format!("A999{}{:02}{:06}", n % 4, 10 + n / 3_999_996, n / 4 % 999_999))?)
}

fn collected(n: u32) -> Result<Event> {
    let week = n / 1_200;
    let material = |kind, catalogue: &str| Material {
        kind,
        catalogue: catalogue.into(),
        lot: format!("LOT{week:06}"),
        millilitres: None,
    };
    let donation = Donation {
        kind: DonationKind::WholeBlood,
        site: SiteId::new(&format!("site-{:02}", n % 20))?,
        collected: Time(1_000_000_000_000_000 + i64::from(n) * 525_000_000),
        millilitres: Known::Value(450),
        minutes: Known::Value(8),
        abandoned: false,
        materials: [
            material(MaterialKind::Bag, "BAG4QUAD"),
            material(MaterialKind::Additive, "SAGM100"),
            material(MaterialKind::Filter, "LEUKO1"),
        ]
        .into(),
        flags: Vec::new(),
        unlabelled: false,
    };
    let giver = Giver {
        donor: Some(format!("d-{:016}", n % (1 + n / 20)).parse()?),
        previous: Some(Time(900_000_000_000_000)),
    };
    Ok(Event::Collected(Collected { din: din(n)?, donation }, Private::Here(giver)))
}

fn tested(n: u32, entry: u32) -> Result<Event> {
    let markers = ["anti-hbc", "anti-hcv", "hbsag", "hiv-ag-ab", "htlv", "nat", "syphilis"];
    let markers = markers.iter().filter(|_| entry == 1);
    let negative = |code: &&str| Ok((Code::new(code)?, TestResult::Negative));
    let results = Results {
        group: Some(Group::ALL[n as usize % 8]),
        markers: markers.map(negative).collect::<Result<_>>()?,
        phenotype: Phenotype::default(),
        ..Results::default()
    };
    let capture = Capture::Interface { system: "Analysator 1".into() };
    let said = ResultsEntered { din: din(n)?, entry, results, capture, counts: true };
    Ok(Event::ResultsEntered(Nothing, Private::Here(said)))
}

fn meta(seq: u64) -> Result<Meta> {
    let at = RecordRef {
        journal: "skane".parse()?,
        epoch: 1,
        seq,
        hash: Digest::of(&seq.to_be_bytes()),
    };
    let now = Time(1_790_000_000_000_000);
    Ok(Meta { at, happened: now, recorded: now, actor: "scientist".parse()?, mandate: None })
}
