//! What happens in a ward: the check beside the patient, transfusions, returns, waste. Reports are
//! never refused for what they say; what they say stops a unit or waits on a list.

use super::super::command::Back;
use super::super::event::{CameToEnd, Checked, Event};
use super::super::model::{
    Bedside, BedsideReason, Discrepancy, DiscrepancyKind, Ended, ExceptionRule, Given, Open,
    Temperature,
};
use super::super::view::{cells_harm_now, same_person, serology_of, withdrawn};
use super::refusals::{NOT_WITH_WARD, WHEN};
use super::{known_patient, open, stock, unsaid};
use crate::Region;
use crate::blood::model::{Antigen, Component, Fate, QuarantineReason, Rhd, Status, Unit, UnitId};
use crate::blood::rules::give;
use crate::donations::elsewhere::Elsewhere;
use crate::kernel::text;
use crate::rulesets::{InForce, Scope, key};
use crate::words::{Context, Known, Nothing, PatientId, Private, Refusal, RequestId, Time};

/// The request that a unit was handed out for, and how.
fn with_ward<'r>(
    region: &'r Region,
    unit: &UnitId,
) -> Option<(&'r RequestId, &'r Open, &'r Given)> {
    let own = &region.own.transfusion;
    let id = own.with_wards.get(unit)?;
    let held = own.requests.get(id)?;
    Some((id, held, held.issued.get(unit)?))
}

/// What a check beside a patient says, with every reason against.
#[must_use]
pub fn bedside(
    region: &Region,
    elsewhere: &Elsewhere<'_>,
    unit: &UnitId,
    patient: Option<&PatientId>,
    now: Time,
) -> (Bedside, Vec<BedsideReason>) {
    use BedsideReason as Why;
    let mut why = Vec::new();
    if patient.is_none() {
        why.push(Why::PatientUnknown);
    }
    let live = region.shared.blood.units.get(unit);
    let Some(live) = live else {
        why.push(Why::UnitUnknown);
        return (Bedside::Differs, why);
    };
    let given = with_ward(region, unit).filter(|_| live.status == Status::Issued);
    let Some((_, held, given)) = given else {
        why.push(Why::NotIssued);
        return (Bedside::Differs, why);
    };
    if live.expiry <= now {
        why.push(Why::Expired);
    }
    if withdrawn(region, elsewhere, unit) {
        why.push(Why::Withdrawn);
    }
    let rules = region.shared.rulesets.in_force(Scope::Blood, now);
    let hours = rules.and_then(|rules| rules.hours(key::TRANSFUSE_WITHIN_HOURS).ok());
    if hours.is_some_and(|hours| given.at.plus_seconds(i64::from(hours) * 3_600) < now) {
        why.push(Why::TooLong);
    }
    let unlinked = held.request.patient.is_none();
    if let Some(patient) = patient {
        let other = |meant: &PatientId| !same_person(region, meant, patient);
        if held.request.patient.as_ref().is_some_and(other) {
            why.push(Why::OtherPatient);
        }
        why.extend(by_what_is_known(region, (held, given), (unit, live), patient, now));
    }
    let said = match (why.is_empty(), unlinked) {
        (true, false) => Bedside::Agrees,
        (true, true) => Bedside::Unlinked,
        (false, _) => Bedside::Differs,
    };
    (said, why)
}

