//! The stock picture against a plain count, and from whichever journal is pulled first.

use proptest::prelude::*;
use samband_domain::blood::model::stock::{Demand, ExternalCount, ExternalStock, Line};
use samband_domain::blood::model::supply::Parcel;
use samband_domain::blood::model::{Component, Group};
use samband_domain::blood::view::picture::{Filter, Part, Picture, RegionRow, picture};
use samband_domain::blood::{Command as Blood, view};
use samband_domain::kernel::{RecordKeeper, Site, SiteKind};
use samband_domain::{JournalId, Known, SharedState, Time};

use crate::blood::naive;
use crate::blood::network::{Network, histories};
use crate::common::Desk;
use crate::common::stock::*;

fn seen(all: &[(&JournalId, &SharedState)], filter: &Filter, now: Time) -> Picture {
    let parts: Vec<_> = all
        .iter()
        .map(|(journal, state)| Part {
            journal,
            kernel: &state.kernel,
            rules: &state.rulesets,
            stock: &state.blood,
            as_of: Known::Value(now),
        })
        .collect();
    picture(&parts, filter, now)
}

fn assert_counted(all: &[(&JournalId, &SharedState)], row: &RegionRow, now: Time) {
    let Some(component) = row.component else {
        assert_eq!(row.cell.available, Known::Unknown, "nobody said what, and yet how much");
        return;
    };
    let plain = naive::numbers(all, &row.region, component, row.group, now);
    let shown = naive::Numbers {
        available: row.cell.available,
        reserved: row.cell.reserved,
        quarantined: row.cell.quarantined,
        in_transit: row.cell.in_transit,
    };
    // Before every blood centre has begun its record, the region's shelves are not all known.
    let state = all.iter().find(|(id, _)| **id == row.region).unwrap().1;
    let centre =
        |site: &&Site| site.kind == SiteKind::BloodCentre && site.record == RecordKeeper::Samband;
    let begun = |site: &Site| state.blood.has_begun_at(&site.id);
    if state.kernel.sites.values().filter(centre).all(begun) {
        assert_eq!(shown, plain, "{} {component} {:?}", row.region, row.group);
    } else {
        assert_eq!(shown.available, Known::Unknown);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_picture_shows_what_a_plain_count_finds(steps in histories(80)) {
        let mut network = Network::open();
        for step in &steps {
            network.play(step);
        }
        let all: Vec<_> =
            network.desks.iter().map(|desk| (&desk.journal, &desk.region.shared)).collect();
        let now = network.desks[0].now;
        let whole = seen(&all, &Filter::default(), now);
        prop_assert!(!whole.regions.is_empty());
        for row in &whole.regions {
            assert_counted(&all, row, now);
        }
        // A filter hides lines and changes none.
        let (region, group) = (all[0].0.clone(), Group::O_NEG);
        for component in [Component::RedCells, Component::Platelets] {
            let filter = Filter {
                region: Some(region.clone()),
                component: Some(component),
                group: Some(group),
                site: None,
            };
            let fits = |row: &&RegionRow| {
                row.region == region && row.component == Some(component) && row.group == Some(group)
            };
            let wanted: Vec<_> = whole.regions.iter().filter(fits).cloned().collect();
            prop_assert_eq!(seen(&all, &filter, now).regions, wanted);
        }
    }

    #[test]
    fn whichever_journal_is_pulled_first_the_picture_is_the_same(
        steps in histories(80),
        turns in prop::collection::vec(any::<bool>(), 0..400),
    ) {
        let mut network = Network::open();
        for step in &steps {
            network.play(step);
        }
        let now = network.desks[0].now;
        let live: Vec<_> =
            network.desks.iter().map(|desk| (&desk.journal, &desk.region.shared)).collect();
        let outside = network.outside();
        let copies: Vec<_> =
            network.desks.iter().map(|desk| &desk.journal).zip(&outside).collect();
        let turned: Vec<_> = copies.iter().rev().copied().collect();
        let whole = seen(&live, &Filter::default(), now);
        prop_assert_eq!(&seen(&copies, &Filter::default(), now), &whole);
        let sorted = |mut picture: Picture| {
            picture.regions.sort_by_key(|row| (row.region.clone(), row.component, row.group));
            picture.sites.sort_by_key(|row| {
                (row.region.clone(), row.site.clone(), row.component, row.group)
            });
            picture.moving.sort_by_key(|one| one.dispatch.clone());
            picture
        };
        prop_assert_eq!(sorted(seen(&turned, &Filter::default(), now)), sorted(whole));
        // Pulled record by record in any order, halfway pictures hold as well.
        assert_halfway(&network.desks, &turns, now);
    }
}

/// With any prefix of each journal, every number can be counted and nothing is in two places.
fn assert_halfway(desks: &[Desk; 2], turns: &[bool], now: Time) {
    let mut states = [SharedState::default(), SharedState::default()];
    let mut read = [0, 0];
    for turn in turns {
        let at = usize::from(*turn);
        let Some(line) = desks[at].lines.get(read[at]) else { continue };
        samband_domain::apply(&mut states[at], None, &line.event, &line.meta);
        read[at] += 1;
    }
    let all = [(&desks[0].journal, &states[0]), (&desks[1].journal, &states[1])];
    for row in &seen(&all, &Filter::default(), now).regions {
        assert_counted(&all, row, now);
    }
}

fn line(group: Option<Group>) -> Line {
    Line { component: Component::RedCells, group }
}

fn told(desk: &mut Desk, rows: &[(Known<Group>, Known<u32>)]) {
    let row = |(group, available): &(Known<Group>, Known<u32>)| ExternalCount {
        component: Component::RedCells,
        group: *group,
        available: *available,
        reserved: Known::Value(0),
        quarantined: Known::Unknown,
        expiring: Known::Unknown,
    };
    let rows = rows.iter().map(row).collect();
    let stock = ExternalStock { system: "ProSang".into(), as_of: at(-30), file: None, rows };
    desk.must("a-1", Blood::ReportExternal { site: site("other"), stock });
}

fn cell(desk: &Desk, group: Option<Group>, filter: &Filter) -> view::picture::Cell {
    let picture = seen(&[(&desk.journal, &desk.region.shared)], filter, desk.now);
    let mut rows = picture.regions.into_iter();
    rows.find(|row| row.component == Some(Component::RedCells) && row.group == group).unwrap().cell
}

#[test]
fn what_another_system_does_not_say_is_never_zero() {
    let mut desk = region("halland", false);
    let o_pos = Some(Group::ALL[0]);
    let of = |desk: &Desk, group| cell(desk, group, &Filter::default()).available;
    assert_eq!(of(&desk, o_pos), Known::Unknown, "nobody has said anything");
    desk.must("a-1", take_over("one", vec![row(1)]));
    assert_eq!(of(&desk, Some(Group::O_NEG)), Known::Unknown, "the other system is silent");
    told(&mut desk, &[(Known::Value(Group::O_NEG), Known::Value(3))]);
    assert_eq!(of(&desk, Some(Group::O_NEG)), Known::Unknown, "nobody has looked at `two`");
    desk.must("a-1", empty("two"));
    assert_eq!(of(&desk, Some(Group::O_NEG)), Known::Value(4));
    assert_eq!(of(&desk, o_pos), Known::Unknown, "it did not speak of this group");
    assert_eq!(of(&desk, None), Known::Unknown, "nor of all of them");
    let shown = cell(&desk, Some(Group::O_NEG), &Filter::default());
    assert!(shown.stale, "thirty hours old");
    assert_eq!(shown.systems, ["ProSang"]);
    assert_eq!(shown.as_of, Known::Value(at(-30)));
    // The units whose group it does not say complete the whole, and no single group.
    let rest = [(Known::Value(Group::O_NEG), Known::Value(3)), (Known::Unknown, Known::Value(5))];
    told(&mut desk, &rest);
    assert_eq!(of(&desk, None), Known::Value(9));
    assert_eq!(of(&desk, o_pos), Known::Unknown);
    // Asked for another component alone, silence is still silence.
    let filter = Filter { component: Some(Component::Platelets), ..Filter::default() };
    let picture = seen(&[(&desk.journal, &desk.region.shared)], &filter, desk.now);
    assert!(picture.regions.iter().all(|row| row.cell.available == Known::Unknown));
    assert!(!picture.regions.is_empty(), "a minimum speaks of platelets");
}

#[test]
fn a_sum_of_two_records_names_both_and_keeps_what_was_counted() {
    let mut desk = region("halland", false);
    desk.must("a-1", take_over("one", (0..3).map(row).collect()));
    desk.must("a-1", empty("two"));
    let o_neg = Some(Group::O_NEG);
    let of = |desk: &Desk| cell(desk, o_neg, &Filter::default());
    // The other system has not spoken: the own bags are there all the same.
    assert_eq!((of(&desk).available, of(&desk).at_least), (Known::Unknown, 3));
    assert_eq!(of(&desk).source(), "samband");
    told(&mut desk, &[(Known::Value(Group::O_NEG), Known::Value(5))]);
    assert_eq!((of(&desk).available, of(&desk).at_least), (Known::Value(8), 8));
    assert_eq!(of(&desk).source(), "samband, ProSang");
    told(&mut desk, &[(Known::Value(Group::O_NEG), Known::Unknown)]);
    assert_eq!((of(&desk).available, of(&desk).at_least), (Known::Unknown, 3));
    // Where the own shelf has none of a group, it is still the own record that says so.
    let rest = [(Known::Value(Group::ALL[0]), Known::Value(2))];
    told(&mut desk, &rest);
    assert_eq!(cell(&desk, Some(Group::ALL[0]), &Filter::default()).source(), "samband, ProSang");
    let picture = seen(&[(&desk.journal, &desk.region.shared)], &Filter::default(), desk.now);
    let sources: Vec<_> = picture.sites.iter().map(|row| row.cell.source()).collect();
    assert!(sources.contains(&"samband".into()) && sources.contains(&"ProSang".into()));
    assert!(!sources.iter().any(|source| source.contains(',')), "{sources:?}");
}

#[test]
fn a_site_that_never_reported_is_unknown_of_everything_and_no_component_is_made_up_for_it() {
    let desk = bare("halland");
    let all = [(&desk.journal, &desk.region.shared)];
    let picture = seen(&all, &Filter::default(), desk.now);
    let said = |region, site: &str| (region, site.to_owned());
    let sites: Vec<_> = picture
        .sites
        .iter()
        .map(|row| (said(row.component, row.site.as_str()), row.cell.available, row.cell.stale))
        .collect();
    let unknown = |site| (said(None, site), Known::Unknown, true);
    assert_eq!(sites, [unknown("one"), unknown("other"), unknown("two")]);
    // Nor is a region missing from the picture because nobody said anything of it.
    let regions: Vec<_> = picture.regions.iter().map(|row| (row.component, row.group)).collect();
    assert_eq!(regions, [(None, None)]);
    assert_eq!(picture.regions[0].cell.available, Known::Unknown);
    assert!(picture.regions[0].cell.stale);
    // Asked for a component, the answer is of that component: unknown.
    let filter = Filter { component: Some(Component::Plasma), ..Filter::default() };
    let asked = seen(&all, &filter, desk.now);
    assert_eq!(asked.sites[0].component, Some(Component::Plasma));
    assert_eq!(asked.regions[0].component, Some(Component::Plasma));
    assert_eq!(asked.regions[0].cell.available, Known::Unknown);
}

#[test]
fn a_blood_centre_that_nobody_has_looked_at_is_not_zero_however_much_is_known_of_another() {
    let mut desk = region("halland", false);
    told(&mut desk, &[(Known::Value(Group::O_NEG), Known::Value(0))]);
    desk.must("a-1", take_over("one", (0..3).map(row).collect()));
    let of = |desk: &Desk| cell(desk, Some(Group::O_NEG), &Filter::default());
    assert_eq!((of(&desk).available, of(&desk).at_least), (Known::Unknown, 3));
    let sites = |desk: &Desk| {
        let picture = seen(&[(&desk.journal, &desk.region.shared)], &Filter::default(), desk.now);
        let two = picture.sites.iter().filter(|row| row.site == site("two"));
        two.map(|row| (row.component, row.cell.available, row.cell.stale)).collect::<Vec<_>>()
    };
    assert_eq!(sites(&desk), [(None, Known::Unknown, true)]);
    // A delivery says what came, not what else lies there.
    let dispatch = Blood::Dispatch {
        way: way("one", "halland", "two"),
        units: vec![unit(0)],
        parcel: Parcel::default(),
    };
    desk.must("a-1", dispatch);
    assert_eq!(of(&desk).available, Known::Unknown);
    desk.must("a-1", empty("two"));
    assert_eq!(of(&desk).available, Known::Value(2));
    assert!(!sites(&desk).contains(&(None, Known::Unknown, true)));
}

#[test]
fn how_soon_is_soon_is_the_rules_to_say_and_the_picture_tells_who_said_it() {
    let soon = |desk: &Desk| {
        let (shared, as_of) = (&desk.region.shared, Known::Value(desk.now));
        let (kernel, rules, stock) = (&shared.kernel, &shared.rulesets, &shared.blood);
        let part = Part { journal: &desk.journal, kernel, rules, stock, as_of };
        view::picture::expiring(&part, desk.now)
    };
    let own = view::picture::Soon { days: view::picture::EXPIRING_DAYS, by_rule: false };
    assert_eq!(soon(&bare("halland")), own);
    let ruled = view::picture::Soon { days: 7, by_rule: true };
    assert_eq!(soon(&region("halland", false)), ruled);
}

#[test]
fn days_count_what_can_be_used_and_nothing_on_its_way() {
    let mut desks = [region("halland", false), region("skane", false)];
    for desk in &mut desks {
        let name = desk.journal.to_string();
        let base = if name == "halland" { 0 } else { 100 };
        desk.must("a-1", take_over("one", (base..base + 6).map(row).collect()));
        desk.must("a-1", empty("two"));
        let all: Vec<_> =
            Group::ALL.iter().map(|group| (Known::Value(*group), Known::Value(0))).collect();
        told(desk, &all);
        for group in [None, Some(Group::O_NEG)] {
            let (period, source) = ("2024".parse().unwrap(), "antagande".into());
            let demand = Demand { milli_per_day: Known::Value(1_500), period, source };
            desk.must("a-1", Blood::StateDemand { site: None, line: line(group), demand });
        }
    }
    let way = way("one", "skane", "two");
    desks[0].must(
        "a-1",
        Blood::Dispatch { way, units: vec![unit(0), unit(1)], parcel: Parcel::default() },
    );
    desks[0].must("a-1", Blood::Reserve { units: vec![unit(2)], purpose: "op".into() });
    let all = [
        (&desks[0].journal, &desks[0].region.shared),
        (&desks[1].journal, &desks[1].region.shared),
    ];
    let picture = seen(&all, &Filter::default(), desks[0].now);
    let of = |region: &str| {
        let rows = &picture.regions;
        let row = rows
            .iter()
            .find(|row| row.region.as_str() == region && row.group == Some(Group::O_NEG));
        row.unwrap().cell.clone()
    };
    let (sender, receiver) = (of("halland"), of("skane"));
    assert_eq!((sender.available, sender.reserved), (Known::Value(3), Known::Value(1)));
    assert_eq!((sender.in_transit, receiver.in_transit), (0, 2));
    assert_eq!(sender.days_milli, Known::Value(2_000), "three at one and a half a day");
    assert_eq!(receiver.available, Known::Value(6));
    assert_eq!(receiver.days_milli, Known::Value(4_000), "what is on its way counts nowhere");
    assert_eq!(receiver.next_eta, Some(at(6)));
    assert_eq!(sender.demand.unwrap().source, "antagande");
}
