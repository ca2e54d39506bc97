//! The parts that pages are made of.
//!
//! Each part is a value with named, required contents that implements [`maud::Render`], so a
//! page writes `html! { (Table::new("Givare per region").columns(…)) }`. What accessibility or
//! honesty demands (label, caption, source, language) is a required argument and cannot be
//! forgotten; what is optional is a method.

mod field;
mod figure;
mod form;
mod import;
mod layout;
mod navigation;
mod note;
mod table;
mod tag;

#[cfg(test)]
mod render_test;

pub use field::Field;
pub use figure::{Definitions, FigureCard, FigureWithTable, Provenance};
pub use form::{Form, KEY_FIELD};
pub use import::{BadRow, ImportPreview, Steps};
pub use layout::{Mode, NavLink, Page, Viewer, layout, live_region, page_header, section};
pub use navigation::{Crumb, Pagination, breadcrumb};
pub use note::{EmptyState, Note, Refusal};
pub use table::{Cell, Column, Row, Table};
pub use tag::{Status, digest, status, tag, time_tag};
