//! What may be seen of blood: built from what regions share.

pub mod moved;
pub mod moving;
pub mod picture;
pub mod select;
pub mod supply;
pub mod units;
pub mod usable;
