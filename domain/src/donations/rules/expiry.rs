//! Until when a unit may be used: by the rule for its product, counted from where that product's
//! life begins, and never beyond what it was made of where the rule only shortens.

use super::refusals::COLLECTION_UNKNOWN;
use crate::blood::model::{Component, Process, Product};
use crate::rulesets::{InForce, Key, Span, key};
use crate::words::{Known, Refusal, Time};

/// What an expiry rests on.
#[derive(Clone, Copy, Debug)]
pub struct Basis {
    /// When the blood was collected; of several donations, the oldest.
    pub collected: Known<Time>,
    /// When the unit is made.
    pub made: Time,
    /// The earliest expiry of what it is made of; none where it comes straight from a donation.
    pub parent: Option<Time>,
}

/// The expiry of a product that comes of a process.
///
/// # Errors
/// A [`Refusal`] if the region's rules do not state how long the product keeps, or if it counts
/// from a collection that is not known here.
pub fn expiry(
    rules: &InForce,
    process: Process,
    product: Product,
    basis: Basis,
) -> Result<Time, Refusal> {
    let collected = || {
        let facts = [("product", product.to_string())];
        basis.collected.value().ok_or_else(|| COLLECTION_UNKNOWN.because(facts))
    };
    let capped = |until: Time| basis.parent.map_or(until, |parent| parent.min(until));
    Ok(match process {
        // A new component's life begins when the blood left the donor.
        Process::Label | Process::Separate | Process::Cool => {
            after(collected()?, rules.span(shelf_life(product))?)
        }
        Process::PoolPlatelets => capped(after(collected()?, rules.span(shelf_life(product))?)),
        Process::Paediatric => capped(after(collected()?, rules.span(shelf_life(product))?)),
        // Cold stops the clock: frozen, a component keeps by its own rule from then on.
        Process::Freeze => after(basis.made, rules.span(shelf_life(product))?),
        Process::Wash | Process::Thaw => {
            capped(after(basis.made, rules.span(shelf_life(product))?))
        }
        Process::Irradiate if is_capped_by_irradiation(product) => {
            let days = rules.days(key::SHELF_LIFE_IRRADIATED_CAP_DAYS)?;
            capped(after(basis.made, Span::Days(days)))
        }
        // What is only divided, joined or labelled keeps as long as what it was made of.
        Process::Irradiate | Process::Pool | Process::Split | Process::LowTitre => {
            let facts = [("product", product.to_string())];
            basis.parent.ok_or_else(|| COLLECTION_UNKNOWN.because(facts))?
        }
    })
}

/// Red cells leak potassium once irradiated; platelets and granulocytes keep their date.
const fn is_capped_by_irradiation(product: Product) -> bool {
    matches!(product.component(), Component::RedCells | Component::WholeBlood)
}

/// The rule for a product. A buffy coat keeps as long as the platelets that are made of it.
#[must_use]
pub fn shelf_life(product: Product) -> Key {
    let named = match product {
        Product::BuffyCoat => Product::PlateletsPooled,
        other => other,
    };
    Key::find(&format!("shelf_life.{named}")).expect("every product has a rule for its shelf life")
}

/// The end of a stretch: hours to the minute, days and months to the last minute of the last day,
/// which is how a label states them.
#[must_use]
pub fn after(from: Time, span: Span) -> Time {
    let (days, months) = match span {
        Span::Hours(hours) => return from.plus_seconds(i64::from(hours) * 3_600),
        Span::Days(days) => (days, 0),
        Span::Months(months) => (0, months),
    };
    let span = jiff::Span::new().try_months(months).and_then(|span| span.try_days(days));
    let last = span.and_then(|span| from.date().checked_add(span));
    let next = last.and_then(|last| last.tomorrow()).ok().and_then(Time::start_of);
    // A date outside the calendar is no date to use anything by.
    next.map_or(from, |next| next.plus_seconds(-60))
}
