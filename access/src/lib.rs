//! Who may: accounts, sessions, sign-in, and the policy as one table.
//!
//! Every command and every reading asks one function, [`authorise`], which looks the person's
//! mandates up in the region's state and holds them against one table, [`rule`]. The table as a
//! whole is a reviewed file: `tests/snapshots/all__matrix__matrix.snap`.
//!
//! Nothing here reads a clock, a file or a socket. The caller brings the time and keeps what has
//! to be kept: [`Account`] and [`Session`] are plain serialisable values. Randomness comes from
//! the operating system, and only for secrets.

pub mod account;
pub mod action;
pub mod code;
pub mod csrf;
pub mod door;
pub mod password;
pub mod policy;
pub mod secret;
pub mod session;
pub mod signin;
pub mod throttle;

mod refusals;

pub use account::{Account, NameError, Touch, UserName};
pub use action::{Action, Kind};
pub use door::Door;
pub use password::{PasswordHash, Passwords};
pub use policy::{
    Because, Denied, Grant, Ground, Principal, Relation, Standing, Verdict, authorise,
    authorise_command, rule, standings,
};
pub use refusals::*;
pub use secret::{RandomError, Token};
pub use session::{Carrier, Session, SessionEnd, Via};
pub use signin::{Checked, Outcome, Reason};
pub use throttle::{Throttle, Way};
