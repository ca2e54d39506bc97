//! Making components: what goes in must be there, free and of the right sort; what comes out has
//! the label, the expiry and the volume that what is done gives it.

use std::collections::BTreeSet;

use super::expiry::{Basis, expiry};
use super::made::{Made, facts_of};
use super::refusals::{
    DIVISION, INPUTS, LABEL, MIXED, NOT_IN_USE, NUMBER, OTHER_SITE, OUTPUTS, TITRE_ABOVE,
    TITRE_MISSING, VOLUME,
};
use super::table::Many;
use crate::Region;
use crate::blood::command::Standing;
use crate::blood::model::{
    Abo, Attribute, Attributes, Din, Division, Material, Process, Product, ProductRow,
    QuarantineReason, Status, Unit, UnitId,
};
use crate::blood::rules::{
    EXPIRED, House, NO_CODES, STATUS, TWICE, UNIT_KNOWN, code_unknown, listed,
};
use crate::donations::command::Command;
use crate::donations::event::{BagTaken, Event};
use crate::donations::judge::Held;
use crate::donations::model::{Donation, Output};
use crate::kernel::{not_found, text};
use crate::rulesets::{InForce, key};
use crate::words::{Context, Known, NONE, Refusal, SiteId, Time};

/// What a preparation was asked to be.
pub(super) struct Asked<'a> {
    pub(super) site: &'a SiteId,
    pub(super) process: Process,
    pub(super) donation: Option<(Din, &'a Donation)>,
    pub(super) inputs: Vec<(UnitId, &'a Unit)>,
    pub(super) outputs: &'a [Output],
    pub(super) materials: Vec<Material>,
}

pub(super) fn prepare(
    region: &Region,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<crate::Event>, Refusal> {
    let Command::Prepare { site, process, donation, inputs, outputs, materials } = command else {
        unreachable!("routed by decide");
    };
    let house = House::of(region);
    house.own_site(site, ctx)?;
    let rules = house.in_force(ctx)?;
    let donation = match donation {
        Some(din) => Some((*din, unlabelled(&house.donations, din)?)),
        None => None,
    };
    let asked = Asked {
        site,
        process: *process,
        donation,
        inputs: taken(&house, site, inputs, ctx)?,
        outputs,
        materials: checked(materials)?,
    };
    let made = make(&house, rules, &asked, ctx)?;
    let taken = donation.map(|(din, _)| Event::BagTaken(BagTaken { din }, NONE).into());
    Ok(std::iter::once(made.event(rules).into()).chain(taken).collect())
}

/// Materials, with texts that a recall can be held against.
pub(super) fn checked(materials: &[Material]) -> Result<Vec<Material>, Refusal> {
    let clean = |one: &Material| {
        let (catalogue, lot) = (text("catalogue", &one.catalogue)?, text("lot", &one.lot)?);
        Ok(Material { catalogue, lot, ..one.clone() })
    };
    materials.iter().map(clean).collect()
}

fn unlabelled<'a>(held: &Held<'a>, din: &Din) -> Result<&'a Donation, Refusal> {
    let donation = held.shared.donations.get(din);
    let donation = donation.ok_or_else(|| not_found("donation", din))?;
    if !donation.unlabelled {
        return Err(INPUTS.because([("donation", din.to_string())]));
    }
    Ok(donation)
}

/// The units that go in: known, at the site, whole, and neither promised nor doubted.
fn taken<'a>(
    house: &House<'a>,
    site: &SiteId,
    inputs: &[UnitId],
    ctx: &Context<'_>,
) -> Result<Vec<(UnitId, &'a Unit)>, Refusal> {
    if !inputs.is_empty() {
        listed(inputs)?;
    }
    let mut all = Vec::with_capacity(inputs.len());
    for id in inputs {
        let unit = house.unit(id)?;
        let fact = ("unit", id.to_string());
        if unit.site != *site {
            return Err(OTHER_SITE.because([fact, ("site", unit.site.to_string())]));
        }
        let free = [Status::Available, Status::Quarantined(QuarantineReason::NotReleased)];
        if !free.contains(&unit.status) {
            return Err(STATUS.because([fact, ("status", unit.status.as_str().into())]));
        }
        if unit.expiry <= ctx.now {
            return Err(EXPIRED.because([fact, ("expiry", unit.expiry.to_string())]));
        }
        all.push((*id, unit));
    }
    Ok(all)
}

