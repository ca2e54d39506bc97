//! Settlements: accounts balance to the last öre, whatever happened and in whatever order.

use proptest::prelude::*;
use samband_domain::blood::model::Component;
use samband_domain::words::{Day, JournalId};
use samband_planning::settlement::{
    Agreement, For, Invitation, JointCost, Key, Keys, Price, Region, Settlement, Transfer, settle,
    shares,
};

const EXAMPLE: &str = include_str!("../../docs/planning/settlement.toml");

fn account(settlement: &Settlement, region: &str) -> samband_planning::settlement::Account {
    settlement.accounts.iter().find(|one| one.region.as_str() == region).unwrap().clone()
}

fn balances(settlement: &Settlement) {
    let sum: i64 = settlement.accounts.iter().map(|account| account.balance).sum();
    assert_eq!(sum, 0);
    for account in &settlement.accounts {
        let sum = |side: fn(&samband_planning::settlement::Entry) -> &JournalId| -> i64 {
            let own = settlement.entries.iter().filter(|entry| *side(entry) == account.region);
            own.map(|entry| entry.amount).sum()
        };
        assert_eq!(sum(|entry| &entry.creditor) - sum(|entry| &entry.debtor), account.balance);
        let parts = account.units_given - account.units_taken
            + account.transport
            + account.invitations
            + account.joint_paid
            - account.joint_share;
        assert_eq!(parts, account.balance, "{account:?}");
        let own = |region: &JournalId| *region == account.region;
        let paid: i64 = settlement
            .payments
            .iter()
            .map(|payment| {
                payment.amount * (i64::from(own(&payment.to)) - i64::from(own(&payment.from)))
            })
            .sum();
        assert_eq!(paid, account.balance, "payments settle");
    }
    assert!(settlement.payments.len() < settlement.accounts.len().max(1));
    assert!(settlement.payments.iter().all(|payment| payment.amount > 0));
}

/// Everything here is worked out by hand.
#[test]
fn the_example_worked_out() {
    let settlement = settle(&Agreement::read(EXAMPLE).unwrap());
    balances(&settlement);
    // Kronoberg: 15 × 1 400 kr for units, 450 kr for their carriage, 80 × 45 + 41 × 600 kr for
    // donors called for Skåne.
    let kronoberg = account(&settlement, "kronoberg");
    assert_eq!(kronoberg.units_given, 15 * 140_000);
    assert_eq!(kronoberg.transport, 45_000);
    let called = 80 * 4_500 + 41 * 60_000;
    // Blekinge called for all: 60 × 45 + 33 × 600 kr = 22 500 kr. Weights in ten thousandths of
    // the whole: population 158, 345, 204, 1430 of 2137; use 14, 26, 17, 123 of 180; a quarter.
    // Kronoberg: 0.4 × 204/2137 + 0.4 × 17/180 + 0.05 = 12.5962 %.
    let joint = 60 * 4_500 + 33 * 60_000;
    assert_eq!(joint, 2_250_000);
    assert_eq!(kronoberg.invitations, called - 283_415);
    // The post in equal parts: 210 000.01 kr; the first by name takes the odd öre. The bus:
    // 600 000 kr × 12.5962 % = 75 577.29 kr.
    assert_eq!(kronoberg.joint_share, 5_250_000 + 7_557_729);
    assert_eq!(account(&settlement, "blekinge").joint_share, 5_250_001 + 6_641_117);
    // Platelets for Blekinge's patient: 2 × 4 200 kr to Halland, 520 kr to Skåne who drove. The
    // red cells of the other patient are Skåne's to bear, who was paid for the care.
    let blekinge = account(&settlement, "blekinge");
    assert_eq!((blekinge.units_taken, blekinge.transport), (840_000, -52_000));
    let skane = account(&settlement, "skane");
    assert_eq!(skane.carried_by_care_price, 4 * 140_000 + 52_000);
    assert_eq!(skane.units_taken, 15 * 140_000 + 4 * 140_000);
    assert_eq!(skane.transport, -45_000 + 52_000);
    assert_eq!(
        (skane.joint_paid, account(&settlement, "halland").joint_paid),
        (21_000_001, 60_000_000)
    );
    insta::assert_snapshot!(serde_json::to_string_pretty(&settlement.accounts).unwrap());
}

#[test]
fn what_is_left_over_goes_to_the_largest_remainders() {
    assert_eq!(shares(100, &[1, 1, 1]), [34, 33, 33]);
    assert_eq!(shares(-100, &[1, 1, 1]), [-34, -33, -33]);
    assert_eq!(shares(10, &[15, 15, 70]), [2, 1, 7]);
    assert_eq!(shares(7, &[0, 0]), [0, 0]);
    assert_eq!(shares(0, &[5, 1]), [0, 0]);
    assert_eq!(shares(5, &[]), [0_i64; 0]);
}

