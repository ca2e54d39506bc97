//! Casualty distribution: the published figures, to the last decimal, and what a wrong file says.

use samband_planning::distribute::{
    Answer, Casualties, Choice, ClassOrder, ClosedForm, Fleet, Instance, RuleSimulation,
    SecondaryAnswer, Survival, read,
};
use samband_planning::progress::Progress;

const A: &str = include_str!("../../docs/planning/distribute-a.json");
const B: &str = include_str!("../../docs/planning/distribute-b.json");
const S: &str = include_str!("../../docs/planning/distribute-s.json");
const DAY: &str = include_str!("../../docs/planning/distribute-day.json");

const IMMEDIATE: Survival = Survival { beta0: 0.3510, beta1: 35.838, beta2: 1.9886 };
const DELAYED: Survival = Survival { beta0: 0.9124, beta1: 213.5976, beta2: 2.3445 };

/// Four decimals, as they are published.
fn four(value: f64) -> String {
    format!("{value:.4}")
}

fn solved(text: &str) -> Answer {
    read(text).unwrap().solve(&Progress::default()).unwrap()
}

#[test]
fn the_published_curves() {
    for (minute, immediate, delayed) in
        [(15, "0.298233", "0.910601"), (60, "0.092697", "0.868168"), (120, "0.029108", "0.724839")]
    {
        assert_eq!(format!("{:.6}", IMMEDIATE.at(minute)), immediate);
        assert_eq!(format!("{:.6}", DELAYED.at(minute)), delayed);
    }
}

#[test]
fn one_hospital_in_closed_form() {
    for (n, immediate, delayed, last, first, second, best, gain) in [
        (5, 10, 20, 165, "16.5631", "17.2342", "17.4570", "5.4"),
        (20, 10, 20, 45, "20.9815", "19.5764", "20.9815", "0.0"),
        (10, 20, 50, 195, "38.1735", "41.1544", "41.1544", "7.8"),
        (20, 20, 50, 105, "48.2268", "45.4273", "48.2268", "0.0"),
        (5, 40, 80, 705, "15.0238", "37.0406", "37.0406", "146.5"),
        (10, 40, 80, 345, "38.9696", "56.3200", "56.3200", "44.5"),
        (40, 40, 80, 75, "81.1089", "74.6246", "81.1089", "0.0"),
    ] {
        let asked = ClosedForm {
            ambulances: n,
            one_way: 15,
            cycle: 30,
            immediate: Casualties { count: immediate, survival: IMMEDIATE },
            delayed: Casualties { count: delayed, survival: DELAYED },
        };
        let answer = asked.solve();
        assert_eq!(answer.last_arrival, last);
        assert_eq!(four(answer.immediate_first), first);
        assert_eq!(four(answer.delayed_first), second);
        assert_eq!(four(answer.optimum), best);
        assert_eq!(format!("{:.1}", answer.gain_percent), gain);
        assert_eq!(answer.waves.iter().map(|wave| wave.immediate).sum::<usize>(), immediate);
    }
}

/// No choice of who goes when is better: every subset, counted out.
#[test]
fn the_closed_form_is_the_best_of_all_orders() {
    for n in 1..5 {
        for immediate in 0..=9 {
            let asked = ClosedForm {
                ambulances: n,
                one_way: 20,
                cycle: 37,
                immediate: Casualties { count: immediate, survival: IMMEDIATE },
                delayed: Casualties { count: 9 - immediate, survival: DELAYED },
            };
            let worth = |chosen: u32| -> f64 {
                let one = |k: usize| {
                    let curve = if chosen & (1 << k) == 0 { DELAYED } else { IMMEDIATE };
                    curve.at(20 + 37 * (k / n) as i64)
                };
                (0..9).map(one).sum()
            };
            let chosen = (0..1_u32 << 9).filter(|set| set.count_ones() as usize == immediate);
            let best = chosen.map(worth).fold(0.0, f64::max);
            if immediate > 0 || n > 0 {
                assert!((asked.solve().optimum - best).abs() < 2e-6, "{n} {immediate}");
            }
        }
    }
}

fn mellan(immediate: usize, delayed: usize) -> RuleSimulation {
    let Instance::RuleSimulation(mut asked) = read(B).unwrap() else { panic!("not rules") };
    (asked.immediate.count, asked.delayed.count) = (immediate, delayed);
    asked
}

