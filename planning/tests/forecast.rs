//! Forecasts: the calendar against known dates, scores against a known truth, files.

use samband_domain::blood::model::{Component, Group};
use samband_domain::words::Day;
use samband_planning::forecast::calendar::{Kind, easter, is_public_holiday, kind};
use samband_planning::forecast::synthetic::{Site, mean, synthetic};
use samband_planning::forecast::{
    Key, Model, SeriesError, Table, backtest, forecasts, read, write,
};
use samband_planning::progress::Progress;
use samband_planning::random::Seed;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn easter_falls_where_tables_have_it() {
    let tables = [
        (1961, "04-02"),
        (1981, "04-19"),
        (1999, "04-04"),
        (2000, "04-23"),
        (2008, "03-23"),
        (2011, "04-24"),
        (2019, "04-21"),
        (2020, "04-12"),
        (2021, "04-04"),
        (2022, "04-17"),
        (2023, "04-09"),
        (2024, "03-31"),
        (2025, "04-20"),
        (2026, "04-05"),
        (2027, "03-28"),
        (2028, "04-16"),
        (2038, "04-25"),
        (2100, "03-28"),
    ];
    for (year, date) in tables {
        let march = u32::try_from(easter(year) - 1).unwrap();
        let found = day(&format!("{year}-03-01")).plus_days(march);
        assert_eq!(found, day(&format!("{year}-{date}")));
    }
}

#[test]
fn the_holidays_of_2024_and_2026_are_those_of_the_almanac() {
    let years = [
        ("2024", "01-01 01-06 03-29 03-31 04-01 05-01 05-09 05-19 06-06 06-22 11-02 12-25 12-26"),
        ("2026", "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-20 10-31 12-25 12-26"),
    ];
    for (year, dates) in years {
        let first = day(&format!("{year}-01-01"));
        let of_year = (0..366).map(|at| first.plus_days(at));
        let found: Vec<String> = of_year
            .map(|day| day.to_string())
            .filter(|text| text.starts_with(year) && is_public_holiday(text.parse().unwrap()))
            .map(|text| text[5..].to_owned())
            .collect();
        assert_eq!(found.join(" "), dates, "{year}");
    }
}

#[test]
fn eves_and_squeeze_days_are_told_apart() {
    for (date, expected) in [
        ("2024-06-21", Kind::Holiday), // Midsummer Eve
        ("2024-12-24", Kind::Holiday),
        ("2024-12-31", Kind::Holiday),
        ("2024-03-28", Kind::Eve), // Maundy Thursday
        ("2024-04-30", Kind::Eve), // Walpurgis Night
        ("2024-11-01", Kind::Eve), // All Saints' Eve
        ("2026-10-30", Kind::Eve),
        ("2024-05-10", Kind::Squeeze), // after Ascension
        ("2024-06-07", Kind::Squeeze), // between the National Day and Saturday
        ("2024-12-27", Kind::Squeeze), // Friday after Boxing Day
        ("2024-12-30", Kind::Squeeze),
        ("2024-06-05", Kind::Ordinary),
        ("2024-05-08", Kind::Ordinary),
        ("2024-05-11", Kind::Ordinary),
    ] {
        assert_eq!(kind(day(date)), expected, "{date}");
    }
}

fn sites() -> Vec<Site> {
    let site = |id: &str, daily| Site { id: id.into(), daily, growth: 0.02 };
    vec![site("SUS", 70.0), site("BLS", 8.0)]
}

fn table(seed: u64) -> Table {
    synthetic(Seed(seed), &sites(), day("2024-01-01"), 730, 40)
}

#[test]
fn scores_are_those_of_a_known_truth() {
    let tested = backtest(&table(1), 56, &Progress::default()).unwrap();
    let (chosen, naive) = (&tested.chosen, &tested.seasonal_naive);
    assert_eq!(tested.origins, 6);
    assert!(chosen.days > 16 * 6 * 50);
    assert!(chosen.crps < 0.8 * naive.crps, "{} and {}", chosen.crps, naive.crps);
    assert!((chosen.inside_50 - chosen.meant_50).abs() < 0.03, "{chosen:?}");
    assert!((chosen.inside_90 - chosen.meant_90).abs() < 0.03, "{chosen:?}");
    assert!(chosen.pinball.iter().zip(naive.pinball).all(|(ours, theirs)| *ours < theirs));
    for series in &tested.series {
        let best = series.crps_by_model[&series.model];
        assert!(series.crps_by_model.values().all(|crps| *crps >= best));
        assert_ne!(series.model, Model::SeasonalNaive);
    }
}

