//! What the kernel's nouns are.

use serde::{Deserialize, Serialize};

use crate::words::{
    ActorId, Code, DonorId, JournalId, Known, MandateId, Mode, PatientId, PublicKey, RecordRef,
    SiteId, Subject, Time, Window,
};

macro_rules! plain_enum {
    ($(#[$meta:meta])* $Name:ident { $($(#[$vmeta:meta])* $Variant:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $Name { $($(#[$vmeta])* #[serde(rename = $text)] $Variant),* }

        impl $Name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),*];

            /// The value as stored, in addresses and in message keys.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $text),* }
            }
        }

        impl std::str::FromStr for $Name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("“{text}” is not one of {}", known.join(", "))
                })
            }
        }

        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use plain_enum;

plain_enum! {
    /// What kind of owner a journal has.
    OwnerKind {
        /// A health-care region.
        Region = "region",
        /// A collaboration body of several regions.
        Body = "body",
        /// A region's mobile unit with a journal of its own, e.g. a blood bus.
        MobileUnit = "mobile_unit",
    }
}

/// Whom a journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Region or collaboration body.
    pub kind: OwnerKind,
    /// Name as the owner writes it, e.g. `Region Skåne`.
    pub name: String,
    /// SCB county code of a region, e.g. `12`; it places the region on the map.
    pub county_code: Option<Code>,
}

/// A key of the journal and since when it signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldKey {
    /// The public key.
    pub public: PublicKey,
    /// The record that introduced it.
    pub since: RecordRef,
}

/// What the genesis record and later key records say about the journal itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalFacts {
    /// The owner.
    pub owner: Owner,
    /// Real, exercise or demo.
    pub mode: Mode,
    /// The epochs that make up this journal's past, oldest first: genesis of each.
    pub epochs: Vec<RecordRef>,
    /// Keys in the order they came; the last one signs.
    pub keys: Vec<HeldKey>,
    /// When the first genesis record was written.
    pub opened: Time,
}

impl JournalFacts {
    /// The public key with an id, if the journal ever held it.
    #[must_use]
    pub fn key(&self, id: &str) -> Option<&PublicKey> {
        self.keys.iter().map(|key| &key.public).find(|key| key.id() == id)
    }
}

plain_enum! {
    /// What a site is.
    SiteKind {
        /// Hospital.
        Hospital = "hospital",
        /// Blood centre.
        BloodCentre = "blood_centre",
        /// Depot without staff, trauma box, helicopter unit.
        Depot = "depot",
        /// Mobile unit, e.g. a blood bus.
        MobileUnit = "mobile_unit",
        /// Laboratory.
        Laboratory = "laboratory",
        /// Radiology department.
        Radiology = "radiology",
    }
}

plain_enum! {
    /// Which system's record rules at a site.
    RecordKeeper {
        /// This one.
        Samband = "samband",
        /// Another; figures from it are shown with their age and never acted upon.
        External = "external",
    }
}

/// A site (verksamhetsställe).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Name, short.
    pub name: String,
    /// What it is.
    pub kind: SiteKind,
    /// The site it belongs to; none directly under the region.
    pub parent: Option<SiteId>,
    /// Which record rules there.
    pub record: RecordKeeper,
    /// When it exists.
    pub window: Window,
    /// What is worth knowing, e.g. "24/7 reference laboratory"; with its source.
    pub note: Option<String>,
}

/// Membership of a collaboration body, e.g. a sjukvårdsregion: "n of N" follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The body's code, e.g. `sodra`.
    pub body: Code,
    /// The body's name, e.g. `Södra sjukvårdsregionen`.
    pub name: String,
    /// When.
    pub window: Window,
}

plain_enum! {
    /// What kind of actor.
    Profession {
        /// Physician.
        Physician = "physician",
        /// Biomedical scientist (BMA).
        BiomedicalScientist = "biomedical_scientist",
        /// Nurse (SSK).
        Nurse = "nurse",
        /// Manager or administrator.
        Management = "management",
        /// Somebody else.
        Other = "other",
        /// A body, unit or authority rather than a person.
        Body = "body",
    }
}

/// Who a person is: stays in the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name.
    pub name: String,
    /// HSA id, if there is one.
    pub hsa_id: Option<String>,
    /// Telephone on duty.
    pub phone: Option<String>,
    /// E-mail at work.
    pub email: Option<String>,
}

plain_enum! {
    /// The roles that people sign in with.
    Role {
        /// Blood coordinator.
        Coordinator = "coordinator",
        /// Biomedical scientist.
        Scientist = "scientist",
        /// Transfusion physician.
        Physician = "physician",
        /// Ward nurse: asks for blood and transfuses it.
        Nurse = "nurse",
        /// Works at a donation centre or bus.
        Phlebotomist = "phlebotomist",
        /// Duty officer (tjänsteperson i beredskap).
        Tib = "tib",
        /// Leads special medical command at the regional level (RSSL-chef).
        Commander = "commander",
        /// Health-care director.
        Director = "director",
        /// Radiology or laboratory manager.
        Manager = "manager",
        /// Secretary of a collaboration body.
        Secretary = "secretary",
        /// Patient-safety officer.
        Safety = "safety",
        /// System administrator.
        Administrator = "administrator",
    }
}

plain_enum! {
    /// The roles the law asks a blood service to have (mission A24; HSLF-FS 2021:54,
    /// SOSFS 2009:28).
    LegalRole {
        /// Särskilt utsedd ansvarig person.
        ResponsiblePerson = "responsible_person",
        /// Sakkunnig person.
        QualifiedPerson = "qualified_person",
        /// Framställningsansvarig.
        ProductionManager = "production_manager",
        /// Kvalitetskontrollansvarig.
        QualityControlManager = "quality_control_manager",
    }
}

