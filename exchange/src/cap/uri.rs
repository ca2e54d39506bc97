//! Addresses of pages and files (RFC 3986).

use std::fmt;
use std::net::Ipv6Addr;

use super::text::{NotText, is_xml_character};

/// An address that says everything: scheme and all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AbsoluteUri(String);

/// An address, absolute or relative.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uri(String);

impl AbsoluteUri {
    /// An absolute address.
    ///
    /// # Errors
    /// If it is none.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let uri = Uri::new(text)?;
        if uri.is_absolute() { Ok(Self(uri.0)) } else { Err(NotText::Form) }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl Uri {
    /// An address.
    ///
    /// # Errors
    /// If it is none.
    pub fn new(text: &str) -> Result<Self, NotText> {
        if text.is_empty() {
            return Err(NotText::Empty);
        }
        let plain = text.chars().all(is_allowed) && percent_is_right(text);
        let rest = scheme(text).map_or(text, |scheme| &text[scheme.len() + 1..]);
        let one_fragment = text.matches('#').count() <= 1;
        let names_something = rest.len() > usize::from(rest.starts_with('#'));
        if plain && one_fragment && names_something && host_is_right(text, rest) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotText::Form)
        }
    }

    /// Whether it names its scheme.
    #[must_use]
    pub fn is_absolute(&self) -> bool {
        scheme(&self.0).is_some()
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<AbsoluteUri> for Uri {
    fn from(uri: AbsoluteUri) -> Self {
        Self(uri.0)
    }
}

impl fmt::Display for AbsoluteUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_allowed(c: char) -> bool {
    let forbidden = matches!(c, '<' | '>' | '"' | '{' | '}' | '|' | '\\' | '^' | '`');
    is_xml_character(c) && !c.is_whitespace() && !c.is_control() && !forbidden
}

fn percent_is_right(text: &str) -> bool {
    text.split('%')
        .skip(1)
        .all(|after| after.len() >= 2 && after.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit))
}

/// What stands before the first colon, if it can be a scheme.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let mut bytes = scheme.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_alphabetic());
    let rest = bytes.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    (first && rest).then_some(scheme)
}

/// Web addresses need a host; brackets stand only around an IPv6 address, colons before a port.
fn host_is_right(text: &str, rest: &str) -> bool {
    let Some(after) = rest.strip_prefix("//") else {
        let web = scheme(text)
            .is_some_and(|scheme| ["http", "https", "ftp"].contains(&&*scheme.to_lowercase()));
        // A relative address must not have a colon in its first part: it would be a scheme.
        let first = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let no_colon = scheme(text).is_some() || !first.contains(':');
        return !web && no_colon && !rest.contains(['[', ']']);
    };
    let end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let (authority, path) = after.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let (name, port) = match host.strip_prefix('[') {
        Some(six) => {
            let Some((address, port)) = six.split_once(']') else { return false };
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            ("six", port)
        }
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port_is_right = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| {
            digits.is_empty()
                || digits.parse::<u16>().is_ok() && digits.bytes().all(|b| b.is_ascii_digit())
        });
    !name.is_empty() && !name.contains(['[', ']']) && port_is_right && !path.contains(['[', ']'])
}
