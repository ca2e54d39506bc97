//! Demand to come, per site, component and group, always as quantiles.
//!
//! A few models compete for each series: what came a week ago, a negative binomial regression on
//! the Swedish calendar, a shrunk share of what the regression says of all groups of the site, and
//! exponential smoothing on top of that. Forecasts made at earlier days decide between them.
//! Nobody's zero is made of a day that nobody reported.

mod backtest;
pub mod calendar;
mod means;
mod models;
mod pool;
mod regress;
pub mod report;
pub mod series;
mod shown;
pub mod spread;
pub mod synthetic;
mod weeks;

pub use backtest::{Backtest, Score, Tested, backtest};
pub use means::means;
pub use models::Model;
pub use report::{Ahead, Forecast, Forecasts, forecasts};
pub use series::{Key, SeriesError, Table, read, write};
pub use shown::{
    BACK_DAYS, Back, Came, LEAST_KNOWN, LIMITS, Limits, NotShown, Shown, known_days, shown, spreads,
};
pub use spread::{QUANTILES, Spread};
pub use weeks::{Weeks, weeks};
