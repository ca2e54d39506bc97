//! Labels: what stands on a unit, as SVG and PDF. A square of 100 mm in four quarters: donation,
//! group, product, expiry; and one Data Matrix that says all of it.

mod draw;
mod pdf;
mod svg;
mod symbols;

use samband_domain::Time;
use samband_domain::blood::model::{Din, ProductCode, UnitId};
use thiserror::Error;

use super::flag::PrintFlag;
use super::group::GroupMessage;
use super::message::Compound;
use super::moment::Stamp;
use super::structure::Structure;

pub use draw::{SIDE, Shape};

/// Longest line of words on a label, in characters.
pub const WORDS_MAX: usize = 120;

/// The expiry cannot be written on a label.
pub const NO_EXPIRY: &str = "label-no-expiry";

/// Every message key.
pub const CODES: &[&str] = &[NO_EXPIRY];

/// Why a label cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LabelRefused {
    /// The expiry lies outside the years that a label can say.
    #[error("the expiry lies outside the years that a label can say")]
    Expiry,
}

impl LabelRefused {
    /// The message key.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        NO_EXPIRY
    }
}

/// What a label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    din: Din,
    flag: PrintFlag,
    product: ProductCode,
    group: GroupMessage,
    expiry: Stamp,
    words: Words,
}

/// The words on a label. They are cut where they do not fit; the symbols are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Who collected it.
    pub facility: String,
    /// What the product code means.
    pub product: String,
    /// The group as it is read.
    pub group: String,
    /// The expiry as it is read.
    pub expiry: String,
    /// Headings for donation, group, product and expiry.
    pub headings: [String; 4],
    /// What must be said across the foot, such as that this is no real unit.
    pub notice: String,
}

impl Label {
    /// A label for a unit.
    ///
    /// # Errors
    /// [`LabelRefused`] if the expiry cannot be written.
    pub fn new(
        unit: UnitId,
        flag: PrintFlag,
        group: GroupMessage,
        expiry: Time,
        words: Words,
    ) -> Result<Self, LabelRefused> {
        let expiry = Stamp::expiry(expiry).ok_or(LabelRefused::Expiry)?;
        Ok(Self { din: unit.din, flag, product: unit.product, group, expiry, words })
    }

    /// The texts of the four linear symbols: donation, group, product, expiry.
    #[must_use]
    pub fn linear(&self) -> [String; 4] {
        self.structures().map(|structure| structure.encode())
    }

    /// The text of the Data Matrix: a compound message of the same four.
    #[must_use]
    pub fn matrix(&self) -> String {
        Compound::new(self.structures().into()).map(|all| all.encode()).unwrap_or_default()
    }

    fn structures(&self) -> [Structure; 4] {
        [
            Structure::Donation(self.din, self.flag.flag()),
            Structure::Group(self.group),
            Structure::Product(self.product),
            Structure::Stamp(self.expiry),
        ]
    }

    /// The label as an SVG document.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&draw::label(self), &self.title())
    }

    /// The label as a PDF document of one page.
    #[must_use]
    pub fn pdf(&self) -> Vec<u8> {
        pdf::write(&draw::label(self), &self.title())
    }

    fn title(&self) -> String {
        format!("{} {} {}", self.din.spaced(), self.din.check_character(), self.product)
    }
}
