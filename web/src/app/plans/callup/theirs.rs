//! Another region's part: what it told of its donors, and when it receives them.

use samband_domain::SharedState;
use samband_domain::donors::strata::Pace;
use samband_domain::plans::model::ToldDonors;
use samband_domain::{JournalId, Known};
use samband_planning::callup::model::{Place, PlaceKind, Stratum};

use super::gather::{Brought, Table, interval_weeks, quiet_weeks, seats};
use super::{ATTENDANCE, DEFERRAL, LeftOut, WEEKS};

/// Brings another region's donors as one place; none if it has not told enough.
pub(super) fn bring(
    table: &mut Table,
    journal: &JournalId,
    shared: &SharedState,
    pace: Pace,
) -> Option<Brought> {
    let Some(telling) = &shared.plans.strata else {
        table.left_out.push(LeftOut::Untold(journal.clone()));
        return None;
    };
    let seats = seats(table, &shared.donors, None);
    if seats.is_empty() {
        table.left_out.push(LeftOut::NoSessions(journal.clone()));
        return None;
    }
    let mut capacity = vec![0.0; WEEKS];
    for (weeks, ordinary) in seats.values() {
        for (sum, seats) in capacity.iter_mut().zip(weeks) {
            *sum += seats.unwrap_or(*ordinary);
        }
    }
    for week in shared.plans.call_ups.keys().filter_map(|week| table.week(*week)) {
        capacity[week] = 0.0;
    }
    let place = table.instance.places.len();
    let region = table.instance.regions.len();
    let (id, kind) = (journal.to_string(), PlaceKind::Fixed);
    table.instance.places.push(Place { id, region, capacity, kind });
    let (mut donors, mut hidden) = (0, 0);
    for told in &telling.told.rows {
        match told.donors {
            Known::Value(count) => {
                donors += count;
                table.instance.strata.push(stratum(told, (place, count), pace));
            }
            Known::Unknown => hidden += 1,
        }
    }
    Some(Brought { donors, counted: Some(telling.said), hidden })
}

/// Those who are not free now become so evenly over the interval.
fn stratum(told: &ToldDonors, (place, donors): (usize, u32), pace: Pace) -> Stratum {
    let interval = interval_weeks(pace, told.sex);
    let free = told.free.value().unwrap_or(0).min(donors);
    let waiting = donors - free;
    let weeks = u32::try_from(interval).unwrap_or(1).max(1);
    let mut frees = vec![0; WEEKS];
    frees[0] = free;
    let upto = |week: u32| waiting * week.min(weeks) / weeks;
    for (week, slot) in (1_u32..).zip(frees.iter_mut().skip(1)) {
        *slot = upto(week) - upto(week - 1);
    }
    let assumed = ATTENDANCE.iter().find(|(response, _)| *response == told.response);
    let deferral = DEFERRAL.iter().find(|(sex, _)| *sex == told.sex);
    Stratum {
        place,
        group: told.group,
        sex: told.sex,
        response: told.response.to_string(),
        attendance: assumed.map_or(0.3, |(_, part)| *part),
        deferral: deferral.map_or(0.0, |(_, part)| *part),
        interval_weeks: interval,
        quiet_weeks: quiet_weeks(pace),
        frees,
        donors,
    }
}