/// What comes of it, or why it cannot be done.
pub(super) fn make(
    house: &House<'_>,
    rules: &InForce,
    asked: &Asked<'_>,
    ctx: &Context<'_>,
) -> Result<Made, Refusal> {
    let process = asked.process;
    let possible = possible(asked)?;
    let donations = asked.donations(house);
    house.donations.none_withdrawn(&donations)?;
    how_many(asked)?;
    one_abo(asked)?;
    if process == Process::LowTitre {
        low_titre(house, rules, &donations)?;
    }
    if possible.contains(&Product::PlateletsFrozen)
        && rules.choice(key::PLATELETS_FROZEN_IN_USE)? == "no"
    {
        return Err(NOT_IN_USE.because([("product", Product::PlateletsFrozen.to_string())]));
    }
    // A donation that is being reported is not in the state yet.
    let own = asked.donation.map(|(_, donation)| donation.collected);
    let held = |din: &Din| house.donations.shared.donations.get(din);
    let collected = donations.iter().map(|din| own.or(held(din).map(|one| one.collected)));
    let collected: Option<Vec<Time>> = collected.collect();
    let basis = Basis {
        collected: collected.and_then(|all| all.into_iter().min()).into(),
        made: ctx.now,
        parent: asked.inputs.iter().map(|(_, unit)| unit.expiry).min(),
    };
    let mut made = Made::new(asked, donations, facts_of(house, rules, asked));
    let mut seen = BTreeSet::new();
    for output in asked.outputs {
        let id = identity(asked, output)?;
        if !seen.insert(id) {
            return Err(TWICE.because([("unit", id.to_string())]));
        }
        if house.shared.units.contains_key(&id) || house.shared.is_gone(&id) {
            return Err(UNIT_KNOWN.because([("unit", id.to_string())]));
        }
        let row = meaning(house, &id, ctx.now)?;
        if !possible.contains(&row.product) {
            let facts = [("unit", id.to_string()), ("product", row.product.to_string())];
            return Err(OUTPUTS.because(facts));
        }
        let until = expiry(rules, process, row.product, basis)?;
        if until <= ctx.now {
            return Err(EXPIRED.because([("unit", id.to_string()), ("expiry", until.to_string())]));
        }
        let attributes = attributes(asked, row, &id)?;
        made.add((id, row.product, attributes, until), output.millilitres, standing(asked));
    }
    one_of_each(asked, &made)?;
    volume(house, asked)?;
    Ok(made)
}

/// What can come of what goes in: of every unit the same.
fn possible(asked: &Asked<'_>) -> Result<&'static [Product], Refusal> {
    let process = asked.process;
    let facts = || [("process", process.to_string()), ("units", asked.inputs.len().to_string())];
    if let Some((_, donation)) = asked.donation {
        let possible = process.outputs_of_donation(donation.kind);
        let fits = asked.inputs.is_empty() && !possible.is_empty();
        return if fits { Ok(possible) } else { Err(INPUTS.because(facts())) };
    }
    let mut products: Vec<_> = asked.inputs.iter().map(|(_, unit)| unit.product).collect();
    products.dedup();
    let [product] = products[..] else { return Err(INPUTS.because(facts())) };
    let possible = process.outputs(product);
    let many = if process.pools() { asked.inputs.len() >= 2 } else { asked.inputs.len() == 1 };
    if possible.is_empty() || !many {
        let [process, units] = facts();
        return Err(INPUTS.because([process, units, ("product", product.to_string())]));
    }
    Ok(possible)
}

fn how_many(asked: &Asked<'_>) -> Result<(), Refusal> {
    let count = asked.outputs.len();
    let fits = match asked.process.gives() {
        Many::One => count == 1,
        Many::OneOfEach => (1..=4).contains(&count),
        Many::Parts => (2..=26).contains(&count),
    };
    if fits {
        return Ok(());
    }
    let facts = [("process", asked.process.to_string()), ("units", count.to_string())];
    Err(OUTPUTS.because(facts))
}

fn one_of_each(asked: &Asked<'_>, made: &Made) -> Result<(), Refusal> {
    if asked.process.gives() != Many::OneOfEach {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    let mut all = made.products();
    match all.find(|product| !seen.insert(*product)) {
        // Apheresis fills several bags of one sort; whole blood gives one of each.
        Some(product) if asked.process == Process::Separate => {
            let facts = [("process", asked.process.to_string()), ("product", product.to_string())];
            Err(OUTPUTS.because(facts))
        }
        _ => Ok(()),
    }
}

/// A pool is of one ABO group, as far as its parts' groups are known.
fn one_abo(asked: &Asked<'_>) -> Result<(), Refusal> {
    let groups = asked.inputs.iter().filter_map(|(_, unit)| unit.group.value());
    let abos: BTreeSet<Abo> = groups.map(|group| group.abo).collect();
    if abos.len() < 2 {
        return Ok(());
    }
    let named: Vec<_> = abos.iter().map(|abo| abo.to_string()).collect();
    Err(MIXED.because([("groups", named.join(", "))]))
}

fn low_titre(house: &House<'_>, rules: &InForce, donations: &[Din]) -> Result<(), Refusal> {
    let most = rules.count(key::WHOLE_BLOOD_TITRE_MAX)?;
    for din in donations {
        let donation = ("donation", din.to_string());
        match house.donations.said(din, false).titre {
            Known::Value(titre) if u32::from(titre) <= most => {}
            Known::Value(titre) => {
                let facts = [donation, ("titre", titre.to_string()), ("most", most.to_string())];
                return Err(TITRE_ABOVE.because(facts));
            }
            Known::Unknown => return Err(TITRE_MISSING.because([donation])),
        }
    }
    Ok(())
}

/// The unit's name: the donation's number, or the pool's own; and a division that says which part.
fn identity(asked: &Asked<'_>, output: &Output) -> Result<UnitId, Refusal> {
    let product = output.product;
    let own = asked.donation.map(|(din, _)| din);
    let parent = asked.inputs.first().map(|(id, _)| *id);
    let inherited = own.or(parent.map(|id| id.din));
    let din = match (asked.process.pools(), output.din, inherited) {
        (true, Some(din), _) => din,
        (false, None, Some(din)) => din,
        (false, Some(given), Some(din)) if given == din => din,
        _ => return Err(NUMBER.because([("process", asked.process.to_string())])),
    };
    let id = UnitId { din, product };
    let before = parent.map_or(Division::Whole, |id| id.product.division());
    let fits = match (asked.process.gives(), before, product.division()) {
        (Many::Parts, Division::Whole, Division::Split(_)) => true,
        (Many::Parts, Division::Split(first), Division::Part(same, _)) => first == same,
        (Many::Parts, ..) => false,
        _ if asked.process.pools() => product.division() == Division::Whole,
        // Several bags of one apheresis are told apart by their divisions.
        (Many::OneOfEach, ..) => true,
        (Many::One, before, now) => before == now,
    };
    if fits { Ok(id) } else { Err(DIVISION.because([("unit", id.to_string())])) }
}

/// What the code on the label means.
fn meaning<'a>(house: &House<'a>, id: &UnitId, now: Time) -> Result<&'a ProductRow, Refusal> {
    let unit = ("unit", id.to_string());
    let codes = house.shared.codes.as_deref().ok_or_else(|| NO_CODES.because([unit]))?;
    let found = codes.product(id.product.pdc(), id.din.facility(), now);
    found.map_err(|why| code_unknown(id, why, codes))
}

