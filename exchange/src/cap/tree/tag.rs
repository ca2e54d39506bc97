//! What stands within the angle brackets: names, attributes, references, namespaces.

use crate::cap::text::is_xml_character;

/// The namespace of the prefix `xml`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of the prefix `xmlns`.
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cap) struct Attribute {
    /// Its name as it stands, later without prefix.
    pub name: String,
    /// Its namespace; empty if it has none.
    pub namespace: String,
    /// Its value.
    pub value: String,
}

/// The attributes of a tag.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    pub attributes: Vec<Attribute>,
    /// Entities that nobody defined.
    pub entities: Vec<String>,
    /// Whether a reference stood for a character that XML cannot carry.
    pub control: bool,
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn begins_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | 'a'..='z' | '_'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    begins_name(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}'
            | '\u{203F}'..='\u{2040}')
}

fn is_simple_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(begins_name) && chars.all(continues_name)
}

/// Whether it is a name, perhaps with a prefix.
pub(super) fn is_name(name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, local)) => is_simple_name(prefix) && is_simple_name(local),
        None => is_simple_name(name),
    }
}

/// Whether a processing instruction may stand so.
pub(super) fn is_instruction(target: &str, content: &str) -> bool {
    let apart = content.is_empty() || content.starts_with(is_space);
    is_simple_name(target) && !target.eq_ignore_ascii_case("xml") && apart
}

/// Whether an XML declaration has version 1.x, perhaps an encoding, perhaps `standalone`.
pub(super) fn is_declaration(content: &str) -> bool {
    let Some(rest) = content.strip_prefix("xml") else { return false };
    let Ok(Attributes { attributes, .. }) = attributes(rest) else { return false };
    let mut left = attributes.iter().map(|one| (one.name.as_str(), one.value.as_str())).peekable();
    let version = left.next_if(|(name, value)| *name == "version" && *value == "1.0");
    left.next_if(|(name, value)| *name == "encoding" && is_encoding(value));
    left.next_if(|(name, value)| *name == "standalone" && matches!(*value, "yes" | "no"));
    version.is_some() && left.next().is_none()
}

fn is_encoding(name: &str) -> bool {
    let rest = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(rest)
}

/// What a reference stands for.
pub(super) enum Resolved {
    Character(char),
    /// A number that is no character of XML.
    Forbidden,
    /// An entity that nobody defined.
    Entity,
    Malformed,
}

/// Resolves what stands between `&` and `;`.
pub(super) fn resolve(name: &str) -> Resolved {
    let number = match name.strip_prefix('#').map(|digits| (digits, digits.strip_prefix('x'))) {
        Some((_, Some(hex))) if hex.bytes().all(|b| b.is_ascii_hexdigit()) && !hex.is_empty() => {
            u32::from_str_radix(hex, 16)
        }
        Some((ten, None)) if ten.bytes().all(|b| b.is_ascii_digit()) && !ten.is_empty() => {
            ten.parse()
        }
        Some(_) => return Resolved::Malformed,
        None => return resolve_name(name),
    };
    match number.ok().and_then(char::from_u32).filter(|c| is_xml_character(*c)) {
        Some(c) => Resolved::Character(c),
        None => Resolved::Forbidden,
    }
}

fn resolve_name(name: &str) -> Resolved {
    match name {
        "lt" => Resolved::Character('<'),
        "gt" => Resolved::Character('>'),
        "amp" => Resolved::Character('&'),
        "apos" => Resolved::Character('\''),
        "quot" => Resolved::Character('"'),
        name if is_simple_name(name) => Resolved::Entity,
        _ => Resolved::Malformed,
    }
}

/// The most attributes of an element.
pub(super) const MOST_ATTRIBUTES: usize = 64;

/// Why the attributes of a tag cannot be read.
pub(super) enum NotTag {
    /// Not written as they must be.
    Form(String),
    /// Too many.
    Many,
}

