//! What may be seen of rare blood: units of all regions that fit, answers about donors, and how
//! probable a fit is.

use super::model::{Band, Wanted};
use super::state::{Answer, Ask};
use crate::SharedState;
use crate::blood::model::{
    Abo, Antigen, Antigens, Attributes, Component, Group, Product, Rhd, Status, UnitId,
};
use crate::words::{JournalId, Known, SiteId, Time};

/// How many of a million people lack an antigen, and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// The antigen.
    pub antigen: Antigen,
    /// Of a million; unknown where no source was found.
    pub per_million: Known<u32>,
    /// Where it comes from.
    pub source: &'static str,
}

const LBPH: &str = "LBPH (australiska givare, mest europeiska)";

/// Phenotype frequencies of blood.md §4: antigen, how many of a million lack it, source.
const FREQUENCIES: &[(Antigen, u32, &str)] = &[
    (Antigen::BigK, 909_000, LBPH),
    (Antigen::SmallK, 4_000, LBPH),
    (Antigen::Kpa, 978_000, LBPH),
    (Antigen::Fya, 327_000, LBPH),
    (Antigen::Fyb, 197_000, LBPH),
    (Antigen::Jka, 236_000, LBPH),
    (Antigen::Jkb, 263_000, LBPH),
    (Antigen::M, 215_000, LBPH),
    (Antigen::N, 295_000, LBPH),
    (Antigen::BigS, 480_000, LBPH),
    (Antigen::SmallS, 94_000, LBPH),
    (Antigen::P1, 252_000, LBPH),
    (Antigen::Lua, 923_000, LBPH),
    (Antigen::Lub, 2_000, LBPH),
    (Antigen::Lea, 776_000, LBPH),
    (Antigen::Leb, 277_000, LBPH),
    (Antigen::Doa, 330_000, LBPH),
    (Antigen::Dob, 180_000, LBPH),
    (Antigen::Cob, 900_000, LBPH),
    (Antigen::BigC, 330_000, "traqprogram.ca (Kanada)"),
    (Antigen::Vel, 833, "Storry 2013, doi 10.1038/ng.2600 (svenska givare)"),
];

/// Shares of the groups in Sweden, of a hundred.
const SHARES: &[(Group, u32)] = &[
    (of(Abo::A, Rhd::Positive), 37),
    (of(Abo::O, Rhd::Positive), 32),
    (of(Abo::B, Rhd::Positive), 10),
    (of(Abo::Ab, Rhd::Positive), 5),
    (of(Abo::A, Rhd::Negative), 7),
    (of(Abo::O, Rhd::Negative), 6),
    (of(Abo::B, Rhd::Negative), 2),
    (of(Abo::Ab, Rhd::Negative), 1),
];

const fn of(abo: Abo, rhd: Rhd) -> Group {
    Group { abo, rhd }
}

/// Where the groups' shares come from.
pub const SHARES_SOURCE: &str = "KRON (Region Kronoberg)";

/// How probable it is that a donor fits, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probability {
    /// Share of donors of a group that will do, of a million.
    pub groups: u32,
    /// Each antigen's share.
    pub lacking: Vec<Lacking>,
    /// The product, of a thousand million; unknown if one share is.
    pub per_milliard: Known<u64>,
}

/// The share of the groups times the shares that lack each antigen. Antigens of one system are
/// not independent of each other: two of them make the figure a rough one, which the page says.
#[must_use]
pub fn probability(wanted: &Wanted) -> Probability {
    let share = |group: &Group| {
        SHARES.iter().find(|(one, _)| one == group).map_or(0, |(_, share)| share * 10_000)
    };
    let groups = match wanted.groups.as_slice() {
        [] => 1_000_000,
        groups => groups.iter().map(share).sum(),
    };
    let lacking: Vec<_> = wanted.lacks.iter().map(lacking).collect();
    let whole = Known::Value(u64::from(groups) * 1_000);
    let per_milliard = lacking.iter().fold(whole, |product, one| {
        product.with(one.per_million, |product, share| product * u64::from(share) / 1_000_000)
    });
    // How many have an HLA or HPA type is not in the sources.
    let typed = !(wanted.hla.is_empty() && wanted.lacks_hpa.is_empty());
    Probability { groups, lacking, per_milliard: if typed { Known::Unknown } else { per_milliard } }
}

