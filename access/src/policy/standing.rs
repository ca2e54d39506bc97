//! The words of the table: as what somebody asks, about whose region, and why the rule is so.

use samband_domain::kernel::Role;
use serde::{Deserialize, Serialize};

/// As what somebody asks. One person may have several standings at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Standing {
    /// Not signed in.
    Nobody,
    /// Signed in; without any mandate.
    SignedIn,
    /// In a role, by a mandate in force.
    Role(Role),
    /// By emergency access that the person opened.
    Emergency,
    /// By a mandate to read for supervision.
    Audit,
    /// Another installation that the region trusts.
    Peer,
    /// The engine's own reports.
    Engine,
    /// The command line on the machine itself.
    Machine,
}

impl Standing {
    /// Every standing, in the table's order.
    pub const ALL: &'static [Self] = &[
        Self::Nobody,
        Self::SignedIn,
        Self::Role(Role::Coordinator),
        Self::Role(Role::Scientist),
        Self::Role(Role::Physician),
        Self::Role(Role::Nurse),
        Self::Role(Role::Phlebotomist),
        Self::Role(Role::Tib),
        Self::Role(Role::Commander),
        Self::Role(Role::Director),
        Self::Role(Role::Manager),
        Self::Role(Role::Secretary),
        Self::Role(Role::Safety),
        Self::Role(Role::Administrator),
        Self::Emergency,
        Self::Audit,
        Self::Peer,
        Self::Engine,
        Self::Machine,
    ];

    /// The standing as message key and in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::SignedIn => "signed_in",
            Self::Role(role) => role.as_str(),
            Self::Emergency => "emergency",
            Self::Audit => "audit",
            Self::Peer => "peer",
            Self::Engine => "engine",
            Self::Machine => "machine",
        }
    }

    const fn bit(self) -> u32 {
        let place = match self {
            Self::Nobody => 0,
            Self::SignedIn => 1,
            Self::Emergency => 2,
            Self::Audit => 3,
            Self::Peer => 4,
            Self::Engine => 5,
            Self::Machine => 6,
            Self::Role(role) => 8 + role as u32,
        };
        1 << place
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of standings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Who(u32);

impl Who {
    /// These.
    #[must_use]
    pub const fn of(standings: &[Standing]) -> Self {
        Self(0).and(standings)
    }

    /// These too.
    #[must_use]
    pub const fn and(self, more: &[Standing]) -> Self {
        let mut bits = self.0;
        let mut at = 0;
        while at < more.len() {
            bits |= more[at].bit();
            at += 1;
        }
        Self(bits)
    }

    /// Whether one is among them.
    #[must_use]
    pub const fn has(self, standing: Standing) -> bool {
        self.0 & standing.bit() != 0
    }

    /// Each of them, in the table's order.
    pub fn iter(self) -> impl Iterator<Item = Standing> {
        let all = Standing::ALL.iter().copied();
        all.filter(move |standing| self.has(*standing))
    }
}

/// How the region that is asked about relates to the one that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Relation {
    /// The own region.
    Own,
    /// Another region of the shared picture.
    Other,
}

impl Relation {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Own, Self::Other];

    /// The relation as message key and in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Other => "other",
        }
    }
}

macro_rules! because {
    ($($Name:ident = $text:literal, $words:literal;)*) => {
        /// Why the table says what it says; message key `because-<code>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Because { $(#[doc = $words] $Name),* }

        impl Because {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$Name),*];

            /// The stable code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Name => $text),* }
            }

            /// The reason in English, for logs and the reviewed table.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$Name => $words),* }
            }
        }
    };
}

because! {
    Public = "public", "open to everybody";
    SignIn = "sign_in", "only for those who are signed in";
    NoMandate = "no_mandate", "only by a mandate that is in force";
    OwnRegion = "own_region", "each region owns its record: only in the own region";
    WholeRegion = "whole_region", "a mandate for one site does not reach the whole region";
    Untrusted = "untrusted", "only installations that the region trusts";
    Oneself = "oneself", "about the person who asks";
    Recorded = "recorded", "readings of persons are recorded by whoever reads";
    Emergency = "emergency", "everybody in a role may open emergency access; it is reviewed";
    SharedPicture = "shared_picture", "the shared picture is for everybody who works with it";
    Contact = "contact", "names and numbers are for those who lead, call or are on duty";
    Supervision = "supervision", "for those who supervise";
    FourEyes = "four_eyes", "nobody gives themselves a mandate or a right";
    Figures = "figures", "the coordinator answers for the region's figures";
    Bench = "bench", "whoever has the bag in hand answers for what is recorded of it";
    Withdrawals = "withdrawals", "what may be unsafe is stopped by whoever hears of it";
    Vigilance = "vigilance", "reports to the authority are the physician's and the safety officer's";
    Donors = "donors", "only those who meet donors see who they are";
    Patients = "patients", "only those who care for the patient or issue blood see who it is";
    Judged = "judged", "a physician decides about a patient, by name";
    Codes = "codes", "code tables are licensed: whoever administers them loads them";
    External = "external", "another system's count is reported by those who answer for it";
    Duty = "duty", "those who are telephoned, and those who telephone, say which number holds";
    Binding = "binding", "an agreement binds the region: its director signs and ends";
    RuleDraft = "rule_draft", "those who work by the rules propose them";
    RuleReview = "rule_review", "those who answer for profession and safety review the rules";
    RuleAdoption = "rule_adoption",
        "rules bind the region's care: its physician or its director decides from when they hold";
    Simulation = "simulation",
        "long computations are started by those who prepare what the regions decide together";
    Alarm = "alarm",
        "who confirms an incident, and who leads it, alarms; nothing else stands in the way";
    Preparedness = "preparedness",
        "those who are on duty keep what an alarm rests on, and say what their region can do";
    Command = "command", "whoever leads special medical command decides how it goes on and ends";
    Answer = "answer", "an alarm is answered by whoever it reached: nothing stands in the way";
    Leadership = "leadership", "the director answers for the law's roles and memberships";
    Profession = "profession", "those who answer for the profession judge who can do what";
    Marking = "marking", "whoever answers for a matter says what is wrong in its record";
    Erasure = "erasure", "erasing an identity is decided, not administered";
    Administration = "administration", "administration: accounts, places, actors, trust, keys";
    Engine = "engine", "the engine reports what it has seen; nobody else does";
    Machine = "machine", "only by command on the machine itself";
    Peer = "peer", "shared records go to trusted installations";
}
