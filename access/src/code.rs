//! Break-glass codes: a way in when the password is forgotten or the throttle is busy.
//!
//! Ten codes of 130 bits, printed once and kept in an envelope. Each opens the account once.

use std::fmt;

use samband_domain::Digest;

use crate::account::UserName;
use crate::secret::{ALPHABET, RandomError, base32, random};

/// How many codes are issued at a time.
pub const CODES: usize = 10;

const LENGTH: usize = 26;

/// A break-glass code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// Draws one set of codes.
    ///
    /// # Errors
    /// [`RandomError`] without randomness.
    pub fn draw_set() -> Result<Vec<Self>, RandomError> {
        let draw = || random::<17>().map(|bytes| Self(base32(&bytes, LENGTH)));
        (0..CODES).map(|_| draw()).collect()
    }

    /// Reads a code as a person types it from paper: with or without groups, capital letters,
    /// and the usual confusions of o and 0, i, l and 1.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(LENGTH);
        for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                c => c,
            };
            let known = u8::try_from(c).is_ok_and(|c| ALPHABET.contains(&c));
            if !known || code.len() == LENGTH {
                return None;
            }
            code.push(c);
        }
        (code.len() == LENGTH).then_some(Self(code))
    }

    /// What is kept of it, bound to the account it opens. The code has enough randomness of its
    /// own that a slow hash would only make an emergency slower.
    #[must_use]
    pub fn digest(&self, user: &UserName) -> Digest {
        let user = user.to_string();
        Digest::of_parts(&[b"samband code\0", user.as_bytes(), b"\0", self.0.as_bytes()])
    }
}

/// In groups of five, the last of six, as it is printed for its holder.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for start in (0..20).step_by(5) {
            write!(f, "{}-", &self.0[start..start + 5])?;
        }
        f.write_str(&self.0[20..])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_was_copied() {
        let code = &Code::draw_set().unwrap()[0];
        let printed = code.to_string();
        assert_eq!(printed.len(), LENGTH + 4);
        assert!(printed.split('-').all(|group| matches!(group.len(), 5 | 6)));
        let shouted = printed.to_uppercase().replace('-', " ");
        let misread = printed.replace('0', "O").replace('1', "l");
        for text in [&printed, &shouted, &misread, &printed.replace('-', "")] {
            assert_eq!(Code::typed(text).as_ref(), Some(code), "{text}");
        }
        let longer = format!("{printed}0");
        for text in ["", "abc", "uuuuu-uuuuu-uuuuu-uuuuu-uuuuuu", &longer, &printed[1..]] {
            assert!(Code::typed(text).is_none(), "{text}");
        }
        assert!(!format!("{code:?}").contains(&printed[..5]));
    }

    #[test]
    fn a_set_has_ten_different_codes() {
        let mut codes: Vec<_> = Code::draw_set().unwrap().iter().map(Code::to_string).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), CODES);
    }
}
