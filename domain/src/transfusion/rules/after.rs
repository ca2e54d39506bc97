//! Afterwards: emergencies and paper gone through, reactions.

use super::super::event::{Assessed, Closed, Event, PaperEntered, Reacted, Reconciled};
use super::super::model::{
    Bag, Category, Discrepancy, DiscrepancyKind, Estimate, Imputability, Kind, Paper, PaperKind,
    Reaction, ReactionId, Request, Urgency,
};
use super::super::view::{same_person, serology_of, withdrawn};
use super::refusals::{NO_GROUP, NOTHING_WAITS, OTHER_PATIENT, PAPER_TWICE, REACTION_UNITS, WHEN};
use super::{known_patient, open, stock};
use crate::Region;
use crate::blood::event::{Note, Quarantined};
use crate::blood::model::{
    Candidate, Component, Fate, QuarantineReason, Recipient, Status, UnitId,
};
use crate::blood::rules::compatible::{Outcome, judge};
use crate::blood::rules::give;
use crate::donations::elsewhere::Elsewhere;
use crate::donations::model::vigilance::{Notice, ToTell};
use crate::donations::rules::vigilance;
use crate::kernel::{not_found, text};
use crate::rulesets::{InForce, Scope};
use crate::words::{
    Code, Context, Known, Nothing, PatientId, Private, Refusal, RequestId, SiteId, Time,
};

/// What does not fit by what is known now.
fn held_against(
    rules: Option<&InForce>,
    recipient: &Recipient,
    (unit, component, candidate): (UnitId, Component, &Candidate),
    now: Time,
) -> Option<Discrepancy> {
    let verdict = judge(
        rules,
        component,
        recipient,
        candidate,
        super::super::model::Urgency::Routine.compatible(),
    );
    let bad = |outcome| verdict.findings.iter().find(move |one| one.outcome == outcome);
    let (kind, finding) = match (bad(Outcome::Breaks), bad(Outcome::Missing)) {
        (Some(finding), _) if finding.check.ends_with(".abo") => (DiscrepancyKind::Abo, finding),
        (Some(finding), _) => (DiscrepancyKind::Incompatible, finding),
        (None, Some(finding)) => (DiscrepancyKind::NotKnown, finding),
        (None, None) => return None,
    };
    Some(Discrepancy { unit, kind, rule: finding.check.to_owned(), found: now })
}

pub(super) fn reconcile(
    region: &Region,
    id: &RequestId,
    patient: Option<&PatientId>,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    if held.unreconciled.is_none() {
        return Err(NOTHING_WAITS.because([("request", id.to_string())]));
    }
    let named = held.request.patient.as_ref();
    let other = |(one, two)| !same_person(region, one, two);
    if named.zip(patient).is_some_and(other) {
        return Err(OTHER_PATIENT.because([("request", id.to_string())]));
    }
    let patient = patient.or(named);
    let patient = patient.ok_or_else(|| not_found("patient", "-"))?;
    known_patient(region, patient)?;
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    let known = serology_of(region, patient, ctx.now);
    let grouped = known.filter(|known| known.recipient.group != Known::Unknown && !known.conflict);
    let Some(known) = grouped else {
        return Err(NO_GROUP.because([("patient", patient.to_string())]));
    };
    let found = held.bags.iter().filter_map(|(unit, bag)| {
        let what = (*unit, bag.component(), &bag.candidate());
        held_against(rules, &known.recipient, what, ctx.now)
    });
    let gone = Reconciled {
        id: id.clone(),
        patient: patient.clone(),
        found: found.collect(),
        rule_set: rules.map(|rules| rules.digest),
    };
    Ok(vec![Event::Reconciled(Nothing, Private::Here(gone)).into()])
}

pub(super) fn settle(
    region: &Region,
    id: &RequestId,
    reason: &str,
) -> Result<Vec<crate::Event>, Refusal> {
    let held = open(region, id)?;
    if held.discrepancies.is_empty() {
        return Err(NOTHING_WAITS.because([("request", id.to_string())]));
    }
    let patient = held.request.patient.clone();
    let closed = Closed { id: id.clone(), patient, reason: text("reason", reason)? };
    Ok(vec![Event::Settled(Nothing, Private::Here(closed)).into()])
}

pub(super) fn paper(
    region: &Region,
    paper: &Paper,
    (site, component): (&SiteId, Component),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let number = text("number", &paper.number)?;
    if region.own.transfusion.papers.contains(&number) {
        return Err(PAPER_TWICE.because([("number", number)]));
    }
    if paper.at > ctx.now {
        return Err(WHEN.because([("at", paper.at.to_string())]));
    }
    stock(region).kept_site(site)?;
    if let Some(patient) = &paper.patient {
        known_patient(region, patient)?;
    }
    let paper = Paper {
        number,
        ward: text("ward", &paper.ward)?,
        signed: text("signed", &paper.signed)?,
        ..paper.clone()
    };
    let live = region.shared.blood.units.get(&paper.unit);
    let request = Request {
        patient: paper.patient.clone(),
        estimate: Estimate::NONE,
        component: live.map_or(component, crate::blood::model::Unit::component),
        units: 1,
        needed: paper.at,
        urgency: Urgency::Emergency,
        kind: Kind::Transfusion,
        requirements: Vec::new(),
        site: site.clone(),
        ward: paper.ward.clone(),
        indication: format!("reserve routine {}", paper.number),
    };
    let found = on_paper(region, &paper, ctx);
    let id = super::ask::fresh(ctx);
    let mut events: Vec<crate::Event> = Vec::new();
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    if !found.iter().any(|one| one.kind.keeps_out_of_stock()) {
        let units = vec![paper.unit];
        events.push(match (paper.kind, rules) {
            (PaperKind::Issued, Some(rules)) => give::handed_out(&units, &id, rules.digest).into(),
            _ => give::at_end(units, Fate::Transfused).into(),
        });
    }
    let entered = PaperEntered {
        id,
        request,
        bag: live.map(Bag::from),
        paper,
        found,
        rule_set: rules.map(|rules| rules.digest),
    };
    events.push(Event::PaperEntered(Nothing, Private::Here(entered)).into());
    Ok(events)
}

