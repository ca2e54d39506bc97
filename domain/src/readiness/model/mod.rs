//! What a region can do, knows and has promised.

mod capacity;
mod report;
mod resource;

pub use capacity::{Capacity, CareKind, Horizon, Led, Plus, Row};
pub use report::{Certainty, Fact, Field, Section, Shape, Source, Stated, Statement};
pub use resource::{
    Helicopter, Material, Reason, Shortfall, TransportKind, Unit, UnitStage, Weather,
};
