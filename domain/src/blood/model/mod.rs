//! What blood is: one file for each noun.

pub mod codes;
pub mod group;
pub mod identity;
pub mod phenotype;
pub mod produce;
pub mod product;
pub mod recipient;
pub mod stock;
pub mod supply;
pub mod unit;

pub use codes::{CodeTable, CodeTableError, CodeTableParts, FacilityRow, NoMeaning, ProductRow};
pub use group::{Abo, Group, GroupError, Rhd};
pub use identity::{
    Boundary, Din, DinError, Division, Facility, Pdc, ProductCode, ProductCodeError, UnitId,
    UnitIdError, mod37_2,
};
pub use phenotype::{Antigen, Antigens, Phenotype};
pub use produce::{Material, MaterialKind, Process, Source};
pub use product::{Attribute, Attributes, Component, Product};
pub use recipient::{
    AgeKnown, Antibodies, Candidate, Hpa, HpaSet, Recipient, Requirement, Requirements, Sex,
    Significance,
};
pub use unit::{
    DiscardReason, Entry, Fate, Place, QuarantineReason, Status, TestResult, Tested, Unit,
};
