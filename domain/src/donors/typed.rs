//! Typed donors by what they were typed for, so that one fitting combination of a million donors
//! is found without looking at each: one bit for each donor and property. Follows from the donors
//! and is never kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use imbl::{OrdMap, Vector};

use super::event::Event;
use super::model::{Donor, Types};
use crate::blood::model::{Antigen, Antigens, Group, Hpa};
use crate::words::{DonorId, Known, Private};

/// Donors in one piece of a column.
const PIECE: usize = 4_096;
const WORDS: usize = PIECE / 64;

/// One property of a donor.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Mark {
    /// Typed for anything at all.
    Typed,
    /// Of a group.
    Of(Group),
    /// Known to lack a red-cell antigen.
    Lacks(Antigen),
    /// Has an HLA type, as [`hla_names`] write it.
    Hla(Arc<str>),
    /// Known to lack a platelet antigen.
    LacksHpa(Hpa),
}

/// A set of slots, in pieces that copies of the state share.
#[derive(Clone, Default)]
struct Bits(OrdMap<u32, Arc<[u64; WORDS]>>);

impl Bits {
    fn set(&mut self, slot: u32, on: bool) {
        let (piece, at) = (slot / PIECE as u32, slot as usize % PIECE);
        let words = self.0.entry(piece).or_insert_with(|| Arc::new([0; WORDS]));
        let words = Arc::make_mut(words);
        let bit = 1 << (at % 64);
        if on {
            words[at / 64] |= bit;
        } else {
            words[at / 64] &= !bit;
        }
    }
}

/// What is looked for among typed donors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Groups that will do; none means any.
    pub groups: Vec<Group>,
    /// Red-cell antigens that the donor must be known to lack.
    pub lacks: Antigens,
    /// HLA types that the donor must have.
    pub hla: Vec<String>,
    /// Platelet antigens that the donor must be known to lack.
    pub lacks_hpa: Vec<Hpa>,
}

/// Typed donors, by property.
#[derive(Clone, Default)]
pub struct Typed {
    slots: OrdMap<DonorId, u32>,
    donors: Vector<DonorId>,
    columns: OrdMap<Mark, Bits>,
    marked: OrdMap<u32, Arc<[Mark]>>,
}

