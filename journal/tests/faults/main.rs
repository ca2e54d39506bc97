//! What a store does when the ground fails: damage, full and read-only media, cut connections.

#[path = "../common/mod.rs"]
mod common;

mod damage;
mod media;
mod server;
