//! Flags: the two characters after a donation number that say where the label is meant to sit.
//! They are no part of the number.

use samband_domain::blood::model::Din;

use super::refused::{Field, Refused};

/// The alphabet of the check character, by value.
const CHECK: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*";

/// A flag in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flag(u8);

/// What a flag says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagMeaning {
    /// Nothing.
    None,
    /// The container of a set, from 1.
    Container(u8),
    /// A second label, printed on demand.
    SecondLabel,
    /// Pilot tube.
    PilotTube,
    /// Test tube; in Sweden for infection tests.
    TestTube,
    /// Donor record.
    DonorRecord,
    /// Sample for nucleic acid tests.
    NatSample,
    /// Sample for bacterial tests.
    BacterialSample,
    /// To be matched with the unit.
    MatchWithUnit,
    /// Partial label.
    PartialLabel,
    /// Attached label.
    AttachedLabel,
    /// Whatever the facility, or its country, agreed on.
    Local,
    /// The number's check value.
    Check,
}

/// What a flag that is left to the facilities says in Sweden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SwedishFlag {
    /// Packing slip to another blood centre.
    PackingSlip,
    /// Slip that follows the unit to the ward.
    UnitSlip,
    /// A unit that was bought with flag 00.
    Bought,
    /// Receipt at a depot without staff.
    DepotReceipt,
    /// New label on bag 1–4.
    Relabel(u8),
    /// Journal label for bag 1–4, at collection.
    Journal(u8),
    /// Journal label for bag 1–4, when it was labelled anew.
    JournalRelabel(u8),
}

impl Flag {
    /// No flag.
    pub const NONE: Self = Self(0);

    /// Parses the flag that follows a number.
    ///
    /// # Errors
    /// [`Refused`] for flags that are reserved, and for a check value that is not the number's.
    pub fn parse(text: &str, din: &Din) -> Result<Self, Refused> {
        let reserved = || Refused::field(1, Field::Flag, text);
        let [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] = text.as_bytes() else {
            return Err(reserved());
        };
        let number = (tens - b'0') * 10 + (ones - b'0');
        match number {
            14 | 97.. => Err(reserved()),
            60..=96 => {
                let expected = check(din).0;
                let wrong = Refused::FlagCheck { din: *din, found: number, expected };
                if number == expected { Ok(Self(number)) } else { Err(wrong) }
            }
            _ => Ok(Self(number)),
        }
    }

    /// The two digits' number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// What it says everywhere.
    #[must_use]
    pub const fn meaning(self) -> FlagMeaning {
        match self.0 {
            0 => FlagMeaning::None,
            number @ 1..=4 => FlagMeaning::Container(number),
            5 => FlagMeaning::SecondLabel,
            6 => FlagMeaning::PilotTube,
            7 => FlagMeaning::TestTube,
            8 => FlagMeaning::DonorRecord,
            9 => FlagMeaning::NatSample,
            10 => FlagMeaning::BacterialSample,
            11 => FlagMeaning::MatchWithUnit,
            12 => FlagMeaning::PartialLabel,
            13 => FlagMeaning::AttachedLabel,
            number @ 15..=19 => FlagMeaning::Container(number - 10),
            60.. => FlagMeaning::Check,
            _ => FlagMeaning::Local,
        }
    }

    /// What it says on a Swedish label, where the standard leaves it to the facilities.
    #[must_use]
    pub const fn swedish(self) -> Option<SwedishFlag> {
        Some(match self.0 {
            20 => SwedishFlag::PackingSlip,
            30 => SwedishFlag::UnitSlip,
            40 => SwedishFlag::Bought,
            50 => SwedishFlag::DepotReceipt,
            number @ 31..=34 => SwedishFlag::Relabel(number - 30),
            number @ 41..=44 => SwedishFlag::Journal(number - 40),
            number @ 51..=54 => SwedishFlag::JournalRelabel(number - 50),
            _ => return None,
        })
    }

    /// A short code of what it says.
    #[must_use]
    pub fn code(self) -> String {
        match (self.meaning(), self.swedish()) {
            (FlagMeaning::None, _) => "none".into(),
            (FlagMeaning::Container(number), _) => format!("container-{number}"),
            (FlagMeaning::SecondLabel, _) => "second-label".into(),
            (FlagMeaning::PilotTube, _) => "pilot-tube".into(),
            (FlagMeaning::TestTube, _) => "test-tube".into(),
            (FlagMeaning::DonorRecord, _) => "donor-record".into(),
            (FlagMeaning::NatSample, _) => "nat-sample".into(),
            (FlagMeaning::BacterialSample, _) => "bacterial-sample".into(),
            (FlagMeaning::MatchWithUnit, _) => "match-with-unit".into(),
            (FlagMeaning::PartialLabel, _) => "partial-label".into(),
            (FlagMeaning::AttachedLabel, _) => "attached-label".into(),
            (FlagMeaning::Check, _) => "check".into(),
            (FlagMeaning::Local, None) => "local".into(),
            (_, Some(SwedishFlag::PackingSlip)) => "packing-slip".into(),
            (_, Some(SwedishFlag::UnitSlip)) => "unit-slip".into(),
            (_, Some(SwedishFlag::Bought)) => "bought".into(),
            (_, Some(SwedishFlag::DepotReceipt)) => "depot-receipt".into(),
            (_, Some(SwedishFlag::Relabel(bag))) => format!("relabel-{bag}"),
            (_, Some(SwedishFlag::Journal(bag))) => format!("journal-{bag}"),
            (_, Some(SwedishFlag::JournalRelabel(bag))) => format!("journal-relabel-{bag}"),
        }
    }
}

/// The check flag that fits a number; read on foreign units, never printed here.
#[must_use]
pub fn check(din: &Din) -> Flag {
    let value = CHECK.find(din.check_character()).unwrap_or_default();
    Flag(60 + u8::try_from(value).unwrap_or_default())
}

/// A flag that Swedish labels bear. Only these can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrintFlag(Flag);

impl PrintFlag {
    /// No flag.
    pub const NONE: Self = Self(Flag::NONE);

    /// The flag, if Swedish labels bear it: check flags never.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        let flag = Flag(number);
        match (number, flag.swedish()) {
            (0..=10, _) | (_, Some(_)) => Some(Self(flag)),
            _ => None,
        }
    }

    /// The flag.
    #[must_use]
    pub const fn flag(self) -> Flag {
        self.0
    }
}
