//! Whole invitations: as near to the wish as whole people allow, group by group and week by week,
//! and never more than are free or can be received.

use super::check::{Outcome, free};
use super::model::{Instance, Plan};

/// Room for sums of fractions.
const SLACK: f64 = 1e-9;

/// What has been decided so far, and what is left of everything that bounds.
pub(super) struct Rounding<'a> {
    instance: &'a Instance,
    /// Free, by stratum and week, with those who come back; what is ahead of the week at hand.
    back: Vec<Vec<f64>>,
    here: Vec<f64>,
    invited: Vec<Vec<u32>>,
    room: Vec<Vec<f64>>,
}

impl<'a> Rounding<'a> {
    pub(super) fn new(instance: &'a Instance, open: &[Vec<bool>]) -> Self {
        let room = |(place, open): (&super::model::Place, &Vec<bool>)| {
            let seats = |(seats, open): (&f64, &bool)| if *open { *seats } else { 0.0 };
            place.capacity.iter().zip(open).map(seats).collect()
        };
        let strata = instance.strata.len();
        Self {
            instance,
            back: vec![vec![0.0; instance.weeks]; strata],
            here: vec![0.0; strata],
            invited: vec![vec![0; instance.weeks]; strata],
            room: instance.places.iter().zip(open).map(room).collect(),
        }
    }

    /// Most that can be invited of a stratum in the week.
    fn most(&self, stratum: usize, week: usize) -> u32 {
        let facts = &self.instance.strata[stratum];
        let seats = self.room[facts.place][week] / facts.attendance;
        (self.here[stratum].min(seats) + SLACK).max(0.0).floor() as u32
    }

    fn invite(&mut self, stratum: usize, week: usize, count: u32) {
        let facts = &self.instance.strata[stratum];
        self.invited[stratum][week] += count;
        self.here[stratum] -= f64::from(count);
        self.room[facts.place][week] -= f64::from(count) * facts.attendance;
        let come = f64::from(count) * facts.attendance;
        let stay = f64::from(count) - come;
        for (wait, who) in [(facts.interval_weeks, come), (facts.quiet_weeks, stay)] {
            if let Some(back) = self.back[stratum].get_mut(week + wait) {
                *back += who;
            }
        }
    }

    /// Follows the wish, by pool and group: what whole people leave of a week's sum is carried to
    /// the next.
    pub(super) fn follow(mut self, wish: &[Vec<f64>]) -> Vec<Vec<u32>> {
        let instance = self.instance;
        let strata = instance.strata.len();
        let sum_of = |facts: &super::model::Stratum| {
            instance.pool(instance.region_of(facts)) * 8 + facts.group.index()
        };
        let sums: Vec<usize> = instance.strata.iter().map(sum_of).collect();
        let mut ready: Vec<usize> = (0..strata).collect();
        let success = |at: usize| instance.strata[at].success();
        ready.sort_by(|a, b| success(*b).total_cmp(&success(*a)).then(a.cmp(b)));
        let mut owed = vec![0.0; strata];
        let mut due = vec![0.0; instance.pools() * 8];
        for week in 0..instance.weeks {
            for stratum in 0..strata {
                self.here[stratum] += f64::from(instance.strata[stratum].frees[week]);
                self.here[stratum] += self.back[stratum][week];
                owed[stratum] += wish[stratum][week];
                due[sums[stratum]] += wish[stratum][week] * instance.strata[stratum].success();
            }
            for stratum in 0..strata {
                let whole = owed[stratum].max(0.0).floor() as u32;
                let count = whole.min(self.most(stratum, week));
                self.invite(stratum, week, count);
                owed[stratum] -= f64::from(count);
                due[sums[stratum]] -= f64::from(count) * instance.strata[stratum].success();
            }
            let mut order: Vec<usize> =
                (0..strata).filter(|at| owed[*at] > 1e-6 && wish[*at][week] > 1e-9).collect();
            order.sort_by(|a, b| owed[*b].total_cmp(&owed[*a]).then(a.cmp(b)));
            for stratum in order {
                let units = instance.strata[stratum].success();
                if due[sums[stratum]] >= 0.5 * units && self.most(stratum, week) > 0 {
                    self.invite(stratum, week, 1);
                    owed[stratum] -= 1.0;
                    due[sums[stratum]] -= units;
                }
            }
            // Where a place is full or a stratum used up, others of the group stand in.
            for stratum in &ready {
                let units = success(*stratum);
                let lacks = (due[sums[*stratum]] / units + 0.5).floor();
                if lacks >= 1.0 {
                    let count = (lacks as u32).min(self.most(*stratum, week));
                    self.invite(*stratum, week, count);
                    owed[*stratum] -= f64::from(count);
                    due[sums[*stratum]] -= f64::from(count) * units;
                }
            }
        }
        self.invited
    }
}

/// A plan of whole invitations near the wish.
pub(super) fn whole(instance: &Instance, wish: &[Vec<f64>], open: Vec<Vec<bool>>) -> Plan {
    let invitations = Rounding::new(instance, &open).follow(wish);
    Plan { invitations, open }
}

/// Invites more where a group is short and somebody of it is free and can be received: in the week
/// itself, or earlier by no more than a donation keeps.
pub(super) fn top_up(instance: &Instance, plan: &mut Plan, outcome: &Outcome) {
    let mut room: Vec<Vec<f64>> = Rounding::new(instance, &plan.open).room;
    for (room, coming) in room.iter_mut().zip(&outcome.coming) {
        room.iter_mut().zip(coming).for_each(|(room, coming)| *room -= coming);
    }
    let mut short: Vec<_> = outcome.uses.iter().map(|used| used.short.clone()).collect();
    let mut order: Vec<usize> = (0..instance.strata.len()).collect();
    let success = |at: &usize| instance.strata[*at].success();
    order.sort_by(|a, b| success(b).total_cmp(&success(a)).then(a.cmp(b)));
    for stratum in order {
        let facts = &instance.strata[stratum];
        let pool = instance.pool(instance.region_of(facts));
        let units = facts.success();
        for week in 0..instance.weeks {
            let lacks = &mut short[pool][week][facts.group.index()];
            for kept in 0..=instance.keeps_weeks.min(week) {
                if *lacks < 0.5 * units {
                    break;
                }
                let at = week - kept;
                let invited = &mut plan.invitations[stratum];
                // Whoever is asked now is missed in every week that follows, until back.
                let waiting = free(instance, stratum, invited);
                let later = waiting[at..].iter().zip(&invited[at..]);
                let spare = later.map(|(free, invited)| free - f64::from(*invited));
                let spare = spare.fold(room[facts.place][at] / facts.attendance, f64::min);
                let wanted = (*lacks / units + 0.5).floor();
                let count = (spare + SLACK).max(0.0).floor().min(wanted);
                invited[at] += count as u32;
                room[facts.place][at] -= count * facts.attendance;
                *lacks -= count * units;
            }
        }
    }
}
