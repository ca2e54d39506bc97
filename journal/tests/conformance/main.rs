//! What a store must do, the same on SQLite and PostgreSQL.

#[path = "../common/mod.rs"]
mod common;

mod appending;
mod copying;
mod erasing;
mod reading;
mod shelving;
