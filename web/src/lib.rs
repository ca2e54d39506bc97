//! How people and machines reach it: pages and API.

pub mod assets;
pub mod charts;
pub mod components;
pub mod map;
pub mod text;
