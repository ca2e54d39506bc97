//! Capacity of hospitals: who has reported, what is usable and what limits it.

use std::sync::LazyLock;

use samband_domain::kernel::SiteKind;
use samband_domain::readiness::Said;
use samband_domain::readiness::model::{Capacity, CareKind, Horizon, Plus, Row};
use samband_domain::readiness::view;
use samband_domain::{JournalId, Known, SiteId, Time};
use samband_engine::Journal;

/// A hospital with its last report, if it has made one.
#[derive(Clone, Debug)]
pub struct Hospital<'w> {
    /// Whose.
    pub region: &'w JournalId,
    /// Which.
    pub site: &'w SiteId,
    /// Its name.
    pub name: &'w str,
    /// The last report.
    pub said: Option<&'w Said<Capacity>>,
}

impl Hospital<'_> {
    /// Its parts for a kind of place at a time; none of them known if it has no line.
    #[must_use]
    pub fn plus(&self, kind: CareKind, horizon: Horizon) -> Plus {
        let rows = self.said.map_or(&[][..], |said| &said.what.rows);
        let row = rows.iter().find(|row| (row.kind, row.horizon) == (kind, horizon));
        row.map_or(UNSAID, |row| row.plus)
    }

    /// Usable places.
    #[must_use]
    pub fn usable(&self, kind: CareKind, horizon: Horizon) -> Known<u32> {
        let led = self.said.map_or(Known::Unknown, |said| said.what.led.as_ref());
        self.plus(kind, horizon).usable(led)
    }

    /// The parts that hold it down, by name; empty if nothing is known to.
    #[must_use]
    pub fn limits(&self, kind: CareKind, horizon: Horizon) -> Vec<&'static str> {
        let usable = self.usable(kind, horizon);
        let Known::Value(least) = usable else { return Vec::new() };
        let led = self.said.map_or(Known::Unknown, |said| said.what.led.as_ref());
        if matches!(led, Known::Value(led) if led.by.is_none()) {
            return vec!["command"];
        }
        let plus = self.plus(kind, horizon);
        let parts = PARTS.iter().filter(|part| part.of(&plus) == Known::Value(least));
        let all: Vec<_> = parts.map(|part| part.as_str()).collect();
        if all.len() == PARTS.len() { Vec::new() } else { all }
    }

    /// Whether the report says anything of a kind of place.
    #[must_use]
    pub fn says(&self, kind: CareKind) -> bool {
        self.said.is_some_and(|said| said.what.rows.iter().any(|row| row.kind == kind))
    }
}

/// Nothing is known.
pub const UNSAID: Plus =
    Plus { staff: Known::Unknown, premises: Known::Unknown, equipment: Known::Unknown };

/// A part of care that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Personal.
    Staff,
    /// Lokaler.
    Premises,
    /// Utrustning.
    Equipment,
}

/// The parts, in the order of the word PLUS.
pub const PARTS: [Part; 3] = [Part::Staff, Part::Premises, Part::Equipment];

impl Part {
    /// As it stands in message keys and in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Premises => "premises",
            Self::Equipment => "equipment",
        }
    }

    /// This part.
    #[must_use]
    pub const fn of(self, plus: &Plus) -> Known<u32> {
        match self {
            Self::Staff => plus.staff,
            Self::Premises => plus.premises,
            Self::Equipment => plus.equipment,
        }
    }
}

/// The hospitals of a region that are open now, in the order of their names.
#[must_use]
pub fn hospitals(journal: &Journal, now: Time) -> Vec<Hospital<'_>> {
    let shared = journal.shared();
    let sites = shared.kernel.sites.iter();
    let open = sites.filter(|(_, one)| one.kind == SiteKind::Hospital && one.window.contains(now));
    let mut all: Vec<_> = open
        .map(|(site, one)| Hospital {
            region: &journal.id,
            site,
            name: &one.name,
            said: shared.readiness.capacity.get(site),
        })
        .collect();
    all.sort_by_key(|one| one.name);
    all
}

/// How many have reported, of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Regions of which a hospital has reported.
    pub regions: usize,
    /// All regions.
    pub of_regions: usize,
    /// Hospitals that have reported.
    pub hospitals: usize,
    /// All hospitals.
    pub of_hospitals: usize,
    /// When the oldest of the reports was so.
    pub oldest: Option<Time>,
}

/// Who has reported of these regions.
#[must_use]
pub fn reported(regions: &[&Journal], now: Time) -> Reported {
    let mut all = Reported { of_regions: regions.len(), ..Reported::default() };
    for region in regions {
        let hospitals = hospitals(region, now);
        let said: Vec<_> = hospitals.iter().filter_map(|one| one.said).collect();
        all.of_hospitals += hospitals.len();
        all.hospitals += said.len();
        all.regions += usize::from(!said.is_empty());
        let oldest = said.iter().map(|said| said.what.valid).min();
        all.oldest = all.oldest.into_iter().chain(oldest).min();
    }
    all
}

/// A region's sum of a kind at a time: unknown as soon as one of its hospitals is, whether that
/// one has reported or not.
#[must_use]
pub fn sum(region: &Journal, kind: CareKind, horizon: Horizon, now: Time) -> Known<u32> {
    let silent = hospitals(region, now).iter().any(|one| one.said.is_none());
    let (sum, _) = view::usable(&region.shared().readiness, kind, horizon);
    if silent { Known::Unknown } else { sum }
}

/// At least so many, by what is known: what a region that has not said everything can be asked for.
#[must_use]
pub fn at_least(region: &Journal, kind: CareKind, horizon: Horizon, now: Time) -> u32 {
    let all = hospitals(region, now).into_iter();
    all.filter_map(|one| one.usable(kind, horizon).value()).fold(0, u32::saturating_add)
}

/// A number field of the form.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The field's name.
    pub name: String,
    /// What sort of place.
    pub kind: CareKind,
    /// When.
    pub horizon: Horizon,
    /// Which part.
    pub part: Part,
}

/// Every number field of the form.
pub static SLOTS: LazyLock<Vec<Slot>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for kind in CareKind::ALL.iter().copied() {
        for horizon in Horizon::ALL.iter().copied() {
            for part in PARTS {
                let name = format!("{kind}-{horizon}-{}", part.as_str());
                all.push(Slot { name, kind, horizon, part });
            }
        }
    }
    all
});

/// Lines of what was read from the fields, in their order; lines of which nothing is known are
/// left out, since what has no line is unknown.
#[must_use]
pub fn rows(values: &[Known<u32>]) -> Vec<Row> {
    let lines = SLOTS.chunks(PARTS.len()).zip(values.chunks(PARTS.len()));
    let row = |(slots, parts): (&[Slot], &[Known<u32>])| {
        let (slot, [staff, premises, equipment]) = (slots.first()?, parts) else { return None };
        let plus = Plus { staff: *staff, premises: *premises, equipment: *equipment };
        (plus != UNSAID).then_some(Row { kind: slot.kind, horizon: slot.horizon, plus })
    };
    lines.filter_map(row).collect()
}
