//! A: one hospital, a fleet that drives to and fro; the optimum in closed form.

use serde::Serialize;

use super::fields::{DistributeError, Fields, fault};
use super::survival::{Casualties, rounded};

/// One hospital, and ambulances that are all at the scene at minute 0 and carry one each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedForm {
    /// Ambulances.
    pub ambulances: usize,
    /// Minutes from the scene to the hospital, loading included.
    pub one_way: i64,
    /// Minutes from one departure of an ambulance to its next.
    pub cycle: i64,
    /// Class Immediate.
    pub immediate: Casualties,
    /// Class Delayed.
    pub delayed: Casualties,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClosedAnswer {
    /// Minute at which the last one arrives.
    pub last_arrival: i64,
    /// Expected survivors if every Immediate goes before every Delayed.
    pub immediate_first: f64,
    /// Expected survivors if every Delayed goes before every Immediate.
    pub delayed_first: f64,
    /// Most expected survivors of any order.
    pub optimum: f64,
    /// How much more than Immediate first, in per cent.
    pub gain_percent: f64,
    /// The order that gives it, wave by wave.
    pub waves: Vec<Wave>,
}

/// Those who arrive at one minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Wave {
    /// Minute.
    pub arrives: i64,
    /// Of class Immediate.
    pub immediate: usize,
    /// Of class Delayed.
    pub delayed: usize,
}

impl ClosedForm {
    pub(super) fn read(fields: &Fields) -> Result<Self, DistributeError> {
        let closed = Self {
            ambulances: fields.need("ambulances")?.count(1, 10_000)?,
            one_way: fields.need("one_way")?.whole(0, 1440)?,
            cycle: fields.need("cycle")?.whole(1, 2880)?,
            immediate: Casualties::read(&fields.need("immediate")?)?,
            delayed: Casualties::read(&fields.need("delayed")?)?,
        };
        if closed.immediate.count + closed.delayed.count == 0 {
            return Err(fault(fields.below("immediate.count"), "0: write at least one casualty"));
        }
        Ok(closed)
    }

    /// When the `k`th arrives, counted from 0.
    fn arrives(&self, k: usize) -> i64 {
        self.one_way + self.cycle * (k / self.ambulances) as i64
    }

    /// What Immediate is worth more than Delayed at a minute.
    fn more(&self, minute: i64) -> f64 {
        self.immediate.survival.at(minute) - self.delayed.survival.at(minute)
    }

    /// The optimum: Immediate gets the places where it gains most over Delayed; among equal places
    /// the earlier.
    #[must_use]
    pub fn solve(&self) -> ClosedAnswer {
        let (first, all) = (self.immediate.count, self.immediate.count + self.delayed.count);
        let mut places: Vec<usize> = (0..all).collect();
        let more: Vec<f64> = places.iter().map(|k| self.more(self.arrives(*k))).collect();
        places.sort_by(|a, b| more[*b].total_cmp(&more[*a]).then(a.cmp(b)));
        let mut best = vec![false; all];
        for place in &places[..first] {
            best[*place] = true;
        }
        let value = |immediate: &dyn Fn(usize) -> bool| -> f64 {
            let one = |k: usize| {
                let group = if immediate(k) { &self.immediate } else { &self.delayed };
                group.survival.at(self.arrives(k))
            };
            (0..all).map(one).sum()
        };
        let immediate_first = value(&|k| k < first);
        let optimum = value(&|k| best[k]);
        let gain = (optimum / immediate_first - 1.0) * 100.0;
        ClosedAnswer {
            last_arrival: self.arrives(all - 1),
            immediate_first: rounded(immediate_first),
            delayed_first: rounded(value(&|k| k >= self.delayed.count)),
            optimum: rounded(optimum),
            gain_percent: if immediate_first > 0.0 { rounded(gain) } else { 0.0 },
            waves: self.waves(&best),
        }
    }

    fn waves(&self, immediate: &[bool]) -> Vec<Wave> {
        let mut waves = Vec::new();
        for (at, wave) in immediate.chunks(self.ambulances).enumerate() {
            let first = wave.iter().filter(|immediate| **immediate).count();
            waves.push(Wave {
                arrives: self.arrives(at * self.ambulances),
                immediate: first,
                delayed: wave.len() - first,
            });
        }
        waves
    }
}
