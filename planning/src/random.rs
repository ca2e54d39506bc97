//! Random numbers that can be named: a draw depends on the seed, the stream's name and its index,
//! never on how many threads ran or in what order.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use sha2::{Digest as _, Sha256};

/// The generator of every stream; its algorithm is part of what a seed means.
pub type Stream = Xoshiro256PlusPlus;

/// What a whole run is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream of a name ("demand skane SUS red cells O+") and an index (a replication).
    /// Common random numbers are streams of the same name in two runs of the same seed.
    #[must_use]
    pub fn stream(self, name: &str, index: u64) -> Stream {
        let mut hash = Sha256::new();
        hash.update(b"samband-planning/1\0");
        hash.update(self.0.to_le_bytes());
        hash.update(index.to_le_bytes());
        hash.update(name.as_bytes());
        Stream::from_seed(hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;
    use rand_xoshiro::rand_core::Rng as _;

    #[test]
    fn a_stream_is_its_seed_its_name_and_its_index() {
        let draw = |seed, name, index| Seed(seed).stream(name, index).next_u64();
        assert_eq!(draw(1, "demand", 0), draw(1, "demand", 0));
        let others = [draw(2, "demand", 0), draw(1, "donors", 0), draw(1, "demand", 1)];
        assert!(others.iter().all(|other| *other != draw(1, "demand", 0)));
    }
}
