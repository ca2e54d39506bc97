//! What product codes and facility numbers mean. The tables of ISBT 128 are licensed; a region
//! loads the ones it has the right to use, and the record keeps which one it was.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::identity::{Boundary, Facility, Pdc};
use super::product::{Attributes, Product};
use crate::words::{Digest, Time, Window};

/// Most rows of a table.
pub const ROWS_MAX: usize = 10_000;

/// Longest text of a table, in characters.
pub const TEXT_MAX: usize = 200;

/// What a product description code means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductRow {
    /// The code.
    pub code: Pdc,
    /// The facility that assigned it: for a facility's own codes, and only for them.
    pub facility: Option<Facility>,
    /// The product it stands for.
    pub product: Product,
    /// What the code says beyond that.
    pub attributes: Attributes,
    /// The words of the label.
    pub text: String,
    /// When it means that; none means as long as the table.
    pub valid: Option<Window>,
}

/// Who stands behind a facility number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FacilityRow {
    /// The number.
    pub facility: Facility,
    /// Its name.
    pub name: String,
}

/// What a code table consists of, before it is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTableParts {
    /// What it is called.
    pub title: String,
    /// Which issue of it.
    pub version: String,
    /// SHA-256 of the file it was read from.
    pub digest: Digest,
    /// When it may be used.
    pub valid: Window,
    /// Product description codes.
    pub products: Vec<ProductRow>,
    /// The facilities it speaks for: its country's, in a national table.
    pub facilities: Vec<FacilityRow>,
}

/// Why parts make no table.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CodeTableError {
    /// Title, version or a row's text is empty or too long.
    #[error("title, version, names and texts need 1–{TEXT_MAX} characters")]
    Text,
    /// Too many rows.
    #[error("a table has at most {ROWS_MAX} rows")]
    Rows,
    /// A code means two things at one time.
    #[error("{code} means two things at one time")]
    Twice {
        /// The code.
        code: Pdc,
    },
    /// A facility has two names.
    #[error("{facility} stands there twice")]
    FacilityTwice {
        /// The facility.
        facility: Facility,
    },
    /// A facility's own code without the facility, or another code with one.
    #[error("{code}: a code that begins with D, and no other, belongs to a facility")]
    Owner {
        /// The code.
        code: Pdc,
    },
    /// A code of a facility that the table does not name.
    #[error("{code} belongs to {facility}, which the table does not name")]
    UnknownFacility {
        /// The code.
        code: Pdc,
        /// The facility.
        facility: Facility,
    },
}

/// Why a product code has no meaning here. Never guessed around.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoMeaning {
    /// No table was loaded.
    #[error("no code table is loaded")]
    NoTable,
    /// The table is not in force at that moment.
    #[error("the code table is not in force")]
    TableNotValid,
    /// The table does not have the code.
    #[error("{code} is not in the code table")]
    NotListed {
        /// The code.
        code: Pdc,
    },
    /// The table has the code, for another time.
    #[error("{code} is not in force")]
    NotValid {
        /// The code.
        code: Pdc,
    },
    /// The code belongs to another country or facility; its table, not this one, explains it.
    #[error("{code} was assigned outside {facility}'s table")]
    Foreign {
        /// The code.
        code: Pdc,
        /// Whose label it stands on.
        facility: Facility,
    },
}

impl NoMeaning {
    /// Every message key.
    pub const CODES: [&'static str; 5] = [
        "code-table-none",
        "code-table-not-in-force",
        "code-table-not-listed",
        "code-table-code-not-in-force",
        "code-table-foreign",
    ];

    /// The message key.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoTable => Self::CODES[0],
            Self::TableNotValid => Self::CODES[1],
            Self::NotListed { .. } => Self::CODES[2],
            Self::NotValid { .. } => Self::CODES[3],
            Self::Foreign { .. } => Self::CODES[4],
        }
    }

    /// The message's arguments.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoTable | Self::TableNotValid => Vec::new(),
            Self::NotListed { code } | Self::NotValid { code } => vec![("pdc", code.to_string())],
            Self::Foreign { code, facility } => {
                vec![("pdc", code.to_string()), ("facility", facility.to_string())]
            }
        }
    }
}

/// A code table: no code in it means two things at one time, and no facility has two names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CodeTableParts", into = "CodeTableParts")]
pub struct CodeTable {
    title: String,
    version: String,
    digest: Digest,
    valid: Window,
    products: BTreeMap<(Pdc, Option<Facility>), Vec<ProductRow>>,
    facilities: BTreeMap<Facility, String>,
}

impl CodeTable {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Which issue of it.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// SHA-256 of the file it was read from.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// When it may be used.
    #[must_use]
    pub const fn valid(&self) -> Window {
        self.valid
    }

