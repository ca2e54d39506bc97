//! Data structure 002: ABO and RhD, for whom the blood is meant, and the Rh and Kell antigens.

use samband_domain::blood::model::{Abo, Antigen, Group, Phenotype, Rhd};

use super::refused::{Field, Refused};

/// For whom the blood is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Intended {
    /// Somebody who is named.
    Directed,
    /// Emergencies only.
    Emergency,
    /// Somebody who is named; biohazardous.
    DirectedBiohazard,
    /// Somebody who is named, or else anybody.
    DirectedCrossover,
    /// Not specified.
    Unspecified,
    /// The donor, or else anybody.
    AutologousCrossover,
    /// The donor only.
    AutologousOnly,
    /// The donor only; biohazardous.
    AutologousBiohazard,
}

impl Intended {
    /// All, in the order of their codes.
    pub const ALL: [Self; 8] = [
        Self::Directed,
        Self::Emergency,
        Self::DirectedBiohazard,
        Self::DirectedCrossover,
        Self::Unspecified,
        Self::AutologousCrossover,
        Self::AutologousOnly,
        Self::AutologousBiohazard,
    ];

    /// How far before a group's own code the first of these stands.
    const BEFORE: u8 = 4;

    /// The word in answers to programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Directed => "directed",
            Self::Emergency => "emergency",
            Self::DirectedBiohazard => "directed_biohazard",
            Self::DirectedCrossover => "directed_crossover",
            Self::Unspecified => "unspecified",
            Self::AutologousCrossover => "autologous_crossover",
            Self::AutologousOnly => "autologous_only",
            Self::AutologousBiohazard => "autologous_biohazard",
        }
    }
}

/// What a pool says of RhD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PoolRhd {
    /// All the same.
    One(Rhd),
    /// Different ones.
    Mixed,
    /// Not said.
    Unspecified,
}

/// What pooled units say of their group. The standard has eight such pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pool {
    /// One ABO group, different RhD.
    OneAbo(Abo),
    /// Different ABO groups.
    MixedAbo(PoolRhd),
}

/// A subgroup; RhD is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subgroup {
    /// A1.
    A1,
    /// A2.
    A2,
    /// A1B.
    A1B,
    /// A2B.
    A2B,
}

/// A kind of H deficiency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deficiency {
    /// Bombay.
    Bombay,
    /// Para-Bombay; ABO not said.
    ParaBombay,
    /// Para-Bombay with its ABO group.
    ParaBombayOf(Abo),
}

/// A message in the place of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Special {
    /// No group is stated.
    NoGroup,
    /// Autologous collection.
    Autologous,
    /// Biohazardous.
    Biohazard,
    /// To be destroyed.
    Discard,
    /// For fractionation only.
    Fractionation,
    /// In quarantine.
    Quarantine,
    /// For research only.
    Research,
    /// Not for transfusion, by its test results.
    NotForTransfusion,
}

const SPECIALS: [(&str, Special, &str); 8] = [
    ("00", Special::NoGroup, "no_group"),
    ("Ma", Special::Autologous, "autologous"),
    ("Mb", Special::Biohazard, "biohazard"),
    ("Md", Special::Discard, "discard"),
    ("Mf", Special::Fractionation, "fractionation"),
    ("Mq", Special::Quarantine, "quarantine"),
    ("Mr", Special::Research, "research"),
    ("Mx", Special::NotForTransfusion, "not_for_transfusion"),
];

impl Special {
    /// The word in answers to programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        SPECIALS.iter().find(|row| row.1 == self).map_or("", |row| row.2)
    }
}

/// What the two characters of the group say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupCode {
    /// One of the eight groups.
    Group(Group, Intended),
    /// ABO alone.
    AboOnly(Abo, Intended),
    /// Without the H antigen of other people. Never group O to anybody.
    Deficient(Deficiency, Rhd, Intended),
    /// Pooled.
    Pool(Pool),
    /// A subgroup.
    Subgroup(Subgroup),
    /// No group but a message.
    Special(Special),
}

