//! What is allowed about agreements.

use super::command::Command;
use super::event::{Declined, Ended, Event, Proposed, Signed, Withdrawn};
use super::model::{AgreementKind, Document, SignedStatement, Statement};
use super::state::{Held, Outcome, Shared};
use crate::kernel::{self, not_found, refusals, text};
use crate::words::{
    Context, Digest, Foreign, JournalId, NONE, Private, RecordRef, Refusal, canonical,
};

refusals! {
    /// A document needs two parties, the own region among them, each once.
    PARTIES = "agreement.parties", "design §2: two signatures over the same content bind";
    /// A document needs clauses.
    CLAUSES = "agreement.clauses", "design §2: two signatures over the same content bind";
    /// The other region's record is not known here.
    PROPOSAL_UNKNOWN = "agreement.proposal_unknown",
        "design §2: another region's event acts only through my own that names it by hash";
    /// The text proposed there is another one.
    OTHER_CONTENT = "agreement.other_content",
        "design §2: two signatures over the same content bind";
    /// The own region is no party.
    NOT_PARTY = "agreement.not_party", "design §2: two signatures over the same content bind";
    /// A reference across modes.
    ACROSS_MODES = "reference.across_modes",
        "design §5: a reference across modes is refused";
    /// The own region has answered already.
    ANSWERED = "agreement.answered", "design §2: nothing is ever edited";
    /// The document's window has passed.
    PAST = "agreement.window_past", "design §2: a promise is about a time to come";
    /// Only the drafter withdraws.
    NOT_DRAFTER = "agreement.not_drafter", "design §2: each region owns its record";
    /// Prices and keys that cannot be, or an agreement about something else that has some.
    TERMS = "agreement.terms", "mission A59: an economic model with keys, agreed by all parties";
    /// Terms of an alarm that this program does not hold.
    ALARM_TERMS = "agreement.alarm_terms",
        "preparedness.md S8: every region supplies transports; nothing is promised that is not held";
    /// A signature names a person; the signer's identity is missing.
    SIGNER_UNNAMED = "agreement.signer_unnamed",
        "design §5: a signature names the acting person and mandate";
}

/// Most clauses in one document.
const CLAUSES_MAX: usize = 100;

/// Most parties: every Swedish region and a few bodies.
const PARTIES_MAX: usize = 32;

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    shared: &Shared,
    kernel: (&kernel::Shared, &kernel::Own),
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::Propose { .. } | Command::ProposeAlarm { .. } => {
            propose(shared, kernel, command, ctx)?
        }
        Command::Sign { document, proposal } => {
            let (text, read) = proposed(shared, *document, proposal, ctx)?;
            if read.window.until().is_some_and(|until| until <= ctx.now) {
                return Err(PAST.because([("document", document.short())]));
            }
            let signed = sign(*document, kernel, ctx)?;
            let content = Signed { text, proposal: proposal.clone(), signed };
            if read.states_terms() {
                Event::TermsSigned(content, NONE)
            } else {
                Event::Signed(content, NONE)
            }
        }
        Command::Decline { document, proposal, reason } => {
            let (content, _) = proposed(shared, *document, proposal, ctx)?;
            let reason = text("reason", reason)?;
            Event::Declined(Declined { text: content, proposal: proposal.clone(), reason }, NONE)
        }
        Command::Withdraw { document, reason } => {
            let held = running(shared, *document)?;
            if held.document.drafted_by != *ctx.region {
                let drafter = held.document.drafted_by.to_string();
                return Err(NOT_DRAFTER.because([("drafter", drafter)]));
            }
            let reason = text("reason", reason)?;
            Event::Withdrawn(Withdrawn { document: *document, reason }, NONE)
        }
        Command::End { document, at, reason } => {
            // A proposal that was taken back too late binds all the same and can be ended.
            let held = held(shared, *document)?;
            if !matches!(held.outcome, Outcome::Signed | Outcome::Withdrawn(_)) {
                return Err(ANSWERED.because([("document", document.short())]));
            }
            if held.document.window.until().is_some_and(|until| until <= *at) || *at < ctx.now {
                return Err(PAST.because([("document", document.short())]));
            }
            let reason = text("reason", reason)?;
            Event::Ended(Ended { document: *document, at: *at, reason }, NONE)
        }
    };
    Ok(vec![event])
}

fn propose(
    shared: &Shared,
    kernel: (&kernel::Shared, &kernel::Own),
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let document = drafted(command, ctx)?;
    let text = document.text();
    let digest = Digest::of(text.as_bytes());
    if shared.held.contains_key(&digest) {
        return Err(ANSWERED.because([("document", digest.short())]));
    }
    let signed = sign(digest, kernel, ctx)?;
    let proposed = Proposed { text, signed };
    Ok(if document.states_terms() {
        Event::TermsProposed(proposed, NONE)
    } else {
        Event::Proposed(proposed, NONE)
    })
}