/// Reads what stands after the name of a tag.
pub(super) fn attributes(raw: &str) -> Result<Attributes, NotTag> {
    let mut read = Attributes::default();
    let mut rest = raw;
    loop {
        let trimmed = rest.trim_start_matches(is_space);
        if trimmed.is_empty() {
            return Ok(read);
        }
        let form = |text: &str| NotTag::Form(text.to_owned());
        if trimmed.len() == rest.len() {
            return Err(form("attributes stand without white space between them"));
        }
        if read.attributes.len() == MOST_ATTRIBUTES {
            return Err(NotTag::Many);
        }
        let bad = || form("an attribute is not written name=\"value\"");
        let (name, after) = trimmed.split_once('=').ok_or_else(bad)?;
        let name = name.trim_end_matches(is_space);
        let after = after.trim_start_matches(is_space);
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(bad)?;
        let (value, after) = after[1..].split_once(quote).ok_or_else(bad)?;
        if !is_name(name) || value.contains('<') {
            return Err(bad());
        }
        if read.attributes.iter().any(|other| other.name == name) {
            return Err(NotTag::Form(format!("the attribute {name} stands twice")));
        }
        let value = unescape(value, &mut read).ok_or_else(bad)?;
        let namespace = String::new();
        read.attributes.push(Attribute { name: name.to_owned(), namespace, value });
        rest = after;
    }
}

fn unescape(value: &str, read: &mut Attributes) -> Option<String> {
    let mut pieces = value.split('&');
    let mut text = pieces.next().unwrap_or_default().replace(is_space, " ");
    for piece in pieces {
        let (name, after) = piece.split_once(';')?;
        match resolve(name) {
            Resolved::Character(c) => text.push(c),
            Resolved::Forbidden => read.control = true,
            Resolved::Entity => read.entities.push(name.to_owned()),
            Resolved::Malformed => return None,
        }
        text.push_str(&after.replace(is_space, " "));
    }
    Some(text)
}

/// Why a tag is refused.
pub(super) enum Refused {
    /// The prefix has no namespace.
    Prefix(String),
    /// A namespace is declared in a way that is not allowed.
    Form(String),
}

/// The namespaces in force.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    declared: Vec<(String, String)>,
    /// How many were declared before each open element.
    before: Vec<usize>,
}

impl Scopes {
    /// Enters an element: its namespace, its name without prefix, and its other attributes.
    pub(super) fn enter<'n>(
        &mut self,
        name: &'n str,
        attributes: Vec<Attribute>,
    ) -> Result<(String, &'n str, Vec<Attribute>), Refused> {
        self.before.push(self.declared.len());
        let (declarations, mut others): (Vec<_>, Vec<_>) = attributes
            .into_iter()
            .partition(|one| one.name == "xmlns" || one.name.starts_with("xmlns:"));
        for one in declarations {
            self.declare(one)?;
        }
        for one in &mut others {
            if let Some((prefix, local)) = one.name.split_once(':') {
                one.namespace = self.namespace(prefix)?;
                one.name = local.to_owned();
            }
        }
        for (at, one) in others.iter().enumerate() {
            let same =
                |other: &Attribute| (&other.name, &other.namespace) == (&one.name, &one.namespace);
            if others[..at].iter().any(same) {
                return Err(Refused::Form(format!("the attribute {} stands twice", one.name)));
            }
        }
        match name.split_once(':') {
            Some((prefix, local)) => Ok((self.namespace(prefix)?, local, others)),
            None => Ok((self.namespace("").unwrap_or_default(), name, others)),
        }
    }

    /// Leaves the innermost element.
    pub(super) fn leave(&mut self) {
        if let Some(before) = self.before.pop() {
            self.declared.truncate(before);
        }
    }

    fn declare(&mut self, attribute: Attribute) -> Result<(), Refused> {
        let prefix = attribute.name.strip_prefix("xmlns:").unwrap_or_default().to_owned();
        let wrong = match prefix.as_str() {
            "xml" => attribute.value != XML,
            "xmlns" => true,
            _ => {
                let nothing = attribute.value.is_empty() && !prefix.is_empty();
                nothing || attribute.value == XML || attribute.value == XMLNS
            }
        };
        if wrong {
            return Err(Refused::Form(format!("{} must not be declared so", attribute.name)));
        }
        self.declared.push((prefix, attribute.value));
        Ok(())
    }

    fn namespace(&self, prefix: &str) -> Result<String, Refused> {
        if prefix == "xml" {
            return Ok(XML.to_owned());
        }
        let found = self.declared.iter().rev().find(|(declared, _)| declared == prefix);
        found.map(|(_, value)| value.clone()).ok_or_else(|| Refused::Prefix(prefix.to_owned()))
    }
}
