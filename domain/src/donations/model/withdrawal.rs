//! A withdrawal (återkallelse): a donation from which nothing may go to a patient any more, what
//! every region found of it, and what was done about each bag.

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use crate::blood::model::produce::MaterialKind;
use crate::blood::model::{Din, UnitId};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Code, Digest, DonorId, JournalId, RecordRef, RequestId, SiteId, Time};

plain_enum! {
    /// Why something is called back.
    CallReason {
        /// The donor told something afterwards.
        Information = "information",
        /// An infection marker was positive, then or at a later donation.
        Marker = "marker",
        /// Growth of bacteria, or suspicion of it.
        Bacterial = "bacterial",
        /// A bag, a set or a solution was recalled by its maker.
        Material = "material",
        /// A recipient's reaction points at the donation.
        Reaction = "reaction",
        /// Something else, said in words.
        Other = "other",
    }
}

impl CallReason {
    /// As the short code that stands beside a donation.
    #[must_use]
    pub fn code(self) -> Code {
        Code::new(self.as_str()).expect("reasons are spelled as codes")
    }
}

plain_enum! {
    /// What of the past is not known, so that the withdrawal may not reach everything.
    Gap {
        /// This region's record says nothing of the donation.
        Unrecorded = "unrecorded",
        /// The units came from another system: what else was made of the donation is not here.
        TakenOver = "taken_over",
        /// Who gave is not known here, so other donations of the donor are not found.
        DonorUnknown = "donor_unknown",
        /// The donor is known, and no donation is.
        NoDonation = "no_donation",
        /// A record of it was erased, or written by a later version of this program.
        Unreadable = "unreadable",
    }
}

plain_enum! {
    /// What a withdrawal comes to.
    Outcome {
        /// Nothing of it is ever used.
        Stands = "stands",
        /// It was not needed: what is left goes through release again.
        Lifted = "lifted",
    }
}

plain_enum! {
    /// What was done about a bag that had left the shelf.
    FollowUp {
        /// The recipient's physician was told, and looks after the recipient.
        RecipientFollowed = "recipient_followed",
        /// It came to nobody after all.
        NotGiven = "not_given",
        /// The buyer was told.
        BuyerTold = "buyer_told",
        /// Whoever holds it was told and has stopped it.
        HolderTold = "holder_told",
        /// It cannot be found, and somebody has decided to stop looking.
        GivenUp = "given_up",
    }
}

/// Used up and recalled goods by lot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotNamed {
    /// What it is.
    pub kind: MaterialKind,
    /// The lot's number.
    pub lot: String,
}

/// What is called back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// Everything a donor ever gave.
    Donor(DonorId),
    /// Donations.
    Donations(Vec<Din>),
    /// The donation, or all donations, that a unit is made of.
    Unit(UnitId),
    /// Everything that a lot of bags or solutions went into.
    Lot(LotNamed),
}

/// Where a unit is, or how it ended, as the region that answers knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// On a shelf of this region, stopped.
    Held {
        /// At which site.
        site: SiteId,
    },
    /// Should be on a shelf and was not found at a count.
    Missing,
    /// On its way; it is stopped where it arrives.
    InTransit,
    /// In a ward's hand.
    Issued,
    /// Given.
    Transfused,
    /// Nobody said; by the rules it counts as given.
    PresumedTransfused,
    /// Not given, and not to be used any more.
    Wasted,
    /// Discarded.
    Discarded,
    /// Used up for other units, which are found by themselves.
    UsedUp,
    /// Received by another region.
    SentOn {
        /// By which.
        to: JournalId,
    },
    /// Handed to a place whose record is another system's.
    HandedOver {
        /// Which place.
        site: SiteId,
    },
    /// Gone to industry in a lot of plasma.
    Industry {
        /// The lot.
        lot: Code,
    },
    /// It was here, and the record does not say what became of it.
    Lost,
}

