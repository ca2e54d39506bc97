//! Requests as pages and the API read them: only in the own region, only by those who may.

use samband_access::Action;
use samband_domain::blood::model::UnitId;
use samband_domain::blood::rules::compatible::Finding;
use samband_domain::patients::model::SampleNumber;
use samband_domain::rulesets::{InForce, Scope};
use samband_domain::transfusion::gate::{Block, Check, Verdict};
use samband_domain::transfusion::model::Open;
use samband_domain::words::PersonNumber;
use samband_domain::{Event, PatientId, Private, Region, RequestId, Time, transfusion};
use samband_engine::{Receipt, World};

use super::{App, Problem, Visitor};
use crate::text::Words;

/// The topics that change what is seen of requests.
pub const TOPICS: &str = "transfusion stock patient rule_set";

/// The own region, for whoever may see patients.
///
/// # Errors
/// The problem that says why not.
pub fn own<'w>(app: &App, visitor: &Visitor, world: &'w World) -> Result<&'w Region, Problem> {
    visitor.permit(app, Action::SeePatients, &visitor.region)?;
    world.local(&visitor.region).ok_or_else(|| Problem::not_found(visitor.region.as_str()))
}

/// A request that is not closed.
///
/// # Errors
/// A problem if there is none.
pub fn open<'r>(region: &'r Region, text: &str) -> Result<(RequestId, &'r Open), Problem> {
    let id = RequestId::new(text).map_err(|_| Problem::not_found(text))?;
    let open = region.own.transfusion.requests.get(&id);
    open.map(|open| (id, open)).ok_or_else(|| Problem::not_found(text))
}

/// The rules in force.
#[must_use]
pub fn rules(region: &Region, now: Time) -> Option<&InForce> {
    region.shared.rulesets.in_force(Scope::Blood, now)
}

/// Who a wristband or a typed number names.
#[must_use]
pub fn patient(region: &Region, text: &str) -> Option<PatientId> {
    let capital = text.trim().to_uppercase();
    let own = &region.own.patients;
    let by_number = capital.parse::<PersonNumber>().ok();
    let by_number = by_number.and_then(|number| own.by_number.get(&number));
    let by_sample = || own.by_sample.get(&capital.parse::<SampleNumber>().ok()?);
    let by_id = || own.patients.get_key_value(&PatientId::new(text.trim()).ok()?).map(|(id, _)| id);
    by_number.or_else(by_sample).or_else(by_id).cloned()
}

/// The request that a command brought into being, now or when it was carried out before.
#[must_use]
pub fn made(receipt: &Receipt) -> Option<RequestId> {
    receipt.events.iter().find_map(|event| match event {
        Event::Transfusion(transfusion::Event::Requested(_, Private::Here(said))) => {
            Some(said.id.clone())
        }
        Event::Transfusion(transfusion::Event::PaperEntered(_, Private::Here(said))) => {
            Some(said.id.clone())
        }
        _ => None,
    })
}

/// What keeps a unit back, as one line.
#[must_use]
pub fn block_text(w: Words, block: &Block) -> String {
    match block {
        Block::Rule(check) => rule_text(w, check),
        Block::Crossmatch(why) => {
            let why = w.dynamic("crossmatch-why-", &why.replace([':', '.'], "-"));
            w.t_args("gate-crossmatch", &[("why", why.into())])
        }
        Block::Fit(finding) => fit_text(w, finding),
    }
}

/// One of the ten rules by number and in words.
#[must_use]
pub fn rule_text(w: Words, check: &Check) -> String {
    let name = check.rule.as_str();
    format!("{}: {}", name.to_uppercase(), w.dynamic("gate-", name))
}

/// What is missing: a rule by its key, or a fact in words.
pub(crate) fn missing_text(w: Words, fact: &str) -> String {
    if let Some(key) = fact.strip_prefix("rule:") {
        return w.t_args("compatibility-missing-rule", &[("key", key.into())]);
    }
    if let Some(antigen) = fact.strip_prefix("unit.antigen.") {
        return w.t_args("compatibility-missing-antigen", &[("antigen", antigen.into())]);
    }
    if let Some(antigen) = fact.strip_prefix("unit.hpa.") {
        return w.t_args("compatibility-missing-hpa", &[("antigen", antigen.into())]);
    }
    w.dynamic("compat-missing-", &fact.replace('.', "-"))
}

fn fit_text(w: Words, finding: &Finding) -> String {
    let check = w.dynamic("compat-check-", &finding.check.replace('.', "-"));
    match (finding.fact("missing"), finding.fact("antigen")) {
        (Some(fact), _) => format!("{check} {}", missing_text(w, fact)),
        (None, Some(antigen)) => format!("{check} ({antigen})"),
        (None, None) => check,
    }
}

/// The first reason against, or the way by which the unit may go.
#[must_use]
pub fn verdict_text(w: Words, verdict: &Verdict) -> String {
    match (verdict.route, verdict.blocks.first()) {
        (Some(route), _) => w.dynamic("route-", route.as_str()),
        (None, Some(block)) => block_text(w, block),
        (None, None) => w.unknown(),
    }
}

/// A unit as people read it: donation number in fours, check character, product.
#[must_use]
pub fn unit_text(unit: &UnitId) -> String {
    format!("{} {} · {}", unit.din.spaced(), unit.din.check_character(), unit.product)
}