fn lacking(antigen: Antigen) -> Lacking {
    let found = FREQUENCIES.iter().find(|(one, ..)| *one == antigen);
    let (per_million, source) = match found {
        Some((_, share, source)) => (Known::Value(*share), *source),
        None => (Known::Unknown, ""),
    };
    Lacking { antigen, per_million, source }
}

/// The groups whose units a recipient of a group can be given by the base table: red cells by ABO
/// and D, everything else of the recipient's own group (platelets and plasma by region's rule).
#[must_use]
pub fn groups_for(component: Component, recipient: Group) -> Vec<Group> {
    let own = [recipient];
    if component != Component::RedCells {
        return own.to_vec();
    }
    let fits = |group: &Group| {
        let abo = group.abo == Abo::O || group.abo == recipient.abo || recipient.abo == Abo::Ab;
        abo && (group.rhd == Rhd::Negative || recipient.rhd == Rhd::Positive)
    };
    Group::ALL.iter().copied().filter(fits).collect()
}

/// One region's part of a search.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// Whose.
    pub journal: &'a JournalId,
    /// What it shares.
    pub shared: &'a SharedState,
    /// As of when that is known here.
    pub as_of: Known<Time>,
}

/// A unit that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its number.
    pub id: UnitId,
    /// Where it is.
    pub site: SiteId,
    /// Group.
    pub group: Known<Group>,
    /// Product.
    pub product: Product,
    /// What else is true of it.
    pub attributes: Attributes,
    /// What may be done with it.
    pub status: Status,
    /// When it must no longer be used.
    pub expiry: Time,
}

/// What one region has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Whose.
    pub region: JournalId,
    /// As of when that is known here.
    pub as_of: Known<Time>,
    /// Units that fit, those free to use first, then by expiry; at most [`UNITS_MAX`].
    pub units: Vec<Unit>,
    /// How many there are.
    pub count: usize,
    /// How many of them are free to use.
    pub free: usize,
    /// Places whose record is another system's: what they have is not known by unit.
    pub untold: Vec<SiteId>,
}

/// Most units of one region in an answer.
pub const UNITS_MAX: usize = 50;

/// Units of all regions that are known to fit. A unit that was not typed is not among them.
#[must_use]
pub fn units(
    parts: &[Part<'_>],
    (component, wanted): (Option<Component>, &Wanted),
    now: Time,
) -> Vec<Found> {
    parts.iter().map(|part| found(part, (component, wanted), now)).collect()
}

fn found(part: &Part<'_>, (component, wanted): (Option<Component>, &Wanted), now: Time) -> Found {
    let stock = &part.shared.blood;
    let of_group = |group: Known<Group>| {
        wanted.groups.is_empty() || group.value().is_some_and(|one| wanted.groups.contains(&one))
    };
    // The label's antigens of a unit say nothing of HLA; what is matched by HLA says so.
    let typed = |unit: &crate::blood::model::Unit| {
        let matched = crate::blood::model::Attribute::HlaMatched;
        let by_type = wanted.hla.is_empty() || unit.attributes.has(matched);
        by_type && wanted.lacks_hpa.is_empty()
    };
    let cells: Antigens = wanted.lacks;
    let fits = |unit: &crate::blood::model::Unit| {
        cells.without(unit.phenotype.absent()).is_empty()
            && component.is_none_or(|one| unit.component() == one)
            && of_group(unit.group)
            && typed(unit)
            && unit.expiry > now
            && !matches!(unit.status, Status::Missing | Status::Outdated | Status::Lost)
    };
    let all = stock.units.iter().filter(|(_, unit)| fits(unit)).map(|(id, unit)| Unit {
        id: *id,
        site: unit.site.clone(),
        group: unit.group,
        product: unit.product,
        attributes: unit.attributes,
        status: unit.status,
        expiry: unit.expiry,
    });
    let mut all: Vec<_> = all.collect();
    let free = |unit: &Unit| unit.status == Status::Available;
    all.sort_by_key(|unit| (!free(unit), unit.expiry, unit.id));
    let (count, free) = (all.len(), all.iter().filter(|unit| free(unit)).count());
    all.truncate(UNITS_MAX);
    let sites = part.shared.kernel.sites.values();
    let elsewhere = sites.filter(|site| {
        site.window.contains(now)
            && site.record == crate::kernel::RecordKeeper::External
            && site.kind == crate::kernel::SiteKind::BloodCentre
    });
    let untold = elsewhere.map(|site| site.id.clone()).collect();
    Found { region: part.journal.clone(), as_of: part.as_of, units: all, count, free, untold }
}

/// What one region answered to a question, or that it has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// Whose.
    pub region: &'a JournalId,
    /// Its answer.
    pub answer: Option<&'a Answer>,
}

