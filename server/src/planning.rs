//! The planning words of the command line: they read files, ask the planning room, and print.

pub mod callup;
pub mod distribute;
pub mod forecast;
pub mod need;
pub mod replenish;
pub mod settle;
pub mod simulate;
pub mod transfer;