/// The code of each group where nothing is said about whom it is meant for.
const DEFAULTS: [(Group, u8); 8] = [
    (Group::new(Abo::O, Rhd::Negative), 95),
    (Group::new(Abo::O, Rhd::Positive), 51),
    (Group::new(Abo::A, Rhd::Negative), 6),
    (Group::new(Abo::A, Rhd::Positive), 62),
    (Group::new(Abo::B, Rhd::Negative), 17),
    (Group::new(Abo::B, Rhd::Positive), 73),
    (Group::new(Abo::Ab, Rhd::Negative), 28),
    (Group::new(Abo::Ab, Rhd::Positive), 84),
];

/// ABO alone: the code where nothing is said, and the letter of the others.
const ABO_ONLY: [(Abo, &str, char); 4] =
    [(Abo::O, "55", 'P'), (Abo::A, "66", 'A'), (Abo::B, "77", 'B'), (Abo::Ab, "88", 'C')];

const DEFICIENT: [(char, Deficiency, Rhd); 12] = [
    ('D', Deficiency::ParaBombay, Rhd::Negative),
    ('E', Deficiency::ParaBombay, Rhd::Positive),
    ('G', Deficiency::Bombay, Rhd::Negative),
    ('H', Deficiency::Bombay, Rhd::Positive),
    ('I', Deficiency::ParaBombayOf(Abo::O), Rhd::Negative),
    ('J', Deficiency::ParaBombayOf(Abo::O), Rhd::Positive),
    ('K', Deficiency::ParaBombayOf(Abo::A), Rhd::Negative),
    ('L', Deficiency::ParaBombayOf(Abo::B), Rhd::Negative),
    ('M', Deficiency::ParaBombayOf(Abo::Ab), Rhd::Negative),
    ('N', Deficiency::ParaBombayOf(Abo::A), Rhd::Positive),
    ('O', Deficiency::ParaBombayOf(Abo::B), Rhd::Positive),
    ('Q', Deficiency::ParaBombayOf(Abo::Ab), Rhd::Positive),
];

