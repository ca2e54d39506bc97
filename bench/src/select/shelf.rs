//! A region's stock, as large as is asked: made of the events that taking over leads to.

use anyhow::{Context as _, Result};
use samband_domain::blood::command::Standing;
use samband_domain::blood::event::{Event, TakenOver};
use samband_domain::blood::model::stock::Load;
use samband_domain::blood::model::unit::Entry;
use samband_domain::blood::model::{
    Antigen, Antigens, Attribute, Attributes, Group, Phenotype, Product, Rhd, TestResult, Tested,
    UnitId,
};
use samband_domain::blood::{Shared, apply};
use samband_domain::rulesets::{Document, InForce, Rule, RuleSet, Scope, Value, key};
use samband_domain::words::{Code, NONE};
use samband_domain::{Digest, Known, Meta, RecordRef, SiteId, Time};

/// When units are looked for.
pub(super) const NOW: Time = Time(1_790_000_000_000_000);

/// Units that one record takes over.
const AT_A_TIME: u32 = 5_000;

/// Sites of the region.
const SITES: u32 = 20;

/// Donors' groups in percent, in the order of the groups.
const MIX: [u64; 8] = [32, 6, 37, 7, 10, 2, 5, 1];

/// SplitMix64: the same stock in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn group(&mut self) -> Group {
        let mut left = self.below(MIX.iter().sum());
        for (group, weight) in Group::ALL.into_iter().zip(MIX) {
            match left.checked_sub(weight) {
                Some(rest) => left = rest,
                None => return group,
            }
        }
        Group::O_NEG
    }

    /// Frequencies about as among Swedish donors.
    fn phenotype(&mut self, rhd: Rhd) -> Phenotype {
        use Antigen::{BigC, BigE, BigK, Jka, Jkb, SmallC, SmallE};
        let mut typed = Phenotype::default().with(BigK, self.percent(9));
        if !self.percent(33) {
            return typed;
        }
        let often = if rhd == Rhd::Positive { [82, 35] } else { [3, 2] };
        for (antigen, percent) in [(BigC, often[0]), (BigE, often[1]), (SmallC, 80), (SmallE, 97)] {
            typed = typed.with(antigen, self.percent(percent));
        }
        typed.with(Jka, self.percent(77)).with(Jkb, self.percent(73))
    }
}

/// So many units, folded in record by record.
pub(super) fn fill(count: u32) -> Result<Shared> {
    let mut chance = Chance(3);
    let mut stock = Shared::default();
    let tests = ["anti-hcv", "hbsag", "hiv-ag-ab", "nat", "syphilis"];
    let negative = |name: &&str| Ok((Code::new(name)?, TestResult::Negative));
    let results = tests.iter().map(negative).collect::<Result<Vec<_>>>()?;
    let tested = vec![Tested { results, rule_set: None, rules: Some("1".into()) }];
    for (seq, first) in (0..count).step_by(AT_A_TIME as usize).enumerate() {
        let last = count.min(first + AT_A_TIME);
        let entries: Result<Vec<_>> = (first..last).map(|n| entry(&mut chance, n)).collect();
        let load = Load { tested: tested.clone(), units: entries? };
        let taken = TakenOver {
            site: SiteId::new(&format!("site-{:02}", seq as u32 % SITES))?,
            file: None,
            standings: vec![Standing::Available; load.units.len()],
            load,
        };
        apply(&mut stock, None, &Event::TakenOver(taken, NONE), &meta(seq as u64 + 1)?);
    }
    Ok(stock)
}

fn entry(chance: &mut Chance, n: u32) -> Result<Entry> {
    let (facility, serial) = (n / 999_999 % 4, n % 999_999);
    let din = format!("A999{facility}26{serial:06}");
    let group = chance.group();
    let mut attributes = Attributes::NONE.with(Attribute::Leukoreduced);
    if chance.percent(2) {
        attributes = attributes.with(Attribute::Irradiated);
    }
    Ok(Entry {
        id: UnitId::parse(&format!("{din}.B0001V00"))?,
        group: Known::Value(group),
        product: Product::RedCells,
        attributes,
        phenotype: chance.phenotype(group.rhd),
        expiry: NOW.plus_days(1 + i64::try_from(chance.below(41))?),
        tested: Some(0),
    })
}

fn meta(seq: u64) -> Result<Meta> {
    let at = RecordRef {
        journal: "skane".parse()?,
        epoch: 1,
        seq,
        hash: Digest::of(&seq.to_be_bytes()),
    };
    Ok(Meta { at, happened: NOW, recorded: NOW, actor: "scientist".parse()?, mandate: None })
}

/// The rules that red cells ask for.
pub(super) fn rules() -> Result<InForce> {
    let rule =
        |key, value| Rule { key, value: Known::Value(value), source: "bench".into(), note: None };
    let choice = |text: &str| Value::Choice(text.into());
    let rules = [
        rule(key::D_POS_RED_CELLS_TO_D_NEG, choice("physician")),
        rule(key::PREFERENCE_RHD_POS, choice("same_abo_first")),
        rule(key::CMV_LEUKOREDUCED_COUNTS, Value::Flag(true)),
    ];
    let text = Document::of(Scope::Blood, "Regler".into(), "1".into(), &rules).text();
    let set = RuleSet::read(&text).context("a rule set")?;
    Ok(InForce {
        region: "skane".parse()?,
        digest: Digest::of(text.as_bytes()),
        from: NOW,
        set: std::sync::Arc::new(set),
    })
}

/// A set of antigens as a number, for a database.
pub(super) fn bits(antigens: Antigens) -> i64 {
    antigens.iter().fold(0, |all, one| all | 1 << one as u32)
}
