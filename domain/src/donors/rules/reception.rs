//! The visit: what is declared, whether the donor is let through, and what stands in the way.

use super::super::command::Command;
use super::super::eligible::{self, Depth};
use super::super::event::{
    Admitted, Assessed, Declared, DeferralLifted, Deferred, Event, Reacted, Retracted, Settled,
    Whom,
};
use super::super::model::{
    Answer, AppointmentState, Asked, Declaration, DeferralReason, Ground, Presented, Question,
    Until,
};
use super::refusals::{ANSWER_FORM, DAY_AHEAD, DAY_PAST, DEFERRAL_ENDED, NOT_FOR_PHYSICIAN};
use super::{ahead, not_eligible, private, registered, standing};
use crate::Region;
use crate::donations::model::DonationKind;
use crate::kernel::{not_found, optional_text, text};
use crate::rulesets::Scope;
use crate::words::{Context, Day, DeferralId, DonorId, Private, ReactionId, Refusal};

/// A physician's decision holds at most so many days.
const ASSESSED_DAYS: i64 = 366;

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let own = &region.own.donors;
    Ok(match command {
        Command::Declare { donor, site, declaration } => {
            standing(own, donor)?;
            if !region.shared.kernel.sites.contains_key(site) {
                return Err(not_found("site", site));
            }
            fits(declaration, Day::of(ctx.happened))?;
            let (donor, site) = (donor.clone(), site.clone());
            let declared = Declared { donor, site, declaration: declaration.clone() };
            private(Event::Declared, declared)
        }
        Command::Defer { donor, reason, until, note } => {
            standing(own, donor)?;
            deferred(donor, (*reason, *until), note.as_ref(), ctx)?
        }
        Command::Lift { donor, deferral, reason } => {
            let held = registered(own, donor)?.deferrals.get(deferral);
            let held = held.ok_or_else(|| not_found("deferral", deferral))?;
            if !held.stands(Day::of(ctx.now)) {
                return Err(DEFERRAL_ENDED.because([("deferral", deferral.to_string())]));
            }
            let (donor, deferral) = (donor.clone(), deferral.clone());
            let reason = text("reason", reason)?;
            private(Event::DeferralLifted, DeferralLifted { donor, deferral, reason })
        }
        Command::Assess { donor, ground, until, reason } => {
            standing(own, donor)?;
            if !decided_by_physician(*ground) {
                return Err(NOT_FOR_PHYSICIAN.because([("ground", ground.to_string())]));
            }
            ahead(*until, ASSESSED_DAYS, ctx)?;
            let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
            let assessed = Assessed {
                donor: donor.clone(),
                ground: *ground,
                until: *until,
                reason: text("reason", reason)?,
                rule_set: rules.digest,
            };
            private(Event::Assessed, assessed)
        }
        Command::Retract { donor, question, reason } => {
            let held = registered(own, donor)?;
            if !held.dates.contains_key(question) && !held.ever.contains(question) {
                return Err(not_found("answer", question));
            }
            let reason = text("reason", reason)?;
            let (donor, question) = (donor.clone(), *question);
            private(Event::Retracted, Retracted { donor, question, reason })
        }
        Command::React { donor, din, kind, severity, imputability, note } => {
            registered(own, donor)?;
            let reacted = Reacted {
                donor: donor.clone(),
                reaction: ctx.named::<ReactionId>("rx"),
                din: *din,
                kind: *kind,
                severity: *severity,
                imputability: *imputability,
                note: optional_text("note", note.as_ref())?,
            };
            private(Event::Reacted, reacted)
        }
        _ => unreachable!("routed by decide"),
    })
}

/// What the rules leave to a physician.
pub(in crate::donors) const fn decided_by_physician(ground: Ground) -> bool {
    matches!(
        ground,
        Ground::FirstAge
            | Ground::ReturningAge
            | Ground::AnnualPermission
            | Ground::Infection
            | Ground::Reaction
    )
}

/// A deferral that ends, if it does, in time to come.
fn deferred(
    donor: &DonorId,
    (reason, until): (DeferralReason, Until),
    note: Option<&String>,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    if let Until::Day(day) = until
        && day <= Day::of(ctx.now)
    {
        return Err(DAY_PAST.because([("day", day.to_string())]));
    }
    let deferred = Deferred {
        donor: donor.clone(),
        deferral: ctx.named::<DeferralId>("def"),
        reason,
        until,
        note: optional_text("note", note)?,
    };
    Ok(private(Event::Deferred, deferred))
}

/// Whether each answer fits its question and nothing lies ahead.
fn fits(declaration: &Declaration, today: Day) -> Result<(), Refusal> {
    for (question, answer) in &declaration.answers {
        let fits = match (question.asked(), answer) {
            (_, Answer::No | Answer::Yes) | (Asked::Since, Answer::On(_)) => true,
            (_, Answer::On(_)) => false,
            (_, Answer::Ended { .. }) => *question == Question::Abortion,
        };
        if !fits {
            return Err(ANSWER_FORM.because([("question", question.to_string())]));
        }
        let (Answer::On(day) | Answer::Ended { day, .. }) = answer else { continue };
        if *day > today {
            let facts = [("day", day.to_string()), ("question", question.to_string())];
            return Err(DAY_AHEAD.because(facts));
        }
    }
    Ok(())
}

/// Lets a donor through, if the day's declaration and the rules allow it; takes the day's
/// appointment off the list, and tells a guest's home region that the pass was used.
pub(super) fn admit(
    region: &Region,
    donor: &DonorId,
    kind: DonationKind,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let own = &region.own.donors;
    let held = standing(own, donor)?;
    let rules = region.shared.rulesets.required(Scope::Blood, ctx.now, ctx.region)?;
    let asked = (donor, kind);
    let answer = eligible::eligibility(region, asked, ctx.now, ctx.region, Depth::Today);
    if !answer.eligible() {
        return Err(not_eligible(&answer));
    }
    let admitted = Admitted { donor: donor.clone(), kind, rule_set: rules.digest };
    let mut events = vec![private(Event::Admitted, admitted)];
    let today = Day::of(ctx.now);
    let due = own.appointments.iter().filter(|(_, one)| {
        one.donor == *donor && one.state == AppointmentState::Booked && Day::of(one.at) == today
    });
    events.extend(due.map(|(id, _)| {
        let (appointment, donor) = (id.clone(), donor.clone());
        let state = AppointmentState::Attended;
        private(Event::Settled, Settled { appointment, donor, state })
    }));
    if let Some(guest) = &held.guest {
        let presented = Presented { pass: guest.pass.clone(), kind, at: ctx.now };
        let whom = Private::Here(Whom { donor: donor.clone() });
        events.push(Event::PassPresented(presented, whom));
    }
    Ok(events)
}
