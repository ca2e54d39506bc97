//! Texts that can stand in an alert, each with what it must not hold.

use std::fmt;
use std::ops::Deref;

use thiserror::Error;

/// Why a text cannot stand where it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotText {
    /// Nothing there.
    #[error("the text is empty")]
    Empty,
    /// A character that no XML document can carry.
    #[error("the text holds a character that XML cannot carry")]
    Character,
    /// White space, a comma, `<` or `&` in an identifier.
    #[error("it holds white space, a comma, < or &")]
    Reserved,
    /// A quotation mark within an item of a list.
    #[error("it holds a quotation mark")]
    Quotes,
    /// Not of the form that is asked for.
    #[error("it does not have the right form")]
    Form,
}

/// Whether XML 1.0 can carry the character.
#[must_use]
pub fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn checked(text: &str) -> Result<(), NotText> {
    if text.is_empty() {
        return Err(NotText::Empty);
    }
    if text.chars().all(is_xml_character) { Ok(()) } else { Err(NotText::Character) }
}

macro_rules! text_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type! {
    /// Words for people: something other than white space, no white space around it, lines ended by
    /// line feeds.
    Text
}

impl Text {
    /// The text without white space around it.
    ///
    /// # Errors
    /// If nothing is left, or XML cannot carry it.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim();
        checked(text)?;
        Ok(Self(text.to_owned()))
    }
}

text_type! {
    /// Identifies an alert or its sender: no white space, comma, `<` or `&`.
    Token
}

impl Token {
    /// An identifier as it stands.
    ///
    /// # Errors
    /// If it is empty or holds what an identifier must not.
    pub fn new(text: &str) -> Result<Self, NotText> {
        checked(text)?;
        if text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '<' | '&')) {
            return Err(NotText::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

text_type! {
    /// One of a list of addresses or incidents: on one line, without quotation marks.
    Item
}

impl Item {
    /// The item with single spaces between its words.
    ///
    /// # Errors
    /// If it is empty or holds a quotation mark.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        checked(&text)?;
        if text.contains('"') { Err(NotText::Quotes) } else { Ok(Self(text)) }
    }

    /// Reads a list in which items stand apart by white space, and those with white space within
    /// stand in quotation marks.
    ///
    /// # Errors
    /// If a quotation mark has no fellow or an item is empty.
    pub fn list(text: &str) -> Result<Vec<Self>, NotText> {
        let mut items = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (item, after) = match rest.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or(NotText::Quotes)?,
                None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
            };
            if !after.is_empty() && !after.starts_with(char::is_whitespace) {
                return Err(NotText::Quotes);
            }
            items.push(Self::new(item)?);
            rest = after.trim_start();
        }
        Ok(items)
    }

    /// As it stands in a list.
    #[must_use]
    pub fn in_list(&self) -> String {
        if self.0.contains(' ') { format!("\"{}\"", self.0) } else { self.0.clone() }
    }
}

text_type! {
    /// A language by its tag, such as `sv-SE` (RFC 3066).
    Language
}

impl Language {
    /// Swedish as spoken in Sweden.
    #[must_use]
    pub fn swedish() -> Self {
        Self("sv-SE".into())
    }

    /// What the standard assumes where no language is stated.
    #[must_use]
    pub fn assumed() -> Self {
        Self("en-US".into())
    }

    /// A tag: one to eight letters, then groups of one to eight letters or digits after hyphens.
    ///
    /// # Errors
    /// If it has another form.
    pub fn new(tag: &str) -> Result<Self, NotText> {
        let mut parts = tag.split('-');
        let first = parts.next().unwrap_or_default();
        let short = |part: &str| (1..=8).contains(&part.len());
        let letters = short(first) && first.bytes().all(|b| b.is_ascii_alphabetic());
        let rest = parts.all(|part| short(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if letters && rest { Ok(Self(tag.to_owned())) } else { Err(NotText::Form) }
    }

    /// The language without region or script, in small letters: `sv`.
    #[must_use]
    pub fn primary(&self) -> String {
        self.0.split('-').next().unwrap_or_default().to_ascii_lowercase()
    }
}

text_type! {
    /// What kind of file a resource is: `type/subtype` (RFC 2046), perhaps with parameters.
    MimeType
}

/// The registered top-level types, besides those that begin with `x-`.
const MEDIA: [&str; 11] = [
    "application",
    "audio",
    "example",
    "font",
    "haptics",
    "image",
    "message",
    "model",
    "multipart",
    "text",
    "video",
];

impl MimeType {
    /// A media type.
    ///
    /// # Errors
    /// If it is not `type/subtype` with a known type, or its parameters are not `name=value`.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let mut parts = text.split(';');
        let essence = parts.next().unwrap_or_default().trim();
        let (top, sub) = essence.split_once('/').ok_or(NotText::Form)?;
        let top = top.to_ascii_lowercase();
        let known = MEDIA.contains(&top.as_str()) || (top.starts_with("x-") && top.len() > 2);
        let parameters = parts.all(|part| {
            part.split_once('=').is_some_and(|(name, value)| {
                let bare = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                is_token(name.trim()) && bare.map_or_else(|| is_token(value), is_quoted)
            })
        });
        let good = known && is_token(&top) && is_token(sub) && parameters;
        if good { Ok(Self(text.trim().to_owned())) } else { Err(NotText::Form) }
    }
}

fn is_token(text: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`{|}~".contains(&b);
    !text.is_empty() && text.bytes().all(good)
}

fn is_quoted(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b) && !matches!(b, b'"' | b'\\'))
}

text_type! {
    /// A SHA-1 digest in 40 hexadecimal characters.
    Sha1
}

impl Sha1 {
    /// A digest.
    ///
    /// # Errors
    /// If it is not 40 hexadecimal characters.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let good = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if good { Ok(Self(text.to_ascii_lowercase())) } else { Err(NotText::Form) }
    }
}
