//! How far one obligation has come.

use samband_domain::alarms::model::{Channel, Outcome};
use samband_domain::alarms::{How, Obligation};

/// How far an obligation has come (preparedness.md §6.3). What a channel says never moves it past
/// `Received`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It began; nothing has been tried.
    Created,
    /// Something was sent.
    Tried(Channel),
    /// Everything that was sent failed so far.
    Failed(Channel),
    /// A channel says that it was delivered.
    Received(Channel),
    /// A person has opened it.
    Read,
    /// A person has taken it on, and owes more.
    Answered,
    /// It ended.
    Ended(How),
}

impl Standing {
    /// The name in addresses, in the interface and in message keys.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Tried(_) => "tried",
            Self::Failed(_) => "failed",
            Self::Received(_) => "received",
            Self::Read => "read",
            Self::Answered => "answered",
            Self::Ended(How::Met) => "met",
            Self::Ended(How::Told) => "told",
            Self::Ended(How::Replaced) => "replaced",
            Self::Ended(How::Recalled) => "recalled",
            Self::Ended(How::ByHand(_)) => "by_hand",
        }
    }

    /// The channel it came to, if it is about one.
    #[must_use]
    pub const fn channel(&self) -> Option<Channel> {
        match self {
            Self::Tried(channel) | Self::Failed(channel) | Self::Received(channel) => {
                Some(*channel)
            }
            _ => None,
        }
    }
}

/// How an obligation stands.
#[must_use]
pub fn standing(held: &Obligation) -> Standing {
    if let Some(closed) = &held.closed {
        return Standing::Ended(closed.how.clone());
    }
    if held.answer.is_some() {
        return Standing::Answered;
    }
    if held.read.is_some() {
        return Standing::Read;
    }
    let last = |outcome: Outcome| held.attempts.iter().rev().find(|one| one.outcome == outcome);
    if let Some(one) = last(Outcome::Delivered) {
        return Standing::Received(one.channel);
    }
    if let Some(one) = last(Outcome::Sent) {
        return Standing::Tried(one.channel);
    }
    held.attempts.last().map_or(Standing::Created, |one| Standing::Failed(one.channel))
}
