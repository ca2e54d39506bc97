//! What each process takes and gives: one table, which rules, pages and the manual read.

use crate::blood::model::{Attribute, Component, Process, Product};
use crate::donations::model::DonationKind;

use Product as P;

/// How many units come of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    /// Exactly one.
    One,
    /// One of a sort, of several sorts.
    OneOfEach,
    /// Two or more of one sort.
    Parts,
}

impl Process {
    /// What a product can become by it; nothing if it cannot be done to that product.
    #[must_use]
    pub const fn outputs(self, input: Product) -> &'static [Product] {
        match (self, input) {
            (Self::Separate, P::WholeBlood | P::WholeBloodCpda1) => SEPARATED,
            (Self::PoolPlatelets, P::BuffyCoat) => &[P::PlateletsPooled],
            (Self::Paediatric, P::RedCells) => &[P::RedCellsPaediatric],
            (Self::Wash, P::RedCells | P::RedCellsPaediatric | P::RedCellsDeglycerolised) => {
                &[P::RedCellsWashed]
            }
            (Self::Freeze, P::RedCells | P::RedCellsWashed) => &[P::RedCellsFrozen],
            (Self::Freeze, P::PlasmaLiquid) => &[P::PlasmaFrozen],
            (Self::Freeze, P::PlateletsPooled | P::PlateletsApheresis) => &[P::PlateletsFrozen],
            (Self::Thaw, P::RedCellsFrozen) => &[P::RedCellsDeglycerolised],
            (Self::Thaw, P::PlasmaFrozen) => &[P::PlasmaThawed],
            (Self::Thaw, P::PlateletsFrozen) => &[P::PlateletsThawed],
            (Self::Cool, P::PlateletsPooled | P::PlateletsApheresis) => &[P::PlateletsCold],
            (Self::LowTitre, P::WholeBlood) => &[P::WholeBlood],
            (Self::LowTitre, P::WholeBloodCpda1) => &[P::WholeBloodCpda1],
            (Self::Split, _) if !input.is_intermediate() => same(input),
            (Self::Irradiate, _) if has_cells(input) => same(input),
            (Self::Pool, _) if can_be_pooled(input) => same(input),
            _ => &[],
        }
    }

    /// What a donation's bag can become by it.
    #[must_use]
    pub const fn outputs_of_donation(self, kind: DonationKind) -> &'static [Product] {
        match (self, kind) {
            (Self::Label, DonationKind::WholeBlood) => &[P::WholeBlood, P::WholeBloodCpda1],
            (Self::Label, DonationKind::Plasmapheresis) => &[P::PlasmaLiquid, P::PlasmaFrozen],
            (Self::Label, DonationKind::Plateletpheresis) => {
                &[P::PlateletsApheresis, P::PlasmaLiquid, P::PlasmaFrozen]
            }
            (Self::Separate, DonationKind::WholeBlood) => SEPARATED,
            _ => &[],
        }
    }

    /// How many units come of it.
    #[must_use]
    pub const fn gives(self) -> Many {
        match self {
            Self::Label | Self::Separate => Many::OneOfEach,
            Self::Split | Self::Paediatric => Many::Parts,
            _ => Many::One,
        }
    }

    /// Whether it takes several units with different numbers, so that what comes of it has a
    /// number of its own.
    #[must_use]
    pub const fn pools(self) -> bool {
        matches!(self, Self::PoolPlatelets | Self::Pool)
    }

    /// Whether a released unit stays released: what is only divided, irradiated, thawed, cooled or
    /// labelled is the blood that was released. A new component, an opened bag and a pool are
    /// released anew.
    #[must_use]
    pub const fn keeps_release(self) -> bool {
        matches!(
            self,
            Self::Split
                | Self::Paediatric
                | Self::Irradiate
                | Self::Thaw
                | Self::Cool
                | Self::LowTitre
        )
    }

    /// What it makes true of a unit.
    #[must_use]
    pub const fn makes_true(self) -> Option<Attribute> {
        match self {
            Self::Irradiate => Some(Attribute::Irradiated),
            Self::LowTitre => Some(Attribute::LowTitre),
            _ => None,
        }
    }
}

/// What whole blood is separated into.
const SEPARATED: &[Product] = &[P::RedCells, P::PlasmaLiquid, P::PlasmaFrozen, P::BuffyCoat];

const fn has_cells(product: Product) -> bool {
    !product.is_intermediate()
        && !matches!(product, P::RedCellsFrozen | P::PlateletsFrozen)
        && matches!(
            product.component(),
            Component::RedCells
                | Component::WholeBlood
                | Component::Platelets
                | Component::Granulocytes
        )
}

const fn can_be_pooled(product: Product) -> bool {
    matches!(
        product,
        P::PlateletsPooled | P::PlateletsApheresis | P::PlasmaThawed | P::Cryoprecipitate
    )
}

/// The product alone, as a list that lives as long as the program.
const fn same(product: Product) -> &'static [Product] {
    // `ALL` has every product at its own place.
    let (before, _) = Product::ALL.split_at(product as usize + 1);
    let (_, one) = before.split_at(product as usize);
    one
}
