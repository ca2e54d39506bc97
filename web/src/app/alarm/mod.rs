//! Alarms between regions: what pages, interface and command line share. Whom an alarm goes to by
//! itself, what it says before anybody has changed a word, and how it stands with everybody.

mod banner;
mod ready;
mod seen;
mod standing;
mod to;

use samband_domain::alarms::command::Draft;
use samband_domain::alarms::model::{Alarm, DutyRole, Kind};
use samband_domain::incidents::model::Report;
use samband_domain::kernel::Role;
use samband_domain::words::{AlarmId, IncidentId};
use samband_domain::{Event, JournalId, Known, Mode, alarms, incidents};
use samband_engine::{Journal, Receipt, World};

pub use banner::{banner, href};
pub use ready::{Fault, Handover, faults, handover};
pub use seen::{
    Owes, Quorum, Seen, agreed, alarm, blood, known, promised, quorum, running, stopped,
    test_of_reach,
};
pub use standing::{Standing, standing};
pub use to::{Choice, Members, choices, members};

use crate::text::Words;

/// The topics that change what is seen of alarms.
pub const TOPICS: &str = "alarm incident readiness";

/// What came into being with a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Made {
    /// The incident, if one began or came further.
    pub incident: Option<IncidentId>,
    /// The alarm, if one was issued.
    pub alarm: Option<AlarmId>,
    /// How many are alarmed.
    pub recipients: usize,
}

/// What came into being by the commands of one signature.
#[must_use]
pub fn made(receipts: &[Receipt]) -> Made {
    let mut made = Made::default();
    for event in receipts.iter().flat_map(|receipt| &receipt.events) {
        match event {
            Event::Incidents(incidents::Event::Opened(opened, _)) => {
                made.incident = Some(opened.incident.clone());
            }
            Event::Alarms(alarms::Event::Issued(alarm, _)) => {
                made.incident = made.incident.or_else(|| alarm.incident.clone());
                made.recipients = alarm.to.len();
                made.alarm = Some(alarm.id.clone());
            }
            _ => {}
        }
    }
    made
}

/// The alarm that follows from a report: its words may be changed, and need not be.
#[must_use]
pub fn from_report(w: Words, kind: Kind, report: &Report, mode: Mode) -> Draft {
    let (headline, text) = template(w, kind, &report.title, &report.text, mode);
    Draft {
        incident: None,
        kind,
        headline,
        text,
        place: report.place.clone(),
        injured: report.injured,
        to: Vec::new(),
        replaces: None,
    }
}

/// The words of an alarm of a kind. An exercise says so first and last.
#[must_use]
pub fn template(w: Words, kind: Kind, title: &str, text: &str, mode: Mode) -> (String, String) {
    let headline = w.find(&format!("alarm-headline-{kind}"), &[("title", title.trim().into())]);
    let headline = headline.unwrap_or_else(|| title.trim().to_owned());
    let ask = w.dynamic("alarm-ask-", kind.as_str());
    let text = format!("{} {ask}", text.trim()).trim().to_owned();
    (framed(w, &headline, mode), framed(w, &text, mode))
}

/// A text as an exercise may say it: the word stands first and last, once each.
#[must_use]
pub fn framed(w: Words, text: &str, mode: Mode) -> String {
    if mode != Mode::Exercise {
        return text.to_owned();
    }
    let word = w.t("layout-exercise-word");
    let inner = text.trim();
    let inner = inner.strip_prefix(word.as_str()).unwrap_or(inner);
    let inner = inner.strip_suffix(word.as_str()).unwrap_or(inner).trim();
    format!("{word} {inner} {word}")
}

/// Whether an alarm updates an earlier one. What takes one back is no update.
#[must_use]
pub fn updates(alarm: &Alarm) -> bool {
    alarm.replaces.is_some() && alarm.kind != Kind::Recall
}

/// The headline where nothing beside it says the kind, for kinds whose headline does not.
#[must_use]
pub fn titled(w: Words, alarm: &Alarm) -> String {
    match alarm.kind {
        Kind::PreAlert | Kind::Blood => {
            format!("{}: {}", w.dynamic("alarm-kind-", alarm.kind.as_str()), alarm.headline)
        }
        _ => alarm.headline.clone(),
    }
}

/// The alarm that takes another back: the same recipients, whatever else is said.
#[must_use]
pub fn recall(w: Words, before: &Alarm, why: Option<&str>, mode: Mode) -> Draft {
    let why = why.map(str::trim).filter(|why| !why.is_empty());
    let why = why.map_or_else(|| w.t("alarm-recall-why"), str::to_owned);
    let (headline, text) = template(w, Kind::Recall, &before.headline, &why, mode);
    Draft { headline, text, ..again(before, Kind::Recall) }
}

/// The alarm with which another one is replaced, before a word is changed.
#[must_use]
pub fn again(before: &Alarm, kind: Kind) -> Draft {
    Draft {
        incident: before.incident.clone(),
        kind,
        headline: before.headline.clone(),
        text: before.text.clone(),
        place: before.place.clone(),
        injured: before.injured,
        to: before.to.clone(),
        replaces: Some(before.id.clone()),
    }
}

/// The roles of an alarm that somebody answers for by what they are.
#[must_use]
pub fn duties(roles: &[Role]) -> Vec<DutyRole> {
    let duty = |role: &Role| match role {
        Role::Tib => Some(DutyRole::Tib),
        Role::Commander => Some(DutyRole::RegionalCommand),
        Role::Coordinator | Role::Scientist | Role::Physician => Some(DutyRole::BloodCentre),
        _ => None,
    };
    let mut all: Vec<_> = roles.iter().filter_map(duty).collect();
    all.sort();
    all.dedup();
    all
}

/// The mode of a region's journal; a region without one alarms in earnest.
#[must_use]
pub fn mode_of(world: &World, region: &JournalId) -> Mode {
    world.journal(region).and_then(|journal| journal.mode()).unwrap_or(Mode::Real)
}

/// Whether a journal is a region's, of a mode.
pub(crate) fn is_region(journal: &Journal, mode: Mode) -> bool {
    let facts = journal.shared().kernel.journal.as_ref();
    facts.is_some_and(|facts| {
        facts.owner.kind == samband_domain::kernel::OwnerKind::Region && facts.mode == mode
    })
}

/// A known value of an option.
pub(crate) fn known_of<T>(value: Option<T>) -> Known<T> {
    Known::from(value)
}
