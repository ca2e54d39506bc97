//! What is allowed about blood.

mod call_off;
mod calls;
mod clock;
pub mod compatible;
pub(crate) mod give;
mod handle;
mod packing;
mod refusals;
mod send;
mod state_facts;
mod take_over;
mod tests;

pub use calls::fits;
pub use clock::due;
pub use packing::{BOX_DAMAGED, TOO_WARM_OR_COLD, in_range, receiver_says, receiver_says_of};
pub use refusals::REFUSALS;
pub(crate) use refusals::{
    EXPIRED, NO_CODES, STATUS, TEST_MISSING, TEST_NOT_NEGATIVE, TWICE, UNIT_KNOWN,
};
pub(crate) use take_over::code_unknown;
pub use take_over::{ROWS_MAX, check_row};
pub use tests::lacks;
pub(crate) use tests::{bars, required};

use super::command::Command;
use super::event::Event;
use super::model::identity::UnitId;
use super::model::unit::Unit;
use super::state::{Own, Shared};
use crate::kernel::model::RecordKeeper;
use crate::kernel::{self, not_found};
use crate::rulesets::{self, InForce, Scope};
use crate::words::{Context, Refusal, SiteId};
use crate::{Region, donations};

/// What a decision about blood rests on.
#[derive(Clone, Copy)]
pub(crate) struct House<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) own: &'a Own,
    pub(crate) kernel: &'a kernel::Shared,
    pub(crate) rules: &'a rulesets::Shared,
    pub(crate) donations: donations::Held<'a>,
}

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub(crate) fn decide(
    house: &House<'_>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::LoadCodes { .. }
        | Command::ReportExternal { .. }
        | Command::StateDemand { .. }
        | Command::StateDuty { .. } => state_facts::decide(house, command, ctx),
        Command::TakeOver { site, file, rows } => {
            take_over::decide(house, (site, file.as_ref(), rows), ctx)
        }
        Command::Dispatch { .. } | Command::Receive { .. } | Command::Settle { .. } => {
            send::decide(house, command, ctx)
        }
        Command::CallOff { .. }
        | Command::NoteCallingOff { .. }
        | Command::TakeBack { .. }
        | Command::StateLost { .. } => call_off::decide(house, command, ctx),
        Command::Call { .. }
        | Command::Answer { .. }
        | Command::WithdrawCall { .. }
        | Command::StateLeg { .. }
        | Command::EndLeg { .. } => calls::decide(house, command, ctx),
        Command::Lapse { .. }
        | Command::Outdate { .. }
        | Command::NoteShortage { .. }
        | Command::NoteShortageEnd { .. } => clock::decide(house, command, ctx),
        _ => handle::decide(house, command, ctx),
    }
}

impl<'a> House<'a> {
    /// All of it, of one region.
    pub(crate) const fn of(region: &'a Region) -> Self {
        let Region { shared, own } = region;
        let held =
            donations::Held { shared: &shared.donations, own: &own.donations, donors: &own.donors };
        Self {
            shared: &shared.blood,
            own: &own.blood,
            kernel: &shared.kernel,
            rules: &shared.rulesets,
            donations: held,
        }
    }

    /// The rule set in force.
    pub(crate) fn in_force(&self, ctx: &Context<'_>) -> Result<&'a InForce, Refusal> {
        self.rules.required(Scope::Blood, ctx.now, ctx.region)
    }

    /// A site that is open and whose record is kept here.
    pub(crate) fn own_site(&self, site: &SiteId, ctx: &Context<'_>) -> Result<(), Refusal> {
        self.open_site(site, ctx)?;
        self.kept_site(site)
    }

    /// A site whose record is kept here, closed or not: what lies in a closed one must be counted
    /// and moved away.
    pub(crate) fn kept_site(&self, site: &SiteId) -> Result<(), Refusal> {
        let held = self.kernel.sites.get(site);
        let held = held.ok_or_else(|| not_found("site", site.to_string()))?;
        if held.record != RecordKeeper::Samband {
            return Err(refusals::RECORD_ELSEWHERE.because([("site", site.to_string())]));
        }
        Ok(())
    }

    pub(crate) fn open_site(
        &self,
        site: &SiteId,
        ctx: &Context<'_>,
    ) -> Result<&'a kernel::Site, Refusal> {
        let held = self.kernel.sites.get(site);
        let held = held.ok_or_else(|| not_found("site", site.to_string()))?;
        if !held.window.contains(ctx.now) {
            return Err(refusals::SITE_CLOSED.because([("site", site.to_string())]));
        }
        Ok(held)
    }

    /// Nothing of a donation that was called back is let through, by whichever of its numbers.
    pub(crate) fn not_withdrawn(&self, id: &UnitId) -> Result<(), Refusal> {
        self.donations.none_withdrawn(std::iter::once(&id.din))?;
        self.donations.none_withdrawn(&self.shared.donations_in(id))
    }

    pub(crate) fn unit(&self, id: &UnitId) -> Result<&'a Unit, Refusal> {
        let unit = self.shared.units.get(id);
        unit.ok_or_else(|| refusals::UNIT_UNKNOWN.because([("unit", id.to_string())]))
    }
}

/// A list of units, each named once.
pub(crate) fn listed(units: &[UnitId]) -> Result<(), Refusal> {
    if units.is_empty() || units.len() > ROWS_MAX {
        return Err(refusals::HOW_MANY
            .because([("units", units.len().to_string()), ("most", ROWS_MAX.to_string())]));
    }
    let mut sorted = units.to_vec();
    sorted.sort_unstable();
    match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(refusals::TWICE.because([("unit", pair[0].to_string())])),
        None => Ok(()),
    }
}
