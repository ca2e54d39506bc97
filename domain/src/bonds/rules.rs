//! What is allowed about bonds, and what the clock makes due.

use super::command::Command;
use super::event::{
    EpochNoticed, Event, FellSilent, ForkSeen, ForkSettled, HeardAgain, Noticed, PeerDropped,
    PeerMoved,
};
use super::model::{Peer, Reach, Watch};
use super::state::{Own, Shared};
use crate::kernel::{not_found, refusals, text};
use crate::words::{Context, JournalId, Known, NONE, Private, Refusal, Time};

refusals! {
    /// A journal does not trust itself.
    ITSELF = "peer.itself", "design §5: each region owns its record";
    /// The journal is trusted already, by this key, at this address, with this certificate.
    TRUSTED_ALREADY = "peer.trusted_already", "design §5: between installations";
    /// The journal is trusted by another key.
    KEY_DIFFERS = "peer.key_differs", "design §5: rotation stands in the journal";
    /// Real, exercise and demo journals do not mix.
    ACROSS_MODES = "peer.across_modes", "design §5: a reference across modes is refused";
    /// The address is not one that can be pulled from.
    BAD_ADDRESS = "peer.bad_address", "design §5: records are pulled over mutual TLS";
    /// There is no fork to settle.
    NO_FORK = "peer.no_fork", "design §5: a fork stops and alarms";
}

/// After how long without a signed head a journal counts as silent, in seconds.
pub const SILENCE_SECONDS: i64 = 300;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    shared: &Shared,
    own: &Own,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Trust { .. } | Command::Drop { .. } | Command::SettleFork { .. } => {
            Some(ask(shared, own, command, ctx)?)
        }
        Command::Notice { .. }
        | Command::NoticeEpoch { .. }
        | Command::ReportFork { .. }
        | Command::NoteSilence { .. }
        | Command::NoteHeard { .. } => report(shared, command)?,
    };
    Ok(event.into_iter().collect())
}

/// What a person asks.
fn ask(shared: &Shared, own: &Own, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    match command {
        Command::Trust { peer, reach } => trust(shared, own, (peer, reach), ctx),
        Command::Drop { journal, reason } => {
            trusted(shared, journal)?;
            let (journal, reason) = (journal.clone(), text("reason", reason)?);
            Ok(Event::Dropped(PeerDropped { journal, reason }, NONE))
        }
        Command::SettleFork { journal, finding } => {
            if !shared.forks.contains_key(journal) {
                return Err(NO_FORK.because([("journal", journal.to_string())]));
            }
            let (journal, finding) = (journal.clone(), text("finding", finding)?);
            Ok(Event::ForkSettled(ForkSettled { journal, finding }, NONE))
        }
        _ => unreachable!("routed by decide"),
    }
}

/// Trust, or a new way to a journal that is trusted. A key that the journal did not vouch for
/// itself is never taken over on the way: whoever means it says so by ending the trust first.
fn trust(
    shared: &Shared,
    own: &Own,
    (peer, reach): (&Peer, &Reach),
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let journal = ("journal", peer.journal.to_string());
    if peer.journal == *ctx.region {
        return Err(ITSELF.because([journal]));
    }
    if peer.mode != ctx.mode {
        let modes = [("own", ctx.mode.as_str()), ("other", peer.mode.as_str())];
        return Err(ACROSS_MODES.because(modes.map(|(k, v)| (k, v.to_owned()))));
    }
    if !address(&reach.url) {
        return Err(BAD_ADDRESS.because([("url", reach.url.clone())]));
    }
    let Some(held) = shared.peers.get(&peer.journal) else {
        return Ok(Event::Trusted(peer.clone(), Private::Here(reach.clone())));
    };
    if held.key != peer.key {
        let (trusted, shown) = (held.key.id(), peer.key.id());
        return Err(KEY_DIFFERS.because([journal, ("trusted", trusted), ("shown", shown)]));
    }
    if own.reach.get(&peer.journal).and_then(Private::here) == Some(reach) {
        return Err(TRUSTED_ALREADY.because([journal]));
    }
    let moved = PeerMoved { journal: peer.journal.clone() };
    Ok(Event::Moved(moved, Private::Here(reach.clone())))
}

/// What the engine has seen. Said once: what stands recorded already leads to nothing.
fn report(shared: &Shared, command: &Command) -> Result<Option<Event>, Refusal> {
    Ok(match command {
        Command::Notice { head } => {
            trusted(shared, &head.journal)?;
            let new = shared.noticed.get(&head.journal) != Some(head);
            new.then(|| Event::Noticed(Noticed { head: head.clone() }, NONE))
        }
        Command::NoticeEpoch { genesis, continues, lost } => {
            trusted(shared, &genesis.journal)?;
            let (genesis, continues, lost) = (genesis.clone(), continues.clone(), *lost);
            Some(Event::EpochNoticed(EpochNoticed { genesis, continues, lost }, NONE))
        }
        Command::ReportFork { held, shown, detail } => {
            trusted(shared, &held.journal)?;
            let new = !shared.forks.contains_key(&held.journal);
            let (held, shown, detail) = (held.clone(), *shown, text("detail", detail)?);
            new.then_some(Event::ForkSeen(ForkSeen { held, shown, detail }, NONE))
        }
        Command::NoteSilence { journal, heard } => {
            trusted(shared, journal)?;
            let new = !shared.silent.contains_key(journal);
            let (journal, heard) = (journal.clone(), *heard);
            new.then_some(Event::FellSilent(FellSilent { journal, heard }, NONE))
        }
        Command::NoteHeard { journal } => {
            let silent = shared.silent.contains_key(journal);
            let journal = journal.clone();
            silent.then_some(Event::HeardAgain(HeardAgain { journal }, NONE))
        }
        _ => unreachable!("routed by decide"),
    })
}

fn trusted(shared: &Shared, journal: &JournalId) -> Result<(), Refusal> {
    if shared.peers.contains_key(journal) { Ok(()) } else { Err(not_found("peer", journal)) }
}

fn address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let (host, port) = rest.rsplit_once(':').unwrap_or((rest, "443"));
    let host_fits = !host.is_empty()
        && host.bytes().all(|c| c.is_ascii_alphanumeric() || b".-:[]".contains(&c));
    host_fits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether records of another journal call for a notice of one's own.
///
/// A notice about a notice would go back and forth for ever, so records that only speak of other
/// journals do not.
#[must_use]
pub fn worth_noticing(kind: &str) -> bool {
    !kind.starts_with("peer.")
}

/// What the clock makes due: silence, and its end. Safe to repeat.
#[must_use]
pub fn due(shared: &Shared, own: &JournalId, watches: &[Watch], now: Time) -> Vec<Command> {
    let watched = watches
        .iter()
        .filter(|watch| watch.journal != *own && shared.peers.contains_key(&watch.journal));
    watched
        .filter_map(|watch| {
            let journal = watch.journal.clone();
            let quiet = now.since(watch.heard) > SILENCE_SECONDS * 1_000_000;
            match (quiet, shared.silent.contains_key(&watch.journal)) {
                (true, false) => {
                    Some(Command::NoteSilence { journal, heard: Known::Value(watch.heard) })
                }
                (false, true) => Some(Command::NoteHeard { journal }),
                _ => None,
            }
        })
        .collect()
}