const ZEROES: [(&str, GroupCode); 12] = [
    ("A0", GroupCode::Pool(Pool::OneAbo(Abo::A))),
    ("B0", GroupCode::Pool(Pool::OneAbo(Abo::B))),
    ("C0", GroupCode::Pool(Pool::OneAbo(Abo::Ab))),
    ("D0", GroupCode::Pool(Pool::OneAbo(Abo::O))),
    ("E0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::One(Rhd::Positive)))),
    ("F0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::One(Rhd::Negative)))),
    ("G0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::Mixed))),
    ("H0", GroupCode::Pool(Pool::MixedAbo(PoolRhd::Unspecified))),
    ("I0", GroupCode::Subgroup(Subgroup::A1)),
    ("J0", GroupCode::Subgroup(Subgroup::A2)),
    ("K0", GroupCode::Subgroup(Subgroup::A1B)),
    ("L0", GroupCode::Subgroup(Subgroup::A2B)),
];

impl GroupCode {
    /// Parses the two characters.
    ///
    /// # Errors
    /// [`Refused`] for codes of tissue and codes that nothing was assigned to.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        if let Some(row) = SPECIALS.iter().find(|row| row.0 == text) {
            return Ok(Self::Special(row.1));
        }
        if let Some(row) = ZEROES.iter().find(|row| row.0 == text) {
            return Ok(row.1);
        }
        let found = match text.as_bytes() {
            [b'0'..=b'9', b'0'..=b'9'] => text.parse().ok().and_then(Self::of_number),
            [letter, digit @ b'2'..=b'9'] => Self::of_letter(char::from(*letter), digit - b'0'),
            _ => None,
        };
        let is_tissue = matches!(text, "T1" | "T2" | "T3" | "T4" | "T5" | "T6");
        let field = if is_tissue { Field::Tissue } else { Field::Group };
        found.ok_or_else(|| Refused::field(2, field, text))
    }

    fn of_number(number: u8) -> Option<Self> {
        if let Some(row) = ABO_ONLY.iter().find(|row| row.1.parse() == Ok(number)) {
            return Some(Self::AboOnly(row.0, Intended::Unspecified));
        }
        DEFAULTS.iter().find_map(|(group, default)| {
            let place = (number + Intended::BEFORE).checked_sub(*default)?;
            Intended::ALL.get(usize::from(place)).map(|intended| Self::Group(*group, *intended))
        })
    }

    /// A letter for the group, a digit for whom it is meant: 6 where nothing is said.
    fn of_letter(letter: char, digit: u8) -> Option<Self> {
        let intended = *Intended::ALL.get(usize::from(digit.checked_sub(2)?))?;
        let abo = ABO_ONLY.iter().find(|row| row.2 == letter);
        if let Some(row) = abo {
            return (intended != Intended::Unspecified).then_some(Self::AboOnly(row.0, intended));
        }
        let row = DEFICIENT.iter().find(|row| row.0 == letter)?;
        Some(Self::Deficient(row.1, row.2, intended))
    }

    /// The two characters.
    #[must_use]
    pub fn encode(self) -> String {
        let digit = |intended: Intended| intended as u8 + 2;
        match self {
            Self::Group(group, intended) => {
                let default = DEFAULTS.iter().find(|row| row.0 == group).map_or(0, |row| row.1);
                format!("{:02}", default + intended as u8 - Intended::BEFORE)
            }
            Self::AboOnly(abo, intended) => {
                let row = ABO_ONLY.iter().find(|row| row.0 == abo);
                let (_, default, letter) = row.copied().unwrap_or(ABO_ONLY[0]);
                match intended {
                    Intended::Unspecified => default.to_owned(),
                    _ => format!("{letter}{}", digit(intended)),
                }
            }
            Self::Deficient(kind, rhd, intended) => {
                let row = DEFICIENT.iter().find(|row| row.1 == kind && row.2 == rhd);
                format!("{}{}", row.map_or('D', |row| row.0), digit(intended))
            }
            Self::Special(special) => {
                SPECIALS.iter().find(|row| row.1 == special).map_or("", |row| row.0).to_owned()
            }
            Self::Pool(_) | Self::Subgroup(_) => {
                ZEROES.iter().find(|row| row.1 == self).map_or("", |row| row.0).to_owned()
            }
        }
    }

    /// The group, where it is one of the eight. Not for Bombay, pools, subgroups or ABO alone:
    /// what is not stated stays unknown.
    #[must_use]
    pub const fn group(self) -> Option<Group> {
        match self {
            Self::Group(group, _) => Some(group),
            _ => None,
        }
    }

    /// For whom the blood is meant.
    #[must_use]
    pub const fn intended(self) -> Option<Intended> {
        match self {
            Self::Group(_, intended)
            | Self::AboOnly(_, intended)
            | Self::Deficient(_, _, intended) => Some(intended),
            Self::Pool(_) | Self::Subgroup(_) | Self::Special(_) => None,
        }
    }
}

/// The common Rh antigens together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rh {
    /// Nothing is said.
    NotGiven,
    /// C, c, E and e, each found or not.
    Full {
        /// C.
        big_c: bool,
        /// c.
        small_c: bool,
        /// E.
        big_e: bool,
        /// e.
        small_e: bool,
    },
    /// C and E not found; nothing is said about c and e.
    NoCNoE,
}

/// What is said about antigens with the group: one of the letters that the standard has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RhKell(char);

/// The letters: K not given, K not found, K found.
const RH: [(&str, Rh); 11] = [
    ("0ST", Rh::NotGiven),
    ("1AJ", full("ce")),
    ("2BK", full("Cce")),
    ("3CL", full("CcEe")),
    ("4DM", full("CcE")),
    ("5EN", full("cEe")),
    ("6FO", full("cE")),
    ("7GP", full("Ce")),
    ("8HQ", full("CEe")),
    ("9IR", full("CE")),
    ("XYZ", Rh::NoCNoE),
];

/// The Rh antigens that were found; the others were looked for and not found.
pub(super) const fn full(found: &str) -> Rh {
    let text = found.as_bytes();
    let (mut big_c, mut small_c, mut big_e, mut small_e) = (false, false, false, false);
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'C' => big_c = true,
            b'c' => small_c = true,
            b'E' => big_e = true,
            _ => small_e = true,
        }
        at += 1;
    }
    Rh::Full { big_c, small_c, big_e, small_e }
}

