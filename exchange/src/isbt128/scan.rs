//! What was scanned or typed into a field: the one way from a text to a meaning.
//!
//! A scanner's text is taken as it comes, without the prefix that names the symbol and without the
//! line end that the scanner adds. A person types donation numbers only, and with the check
//! character that is boxed on the label: everything else on a bag is to be scanned.

use samband_domain::Time;
use samband_domain::blood::model::{
    CodeTable, Din, NoMeaning, Phenotype, ProductCode, ProductRow, UnitId,
};

use super::flag::Flag;
use super::group::GroupMessage;
use super::item::Consignment;
use super::message::{LENGTH_MAX, Message, read};
use super::moment::{Occasion, Stamp};
use super::refused::Refused;
use super::structure::Structure;

/// How a text came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// From a symbol.
    Scanned,
    /// From a keyboard, with a check character that fits.
    Typed,
}

/// A text that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// How it came.
    pub how: How,
    /// What it is.
    pub what: Scanned,
    /// All that it said.
    pub message: Message,
}

/// What a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A donation number alone: of any unit of the donation.
    Donation(Din, Flag),
    /// A donation number and more: a label, or part of one.
    Label(UnitLabel),
    /// A consignment, or a box of one.
    Consignment(Consignment),
    /// One structure that names no unit.
    Part(Structure),
    /// Several structures that name no unit.
    Parts(Vec<Structure>),
}

/// What a label says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitLabel {
    /// The donation.
    pub din: Din,
    /// The flag beside it.
    pub flag: Flag,
    /// The product.
    pub product: Option<ProductCode>,
    /// The group.
    pub group: Option<GroupMessage>,
    /// When it expires.
    pub expiry: Option<Stamp>,
    /// When it was collected.
    pub collection: Option<Stamp>,
    /// Antigens that were tested.
    pub phenotype: Phenotype,
}

impl UnitLabel {
    /// The unit, if donation and product are both said.
    #[must_use]
    pub fn unit(&self) -> Option<UnitId> {
        self.product.map(|product| UnitId { din: self.din, product })
    }

    /// What the product code means; none if the label does not say it.
    ///
    /// # Errors
    /// [`NoMeaning`].
    pub fn product_row<'a>(
        &self,
        table: Option<&'a CodeTable>,
        at: Time,
    ) -> Option<Result<&'a ProductRow, NoMeaning>> {
        let code = self.product?.pdc();
        let table = table.ok_or(NoMeaning::NoTable);
        Some(table.and_then(|table| table.product(code, self.din.facility(), at)))
    }
}

impl Scanned {
    /// A short name of what it is.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Donation(..) => "donation",
            Self::Label(label) if label.product.is_some() => "unit",
            Self::Label(_) => "label",
            Self::Consignment(_) => "consignment",
            Self::Part(part) => super::facts::name(part),
            Self::Parts(_) => "parts",
        }
    }

    /// The donation it is about.
    #[must_use]
    pub const fn din(&self) -> Option<Din> {
        match self {
            Self::Donation(din, _) => Some(*din),
            Self::Label(label) => Some(label.din),
            _ => None,
        }
    }

    /// The unit it is about.
    #[must_use]
    pub fn unit(&self) -> Option<UnitId> {
        match self {
            Self::Label(label) => label.unit(),
            _ => None,
        }
    }
}

/// Says what a scanned or typed text is.
///
/// # Errors
/// [`Refused`] with a reason: nothing is guessed.
pub fn classify(text: &str) -> Result<Scan, Refused> {
    if text.len() > LENGTH_MAX {
        return Err(Refused::Long);
    }
    let text = trimmed(text);
    let text = without_symbology(text)?;
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if !text.starts_with(['=', '&']) {
        return typed(text);
    }
    let message = read(text)?;
    Ok(Scan { how: How::Scanned, what: meaning(&message), message })
}

