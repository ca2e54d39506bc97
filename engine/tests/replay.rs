//! Replayed is live: whatever was done, reading the record again gives the same state, with and
//! without snapshots.

use crate::common::follow::{Couriers, caught_up, picture};
use crate::common::pull::shared;
use crate::common::{
    Base, Database, House, Place, actor, blood, figure, identity, journal, on_both, person,
    register, site,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use samband_access::Principal;
use samband_domain::agreements::{self, AgreementKind};
use samband_domain::bonds::{Command as Bonds, Peer};
use samband_domain::figures::model::Measure;
use samband_domain::kernel::{Approval, Capacity, Command as Kernel, RecordKeeper, Role, SiteKind};
use samband_domain::words::Sign as _;
use samband_domain::{Command, Known, Mode, Region, Window, figures};
use samband_engine::Failure;

const REGIONS: [&str; 3] = ["halland", "kronoberg", "skane"];
const ROLES: [Role; 7] = [
    Role::Coordinator,
    Role::Director,
    Role::Administrator,
    Role::Safety,
    Role::Physician,
    Role::Tib,
    Role::Scientist,
];

/// One step of a history: what, by whom, where, and three numbers that say which.
#[derive(Clone, Copy, Debug)]
struct Step {
    act: u8,
    who: usize,
    region: usize,
    a: u8,
    b: u8,
    wrong: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let parts = (0..34_u8, 0..ROLES.len(), 0..REGIONS.len(), any::<(u8, u8)>(), 0..8_u8);
    parts.prop_map(|(act, who, region, (a, b), odd)| Step {
        act,
        who,
        region,
        a,
        b,
        wrong: odd == 0,
    })
}

async fn furnish(house: &House) {
    for region in REGIONS {
        house.settle(region).await;
        for role in &ROLES[3..] {
            house.employ(region, *role).await;
        }
        let administrator = person(region, Role::Administrator.as_str());
        house.give(&administrator, region, blood::open_shelf()).await.unwrap();
        house.give(&administrator, region, blood::load()).await.unwrap();
    }
}

/// The command of a step, and who is in a position to give it.
fn command(house: &House, step: &Step) -> Option<(Role, Command)> {
    let Step { act, a, b, .. } = *step;
    let region = REGIONS[step.region];
    let world = house.engine.world();
    let state = world.local(&journal(region)).unwrap();
    let now = house.engine.now();
    let someone = || actor(&format!("a-{}", a % 6));
    let reason = || format!("reason {b}");
    let pick = |len: usize| (len > 0).then(|| usize::from(a) % len.max(1));
    let mandate = || {
        let mandates = &state.shared.kernel.mandates;
        // Not those that the test itself lives by.
        let own: Vec<_> =
            mandates.values().filter(|m| m.holder.as_str().starts_with("a-")).collect();
        pick(own.len()).map(|n| own[n].id.clone())
    };
    let other = || REGIONS[(step.region + 1 + usize::from(b) % 2) % 3];
    let (role, command): (Role, Command) = match act {
        0..=5 => (Role::Coordinator, figure(1990 + i16::from(a % 30), u64::from(b)).into()),
        6 | 7 => {
            let correct = figures::Command::Correct {
                measure: Measure::WholeBloodDonations,
                period: (1990 + i16::from(a % 30)).to_string().parse().unwrap(),
                value: if b < 40 { Known::Unknown } else { Known::Value(b.into()) },
                reason: reason(),
            };
            (Role::Coordinator, correct.into())
        }
        8..=10 => {
            let id = format!("a-{}", a % 6);
            (Role::Administrator, register(&id, &format!("Xsecret {b}")).into())
        }
        11 => {
            let title = format!("title {b}");
            let identity = identity(&format!("Xsecret right {b}"));
            let reason = reason();
            let right = Kernel::CorrectActor { actor: someone(), title, identity, reason };
            (Role::Administrator, right.into())
        }
        12 => (Role::Safety, Kernel::EraseActor { actor: someone(), ground: reason() }.into()),
        13 | 14 => {
            let role = ROLES[usize::from(b) % ROLES.len()];
            let Kernel::GrantMandate {
                capacity,
                site,
                deputy_for,
                delegated_from,
                review_at,
                approval,
                basis,
                ..
            } = crate::common::grant("x", role, now)
            else {
                unreachable!()
            };
            let window = Window::new(now, Some(now.plus_seconds(600 * i64::from(b) + 1)));
            let grant = Kernel::GrantMandate {
                holder: someone(),
                capacity,
                site,
                window: window.unwrap(),
                deputy_for,
                delegated_from,
                review_at,
                share_permille: Known::Value(u16::from(b) * 5),
                approval,
                basis,
            };
            (Role::Administrator, grant.into())
        }
        15 => {
            let competence = Kernel::GrantMandate {
                holder: someone(),
                capacity: Capacity::Assignment { task: format!("task {b}") },
                site: None,
                window: Window::open(now),
                deputy_for: None,
                delegated_from: None,
                review_at: None,
                share_permille: Known::Unknown,
                approval: Approval::NotRequired,
                basis: Some("A31".into()),
            };
            (Role::Physician, competence.into())
        }
        16 => {
            let (mandate, at) = (mandate()?, now.plus_seconds(b.into()));
            let end = Kernel::EndMandate { mandate, at, reason: reason() };
            (Role::Administrator, end.into())
        }
        17 => (Role::Tib, Kernel::BreakGlass { reason: reason(), minutes: b.into() }.into()),
        18 => {
            let glass = &state.own.kernel.glass;
            let mandate = glass[pick(glass.len())?].mandate.clone();
            (Role::Safety, Kernel::ReviewGlass { mandate, finding: reason() }.into())
        }
        19 => {
            let open = Kernel::OpenSite {
                id: Some(site(&format!("s-{}", a % 9))),
                name: format!("Site {b}"),
                kind: SiteKind::ALL[usize::from(b) % SiteKind::ALL.len()],
                parent: (b > 100).then(|| site(&format!("s-{}", b % 9))),
                record: RecordKeeper::External,
                window: Window::open(now),
                note: None,
            };
            (Role::Administrator, open.into())
        }
        20 => {
            let (site, at) = (site(&format!("s-{}", a % 9)), now.plus_seconds(60));
            (Role::Administrator, Kernel::CloseSite { site, at, reason: reason() }.into())
        }
        21 => {
            let propose = agreements::Command::Propose {
                title: format!("Agreement {a}"),
                kind: AgreementKind::Consultancy,
                parties: vec![journal(region), journal(other())],
                clauses: vec![reason()],
                window: Window::open(now),
                reference: None,
                terms: None,
            };
            (Role::Director, propose.into())
        }
        22 => {
            let theirs = shared(&house.engine, other()).agreements.held;
            let held = theirs.values().nth(pick(theirs.len())?)?;
            let (document, proposal) =
                (samband_domain::Digest::of(held.text.as_bytes()), held.proposal.clone());
            let answer = if b < 60 {
                agreements::Command::Decline { document, proposal, reason: reason() }
            } else {
                agreements::Command::Sign { document, proposal }
            };
            (Role::Director, answer.into())
        }
        23 => {
            let held = &state.shared.agreements.held;
            let document = *held.keys().nth(pick(held.len())?)?;
            let end = agreements::Command::End { document, at: now, reason: reason() };
            (Role::Director, end.into())
        }
        24 => {
            let public = shared(&house.engine, other()).kernel.journal.unwrap().keys[0].public;
            let peer = Peer { journal: journal(other()), key: public, mode: Mode::Demo };
            let trust = Bonds::Trust { peer, reach: crate::common::pull::reach() };
            (Role::Administrator, trust.into())
        }
        25 => {
            let id = journal(region);
            let old = state.shared.kernel.journal.as_ref().unwrap().keys.last().unwrap();
            let old = house.engine.keyring().get(&id, &old.public).unwrap();
            let new = house.engine.keyring().make(&id).unwrap().public();
            let vouched = old.sign(&new.0);
            (Role::Administrator, Kernel::RotateKey { new, vouched }.into())
        }
        26 => {
            let person = someone();
            (Role::Safety, Kernel::NoteRead { person, purpose: reason() }.into())
        }
        27..=32 => {
            let others: Vec<_> = REGIONS
                .iter()
                .filter(|one| **one != region)
                .map(|one| (journal(one), shared(&house.engine, one)))
                .collect();
            let own = (step.region, &state.shared);
            (Role::Scientist, blood::command(own, &others, now, (a, b))?.into())
        }
        _ => return None,
    };
    Some((role, command))
}

/// Takes a step; whether something was recorded.
async fn take(house: &mut House, step: &Step) -> bool {
    let Some((role, command)) = command(house, step) else {
        match step.a % 3 {
            0 => house.pass(i64::from(step.b) * 60),
            1 => house.pass(-i64::from(step.b)),
            _ => house.engine.snapshot(&journal(REGIONS[step.region])).await,
        }
        return false;
    };
    let role = if step.wrong { ROLES[step.who] } else { role };
    let region = REGIONS[step.region];
    match house.give(&person(region, role.as_str()), region, command).await {
        Ok(receipt) => receipt.count > 0,
        Err(Failure::Refused(_) | Failure::Denied(_)) => false,
        Err(other) => panic!("{step:?}: {other}"),
    }
}

fn states(house: &House) -> Vec<Region> {
    let world = house.engine.world();
    REGIONS.map(|region| world.local(&journal(region)).unwrap().clone()).into()
}

async fn holds(house: &mut House) {
    let live = states(house);
    let head = |house: &House| {
        house.engine.world().journals.values().map(|j| j.chain.clone()).collect::<Vec<_>>()
    };
    let heads = head(house);
    for region in REGIONS {
        house.engine.verify(&journal(region)).await.unwrap();
    }
    house.restart().await;
    assert!(states(house) == live && head(house) == heads, "with snapshots");
    let store = house.engine.store().clone();
    for region in REGIONS {
        store.drop_snapshots(&journal(region)).await.unwrap();
    }
    house.restart().await;
    assert!(states(house) == live && head(house) == heads, "without snapshots");
}

fn histories(postgres: bool) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config =
        Config { cases: 4, max_shrink_iters: 40, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&vec(step(), 160..240), |steps| {
        runtime.block_on(async {
            let base = if postgres { Base::postgres().await } else { Base::sqlite() };
            let mut house = base.house("one").await;
            furnish(&house).await;
            let mut recorded = 0;
            for (n, step) in steps.iter().enumerate() {
                recorded += usize::from(take(&mut house, step).await);
                if n % 70 == 69 {
                    holds(&mut house).await;
                }
            }
            holds(&mut house).await;
            prop_assert!(steps.len() < 100 || recorded > steps.len() / 4, "{recorded} recorded");
            house.engine.stop().await;
            Ok(())
        })
    });
    outcome.unwrap();
}

