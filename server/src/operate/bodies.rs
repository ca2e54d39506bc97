//! Collaboration bodies that a region belongs to.

use anyhow::{Result, bail};
use samband_domain::words::Code;
use samband_domain::{JournalId, Window, kernel};
use samband_engine::Engine;

use super::{Say, command, line};

pub(super) async fn join(
    engine: &Engine,
    region: &JournalId,
    body: Code,
    name: String,
    say: &Say,
) -> Result<()> {
    must_be_here(engine, region)?;
    let said = format!("{region} belongs to {name} ({body}) from now on");
    let window = Window::open(engine.now());
    command(engine, region, kernel::Command::JoinBody { body, name, window }).await?;
    line(say, said).await
}

pub(super) async fn leave(
    engine: &Engine,
    region: &JournalId,
    body: Code,
    say: &Say,
) -> Result<()> {
    must_be_here(engine, region)?;
    let said = format!("{region} belongs to {body} no longer");
    let at = engine.now();
    command(engine, region, kernel::Command::LeaveBody { body, at }).await?;
    line(say, said).await
}

fn must_be_here(engine: &Engine, region: &JournalId) -> Result<()> {
    if engine.world().local(region).is_none() {
        bail!("no region “{region}” is open here");
    }
    Ok(())
}
