//! Blood from the alarm to units by hour: what a mass-casualty incident is expected to use, always
//! as a range, and in which hour a stock no longer covers it.
//!
//! Every number is a [`Parameter`] with its source; a region's rule set may state its own. The
//! estimate is a ceiling to plan by, not a forecast: against events that were written about, the
//! plan came out one and a half to three and a half times what was used.

mod cover;
mod estimate;
mod parameters;

pub use cover::{Arrival, Cover, HOURS, Lasts, Stock, cover, lasts};
pub use estimate::{Blood, Casualties, CurveReport, Estimate, HourReport, Ranged, Span, estimate};
pub use parameters::{Curve, Parameter, Parameters, Said};

#[cfg(test)]
mod tests;
