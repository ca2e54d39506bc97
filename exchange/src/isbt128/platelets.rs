//! Data structure 014: HLA and platelet antigens.

use samband_domain::Known;

use super::antigens::{digits, two_results};
use super::refused::{Field, Refused};

/// What is said about one HLA antigen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hla {
    /// Not tested.
    NotTested,
    /// This one was found.
    Found(u8),
    /// Nothing is said.
    NoInformation,
}

/// HLA-A antigens that the structure has codes for.
const HLA_A: &[u8] = &[
    1, 2, 3, 9, 10, 11, 19, 23, 24, 25, 26, 28, 29, 30, 31, 32, 33, 34, 36, 43, 66, 68, 69, 74, 80,
];

/// HLA-B antigens that it has codes for.
const HLA_B: &[u8] = &[
    5, 7, 8, 12, 13, 14, 15, 16, 17, 18, 21, 22, 27, 35, 37, 38, 39, 40, 41, 42, 44, 45, 46, 47,
    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 67, 70, 71, 72, 73, 75,
    76, 77, 78, 81, 82, 83,
];

/// Human platelet antigens, as the structure pairs them; then IgA and CMV antibodies.
const PAIRS: [(&str, &str); 7] = [
    ("HPA-1a", "HPA-1b"),
    ("HPA-2a", "HPA-2b"),
    ("HPA-3a", "HPA-3b"),
    ("HPA-4a", "HPA-4b"),
    ("HPA-5a", "HPA-5b"),
    ("HPA-15a", "HPA-6bw"),
    ("HPA-15b", "HPA-7bw"),
];

/// Whether anti-A and anti-B of high titre were looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Titre {
    /// Not tested.
    NotTested,
    /// Tested; none of high titre.
    NoHighTitre,
    /// Nothing is said.
    NoInformation,
}

/// HLA and platelet antigens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlateletAntigens {
    /// HLA-A, the lower first.
    a: [Hla; 2],
    /// HLA-B, the lower first.
    b: [Hla; 2],
    digits: [u8; 8],
    titre: Titre,
}

impl PlateletAntigens {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let all = digits::<18>(14, data)?;
        let a = hla(&all[..4], HLA_A, &data[..4])?;
        let b = hla(&all[4..8], HLA_B, &data[4..8])?;
        if all[16] != 0 {
            return Err(Refused::field(14, Field::Reserved, &data[16..17]));
        }
        let titre = match all[17] {
            0 => Titre::NotTested,
            1 => Titre::NoHighTitre,
            9 => Titre::NoInformation,
            _ => return Err(Refused::field(14, Field::Titre, &data[17..])),
        };
        let mut pairs = [0; 8];
        pairs.copy_from_slice(&all[8..16]);
        Ok(Self { a, b, digits: pairs, titre })
    }

    /// HLA-A and HLA-B antigens that were found, e.g. `A2`, `B7`.
    pub fn hla(&self) -> impl Iterator<Item = String> {
        let name = |locus: char, hla: Hla| match hla {
            Hla::Found(number) => Some(format!("{locus}{number}")),
            Hla::NotTested | Hla::NoInformation => None,
        };
        let a = self.a.into_iter().filter_map(move |hla| name('A', hla));
        a.chain(self.b.into_iter().filter_map(move |hla| name('B', hla)))
    }

    /// Platelet antigens that were tested for, and whether each was found.
    pub fn hpa(&self) -> impl Iterator<Item = (&'static str, bool)> {
        PAIRS.iter().zip(self.digits).flat_map(|(names, digit)| {
            let results = two_results(digit);
            let first = results.0.map(|found| (names.0, found));
            first.into_iter().chain(results.1.map(|found| (names.1, found)))
        })
    }

    /// Whether the donor has IgA.
    #[must_use]
    pub fn iga(&self) -> Known<bool> {
        two_results(self.digits[7]).0.into()
    }

    /// Whether the donor has antibodies against CMV.
    #[must_use]
    pub fn cmv_antibodies(&self) -> Known<bool> {
        two_results(self.digits[7]).1.into()
    }

    /// Whether anti-A and anti-B of high titre were looked for.
    #[must_use]
    pub const fn titre(&self) -> Titre {
        self.titre
    }

    pub(super) fn encode(&self) -> String {
        let code = |hla: &Hla| match hla {
            Hla::NotTested => 0,
            Hla::Found(number) => *number,
            Hla::NoInformation => 99,
        };
        let mut text: String =
            self.a.iter().chain(&self.b).map(|hla| format!("{:02}", code(hla))).collect();
        text.extend(self.digits.iter().map(|digit| char::from(b'0' + digit)));
        text.push('0');
        text.push(match self.titre {
            Titre::NotTested => '0',
            Titre::NoHighTitre => '1',
            Titre::NoInformation => '9',
        });
        text
    }
}

fn hla(digits: &[u8], known: &[u8], text: &str) -> Result<[Hla; 2], Refused> {
    let bad = || Refused::field(14, Field::Hla, text);
    let one = |tens: u8, ones: u8| match tens * 10 + ones {
        0 => Ok(Hla::NotTested),
        99 => Ok(Hla::NoInformation),
        number if known.contains(&number) => Ok(Hla::Found(number)),
        _ => Err(bad()),
    };
    let pair = [one(digits[0], digits[1])?, one(digits[2], digits[3])?];
    match pair {
        [Hla::Found(first), Hla::Found(second)] if first > second => Err(bad()),
        _ => Ok(pair),
    }
}
