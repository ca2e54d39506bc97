//! What is known of new units, and the event that makes them.

use std::collections::BTreeMap;

use super::prepare::Asked;
use crate::blood;
use crate::blood::command::Standing;
use crate::blood::event::Produced;
use crate::blood::model::stock::Load;
use crate::blood::model::{
    Attributes, Din, Entry, Group, Material, Phenotype, Process, Product, Source, TestResult,
    Tested, UnitId,
};
use crate::blood::rules::House;
use crate::donations::judge::{pooled_group, worse};
use crate::rulesets::InForce;
use crate::words::{Code, Known, NONE, SiteId, Time};

/// What tests say of a unit: as its event carries it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Facts {
    pub(super) tested: Option<Tested>,
    pub(super) group: Known<Group>,
    pub(super) phenotype: Phenotype,
}

/// New units on their way into the record.
pub(super) struct Made {
    site: SiteId,
    from: Source,
    consumed: Vec<UnitId>,
    facts: Facts,
    entries: Vec<Entry>,
    standings: Vec<Standing>,
    millilitres: Vec<Known<u16>>,
    materials: Vec<Material>,
}

impl Made {
    pub(super) fn new(asked: &Asked<'_>, donations: Vec<Din>, facts: Facts) -> Self {
        let process: Process = asked.process;
        let from = match asked.donation {
            Some((din, _)) => Source::Donation { din, process },
            None => Source::Units { process, donations },
        };
        Self {
            site: asked.site.clone(),
            from,
            consumed: asked.inputs.iter().map(|(id, _)| *id).collect(),
            facts,
            entries: Vec::new(),
            standings: Vec::new(),
            millilitres: Vec::new(),
            materials: asked.materials.clone(),
        }
    }

    pub(super) fn add(
        &mut self,
        (id, product, attributes, expiry): (UnitId, Product, Attributes, Time),
        millilitres: Known<u16>,
        standing: Standing,
    ) {
        let (group, phenotype) = (self.facts.group, self.facts.phenotype);
        let tested = self.facts.tested.is_some().then_some(0);
        let entry = Entry { id, group, product, attributes, phenotype, expiry, tested };
        self.entries.push(entry);
        self.standings.push(standing);
        self.millilitres.push(millilitres);
    }

    pub(super) fn products(&self) -> impl Iterator<Item = Product> {
        self.entries.iter().map(|entry| entry.product)
    }

    pub(super) fn event(self, rules: &InForce) -> blood::Event {
        let tested = self.facts.tested.into_iter().collect();
        let produced = Produced {
            site: self.site,
            from: self.from,
            consumed: self.consumed,
            load: Load { tested, units: self.entries },
            standings: self.standings,
            millilitres: self.millilitres,
            rule_set: rules.digest,
            materials: self.materials,
        };
        blood::Event::Produced(produced, NONE)
    }
}

/// What is known of units made of what goes in: of one unit all of it, of several what holds for
/// each of them.
pub(super) fn facts_of(house: &House<'_>, rules: &InForce, asked: &Asked<'_>) -> Facts {
    if let Some((din, _)) = asked.donation {
        return facts_of_donation(house, Some(rules), &din);
    }
    let all = asked.inputs.iter().map(|(_, unit)| Facts {
        tested: unit.tested.as_deref().cloned(),
        group: unit.group,
        phenotype: unit.phenotype,
    });
    together(all.collect())
}

/// What a donation's results say of a unit of it.
pub(super) fn facts_of_donation(house: &House<'_>, rules: Option<&InForce>, din: &Din) -> Facts {
    let said = house.donations.said(din, false);
    let results: Vec<_> = said.markers.into_iter().collect();
    let rule_set = rules.map(|rules| rules.digest);
    let tested = (!results.is_empty()).then_some(Tested { results, rule_set, rules: None });
    let group = rules.and_then(|rules| house.donations.confirmed_group(rules, din).ok());
    Facts { tested, group: group.into(), phenotype: said.phenotype }
}

/// What holds for every part of a pool: a test counts only if each part had it, with the worst that
/// was said; a part with D makes all of it D positive; antigens are not told.
pub(super) fn together(mut all: Vec<Facts>) -> Facts {
    if all.len() == 1
        && let Some(one) = all.pop()
    {
        return one;
    }
    let groups: Option<Vec<Group>> = all.iter().map(|facts| facts.group.value()).collect();
    Facts {
        tested: tested_together(&all),
        group: groups.and_then(|groups| pooled_group(&groups)).into(),
        phenotype: Phenotype::UNTESTED,
    }
}

fn tested_together(all: &[Facts]) -> Option<Tested> {
    let mut said: BTreeMap<&Code, (usize, TestResult)> = BTreeMap::new();
    for tested in all.iter().filter_map(|facts| facts.tested.as_ref()) {
        for (code, result) in &tested.results {
            let held = said.entry(code).or_insert((0, *result));
            *held = (held.0 + 1, worse(held.1, *result));
        }
    }
    let counts =
        |(parts, result): (usize, TestResult)| parts == all.len() || result != TestResult::Negative;
    let results = said.into_iter().filter(|(_, found)| counts(*found));
    let results: Vec<_> = results.map(|(code, (_, result))| (code.clone(), result)).collect();
    let rule_sets = all.iter().map(|facts| facts.tested.as_ref()?.rule_set);
    let rule_sets: Vec<_> = rule_sets.collect();
    let same = rule_sets.windows(2).all(|pair| pair[0] == pair[1]);
    let rule_set = rule_sets.first().copied().flatten().filter(|_| same);
    (!results.is_empty()).then_some(Tested { results, rule_set, rules: None })
}