/// Without what scanners add: white space, line ends, tabs and separators.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}' | '\u{2}'..='\u{4}' | '\u{feff}')
    })
}

/// Without the three characters with which a scanner may name the kind of symbol.
fn without_symbology(text: &str) -> Result<&str, Refused> {
    let Some(rest) = text.strip_prefix(']') else { return Ok(text) };
    let known = ["C0", "C1", "C2", "C4", "d0", "d1", "d2"];
    let found = || text.chars().take(3).collect();
    let rest = known.iter().find_map(|name| rest.strip_prefix(name));
    rest.map(trimmed).ok_or_else(|| Refused::Symbology { found: found() })
}

/// What a person typed.
fn typed(text: &str) -> Result<Scan, Refused> {
    if is_personal_number(text) {
        return Err(Refused::PersonalNumber);
    }
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_like_din = matches!(compact.chars().count(), 13 | 14)
        && compact.chars().take(13).all(|c| c.is_ascii_alphanumeric())
        && compact.bytes().skip(5).take(8).all(|c| c.is_ascii_digit());
    if !is_like_din {
        return Err(Refused::Unidentified);
    }
    let din = Din::parse_typed(text).map_err(|error| Refused::din(1, error))?;
    let message = Message::One(Structure::Donation(din, Flag::NONE));
    Ok(Scan { how: How::Typed, what: Scanned::Donation(din, Flag::NONE), message })
}

/// Whether a text looks like a personal or coordination number: six or eight digits of a date,
/// with 60 added to the day for the latter, then four more.
fn is_personal_number(text: &str) -> bool {
    let compact: String =
        text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '+' | '–')).collect();
    if !compact.bytes().all(|c| c.is_ascii_digit()) {
        return false;
    }
    let date = match compact.len() {
        10 => &compact[2..6],
        12 => &compact[4..8],
        _ => return false,
    };
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    let (month, day) = (number(&date[..2]), number(&date[2..]));
    (1..=12).contains(&month) && matches!(day, 1..=31 | 61..=91)
}

fn meaning(message: &Message) -> Scanned {
    let parts = message.parts();
    let donation = parts.iter().find_map(|part| match part {
        Structure::Donation(din, flag) => Some((*din, *flag)),
        _ => None,
    });
    match (parts.as_slice(), donation) {
        ([_], Some((din, flag))) => Scanned::Donation(din, flag),
        (_, Some((din, flag))) => Scanned::Label(label(din, flag, &parts)),
        ([Structure::Consignment(consignment)], None) => Scanned::Consignment(*consignment),
        ([one], None) => Scanned::Part((*one).clone()),
        _ => Scanned::Parts(parts.into_iter().cloned().collect()),
    }
}

fn label(din: Din, flag: Flag, parts: &[&Structure]) -> UnitLabel {
    let mut label = UnitLabel {
        din,
        flag,
        product: None,
        group: None,
        expiry: None,
        collection: None,
        phenotype: Phenotype::UNTESTED,
    };
    for part in parts {
        match part {
            Structure::Product(code) => label.product = Some(*code),
            Structure::Group(group) => {
                label.group = Some(*group);
                label.add(group.rh_kell.phenotype());
            }
            Structure::Stamp(stamp) => match stamp.occasion {
                Occasion::Expiry => label.expiry = Some(*stamp),
                Occasion::Collection => label.collection = Some(*stamp),
                Occasion::Production => {}
            },
            Structure::RedCells(antigens) => label.add(antigens.phenotype()),
            Structure::Antigens(antigens) => label.add(antigens.phenotype()),
            _ => {}
        }
    }
    label
}

impl UnitLabel {
    /// Adds results. Where two contradict each other, the antigen counts as found.
    fn add(&mut self, more: Phenotype) {
        for antigen in more.present().iter() {
            self.phenotype = self.phenotype.with(antigen, true);
        }
        for antigen in more.absent().iter() {
            self.phenotype = self.phenotype.with(antigen, false);
        }
    }
}