impl Typed {
    /// How many donors are typed for anything at all.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marked.len()
    }

    /// Whether nobody is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    /// How many donors fit, and the first `most` of them.
    #[must_use]
    pub fn find(&self, wanted: &Wanted, most: usize) -> (usize, Vec<&DonorId>) {
        let (mut count, mut found) = (0, Vec::new());
        let Some(columns) = self.columns_of(wanted) else { return (0, found) };
        let [first, rest @ ..] = columns.as_slice() else { return (0, found) };
        let of = |group: &Group| self.columns.get(&Mark::Of(*group));
        let groups: Vec<&Bits> = wanted.groups.iter().filter_map(of).collect();
        if groups.is_empty() && !wanted.groups.is_empty() {
            return (0, found);
        }
        'pieces: for (piece, words) in &first.0 {
            let mut all = **words;
            for column in rest {
                let Some(other) = column.0.get(piece) else { continue 'pieces };
                all.iter_mut().zip(other.iter()).for_each(|(word, other)| *word &= other);
            }
            if !groups.is_empty() {
                let mut any = [0; WORDS];
                for words in groups.iter().filter_map(|group| group.0.get(piece)) {
                    any.iter_mut().zip(words.iter()).for_each(|(word, other)| *word |= other);
                }
                all.iter_mut().zip(any).for_each(|(word, any)| *word &= any);
            }
            for (n, word) in all.iter().enumerate() {
                count += word.count_ones() as usize;
                let mut left = *word;
                while left != 0 && found.len() < most {
                    let at = *piece as usize * PIECE + n * 64 + left.trailing_zeros() as usize;
                    found.extend(self.donors.get(at));
                    left &= left - 1;
                }
            }
        }
        (count, found)
    }

    /// The columns that all must hold; none if one of them holds nobody.
    fn columns_of(&self, wanted: &Wanted) -> Option<Vec<&Bits>> {
        let lacks = wanted.lacks.iter().map(Mark::Lacks);
        let hpa = wanted.lacks_hpa.iter().copied().map(Mark::LacksHpa);
        let hla = wanted.hla.iter().filter_map(|text| hla_names(text).into_iter().next());
        let hla = hla.map(|name| Mark::Hla(name.into()));
        let all = std::iter::once(Mark::Typed).chain(lacks).chain(hpa).chain(hla);
        all.map(|mark| self.columns.get(&mark)).collect()
    }

    /// Follows what an event changed about donors.
    pub(super) fn follow(&mut self, donors: &OrdMap<DonorId, Donor>, event: &Event) {
        match event {
            Event::Registered(_, Private::Here(it)) => self.look(donors, &it.donor),
            Event::GuestRegistered(_, Private::Here(it)) => self.look(donors, &it.donor),
            Event::Lent(_, Private::Here(it)) => self.look(donors, &it.donor),
            Event::Typed(_, Private::Here(it)) => self.look_through(donors, &it.donor),
            Event::TypesRetracted(_, Private::Here(it)) => self.look_through(donors, &it.donor),
            Event::Merged(_, Private::Here(it)) => {
                self.look(donors, &it.merged);
                self.look(donors, &it.keep);
            }
            Event::Unmerged(_, Private::Here(it)) => {
                self.look(donors, &it.donor);
                self.look(donors, &it.keep);
            }
            _ => {}
        }
    }

    /// From the donors as a snapshot holds them.
    pub(super) fn of(donors: &OrdMap<DonorId, Donor>) -> Self {
        let mut typed = Self::default();
        donors.keys().for_each(|id| typed.look(donors, id));
        typed
    }

    /// A donor's record, and the record that it is part of.
    fn look_through(&mut self, donors: &OrdMap<DonorId, Donor>, id: &DonorId) {
        self.look(donors, id);
        let into = donors.get(id).and_then(|donor| donor.into.clone());
        into.into_iter().for_each(|keep| self.look(donors, &keep));
    }

    fn look(&mut self, donors: &OrdMap<DonorId, Donor>, id: &DonorId) {
        let marks = donors.get(id).map(|donor| marks(donors, donor)).unwrap_or_default();
        self.put(id, &marks);
    }

    fn put(&mut self, id: &DonorId, marks: &BTreeSet<Mark>) {
        let slot = match self.slots.get(id) {
            Some(slot) => *slot,
            None if marks.is_empty() => return,
            None => {
                let slot = u32::try_from(self.donors.len()).unwrap_or(u32::MAX);
                self.donors.push_back(id.clone());
                self.slots.insert(id.clone(), slot);
                slot
            }
        };
        let before = self.marked.remove(&slot);
        for mark in before.iter().flat_map(|marks| marks.iter()) {
            if let Some(column) = self.columns.get_mut(mark).filter(|_| !marks.contains(mark)) {
                column.set(slot, false);
            }
        }
        for mark in marks {
            self.columns.entry(mark.clone()).or_default().set(slot, true);
        }
        if !marks.is_empty() {
            self.marked.insert(slot, marks.iter().cloned().collect());
        }
    }
}

/// The properties of a donor and of the records that were merged into this one.
fn marks(donors: &OrdMap<DonorId, Donor>, donor: &Donor) -> BTreeSet<Mark> {
    let mut marks = BTreeSet::new();
    if donor.into.is_some() {
        return marks;
    }
    let merged = donor.merged.iter().filter_map(|id| donors.get(id));
    let records: Vec<_> = std::iter::once(donor).chain(merged).collect();
    let groups: BTreeSet<_> = records.iter().filter_map(|one| one.group.value()).collect();
    let of = |part: fn(&Types) -> Antigens| {
        records.iter().fold(Antigens::NONE, |all, one| all.or(part(&one.types)))
    };
    let found = of(|types| types.phenotype.present());
    // Of two contradicting results the dangerous one is believed.
    let lacks = of(|types| types.phenotype.absent()).without(found);
    marks.extend(lacks.iter().map(Mark::Lacks));
    for types in records.iter().map(|one| &one.types) {
        let names = types.hla.iter().flat_map(|text| hla_names(text));
        marks.extend(names.map(|name| Mark::Hla(name.into())));
        marks.extend(lacking_hpa(&types.hpa).into_iter().map(Mark::LacksHpa));
    }
    // A group alone is no typing, and two groups are none.
    if !marks.is_empty() || !found.is_empty() {
        marks.insert(Mark::Typed);
        if let (1, Some(group)) = (groups.len(), groups.first()) {
            marks.insert(Mark::Of(*group));
        }
    }
    marks
}