/// What is true of the new unit: what its label says and what was true of what it is made of. A
/// label that says other than what was done is refused.
fn attributes(asked: &Asked<'_>, row: &ProductRow, id: &UnitId) -> Result<Attributes, Refusal> {
    let reduced = asked
        .materials
        .iter()
        .any(|one| one.kind == crate::blood::model::MaterialKind::PathogenReduction);
    let all_have = |attribute: Attribute| {
        let mut units = asked.inputs.iter();
        !asked.inputs.is_empty() && units.all(|(_, unit)| unit.attributes.has(attribute))
    };
    let becomes = |attribute: Attribute| {
        asked.process.makes_true() == Some(attribute)
            || all_have(attribute)
            || (attribute == Attribute::PathogenReduced && reduced)
    };
    let refused = |attribute: Attribute| {
        let facts = [("unit", id.to_string()), ("attribute", attribute.to_string())];
        LABEL.because(facts)
    };
    if let Some(attribute) = asked.process.makes_true()
        && all_have(attribute)
    {
        return Err(refused(attribute));
    }
    for attribute in [Attribute::Irradiated, Attribute::LowTitre, Attribute::PathogenReduced] {
        if row.attributes.has(attribute) != becomes(attribute) {
            return Err(refused(attribute));
        }
    }
    let stays = [
        Attribute::CmvNegative,
        Attribute::IgaDeficient,
        Attribute::HlaMatched,
        Attribute::HighTitre,
        Attribute::MaleDonor,
    ];
    let inherited = stays.into_iter().filter(|attribute| all_have(*attribute));
    Ok(row.attributes.iter().chain(inherited).collect())
}

/// A released unit's parts stay released where what is done lets them.
fn standing(asked: &Asked<'_>) -> Standing {
    let released = asked.inputs.iter().all(|(_, unit)| unit.status == Status::Available);
    if asked.process.keeps_release() && released && !asked.inputs.is_empty() {
        Standing::Available
    } else {
        Standing::Quarantined
    }
}

/// What comes out is not more than what went in and was added, as far as it is known.
fn volume(house: &House<'_>, asked: &Asked<'_>) -> Result<(), Refusal> {
    let of = |(id, _): &(UnitId, &Unit)| house.shared.volumes.get(id).copied().map(u32::from);
    // A donation's own bag also holds what keeps the blood from clotting.
    let Some(before) = asked.inputs.iter().map(of).sum::<Option<u32>>() else { return Ok(()) };
    let added: u32 = asked.materials.iter().filter_map(|one| one.millilitres).map(u32::from).sum();
    let known = asked.outputs.iter().filter_map(|output| output.millilitres.value());
    let out: u32 = known.map(u32::from).sum();
    if asked.inputs.is_empty() || out <= before + added {
        return Ok(());
    }
    let facts = [("out", out), ("in", before), ("added", added)];
    Err(VOLUME.because(facts.map(|(name, n)| (name, n.to_string()))))
}

impl Asked<'_> {
    /// Every donation that goes in, in order.
    fn donations(&self, house: &House<'_>) -> Vec<Din> {
        let of_units = self.inputs.iter().flat_map(|(id, _)| house.shared.donations_in(id));
        let own = self.donation.map(|(din, _)| din);
        let all: BTreeSet<Din> = of_units.chain(own).collect();
        all.into_iter().collect()
    }
}