#[test]
fn a_file_that_is_wrong_says_where_and_what_to_do() {
    let wrong = |from: &str, to: &str| {
        assert!(EXAMPLE.contains(from), "{from}");
        Agreement::read(&EXAMPLE.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let cases = [
        ("population = 40", "population = 41"),
        ("units = 15", "units = -15"),
        ("day = \"2026-11-23\"", "day = \"2027-11-23\""),
        ("from = \"kronoberg\"", "from = \"kalmar\""),
        ("to = \"skane\"", "to = \"kronoberg\""),
        ("component = \"red_cells\"\nunits", "component = \"plasma\"\nunits"),
        ("home = \"blekinge\"\ncomponent = \"red_cells\"", "component = \"red_cells\""),
        ("for = \"joint\"", "for = \"All\""),
        ("donated = 41", "donated = 81"),
        ("id = \"halland\"", "id = \"skane\""),
        ("amount = 60_000_000", "amount = 60_000_000_000_000"),
        ("to = \"2026-12-31\"", "to = \"2026-09-30\""),
        ("key = \"equal\"", "key = \"fair\""),
    ];
    let lines: Vec<_> = cases.iter().map(|(from, to)| wrong(from, to)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

const NAMES: [&str; 5] = ["blekinge", "halland", "kalmar", "kronoberg", "skane"];

fn name(at: usize) -> JournalId {
    JournalId::new(NAMES[at % NAMES.len()]).unwrap()
}

prop_compose! {
    fn an_agreement()(
        percent in (0u32..=100, 0u32..=100),
        regions in prop::collection::vec((1u64..2_000_000, 1u64..100_000), 5),
        transfers in prop::collection::vec(
            (0usize..5, 1usize..5, 0usize..6, 0i64..50, 0i64..90_000, any::<bool>(), 0usize..5),
            0..12,
        ),
        invitations in prop::collection::vec((0usize..5, 0usize..6, 0i64..90, 0i64..90), 0..8),
        joint in prop::collection::vec((0usize..5, -5_000_000i64..5_000_000, 0usize..4), 0..8),
        invited in 0i64..9_999,
    ) -> Agreement {
        let day: Day = "2026-10-05".parse().unwrap();
        let population = percent.0;
        let used = percent.1.min(100 - population);
        Agreement {
            title: "any".to_owned(),
            from: day,
            to: day,
            keys: Keys { population, r#use: used, equal: 100 - population - used },
            invited,
            donated: 7 * invited,
            prices: vec![Price { component: Component::RedCells, unit: 139_999 }],
            regions: regions.into_iter().enumerate().map(|(at, (population, used))| {
                Region { id: name(at), population, used }
            }).collect(),
            transfers: transfers.into_iter().enumerate().map(
                |(at, (from, step, home, units, transport, in_care_price, carrier))| Transfer {
                    id: at.to_string(),
                    day,
                    from: name(from),
                    to: name(from + step),
                    home: (home < 5).then(|| name(home)),
                    component: Component::RedCells,
                    units,
                    transport,
                    carried_by: name(carrier),
                    in_care_price,
                }).collect(),
            invitations: invitations.into_iter().map(|(by, whom, invited, donated)| Invitation {
                day,
                by: name(by),
                on_behalf: if whom < 5 { For::Region(name(whom)) } else { For::Joint },
                invited,
                donated,
            }).collect(),
            joint: joint.into_iter().enumerate().map(|(at, (by, amount, key))| JointCost {
                what: at.to_string(),
                day,
                paid_by: name(by),
                amount,
                key: [None, Some(Key::Population), Some(Key::Use), Some(Key::Equal)][key],
            }).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn accounts_sum_to_zero_whatever_happened(agreement in an_agreement()) {
        let settlement = settle(&agreement);
        balances(&settlement);
        let given: i64 = settlement.accounts.iter().map(|one| one.units_given).sum();
        let taken: i64 = settlement.accounts.iter().map(|one| one.units_taken).sum();
        prop_assert_eq!(given, taken);
        let paid: i64 = settlement.accounts.iter().map(|one| one.joint_paid).sum();
        let shared: i64 = settlement.accounts.iter().map(|one| one.joint_share).sum();
        prop_assert_eq!(paid, shared);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(agreement in an_agreement(), turn in 0usize..7) {
        let mut turned = agreement.clone();
        fn turn_by<T>(rows: &mut [T], by: usize) {
            if !rows.is_empty() {
                rows.rotate_left(by % rows.len());
                rows.reverse();
            }
        }
        turn_by(&mut turned.regions, turn);
        turn_by(&mut turned.transfers, turn);
        turn_by(&mut turned.invitations, turn + 1);
        turn_by(&mut turned.joint, turn + 2);
        prop_assert_eq!(settle(&agreement), settle(&turned));
    }

    #[test]
    fn shares_are_within_one_of_exact_and_sum_to_the_whole(
        amount in -1_000_000_000_000i64..1_000_000_000_000,
        weights in prop::collection::vec(0u64..5_000_000, 1..9),
    ) {
        let whole: u64 = weights.iter().sum();
        let wide: Vec<_> = weights.iter().map(|weight| u128::from(*weight)).collect();
        let parts = shares(amount, &wide);
        if whole > 0 {
            prop_assert_eq!(parts.iter().sum::<i64>(), amount);
        }
        for (part, weight) in parts.iter().zip(&weights) {
            let (part, weight) = (i128::from(*part), i128::from(*weight));
            let off = part * i128::from(whole) - i128::from(amount) * weight;
            prop_assert!(off.unsigned_abs() < u128::from(whole.max(1)));
        }
    }
}
