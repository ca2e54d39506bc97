//! Where the buses stop: the visits that prices ask for, taken whole.

use super::model::{Instance, PlaceKind};

/// Times that every stop's visits are chosen anew, given those of the others.
const ROUNDS: usize = 4;

/// Takes visits, week by week, where most of what was asked for is still owed; never more hours
/// than a crew has, never a stop again too soon. Then every stop in turn moves its visits to where
/// they are worth most, in the hours that the others leave: `worth` prices a visit by place and
/// week.
pub(super) fn visits(
    instance: &Instance,
    wished: &[Vec<f64>],
    worth: &[Vec<f64>],
) -> Vec<Vec<bool>> {
    let mut open = asked_for(instance, wished);
    for _ in 0..ROUNDS {
        let mut moved = false;
        for place in 0..instance.places.len() {
            moved |= move_visits(instance, &mut open, (place, &worth[place]));
        }
        if !moved {
            break;
        }
    }
    open
}

fn asked_for(instance: &Instance, wished: &[Vec<f64>]) -> Vec<Vec<bool>> {
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

/// The visits of one stop that are worth most together, backwards through the weeks; whether they
/// are others than before.
fn move_visits(
    instance: &Instance,
    open: &mut [Vec<bool>],
    (place, worth): (usize, &[f64]),
) -> bool {
    let PlaceKind::Stop { bus, hours, every_weeks } = instance.places[place].kind else {
        return false;
    };
    let weeks = instance.weeks;
    let has_hours = |week: usize| {
        let of_bus = |at: &usize| match instance.places[*at].kind {
            PlaceKind::Stop { bus: other, hours, .. } if other == bus && *at != place => {
                Some(hours)
            }
            _ => None,
        };
        let taken: f64 =
            (0..open.len()).filter(|at| open[*at][week]).filter_map(|at| of_bus(&at)).sum();
        hours + taken <= instance.buses[bus].hours[week] + 1e-9
    };
    let fits: Vec<bool> = (0..weeks).map(has_hours).collect();
    let mut best = vec![0.0; weeks + 1];
    for week in (0..weeks).rev() {
        let visit = worth[week] + best[(week + every_weeks.max(1)).min(weeks)];
        let goes = fits[week] && worth[week] > 0.0;
        best[week] = if goes { visit.max(best[week + 1]) } else { best[week + 1] };
    }
    let kept: f64 = open[place].iter().zip(worth).filter(|(open, _)| **open).map(|one| one.1).sum();
    if best[0] <= kept + 1e-6 * kept.abs() {
        return false;
    }
    open[place].fill(false);
    let mut week = 0;
    while week < weeks {
        if best[week] > best[week + 1] {
            open[place][week] = true;
            week += every_weeks.max(1);
        } else {
            week += 1;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::document::read;
    use super::super::model::PlaceKind;
    use super::visits;

    #[test]
    fn visits_move_to_where_they_are_worth_more_and_keep_hours_and_distance() {
        let instance = read(include_str!("../../../docs/planning/callup-sodra.toml")).unwrap();
        let wished = vec![vec![0.25; instance.weeks]; instance.places.len()];
        let seats: Vec<Vec<f64>> = instance.places.iter().map(|one| one.capacity.clone()).collect();
        let none = vec![vec![0.0; instance.weeks]; instance.places.len()];
        let sum = |open: &[Vec<bool>]| -> f64 {
            let rows = open.iter().zip(&seats).zip(&instance.places);
            let rows = rows.filter(|(_, place)| place.kind != PlaceKind::Fixed);
            let of = |(open, seats): (&Vec<bool>, &Vec<f64>)| -> f64 {
                open.iter().zip(seats).filter(|(open, _)| **open).map(|one| one.1).sum()
            };
            rows.map(|(row, _)| of(row)).sum()
        };
        let (plain, moved) =
            (visits(&instance, &wished, &none), visits(&instance, &wished, &seats));
        assert!(sum(&moved) > sum(&plain), "no visit stays in a week of little room");
        for (place, facts) in instance.places.iter().enumerate() {
            let PlaceKind::Stop { every_weeks, .. } = facts.kind else { continue };
            let weeks: Vec<usize> = (0..instance.weeks).filter(|w| moved[place][*w]).collect();
            assert!(weeks.windows(2).all(|pair| pair[1] - pair[0] >= every_weeks));
        }
        for week in 0..instance.weeks {
            let mut spent = vec![0.0; instance.buses.len()];
            for (place, facts) in instance.places.iter().enumerate() {
                if let (PlaceKind::Stop { bus, hours, .. }, true) =
                    (&facts.kind, moved[place][week])
                {
                    spent[*bus] += hours;
                }
            }
            let has = instance.buses.iter().map(|bus| bus.hours[week]);
            assert!(spent.iter().zip(has).all(|(spent, has)| *spent <= has + 1e-9));
        }
    }
}
