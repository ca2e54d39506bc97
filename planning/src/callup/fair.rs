//! The last of the fairness band: what whole people and late prices left over is taken back.

use super::model::{Instance, Plan};

/// Takes invitations back in the regions that give most, where a donation is worth least, until
/// the least used region is inside the band. Whoever is not invited waits, so that nobody's
/// interval is touched. `worth` prices a donation by stratum and week.
pub(super) fn keep(
    instance: &Instance,
    plan: &mut Plan,
    per_donor: &[f64],
    worth: impl Fn(usize, usize) -> f64,
) {
    let Some(band) = instance.band.filter(|_| instance.shares_fairly()) else { return };
    let least = per_donor.iter().fold(f64::INFINITY, |low, one| low.min(*one));
    for (region, gives) in per_donor.iter().enumerate() {
        let donors = f64::from(instance.regions[region].donors.max(1));
        let mut excess = (gives * band - least) / band * donors;
        if excess <= 1e-9 {
            continue;
        }
        let mut cells: Vec<(f64, usize, usize)> = Vec::new();
        for (stratum, facts) in instance.strata.iter().enumerate() {
            if instance.region_of(facts) == region {
                let row = plan.invitations[stratum].iter().enumerate();
                let row = row.filter(|(_, count)| **count > 0);
                cells.extend(row.map(|(week, _)| (worth(stratum, week), stratum, week)));
            }
        }
        cells.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, stratum, week) in cells {
            let units = instance.strata[stratum].success();
            let count = &mut plan.invitations[stratum][week];
            let cut = ((excess / units).ceil().max(0.0) as u32).min(*count);
            *count -= cut;
            excess -= f64::from(cut) * units;
            if excess <= 0.0 {
                break;
            }
        }
    }
}
