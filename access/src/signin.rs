//! What comes of an attempt to sign in. To the outside every refusal looks the same; the log says
//! which it was.

use samband_domain::{Refusal, Time};

use crate::account::Account;
use crate::refusals::{SIGN_IN_BUSY, SIGN_IN_REFUSED, SIGN_IN_WAIT};
use crate::session::Via;
use crate::throttle::Wait;

/// What was found out about an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The throttle says wait; nothing was looked at.
    Wait(Wait),
    /// Too many at the same time; nothing was looked at.
    Busy,
    /// Whether the password was right.
    Password(bool),
    /// Whether the break-glass code was right; if so it is used up.
    Code(bool),
}

/// Why an attempt was refused: for the log, never for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no such account.
    NoAccount,
    /// The password was wrong.
    WrongPassword,
    /// The code was wrong or used up.
    WrongCode,
    /// It was right, but the account is disabled.
    Disabled,
}

/// What comes of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Open a session.
    SignedIn {
        /// By which way; by code it is recorded as an emergency.
        via: Via,
        /// Whether the password must be changed before anything else.
        must_change: bool,
    },
    /// Refuse.
    Refused(Reason),
    /// Refuse for a while.
    Wait(Wait),
    /// Refuse for the moment.
    Busy,
}

/// Decides.
#[must_use]
pub fn decide(account: Option<&Account>, checked: Checked) -> Outcome {
    let (via, right) = match checked {
        Checked::Wait(wait) => return Outcome::Wait(wait),
        Checked::Busy => return Outcome::Busy,
        Checked::Password(right) => (Via::Password, right),
        Checked::Code(right) => (Via::Code, right),
    };
    match (account, right, via) {
        (None, ..) => Outcome::Refused(Reason::NoAccount),
        (Some(_), false, Via::Password) => Outcome::Refused(Reason::WrongPassword),
        (Some(_), false, Via::Code) => Outcome::Refused(Reason::WrongCode),
        (Some(account), true, _) if account.disabled.is_some() => {
            Outcome::Refused(Reason::Disabled)
        }
        (Some(account), true, via) => Outcome::SignedIn {
            via,
            // Whoever breaks the glass has something more urgent to do.
            must_change: account.must_change && via == Via::Password,
        },
    }
}

impl Outcome {
    /// What the person is told, unless let in. It does not tell whether the account exists.
    #[must_use]
    pub fn refusal(&self, now: Time) -> Option<Refusal> {
        match self {
            Self::SignedIn { .. } => None,
            Self::Refused(_) => Some(SIGN_IN_REFUSED.because([])),
            Self::Wait(wait) => {
                Some(SIGN_IN_WAIT.because([("seconds", wait.seconds(now).to_string())]))
            }
            Self::Busy => Some(SIGN_IN_BUSY.because([])),
        }
    }

    /// What the log is told.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SignedIn { via: Via::Password, .. } => "signed_in_by_password",
            Self::SignedIn { via: Via::Code, .. } => "signed_in_by_break_glass_code",
            Self::Refused(Reason::NoAccount) => "refused_no_account",
            Self::Refused(Reason::WrongPassword) => "refused_wrong_password",
            Self::Refused(Reason::WrongCode) => "refused_wrong_code",
            Self::Refused(Reason::Disabled) => "refused_disabled",
            Self::Wait(_) => "told_to_wait",
            Self::Busy => "told_to_come_back",
        }
    }
}