impl Rh {
    /// The phenotype with these results.
    pub(super) fn results(self, phenotype: Phenotype) -> Phenotype {
        match self {
            Self::NotGiven => phenotype,
            Self::Full { big_c, small_c, big_e, small_e } => phenotype
                .with(Antigen::BigC, big_c)
                .with(Antigen::SmallC, small_c)
                .with(Antigen::BigE, big_e)
                .with(Antigen::SmallE, small_e),
            Self::NoCNoE => phenotype.with(Antigen::BigC, false).with(Antigen::BigE, false),
        }
    }
}

impl RhKell {
    /// Nothing is said.
    pub const NOT_GIVEN: Self = Self('0');

    /// Parses the character.
    ///
    /// # Errors
    /// [`Refused`] for characters that nothing was assigned to.
    pub fn parse(character: char) -> Result<Self, Refused> {
        let is_known = matches!(character, 'U' | 'V' | 'W')
            || RH.iter().any(|(letters, _)| letters.contains(character));
        let bad = || Refused::field(2, Field::Rh, &character.to_string());
        if is_known { Ok(Self(character)) } else { Err(bad()) }
    }

    /// The letter that says most of a phenotype, and nothing beyond it.
    #[must_use]
    pub fn of(phenotype: Phenotype) -> Self {
        let known = |phenotype: Phenotype| {
            phenotype.present().iter().count() + phenotype.absent().iter().count()
        };
        let holds = |letter: &Self| {
            let said = letter.phenotype();
            said.present().without(phenotype.present()).is_empty()
                && said.absent().without(phenotype.absent()).is_empty()
        };
        let letters = RH.iter().flat_map(|row| row.0.chars()).chain("UV".chars()).map(Self);
        let best = letters.filter(holds).max_by_key(|letter| known(letter.phenotype()));
        best.unwrap_or(Self::NOT_GIVEN)
    }

    /// The character.
    #[must_use]
    pub const fn letter(self) -> char {
        self.0
    }

    /// Whether a special testing symbol must be read too.
    #[must_use]
    pub const fn needs_special_test(self) -> bool {
        self.0 == 'W'
    }

    /// What was tested. K that was not given stays unknown.
    #[must_use]
    pub fn phenotype(self) -> Phenotype {
        match self.0 {
            'U' => Phenotype::UNTESTED.with(Antigen::Mia, false),
            'V' => Phenotype::UNTESTED.with(Antigen::Mia, true),
            letter => {
                let row = RH.iter().find_map(|row| row.0.find(letter).map(|at| (row.1, at)));
                let Some((rh, column)) = row else { return Phenotype::UNTESTED };
                let phenotype = rh.results(Phenotype::UNTESTED);
                match column {
                    0 => phenotype,
                    column => phenotype.with(Antigen::BigK, column == 2),
                }
            }
        }
    }
}

/// Data structure 002.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupMessage {
    /// The group.
    pub code: GroupCode,
    /// Antigens.
    pub rh_kell: RhKell,
}

impl GroupMessage {
    /// A group with nothing else said.
    #[must_use]
    pub const fn of(group: Group) -> Self {
        let code = GroupCode::Group(group, Intended::Unspecified);
        Self { code, rh_kell: RhKell::NOT_GIVEN }
    }

    /// Parses the four characters.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn parse(data: &str) -> Result<Self, Refused> {
        let mut rest = data.chars().skip(2);
        let (Some(r), Some(e), Some(gg)) = (rest.next(), rest.next(), data.get(..2)) else {
            let found = data.chars().count();
            return Err(Refused::Length { structure: 2, expected: 4, found });
        };
        let code = GroupCode::parse(gg)?;
        let rh_kell = RhKell::parse(r)?;
        if e != '0' {
            return Err(Refused::field(2, Field::Reserved, &e.to_string()));
        }
        Ok(Self { code, rh_kell })
    }

    /// The four characters.
    #[must_use]
    pub fn encode(self) -> String {
        format!("{}{}0", self.code.encode(), self.rh_kell.letter())
    }
}
