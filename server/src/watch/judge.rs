//! What of a server's report does not follow from the watcher's own time. Pure.

use samband_domain::Time;
use samband_web::api::alarm_clocks::{AlarmClocks, RegionClocks, RunningClock};

use super::limits::{Limits, micros};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The same fault has the same key, whenever it is seen.
    pub key: String,
    /// Which kind.
    pub kind: &'static str,
    /// In words.
    pub text: String,
}

fn fault(kind: &'static str, about: &str, text: String) -> Fault {
    Fault { key: format!("{kind} {about}"), kind, text }
}

/// Everything that is wrong, by the watcher's own time.
pub fn judge(report: &AlarmClocks, now: Time, limits: &Limits) -> Vec<Fault> {
    let mut all = Vec::new();
    if report.status != "ok" {
        let text = format!("THE SERVER RECORDS NOTHING: it says that it is {}", report.status);
        all.push(fault("record", "", text));
    }
    let apart = now.0.saturating_sub(report.now_us);
    if apart.abs() > micros(limits.skew) {
        let text = format!(
            "THE CLOCKS DISAGREE: the server says {}, the watcher {now}; {} s apart",
            report.now,
            apart.abs() / 1_000_000
        );
        all.push(fault("time", "", text));
    }
    // One that follows leaves attending to the process that writes, which is asked for itself.
    if !report.follower {
        // By the server's own clock: two clocks that disagree are one fault, not two.
        let since = report.attended_us.map(|at| report.now_us.saturating_sub(at));
        if since.is_none_or(|since| since > micros(limits.grace)) {
            let long = since.map_or_else(|| "ever".into(), |s| format!("for {} s", s / 1_000_000));
            let text = format!("NOBODY ATTENDS TO ALARMS: no heartbeat {long}");
            all.push(fault("attend", "", text));
        }
    }
    for region in &report.regions {
        of_region(region, now, limits, &mut all);
    }
    all
}

fn of_region(region: &RegionClocks, now: Time, limits: &Limits, all: &mut Vec<Fault>) {
    let id = &region.region;
    let late = |at: i64| now.0.saturating_sub(at);
    for clock in region.clocks.iter().filter(|clock| late(clock.at_us) > micros(limits.grace)) {
        let RunningClock { issuer, alarm, party, role, kind, what, at, .. } = clock;
        let about = format!("{id} {issuer} {alarm} {party} {role} {what}");
        let which = format!("{id}: alarm {alarm} of {issuer}, {role} of {party}");
        all.push(if kind == "step" {
            let text = format!("A CLOCK RANG AND NOTHING FOLLOWED: {which}: {what} at {at}");
            fault("clock", &about, text)
        } else {
            fault("owed", &about, format!("STILL OWED: {which}: {what}, by {at}"))
        });
    }
    if let Some(unsent) = &region.unsent
        && late(unsent.oldest_us) > micros(limits.grace.saturating_mul(3))
    {
        let (count, since) = (unsent.count, Time(unsent.oldest_us));
        let text = format!("NOT SENT: {id}: {count} message(s), the first due at {since}");
        all.push(fault("unsent", id, text));
    }
    for neighbour in &region.neighbours {
        let limit = if neighbour.owes > 0 { limits.owing_neighbour } else { limits.neighbour };
        // Who is not watched there is watched elsewhere: by the process that writes.
        let Some(heard) = neighbour.heard_us.filter(|at| late(*at) > micros(limit)) else {
            continue;
        };
        let (journal, heard) = (&neighbour.journal, Time(heard));
        let owes = match neighbour.owes {
            0 => String::new(),
            n => format!("; {n} alarm(s) wait for its answer: TELEPHONE"),
        };
        let text = format!("SILENT NEIGHBOUR: {id} has not heard of {journal} since {heard}{owes}");
        all.push(fault("neighbour", &format!("{id} {journal}"), text));
    }
}

#[cfg(test)]
mod tests {
    use samband_web::api::alarm_clocks::{HeardOf, Unsent};

    use super::*;

