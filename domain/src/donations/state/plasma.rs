//! Plasma for industry: lots and consignments, for as long as somebody may ask for them.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::donations::event::Event;
use crate::donations::model::plasma::{Consignment, Lot, Sold};
use crate::words::{Code, Meta, Private};

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plasma {
    /// Lots.
    pub lots: OrdMap<Code, Lot>,
    /// Consignments.
    pub consignments: OrdMap<Code, Consignment>,
}

/// What stays in the region: buyers and documents, by consignment.
pub type Sales = OrdMap<Code, Sold>;

/// Folds one event about plasma in; any other changes nothing.
pub(super) fn apply(plasma: &mut Plasma, sales: Option<&mut Sales>, event: &Event, meta: &Meta) {
    match event {
        Event::PlasmaLot(made, _) => {
            let lot = Lot {
                site: made.site.clone(),
                units: made.units.clone(),
                out: Vec::new(),
                made: meta.happened,
                consignment: None,
            };
            plasma.lots.insert(made.lot.clone(), lot);
        }
        Event::PlasmaTakenOut(taken, _) => {
            if let Some(lot) = plasma.lots.get_mut(&taken.lot) {
                lot.out.extend(taken.units.iter().copied());
            }
        }
        Event::PlasmaConsigned(sent, sold) => {
            for lot in &sent.lots {
                if let Some(lot) = plasma.lots.get_mut(lot) {
                    lot.consignment = Some(sent.consignment.clone());
                }
            }
            let consignment =
                Consignment { lots: sent.lots.clone(), sent: sent.sent, at: meta.at.clone() };
            plasma.consignments.insert(sent.consignment.clone(), consignment);
            if let (Some(sales), Private::Here(sold)) = (sales, sold) {
                sales.insert(sent.consignment.clone(), sold.clone());
            }
        }
        _ => {}
    }
}
