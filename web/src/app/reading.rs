//! That somebody is read about is recorded before anything is shown.

use samband_domain::kernel::{Command, ReadOf};
use samband_engine::Request;

use super::{App, Problem, Visitor, fresh_key};

/// Records that what is kept of a donor or patient is about to be read. Whatever is in the way,
/// nothing is shown then. `purpose` is the page, a key of the catalogue under `purpose-`.
///
/// # Errors
/// The problem that says why it could not be recorded.
pub async fn note_read(
    app: &App,
    visitor: &Visitor,
    of: ReadOf,
    purpose: &str,
) -> Result<(), Problem> {
    noted(app, visitor, Command::NoteReadOf { of, purpose: purpose.to_owned() }).await
}

/// The same of several people on one list: one record that names each of them, and is found by
/// each of them; nothing is shown if it cannot be recorded.
///
/// # Errors
/// The problem that says why it could not be recorded.
pub async fn note_reads(
    app: &App,
    visitor: &Visitor,
    all: impl IntoIterator<Item = ReadOf>,
    purpose: &str,
) -> Result<(), Problem> {
    let of: Vec<ReadOf> = all.into_iter().collect();
    if of.is_empty() {
        return Ok(());
    }
    noted(app, visitor, Command::NoteReadOfList { of, purpose: purpose.to_owned() }).await
}

/// The same for what the kernel keeps of people who act.
///
/// # Errors
/// The problem that says why it could not be recorded.
pub async fn noted(app: &App, visitor: &Visitor, command: Command) -> Result<(), Problem> {
    let request = Request {
        principal: visitor.principal.clone(),
        region: visitor.region.clone(),
        key: fresh_key(),
        happened: None,
        command: command.into(),
        asked: None,
    };
    app.engine.submit(request).await?;
    Ok(())
}
