//! Units on their way to a patient, as the stock tells it: set aside for a request, handed to a
//! ward, back, or at their end. Who may have them is decided with the patient's facts, in the area
//! of transfusions; here stands what every unit must fulfil whoever it is for.

use super::super::event::{For, Issued, Purpose, Reserved, Returned, Units, Used};
use super::super::model::identity::UnitId;
use super::super::model::product::Component;
use super::super::model::unit::{Fate, QuarantineReason, Status, Unit};
use super::refusals::{NONE_FREE, PICK_COUNT, STATUS, TOO_FEW};
use super::{House, listed, tests};
use crate::blood::Event;
use crate::blood::event::Because;
use crate::kernel::text;
use crate::rulesets::InForce;
use crate::words::{Context, Digest, NONE, Private, Refusal, RequestId, SiteId, Time};

/// What a unit lacks by the rules to be given to anybody; none if nothing. Expiry and group are
/// looked at by whoever asks.
pub(crate) fn lacking(rules: &InForce, id: &UnitId, unit: &Unit, now: Time) -> Option<String> {
    let facts = tests::Facts {
        id: *id,
        group: unit.group,
        expiry: unit.expiry,
        tested: unit.tested.as_deref(),
    };
    let refusal = tests::meets(rules, &facts, now).err()?;
    let test = refusal.facts.get("test").or_else(|| refusal.facts.get("key"));
    Some(test.cloned().unwrap_or_else(|| refusal.kind.code.to_owned()))
}

/// Whether somebody can ask for so many of the best.
pub(crate) fn how_many((count, at_least): (u16, u16), most: usize) -> Result<(), Refusal> {
    if (1..=count).contains(&at_least) && usize::from(count) <= most {
        return Ok(());
    }
    Err(PICK_COUNT.because([
        ("count", count.to_string()),
        ("at_least", at_least.to_string()),
        ("most", most.to_string()),
    ]))
}

/// Whether enough were found: all that were asked for, or as many as somebody can do with.
pub(crate) fn as_many(
    (count, at_least): (u16, u16),
    found: usize,
    (component, site): (Component, &SiteId),
) -> Result<(), Refusal> {
    let [kind, place, asked] = [
        ("component", component.to_string()),
        ("site", site.to_string()),
        ("asked", count.to_string()),
    ];
    match found {
        0 => Err(NONE_FREE.because([kind, place, asked])),
        found if found >= at_least.into() => Ok(()),
        found => {
            let (least, found) = (("at_least", at_least.to_string()), ("found", found.to_string()));
            Err(TOO_FEW.because([kind, place, asked, least, found]))
        }
    }
}

/// Sets units aside for a request until a moment.
pub(crate) fn set_aside(
    house: &House<'_>,
    ids: &[UnitId],
    (request, purpose): (&RequestId, &str),
    until: Time,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    listed(ids)?;
    let rules = house.in_force(ctx)?;
    let mut until = until;
    for id in ids {
        let unit = house.unit(id)?;
        if unit.status != Status::Available {
            return Err(refused(id, unit));
        }
        house.kept_site(&unit.site)?;
        until = until.min(unit.expiry);
    }
    let purpose = Purpose {
        purpose: text("purpose", purpose)?,
        request: Some(request.clone()),
        oldest: None,
    };
    let reserved = Reserved { units: ids.to_vec(), until, rule_set: rules.digest };
    Ok(Event::Reserved(reserved, Private::Here(purpose)))
}

/// Hands units to a ward: those set aside for the request, and free ones.
pub(crate) fn hand_out(
    house: &House<'_>,
    ids: &[UnitId],
    request: &RequestId,
    ctx: &Context<'_>,
) -> Result<Event, Refusal> {
    listed(ids)?;
    let rules = house.in_force(ctx)?;
    for id in ids {
        let unit = house.unit(id)?;
        let mine = house.own.request_of.get(id) == Some(request);
        let fits = match unit.status {
            Status::Available => true,
            Status::Reserved { until } => mine && until > ctx.now,
            _ => false,
        };
        if !fits {
            return Err(refused(id, unit));
        }
        house.kept_site(&unit.site)?;
    }
    Ok(handed_out(ids, request, rules.digest))
}

/// The fact that units are with a ward, whoever let them go.
pub(crate) fn handed_out(ids: &[UnitId], request: &RequestId, rule_set: Digest) -> Event {
    let issued = Issued { units: ids.to_vec(), rule_set };
    Event::Issued(issued, Private::Here(For { request: request.clone() }))
}

/// Units that are back from a ward.
pub(crate) fn taken_back(
    site: &SiteId,
    ids: Vec<UnitId>,
    held: Option<QuarantineReason>,
    rule_set: Option<Digest>,
) -> Event {
    Event::Returned(Returned { site: site.clone(), units: ids, held, rule_set }, NONE)
}

/// Units at their end.
pub(crate) fn at_end(ids: Vec<UnitId>, fate: Fate) -> Event {
    Event::Used(Used { units: ids, fate }, NONE)
}

/// Units that are free again.
pub(crate) fn let_go(ids: Vec<UnitId>, reason: &str) -> Event {
    Event::Unreserved(Units { units: ids }, Private::Here(Because { reason: reason.to_owned() }))
}

fn refused(id: &UnitId, unit: &Unit) -> Refusal {
    STATUS.because([("unit", id.to_string()), ("status", unit.status.as_str().into())])
}
