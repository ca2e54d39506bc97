//! Data structure 027: what a donation was screened for.

use super::antigens::{digits, two_results};
use super::refused::{Field, Refused};

/// Markers as the structure pairs them.
const PAIRS: [(&str, &str); 9] = [
    ("hiv_antibody", "hiv_p24"),
    ("hiv_genome", "hcv_antibody"),
    ("hcv_antigen", "hcv_genome"),
    ("hbc_antibody", "hbs_antigen"),
    ("hbv_genome", "htlv_antibody"),
    ("syphilis_antibody", "cmv_antibody"),
    ("cmv_genome", "ebv_genome"),
    ("wnv_genome", "parvovirus_b19_antibody"),
    ("parvovirus_b19_genome", "chagas_antibody"),
];

/// What the screening found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Markers {
    digits: [u8; 9],
    /// HEV's genome.
    hev: Option<bool>,
}

impl Markers {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let all = digits::<18>(27, data)?;
        let bad = |at: usize| Refused::field(27, Field::Marker, &data[at..=at]);
        if let Some(at) = all[..9].iter().position(|digit| *digit == 9) {
            return Err(bad(at));
        }
        // The second of position 10 was never assigned, so that it cannot have a result.
        let hev = match all[9] {
            0 => None,
            3 => Some(false),
            6 => Some(true),
            _ => return Err(bad(9)),
        };
        if let Some(at) = all[10..].iter().position(|digit| *digit != 0) {
            return Err(Refused::field(27, Field::Reserved, &data[10 + at..=10 + at]));
        }
        let mut pairs = [0; 9];
        pairs.copy_from_slice(&all[..9]);
        Ok(Self { digits: pairs, hev })
    }

    /// What was screened for, and whether it was found.
    pub fn results(&self) -> impl Iterator<Item = (&'static str, bool)> {
        let pairs = PAIRS.iter().zip(self.digits).flat_map(|(names, digit)| {
            let results = two_results(digit);
            let first = results.0.map(|found| (names.0, found));
            first.into_iter().chain(results.1.map(|found| (names.1, found)))
        });
        pairs.chain(self.hev.map(|found| ("hev_genome", found)))
    }

    pub(super) fn encode(&self) -> String {
        let mut text: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        text.push(match self.hev {
            None => '0',
            Some(false) => '3',
            Some(true) => '6',
        });
        text.push_str("00000000");
        text
    }
}
