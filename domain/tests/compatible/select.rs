//! The walk down the shelves against looking at every unit.

use super::*;
use proptest::prelude::*;
use samband_domain::blood::Shared;
use samband_domain::blood::model::{
    AgeKnown, Antibodies, Antigen, Attribute, Phenotype, Product, QuarantineReason, Requirement,
    Sex, Status, Unit, UnitId,
};
use samband_domain::blood::rules::compatible::{Policies, ladder};
use samband_domain::blood::view::select::{Choice, Wanted, best};
use samband_domain::{SiteId, Time};

const NOW: Time = Time(1_000);

fn units() -> impl Strategy<Value = Vec<Unit>> {
    let group = prop_oneof![
        9 => prop::sample::select(&Group::ALL[..]).prop_map(Known::Value),
        1 => Just(Known::Unknown),
    ];
    let product = prop::sample::select(vec![
        Product::RedCells,
        Product::RedCellsWashed,
        Product::PlateletsPooled,
        Product::PlasmaFrozen,
    ]);
    let status = prop_oneof![
        6 => Just(Status::Available),
        1 => Just(Status::Quarantined(QuarantineReason::NotReleased)),
        1 => Just(Status::Reserved { until: Time(5_000) }),
    ];
    let tested = prop::option::of(any::<bool>());
    let one = (group, product, status, 990i64..1_020, 0usize..3, tested, any::<bool>());
    let unit = one.prop_map(|(group, product, status, expiry, site, k, irradiated)| Unit {
        site: SiteId::new(["lund", "malmo", "ystad"][site]).unwrap(),
        expiry: Time(expiry),
        since: Time(0),
        tested: None,
        phenotype: k.map_or(Phenotype::UNTESTED, |is| Phenotype::UNTESTED.with(Antigen::BigK, is)),
        seq: 1,
        epoch: 1,
        attributes: irradiated.then_some(Attribute::Irradiated).into_iter().collect(),
        group,
        product,
        status,
    });
    prop::collection::vec(unit, 0..120)
}

fn stocked(units: Vec<Unit>) -> Shared {
    let id = |n: usize| -> UnitId { format!("A999026{n:06}.E0336V00").parse().unwrap() };
    let mut shared = Shared::default();
    shared.units = units.into_iter().enumerate().map(|(n, unit)| (id(n), unit)).collect();
    shared.shelves = shared.units.iter().collect();
    shared
}

/// Every unit looked at, judged, and sorted.
fn naive(shared: &Shared, policies: &Policies, wanted: &Wanted<'_>) -> Vec<(u8, Time, UnitId)> {
    let Wanted { component, recipient, urgency, sites } = *wanted;
    let steps = ladder(policies, component, recipient, urgency);
    let mut all: Vec<_> = shared
        .units
        .iter()
        .filter(|(_, unit)| unit.status == Status::Available && unit.expiry > NOW)
        .filter(|(_, unit)| unit.component() == component)
        .filter(|(_, unit)| sites.is_empty() || sites.contains(&unit.site))
        .filter(|(_, unit)| {
            let unit = Candidate::from(*unit);
            samband_domain::blood::rules::compatible::judge_by(
                policies, component, recipient, &unit, urgency,
            )
            .is_candidate()
        })
        .map(|(id, unit)| {
            let group = unit.group.value().unwrap();
            let step = steps.iter().find(|step| step.group == group);
            (step.expect("what is a candidate is on the ladder").place, unit.expiry, *id)
        })
        .collect();
    all.sort_unstable();
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_walk_finds_what_looking_at_everything_finds(
        units in units(),
        group in prop::option::of(prop::sample::select(&Group::ALL[..])),
        component in prop::sample::select(
            vec![Component::RedCells, Component::Platelets, Component::Plasma]),
        woman in any::<bool>(), anti_k in any::<bool>(), irradiated in any::<bool>(),
        washed in any::<bool>(), emergency in any::<bool>(), one_site in any::<bool>(),
        n in 1usize..12,
    ) {
        let shared = stocked(units);
        let set = rules(&[
            ("platelets.abo", "any_low_titre"),
            ("k_neg.female_age", "<50"),
            ("d_pos_platelets.female_age", "<=50"),
            ("d_pos_platelets.male_age", "<=18"),
            ("emergency.red_cells.unknown", "o_neg_or_o_pos_by_age"),
            ("emergency.red_cells.o_neg_female_age", "<=50"),
            ("emergency.red_cells.o_neg_male_age", "<=18"),
        ]);
        let policies = Policies::of(Some(&set));
        let mut recipient = Recipient::of_group(Known::from(group));
        recipient.sex = Known::Value(if woman { Sex::Female } else { Sex::Male });
        recipient.age = AgeKnown::years(30);
        if anti_k {
            let found = Antibodies::NONE.with(Antigen::BigK, Known::Unknown);
            recipient.antibodies = Known::Value(found);
        }
        let asked = [(irradiated, Requirement::Irradiated), (washed, Requirement::Washed)];
        recipient.requirements =
            asked.into_iter().filter(|(is, _)| *is).map(|(_, one)| one).collect();
        let lund = [SiteId::new("lund").unwrap()];
        let wanted = Wanted {
            component,
            recipient: &recipient,
            urgency: if emergency { Urgency::Emergency } else { Urgency::Routine },
            sites: if one_site { &lund } else { &[] },
        };
        let walked: Vec<_> = best(&shared, &policies, NOW, &wanted, n)
            .iter()
            .map(|Choice { id, expiry, step, .. }| (step.place, *expiry, *id))
            .collect();
        let mut expected = naive(&shared, &policies, &wanted);
        expected.truncate(n);
        prop_assert_eq!(walked, expected);
    }
}
