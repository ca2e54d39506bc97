//! The application through its router, on a real engine in a directory of its own.

mod accounts;
mod api;
mod door;
mod events;
mod house;
mod import;
mod operations;
mod problems;
mod tables;
mod texts;
mod watch;