/// Under which names an HLA type is found: as it is written, and by its first field alone. The
/// serological name `A2` is found as the first field `A*02`.
#[must_use]
pub fn hla_names(text: &str) -> Vec<String> {
    let text = text.trim().trim_start_matches("HLA-").to_uppercase();
    let digits = text.find(|c: char| c.is_ascii_digit());
    let Some((locus, rest)) = digits.map(|at| text.split_at(at)) else { return Vec::new() };
    let locus = locus.trim_end_matches('*');
    let mut fields = rest.split(':');
    let first = fields.next().unwrap_or_default();
    let broad = format!("{locus}*{first:0>2}");
    match fields.next() {
        Some(second) => vec![format!("{broad}:{second}"), broad],
        None => vec![broad],
    }
}

/// Platelet antigens that results such as `1a/1b` or `1b/1b` say are not there: only the partner
/// of one that was found twice.
fn lacking_hpa(results: &[String]) -> Vec<Hpa> {
    let mut lacking = Vec::new();
    for result in results {
        let alleles: Vec<&str> = result.split(['/', ',', ' ']).filter(|s| !s.is_empty()).collect();
        let plain = |text: &str| text.trim_start_matches("HPA-").to_lowercase();
        let [first, second] = alleles.as_slice() else { continue };
        let (first, second) = (plain(first), plain(second));
        if first != second {
            continue;
        }
        let system = first.trim_end_matches(['a', 'b']);
        let partner = if first.ends_with('a') { "b" } else { "a" };
        lacking.extend(format!("{system}{partner}").parse::<Hpa>().ok());
    }
    lacking
}

impl PartialEq for Typed {
    /// The same donors with the same properties, whatever their slots.
    fn eq(&self, other: &Self) -> bool {
        let told = |typed: &Self| -> BTreeMap<DonorId, Arc<[Mark]>> {
            let slots = typed.slots.iter();
            let marked = |(id, slot): (&DonorId, &u32)| {
                typed.marked.get(slot).map(|marks| (id.clone(), Arc::clone(marks)))
            };
            slots.filter_map(marked).collect()
        };
        told(self) == told(other)
    }
}

impl Eq for Typed {}

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} typed donors", self.len())
    }
}

