//! What was measured, against the deadlines that held (preparedness.md §6.4).

use samband_domain::alarms::model::{DutyRole, Key, Kind, Owed, Party};
use samband_domain::alarms::{Issued, Obligation};
use samband_domain::incidents::model::Stage;
use samband_domain::{JournalId, Known, Time};
use samband_engine::World;

use super::Found;

/// A stretch of time, against the time that was given for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What, as it stands in message keys.
    pub what: &'static str,
    /// In which region, if it is one region's.
    pub region: Option<JournalId>,
    /// Seconds it took; unknown if it has not happened, or nobody recorded it.
    pub seconds: Known<i64>,
    /// Seconds within which it should have happened, if a clock was set for it.
    pub within: Option<u32>,
}

impl Measured {
    /// Whether it was in time; none without a clock, or before it has happened.
    #[must_use]
    pub fn in_time(&self) -> Option<bool> {
        let within = i64::from(self.within?);
        self.seconds.value().map(|took| took <= within)
    }
}

/// Half of what was measured lies on either side of it.
#[must_use]
pub fn median(of: &[Measured]) -> Known<i64> {
    let mut all: Vec<_> = of.iter().filter_map(|one| one.seconds.value()).collect();
    all.sort_unstable();
    match all.len() {
        0 => Known::Unknown,
        n if n % 2 == 1 => Known::Value(all[n / 2]),
        n => Known::Value(all[n / 2 - 1].midpoint(all[n / 2])),
    }
}

/// The longest of what was measured.
#[must_use]
pub fn longest(of: &[Measured]) -> Known<i64> {
    of.iter().filter_map(|one| one.seconds.value()).max().into()
}

/// What was measured of an incident.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// From the first report to the first attempt to reach somebody.
    pub course: Vec<Measured>,
    /// Each region's duty officer's answer.
    pub answers: Vec<Measured>,
    /// Each region's transports.
    pub pledges: Vec<Measured>,
    /// Each region's first situation report.
    pub reports: Vec<Measured>,
    /// Each blood centre's answer.
    pub blood: Vec<Measured>,
    /// Each blood centre's stock.
    pub stock: Vec<Measured>,
}

impl Report {
    /// Every table with its name in message keys.
    #[must_use]
    pub fn tables(&self) -> [(&'static str, &[Measured]); 5] {
        [
            ("answers", &self.answers),
            ("pledges", &self.pledges),
            ("reports", &self.reports),
            ("blood", &self.blood),
            ("stock", &self.stock),
        ]
    }
}

fn took(from: Option<Time>, to: Option<Time>) -> Known<i64> {
    let seconds = from.zip(to).map(|(from, to)| to.since(from) / 1_000_000);
    // Two regions' clocks may disagree by a little; nothing was done before it was asked for.
    seconds.map(|seconds| seconds.max(0)).into()
}

/// Measures an incident.
#[must_use]
pub fn report(world: &World, found: &Found<'_>) -> Report {
    let at = |stage: Stage| found.held.reached.get(&stage).copied();
    let first = first_alarm(found);
    let issued = first.map(|one| one.said);
    let one =
        |what, from, to, within| Measured { what, region: None, seconds: took(from, to), within };
    let mut all = Report {
        course: vec![
            one("confirmed", Some(found.opened()), at(Stage::Confirmed), None),
            one("alarmed", at(Stage::Confirmed), issued, None),
            one("attempted", issued, first.and_then(|one| attempted(world, found, one)), Some(10)),
            one("responded", issued, at(Stage::Responding), None),
            one("stood_down", issued, at(Stage::StandDown), None),
        ],
        ..Report::default()
    };
    for (key, held) in found.obligations() {
        let Some(alarm) = found.journal.shared().alarms.issued.get(&key.alarm) else { continue };
        of_one(world, found, (key, held), alarm, &mut all);
    }
    all
}

/// The first alarm that asks for an answer.
fn first_alarm<'w>(found: &Found<'w>) -> Option<&'w Issued> {
    let issued = &found.journal.shared().alarms.issued;
    let all = found.held.alarms.iter().filter_map(|id| issued.get(id));
    all.filter(|one| matches!(one.alarm.kind, Kind::Regional | Kind::Blood | Kind::National))
        .min_by_key(|one| one.said)
}

/// When somebody was first tried to be reached, wherever that was recorded.
fn attempted(world: &World, found: &Found<'_>, first: &Issued) -> Option<Time> {
    let keys = found.obligations().into_iter().filter(|(key, _)| key.alarm == first.alarm.id);
    let held = keys.filter_map(|(key, _)| found.theirs(world, key));
    held.flat_map(|one| one.attempts.iter().map(|attempt| attempt.at)).min()
}

fn of_one(
    world: &World,
    found: &Found<'_>,
    (key, held): (&Key, &Obligation),
    issued: &Issued,
    all: &mut Report,
) {
    let Party::Region(region) = &key.to.party else { return };
    let (Kind::Regional | Kind::Blood, from) = (issued.alarm.kind, Some(issued.said)) else {
        return;
    };
    let policy = &issued.alarm.policy;
    let theirs = found.theirs(world, key);
    let answer = theirs.and_then(|one| one.answer.as_ref()).or(held.answer.as_ref());
    let one = |what, to, within| Measured {
        what,
        region: Some(region.clone()),
        seconds: took(from, to),
        within: Some(within),
    };
    // What an update asks anew is told by the update's own rows.
    let updated = issued.replaced.as_ref().is_some_and(|by| {
        let by = found.journal.shared().alarms.issued.get(by);
        by.is_some_and(|by| by.alarm.kind != Kind::Recall)
    });
    if updated && answer.is_none() {
        return;
    }
    let delivered = |what| theirs.and_then(|one| one.delivered.get(&what).copied());
    match key.to.role {
        // Whoever alarms has not to be woken by the own alarm.
        DutyRole::Tib if *region != found.journal.id => {
            all.answers.push(one("answer", answer.map(|one| one.at), policy.by_hand));
            all.pledges.push(one("pledge", delivered(Owed::Pledge), policy.pledge));
            all.reports.push(one("report", delivered(Owed::Report), policy.report));
        }
        DutyRole::BloodCentre => {
            all.blood.push(one("blood", answer.map(|one| one.at), BLOOD_ANSWER));
            all.stock.push(one("stock", delivered(Owed::Stock), policy.stock));
        }
        _ => {}
    }
}

/// Seconds within which a blood centre answers (preparedness.md §6.4).
const BLOOD_ANSWER: u32 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    fn took(seconds: &[Option<i64>]) -> Vec<Measured> {
        let one = |seconds: &Option<i64>| Measured {
            what: "answer",
            region: None,
            seconds: (*seconds).into(),
            within: Some(60),
        };
        seconds.iter().map(one).collect()
    }

    #[test]
    fn what_has_not_happened_counts_in_no_median_and_is_never_in_time() {
        let all = took(&[Some(90), None, Some(10), Some(30)]);
        assert_eq!(median(&all), Known::Value(30));
        assert_eq!(median(&all[..3]), Known::Value(50));
        assert_eq!(longest(&all), Known::Value(90));
        assert_eq!(median(&took(&[None])), Known::Unknown);
        let timely: Vec<_> = all.iter().map(Measured::in_time).collect();
        assert_eq!(timely, [Some(false), None, Some(true), Some(true)]);
    }
}
