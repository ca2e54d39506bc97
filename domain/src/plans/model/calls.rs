//! Weeks of a call-up plan that a region takes as its own, and what others may know of its donors.

use serde::{Deserialize, Serialize};

use crate::blood::model::Group;
use crate::donors::model::{Response, Sex, Stratum};
use crate::kernel::model::plain_enum;
use crate::words::{CallUpId, Day, Digest, DonorId, Known, Time};

/// Fewer people than this are not told to other regions as a number.
pub const FEWEST: u32 = 5;

plain_enum! {
    /// Whose need a donation may meet.
    Pooling {
        /// A region's donors give for that region alone.
        Local = "local",
        /// All donors give for all.
        Pooled = "pooled",
    }
}

/// So many of a stratum to be invited for a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallLine {
    /// Whom.
    pub stratum: Stratum,
    /// How many, at most.
    pub invite: u32,
    /// Donations expected of them, in thousandths.
    pub expected_milli: u32,
}

/// A week of a call-up plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallWeek {
    /// Its Monday.
    pub week: Day,
    /// Whom to invite; each stratum once.
    pub lines: Vec<CallLine>,
}

impl CallWeek {
    /// What other regions may know of it: by group, and small numbers as unknown.
    #[must_use]
    pub fn told(&self) -> Vec<GroupCalls> {
        let all = Group::ALL.into_iter().map(|group| {
            let lines = self.lines.iter().filter(move |line| line.stratum.group == group);
            let (invited, milli) = lines.fold((0, 0), |(invited, milli), line| {
                (line.invite.saturating_add(invited), line.expected_milli.saturating_add(milli))
            });
            let told = invited == 0 || invited >= FEWEST;
            let known = |n| if told { Known::Value(n) } else { Known::Unknown };
            GroupCalls { group, invited: known(invited), expected_milli: known(milli) }
        });
        all.collect()
    }
}

/// How many of a group are invited for a week, and what that is expected to bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCalls {
    /// The group.
    pub group: Group,
    /// Invited; unknown if fewer than [`FEWEST`].
    pub invited: Known<u32>,
    /// Donations expected, in thousandths; unknown with it.
    pub expected_milli: Known<u32>,
}

/// What a call-up plan rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallBasis {
    /// Whose need a donation may meet.
    pub pooling: Pooling,
    /// Smallest ratio of donations per donor between two regions, in thousandths; none if no band
    /// was asked for.
    pub band_permille: Option<u16>,
    /// How near to the best plan it is at least, in thousandths of what the best can save.
    pub near_permille: u16,
    /// When it was made.
    pub made: Time,
    /// A digest of all that went into it.
    pub basis: Digest,
}

/// A line with the donors who were drawn for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawnLine {
    /// As it was planned.
    pub line: CallLine,
    /// Who was drawn: never more than planned.
    pub donors: Vec<DonorId>,
}

/// Donors of a kind in a region, as other regions may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldDonors {
    /// Group.
    pub group: Group,
    /// Sex.
    pub sex: Sex,
    /// How often they came.
    pub response: Response,
    /// How many can be called, rounded down to fives; unknown if fewer than [`FEWEST`].
    pub donors: Known<u32>,
    /// How many of them may be invited at once, rounded down to fives; unknown with it, and if it
    /// is one to four.
    pub free: Known<u32>,
}

/// Willing donors of a group whom nobody has called, as other regions may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSilent {
    /// Group.
    pub group: Group,
    /// How many, rounded down to fives; unknown if one to four.
    pub donors: Known<u32>,
}

/// A number of people as other regions may know it: rounded down to fives, unknown if one to four.
#[must_use]
pub const fn told(count: u32) -> Known<u32> {
    match count {
        0 => Known::Value(0),
        n if n < FEWEST => Known::Unknown,
        n => Known::Value(n - n % FEWEST),
    }
}

/// Lists that were made of a week, as the region's own record names them.
pub type Lists = Vec<CallUpId>;
