//! Major incidents and alarms: the clock of every obligation, and random histories of seven regions
//! that are cut off, killed and lied to by their channels.

mod deadlines;
mod exercise;
mod forget;
mod histories;
mod incidents;
mod ladder;
mod net;
mod readiness;
mod refusals;
