//! All tests of this room, one program: what they share is compiled once and linked once.

mod accounts;
mod addressed;
mod alarm;
mod alarm_faults;
mod backup;
mod common;
mod concurrency;
mod denial;
mod erasure;
mod failure;
mod follow;
mod forks;
mod idempotency;
mod intake;
mod lost;
mod replay;
mod reserve;
mod smoke;
mod snapshot_format;
mod time;
