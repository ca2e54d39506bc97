//! What a bag holds: the component that compatibility speaks of, the product that shelf lives
//! speak of, and what was done to it.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::kernel::model::plain_enum;

plain_enum! {
    /// What compatibility is judged by (blodkomponent).
    Component {
        /// Red cells (erytrocyter).
        RedCells = "red_cells",
        /// Whole blood (helblod).
        WholeBlood = "whole_blood",
        /// Platelets (trombocyter).
        Platelets = "platelets",
        /// Plasma.
        Plasma = "plasma",
        /// Granulocytes.
        Granulocytes = "granulocytes",
        /// Cryoprecipitate.
        Cryoprecipitate = "cryoprecipitate",
    }
}

plain_enum! {
    /// What storage and shelf life are ruled for; each rule set has its own numbers (blood.md §3).
    Product {
        /// Red cells in SAGM, leukoreduced.
        RedCells = "red_cells",
        /// A small unit for children.
        RedCellsPaediatric = "red_cells_paediatric",
        /// Washed.
        RedCellsWashed = "red_cells_washed",
        /// Frozen in glycerol.
        RedCellsFrozen = "red_cells_frozen",
        /// Thawed and freed of glycerol.
        RedCellsDeglycerolised = "red_cells_deglycerolised",
        /// Whole blood in CPD.
        WholeBlood = "whole_blood",
        /// Whole blood in CPDA-1.
        WholeBloodCpda1 = "whole_blood_cpda1",
        /// Pooled from buffy coats.
        PlateletsPooled = "platelets_pooled",
        /// From one donor by apheresis.
        PlateletsApheresis = "platelets_apheresis",
        /// Stored cold.
        PlateletsCold = "platelets_cold",
        /// Frozen.
        PlateletsFrozen = "platelets_frozen",
        /// Thawed.
        PlateletsThawed = "platelets_thawed",
        /// Granulocytes.
        Granulocytes = "granulocytes",
        /// Frozen plasma.
        PlasmaFrozen = "plasma_frozen",
        /// Thawed plasma.
        PlasmaThawed = "plasma_thawed",
        /// Plasma that was never frozen.
        PlasmaLiquid = "plasma_liquid",
        /// Freeze-dried plasma.
        PlasmaFreezeDried = "plasma_freeze_dried",
        /// Cryoprecipitate.
        Cryoprecipitate = "cryoprecipitate",
        /// What lies between cells and plasma: platelets are made of several. It is never given.
        BuffyCoat = "buffy_coat",
    }
}

impl Product {
    /// Whether it is only there to make something else of: counted in no stock, never released.
    #[must_use]
    pub const fn is_intermediate(self) -> bool {
        matches!(self, Self::BuffyCoat)
    }

    /// What compatibility takes it for.
    #[must_use]
    pub const fn component(self) -> Component {
        match self {
            Self::RedCells
            | Self::RedCellsPaediatric
            | Self::RedCellsWashed
            | Self::RedCellsFrozen
            | Self::RedCellsDeglycerolised => Component::RedCells,
            Self::WholeBlood | Self::WholeBloodCpda1 => Component::WholeBlood,
            Self::PlateletsPooled
            | Self::PlateletsApheresis
            | Self::PlateletsCold
            | Self::PlateletsFrozen
            | Self::PlateletsThawed
            | Self::BuffyCoat => Component::Platelets,
            Self::Granulocytes => Component::Granulocytes,
            Self::PlasmaFrozen
            | Self::PlasmaThawed
            | Self::PlasmaLiquid
            | Self::PlasmaFreezeDried => Component::Plasma,
            Self::Cryoprecipitate => Component::Cryoprecipitate,
        }
    }
}

plain_enum! {
    /// Something that is true of a unit beyond its product. Absent means not known to be so.
    Attribute {
        /// White cells below 10⁶ per unit.
        Leukoreduced = "leukoreduced",
        /// At least 25 Gy.
        Irradiated = "irradiated",
        /// Pathogens inactivated.
        PathogenReduced = "pathogen_reduced",
        /// Tested for bacteria.
        BacterialTested = "bacterial_tested",
        /// In additive solution, with little plasma.
        AdditiveSolution = "additive_solution",
        /// Tested to have a low titre of anti-A and anti-B.
        LowTitre = "low_titre",
        /// Tested to have a high one.
        HighTitre = "high_titre",
        /// From a donor without CMV antibodies.
        CmvNegative = "cmv_negative",
        /// From a donor without IgA.
        IgaDeficient = "iga_deficient",
        /// Matched by HLA for somebody.
        HlaMatched = "hla_matched",
        /// From a man.
        MaleDonor = "male_donor",
    }
}

/// The attributes of a unit, in two bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attributes(u16);

impl Attributes {
    /// None known.
    pub const NONE: Self = Self(0);

    /// Whether it is known to be so.
    #[must_use]
    pub const fn has(self, attribute: Attribute) -> bool {
        self.0 & (1 << attribute as u16) != 0
    }

    /// Whether all of these are known to be so.
    #[must_use]
    pub const fn has_all(self, all: Self) -> bool {
        all.0 & !self.0 == 0
    }

    /// With one more.
    #[must_use]
    pub const fn with(self, attribute: Attribute) -> Self {
        Self(self.0 | (1 << attribute as u16))
    }

    /// None known?
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Each of them, in order.
    pub fn iter(self) -> impl Iterator<Item = Attribute> {
        Attribute::ALL.iter().copied().filter(move |one| self.has(*one))
    }
}

impl FromIterator<Attribute> for Attributes {
    fn from_iter<I: IntoIterator<Item = Attribute>>(all: I) -> Self {
        all.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A list of known length: snapshots refuse any other.
        self.iter().collect::<Vec<_>>().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<Attribute>::deserialize(deserializer).map_err(de::Error::custom)?;
        Ok(all.into_iter().collect())
    }
}
