//! Alarming, and hearing another region's alarm.

use std::collections::BTreeSet;

use super::super::command::Draft;
use super::super::event::{Event, Heard};
use super::super::model::{Alarm, Key, Kind, Party, Policy, Recipient, Step, prefix};
use super::super::state::{Issued, Shared};
use super::{INCIDENT, LEFT_OUT, NOBODY, NOT_OURS, RANGE, REPLACES, WORDS, exercise, wake};
use crate::Region;
use crate::incidents::{self, model::Stage};
use crate::kernel::{not_found, text};
use crate::rulesets::{self, key};
use crate::words::{AlarmId, Context, IncidentId, JournalId, Known, Mode, NONE, Refusal, Time};

/// Most recipients of one alarm: 21 regions with every role.
const TO_MAX: usize = 200;

/// What an exercise must never say.
const DENIALS: [&str; 4] =
    ["ingen övning", "inte en övning", "this is not a drill", "this is not an exercise"];

/// Alarms: the alarm, and the first step of all whom this region wakes itself.
///
/// `stage` is how far the incident will have come by what is decided with it.
pub(crate) fn issue(
    region: &Region,
    draft: &Draft,
    stage: Option<Stage>,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    exercise::may_issue(region, draft.kind, ctx)?;
    let before = replaced(region, draft)?;
    let to = recipients(draft, before)?;
    let further = allowed(region, draft, stage)?;
    if let Known::Value(injured) = draft.injured
        && injured.least > injured.most
    {
        let ends = [("least", injured.least), ("most", injured.most)];
        return Err(RANGE.because(ends.map(|(name, n)| (name, n.to_string()))));
    }
    let (headline, words) = (text("headline", &draft.headline)?, text("text", &draft.text)?);
    if ctx.mode == Mode::Exercise {
        let said = format!("{headline} {words}").to_lowercase();
        if let Some(denial) = DENIALS.iter().find(|denial| said.contains(*denial)) {
            return Err(WORDS.because([("words", (*denial).to_owned())]));
        }
    }
    let alarm = Alarm {
        id: ctx.named(prefix(ctx.mode, "larm")),
        mode: ctx.mode,
        incident: draft.incident.clone(),
        kind: draft.kind,
        headline,
        text: words,
        place: draft.place.clone(),
        injured: draft.injured,
        to,
        replaces: draft.replaces.clone(),
        policy: policy(region, ctx.now),
    };
    let woken = first(region, ctx.region, &alarm, &alarm.to, ctx);
    let further = further.map(|(id, stage)| incidents::alarmed(id, stage, alarm.id.clone()).into());
    let said = std::iter::once(Event::Issued(alarm, NONE)).chain(woken);
    Ok(said.map(crate::Event::from).chain(further).collect())
}

/// Whether the incident has come far enough for an alarm of this kind, and where it takes it.
fn allowed<'a>(
    region: &Region,
    draft: &'a Draft,
    stage: Option<Stage>,
) -> Result<Option<(&'a IncidentId, Stage)>, Refusal> {
    let refused =
        |stage: String| INCIDENT.because([("kind", draft.kind.to_string()), ("stage", stage)]);
    let Some(id) = &draft.incident else {
        let reach =
            draft.kind == Kind::Reach || (draft.kind == Kind::Recall && draft.replaces.is_some());
        return if reach { Ok(None) } else { Err(refused(String::new())) };
    };
    let held = region.shared.incidents.incidents.get(id).map(|held| held.stage);
    let stage = stage.or(held).ok_or_else(|| not_found("incident", id))?;
    let needs = match draft.kind {
        Kind::Reach | Kind::RealSituation => return Err(refused(stage.to_string())),
        Kind::PreAlert => Stage::Suspected,
        Kind::Recall => Stage::Draft,
        Kind::Regional | Kind::Blood | Kind::National => Stage::Confirmed,
    };
    if stage < needs || stage == Stage::Closed {
        return Err(refused(stage.to_string()));
    }
    let to = match draft.kind {
        Kind::Regional => stage.max(Stage::Alarmed),
        Kind::National => stage.max(Stage::NationalRequested),
        _ => stage,
    };
    Ok(Some((id, to)))
}