    /// Every row, by code.
    pub fn products(&self) -> impl Iterator<Item = &ProductRow> {
        self.products.values().flatten()
    }

    /// Every facility with its name, by number.
    pub fn facilities(&self) -> impl Iterator<Item = (Facility, &str)> {
        self.facilities.iter().map(|(facility, name)| (*facility, name.as_str()))
    }

    /// The name of a facility.
    #[must_use]
    pub fn facility(&self, facility: Facility) -> Option<&str> {
        self.facilities.get(&facility).map(String::as_str)
    }

    /// What a code means on a label of a facility at a moment.
    ///
    /// # Errors
    /// [`NoMeaning`]: a national code is explained only for a facility of the table's country, a
    /// facility's own code only by its own row.
    pub fn product(
        &self,
        code: Pdc,
        facility: Facility,
        at: Time,
    ) -> Result<&ProductRow, NoMeaning> {
        if !self.valid.contains(at) {
            return Err(NoMeaning::TableNotValid);
        }
        let is_ours = self.facilities.contains_key(&facility);
        let owner = match code.boundary() {
            Boundary::International => None,
            Boundary::National if is_ours => None,
            Boundary::Local if is_ours => Some(facility),
            Boundary::National | Boundary::Local => {
                return Err(NoMeaning::Foreign { code, facility });
            }
        };
        let rows = self.products.get(&(code, owner)).ok_or(NoMeaning::NotListed { code })?;
        let is_valid = |row: &&ProductRow| row.valid.is_none_or(|valid| valid.contains(at));
        rows.iter().find(is_valid).ok_or(NoMeaning::NotValid { code })
    }

    /// The national and local codes that mean another product here than in an earlier table of
    /// the same facilities: once assigned, such a code is never to be used for anything else.
    #[must_use]
    pub fn reassigned(&self, earlier: &Self) -> Vec<Pdc> {
        let differs = |(key, rows): (&(Pdc, Option<Facility>), &Vec<ProductRow>)| {
            let before = earlier.products.get(key)?;
            let is_own = key.0.boundary() != Boundary::International;
            let same = rows.iter().all(|row| before.iter().any(|old| old.product == row.product));
            (is_own && !same).then_some(key.0)
        };
        self.products.iter().filter_map(differs).collect()
    }
}

impl TryFrom<CodeTableParts> for CodeTable {
    type Error = CodeTableError;

    fn try_from(parts: CodeTableParts) -> Result<Self, CodeTableError> {
        if parts.products.len() + parts.facilities.len() > ROWS_MAX {
            return Err(CodeTableError::Rows);
        }
        let texts = [&parts.title, &parts.version].into_iter();
        let texts = texts.chain(parts.facilities.iter().map(|row| &row.name));
        if !texts.chain(parts.products.iter().map(|row| &row.text)).all(|text| is_text(text)) {
            return Err(CodeTableError::Text);
        }
        let mut facilities = BTreeMap::new();
        for FacilityRow { facility, name } in parts.facilities {
            if facilities.insert(facility, name).is_some() {
                return Err(CodeTableError::FacilityTwice { facility });
            }
        }
        let mut products: BTreeMap<_, Vec<ProductRow>> = BTreeMap::new();
        for row in parts.products {
            let code = row.code;
            match row.facility {
                owner if owner.is_some() != (code.boundary() == Boundary::Local) => {
                    return Err(CodeTableError::Owner { code });
                }
                Some(facility) if !facilities.contains_key(&facility) => {
                    return Err(CodeTableError::UnknownFacility { code, facility });
                }
                _ => {}
            }
            let rows = products.entry((code, row.facility)).or_default();
            if rows.iter().any(|other| overlap(other.valid, row.valid)) {
                return Err(CodeTableError::Twice { code });
            }
            rows.push(row);
        }
        let CodeTableParts { title, version, digest, valid, .. } = parts;
        Ok(Self { title, version, digest, valid, products, facilities })
    }
}

impl From<CodeTable> for CodeTableParts {
    fn from(table: CodeTable) -> Self {
        let CodeTable { title, version, digest, valid, products, facilities } = table;
        let facility = |(facility, name)| FacilityRow { facility, name };
        Self {
            title,
            version,
            digest,
            valid,
            products: products.into_values().flatten().collect(),
            facilities: facilities.into_iter().map(facility).collect(),
        }
    }
}

fn is_text(text: &str) -> bool {
    (1..=TEXT_MAX).contains(&text.chars().count()) && text.trim() == text
}

/// Whether two rows are in force at one moment; a row without times always is.
fn overlap(a: Option<Window>, b: Option<Window>) -> bool {
    a.zip(b).is_none_or(|(a, b)| a.overlaps(&b))
}
