//! Data structures 012, 013 and 030: antigens on red cells.

use samband_domain::Known;
use samband_domain::blood::model::{Antigen, Phenotype};

use super::group::{Rh, full};
use super::refused::{Field, Number, Refused};

/// Whose table of antigens a structure uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Everybody's: 012.
    General,
    /// Finland's: 013.
    Finnish,
}

type Pair = (Option<Antigen>, Option<Antigen>);

const fn pair(first: Antigen, second: Antigen) -> Pair {
    (Some(first), Some(second))
}

/// Positions 2 to 11, the same in both tables.
const COMMON: [Pair; 10] = [
    pair(Antigen::BigK, Antigen::SmallK),
    pair(Antigen::Cw, Antigen::Mia),
    pair(Antigen::M, Antigen::N),
    pair(Antigen::BigS, Antigen::SmallS),
    pair(Antigen::U, Antigen::P1),
    pair(Antigen::Lua, Antigen::Kpa),
    pair(Antigen::Lea, Antigen::Leb),
    pair(Antigen::Fya, Antigen::Fyb),
    pair(Antigen::Jka, Antigen::Jkb),
    pair(Antigen::Doa, Antigen::Dob),
];

/// Positions 12 to 16 of the general table; the second of the last is CMV.
const GENERAL: [Pair; 5] = [
    pair(Antigen::Ina, Antigen::Cob),
    pair(Antigen::Dia, Antigen::Vs),
    pair(Antigen::Jsa, Antigen::BigC),
    pair(Antigen::SmallC, Antigen::BigE),
    (Some(Antigen::SmallE), None),
];

/// Positions 12 to 16 of the Finnish table: mostly antigens without a place in this record.
const FINNISH: [Pair; 5] =
    [(None, Some(Antigen::Cob)), (None, None), (None, None), (None, None), (None, None)];

/// What a digit says of two antigens: found, not found, or nothing.
pub(super) fn two_results(digit: u8) -> (Option<bool>, Option<bool>) {
    let one = |value: u8| match value {
        1 => Some(false),
        2 => Some(true),
        _ => None,
    };
    // Nine says nothing about either, as zero does: "no information" against "not tested".
    if digit > 8 { (None, None) } else { (one(digit / 3), one(digit % 3)) }
}

/// What stands in the last two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Last {
    /// There is more, in words on the label.
    Elsewhere,
    /// This antigen was not found; by its number in the structure's own list.
    Absent(u8),
    /// Something that the country defined.
    National,
    /// No haemoglobin S.
    NoHaemoglobinS,
    /// Antibodies against parvovirus B19.
    ParvovirusAntibodies,
    /// From a donor without IgA.
    IgaDeficient,
    /// Nothing.
    Nothing,
}

/// Antigens of the list that have a place in this record.
const LISTED: [(u8, Antigen); 7] = [
    (25, Antigen::Kpb),
    (27, Antigen::Jsb),
    (39, Antigen::Lub),
    (58, Antigen::Ytb),
    (84, Antigen::Vel),
    (89, Antigen::Wra),
    (55, Antigen::Dib),
];

/// Red cell antigens as one structure says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RedCellAntigens {
    scheme: Scheme,
    digits: [u8; 16],
    last: Last,
}

impl RedCellAntigens {
    /// Parses the eighteen digits.
    ///
    /// # Errors
    /// [`Refused`], also if Rh antigens are said twice: together and one by one.
    pub fn parse(scheme: Scheme, data: &str) -> Result<Self, Refused> {
        let number = number(scheme);
        let digits = digits::<18>(number, data)?;
        let last = last(scheme, digits[16] * 10 + digits[17])
            .ok_or_else(|| Refused::field(number, Field::Antigen, &data[16..]))?;
        let mut pairs = [0; 16];
        pairs.copy_from_slice(&digits[..16]);
        let singly = two_results(pairs[13]).1.is_some()
            || two_results(pairs[14]) != (None, None)
            || two_results(pairs[15]).0.is_some();
        if scheme == Scheme::General && pairs[0] != 9 && singly {
            return Err(Refused::RhTwice);
        }
        Ok(Self { scheme, digits: pairs, last })
    }

    /// Whose table it uses.
    #[must_use]
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What the last two digits say.
    #[must_use]
    pub const fn last(&self) -> Last {
        self.last
    }