#[test]
fn forecasts_come_near_the_true_mean_also_of_rare_groups() {
    let table = table(2);
    let ahead = forecasts(&table, 28, &Progress::default()).unwrap();
    for series in &ahead.series {
        let site = sites().into_iter().find(|site| site.id == series.key.site).unwrap();
        let truth = |day| mean(&site, series.key.group.unwrap(), day, table.first, table.days);
        let true_sum: f64 = series.days.iter().map(|ahead| truth(ahead.date)).sum();
        let sum: f64 = series.days.iter().map(|ahead| ahead.mean).sum();
        let off = (sum / true_sum - 1.0).abs();
        // What two years of days can tell at all: a count's own error, widened by dispersion.
        let seen: u32 = table.series[&series.key].iter().flatten().sum();
        let within = 0.05 + 3.5 * (1.4 / f64::from(seen)).sqrt();
        assert!(off < within, "{:?}: {sum} for {true_sum}", series.key);
        assert!(series.days.iter().all(|ahead| ahead.quantiles.is_sorted()));
    }
    assert_eq!(forecasts(&table, 28, &Progress::default()).unwrap(), ahead, "to the last bit");
}

#[test]
fn what_nobody_reported_is_not_zero() {
    // The same series, once with a month of silence: the forecast hardly moves. As zeros it would.
    let full = table(3);
    let mut silent = full.clone();
    let mut zeros = full.clone();
    for days in silent.series.values_mut() {
        days[690..720].fill(None);
    }
    for days in zeros.series.values_mut() {
        days[690..720].fill(Some(0));
    }
    let sum = |table: &Table| -> f64 {
        let ahead = forecasts(table, 14, &Progress::default()).unwrap();
        ahead.series.iter().flat_map(|series| &series.days).map(|day| day.mean).sum()
    };
    let (full, silent, zeros) = (sum(&full), sum(&silent), sum(&zeros));
    assert!((silent / full - 1.0).abs() < 0.04, "{silent} {full}");
    assert!(zeros < 0.98 * full.min(silent), "{zeros} {silent} {full}");
}

#[test]
fn a_group_that_was_hardly_seen_leans_on_the_others() {
    let mut table = table(4);
    let key = |site: &str| Key {
        site: site.into(),
        component: Component::RedCells,
        group: Some(Group::ALL[7]),
    };
    // At one site the rarest group was reported for ten days only, and none was used.
    let rare = table.series.get_mut(&key("BLS")).unwrap();
    rare.fill(None);
    rare[700..710].fill(Some(0));
    let ahead = forecasts(&table, 28, &Progress::default()).unwrap();
    let of = ahead.series.iter().find(|series| series.key == key("BLS")).unwrap();
    let sum: f64 = of.days.iter().map(|day| day.mean).sum();
    assert!(sum > 0.5 && sum < 5.0, "28 days of 0.08 a day: {sum}");
}

#[test]
fn files_come_back_as_they_were_and_errors_name_the_line() {
    let table = synthetic(Seed(9), &sites(), day("2026-01-01"), 40, 0);
    assert_eq!(read(&write(&table)).unwrap(), table);
    let head = "date,site,component,group,units\n";
    let line = |text: &str| read(&format!("{head}{text}")).unwrap_err().to_string();
    assert_eq!(read("date,units\n"), Err(SeriesError::Header));
    assert_eq!(read(head), Err(SeriesError::Empty));
    let good = "2026-01-01,SUS,red_cells,O+,3\n";
    assert!(read(&format!("{head}{good}2026-01-02,SUS,red_cells,o_pos,\n")).is_ok());
    for (text, says) in [
        (format!("{good}{good}"), "line 3: this day"),
        ("2026-02-30,SUS,red_cells,O+,3".into(), "line 2: “2026-02-30” is not a date"),
        ("2026-01-01,SUS,red_cells,O,3".into(), "line 2: “O” is not a blood group"),
        ("2026-01-01,SUS,cells,O+,3".into(), "line 2: the component is none of red_cells"),
        (format!("{good}\n2026-01-01,SUS,red_cells,A+,-1"), "line 4: “-1” is not a number"),
        ("2026-01-01,SUS,red_cells,O+".into(), "line 2: 4 cells"),
    ] {
        let found = line(&text);
        assert!(found.starts_with(says), "{found}");
    }
}

#[test]
fn little_is_forecast_from_little_and_a_stop_is_heard() {
    let text = "date,site,component,group,units\n2026-01-01,SUS,red_cells,O+,3\n";
    let ahead = forecasts(&read(text).unwrap(), 7, &Progress::default()).unwrap();
    assert_eq!(ahead.series[0].days.len(), 7);
    assert!(ahead.series[0].days.iter().all(|day| day.mean.is_finite() && day.mean > 0.0));
    let progress = Progress::default();
    progress.stop();
    assert!(backtest(&table(1), 56, &progress).is_err());
}

