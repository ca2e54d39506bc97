//! What a donation's tests say of the donor: types that a laboratory determined on a bag are the
//! donor's, so that a rare search finds whoever carries them.

use crate::blood::model::Hpa;
use crate::donations::model::{File, Results, Weight};
use crate::donors::event::{Event, Typed, TypesRetracted};
use crate::donors::model::Types;
use crate::words::{Code, DonorId, Known, Nothing, Private};

/// What results say of the donor's types. ABO and RhD are judged donation by donation and are not
/// among them.
fn types_of(results: &Results) -> Types {
    Types { phenotype: results.phenotype, hla: names(&results.hla), hpa: pairs(&results.hpa) }
}

/// A code has no capitals and no punctuation but the dash: `a-02-01` is `A*02:01`.
fn names(codes: &[Code]) -> Vec<String> {
    let name = |code: &Code| {
        let text = code.as_str().to_uppercase();
        let text = text.strip_prefix("HLA-").unwrap_or(&text);
        let mut parts = text.split('-');
        let locus = parts.next().unwrap_or_default();
        let fields: Vec<_> = parts.collect();
        if fields.is_empty() { locus.to_owned() } else { format!("{locus}*{}", fields.join(":")) }
    };
    codes.iter().map(name).collect()
}

/// Each system has two antigens, so that who lacks the one has the other twice.
fn pairs(found: &[(Hpa, bool)]) -> Vec<String> {
    let told = |antigen: &str| {
        let antigen = antigen.parse::<Hpa>().ok()?;
        let mut said = found.iter().filter(|(one, _)| *one == antigen).map(|(_, is)| *is);
        let first = said.next()?;
        // Of two results that contradict each other neither is believed.
        said.all(|other| other == first).then_some(first)
    };
    let mut systems: Vec<_> =
        found.iter().map(|(one, _)| one.as_str().trim_end_matches(['a', 'b']).to_owned()).collect();
    systems.sort_unstable();
    systems.dedup();
    let pair = |system: String| {
        let (a, b) = (format!("{system}a"), format!("{system}b"));
        match (told(&a), told(&b)) {
            (Some(true), Some(true)) => Some(format!("{a}/{b}")),
            (Some(false), Some(true) | None) => Some(format!("{b}/{b}")),
            (Some(true) | None, Some(false)) => Some(format!("{a}/{a}")),
            _ => None,
        }
    };
    systems.into_iter().filter_map(pair).collect()
}

fn nothing(types: &Types) -> bool {
    types.phenotype.is_empty() && types.hla.is_empty() && types.hpa.is_empty()
}

/// What of the types no file says any longer.
fn without(types: &Types, still: &[Types]) -> Types {
    let phenotype = still.iter().fold(types.phenotype, |all, one| all.without(one.phenotype));
    let gone = |all: &[String], of: fn(&Types) -> &Vec<String>| {
        let kept = |text: &&String| !still.iter().any(|one| of(one).contains(text));
        all.iter().filter(kept).cloned().collect()
    };
    Types {
        phenotype,
        hla: gone(&types.hla, |one| &one.hla),
        hpa: gone(&types.hpa, |one| &one.hpa),
    }
}

fn counting(file: &File) -> Vec<Types> {
    let counts = file.entries.iter().filter(|entry| entry.weight == Weight::Counts);
    counts.map(|entry| types_of(&entry.results)).collect()
}

/// What the results of a donation add to the donor's types, and what they take back. `before` and
/// `after` are the donation's file around one event, `others` the donor's other donations.
pub(crate) fn said_of_donor(
    donor: &DonorId,
    held: Option<&Types>,
    (before, after): (&File, &File),
    others: &[&File],
) -> Vec<crate::Event> {
    let (was, is) = (counting(before), counting(after));
    let mut still = is.clone();
    still.extend(others.iter().flat_map(|file| counting(file)));
    let lost = was.iter().map(|types| without(types, &still)).filter(|types| !nothing(types));
    let retracted = lost.map(|types| {
        let retracted = TypesRetracted { donor: donor.clone(), types };
        Event::TypesRetracted(Nothing, Private::Here(retracted)).into()
    });
    let known: Vec<Types> = held.into_iter().cloned().collect();
    let new = is.iter().filter(|types| !was.contains(types));
    let new = new.map(|types| without(types, &known)).filter(|types| !nothing(types));
    let typed = new.map(|types| {
        let typed = Typed { donor: donor.clone(), group: Known::Unknown, types };
        Event::Typed(Nothing, Private::Here(typed)).into()
    });
    let retracted: Vec<crate::Event> = retracted.collect();
    retracted.into_iter().chain(typed).collect()
}
