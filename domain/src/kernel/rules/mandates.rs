//! Rules for mandates: roles, competences, delegations, deputies, approvals.

use super::legal::holder_conflict;
use super::places::still_open;
use super::{
    APPROVAL_NEEDED, APPROVAL_NOT_PENDING, DELEGATION_BEYOND, DELEGATION_REVIEW, DEPUTY_MISFIT,
    LEGAL_ROLE_TAKEN, PERSON_ERASED, SHARE_RANGE, not_found, optional_text, text,
};
use crate::kernel::command::Command;
use crate::kernel::event::{ApprovalRecorded, Event, MandateEnded};
use crate::kernel::model::{Approval, Capacity, Mandate};
use crate::kernel::state::{Own, Shared};
use crate::words::{Absence, Context, Known, MandateId, NONE, Private, Refusal};

pub(super) fn decide(
    shared: &Shared,
    own: &Own,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let event = match command {
        Command::GrantMandate { .. } => {
            let mandate = draft(shared, own, command, ctx)?;
            check_legal(shared, &mandate)?;
            check_delegation(shared, &mandate, ctx)?;
            check_deputy(shared, &mandate)?;
            Event::MandateGranted(mandate, NONE)
        }
        Command::EndMandate { mandate, at, reason } => {
            still_open(&find(shared, mandate)?.window, *at)?;
            let reason = text("reason", reason)?;
            Event::MandateEnded(MandateEnded { mandate: mandate.clone(), at: *at, reason }, NONE)
        }
        Command::RecordApproval { mandate, approval } => {
            let held = find(shared, mandate)?;
            let answer = matches!(approval, Approval::Approved { .. } | Approval::Rejected { .. });
            if !matches!(held.approval, Approval::Pending { .. }) || !answer {
                let state = held.approval.kind().to_owned();
                let facts = [("mandate", mandate.to_string()), ("state", state)];
                return Err(APPROVAL_NOT_PENDING.because(facts));
            }
            let answer = ApprovalRecorded { mandate: mandate.clone(), approval: approval.clone() };
            Event::ApprovalRecorded(answer, NONE)
        }
        _ => unreachable!("routed by decide"),
    };
    Ok(vec![event])
}

fn draft(
    shared: &Shared,
    own: &Own,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Mandate, Refusal> {
    let Command::GrantMandate {
        holder,
        capacity,
        site,
        window,
        deputy_for,
        delegated_from,
        review_at,
        share_permille,
        approval,
        basis,
    } = command
    else {
        unreachable!("routed by decide");
    };
    if !shared.actors.contains_key(holder) {
        return Err(not_found("actor", holder));
    }
    if own.persons.get(holder) == Some(&Private::Absent(Absence::Erased)) {
        return Err(PERSON_ERASED.because([("person", holder.to_string())]));
    }
    if let Some(site) = site.as_ref().filter(|site| !shared.sites.contains_key(*site)) {
        return Err(not_found("site", site));
    }
    if let Known::Value(share) = share_permille
        && !(1..=1_000).contains(share)
    {
        return Err(SHARE_RANGE.because([("share", share.to_string())]));
    }
    Ok(Mandate {
        id: ctx.named::<MandateId>("m"),
        holder: holder.clone(),
        capacity: capacity.clone(),
        site: site.clone(),
        window: *window,
        issuer: ctx.actor.clone(),
        deputy_for: deputy_for.clone(),
        delegated_from: delegated_from.clone(),
        review_at: *review_at,
        share_permille: *share_permille,
        approval: approval.clone(),
        basis: optional_text("basis", basis.as_ref())?,
        ended: None,
    })
}

fn check_legal(shared: &Shared, mandate: &Mandate) -> Result<(), Refusal> {
    let Capacity::Legal(role) = mandate.capacity else {
        return Ok(());
    };
    if role.needs_approval() && mandate.approval == Approval::NotRequired {
        return Err(APPROVAL_NEEDED.because([("role", role.to_string())]));
    }
    if mandate.deputy_for.is_some() {
        return Ok(());
    }
    match holder_conflict(shared, role, mandate.site.as_ref(), &mandate.window) {
        None => Ok(()),
        Some(held) => Err(LEGAL_ROLE_TAKEN.because([
            ("role", role.to_string()),
            ("holder", held.holder.to_string()),
            ("mandate", held.id.to_string()),
        ])),
    }
}

fn check_delegation(shared: &Shared, mandate: &Mandate, ctx: &Context<'_>) -> Result<(), Refusal> {
    let is_delegation = matches!(mandate.capacity, Capacity::Delegation { .. });
    if !is_delegation && mandate.delegated_from.is_none() {
        return Ok(());
    }
    let facts = |why: &str| {
        DELEGATION_BEYOND.because([("holder", mandate.holder.to_string()), ("why", why.into())])
    };
    let from = mandate.delegated_from.as_ref().ok_or_else(|| facts("no_delegator"))?;
    let from = find(shared, from)?;
    if !shared.in_force(from, ctx.now) {
        return Err(facts("delegator_not_in_force"));
    }
    if from.holder == mandate.holder {
        return Err(facts("to_oneself"));
    }
    let same_place = from.site.is_none() || from.site == mandate.site;
    if !from.window.covers(&mandate.window) || !same_place {
        return Err(facts("outside_scope"));
    }
    // A task is handed down as it is; nobody hands on a role or a competence that is not theirs.
    let within = match (&from.capacity, &mandate.capacity) {
        (Capacity::Delegation { task: held }, Capacity::Delegation { task }) => held == task,
        (_, Capacity::Delegation { .. }) => true,
        (held, given) => held == given,
    };
    if !within {
        return Err(facts("outside_capacity"));
    }
    let reviewed = mandate.review_at.is_some_and(|at| mandate.window.from() < at);
    if reviewed {
        Ok(())
    } else {
        Err(DELEGATION_REVIEW.because([("holder", mandate.holder.to_string())]))
    }
}

fn check_deputy(shared: &Shared, mandate: &Mandate) -> Result<(), Refusal> {
    let Some(first) = &mandate.deputy_for else {
        return Ok(());
    };
    let first = find(shared, first)?;
    let fits = first.capacity == mandate.capacity
        && first.holder != mandate.holder
        && first.deputy_for.is_none();
    if fits {
        Ok(())
    } else {
        Err(DEPUTY_MISFIT
            .because([("holder", mandate.holder.to_string()), ("first", first.holder.to_string())]))
    }
}

fn find<'a>(shared: &'a Shared, id: &MandateId) -> Result<&'a Mandate, Refusal> {
    shared.mandates.get(id).ok_or_else(|| not_found("mandate", id))
}
