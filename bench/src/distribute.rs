//! The plan of the day: five hundred casualties over thirty hospitals, alone.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use samband_planning::distribute::{
    Amount as Figure, Class, Group, Objective, Place, Pool, Primary, UnitRow, Way,
};
use samband_planning::progress::Progress;

use crate::Amount;
use crate::report::Section;

const ABOUT: &str = "\
Casualties of a made-up event to hospitals 12 to 160 minutes away, in processor seconds of one \
thread, explanations included: three classes, places by class now, at +2 h and at +6 h, a rate per \
hour, ambulances that become ready over three hours, two buses, three helicopters. Every run must \
give the same plan, and no value may be beyond its bound. The gap is between the plan and what no \
plan can exceed, level by level; the best of several runs counts.";

/// Measures.
///
/// # Errors
/// If two runs differ, or a bound does not hold.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Casualty distribution", ABOUT);
    section.table(&[
        "casualties",
        "hospitals",
        "units",
        "plan",
        "measure",
        "value",
        "bound",
        "gap",
    ]);
    let sizes: &[(i64, usize, usize)] =
        amount.of(&[(50, 6, 1)], &[(500, 30, 1)], &[(100, 10, 1), (500, 30, 1), (500, 30, 3)]);
    for (casualties, hospitals, fleets) in sizes {
        let asked = made_up(*casualties, *hospitals, *fleets);
        let first = asked.solve(&Progress::default())?;
        let mut best = f64::INFINITY;
        for _ in 0..amount.of(1, 3, 9) {
            let before = thread_time()?;
            let again = asked.solve(&Progress::default())?;
            best = best.min((thread_time()? - before).as_secs_f64());
            ensure!(again == first, "the same question, another plan");
        }
        let units: usize = asked.units.iter().map(|unit| unit.count).sum();
        section.figure(format!("{casualties} over {hospitals}, {units} units cpu_s"), best);
        for level in &first.levels {
            let [value, bound] = [level.value, level.bound].map(|figure| match figure {
                Figure::Whole(whole) => whole.to_string(),
                Figure::Expected(part) => format!("{part:.4}"),
            });
            section.row([
                casualties.to_string(),
                hospitals.to_string(),
                units.to_string(),
                format!("{:.0} ms", best * 1e3),
                format!("{:?}", level.measure),
                value,
                bound,
                format!("{:.1} %", level.gap_percent),
            ]);
        }
    }
    Ok(section)
}

/// Processor time of this thread alone: all of it is ours.
fn thread_time() -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().context("no time")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

fn made_up(casualties: i64, hospitals: usize, fleets: usize) -> Primary {
    let mut state = 12_345_u64;
    let mut draw = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below) as i64
    };
    let class = |name: &str, target, weight, in_rate| Class {
        name: name.into(),
        target,
        counts: 1,
        weight,
        in_rate,
        survival: None,
    };
    let group = |class, count| Group { class, special: None, count, from: 0 };
    let unit = |id: String, way, (ready, count): (i64, usize), seats, carries: [bool; 3]| UnitRow {
        id,
        region: "r0".into(),
        way,
        ready,
        count,
        seats,
        carries: carries.to_vec(),
    };
    let ready = [(10, 4), (20, 4), (50, 8), (52, 10), (126, 5), (144, 5), (148, 5), (171, 5)];
    let ambulance = |(ready, count)| {
        let many = (ready, count * fleets);
        unit(format!("ready at {ready}"), Way::Road, many, 1, [true; 3])
    };
    let mut units: Vec<UnitRow> = ready.into_iter().map(ambulance).collect();
    units.push(unit("bus".into(), Way::Road, (60, 2), 20, [false, false, true]));
    units.push(unit("helicopter".into(), Way::Air, (40, 3), 1, [true, true, false]));
    let mut places = Vec::new();
    for at in 0..hospitals {
        let minutes = 12 + draw(150);
        let size = 1 + draw(3);
        let pool = |class, now: i64, soon: i64, later: i64| {
            let all = now + soon + later;
            Pool { class, special: None, steps: [now, now + soon, all, all] }
        };
        let (one, two, three) = (1 + draw(2), 2 + draw(3), 5 + draw(5));
        places.push(Place {
            id: format!("H{at:02}"),
            region: format!("r{}", at % 7),
            minutes: [Some(minutes), Some(10 + minutes / 3)],
            pools: vec![pool(0, size, one, 2), pool(1, 1 + size, two, 3), pool(2, three, 5, 5)],
            per_hour: Some(2 * size + 2),
            most: None,
        });
    }
    Primary {
        objective: Objective::CapacityAndTime,
        parameters: None,
        load: 10,
        unload: 10,
        horizon: 720,
        classes: vec![
            class("P1", 90, 4, true),
            class("P2", 180, 2, true),
            class("P3", 360, 1, false),
        ],
        groups: vec![
            group(0, casualties / 5),
            group(1, casualties * 3 / 10),
            group(2, casualties / 2),
        ],
        units,
        hospitals: places,
        region_caps: Vec::new(),
        unknown: Vec::new(),
    }
}
