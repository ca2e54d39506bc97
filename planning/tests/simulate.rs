//! The simulator's laws: nothing is lost or doubled, nobody gets what expired or what they may not
//! have, and a run is the same for any number of threads.

use std::collections::BTreeMap;

use samband_domain::blood::model::{Group, Rhd};
use samband_planning::progress::Progress;
use samband_planning::random::Seed;
use samband_planning::simulate::build::build;
use samband_planning::simulate::day::{days_of, replicate};
use samband_planning::simulate::document::Scenario;
use samband_planning::simulate::measures;
use samband_planning::simulate::model::*;
use samband_planning::simulate::run::{Amount, run};
use samband_planning::simulate::state::{At, State, Watch};

const SODRA: &str = include_str!("../scenarios/sodra.toml");

fn world(variant: Option<&str>, years: u32) -> World {
    let (scenario, _) = Scenario::read(SODRA).unwrap_or_else(|error| panic!("{error}"));
    let made = match variant {
        None => build(&scenario, None, years),
        Some(id) => {
            let (scenario, variant) = scenario.with(id).unwrap_or_else(|error| panic!("{error}"));
            let variant = variant.clone();
            build(&scenario, Some(&variant), years)
        }
    };
    made.unwrap_or_else(|error| panic!("{error}"))
}

/// A second book-keeping, unit for unit by place and age, that must agree with the simulator's.
#[derive(Default)]
struct Book {
    /// Units by place, component, group and last bucket.
    lying: BTreeMap<(usize, usize, usize, u32), i64>,
    /// Units between places.
    moving: i64,
    steps: [i64; 3],
    asked: u64,
    issued: u64,
    short: u64,
    days: u32,
}

impl Book {
    fn change(&mut self, at: At, last: u32, by: i64) {
        let held = self.lying.entry((at.site, at.component, at.group, last)).or_default();
        *held += by;
        assert!(*held >= 0, "{at:?} gives what it does not have: {held}");
    }

    fn bucket(&self, day: u32, component: usize) -> u32 {
        day / u32::try_from(self.steps[component]).unwrap()
    }
}

impl Watch for Book {
    fn made(&mut self, _day: u32, at: At, last: u32, count: u16) {
        self.change(at, last, i64::from(count));
    }

    fn asked(&mut self, _day: u32, _at: At, count: u32) {
        self.asked += u64::from(count);
    }

    fn issued(&mut self, day: u32, at: At, last: u32, count: u16, to: At) {
        assert!(last >= self.bucket(day, at.component), "given after its expiry");
        if at.component == RED_CELLS {
            let recipient = Group::ALL.get(to.group).copied();
            let unit = Group::ALL[at.group];
            let negative = recipient.is_none_or(|group| group.rhd == Rhd::Negative);
            assert!(!(negative && unit.rhd == Rhd::Positive), "{unit} to {recipient:?}");
            let Some(recipient) = recipient else {
                return self.change(at, last, -i64::from(count));
            };
            let (has, may) = (unit.abo, recipient.abo);
            assert!((!has.has_a() || may.has_a()) && (!has.has_b() || may.has_b()));
        }
        self.issued += u64::from(count);
        self.change(at, last, -i64::from(count));
    }

    fn short(&mut self, _day: u32, _at: At, count: u32) {
        self.short += u64::from(count);
    }

    fn outdated(&mut self, day: u32, at: At, last: u32, count: u16) {
        assert!(last < self.bucket(day, at.component), "thrown away too soon");
        self.change(at, last, -i64::from(count));
    }

    fn moved(&mut self, _day: u32, at: At, to: usize, last: u32, count: u16, days: u32) {
        self.change(at, last, -i64::from(count));
        if days == 0 {
            self.change(At { site: to, ..at }, last, i64::from(count));
        } else {
            self.moving += i64::from(count);
        }
    }

    fn arrived(&mut self, _day: u32, at: At, last: u32, count: u16) {
        self.moving -= i64::from(count);
        self.change(at, last, i64::from(count));
    }

    fn lost(&mut self, _day: u32, at: At, last: u32, count: u16) {
        self.change(at, last, -i64::from(count));
    }

    fn ended(&mut self, day: u32, state: &State) {
        self.days += 1;
        let moving = state.on_the_way().filter(|one| one.from_other);
        assert_eq!(self.moving, moving.map(|one| i64::from(one.count)).sum::<i64>());
        let mut seen = 0;
        for (&(site, component, group, last), &held) in &self.lying {
            let shelf = state.shelf_of(At { site, component, group });
            let bucket = self.bucket(day, component);
            let found = shelf.ages(bucket).find(|(ahead, _)| bucket + ahead == last);
            let found = found.map_or(0, |(_, count)| i64::from(count));
            assert_eq!(found, held, "day {day}: site {site} line {component}/{group} last {last}");
            seen += held;
        }
        let sites = self.lying.keys().map(|key| key.0).max().unwrap_or(0);
        let all = (0..=sites).flat_map(|site| {
            (0..3).flat_map(move |component| {
                (0..GROUPS).map(move |group| At { site, component, group })
            })
        });
        let all: i64 = all.map(|at| i64::from(state.shelf_of(at).total())).sum();
        assert_eq!(all, seen, "day {day}: units that no book knows");
        self.lying.retain(|_, held| *held > 0);
    }
}

/// What stands on the shelves before the first day.
fn opened(world: &World, seed: Seed) -> Book {
    let state = State::new(world, seed, 0);
    let mut book =
        Book { steps: world.products.map(|one| i64::from(one.bucket_days)), ..Book::default() };
    for site in 0..world.sites.len() {
        for component in 0..3 {
            for group in 0..GROUPS {
                let at = At { site, component, group };
                for (last, count) in state.shelf_of(at).ages(0) {
                    book.change(at, last, i64::from(count));
                }
            }
        }
    }
    book
}

