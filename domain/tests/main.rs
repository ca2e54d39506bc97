//! All tests of this room, one program: what they share is compiled once and linked once.

mod agreements;
mod alarms;
mod blood;
mod bonds;
mod codes;
mod common;
mod compatible;
mod donations;
mod donors;
mod golden;
mod histories;
mod identity;
mod mobile;
mod patients;
mod picture;
mod plans;
mod rare;
mod refusals;
mod rulesets;
mod transfusion;
mod withdrawals;
