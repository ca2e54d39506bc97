//! The exact kinds beside plain counting: every plan of small instances.

use proptest::prelude::*;
use samband_planning::distribute::{
    Casualties, ClassRow, FleetRow, Hospital, Receiver, RuleSimulation, Secondary, Survival,
};

/// Most moved, then least minutes, over every table of counts; and how often that is reached.
fn counted(asked: &Secondary) -> (i64, i64, usize) {
    let (classes, hospitals) = (asked.patients.len(), asked.hospitals.len());
    let most = |cell: usize| {
        let (class, hospital) = (cell / hospitals, cell % hospitals);
        asked.hospitals[hospital].places[class].unwrap_or(0).min(asked.patients[class].count)
    };
    let mut counts = vec![0; classes * hospitals];
    let mut best = (0, 0, 0);
    loop {
        let class = |at: usize| counts[at * hospitals..(at + 1) * hospitals].iter().sum::<i64>();
        let fits = (0..classes).all(|at| class(at) <= asked.patients[at].count)
            && asked.caps.iter().all(|(region, cap)| {
                let cells = (0..counts.len())
                    .filter(|cell| asked.hospitals[cell % hospitals].region == *region);
                cells.map(|cell| counts[cell]).sum::<i64>() <= *cap
            });
        if fits {
            let moved: i64 = counts.iter().sum();
            let cost = |cell: usize| counts[cell] * asked.hospitals[cell % hospitals].minutes;
            let minutes: i64 = (0..counts.len()).map(cost).sum();
            if (moved, -minutes) > (best.0, -best.1) || best.2 == 0 {
                best = (moved, minutes, 1);
            } else if (moved, minutes) == (best.0, best.1) {
                best.2 += 1;
            }
        }
        let Some(cell) = (0..counts.len()).find(|cell| counts[*cell] < most(*cell)) else {
            return best;
        };
        counts[cell] += 1;
        counts[..cell].fill(0);
    }
}

/// The most of any choice of single trips, casualty by casualty.
fn tried(
    asked: &RuleSimulation,
    casualty: usize,
    units: &mut [usize],
    begun: &mut Vec<(usize, i64)>,
) -> f64 {
    let all = asked.immediate.count + asked.delayed.count;
    if casualty == all {
        return 0.0;
    }
    let class = if casualty < asked.immediate.count { &asked.immediate } else { &asked.delayed };
    let mut best = tried(asked, casualty + 1, units, begun);
    for unit in 0..units.len() {
        if units[unit] == 0 {
            continue;
        }
        for (hospital, one) in asked.hospitals.iter().enumerate() {
            let arrives = asked.units[unit].ready + asked.load + one.minutes;
            let key = (hospital, arrives / 60);
            if begun.iter().filter(|known| **known == key).count() as i64 >= one.per_hour {
                continue;
            }
            units[unit] -= 1;
            begun.push(key);
            let value = class.survival.at(arrives) + tried(asked, casualty + 1, units, begun);
            begun.pop();
            units[unit] += 1;
            best = best.max(value);
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn secondary_is_the_best_of_all_tables(
        patients in prop::collection::vec(0_i64..5, 2),
        minutes in prop::collection::vec(10_i64..16, 3),
        places in prop::collection::vec(prop::option::of(0_i64..4), 6),
        caps in prop::collection::vec(0_i64..6, 2),
    ) {
        let region = |at: usize| ["north", "south"][at % 2].to_owned();
        let asked = Secondary {
            from: "x".into(),
            patients: patients
                .iter()
                .zip(["ICU", "ward"])
                .map(|(count, class)| {
                    let (class, count) = (class.into(), *count);
                    ClassRow { class, count, needs: None, home: None }
                })
                .collect(),
            hospitals: (0..3)
                .map(|at| Receiver {
                    id: format!("h{at}"),
                    region: region(at),
                    minutes: minutes[at],
                    places: places[2 * at..2 * at + 2].to_vec(),
                })
                .collect(),
            caps: vec![(region(0), caps[0]), (region(1), caps[1])],
        };
        let answer = asked.solve().unwrap();
        let (moved, minutes, ways) = counted(&asked);
        prop_assert_eq!(answer.classes.iter().map(|one| one.moved).sum::<i64>(), moved);
        prop_assert_eq!(answer.total_minutes, minutes);
        prop_assert_eq!(answer.unique, ways == 1);
        for (class, row) in answer.classes.iter().zip(&asked.patients) {
            prop_assert_eq!(class.moved + class.unplaced, row.count);
        }
    }

    #[test]
    fn single_trips_are_the_best_of_all(
        counts in prop::collection::vec(0_usize..3, 5),
        ready in prop::collection::vec(0_i64..90, 3),
        minutes in prop::collection::vec(5_i64..120, 2),
        rate in prop::collection::vec(1_i64..3, 2),
    ) {
        let survival = |beta0, beta1, beta2| Survival { beta0, beta1, beta2 };
        let asked = RuleSimulation {
            immediate: Casualties { count: counts[0], survival: survival(0.351, 35.838, 1.9886) },
            delayed: Casualties { count: counts[1], survival: survival(0.9124, 213.5976, 2.3445) },
            load: 10,
            unload: 10,
            units: ready
                .iter()
                .zip(&counts[2..])
                .map(|(ready, count)| FleetRow {
                    name: "u".into(),
                    ready: *ready,
                    count: *count,
                    pledged: false,
                })
                .collect(),
            hospitals: minutes
                .iter()
                .zip(&rate)
                .enumerate()
                .map(|(at, (minutes, rate))| Hospital {
                    id: format!("h{at}"),
                    minutes: *minutes,
                    per_hour: *rate,
                })
                .collect(),
            left_out: Vec::new(),
        };
        let single = asked.solve().single_trip;
        let best = tried(&asked, 0, &mut counts[2..].to_vec(), &mut Vec::new());
        prop_assert!((single.expected_survivors - best).abs() < 2e-6, "{single:?} {best}");
        prop_assert!(single.proven, "{single:?}");
    }
}
