//! What the log says beside the record, for whoever looks after the machine.

use samband_domain::bonds::Command as Bonds;
use samband_domain::{Command, JournalId};

/// Tells whoever runs the machine what the record now says of a trusted journal.
pub(crate) fn log_report(region: &JournalId, report: &Command) {
    match report {
        Command::Bonds(Bonds::ReportFork { held, detail, .. }) => {
            tracing::error!(%region, journal = %held.journal, %detail, "a fork was recorded");
        }
        Command::Bonds(Bonds::NoteSilence { journal, heard }) => {
            let heard = heard.value().map_or_else(|| "never".into(), |heard| heard.to_string());
            tracing::warn!(%region, %journal, %heard, "a trusted journal fell silent");
        }
        Command::Bonds(Bonds::NoteHeard { journal }) => {
            tracing::info!(%region, %journal, "a silent journal was heard again");
        }
        _ => {}
    }
}