/// What does not agree with the record.
fn on_paper(region: &Region, paper: &Paper, ctx: &Context<'_>) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    let unit = paper.unit;
    let mut add = |kind, rule: &str| {
        found.push(Discrepancy { unit, kind, rule: rule.to_owned(), found: ctx.now });
    };
    let Some(live) = region.shared.blood.units.get(&unit) else {
        add(DiscrepancyKind::UnitUnknown, "stock.unit_unknown");
        return found;
    };
    if !matches!(live.status, Status::Available | Status::Reserved { .. }) {
        add(DiscrepancyKind::UnitNotFree, "stock.status");
    } else if region.own.blood.request_of.contains_key(&unit) {
        add(DiscrepancyKind::WrongPatient, "stock.reserved");
    }
    if live.expiry <= paper.at {
        add(DiscrepancyKind::Expired, "stock.expired");
    }
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    if let Some(test) = rules.and_then(|rules| give::lacking(rules, &unit, live, paper.at)) {
        add(DiscrepancyKind::Untested, &test);
    }
    if withdrawn(region, &Elsewhere::of(&region.shared, ctx.others), &unit) {
        add(DiscrepancyKind::Withdrawn, "donation.withdrawn");
    }
    let known = paper.patient.as_ref().and_then(|one| serology_of(region, one, ctx.now));
    if let Some(known) = known {
        let what = (unit, live.component(), &Candidate::from(live));
        found.extend(held_against(rules, &known.recipient, what, ctx.now));
    }
    found
}

pub(super) fn react(
    region: &Region,
    reaction: &Reaction,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    known_patient(region, &reaction.patient)?;
    vigilance::fits(Notice::Reaction, reaction.category)?;
    if reaction.units.is_empty() || reaction.units.len() > super::ask::UNITS_MAX.into() {
        return Err(REACTION_UNITS.because([("units", reaction.units.len().to_string())]));
    }
    if reaction.began > ctx.now {
        return Err(WHEN.because([("began", reaction.began.to_string())]));
    }
    let signs = text("signs", &reaction.signs)?;
    let reaction = Reaction { signs, assessed_by: None, ..reaction.clone() };
    let id = ctx.named::<Code>("x");
    let mut events: Vec<crate::Event> = Vec::new();
    // What else came of the same donations is left alone until somebody has judged it.
    let others = others_of(region, &reaction.units);
    if !others.is_empty() {
        let held = Quarantined { units: others, reason: QuarantineReason::Recall };
        let note = Note { note: Some(format!("reaction {id}")) };
        events.push(crate::blood::Event::Quarantined(held, Private::Here(note)).into());
    }
    events.push(Event::Reacted(Nothing, Private::Here(Reacted { id, reaction })).into());
    Ok(events)
}

/// Units of the same donations that still lie on a shelf here.
fn others_of(region: &Region, units: &[UnitId]) -> Vec<UnitId> {
    let mut dins: Vec<_> = units.iter().map(|unit| unit.din).collect();
    dins.sort_unstable();
    dins.dedup();
    let of = |din| {
        let (first, last) = (UnitId { din, ..UnitId::MIN }, UnitId { din, ..UnitId::MAX });
        region.shared.blood.units.range(first..=last)
    };
    let on_shelf = |status: Status| {
        matches!(status, Status::Available | Status::Reserved { .. } | Status::Quarantined(_))
    };
    let all = dins.into_iter().flat_map(of).filter(|(_, unit)| on_shelf(unit.status));
    all.map(|(id, _)| *id).collect()
}

pub(super) fn assess(
    region: &Region,
    id: &ReactionId,
    (category, imputability): (Category, Imputability),
) -> Result<Vec<crate::Event>, Refusal> {
    let held = region.own.transfusion.reactions.get(id);
    let held = held.ok_or_else(|| not_found("reaction", id))?;
    vigilance::fits(Notice::Reaction, category)?;
    let patient = held.patient.clone();
    let assessed = Assessed { id: id.clone(), patient, category, imputability };
    let told = held.severity.is_serious() && imputability.is_notified();
    let (notice, unit) = (Notice::Reaction, held.units.first().copied());
    let what = ToTell { notice, category, occurred: held.began, unit };
    let case = vigilance::judged(region, id, (what, told));
    let assessed = Event::Assessed(Nothing, Private::Here(assessed)).into();
    Ok(std::iter::once(assessed).chain(case).collect())
}
