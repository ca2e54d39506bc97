//! What other journals make due: a pass that its region took back.

use super::super::command::Command;
use super::super::event::{Event, RevocationNoted};
use super::super::state::{Own, Shared};
use super::private;
use crate::Region;
use crate::kernel::not_found;
use crate::words::{JournalId, RecordRef, Refusal};

pub(super) fn note_revoked(region: &Region, pass: &RecordRef) -> Result<Event, Refusal> {
    let own = &region.own.donors;
    let unknown = || not_found("pass", pass.hash.short());
    let donor = own.guests.get(pass).ok_or_else(unknown)?;
    let guest = own.donors.get(donor).and_then(|donor| donor.guest.as_ref());
    guest.filter(|guest| guest.revoked.is_none()).ok_or_else(unknown)?;
    let noted = RevocationNoted { donor: donor.clone(), pass: pass.clone() };
    Ok(private(Event::RevocationNoted, noted))
}

/// Guests whose pass the home region took back. Pure and safe to repeat.
#[must_use]
pub fn due(own: &Own, others: &[(&JournalId, &Shared)]) -> Vec<Command> {
    let revoked = |pass: &RecordRef| {
        let home = others.iter().find(|(journal, _)| **journal == pass.journal);
        let mut passes = home.iter().flat_map(|(_, home)| home.passes.values());
        passes.any(|held| held.at == *pass && held.revoked.is_some())
    };
    let open = own.guests.iter().filter(|(_, donor)| {
        let guest = own.donors.get(*donor).and_then(|donor| donor.guest.as_ref());
        guest.is_some_and(|guest| guest.revoked.is_none())
    });
    let due = open.filter(|(pass, _)| revoked(pass));
    due.map(|(pass, _)| Command::NoteRevoked { pass: pass.clone() }).collect()
}
