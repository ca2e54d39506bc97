//! Seats that whole people left over: somebody else of the place is invited in the stead of one,
//! who comes more surely, or one more.

use super::check::{Outcome, free};
use super::model::{Instance, Plan};

/// Less room than this is none.
const ROOM: f64 = 0.02;
/// Most exchanges at a place in a week.
const EXCHANGES: usize = 12;

/// What can be gained by inviting one of `new`, in the stead of one of `old` if there is one.
struct Exchange {
    gain: f64,
    old: Option<usize>,
    new: usize,
}

/// The plan while seats are filled.
struct Filling<'a> {
    instance: &'a Instance,
    plan: &'a mut Plan,
    /// Of each stratum, by week: who could be invited then and is missed in no later week.
    spare: Vec<Vec<f64>>,
    /// Demand not met, by pool, week and group.
    short: Vec<Vec<[f64; 8]>>,
}

/// Fills seats where somebody is free whose group is short. `worth` prices a donation by stratum
/// and week; whoever judges the plan says whether it became a better one.
pub(super) fn fill(
    instance: &Instance,
    plan: &mut Plan,
    outcome: &Outcome,
    worth: impl Fn(usize, usize) -> f64,
) {
    let spare = (0..instance.strata.len()).map(|at| spare(instance, plan, at)).collect();
    let short = outcome.uses.iter().map(|used| used.short.clone()).collect();
    let mut filling = Filling { instance, plan, spare, short };
    for place in 0..instance.places.len() {
        let of_place = |at: &usize| instance.strata[*at].place == place;
        let strata: Vec<usize> = (0..instance.strata.len()).filter(of_place).collect();
        for week in 0..instance.weeks {
            if !filling.plan.open[place][week] {
                continue;
            }
            let mut room = instance.places[place].capacity[week] - outcome.coming[place][week];
            for _ in 0..EXCHANGES {
                let Some(best) = filling.best(&strata, (week, room), &worth) else { break };
                room -= filling.exchange(&best, week);
            }
        }
    }
}

/// Donors of a stratum by week who are missed neither then nor later if they are invited.
fn spare(instance: &Instance, plan: &Plan, stratum: usize) -> Vec<f64> {
    let invited = &plan.invitations[stratum];
    let mut spare = free(instance, stratum, invited);
    let mut least = f64::INFINITY;
    for (free, invited) in spare.iter_mut().zip(invited).rev() {
        least = least.min(*free - f64::from(*invited));
        *free = least;
    }
    spare
}

impl Filling<'_> {
    /// A week in which one more donation of the stratum serves its own group.
    fn lacks(&self, stratum: usize, week: usize) -> Option<usize> {
        let facts = &self.instance.strata[stratum];
        let pool = self.instance.pool(self.instance.region_of(facts));
        let last = (week + self.instance.keeps_weeks).min(self.instance.weeks - 1);
        let lacks = |at: &usize| self.short[pool][*at][facts.group.index()];
        (week..=last).find(|at| lacks(at) >= 0.5 * facts.success())
    }

    fn best(
        &self,
        strata: &[usize],
        (week, room): (usize, f64),
        worth: &impl Fn(usize, usize) -> f64,
    ) -> Option<Exchange> {
        if room < ROOM {
            return None;
        }
        let facts = |at: usize| &self.instance.strata[at];
        let value = |at: usize| worth(at, week) * facts(at).success();
        let comes = |at: Option<usize>| at.map_or(0.0, |at| facts(at).attendance);
        let invitation = self.instance.weights.invitation;
        let invited = strata.iter().filter(|at| self.plan.invitations[**at][week] > 0);
        let olds: Vec<Option<usize>> =
            std::iter::once(None).chain(invited.map(|at| Some(*at))).collect();
        let mut best: Option<Exchange> = None;
        for new in strata.iter().copied().filter(|at| self.spare[*at][week] >= 1.0 - 1e-9) {
            if self.lacks(new, week).is_none() {
                continue;
            }
            for old in olds.iter().copied().filter(|old| *old != Some(new)) {
                let more = comes(Some(new)) - comes(old);
                if more <= 1e-9 || more > room + 1e-9 {
                    continue;
                }
                let lost = old.map_or(invitation, value);
                let gain = value(new) - lost;
                if gain > best.as_ref().map_or(1e-6, |best| best.gain + 1e-9) {
                    best = Some(Exchange { gain, old, new });
                }
            }
        }
        best
    }

    /// Makes an exchange; how many more will come.
    fn exchange(&mut self, of: &Exchange, week: usize) -> f64 {
        let instance = self.instance;
        if let Some(at) = self.lacks(of.new, week) {
            let facts = &instance.strata[of.new];
            let pool = instance.pool(instance.region_of(facts));
            let short = &mut self.short[pool][at][facts.group.index()];
            *short = (*short - facts.success()).max(0.0);
        }
        let mut more = instance.strata[of.new].attendance;
        self.plan.invitations[of.new][week] += 1;
        self.spare[of.new] = spare(instance, self.plan, of.new);
        if let Some(old) = of.old {
            let facts = &instance.strata[old];
            let pool = instance.pool(instance.region_of(facts));
            self.short[pool][week][facts.group.index()] += facts.success();
            more -= facts.attendance;
            self.plan.invitations[old][week] -= 1;
            self.spare[old] = spare(instance, self.plan, old);
        }
        more
    }
}
