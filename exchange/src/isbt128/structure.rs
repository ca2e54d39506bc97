//! One data structure, read.

use samband_domain::blood::model::{Din, ProductCode};

use super::antigens::{AntigenHistory, RedCellAntigens, Scheme};
use super::catalogue::{self, Cut, DONATION, ENTRIES, Fate};
use super::flag::Flag;
use super::group::GroupMessage;
use super::item::{Born, Consignment, Container, Donor, ExpiryMonth, Item, Lot, Patient, Staff};
use super::markers::Markers;
use super::moment::Stamp;
use super::platelets::PlateletAntigens;
use super::refused::{Field, Number, Refused};

/// One data structure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Structure {
    /// 001: a donation number, and the flag beside it.
    Donation(Din, Flag),
    /// 002: the group.
    Group(GroupMessage),
    /// 003: the product.
    Product(ProductCode),
    /// 004 to 009: expiry, collection or production.
    Stamp(Stamp),
    /// 010: a special test, by the code of a licensed table.
    SpecialTest(TestCode),
    /// 012 or 013: red cell antigens.
    RedCells(RedCellAntigens),
    /// 014: HLA and platelet antigens.
    Platelets(PlateletAntigens),
    /// 017: a container.
    Container(Container),
    /// 018: a container's lot.
    ContainerLot(Lot),
    /// 019: a donor.
    Donor(Donor),
    /// 020: a member of staff.
    Staff(Staff),
    /// 021: another thing.
    Item(Item),
    /// 022: its lot.
    ItemLot(Lot),
    /// 024: a patient's date of birth.
    Born(Born),
    /// 025: a patient's number.
    Patient(Patient),
    /// 026: the month in which a thing expires.
    ExpiryMonth(ExpiryMonth),
    /// 027: what was screened for.
    Markers(Markers),
    /// 028: a consignment.
    Consignment(Consignment),
    /// 030: red cell antigens with the history of their tests.
    Antigens(AntigenHistory),
    /// 029 or 033 inside a message: whole, but not interpreted.
    Passed(Passed),
}

/// A special test: five characters that a licensed table explains.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestCode(String);

impl TestCode {
    /// The five characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A structure that is whole but not interpreted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passed(Number, String);

impl Structure {
    /// Its number in the standard.
    #[must_use]
    pub const fn number(&self) -> Number {
        match self {
            Self::Donation(..) => 1,
            Self::Group(_) => 2,
            Self::Product(_) => 3,
            Self::Stamp(stamp) => stamp.number(),
            Self::SpecialTest(_) => 10,
            Self::RedCells(antigens) => antigens.number(),
            Self::Platelets(_) => 14,
            Self::Container(_) => 17,
            Self::ContainerLot(_) => 18,
            Self::Donor(_) => 19,
            Self::Staff(_) => 20,
            Self::Item(_) => 21,
            Self::ItemLot(_) => 22,
            Self::Born(_) => 24,
            Self::Patient(_) => 25,
            Self::ExpiryMonth(_) => 26,
            Self::Markers(_) => 27,
            Self::Consignment(_) => 28,
            Self::Antigens(_) => 30,
            Self::Passed(passed) => passed.0,
        }
    }

    /// Reads a structure that was cut off.
    ///
    /// # Errors
    /// [`Refused`].
    pub(super) fn of(cut: &Cut<'_>) -> Result<Self, Refused> {
        let (number, data) = (cut.entry.number, cut.data);
        match cut.entry.fate {
            Fate::Retired => return Err(Refused::Retired { structure: number }),
            Fate::Unused => return Err(Refused::Unused { structure: number }),
            Fate::Passed => return passed(number, data),
            Fate::Read => {}
        }
        Ok(match number {
            1 => donation(data)?,
            2 => Self::Group(GroupMessage::parse(data)?),
            3 => product(data)?,
            4..=9 => Self::Stamp(Stamp::parse(number, data)?),
            10 => special_test(data)?,
            12 => Self::RedCells(RedCellAntigens::parse(Scheme::General, data)?),
            13 => Self::RedCells(RedCellAntigens::parse(Scheme::Finnish, data)?),
            14 => Self::Platelets(PlateletAntigens::parse(data)?),
            17 => Self::Container(Container::parse(data)?),
            18 => Self::ContainerLot(Lot::parse(number, data)?),
            19 => Self::Donor(Donor::parse(data)?),
            20 => Self::Staff(Staff::parse(data)?),
            21 => Self::Item(Item::parse(data)?),
            22 => Self::ItemLot(Lot::parse(number, data)?),
            24 => Self::Born(Born::parse(data)?),
            25 => Self::Patient(Patient::parse(data)?),
            26 => Self::ExpiryMonth(ExpiryMonth::parse(data)?),
            27 => Self::Markers(Markers::parse(data)?),
            28 => Self::Consignment(Consignment::parse(data)?),
            30 => Self::Antigens(AntigenHistory::parse(data)?),
            _ => return Err(Refused::Unused { structure: number }),
        })
    }

