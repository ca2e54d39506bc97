//! What physicians decide: between two groups, special requirements, the group after a transplant.

use super::refusals::{ENDED, GROUP_NOT_FOUND, NO_CONFLICT, NOT_SETTLED, TOO_SHORT, TURN};
use super::{family, fresh, happened, inside, person, rules};
use crate::Region;
use crate::blood::model::group::Group;
use crate::blood::model::recipient::Requirement;
use crate::kernel::{not_found, optional_text, text};
use crate::patients::command::{Command, Turned};
use crate::patients::event::{ConflictResolved, Event, GroupTurned, Required, RequirementEnded};
use crate::patients::model::{Indication, Need, Turn, TurnKind};
use crate::patients::view::{Era, Family, count, era, said};
use crate::rulesets::{InForce, Key, key};
use crate::words::{Context, Day, Digest, Known, PatientId, Refusal, Time};

pub(super) fn decide(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    let own = &region.own.patients;
    match command {
        Command::Resolve { patient, group, reason } => {
            person(own, patient)?;
            let (held, rules) = (family(own, patient)?, rules(region, ctx)?);
            resolve(&held, patient, *group, reason, (rules, ctx))
        }
        Command::Require { .. } => require(region, command, ctx),
        Command::EndRequirement { patient: id, need, at, reason } => {
            let held = family(own, id)?;
            let holds =
                |one: &crate::patients::model::Patient| one.needs.iter().any(|n| n.id == *need);
            let holder = held.members.iter().find(|(_, one)| holds(one));
            let (holder, _) = holder.ok_or_else(|| not_found("requirement", need))?;
            let found = held.needs().find(|one| one.id == *need);
            if found.is_some_and(|one| one.ended.is_some()) {
                return Err(ENDED.because([("requirement", need.to_string())]));
            }
            let reason = text("reason", reason)?;
            let (patient, need, at) = (holder.clone(), need.clone(), *at);
            Ok(inside(Event::RequirementEnded, RequirementEnded { patient, need, at, reason }))
        }
        Command::Turn { patient, turned, valid_from, note } => {
            person(own, patient)?;
            let held = family(own, patient)?;
            let (kind, rule_set) = turn(region, &held, *turned, *valid_from, ctx)?;
            let turn = Turn {
                valid_from: *valid_from,
                recorded: ctx.now,
                kind,
                note: text("note", note)?,
                by: ctx.actor.clone(),
            };
            let event = GroupTurned { patient: patient.clone(), turn, rule_set };
            Ok(inside(Event::GroupTurned, event))
        }
        _ => unreachable!("routed by decide"),
    }
}

