//! The structures about things and people: containers, lots, donors, staff, patients, consignments.

use jiff::civil::Date;
use samband_domain::blood::model::Facility;

use super::refused::{Field, Number, Refused};

/// Data structure 017: a container and its catalogue number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Container {
    /// Which of the set: `1` the primary one, `y` the whole set, `z` a carton of sets.
    which: char,
    /// Its manufacturer, two characters.
    manufacturer: String,
    /// Its catalogue number, with leading zeroes.
    catalogue: String,
}

/// Data structure 021: another thing and its catalogue number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Item {
    manufacturer: String,
    catalogue: String,
}

/// Data structure 018 or 022: a lot number, with leading zeroes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lot(String);

/// Data structure 019: a donor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Donor {
    facility: Facility,
    number: String,
}

/// Data structure 020: a member of staff.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Staff {
    facility: Facility,
    number: String,
}

/// Data structure 024: a patient's date of birth, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Born {
    location: u8,
    date: Date,
}

/// Data structure 025: a patient's number, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Patient {
    location: u8,
    number: String,
}

/// Data structure 026: the month in which a thing expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpiryMonth {
    year: i16,
    month: i8,
}

/// Data structure 028: a consignment, and a box of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Consignment {
    facility: Facility,
    year: u8,
    serial: u32,
    carton: u8,
    cartons: u8,
}

macro_rules! readers {
    ($($Name:ident { $($(#[$meta:meta])* $field:ident: $Type:ty),* })*) => {$(
        impl $Name {
            $($(#[$meta])*
            #[must_use]
            pub fn $field(&self) -> $Type { self.$field.clone() })*
        }
    )*};
}
readers! {
    Container {
        /// Which of the set.
        which: char,
        /// Its manufacturer.
        manufacturer: String,
        /// Its catalogue number.
        catalogue: String
    }
    Item {
        /// Its manufacturer.
        manufacturer: String,
        /// Its catalogue number.
        catalogue: String
    }
    Donor {
        /// Who gave the number.
        facility: Facility,
        /// The number.
        number: String
    }
    Staff {
        /// Who gave the number.
        facility: Facility,
        /// The number.
        number: String
    }
    Born {
        /// Where it stands.
        location: u8,
        /// The date.
        date: Date
    }
    Patient {
        /// Where it stands.
        location: u8,
        /// The number.
        number: String
    }
    ExpiryMonth {
        /// The year.
        year: i16,
        /// The month.
        month: i8
    }
    Consignment {
        /// Who sends it.
        facility: Facility,
        /// Last two digits of the year.
        year: u8,
        /// Serial number within the year.
        serial: u32,
        /// Which box; 0 on the papers.
        carton: u8,
        /// Of how many.
        cartons: u8
    }
}

impl Lot {
    /// The lot number, with leading zeroes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn parse(number: Number, data: &str) -> Result<Self, Refused> {
        mixed(number, data).map(Self)
    }
}

impl Container {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let which = data.chars().next().unwrap_or_default();
        if !matches!(which, '0'..='9' | 'A'..='Z' | 'y' | 'z') {
            return Err(Refused::field(17, Field::Container, &data[..1]));
        }
        let (manufacturer, catalogue) = (capital(17, &data[1..3])?, mixed(17, &data[3..])?);
        Ok(Self { which, manufacturer, catalogue })
    }

    pub(super) fn encode(&self) -> String {
        format!("{}{}{}", self.which, self.manufacturer, self.catalogue)
    }
}

impl Item {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        Ok(Self { manufacturer: capital(21, &data[..2])?, catalogue: mixed(21, &data[2..])? })
    }

    pub(super) fn encode(&self) -> String {
        format!("{}{}", self.manufacturer, self.catalogue)
    }
}

impl Donor {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let number = personal(19, Field::Digits, &data[5..], |c| c.is_ascii_digit())?;
        Ok(Self { facility: facility(19, &data[..5])?, number })
    }

    pub(super) fn encode(&self) -> String {
        format!("{}{}", self.facility, self.number)
    }
}

impl Staff {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let fits = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit();
        let number = personal(20, Field::Text, &data[5..], fits)?;
        Ok(Self { facility: facility(20, &data[..5])?, number })
    }

    pub(super) fn encode(&self) -> String {
        format!("{}{}", self.facility, self.number)
    }
}