    const NOW: Time = Time(1_800_000_000_000_000);
    const LIMITS: Limits =
        Limits { grace: 5, skew: 5, silence: 15, neighbour: 300, owing_neighbour: 60 };

    fn clock(kind: &str, what: &str, seconds: i64) -> RunningClock {
        let at = NOW.plus_seconds(seconds);
        RunningClock {
            issuer: "skane".into(),
            alarm: "larm-1".into(),
            party: "halland".into(),
            role: "tib".into(),
            kind: kind.into(),
            what: what.into(),
            at: at.to_string(),
            at_us: at.0,
        }
    }

    fn report() -> AlarmClocks {
        let heard_us = Some(NOW.plus_seconds(-50).0);
        let neighbour = HeardOf { journal: "halland".into(), heard_us, owes: 1 };
        AlarmClocks {
            now: NOW.to_string(),
            now_us: NOW.0,
            status: "ok".into(),
            follower: false,
            attended_us: Some(NOW.plus_seconds(-1).0),
            went_back_us: None,
            regions: vec![RegionClocks {
                region: "skane".into(),
                clocks: vec![clock("step", "by_hand", -4), clock("owed", "pledge", 60)],
                unsent: Some(Unsent { count: 1, oldest_us: NOW.plus_seconds(-4).0 }),
                neighbours: vec![neighbour],
            }],
        }
    }

    fn kinds(report: &AlarmClocks, now: Time) -> Vec<&'static str> {
        judge(report, now, &LIMITS).iter().map(|fault| fault.kind).collect()
    }

    #[test]
    fn what_runs_in_time_is_no_fault() {
        assert_eq!(judge(&report(), NOW, &LIMITS), []);
    }

    #[test]
    fn every_fault_is_named_by_its_kind() {
        let with = |change: &dyn Fn(&mut AlarmClocks)| {
            let mut report = report();
            change(&mut report);
            kinds(&report, NOW)
        };
        assert_eq!(with(&|r| r.status = "degraded".into()), ["record"]);
        assert_eq!(with(&|r| r.now_us -= 6_000_000), ["time"]);
        assert_eq!(with(&|r| r.attended_us = None), ["attend"]);
        assert_eq!(with(&|r| r.attended_us = Some(NOW.plus_seconds(-6).0)), ["attend"]);
        let first = |r: &mut AlarmClocks, clock| r.regions[0].clocks = vec![clock];
        assert_eq!(with(&|r| first(r, clock("step", "deputy", -6))), ["clock"]);
        assert_eq!(with(&|r| first(r, clock("owed", "stock", -6))), ["owed"]);
        let unsent = |seconds| Some(Unsent { count: 2, oldest_us: NOW.plus_seconds(seconds).0 });
        assert_eq!(with(&|r| r.regions[0].unsent = unsent(-16)), ["unsent"]);
        let heard = |r: &mut AlarmClocks, seconds: Option<i64>, owes| {
            let heard_us = seconds.map(|seconds| NOW.plus_seconds(seconds).0);
            r.regions[0].neighbours = vec![HeardOf { journal: "x".into(), heard_us, owes }];
        };
        assert_eq!(with(&|r| heard(r, Some(-61), 1)), ["neighbour"]);
        assert_eq!(with(&|r| heard(r, Some(-61), 0)), [""; 0]);
        assert_eq!(with(&|r| heard(r, Some(-301), 0)), ["neighbour"]);
        assert_eq!(with(&|r| heard(r, None, 0)), [""; 0], "not watched by this process");
    }

    /// A server whose clock stands still finds all in order by itself.
    #[test]
    fn the_watcher_goes_by_its_own_time() {
        let later = NOW.plus_seconds(20);
        assert_eq!(kinds(&report(), later), ["time", "clock", "unsent", "neighbour"]);
    }

    #[test]
    fn one_that_follows_is_not_asked_for_the_writers_heartbeat() {
        let mut report = report();
        (report.follower, report.attended_us) = (true, None);
        assert_eq!(judge(&report, NOW, &LIMITS), []);
    }
}
