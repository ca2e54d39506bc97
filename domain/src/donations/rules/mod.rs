//! What is allowed about donations: reports are recorded and their consequences drawn, asks are
//! held against the region's rules.

mod collect;
pub mod expiry;
mod fates;
mod made;
pub mod plasma;
mod prepare;
pub mod refusals;
mod results;
pub mod table;
pub mod vigilance;
pub mod withdraw;

pub(crate) use collect::adopted;
pub use refusals::REFUSALS;
pub use withdraw::due;

use super::command::Command;
use super::model::Range;
use crate::Region;
use crate::words::{Context, Refusal};

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    match command {
        Command::Collect { .. } => collect::collect(region, command, ctx),
        Command::AssignNumbers { site, from, to } => {
            collect::assign_numbers(region, site, Range { from: *from, to: *to })
        }
        Command::ClearFlag { din, flag, reason } => {
            collect::clear_flag(region, (din, *flag), reason)
        }
        Command::Prepare { .. } => prepare::prepare(region, command, ctx),
        Command::RecordResults { .. }
        | Command::VerifyResults { .. }
        | Command::RejectResults { .. } => results::decide(region, command, ctx),
        Command::Withdrawal(command) => withdraw::decide(region, command, ctx),
        Command::Plasma(command) => plasma::decide(region, command, ctx),
        Command::Vigilance(command) => vigilance::decide(region, command, ctx),
    }
}