/// What the laboratory has learnt since the unit left it.
fn by_what_is_known(
    region: &Region,
    (held, given): (&Open, &Given),
    (_, live): (&UnitId, &Unit),
    patient: &PatientId,
    now: Time,
) -> Vec<BedsideReason> {
    let mut why = Vec::new();
    let Some(known) = serology_of(region, patient, now) else { return why };
    if cells_harm_now(&known, live.component(), live.group) {
        why.push(BedsideReason::Abo);
    }
    // Whoever got what everybody can have does not wait for a group to be settled.
    let chosen_by_group = matches!(
        given.route,
        super::super::gate::Route::Electronic
            | super::super::gate::Route::Crossmatched
            | super::super::gate::Route::Grouped
    );
    if known.conflict && chosen_by_group {
        why.push(BedsideReason::Conflict);
    }
    let Known::Value(found) = known.recipient.antibodies else { return why };
    let then = given.antibodies.value().map(|then| then.significant()).unwrap_or_default();
    let new = found.significant().without(then);
    let cells = matches!(live.component(), Component::RedCells | Component::WholeBlood);
    let absent = |antigen: Antigen| match antigen {
        Antigen::D => live.group.value().is_some_and(|one| one.rhd == Rhd::Negative),
        other => live.phenotype.get(other) == Known::Value(false),
    };
    let excepted = held.excepted(now).contains(&ExceptionRule::Antigen);
    if cells && !excepted && new.iter().any(|antigen| !absent(antigen)) {
        why.push(BedsideReason::Antibody);
    }
    why
}

pub(super) fn check(
    region: &Region,
    unit: UnitId,
    patient: Option<&PatientId>,
    ctx: &Context<'_>,
) -> Vec<crate::Event> {
    let elsewhere = Elsewhere::of(&region.shared, ctx.others);
    let (said, reasons) = bedside(region, &elsewhere, &unit, patient, ctx.happened);
    let checked = Checked {
        id: region.own.transfusion.with_wards.get(&unit).cloned(),
        patient: patient.cloned(),
        unit,
        said,
        reasons,
    };
    vec![Event::Checked(Nothing, Private::Here(checked)).into()]
}

pub(super) fn transfuse(
    region: &Region,
    unit: UnitId,
    patient: &PatientId,
    (began, ended): (Time, Known<Time>),
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    known_patient(region, patient)?;
    let backwards = ended.value().is_some_and(|ended| ended < began || ended > ctx.now);
    if began > ctx.now || backwards {
        return Err(WHEN.because([("began", began.to_string())]));
    }
    let live = region.shared.blood.units.get(&unit);
    let given = with_ward(region, &unit);
    let late = unsaid::presumed(region, &unit).filter(|_| given.is_none() && live.is_none());
    if let Some((id, held)) = late {
        return Ok(vec![given_late(region, (id, held), unit, patient, (began, ended), ctx)]);
    }
    let mut found = Vec::new();
    let mut add = |kind: DiscrepancyKind, rule: &str| {
        found.push(Discrepancy { unit, kind, rule: rule.to_owned(), found: ctx.now });
    };
    match (live, &given) {
        (None, _) => add(DiscrepancyKind::UnitUnknown, "stock.unit_unknown"),
        (Some(_), None) => add(DiscrepancyKind::UnitNotFree, "stock.status"),
        (Some(_), Some(_)) => {}
    }
    let elsewhere = Elsewhere::of(&region.shared, ctx.others);
    let (_, reasons) = bedside(region, &elsewhere, &unit, Some(patient), began);
    for reason in reasons {
        match reason {
            BedsideReason::OtherPatient => add(DiscrepancyKind::WrongPatient, "other_patient"),
            BedsideReason::Expired => add(DiscrepancyKind::Expired, "stock.expired"),
            BedsideReason::Withdrawn => add(DiscrepancyKind::Withdrawn, "donation.withdrawn"),
            BedsideReason::Abo => add(DiscrepancyKind::Abo, "ei-7"),
            BedsideReason::Antibody => add(DiscrepancyKind::Incompatible, "antibodies.significant"),
            _ => {}
        }
    }
    let mut events: Vec<crate::Event> = Vec::new();
    // What is on its way elsewhere cannot have been here: that is looked into, not booked.
    if live.is_some_and(|live| !live.status.is_on_its_way()) {
        events.push(give::at_end(vec![unit], Fate::Transfused).into());
    }
    let id = given.map(|(id, ..)| id.clone());
    let ended = Ended::Transfused { at: ended.value().unwrap_or(began) };
    let end = CameToEnd {
        id,
        patient: Some(patient.clone()),
        units: vec![unit],
        ended,
        began: Some(began),
        back: None,
        reason: None,
        found,
    };
    events.push(Event::Ended(Nothing, Private::Here(end)).into());
    Ok(events)
}