#[test]
fn whatever_was_done_is_read_again_as_it_was_on_sqlite() {
    histories(false);
}

#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn whatever_was_done_is_read_again_as_it_was_on_postgresql() {
    histories(true);
}

/// The same history through a follower: decided by the writer, shown alike on both, whatever it was.
#[test]
#[ignore = "needs PostgreSQL: run cargo xtask verify"]
fn whatever_was_done_through_a_follower_is_shown_alike_on_postgresql() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config =
        Config { cases: 4, max_shrink_iters: 20, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&vec(step(), 100..160), |steps| {
        runtime.block_on(async {
            let base = Base::postgres().await;
            let writer = base.house("one").await;
            furnish(&writer).await;
            let couriers = Couriers::default();
            let engine = writer.follower(&couriers).await;
            let Place { folder, clock, .. } = &writer.place;
            let (folder, clock) = (folder.clone(), clock.clone());
            let place = Place { folder, database: Database::Sqlite, clock };
            let mut follower = House { place, engine };
            let mut writer = writer;
            let mut recorded = 0;
            for (n, step) in steps.iter().enumerate() {
                // A key is made where it is kept; every fifth step is taken at the writer itself.
                let here = if step.act == 25 || n % 5 == 4 { &mut writer } else { &mut follower };
                recorded += usize::from(take(here, step).await);
            }
            caught_up(&follower.engine, &writer.engine).await;
            prop_assert_eq!(picture(&follower.engine), picture(&writer.engine));
            prop_assert!(states(&follower) == states(&writer));
            for region in REGIONS {
                follower.engine.verify(&journal(region)).await.unwrap();
            }
            prop_assert!(recorded > steps.len() / 5, "{} recorded", recorded);
            follower.engine.stop().await;
            writer.engine.stop().await;
            Ok(())
        })
    });
    outcome.unwrap();
}

