//! Random histories of two regions with withdrawals in between.

use super::*;

/// A step; the region is the first number, indices are taken modulo what there is.
#[derive(Clone, Debug)]
enum What {
    Enter(u32),
    Handle(u8, Vec<usize>),
    Send(Vec<usize>, usize, bool),
    Receive(usize),
    CallBack(u32, bool),
    Lift(usize),
    Count,
    Hours(i64),
    Tick,
}

fn what() -> impl Strategy<Value = What> {
    let some = || prop::collection::vec(0..40_usize, 1..4);
    prop_oneof![
        6 => (0..24_u32).prop_map(What::Enter),
        8 => (0..4_u8, some()).prop_map(|(what, units)| What::Handle(what, units)),
        8 => (some(), 0..2_usize, any::<bool>()).prop_map(|(u, to, two)| What::Send(u, to, two)),
        8 => (0..9_usize).prop_map(What::Receive),
        5 => (0..24_u32, any::<bool>()).prop_map(|(serial, unit)| What::CallBack(serial, unit)),
        1 => (0..9_usize).prop_map(What::Lift),
        2 => Just(What::Count),
        1 => (0..90_i64).prop_map(What::Hours),
        4 => Just(What::Tick),
    ]
}

fn some(desk: &Desk, indices: &[usize]) -> Option<Vec<UnitId>> {
    let units = &desk.region.shared.blood.units;
    let one = |index: &usize| units.keys().nth(index.checked_rem(units.len())?).copied();
    let all: BTreeSet<_> = indices.iter().map(one).collect::<Option<_>>()?;
    Some(all.into_iter().collect())
}

fn dispatches(network: &Network) -> Vec<(RecordRef, Vec<UnitId>)> {
    let lines = network.desks.iter().flat_map(|desk| &desk.lines);
    let sent = lines.filter_map(|line| match &line.event {
        Event::Blood(Stock::Dispatched(sent, _)) => {
            Some((line.meta.at.clone(), sent.load.units.iter().map(|e| e.id).collect()))
        }
        _ => None,
    });
    sent.collect()
}

fn play(network: &mut Network, region: usize, what: &What) -> Option<()> {
    let desk = &network.desks[region];
    let command: Command = match what {
        What::Enter(serial) => {
            let serial = u32::try_from(region).unwrap() * 100 + serial;
            let expiry = desk.now.plus_seconds(24 * 20 * 3_600);
            let row = samband_domain::blood::command::Row { expiry, ..row(serial) };
            take_over("one", vec![row]).into()
        }
        What::Handle(what, indices) => {
            let units = some(desk, indices)?;
            match what {
                0 => Blood::Release { units },
                1 => Blood::Reserve { units, purpose: SECRET.into() },
                2 => Blood::Unreserve { units, reason: SECRET.into() },
                _ => Blood::Discard { units, reason: DiscardReason::Recall, note: None },
            }
            .into()
        }
        What::Send(indices, to, two) => {
            let units = some(desk, indices)?;
            let mut way = way("one", NAMES[*to], if *two { "two" } else { "one" });
            way.from = desk.region.shared.blood.units[&units[0]].site.clone();
            way.sent = desk.now;
            way.eta = samband_domain::Known::Unknown;
            Blood::Dispatch { way, units, parcel: Default::default() }.into()
        }
        What::Receive(at) => {
            let sent = dispatches(network);
            let (dispatch, units) = sent.get(at.checked_rem(sent.len())?)?;
            receive(dispatch.clone(), units).into()
        }
        What::CallBack(serial, by_unit) => {
            let serial = u32::try_from(region).unwrap() * 100 + serial;
            let target = if *by_unit {
                Target::Unit(unit(serial))
            } else {
                Target::Donations(vec![din(serial), din(serial + 1)])
            };
            network.call_back(region, target, CallReason::Marker);
            return Some(());
        }
        What::Lift(at) => {
            let called = &desk.region.shared.donations.calls.called;
            let at = called.values().nth(at.checked_rem(called.len())?)?.at.clone();
            for who in ["a-1", "a-2"] {
                let (withdrawal, note) = (at.clone(), "fel".to_owned());
                let outcome = Outcome::Lifted;
                let _ =
                    network.act(region, who, call(Back::Conclude { withdrawal, outcome, note }));
            }
            return Some(());
        }
        What::Count => {
            let here = desk.region.shared.blood.units.iter();
            let here = here.filter(|(_, unit)| unit.site == site("one"));
            let found = here.map(|(id, _)| *id).step_by(2).collect();
            Blood::Count { site: site("one"), component: None, found }.into()
        }
        What::Hours(hours) => {
            network.desks.iter_mut().for_each(|desk| desk.pass_hours(*hours));
            return Some(());
        }
        What::Tick => {
            network.tick(region);
            return Some(());
        }
    };
    network.act(region, "a-1", command).ok().map(|_| ())
}

/// Units that a region could use or hand to somebody, of donations that it knows to be withdrawn.
fn loose(desk: &Desk) -> Vec<UnitId> {
    let state = &desk.region.shared;
    let usable = |status| matches!(status, Status::Available | Status::Reserved { .. });
    let all = state.blood.units.iter().filter(|(id, unit)| {
        usable(unit.status) && state.donations.withdrawn.contains_key(&id.din)
    });
    all.map(|(id, _)| *id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 160, ..Default::default() })]

    /// From the moment a region knows of it, nothing of a withdrawn donation is free, set aside or
    /// sent; and when everybody has heard everything, no unit of it is unaccounted for.
    #[test]
    fn nothing_withdrawn_is_free_anywhere_and_everything_is_accounted_for(
        steps in prop::collection::vec((0..2_usize, what()), 1..70)
    ) {
        let mut network = Network::open();
        for (region, step) in &steps {
            play(&mut network, *region, step);
            for desk in &network.desks {
                prop_assert_eq!(loose(desk), [], "in {} after {:?}", desk.journal, step);
            }
        }
        network.settle();
        // Where each unit last was, by both regions' own records.
        let mut entered: BTreeMap<UnitId, usize> = BTreeMap::new();
        for (n, desk) in network.desks.iter().enumerate() {
            for id in desk.region.shared.blood.units.keys() {
                entered.insert(*id, n);
            }
        }
        let mut cases = Vec::new();
        for desk in &network.desks {
            prop_assert_eq!(&desk.replayed(), &desk.region);
            cases.extend(desk.region.shared.donations.calls.called.values().cloned());
        }
        for case in cases {
            if case.closed.is_some() { continue; }
            let sums = network.accounts(&case.at);
            prop_assert_eq!(sums.silent().count(), 0, "{:?}", sums.parts);
            for (id, holder) in &entered {
                if case.dins.contains(&id.din) {
                    let region = &network.desks[*holder].journal;
                    let told = sums.units.iter().any(|one| one.unit == *id && one.region == *region);
                    prop_assert!(told, "{} in {} is not accounted for", id, region);
                }
            }
        }
    }
}
