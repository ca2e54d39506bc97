//! The shared picture: the table of mission §1.6, figure by figure, and what unknown does to it.

use crate::common::{Desk, actor, id};
use proptest::prelude::*;
use samband_domain::figures::event::FiguresReported;
use samband_domain::figures::view::{Line, Picture, Ratio, periods, picture};
use samband_domain::figures::{self, Event, FigureRow, Measure, Source};
use samband_domain::{JournalId, Known, Period};

const YEAR: Period = Period::Year(2024);

/// The report: region; inhabitants, aged 18–64, active donors, whole-blood donations.
const REPORT: [(&str, [u64; 4]); 4] = [
    ("blekinge", [157_223, 88_078, 3_924, 6_348]),
    ("halland", [345_074, 192_417, 5_938, 10_932]),
    ("kronoberg", [203_351, 116_200, 3_484, 7_677]),
    ("skane", [1_428_626, 840_163, 22_103, 43_870]),
];

fn source() -> Source {
    let title = "Projektrapport Transfusionsmedicin".into();
    Source { title, published: Known::Unknown, file: None, warnings: Vec::new() }
}

fn report(values: impl IntoIterator<Item = (Measure, Known<u64>)>) -> figures::Command {
    let row =
        |(measure, value)| FigureRow { measure, period: YEAR, value, row: None, column: None };
    let rows = values.into_iter().map(row).collect();
    figures::Command::Report { source: source(), rows }
}

fn desk(region: &str, values: [Known<u64>; 4]) -> Desk {
    let mut desk = Desk::open(region);
    desk.must("a-1", report(Measure::ALL.iter().copied().zip(values)));
    desk
}

fn reported() -> Vec<Desk> {
    REPORT.map(|(region, values)| desk(region, values.map(Known::Value))).into()
}

fn join(desks: &[Desk]) -> Picture {
    let regions: Vec<_> =
        desks.iter().map(|desk| (desk.journal.clone(), &desk.region.shared.figures)).collect();
    picture(&regions, YEAR)
}

/// A ratio as the report prints it: so many decimals, halves away from zero.
fn printed(ratio: Known<Ratio>, decimals: u32, scale: i128) -> String {
    let Known::Value(Ratio { numerator, denominator }) = ratio else {
        return "okänt".into();
    };
    let ten = 10_i128.pow(decimals);
    let scaled = Ratio { numerator: numerator * scale * ten, denominator }.rounded();
    let digits = decimals as usize;
    match digits {
        0 => scaled.to_string(),
        _ => format!("{}.{:0digits$}", scaled / ten, scaled % ten),
    }
}

/// The computed columns of the table: % of inhabitants, % of 18–64, per donor, per 1000, goal,
/// missing to the goal, extra donations at Kronoberg's use.
fn row(line: &Line) -> [String; 7] {
    [
        printed(line.active_share, 2, 100),
        printed(line.active_share_18_64, 2, 100),
        printed(line.donations_per_donor, 2, 1),
        printed(line.donations_per_1000, 2, 1),
        printed(line.donors_at_goal, 1, 1),
        printed(line.donors_to_goal, 1, 1),
        printed(line.even_use_gain, 0, 1),
    ]
}

#[test]
fn the_table_of_the_mission_is_reproduced_exactly() {
    let picture = join(&reported());
    let rows: Vec<_> = picture.regions.iter().map(|region| row(&region.line)).collect();
    assert_eq!(
        rows,
        [
            ["2.50", "4.46", "1.62", "40.38", "4403.9", "479.9", "2299"],
            ["1.72", "3.09", "1.84", "31.68", "9620.9", "3682.9", "2152"],
            ["1.71", "3.00", "2.20", "37.75", "5810.0", "2326.0", "0"],
            ["1.55", "2.63", "1.98", "30.71", "42008.2", "19905.2", "4834"],
        ]
    );
    let total = &picture.total;
    assert_eq!(row(total), ["1.66", "2.87", "1.94", "32.25", "61842.9", "26393.9", "9285"]);
    let counts = [
        total.population,
        total.population_18_64,
        total.active_donors,
        total.whole_blood_donations,
    ];
    assert_eq!(counts, [2_134_274, 1_236_858, 35_449, 68_827].map(Known::Value));
}

