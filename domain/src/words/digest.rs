//! SHA-256 digests, public keys and signatures: hex in text, bytes in memory.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

macro_rules! bytes {
    ($(#[$meta:meta])* $Name:ident, $len:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $Name(pub [u8; $len]);

        impl $Name {
            /// As hexadecimal text.
            #[must_use]
            pub fn hex(&self) -> Hex<{ 2 * $len }> {
                Hex::of(&self.0)
            }
        }

        impl fmt::Display for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.hex().as_str())
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($Name))
            }
        }

        impl FromStr for $Name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                unhex(text).map(Self).ok_or_else(|| {
                    format!("expected {} lower-case hexadecimal characters", 2 * $len)
                })
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(self.hex().as_str())
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    super::text::parse(deserializer)
                } else {
                    let bytes = Vec::<u8>::deserialize(deserializer)?;
                    bytes.try_into().map(Self).map_err(|_| de::Error::custom("wrong length"))
                }
            }
        }
    };
}

bytes!(
    /// A SHA-256 digest.
    Digest,
    32
);
bytes!(
    /// An Ed25519 public key.
    PublicKey,
    32
);
bytes!(
    /// An Ed25519 signature.
    Signature,
    64
);

impl Digest {
    /// The digest that stands before the first record of a journal.
    pub const ZERO: Self = Self([0; 32]);

    /// SHA-256 of the bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// SHA-256 of the concatenation of the parts.
    #[must_use]
    pub fn of_parts(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// The first ten hexadecimal characters: enough for a person to tell two apart.
    #[must_use]
    pub fn short(&self) -> String {
        hex(&self.0[..5])
    }
}

/// Computes a digest over bytes that come piece by piece.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Nothing hashed yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all bytes taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

impl PublicKey {
    /// The key's id: the first sixteen hexadecimal characters of its SHA-256.
    #[must_use]
    pub fn id(&self) -> String {
        hex(&Digest::of(&self.0).0[..8])
    }

    /// Whether the signature over the bytes was made with this key's private half.
    #[must_use]
    pub fn verifies(&self, bytes: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        ed25519_dalek::VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(bytes, &signature).is_ok())
    }
}

/// Bytes as lower-case hexadecimal text, on the stack.
#[derive(Clone, Copy)]
pub struct Hex<const N: usize>([u8; N]);

impl<const N: usize> Hex<N> {
    fn of(bytes: &[u8]) -> Self {
        // Computed rather than looked up: the compiler does many at once.
        let digit = |nibble: u8| nibble + if nibble < 10 { b'0' } else { b'a' - 10 };
        let mut text = [b'0'; N];
        for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
            pair[0] = digit(byte >> 4);
            pair[1] = digit(byte & 15);
        }
        Self(text)
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| Hex::<2>::of(&[*byte]).as_str().to_owned()).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let text = text.as_bytes();
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    let mut strange = 0;
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (NIBBLES[usize::from(pair[0])], NIBBLES[usize::from(pair[1])]);
        strange |= high | low;
        *byte = high << 4 | (low & 15);
    }
    (strange < NO_NIBBLE).then_some(bytes)
}

const NO_NIBBLE: u8 = 0x80;

/// What each character means as a hexadecimal digit.
static NIBBLES: [u8; 256] = {
    let mut nibbles = [NO_NIBBLE; 256];
    let mut n = 0;
    while n < 16 {
        nibbles[b"0123456789abcdef"[n] as usize] = n as u8;
        n += 1;
    }
    nibbles
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_abc_is_the_one_of_fips_180() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), expected);
        assert_eq!(Digest::of_parts(&[b"a", b"bc"]).to_string(), expected);
        assert_eq!(expected.parse::<Digest>().unwrap(), Digest::of(b"abc"));
    }

    #[test]
    fn upper_case_and_wrong_lengths_are_not_digests() {
        assert!("BA".repeat(32).parse::<Digest>().is_err());
        assert!("ba".repeat(31).parse::<Digest>().is_err());
    }
}