impl Born {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let bad = || Refused::personal(24, Field::Date);
        personal(24, Field::Digits, data, |c| c.is_ascii_digit())?;
        let number = |from: usize, to: usize| data[from..to].parse::<i16>().map_err(|_| bad());
        let small = |number: i16| i8::try_from(number).map_err(|_| bad());
        let location = u8::try_from(number(0, 2)?).map_err(|_| bad())?;
        let (month, day) = (small(number(6, 8)?)?, small(number(8, 10)?)?);
        let date = Date::new(number(2, 6)?, month, day).map_err(|_| bad())?;
        Ok(Self { location, date })
    }

    pub(super) fn encode(&self) -> String {
        let Self { location, date } = self;
        format!("{location:02}{:04}{:02}{:02}", date.year(), date.month(), date.day())
    }
}

impl Patient {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let fits = |c: u8| c.is_ascii_alphanumeric();
        let head = personal(25, Field::Digits, &data[..4], |c| c.is_ascii_digit())?;
        let number = personal(25, Field::Text, &data[4..], fits)?;
        if number.is_empty() {
            return Err(Refused::personal(25, Field::Text));
        }
        let location = head[..2].parse().map_err(|_| Refused::personal(25, Field::Digits))?;
        Ok(Self { location, number })
    }

    pub(super) fn encode(&self) -> String {
        format!("{:02}{:02}{}", self.location, self.number.len(), self.number)
    }
}

impl ExpiryMonth {
    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let bad = || Refused::field(26, Field::Month, data);
        if !data.bytes().all(|c| c.is_ascii_digit()) {
            return Err(bad());
        }
        let year = data[..4].parse().map_err(|_| bad())?;
        let month = data[4..].parse().map_err(|_| bad())?;
        if (1..=12).contains(&month) && year > 0 { Ok(Self { year, month }) } else { Err(bad()) }
    }

    pub(super) fn encode(&self) -> String {
        format!("{:04}{:02}", self.year, self.month)
    }
}

impl Consignment {
    /// A box of a consignment, from 1; box 0 stands on the papers.
    ///
    /// # Errors
    /// [`Refused`] if there are not that many boxes, or a number has too many digits.
    pub fn new(
        facility: Facility,
        year: u8,
        serial: u32,
        carton: u8,
        cartons: u8,
    ) -> Result<Self, Refused> {
        if year > 99 || serial > 99_999 {
            return Err(Refused::field(28, Field::Serial, &format!("{year:02}{serial:05}")));
        }
        if cartons == 0 || cartons > 99 || carton > cartons {
            return Err(Refused::field(28, Field::Boxes, &format!("{carton:02}{cartons:02}")));
        }
        Ok(Self { facility, year, serial, carton, cartons })
    }

    pub(super) fn parse(data: &str) -> Result<Self, Refused> {
        let facility = facility(28, &data[..5])?;
        let bad = || Refused::field(28, Field::Serial, &data[5..]);
        if !data[5..].bytes().all(|c| c.is_ascii_digit()) {
            return Err(bad());
        }
        let two = |from: usize| data[from..from + 2].parse::<u8>().map_err(|_| bad());
        let serial = data[7..12].parse().map_err(|_| bad())?;
        Self::new(facility, two(5)?, serial, two(12)?, two(14)?)
    }

    pub(super) fn encode(&self) -> String {
        let Self { facility, year, serial, carton, cartons } = self;
        format!("{facility}{year:02}{serial:05}{carton:02}{cartons:02}")
    }

    /// The consignment without its boxes, e.g. `A99902600001`.
    #[must_use]
    pub fn reference(&self) -> String {
        self.encode()[..12].to_owned()
    }
}

fn facility(number: Number, text: &str) -> Result<Facility, Refused> {
    Facility::parse(text).map_err(|_| Refused::field(number, Field::Facility, text))
}

fn mixed(number: Number, text: &str) -> Result<String, Refused> {
    let fits = text.bytes().all(|c| c.is_ascii_alphanumeric());
    if fits { Ok(text.to_owned()) } else { Err(Refused::field(number, Field::Text, text)) }
}

fn capital(number: Number, text: &str) -> Result<String, Refused> {
    let fits = text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if fits { Ok(text.to_owned()) } else { Err(Refused::field(number, Field::Text, text)) }
}

/// A text about a person: it is not repeated if it is refused.
fn personal(
    number: Number,
    field: Field,
    text: &str,
    fits: impl Fn(u8) -> bool,
) -> Result<String, Refused> {
    let is_fit = text.bytes().all(fits);
    if is_fit { Ok(text.to_owned()) } else { Err(Refused::personal(number, field)) }
}