#[test]
fn even_use_is_measured_against_kronoberg_and_gives_thirteen_and_a_half_percent() {
    let picture = join(&reported());
    let (region, top) = picture.highest_use.value().unwrap();
    assert_eq!(region, id("kronoberg"));
    assert_eq!(printed(Known::Value(top), 4, 1), "2.2035");
    let gain = picture.total.even_use_gain.value().unwrap();
    let donations = i128::from(picture.total.whole_blood_donations.value().unwrap());
    let share = Ratio::of(gain.numerator, gain.denominator * donations);
    assert_eq!(printed(share, 1, 100), "13.5");
}

#[test]
fn among_equals_the_first_by_name_stands_for_the_highest_use() {
    let halland = || desk("halland", [100, 50, 10, 20].map(Known::Value));
    let skane = || desk("skane", [300, 200, 30, 60].map(Known::Value));
    let picture = join(&[halland(), skane()]);
    let turned = join(&[skane(), halland()]);
    assert_eq!(picture.highest_use, turned.highest_use);
    assert_eq!(picture.highest_use.value().unwrap().0, id("halland"));
    assert_eq!(printed(picture.total.even_use_gain, 0, 1), "0");
}

#[test]
fn what_one_region_leaves_open_is_unknown_in_the_sum_and_nowhere_else() {
    let whole = join(&reported());
    let mut desks = reported();
    let halland = REPORT[1].1;
    let mut values = halland.map(Known::Value);
    values[2] = Known::Unknown;
    desks[1] = desk("halland", values);
    let partly = join(&desks);
    for at in [0, 2, 3] {
        assert_eq!(partly.regions[at].line, whole.regions[at].line);
    }
    let unknown = "okänt";
    assert_eq!(
        row(&partly.regions[1].line),
        [unknown, unknown, unknown, "31.68", "9620.9", unknown, unknown]
    );
    assert_eq!(
        row(&partly.total),
        [unknown, unknown, unknown, "32.25", "61842.9", unknown, unknown]
    );
    assert_eq!(partly.total.active_donors, Known::Unknown);
    assert_eq!(partly.total.population, whole.total.population);
}

#[test]
fn a_region_that_has_stated_nothing_makes_every_sum_unknown() {
    let mut desks = reported();
    desks.push(Desk::open("sormland"));
    let picture = join(&desks);
    assert!(row(&picture.total).iter().all(|cell| cell == "okänt"));
    assert!(row(&picture.regions[4].line).iter().all(|cell| cell == "okänt"));
    assert_eq!(row(&picture.regions[0].line)[0], "2.50");
    assert_eq!(join(&[]).total.population, Known::Unknown, "nobody's sum is not zero");
}

#[test]
fn nobody_at_all_is_a_stated_zero_and_no_share_of_nothing_is_made_up() {
    let zero = join(&[desk("halland", [0, 0, 0, 0].map(Known::Value))]);
    let line = &zero.regions[0].line;
    assert_eq!(line.active_donors, Known::Value(0));
    assert_eq!(line.active_share, Known::Unknown);
    assert_eq!(line.donations_per_donor, Known::Unknown);
    assert_eq!(printed(line.donors_to_goal, 1, 1), "0.0");
}