#[test]
fn the_rules_of_the_primary_phase() {
    use ClassOrder::{DelayedFirst, ImmediateFirst};
    for (counts, order, figures) in [
        ((15, 15), ImmediateFirst, ["5.3634", "7.9121", "5.3634", "11.4876"]),
        ((15, 15), DelayedFirst, ["11.5413", "12.1458", "11.5413", "12.8130"]),
        ((10, 20), ImmediateFirst, ["8.3535", "11.3677", "8.3535", "15.1986"]),
        ((10, 20), DelayedFirst, ["13.6200", "14.9606", "13.6200", "16.4457"]),
    ] {
        let answer = mellan(counts.0, counts.1).solve();
        let rules = [
            (Fleet::Own, Choice::Nearest),
            (Fleet::Own, Choice::Earliest),
            (Fleet::All, Choice::Nearest),
            (Fleet::All, Choice::Earliest),
        ];
        for ((fleet, choice), figure) in rules.into_iter().zip(figures) {
            let outcome = answer
                .rules
                .iter()
                .find(|one| (one.fleet, one.order, one.choice) == (fleet, order, choice))
                .unwrap();
            assert_eq!(four(outcome.expected_survivors), figure, "{fleet:?} {order:?} {choice:?}");
            if choice == Choice::Earliest {
                let last = if fleet == Fleet::Own { 297 } else { 173 };
                assert_eq!(outcome.last_start, last);
            }
            if (fleet, choice) == (Fleet::All, Choice::Earliest) {
                let loads: Vec<_> = outcome
                    .loads
                    .iter()
                    .map(|load| (load.hospital.as_str(), load.casualties))
                    .collect();
                assert_eq!(loads, [("KOP", 12), ("ESK", 12), ("USO", 6)]);
            }
        }
    }
}

#[test]
fn single_trips_at_their_best() {
    for (immediate, delayed, best, first, second) in [
        (15, 15, "12.7032", "10.1288", "12.6992"),
        (10, 20, "16.1559", "13.8398", "16.1519"),
        (19, 19, "15.6336", "11.2567", "15.6296"),
    ] {
        let single = mellan(immediate, delayed).solve().single_trip;
        assert_eq!(four(single.expected_survivors), best);
        assert!(single.proven && single.bound >= single.expected_survivors, "{single:?}");
        assert_eq!(four(single.nearest_immediate_first), first);
        assert_eq!(four(single.nearest_delayed_first), second);
    }
}

fn secondary() -> SecondaryAnswer {
    let Answer::Secondary(answer) = solved(S) else { panic!("not secondary") };
    answer
}

#[test]
fn the_secondary_phase() {
    let answer = secondary();
    assert_eq!(answer.total_minutes, 1991);
    let minutes: Vec<_> = answer.classes.iter().map(|one| (one.minutes, one.unplaced)).collect();
    assert_eq!(minutes, [(1025, 0), (966, 0)]);
    let of = |class: &str| -> Vec<(&str, i64, i64, i64)> {
        let moved = answer.moved.iter().filter(|one| one.class == class);
        moved.map(|one| (one.hospital.as_str(), one.patients, one.fewest, one.most)).collect()
    };
    let icu = [("ESK", 1), ("AKA", 4), ("USO", 4), ("FAL", 1), ("GAV", 1), ("KAR", 1)];
    assert_eq!(of("ICU"), icu.map(|(hospital, n)| (hospital, n, n, n)));
    let ward =
        [("ESK", 4, 4, 4), ("AKA", 1, 1, 1), ("USO", 1, 1, 1), ("FAL", 4, 2, 4), ("GAV", 2, 2, 4)];
    assert_eq!(of("ward"), ward);
    assert!(!answer.unique);
    for region in ["Sörmland", "Uppsala", "Örebro län"] {
        let one = answer.regions.iter().find(|one| one.region == region).unwrap();
        assert_eq!((one.units, one.most), (5, 5));
    }
}

#[test]
fn whoever_has_no_place_stays_and_the_unknown_is_named() {
    let text = S.replace("\"units_per_region\": 5", "\"units_per_region\": 3");
    let Answer::Secondary(answer) = solved(&text) else { panic!("not secondary") };
    let moved: i64 = answer.classes.iter().map(|one| one.moved).sum();
    let unplaced: i64 = answer.classes.iter().map(|one| one.unplaced).sum();
    assert_eq!((moved, unplaced), (18, 6), "six regions with three units each");
    let text = S.replacen("{\"ICU\": 1, \"ward\": 4}", "{\"ICU\": \"unknown\", \"ward\": 4}", 1);
    let Answer::Secondary(answer) = solved(&text) else { panic!("not secondary") };
    assert_eq!(answer.left_out, ["ESK: ICU"]);
    assert_eq!(answer.classes[0].unplaced, 1);
}

