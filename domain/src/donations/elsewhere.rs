//! What other regions called back and this one has not looked through yet.
//!
//! Between another region's call-back and this region's own event about it (`withdrawal.heeded`)
//! lies the time in which a unit could still go to a patient. So whatever lets a unit go also asks
//! the other journals as they are held here at that moment. What they say can stop a unit, never
//! free one; and nothing is compared but what they name: no region's clock is held against another's.

use std::collections::BTreeSet;

use crate::blood::Event as Blood;
use crate::blood::model::{Din, UnitId};
use crate::donations::event::Event;
use crate::donations::model::Withdrawn;
use crate::donations::model::withdrawal::{Called, Outcome};
use crate::kernel::refusals;
use crate::words::{Context, Others, RecordRef, Refusal};
use crate::{Command, Region, SharedState, blood, transfusion};

refusals! {
    /// Another region called it back.
    CALLED_BACK = "withdrawal.elsewhere",
        "blood.md §5.6: nothing of a donation that was called back goes on, whoever called it back";
    /// Another region called a lot back, and what it went into is not known here yet.
    NOT_SEARCHED = "withdrawal.not_searched",
        "blood.md §5.6: what a lot went into is looked for before anything goes on";
}

/// Why a unit is stopped by what another region said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A donation in it was called back.
    Donation(Din, RecordRef),
    /// A lot was called back, and this region has not looked yet what it went into.
    Lot(RecordRef),
}

impl Stop {
    /// The record that calls back.
    #[must_use]
    pub const fn by(&self) -> &RecordRef {
        match self {
            Self::Donation(_, by) | Self::Lot(by) => by,
        }
    }

    /// As a refusal.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        let by = self.by();
        let (region, record) = (("region", by.journal.to_string()), ("record", by.hash.short()));
        match self {
            Self::Donation(din, _) => {
                CALLED_BACK.because([("donation", din.to_string()), region, record])
            }
            Self::Lot(_) => NOT_SEARCHED.because([region, record]),
        }
    }
}

/// One region's view of what the others called back.
#[derive(Clone, Debug)]
pub struct Elsewhere<'a> {
    own: &'a SharedState,
    others: Vec<&'a SharedState>,
    lot: Option<RecordRef>,
}

impl<'a> Elsewhere<'a> {
    /// What the journals held here say to a region; its own among them says nothing new. Real,
    /// exercise and demo do not mix.
    #[must_use]
    pub fn of(own: &'a SharedState, others: Others<'a>) -> Self {
        let mode = |state: &SharedState| state.kernel.journal.as_ref().map(|facts| facts.mode);
        let alike = others.iter().map(|(_, state)| *state).filter(|state| mode(state) == mode(own));
        let others: Vec<_> = alike.collect();
        let lot = others.iter().find_map(|state| unsearched_lot(own, state));
        Self { own, others, lot }
    }

    /// What stops a unit; none if nothing held here does.
    #[must_use]
    pub fn stops(&self, unit: &UnitId) -> Option<Stop> {
        let inside = self.own.blood.donations_in(unit);
        self.stops_any(inside.iter().copied().chain([unit.din]))
    }

    /// The same of donations.
    #[must_use]
    pub fn stops_any(&self, dins: impl IntoIterator<Item = Din>) -> Option<Stop> {
        let dins: BTreeSet<Din> = dins.into_iter().collect();
        let named = dins.iter().find_map(|din| Some(Stop::Donation(*din, self.called(din)?)));
        named.or_else(|| dins.iter().find_map(|din| self.by_pool(din))).or_else(|| {
            let lot = self.lot.clone();
            lot.map(Stop::Lot)
        })
    }

    /// A pool that is called back for itself reaches everything that came of its donations.
    fn by_pool(&self, din: &Din) -> Option<Stop> {
        let stock = &self.own.blood;
        super::rules::withdraw::pools(stock, din).into_iter().find_map(|pool| {
            let by = self.called(&pool)?;
            let mut parts = stock.pools.get(&pool).into_iter().flatten();
            let through_a_part = parts.any(|part| self.called(part).is_some());
            (!through_a_part).then_some(Stop::Donation(pool, by))
        })
    }

    /// Whose call-back of a donation stands.
    fn called(&self, din: &Din) -> Option<RecordRef> {
        let named = self.others.iter().filter_map(|state| state.donations.withdrawn.get(din));
        named.filter(|back| self.stands(back)).map(|back| back.by.clone()).next()
    }

    /// A call-back is its caller's to lift, and the caller's own record is asked where it is held.
    fn stands(&self, back: &Withdrawn) -> bool {
        let hash = &back.by.hash;
        if self.own.donations.calls.called.contains_key(hash) {
            return false;
        }
        let case = self.others.iter().find_map(|state| state.donations.calls.called.get(hash));
        case.is_none_or(|case| !lifted(case))
    }
}

fn lifted(case: &Called) -> bool {
    case.closed.as_ref().is_some_and(|end| end.outcome == Outcome::Lifted)
}

/// A lot that another region called back and that the own record was not searched for.
fn unsearched_lot(own: &SharedState, other: &SharedState) -> Option<RecordRef> {
    let calls = &own.donations.calls;
    let open = |case: &&Called| {
        let hash = &case.at.hash;
        let known = calls.heeded.contains_key(hash) || calls.called.contains_key(hash);
        case.lot.is_some() && !lifted(case) && !known
    };
    other.donations.calls.called.values().find(open).map(|case| case.at.clone())
}

/// Lets nothing go that another region called back, by whichever way it was asked for.
///
/// # Errors
/// A [`Refusal`] that names the donation and who called it back.
pub(crate) fn guard(
    region: &Region,
    command: &Command,
    events: &[crate::Event],
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    if ctx.others.is_empty() || tells(command) {
        return Ok(());
    }
    let mut leaving = events.iter().flat_map(|event| leaves(region, event)).peekable();
    if leaving.peek().is_none() {
        return Ok(());
    }
    let elsewhere = Elsewhere::of(&region.shared, ctx.others);
    match leaving.find_map(|dins| elsewhere.stops_any(dins)) {
        Some(stop) => Err(stop.refusal()),
        None => Ok(()),
    }
}

/// Whether a command tells what has happened: that is recorded, and stopped afterwards.
const fn tells(command: &Command) -> bool {
    use crate::donations::Command as Donations;
    matches!(
        command,
        Command::Mobile(_)
            | Command::Donations(Donations::Collect { .. })
            | Command::Transfusion(transfusion::Command::EnterPaper { .. })
    )
}

/// The donations of what an event sets aside, releases, works up or sends away, unit by unit.
fn leaves(region: &Region, event: &crate::Event) -> Vec<Vec<Din>> {
    let stock: &blood::Shared = &region.shared.blood;
    let of = |unit: &UnitId| stock.donations_in(unit).into_iter().chain([unit.din]).collect();
    match event {
        crate::Event::Blood(Blood::Produced(made, _)) => vec![made.from.donations()],
        crate::Event::Blood(
            event @ (Blood::Reserved(..)
            | Blood::Issued(..)
            | Blood::Released(..)
            | Blood::Dispatched(..)),
        ) => event.units().iter().map(of).collect(),
        crate::Event::Donations(Event::PlasmaLot(lot, _)) => lot.units.iter().map(of).collect(),
        crate::Event::Donations(Event::PlasmaConsigned(gone, _)) => {
            let lots = &region.shared.donations.plasma.lots;
            let inside = gone.lots.iter().filter_map(|name| lots.get(name));
            inside.flat_map(|lot| lot.inside().map(of).collect::<Vec<_>>()).collect()
        }
        _ => Vec::new(),
    }
}