#[test]
fn figures_of_other_periods_stay_out_and_the_periods_come_newest_first() {
    let mut desks = reported();
    let earlier = FigureRow {
        measure: Measure::Population,
        period: Period::Year(2023),
        value: Known::Value(1),
        row: None,
        column: None,
    };
    let month = FigureRow { period: Period::Month(2024, 6), ..earlier.clone() };
    let rows = vec![earlier, month];
    desks[0].must("a-1", figures::Command::Report { source: source(), rows });
    assert_eq!(join(&desks).total, join(&reported()).total);
    let held = [(id("blekinge"), &desks[0].region.shared.figures)];
    assert_eq!(periods(&held), [YEAR, Period::Month(2024, 6), Period::Year(2023)]);
}

#[test]
fn a_correction_replaces_the_figure_and_says_what_it_replaced() {
    let mut desk = desk("halland", REPORT[1].1.map(Known::Value));
    let wrong = desk.head();
    let correct = |value| figures::Command::Correct {
        measure: Measure::ActiveDonors,
        period: YEAR,
        value,
        reason: "sifferfel".into(),
    };
    desk.pass_hours(1);
    let event = desk.must("a-2", correct(Known::Value(6_000)));
    let samband_domain::Event::Figures(Event::FigureCorrected(event, _)) = event else {
        panic!("{event:?}");
    };
    assert_eq!(event.supersedes, wrong);
    let figure = &desk.region.shared.figures.figures[&(Measure::ActiveDonors, YEAR)];
    assert_eq!((figure.value, figure.replaced), (Known::Value(6_000), 1));
    assert_eq!(figure.provenance.correction.as_deref(), Some("sifferfel"));
    assert_eq!(figure.provenance.by, actor("a-2"));
    assert_eq!(figure.provenance.source, source().into(), "it still comes from the same report");
    desk.must("a-2", correct(Known::Unknown));
    assert_eq!(join(&[desk]).total.active_donors, Known::Unknown);
}

fn value() -> impl Strategy<Value = Known<u64>> {
    prop_oneof![
        1 => Just(Known::Unknown),
        4 => (0..=20_000_000_u64).prop_map(Known::Value),
        1 => (0..3_u64).prop_map(Known::Value),
        1 => any::<u64>().prop_map(Known::Value),
    ]
}

/// States that other journals might lead to, absurd ones included.
fn states() -> impl Strategy<Value = Vec<(JournalId, figures::Shared)>> {
    let names = prop::sample::subsequence(vec!["a", "b", "c", "d", "e"], 0..=5);
    (names, prop::collection::vec(prop::array::uniform4(value()), 5)).prop_map(|(names, values)| {
        let state = |(name, values): (&str, [Known<u64>; 4])| {
            let figures::Command::Report { source, rows } =
                report(Measure::ALL.iter().copied().zip(values))
            else {
                unreachable!("a report");
            };
            let mut desk = Desk::open(name);
            let event =
                Event::FiguresReported(FiguresReported { source, rows }, crate::common::NOTHING);
            desk.record(&actor("a-1"), &event.into());
            (id(name), desk.region.shared.figures)
        };
        names.into_iter().zip(values).map(state).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_order_of_the_regions_does_not_matter(
        (states, shuffled) in states().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
    ) {
        let join = |states: &[(JournalId, figures::Shared)]| {
            let regions: Vec<_> = states.iter().map(|(n, state)| (n.clone(), state)).collect();
            let mut picture = picture(&regions, YEAR);
            picture.regions.sort_by(|a, b| a.region.cmp(&b.region));
            picture
        };
        prop_assert_eq!(join(&states), join(&shuffled));
    }

    #[test]
    fn a_sum_is_known_exactly_if_every_part_is(states in states()) {
        let regions: Vec<_> = states.iter().map(|(name, state)| (name.clone(), state)).collect();
        let picture = picture(&regions, YEAR);
        let parts: Option<Vec<u64>> =
            picture.regions.iter().map(|region| region.line.active_donors.value()).collect();
        let sum = parts
            .filter(|parts| !parts.is_empty())
            .map(|parts| parts.into_iter().fold(0, u64::saturating_add));
        prop_assert_eq!(picture.total.active_donors.value(), sum);
    }
}
