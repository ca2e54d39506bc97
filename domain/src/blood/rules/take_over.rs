//! Taking over a stock: every row is held against the label's own rules before any is recorded.

use std::collections::BTreeSet;

use super::super::command::{Row, Standing};
use super::super::event::{Event, TakenOver};
use super::super::model::codes::{CodeTable, NoMeaning};
use super::super::model::identity::UnitId;
use super::super::model::product::{Attribute, Attributes, Product};
use super::super::model::stock::Load;
use super::super::model::unit::{Entry, Tested};
use super::refusals::{
    ATTRIBUTES, CODE_UNKNOWN, EXPIRED, EXPIRY_BEYOND, GROUP_UNKNOWN, INTERMEDIATE, LAPSED,
    NO_CODES, TEST_NOT_NEGATIVE, TWICE, UNIT_KNOWN,
};
use super::{House, refusals, tests};
use crate::kernel::text;
use crate::rulesets::{InForce, Key, Span};
use crate::words::{Context, Digest, Known, NONE, Refusal, SiteId, Time};

/// Most units in one list.
pub const ROWS_MAX: usize = 5_000;

pub(super) fn decide(
    house: &House<'_>,
    (site, file, rows): (&SiteId, Option<&(String, Digest)>, &[Row]),
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    house.own_site(site, ctx)?;
    if rows.is_empty() || rows.len() > ROWS_MAX {
        let facts = [("units", rows.len().to_string()), ("most", ROWS_MAX.to_string())];
        return Err(refusals::HOW_MANY.because(facts));
    }
    let rules = house.rules.in_force(crate::rulesets::Scope::Blood, ctx.now);
    let mut seen = BTreeSet::new();
    let mut load = Load { tested: Vec::new(), units: Vec::with_capacity(rows.len()) };
    for row in rows {
        if !seen.insert(row.id) {
            return Err(TWICE.because([("unit", row.id.to_string())]));
        }
        // What was collected or pooled here is released here, never taken over past its tests.
        let din = &row.id.din;
        let made_here = house.donations.shared.donations.contains_key(din);
        if made_here || house.shared.pools.contains_key(din) {
            return Err(UNIT_KNOWN.because([("unit", row.id.to_string())]));
        }
        let entry = check_row(house.shared, rules, row, ctx.now)?;
        let tested = tested(&mut load.tested, row);
        load.units.push(Entry { tested, ..entry });
    }
    let standings = rows.iter().map(|row| standing(house, row)).collect();
    let file = match file {
        Some((name, digest)) => Some((text("file", name)?, *digest)),
        None => None,
    };
    let taken = TakenOver { site: site.clone(), file, load, standings };
    Ok(vec![Event::TakenOver(taken, NONE)])
}

/// A reservation never outlives its unit, and what was called back is never taken over as usable.
fn standing(house: &House<'_>, row: &Row) -> Standing {
    if house.not_withdrawn(&row.id).is_err() {
        return Standing::Quarantined;
    }
    match row.standing {
        Standing::Reserved { until } => Standing::Reserved { until: until.min(row.expiry) },
        other => other,
    }
}

/// One row as it would be entered, held against everything that one row can be held against. A
/// preview calls this for each line of a file.
///
/// # Errors
/// A [`Refusal`] that names the rule, its source and the facts used.
pub fn check_row(
    shared: &super::super::state::Shared,
    rules: Option<&InForce>,
    row: &Row,
    now: Time,
) -> Result<Entry, Refusal> {
    let unit = ("unit", row.id.to_string());
    if shared.units.contains_key(&row.id) || shared.is_gone(&row.id) {
        return Err(UNIT_KNOWN.because([unit]));
    }
    let codes = shared.codes.as_deref().ok_or_else(|| NO_CODES.because([unit.clone()]))?;
    let found = codes.product(row.id.product.pdc(), row.id.din.facility(), now);
    let meaning = found.map_err(|why| code_unknown(&row.id, why, codes))?;
    let product = meaning.product;
    // What is only there to make something else of is never free to use.
    if product.is_intermediate() && row.standing != Standing::Quarantined {
        return Err(INTERMEDIATE.because([unit, ("product", product.to_string())]));
    }
    if row.expiry <= now {
        return Err(EXPIRED.because([unit, ("expiry", row.expiry.to_string())]));
    }
    let attributes: Attributes = meaning.attributes.iter().chain(row.attributes.iter()).collect();
    if attributes.has(Attribute::LowTitre) && attributes.has(Attribute::HighTitre) {
        return Err(ATTRIBUTES.because([unit, ("attributes", "low_titre, high_titre".into())]));
    }
    within_shelf_life(rules, (&row.id, product), row.expiry, now)?;
    if let Known::Value(results) = &row.tests {
        tests::once(&row.id, results)?;
        let bad = tests::not_negative(results);
        if let Some(test) = bad.filter(|_| row.standing != Standing::Quarantined) {
            return Err(TEST_NOT_NEGATIVE.because([unit, ("test", test.to_string())]));
        }
    }
    if row.standing != Standing::Quarantined && row.group == Known::Unknown {
        return Err(GROUP_UNKNOWN.because([unit]));
    }
    if let Standing::Reserved { until } = row.standing
        && until <= now
    {
        return Err(LAPSED.because([unit, ("until", until.to_string())]));
    }
    Ok(Entry {
        id: row.id,
        group: row.group,
        product,
        attributes,
        phenotype: row.phenotype,
        expiry: row.expiry,
        tested: None,
    })
}

/// The refusal for a product code that means nothing here.
pub(crate) fn code_unknown(id: &UnitId, why: NoMeaning, codes: &CodeTable) -> Refusal {
    let table = ("table", codes.version().to_owned());
    CODE_UNKNOWN.because([("unit", id.to_string()), ("why", why.code().to_owned()), table])
}

/// Whether an expiry lies where the product's shelf life lets it lie, as far as a rule says so.
pub(super) fn within_shelf_life(
    rules: Option<&InForce>,
    (id, product): (&UnitId, Product),
    expiry: Time,
    now: Time,
) -> Result<(), Refusal> {
    match rules.and_then(|rules| latest_expiry(rules, product, now)) {
        Some(most) if expiry > most => {
            let unit = ("unit", id.to_string());
            let (expiry, latest) = (("expiry", expiry.to_string()), ("latest", most.to_string()));
            Err(EXPIRY_BEYOND.because([unit, expiry, latest]))
        }
        _ => Ok(()),
    }
}

/// The latest expiry that a product made today can have; none where no rule says how long it keeps.
fn latest_expiry(rules: &InForce, product: Product, now: Time) -> Option<Time> {
    let key = Key::find(&format!("shelf_life.{product}"))?;
    // A label's date ends at midnight, so the day of making counts besides.
    let days = match rules.span(key).ok()? {
        Span::Hours(hours) => i64::from(hours.div_ceil(24)) + 1,
        Span::Days(days) => i64::from(days) + 1,
        Span::Months(months) => i64::from(months) * 31 + 1,
    };
    Some(now.plus_days(days))
}

/// Where the row's tests stand among the profiles; most units of a stock share one.
fn tested(profiles: &mut Vec<Tested>, row: &Row) -> Option<u16> {
    let Known::Value(results) = &row.tests else { return None };
    let mut results = results.clone();
    results.sort();
    let profile = Tested { results, rule_set: None, rules: row.rules.clone() };
    let place = profiles.iter().position(|held| *held == profile).unwrap_or_else(|| {
        profiles.push(profile);
        profiles.len() - 1
    });
    u16::try_from(place).ok()
}
