//! All tests of this room, one program: what they share is compiled once and linked once.

mod cap;
mod common;
mod export;
mod figures;
mod isbt128;
mod rulesets;
mod seeds;
mod sheet;
mod stock;
