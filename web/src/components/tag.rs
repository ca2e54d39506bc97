//! Small marks: status tags, times, digests.

use maud::{Markup, html};

use crate::text::Words;
use crate::text::machine_time;

/// What is known about a thing. Each has its own sign and word, so colour is never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Known and fresh.
    Known,
    /// Not known.
    Unknown,
    /// Known, but old.
    Stale,
    /// Said by one side, not confirmed by the other.
    OneSided,
    /// Signed by both sides.
    Binding,
    /// Nobody holds what somebody must hold.
    Gap,
    /// Held.
    Held,
    /// Ended.
    Ended,
    /// Needs somebody's attention.
    Attention,
    /// Stopped or wrong.
    Stopped,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 10] = [
        Status::Known,
        Status::Unknown,
        Status::Stale,
        Status::OneSided,
        Status::Binding,
        Status::Gap,
        Status::Held,
        Status::Ended,
        Status::Attention,
        Status::Stopped,
    ];

    fn name(self) -> &'static str {
        match self {
            Status::Known => "known",
            Status::Unknown => "unknown",
            Status::Stale => "stale",
            Status::OneSided => "one-sided",
            Status::Binding => "binding",
            Status::Gap => "gap",
            Status::Held => "held",
            Status::Ended => "ended",
            Status::Attention => "attention",
            Status::Stopped => "stopped",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Status::Known | Status::Held => "✓",
            Status::Unknown => "?",
            Status::Stale => "◷",
            Status::OneSided => "◐",
            Status::Binding => "●",
            Status::Gap => "○",
            Status::Ended => "–",
            Status::Attention => "!",
            Status::Stopped => "✕",
        }
    }
}

/// A status with its usual word (`status-…` in the catalogue).
#[must_use]
pub fn status(w: Words, status: Status) -> Markup {
    tag(status, &w.dynamic("status-", status.name()))
}

/// A status with words of one's own, such as `26 h gammalt`.
#[must_use]
pub fn tag(status: Status, label: &str) -> Markup {
    html! {
        span class={ "tag " (status.name()) } {
            span.sign aria-hidden="true" { (status.sign()) } (label)
        }
    }
}

/// An instant for people and machines.
#[must_use]
pub fn time_tag(w: Words, micros: i64) -> Markup {
    html! {
        time datetime=[machine_time(micros)] { (w.date_time(micros)) }
    }
}

/// A digest or other long technical name: breaks where it must, read whole.
#[must_use]
pub fn digest(text: &str) -> Markup {
    html! { code.digest { (text) } }
}
