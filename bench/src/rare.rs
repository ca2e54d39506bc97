//! One combination among a million typed donors, beside looking at every one of them.

use std::time::Instant;

use anyhow::{Result, ensure};
use samband_domain::Known;
use samband_domain::blood::model::{Antigen, Antigens, Group, Phenotype};
use samband_domain::donors::model::Types;
use samband_domain::donors::typed::{Wanted, hla_names, many};

use crate::Amount;
use crate::report::Section;
use crate::stopwatch::{grouped, percentiles};

const ABOUT: &str = "\
Typed donors in memory: a group by the donors' mix, twelve antigens each absent as often as the \
sources say, four HLA types. Asked: how many fit, and the first thirty. Beside it a plain look at \
every donor, in a list; both must find the same number.";

/// Antigens, and of a thousand donors how many lack each (blood.md §4).
const LACKING: [(Antigen, u32); 12] = [
    (Antigen::BigK, 909),
    (Antigen::SmallK, 4),
    (Antigen::Kpa, 978),
    (Antigen::Fya, 327),
    (Antigen::Fyb, 197),
    (Antigen::Jka, 236),
    (Antigen::Jkb, 263),
    (Antigen::BigS, 480),
    (Antigen::SmallS, 94),
    (Antigen::BigC, 330),
    (Antigen::Doa, 330),
    (Antigen::Dob, 180),
];

/// Everything about a donor follows from its number.
fn donor(i: u32) -> (Known<Group>, Types) {
    let draw = |salt: u32, of: u32| {
        let mixed = i.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(40_503));
        let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519);
        ((mixed ^ (mixed >> 13)) >> 4) % of
    };
    let group = Group::ALL[draw(1, 8) as usize];
    let absent = |(n, (_, share)): &(u32, &(Antigen, u32))| draw(n + 2, 1_000) < *share;
    let lacks = (0_u32..).zip(&LACKING).filter(absent).map(|(_, (antigen, _))| *antigen);
    let phenotype = lacks.fold(Phenotype::UNTESTED, |all, one| all.with(one, false));
    let hla = (0..2)
        .flat_map(|n| {
            [format!("A*{:02}", 1 + draw(30 + n, 24)), format!("B*{:02}", 5 + draw(40 + n, 50))]
        })
        .collect();
    (Known::Value(group), Types { phenotype, hla, hpa: Vec::new() })
}

fn cases() -> Vec<(&'static str, Wanted)> {
    let lacks = |all: &[Antigen]| all.iter().copied().collect::<Antigens>();
    let neg = || vec![Group::O_NEG];
    vec![
        (
            "Fy(a−) Jk(a−)",
            Wanted { lacks: lacks(&[Antigen::Fya, Antigen::Jka]), ..Wanted::default() },
        ),
        (
            "O RhD neg, Fy(a−) Jk(a−)",
            Wanted {
                groups: neg(),
                lacks: lacks(&[Antigen::Fya, Antigen::Jka]),
                ..Wanted::default()
            },
        ),
        (
            "six antigens absent",
            Wanted {
                lacks: lacks(&[
                    Antigen::BigK,
                    Antigen::Fya,
                    Antigen::Jka,
                    Antigen::SmallS,
                    Antigen::BigC,
                    Antigen::Dob,
                ]),
                ..Wanted::default()
            },
        ),
        ("k−", Wanted { lacks: lacks(&[Antigen::SmallK]), ..Wanted::default() }),
        ("HLA A*02 B*07", Wanted { hla: vec!["A*02".into(), "B*07".into()], ..Wanted::default() }),
        ("nobody", Wanted { lacks: lacks(&[Antigen::Vel]), ..Wanted::default() }),
    ]
}

/// Measures.
///
/// # Errors
/// If the index and the plain look differ.
pub fn run(amount: Amount) -> Result<Section> {
    let mut section = Section::new("Rare donors", ABOUT);
    let count = amount.of(2_000, 100_000, 1_000_000);
    let started = Instant::now();
    let typed = many(count, donor);
    let built = started.elapsed();
    ensure!(typed.len() == count as usize, "{} donors", typed.len());
    section.prose(format!(
        "{} typed donors; the index was built in {:.1} s. Aim: p99 below 5 ms.",
        grouped(f64::from(count)),
        built.as_secs_f64()
    ));
    section.figure("donors", f64::from(count));
    section.table(&["asked", "fit", "p50", "p99"]);
    for (name, wanted) in cases() {
        let plainly = (0..count).filter(|i| fits(&wanted, *i)).count();
        let (found, first) = typed.find(&wanted, 30);
        ensure!(found == plainly, "{name}: {found} by index, {plainly} by looking");
        ensure!(first.len() == plainly.min(30), "{name}: the first thirty");
        let rounds = amount.of(2, 200, 2_000);
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let started = Instant::now();
            std::hint::black_box(typed.find(std::hint::black_box(&wanted), 30));
            times.push(started.elapsed());
        }
        let (p50, p99) = percentiles(times);
        let micro = |time: std::time::Duration| time.as_secs_f64() * 1e6;
        section.row([
            name.to_owned(),
            grouped(found as f64),
            format!("{:.0} µs", micro(p50)),
            format!("{:.0} µs", micro(p99)),
        ]);
        section.figure(format!("{name} p99_us"), micro(p99));
    }
    Ok(section)
}

fn fits(wanted: &Wanted, i: u32) -> bool {
    let (group, types) = donor(i);
    let group = group.value().is_some_and(|one| wanted.groups.contains(&one));
    (wanted.groups.is_empty() || group)
        && wanted.lacks.without(types.phenotype.absent()).is_empty()
        && wanted.hla.iter().all(|text| types.hla.iter().any(|held| hla_names(held).contains(text)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_index_and_the_plain_look_agree() {
        super::run(crate::Amount::Tiny).unwrap();
    }
}