/// The document of a proposal.
fn drafted(command: &Command, ctx: &Context<'_>) -> Result<Document, Refusal> {
    let (title, kind, parties, clauses, window, reference, terms, alarm) = match command {
        Command::Propose { title, kind, parties, clauses, window, reference, terms } => {
            (title, *kind, parties, clauses, window, reference, terms.as_ref(), None)
        }
        Command::ProposeAlarm { title, parties, clauses, window, reference, alarm } => {
            let kind = AgreementKind::Preparedness;
            (title, kind, parties, clauses, window, reference, None, Some(alarm.checked()?))
        }
        _ => unreachable!("routed by decide"),
    };
    let parties = check_parties(parties, ctx.region)?;
    if clauses.is_empty() || clauses.len() > CLAUSES_MAX {
        return Err(CLAUSES.because([("clauses", clauses.len().to_string())]));
    }
    if window.until().is_some_and(|until| until <= ctx.now) {
        return Err(PAST.because([("document", title.clone())]));
    }
    let terms = terms.map(|terms| match kind {
        AgreementKind::Supply => terms.checked(&parties).map(Box::new),
        other => Err(TERMS.because([("field", "kind".into()), ("value", other.to_string())])),
    });
    let terms = terms.transpose()?;
    let clauses: Result<Vec<_>, _> = clauses.iter().map(|clause| text("clause", clause)).collect();
    Ok(Document {
        title: text("title", title)?,
        kind,
        parties,
        clauses: clauses?,
        window: *window,
        mode: ctx.mode,
        drafted_by: ctx.region.clone(),
        drafted_at: ctx.now,
        reference: kernel::optional_text("reference", reference.as_ref())?,
        terms,
        alarm,
    })
}

fn check_parties(parties: &[JournalId], own: &JournalId) -> Result<Vec<JournalId>, Refusal> {
    let mut sorted = parties.to_vec();
    sorted.sort();
    sorted.dedup();
    let fits = sorted.len() == parties.len()
        && (2..=PARTIES_MAX).contains(&sorted.len())
        && sorted.contains(own);
    if fits {
        Ok(sorted)
    } else {
        let list = parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        Err(PARTIES.because([("parties", list), ("own", own.to_string())]))
    }
}

/// The text and document proposed in another journal, if the own region may answer it.
fn proposed(
    shared: &Shared,
    digest: Digest,
    proposal: &RecordRef,
    ctx: &Context<'_>,
) -> Result<(String, Document), Refusal> {
    let unknown = || {
        PROPOSAL_UNKNOWN
            .because([("journal", proposal.journal.to_string()), ("document", digest.short())])
    };
    let Foreign { mode, at, event } = ctx.foreign.ok_or_else(unknown)?;
    let crate::Event::Agreements(event) = event else { return Err(unknown()) };
    let text = &event.proposes().ok_or_else(unknown)?.text;
    if at != proposal {
        return Err(unknown());
    }
    if Digest::of(text.as_bytes()) != digest {
        return Err(OTHER_CONTENT.because([("document", digest.short())]));
    }
    let document: Document = serde_json::from_str(text).map_err(|_| unknown())?;
    if *mode != ctx.mode || document.mode != ctx.mode {
        let facts = [("own", ctx.mode.as_str().into()), ("other", mode.as_str().into())];
        return Err(ACROSS_MODES.because(facts));
    }
    if !document.parties.contains(ctx.region) {
        return Err(NOT_PARTY.because([("region", ctx.region.to_string())]));
    }
    if shared.held.contains_key(&digest) {
        return Err(ANSWERED.because([("document", digest.short())]));
    }
    Ok((text.clone(), document))
}

fn held(shared: &Shared, document: Digest) -> Result<&Held, Refusal> {
    let held = shared.held.get(&document);
    held.ok_or_else(|| not_found("agreement", document.short()))
}

fn running(shared: &Shared, document: Digest) -> Result<&Held, Refusal> {
    let held = held(shared, document)?;
    match held.outcome {
        Outcome::Signed => Ok(held),
        _ => Err(ANSWERED.because([("document", document.short())])),
    }
}

fn sign(
    document: Digest,
    (kernel, own): (&kernel::Shared, &kernel::Own),
    ctx: &Context<'_>,
) -> Result<SignedStatement, Refusal> {
    let unnamed = || SIGNER_UNNAMED.because([("actor", ctx.actor.to_string())]);
    let mandate = ctx.mandate.cloned().ok_or_else(unnamed)?;
    let name = own.persons.get(ctx.actor).and_then(Private::here).ok_or_else(unnamed)?.name.clone();
    let title = kernel.actors.get(ctx.actor).ok_or_else(unnamed)?.title.clone();
    let statement = Statement {
        document,
        region: ctx.region.clone(),
        actor: ctx.actor.clone(),
        name,
        title,
        mandate,
        signed_at: ctx.now,
    };
    let text = canonical::to_text(&statement).expect("a statement consists of text and integers");
    let signature = ctx.signer.sign(text.as_bytes());
    Ok(SignedStatement { text, key: ctx.signer.key_id(), signature })
}