    /// What was tested, as far as this record has a place for the antigen.
    #[must_use]
    pub fn phenotype(&self) -> Phenotype {
        let mut phenotype = rh(self.digits[0]).results(Phenotype::UNTESTED);
        let rest = if self.scheme == Scheme::General { GENERAL } else { FINNISH };
        for (pair, digit) in COMMON.iter().chain(&rest).zip(&self.digits[1..]) {
            let results = two_results(*digit);
            for (antigen, found) in [(pair.0, results.0), (pair.1, results.1)] {
                if let (Some(antigen), Some(found)) = (antigen, found) {
                    phenotype = phenotype.with(antigen, found);
                }
            }
        }
        match self.absent() {
            Some(antigen) => phenotype.with(antigen, false),
            None => phenotype,
        }
    }

    /// The antigen that the last two digits say was not found, if this record has a place for it.
    #[must_use]
    pub fn absent(&self) -> Option<Antigen> {
        let Last::Absent(number) = self.last else { return None };
        LISTED.iter().find(|row| row.0 == number).map(|row| row.1)
    }

    /// Whether the donor has antibodies against CMV.
    #[must_use]
    pub fn cmv_antibodies(&self) -> Known<bool> {
        two_results(self.digits[15]).1.into()
    }

    pub(super) fn encode(&self) -> String {
        let mut text: String = self.digits.iter().map(|digit| char::from(b'0' + digit)).collect();
        let last = match self.last {
            Last::Elsewhere => 0,
            Last::Absent(number) => number,
            Last::National => 95,
            Last::NoHaemoglobinS => 96,
            Last::ParvovirusAntibodies => 97,
            Last::IgaDeficient => 98,
            Last::Nothing => 99,
        };
        text.push_str(&format!("{last:02}"));
        text
    }

    /// Its structure.
    #[must_use]
    pub const fn number(&self) -> Number {
        number(self.scheme)
    }
}

const fn number(scheme: Scheme) -> Number {
    match scheme {
        Scheme::General => 12,
        Scheme::Finnish => 13,
    }
}

/// The Rh antigens that the first digit says.
const fn rh(digit: u8) -> Rh {
    match digit {
        0 => full("CE"),
        1 => full("CcE"),
        2 => full("cE"),
        3 => full("CEe"),
        4 => full("CcEe"),
        5 => full("cEe"),
        6 => full("Ce"),
        7 => full("Cce"),
        8 => full("ce"),
        _ => Rh::NotGiven,
    }
}

fn last(scheme: Scheme, number: u8) -> Option<Last> {
    Some(match (scheme, number) {
        (_, 0) => Last::Elsewhere,
        (_, 98) => Last::IgaDeficient,
        (_, 99) => Last::Nothing,
        (Scheme::General, 95) => Last::National,
        (Scheme::General, 96) => Last::NoHaemoglobinS,
        (Scheme::General, 97) => Last::ParvovirusAntibodies,
        // Withdrawn or never assigned.
        (Scheme::General, 64 | 91..=94) | (Scheme::Finnish, 55 | 90..=97) => return None,
        (_, number) => Last::Absent(number),
    })
}

/// The values of a run of digits.
pub(super) fn digits<const N: usize>(number: Number, data: &str) -> Result<[u8; N], Refused> {
    let bad = || Refused::field(number, Field::Digits, data);
    let bytes: [u8; N] = data.as_bytes().try_into().map_err(|_| bad())?;
    if bytes.iter().all(u8::is_ascii_digit) { Ok(bytes.map(|c| c - b'0')) } else { Err(bad()) }
}

/// How an antigen was tested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Not said.
    Unspecified,
    /// With antibodies.
    Serology,
    /// Predicted from the genotype.
    Genotype,
}

/// How often, and on whose blood, an antigen was tested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tests {
    /// Once, on this collection.
    OnceNow,
    /// Once, on an earlier collection.
    OnceBefore,
    /// Twice or more, on this and earlier collections.
    Confirmed,
    /// Twice or more, on earlier collections.
    ConfirmedBefore,
    /// Twice or more, on different samples of this collection.
    ConfirmedNow,
    /// Not said.
    Unspecified,
}

impl Tests {
    const ALL: [Self; 6] = [
        Self::OnceNow,
        Self::OnceBefore,
        Self::Confirmed,
        Self::ConfirmedBefore,
        Self::ConfirmedNow,
        Self::Unspecified,
    ];
}

/// One antigen with the history of its tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tested {
    /// Blood group system and antigen as the ISBT numbers them, e.g. 006001 for K.
    pub antigen: u32,
    /// Whether it was found.
    pub found: bool,
    /// How.
    pub method: Method,
    /// How often.
    pub tests: Tests,
}

