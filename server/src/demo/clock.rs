//! The demo's clock: the machine's, set back while the world's past is made. What happened four
//! days ago is recorded four days ago, and held against the rules of that day.

use std::sync::atomic::{AtomicI64, Ordering};

use samband_domain::Time;
use samband_engine::{Clock, SystemClock};

/// The machine's clock, so many microseconds behind.
#[derive(Default)]
pub struct DemoClock(AtomicI64);

impl DemoClock {
    /// Shows a moment of the past from now on; it goes on from there.
    pub fn show(&self, moment: Time) {
        let behind = SystemClock.now().since(moment).max(0);
        self.0.store(behind, Ordering::SeqCst);
    }

    /// Shows the present from now on.
    pub fn show_present(&self) {
        self.0.store(0, Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Time {
        Time(SystemClock.now().0 - self.0.load(Ordering::SeqCst))
    }
}

/// The past as the demo's parts go through it: forwards alone.
pub struct Past<'a> {
    clock: &'a DemoClock,
    /// The moment at which the demo was started: what every date of the world follows from.
    pub present: Time,
}

impl<'a> Past<'a> {
    /// Counted from the present.
    pub fn of(clock: &'a DemoClock) -> Self {
        Self { clock, present: SystemClock.now() }
    }

    /// The moment so many minutes before the present.
    pub const fn minutes(&self, ago: i64) -> Time {
        self.present.plus_seconds(-ago * 60)
    }

    /// Goes to the moment so many minutes before the present.
    pub fn go(&self, ago: i64) {
        self.clock.show(self.minutes(ago));
    }

    /// Arrives in the present.
    pub fn arrive(&self) {
        self.clock.show_present();
    }
}