impl LegalRole {
    /// Whether a change of holder needs the authority's approval before it is in force
    /// (lag 2006:496 8 §; blood.md §5.5).
    #[must_use]
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::ResponsiblePerson | Self::QualifiedPerson)
    }

    /// The regulation that asks for the role.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::ResponsiblePerson => "lag 2006:496; SOSFS 2009:28; HSLF-FS 2021:54",
            Self::QualifiedPerson => "HSLF-FS 2021:54",
            Self::ProductionManager | Self::QualityControlManager => {
                "HSLF-FS 2021:54; SOSFS 2009:28"
            }
        }
    }
}

plain_enum! {
    /// A right of access that is not a role.
    Access {
        /// Emergency access opened by break-glass.
        Emergency = "emergency",
        /// Reading the journal for supervision.
        Audit = "audit",
    }
}

/// Who was read about, where it is no actor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadOf {
    /// A donor.
    Donor(DonorId),
    /// A patient.
    Patient(PatientId),
}

impl ReadOf {
    /// Whom the record is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Donor(id) => Subject::donor(id),
            Self::Patient(id) => Subject::patient(id),
        }
    }
}

/// What a mandate lets its holder be or do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// Acts in a role.
    Role(Role),
    /// Holds a role the law asks for.
    Legal(LegalRole),
    /// Has a competence, e.g. a speciality: code and words.
    Competence {
        /// Stable code, e.g. `transfusion-medicine`.
        code: Code,
        /// What it is called.
        name: String,
    },
    /// Does a task by delegation.
    Delegation {
        /// The task, e.g. approving new donors.
        task: String,
    },
    /// Has a special assignment (A31).
    Assignment {
        /// The assignment, e.g. quality management.
        task: String,
    },
    /// Has a right of access.
    Access(Access),
}

impl Capacity {
    /// The kind as stored and as message key.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Role(_) => "role",
            Self::Legal(_) => "legal",
            Self::Competence { .. } => "competence",
            Self::Delegation { .. } => "delegation",
            Self::Assignment { .. } => "assignment",
            Self::Access(_) => "access",
        }
    }
}

/// Whether an authority has to agree, and whether it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// No authority has to agree.
    NotRequired,
    /// The authority has not answered; the mandate is not in force.
    Pending {
        /// Which authority.
        authority: String,
        /// When it was asked, if that is known.
        asked: Known<Time>,
    },
    /// The authority agreed.
    Approved {
        /// Which authority.
        authority: String,
        /// Its reference (diarienummer).
        reference: String,
        /// When it decided.
        decided: Time,
    },
    /// The authority said no; the mandate never comes into force.
    Rejected {
        /// Which authority.
        authority: String,
        /// Its reference.
        reference: String,
        /// When it decided.
        decided: Time,
    },
}

impl Approval {
    /// The state as message key.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::NotRequired => "not_required",
            Self::Pending { .. } => "pending",
            Self::Approved { .. } => "approved",
            Self::Rejected { .. } => "rejected",
        }
    }
}

/// An actor may, is or has something: window, scope, issuer, deputy, approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    /// Its id.
    pub id: MandateId,
    /// Who holds it.
    pub holder: ActorId,
    /// What it is.
    pub capacity: Capacity,
    /// Only this site; none means the whole region.
    pub site: Option<SiteId>,
    /// When.
    pub window: Window,
    /// Who gave it; the machine's own acts are given by `machine`.
    pub issuer: ActorId,
    /// The mandate it steps in for, if it is a deputy's.
    pub deputy_for: Option<MandateId>,
    /// The mandate it was delegated from.
    pub delegated_from: Option<MandateId>,
    /// When a delegation must be looked at again.
    pub review_at: Option<Time>,
    /// Share of full time in thousandths (A26: 200 is 20 %).
    pub share_permille: Known<u16>,
    /// The authority's say.
    pub approval: Approval,
    /// Why and by which document, e.g. `A27: substitution competence`.
    pub basis: Option<String>,
    /// Why it ended, if it was ended.
    pub ended: Option<String>,
}

impl Mandate {
    /// Whether it is in force by itself: inside its window and approved where that is needed.
    #[must_use]
    pub fn in_force(&self, at: Time) -> bool {
        let approved_since = match &self.approval {
            Approval::NotRequired => Some(self.window.from()),
            Approval::Approved { decided, .. } => Some((*decided).max(self.window.from())),
            Approval::Pending { .. } | Approval::Rejected { .. } => None,
        };
        self.window.contains(at) && approved_since.is_some_and(|since| since <= at)
    }
}

/// An emergency access, opened by its holder and looked at afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GlassBreak {
    /// The mandate it opened.
    pub mandate: MandateId,
    /// Who.
    pub actor: ActorId,
    /// When.
    pub window: Window,
    /// Why, in the person's words.
    pub reason: String,
    /// Who looked at it afterwards, when, and the finding.
    pub review: Option<(ActorId, Time, String)>,
}

/// The journal that a restored or forked epoch continues from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Continues {
    /// Last record of the earlier epoch that is part of this one's past.
    pub from: RecordRef,
    /// Why a new epoch began.
    pub reason: String,
    /// Last head of the earlier epoch that anybody was known to hold, if it lies further ahead.
    pub known_further: Option<(JournalId, u64)>,
}
