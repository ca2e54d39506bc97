//! Where the buses stop: the visits that prices ask for, taken whole.

use super::model::{Instance, PlaceKind};

/// Takes visits, week by week, where most of what was asked for is still owed; never more hours
/// than a crew has, never a stop again too soon.
pub(super) fn visits(instance: &Instance, wished: &[Vec<f64>]) -> Vec<Vec<bool>> {
    let mut open: Vec<Vec<bool>> = instance
        .places
        .iter()
        .map(|place| vec![place.kind == PlaceKind::Fixed; instance.weeks])
        .collect();
    let mut owed = vec![0.0; instance.places.len()];
    for week in 0..instance.weeks {
        let mut left: Vec<f64> = instance.buses.iter().map(|bus| bus.hours[week]).collect();
        let mut asked = Vec::new();
        for (place, facts) in instance.places.iter().enumerate() {
            let PlaceKind::Stop { bus, hours, every_weeks } = facts.kind else { continue };
            owed[place] += wished[place][week];
            let since = (week + 1).saturating_sub(every_weeks);
            let near = open[place][since..week].contains(&true);
            if facts.capacity[week] > 0.0 && !near && owed[place] > 0.05 {
                asked.push((place, bus, hours));
            }
        }
        asked.sort_by(|a, b| owed[b.0].total_cmp(&owed[a.0]).then(a.0.cmp(&b.0)));
        for (place, bus, hours) in asked {
            if hours <= left[bus] + 1e-9 {
                left[bus] -= hours;
                owed[place] -= 1.0;
                open[place][week] = true;
            }
        }
    }
    open
}