/// The own clock. A rule that nobody has stated never stops an alarm: the default stands.
pub(super) fn policy(region: &Region, now: Time) -> Policy {
    let rules = region.shared.rulesets.in_force(rulesets::Scope::Blood, now);
    let seconds = |key, default: u32| {
        let said = rules.and_then(|rules| rules.count(key).ok());
        said.filter(|seconds| *seconds > 0).unwrap_or(default)
    };
    let default = Policy::DEFAULT;
    Policy {
        next_way: seconds(key::ALARM_NEXT_WAY_SECONDS, default.next_way),
        deputy: seconds(key::ALARM_DEPUTY_SECONDS, default.deputy),
        switchboard: seconds(key::ALARM_SWITCHBOARD_SECONDS, default.switchboard),
        by_hand: seconds(key::ALARM_BY_HAND_SECONDS, default.by_hand),
        again: seconds(key::ALARM_AGAIN_SECONDS, default.again),
        retry: seconds(key::ALARM_RETRY_SECONDS, default.retry),
        stock: seconds(key::ALARM_STOCK_SECONDS, default.stock),
        pledge: seconds(key::ALARM_PLEDGE_SECONDS, default.pledge),
        report: seconds(key::ALARM_REPORT_SECONDS, default.report),
    }
}

/// The first step of all whom this region wakes itself.
pub(super) fn first(
    region: &Region,
    issuer: &JournalId,
    alarm: &Alarm,
    to: &[Recipient],
    ctx: &Context<'_>,
) -> Vec<Event> {
    let own = to.iter().filter(|to| Shared::wakes(ctx.region, to));
    own.flat_map(|to| {
        let (issuer, alarm, to) = (issuer.clone(), alarm.id.clone(), to.clone());
        wake::wake(region, &Key { issuer, alarm, to }, Step::First, ctx)
    })
    .collect()
}

fn replaced<'a>(region: &'a Region, draft: &Draft) -> Result<Option<&'a Issued>, Refusal> {
    let refused = |id: &AlarmId| REPLACES.because([("alarm", id.to_string())]);
    let Some(id) = &draft.replaces else {
        // A recall takes back something.
        return if draft.kind == Kind::Recall {
            Err(REPLACES.because([("alarm", String::new())]))
        } else {
            Ok(None)
        };
    };
    let held = region.shared.alarms.issued.get(id).ok_or_else(|| refused(id))?;
    let over = held.replaced.is_some() || held.alarm.kind == Kind::Recall;
    let same = held.alarm.incident == draft.incident;
    if over || !same { Err(refused(id)) } else { Ok(Some(held)) }
}

fn recipients(draft: &Draft, before: Option<&Issued>) -> Result<Vec<Recipient>, Refusal> {
    let mut to: BTreeSet<_> = draft.to.iter().cloned().collect();
    if let Some(before) = before {
        if draft.kind == Kind::Recall {
            to.extend(before.alarm.to.iter().cloned());
        }
        if let Some(gone) = before.alarm.to.iter().find(|one| !to.contains(one)) {
            return Err(LEFT_OUT.because([("role", gone.role.to_string())]));
        }
    }
    if to.is_empty() || to.len() > TO_MAX {
        return Err(NOBODY.because([("recipients", to.len().to_string())]));
    }
    Ok(to.into_iter().collect())
}

/// Another region's alarm, by its record: the own recipients' obligations, and their first step.
pub(super) fn hear(region: &Region, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let refused = || NOT_OURS.because([("region", ctx.region.to_string())]);
    let foreign = ctx.foreign.ok_or_else(refused)?;
    let crate::Event::Alarms(Event::Issued(alarm, _)) = &foreign.event else {
        return Err(refused());
    };
    let own = Party::Region(ctx.region.clone());
    let to: Vec<_> = alarm.to.iter().filter(|to| to.party == own).cloned().collect();
    let issuer = &foreign.at.journal;
    if foreign.mode != ctx.mode || alarm.mode != ctx.mode || issuer == ctx.region || to.is_empty() {
        return Err(refused());
    }
    if region.shared.alarms.heard.contains_key(&(issuer.clone(), alarm.id.clone())) {
        return Ok(Vec::new());
    }
    // What a stopped exercise still hears wakes nobody; only that it stopped does.
    let over = region.shared.alarms.stopped.is_some() && alarm.kind != Kind::RealSituation;
    let woken = if over { Vec::new() } else { first(region, issuer, alarm, &to, ctx) };
    let (record, alarm) = (foreign.at.clone(), Box::new(alarm.clone()));
    let heard = Heard { record, alarm, to, policy: policy(region, ctx.now) };
    Ok(std::iter::once(Event::Heard(heard, NONE)).chain(woken).collect())
}
