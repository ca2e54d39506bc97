//! How people and machines reach it: pages and API.

pub mod api;
pub mod app;
pub mod assets;
pub mod charts;
pub mod components;
pub mod live;
pub mod map;
pub mod pages;
pub mod peer;
pub mod tables;
pub mod text;

/// The program's version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