    /// The structure as a symbol holds it, with its identifier.
    #[must_use]
    pub fn encode(&self) -> String {
        let data = match self {
            Self::Donation(din, flag) => format!("{din}{:02}", flag.number()),
            Self::Group(group) => group.encode(),
            Self::Product(code) => code.to_string(),
            Self::Stamp(stamp) => stamp.encode(),
            Self::SpecialTest(code) => code.0.clone(),
            Self::RedCells(antigens) => antigens.encode(),
            Self::Platelets(antigens) => antigens.encode(),
            Self::Container(container) => container.encode(),
            Self::ContainerLot(lot) | Self::ItemLot(lot) => lot.as_str().to_owned(),
            Self::Donor(donor) => donor.encode(),
            Self::Staff(staff) => staff.encode(),
            Self::Item(item) => item.encode(),
            Self::Born(born) => born.encode(),
            Self::Patient(patient) => patient.encode(),
            Self::ExpiryMonth(month) => month.encode(),
            Self::Markers(markers) => markers.encode(),
            Self::Consignment(consignment) => consignment.encode(),
            Self::Antigens(antigens) => antigens.encode(),
            Self::Passed(passed) => passed.1.clone(),
        };
        format!("{}{data}", identifier(self.number()))
    }
}

/// What a structure begins with.
pub(super) fn identifier(number: Number) -> &'static str {
    ENTRIES
        .iter()
        .find(|entry| entry.number == number)
        .map_or(DONATION.identifier, |entry| entry.identifier)
}

fn donation(data: &str) -> Result<Structure, Refused> {
    let (number, flag) = data.split_at(13);
    let din = Din::parse(number).map_err(|error| Refused::din(1, error))?;
    Ok(Structure::Donation(din, Flag::parse(flag, &din)?))
}

/// The types of collection in use, and what each is called here.
const COLLECTIONS: &str = "0VRSTPrsA1XDd2LEQ3456FC78BHJG";

fn product(data: &str) -> Result<Structure, Refused> {
    let code = ProductCode::parse(data).map_err(Refused::product)?;
    // A country's or facility's own code says by itself what this character means.
    let is_own = code.is_national() || code.is_local();
    if !is_own && !COLLECTIONS.contains(code.collection()) {
        return Err(Refused::field(3, Field::Collection, &code.collection().to_string()));
    }
    Ok(Structure::Product(code))
}

fn special_test(data: &str) -> Result<Structure, Refused> {
    let fits = data.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let bad = || Refused::field(10, Field::Test, data);
    if fits { Ok(Structure::SpecialTest(TestCode(data.to_owned()))) } else { Err(bad()) }
}

fn passed(number: Number, data: &str) -> Result<Structure, Refused> {
    let fits = data.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    let bad = || Refused::field(number, Field::Text, data);
    if fits { Ok(Structure::Passed(Passed(number, data.to_owned()))) } else { Err(bad()) }
}

/// Reads the structure that a text begins with, and what follows it.
///
/// # Errors
/// [`Refused`].
pub(super) fn first(text: &str) -> Result<(Structure, &str), Refused> {
    let cut = catalogue::cut(text)?;
    Structure::of(&cut).map(|structure| (structure, cut.rest))
}
