//! A patient as the region keeps it.

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use super::disclosure::ElsewhereGroup;
use super::results::{Determination, Finding, Sample, SampleNumber, Screen};
use crate::blood::model::group::Group;
use crate::blood::model::recipient::{Requirement, Sex};
use crate::kernel::model::plain_enum;
use crate::words::{ActorId, Code, Day, Known, PatientId, PersonNumber, Time};

/// Who somebody is. It never leaves the region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The number by which the person is found.
    pub number: PersonNumber,
    /// Given name and surname; unknown for somebody nobody could name.
    pub name: Known<String>,
    /// When the person was born, as far as it is known.
    pub born: Known<Day>,
    /// Sex, as far as age limits ask for it.
    pub sex: Known<Sex>,
}

plain_enum! {
    /// Why a physician requires something of every unit.
    Indication {
        /// Severe cellular immunodeficiency.
        SevereCellularImmunodeficiency = "severe_cellular_immunodeficiency",
        /// Purine analogues.
        PurineAnalogues = "purine_analogues",
        /// Allogeneic stem-cell transplantation.
        AllogeneicHsct = "allogeneic_hsct",
        /// Autologous stem-cell transplantation.
        AutologousHsct = "autologous_hsct",
        /// Platelets matched by HLA.
        HlaMatchedPlatelets = "hla_matched_platelets",
        /// A relative's donation.
        RelativesDonation = "relatives_donation",
        /// Low birth weight.
        LowBirthWeight = "low_birth_weight",
        /// Intrauterine transfusion.
        IntrauterineTransfusion = "intrauterine_transfusion",
        /// Exchange transfusion.
        ExchangeTransfusion = "exchange_transfusion",
        /// Antibodies against IgA.
        AntiIga = "anti_iga",
        /// A severe reaction before.
        SevereReaction = "severe_reaction",
        /// Something else, said in words.
        Other = "other",
    }
}

/// That something ended before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// From when.
    pub at: Time,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub by: ActorId,
}

/// What a physician requires of every unit for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Its name.
    pub id: Code,
    /// What.
    pub requirement: Requirement,
    /// Why.
    pub indication: Indication,
    /// In words.
    pub note: Option<String>,
    /// The physician who signed.
    pub physician: ActorId,
    /// From when.
    pub from: Time,
    /// Until when; none is until further notice.
    pub until: Option<Time>,
    /// That it was ended.
    pub ended: Option<Ended>,
}

impl Need {
    /// Whether it applies at a moment.
    #[must_use]
    pub fn applies(&self, at: Time) -> bool {
        let ended = self.ended.as_ref().is_some_and(|ended| ended.at <= at);
        self.from <= at && self.until.is_none_or(|until| at < until) && !ended
    }
}

/// What may have changed somebody's group, or settled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnKind {
    /// Stem cells of somebody of this group were given.
    Transplanted {
        /// The donor's group.
        donor: Known<Group>,
    },
    /// The transplant was rejected: the group may go back.
    Rejected,
    /// The group is this from then on.
    Settled {
        /// Which.
        group: Group,
    },
}

/// A turn in the history of somebody's group: valid from one moment, known from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// From when it holds.
    pub valid_from: Time,
    /// Since when it is known here.
    pub recorded: Time,
    /// What.
    pub kind: TurnKind,
    /// Where and by whom it was done or decided, in words.
    pub note: String,
    /// Who recorded it.
    pub by: ActorId,
}

/// Somebody's mother, as stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mother {
    /// Who.
    pub patient: PatientId,
    /// When it was stated.
    pub stated: Time,
    /// That it was put right: her antibodies count all the same.
    pub corrected: Option<Ended>,
}

/// That a reserve number turned out to be somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Who.
    pub to: PatientId,
    /// When.
    pub at: Time,
    /// How identity was checked.
    pub check: String,
    /// Who linked them.
    pub by: ActorId,
}

/// A patient's word that other care providers may not be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Since when.
    pub from: Time,
    /// What the patient said, if anything.
    pub note: Option<String>,
    /// That the patient lifted it.
    pub lifted: Option<Ended>,
}

/// A patient in the region's own state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Who it is.
    pub identity: Identity,
    /// Since when the person is known here.
    pub since: Time,
    /// Samples by number.
    pub samples: OrdMap<SampleNumber, Sample>,
    /// Groups as determined, oldest record first.
    pub determinations: Vector<Determination>,
    /// Groups that other regions told of.
    pub elsewhere: Vector<ElsewhereGroup>,
    /// Screens, oldest record first.
    pub screens: Vector<Screen>,
    /// Antibodies ever found.
    pub findings: Vector<Finding>,
    /// Antibodies of somebody this one was once thought to be: kept when a link was taken back.
    pub carried: Vector<Finding>,
    /// What physicians require.
    pub needs: Vector<Need>,
    /// What may have changed the group.
    pub turns: Vector<Turn>,
    /// Mothers as stated, the latest last.
    pub mothers: Vector<Mother>,
    /// Who this reserve number turned out to be.
    pub linked: Option<Linked>,
    /// Reserve numbers that turned out to be this person.
    pub aliases: OrdSet<PatientId>,
    /// When somebody's results last came to this person, or left it: what was sampled before
    /// counts as one occasion until a later sample says the same.
    pub mixed: Option<Time>,
    /// Blocks, oldest first.
    pub blocks: Vector<Block>,
}

impl Patient {
    /// Somebody of whom nothing was found yet.
    #[must_use]
    pub fn new(identity: Identity, since: Time) -> Self {
        Self {
            identity,
            since,
            samples: OrdMap::new(),
            determinations: Vector::new(),
            elsewhere: Vector::new(),
            screens: Vector::new(),
            findings: Vector::new(),
            carried: Vector::new(),
            needs: Vector::new(),
            turns: Vector::new(),
            mothers: Vector::new(),
            linked: None,
            aliases: OrdSet::new(),
            mixed: None,
            blocks: Vector::new(),
        }
    }

    /// Whether the patient forbids that other care providers are told.
    #[must_use]
    pub fn blocked(&self, at: Time) -> bool {
        let lifted = |block: &Block| block.lifted.as_ref().is_some_and(|ended| ended.at <= at);
        self.blocks.iter().any(|block| block.from <= at && !lifted(block))
    }
}
