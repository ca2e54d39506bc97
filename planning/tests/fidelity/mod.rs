//! The same rules: a small world in which every unit goes through the blood area's own decisions –
//! taken over, moved, received, asked for, chosen by the region's ladder, issued, transfused,
//! thrown away – beside the fast simulator, on the same patients and donations.
//!
//! Both sides meet the same days: what is made, what patients ask for, and what regions agree in
//! the evening to send each other. What is given to whom, what expires, what is short and what is
//! left are each side's own.

#[path = "../../../domain/tests/common/mod.rs"]
mod common;
mod house;
mod world;

use samband_planning::random::Seed;
use samband_planning::simulate::estimate::Estimate;
use samband_planning::simulate::model::{RED_CELLS, World};
use samband_planning::simulate::state::{At, State, Watch};

/// Days of a run.
const DAYS: u32 = 120;

/// What happens on a day whoever plays it.
#[derive(Clone, Debug, Default)]
pub struct Day {
    /// Place, group, last day of use, units.
    pub made: Vec<(usize, usize, u32, u16)>,
    /// Place, group of the patient, units.
    pub asked: Vec<(usize, usize, u32)>,
    /// From a centre to another's: group, last day of use.
    pub sent: Vec<(usize, usize, usize, u32)>,
}

/// What came of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Units given.
    pub issued: u64,
    /// Units asked for that nobody could give.
    pub short: u64,
    /// Units given in another group than the patient's.
    pub substituted: u64,
    /// Units expired.
    pub outdated: u64,
    /// Units on the shelves, summed over the evenings.
    pub held: u64,
    /// Units sent between regions in the evening.
    pub sent: u64,
}

/// Writes down the days, and what the fast simulator makes of them.
#[derive(Default)]
struct Recorder {
    days: Vec<Day>,
    outcome: Outcome,
}

impl Recorder {
    fn day(&mut self, day: u32) -> &mut Day {
        let day = day as usize;
        if self.days.len() <= day {
            self.days.resize(day + 1, Day::default());
        }
        &mut self.days[day]
    }
}

impl Watch for Recorder {
    fn made(&mut self, day: u32, at: At, last: u32, count: u16) {
        self.day(day).made.push((at.site, at.group, last, count));
    }

    fn asked(&mut self, day: u32, at: At, count: u32) {
        self.day(day).asked.push((at.site, at.group, count));
    }

    fn issued(&mut self, _day: u32, at: At, _last: u32, count: u16, to: At) {
        self.outcome.issued += u64::from(count);
        self.outcome.substituted += u64::from(count) * u64::from(at.group != to.group);
    }

    fn short(&mut self, _day: u32, _at: At, count: u32) {
        self.outcome.short += u64::from(count);
    }

    fn outdated(&mut self, _day: u32, _at: At, _last: u32, count: u16) {
        self.outcome.outdated += u64::from(count);
    }

    fn moved(&mut self, day: u32, at: At, to: usize, last: u32, count: u16, days: u32) {
        if days > 0 {
            let units = std::iter::repeat_n((at.site, to, at.group, last), usize::from(count));
            self.day(day).sent.extend(units);
            self.outcome.sent += u64::from(count);
        }
    }

    fn ended(&mut self, day: u32, state: &State) {
        self.day(day);
        for site in 0..world::SITES.len() {
            for group in 0..8 {
                let at = At { site, component: RED_CELLS, group };
                self.outcome.held += u64::from(state.shelf_of(at).total());
            }
        }
    }
}

/// The fast simulator's run, its days, and the stock on the first morning.
fn fast(world: &World, replication: u64) -> (Recorder, State) {
    let opening = State::new(world, Seed(7), replication);
    let mut state = opening.clone();
    let mut recorder = Recorder::default();
    for _ in 0..DAYS {
        state.step(world, &world::POLICY, &mut recorder);
    }
    (recorder, opening)
}

#[test]
fn the_fast_simulator_and_the_blood_areas_own_decisions_agree() {
    let world = world::world();
    let (recorder, opening) = fast(&world, 0);
    let full = house::play(&world, &opening, &recorder.days);
    let quick = recorder.outcome;
    println!("fast {quick:?}\nfull {full:?}");
    assert_eq!(full.issued + full.short, quick.issued + quick.short, "the same patients");
    assert!(full.sent > 50 && full.outdated > 0 && full.short > 0, "all of it happens: {full:?}");
    // How far replications of the fast simulator lie apart is the yardstick.
    let many: Vec<Outcome> = (0..40).map(|n| fast(&world, n).0.outcome).collect();
    type Of = fn(&Outcome) -> u64;
    let of: [(&str, Of); 6] = [
        ("issued", |one| one.issued),
        ("short", |one| one.short),
        ("substituted", |one| one.substituted),
        ("outdated", |one| one.outdated),
        ("held", |one| one.held),
        ("sent", |one| one.sent),
    ];
    for (name, count) in of {
        let interval = Estimate::of(many.iter().map(|one| count(one) as f64));
        let apart = (count(&full) as f64 - count(&quick) as f64).abs();
        println!(
            "{name}: fast {} full {} ± {:.1}",
            count(&quick),
            count(&full),
            interval.half_width
        );
        assert!(apart <= interval.half_width, "{name}: {apart} apart, {interval:?}");
    }
}
