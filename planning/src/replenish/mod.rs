//! Exact replenishment of a perishable component, as a Markov decision process.