/// The open question for what is wanted, with every other region's answer.
#[must_use]
pub fn replies<'a>(
    own: &JournalId,
    parts: &[Part<'a>],
    wanted: &Wanted,
) -> Option<(&'a Ask, Vec<Reply<'a>>)> {
    let asker = parts.iter().find(|part| part.journal == own)?;
    let asks = asker.shared.rare.asks.values().filter(|ask| ask.wanted == *wanted);
    let ask = asks.max_by_key(|ask| ask.said)?;
    let others = parts.iter().filter(|part| part.journal != own);
    let reply = |part: &Part<'a>| Reply {
        region: part.journal,
        answer: part.shared.rare.answers.get(&ask.at.hash),
    };
    Some((ask, others.map(reply).collect()))
}

/// The open questions of a region, the newest first.
#[must_use]
pub fn asks(shared: &SharedState) -> Vec<&Ask> {
    let mut all: Vec<_> = shared.rare.asks.values().collect();
    all.sort_by_key(|ask| std::cmp::Reverse(ask.said));
    all
}

/// The band of a region that has not answered.
#[must_use]
pub fn band(answer: Option<&Answer>) -> Band {
    answer.map_or(Band::Unknown, |answer| answer.band)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(lacks: &[Antigen], groups: &[Group]) -> Wanted {
        let lacks = lacks.iter().copied().collect();
        Wanted { lacks, groups: groups.to_vec(), ..Wanted::default() }
    }

    #[test]
    fn the_computed_example_of_the_sources() {
        let pair = [Antigen::Fya, Antigen::Jka];
        // Fy(a−) Jk(a−) ≈ 7.7 %, for a recipient O RhD neg ≈ 0.46 %.
        let any = probability(&wanted(&pair, &[]));
        assert_eq!(any.per_milliard, Known::Value(77_172_000));
        let groups = groups_for(Component::RedCells, Group::O_NEG);
        assert_eq!(groups, [Group::O_NEG]);
        let narrow = probability(&wanted(&pair, &groups));
        assert_eq!(narrow.per_milliard, Known::Value(4_630_320));
    }

    #[test]
    fn a_frequency_that_nobody_gave_makes_the_product_unknown() {
        let odd = probability(&wanted(&[Antigen::Fya, Antigen::Ytb], &[]));
        assert_eq!(odd.per_milliard, Known::Unknown);
        assert_eq!(odd.lacking.iter().filter(|one| one.per_million == Known::Unknown).count(), 1);
    }

    #[test]
    fn the_base_table_has_twenty_seven_pairs() {
        let pairs: usize =
            Group::ALL.iter().map(|one| groups_for(Component::RedCells, *one).len()).sum();
        assert_eq!(pairs, 27, "blood.md §2.1");
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<u32>(), 100);
    }
}
