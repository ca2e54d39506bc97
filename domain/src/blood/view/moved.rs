//! What regions took over from each other in a time, as both journals tell it: only what really
//! was received counts.

use std::collections::BTreeMap;

use super::super::model::product::Component;
use super::super::model::stock::{Receipt, Taken};
use super::picture::Part;
use crate::words::{Code, JournalId, Known, RecordRef, SiteId, Time};

/// Units of one dispatch that one receipt took in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Who gave them.
    pub from: JournalId,
    /// Who took them.
    pub to: JournalId,
    /// The dispatch.
    pub dispatch: RecordRef,
    /// The receipt.
    pub receipt: RecordRef,
    /// When they were received.
    pub received: Time,
    /// When that was recorded.
    pub recorded: Time,
    /// From where; unknown while the sender's journal is not known here.
    pub from_site: Known<SiteId>,
    /// Where to.
    pub to_site: SiteId,
    /// How many by component; unknown of what where neither journal says it.
    pub units: BTreeMap<Known<Component>, u32>,
    /// Whether it is the first receipt of the dispatch: its carriage is counted there.
    pub first: bool,
    /// In how many boxes the whole dispatch went.
    pub boxes: Known<u32>,
    /// By which leg of the sender's timetable.
    pub leg: Option<Code>,
}

/// Everything received from another region from a moment up to another, oldest first.
#[must_use]
pub fn moved(parts: &[Part<'_>], (from, until): (Time, Time)) -> Vec<Moved> {
    let mut all = Vec::new();
    for part in parts {
        for receipt in part.stock.receipts.values() {
            let within = |taken: &&Taken| from <= taken.happened && taken.happened < until;
            for taken in receipt.taken.iter().filter(within) {
                all.push(one(parts, part.journal, receipt, taken));
            }
        }
    }
    all.sort_by(|a, b| (a.received, &a.receipt.hash).cmp(&(b.received, &b.receipt.hash)));
    all
}

fn one(parts: &[Part<'_>], to: &JournalId, receipt: &Receipt, taken: &Taken) -> Moved {
    let dispatch = &receipt.dispatch;
    let sender = parts.iter().find(|part| *part.journal == dispatch.journal);
    let sent = sender.and_then(|part| part.stock.consigned.get(&dispatch.hash));
    let mut units = BTreeMap::new();
    for (id, component) in &taken.units {
        let told = || sent?.units.iter().find(|(one, _)| one == id).map(|(_, of)| *of);
        let component = component.value().or_else(told).map_or(Known::Unknown, Known::Value);
        *units.entry(component).or_insert(0) += 1;
    }
    Moved {
        from: dispatch.journal.clone(),
        to: to.clone(),
        dispatch: dispatch.clone(),
        receipt: taken.at.clone(),
        received: taken.happened,
        recorded: taken.recorded,
        from_site: sent.map_or(Known::Unknown, |sent| Known::Value(sent.way.from.clone())),
        to_site: taken.site.clone(),
        units,
        first: receipt.taken.first().is_some_and(|first| first.at == taken.at),
        boxes: sent.map_or(Known::Unknown, |sent| sent.boxes),
        leg: sent.and_then(|sent| sent.leg.clone()),
    }
}
