//! Exact replenishment of a perishable component, as a Markov decision process.
//!
//! Four families from the literature: A, one product with a lead time (De Moor and others 2022);
//! B1 and B2, one product, and two of which one replaces the other (Hendrix and others 2019); C,
//! hospital platelets that arrive with ages that vary (Mirjalili 2022). A [`document::Document`]
//! describes one, [`solve::solve`] finds the optimal policy with bounds that certify it,
//! [`rollout::simulate`] says what that policy does.

pub mod demand;
pub mod document;
pub mod heuristic;
pub mod iterate;
pub mod kernel;
pub mod model;
pub mod pair;
pub mod report;
pub mod rollout;
pub mod single;
pub mod solve;
pub mod weekly;
