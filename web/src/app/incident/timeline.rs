//! What was known when: every record about an incident in the order in which it was known.

use std::collections::BTreeMap;

use samband_domain::words::{RecordRef, Subject};
use samband_domain::{ActorId, Event, JournalId, Time, alarms};
use samband_engine::World;

use super::Found;
use crate::app::readiness::regions;
use crate::app::{App, Problem};
use crate::pages::records;

/// Most records of one incident, or one alarm, in one region that are read.
const RECORDS_MAX: u32 = 400;

/// Something that was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Where it stands.
    pub at: RecordRef,
    /// When it was known in the region that recorded it.
    pub known: Time,
    /// When it happened, where that was said and is another time.
    pub happened: Option<Time>,
    /// Who acted.
    pub actor: ActorId,
    /// What kind of record.
    pub kind: String,
    /// What it says.
    pub event: Event,
}

/// Every record about an incident that was known at a moment, the oldest first. Messages that were
/// sent are left out: each alarm's own page has them.
///
/// # Errors
/// A problem if the store does not answer.
pub async fn read(
    app: &App,
    world: &World,
    found: &Found<'_>,
    reader: &JournalId,
    as_of: Option<Time>,
) -> Result<Vec<Step>, Problem> {
    let mut subjects = vec![Subject::incident(found.id)];
    subjects.extend(found.held.alarms.iter().map(Subject::alarm));
    let happened: BTreeMap<(u32, u64), Time> = found
        .held
        .entries
        .iter()
        .map(|entry| ((entry.at.epoch, entry.at.seq), entry.happened))
        .collect();
    let mut steps: BTreeMap<(Time, JournalId, u32, u64), Step> = BTreeMap::new();
    for journal in regions(world, &found.journal.id) {
        for subject in &subjects {
            let all = records::about(
                app.engine.store(),
                world,
                &journal.id,
                subject,
                reader,
                RECORDS_MAX,
            );
            for entry in all.await? {
                let Some(step) = step(entry, found, &happened) else { continue };
                if as_of.is_none_or(|as_of| step.known <= as_of) {
                    let key = (step.known, step.at.journal.clone(), step.at.epoch, step.at.seq);
                    steps.insert(key, step);
                }
            }
        }
    }
    Ok(steps.into_values().collect())
}

fn step(
    entry: records::Entry,
    found: &Found<'_>,
    happened: &BTreeMap<(u32, u64), Time>,
) -> Option<Step> {
    let said = entry.said?;
    let event = said.event?;
    if sent(&event) {
        return None;
    }
    let own = entry.at.journal == found.journal.id;
    let then = happened.get(&(entry.at.epoch, entry.at.seq)).copied().filter(|_| own);
    Some(Step {
        happened: then.filter(|then| *then != entry.recorded),
        known: entry.recorded,
        at: entry.at,
        actor: said.actor,
        kind: said.kind,
        event,
    })
}

fn sent(event: &Event) -> bool {
    use alarms::Event as E;
    matches!(event, Event::Alarms(E::Attempted(..) | E::Woken(..) | E::WasRead(..)))
}