fn keeps_its_books(variant: Option<&str>) {
    let mut world = world(variant, 2);
    world.warmup_days = 0;
    let today = Policy { transfers: Transfers::Priced(world.price), callup: CallUp::Today };
    for policy in [Policy::SELF, Policy::JOINT, today] {
        let mut book = opened(&world, Seed(5));
        let tally = replicate(&world, &policy, Seed(5), 0, 400, &mut book);
        assert_eq!(book.days, 400);
        let asked: u64 = (0..3).map(|n| tally.all(|one| one.asked[n])).sum();
        let issued: u64 = (0..3).map(|n| tally.all(|one| one.issued[n])).sum();
        let short: u64 = (0..3).map(|n| tally.all(|one| one.short[n])).sum();
        assert_eq!((book.asked, book.short), (asked, short));
        assert_eq!(asked, issued + short, "everybody got it or did not");
        assert!(issued > 50_000, "{issued}");
        if policy.transfers == Transfers::Closed {
            assert_eq!((tally.planned, tally.urgent, tally.trips), (0, 0, 0));
        } else {
            assert!(tally.planned > 0);
        }
    }
}

#[test]
fn every_day_every_unit_is_accounted_for() {
    keeps_its_books(None);
}

#[test]
fn so_it_is_when_a_place_is_lost_a_road_is_closed_or_many_are_hurt() {
    for variant in ["lost_site", "closed_road", "mass_casualty", "older_population"] {
        keeps_its_books(Some(variant));
    }
}

#[test]
fn a_run_is_the_same_to_the_last_bit_for_any_number_of_threads() {
    let world = world(None, 1);
    let policies = [Policy::SELF, Policy::priced(world.price)];
    let with = |threads| {
        let amount = Amount { years: 1, replications: 5, seed: 3, threads };
        run(&world, &policies, amount, &Progress::default()).unwrap()
    };
    let one = with(1);
    for threads in [2, 3, 7] {
        assert_eq!(with(threads), one, "{threads} threads");
    }
    assert_ne!(one[0][0], one[0][1], "replications differ");
    assert_ne!(one[0][0], one[1][0], "policies differ");
}

#[test]
fn a_run_can_be_stopped() {
    let world = world(None, 1);
    let progress = Progress::default();
    progress.stop();
    let amount = Amount { years: 1, replications: 50, seed: 3, threads: 2 };
    assert!(run(&world, &[Policy::SELF], amount, &progress).is_err());
    assert!(progress.so_far().0 <= 2);
}

/// Calibration: today's division of calls gives the report's figures.
#[test]
fn the_shipped_scenario_gives_the_reports_figures() {
    let world = world(None, 4);
    let today = Policy { transfers: Transfers::Priced(world.price), callup: CallUp::Today };
    let amount = Amount { years: 4, replications: 4, seed: 1, threads: 2 };
    let results = run(&world, &[today], amount, &Progress::default()).unwrap();
    let mean =
        |of: &dyn Fn(&measures::Measures) -> f64| results[0].iter().map(of).sum::<f64>() / 4.0;
    let near = |what: &str, found: f64, wanted: f64, share: f64| {
        assert!((found / wanted - 1.0).abs() < share, "{what}: {found} of {wanted}");
    };
    let place = |all: &[measures::Measure], key: &str| {
        all.iter().position(|one| one.key == key).unwrap_or_else(|| panic!("no measure {key}"))
    };
    let whole = |key: &str| mean(&|one| one.whole[place(&measures::WHOLE, key)]);
    near("donations", whole("donations"), 68_827.0, 0.01);
    near("per donor", whole("per_donor"), 1.94, 0.02);
    let report = [(6_348.0, 1.62), (10_932.0, 1.84), (7_677.0, 2.20), (43_870.0, 1.98)];
    for (n, (donations, per_donor)) in report.into_iter().enumerate() {
        let region = |key: &str| mean(&|one| one.regions[n][place(&measures::REGION, key)]);
        near("donations of a region", region("donations"), donations, 0.03);
        near("per donor of a region", region("per_donor"), per_donor, 0.08);
    }
    let share = whole("moved_share");
    assert!((5.0..=6.5).contains(&share), "{share} % of the red cells from another region");
    // The university hospital's part, as the scenario asks for it.
    let days = days_of(&world, 1);
    let tally =
        replicate(&world, &today, Seed(1), 0, days, &mut samband_planning::simulate::state::Nobody);
    let part = |n: usize| tally.university_asked[n] as f64 / tally.all(|one| one.asked[n]) as f64;
    near("red cells of the university hospital", part(RED_CELLS), 0.37, 0.02);
    near("platelets of the university hospital", part(PLATELETS), 0.58, 0.03);
}

/// The same patients ask whatever the policy.
#[test]
fn every_policy_meets_the_same_patients() {
    let world = world(None, 1);
    let asked = |policy: Policy| {
        let days = days_of(&world, 1);
        let tally = replicate(
            &world,
            &policy,
            Seed(9),
            2,
            days,
            &mut samband_planning::simulate::state::Nobody,
        );
        tally.regions.iter().map(|one| one.asked).collect::<Vec<_>>()
    };
    assert_eq!(asked(Policy::SELF), asked(Policy::JOINT));
    assert_eq!(asked(Policy::SELF), asked(Policy::priced(5_000.0)));
}
