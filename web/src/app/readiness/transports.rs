//! Transports: who owes, who has promised, and where each is.

use samband_domain::alarms::Issued;
use samband_domain::alarms::model::{Alarm, DutyRole, Kind, Party};
use samband_domain::alarms::view::updates;
use samband_domain::readiness::Pledged;
use samband_domain::readiness::model::{TransportKind, Unit};
use samband_domain::readiness::view::{Promised, pledge_of, promised};
use samband_domain::words::AlarmId;
use samband_domain::{JournalId, Time};
use samband_engine::{Journal, World};

use super::{Terms, regions};
use crate::app::Problem;

/// An alarm with what the regions have promised.
#[derive(Clone, Debug)]
pub struct Asked<'w> {
    /// Whose alarm.
    pub issuer: &'w Journal,
    /// Its id.
    pub id: AlarmId,
    /// The alarm as issued.
    pub issued: &'w Issued,
    /// The alarm and its updates, the newest first: one promise counts for all of them.
    pub chain: Vec<AlarmId>,
    /// The other regions addressed, with their promise if they have made one.
    pub others: Vec<(&'w Journal, Option<&'w Pledged>)>,
    /// The sum.
    pub sum: Promised,
}

impl Asked<'_> {
    /// How many transports are agreed in all: of a region that has answered, the number that it
    /// answered to; of the others, what the agreement says.
    #[must_use]
    pub fn agreed(&self, terms: &Terms) -> usize {
        let quota = |(one, held): &(&Journal, Option<&Pledged>)| {
            usize::from(terms.quota(&one.id, &self.issuer.id, *held))
        };
        self.others.iter().map(quota).sum()
    }

    /// Whether a region is asked for transports.
    #[must_use]
    pub fn asks(&self, region: &JournalId) -> bool {
        self.others.iter().any(|(one, _)| one.id == *region)
    }

    /// What a region has promised.
    #[must_use]
    pub fn of(&self, region: &JournalId) -> Option<&Pledged> {
        self.others.iter().find(|(one, _)| one.id == *region).and_then(|(_, held)| *held)
    }

    /// The alarm that holds now: this one, or the last that updates it.
    #[must_use]
    pub fn newest(&self) -> &AlarmId {
        self.chain.first().unwrap_or(&self.id)
    }

    /// By which alarm a region has promised what counts.
    #[must_use]
    pub fn under(&self, region: &JournalId) -> Option<&AlarmId> {
        let (journal, _) = self.others.iter().find(|(one, _)| one.id == *region)?;
        pledge_of(&journal.shared().readiness, &self.issuer.id, &self.chain).map(|(id, _)| id)
    }

    /// Whether a region has promised by the alarm that holds now. What it promised by an earlier
    /// one counts until then.
    #[must_use]
    pub fn answered(&self, region: &JournalId) -> bool {
        self.under(region) == Some(self.newest())
    }
}

/// Whether an alarm is addressed to a region's duty officer.
fn addresses(alarm: &Alarm, region: &JournalId) -> bool {
    let to = |party: &Party| matches!(party, Party::Region(one) if one == region);
    alarm.to.iter().any(|one| one.role == DutyRole::Tib && to(&one.party))
}

/// An alarm by its issuer and id, in whichever region's journal of the reader's mode it stands.
///
/// # Errors
/// A problem if nobody here knows it.
pub fn find<'w>(
    world: &'w World,
    reader: &JournalId,
    (issuer, id): (&str, &str),
) -> Result<Asked<'w>, Problem> {
    let alarm = AlarmId::new(id).map_err(|_| Problem::not_found(id))?;
    let issuer = super::region(world, reader, issuer)?;
    let issued = issuer.shared().alarms.issued.get(&alarm);
    let issued = issued.ok_or_else(|| Problem::not_found(id))?;
    let chain = updates(&issuer.shared().alarms, &alarm);
    let held = |one: &'w Journal| -> Option<&'w Pledged> {
        pledge_of(&one.shared().readiness, &issuer.id, &chain).map(|(_, pledged)| pledged)
    };
    let others: Vec<_> = regions(world, reader)
        .into_iter()
        .filter(|one| one.id != issuer.id)
        .map(|one| (one, held(one)))
        // Whoever promises unasked has promised all the same.
        .filter(|(one, held)| held.is_some() || addresses(&issued.alarm, &one.id))
        .collect();
    let sum = promised(others.iter().filter_map(|(_, held)| *held));
    Ok(Asked { issuer, id: alarm, issued, chain, others, sum })
}

/// The alarms of the reader's mode that ask for transports and are neither replaced nor over, the
/// latest first.
#[must_use]
pub fn running<'w>(world: &'w World, reader: &JournalId) -> Vec<(&'w Journal, &'w Issued)> {
    use samband_domain::incidents::model::Stage;
    let all = regions(world, reader).into_iter();
    let mut all: Vec<_> = all
        .flat_map(|one| one.shared().alarms.issued.values().map(move |issued| (one, issued)))
        .filter(|(journal, issued)| {
            let incidents = &journal.shared().incidents.incidents;
            let of = issued.alarm.incident.as_ref().and_then(|id| incidents.get(id));
            let over = of.is_some_and(|one| one.stage == Stage::Closed);
            issued.alarm.kind == Kind::Regional && issued.replaced.is_none() && !over
        })
        .collect();
    all.sort_by_key(|(_, issued)| std::cmp::Reverse(issued.said));
    all
}

/// So many units of some kinds, named one by one where nobody named them.
#[must_use]
pub fn units(
    counts: &[(TransportKind, u16)],
    ready: Time,
    name: impl Fn(TransportKind) -> String,
) -> Vec<Unit> {
    let each = counts.iter().flat_map(|(kind, count)| (1..=*count).map(|n| (*kind, n)));
    each.map(|(kind, n)| Unit { name: format!("{} {n}", name(kind)), kind, ready }).collect()
}