/// A transfusion that is reported after the unit was presumed to have been given.
fn given_late(
    region: &Region,
    (id, held): (&RequestId, &Open),
    unit: UnitId,
    patient: &PatientId,
    (began, ended): (Time, Known<Time>),
    ctx: &Context<'_>,
) -> crate::Event {
    let at = ended.value().unwrap_or(began);
    let end = (Ended::Transfused { at }, None);
    let mut end = unsaid::told_late(id, Some(patient), unit, end);
    end.began = Some(began);
    let other = |meant: &PatientId| !same_person(region, meant, patient);
    if held.request.patient.as_ref().is_some_and(other) {
        let (kind, rule) = (DiscrepancyKind::WrongPatient, "other_patient".to_owned());
        end.found.push(Discrepancy { unit, kind, rule, found: ctx.now });
    }
    if held.bags.get(&unit).is_some_and(|bag| bag.expiry <= began) {
        let (kind, rule) = (DiscrepancyKind::Expired, "stock.expired".to_owned());
        end.found.push(Discrepancy { unit, kind, rule, found: ctx.now });
    }
    Event::Ended(Nothing, Private::Here(end)).into()
}

/// Whether a unit that came back may be used again, and by what it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    /// It may.
    Usable,
    /// It waits in quarantine, and the rule or fact that says so.
    Held(QuarantineReason, &'static str),
}

/// Judges a unit that came back by the region's rules. What nobody stated is not fulfilled.
#[must_use]
pub fn fitness(
    rules: Option<&InForce>,
    (component, package): (Component, bool),
    given: Time,
    now: Time,
    back: &Back,
) -> Fitness {
    use QuarantineReason as Q;
    if !back.intact {
        return Fitness::Held(Q::Damage, "intact");
    }
    if back.temperature == Temperature::Outside {
        return Fitness::Held(Q::Temperature, "temperature");
    }
    let Some(rules) = rules else { return Fitness::Held(Q::Temperature, "rule_set") };
    if package && back.temperature == Temperature::Within {
        match rules.hours(key::RETURN_PACKAGE_HOURS) {
            Ok(hours) if now <= given.plus_seconds(i64::from(hours) * 3_600) => {
                return Fitness::Usable;
            }
            Ok(_) => return Fitness::Held(Q::Temperature, "return.package_hours"),
            // A package without a rule of its own is judged as single units are.
            Err(_) => {}
        }
    }
    // The region rules on red cells only; nothing else comes back to the shelf.
    if component != Component::RedCells {
        return Fitness::Held(Q::Temperature, "return.component");
    }
    let within = |minutes: Known<u32>, key| match (minutes, rules.minutes(key)) {
        (Known::Value(0), _) => Ok(()),
        (Known::Value(minutes), Ok(most)) if minutes <= most => Ok(()),
        (Known::Value(_), Ok(_)) => Err("too_long"),
        (Known::Value(_), Err(_)) => Err("rule_unknown"),
        (Known::Unknown, _) => Err("not_stated"),
    };
    if within(back.uncooled_minutes, key::RETURN_RED_CELLS_UNCOOLED_MINUTES).is_err() {
        return Fitness::Held(Q::Temperature, "return.red_cells.uncooled_minutes");
    }
    if within(back.cooled_minutes, key::RETURN_RED_CELLS_COOLED_MINUTES).is_err() {
        return Fitness::Held(Q::Temperature, "return.red_cells.cooled_minutes");
    }
    // A cooled box is believed by its record, a few minutes on a table by whoever was there.
    let cooled = back.cooled_minutes.value().is_some_and(|minutes| minutes > 0);
    if cooled && back.temperature == Temperature::NoRecord {
        return Fitness::Held(Q::Temperature, "temperature_record");
    }
    Fitness::Usable
}

/// Units of one request that came back alike.
struct Pile {
    id: RequestId,
    patient: Option<PatientId>,
    held: Option<QuarantineReason>,
    units: Vec<UnitId>,
}