#[test]
fn whoever_goes_home_takes_the_same_places_and_goes_nowhere_else() {
    let home = "{\"class\": \"home\", \"count\": 3, \"needs\": \"ward\", \"home\": \"Dalarna\"}";
    let text = S.replace(
        "{\"class\": \"ward\", \"count\": 12}",
        &format!("{{\"class\": \"ward\", \"count\": 9}}, {home}"),
    );
    let Answer::Secondary(answer) = solved(&text) else { panic!("not secondary") };
    let at = |hospital: &str| -> i64 {
        let there = answer.moved.iter().filter(|one| one.hospital == hospital);
        there.filter(|one| one.class != "ICU").map(|one| one.patients).sum()
    };
    let mine: Vec<_> = answer.moved.iter().filter(|one| one.class == "home").collect();
    assert_eq!(mine.iter().map(|one| one.patients).sum::<i64>(), 3);
    assert!(mine.iter().all(|one| one.region == "Dalarna"));
    assert!(at("FAL") <= 4, "four beds, whoever lies in them");
    assert_eq!(answer.classes.iter().map(|one| one.unplaced).sum::<i64>(), 0);
    let four = text.replace("\"count\": 3, \"needs\"", "\"count\": 5, \"needs\"");
    let Answer::Secondary(answer) = solved(&four) else { panic!("not secondary") };
    assert_eq!(answer.classes.last().unwrap().unplaced, 1, "a fifth has no bed at home");
    let wrong = text.replace("\"needs\": \"ward\"", "\"needs\": \"beds\"");
    let error = read(&wrong).unwrap_err().to_string();
    assert!(error.contains("“beds”"), "{error}");
}

#[test]
fn a_file_that_is_wrong_says_where_and_what_to_do() {
    let cases = [
        (A, "\"closed_form\"", "\"open_form\"", "kind: “open_form”: write one of"),
        (A, "\"kind\": \"closed_form\",", "", "kind: is missing"),
        (A, "\"ambulances\": 5", "\"ambulance\": 5", "ambulance: is not a field here"),
        (A, "\"ambulances\": 5,", "", "ambulances: is missing"),
        (A, "\"ambulances\": 5", "\"ambulances\": 0", "ambulances: 0: write a whole number 1"),
        (A, "\"count\": 10,", "\"count\": -1,", "immediate.count: -1"),
        (A, "\"beta0\": 0.3510", "\"beta0\": 1.2", "immediate.survival.beta0: 1.2"),
        (A, "\"cycle\": 30,", "\"cycle\": 30, \"cycle\": 31,", "“cycle” is there twice"),
        (B, "\"per_hour\": 4", "\"per_hour\": 2.5", "hospitals[0].per_hour: 2.5"),
        (B, "\"id\": \"ESK\"", "\"id\": \"KOP\"", "hospitals[1].id: “KOP” is there twice"),
        (B, "\"ready\": 20", "\"ready\": \"soon\"", "units[0].ready: \"soon\""),
        (S, "\"units_per_region\": 5", "\"units_per_region\": {\"Skåne\": 5}", "Skåne"),
        (S, "\"ward\": 4}", "\"wards\": 4}", "hospitals[0].places.wards: is not a field"),
        (S, "\"id\": \"ESK\"", "\"id\": \"VAS\"", "hospitals[0].id: is where they are"),
        (
            DAY,
            "\"class\": \"P1\", \"count\": 13",
            "\"class\": \"P0\", \"count\": 13",
            "casualties[0].class: “P0”",
        ),
        (DAY, "\"capacity_and_time\"", "\"survivors\"", "parameters: is missing"),
        (DAY, "\"now\": 0", "\"now\": null", "now: null: write a whole number 0"),
        (DAY, "\"leave_out\"", "\"guess\"", "unknown_capacity: “guess”"),
        (DAY, "{\"Värmland\": 12}", "{\"Skåne\": 12}", "region_caps.Skåne: no hospital"),
        (DAY, "\"carries\": [\"P3\"]", "\"carries\": []", "carries: empty"),
        (DAY, "{\"road\": 15}", "{}", "hospitals[0].minutes: empty"),
    ];
    for (text, from, to, says) in cases {
        assert!(text.contains(from), "{from}");
        let error = read(&text.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(says), "{error}: should say {says}");
    }
    assert!(read("[]").is_err() && read("").is_err() && read("{").is_err());
}