#[test]
fn the_example_is_what_the_generator_makes() {
    let site = |id: &str, daily| Site { id: id.into(), daily, growth: 0.02 };
    let sites = [site("sus", 71.0), site("bls", 8.0)];
    let table = synthetic(Seed(5), &sites, day("2025-09-01"), 400, 40);
    let text = include_str!("../../docs/planning/forecast-made-up.csv");
    assert_eq!(write(&table), text);
    let tested = backtest(&read(text).unwrap(), 56, &Progress::default()).unwrap();
    assert!(tested.chosen.crps < tested.seasonal_naive.crps);
}

#[test]
fn every_day_out_of_the_ordinary_has_a_name_and_no_other_has() {
    let first = day("2020-01-01");
    for at in 0..4_000 {
        let day = first.plus_days(at);
        let found = samband_planning::forecast::calendar::name(day);
        // Easter Eve and the like fall on weekends too; a plain Sunday has no name.
        assert!(found.is_some() || kind(day) == Kind::Ordinary, "{day}");
        assert!(found.is_none() || kind(day) != Kind::Ordinary, "{day} {found:?}");
    }
    let named = |text: &str| samband_planning::forecast::calendar::name(day(text));
    assert_eq!(named("2024-06-21"), Some("midsummer_eve"));
    assert_eq!(named("2024-06-22"), Some("midsummer"));
    assert_eq!(named("2026-10-31"), Some("all_saints"));
    assert_eq!(named("2024-12-27"), Some("squeeze"));
    assert_eq!(named("2024-12-29"), None, "a plain Sunday");
}

#[test]
fn one_series_is_shown_as_it_is_forecast_among_all_and_looks_back_honestly() {
    let table = table(6);
    let key =
        Key { site: "SUS".into(), component: Component::RedCells, group: Some(Group::ALL[2]) };
    let shown = |table: &Table| {
        samband_planning::forecast::shown(table, &key, 28, &Progress::default()).unwrap()
    };
    let one = shown(&table);
    let all = forecasts(&table, 28, &Progress::default()).unwrap();
    let among = all.series.iter().find(|series| series.key == key).unwrap();
    assert_eq!((one.tested.model, one.known_days), (among.model, among.known_days));
    for (one, among) in one.ahead.iter().zip(&among.days) {
        assert_eq!(
            (one.date, one.mean, one.limits[2]),
            (among.date, among.mean, among.quantiles[2])
        );
        assert!(one.limits.is_sorted());
    }
    // Whatever came in the last four weeks, what had been forecast for them is the same.
    let mut other = table;
    for units in other.series.values_mut() {
        units[730 - 28..].fill(Some(400));
    }
    let forecast = |shown: &samband_planning::forecast::Shown| -> Vec<_> {
        shown.came.iter().map(|came| came.forecast.clone().unwrap()).collect()
    };
    let other = shown(&other);
    assert_eq!(forecast(&one), forecast(&other));
    assert_eq!(other.came[0].units, Some(400));
    assert!(other.back.unwrap().score.crps > 5.0 * one.back.as_ref().unwrap().score.crps);
    assert!(one.back.as_ref().unwrap().score.inside_90 > 0.6);
}

#[test]
fn too_few_known_days_are_said_and_make_no_line() {
    let mut table = table(7);
    let key =
        Key { site: "BLS".into(), component: Component::RedCells, group: Some(Group::ALL[0]) };
    let units = table.series.get_mut(&key).unwrap();
    units[..703].fill(None);
    units[703..].fill(Some(1));
    let not = samband_planning::forecast::shown(&table, &key, 28, &Progress::default());
    let few = samband_planning::forecast::NotShown::TooFew { known: 27, needed: 28 };
    assert_eq!(not, Err(few));
}

#[test]
fn all_groups_together_are_a_series_of_their_own() {
    let mut table = table(8);
    let site = |key: &Key| key.site == "SUS";
    let parts: Vec<_> = table.series.iter().filter(|(key, _)| site(key)).collect();
    let sum = |at: usize| parts.iter().map(|(_, units)| units[at]).sum::<Option<u32>>();
    let whole: Vec<_> = (0..table.days).map(sum).collect();
    let before = forecasts(&table, 28, &Progress::default()).unwrap();
    let key = Key { site: "SUS".into(), component: Component::RedCells, group: None };
    table.series.insert(key, whole);
    assert_eq!(read(&write(&table)).unwrap(), table, "an empty group in the file");
    let after = forecasts(&table, 28, &Progress::default()).unwrap();
    let of = |series: &[samband_planning::forecast::Forecast], all: bool| -> f64 {
        let series = series.iter().filter(|one| site(&one.key) && one.key.group.is_none() == all);
        series.flat_map(|one| &one.days).map(|day| day.mean).sum()
    };
    let (whole, parts) = (of(&after.series, true), of(&after.series, false));
    assert_eq!(of(&before.series, false).to_bits(), parts.to_bits(), "the parts do not change");
    assert!((whole / parts - 1.0).abs() < 0.03, "{whole} {parts}");
}
