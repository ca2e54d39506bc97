//! What may be seen of readiness, over regions.

use super::model::{CareKind, Field, Horizon, Stated, Statement, UnitStage};
use super::state::{Pledged, Said, Shared};
use crate::words::{AlarmId, IncidentId, JournalId, Known, Time};

/// A field as the regions and functions state it.
#[derive(Clone, Debug)]
pub struct Merged<'a> {
    /// The statement that holds: the latest, then the one with the greatest say. That somebody
    /// does not know never takes the place of what another one knows.
    pub holds: (&'a JournalId, &'a Said<Statement>),
    /// Those that say something else, latest first: shown, never averaged. That somebody does not
    /// know gainsays no value.
    pub others: Vec<(&'a JournalId, &'a Said<Statement>)>,
}

/// What is stated of one field of an incident; none if nobody has said a word.
#[must_use]
pub fn field<'a>(
    regions: &[(&'a JournalId, &'a Shared)],
    of: &JournalId,
    incident: &IncidentId,
    field: Field,
) -> Option<Merged<'a>> {
    let key = (of.clone(), incident.clone());
    let mut all: Vec<(&'a JournalId, &'a Said<Statement>)> = Vec::new();
    for (region, shared) in regions {
        let Some(held) = shared.situations.get(&key) else { continue };
        let mine = held.said.iter().filter(|((one, _), _)| *one == field);
        all.extend(mine.map(|(_, said)| (*region, said)));
    }
    // What is known first; then a later moment, and at the same moment the greater say.
    all.sort_by_key(|(region, said)| {
        let unknown = said.what.stated == Stated::Unknown;
        (unknown, std::cmp::Reverse(said.what.valid), said.what.source, (*region).clone())
    });
    let mut all = all.into_iter();
    let holds = all.next()?;
    let stated = &holds.1.what.stated;
    let knows = matches!(stated, Stated::Value(_));
    let gainsays = |other: &Stated| other != stated && !(knows && *other == Stated::Unknown);
    let others = all.filter(|(_, said)| gainsays(&said.what.stated)).collect();
    Some(Merged { holds, others })
}

/// How many of these regions have reported of an incident.
#[must_use]
pub fn reported(regions: &[(&JournalId, &Shared)], of: &JournalId, incident: &IncidentId) -> usize {
    let key = (of.clone(), incident.clone());
    regions.iter().filter(|(_, shared)| shared.situations.contains_key(&key)).count()
}

/// Places of a sort that can be used at a time in a region, and when the oldest report was so.
///
/// Unknown if a hospital that reports has not said, or nobody has reported at all.
#[must_use]
pub fn usable(shared: &Shared, kind: CareKind, horizon: Horizon) -> (Known<u32>, Option<Time>) {
    let mut total = if shared.capacity.is_empty() { Known::Unknown } else { Known::Value(0) };
    for held in shared.capacity.values() {
        let row = held.what.rows.iter().find(|row| (row.kind, row.horizon) == (kind, horizon));
        let usable = row.map_or(Known::Unknown, |row| row.plus.usable(held.what.led.as_ref()));
        total = total.with(usable, u32::saturating_add);
    }
    (total, shared.capacity.values().map(|held| held.what.valid).min())
}

/// Promised, and how many of those are not released; how many were agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Promised {
    /// Regions that have answered.
    pub regions: usize,
    /// Transports promised.
    pub units: usize,
    /// Of these, not released.
    pub open: usize,
    /// Agreed, of the regions that have answered.
    pub agreed: usize,
}

/// What a region promised by the newest of an alarm and its updates by which it promised at all,
/// and by which that is: one promise counts for all of them.
#[must_use]
pub fn pledge_of<'a>(
    shared: &'a Shared,
    of: &JournalId,
    newest_first: &[AlarmId],
) -> Option<(&'a AlarmId, &'a Pledged)> {
    let held = |id: &AlarmId| shared.pledged.get_key_value(&(of.clone(), id.clone()));
    newest_first.iter().find_map(held).map(|((_, id), pledged)| (id, pledged))
}

/// The sum of what several regions promised.
#[must_use]
pub fn promised<'a>(held: impl IntoIterator<Item = &'a Pledged>) -> Promised {
    held.into_iter().fold(Promised::default(), |sum, one| Promised {
        regions: sum.regions + 1,
        units: sum.units + one.units.len(),
        open: sum.open + one.units.iter().filter(|unit| unit.1 != UnitStage::Released).count(),
        agreed: sum.agreed + usize::from(one.quota),
    })
}