fn resolve(
    held: &Family<'_>,
    patient: &PatientId,
    group: Group,
    reason: &str,
    (rules, ctx): (&InForce, &Context<'_>),
) -> Result<Event, Refusal> {
    let era = era(held.turns(), ctx.now, ctx.now);
    if !said(held, era).conflict {
        return Err(NO_CONFLICT.because([("patient", patient.to_string())]));
    }
    let not_found = || GROUP_NOT_FOUND.because([("group", group.to_string())]);
    // Against a settled group only a new turn in the patient's history helps.
    if let Era::Settled { group: settled, .. } = era
        && settled != group
    {
        return Err(not_found());
    }
    let open = held.evidence().into_iter().map(|one| one.found);
    let open: Vec<_> = open.filter(|one| one.set_aside.is_none()).collect();
    let told: Vec<_> = held.elsewhere().filter(|one| one.set_aside.is_none()).collect();
    let found = open.iter().any(|one| one.group == Known::Value(group))
        || told.iter().any(|one| one.said.group == group)
        || matches!(era, Era::Settled { .. });
    if !found {
        return Err(not_found());
    }
    let other = |one: Known<Group>| one.value().is_some_and(|one| one != group);
    let own = open.iter().filter(|one| other(one.group)).map(|one| one.id.clone());
    let elsewhere = told.iter().filter(|one| one.said.group != group).map(|one| one.id.clone());
    let resolved = ConflictResolved {
        patient: patient.clone(),
        decision: fresh(ctx, "d"),
        group,
        set_aside: own.chain(elsewhere).collect(),
        reason: text("reason", reason)?,
        rule_set: rules.digest,
    };
    Ok(inside(Event::ConflictResolved, resolved))
}

/// The rule that says how long a cause asks for irradiated components.
const fn months_after(indication: Indication) -> Option<Key> {
    match indication {
        Indication::AllogeneicHsct => Some(key::IRRADIATION_ALLOGENEIC_HSCT_MONTHS),
        Indication::AutologousHsct => Some(key::IRRADIATION_AUTOLOGOUS_HSCT_MONTHS),
        Indication::IntrauterineTransfusion => Some(key::IRRADIATION_INTRAUTERINE_MONTHS),
        _ => None,
    }
}

/// A physician may require something for longer than the rule says, never for less. Where the
/// region states no rule, it applies until further notice.
fn require(region: &Region, command: &Command, ctx: &Context<'_>) -> Result<Event, Refusal> {
    let Command::Require { patient, requirement, indication, note, from, until } = command else {
        unreachable!("routed by decide");
    };
    person(&region.own.patients, patient)?;
    let rules = rules(region, ctx)?;
    let key = months_after(*indication).filter(|_| *requirement == Requirement::Irradiated);
    let months = key.and_then(|key| rules.months(key).ok());
    let by_rule = months.map(|months| Day::of(*from).plus_months(months).starts());
    let least = by_rule.unwrap_or(*from);
    if let Some(until) = until.filter(|until| *until < least || *until <= *from) {
        let named = key.map_or_else(|| "from".to_owned(), |key| key.to_string());
        return Err(TOO_SHORT.because([
            ("until", until.to_string()),
            ("least", least.to_string()),
            ("key", named),
        ]));
    }
    let need = Need {
        id: fresh(ctx, "n"),
        requirement: *requirement,
        indication: *indication,
        note: optional_text("note", note.as_ref())?,
        physician: ctx.actor.clone(),
        from: *from,
        until: until.or(by_rule),
        ended: None,
    };
    let event = Required { patient: patient.clone(), need, rule_set: rules.digest };
    Ok(inside(Event::Required, event))
}

fn turn(
    region: &Region,
    held: &Family<'_>,
    turned: Turned,
    valid_from: Time,
    ctx: &Context<'_>,
) -> Result<(TurnKind, Option<Digest>), Refusal> {
    happened(valid_from, ctx)?;
    let order = |needs: &str| TURN.because([("needs", needs.into())]);
    let newest = held.turns().map(|turn| turn.valid_from).max();
    match turned {
        Turned::Transplanted(donor) => Ok((TurnKind::Transplanted { donor }, None)),
        Turned::Rejected => {
            let before = |turn: &Turn| {
                matches!(turn.kind, TurnKind::Transplanted { .. }) && turn.valid_from <= valid_from
            };
            if !held.turns().any(before) {
                return Err(order("transplanted"));
            }
            Ok((TurnKind::Rejected, None))
        }
        Turned::Settled(group) => {
            if era(held.turns(), ctx.now, ctx.now) != Era::Unsettled {
                return Err(order("unsettled"));
            }
            if newest.is_some_and(|newest| valid_from < newest) {
                return Err(order("later"));
            }
            let rules = rules(region, ctx)?;
            let needed = rules.count(key::GROUP_SAMPLE_OCCASIONS)?;
            let since = Era::Settled { since: valid_from, group };
            let counted = count(held, Some(group), since, Some(rules));
            let conflict = said(held, since).conflict;
            if u32::from(counted.occasions) < needed || conflict {
                return Err(NOT_SETTLED.because([
                    ("group", group.to_string()),
                    ("occasions", counted.occasions.to_string()),
                    ("needed", needed.to_string()),
                    ("conflict", if conflict { "yes" } else { "no" }.into()),
                ]));
            }
            Ok((TurnKind::Settled { group }, Some(rules.digest)))
        }
    }
}
