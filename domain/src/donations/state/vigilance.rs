//! What was told to the authority: a fold.

use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::donations::event::Event;
use crate::donations::model::vigilance::{Confirmed, Filed, ToTell, VigilanceCase, Yearly};
use crate::words::{Code, Meta, Private};

/// What other regions may hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vigilance {
    /// Cases.
    pub cases: OrdMap<Code, VigilanceCase>,
    /// Yearly reports that were handed in: the last of each.
    pub filed: OrdMap<(u16, Yearly), Filed>,
}

/// Folds what is still to be told; any other event changes nothing.
pub(super) fn apply_own(to_tell: &mut OrdMap<Code, ToTell>, event: &Event) {
    match event {
        Event::Opened(_, Private::Here(said)) => {
            to_tell.insert(said.case.clone(), said.what.clone());
        }
        Event::Dismissed(_, Private::Here(said)) => drop(to_tell.remove(&said.case)),
        Event::Notified(said, _) => drop(to_tell.remove(&said.case)),
        _ => {}
    }
}

/// Folds one event in; any other changes nothing.
pub(super) fn apply(vigilance: &mut Vigilance, event: &Event, meta: &Meta) {
    match event {
        Event::Notified(said, _) => {
            let case = VigilanceCase {
                notice: said.notice,
                category: said.category,
                occurred: said.occurred,
                unit: said.unit,
                notified: meta.happened,
                confirmed: None,
            };
            vigilance.cases.insert(said.case.clone(), case);
        }
        Event::Confirmed(said, _) => {
            if let Some(case) = vigilance.cases.get_mut(&said.case) {
                let imputability = said.imputability;
                case.confirmed = Some(Confirmed { imputability, sent: meta.happened });
            }
        }
        Event::ReportFiled(said, _) => {
            let (digest, reference) = (said.digest, said.reference.clone());
            let filed = Filed { digest, sent: meta.happened, reference };
            vigilance.filed.insert((said.year, said.report), filed);
        }
        _ => {}
    }
}
