//! The application through its router, on a real engine in a directory of its own.

mod accounts;
mod api;
mod benches;
mod changes;
mod donations;
mod donor_desk;
mod donors;
mod door;
mod events;
mod house;
mod import;
mod keys;
mod operations;
mod patients;
mod problems;
mod rules;
mod stock;
mod supply;
mod tables;
mod texts;
mod watch;
mod withdrawals;
