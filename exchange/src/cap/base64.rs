//! Files carried within an alert, as base64.

use super::text::NotText;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes in base64, without line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Base64(String);

impl Base64 {
    /// Encodes bytes.
    ///
    /// # Errors
    /// If there are none: a resource without content is written without this element.
    pub fn encode(bytes: &[u8]) -> Result<Self, NotText> {
        if bytes.is_empty() {
            return Err(NotText::Empty);
        }
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for chunk in bytes.chunks(3) {
            let bits = chunk.iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
            let bits = bits << (8 * (3 - chunk.len()));
            for place in 0..4 {
                let six = (bits >> (18 - 6 * place)) & 63;
                let letter = usize::try_from(six).ok().and_then(|at| LETTERS.get(at));
                let there = place <= chunk.len();
                text.push(char::from(if there { *letter.unwrap_or(&b'=') } else { b'=' }));
            }
        }
        Ok(Self(text))
    }

    /// Reads base64, in which white space may stand anywhere.
    ///
    /// # Errors
    /// If it is empty, holds another character, or its length or padding is wrong.
    pub fn new(text: &str) -> Result<Self, NotText> {
        let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
        if compact.is_empty() {
            return Err(NotText::Empty);
        }
        let body = compact.trim_end_matches('=');
        let padding = compact.len() - body.len();
        let letters = body.bytes().all(|byte| LETTERS.contains(&byte));
        if letters && padding <= 2 && !body.is_empty() && compact.len().is_multiple_of(4) {
            Ok(Self(compact))
        } else {
            Err(NotText::Form)
        }
    }

    /// As it is written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// How many bytes it stands for.
    #[must_use]
    pub fn size(&self) -> u64 {
        let padding = self.0.bytes().filter(|byte| *byte == b'=').count();
        u64::try_from(self.0.len() / 4 * 3 - padding).unwrap_or(u64::MAX)
    }
}
