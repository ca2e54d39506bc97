//! Secrets that this program draws: session tokens and break-glass codes.

use std::fmt;

use samband_domain::Digest;
use thiserror::Error;

/// The operating system gave no randomness.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the operating system gives no randomness: {0}")]
pub struct RandomError(String);

/// Random bytes from the operating system.
///
/// # Errors
/// [`RandomError`] if it gives none; then no secret may be made.
pub fn random<const N: usize>() -> Result<[u8; N], RandomError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| RandomError(error.to_string()))?;
    Ok(bytes)
}

/// Without i, l, o and u, so that what is printed is not misread.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The first `length` characters of the bytes, five bits each.
pub(crate) fn base32(bytes: &[u8], length: usize) -> String {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |byte| byte >> (7 - n % 8) & 1);
    let char_at = |n: usize| {
        let value = (0..5).fold(0, |value, i| value << 1 | bit(n * 5 + i));
        char::from(ALPHABET[usize::from(value)])
    };
    (0..length).map(char_at).collect()
}

/// A session token of 256 bits. Only its digest is kept; it is shown to nobody but its holder.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    const LENGTH: usize = 52;

    /// Draws a token.
    ///
    /// # Errors
    /// [`RandomError`] without randomness.
    pub fn draw() -> Result<Self, RandomError> {
        Ok(Self(base32(&random::<32>()?, Self::LENGTH)))
    }

    /// Reads a token as sent by its holder; nothing else than a token is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == Self::LENGTH && text.bytes().all(|c| ALPHABET.contains(&c));
        fits.then(|| Self(text.to_owned()))
    }

    /// The token for its holder: for the cookie or the answer to a sign-in, never for a log.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it: the session's key.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_parts(&[b"samband session\0", self.0.as_bytes()])
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_the_randomness_is_in_the_text() {
        let zero = [0_u8; 32];
        let mut texts = vec![base32(&zero, Token::LENGTH)];
        for bit in 0..256 {
            let mut one = zero;
            one[bit / 8] |= 1 << (bit % 8);
            texts.push(base32(&one, Token::LENGTH));
        }
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 257);
        assert_eq!(base32(&[0xff, 0xff, 0xff, 0xff, 0xff], 8), "zzzzzzzz");
    }

    #[test]
    fn tokens_differ_read_back_and_stay_out_of_logs() {
        let (one, two) = (Token::draw().unwrap(), Token::draw().unwrap());
        assert_ne!(one, two);
        assert_ne!(one.digest(), two.digest());
        assert_eq!(Token::parse(one.reveal()), Some(one.clone()));
        assert!(!format!("{one:?}").contains(one.reveal()));
        assert!(!one.digest().to_string().contains(one.reveal()));
    }

    #[test]
    fn nothing_else_is_a_token() {
        let good = Token::draw().unwrap();
        let upper = format!("U{}", &good.reveal()[1..]);
        for bad in ["", "x", &good.reveal()[1..], &format!("{}0", good.reveal()), &upper] {
            assert_eq!(Token::parse(bad), None, "{bad}");
        }
    }
}
