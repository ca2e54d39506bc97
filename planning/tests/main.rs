//! All tests of this room, one program: what they share is compiled once and linked once.

mod callup;
mod distribute;
mod distribute_day;
mod distribute_exact;
mod fidelity;
mod forecast;
mod replenish;
mod settlement;
mod simplex;
mod simulate;
mod simulate_exact;
mod simulate_network;
mod simulate_optimal;
mod targets;
mod transfer;
