//! What is allowed about donors.

mod calls;
mod clock;
mod guests;
mod people;
mod reception;
mod refusals;
mod results;

pub(super) use calls::taken;
pub(crate) use calls::{LIST_MOST, listed};
pub use clock::due;
pub(super) use guests::digest as pass_digest;
pub(super) use reception::decided_by_physician;
pub use refusals::REFUSALS;
pub(crate) use results::said_of_donor;

use super::command::Command;
use super::event::Event;
use super::model::{Donor, Eligibility, Severity};
use super::state::Own;
use crate::Region;
use crate::donations::model::vigilance::{Category, Notice, ToTell};
use crate::donations::rules::vigilance;
use crate::kernel::not_found;
use crate::words::{Code, Context, Day, DonorId, Known, Nothing, Private, Refusal};

/// Decides a command.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let events = match command {
        Command::Register { .. }
        | Command::Correct { .. }
        | Command::Agree { .. }
        | Command::TellEarlier { .. }
        | Command::Type { .. }
        | Command::Merge { .. }
        | Command::Unmerge { .. } => vec![people::decide(region, command, ctx)?],
        Command::RegisterGuest { .. }
        | Command::RenewGuest { .. }
        | Command::IssuePass { .. }
        | Command::RevokePass { .. } => vec![guests::decide(region, command, ctx)?],
        Command::NoteRevoked { pass } => vec![clock::note_revoked(region, pass)?],
        Command::OpenSession { .. }
        | Command::CloseSession { .. }
        | Command::Book { .. }
        | Command::Move { .. }
        | Command::Settle { .. }
        | Command::MakeList { .. }
        | Command::Note { .. }
        | Command::CloseList { .. } => vec![calls::decide(region, command, ctx)?],
        Command::Admit { donor, kind } => reception::admit(region, donor, *kind, ctx)?,
        _ => vec![reception::decide(region, command, ctx)?],
    };
    let told: Vec<_> = events.iter().filter_map(|event| to_tell(region, event, ctx)).collect();
    Ok(events.into_iter().map(Into::into).chain(told).collect())
}

/// A serious reaction that likely came of the donation opens a case for the authority.
fn to_tell(region: &Region, event: &Event, ctx: &Context<'_>) -> Option<crate::Event> {
    let Event::Reacted(_, Private::Here(reacted)) = event else { return None };
    let serious = matches!(reacted.severity, Severity::Serious | Severity::Fatal);
    let likely = reacted.imputability.value().is_some_and(|sure| sure.is_notified());
    let case = Code::new(reacted.reaction.as_str()).ok()?;
    let what = ToTell {
        notice: Notice::DonorReaction,
        category: Category::Other,
        occurred: ctx.happened,
        unit: None,
    };
    vigilance::judged(region, &case, (what, serious && likely))
}

/// A private part, and nothing shared.
fn private<P>(variant: fn(Nothing, Private<P>) -> Event, part: P) -> Event {
    variant(Nothing, Private::Here(part))
}

/// A donor registered here.
fn registered<'a>(own: &'a Own, donor: &DonorId) -> Result<&'a Donor, Refusal> {
    own.donors.get(donor).ok_or_else(|| not_found("donor", donor))
}

/// A donor whose record stands by itself: what is known of a merged one is kept where it stands.
fn standing<'a>(own: &'a Own, donor: &DonorId) -> Result<&'a Donor, Refusal> {
    let held = registered(own, donor)?;
    match &held.into {
        Some(into) => {
            Err(refusals::IS_MERGED
                .because([("donor", donor.to_string()), ("into", into.to_string())]))
        }
        None => Ok(held),
    }
}

/// The refusal with every reason.
fn not_eligible(answer: &Eligibility) -> Refusal {
    let mut reasons: Vec<_> = answer.reasons.iter().map(|reason| reason.ground.as_str()).collect();
    reasons.dedup();
    let until = match answer.verdict {
        super::model::Verdict::Deferred { until: Known::Value(until) } => {
            Day::of(until).to_string()
        }
        _ => String::new(),
    };
    refusals::NOT_ELIGIBLE.because([
        ("verdict", answer.verdict.as_str().to_owned()),
        ("reasons", reasons.join(", ")),
        ("until", until),
        ("rule_set", answer.rule_set.map(|set| set.short()).unwrap_or_default()),
    ])
}

/// A day that lies ahead, or is today, and not further than so many days.
fn ahead(day: Day, most: i64, ctx: &Context<'_>) -> Result<(), Refusal> {
    let today = Day::of(ctx.now);
    if day < today {
        return Err(refusals::DAY_PAST.because([("day", day.to_string())]));
    }
    if day.days_since(today) > most {
        let facts = [("day", day.to_string()), ("most", most.to_string())];
        return Err(refusals::TOO_LONG.because(facts));
    }
    Ok(())
}