/// A snapshot of another form, one that was damaged, one of another place: none is believed.
async fn snapshots_that_do_not_fit_are_discarded(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let id = journal("skane");
    for n in 0..20 {
        house.report("skane", 2000 + n % 5, 100 + n as u64).await.unwrap();
    }
    house.engine.snapshot(&id).await;
    let store = house.engine.store().clone();
    let good = store.snapshots(&id).await.unwrap().remove(0);
    let bytes = store.snapshot(&good).await.unwrap();
    house.report("skane", 2010, 5).await.unwrap();
    let live = house.engine.world().local(&id).cloned().unwrap();

    let mut cut = bytes.clone();
    cut.truncate(bytes.len() / 2);
    let mut flipped = bytes.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x10;
    let mut elsewhere = good.at.clone();
    elsewhere.seq -= 1;
    let mut unreal = good.at.clone();
    unreal.hash = samband_domain::Digest::of(b"x");
    let format = good.format.as_str();
    let cases = [
        ("another form", &good.at, "samband-state/0", Vec::new()),
        ("cut off", &good.at, format, cut),
        ("of another record", &elsewhere, format, bytes.clone()),
        ("of a record that is none", &unreal, format, bytes.clone()),
        ("empty", &good.at, format, Vec::new()),
    ];
    for (what, at, format, bytes) in cases {
        let store = house.engine.store().clone();
        store.drop_snapshots(&id).await.unwrap();
        store.put_snapshot(at, good.recorded, format, &bytes).await.unwrap();
        house.restart().await;
        assert!(house.engine.world().local(&id) == Some(&live), "{what}");
        house.engine.verify(&id).await.unwrap();
    }
    // A wrong bit that postcard does not notice is noticed by whoever verifies.
    let store = house.engine.store().clone();
    store.drop_snapshots(&id).await.unwrap();
    store.put_snapshot(&good.at, good.recorded, format, &flipped).await.unwrap();
    house.restart().await;
    let believed = house.engine.world().local(&id) != Some(&live);
    assert_eq!(house.engine.verify(&id).await.is_err(), believed);
    // A good one under a broken one serves.
    let store = house.engine.store().clone();
    store.drop_snapshots(&id).await.unwrap();
    store.put_snapshot(&good.at, good.recorded, format, &bytes).await.unwrap();
    let head = house.engine.world().journal(&id).unwrap().head().unwrap();
    store.put_snapshot(&head, good.recorded, format, b"nonsense").await.unwrap();
    house.restart().await;
    assert!(house.engine.world().local(&id) == Some(&live));
    house.give(&Principal::Machine, "skane", register("a-1", "Xsecret")).await.unwrap();
    house.engine.verify(&id).await.unwrap();
}

/// A snapshot that is right serves: without its records' earlier part the start would fail.
async fn a_good_snapshot_is_used(base: Base) {
    let mut house = base.house("one").await;
    house.settle("skane").await;
    let id = journal("skane");
    house.report("skane", 2001, 1).await.unwrap();
    house.engine.snapshot(&id).await;
    let store = house.engine.store().clone();
    let info = store.snapshots(&id).await.unwrap().remove(0);
    let mut bytes = store.snapshot(&info).await.unwrap();
    // The same state with another figure, which only the snapshot can tell.
    let text = b"Annual report";
    let at = bytes.windows(text.len()).position(|window| window == text).unwrap();
    bytes[at] = b'B';
    store.drop_snapshots(&id).await.unwrap();
    store.put_snapshot(&info.at, info.recorded, &info.format, &bytes).await.unwrap();
    house.restart().await;
    let key = (Measure::WholeBloodDonations, "2001".parse().unwrap());
    let title = shared(&house.engine, "skane").figures.figures[&key].provenance.source.clone();
    assert_eq!(title.title, "Bnnual report");
    house.engine.verify(&id).await.unwrap_err();
}

on_both! {
    snapshots_that_do_not_fit_are_discarded;
    a_good_snapshot_is_used;
}
