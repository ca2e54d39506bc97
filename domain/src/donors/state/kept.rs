//! [`Own`] as it is kept, without what follows from it.

use imbl::OrdMap;
use serde::Deserialize;

use super::super::model::{Appointment, CallUp, Donor, PassHolder};
use super::super::typed::Typed;
use super::Own;
use crate::words::{AppointmentId, CallUpId, Digest, DonorId, PersonNumber, RecordRef};

#[derive(Deserialize)]
pub(super) struct Kept {
    donors: OrdMap<DonorId, Donor>,
    by_number: OrdMap<PersonNumber, DonorId>,
    appointments: OrdMap<AppointmentId, Appointment>,
    lists: OrdMap<CallUpId, CallUp>,
    holders: OrdMap<Digest, PassHolder>,
    guests: OrdMap<RecordRef, DonorId>,
}

impl From<Kept> for Own {
    fn from(kept: Kept) -> Self {
        let typed = Typed::of(&kept.donors);
        Self {
            donors: kept.donors,
            by_number: kept.by_number,
            appointments: kept.appointments,
            lists: kept.lists,
            holders: kept.holders,
            guests: kept.guests,
            typed,
        }
    }
}