/// A million typed donors at once, for measurements: `n` donors whose marks follow from `seed`.
#[doc(hidden)]
#[must_use]
pub fn many(n: u32, marks: impl Fn(u32) -> (Known<Group>, Types)) -> Typed {
    let mut typed = Typed::default();
    for i in 0..n {
        let (group, types) = marks(i);
        let mut all = BTreeSet::from([Mark::Typed]);
        all.extend(group.value().map(Mark::Of));
        all.extend(types.phenotype.absent().iter().map(Mark::Lacks));
        all.extend(types.hla.iter().flat_map(|t| hla_names(t)).map(|name| Mark::Hla(name.into())));
        all.extend(lacking_hpa(&types.hpa).into_iter().map(Mark::LacksHpa));
        let id = DonorId::new(&format!("d-{i}")).expect("a plain identifier");
        typed.put(&id, &all);
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blood::model::Phenotype;

    fn types(lacks: &[Antigen], hla: &[&str], hpa: &[&str]) -> Types {
        let phenotype = lacks.iter().fold(Phenotype::UNTESTED, |all, one| all.with(*one, false));
        let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        Types { phenotype, hla: texts(hla), hpa: texts(hpa) }
    }

    #[test]
    fn hla_is_found_by_its_first_field_and_by_its_serological_name() {
        assert_eq!(hla_names("A*02:01"), ["A*02:01", "A*02"]);
        assert_eq!(hla_names("HLA-B7"), ["B*07"]);
        assert_eq!(hla_names("A2"), ["A*02"]);
        assert!(hla_names("okänd").is_empty());
    }

    #[test]
    fn a_platelet_antigen_is_lacking_where_its_partner_was_found_twice() {
        let results = |text: &str| lacking_hpa(&[text.to_owned()]);
        assert_eq!(results("1b/1b"), [Hpa::Hpa1a]);
        assert_eq!(results("HPA-5a/HPA-5a"), [Hpa::Hpa5b]);
        assert!(results("1a/1b").is_empty() && results("1a").is_empty());
    }

    /// Every search against looking at every donor.
    #[test]
    fn the_index_finds_what_looking_at_everybody_finds() {
        let of = |i: u32| {
            let group = if i.is_multiple_of(11) {
                Known::Unknown
            } else {
                Known::Value(Group::ALL[i as usize % 8])
            };
            let pool = [Antigen::Fya, Antigen::Jka, Antigen::BigK, Antigen::SmallC];
            let lacks: Vec<_> =
                pool.iter().enumerate().filter(|(n, _)| i >> n & 1 == 1).map(|(_, a)| *a).collect();
            let hla: &[&str] = if i.is_multiple_of(3) { &["A*02:01", "B*07"] } else { &["A*03"] };
            let hpa: &[&str] = if i.is_multiple_of(5) { &["1b/1b"] } else { &[] };
            (group, types(&lacks, hla, hpa))
        };
        let n = 9_000;
        let typed = many(n, of);
        assert_eq!(typed.len(), n as usize);
        let lacks = |all: &[Antigen]| all.iter().copied().collect::<Antigens>();
        let cases = [
            Wanted { lacks: lacks(&[Antigen::Fya, Antigen::Jka]), ..Wanted::default() },
            Wanted {
                groups: vec![Group::O_NEG, Group::ALL[3]],
                lacks: lacks(&[Antigen::BigK]),
                ..Wanted::default()
            },
            Wanted { hla: vec!["A2".into(), "B*07".into()], ..Wanted::default() },
            Wanted {
                lacks_hpa: vec![Hpa::Hpa1a],
                hla: vec!["A*02:01".into()],
                ..Wanted::default()
            },
            Wanted { lacks: lacks(&[Antigen::Vel]), ..Wanted::default() },
            Wanted { hla: vec!["A*02:05".into()], ..Wanted::default() },
        ];
        for wanted in cases {
            let fits = |i: &u32| {
                let (group, types) = of(*i);
                let of_group = |one: &Group| group == Known::Value(*one);
                (wanted.groups.is_empty() || wanted.groups.iter().any(of_group))
                    && wanted.lacks.without(types.phenotype.absent()).is_empty()
                    && wanted.hla.iter().all(|text| {
                        let name = &hla_names(text)[0];
                        types.hla.iter().any(|held| hla_names(held).contains(name))
                    })
                    && wanted.lacks_hpa.iter().all(|_| i.is_multiple_of(5))
            };
            let expected: Vec<_> = (0..n).filter(fits).map(|i| format!("d-{i}")).collect();
            let (count, found) = typed.find(&wanted, 20);
            assert_eq!(count, expected.len(), "{wanted:?}");
            let found: Vec<_> = found.into_iter().map(ToString::to_string).collect();
            assert_eq!(found, expected[..expected.len().min(20)], "{wanted:?}");
        }
    }

    #[test]
    fn what_is_put_right_is_found_by_its_new_properties_alone() {
        let mut typed = many(3, |_| (Known::Value(Group::O_NEG), types(&[Antigen::Fya], &[], &[])));
        let wanted = Wanted { lacks: Antigens::of(Antigen::Fya), ..Wanted::default() };
        assert_eq!(typed.find(&wanted, 9).0, 3);
        let id = DonorId::new("d-1").unwrap();
        typed.put(&id, &BTreeSet::from([Mark::Typed, Mark::Lacks(Antigen::Jka)]));
        assert_eq!(typed.find(&wanted, 9).0, 2);
        typed.put(&id, &BTreeSet::new());
        assert_eq!(typed.len(), 2);
        let jka = Wanted { lacks: Antigens::of(Antigen::Jka), ..Wanted::default() };
        assert_eq!(typed.find(&jka, 9).0, 0);
    }
}
