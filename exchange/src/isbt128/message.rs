//! What one reading of a scanner holds: one structure, two that belong together, or a compound
//! message of many.

use super::catalogue;
use super::refused::{Number, Refused};
use super::structure::{Structure, first, identifier};

/// Longest text of a reading. No symbol on a bag comes near it.
pub const LENGTH_MAX: usize = 1000;

/// Pairs that scanners read together and that belong together.
const PAIRS: [(Number, Number); 7] =
    [(1, 2), (3, 5), (1, 3), (1, 19), (17, 18), (21, 22), (24, 25)];

/// Structures that a message may hold more than once: a unit has several of them.
const REPEATED: [Number; 6] = [10, 17, 18, 21, 22, 29];

/// What a reading holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    /// One structure.
    One(Structure),
    /// Two that were read together.
    Pair(Structure, Structure),
    /// A compound message.
    Compound(Compound),
}

/// A compound message: as many structures as it says, none of them twice that may not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Compound(Vec<Structure>);

impl Compound {
    /// A message of these structures, in this order.
    ///
    /// # Errors
    /// [`Refused`] if there are none or more than 99, or one stands there twice.
    pub fn new(parts: Vec<Structure>) -> Result<Self, Refused> {
        if parts.is_empty() || parts.len() > 99 {
            return Err(Refused::Count { stated: parts.len().min(99), found: parts.len() });
        }
        for (at, part) in parts.iter().enumerate() {
            let structure = part.number();
            let is_again = parts[..at].iter().any(|other| other.number() == structure);
            if is_again && !REPEATED.contains(&structure) {
                return Err(Refused::Twice { structure });
            }
        }
        Ok(Self(parts))
    }

    /// Its structures.
    #[must_use]
    pub fn parts(&self) -> &[Structure] {
        &self.0
    }

    /// The message as a symbol holds it.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = format!("{}{:02}000", identifier(23), self.0.len());
        self.0.iter().for_each(|part| text.push_str(&part.encode()));
        text
    }

    /// Reads what follows the message's identifier.
    fn parse(data: &str, mut rest: &str) -> Result<Self, Refused> {
        let digits = super::antigens::digits::<5>(23, data)?;
        let stated = usize::from(digits[0] * 10 + digits[1]);
        let sequence = digits[2..].iter().fold(0, |sum, digit| sum * 10 + u16::from(*digit));
        if sequence != 0 {
            return Err(Refused::Sequence { sequence });
        }
        let mut parts = Vec::new();
        while !rest.is_empty() {
            if parts.len() == stated {
                return Err(Refused::Count { stated, found: stated + 1 });
            }
            if rest.starts_with(identifier(23)) {
                return Err(Refused::Inside { structure: 23 });
            }
            let (part, after) = first(rest)?;
            parts.push(part);
            rest = after;
        }
        if parts.len() != stated || stated == 0 {
            return Err(Refused::Count { stated, found: parts.len() });
        }
        Self::new(parts)
    }
}

impl Message {
    /// Its structures.
    #[must_use]
    pub fn parts(&self) -> Vec<&Structure> {
        match self {
            Self::One(part) => vec![part],
            Self::Pair(first, second) => vec![first, second],
            Self::Compound(compound) => compound.parts().iter().collect(),
        }
    }

    /// The message as symbols hold it.
    #[must_use]
    pub fn encode(&self) -> String {
        match self {
            Self::One(part) => part.encode(),
            Self::Pair(first, second) => first.encode() + &second.encode(),
            Self::Compound(compound) => compound.encode(),
        }
    }
}

/// Reads the text of a symbol, without a scanner's prefix and suffix.
///
/// # Errors
/// [`Refused`].
pub fn read(text: &str) -> Result<Message, Refused> {
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if text.len() > LENGTH_MAX {
        return Err(Refused::Long);
    }
    if !text.bytes().all(|c| matches!(c, b' '..=b'~')) {
        return Err(Refused::Characters);
    }
    let head = catalogue::cut(text)?;
    if head.entry.number == 23 {
        return Compound::parse(head.data, head.rest).map(Message::Compound);
    }
    let one = alone(Structure::of(&head)?)?;
    if head.rest.is_empty() {
        return Ok(Message::One(one));
    }
    if !head.rest.starts_with(['=', '&']) {
        return Err(Refused::Trailing { structure: one.number() });
    }
    let next = catalogue::cut(head.rest)?;
    let pair = (one.number(), next.entry.number);
    if !PAIRS.contains(&pair) {
        return Err(Refused::Pair { first: pair.0, second: pair.1 });
    }
    if !next.rest.is_empty() {
        return Err(Refused::Trailing { structure: pair.1 });
    }
    Ok(Message::Pair(one, Structure::of(&next)?))
}

/// A structure that stands by itself must be one that is read.
fn alone(structure: Structure) -> Result<Structure, Refused> {
    match structure {
        passed @ Structure::Passed(_) => Err(Refused::Unused { structure: passed.number() }),
        read => Ok(read),
    }
}
