//! All tests of this room, one program: what they share is compiled once and linked once.

mod authorise;
mod commands;
mod common;
mod door;
mod matrix;
mod throttle;