/// The ISBT's numbers of antigens that have a place in this record.
const NUMBERED: [(u32, Antigen); 41] = [
    (1_004, Antigen::A1),
    (2_001, Antigen::M),
    (2_002, Antigen::N),
    (2_003, Antigen::BigS),
    (2_004, Antigen::SmallS),
    (2_005, Antigen::U),
    (2_007, Antigen::Mia),
    (3_001, Antigen::P1),
    (4_001, Antigen::D),
    (4_002, Antigen::BigC),
    (4_003, Antigen::BigE),
    (4_004, Antigen::SmallC),
    (4_005, Antigen::SmallE),
    (4_008, Antigen::Cw),
    (4_020, Antigen::Vs),
    (5_001, Antigen::Lua),
    (5_002, Antigen::Lub),
    (6_001, Antigen::BigK),
    (6_002, Antigen::SmallK),
    (6_003, Antigen::Kpa),
    (6_004, Antigen::Kpb),
    (6_006, Antigen::Jsa),
    (6_007, Antigen::Jsb),
    (7_001, Antigen::Lea),
    (7_002, Antigen::Leb),
    (8_001, Antigen::Fya),
    (8_002, Antigen::Fyb),
    (9_001, Antigen::Jka),
    (9_002, Antigen::Jkb),
    (10_001, Antigen::Dia),
    (10_002, Antigen::Dib),
    (10_003, Antigen::Wra),
    (11_001, Antigen::Yta),
    (11_002, Antigen::Ytb),
    (14_001, Antigen::Doa),
    (14_002, Antigen::Dob),
    (15_001, Antigen::Coa),
    (15_002, Antigen::Cob),
    (18_001, Antigen::H),
    (23_001, Antigen::Ina),
    (34_001, Antigen::Vel),
];

impl Tested {
    /// The antigen, if this record has a place for it.
    #[must_use]
    pub fn known(&self) -> Option<Antigen> {
        NUMBERED.iter().find(|row| row.0 == self.antigen).map(|row| row.1)
    }

    fn parse(data: &str) -> Result<Self, Refused> {
        digits::<10>(30, data)?;
        let number = |from: usize, to: usize| data[from..to].parse::<u32>().unwrap_or_default();
        let bad = || Refused::field(30, Field::Result, &data[6..8]);
        let result = number(6, 8);
        let method = match result {
            1 | 2 => Method::Unspecified,
            3 | 4 => Method::Serology,
            5 | 6 => Method::Genotype,
            _ => return Err(bad()),
        };
        let antigen = number(0, 6);
        if antigen / 1000 == 0 || antigen % 1000 == 0 {
            return Err(Refused::field(30, Field::Antigen, &data[..6]));
        }
        let tests = (number(8, 10) as usize).checked_sub(1).and_then(|at| Tests::ALL.get(at));
        let tests = *tests.ok_or_else(|| Refused::field(30, Field::History, &data[8..]))?;
        Ok(Self { antigen, found: result % 2 == 0, method, tests })
    }
}

/// Antigens with the history of their tests: no antigen stands there twice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AntigenHistory(Vec<Tested>);

impl AntigenHistory {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let mut all: Vec<Tested> = Vec::new();
        for piece in data.as_bytes()[3..].chunks(10) {
            let tested = Tested::parse(&String::from_utf8_lossy(piece))?;
            if all.iter().any(|other| other.antigen == tested.antigen) {
                let number = format!("{:06}", tested.antigen);
                return Err(Refused::field(30, Field::Antigen, &number));
            }
            all.push(tested);
        }
        if all.is_empty() {
            return Err(Refused::field(30, Field::Digits, &data[..3]));
        }
        Ok(Self(all))
    }

    /// Each of them.
    #[must_use]
    pub fn all(&self) -> &[Tested] {
        &self.0
    }

    /// What was tested, as far as this record has a place for the antigen.
    #[must_use]
    pub fn phenotype(&self) -> Phenotype {
        let known = self.0.iter().filter_map(|one| one.known().map(|antigen| (antigen, one.found)));
        known.fold(Phenotype::UNTESTED, |sum, (antigen, found)| sum.with(antigen, found))
    }

    pub(super) fn encode(&self) -> String {
        let mut text = format!("{:03}", self.0.len());
        for one in &self.0 {
            let result = one.method as u8 * 2 + 1 + u8::from(one.found);
            text.push_str(&format!("{:06}{result:02}{:02}", one.antigen, one.tests as u8 + 1));
        }
        text
    }
}