pub(super) fn take_back(
    region: &Region,
    back: &Back,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    stock(region).kept_site(&back.site)?;
    let rules = region.shared.rulesets.in_force(Scope::Blood, ctx.now);
    let elsewhere = Elsewhere::of(&region.shared, ctx.others);
    let mut piles: Vec<Pile> = Vec::new();
    for unit in &back.units {
        let (id, held, given) = with_ward(region, unit).ok_or_else(|| not_with_ward(unit))?;
        let live = stock(region).unit(unit)?;
        let what = (live.component(), held.course.is_some());
        let quarantine = match fitness(rules, what, given.at, ctx.happened, back) {
            _ if withdrawn(region, &elsewhere, unit) => Some(QuarantineReason::Recall),
            // A count found it on a shelf meanwhile: what lies there waits for somebody to look.
            _ if live.status != Status::Issued => Some(QuarantineReason::Discrepancy),
            Fitness::Held(reason, _) => Some(reason),
            // A result that came while it was away stops it as it would have here.
            Fitness::Usable => rules
                .and_then(|rules| give::lacking(rules, unit, live, ctx.now))
                .filter(|_| live.expiry > ctx.now)
                .map(|_| QuarantineReason::Test),
        };
        let same = |pile: &&mut Pile| pile.id == *id && pile.held == quarantine;
        match piles.iter_mut().find(same) {
            Some(pile) if !pile.units.contains(unit) => pile.units.push(*unit),
            Some(_) => return Err(not_with_ward(unit)),
            None => piles.push(Pile {
                id: id.clone(),
                patient: held.request.patient.clone(),
                held: quarantine,
                units: vec![*unit],
            }),
        }
    }
    if piles.is_empty() {
        return Err(NOT_WITH_WARD.because([("unit", "-".into())]));
    }
    let digest = rules.map(|rules| rules.digest);
    Ok(piles.into_iter().flat_map(|pile| came_back(pile, back, digest, ctx)).collect())
}

fn came_back(
    pile: Pile,
    back: &Back,
    digest: Option<crate::Digest>,
    ctx: &Context<'_>,
) -> [crate::Event; 2] {
    let stock_event = give::taken_back(&back.site, pile.units.clone(), pile.held, digest);
    let end = CameToEnd {
        id: Some(pile.id),
        patient: pile.patient,
        units: pile.units,
        ended: Ended::Returned { at: ctx.happened, usable: pile.held.is_none() },
        began: None,
        back: Some(back.clone()),
        reason: None,
        found: Vec::new(),
    };
    [stock_event.into(), Event::Ended(Nothing, Private::Here(end)).into()]
}

fn not_with_ward(unit: &UnitId) -> Refusal {
    NOT_WITH_WARD.because([("unit", unit.to_string())])
}

/// Units that were handed out and came to their end without being given, or without anybody
/// saying so.
pub(super) fn waste(
    region: &Region,
    units: &[UnitId],
    reason: &str,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let reason = text("reason", reason)?;
    let mut events = Vec::new();
    let mut seen: Vec<UnitId> = Vec::new();
    for unit in units {
        if seen.contains(unit) {
            return Err(not_with_ward(unit));
        }
        seen.push(*unit);
        if let Some((id, held)) = unsaid::presumed(region, unit) {
            let end = (Ended::Wasted { at: ctx.happened }, Some(reason.clone()));
            let end = unsaid::told_late(id, held.request.patient.as_ref(), *unit, end);
            events.push(Event::Ended(Nothing, Private::Here(end)).into());
            continue;
        }
        let (id, ..) = with_ward(region, unit).ok_or_else(|| not_with_ward(unit))?;
        let patient = open(region, id)?.request.patient.clone();
        let end = CameToEnd {
            id: Some(id.clone()),
            patient,
            units: vec![*unit],
            ended: Ended::Wasted { at: ctx.happened },
            began: None,
            back: None,
            reason: Some(reason.clone()),
            found: Vec::new(),
        };
        events.push(give::at_end(vec![*unit], Fate::Wasted).into());
        events.push(Event::Ended(Nothing, Private::Here(end)).into());
    }
    if events.is_empty() {
        return Err(NOT_WITH_WARD.because([("unit", "-".into())]));
    }
    Ok(events)
}
