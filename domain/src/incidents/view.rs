//! What may be seen of major incidents.

use super::model::Stage;
use super::state::{Incident, Shared};
use crate::words::IncidentId;

/// Incidents that are not over, the furthest first.
#[must_use]
pub fn running(shared: &Shared) -> Vec<(&IncidentId, &Incident)> {
    let open = shared.incidents.iter().filter(|(_, held)| held.stage != Stage::Closed);
    let mut open: Vec<_> = open.collect();
    open.sort_by_key(|(id, held)| (std::cmp::Reverse(held.stage), (*id).clone()));
    open
}
