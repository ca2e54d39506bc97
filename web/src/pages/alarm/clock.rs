//! Clocks that run, told by the second where scripts run and in words where they do not.

use maud::{Markup, html};
use samband_domain::Time;
use samband_domain::alarms::view::{Clock, ClockOf};

use crate::text::{Words, machine_time};

/// `ersättaren väcks 14:06:20 (2 min kvar)`.
pub(super) fn next(w: Words, clock: &Clock, now: Time) -> Markup {
    let what = match clock.what {
        ClockOf::Step(step) => w.dynamic("alarm-next-", step.as_str()),
        ClockOf::Owed(owed) => w.dynamic("alarm-owed-next-", owed.as_str()),
    };
    html! { (what) " " (countdown(w, clock.at, now)) }
}

/// A moment and how long is left.
pub(super) fn countdown(w: Words, at: Time, now: Time) -> Markup {
    let open = |key: &str| w.t_args(key, &[("time", "{time}".into())]);
    html! {
        time datetime=[machine_time(at.0)] { (w.clock(at.0)) }
        " " span.countdown data-until=(at.0 / 1_000)
            data-late=(open("alarm-clock-late")) data-left=(open("alarm-clock-left")) {
            "(" (w.remaining(now.0, at.0)) ")"
        }
    }
}
