//! The data structures by their identifiers: how long each is, and what becomes of it here.

use super::refused::{Number, Refused};

/// How much data follows an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// That many characters.
    Fixed(usize),
    /// As many pieces of a length as the first digits say.
    Pieces {
        /// How many digits say it.
        digits: usize,
        /// How long each piece is.
        length: usize,
    },
    /// Two characters, two digits that say a length, and that many more.
    Stated,
}

/// What becomes of a structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is read.
    Read,
    /// It is known and passed over inside a message; alone it is refused.
    Passed,
    /// It is refused: withdrawn.
    Retired,
    /// It is refused: not for blood.
    Unused,
}

/// A data structure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number in the standard.
    pub number: Number,
    /// What it begins with.
    pub identifier: &'static str,
    /// How much follows.
    pub extent: Extent,
    /// What becomes of it.
    pub fate: Fate,
}

const fn fixed(number: Number, identifier: &'static str, length: usize, fate: Fate) -> Entry {
    Entry { number, identifier, extent: Extent::Fixed(length), fate }
}

/// The donation number: its identifier's second character is the number's first.
pub const DONATION: Entry = fixed(1, "=", 15, Fate::Read);

/// Every other structure. Longer identifiers go first where one begins another.
pub const ENTRIES: &[Entry] = &[
    fixed(2, "=%", 4, Fate::Read),
    fixed(3, "=<", 8, Fate::Read),
    fixed(4, "=>", 6, Fate::Read),
    fixed(5, "&>", 10, Fate::Read),
    fixed(6, "=*", 6, Fate::Read),
    fixed(7, "&*", 10, Fate::Read),
    fixed(8, "=}", 6, Fate::Read),
    fixed(9, "&}", 10, Fate::Read),
    fixed(10, "&(", 5, Fate::Read),
    fixed(11, "={", 18, Fate::Retired),
    fixed(12, "=\\", 18, Fate::Read),
    fixed(13, "&\\", 18, Fate::Read),
    fixed(14, "&{", 18, Fate::Read),
    fixed(15, "=[", 18, Fate::Retired),
    fixed(16, "=\"", 18, Fate::Retired),
    fixed(17, "=)", 10, Fate::Read),
    fixed(18, "&)", 10, Fate::Read),
    fixed(19, "=;", 21, Fate::Read),
    fixed(20, "='", 11, Fate::Read),
    fixed(21, "=-", 10, Fate::Read),
    fixed(22, "&-", 10, Fate::Read),
    fixed(23, "=+", 5, Fate::Read),
    fixed(24, "=#", 10, Fate::Read),
    Entry { number: 25, identifier: "&#", extent: Extent::Stated, fate: Fate::Read },
    fixed(26, "=]", 6, Fate::Read),
    fixed(27, "&\"", 18, Fate::Read),
    fixed(28, "=$", 16, Fate::Read),
    Entry {
        number: 29,
        identifier: "&$",
        extent: Extent::Pieces { digits: 2, length: 14 },
        fate: Fate::Passed,
    },
    Entry {
        number: 30,
        identifier: "&%",
        extent: Extent::Pieces { digits: 3, length: 10 },
        fate: Fate::Read,
    },
    fixed(31, "=(", 16, Fate::Unused),
    fixed(32, "=,", 6, Fate::Unused),
    fixed(33, "&+", 11, Fate::Passed),
    fixed(34, "=/", 16, Fate::Unused),
    fixed(35, "&,1", 18, Fate::Unused),
    fixed(36, "&,2", 18, Fate::Unused),
    fixed(37, "&,3", 19, Fate::Retired),
    fixed(38, "&,4", 40, Fate::Unused),
    fixed(39, "&:", 19, Fate::Unused),
    fixed(40, "&/", 15, Fate::Unused),
];

/// A structure cut off the front of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut<'a> {
    /// Which.
    pub entry: Entry,
    /// Its data, without the identifier.
    pub data: &'a str,
    /// What follows it.
    pub rest: &'a str,
}

/// Cuts the first structure off. Whether it is wanted is not asked here.
///
/// # Errors
/// [`Refused`] if no structure begins the text, or it is cut short.
pub fn cut(text: &str) -> Result<Cut<'_>, Refused> {
    let mut characters = text.chars();
    let (Some(first @ ('=' | '&')), Some(second)) = (characters.next(), characters.next()) else {
        return Err(Refused::Unidentified);
    };
    if first == '=' && matches!(second, 'A'..='N' | 'P'..='Z' | '1'..='9') {
        return take(DONATION, &text[1..]);
    }
    if let Some(entry) = ENTRIES.iter().find(|entry| text.starts_with(entry.identifier)) {
        return take(*entry, &text[entry.identifier.len()..]);
    }
    let identifier = format!("{first}{second}");
    let is_local = first == '&' && matches!(second, 'a'..='z' | ';' | '!');
    Err(if is_local { Refused::Local { identifier } } else { Refused::Unknown { identifier } })
}

fn take(entry: Entry, text: &str) -> Result<Cut<'_>, Refused> {
    let length = extent(&entry, text)?;
    match text.split_at_checked(length) {
        Some((data, rest)) => Ok(Cut { entry, data, rest }),
        None => Err(short(&entry, length, text)),
    }
}

/// How many characters of data the text has for the structure.
fn extent(entry: &Entry, text: &str) -> Result<usize, Refused> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).ok_or_else(|| short(entry, to, text))?;
        digits
            .parse::<usize>()
            .ok()
            .filter(|_| digits.bytes().all(|c| c.is_ascii_digit()))
            .ok_or_else(|| Refused::field(entry.number, super::Field::Digits, digits))
    };
    Ok(match entry.extent {
        Extent::Fixed(length) => length,
        Extent::Pieces { digits, length } => digits + number(0, digits)? * length,
        Extent::Stated => 4 + number(2, 4)?,
    })
}

fn short(entry: &Entry, expected: usize, text: &str) -> Refused {
    Refused::Length { structure: entry.number, expected, found: text.chars().count() }
}
