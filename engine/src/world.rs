//! What readers see: every journal's state as of its last durable record.

use std::sync::Arc;

use imbl::OrdMap;
use samband_domain::words::{DecodeError, Lot};
use samband_domain::{
    Absence, Event, Head, JournalId, Known, Meta, Mode, Region, SharedState, Time,
};
use samband_journal::{Chain, Content, PrivatePart, Record};

/// A journal's state here.
#[derive(Clone, Debug)]
pub enum Holding {
    /// Written here.
    Local(Box<Region>),
    /// Another installation's: only what it shares.
    Copy {
        /// Its shared state.
        shared: Box<SharedState>,
        /// When its last signed head was signed.
        heard: Known<Time>,
    },
}

/// One journal.
#[derive(Clone, Debug)]
pub struct Journal {
    /// Whose.
    pub id: JournalId,
    /// Its last durable record.
    pub chain: Chain,
    /// Its state.
    pub holding: Holding,
    /// Records of kinds or versions that this program does not know.
    pub unknown_records: u64,
}

impl Journal {
    /// A journal before its first record.
    #[must_use]
    pub fn empty(id: JournalId, local: bool) -> Self {
        let holding = if local {
            Holding::Local(Box::default())
        } else {
            Holding::Copy { shared: Box::default(), heard: Known::Unknown }
        };
        let chain = Chain::before(id.clone());
        Self { id, chain, holding, unknown_records: 0 }
    }

    /// What other regions may hold of it.
    #[must_use]
    pub fn shared(&self) -> &SharedState {
        match &self.holding {
            Holding::Local(region) => &region.shared,
            Holding::Copy { shared, .. } => shared,
        }
    }

    /// The whole state, if the journal is written here.
    #[must_use]
    pub fn local(&self) -> Option<&Region> {
        match &self.holding {
            Holding::Local(region) => Some(region),
            Holding::Copy { .. } => None,
        }
    }

    /// Whether it is written here.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.holding, Holding::Local(_))
    }

    /// Its last durable record.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.chain.head()
    }

    /// Its mode; none before genesis.
    #[must_use]
    pub fn mode(&self) -> Option<Mode> {
        self.shared().kernel.journal.as_ref().map(|facts| facts.mode)
    }

    /// The name to show.
    #[must_use]
    pub fn name(&self) -> String {
        samband_domain::kernel::view::name(&self.shared().kernel, &self.id)
    }

    /// As of when the state is known: now for a journal written here, the last signed head for a
    /// copy.
    #[must_use]
    pub fn as_of(&self, now: Time) -> Known<Time> {
        match &self.holding {
            Holding::Local(_) => Known::Value(now),
            Holding::Copy { heard, .. } => *heard,
        }
    }

    /// When a copy's last signed head was signed, by its writer's clock.
    #[must_use]
    pub fn heard(&self) -> Known<Time> {
        match &self.holding {
            Holding::Copy { heard, .. } => *heard,
            Holding::Local(_) => Known::Unknown,
        }
    }

    /// Folds an event in.
    pub fn apply(&mut self, event: &Event, meta: &Meta) {
        if matches!(event, Event::Unknown { .. }) {
            self.unknown_records += 1;
        }
        match &mut self.holding {
            Holding::Local(region) => region.apply(event, meta),
            Holding::Copy { shared, .. } => samband_domain::apply(shared, None, event, meta),
        }
    }

    /// Folds a verified record in.
    ///
    /// # Errors
    /// [`DecodeError`] if the content does not fit its kind.
    pub fn apply_record(
        &mut self,
        record: &Record,
        content: Option<&Content<'_>>,
    ) -> Result<(), DecodeError> {
        let Some(content) = content else {
            return Ok(());
        };
        let (event, meta) = read_event(record, content, self.is_local())?;
        self.apply(&event, &meta);
        Ok(())
    }
}

/// Reads a record's event and what stands around it.
///
/// # Errors
/// [`DecodeError`] if the content does not fit its kind.
pub fn read_event(
    record: &Record,
    content: &Content<'_>,
    local: bool,
) -> Result<(Event, Meta), DecodeError> {
    let absence = if local { Absence::Erased } else { Absence::Withheld };
    let lot = match (&record.private, content.private) {
        (PrivatePart::Here { text, .. }, _) => Lot::Text(text),
        (PrivatePart::Absent, Some(_)) => Lot::Absent(absence),
        (PrivatePart::Absent, None) => Lot::None,
    };
    let event = Event::decode(&content.kind, content.version, content.shared_text(), lot)?;
    let meta = Meta {
        at: record.at(),
        happened: content.happened,
        recorded: record.recorded,
        actor: content.actor.clone(),
        mandate: content.mandate.clone(),
    };
    Ok((event, meta))
}

/// The record as some regions may hold it: whole if it is addressed to one of them, and what it
/// shares otherwise.
#[must_use]
pub(crate) fn for_readers(record: Record, is_reader: impl Fn(&JournalId) -> bool) -> Record {
    let addressed = |record: &Record| {
        let content = Content::read(record.body.text()?).ok()?;
        // What shares nothing cannot say whom it is addressed to.
        let shared = content.shared_text()?;
        let lot = Lot::Absent(Absence::Withheld);
        let event = Event::decode(&content.kind, content.version, Some(shared), lot).ok()?;
        event.addressee().map(&is_reader)
    };
    let whole =
        matches!(record.private, PrivatePart::Here { .. }) && addressed(&record) == Some(true);
    if whole { record } else { record.for_others() }
}

/// Every journal held here, as of one moment between two transactions.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Journals by id.
    pub journals: OrdMap<JournalId, Arc<Journal>>,
    /// Counts transactions since start; tells two worlds apart.
    pub serial: u64,
}

impl World {
    /// A journal held here.
    #[must_use]
    pub fn journal(&self, id: &JournalId) -> Option<&Arc<Journal>> {
        self.journals.get(id)
    }

    /// A region written here.
    #[must_use]
    pub fn local(&self, id: &JournalId) -> Option<&Region> {
        self.journals.get(id).and_then(|journal| journal.local())
    }

    /// Journals written here.
    pub fn locals(&self) -> impl Iterator<Item = &Arc<Journal>> {
        self.journals.values().filter(|journal| journal.is_local())
    }

    /// The shared states of all regions held here, for views across regions.
    #[must_use]
    pub fn shared(&self) -> Vec<(JournalId, &SharedState)> {
        self.journals.iter().map(|(id, journal)| (id.clone(), journal.shared())).collect()
    }

    /// The same, borrowed: what one region's rules are told of every journal held here.
    #[must_use]
    pub fn others(&self) -> Vec<(&JournalId, &SharedState)> {
        self.journals.iter().map(|(id, journal)| (id, journal.shared())).collect()
    }

    pub(crate) fn journal_mut(&mut self, id: &JournalId) -> Option<&mut Journal> {
        self.journals.get_mut(id).map(Arc::make_mut)
    }
}
