//! The application through its router, on a real engine in a directory of its own.

mod accounts;
mod api;
mod changes;
mod door;
mod events;
mod house;
mod import;
mod keys;
mod operations;
mod problems;
mod rules;
mod stock;
mod tables;
mod texts;
mod watch;