impl Found {
    /// As message key.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Held { .. } => "held",
            Self::Missing => "missing",
            Self::InTransit => "in_transit",
            Self::Issued => "issued",
            Self::Transfused => "transfused",
            Self::PresumedTransfused => "presumed_transfused",
            Self::Wasted => "wasted",
            Self::Discarded => "discarded",
            Self::UsedUp => "used_up",
            Self::SentOn { .. } => "sent_on",
            Self::HandedOver { .. } => "handed_over",
            Self::Industry { .. } => "industry",
            Self::Lost => "lost",
        }
    }

    /// Whether it speaks of a unit in the live stock: what is said of such a unit can change.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Held { .. } | Self::Missing | Self::InTransit | Self::Issued)
    }

    /// Whether nothing more has to be done about it.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Wasted | Self::Discarded | Self::UsedUp | Self::SentOn { .. })
    }
}

/// What one region said of a withdrawal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The records that were read, by hash; none if it was told by telephone.
    pub noted: Vector<Digest>,
    /// The donations it looked for.
    pub covered: OrdSet<Din>,
    /// What it found.
    pub fates: OrdMap<UnitId, Found>,
    /// What was done about what it found.
    pub followed: OrdMap<UnitId, FollowUp>,
    /// Whether somebody told it by telephone because the region's record is silent.
    pub by_telephone: bool,
}

/// Somebody's assessment, which another person may have to confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// Who.
    pub by: ActorId,
    /// To what it comes.
    pub outcome: Outcome,
    /// When.
    pub when: Time,
}

/// The end of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// To what it came.
    pub outcome: Outcome,
    /// The record.
    pub at: RecordRef,
    /// When.
    pub when: Time,
}

/// A withdrawal that this region called: its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The record, by which other regions name it.
    pub at: RecordRef,
    /// Its short name.
    pub case: Code,
    /// Why.
    pub reason: CallReason,
    /// The donations, with those that others added.
    pub dins: OrdSet<Din>,
    /// The lot of bags or solutions, if it is about one.
    pub lot: Option<LotNamed>,
    /// What of the past is not known.
    pub gaps: Vec<(Option<Din>, Gap)>,
    /// The regions that must answer.
    pub asked: Vec<JournalId>,
    /// Since when.
    pub since: Time,
    /// What they said.
    pub answers: OrdMap<JournalId, Answered>,
    /// What somebody thinks it comes to.
    pub assessed: Option<Assessed>,
    /// Its end.
    pub closed: Option<Closed>,
}

/// What this region did about a withdrawal, its own or another region's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heeded {
    /// The withdrawal.
    pub withdrawal: RecordRef,
    /// Why.
    pub reason: CallReason,
    /// Since when it is heeded here.
    pub since: Time,
    /// Every donation that was looked for.
    pub covered: OrdSet<Din>,
    /// Those under whose own numbers the record was not read yet.
    pub to_read: OrdSet<Din>,
    /// What was found.
    pub fates: OrdMap<UnitId, Found>,
    /// What was done about what had left the shelf.
    pub followed: OrdMap<UnitId, FollowUp>,
    /// The records that say so, oldest first.
    pub at: Vector<RecordRef>,
    /// Whether it was lifted.
    pub lifted: bool,
}

/// What a case is about and stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// What was called back.
    pub target: Target,
    /// The donors concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub donors: Vec<DonorId>,
    /// In words.
    pub note: Option<String>,
}

/// Grounds as they are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What was called back.
    pub target: Target,
    /// The donors concerned.
    pub donors: Vec<DonorId>,
    /// In words.
    pub note: Option<String>,
}

impl From<&Grounds> for Kept {
    fn from(grounds: &Grounds) -> Self {
        let Grounds { target, donors, note } = grounds.clone();
        Self { target, donors, note }
    }
}

/// For which request a unit was handed out: whom to look after.
pub type Recipients = OrdMap<UnitId, RequestId>;
