//! Records of the journal as pages read them: decoded, and without what a reader may not see.

use samband_domain::words::{Lot, RecordRef};
use samband_domain::{Absence, ActorId, Event, JournalId, MandateId, Subject, Time};
use samband_engine::World;
use samband_journal::store::StoreError;
use samband_journal::{Content, PrivatePart, Record, Store};

/// A record that could be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Where it stands.
    pub at: RecordRef,
    /// When it was recorded.
    pub recorded: Time,
    /// What there is to read of it; none where all of it stays in another region.
    pub said: Option<Said>,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Said {
    /// Kind of event.
    pub kind: String,
    /// Who acted.
    pub actor: ActorId,
    /// By which mandate.
    pub mandate: Option<MandateId>,
    /// The event; none if it cannot be read by this program.
    pub event: Option<Event>,
    /// Whether it has a private part that is not shown here.
    pub withheld: bool,
}

impl Entry {
    /// Reads a record; `own` says whether the reader belongs to its region. For everybody else
    /// it is read as other regions may hold it.
    pub(crate) fn of(record: Record, own: bool) -> Self {
        let record = if own { record } else { record.for_others() };
        let (at, recorded) = (record.at(), record.recorded);
        let content = record.body.text().and_then(|text| Content::read(text).ok());
        let said = content.map(|content| {
            let absent = if own { Absence::Erased } else { Absence::Withheld };
            let lot = match (&record.private, content.private) {
                (PrivatePart::Here { text, .. }, _) => Lot::Text(text),
                (PrivatePart::Absent, Some(_)) => Lot::Absent(absent),
                (PrivatePart::Absent, None) => Lot::None,
            };
            let (kind, version) = (content.kind.as_ref(), content.version);
            Said {
                event: Event::decode(kind, version, content.shared_text(), lot).ok(),
                withheld: matches!(lot, Lot::Absent(_)),
                kind: kind.to_owned(),
                actor: content.actor.clone(),
                mandate: content.mandate.clone(),
            }
        });
        Self { at, recorded, said }
    }
}

/// The newest records about a subject, newest first, as somebody of `reader` may see them.
pub(crate) async fn about(
    store: &Store,
    world: &World,
    journal: &JournalId,
    subject: &Subject,
    reader: &JournalId,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let own = journal == reader && world.local(journal).is_some();
    let records = store.about(journal, subject, None, limit).await?;
    Ok(records.into_iter().map(|record| Entry::of(record, own)).collect())
}
