//! What is allowed about blood.

mod clock;
pub mod compatible;
mod handle;
mod refusals;
mod send;
mod state_facts;
mod take_over;
mod tests;

pub use clock::due;
pub use refusals::REFUSALS;
pub use take_over::{ROWS_MAX, check_row};

use super::command::Command;
use super::event::Event;
use super::model::identity::UnitId;
use super::model::unit::Unit;
use super::state::{Own, Shared};
use crate::kernel::model::RecordKeeper;
use crate::kernel::{self, not_found};
use crate::rulesets::{self, InForce, Scope};
use crate::words::{Context, Refusal, SiteId};

/// What a decision about blood rests on.
pub(crate) struct House<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) own: &'a Own,
    pub(crate) kernel: &'a kernel::Shared,
    pub(crate) rules: &'a rulesets::Shared,
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
        Command::Lapse { .. }
        | Command::Outdate { .. }
        | Command::NoteShortage { .. }
        | Command::NoteShortageEnd { .. } => clock::decide(house, command, ctx),
        _ => handle::decide(house, command, ctx),
    }
}

impl House<'_> {
    /// The rule set in force.
    fn in_force(&self, ctx: &Context<'_>) -> Result<&InForce, Refusal> {
        self.rules.required(Scope::Blood, ctx.now, ctx.region)
    }

    /// A site that is open and whose record is kept here.
    fn own_site(&self, site: &SiteId, ctx: &Context<'_>) -> Result<(), Refusal> {
        self.open_site(site, ctx)?;
        self.kept_site(site)
    }

    /// A site whose record is kept here, closed or not: what lies in a closed one must be counted
    /// and moved away.
    fn kept_site(&self, site: &SiteId) -> Result<(), Refusal> {
        let held = self.kernel.sites.get(site);
        let held = held.ok_or_else(|| not_found("site", site.to_string()))?;
        if held.record != RecordKeeper::Samband {
            return Err(refusals::RECORD_ELSEWHERE.because([("site", site.to_string())]));
        }
        Ok(())
    }

    fn open_site(&self, site: &SiteId, ctx: &Context<'_>) -> Result<&kernel::Site, Refusal> {
        let held = self.kernel.sites.get(site);
        let held = held.ok_or_else(|| not_found("site", site.to_string()))?;
        if !held.window.contains(ctx.now) {
            return Err(refusals::SITE_CLOSED.because([("site", site.to_string())]));
        }
        Ok(held)
    }

    fn unit(&self, id: &UnitId) -> Result<&Unit, Refusal> {
        let unit = self.shared.units.get(id);
        unit.ok_or_else(|| refusals::UNIT_UNKNOWN.because([("unit", id.to_string())]))
    }
}

/// A list of units, each named once.
fn listed(units: &[UnitId]) -> Result<(), Refusal> {
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
