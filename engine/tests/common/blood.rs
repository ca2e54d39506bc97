//! Blood for histories: what a biomedical scientist at one shelf might do, sensibly and not.

use samband_domain::blood::Command as Blood;
use samband_domain::blood::command::{Correction, Row, Standing};
use samband_domain::blood::model::stock::{Arrival, Way};
use samband_domain::blood::model::{
    Attributes, CodeTable, CodeTableParts, DiscardReason, FacilityRow, Group, Pdc, Phenotype,
    Product, ProductRow, QuarantineReason, UnitId,
};
use samband_domain::kernel::{Command as Kernel, RecordKeeper, SiteKind};
use samband_domain::{Digest, JournalId, Known, SharedState, Time, Window};

use super::{journal, site};

/// The shelf that every region has.
pub const SHELF: &str = "lager";

pub fn open_shelf() -> Kernel {
    Kernel::OpenSite {
        id: Some(site(SHELF)),
        name: "Blodcentralen".into(),
        kind: SiteKind::BloodCentre,
        parent: None,
        record: RecordKeeper::Samband,
        window: Window::open(Time(0)),
        note: None,
    }
}

pub fn load() -> Blood {
    let product = ProductRow {
        code: Pdc::parse("E0001").unwrap(),
        facility: None,
        product: Product::RedCells,
        attributes: Attributes::NONE,
        text: "Erytrocyter".into(),
        valid: None,
    };
    let parts = CodeTableParts {
        title: "Påhittad".into(),
        version: "1".into(),
        digest: Digest::of(b"codes"),
        valid: Window::open(Time(0)),
        products: vec![product],
        facilities: vec![FacilityRow {
            facility: unit(0, 0).din.facility(),
            name: "Påhittade blodcentralen".into(),
        }],
    };
    Blood::LoadCodes { table: Box::new(CodeTable::try_from(parts).unwrap()) }
}

fn unit(region: usize, serial: u8) -> UnitId {
    UnitId::parse(&format!("A9990{:02}{serial:06}.E0001V00", 20 + region)).unwrap()
}

fn row(region: usize, serial: u8, now: Time) -> Row {
    Row {
        id: unit(region, serial),
        group: Known::Value(Group::ALL[usize::from(serial) % 8]),
        expiry: now.plus_seconds(3_600 * (1 + i64::from(serial))),
        standing: match serial % 3 {
            0 => Standing::Quarantined,
            1 => Standing::Reserved { until: now.plus_seconds(1_800) },
            _ => Standing::Available,
        },
        attributes: Attributes::NONE,
        phenotype: Phenotype::default(),
        tests: Known::Unknown,
        rules: None,
    }
}

/// A command of the region's scientist; none if there is nothing to do it with.
pub fn command(
    (region, state): (usize, &SharedState),
    others: &[(JournalId, SharedState)],
    now: Time,
    (a, b): (u8, u8),
) -> Option<Blood> {
    let stock = &state.blood;
    let units = || {
        let id = stock.units.keys().nth(usize::from(a).checked_rem(stock.units.len())?)?;
        Some(vec![*id])
    };
    Some(match b % 9 {
        0..=2 => Blood::TakeOver {
            site: site(SHELF),
            file: None,
            rows: vec![row(region, a % 60, now), row(region, a % 60 + 100, now)],
        },
        3 => Blood::Unreserve { units: units()?, reason: format!("Xsecret reason {b}") },
        4 => {
            let note = Some(format!("Xsecret note {b}"));
            Blood::Quarantine { units: units()?, reason: QuarantineReason::Damage, note }
        }
        5 => Blood::Discard { units: units()?, reason: DiscardReason::Outdated, note: None },
        6 => {
            let correction = Correction::Group(Known::Value(Group::ALL[usize::from(a) % 8]));
            let reason = format!("Xsecret reason {b}");
            Blood::Correct { unit: units()?[0], correction, reason }
        }
        7 => Blood::Dispatch {
            way: Way {
                from: site(SHELF),
                to_region: journal(others[usize::from(b) % others.len()].0.as_str()),
                to_site: site(SHELF),
                sent: now,
                eta: Known::Unknown,
                carrier: None,
            },
            units: units()?,
            parcel: samband_domain::blood::model::supply::Parcel::default(),
        },
        _ => {
            let coming = others.iter().flat_map(|(_, other)| other.blood.shipments.values());
            let shipment = coming.last()?;
            let outcome = Arrival::ALL[usize::from(a) % 3];
            let outcomes = shipment.units.iter().map(|unit| (*unit, outcome)).collect();
            Blood::Receive {
                dispatch: shipment.at.clone(),
                site: None,
                outcomes,
                boxes: Vec::new(),
                note: None,
            }
        }
    })
}
