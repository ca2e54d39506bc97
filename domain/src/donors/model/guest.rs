//! Giving in another region: the home region's pass, and who comes with it.
//!
//! What the other region may read names nobody: the code on the donor's paper is the key, and the
//! record holds only its digest.

use serde::{Deserialize, Serialize};

use crate::donations::model::DonationKind;
use crate::words::{Day, Digest, DonorId, JournalId, Known, RecordRef, Time};

/// A pass as any region may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedPass {
    /// What may be given by the home region's rules.
    pub kinds: Vec<DonationKind>,
    /// Up to and including which day it holds.
    pub until: Day,
    /// The home region's rules.
    pub rule_set: Digest,
    /// Whether the home region uses NAT.
    pub nat: Known<bool>,
    /// Where it stands.
    pub at: RecordRef,
    /// When it was taken back.
    pub revoked: Option<Time>,
}

/// Whose pass it is. It never leaves the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassHolder {
    /// The donor.
    pub donor: DonorId,
    /// The code on the donor's paper.
    pub code: String,
}

/// A guest's pass, in the region where the guest gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// The home region.
    pub home: JournalId,
    /// The home region's record.
    pub pass: RecordRef,
    /// What may be given by the home region's rules.
    pub kinds: Vec<DonationKind>,
    /// Up to and including which day it holds.
    pub until: Day,
    /// The home region's rules.
    pub rule_set: Digest,
    /// Whether the home region uses NAT.
    pub nat: Known<bool>,
    /// When the home region took it back.
    pub revoked: Option<Time>,
}

/// That somebody was let through with a pass: the home region reads it here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    /// The home region's record.
    pub pass: RecordRef,
    /// What for.
    pub kind: DonationKind,
    /// When.
    pub at: Time,
}
