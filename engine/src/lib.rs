//! The running state: one ordered writer, many readers.
//!
//! A command comes in as a [`Request`]; the committer authorises it, lets the domain decide,
//! appends the records in one transaction with all that waited beside it, and only then shows the
//! new [`World`] to readers and answers. Nobody ever sees, or is refused for, a fact that is not
//! durable.

mod accounts;
mod attend;
mod backup;
mod check;
mod clock;
mod committer;
mod courier;
mod doors;
mod follow;
mod intake;
mod keyring;
mod load;
mod lookup;
mod prepare;
mod request;
mod restore;
mod rotate;
mod sessions;
mod snapping;
mod snapshot;
mod told;
mod verify;
mod watch;
mod world;

mod engine;

pub use accounts::{AccountError, NewAccount};
pub use backup::{BackupError, BackupManifest};
pub use clock::{Clock, ManualClock, SystemClock};
pub use courier::{Announced, Courier, Delivery, Undelivered};
pub use engine::{Engine, Health, News, Options, StartError};
pub use follow::Followed;
pub use intake::{IntakeError, IntakeReport, Page, PageHeader};
pub use keyring::{Keyring, KeyringError};
pub use request::{Failure, Receipt, Request};
pub use restore::{RestoreError, restore_into};
pub use rotate::RotateError;
pub use sessions::{SignInError, SignedIn};
pub use verify::{VerifyError, VerifyReport};
pub use world::{Holding, Journal, World};
