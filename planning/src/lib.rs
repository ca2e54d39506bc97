//! What should happen next, and what would happen if.
//!
//! Pure computation over figures that others gathered: no clock, no file, no socket. Every random
//! draw comes from a [`random::Seed`] by name, so that a run is the same to the last bit whatever
//! the number of threads. Rules and compatibility are those of the blood area; nothing here decides
//! anything: a plan is a proposal until a mandated person accepts it.

// Weeks, groups and sites index several tables at once; iterators over one of them hide which.
#![allow(clippy::needless_range_loop)]

pub mod callup;
pub mod casualty_blood;
pub mod distribute;
pub mod forecast;
pub mod progress;
pub mod random;
pub mod replenish;
pub mod settlement;
pub mod simulate;
pub mod targets;
pub mod transfer;
